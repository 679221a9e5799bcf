//! `MetaData` and its naming convention.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::naming::{Convention, NamingConvention};
use sqlalchemy::schema::*;

use super::*;
use crate::bindings::conversion::{self, known_class};

/// `sqlalchemy.MetaData`.
pub struct MetaDataObject {
    /// The metadata.
    pub metadata: MetaData,
    pub(super) attributes: Dict,
}

impl NativeObject for MetaDataObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.MetaData")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let metadata = &self.metadata;
        if let Some(found) = self.attributes.get_str(name) {
            return Ok(Some(found));
        }
        Ok(Some(match name {
            "tables" => tables_value(vm, metadata),
            "sorted_tables" => {
                let mut items = Vec::new();
                for table in metadata.sorted_tables()? {
                    items.push(conversion::table_value(vm, &table));
                }
                show_warnings(vm);
                Value::list(items)
            }
            "schema" => conversion::name_value(metadata.schema().as_ref()),
            "naming_convention" => naming_convention_value(metadata),
            "info" => conversion::info_value(|| metadata.info(), |info| metadata.set_info(info)),
            "_sequences" => {
                let dict = Dict::new();
                for sequence in metadata.sequences() {
                    dict.set_str(&sequence.key(), conversion::sequence_value(&sequence));
                }
                Value::Dict(Rc::new(dict))
            }
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
            "naming_convention" => {
                let convention = naming_convention(vm, value)?;
                self.metadata.set_naming_convention(Rc::new(convention));
            }
            "info" => self
                .metadata
                .set_info(conversion::info_argument(Some(value.clone()))),
            "schema" => {
                return Err(Error::unsupported(
                    "the schema of a MetaData is set when it is made: MetaData(schema=...)",
                ));
            }
            _ => self.attributes.set_str(name, value.clone()),
        }
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

/// A dictionary of tables by key, as `metadata.tables` gives it.
pub fn tables_value(vm: &mut Interpreter, metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for table in metadata.tables() {
        let value = conversion::table_value(vm, &table);
        dict.set_name(&table.key(), value);
    }
    Value::Dict(Rc::new(dict))
}

/// `MetaData(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_metadata(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "MetaData.__init__",
        "schema=None, quote_schema=None, naming_convention=None, info=None"
    ))?;
    let quote = conversion::flag(vm, &mut bound, "quote_schema")?;
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

/// The short names of conventions, by the classes that may stand for them.
const CONVENTION_CLASSES: &[(&str, &str)] = &[
    ("sqlalchemy.sql.schema.ForeignKeyConstraint", "fk"),
    ("sqlalchemy.sql.schema.PrimaryKeyConstraint", "pk"),
    ("sqlalchemy.sql.schema.Index", "ix"),
    ("sqlalchemy.sql.schema.CheckConstraint", "ck"),
    ("sqlalchemy.sql.schema.UniqueConstraint", "uq"),
];

/// `naming_convention=`: patterns by kind, and functions for own tokens.
///
/// # Errors
/// A plain no for a value that is not here.
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
        return Err(Error::unsupported(format!(
            "the naming convention '{name}' is a function, which can't be called while a \
             constraint is named here; write a pattern such as \"fk_%(table_name)s\" instead"
        )));
    }
    Ok(convention)
}

/// `metadata.naming_convention`.
pub fn naming_convention_value(metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for (name, rule) in metadata.naming_convention().iter() {
        if let Convention::Template(pattern) = rule {
            dict.set_str(name, Value::Str(pattern.clone()));
        }
    }
    Value::Dict(Rc::new(dict))
}
