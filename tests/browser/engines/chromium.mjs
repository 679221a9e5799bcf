// Chromium, over the DevTools protocol (playwright-core).
import { blank, launch } from "../browser.mjs";
import { PageTab } from "./tab.mjs";

class ChromiumTab extends PageTab {
  constructor({ page, context, complaints }) {
    super();
    Object.assign(this, { page, context, complaints });
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
