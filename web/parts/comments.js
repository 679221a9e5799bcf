// What comments want of the browser: a place to be kept in, ids, times as people read them; and their style, which loads
// with them.
import style from "../style/comments.css";
import { texts } from "./kept.js";

export const { kept, change, all } = texts("limbeck-comments");

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/** An id that nobody else makes. */
export const id = () => [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A moment as the browser's user reads it. */
export const moment = (milliseconds) => format.format(milliseconds);
