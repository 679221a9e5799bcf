// The state of a database as bytes: what differs in the data directory from the one that every database begins as.
//
// The bytes: a line that says what they are, the length of a list as JSON, that list, and for each file of it its runs.
// A run is how many bytes stay, how many are others, both in LEB128, and those bytes.

const MAGIC = new TextEncoder().encode("Limbeck PostgreSQL 1\n");

/** What PostgreSQL makes again where it is missing. */
const isCache = (path) => path.endsWith("/pg_internal.init");

/** Bytes that stay, between two runs, are part of a run where they are so few. */
const GAP = 8;

/** Where `bytes` differ from `before`, which is followed by zeros: pairs of start and end. */
function differences(before, bytes) {
  const runs = [];
  const known = Math.min(before.length, bytes.length);
  let end = -Infinity;
  let at = 0;
  const words = (of) => (of.byteOffset % 4 ? null : new Uint32Array(of.buffer, of.byteOffset, of.length >> 2));
  const [old, now] = [words(before), words(bytes)];
  while (at < bytes.length) {
    // Most of it is the same.
    if (now && at % 4 === 0) {
      let word = at >> 2;
      if (at < known && old) while (word < known >> 2 && old[word] === now[word]) word += 1;
      else if (at >= before.length) while (word < now.length && now[word] === 0) word += 1;
      at = word << 2;
      if (at >= bytes.length) break;
    }
    if (bytes[at] !== (at < before.length ? before[at] : 0)) {
      if (at - end <= GAP) runs[runs.length - 1] = at + 1;
      else runs.push(at, at + 1);
      end = at + 1;
    }
    at += 1;
  }
  return runs;
}

/** The state of the database `name` in `directory`, less what is in `base`. */
export function write(base, directory, name) {
  const list = {
    base: base.id,
    name,
    folders: directory.folders.filter((path) => !base.folders.includes(path)),
    gone: [...base.files.keys()].filter((path) => !directory.files.has(path)),
    files: [],
  };
  const parts = [];
  const number = (of) => {
    const bytes = [];
    for (; of > 127; of = Math.floor(of / 128)) bytes.push((of % 128) | 128);
    return Uint8Array.of(...bytes, of);
  };
  for (const [path, bytes] of directory.files) {
    const before = base.files.get(path);
    const runs = differences(before ?? new Uint8Array(), bytes);
    if (before && !runs.length && before.length === bytes.length) continue;
    if (isCache(path)) {
      if (before) list.gone.push(path);
      continue;
    }
    list.files.push([path, bytes.length, runs.length / 2]);
    let at = 0;
    for (let run = 0; run < runs.length; run += 2) {
      const [start, end] = [runs[run], runs[run + 1]];
      parts.push(number(start - at), number(end - start), bytes.subarray(start, end));
      at = end;
    }
  }
  const head = new TextEncoder().encode(JSON.stringify(list));
  parts.unshift(MAGIC, new Uint8Array(Uint32Array.of(head.length).buffer), head);
  const image = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    image.set(part, at);
    at += part.length;
  }
  return image;
}

/** The data directory of such a state, and the name of its database. */
export function read(base, image) {
  if (MAGIC.some((byte, index) => image[index] !== byte)) throw new Error("these bytes are no state of a PostgreSQL database");
  const view = new DataView(image.buffer, image.byteOffset);
  let at = MAGIC.length + 4;
  const length = view.getUint32(MAGIC.length, true);
  const list = JSON.parse(new TextDecoder().decode(image.subarray(at, at + length)));
  if (list.base !== base.id) throw new Error("this state was saved by another version of PostgreSQL");
  at += length;
  const number = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = image[at];
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const files = new Map(base.files);
  for (const path of list.gone) files.delete(path);
  for (const [path, size, runs] of list.files) {
    const bytes = new Uint8Array(size);
    bytes.set((base.files.get(path) ?? bytes).subarray(0, size));
    let place = 0;
    for (let run = 0; run < runs; run += 1) {
      place += number();
      const many = number();
      bytes.set(image.subarray(at, at + many), place);
      place += many;
      at += many;
    }
    files.set(path, bytes);
  }
  return { folders: [...base.folders, ...list.folders], files, name: list.name };
}
