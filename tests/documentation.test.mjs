// The documentation as pages: no link leads nowhere, nothing comes from elsewhere, and each rule has its page.
//   node --test tests/documentation.test.mjs
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { documentation } from "../web/hooks/documentation.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "docs-"));
after(() => rmSync(folder, { recursive: true }));

const pages = documentation(folder);
const html = (page) => readFileSync(join(folder, page), "utf8");

test("every link leads to a page and a heading that is there", () => {
  let links = 0;
  for (const page of pages) {
    for (const [, href] of html(page).matchAll(/ (?:href|src)="([^"]+)"/g)) {
      const [file, anchor] = href.split("#");
      // The page itself lies above.
      if (/^(https?|mailto):/.test(href) || /^(\.\.\/)+(index\.html|icon\.svg)/.test(href)) continue;
      const target = file === "" ? join(folder, page) : join(folder, dirname(page), file);
      assert.ok(existsSync(target), `${page}: ${href}`);
      if (anchor) assert.ok(readFileSync(target, "utf8").includes(`id="${anchor}"`), `${page}: ${href}`);
      links += 1;
    }
  }
  assert.ok(links > pages.length * 30, `${links} links`);
});

test("a link that leads nowhere stops the build", () => {
  assert.throws(() => documentation(folder, { "docs/ci.md": "# CI\n\n[gone](gone.md)\n" }), /ci: gone\.md is not there/);
  assert.throws(
    () => documentation(folder, { "docs/ci.md": "# CI\n\n[gone](commands.md#limbeck-fly)\n" }),
    /commands\.md#limbeck-fly has no such heading/,
  );
});

test("nothing is loaded from elsewhere", () => {
  for (const page of pages) {
    assert.doesNotMatch(html(page), /<(?:link|script|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\//, page);
    assert.doesNotMatch(html(page), /<script/, page);
  }
});

test("each rule has a page, which the list of rules leads to", () => {
  const rules = readdirSync(join(root, "docs/rules")).filter((name) => name !== "README.md");
  for (const name of rules) assert.ok(html("rules/index.html").includes(`href="${name.replace(".md", ".html")}"`), name);
});
