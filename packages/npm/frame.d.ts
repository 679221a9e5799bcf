/** What a command did. */
export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/** A frame of Limbeck that answers. */
export interface Frame {
  /** A method of `window.limbeck` (`limbeck.d.ts`), by its name. */
  call(method: string, ...given: unknown[]): Promise<any>;
  /** A line of the console, such as `alembic upgrade head`. */
  run(command: string): Promise<Ran>;
  /** Rows of the project's database. */
  query(sql: string): Promise<{ columns: string[]; rows: unknown[][] }>;
  /** Opens a workspace. */
  load(workspace: unknown): Promise<void>;
  /** Hears what happens in the frame; gives what ends that. */
  listen(listener: (event: string, details: unknown) => void): () => void;
  /** Hears nothing more. */
  close(): void;
}

/** Speaks with a frame whose address is that of the page, once it can answer. */
export declare function connect(frame: HTMLIFrameElement): Promise<Frame>;
