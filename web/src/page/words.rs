//! Words that all features of the page share. What one feature says stands in the `words.rs` of its
//! folder; where something is filled in, a function. In sentences, backticks stand around what is drawn as
//! code.
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
pub const NO_CLIPBOARD: &str = "The browser does not allow this page to use the clipboard.";

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

/// `1 change`, `2 changes`, `10,000 changes`.
pub fn count(amount: usize, one: &str) -> String {
    if amount == 1 {
        format!("1 {one}")
    } else {
        format!("{} {one}s", number(amount as u64))
    }
}

/// A number with a comma between thousands: every number that a person counts by is written so.
pub fn number(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Between two changes, in the message that is suggested for a revision.
pub const AND: &str = " and ";

pub fn and_more(first: &str, number: usize) -> String {
    format!("{first} and {number} more")
}

pub fn first_of(shown: usize, total: u64) -> String {
    format!(
        "the first {} of {} rows",
        number(shown as u64),
        number(total)
    )
}

pub fn engine_broke(message: &str) -> String {
    format!("the engine crashed: {message}")
}

pub fn editor_failed(message: &str) -> String {
    format!("The editor could not be loaded: {message}")
}

pub const CLOSE: &str = "Close";

/// What may go wrong with the worker.
pub mod worker {
    pub const VERSION: &str = "the page and its worker are different versions: reload the page";
    pub const NOT_LOADED: &str = "the worker could not be loaded";
    pub const UNASKED: &str = "the worker sent an unexpected reply";
    pub const STACK: &str = "the engine ran out of stack";
    pub const MEMORY: &str = "the engine ran out of memory";

    pub fn does_not_start(reason: &str) -> String {
        format!("the worker did not start: {reason}")
    }
}

/// A revision's id as it fits on a button.
pub fn short(id: &str) -> String {
    if id.chars().count() > 12 {
        id.chars().take(12).collect()
    } else {
        id.to_owned()
    }
}

/// A stretch of time as the console shows it.
pub fn duration(microseconds: u64) -> String {
    match microseconds {
        // A browser's clock has steps of 100 µs.
        0..=99 => SHORTER.to_owned(),
        100..=999 => format!("{microseconds} µs"),
        1_000..=99_999 => format!("{:.1} ms", microseconds as f64 / 1_000.0),
        100_000..=999_999 => format!("{} ms", microseconds / 1_000),
        _ => format!("{:.1} s", microseconds as f64 / 1_000_000.0),
    }
}
