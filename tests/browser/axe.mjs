// What axe-core finds on a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, one line each; a rule that it has on trial, and off by itself, stays off. */
export async function complaints(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  // What moves is looked at when it stands still.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))));
  return page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: false } }, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.flat().join(" ")} ${node.any.map((any) => any.message).join("; ").slice(0, 160)}`));
  });
}
