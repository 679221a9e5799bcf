//! `Flag` and `IntFlag`.

use super::{members, value_of};
use ground::diagnostic::Result;
use python::{Arguments, Class, ClassBuilder, Interpreter, Value};

pub(super) fn flag_class(vm: &mut Interpreter, name: &str, bases: &[Class]) -> Class {
    fn bits(value: &Value) -> Option<i64> {
        match value {
            Value::Instance(_) => value_of(value).as_int(),
            other => other.as_int(),
        }
    }
    fn combine(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
        operation: fn(i64, i64) -> i64,
    ) -> Result<Value> {
        let [other] = arguments.exactly("flag")?;
        let class = vm.class_of(this);
        let (Some(a), Some(b)) = (bits(this), bits(&other)) else {
            return Ok(Value::NotImplemented);
        };
        if matches!(other, Value::Int(_))
            && !class.mro().any(|class| class.is_named("enum.IntFlag"))
        {
            return Ok(Value::NotImplemented);
        }
        vm.call(
            &Value::Class(class),
            Arguments::positional(vec![Value::Int(operation(a, b))]),
        )
    }
    let mut builder = ClassBuilder::new("enum", name);
    for base in bases {
        builder = builder.base(base);
    }
    builder
        .method("__or__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a | b)
        })
        .method("__and__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a & b)
        })
        .method("__xor__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a ^ b)
        })
        .method("__ror__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a | b)
        })
        .method("__rand__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a & b)
        })
        .method("__invert__", |vm, this, _| {
            let class = vm.class_of(this);
            let own = bits(this).unwrap_or(0);
            vm.call(
                &Value::Class(class),
                Arguments::positional(vec![Value::Int(!own)]),
            )
        })
        .method("__contains__", |vm, this, arguments| {
            let [other] = arguments.exactly("__contains__")?;
            let (Some(a), Some(b)) = (bits(this), bits(&other)) else {
                return Err(vm.type_error("a flag is required"));
            };
            Ok(Value::Bool(a & b == b))
        })
        .method("__bool__", |_, this, _| {
            Ok(Value::Bool(bits(this).unwrap_or(0) != 0))
        })
        .method("__iter__", |vm, this, _| {
            let class = vm.class_of(this);
            let own = bits(this).unwrap_or(0);
            let list: Vec<Value> = members(&class)
                .unwrap_or_default()
                .into_iter()
                .filter(|member| {
                    bits(member).is_some_and(|bits| {
                        bits > 0 && bits & (bits - 1) == 0 && own & bits == bits
                    })
                })
                .collect();
            vm.iterate(&Value::list(list))
        })
        .build(vm)
}
