//! `Table`.

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::schema::*;

use super::*;
use crate::bindings::conversion::{self, argument_error, known_class};

/// `sqlalchemy.Table`.
pub struct TableObject {
    /// The table.
    pub table: Table,
    pub(super) attributes: Dict,
}

impl NativeObject for TableObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Table")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let table = &self.table;
        if let Some(found) = self.attributes.get_str(name) {
            return Ok(Some(found));
        }
        Ok(Some(match name {
            "name" => Value::Str(table.name().text()),
            "schema" => conversion::name_value(table.schema().as_ref()),
            "key" => Value::Str(table.key()),
            "fullname" | "description" if name == "fullname" => Value::str(table.fullname()),
            "description" => Value::Str(table.name().text()),
            "c" | "columns" | "exported_columns" => Value::native(ColumnsObject {
                columns: table.columns(),
                keys: None,
            }),
            "metadata" => conversion::metadata_value(vm, &table.metadata()),
            "primary_key" => conversion::constraint_value(vm, &table.primary_key().into()),
            "constraints" => {
                let mut items = Vec::new();
                for constraint in table.constraints() {
                    items.push(conversion::constraint_value(vm, &constraint));
                }
                conversion::set_value(vm, items)?
            }
            "indexes" => {
                let mut items = Vec::new();
                for index in table.indexes() {
                    items.push(conversion::index_value(vm, &index));
                }
                conversion::set_value(vm, items)?
            }
            "foreign_keys" => {
                let items = table
                    .foreign_keys()
                    .iter()
                    .map(conversion::foreign_key_value)
                    .collect();
                conversion::set_value(vm, items)?
            }
            "foreign_key_constraints" => {
                let mut items = Vec::new();
                for constraint in table.foreign_key_constraints() {
                    items.push(conversion::constraint_value(vm, &constraint.into()));
                }
                conversion::set_value(vm, items)?
            }
            "comment" => table.comment().map_or(Value::None, Value::Str),
            "info" => conversion::info_value(|| table.info(), |info| table.set_info(info)),
            "dialect_kwargs" | "kwargs" => conversion::options_value(vm, &table.dialect_options())?,
            "dialect_options" => conversion::options_by_dialect(vm, &table.dialect_options())?,
            "autoincrement_column" | "_autoincrement_column" => {
                match table.primary_key().autoincrement_column()? {
                    Some(column) => conversion::column_value(vm, &column),
                    None => Value::None,
                }
            }
            "_prefixes" => Value::list(table.prefixes().into_iter().map(Value::Str).collect()),
            "is_selectable" => Value::Bool(true),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "comment" => self.table.set_comment(value.as_text()),
            "info" => self
                .table
                .set_info(conversion::info_argument(Some(value.clone()))),
            _ => self.attributes.set_str(name, value.clone()),
        }
        Ok(true)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.table.python_repr()))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.table.fullname()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.table.identity_key() as u64))
    }
}

/// `Table(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_table(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "Table.__init__",
        "name, metadata, /, *args, schema=None, quote=None, quote_schema=None, autoload_with=None, \
         autoload=None, autoload_replace=True, keep_existing=False, extend_existing=False, \
         must_exist=False, resolve_fks=True, include_columns=None, implicit_returning=True, \
         comment=None, info=None, listeners=None, prefixes=None, **kw"
    ))?;
    let name = bound.value("name");
    let Some(metadata) = conversion::find_metadata(&bound.value("metadata")) else {
        return Err(argument_error(
            "Argument 'metadata' is expected to be of type '<class \
             'sqlalchemy.sql.schema.MetaData'>'",
        ));
    };
    let quote = conversion::flag(vm, &mut bound, "quote")?;
    let quote_schema = conversion::flag(vm, &mut bound, "quote_schema")?;
    let Some(name) = conversion::identifier(&name, quote) else {
        return Err(argument_error(
            "Argument 'name' is expected to be of type '<class 'str'>'",
        ));
    };
    let mut options = TableOptions {
        schema: conversion::schema_name(bound.take("schema"), quote_schema),
        ..TableOptions::default()
    };
    options.keep_existing = conversion::flag(vm, &mut bound, "keep_existing")?.unwrap_or(false);
    options.extend_existing = conversion::flag(vm, &mut bound, "extend_existing")?.unwrap_or(false);
    options.must_exist = conversion::flag(vm, &mut bound, "must_exist")?.unwrap_or(false);
    options.comment = conversion::text(&mut bound, "comment");
    options.info = conversion::info_argument(bound.take("info"));
    if let Some(prefixes) = bound.take_some("prefixes") {
        options.prefixes = conversion::to_texts(vm, &prefixes)?;
    }
    let autoload_with = bound.take_some("autoload_with");
    let include = match bound.take_some("include_columns") {
        Some(names) => Some(conversion::to_texts(vm, &names)?),
        None => None,
    };
    let resolve = conversion::flag(vm, &mut bound, "resolve_fks")?.unwrap_or(true);
    if bound.take_some("listeners").is_some() {
        return Err(Error::unsupported(
            "listeners= of a Table would be called back while the table is made, which is not \
             possible here",
        ));
    }
    let mut items = Vec::new();
    for item in std::mem::take(&mut bound.rest) {
        if let Some(columns) = item.downcast::<ColumnsObject>() {
            items.extend(columns.columns.iter().cloned().map(TableItem::Column));
            continue;
        }
        items.push(conversion::table_item(vm, &item)?);
    }
    options.options = conversion::dialect_options(vm, &bound.extra)?;
    let table = match autoload_with {
        Some(bind) => crate::bindings::sqlalchemy::reflect::reflected_table(
            vm,
            &bind,
            crate::bindings::sqlalchemy::reflect::Reflection {
                name,
                metadata,
                items,
                options,
                include,
                resolve_foreign_keys: resolve,
            },
        )?,
        None => Table::new(name, &metadata, items, options)?,
    };
    show_warnings(vm);
    Ok(conversion::table_value(vm, &table))
}

/// The methods of tables.
pub mod table_methods {
    use super::*;

    fn table(this: &Value) -> Result<Table> {
        conversion::find_table(this)
            .ok_or_else(|| conversion::invalid_request("this is not a Table"))
    }

    /// `table.append_column(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn append_column(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let mut bound = arguments.bind(parameters!(
            "Table.append_column",
            "column, replace_existing=False"
        ))?;
        let column = bound.value("column");
        let Some(column) = conversion::find_column(&column) else {
            return Err(conversion::not_a_schema_item(vm, &column)?);
        };
        let replace = conversion::flag(vm, &mut bound, "replace_existing")?.unwrap_or(false);
        table(this)?.append_column(&column, replace)?;
        show_warnings(vm);
        Ok(Value::None)
    }

    /// `table.append_constraint(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn append_constraint(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let [item] = arguments.exactly("append_constraint")?;
        let table = table(this)?;
        match conversion::table_item(vm, &item)? {
            TableItem::Constraint(constraint) => table.append_constraint(&constraint)?,
            TableItem::Index(index) => table.append_index(&index)?,
            TableItem::Column(column) => table.append_column(&column, false)?,
        }
        show_warnings(vm);
        Ok(Value::None)
    }

    /// `table.to_metadata(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn to_metadata(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
        let mut bound = arguments.bind(parameters!(
            "Table.to_metadata",
            "metadata, schema=None, referred_schema_fn=None, name=None"
        ))?;
        let Some(metadata) = conversion::find_metadata(&bound.value("metadata")) else {
            return Err(conversion::invalid_request(
                "to_metadata() needs a MetaData",
            ));
        };
        let schema = match bound.take("schema") {
            None => SchemaName::Inherit,
            Some(Value::None) => SchemaName::Blank,
            given => conversion::schema_name(given, None),
        };
        let name = bound
            .take_some("name")
            .and_then(|name| conversion::identifier(&name, None));
        let copy = table(this)?.to_metadata(&metadata, schema, name.as_ref())?;
        show_warnings(vm);
        Ok(conversion::table_value(vm, &copy))
    }

    /// `table.add_is_dependent_on(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn add_is_dependent_on(
        _vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let [other] = arguments.exactly("add_is_dependent_on")?;
        if let Some(other) = conversion::find_table(&other) {
            table(this)?.add_is_dependent_on(&other);
        }
        Ok(Value::None)
    }
}
