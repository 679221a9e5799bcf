//! `table.c`: columns by key.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, Interpreter, NativeObject, Value};
use sqlalchemy::schema::*;

use crate::bindings::conversion::{self, argument_error, known_class};

/// `table.c`: columns by key, in order.
pub struct ColumnsObject {
    /// The columns.
    pub columns: Vec<Column>,
    /// Their keys, where those are not the columns' own.
    pub keys: Option<Vec<Rc<str>>>,
}

impl ColumnsObject {
    fn key(&self, index: usize) -> Rc<str> {
        match &self.keys {
            Some(keys) => keys[index].clone(),
            None => self.columns[index].key(),
        }
    }

    fn find(&self, key: &str) -> Option<&Column> {
        (0..self.columns.len())
            .find(|index| &*self.key(*index) == key)
            .map(|index| &self.columns[index])
    }

    fn values(&self, vm: &mut Interpreter) -> Vec<Value> {
        self.columns
            .iter()
            .map(|column| conversion::column_value(vm, column))
            .collect()
    }
}

impl ColumnsObject {
    fn method(
        &self,
        vm: &mut Interpreter,
        this: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Result<Value> {
        Ok(match name {
            "keys" => Value::list(
                (0..self.columns.len())
                    .map(|index| Value::Str(self.key(index)))
                    .collect(),
            ),
            "values" => Value::list(self.values(vm)),
            "items" => {
                let values = self.values(vm);
                Value::list(
                    values
                        .into_iter()
                        .enumerate()
                        .map(|(index, value)| {
                            Value::tuple(vec![Value::Str(self.key(index)), value])
                        })
                        .collect(),
                )
            }
            "get" => {
                let [key, default] = arguments.between("get", 1)?;
                let found = key
                    .as_ref()
                    .and_then(Value::as_str)
                    .and_then(|key| self.find(key));
                match found {
                    Some(column) => conversion::column_value(vm, column),
                    None => default.unwrap_or(Value::None),
                }
            }
            "contains_column" => {
                let [column] = arguments.exactly("contains_column")?;
                let found = conversion::find_column(&column)
                    .is_some_and(|column| self.columns.iter().any(|known| known.ptr_eq(&column)));
                Value::Bool(found)
            }
            _ => this.clone(),
        })
    }
}

impl NativeObject for ColumnsObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.base.ReadOnlyColumnCollection")
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(column) = self.find(name) {
            return Ok(Some(conversion::column_value(vm, column)));
        }
        let this = this.clone();
        Ok(match name {
            "keys"
            | "values"
            | "items"
            | "get"
            | "contains_column"
            | "as_readonly"
            | "corresponding_column" => {
                let method = name.to_owned();
                Some(Value::function(name, move |vm, arguments| match this
                    .downcast::<ColumnsObject>()
                {
                    Some(columns) => columns.method(vm, &this, &method, arguments),
                    None => Ok(Value::None),
                }))
            }
            name if name.starts_with("__") => None,
            name => return Err(Error::new("AttributeError", name.to_owned())),
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        if let Some(text) = key.as_str() {
            return match self.find(text) {
                Some(column) => Ok(Some(conversion::column_value(vm, column))),
                None => Err(vm.key_error(key)),
            };
        }
        if let Some(index) = key.as_int() {
            let length = i64::try_from(self.columns.len()).unwrap_or(i64::MAX);
            let index = if index < 0 { index + length } else { index };
            return match usize::try_from(index)
                .ok()
                .and_then(|index| self.columns.get(index))
            {
                Some(column) => Ok(Some(conversion::column_value(vm, column))),
                None => Err(vm.index_error(index.to_string())),
            };
        }
        if let Some(keys) = key.as_items() {
            let mut columns = Vec::new();
            for key in &keys {
                match key.as_str().and_then(|key| self.find(key)) {
                    Some(column) => columns.push(column.clone()),
                    None => return Err(vm.key_error(key)),
                }
            }
            return Ok(Some(Value::native(ColumnsObject {
                columns,
                keys: None,
            })));
        }
        Err(vm.key_error(key))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        match item.as_str() {
            Some(key) => Ok(Some(self.find(key).is_some())),
            None => Err(argument_error("__contains__ requires a string argument")),
        }
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.columns.len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(true))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(self.values(vm))))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let shown: Vec<String> = self.columns.iter().map(Column::python_str).collect();
        Ok(Some(format!(
            "ReadOnlyColumnCollection({})",
            shown.join(", ")
        )))
    }
}
