// Chromium, over the DevTools protocol (playwright-core).
import { blank, launch } from "../browser.mjs";
import { Tab } from "./tab.mjs";

class ChromiumTab extends Tab {
  constructor({ page, context, complaints }) {
    super();
    Object.assign(this, { page, context, complaints });
  }

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

/** A running Chromium, and what ends it. */
export async function start() {
  const browser = await launch();
  return {
    version: `Chromium ${browser.version()}`,
    /** A tab with storage of its own. */
    tab: async (size) => new ChromiumTab(await blank(browser, { serviceWorkers: "allow", ...size })),
    close: () => browser.close(),
  };
}
