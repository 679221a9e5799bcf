// After trunk has built: optimises both modules of WebAssembly, splits each in two, bundles the JavaScript, and names
// each file by what is in it, so that a browser never mixes two builds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { documentation } from "./documentation.mjs";
import { writeLessons } from "./lessons.mjs";
import { resources } from "./resources.mjs";
import { split } from "./split.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = process.env.TRUNK_STAGING_DIR;
const release = process.env.TRUNK_PROFILE === "release";

const hash = (...contents) => {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex");
};
const take = (name) => {
  const contents = readFileSync(join(dist, name));
  rmSync(join(dist, name));
  return contents;
};
/** Writes a file whose name ends in what is in it; gives that name. */
function write(name, ending, contents) {
  const named = `${name}-${hash(contents).slice(0, 16)}${ending}`;
  writeFileSync(join(dist, named), contents);
  return named;
}

/** What is left of a module is measured after brotli: `-Oz` makes files a tenth smaller, and no smaller to load.
 * Functions that resemble each other have names that do, and compress better as neighbours. */
function optimise(path) {
  const passes = [
    "duplicate-function-elimination", "remove-unused-module-elements", "remove-unused-brs", "remove-unused-names",
    "optimize-instructions", "vacuum", "merge-blocks", "remove-unused-names", "vacuum",
    "duplicate-function-elimination", "reorder-locals", "reorder-functions-by-name",
  ];
  const features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
  wasmOpt(["-g", ...features, ...passes.map((pass) => `--${pass}`), path, "-o", path]);
}
const wasmOpt = (given) => execFileSync(join(root, "node_modules/.bin/wasm-opt"), given, { stdio: "inherit" });

/** The functions that a first visit calls, of the page and of its workers. */
function rehearsed() {
  const script = join(root, "web/hooks/rehearse.mjs");
  execFileSync("node", [script, dist, join(dist, "called.json")], { stdio: "inherit" });
  return JSON.parse(take("called.json"));
}

const [pageWasm] = readdirSync(dist).filter((name) => /^page-[0-9a-f]+_bg\.wasm$/.test(name));
const [pageGlue] = readdirSync(dist).filter((name) => /^page-[0-9a-f]+\.js$/.test(name));
if (readFileSync(join(dist, "worker.js"), "utf8").includes('from "env"')) {
  throw new Error("the worker misses a function of C: SQLITE_WASM_RS_FLAGS leaves out what it calls");
}

if (release) for (const file of [pageWasm, "worker_bg.wasm"]) optimise(join(dist, file));
const called = release && rehearsed();

/** Splits a module, where it is built to be shipped; gives its files' names. */
function parts(name, file) {
  if (!release) return { PRIMARY: write(name, ".wasm", take(file)), DEFERRED: "" };
  const wanted = new Set(called[name]);
  // Whether a hash table compares two keys is chance: their hashes are random.
  const byChance = /^<?hashbrown\b/;
  const { primary, deferred } = split(take(file), (name) => wanted.has(name) || byChance.test(name));
  return { PRIMARY: write(name, ".wasm", primary), DEFERRED: write(`${name}-deferred`, ".wasm", deferred) };
}

const page = parts("page", pageWasm);
const workerFiles = parts("worker", "worker_bg.wasm");

/** What PostgreSQL is loaded from. The module is left to the server to compress, as every other; what servers know no type
 * for is compressed here. */
function postgresql() {
  const made = join(dist, "directory");
  execFileSync("node", [join(root, "web/hooks/postgresql.mjs"), made], { stdio: "inherit" });
  const shipped = (name) => readFileSync(join(root, "node_modules/@electric-sql/pglite/dist", name));
  const part = (name, bytes) => ({ name: write(name, ".bin", bytes), size: bytes.length, transfer: bytes.length });
  const packed = (name, contents) => part(name, gzipSync(contents, { level: 9 }));
  // Each is loaded when a statement wants it (`CREATE EXTENSION`).
  const archives = readdirSync(join(root, "node_modules/@electric-sql/pglite/dist")).filter((name) => name.endsWith(".tar.gz")).sort();
  const extensions = archives.map((archive) => {
    const name = archive.slice(0, -".tar.gz".length);
    return [name, part(`postgresql-extension-${name}`, shipped(archive))];
  });
  const module = shipped("pglite.wasm");
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  const directory = take("directory");
  return {
    module: {
      name: write("postgresql", ".wasm", module),
      size: module.length,
      transfer: brotliCompressSync(module, { params }).length,
    },
    bundle: packed("postgresql-files", shipped("pglite.data")),
    data: { ...packed("postgresql-data", directory), id: hash(directory).slice(0, 16) },
    extensions: Object.fromEntries(extensions),
  };
}

workerFiles.POSTGRESQL = postgresql();
workerFiles.RESOURCES = write("worker-resources", ".json", JSON.stringify(resources()));

/** Bundles a script and what it imports into the page's folder, each file named by what is in it; what `import()` asks
 * for becomes a file of its own. Gives for each file the files that it imports at once. */
async function bundle(name, entry, options) {
  const { metafile } = await build({
    entryPoints: { [name]: join(root, "web", entry) },
    outdir: dist,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: release,
    metafile: true,
    // The style of a part comes with it, as a sheet that the part adopts.
    loader: { ".css": "text" },
    absWorkingDir: dist,
    logLevel: "warning",
    // CodeMirror parses a long text for 100 ms at a time where a browser tells it of keys that wait; of an answer of the
    // worker that waits nothing tells. Without that it goes by what is left of an idle moment.
    define: { "navigator.scheduling": "undefined" },
    // wasm-bindgen names a module once for each function that it imports from it.
    logOverride: { "duplicate-object-key": "silent" },
    ...options,
  });
  const statics = ({ imports }) => imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
  return new Map(Object.entries(metafile.outputs).map(([path, output]) => [path, statics(output)]));
}
const named = (scripts, name) => [...scripts.keys()].find((path) => path.startsWith(`${name}-`));

// What wasm-bindgen has written, under the names by which our scripts import it.
writeFileSync(join(dist, "page.js"), take(pageGlue));
const scripts = await bundle("boot", "boot.js", {
  alias: { "page-glue": join(dist, "page.js"), limbeck: join(root, "web") },
});
const boot = named(scripts, "boot");
const glue = named(scripts, "page");
const worker = named(
  await bundle("worker", "worker_loader.js", {
    alias: { "worker-glue": join(dist, "worker.js") },
    define: Object.fromEntries(Object.entries(workerFiles).map(([name, file]) => [name, JSON.stringify(file)])),
    // PGlite asks for them in Node, or to keep its files elsewhere than in memory.
    external: ["fs", "fs/promises", "node:*", "path", "stream", "stream/promises", "util", "zlib", "*/nodefs.js", "*/opfs-ahp.js", "*/memfs2opfs.js"],
  }),
  "worker",
);
for (const name of ["page.js", "worker.js", "boot.js", "snippets"]) rmSync(join(dist, name), { recursive: true, force: true });

writeLessons(dist);

let html = readFileSync(join(dist, "index.html"), "utf8");
const fill = (place, name) => {
  if (!html.includes(place)) throw new Error(`index.html has no ${place}`);
  html = html.replaceAll(place, name);
};
fill(pageWasm, page.PRIMARY);
if (page.DEFERRED) fill('data-deferred=""', `data-deferred="./${page.DEFERRED}"`);
fill("boot.js", boot);
// What the first script will ask for, so that it is on its way by then.
fill("</head>", `${[glue, ...scripts.get(glue)].map((path) => `<link rel="modulepreload" href="./${path}">`).join("")}</head>`);
fill('data-worker=""', `data-worker="./${worker}"`);

documentation(join(dist, "docs"));

// The page without a network: the files of this build, each with its hash. A page that is being worked on would only be
// in the way of the next one; LIMBECK_OFFLINE=yes has it there too.
if (release || process.env.LIMBECK_OFFLINE === "yes") {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .filter((name) => name !== "index.html" && name !== "playground.js" && !name.endsWith(".d.ts"))
    .sort();
  // What is wanted by projects that have a PostgreSQL, by who opens a lesson, and by those who read the documentation, alone.
  const isLater = (name) => /^(postgresql-|lessons\/|docs\/)/.test(name);
  const version = hash(html, ...files.flatMap((name) => [name, readFileSync(join(dist, name))])).slice(0, 16);
  fill('data-offline=""', 'data-offline="./offline.js"');
  fill('data-build=""', `data-build="${version}"`);
  const sum = (contents) => hash(contents).slice(0, 32);
  const sums = { "index.html": sum(html) };
  const later = {};
  for (const name of files) (isLater(name) ? later : sums)[name] = sum(readFileSync(join(dist, name)));
  const source = readFileSync(join(root, "web/offline/worker.js"), "utf8");
  writeFileSync(join(dist, "offline.js"), source.replace('"@build"', JSON.stringify(version)).replace('"@files"', JSON.stringify(sums)).replace('"@later"', JSON.stringify(later)));
}
writeFileSync(join(dist, "index.html"), html);
