// Underlined diagnostics; loads when there is the first one.
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

export { setDiagnostics };

export const extension = () => Prec.low(keymap.of(lintKeymap));
