//! Reviews of a revision.

use serde::{Deserialize, Serialize};

use crate::{Cell, Failure, Place};

/// Requests to try a revision on copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewRequest {
    /// Reviews it: findings, and there and back.
    Review {
        /// Its id.
        revision: String,
    },
    /// Takes it there and back only; the answer is a review without findings.
    RoundTrip {
        /// Its id.
        revision: String,
    },
    /// The same of an applied revision, on the rows that it met when it was applied, as the history has them.
    WhenApplied {
        /// Its id.
        revision: String,
        /// Whether findings are wanted, too.
        findings: bool,
    },
}

/// The findings and the round trip result of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The revision's id.
    pub revision: String,
    /// Path of its file.
    pub path: String,
    /// The data it was tried on.
    pub ground: Ground,
    /// Why it was tried on an empty database, where it was.
    pub unreachable: Option<Failure>,
    /// How many rows the workspace's database has.
    pub rows: u64,
    /// The findings, by line.
    pub findings: Vec<Finding>,
    /// There and back.
    pub round_trip: RoundTrip,
    /// How long it took.
    pub microseconds: u64,
}

/// What rows the copy had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The user's, before the revision runs.
    Here,
    /// The user's, from whose database the revision was taken back first.
    TakenBack,
    /// The user's as they were when the revision was applied.
    WhenApplied,
    /// None.
    Empty,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The revision fails, or would with such rows.
    Error,
    /// Data is lost, or the downgrade does not reverse the upgrade.
    Warning,
    /// Worth knowing.
    Note,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of finding: `looks-like-rename`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// The reason, in one sentence.
    pub message: String,
    /// The table, and column where it is one column's.
    pub target: Option<String>,
    /// The rows it rests on.
    pub evidence: Option<Evidence>,
    /// What would mend it.
    pub fix: Option<Fix>,
}

/// The rows that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Some of the rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many there are.
    pub total: u64,
    /// Whether they were made on a copy to prove it, where the user has none.
    pub made: bool,
}

/// A change of the script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The label of its button.
    pub title: String,
    /// The change.
    pub edit: Edit,
    /// The model that changes with it.
    pub model: Option<ModelFix>,
}

/// A change of a model that goes with a change of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFix {
    /// What the column gets, such as `index=True`.
    pub keyword: String,
    /// Path of the file.
    pub path: String,
    /// The change.
    pub edit: Edit,
}

/// A stretch of a text that another text takes the place of: a large script may have hundreds of findings, which would
/// say it as often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Where the stretch begins, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What stands there then.
    pub text: String,
}

impl Edit {
    /// The shortest edit that makes one text of another.
    pub fn between(before: &str, after: &str) -> Edit {
        let bytes = before.bytes().zip(after.bytes());
        let mut start = bytes.take_while(|(one, other)| one == other).count();
        while !before.is_char_boundary(start) {
            start -= 1;
        }
        let (rest, text) = (&before[start..], &after[start..]);
        let bytes = rest.bytes().rev().zip(text.bytes().rev());
        let mut same = bytes.take_while(|(one, other)| one == other).count();
        while !rest.is_char_boundary(rest.len() - same) {
            same -= 1;
        }
        Edit {
            start: start as u32,
            end: (before.len() - same) as u32,
            text: text[..text.len() - same].to_owned(),
        }
    }

    /// The text after it; none where the text is not the one that it was made for.
    pub fn apply(&self, text: &str) -> Option<String> {
        let before = text.get(..self.start as usize)?;
        text.get(self.start as usize..self.end as usize)?;
        Some([before, &self.text, text.get(self.end as usize..)?].concat())
    }
}

/// The result of upgrade, downgrade, upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All came back as it was.
    Lossless,
    /// The schema came back; rows differ, but nothing that was there is lost.
    SchemaOnly,
    /// Rows or values that were there are gone or are others.
    LosesData,
    /// The downgrade left another schema than there was.
    NotReversed,
    /// A step failed.
    Broken,
}

/// A revision's way there and back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundTrip {
    /// The result.
    pub verdict: Verdict,
    /// Which step failed, where one did: `upgrade`, `downgrade`, or `upgrade again`.
    pub step: Option<String>,
    /// How it failed, with its place.
    pub failure: Option<Failure>,
    /// Whether `downgrade` does nothing though `upgrade` does something.
    pub empty_downgrade: bool,
    /// What differs between before the upgrade and after the downgrade.
    pub back: Vec<TableDifference>,
    /// What differs between the first upgrade and the second.
    pub again: Vec<TableDifference>,
    /// The effect of a downgrade and upgrade on the current database, if the revision is applied.
    pub now: Vec<TableDifference>,
}

/// How something of a schema differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// It is there now and was not.
    Added,
    /// It was there and is not now.
    Removed,
    /// It is another.
    Altered,
}

/// What differs in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDifference {
    /// Its name, the new one where it was renamed.
    pub table: String,
    /// Its name before, where that was another.
    pub was: Option<String>,
    /// What happened to it as a whole; nothing where only rows differ.
    pub change: Option<Differs>,
    /// Columns, keys, indexes, constraints.
    pub items: Vec<ItemDifference>,
    /// The rows, where they can be compared.
    pub rows: Option<RowDifference>,
}

/// A column, key, index or constraint that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDifference {
    /// The kind: `column`, `index`, `foreign key`.
    pub kind: String,
    /// What happened to it.
    pub change: Differs,
    /// As it was: name and definition.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
}

/// How the rows of a table differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowDifference {
    /// Rows before.
    pub before: u64,
    /// Rows after.
    pub after: u64,
    /// Rows that are gone.
    pub lost: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows with a cell that is another.
    pub changed: u64,
    /// Cells that differ, by column.
    pub columns: Vec<ColumnCells>,
    /// Some of the rows that differ.
    pub sample: Vec<RowChange>,
}

/// The cells of one column that differ, in rows that are on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnCells {
    /// The column.
    pub column: String,
    /// Values that are gone.
    pub lost: u64,
    /// Values that are others.
    pub changed: u64,
    /// Values that read the same and are of another type.
    pub converted: u64,
    /// Cells that had no value and have one.
    pub filled_in: u64,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// What happened to it.
    pub change: Differs,
    /// What identifies it: `id = 3`.
    pub key: String,
    /// Column, old value and new value, as SQL literals; `None` if missing.
    pub cells: Vec<(String, Option<String>, Option<String>)>,
}

#[cfg(test)]
mod tests {
    use super::Edit;

    #[test]
    fn an_edit_makes_the_text_that_it_was_made_of() {
        for (before, after, text) in [
            ("nullable=False", "nullable=True", "Tru"),
            ("aa", "aaa", "a"),
            ("aaa", "aa", ""),
            ("é", "è", "è"),
            ("same", "same", ""),
            ("", "new", "new"),
        ] {
            let edit = Edit::between(before, after);
            assert_eq!(edit.text, text, "{before} to {after}");
            assert_eq!(edit.apply(before).as_deref(), Some(after));
        }
    }

    #[test]
    fn an_edit_of_another_text_is_refused() {
        let edit = Edit::between("a long text", "a longer text");
        assert_eq!(edit.apply("short"), None);
    }
}
