// The language of SQL; loads with the first text of it, or when somebody enters the box for it.
import { SQLite, sql } from "@codemirror/lang-sql";

export const extension = () => sql({ dialect: SQLite });
