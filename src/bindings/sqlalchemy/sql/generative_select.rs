//! `GenerativeSelect`, `HasHints` and `HasSuffixes`: order, limits, locks and texts of a SELECT.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Arguments, Bound, Declaration, Interpreter, Value, method};
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::sql::{
    DialectText, Fetch, ForUpdate, FromClause, Hint, LabelStyle, LockTarget, Select, SelectBase,
};
use sqlalchemy::sqltypes::Type;

use super::select::{SELECT_BASE, SelectObject, orders, plain_select, select_value};
use super::selectable::{FromObject, expect_from};
use crate::bindings::conversion::{self, argument_error, find_clause, known_class};

/// `GenerativeSelect`: what a SELECT and a compound SELECT share.
pub(super) static GENERATIVE_SELECT: Declaration<SelectObject> = Declaration {
    bases: &[&SELECT_BASE],
    methods: &[
        method("order_by", "self, *clauses", |vm, this, bound| {
            let found = orders(vm, &bound.rest)?;
            Ok(changed(
                this,
                |s| s.order_by(found.clone()),
                |c| c.order_by(found.clone()),
            ))
        }),
        method("group_by", "self, *clauses", |vm, this, bound| {
            let found = orders(vm, &bound.rest)?;
            Ok(changed(
                this,
                |s| s.group_by(found.clone()),
                |c| c.group_by(found.clone()),
            ))
        }),
        method("limit", "self, limit", |vm, this, bound| {
            let limit = number(vm, &bound.value("limit"))?;
            Ok(changed(
                this,
                |s| s.limit(limit.clone()),
                |c| c.limit(limit.clone()),
            ))
        }),
        method("offset", "self, offset", |vm, this, bound| {
            let offset = number(vm, &bound.value("offset"))?;
            Ok(changed(
                this,
                |s| s.offset(offset.clone()),
                |c| c.offset(offset.clone()),
            ))
        }),
        method(
            "fetch",
            "self, count, with_ties=False, percent=False, **dialect_kw",
            |vm, this, bound| {
                if let Some((name, _)) = bound.extra.first() {
                    return Err(Error::unsupported(format!(
                        "the argument {name} of fetch()"
                    )));
                }
                let (with_ties, percent) = (bound.flag("with_ties"), bound.flag("percent"));
                let count = number(vm, &bound.value("count"))?;
                let fetch = count.map(|count| Fetch {
                    count,
                    with_ties,
                    percent,
                });
                Ok(changed(
                    this,
                    |s| s.fetch(fetch.clone()),
                    |c| c.fetch(fetch.clone()),
                ))
            },
        ),
        method("slice", "self, start, stop", |vm, this, bound| {
            let start = bound.value("start").as_int().unwrap_or(0);
            let stop = bound.value("stop").as_int().unwrap_or(0);
            let limit = number(vm, &Value::Int(stop - start))?;
            let offset = number(vm, &Value::Int(start))?;
            Ok(changed(
                this,
                |s| s.limit(limit.clone()).offset(offset.clone()),
                |c| c.limit(limit.clone()).offset(offset.clone()),
            ))
        }),
        method(
            "with_for_update",
            "self, *, nowait=False, read=False, of=None, skip_locked=False, key_share=False",
            |vm, this, bound| {
                let lock = for_update(vm, bound)?;
                // Of a compound SELECT no database's text shows it.
                Ok(changed(
                    this,
                    |s| s.with_for_update(lock.clone()),
                    Clone::clone,
                ))
            },
        ),
        method("set_label_style", "self, style", |vm, this, bound| {
            let style = label_style(vm, &bound.value("style"))?;
            Ok(changed(this, |s| s.set_label_style(style), Clone::clone))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.GenerativeSelect")
};

/// `HasCTE`, of a SELECT.
pub(super) static HAS_CTE: Declaration<SelectObject> = Declaration {
    methods: &[
        method(
            "add_cte",
            "self, *ctes, nest_here=False",
            |vm, this, bound| {
                let nest_here = bound.flag("nest_here");
                let ctes = added_ctes(vm, &bound.rest)?;
                Ok(changed(
                    this,
                    |s| s.add_ctes(ctes.clone(), nest_here),
                    |c| c.add_ctes(ctes.clone(), nest_here),
                ))
            },
        ),
        method(
            "cte",
            "self, name=None, recursive=False, nesting=False",
            |_, this, bound| {
                let name = bound.take_some("name").and_then(|name| name.as_text());
                let recursive = bound.flag("recursive");
                let nesting = bound.flag("nesting");
                let from = this.select.clone().cte(name.as_deref(), recursive, nesting);
                Ok(Value::native(FromObject { from }))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.HasCTE")
};

/// `HasSuffixes`, and the prefixes of a SELECT.
pub(super) static HAS_SUFFIXES: Declaration<SelectObject> = Declaration {
    methods: &[
        method(
            "prefix_with",
            "self, *prefixes, dialect='*'",
            |vm, this, bound| {
                let texts = dialect_texts(vm, bound, "a prefix")?;
                Ok(select_value(
                    plain_select(vm, this, "prefix_with")?.prefix_with(texts),
                ))
            },
        ),
        method(
            "suffix_with",
            "self, *suffixes, dialect='*'",
            |vm, this, bound| {
                let texts = dialect_texts(vm, bound, "a suffix")?;
                Ok(select_value(
                    plain_select(vm, this, "suffix_with")?.suffix_with(texts),
                ))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.HasSuffixes")
};

/// `HasHints`.
pub(super) static HAS_HINTS: Declaration<SelectObject> = Declaration {
    methods: &[
        method(
            "with_hint",
            "self, selectable, text, dialect_name='*'",
            |vm, this, bound| {
                let hint = Hint {
                    table: expect_from(vm, &bound.value("selectable"))?,
                    text: bound.value("text").as_text().unwrap_or_default(),
                    dialect: dialect_of(bound, "dialect_name"),
                };
                Ok(select_value(
                    plain_select(vm, this, "with_hint")?.with_hint(hint),
                ))
            },
        ),
        method(
            "with_statement_hint",
            "self, text, dialect_name='*'",
            |vm, this, bound| {
                let hint = DialectText {
                    text: conversion::text_expression(vm, &bound.value("text"), "a hint")?,
                    dialect: dialect_of(bound, "dialect_name"),
                };
                let select = plain_select(vm, this, "with_statement_hint")?;
                Ok(select_value(select.with_statement_hint(hint)))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.HasHints")
};

/// A SELECT or a compound SELECT, changed.
fn changed(
    this: &SelectObject,
    select: impl FnOnce(&Select) -> Select,
    compound: impl FnOnce(&sqlalchemy::sql::CompoundSelect) -> sqlalchemy::sql::CompoundSelect,
) -> Value {
    match &this.select {
        SelectBase::Select(plain) => select_value(select(plain)),
        SelectBase::Compound(several) => select_value(compound(several)),
        // Texts have none of these methods.
        other => select_value(other.clone()),
    }
}

/// The dialect that a text is for; without one it is for all.
pub(super) fn dialect_of(bound: &mut Bound<'_>, argument: &str) -> Rc<str> {
    let given = bound.take_some(argument).and_then(|name| name.as_text());
    given.unwrap_or_else(|| "*".into())
}

/// Texts for the dialect of the argument `dialect`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no text.
pub(super) fn dialect_texts(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    what: &str,
) -> Result<Vec<DialectText>> {
    let dialect = dialect_of(bound, "dialect");
    let mut texts = Vec::with_capacity(bound.rest.len());
    for value in &bound.rest {
        texts.push(DialectText {
            text: conversion::text_expression(vm, value, what)?,
            dialect: dialect.clone(),
        });
    }
    Ok(texts)
}

/// The CTEs given to `add_cte()`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no FROM clause.
pub(super) fn added_ctes(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<FromClause>> {
    values.iter().map(|value| expect_from(vm, value)).collect()
}

fn for_update(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<ForUpdate> {
    let mut of = Vec::new();
    if let Some(value) = bound.take_some("of") {
        let items = match value.as_items() {
            Some(items) => items,
            None => vec![value],
        };
        for item in &items {
            of.push(match find_clause(vm, item)? {
                Some(column) => LockTarget::Column(column),
                None => LockTarget::From(expect_from(vm, item)?),
            });
        }
    }
    Ok(ForUpdate {
        read: bound.flag("read"),
        nowait: bound.flag("nowait"),
        skip_locked: bound.flag("skip_locked"),
        key_share: bound.flag("key_share"),
        of,
    })
}

/// A member of `SelectLabelStyle`.
fn label_style(vm: &mut Interpreter, value: &Value) -> Result<LabelStyle> {
    // The enumeration itself is a placeholder: only the names of its members matter.
    let name = conversion::opaque_name(value).unwrap_or_default();
    match name.rsplit('.').next().unwrap_or_default() {
        "LABEL_STYLE_NONE" => Ok(LabelStyle::None),
        "LABEL_STYLE_TABLENAME_PLUS_COL" => Ok(LabelStyle::TableNamePlusColumn),
        "LABEL_STYLE_DISAMBIGUATE_ONLY" | "LABEL_STYLE_DEFAULT" => Ok(LabelStyle::Disambiguate),
        _ => {
            let shown = vm.repr(value)?;
            Err(argument_error(format!("Invalid label style: {shown}")))
        }
    }
}

/// LIMIT, OFFSET or FETCH: a number or an expression.
fn number(vm: &mut Interpreter, value: &Value) -> Result<Option<Expression>> {
    match value {
        Value::None => Ok(None),
        value => match find_clause(vm, value)? {
            Some(expression) => Ok(Some(expression)),
            None => {
                let integer = known_class(vm, "int");
                let number = vm.call(
                    &Value::Class(integer),
                    Arguments::positional(vec![value.clone()]),
                )?;
                let literal = conversion::to_literal(vm, &number)?;
                Ok(Some(elements::literal(literal, Some(Type::integer_type()))))
            }
        },
    }
}
