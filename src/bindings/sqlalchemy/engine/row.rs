//! `sqlalchemy.engine.Row` and `RowMapping` as Python objects.

use std::rc::Rc;

use super::class_named;
use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBuilder, CompareOperator, Dict, Interpreter, NativeObject, Value,
};

/// Names that a row has of its own, before those of its columns.
const OWN: [&str; 4] = ["count", "index", "t", "tuple"];

/// A row: names and values.
pub struct RowObject {
    /// The names of the columns.
    pub keys: Rc<[Rc<str>]>,
    /// The values.
    pub values: Rc<[Value]>,
}

impl RowObject {
    fn tuple(&self) -> Value {
        Value::Tuple(self.values.clone())
    }

    /// The value of a column; of several with that name the last, as in SQLAlchemy.
    pub fn by_name(&self, name: &str) -> Option<Value> {
        let place = self.keys.iter().rposition(|key| &**key == name)?;
        self.values.get(place).cloned()
    }

    fn dict(&self) -> Dict {
        let dict = Dict::new();
        for (key, value) in self.keys.iter().zip(self.values.iter()) {
            dict.set_name(key, value.clone());
        }
        dict
    }
}

fn tuple_of(value: &Value) -> Value {
    match value.downcast::<RowObject>() {
        Some(row) => row.tuple(),
        None => value.clone(),
    }
}

/// The text of a row: long values are cut in their middle.
fn row_repr(vm: &mut Interpreter, values: &[Value]) -> Result<String> {
    let mut parts = Vec::with_capacity(values.len());
    for value in values {
        parts.push(sqlalchemy::engine::error::truncated(vm.repr(value)?));
    }
    let comma = if parts.len() == 1 { "," } else { "" };
    Ok(format!("({}{comma})", parts.join(", ")))
}

impl NativeObject for RowObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        row_class(vm)
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "_mapping" => this
                .downcast::<RowObject>()
                .map(|row| Value::native(RowMappingObject { row })),
            "_fields" => Some(Value::tuple(
                self.keys.iter().cloned().map(Value::Str).collect(),
            )),
            "t" | "_t" | "_data" => Some(self.tuple()),
            name if OWN.contains(&name) => None,
            name => match self.by_name(name) {
                None if !name.starts_with("__") && row_class(vm).lookup(name).is_none() => {
                    return Err(Error::new(
                        "AttributeError",
                        format!("Could not locate column in row for column '{name}'"),
                    ));
                }
                found => found,
            },
        })
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _name: &str,
        _value: &Value,
    ) -> Result<bool> {
        Err(Error::new("AttributeError", "can't set attribute"))
    }

    fn attribute_names(&self) -> Vec<String> {
        self.keys.iter().map(|key| key.to_string()).collect()
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let other = tuple_of(other);
        vm.compare(operator, &self.tuple(), &other).map(Some)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        vm.get_item(&self.tuple(), key).map(Some)
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        vm.contains(&self.tuple(), item).map(Some)
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.values.len()))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        vm.iterate(&self.tuple()).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        row_repr(vm, &self.values).map(Some)
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&self.tuple()).map(Some)
    }
}

fn row(value: &Value) -> Result<Rc<RowObject>> {
    value
        .downcast::<RowObject>()
        .ok_or_else(|| Error::new("TypeError", "a Row is needed"))
}

fn row_class(vm: &mut Interpreter) -> Class {
    class_named(
        vm,
        "sqlalchemy.engine.row",
        "Row",
        |builder: ClassBuilder| {
            builder
                .method("_asdict", |_vm, this, _arguments| {
                    Ok(Value::Dict(Rc::new(row(this)?.dict())))
                })
                .method("_tuple", |_vm, this, _arguments| Ok(row(this)?.tuple()))
                .method("tuple", |_vm, this, _arguments| Ok(row(this)?.tuple()))
                .method("count", |vm, this, arguments| {
                    let tuple = row(this)?.tuple();
                    vm.call_method(&tuple, "count", arguments)
                })
                .method("index", |vm, this, arguments| {
                    let tuple = row(this)?.tuple();
                    vm.call_method(&tuple, "index", arguments)
                })
        },
    )
}

/// `row._mapping`, and the rows of `result.mappings()`.
pub struct RowMappingObject {
    /// The row.
    pub row: Rc<RowObject>,
}

impl RowMappingObject {
    fn find(&self, key: &Value) -> Option<Value> {
        match key {
            Value::Str(name) => self.row.by_name(name),
            other => {
                let column = conversion::find_column(other)?;
                self.row.by_name(&column.name())
            }
        }
    }

    fn as_dict(&self) -> Value {
        Value::Dict(Rc::new(self.row.dict()))
    }
}

impl NativeObject for RowMappingObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        mapping_class(vm)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        if let Some(value) = self.find(key) {
            return Ok(Some(value));
        }
        let shown = match key {
            Value::Str(name) => name.to_string(),
            other => vm.repr(other)?,
        };
        Err(Error::new(
            "sqlalchemy.exc.NoSuchColumnError",
            format!("Could not locate column in row for column '{shown}'"),
        ))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(Some(self.find(item).is_some()))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.row.keys.len()))
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(
            self.row.keys.iter().cloned().map(Value::Str).collect(),
        )))
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let other = match other.downcast::<RowMappingObject>() {
            Some(mapping) => mapping.as_dict(),
            None => other.clone(),
        };
        vm.compare(operator, &self.as_dict(), &other).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.repr(&self.as_dict()).map(Some)
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&self.row.tuple()).map(Some)
    }
}

fn mapping(value: &Value) -> Result<Rc<RowMappingObject>> {
    value
        .downcast::<RowMappingObject>()
        .ok_or_else(|| Error::new("TypeError", "a RowMapping is needed"))
}

fn mapping_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlalchemy.engine.row", "RowMapping", |builder| {
        builder
            .method("keys", |_vm, this, _arguments| {
                Ok(Value::native(KeysObject {
                    keys: mapping(this)?.row.keys.clone(),
                }))
            })
            .method("values", |_vm, this, _arguments| {
                Ok(Value::list(mapping(this)?.row.values.to_vec()))
            })
            .method("items", |vm, this, _arguments| {
                let dict = mapping(this)?.as_dict();
                vm.call_method(&dict, "items", Arguments::none())
            })
            .method("get", |_vm, this, arguments| {
                let [key, default] = arguments.between("get", 1)?;
                let found = key.and_then(|key| mapping(this).ok()?.find(&key));
                Ok(found.or(default).unwrap_or(Value::None))
            })
            .method("copy", |_vm, this, _arguments| Ok(mapping(this)?.as_dict()))
    })
}

/// `result.keys()`.
pub struct KeysObject {
    /// The names.
    pub keys: Rc<[Rc<str>]>,
}

impl KeysObject {
    fn list(&self) -> Value {
        Value::list(self.keys.iter().cloned().map(Value::Str).collect())
    }
}

impl NativeObject for KeysObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_named(vm, "sqlalchemy.engine.result", "RMKeyView", |builder| {
            builder
        })
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.keys.len()))
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(self.list()))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(Some(item.as_str().is_some_and(|name| {
            self.keys.iter().any(|key| &**key == name)
        })))
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let other = match other.downcast::<KeysObject>() {
            Some(keys) => keys.list(),
            None => Value::list(vm.collect(other)?),
        };
        vm.compare(operator, &self.list(), &other).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let list = vm.repr(&self.list())?;
        Ok(Some(format!("RMKeyView({list})")))
    }
}
