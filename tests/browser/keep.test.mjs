// Time travel, several projects, and what is kept: as a person does it.
import assert from "node:assert/strict";
import { command, cursorAt, query, read, run, succeeds, until } from "./steps.mjs";

const saved = (page) => page.waitForFunction(() => window.limbeck.state().storage === "Saved");
const ready = (page) =>
  page.evaluate(() => new Promise((done) => (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })()));
const at = (page) => page.evaluate(() => window.limbeck.history().find((one) => one.current).number);
const arrives = (page, number) =>
  page.waitForFunction((number) => window.limbeck.history().find((one) => one.current)?.number === number, number);
const open = (page) => page.evaluate(() => window.limbeck.state().workspaces.find((one) => one.open));
const names = (page) => page.evaluate(() => window.limbeck.state().workspaces.map((one) => one.name).sort());

// Everything of a state that a person could see.
const whole = (page) =>
  page.evaluate(async () => {
    const rows = {};
    for (const database of await window.limbeck.schema()) {
      for (const table of database.tables) rows[table.name] = (await window.limbeck.query(`SELECT * FROM "${table.name}"`, { database: database.path })).rows;
    }
    const { directory } = window.limbeck.state();
    const { files, environment } = await window.limbeck.export();
    const console = [...document.querySelectorAll(".log .entry")].map((one) => [...one.querySelectorAll(".typed code, pre.output, .ending")].map((part) => part.innerText));
    return { files, environment, rows, directory, console };
  });

// Told part by part: a whole project is too long to read.
function same(found, wanted, where) {
  assert.deepEqual(Object.keys(found.files), Object.keys(wanted.files), where);
  for (const [path, contents] of Object.entries(wanted.files)) assert.ok(JSON.stringify(found.files[path]) === JSON.stringify(contents), `${where}: ${path} is another`);
  assert.deepEqual({ ...found, files: null }, { ...wanted, files: null }, where);
}

export default {
  "the time bar goes back and forward, exactly": async (fresh) => {
    const { page } = await fresh();
    const states = [[0, await whole(page)]];
    for (const line of ["alembic downgrade -1", `sqlite3 library.db "DELETE FROM book WHERE id = 1"`, "alembic current", "cd alembic", "cd ..", "alembic upgrade nonsense", "alembic upgrade head"]) {
      await command(page, line);
      states.push([await at(page), await whole(page)]);
    }
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "class Book");
    await page.keyboard.type("  # typed");
    await page.waitForFunction(() => window.limbeck.history().at(-1).command === "edited models.py");
    states.push([await at(page), await whole(page)]);
    // What ran at a state and changed nothing belongs to it: the last look at it counts.
    const last = new Map(states);
    const numbers = [...last.keys()];
    const slider = page.locator("#time");
    await slider.focus();
    // With the keys of the slider, back to the start and forward again.
    for (const number of [...numbers.slice(0, -1).reverse(), ...numbers.slice(1)]) {
      await page.keyboard.press(number < (await at(page)) ? "ArrowLeft" : "ArrowRight");
      await arrives(page, number);
      same(await whole(page), last.get(number), `state ${number}`);
      if (number !== numbers.at(-1)) assert.match(await page.innerText(".time-words"), /Viewing the past, after\s/);
    }
    // With the buttons, and with the keys that work everywhere.
    await page.click("#earlier");
    await arrives(page, numbers.at(-2));
    assert.match(await slider.getAttribute("aria-valuetext"), /alembic upgrade head/);
    await page.locator("#time").blur();
    await page.keyboard.press("Alt+[");
    await arrives(page, numbers.at(-3));
    await page.keyboard.press("Alt+]");
    await arrives(page, numbers.at(-2));
    await page.click("#later");
    await arrives(page, numbers.at(-1));
    assert.match(await read(page, "models.py"), /# typed/);
    await page.waitForFunction(() => /# typed/.test(document.querySelector("#models .editor").shadowRoot.querySelector(".cm-content").innerText));
    // With the mouse: a click at the left end is the start.
    const box = await slider.boundingBox();
    await page.mouse.click(box.x + 3, box.y + box.height / 2);
    await arrives(page, 0);
    same(await whole(page), last.get(0), "the start");
    await page.waitForFunction(() => !/# typed/.test(document.querySelector("#models .editor").shadowRoot.querySelector(".cm-content").innerText));
    // Dragged over all states at once: the last one wins. With an empty console the bar stands lower.
    const low = await slider.boundingBox();
    await page.mouse.move(low.x + 7, low.y + low.height / 2);
    await page.mouse.down();
    await page.mouse.move(low.x + low.width - 3, low.y + low.height / 2, { steps: 12 });
    await page.mouse.up();
    await arrives(page, numbers.at(-1));
    await page.waitForFunction((count) => document.querySelectorAll(".log .entry").length === count, last.get(numbers.at(-1)).console.length);
    same(await whole(page), last.get(numbers.at(-1)), "the newest state");
    // A failed command that changed nothing is no state; its text is there again.
    assert.match(await page.innerText(".log"), /Can't locate revision/);
  },

  "what was not gone on with is another branch, until it is cleared": async (fresh) => {
    const { page } = await fresh();
    await command(page, `sqlite3 library.db "DELETE FROM loan WHERE id = 1"`);
    await command(page, `sqlite3 library.db "DELETE FROM loan"`);
    await page.evaluate(() => window.limbeck.travel(1));
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[3]]);
    await page.waitForSelector(".time-words >> text=Continuing here starts another timeline");
    // An edit is enough.
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "class Book");
    await page.keyboard.type("  # another way");
    await page.waitForSelector(".time-bar summary >> text=1 other timeline");
    assert.deepEqual(await page.evaluate(() => window.limbeck.history().map((one) => one.parent)), [null, 0, 1, 1]);
    await page.click(".time-bar summary");
    await page.click('[data-branch="2"]');
    await arrives(page, 2);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[0]]);
    assert.doesNotMatch(await read(page, "models.py"), /another way/);
    await page.click(".time-bar summary");
    await page.click('[data-branch="3"]');
    await arrives(page, 3);
    assert.match(await read(page, "models.py"), /another way/);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[3]]);
    // The branches are there after a reload too.
    await saved(page);
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.equal(await at(page), 3);
    await page.click(".time-bar summary");
    await page.click("#clear-branches");
    await page.click(".time-clear >> text=Cancel");
    assert.equal(await page.evaluate(() => window.limbeck.history().length), 4);
    await page.click("#clear-branches");
    await page.click('.time-clear button:text-is("Delete")');
    await page.waitForSelector(".time-bar summary", { state: "detached" });
    assert.deepEqual(await page.evaluate(() => window.limbeck.history().map((one) => one.number)), [0, 1, 3]);
    await assert.rejects(page.evaluate(() => window.limbeck.travel(2)), /no state 2/);
    // A failed command that left something is marked.
    await run(page, `sqlite3 library.db "DELETE FROM loan; SELECT nonsense"`);
    await page.waitForSelector(".tick.failed");
    assert.match(await page.innerText(".time-words"), /failed/);
  },

  "several projects stand beside each other, and nothing replaces one's own": async (fresh) => {
    const { page } = await fresh();
    // An example that nothing was done in gives way.
    await page.click(".workspaces > summary");
    await page.click('[data-example="heroes"]');
    await page.waitForFunction(() => window.limbeck.state().database === "heroes.db");
    assert.deepEqual(await names(page), ["Heroes and teams"]);
    await succeeds(page, "touch mine.txt");
    await saved(page);
    await page.click(".workspaces > summary");
    await page.click('[data-example="shop"]');
    await page.waitForFunction(() => window.limbeck.state().database === "shop.db");
    assert.deepEqual(await names(page), ["A shop with two heads", "Heroes and teams"]);
    await succeeds(page, "touch shop.txt");
    // load() opens another one too.
    await page.evaluate(() => window.limbeck.load({ files: { "hello.txt": { Text: "hello" } } }));
    assert.equal(await read(page, "hello.txt"), "hello");
    assert.equal((await names(page)).length, 3);
    // Renamed from the menu.
    await page.click(".workspaces > summary");
    await page.click(".workspace-acts >> text=Rename");
    await page.waitForSelector(".workspaces input:focus");
    await page.keyboard.type("Greeting");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".workspace-name >> text=Greeting");
    // Back to the first: it is as it was left.
    if (!(await page.locator(".workspaces[open]").count())) await page.click(".workspaces > summary");
    await page.locator(".workspaces .choice", { hasText: "Heroes and teams" }).first().click();
    await page.waitForFunction(() => window.limbeck.state().database === "heroes.db");
    assert.equal(await read(page, "mine.txt"), "");
    // A copy is a project of its own.
    await page.click(".workspaces > summary");
    await page.click(".workspace-acts >> text=Duplicate");
    await page.waitForSelector(".workspace-name >> text=Heroes and teams copy");
    await succeeds(page, "rm mine.txt");
    await saved(page);
    // After a reload the tab has the same one.
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.equal((await open(page)).name, "Heroes and teams copy");
    await assert.rejects(read(page, "mine.txt"), /no file/);
    // Removed, and brought back with one click.
    await page.click(".workspaces > summary");
    await page.click(".workspace-acts >> text=Remove");
    await page.waitForSelector(".notice >> text=Heroes and teams copy was removed.");
    assert.ok(!(await names(page)).includes("Heroes and teams copy"));
    await page.click(".notice >> text=Undo");
    await page.waitForSelector(".workspace-name >> text=Heroes and teams copy");
    await assert.rejects(read(page, "mine.txt"), /no file/);
    assert.deepEqual(await names(page), ["A shop with two heads", "Greeting", "Heroes and teams", "Heroes and teams copy"]);
  },

  "a reset goes back to the start, and one click undoes it": async (fresh) => {
    const { page } = await fresh();
    await command(page, `sqlite3 library.db "DELETE FROM loan"`);
    const before = await whole(page);
    await page.click(".workspaces > summary");
    await page.click(".workspace-acts >> text=Reset");
    await page.waitForSelector(".notice >> text=was reset to its initial state");
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[4]]);
    await page.waitForFunction(() => !document.querySelector(".log .entry"));
    await page.click(".notice >> text=Undo");
    await arrives(page, 1);
    same(await whole(page), before, "before the reset");
    assert.equal(await page.locator(".notice").count(), 0);
  },

  "the console is there again after a reload": async (fresh) => {
    const { page } = await fresh();
    await command(page, "alembic current");
    await command(page, "alembic downgrade -1");
    await command(page, "cat nowhere");
    await saved(page);
    const before = (await whole(page)).console;
    assert.equal(before.length, 3);
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    await page.waitForFunction(() => document.querySelectorAll(".log .entry").length === 3);
    assert.deepEqual((await whole(page)).console, before);
    assert.match((await run(page, "history")).stdout, /alembic downgrade -1/);
  },

  "the page says whether everything is saved": async (fresh) => {
    const { page } = await fresh();
    assert.equal(await page.innerText(".storage"), "nothing to save yet");
    await page.waitForSelector("#models .cm-content");
    await page.evaluate(() => {
      window.seen = [];
      new MutationObserver(() => window.seen.push(document.querySelector(".storage").innerText)).observe(document.querySelector(".storage"), { subtree: true, childList: true, characterData: true });
    });
    await cursorAt(page, "models", "class Book");
    await page.keyboard.type("  # x");
    await page.waitForSelector(".storage >> text=saved in this browser");
    assert.ok((await page.evaluate(() => window.seen)).includes("saving …"));
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.match(await read(page, "models.py"), /class Book\(Base\):  # x/);
    assert.equal(await page.innerText(".storage"), "saved in this browser");
  },

  "a second tab is told, only looks, and takes over": async (fresh) => {
    const { context, page, complaints } = await fresh();
    await command(page, `sqlite3 library.db "DELETE FROM loan WHERE id = 1"`);
    await saved(page);
    const second = await context.newPage();
    second.on("pageerror", (error) => complaints.push(error.message));
    await second.goto(page.url());
    await ready(second);
    await second.waitForSelector(".elsewhere >> text=open for editing in another tab");
    assert.equal(await second.innerText(".storage"), "read-only");
    assert.deepEqual(await query(second, "SELECT count(*) FROM loan"), [[3]]);
    // Nothing can be written from here: not by typing, not by a command, not by SQL.
    await second.waitForSelector("#models .cm-content");
    await cursorAt(second, "models", "class Book");
    await second.keyboard.type("  # lost");
    assert.doesNotMatch(await second.evaluate(() => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-content").innerText), /# lost/);
    assert.ok(await second.locator("#console-input").isDisabled());
    await assert.rejects(run(second, "touch lost.txt"), /another tab/);
    await assert.rejects(query(second, "DELETE FROM loan"), /another tab/);
    assert.deepEqual(await query(second, "SELECT count(*) FROM loan"), [[3]]);
    await assert.rejects(second.evaluate(() => window.limbeck.files.write("lost.txt", "")), /another tab/);
    // The first goes on meanwhile, and the second sees it when it takes over.
    await succeeds(page, `sqlite3 library.db "DELETE FROM loan WHERE id = 2"`);
    await second.click(".elsewhere >> text=Take over");
    await second.waitForSelector(".elsewhere", { state: "detached" });
    assert.deepEqual(await query(second, "SELECT count(*) FROM loan"), [[2]]);
    await page.waitForSelector(".elsewhere >> text=open for editing in another tab");
    await assert.rejects(run(page, "touch lost.txt"), /another tab/);
    await succeeds(second, "touch mine.txt");
    await saved(second);
    // When the second tab closes, the first may change it again, with what the second did.
    await second.close();
    await page.waitForSelector(".elsewhere", { state: "detached" });
    assert.equal(await read(page, "mine.txt"), "");
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[2]]);
    await succeeds(page, "touch again.txt");
    await saved(page);
  },

  "where the browser keeps nothing, the page works and says so": async (_, { url, browser }) => {
    // What a service worker fetches could not be changed here.
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.route("**/worker-*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `Object.defineProperty(self, "indexedDB", { value: { open() { throw new DOMException("refused", "SecurityError"); } } });\n${await response.text()}` });
    });
    await page.goto(url);
    await page.waitForFunction(() => window.limbeck);
    await ready(page);
    await page.waitForSelector(".storage.bad >> text=not saved: this browser does not store anything");
    await succeeds(page, `sqlite3 library.db "DELETE FROM loan"`);
    // Another project, and back: it is still there.
    await page.click(".workspaces > summary");
    await page.click('[data-example="shop"]');
    await page.waitForFunction(() => window.limbeck.state().database === "shop.db");
    await page.click(".workspaces > summary");
    await page.locator('.workspaces .choice[data-workspace]', { hasText: "A lending library" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "library.db");
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[0]]);
    // A worker that is stopped takes nothing with it: not this project, not its history, not another one.
    await page.click(".workspaces > summary");
    await page.click('[data-example="heroes"]');
    await page.waitForFunction(() => window.limbeck.state().database === "heroes.db");
    await succeeds(page, "touch mine.txt");
    await page.click(".workspaces > summary");
    await page.locator('.workspaces .choice[data-workspace]', { hasText: "A lending library" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "library.db");
    await succeeds(page, `sqlite3 library.db "DELETE FROM author WHERE id = 1"`);
    const before = await whole(page);
    for (let stop = 1; stop <= 2; stop += 1) {
      await page.evaluate(() => {
        window.limbeck.run('sqlite3 library.db "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"').catch(() => {});
      });
      await page.waitForFunction(() => window.limbeck.state().running > 0);
      await page.evaluate(() => window.limbeck.cancel());
      await page.waitForFunction(() => window.limbeck.history().length === 3);
      same({ ...(await whole(page)), console: null }, { ...before, console: null }, "after a stop");
      assert.match(await page.innerText(".storage.bad"), /does not store anything/);
    }
    assert.deepEqual(await names(page), ["A lending library", "Heroes and teams"]);
    await page.evaluate(() => window.limbeck.travel(0));
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[4]]);
    await page.click(".workspaces > summary");
    await page.locator('.workspaces .choice[data-workspace]', { hasText: "Heroes and teams" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "heroes.db");
    assert.equal(await read(page, "mine.txt"), "");
    assert.deepEqual(complaints, []);
    await context.close();
  },

  "where there is no more room, what is not saved is told and not lost, and is saved when there is room": async (fresh) => {
    const { context, page } = await fresh();
    const browser = await context.newCDPSession(page);
    const origin = new URL(page.url()).origin;
    const room = (quotaSize) => browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
    // Before anything is written: the browser asks seldom how much room there is.
    await room(400_000);
    const dialogs = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.type());
      return dialog.accept();
    });
    await command(page, `sqlite3 library.db "DELETE FROM loan WHERE id = 1"`);
    await saved(page);
    const heavy = `sqlite3 library.db "CREATE TABLE heavy (x); INSERT INTO heavy VALUES (randomblob(3000000)); DELETE FROM loan WHERE id = 2"`;
    await command(page, heavy);
    await page.waitForSelector(".storage.bad >> text=not saved: the browser has no storage left for this site");
    // Nothing of it is lost as long as the page is there: not by going on, not by another project, not by a stop.
    await page.waitForSelector("#models .cm-content");
    await cursorAt(page, "models", "class Book");
    await page.keyboard.type("  # typed");
    await page.waitForFunction(() => window.limbeck.history().at(-1).command === "edited models.py");
    await page.click(".workspaces > summary");
    await page.click('[data-example="shop"]');
    await page.waitForFunction(() => window.limbeck.state().database === "shop.db");
    await page.click(".workspaces > summary");
    await page.locator(".workspaces .choice[data-workspace]", { hasText: "A lending library" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "library.db");
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[2]]);
    assert.match(await read(page, "models.py"), /# typed/);
    await page.waitForSelector(".storage.bad");
    await page.evaluate(() => {
      window.limbeck.run('sqlite3 library.db "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"').catch(() => {});
    });
    await page.waitForFunction(() => window.limbeck.state().running > 0);
    await page.evaluate(() => window.limbeck.cancel());
    await until(page, () => window.limbeck.files.read("models.py").then((text) => text.includes("# typed"), () => false));
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[2]]);
    assert.deepEqual(await page.evaluate(() => window.limbeck.history().map((one) => one.number)), [0, 1, 2, 3]);
    // Who leaves is asked; what was saved before is there again.
    await page.reload();
    await ready(page);
    assert.deepEqual(dialogs, ["beforeunload"]);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[3]]);
    assert.doesNotMatch(await read(page, "models.py"), /# typed/);
    assert.deepEqual(await page.evaluate(() => window.limbeck.history().map((one) => one.number)), [0, 1]);
    // With room again, the next thing that is done saves all.
    await command(page, heavy);
    await page.waitForSelector(".storage.bad >> text=no storage left");
    await room(50_000_000);
    await command(page, "alembic current");
    await page.waitForSelector(".storage >> text=saved in this browser");
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[2]]);
    assert.deepEqual(dialogs, ["beforeunload"]);
  },

  "a removed project leaves its room to the others": async (fresh) => {
    const { context, page } = await fresh();
    const browser = await context.newCDPSession(page);
    const origin = new URL(page.url()).origin;
    await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 3_600_000 });
    // Of two projects one takes much, and is in the way of the other.
    await succeeds(page, `sqlite3 library.db "CREATE TABLE heavy (x); INSERT INTO heavy VALUES (randomblob(3000000))"`);
    await saved(page);
    // The browser counts a moment later.
    while ((await browser.send("Storage.getUsageAndQuota", { origin })).usage < 3_000_000) await page.waitForTimeout(50);
    await page.click(".workspaces > summary");
    await page.click('[data-example="shop"]');
    await page.waitForFunction(() => window.limbeck.state().database === "shop.db");
    await succeeds(page, "touch small.txt");
    await saved(page);
    await succeeds(page, `sqlite3 shop.db "CREATE TABLE heavy (x); INSERT INTO heavy VALUES (randomblob(1000000))"`);
    await page.waitForSelector(".storage.bad >> text=remove a project");
    // The heavy one is opened and removed: the other one is shown as it was left, and is saved.
    await page.click(".workspaces > summary");
    await page.locator(".workspaces .choice[data-workspace]", { hasText: "A lending library" }).click();
    await page.waitForFunction(() => window.limbeck.state().database === "library.db");
    await page.click(".workspaces > summary");
    await page.click(".workspace-acts >> text=Remove");
    await page.waitForFunction(() => window.limbeck.state().database === "shop.db");
    assert.deepEqual(await names(page), ["A shop with two heads"]);
    await page.waitForSelector(".storage >> text=saved in this browser");
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.deepEqual(await query(page, "SELECT length(x) FROM heavy"), [[1_000_000]]);
  },

  "on a phone the time bar stands above the tabs": async (fresh) => {
    const { page } = await fresh({ width: 390, height: 844, hasTouch: true });
    assert.equal(await page.locator(".time-bar").isVisible(), false);
    await succeeds(page, "alembic downgrade -1");
    await page.waitForSelector(".time-bar", { state: "visible" });
    await page.locator("#earlier").tap();
    await arrives(page, 0);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `${wide} pixels wide`);
    const bar = await page.locator(".time-bar").boundingBox();
    const tabs = await page.locator(".tabs").boundingBox();
    assert.ok(bar.y + bar.height <= tabs.y + 1, JSON.stringify([bar, tabs]));
  },

  "a project that an earlier version kept opens with its history": async (fresh) => {
    const { page } = await fresh();
    const base = new URL(page.url()).pathname;
    await page.evaluate(async (base) => {
      const text = new TextEncoder().encode("x = 1\n");
      const later = new TextEncoder().encode("x = 2\n");
      const manifest = (name) => ({ files: { "/project/models.py": [name] }, folders: ["/project"] });
      const head = {
        generation: 3, now: manifest("b".repeat(32)), directory: "/project", environment: {}, example: "empty", next: 2,
        history: [{ number: 1, command: "sed", status: 0, time: 1_700_000_000_000_000, before: manifest("a".repeat(32)), after: manifest("b".repeat(32)) }],
      };
      const database = await new Promise((done, fail) => {
        const request = indexedDB.open(`limbeck:${base}`, 1);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      await new Promise((done, fail) => {
        const transaction = database.transaction(["chunks", "head"], "readwrite");
        transaction.objectStore("chunks").put(text, "a".repeat(32));
        transaction.objectStore("chunks").put(later, "b".repeat(32));
        transaction.objectStore("head").put(JSON.stringify(head), "head");
        transaction.oncomplete = done;
        transaction.onerror = () => fail(transaction.error);
      });
      database.close();
    }, base);
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.equal(await read(page, "models.py"), "x = 2\n");
    await page.evaluate(() => window.limbeck.travel(0));
    assert.equal(await read(page, "models.py"), "x = 1\n");
    await page.waitForSelector("#models .cm-content");
    await page.waitForFunction(() => window.limbeck.state().storage === "Saved");
    await page.waitForSelector("#models .cm-content");
    await page.reload();
    await ready(page);
    assert.equal((await open(page)).name, "A bare alembic init");
    assert.equal(await at(page), 0);
  },
};
