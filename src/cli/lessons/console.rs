//! The console of a lesson that is played: the programs that solutions use, on a host.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::host::{Host, HostError};
use ground::run::Run;
use sqlalchemy::engine::make_url;

use crate::command;
use crate::lessons::{connect, console_words};

/// Runs a line on a host and returns its exit status; what it prints goes to the host.
///
/// Variables may stand before a program: `alembic`, `python`, `flask`, `limbeck`, `cat`, `ls`, `rm`,
/// `mv`, `cp`, `mkdir`, `sqlite3 FILE SQL` and `psql DATABASE -c SQL`.
pub fn run_line(host: &Rc<dyn Host>, line: &str) -> i32 {
    let run = Run::new(host.clone());
    let words = console_words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let owned =
        |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let done = match words.as_slice() {
        ["alembic", argv @ ..] | ["python" | "python3", "-m", "alembic", argv @ ..] => {
            return command::run(&run, &owned(argv));
        }
        ["python" | "flask", ..] => return command::run(&run, &owned(&words)),
        ["limbeck", argv @ ..] => return super::super::run(&run, &owned(argv)),
        ["cat", paths @ ..] => paths.iter().try_for_each(|path| {
            let text = host.read(path).map_err(|error| refused(&error))?;
            run.print(&String::from_utf8_lossy(&text));
            Ok(())
        }),
        ["ls", paths @ ..] => host
            .list(paths.first().unwrap_or(&"."))
            .map(|names| run.print(&format!("{}\n", names.join("\n"))))
            .map_err(|error| refused(&error)),
        ["rm", paths @ ..] => paths.iter().try_for_each(|path| {
            let path = crate::lessons::existing(&**host, path)?;
            host.remove(&path).map_err(|error| refused(&error))
        }),
        ["mkdir", path] => host
            .create_directories(path)
            .map_err(|error| refused(&error)),
        [verb @ ("mv" | "cp"), from, to] => {
            crate::lessons::existing(&**host, from).and_then(|from| {
                let contents = host.read(&from).map_err(|error| refused(&error))?;
                let to = if host.is_directory(to) {
                    format!("{to}/{}", from.rsplit('/').next().unwrap_or_default())
                } else {
                    (*to).to_owned()
                };
                host.write(&to, &contents)
                    .map_err(|error| refused(&error))?;
                match *verb {
                    "mv" => host.remove(&from).map_err(|error| refused(&error)),
                    _ => Ok(()),
                }
            })
        }
        ["sqlite3", file, sql] => query(&run, &format!("sqlite:///{file}"), sql),
        ["psql", database, "-c", sql] | ["psql", "-d", database, "-c", sql] => {
            query(&run, &format!("postgresql:///{database}"), sql)
        }
        [] => Ok(()),
        [program, ..] => Err(Error::command(format!(
            "{program}: there is no such program where lessons are played"
        ))),
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            run.warn(&format!("{}\n", error.message));
            1
        }
    }
}

fn refused(error: &HostError) -> Error {
    Error::new("OSError", error.to_string())
}

/// Runs statements and prints their rows as `sqlite3` does.
fn query(run: &Run, url: &str, sql: &str) -> Result<()> {
    let connection = connect(run, &make_url(url)?)?;
    let dbapi = connection.dbapi()?;
    let statements = driver::script::statements(sql);
    let done = statements.into_iter().try_for_each(|statement| {
        for row in dbapi.execute_text(statement.sql)?.rows {
            let cells: Vec<String> = row
                .iter()
                .map(|value| {
                    if value.is_null() {
                        String::new()
                    } else {
                        value.python_str()
                    }
                })
                .collect();
            run.print(&format!("{}\n", cells.join("|")));
        }
        Ok(())
    });
    connection.engine().dispose();
    driver::finish(&run.host).map_err(|error| Error::new("OSError", error.to_string()))?;
    done
}
