// Keys, their sheet, and the command palette.
import assert from "node:assert/strict";
import { command, query, read, until } from "./steps.mjs";

/** What has the keyboard, inside an editor too. */
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.id || element?.className || element?.tagName;
});

export default {
  "the palette finds a command by a few letters and runs it": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus("#upgrade");
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox", { name: "Find a command, file or revision" });
    await input.waitFor();
    assert.match(await page.innerText(".palette-list"), /Autogenerate a revision …[\s\S]*Upgrade to head[\s\S]*alembic downgrade -1[\s\S]*Show keyboard shortcuts\s*\?/);
    await page.keyboard.type("down base");
    await page.waitForFunction(() => document.querySelector('.palette-item[aria-selected="true"]')?.innerText.includes("Downgrade to base"));
    const chosen = await input.getAttribute("aria-activedescendant");
    assert.match(await page.innerText(`#${chosen}`), /alembic downgrade base/);
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.waitForFunction(() => document.querySelector(".entry:last-child")?.innerText.includes("alembic downgrade base") && !document.querySelector(".entry.runs"));
    assert.deepEqual(await query(page, "SELECT count(*) FROM alembic_version"), [[0]]);
  },

  "the palette goes to files, revisions and tables; arrows and Escape work": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus("#console-input");
    await page.keyboard.press("Control+Shift+P");
    await page.keyboard.type("open env");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().file === "alembic/env.py");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("revision authors and books");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().revision === "3b1f0c9a7d42");
    await page.waitForFunction(() => document.activeElement.closest("#migrations"));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("table member");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().table === "member");
    // Arrow keys walk round; what fits nothing says so; Escape gives the keyboard back.
    await page.focus("#upgrade");
    await page.keyboard.press("Control+k");
    await page.waitForSelector('#palette-0[aria-selected="true"]');
    await page.keyboard.press("ArrowUp");
    await page.waitForSelector('.palette-item:last-child[aria-selected="true"]');
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('#palette-0[aria-selected="true"]');
    await page.keyboard.type("qqqq");
    await page.waitForSelector("text=No matches.");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.equal(await focused(page), "upgrade");
  },

  "autogenerate from the palette asks for its message": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.evaluate(async () => {
      const text = await window.limbeck.files.read("models.py");
      await window.limbeck.files.write("models.py", text.replace("#isbn", "isbn"));
    });
    await page.waitForFunction(() => /\d.* to write/.test(document.querySelector("#autogenerate").innerText));
    await page.click('.header [aria-label="Commands"]');
    await page.keyboard.type("autogen");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#message:focus");
    await page.keyboard.type("by palette");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".revision >> text=by palette");
  },

  "? shows the keys outside fields of text, and is typed inside": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus("#console-input");
    await page.keyboard.type("echo ?");
    assert.equal(await page.inputValue("#console-input"), "echo ?");
    assert.equal(await page.locator("dialog").count(), 0);
    await page.locator("#models .cm-line").first().click();
    await page.keyboard.type("?");
    await until(page, async () => (await window.limbeck.files.read("models.py")).includes("?"));
    assert.equal(await page.locator("dialog").count(), 0);
    await page.focus("#upgrade");
    await page.keyboard.type("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    const text = await sheet.innerText();
    for (const one of ["Go to Models", "Find a command", "Show or hide Files", "Leave the editor", "stop the running command"]) assert.ok(text.includes(one), one);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    assert.equal(await focused(page), "upgrade");
    await page.click(".help-menu summary");
    await page.click('.help-menu .choice:has-text("Keyboard shortcuts")');
    await sheet.waitFor();
    // Every key of the sheet is drawn, the plus too.
    const keys = await sheet.locator("kbd").allInnerTexts();
    assert.ok(keys.every((key) => key.trim()) && keys.includes("+"), keys.join(" "));
    await page.click('dialog [aria-label="Close"]');
    await sheet.waitFor({ state: "detached" });
  },

  "every key of the sheet does what it says": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    // They focus what one types in.
    for (const [keys, place] of [["Alt+1", "#models .editor"], ["Alt+2", "#migrations .editor"], ["Alt+3", ".sql-frame .editor"], ["Alt+4", "#console-input"], ["Control+`", "#console-input"]]) {
      await page.keyboard.press(keys);
      await page.waitForFunction((place) => document.activeElement.matches(place), place);
    }
    await page.keyboard.press("Control+b");
    await page.waitForSelector(".tree");
    await page.keyboard.press("Control+b");
    await page.waitForSelector(".tree", { state: "detached" });
    await page.keyboard.press("Control+s");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("restore models");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".page.wide-models");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".page.wide-models", { state: "detached" });
  },

  "Tab indents in an editor, Escape then Tab leaves it": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    const before = await read(page, "models.py");
    await page.locator("#models .cm-line").first().click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Tab");
    await until(page, async (before) => (await window.limbeck.files.read("models.py")) === `    ${before}`, before);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    const inside = () => page.evaluate(() => Boolean(document.activeElement.closest("#models .editor")));
    assert.equal(await inside(), false);
    await page.keyboard.press("Shift+Tab");
    assert.equal(await inside(), true);
  },

  "every control can be reached by Tab, and shows that it has the keyboard": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.evaluate(() => document.body.focus());
    const seen = new Set();
    const unseen = [];
    for (let count = 0; count < 120; count += 1) {
      // Out of an editor too.
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      const one = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (!element || element === document.body) return null;
        // Around it, or around what it fills.
        let outlined = false;
        for (let up = element; up; up = up.parentElement) outlined ||= getComputedStyle(up).outlineStyle !== "none";
        const drawn = outlined || element.closest(".prompt, .sql-frame, .cm-editor, .divider");
        return { name: element.getAttribute("aria-label") || element.id || element.innerText?.split("\n")[0] || element.className, drawn: Boolean(drawn) };
      });
      if (!one) break;
      if (!one.drawn) unseen.push(one.name);
      seen.add(one.name);
    }
    assert.deepEqual(unseen, []);
    for (const name of ["Commands", "New empty project", "Light or dark", "autogenerate", "downgrade", "console-input"]) assert.ok([...seen].some((one) => one === name), `${name} is not reached: ${[...seen].join(", ")}`);
  },
};
