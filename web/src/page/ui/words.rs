//! What changes, differences and cells say.

pub const LOST: &str = "lost";
pub const CHANGED: &str = "changed";
pub const CONVERTED: &str = "changed type";
pub const FILLED_IN: &str = "filled in";

pub fn was(name: &str) -> String {
    format!("was {name}")
}

pub fn rows(before: u64, after: u64) -> String {
    format!("{before} → {after} rows")
}

pub fn first(shown: usize) -> String {
    format!("Only the first {shown} differing rows are shown.")
}

pub fn bytes(number: usize) -> String {
    format!("{number} bytes")
}
