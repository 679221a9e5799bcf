//! Texts of the diagram.
#![expect(missing_docs, reason = "the words say what each is")]

pub const TAB: &str = "Diagram";
pub const ROLE: &str = "diagram";
pub const HOW: &str = "Arrow keys pan, plus and minus zoom, 0 fits the diagram. Tab moves to the tables: arrow keys go from one to the next, Enter highlights one.";
pub const SOURCE: &str = "Source of the diagram";
pub const DATABASE: &str = "Database";
pub const MODELS: &str = "Models";
pub const FOCUS: &str = "Highlight a table";
pub const FOCUS_NONE: &str = "All tables";
pub const COMPACT: &str = "Keys only";
pub const COMPACT_HINT: &str = "Show only primary and foreign keys";
pub const NEARER: &str = "Zoom in";
pub const FARTHER: &str = "Zoom out";
pub const FIT: &str = "Fit";
pub const FIT_HINT: &str = "Fit the whole diagram";
pub const EXPORT: &str = "Export";
pub const SVG: &str = "SVG";
pub const PNG: &str = "PNG";
pub const MERMAID: &str = "Mermaid";
pub const COPY: &str = "Copy as Mermaid";
pub const COPIED: &str = "Copied as Mermaid.";
pub const NO_FILE: &str = "The file could not be created.";
pub const NOT_LOADED: &str =
    "The diagram could not be loaded. Check the network, then open this tab again.";
pub const NO_TABLES: &str = "No tables yet. An upgrade creates them.";
pub const NO_MODELS: &str =
    "The models define no tables. `target_metadata` in env.py says which models count.";

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
        "summary": "Diagram with {tables} tables and {relations} relationships",
    })
    .to_string()
}
