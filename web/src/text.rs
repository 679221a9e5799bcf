//! Every word that the page itself says: labels, hints, notices, names for those who don't see the
//! page; and what the worker says to people. A module for each region; where something is filled in,
//! a function. In sentences, backticks stand around what is drawn as code.
//!
//! What the engine prints is Alembic's own and is not here.
#![expect(missing_docs, reason = "the words say what each is")]

pub const ADDED: &str = "added";
pub const REMOVED: &str = "removed";
pub const ALTERED: &str = "altered";
pub const CANCEL: &str = "Cancel";
pub const CANCELLED: &str = "cancelled";
pub const COPY: &str = "Copy";
pub const SHORTER: &str = "under 0.1 ms";
pub const STOP: &str = "Stop";
pub const NO_CLIPBOARD: &str = "The browser does not allow copying here.";

pub const CELL: &str = "cell";
pub const CHANGE: &str = "change";
pub const COLUMN: &str = "column";
pub const FINDING: &str = "finding";
pub const HEAD: &str = "head";
pub const KEY: &str = "key";
pub const REVISION: &str = "revision";
pub const ROW: &str = "row";
pub const STATEMENT: &str = "statement";
pub const VALUE: &str = "value";

/// `1 change`, `2 changes`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// Between two changes, in the message that is suggested for a revision.
pub const AND: &str = " and ";

pub fn and_more(first: &str, number: usize) -> String {
    format!("{first} and {number} more")
}

pub fn engine_broke(message: &str) -> String {
    format!("the engine broke: {message}")
}

pub fn editor_failed(message: &str) -> String {
    format!("The editor could not be loaded: {message}")
}

/// The three columns.
pub mod columns {
    pub const ALL: &str = "Columns";
    pub const MODELS: &str = "Models";
    pub const MODELS_ABOUT: &str = "what should be";
    pub const MIGRATIONS: &str = "Migrations";
    pub const MIGRATIONS_ABOUT: &str = "how to get there";
    pub const DATABASE: &str = "Database";
    pub const DATABASE_ABOUT: &str = "what is";
    pub const WIDEN: &str = "Give this column the whole width";
    pub const SHOW_ALL: &str = "Show all three columns";
}

/// The line of news at the top.
pub mod notice {
    pub const CLOSE: &str = "Close the message";
    pub const NO_DATABASE: &str = "There is no database yet: an upgrade makes one.";

    pub fn stopped(line: &str, saved: bool) -> String {
        if saved {
            format!("Stopped: {line}. Files and databases are as they were before it.")
        } else {
            format!(
                "Stopped: {line}. This browser keeps nothing for this page, so the project is as it was when it began."
            )
        }
    }

    pub fn engine_broke(message: &str) -> String {
        format!("The engine broke ({message}). It was started again with the last saved state.")
    }
}

/// The band of verbs.
pub mod verbs {
    use super::count;

    pub const BAND: &str = "From models to the database";
    pub const AUTOGENERATE: &str = "Autogenerate";
    pub const UPGRADE: &str = "Upgrade";
    pub const DOWNGRADE: &str = "Downgrade";
    pub const MERGE: &str = "Merge";
    pub const WRITE: &str = "Write";
    pub const MESSAGE_OF_REVISION: &str = "Message of the new revision";
    pub const MESSAGE_OF_MERGE: &str = "Message of the merge";
    pub const MERGE_MESSAGE: &str = "merge heads";
    pub const DESCRIBE: &str = "describe the change";
    pub const LOOKING: &str = "looking …";
    pub const UPGRADE_FIRST: &str = "upgrade first";
    pub const CANNOT_COMPARE: &str = "can't compare yet";
    pub const NOTHING_TO_WRITE: &str = "nothing to write";
    pub const NO_REVISIONS: &str = "no revisions yet";
    pub const UP_TO_DATE: &str = "up to date";
    pub const AT_BASE: &str = "at base";
    pub const NOT_IN_ONE_STEP: &str = "not in one step";

    pub fn to_write(changes: usize) -> String {
        format!("{} to write", count(changes, super::CHANGE))
    }

    pub fn ahead(revisions: usize) -> String {
        format!("{} ahead", count(revisions, super::REVISION))
    }

    pub fn ahead_of_heads(revisions: usize, heads: usize) -> String {
        format!("{revisions} ahead, {}", count(heads, super::HEAD))
    }

    pub fn back_to(revision: &str) -> String {
        format!("back to {revision}")
    }
}

/// The Models column.
pub mod models {
    pub const FILES: &str = "Files with models";
    pub const ALL_FILES: &str = "All files";
    pub const ALL_FILES_KEY: &str = "All files (Ctrl+B)";
    pub const HINT: &str = "The first step";
    pub const BEGIN: &str = "Begin here.";
    pub const FIRST_STEP: &str = "In `Book`, take the `#` off the `isbn` line. Pending shows what that means for the database; Autogenerate writes it down, Upgrade does it.";
    pub const CLOSE_HINT: &str = "Close the hint";
    pub const NOT_A_TEXT: &str = "This file is not a text.";
    pub const NO_FILE: &str = "No file is open. Files lists what there is.";
}

/// What autogenerate would write.
pub mod pending {
    pub const TITLE: &str = "Pending";
    pub const LIST: &str = "Pending changes";
    pub const COMPARING: &str = "Comparing the models with the database …";
    pub const BEHIND: &str =
        "Models are compared with the database, and it is behind the migrations.";
    pub const UPGRADE_FIRST: &str = "Upgrade first";
    pub const NOTHING: &str = "The database is what the models say.";
    pub const STOPPED: &str = "The comparison was stopped. It begins again when something changes.";
}

/// The Migrations column.
pub mod migrations {}

/// The Database column.
pub mod database {
    use super::count;

    pub const NEW: &str = "new";
    pub const NONE: &str =
        "There is no database yet. The first upgrade makes it, where `sqlalchemy.url` says.";
    pub const VIEW: &str = "view";
    pub const NO_TABLES: &str = "No tables yet.";
    pub const ROWS: &str = "Rows";
    pub const COLUMNS: &str = "Columns";
    pub const SQL: &str = "SQL";
    pub const RUN: &str = "Run SQL";
    pub const CLOSE_RESULT: &str = "Close the result";
    pub const BACK_TO_TABLE: &str = "Back to the table";
    pub const DONE: &str = "Done.";
    pub const TYPE: &str = "type";
    pub const PRIMARY_KEY: &str = "primary key";
    pub const NOT_NULL: &str = "not null";
    pub const FOREIGN_KEY: &str = "foreign key";
    pub const UNIQUE: &str = "unique";
    pub const UNIQUE_INDEX: &str = "unique index";
    pub const INDEX: &str = "index";

    pub fn indexes(number: usize) -> String {
        match number {
            1 => "1 index".to_owned(),
            _ => format!("{number} indexes"),
        }
    }

    pub fn rows(signed: &str, one: bool) -> String {
        format!("{signed} row{}", if one { "" } else { "s" })
    }

    pub fn dropped(rows: usize) -> String {
        match rows {
            0 => "dropped".to_owned(),
            _ => format!("dropped, with {}", count(rows, super::ROW)),
        }
    }

    pub fn changed(rows: usize) -> String {
        format!("{} changed.", count(rows, super::ROW))
    }

    pub fn table(name: &str) -> String {
        format!("Table {name}")
    }

    pub fn columns_of(table: &str) -> String {
        format!("Columns of {table}")
    }

    pub fn default(value: &str) -> String {
        format!("default {value}")
    }

    pub fn was(text: &str) -> String {
        format!("was {text}")
    }
}

/// The line at the top.
pub mod header {
    pub const NAME: &str = "Limbeck";
    pub const FILES_KEY: &str = "Files (Ctrl+B)";
    pub const THEME: &str = "Light or dark";

    pub fn sqlite(version: &str) -> String {
        format!("SQLite {version}")
    }
}

/// Rows of tables and queries.
pub mod rows {
    use super::count;

    pub const RESULT: &str = "Result";
    pub const READING: &str = "Reading …";
    pub const EDITS: &str = "Double click or Enter edits";
    pub const DELETE_ROW: &str = "Delete this row";
    pub const NONE: &str = "No rows.";
    pub const NEXT: &str = "next";
    pub const NEW: &str = "New row";
    pub const INSERT: &str = "Insert";
    pub const BEFORE: &str = "Rows before";
    pub const AFTER: &str = "Rows after";

    pub fn bytes(number: usize) -> String {
        format!("{number} bytes")
    }

    pub fn first_of(shown: usize, total: u64) -> String {
        format!("the first {shown} of {total} rows")
    }

    pub fn rows_of(table: &str) -> String {
        format!("Rows of {table}")
    }

    pub fn delete_row(rowid: i64) -> String {
        format!("Delete row {rowid}")
    }

    pub fn removed(number: usize) -> String {
        format!("{} removed", count(number, super::ROW))
    }

    pub fn range(first: u32, last: u64, total: u64) -> String {
        format!("{first}–{last} of {total}")
    }
}

/// The file tree.
pub mod files {
    pub const TITLE: &str = "Files";
    pub const OK: &str = "OK";
    pub const NEW: &str = "New file";
    pub const NEW_NAME: &str = "New file, such as app/models.py";
    pub const NEW_PATH: &str = "New path";
    pub const CLOSE: &str = "Close the files";
    pub const CLOSE_KEY: &str = "Close (Ctrl+B)";
    pub const RENAME: &str = "Rename";
    pub const DELETE: &str = "Delete";
    pub const KEEP: &str = "Keep";

    pub fn there_already(name: &str) -> String {
        format!("{name} is there already.")
    }

    pub fn delete_question(name: &str) -> String {
        format!("Delete {name}?")
    }

    pub fn rename(path: &str) -> String {
        format!("Rename {path}")
    }

    pub fn delete(path: &str) -> String {
        format!("Delete {path}")
    }
}

/// The console.
pub mod console {
    use super::count;

    pub const TITLE: &str = "Console";
    pub const HEIGHT: &str = "Height of the console";
    pub const STOP_KEY: &str = "Ctrl+C in the console";
    pub const COPY_ALL: &str = "Copy the console";
    pub const CLEAR: &str = "Clear the console";
    pub const CLEAR_KEY: &str = "Clear (Ctrl+L)";
    pub const LOG: &str = "What the commands printed";
    pub const EMPTY: &str = "Every button runs a command, and shows it here. You can type them too: `alembic history`, or `help`.";
    pub const COMMAND: &str = "Command";
    pub const RUNS: &str = "runs …";
    pub const STOPPED: &str = "stopped; files and databases are as they were before this command";
    pub const LEFT: &str = "What the failed command left";
    pub const NOTHING_STAYED: &str = "Nothing of it stayed in the database.";
    pub const ALTHOUGH: &str =
        "although the command failed: SQLite runs these without a transaction under Alembic.";
    pub const WHICH: &str = "Which";
    pub const IS_BACK: &str = "The state before the command is back.";
    pub const BRING_BACK: &str = "Bring back the state before this command";

    pub const SHOW_END: &str = "Show its end only";

    pub fn show_all(lines: usize) -> String {
        format!("Show all {lines} lines")
    }

    pub fn copy_entry(line: &str) -> String {
        format!("Copy {line} and its output")
    }

    pub fn status(number: i32) -> String {
        format!("exit status {number}")
    }

    pub fn broke(message: &str) -> String {
        format!(
            "the engine broke ({message}); files and databases are as they were before this command"
        )
    }

    pub fn stayed(statements: usize) -> String {
        format!(
            "{} stayed in the database",
            count(statements, super::STATEMENT)
        )
    }

    pub fn rolled_back(statements: usize) -> String {
        format!("{} rolled back.", count(statements, super::STATEMENT))
    }
}

/// What was found on a revision, and its round trip.
pub mod review {
    pub const TRYING: &str = "Trying it on a copy: upgrade, downgrade, upgrade …";
    pub const STOPPED: &str = "The review was stopped.";
    pub const AGAIN: &str = "Review again";
    pub const NOTHING: &str = "Nothing to say: no line of this script loses values, fails on your rows, or can't be taken back.";
    pub const FINDINGS: &str = "Findings";
    pub const EVIDENCE: &str = "The rows it rests on";
    pub const MADE: &str = ", made on a copy to show it: you have none such";
    pub const LEG_BACK: &str = "After the downgrade, against before";
    pub const LEG_AGAIN: &str = "After the second upgrade, against the first";
    pub const DIFFERS: &str = "What differs";
    pub const LOST: &str = "lost";
    pub const CHANGED: &str = "changed";
    pub const CONVERTED: &str = "of another type";
    pub const FILLED_IN: &str = "filled in";

    pub fn unreachable(reason: &str) -> String {
        format!(
            "Your database can't be brought to where this revision runs ({reason}), so it was tried on an empty one."
        )
    }

    pub fn show_line(line: u32) -> String {
        format!("show line {line}")
    }

    pub fn line(line: u32) -> String {
        format!("line {line}")
    }

    pub fn apply(fix: &str) -> String {
        format!("Apply: {fix}")
    }

    pub const LOSSLESS: &str = "Lossless";
    pub const SCHEMA_ONLY: &str = "Schema only";
    pub const LOSES_DATA: &str = "Loses data";
    pub const NOT_REVERSED: &str = "Not reversed";
    pub const BROKEN: &str = "Broken";
    pub const DOES_NOTHING: &str = " downgrade() does nothing.";
    pub const ON_EMPTY: &str = "on an empty database";
    pub const ON_TAKEN_BACK: &str =
        "on a copy of your database, taken back to before this revision,";
    pub const ON_NO_ROWS: &str = "on a copy of your database, which has no rows,";
    pub const IS_LEFT: &str = "is left over";
    pub const IS_MISSING: &str = "is missing";
    pub const IS_ANOTHER: &str = "is another";

    pub fn on_rows(rows: &str) -> String {
        format!("on a copy with your {rows}")
    }

    pub fn lossless(ground: &str) -> String {
        format!("upgrade, downgrade, upgrade {ground} gave the same schema and rows.")
    }

    pub fn schema_only(ground: &str, rows: &str) -> String {
        format!(
            "upgrade, downgrade, upgrade {ground} gave the same schema; nothing that was there is lost, but rows differ: {rows}."
        )
    }

    pub fn loses_data(ground: &str, lost: &str) -> String {
        format!("upgrade, downgrade, upgrade {ground} loses {lost}.")
    }

    pub fn not_reversed(ground: &str, items: &str) -> String {
        format!("downgrade {ground} does not bring back the schema from before: {items}.")
    }

    pub fn broken(step: &str, ground: &str, line: &str, message: &str) -> String {
        match step {
            "upgrade again" => {
                format!("after the downgrade, upgrade {ground} fails{line}: {message}")
            }
            _ => format!("{step} {ground} fails{line}: {message}"),
        }
    }

    pub fn at_line(line: u32) -> String {
        format!(" at line {line}")
    }

    pub fn at_place(path: &str, line: u32) -> String {
        format!(" at {path}, line {line}")
    }

    pub fn table_left(table: &str) -> String {
        format!("table {table} is left over")
    }

    pub fn table_missing(table: &str) -> String {
        format!("table {table} is missing")
    }

    pub fn item(kind: &str, name: &str, table: &str, what: &str) -> String {
        format!("{kind} {name} of {table} {what}")
    }

    pub fn of(number: &str, name: &str) -> String {
        format!("{number} of {name}")
    }

    pub fn others(number: u64, cell: &str) -> String {
        if number == 1 {
            format!("1 value of {cell}, which is another now")
        } else {
            format!("{number} values of {cell}, which are others now")
        }
    }

    pub fn filled_in(cells: &str, column: &str) -> String {
        format!("{cells} of {column} filled in")
    }

    pub fn converted(values: &str, column: &str) -> String {
        format!("{values} of {column} of another type")
    }

    pub fn added_to(rows: &str, table: &str) -> String {
        format!("{rows} added to {table}")
    }

    pub fn and_more(number: usize) -> String {
        format!("; and {number} more")
    }

    pub fn going_back(lost: &str) -> String {
        format!("Going back from where your database is and up again would lose {lost}.")
    }

    pub fn too_long(seconds: u64) -> String {
        format!("The review takes longer than {seconds} seconds.")
    }
}

/// What has been under way for a while.
pub mod work {
    pub const TITLE: &str = "What is under way";
    pub const STOP_KEY: &str = "Stop (Escape, or Ctrl+C in the console)";
    pub const REVIEW: &str = "Trying the revision on a copy";
    pub const PENDING: &str = "Comparing the models with the database";

    pub fn step(number: usize, of: Option<usize>) -> String {
        match of {
            Some(of) => format!("revision {number} of {of}"),
            None => format!("revision {number}"),
        }
    }

    pub fn runs(line: &str) -> String {
        format!("{line} is running")
    }
}

/// Why a request failed.
pub mod failure {
    pub const STATE_GONE: &str = "the state before this command is no longer in the history";
    pub const INTO_ITSELF: &str = "a folder can't move into itself";
    pub const NO_DATABASE: &str = "there is no database yet";

    pub fn no_file(path: &str) -> String {
        format!("there is no file {path}")
    }

    pub fn not_in_project(path: &str) -> String {
        format!("{path} is not a path in the project")
    }

    pub fn is_folder(path: &str) -> String {
        format!("{path} is a folder")
    }

    pub fn there_already(path: &str) -> String {
        format!("{path} is there already")
    }

    pub fn no_table(table: &str, path: &str) -> String {
        format!("there is no table {table} in {path}")
    }

    pub fn no_state(number: u32) -> String {
        format!("the history has no state {number}")
    }

    pub fn no_revision(revision: &str) -> String {
        format!("there is no revision {revision}")
    }

    pub fn no_example(name: &str) -> String {
        format!("there is no example {name}")
    }
}

/// What may go wrong with the worker.
pub mod worker {
    pub const NOT_LOADED: &str = "the worker could not be loaded";
    pub const UNASKED: &str = "an answer that was not asked for";
    pub const STACK: &str = "the engine ran out of stack";
    pub const MEMORY: &str = "the engine ran out of memory";
    pub const EMBEDDED: &str = "a page inside another one keeps nothing";
    pub const VERSION: &str = "the page and its worker are of different versions: reload the page";

    pub fn does_not_start(reason: &str) -> String {
        format!("the worker does not start: {reason}")
    }

    pub fn no_sense(reason: &str) -> String {
        format!("a message that makes no sense: {reason}")
    }
}

/// Dialogs.
pub mod dialog {
    pub const CLOSE: &str = "Close";
}

/// The tabs over the chosen revision.
pub mod script_tabs {
    /// What the tabs are of.
    pub const LABEL: &str = "The chosen revision";
    /// Its text.
    pub const SCRIPT: &str = "Script";
    /// What was found on it.
    pub const REVIEW: &str = "Review";
    /// After the tick on the tab of the review, for those who don't see it.
    pub const NOTHING_FOUND: &str = " nothing found";
}

/// The tabs of the Database column.
pub mod database_tabs {
    /// What the tabs are of.
    pub const LABEL: &str = "The database";
    /// Tables, rows and columns.
    pub const TABLES: &str = "Tables";
}

/// The step view.
pub mod steps {
    use super::count;

    pub const TAB: &str = "Steps";
    pub const WATCH: &str = "Watch the steps";
    pub const NEVER: &str = "This revision was not run in this session, so there is nothing to replay. Played on a copy, it runs with your rows and changes nothing of yours.";
    pub const ON_A_COPY: &str = "Play on a copy";
    pub const RUNNING: &str = "Running on a copy …";
    pub const WHICH: &str = "What is shown";
    pub const UPGRADE: &str = "upgrade, as it ran";
    pub const DOWNGRADE: &str = "downgrade, as it ran";
    pub const UPGRADE_COPY: &str = "upgrade, on a copy";
    pub const DOWNGRADE_COPY: &str = "downgrade, on a copy";
    pub const COPY_HERE: &str = "Run on a copy; nothing of yours was changed.";
    pub const COPY_TAKEN_BACK: &str =
        "Run on a copy, taken back to before this revision first; nothing of yours was changed.";
    pub const COPY_EMPTY: &str = "Run on an empty database, for yours can't be brought to where this revision runs; nothing of yours was changed.";
    pub const OUTDATED: &str = "The script was changed since; this is how it was then.";
    pub const TRUNCATED: &str = "The database is too large to keep what each step changed.";
    pub const NO_STEPS: &str = "It ran, and did nothing.";
    pub const PLAYER: &str = "Player";
    pub const STRIP: &str = "Steps";
    pub const FIRST: &str = "First step (Home)";
    pub const PREVIOUS: &str = "Step back (←)";
    pub const PLAY: &str = "Play (space)";
    pub const PAUSE: &str = "Pause (space)";
    pub const NEXT: &str = "Step forward (→)";
    pub const LAST: &str = "Skip to the end (End)";
    pub const SPEED: &str = "Speed";
    pub const SOURCE: &str = "The script as it ran";
    pub const CONNECTION: &str = "on the connection";
    pub const VERSION: &str = "Alembic notes the version";
    pub const WAITS: &str = "Waits: batch mode makes its table anew at the end of the block.";
    pub const NO_SQL: &str = "Sent nothing to the database.";
    pub const SAME: &str = "Schema and rows stayed the same.";
    pub const NOT_KEPT: &str = "What it changed was not kept.";
    pub const LOOKING: &str = "Comparing before and after …";
    pub const CHANGED: &str = "What it changed";
    pub const SQL: &str = "SQL";
    pub const FAILED: &str = "Failed here";

    pub const GONE: &str = "this run is not kept any more";
    pub const NO_STEP: &str = "there is no such step";

    pub fn too_long(seconds: u64) -> String {
        format!("This takes longer than {seconds} seconds.")
    }

    pub fn replayed(command: &str) -> String {
        format!("Replayed: `{command}`.")
    }

    pub fn of(step: usize, steps: usize, name: &str) -> String {
        format!("Step {step} of {steps}: {name}")
    }

    pub fn mark(step: usize, name: &str, failed: bool) -> String {
        format!(
            "Step {step}: {name}{}",
            if failed { ", failed" } else { "" }
        )
    }

    pub fn rows(number: i64) -> String {
        count(number.max(0) as usize, super::ROW)
    }

    pub fn parameters(list: &str) -> String {
        format!("with {list}")
    }

    pub fn previous(revision: &str) -> String {
        format!("← {revision}, run before")
    }

    pub fn next(revision: &str) -> String {
        format!("{revision}, run next →")
    }

    /// A statement of a batch.
    pub fn part_of(part: &str, name: &str) -> String {
        format!("{part}, {name}")
    }

    /// What batch mode does with a statement; nothing for the ordinary ones.
    pub fn part(word: &str) -> Option<&'static str> {
        Some(match word {
            "create" => "create",
            "copy" => "copy",
            "drop" => "drop",
            "rename" => "rename",
            _ => return None,
        })
    }
}

/// What changed between two states.
pub mod changes {
    pub const TAB: &str = "Changes";
    pub const FROM: &str = "From";
    pub const TO: &str = "to";
    pub const LAST: &str = "Last command";
    pub const START: &str = "as it began";
    pub const SAME: &str = "Schema and rows are the same in both.";
    pub const NOTHING: &str = "No command has changed anything yet. After one that does, this shows what it did to schema and rows.";
    pub const LOOKING: &str = "Comparing …";
    pub const BEFORE: &str = "before";
    pub const AFTER: &str = "after";

    pub fn state(number: u32, command: &str) -> String {
        format!("{number}: {command}")
    }

    pub fn tables(number: usize) -> String {
        if number == 1 {
            "1 table differs".to_owned()
        } else {
            format!("{number} tables differ")
        }
    }

    pub fn was(name: &str) -> String {
        format!("was {name}")
    }

    pub fn rows(before: u64, after: u64) -> String {
        format!("{before} → {after} rows")
    }

    pub fn first(shown: usize) -> String {
        format!("The first {shown} of the rows that differ are shown.")
    }
}

/// The panes of SQL.
pub mod sql {
    pub const TAB: &str = "SQL";
    pub const RAN: &str = "What ran";
    pub const WOULD_RUN: &str = "What would run";
    pub const NOT_RUN: &str = "This revision was not run in this session.";
    pub const ON_A_COPY: &str = "on a copy";
    pub const WRITING: &str = "Writing the SQL …";
    pub const UPGRADE: &str = "upgrade";
    pub const DOWNGRADE: &str = "downgrade";
    pub const DIRECTION: &str = "Direction";
    pub const NOT_COMPARED: &str = "Not compared with Alembic yet: read it with care.";

    pub fn copy(what: &str) -> String {
        format!("Copy the SQL for {what}")
    }
}

/// Workspaces, and whether they are kept.
pub mod workspaces {
    /// Names the menu for those who don't see it.
    pub const MENU: &str = "Projects";
    /// Over the list of workspaces.
    pub const YOURS: &str = "Your projects";
    /// Over the examples.
    pub const NEW: &str = "New project from an example";
    /// Copies the open workspace.
    pub const DUPLICATE: &str = "Duplicate";
    /// Gives the open workspace another name.
    pub const RENAME: &str = "Rename";
    /// Brings the open workspace back to its start.
    pub const RESET: &str = "Reset";
    /// Removes the open workspace.
    pub const REMOVE: &str = "Remove";
    /// Names the field for a name.
    pub const NAME: &str = "Name of the project";
    /// Keeps the name.
    pub const KEEP_NAME: &str = "Keep";
    /// What stands where no name is known yet.
    pub const UNNAMED: &str = "Project";
    /// Before the worker answers.
    pub const STARTING: &str = "starting …";
    /// Nothing was done yet that could be saved.
    pub const NOT_YET: &str = "nothing to save yet";
    /// On its way.
    pub const SAVING: &str = "saving …";
    /// Saved.
    pub const SAVED: &str = "saved in this browser";
    /// Another tab may change the workspace.
    pub const READ_ONLY: &str = "read-only here";
    /// What that means.
    pub const ELSEWHERE: &str =
        "This project is open in another tab, which may change it. Here you only look.";
    /// Makes this tab the one that may change it.
    pub const TAKE_OVER: &str = "Take over";

    /// Why it is not saved.
    pub fn not_saved(reason: &str) -> String {
        format!("not saved: {reason}")
    }

    /// How much room a workspace takes.
    pub fn size(bytes: u64) -> String {
        match bytes {
            0 => "not saved".to_owned(),
            1..=999_999 => format!("{} kB", bytes.div_ceil(1_000)),
            _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
        }
    }

    pub const NOT_THERE: &str = "there is no such project";
    pub const NEEDS_NAME: &str = "A project needs a name.";
    pub const REFUSED: &str =
        "This project is open in another tab, which may change it. Take over to change it here.";
    pub const SAVED_SINCE: &str = "another tab saved it since; reload to see its state";
    pub const GOES_WITH_PAGE: &str = "It is not saved: it goes with this page.";
    pub const NO_STORE: &str = "this browser keeps nothing for this page (a private window?); export what you want to keep";
    pub const NO_ROOM: &str = "the browser has no more room for this site; export what you want to keep, or remove a project";
    pub const GAVE_UP: &str =
        "the browser gave up writing; there may be no more room for this site";

    pub fn cannot_read(reason: &str) -> String {
        format!("It can't be read: {reason}")
    }

    pub fn open_elsewhere(name: &str) -> String {
        format!("{name} is open in another tab.")
    }

    pub fn copy_of(name: &str) -> String {
        format!("{name} copy")
    }

    /// Undoes what the message speaks of.
    pub const UNDO: &str = "Undo";
    /// After a reset.
    pub const RESET_DONE: &str = "The project is as it was at its start.";

    /// After a removal.
    pub fn removed(name: &str) -> String {
        format!("{name} is removed.")
    }
}

/// The time bar.
pub mod time {
    use super::count;

    pub const BAR: &str = "History";
    pub const START: &str = "the start";
    pub const EARLIER: &str = "Earlier";
    pub const EARLIER_KEY: &str = "Earlier ([)";
    pub const LATER: &str = "Later";
    pub const LATER_KEY: &str = "Later (])";
    pub const NONE: &str = "Each command and each edit is a state here: going back loses nothing.";
    pub const PAST_BEFORE: &str = "You are in the past: after ";
    pub const PAST_AFTER: &str = ". Going on from here starts a branch.";
    pub const FAILED: &str = "failed";
    pub const OTHERS: &str = "Other branches";
    pub const OTHERS_ABOUT: &str = "What was done from an earlier state. Choose one to go there.";
    pub const CLEAR: &str = "Clear the other branches";
    pub const CLEAR_YES: &str = "Clear";
    pub const CLEAR_NO: &str = "Keep";
    pub const CAP: &str = "A project keeps 200 states or 64 MB. Beyond that the oldest branch goes first, then the oldest states; the start stays.";

    pub fn state(index: usize, last: usize, name: &str, status: i32) -> String {
        let failed = if status == 0 { "" } else { ", failed" };
        format!("{index} of {last}: {name}{failed}")
    }

    pub fn branches(number: usize) -> String {
        if number == 1 {
            "1 other branch".to_owned()
        } else {
            format!("{number} other branches")
        }
    }

    pub fn branch(states: usize, from: &str) -> String {
        format!("{}, after {from}", count(states, "state"))
    }

    pub fn clear_question(states: usize) -> String {
        format!("Forget {}?", count(states, "state"))
    }
}

/// Links, import and export.
pub mod share {
    use crate::share::Refusal;

    pub const MENU: &str = "Share";
    pub const MENU_NOTE: &str = "Give this project away, or bring one in";
    pub const LINK: &str = "Share a link …";
    pub const LINK_ABOUT: &str = "The whole project in an address; nothing is stored on a server";
    pub const ZIP: &str = "A zip for real Alembic";
    pub const ZIP_ABOUT: &str = "Files, database, requirements, a test";
    pub const DATABASE: &str = "The database alone";
    pub const DATABASE_ABOUT: &str = "A SQLite file";
    pub const SQL: &str = "The SQL alone";
    pub const SQL_ABOUT: &str = "What makes the database anew, rows included";
    pub const IMPORT: &str = "Open a zip or a database …";
    pub const IMPORT_ABOUT: &str = "Or drop it anywhere on the page";
    pub const FOLDER: &str = "Open a folder …";
    pub const FOLDER_ABOUT: &str = "A project with alembic.ini, as it is on disk";
    pub const DROP: &str = "Drop a project, a zip or a database";

    pub const OFFER: &str = "Share this project";
    pub const ADDRESS: &str = "Link";
    pub const MAKING: &str = "Making the link …";
    pub const COPY: &str = "Copy link";
    pub const COPY_MARKDOWN: &str = "Copy as Markdown";
    pub const COPY_FRAME: &str = "Copy as <iframe>";
    pub const FILE: &str = "Save as a file";
    pub const FILE_ABOUT: &str = "Dropped on the page, it opens as the link does.";
    pub const COPIED: &str = "Copied";
    pub const NOT_COPIED: &str = "The browser did not allow it: copy the text above by hand";
    pub const OPTIONS: &str = "What goes along";
    pub const WITH_DATABASE: &str = "The database with its rows";
    pub const READ_ONLY: &str = "Read-only: to be looked at, not changed";
    pub const VIEW: &str = "What is seen first";
    pub const VIEWS: [(&str, &str); 4] = [
        ("", "All columns"),
        ("models", "Models"),
        ("migrations", "Migrations"),
        ("database", "Database"),
    ];
    pub const RUN: &str = "Commands to run on opening, one a line";
    pub const RUN_EXAMPLE: &str = "alembic upgrade head";
    pub const RUN_ABOUT: &str = "They run only when the other person says so.";
    pub const CHAT: &str =
        "Some chat programs cut a message of more than 2,000 characters: a file is safer there.";
    pub const LONG: &str =
        "Too long for many chat and mail programs: save it as a file and send that.";
    pub const PRIVATE: &str = "Whoever has the link has all of it.";

    pub const ARRIVED: &str = "Somebody shared a project";
    pub const ARRIVED_ABOUT: &str =
        "It opens beside your own projects, which stay as they are. Nothing of it has run.";
    pub const ARRIVED_READ_ONLY: &str = "It is to be looked at, not changed.";
    pub const ARRIVED_RUN: &str = "It would run:";
    pub const OPEN: &str = "Open";
    pub const OPEN_AND_RUN: &str = "Open and run";
    pub const NOT_NOW: &str = "Not now";

    pub const REFUSED: &str = "This link can't be opened";
    pub const REFUSED_ABOUT: &str =
        "Nothing of it was run or kept, and your own projects are as they were.";

    pub const IMPORTED: &str = "Project opened";
    pub const PROBING: &str = "Looking for what does not run here …";
    pub const ALL_RUNS: &str =
        "Everything in it runs here: env.py, the models and every revision, tried on a copy.";
    pub const DOES_NOT_RUN: &str = "What does not run here; the rest does";
    pub const NO_CONFIG: &str = "It has no alembic.ini, and no pyproject.toml with [tool.alembic]: `alembic init alembic` in the console makes one.";
    pub const LEFT_OUT: &str = "Left out";
    pub const DONE: &str = "Go on";

    pub const DROPPED: &str = "A database";
    pub const DROPPED_INTO: &str = "Add to this project";
    pub const DROPPED_NEW: &str = "Open as a new project";

    pub const UNNAMED: &str = "Limbeck project";
    pub const NO_DATABASE: &str = "There is no database yet: an upgrade makes one.";
    pub const SQL_TOO_LARGE: &str =
        "The database is too large to be written as SQL here; the database alone can be saved.";
    pub const NOT_LOADED: &str =
        "A part of the page could not be loaded. Is there a network? Try again.";
    pub const NEW_VERSION: &str =
        "A new version of Limbeck is ready: it opens when you reload the page.";
    pub const VIEW_ONLY: &str = "This project is to be looked at, not changed.";
    pub const MAY_CHANGE: &str = "Change it anyway";

    /// `2,913 characters: 8 files (12.4 kB), one of them a database`.
    pub fn size(characters: usize, files: usize, databases: usize, bytes: usize) -> String {
        format!(
            "{} characters: {}",
            thousands(characters),
            holds(files, databases, bytes)
        )
    }

    /// `8 files (12.4 kB), 1 database`.
    pub fn holds(files: usize, databases: usize, bytes: usize) -> String {
        let mut text = format!("{} ({})", super::count(files, "file"), weight(bytes));
        if databases > 0 {
            text.push_str(&format!(
                ", {} with rows",
                super::count(databases, "database")
            ));
        }
        text
    }

    fn thousands(number: usize) -> String {
        let text = number.to_string();
        let mut out = String::new();
        for (index, digit) in text.chars().enumerate() {
            if index > 0 && (text.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    fn weight(bytes: usize) -> String {
        match bytes {
            0..=999 => format!("{bytes} bytes"),
            1_000..=999_999 => format!("{:.1} kB", bytes as f64 / 1e3),
            _ => format!("{:.1} MB", bytes as f64 / 1e6),
        }
    }

    /// Why a link or a file is not opened.
    pub fn refused(refusal: Refusal) -> &'static str {
        match refusal {
            Refusal::Version => {
                "It was made by another version of Limbeck, which this page does not know. A newer page may read it."
            }
            Refusal::Base64 => {
                "It is cut off or was changed on the way: it holds characters that no link has."
            }
            Refusal::Compression => {
                "It is cut off or was changed on the way: what it holds can't be unpacked."
            }
            Refusal::Size => {
                "It holds more than 20 MB: more than a project that is opened from a link may have."
            }
            Refusal::Count => "It holds more than 2,000 files: more than a project may have here.",
            Refusal::Document => "It holds something else than a project.",
            Refusal::Path => {
                "It has a file whose path leads out of the project, is too long, or can't be seen."
            }
            Refusal::Twice => "It has the same path twice.",
            Refusal::Text => {
                "It has a name, a command or a variable that is too long or can't be seen."
            }
        }
    }

    /// Why a folder or a zip is not opened.
    pub fn not_taken(reason: &str) -> String {
        let why = match reason {
            "zip" => "it is no zip that can be read",
            "large" => "it is larger than 40 MB",
            "total" => "it unpacks to more than 20 MB",
            "count" => "it holds too many files",
            "several" => "a zip is opened alone, one after the other",
            "empty" => "there is no file in it that a project needs",
            "database" => "it is no SQLite database",
            other => other,
        };
        format!("This can't be opened: {why}.")
    }

    /// Why a file was left out.
    pub fn left_out(reason: &str) -> &'static str {
        match reason {
            "skipped" => "not part of a project",
            "large" => "too large",
            "binary" => "neither text nor a SQLite database",
            "count" => "more than 2,000 files, and what Alembic reads goes first",
            "total" => "more than 20 MB in all",
            "path" => "its path leads out of the project",
            _ => "can't be unpacked",
        }
    }

    /// A name for a file.
    pub fn file_name(name: &str) -> String {
        let safe: String = name
            .chars()
            .map(|one| {
                if one.is_alphanumeric() || "._-".contains(one) {
                    one
                } else {
                    '-'
                }
            })
            .collect();
        safe.trim_matches(['-', '.']).to_owned()
    }

    pub fn opened(name: &str, files: usize) -> String {
        format!("{name}: {}", super::count(files, "file"))
    }
}

/// The diagram.
pub mod diagram {
    pub const TAB: &str = "Diagram";
    pub const ROLE: &str = "diagram";
    pub const HOW: &str = "Arrow keys move the diagram, plus and minus zoom, 0 shows all. Tab goes to the tables: there arrow keys go from table to table, and Enter brings one out.";
    pub const SOURCE: &str = "What is drawn";
    pub const DATABASE: &str = "Database";
    pub const MODELS: &str = "Models";
    pub const FOCUS: &str = "Bring out a table";
    pub const FOCUS_NONE: &str = "All tables";
    pub const COMPACT: &str = "Keys only";
    pub const COMPACT_HINT: &str = "Show primary and foreign keys only";
    pub const NEARER: &str = "Zoom in";
    pub const FARTHER: &str = "Zoom out";
    pub const FIT: &str = "Fit";
    pub const FIT_HINT: &str = "Show the whole diagram";
    pub const EXPORT: &str = "Export";
    pub const SVG: &str = "SVG";
    pub const PNG: &str = "PNG";
    pub const MERMAID: &str = "Mermaid";
    pub const COPY: &str = "Copy as Mermaid";
    pub const COPIED: &str = "The diagram is in the clipboard, as Mermaid.";
    pub const NO_FILE: &str = "The file could not be made.";
    pub const NOT_LOADED: &str =
        "The diagram could not be loaded. Open this tab again when there is a network.";
    pub const NO_TABLES: &str = "No tables yet. An upgrade makes them.";
    pub const NO_MODELS: &str = "The models have no tables. env.py names them: `target_metadata`.";

    /// The words inside the drawing, as JSON.
    pub fn for_drawing() -> String {
        serde_json::json!({
            "added": super::ADDED,
            "removed": super::REMOVED,
            "altered": super::ALTERED,
            "nullable": "null",
            "view": "view",
            "primary": "primary key",
            "column": "{n} column",
            "columns": "{n} columns",
            "refers": "refers to {tables}",
            "relation": "{from} refers to {to}",
            "summary": "Diagram of {tables} tables and {relations} relations",
        })
        .to_string()
    }
}

/// The revision graph.
pub mod graph {
    use super::count;
    use crate::protocol::Revision;

    pub const LABEL: &str = "Revisions, newest first";
    pub const HOW: &str =
        "Arrow keys choose a revision, typing finds one, Enter opens its actions.";
    pub const NO_MESSAGE: &str = "(no message)";
    pub const NONE: &str = "No revisions yet. Autogenerate writes the first one from the models.";
    pub const CURRENT: &str = "current";
    pub const HEAD: &str = "head";
    pub const KEY: &str = "key";
    pub const FILTER: &str = "Filter revisions";
    pub const FILTER_HINT: &str = "id, message, label, head, current …";
    pub const NOTHING_FITS: &str = "No revision fits.";
    pub const ROUND_TRIPS: &str = "Round trip of all";
    pub const ROUND_TRIPS_HINT: &str =
        "Upgrade, downgrade and upgrade each revision on a copy of the database";
    pub const ACTIONS: &str = "Actions";
    pub const OUT_OF_DATE: &str = "The files have changed since.";
    pub const NOT_TRIED: &str = "Not tried";
    pub const EMPTY_DOWNGRADE: &str = "empty downgrade";
    pub const SCRIPT: &str = "Script";
    pub const SHOW_SQL: &str = "Show SQL";
    pub const HERE: &str = "the database is here";
    pub const UPGRADE: &str = "Upgrade to this";
    pub const DOWNGRADE: &str = "Downgrade to this";
    pub const DOWNGRADE_BASE: &str = "Downgrade to before this";
    pub const STAMP: &str = "Stamp the database with this";
    pub const MERGE: &str = "Merge all heads";
    pub const SHOW: &str = "Show in the console";
    pub const NEW: &str = "New revision here";
    pub const NEW_MESSAGE: &str = "new revision";
    pub const REVIEW: &str = "Review";
    pub const REVIEW_HINT: &str = "what may go wrong, with its line";
    pub const ROUND_TRIP: &str = "Round trip";
    pub const ROUND_TRIP_HINT: &str = "up, down and up again on a copy";

    /// What a revision depends on.
    pub fn needs(revisions: &str) -> String {
        format!("needs {revisions}")
    }

    /// Merges two heads.
    pub fn merge_with(head: &str) -> String {
        format!("Merge with {head}")
    }

    /// Names a menu of actions.
    pub fn actions_of(revision: &str) -> String {
        format!("Actions on {revision}")
    }

    /// How many revisions the filter leaves.
    pub fn fit(shown: usize, all: usize) -> String {
        if shown == all {
            count(all, "revision")
        } else {
            format!("{shown} of {}", count(all, "revision"))
        }
    }

    /// Stops the round trips.
    pub fn stop(done: usize, all: usize) -> String {
        format!("Stop ({done} of {all})")
    }

    /// A row for those who don't see it: what it is, what it came from, and what is known of it.
    pub fn name(revision: &Revision, verdict: Option<&str>) -> String {
        let mut parts = vec![revision.id.clone()];
        parts.push(if revision.message.is_empty() {
            NO_MESSAGE.to_owned()
        } else {
            revision.message.clone()
        });
        if revision.head {
            parts.push(HEAD.to_owned());
        }
        if revision.current {
            parts.push(CURRENT.to_owned());
        }
        parts.push(
            if revision.applied {
                "applied"
            } else {
                "not applied"
            }
            .to_owned(),
        );
        if !revision.labels.is_empty() {
            parts.push(format!("branch {}", revision.labels.join(", ")));
        }
        parts.push(match revision.down.as_slice() {
            [] => "the first".to_owned(),
            [down] => format!("from {down}"),
            many => format!("merges {}", many.join(" and ")),
        });
        if !revision.depends_on.is_empty() {
            parts.push(format!("depends on {}", revision.depends_on.join(" and ")));
        }
        if let Some(verdict) = verdict {
            parts.push(format!("round trip: {verdict}"));
        }
        parts.join(", ")
    }
}

/// The command palette and the sheet of keys.
pub mod palette {
    pub const EARLIER: &str = "Go to the state before";
    pub const LATER: &str = "Go to the state after";
    pub const WORKSPACES: &str = "Projects and examples";
    pub const DUPLICATE: &str = "Duplicate the project";
    pub const RESET: &str = "Reset the project to its start";
    pub const TITLE: &str = "Commands";
    pub const PALETTE_KEY: &str = "Commands (Ctrl+K)";
    pub const INPUT: &str = "What to do, or where to go";
    pub const NOTHING: &str = "Nothing fits.";
    pub const SHEET: &str = "Keys";
    pub const KEYS_KEY: &str = "Keys (?)";
    pub const EVERYWHERE: &str = "Everywhere";
    pub const IN_ONE_PLACE: &str = "In one place";

    pub const AUTOGENERATE: &str = "Autogenerate a revision …";
    pub const UPGRADE_HEAD: &str = "Upgrade to head";
    pub const UPGRADE_ONE: &str = "Upgrade by one revision";
    pub const DOWNGRADE_ONE: &str = "Downgrade by one revision";
    pub const DOWNGRADE_BASE: &str = "Downgrade to base";
    pub const CHECK: &str = "Check for changes to write";
    pub const CURRENT: &str = "Show where the database is";
    pub const HISTORY: &str = "Show the revisions";
    pub const HEADS: &str = "Show the heads";
    pub const BRANCHES: &str = "Show where branches begin";
    pub const SQL: &str = "Show the SQL of an upgrade";
    pub const HELP: &str = "What the console knows";
    pub const PALETTE: &str = "Find a command";
    pub const KEYS: &str = "Show the keys";
    pub const MODELS: &str = "Go to Models";
    pub const MIGRATIONS: &str = "Go to Migrations";
    pub const DATABASE: &str = "Go to Database";
    pub const CONSOLE: &str = "Go to the console";
    pub const FILES: &str = "Open or close Files";
    pub const WIDE_MODELS: &str = "Models over the whole width, or back";
    pub const WIDE_MIGRATIONS: &str = "Migrations over the whole width, or back";
    pub const WIDE_DATABASE: &str = "Database over the whole width, or back";
    pub const SHARE_ZIP: &str = "Export a zip for real Alembic";
    pub const SHARE_DATABASE: &str = "Export the database";
    pub const SHARE_SQL: &str = "Export the database as SQL";
    pub const STOP: &str = "Stop what runs";
    pub const CLEAR: &str = "Clear the console";
    pub const THEME: &str = "Light or dark";
    pub const SAVE: &str = "Save now (everything is saved as you type)";

    pub const KEY_SUBMIT: &str =
        "Models: check or autogenerate. Script: upgrade to it. SQL: run it";
    pub const KEY_ESCAPE: &str = "Close; give a wide column's room back; stop what runs";
    pub const KEY_LEAVE: &str = "Leave an editor, where Tab indents";
    pub const KEY_ARROWS: &str = "Console: earlier commands. Revisions: the next one";
    pub const KEY_TAB: &str = "Console: complete; leaves it when the line is empty";
    pub const STEPS: &str = "Show the steps of the chosen revision";
    pub const SQL_PANES: &str = "Show the SQL of the chosen revision";
    pub const CHANGES: &str = "Show what changed in the database";
    pub const DIAGRAM: &str = "Show the diagram";
    pub const ROUND_TRIPS: &str = "Take all revisions there and back on a copy";
    pub const KEY_MENU: &str = "Revisions: the actions of the chosen one; letters find one";
    pub const KEY_DIAGRAM: &str =
        "Diagram: move, zoom, show all; between tables; Enter brings one out";
    pub const KEY_PLAYER: &str = "Play or pause, step back and forward, first and last: in Steps";
    pub const KEY_STOP: &str = "Console: stop what runs";
    pub const KEY_CLEAR: &str = "Console: clear it";
    pub const KEY_CELL: &str = "Rows: edit the cell";

    pub fn open(path: &str) -> String {
        format!("Open {path}")
    }

    pub fn revision(id: &str, message: &str) -> String {
        format!("Revision {id} {message}")
    }

    pub fn table(name: &str) -> String {
        format!("Table {name}")
    }
}
