// The diagram: what it shows, how one moves in it, and what it is exported as.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { load, project } from "./projects.mjs";
import { command, pending, query, read } from "./steps.mjs";

/** Opens the tab and waits until so many tables are drawn. */
async function diagram(page, tables) {
  await page.click("#tab-diagram");
  await page.waitForFunction((number) => document.querySelectorAll(".diagram .table").length === number, tables);
}

/** Runs SQL in a database that it makes. */
const sql = (page, text) => page.evaluate((text) => window.limbeck.query(text, { database: "app.db" }), text);

/** Where tables and the ends of edges are, in the drawing's own measure. */
const places = (page) =>
  page.evaluate(() => ({
    boxes: Object.fromEntries(
      [...document.querySelectorAll(".diagram .table")].map((table) => {
        const box = table.querySelector("rect");
        return [table.dataset.table, ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)))];
      }),
    ),
    edges: [...document.querySelectorAll(".diagram .relation")].map((edge) => {
      const way = edge.querySelector(".way");
      const [start, end] = [way.getPointAtLength(0), way.getPointAtLength(way.getTotalLength())];
      return { from: edge.dataset.from, to: edge.dataset.to, start: [start.x, start.y], end: [end.x, end.y] };
    }),
  }));

/** What a table is called for those who don't see it. */
const title = (page, table) => page.locator(`.diagram .table[data-table="${table}"] > title`).textContent();

const moved = (page) => page.getAttribute(".diagram svg > g", "transform");
const scale = async (page) => Number((await moved(page)).match(/scale\(([\d.]+)\)/)[1]);

/** Sixty tables, most of which refer to one or two others. */
const SIXTY = Array.from({ length: 60 }, (_, number) => {
  const to = [Math.floor(number / 4), (number * 7 + 3) % 60].filter((other, index) => other !== number && (index === 0 ? number % 6 : number % 3 === 0));
  const columns = Array.from({ length: 2 + (number % 6) }, (_, column) => `column_${column} VARCHAR(${10 + column}) ${column % 2 ? "NOT NULL" : ""}`);
  const keys = to.map((other, index) => `key_${index} INTEGER ${index ? "" : "NOT NULL"} REFERENCES "table ${other}" (id)`);
  return `CREATE TABLE "table ${number}" (id INTEGER PRIMARY KEY, ${[...columns, ...keys].join(", ")})`;
}).join(";\n");

export default {
  "tables, keys and what refers to what are drawn, with what changed": async (fresh) => {
    const { page } = await fresh();
    const tables = (await query(page, "SELECT count(*) FROM sqlite_master WHERE type = 'table'"))[0][0];
    await diagram(page, tables);
    const book = page.locator('.diagram .table[data-table="book"]');
    assert.match((await book.locator("text").allTextContents()).join(" "), /book PK id integer .*FK author_id integer/);
    assert.ok((await page.locator('.diagram .relation[data-from="book"][data-to="author"]').count()) === 1);

    // For those who don't see it: a name, a list, and each table.
    assert.match(await page.getAttribute(".diagram", "aria-label"), /Diagram with \d+ tables and \d+ relationships/);
    const told = await page.locator(".diagram").ariaSnapshot();
    assert.match(told, /button "book, \d+ columns, refers to author"/);
    assert.match(told, /listitem: .*author.*: id integer primary key; name/);
    assert.match(told, /book\.author_id refers to author/);

    await command(page, `sqlite3 library.db "ALTER TABLE book ADD COLUMN shelf TEXT; CREATE TABLE shelf (id INTEGER PRIMARY KEY); DROP TABLE loan"`);
    await page.waitForFunction(() => document.querySelector('.diagram .table[data-table="shelf"]'));
    assert.match(await title(page, "shelf"), /^shelf, added/);
    assert.match(await title(page, "loan"), /^loan, removed/);
    assert.match(await title(page, "book"), /^book, altered/);
    const texts = await book.locator("text").allTextContents();
    assert.equal(texts[texts.indexOf("shelf") - 1], "+");
    assert.ok(texts.includes("~ book"), texts.join(" "));
  },

  "the models are drawn against the database": async (fresh) => {
    const { page } = await fresh();
    await pending(page, /database matches the models/);
    await diagram(page, (await query(page, "SELECT count(*) FROM sqlite_master WHERE type = 'table'"))[0][0]);
    await page.click('.diagram-bar button:text-is("Models")');
    // Alembic's own table is none of the models'.
    await page.waitForFunction(() => document.querySelector(".diagram .table") && !document.querySelector('.diagram .table[data-table="alembic_version"]'));
    assert.equal(await page.getAttribute('.diagram-bar button:text-is("Models")', "aria-pressed"), "true");
    assert.equal(await page.locator('.diagram .table:not([data-change=""])').count(), 0);
    const models = await read(page, "models.py");
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), `${models.replace("born: Mapped", "birth_year: Mapped")}\n\nclass Shelf(Base):\n    __tablename__ = "shelf"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`);
    await page.waitForSelector('.diagram .table[data-table="shelf"][data-change="added"]');
    const author = page.locator('.diagram .table[data-table="author"]');
    assert.match(await title(page, "author"), /^author, altered/);
    const texts = (await author.locator("text").allTextContents()).join(" ");
    assert.match(texts, /\+ birth_year/);
    assert.match(texts, /− born/);
    // What can't be read is told.
    await page.evaluate((text) => window.limbeck.files.write("models.py", text), "import nowhere_at_all\n");
    await page.waitForSelector("#diagram-panel .failure >> text=/models/");
  },

  "sixty tables stand apart, and edges end at their boxes": async (fresh) => {
    const { page } = await fresh();
    await load(page, project([], { "app.db": "" }));
    await sql(page, SIXTY);
    await diagram(page, 60);
    for (const keysOnly of [true, false]) {
      const button = page.locator('.diagram-bar button:text-is("Keys only")');
      if ((await button.getAttribute("aria-pressed")) !== String(keysOnly)) await button.click();
      await page.waitForFunction((pressed) => [...document.querySelectorAll(".diagram-bar button")].some((one) => one.textContent === "Keys only" && one.getAttribute("aria-pressed") === pressed), String(keysOnly));
      await page.waitForFunction((keysOnly) => [...document.querySelectorAll(".diagram text")].some((text) => text.textContent === "column_0") !== keysOnly, keysOnly);
      const { boxes, edges } = await places(page);
      const all = Object.entries(boxes);
      assert.equal(all.length, 60);
      for (const [name, [x, y, width, height]] of all) {
        for (const [other, [left, top, wide, high]] of all) {
          if (name < other) assert.ok(x + width <= left || left + wide <= x || y + height <= top || top + high <= y, `${name} and ${other} overlap`);
        }
      }
      assert.ok(edges.length > 40);
      for (const { from, to, start, end } of edges) {
        for (const [name, [px, py]] of [[from, start], [to, end]]) {
          const [x, y, width, height] = boxes[name];
          assert.ok((Math.abs(px - x) < 0.6 || Math.abs(px - x - width) < 0.6) && py >= y && py <= y + height, `${from} to ${to} ends beside ${name}`);
        }
      }
    }
  },

  "one moves in it by mouse, touch and keyboard, and brings out a table": async (fresh) => {
    const { page } = await fresh();
    await load(page, project([], { "app.db": "" }));
    await sql(page, SIXTY);
    await diagram(page, 60);
    const box = await page.locator(".diagram").boundingBox();
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    const other = async (does) => {
      const before = await moved(page);
      await does();
      await page.waitForFunction((before) => document.querySelector(".diagram svg > g").getAttribute("transform") !== before, before);
    };
    await other(async () => {
      await page.mouse.move(...middle);
      await page.mouse.down();
      await page.mouse.move(middle[0] + 60, middle[1] + 30, { steps: 4 });
      await page.mouse.up();
    });
    const first = await scale(page);
    await page.keyboard.down("Control");
    await other(() => page.mouse.wheel(0, -200));
    await page.keyboard.up("Control");
    assert.ok((await scale(page)) > first);
    await other(() => page.mouse.wheel(0, 100));
    await page.focus(".diagram");
    await other(() => page.keyboard.press("ArrowLeft"));
    const before = await scale(page);
    await other(() => page.keyboard.press("-"));
    assert.ok((await scale(page)) < before);
    await other(() => page.keyboard.press("+"));
    await page.keyboard.press("0");
    await page.waitForFunction((first) => Math.abs(Number(document.querySelector(".diagram svg > g").getAttribute("transform").match(/scale\(([\d.]+)/)[1]) - first) < 0.001, first);
    await other(() => page.click('[aria-label="Zoom in"]'));
    await other(() => page.click('.diagram-bar button:text-is("Fit")'));

    // Two fingers.
    const pinch = (type, id, x, y) => page.locator(".diagram").dispatchEvent(type, { pointerId: id, pointerType: "touch", isPrimary: id === 11, button: 0, clientX: x, clientY: y, bubbles: true });
    const fitted = await scale(page);
    await page.evaluate(() => (Element.prototype.setPointerCapture = () => {}));
    await pinch("pointerdown", 11, middle[0] - 20, middle[1]);
    await pinch("pointerdown", 12, middle[0] + 20, middle[1]);
    await pinch("pointermove", 12, middle[0] + 80, middle[1]);
    await pinch("pointerup", 12, middle[0] + 80, middle[1]);
    await pinch("pointerup", 11, middle[0] - 20, middle[1]);
    assert.ok((await scale(page)) > 2 * fitted);

    // Chosen from the list: it and its neighbours stay bright, and it is in sight.
    await page.selectOption("#diagram-table", "table 5");
    await page.waitForSelector('.diagram[data-focus="table 5"]');
    const { edges } = await places(page);
    const near = new Set(["table 5", ...edges.filter(({ from }) => from === "table 5").map(({ to }) => to), ...edges.filter(({ to }) => to === "table 5").map(({ from }) => from)]);
    const bright = await page.locator(".diagram .table:not(.dim)").evaluateAll((all) => all.map((one) => one.dataset.table));
    assert.deepEqual(new Set(bright), near);
    const table = await page.locator('.diagram .table[data-table="table 5"]').boundingBox();
    assert.ok(table.x >= box.x && table.y >= box.y && table.x + table.width <= box.x + box.width);
    // By keyboard: to a table, on to the next, brought out, and all again.
    await page.locator('.diagram .table[data-table="table 5"]').focus();
    await page.keyboard.press("ArrowRight");
    const reached = await page.evaluate(() => document.activeElement.dataset.table);
    assert.notEqual(reached, "table 5");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`.diagram[data-focus="${reached}"]`);
    assert.equal(await page.inputValue("#diagram-table"), reached);
    await page.keyboard.press("Escape");
    await page.waitForSelector('.diagram[data-focus=""]');
    assert.equal(await page.locator(".diagram .dim").count(), 0);
    // By a click.
    await page.locator(`.diagram .table[data-table="${reached}"] text`).first().click();
    await page.waitForSelector(`.diagram[data-focus="${reached}"]`);
  },

  "it is exported as SVG, PNG and Mermaid, whatever the names are": async (fresh) => {
    const { page } = await fresh();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await load(page, project([], { "app.db": "" }));
    await sql(
      page,
      `CREATE TABLE "a <script>alert('x')</script> & ""b""" (id INTEGER PRIMARY KEY, "c ""d"" <e>" TEXT, "名前" VARCHAR(10) NOT NULL);
       CREATE TABLE "title" (id INTEGER PRIMARY KEY, other INTEGER NOT NULL REFERENCES "a <script>alert('x')</script> & ""b""" (id), "2nd" NUMERIC(10, 2), "%\\ {}" DATETIME, self INTEGER REFERENCES title (id));
       CREATE VIEW "v]v" AS SELECT 1 AS one;`,
    );
    await diagram(page, 3);
    assert.equal(await page.locator(".diagram script").count(), 0);
    const exported = async (kind) => {
      await page.click(".diagram-export summary");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.diagram-export [data-kind=${kind}]`)]);
      return [download.suggestedFilename(), await readFile(await download.path())];
    };
    const [svgName, svg] = await exported("svg");
    assert.equal(svgName, "database.svg");
    const parsed = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, "image/svg+xml");
      return {
        error: document.querySelector("parsererror")?.textContent,
        texts: [...document.querySelectorAll("text")].map((one) => one.textContent),
        scripts: document.querySelectorAll("script, foreignObject").length,
        colours: [...new Set([...document.querySelectorAll("[fill], [stroke]")].flatMap((one) => [one.getAttribute("fill"), one.getAttribute("stroke")]))].filter(Boolean),
      };
    }, svg.toString());
    assert.equal(parsed.error, undefined);
    assert.equal(parsed.scripts, 0);
    assert.ok(parsed.texts.some((text) => text.includes("<script>alert")) && parsed.texts.includes("名前") && parsed.texts.includes('c "d" <e>'), parsed.texts.join("\n"));
    assert.ok(parsed.colours.every((colour) => /^(#[0-9a-f]{3,8}|none|rgb.*)$/i.test(colour)), parsed.colours.join(" "));
    assert.doesNotMatch(svg.toString(), /var\(|url\(|href/);

    const [pngName, png] = await exported("png");
    assert.equal(pngName, "database.png");
    assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
    const [, width, height] = svg.toString().match(/<svg [^>]*width="(\d+)" height="(\d+)"/).map(Number);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);

    const [mermaidName, file] = await exported("mermaid");
    assert.equal(mermaidName, "database.mmd");
    await page.click(".diagram-export summary");
    await page.click(".diagram-export [data-kind=copy]");
    await page.waitForSelector(".notice >> text=as Mermaid");
    const mermaid = file.toString();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), mermaid);
    // Each line is one that Mermaid's grammar of erDiagram has.
    const lines = mermaid.trimEnd().split("\n");
    assert.equal(lines.shift(), "erDiagram");
    const grammar = [
      /^    [A-Za-z]\w*(\["[^"\\%<>{}[\]#;]+"\])? \{$/,
      /^        [A-Za-z][\w()]* [A-Za-z]\w*( (PK|FK)(, (PK|FK))*)?( "[^"\\%<>{}[\]#;]+")?$/,
      /^    \}$/,
      /^    [A-Za-z]\w* (\|\||\|o)--(o\{|o\|) [A-Za-z]\w* : "[^"\\%]+"$/,
    ];
    for (const line of lines) assert.ok(grammar.some((pattern) => pattern.test(line)), line);
    assert.match(mermaid, /INTEGER other FK/);
    assert.match(mermaid, /NUMERIC\(10_2\) c_2nd "2nd, null"/);
    assert.match(mermaid, /title_2 \|o--o\{ title_2 : "self"/);
    assert.match(mermaid, / \|\|--o\{ title_2 : "other"/);
  },
};
