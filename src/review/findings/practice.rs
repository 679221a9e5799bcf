//! Findings about operations that do what they say, but seldom what was meant.

use super::data::plural;
use super::{Act, Code, Facts, Finding, Severity};
use crate::review::database::quoted;
use crate::review::operation::{NewColumn, RecordedOperation};
use crate::review::recorder::Part;
use crate::review::schema::{ItemKind, SchemaItem};

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for act in facts.up() {
        if act.step.error.is_some() {
            continue;
        }
        match act.operation {
            RecordedOperation::RenameTable { table, to } => {
                renamed(facts, act, table, None, to, found);
            }
            RecordedOperation::AlterColumn {
                table,
                column,
                rename: Some(to),
                ..
            } => renamed(facts, act, table, Some(column), to, found),
            RecordedOperation::AddColumn { table, column } => {
                python_default(facts, act, table, column, found);
            }
            RecordedOperation::CreateTable { table, .. } => no_key(facts, act, table, found),
            RecordedOperation::CreateIndex {
                name: Some(name),
                table,
                unique: false,
                ..
            } => covered_index(facts, act, name, table, found),
            RecordedOperation::DropConstraint { table, .. } => {
                dropped_constraint(facts, act, table, found);
            }
            RecordedOperation::AlterColumn {
                table,
                column,
                nullable: Some(true),
                ..
            } => may_be_null(facts, act, table, column, found),
            _ => {}
        }
        if let RecordedOperation::CreateIndex {
            name,
            table,
            columns: Some(columns),
            unique: false,
        } = act.operation
            && columns.len() > WIDE
        {
            let mut finding = facts.finding(
                act,
                Code::WideIndex,
                Severity::Note,
                format!(
                    "{} of {table} has {} columns: those after the first few seldom narrow a search \
                     down, and each write pays for them.",
                    name.as_deref().unwrap_or("An index"),
                    columns.len()
                ),
            );
            finding.target = Some(table.clone());
            found.push(finding);
        }
    }
    transactions(facts, found);
    new_values(facts, found);
}

/// The most columns of an index that are not remarked upon.
const WIDE: usize = 3;

/// A column that was NOT NULL.
fn may_be_null(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &str,
    found: &mut Vec<Finding>,
) {
    let was = facts.at(act).columns(table).ok();
    let was = was.and_then(|columns| columns.iter().find(|one| *one.name == *column).cloned());
    if was.is_none_or(|was| was.nullable) {
        return;
    }
    let target = format!("{table}.{column}");
    let mut finding = facts.finding(
        act,
        Code::DropsNotNull,
        Severity::Note,
        format!("{target} may be NULL from here: code that reads it has never met that."),
    );
    finding.target = Some(target);
    found.push(finding);
}

/// A value of an enum type that is used before the transaction that added it has ended, which the server
/// refuses.
fn new_values(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for timeline in [&facts.upgrade, &facts.downgrade].into_iter().flatten() {
        let failed = timeline.steps.iter().find_map(|step| {
            let error = step.error.as_ref()?;
            error
                .message
                .contains("use of new value")
                .then_some((step, error))
        });
        let Some((step, error)) = failed else {
            continue;
        };
        let value = error.message.split('"').nth(1).unwrap_or_default();
        let function = timeline.direction;
        found.push(Finding {
            code: Code::EnumValueUsed,
            severity: Severity::Error,
            location: step
                .location
                .clone()
                .unwrap_or_else(|| facts.script.function_location(function)),
            message: format!(
                "'{value}' was added to its type in this transaction, and can be used only after it. Add \
                 it in op.get_context().autocommit_block()."
            ),
            target: None,
            evidence: None,
            fix: None,
        });
    }
}

/// A name that the code in use still says.
fn renamed(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: Option<&str>,
    to: &str,
    found: &mut Vec<Finding>,
) {
    if facts.rows_before(act, table) == 0 {
        return;
    }
    // A view may stand under the old name.
    let read = format!("SELECT 1 FROM {} LIMIT 1", quoted(table));
    if column.is_none()
        && facts
            .after
            .as_ref()
            .is_some_and(|after| after.query(&read).is_ok())
    {
        return;
    }
    let (code, old, new) = match column {
        Some(column) => (
            Code::RenamesColumn,
            format!("{table}.{column}"),
            format!("{table}.{to}"),
        ),
        None => (Code::RenamesTable, table.to_owned(), to.to_owned()),
    };
    let mut finding = facts.finding(
        act,
        code,
        Severity::Note,
        format!(
            "{old} is {new} from here: code that runs while this is deployed, and says {old}, fails."
        ),
    );
    finding.target = Some(old);
    found.push(finding);
}

/// `default=`, which the rows that are there get nothing from.
fn python_default(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &NewColumn,
    found: &mut Vec<Finding>,
) {
    if !column.python_default || column.filled || !column.nullable {
        return;
    }
    let rows = facts.rows_before(act, table);
    if rows == 0 {
        return;
    }
    let target = format!("{table}.{}", column.name);
    let mut finding = facts.finding(
        act,
        Code::DefaultHasNoEffect,
        Severity::Warning,
        format!(
            "default= of {target} is for new rows that SQLAlchemy inserts: the {} that are there get \
             NULL. Say server_default=, or fill the column.",
            plural(rows, "row")
        ),
    );
    finding.target = Some(target);
    found.push(finding);
}

fn no_key(facts: &Facts<'_>, act: Act<'_>, table: &str, found: &mut Vec<Finding>) {
    let schema = facts.after.as_ref().and_then(|after| after.table(table));
    if !schema.is_some_and(|schema| schema.primary_key.is_empty()) {
        return;
    }
    let mut finding = facts.finding(
        act,
        Code::NoPrimaryKey,
        Severity::Note,
        format!(
            "Table {table} has no primary key: its rows can't be told apart, mapped to a class or \
             replicated one by one."
        ),
    );
    finding.target = Some(table.to_owned());
    found.push(finding);
}

/// An index whose columns another one begins with.
fn covered_index(
    facts: &Facts<'_>,
    act: Act<'_>,
    name: &str,
    table: &str,
    found: &mut Vec<Finding>,
) {
    let Some(schema) = facts.after.as_ref().and_then(|after| after.table(table)) else {
        return;
    };
    let partial = |item: &SchemaItem| item.definition.to_uppercase().contains(" WHERE ");
    let Some(own) = schema
        .items
        .iter()
        .find(|item| item.kind == ItemKind::Index && item.name == name)
    else {
        return;
    };
    if partial(own) || own.columns.is_empty() {
        return;
    }
    let other = schema.items.iter().find(|item| {
        let orders = matches!(
            item.kind,
            ItemKind::Index | ItemKind::Unique | ItemKind::PrimaryKey
        );
        // Of two that are the same, the one made later is one too many.
        let same = item.kind == ItemKind::Index && item.columns == own.columns;
        let older = facts.at(act).table(table).is_some_and(|before| {
            before
                .items
                .iter()
                .any(|known| known.kind == item.kind && known.name == item.name)
        });
        orders
            && item.name != own.name
            && !partial(item)
            && item.columns.starts_with(&own.columns)
            && (!same || older)
    });
    let Some(other) = other else { return };
    let shown = if other.name.is_empty() {
        format!("the {}", other.kind.word())
    } else {
        other.name.clone()
    };
    let mut finding = facts.finding(
        act,
        Code::DuplicateIndex,
        Severity::Note,
        format!(
            "{shown} of {table} begins with the columns of {name} ({}) already: a second index only \
             makes writing slower.",
            own.columns.join(", ")
        ),
    );
    finding.target = Some(table.to_owned());
    found.push(finding);
}

/// A constraint that is dropped and not made again.
fn dropped_constraint(facts: &Facts<'_>, act: Act<'_>, table: &str, found: &mut Vec<Finding>) {
    let Some(after) = &facts.after else { return };
    let (Some(was), Some(is)) = (facts.at(act).table(table), after.table(table)) else {
        return;
    };
    let RecordedOperation::DropConstraint {
        name: Some(name), ..
    } = act.operation
    else {
        return;
    };
    let Some(dropped) = was.items.iter().find(|item| item.name == *name) else {
        return;
    };
    let again = is.items.iter().any(|item| {
        item.kind == dropped.kind && (item.columns == dropped.columns || item.name == dropped.name)
    });
    // What held its columns may be gone with them.
    let columns_there = dropped
        .columns
        .iter()
        .all(|column| is.column(column).is_some());
    if again || !columns_there {
        return;
    }
    let mut finding = facts.finding(
        act,
        Code::DropsConstraint,
        Severity::Note,
        format!(
            "The {} {name} of {table} is dropped: {}.",
            dropped.kind.word(),
            match dropped.kind {
                ItemKind::ForeignKey => "rows may refer to nothing from here",
                ItemKind::Unique => "values may repeat from here",
                _ => "the database checks it no more",
            }
        ),
    );
    finding.target = Some(table.to_owned());
    found.push(finding);
}

/// `COMMIT` and the like among the script's statements.
fn transactions(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let steps = facts.upgrade.iter().flat_map(|timeline| &timeline.steps);
    for step in steps {
        let word = step
            .statements
            .iter()
            .filter(|statement| statement.part == Part::Statement)
            .find_map(|statement| {
                let first = statement.sql.split_whitespace().next()?;
                let first = first.trim_end_matches(';').to_ascii_uppercase();
                ["BEGIN", "START", "COMMIT", "ROLLBACK", "END"]
                    .into_iter()
                    .find(|word| *word == first)
            });
        let Some(word) = word else { continue };
        let location = step
            .location
            .clone()
            .unwrap_or_else(|| facts.script.function_location("upgrade"));
        found.push(Finding {
            code: Code::TransactionControl,
            severity: match step.error {
                Some(_) => Severity::Error,
                None => Severity::Warning,
            },
            location,
            message: format!(
                "{word} ends or begins the transaction that the revision runs in: where it fails \
                 later, half of it stays. Use op.get_context().autocommit_block()."
            ),
            target: None,
            evidence: None,
            fix: None,
        });
    }
}
