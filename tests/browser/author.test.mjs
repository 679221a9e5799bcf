// Making a lesson of what was done in a project, editing it, trying it, and saving it as the program takes it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { unzipSync, strFromU8 } from "fflate";
import { command, until } from "./steps.mjs";
import { said } from "./lesson.mjs";

const pictures = process.env.PICTURES;
const picture = async (page, name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };
const button = (page, name) => page.locator("#lesson").getByRole("button", { name, exact: true });

/** Gives a file another text, in the editor. */
async function edit(page, path, change) {
  await page.evaluate((path) => window.limbeck.open({ file: path }), path);
  const editor = page.locator(`.editor[data-path="${path}"] .cm-content`);
  await editor.waitFor();
  const text = change(await page.evaluate((path) => window.limbeck.files.read(path), path));
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
  await until(page, async ([path, text]) => (await window.limbeck.files.read(path)) === text, [path, text]);
}

const whole = async (fresh) => {
  const { page } = await fresh();
  // A project is worked on as usual.
  await page.evaluate(async () => {
    const models = await window.limbeck.files.read("models.py");
    await window.limbeck.files.write("models.py", models.replace("    #isbn", "    isbn"));
  });
  await command(page, "alembic revision --autogenerate -m isbn");
  await command(page, "alembic upgrade head");
  await command(page, "alembic upgrade nowhere");
  await page.click(".workspaces > summary");
  await page.getByRole("button", { name: /Make a lesson of this/ }).click();
  await page.waitForSelector("#lesson .lesson-steps button");
  await until(page, async () => (await window.limbeck.files.list()).some((file) => file.path === "checks.toml"));
  const checks = await page.evaluate(() => window.limbeck.files.read("checks.toml"));
  assert.match(checks, /table = "book"\ncolumn = "isbn"/);
  assert.match(checks, /fails = "Can't locate revision/);
  assert.match(await page.innerText("#lesson .lesson-solution"), /alembic revision --autogenerate -m isbn/);
  await picture(page, "author");

  // It works as it is.
  await button(page, "Play its solutions").click();
  await page.waitForSelector(".lesson-sound", { timeout: 60_000 });

  // A mistake is told at its line, in the pane and in the editor; what is there stays.
  await edit(page, "checks.toml", (text) => text.replace("nullable = true", "nulable = true"));
  await page.waitForFunction(() => /^checks\.toml:\d+: /.test(document.querySelector(".lesson-wrong .failure")?.textContent ?? ""));
  await button(page, "Go there").click();
  await page.locator("#models .cm-note", { hasText: "nulable" }).waitFor();
  await picture(page, "author-mistake");
  assert.ok(await button(page, "Try as a learner").isDisabled());
  assert.match(await page.innerText("#lesson .lesson-solution"), /alembic revision --autogenerate -m isbn/);
  await edit(page, "checks.toml", (text) => text.replace("nulable = true", "nullable = true"));
  await page.waitForSelector(".lesson-wrong .failure", { state: "detached" });

  // What the author writes is what a learner reads.
  await edit(page, "lesson.md", (text) => text.replace("Say here what is to be done, and why.", "Add the **ISBN**."));
  await page.waitForFunction(() => document.querySelector("#lesson .lesson-text strong")?.textContent === "ISBN");

  // A zip that the program accepts as it is: nothing in it but the lesson.
  const [saved] = await Promise.all([page.waitForEvent("download"), button(page, "Save as a zip").click()]);
  const zip = unzipSync(readFileSync(await saved.path()));
  const names = Object.keys(zip).map((name) => name.split("/").slice(1).join("/"));
  assert.ok(names.includes("lesson.md") && names.includes("checks.toml") && names.includes("start/alembic.ini") && names.includes("start/database.sql"));
  assert.deepEqual(names.filter((name) => !/^(lesson\.md|checks\.toml|start\/|solution\/)/.test(name)), []);
  assert.match(strFromU8(zip[Object.keys(zip).find((name) => name.endsWith("lesson.md"))]), /Add the \*\*ISBN\*\*/);

  await button(page, "Try as a learner").click();
  await said(page, /Not yet/);
  await button(page, "Show me").click();
  await said(page, /^Done/);
};
whole.seconds = 180;

export default { "what was done becomes a lesson to edit, to try and to save": whole };
