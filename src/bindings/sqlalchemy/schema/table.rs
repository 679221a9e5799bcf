//! `Table`.

use super::dialect_arguments::Item;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, Dict, Interpreter, NativeObject, Value, constructor,
    method, property, settable,
};
use sqlalchemy::elements::Expression;
use sqlalchemy::schema::{SchemaName, Table, TableItem, TableOptions};

use super::{ColumnsObject, SCHEMA_ITEM, show_warnings};
use crate::bindings::conversion::{self, argument_error};
use crate::bindings::sqlalchemy::engine::create_or_drop;
use crate::bindings::sqlalchemy::reflect;
use crate::bindings::sqlalchemy::sql;

/// `sqlalchemy.Table`.
pub struct TableObject {
    /// The table.
    pub table: Table,
    /// Attributes set by user code.
    pub(super) attributes: Dict,
}

/// `sqlalchemy.Table`.
pub static TABLE: Declaration<TableObject> = Declaration {
    bases: &[&SCHEMA_ITEM, &sql::TABLE_CLAUSE],
    constructor: constructor(
        "self, name, metadata, /, *args, schema=None, quote=None, quote_schema=None, \
         autoload_with=None, autoload_replace=True, keep_existing=False, \
         extend_existing=False, must_exist=False, resolve_fks=True, include_columns=None, \
         implicit_returning=True, comment=None, info=None, listeners=None, prefixes=None, **kw",
        table,
    ),
    properties: &[
        settable(
            "name",
            |_, this| Ok(Value::Str(this.table.name().text())),
            |vm, this, value| match conversion::identifier(value, None) {
                Some(name) => {
                    this.table.set_name(name);
                    Ok(())
                }
                None => Err(vm.type_error("the name of a table must be a str")),
            },
        ),
        settable(
            "schema",
            |_, this| Ok(conversion::name_value(this.table.schema().as_ref())),
            |_, this, value| {
                this.table.set_schema(conversion::identifier(value, None));
                Ok(())
            },
        ),
        property("key", |_, this| {
            let name = this.table.name();
            Ok(match this.table.schema() {
                Some(schema) => format!("{schema}.{name}").into(),
                None => Value::Str(name.text()),
            })
        }),
        property("fullname", |_, this| Ok(Value::str(this.table.fullname()))),
        property("description", |_, this| {
            Ok(Value::Str(this.table.name().text()))
        }),
        property("c", columns),
        property("columns", columns),
        property("exported_columns", columns),
        property("metadata", |vm, this| {
            Ok(conversion::metadata_value(vm, &this.table.metadata()))
        }),
        property("primary_key", |vm, this| {
            Ok(conversion::constraint_value(
                vm,
                &this.table.primary_key().into(),
            ))
        }),
        property("constraints", |vm, this| {
            let mut items = Vec::new();
            for constraint in this.table.constraints() {
                items.push(conversion::constraint_value(vm, &constraint));
            }
            conversion::set_value(vm, items)
        }),
        property("indexes", |vm, this| {
            let mut items = Vec::new();
            for index in this.table.indexes() {
                items.push(conversion::index_value(vm, &index));
            }
            conversion::set_value(vm, items)
        }),
        property("foreign_keys", |vm, this| {
            let keys = this.table.foreign_keys();
            conversion::set_value(vm, keys.iter().map(conversion::foreign_key_value).collect())
        }),
        property("foreign_key_constraints", |vm, this| {
            let mut items = Vec::new();
            for constraint in this.table.foreign_key_constraints() {
                items.push(conversion::constraint_value(vm, &constraint.into()));
            }
            conversion::set_value(vm, items)
        }),
        settable(
            "comment",
            |_, this| Ok(this.table.comment().map_or(Value::None, Value::Str)),
            |_, this, value| {
                this.table.set_comment(value.as_text());
                Ok(())
            },
        ),
        settable(
            "info",
            |_, this| {
                let table = &this.table;
                Ok(conversion::info_value(
                    || table.info(),
                    |info| table.set_info(info),
                ))
            },
            |_, this, value| {
                this.table
                    .set_info(conversion::info_argument(Some(value.clone())));
                Ok(())
            },
        ),
        property("dialect_kwargs", |_, this| {
            Ok(Item::Table(this.table.clone()).arguments())
        }),
        property("kwargs", |_, this| {
            Ok(Item::Table(this.table.clone()).arguments())
        }),
        property("dialect_options", |_, this| {
            Ok(Item::Table(this.table.clone()).by_dialect())
        }),
        property("autoincrement_column", autoincrement_column),
        property("_autoincrement_column", autoincrement_column),
        property("_prefixes", |_, this| {
            Ok(Value::list(
                this.table.prefixes().into_iter().map(Value::Str).collect(),
            ))
        }),
        property("is_selectable", |_, _| Ok(Value::Bool(true))),
    ],
    methods: &[
        method(
            "append_column",
            "self, column, replace_existing=False",
            |vm, this, arguments| {
                let column = arguments.value("column");
                let Some(column) = conversion::find_column(&column) else {
                    return Err(conversion::not_a_schema_item(vm, &column)?);
                };
                let replace = conversion::flag(vm, arguments, "replace_existing")?.unwrap_or(false);
                vm.lend(|| this.table.append_column(&column, replace))?;
                show_warnings(vm);
                Ok(Value::None)
            },
        ),
        method(
            "append_constraint",
            "self, constraint",
            |vm, this, arguments| {
                match conversion::table_item(vm, &arguments.value("constraint"))? {
                    TableItem::Constraint(constraint) => {
                        vm.lend(|| this.table.append_constraint(&constraint))?
                    }
                    TableItem::Index(index) => vm.lend(|| this.table.append_index(&index))?,
                    TableItem::Column(column) => {
                        vm.lend(|| this.table.append_column(&column, false))?
                    }
                }
                show_warnings(vm);
                Ok(Value::None)
            },
        ),
        method("to_metadata", TO_METADATA, to_metadata),
        method("tometadata", TO_METADATA, to_metadata),
        method(
            "add_is_dependent_on",
            "self, table",
            |_, this, arguments| {
                if let Some(other) = conversion::find_table(&arguments.value("table")) {
                    this.table.add_is_dependent_on(&other);
                }
                Ok(Value::None)
            },
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
    ..Declaration::new("sqlalchemy.sql.schema.Table")
};

const TO_METADATA: &str = "self, metadata, schema=None, referred_schema_fn=None, name=None";

fn columns(_vm: &mut Interpreter, this: &TableObject) -> Result<Value> {
    Ok(ColumnsObject::of_columns(this.table.columns()))
}

fn autoincrement_column(vm: &mut Interpreter, this: &TableObject) -> Result<Value> {
    Ok(match this.table.primary_key().autoincrement_column()? {
        Some(column) => conversion::column_value(vm, &column),
        None => Value::None,
    })
}

fn to_metadata(
    vm: &mut Interpreter,
    this: &TableObject,
    arguments: &mut Bound<'_>,
) -> Result<Value> {
    let Some(metadata) = conversion::find_metadata(&arguments.value("metadata")) else {
        return Err(conversion::invalid_request(
            "to_metadata() needs a MetaData",
        ));
    };
    let schema = match arguments.take("schema") {
        None => SchemaName::Inherit,
        Some(Value::None) => SchemaName::Blank,
        given => conversion::schema_name(given, None),
    };
    let name = arguments
        .take_some("name")
        .and_then(|name| conversion::identifier(&name, None));
    let copy = this.table.to_metadata(&metadata, schema, name.as_ref())?;
    show_warnings(vm);
    Ok(conversion::table_value(vm, &copy))
}

/// `Table(...)`, callable from Rust.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_table(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    vm.make(&TABLE, arguments)
}

fn table(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("name");
    let Some(metadata) = conversion::find_metadata(&bound.value("metadata")) else {
        return Err(argument_error(
            "Argument 'metadata' is expected to be of type '<class \
             'sqlalchemy.sql.schema.MetaData'>'",
        ));
    };
    let quote = conversion::flag(vm, bound, "quote")?;
    let quote_schema = conversion::flag(vm, bound, "quote_schema")?;
    let Some(name) = conversion::identifier(&name, quote) else {
        return Err(argument_error(
            "Argument 'name' is expected to be of type '<class 'str'>'",
        ));
    };
    let mut options = TableOptions {
        schema: conversion::schema_name(bound.take("schema"), quote_schema),
        ..TableOptions::default()
    };
    options.keep_existing = conversion::flag(vm, bound, "keep_existing")?.unwrap_or(false);
    options.extend_existing = conversion::flag(vm, bound, "extend_existing")?.unwrap_or(false);
    options.must_exist = conversion::flag(vm, bound, "must_exist")?.unwrap_or(false);
    options.comment = conversion::text(bound, "comment");
    options.info = conversion::info_argument(bound.take("info"));
    if let Some(prefixes) = bound.take_some("prefixes") {
        options.prefixes = conversion::to_texts(vm, &prefixes)?;
    }
    let autoload_with = bound.take_some("autoload_with");
    if autoload_with.is_none() {
        // It is about the columns that are reflected.
        bound.ignore(&["autoload_replace"]);
    }
    let include = match bound.take_some("include_columns") {
        Some(names) => Some(conversion::to_texts(vm, &names)?),
        None => None,
    };
    let resolve = conversion::flag(vm, bound, "resolve_fks")?.unwrap_or(true);
    if bound.take_some("listeners").is_some() {
        return Err(Error::unsupported(
            "listeners= of a Table would be called back while the table is made, which is not \
             possible here",
        ));
    }
    let mut items = Vec::new();
    for item in std::mem::take(&mut bound.rest) {
        if let Some(columns) = item.downcast::<ColumnsObject>() {
            for column in columns.columns() {
                if let Expression::Column(column) = column {
                    items.push(TableItem::Column(column.clone()));
                }
            }
            continue;
        }
        items.push(conversion::table_item(vm, &item)?);
    }
    options.options = conversion::dialect_options(vm, &bound.extra)?;
    let table = match autoload_with {
        Some(bind) => reflect::reflected_table(
            vm,
            &bind,
            reflect::Reflection {
                name,
                metadata,
                items,
                options,
                include,
                resolve_foreign_keys: resolve,
            },
        )?,
        None => vm.lend(|| Table::new(name, &metadata, items, options))?,
    };
    show_warnings(vm);
    Ok(conversion::table_value(vm, &table))
}

impl NativeObject for TableObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&TABLE)
    }

    /// Attributes set by user code.
    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(self.attributes.get_str(name))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        // Kept beside it, one of the table's own would have no effect.
        if TABLE.declares(name) {
            return Err(Error::unsupported(format!(
                "setting the attribute '{name}' of a Table"
            )));
        }
        self.attributes.set_str(name, value.clone());
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
