// WebKit: WebKitGTK's own small browser, over WebDriver's HTTP, on a display that nobody sees.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { Absent } from "./absent.mjs";
import { Tab } from "./tab.mjs";

const PATIENCE = 60_000;
const find = (paths) => paths.find((path) => path && existsSync(path));
const driverProgram = find([process.env.WEBKIT_DRIVER, "/usr/bin/WebKitWebDriver"]);
const display = find(["/usr/bin/Xvfb"]);
const libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/libexec"].filter(existsSync);
const browserProgram = find(libraries.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith("webkit2gtk-")).sort().reverse().map((name) => join(folder, name, "MiniBrowser"))));

/** WebDriver's names for keys that type no character. */
const KEYS = { Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", Backspace: "\uE003", Delete: "\uE017", Home: "\uE011", End: "\uE010", ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015" };

class WebKitTab extends Tab {
  constructor(driver, address, session) {
    super();
    Object.assign(this, { driver, session: `${address}/session/${session}` });
  }

  ask(path, body) {
    return ask(this.session + path, body);
  }

  async evaluate(look, argument) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${look})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.ask("/execute/async", { script, args: argument === undefined ? [] : [argument] });
    if (error) throw new Error(error);
    return value;
  }

  /** Gives the page this size: the window has a bar above it. */
  async resize(width, height) {
    await this.ask("/window/rect", { x: 0, y: 0, width, height });
    const inner = await this.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    await this.ask("/window/rect", { x: 0, y: 0, width: 2 * width - inner.width, height: 2 * height - inner.height });
  }

  goto(url) {
    return this.ask("/url", { url });
  }

  reload() {
    return this.ask("/refresh", {});
  }

  actions(...actions) {
    return this.ask("/actions", { actions });
  }

  clickAt(x, y) {
    const actions = [{ type: "pointerMove", duration: 0, x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    return this.actions({ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions });
  }

  type(text) {
    return this.keys([...text].map((character) => (character === "\n" ? KEYS.Enter : character)));
  }

  press(key) {
    return this.keys([KEYS[key] ?? key]);
  }

  keys(keys) {
    return this.actions({ type: "key", id: "keyboard", actions: keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]) });
  }

  async screenshot(path) {
    const response = await fetch(`${this.session}/screenshot`);
    writeFileSync(path, Buffer.from((await response.json()).value, "base64"));
  }

  async close() {
    await fetch(this.session, { method: "DELETE" }).catch(() => {});
    this.driver.kill();
  }
}

async function ask(address, body) {
  const response = await fetch(address, { method: "POST", body: JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts a display; gives its process and name. */
function startDisplay() {
  const process = spawn(display, ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  return new Promise((done, fail) => {
    process.once("error", fail);
    process.once("exit", (code) => fail(new Error(`Xvfb ended with ${code}`)));
    process.stdio[3].once("data", (data) => done({ process, name: `:${String(data).trim()}` }));
  });
}

/** A display with what starts WebKit on it. */
export async function start() {
  if (!driverProgram || !browserProgram) throw new Absent("WebKit is not installed (Debian: webkit2gtk-driver)");
  if (!display) throw new Absent("WebKit has no display to draw on (Debian: xvfb)");
  const screen = await startDisplay();
  // WebKit's sandbox does not start as root, nor in most containers.
  const environment = { ...process.env, DISPLAY: screen.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1" };
  return {
    version: "WebKitGTK's MiniBrowser",
    /** A tab with storage of its own: a browser of its own, since a driver has one session. */
    async tab({ width, height }) {
      const port = await freePort();
      const driver = spawn(driverProgram, [`--port=${port}`], { env: environment, stdio: "ignore" });
      const address = `http://127.0.0.1:${port}`;
      const end = Date.now() + PATIENCE;
      while (!(await fetch(`${address}/status`).then((response) => response.ok, () => false))) {
        if (Date.now() > end) throw new Error("WebKitWebDriver does not answer");
        await new Promise((done) => setTimeout(done, 50));
      }
      const { sessionId } = await ask(`${address}/session`, {
        capabilities: { alwaysMatch: { browserName: "MiniBrowser", timeouts: { script: PATIENCE }, "webkitgtk:browserOptions": { binary: browserProgram, args: ["--automation"] } } },
      });
      const tab = new WebKitTab(driver, address, sessionId);
      await tab.resize(width, height);
      return tab;
    },
    close: async () => screen.process.kill(),
  };
}
