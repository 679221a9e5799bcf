// The npm package as a site has it: its page in a frame of that site runs a command.
//   node tests/packages.mjs SITE
import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser/browser.mjs";

const site = process.argv[2];
const entry = createRequire(join(site, "package.json")).resolve("limbeck");
const { page: folder } = await import(pathToFileURL(entry));
assert.ok(existsSync(join(folder, "index.html")), folder);

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };
const host = `<!doctype html><title>site</title><link rel="icon" href="data:,"><iframe src="/page/index.html?example=library" width="1200" height="800"></iframe>
<script type="module">
  import { connect } from "/frame.js";
  const limbeck = await connect(document.querySelector("iframe"));
  window.ran = await limbeck.run("alembic upgrade head");
</script>`;
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end(host);
  const file = pathname === "/frame.js" ? join(dirname(entry), "frame.js") : join(folder, pathname.replace(/^\/page\//, ""));
  if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.ran, null, { timeout: 90_000 });
  const ran = await page.evaluate(() => window.ran);
  assert.equal(ran.status, 0, JSON.stringify(ran));
} finally {
  await browser.close();
  server.close();
}
console.log("the npm package is installed and works");
