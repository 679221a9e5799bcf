// Starts Chromium on a page, with a fresh profile, and keeps what it complains of.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const executable = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));

export async function launch() {
  if (!executable) throw new Error("Chromium is missing; install it, or name it in the environment variable CHROMIUM");
  return chromium.launch({
    executablePath: executable,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page in a context of its own, which `prepare` is given before it goes anywhere; `address` is where it goes first, if
 * not to `url`; `complaints` gathers console errors, page errors and failed requests. */
export async function open(browser, url, { address = url, ...options } = {}) {
  const one = await blank(browser, options);
  await one.page.goto(address);
  await one.page.evaluate(() => new Promise((done) => {
    (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })();
  }));
  return one;
}

/** The same before it goes anywhere. */
export async function blank(browser, { width = 1440, height = 900, theme = "light", prepare, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, serviceWorkers: "block", ...options });
  await prepare?.(context);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // Tests of other things want no service worker between page and server.
    if (message.text().startsWith("Service Worker registration blocked")) return;
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What is on the way when a worker ends, or a person goes elsewhere, is no longer wanted.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`request failed: ${request.url()}`);
  });
  return { context, page, complaints };
}
