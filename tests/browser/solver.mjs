// Solves a lesson as a person does who knows its solution: types commands at the console, opens files and changes their
// text in the editor.
import assert from "node:assert/strict";
import { strFromU8, unzipSync } from "fflate";
import { said } from "./lesson.mjs";

/** What each step of a lesson wants done, from its archive: `{ id, actions }`, where an action is a `line` to run, or a
 * `path` with its whole `text`, or with `old` that becomes `text`. */
export function stepsOf(archive) {
  const files = unzipSync(archive);
  const read = (path) => strFromU8(files[Object.keys(files).find((name) => name.endsWith(path))]);
  const ids = [...read("lesson.md").matchAll(/^## .*\{#([a-z0-9-]+)\}/gm)].map((found) => found[1]);
  return ids.map((id) => ({ id, actions: actionsOf(read(`solution/${id}.md`)) }));
}

function actionsOf(markdown) {
  const actions = [];
  for (const [, fence, info, text] of markdown.matchAll(/^(`{3,})(.*)\n([\s\S]*?)^\1$/gm)) {
    assert.ok(fence);
    const [language, what = ""] = info.trim().split(/\s+/);
    if (what.startsWith("file=")) actions.push({ path: what.slice(5), text });
    else if (what.startsWith("replace=")) actions.push({ path: what.slice(8), old: text.slice(0, -1) });
    else if (what === "with") actions.at(-1).text = text.slice(0, -1);
    else if (language === "console") {
      for (const [, line] of text.matchAll(/^\$ (.*)$/gm)) actions.push({ line: line.trim() });
    }
  }
  return actions;
}

const paths = (page) => page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));

/** The one file that a path with a `*` stands for, or nothing. */
async function found(page, path) {
  const [start, end] = path.split("*");
  const all = await paths(page);
  const fits = end === undefined ? all.filter((one) => one === path) : all.filter((one) => one.startsWith(start) && one.endsWith(end));
  assert.ok(fits.length <= 1, `${path} stands for ${fits}`);
  return fits[0];
}

const ends = (page, before) => page.waitForFunction(
  (before) => document.querySelectorAll(".entry").length > before && !document.querySelector(".entry.runs"),
  before,
);
const editorOf = async (page, path) => {
  const editor = page.locator(`.editor[data-path="${path}"] .cm-content`);
  await editor.waitFor();
  return editor;
};

/** A file's row in the tree of files. */
const row = (page, path) => page.locator(`.tree li:has([aria-label="Rename ${path}"]) .open`);

/** A mouse and a keyboard. */
export const mouse = {
  options: {},
  async run(page, line) {
    const before = await page.locator(".entry").count();
    await page.click("#console-input");
    await page.keyboard.insertText(line);
    await page.keyboard.press("Enter");
    await ends(page, before);
  },
  async open(page, path) {
    if (!(await page.locator(".tree").isVisible())) await page.locator('#models [aria-label="All files"]').click();
    await row(page, path).click();
    await (await editorOf(page, path)).click();
  },
  async make(page, path) {
    if (!(await page.locator(".tree").isVisible())) await page.locator('#models [aria-label="All files"]').click();
    await page.click('.tree [aria-label="New file"]');
    await page.waitForSelector("#file-name:focus");
    await page.keyboard.insertText(path);
    await page.keyboard.press("Enter");
    await (await editorOf(page, path)).click();
  },
  next: (page) => page.click("#next-step"),
};

/** A keyboard alone. */
export const keyboard = {
  options: {},
  async run(page, line) {
    const before = await page.locator(".entry").count();
    await page.keyboard.press("Alt+4");
    await page.keyboard.insertText(line);
    await page.keyboard.press("Enter");
    await ends(page, before);
  },
  async open(page, path) {
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog .palette-item");
    await page.keyboard.insertText(`open ${path}`);
    await page.keyboard.press("Enter");
    await editorOf(page, path);
    await page.waitForFunction(() => document.activeElement?.classList.contains("editor"));
  },
  async next(page) {
    for (let tries = 0; tries < 120; tries += 1) {
      if (await page.evaluate(() => document.activeElement?.id === "next-step")) return page.keyboard.press("Enter");
      // Tab leaves an editor after Escape.
      if (await page.evaluate(() => document.activeElement?.classList.contains("editor"))) await page.keyboard.press("Escape");
      await page.keyboard.press("Shift+Tab");
    }
    assert.fail("Tab leads to the next step");
  },
};

const tab = (page, name) => page.locator("nav.tabs button", { hasText: name }).tap();

/** A finger on a phone. */
export const finger = {
  options: { width: 390, height: 844, hasTouch: true },
  async run(page, line) {
    await tab(page, "Console");
    const before = await page.locator(".entry").count();
    await page.tap("#console-input");
    await page.keyboard.insertText(line);
    await page.keyboard.press("Enter");
    await ends(page, before);
    await tab(page, "Lesson");
  },
  async open(page, path) {
    await tab(page, "Models");
    await page.locator('#models [aria-label="All files"]').tap();
    await row(page, path).tap();
    await (await editorOf(page, path)).tap();
  },
  next: (page) => page.locator("#next-step").tap(),
  left: (page) => tab(page, "Lesson"),
};

async function edit(page, hands, { path, old, text }) {
  const there = await found(page, path);
  if (there) await hands.open(page, there);
  else await hands.make(page, path);
  let whole = text;
  if (old !== undefined) {
    const before = await page.evaluate((path) => window.limbeck.files.read(path), there);
    assert.equal(before.split(old).length, 2, `${there} holds what is to be replaced once: ${old}`);
    whole = before.replace(old, () => text);
  }
  // As what one pastes over all that is there.
  await page.keyboard.press("Control+a");
  if (whole) await page.keyboard.insertText(whole);
  else await page.keyboard.press("Delete");
  await hands.left?.(page);
}

/** Solves the open lesson step by step: what each step wants is told before it is done, and its check sees when it is; `look` is called
 * with a name at both. */
export async function solve(page, steps, hands, look) {
  assert.equal(await page.locator(".lesson-steps li").count(), steps.length);
  for (const [index, { id, actions }] of steps.entries()) {
    await said(page, /^Not yet: \d+ of \d+ done/);
    assert.match(await page.innerText(".lesson-check"), /Found: \S/, `${id} says what is missing`);
    await look?.(`${id}-before`);
    for (const action of actions) {
      if (action.line) await hands.run(page, action.line);
      else await edit(page, hands, action);
    }
    await said(page, /^Done: /).catch(async () => assert.fail(`${id} is not done: ${await page.innerText(".lesson-check")}`));
    await look?.(`${id}-done`);
    if (index + 1 < steps.length) {
      await hands.next(page);
      await page.waitForFunction((index) => document.querySelectorAll(".lesson-steps button")[index].ariaCurrent === "step", index + 1);
    }
  }
  await page.waitForSelector(".lesson-finished");
}
