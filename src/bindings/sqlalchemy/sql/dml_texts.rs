//! `HasPrefixes`, hints and CTEs of INSERT, UPDATE and DELETE.

use python::{Declaration, Value, method};
use sqlalchemy::sql::{Hint, Statement};

use super::dml::{ChangeObject, changed};
use super::generative_select::{added_ctes, dialect_of, dialect_texts};
use super::selectable::{FromObject, expect_from};

/// `HasPrefixes`, beside which stand the hints and CTEs of these statements.
pub(super) static DML_TEXTS: Declaration<ChangeObject> = Declaration {
    methods: &[
        method(
            "prefix_with",
            "self, *prefixes, dialect='*'",
            |vm, this, bound| {
                let texts = dialect_texts(vm, bound, "a prefix")?;
                let mut statement = this.statement.clone();
                match &mut statement {
                    Statement::Insert(insert) => insert.prefixes.extend(texts),
                    Statement::Update(update) => update.prefixes.extend(texts),
                    Statement::Delete(delete) => delete.prefixes.extend(texts),
                    _ => {}
                }
                Ok(changed(statement))
            },
        ),
        method(
            "with_hint",
            "self, text, selectable=None, dialect_name='*'",
            |vm, this, bound| {
                let mut statement = this.statement.clone();
                let other = match bound.take_some("selectable") {
                    Some(selectable) => Some(expect_from(vm, &selectable)?),
                    None => None,
                };
                let text = bound.value("text").as_text().unwrap_or_default();
                let dialect = dialect_of(bound, "dialect_name");
                let (table, hints) = match &mut statement {
                    Statement::Insert(insert) => (insert.table.clone(), &mut insert.hints),
                    Statement::Update(update) => (update.table.clone(), &mut update.hints),
                    Statement::Delete(delete) => (delete.table.clone(), &mut delete.hints),
                    _ => return Ok(bound.this().clone()),
                };
                hints.push(Hint {
                    table: other.unwrap_or(table),
                    text,
                    dialect,
                });
                Ok(changed(statement))
            },
        ),
        method(
            "add_cte",
            "self, *ctes, nest_here=False",
            |vm, this, bound| {
                // They stand before the whole statement either way.
                let ctes = added_ctes(vm, &bound.rest)?;
                let mut statement = this.statement.clone();
                match &mut statement {
                    Statement::Insert(insert) => insert.ctes.extend(ctes),
                    Statement::Update(update) => update.ctes.extend(ctes),
                    Statement::Delete(delete) => delete.ctes.extend(ctes),
                    _ => {}
                }
                Ok(changed(statement))
            },
        ),
        method(
            "cte",
            "self, name=None, recursive=False, nesting=False",
            |_, this, bound| {
                let name = bound.take_some("name").and_then(|name| name.as_text());
                let recursive = bound.flag("recursive");
                let nesting = bound.flag("nesting");
                let from = this.statement.cte(name.as_deref(), recursive, nesting);
                Ok(Value::native(FromObject { from }))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.HasPrefixes")
};
