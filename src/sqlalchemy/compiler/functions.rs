//! Functions: those rendered without parentheses, and those renamed by dialects.

use super::state::{Compilation, Flags};
use crate::dialects::has_illegal_characters;
use crate::elements::{Expression, Function};
use ground::diagnostic::Result;

impl Compilation {
    pub(super) fn function(&mut self, function: &Function, flags: Flags) -> Result<String> {
        let inner = flags.outside_columns();
        let lower = function.name.to_lowercase();
        let known = function.packages.is_empty();
        if known {
            let compiler = self.dialect.statement_compiler();
            let own = compiler.visit_function(self, &lower, function, inner)?;
            if let Some(text) = own {
                return Ok(text);
            }
            let bare = match lower.as_str() {
                "current_date" => Some("CURRENT_DATE"),
                "current_time" => Some("CURRENT_TIME"),
                "current_timestamp" => Some("CURRENT_TIMESTAMP"),
                "current_user" => Some("CURRENT_USER"),
                "localtime" => Some("LOCALTIME"),
                "localtimestamp" => Some("LOCALTIMESTAMP"),
                "session_user" => Some("SESSION_USER"),
                "user" => Some("USER"),
                "sysdate" => Some("sysdate"),
                _ => None,
            };
            if let Some(bare) = bare {
                if function.clauses.is_empty() {
                    return Ok(bare.to_owned());
                }
                return Ok(format!("{bare}{}", self.arguments(function, inner)?));
            }
            let renamed = match lower.as_str() {
                "coalesce" => Some("coalesce"),
                "random" => Some("random"),
                "rollup" => Some("ROLLUP"),
                "cube" => Some("CUBE"),
                "grouping_sets" => Some("GROUPING SETS"),
                _ => None,
            };
            if let Some(name) = renamed {
                return Ok(format!("{name}{}", self.arguments(function, inner)?));
            }
        }
        let mut text = String::new();
        for package in function.packages.iter().chain([&function.name]) {
            if !text.is_empty() {
                text.push('.');
            }
            if has_illegal_characters(package) || package.quote() == Some(true) {
                text.push_str(&self.dialect.quote_identifier(package));
            } else {
                text.push_str(package);
            }
        }
        text.push_str(&self.arguments(function, inner)?);
        Ok(text)
    }

    /// The arguments in parentheses; `*` for `count()`.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn arguments(&mut self, function: &Function, flags: Flags) -> Result<String> {
        if function.clauses.is_empty() && function.name.to_lowercase() == "count" {
            return Ok("(*)".into());
        }
        let flags = Flags {
            in_function: true,
            ..flags
        };
        let mut parts = Vec::with_capacity(function.clauses.len());
        for clause in &function.clauses {
            let text = match clause {
                // A SELECT inside a function's parentheses keeps its own parentheses.
                Expression::ScalarSelect(_) => self.expression(clause, flags)?,
                other => self.expression(other, flags)?,
            };
            if !text.is_empty() {
                parts.push(text);
            }
        }
        Ok(format!("({})", parts.join(", ")))
    }
}
