import workerUrl from "./worker?worker&url";

export interface Related { file: string; line: number; column: number; message: string }
export interface Finding {
  code: string; name: string; severity: "error" | "warning" | "info"; message: string; help: string | null; file: string; node: string;
  line: number; column: number; end_line: number; end_column: number; related: Related[]; fixable: boolean;
}
export interface File { name: string; text: string }
export interface Loaded {
  release: string; refused: string[]; diagnostics: Finding[]; board: unknown; ladders: Record<string, string[]>;
}
export interface Event { time: number; node: string; instance?: string; event: string; from?: unknown; to?: unknown }
export interface Timeline {
  svg: string; scenario: string; scale: [number, number];
  document: { duration: number; events: Event[]; masters: { time: number; virtual_router_id: number; family: string; nodes: string[] }[] };
}

// Calls kalint in the worker. The worker starts from a blob, because such a worker keeps to the page's own policy.
export class Engine {
  private worker: Worker;
  private waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private next = 0;

  constructor(progress: (text: string) => void) {
    const url = new URL(workerUrl, document.baseURI).href;
    const blob = new Blob([`import ${JSON.stringify(url)};`], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(blob), { type: "module" });
    this.worker.onerror = event => progress(`kalint cannot start: ${event.message}`);
    this.worker.onmessage = ({ data }) => {
      if (data.progress) return progress(data.progress);
      if (data.failed) return progress(`kalint cannot start: ${data.failed}`);
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result);
    };
  }

  start(): void {
    this.worker.postMessage({ base: new URL("python/", document.baseURI).href });
  }

  call<T>(name: string, argument: object = {}): Promise<T> {
    const id = ++this.next;
    this.worker.postMessage({ id, name, argument });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve: value => resolve(value as T), reject }));
  }
}
