// Before trunk builds: bundles the style sheets, what starts the page, and each part that loads by itself, and puts the
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
await build({
  entryPoints: readdirSync(parts).filter((name) => name.endsWith(".js")).map((name) => join(parts, name)),
  outdir: join(out, "parts"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: release,
  logLevel: "warning",
});
await build({
  entryPoints: [join(root, "web/boot.js")],
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: release,
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
