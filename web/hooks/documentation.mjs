// The documentation as pages: what is in docs/ and beside it, by `marked`. A link that leads nowhere stops the build.
//   node web/hooks/documentation.mjs FOLDER
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Marked } from "marked";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The pages in the order of the list at their side: the source, and the path without `.html`. */
function sources() {
  const rules = readdirSync(join(root, "docs/rules")).filter((name) => name.endsWith(".md") && name !== "README.md");
  return [
    ["docs/README.md", "index"],
    ["docs/commands.md", "commands"],
    ["docs/ci.md", "ci"],
    ["docs/rules/README.md", "rules/index"],
    ...rules.sort().map((name) => [`docs/rules/${name}`, `rules/${name.slice(0, -3)}`]),
    ["docs/comments.md", "comments"],
    ["docs/teaching.md", "teaching"],
    ["docs/lessons.md", "lessons"],
    ["web/embed.md", "embed"],
    ["web/limbeck.d.ts", "api"],
    ["docs/hosting.md", "hosting"],
    ["COMPAT.md", "compatibility"],
    ["CHANGELOG.md", "changes"],
  ];
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s+/g, "-");

/** A page from its Markdown: its title, HTML, the ids in it, and the links that lead to other pages. */
function rendered(source, path, text, pages) {
  const page = { path, title: "", ids: new Set(["content"]), links: [], dead: [] };
  const place = (href) => {
    if (/^[a-z]+:/.test(href)) return href;
    const [file, anchor] = href.split("#");
    const target = file === "" ? source : posix.normalize(posix.join(posix.dirname(source), file));
    const known = pages.get(target) ?? pages.get(`${target.replace(/\/$/, "")}/README.md`);
    if (known === undefined) {
      if (!existsSync(join(root, target))) page.dead.push(href);
      return undefined;
    }
    page.links.push({ href, known, anchor });
    const relative = posix.relative(posix.dirname(path), `${known}.html`) || posix.basename(`${known}.html`);
    return anchor ? `${relative}#${anchor}` : relative;
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        if (depth === 1 && !page.title) page.title = text.replace(/[`*]/g, "");
        let id = slug(text.replace(/[`*]/g, ""));
        for (let number = 1; page.ids.has(id); number++) id = `${slug(text)}-${number}`;
        page.ids.add(id);
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const to = place(href);
        const inner = this.parser.parseInline(tokens);
        // What is in the repository alone has no page.
        return to === undefined ? inner : `<a href="${escaped(to)}">${inner}</a>`;
      },
      table(token) {
        const row = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        return `<div class="table"><table><thead>${row(token.header, "th")}</thead><tbody>${token.rows.map((cells) => row(cells, "td")).join("")}</tbody></table></div>\n`;
      },
    },
  });
  page.html = marked.parse(text);
  return page;
}

function layout(page, all) {
  const up = page.path.includes("/") ? "../" : "";
  const entry = ({ path, title }) => {
    const own = path === page.path ? ' aria-current="page"' : "";
    return `<li${path.startsWith("rules/") && path !== "rules/index" ? ' class="rule"' : ""}><a href="${up}${path}.html"${own}>${escaped(title.split(":")[0])}</a></li>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(page.title)} · Limbeck</title>
<link rel="icon" href="${up}../icon.svg">
<link rel="stylesheet" href="${up}documentation.css">
</head>
<body>
<a class="skip" href="#content">To the text</a>
<nav aria-label="Pages"><p><a href="${up}../index.html">Limbeck</a></p><ul>
${all.map(entry).join("\n")}
</ul></nav>
<main id="content">
${page.html}</main>
</body>
</html>
`;
}

/** Writes the pages below a folder. `changed` gives other texts than the files have, for tests. Gives their paths. */
export function documentation(folder, changed = {}) {
  const list = sources();
  const pages = new Map(list);
  const all = list.map(([source, path]) => {
    const text = changed[source] ?? readFileSync(join(root, source), "utf8");
    const markdown = source.endsWith(".d.ts") ? `# window.limbeck\n\n\`\`\`ts\n${text}\`\`\`\n` : text;
    return rendered(source, path, markdown, pages);
  });
  const dead = all.flatMap((page) => [
    ...page.dead.map((href) => `${page.path}: ${href} is not there`),
    ...page.links
      .filter(({ known, anchor }) => anchor && !all.find(({ path }) => path === known).ids.has(anchor))
      .map(({ href }) => `${page.path}: ${href} has no such heading`),
  ]);
  if (dead.length > 0) throw new Error(`links that lead nowhere:\n${dead.join("\n")}`);
  for (const page of all) {
    const file = join(folder, `${page.path}.html`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, layout(page, all));
  }
  writeFileSync(join(folder, "documentation.css"), readFileSync(join(root, "web/style/documentation.css")));
  return all.map(({ path }) => `${path}.html`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? "target/docs";
  console.log(`${documentation(folder).length} pages in ${folder}`);
}
