// Puts Python, kalint and the examples into public/python: all compiled by this very Pyodide, and the memory of an
// interpreter that has imported kalint already, so that the browser need not start one from nothing.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";

const here = new URL("..", import.meta.url).pathname, target = join(here, "public/python"), from = join(here, "node_modules/pyodide");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"]) copyFileSync(join(from, name), join(target, name));
const lock = JSON.parse(readFileSync(join(from, "pyodide-lock.json"), "utf8"));
writeFileSync(join(target, "pyodide-lock.json"), JSON.stringify({ ...lock, packages: {} }));

const wheels = mkdtempSync(join(tmpdir(), "kalint-wheel-"));
execFileSync(process.env.PYTHON ?? "python3", ["-m", "pip", "wheel", "-q", "--no-deps", "--disable-pip-version-check", "-w", wheels, join(here, "..")], { stdio: "inherit" });
const wheel = readdirSync(wheels).find(name => name.endsWith(".whl"));
const compiler = await loadPyodide();
for (const [path, file] of [["/kalint.whl", join(wheels, wheel)], ["/bridge.py", join(here, "python/bridge.py")], ["/stdlib.zip", join(from, "python_stdlib.zip")]]) compiler.FS.writeFile(path, readFileSync(file));
rmSync(wheels, { recursive: true });
compiler.runPython(readFileSync(join(here, "tools/archives.py"), "utf8"));
for (const [made, name] of [["/out/kalint.zip", "kalint.zip"], ["/out/stdlib.zip", "python_stdlib.zip"]]) writeFileSync(join(target, name), compiler.FS.readFile(made));

// Every story of examples/ whose files stand alone, with what they include: one file, or a file for each node.
const root = join(here, "../examples"), stories = [];
for (const story of readdirSync(root).sort()) {
  const folder = join(root, story), readme = join(folder, "README.md");
  if (!existsSync(readme)) continue;
  const files = readdirSync(folder).filter(name => name.endsWith(".conf")).sort()
    .map(name => ({ name: name.slice(0, -5), text: readFileSync(join(folder, name), "utf8") }));
  for (const node of readdirSync(folder, { withFileTypes: true }).filter(each => each.isDirectory())) {
    const path = join(folder, node.name, "keepalived.conf");
    if (existsSync(path)) files.push({ name: node.name, text: readFileSync(path, "utf8") });
  }
  for (const file of files) file.text = file.text.replace(/^include (\S+\/)\*\.conf$/gm, (line, below) => existsSync(join(folder, below))
    ? readdirSync(join(folder, below)).filter(name => name.endsWith(".conf")).sort().map(name => readFileSync(join(folder, below, name), "utf8").trimEnd()).join("\n") : line);
  if (!files.length || files.length > 5 || files.some(each => /^\s*include/m.test(each.text))) continue;
  const ids = files.length === 1 ? [...new Set([...files[0].text.matchAll(/^\s*@([\w-]+)/gm)].map(found => found[1]))] : [];
  stories.push({ name: story, title: readFileSync(readme, "utf8").split("\n")[0].replace(/^#\s*/, ""), files, ids });
}
writeFileSync(join(target, "examples.json"), JSON.stringify(stories));

// The worker starts from this memory; a release of Pyodide that cannot do so fails here.
const warm = await loadPyodide({ _makeSnapshot: true, stdLibURL: join(target, "python_stdlib.zip") });
warm.FS.writeFile("/kalint.zip", readFileSync(join(target, "kalint.zip")));
warm.runPython("import sys; sys.path.insert(0, '/kalint.zip'); import bridge");
warm.pyimport("bridge").warm(JSON.stringify(stories[0].files));
warm.runPython("import gc; gc.collect()");
const memory = gzipSync(warm.makeMemorySnapshot(), { level: 9 });
writeFileSync(join(target, "memory.bin"), memory);
console.log(`kalint ${wheel.split("-")[1]}, Pyodide ${lock.info.version ?? compiler.version}, ${stories.length} examples, memory of ${(memory.length / 1e6).toFixed(1)} MB`);
