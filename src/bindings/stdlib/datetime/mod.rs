//! `datetime`: dates, times, durations and fixed offsets.

mod date;
mod delta;
mod moment;
mod text;
mod time;
mod zone;

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Declared, Interpreter, Module, Registry, Value};

pub use date::Date;
pub use delta::TimeDelta;
pub use moment::DateTime;
pub(super) use moment::ordered;
pub use time::Time;
pub use zone::{NamedZone, Zone};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("datetime", module);
    registry.add("_zoneinfo", |vm| {
        Ok(Module::build("_zoneinfo")
            .class(&vm.class(&zone::ZONE_INFO))
            .build())
    });
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let classes: [&dyn Declared; 6] = [
        &delta::TIMEDELTA,
        &zone::TZINFO,
        &zone::TIMEZONE,
        &date::DATE,
        &moment::DATETIME,
        &time::TIME,
    ];
    let mut module = Module::build("datetime")
        .value("UTC", Value::native(Zone::UTC))
        .value("MINYEAR", 1i64)
        .value("MAXYEAR", 9999i64);
    for declared in classes {
        module = module.class(&vm.class(declared));
    }
    Ok(module.build())
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
