// Loads PostgreSQL: PGlite's module, the files that it reads, and the data directory that the build has made.
import { Server } from "./server.js";

/** A server. `files` says what the build calls the parts, and how many bytes each is; `told` hears what part of them has
 * come, from 0 to 1, and how many bytes they are. */
export async function load(files, at, told) {
  const parts = Object.values(files);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const transfer = parts.reduce((sum, part) => sum + part.transfer, 0);
  let loaded = 0;
  async function fetched({ name }) {
    const response = await fetch(at(name));
    if (!response.ok) throw new Error(`${name}: the answer is ${response.status}`);
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.length;
          told(Math.min(loaded / total, 1), transfer);
          controller.enqueue(chunk);
        },
      }),
    );
    // Whatever the server calls it: `compileStreaming` asks for this.
    return new Response(counted, { headers: { "content-type": "application/wasm" } });
  }
  const inflated = async (part) => {
    const bytes = await (await fetched(part)).arrayBuffer();
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };
  told(0, transfer);
  const [module, bundle, data] = await Promise.all([
    fetched(files.module).then((response) => WebAssembly.compileStreaming(response)),
    inflated(files.bundle),
    inflated(files.data),
  ]);
  return Server.prepare({ module, bundle, data, id: files.data.id });
}
