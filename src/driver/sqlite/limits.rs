//! How much one connection may use.

/// How much a statement may use before it is stopped.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Virtual machine instructions of one statement; 0 is no limit.
    pub instructions: u64,
    /// Rows that one statement may return.
    pub rows: usize,
    /// Bytes of one string, blob or row.
    pub length: i32,
    /// Bytes of all the rows that one statement returns.
    pub result_bytes: usize,
    /// Pages of a database held in memory; 0 is SQLite's own limit.
    pub pages: u32,
}

impl Limits {
    /// For a database that a person's own machine holds: SQLite's limits.
    pub const NATIVE: Limits = Limits {
        instructions: 0,
        rows: usize::MAX,
        length: 1_000_000_000,
        result_bytes: usize::MAX,
        pages: 0,
    };
    /// For a database in memory, that of a page: what keeps it answering.
    pub const MEMORY: Limits = Limits {
        instructions: 400_000_000,
        rows: 5_000_000,
        length: 100_000_000,
        result_bytes: 256 << 20,
        pages: 131_072,
    };
}
