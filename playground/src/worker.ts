// Pyodide and kalint, apart from the page, so that typing never waits for them.
const scope = self as unknown as DedicatedWorkerGlobalScope;
type Call = (name: string, argument: string) => string;
let ready: Promise<Call> | undefined;

async function start(base: string): Promise<Call> {
  const archive = fetch(`${base}kalint.zip`).then(answer => answer.arrayBuffer());
  const memory = fetch(`${base}memory.bin`).then(answer => new Response(answer.body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  const { loadPyodide } = await import(/* @vite-ignore */ `${base}pyodide.mjs`);
  scope.postMessage({ progress: "starting Python" });
  const pyodide = await loadPyodide({ indexURL: base, _loadSnapshot: memory });
  scope.postMessage({ progress: "starting kalint" });
  pyodide.FS.writeFile("/kalint.zip", new Uint8Array(await archive));
  return pyodide.pyimport("bridge").call;
}

scope.onmessage = async ({ data }) => {
  if (data.base) {
    ready = start(data.base);
    ready.catch(error => scope.postMessage({ failed: String(error) }));
    return;
  }
  try {
    const call = await ready!;
    scope.postMessage({ id: data.id, ...JSON.parse(call(data.name, JSON.stringify(data.argument))) });
  } catch (error) {
    scope.postMessage({ id: data.id, error: `kalint stopped: ${String(error).trim().split("\n").at(-1)}` });
  }
};
