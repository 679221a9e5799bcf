//! `table.c`: columns by key.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Class, Declaration, Interpreter, NativeObject, Value, method};
use sqlalchemy::elements::Expression;
use sqlalchemy::schema::Column;

use crate::bindings::conversion::{self, argument_error};

/// `table.c` and the like: the columns of a FROM clause by key, in order.
pub struct ColumnsObject {
    columns: Vec<Expression>,
    /// Their keys, if they differ from the columns' own.
    keys: Option<Vec<Rc<str>>>,
}

/// `ReadOnlyColumnCollection`.
static COLUMN_COLLECTION: Declaration<ColumnsObject> = Declaration {
    methods: &[
        method("keys", "self", |_, this, _| {
            let keys = (0..this.columns.len()).map(|index| Value::Str(this.key(index)));
            Ok(Value::list(keys.collect()))
        }),
        method("values", "self", |vm, this, _| {
            Ok(Value::list(this.values(vm)))
        }),
        method("items", "self", |vm, this, _| {
            let values = this.values(vm).into_iter().enumerate();
            Ok(Value::list(
                values
                    .map(|(index, value)| Value::tuple(vec![Value::Str(this.key(index)), value]))
                    .collect(),
            ))
        }),
        method("get", "self, key, default=None", |vm, this, arguments| {
            let key = arguments.value("key");
            Ok(match key.as_str().and_then(|key| this.find(key)) {
                Some(column) => conversion::element_value(vm, column),
                None => arguments.value("default"),
            })
        }),
        method("contains_column", "self, col", |_, this, arguments| {
            let column = conversion::find_column(&arguments.value("col"));
            let found = column.is_some_and(|column| {
                let is_it = |known: &Expression| {
                    matches!(known, Expression::Column(known) if known.ptr_eq(&column))
                };
                this.columns.iter().any(is_it)
            });
            Ok(Value::Bool(found))
        }),
        method("as_readonly", "self", |_, _, arguments| {
            Ok(arguments.this().clone())
        }),
        method(
            "corresponding_column",
            "self, column, require_embedded=False",
            |_, _, arguments| Ok(arguments.this().clone()),
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.base.ReadOnlyColumnCollection")
};

impl ColumnsObject {
    /// The collection of a table's, an index's or a constraint's columns.
    pub fn of_columns(columns: Vec<Column>) -> Value {
        Self::of(columns.into_iter().map(Expression::Column).collect())
    }

    /// The collection of a FROM clause's columns.
    pub fn of(columns: Vec<Expression>) -> Value {
        Value::native(ColumnsObject {
            columns,
            keys: None,
        })
    }

    /// The collection of a mapper's columns, whose keys are those of the attributes.
    pub fn with_keys(columns: Vec<(Rc<str>, Column)>) -> Value {
        let (keys, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        Value::native(ColumnsObject {
            columns: columns.into_iter().map(Expression::Column).collect(),
            keys: Some(keys),
        })
    }

    /// The columns.
    pub fn columns(&self) -> &[Expression] {
        &self.columns
    }

    fn key(&self, index: usize) -> Rc<str> {
        match &self.keys {
            Some(keys) => keys[index].clone(),
            None => self.columns[index].key().unwrap_or_default(),
        }
    }

    fn find(&self, key: &str) -> Option<&Expression> {
        (0..self.columns.len())
            .find(|index| &*self.key(*index) == key)
            .map(|index| &self.columns[index])
    }

    fn values(&self, vm: &mut Interpreter) -> Vec<Value> {
        self.columns
            .iter()
            .map(|column| conversion::element_value(vm, column))
            .collect()
    }
}

impl NativeObject for ColumnsObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COLUMN_COLLECTION)
    }

    /// Columns by key, which take precedence over methods.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(column) = self.find(name) {
            return Ok(Some(conversion::element_value(vm, column)));
        }
        if COLUMN_COLLECTION.declares(name) || name.starts_with("__") {
            return Ok(None);
        }
        Err(Error::new("AttributeError", name.to_owned()))
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        if let Some(text) = key.as_str() {
            return match self.find(text) {
                Some(column) => Ok(Some(conversion::element_value(vm, column))),
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
                Some(column) => Ok(Some(conversion::element_value(vm, column))),
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

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let mut shown = Vec::new();
        for column in self.values(vm) {
            shown.push(vm.str(&column)?);
        }
        Ok(Some(format!(
            "ReadOnlyColumnCollection({})",
            shown.join(", ")
        )))
    }
}
