// Watching: a run step by step, what changed between two states, SQL side by side.
import assert from "node:assert/strict";
import { command, query, read, revisionFile, run, succeeds } from "./steps.mjs";

const head = "8e5d27b46c10";

const script = (id, upgrade, downgrade) => revisionFile({ id, message: id, parent: head, upgrade, downgrade });

const renaming = script("aa01", `    op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(40)))
    with op.batch_alter_table("author") as batch_op:
        batch_op.alter_column("name", type_=sa.String(120))
    op.execute("DELETE FROM loan WHERE id = 1")
    op.execute("UPDATE book SET title = 'Other' WHERE id = 2")
`, `    op.drop_table("shelf")
    with op.batch_alter_table("author") as batch_op:
        batch_op.alter_column("name", type_=sa.String(80))
`);

async function write(page, id, text) {
  await page.evaluate(([id, text]) => window.limbeck.files.write(`alembic/versions/${id}.py`, text), [id, text]);
  await page.waitForSelector(`#revision-${id}`);
  await page.click(`#revision-${id}`);
}

/** Waits until that step is shown, with what it changed. */
const at = (page, step) => page.waitForFunction((step) => {
  const shown = document.querySelector(`.step[data-step="${step}"]`);
  return shown && !shown.querySelector(".step-changes [role=status]");
}, step);

const marked = (page) => page.locator("#steps-panel .cm-marked").allInnerTexts().then((lines) => lines.map((line) => line.trim()));

/** Waits until a marked line of the script holds a text. */
const marks = (page, text) => page.locator("#steps-panel .cm-marked", { hasText: text }).first().waitFor();

const parts = (page) => page.locator(".step .statements li .part").allInnerTexts();

export default {
  "an upgrade is played step by step, by keyboard and mouse": async (fresh) => {
    const { page } = await fresh();
    await write(page, "aa01", renaming);
    await command(page, "alembic upgrade head");

    // Who wants only the result is left alone; a link in the console plays it.
    assert.equal(await page.getAttribute("#tab-script", "aria-selected"), "true");
    await page.locator(".entry").last().locator("text=Watch the steps").click();
    await page.waitForSelector("#steps-panel .player");
    assert.match(await page.innerText(".steps-bar"), /Replayed: alembic upgrade head/);
    // It plays by itself; space stops it.
    await page.waitForFunction(() => !document.querySelector('.step[data-step="1"]'), null, { timeout: 30_000 });
    await page.focus("#steps-panel");
    await page.keyboard.press("Home");
    await at(page, 1);
    await marks(page, 'op.create_table("shelf"');
    assert.match(await page.innerText(".step .statements"), /CREATE TABLE shelf/);
    assert.match(await page.innerText(".step .step-changes"), /shelf[\s\S]*column\s+id INTEGER NOT NULL/);
    assert.match(await page.innerText(".player-status"), /Step 1 of 9: create_table/);

    // What waits for the end of a batch says so.
    await page.keyboard.press("ArrowRight");
    await at(page, 2);
    await marks(page, 'batch_op.alter_column("name"');
    assert.match(await page.innerText(".step"), /Deferred: batch mode/);

    // The batch, unfolded: each of its statements is a stop.
    const stop = [[3, "create", /CREATE TABLE _alembic_tmp_author/], [4, "copy", /INSERT INTO _alembic_tmp_author/], [5, "drop", /DROP TABLE author/], [6, "rename", /RENAME TO author/]];
    for (const [number, part, sql] of stop) {
      await page.keyboard.press("ArrowRight");
      await at(page, number);
      await marks(page, 'with op.batch_alter_table("author")');
      assert.deepEqual(await parts(page), ["create", "copy", "drop", "rename"]);
      assert.equal(await page.locator('.statements [aria-current="step"]').count(), 1);
      assert.match(await page.innerText('.statements [aria-current="step"]'), new RegExp(`^${part}`));
      assert.match(await page.innerText('.statements [aria-current="step"] pre'), sql);
      assert.equal(await page.innerText(".player-status"), `Step ${number} of 9: ${part}, batch_alter_table`);
      // Its own rows and time; what it all changed is told where it ends.
      assert.match(await page.innerText(".step-head"), part === "copy" ? /s\s+5 rows/ : /s\s+0 rows/);
      assert.equal(await page.locator(".step .step-changes").count(), part === "rename" ? 1 : 0);
    }
    assert.match(await page.locator('.step [data-part="copy"]').innerText(), /5 rows[\s\S]*INSERT INTO _alembic_tmp_author/);
    assert.match(await page.innerText(".step .step-changes"), /name VARCHAR\(80\)[\s\S]*name VARCHAR\(120\)/);
    await page.keyboard.press("ArrowLeft");
    await at(page, 5);

    // By mouse: the buttons, and a mark of the strip.
    await page.click('.player [aria-label^="Skip to the end"]');
    await at(page, 9);
    await page.click('.player [aria-label^="Step back"]');
    await at(page, 8);
    await page.click('.strip [aria-label="Step 4: copy, batch_alter_table"]');
    await at(page, 4);
    await page.click('.player [aria-label^="Step forward"]');
    await page.click('.player [aria-label^="Step forward"]');
    await page.click('.player [aria-label^="Step forward"]');
    await at(page, 7);
    await marks(page, "DELETE FROM loan");
    assert.match(await page.innerText(".step-head"), /execute[\s\S]*1 row/);
    assert.match(await page.innerText('.step-changes [data-table="loan"]'), /4 → 3 rows[\s\S]*1 row lost/);
    await page.locator(".strip button").nth(7).click();
    await at(page, 8);
    await marks(page, "UPDATE book");
    assert.match(await page.innerText('.step-changes [data-table="book"]'), /title: 1 cell changed[\s\S]*'Other'/);
    await page.click('.player [aria-label^="Step back"]');
    await at(page, 7);
    await page.click('.player [aria-label^="Skip to the end"]');
    await at(page, 9);
    assert.match(await page.innerText(".step-head"), /Alembic records the version/);
    assert.match(await page.innerText(".step .statements"), /UPDATE alembic_version/);
    assert.deepEqual(await marked(page), []);

    // Played from its beginning, at four times the speed, to its end.
    await page.selectOption('.player [aria-label="Speed"]', "4×");
    await page.focus("#steps-panel");
    await page.keyboard.press("Space");
    await page.waitForSelector('.player [aria-label^="Pause"]');
    await page.waitForFunction(() => document.querySelector('.step[data-step="9"]') && document.querySelector('.player [aria-label^="Play"]'), null, { timeout: 30_000 });

    const recording = await page.evaluate(() => window.limbeck.steps("aa01"));
    assert.equal(recording.steps.length, 6);
    assert.equal(recording.steps[2].statements.filter((one) => one.part !== "transaction").length, 4);
    // Nothing ran again: the shelf is there once, and the loan is gone once.
    assert.deepEqual(await query(page, "SELECT count(*) FROM loan"), [[3]]);

    // The script is edited: what ran is still what is shown.
    await page.evaluate((text) => window.limbeck.files.write("alembic/versions/aa01.py", text), renaming.replace("'Other'", "'Another'"));
    await page.waitForFunction(() => /changed since/.test(document.querySelector(".steps-bar").innerText));
    await page.keyboard.press("ArrowLeft");
    await marks(page, "'Other'");
  },

  "a revision that never ran is played on a copy": async (fresh) => {
    const { page } = await fresh();
    await page.click("#tab-steps");
    await page.waitForSelector("#steps-panel .copies");
    assert.match(await page.innerText("#steps-panel"), /has not run in this session/);
    const before = await page.evaluate(() => window.limbeck.export());
    await page.locator("#steps-panel .copies button", { hasText: "downgrade" }).click();
    await page.waitForSelector("#steps-panel .player");
    assert.match(await page.innerText(".steps-bar"), /Run on a copy, downgraded past.*your database was not changed/s);
    assert.equal(await page.locator(".steps-bar option:checked").innerText(), "downgrade, on a copy");
    await marks(page, "op.drop_table('loan')");
    assert.deepEqual(await page.evaluate(() => window.limbeck.export()), before);
    // The other way, by the list of what can be shown.
    await page.selectOption(".steps-bar select", "upgrade, on a copy");
    await marks(page, "op.create_table('member'");
    // A run replaces the copy.
    await command(page, "alembic downgrade -1");
    await page.waitForFunction(() => /Replayed: alembic downgrade -1/.test(document.querySelector(".steps-bar")?.innerText));
  },

  "a migration that fails half-way is played up to the failure": async (fresh) => {
    const { page } = await fresh();
    await write(page, "aa02", script("aa02", `    op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("nowhere", sa.Column("x", sa.Integer()))
    op.drop_table("shelf")
`));
    await command(page, "alembic upgrade head");
    await page.locator(".entry").last().locator("text=Watch the steps").click();
    await page.waitForSelector("#steps-panel .player");
    await page.focus("#steps-panel");
    await page.keyboard.press("End");
    await at(page, 2);
    await marks(page, 'op.add_column("nowhere"');
    assert.match(await page.innerText(".step .failure"), /Failed here[\s\S]*no such table: nowhere/);
    assert.equal(await page.locator(".strip button").count(), 2);
    assert.equal(await page.locator(".strip button.failed").count(), 1);
    await page.keyboard.press("Home");
    await at(page, 1);
    assert.match(await page.innerText(".step .step-changes"), /shelf/);
  },

  "with reduced motion steps change without moving": async (fresh) => {
    const { page } = await fresh({ reducedMotion: "reduce" });
    await write(page, "aa01", renaming);
    await run(page, "alembic upgrade head");
    await page.click("#tab-steps");
    await page.waitForSelector("#steps-panel .player");
    const still = () => page.evaluate(() => {
      const style = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
      return [style(".step", "animationName"), style(".strip button", "transitionDuration")];
    });
    assert.equal((await still())[0], "none");
    await page.selectOption('.player [aria-label="Speed"]', "4×");
    await page.click('.player [aria-label^="Play"]');
    await page.waitForFunction(() => document.querySelector('.step[data-step="9"]'), null, { timeout: 30_000 });
    assert.equal((await still())[0], "none");
  },

  "what changed is told between any two states": async (fresh) => {
    const { page } = await fresh();
    await page.click("#tab-changes");
    await page.waitForSelector("#changes-panel .empty");
    await write(page, "aa01", renaming);
    await command(page, "alembic upgrade head");

    // By itself: before and after the last command.
    await page.waitForSelector('#changes-panel[aria-busy="false"] [data-table="shelf"]');
    assert.match(await page.innerText("#changes-panel .changes-status"), /4 tables differ/);
    const table = (name) => page.innerText(`#changes-panel [data-table="${name}"]`);
    assert.match(await table("author"), /column\s+name VARCHAR\(80\) NOT NULL\s+name VARCHAR\(120\) NOT NULL/);
    assert.match(await table("loan"), /4 → 3 rows[\s\S]*1 row lost[\s\S]*id = 1/);
    assert.match(await table("book"), /1 row changed, title: 1 cell changed[\s\S]*id = 2[\s\S]*'Other'/);
    // Old and new stand side by side.
    const [old, is] = await page.locator('#changes-panel [data-table="author"] .old-new').first().evaluate((element) => [...element.children].map((child) => child.getBoundingClientRect().left));
    assert.ok(old < is);

    // Between two states of one's own choice: by the numbers of the history.
    await succeeds(page, "sqlite3 library.db \"INSERT INTO shelf (name) VALUES ('north')\"");
    await page.waitForFunction(() => /1 table differs/.test(document.querySelector("#changes-panel .changes-status")?.innerText));
    await page.locator("#changes-from").focus();
    await page.selectOption("#changes-from", { index: 0 });
    await page.waitForFunction(() => /4 tables differ/.test(document.querySelector("#changes-panel .changes-status")?.innerText));
    assert.match(await table("shelf"), /0 → 1 row/);
    await page.selectOption("#changes-to", { index: 0 });
    await page.waitForFunction(() => /Schema and rows are the same/.test(document.querySelector("#changes-panel .changes-status")?.innerText));
    await page.click("#changes-panel >> text=Last command");
    await page.waitForFunction(() => /1 table differs/.test(document.querySelector("#changes-panel .changes-status")?.innerText));

    // The same through window.limbeck.
    const last = await page.evaluate(() => window.limbeck.difference());
    assert.equal(last.databases[0].tables[0].rows.added, 1);
    const history = await page.evaluate(() => window.limbeck.history());
    const whole = await page.evaluate(([from, to]) => window.limbeck.difference(from, to), [history[0].number, history.at(-1).number]);
    assert.deepEqual(whole.databases[0].tables.map((one) => one.table), ["author", "book", "loan", "shelf"]);
    const refused = await page.evaluate(() => window.limbeck.difference(98, 99).catch((error) => error.message));
    assert.match(refused, /no state 98/);
  },

  "SQL that would run stands side by side, and what ran below": async (fresh) => {
    const { page } = await fresh();
    const before = await page.evaluate(() => window.limbeck.export());
    await page.click("#tab-sql");
    const pane = (dialect) => page.locator(`[data-dialect="${dialect}"]`);
    await pane("sqlite").waitFor();
    assert.match(await pane("sqlite").innerText(), /CREATE TABLE member/);
    assert.match(await pane("postgresql").innerText(), /Not yet compared with Alembic[\s\S]*id SERIAL NOT NULL/);
    assert.match(await page.innerText("#sql-panel"), /not run in this session/);
    await page.locator("#sql-panel .turns button", { hasText: "downgrade" }).click();
    await page.waitForFunction(() => /DROP TABLE loan/.test(document.querySelector('[data-dialect="sqlite"]').innerText));
    assert.deepEqual(await page.evaluate(() => window.limbeck.export()), before);

    // It is the command's own output.
    const printed = await succeeds(page, `alembic downgrade ${head}:3b1f0c9a7d42 --sql`);
    assert.equal((await pane("sqlite").locator("pre").innerText()).trim(), printed.stdout.trim());

    // What ran, with its parameters.
    await command(page, "alembic downgrade -1");
    await page.waitForFunction(() => /alembic downgrade -1[\s\S]*DROP TABLE loan/.test(document.querySelector('[aria-labelledby="sql-ran"]').innerText));

    // A script that is edited is written anew.
    await page.locator("#sql-panel .turns button", { hasText: "upgrade" }).click();
    const path = await page.evaluate((head) => window.limbeck.state().migrations.revisions.find((one) => one.id === head).path, head);
    const text = await read(page, path);
    await page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text.replaceAll("'member'", "'reader'").replaceAll("member.id", "reader.id")]);
    await page.waitForFunction(() => /CREATE TABLE reader/.test(document.querySelector('[data-dialect="sqlite"]')?.innerText));
  },
};
