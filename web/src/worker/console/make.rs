//! Runs `make`.

use std::collections::BTreeMap;
use std::rc::Rc;

use limbeck::ground::host::Host as _;
use protocol::console::program::assignment;

use super::makefile::{Makefile, Outside, Problem, Step};
use crate::session::{RunObserver, Session};
use crate::workspace::{Files, WorkspaceHost};

/// The names that `make` looks for, in its order.
pub const NAMES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];

impl Outside for WorkspaceHost {
    fn variable(&self, name: &str) -> Option<String> {
        if name == "PWD" {
            return Some(self.current_directory());
        }
        self.environment(name)
    }

    fn exists(&self, path: &str) -> bool {
        self.is_file(path) || self.is_directory(path)
    }
}

/// The targets of the Makefile in a folder.
pub fn targets(files: &Files, folder: &str) -> Vec<String> {
    NAMES
        .iter()
        .find_map(|name| files.files.get(&format!("{folder}/{name}")))
        .and_then(|contents| Makefile::read(&String::from_utf8_lossy(contents)).ok())
        .map(|makefile| makefile.targets().map(str::to_owned).collect())
        .unwrap_or_default()
}

impl Session {
    /// Runs `make ARGUMENTS`.
    pub(crate) fn make(&mut self, arguments: &[String], watch: &Rc<RunObserver>) -> i32 {
        let mut goals: Vec<String> = Vec::new();
        let mut given = BTreeMap::new();
        let mut file = None;
        let mut folder = None;
        let (mut dry, mut silent) = (false, false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-n" | "--dry-run" | "--just-print" => dry = true,
                "-s" | "--silent" | "--quiet" => silent = true,
                "-B" | "--always-make" | "--no-print-directory" => {}
                "-f" | "--file" | "--makefile" => file = words.next().cloned(),
                "-C" | "--directory" => folder = words.next().cloned(),
                word if word.starts_with('-') => {
                    self.complain(&format!(
                        "make: {word} is not supported here: -n, -s, -f FILE and -C FOLDER are"
                    ));
                    return 2;
                }
                word => match assignment(word) {
                    Some((name, value)) => {
                        given.insert(name, value);
                    }
                    None => goals.push(word.to_owned()),
                },
            }
        }
        if let Some(folder) = folder {
            let target = self.host.path(&folder);
            if !self.host.is_directory(&target) {
                self.complain(&format!(
                    "make: *** {folder}: No such file or directory.  Stop."
                ));
                return 2;
            }
            return self.apart(|session| {
                *session.host.directory.borrow_mut() = target;
                session.make_here(file, &goals, &given, (dry, silent), watch)
            });
        }
        self.make_here(file, &goals, &given, (dry, silent), watch)
    }

    fn make_here(
        &mut self,
        file: Option<String>,
        goals: &[String],
        given: &BTreeMap<String, String>,
        (dry, silent): (bool, bool),
        watch: &Rc<RunObserver>,
    ) -> i32 {
        let name = file.or_else(|| {
            NAMES
                .iter()
                .find(|name| self.host.is_file(name))
                .map(|name| name.to_string())
        });
        let Some(name) = name else {
            self.complain(&match goals.first() {
                Some(goal) => format!("make: *** No rule to make target '{goal}'.  Stop."),
                None => "make: *** No targets specified and no makefile found.  Stop.".to_owned(),
            });
            self.complain("limbeck: there is no Makefile in this folder; the example Heroes and teams has one");
            return 2;
        };
        let text = match self.text_of(&name) {
            Ok(text) => text,
            Err(what) => {
                self.complain(&format!("make: {name}: {what}"));
                return 2;
            }
        };
        let steps = Makefile::read(&text)
            .and_then(|makefile| makefile.plan(goals, given, self.host.as_ref()));
        let steps = match steps {
            Ok(steps) => steps,
            Err(Problem { line, message }) => {
                let place = match line {
                    Some(line) => format!("{name}:{line}"),
                    None => "make".to_owned(),
                };
                self.complain(&format!("{place}: *** {message}.  Stop."));
                return 2;
            }
        };
        for step in steps {
            match step {
                Step::Say(text) => self.say(&format!("{text}\n")),
                Step::Run {
                    target,
                    line,
                    command,
                    silent: quiet,
                    ignore,
                } => {
                    if dry || !(silent || quiet) {
                        self.say(&format!("{command}\n"));
                    }
                    if dry {
                        continue;
                    }
                    let status = self.apart(|session| session.lines(&command, watch, false));
                    if status != 0 && ignore {
                        self.complain(&format!(
                            "make: [{name}:{line}: {target}] Error {status} (ignored)"
                        ));
                    } else if status != 0 {
                        self.complain(&format!(
                            "make: *** [{name}:{line}: {target}] Error {status}"
                        ));
                        return 2;
                    }
                }
            }
        }
        0
    }
}
