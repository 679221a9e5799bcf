//! Programs that are not available in the page: wrappers such as `uv run`, those whose work is already
//! done here, and the rest, with what to use instead.

use crate::console::program::{Command, inner, program_of, read, refused};
use crate::console::quote;

/// Programs that stand before another one, that install, and that a page has not.
pub(super) fn elsewhere(program: &str, rest: &[String]) -> Command {
    let first = rest.first().map_or("", String::as_str);
    let after = |count: usize, taking: &[&str]| {
        let words = inner(rest.get(count..).unwrap_or_default(), taking);
        if words.is_empty() {
            refused(format!(
                "{program} {first}: a command must follow, such as alembic current"
            ))
        } else {
            read(&words)
        }
    };
    match (program, first) {
        ("uv" | "poetry" | "pipenv" | "pdm" | "rye" | "pixi" | "hatch", "run") => {
            let words = inner(
                &rest[1..],
                &[
                    "--with",
                    "--python",
                    "-p",
                    "--env-file",
                    "--directory",
                    "--project",
                    "--extra",
                    "--group",
                    "-C",
                    "-e",
                ],
            );
            // hatch run dev:alembic
            match words.split_first() {
                Some((name, others)) if program == "hatch" && name.contains(':') => {
                    let name = name.rsplit(':').next().unwrap_or(name).to_owned();
                    read(
                        &std::iter::once(name)
                            .chain(others.iter().cloned())
                            .collect::<Vec<_>>(),
                    )
                }
                Some(_) => read(&words),
                None => after(1, &[]),
            }
        }
        ("uvx" | "pipx" | "dotenvx", _) => after(
            usize::from(first == "run"),
            &["--with", "--from", "--spec", "--python", "-f"],
        ),
        ("dotenv", _) => {
            let words = inner(rest, &["-f", "-q"]);
            match words.split_first() {
                Some((run, others)) if run == "run" => read(&inner(others, &[])),
                _ => refused("dotenv: dotenv run -- alembic … runs alembic"),
            }
        }
        ("docker" | "podman" | "docker-compose" | "podman-compose" | "nerdctl", _) => {
            docker(program, rest)
        }
        ("kubectl" | "oc", "exec") => match rest.iter().position(|word| word == "--") {
            Some(position) => read(&rest[position + 1..]),
            None => refused(format!("{program} exec: write -- before the command")),
        },
        ("heroku" | "railway" | "flyctl" | "fly" | "render", "run") => {
            after(1, &["-a", "--app", "-s", "-e"])
        }
        ("conda" | "mamba" | "micromamba", "run") => after(1, &["-n", "--name", "-p"]),
        ("source" | ".", _) => {
            let file = program_of(first).to_ascii_lowercase();
            if file.starts_with("activate") {
                activated()
            } else {
                refused(format!(
                    "{program}: {first} can't run here; export NAME=value sets a variable"
                ))
            }
        }
        (
            "Activate.ps1" | "activate" | "activate.bat" | "activate.ps1" | "deactivate" | "workon"
            | "virtualenv" | "pyenv" | "asdf" | "nvm",
            _,
        ) => activated(),
        ("conda" | "mamba", "activate" | "deactivate" | "create") => activated(),
        (
            "uv" | "poetry" | "pipenv" | "pdm",
            "venv" | "shell" | "env" | "self" | "python" | "lock" | "init",
        ) => activated(),
        ("pip" | "pip3", "install") => install(program, &rest[1..]),
        ("uv", "pip") if rest.get(1).is_some_and(|word| word == "install") => {
            install("uv pip", &rest[2..])
        }
        ("uv" | "poetry" | "pdm" | "pipenv" | "rye", "add" | "install" | "sync" | "update")
        | ("conda" | "mamba", "install") => install(program, &rest[1..]),
        ("pip" | "pip3" | "uv" | "poetry" | "pdm" | "pipenv" | "rye" | "conda" | "mamba", _) => {
            refused(format!(
                "{program}: packages can't be managed here; alembic, SQLAlchemy and SQLModel are built in"
            ))
        }
        ("flask", "db") => super::script("flask", rest),
        (
            "pg_dump" | "pg_restore" | "createdb" | "dropdb" | "pg_ctl" | "mysql" | "mysqldump"
            | "mariadb" | "mongosh" | "sqlcmd" | "redis-cli",
            _,
        ) => database(program, rest),
        ("git" | "gh" | "hg" | "svn", _) => refused(format!(
            "{program}: no version control here; History, at the top of the page, keeps every state"
        )),
        (
            "pytest" | "tox" | "nox" | "unittest" | "mypy" | "ruff" | "black" | "isort" | "flake8"
            | "pylint" | "pre-commit" | "pyright",
            _,
        ) => refused(format!(
            "{program}: no Python here to run it; alembic check compares models and database"
        )),
        (
            "uvicorn" | "gunicorn" | "flask" | "fastapi" | "django-admin" | "celery" | "streamlit"
            | "hypercorn" | "npm" | "npx" | "yarn" | "pnpm" | "node" | "cargo" | "go",
            _,
        ) => refused(format!(
            "{program}: applications don't run in this page, only their models and migrations"
        )),
        (
            "apt" | "apt-get" | "brew" | "dnf" | "yum" | "apk" | "choco" | "winget" | "pacman"
            | "snap",
            _,
        ) => refused(format!(
            "{program}: nothing to install; alembic is built in"
        )),
        (
            "curl" | "wget" | "ssh" | "scp" | "rsync" | "ping" | "systemctl" | "service" | "nc",
            _,
        ) => refused(format!(
            "{program}: no network access; this console works on the project's files"
        )),
        (
            "chmod" | "chown" | "ln" | "ps" | "kill" | "top" | "df" | "du" | "uname" | "whoami"
            | "date" | "stat" | "file",
            _,
        ) => refused(format!(
            "{program}: not available in this console; help lists what is"
        )),
        ("sed" | "awk" | "perl" | "xargs" | "cut" | "tr" | "diff" | "patch" | "jq", _) => {
            refused(format!(
                "{program}: not available in this console; edit FILE opens a file in the editor"
            ))
        }
        ("bash" | "just" | "task" | "invoke" | "inv" | "fab", _) => refused(format!(
            "{program}: not available in this console; make runs a Makefile's targets, and you can type alembic's commands directly"
        )),
        _ => refused(format!(
            "{program}: command not found; help lists what there is"
        )),
    }
}

pub(super) fn activated() -> Command {
    Command::Note("limbeck: no environment to create or activate: alembic is built in".to_owned())
}

fn docker(program: &str, rest: &[String]) -> Command {
    let compose = program.ends_with("-compose");
    let mut words = inner(
        rest,
        &[
            "-f",
            "--file",
            "-p",
            "--project-name",
            "--env-file",
            "--profile",
            "-H",
        ],
    );
    if !compose && words.first().is_some_and(|word| word == "compose") {
        words = inner(
            &words[1..],
            &[
                "-f",
                "--file",
                "-p",
                "--project-name",
                "--env-file",
                "--profile",
            ],
        );
    } else if !compose
        && !words
            .first()
            .is_some_and(|word| word == "exec" || word == "run")
    {
        return refused(format!(
            "{program}: no containers here; the database is a file, and you can run alembic directly"
        ));
    }
    match words.first().map_or("", String::as_str) {
        "exec" | "run" => {
            let inside = inner(
                &words[1..],
                &[
                    "-e",
                    "--env",
                    "-u",
                    "--user",
                    "-w",
                    "--workdir",
                    "--index",
                    "--name",
                    "-v",
                    "--volume",
                    "-p",
                    "--network",
                    "--entrypoint",
                ],
            );
            match inside.get(1..) {
                Some(command) if !command.is_empty() => read(command),
                _ => refused(format!(
                    "{program}: a command must follow the service, such as alembic current"
                )),
            }
        }
        "up" | "start" | "build" | "pull" | "down" | "stop" | "restart" => Command::Note(
            "limbeck: no containers to start or stop: the database is a file in this page"
                .to_owned(),
        ),
        _ => refused(format!(
            "{program}: no containers here; the database is a file, and you can run alembic directly"
        )),
    }
}

fn install(program: &str, rest: &[String]) -> Command {
    let mut unknown = Vec::new();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        if matches!(
            word.as_str(),
            "-r" | "-e" | "-c" | "--requirement" | "--editable" | "--group" | "--extra"
        ) {
            words.next();
            continue;
        }
        let name = word
            .split(['=', '<', '>', '~', '!', '[', '@', ';'])
            .next()
            .unwrap_or(word)
            .to_ascii_lowercase()
            .replace('_', "-");
        let here = matches!(
            name.as_str(),
            "alembic"
                | "sqlalchemy"
                | "sqlmodel"
                | "mako"
                | "pip"
                | "setuptools"
                | "wheel"
                | "."
                | "aiosqlite"
                | "flask-sqlalchemy"
                | "psycopg"
                | "psycopg2"
                | "psycopg2-binary"
                | "asyncpg"
                | "pymysql"
                | "mysqlclient"
                | "aiomysql"
                | "asyncmy"
        );
        if !here && !word.starts_with('-') && !name.is_empty() {
            unknown.push(word.clone());
        }
    }
    if unknown.is_empty() {
        Command::Note("limbeck: nothing to install: alembic 1.20.1, SQLAlchemy 2.1.9 and SQLModel 0.0.50 are built in, with SQLite".to_owned())
    } else {
        refused(format!(
            "{program}: nothing can be installed here; importing {} is fine as long as no migration depends on it",
            unknown.join(", ")
        ))
    }
}

fn database(program: &str, rest: &[String]) -> Command {
    let sql = rest
        .iter()
        .position(|word| word == "-c" || word == "-e" || word == "--command")
        .and_then(|position| rest.get(position + 1));
    refused(match sql {
        Some(sql) => format!(
            "{program}: no server here; the equivalent in SQLite: sqlite3 FILE {}",
            quote(sql)
        ),
        None => format!(
            "{program}: no server here; sqlite3 FILE \"SQL\" or the SQL box queries the database"
        ),
    })
}
