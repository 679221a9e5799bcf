// An empty project, the bare `alembic init`, and a project made of a database.
import assert from "node:assert/strict";
import { command, pending, query, read, succeeds, until } from "./steps.mjs";

const dropDatabase = (page, name, bytes) =>
  page.evaluate(([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, bytes]);

const SCHEMA = `
  CREATE TABLE team (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, founded DATE, UNIQUE (name));
  CREATE TABLE player (id INTEGER NOT NULL PRIMARY KEY, team_id INTEGER, name VARCHAR NOT NULL, points INTEGER DEFAULT 0 NOT NULL,
    FOREIGN KEY(team_id) REFERENCES team (id) ON DELETE CASCADE);
  CREATE INDEX ix_player_name ON player (name);
  INSERT INTO team VALUES (1, 'Reds', '1990-01-01'); INSERT INTO player VALUES (1, 1, 'Ada', 3);`;

export default {
  "one click in the header begins an empty project, ready for its first table": async (fresh) => {
    for (const width of [1440, 390]) {
      const { page, context } = await fresh({ width, height: 844 });
      await page.click('.header [aria-label="New empty project"]');
      await page.waitForFunction(() => window.limbeck.state().file === "models.py");
      await until(page, () => document.activeElement.matches("#models .editor"));
      // What is typed at once stands where a class may.
      await page.keyboard.insertText('\nclass Cat(Base):\n    __tablename__ = "cat"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n');
      await pending(page, /cat/);
      assert.equal((await page.evaluate(() => window.limbeck.run("alembic revision --autogenerate -m cats"))).status, 0);
      await succeeds(page, "alembic upgrade head");
      assert.deepEqual(await query(page, "SELECT count(*) FROM cat"), [[0]]);
      await context.close();
    }
  },

  "the bare alembic init leads through its three edits": async (fresh) => {
    const { page } = await fresh();
    await page.click(".workspaces > summary");
    await page.click('[data-example="empty"]');
    const step = page.locator('.setup li[aria-current="step"]');
    await page.waitForSelector(".setup li.next >> text=alembic.ini");
    assert.equal(await page.locator(".setup li").count(), 3);
    await step.getByRole("button").click();
    await page.waitForFunction(() => window.limbeck.state().file === "alembic.ini");
    await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-activeLine")?.textContent.startsWith("sqlalchemy.url"));
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.type("sqlalchemy.url = sqlite:///app.db");
    await page.waitForSelector(".setup li.next >> text=Write the models");
    await step.getByRole("button").click();
    await page.waitForFunction(() => window.limbeck.state().file === "models.py");
    await page.waitForSelector(".setup li.next >> text=env.py");
    await step.getByRole("button").click();
    await page.waitForFunction(() => window.limbeck.state().file === "alembic/env.py");
    await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-activeLine")?.textContent.startsWith("target_metadata"));
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.insertText("from models import Base\ntarget_metadata = Base.metadata");
    await pending(page, /person/);
    await page.waitForSelector(".setup", { state: "detached" });
    await succeeds(page, "alembic revision --autogenerate -m people");
    await succeeds(page, "alembic upgrade head");
  },

  "a dropped database becomes models, in both styles, with a first revision stamped": async (fresh) => {
    for (const style of ["SQLAlchemy 2.0", "SQLModel"]) {
      const { page, context } = await fresh();
      await page.waitForSelector("#models .cm-content");
      const bytes = await page.evaluate(async (schema) => {
        await window.limbeck.reset("empty");
        await window.limbeck.run("touch league.db");
        await window.limbeck.run(`sqlite3 league.db "${schema.replaceAll("\n", " ")}"`);
        return [...(await window.limbeck.files.read("league.db"))];
      }, SCHEMA);
      await dropDatabase(page, "league.db", bytes);
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await dialog.getByLabel(style).check();
      await dialog.getByRole("button", { name: "Write models" }).click();
      await page.waitForFunction(() => window.limbeck.state().file === "models.py");
      const text = await read(page, "models.py");
      for (const part of ["class Team(", "class Player(", "ondelete=\"CASCADE\"", "index=True", "unique=True", "server_default=text(\"0\")", "back_populates"]) assert.ok(text.includes(part), `${part}\n${text}`);
      assert.ok(text.includes(style === "SQLModel" ? "SQLModel, table=True" : "DeclarativeBase"));
      await pending(page, /match|nothing/i);
      assert.match(await command(page, "alembic current"), /\(head\)/);
      assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
      assert.deepEqual(await query(page, "SELECT name, points FROM player"), [["Ada", 3]]);
      // The revision makes the tables anew elsewhere.
      await succeeds(page, "alembic downgrade base");
      await succeeds(page, "alembic upgrade head");
      assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
      await context.close();
    }
  },

  "the database of a project can become models too": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus("#upgrade");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("models from the database");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.click("#to-models");
    await page.waitForFunction(() => window.limbeck.state().file === "models.py" && !window.limbeck.state().workspace?.includes?.("lending"));
    await until(page, async () => (await window.limbeck.files.read("models.py")).includes("class Author(Base)"));
    assert.match(await command(page, "alembic check"), /No new upgrade operations detected/);
  },
};
