//! `datetime`: dates, times, durations and fixed offsets.

mod date;
mod delta;
mod moment;
mod text;
mod time;
mod zone;

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Class, Interpreter, Module, Registry, Value};

pub use date::Date;
pub use delta::TimeDelta;
pub use moment::DateTime;
pub(super) use moment::ordered;
pub use time::Time;
pub use zone::Zone;

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("datetime", module);
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let delta = delta::class(vm);
    let (base, zone) = zone::classes(vm);
    let (date, datetime, time) = moment::classes(vm);
    Ok(Module::build("datetime")
        .class(&delta)
        .class(&base)
        .class(&zone)
        .class(&date)
        .class(&datetime)
        .class(&time)
        .value("UTC", Value::native(Zone::UTC))
        .value("MINYEAR", 1i64)
        .value("MAXYEAR", 9999i64)
        .build())
}

/// A class of the module, which is imported if necessary.
fn class_named(vm: &mut Interpreter, name: &str) -> Class {
    let dotted = format!("datetime.{name}");
    if let Some(class) = vm.registered_class(&dotted) {
        return class;
    }
    // Building the module registers its classes; it cannot fail.
    let _ = vm.import("datetime");
    vm.registered_class(&dotted)
        .unwrap_or_else(|| vm.object_class())
}

/// An integer argument, or the default if it was not passed.
fn integer(vm: &mut Interpreter, value: Option<Value>, default: i64) -> Result<i64> {
    match value {
        None => Ok(default),
        Some(value) => match value.as_int() {
            Some(number) => Ok(number),
            None => {
                let class = vm.class_of(&value).name();
                Err(vm.type_error(format!(
                    "'{class}' object cannot be interpreted as an integer"
                )))
            }
        },
    }
}
