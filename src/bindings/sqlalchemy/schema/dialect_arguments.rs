//! `dialect_kwargs` and `dialect_options` of a schema item, which Python may change in place.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, CompareOperator, Declaration, Dict, Interpreter, NativeObject, Value,
    method,
};
use sqlalchemy::schema::{Column, Constraint, DialectOptions, Index, Table};

use crate::bindings::conversion;

/// A schema item that takes arguments of dialects.
#[derive(Clone)]
pub enum Item {
    /// A table.
    Table(Table),
    /// A column.
    Column(Column),
    /// An index.
    Index(Index),
    /// A constraint.
    Constraint(Constraint),
}

impl Item {
    fn options(&self) -> DialectOptions {
        match self {
            Item::Table(table) => table.dialect_options(),
            Item::Column(column) => column.dialect_options(),
            Item::Index(index) => index.dialect_options(),
            Item::Constraint(constraint) => constraint.dialect_options(),
        }
    }

    fn set_options(&self, options: DialectOptions) {
        match self {
            Item::Table(table) => table.set_dialect_options(options),
            Item::Column(column) => column.set_dialect_options(options),
            Item::Index(index) => index.set_dialect_options(options),
            Item::Constraint(constraint) => constraint.set_dialect_options(options),
        }
    }

    /// `dialect_kwargs`: its arguments by prefixed name.
    pub fn arguments(&self) -> Value {
        Value::native(DialectArguments {
            item: self.clone(),
            dialect: None,
        })
    }

    /// `dialect_options`: a dictionary for each dialect.
    pub fn by_dialect(&self) -> Value {
        let dialects = sqlalchemy::dialects::rooms();
        Value::dict(dialects.iter().map(|room| {
            let view = DialectArguments {
                item: self.clone(),
                dialect: Some(Rc::from(room.name())),
            };
            (room.name(), Value::native(view))
        }))
    }
}

/// The arguments of all dialects, or those of one without its prefix.
struct DialectArguments {
    item: Item,
    dialect: Option<Rc<str>>,
}

impl DialectArguments {
    fn dict(&self, vm: &mut Interpreter) -> Result<Value> {
        let dict = Dict::new();
        for (name, argument) in self.item.options().iter() {
            let key = match &self.dialect {
                None => name,
                Some(dialect) => match name.split_once('_') {
                    Some((prefix, rest)) if *prefix == **dialect => rest,
                    _ => continue,
                },
            };
            let value = conversion::argument_value(vm, argument)?;
            dict.set_str(key, value);
        }
        Ok(Value::Dict(Rc::new(dict)))
    }

    /// Changes the arguments by what `change` does to a dictionary of them.
    fn change(
        &self,
        vm: &mut Interpreter,
        change: impl FnOnce(&mut Interpreter, &Value) -> Result<Value>,
    ) -> Result<Value> {
        let dict = self.dict(vm)?;
        let answer = change(vm, &dict)?;
        let mut options = DialectOptions::new();
        if let Some(dialect) = &self.dialect {
            for (name, argument) in self.item.options().iter() {
                if name
                    .split_once('_')
                    .is_none_or(|(prefix, _)| *prefix != **dialect)
                {
                    options.insert(name, argument.clone());
                }
            }
        }
        let entries = dict
            .as_dict()
            .map(|dict| dict.entries())
            .unwrap_or_default();
        for (key, value) in entries {
            let key = key.as_text().unwrap_or_default();
            let name = match &self.dialect {
                Some(dialect) => format!("{dialect}_{key}").into(),
                None => key,
            };
            options.insert(name, conversion::dialect_argument(vm, &value)?);
        }
        self.item.set_options(options);
        Ok(answer)
    }

    fn call(&self, vm: &mut Interpreter, name: &str, bound: &mut Bound<'_>) -> Result<Value> {
        let arguments = Arguments {
            positional: std::mem::take(&mut bound.rest),
            keyword: std::mem::take(&mut bound.extra),
        };
        match name {
            "clear" | "pop" | "popitem" | "setdefault" | "update" => {
                self.change(vm, |vm, dict| vm.call_method(dict, name, arguments))
            }
            _ => {
                let dict = self.dict(vm)?;
                vm.call_method(&dict, name, arguments)
            }
        }
    }
}

macro_rules! of_dictionary {
    ($($name:literal),*) => {
        &[$(method($name, "self, /, *args, **kwargs", |vm, this, bound| this.call(vm, $name, bound))),*]
    };
}

static DIALECT_ARGUMENTS: Declaration<DialectArguments> = Declaration {
    methods: of_dictionary![
        "clear",
        "copy",
        "get",
        "items",
        "keys",
        "pop",
        "popitem",
        "setdefault",
        "update",
        "values"
    ],
    ..Declaration::new("sqlalchemy.sql.base._DialectArgView")
};

impl NativeObject for DialectArguments {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DIALECT_ARGUMENTS)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let dict = self.dict(vm)?;
        vm.get_item(&dict, key).map(Some)
    }

    fn set_item(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        key: &Value,
        value: &Value,
    ) -> Result<bool> {
        self.change(vm, |vm, dict| {
            vm.set_item(dict, key.clone(), value.clone())?;
            Ok(Value::None)
        })?;
        Ok(true)
    }

    fn delete_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<bool> {
        self.change(vm, |vm, dict| {
            vm.delete_item(dict, key)?;
            Ok(Value::None)
        })?;
        Ok(true)
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let dict = self.dict(vm)?;
        vm.contains(&dict, item).map(Some)
    }

    fn length(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<usize>> {
        let dict = self.dict(vm)?;
        Ok(dict.as_dict().map(|dict| dict.len()))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let dict = self.dict(vm)?;
        vm.iterate(&dict).map(Some)
    }

    fn truth(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<bool>> {
        let dict = self.dict(vm)?;
        vm.truth(&dict).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let own = self.dict(vm)?;
        let other = match other.downcast::<DialectArguments>() {
            Some(other) => other.dict(vm)?,
            None => other.clone(),
        };
        vm.compare(operator, &own, &other).map(Some)
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        Err(vm.type_error("unhashable type: '_DialectArgView'"))
    }
}
