//! What the columns of an INSERT are set to, where the statement does not say it: defaults and sequences.

use std::rc::Rc;

use super::dml::Target;
use super::state::{Compilation, Flags};
use crate::elements::{Expression, bindparam, next_value};
use crate::schema::{Column, ColumnDefault, Sequence};
use crate::sql::{Insert, InsertSource, SelectBase};
use ground::diagnostic::Result;

impl Compilation {
    pub(super) fn single_row(
        &mut self,
        all: &[Target],
        given: &[(Rc<str>, Expression)],
        insert: &Insert,
        flags: Flags,
    ) -> Result<(Vec<String>, Vec<String>)> {
        let keys: Vec<Rc<str>> = given.iter().map(|(key, _)| key.clone()).collect();
        self.check_keys(all, &keys, &insert.table)?;
        let column_keys = self.options.column_keys.clone();
        let every = matches!(insert.source, InsertSource::Parameters) && column_keys.is_none();
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for target in all {
            let value = given.iter().find(|(key, _)| *key == target.key);
            let executed = column_keys
                .as_ref()
                .is_some_and(|keys| keys.contains(&target.key));
            let default = target.column.as_ref().and_then(Column::default);
            let text = if let Some((_, value)) = value.filter(|_| !executed) {
                self.column_value(target, value, "", flags)?
            } else if executed || every {
                self.named(&target.key, &target.kind, None, None, true)?
            } else if has_value(&default) || self.sequence(&default).is_some() {
                self.default_value(target, default, "", flags)?
            } else {
                continue;
            };
            names.push(self.dialect.quote_name(&target.name));
            values.push(text);
        }
        Ok((names, values))
    }

    /// The sequence that gives a column its value, where the database has sequences and this one is not
    /// optional there.
    pub(super) fn sequence(&self, default: &Option<ColumnDefault>) -> Option<Sequence> {
        let Some(ColumnDefault::Sequence(sequence)) = default else {
            return None;
        };
        let optional = sequence.optional() && self.dialect.sequences_optional();
        (self.dialect.supports_sequences() && !optional).then(|| sequence.clone())
    }

    /// A column without a value but with a default that is no part of the table.
    pub(super) fn default_value(
        &mut self,
        target: &Target,
        default: Option<ColumnDefault>,
        suffix: &str,
        flags: Flags,
    ) -> Result<String> {
        if let Some(ColumnDefault::Expression(expression)) = &default {
            return self.expression(&expression.self_group(None), flags);
        }
        if let Some(sequence) = self.sequence(&default) {
            let compiler = self.dialect.statement_compiler();
            return compiler.visit_sequence(&sequence, &self.dialect);
        }
        let key = format!("{}{suffix}", target.key);
        // As a literal it is NULL: the default is evaluated when the statement is executed.
        if flags.literal_binds && matches!(default, Some(ColumnDefault::Scalar(_))) {
            return Ok("NULL".into());
        }
        self.named(&key, &target.kind, None, default, false)
    }

    /// Defaults that INSERT FROM SELECT adds to the selected columns.
    pub(super) fn select_defaults(
        &mut self,
        all: &[Target],
        names: &[Rc<str>],
        select: &SelectBase,
    ) -> (Vec<String>, SelectBase) {
        let SelectBase::Select(inner) = select else {
            return (Vec::new(), select.clone());
        };
        let mut shown = Vec::new();
        let mut columns = Vec::new();
        for target in all {
            if names.contains(&target.key) {
                continue;
            }
            let default = target.column.as_ref().and_then(Column::default);
            let value = match &default {
                Some(ColumnDefault::Expression(expression)) => expression.clone(),
                Some(ColumnDefault::Scalar(value)) => {
                    let value = Some(value.clone());
                    let kind = Some(target.kind.clone());
                    bindparam(&target.key, value, kind)
                }
                Some(called @ ColumnDefault::Callable(_)) => {
                    let kind = Some(target.kind.clone());
                    let parameter = bindparam(&target.key, None, kind);
                    if let Expression::BindParameter(parameter) = &parameter {
                        self.callables.push((parameter.clone(), called.clone()));
                    }
                    parameter
                }
                _ => match self.sequence(&default) {
                    Some(sequence) => next_value(&sequence),
                    None => continue,
                },
            };
            shown.push(self.dialect.quote_name(&target.name));
            columns.push(value);
        }
        if columns.is_empty() {
            return (shown, select.clone());
        }
        (shown, inner.add_columns(columns).into())
    }
}

/// Whether a default gives a value without the database.
pub(super) fn has_value(default: &Option<ColumnDefault>) -> bool {
    matches!(
        default,
        Some(ColumnDefault::Scalar(_) | ColumnDefault::Expression(_) | ColumnDefault::Callable(_))
    )
}
