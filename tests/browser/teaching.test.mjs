// Lessons for classes: a link with chosen lessons, what learners hand in, and the table that a teacher makes of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { command, until } from "./steps.mjs";
import { drop, hero, openLesson, said, zip } from "./lesson.mjs";

const words = readFileSync(fileURLToPath(new URL("../../web/parts/share/dictionary-1.txt", import.meta.url)), "utf8");
const dictionary = Buffer.from(JSON.stringify(words).slice(1, -1));
const PREFIX = "#limbeck-lesson=1.";
const unpack = (text) => JSON.parse(inflateRawSync(Buffer.from(text.slice(PREFIX.length), "base64url"), { dictionary }).toString());
const pack = (document) => PREFIX + deflateRawSync(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)), { dictionary }).toString("base64url");

/** The seal of a hand-in, as the page makes it: FNV-1a of its JSON without a seal. */
function seal(document) {
  let sum = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(JSON.stringify({ ...document, seal: "" }))) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n);
  return { ...document, seal: sum.toString(16).padStart(16, "0") };
}

/** Hands in under a name; gives the file's text. */
async function handIn(page, name) {
  await page.click(".lesson-menu > summary");
  await page.locator(".lesson-menu .choice", { hasText: "Hand in" }).click();
  await page.fill("#hand-in-name", name);
  await page.waitForSelector("#hand-in-file");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#hand-in-file")]);
  assert.match(saved.suggestedFilename(), /\.limbeck-lesson$/);
  await page.keyboard.press("Escape");
  return readFileSync(await saved.path(), "utf8");
}

async function model(page) {
  await page.locator("#models .cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(hero);
  await said(page, /Done: Write the model/);
}

const whenRead = (page) => page.waitForFunction(() => {
  const rows = [...document.querySelectorAll("dialog[open] tbody tr")];
  return rows.length > 0 && !rows.some((row) => row.textContent.includes("being checked"));
}, null, { timeout: 120_000 });

const thirty = async (fresh) => {
  const { page } = await fresh();
  await openLesson(page);
  await model(page);
  await new Promise((done) => setTimeout(done, 500));
  const half = unpack(await handIn(page, "Ada"));
  await page.click("#next-step");
  await said(page, /Not yet: 0 of 2 done/);
  await command(page, "alembic revision --autogenerate -m hero");
  await command(page, "alembic upgrade head");
  await said(page, /Done: Make the table/);
  await new Promise((done) => setTimeout(done, 500));
  const whole = unpack(await handIn(page, "Bob"));
  assert.deepEqual(whole.taken.map((step) => [step.id, step.done > 0]), [["model", true], ["table", true]]);

  // As a class would: half of them are done, and some are not what they say.
  const files = [];
  for (let number = 0; number < 26; number += 1) {
    files.push({ name: `${number}.limbeck-lesson`, text: pack(seal({ ...(number % 2 ? half : whole), name: `Learner ${number}` })) });
  }
  const claimed = structuredClone(whole);
  claimed.name = "Claimed";
  claimed.taken[1].end = half.taken[0].end;
  files.push({ name: "claimed.limbeck-lesson", text: pack(seal(claimed)) });
  files.push({ name: "edited.limbeck-lesson", text: pack({ ...whole, name: "Edited" }) });
  files.push({ name: "foreign.limbeck-lesson", text: pack(seal({ ...whole, name: "Foreign", lesson: "another" })) });
  files.push({ name: "cut.limbeck-lesson", text: pack(whole).slice(0, -40) });
  const helped = structuredClone(whole);
  Object.assign(helped.taken[0], { hints: 2, played: true });
  files[0].text = pack(seal({ ...helped, name: "Learner 0" }));

  const teacher = await fresh();
  await drop(teacher.page, [{ name: "two-steps.zip", base64: zip() }]);
  await teacher.page.waitForSelector("#lesson");
  await drop(teacher.page, files);
  await whenRead(teacher.page);
  const rows = await teacher.page.locator("dialog[open] tbody tr").allInnerTexts();
  assert.equal(rows.length, 30);
  const row = (name) => rows.find((text) => text.startsWith(name));
  for (let number = 0; number < 26; number += 1) {
    assert.match(row(`Learner ${number}\t`), number % 2 ? /1 of 2 steps/ : /2 of 2 steps[\s\S]*finished/);
    assert.match(row(`Learner ${number}\t`), /checked/);
  }
  assert.match(row("Learner 0\t"), /2 hints, 1 step shown/);
  assert.doesNotMatch(row("Learner 2\t"), /hint|shown/);
  assert.match(row("Claimed"), /Step table is not done\. /);
  assert.match(row("Edited"), /changed after it was handed in/);
  assert.match(row("Foreign"), /not one of this page/);
  assert.match(row("cut"), /no hand-in/);
  // Any of them opens as a project, as it was after each of its steps; the table stays.
  const open = async (name, step) => {
    await teacher.page.locator("dialog[open]").getByRole("button", { name: `Open: ${name}, after step ${step}`, exact: true }).click();
    await teacher.page.waitForFunction(([name, step]) => document.querySelector(".notice")?.textContent.includes(`what ${name} had after step ${step}`), [name, step]);
  };
  const table = async () => {
    await teacher.page.click(".header .lessons");
    await teacher.page.getByRole("button", { name: "What was handed in …" }).click();
    await whenRead(teacher.page);
    assert.equal(await teacher.page.locator("dialog[open] tbody tr").count(), 30);
  };
  const tables = () => teacher.page.evaluate(async () => (await window.limbeck.schema()).flatMap((one) => (one.tables ?? []).map((table) => table.name)));
  await open("Learner 0", 2);
  assert.ok((await tables()).includes("hero"));
  await table();
  await open("Learner 0", 1);
  assert.ok(!(await tables()).includes("hero"));
  await teacher.page.reload();
  await teacher.page.evaluate(() => window.limbeck.ready);
  await table();
  await teacher.page.getByRole("button", { name: "Forget all of it" }).click();
  await teacher.page.click(".header .lessons");
  await teacher.page.waitForSelector("dialog[open] .lessons-list");
  assert.equal(await teacher.page.getByRole("button", { name: "What was handed in …" }).count(), 0);
};
thirty.seconds = 240;

export default {
  "thirty hand-ins make a table that tells who is where, and which are not what they say": thirty,

  "a lesson of another site is refused, and one of the page's own opens from the address": async (fresh, { url }) => {
    const { page } = await fresh();
    await page.goto(`${url}?lesson=https://example.org/lesson.zip`);
    await page.waitForFunction(() => /only from the site of this page/.test(document.querySelector(".notice")?.textContent ?? ""));
    assert.equal(await page.locator("#lesson").count(), 0);

    const [first] = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text()).courses.flatMap((course) => course.lessons);
    const other = await fresh();
    await other.page.goto(`${url}?lesson=lessons/${first.slug}.zip`);
    await other.page.waitForSelector("#lesson");
    assert.equal(await other.page.innerText("#lesson-title"), first.title);
    assert.equal(await other.page.locator(".lesson-steps .done").count(), 0);
    // The address does not open it again.
    assert.equal(new URL(other.page.url()).search, "");
  },

  "a class is a link with chosen lessons": async (fresh, { url }) => {
    const { page } = await fresh();
    await page.locator(".header .lessons").click();
    await page.waitForSelector("dialog[open] .lessons-list");
    const all = await page.locator(".lessons-list li").count();
    await page.getByRole("button", { name: "Make a class …" }).click();
    await page.fill("#class-name", "Tuesday & Co");
    await page.locator(".class-lessons label").first().click();
    const link = await page.inputValue("#class-link");
    const other = await fresh();
    await other.page.goto(link);
    await other.page.waitForSelector("dialog[open] .lessons-list");
    assert.equal(await other.page.locator(".lessons-list li").count(), 1);
    assert.ok(all >= 1);
    assert.equal(await other.page.innerText("dialog[open] h2"), "Tuesday & Co");
  },

  "a playground in a page of another site loads when it is wanted, and tells how far its lesson is": async (fresh, { url }) => {
    const [first] = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text()).courses.flatMap((course) => course.lessons);
    const body = `<!doctype html><title>host</title><link rel="icon" href="data:,"><h1>A page</h1>
<script src="${url}playground.js" defer></script>
<limbeck-playground lesson="lessons/${first.slug}.zip" height="700px"><pre>alembic upgrade head</pre></limbeck-playground>`;
    const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(body));
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    try {
      const { page } = await fresh();
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`http://localhost:${server.address().port}/`);
      await page.locator("limbeck-playground button").waitFor();
      assert.match(await page.innerText("limbeck-playground"), /alembic upgrade head/);
      assert.ok(!asked.some((one) => one.endsWith(".wasm")), "nothing of the engine is loaded yet");
      await page.evaluate(() => {
        window.heard = [];
        addEventListener("limbeck-lesson", (event) => window.heard.push(event.detail));
      });
      await page.locator("limbeck-playground button").click();
      const frame = page.frameLocator("limbeck-playground iframe");
      await frame.locator("#lesson").waitFor({ timeout: 60_000 });
      await page.waitForFunction(() => window.heard.length > 0, null, { timeout: 60_000 });
      const [told] = await page.evaluate(() => window.heard);
      assert.equal(told.lesson, first.slug);
      assert.deepEqual(told.done, []);
      await frame.getByRole("button", { name: "Show me", exact: true }).click();
      await page.waitForFunction(() => window.heard.some((one) => one.done.length === 1), null, { timeout: 60_000 });
    } finally {
      server.close();
    }
  },
};
