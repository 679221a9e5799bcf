//! `sqlalchemy.engine.Row` and `RowMapping` as Python objects.

use sqlalchemy::exc;
use std::rc::Rc;

use crate::bindings::conversion;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, CompareOperator, Declaration, Dict, Interpreter, NativeObject, Value, method,
    property,
};

/// A row: names and values.
#[derive(Clone)]
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

    /// The value of a column; if the name is ambiguous, the last one, as in SQLAlchemy.
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

/// The repr of a row; long values are truncated in the middle.
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
        vm.class(&ROW)
    }

    /// Columns by name, after the row's own attributes.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let class = vm.class(&ROW);
        if class.namespace.contains_str(name) {
            return Ok(None);
        }
        match self.by_name(name) {
            None if !name.starts_with("__") && class.lookup(name).is_none() => Err(Error::new(
                "AttributeError",
                format!("Could not locate column in row for column '{name}'"),
            )),
            found => Ok(found),
        }
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

/// `Row`: a named tuple.
pub(super) static ROW: Declaration<RowObject> = Declaration {
    properties: &[
        property("_mapping", |_, this| {
            Ok(Value::native(RowMappingObject {
                row: Rc::new(this.clone()),
            }))
        }),
        property("_fields", |_, this| {
            Ok(Value::tuple(
                this.keys.iter().cloned().map(Value::Str).collect(),
            ))
        }),
        property("t", |_, this| Ok(this.tuple())),
        property("_t", |_, this| Ok(this.tuple())),
        property("_data", |_, this| Ok(this.tuple())),
    ],
    methods: &[
        method("_asdict", "self", |_, this, _| {
            Ok(Value::Dict(Rc::new(this.dict())))
        }),
        method("_tuple", "self", |_, this, _| Ok(this.tuple())),
        method("tuple", "self", |_, this, _| Ok(this.tuple())),
        method("count", "self, value, /", |vm, this, bound| {
            let value = Arguments::positional(vec![bound.value("value")]);
            vm.call_method(&this.tuple(), "count", value)
        }),
        method(
            "index",
            "self, value, start=0, stop=sys.maxsize, /",
            |vm, this, bound| {
                let mut values = vec![bound.value("value")];
                values.extend(bound.take("start"));
                values.extend(bound.take("stop"));
                vm.call_method(&this.tuple(), "index", Arguments::positional(values))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.engine.row.Row")
};

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
        vm.class(&ROW_MAPPING)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if ROW_MAPPING.declares(name) {
            return Ok(None);
        }
        Ok(self.find(&Value::str(name)))
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
            exc::NO_SUCH_COLUMN_ERROR,
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

/// `RowMapping`.
pub(super) static ROW_MAPPING: Declaration<RowMappingObject> = Declaration {
    methods: &[
        method("keys", "self", |_, this, _| {
            Ok(Value::native(KeysObject {
                keys: this.row.keys.clone(),
            }))
        }),
        method("values", "self", |_, this, _| {
            Ok(Value::list(this.row.values.to_vec()))
        }),
        method("items", "self", |vm, this, _| {
            vm.call_method(&this.as_dict(), "items", Arguments::none())
        }),
        method("get", "self, key, default=None", |_, this, bound| {
            let found = this.find(&bound.value("key"));
            Ok(found.unwrap_or_else(|| bound.value("default")))
        }),
        method("copy", "self", |_, this, _| Ok(this.as_dict())),
    ],
    ..Declaration::new("sqlalchemy.engine.row.RowMapping")
};

static KEY_VIEW: Declaration<KeysObject> = Declaration::new("sqlalchemy.engine.result.RMKeyView");

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
        vm.class(&KEY_VIEW)
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
