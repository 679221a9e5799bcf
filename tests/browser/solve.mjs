// Solves a lesson in the page as its solution says, by hand: types commands at the prompt, writes files in the editor.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { said } from "./lesson.mjs";

const lessons = fileURLToPath(new URL("../../web/lessons", import.meta.url));

/** What the solution of a step does, in order: `{ line }`, `{ path, text }`, or `{ path, old, text }`. */
export function actions(slug, step) {
  const text = readFileSync(join(lessons, slug, "solution", `${step}.md`), "utf8");
  const found = [];
  for (const [, , info, code] of text.matchAll(/^(`{3,})(.*)\n([\s\S]*?)^\1$/gm)) {
    const body = code.replace(/\n$/, "");
    const [, path] = info.match(/\bfile=(\S+)/) ?? [];
    const [, replaced] = info.match(/\breplace=(\S+)/) ?? [];
    if (path) found.push({ path, text: `${body}\n` });
    else if (replaced) found.push({ path: replaced, old: body });
    else if (/\bwith\b/.test(info)) found.at(-1).text = body;
    else if (info.trim() === "console") for (const [, line] of code.matchAll(/^\$ (.*)$/gm)) found.push({ line });
  }
  return found;
}

/** The ids of a lesson's steps. */
export const steps = (slug) =>
  [...readFileSync(join(lessons, slug, "lesson.md"), "utf8").matchAll(/^## .*\{#([a-z0-9-]+)\}\s*$/gm)].map(([, id]) => id);

const directory = (slug) => readFileSync(join(lessons, slug, "lesson.md"), "utf8").match(/^directory\s*=\s*"(.*)"/m)?.[1] ?? "";

/** Runs a line at the prompt; the console is left alone where it shows. */
export async function line(page, text) {
  const before = await page.locator(".entry").count();
  await page.fill("#console-input", text);
  await page.press("#console-input", "Enter");
  await page.waitForFunction((before) => document.querySelectorAll(".entry").length > before && !document.querySelector(".entry.runs"), before, { timeout: 60_000 });
}

/** Opens a file in the editor, as one does from a terminal, and gives it another text. */
async function write(page, slug, { path, old, text }) {
  const inside = directory(slug);
  const whole = inside ? `${inside}/${path}` : path;
  const files = await page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));
  const pattern = new RegExp(`^${whole.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace("*", "[^/]*")}$`);
  const fitting = files.filter((file) => pattern.test(file));
  assert.ok(fitting.length < 2 && (fitting.length || !path.includes("*")), `${fitting.length} files fit ${path}`);
  const real = fitting[0] ?? whole;
  const named = inside ? real.slice(inside.length + 1) : real;
  if (!fitting.length) await line(page, `touch ${named}`);
  await line(page, `code ${named}`);
  const editor = page.locator(`.editor[data-path="${real}"] .cm-content`);
  await editor.waitFor();
  let next = text;
  if (old !== undefined) {
    const now = await page.evaluate((path) => window.limbeck.files.read(path), real);
    assert.equal(now.split(old).length, 2, `${real} has what is replaced once`);
    next = now.replace(old, () => text);
  }
  // What a person copied goes in as one edit.
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await editor.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, next);
  await page.waitForFunction(async ([path, text]) => (await window.limbeck.files.read(path)) === text, [real, next]);
}

/** What the check of the open step wants: each of its parts. */
export const parts = (page) => page.locator(".lesson-check li").evaluateAll((all) => all.map((one) => {
  const found = one.querySelector(".note")?.textContent ?? "";
  const text = one.querySelector("div").textContent;
  return { holds: one.classList.contains("holds"), expected: text.slice(0, text.length - found.length).trim(), found };
}));

/** Solves the open lesson; `seen` is called when a step has begun, before anything is done. */
export async function solve(page, slug, { seen = async () => {}, act = (page, action) => (action.line ? line(page, action.line) : write(page, slug, action)), next = (page) => page.click("#next-step") } = {}) {
  const all = steps(slug);
  for (const [index, step] of all.entries()) {
    await said(page, /Not yet/);
    const open = (await parts(page)).filter((part) => !part.holds);
    assert.ok(open.length, `${slug}, ${step}: nothing is missing before it is done`);
    for (const part of open) {
      assert.ok(part.expected && /^Found: ./.test(part.found), `${slug}, ${step}: says what is there instead of "${part.expected}"`);
    }
    await seen(step);
    for (const action of actions(slug, step)) await act(page, action);
    await said(page, /^Done/);
    if (index + 1 < all.length) {
      const name = await page.innerText("#lesson-step");
      await next(page);
      await page.waitForFunction((name) => document.querySelector("#lesson-step")?.textContent !== name, name);
    }
  }
  await page.waitForSelector(".lesson-finished");
}
