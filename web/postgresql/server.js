// PostgreSQL in the worker: PGlite's module, and what makes it a server that can be at any state of any database.
//
// PGlite has one process, one connection and one database, and starting it is asynchronous. What the engine asks must be
// answered within the call. So the memory of the module is kept as it was before PostgreSQL's `main` ran, which is little;
// to open another state, memory and data directory are put back and `main` runs again: a tenth of a second, at once.
// PGlite does the same to run `initdb`.
import { PGlite } from "@electric-sql/pglite";
import { parseTarGzip } from "nanotar";
import { directory, restore, unpack } from "./directory.js";
import { read, write } from "./image.js";
import { DATA, SETTINGS } from "./settings.js";

const PAGE = 65_536;

/** What `main` returns when PostgreSQL waits for its first message (`PGLITE_EXIT_ALIVE`). */
const ALIVE = 99;

/** What is loaded by `dlopen` is known to the module's JavaScript, so it must be there before memory is kept. */
const LIBRARIES = ["plpgsql", "dict_snowball"];

/** The database that the data directory begins with. */
const FIRST = "postgres";

const quoted = (name) => `'${name.replaceAll("'", "''")}'`;

/** Where the zeros begin that end a memory: what was never touched costs nothing, and is left so. */
function used(heap) {
  const words = new Int32Array(heap.buffer);
  let end = words.length;
  while (end && words[end - 1] === 0) end -= 1;
  return end * 4;
}

/** Where PostgreSQL is installed. */
const PREFIX = "/pglite";

function preload(FS, folder, file, bytes) {
  return new Promise((done, fail) => {
    FS.createPreloadedFile(folder, file, bytes, true, true, done, () => fail(new Error(`${file} can't be loaded`)), false);
  });
}

async function load(FS, name) {
  const folder = `${PREFIX}/lib/postgresql`;
  const bytes = FS.readFile(`${folder}/${name}.so`);
  FS.unlink(`${folder}/${name}.so`);
  await preload(FS, folder, `${name}.so`, bytes);
}

/** Installs an extension from PGlite's archive of it. */
async function install(FS, archive) {
  for (const { name, data } of await parseTarGzip(archive)) {
    if (!data || name.endsWith("/")) continue;
    const path = `${PREFIX}/${name}`;
    const [, folder, file] = path.match(/^(.*)\/([^/]+)$/);
    FS.mkdirTree(folder);
    if (file.endsWith(".so")) await preload(FS, folder, file, data);
    else FS.writeFile(path, data);
  }
}

export class Server {
  #pglite;
  #base;
  #memory = new Map();
  #started = false;
  #database = "";

  /** Prepares a server: `module` is PGlite's WebAssembly, compiled, `bundle` its files and `data` the data directory that
   * the build has made, as ArrayBuffers, `id` says which, and `archives` are those of extensions. */
  static async prepare({ module, bundle, data, id, archives }) {
    const pglite = await PGlite.create({
      noInitDb: true,
      pgliteWasmModule: module,
      // It is not asked for.
      initdbWasmModule: {},
      fsBundle: new Blob([bundle]),
    });
    for (const name of LIBRARIES) await load(pglite.Module.FS, name);
    for (const archive of archives) await install(pglite.Module.FS, archive);
    return new Server(pglite, { ...unpack(data), id });
  }

  constructor(pglite, base) {
    this.#pglite = pglite;
    this.#base = base;
    const heap = pglite.Module.HEAPU8;
    const end = used(heap);
    for (let at = 0; at < end; at += PAGE) {
      const page = heap.subarray(at, at + PAGE);
      if (page.some((byte) => byte)) this.#memory.set(at, page.slice());
    }
  }

  /** Opens a database: the state in `image`, or a new one where there is none. */
  open(database, image) {
    const state = image ? read(this.#base, image) : { ...this.#base, name: FIRST };
    const { Module } = this.#pglite;
    if (this.#started) {
      for (const stream of Module.FS.streams) if (stream?.fd > 2) Module.FS.close(stream);
      Module.HEAPU8.fill(0, 0, used(Module.HEAPU8));
      for (const [at, page] of this.#memory) Module.HEAPU8.set(page, at);
    }
    this.#started = true;
    restore(Module.FS, DATA, state);
    Module._pgl_setPGliteActive(1);
    const status = Module.callMain([...PGlite.defaultStartParams, ...SETTINGS, "-D", DATA, state.name]);
    if (status !== ALIVE) throw new Error(`PostgreSQL ended with status ${status}`);
    Module._pgl_startPGlite();
    this.#database = database;
    // It can't rename the database that it is connected to; nobody else is, and names are read from the catalogue.
    if (database !== state.name) this.#run(`UPDATE pg_database SET datname = ${quoted(database)} WHERE datname = ${quoted(state.name)}`);
  }

  /** Sends messages of the protocol; gives the server's. */
  exchange(messages) {
    return this.#pglite.execProtocolRawSync(messages);
  }

  /** The transaction that comes next: where it is what it was, nothing was written. */
  position() {
    return this.#value("SELECT pg_snapshot_xmax(pg_current_snapshot())");
  }

  /** The state now, of what is committed. */
  image() {
    this.#run("CHECKPOINT");
    return write(this.#base, directory(this.#pglite.Module.FS, DATA), this.#database);
  }

  #run(sql) {
    const text = new TextEncoder().encode(sql);
    const message = new Uint8Array(text.length + 6);
    message[0] = 0x51; // Query
    new DataView(message.buffer).setUint32(1, text.length + 5);
    message.set(text, 5);
    const answer = this.exchange(message);
    const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
    const found = new Map();
    for (let at = 0; at < answer.length; at += 1 + view.getUint32(at + 1)) {
      const body = answer.subarray(at + 5, at + 1 + view.getUint32(at + 1));
      found.set(String.fromCharCode(answer[at]), body);
    }
    if (found.has("E")) throw new Error(new TextDecoder().decode(found.get("E")).replaceAll("\0", " "));
    return found;
  }

  #value(sql) {
    // The number of columns, the length of the first, and its text.
    return new TextDecoder().decode(this.#run(sql).get("D").subarray(6));
  }
}
