//! Resource limits of a connection.

/// The limits of a statement.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Virtual machine instructions per statement; 0 means no limit.
    pub instructions: u64,
    /// Rows returned per statement.
    pub rows: usize,
    /// Bytes per string, blob or row.
    pub length: i32,
    /// Bytes of all rows returned by a statement.
    pub result_bytes: usize,
    /// Pages of an in-memory database; 0 means SQLite's own limit.
    pub pages: u32,
}

impl Limits {
    /// For a database on the user's machine: SQLite's limits.
    pub const NATIVE: Limits = Limits {
        instructions: 0,
        rows: usize::MAX,
        length: 1_000_000_000,
        result_bytes: usize::MAX,
        pages: 0,
    };
    /// For an in-memory database in the browser: limits that keep the page responsive.
    pub const MEMORY: Limits = Limits {
        instructions: 400_000_000,
        rows: 5_000_000,
        length: 100_000_000,
        result_bytes: 256 << 20,
        pages: 131_072,
    };
}
