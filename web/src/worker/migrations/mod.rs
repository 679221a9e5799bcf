//! The revisions of the project, and where its database stands among them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use limbeck::command::{self, ProjectState};
use limbeck::driver::Parameters;
use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use limbeck::sqlalchemy::engine::make_url;
use protocol::{Migrations, Revision};

use crate::engine::failure;
use crate::postgresql;
use crate::session::Session;
use crate::workspace::{FileKindOf as _, Files, WorkspaceHost, absolute, relative};

/// Cached revisions of the project, and the files they were read from.
pub(crate) struct Known {
    files: Files,
    directory: String,
    /// The revisions.
    pub(crate) migrations: Rc<Migrations>,
    /// The folders of the project's scripts: `script_location` and `version_locations`.
    pub(crate) folders: Rc<Vec<String>>,
    /// Those of them that hold nothing but the scripts of revisions.
    versions: Vec<String>,
}

/// Whether a path of the project lies in one of these folders.
pub(crate) fn is_inside(path: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| {
        folder.is_empty()
            || path
                .strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

impl Session {
    /// The revisions of the project, read again where a file is another that counts for them.
    pub(crate) fn read_migrations(&mut self, files: &Files) -> &Known {
        let directory = self.host.current_directory();
        let known = self.migrations.take();
        let known = known.filter(|known| known.directory == directory);
        let read = match known {
            Some(known) if known.is_of(files) => Known {
                files: files.clone(),
                ..known
            },
            Some(known) if let Some(current) = self.stands_at(&known, files) => {
                let mut migrations = (*known.migrations).clone();
                if !known.has_scripts_of(files) {
                    let state = command::describe_scripts(&Run::new(Rc::new(self.host.copy())));
                    if state.errors.is_empty() {
                        migrations.revisions = revisions(&state, &self.host);
                        migrations.heads = state.heads;
                    } else {
                        return self.describe_anew(files, directory, Some(known));
                    }
                }
                stand(&mut migrations, current);
                Known {
                    files: files.clone(),
                    migrations: Rc::new(migrations),
                    ..known
                }
            }
            known => self.describe(files, directory, known),
        };
        self.migrations.insert(read)
    }

    /// Has the revisions and where the database stands read again.
    #[cfg(target_family = "wasm")]
    pub(crate) fn forget_database(&mut self) {
        self.migrations = None;
        self.databases
            .retain(|path, _| !postgresql::is_database(path));
    }

    fn describe_anew(&mut self, files: &Files, directory: String, known: Option<Known>) -> &Known {
        let read = self.describe(files, directory, known);
        self.migrations.insert(read)
    }

    /// Where the database stands now, where nothing changed since but databases and the scripts of
    /// revisions, and Alembic's own version table explains where it stood: then env.py need not be run
    /// again to know.
    fn stands_at(&self, known: &Known, files: &Files) -> Option<Vec<String>> {
        let path = absolute(known.migrations.database.as_ref()?);
        if known.migrations.failure.is_some() || known.versions.is_empty() {
            return None;
        }
        let (old, new) = (&known.files.files, &files.files);
        let counts = |path: &String, contents: &Rc<Vec<u8>>| {
            !contents.is_database(path) && !is_inside(&relative(path), &known.versions)
        };
        let others = |files: &Files| -> Vec<(String, Rc<Vec<u8>>)> {
            let files = files.files.iter();
            let counted = files.filter(|(path, contents)| counts(path, contents));
            counted
                .map(|(path, one)| (path.clone(), one.clone()))
                .collect()
        };
        let (others_then, others_now) = (others(&known.files), others(files));
        let unchanged = others_then.len() == others_now.len()
            && others_then
                .iter()
                .zip(&others_now)
                .all(|(a, b)| a.0 == b.0 && (Rc::ptr_eq(&a.1, &b.1) || a.1 == b.1));
        if !unchanged {
            return None;
        }
        let current = &known.migrations.current;
        let (was, is) = (old.get(&path), new.get(&path)?);
        if was.is_some_and(|was| Rc::ptr_eq(was, is) || was == is) {
            return Some(current.clone());
        }
        let rows = |contents: &Rc<Vec<u8>>| version_rows(&self.snapshot(&path, contents), &path);
        let then = match was {
            // It would have to be opened as it was then.
            Some(_) if postgresql::is_database(&path) => current.clone(),
            Some(was) => rows(was),
            None => Vec::new(),
        };
        let now = rows(is);
        // Without a row before and after, the table may have another name; in an empty file it has none.
        let told = then == *current && (is.is_empty() || !(then.is_empty() && now.is_empty()));
        told.then_some(now)
    }

    fn describe(&self, files: &Files, directory: String, known: Option<Known>) -> Known {
        let (mut migrations, mut folders, versions) = describe(&Rc::new(self.host.copy()));
        if let Some(known) = known {
            if folders.is_empty() {
                folders = known.folders.to_vec();
            }
            if migrations.failure.is_some() && migrations.revisions.is_empty() {
                // A script that is half written can't be loaded, nor the graph that it is part of:
                // what was known of it stays in sight, with the reason, so that it can be finished.
                let there =
                    |revision: &&Revision| files.files.contains_key(&absolute(&revision.path));
                let known = &known.migrations;
                let kept: Vec<Revision> = known.revisions.iter().filter(there).cloned().collect();
                // Where all scripts are gone, nothing is ahead.
                if !kept.is_empty() {
                    migrations.heads = known.heads.clone();
                    migrations.ahead = kept.iter().filter(|one| !one.applied).count();
                    migrations.back = known.back.clone();
                    migrations.revisions = kept;
                }
            }
        }
        Known {
            files: files.clone(),
            directory,
            migrations: Rc::new(migrations),
            folders: Rc::new(folders),
            versions,
        }
    }
}

impl Known {
    /// Whether the scripts of revisions are these.
    fn has_scripts_of(&self, files: &Files) -> bool {
        let scripts = |files: &Files| -> Vec<(String, Rc<Vec<u8>>)> {
            let files = files.files.iter();
            let inside = files.filter(|(path, _)| is_inside(&relative(path), &self.versions));
            inside
                .map(|(path, one)| (path.clone(), one.clone()))
                .collect()
        };
        let (old, new) = (scripts(&self.files), scripts(files));
        old.len() == new.len()
            && old
                .iter()
                .zip(&new)
                .all(|(a, b)| a.0 == b.0 && (Rc::ptr_eq(&a.1, &b.1) || a.1 == b.1))
    }

    /// Whether it holds for these files too. Typing in the models changes no revision: only what lies
    /// in the folders of scripts, the configuration and the databases count.
    fn is_of(&self, files: &Files) -> bool {
        if self.files.same(files) {
            return true;
        }
        let counts = |path: &str| {
            let path = relative(path);
            !path.ends_with(".py") || self.folders.is_empty() || is_inside(&path, &self.folders)
        };
        let part = |files: &Files| -> Vec<(String, Rc<Vec<u8>>)> {
            files
                .files
                .iter()
                .filter(|(path, _)| counts(path))
                .map(|(path, contents)| (path.clone(), contents.clone()))
                .collect()
        };
        let (old, new) = (part(&self.files), part(files));
        old.len() == new.len()
            && old
                .iter()
                .zip(&new)
                .all(|(a, b)| a.0 == b.0 && (Rc::ptr_eq(&a.1, &b.1) || a.1 == b.1))
    }
}

/// The revisions of the project in the current folder, the folders of its scripts, and those of them that
/// hold revisions only; the host is a copy that may be changed.
pub(crate) fn describe(host: &Rc<WorkspaceHost>) -> (Migrations, Vec<String>, Vec<String>) {
    let run = Run::new(host.clone());
    let state = command::describe(&run);
    let database = database_of(&state, &run);
    let current: Vec<String> = match state.databases.first() {
        Some(database) => database.current.clone(),
        // env.py could not be run: the database itself still knows where it is.
        None => database
            .as_deref()
            .map(|path| version_rows(&run, path))
            .unwrap_or_default(),
    };
    let revisions = revisions(&state, host);
    let location = |folder: &String| {
        let relative = relative(&host.path(folder));
        relative.trim_end_matches('/').to_owned()
    };
    let versions: Vec<String> = state.version_locations.iter().map(location).collect();
    let scripts = state.script_location.as_ref().map(location);
    let folders = scripts.iter().chain(&versions).cloned().collect();
    // env.py may lie beside the scripts.
    let versions = versions
        .into_iter()
        .filter(|folder| !folder.is_empty() && Some(folder) != scripts.as_ref())
        .collect();
    let mut migrations = Migrations {
        heads: state.heads.clone(),
        database: database.map(|path| relative(&path)),
        failure: if revisions.is_empty() {
            state.errors.first().map(|error| failure(error, host))
        } else {
            None
        },
        revisions,
        ..Migrations::default()
    };
    stand(&mut migrations, current);
    (migrations, folders, versions)
}

/// The revisions, without where the database stands.
fn revisions(state: &ProjectState, host: &WorkspaceHost) -> Vec<Revision> {
    state
        .revisions
        .iter()
        .map(|revision| Revision {
            id: revision.revision.clone(),
            message: revision.doc.lines().next().unwrap_or_default().to_owned(),
            path: relative(&host.path(&revision.path)),
            down: revision.down_revision.clone(),
            depends_on: revision.depends_on.clone(),
            labels: revision.branch_labels.clone(),
            head: revision.is_head,
            date: create_date(host, &revision.path),
            ..Revision::default()
        })
        .collect()
}

/// Notes that the database stands at these revisions.
fn stand(migrations: &mut Migrations, current: Vec<String>) {
    let applied = ancestors(&migrations.revisions, &current);
    for revision in &mut migrations.revisions {
        revision.current = current.contains(&revision.id);
        revision.applied = applied.contains(&revision.id);
    }
    let revisions = &migrations.revisions;
    migrations.ahead = revisions.iter().filter(|one| !one.applied).count();
    migrations.back = match current.as_slice() {
        [only] => revisions
            .iter()
            .find(|revision| revision.id == *only)
            .and_then(|revision| match revision.down.as_slice() {
                [] => Some("base".to_owned()),
                [down] => Some(down.clone()),
                _ => None,
            }),
        _ => None,
    };
    migrations.current = current;
}

fn create_date(host: &WorkspaceHost, path: &str) -> String {
    host.read(path)
        .ok()
        .and_then(|contents| {
            String::from_utf8_lossy(&contents)
                .lines()
                .take(20)
                .find_map(|line| line.strip_prefix("Create Date: ").map(str::to_owned))
        })
        .unwrap_or_default()
}

/// These revisions and all that come before them.
fn ancestors(revisions: &[Revision], current: &[String]) -> BTreeSet<String> {
    let known: BTreeMap<&str, &Revision> =
        revisions.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = current.to_vec();
    while let Some(id) = open.pop() {
        if let Some(revision) = known.get(id.as_str())
            && found.insert(id)
        {
            open.extend(revision.down.iter().cloned());
            open.extend(revision.depends_on.iter().cloned());
        }
    }
    found
}

/// The path of a URL's database.
fn database_of(state: &ProjectState, run: &Run) -> Option<String> {
    let url = state
        .databases
        .first()
        .map(|database| database.url.as_str())
        .or(state.database_url.as_deref())?;
    let url = make_url(url).ok()?;
    url.get_dialect().database_of(run, &url)
}

fn version_rows(run: &Run, path: &str) -> Vec<String> {
    if !run.host.is_file(path) {
        return Vec::new();
    }
    crate::database::open(run, path)
        .and_then(|connection| {
            connection.execute("SELECT version_num FROM alembic_version", &Parameters::NONE)
        })
        .map(|cursor| {
            cursor
                .rows
                .iter()
                .filter_map(|row| row.first()?.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{run, session};

    /// What is known after a line is what reading everything anew would give.
    #[test]
    fn what_is_kept_between_commands_is_what_reading_anew_gives() {
        let mut session = session("library");
        session.view();
        for line in [
            "alembic downgrade -1",
            "alembic upgrade head",
            "alembic revision -m one",
            "alembic revision -m two && alembic upgrade +1",
            "alembic upgrade head",
            "alembic downgrade base",
            "alembic stamp head",
            "sqlite3 library.db 'DELETE FROM alembic_version'",
            "alembic stamp head",
            "sqlite3 library.db 'DROP TABLE alembic_version'",
            "rm alembic/versions/*_two.py",
            "rm library.db",
            "alembic current",
            "alembic upgrade head",
            "sqlite3 other.db 'CREATE TABLE one (id)'",
            "echo 'import nowhere' >> alembic/env.py",
            "alembic upgrade head",
            "echo 'broken(' > alembic/versions/broken.py",
            "rm alembic/versions/broken.py",
        ] {
            run(&mut session, line);
            let files = session.host.files();
            let known = session.read_migrations(&files).migrations.clone();
            let anew = session.describe(&files, session.host.current_directory(), None);
            if anew.migrations.failure.is_none() {
                assert_eq!(known, anew.migrations, "{line}");
            }
        }
    }
}
