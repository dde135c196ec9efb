import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

// The service worker knows every file of the build, so that the page works offline once it has been loaded.
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    writeBundle(options) {
      const folder = options.dir ?? "dist";
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(each => each.isFile() && each.name !== "sw.js")
        .map(each => join(each.parentPath, each.name).slice(folder.length + 1));
      const hash = createHash("sha256");
      for (const file of files.sort()) hash.update(file).update(readFileSync(join(folder, file)));
      const script = readFileSync("src/sw.js", "utf8")
        .replace("[/* files */]", JSON.stringify(["./", ...files]))
        .replace("/* version */", hash.digest("hex").slice(0, 16));
      writeFileSync(join(folder, "sw.js"), script);
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [offline()],
  worker: { format: "es" },
  build: { target: "es2022", chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  server: { fs: { allow: [".."] } },
});
