//! The fields of operations and directives: read from call arguments, shown as attribute values.

use std::rc::Rc;

use super as conversion;
use crate::operations::ops::IndexElement;
use ground::diagnostic::{Error, Result};
use ground::hash::IndexSet;
use python::{Interpreter, Value};
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{Column, DialectOptions, ServerDefault, TableItem};
use sqlalchemy::sqltypes::Type;

/// A field of an operation, by its type.
pub trait OperationField: Sized {
    /// The Python value that an omitted argument is read as.
    fn left_out() -> Value {
        Value::None
    }

    /// Converts the field to a Python value.
    fn to_python(&self, vm: &mut Interpreter) -> Value;

    /// Reads the field from a Python value.
    ///
    /// # Errors
    /// What Alembic or SQLAlchemy raises for a value that does not fit; a value that stands for
    /// something that is not here is named.
    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self>;
}

/// An optional field, represented by Python's `None`.
macro_rules! optional {
    ($($kind:ty),*) => {
        $(impl OperationField for Option<$kind> {
            fn to_python(&self, vm: &mut Interpreter) -> Value {
                match self {
                    Some(field) => field.to_python(vm),
                    None => Value::None,
                }
            }

            fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
                match value {
                    Value::None => Ok(None),
                    value => OperationField::parse(vm, value).map(Some),
                }
            }
        })*
    };
}

optional!(Name, Rc<str>, String, bool, Type);

/// A field whose `None` is significant; unset is Python's `False`.
macro_rules! unless_false {
    ($($kind:ty),*) => {
        $(impl OperationField for Option<Option<$kind>> {
            fn left_out() -> Value {
                Value::Bool(false)
            }

            fn to_python(&self, vm: &mut Interpreter) -> Value {
                match self {
                    None => Value::Bool(false),
                    Some(field) => field.to_python(vm),
                }
            }

            fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
                match value {
                    Value::Bool(false) => Ok(None),
                    value => OperationField::parse(vm, value).map(Some),
                }
            }
        })*
    };
}

unless_false!(Rc<str>, ServerDefault);

impl OperationField for Option<ServerDefault> {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        conversion::server_default_value(self.clone())
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::server_default(vm, Some(value.clone()), false)
    }
}

impl OperationField for Name {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        Value::str(self.as_str())
    }

    fn parse(_vm: &mut Interpreter, value: &Value) -> Result<Self> {
        if value.is_none() {
            return Err(Error::new(
                "AssertionError",
                "use quoted_name.construct() for None passthrough",
            ));
        }
        conversion::refuse_opaque(value, "the name")?;
        conversion::identifier(value, None)
            .ok_or_else(|| Error::new("TypeError", "a name must be a string"))
    }
}

/// A `str` is iterated by character, as in Python.
impl OperationField for Vec<Name> {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        Value::list(self.iter().map(|name| Value::str(name.as_str())).collect())
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::refuse_opaque(value, "the columns")?;
        let items = vm.collect(value)?;
        items.iter().map(|item| Name::parse(vm, item)).collect()
    }
}

impl OperationField for ConstraintName {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        match self {
            ConstraintName::Convention(name) => conversion::convention_value(vm, name),
            name => name.as_str().map_or(Value::None, Value::str),
        }
    }

    fn parse(_vm: &mut Interpreter, value: &Value) -> Result<Self> {
        Ok(conversion::constraint_name(Some(value.clone())))
    }
}

impl OperationField for Rc<str> {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        Value::Str(self.clone())
    }

    fn parse(_vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::refuse_opaque(value, "the argument")?;
        value
            .as_text()
            .ok_or_else(|| Error::new("TypeError", "expected a string"))
    }
}

/// Any value, converted with `str()`.
impl OperationField for String {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        Value::str(self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        vm.str(value)
    }
}

/// `branch_label` and `depends_on`: a list, a single value, or `None`.
impl OperationField for Vec<String> {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        match &self[..] {
            [] => Value::None,
            [only] => Value::str(only),
            all => Value::list(all.iter().map(Value::str).collect()),
        }
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        Ok(match value {
            Value::None => Vec::new(),
            value if value.as_str().is_some() => vec![vm.str(value)?],
            value => distinct_texts(vm, value)?.into_iter().collect(),
        })
    }
}

impl OperationField for bool {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        Value::Bool(*self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::refuse_opaque(value, "the argument")?;
        vm.truth(value)
    }
}

impl OperationField for Type {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        conversion::type_value(vm, self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::to_type(vm, value)
    }
}

impl OperationField for Column {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        conversion::column_value(vm, self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        if let Some(column) = conversion::find_column(value) {
            return Ok(column);
        }
        conversion::refuse_opaque(value, "the column")?;
        let class = vm.class_of(value).name();
        Err(vm.attribute_error(format!("'{class}' object has no attribute 'table'")))
    }
}

/// Values that are not schema items are skipped, as in Alembic.
impl OperationField for Vec<TableItem> {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        let items = self.iter();
        let items = items
            .map(|item| conversion::schema_item_value(vm, item))
            .collect();
        Value::list(items)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        let mut items = Vec::new();
        for value in vm.collect(value)? {
            conversion::refuse_opaque(&value, "an item of the table")?;
            items.extend(conversion::table_item(vm, &value));
        }
        Ok(items)
    }
}

/// The condition of a CHECK constraint.
impl OperationField for Expression {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        conversion::element_value(vm, self)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        if let Some(expression) = conversion::find_clause(vm, value)? {
            return Ok(expression);
        }
        if let Some(text) = value.as_text() {
            return Ok(elements::text(&text));
        }
        conversion::refuse_opaque(value, "the condition")?;
        let shown = vm.repr(value)?;
        Err(conversion::argument_error(format!(
            "SQL expression element for DDL constraint expected, got {shown}."
        )))
    }
}

/// The elements of an index; a `str` is iterated by character, as in Python.
impl OperationField for Vec<IndexElement> {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        let elements = self
            .iter()
            .map(|element| match element {
                IndexElement::Name(name) => Value::str(name.as_str()),
                IndexElement::Expression(expression) => conversion::element_value(vm, expression),
            })
            .collect();
        Value::list(elements)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        conversion::refuse_opaque(value, "the columns")?;
        let mut elements = Vec::new();
        for item in vm.collect(value)? {
            if let Some(expression) = conversion::find_clause(vm, &item)? {
                elements.push(IndexElement::Expression(expression));
            } else if item.as_text().is_some() {
                elements.push(IndexElement::Name(Name::parse(vm, &item)?));
            } else {
                conversion::refuse_opaque(&item, "a column of the index")?;
                return Err(vm.value_error("String or text() construct expected"));
            }
        }
        Ok(elements)
    }
}

/// Dialect-specific keyword arguments, as a dictionary.
impl OperationField for DialectOptions {
    fn to_python(&self, vm: &mut Interpreter) -> Value {
        let mut items: Vec<(String, Value)> = Vec::new();
        for (name, value) in self.iter() {
            // A value without a Python representation cannot have come from Python.
            let value = conversion::argument_value(vm, value).unwrap_or(Value::None);
            items.push((name.to_owned(), value));
        }
        Value::dict(items)
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        let items = keyword_items(vm, value)?;
        conversion::dialect_options(vm, &items)
    }
}

/// The items of a keyword dictionary.
///
/// # Errors
/// `TypeError` for anything else.
pub fn keyword_items(vm: &mut Interpreter, value: &Value) -> Result<Vec<(Rc<str>, Value)>> {
    conversion::refuse_opaque(value, "the keywords")?;
    let Value::Dict(dict) = value.plain() else {
        return Err(vm.type_error("a dictionary was expected"));
    };
    dict.entries()
        .into_iter()
        .map(|(key, value)| Ok((OperationField::parse(vm, &key)?, value)))
        .collect()
}

/// The strings in a collection; `None` is empty.
///
/// # Errors
/// `TypeError` for an item that is no text.
pub fn texts(vm: &mut Interpreter, value: &Value) -> Result<Vec<Rc<str>>> {
    if value.is_none() {
        return Ok(Vec::new());
    }
    let items = vm.collect(value)?;
    items
        .iter()
        .map(|item| OperationField::parse(vm, item))
        .collect()
}

/// The strings in a Python list, tuple or set, without duplicates.
///
/// # Errors
/// What iterating raises.
pub fn distinct_texts(vm: &mut Interpreter, value: &Value) -> Result<IndexSet<String>> {
    let mut texts = IndexSet::default();
    for item in vm.collect(value)? {
        texts.insert(vm.str(&item)?);
    }
    Ok(texts)
}
