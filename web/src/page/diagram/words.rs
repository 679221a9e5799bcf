//! Texts of the diagram.
#![expect(missing_docs, reason = "the words say what each is")]

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
        "added": crate::words::ADDED,
        "removed": crate::words::REMOVED,
        "altered": crate::words::ALTERED,
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
