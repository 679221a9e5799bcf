//! `Flag`.

use super::{ENUM, members, value_of};
use ground::diagnostic::Result;
use python::{Arguments, Bound, Declaration, Interpreter, Value, method};

fn bits(value: &Value) -> Option<i64> {
    match value {
        Value::Instance(_) => value_of(value).as_int(),
        other => other.as_int(),
    }
}

/// The member of the same class with such bits.
fn with_bits(vm: &mut Interpreter, this: &Value, bits: i64) -> Result<Value> {
    let class = vm.class_of(this);
    let arguments = Arguments::positional(vec![Value::Int(bits)]);
    vm.call(&Value::Class(class), arguments)
}

fn combine(
    vm: &mut Interpreter,
    this: &Value,
    bound: &mut Bound<'_>,
    operation: fn(i64, i64) -> i64,
) -> Result<Value> {
    let other = bound.value("other");
    let (Some(a), Some(b)) = (bits(this), bits(&other)) else {
        return Ok(Value::NotImplemented);
    };
    let class = vm.class_of(this);
    if matches!(other, Value::Int(_)) && !class.mro().any(|class| class.is_named("enum.IntFlag")) {
        return Ok(Value::NotImplemented);
    }
    with_bits(vm, this, operation(a, b))
}

pub(super) static FLAG: Declaration<Value> = Declaration {
    bases: &[&ENUM],
    methods: &[
        method("__or__", "self, other", |vm, this, bound| {
            combine(vm, this, bound, |a, b| a | b)
        }),
        method("__and__", "self, other", |vm, this, bound| {
            combine(vm, this, bound, |a, b| a & b)
        }),
        method("__xor__", "self, other", |vm, this, bound| {
            combine(vm, this, bound, |a, b| a ^ b)
        }),
        method("__ror__", "self, other", |vm, this, bound| {
            combine(vm, this, bound, |a, b| a | b)
        }),
        method("__rand__", "self, other", |vm, this, bound| {
            combine(vm, this, bound, |a, b| a & b)
        }),
        method("__invert__", "self", |vm, this, _| {
            with_bits(vm, this, !bits(this).unwrap_or(0))
        }),
        method("__contains__", "self, other", |vm, this, bound| {
            let (Some(a), Some(b)) = (bits(this), bits(&bound.value("other"))) else {
                return Err(vm.type_error("a flag is required"));
            };
            Ok(Value::Bool(a & b == b))
        }),
        method("__bool__", "self", |_, this, _| {
            Ok(Value::Bool(bits(this).unwrap_or(0) != 0))
        }),
        method("__iter__", "self", |vm, this, _| {
            let class = vm.class_of(this);
            let own = bits(this).unwrap_or(0);
            let mut list = members(&class).unwrap_or_default();
            list.retain(|member| {
                bits(member)
                    .is_some_and(|bits| bits > 0 && bits & (bits - 1) == 0 && own & bits == bits)
            });
            vm.iterate(&Value::list(list))
        }),
    ],
    ..Declaration::new("enum.Flag")
};
