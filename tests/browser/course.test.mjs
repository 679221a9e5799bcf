// Every lesson that the page comes with, solved in the page by hand: each step says what is missing, and is done when its
// solution has been typed and run.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { solve } from "./solve.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in the learner's pane. */
async function complaints(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run("#lesson", { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.flat().join(" ")}`));
  });
}

/** Opens a lesson from the list. */
async function begin(page, { slug, title }) {
  await page.click(".header .lessons");
  await page.locator(`[data-lesson="${slug}"]`).getByRole("button", { name: `Start: ${title}` }).click();
  await page.waitForFunction((title) => document.querySelector("#lesson-title")?.textContent === title, title, { timeout: 120_000 });
}

const all = async (fresh, { url }) => {
  const { courses } = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text());
  const lessons = courses.flatMap((course) => course.lessons);
  assert.ok(lessons.length > 0);
  // Two pages share them, and stay open: those on PostgreSQL go to one of them, which loads it once.
  const on = (server) => lessons.filter((lesson) => (lesson.database === "postgresql") === server);
  const [first, second] = [on(true), on(false)];
  const troubles = [];
  const take = async (own) => {
    const { page } = await fresh({ reducedMotion: "reduce" });
    for (;;) {
      const lesson = own.shift() ?? second.shift();
      if (!lesson) return;
      try {
        await begin(page, lesson);
        let looked = false;
        await solve(page, lesson.slug, {
          seen: async () => {
            if (!looked) assert.deepEqual(await complaints(page), []);
            looked = true;
          },
        });
      } catch (error) {
        const where = await page.innerText("#lesson-step").catch(() => "");
        const check = await page.innerText(".lesson-check").catch(() => "");
        troubles.push(`${lesson.slug}: ${where}: ${String(error.message).split("\n").slice(0, 3).join(" ")} ${check}`);
      }
    }
  };
  await Promise.all([take(first), take([])]);
  assert.deepEqual(troubles, []);
};
all.seconds = 1_200;

export default { "every lesson of the course is solved by hand, step by step, and says what is missing first": all };
