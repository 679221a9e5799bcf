// Before trunk builds: bundles the editor and the style sheets, and puts the fonts beside them.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const out = join(root, "web/editor/dist");
const release = process.env.TRUNK_PROFILE !== "debug";
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });
for (const name of ["instrument-sans", "jetbrains-mono"]) {
  copyFileSync(join(root, "web/fonts", `${name}.woff2`), join(out, "fonts", `${name}.woff2`));
}
await build({
  entryPoints: [join(root, "web/editor/editor.js")],
  outfile: join(out, "editor.js"),
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
