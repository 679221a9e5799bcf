// Lessons as a learner takes them: opening one, being told what is missing, hints, the solution, what is kept.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { complaints } from "./axe.mjs";
import { command, read, until } from "./steps.mjs";
import { drop, folder, hero, openLesson, said, zip } from "./lesson.mjs";

/** Types a model at the end of the open file. */
async function type(page, text) {
  await page.locator("#models .cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}

const button = (page, name) => page.locator("#lesson").getByRole("button", { name, exact: true });
const pictures = process.env.PICTURES;
const picture = async (page, name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };

export default {
  "a lesson is solved by typing and clicking, and says what is missing on the way": async (fresh) => {
    const { page } = await fresh();
    const before = await page.evaluate(() => window.limbeck.export());
    const own = await page.locator(".workspace-name").innerText();
    await openLesson(page);
    assert.equal(await page.innerText("#lesson-title"), "Two steps to a table");
    assert.equal(await page.getAttribute("#models .editor", "data-path"), "models.py");
    // Raw HTML is text.
    assert.match(await page.innerText(".lesson-text >> nth=0"), /<b onclick="alert\(1\)">This is text<\/b>, and so is <script>alert\(2\)<\/script>/);
    assert.deepEqual(await page.locator("#lesson a").evaluateAll((all) => all.map((one) => one.href)), ["https://alembic.sqlalchemy.org/"]);

    // Half of it: which part holds already, and what the other one lacks.
    await type(page, "\n\nclass Hero(Base):\n    pass\n");
    await said(page, /Not yet: 1 of 2 done/);
    assert.match(await page.innerText(".lesson-check .open"), /Found: /);
    await picture(page, "lesson-half");
    await button(page, "Hint 1 of 2").click();
    assert.match(await page.innerText(".lesson-hints"), /a class with a __tablename__/);
    assert.deepEqual(await complaints(page), []);

    await button(page, "Reset this step").click();
    await said(page, /Not yet: 0 of 2 done/);
    await until(page, async () => !(await window.limbeck.files.read("models.py")).includes("Hero"));
    await type(page, hero);
    await said(page, /Done: Write the model/);
    await button(page, "The official solution").click();
    assert.match(await page.innerText(".lesson-solution"), /The class stands below the base/);
    assert.deepEqual(await complaints(page), []);
    await picture(page, "lesson-done");
    await page.click("#next-step");
    await said(page, /Not yet: 0 of 2 done/);
    assert.match(await page.innerText("#lesson-step"), /Make the table/);

    await command(page, "alembic revision --autogenerate -m hero");
    await said(page, /Not yet: 1 of 2 done/);
    await command(page, "alembic upgrade head");
    await said(page, /Done: Make the table/);
    assert.match(await page.innerText(".lesson-finished"), /You have finished .Two steps to a table/);

    // The visitor's own project is as it was.
    await page.click(".workspaces > summary");
    await page.locator(".workspaces .choice", { hasText: own }).first().click();
    await page.waitForSelector("#lesson", { state: "detached" });
    assert.deepEqual(await page.evaluate(() => window.limbeck.export()), before);
  },

  "show me plays a solution in the page": async (fresh) => {
    const { page } = await fresh();
    await openLesson(page);
    await type(page, "\nnonsense = (");
    await until(page, async () => (await window.limbeck.files.read("models.py")).includes("nonsense"));
    await button(page, "Show me").click();
    await said(page, /Done: Write the model/);
    assert.match(await read(page, "models.py"), /__tablename__ = "hero"/);
    assert.doesNotMatch(await read(page, "models.py"), /nonsense/);
    await page.click("#next-step");
    await said(page, /Not yet/);
    await button(page, "Show me").click();
    await said(page, /Done: Make the table/);
    assert.match(await page.innerText(".log"), /alembic revision --autogenerate -m hero[\s\S]*alembic upgrade head/);
  },

  "what was done is there after a reload, and goes to another browser as a file": async (fresh) => {
    const { page } = await fresh();
    await openLesson(page);
    await type(page, hero);
    await said(page, /Done: Write the model/);
    await page.click("#next-step");
    await said(page, /Not yet: 0 of 2 done/);
    await command(page, "alembic revision --autogenerate -m hero");
    await said(page, /Not yet: 1 of 2 done/);
    // It is kept a moment after.
    await new Promise((done) => setTimeout(done, 1_000));
    await page.reload();
    await said(page, /Not yet: 1 of 2 done/);
    assert.match(await page.innerText("#lesson-step"), /Make the table/);
    assert.equal(await page.locator(".lesson-steps .done").count(), 1);

    await page.click(".lesson-menu > summary");
    await page.getByRole("button", { name: "All lessons …" }).click();
    const list = page.locator("dialog[open]");
    await list.waitFor();
    const [saved] = await Promise.all([page.waitForEvent("download"), list.getByRole("button", { name: "Save my progress" }).click()]);
    const progress = readFileSync(await saved.path(), "utf8");
    assert.deepEqual(JSON.parse(progress).lessons["two-steps"].done, ["model"]);

    const other = await fresh();
    // Another browser knows nothing of it.
    await drop(other.page, [{ name: "limbeck-progress.json", text: progress }]);
    await other.page.waitForSelector("dialog[open]");
    await other.page.waitForSelector(".notice");
    const again = await Promise.all([other.page.waitForEvent("download"), other.page.locator("dialog[open]").getByRole("button", { name: "Save my progress" }).click()]);
    assert.deepEqual(JSON.parse(readFileSync(await again[0].path(), "utf8")).lessons["two-steps"].done, ["model"]);
  },

  "a lesson is taken by keyboard alone": async (fresh) => {
    const { page } = await fresh();
    await openLesson(page);
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(hero);
    await said(page, /Done: Write the model/);
    // Escape and Tab leave the editor; what is next is found by Tab.
    await page.keyboard.press("Escape");
    let reached = false;
    for (let tries = 0; tries < 80 && !reached; tries += 1) {
      await page.keyboard.press("Shift+Tab");
      reached = await page.evaluate(() => document.activeElement?.id === "next-step");
    }
    assert.ok(reached, "Tab leads to the next step");
    await page.keyboard.press("Enter");
    await said(page, /Not yet: 0 of 2 done/);
    await page.keyboard.press("Alt+4");
    for (const line of ["alembic revision --autogenerate -m hero", "alembic upgrade head"]) {
      await page.keyboard.type(line);
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector(".entry") && !document.querySelector(".entry.runs"));
    }
    await said(page, /Done: Make the table/);
  },

  "a lesson is taken on a phone by touch": async (fresh) => {
    const { page } = await fresh({ width: 390, height: 844, hasTouch: true });
    await openLesson(page);
    const tab = (name) => page.locator("nav.tabs button", { hasText: name });
    assert.ok(await page.locator("#lesson").isVisible());
    await picture(page, "lesson-phone");
    assert.deepEqual(await complaints(page), []);
    await tab("Models").tap();
    assert.equal(await page.locator("#lesson").isVisible(), false);
    await page.locator("#models .cm-content").tap();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(hero);
    await tab("Lesson").tap();
    await said(page, /Done: Write the model/);
    await picture(page, "lesson-phone-done");
    await page.locator("#next-step").tap();
    await said(page, /Not yet: 0 of 2 done/);
    // What is to be typed can be read, and takes no more room than it needs.
    const code = await page.locator("#lesson .lesson-code", { hasText: "alembic upgrade head" }).boundingBox();
    assert.ok(code.height > 30 && code.height < 100, `two commands take ${code.height} pixels`);
    assert.equal(await page.locator(".time-bar").isVisible(), false);
    for (const line of ["alembic revision --autogenerate -m hero", "alembic upgrade head"]) {
      await tab("Console").tap();
      await page.fill("#console-input", line);
      await page.press("#console-input", "Enter");
      await page.waitForFunction((line) => [...document.querySelectorAll(".entry:not(.runs)")].some((one) => one.textContent.includes(line)), line);
    }
    await tab("Lesson").tap();
    await said(page, /Done: Make the table/);
    // Nothing is wider than the phone.
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  },

  "a lesson that is broken says where, and the page stays whole": async (fresh) => {
    const { page } = await fresh();
    const cases = [
      [{ "lesson.md": "no front matter" }, /lesson\.md:1/],
      // A link that would run script.
      [{ "lesson.md": folder()["lesson.md"].replace("https://alembic.sqlalchemy.org", "javascript:alert(3)") }, /lesson\.md:\d+: A link leads to/],
      [{ "checks.toml": "[[model]]\nno_such_check = 1\n" }, /checks\.toml:/],
      [{ "lesson.md": folder()["lesson.md"].replace("seed =", 'start = ["alembic upgrade nowhere"]\nseed =') }, /lesson\.md:5: of its start, .alembic upgrade nowhere. fails/],
      [{ "solution/model.md": "Nothing is done.\n" }, /solution\/model\.md:1: /],
      [{ "start/alembic/env.py": "def" }, null],
    ];
    for (const [changes, pattern] of cases) {
      await drop(page, [{ name: "two-steps.zip", base64: zip(changes) }]);
      if (pattern) {
        await page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".notice")?.textContent ?? ""), pattern.source);
        assert.equal(await page.locator("#lesson").count(), 0);
      } else {
        // A project that does not run is a lesson too: its check says so.
        await page.waitForSelector("#lesson");
        await said(page, /Not yet/);
      }
    }
    assert.equal(await page.evaluate(async () => (await window.limbeck.run("echo there")).stdout), "there\n");
  },
};
