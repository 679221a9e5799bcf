//! What changes, differences and cells say.

use crate::words::number;

pub const LOST: &str = "lost";
pub const CHANGED: &str = "changed";
pub const CONVERTED: &str = "changed type";
pub const FILLED_IN: &str = "filled in";

pub fn was(name: &str) -> String {
    format!("was {name}")
}

pub fn rows(before: u64, after: u64) -> String {
    format!("{} → {} rows", number(before), number(after))
}

pub fn first(shown: usize) -> String {
    format!(
        "Only the first {} differing rows are shown.",
        number(shown as u64)
    )
}

pub fn bytes(number: usize) -> String {
    format!("{} bytes", crate::words::number(number as u64))
}
