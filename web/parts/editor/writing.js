// What typing wants and reading does not: completion, closing brackets, Python's indentation, search; loads when an editor
// first takes the keyboard.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { python, pythonLanguage } from "@codemirror/lang-python";
import { syntaxTree } from "@codemirror/language";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

export { openSearchPanel };

const modules = { sa: "sqlalchemy", sqlalchemy: "sqlalchemy", orm: "sqlalchemy.orm", sqlmodel: "sqlmodel", op: "op", batch_op: "batch_op" };
const kind = (name) => (/^[A-Z]/.test(name) ? "class" : "function");
const named = (one) => ({ label: one.name, type: kind(one.name), detail: one.parameters.length ? `(${one.parameters.slice(0, 3).join(", ")}${one.parameters.length > 3 ? ", …" : ""})` : undefined });

// Gives what completes in Python, of the names and parameters that `offered` gives: [{of, name, parameters}].
const completion = (offered) => (context) => {
  const member = context.matchBefore(/\b\w+\.\w*/);
  if (member) {
    const [object] = member.text.split(".");
    // with op.batch_alter_table(…) as batch:
    const batch = new RegExp(`batch_alter_table\\([^\\n]*\\bas ${object}:`).test(context.state.doc.toString());
    const of = batch ? "batch_op" : modules[object];
    if (!of) return null;
    return { from: member.from + object.length + 1, options: offered().filter((one) => one.of === of).map(named), validFor: /^\w*$/ };
  }
  const word = context.matchBefore(/\w*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const options = [];
  // Parameters of the call that the cursor stands in.
  for (let node = syntaxTree(context.state).resolveInner(context.pos, -1); node; node = node.parent) {
    if (node.name !== "ArgList" || node.from >= context.pos) continue;
    const callee = node.parent?.firstChild;
    const text = callee ? context.state.sliceDoc(callee.from, callee.to).split(".") : [];
    const name = text.at(-1);
    const fits = offered().filter((one) => one.name === name && one.parameters.length && (text.length === 1 || modules[text[0]] === one.of || one.of === "batch_op"));
    const given = context.state.sliceDoc(node.from, node.to);
    const one = fits.find((one) => modules[text[0]] === one.of) ?? fits[0];
    for (const parameter of one?.parameters ?? []) {
      if (!new RegExp(`\\b${parameter}\\s*=`).test(given)) options.push({ label: `${parameter}=`, type: "property", boost: 2 });
    }
    break;
  }
  const imports = /^\s*from\s+([\w.]+)\s+import\b/.exec(context.state.doc.lineAt(context.pos).text);
  if (imports) options.push(...offered().filter((one) => one.of === imports[1]).map(named));
  else if (word.to - word.from >= 2) {
    const seen = new Set();
    for (const one of offered()) {
      if (one.of === "op" || one.of === "batch_op" || seen.has(one.name)) continue;
      seen.add(one.name);
      options.push(named(one));
    }
  }
  return options.length ? { from: word.from, options, validFor: /^\w*$/ } : null;
};

/** The box for SQL, which is `small`, offers nothing unasked. */
export const extension = ({ language, small, offered }) => [
  // Before the editor's own language, in whose place it stands.
  language === "python" ? Prec.high(python()) : [],
  closeBrackets(),
  autocompletion({ activateOnTyping: !small }),
  pythonLanguage.data.of({ autocomplete: completion(offered) }),
  highlightSelectionMatches(),
  search({ top: false }),
  // A bracket's pair goes before what Backspace does else; the other keys come after the editor's own.
  Prec.high(keymap.of(closeBracketsKeymap)),
  Prec.low(keymap.of([...searchKeymap, ...completionKeymap])),
];
