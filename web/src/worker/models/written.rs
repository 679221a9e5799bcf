//! A project made of a database: models written from it, and a first revision, at which the database is
//! stamped.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::autogenerate::{ModelStyle as Style, WrittenModels, write_models};
use limbeck::ground::host::Stream;
use limbeck::ground::run::Run;
use limbeck::sqlalchemy::inspector::Inspector;
use protocol::examples::BLANK;
use protocol::{Failure, FromDatabase, ModelStyle, from_wire};

use super::words;
use crate::database;
use crate::engine;
use crate::keep::examples;
use crate::session::{Session, failed};
use crate::time::history::Moment;
use crate::workspace::{Files, Outside, ROOT, WorkspaceHost, absolute};

/// Alembic's own table, which is not the models'.
const VERSION_TABLE: &str = "alembic_version";

impl Session {
    /// A session with a project made of a database.
    ///
    /// # Errors
    ///
    /// Where the database can't be read, or has nothing to write models for.
    pub fn with_database(from: &FromDatabase, outside: Rc<Outside>) -> Result<Self, Failure> {
        let name = file_name(&from.name);
        let path = absolute(&name);
        let mut files = Files::new();
        files.put(&path, from_wire(&from.contents).map_err(failed)?);
        let host = Rc::new(WorkspaceHost::new(files.clone(), outside.clone()));
        let (written, stamped) =
            read(&host, &path, from.style).map_err(|error| engine::failure(&error, &host))?;
        if written.tables == 0 {
            return Err(failed(words::no_tables(&from.name)));
        }
        for (path, text) in project(&name, &written, from.style) {
            files.put(&absolute(path), text.into_bytes());
        }
        files.add_folders(&absolute("alembic/versions"));
        let files = first_revision(files, &path, &name, stamped, &outside)?;
        let moment = Moment {
            files,
            directory: ROOT.to_owned(),
            environment: BTreeMap::new(),
        };
        Ok(Session::new(moment, "", outside))
    }
}

/// A name that needs no quoting in alembic.ini.
fn file_name(name: &str) -> String {
    let name: String = name
        .rsplit('/')
        .next()
        .unwrap_or(name)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    if name.trim_matches('.').is_empty() {
        "app.db".to_owned()
    } else {
        name
    }
}

/// The models of a database, and whether it was stamped by Alembic before.
fn read(
    host: &Rc<WorkspaceHost>,
    path: &str,
    style: ModelStyle,
) -> limbeck::ground::diagnostic::Result<(WrittenModels, bool)> {
    let run = Run::new(host.clone());
    let connection = database::connect(&run, path)?;
    let inspector = Inspector::new(&connection)?;
    let stamped = inspector.has_table(VERSION_TABLE, None)?;
    let style = match style {
        ModelStyle::Declarative => Style::Declarative,
        ModelStyle::SqlModel => Style::SqlModel,
    };
    let written = write_models(&inspector, style, &[VERSION_TABLE])?;
    connection.close()?;
    Ok((written, stamped))
}

/// The text files of the project.
fn project(
    database: &str,
    written: &WrittenModels,
    style: ModelStyle,
) -> Vec<(&'static str, String)> {
    let blank = |path: &str| examples::text(BLANK, path);
    let ini = blank("alembic.ini").replace("sqlite:///app.db", &format!("sqlite:///{database}"));
    let (mut env, mut template) = (blank("alembic/env.py"), blank("alembic/script.py.mako"));
    if style == ModelStyle::SqlModel {
        env = env
            .replace("from models import Base", "from models import SQLModel")
            .replace("Base.metadata", "SQLModel.metadata");
        template = template.replace(
            "import sqlalchemy as sa\n",
            "import sqlalchemy as sa\nimport sqlmodel\n",
        );
    }
    let mut models = format!("\"\"\"{}\"\"\"\n\n", words::written_from(database));
    for note in &written.notes {
        models.push_str(&format!("# {}: {note}.\n", words::LOOK_AT));
    }
    if !written.notes.is_empty() {
        models.push('\n');
    }
    models.push_str(&written.text);
    vec![
        ("alembic.ini", ini),
        ("alembic/env.py", env),
        ("alembic/script.py.mako", template),
        ("models.py", models),
    ]
}

/// Writes the revision that makes the tables, which needs a database without them, and stamps the database
/// with it.
fn first_revision(
    files: Files,
    database: &str,
    name: &str,
    stamped: bool,
    outside: &Rc<Outside>,
) -> Result<Files, Failure> {
    let mut without = files.clone();
    without.files.remove(database);
    let copy = Rc::new(WorkspaceHost::new(without, outside.clone()));
    let message = words::first_revision(name);
    alembic(&copy, &["revision", "--autogenerate", "-m", &message])?;
    let mut files = files;
    for (path, contents) in copy.files().files {
        if path.starts_with(&absolute("alembic/versions/")) {
            files.files.insert(path, contents);
        }
    }
    let host = Rc::new(WorkspaceHost::new(files, outside.clone()));
    // What another project stamped it with says nothing to this one.
    let stamp: &[&str] = if stamped {
        &["stamp", "--purge", "head"]
    } else {
        &["stamp", "head"]
    };
    alembic(&host, stamp)?;
    Ok(host.files())
}

/// Runs `alembic ARGUMENTS`, and fails with what it printed where it fails.
fn alembic(host: &Rc<WorkspaceHost>, arguments: &[&str]) -> Result<(), Failure> {
    let printed: Rc<std::cell::RefCell<String>> = Rc::default();
    let errors = printed.clone();
    *host.listener.borrow_mut() = Some(Rc::new(move |stream, text: &str| {
        if stream == Stream::Stderr {
            errors.borrow_mut().push_str(text);
        }
    }));
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    let run = Run::new(host.clone());
    let status = limbeck::command::run(&run, &arguments);
    let _ = limbeck::driver::flush(&run.host);
    *host.listener.borrow_mut() = None;
    if status == 0 {
        Ok(())
    } else {
        let printed = printed.borrow();
        let last = printed.lines().rfind(|line| !line.trim().is_empty());
        Err(failed(last.unwrap_or(words::NO_REVISION)))
    }
}

#[cfg(test)]
mod tests {
    use limbeck::ground::host::Host as _;

    use super::*;
    use crate::session::tests::{outside, run, session};

    /// The database of an example, as a person drops it.
    fn dropped(example: &str, name: &str, style: ModelStyle) -> FromDatabase {
        let session = session(example);
        let contents = session.host.read(&absolute(name)).expect("its database");
        FromDatabase {
            name: name.to_owned(),
            contents: protocol::to_wire(&contents),
            style,
        }
    }

    #[test]
    fn a_database_becomes_a_project_at_its_head() {
        for style in [ModelStyle::Declarative, ModelStyle::SqlModel] {
            let from = dropped("library", "library.db", style);
            let mut session = Session::with_database(&from, outside()).expect("a project");
            let view = session.view();
            assert_eq!(*view.models, ["models.py"], "{style:?}");
            assert_eq!(view.migrations.revisions.len(), 1, "{style:?}");
            assert!(view.migrations.revisions[0].current, "{style:?}");
            for line in [
                "alembic check",
                "alembic downgrade base",
                "alembic upgrade head",
                "alembic check",
            ] {
                let ran = run(&mut session, line);
                assert_eq!(
                    ran.status, 0,
                    "{style:?} {line}: {}{}",
                    ran.stdout, ran.stderr
                );
            }
        }
    }

    #[test]
    fn what_is_no_database_is_refused() {
        let from = FromDatabase {
            name: "a.db".to_owned(),
            contents: protocol::Contents::Text("no database".to_owned()),
            style: ModelStyle::Declarative,
        };
        assert!(Session::with_database(&from, outside()).is_err());
    }

    #[test]
    fn names_of_files_need_no_quotes() {
        assert_eq!(file_name("a/b c%.db"), "b_c_.db");
        assert_eq!(file_name(".."), "app.db");
    }
}
