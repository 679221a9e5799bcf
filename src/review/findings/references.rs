//! Findings about foreign keys that a revision makes: their indexes, types, and the rows they meet.

use super::data::plural;
use super::{Act, Code, Facts, Finding, Fix, Severity, family};
use crate::review::database::quoted;
use crate::review::operation::{ConstraintKind, RecordedOperation};
use crate::review::schema::{ItemKind, SchemaItem, TableSchema};
use ground::formatting::repr::string_repr;
use std::rc::Rc;

/// A foreign key that was not there before.
struct NewKey<'a> {
    /// All tables afterwards.
    tables: Rc<Vec<TableSchema>>,
    table: TableSchema,
    key: SchemaItem,
    act: Act<'a>,
}

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for new in new_keys(facts) {
        without_index(facts, &new, found);
        other_type(facts, &new, found);
        orphans(facts, &new, found);
    }
}

fn new_keys<'a>(facts: &'a Facts<'a>) -> Vec<NewKey<'a>> {
    let mut keys = Vec::new();
    let Some(after) = &facts.after else {
        return keys;
    };
    let (Ok(before), Ok(after)) = (facts.before.tables(), after.tables()) else {
        return keys;
    };
    for table in after.iter() {
        let old = before.iter().find(|known| known.name == table.name);
        for key in table
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::ForeignKey)
        {
            let known = old.is_some_and(|old| {
                old.items
                    .iter()
                    .any(|item| item.kind == ItemKind::ForeignKey && item.columns == key.columns)
            });
            let made = facts
                .up()
                .into_iter()
                .rev()
                .find(|act| match act.operation {
                    RecordedOperation::CreateConstraint {
                        kind: ConstraintKind::ForeignKey,
                        table: of,
                        columns,
                        ..
                    } => *of == table.name && *columns == key.columns,
                    RecordedOperation::CreateTable { table: of, .. } => *of == table.name,
                    RecordedOperation::AddColumn { table: of, column } => {
                        *of == table.name && key.columns.contains(&column.name)
                    }
                    _ => false,
                });
            if let (false, Some(act)) = (known, made) {
                keys.push(NewKey {
                    tables: after.clone(),
                    table: table.clone(),
                    key: key.clone(),
                    act,
                });
            }
        }
    }
    keys
}

impl NewKey<'_> {
    fn target(&self) -> String {
        format!("{}.{}", self.table.name, self.key.columns.join(", "))
    }

    /// The referenced table and column, where one column refers to one.
    fn referred(&self) -> Option<(&TableSchema, &str, String)> {
        let [column] = self.key.columns.as_slice() else {
            return None;
        };
        let name = self.key.referred.as_deref()?;
        let table = self.tables.iter().find(|table| table.name == name)?;
        let (_, rest) = self.key.definition.split_once("REFERENCES ")?;
        let named = rest
            .split_once('(')
            .and_then(|(_, columns)| columns.split_once(')'))
            .map(|(columns, _)| columns.trim().trim_matches('"').to_owned());
        let other = match named {
            Some(column) if !column.is_empty() => column,
            _ => match table.primary_key.as_slice() {
                [only] => only.clone(),
                _ => return None,
            },
        };
        Some((table, column, other))
    }
}

/// A foreign key that is not the prefix of an index.
fn without_index(facts: &Facts<'_>, new: &NewKey<'_>, found: &mut Vec<Finding>) {
    let NewKey { table, key, .. } = new;
    let indexed = table.items.iter().any(|item| {
        matches!(
            item.kind,
            ItemKind::Index | ItemKind::Unique | ItemKind::PrimaryKey
        ) && item.columns.starts_with(&key.columns)
    });
    if indexed {
        return;
    }
    let mut finding = facts.finding(
        new.act,
        Code::ForeignKeyWithoutIndex,
        Severity::Note,
        format!(
            "The foreign key {} has no index, so deleting from {} reads the whole table.",
            new.target(),
            key.referred.as_deref().unwrap_or("the other table")
        ),
    );
    finding.target = Some(new.target());
    finding.fix = index_fix(facts, new.act, &table.name, &key.columns);
    found.push(finding);
}

fn index_fix(facts: &Facts<'_>, act: Act<'_>, table: &str, columns: &[String]) -> Option<Fix> {
    let site = facts.site(act)?;
    let name = string_repr(&format!("ix_{table}_{}", columns.join("_")));
    let list: Vec<String> = columns.iter().map(|column| string_repr(column)).collect();
    let statement = site.with().unwrap_or(site.statement);
    let table = string_repr(table);
    Some(Fix {
        title: "Add an index".to_owned(),
        edits: vec![
            facts.script.insert_after(
                statement,
                &format!(
                    "op.create_index(op.f({name}), {table}, [{}], unique=False)",
                    list.join(", ")
                ),
            ),
            facts.script.insert_first(
                "downgrade",
                &format!("op.drop_index(op.f({name}), table_name={table})"),
            )?,
        ],
    })
}

/// A column whose type is of another kind than that of the column it refers to.
fn other_type(facts: &Facts<'_>, new: &NewKey<'_>, found: &mut Vec<Finding>) {
    let Some((table, column, other)) = new.referred() else {
        return;
    };
    let kind = |table: &TableSchema, column: &str| {
        let item = table.column(column)?;
        let kind = family(&item.definition);
        (!kind.is_empty()).then(|| (kind, item.definition.clone()))
    };
    let (Some((own, shown)), Some((theirs, meant))) =
        (kind(&new.table, column), kind(table, &other))
    else {
        return;
    };
    if own == theirs {
        return;
    }
    let mut finding = facts.finding(
        new.act,
        Code::ForeignKeyTypeDiffers,
        Severity::Warning,
        format!(
            "{} is {shown} and refers to {}.{other}, which is {meant}: equal values are not found, or \
             only after a conversion.",
            new.target(),
            table.name
        ),
    );
    finding.target = Some(new.target());
    found.push(finding);
}

/// Rows that refer to nothing.
fn orphans(facts: &Facts<'_>, new: &NewKey<'_>, found: &mut Vec<Finding>) {
    let (Some((table, column, other)), Some(after)) = (new.referred(), &facts.after) else {
        return;
    };
    let from = format!(
        "FROM {own} WHERE {column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {referred} AS referred \
         WHERE referred.{other} = {own}.{column})",
        own = quoted(&new.table.name),
        column = quoted(column),
        referred = quoted(&table.name),
        other = quoted(&other),
    );
    let rows = after.number(&format!("SELECT count(*) {from}"));
    if rows == 0 {
        return;
    }
    let mut finding = facts.finding(
        new.act,
        Code::ForeignKeyOnOrphans,
        Severity::Warning,
        format!(
            "{} of {} refer to no row of {}: the foreign key does not hold for them.",
            plural(rows, "row"),
            new.table.name,
            table.name
        ),
    );
    finding.target = Some(new.target());
    let shown = Facts::telling_columns(after, &new.table.name, Some(column));
    finding.evidence = facts.rows(after, &shown, &from);
    found.push(finding);
}
