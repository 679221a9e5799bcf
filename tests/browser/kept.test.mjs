// Nothing that a person typed or was given gets lost on the way.
import assert from "node:assert/strict";
import { read, succeeds, until } from "./steps.mjs";

const shown = (page) => page.evaluate(() => window.limbeck.state().file);
const at = (page) => page.evaluate(() => window.limbeck.history().length);

/** A link to the page's project, made by the page itself. */
const link = (page, options) => page.evaluate((options) => window.limbeck.share(options), options).then((made) => made.url);

/** The text that a link holds under a path, in a page that opens it. */
async function opened(fresh, address, path) {
  const other = await fresh();
  await other.page.evaluate((hash) => { location.hash = hash; }, new URL(address).hash);
  await other.page.locator("dialog[open]").waitFor();
  await other.page.keyboard.press("Enter");
  await other.page.locator("dialog[open]").waitFor({ state: "detached" });
  await until(other.page, async (path) => (await window.limbeck.files.list()).some((file) => file.path === path), path);
  return other.page;
}

export default {
  "a new file has the keyboard, and every key is the editor's": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.keyboard.press("Control+b");
    await page.click('.tree [aria-label="New file"]');
    await page.keyboard.type("notes.py");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().file === "notes.py" && document.activeElement?.className === "editor");
    await page.keyboard.type("a = [1, 2] # ?");
    await page.keyboard.press("Control+s");
    await until(page, async () => (await window.limbeck.files.read("notes.py")) === "a = [1, 2] # ?");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.equal(await shown(page), "notes.py");
  },

  "brackets alone never travel in time; with Alt they do": async (fresh) => {
    const { page } = await fresh();
    await succeeds(page, "echo a > a.txt");
    const before = await page.evaluate(() => window.limbeck.state().at ?? null);
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("[");
    await page.keyboard.press("]");
    assert.equal(await read(page, "a.txt"), "a\n");
    await page.keyboard.press("Alt+[");
    await until(page, async () => !(await window.limbeck.files.list()).some((file) => file.path === "a.txt"));
    await page.keyboard.press("Alt+]");
    await until(page, async () => (await window.limbeck.files.list()).some((file) => file.path === "a.txt"));
    assert.equal(await page.evaluate(() => window.limbeck.state().at ?? null), before);
    assert.ok(await at(page));
  },

  "Enter opens a shared project, and runs nothing": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.files.write("mine.txt", "x"));
    const other = await opened(fresh, await link(page, { run: ["alembic downgrade base"] }), "mine.txt");
    assert.equal(new URL(other.url()).hash, "");
    assert.equal(await other.locator(".entry").count(), 0);
  },

  "a link stays in the address until it is opened or dismissed by name": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.files.write("mine.txt", "x"));
    const address = await link(page);
    const other = (await fresh()).page;
    await other.goto("about:blank");
    await other.goto(address);
    const dialog = other.locator("dialog[open]");
    await dialog.waitFor();
    await other.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.match(await other.innerText(".notice"), /still in the address/);
    assert.match(new URL(other.url()).hash, /^#limbeck=1\./);
    await other.reload();
    await dialog.waitFor();
    await dialog.getByRole("button", { name: "Not now" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(new URL(other.url()).hash, "");
    await other.reload();
    await other.evaluate(() => window.limbeck.ready);
    assert.equal(await dialog.count(), 0);
  },

  "a copied link has what the dialog shows": async (fresh) => {
    const { page } = await fresh({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
    await page.click(".share-menu summary");
    await page.click('[data-share="link"]');
    await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
    assert.match(await page.innerText("dialog[open]"), /Include[^]*Open at/);
    // Typed and copied at once, without a pause or leaving the field first.
    await page.click("#share-run");
    await page.keyboard.type("alembic history");
    await page.click("#share-copy");
    await page.waitForFunction(() => document.querySelector(".said").textContent === "Copied");
    const address = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(address, await page.inputValue("#share-link"));
    const other = (await fresh()).page;
    await other.evaluate((hash) => { location.hash = hash; }, new URL(address).hash);
    await other.locator("dialog[open]").waitFor();
    assert.match(await other.innerText("dialog[open]"), /It asks to run:\s+alembic history/);
  },

  "?file= works beside a link, and a README opens first if the sharer says so": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.files.write("README.md", "# Read me first\n"));
    await page.evaluate(() => window.limbeck.open({ file: "models.py" }));
    await page.click(".share-menu summary");
    await page.click('[data-share="link"]');
    await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
    const plain = await page.inputValue("#share-link");
    await page.selectOption("#share-view", { label: "README.md" });
    await page.waitForFunction((plain) => ![plain, ""].includes(document.querySelector("#share-link").value), plain);
    const address = await page.inputValue("#share-link");
    const other = await opened(fresh, address, "README.md");
    await other.waitForFunction(() => window.limbeck.state().file === "README.md");
    await other.waitForFunction(() => document.querySelector("#models .editor").dataset.path === "README.md");

    const third = (await fresh()).page;
    const pointed = new URL(address);
    pointed.searchParams.set("file", "alembic/env.py:3");
    await third.goto("about:blank");
    await third.goto(pointed.href);
    await third.locator("dialog[open]").waitFor();
    await third.keyboard.press("Enter");
    await third.waitForFunction(() => window.limbeck.state().file === "alembic/env.py");
    assert.equal(new URL(third.url()).hash, "");
  },
};
