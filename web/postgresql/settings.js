// How PostgreSQL is started, when the data directory is made and in the page.

/** Where it has its data, in the file system of its module. */
export const DATA = "/pglite/data";

const settings = {
  // PGlite's own is another than PostgreSQL's.
  search_path: '"$user", public',
  // There is one connection, and memory is the browser's.
  shared_buffers: "16MB",
  // Nothing is replayed but what follows the last checkpoint, of files in memory that are never half written.
  wal_level: "minimal",
  max_wal_senders: 0,
  full_page_writes: "off",
  wal_recycle: "off",
  min_wal_size: "2MB",
  // A checkpoint is made when a state is kept (`Server.image`).
  checkpoint_timeout: "1d",
};

/** What differs from PGlite's own start, as arguments. */
export const SETTINGS = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
