// Loads PostgreSQL: PGlite's module, the files that it reads, the data directory that the build has made, and the
// extensions that are wanted.
import { Server } from "./server.js";

/** What every server needs, once it was loaded. */
let loaded;

/** A server. `files` says what the build calls the parts, and how many bytes each is; `told` hears what part of them has
 * come, from 0 to 1, and how many bytes they are; `wanted` names extensions. */
export async function load({ extensions, ...files }, at, told, wanted) {
  const more = wanted.flatMap((name) => extensions[name] ?? []);
  const parts = [...(loaded ? [] : Object.values(files)), ...more];
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const transfer = parts.reduce((sum, part) => sum + part.transfer, 0);
  let come = 0;
  async function fetched({ name }) {
    const response = await fetch(at(name));
    if (!response.ok) throw new Error(`${name}: the answer is ${response.status}`);
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          come += chunk.length;
          told(Math.min(come / total, 1), transfer);
          controller.enqueue(chunk);
        },
      }),
    );
    // Whatever the server calls it: `compileStreaming` asks for this.
    return new Response(counted, { headers: { "content-type": "application/wasm" } });
  }
  const bytes = async (part) => (await fetched(part)).arrayBuffer();
  const inflated = async (part) => new Response(new Blob([await bytes(part)]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  told(0, transfer);
  const archives = Promise.all(more.map(bytes));
  if (!loaded) {
    const [module, bundle, data] = await Promise.all([
      fetched(files.module).then((response) => WebAssembly.compileStreaming(response)),
      inflated(files.bundle),
      inflated(files.data),
    ]);
    loaded = { module, bundle, data, id: files.data.id };
  }
  return Server.prepare({ ...loaded, archives: await archives });
}
