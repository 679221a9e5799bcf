// Serves dist/ at / and, to show that the page works under any path, at PREFIX (default /limbeck/).
//   node web/serve.mjs [--port 8080] [--root dist] [--prefix /limbeck/]
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".ts": "text/plain; charset=utf-8",
};

// As a real host does; at a level that takes a moment for the largest file, and once.
const kept = new Map();
function compressed(file) {
  const { mtimeMs } = statSync(file);
  if (kept.get(file)?.mtimeMs !== mtimeMs) {
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
    kept.set(file, { mtimeMs, bytes: brotliCompressSync(readFileSync(file), options) });
  }
  return kept.get(file).bytes;
}

export function serve({ port = 8080, root = "dist", prefix = "/limbeck/", host = "127.0.0.1" } = {}) {
  const folder = resolve(root);
  const server = createServer((request, response) => {
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    } catch {
      response.writeHead(400).end();
      return;
    }
    if (path + "/" === prefix) {
      response.writeHead(301, { location: prefix }).end();
      return;
    }
    if (path.startsWith(prefix)) path = path.slice(prefix.length - 1);
    let file = join(folder, normalize(path));
    if (file !== folder && !file.startsWith(folder + sep)) {
      response.writeHead(403).end();
      return;
    }
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!existsSync(file)) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const named = /-([0-9a-f]{16}|[0-9A-Z]{8})\.\w+$/.test(file);
    const packed = /\bbr\b/.test(request.headers["accept-encoding"] ?? "") && /\.(html|m?js|css|wasm|svg|ts)$/.test(file);
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "cache-control": named ? "public, max-age=31536000, immutable" : "no-cache",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
      ...(packed && { "content-encoding": "br" }),
    });
    if (request.method === "HEAD") response.end();
    else if (packed) response.end(compressed(file));
    else createReadStream(file).pipe(response);
  });
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, () => done(server));
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at > 0 ? process.argv[at + 1] : fallback;
  };
  const port = Number(option("port", process.env.PORT ?? 8080));
  const root = option("root", join(dirname(fileURLToPath(import.meta.url)), "../dist"));
  const prefix = option("prefix", process.env.PREFIX ?? "/limbeck/");
  if (!existsSync(join(root, "index.html"))) {
    console.error(`${root} holds no page; build it first: make page`);
    process.exit(1);
  }
  try {
    await serve({ port, root, prefix });
  } catch (error) {
    console.error(error.code === "EADDRINUSE" ? `port ${port} is in use; choose another: PORT=8081 make serve` : error.message);
    process.exit(1);
  }
  console.log(`Limbeck is at http://127.0.0.1:${port}/ (stop it with Ctrl+C)`);
}
