// Every lesson that the page comes with, solved in the page by typing and clicking: each step tells what is missing
// before it is done. One is solved on a phone by touch, one by keyboard alone.
import assert from "node:assert/strict";
import { complaints } from "./axe.mjs";
import { finger, keyboard, mouse, solve, stepsOf } from "./solver.mjs";

/** Who solves what. */
const HANDS = { "02-add-a-column": finger, "04-going-back": keyboard };
/** Which lessons, for who writes one: LESSONS=^02. */
const ONLY = new RegExp(process.env.LESSONS ?? "");
/** How many lessons are taken at a time. */
const LANES = 2;

const all = async (fresh, { url }) => {
  const { courses } = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text());
  const lessons = courses.flatMap((course) => course.lessons).filter(({ slug }) => ONLY.test(slug));
  assert.ok(lessons.length > 0);
  const troubles = [];
  const take = async ({ slug, title }) => {
    const steps = stepsOf(new Uint8Array(await (await fetch(`${url}lessons/${slug}.zip`)).arrayBuffer()));
    const hands = HANDS[slug] ?? mouse;
    const { page, context } = await fresh({ ...hands.options, address: `${url}?lesson=lessons/${slug}.zip` });
    try {
      await page.waitForSelector("#lesson", { timeout: 120_000 });
      assert.equal(await page.innerText("#lesson-title"), title);
      await solve(page, steps, hands);
      assert.deepEqual(await complaints(page), []);
    } catch (error) {
      troubles.push(`${slug}: ${await page.innerText("#lesson-step").catch(() => "")}: ${String(error.message).split("\n").slice(0, 4).join(" ")}`);
    }
    await context.close();
  };
  const left = [...lessons];
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (left.length) await take(left.shift());
  }));
  assert.deepEqual(troubles, []);
};
all.seconds = 900;

export default { "every lesson of the course is solved by hand, step by step": all };
