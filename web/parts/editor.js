// The editor: CodeMirror in a shadow root, whose constructed style sheets the content security policy allows.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, LRLanguage, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser } from "@lezer/python";

// Colours come from the page's custom properties, which a shadow root inherits: light and dark need
// nothing here.
const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--code-size)", containerType: "inline-size" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontVariantLigatures: "none", lineHeight: "1.25rem", overflow: "auto" },
  ".cm-content": { padding: "8px 0 24px", caretColor: "var(--copper)" },
  ".cm-placeholder": { color: "var(--ink-faint)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--ink-faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 12px", minWidth: "32px", fontVariantNumeric: "tabular-nums" },
  ".cm-activeLine": { backgroundColor: "var(--line-wash)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink-soft)" },
  ".cm-cursor": { borderLeft: "2px solid var(--copper)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--copper-wash)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--copper-wash)", outline: "1px solid var(--copper-line)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--rule-strong)", borderRadius: "4px", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "200px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--copper)", color: "var(--on-copper)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "0.8125rem", padding: "8px 12px", whiteSpace: "pre-wrap", maxWidth: "min(480px, 90vw)", borderLeftWidth: "3px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--removed)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--altered)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", fontFamily: "var(--sans)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--rule)" },
  // The bar that finds and replaces, as the rest of the page looks.
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 8px", padding: "8px 36px 8px 12px", fontSize: "0.8125rem" },
  ".cm-panel.cm-search br": { flexBasis: "100%", height: "0", content: "''" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "4px", fontSize: "0.75rem", color: "var(--ink-soft)", margin: "0" },
  ".cm-panel.cm-search input[type=checkbox]": { accentColor: "var(--copper)", margin: "0" },
  ".cm-panel.cm-search .cm-textfield": { flex: "1 1 9rem", minWidth: "6rem", minHeight: "28px", padding: "0 8px", margin: "0", font: "0.8125rem var(--mono)" },
  ".cm-panel.cm-search .cm-textfield:focus": { outline: "2px solid var(--copper)", outlineOffset: "-1px" },
  ".cm-panel.cm-search .cm-button": { minHeight: "28px", padding: "0 10px", margin: "0", backgroundImage: "none", textTransform: "none", cursor: "pointer", font: "inherit" },
  ".cm-panel.cm-search .cm-button:hover": { borderColor: "var(--copper)", color: "var(--copper-deep)" },
  ".cm-panel.cm-search [name=close]": { top: "6px", right: "8px", width: "28px", height: "28px", color: "var(--ink-soft)", fontSize: "1.125rem", cursor: "pointer" },
  ".cm-searchMatch": { backgroundColor: "var(--altered-wash)", boxShadow: "0 0 0 1px var(--altered)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--copper)", color: "var(--on-copper)" },
  ".cm-textfield": { backgroundColor: "var(--sheet)", border: "1px solid var(--rule-strong)", color: "var(--ink)", borderRadius: "3px" },
  ".cm-button": { background: "var(--sheet)", border: "1px solid var(--rule-strong)", color: "var(--ink)", borderRadius: "3px" },
  ".cm-marked": { backgroundColor: "var(--copper-wash)", boxShadow: "inset 3px 0 var(--copper)" },
  ".cm-note": { padding: "4px 16px 4px 10px", borderLeft: "3px solid var(--removed)", backgroundColor: "var(--removed-wash)", color: "var(--removed)", fontFamily: "var(--sans)", whiteSpace: "pre-wrap", overflowWrap: "anywhere", boxSizing: "border-box", position: "sticky", left: "3.5rem", width: "calc(100cqi - 3.5rem)" },
  ".cm-note code": { fontFamily: "var(--mono)" },
  ".cm-revealed": { backgroundColor: "var(--altered-wash)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.moduleKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.comment, tags.meta], color: "var(--ink-faint)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className, tags.definition(tags.className)], color: "var(--code-name)", fontWeight: "600" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-call)" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--code-call)" },
  { tag: tags.heading, color: "var(--code-name)", fontWeight: "600" },
  { tag: tags.invalid, color: "var(--removed)" },
]);

// Python to look at; how it is indented and completed comes with `writing`.
const python = LRLanguage.define({ name: "python", parser });

// alembic.ini: sections, names, comments.
const ini = StreamLanguage.define({
  token(stream) {
    if (stream.sol()) {
      if (stream.match(/\s*[#;].*/)) return "comment";
      if (stream.match(/\s*\[.*\]/)) return "heading";
      if (stream.match(/^[\w.\- %()]+(?=\s*[=:])/)) return "keyword";
    }
    if (stream.match(/%\([^)]*\)[sd]|%%/)) return "number";
    stream.next();
    return null;
  },
});

// Which options each editor that is open was made with.
const editors = new Map();

/** A module of `editor/` that loads when it is first wanted: its `extension(options)` then joins the editors that are
 * open, and those that are made from then on have it from the start. */
function lazy(load) {
  const compartment = new Compartment();
  let extension = () => [];
  let loading;
  return {
    extension: (options) => compartment.of(extension(options)),
    load() {
      loading ??= load().then(
        (module) => {
          ({ extension } = module);
          for (const [view, options] of editors) view.dispatch({ effects: compartment.reconfigure(extension(options)) });
          return module;
        },
        (error) => {
          // Without a network, say: it may be tried again.
          loading = undefined;
          throw error;
        },
      );
      return loading;
    },
  };
}
const writing = lazy(() => import("./editor/writing.js"));
const linting = lazy(() => import("./editor/lint.js"));
const sql = lazy(() => import("./editor/sql.js"));
const commenting = lazy(() => import("./editor/commenting.js"));
const unavailable = () => {};

// Whoever types into an editor the moment it has the keyboard finds its indentation there: what typing
// wants comes as soon as the browser has nothing else to do, and at the first focus at the latest.
const whenIdle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 200));
whenIdle(() => writing.load().catch(unavailable));

const languages = {
  python: () => [python, indentUnit.of("    ")],
  sql: () => [sql.extension()],
  ini: () => [ini],
  text: () => [],
};

// Set on changes that the page made itself, so that they are not sent back.
const fromOutside = Annotation.define();

// The lines to look at, such as those that run now.
const setMarked = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update: (lines, transaction) => transaction.effects.reduce((value, effect) => (effect.is(setMarked) ? effect.value : value), lines.map(transaction.changes)),
  provide: (field) => EditorView.decorations.from(field),
});
const markedLine = Decoration.line({ class: "cm-marked" });

// A sentence under a line, such as why it failed; it goes when the line is edited.
class Note extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    const note = document.createElement("div");
    note.className = "cm-note";
    // In sentences, backticks stand around what is drawn as code.
    note.append(...this.text.split("`").map((part, index) => {
      if (index % 2 === 0) return part;
      const code = document.createElement("code");
      code.textContent = part;
      return code;
    }));
    return note;
  }
}
const setNote = StateEffect.define();
const noted = StateField.define({
  create: () => Decoration.none,
  update(notes, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setNote));
    if (set) return set.value;
    let touched = false;
    notes.between(0, transaction.startState.doc.length, (at) => {
      const line = transaction.startState.doc.lineAt(at);
      touched ||= Boolean(transaction.changes.touchesRange(line.from, line.to));
    });
    return touched ? Decoration.none : notes.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Lines and columns of diagnostics count Unicode characters; CodeMirror counts UTF-16 units.
function offset(document, line, column) {
  const at = document.line(Math.max(1, Math.min(line, document.lines)));
  let units = 0;
  let characters = 1;
  for (const character of at.text) {
    if (characters >= column) break;
    units += character.length;
    characters += 1;
  }
  return at.from + units;
}

const pathOf = (view) => view.dom.getRootNode().host?.dataset.path;

// How many threads of comments lines have, by path, and what begins one; and the editor that had the keyboard last.
let commented;
let entered;
function showComments(view) {
  if (commented) commenting.load().then(({ show }) => editors.has(view) && show(view, commented.lines[pathOf(view)]), unavailable);
}

/** Tells all editors which lines have comments: {path: {line: how many}} as JSON. */
export function comment(json, begin) {
  commented = { lines: JSON.parse(json), begin };
  for (const view of editors.keys()) showComments(view);
}

/** Where the cursor is, as JSON: in the editor of a file, or in the one that had the keyboard last. */
export function cursor(path) {
  const files = [...editors.keys()].filter((view) => pathOf(view) && view.dom.offsetParent);
  const view = files.find((one) => (path ? pathOf(one) === path : one === entered)) ?? files[0];
  if (!view) return null;
  const box = view.scrollDOM.getBoundingClientRect();
  const at = view.coordsAtPos(view.state.selection.main.head);
  // Where the cursor was scrolled out of sight, the first line that is seen is meant.
  const seen = at && at.bottom > box.top && at.top < box.bottom;
  const top = view.lineBlockAtHeight(box.top - view.documentTop + 16).from;
  const line = view.state.doc.lineAt(seen ? view.state.selection.main.head : top);
  return JSON.stringify([pathOf(view), line.number, line.text]);
}

// What the engine knows of names and parameters; it comes when the first editor is open.
let offered = [];

/** What all editors offer in Python: [{of, name, parameters}] as JSON. */
export function offer(json) {
  offered = JSON.parse(json);
}

/** Types what is different in another text into the editor of a file, a few letters at a time; says whether there is one. */
export async function typeInto(path, text) {
  const view = [...editors.keys()].find((one) => pathOf(one) === path && one.dom.offsetParent);
  if (!view) return false;
  const old = view.state.doc.toString();
  let start = 0;
  while (start < Math.min(old.length, text.length) && old[start] === text[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, text.length) - start && old.at(-1 - end) === text.at(-1 - end)) end += 1;
  const insert = text.slice(start, text.length - end);
  view.dispatch({ changes: { from: start, to: old.length - end }, selection: { anchor: start }, effects: EditorView.scrollIntoView(start, { y: "center" }) });
  const pace = Math.max(2, Math.ceil(insert.length / 60));
  for (let at = 0; at < insert.length; at += pace) {
    if (!editors.has(view)) return false;
    const part = insert.slice(at, at + pace);
    view.dispatch({ changes: { from: start + at, insert: part }, selection: { anchor: start + at + part.length }, scrollIntoView: true });
    await new Promise((done) => setTimeout(done, 30));
  }
  return view.state.doc.toString() === text;
}

export function create(host, options) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const language = new Compartment();
  const label = new Compartment();
  const labelled = (text) => EditorView.contentAttributes.of({ "aria-label": text, tabindex: "0", spellcheck: "false", autocapitalize: "off" });
  const toRead = (text) =>
    EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: "0" }),
        marked,
        language.of((languages[options.language] ?? languages.text)()),
        label.of(labelled(options.label)),
        syntaxHighlighting(colours),
        look,
      ],
    });
  const state = (text) =>
    options.reading ? toRead(text) : EditorState.create({
      doc: text,
      extensions: [
        options.small ? [placeholder("SELECT …")] : [commenting.extension(options), lineNumbers(), highlightActiveLineGutter(), highlightActiveLine()],
        history(),
        marked,
        noted,
        drawSelection(),
        // What is only to be looked at takes no typing; the page's own changes carry no user event.
        EditorState.changeFilter.of((change) => !document.documentElement.hasAttribute("data-view-only") || !change.annotation(Transaction.userEvent)),
        indentOnInput(),
        bracketMatching(),
        writing.extension(options),
        linting.extension(),
        keymap.of([
          { key: "Mod-Enter", run: () => (options.submit(), true) },
          // Where it has not come yet, the browser's own search would open.
          { key: "Mod-f", run: (view) => (writing.load().then((module) => module.openSearchPanel(view), unavailable), true) },
          ...defaultKeymap, ...historyKeymap,
          // Escape, then Tab, leaves the editor: CodeMirror sees to that.
          ...(options.small ? [] : [indentWithTab]),
        ]),
        language.of((languages[options.language] ?? languages.text)()),
        label.of(labelled(options.label)),
        EditorView.domEventHandlers({
          focus(_, view) {
            entered = view;
            writing.load().catch(unavailable);
            if (options.language === "sql") sql.load().catch(unavailable);
          },
          // Typing over a selection: left to itself, the browser keeps the look of what it deletes in a
          // style attribute, which the content security policy forbids.
          beforeinput(event, view) {
            const { from, to } = view.state.selection.main;
            if (event.inputType !== "insertText" || event.data == null || from === to || view.composing) return false;
            event.preventDefault();
            const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
            if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert))) view.dispatch(insert());
            return true;
          },
        }),
        // Another tab may change the project: here nothing is typed.
        EditorState.changeFilter.of((change) => !("readOnly" in document.documentElement.dataset) || change.annotation(fromOutside) === true),
        syntaxHighlighting(colours),
        look,
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.every((one) => one.annotation(fromOutside))) options.change();
        }),
      ],
    });
  options.offered = () => offered;
  options.begin = (line) => commented?.begin(pathOf(view), line.number, line.text);
  const view = new EditorView({ state: state(""), root: shadow, parent: shadow });
  editors.set(view, options);
  // Counts what was to be underlined, since the last of it counts.
  let diagnosed = 0;
  let underlined = false;
  return {
    // Another file: nothing of the one before can be undone into it.
    open(text, name, title) {
      options.language = name;
      options.label = title;
      diagnosed += 1;
      if (name === "sql") sql.load().catch(unavailable);
      view.setState(state(text));
      showComments(view);
      view.scrollDOM.scrollTop = view.scrollDOM.scrollLeft = 0;
      // A script is read from what it does, not from its licence plate.
      const upgrade = name === "python" && /^revision\b/m.test(text) ? text.search(/^(async )?def upgrade\b/m) : -1;
      if (upgrade > 0) view.dispatch({ effects: EditorView.scrollIntoView(upgrade, { y: "start", yMargin: 8, x: "start", xMargin: 1_000 }) });
    },
    // The same file, changed by a command: the cursor stays where it can.
    replace(text) {
      const old = view.state.doc.toString();
      if (old === text) return;
      let start = 0;
      while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
      let end = 0;
      while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
      view.dispatch({
        changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) },
        annotations: fromOutside.of(true),
      });
    },
    text: () => view.state.doc.toString(),
    diagnose(json) {
      const found = JSON.parse(json);
      diagnosed += 1;
      const mine = diagnosed;
      if (!found.length && !underlined) return;
      linting.load().then(({ setDiagnostics }) => {
        if (mine !== diagnosed || !editors.has(view)) return;
        underlined = found.length > 0;
        const document = view.state.doc;
        const diagnostics = found
          .filter((one) => one.place.line <= document.lines)
          .map((one) => {
            const from = offset(document, one.place.line, one.place.column);
            const to = offset(document, one.place.end_line, one.place.end_column);
            return { from, to: Math.max(from, to), severity: one.error ? "error" : "warning", message: one.message };
          });
        view.dispatch(setDiagnostics(view.state, diagnostics));
      }, unavailable);
    },
    reveal(line) {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      view.dispatch({
        selection: { anchor: at.from + (at.text.length - at.text.trimStart().length) },
        // From its first column, however long the line is.
        effects: EditorView.scrollIntoView(at.from, { y: "center", x: "start", xMargin: 1_000 }),
      });
    },
    mark(first, last) {
      const document = view.state.doc;
      const lines = [];
      for (let line = Math.max(1, first); first && line <= Math.min(last, document.lines); line += 1) lines.push(markedLine.range(document.line(line).from));
      const effects = [setMarked.of(Decoration.set(lines))];
      if (lines.length) effects.push(EditorView.scrollIntoView(lines[0].from, { y: "center" }));
      view.dispatch({ effects });
    },
    note(number, text) {
      const { doc } = view.state;
      const notes = number > 0 && number <= doc.lines ? [Decoration.widget({ widget: new Note(text), block: true, side: 1 }).range(doc.line(number).to)] : [];
      view.dispatch({ effects: setNote.of(Decoration.set(notes)) });
    },
    focus: () => view.focus(),
    close() {
      editors.delete(view);
      view.destroy();
    },
  };
}
