//! `bytearray`: a `bytes` that can be changed.

use std::cell::RefCell;
use std::rc::Rc;

use super::bytes::to_bytes;
use crate::arguments::{Arguments, Bound};
use crate::declaration::{Declaration, constructor, function, method};
use crate::interpreter::Interpreter;
use crate::native::NativeObject;
use crate::tree::{BinaryOperator, CompareOperator};
use crate::value::{Class, Value};
use ground::diagnostic::{Error, Result};

/// A `bytearray`.
pub(crate) struct ByteArray(pub(crate) RefCell<Vec<u8>>);

fn made(bytes: impl Into<Vec<u8>>) -> Value {
    Value::native(ByteArray(RefCell::new(bytes.into())))
}

/// What a method of `bytes` gave, as the same method of `bytearray` gives it.
fn changeable(value: Value) -> Value {
    match &value {
        Value::Bytes(bytes) => made(bytes.to_vec()),
        Value::Tuple(items) => Value::tuple(items.iter().cloned().map(changeable).collect()),
        Value::List(list) => {
            let items = list
                .items
                .borrow()
                .iter()
                .cloned()
                .map(changeable)
                .collect();
            Value::list(items)
        }
        _ => value,
    }
}

impl ByteArray {
    fn snapshot(&self) -> Value {
        Value::bytes(&*self.0.borrow())
    }

    fn as_bytes(&self, vm: &mut Interpreter, name: &str, bound: &mut Bound<'_>) -> Result<Value> {
        let arguments = Arguments {
            positional: std::mem::take(&mut bound.rest),
            keyword: std::mem::take(&mut bound.extra),
        };
        vm.call_method(&self.snapshot(), name, arguments)
    }

    /// Does something to its bytes as a list of numbers.
    fn as_list(
        &self,
        vm: &mut Interpreter,
        change: impl FnOnce(&mut Interpreter, &Value) -> Result<Value>,
    ) -> Result<Value> {
        let numbers = self
            .0
            .borrow()
            .iter()
            .map(|byte| Value::Int(i64::from(*byte)))
            .collect();
        let list = Value::list(numbers);
        let answer = change(vm, &list).map_err(of_bytearray)?;
        let bytes = numbers_as_bytes(vm, &list)?;
        self.0.replace(bytes);
        Ok(answer)
    }

    fn list_method(
        &self,
        vm: &mut Interpreter,
        name: &str,
        bound: &mut Bound<'_>,
    ) -> Result<Value> {
        let arguments = Arguments::positional(std::mem::take(&mut bound.rest));
        self.as_list(vm, |vm, list| vm.call_method(list, name, arguments))
    }
}

/// An error of a list or of `bytes` as `bytearray` words it.
fn of_bytearray(mut error: Error) -> Error {
    let own = match &*error.message {
        "index out of range" | "list assignment index out of range" | "pop index out of range" => {
            "bytearray index out of range"
        }
        "pop from empty list" => "pop from empty bytearray",
        "list.remove(x): x not in list" => "value not found in bytearray",
        _ => return error,
    };
    error.message = own.into();
    error
}

fn numbers_as_bytes(vm: &mut Interpreter, list: &Value) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for item in vm.collect(list)? {
        match item.as_int().map(u8::try_from) {
            Some(Ok(byte)) => bytes.push(byte),
            Some(Err(_)) => return Err(vm.value_error("byte must be in range(0, 256)")),
            None => {
                let class = vm.class_of(&item).name();
                return Err(vm.type_error(format!(
                    "'{class}' object cannot be interpreted as an integer"
                )));
            }
        }
    }
    Ok(bytes)
}

const ANY: &str = "self, /, *args, **kwargs";

macro_rules! byte_array_methods {
    (same: $($same:literal)*; changeable: $($changed:literal)*; of_lists: $($list:literal)*; $($other:expr),* $(,)?) => {
        &[
            $(method($same, ANY, |vm, this, bound| this.as_bytes(vm, $same, bound)),)*
            $(method($changed, ANY, |vm, this, bound| {
                this.as_bytes(vm, $changed, bound).map(changeable)
            }),)*
            $(method($list, ANY, |vm, this, bound| this.list_method(vm, $list, bound)),)*
            $($other),*
        ]
    };
}

/// `bytearray`.
pub(super) static BYTE_ARRAY: Declaration<ByteArray> = Declaration {
    constructor: constructor(
        "self, source=b'', encoding=None, errors=None",
        |vm, bound| {
            let mut keyword = bound.take_keywords();
            keyword.retain(|(name, _)| &**name != "self");
            let bytes = Value::Class(vm.classes.bytes.clone());
            let arguments = Arguments {
                positional: Vec::new(),
                keyword,
            };
            vm.call(&bytes, arguments).map(changeable)
        },
    ),
    methods: byte_array_methods![
        same: "count" "decode" "endswith" "find" "hex" "index" "isalnum" "isalpha" "isascii" "isdigit" "islower"
            "isspace" "istitle" "isupper" "rfind" "rindex" "startswith";
        changeable: "capitalize" "center" "expandtabs" "join" "ljust" "lower" "lstrip" "partition" "removeprefix"
            "removesuffix" "replace" "rjust" "rpartition" "rsplit" "rstrip" "split" "splitlines" "strip" "swapcase"
            "title" "upper" "zfill";
        of_lists: "append" "insert" "pop" "remove" "reverse";
        method("extend", "self, iterable_of_ints, /", |vm, this, bound| {
            let more = to_bytes(vm, &bound.value("iterable_of_ints"))?;
            vm.allocate(more.len())?;
            this.0.borrow_mut().extend(more);
            Ok(Value::None)
        }),
        method("clear", "self, /", |_, this, _| {
            this.0.borrow_mut().clear();
            Ok(Value::None)
        }),
        method("copy", "self, /", |_, this, _| Ok(made(this.0.borrow().clone()))),
    ],
    class_methods: &[function("fromhex", "cls, string, /", |vm, bound| {
        let text = bound.value("string");
        let bytes = Value::Class(vm.classes.bytes.clone());
        let arguments = Arguments::positional(vec![text]);
        vm.call_method(&bytes, "fromhex", arguments).map(changeable)
    })],
    ..Declaration::new("bytearray")
};

impl NativeObject for ByteArray {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&BYTE_ARRAY)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        match (operator, other.as_byte_string(), other) {
            // The kind is that of the left operand.
            (BinaryOperator::Add, Some(other), _) => {
                vm.allocate(self.0.borrow().len() + other.len())?;
                Ok(Some(match reflected {
                    true => Value::bytes([&*other, self.0.borrow().as_slice()].concat()),
                    false => made([self.0.borrow().as_slice(), &other].concat()),
                }))
            }
            (BinaryOperator::Multiply, None, Value::Int(_) | Value::Bool(_)) => {
                let repeated = vm.binary(operator, &self.snapshot(), other)?;
                Ok(Some(changeable(repeated)))
            }
            (BinaryOperator::Add, None, _) if !reflected => {
                let class = vm.class_of(other).name();
                Err(vm.type_error(format!("can't concat {class} to bytearray")))
            }
            _ => Ok(None),
        }
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        match other.as_byte_string() {
            Some(other) => vm
                .compare(operator, &self.snapshot(), &Value::Bytes(other))
                .map(Some),
            None => Ok(None),
        }
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let item = vm.get_item(&self.snapshot(), key).map_err(of_bytearray)?;
        Ok(Some(changeable(item)))
    }

    fn set_item(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        key: &Value,
        value: &Value,
    ) -> Result<bool> {
        self.as_list(vm, |vm, list| {
            vm.set_item(list, key.clone(), value.clone())?;
            Ok(Value::None)
        })?;
        Ok(true)
    }

    fn delete_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<bool> {
        self.as_list(vm, |vm, list| {
            vm.delete_item(list, key)?;
            Ok(Value::None)
        })?;
        Ok(true)
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let item = item
            .as_byte_string()
            .map_or_else(|| item.clone(), Value::Bytes);
        vm.contains(&self.snapshot(), &item).map(Some)
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.0.borrow().len()))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        vm.iterate(&self.snapshot()).map(Some)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(!self.0.borrow().is_empty()))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let bytes = vm.repr(&self.snapshot())?;
        Ok(Some(format!("bytearray({bytes})")))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        Err(vm.type_error("unhashable type: 'bytearray'"))
    }
}

impl Value {
    /// What a `bytes` or a `bytearray` holds now.
    pub fn as_byte_string(&self) -> Option<Rc<[u8]>> {
        if let Value::Bytes(bytes) = self.plain() {
            return Some(bytes.clone());
        }
        let array = self.plain().downcast::<ByteArray>()?;
        let bytes = array.0.borrow();
        Some(Rc::from(&**bytes))
    }
}
