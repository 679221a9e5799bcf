// axe-core on every view of the page, in both themes and both widths: no violations.
import assert from "node:assert/strict";
import { complaints } from "./axe.mjs";
import { command } from "./steps.mjs";

async function check(page, name) {
  const began = Date.now();
  const found = await complaints(page);
  if (process.env.TIMES) console.log("axe", name, Date.now() - began, [...new Set(found)]);
  return found.map((line) => `${name}: ${line}`);
}

async function start(fresh, options) {
  const one = await fresh(options);
  await one.page.waitForSelector("#models .cm-content", { state: "attached" });
  return one.page;
}

const narrow = { width: 390, height: 844, hasTouch: true };
const pane = async (page, name) => {
  const tab = page.locator("nav.tabs button", { hasText: name });
  if (await tab.isVisible()) await tab.click();
};
const calm = (page, column) => page.waitForFunction((column) => !document.querySelector(`${column} [aria-busy="true"]`), column, { timeout: 30_000 });

/** What a selector finds now: a selector that finds too little is one that has grown old. */
async function several(locator, least = 2) {
  const all = await locator.all();
  assert.ok(all.length >= least, `${locator} finds ${all.length}`);
  return all;
}

// Each part: what is done to the page, with a look at every view on the way.
const parts = {
  async columns(page, look) {
    await look("start");
    await pane(page, "Migrations");
    await look("Migrations");
    for (const tab of await several(page.locator("#migrations .script-tabs [role=tab], #migrations > [role=tablist] [role=tab]"))) {
      await tab.click();
      await calm(page, "#migrations");
      await look(`Migrations, ${(await tab.innerText()).split("\n")[0]}`);
    }
  },
  async "what a command did"(page, look) {
    await page.evaluate(() => window.limbeck.run("alembic downgrade -1"));
    await pane(page, "Migrations");
    await page.click("#tab-steps");
    await calm(page, "#migrations");
    await look("steps of a run");
    await pane(page, "Database");
    await look("tables that were changed");
    await page.click("#tab-changes");
    await calm(page, "#database");
    await look("changes of a run");
    await page.evaluate(() => window.limbeck.travel(window.limbeck.history().at(0).number));
    await look("the past");
  },
  async database(page, look) {
    await pane(page, "Database");
    for (const tab of await several(page.locator("#database .tabs-bar [role=tab]"))) {
      await tab.click();
      await calm(page, "#database");
      await look(`Database, ${(await tab.innerText()).split("\n")[0]}`);
    }
    await page.locator("#tab-tables").click();
    for (const tab of ["Rows", "Columns", "SQL"]) {
      await page.locator(".detail-bar [role=tab]", { hasText: tab }).first().click();
      await look(`table, ${tab}`);
    }
    await page.locator(".detail-bar [role=tab]", { hasText: "Rows" }).first().click();
    await page.locator("text=New row").click();
    await look("a new row");
  },
  async "menus and dialogs"(page, look) {
    for (const menu of await several(page.locator("details.menu > summary:visible"), 1)) {
      await menu.click();
      await look(`menu ${(await menu.innerText()).trim()}`);
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("Control+b");
    await page.waitForSelector(".tree");
    await look("files");
    await page.keyboard.press("Control+b");
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog .palette-item");
    await look("palette");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.focus("#upgrade");
    await page.keyboard.type("?");
    await page.waitForSelector("dialog.keys");
    await look("keys");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.press("Alt+s");
    await page.waitForSelector("dialog");
    await page.waitForFunction(() => !document.querySelector('dialog [aria-busy="true"]'));
    await look("a link");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.click("#autogenerate");
    await page.waitForSelector("#message");
    await look("the message of a revision");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("restore database");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".page.wide-database");
    await look("wide");
  },
  async "finding and editing"(page, look) {
    await page.keyboard.press("Control+Shift+F");
    await page.waitForSelector("#search-files");
    await page.keyboard.type("author");
    await page.waitForSelector(".found-line");
    await look("search in all files");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+b");
    await pane(page, "Console");
    await page.evaluate(() => window.limbeck.run("alembic history"));
    await page.waitForSelector(".entry .output");
    await page.click('.console-head [aria-label^="Find"]');
    await page.keyboard.type("author");
    await page.waitForSelector(".log mark.at");
    await look("find in the console");
    await pane(page, "Database");
    await page.click('.tables button[data-table="author"]');
    await page.locator(".detail-bar [role=tab]", { hasText: "Rows" }).first().click();
    await page.locator('.rows td[data-at="0,0"]').focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rows td.edited input");
    await page.keyboard.type("x");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rows .unfit");
    await look("an unfit value");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+ArrowDown");
    await page.waitForSelector(".rows tr.selected");
    await look("rows selected");
    await page.evaluate(() => window.limbeck.reset("empty"));
    await pane(page, "Models");
    await page.waitForSelector(".setup");
    await look("a bare alembic init");
  },
  async sharing(page, look) {
    await page.keyboard.press("Alt+s");
    await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
    await look("a link to give away");
    const { url } = await page.evaluate(() => window.limbeck.share({ run: ["alembic current"], readOnly: true }));
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.evaluate(() => { location.hash = "#limbeck=1.AAAA"; });
    await page.waitForSelector("dialog [role=alert]");
    await look("a link that is refused");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.evaluate((hash) => { location.hash = hash; }, new URL(url).hash);
    await page.waitForSelector("dialog .shared-run");
    await look("a link that arrived");
    await page.locator("dialog").getByRole("button", { name: "Open and run" }).click();
    await page.waitForSelector(".view-only");
    await look("a project to be looked at");
    await page.evaluate(async () => {
      const zip = await window.limbeck.exportZip();
      await window.limbeck.importZip(zip, "again.zip");
    });
    await page.waitForFunction(() => /Everything runs here/.test(document.querySelector("dialog[open]")?.innerText ?? ""), null, { timeout: 60_000 });
    await look("a project that was opened");
  },
  async comments(page, look) {
    await pane(page, "Migrations");
    await page.getByRole("button", { name: "Comment on this line" }).click();
    await page.fill("#comment-name", "Ann");
    await look("a comment being written");
    await page.fill("#comments .thread.begun textarea", "Why `this`?");
    await page.click("#comments .thread.begun button[type=submit]");
    await page.waitForSelector("#comments .comment");
    await look("a thread");
    await page.locator("#comments .comment").getByRole("button", { name: "Edit" }).click();
    await look("a comment being edited");
    await page.keyboard.press("Escape");
    await page.locator("#comments .thread").getByRole("button", { name: "Resolve" }).click();
    await page.locator("#comments-resolved").check();
    await look("a resolved thread");
    const { url } = await page.evaluate(() => window.limbeck.share());
    await page.evaluate((hash) => { location.hash = hash; }, new URL(url).hash);
    await page.waitForSelector("dialog[open] .arrived-comments");
    await look("comments that came by a link");
  },
  async errors(page, look) {
    await pane(page, "Console");
    await command(page, "alembic upgrade nowhere");
    await look("a failed command");
    await page.evaluate(async () => {
      const text = await window.limbeck.files.read("models.py");
      await window.limbeck.files.write("models.py", `x = (\n${text}`);
    });
    await pane(page, "Models");
    await page.waitForFunction(() => /SyntaxError/.test(document.querySelector(".pending").innerText));
    await look("models that can't be read");
    await page.evaluate(() => window.limbeck.files.write("alembic/versions/broken.py", "revision = = 1\n"));
    await pane(page, "Migrations");
    await page.waitForSelector("#migrations .failure");
    await look("a script that can't be read");
  },
};

const tests = {};
for (const theme of ["light", "dark"]) {
  for (const [size, options] of [["wide", {}], ["narrow", narrow]]) {
    for (const [name, part] of Object.entries(parts)) {
      tests[`axe finds nothing: ${name}, ${theme}, ${size}`] = async (fresh) => {
        const page = await start(fresh, { theme, ...options });
        const found = [];
        await part(page, async (view) => found.push(...(await check(page, view))));
        assert.deepEqual(found, []);
      };
    }
  }
}

export default tests;
