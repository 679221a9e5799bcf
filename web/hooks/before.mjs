// Before trunk builds: bundles the style sheets into one.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
await build({
  entryPoints: [join(root, "web/style/page.css")],
  outfile: join(root, "web/build/page.css"),
  bundle: true,
  minify: process.env.TRUNK_PROFILE !== "debug",
  // Beside it, where trunk puts them.
  external: ["*.woff2"],
  logLevel: "warning",
});
