//! `limbeck lessons`: reads lessons and plays them, as their authors want to know that they work.

mod console;
mod performance;
mod stage;

pub use console::run_line;
pub use performance::Performance;

use std::collections::BTreeMap;

use ground::diagnostic::{Error, Result};
use ground::host::Host;
use ground::run::Run;

use super::arguments::{Arguments, HELP};
use super::unusable;
use crate::config::{Count, OptionAction, OptionRule, Parser, PositionalRule};
use crate::lessons::{Course, Lesson, Player as _, Problem, Step, rehearse};

const VERBOSE: OptionRule = OptionRule {
    flags: &["-v", "--verbose"],
    dest: "verbose",
    kind: OptionAction::Flag,
    help: "say what a learner reads of each step's check before it is done",
};

/// The exit status where something does not hold.
const FAILED: i32 = 1;
/// The file that makes a folder a lesson.
const LESSON: &str = "lesson.md";
/// The file of courses in a folder of lessons.
const COURSE: &str = "course.toml";
/// Folders deeper than that are no part of a lesson.
const DEPTH: usize = 8;

/// How a lesson stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    InOrder,
    Failed,
    /// There is no server for it.
    Skipped,
}

/// Does what `limbeck lessons FOLDER` asks for, and returns the exit status: 0 where every lesson is in
/// order, 1 where one is not, 2 where there are none.
pub(super) fn run(run: &Run, argv: &[String]) -> i32 {
    let parser = Parser {
        program: "limbeck lessons".to_owned(),
        options: vec![HELP, VERBOSE],
        positional: Some(PositionalRule {
            dest: "folder",
            count: Count::One,
            help: Some("a lesson's folder, or a folder of lessons"),
        }),
        commands: Vec::new(),
    };
    let arguments = match Arguments::parse(run, &parser, argv) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let folder = arguments.text("folder").unwrap_or_default();
    let folder = folder.trim_end_matches('/');
    let folder = if folder.is_empty() { "." } else { folder };
    match play_folder(run, folder, arguments.flag("verbose")) {
        Ok(0) => 0,
        Ok(_) => FAILED,
        Err(error) => unusable(run, "lessons", &error),
    }
}

/// Plays the lessons of a folder; how many are not in order.
fn play_folder(run: &Run, folder: &str, verbose: bool) -> Result<usize> {
    let host = &*run.host;
    if host.is_file(&format!("{folder}/{LESSON}")) {
        let above = if folder == "." { ".." } else { "." };
        let others = folder.rsplit_once('/').map_or(above, |(above, _)| above);
        let outcome = play_lesson(run, folder, &lessons_in(host, others), verbose);
        return Ok(usize::from(outcome == Outcome::Failed));
    }
    let slugs = lessons_in(host, folder);
    if slugs.is_empty() {
        return Err(Error::command(format!(
            "{folder} is no lesson (it has no {LESSON}), and has none in it."
        )));
    }
    let mut failed = 0;
    if let Ok(text) = host.read(&format!("{folder}/{COURSE}")) {
        for problem in course_problems(&String::from_utf8_lossy(&text), &slugs) {
            run.print(&format!("FAILED  {folder}/{problem}\n"));
            failed += 1;
        }
    }
    let (mut played, mut skipped) = (0, 0);
    for slug in &slugs {
        if run.observer.cancelled() {
            return Err(Error::cancelled());
        }
        match play_lesson(run, &format!("{folder}/{slug}"), &slugs, verbose) {
            Outcome::InOrder => {}
            Outcome::Failed => failed += 1,
            Outcome::Skipped => {
                skipped += 1;
                continue;
            }
        }
        played += 1;
    }
    run.print(&format!(
        "{played} lessons played, {skipped} skipped, {failed} failures\n"
    ));
    Ok(failed)
}

/// The names of the folders that have a lesson.
fn lessons_in(host: &dyn Host, folder: &str) -> Vec<String> {
    let names = host.list(folder).unwrap_or_default();
    names
        .into_iter()
        .filter(|name| host.is_file(&format!("{folder}/{name}/{LESSON}")))
        .collect()
}

fn course_problems(text: &str, slugs: &[String]) -> Vec<Problem> {
    let courses = match Course::read(text) {
        Ok(courses) => courses,
        Err(problem) => return vec![problem],
    };
    let problem = |message: String| Problem {
        file: COURSE.to_owned(),
        line: 0,
        message,
    };
    let named: Vec<&String> = courses.iter().flat_map(|course| &course.lessons).collect();
    let unknown = named.iter().filter(|slug| !slugs.contains(slug));
    let unknown = unknown.map(|slug| problem(format!("There is no lesson {slug}.")));
    let left = slugs.iter().filter(|slug| !named.contains(slug));
    let left = left.map(|slug| problem(format!("No course has the lesson {slug}.")));
    unknown.chain(left).collect()
}

/// The texts of a lesson's folder, by path.
fn texts(host: &dyn Host, folder: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    add_texts(host, folder, "", DEPTH, &mut texts);
    texts
}

fn add_texts(
    host: &dyn Host,
    root: &str,
    folder: &str,
    depth: usize,
    texts: &mut BTreeMap<String, String>,
) {
    for name in host.list(&format!("{root}/{folder}")).unwrap_or_default() {
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        let whole = format!("{root}/{path}");
        if host.is_directory(&whole) {
            if depth > 0 {
                add_texts(host, root, &path, depth - 1, texts);
            }
        } else if let Some(text) = host
            .read(&whole)
            .ok()
            .and_then(|b| String::from_utf8(b).ok())
        {
            texts.insert(path, text);
        }
    }
}

/// Reads a lesson from its folder.
///
/// # Errors
/// The first mistake in it.
pub fn read_lesson(host: &dyn Host, folder: &str) -> std::result::Result<Lesson, Problem> {
    let slug = folder.rsplit('/').next().unwrap_or(folder);
    Lesson::read(slug, &texts(host, folder))
}

/// What the check of a step says before anything is done.
fn unsolved(performance: &Performance, step: &Step) -> String {
    let verdict = performance.check(step, &[], &performance.step_start());
    let mut text = format!("        {}\n", step.title);
    for part in &verdict.parts {
        let sign = if part.holds { '+' } else { '-' };
        let line = format!("{sign} {} {}", part.expected, part.found);
        text.push_str(&format!("          {}\n", line.trim_end()));
    }
    if let Some(error) = &verdict.error {
        text.push_str(&format!("          ! {error}\n"));
    }
    text
}

/// Plays one lesson and prints how that went.
fn play_lesson(run: &Run, folder: &str, others: &[String], verbose: bool) -> Outcome {
    let lesson = match read_lesson(&*run.host, folder) {
        Ok(lesson) => lesson,
        Err(problem) => {
            run.print(&format!("FAILED  {folder}/{problem}\n"));
            return Outcome::Failed;
        }
    };
    let links = lesson.links().into_iter();
    let mut wrong: Vec<String> = links
        .filter(|link| !others.contains(link))
        .map(|link| format!("A link leads to the lesson {link}, which is not there."))
        .collect();
    match Performance::begin(run, &lesson) {
        Err(problem) => wrong.push(problem.to_string()),
        Ok(None) => {
            run.print(&format!(
                "skipped {folder}: it works on a server; set LIMBECK_POSTGRESQL to one (HOST:PORT)\n"
            ));
            return Outcome::Skipped;
        }
        Ok(Some(mut performance)) => {
            for step in &lesson.steps {
                if verbose {
                    run.print(&unsolved(&performance, step));
                }
                let found = rehearse(&mut performance, step);
                let is_over = !found.is_empty();
                wrong.extend(found.iter().map(|text| format!("{}: {text}", step.id)));
                if is_over {
                    // What follows would only fail because of it.
                    break;
                }
            }
        }
    }
    if wrong.is_empty() {
        run.print(&format!(
            "ok      {folder} ({} steps)\n",
            lesson.steps.len()
        ));
        return Outcome::InOrder;
    }
    let why = wrong.join("\n").replace('\n', "\n        ");
    run.print(&format!("FAILED  {folder}\n        {why}\n"));
    Outcome::Failed
}
