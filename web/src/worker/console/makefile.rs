//! Parses a simple Makefile: targets with prerequisites and recipes, and variables. Anything else is an
//! error that names its line.

use std::collections::{BTreeMap, BTreeSet};

/// A Makefile that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Makefile {
    variables: BTreeMap<String, Variable>,
    rules: Vec<Rule>,
    phony: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    value: String,
    line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    target: String,
    prerequisites: Vec<String>,
    recipe: Vec<(u32, String)>,
}

/// What of a Makefile can't be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its line, from one; none if it is about what was asked for.
    pub line: Option<u32>,
    /// The message.
    pub message: String,
}

/// Something to do, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Print a line.
    Say(String),
    /// Run a command line of a recipe.
    Run {
        /// The target that it makes.
        target: String,
        /// Its line in the Makefile.
        line: u32,
        /// The line for the shell.
        command: String,
        /// Whether it is not printed first (`@`).
        silent: bool,
        /// Whether its failure is no matter (`-`).
        ignore: bool,
    },
}

/// What is known of the outside while a Makefile is followed.
pub trait Outside {
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// Whether there is a file or folder of that name.
    fn exists(&self, path: &str) -> bool;
}

fn problem(line: u32, message: impl Into<String>) -> Problem {
    Problem {
        line: Some(line),
        message: message.into(),
    }
}

impl Makefile {
    /// Reads a Makefile.
    ///
    /// # Errors
    ///
    /// At the first line that is more than targets, command lines and variables.
    pub fn read(text: &str) -> Result<Makefile, Problem> {
        let mut makefile = Makefile::default();
        // The rules that the next command line belongs to: `a b: c` makes two.
        let mut open: Vec<usize> = Vec::new();
        let mut rows = text.lines().zip(1u32..).peekable();
        while let Some((row, line)) = rows.next() {
            let mut whole = row.to_owned();
            while whole.ends_with('\\')
                && let Some((next, _)) = rows.next()
            {
                if row.starts_with('\t') {
                    whole.push('\n');
                    whole.push_str(next.strip_prefix('\t').unwrap_or(next));
                } else {
                    whole.pop();
                    whole.truncate(whole.trim_end().len());
                    whole.push(' ');
                    whole.push_str(next.trim_start());
                }
            }
            if let Some(command) = whole.strip_prefix('\t') {
                if open.is_empty() {
                    if command.trim().is_empty() || command.trim_start().starts_with('#') {
                        continue;
                    }
                    return Err(problem(line, "recipe commences before first target"));
                }
                for index in &open {
                    makefile.rules[*index]
                        .recipe
                        .push((line, command.trim_start().to_owned()));
                }
                continue;
            }
            let content = without_comment(&whole);
            let content = content.trim();
            if content.is_empty() {
                continue;
            }
            if whole.starts_with(' ') && !open.is_empty() && !content.contains('=') {
                return Err(problem(
                    line,
                    "missing separator: a command line begins with a tab",
                ));
            }
            open.clear();
            makefile.entry(content, line, &mut open)?;
        }
        Ok(makefile)
    }

    fn entry(&mut self, content: &str, line: u32, open: &mut Vec<usize>) -> Result<(), Problem> {
        let equals = content.find('=');
        let colon = content.find(':');
        if let Some(equals) = equals
            && colon.is_none_or(|colon| {
                colon >= equals || content[colon..equals].trim_matches(':').is_empty()
            })
        {
            let name = content[..equals].trim_end_matches([':', '?', '+', '!']);
            let operator = &content[name.len()..equals];
            let name = name.trim();
            if name.is_empty() || name.contains(char::is_whitespace) || name.contains('$') {
                return Err(problem(
                    line,
                    format!("{name}: only plain variable names are supported here"),
                ));
            }
            if !matches!(operator.trim(), "" | ":" | "::" | "?") {
                return Err(problem(
                    line,
                    format!(
                        "{}= is not supported here; write {name} = value",
                        operator.trim()
                    ),
                ));
            }
            if operator.trim() != "?" || !self.variables.contains_key(name) {
                self.variables.insert(
                    name.to_owned(),
                    Variable {
                        value: content[equals + 1..].trim().to_owned(),
                        line,
                    },
                );
            }
            return Ok(());
        }
        let first = content.split_whitespace().next().unwrap_or_default();
        if matches!(
            first,
            "include"
                | "-include"
                | "sinclude"
                | "define"
                | "endef"
                | "ifdef"
                | "ifndef"
                | "ifeq"
                | "ifneq"
                | "else"
                | "endif"
                | "export"
                | "unexport"
                | "override"
                | "vpath"
                | "private"
        ) {
            return Err(problem(
                line,
                format!("{first} is not supported here: targets, command lines and variables are"),
            ));
        }
        let Some(colon) = colon else {
            return Err(problem(line, "missing separator"));
        };
        let (targets, rest) = (&content[..colon], &content[colon + 1..]);
        if rest.starts_with(':')
            || rest.contains([':', ';', '|', '='])
            || targets.contains(['%', '$', '('])
            || rest.contains(['%', '$', '('])
        {
            return Err(problem(
                line,
                format!(
                    "{content}: write a rule as target: prerequisites, with its command lines below it"
                ),
            ));
        }
        let prerequisites: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
        for target in targets.split_whitespace() {
            if target == ".PHONY" {
                self.phony.extend(prerequisites.iter().cloned());
                continue;
            }
            if target.starts_with('.')
                && target
                    .chars()
                    .skip(1)
                    .all(|c| c.is_ascii_uppercase() || c == '_')
            {
                return Err(problem(line, format!("{target} is not supported here")));
            }
            match self.rules.iter().position(|rule| rule.target == target) {
                Some(index) => {
                    let rule = &mut self.rules[index];
                    rule.prerequisites.extend(prerequisites.iter().cloned());
                    if !rule.recipe.is_empty() {
                        // A second recipe takes the place of the first, as make has it.
                        rule.recipe.clear();
                    }
                    open.push(index);
                }
                None => {
                    open.push(self.rules.len());
                    self.rules.push(Rule {
                        target: target.to_owned(),
                        prerequisites: prerequisites.clone(),
                        recipe: Vec::new(),
                    });
                }
            }
        }
        Ok(())
    }

    /// The names of its targets, in their order.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.target.as_str())
    }

    /// What `make GOALS NAME=value` does.
    ///
    /// # Errors
    ///
    /// Where there is no such target, or at a line that asks for more than variables.
    pub fn plan(
        &self,
        goals: &[String],
        given: &BTreeMap<String, String>,
        outside: &dyn Outside,
    ) -> Result<Vec<Step>, Problem> {
        let first = self.rules.first().map(|rule| vec![rule.target.clone()]);
        let goals = if goals.is_empty() {
            first.ok_or(Problem {
                line: None,
                message: "No targets".to_owned(),
            })?
        } else {
            goals.to_vec()
        };
        let mut plan = Plan {
            makefile: self,
            given,
            outside,
            steps: Vec::new(),
            done: BTreeSet::new(),
        };
        for goal in &goals {
            let before = plan.steps.len();
            let again = plan.done.contains(goal);
            plan.make(goal, None, &mut Vec::new())?;
            if plan.steps.len() == before {
                let file = again || (!self.phony.contains(goal) && outside.exists(goal));
                plan.steps.push(Step::Say(if file {
                    format!("make: '{goal}' is up to date.")
                } else {
                    format!("make: Nothing to be done for '{goal}'.")
                }));
            }
        }
        Ok(plan.steps)
    }
}

struct Plan<'a> {
    makefile: &'a Makefile,
    given: &'a BTreeMap<String, String>,
    outside: &'a dyn Outside,
    steps: Vec<Step>,
    done: BTreeSet<String>,
}

impl Plan<'_> {
    fn make(
        &mut self,
        target: &str,
        by: Option<&str>,
        above: &mut Vec<String>,
    ) -> Result<(), Problem> {
        if self.done.contains(target) {
            return Ok(());
        }
        if above.iter().any(|one| one == target) {
            self.steps.push(Step::Say(format!(
                "make: Circular {} <- {target} dependency dropped.",
                by.unwrap_or(target)
            )));
            return Ok(());
        }
        let makefile = self.makefile;
        let there = self.outside.exists(target);
        let Some(rule) = makefile.rules.iter().find(|rule| rule.target == target) else {
            if there || makefile.phony.contains(target) {
                return Ok(());
            }
            let needed = by
                .map(|by| format!(", needed by '{by}'"))
                .unwrap_or_default();
            return Err(Problem {
                line: None,
                message: format!("No rule to make target '{target}'{needed}"),
            });
        };
        above.push(target.to_owned());
        let before = self.steps.len();
        for prerequisite in &rule.prerequisites {
            self.make(prerequisite, Some(target), above)?;
        }
        above.pop();
        self.done.insert(target.to_owned());
        // Files have no times here: one that is there is made again only with what it needs.
        if there && !makefile.phony.contains(target) && self.steps.len() == before {
            return Ok(());
        }
        for (line, command) in &rule.recipe {
            let command = self.expand(command, *line, 0)?;
            let text = command.trim_start_matches(['@', '-', '+', ' ', '\t']);
            let marks = &command[..command.len() - text.len()];
            if text.trim().is_empty() {
                continue;
            }
            self.steps.push(Step::Run {
                target: target.to_owned(),
                line: *line,
                command: text.to_owned(),
                silent: marks.contains('@'),
                ignore: marks.contains('-'),
            });
        }
        Ok(())
    }

    fn expand(&self, text: &str, line: u32, depth: u32) -> Result<String, Problem> {
        let mut result = String::new();
        let mut rest = text;
        while let Some(position) = rest.find('$') {
            result.push_str(&rest[..position]);
            rest = &rest[position + 1..];
            let Some(open) = rest.chars().next() else {
                return Ok(result);
            };
            let close = match open {
                '$' => {
                    result.push('$');
                    rest = &rest[1..];
                    continue;
                }
                '(' => ')',
                '{' => '}',
                other => {
                    return Err(problem(
                        line,
                        format!(
                            "${other} is not supported here; write $({other}) for a variable and $$ for the shell's $"
                        ),
                    ));
                }
            };
            let Some(end) = rest.find(close) else {
                return Err(problem(line, "unterminated variable reference"));
            };
            let name = rest[1..end].trim();
            if name.is_empty()
                || !name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
            {
                return Err(problem(
                    line,
                    format!(
                        "${open}{name}{close} is not supported here: only variables, no functions"
                    ),
                ));
            }
            rest = &rest[end + 1..];
            result.push_str(&self.value(name, line, depth)?);
        }
        result.push_str(rest);
        Ok(result)
    }

    fn value(&self, name: &str, line: u32, depth: u32) -> Result<String, Problem> {
        if let Some(value) = self.given.get(name) {
            return Ok(value.clone());
        }
        if let Some(variable) = self.makefile.variables.get(name) {
            if depth > 32 {
                return Err(problem(
                    line,
                    format!("Recursive variable '{name}' references itself (eventually)"),
                ));
            }
            return self.expand(&variable.value, variable.line, depth + 1);
        }
        Ok(match name {
            "MAKE" => "make".to_owned(),
            "CURDIR" => self.outside.variable("PWD").unwrap_or_default(),
            name => self.outside.variable(name).unwrap_or_default(),
        })
    }
}

fn without_comment(row: &str) -> String {
    let mut text = String::new();
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '#' => break,
            '\\' if characters.next_if_eq(&'#').is_some() => text.push('#'),
            character => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEAM: &str = "# The team's commands.\nmsg ?= a change\nRUN = $(TOOL) alembic\nTOOL := uv run\n\n.PHONY: all db-migrate db-revision quiet\n\nall: db-migrate quiet ## both\n\ndb-migrate:\n\t$(RUN) upgrade head\n\ndb-revision: db-migrate\n\t@$(RUN) revision --autogenerate -m \"${msg}\"\n\nquiet:\n\t-@echo $$HOME \\\n\t  $(UNKNOWN)x\n\napp.db: db-migrate\nnothing:\n";

    struct Here;

    impl Outside for Here {
        fn variable(&self, name: &str) -> Option<String> {
            (name == "PWD").then(|| "/project".to_owned())
        }

        fn exists(&self, path: &str) -> bool {
            path == "there.txt"
        }
    }

    fn plan(text: &str, goals: &[&str], given: &[(&str, &str)]) -> Result<Vec<String>, Problem> {
        let given = given
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let goals: Vec<String> = goals.iter().map(|goal| goal.to_string()).collect();
        let steps = Makefile::read(text)?.plan(&goals, &given, &Here)?;
        Ok(steps
            .into_iter()
            .map(|step| match step {
                Step::Say(text) => text,
                Step::Run {
                    line,
                    command,
                    silent,
                    ignore,
                    ..
                } => {
                    format!(
                        "{line}{}{} {command}",
                        if silent { "@" } else { "" },
                        if ignore { "-" } else { "" }
                    )
                }
            })
            .collect())
    }

    #[test]
    fn a_teams_makefile_is_followed() {
        assert_eq!(
            plan(TEAM, &["db-revision"], &[("msg", "add x")]),
            Ok(vec![
                "11 uv run alembic upgrade head".into(),
                "14@ uv run alembic revision --autogenerate -m \"add x\"".into()
            ])
        );
        assert_eq!(
            plan(TEAM, &["db-revision"], &[]).map(|steps| steps[1].clone()),
            Ok("14@ uv run alembic revision --autogenerate -m \"a change\"".into())
        );
        assert_eq!(
            plan(TEAM, &[], &[]),
            Ok(vec![
                "11 uv run alembic upgrade head".into(),
                "17@- echo $HOME \\\n  x".into()
            ])
        );
        assert_eq!(
            plan(
                TEAM,
                &["nothing", "there.txt", "db-migrate", "db-migrate"],
                &[("RUN", "x")]
            ),
            Ok(vec![
                "make: Nothing to be done for 'nothing'.".into(),
                "make: 'there.txt' is up to date.".into(),
                "11 x upgrade head".into(),
                "make: 'db-migrate' is up to date.".into()
            ])
        );
        assert_eq!(Makefile::read(TEAM).map(|one| one.targets().count()), Ok(6));
    }

    #[test]
    fn what_is_more_is_said_at_its_line() {
        let line = |text: &str| Makefile::read(text).expect_err(text).line;
        assert_eq!(line("a:\n\techo\ninclude other.mk\n"), Some(3));
        assert_eq!(line("a: b\nifeq (1,1)\nendif\n"), Some(2));
        assert_eq!(line("\n%.o: %.c\n"), Some(2));
        assert_eq!(line("x += 1\n"), Some(1));
        assert_eq!(line("a:\n    echo spaces\n"), Some(2));
        assert_eq!(line("a\n"), Some(1));
        assert_eq!(line("\techo\n"), Some(1));
        let at = |text: &str| plan(text, &[], &[]).expect_err(text);
        assert_eq!(at("a:\n\techo $(shell ls)\n").line, Some(2));
        assert_eq!(at("a:\n\techo $@\n").line, Some(2));
        assert_eq!(at("x = $(x)\na:\n\techo $(x)\n").line, Some(1));
        assert_eq!(
            at("a: b\n").message,
            "No rule to make target 'b', needed by 'a'"
        );
        assert_eq!(at("").message, "No targets");
    }
}
