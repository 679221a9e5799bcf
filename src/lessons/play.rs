//! Brings a lesson to its start, and plays what solves a step.

use super::lesson::Lesson;
use super::solution::Action;
use super::state::CommandOutcome;
use ground::diagnostic::{Error, Result};
use ground::host::Host;
use ground::run::Run;
use sqlalchemy::engine::{Connection, EngineOptions, Url, create_engine, make_url};

/// Writes the files of a lesson's start and makes its database. The commands of the start are the
/// caller's to run. The host's current folder is the lesson's own.
///
/// # Errors
/// The host's, or what the database says about `start/database.sql`.
pub fn lay_out(run: &Run, lesson: &Lesson) -> Result<()> {
    for (path, text) in &lesson.files {
        write(&*run.host, path, text)?;
    }
    let (Some(sql), Some(name)) = (&lesson.database_sql, &lesson.database.name) else {
        return Ok(());
    };
    let url = make_url(&format!("{}:///{name}", lesson.database.dialect))?;
    let connection = connect(run, &url)?;
    let dbapi = connection.dbapi()?;
    let done = std::iter::once("BEGIN")
        .chain(driver::script::statements(sql).iter().map(|one| one.sql))
        .chain(["COMMIT"])
        .try_for_each(|sql| dbapi.execute_text(sql).map(drop));
    connection.engine().dispose();
    driver::finish(&run.host).map_err(|error| Error::new("OSError", error.to_string()))?;
    done
}

/// Connects to a database as the programs of a console do: each statement is a transaction of its own.
///
/// # Errors
/// What the database says.
pub fn connect(run: &Run, url: &Url) -> Result<Connection> {
    let options = EngineOptions {
        isolation_level: Some("AUTOCOMMIT".to_owned()),
        ..EngineOptions::default()
    };
    create_engine(run, url, options)?.connect()
}

fn write(host: &dyn Host, path: &str, text: &str) -> Result<()> {
    let refused = |error: ground::host::HostError| Error::new("OSError", error.to_string());
    if let Some((folder, _)) = path.rsplit_once('/') {
        host.create_directories(folder).map_err(refused)?;
    }
    host.write(path, text.as_bytes()).map_err(refused)
}

/// Does what an action says; for a command, `console` runs it, and its outcome is given back.
///
/// # Errors
/// Where a file can't be written, or the text to be replaced is not there exactly once.
pub fn play(
    host: &dyn Host,
    action: &Action,
    console: &mut dyn FnMut(&str) -> CommandOutcome,
) -> Result<Option<CommandOutcome>> {
    match action {
        Action::Write { path, text } => {
            write(host, &existing(host, path)?, text)?;
            Ok(None)
        }
        Action::Replace { path, old, new } => {
            let path = existing(host, path)?;
            let bytes = host
                .read(&path)
                .map_err(|error| Error::new("OSError", error.to_string()))?;
            let text = String::from_utf8_lossy(&bytes);
            match text.matches(old.as_str()).count() {
                1 => write(host, &path, &text.replacen(old.as_str(), new, 1))?,
                0 => {
                    let message = format!("{path} does not have the text to be replaced:\n{old}");
                    return Err(Error::command(message));
                }
                times => {
                    let message =
                        format!("{path} has the text to be replaced {times} times:\n{old}");
                    return Err(Error::command(message));
                }
            }
            Ok(None)
        }
        Action::Run { line, .. } => Ok(Some(console(line))),
    }
}

/// The path that a path with a `*` stands for.
///
/// # Errors
/// Where no file or several files fit.
pub fn existing(host: &dyn Host, path: &str) -> Result<String> {
    if !path.contains('*') {
        return Ok(path.to_owned());
    }
    let mut found = fitting(host, path);
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Error::command(format!("No file fits {path}."))),
        (Some(_), more) => Err(Error::command(format!("{} files fit {path}.", more + 1))),
    }
}

/// The files that fit a path whose last part may hold a `*`.
pub(super) fn fitting(host: &dyn Host, path: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    let Some((start, end)) = name.split_once('*') else {
        let there = host.is_file(path);
        return there.then(|| path.to_owned()).into_iter().collect();
    };
    let names = host.list(folder).unwrap_or_default();
    names
        .into_iter()
        .filter(|name| {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        })
        .map(|name| match folder {
            "." => name,
            folder => format!("{folder}/{name}"),
        })
        .filter(|path| host.is_file(path))
        .collect()
}

/// The words of a console's line, without quotation marks.
pub fn console_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
