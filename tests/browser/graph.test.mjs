// The revision graph: what it shows, what can be done with a revision, two thousand of them, and what came of round trips.
import assert from "node:assert/strict";
import { load, project } from "./projects.mjs";
import { query, succeeds } from "./steps.mjs";

const FIRST = "3b1f0c9a7d42";
const row = (page, id) => page.locator(`[id="revision-${id}"]`);
const items = (page) => page.locator(".revision-menu [role=menuitem]").allInnerTexts();

/** Waits until the console's last command is this one, and has ended. */
const ran = (page, line) =>
  page.waitForFunction((line) => {
    const last = [...document.querySelectorAll(".entry")].at(-1);
    return last?.innerText.includes(line) && !document.querySelector(".entry.runs");
  }, line);

/** Chooses an item of the open menu by its first words. */
async function choose(page, words) {
  await page.locator(".revision-menu button", { hasText: words }).first().click();
  await page.waitForSelector(".revision-menu", { state: "detached" });
}

/** Focuses the list and goes to a revision by typing its id. */
async function goTo(page, id) {
  await page.focus(".graph-list");
  await page.keyboard.press("Home");
  await page.keyboard.type(id.slice(0, 1));
  await page.waitForFunction((id) => window.limbeck.state().revision === id, id);
}

const BRANCHES = [
  { id: "aaa1", message: "the root" },
  { id: "bbb2", message: "books", down: "aaa1", label: "books" },
  { id: "ccc3", message: "loans", down: "aaa1", label: "loans" },
  { id: "ddd4", message: "loans of books", down: "ccc3", depends: "bbb2" },
  { id: "eee5", message: "elsewhere", label: "alone" },
];

/** So many revisions: a line with a branch every ten that is merged again. */
function many(number) {
  const id = (at) => `r${String(at).padStart(5, "0")}`;
  return Array.from({ length: number }, (_, at) => {
    let down = at ? id(at - 1) : undefined;
    if (at > 10 && at % 10 === 5) down = id(at - 2);
    if (at > 10 && at % 10 === 6) down = [id(at - 1), id(at - 2)];
    return { id: id(at), message: at === 1234 ? "the needle in it" : `step ${at}`, down };
  });
}

export default {
  "a revision's script is deleted from its menu, unless others follow it or the database has it": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#revision-8e5d27b46c10");
    const item = () => page.getByRole("menuitem", { name: /^Delete its script/ });
    const menu = async (id) => {
      await page.click(`#revision-${id} .row-actions`);
      await item().waitFor();
    };
    // The first one is followed, the second one is in the database.
    await menu("3b1f0c9a7d42");
    assert.match(await item().innerText(), /8e5d27b46c10 follows it: delete that first/);
    assert.equal(await item().getAttribute("aria-disabled"), "true");
    await page.keyboard.press("Escape");
    await menu("8e5d27b46c10");
    assert.match(await item().innerText(), /downgrade past it first/);
    await item().click({ force: true });
    await page.keyboard.press("Escape");
    assert.equal((await page.evaluate(() => window.limbeck.state().migrations.revisions)).length, 2);

    await page.evaluate(() => window.limbeck.run("alembic downgrade -1"));
    await menu("8e5d27b46c10");
    await item().click();
    await page.waitForSelector("#revision-8e5d27b46c10", { state: "detached" });
    assert.match(await page.locator(".entry").last().innerText(), /rm alembic\/versions\/8e5d27b46c10/);
    await page.locator(".notice").getByRole("button", { name: "Undo" }).click();
    await page.waitForSelector("#revision-8e5d27b46c10");
    const back = await page.evaluate(() => window.limbeck.run("alembic upgrade head"));
    assert.equal(back.status, 0);
  },

  "a range of revisions is squashed from the menu, with its proof, and one click takes it back": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#revision-8e5d27b46c10");
    const ids = () => page.evaluate(() => window.limbeck.state().migrations.revisions.map((one) => one.id));
    const before = await ids();
    assert.deepEqual(before, ["8e5d27b46c10", FIRST]);
    await row(page, FIRST).click({ button: "right" });
    await choose(page, "Squash from this one");
    await row(page, "8e5d27b46c10").click({ button: "right" });
    const line = `limbeck squash ${FIRST}:8e5d27b46c10`;
    assert.ok((await items(page)).some((text) => text.includes(line)), "the menu shows the line");
    await choose(page, "Squash 3b1f0c9a7d42 to this");
    await ran(page, line);
    const proof = await page.locator(".entry").last().innerText();
    assert.match(proof, /8e5d27b46c10 stands for 3b1f0c9a7d42, 8e5d27b46c10/);
    assert.match(proof, /from an empty database, up and down: the same schema and rows/);
    assert.match(proof, /on the rows at hand/);
    assert.deepEqual(await ids(), ["8e5d27b46c10"]);
    // The database has the last one, and with it all that the one revision does.
    assert.equal((await page.evaluate(() => window.limbeck.run("alembic check"))).status, 0);
    await row(page, "8e5d27b46c10").click({ button: "right" });
    assert.ok(!(await items(page)).some((text) => text.includes("limbeck squash")), "there is nothing left to squash");
    await page.keyboard.press("Escape");
    await page.locator(".notice").getByRole("button", { name: "Undo" }).click();
    await row(page, FIRST).waitFor();
    assert.deepEqual(await ids(), before);
  },

  "a branch is put after the other head from the menu": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#revision-8e5d27b46c10");
    const ran1 = await page.evaluate((first) => window.limbeck.run(`alembic revision --rev-id beside --head ${first} --splice -m beside`), FIRST);
    assert.equal(ran1.status, 0);
    const heads = () => page.evaluate(() => window.limbeck.state().migrations.heads);
    assert.equal((await heads()).length, 2);
    await row(page, "beside").click({ button: "right" });
    await choose(page, "Put its branch after 8e5d27b46c10");
    await ran(page, "limbeck rebase beside --onto 8e5d27b46c10");
    assert.match(await page.locator(".entry").last().innerText(), /the new chain give the same schema and rows/);
    assert.deepEqual(await heads(), ["beside"]);
    await page.locator(".notice").getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => window.limbeck.state().migrations.heads.length === 2);
    // An order that can't be tried is told, and changes nothing.
    await page.evaluate(() => window.limbeck.run("alembic upgrade heads"));
    const refused = await page.evaluate(() => window.limbeck.run("limbeck rebase beside --onto 8e5d27b46c10"));
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /beside is applied/);
    assert.equal((await heads()).length, 2);
  },

  "revisions are acted on with the mouse": async (fresh) => {
    const { page } = await fresh();
    await row(page, FIRST).hover();
    await row(page, FIRST).locator(".row-actions").click();
    assert.deepEqual(
      (await items(page)).map((text) => text.split("\n").at(-1)).slice(0, 5),
      [`alembic downgrade ${FIRST}`, "alembic downgrade base", `alembic stamp ${FIRST}`, `alembic revision --head ${FIRST} --splice -m 'new revision'`, `alembic show ${FIRST}`],
    );
    await choose(page, "Downgrade to this");
    await ran(page, `alembic downgrade ${FIRST}`);
    await row(page, FIRST).locator(".mark.current").waitFor();

    // The menu of the mouse's right button, at what it points to.
    await page.locator(".revision").first().click({ button: "right" });
    await choose(page, "Upgrade to this");
    await page.waitForFunction(() => window.limbeck.state().migrations.ahead === 0);
    await row(page, FIRST).click({ button: "right" });
    await choose(page, "Show details in the console");
    await ran(page, `alembic show ${FIRST}`);
    assert.match(await page.locator(".entry").last().innerText(), /Rev: 3b1f0c9a7d42/);

    // A revision beside the head, and the two merged.
    await page.click("#revision-actions");
    await choose(page, "New revision after this");
    await page.waitForFunction(() => window.limbeck.state().migrations.heads.length === 2);
    assert.equal(await page.locator(".revision .mark:text('head')").count(), 2);
    await page.locator(".revision", { hasText: "new revision" }).click({ button: "right" });
    await choose(page, "Merge all heads");
    await ran(page, "alembic merge -m 'merge heads' heads");
    await page.waitForSelector(".revision >> text=merge heads");
    assert.equal(await page.evaluate(() => window.limbeck.state().migrations.heads.length), 1);

    await row(page, FIRST).click({ button: "right" });
    await choose(page, "Stamp with this revision");
    await ran(page, `alembic stamp ${FIRST}`);
    assert.deepEqual(await query(page, "SELECT version_num FROM alembic_version"), [[FIRST]]);

    await row(page, FIRST).click({ button: "right" });
    await choose(page, "Review");
    await page.waitForSelector("#tab-review[aria-selected=true]");
    // Beside the menu a click closes it and does nothing else.
    await page.click("#revision-actions");
    await page.waitForSelector(".revision-menu");
    await page.click(".graph-bar .fit");
    await page.waitForSelector(".revision-menu", { state: "detached" });
  },

  "revisions are acted on with the keyboard alone": async (fresh) => {
    const { page } = await fresh();
    await goTo(page, FIRST);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision-menu button:focus");
    assert.equal(await page.getAttribute(".revision-menu", "aria-label"), `Actions on ${FIRST}`);
    // Arrows go round, a letter finds, Escape goes back to the list.
    await page.keyboard.press("ArrowUp");
    assert.match(await page.innerText(".revision-menu button:focus"), /^Delete its script/);
    await page.keyboard.press("ArrowUp");
    assert.match(await page.innerText(".revision-menu button:focus"), /^Round trip/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.match(await page.innerText(".revision-menu button:focus"), /^Downgrade to this/);
    await page.keyboard.press("n");
    assert.match(await page.innerText(".revision-menu button:focus"), /^New revision after this/);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".revision-menu", { state: "detached" });
    await page.waitForSelector(".graph-list:focus");

    await page.keyboard.press("Shift+F10");
    await page.waitForSelector(".revision-menu button:focus");
    await page.keyboard.press("Enter");
    await ran(page, `alembic downgrade ${FIRST}`);
    await row(page, FIRST).locator(".mark.current").waitFor();
    await page.waitForSelector(".graph-list:focus");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision-menu button:focus");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().migrations.ahead === 0);
    await page.keyboard.press("End");
    await page.waitForFunction((id) => window.limbeck.state().revision === id, FIRST);
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((id) => window.limbeck.state().revision !== id, FIRST);
    // By the words of its message.
    await page.keyboard.type("a");
    await page.waitForFunction((id) => window.limbeck.state().revision === id, FIRST);
  },

  "branches, labels, dependencies and several current revisions are told": async (fresh) => {
    const { page } = await fresh();
    await load(page, project(BRANCHES));
    await page.waitForFunction(() => document.querySelectorAll(".revision").length === 5);
    await succeeds(page, "alembic upgrade books@head");
    await succeeds(page, "alembic upgrade alone@head");
    await page.waitForFunction(() => document.querySelectorAll(".revision .mark.current").length === 2);
    const names = await page.locator(".graph-list [role=option]").evaluateAll((rows) => rows.map((row) => [row.querySelector(".hidden").textContent, row.getAttribute("aria-posinset"), row.getAttribute("aria-setsize")]));
    const named = (id) => names.find(([name]) => name.startsWith(id))[0];
    assert.deepEqual(names.map(([, place, size]) => `${place}/${size}`), ["1/5", "2/5", "3/5", "4/5", "5/5"]);
    assert.match(named("ddd4"), /^ddd4, loans of books, head, not applied, branch loans, from ccc3, depends on bbb2$/);
    assert.match(named("bbb2"), /^bbb2, books, (head, )?current, applied, branch books, from aaa1$/);
    assert.match(named("aaa1"), /^aaa1, the root, applied, the first$/);
    assert.match(named("eee5"), /^eee5, elsewhere, head, current, applied, branch alone, the first$/);
    assert.equal(await page.locator(".lanes path.dashed").count(), 1);
    assert.match(await row(page, "ddd4").innerText(), /needs bbb2/);
    assert.match(await row(page, "bbb2").innerText(), /books/);

    // As the browser tells it to screen readers.
    const told = await page.locator(".graph-list").ariaSnapshot();
    assert.match(told, /listbox "Revisions, newest first"/);
    assert.match(told, /option "ddd4, loans of books, head, not applied/);

    // Three heads: all at once, or this one with another.
    await row(page, "ddd4").click({ button: "right" });
    const lines = (await items(page)).map((text) => text.split("\n").at(-1));
    assert.ok(lines.includes("alembic merge -m 'merge heads' heads"), lines.join("\n"));
    await choose(page, "Merge with eee5");
    await page.waitForSelector(".revision >> text=merge ddd4 and eee5");
    const merged = await page.evaluate(() => window.limbeck.state().migrations.revisions.find((one) => one.down.length === 2).down);
    assert.deepEqual([...merged].sort(), ["ddd4", "eee5"]);
  },

  "two thousand revisions open, scroll, are found and acted on": async (fresh) => {
    const { page } = await fresh();
    await load(page, project(many(2000)));
    await page.waitForSelector('.revision[aria-setsize="2000"]', { timeout: 60_000 });
    const drawn = () => page.locator(".revision").count();
    assert.ok((await drawn()) < 80, `${await drawn()} rows are drawn`);
    const graph = page.locator(".graph");
    const height = await graph.evaluate((element) => element.scrollHeight);
    assert.ok(height > 2000 * 40, `${height} pixels`);

    // Scrolling draws what is there, in its place.
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await graph.evaluate((element, part) => (element.scrollTop = (element.scrollHeight - element.clientHeight) * part), part);
      await page.waitForFunction(() => {
        const box = document.querySelector(".graph").getBoundingClientRect();
        const row = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest(".revision");
        if (!row) return false;
        const rows = document.querySelector(".graph").scrollTop + row.getBoundingClientRect().top - box.top;
        return Math.abs(rows / row.offsetHeight + 1 - Number(row.getAttribute("aria-posinset"))) < 1.5;
      });
      assert.ok((await drawn()) < 80);
    }
    await page.waitForSelector('.revision[aria-posinset="2000"]');

    // Keys bring what they choose into sight; typing finds.
    await page.focus(".graph-list");
    await page.keyboard.press("Home");
    await page.waitForSelector('.revision.chosen[aria-posinset="1"]');
    await page.keyboard.press("End");
    await page.waitForSelector('.revision.chosen[aria-posinset="2000"]');
    // A word that is typed slowly, on a busy machine, is several: its letters come in one go here.
    await page.locator(".graph-list").evaluate((list) => [..."r01500"].forEach((key) => list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))));
    await page.waitForFunction(() => window.limbeck.state().revision === "r01500");
    await page.waitForSelector('[id="revision-r01500"].chosen');
    assert.equal(await page.getAttribute(".graph-list", "aria-activedescendant"), "revision-r01500");
    const seen = () =>
      page.evaluate(() => {
        const [row, graph] = [document.querySelector(".revision.chosen"), document.querySelector(".graph")].map((element) => element.getBoundingClientRect());
        return row.top >= graph.top - 1 && row.bottom <= graph.bottom + 1;
      });
    assert.ok(await seen());

    // The filter.
    await page.fill("#revision-filter", "needle");
    await page.waitForFunction(() => document.querySelectorAll(".revision").length === 1);
    assert.match(await page.innerText(".graph-bar"), /1 of 2,000 revisions/);
    await page.press("#revision-filter", "Enter");
    await page.waitForFunction(() => window.limbeck.state().revision === "r01234");
    await page.waitForSelector(".graph-list:focus");
    await page.focus("#revision-filter");
    await page.keyboard.press("Escape");
    await page.waitForSelector('[id="revision-r01234"].chosen[aria-setsize="2000"]');
    assert.ok(await seen());

    await page.focus(".graph-list");
    await page.keyboard.press("Enter");
    await choose(page, "Show details in the console");
    await ran(page, "alembic show r01234");
    assert.match(await page.locator(".entry").last().innerText(), /the needle in it/);
  },

  "with two thousand revisions the page does not hold up typing and scrolling": async (fresh) => {
    const { page } = await fresh();
    // The longest task of the page's own thread. Other work of the machine only makes tasks longer, so the best of a
    // few tries counts; the browser tells none below 50 ms.
    const worst = () =>
      page.evaluate(async () => {
        const tasks = [];
        const watching = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
        watching.observe({ entryTypes: ["longtask"] });
        window.worst = () => {
          watching.disconnect();
          return Math.max(0, ...tasks);
        };
      });
    const measured = async (number, tries, enough) => {
      await load(page, project(many(number), { "notes.txt": "a" }));
      await page.waitForSelector(`.revision[aria-setsize="${number}"]`, { timeout: 60_000 });
      await page.evaluate(() => window.limbeck.open({ file: "notes.txt" }));
      await page.waitForFunction(() => document.querySelector("#models .editor")?.dataset.path === "notes.txt");
      await page.evaluate(() => window.limbeck.pending());
      let best = Infinity;
      for (let attempt = 1; attempt <= tries && best > enough; attempt += 1) {
        await worst();
        await page.locator("#models .cm-content").click();
        await page.keyboard.type(`words of try ${attempt}`, { delay: 20 });
        await page.evaluate(async (words) => {
          while (!(await window.limbeck.files.read("notes.txt")).includes(words)) await new Promise((done) => setTimeout(done, 50));
        }, `of try ${attempt}`);
        for (let step = 1; step <= 10; step += 1) {
          await page.locator(".graph").evaluate((element, step) => (element.scrollTop = (element.scrollHeight / 10) * step), step);
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
        }
        best = Math.min(best, await page.evaluate(() => window.worst()));
      }
      return best;
    };
    const small = await measured(30, 1, 0);
    const bound = Math.max(100, 2.5 * small);
    const large = await measured(2000, 5, bound);
    assert.ok(large <= bound, `the longest task takes ${Math.round(large)} ms, and ${Math.round(small)} ms with 30 revisions`);
  },

  "round trips of all are told in the graph, and go stale": async (fresh) => {
    const { page } = await fresh();
    const table = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('a', sa.Text()))";
    await load(
      page,
      project([
        { id: "a1", message: "a table", up: table, back: "op.drop_table('t')" },
        { id: "b2", message: "rows", down: "a1", up: `op.execute("INSERT INTO t VALUES (1, 'x')")`, back: `op.execute("DELETE FROM t")` },
        { id: "c3", message: "loses", down: "b2", up: "op.drop_column('t', 'a')", back: "op.add_column('t', sa.Column('a', sa.Text()))" },
        { id: "d4", message: "no way back", down: "c3", up: `op.execute("CREATE TABLE IF NOT EXISTS u (id INTEGER)")` },
        { id: "e5", message: "broken", down: "d4", up: "op.drop_table('nowhere')" },
      ]),
    );
    await page.waitForFunction(() => document.querySelectorAll(".revision").length === 5);
    await succeeds(page, "alembic upgrade d4");
    await page.click("#round-trips");
    await page.waitForFunction(() => document.querySelectorAll(".trip:not(.stale)").length === 5, null, { timeout: 60_000 });
    const words = async (id) => (await row(page, id).locator(".trip").innerText()).replace(/\s+/g, " ");
    assert.equal(await words("a1"), "✓ Lossless");
    assert.match(await words("c3"), /^! Loses data/);
    assert.match(await row(page, "c3").locator(".trip").getAttribute("title"), /value.* of t\.a/);
    assert.match(await words("d4"), /^! Not reversed, empty downgrade/);
    assert.match(await words("e5"), /^✕ Broken/);
    assert.match(await row(page, "e5").locator(".trip").getAttribute("title"), /upgrade .* fails.*nowhere/);
    assert.match(await row(page, "c3").locator(".hidden").textContent(), /round trip: Loses data/);

    // Other text: what was said is of the old one, and says so.
    await page.evaluate(() => window.limbeck.files.write("notes.txt", "new"));
    await page.waitForFunction(() => document.querySelectorAll(".trip.stale").length === 5);
    assert.match(await row(page, "a1").locator(".trip").getAttribute("title"), /The files have changed since/);
    // One of them again, from its menu.
    await row(page, "a1").click({ button: "right" });
    await choose(page, "Round trip");
    await page.waitForFunction(() => document.querySelectorAll(".trip:not(.stale)").length === 1);
    // A revision that is reviewed tells its verdict too.
    await row(page, "b2").click();
    await page.click("#tab-review");
    await row(page, "b2").locator(".trip:not(.stale)").waitFor({ timeout: 30_000 });
  },

  "round trips of all can be stopped, and a command comes between": async (fresh) => {
    const { page } = await fresh();
    await load(page, project(many(300)));
    await page.waitForSelector('.revision[aria-setsize="300"]');
    await page.click("#round-trips");
    await page.waitForFunction(() => /Stop \(\d+ of 300\)/.test(document.querySelector("#round-trips").textContent));
    await page.waitForSelector(".trip");
    await succeeds(page, "alembic heads");
    assert.match(await page.innerText("#round-trips"), /Stop/);
    await page.click("#round-trips");
    await page.waitForFunction(() => document.querySelector("#round-trips").textContent === "Test every round trip");
    assert.ok((await page.locator(".trip").count()) < 300);
  },
};
