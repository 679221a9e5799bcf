// Links that hold a project: making one, opening one, and those made to do harm.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { command, query, read, succeeds, until } from "./steps.mjs";

const words = readFileSync(fileURLToPath(new URL("../../web/parts/share/dictionary-1.txt", import.meta.url)), "utf8");
const dictionary = Buffer.from(JSON.stringify(words).slice(1, -1));

/** A payload as the page would read it, made by hand. */
const payload = (bytes) => deflateRawSync(bytes, { dictionary }).toString("base64url");
const link = (url, document) => `${url}#limbeck=1.${payload(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)))}`;

/** Opens the dialog that makes a link, as a person does, and gives the link. */
async function offer(page) {
  await page.click(".share-menu summary");
  await page.click('[data-share="link"]');
  return made(page);
}

/** The link once it is made. */
async function made(page) {
  await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#limbeck=1."));
  return page.inputValue("#share-link");
}

const files = (page) => page.evaluate(async () => (await window.limbeck.files.list()).map((file) => file.path));

export default {
  "a project goes out as a link and opens from it, beside the visitor's own": async (fresh, { url }) => {
    const { page } = await fresh({ permissions: ["clipboard-read", "clipboard-write"] });
    await succeeds(page, "alembic downgrade -1");
    await page.evaluate(() => window.limbeck.files.write("notes.txt", "for you: é <b>\n"));
    const address = await offer(page);
    assert.match(await page.innerText("#share-size"), /[\d,]+ characters: \d+ files \([\d.]+ kB\), 1 database with rows/);
    assert.ok(address.length < 3_000, `${address.length} characters for a usual project`);

    // The three ways to copy.
    const copied = async (button) => {
      await page.click(button);
      await page.waitForFunction(() => document.querySelector(".said").textContent === "Copied");
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.equal(await copied("#share-copy"), address);
    assert.match(await copied("#share-markdown"), /^\[[^\]]+\]\(http.*#limbeck=1\.[\w-]+\)$/);
    assert.match(await copied("#share-frame"), /^<iframe src="http[^"]*\?run=open#limbeck=1\.[\w-]+" title="[^"]+"/);

    // Without the database it is shorter, and fits everywhere.
    await page.uncheck("#share-database");
    await page.waitForFunction((long) => document.querySelector("#share-link").value.length < long - 500, address.length);
    const short = await made(page);
    assert.ok(short.length < 1_500, `${short.length} characters without the database`);
    assert.doesNotMatch(await page.innerText("#share-size"), /database/);
    assert.equal(await page.locator("#share-long").count(), 0);

    // Somebody else opens it.
    const other = await fresh();
    await other.page.waitForSelector("#models .cm-content");
    await command(other.page, "echo mine > mine.txt");
    const before = await files(other.page);
    await other.page.goto(address);
    const dialog = other.page.locator("dialog[open]");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /A shared project[\s\S]*models\.py[\s\S]*None of its code has run/);
    // Nothing is opened by looking at it.
    assert.deepEqual(await files(other.page), before);
    await dialog.getByRole("button", { name: "Open", exact: true }).click();
    await until(other.page, async () => (await window.limbeck.files.list()).some((file) => file.path === "notes.txt"));
    assert.equal(await read(other.page, "notes.txt"), "for you: é <b>\n");
    assert.equal(await read(other.page, "models.py"), await read(page, "models.py"));
    assert.deepEqual(await query(other.page, "SELECT * FROM author ORDER BY id"), await query(page, "SELECT * FROM author ORDER BY id"));
    assert.deepEqual((await other.page.evaluate(() => window.limbeck.state().migrations.current)).length, 1);
    // What the migration does is told without a click.
    await other.page.waitForSelector(".revision.chosen .trip");
    assert.equal(await other.page.getAttribute("#tab-script", "aria-selected"), "true");
    assert.match(await other.page.textContent("#tab-review"), /no findings|note|warning|error/);
    // The address does not ask again.
    assert.equal(new URL(other.page.url()).hash, "");
    await succeeds(other.page, "alembic upgrade head");
  },

  "a link's commands run when the visitor says so": async (fresh, { url }) => {
    const { page } = await fresh();
    await succeeds(page, "alembic downgrade base");
    const plain = await offer(page);
    await page.check("#share-read-only");
    await page.fill("#share-run", "alembic current\nalembic upgrade head\n");
    await page.selectOption("#share-view", "database");
    await page.waitForFunction((plain) => document.querySelector("#share-link").value.length > plain + 20, plain.length);
    for (const few of [{}, { run: "no list" }]) assert.match((await page.evaluate((few) => window.limbeck.share(few), few)).url, /#limbeck=1\./);
    const address = await page.evaluate(() => window.limbeck.share({ run: ["alembic current", "alembic upgrade head"], view: "database" }));
    assert.equal(address.bytes, address.url.length);

    const other = await fresh();
    const dialog = other.page.locator("dialog[open]");
    // A link that is opened in a page that is there already.
    await other.page.evaluate((hash) => { location.hash = hash; }, new URL(address.url).hash);
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /It asks to run:\s+alembic current\s+alembic upgrade head/);
    await dialog.getByRole("button", { name: "Not now" }).click();
    assert.equal(await other.page.locator(".entry").count(), 0);
    await other.page.evaluate((hash) => { location.hash = hash; }, new URL(address.url).hash);
    await dialog.getByRole("button", { name: "Open and run" }).click();
    await other.page.waitForFunction(() => document.querySelectorAll(".entry:not(.runs)").length === 2);
    assert.match(await other.page.innerText(".entry >> nth=1"), /alembic upgrade head[\s\S]*Running upgrade/);
    assert.equal(await other.page.evaluate(() => window.limbeck.state().view), "database");
    assert.equal((await other.page.evaluate(() => window.limbeck.state().migrations.ahead)), 0);

    // The address may say that they run at once; the console shows what ran.
    const third = await fresh();
    await third.page.waitForSelector("#models .cm-content");
    const loud = new URL(address.url);
    loud.searchParams.set("run", "auto");
    await third.page.goto(loud.href);
    await third.page.waitForFunction(() => document.querySelectorAll(".entry:not(.runs)").length === 2);
    assert.match(await third.page.innerText(".entry >> nth=0"), /alembic current/);
  },

  "a large project is offered as a file, which opens when it is dropped": async (fresh) => {
    const { page } = await fresh();
    const lines = Array.from({ length: 3_000 }, (_, number) => Math.sin(number + 1).toString(36).slice(2));
    const noise = lines.join("\n");
    // Over what some chat programs take, that is said.
    await page.evaluate((text) => window.limbeck.files.write("noise.txt", text), lines.slice(0, 200).join("\n"));
    assert.ok((await offer(page)).length > 2_000);
    assert.match(await page.innerText("#share-long"), /2,000 characters/);
    await page.keyboard.press("Escape");
    await page.evaluate((text) => window.limbeck.files.write("noise.txt", text), noise);
    const address = await offer(page);
    assert.ok(address.length > 8_000);
    assert.match(await page.innerText("#share-long"), /save it as a file/);
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#share-file")]);
    assert.match(saved.suggestedFilename(), /\.limbeck\.json$/);
    const text = readFileSync(await saved.path(), "utf8");
    const other = await fresh();
    await other.page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "project.limbeck.json"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, text);
    await other.page.locator("dialog[open]").getByRole("button", { name: "Open", exact: true }).click();
    await until(other.page, async () => (await window.limbeck.files.list()).some((file) => file.path === "noise.txt"));
    assert.equal(await read(other.page, "noise.txt"), noise);
  },

  "links made by hand to do harm say what is wrong, and run nothing": async (fresh, { url }) => {
    const { page } = await fresh();
    await page.evaluate(() => window.limbeck.files.write("mine.txt", "mine"));
    const before = await page.evaluate(() => window.limbeck.export());
    const some = (files, more = {}) => ({ name: "x", files, ...more });
    const bomb = `${url}#limbeck=1.${payload(Buffer.concat([Buffer.from('{"name":"'), Buffer.alloc(100_000_000, "a"), Buffer.from('","files":[]}')]))}`;
    const cases = {
      "broken base64": [`${url}#limbeck=1.a+b/c==`, /truncated or altered/],
      "cut base64": [`${url}#limbeck=1.abcde`, /cut off/],
      "cut to its first letters": [`${url}#limbeck=1`, /cut off/],
      "broken compression": [`${url}#limbeck=1.AAAA____`, /can't be unpacked/],
      "cut compression": [link(url, some([["a.py", "x".repeat(100) + Math.PI]])).slice(0, -12), /cut off/],
      "100 MB when unpacked": [bomb, /more than 20 MB/],
      "an unknown version": [`${url}#limbeck=7.abcd`, /another version/],
      "no version": [`${url}#limbeck=abcd`, /another version/],
      "a path that leads out": [link(url, some([["../../etc/passwd", "x"]])), /leaves the project/],
      "an absolute path": [link(url, some([["/etc/passwd", "x"]])), /leaves the project/],
      "a path without end": [link(url, some([["a".repeat(10_000), "x"]])), /too long/],
      "a path twice": [link(url, some([["a.py", "x"], ["a.py", "y"]])), /same path twice/],
      "thousands of files": [link(url, some(Array.from({ length: 5_000 }, (_, number) => [`${number}.py`, ""]))), /more than 2,000 files/],
      "wrong types": [link(url, { name: 1, files: "all", run: {} }), /does not contain a project/],
      "no JSON": [link(url, "<script>window.harm = 1</script>"), /does not contain a project/],
      "hidden commands": [link(url, some([["a.py", "x"]], { run: ["ls\nrm -r ."] })), /command/],
    };
    for (const [name, [address, message]] of Object.entries(cases)) {
      await page.evaluate((hash) => { location.hash = hash; }, new URL(address).hash);
      const dialog = page.locator("dialog[open]");
      await dialog.waitFor();
      const said = await dialog.innerText();
      assert.match(said, /This link can't be opened/, name);
      assert.match(said, message, name);
      assert.match(said, /Nothing was run or saved/, name);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    }

    // Script in names is shown as what it is.
    const script = "<img src=x onerror=window.harm=1>";
    await page.evaluate((hash) => { location.hash = hash; }, new URL(link(url, some([[`${script.replaceAll("/", "")}.py`, "window.harm = 1"]], { name: script, run: [`echo ${script}`], view: script, revision: script }))).hash);
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /<img src=x onerror=window\.harm=1>[\s\S]*It asks to run:\s+echo <img/);
    assert.equal(await page.locator("dialog img").count(), 0);
    assert.deepEqual(await page.evaluate(() => window.limbeck.export()), before);
    assert.equal(await page.locator(".entry").count(), 0);
    await dialog.getByRole("button", { name: "Open and run" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".entry:not(.runs)").length === 1);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => window.harm), undefined);

    // And a page that is opened by such a link works on.
    const other = await fresh();
    await other.page.waitForSelector("#models .cm-content");
    await other.page.goto(cases["broken compression"][0]);
    await other.page.locator("dialog[open]").waitFor();
    await other.page.keyboard.press("Escape");
    assert.match(await command(other.page, "alembic heads"), /\(head\)/);
  },
};
