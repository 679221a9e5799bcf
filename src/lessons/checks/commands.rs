//! Conditions on the commands of the step: `command = "alembic history"` and what became of it.

use super::super::Problem;
use super::super::fields::Fields;
use super::super::play::console_words;
use super::super::state::{CommandOutcome, State};
use super::Part;
use crate::config::toml::Value;

/// Commands that were run since the step began, in this order; others may come between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CommandsCondition {
    wanted: Vec<Wanted>,
}

#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    /// Words that the line has in this order.
    words: Vec<String>,
    outcome: Outcome,
    /// Pieces of what it prints.
    prints: Vec<String>,
    /// Pieces that it does not print.
    omits: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Succeeds,
    /// Fails, with this text in what it prints.
    Fails(String),
    Either,
}

impl CommandsCondition {
    pub(super) fn read(fields: &Fields<'_>) -> Result<CommandsCondition, Problem> {
        let wanted = match fields.tables("commands")? {
            None => vec![Wanted::read(fields, "command")?],
            Some(tables) => tables
                .into_iter()
                .map(|table| {
                    let inner = fields.inner("commands", table);
                    let wanted = Wanted::read(&inner, "run")?;
                    inner.finish("A command")?;
                    Ok(wanted)
                })
                .collect::<Result<_, Problem>>()?,
        };
        Ok(CommandsCondition { wanted })
    }

    pub(super) fn parts(&self, state: &State<'_>) -> Vec<Part> {
        let mut left = state.outcomes();
        let mut parts = Vec::new();
        for wanted in &self.wanted {
            let place = left.iter().position(|outcome| wanted.fits(outcome));
            let found = match place {
                Some(_) => String::new(),
                None => wanted.nearest(left),
            };
            parts.push(Part::new(place.is_some(), wanted.title(), found));
            // What comes after one that is missing can't come in its order.
            left = place.map_or(&[], |place| &left[place + 1..]);
        }
        parts
    }
}

impl Wanted {
    fn read(fields: &Fields<'_>, key: &str) -> Result<Wanted, Problem> {
        let outcome = match fields.value("fails") {
            None => Outcome::Succeeds,
            Some(Value::Boolean(true)) => Outcome::Fails(String::new()),
            Some(Value::Boolean(false)) => Outcome::Either,
            Some(Value::String(text)) => Outcome::Fails(text.clone()),
            Some(_) => {
                let message = "fails is a piece of the error, true for any, or false where the \
                               command may fail.";
                return Err(fields.wrong("fails", message));
            }
        };
        Ok(Wanted {
            words: words(&fields.required(key)?),
            outcome,
            prints: fields.texts("prints")?.unwrap_or_default(),
            omits: fields.texts("omits")?.unwrap_or_default(),
        })
    }

    fn fits(&self, outcome: &CommandOutcome) -> bool {
        self.is_run(outcome) && self.ended(outcome) && self.printed(outcome)
    }

    fn is_run(&self, outcome: &CommandOutcome) -> bool {
        let typed = words(&outcome.line);
        let mut typed = typed.iter();
        self.words
            .iter()
            .all(|word| typed.any(|other| other == word))
    }

    fn ended(&self, outcome: &CommandOutcome) -> bool {
        match &self.outcome {
            Outcome::Succeeds => outcome.status == 0,
            Outcome::Fails(text) => outcome.status != 0 && outcome.output.contains(text.as_str()),
            Outcome::Either => true,
        }
    }

    fn printed(&self, outcome: &CommandOutcome) -> bool {
        let printed = |piece: &String| outcome.output.contains(piece.as_str());
        self.prints.iter().all(printed) && !self.omits.iter().any(printed)
    }

    fn title(&self) -> String {
        let line = self.words.join(" ");
        match &self.outcome {
            Outcome::Succeeds => format!("You ran `{line}`."),
            Outcome::Either => format!("You tried `{line}`."),
            Outcome::Fails(text) if text.is_empty() => format!("`{line}` failed."),
            Outcome::Fails(text) => format!("`{line}` failed with “{text}”."),
        }
    }

    /// What there is instead.
    fn nearest(&self, outcomes: &[CommandOutcome]) -> String {
        let Some(last) = outcomes.iter().rev().find(|outcome| self.is_run(outcome)) else {
            return "It was not run yet.".to_owned();
        };
        if !self.ended(last) {
            return match (last.status, &self.outcome) {
                (0, _) => "It ran, and succeeded.".to_owned(),
                (_, Outcome::Fails(_)) => format!("It failed otherwise: {}", error_line(last)),
                _ => format!("It failed: {}", error_line(last)),
            };
        }
        let printed = |piece: &&String| last.output.contains(piece.as_str());
        if let Some(piece) = self.omits.iter().find(printed) {
            return format!("It ran, and printed “{piece}” as well.");
        }
        let missing = self.prints.iter().find(|piece| !printed(piece));
        let missing = missing.map_or("", String::as_str);
        format!("It ran, and did not print “{missing}”.")
    }
}

/// The line of an output that says what went wrong.
fn error_line(outcome: &CommandOutcome) -> String {
    let lines = outcome
        .output
        .lines()
        .filter(|line| !line.trim().is_empty());
    let known: Vec<&str> = lines.collect();
    known
        .iter()
        .rfind(|line| line.contains("FAILED:") || line.contains("Error"))
        .or(known.last())
        .map_or_else(
            || "it printed nothing.".to_owned(),
            |line| line.trim().to_owned(),
        )
}

/// The words of a line, without quotation marks, variables in front of it and how Alembic is called.
fn words(line: &str) -> Vec<String> {
    let mut words = console_words(line);
    let assigns = |word: &String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        })
    };
    while words.first().is_some_and(assigns) {
        words.remove(0);
    }
    if words.len() > 2 && words[0].starts_with("python") && words[1] == "-m" {
        words.drain(..2);
    }
    // `--name=value` is `--name value`.
    let split = |word: String| match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => vec![name.to_owned(), value.to_owned()],
        _ => vec![word],
    };
    words.into_iter().flat_map(split).collect()
}
