//! `logging` and `logging.config`, over the run's loggers.

use std::rc::Rc;

use crate::config::file_config::file_config;
use ground::diagnostic::Result;
use ground::host::Stream;
use ground::logging::{Formatter, Handler, HandlerKind, Level};
use python::parameters;
use python::{
    Arguments, BinaryOperator, Class, ClassBuilder, Interpreter, Module, NativeClass, NativeObject,
    Registry, Value,
};

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("logging", module);
    registry.add("logging.config", config);
    registry.add("logging.handlers", handlers);
}

/// `logging.Logger`; the root logger's name is empty.
struct Logger {
    name: Rc<str>,
}

impl NativeObject for Logger {
    fn class(&self, vm: &mut Interpreter) -> Class {
        logger_class(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let logging = vm.run.logging.clone();
        Ok(match name {
            "name" if self.name.is_empty() => Some(Value::str("root")),
            "name" => Some(Value::Str(self.name.clone())),
            "level" => Some(Value::Int(logging.level(&self.name).0.into())),
            "disabled" => Some(Value::Bool(logging.is_disabled(&self.name))),
            "propagate" => Some(Value::Bool(logging.propagates(&self.name))),
            "handlers" => Some(Value::list(
                logging
                    .handlers(&self.name)
                    .into_iter()
                    .map(|handler| Value::native(HandlerObject(handler)))
                    .collect(),
            )),
            _ => None,
        })
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        let truth = vm.truth(value)?;
        match name {
            "disabled" => vm.run.logging.set_disabled(&self.name, truth),
            "propagate" => vm.run.logging.set_propagate(&self.name, truth),
            "level" => {
                let level = level_of(vm, value)?;
                vm.run.logging.set_level(&self.name, level);
            }
            "handlers" => vm.run.logging.clear_handlers(&self.name),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let level = vm.run.logging.effective_level(&self.name).name();
        let name = if self.name.is_empty() {
            "root"
        } else {
            &self.name
        };
        Ok(Some(format!("<Logger {name} ({level})>")))
    }
}

/// A level, given as a number or a name.
fn level_of(vm: &mut Interpreter, value: &Value) -> Result<Level> {
    if let Some(number) = value.as_int() {
        return Ok(Level(u32::try_from(number).unwrap_or(0)));
    }
    let text = vm.str(value)?;
    match Level::named(&text) {
        Some(level) => Ok(level),
        None => Err(vm.value_error(format!(
            "Unknown level: {}",
            ground::formatting::repr::string_repr(&text)
        ))),
    }
}

/// `message % arguments`, as `LogRecord.getMessage` formats it.
fn message(vm: &mut Interpreter, mut arguments: Vec<Value>) -> Result<String> {
    if arguments.is_empty() {
        return Ok(String::new());
    }
    let template = arguments.remove(0);
    let text = Value::str(vm.str(&template)?);
    if arguments.is_empty() {
        return vm.str(&text);
    }
    let values = match arguments.as_slice() {
        [only] if only.as_dict().is_some_and(|dict| !dict.is_empty()) => only.clone(),
        _ => Value::tuple(arguments),
    };
    let formatted = vm.binary(BinaryOperator::Modulo, &text, &values)?;
    vm.str(&formatted)
}

fn write(vm: &mut Interpreter, name: &str, level: Level, arguments: Arguments) -> Result<Value> {
    if vm.run.logging.is_enabled(name, level) {
        let text = message(vm, arguments.positional)?;
        vm.run.logging.log(name, level, &text);
    }
    Ok(Value::None)
}

fn name_of(value: &Value) -> Rc<str> {
    value
        .downcast::<Logger>()
        .map_or_else(|| Rc::from(""), |logger| logger.name.clone())
}

const LEVELS: [(&str, Level); 8] = [
    ("debug", Level::DEBUG),
    ("info", Level::INFO),
    ("warning", Level::WARNING),
    ("warn", Level::WARNING),
    ("error", Level::ERROR),
    ("exception", Level::ERROR),
    ("critical", Level::CRITICAL),
    ("fatal", Level::CRITICAL),
];

fn logger_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("logging.Logger") {
        return class;
    }
    let mut class = ClassBuilder::new("logging", "Logger");
    for (name, level) in LEVELS {
        class = class.method(name, move |vm, this, arguments| {
            write(vm, &name_of(this), level, arguments)
        });
    }
    class
        .method("log", |vm, this, mut arguments| {
            let Some(level) = arguments.take_first() else {
                return Err(vm.type_error("log() missing 1 required positional argument: 'level'"));
            };
            let level = level_of(vm, &level)?;
            write(vm, &name_of(this), level, arguments)
        })
        .method("setLevel", |vm, this, arguments| {
            let [level] = arguments.exactly("setLevel")?;
            let level = level_of(vm, &level)?;
            vm.run.logging.set_level(&name_of(this), level);
            Ok(Value::None)
        })
        .method("getEffectiveLevel", |vm, this, _| {
            Ok(Value::Int(
                vm.run.logging.effective_level(&name_of(this)).0.into(),
            ))
        })
        .method("isEnabledFor", |vm, this, arguments| {
            let [level] = arguments.exactly("isEnabledFor")?;
            let level = level_of(vm, &level)?;
            Ok(Value::Bool(
                vm.run.logging.is_enabled(&name_of(this), level),
            ))
        })
        .method("hasHandlers", |vm, this, _| {
            Ok(Value::Bool(
                !vm.run.logging.handlers(&name_of(this)).is_empty(),
            ))
        })
        .method("getChild", |_, this, arguments| {
            let [suffix] = arguments.exactly("getChild")?;
            let suffix = suffix.as_text().unwrap_or_default();
            let name = name_of(this);
            Ok(Value::native(Logger {
                name: if name.is_empty() {
                    suffix
                } else {
                    Rc::from(format!("{name}.{suffix}"))
                },
            }))
        })
        .method("addHandler", |vm, this, arguments| {
            let [handler] = arguments.exactly("addHandler")?;
            if let Some(handler) = handler.downcast::<HandlerObject>() {
                vm.run
                    .logging
                    .add_handler(&name_of(this), handler.0.clone());
            }
            Ok(Value::None)
        })
        .method("removeHandler", |vm, this, arguments| {
            let [handler] = arguments.exactly("removeHandler")?;
            if let Some(handler) = handler.downcast::<HandlerObject>() {
                vm.run.logging.remove_handler(&name_of(this), &handler.0);
            }
            Ok(Value::None)
        })
        .build(vm)
}

struct HandlerObject(Handler);

impl NativeObject for HandlerObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        handler_class(vm, "StreamHandler")
    }
}

struct FormatterObject(Formatter);

impl NativeObject for FormatterObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        formatter_class(vm)
    }
}

struct HandlerHooks(&'static str);

impl NativeClass for HandlerHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let first = arguments
            .positional
            .first()
            .or_else(|| arguments.keyword_value("stream"));
        let kind = match self.0 {
            "NullHandler" => HandlerKind::Null,
            "FileHandler" => match first.and_then(Value::as_text) {
                Some(path) => HandlerKind::File(path.to_string()),
                None => return Err(vm.type_error("FileHandler() wants a file name")),
            },
            _ => {
                let stdout = match first {
                    Some(stream) => vm.repr(stream)?.contains("<stdout>"),
                    None => false,
                };
                HandlerKind::Stream(if stdout {
                    Stream::Stdout
                } else {
                    Stream::Stderr
                })
            }
        };
        Ok(Some(Value::native(HandlerObject(Handler::new(kind)))))
    }
}

struct FormatterHooks;

impl NativeClass for FormatterHooks {
    fn construct(
        &self,
        _vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "__init__",
            "fmt=None, datefmt=None, style='%', validate=True, *, defaults=None"
        ))?;
        let mut text = |name: &str| {
            bound
                .take_some(name)
                .and_then(|value| value.as_text())
                .map(|text| text.to_string())
        };
        Ok(Some(Value::native(FormatterObject(Formatter {
            format: text("fmt"),
            datefmt: text("datefmt"),
        }))))
    }
}

fn formatter_class(vm: &mut Interpreter) -> Class {
    match vm.registered_class("logging.Formatter") {
        Some(class) => class,
        None => ClassBuilder::new("logging", "Formatter")
            .hooks(FormatterHooks)
            .build(vm),
    }
}

fn handler_class(vm: &mut Interpreter, name: &'static str) -> Class {
    if let Some(class) = vm.registered_class(&format!("logging.{name}")) {
        return class;
    }
    ClassBuilder::new("logging", name)
        .hooks(HandlerHooks(name))
        .method("setLevel", |vm, this, arguments| {
            let [level] = arguments.exactly("setLevel")?;
            let level = level_of(vm, &level)?;
            if let Some(handler) = this.downcast::<HandlerObject>() {
                handler.0.set_level(level);
            }
            Ok(Value::None)
        })
        .method("setFormatter", |_, this, arguments| {
            let [formatter] = arguments.exactly("setFormatter")?;
            if let (Some(handler), Some(formatter)) = (
                this.downcast::<HandlerObject>(),
                formatter.downcast::<FormatterObject>(),
            ) {
                handler.0.set_formatter(formatter.0.clone());
            }
            Ok(Value::None)
        })
        .method("flush", |_, _, _| Ok(Value::None))
        .method("close", |_, _, _| Ok(Value::None))
        .build(vm)
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = logger_class(vm);
    let formatter = formatter_class(vm);
    let mut module = Module::build("logging")
        .class(&class)
        .class(&formatter)
        .value("root", Value::native(Logger { name: Rc::from("") }))
        .function("getLogger", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("getLogger", "name=None"))?;
            let name = match bound.take_some("name") {
                None => Rc::from(""),
                Some(name) => match name.as_text() {
                    Some(name) if &*name == "root" => Rc::from(""),
                    Some(name) => name,
                    None => return Err(vm.type_error("A logger name must be a string")),
                },
            };
            vm.run.logging.get_logger(&name);
            Ok(Value::native(Logger { name }))
        })
        .function("getLevelName", |vm, arguments| {
            let [level] = arguments.exactly("getLevelName")?;
            if level.as_int().is_none() {
                let level = level_of(vm, &level)?;
                return Ok(Value::Int(level.0.into()));
            }
            Ok(Value::str(level_of(vm, &level)?.name()))
        })
        .function("disable", |vm, arguments| {
            let [level] = arguments.between("disable", 0)?;
            let level = match level {
                Some(level) => level_of(vm, &level)?,
                None => Level::CRITICAL,
            };
            vm.run.logging.disable(level);
            Ok(Value::None)
        })
        .function("captureWarnings", |_, _| Ok(Value::None))
        .function("basicConfig", |vm, mut arguments| {
            let logging = vm.run.logging.clone();
            if logging.handlers("").is_empty() {
                let mut text = |name: &str| {
                    arguments
                        .take_keyword(name)
                        .and_then(|value| value.as_text())
                        .map(|text| text.to_string())
                };
                let handler = Handler::new(HandlerKind::Stream(Stream::Stderr));
                handler.set_formatter(Formatter {
                    format: Some(
                        text("format")
                            .unwrap_or_else(|| "%(levelname)s:%(name)s:%(message)s".to_owned()),
                    ),
                    datefmt: text("datefmt"),
                });
                logging.add_handler("", handler);
                if let Some(level) = arguments.take_keyword("level") {
                    let level = level_of(vm, &level)?;
                    logging.set_level("", level);
                }
            }
            Ok(Value::None)
        });
    for (name, level) in LEVELS {
        module = module.function(name, move |vm, arguments| write(vm, "", level, arguments));
    }
    for (name, level) in [
        ("NOTSET", Level(0)),
        ("DEBUG", Level::DEBUG),
        ("INFO", Level::INFO),
        ("WARNING", Level::WARNING),
        ("WARN", Level::WARNING),
        ("ERROR", Level::ERROR),
        ("CRITICAL", Level::CRITICAL),
        ("FATAL", Level::CRITICAL),
    ] {
        module = module.value(name, Value::Int(level.0.into()));
    }
    for name in ["StreamHandler", "FileHandler", "NullHandler"] {
        let class = handler_class(vm, name);
        module = module.class(&class);
    }
    Ok(module.build())
}

fn handlers(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = handler_class(vm, "FileHandler");
    Ok(Module::build("logging.handlers")
        .value("RotatingFileHandler", class.clone())
        .value("TimedRotatingFileHandler", class)
        .build())
}

fn config(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("logging.config")
        .function("fileConfig", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "fileConfig",
                "fname, defaults=None, disable_existing_loggers=True, encoding=None"
            ))?;
            let path = bound.value("fname");
            let path = vm.str(&path)?;
            let disable = match bound.take("disable_existing_loggers") {
                Some(value) => vm.truth(&value)?,
                None => true,
            };
            file_config(&vm.run.clone(), &path, disable)?;
            Ok(Value::None)
        })
        .function("dictConfig", |vm, _| {
            Err(vm.unsupported(
                "logging.config.dictConfig: configure logging in alembic.ini (fileConfig) instead",
            ))
        })
        .build())
}
