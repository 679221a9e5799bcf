//! What a project says about findings: `[limbeck]` in alembic.ini, `[tool.limbeck]` in
//! pyproject.toml.
//!
//! ```ini
//! [limbeck]
//! fail_on = warning
//! foreign-key-without-index = ignore
//! drops-data = error
//! ```

use ground::diagnostic::{Error, Result};
use ground::run::Run;

use super::rules::{RULES, rule};
use crate::config::{CommandOptions, Config, toml};
use crate::review::{Code, Severity};

/// From which severity on something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// From this severity on.
    From(Severity),
    /// Never.
    Never,
}

impl Level {
    /// The words for it.
    pub const NAMES: &[&str] = &["error", "warning", "note", "never"];

    /// The level of that name.
    pub fn named(name: &str) -> Option<Level> {
        severity(name)
            .map(Level::From)
            .or((name == "never").then_some(Level::Never))
    }

    /// Whether a severity is at this level or a worse one.
    pub fn reached_by(self, severity: Severity) -> bool {
        match self {
            // The worst severity is the least.
            Level::From(least) => severity <= least,
            Level::Never => false,
        }
    }
}

/// The severity of that name.
fn severity(name: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .find(|severity| severity.word() == name)
}

/// A project's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `fail_on`: what ends the command with status 1 unless `--fail-on` says otherwise.
    pub fail_on: Level,
    /// What the project says about a rule: another severity, or `None` to leave it out.
    rules: Vec<(Code, Option<Severity>)>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            fail_on: Level::From(Severity::Error),
            rules: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads the settings of the project at hand; the ini file counts before pyproject.toml.
    ///
    /// # Errors
    /// `CommandError` for a rule or a value that there is not; what reading the files raises.
    pub fn read(run: &Run) -> Result<Settings> {
        let config = Config::from_options(run, CommandOptions::default())?;
        let mut settings = Settings::default();
        if let Some(name) = config
            .toml_file_name()
            .filter(|name| run.host.is_file(name))
        {
            let bytes = run
                .host
                .read(name)
                .map_err(|error| Error::command(format!("Can't read {name}: {error}")))?;
            let table = toml::parse(&String::from_utf8_lossy(&bytes))
                .map_err(|message| Error::command(format!("{name}: {message}")))?;
            let section = table
                .get("tool")
                .and_then(|tool| tool.as_table()?.get("limbeck")?.as_table());
            for (option, value) in section.into_iter().flatten() {
                let place = format!("[tool.limbeck] of {name}");
                let Some(text) = value.as_str() else {
                    return Err(Error::command(format!(
                        "{option} in {place} must be a string."
                    )));
                };
                settings.set(option, text, &place)?;
            }
        }
        if let Some(name) = config
            .config_file_name()
            .filter(|name| run.host.is_file(name))
        {
            let parser = config.file_config()?;
            if parser.has_section(SECTION) {
                let defaults = parser.defaults();
                for (option, text) in parser.items(SECTION)? {
                    // A parser's defaults, such as `here`, are among the options of each section.
                    if defaults.contains_key(&option) {
                        continue;
                    }
                    settings.set(&option, &text, &format!("[{SECTION}] of {name}"))?;
                }
            }
        }
        Ok(settings)
    }

    fn set(&mut self, option: &str, value: &str, place: &str) -> Result<()> {
        let value = value.trim();
        let unknown = |choices: String| {
            Error::command(format!(
                "{option} in {place} can't be '{value}'; it is one of {choices}."
            ))
        };
        if option == "fail_on" {
            self.fail_on = Level::named(value).ok_or_else(|| unknown(Level::NAMES.join(", ")))?;
            return Ok(());
        }
        let Some(rule) = rule(option) else {
            let names: Vec<&str> = RULES.iter().map(|rule| rule.code.word()).collect();
            return Err(Error::command(format!(
                "There is no rule '{option}' ({place}). The rules are {}.",
                names.join(", ")
            )));
        };
        let chosen = match value {
            "ignore" => None,
            word => Some(
                severity(word).ok_or_else(|| unknown("ignore, note, warning, error".to_owned()))?,
            ),
        };
        self.rules.retain(|(code, _)| *code != rule.code);
        self.rules.push((rule.code, chosen));
        Ok(())
    }

    /// These settings with another severity for a rule, as `CODE = SEVERITY` gives it.
    #[must_use]
    pub fn with(mut self, code: Code, severity: Severity) -> Settings {
        self.rules.retain(|(known, _)| *known != code);
        self.rules.push((code, Some(severity)));
        self
    }

    /// The severity of a finding in this project; `None` where the project leaves its rule out, or
    /// does not ask for one that must be asked for.
    pub fn severity(&self, code: Code, found: Severity) -> Option<Severity> {
        match self.rules.iter().find(|(known, _)| *known == code) {
            Some((_, chosen)) => *chosen,
            None => (!code.on_request()).then_some(found),
        }
    }
}

/// The section of alembic.ini.
const SECTION: &str = "limbeck";
