// Every lesson that the page comes with, solved in the page by typing and clicking: each step tells what is missing
// before it is done. One is solved on a phone by touch, one by keyboard alone.
import assert from "node:assert/strict";
import { complaints } from "./axe.mjs";
import { finger, keyboard, mouse, solve, stepsOf } from "./solver.mjs";

/** Who solves what; all else is done by mouse. */
const HANDS = { "02-add-a-column": finger, "04-going-back": keyboard };
/** Which lessons, for who writes one: LESSONS=^02. */
const ONLY = new RegExp(process.env.LESSONS ?? "");

/** Opens a lesson from the list. */
async function begin(page, { slug, title }) {
  if (await page.locator(".header > .lessons").isVisible()) {
    await page.click(".header > .lessons");
  } else {
    await page.locator(".help-menu > summary").tap();
    await page.locator(".help-menu .choice").first().tap();
  }
  await page.locator(`[data-lesson="${slug}"] button`).last().click();
  await page.waitForFunction((title) => document.querySelector("#lesson-title")?.textContent === title, title, { timeout: 120_000 });
}

const all = async (fresh, { url }) => {
  const { courses } = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text());
  const lessons = courses.flatMap((course) => course.lessons).filter(({ slug }) => ONLY.test(slug));
  assert.ok(lessons.length > 0);
  const troubles = [];
  const take = async (page, lesson, hands) => {
    const steps = stepsOf(new Uint8Array(await (await fetch(`${url}lessons/${lesson.slug}.zip`)).arrayBuffer()));
    try {
      await begin(page, lesson);
      await solve(page, steps, hands);
      assert.deepEqual(await complaints(page), []);
    } catch (error) {
      const where = await page.innerText("#lesson-step").catch(() => "");
      troubles.push(`${lesson.slug}: ${where}: ${String(error.message).split("\n").slice(0, 4).join(" ")}`);
    }
  };
  // Two lanes share them. A page stays open for one lesson after the other; those on PostgreSQL begin one of the lanes, so
  // that it loads once.
  const first = lessons.filter((lesson) => lesson.database === "postgresql");
  const rest = lessons.filter((lesson) => lesson.database !== "postgresql");
  const lane = async (own) => {
    let open;
    for (let lesson; (lesson = own.shift() ?? rest.shift()); ) {
      const hands = HANDS[lesson.slug];
      if (hands) {
        const { page, context } = await fresh(hands.options);
        await take(page, lesson, hands);
        await context.close();
      } else {
        open ??= await fresh();
        await take(open.page, lesson, mouse);
      }
    }
  };
  await Promise.all([lane(first), lane([])]);
  assert.deepEqual(troubles, []);
};
all.seconds = 900;

export default { "every lesson of the course is solved by hand, step by step": all };
