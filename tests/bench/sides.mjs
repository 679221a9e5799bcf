// The three that the bench compares: ours and real Alembic under Pyodide, each in pages of one Chromium, and real
// Alembic under native CPython. What a page takes is measured in the page, from the call to its answer.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { launch } from "../browser/browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

/** Real Alembic in a process that stays (tests/bench/native.py), and the projects that all three work on. */
export class Native {
  constructor() {
    const python = process.env.LIMBECK_ORACLE_PYTHON;
    if (!python) throw new Error("LIMBECK_ORACLE_PYTHON names no Python; run `make bench`, or `. scripts/environment.sh` before");
    this.process = spawn(python, ["-B", join(here, "native.py")], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async ask(request) {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the native Alembic ended");
    return JSON.parse(value);
  }

  /** Makes a project; gives its folder and its files. */
  make(kind, size) {
    return this.ask({ make: kind, size });
  }

  /** Milliseconds that a command takes in a folder. */
  async run(folder, argv) {
    const { seconds, status, output } = await this.ask({ folder, argv });
    if (status) throw new Error(`native alembic ${argv.join(" ")}: status ${status}\n${output.slice(0, 2000)}`);
    return seconds * 1000;
  }

  remove(folder, path) {
    return this.ask({ folder, remove: path });
  }

  close() {
    this.process.stdin.end();
  }
}

/** Chromium, with ours and Pyodide on servers of their own. */
export class Pages {
  static async start(native) {
    const pages = new Pages();
    const folder = join(root, "target/bench-pyodide");
    mkdirSync(folder, { recursive: true });
    cpSync(join(here, "pyodide"), folder, { recursive: true });
    const files = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip"];
    for (const file of files) cpSync(join(root, "node_modules/pyodide", file), join(folder, "pyodide", file));
    await native.ask({ packages: join(folder, "packages.zip") });
    pages.servers = [await serve({ port: 0, root: process.env.DIST ?? join(root, "dist") }), await serve({ port: 0, root: folder, prefix: "/pyodide-bench/" })];
    const [ours, pyodide] = pages.servers.map((server) => server.address().port);
    pages.ours = `http://127.0.0.1:${ours}/limbeck/`;
    pages.pyodide = `http://127.0.0.1:${pyodide}/pyodide-bench/`;
    pages.browser = await launch();
    return pages;
  }

  async context(options) {
    return this.browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block", ...options });
  }

  async close() {
    await this.browser.close();
    for (const server of this.servers) server.close();
  }
}

/** Our page. */
export class Ours {
  static label = "Limbeck";

  /** Opens the page in a context and runs the first command; `opened` is milliseconds from navigation to its answer. */
  static async open(pages, context) {
    const ours = new Ours();
    ours.page = await context.newPage();
    await ours.page.goto(pages.ours, { waitUntil: "commit" });
    ours.opened = await ours.page.evaluate(async () => {
      while (!window.limbeck) await new Promise((done) => setTimeout(done, 2));
      await window.limbeck.ready;
      await window.limbeck.run("alembic current");
      return performance.now();
    });
    return ours;
  }

  load(files) {
    const entries = Object.entries(files).map(([path, text]) => [path, { Text: text }]);
    return this.page.evaluate((workspace) => window.limbeck.load(workspace), { files: Object.fromEntries(entries) });
  }

  /** Milliseconds that a command takes, and where the time went by the worker's own account, where it gives one. */
  async run(argv) {
    const { milliseconds, timings, status, output } = await this.page.evaluate(async (line) => {
      const start = performance.now();
      const { status, stdout, stderr, timings } = await window.limbeck.run(line);
      const milliseconds = performance.now() - start;
      return { milliseconds, timings, status, output: status ? stdout + stderr : "" };
    }, `alembic ${argv.join(" ")}`);
    if (status) throw new Error(`Limbeck's alembic ${argv.join(" ")}: status ${status}\n${output.slice(0, 2000)}`);
    return { milliseconds, timings };
  }

  remove(path) {
    return this.page.evaluate((path) => window.limbeck.files.remove(path), path);
  }
}

/** Real Alembic in a page. */
export class Pyodide {
  static label = "Pyodide";

  static async open(pages, context, files) {
    const pyodide = new Pyodide();
    pyodide.page = await context.newPage();
    await pyodide.page.goto(pages.pyodide, { waitUntil: "commit" });
    pyodide.opened = await pyodide.page.evaluate(async (files) => {
      while (!window.alembic) await new Promise((done) => setTimeout(done, 2));
      await window.alembic.load(files);
      const { status, output } = await window.alembic.run(["current"]);
      if (status) throw new Error(output);
      return performance.now();
    }, files);
    return pyodide;
  }

  load(files) {
    return this.page.evaluate((files) => window.alembic.load(files), files);
  }

  async run(argv) {
    const { milliseconds, status, output } = await this.page.evaluate(async (argv) => {
      const start = performance.now();
      const { status, output } = await window.alembic.run(argv);
      return { milliseconds: performance.now() - start, status, output: status ? output : "" };
    }, argv);
    if (status) throw new Error(`Pyodide's alembic ${argv.join(" ")}: status ${status}\n${output.slice(0, 2000)}`);
    return { milliseconds };
  }

  remove(path) {
    return this.page.evaluate((path) => window.alembic.remove(path), path);
  }
}
