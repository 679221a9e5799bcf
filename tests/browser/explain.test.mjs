// Why a command failed or nothing was found, where the eye is: at the button, at the line, over the output.
import assert from "node:assert/strict";
import { command, cursorAt, pending, query, read, revisionFile } from "./steps.mjs";

const phone = { width: 390, height: 844, hasTouch: true, isMobile: true };
const head = "8e5d27b46c10";
const write = (page, path, text) => page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text]);

/** A revision that makes a table and then fails. */
const broken = (page) => write(page, "alembic/versions/aa11_broken.py", revisionFile({
  id: "aa11",
  message: "broken",
  parent: head,
  upgrade: `    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))\n    op.execute("INSERT INTO nowhere VALUES (1)")\n`,
}));

const model = (name) => `from sqlalchemy.orm import Mapped, mapped_column

from models import Base


class ${name}(Base):
    __tablename__ = "${name.toLowerCase()}"

    id: Mapped[int] = mapped_column(primary_key=True)
`;

export default {
  "a failed upgrade says why at its button, at its line and over its output": async (fresh) => {
    const { page } = await fresh();
    await broken(page);
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.click("#upgrade");
    await page.waitForSelector(".failure-bar");
    const bar = await page.innerText(".failure-bar");
    assert.match(bar, /Upgrade failed: .*no such table: nowhere/);
    assert.match(bar, /Undo what it left behind, fix the marked line/);
    assert.match(await page.innerText("#upgrade"), /failed/);
    // Under the line that failed.
    await page.locator("#migrations .cm-note").waitFor();
    assert.match(await page.locator("#migrations .cm-note").innerText(), /no such table: nowhere/);
    const lines = await page.locator("#migrations .cm-content > *").allInnerTexts();
    const at = lines.findIndex((text) => text.includes("INSERT INTO nowhere"));
    assert.match(lines[at + 1], /no such table/);
    // Before what the command printed.
    const entry = page.locator(".entry").last();
    assert.match(await entry.locator(".typed + .failed-reason").innerText(), /no such table: nowhere/);
    // Pending does not offer what has just failed.
    await pending(page, /The upgrade failed/);
    assert.equal(await page.locator(".pending").getByRole("button", { name: "Upgrade first" }).count(), 0);

    // Undo at the bar takes back what stayed; the bar goes with it.
    await page.locator(".failure-bar").getByRole("button", { name: "Undo this command" }).click();
    await page.waitForSelector(".failure-bar", { state: "detached" });
    assert.deepEqual(await query(page, "SELECT name FROM sqlite_master WHERE name = 'half'"), []);

    // Mended at its line, it runs again from the bar.
    await page.click("#upgrade");
    await page.waitForSelector(".failure-bar");
    await page.locator(".failure-bar").getByRole("button", { name: "Undo this command" }).click();
    await page.waitForSelector(".failure-bar", { state: "detached" });
    await page.click("#upgrade");
    await page.locator("#migrations .cm-note").waitFor();
    await cursorAt(page, "migrations", "INSERT INTO nowhere");
    await page.keyboard.press("Control+Shift+K");
    assert.equal(await page.locator("#migrations .cm-note").count(), 0);
    await page.locator(".entry").last().getByRole("button", { name: "Undo this command" }).first().click();
    await page.waitForSelector(".failure-bar", { state: "detached" });
    await page.click("#upgrade");
    await page.waitForFunction(() => /up to date/.test(document.querySelector("#upgrade").innerText));
    assert.equal(await page.locator(".failure-bar").count(), 0);
  },

  "on a phone the reason stands under the buttons at once; from the console, the button that failed opens it": async (fresh) => {
    const { page } = await fresh(phone);
    await broken(page);
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.tap("#upgrade");
    await page.locator(".failure-bar").waitFor({ state: "visible" });
    assert.match(await page.innerText(".failure-bar"), /Upgrade failed: .*no such table: nowhere/);

    // What is tried again and fails again says so.
    await page.locator(".failure-bar").getByRole("button", { name: "Undo this command" }).tap();
    await page.waitForSelector(".failure-bar", { state: "detached" });
    await write(page, "alembic/versions/aa11_broken.py", revisionFile({ id: "aa11", message: "broken", parent: head, upgrade: `    op.execute("INSERT INTO nowhere VALUES (1)")\n` }));
    await page.tap("#upgrade");
    await page.locator(".failure-bar").waitFor({ state: "visible" });
    await page.locator(".failure-bar").getByRole("button", { name: "Try again" }).tap();
    await page.waitForFunction(() => /Upgrade failed again: /.test(document.querySelector(".failure-bar")?.innerText));
    assert.ok(await page.locator(".failure-bar").isVisible());

    // In the console it stands over the output; one tap on the button has it elsewhere, too.
    await page.locator("nav.tabs button", { hasText: "Console" }).tap();
    await command(page, "alembic upgrade head");
    await page.waitForFunction(() => /failed: why\?/.test(document.querySelector("#upgrade").innerText));
    assert.match(await page.locator(".entry").last().locator(".failed-reason").innerText(), /no such table: nowhere/);
    assert.equal(await page.locator(".failure-bar").isVisible(), false);
    await page.locator("nav.tabs button", { hasText: "Migrations" }).tap();
    await page.tap("#upgrade");
    await page.locator(".failure-bar").waitFor({ state: "visible" });
    await broken(page);
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.tap("#upgrade");
    await page.waitForFunction(() => /no such table: nowhere/.test(document.querySelector(".failure-bar")?.innerText));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await page.locator(".failure-bar").getByRole("button", { name: "Undo this command" }).tap();
    await page.waitForSelector(".failure-bar", { state: "detached" });
  },

  "a mistyped command is told, and marks no button": async (fresh) => {
    const { page } = await fresh();
    await command(page, "alembic upgrade haed");
    assert.match(await page.locator(".entry").last().locator(".failed-reason").innerText(), /Upgrade failed: no script has the revision haed/);
    assert.doesNotMatch(await page.getAttribute("#upgrade", "class"), /failed/);
    assert.match(await page.innerText("#upgrade"), /up to date/);
  },

  "once its line is edited, a failure is no alarm any more": async (fresh) => {
    const { page } = await fresh();
    const text = revisionFile({ id: "aa11", message: "broken", parent: head, upgrade: `    op.execute("INSERT INTO nowhere VALUES (1)")\n    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))\n` });
    await write(page, "alembic/versions/aa11_broken.py", text);
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.click("#upgrade");
    await page.waitForFunction(() => document.querySelector("#upgrade").classList.contains("failed"));
    await cursorAt(page, "migrations", "INSERT INTO nowhere");
    await page.keyboard.press("Control+Shift+K");
    await page.waitForFunction(() => /The files have changed since then/.test(document.querySelector(".failure-bar").innerText));
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    assert.doesNotMatch(await page.getAttribute("#upgrade", "class"), /failed/);
    await page.locator(".failure-bar").getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction(() => /up to date/.test(document.querySelector("#upgrade").innerText));
    assert.equal(await page.locator(".failure-bar").count(), 0);
  },

  "the reason of a failure is there again after a reload": async (fresh) => {
    const { page } = await fresh();
    await broken(page);
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.click("#upgrade");
    await page.waitForSelector(".failure-bar");
    const before = await page.innerText(".failure-bar");
    await page.reload();
    await page.waitForSelector(".failure-bar");
    assert.equal(await page.innerText(".failure-bar"), before);
    assert.match(await page.innerText("#upgrade"), /failed/);
    await page.locator("#migrations .cm-note").waitFor();
    assert.match(await page.locator(".entry").last().locator(".failed-reason").innerText(), /no such table: nowhere/);
    // What it left can still be undone from there.
    await page.locator(".failure-bar").getByRole("button", { name: "Undo this command" }).click();
    await page.waitForSelector(".failure-bar", { state: "detached" });
    assert.deepEqual(await query(page, "SELECT name FROM sqlite_master WHERE name = 'half'"), []);
  },

  "a long reason wraps under its line, however the script is scrolled": async (fresh) => {
    const { page } = await fresh({ width: 1024, height: 768 });
    const words = "words that need more than the width of a column ".repeat(6);
    await write(page, "alembic/versions/aa11_long.py", revisionFile({ id: "aa11", message: "long", parent: head, upgrade: `    raise RuntimeError("${words}")\n` }));
    await page.waitForFunction(() => /1 revision ahead/.test(document.querySelector("#upgrade").innerText));
    await page.click("#upgrade");
    await page.locator("#migrations .cm-note").waitFor();
    const outside = () => page.evaluate(() => {
      const shadow = document.querySelector("#migrations .editor").shadowRoot;
      const [note, frame] = [".cm-note", ".cm-scroller"].map((name) => shadow.querySelector(name).getBoundingClientRect());
      return Math.max(note.right - frame.right, frame.left - note.left);
    });
    assert.ok((await outside()) <= 1);
    await page.evaluate(() => (document.querySelector("#migrations .editor").shadowRoot.querySelector(".cm-scroller").scrollLeft = 400));
    await page.waitForTimeout(100);
    assert.ok((await outside()) <= 1);
  },

  "a model in a file that env.py does not import is named, and one click imports it": async (fresh) => {
    const { page } = await fresh();
    await write(page, "tags.py", model("Tag"));
    await pending(page, /Tag is not compared: env\.py does not import tags\.py/);
    await page.locator(".pending").getByRole("button", { name: "Add the import to alembic/env.py" }).click();
    await pending(page, /Detected added table 'tag'/);
    assert.match(await read(page, "alembic/env.py"), /^import tags {2}# noqa: F401$/m);
  },

  "a class without table=True is named, and one click makes it a table": async (fresh) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.reset("heroes"));
    await command(page, "alembic upgrade head");
    await cursorAt(page, "models", "team: Team | None");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    // One deletes the whole indentation.
    await page.keyboard.press("Backspace");
    await page.keyboard.type("\nclass Power(SQLModel):\nid: int | None = Field(default=None, primary_key=True)\n");
    await pending(page, /Power is not a table: it lacks table=True/);
    await page.locator(".pending").getByRole("button", { name: "Add table=True" }).click();
    await pending(page, /Detected added table 'power'/);
  },

  "where autogenerate would drop everything, it is said why": async (fresh) => {
    const { page } = await fresh();
    const env = await read(page, "alembic/env.py");
    await write(page, "alembic/env.py", env.replace("from models import Base", "from sqlalchemy import MetaData").replace("Base.metadata", "MetaData()"));
    await pending(page, /env\.py imports no models, so every table would be dropped/);
  },

  "emptied versions lead to a first revision that creates the tables, and the rows stay": async (fresh) => {
    const { page } = await fresh();
    const rows = await query(page, "SELECT count(*) FROM book");
    await command(page, "rm alembic/versions/*.py");
    await command(page, "alembic upgrade head");
    assert.match(await page.innerText(".failure-bar"), /the database is at revision 8e5d27b46c10, but there are no scripts/);
    await page.locator(".failure-bar").getByRole("button", { name: "Forget the revision" }).click();
    await pending(page, /a first revision would be empty/);
    await page.locator(".pending").getByRole("button", { name: "Write the first revision" }).click();
    await page.waitForFunction(() => /up to date/.test(document.querySelector("#upgrade").innerText));
    await pending(page, /database matches the models/);
    const [revision] = await page.evaluate(() => window.limbeck.state().migrations.revisions);
    assert.match(await read(page, revision.path), /op\.create_table\('author'/);
    assert.deepEqual(await query(page, "SELECT count(*) FROM book"), rows);
  },

  "a revision that there is none of leads to the history": async (fresh) => {
    const { page } = await fresh();
    await command(page, "alembic downgrade nowhere");
    assert.match(await page.innerText(".failure-bar"), /Downgrade failed: no script has the revision nowhere/);
    await page.locator(".failure-bar").getByRole("button", { name: "Show the history" }).click();
    await page.waitForFunction(() => /authors and books/.test(document.querySelector(".entry:last-child").innerText));
    assert.equal(await page.locator(".failure-bar").count(), 0);
  },
};
