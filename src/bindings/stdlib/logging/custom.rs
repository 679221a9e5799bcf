//! Handlers and filters that the program wrote or made itself, as the run's loggers call them.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::class_call;
use ground::diagnostic::Result;
use ground::host::Stream;
use ground::logging::{
    CustomFilters, CustomHandler, Handler, HandlerKind, HandlerList, Level, Record,
};
use python::{Arguments, Interpreter, Value};

/// A handler of the program.
struct PythonHandler(Value);

impl CustomHandler for PythonHandler {
    fn level(&self) -> Level {
        let level = Interpreter::borrow_lent(|vm| vm.find_attribute(&self.0, "level"));
        let level = level.ok().flatten().and_then(|level| level.as_int());
        Level(
            level
                .and_then(|level| u32::try_from(level).ok())
                .unwrap_or(0),
        )
    }

    fn handle(&self, record: &Record<'_>) -> Result<()> {
        Interpreter::borrow_lent(|vm| {
            let object = object_of(vm, record)?;
            vm.call_method(&self.0, "handle", Arguments::positional(vec![object]))?;
            Ok(())
        })
    }

    fn identity(&self) -> usize {
        self.0.address().unwrap_or_default()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The `LogRecord` of a record, made where it is asked for first.
fn object_of(vm: &mut Interpreter, record: &Record<'_>) -> Result<Value> {
    let known = record.object.borrow().clone();
    if let Some(object) = known.and_then(|object| object.downcast::<Value>().ok()) {
        return Ok((*object).clone());
    }
    let place = record.place.clone().unwrap_or_default();
    let given = vec![
        Value::str(if record.name.is_empty() {
            "root"
        } else {
            record.name
        }),
        Value::Int(record.level.0.into()),
        Value::str(&place.path),
        Value::Int(place.line.into()),
        Value::str(record.message),
        Value::tuple(Vec::new()),
        Value::None,
        Value::str(&place.function),
        Value::None,
        Value::None,
    ];
    let object = class_call(vm, "make_record", given)?;
    *record.object.borrow_mut() = Some(Rc::new(object.clone()));
    Ok(object)
}

/// `logger.handle(record)` with a record that the program made.
pub(super) fn handle(vm: &mut Interpreter, name: &str, object: &Value) -> Result<Value> {
    let text = vm.call_method(object, "getMessage", Arguments::none())?;
    let text = vm.str(&text)?;
    let level = vm.get_attribute(object, "levelno")?.as_int().unwrap_or(0);
    let logging = vm.run.logging.clone();
    let record = Record {
        name,
        level: Level(u32::try_from(level).unwrap_or(0)),
        message: &text,
        below: "",
        place: None,
        object: RefCell::new(Some(Rc::new(object.clone()))),
    };
    vm.lend(|| logging.log_record(&record))?;
    Ok(Value::None)
}

/// `logger.handlers`, which the program may change in place.
pub(super) struct Handlers(Value);

impl Handlers {
    /// The list. Handlers of `fileConfig` become objects of Python's classes.
    pub(super) fn of(vm: &mut Interpreter, name: &str) -> Result<Value> {
        let logging = vm.run.logging.clone();
        if let Some(list) = logging.list(name)
            && let Some(known) = list.as_any().downcast_ref::<Handlers>()
        {
            return Ok(known.0.clone());
        }
        let mut values = Vec::new();
        for handler in logging.handlers(name) {
            values.push(value_of(vm, &handler)?);
        }
        let list = Value::list(values);
        Handlers::set(vm, name, list.clone());
        Ok(list)
    }

    /// `logger.handlers = list`.
    pub(super) fn set(vm: &mut Interpreter, name: &str, list: Value) {
        vm.run.logging.set_list(name, Rc::new(Handlers(list)));
    }

    /// `logger.addHandler(handler)`.
    pub(super) fn add(vm: &mut Interpreter, name: &str, handler: &Value) -> Result<Value> {
        vm.require_known(handler, "what the handler does")?;
        let list = Handlers::of(vm, name)?;
        if !vm.contains(&list, handler)? {
            vm.call_method(
                &list,
                "append",
                Arguments::positional(vec![handler.clone()]),
            )?;
        }
        Ok(Value::None)
    }

    /// `logger.removeHandler(handler)`.
    pub(super) fn remove(vm: &mut Interpreter, name: &str, handler: &Value) -> Result<Value> {
        let list = Handlers::of(vm, name)?;
        if vm.contains(&list, handler)? {
            vm.call_method(
                &list,
                "remove",
                Arguments::positional(vec![handler.clone()]),
            )?;
        }
        Ok(Value::None)
    }

    fn items(&self) -> Vec<Value> {
        self.0.as_items().unwrap_or_default()
    }
}

fn value_of(vm: &mut Interpreter, handler: &Handler) -> Result<Value> {
    if let Some(custom) = handler.as_custom()
        && let Some(known) = custom.as_any().downcast_ref::<PythonHandler>()
    {
        return Ok(known.0.clone());
    }
    let (kind, path) = match handler.kind() {
        HandlerKind::Stream(Stream::Stdout) => ("stdout", ""),
        HandlerKind::Stream(Stream::Stderr) => ("stderr", ""),
        HandlerKind::File(path) => ("file", path.as_str()),
        HandlerKind::Null | HandlerKind::Custom => ("null", ""),
    };
    let formatter = handler.formatter().unwrap_or_default();
    class_call(
        vm,
        "from_native",
        vec![
            Value::str(kind),
            Value::str(path),
            Value::Int(handler.level().0.into()),
            formatter.format.into(),
            formatter.datefmt.into(),
        ],
    )
}

impl HandlerList for Handlers {
    fn handlers(&self) -> Vec<Handler> {
        let items = self.items().into_iter();
        items
            .map(|item| Handler::custom(Rc::new(PythonHandler(item))))
            .collect()
    }

    fn add(&self, handler: &Handler) {
        // Only lists reach this: what fails leaves the list as it is.
        let _ = Interpreter::borrow_lent(|vm| {
            let value = value_of(vm, handler)?;
            if let Value::List(list) = &self.0 {
                list.items.borrow_mut().push(value);
            }
            Ok(())
        });
    }

    fn remove(&self, handler: &Handler) {
        if let (Value::List(list), Some(custom)) = (&self.0, handler.as_custom()) {
            let identity = Some(custom.identity());
            list.items
                .borrow_mut()
                .retain(|item| item.address() != identity);
        }
    }

    fn clear(&self) {
        if let Value::List(list) = &self.0 {
            list.items.borrow_mut().clear();
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `logger.filters`, which the program may change in place.
pub(super) struct Filters(Value);

impl Filters {
    /// The list.
    pub(super) fn of(vm: &mut Interpreter, name: &str) -> Value {
        if let Some(filters) = vm.run.logging.filters(name)
            && let Some(known) = filters.as_any().downcast_ref::<Filters>()
        {
            return known.0.clone();
        }
        let list = Value::list(Vec::new());
        Filters::set(vm, name, list.clone());
        list
    }

    /// `logger.filters = list`.
    pub(super) fn set(vm: &mut Interpreter, name: &str, list: Value) {
        vm.run.logging.set_filters(name, Rc::new(Filters(list)));
    }
}

impl CustomFilters for Filters {
    fn pass(&self, record: &Record<'_>) -> Result<bool> {
        Interpreter::borrow_lent(|vm| {
            if !vm.truth(&self.0)? {
                return Ok(true);
            }
            let object = object_of(vm, record)?;
            let passed = class_call(vm, "passes", vec![self.0.clone(), object])?;
            vm.truth(&passed)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
