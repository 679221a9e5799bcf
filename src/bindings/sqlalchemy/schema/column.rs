//! `Column`.

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{
    Arguments, BinaryOperator, Class, CompareOperator, Interpreter, NativeObject, UnaryOperator,
    Value,
};
use sqlalchemy::schema::*;

use crate::bindings::conversion::{self, argument_error, known_class};
use crate::bindings::sqlalchemy::expressions;

/// Parameters of `Column(...)`.
pub const COLUMN_PARAMETERS: &str = "*args, name=None, type_=None, autoincrement='auto', default=None, insert_default=None, \
         doc=None, key=None, index=None, unique=None, info=None, nullable=None, onupdate=None, \
         primary_key=False, server_default=None, server_onupdate=None, quote=None, system=False, \
         comment=None, insert_sentinel=False, _proxies=None, _omit_from_statements=False, \
         **dialect_kwargs";

/// `sqlalchemy.Column`.
pub struct ColumnObject {
    /// The column.
    pub column: Column,
}

impl NativeObject for ColumnObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Column")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        column_attribute(vm, &self.column, name)
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        let column = &self.column;
        match name {
            "name" => {
                if let Some(text) = value.as_text() {
                    column.set_name(text);
                }
            }
            "key" => {
                if let Some(text) = value.as_text() {
                    column.set_key(text);
                }
            }
            "type" => column.set_kind(conversion::to_type(vm, value)?),
            "nullable" => column.set_nullable(vm.truth(value)?),
            "primary_key" => column.set_primary_key(vm.truth(value)?),
            "unique" => column.set_unique(value.as_bool()),
            "index" => column.set_index(value.as_bool()),
            "comment" => column.set_comment(value.as_text()),
            "autoincrement" => column.set_autoincrement(conversion::autoincrement(value)),
            "default" => column.set_default(conversion::column_default(vm, Some(value.clone()))?),
            "onupdate" => {
                column.set_onupdate(conversion::column_default(vm, Some(value.clone()))?);
            }
            "server_default" => {
                let default = conversion::server_default(vm, Some(value.clone()), false)?;
                column.set_server_default(default);
            }
            "server_onupdate" => {
                let default = conversion::server_default(vm, Some(value.clone()), true)?;
                column.set_server_onupdate(default);
            }
            "info" => column.set_info(conversion::info_argument(Some(value.clone()))),
            "doc" => {}
            _ => {
                return Err(Error::unsupported(format!(
                    "setting the attribute '{name}' of a Column is not possible here"
                )));
            }
        }
        Ok(true)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        expressions::binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        expressions::unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        expressions::compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        expressions::get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(column_repr(vm, &self.column)?))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.column.python_str()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.column.identity_key() as u64))
    }
}

fn column_repr(_vm: &mut Interpreter, column: &Column) -> Result<String> {
    Ok(column.python_repr())
}

/// What a column shows by name; shared with the attributes of mapped classes.
pub fn column_attribute(
    vm: &mut Interpreter,
    column: &Column,
    name: &str,
) -> Result<Option<Value>> {
    Ok(Some(match name {
        "name" => conversion::name_value(column.name_option().as_ref()),
        "key" => column.key_option().map_or(Value::None, Value::Str),
        "type" => conversion::type_value(vm, &column.kind()),
        "nullable" => Value::Bool(column.nullable()),
        "_user_defined_nullable" => Value::from(column.user_defined_nullable()),
        "primary_key" => Value::Bool(column.primary_key()),
        "unique" => Value::from(column.unique()),
        "index" => Value::from(column.index()),
        "system" => Value::Bool(column.system()),
        "comment" => column.comment().map_or(Value::None, Value::Str),
        "doc" => column.doc().map_or(Value::None, Value::Str),
        "autoincrement" => match column.autoincrement() {
            Autoincrement::Auto => Value::str("auto"),
            Autoincrement::True => Value::Bool(true),
            Autoincrement::False => Value::Bool(false),
            Autoincrement::IgnoreForeignKey => Value::str("ignore_fk"),
        },
        "default" => conversion::default_value(vm, column.default())?,
        "onupdate" => conversion::default_value(vm, column.onupdate())?,
        "server_default" => conversion::server_default_value(column.server_default()),
        "server_onupdate" => conversion::server_default_value(column.server_onupdate()),
        "computed" => column.computed().map_or(Value::None, |computed| {
            conversion::computed_value(&computed)
        }),
        "identity" => column.identity().map_or(Value::None, |identity| {
            conversion::identity_value(&identity)
        }),
        "table" => match column.table() {
            Some(table) => conversion::table_value(vm, &table),
            None => Value::None,
        },
        "foreign_keys" => {
            let items = column
                .foreign_keys()
                .iter()
                .map(conversion::foreign_key_value)
                .collect();
            conversion::set_value(vm, items)?
        }
        "constraints" => {
            let mut items = Vec::new();
            for constraint in column.constraints() {
                items.push(conversion::constraint_value(vm, &constraint));
            }
            conversion::set_value(vm, items)?
        }
        "info" => conversion::info_value(|| column.info(), |info| column.set_info(info)),
        "dialect_kwargs" | "kwargs" => conversion::options_value(vm, &column.dialect_options())?,
        "dialect_options" => conversion::options_by_dialect(vm, &column.dialect_options())?,
        "is_literal" => Value::Bool(false),
        "base_columns" => {
            let own = conversion::column_value(vm, column);
            conversion::set_value(vm, vec![own])?
        }
        "quote" => column
            .name_option()
            .map_or(Value::None, |name| Value::from(name.quote())),
        "__clause_element__" => {
            let own = conversion::column_value(vm, column);
            Value::function("__clause_element__", move |_, _| Ok(own.clone()))
        }
        _ => return Ok(None),
    }))
}

/// `Column(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_column(vm: &mut Interpreter, arguments: Arguments) -> Result<Column> {
    let mut bound = arguments.bind(parameters!("Column.__init__", COLUMN_PARAMETERS))?;
    let mut items: std::collections::VecDeque<Value> = std::mem::take(&mut bound.rest).into();
    let quote = conversion::flag(vm, &mut bound, "quote")?;
    let mut name = bound.take_some("name");
    match items.front() {
        Some(first) if first.as_str().is_some() => {
            if name.is_some() {
                return Err(argument_error(
                    "May not pass name positionally and as a keyword.",
                ));
            }
            name = items.pop_front();
        }
        Some(Value::None) => {
            items.pop_front();
        }
        _ => {}
    }
    let mut kind = bound.take_some("type_");
    match items.front() {
        Some(first) if conversion::is_type(first) || conversion::opaque_name(first).is_some() => {
            if kind.is_some() {
                return Err(argument_error(
                    "May not pass type_ positionally and as a keyword.",
                ));
            }
            kind = items.pop_front();
        }
        Some(Value::None) => {
            items.pop_front();
        }
        _ => {}
    }
    if name.is_none() && quote.is_some() {
        return Err(argument_error(
            "Explicit 'name' is required when sending 'quote' argument",
        ));
    }
    let kind = match kind {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        None => None,
    };
    let mut options = ColumnOptions {
        name: name
            .as_ref()
            .and_then(|name| conversion::identifier(name, quote)),
        kind,
        ..ColumnOptions::default()
    };
    if let Some(value) = bound.take("autoincrement") {
        options.autoincrement = conversion::autoincrement(&value);
    }
    let (default, insert_default) = (bound.take("default"), bound.take("insert_default"));
    if default.is_some() && insert_default.is_some() {
        return Err(argument_error(
            "The 'default' and 'insert_default' parameters of Column are mutually exclusive",
        ));
    }
    options.default = conversion::column_default(vm, default.or(insert_default))?;
    options.onupdate = conversion::column_default(vm, bound.take("onupdate"))?;
    options.server_default = conversion::server_default(vm, bound.take("server_default"), false)?;
    options.server_onupdate = conversion::server_default(vm, bound.take("server_onupdate"), true)?;
    options.key = conversion::text(&mut bound, "key");
    options.doc = conversion::text(&mut bound, "doc");
    options.comment = conversion::text(&mut bound, "comment");
    options.index = conversion::flag(vm, &mut bound, "index")?;
    options.unique = conversion::flag(vm, &mut bound, "unique")?;
    options.nullable = conversion::flag(vm, &mut bound, "nullable")?;
    options.primary_key = conversion::flag(vm, &mut bound, "primary_key")?.unwrap_or(false);
    options.system = conversion::flag(vm, &mut bound, "system")?.unwrap_or(false);
    options.insert_sentinel = conversion::flag(vm, &mut bound, "insert_sentinel")?.unwrap_or(false);
    options.info = conversion::info_argument(bound.take("info"));
    for item in items {
        options.items.push(conversion::column_item(vm, &item)?);
    }
    options.options = conversion::dialect_options(vm, &bound.extra)?;
    Column::with_options(options)
}
