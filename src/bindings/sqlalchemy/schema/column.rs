//! `Column`.

use super::dialect_arguments::Item;
use std::collections::VecDeque;

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, BinaryOperator, Bound, Class, CompareOperator, Declaration, Interpreter,
    NativeObject, UnaryOperator, Value, constructor, method, property, settable,
};
use sqlalchemy::schema::{Autoincrement, Column, ColumnOptions};

use super::{ForeignKeyObject, SCHEMA_ITEM};
use crate::bindings::conversion::{self, argument_error};
use crate::bindings::sqlalchemy::sql;

/// `sqlalchemy.Column`.
pub struct ColumnObject {
    /// The column.
    pub column: Column,
}

/// Parameters of `Column(...)`.
const COLUMN_PARAMETERS: &str = "self, *args, name=None, type_=None, autoincrement='auto', \
     default=None, insert_default=None, doc=None, key=None, index=None, unique=None, info=None, \
     nullable=None, onupdate=None, primary_key=False, server_default=None, server_onupdate=None, \
     quote=None, system=False, comment=None, insert_sentinel=False, _proxies=None, \
     _omit_from_statements=False, **dialect_kwargs";

/// `sqlalchemy.Column`.
pub static COLUMN: Declaration<ColumnObject> = Declaration {
    bases: &[&SCHEMA_ITEM, &sql::COLUMN_CLAUSE],
    constructor: constructor(COLUMN_PARAMETERS, column),
    properties: &[
        settable(
            "name",
            |_, this| Ok(conversion::name_value(this.column.name_option().as_ref())),
            |_, this, value| {
                if let Some(text) = value.as_text() {
                    this.column.set_name(text);
                }
                Ok(())
            },
        ),
        settable(
            "key",
            |_, this| Ok(this.column.key_option().map_or(Value::None, Value::Str)),
            |_, this, value| {
                if let Some(text) = value.as_text() {
                    this.column.set_key(text);
                }
                Ok(())
            },
        ),
        settable(
            "type",
            |vm, this| Ok(conversion::type_value(vm, &this.column.kind())),
            |vm, this, value| {
                this.column.set_kind(conversion::to_type(vm, value)?);
                Ok(())
            },
        ),
        settable(
            "nullable",
            |_, this| Ok(Value::Bool(this.column.nullable())),
            |vm, this, value| {
                this.column.set_nullable(vm.truth(value)?);
                Ok(())
            },
        ),
        property("_user_defined_nullable", |_, this| {
            Ok(Value::from(this.column.user_defined_nullable()))
        }),
        settable(
            "primary_key",
            |_, this| Ok(Value::Bool(this.column.primary_key())),
            |vm, this, value| {
                this.column.set_primary_key(vm.truth(value)?);
                Ok(())
            },
        ),
        settable(
            "unique",
            |_, this| Ok(Value::from(this.column.unique())),
            |_, this, value| {
                this.column.set_unique(value.as_bool());
                Ok(())
            },
        ),
        settable(
            "index",
            |_, this| Ok(Value::from(this.column.index())),
            |_, this, value| {
                this.column.set_index(value.as_bool());
                Ok(())
            },
        ),
        property("system", |_, this| Ok(Value::Bool(this.column.system()))),
        settable(
            "comment",
            |_, this| Ok(this.column.comment().map_or(Value::None, Value::Str)),
            |_, this, value| {
                this.column.set_comment(value.as_text());
                Ok(())
            },
        ),
        settable(
            "doc",
            |_, this| Ok(this.column.doc().map_or(Value::None, Value::Str)),
            |_, _, _| Ok(()),
        ),
        settable(
            "autoincrement",
            |_, this| {
                Ok(match this.column.autoincrement() {
                    Autoincrement::Auto => Value::str("auto"),
                    Autoincrement::True => Value::Bool(true),
                    Autoincrement::False => Value::Bool(false),
                    Autoincrement::IgnoreForeignKey => Value::str("ignore_fk"),
                })
            },
            |_, this, value| {
                this.column
                    .set_autoincrement(conversion::autoincrement(value));
                Ok(())
            },
        ),
        settable(
            "default",
            |_, this| Ok(conversion::default_value(this.column.default())),
            |vm, this, value| {
                this.column
                    .set_default(conversion::column_default(vm, Some(value.clone()))?);
                Ok(())
            },
        ),
        settable(
            "onupdate",
            |_, this| Ok(conversion::default_value(this.column.onupdate())),
            |vm, this, value| {
                this.column
                    .set_onupdate(conversion::column_default(vm, Some(value.clone()))?);
                Ok(())
            },
        ),
        settable(
            "server_default",
            |_, this| {
                Ok(conversion::server_default_value(
                    this.column.server_default(),
                ))
            },
            |vm, this, value| {
                let default = conversion::server_default(vm, Some(value.clone()), false)?;
                this.column.set_server_default(default);
                Ok(())
            },
        ),
        settable(
            "server_onupdate",
            |_, this| {
                Ok(conversion::server_default_value(
                    this.column.server_onupdate(),
                ))
            },
            |vm, this, value| {
                let default = conversion::server_default(vm, Some(value.clone()), true)?;
                this.column.set_server_onupdate(default);
                Ok(())
            },
        ),
        property("computed", |_, this| {
            let computed = this.column.computed();
            Ok(computed.map_or(Value::None, |computed| {
                conversion::computed_value(&computed)
            }))
        }),
        property("identity", |_, this| {
            let identity = this.column.identity();
            Ok(identity.map_or(Value::None, |identity| {
                conversion::identity_value(&identity)
            }))
        }),
        property("table", |vm, this| {
            Ok(match this.column.table() {
                Some(table) => conversion::table_value(vm, &table),
                None => Value::None,
            })
        }),
        property("foreign_keys", |vm, this| {
            let keys = this.column.foreign_keys();
            conversion::set_value(vm, keys.iter().map(conversion::foreign_key_value).collect())
        }),
        property("constraints", |vm, this| {
            let mut items = Vec::new();
            for constraint in this.column.constraints() {
                items.push(conversion::constraint_value(vm, &constraint));
            }
            conversion::set_value(vm, items)
        }),
        settable(
            "info",
            |_, this| {
                let column = &this.column;
                Ok(conversion::info_value(
                    || column.info(),
                    |info| column.set_info(info),
                ))
            },
            |_, this, value| {
                this.column
                    .set_info(conversion::info_argument(Some(value.clone())));
                Ok(())
            },
        ),
        property("dialect_kwargs", |_, this| {
            Ok(Item::Column(this.column.clone()).arguments())
        }),
        property("kwargs", |_, this| {
            Ok(Item::Column(this.column.clone()).arguments())
        }),
        property("dialect_options", |_, this| {
            Ok(Item::Column(this.column.clone()).by_dialect())
        }),
        property("is_literal", |_, _| Ok(Value::Bool(false))),
        property("base_columns", |vm, this| {
            let own = conversion::column_value(vm, &this.column);
            conversion::set_value(vm, vec![own])
        }),
        property("quote", |_, this| {
            let name = this.column.name_option();
            Ok(name.map_or(Value::None, |name| Value::from(name.quote())))
        }),
    ],
    methods: &[
        method("__clause_element__", "self", |_, _, arguments| {
            Ok(arguments.this().clone())
        }),
        method("_copy", "self, **kw", copy),
        method("copy", "self, **kw", copy),
        method("references", "self, column", |_, this, arguments| {
            let Some(other) = conversion::find_column(&arguments.value("column")) else {
                return Ok(Value::Bool(false));
            };
            for key in this.column.foreign_keys() {
                if key.column()?.ptr_eq(&other) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }),
        method("append_foreign_key", "self, fk", |_, this, arguments| {
            if let Some(key) = arguments.value("fk").downcast::<ForeignKeyObject>() {
                this.column.append_foreign_key(&key.foreign_key)?;
            }
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.Column")
};

fn copy(vm: &mut Interpreter, this: &ColumnObject, _arguments: &mut Bound<'_>) -> Result<Value> {
    let copy = this.column.copy()?;
    Ok(conversion::column_value(vm, &copy))
}

/// `Column(...)`, callable from Rust.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_column(vm: &mut Interpreter, arguments: Arguments) -> Result<Column> {
    let made = vm.make(&COLUMN, arguments)?;
    conversion::to_column(vm, &made)
}

fn column(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut items: VecDeque<Value> = std::mem::take(&mut bound.rest).into();
    let quote = conversion::flag(vm, bound, "quote")?;
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
    options.key = conversion::text(bound, "key");
    options.doc = conversion::text(bound, "doc");
    options.comment = conversion::text(bound, "comment");
    options.index = conversion::flag(vm, bound, "index")?;
    options.unique = conversion::flag(vm, bound, "unique")?;
    options.nullable = conversion::flag(vm, bound, "nullable")?;
    options.primary_key = conversion::flag(vm, bound, "primary_key")?.unwrap_or(false);
    options.system = conversion::flag(vm, bound, "system")?.unwrap_or(false);
    options.insert_sentinel = conversion::flag(vm, bound, "insert_sentinel")?.unwrap_or(false);
    options.info = conversion::info_argument(bound.take("info"));
    for item in items {
        options.items.push(conversion::column_item(vm, &item)?);
    }
    options.options = conversion::dialect_options(vm, &bound.extra)?;
    let made = Column::with_options(options)?;
    Ok(conversion::column_value(vm, &made))
}

/// A column's attributes by name; shared with instrumented attributes.
///
/// # Errors
/// What the property raises.
pub fn column_attribute(
    vm: &mut Interpreter,
    column: &Column,
    name: &str,
) -> Result<Option<Value>> {
    let own = name == "__clause_element__" || !name.starts_with("__");
    if !own || !vm.class(&COLUMN).namespace.contains_str(name) {
        return Ok(None);
    }
    let column = conversion::column_value(vm, column);
    vm.get_attribute(&column, name).map(Some)
}

impl NativeObject for ColumnObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COLUMN)
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        _value: &Value,
    ) -> Result<bool> {
        Err(Error::unsupported(format!(
            "setting the attribute '{name}' of a Column is not possible here"
        )))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        sql::binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        sql::unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        sql::compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        sql::get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.column.python_repr())))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.column.python_str())))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.column.identity_key() as u64))
    }
}
