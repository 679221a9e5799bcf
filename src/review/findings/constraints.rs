//! Findings about constraints, indexes and unsupported ALTERs.

use super::{Act, Code, Facts, Finding, Fix, Severity, TextEdit};
use crate::review::operation::{ConstraintKind, RecordedOperation};
use crate::review::schema::{ItemKind, TableSchema};
use crate::review::script::{Site, is_none};
use ground::formatting::repr::string_repr;
use python::tree::{Extent, StatementKind};
use sqlalchemy::engine::dialect::Refusal;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    needs_batch(facts, found);
    unnamed(facts, found);
}

/// The conventional name of a constraint.
fn usual_name(operation: &RecordedOperation) -> Option<String> {
    let RecordedOperation::CreateConstraint {
        kind,
        table,
        columns,
        referred,
        ..
    } = operation
    else {
        return None;
    };
    let columns = columns.join("_");
    Some(match kind {
        ConstraintKind::PrimaryKey => format!("pk_{table}"),
        ConstraintKind::ForeignKey => {
            format!("fk_{table}_{columns}_{}", referred.as_deref().unwrap_or(""))
        }
        ConstraintKind::Unique => format!("uq_{table}_{columns}"),
        ConstraintKind::Check => format!("ck_{table}"),
    })
}

/// Whether an operation failed because the database does not support the ALTER, which batch mode
/// works around.
fn needs_recreate(facts: &Facts<'_>, act: Act<'_>) -> bool {
    if act.step.batch {
        return false;
    }
    let Some(error) = &act.step.error else {
        return false;
    };
    // Rejected by the dialect's implementation without being sent.
    let not_tried = error.class == "NotImplementedError";
    match act.operation {
        RecordedOperation::AddColumn { .. } => not_tried,
        RecordedOperation::AlterColumn { .. }
        | RecordedOperation::CreateConstraint { .. }
        | RecordedOperation::DropConstraint { .. }
        | RecordedOperation::DropColumn { .. } => {
            not_tried || facts.prepared.dialect.refusal(error) == Some(Refusal::Alter)
        }
        _ => false,
    }
}

fn what(operation: &RecordedOperation) -> String {
    match operation {
        RecordedOperation::AlterColumn { table, column, .. } => {
            format!("Altering {table}.{column}")
        }
        RecordedOperation::CreateConstraint { table, .. } => {
            format!("adding a constraint to {table}")
        }
        RecordedOperation::DropConstraint { table, .. } => {
            format!("dropping a constraint of {table}")
        }
        RecordedOperation::AddColumn { table, column } => {
            format!("adding {table}.{} with its constraint", column.name)
        }
        RecordedOperation::DropColumn { table, column } => format!("dropping {table}.{column}"),
        _ => "this".to_owned(),
    }
}

fn needs_batch(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let (up, down) = (facts.up(), facts.down());
    for (acts, others) in [(&up, &down), (&down, &up)] {
        for act in acts
            .iter()
            .copied()
            .filter(|act| needs_recreate(facts, *act))
        {
            let mut message = what(act.operation);
            if let Some(first) = message.get(..1) {
                message = first.to_uppercase() + &message[1..];
            }
            let mut finding = facts.finding(
                act,
                Code::NeedsBatch,
                Severity::Error,
                format!(
                    "{message} requires batch mode: {} can't do it in place.",
                    facts.prepared.dialect.title()
                ),
            );
            finding.target = act.operation.table().map(str::to_owned);
            finding.fix = batch_fix(facts, act, others);
            found.push(finding);
        }
    }
}

fn batch_fix(facts: &Facts<'_>, act: Act<'_>, others: &[Act<'_>]) -> Option<Fix> {
    let name = usual_name(act.operation);
    let mut edits = vec![batch_edit(facts, act, name.as_deref())?];
    let counterpart = others.iter().copied().find(|other| {
        other.step.location != act.step.location && undoes(act.operation, other.operation)
    });
    if let Some(other) = counterpart
        && needs_recreate(facts, other)
    {
        edits.extend(batch_edit(facts, other, name.as_deref()));
    } else if let Some(other) = counterpart
        && let Some(site) = facts.site(other)
        && let Some(edit) = name_edit(facts, &site, name.as_deref())
    {
        edits.push(edit);
    }
    Some(Fix {
        title: "Use batch mode".to_owned(),
        edits,
    })
}

/// Wraps the operation in its own batch, where a foreign key in `sa.Column(...)` needs a name.
fn batch_edit(facts: &Facts<'_>, act: Act<'_>, name: Option<&str>) -> Option<TextEdit> {
    let site = facts.site(act)?;
    let mut edit = facts.script.in_batch(&site, name)?;
    if let RecordedOperation::AddColumn { table, column } = act.operation {
        for (number, target) in column.foreign_keys.iter().enumerate() {
            let referred = target.rsplit('.').nth(1).unwrap_or("");
            edit.text = named_foreign_key(
                &edit.text,
                number,
                &format!("fk_{table}_{}_{referred}", column.name),
            )?;
        }
    }
    Some(edit)
}

/// Inserts `name=` into the n-th `ForeignKey(...)` of the text.
fn named_foreign_key(text: &str, number: usize, name: &str) -> Option<String> {
    let (start, _) = text.match_indices("ForeignKey(").nth(number)?;
    let open = start + "ForeignKey(".len();
    let mut depth = 1;
    let mut quote = None;
    for (at, c) in text[open..].char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inside = &text[open..open + at];
            if inside.contains("name=") {
                return Some(text.to_owned());
            }
            let comma = if inside.trim_end().ends_with(',') {
                " "
            } else {
                ", "
            };
            let mut named = text.to_owned();
            named.insert_str(open + at, &format!("{comma}name={}", string_repr(name)));
            return Some(named);
        }
    }
    None
}

/// Whether one operation reverses another.
fn undoes(one: &RecordedOperation, other: &RecordedOperation) -> bool {
    use RecordedOperation as Op;
    match (one, other) {
        (
            Op::CreateConstraint {
                table, name, kind, ..
            },
            Op::DropConstraint {
                table: of,
                name: dropped,
                kind: word,
            },
        )
        | (
            Op::DropConstraint {
                table: of,
                name: dropped,
                kind: word,
            },
            Op::CreateConstraint {
                table, name, kind, ..
            },
        ) => {
            table == of && name == dropped && word.as_deref().is_none_or(|word| word == kind.word())
        }
        (
            Op::AlterColumn { table, column, .. },
            Op::AlterColumn {
                table: of,
                column: altered,
                ..
            },
        ) => table == of && column == altered,
        (
            Op::AddColumn { table, column },
            Op::DropColumn {
                table: of,
                column: dropped,
            },
        )
        | (
            Op::DropColumn {
                table: of,
                column: dropped,
            },
            Op::AddColumn { table, column },
        ) => table == of && column.name == *dropped,
        _ => false,
    }
}

/// Replaces `None` by a name.
fn name_edit(facts: &Facts<'_>, site: &Site<'_>, name: Option<&str>) -> Option<TextEdit> {
    let argument = site.argument(0, "constraint_name")?;
    if !is_none(argument) {
        return None;
    }
    Some(
        facts
            .script
            .replace_extent(argument.extent, &string_repr(name?)),
    )
}

/// Whether an operation failed because a name is missing.
fn wants_name(act: Act<'_>) -> bool {
    act.step.error.as_ref().is_some_and(|error| {
        error.message.contains("must have a name")
            || error.message.contains("no name")
            || error.message.contains("without a name")
    })
}

fn unnamed(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let (up, down) = (facts.up(), facts.down());
    // Autogenerate renders the downgrade in reverse order, so the last item dropped was created
    // first.
    let mut drops: Vec<Act<'_>> = down
        .iter()
        .copied()
        .filter(|act| {
            matches!(
                act.operation,
                RecordedOperation::DropConstraint { name: None, .. }
            )
        })
        .collect();
    let mut told: Vec<usize> = Vec::new();
    for act in &up {
        let RecordedOperation::CreateConstraint {
            name: None,
            table,
            columns,
            kind,
            ..
        } = act.operation
        else {
            continue;
        };
        // A naming convention may have named it.
        if let Some(after) = &facts.after
            && let Some(schema) = after.table(table)
            && named_there(&schema, *kind, columns)
        {
            continue;
        }
        let place = drops
            .iter()
            .rposition(|drop| undoes(act.operation, drop.operation));
        let drop = place.map(|place| drops.remove(place));
        let fails = wants_name(*act) || drop.is_some_and(wants_name);
        if drop.is_none() && !fails {
            continue;
        }
        if let Some(drop) = drop {
            told.push(drop.number);
        }
        let what = match kind {
            ConstraintKind::ForeignKey => "foreign key",
            ConstraintKind::Unique => "unique constraint",
            ConstraintKind::Check => "check constraint",
            ConstraintKind::PrimaryKey => "primary key",
        };
        let on = if columns.is_empty() {
            table.clone()
        } else {
            format!("{table} ({})", columns.join(", "))
        };
        let mut finding = facts.finding(
            *act,
            Code::UnnamedConstraint,
            Severity::Error,
            if drop.is_some() {
                format!("The {what} on {on} has no name, so the downgrade can't drop it.")
            } else {
                format!("The {what} on {on} has no name, which batch mode needs.")
            },
        );
        finding.target = Some(table.clone());
        finding.fix = (|| {
            let name = usual_name(act.operation)?;
            let site = facts.site(*act)?;
            let mut edits = vec![name_edit(facts, &site, Some(&name))?];
            if let Some(drop) = drop {
                edits.push(name_edit(facts, &facts.site(drop)?, Some(&name))?);
            }
            Some(Fix {
                title: format!("Name it {name}"),
                edits,
            })
        })();
        found.push(finding);
    }
    for act in up.iter().chain(&down) {
        let RecordedOperation::DropConstraint {
            name: None, table, ..
        } = act.operation
        else {
            continue;
        };
        let in_downgrade = down.iter().any(|known| std::ptr::eq(known.step, act.step));
        if in_downgrade && told.contains(&act.number) {
            continue;
        }
        let mut finding = facts.finding(
            *act,
            Code::UnnamedConstraint,
            Severity::Error,
            format!(
                "A constraint of {table} is dropped without a name; name it, or give \
                 batch_alter_table a naming_convention that does."
            ),
        );
        finding.target = Some(table.clone());
        let others = if in_downgrade { &up } else { &down };
        finding.fix = convention_fix(facts, *act, others);
        found.push(finding);
    }
}

/// Adds a naming convention to the batch, which names unnamed constraints, and drops the constraint
/// by that name; the downgrade creates it with the name.
fn convention_fix(facts: &Facts<'_>, act: Act<'_>, others: &[Act<'_>]) -> Option<Fix> {
    let made = others
        .iter()
        .copied()
        .find(|other| undoes(act.operation, other.operation))?;
    let RecordedOperation::CreateConstraint {
        kind,
        table,
        columns,
        referred,
        ..
    } = made.operation
    else {
        return None;
    };
    let column = columns.first()?;
    let (key, convention, name) = match kind {
        ConstraintKind::Unique => (
            "uq",
            "uq_%(table_name)s_%(column_0_name)s",
            format!("uq_{table}_{column}"),
        ),
        ConstraintKind::ForeignKey => (
            "fk",
            "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            format!("fk_{table}_{column}_{}", referred.as_deref()?),
        ),
        ConstraintKind::PrimaryKey | ConstraintKind::Check => return None,
    };
    let (site, back) = (facts.site(act)?, facts.site(made)?);
    let StatementKind::With(with) = &site.with()?.kind else {
        return None;
    };
    let end = with.manager.extent.end.checked_sub(1)?;
    Some(Fix {
        title: format!("Name it {name} by a naming convention"),
        edits: vec![
            facts.script.replace_extent(
                Extent { start: end, end },
                &format!(
                    ", naming_convention={{{}: {}}}",
                    string_repr(key),
                    string_repr(convention)
                ),
            ),
            name_edit(facts, &site, Some(&name))?,
            name_edit(facts, &back, Some(&name))?,
        ],
    })
}

fn named_there(schema: &TableSchema, kind: ConstraintKind, columns: &[String]) -> bool {
    let wanted = match kind {
        ConstraintKind::PrimaryKey => ItemKind::PrimaryKey,
        ConstraintKind::ForeignKey => ItemKind::ForeignKey,
        ConstraintKind::Unique => ItemKind::Unique,
        ConstraintKind::Check => ItemKind::Check,
    };
    schema.items.iter().any(|item| {
        item.kind == wanted
            && !item.name.is_empty()
            && (kind == ConstraintKind::Check || item.columns == columns)
    })
}
