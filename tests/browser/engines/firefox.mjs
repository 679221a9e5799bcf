// Firefox, over WebDriver BiDi (puppeteer-core).
import { existsSync } from "node:fs";
import { Absent } from "./absent.mjs";
import { Tab } from "./tab.mjs";

const executable = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => path && existsSync(path));

class FirefoxTab extends Tab {
  constructor(page, context) {
    super();
    Object.assign(this, { page, context });
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`error: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`page error: ${error.message}`));
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

/** A running Firefox, and what ends it. */
export async function start() {
  if (!executable) throw new Absent("Firefox is not installed (Debian: firefox-esr; or name it in the environment variable FIREFOX)");
  const { launch } = await import("puppeteer-core");
  const browser = await launch({ browser: "firefox", executablePath: executable, headless: true });
  return {
    version: await browser.version(),
    /** A tab with storage of its own. */
    async tab({ width, height }) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height });
      return new FirefoxTab(page, context);
    },
    close: () => browser.close(),
  };
}
