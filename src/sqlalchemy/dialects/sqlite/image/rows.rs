//! Compares the rows of a table in two snapshots: lost, added, changed, filled in. SQLite does the
//! comparison, so that a large table is read but not loaded into memory.

use std::rc::Rc;

use super::{connect, write};
use crate::dialects::sqlite::{literal, quoted};
use crate::engine::Connection;
use crate::image::{
    CellChange, Change, ColumnCells, CompareRows, ComparedTable, NewColumn, RowChange,
    RowDifference,
};
use driver::{Parameters, Value};
use ground::diagnostic::{Error, Result};
use ground::host::{Host, MemoryHost};
use ground::run::Run;

/// Both databases attached to one connection, as `main` and `later`.
pub(super) struct Pair {
    connection: Connection,
}

impl CompareRows for Pair {
    fn rows(
        &self,
        before: Option<&ComparedTable<'_>>,
        after: Option<&ComparedTable<'_>>,
        new_column: NewColumn<'_>,
        sample: usize,
    ) -> Result<RowDifference> {
        match (before, after) {
            (Some(was), Some(is)) => self.both(was, is, new_column, sample),
            (Some(table), None) => self.one("main", table, Change::Removed, sample),
            (None, Some(table)) => self.one("later", table, Change::Added, sample),
            (None, None) => Ok(RowDifference::default()),
        }
    }
}

/// How rows of both sides are matched.
enum Key {
    Columns(Vec<(String, String)>),
    Rowid,
    Place,
}

impl Pair {
    pub(super) fn open(before: &[u8], after: &[u8]) -> Result<Pair> {
        let host: Rc<dyn Host> = Rc::new(MemoryHost::new("/"));
        write(&host, "/before", before)?;
        write(&host, "/after", after)?;
        let connection = connect(&Run::new(host), "/before")?;
        connection
            .dbapi()?
            .execute("ATTACH '/after' AS later", &Parameters::NONE)?;
        Ok(Pair { connection })
    }

    fn query(&self, sql: &str) -> Result<Vec<Vec<Value>>> {
        Ok(self
            .connection
            .dbapi()?
            .execute(sql, &Parameters::NONE)?
            .rows)
    }

    fn numbers(&self, sql: &str) -> Result<Vec<u64>> {
        let rows = self.query(sql)?;
        let row = rows
            .first()
            .ok_or_else(|| Error::new("LookupError", "a count gave no row"))?;
        Ok(row
            .iter()
            .map(|value| value.as_integer().unwrap_or(0).max(0).unsigned_abs())
            .collect())
    }

    fn key(
        &self,
        was: &ComparedTable<'_>,
        is: &ComparedTable<'_>,
        new_column: NewColumn<'_>,
    ) -> Result<Key> {
        let new: Vec<String> = was
            .primary_key
            .iter()
            .map(|column| new_column(column))
            .collect();
        if !new.is_empty() && new.iter().all(|name| is.has(name)) {
            let same = is.primary_key.len() == new.len()
                && new
                    .iter()
                    .all(|name| is.primary_key.iter().any(|known| known == name));
            if same || !(self.has_rowid("main", was.name)? && self.has_rowid("later", is.name)?) {
                return Ok(Key::Columns(
                    was.primary_key
                        .iter()
                        .zip(&new)
                        .map(|(old, new)| (old.clone(), new.clone()))
                        .collect(),
                ));
            }
        }
        let ends = |schema: &str, table: &ComparedTable<'_>| {
            self.query(&format!(
                "SELECT count(*), min(rowid), max(rowid) FROM {schema}.{}",
                quoted(table.name)
            ))
        };
        let (old, new) = (ends("main", was)?, ends("later", is)?);
        // Batch mode assigns new rowids, in the same order, to a table without an integer key.
        Ok(if old != new && old[0][0] == new[0][0] {
            Key::Place
        } else {
            Key::Rowid
        })
    }

    /// Whether the rows of a table have a rowid.
    fn has_rowid(&self, schema: &str, table: &str) -> Result<bool> {
        let rows = self.query(&format!(
            "SELECT wr FROM pragma_table_list WHERE schema = '{schema}' AND name = {}",
            literal(table)
        ))?;
        let without = rows.first().and_then(|row| row.first()?.as_integer());
        Ok(without.unwrap_or(0) == 0)
    }

    /// A table that exists on one side only.
    fn one(
        &self,
        schema: &str,
        table: &ComparedTable<'_>,
        change: Change,
        sample: usize,
    ) -> Result<RowDifference> {
        let name = format!("{schema}.{}", quoted(table.name));
        let count = self.numbers(&format!("SELECT count(*) FROM {name}"))?[0];
        let columns: Vec<&str> = table.columns.clone();
        let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
        let mut difference = RowDifference {
            matched_by: table.primary_key.join(", "),
            ..RowDifference::default()
        };
        match change {
            Change::Added => {
                difference.after = count;
                difference.added = count;
            }
            _ => {
                difference.before = count;
                difference.lost = count;
            }
        }
        for row in self.query(&format!(
            "SELECT {} FROM {name} LIMIT {sample}",
            list.join(", ")
        ))? {
            difference
                .sample
                .push(whole_row(change, table.primary_key, &columns, row));
        }
        Ok(difference)
    }

    fn both(
        &self,
        was: &ComparedTable<'_>,
        is: &ComparedTable<'_>,
        new_column: NewColumn<'_>,
        sample: usize,
    ) -> Result<RowDifference> {
        let key = self.key(was, is, new_column)?;
        let table = |schema: &str, table: &ComparedTable<'_>| match key {
            Key::Place => format!(
                "(SELECT *, row_number() OVER (ORDER BY rowid) AS \"limbeck place\" \
                 FROM {schema}.{})",
                quoted(table.name)
            ),
            _ => format!("{schema}.{}", quoted(table.name)),
        };
        let (old, new) = (table("main", was), table("later", is));
        let pairs: Vec<(String, String)> = match &key {
            Key::Columns(columns) => columns.clone(),
            Key::Rowid => vec![("rowid".to_owned(), "rowid".to_owned())],
            Key::Place => vec![("limbeck place".to_owned(), "limbeck place".to_owned())],
        };
        let matching: Vec<String> = pairs
            .iter()
            .map(|(old, new)| format!("b.{} IS a.{}", key_name(old), key_name(new)))
            .collect();
        let matching = matching.join(" AND ");
        let count = self.numbers(&format!(
            "SELECT (SELECT count(*) FROM {old}), (SELECT count(*) FROM {new}), \
             (SELECT count(*) FROM {old} AS b WHERE NOT EXISTS (SELECT 1 FROM {new} AS a WHERE {matching})), \
             (SELECT count(*) FROM {new} AS a WHERE NOT EXISTS (SELECT 1 FROM {old} AS b WHERE {matching}))"
        ))?;
        let mut difference = RowDifference {
            before: count[0],
            after: count[1],
            matched_by: match &key {
                Key::Columns(columns) => columns
                    .iter()
                    .map(|(_, new)| new.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                Key::Rowid => "rowid".to_owned(),
                Key::Place => "place".to_owned(),
            },
            lost: count[2],
            added: count[3],
            ..RowDifference::default()
        };
        // Columns on both sides, by old and new name.
        let common: Vec<(&str, String)> = was
            .columns
            .iter()
            .map(|column| (*column, new_column(column)))
            .filter(|(_, new)| is.has(new))
            .collect();
        let common: Vec<(&str, &str)> = common
            .iter()
            .map(|(old, new)| (*old, new.as_str()))
            .collect();
        let joined = format!("{old} AS b JOIN {new} AS a ON {matching}");
        self.cells(&mut difference, &joined, &common)?;
        self.other_columns(&mut difference, was, is, &common)?;
        self.samples(
            &mut difference,
            (&old, was),
            (&new, is),
            &matching,
            &pairs,
            &common,
            sample,
        )?;
        Ok(difference)
    }

    /// Counts the differing cells in columns on both sides.
    fn cells(
        &self,
        difference: &mut RowDifference,
        joined: &str,
        common: &[(&str, &str)],
    ) -> Result<()> {
        if common.is_empty() {
            return Ok(());
        }
        let any: Vec<String> = common.iter().map(|pair| differs(*pair)).collect();
        difference.changed = self.numbers(&format!(
            "SELECT count(*) FROM {joined} WHERE {}",
            any.join(" OR ")
        ))?[0];
        if difference.changed == 0 {
            return Ok(());
        }
        for pair in common {
            let (old, new) = (
                format!("b.{}", quoted(pair.0)),
                format!("a.{}", quoted(pair.1)),
            );
            let same_text = format!(
                "(CAST({old} AS TEXT) = CAST({new} AS TEXT) OR (typeof({old}) IN ('integer', \
                 'real') AND typeof({new}) IN ('integer', 'real') AND +{old} = +{new}))"
            );
            let counts = self.numbers(&format!(
                "SELECT coalesce(sum({new} IS NULL), 0), coalesce(sum({old} IS NULL), 0), \
                 coalesce(sum({old} IS NOT NULL AND {new} IS NOT NULL AND {same_text}), 0), \
                 count(*) FROM {joined} WHERE {}",
                differs(*pair)
            ))?;
            if counts[3] > 0 {
                difference.columns.push(ColumnCells {
                    column: pair.1.to_owned(),
                    change: None,
                    lost: counts[0],
                    filled_in: counts[1],
                    converted: counts[2],
                    changed: counts[3].saturating_sub(counts[0] + counts[1] + counts[2]),
                });
            }
        }
        Ok(())
    }

    /// Counts the values of columns on one side only.
    fn other_columns(
        &self,
        difference: &mut RowDifference,
        was: &ComparedTable<'_>,
        is: &ComparedTable<'_>,
        common: &[(&str, &str)],
    ) -> Result<()> {
        let count = |schema: &str, table: &str, column: &str| {
            self.numbers(&format!(
                "SELECT count({}) FROM {schema}.{}",
                quoted(column),
                quoted(table)
            ))
        };
        for column in &was.columns {
            if !common.iter().any(|(old, _)| old == column) {
                let values = count("main", was.name, column)?[0];
                if values > 0 {
                    difference.columns.push(ColumnCells {
                        column: (*column).to_owned(),
                        change: Some(Change::Removed),
                        lost: values,
                        changed: 0,
                        converted: 0,
                        filled_in: 0,
                    });
                }
            }
        }
        for column in &is.columns {
            if !common.iter().any(|(_, new)| new == column) {
                let values = count("later", is.name, column)?[0];
                if values > 0 {
                    difference.columns.push(ColumnCells {
                        column: (*column).to_owned(),
                        change: Some(Change::Added),
                        lost: 0,
                        changed: 0,
                        converted: 0,
                        filled_in: values,
                    });
                }
            }
        }
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the two sides and how they are matched"
    )]
    fn samples(
        &self,
        difference: &mut RowDifference,
        (old, was): (&str, &ComparedTable<'_>),
        (new, is): (&str, &ComparedTable<'_>),
        matching: &str,
        pairs: &[(String, String)],
        common: &[(&str, &str)],
        sample: usize,
    ) -> Result<()> {
        let keys_of = |side: &str, second: bool| -> Vec<String> {
            pairs
                .iter()
                .map(|(old, new)| format!("{side}.{}", key_name(if second { new } else { old })))
                .collect()
        };
        let key_names: Vec<String> = match pairs {
            [(only, _)] if only == "limbeck place" => vec!["place".to_owned()],
            pairs => pairs.iter().map(|(_, new)| new.clone()).collect(),
        };
        for (change, count, side, other, table, schema) in [
            (Change::Removed, difference.lost, "b", ("a", new), old, was),
            (Change::Added, difference.added, "a", ("b", old), new, is),
        ] {
            if count == 0 {
                continue;
            }
            let columns = &schema.columns;
            let mut selected = keys_of(side, change == Change::Added);
            selected.extend(
                columns
                    .iter()
                    .map(|column| format!("{side}.{}", quoted(column))),
            );
            let rows = self.query(&format!(
                "SELECT {} FROM {table} AS {side} WHERE NOT EXISTS \
                 (SELECT 1 FROM {} AS {} WHERE {matching}) LIMIT {sample}",
                selected.join(", "),
                other.1,
                other.0,
            ))?;
            for mut row in rows {
                let cells = row.split_off(key_names.len().min(row.len()));
                let mut change = whole_row(change, &[], columns, cells);
                change.key = key_names.iter().cloned().zip(row).collect();
                difference.sample.push(change);
            }
        }
        let left = sample.saturating_sub(difference.sample.len());
        if difference.changed > 0 && left > 0 {
            let any: Vec<String> = common.iter().map(|pair| differs(*pair)).collect();
            let mut selected = keys_of("a", true);
            for pair in common {
                selected.push(differs(*pair));
                selected.push(format!("b.{}", quoted(pair.0)));
                selected.push(format!("a.{}", quoted(pair.1)));
            }
            let rows = self.query(&format!(
                "SELECT {} FROM {old} AS b JOIN {new} AS a ON {matching} WHERE {} LIMIT {left}",
                selected.join(", "),
                any.join(" OR ")
            ))?;
            for mut row in rows {
                let cells = row.split_off(key_names.len().min(row.len()));
                let cells = cells
                    .chunks(3)
                    .zip(common)
                    .filter(|(cell, _)| cell[0].as_integer() == Some(1))
                    .map(|(cell, pair)| CellChange {
                        column: pair.1.to_owned(),
                        before: Some(cell[1].clone()),
                        after: Some(cell[2].clone()),
                    })
                    .collect();
                difference.sample.push(RowChange {
                    change: Change::Altered,
                    key: key_names.iter().cloned().zip(row).collect(),
                    cells,
                });
            }
        }
        Ok(())
    }
}

fn key_name(name: &str) -> String {
    if name == "rowid" {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// The condition that two cells are not the same: of another value or another type, whatever
/// affinity and collation their columns have.
fn differs((old, new): (&str, &str)) -> String {
    let (old, new) = (quoted(old), quoted(new));
    format!("((+b.{old} IS NOT +a.{new} COLLATE BINARY) OR typeof(b.{old}) IS NOT typeof(a.{new}))")
}

fn whole_row(
    change: Change,
    primary_key: &[String],
    columns: &[&str],
    row: Vec<Value>,
) -> RowChange {
    let mut key = Vec::new();
    let mut cells = Vec::new();
    for (column, value) in columns.iter().zip(row) {
        if primary_key.iter().any(|known| known == column) {
            key.push(((*column).to_owned(), value.clone()));
        }
        let (before, after) = match change {
            Change::Removed => (Some(value), None),
            _ => (None, Some(value)),
        };
        cells.push(CellChange {
            column: (*column).to_owned(),
            before,
            after,
        });
    }
    RowChange { change, key, cells }
}
