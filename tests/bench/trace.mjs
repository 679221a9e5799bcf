// What keeps the main thread: long tasks as the page sees them, and all tasks as a trace of Chromium does.
import { readFileSync } from "node:fs";

/** A task that is longer than this keeps a person waiting. */
export const LONG = 50;

/** Runs in a page before anything else: keeps the durations of tasks of 50 ms and more. */
export function watchLongTasks() {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
}

export const longTasks = (page) => page.evaluate(() => window.longTasks);

/** Waits until the page has done all that it does by itself. */
export async function settled(page) {
  await page.waitForFunction(() => window.limbeck.state().running === 0 && document.querySelector(".pending")?.getAttribute("aria-busy") === "false", null, { timeout: 120_000 });
  await page.waitForTimeout(2000);
}

/** Records what Chromium does while `work` runs; gives the tasks of the page's main thread, longest first. */
export async function traced(browser, page, file, work) {
  await browser.startTracing(page, { path: file, categories: ["toplevel", "devtools.timeline", "blink.user_timing"] });
  await work();
  await browser.stopTracing();
  const events = JSON.parse(readFileSync(file)).traceEvents;
  const mains = events.filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain");
  const threads = mains.map((main) => {
    const own = events.filter((event) => event.pid === main.pid && event.tid === main.tid);
    return { own, tasks: own.filter((event) => event.ph === "X" && event.name.endsWith("RunTask")) };
  });
  // Chromium keeps a spare renderer: the page's is the one that works.
  const busy = (thread) => thread.tasks.reduce((sum, task) => sum + task.dur, 0);
  const { own, tasks } = threads.sort((a, b) => busy(b) - busy(a))[0];
  tasks.sort((a, b) => b.dur - a.dur);
  const marks = own.filter((event) => event.cat?.includes("blink.user_timing") && event.name.startsWith("bench:")).sort((a, b) => a.ts - b.ts);
  return tasks.map((task) => ({
    milliseconds: task.dur / 1000,
    /** Of these, on the processor: on a busy machine a task waits for its turn, and is long by no fault of its own. */
    processor: (task.tdur ?? task.dur) / 1000,
    /** The part of the task that took longest by Chromium's account. */
    part: longestPart(own, task),
    /** What the bench did then. */
    during: marks.findLast((mark) => mark.ts <= task.ts + task.dur)?.name.slice("bench:".length) ?? "",
  }));
}

function longestPart(events, task) {
  if (task.dur < LONG * 500) return "";
  const inside = events.filter((event) => event.ph === "X" && event !== task && event.ts >= task.ts && event.ts + event.dur <= task.ts + task.dur && !event.name.includes("RunTask") && !event.cat.includes("toplevel"));
  const longest = inside.sort((a, b) => b.dur - a.dur)[0];
  return longest ? `${longest.name} ${(longest.dur / 1000).toFixed(0)} ms` : "";
}
