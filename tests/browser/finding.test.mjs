// Finding: in all files, in the console, in the graph, in the editor, and by the palette.
import assert from "node:assert/strict";
import { command, until } from "./steps.mjs";

export default {
  "Ctrl+Shift+F searches all files, and goes to the line": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.keyboard.press("Control+Shift+F");
    await page.waitForSelector("#search-files:focus");
    await page.keyboard.type("target_metadata");
    await page.waitForSelector(".found-file >> text=alembic/env.py");
    assert.match(await page.innerText(".search-files [role=status]"), /\d+ lines in 1 file/);
    assert.ok(await page.locator(".found-line mark").count() >= 3);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().file === "alembic/env.py");
    await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-activeLine")?.textContent.includes("target_metadata"));
    // Revisions open in their own column; what is typed is found before it is saved by hand.
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Revises: 3b1f");
    await page.waitForSelector(".found-line");
    await page.click(".found-line");
    await page.waitForFunction(() => window.limbeck.state().revision === "8e5d27b46c10");
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("no such words anywhere");
    await page.waitForSelector("text=Not found in any file.");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".search-files", { state: "detached" });
    await page.waitForSelector(".tree");
  },

  "a search on a phone": async (fresh) => {
    const { page } = await fresh({ width: 390, height: 844, hasTouch: true, isMobile: true });
    await page.locator('#models [aria-label="All files"]').tap();
    await page.locator('.tree [aria-label="Search in all files"]').tap();
    await page.waitForSelector("#search-files:focus");
    await page.keyboard.type("isbn");
    await page.locator(".found-line", { hasText: "isbn" }).first().tap();
    await page.waitForSelector(".tree", { state: "detached" });
    await page.waitForFunction(() => window.limbeck.state().file === "models.py");
  },

  "Ctrl+F finds in the console": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await command(page, "alembic history --verbose");
    await page.keyboard.press("Control+f");
    await page.waitForSelector(".find-bar input:focus");
    await page.keyboard.type("revision id");
    await page.waitForSelector(".log mark.at");
    assert.match(await page.innerText(".find-bar"), /2 of 2/);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".find-bar >> text=1 of 2");
    await page.keyboard.press("Shift+Enter");
    await page.waitForSelector(".find-bar >> text=2 of 2");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".find-bar", { state: "detached" });
    assert.equal(await page.locator(".log mark").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.id), "console-input");
  },

  "Ctrl+F finds in the graph": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus(".graph-list");
    await page.keyboard.press("Control+f");
    await page.waitForSelector("#revision-filter:focus");
    await page.keyboard.type("authors");
    await page.waitForFunction(() => document.querySelectorAll(".revision").length === 1);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.matches(".graph-list"));
    await page.focus("#revision-filter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#revision-filter", { state: "detached" });
    assert.equal(await page.locator(".revision").count(), 2);
  },

  "the editor's find looks as the page does": async (fresh) => {
    for (const theme of ["light", "dark"]) {
      const { page, context } = await fresh({ theme });
      await page.waitForSelector("#models .cm-content");
      await page.keyboard.press("Alt+1");
      await page.keyboard.press("Control+f");
      const look = () => page.evaluate(() => {
        const panel = document.querySelector("#models .editor").shadowRoot.querySelector(".cm-search");
        if (!panel) return null;
        const [field, button] = [panel.querySelector(".cm-textfield"), panel.querySelector(".cm-button")];
        return { height: field.getBoundingClientRect().height, image: getComputedStyle(button).backgroundImage, ink: getComputedStyle(button).color, page: getComputedStyle(document.body).color, wide: panel.scrollWidth <= panel.clientWidth + 1 };
      });
      await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-search"));
      const found = await look();
      assert.ok(found.height >= 28 && found.image === "none" && found.ink === found.page && found.wide, JSON.stringify(found));
      await page.keyboard.type("author");
      await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-searchMatch"));
      await context.close();
    }
  },

  "the palette finds classes and attributes of the models, and files": async (fresh) => {
    const { page } = await fresh();
    await page.waitForSelector("#models .cm-content");
    await page.focus("#upgrade");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Author.born");
    await page.waitForSelector('.palette-item[aria-selected="true"] >> text=Author.born');
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("#models .editor").shadowRoot.querySelector(".cm-activeLine")?.textContent.includes("born: Mapped"));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("script.py.mako");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.limbeck.state().file.endsWith("script.py.mako"));
  },
};
