// The data directory of a PostgreSQL, in the file system of its module: read, packed into one file, and written back.

const PAGE = 8192;
const SEGMENT = 1 << 20;

/** Every file and folder below `root`, in the order of their names, each with its node of MEMFS. */
export function* walk(FS, root, path = "") {
  const { node } = FS.lookupPath(root + path);
  for (const name of Object.keys(node.contents).sort()) {
    const child = node.contents[name];
    const at = `${path}/${name}`;
    yield [at, child];
    if (FS.isDir(child.mode)) yield* walk(FS, root, at);
  }
}

/** The bytes of a node; they are the file system's own. */
const contents = (node) => (node.usedBytes ? node.contents.subarray(0, node.usedBytes) : new Uint8Array());

/** A segment of the log without what is not read again: what comes before the checkpoint that begins at `redo`, but for
 * the segment's first page, which is always read, and what is left in it of an older segment. Nothing where that is all. */
function log(bytes, segment, redo) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const kept = new Uint8Array(bytes.length);
  let wanted = false;
  for (let at = 0; at < bytes.length; at += PAGE) {
    // `xlp_pageaddr` of XLogPageHeaderData.
    const address = Number(view.getBigUint64(at + 8, true));
    const isAfter = address + PAGE > redo;
    if (address !== segment * SEGMENT + at || (at && !isAfter)) continue;
    kept.set(bytes.subarray(at, at + PAGE), at);
    wanted ||= isAfter;
  }
  return wanted ? kept : null;
}

/** What PostgreSQL needs to start again from its last checkpoint: `folders`, and `files` as a map from paths to contents,
 * which are the file system's own. */
export function directory(FS, root) {
  const folders = [];
  const files = new Map();
  const control = contents(FS.lookupPath(`${root}/global/pg_control`).node);
  // `checkPointCopy.redo` of ControlFileData.
  const redo = Number(new DataView(control.buffer, control.byteOffset).getBigUint64(40, true));
  for (const [path, node] of walk(FS, root)) {
    if (FS.isDir(node.mode)) folders.push(path);
    else if (/^\/pg_wal\/[0-9A-F]{24}$/.test(path)) {
      const segment = parseInt(path.slice(-16, -8), 16) * 4096 + parseInt(path.slice(-8), 16);
      const kept = log(contents(node), segment, redo);
      if (kept) files.set(path, kept);
    } else if (path !== "/postmaster.pid") files.set(path, contents(node));
  }
  return { folders, files };
}

/** Makes the data directory what was read once. */
export function restore(FS, root, { folders, files }) {
  if (FS.analyzePath(root).exists) {
    for (const [path, node] of [...walk(FS, root)].reverse()) {
      if (FS.isDir(node.mode)) FS.rmdir(root + path);
      else FS.unlink(root + path);
    }
  } else FS.mkdirTree(root);
  FS.chmod(root, 0o700);
  for (const path of folders) FS.mkdir(root + path, 0o700);
  for (const [path, bytes] of files) FS.writeFile(root + path, bytes, { mode: 0o600 });
}

/** It as one file: the length of a list as JSON, that list, and the contents one after the other. */
export function pack({ folders, files }) {
  const list = { folders, files: [...files].map(([path, bytes]) => [path, bytes.length]) };
  const head = new TextEncoder().encode(JSON.stringify(list));
  const length = new Uint8Array(Uint32Array.of(head.length).buffer);
  return new Blob([length, head, ...files.values()]).arrayBuffer();
}

/** What was packed. */
export function unpack(packed) {
  const length = new DataView(packed).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 4, length)));
  const files = new Map();
  let at = 4 + length;
  for (const [path, size] of list.files) {
    files.set(path, new Uint8Array(packed, at, size));
    at += size;
  }
  return { folders: list.folders, files };
}
