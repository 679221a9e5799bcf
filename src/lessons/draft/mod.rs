//! A lesson made of what was done in a workspace, for its author to edit: what was there at first is its start,
//! each stretch of work a step, what was typed and run its solution, and what came of it its checks.

mod actions;
mod proposals;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ground::run::Run;

use super::lesson::{CHECKS, LESSON};
use super::solution::FOLDER;
use super::{CommandOutcome, Database};
use actions::Act;

/// The text files of a workspace, by their paths in it.
pub type Texts = BTreeMap<String, String>;

/// What was done in a workspace.
#[derive(Clone, Debug)]
pub struct Record {
    /// What the lesson is called.
    pub title: String,
    /// Its database.
    pub database: Database,
    /// The statements that make what is in the database at the start, where there is something in it.
    pub database_sql: Option<String>,
    /// The folder where the console stands; empty for the workspace's own.
    pub directory: String,
    /// The workspace as it was, again and again; the first is the start.
    pub scenes: Vec<Texts>,
    /// What was done, in order.
    pub deeds: Vec<Deed>,
    /// What an author must see to, a sentence each: what of the workspace no lesson can hold.
    pub left: Vec<String>,
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The command that was run; nothing for an edit.
    pub command: Option<CommandOutcome>,
    /// Which scene there was after it.
    pub scene: usize,
    /// Whether it changed a database.
    pub databases: bool,
}

/// A stretch of work that becomes a step.
struct Stretch<'r> {
    id: String,
    title: String,
    /// The scenes before and after it.
    before: usize,
    after: usize,
    deeds: &'r [Deed],
    /// What its solution does.
    acts: Vec<Act>,
}

/// The files of a lesson's folder. `look` gives a run on a copy of a scene, databases and all, which stands where the
/// console does; checks are proposed by what differs between two of them.
pub fn draft(record: &Record, look: &dyn Fn(usize) -> Run) -> Texts {
    let mut stretches = stretches(record);
    actions::pin(stretches.iter_mut().flat_map(|one| one.acts.iter_mut()));
    let mut folder = Texts::new();
    if let Some(start) = record.scenes.first() {
        for (path, text) in start {
            folder.insert(format!("start/{path}"), text.clone());
        }
    }
    if let Some(sql) = &record.database_sql {
        folder.insert("start/database.sql".to_owned(), sql.clone());
    }
    let mut checks = String::new();
    for stretch in &stretches {
        for proposal in proposals::of(record, stretch, look) {
            let _ = write!(checks, "[[{}]]\n{proposal}\n", stretch.id);
        }
        let solution = stretch.acts.iter().map(Act::markdown);
        let solution: Vec<String> = solution.collect();
        folder.insert(
            format!("{FOLDER}{}.md", stretch.id),
            format!("{}\n", solution.join("\n\n")),
        );
    }
    folder.insert(CHECKS.to_owned(), checks);
    folder.insert(LESSON.to_owned(), lesson(record, &stretches));
    folder
}

/// Work ends with a command that changed a database, and where something is edited after a command.
fn stretches(record: &Record) -> Vec<Stretch<'_>> {
    let deeds = &record.deeds;
    let mut bounds = Vec::new();
    let mut began = 0;
    for (place, deed) in deeds.iter().enumerate() {
        let last = place.checked_sub(1).map(|before| &deeds[before]);
        let over = last.is_some_and(|last| {
            last.command.is_some() && (last.databases || deed.command.is_none())
        });
        if over && place > began {
            bounds.push(began..place);
            began = place;
        }
    }
    if began < deeds.len() {
        bounds.push(began..deeds.len());
    }
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for range in bounds {
        let before = range
            .start
            .checked_sub(1)
            .map_or(0, |last| deeds[last].scene);
        let deeds = &deeds[range];
        let after = deeds.last().map_or(before, |deed| deed.scene);
        let acts = actions::of(record, before, deeds);
        if acts.is_empty() {
            // What was edited was taken back.
            continue;
        }
        let title = title(&acts);
        found.push(Stretch {
            id: unique(&title, &mut taken),
            title,
            before,
            after,
            deeds,
            acts,
        });
    }
    found
}

/// What a stretch of work did, for a heading.
fn title(acts: &[Act]) -> String {
    let mut words: Vec<String> = Vec::new();
    for act in acts {
        let word = match act {
            Act::Write { path, .. } | Act::Replace { path, .. } => {
                let name = path.rsplit('/').next().unwrap_or(path);
                format!("change {}", name.trim_start_matches(['*', '_']))
            }
            Act::Run { line, .. } => {
                let words = super::console_words(line);
                let known = words.iter().take(2).map(String::as_str);
                format!("run {}", known.collect::<Vec<_>>().join(" "))
            }
        };
        if !words.contains(&word) && words.len() < 3 {
            words.push(word);
        }
    }
    let text = words.join(", ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// A step's id of its title.
fn unique(title: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    let id = if id.is_empty() { "step" } else { id };
    let mut name = id.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{id}-{number}");
        number += 1;
    }
    name
}

/// A text as TOML writes it. What JSON escapes, TOML does in the same way.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn lesson(record: &Record, stretches: &[Stretch<'_>]) -> String {
    let mut text = format!(
        "+++\ntitle = {}\nminutes = 5\nteaches = [\n    \"what one can do afterwards\",\n]\ndatabase = {}\n",
        quoted(&record.title),
        quoted(&record.database.dialect)
    );
    if let Some(name) = &record.database.name {
        let _ = writeln!(text, "database_name = {}", quoted(name));
    }
    if !record.directory.is_empty() {
        let _ = writeln!(text, "directory = {}", quoted(&record.directory));
    }
    let edited = stretches.iter().flat_map(|one| &one.acts);
    let open = edited.filter_map(Act::path).find_map(|path| {
        let whole = actions::whole(&record.directory, path);
        record.scenes.first()?.contains_key(&whole).then_some(whole)
    });
    if let Some(path) = open {
        let _ = writeln!(text, "open = {}", quoted(&path));
    }
    text.push_str("+++\n\nSay here what the lesson is about, and what the learner finds.\n");
    for left in &record.left {
        let _ = write!(text, "\nFor you, its author: {left}\n");
    }
    for stretch in stretches {
        let _ = write!(
            text,
            "\n## {} {{#{}}}\n\nSay here what is to be done, and why.\n",
            stretch.title, stretch.id
        );
        if let Some(Act::Run { line, .. }) = stretch.acts.iter().find(|act| act.path().is_none()) {
            let _ = write!(text, "\n> Hint: `{line}`\n");
        }
    }
    text
}
