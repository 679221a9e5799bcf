// Entity-relationship diagrams: tables laid out by dagre, drawn as SVG, to be looked at and moved about in, and given
// as SVG, PNG and Mermaid. What is drawn is described once, as a tree of elements whose colours are names of the page's
// custom properties, and made into each of these.
import dagre from "@dagrejs/dagre";

const ROW = 20;
const HEAD = 28;
const SPACE = 10;
const LETTER = 12;
const FAMILY = '"JetBrains Mono", ui-monospace, Menlo, Consolas, monospace';
const KEYS = 44;
const LONGEST = 30;
const SIGNS = { added: "+", removed: "−", altered: "~" };

const svgElement = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
const cut = (text, length = LONGEST) => ([...text].length > length ? `${[...text].slice(0, length - 1).join("")}…` : text);
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const change = (name) => (name ? name.toLowerCase() : null);

/** The tables to draw, each with its columns, keys and what happened to them. */
export function gather({ tables, changes = [], against = null }) {
  const drawn = new Map();
  const add = (table, state) => {
    const keys = new Set(table.foreign_keys.flatMap((key) => key.columns));
    drawn.set(table.name, {
      name: table.name,
      view: table.view,
      change: state,
      columns: table.columns.map((column) => ({
        name: column.name,
        kind: column.kind,
        nullable: !column.not_null && !column.primary_key,
        primary: column.primary_key > 0,
        foreign: keys.has(column.name),
        change: null,
      })),
      keys: table.foreign_keys.map((key) => ({
        columns: key.columns,
        table: key.table,
        referred: key.referred,
        // At most one row refers to each: the key's columns are unique together.
        one: unique(table, key.columns),
        change: null,
      })),
    });
  };
  for (const table of tables) add(table, null);
  if (against) compare(drawn, tables, against, add);
  for (const one of changes) {
    if (one.change === "Removed" && one.was && !drawn.has(one.table)) {
      add(one.was, "removed");
      continue;
    }
    const table = drawn.get(one.table);
    if (!table) continue;
    const items = one.columns.length + one.indexes.length + one.foreign_keys.length;
    table.change = change(one.change) ?? (items ? "altered" : null);
    if (table.change === "added") continue;
    for (const [name, how, was] of one.columns) {
      const column = table.columns.find((column) => column.name === name);
      if (column) column.change = change(how);
      else table.columns.push({ name, kind: was, nullable: false, primary: false, foreign: false, change: "removed" });
    }
    const added = one.foreign_keys.filter(([, how]) => how === "Added").map(([text]) => text);
    for (const key of table.keys) {
      if (added.some((text) => text.includes(key.table) && key.columns.every((column) => text.includes(column)))) key.change = "added";
    }
  }
  return [...drawn.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function unique(table, columns) {
  const same = (others) => others.length === columns.length && columns.every((column) => others.includes(column));
  const primary = table.columns.filter((column) => column.primary_key).map((column) => column.name);
  return same(primary) || table.indexes.some((index) => index.unique && same(index.columns));
}

// What the models have that the database has not, and the other way about.
function compare(drawn, tables, against, add) {
  const there = new Map(against.filter((table) => table.name !== "alembic_version").map((table) => [table.name, table]));
  for (const table of tables) {
    const one = drawn.get(table.name);
    const other = there.get(table.name);
    if (!other) {
      one.change = "added";
      continue;
    }
    for (const column of one.columns) {
      const was = other.columns.find((was) => was.name === column.name);
      if (!was) column.change = "added";
      else if (was.kind.toUpperCase() !== column.kind.toUpperCase() || (!was.not_null && !was.primary_key) !== column.nullable) column.change = "altered";
    }
    for (const was of other.columns) {
      if (one.columns.some((column) => column.name === was.name)) continue;
      one.columns.push({ name: was.name, kind: was.kind, nullable: !was.not_null, primary: false, foreign: false, change: "removed" });
    }
    const has = (keys, key) => keys.some((other) => other.table === key.table && String(other.columns) === String(key.columns));
    for (const key of one.keys) if (!has(other.foreign_keys, key)) key.change = "added";
    if ([...one.columns, ...one.keys].some((item) => item.change)) one.change = "altered";
  }
  for (const [name, table] of there) if (!drawn.has(name) && !table.view) add(table, "removed");
}

let measuring;
function width(text, size = LETTER, weight = 400) {
  measuring ??= document.createElement("canvas").getContext("2d");
  measuring.font = `${weight} ${size}px ${FAMILY}`;
  return measuring.measureText(text).width;
}

const kindOf = (column, words) => `${cut(column.kind.toLowerCase(), 22)}${column.nullable ? ` ${words.nullable}` : ""}`;

/** Puts the tables in their places: boxes, and the edges between them. */
export function arrange(tables, compact, words) {
  const boxes = new Map();
  for (const table of tables) {
    const shown = compact ? table.columns.filter((column) => column.primary || column.foreign || column.change) : table.columns;
    const title = width(cut(table.name), 13, 600) + (table.change ? 16 : 0) + (table.view ? 44 : 0);
    const widths = shown.map((column) => KEYS + width(cut(column.name)) + (compact ? 0 : 24 + width(kindOf(column, words))));
    boxes.set(table.name, {
      table,
      shown,
      width: Math.ceil(Math.max(96, title, ...widths) + 2 * SPACE),
      height: HEAD + shown.length * ROW + (shown.length ? 6 : 0),
      x: 0,
      y: 0,
    });
  }
  const edges = [];
  for (const table of tables) {
    for (const key of table.keys) if (boxes.has(key.table)) edges.push({ from: table.name, to: key.table, key, points: [] });
  }
  let parts = components(boxes, edges).map((names) => place(names, boxes, edges));
  // The parts that nothing links stand in rows that make a page of the whole.
  parts = parts.sort((one, other) => other.height - one.height || other.width - one.width);
  const gap = 40;
  const area = parts.reduce((sum, part) => sum + (part.width + gap) * (part.height + gap), 0);
  const wide = Math.max(Math.sqrt(area * 1.5), ...parts.map((part) => part.width));
  let [x, y, row, right] = [0, 0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.width > wide) [x, y, row] = [0, y + row + gap, 0];
    part.move(x, y);
    right = Math.max(right, x + part.width);
    x += part.width + gap;
    row = Math.max(row, part.height);
  }
  for (const edge of edges) edge.line = route(edge, boxes.get(edge.from), boxes.get(edge.to));
  return { boxes: [...boxes.values()], edges, width: right, height: y + row };
}

function components(boxes, edges) {
  const next = new Map([...boxes.keys()].map((name) => [name, []]));
  for (const { from, to } of edges) {
    next.get(from).push(to);
    next.get(to).push(from);
  }
  const seen = new Set();
  const found = [];
  for (const name of boxes.keys()) {
    if (seen.has(name)) continue;
    const part = [];
    const open = [name];
    seen.add(name);
    while (open.length) {
      const one = open.pop();
      part.push(one);
      for (const other of next.get(one)) {
        if (!seen.has(other)) {
          seen.add(other);
          open.push(other);
        }
      }
    }
    found.push(part);
  }
  return found;
}

// One linked part: what is referred to stands left of what refers to it.
function place(names, boxes, edges) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 72, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of names) {
    const box = boxes.get(name);
    graph.setNode(`t${name}`, { width: box.width, height: box.height });
  }
  const own = edges.filter((edge) => names.includes(edge.from));
  own.forEach((edge, index) => {
    if (edge.from !== edge.to) graph.setEdge(`t${edge.to}`, `t${edge.from}`, {}, String(index));
  });
  dagre.layout(graph);
  const left = Math.min(...names.map((name) => graph.node(`t${name}`).x - boxes.get(name).width / 2));
  const top = Math.min(...names.map((name) => graph.node(`t${name}`).y - boxes.get(name).height / 2));
  let [right, bottom] = [0, 0];
  for (const name of names) {
    const [box, node] = [boxes.get(name), graph.node(`t${name}`)];
    box.x = Math.round(node.x - box.width / 2 - left);
    box.y = Math.round(node.y - box.height / 2 - top);
    right = Math.max(right, box.x + box.width + (own.some((edge) => edge.from === name && edge.to === name) ? 40 : 0));
    bottom = Math.max(bottom, box.y + box.height);
  }
  own.forEach((edge, index) => {
    if (edge.from === edge.to) return;
    const { points = [] } = graph.edge(`t${edge.to}`, `t${edge.from}`, String(index)) ?? {};
    edge.points = points.slice(1, -1).map(({ x, y }) => ({ x: x - left, y: y - top }));
  });
  return {
    width: right,
    height: bottom,
    move(x, y) {
      for (const name of names) {
        boxes.get(name).x += x;
        boxes.get(name).y += y;
      }
      for (const edge of own) for (const point of edge.points) [point.x, point.y] = [point.x + x, point.y + y];
    },
  };
}

const rowOf = (box, name) => {
  const index = box.shown.findIndex((column) => column.name === name);
  return box.y + (index < 0 ? HEAD / 2 : HEAD + index * ROW + ROW / 2 + 2);
};

// From the row of the key's first column to the row that it refers to; it begins and ends at the boxes' sides.
function route(edge, child, parent) {
  const fromY = rowOf(child, edge.key.columns[0]);
  const toY = rowOf(parent, edge.key.referred[0] ?? "");
  const stub = 18;
  let [fromSide, toSide] = [-1, 1];
  if (child === parent || Math.abs(child.x + child.width / 2 - parent.x - parent.width / 2) < Math.max(child.width, parent.width) / 2) [fromSide, toSide] = [1, 1];
  else if (child.x < parent.x) [fromSide, toSide] = [1, -1];
  const start = { x: fromSide < 0 ? child.x : child.x + child.width, y: fromY };
  const end = { x: toSide < 0 ? parent.x : parent.x + parent.width, y: toY };
  const near = { x: start.x + fromSide * stub, y: start.y };
  const far = { x: end.x + toSide * stub, y: end.y };
  let path = `M${start.x} ${start.y}H${near.x}`;
  if (fromSide === toSide) {
    const out = Math.max(near.x, far.x) + 16;
    path += `C${out} ${near.y} ${out} ${far.y} ${far.x} ${far.y}`;
  } else {
    let last = near;
    for (const point of [...[...edge.points].reverse(), far]) {
      const middle = (last.x + point.x) / 2;
      path += `C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`;
      last = point;
    }
  }
  return { path: `${path}H${end.x}`, start, end, fromSide, toSide };
}

/** What is drawn: a tree of [name, attributes, children or text]. */
function drawing(layout, words) {
  const { boxes, edges } = layout;
  return [...edges.map((edge) => drawEdge(edge, boxes)), ...boxes.map((box) => drawTable(box, words))];
}

const ink = { added: "--added", removed: "--removed", altered: "--altered" };

function drawEdge(edge, boxes) {
  const { path, start, end, fromSide, toSide } = edge.line;
  const child = boxes.find((box) => box.table.name === edge.from).table;
  const state = edge.key.change ?? (child.change === "altered" ? null : child.change);
  const stroke = ink[state] ?? "--ink-faint";
  const nullable = edge.key.columns.some((name) => child.columns.find((column) => column.name === name)?.nullable);
  const line = (d) => ["path", { d, fill: "none", stroke, "stroke-width": 1.5 }];
  const ring = (x, y) => ["circle", { cx: x, cy: y, r: 3, fill: "--sheet", stroke, "stroke-width": 1.5 }];
  const bar = (x, y) => line(`M${x} ${y - 5}V${y + 5}`);
  const at = (side, from, by) => from.x + side * by;
  // Any number of rows at the one end (or at most one), exactly one at the other (or none).
  const many = edge.key.one ? bar(at(fromSide, start, 7), start.y) : line(`M${start.x} ${start.y - 5}L${at(fromSide, start, 9)} ${start.y}L${start.x} ${start.y + 5}`);
  return [
    "g",
    { class: "relation", "data-from": edge.from, "data-to": edge.to },
    [
      ["path", { class: "way", d: path, fill: "none", stroke, "stroke-width": 1.5, ...(state === "removed" ? { "stroke-dasharray": "5 4" } : {}) }],
      many,
      ring(at(fromSide, start, 13), start.y),
      bar(at(toSide, end, 6), end.y),
      nullable ? ring(at(toSide, end, 13), end.y) : bar(at(toSide, end, 10), end.y),
    ],
  ];
}

function drawTable(box, words) {
  const { table, x, y } = box;
  const text = (x, y, content, more = {}) => ["text", { x, y, "font-family": FAMILY, "font-size": LETTER, fill: "--ink", ...more }, content];
  const wash = { added: "--added-wash", removed: "--removed-wash", altered: "--altered-wash" };
  const stroke = ink[table.change] ?? "--rule-strong";
  const children = [
    ["title", {}, label(table, words)],
    ["rect", { x, y, width: box.width, height: box.height, rx: 4, fill: "--raised", stroke, "stroke-width": table.change ? 2 : 1.25 }],
    ["path", { d: `M${x + 1} ${y + HEAD}V${y + 4}a3 3 0 0 1 3 -3H${x + box.width - 4}a3 3 0 0 1 3 3V${y + HEAD}z`, fill: wash[table.change] ?? "--paper" }],
    ["path", { d: `M${x} ${y + HEAD}H${x + box.width}`, stroke, "stroke-width": 1.25, fill: "none" }],
    text(x + SPACE, y + 19, `${table.change ? `${SIGNS[table.change]} ` : ""}${cut(table.name)}`, { "font-size": 13, "font-weight": 600, fill: ink[table.change] ?? "--ink" }),
  ];
  if (table.view) children.push(text(x + box.width - SPACE, y + 18, words.view, { "text-anchor": "end", fill: "--ink-soft", "font-size": 11 }));
  box.shown.forEach((column, index) => {
    const base = y + HEAD + index * ROW + 16;
    const state = column.change;
    if (state) children.push(["rect", { x: x + 1, y: base - 14, width: box.width - 2, height: ROW, fill: wash[state] }]);
    if (state) children.push(text(x + 6, base, SIGNS[state], { fill: ink[state], "font-weight": 600 }));
    const keys = [column.primary && "PK", column.foreign && "FK"].filter(Boolean).join(" ");
    if (keys) children.push(text(x + 16, base, keys, { "font-size": 9, "font-weight": 600, fill: "--copper" }));
    children.push(text(x + SPACE + KEYS - 8, base, cut(column.name), { ...(state === "removed" ? { "text-decoration": "line-through" } : {}), fill: ink[state] ?? "--ink", "font-weight": column.primary ? 600 : 400 }));
    if (box.compact) return;
    children.push(text(x + box.width - SPACE, base, kindOf(column, words), { "text-anchor": "end", fill: "--ink-soft" }));
  });
  return ["g", { class: "table", "data-table": table.name, "data-change": table.change ?? "" }, children];
}

/** A table as it is read aloud. */
function label(table, words) {
  const parts = [table.name];
  if (table.change) parts.push(words[table.change]);
  parts.push(fill(table.columns.length === 1 ? words.column : words.columns, { n: table.columns.length }));
  const to = [...new Set(table.keys.map((key) => key.table))];
  if (to.length) parts.push(fill(words.refers, { tables: to.join(", ") }));
  return parts.join(", ");
}

// ---- as elements, as text, on a canvas

function element([name, attributes, content]) {
  const made = svgElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value).startsWith("--") ? `var(${value})` : value);
  if (typeof content === "string") made.textContent = content;
  else if (content) made.append(...content.map(element));
  return made;
}

// XML has no place for control characters and lone halves of surrogate pairs.
const escape = (text) =>
  String(text)
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"'\t\n\r]/g, (letter) => `&#${letter.charCodeAt(0)};`);

function source([name, attributes, content], colour, indent = "  ") {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value).startsWith("--") ? colour(value) : value)}"`);
  const open = `${indent}<${name}${pairs.join("")}`;
  if (typeof content === "string") return `${open}>${escape(content)}</${name}>\n`;
  if (!content) return `${open}/>\n`;
  return `${open}>\n${content.map((one) => source(one, colour, `${indent}  `)).join("")}${indent}</${name}>\n`;
}

function paint(context, [name, attributes, content], colour) {
  const resolve = (value) => (value && value !== "none" ? (value.startsWith("--") ? colour(value) : value) : null);
  const [inside, line] = [resolve(attributes.fill), resolve(attributes.stroke)];
  if (name === "g") {
    for (const child of content) paint(context, child, colour);
  } else if (name === "text") {
    context.font = `${attributes["font-weight"] ?? 400} ${attributes["font-size"]}px ${FAMILY}`;
    context.textAlign = attributes["text-anchor"] === "end" ? "right" : "left";
    context.fillStyle = inside;
    context.fillText(content, attributes.x, attributes.y);
    if (attributes["text-decoration"]) context.fillRect(attributes.x, attributes.y - 4, context.measureText(content).width, 1);
  } else if (name !== "title") {
    const path = new Path2D(attributes.d);
    if (name === "rect") path.roundRect(attributes.x, attributes.y, attributes.width, attributes.height, attributes.rx ?? 0);
    if (name === "circle") path.arc(attributes.cx, attributes.cy, attributes.r, 0, 7);
    context.lineWidth = attributes["stroke-width"] ?? 1;
    context.setLineDash(attributes["stroke-dasharray"]?.split(" ").map(Number) ?? []);
    if (inside) {
      context.fillStyle = inside;
      context.fill(path);
    }
    if (line) {
      context.strokeStyle = line;
      context.stroke(path);
    }
  }
}

/** Mermaid's text of the same tables. */
export function mermaid(tables) {
  const taken = new Set();
  // Letters, digits and underscores are names everywhere in Mermaid; others are told in a label or a comment.
  const plain = (name, others, first = "t") => {
    let word = name.replace(/[^A-Za-z0-9_]/g, "_");
    if (!/^[A-Za-z]/.test(word)) word = `${first}_${word}`;
    let found = word;
    for (let number = 2; others.has(found.toLowerCase()); number += 1) found = `${word}_${number}`;
    others.add(found.toLowerCase());
    return found;
  };
  const quoted = (text) => cut(text.toWellFormed().replace(/["\\%`]/g, "'").replace(/[\u0000-\u001f\u007f<>{}[\]#;]/g, " ").trim() || "?", 80);
  // Words of the language itself are no names of tables in it.
  for (const word of ["erdiagram", "direction", "style", "class", "classdef", "title", "acctitle", "accdescr", "one", "many", "zero", "only", "to", "optionally", "u", "o", "subgraph", "end"]) taken.add(word);
  const names = new Map(tables.map((table) => [table.name, plain(table.name, taken)]));
  const lines = ["erDiagram"];
  for (const table of tables) {
    const name = names.get(table.name);
    lines.push(`    ${name}${name === table.name ? "" : `["${quoted(table.name)}"]`} {`);
    const columns = new Set(["pk", "fk", "uk"]);
    for (const column of table.columns) {
      const own = plain(column.name, columns, "c");
      const kind = column.kind.replace(/[^A-Za-z0-9_()]+/g, "_").replace(/^[^A-Za-z]+/, "").replace(/^[pfu]k$/i, "$&_") || "any";
      const keys = [column.primary && "PK", column.foreign && "FK"].filter(Boolean).join(", ");
      const notes = [own !== column.name && quoted(column.name), column.nullable && "null", column.change].filter(Boolean).join(", ");
      lines.push(`        ${kind} ${own}${keys && ` ${keys}`}${notes && ` "${notes}"`}`);
    }
    lines.push("    }");
  }
  for (const table of tables) {
    for (const key of table.keys) {
      if (!names.has(key.table)) continue;
      const nullable = key.columns.some((name) => table.columns.find((column) => column.name === name)?.nullable);
      lines.push(`    ${names.get(key.table)} ${nullable ? "|o" : "||"}--${key.one ? "o|" : "o{"} ${names.get(table.name)} : "${quoted(key.columns.join(", "))}"`);
    }
  }
  return `${lines.join("\n")}\n`;
}

// ---- the view

/** A diagram inside an element; `told` hears which table is in focus. */
export function create(host, json, told) {
  const words = JSON.parse(json);
  const svg = svgElement("svg");
  const scene = svgElement("g");
  const list = document.createElement("ul");
  list.className = "hidden";
  svg.append(scene);
  host.append(svg, list);
  let layout = { boxes: [], edges: [], width: 0, height: 0 };
  let tables = [];
  let focused = "";
  let view = { x: 0, y: 0, scale: 1 };
  let fitted = true;
  const colour = (name) => getComputedStyle(host).getPropertyValue(name).trim();
  const apply = () => scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  const room = () => ({ width: host.clientWidth || 1, height: host.clientHeight || 1 });

  const fit = () => {
    const { width, height } = room();
    const scale = Math.min(1.25, (width - 32) / Math.max(layout.width, 1), (height - 32) / Math.max(layout.height, 1));
    view = { scale: Math.max(0.05, scale), x: 0, y: 0 };
    view.x = (width - layout.width * view.scale) / 2;
    view.y = (height - layout.height * view.scale) / 2;
    fitted = true;
    apply();
  };
  const zoom = (factor, x = room().width / 2, y = room().height / 2) => {
    const scale = Math.min(4, Math.max(0.05, view.scale * factor));
    view = { scale, x: x - ((x - view.x) * scale) / view.scale, y: y - ((y - view.y) * scale) / view.scale };
    fitted = false;
    apply();
  };
  const pan = (x, y) => {
    view = { ...view, x: view.x + x, y: view.y + y };
    fitted = false;
    apply();
  };
  const groups = () => [...scene.querySelectorAll(".table")];
  const group = (name) => groups().find((one) => one.dataset.table === name);

  // A table's neighbours stay bright, the rest dims.
  const bring = (name) => {
    focused = layout.boxes.some((box) => box.table.name === name) ? name : "";
    const near = new Set([focused]);
    for (const edge of layout.edges) {
      if (edge.from === focused) near.add(edge.to);
      if (edge.to === focused) near.add(edge.from);
    }
    for (const one of groups()) {
      one.classList.toggle("dim", Boolean(focused) && !near.has(one.dataset.table));
      one.classList.toggle("bright", one.dataset.table === focused);
      one.setAttribute("aria-pressed", String(one.dataset.table === focused));
    }
    for (const one of scene.querySelectorAll(".relation")) one.classList.toggle("dim", Boolean(focused) && one.dataset.from !== focused && one.dataset.to !== focused);
    told(focused);
  };
  const see = (name) => {
    const box = layout.boxes.find((box) => box.table.name === name);
    if (!box) return;
    const { width, height } = room();
    const [left, top] = [view.x + box.x * view.scale, view.y + box.y * view.scale];
    const [wide, high] = [box.width * view.scale, box.height * view.scale];
    if (left < 0 || top < 0 || left + wide > width || top + Math.min(high, height) > height) pan(width / 2 - left - wide / 2, Math.max(16, height / 2 - high / 2) - top);
  };

  const show = (json) => {
    const given = JSON.parse(json);
    tables = gather(given);
    const before = focused;
    layout = arrange(tables, given.compact, words);
    for (const box of layout.boxes) box.compact = given.compact;
    const active = host.contains(document.activeElement) ? document.activeElement.dataset?.table : undefined;
    scene.replaceChildren(...drawing(layout, words).map(element));
    groups().forEach((one, index) => {
      const table = tables.find((table) => table.name === one.dataset.table);
      one.setAttribute("role", "button");
      one.setAttribute("tabindex", (active ?? "") === table.name || (active === undefined && index === 0) ? "0" : "-1");
    });
    const relations = layout.edges.map((edge) => fill(words.relation, { from: `${edge.from}.${edge.key.columns.join(", ")}`, to: edge.to }));
    host.setAttribute("aria-label", fill(words.summary, { tables: tables.length, relations: relations.length }));
    list.replaceChildren(
      ...[...tables.map((table) => `${label(table, words)}: ${table.columns.map((column) => `${column.name} ${kindOf(column, words)}${column.primary ? ` ${words.primary}` : ""}${column.change ? ` ${words[column.change]}` : ""}`).join("; ")}`), ...relations].map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    bring(before);
    if (fitted || given.fit) fit();
    if (active !== undefined) group(active)?.focus();
  };

  const steps = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const onkey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = event.target.closest?.(".table")?.dataset.table;
    const step = steps[event.key];
    if (step && here !== undefined) next(here, -step[0], -step[1]);
    else if (step) pan(step[0] * 48, step[1] * 48);
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-" || event.key === "_") zoom(0.8);
    else if (event.key === "0") fit();
    else if (event.key === "Escape" && focused) bring("");
    else if ((event.key === "Enter" || event.key === " ") && here !== undefined) bring(here === focused ? "" : here);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // The nearest table in a direction takes the keyboard.
  const next = (name, x, y) => {
    const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const from = middle(layout.boxes.find((box) => box.table.name === name));
    let [best, least] = [null, Infinity];
    for (const box of layout.boxes) {
      const to = middle(box);
      const [along, across] = [(to.x - from.x) * x + (to.y - from.y) * y, Math.abs((to.x - from.x) * y) + Math.abs((to.y - from.y) * x)];
      const far = along + 2 * across;
      if (along > 1 && far < least) [best, least] = [box.table.name, far];
    }
    if (best !== null) group(best).focus();
  };
  const onfocusin = (event) => {
    const one = event.target.closest(".table");
    if (!one) return;
    for (const other of groups()) other.setAttribute("tabindex", other === one ? "0" : "-1");
    see(one.dataset.table);
  };
  const place = (event) => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onwheel = (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), x, y);
    else pan(-event.deltaX * (event.deltaMode ? 16 : 1), -event.deltaY * (event.deltaMode ? 16 : 1));
  };
  const pointers = new Map();
  let moved = false;
  const ondown = (event) => {
    if (event.button) return;
    if (!pointers.size) moved = false;
    pointers.set(event.pointerId, { ...place(event), start: place(event) });
  };
  const onmove = (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    if (!moved && Math.hypot(now.x - before.start.x, now.y - before.start.y) < 4) return;
    if (!moved) host.setPointerCapture(event.pointerId);
    moved = true;
    if (others.length) {
      const apart = (point) => Math.hypot(point.x - others[0].x, point.y - others[0].y) || 1;
      zoom(apart(now) / apart(before), (now.x + others[0].x) / 2, (now.y + others[0].y) / 2);
    } else pan(now.x - before.x, now.y - before.y);
    pointers.set(event.pointerId, { ...now, start: before.start });
  };
  const onup = (event) => pointers.delete(event.pointerId);
  const onclick = (event) => {
    if (moved) return;
    const name = event.target.closest(".table")?.dataset.table;
    if (name !== undefined) bring(name === focused ? "" : name);
    else if (focused) bring("");
  };
  const listeners = { keydown: onkey, focusin: onfocusin, wheel: onwheel, pointerdown: ondown, pointermove: onmove, pointerup: onup, pointercancel: onup, click: onclick };
  for (const [name, listener] of Object.entries(listeners)) host.addEventListener(name, listener, { passive: false });
  const resized = new ResizeObserver(() => fitted && fit());
  resized.observe(host);

  const whole = () => {
    const margin = 24;
    return { x: -margin, y: -margin, width: Math.ceil(layout.width + 2 * margin), height: Math.ceil(layout.height + 2 * margin) };
  };
  const asSvg = () => {
    const { x, y, width, height } = whole();
    const back = ["rect", { x, y, width, height, fill: "--sheet" }];
    const body = [["title", {}, host.getAttribute("aria-label") ?? ""], back, ...drawing(layout, words)].map((one) => source(one, colour)).join("");
    return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">\n${body}</svg>\n`;
  };
  const asPng = () => {
    const { x, y, width, height } = whole();
    // Twice as fine as the screen, as far as browsers can.
    const scale = Math.min(2, 16_000 / width, 16_000 / height, Math.sqrt(100_000_000 / (width * height)));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.translate(-x, -y);
    context.fillStyle = colour("--sheet");
    context.fillRect(x, y, width, height);
    for (const one of drawing(layout, words)) paint(context, one, colour);
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
  };
  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return {
    show,
    fit,
    zoom: (factor) => zoom(factor),
    focus(name) {
      bring(name);
      // Near enough to be read, and in the middle.
      const box = layout.boxes.find((box) => box.table.name === name);
      if (box && view.scale < 0.7) {
        const { width, height } = room();
        zoom(0.85 / view.scale);
        pan(width / 2 - view.x - (box.x + box.width / 2) * view.scale, height / 2 - view.y - (box.y + box.height / 2) * view.scale);
      } else if (box) see(name);
    },
    mermaid: () => mermaid(tables),
    async save(kind, name) {
      if (kind === "png") save(await asPng(), `${name}.png`);
      else if (kind === "svg") save(new Blob([asSvg()], { type: "image/svg+xml" }), `${name}.svg`);
      else save(new Blob([mermaid(tables)], { type: "text/plain" }), `${name}.mmd`);
    },
    close() {
      resized.disconnect();
      for (const [name, listener] of Object.entries(listeners)) host.removeEventListener(name, listener);
      host.replaceChildren();
    },
  };
}
