// A small lesson that the tests of lessons open, as an author would write it.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";

const blank = fileURLToPath(new URL("../../web/examples/blank", import.meta.url));

const lesson = `+++
title = "Two steps to a table"
minutes = 3
teaches = ["writing a model", "the first upgrade"]
seed = "000"
database = "sqlite"
open = "models.py"
+++
A *model* says what should be. <b onclick="alert(1)">This is text</b>, and so is <script>alert(2)</script>.

## Write the model {#model}

Give \`models.py\` a class for the table **hero**:

\`\`\`python
class Hero(Base):
\`\`\`

1. It has a key.
2. It has a name. See [Alembic](https://alembic.sqlalchemy.org).

> Hint: A model is a class with a \`__tablename__\`.

> Hint: The key is \`id: Mapped[int] = mapped_column(primary_key=True)\`.

## Make the table {#table}

Write a revision and run it:

\`\`\`console
$ alembic revision --autogenerate -m hero
$ alembic upgrade head
\`\`\`

> Hint: \`alembic revision --autogenerate\` comes first.
`;

const checks = `[[model]]
file = "models.py"
defines = ["Hero"]

[[model]]
file = "models.py"
contains = ["__tablename__ = \\"hero\\""]

[[table]]
table = "hero"

[[table]]
heads = 1
`;

export const hero = `

class Hero(Base):
    __tablename__ = "hero"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
`;

const models = readFileSync(join(blank, "models.py"), "utf8").trimEnd() + "\n";

const solutions = {
  "solution/model.md": `The class stands below the base.\n\n\`\`\`python file=models.py\n${models}${hero}\`\`\`\n`,
  "solution/table.md": "Autogenerate writes the revision.\n\n```console\n$ alembic revision --autogenerate -m hero\n$ alembic upgrade head\n```\n",
};

/** The texts of the lesson, by path. */
export function folder(changes = {}) {
  const texts = { "lesson.md": lesson, "checks.toml": checks, ...solutions };
  for (const name of readdirSync(blank, { recursive: true })) {
    const path = join(blank, name);
    if (statSync(path).isFile()) texts[`start/${name}`] = readFileSync(path, "utf8");
  }
  texts["start/alembic/versions/.gitkeep"] = "";
  return { ...texts, ...changes };
}

/** The lesson as a zip, in base64. */
export const zip = (changes) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(folder(changes)).map(([path, text]) => [`two-steps/${path}`, strToU8(text)])))).toString("base64");

/** Drops files on the page: each with its name, and base64 or a text. */
export const drop = (page, files) => page.evaluate((files) => {
  const data = new DataTransfer();
  for (const { name, base64, text } of files) {
    const contents = base64 === undefined ? text : Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    data.items.add(new File([contents], name));
  }
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}, files);

/** Opens the lesson from its zip, and waits for its first check. */
export async function openLesson(page, changes) {
  await drop(page, [{ name: "two-steps.zip", base64: zip(changes) }]);
  await page.waitForSelector("#lesson", { state: "attached" });
  await said(page, /Not yet: 0 of 2 done/);
}

/** Waits until the check says something that fits. */
export const said = (page, pattern) => page.waitForFunction(
  (source) => new RegExp(source).test(document.querySelector(".lesson-said")?.textContent ?? ""),
  pattern.source,
  { timeout: 30_000 },
);
