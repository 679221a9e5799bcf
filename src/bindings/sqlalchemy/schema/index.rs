//! `Index`.

use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Class, CompareOperator, Interpreter, NativeObject, Value};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::*;

use super::*;
use crate::bindings::conversion::{self, known_class};

/// Parameters of `Index(...)`.
pub const INDEX_PARAMETERS: &str = "name, *expressions, unique=False, quote=None, info=None, _table=None, _column_flag=False, \
         **dialect_kw";

/// `Index`.
pub struct IndexObject {
    /// The index.
    pub index: Index,
}

impl NativeObject for IndexObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Index")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let index = &self.index;
        Ok(Some(match name {
            "name" => conversion::constraint_name_value(&index.name()),
            "unique" => Value::Bool(index.unique()),
            "table" => match index.table() {
                Some(table) => conversion::table_value(vm, &table),
                None => Value::None,
            },
            "columns" => Value::native(ColumnsObject {
                columns: index.columns(),
                keys: None,
            }),
            "expressions" => {
                let mut items = Vec::new();
                for expression in index.expressions() {
                    items.push(conversion::element_value(vm, &expression));
                }
                Value::list(items)
            }
            "info" => conversion::info_value(|| index.info(), |info| index.set_info(info)),
            "dialect_kwargs" | "kwargs" => conversion::options_value(vm, &index.dialect_options())?,
            "dialect_options" => conversion::options_by_dialect(vm, &index.dialect_options())?,
            "_column_flag" => Value::Bool(index.is_column_flag()),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "name" => self
                .index
                .set_name(conversion::constraint_name(Some(value.clone()))),
            "unique" => self.index.set_unique(vm.truth(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.index.python_repr()))
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

/// `Index(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_index(vm: &mut Interpreter, arguments: Arguments) -> Result<Index> {
    let mut bound = arguments.bind(parameters!("Index.__init__", INDEX_PARAMETERS))?;
    let name = bound.value("name");
    let quote = conversion::flag(vm, &mut bound, "quote")?;
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
    Index::new(
        name,
        expressions,
        IndexOptions {
            unique: conversion::flag(vm, &mut bound, "unique")?.unwrap_or(false),
            info: conversion::info_argument(bound.take("info")),
            options: conversion::dialect_options(vm, &bound.extra)?,
            table,
            column_flag: false,
        },
    )
}
