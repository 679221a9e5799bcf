// After trunk has built: names the files of the worker and of the parts by what is in them, as trunk
// itself names the page's, so that a browser never mixes two builds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { split } from "./split.mjs";

const dist = process.env.TRUNK_STAGING_DIR;
const hash = (...contents) => {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex").slice(0, 16);
};

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const release = process.env.TRUNK_PROFILE === "release";
const worker = join(dist, "worker_bg.wasm");
const [pageName] = readdirSync(dist).filter((name) => /^page-[0-9a-f]+_bg\.wasm$/.test(name));
const [glue] = readdirSync(dist).filter((name) => /^page-[0-9a-f]+\.js$/.test(name));
let page = readFileSync(join(dist, pageName));
rmSync(join(dist, pageName));
let pageLater;
if (readFileSync(join(dist, "worker.js"), "utf8").includes('from "env"')) {
  throw new Error("the worker misses a function of C: SQLITE_WASM_RS_FLAGS leaves out what it calls");
}
if (release) {
  const optimise = (path, passes) =>
    execFileSync(join(root, "node_modules/.bin/wasm-opt"), [
      "-g", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", ...passes.map((pass) => `--${pass}`), path, "-o", path,
    ], { stdio: "inherit" });
  // What a first visit calls.
  const rehearse = (script, ...given) => {
    const called = join(dist, "called.json");
    execFileSync("node", [join(root, "web/hooks", script), ...given, called], { stdio: "inherit" });
    const names = new Set(JSON.parse(readFileSync(called, "utf8")));
    rmSync(called);
    return names;
  };

  // Only what still helps after brotli: with -Oz the worker is a twentieth smaller, and 14 kB larger to load.
  // Functions that resemble each other have names that do, and compress better as neighbours.
  optimise(worker, [
    "duplicate-function-elimination", "remove-unused-module-elements", "remove-unused-brs", "remove-unused-names",
    "optimize-instructions", "vacuum", "merge-blocks", "remove-unused-names", "vacuum",
    "duplicate-function-elimination", "reorder-locals", "reorder-functions-by-name",
  ]);

  // What a first visit runs is loaded first, and is about half of all.
  const whole = join(dist, "page.wasm");
  writeFileSync(whole, page);
  const shown = rehearse("rehearse_page.mjs", dist, whole, join(dist, glue));
  rmSync(whole);
  // What the standard library and its like bring is small, and wanted now and then by everything.
  const common = /^<?&?(core|alloc|std|hashbrown)\[|^<?(hashbrown|wasm_bindgen|wasm_bindgen_futures|(impl )?yew::(dom_bundle|scheduler|virtual_dom))::/;
  ({ first: page, later: pageLater } = split(page, (name) => shown.has(name) || common.test(name)));
  const names = rehearse("rehearse_worker.mjs", worker, join(dist, "worker.js"));
  // Node has no IndexedDB and no locks: what saves is not seen in the rehearsal.
  const saves = /limbeck_worker(::|\.\.|\d+)(keep|queue|time|workspace)|\bidb(::|\.\.)|3idb/;
  const halves = split(readFileSync(worker), (name) => names.has(name) || saves.test(name));
  writeFileSync(worker, halves.first);
  writeFileSync(join(dist, "worker_later.wasm"), halves.later);
}

// In the place of trunk's own.
copyFileSync(join(root, "web/build/worker_loader.js"), join(dist, "worker_loader.js"));
const files = readdirSync(dist).filter((name) => /^worker(_bg|_later|_loader)?\.(js|wasm)$/.test(name)).sort();
const folder = `worker-${hash(...files.map((name) => readFileSync(join(dist, name))))}`;
mkdirSync(join(dist, folder));
for (const name of files) renameSync(join(dist, name), join(dist, folder, name));

const parts = {};
for (const name of readdirSync(join(dist, "parts"))) {
  const named = `parts/${name.replace(/\.js$/, "")}-${hash(readFileSync(join(dist, "parts", name)))}.js`;
  renameSync(join(dist, "parts", name), join(dist, named));
  parts[name.replace(/\.js$/, "")] = `./${named}`;
}

// The page's glue and what it imports: named by what is in all of them.
const below = (folder) => readdirSync(join(dist, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
  .sort();
const started = hash(...[glue, "boot.js", ...below("snippets")].map((name) => readFileSync(join(dist, name))));
renameSync(join(dist, "snippets"), join(dist, `snippets-${started}`));
renameSync(join(dist, "boot.js"), join(dist, `boot-${started}.js`));
// In its imports alone: the wasm knows those modules by the names that they had.
const imports = /^(import\b.*?["']\.\/)snippets\//gm;
writeFileSync(join(dist, `page-${started}.js`), readFileSync(join(dist, glue), "utf8").replace(imports, `$1snippets-${started}/`));
rmSync(join(dist, glue));

// The halves of the page's own module, which belong together.
const modules = hash(page, pageLater ?? "");
const pageWasm = `page-${modules}_bg.wasm`;
writeFileSync(join(dist, pageWasm), page);
if (pageLater) writeFileSync(join(dist, `page-${modules}_later.wasm`), pageLater);

const index = join(dist, "index.html");
let html = readFileSync(index, "utf8")
  .replaceAll(pageName, pageWasm)
  .replace('data-later=""', pageLater ? `data-later="./page-${modules}_later.wasm"` : "")
  .replaceAll(glue, `page-${started}.js`)
  .replaceAll("snippets/", `snippets-${started}/`)
  .replace("boot.js", `boot-${started}.js`)
  .replace('data-worker=""', `data-worker="./${folder}/worker_loader.js"`)
  .replace('data-parts=""', `data-parts='${JSON.stringify(parts)}'`);
if (!html.includes(pageWasm) || !html.includes(folder) || !html.includes(parts.editor)) throw new Error("index.html has no place for the worker or the parts");

// The page without a network: the files of this build, each with its hash. A page that is being worked on would only be
// in the way of the next one; LIMBECK_OFFLINE=yes has it there too.
if (release || process.env.LIMBECK_OFFLINE === "yes") {
  const all = below(".").filter((name) => name !== "index.html" && !name.endsWith(".d.ts"));
  const version = hash(html, ...all.flatMap((name) => [name, readFileSync(join(dist, name))]));
  html = html.replace('data-offline=""', 'data-offline="./offline.js"').replace('data-build=""', `data-build="${version}"`);
  const sum = (contents) => createHash("sha256").update(contents).digest("hex").slice(0, 32);
  const files = { "index.html": sum(html) };
  for (const name of all) files[name] = sum(readFileSync(join(dist, name)));
  const source = readFileSync(join(root, "web/offline/worker.js"), "utf8");
  writeFileSync(join(dist, "offline.js"), source.replace('"@build"', JSON.stringify(version)).replace('"@files"', JSON.stringify(files)));
}
writeFileSync(index, html);
