//! For authors: a lesson drafted of the workspace's history, and a lesson played with its solutions.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::command;
use limbeck::ground::diagnostic::Error;
use limbeck::ground::host::Host;
use limbeck::ground::run::Run;
use limbeck::lessons::draft::{Deed, Record, Texts, draft};
use limbeck::lessons::{self, Action, Player, State, StepStart, rehearse};
use limbeck::sqlalchemy::engine::make_url;
use protocol::lessons::Folder;
use protocol::{Contents, Failure, Made, Workspace};

use super::{read, standing_at, words};
use crate::postgresql;
use crate::session::{Listener, Session, failed};
use crate::time::history::Moment;
use crate::workspace::{Files, WorkspaceHost, absolute, relative};

impl Session {
    /// A lesson of what led to where the workspace stands.
    pub(super) fn draft_lesson(&self, title: &str) -> Workspace {
        let (moments, deeds) = self.deeds();
        let (first, last) = (moments.first(), moments.last());
        let directory = last
            .map(|moment| relative(&moment.directory))
            .unwrap_or_default();
        let look = |scene: usize| {
            let moment = moments.get(scene).or(first).cloned().unwrap_or_default();
            let host = WorkspaceHost::new(moment.files.clone(), self.host.outside.clone());
            *host.environment.borrow_mut() = moment.environment.clone();
            standing_at(&host, &absolute(&directory))
        };
        let mut record = Record {
            title: title.to_owned(),
            database: database(&look(moments.len().saturating_sub(1)), &directory),
            database_sql: None,
            directory: directory.clone(),
            scenes: moments.iter().map(|moment| texts(&moment.files)).collect(),
            deeds,
            left: Vec::new(),
        };
        if let Some(first) = first {
            self.fill_database(first, &mut record);
        }
        let files = draft(&record, &look).into_iter();
        Workspace {
            files: files
                .map(|(path, text)| (path, Contents::Text(text)))
                .collect(),
            ..Workspace::default()
        }
    }

    /// What there was, again and again, and what was done in between.
    fn deeds(&self) -> (Vec<Rc<Moment>>, Vec<Deed>) {
        let path = self.history.path(self.history.at);
        let mut moments: Vec<Rc<Moment>> = Vec::new();
        let mut deeds = Vec::new();
        for (index, number) in path.iter().enumerate() {
            let Some(state) = self.history.state(*number) else {
                continue;
            };
            let databases = moments.last().is_some_and(|last| {
                let of = |moment: &Moment| {
                    let paths = moment.files.databases().into_iter();
                    paths
                        .map(|path| (moment.files.files.get(&path).cloned(), path))
                        .collect::<Vec<_>>()
                };
                of(last) != of(&state.moment)
            });
            moments.push(state.moment.clone());
            let scene = moments.len() - 1;
            let mut printed = state.console.iter().peekable();
            let made = state.entry.made;
            let command = (made == Made::Command)
                .then(|| printed.next_if(|one| one.line == state.entry.command))
                .flatten();
            if made != Made::Start {
                deeds.push(Deed {
                    command: command.map(|printed| outcome(printed)),
                    scene,
                    databases,
                });
            }
            let next = path
                .get(index + 1)
                .and_then(|next| self.history.state(*next));
            let until = next.map_or(usize::MAX, |next| next.after);
            let before = usize::from(command.is_some());
            for printed in printed.take(until.saturating_sub(before)) {
                if !printed.clear {
                    deeds.push(Deed {
                        command: Some(outcome(printed)),
                        scene,
                        databases: false,
                    });
                }
            }
        }
        (moments, deeds)
    }

    /// Has the start make what is in its database, and says what it can't make.
    fn fill_database(&self, start: &Moment, record: &mut Record) {
        let name = record.database.name.clone();
        for path in start.files.databases() {
            let shown = relative(&path);
            if postgresql::is_database(&path) || name.as_ref() != Some(&shown) {
                record.left.push(words::not_in_start(&shown));
                continue;
            }
            let listener: Listener = Rc::new(|_| {});
            let mut session = Session::new(start.clone(), "", self.host.outside.clone());
            let line = protocol::console::sql_line(&path, ".dump");
            let dumped = session.run(&line, &listener).stdout;
            // What stands in the transaction: a lesson has one of its own around it.
            let begun = dumped.split_once("BEGIN TRANSACTION;\n");
            let statements = begun.and_then(|(_, rest)| rest.rsplit_once("COMMIT;"));
            if let Some((statements, _)) = statements
                && !statements.trim().is_empty()
            {
                record.database_sql = Some(statements.to_owned());
            }
        }
        if record.database_sql.is_none() && record.database.dialect == "sqlite" {
            // Nothing is to be filled: it comes with the first command.
            record.database.name = None;
        }
        for (path, contents) in &start.files.files {
            let is_text = std::str::from_utf8(contents).is_ok();
            if !is_text
                && !start.files.databases().contains(path)
                && !path.contains("/__pycache__/")
            {
                record.left.push(words::not_in_start(&relative(path)));
            }
        }
    }

    /// Plays a lesson with its solutions; what is wrong with it, each with the step's id.
    ///
    /// # Errors
    ///
    /// What is wrong with the lesson, or with its start.
    pub(super) fn play_lesson(&self, slug: &str, folder: &Folder) -> Result<Vec<String>, Failure> {
        let lesson = read(slug, folder)?;
        let session = Session::with_lesson(folder, self.host.outside.clone())?;
        let mut rehearsal = Rehearsal {
            session,
            lesson: lesson.clone(),
        };
        let mut wrong = Vec::new();
        for step in &lesson.steps {
            let found = rehearse(&mut rehearsal, step);
            if rehearsal.session.waits {
                return Err(failed(postgresql::words::LOADING));
            }
            wrong.extend(found.iter().map(|text| format!("{}: {text}", step.id)));
            if !found.is_empty() {
                // What follows would only fail because of it.
                break;
            }
        }
        Ok(wrong)
    }
}

/// A lesson that is played at the page's console.
struct Rehearsal {
    session: Session,
    lesson: lessons::Lesson,
}

impl Player for Rehearsal {
    fn host(&self) -> Rc<dyn Host> {
        self.session.host.clone()
    }

    fn step_start(&self) -> StepStart {
        StepStart::of(&super::standing(&self.session.host, &self.lesson))
    }

    fn check(
        &self,
        step: &lessons::Step,
        outcomes: &[lessons::CommandOutcome],
        start: &StepStart,
    ) -> lessons::Verdict {
        let run = super::standing(&self.session.host, &self.lesson);
        lessons::evaluate(&step.check, &State::new(&run, outcomes, start))
    }

    fn play(&mut self, action: &Action) -> Result<Option<lessons::CommandOutcome>, Error> {
        let host = self.session.host.clone();
        let listener: Listener = Rc::new(|_| {});
        lessons::play(&*host, action, &mut |line| {
            let ran = self.session.run(line, &listener);
            lessons::CommandOutcome {
                line: line.to_owned(),
                status: ran.status,
                output: format!("{}{}", ran.stdout, ran.stderr),
            }
        })
    }
}

fn outcome(printed: &protocol::Printed) -> lessons::CommandOutcome {
    lessons::CommandOutcome {
        line: printed.line.clone(),
        status: printed.status,
        output: printed
            .output
            .iter()
            .map(|(_, text)| text.as_str())
            .collect(),
    }
}

/// The texts of a workspace.
fn texts(files: &Files) -> Texts {
    let databases = files.databases();
    let mut texts = BTreeMap::new();
    for (path, contents) in &files.files {
        if databases.contains(path) || path.contains("/__pycache__/") {
            continue;
        }
        if let Ok(text) = std::str::from_utf8(contents) {
            texts.insert(relative(path), text.to_owned());
        }
    }
    texts
}

/// The database that env.py connects to, named as a lesson names it.
fn database(run: &Run, directory: &str) -> lessons::Database {
    let state = command::describe(run);
    let url = state
        .databases
        .first()
        .and_then(|first| make_url(&first.url).ok());
    let Some(url) = url else {
        return lessons::Database {
            dialect: "sqlite".to_owned(),
            name: None,
        };
    };
    let dialect = url.get_backend_name().to_owned();
    // start/database.sql fills a file by its path from the workspace's folder, a server's database by its name.
    let name = url.database.as_ref().map(|name| {
        let path = if directory.is_empty() || name.starts_with('/') {
            name.to_string()
        } else {
            format!("{directory}/{name}")
        };
        if run.host.is_file(name) {
            relative(&absolute(&path))
        } else {
            name.to_string()
        }
    });
    lessons::Database { dialect, name }
}
