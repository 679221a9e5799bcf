//! `Index`.

use super::dialect_arguments::Item;
use ground::diagnostic::Result;
use python::{
    Bound, Class, CompareOperator, Declaration, Interpreter, NativeObject, Value, constructor,
    method, property, settable,
};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{Index, IndexOptions};

use super::{ColumnsObject, SCHEMA_ITEM, identity_comparison, text_hash};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::create_or_drop;

/// `Index`.
pub struct IndexObject {
    /// The index.
    pub index: Index,
}

/// `sqlalchemy.Index`.
pub static INDEX: Declaration<IndexObject> = Declaration {
    bases: &[&SCHEMA_ITEM],
    constructor: constructor(
        "self, name, *expressions, unique=False, quote=None, info=None, _table=None, \
         _column_flag=False, **dialect_kw",
        index,
    ),
    properties: &[
        settable(
            "name",
            |_, this| Ok(conversion::constraint_name_value(&this.index.name())),
            |_, this, value| {
                this.index
                    .set_name(conversion::constraint_name(Some(value.clone())));
                Ok(())
            },
        ),
        settable(
            "unique",
            |_, this| Ok(Value::Bool(this.index.unique())),
            |vm, this, value| {
                this.index.set_unique(vm.truth(value)?);
                Ok(())
            },
        ),
        property("table", |vm, this| {
            Ok(match this.index.table() {
                Some(table) => conversion::table_value(vm, &table),
                None => Value::None,
            })
        }),
        property("columns", |_, this| {
            Ok(ColumnsObject::of_columns(this.index.columns()))
        }),
        property("expressions", |vm, this| {
            let mut items = Vec::new();
            for expression in this.index.expressions() {
                items.push(conversion::element_value(vm, &expression));
            }
            Ok(Value::list(items))
        }),
        settable(
            "info",
            |_, this| {
                let index = &this.index;
                Ok(conversion::info_value(
                    || index.info(),
                    |info| index.set_info(info),
                ))
            },
            |_, this, value| {
                let info = conversion::info_argument(Some(value.clone()));
                this.index.set_info(info);
                Ok(())
            },
        ),
        property("dialect_kwargs", |_, this| {
            Ok(Item::Index(this.index.clone()).arguments())
        }),
        property("kwargs", |_, this| {
            Ok(Item::Index(this.index.clone()).arguments())
        }),
        property("dialect_options", |_, this| {
            Ok(Item::Index(this.index.clone()).by_dialect())
        }),
        property("_column_flag", |_, this| {
            Ok(Value::Bool(this.index.is_column_flag()))
        }),
    ],
    methods: &[
        method(
            "ddl_if",
            "self, dialect=None, callable_=None, state=None",
            |_, _, arguments| Ok(arguments.this().clone()),
        ),
        method(
            "create",
            "self, bind, checkfirst=False",
            |vm, _, arguments| create_or_drop(vm, arguments, true),
        ),
        method(
            "drop",
            "self, bind, checkfirst=False",
            |vm, _, arguments| create_or_drop(vm, arguments, false),
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.Index")
};

fn index(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("name");
    let quote = conversion::flag(vm, bound, "quote")?;
    let name = match (&name, quote) {
        (name, Some(quote)) if name.as_text().is_some() => ConstraintName::plain(Name::quoted(
            name.as_text().unwrap_or_default(),
            Some(quote),
        )),
        _ => conversion::constraint_name(Some(name)),
    };
    let mut expressions = Vec::new();
    for value in std::mem::take(&mut bound.rest) {
        expressions.push(conversion::index_expression(vm, &value)?);
    }
    let table = bound
        .take_some("_table")
        .as_ref()
        .and_then(conversion::find_table);
    let options = IndexOptions {
        unique: conversion::flag(vm, bound, "unique")?.unwrap_or(false),
        info: conversion::info_argument(bound.take("info")),
        options: conversion::dialect_options(vm, &bound.extra)?,
        table,
        column_flag: false,
    };
    let index = vm.lend(|| Index::new(name, expressions, options))?;
    Ok(conversion::index_value(vm, &index))
}

impl NativeObject for IndexObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&INDEX)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.index.python_repr())))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<IndexObject>()
            .is_some_and(|other| other.index.ptr_eq(&self.index));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(text_hash(self.index.name().as_str().unwrap_or(""))))
    }
}
