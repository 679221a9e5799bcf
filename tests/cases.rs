//! The documents in `tests/cases`: what a person types, and what the program answers.
//!
//! A document is Markdown. These fenced blocks mean something, in their order:
//!
//! - ` ```file PATH ` writes a file;
//! - ` ```console ` holds lines `$ command` with what they print: standard output, then standard
//!   error with `! ` before each line, then `[exit N]` where N is not 0. `NAME=value` before a command
//!   is a variable of that one. Besides `alembic …` there are `python -m alembic …`, `python FILE …`
//!   (a script of the project's own), `flask …` (with Flask-Migrate's `flask db`), `export NAME=value`, `cat PATH`, `ls PATH`, `rm PATH`,
//!   `replace PATH OLD NEW`, `schema DATABASE` (the text that SQLite keeps, sorted) and
//!   `sql DATABASE STATEMENT`.
//!
//! In a block ` ```console unordered ` the lines that a command prints, and the words of a line, may
//! come in any order: Alembic takes those from a set.
//!
//! Ids that a command drew at random stand as `<rev1>`, `<rev2>`, … in the order in which they were
//! made; a command line may name them so.
//!
//! Each document is run by `limbeck` and, if it is at hand, by real Alembic; both must answer what
//! is written. `make cases` writes down what real Alembic answers. A document whose first line says
//! `<!-- limbeck only: reason -->` shows something that the reference does otherwise, and is not
//! asked of it.
//!
//! A document that says `<!-- on PostgreSQL -->` in its first lines runs on the server that
//! LIMBECK_POSTGRESQL names: `127.0.0.1:5432` in it is that server, whose only database is `app`,
//! empty, and whose superuser `postgres` has no password. `schema app` is then what pg_dump writes,
//! and `sql app STATEMENT` goes through psql.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::postgresql::Server;
use support::{Answer, Oracle, comparable, limbeck, query, schema};

/// What a document on a server says.
const ON_SERVER: &str = "<!-- on PostgreSQL -->";

#[derive(Debug)]
enum Block {
    Prose(String),
    File { path: String, text: String },
    Console { info: String, lines: Vec<String> },
}

fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").map(str::trim) else {
            prose.push_str(line);
            prose.push('\n');
            continue;
        };
        blocks.push(Block::Prose(std::mem::take(&mut prose)));
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(path) = info.strip_prefix("file ") {
            let mut text = body.join("\n");
            text.push('\n');
            blocks.push(Block::File {
                path: path.to_owned(),
                text,
            });
        } else if info == "console" || info == "console unordered" {
            blocks.push(Block::Console {
                info: info.to_owned(),
                lines: body
                    .iter()
                    .filter_map(|line| line.strip_prefix("$ "))
                    .map(str::to_owned)
                    .collect(),
            });
        } else {
            panic!("a block of no known kind: ```{info}");
        }
    }
    blocks.push(Block::Prose(prose));
    blocks
}

/// The words of a command line, with `'…'` and `"…"` taken off.
fn words(line: &str) -> Vec<String> {
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

/// The ids drawn at random in a folder so far, oldest first.
#[derive(Default)]
struct DrawnIds(Vec<String>);

impl DrawnIds {
    /// Finds the ids that the last command drew: those of the revision files not yet known.
    fn look(&mut self, folder: &Path) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("an entry").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                self.look(&path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                let id = text
                    .lines()
                    .find_map(|line| line.strip_prefix("Revision ID: "));
                if let Some(id) = id.map(str::trim)
                    && id.len() == 12
                    && id
                        .bytes()
                        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
                    && !self.0.iter().any(|known| known == id)
                {
                    self.0.push(id.to_owned());
                }
            }
        }
    }

    fn hidden(&self, text: &str) -> String {
        self.0
            .iter()
            .enumerate()
            .fold(text.to_owned(), |text, (at, id)| {
                text.replace(id.as_str(), &format!("<rev{}>", at + 1))
            })
    }

    fn shown(&self, text: &str) -> String {
        self.0
            .iter()
            .enumerate()
            .fold(text.to_owned(), |text, (at, id)| {
                text.replace(&format!("<rev{}>", at + 1), id)
            })
    }
}

enum Program<'a> {
    Limbeck,
    Alembic(&'a mut Oracle),
}

fn command(
    line: &str,
    directory: &Path,
    environment: &mut Vec<(String, String)>,
    program: &mut Program<'_>,
    server: Option<&Server>,
) -> Answer {
    let words = words(line);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut own = environment.clone();
    while let Some((name, value)) = words.first().and_then(|word| word.split_once('='))
        && words.len() > 1
        && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
    {
        own.push((name.to_owned(), value.to_owned()));
        words.remove(0);
    }
    let mut answer = Answer {
        status: 0,
        stdout: String::new(),
        stderr: String::new(),
    };
    match words.as_slice() {
        ["alembic", argv @ ..] | ["python", "-m", "alembic", argv @ ..] => {
            let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
            answer = match program {
                Program::Limbeck => limbeck(directory, &argv, &own),
                Program::Alembic(oracle) => oracle.alembic(directory, &argv, &own),
            };
        }
        [verb @ ("python" | "flask"), argv @ ..] => {
            let mut argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
            answer = match program {
                Program::Limbeck => {
                    argv.insert(0, (*verb).to_owned());
                    limbeck(directory, &argv, &own)
                }
                Program::Alembic(oracle) => oracle.ask(directory, verb, &argv, &own),
            };
        }
        ["export", assignment] => {
            let (name, value) = assignment.split_once('=').expect("export NAME=value");
            environment.push((name.to_owned(), value.to_owned()));
        }
        ["cat", path] => {
            answer.stdout =
                fs::read_to_string(directory.join(path)).unwrap_or_else(|e| e.to_string());
        }
        ["ls", path] => {
            let mut names: Vec<String> = fs::read_dir(directory.join(path))
                .into_iter()
                .flatten()
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .filter(|name| name != "__pycache__")
                .collect();
            names.sort_by_key(|name| {
                (
                    name.starts_with(|c: char| c.is_ascii_hexdigit()),
                    name.clone(),
                )
            });
            for name in names {
                let _ = writeln!(answer.stdout, "{name}");
            }
        }
        ["rm", path] => {
            if let Err(error) = fs::remove_file(directory.join(path)) {
                answer.stderr = error.to_string();
            }
        }
        ["replace", path, old, new] => {
            let path = directory.join(path);
            let text = fs::read_to_string(&path).expect("the file to change");
            assert!(text.contains(old), "{line}: there is nothing to replace");
            fs::write(&path, text.replace(old, new)).expect("the file is written");
        }
        ["schema", database] => {
            answer.stdout = match server {
                Some(server) => server.schema(database),
                None => schema(&directory.join(database)),
            }
        }
        ["sql", database, statement] => {
            answer.stdout = match server {
                Some(server) => server.query(database, statement),
                None => query(&directory.join(database), statement),
            }
        }
        _ => panic!("no such command in a case: {line}"),
    }
    answer
}

/// Runs a document in a fresh folder and writes it again with what was answered.
fn answered(blocks: &[Block], program: &mut Program<'_>, server: Option<&Server>) -> String {
    if let Some(server) = server {
        server.clear();
    }
    let real = |text: String| server.map_or_else(|| text.clone(), |server| server.real(&text));
    let written = |text: &str| server.map_or_else(|| text.to_owned(), |s| s.written(text));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let directory = folder.path().canonicalize().expect("its real path");
    let mut environment = Vec::new();
    let mut drawn = DrawnIds::default();
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Prose(prose) => text.push_str(prose),
            Block::File { path, text: body } => {
                let whole = directory.join(path);
                fs::create_dir_all(whole.parent().expect("a file has a folder"))
                    .expect("its folder");
                fs::write(&whole, real(drawn.shown(body))).expect("the file is written");
                let _ = write!(text, "```file {path}\n{body}```\n");
            }
            Block::Console { info, lines } => {
                let _ = writeln!(text, "```{info}");
                for line in lines {
                    let shown = real(drawn.shown(line));
                    let mut answer = command(&shown, &directory, &mut environment, program, server);
                    answer.stdout = written(&answer.stdout);
                    answer.stderr = written(&answer.stderr);
                    drawn.look(&directory);
                    let _ = writeln!(text, "$ {line}");
                    text.push_str(&drawn.hidden(&comparable(&answer.stdout, &directory)));
                    for line in drawn
                        .hidden(&comparable(&answer.stderr, &directory))
                        .lines()
                    {
                        text.push_str(format!("! {line}").trim_end());
                        text.push('\n');
                    }
                    if answer.status != 0 {
                        let _ = writeln!(text, "[exit {}]", answer.status);
                    }
                }
                text.push_str("```\n");
            }
        }
    }
    text
}

/// A document in which all that may come in any order stands in one.
fn canonical(text: &str) -> String {
    /// What Alembic says of each table of a set.
    const SEQUENCE: &str = "! INFO  [alembic.ddl.postgresql] Detected sequence named ";
    let mut lines: Vec<String> = canonical_blocks(text);
    for run in lines.chunk_by_mut(|a, b| a.starts_with(SEQUENCE) && b.starts_with(SEQUENCE)) {
        run.sort();
    }
    lines.join("\n")
}

/// The lines of a document, those of an unordered block in one order.
fn canonical_blocks(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut unordered: Option<Vec<String>> = None;
    for line in text.lines() {
        if let Some(answer) = &mut unordered
            && !line.starts_with("$ ")
            && line != "```"
        {
            let mut words: Vec<&str> = line
                .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
                .filter(|word| !word.is_empty())
                .collect();
            words.sort_unstable();
            answer.push(words.join(" "));
            continue;
        }
        if let Some(mut answer) = unordered.take() {
            answer.sort();
            lines.append(&mut answer);
            if line != "```" {
                unordered = Some(Vec::new());
            }
        } else if line == "```console unordered" {
            unordered = Some(Vec::new());
        }
        lines.push(line.to_owned());
    }
    lines
}

fn difference(name: &str, who: &str, expected: &str, found: &str) -> String {
    let mut text = format!("\n--- {name} (written down)\n+++ {name} ({who})\n");
    for hunk in similar::TextDiff::from_lines(expected, found)
        .unified_diff()
        .context_radius(3)
        .iter_hunks()
    {
        let _ = write!(text, "{hunk}");
    }
    text
}

#[test]
fn every_document_is_answered_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let rewrite = std::env::var_os("LIMBECK_REWRITE").is_some();
    let only = std::env::var("LIMBECK_CASE").ok();
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    let mut oracle = Oracle::start();
    let server = Server::named();
    let mut wrong = String::new();
    let (mut documents, mut commands) = (0, 0);
    for path in paths {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if only
            .as_ref()
            .is_some_and(|only| !name.contains(only.as_str()))
        {
            continue;
        }
        let mut expected = fs::read_to_string(&path).expect("a document");
        let blocks = parse(&expected);
        let own: usize = blocks
            .iter()
            .map(|block| match block {
                Block::Console { lines, .. } => lines.len(),
                _ => 0,
            })
            .sum();
        assert!(own > 0, "{name} runs no command");
        let on_server = expected.lines().take(2).any(|line| line == ON_SERVER);
        let server = match (on_server, &server) {
            (true, None) => continue,
            (true, Some(server)) => Some(server),
            (false, _) => None,
        };
        documents += 1;
        commands += own;
        let ours_alone = expected.starts_with("<!-- limbeck only:");
        if !ours_alone && let Some(oracle) = &mut oracle {
            let reference = answered(&blocks, &mut Program::Alembic(oracle), server);
            if rewrite && canonical(&reference) == canonical(&expected) {
                continue;
            } else if rewrite {
                fs::write(&path, &reference).expect("the document is rewritten");
                expected = reference;
            } else if canonical(&reference) != canonical(&expected) {
                wrong.push_str(&difference(&name, "real Alembic", &expected, &reference));
            }
        }
        if rewrite && !ours_alone && oracle.is_some() {
            continue;
        }
        let found = answered(&blocks, &mut Program::Limbeck, server);
        if rewrite {
            fs::write(&path, &found).expect("the document is rewritten");
        } else if canonical(&found) != canonical(&expected) {
            wrong.push_str(&difference(&name, "limbeck", &expected, &found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    match only {
        Some(only) => assert!(documents > 0, "no document has {only} in its name"),
        None => assert!(
            documents >= 56 && commands >= 1300,
            "only {documents} documents with {commands} commands were run"
        ),
    }
}
