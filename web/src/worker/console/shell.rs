//! Runs what is typed into the console: operators, pipes, redirections, variables, and the shell's
//! builtins.

use std::cell::RefCell;
use std::rc::Rc;

use limbeck::ground::host::{Host as _, HostError, Stream};
use protocol::Verb;
use protocol::console::program::{self, Command};
use protocol::console::syntax::{self, Joint, Redirection, Simple};

use super::expansion::{self, Surroundings};
use crate::engine;
use crate::explain::verb_of;
use crate::session::{RunObserver, Session};
use crate::workspace::{OutputListener, ROOT, WorkspaceHost, absolute};

/// How deep `make` and `sh -c` may run lines within lines.
const DEPTH: u32 = 16;

/// How many lines `history` remembers.
const LINES: usize = 500;

/// What the console knows from one line to the next.
#[derive(Clone, Default)]
pub struct Shell {
    /// The lines typed so far.
    lines: Vec<String>,
    /// Exit status of the last command.
    pub(crate) status: i32,
    /// The folder before the last `cd`.
    previous: Option<String>,
    /// How deep lines are nested.
    depth: u32,
    /// Whether the page should empty the console.
    pub(crate) clear: bool,
    /// The button that runs the command of Alembic that failed last.
    pub(crate) failed: Option<Verb>,
}

/// What words are expanded with.
struct Here<'a> {
    host: &'a WorkspaceHost,
    status: i32,
}

impl Surroundings for Here<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "PWD" => Some(self.host.current_directory()),
            "HOME" => Some(ROOT.to_owned()),
            name => self.host.environment(name),
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.host.list(folder).unwrap_or_default()
    }
}

/// Where a stream of a command goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    Through(Stream),
    Pipe,
    File(usize),
}

/// A file that a command's output goes to.
struct Output {
    path: String,
    append: bool,
}

impl Shell {
    /// Knows the lines of a console that was gone back to, with their exit status.
    pub(crate) fn follow<'a>(&mut self, lines: impl Iterator<Item = (&'a str, i32)>) {
        *self = Shell::default();
        for (line, status) in lines {
            self.lines.push(line.to_owned());
            self.status = status;
        }
    }
}

impl Session {
    pub(crate) fn say(&self, text: &str) {
        self.host.output(Stream::Stdout, text);
    }

    pub(crate) fn complain(&self, text: &str) -> i32 {
        self.host.output(Stream::Stderr, &format!("{text}\n"));
        1
    }

    /// Runs lines that a person typed, and remembers them.
    pub(crate) fn type_lines(&mut self, text: &str, watch: &Rc<RunObserver>) -> i32 {
        self.shell.clear = false;
        self.shell.failed = None;
        self.shell.depth = 0;
        let status = self.lines(text, watch, true);
        if !self.host.is_directory(&self.host.current_directory()) {
            *self.host.directory.borrow_mut() = ROOT.to_owned();
        }
        status
    }

    /// Runs lines; the status is the last one's.
    pub(crate) fn lines(&mut self, text: &str, watch: &Rc<RunObserver>, typed: bool) -> i32 {
        for line in syntax::lines(text) {
            if typed {
                self.shell.lines.push(line.text.clone());
                let surplus = self.shell.lines.len().saturating_sub(LINES);
                self.shell.lines.drain(..surplus);
            }
            match line.commands {
                Ok(commands) => self.joined(&commands, watch),
                Err(problem) => {
                    self.complain(&problem.message());
                    self.shell.status = 2;
                }
            }
        }
        self.shell.status
    }

    fn joined(&mut self, commands: &[Simple], watch: &Rc<RunObserver>) {
        let mut rest = commands;
        while let Some(first) = rest.first() {
            let length = 1 + rest[1..]
                .iter()
                .take_while(|command| command.joint == Joint::Pipe)
                .count();
            let (pipeline, after) = rest.split_at(length);
            rest = after;
            let runs = match first.joint {
                Joint::IfDone => self.shell.status == 0,
                Joint::IfFailed => self.shell.status != 0,
                Joint::Always | Joint::Pipe => true,
            };
            if runs {
                self.shell.status = self.pipeline(pipeline, after.first(), watch);
            }
        }
    }

    fn pipeline(
        &mut self,
        commands: &[Simple],
        next: Option<&Simple>,
        watch: &Rc<RunObserver>,
    ) -> i32 {
        let mut input = None;
        let mut status = 0;
        for (index, command) in commands.iter().enumerate() {
            let piped = index + 1 < commands.len();
            (status, input) = self.redirected(command, input, piped, next, watch);
        }
        status
    }

    /// Runs a command with its redirections; gives its status and what went into the pipe.
    fn redirected(
        &mut self,
        command: &Simple,
        mut input: Option<String>,
        piped: bool,
        next: Option<&Simple>,
        watch: &Rc<RunObserver>,
    ) -> (i32, Option<String>) {
        let mut out = if piped {
            Goes::Pipe
        } else {
            Goes::Through(Stream::Stdout)
        };
        let mut error = Goes::Through(Stream::Stderr);
        let mut outputs: Vec<Output> = Vec::new();
        for redirection in &command.redirections {
            let expanded = {
                let here = Here {
                    host: &self.host,
                    status: self.shell.status,
                };
                match redirection {
                    Redirection::Input(file) | Redirection::Output { file, .. } => {
                        expansion::expand(file, &here)
                    }
                    Redirection::Text(text) => vec![expansion::expand_whole(text, &here)],
                    Redirection::ErrorToOutput | Redirection::OutputToError => Vec::new(),
                }
            };
            let one = || expanded.first().cloned().unwrap_or_default();
            match redirection {
                Redirection::ErrorToOutput => error = out,
                Redirection::OutputToError => out = error,
                Redirection::Text(_) => input = Some(one()),
                Redirection::Input(_) => match self.text_of(&one()) {
                    Ok(text) => input = Some(text),
                    Err(what) => {
                        self.complain(&format!("limbeck: {}: {what}", one()));
                        return (1, None);
                    }
                },
                Redirection::Output {
                    error: to_error,
                    both,
                    append,
                    ..
                } => {
                    let path = one();
                    if let Err(what) = self.writable(&path) {
                        self.complain(&format!("limbeck: {path}: {what}"));
                        return (1, None);
                    }
                    let goes = Goes::File(outputs.len());
                    outputs.push(Output {
                        path,
                        append: *append,
                    });
                    if *both || !*to_error {
                        out = goes;
                    }
                    if *both || *to_error {
                        error = goes;
                    }
                }
            }
        }
        let plain = out == Goes::Through(Stream::Stdout)
            && error == Goes::Through(Stream::Stderr)
            && outputs.is_empty();
        if plain {
            return (self.simple(command, input.as_deref(), next, watch), None);
        }
        // One text for each file, and one more for the pipe.
        let texts: Rc<RefCell<Vec<String>>> =
            Rc::new(RefCell::new(vec![String::new(); outputs.len() + 1]));
        let outer = self.host.listener.borrow().clone();
        let listener: OutputListener = {
            let (texts, outer, pipe) = (texts.clone(), outer.clone(), outputs.len());
            Rc::new(move |stream, text: &str| {
                let goes = if stream == Stream::Stderr { error } else { out };
                match goes {
                    Goes::Through(stream) => {
                        if let Some(outer) = &outer {
                            outer(stream, text);
                        }
                    }
                    Goes::Pipe => texts.borrow_mut()[pipe].push_str(text),
                    Goes::File(index) => texts.borrow_mut()[index].push_str(text),
                }
            })
        };
        *self.host.listener.borrow_mut() = Some(listener);
        let mut status = self.simple(command, input.as_deref(), next, watch);
        *self.host.listener.borrow_mut() = outer;
        let mut texts = texts.take();
        let pipe = texts.pop();
        for (output, text) in outputs.iter().zip(texts) {
            if let Err(what) = self.write_text(&output.path, &text, output.append) {
                status = self.complain(&format!("limbeck: {}: {what}", output.path));
            }
        }
        (status, if piped { pipe } else { None })
    }

    fn simple(
        &mut self,
        command: &Simple,
        input: Option<&str>,
        next: Option<&Simple>,
        watch: &Rc<RunObserver>,
    ) -> i32 {
        let (words, assignments, then) = {
            let here = Here {
                host: &self.host,
                status: self.shell.status,
            };
            let expanded = |command: &Simple| -> Vec<String> {
                command
                    .words
                    .iter()
                    .flat_map(|word| expansion::expand(word, &here))
                    .collect()
            };
            let assignments: Vec<(String, String)> = command
                .assignments
                .iter()
                .map(|(name, value)| (name.clone(), expansion::expand_whole(value, &here)))
                .collect();
            let then = next
                .filter(|next| next.joint == Joint::IfDone)
                .map(|next| program::read(&expanded(next)));
            (expanded(command), assignments, then)
        };
        if words.is_empty() {
            // A bare `> file` makes it empty.
            return self.set_variables(assignments);
        }
        let command = program::read(&words);
        let command = if assignments.is_empty() {
            command
        } else {
            Command::With(assignments, Box::new(command))
        };
        self.command(command, input, then.as_ref(), watch)
    }

    fn command(
        &mut self,
        command: Command,
        input: Option<&str>,
        then: Option<&Command>,
        watch: &Rc<RunObserver>,
    ) -> i32 {
        match command {
            Command::Alembic(arguments) => {
                let status = engine::alembic(&self.host, watch.clone(), &arguments);
                if status != 0 {
                    self.shell.failed = verb_of(&arguments);
                }
                self.gather(watch);
                status
            }
            Command::Limbeck(arguments) => {
                let status = engine::limbeck(&self.host, watch.clone(), &arguments);
                self.gather(watch);
                status
            }
            Command::ChangeDirectory(folder) => self.change_directory(folder.as_deref(), then),
            Command::Export(pairs) => self.set_variables(pairs),
            Command::Environment => {
                let environment = self.host.environment.borrow().clone();
                for (name, value) in environment {
                    self.say(&format!("{name}={value}\n"));
                }
                0
            }
            Command::With(pairs, command) => {
                let before = self.host.environment.borrow().clone();
                self.host.environment.borrow_mut().extend(pairs);
                let status = self.command(*command, input, then, watch);
                *self.host.environment.borrow_mut() = before;
                status
            }
            Command::Unset(names) => {
                for name in names {
                    self.host.environment.borrow_mut().remove(&name);
                }
                0
            }
            Command::Where => {
                self.say(&format!("{}\n", self.host.current_directory()));
                0
            }
            Command::Echo(text) => {
                self.say(&text);
                0
            }
            Command::Files(what, flags, paths) => self.files(what, &flags, &paths),
            Command::Text(what, flags, words) => self.text(what, &flags, &words, input),
            Command::Sqlite(arguments) => self.sqlite(&arguments, input, watch),
            Command::Psql(arguments) => self.psql(&arguments, input, watch),
            Command::Make(arguments) => self.nested(|session| session.make(&arguments, watch)),
            Command::Line(line) => {
                self.nested(|session| session.apart(|session| session.lines(&line, watch, false)))
            }
            Command::Edit(paths) => {
                let mut status = 0;
                for path in paths {
                    let full = self.host.path(&path);
                    if self.host.is_directory(&full) {
                        status = self.complain(&format!(
                            "{path}: Is a directory; the file tree (Ctrl+B) shows it"
                        ));
                        continue;
                    }
                    if !self.host.is_file(&full)
                        && let Err(what) = self.write_text(&path, "", true)
                    {
                        status = self.complain(&format!("{path}: {what}"));
                        continue;
                    }
                    let _ = self.host.open_in_editor(&full);
                }
                status
            }
            Command::Which(names) => {
                let mut status = 0;
                for name in names {
                    let known = match program::read(&[name.clone(), "x".to_owned(), "y".to_owned()])
                    {
                        Command::Refused(_, 127) => false,
                        Command::Note(_) => name == "source",
                        _ => true,
                    };
                    if known {
                        self.say(&format!("{name}: part of this page's console\n"));
                    } else {
                        status = self.complain(&format!("{name} not found"));
                    }
                }
                status
            }
            Command::History => {
                for (number, line) in self.shell.lines.iter().enumerate() {
                    self.say(&format!("{:>5}  {line}\n", number + 1));
                }
                0
            }
            Command::Clear => {
                self.shell.clear = true;
                0
            }
            Command::Help => {
                self.say(&program::help());
                0
            }
            Command::Note(message) => {
                self.complain(&message);
                0
            }
            Command::Refused(message, status) => {
                self.complain(&message);
                status
            }
            Command::Status(status) => status,
        }
    }

    fn nested(&mut self, run: impl FnOnce(&mut Session) -> i32) -> i32 {
        if self.shell.depth >= DEPTH {
            self.complain("limbeck: commands call each other endlessly");
            return 2;
        }
        self.shell.depth += 1;
        let status = run(self);
        self.shell.depth -= 1;
        status
    }

    /// Runs something in a shell of its own: its `cd` and `export` end with it.
    pub(crate) fn apart(&mut self, run: impl FnOnce(&mut Session) -> i32) -> i32 {
        let directory = self.host.directory.borrow().clone();
        let environment = self.host.environment.borrow().clone();
        let status = run(self);
        *self.host.directory.borrow_mut() = directory;
        *self.host.environment.borrow_mut() = environment;
        status
    }

    /// `cd`; where a folder is missing that only says where Alembic runs, and alembic.ini is here,
    /// `cd backend && alembic …` goes on.
    fn change_directory(&mut self, folder: Option<&str>, then: Option<&Command>) -> i32 {
        let current = self.host.current_directory();
        let target = match folder {
            None | Some("") => ROOT.to_owned(),
            Some("-") => self
                .shell
                .previous
                .clone()
                .unwrap_or_else(|| current.clone()),
            Some(folder) => self.host.path(&folder.replace('\\', "/")),
        };
        let folder = folder.unwrap_or_default();
        if self.host.is_directory(&target)
            && (target == ROOT || target.starts_with(&format!("{ROOT}/")))
        {
            self.shell.previous = Some(current);
            *self.host.directory.borrow_mut() = target;
            if folder == "-" {
                self.say(&format!("{}\n", self.host.current_directory()));
            }
            return 0;
        }
        if self.host.is_file(&target) {
            return self.complain(&format!("cd: {folder}: Not a directory"));
        }
        let name = folder.trim_matches('/');
        let already = !name.is_empty() && format!("{current}/").ends_with(&format!("/{name}/"));
        let here = ["alembic.ini", "pyproject.toml"]
            .iter()
            .any(|name| self.host.is_file(name));
        let goes_on = matches!(
            then,
            Some(Command::Alembic(_) | Command::Limbeck(_) | Command::Make(_) | Command::Note(_))
        );
        if already {
            self.complain(&format!("limbeck: already in {name}"));
            0
        } else if here && goes_on {
            self.complain(&format!(
                "limbeck: there is no folder {folder}; alembic.ini is here, so alembic runs from here"
            ));
            0
        } else if here {
            self.complain(&format!(
                "cd: {folder}: No such file or directory; alembic.ini is here, where alembic runs"
            ))
        } else {
            self.complain(&format!("cd: {folder}: No such file or directory"))
        }
    }

    /// `export`; for the URL of a server, which a page can't reach, this page's SQLite stands in.
    fn set_variables(&mut self, pairs: Vec<(String, String)>) -> i32 {
        for (name, mut value) in pairs {
            // PostgreSQL runs here.
            let server = program::server_of(&value).filter(|(server, _)| *server != "PostgreSQL");
            if let Some((server, scheme)) = server {
                let url = format!("{scheme}:///{}", self.own_database());
                let read = self.host.files().files.iter().any(|(path, contents)| {
                    [".py", ".ini", ".toml", ".env"]
                        .iter()
                        .any(|end| path.ends_with(end))
                        && String::from_utf8_lossy(contents).contains(&name)
                });
                self.complain(&format!(
                    "limbeck: a page can't reach a {server} server; SQLite stands in for it: {name}={url}"
                ));
                self.complain(&if read {
                    format!("limbeck: for {server}'s SQL without a server: {name}='{}…' alembic upgrade head --sql", &value[..value.find("://").map_or(0, |at| at + 3)])
                } else {
                    format!("limbeck: no file in this project reads {name}; alembic.ini says which database is used")
                });
                value = url;
            }
            self.host.environment.borrow_mut().insert(name, value);
        }
        0
    }

    /// The path of the project's database, as a URL relative to the current folder has it.
    fn own_database(&mut self) -> String {
        let view = self.view();
        let path = view
            .migrations
            .database
            .clone()
            .or_else(|| view.databases.first().map(|database| database.path.clone()));
        let Some(path) = path else {
            return "app.db".to_owned();
        };
        let full = absolute(&path);
        let folder = format!("{}/", self.host.current_directory());
        full.strip_prefix(&folder)
            .map(str::to_owned)
            .unwrap_or(full)
    }

    // ---- texts of files

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// What a shell says of it.
    pub(crate) fn text_of(&self, path: &str) -> Result<String, &'static str> {
        if path == "/dev/null" {
            return Ok(String::new());
        }
        match self.host.read(path) {
            Ok(contents) => match String::from_utf8(contents) {
                Ok(text) if !text.contains('\0') => Ok(text),
                _ => Err("not a text"),
            },
            Err(HostError::IsADirectory(_)) => Err("Is a directory"),
            Err(_) if self.host.is_directory(path) => Err("Is a directory"),
            Err(_) => Err("No such file or directory"),
        }
    }

    /// Whether a file may be written at a path.
    ///
    /// # Errors
    ///
    /// What a shell says of it.
    pub(crate) fn writable(&self, path: &str) -> Result<String, &'static str> {
        let full = self.host.path(path);
        if path.is_empty() {
            return Err("No such file or directory");
        }
        if full == "/dev/null" {
            return Ok(full);
        }
        if self.host.is_directory(&full) {
            return Err("Is a directory");
        }
        if path.ends_with('/') {
            return Err("Not a directory");
        }
        let folder = full.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !full.starts_with(&format!("{ROOT}/")) {
            return Err("Permission denied: this console writes in /project");
        }
        if !self.host.is_directory(folder) {
            return Err("No such file or directory");
        }
        Ok(full)
    }

    /// Writes a text file, or adds to it.
    ///
    /// # Errors
    ///
    /// What a shell says of it.
    pub(crate) fn write_text(
        &self,
        path: &str,
        text: &str,
        append: bool,
    ) -> Result<(), &'static str> {
        let full = self.writable(path)?;
        if full == "/dev/null" {
            return Ok(());
        }
        let mut contents = if append {
            self.host.read(&full).unwrap_or_default()
        } else {
            Vec::new()
        };
        contents.extend_from_slice(text.as_bytes());
        self.host
            .write(&full, &contents)
            .map_err(|_| "No such file or directory")
    }
}
