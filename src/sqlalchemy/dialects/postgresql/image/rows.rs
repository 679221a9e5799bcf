//! Compares the rows of a table in two snapshots: lost, added, changed, filled in.
//!
//! A host has one server, which must be brought from one state to the other: so all rows of a snapshot
//! are read at once, and compared here.

use std::cell::OnceCell;

use crate::engine::Connection;
use crate::image::{
    CellChange, Change, ColumnCells, CompareRows, ComparedTable, NewColumn, RowChange,
    RowDifference,
};
use driver::{Parameters, Value};
use ground::diagnostic::Result;
use ground::hash::HashMap;
use ground::order::InOrder;

/// The tables that are found without naming their schema, with their rows in the order in which they
/// are stored.
const TABLES: &str = "SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND \
                      pg_catalog.pg_table_is_visible(oid) AND relnamespace::regnamespace::text \
                      NOT IN ('pg_catalog', 'information_schema')";

/// The rows of a table.
#[derive(Default)]
struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }

    /// The values of some columns of a row.
    fn some(&self, row: usize, columns: &[String]) -> Vec<Value> {
        let places = columns.iter().filter_map(|column| self.place(column));
        places
            .filter_map(|place| self.rows[row].get(place).cloned())
            .collect()
    }

    fn named(&self, row: usize) -> impl Iterator<Item = (&String, &Value)> {
        self.columns.iter().zip(&self.rows[row])
    }
}

/// One side.
struct Side {
    connection: Connection,
    tables: OnceCell<HashMap<String, Rows>>,
}

impl Side {
    fn table(&self, name: &str) -> Result<Option<&Rows>> {
        if self.tables.get().is_none() {
            let tables = self.read()?;
            let _ = self.tables.set(tables);
        }
        Ok(self.tables.get().and_then(|tables| tables.get(name)))
    }

    fn read(&self) -> Result<HashMap<String, Rows>> {
        let dbapi = self.connection.dbapi()?;
        let mut tables = HashMap::default();
        for row in dbapi.execute(TABLES, &Parameters::NONE)?.rows {
            let Some(name) = row.first().and_then(Value::as_str) else {
                continue;
            };
            let quoted = name.replace('"', "\"\"");
            let sql = format!("SELECT * FROM \"{quoted}\"");
            let cursor = dbapi.execute(&sql, &Parameters::NONE)?;
            let columns = cursor.description.iter().flat_map(|names| names.iter());
            tables.insert(
                name.to_owned(),
                Rows {
                    columns: columns.map(|name| name.to_string()).collect(),
                    rows: cursor.rows,
                },
            );
        }
        Ok(tables)
    }
}

/// Both snapshots.
pub(super) struct Pair {
    old: Side,
    new: Side,
}

impl Pair {
    pub(super) fn new(old: Connection, new: Connection) -> Self {
        let side = |connection| Side {
            connection,
            tables: OnceCell::new(),
        };
        Pair {
            old: side(old),
            new: side(new),
        }
    }
}

impl CompareRows for Pair {
    fn rows(
        &self,
        before: Option<&ComparedTable<'_>>,
        after: Option<&ComparedTable<'_>>,
        new_column: NewColumn<'_>,
        sample: usize,
    ) -> Result<RowDifference> {
        let nothing = Rows::default();
        let old = match before {
            Some(table) => self.old.table(table.name)?.unwrap_or(&nothing),
            None => &nothing,
        };
        let new = match after {
            Some(table) => self.new.table(table.name)?.unwrap_or(&nothing),
            None => &nothing,
        };
        let key = key(before, after, new_column);
        let mut difference = RowDifference {
            before: old.rows.len() as u64,
            after: new.rows.len() as u64,
            matched_by: match &key {
                Some((_, new)) => new.join(", "),
                None => "place".to_owned(),
            },
            ..RowDifference::default()
        };
        let (pairs, lost, added) = matched(old, new, key.as_ref());
        difference.lost = lost.len() as u64;
        difference.added = added.len() as u64;
        let naming = |rows: &Rows, row: usize, columns: Option<&Vec<String>>| match columns {
            Some(columns) => columns
                .iter()
                .cloned()
                .zip(rows.some(row, columns))
                .collect(),
            None => vec![("place".to_owned(), Value::Integer(row as i64 + 1))],
        };
        for row in lost.iter().take(sample) {
            difference.sample.push(RowChange {
                change: Change::Removed,
                key: naming(old, *row, key.as_ref().map(|(old, _)| old)),
                cells: cells(old, *row, true),
            });
        }
        altered(
            &mut difference,
            (old, new),
            &pairs,
            new_column,
            sample,
            &|row| naming(new, row, key.as_ref().map(|(_, new)| new)),
        );
        for row in added.iter().take(sample) {
            difference.sample.push(RowChange {
                change: Change::Added,
                key: naming(new, *row, key.as_ref().map(|(_, new)| new)),
                cells: cells(new, *row, false),
            });
        }
        if before.is_some() && after.is_some() {
            other_columns(&mut difference, old, new, new_column);
        }
        Ok(difference)
    }
}

/// The columns that rows are matched by, with their names on both sides; nothing where they are matched
/// by their place.
fn key(
    before: Option<&ComparedTable<'_>>,
    after: Option<&ComparedTable<'_>>,
    new_column: NewColumn<'_>,
) -> Option<(Vec<String>, Vec<String>)> {
    let (was, is) = match (before, after) {
        (Some(was), Some(is)) => (was, is),
        (Some(one), None) | (None, Some(one)) => {
            let key = one.primary_key.to_vec();
            return (!key.is_empty()).then(|| (key.clone(), key));
        }
        (None, None) => return None,
    };
    let new: Vec<String> = was
        .primary_key
        .iter()
        .map(|name| new_column(name))
        .collect();
    let there = !new.is_empty() && new.iter().all(|name| is.has(name));
    there.then(|| (was.primary_key.to_vec(), new))
}

/// Pairs of rows, those of the old side alone, and those of the new one alone.
type Matched = (Vec<(usize, usize)>, Vec<usize>, Vec<usize>);

fn matched(old: &Rows, new: &Rows, key: Option<&(Vec<String>, Vec<String>)>) -> Matched {
    let (many, few) = (old.rows.len(), new.rows.len());
    let Some((old_key, new_key)) = key else {
        let both = many.min(few);
        return (
            (0..both).map(|row| (row, row)).collect(),
            (both..many).collect(),
            (both..few).collect(),
        );
    };
    // A value has no hash; its text tells it from others of its column.
    let text =
        |values: Vec<Value>| -> Vec<String> { values.iter().map(Value::python_repr).collect() };
    let mut found: HashMap<Vec<String>, usize> = (0..few)
        .map(|row| (text(new.some(row, new_key)), row))
        .collect();
    let (mut pairs, mut lost) = (Vec::new(), Vec::new());
    for row in 0..many {
        match found.remove(&text(old.some(row, old_key))) {
            Some(other) => pairs.push((row, other)),
            None => lost.push(row),
        }
    }
    let mut added: Vec<usize> = found.into_values().collect();
    added.in_order();
    (pairs, lost, added)
}

/// Every cell of a row that one side alone has.
fn cells(rows: &Rows, row: usize, lost: bool) -> Vec<CellChange> {
    rows.named(row)
        .map(|(column, value)| {
            let value = Some(value.clone());
            let (before, after) = if lost { (value, None) } else { (None, value) };
            CellChange {
                column: column.clone(),
                before,
                after,
            }
        })
        .collect()
}

/// Compares the rows of both sides, column by column.
fn altered(
    difference: &mut RowDifference,
    (old, new): (&Rows, &Rows),
    pairs: &[(usize, usize)],
    new_column: NewColumn<'_>,
    sample: usize,
    naming: &dyn Fn(usize) -> Vec<(String, Value)>,
) {
    let common: Vec<(usize, usize)> = old
        .columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| Some((place, new.place(&new_column(column))?)))
        .collect();
    let mut counted: Vec<ColumnCells> = common
        .iter()
        .map(|(_, place)| ColumnCells {
            column: new.columns[*place].clone(),
            change: None,
            lost: 0,
            changed: 0,
            converted: 0,
            filled_in: 0,
        })
        .collect();
    for (row, other) in pairs {
        let mut differing = Vec::new();
        for (column, (place, new_place)) in common.iter().enumerate() {
            let (was, is) = (&old.rows[*row][*place], &new.rows[*other][*new_place]);
            if was == is {
                continue;
            }
            let count = &mut counted[column];
            match (was, is) {
                (_, Value::Null) => count.lost += 1,
                (Value::Null, _) => count.filled_in += 1,
                _ if was.python_str() == is.python_str() => count.converted += 1,
                _ => count.changed += 1,
            }
            differing.push(CellChange {
                column: count.column.clone(),
                before: Some(was.clone()),
                after: Some(is.clone()),
            });
        }
        if !differing.is_empty() {
            difference.changed += 1;
            if difference.changed as usize <= sample {
                difference.sample.push(RowChange {
                    change: Change::Altered,
                    key: naming(*other),
                    cells: differing,
                });
            }
        }
    }
    counted.retain(|count| count.lost + count.changed + count.converted + count.filled_in > 0);
    difference.columns = counted;
}

/// Counts the values of the columns that one side alone has.
fn other_columns(
    difference: &mut RowDifference,
    old: &Rows,
    new: &Rows,
    new_column: NewColumn<'_>,
) {
    let values = |rows: &Rows, place: usize| {
        let cells = rows.rows.iter().filter_map(|row| row.get(place));
        cells.filter(|value| !value.is_null()).count() as u64
    };
    let count = |column: &String, change, lost, filled_in| ColumnCells {
        column: column.clone(),
        change: Some(change),
        lost,
        changed: 0,
        converted: 0,
        filled_in,
    };
    let kept: Vec<String> = old.columns.iter().map(|name| new_column(name)).collect();
    for (place, column) in old.columns.iter().enumerate() {
        let lost = values(old, place);
        if new.place(&kept[place]).is_none() && lost > 0 {
            difference
                .columns
                .push(count(column, Change::Removed, lost, 0));
        }
    }
    for (place, column) in new.columns.iter().enumerate() {
        let filled_in = values(new, place);
        if !kept.contains(column) && filled_in > 0 {
            difference
                .columns
                .push(count(column, Change::Added, 0, filled_in));
        }
    }
}
