// Every lesson that the page comes with, solved in the page: each step is not done at first, and is when its solution has
// been typed and run.
import assert from "node:assert/strict";
import { said } from "./lesson.mjs";

const shown = (page) => page.innerText("#lesson-step");

const all = async (fresh, { url }) => {
  const { courses } = JSON.parse(await (await fetch(`${url}lessons/index.json`)).text());
  const lessons = courses.flatMap((course) => course.lessons);
  assert.ok(lessons.length > 0);
  const troubles = [];
  for (const { slug, title } of lessons) {
    // What is played need not be watched.
    const { page, context } = await fresh({ reducedMotion: "reduce" });
    try {
      await page.goto(`${url}?lesson=lessons/${slug}.zip`);
      await page.waitForSelector("#lesson", { timeout: 120_000 });
      assert.equal(await page.innerText("#lesson-title"), title);
      const steps = await page.locator(".lesson-steps li").count();
      for (let step = 1; step <= steps; step += 1) {
        await said(page, /Not yet/);
        assert.ok(await page.locator(".lesson-check .open").count() > 0, `${slug}: step ${step} says what is missing`);
        const name = await shown(page);
        await page.locator("#lesson").getByRole("button", { name: "Show me", exact: true }).click();
        await said(page, /^Done/);
        await page.waitForFunction(() => !document.querySelector(".entry.runs"));
        if (step < steps) {
          await page.click("#next-step");
          await page.waitForFunction((name) => document.querySelector("#lesson-step").textContent !== name, name);
        }
      }
      await page.waitForSelector(".lesson-finished");
    } catch (error) {
      troubles.push(`${slug}: ${await shown(page).catch(() => "")}: ${String(error.message).split("\n")[0]} ${await page.innerText(".lesson-check").catch(() => "")}`);
    }
    await context.close();
  }
  assert.deepEqual(troubles, []);
};
all.seconds = 1_800;

export default { "every lesson of the course is solved by its solution, step by step": all };
