//! Findings about the types of new columns. What a type does on the database at hand is asked of that
//! database, which is why nothing here says which one it is.

use super::{Act, Code, Facts, Finding, Severity};
use crate::review::database::quoted;
use crate::review::operation::{NewColumn, RecordedOperation};

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for act in facts.up() {
        if act.step.error.is_some() {
            continue;
        }
        let (table, columns) = match act.operation {
            RecordedOperation::CreateTable { table, columns } => (table, columns.as_slice()),
            RecordedOperation::AddColumn { table, column } => {
                (table, std::slice::from_ref(&**column))
            }
            _ => continue,
        };
        for column in columns {
            if let Some((code, what)) = told(facts, act, table, column) {
                found.push(about(facts, act, table, &column.name, code, what));
            }
        }
    }
    for act in facts.up() {
        if let RecordedOperation::AlterColumn {
            table,
            column,
            kind: Some(kind),
            ..
        } = act.operation
            && act.step.error.is_none()
            && let Some((code, what)) = of_type(facts, table, column, &kind.kind)
        {
            found.push(about(facts, act, table, column, code, what));
        }
    }
}

fn about(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &str,
    code: Code,
    what: &str,
) -> Finding {
    let target = format!("{table}.{column}");
    let mut finding = facts.finding(act, code, Severity::Note, format!("{target} {what}"));
    finding.target = Some(target);
    finding
}

/// What is to be said of a new column; of a key, what is said of keys.
fn told(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &NewColumn,
) -> Option<(Code, &'static str)> {
    if !column.primary_key {
        return of_type(facts, table, &column.name, &column.kind);
    }
    if is_serial(act, &column.name) {
        return Some((
            Code::SerialKey,
            "is SERIAL: its sequence is an object beside the table, with permissions of its own. Give \
             the column sa.Identity().",
        ));
    }
    let ends = "SELECT CAST(2147483648 AS INTEGER)";
    (column.kind == "INTEGER"
        && column.foreign_keys.is_empty()
        && asked(facts, "SELECT CAST(1 AS INTEGER)")
        && !asked(facts, ends))
    .then_some((
        Code::IntegerKey,
        "is a key of 32 bits: it ends at 2,147,483,647, and 64 bits later write the whole table anew. \
         Use sa.BigInteger().",
    ))
}

/// Whether a statement of the operation makes the column of a sequence.
fn is_serial(act: Act<'_>, column: &str) -> bool {
    act.step.statements.iter().any(|statement| {
        statement.sql.split([',', '(', '\n']).any(|part| {
            let mut words = part.split_whitespace();
            let name = words.next().map(|word| word.trim_matches('"'));
            name == Some(column) && words.next().is_some_and(|kind| kind.ends_with("SERIAL"))
        })
    })
}

fn of_type(
    facts: &Facts<'_>,
    table: &str,
    column: &str,
    kind: &str,
) -> Option<(Code, &'static str)> {
    if kind == "JSON" {
        let distinct = format!("SELECT DISTINCT {} FROM {}", quoted(column), quoted(table));
        let after = facts.after.as_ref()?;
        let is_there = after.table(table)?.column(column).is_some();
        return (is_there && after.query(&distinct).is_err()).then_some((
            Code::JsonWithoutEquality,
            "is JSON, which has no equality: SELECT DISTINCT, GROUP BY and UNION over it fail. Use \
             JSONB.",
        ));
    }
    if kind == "CHAR" || kind.starts_with("CHAR(") {
        let padded = facts
            .before
            .number("SELECT octet_length(CAST('a' AS CHAR(3)))");
        return (padded == 3).then_some((
            Code::CharPads,
            "is CHAR, which stores blanks up to its length and ignores them when it compares. Use TEXT \
             or VARCHAR.",
        ));
    }
    if kind.starts_with("TIMESTAMP") && kind.ends_with("WITHOUT TIME ZONE") {
        return Some((
            Code::TimestampWithoutZone,
            "keeps what a clock showed, not when it was. Use sa.DateTime(timezone=True).",
        ));
    }
    // Where a limit is only a remark, it costs nothing.
    (kind.starts_with("VARCHAR(")
        && facts
            .before
            .number("SELECT length(CAST('ab' AS VARCHAR(1)))")
            == 1)
        .then_some((
            Code::LimitedText,
            "has a limit that belongs to its type: a lower one checks every row under a lock. Use \
             sa.Text() with a CHECK.",
        ))
}

/// Whether the database answers a question.
fn asked(facts: &Facts<'_>, sql: &str) -> bool {
    facts.before.query(sql).is_ok()
}
