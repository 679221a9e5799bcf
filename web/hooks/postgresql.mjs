// Makes the data directory that PostgreSQL starts with in the page: what `initdb` writes, without the databases that
// nobody opens. A process of its own, since it stops the clock:
//   node web/hooks/postgresql.mjs OUT
// A state of a database is saved as what differs from this directory (`web/postgresql/image.js`), so the same version of
// PGlite must give the same bytes on every machine and day: time stands still, and randomness repeats.
import nodeCrypto from "node:crypto";
import { writeFileSync } from "node:fs";
import { directory, pack } from "../postgresql/directory.js";
import { DATA, SETTINGS } from "../postgresql/settings.js";

const MOMENT = Date.UTC(2026, 0, 1);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [MOMENT]));
  }
  static now() {
    return MOMENT;
  }
};
performance.now = () => 0;
let state = 1;
nodeCrypto.randomFillSync = (view) => {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let index = 0; index < bytes.length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return view;
};

const { PGlite } = await import("@electric-sql/pglite");

const server = await PGlite.create({
  // Checksums would have what only reads write to the log.
  initDbStartParams: ["--wal-segsize=1", "--no-data-checksums"],
  startParams: [...PGlite.defaultStartParams, ...SETTINGS],
});
// A database that is copied from them is not made in the page; they are two thirds of the directory.
for (const name of ["template0", "template1"]) {
  await server.exec(`ALTER DATABASE ${name} IS_TEMPLATE false`);
  await server.exec(`DROP DATABASE ${name}`);
}
// The second one removes what was logged before the first.
for (let times = 0; times < 2; times += 1) await server.exec("CHECKPOINT");
const { FS } = server.Module;
writeFileSync(process.argv[2], new Uint8Array(await pack(directory(FS, DATA))));
process.exit(0);
