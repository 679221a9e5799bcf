//! `MetaData` and its naming convention.

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, Dict, Interpreter, NativeObject, Value, constructor,
    method, property, settable,
};
use sqlalchemy::naming::{Convention, ConventionFunction, Named, NamingConvention};
use sqlalchemy::schema::{MetaData, Table};

use super::show_warnings;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::create_or_drop;
use crate::bindings::sqlalchemy::reflect;

/// `sqlalchemy.MetaData`.
pub struct MetaDataObject {
    /// The metadata.
    pub metadata: MetaData,
    /// Attributes set by user code.
    pub(super) attributes: Dict,
}

/// `sqlalchemy.MetaData`.
pub static METADATA: Declaration<MetaDataObject> = Declaration {
    constructor: constructor(
        "self, schema=None, quote_schema=None, naming_convention=None, info=None",
        metadata,
    ),
    properties: &[
        property("tables", |vm, this| Ok(tables_value(vm, &this.metadata))),
        property("sorted_tables", |vm, this| {
            let mut items = Vec::new();
            for table in this.metadata.sorted_tables()? {
                items.push(conversion::table_value(vm, &table));
            }
            show_warnings(vm);
            Ok(Value::list(items))
        }),
        settable(
            "schema",
            |_, this| Ok(conversion::name_value(this.metadata.schema().as_ref())),
            |_, _, _| {
                Err(Error::unsupported(
                    "the schema of a MetaData is set when it is made: MetaData(schema=...)",
                ))
            },
        ),
        settable(
            "naming_convention",
            |_, this| Ok(naming_convention_value(&this.metadata)),
            |vm, this, value| {
                let convention = naming_convention(vm, value)?;
                this.metadata.set_naming_convention(Rc::new(convention));
                Ok(())
            },
        ),
        settable(
            "info",
            |_, this| {
                let metadata = &this.metadata;
                Ok(conversion::info_value(
                    || metadata.info(),
                    |info| metadata.set_info(info),
                ))
            },
            |_, this, value| {
                this.metadata
                    .set_info(conversion::info_argument(Some(value.clone())));
                Ok(())
            },
        ),
        property("_sequences", |_, this| {
            let dict = Dict::new();
            for sequence in this.metadata.sequences() {
                dict.set_str(&sequence.key(), conversion::sequence_value(&sequence));
            }
            Ok(Value::Dict(Rc::new(dict)))
        }),
    ],
    methods: &[
        method(
            "reflect",
            "self, bind, schema=None, views=False, only=None, extend_existing=False, \
             autoload_replace=True, resolve_fks=True, **dialect_kwargs",
            |vm, this, arguments| reflect::reflect_metadata(vm, &this.metadata, arguments),
        ),
        method(
            "create_all",
            "self, bind, tables=None, checkfirst=True",
            |vm, _, arguments| create_or_drop(vm, arguments, true),
        ),
        method(
            "drop_all",
            "self, bind, tables=None, checkfirst=True",
            |vm, _, arguments| create_or_drop(vm, arguments, false),
        ),
        method("clear", "self", |_, this, _| {
            this.metadata.clear();
            Ok(Value::None)
        }),
        method("remove", "self, table", |_, this, arguments| {
            if let Some(table) = conversion::find_table(&arguments.value("table")) {
                this.metadata.remove(&table);
            }
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.MetaData")
};

fn metadata(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let quote = conversion::flag(vm, bound, "quote_schema")?;
    if let Some(given) = bound.named("schema")
        && !given.is_none()
        && given.as_text().is_none()
    {
        let class = Value::Class(vm.class_of(given));
        let shown = vm.repr(&class)?;
        return Err(conversion::argument_error(format!(
            "expected schema argument to be a string, got {shown}."
        )));
    }
    let schema = bound
        .take_some("schema")
        .and_then(|schema| conversion::identifier(&schema, quote));
    let convention = match bound.take_some("naming_convention") {
        Some(value) => Some(naming_convention(vm, &value)?),
        None => None,
    };
    let info = conversion::info_argument(bound.take("info"));
    let metadata = MetaData::with_options(schema, convention, info);
    Ok(conversion::metadata_value(vm, &metadata))
}

/// A dictionary of tables by key, as `metadata.tables` gives it.
pub fn tables_value(vm: &mut Interpreter, metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for table in metadata.tables() {
        let value = conversion::table_value(vm, &table);
        dict.set_name(&table.key(), value);
    }
    Value::Dict(Rc::new(dict))
}

/// The short names of naming conventions, by the classes that can be used in their place.
const CONVENTION_CLASSES: &[(&str, &str)] = &[
    ("sqlalchemy.sql.schema.ForeignKeyConstraint", "fk"),
    ("sqlalchemy.sql.schema.PrimaryKeyConstraint", "pk"),
    ("sqlalchemy.sql.schema.Index", "ix"),
    ("sqlalchemy.sql.schema.CheckConstraint", "ck"),
    ("sqlalchemy.sql.schema.UniqueConstraint", "uq"),
];

/// `naming_convention=`: patterns by kind, and functions for user-defined tokens.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
pub fn naming_convention(vm: &mut Interpreter, value: &Value) -> Result<NamingConvention> {
    conversion::refuse_opaque(value, "the naming convention")?;
    let mut convention = NamingConvention::empty();
    let keys = vm.collect(value)?;
    for key in keys {
        let pattern = vm.get_item(value, &key)?;
        let name = match (&key, key.as_text()) {
            (_, Some(text)) => text,
            (Value::Class(class), _) => {
                let dotted = class.dotted_name();
                match CONVENTION_CLASSES.iter().find(|(name, _)| *name == dotted) {
                    Some((_, short)) => Rc::from(*short),
                    None => continue,
                }
            }
            _ => continue,
        };
        if let Some(pattern) = pattern.as_text() {
            convention = convention.with(&name, Convention::Template(pattern));
            continue;
        }
        if pattern.is_none() {
            convention = convention.with(&name, Convention::None);
            continue;
        }
        let function = Rc::new(TokenFunction(pattern));
        convention = convention.with(&name, Convention::Function(function));
    }
    Ok(convention)
}

/// The function of a token, called with the constraint and its table.
struct TokenFunction(Value);

impl ConventionFunction for TokenFunction {
    fn call(&self, item: Named<'_>, table: &Table) -> Result<String> {
        Interpreter::borrow_lent(|vm| {
            let item = match item {
                Named::Constraint(constraint) => conversion::constraint_value(vm, constraint),
                Named::Index(index) => conversion::index_value(vm, index),
            };
            let table = conversion::table_value(vm, table);
            let text = vm.call(&self.0, Arguments::positional(vec![item, table]))?;
            vm.str(&text)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `metadata.naming_convention`.
pub fn naming_convention_value(metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for (name, rule) in metadata.naming_convention().iter() {
        match rule {
            Convention::Template(pattern) => dict.set_str(name, Value::Str(pattern.clone())),
            Convention::None => dict.set_str(name, Value::None),
            // Only a project's own functions are in a convention.
            Convention::Function(function) => {
                if let Some(function) = function.as_any().downcast_ref::<TokenFunction>() {
                    dict.set_str(name, function.0.clone());
                }
            }
        }
    }
    Value::Dict(Rc::new(dict))
}

impl NativeObject for MetaDataObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&METADATA)
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
        self.attributes.set_str(name, value.clone());
        Ok(true)
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let key = match conversion::find_table(item) {
            Some(table) => table.key(),
            None => item.as_text().unwrap_or_default(),
        };
        Ok(Some(self.metadata.table(&key).is_some()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(true))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some("MetaData()".to_owned()))
    }
}
