//! Findings about what waits while a revision runs, where the database tells which locks a statement
//! took and whether it wrote the whole table anew.

use super::data::plural;
use super::{Act, Code, Facts, Finding, Severity};
use crate::review::operation::{ConstraintKind, RecordedOperation};
use crate::review::recorder::{Executed, Part};
use crate::review::schema::ItemKind;
use ground::event::{Blocks, TableLock};

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for act in facts.up() {
        if act.step.error.is_none()
            && let Some((code, lock, why)) = blocking(act)
            && !(code == Code::NotNullScansTable && is_checked(facts, act))
        {
            blocked(facts, act, code, lock, why, found);
        }
    }
    rows_under_lock(facts, found);
}

/// The worst lock that a statement of an operation took, with that statement.
fn worst(act: Act<'_>) -> Option<(&Executed, &TableLock)> {
    let statements = act.step.statements.iter();
    statements
        .flat_map(|statement| statement.locks.iter().map(move |lock| (statement, lock)))
        .max_by_key(|(_, lock)| (lock.rewritten, lock.blocks))
}

/// What an operation does for as long as the table is large, under a lock that others wait for.
fn blocking(act: Act<'_>) -> Option<(Code, &TableLock, &'static str)> {
    let (statement, lock) = worst(act)?;
    if lock.blocks < Blocks::Writes {
        return None;
    }
    if lock.rewritten {
        return Some((
            Code::RewritesTable,
            lock,
            "the whole table is written anew. Add another column, fill it in parts, and move over",
        ));
    }
    let sql = statement.sql.to_uppercase();
    match act.operation {
        RecordedOperation::CreateIndex { .. } => work(Work::Index, lock),
        RecordedOperation::DropIndex { .. } => Some((
            Code::DropsIndexUnderLock,
            lock,
            "the index is dropped, which waits for every statement that runs. Drop it concurrently, in an \
             autocommit_block()",
        )),
        RecordedOperation::AlterColumn {
            nullable: Some(false),
            ..
        } => work(Work::NotNull, lock),
        RecordedOperation::CreateConstraint { kind, .. } => match kind {
            ConstraintKind::Unique | ConstraintKind::PrimaryKey if !sql.contains("USING INDEX") => {
                work(Work::UniqueConstraint, lock)
            }
            ConstraintKind::ForeignKey | ConstraintKind::Check if !sql.contains("NOT VALID") => {
                work(Work::Constraint, lock)
            }
            _ => None,
        },
        RecordedOperation::Execute { .. } | RecordedOperation::Other => {
            said(&sql).and_then(|kind| work(kind, lock))
        }
        _ => None,
    }
}

/// What takes the longer, the more rows a table has.
enum Work {
    Index,
    NotNull,
    UniqueConstraint,
    Constraint,
}

/// The same in SQL of the script's own, or of an operation that is not recorded as what it is.
fn said(sql: &str) -> Option<Work> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let says = |text: &str| sql.contains(text);
    match words.as_slice() {
        ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => Some(Work::Index),
        ["ALTER", "TABLE", ..] if says(" SET NOT NULL") => Some(Work::NotNull),
        ["ALTER", "TABLE", ..] if says(" ADD ") && !says(" ADD COLUMN ") => {
            if says(" EXCLUDE ")
                || ((says(" UNIQUE") || says(" PRIMARY KEY")) && !says("USING INDEX"))
            {
                return Some(Work::UniqueConstraint);
            }
            let checks = says(" FOREIGN KEY") || says(" CHECK ") || says(" CHECK(");
            (checks && !says("NOT VALID")).then_some(Work::Constraint)
        }
        _ => None,
    }
}

fn work(kind: Work, lock: &TableLock) -> Option<(Code, &TableLock, &'static str)> {
    let (code, why) = match kind {
        Work::Index => (
            Code::IndexBlocksWrites,
            "the index is built. Build it concurrently, in an autocommit_block()",
        ),
        Work::NotNull => (
            Code::NotNullScansTable,
            "every row is looked at. Add a CHECK (… IS NOT NULL) that is NOT VALID, validate it, and \
             set NOT NULL then: that looks at no row",
        ),
        Work::UniqueConstraint => (
            Code::UniqueBlocksReads,
            "its index is built. Build a unique index concurrently, and make the constraint of it \
             (USING INDEX)",
        ),
        Work::Constraint => (
            Code::ConstraintScansTable,
            "every row is checked. Make it NOT VALID, and validate it in a revision of its own",
        ),
    };
    Some((code, lock, why))
}

/// Whether a CHECK that was there says that no value is NULL: then nothing is read.
fn is_checked(facts: &Facts<'_>, act: Act<'_>) -> bool {
    let (table, column) = match act.operation {
        RecordedOperation::AlterColumn { table, column, .. } => (table.as_str(), column.as_str()),
        _ => {
            let Some(altered) = worst(act).and_then(|(statement, _)| altered(&statement.sql))
            else {
                return false;
            };
            altered
        }
    };
    facts.at(act).table(table).is_some_and(|schema| {
        let mut checks = schema
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::Check);
        checks.any(|check| {
            let text = check.definition.replace(['"', '(', ')'], " ");
            let said = format!(" {column} IS NOT NULL");
            format!(" {text}").contains(&said)
        })
    })
}

/// Table and column of `ALTER TABLE … ALTER COLUMN … SET NOT NULL`.
fn altered(sql: &str) -> Option<(&str, &str)> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let after = |word: &str| {
        let place = words
            .iter()
            .position(|known| known.eq_ignore_ascii_case(word))?;
        Some(words.get(place + 1)?.trim_matches('"'))
    };
    Some((after("TABLE")?, after("COLUMN")?))
}

fn rows_of(facts: &Facts<'_>, act: Act<'_>, table: &str) -> u64 {
    // A server tells a table of another schema by both names.
    let name = table.rsplit('.').next().unwrap_or(table).trim_matches('"');
    facts.rows_before(act, name)
}

fn blocked(
    facts: &Facts<'_>,
    act: Act<'_>,
    code: Code,
    lock: &TableLock,
    why: &str,
    found: &mut Vec<Finding>,
) {
    let rows = rows_of(facts, act, &lock.table);
    if rows == 0 {
        return;
    }
    let who = match lock.blocks {
        Blocks::ReadsAndWrites => "Nobody can read or write",
        _ => "Nobody can write",
    };
    let mut finding = facts.finding(
        act,
        code,
        Severity::Warning,
        format!(
            "{who} {} ({}, {}) while {why}.",
            lock.table,
            lock.mode,
            plural(rows, "row")
        ),
    );
    finding.target = Some(lock.table.clone());
    found.push(finding);
}

/// Rows that are changed while the same transaction keeps others from reading a table.
fn rows_under_lock(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let Some(timeline) = &facts.upgrade else {
        return;
    };
    let mut held: Option<String> = None;
    for (number, step) in timeline.steps.iter().enumerate() {
        for statement in &step.statements {
            if statement.part == Part::Transaction {
                held = None;
                continue;
            }
            let word = statement.sql.split_whitespace().next().unwrap_or_default();
            let changes = ["INSERT", "UPDATE", "DELETE"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(word));
            let rows = statement.rows.unwrap_or(0);
            if let (true, true, Some(table)) = (changes, rows > 0, &held)
                && step.name != "alembic_version"
            {
                found.push(Finding {
                    code: Code::RowsChangedUnderLock,
                    severity: Severity::Warning,
                    location: step
                        .location
                        .clone()
                        .unwrap_or_else(|| facts.script.function_location("upgrade")),
                    message: format!(
                        "Nobody can read or write {table} while this changes {}: the lock of an \
                         earlier statement is held until the transaction ends. Change rows in a \
                         revision of their own.",
                        plural(u64::try_from(rows).unwrap_or(0), "row")
                    ),
                    target: Some(table.clone()),
                    evidence: None,
                    fix: None,
                });
                return;
            }
            let exclusive = statement
                .locks
                .iter()
                .find(|lock| lock.blocks == Blocks::ReadsAndWrites);
            if let Some(lock) = exclusive
                && let Some(operation) = &step.operation
            {
                let act = Act {
                    step,
                    operation,
                    number,
                    back: false,
                };
                if rows_of(facts, act, &lock.table) > 0 {
                    held = Some(lock.table.clone());
                }
            }
        }
    }
}
