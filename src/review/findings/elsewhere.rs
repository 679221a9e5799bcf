//! Findings of running a revision under other circumstances: with `--sql`, at another time, and beside
//! the models that env.py does not know.

use super::{Code, Facts, Finding, Severity};
use crate::command;
use crate::review::operation::RecordedOperation;
use crate::review::recorder::Timeline;
use crate::review::script::same_file;
use ground::diagnostic::{Location, Result};
use ground::host::{Host, absolute_path};
use ground::run::Run;
use python::Value;
use python::tree::{Expression, ExpressionKind, Statement, StatementKind};

/// How many of a project's files are read for models.
const FILES: usize = 400;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    if facts.upgrade_error.is_none() {
        offline(facts, found)?;
        another_time(facts, found)?;
        if facts.downgrade_error.is_none() {
            types_left(facts, found)?;
        }
    }
    forgotten_models(facts, found);
    Ok(())
}

fn finding(code: Code, severity: Severity, location: Location, message: String) -> Finding {
    Finding {
        code,
        severity,
        location,
        message,
        target: None,
        evidence: None,
        fix: None,
    }
}

/// A script that asks the database, which there is not with `--sql`.
fn offline(facts: &Facts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    let revision = &facts.prepared.revision;
    // Only these hand out the database.
    let asks = ["get_bind", "get_context", "inspect"];
    if !asks.iter().any(|word| facts.script.text.contains(word))
        || revision.down_revision.len() > 1
        || !revision.depends_on.is_empty()
    {
        return Ok(());
    }
    let range = match revision.down_revision.first() {
        Some(parent) => format!("{parent}:{}", revision.revision),
        None => revision.revision.clone(),
    };
    let outcome = facts
        .start
        .again()
        .command(&["upgrade", &range, "--sql"], false)?;
    let Some(error) = outcome.error else {
        return Ok(());
    };
    let frame = error
        .traceback
        .iter()
        .rev()
        .find(|frame| same_file(&frame.location.path, &facts.script.path));
    let Some(frame) = frame else { return Ok(()) };
    let line = facts
        .script
        .text
        .lines()
        .nth(frame.location.line.saturating_sub(1) as usize);
    // That batch mode can't be written on paper is the database's limit, not the script's.
    if line.is_some_and(|line| line.contains("batch_alter_table")) {
        return Ok(());
    }
    let message = error.message.lines().next().unwrap_or_default();
    found.push(finding(
        Code::AsksDatabaseOffline,
        Severity::Note,
        frame.location.clone(),
        format!(
            "With --sql there is no database to ask, and this fails: {}: {message}",
            error.class_name()
        ),
    ));
    Ok(())
}

/// A script that does something else at another time.
fn another_time(facts: &Facts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    let sources = [
        "now(", "today(", "time(", "uuid", "random", "secrets", "urandom",
    ];
    if !sources.iter().any(|word| facts.script.text.contains(word)) {
        return Ok(());
    }
    let (first, later) = (facts.start.again(), facts.start.at_another_time());
    let id = facts.prepared.revision.revision.as_str();
    let first = first.command(&["upgrade", id], false)?;
    let later = later.command(&["upgrade", id], false)?;
    let (Some(first), Some(later)) = (first.of(id), later.of(id)) else {
        return Ok(());
    };
    let Some(location) = first_difference(first, later) else {
        return Ok(());
    };
    found.push(finding(
        Code::NotDeterministic,
        Severity::Note,
        location.unwrap_or_else(|| facts.script.function_location("upgrade")),
        "This writes something else each time it runs: two databases that are at the same revision \
         differ, and a failure can't be repeated."
            .to_owned(),
    ));
    Ok(())
}

/// The place of the first step whose statements are not the same.
fn first_difference(first: &Timeline, later: &Timeline) -> Option<Option<Location>> {
    let mut pairs = first.steps.iter().zip(&later.steps);
    let (step, _) = pairs.find(|(step, other)| {
        let said = |step: &crate::review::Step| -> Vec<_> {
            step.statements
                .iter()
                .map(|statement| (statement.sql.clone(), statement.parameters.clone()))
                .collect()
        };
        said(step) != said(other)
    })?;
    Some(step.location.clone())
}

/// An enum's type that is still there after the downgrade, so that the upgrade fails the next time.
fn types_left(facts: &Facts<'_>, found: &mut Vec<Finding>) -> Result<()> {
    let makes_enum = facts.up().iter().any(|act| match act.operation {
        RecordedOperation::CreateTable { columns, .. } => {
            columns.iter().any(|column| !column.enums.is_empty())
        }
        RecordedOperation::AddColumn { column, .. } => !column.enums.is_empty(),
        _ => false,
    });
    if !makes_enum {
        return Ok(());
    }
    let trial = facts.start.again();
    let id = facts.prepared.revision.revision.as_str();
    let back = facts.prepared.back();
    for words in [["upgrade", id], ["downgrade", &back]] {
        if trial.command(&words, false)?.error.is_some() {
            return Ok(());
        }
    }
    let Some(error) = trial.command(&["upgrade", id], false)?.error else {
        return Ok(());
    };
    if !error.message.contains("already exists") || !error.message.contains("type ") {
        return Ok(());
    }
    let message = error.message.lines().next().unwrap_or_default();
    found.push(finding(
        Code::TypeLeftBehind,
        Severity::Warning,
        facts.script.function_location("downgrade"),
        format!(
            "The downgrade leaves the enum's type behind, so that the next upgrade fails ({message}). \
             Drop it: sa.Enum(name=…).drop(op.get_bind())."
        ),
    ));
    Ok(())
}

/// A table that is dropped though a file still has a model of it, which env.py does not import.
fn forgotten_models(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let dropped: Vec<_> = facts
        .up()
        .into_iter()
        .filter_map(|act| match act.operation {
            RecordedOperation::DropTable { table } => Some((act, table.clone())),
            _ => None,
        })
        .filter(|(_, table)| {
            let again = facts.after.as_ref().and_then(|after| after.table(table));
            again.is_none()
        })
        .collect();
    if dropped.is_empty() {
        return;
    }
    let host = facts.start.dyn_host();
    let folder = host.current_directory();
    let mut files = Vec::new();
    python_files(&*host, &folder, &mut files);
    files.retain(|path| {
        let revisions = &facts.prepared.project.version_locations;
        !revisions
            .iter()
            .any(|versions| path.starts_with(versions.as_str()))
    });
    let mut imported: Option<Vec<String>> = None;
    for (act, table) in dropped {
        let Some(path) = files.iter().find(|path| has_model(&*host, path, &table)) else {
            continue;
        };
        let imported = imported.get_or_insert_with(|| {
            let state = command::pending(&Run::new(facts.start.again().dyn_host()));
            let paths = state.imported.iter();
            paths.map(|path| absolute_path(&folder, path)).collect()
        });
        if imported.contains(path) {
            continue;
        }
        let shown = path
            .strip_prefix(&folder)
            .map_or(path.as_str(), |path| path.trim_start_matches('/'));
        let mut finding = facts.finding(
            act,
            Code::DropsTableOfModel,
            Severity::Warning,
            format!(
                "{shown} still has a model of {table}, but env.py does not import it, so that \
                 autogenerate takes the table for one too many. Import it in env.py."
            ),
        );
        finding.target = Some(table);
        found.push(finding);
    }
}

/// The Python files under a folder, without hidden folders, environments and packages.
fn python_files(host: &dyn Host, folder: &str, files: &mut Vec<String>) {
    let Ok(names) = host.list(folder) else { return };
    for name in names {
        if files.len() >= FILES {
            return;
        }
        let path = format!("{}/{name}", folder.trim_end_matches('/'));
        let left_out = name.starts_with(['.', '_'])
            || matches!(
                name.as_str(),
                "node_modules" | "venv" | "env" | "site-packages"
            );
        if host.is_directory(&path) {
            if !left_out && !host.is_file(&format!("{path}/pyvenv.cfg")) {
                python_files(host, &path, files);
            }
        } else if name.ends_with(".py") {
            files.push(path);
        }
    }
}

/// Whether a file has a model or a `Table` of that name, by its text alone.
fn has_model(host: &dyn Host, path: &str, table: &str) -> bool {
    let Ok(bytes) = host.read(path) else {
        return false;
    };
    let text = String::from_utf8_lossy(&bytes);
    if !text.to_lowercase().contains(&table.to_lowercase()) {
        return false;
    }
    python::parse(&text).is_ok_and(|tree| tree.body.iter().any(|it| is_model(it, table)))
}

fn is_model(statement: &Statement, table: &str) -> bool {
    let is_name = |value: &Expression| matches!(&value.kind, ExpressionKind::Constant(Value::Str(text)) if **text == *table);
    match &statement.kind {
        StatementKind::Class(class) => {
            let named = class.code.body.iter().find_map(|inner| match &inner.kind {
                StatementKind::Assign(targets, value) => targets
                    .iter()
                    .any(|target| matches!(&target.kind, ExpressionKind::Name(name, _) if &**name == "__tablename__"))
                    .then_some(value),
                _ => None,
            });
            let mapped = class
                .keywords
                .iter()
                .any(|(name, _)| name.as_deref() == Some("table"));
            match named {
                Some(value) => is_name(value),
                None => mapped && class.bound.0.to_lowercase() == table,
            }
        }
        StatementKind::Assign(_, value) => match &value.kind {
            ExpressionKind::Call(call) => {
                let table_call = matches!(&call.function.kind, ExpressionKind::Attribute(_, name) | ExpressionKind::Name(name, _) if &**name == "Table");
                table_call && call.positional.first().is_some_and(is_name)
            }
            _ => false,
        },
        _ => false,
    }
}
