// After trunk has built: names the files of the worker and of the parts by what is in them, as trunk
// itself names the page's, so that a browser never mixes two builds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
const wasm = join(dist, "worker_bg.wasm");
const later = join(dist, "worker_later.wasm");
if (readFileSync(join(dist, "worker.js"), "utf8").includes('from "env"')) {
  throw new Error("the worker misses a function of C: SQLITE_WASM_RS_FLAGS leaves out what it calls");
}
if (process.env.TRUNK_PROFILE === "release") {
  // Only what still helps after brotli: with -Oz the worker is a twentieth smaller, and 14 kB larger to load.
  // Functions that resemble each other have names that do, and compress better as neighbours.
  const passes = [
    "duplicate-function-elimination", "remove-unused-module-elements", "remove-unused-brs", "remove-unused-names",
    "optimize-instructions", "vacuum", "merge-blocks", "remove-unused-names", "vacuum",
    "duplicate-function-elimination", "reorder-locals", "reorder-functions-by-name",
  ].map((pass) => `--${pass}`);
  const features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
  execFileSync(join(root, "node_modules/.bin/wasm-opt"), ["-g", ...features, ...passes, wasm, "-o", wasm], { stdio: "inherit" });

  // What a first visit runs is loaded first, and half as large as all.
  const called = join(dist, "called.json");
  execFileSync("node", [join(root, "web/hooks/rehearse.mjs"), wasm, join(dist, "worker.js"), called], { stdio: "inherit" });
  const names = new Set(JSON.parse(readFileSync(called, "utf8")));
  rmSync(called);
  // Node has no IndexedDB and no locks: what saves is not seen in the rehearsal.
  const saves = /limbeck_web(::|\.\.|\d+)(storage|saved|locks|worker|history|workspace)|\bidb(::|\.\.)|3idb/;
  const halves = split(readFileSync(wasm), (name) => names.has(name) || saves.test(name));
  writeFileSync(wasm, halves.first);
  writeFileSync(later, halves.later);
}

// Our own loader: it says what went wrong where the glue can't be loaded at all, and loads the second half.
const loader = readFileSync(join(root, "web/hooks/worker_loader.js"), "utf8");
writeFileSync(
  join(dist, "worker_loader.js"),
  existsSync(later) ? loader.replace('LATER = ""', 'LATER = "worker_later.wasm"') : loader,
);
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
const glue = readdirSync(dist).find((name) => /^page-[0-9a-f]+\.js$/.test(name));
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

const page = join(dist, "index.html");
let html = readFileSync(page, "utf8")
  .replaceAll(glue, `page-${started}.js`)
  .replaceAll("snippets/", `snippets-${started}/`)
  .replace("boot.js", `boot-${started}.js`)
  .replace('data-worker=""', `data-worker="./${folder}/worker_loader.js"`)
  .replace('data-parts=""', `data-parts='${JSON.stringify(parts)}'`);
if (!html.includes(folder) || !html.includes(parts.editor)) throw new Error("index.html has no place for the worker or the parts");

// The page without a network: the files of this build, each with its hash. A page that is being worked on would only be
// in the way of the next one; LIMBECK_OFFLINE=yes has it there too.
if (process.env.TRUNK_PROFILE === "release" || process.env.LIMBECK_OFFLINE === "yes") {
  const all = below(".").filter((name) => name !== "index.html" && !name.endsWith(".d.ts"));
  const build = hash(html, ...all.flatMap((name) => [name, readFileSync(join(dist, name))]));
  html = html.replace('data-offline=""', 'data-offline="./offline.js"').replace('data-build=""', `data-build="${build}"`);
  const sum = (contents) => createHash("sha256").update(contents).digest("hex").slice(0, 32);
  const files = { "index.html": sum(html) };
  for (const name of all) files[name] = sum(readFileSync(join(dist, name)));
  const source = readFileSync(join(root, "web/offline/worker.js"), "utf8");
  writeFileSync(join(dist, "offline.js"), source.replace('"@build"', JSON.stringify(build)).replace('"@files"', JSON.stringify(files)));
}
writeFileSync(page, html);
