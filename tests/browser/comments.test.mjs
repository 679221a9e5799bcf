// Comments: people who answer each other by links alone, and what becomes of comments on the way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cursorAt, read, revisionFile, succeeds, until } from "./steps.mjs";

/** Begins a thread on the line of the script that holds a text. */
async function commentOnLine(page, line, text, name) {
  await cursorAt(page, "migrations", line);
  await page.getByRole("button", { name: "Comment on this line" }).click();
  if (name) await page.fill("#comment-name", name);
  await page.fill("#comments .thread.begun textarea", text);
  await page.click("#comments .thread.begun button[type=submit]");
  await said(page, text);
}

/** Answers in the thread that holds a text. */
async function reply(page, thread, text, name) {
  if (name) await page.fill("#comment-name", name);
  const one = page.locator("#comments .thread", { hasText: thread });
  await one.locator("form textarea").last().fill(text);
  await one.getByRole("button", { name: "Reply", exact: true }).click();
  await said(page, text);
}

/** Waits until a comment says a text: its first line, in which backticks are drawn as code. */
const said = (page, text) => page.locator("#comments .comment-text", { hasText: text.split("\n")[0].replaceAll("`", "") }).first().waitFor();

/** All comments that the pane shows, each with its author before it. */
const shown = (page) =>
  page.evaluate(() => [...document.querySelectorAll("#comments .comment")].map((one) => `${one.querySelector("strong")?.textContent}: ${one.querySelector(".comment-text")?.textContent}`));

/** A link to the project as it is now. */
const link = (page) => page.evaluate(async () => (await window.limbeck.share()).url);

/** Opens a link in a page that is there already: gives the dialog. */
async function arrive(page, url) {
  await page.evaluate((hash) => { location.hash = hash; }, new URL(url).hash);
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  return dialog;
}

/** Opens a link as a project of its own. */
async function openLink(page, url) {
  await (await arrive(page, url)).getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
}

/** Adds the comments of a link to the project that they are of: gives what the dialog said. */
async function addTo(page, url) {
  const dialog = await arrive(page, url);
  const add = dialog.getByRole("button", { name: /^Add to/ });
  await add.waitFor();
  const told = await dialog.locator(".arrived-comments").innerText();
  await add.click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  return told;
}

const workspaces = (page) => page.locator(".workspaces .workspace").count();

export default {
  "two people answer each other by links alone, and nothing is lost where both write at once": async (fresh) => {
    const ann = (await fresh()).page;
    await commentOnLine(ann, "def downgrade", "What becomes of the rows?", "Ann");

    // Ben opens it as a project of his own, and sees who asked.
    const ben = (await fresh()).page;
    await openLink(ben, await link(ann));
    await said(ben, "What becomes of the rows?");
    assert.deepEqual(await shown(ben), ["Ann: What becomes of the rows?"]);
    await reply(ben, "What becomes of", "They go with the table.", "Ben");
    const mine = await workspaces(ann);

    // Meanwhile Ann goes on.
    await reply(ann, "What becomes of", "I looked: they are gone.");
    assert.match(await addTo(ann, await link(ben)), /1 new comment by Ben/);
    await said(ann, "They go with the table.");
    assert.equal(await workspaces(ann), mine, "no other project was made");
    const all = ["Ann: What becomes of the rows?", "Ben: They go with the table.", "Ann: I looked: they are gone."];
    assert.deepEqual((await shown(ann)).sort(), [...all].sort());
    assert.equal(await ann.locator("#comments .comment .new").count(), 1);

    // Both change something before they hear of the other: an edit here, an answer and a resolved thread there.
    await ann.locator("#comments .comment", { hasText: "I looked" }).getByRole("button", { name: "Edit" }).click();
    await ann.locator("#comments .comment textarea").fill("I looked again: they are gone.");
    await ann.locator("#comments .comment").getByRole("button", { name: "Save" }).click();
    await said(ann, "I looked again");
    await reply(ben, "What becomes of", "A backup, then.");
    await ben.locator("#comments .thread").getByRole("button", { name: "Resolve" }).click();
    const [first, second] = [await link(ann), await link(ben)];
    assert.match(await addTo(ben, first), /2 new comments by Ann|1 new comment by Ann/);
    await addTo(ann, second);
    for (const page of [ann, ben]) {
      const resolved = page.locator("#comments-resolved");
      await resolved.waitFor();
      if (!(await resolved.isChecked())) await resolved.check();
      await said(page, "A backup, then.");
      const both = [all[0], all[1], "Ann: I looked again: they are gone.", "Ben: A backup, then."];
      assert.deepEqual((await shown(page)).sort(), both.sort());
    }
    assert.deepEqual(await shown(ann), await shown(ben), "in the same order too");

    // The same link once more brings nothing.
    const again = await arrive(ann, second);
    assert.match(await again.locator(".arrived-comments").innerText(), /no comments that you do not have/);
    await ann.keyboard.press("Escape");

    // A reload keeps them.
    await ann.goto(ann.url().split("#")[0]);
    await ann.evaluate(() => new Promise((done) => {
      (function look() { window.limbeck ? window.limbeck.ready.then(done) : setTimeout(look, 10); })();
    }));
    assert.equal((await link(ann)).length > 0, true);
    const exported = await commentsOfZip(ann);
    assert.equal(exported.match(/"text"/g).length >= 4, true, exported);
  },

  "a link to a thread opens at the thread and its line": async (fresh) => {
    const { page } = await fresh({ permissions: ["clipboard-read", "clipboard-write"] });
    await commentOnLine(page, "def downgrade", "Here.", "Ann");
    await page.locator("#comments .thread").getByRole("button", { name: "Copy link" }).click();
    await page.waitForFunction(() => document.querySelector("#comments .comments-said")?.textContent === "Copied");
    const url = await page.evaluate(() => navigator.clipboard.readText());
    const other = (await fresh()).page;
    await openLink(other, url);
    await other.locator("#comments .thread.chosen", { hasText: "Here." }).waitFor();
    await other.waitForFunction(() => {
      const editor = document.querySelector("#migrations .editor")?.shadowRoot;
      return /def downgrade/.test(editor?.querySelector(".cm-activeLine")?.textContent ?? "");
    });
  },

  "a thread stays with its line while the script is edited, and says when the line is gone": async (fresh) => {
    const { page } = await fresh();
    await commentOnLine(page, "def downgrade", "This one.", "Ann");
    const place = page.locator("#comments .thread .thread-place");
    const number = async () => Number((await place.innerText()).match(/line (\d+)/)[1]);
    const before = await number();
    const path = await page.evaluate(() => document.querySelector("#migrations .editor").dataset.path);
    const text = await read(page, path);
    const write = (text) => page.evaluate(([path, text]) => window.limbeck.files.write(path, text), [path, text]);
    await write(`# one\n# two\n${text}`);
    await page.waitForFunction((line) => document.querySelector("#comments .thread-place").textContent.includes(`line ${line}`), before + 2);
    await write(text.replace("def downgrade() -> None:", "def downgrade():").replace("def downgrade():", "def downgrade():  # later"));
    await page.locator("#comments .thread .changed").waitFor();
    assert.match(await page.locator("#comments .thread .quoted").innerText(), /def downgrade/);
    await write(text);
    await page.locator("#comments .thread .changed").waitFor({ state: "detached" });
    assert.equal(await number(), before);
  },

  "comments go along in the zip and the saved file, as a file that people can read": async (fresh) => {
    const { page } = await fresh();
    await commentOnLine(page, "def upgrade", "In the \"zip\": é 🦀", "Ann");
    const zip = await page.evaluate(async () => [...(await window.limbeck.exportZip())]);
    const file = await commentsOfZip(page);
    assert.ok(file.includes("In the \\\"zip\\\": é 🦀") && file.includes("\n"), file);
    const other = (await fresh()).page;
    await other.evaluate((zip) => window.limbeck.importZip(new Uint8Array(zip), "blog.zip"), zip);
    await other.keyboard.press("Escape");
    await said(other, "In the \"zip\": é 🦀");
    assert.deepEqual(await shown(other), ["Ann: In the \"zip\": é 🦀"]);
    // It is no file of the project as long as the page keeps it.
    assert.equal((await other.evaluate(async () => (await window.limbeck.files.list()).map((one) => one.path))).some((path) => path.includes("comments")), false);
    await succeeds(other, "alembic upgrade head");

    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      (async () => {
        await page.click(".share-menu summary");
        await page.click('[data-share="link"]');
        await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
        await page.click("#share-file");
      })(),
    ]);
    const document = readFileSync(await saved.path(), "utf8");
    const third = (await fresh()).page;
    await third.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "project.limbeck.json"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, document);
    await third.locator("dialog[open]").getByRole("button", { name: "Open", exact: true }).click();
    await said(third, "In the \"zip\": é 🦀");
  },

  "what a hostile comment says is shown, and does nothing": async (fresh) => {
    const { page } = await fresh();
    const bad = "<img src=x onerror=\"window.hurt = 1\"><script>window.hurt = 1</script>\n[click](javascript:window.hurt=1) `<b>`";
    await commentOnLine(page, "def upgrade", bad, "<b>Eve</b>");
    assert.equal(await page.locator("#comments .comment strong").innerText(), "<b>Eve</b>");
    const text = await page.locator("#comments .comment-text").innerText();
    for (const part of ["<img src=x onerror=\"window.hurt = 1\">", "[click](javascript:window.hurt=1)", "<b>"]) assert.ok(text.includes(part), text);
    assert.equal(await page.locator("#comments .comment-text :is(img, script, a, b)").count(), 0);
    assert.equal(await page.evaluate(() => window.hurt), undefined);

    // A file that is not as the page writes it stays a file, and the project opens.
    const comments = await commentsOfZip(page);
    const name = (await files(page, comments))[0];
    for (const wrong of ["{", comments.replace("Eve", "Eve\u202e"), comments.replace(/"line": \d+/, '"line": -1'), comments.replace(/"path": "/, '"path": "../')]) {
      const other = (await fresh()).page;
      const project = await page.evaluate(() => window.limbeck.export());
      project.files[name] = { Text: wrong };
      await other.evaluate((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "project.limbeck.json"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      }, JSON.stringify({ limbeck: 1, name: "bad", files: Object.entries(project.files).map(([path, held]) => [path, "Text" in held ? held.Text : { base64: held.Binary }]) }));
      await other.locator("dialog[open]").getByRole("button", { name: "Open", exact: true }).click();
      await until(other, async (name) => (await window.limbeck.files.list()).some((one) => one.path === name), name);
      assert.equal(await read(other, name), wrong);
      await other.context().close();
    }
  },

  "a finding, a row and a table have threads of their own; the review is copied as Markdown": async (fresh) => {
    const { page } = await fresh({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.click("#tab-review");
    await page.waitForFunction(() => document.querySelector("#review-panel")?.getAttribute("aria-busy") === "false");
    const begin = async (place, text, name) => {
      await place.click();
      if (name) await page.fill("#comment-name", name);
      await page.fill("#comments .thread.begun textarea", text);
      await page.keyboard.press("Control+Enter");
      await said(page, text);
    };
    const finding = page.locator("#review-panel .finding").first();
    await begin(finding.locator(".discuss"), "Is that *so*?", "Ann");
    const code = await finding.getAttribute("data-code");
    assert.match(await page.locator("#comments .thread", { hasText: "Is that" }).innerText(), new RegExp(code));
    // The bubble says that there is one now, and leads there.
    await finding.locator(".discussed").click();
    await page.locator("#comments .thread.chosen", { hasText: "Is that" }).waitFor();
    assert.equal(await page.locator("#comments .thread.begun").count(), 0);

    await begin(page.locator("#review-panel .verdict .discuss").first(), "So be it.");
    await page.click("#tab-diagram");
    await page.selectOption("#diagram-table", "author");
    await begin(page.locator("#diagram-panel .discuss"), "One table too many.");
    assert.match(await page.locator("#comments .thread", { hasText: "One table" }).innerText(), /table author/);

    await page.click("#comments-markdown");
    await page.waitForFunction(() => document.querySelector("#comments .comments-said")?.textContent === "Copied", null, { timeout: 30_000 });
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^## Review of/);
    assert.ok(text.includes("`" + code + "`"));
    assert.ok(text.includes("> **Ann:** Is that \\*so\\*?"), text);
    const links = [...text.matchAll(/\]\((http[^)]*#limbeck=1\.[^)]*)\)/g)].map(([, url]) => url);
    assert.ok(links.length >= 5, `${links.length} links`);
    // The last leads to the table's thread.
    const other = (await fresh()).page;
    await openLink(other, links.at(-1));
    await other.locator("#comments .thread.chosen", { hasText: "One table too many." }).waitFor();
    assert.equal(await other.getAttribute("#tab-diagram", "aria-selected"), "true");
  },

  "a row of a difference has a thread, which leads back to the review": async (fresh) => {
    const { page } = await fresh();
    const head = await page.evaluate(() => window.limbeck.state().migrations.heads[0]);
    const upgrade = '    with op.batch_alter_table("author") as batch:\n        batch.drop_column("born")\n';
    const downgrade = '    with op.batch_alter_table("author") as batch:\n        batch.add_column(sa.Column("born", sa.Integer()))\n';
    const text = revisionFile({ id: "c0ffee", message: "drop born", parent: head, upgrade, downgrade });
    await page.evaluate((text) => window.limbeck.files.write("alembic/versions/c0ffee_drop_born.py", text), text);
    await page.locator("#migrations .revision", { hasText: "drop born" }).click();
    await page.click("#tab-review");
    await page.locator("#review-panel .verdict details summary").click();
    const row = page.locator("#review-panel .differs li", { hasText: "id = 1" }).first();
    await row.locator(".discuss").click();
    await page.fill("#comment-name", "Ann");
    await page.fill("#comments .thread.begun textarea", "Keep her year.");
    await page.click("#comments .thread.begun button[type=submit]");
    await said(page, "Keep her year.");
    const place = page.locator("#comments .thread .thread-place");
    assert.equal(await place.innerText(), "author, id = 1, on c0ffee");
    // From elsewhere, the thread leads to the review, whose row knows of it.
    await page.locator("#migrations .revision", { hasText: "authors and books" }).click();
    await page.click("#tab-script");
    await place.click();
    await page.locator("#review-panel .verdict details summary").click();
    await page.locator("#review-panel .differs li", { hasText: "id = 1" }).first().locator(".discussed").waitFor();
  },
};

/** What the zip of the project holds of comments. */
async function commentsOfZip(page) {
  const { unzipSync, strFromU8 } = await import("fflate");
  const zip = await page.evaluate(async () => [...(await window.limbeck.exportZip())]);
  const all = unzipSync(Uint8Array.from(zip));
  const path = Object.keys(all).find((one) => one.endsWith("comments.json"));
  return path ? strFromU8(all[path]) : "";
}

/** The name of the file in which comments lie in a zip. */
async function files(page) {
  const { unzipSync } = await import("fflate");
  const zip = await page.evaluate(async () => [...(await window.limbeck.exportZip())]);
  return Object.keys(unzipSync(Uint8Array.from(zip))).filter((one) => one.endsWith("comments.json")).map((one) => one.split("/").slice(1).join("/"));
}
