//! Conditions that tell whether a step is done, by what differs between the workspace before and after it. All of
//! them hold after it; where none fails before, the commands themselves are asked for.

use std::collections::BTreeMap;

use ground::run::Run;
use python::parse;

use super::actions::{self, Act};
use super::{Record, Stretch, quoted};
use crate::command::ProjectState;
use crate::lessons::checks::{self, Check, defined};
use crate::lessons::lesson::CHECKS;
use crate::lessons::state::{rows_hash, schema_hash, value_text};
use crate::lessons::{CommandOutcome, State, StepStart, console_words, evaluate};
use crate::review::{ItemKind, SchemaItem, TableSchema, read_tables};
use driver::Value;

/// The most rows that a condition says one by one.
const ROWS: usize = 12;

/// The conditions of a step, each as TOML below its header.
pub(super) fn of(
    record: &Record,
    stretch: &Stretch<'_>,
    look: &dyn Fn(usize) -> Run,
) -> Vec<String> {
    let (run_before, run_after) = (look(stretch.before), look(stretch.after));
    let start = StepStart::of(&run_before);
    let outcomes: Vec<CommandOutcome> = stretch
        .deeds
        .iter()
        .filter_map(|deed| deed.command.clone())
        .collect();
    let before = State::new(&run_before, &[], &start);
    let after = State::new(&run_after, &outcomes, &start);
    let mut kept = Vec::new();
    let mut fails_before = false;
    let mut propose = |proposals: Vec<String>| {
        for proposal in proposals {
            let Some(check) = read(&proposal) else {
                continue;
            };
            if evaluate(&check, &after).holds {
                fails_before |= !evaluate(&check, &before).holds;
                kept.push(proposal);
            }
        }
        fails_before
    };
    propose(looked_or_failed(stretch));
    propose(revisions(before.project(), after.project()));
    propose(tables(&before, &after));
    propose(current(before.project(), after.project()));
    let is_project = !after.project().revisions.is_empty();
    if is_project && stretch.acts.iter().any(|act| act.path().is_some()) {
        propose(vec!["models = \"match\"\n".to_owned()]);
    }
    if !propose(names(record, stretch)) && !propose(pieces(stretch)) {
        let ran = outcomes.iter().map(|outcome| asked(outcome, &outcome.line));
        propose(ran.collect());
    }
    kept
}

fn read(proposal: &str) -> Option<Check> {
    let texts = BTreeMap::from([(CHECKS.to_owned(), format!("[[step]]\n{proposal}"))]);
    checks::read(&texts).ok()?.take("step")
}

/// A command that was run, which did or did not fail.
fn asked(outcome: &CommandOutcome, words: &str) -> String {
    let text = format!("command = {}\n", quoted(words));
    if outcome.status == 0 {
        return text;
    }
    match failure(&outcome.output) {
        Some(piece) => format!("{text}fails = {}\n", quoted(&piece)),
        None => format!("{text}fails = true\n"),
    }
}

/// What an output says went wrong, without what differs from one run to the next.
fn failure(output: &str) -> Option<String> {
    let line = output
        .lines()
        .rfind(|line| line.contains("FAILED:") || line.contains("Error"))?;
    let after = |sign: &str| line.split_once(sign).map(|(_, rest)| rest.trim());
    let piece = after("FAILED: ")
        .or_else(|| after("Error) "))
        .or_else(|| after("Error: "))?;
    // An id, a path or a quoted name may be another one the next time.
    let ends = [" '", " \"", "/", " ("]
        .iter()
        .filter_map(|sign| piece.find(sign));
    let piece = piece[..ends.min().unwrap_or(piece.len())].trim();
    (piece.len() > 8).then(|| piece.to_owned())
}

/// Commands that changed nothing, and those that failed: seeing what they print is what they were run for.
fn looked_or_failed(stretch: &Stretch<'_>) -> Vec<String> {
    let mut last = stretch.before;
    let mut found = Vec::new();
    for deed in stretch.deeds {
        let looked = deed.scene == last && !deed.databases;
        last = deed.scene;
        let Some(outcome) = &deed.command else {
            continue;
        };
        if outcome.status != 0 {
            let words: Vec<String> = console_words(&outcome.line).into_iter().take(2).collect();
            found.push(asked(outcome, &words.join(" ")));
        } else if looked {
            found.push(asked(outcome, outcome.line.trim()));
        }
    }
    found.dedup();
    found
}

fn revisions(before: &ProjectState, after: &ProjectState) -> Vec<String> {
    let missing = |here: &ProjectState, there: &ProjectState| {
        let known = |id: &String| there.revisions.iter().any(|other| other.revision == *id);
        here.revisions
            .iter()
            .filter(|one| !known(&one.revision))
            .count()
    };
    let mut found = Vec::new();
    let new = missing(after, before);
    if new > 0 {
        found.push(format!("new_revisions = {new}\n"));
    }
    if missing(before, after) > 0 {
        found.push(format!("revisions = {}\n", after.revisions.len()));
    }
    if before.heads.len() != after.heads.len() {
        found.push(format!("heads = {}\n", after.heads.len()));
        if let [head] = after.heads.as_slice() {
            let head = after.revisions.iter().find(|one| one.revision == *head);
            if let Some(parents) = head.map(|head| head.down_revision.len()).filter(|n| *n > 1) {
                found.push(format!("revision = \"head\"\nparents = {parents}\n"));
            }
        }
    }
    found
}

/// Where the database stands, in words that are true of other ids as well; the first that holds is kept.
fn current(before: &ProjectState, after: &ProjectState) -> Vec<String> {
    let stands = |project: &ProjectState| {
        let first = project.databases.first();
        first
            .map(|database| database.current.clone())
            .unwrap_or_default()
    };
    let (was, is) = (stands(before), stands(after));
    if was == is {
        return Vec::new();
    }
    let known = |id: &String| before.revisions.iter().any(|one| one.revision == *id);
    let parent_of_head = match after.heads.as_slice() {
        [head] => {
            let head = after.revisions.iter().find(|one| one.revision == *head);
            head.is_some_and(|head| head.down_revision == is)
        }
        _ => false,
    };
    let word = if is.is_empty() {
        quoted("base")
    } else if is == after.heads && is.len() == 1 {
        quoted("head")
    } else if is.len() == after.heads.len() && is.iter().all(|id| after.heads.contains(id)) {
        quoted("heads")
    } else if parent_of_head {
        quoted("head-1")
    } else if is.iter().all(known) {
        let ids: Vec<String> = is.iter().map(|id| quoted(id)).collect();
        format!("[{}]", ids.join(", "))
    } else {
        return Vec::new();
    };
    vec![format!("current = {word}\n")]
}

fn tables(before: &State<'_>, after: &State<'_>) -> Vec<String> {
    let read = |state: &State<'_>| -> Vec<TableSchema> {
        let connection = state.database(None).ok();
        connection
            .and_then(|connection| read_tables(&connection).ok())
            .unwrap_or_default()
    };
    let (old, new) = (read(before), read(after));
    let find = |all: &[TableSchema], name: &str| all.iter().find(|one| one.name == name).cloned();
    let mut found = Vec::new();
    for table in &old {
        if find(&new, &table.name).is_none() {
            found.push(format!("table = {}\nabsent = true\n", quoted(&table.name)));
        }
    }
    for table in &new {
        let was = find(&old, &table.name);
        match &was {
            None => {
                let columns = table.columns().map(|column| column.name.as_str());
                found.push(format!(
                    "table = {}\ncolumns = {}\n",
                    quoted(&table.name),
                    list(columns)
                ));
                let parts = table
                    .items
                    .iter()
                    .filter(|item| item.kind != ItemKind::Column);
                found.extend(parts.filter_map(|item| part(after, &table.name, item)));
            }
            Some(was) if schema_hash(was) != schema_hash(table) => {
                changed(after, was, table, &mut found);
            }
            Some(_) => {}
        }
        found.extend(rows(before, after, was.as_ref(), table));
    }
    found
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(quoted).collect();
    format!("[{}]", words.join(", "))
}

/// What of a table is new, or no longer there.
fn changed(after: &State<'_>, was: &TableSchema, is: &TableSchema, found: &mut Vec<String>) {
    for item in &is.items {
        if !was.items.contains(item) {
            found.extend(part(after, &is.name, item));
        }
    }
    for item in &was.items {
        let same = |other: &&SchemaItem| {
            other.kind == item.kind && (other.name == item.name) && other.columns == item.columns
        };
        if is.items.iter().any(|other| same(&other)) {
            continue;
        }
        if let Some(proposal) = named(&is.name, item) {
            found.push(format!("{proposal}absent = true\n"));
        }
    }
}

/// A part of a table as a condition names it.
fn named(table: &str, item: &SchemaItem) -> Option<String> {
    let columns = list(item.columns.iter().map(String::as_str));
    let what = match item.kind {
        ItemKind::Column => format!("column = {}", quoted(&item.name)),
        ItemKind::PrimaryKey => format!("primary_key = {columns}"),
        ItemKind::ForeignKey => format!("foreign_key = {columns}"),
        ItemKind::Unique => format!("unique = {columns}"),
        ItemKind::Index => format!("index = {columns}"),
        ItemKind::Check => {
            let text = item
                .definition
                .trim_start_matches('(')
                .trim_end_matches(')');
            format!("check = {}", quoted(text))
        }
        ItemKind::Option => return None,
    };
    Some(format!("table = {}\n{what}\n", quoted(table)))
}

/// A part of a table, with what is said of it.
fn part(after: &State<'_>, table: &str, item: &SchemaItem) -> Option<String> {
    let mut text = named(table, item)?;
    match item.kind {
        ItemKind::Column => {
            let columns = after.inspector(None).ok()?.get_columns(table, None).ok()?;
            let column = columns.iter().find(|column| *column.name == *item.name)?;
            text.push_str(&format!(
                "type = {}\nnullable = {}\ndefault = {}\n",
                quoted(&column.declared_type),
                column.nullable,
                column.default.is_some()
            ));
        }
        ItemKind::ForeignKey => {
            let other = item.referred.as_ref()?;
            text.push_str(&format!("references = {}\n", quoted(other)));
        }
        _ => {}
    }
    Some(text)
}

/// The rows of a table that has others than before.
fn rows(
    before: &State<'_>,
    after: &State<'_>,
    was: Option<&TableSchema>,
    is: &TableSchema,
) -> Option<String> {
    let connection = after.database(None).ok()?;
    let hash = rows_hash(&connection, is);
    let old = match was {
        Some(was) => rows_hash(&before.database(None).ok()?, was),
        None => super::super::state::hash(b""),
    };
    if hash == old {
        return None;
    }
    let dialect = connection.engine().dialect();
    let asked = |name: &dyn Fn(&str) -> String| {
        let names: Vec<String> = is.columns().map(|column| name(&column.name)).collect();
        format!("SELECT {} FROM {}", names.join(", "), name(&is.name))
    };
    // Most names need no quotation marks, and read better without.
    let plain = asked(&str::to_owned);
    let (query, found) = match after.query(None, &plain) {
        Ok(found) => (plain, found),
        Err(_) => {
            let query = asked(&|name| dialect.quote_identifier(name));
            let found = after.query(None, &query).ok()?;
            (query, found)
        }
    };
    if found.len() > ROWS {
        return Some(format!(
            "query = {}\ncount = {}\n",
            quoted(&query),
            found.len()
        ));
    }
    let cell = |value: &Value| match value {
        Value::Integer(number) => number.to_string(),
        other => quoted(&value_text(other)),
    };
    let rows: Vec<String> = found
        .iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().map(cell).collect();
            format!("    [{}],\n", cells.join(", "))
        })
        .collect();
    let rows = if rows.is_empty() {
        String::new()
    } else {
        format!("\n{}", rows.concat())
    };
    Some(format!("query = {}\nrows = [{rows}]\n", quoted(&query)))
}

/// The names that edited modules define, where they did not.
fn names(record: &Record, stretch: &Stretch<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for path in stretch.acts.iter().filter_map(Act::path) {
        let whole = actions::whole(&record.directory, path);
        let defines = |scene: usize| {
            let text = record.scenes.get(scene).and_then(|scene| scene.get(&whole));
            let code = text.and_then(|text| parse(text).ok());
            code.map(|code| defined(&code.body)).unwrap_or_default()
        };
        let old = defines(stretch.before);
        let mut new = defines(stretch.after);
        new.retain(|name| !old.contains(name));
        if path.ends_with(".py") && !new.is_empty() {
            let new = list(new.iter().map(String::as_str));
            found.push(format!("file = {}\ndefines = {new}\n", quoted(path)));
        }
    }
    found.dedup();
    found
}

/// A line of each piece that was written, for edits from which nothing else follows.
fn pieces(stretch: &Stretch<'_>) -> Vec<String> {
    let line = |new: &str, old: &str| {
        new.lines()
            .map(str::trim)
            .find(|line| line.len() > 3 && !old.contains(line))
            .map(str::to_owned)
    };
    let mut found = Vec::new();
    for act in &stretch.acts {
        let (path, word, piece) = match act {
            Act::Write { path, text } => (path, "contains", line(text, "")),
            Act::Replace { path, old, new } => match line(new, old) {
                Some(piece) => (path, "contains", Some(piece)),
                None => (path, "lacks", line(old, new)),
            },
            Act::Run { .. } => continue,
        };
        if let Some(piece) = piece {
            found.push(format!(
                "file = {}\n{word} = [{}]\n",
                quoted(path),
                quoted(&piece)
            ));
        }
    }
    found
}
