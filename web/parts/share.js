// What a link carries, squeezed: deflate with a dictionary, which is what `alembic init` writes and what models and
// revisions usually say, then base64url without padding. The dictionary belongs to version 1 of the link for good:
// with another one, links that people have could no longer be read.
import { deflateSync } from "fflate";
import words from "./share/dictionary-1.txt";

// As it stands in a document: JSON writes line ends and quotes with backslashes.
const dictionary = new TextEncoder().encode(JSON.stringify(words).slice(1, -1));

/** The text of a link's payload. */
export function encode(bytes) {
  const packed = deflateSync(bytes, { level: 9, dictionary });
  let text = "";
  for (let at = 0; at < packed.length; at += 8192) text += String.fromCharCode(...packed.subarray(at, at + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Whether data that can't be inflated to its end is right as far as it goes: then the rest of it is missing. */
async function isCut(parts) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  writer.closed.catch(() => {});
  try {
    for (const part of parts) await writer.write(part);
    return true;
  } catch {
    return false;
  } finally {
    writer.abort().catch(() => {});
  }
}

/** The bytes of a payload; fails with "base64", "cut", "compression" or "size" where there are more than `limit`. */
export async function decode(text, limit) {
  let packed;
  if (!/^[\w-]*$/.test(text)) throw "base64";
  try {
    packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    // Of the letters that it has, so many can't be all.
    throw "cut";
  }
  // The browser's own inflater knows no dictionaries: it reads ours as a stored block that goes before.
  const size = dictionary.length;
  const head = Uint8Array.of(0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255);
  const reader = new Blob([head, dictionary, packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length - size > limit) throw "size";
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error === "size") throw error;
    throw (await isCut([head, dictionary, packed])) ? "cut" : "compression";
  }
  return new Uint8Array(await new Blob(parts).slice(size).arrayBuffer());
}
