// Projects that come in as folders or zips, and go out as zips that real Alembic runs.
import { Unzip, UnzipInflate, zipSync, strToU8 } from "fflate";
import { documents } from "./share/documents.js";

const FILES = 2_000;
const TOTAL = 20_000_000;
const FILE = 5_000_000;
const DATABASE = 16_000_000;
const ARCHIVE = 40_000_000;
const SEEN = 20_000;

const SKIPPED = new Set([".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode", "__MACOSX", "site-packages", ".eggs"]);
const USEFUL = /\.(py|pyi|ini|toml|mako|cfg|sql|db|sqlite3?|txt|md|rst|json|ya?ml|env|sh)$|(^|\/)(Makefile|README|LICENSE|\.env|\.gitignore)$/i;
/** What Alembic itself reads: of a project with too many files it comes in before all else. */
const NEEDED = /\.(py|ini|toml|mako|cfg|sql|db|sqlite3?)$|(^|\/)(Makefile|\.env)$/i;

const skips = (path) => path.split("/").find((part) => SKIPPED.has(part) || part.endsWith(".egg-info"));
const isDatabase = (bytes) => bytes.length >= 16 && new TextDecoder("latin1").decode(bytes.subarray(0, 16)) === "SQLite format 3\0";

function text(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** A path in a project, or null where it leads out of it. */
function pathOf(name) {
  const parts = name.replaceAll("\\", "/").split("/").filter((part) => part !== "" && part !== ".");
  const bad = name.startsWith("/") || /^[A-Za-z]:/.test(name) || parts.includes("..");
  return bad || !parts.length || /[\u0000-\u001f\u007f]/.test(name) ? null : parts.join("/");
}

/** Gathers files within bounds and keeps what is left out, with the reason. */
class Gathering {
  files = new Map();
  folders = new Set();
  left = new Map();
  /** How many more were left out than are named, and whether for want of room. */
  more = 0;
  short = false;
  total = 0;
  leave(path, why) {
    this.short ||= why === "count" || why === "total";
    if (this.left.has(path)) return;
    if (this.left.size < 1_000) this.left.set(path, why);
    else this.more += 1;
  }
  /** Whether a file is wanted at all, from its name and size. */
  wants(path, size) {
    const skipped = skips(path);
    if (skipped) this.leave(path.slice(0, path.indexOf(skipped) + skipped.length) + "/", "skipped");
    else if (this.files.size >= FILES) this.leave(path, "count");
    else if (size > (/\.(db|sqlite3?)$/.test(path) ? DATABASE : FILE)) this.leave(path, "large");
    else if (this.total + size > TOTAL) this.leave(path, "total");
    else return true;
    return false;
  }
  take(path, bytes) {
    if (!this.wants(path, bytes.length)) return;
    const held = isDatabase(bytes) ? null : text(bytes);
    if (held === null && !isDatabase(bytes)) return this.leave(path, "binary");
    this.total += bytes.length;
    this.files.set(path, held === null ? { Binary: base64(bytes) } : { Text: held });
  }
  /** The project: its one outer folder is its name. */
  project(name) {
    const paths = [...this.files.keys()];
    if (!paths.length) throw "empty";
    const outer = paths[0].split("/")[0] + "/";
    const stripped = paths.every((path) => path.startsWith(outer)) ? outer : "";
    const inside = (path) => (path.startsWith(stripped) ? path.slice(stripped.length) : path);
    const files = {};
    for (const path of paths) files[inside(path)] = this.files.get(path);
    const configs = Object.keys(files)
      .filter((path) => /(^|\/)alembic\.ini$/.test(path) || (/(^|\/)pyproject\.toml$/.test(path) && /^\s*\[tool\.alembic\b/m.test(files[path].Text ?? "")))
      .sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
    // A lesson is no project: it holds one.
    if ("lesson.md" in files) return JSON.stringify({ kind: "lesson", name: stripped ? stripped.slice(0, -1) : name.replace(/\.zip$/i, ""), workspace: { files } });
    const [config] = configs;
    const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);
    const folders = [...this.folders].map(inside).filter((folder) => folder && !skips(folder) && !Object.keys(files).some((path) => path.startsWith(folder + "/")));
    return JSON.stringify({
      kind: "project",
      name: stripped ? stripped.slice(0, -1) : name.replace(/\.zip$/i, "") || "project",
      config: config ?? null,
      // One a folder: beside alembic.ini, pyproject.toml speaks of the same project.
      configs: configs.filter((one, index) => configs.findIndex((other) => folderOf(other) === folderOf(one)) === index),
      workspace: { files, folders, directory: config?.includes("/") ? config.slice(0, config.lastIndexOf("/")) : "" },
      left_out: [...this.left],
      more_left_out: this.more,
    });
  }
}

/**
 * A zip's project. Sizes are counted as it is unpacked: what the zip says of itself may be wrong. Where there is too
 * much, it is read once more for `needed` alone: the order in a zip says nothing.
 */
export function unzip(bytes, name, needed = null) {
  const gathering = new Gathering();
  if (bytes.length > ARCHIVE) throw "large";
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw "zip";
  let seen = 0;
  let broken = false;
  let spent = 0;
  const reader = new Unzip((file) => {
    seen += 1;
    const path = pathOf(file.name);
    if (seen > SEEN) throw "count";
    if (path === null) return gathering.leave(file.name, "path");
    if (file.name.endsWith("/")) return void gathering.folders.add(path);
    if (needed && !skips(path) && !needed.test(path)) return gathering.leave(path, "count");
    if (!gathering.wants(path, file.originalSize ?? 0)) return;
    const parts = [];
    let length = 0;
    file.ondata = (error, part, last) => {
      if (error) return void (broken = true);
      length += part.length;
      spent += part.length;
      if (length > DATABASE || spent > 2 * TOTAL) {
        parts.length = 0;
        gathering.leave(path, "large");
        if (spent > 2 * TOTAL) throw "total";
        return file.terminate();
      }
      parts.push(part);
      if (last) {
        const whole = new Uint8Array(length);
        let at = 0;
        for (const one of parts) (whole.set(one, at), (at += one.length));
        gathering.take(path, whole);
      }
    };
    try {
      file.start();
    } catch {
      gathering.leave(path, "compression");
    }
  });
  reader.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += 8_192) reader.push(bytes.subarray(at, at + 8_192), at + 8_192 >= bytes.length);
  } catch (error) {
    throw typeof error === "string" ? error : "zip";
  }
  if (broken || !seen) throw "zip";
  if (gathering.short && !needed) return unzip(bytes, name, NEEDED);
  return gathering.project(name);
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

async function walk(entry, path, gathering, count) {
  if ((count.seen += 1) > SEEN) return gathering.leave(path, "count");
  if (entry.isDirectory) {
    if (skips(path)) return gathering.leave(path + "/", "skipped");
    gathering.folders.add(path);
    const reader = entry.createReader();
    const inside = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      inside.push(...some);
    }
    // What a project is made of first, so that a limit cuts the rest.
    inside.sort((a, b) => USEFUL.test(b.name) - USEFUL.test(a.name) || (a.name < b.name ? -1 : 1));
    for (const one of inside) await walk(one, `${path}/${one.name}`, gathering, count);
  } else {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    if (gathering.wants(path, file.size)) gathering.take(path, await bytesOf(file));
  }
}

/** What was dropped or chosen: a project, a database, or a workspace that was saved as a file; as JSON. */
export async function gather(list) {
  if (!list.length) throw "empty";
  const [first] = list;
  if (list.length <= FILES && [...list].every((one) => /\.limbeck-lesson$/i.test(one.name) && !one.isDirectory)) {
    const files = await Promise.all([...list].map((one) => (one.isFile ? new Promise((done, fail) => one.file(done, fail)) : one)));
    if (files.reduce((sum, file) => sum + file.size, 0) > ARCHIVE) throw "large";
    return JSON.stringify({ kind: "hand_ins", documents: await Promise.all(files.map(async (file) => [file.name, await file.text()])) });
  }
  if (list.length === 1 && !first.isDirectory && !first.webkitRelativePath) {
    const file = first.isFile ? await new Promise((done, fail) => first.file(done, fail)) : first;
    if (file.size > ARCHIVE) throw "large";
    const bytes = await bytesOf(file);
    if (isDatabase(bytes)) {
      if (bytes.length > DATABASE) throw "large";
      return JSON.stringify({ kind: "database", name: file.name, base64: base64(bytes) });
    }
    if (/\.(patch|diff)$/i.test(file.name)) return JSON.stringify({ kind: "patch", name: file.name, text: text(bytes) ?? "" });
    if (/\.json$/i.test(file.name)) return JSON.stringify({ kind: "document", name: file.name, text: text(bytes) ?? "" });
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzip(bytes, file.name);
    if (/\.(db|sqlite3?)$/i.test(file.name)) throw "database";
    if (/\.zip$/i.test(file.name)) throw "zip";
  }
  if (list.some((one) => !one.isDirectory && !one.webkitRelativePath && /\.zip$/i.test(one.name))) throw "several";
  const gathering = new Gathering();
  const count = { seen: 0 };
  const order = [...list].sort((a, b) => USEFUL.test(b.name) - USEFUL.test(a.name));
  for (const one of order) {
    const path = pathOf(one.webkitRelativePath || one.name);
    if (path === null) continue;
    if (one.isFile !== undefined) await walk(one, path, gathering, count);
    else if (gathering.wants(path, one.size)) gathering.take(path, await bytesOf(one));
  }
  return gathering.project(list.length === 1 ? first.name : "project");
}

/**
 * A zip of the project that real Alembic runs: the files as they are, and beside alembic.ini what running them wants,
 * under names that are free.
 */
export function zip(json) {
  const { name, workspace, heads, pending } = JSON.parse(json);
  const folder = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|-+$/g, "") || "project";
  const bytes = (held) => ("Text" in held ? strToU8(held.Text) : Uint8Array.from(atob(held.Binary), (character) => character.charCodeAt(0)));
  const all = {};
  // A database of PostgreSQL is the server's.
  const files = Object.entries(workspace.files).filter(([path]) => !path.includes("://"));
  workspace.files = Object.fromEntries(files);
  for (const [path, held] of files) all[`${folder}/${path}`] = bytes(held);
  for (const path of workspace.folders ?? []) all[`${folder}/${path}/`] = new Uint8Array();
  // A lesson's folder is what it is; a project gets what others need to run it.
  const added = "lesson.md" in workspace.files ? {} : documents({ name, workspace, heads, pending });
  for (const [path, contents] of Object.entries(added)) all[`${folder}/${path}`] = strToU8(contents);
  return zipSync(all, { level: 6 });
}
