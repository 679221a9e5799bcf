//! Findings that depend on the data.

use super::renames::{column_call, declared, keyword};
use super::values::{family, filler};
use super::{Act, Code, Evidence, Facts, Finding, Fix, SAMPLE, Severity};
use crate::review::database::{Database, connect, literal, quoted};
use crate::review::operation::{ConstraintKind, NewColumn, NewType, RecordedOperation};
use driver::Parameters;
use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use ground::run::Run;
use sqlalchemy::engine::dialect::Refusal;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    for act in facts.up() {
        facts.start.check()?;
        match act.operation {
            RecordedOperation::DropColumn { table, column } => {
                dropped_column(facts, act, table, column, found);
            }
            RecordedOperation::DropTable { table } => dropped_table(facts, act, table, found),
            RecordedOperation::AddColumn { table, column } => {
                added_not_null(facts, act, table, column, found)?;
            }
            RecordedOperation::AlterColumn {
                table,
                column,
                nullable,
                kind,
                ..
            } => {
                if *nullable == Some(false) {
                    altered_not_null(facts, act, table, column, found);
                }
                if let Some(kind) = kind {
                    changed_type(facts, act, table, column, kind, found);
                }
            }
            RecordedOperation::CreateConstraint {
                kind: ConstraintKind::Unique | ConstraintKind::PrimaryKey,
                table,
                columns,
                ..
            }
            | RecordedOperation::CreateIndex {
                table,
                columns: Some(columns),
                unique: true,
                ..
            } => duplicates(facts, act, table, columns, found),
            _ => {}
        }
    }
    raw_sql(facts, found);
    // The downgrade may also fail because of the data; that it drops what the upgrade created is
    // intended.
    for act in facts.down() {
        match act.operation {
            RecordedOperation::AddColumn { table, column } => {
                added_not_null(facts, act, table, column, found)?;
            }
            RecordedOperation::AlterColumn {
                table,
                column,
                nullable: Some(false),
                ..
            } => altered_not_null(facts, act, table, column, found),
            RecordedOperation::CreateConstraint {
                kind: ConstraintKind::Unique | ConstraintKind::PrimaryKey,
                table,
                columns,
                ..
            }
            | RecordedOperation::CreateIndex {
                table,
                columns: Some(columns),
                unique: true,
                ..
            } => duplicates(facts, act, table, columns, found),
            _ => {}
        }
    }
    Ok(())
}

/// A number of things in words.
pub(super) fn plural(count: u64, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

/// Whether the script read a table or column with its own SQL before an operation.
fn read_before(facts: &Facts<'_>, act: Act<'_>, name: &str) -> bool {
    let word = |sql: &str| {
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|part| part.eq_ignore_ascii_case(name))
    };
    facts.upgrade.iter().any(|timeline| {
        timeline.steps.iter().take(act.number).any(|step| {
            let own = matches!(step.operation, Some(RecordedOperation::Execute { .. }))
                || step.name.is_empty();
            own && step.statements.iter().any(|statement| {
                let start = statement.sql.trim_start().to_ascii_uppercase();
                (start.starts_with("INSERT")
                    || start.starts_with("UPDATE")
                    || start.starts_with("CREATE"))
                    && word(&statement.sql)
            })
        })
    })
}

fn dropped_column(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &str,
    found: &mut Vec<Finding>,
) {
    let told = format!("{table}.{column}");
    if found
        .iter()
        .any(|finding| finding.target.as_ref() == Some(&told))
    {
        return;
    }
    let database = facts.at(act);
    let values = database.number(&format!(
        "SELECT count({}) FROM {}",
        quoted(column),
        quoted(table)
    ));
    if values == 0 || facts.made_here(table, act) {
        return;
    }
    let copied = read_before(facts, act, column);
    let mut finding = facts.finding(
        act,
        Code::DropsData,
        if copied {
            Severity::Note
        } else {
            Severity::Warning
        },
        if copied {
            format!(
                "{told} has {} when it is dropped; the script's own SQL reads it first.",
                plural(values, "value")
            )
        } else {
            format!("Dropping {told} loses its {}.", plural(values, "value"))
        },
    );
    finding.target = Some(told);
    let shown = Facts::telling_columns(&database, table, Some(column));
    finding.evidence = facts.rows(
        &database,
        &shown,
        &format!(
            "FROM {} WHERE {} IS NOT NULL",
            quoted(table),
            quoted(column)
        ),
    );
    found.push(finding);
}

fn dropped_table(facts: &Facts<'_>, act: Act<'_>, table: &str, found: &mut Vec<Finding>) {
    if found
        .iter()
        .any(|finding| finding.target.as_deref() == Some(table))
        || facts.made_here(table, act)
    {
        return;
    }
    let database = facts.at(act);
    let rows = database.number(&format!("SELECT count(*) FROM {}", quoted(table)));
    if rows == 0 {
        return;
    }
    let copied = read_before(facts, act, table);
    let mut finding = facts.finding(
        act,
        Code::DropsData,
        if copied {
            Severity::Note
        } else {
            Severity::Warning
        },
        if copied {
            format!(
                "Table {table} has {} when it is dropped; the script's own SQL reads it first.",
                plural(rows, "row")
            )
        } else {
            format!("Dropping table {table} loses its {}.", plural(rows, "row"))
        },
    );
    finding.target = Some(table.to_owned());
    let shown = Facts::telling_columns(&database, table, None);
    finding.evidence = facts.rows(&database, &shown, &format!("FROM {}", quoted(table)));
    found.push(finding);
}

/// Objects dropped by the script's own SQL, detected by their absence afterwards.
fn raw_sql(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let Some(timeline) = &facts.upgrade else {
        return;
    };
    for (number, step) in timeline.steps.iter().enumerate() {
        let Some(operation @ RecordedOperation::Execute { .. }) = &step.operation else {
            continue;
        };
        let drops = step.statements.iter().any(|statement| {
            let sql = statement.sql.to_ascii_uppercase();
            sql.contains("DROP") || sql.contains("DELETE")
        });
        if !drops {
            continue;
        }
        let act = Act {
            step,
            operation,
            number,
            back: false,
        };
        let before = facts.at(act);
        let Some(after) = facts.open(step.after.as_ref()) else {
            continue;
        };
        let (Ok(was), Ok(is)) = (before.tables(), after.tables()) else {
            continue;
        };
        for table in was.iter() {
            if facts.made_here(&table.name, act) {
                continue;
            }
            let count = format!("SELECT count(*) FROM {}", quoted(&table.name));
            let rows = before.number(&count);
            let (message, target) = match is.iter().find(|known| known.name == table.name) {
                None if rows > 0 => (
                    format!(
                        "Table {} has {} that this SQL discards.",
                        table.name,
                        plural(rows, "row")
                    ),
                    table.name.clone(),
                ),
                Some(_) if after.number(&count) < rows => (
                    format!(
                        "This SQL deletes {} of {}.",
                        plural(rows - after.number(&count), "row"),
                        table.name
                    ),
                    table.name.clone(),
                ),
                Some(now) => {
                    let lost = table.columns().find_map(|column| {
                        let values = before.number(&format!(
                            "SELECT count({}) FROM {}",
                            quoted(&column.name),
                            quoted(&table.name)
                        ));
                        // A renamed column still exists under its new name.
                        (values > 0
                            && now.column(&column.name).is_none()
                            && now.columns().count() < table.columns().count())
                        .then(|| (column.name.clone(), values))
                    });
                    match lost {
                        Some((column, values)) => (
                            format!(
                                "{}.{column} has {} that this SQL discards.",
                                table.name,
                                plural(values, "value")
                            ),
                            format!("{}.{column}", table.name),
                        ),
                        None => continue,
                    }
                }
                None => continue,
            };
            let mut finding = facts.finding(act, Code::DropsData, Severity::Warning, message);
            finding.target = Some(target);
            let shown = Facts::telling_columns(&before, &table.name, None);
            finding.evidence =
                facts.rows(&before, &shown, &format!("FROM {}", quoted(&table.name)));
            found.push(finding);
        }
    }
}

fn added_not_null(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &NewColumn,
    found: &mut Vec<Finding>,
) -> Result<()> {
    if column.nullable || column.filled || column.primary_key || facts.made_here(table, act) {
        return Ok(());
    }
    let database = facts.at(act);
    let target = format!("{table}.{}", column.name);
    let rows = database.number(&format!("SELECT count(*) FROM {}", quoted(table)));
    let mut finding;
    if rows > 0 {
        finding = facts.finding(
            act,
            Code::NotNullWithoutDefault,
            Severity::Error,
            format!(
                "{}{target} is NOT NULL without a server default, and {table} has {} that would \
                 have no value.",
                if act.back { "In the downgrade, " } else { "" },
                plural(rows, "row")
            ),
        );
        let shown = Facts::telling_columns(&database, table, None);
        finding.evidence = facts.rows(&database, &shown, &format!("FROM {}", quoted(table)));
    } else if act.back {
        return Ok(());
    } else {
        finding = facts.finding(
            act,
            Code::NotNullWithoutDefault,
            Severity::Note,
            format!(
                "{target} is NOT NULL without a server default: {table} is empty here, but the \
                 upgrade fails once it has a row."
            ),
        );
        match made_row(facts, table)? {
            Some(evidence) => finding.evidence = Some(evidence),
            // Nothing could be proven, for example because the table does not exist before the
            // revision.
            None => return Ok(()),
        }
    }
    finding.target = Some(target);
    finding.fix = default_fix(facts, act, column);
    found.push(finding);
    Ok(())
}

/// Adds a server default to a new column, or makes it nullable first.
fn default_fix(facts: &Facts<'_>, act: Act<'_>, column: &NewColumn) -> Option<Fix> {
    let site = facts.site(act)?;
    let call = column_call(&site)?;
    if let Some((_, default)) = filler(&column.kind, &column.enums)
        && let Some(last) = call.positional.last()
        && !column.unique
    {
        let end = last.extent.end;
        return Some(Fix {
            title: format!("Give {} a server default: {default}", column.name),
            edits: vec![facts.script.replace_extent(
                python::tree::Extent { start: end, end },
                &format!(", server_default={default}"),
            )],
        });
    }
    let nullable = keyword(call, "nullable")?;
    Some(Fix {
        title: format!("Make {} nullable first", column.name),
        edits: vec![facts.script.replace_extent(nullable.extent, "True")],
    })
}

/// Inserts a row into a copy's table and runs the upgrade; returns the row if the upgrade fails
/// because of it.
fn made_row(facts: &Facts<'_>, table: &str) -> Result<Option<Evidence>> {
    let Some(path) = facts.prepared.databases.first() else {
        return Ok(None);
    };
    // Only a failure caused by the row is evidence.
    if facts.upgrade_error.is_some() {
        return Ok(None);
    }
    let trial = facts.start.again();
    let host = trial.dyn_host();
    let run = Run::new(host.clone());
    let Ok(columns) = Database::of_host(&host, path).and_then(|database| database.columns(table))
    else {
        return Ok(None);
    };
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in columns.iter().filter(|column| column.computed.is_none()) {
        let needed = !column.nullable || column.primary_key != 0;
        let value = match family(&column.declared_type) {
            "integer" | "number" | "boolean" => "1".to_owned(),
            "date" => literal("2026-01-01"),
            "datetime" => literal("2026-01-01 12:00:00.000000"),
            "time" => literal("12:00:00.000000"),
            "json" => literal("{}"),
            "bytes" => "x'01'".to_owned(),
            _ => literal("a"),
        };
        if needed {
            names.push(column.name.to_string());
            values.push(value);
        }
    }
    if names.is_empty() {
        return Ok(None);
    }
    let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let insert = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quoted(table),
        list.join(", "),
        values.join(", ")
    );
    let made = connect(&run, path).and_then(|connection| {
        let made = connection.dbapi()?.execute(&insert, &Parameters::NONE);
        connection.engine().dispose();
        made
    });
    let _ = driver::flush(&host);
    if made.is_err() {
        return Ok(None);
    }
    let shown = Database::of_host(&host, path)?;
    let evidence = facts.rows(&shown, &names, &format!("FROM {}", quoted(table)));
    let outcome = trial.command(&["upgrade", &facts.prepared.revision.revision], false)?;
    let fails = outcome
        .error
        .is_some_and(|error| facts.prepared.dialect.refusal(&error) == Some(Refusal::NotNull));
    Ok(evidence.filter(|_| fails).map(|mut evidence| {
        evidence.made = true;
        evidence
    }))
}

fn altered_not_null(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &str,
    found: &mut Vec<Finding>,
) {
    let database = facts.at(act);
    let from = format!("FROM {} WHERE {} IS NULL", quoted(table), quoted(column));
    let nulls = database.number(&format!("SELECT count(*) {from}"));
    if nulls == 0 {
        return;
    }
    let target = format!("{table}.{column}");
    let mut finding = facts.finding(
        act,
        Code::NotNullWithoutDefault,
        Severity::Error,
        format!(
            "{target} becomes NOT NULL, but {} of {table} {} no value for it.",
            plural(nulls, "row"),
            if nulls == 1 { "has" } else { "have" }
        ),
    );
    let shown = Facts::telling_columns(&database, table, Some(column));
    finding.evidence = facts.rows(&database, &shown, &from);
    finding.target = Some(target);
    let kind = database
        .table(table)
        .and_then(|schema| declared(&schema, column))
        .unwrap_or_default();
    if let (Some(site), Some((value, _))) = (facts.site(act), filler(&kind, &[]))
        && let Some(receiver) = facts.script.receiver(site.call)
    {
        let statement = site.with().unwrap_or(site.statement);
        // The batch defers its operations, so the UPDATE goes before it.
        let receiver = if site.with().is_some() {
            "op"
        } else {
            receiver
        };
        let sql = format!(
            "UPDATE {} SET {} = {value} WHERE {} IS NULL",
            plain_or_quoted(table),
            plain_or_quoted(column),
            plain_or_quoted(column)
        );
        finding.fix = Some(Fix {
            title: format!("Fill in the {} first", plural(nulls, "empty cell")),
            edits: vec![facts.script.insert_before(
                statement,
                &format!("{receiver}.execute({})", string_repr(&sql)),
            )],
        });
    }
    found.push(finding);
}

/// An identifier, quoted only if necessary.
fn plain_or_quoted(name: &str) -> String {
    let plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(
            name,
            "order"
                | "group"
                | "index"
                | "table"
                | "values"
                | "default"
                | "check"
                | "where"
                | "select"
                | "from"
                | "to"
                | "references"
                | "transaction"
                | "limit"
        );
    if plain { name.to_owned() } else { quoted(name) }
}

fn changed_type(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    column: &str,
    new: &NewType,
    found: &mut Vec<Finding>,
) {
    let database = facts.at(act);
    let (name, place) = (quoted(column), quoted(table));
    let kind = new.kind.as_str();
    let old = database
        .table(table)
        .and_then(|schema| declared(&schema, column))
        .unwrap_or_default();
    // Batch mode casts between different type families and copies values unchanged within a family.
    let (was, is) = (family(&old), family(kind));
    let condition = if was != is && !matches!((was, is), (_, "json" | "other" | "bytes")) {
        let images = facts.prepared.dialect.images();
        images.and_then(|images| images.lost_in_cast(&name, kind, is))
    } else {
        None
    };
    let condition = match (condition, new.length) {
        (Some(condition), _) => condition,
        (None, _) if !new.enums.is_empty() => {
            let names: Vec<String> = new.enums.iter().map(|name| literal(name)).collect();
            format!("{name} NOT IN ({})", names.join(", "))
        }
        (None, Some(length)) if is == "text" => format!("length({name}) > {length}"),
        _ => return,
    };
    let from = format!("FROM {place} WHERE {name} IS NOT NULL AND ({condition})");
    let count = database.number(&format!("SELECT count(*) {from}"));
    if count == 0 {
        return;
    }
    let outside = !new.enums.is_empty();
    let too_long = is == "text" && !outside;
    let target = format!("{table}.{column}");
    let mut finding = facts.finding(
        act,
        Code::TypeLosesValues,
        Severity::Warning,
        if outside {
            format!(
                "{} of {target} {} not among the names of the new Enum, so reading {} will fail.",
                plural(count, "value"),
                if count == 1 { "is" } else { "are" },
                if count == 1 { "it" } else { "them" }
            )
        } else if too_long {
            format!(
                "{} of {target} {} longer than {kind}: {} keeps them, other databases reject or \
                 truncate them.",
                plural(count, "value"),
                if count == 1 { "is" } else { "are" },
                facts.prepared.dialect.title()
            )
        } else {
            format!(
                "{} of {target} {} not fit {kind}, so the type change loses {}.",
                plural(count, "value"),
                if count == 1 { "does" } else { "do" },
                if count == 1 { "it" } else { "them" }
            )
        },
    );
    finding.target = Some(target);
    let shown = Facts::telling_columns(&database, table, Some(column));
    finding.evidence = facts.rows(&database, &shown, &from);
    found.push(finding);
}

fn duplicates(
    facts: &Facts<'_>,
    act: Act<'_>,
    table: &str,
    columns: &[String],
    found: &mut Vec<Finding>,
) {
    let database = facts.at(act);
    if columns.is_empty() {
        return;
    }
    let Some(schema) = database.table(table) else {
        return;
    };
    let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let target = format!("{table}.{}", columns.join(", "));
    let new: Vec<&String> = columns
        .iter()
        .filter(|column| schema.column(column).is_none())
        .collect();
    let mut finding;
    if new.is_empty() {
        let given: Vec<String> = list
            .iter()
            .map(|name| format!("{name} IS NOT NULL"))
            .collect();
        let groups = format!(
            "FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1",
            quoted(table),
            given.join(" AND "),
            list.join(", ")
        );
        let count = database.number(&format!(
            "SELECT count(*) FROM (SELECT 1 {groups}) AS repeated"
        ));
        if count == 0 {
            return;
        }
        finding = facts.finding(
            act,
            Code::UniqueOnDuplicates,
            Severity::Error,
            format!(
                "{target} must be unique, but {} {} in more than one row.",
                plural(count, "value"),
                if count == 1 { "occurs" } else { "occur" }
            ),
        );
        let mut shown = schema.primary_key.clone();
        shown.extend(
            columns
                .iter()
                .filter(|column| !schema.primary_key.contains(column))
                .cloned(),
        );
        let selected: Vec<String> = shown.iter().map(|column| quoted(column)).collect();
        let tuple = list.join(", ");
        let rows = database.query(&format!(
            "SELECT {} FROM {} WHERE ({tuple}) IN (SELECT {tuple} {groups}) ORDER BY {tuple} \
             LIMIT {SAMPLE}",
            selected.join(", "),
            quoted(table)
        ));
        let total = database.number(&format!(
            "SELECT count(*) FROM {} WHERE ({tuple}) IN (SELECT {tuple} {groups})",
            quoted(table)
        ));
        finding.evidence = rows.ok().map(|rows| Evidence {
            columns: shown,
            rows,
            total,
            made: false,
        });
    } else {
        // A column added in the same batch: its default applies to all rows.
        let filled = facts.up().iter().any(|other| {
            matches!(other.operation, RecordedOperation::AddColumn { table: of, column }
                if of == table && new.contains(&&column.name) && column.filled)
        });
        let rows = database.number(&format!("SELECT count(*) FROM {}", quoted(table)));
        if !filled || rows < 2 || columns.len() > 1 {
            return;
        }
        finding = facts.finding(
            act,
            Code::UniqueOnDuplicates,
            Severity::Error,
            format!(
                "{target} must be unique, but {} get the same default.",
                plural(rows, "row")
            ),
        );
        let shown = Facts::telling_columns(&database, table, None);
        finding.evidence = facts.rows(&database, &shown, &format!("FROM {}", quoted(table)));
    }
    finding.target = Some(target);
    found.push(finding);
}
