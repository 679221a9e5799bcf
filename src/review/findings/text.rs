//! Findings about the file and the revision graph: downgrade, imports, heads.

use super::{Code, Facts, Finding, Fix, Severity};
use crate::review::Change;
use crate::review::operation::RecordedOperation;
use crate::review::script::Script;
use crate::review::{ItemDifference, Renames, compare};
use ground::diagnostic::Location;
use ground::formatting::repr::string_repr;
use ground::host::Host as _;
use python::tree::{ExpressionKind, Extent, Statement, StatementKind};

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    downgrade(facts, found);
    models(facts, found);
    imports(facts, found);
    heads(facts, found);
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

fn downgrade(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let script = &facts.script;
    if script.is_empty("upgrade") {
        return;
    }
    if script.only_raises("downgrade") {
        found.push(finding(
            Code::DowngradeMissing,
            Severity::Note,
            script.function_location("downgrade"),
            "downgrade() only raises: the revision declares itself irreversible.".to_owned(),
        ));
        return;
    }
    if script.is_empty("downgrade") {
        let there = script.function("downgrade").is_some();
        let mut missing = finding(
            Code::DowngradeMissing,
            Severity::Warning,
            script.function_location(if there { "downgrade" } else { "upgrade" }),
            if there {
                "downgrade() does nothing, so what upgrade() does can't be undone."
            } else {
                "There is no downgrade(), so what upgrade() does can't be undone."
            }
            .to_owned(),
        );
        missing.fix = reversal(facts);
        found.push(missing);
        return;
    }
    let Some(back) = &facts.back else { return };
    let Ok(difference) = compare(&facts.before, back, &Renames::default(), 0) else {
        return;
    };
    let mut parts = Vec::new();
    for table in &difference.tables {
        match table.change {
            Some(Change::Added) => parts.push(format!("table {} is left behind", table.table)),
            Some(Change::Removed) => parts.push(format!("table {} is missing", table.table)),
            Some(Change::Altered) => {
                parts.extend(
                    table
                        .items
                        .iter()
                        .filter(|item| !only_named(item))
                        .map(|item| told(&table.table, item)),
                );
            }
            None => {}
        }
    }
    if parts.is_empty() {
        return;
    }
    let more = parts.len().saturating_sub(3);
    parts.truncate(3);
    let mut list = parts.join(", ");
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    found.push(finding(
        Code::DowngradeNotReversing,
        Severity::Warning,
        script.function_location("downgrade"),
        format!("downgrade() does not restore the schema: {list}."),
    ));
}

/// Whether an unnamed constraint was recreated with a name.
fn only_named(item: &ItemDifference) -> bool {
    matches!((&item.before, &item.after), (Some(before), Some(after))
        if before.name.is_empty() && before.definition == after.definition)
}

fn told(table: &str, item: &ItemDifference) -> String {
    let shown = item.after.as_ref().or(item.before.as_ref());
    let name = shown.map_or(String::new(), |item| {
        if item.name.is_empty() {
            item.definition.clone()
        } else {
            item.name.clone()
        }
    });
    let kind = item.kind.word();
    match (&item.before, &item.after) {
        (Some(before), Some(after)) => format!(
            "{kind} {table}.{name} is {} instead of {}",
            after.definition, before.definition
        ),
        (None, _) => format!("{kind} {name} of {table} is left behind"),
        (_, None) => format!("{kind} {name} of {table} is missing"),
    }
}

/// A generated downgrade, for operations that can be reversed without further information.
fn reversal(facts: &Facts<'_>) -> Option<Fix> {
    use RecordedOperation as Op;
    let mut lines = Vec::new();
    let acts = facts.up();
    // Indexes and columns are created with their table.
    let made = |table: &str| {
        acts.iter().any(
            |act| matches!(act.operation, Op::CreateTable { table: made, .. } if made == table),
        )
    };
    for act in acts.iter().rev() {
        let batch = act.step.batch;
        let line = match act.operation {
            Op::CreateTable { table, .. } => format!("op.drop_table({})", string_repr(table)),
            Op::AddColumn { table, column } if !batch => format!(
                "op.drop_column({}, {})",
                string_repr(table),
                string_repr(&column.name)
            ),
            Op::CreateIndex {
                name: Some(name),
                table,
                ..
            } => {
                if made(table) {
                    continue;
                }
                format!(
                    "op.drop_index({}, table_name={})",
                    string_repr(name),
                    string_repr(table)
                )
            }
            Op::RenameTable { table, to } => {
                format!(
                    "op.rename_table({}, {})",
                    string_repr(to),
                    string_repr(table)
                )
            }
            Op::AlterColumn {
                table,
                column,
                rename: Some(to),
                kind: None,
                nullable: None,
                default: false,
            } if !batch => format!(
                "op.alter_column({}, {}, new_column_name={})",
                string_repr(table),
                string_repr(to),
                string_repr(column)
            ),
            _ => return None,
        };
        lines.push(line);
    }
    if lines.is_empty() {
        return None;
    }
    let edit = if facts.script.function("downgrade").is_some() {
        facts
            .script
            .insert_first("downgrade", &lines.join("\n    "))?
    } else {
        let end = u32::try_from(facts.script.text.len()).ok()?;
        facts.script.replace_extent(
            Extent { start: end, end },
            &format!(
                "\n\ndef downgrade() -> None:\n    {}\n",
                lines.join("\n    ")
            ),
        )
    };
    Some(Fix {
        title: "Write the downgrade".to_owned(),
        edits: vec![edit],
    })
}

/// The file of a module in the project.
fn module_file(facts: &Facts<'_>, module: &str) -> Option<String> {
    let path = module.replace('.', "/");
    ["", "src/"].iter().find_map(|folder| {
        [
            format!("{folder}{path}.py"),
            format!("{folder}{path}/__init__.py"),
        ]
        .into_iter()
        .find(|path| facts.start.host.is_file(path))
    })
}

/// Whether a project file defines mapped classes or tables, directly or through imports from its
/// own package.
fn defines_models(facts: &Facts<'_>, path: &str, depth: u32) -> bool {
    let Some(script) = facts
        .start
        .host_text(path)
        .and_then(|text| Script::new(path, &text).ok())
    else {
        return false;
    };
    script
        .statements()
        .iter()
        .any(|statement| match &statement.kind {
            StatementKind::Class(class) => {
                class
                    .keywords
                    .iter()
                    .any(|(name, _)| name.as_deref() == Some("table"))
                    || class.code.body.iter().any(|inner| {
                        matches!(&inner.kind, StatementKind::Assign(targets, _)
                        if targets.iter().any(|target| matches!(&target.kind,
                            ExpressionKind::Name(name, _) if &**name == "__tablename__")))
                    })
            }
            StatementKind::Assign(_, value) => match &value.kind {
                ExpressionKind::Call(call) => match &call.function.kind {
                    ExpressionKind::Attribute(_, name) | ExpressionKind::Name(name, _) => {
                        &**name == "Table"
                    }
                    _ => false,
                },
                _ => false,
            },
            StatementKind::ImportFrom(import) if depth > 0 && path.ends_with("__init__.py") => {
                let package = path.trim_end_matches("/__init__.py").replace('/', ".");
                let module = match import.level {
                    0 => import.module.to_string(),
                    1 if import.module.is_empty() => package,
                    1 => format!("{package}.{}", import.module),
                    _ => return false,
                };
                module_file(facts, &module)
                    .is_some_and(|file| file != path && defines_models(facts, &file, depth - 1))
            }
            _ => false,
        })
}

fn imported(block: &[Statement], modules: &mut Vec<(String, Extent)>) {
    for statement in block {
        match &statement.kind {
            StatementKind::Import(names) => {
                modules.extend(
                    names
                        .iter()
                        .map(|name| (name.name.to_string(), statement.extent)),
                );
            }
            StatementKind::ImportFrom(import) if import.level == 0 => {
                modules.push((import.module.to_string(), statement.extent));
                for (name, ..) in &import.names {
                    modules.push((format!("{}.{name}", import.module), statement.extent));
                }
            }
            StatementKind::Function(function) => imported(&function.code.body, modules),
            _ => {}
        }
    }
}

fn models(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let mut modules = Vec::new();
    imported(facts.script.statements(), &mut modules);
    let mut told: Vec<Extent> = Vec::new();
    for (module, extent) in modules {
        let Some(file) = module_file(facts, &module) else {
            continue;
        };
        if told.contains(&extent) || !defines_models(facts, &file, 2) {
            continue;
        }
        told.push(extent);
        found.push(finding(
            Code::ModelsImported,
            Severity::Warning,
            facts.script.location(extent),
            format!(
                "The migration imports models from {file}, which may change later; describe the \
                 tables here with sa.table() instead."
            ),
        ));
    }
}

/// The import statement for a name, if known.
fn import_for(facts: &Facts<'_>, name: &str, chain: &str) -> Option<String> {
    match name {
        "sa" => return Some("import sqlalchemy as sa".to_owned()),
        "op" => return Some("from alembic import op".to_owned()),
        "sqlmodel" | "sqlalchemy" | "datetime" | "uuid" | "json" | "enum" | "decimal" => {
            return Some(format!("import {name}"));
        }
        _ if sqlalchemy::dialects::registered(name).is_some() => {
            return Some(format!("from sqlalchemy.dialects import {name}"));
        }
        _ => {}
    }
    // The longest prefix that is a module of the project.
    let parts: Vec<&str> = chain.split('.').collect();
    (1..=parts.len()).rev().find_map(|length| {
        let module = parts[..length].join(".");
        module_file(facts, &module).map(|_| format!("import {module}"))
    })
}

fn imports(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let failed: Vec<&str> = [&facts.upgrade_error, &facts.downgrade_error]
        .into_iter()
        .flatten()
        .filter(|error| error.class_name() == "NameError")
        .filter_map(|error| error.message.split('\'').nth(1))
        .collect();
    for (name, chain, extent) in facts.script.undefined() {
        let import = import_for(facts, &name, &chain);
        if import.is_none() && !failed.contains(&name.as_str()) {
            continue;
        }
        let mut missing = finding(
            Code::ImportMissing,
            Severity::Error,
            facts.script.location(extent),
            match &import {
                Some(import) => format!("'{name}' is not imported: add {import}."),
                None => format!("'{name}' is not defined in this file."),
            },
        );
        missing.target = Some(name);
        missing.fix = import.and_then(|import| {
            let last = facts.script.statements().iter().rfind(|statement| {
                matches!(
                    statement.kind,
                    StatementKind::Import(_) | StatementKind::ImportFrom(_)
                )
            });
            let edit = match last {
                Some(last) => facts.script.insert_after(last, &import),
                None => facts
                    .script
                    .insert_before(facts.script.statements().get(1)?, &import),
            };
            Some(Fix {
                title: format!("Add {import}"),
                edits: vec![edit],
            })
        });
        found.push(missing);
    }
}

fn heads(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let heads = &facts.prepared.project.heads;
    if heads.len() < 2 || !heads.contains(&facts.prepared.revision.revision) {
        return;
    }
    let place = facts.script.statements().iter().find(|statement| {
        let target = match &statement.kind {
            StatementKind::Assign(targets, _) => targets.first(),
            StatementKind::Annotated(it) => Some(&it.target),
            _ => None,
        };
        matches!(target.map(|target| &target.kind),
            Some(ExpressionKind::Name(name, _)) if &**name == "down_revision")
    });
    found.push(finding(
        Code::SeveralHeads,
        Severity::Warning,
        facts
            .script
            .location(place.map_or(Extent::default(), |statement| statement.extent)),
        format!(
            "The graph has {} heads ({}): \"upgrade head\" fails until \"merge heads\" joins them.",
            heads.len(),
            heads.join(", ")
        ),
    ));
}
