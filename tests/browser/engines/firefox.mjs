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
