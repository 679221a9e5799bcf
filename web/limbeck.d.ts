/**
 * `window.limbeck`: the interface of a Limbeck page. Add this file to a TypeScript project, or read it as a manual.
 * It is what the page's own tests use.
 */

export {};

declare global {
  interface Window {
    limbeck: Limbeck;
  }
}

/** A workspace: files by path, relative to the project's folder. */
export interface Workspace {
  /** `{Text: "…"}`, or `{Binary: "…"}` in base64 (databases). */
  files: Record<string, { Text: string } | { Binary: string }>;
  /** The console's current folder, relative to the project; empty at its top. */
  directory?: string;
  /** Folders that no file is in. */
  folders?: string[];
  /** Environment variables, as `export NAME=value` sets them. */
  environment?: Record<string, string>;
}

/** A place in a file; lines and columns count from one, columns in Unicode characters. */
export interface Place {
  path: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface Failure {
  /** Dotted name of the Python class that real Alembic would raise, or empty. */
  class: string;
  message: string;
  hint: string | null;
  place: Place | null;
  /** Why, as a fact, and what would mend it: a line for the console, or another text for a file. */
  explanation: Explanation | null;
}

export interface Explanation {
  /** The name of the cause, or an object of one key, its name, with what is known of it. */
  cause: string | Record<string, object>;
  mend: { Run: string } | { Write: { path: string; text: string } } | null;
}

export type RunEvent =
  | { kind: "revision_started"; revision: string; direction: "upgrade" | "downgrade" | "stamp"; message: string }
  | { kind: "revision_finished"; revision: string }
  | { kind: "operation"; name: string; place: Place | null }
  | { kind: "statement"; sql: string; parameters: string[][]; rows: number | null; microseconds: number; database: string | null }
  | { kind: "transaction"; action: "BEGIN" | "COMMIT" | "ROLLBACK" }
  | { kind: "failed"; error: Failure };

export interface RunResult {
  /** Exit status; 0 is success. */
  status: number;
  stdout: string;
  stderr: string;
  events: RunEvent[];
  failure: Failure | null;
  /** For a failed command that changed something: the statements whose effect stays, and those rolled back. */
  stayed: { kept: string[]; undone: string[]; entry: number } | null;
  timings: Timings;
}

/** Where the time of a command went, in milliseconds. */
export interface Timings {
  /** From being asked until the worker began. */
  wait: number;
  /** The engine, with its database. */
  engine: number;
  /** Recording the steps of revisions: the states of databases between them. */
  recording: number;
  /** Telling the page of output and events on the way. */
  telling: number;
  /** Keeping the recordings and the state for the history. */
  image: number;
  /** Comparing databases before and after. */
  compare: number;
  /** Reading what the page shows next. */
  view: number;
  /** Saving. */
  save: number;
  /** The answer's way to the page. */
  transfer: number;
  /** Taking the answer into the page's state; it is drawn after. */
  page: number;
}

export interface FileEntry {
  path: string;
  size: number;
  hash: string;
  kind: "Text" | "Database" | "Binary";
}

export interface Pending {
  operations: { name: string; text: string; code: string; change: "Added" | "Removed" | "Altered" | null; target: string }[];
  diagnostics: { place: Place; error: boolean; message: string }[];
  failure: Failure | null;
  /** Whether the database must be upgraded first. */
  behind: boolean;
  microseconds: number;
}

export type Value = null | number | bigint | string | Uint8Array;

export interface TableDifference {
  table: string;
  /** Its name before, where that was another. */
  was: string | null;
  /** What happened to the table as a whole; null where only rows differ. */
  change: "added" | "removed" | "altered" | null;
  /** Columns, keys, indexes, constraints: name and definition, before and after. */
  items: { kind: string; change: "added" | "removed" | "altered"; before: string | null; after: string | null }[];
  /** Counts of rows and cells, and some of the rows. Null where none differ, or where they can't be compared. */
  rows: {
    before: number;
    after: number;
    lost: number;
    added: number;
    changed: number;
    columns: { column: string; lost: number; changed: number; converted: number; filled_in: number }[];
    /** Cells are column, value before, value after, as SQL writes them. */
    sample: { change: "added" | "removed" | "altered"; key: string; cells: [string, string | null, string | null][] }[];
  } | null;
}

/** A run of a revision as it was recorded. */
export interface Recording {
  number: number;
  revision: string;
  direction: "upgrade" | "downgrade";
  /** For a run on a copy, what of: the user's database, the same with the revision taken back first, or an empty one. */
  copy: "here" | "taken_back" | "empty" | null;
  command: string;
  path: string;
  /** The script as it was then. */
  text: string;
  /** Whether the script is another by now. */
  outdated: boolean;
  steps: {
    /** `create_table`; empty for statements on the connection, `alembic_version` for the row that Alembic writes. */
    name: string;
    call: string;
    place: Place | null;
    /** Whether it waits for the end of a `batch_alter_table`. */
    waits: boolean;
    statements: { part: "statement" | "transaction" | "create" | "copy" | "drop" | "rename"; sql: string; parameters: string[][]; rows: number | null; microseconds: number }[];
    microseconds: number;
    rows: number;
    failure: Failure | null;
    kept: boolean;
  }[];
  failure: Failure | null;
  truncated: boolean;
  /** The revisions that the same command ran before and after it. */
  previous: string | null;
  next: string | null;
}

/** What is different between two states of the history. */
export interface Difference {
  from: number;
  to: number;
  databases: { database: string; tables: TableDifference[]; failure: Failure | null }[];
}

export interface Review {
  revision: string;
  path: string;
  /** What rows it was tried on: the user's (`taken_back`: the revision was taken back first, on the copy;
   * `when_applied`: those that it met when it was applied), or none. */
  ground: "here" | "taken_back" | "when_applied" | "empty";
  /** Why it was tried on an empty database, where it was. */
  unreachable: Failure | null;
  /** How many rows the workspace's database has. */
  rows: number;
  /** By line. */
  findings: {
    /** Such as `looks-like-rename`, `drops-data`, `not-null-without-default`, `downgrade-missing`. */
    code: string;
    severity: "error" | "warning" | "note";
    place: Place;
    message: string;
    target: string | null;
    /** The rows it rests on; `made` on a copy where the user has none such. */
    evidence: { columns: string[]; rows: Value[][]; total: number; made: boolean } | null;
    /** What mends it: the script's whole text as it would be. */
    fix: { title: string; text: string } | null;
  }[];
  /** Upgrade, downgrade, upgrade. */
  round_trip: {
    verdict: "lossless" | "schema_only" | "loses_data" | "not_reversed" | "broken";
    /** For `broken`: which step failed, and how. */
    step: "upgrade" | "downgrade" | "upgrade again" | null;
    failure: Failure | null;
    empty_downgrade: boolean;
    /** After the downgrade, against before. */
    back: TableDifference[];
    /** After the second upgrade, against the first. */
    again: TableDifference[];
    /** What going back and up again would do to the database as it is, where it has the revision. */
    now: TableDifference[];
  };
  microseconds: number;
}

/** How far the lesson of the workspace is. */
export interface LessonProgress {
  /** The name of the lesson's folder. */
  lesson: string;
  title: string;
  /** How many steps it has. */
  steps: number;
  /** Ids of the steps that are done. */
  done: string[];
  /** Id of the step that is to be done. */
  step: string | null;
  finished: boolean;
}

/** A state that the workspace was in. States are a tree: going on from an earlier one begins a branch. */
export interface HistoryEntry {
  /** What `travel(n)` takes; 0 is the start. */
  number: number;
  /** The state that it came from; null for the start. */
  parent: number | null;
  /** Whether the workspace stands at it. */
  current: boolean;
  /** The command line, or such as `edited models.py`. */
  command: string;
  made: "Start" | "Command" | "Edit";
  status: number;
  /** Microseconds since 1970. */
  time: number;
}

export interface Table {
  name: string;
  view: boolean;
  sql: string;
  rows: number;
  rowid: boolean;
  columns: { name: string; kind: string; not_null: boolean; default: string | null; primary_key: number }[];
  indexes: { name: string; unique: boolean; columns: string[]; origin: "c" | "u" | "pk" }[];
  foreign_keys: { columns: string[]; table: string; referred: string[] }[];
}

export interface Database {
  path: string;
  tables: Table[];
  failure: Failure | null;
}

export interface Limbeck {
  /** Fulfilled when the first command can run; `performance.mark("limbeck:ready")` is set then. `window.limbeck` itself is
   * there as soon as the document is parsed, and what is called before is done then. */
  readonly ready: Promise<void>;
  /** Runs a command line of the console. Calls queue. Rejects only where the command was cancelled or the engine broke. */
  run(commandLine: string): Promise<RunResult>;
  /** Stops everything that is under way; files and databases are as they were before it. */
  cancel(): void;
  /** What autogenerate would write now. Changes nothing. */
  pending(): Promise<Pending>;
  /** What was found on a revision, tried on copies with the user's rows. Changes nothing; rejects where it can't be tried. */
  review(revision: string): Promise<Review>;
  /** The last recorded run of a revision in this session, or null. */
  steps(revision: string): Promise<Recording | null>;
  /** What is different between two states of the history, each as it was after its command; without numbers, what the last command changed. */
  difference(from?: number, to?: number): Promise<Difference>;
  readonly files: {
    list(): Promise<FileEntry[]>;
    read(path: string): Promise<string | Uint8Array>;
    /** Makes or replaces a file, with the folders above it. */
    write(path: string, contents: string | Uint8Array): Promise<void>;
    remove(path: string): Promise<void>;
    rename(from: string, to: string): Promise<void>;
  };
  /** Runs SQL in a database (the chosen one by default) and gives the rows of the last statement that has some. */
  query(sql: string, options?: { database?: string }): Promise<{ columns: string[]; rows: Value[][] }>;
  schema(): Promise<Database[]>;
  /** What the page shows. */
  state(): {
    ready: boolean;
    running: number;
    sqlite: string;
    view: "models" | "migrations" | "database" | "console";
    file: string | null;
    revision: string | null;
    database: string | null;
    table: string | null;
    directory: string;
    models: string[];
    migrations: {
      revisions: { id: string; message: string; path: string; down: string[]; depends_on: string[]; labels: string[]; head: boolean; current: boolean; applied: boolean; date: string }[];
      heads: string[];
      current: string[];
      ahead: number;
      back: string | null;
      database: string | null;
      failure: Failure | null;
      location: string | null;
    };
    changes: unknown;
    pending: Pending | null;
    /** `Unknown`: nothing was done yet that could be saved. `ReadOnly`: another tab may change the workspace. */
    storage: "Unknown" | "Saving" | "Saved" | "ReadOnly" | { Failed: { reason: string } };
    /** The workspaces that this browser keeps, the one that changed last first. Times in microseconds since 1970. */
    workspaces: { id: string; name: string; bytes: number; time: number; open: boolean }[];
    /** The lesson of the workspace. */
    lesson: LessonProgress | null;
  };
  /** Shows a file (at a line), a revision, or a column. */
  open(what: { file?: string; line?: number; revision?: string; view?: "models" | "migrations" | "database" | "console" }): void;
  /** The states of the workspace, by number. */
  history(): HistoryEntry[];
  /** Goes to a state, back or forward; nothing is lost. */
  travel(number: number): Promise<void>;
  /** Brings the workspace back to its start, as a new state; with a name, opens a new workspace with that example. */
  reset(example?: "library" | "heroes" | "blog" | "shop" | "orders" | "empty"): Promise<void>;
  /** Opens a new workspace with these files; the one before stays as it is. */
  load(workspace: Workspace): Promise<void>;
  export(): Promise<Workspace>;
  /** A link that holds the whole workspace, and its length in bytes. */
  share(options?: { database?: boolean; readOnly?: boolean; view?: "models" | "migrations" | "database"; file?: string; run?: string[] }): Promise<{ url: string; bytes: number }>;
  /** A zip of the project that real Alembic runs unmodified: with requirements, a README and a test beside it. */
  exportZip(): Promise<Uint8Array>;
  /** Opens the project of a zip as a new workspace; `failures` is what of it does not run here. */
  importZip(bytes: Uint8Array, name?: string): Promise<{
    name: string;
    files: number;
    /** Its alembic.ini or pyproject.toml; null where it has none. */
    config: string | null;
    /** Path and reason of what was left out. */
    leftOut: [string, string][];
    failures: Failure[];
  }>;
  /** Calls back at an event; the function that it returns ends it. */
  on(event: "ready" | "change" | "pending" | "review", callback: () => void): () => void;
  on(event: "event", callback: (event: RunEvent) => void): () => void;
  /** A lesson was opened, or a step of it was begun or done. */
  on(event: "lesson", callback: (lesson: LessonProgress) => void): () => void;
  on(event: "command", callback: (details: { command: string; status: number }) => void): () => void;
}
