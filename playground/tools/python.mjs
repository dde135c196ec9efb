// Puts Pyodide, kalint (compiled by this very Pyodide, so that the browser need not) and the examples into public/python.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const here = new URL("..", import.meta.url).pathname, target = join(here, "public/python"), from = join(here, "node_modules/pyodide");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]) copyFileSync(join(from, name), join(target, name));
const lock = JSON.parse(readFileSync(join(from, "pyodide-lock.json"), "utf8"));
writeFileSync(join(target, "pyodide-lock.json"), JSON.stringify({ ...lock, packages: {} }));

const wheels = mkdtempSync(join(tmpdir(), "kalint-wheel-"));
execFileSync(process.env.PYTHON ?? "python3", ["-m", "pip", "wheel", "-q", "--no-deps", "--disable-pip-version-check", "-w", wheels, join(here, "..")], { stdio: "inherit" });
const wheel = readdirSync(wheels).find(name => name.endsWith(".whl"));
const pyodide = await loadPyodide();
pyodide.FS.writeFile("/kalint.whl", readFileSync(join(wheels, wheel)));
pyodide.FS.writeFile("/bridge.py", readFileSync(join(here, "python/bridge.py")));
await pyodide.runPythonAsync(`
import compileall, os, shutil, zipfile
from py_compile import PycInvalidationMode
zipfile.ZipFile("/kalint.whl").extractall("/out")
shutil.copy("/bridge.py", "/out/bridge.py")
assert compileall.compile_dir("/out", quiet=1, legacy=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
with zipfile.ZipFile("/kalint.zip", "w", zipfile.ZIP_DEFLATED) as made:
    for folder, _, names in sorted(os.walk("/out")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".pyc") and "__pycache__" not in path:
                made.write(path, path[len("/out/"):])
`);
writeFileSync(join(target, "kalint.zip"), pyodide.FS.readFile("/kalint.zip"));
rmSync(wheels, { recursive: true });

// Every story of examples/ whose files stand alone: one file, or a file for each node.
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
  if (!files.length || files.length > 5 || files.some(each => /^\s*include/m.test(each.text))) continue;
  const ids = files.length === 1 ? [...new Set([...files[0].text.matchAll(/^\s*@([\w-]+)/gm)].map(found => found[1]))] : [];
  stories.push({ name: story, title: readFileSync(readme, "utf8").split("\n")[0].replace(/^#\s*/, ""), files, ids });
}
writeFileSync(join(target, "examples.json"), JSON.stringify(stories));
console.log(`kalint ${wheel.split("-")[1]}, Pyodide ${lock.info.version}, ${stories.length} examples`);
