// Firefox, over WebDriver BiDi (puppeteer-core).
import { existsSync } from "node:fs";
import { Absent } from "./absent.mjs";
import { PageTab } from "./tab.mjs";

const executable = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => path && existsSync(path));

class FirefoxTab extends PageTab {
  constructor(page, context) {
    super();
    Object.assign(this, { page, context });
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`error: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`page error: ${error.message}`));
  }

  /** By the page itself: the driver's own reload does not come back where a worker ends with the page. */
  async reload() {
    await this.page.evaluate(() => {
      window.isBeforeReload = true;
      setTimeout(() => location.reload());
    });
    await this.until(() => !window.isBeforeReload);
  }

  async evaluate(look, argument) {
    try {
      return await super.evaluate(look, argument);
    } catch (error) {
      // The document that it was asked of is gone: there is no answer yet.
      if (/no such frame|discarded|navigat|context/i.test(error.message)) return undefined;
      throw error;
    }
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
