// Before trunk builds: bundles the style sheets, what starts page and worker, and each part that loads by itself, and puts the
// fonts beside them.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const out = join(root, "web/build");
const parts = join(root, "web/parts");
const release = process.env.TRUNK_PROFILE !== "debug";
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });
for (const name of ["instrument-sans", "jetbrains-mono"]) {
  copyFileSync(join(root, "web/fonts", `${name}.woff2`), join(out, "fonts", `${name}.woff2`));
}
const scripts = { boot: join(root, "web/boot.js"), worker_loader: join(root, "web/worker_loader.js") };
for (const name of readdirSync(parts).filter((name) => name.endsWith(".js"))) {
  scripts[`parts/${name.slice(0, -3)}`] = join(parts, name);
}
await build({
  entryPoints: scripts,
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: release,
  // Beside it once the worker is built, and its second half, which only a release has.
  external: ["./worker.js"],
  define: { LATER: JSON.stringify(process.env.TRUNK_PROFILE === "release" ? "worker_later.wasm" : "") },
  logLevel: "warning",
});
await build({
  entryPoints: [join(root, "web/style/page.css")],
  outfile: join(out, "page.css"),
  bundle: true,
  minify: release,
  external: ["*.woff2"],
  logLevel: "warning",
});
