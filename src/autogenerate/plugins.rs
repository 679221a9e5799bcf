//! The enabled comparisons: the part of `alembic.runtime.plugins` that concerns autogenerate.

use ground::diagnostic::{Error, Result};
use ground::logging::{Level, Logging};

/// The logger that reports the plugins being set up.
const LOGGER: &str = "alembic.runtime.plugins";

/// The comparisons of a run (`autogenerate_plugins` of `context.configure`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plugins {
    /// `alembic.autogenerate.schemas`: finds the schemas; required by all other comparisons.
    pub schemas: bool,
    /// `alembic.autogenerate.tables`: tables and columns.
    pub tables: bool,
    /// `alembic.autogenerate.types`: column types.
    pub types: bool,
    /// `alembic.autogenerate.constraints`: indexes, unique constraints, foreign keys, nullability.
    pub constraints: bool,
    /// `alembic.autogenerate.defaults`: server defaults.
    pub defaults: bool,
    /// `alembic.autogenerate.comments`: comments of tables and columns.
    pub comments: bool,
    /// `alembic.ext.checkconstraint_byname`: check constraints by name; disabled by default.
    pub check_constraints: bool,
}

impl Plugins {
    /// The plugins selected by the expressions; a `~` prefix excludes a name.
    ///
    /// # Errors
    /// `CommandError` where an expression matches none, `ValueError` where it is not dotted names.
    pub fn select(expressions: &[String], logging: &Logging) -> Result<Plugins> {
        let mut plugins = Plugins::default();
        let mut include: Vec<(&str, Vec<&str>, bool)> = Vec::new();
        let mut exclude: Vec<Vec<&str>> = Vec::new();
        for name in expressions {
            match name.strip_prefix('~') {
                Some(rest) => exclude.push(expression(legacy(rest))?),
                None if include.iter().any(|(known, ..)| known == name) => {}
                None => include.push((name, expression(legacy(name))?, false)),
            }
        }
        for (name, plugin) in [
            ("alembic.autogenerate.schemas", &mut plugins.schemas),
            ("alembic.autogenerate.tables", &mut plugins.tables),
            ("alembic.autogenerate.types", &mut plugins.types),
            ("alembic.autogenerate.constraints", &mut plugins.constraints),
            ("alembic.autogenerate.defaults", &mut plugins.defaults),
            ("alembic.autogenerate.comments", &mut plugins.comments),
            (
                "alembic.ext.checkconstraint_byname",
                &mut plugins.check_constraints,
            ),
        ] {
            if exclude.iter().any(|pattern| matches(pattern, name)) {
                continue;
            }
            for (_, pattern, matched) in &mut include {
                if matches(pattern, name) {
                    *matched = true;
                    *plugin = true;
                }
            }
            if *plugin {
                logging.log(
                    LOGGER,
                    Level::INFO,
                    &format!("setting up autogenerate plugin {name}"),
                );
            }
        }
        let unmatched: Vec<&str> = include
            .iter()
            .filter(|(_, _, matched)| !matched)
            .map(|(name, ..)| *name)
            .collect();
        if unmatched.is_empty() {
            Ok(plugins)
        } else {
            Err(Error::command(format!(
                "Did not locate plugins: {}",
                unmatched.join(", ")
            )))
        }
    }
}

/// The current name of a plugin that was renamed.
fn legacy(name: &str) -> &str {
    match name {
        "alembic.autogenerate.checkconstraint_byname" => "alembic.ext.checkconstraint_byname",
        name => name,
    }
}

/// Splits an expression at its dots: names, and `*` as a wildcard.
fn expression(name: &str) -> Result<Vec<&str>> {
    let tokens: Vec<&str> = name.split('.').collect();
    if tokens
        .iter()
        .all(|token| *token == "*" || is_identifier(token))
    {
        Ok(tokens)
    } else {
        Err(Error::new(
            "ValueError",
            format!("Invalid plugin expression '{name}'"),
        ))
    }
}

/// Whether a name matches the parts; `*` matches one or more characters, including dots.
fn matches(pattern: &[&str], name: &str) -> bool {
    let Some((token, rest)) = pattern.split_first() else {
        return name.is_empty();
    };
    let goes_on = |tail: &str| {
        if rest.is_empty() {
            tail.is_empty()
        } else {
            tail.strip_prefix('.')
                .is_some_and(|tail| matches(rest, tail))
        }
    };
    if *token == "*" {
        name.char_indices()
            .any(|(start, character)| goes_on(&name[start + character.len_utf8()..]))
    } else {
        name.strip_prefix(token).is_some_and(goes_on)
    }
}

fn is_identifier(token: &str) -> bool {
    !token.is_empty()
        && !token.starts_with(|first: char| first.is_numeric())
        && token
            .chars()
            .all(|character| character == '_' || character.is_alphanumeric())
}
