// The open project beside another state of it: a patch, a zip.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync, strToU8 } from "fflate";
import { load, project, script } from "./projects.mjs";
import { query, succeeds, until } from "./steps.mjs";

const models = (columns) => `import sqlalchemy as sa

metadata = sa.MetaData()
people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40)),
${columns.map((column) => `    ${column},\n`).join("")})
`;

const A1 = { id: "a1", message: "people", up: `op.create_table("people", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(40)), sa.Column("age", sa.Integer()))\n    op.execute("INSERT INTO people (name, age) VALUES ('Ada', 36), ('Bob', 40)")`, back: `op.drop_table("people")` };
const A2 = { id: "a2", message: "an index", down: "a1", up: `op.create_index("ix_name", "people", ["name"])`, back: `op.drop_index("ix_name")` };
const B3 = { id: "b3", message: "age goes, city comes", down: "a2", up: `op.drop_column("people", "age")\n    op.add_column("people", sa.Column("city", sa.String(20)))`, back: `op.drop_column("people", "city")\n    op.add_column("people", sa.Column("age", sa.Integer()))` };

const AGE = `sa.Column("age", sa.Integer)`;
const CITY = `sa.Column("city", sa.String(20))`;
const base = () => project([A1, A2], { "models.py": models([AGE]), "notes.txt": "kept\n" });
const head = () => {
  const made = project([A1, A2, B3], { "models.py": models([CITY]) });
  made.files["docs/notes.txt"] = { Text: "kept\n" };
  return made;
};

/** What git says of two states, in a repository where the project lies in `services/shop`. */
function patch(before, after) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-compare-"));
  try {
    const git = (...words) => execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.org", ...words], { cwd: folder, encoding: "utf8" });
    const lay = (state) => {
      rmSync(join(folder, "services"), { recursive: true, force: true });
      for (const [path, { Text }] of Object.entries(state.files)) {
        const full = join(folder, "services/shop", path);
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, Text);
      }
    };
    git("init", "--quiet");
    lay(before);
    git("add", "--all");
    git("commit", "--quiet", "--message", "base");
    lay(after);
    git("add", "--all");
    return git("diff", "--cached");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const drop = (page, name, bytes) =>
  page.evaluate(([name, base64]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, Buffer.from(bytes).toString("base64")]);

const files = (page) => page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));

async function opened(fresh) {
  const { page } = await fresh();
  await load(page, base());
  await succeeds(page, "alembic upgrade head");
  return page;
}

const dialog = (page) => page.locator(".compare-dialog");

/** Waits until everything is known; gives the dialog's revisions with what is said of each. */
async function compared(page) {
  await until(page, () => document.querySelector(".compare-order") && !document.querySelector(".compare-dialog")?.innerText.includes("being reviewed"));
  return dialog(page).locator("[data-revision]").evaluateAll((all) => all.map((one) => [one.dataset.revision, one.innerText]));
}

export default {
  "a patch that is dropped tells what it brings, and only that is reviewed": async (fresh) => {
    const page = await opened(fresh);
    const before = await files(page);
    await drop(page, "work.patch", patch(base(), head()));
    const revisions = await compared(page);
    assert.deepEqual(revisions.map(([id]) => id), ["b3"]);
    assert.match(revisions[0][1], /new/);
    const findings = await dialog(page).locator("[data-code]").evaluateAll((all) => all.map((one) => one.dataset.code));
    assert.deepEqual(findings, ["drops-data"]);
    assert.equal(await dialog(page).locator(".compare-order").getAttribute("data-order"), "needs two steps");
    const text = await dialog(page).innerText();
    assert.match(text, /SELECT people: no such column: people\.age/);
    assert.match(text, /SELECT people: no such column: people\.city/);
    const listed = await dialog(page).locator(".compare-files li").evaluateAll((all) => all.map((one) => one.innerText.replace(/\s+/g, " ")));
    assert.equal(listed.length, 3, listed.join("; "));
    assert.ok(listed.some((one) => /docs\/notes\.txt was notes\.txt/.test(one)), listed.join("; "));
    assert.ok(listed.some((one) => /alembic\/versions\/b3_\.py/.test(one)), listed.join("; "));
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    // The workspace is as it was.
    assert.deepEqual(await files(page), before);
    assert.deepEqual(await query(page, "SELECT count(*), max(age) FROM people"), [[2, 40]]);
  },

  "a patch that does not fit is told with its line, and changes nothing": async (fresh) => {
    const page = await opened(fresh);
    const before = await files(page);
    const text = patch(base(), head()).replace(`-    sa.Column("age", sa.Integer),`, `-    sa.Column("size", sa.Integer),`);
    await drop(page, "other.diff", text);
    const alert = dialog(page).getByRole("alert");
    await alert.waitFor();
    const line = text.slice(0, text.indexOf("size")).split("\n").findLastIndex((one) => one.startsWith("@@ ")) + 1;
    const said = await alert.innerText();
    assert.ok(said.startsWith(`the patch, line ${line}: The patch does not fit: `), `${said} (line ${line})`);
    assert.match(said, /models\.py/);
    assert.deepEqual(await files(page), before);
  },

  "a patch is pasted": async (fresh) => {
    const page = await opened(fresh);
    const moved = base();
    moved.files["alembic/versions/a2_.py"].Text = script({ ...A2, up: `op.create_index("ix_name", "people", ["name", "age"])` });
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
    }, patch(base(), moved));
    const revisions = await compared(page);
    assert.deepEqual(revisions.map(([id]) => id), ["a2"]);
    assert.match(revisions[0][1], /edited/);
    assert.equal(await dialog(page).locator(".compare-order").getAttribute("data-order"), "any");
  },

  "a zip is the head or the base": async (fresh) => {
    const page = await opened(fresh);
    const zip = zipSync(Object.fromEntries(Object.entries(head().files).map(([path, { Text }]) => [`shop/${path}`, strToU8(Text)])));
    await page.click(".open-menu summary");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Compare with a zip" }).click()]);
    await chooser.setFiles({ name: "shop.zip", mimeType: "application/zip", buffer: Buffer.from(zip) });
    assert.deepEqual((await compared(page)).map(([id, said]) => [id, /new/.test(said)]), [["b3", true]]);
    await dialog(page).getByRole("button", { name: "Take it the other way round" }).click();
    await until(page, () => document.querySelector(".compare-dialog [data-revision]")?.innerText.includes("only in the base"));
  },
};
