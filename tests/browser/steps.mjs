// What a person does on the page.
import assert from "node:assert/strict";

/** Types a command into the console and waits for its end; gives what it printed. */
export async function command(page, line) {
  const before = await page.locator(".entry").count();
  await page.fill("#console-input", line);
  await page.press("#console-input", "Enter");
  await page.waitForFunction((number) => document.querySelectorAll(".entry").length > number, before);
  await page.waitForFunction(() => !document.querySelector(".entry.runs"));
  return page.locator(".entry").last().innerText();
}

/** Puts the cursor at the end of the line that holds a text, in the editor of a column. */
export async function cursorAt(page, column, text) {
  const line = page.locator(`#${column} .editor .cm-line`, { hasText: text }).first();
  await line.click();
  await page.keyboard.press("End");
}

/** The text of an editor, through the page's own interface. */
export const read = (page, path) => page.evaluate((path) => window.limbeck.files.read(path), path);

/** Rows of a query. */
export const query = (page, sql, database) =>
  page.evaluate(async ([sql, database]) => (await window.limbeck.query(sql, database ? { database } : undefined)).rows, [sql, database]);

/** Runs through window.limbeck. */
export const run = (page, line) => page.evaluate((line) => window.limbeck.run(line), line);

/** Waits until Pending says something that fits. */
export async function pending(page, pattern) {
  await page.waitForFunction(
    (source) => {
      const element = document.querySelector(".pending");
      return element?.getAttribute("aria-busy") === "false" && new RegExp(source).test(element.innerText);
    },
    pattern.source,
    { timeout: 20_000 },
  );
}

export async function succeeds(page, line) {
  const result = await run(page, line);
  assert.equal(result.status, 0, `${line}\n${result.stdout}${result.stderr}`);
  return result;
}

/** Waits until a function, run in the page again and again, gives true; it may be asynchronous. */
export async function until(page, look, argument) {
  const end = Date.now() + 30_000;
  while (!(await page.evaluate(look, argument))) {
    if (Date.now() > end) throw new Error(`never came true: ${look}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** The text of a revision file. */
export const revisionFile = ({ id, message, parent, upgrade, downgrade = "    pass\n" }) => `"""${message}

Revision ID: ${id}
Revises: ${parent}
Create Date: 2026-05-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "${id}"
down_revision = "${parent}"
branch_labels = None
depends_on = None


def upgrade():
${upgrade}

def downgrade():
${downgrade}`;
