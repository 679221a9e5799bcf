// The margin beside the lines' numbers: which lines have comments, and a click to begin one; loads with the first comment,
// or when somebody opens their pane.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, gutter, GutterMarker } from "@codemirror/view";

class Mark extends GutterMarker {
  constructor(number) {
    super();
    this.number = number;
  }
  eq(other) {
    return other.number === this.number;
  }
  toDOM() {
    const mark = document.createElement("span");
    mark.className = "cm-comment";
    mark.textContent = this.number;
    return mark;
  }
}

const setMarks = StateEffect.define();
const marks = StateField.define({
  create: () => RangeSet.empty,
  update: (value, transaction) => transaction.effects.reduce((now, effect) => (effect.is(setMarks) ? effect.value : now), value.map(transaction.changes)),
});

const look = EditorView.theme({
  ".cm-comments": { width: "20px", cursor: "pointer" },
  ".cm-comments .cm-gutterElement": { display: "flex", alignItems: "center", justifyContent: "center" },
  ".cm-comments .cm-gutterElement:hover": { backgroundColor: "var(--copper-wash)" },
  ".cm-comment": { minWidth: "16px", borderRadius: "8px 8px 8px 2px", backgroundColor: "var(--copper)", color: "var(--on-copper)", fontFamily: "var(--sans)", fontSize: "0.6875rem", lineHeight: "1rem", textAlign: "center" },
});

export const extension = ({ begin }) => [
  marks,
  gutter({
    class: "cm-comments",
    markers: (view) => view.state.field(marks),
    domEventHandlers: {
      mousedown(view, block) {
        begin(view.state.doc.lineAt(block.from));
        return true;
      },
    },
  }),
  look,
];

/** Shows which lines have comments: how many, by the line's number. */
export function show(view, lines = {}) {
  if (!view.state.field(marks, false)) return;
  const { doc } = view.state;
  const ranges = Object.entries(lines)
    .filter(([line]) => line <= doc.lines)
    .map(([line, number]) => new Mark(number).range(doc.line(Number(line)).from));
  view.dispatch({ effects: setMarks.of(RangeSet.of(ranges, true)) });
}
