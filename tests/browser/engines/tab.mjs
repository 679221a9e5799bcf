// A tab of some engine, as the tests in this folder use it. An engine's driver gives the few things that differ
// (`evaluate`, `goto`, `reload`, `clickAt`, `type`, `press`, `screenshot`, `close`); what a person does is made of these here.

/** A busy machine may keep a page waiting; what takes longer than this never comes. */
const PATIENCE = 60_000;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Runs in the page: the middle of the first visible element that fits, in view. `#models >> .cm-line` is a line within the
 * shadow root of what is in `#models`. */
function find({ selector, text }) {
  const [outer, inner] = selector.split(" >> ");
  const hosts = [...document.querySelectorAll(outer)];
  const roots = hosts.flatMap((host) => [...host.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean));
  const element = (inner ? roots.flatMap((root) => [...root.querySelectorAll(inner)]) : hosts)
    .find((one) => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden" && (!text || one.textContent.includes(text)));
  if (!element || element.disabled) return null;
  // A line at an editor's edge may lie under its scroll bar, and goes on beyond its other edge.
  // Of a line that is wider than its editor Firefox takes one end and then the other for the nearest.
  element.scrollIntoView({ block: inner ? "center" : "nearest", inline: inner ? "start" : "nearest" });
  const box = element.getBoundingClientRect();
  return { x: Math.round(box.left + Math.min(box.width, 240) / 2), y: Math.round(box.top + box.height / 2) };
}

export class Tab {
  /** What the browser complained of: errors in the page and in its console, where the driver can hear them. */
  complaints = [];

  /** Opens an address and waits until the first command can run. */
  async open(url) {
    await this.goto(url);
    await this.ready();
  }

  ready() {
    return this.until(() => window.limbeck?.ready.then(() => true));
  }

  /** Waits until a function, run in the page again and again, gives something (no element: that can't leave the page). */
  async until(look, argument) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = await this.evaluate(look, argument);
      if (found) return found;
      if (Date.now() > end) throw new Error(`never came true: ${look} ${argument === undefined ? "" : JSON.stringify(argument)}`);
      await pause(50);
    }
  }

  /** Clicks the middle of the first visible element that fits, once it stands still: Firefox, asked for the middle of the
   * view, goes to and fro by a pixel. */
  async click(selector, text) {
    const end = Date.now() + PATIENCE;
    let before;
    for (;;) {
      const at = await this.evaluate(find, { selector, text });
      if (at && before && Math.abs(at.x - before.x) <= 1 && Math.abs(at.y - before.y) <= 1) return this.clickAt(at.x, at.y);
      if (Date.now() > end) throw new Error(`never there to click: ${selector}${text ? ` with "${text}"` : ""}`);
      before = at;
      await pause(50);
    }
  }

  text(selector) {
    return this.evaluate((selector) => document.querySelector(selector)?.innerText ?? "", selector);
  }

  /** Types a command into the console and waits for its end; gives what the console shows of it. */
  async command(line) {
    const before = await this.evaluate(() => document.querySelectorAll(".entry").length);
    await this.click("#console-input");
    await this.type(line);
    await this.press("Enter");
    return this.until((before) => {
      const entries = [...document.querySelectorAll(".entry")];
      return entries.length > before && !document.querySelector(".entry.runs") && entries.at(-1).innerText;
    }, before);
  }

  /** Rows of a query in the chosen database. */
  query(sql) {
    return this.evaluate(async (sql) => (await window.limbeck.query(sql)).rows, sql);
  }

  read(path) {
    return this.evaluate((path) => window.limbeck.files.read(path), path);
  }
}

/** A tab by a `page` and its `context`, which playwright-core and puppeteer-core name alike. */
export class PageTab extends Tab {
  evaluate(look, argument) {
    return this.page.evaluate(look, argument);
  }

  goto(url) {
    return this.page.goto(url);
  }

  reload() {
    return this.page.reload();
  }

  clickAt(x, y) {
    return this.page.mouse.click(x, y);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  async screenshot(path) {
    await this.page.screenshot({ path });
  }

  close() {
    return this.context.close();
  }
}
