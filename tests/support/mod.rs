//! What the tests that run whole commands share: real Alembic kept warm, and texts made comparable.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod postgresql;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use limbeck::driver::sqlite::Sqlite;
use limbeck::driver::{ConnectArguments, Driver, Parameters, Value};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;

/// What a command answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The reference programs' Python, which `scripts/environment.sh` names; says so where it is not set.
pub fn oracle_python() -> Option<PathBuf> {
    let python = std::env::var_os("LIMBECK_ORACLE_PYTHON");
    if python.is_none() {
        not_asked(
            "LIMBECK_ORACLE_PYTHON is not set (make test sets it): recorded answers only, the real \
             programs are not asked",
        );
    }
    python.map(PathBuf::from)
}

/// Says that a test did less than it could, past the harness, which shows only what failing tests
/// print. On a build server, where CI is set, that is a failure.
pub fn not_asked(reason: &str) {
    assert!(std::env::var_os("CI").is_none(), "{reason}");
    // A standard error that is closed is no reason to fail.
    let _ = writeln!(std::io::stderr(), "note: {reason}");
}

/// The first lines at which two texts part.
pub fn first_difference(expected: &str, found: &str) -> String {
    let cut = |line: Option<&str>| match line {
        Some(line) => line.chars().take(300).collect(),
        None => "<end>".to_owned(),
    };
    let (mut a, mut b) = (expected.lines(), found.lines());
    for number in 1.. {
        let (a, b) = (a.next(), b.next());
        if a != b {
            let (a, b) = (cut(a), cut(b));
            return format!("line {number}:\n  is     {a}\n  should {b}");
        }
        if a.is_none() {
            break;
        }
    }
    String::new()
}

/// Real Alembic in one Python process that forks for each command.
pub struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts it, or says why there is none.
    pub fn start() -> Option<Oracle> {
        let python = oracle_python()?;
        let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/alembic_server.py");
        let mut child = Command::new(python)
            .arg(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the oracle's Python starts");
        let input = child.stdin.take().expect("its standard input is a pipe");
        let output = BufReader::new(child.stdout.take().expect("its standard output is a pipe"));
        Some(Oracle {
            child,
            input,
            output,
        })
    }

    /// Runs `alembic ARGV` in a folder.
    pub fn alembic(
        &mut self,
        directory: &Path,
        argv: &[String],
        environment: &[(String, String)],
    ) -> Answer {
        self.ask(directory, "argv", argv, environment)
    }

    /// Runs `python ARGV` or `flask ARGV` in a folder.
    pub fn ask(
        &mut self,
        directory: &Path,
        verb: &str,
        argv: &[String],
        environment: &[(String, String)],
    ) -> Answer {
        let environment: serde_json::Map<String, serde_json::Value> = environment
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        let request = serde_json::json!({
            "directory": directory, verb: argv, "environment": environment,
        });
        writeln!(self.input, "{request}").expect("the oracle listens");
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .expect("the oracle answers");
        let answer: serde_json::Value =
            serde_json::from_str(&line).expect("the oracle answers JSON");
        Answer {
            status: answer["status"].as_i64().expect("a status") as i32,
            stdout: answer["stdout"].as_str().expect("a text").to_owned(),
            stderr: answer["stderr"].as_str().expect("a text").to_owned(),
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the native program in a folder.
pub fn limbeck(directory: &Path, argv: &[String], environment: &[(String, String)]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_limbeck"))
        .args(argv)
        .current_dir(directory)
        .env_remove("COLUMNS")
        .env("COLUMNS", "80")
        .envs(environment.iter().cloned())
        .stdin(Stdio::null())
        .output()
        .expect("limbeck starts");
    Answer {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Every statement that a database file keeps of its schema, sorted by kind and name.
pub fn schema(database: &Path) -> String {
    query(
        database,
        "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name",
    )
}

/// The rows that a statement gives in a database file, a line each, and the file after it.
pub fn query(database: &Path, statement: &str) -> String {
    let host = Rc::new(MemoryHost::new("/"));
    if let Ok(image) = std::fs::read(database) {
        host.write("database", &image).expect("a file in memory");
    }
    let run = Run::new(host.clone());
    let arguments = ConnectArguments::new().with("database", "database");
    let connection = Sqlite.connect(&run, &arguments).expect("a database");
    let answer = connection.execute(statement, &Parameters::NONE);
    connection.commit().expect("a commit");
    connection.close();
    match answer {
        Ok(cursor) => {
            if cursor.description.is_none() {
                let image = host.read("database").expect("its bytes");
                std::fs::write(database, image).expect("the database is written");
            }
            cursor
                .rows
                .iter()
                .map(|row| {
                    let values: Vec<String> = row
                        .iter()
                        .map(|value| match value {
                            Value::Text(text) => text.to_string(),
                            value => value.python_repr(),
                        })
                        .collect();
                    format!("{}\n", values.join("|"))
                })
                .collect()
        }
        Err(error) => format!("{error}\n"),
    }
}

/// Takes out of an output what may differ from run to run or between the two programs: the folder,
/// the time, an object's address, the library's own place in a warning, and a traceback's markers and the frames outside
/// the project (COMPAT.md says why).
pub fn comparable(text: &str, directory: &Path) -> String {
    let text = text.replace(&*directory.to_string_lossy(), "/project");
    let mut lines: Vec<String> = Vec::new();
    let mut in_traceback = false;
    let mut keep_frame = false;
    let mut after_warning = false;
    for line in text.lines() {
        // `/…/library.py:12: UserWarning: text`, then that line of the library.
        if std::mem::take(&mut after_warning) && line.starts_with("  ") {
            continue;
        }
        if let Some((place, rest)) = line.split_once(": ")
            && place.contains(".py:")
            && !place.contains(' ')
            && rest
                .split(':')
                .next()
                .is_some_and(|word| word.ends_with("Warning"))
        {
            after_warning = true;
            lines.push(rest.to_owned());
            continue;
        }
        if line.starts_with("Traceback (most recent call last):") {
            in_traceback = true;
            keep_frame = false;
        } else if in_traceback && line.starts_with("  File \"") {
            keep_frame = line.starts_with("  File \"/project");
            if !keep_frame {
                continue;
            }
        } else if in_traceback && line.starts_with("  [Previous line repeated") && !keep_frame {
            continue;
        } else if in_traceback && line.starts_with("    ") {
            let is_marker = line.chars().all(|c| matches!(c, ' ' | '^' | '~'));
            if !keep_frame || is_marker {
                continue;
            }
        } else if in_traceback && !line.starts_with(' ') {
            in_traceback = false;
        }
        lines.push(comparable_line(line));
    }
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A file template may put revisions into folders of the year and the month: `…/2026/05/…` is `…/<year>/<month>/…`.
fn without_month(line: &str) -> String {
    let parts: Vec<&str> = line.split('/').collect();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut texts: Vec<String> = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let after_year = index > 0 && texts.last().is_some_and(|text| text == "<year>");
        let month = part.split(' ').next().unwrap_or_default();
        texts.push(
            if part.len() == 4 && part.starts_with("20") && is_number(part) && index > 0 {
                "<year>".to_owned()
            } else if after_year && month.len() == 2 && is_number(month) {
                part.replacen(month, "<month>", 1)
            } else {
                (*part).to_owned()
            },
        );
    }
    texts.join("/")
}

/// `Create Date: 2026-01-02 03:04:05.678901` becomes `Create Date: <now>`, and an object's address
/// `0x…`.
fn comparable_line(line: &str) -> String {
    // Alembic names a temporary file with a traceback; Limbeck says what the error is.
    if let Some(start) = line.find("Template rendering failed; ") {
        return format!("{}Template rendering failed; …", &line[..start]);
    }
    if let Some(start) = line.find("Create Date: 20") {
        return format!("{}Create Date: <now>", &line[..start]);
    }
    let line = &without_month(line);
    let mut parts = line.split(" at 0x");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(" at 0x…");
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    text
}
