//! Conditions on rows: `query = "SELECT …"` and what it gives.

use super::super::Problem;
use super::super::fields::Fields;
use super::super::state::{State, row_text, value_text};
use super::{Part, counted};
use crate::config::toml::Value;
use ground::order::InOrder;

/// The most rows that a sentence shows.
const SHOWN: usize = 3;

/// A query, and what is required of its answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QueryCondition {
    query: String,
    /// The database, where it is not the project's.
    url: Option<String>,
    /// The rows, each as the text of its values.
    rows: Option<Vec<Vec<String>>>,
    /// Whether their order matters.
    ordered: bool,
    /// How many rows there are.
    count: Option<usize>,
}

impl QueryCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<QueryCondition, Problem> {
        let rows = match fields.value("rows") {
            None => None,
            Some(Value::Array(rows)) => {
                let rows: Option<Vec<Vec<String>>> = rows.iter().map(row).collect();
                Some(rows.ok_or_else(|| fields.wrong("rows", ROWS))?)
            }
            Some(_) => return Err(fields.wrong("rows", ROWS)),
        };
        let condition = QueryCondition {
            query: fields.required("query")?,
            url: fields.text("url")?,
            rows,
            ordered: fields.flag("ordered")?,
            count: fields.number("count")?,
        };
        if condition.rows.is_none() && condition.count.is_none() {
            return Err(fields.wrong("query", "A query needs rows or count."));
        }
        Ok(condition)
    }

    /// Whether the query names a table.
    pub(super) fn names(&self, table: &str) -> bool {
        self.query
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word.eq_ignore_ascii_case(table))
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let query = &self.query;
        let found = state.query(self.url.as_deref(), query);
        let mut parts = Vec::new();
        if let Some(count) = self.count {
            let expected = format!("`{query}` gives {}.", counted(count, "row"));
            parts.push(match &found {
                Err(why) => Part::unknown(expected, refused(why)),
                Ok(rows) => Part::new(
                    rows.len() == count,
                    expected,
                    format!("It gives {}.", counted(rows.len(), "row")),
                ),
            });
        }
        if let Some(wanted) = &self.rows {
            let expected = match wanted.as_slice() {
                [] => format!("`{query}` gives no rows."),
                rows => format!("`{query}` gives {}.", some(rows)),
            };
            parts.push(match found {
                Err(why) => Part::unknown(expected, refused(&why)),
                Ok(rows) => {
                    let texts: Vec<Vec<String>> = rows
                        .iter()
                        .map(|row| row.iter().map(value_text).collect())
                        .collect();
                    let shown: Vec<String> = rows.iter().map(|row| row_text(row)).collect();
                    let found = match shown.as_slice() {
                        [] => "It gives no rows.".to_owned(),
                        _ => format!("It gives {}.", some(&texts)),
                    };
                    Part::new(self.same(&texts, wanted), expected, found)
                }
            });
        }
        parts
    }

    fn same(&self, found: &[Vec<String>], wanted: &[Vec<String>]) -> bool {
        if self.ordered {
            return found == wanted;
        }
        let sorted = |rows: &[Vec<String>]| {
            let mut rows = rows.to_vec();
            rows.in_order();
            rows
        };
        sorted(found) == sorted(wanted)
    }
}

const ROWS: &str = "rows is a list of rows: [[1, \"Ann\"], [2, \"NULL\"]].";

fn row(value: &Value) -> Option<Vec<String>> {
    let Value::Array(cells) = value else {
        return None;
    };
    cells
        .iter()
        .map(|cell| match cell {
            Value::String(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Float(number) => Some(number.to_string()),
            Value::Boolean(is) => Some(is.to_string()),
            _ => None,
        })
        .collect()
}

/// Why a query has no answer.
fn refused(why: &str) -> String {
    format!("The database says: {why}.")
}

/// The first rows as they stand in a sentence.
fn some(rows: &[Vec<String>]) -> String {
    let mut shown: Vec<String> = rows
        .iter()
        .take(SHOWN)
        .map(|row| format!("({})", row.join(", ")))
        .collect();
    if let Some(more) = rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}
