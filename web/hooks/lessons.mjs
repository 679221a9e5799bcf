// Packs the lessons of web/lessons: `lessons/index.json`, the courses with what a list shows of each lesson, and
// `lessons/<slug>.zip`, which the page fetches when somebody opens one.
import { mkdirSync, readFileSync, readdirSync, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";

const folder = fileURLToPath(new URL("../lessons", import.meta.url));

/** A value of TOML as lessons write it in front matter: a string, a number, or a list of strings. */
function value(text, key) {
  const found = text.match(new RegExp(`^${key}\\s*=\\s*(\\[[^\\]]*\\]|"(?:[^"\\\\]|\\\\.)*"|\\d+)`, "m"));
  // These are written as JSON writes them, but for a comma after the last of a list.
  return found ? JSON.parse(found[1].replace(/,\s*\]$/, "]")) : undefined;
}

function packed(slug) {
  const files = {};
  const names = readdirSync(join(folder, slug), { recursive: true }).map((name) => name.replaceAll("\\", "/")).sort();
  for (const name of names) {
    const path = join(folder, slug, name);
    // The same bytes whenever it is built.
    if (statSync(path).isFile()) files[name] = [readFileSync(path), { mtime: "1980-01-01T00:00:00Z", level: 9 }];
  }
  return zipSync(files);
}

/** Writes all of it into a folder; where there are no lessons, an empty list. */
export function writeLessons(dist) {
  const to = join(dist, "lessons");
  mkdirSync(to, { recursive: true });
  const courses = [];
  const course = existsSync(join(folder, "course.toml")) ? readFileSync(join(folder, "course.toml"), "utf8") : "";
  for (const text of course.split(/^\[\[course\]\]$/m).slice(1)) {
    const lessons = value(text, "lessons").map((slug) => {
      const front = readFileSync(join(folder, slug, "lesson.md"), "utf8").split(/^\+\+\+\s*$/m)[1];
      writeFileSync(join(to, `${slug}.zip`), packed(slug));
      const [title, minutes, teaches, database] = ["title", "minutes", "teaches", "database"].map((key) => value(front, key));
      return { slug, title, minutes, teaches: teaches ?? [], database };
    });
    courses.push({ title: value(text, "title"), lessons });
  }
  writeFileSync(join(to, "index.json"), JSON.stringify({ courses }));
}
