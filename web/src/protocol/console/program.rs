//! What a command line means here: Alembic, a shell's commands for files and texts, or a program that is
//! not available in the page, with what to use instead.

use std::collections::BTreeSet;

use super::syntax::is_name;

mod elsewhere;

use elsewhere::{activated, elsewhere};

/// A command whose words are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `alembic …`, `python -m alembic …` and whatever only says where to run it; `python FILE` and
    /// `flask db …`, whose words begin with `python` and `flask`.
    Alembic(Vec<String>),
    /// `limbeck review …` and the other commands that Limbeck has beside Alembic's, as its native program does.
    Limbeck(Vec<String>),
    /// `cd [FOLDER]`.
    ChangeDirectory(Option<String>),
    /// `export NAME=value …`.
    Export(Vec<(String, String)>),
    /// `export` and `env` without a name.
    Environment,
    /// `env NAME=value command`.
    With(Vec<(String, String)>, Box<Command>),
    /// `unset NAME …`.
    Unset(Vec<String>),
    /// `pwd`.
    Where,
    /// `echo …` and `printf …`: what it prints.
    Echo(String),
    /// A word for files.
    Files(FileCommand, Flags, Vec<String>),
    /// A word that reads text: files, or what is piped into it.
    Text(TextCommand, Flags, Vec<String>),
    /// `sqlite3 …`.
    Sqlite(Vec<String>),
    /// `psql …`.
    Psql(Vec<String>),
    /// `make …`.
    Make(Vec<String>),
    /// `sh -c "…"`: a line to run.
    Line(String),
    /// `vim FILE`, `code FILE`: opens it in the page's editor.
    Edit(Vec<String>),
    /// `which NAME …`.
    Which(Vec<String>),
    /// `history`.
    History,
    /// `clear`.
    Clear,
    /// `help`.
    Help,
    /// What there is no need to do here; the line that says so.
    Note(String),
    /// What this console can't: the one line that says so and what to do instead, and the status.
    Refused(String, i32),
    /// `true`, `exit 3`: a status and no more.
    Status(i32),
}

/// A word for files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCommand {
    /// `ls`.
    List,
    /// `tree`.
    Tree,
    /// `find`.
    Find,
    /// `rm`.
    Remove,
    /// `rmdir`.
    RemoveFolder,
    /// `mkdir`.
    MakeFolder,
    /// `mv`.
    Move,
    /// `cp`.
    Copy,
    /// `touch`.
    Touch,
}

/// A word that reads text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextCommand {
    /// `cat`.
    Print,
    /// `head`.
    Head,
    /// `tail`.
    Tail,
    /// `grep`.
    Grep,
    /// `wc`.
    Count,
    /// `sort`.
    Sort,
    /// `tee`.
    Tee,
}

/// Single-letter options.
pub type Flags = BTreeSet<char>;

/// Limbeck's own commands, in alphabetical order.
pub const OWN: &[&str] = &["rebase", "review", "squash", "test"];

/// The names that the console knows, for `help`, `which` and completion.
pub const COMMANDS: &[(&str, &str)] = &[
    (
        "alembic COMMAND",
        "Alembic's own command line; alembic --help lists it",
    ),
    (
        "cat FILE",
        "print a file; also head, tail, grep, wc and sort",
    ),
    ("cd [FOLDER]", "change the current folder"),
    ("clear", "empty the console"),
    ("cp FROM TO", "copy files; -r copies a folder"),
    (
        "echo TEXT",
        "print text; > FILE writes it, >> FILE appends it",
    ),
    (
        "edit FILE",
        "open a file in the page's editor; also vim, nano and code",
    ),
    ("env", "list the environment variables"),
    (
        "export NAME=value",
        "set an environment variable for env.py",
    ),
    (
        "find [FOLDER]",
        "list files and folders recursively; -name PATTERN filters",
    ),
    ("head FILE", ""),
    ("tail FILE", ""),
    ("grep WORD FILE", ""),
    ("wc FILE", ""),
    ("sort FILE", ""),
    ("tee FILE", ""),
    ("tree [FOLDER]", ""),
    ("help", "this list"),
    ("history", "list previous commands"),
    (
        "limbeck COMMAND",
        "review, rebase, squash or test; limbeck squash --help explains one",
    ),
    ("ls [FOLDER]", "list a folder; also tree"),
    ("make TARGET", "run a target of the Makefile"),
    (
        "mkdir FOLDER",
        "create a folder; -p also creates its parents",
    ),
    ("mv FROM TO", "move or rename"),
    ("psql -c SQL", "run SQL in a database of PostgreSQL"),
    ("pwd", "where you are"),
    ("python -m alembic", "the same as alembic"),
    ("python FILE", "run a script of the project"),
    ("flask db", "Flask-Migrate's commands"),
    (
        "rm FILE",
        "remove files; -r removes a folder; History undoes it",
    ),
    ("rmdir FOLDER", ""),
    ("sqlite3 FILE SQL", "run SQL; also .tables and .schema"),
    ("touch FILE", "create an empty file"),
    ("unset NAME", "remove an environment variable"),
    ("which NAME", "say what a command is"),
];

/// What `help` prints.
pub fn help() -> String {
    let mut text = String::new();
    for (name, what) in COMMANDS.iter().filter(|(_, what)| !what.is_empty()) {
        text.push_str(&format!("{name:<20} {what}\n"));
    }
    text.push_str(
        "\nTab completes, the arrow keys recall previous lines, Ctrl+C stops, Ctrl+L clears.\n\
         Join commands with && || ; and |; > FILE saves the output of one.\n",
    );
    text
}

/// Databases' servers, by the scheme of their URLs, with the drivers that are asynchronous.
const SERVERS: &[(&str, &str)] = &[
    ("postgresql", "PostgreSQL"),
    ("postgres", "PostgreSQL"),
    ("cockroachdb", "CockroachDB"),
    ("mysql", "MySQL"),
    ("mariadb", "MariaDB"),
    ("oracle", "Oracle"),
    ("mssql", "SQL Server"),
    ("redshift", "Redshift"),
    ("snowflake", "Snowflake"),
];

/// For the URL of a database server: the server's name, and the scheme of a SQLite URL that can
/// stand in for it.
pub fn server_of(url: &str) -> Option<(&'static str, &'static str)> {
    let (scheme, _) = url.split_once("://")?;
    let (server, driver) = scheme.split_once('+').unwrap_or((scheme, ""));
    let name = SERVERS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(server))?
        .1;
    let asynchronous =
        ["async", "aio"].iter().any(|mark| driver.contains(mark)) || driver == "psycopg_async";
    Some((
        name,
        if asynchronous {
            "sqlite+aiosqlite"
        } else {
            "sqlite"
        },
    ))
}

/// `NAME=value` as a pair.
pub fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then(|| (name.to_owned(), value.to_owned()))
}

fn refused(message: impl Into<String>) -> Command {
    Command::Refused(message.into(), 127)
}

/// Splits options of one letter from the rest; `taking` are those with a value, which is left out
/// of both and given as a third.
fn options(
    program: &str,
    words: &[String],
    allowed: &str,
    long: &[(&str, char)],
) -> Result<(Flags, Vec<String>), Command> {
    let mut flags = Flags::new();
    let mut rest = Vec::new();
    let mut ended = false;
    for word in words {
        if ended || word == "-" || !word.starts_with('-') {
            rest.push(word.clone());
        } else if word == "--" {
            ended = true;
        } else if let Some(name) = word.strip_prefix("--") {
            match long.iter().find(|(known, _)| *known == name) {
                Some((_, flag)) => {
                    flags.insert(*flag);
                }
                None => {
                    return Err(Command::Refused(
                        format!("{program}: unrecognized option '{word}'"),
                        2,
                    ));
                }
            }
        } else {
            for flag in word.chars().skip(1) {
                if !allowed.contains(flag) {
                    return Err(Command::Refused(
                        format!("{program}: invalid option -- '{flag}'"),
                        2,
                    ));
                }
                flags.insert(flag);
            }
        }
    }
    Ok((flags, rest))
}

fn files(
    what: FileCommand,
    program: &str,
    words: &[String],
    allowed: &str,
    long: &[(&str, char)],
    least: usize,
) -> Command {
    match options(program, words, allowed, long) {
        Ok((_, rest)) if rest.len() < least => Command::Refused(
            format!(
                "{program}: missing {}",
                if rest.is_empty() {
                    "operand"
                } else {
                    "destination"
                }
            ),
            1,
        ),
        Ok((flags, rest)) => Command::Files(what, flags, rest),
        Err(command) => command,
    }
}

fn text(what: TextCommand, program: &str, words: &[String], allowed: &str) -> Command {
    match options(program, words, allowed, &[]) {
        Ok((flags, rest)) => Command::Text(what, flags, rest),
        Err(command) => command,
    }
}

/// `head -20`, `head -n 20`: the number goes first among the words.
fn counted(what: TextCommand, words: &[String]) -> Command {
    let mut number = "10".to_owned();
    let mut rest = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "-n" {
            number = words.next().cloned().unwrap_or_default();
        } else if let Some(value) = word
            .strip_prefix("-n")
            .or_else(|| word.strip_prefix("--lines="))
            .or_else(|| word.strip_prefix('-'))
            .filter(|value| !value.is_empty())
        {
            number = value.to_owned();
        } else {
            rest.push(word.clone());
        }
    }
    if number.trim_start_matches('+').parse::<usize>().is_err() {
        return Command::Refused(format!("invalid number of lines: '{number}'"), 1);
    }
    rest.insert(0, number);
    Command::Text(what, Flags::new(), rest)
}

/// What follows a program that only says where or how another one runs: its own options are left
/// out. `taking` are the options with a value.
fn inner(words: &[String], taking: &[&str]) -> Vec<String> {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        if first == "--" {
            return after.to_vec();
        }
        if !first.starts_with('-') {
            break;
        }
        rest = if taking.contains(&first.as_str()) {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    rest.to_vec()
}

/// The program that a word names: without folder and `.exe`.
pub fn program_of(word: &str) -> &str {
    let program = word.rsplit(['/', '\\']).next().unwrap_or(word);
    program.strip_suffix(".exe").unwrap_or(program)
}

/// Reads a command's words.
pub fn read(words: &[String]) -> Command {
    let Some((name, rest)) = words.split_first() else {
        return Command::Status(0);
    };
    if let Some(pair) = name.strip_prefix("$env:") {
        let whole = std::iter::once(pair.to_owned())
            .chain(rest.iter().cloned())
            .collect::<String>();
        return match assignment(&whole) {
            Some(pair) => Command::Export(vec![pair]),
            None => Command::Refused("write $env:NAME = \"value\"".to_owned(), 2),
        };
    }
    let program = program_of(name);
    match program {
        "limbeck"
            if rest
                .first()
                .is_some_and(|verb| OWN.contains(&verb.as_str())) =>
        {
            Command::Limbeck(rest.to_vec())
        }
        "alembic" | "limbeck" => Command::Alembic(rest.to_vec()),
        _ if program == "py" || program.starts_with("python") => python(program, rest),
        "cd" | "chdir" | "pushd" => {
            Command::ChangeDirectory(rest.iter().find(|word| *word != "--").cloned())
        }
        "export" | "declare" | "setenv" => export(program, rest),
        "set" if rest.is_empty() => Command::Environment,
        "set" => match rest.first().and_then(|word| assignment(word)) {
            Some(_) => export(program, rest),
            None => Command::Note("limbeck: set -… has nothing to change here".to_owned()),
        },
        "env" | "printenv" => environment(rest),
        "unset" => Command::Unset(rest.to_vec()),
        "pwd" => Command::Where,
        "echo" => echo(rest),
        "printf" => printf(rest),
        "ls" | "dir" | "ll" => files(
            FileCommand::List,
            program,
            rest,
            "lahAR1FtrSp",
            &[("all", 'a'), ("recursive", 'R')],
            0,
        ),
        "tree" => files(FileCommand::Tree, program, rest, "a", &[], 0),
        "find" => Command::Files(FileCommand::Find, Flags::new(), rest.to_vec()),
        "rm" | "del" | "unlink" => {
            let force = rest.iter().any(|word| {
                word == "--force"
                    || (word.starts_with('-') && !word.starts_with("--") && word.contains('f'))
            });
            files(
                FileCommand::Remove,
                program,
                rest,
                "rRfvid",
                &[
                    ("recursive", 'r'),
                    ("force", 'f'),
                    ("verbose", 'v'),
                    ("dir", 'd'),
                ],
                usize::from(!force),
            )
        }
        "rmdir" | "rd" => files(FileCommand::RemoveFolder, program, rest, "pv", &[], 1),
        "mkdir" | "md" => files(
            FileCommand::MakeFolder,
            program,
            rest,
            "pv",
            &[("parents", 'p'), ("verbose", 'v')],
            1,
        ),
        "mv" | "move" | "ren" => files(
            FileCommand::Move,
            program,
            rest,
            "fniv",
            &[("force", 'f'), ("no-clobber", 'n')],
            2,
        ),
        "cp" | "copy" => files(
            FileCommand::Copy,
            program,
            rest,
            "rRafnipv",
            &[("recursive", 'r'), ("force", 'f'), ("no-clobber", 'n')],
            2,
        ),
        "touch" => files(FileCommand::Touch, program, rest, "acm", &[], 1),
        "cat" | "type" | "less" | "more" | "bat" => text(TextCommand::Print, program, rest, "nAeu"),
        "head" => counted(TextCommand::Head, rest),
        "tail" => counted(TextCommand::Tail, rest),
        "grep" | "egrep" | "rg" | "findstr" => match options(program, rest, "invclrRnEFHhsqw", &[])
        {
            Ok((_, rest)) if rest.is_empty() => {
                Command::Refused(format!("{program}: the search pattern is missing"), 2)
            }
            Ok((flags, rest)) => Command::Text(TextCommand::Grep, flags, rest),
            Err(command) => command,
        },
        "wc" => text(TextCommand::Count, program, rest, "lwcm"),
        "sort" => text(TextCommand::Sort, program, rest, "rnu"),
        "uniq" => Command::Text(TextCommand::Sort, Flags::from(['u', 'k']), rest.to_vec()),
        "tee" => text(TextCommand::Tee, program, rest, "a"),
        "sqlite3" | "sqlite" => Command::Sqlite(rest.to_vec()),
        "psql" => Command::Psql(rest.to_vec()),
        "make" | "gmake" => Command::Make(rest.to_vec()),
        "sh" | "bash" | "zsh" => match rest {
            [flag, line, ..] if flag.starts_with('-') && flag.ends_with('c') => {
                Command::Line(line.clone())
            }
            [] => Command::Note(format!("{program}: this console is the shell")),
            [file, ..] => refused(format!(
                "{program}: scripts can't run here; cat {file} shows its commands, which you can paste into the console together"
            )),
        },
        "vim" | "vi" | "nvim" | "nano" | "emacs" | "code" | "edit" | "open" | "notepad"
        | "subl" | "pycharm" => {
            let paths: Vec<String> = rest
                .iter()
                .filter(|word| !word.starts_with(['-', '+']))
                .cloned()
                .collect();
            if paths.is_empty() {
                Command::Refused(format!("{program}: name a file to open in the editor"), 2)
            } else {
                Command::Edit(paths)
            }
        }
        "which" | "where" | "whereis" => Command::Which(rest.to_vec()),
        "command" if rest.first().is_some_and(|word| word == "-v") => {
            Command::Which(rest[1..].to_vec())
        }
        "history" => Command::History,
        "clear" | "cls" | "reset" => Command::Clear,
        "help" | "man" | "?" => Command::Help,
        "true" | ":" | "popd" | "wait" | "sleep" => Command::Status(0),
        "false" => Command::Status(1),
        "exit" | "logout" => Command::Note("limbeck: this console stays open".to_owned()),
        "exec" | "command" | "nohup" | "time" | "builtin" | "then" | "winpty" => read(rest),
        "sudo" | "doas" => read(&inner(rest, &["-u", "-g"])),
        "nice" | "timeout" | "ionice" => read(&after_number(rest)),
        _ => elsewhere(program, rest),
    }
}

fn after_number(words: &[String]) -> Vec<String> {
    let rest = inner(words, &["-n", "-k", "-s", "-c"]);
    let number = rest
        .first()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    rest[usize::from(number)..].to_vec()
}

fn python(program: &str, rest: &[String]) -> Command {
    let mut rest = rest;
    // py -3.11 -m alembic, python -W ignore -m alembic
    while let Some((first, after)) = rest.split_first() {
        rest = match first.as_str() {
            "-W" | "-X" => after.get(1..).unwrap_or_default(),
            "-u" | "-B" | "-O" | "-E" | "-s" | "-I" => after,
            flag if flag.starts_with('-')
                && flag[1..].starts_with(|c: char| c.is_ascii_digit()) =>
            {
                after
            }
            _ => break,
        };
    }
    match rest {
        [flag, module, rest @ ..] if flag == "-m" => match module.as_str() {
            "alembic" | "alembic.config" => Command::Alembic(rest.to_vec()),
            "venv" | "virtualenv" => activated(),
            "pip" | "flask" | "pytest" | "uvicorn" | "mypy" | "ruff" | "black" => {
                let words: Vec<String> = std::iter::once(module.clone())
                    .chain(rest.iter().cloned())
                    .collect();
                read(&words)
            }
            module => refused(format!(
                "{program}: no Python here to run {module}; python -m alembic works"
            )),
        },
        [] => refused(format!(
            "{program}: no interactive Python here; edit models and migrations above; python -m alembic works"
        )),
        // A script of the project's own runs in the interpreter that runs env.py.
        [file, ..] if file.ends_with(".py") => script("python", rest),
        [flag, _, ..] if flag == "-c" => script("python", rest),
        _ => refused(format!(
            "{program}: no Python here; python -m alembic works, and sqlite3 FILE \"SQL\" queries a database"
        )),
    }
}

/// What the engine runs besides Alembic's command line: `python FILE`, `flask db …`.
fn script(program: &str, rest: &[String]) -> Command {
    let words = std::iter::once(program.to_owned()).chain(rest.iter().cloned());
    Command::Alembic(words.collect())
}

fn export(program: &str, rest: &[String]) -> Command {
    let words: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-')).collect();
    if words.is_empty() {
        return Command::Environment;
    }
    let mut pairs = Vec::new();
    for word in words {
        match assignment(word) {
            Some(pair) => pairs.push(pair),
            // `export NAME` passes on what is set already; all that is set is passed on here.
            None if is_name(word) => {}
            None => {
                return Command::Refused(
                    format!(
                        "{program}: '{word}': not a valid identifier; write {program} NAME=value"
                    ),
                    1,
                );
            }
        }
    }
    Command::Export(pairs)
}

fn environment(rest: &[String]) -> Command {
    let rest = inner(rest, &["-u"]);
    let pairs: Vec<(String, String)> = rest.iter().map_while(|word| assignment(word)).collect();
    match rest.get(pairs.len()..) {
        Some(words) if !words.is_empty() => match words {
            [name] if is_name(name) && name.chars().all(|c| c.is_ascii_uppercase() || c == '_') => {
                Command::Line(format!("echo \"${name}\""))
            }
            words => Command::With(pairs, Box::new(read(words))),
        },
        _ => Command::Environment,
    }
}

fn echo(rest: &[String]) -> Command {
    let mut end = "\n";
    let mut escapes = false;
    let mut words = rest;
    while let Some((first, after)) = words.split_first() {
        match first.as_str() {
            "-n" => end = "",
            "-e" => escapes = true,
            "-ne" | "-en" => (end, escapes) = ("", true),
            _ => break,
        }
        words = after;
    }
    let text = words.join(" ");
    let text = if escapes { unescape(&text) } else { text };
    Command::Echo(format!("{text}{end}"))
}

fn printf(rest: &[String]) -> Command {
    let Some((format, arguments)) = rest.split_first() else {
        return Command::Refused("printf: usage: printf FORMAT [WORD …]".to_owned(), 2);
    };
    let mut arguments = arguments.iter();
    let mut text = String::new();
    let mut rest = format.as_str();
    while let Some(position) = rest.find('%') {
        text.push_str(&rest[..position]);
        rest = &rest[position + 1..];
        match rest.chars().next() {
            Some('%') => text.push('%'),
            Some('s' | 'd') => text.push_str(arguments.next().map_or("", String::as_str)),
            _ => {
                return Command::Refused("printf: only %s and %d are supported here".to_owned(), 1);
            }
        }
        rest = &rest[1..];
    }
    text.push_str(rest);
    Command::Echo(unescape(&text))
}

fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => result.push('\n'),
            Some('t') => result.push('\t'),
            Some('\\') => result.push('\\'),
            Some(other) => result.extend(['\\', other]),
            None => result.push('\\'),
        }
    }
    result
}

#[cfg(test)]
mod tests;
