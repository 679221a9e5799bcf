// Prints the brotli bytes of every file that the page ships, and the sums that we hold ourselves to.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = process.argv[2] ?? "dist";
const files = [];
(function walk(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else files.push(path);
  }
})(root);

const compressed = (path) =>
  brotliCompressSync(readFileSync(path), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).length;

const names = files.map((path) => relative(root, path).replaceAll("\\", "/"));

// The page's scripts: what starts it, what that asks for at once, and the editor, each with all that it imports. Other
// scripts load when they are first used.
const first = new Set();
(function follow(starts) {
  for (const name of starts.filter((name) => !first.has(name))) {
    first.add(name);
    const source = readFileSync(join(root, name), "utf8");
    // Not what `import()` gives.
    follow([...source.matchAll(/(?:\bfrom|\bimport) ?"\.\/([^"]+)"/g)].map((found) => found[1]));
  }
})(names.filter((name) => /^(boot|page|editor)-\w+\.js$/.test(name)));

// The deferred parts of page and worker load behind the first command, and tools and installed pages alone read the last ones.
const isLater = (name) =>
  /^(page|worker)-deferred|^worker-resources|^lessons\/|^playground\.js$|\.d\.ts$|^icons?[-/].*png$|\.webmanifest$|^offline\.js$/.test(name) ||
  (/\.js$/.test(name) && !name.startsWith("worker-") && !first.has(name));
// What is loaded when a project connects to PostgreSQL.
const isPostgresql = (name) => name.startsWith("postgresql-");
const isDocumentation = (name) => name.startsWith("docs/");
const sums = { page: 0, worker: 0, later: 0, postgresql: 0, documentation: 0 };
for (const name of names) {
  const bytes = compressed(join(root, name));
  const when = isDocumentation(name) ? "documentation" : isPostgresql(name) ? "postgresql" : isLater(name) ? "later" : name.startsWith("worker-") ? "worker" : "page";
  sums[when] += bytes;
  if (when === "documentation") continue;
  const marks = { later: "  (later)", postgresql: "  (PostgreSQL)" };
  console.log(`${bytes.toLocaleString("en").padStart(12)}  ${name}${marks[when] ?? ""}`);
}
const line = (bytes, words) => console.log(`${bytes.toLocaleString("en").padStart(12)}  ${words}`);
line(sums.page, "the page with editor and fonts, without the worker (aim: 560,000)");
line(sums.page + sums.worker, "to the first command (aim: 1,500,000)");
line(sums.page + sums.worker + sums.later, "all, without PostgreSQL and the documentation");
line(sums.postgresql, "PostgreSQL, where a project connects to one");
line(sums.documentation, "the documentation, for those who open it");
