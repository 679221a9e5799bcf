//! The console as both sides know it: its requests and answers, how a line is read ([`syntax`]), what its
//! words mean here ([`program`]), and places in printed text ([`places`]).

pub mod places;
pub mod program;
pub mod syntax;
mod wire;

pub use wire::{ConsoleRequest, Event, Loading, Printed, Progress, Ran, Stayed, Timings};

/// The line that runs SQL in a database.
pub fn sql_line(database: &str, sql: &str) -> String {
    match database.strip_prefix(crate::POSTGRESQL) {
        Some(name) => format!("psql {} -c {}", quote(name), quote(sql)),
        None => format!("sqlite3 {} {}", quote(database), quote(sql)),
    }
}

/// A word as it must be typed to mean itself.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if !word.contains('\'') {
        format!("'{word}'")
    } else {
        let mut text = String::from("\"");
        for character in word.chars() {
            if "\"\\$`".contains(character) {
                text.push('\\');
            }
            text.push(character);
        }
        text.push('"');
        text
    }
}
