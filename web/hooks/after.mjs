// After trunk has built: names the files of the worker and of the parts by what is in them, as trunk
// itself names the page's, so that a browser never mixes two builds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = process.env.TRUNK_STAGING_DIR;
const hash = (...contents) => {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex").slice(0, 16);
};

// Only what still helps after brotli: with -Oz the worker is a twentieth smaller, and 14 kB larger to load.
// Functions that resemble each other have names that do, and compress better as neighbours.
if (process.env.TRUNK_PROFILE === "release") {
  const wasm = join(dist, "worker_bg.wasm");
  const passes = [
    "duplicate-function-elimination", "remove-unused-module-elements", "remove-unused-brs", "remove-unused-names",
    "optimize-instructions", "vacuum", "merge-blocks", "remove-unused-names", "vacuum",
    "duplicate-function-elimination", "reorder-locals", "reorder-functions-by-name",
  ].map((pass) => `--${pass}`);
  const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
  const features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
  execFileSync(join(root, "node_modules/.bin/wasm-opt"), [...features, ...passes, wasm, "-o", wasm], { stdio: "inherit" });
}

if (readFileSync(join(dist, "worker.js"), "utf8").includes('from "env"')) {
  throw new Error("the worker misses a function of C: SQLITE_WASM_RS_FLAGS leaves out what it calls");
}

const files = readdirSync(dist).filter((name) => /^worker(_bg|_loader)?\.(js|wasm)$/.test(name)).sort();
const folder = `worker-${hash(...files.map((name) => readFileSync(join(dist, name))))}`;
mkdirSync(join(dist, folder));
for (const name of files) renameSync(join(dist, name), join(dist, folder, name));
// Our own loader: it says what went wrong where the glue can't be loaded at all.
writeFileSync(
  join(dist, folder, "worker_loader.js"),
  'import init from "./worker.js";\ninit({ module_or_path: new URL("worker_bg.wasm", import.meta.url) });\n',
);

const parts = {};
for (const name of readdirSync(join(dist, "parts"))) {
  const named = `parts/${name.replace(/\.js$/, "")}-${hash(readFileSync(join(dist, "parts", name)))}.js`;
  renameSync(join(dist, "parts", name), join(dist, named));
  parts[name.replace(/\.js$/, "")] = `./${named}`;
}

const page = join(dist, "index.html");
const html = readFileSync(page, "utf8")
  .replace('data-worker=""', `data-worker="./${folder}/worker_loader.js"`)
  .replace('data-parts=""', `data-parts='${JSON.stringify(parts)}'`);
if (!html.includes(folder) || !html.includes(parts.editor)) throw new Error("index.html has no place for the worker or the parts");
writeFileSync(page, html);
