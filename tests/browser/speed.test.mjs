// Nothing in the background delays a command, recording costs little, and what is asked early is answered.
import assert from "node:assert/strict";
import { load, project, script } from "./projects.mjs";
import { until } from "./steps.mjs";

const id = (number) => `r${String(number).padStart(3, "0")}`;
const revisions = (count) =>
  Array.from({ length: count }, (_, number) => ({
    id: id(number),
    message: `revision ${number}`,
    down: number ? id(number - 1) : undefined,
    up: `op.create_table("t${number}", sa.Column("id", sa.Integer(), primary_key=True))\n    op.create_index("ix_t${number}", "t${number}", ["id"])`,
    back: `op.drop_table("t${number}")`,
  }));
const endless = script({ id: "endless", message: "never ends", down: id(1), up: "while True:\n        pass" });

export default {
  "window.limbeck is there when the document is parsed, and answers what was asked early": async (fresh) => {
    const prepare = (context) =>
      context.addInitScript(() => {
        addEventListener("DOMContentLoaded", () => {
          const { limbeck } = window;
          window.early = { state: limbeck.state().ready, history: limbeck.history().length, files: limbeck.files.list(), ran: limbeck.run("alembic current"), is: limbeck };
          window.early.off = limbeck.on("ready", () => (window.early.heard = true));
        });
      });
    const { page } = await fresh({ prepare });
    const seen = await page.evaluate(async () => {
      const { early } = window;
      const [files, ran] = [await early.files, await early.ran];
      return { state: early.state, history: early.history, files: files.length, status: ran.status, heard: early.heard, same: early.is === window.limbeck, now: early.is.state().ready };
    });
    assert.deepEqual({ ...seen, files: seen.files > 0 }, { state: false, history: 0, files: true, status: 0, heard: true, same: true, now: true });
  },

  "a command begins while a trial goes on for ever, and its worker is not ended": async (fresh) => {
    const { page } = await fresh();
    await load(page, project([...revisions(2)], { "alembic/versions/endless_.py": endless }));
    const first = page.workers()[0];
    let ended = false;
    first.on("close", () => (ended = true));
    const waits = await page.evaluate(async () => {
      let reviewed = false;
      const review = window.limbeck.review("endless").catch(() => {}).then(() => (reviewed = true));
      const waits = [];
      for (const line of ["alembic upgrade r000", "alembic upgrade r001", "alembic downgrade base", "alembic check"]) {
        waits.push((await window.limbeck.run(line)).timings.wait);
        if (reviewed) throw new Error("the review has ended, and shows nothing");
      }
      const started = performance.now();
      window.limbeck.cancel();
      await review;
      return { waits, took: performance.now() - started };
    });
    assert.equal(ended, false);
    // The review would have gone on for ten seconds.
    assert.ok(Math.max(...waits.waits) < 1_000, JSON.stringify(waits));
    // Stop ends the trial, not the worker of the workspace.
    assert.equal(await page.evaluate(async () => (await window.limbeck.run("alembic current")).status), 0);
    assert.equal(ended, false);
  },

  "a trial is of what there was when it was asked": async (fresh) => {
    const { page } = await fresh();
    const names = await page.evaluate(async () => {
      const text = await window.limbeck.files.read("models.py");
      const names = [];
      for (const name of ["first", "second", "third"]) {
        const written = window.limbeck.files.write("models.py", `${text}\n\nclass X(Base):\n    __tablename__ = "${name}"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`);
        const pending = window.limbeck.pending();
        await written;
        names.push((await pending).operations.map((one) => one.target));
      }
      await window.limbeck.run("alembic revision --autogenerate -m third && alembic upgrade head");
      names.push((await window.limbeck.pending()).operations);
      return names;
    });
    assert.deepEqual(names, [["first"], ["second"], ["third"], []]);
  },

  "what is typed is compared before it is saved, and saved at the pause": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.locator("#models .cm-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n\nclass Typed(Base):\n__tablename__ = 'typed'\nid: Mapped[int] = mapped_column(primary_key=True)\n");
    await until(page, () => window.limbeck.state().pending?.operations.some((one) => one.target === "typed"));
    await page.waitForFunction(() => window.limbeck.state().storage === "Saved");
    await page.reload();
    await page.evaluate(() => window.limbeck.ready);
    assert.match(await page.evaluate(() => window.limbeck.files.read("models.py")), /class Typed/);
  },

  "a command says where its time went, and recording is a small part of it": async (fresh) => {
    const { page } = await fresh();
    await load(page, project(revisions(60)));
    const all = await page.evaluate(async () => {
      const all = [];
      for (let round = 0; round < 3; round += 1) {
        for (const line of ["alembic upgrade head", "alembic downgrade base"]) {
          const started = performance.now();
          const { status, timings } = await window.limbeck.run(line);
          all.push({ status, timings, took: performance.now() - started });
        }
      }
      return all;
    });
    for (const { status, timings, took } of all) {
      assert.equal(status, 0);
      const parts = Object.values(timings).reduce((sum, one) => sum + one, 0);
      assert.ok(Object.values(timings).every((one) => one >= 0), JSON.stringify(timings));
      assert.ok(parts > took / 2 && parts < took * 1.2, `${parts} of ${took}: ${JSON.stringify(timings)}`);
    }
    const least = (of) => Math.min(...all.map(({ timings }) => of(timings)));
    assert.ok(least(({ engine, recording }) => recording / engine) < 0.3, JSON.stringify(all.map(({ timings }) => timings)));
  },
};
