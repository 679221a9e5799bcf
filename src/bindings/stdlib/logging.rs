//! `logging` and `logging.config`, over the run's loggers.

use std::rc::Rc;

use crate::config::file_config::file_config;
use ground::diagnostic::Result;
use ground::host::Stream;
use ground::logging::{Formatter, Handler, HandlerKind, Level};
use python::{
    BinaryOperator, Bound, Class, Declaration, Declared, FreeFunction, Interpreter, Module,
    NativeObject, Registry, Value, constructor, function, method, property, settable,
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
        vm.class(&LOGGER)
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

/// Writes the message of a call with `msg, *args`.
fn write(vm: &mut Interpreter, name: &str, level: Level, bound: &mut Bound<'_>) -> Result<Value> {
    if vm.run.logging.is_enabled(name, level) {
        let mut arguments = vec![bound.value("msg")];
        arguments.append(&mut bound.rest);
        let text = message(vm, arguments)?;
        vm.run.logging.log(name, level, &text);
    }
    Ok(Value::None)
}

const MESSAGE: &str = "self, msg, *args, **kwargs";

/// The level that an argument names.
fn level_argument(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Level> {
    let level = bound.value("level");
    level_of(vm, &level)
}

static LOGGER: Declaration<Logger> = Declaration {
    properties: &[
        property("name", |_, logger| {
            Ok(match &*logger.name {
                "" => "root".into(),
                _ => logger.name.clone().into(),
            })
        }),
        settable(
            "level",
            |vm, logger| Ok(i64::from(vm.run.logging.level(&logger.name).0).into()),
            |vm, logger, value| {
                let level = level_of(vm, value)?;
                vm.run.logging.set_level(&logger.name, level);
                Ok(())
            },
        ),
        settable(
            "disabled",
            |vm, logger| Ok(vm.run.logging.is_disabled(&logger.name).into()),
            |vm, logger, value| {
                let truth = vm.truth(value)?;
                vm.run.logging.set_disabled(&logger.name, truth);
                Ok(())
            },
        ),
        settable(
            "propagate",
            |vm, logger| Ok(vm.run.logging.propagates(&logger.name).into()),
            |vm, logger, value| {
                let truth = vm.truth(value)?;
                vm.run.logging.set_propagate(&logger.name, truth);
                Ok(())
            },
        ),
        settable(
            "handlers",
            |vm, logger| {
                let handlers = vm.run.logging.handlers(&logger.name).into_iter();
                Ok(Value::list(
                    handlers
                        .map(|handler| Value::native(HandlerObject(handler)))
                        .collect(),
                ))
            },
            |vm, logger, value| {
                let handlers = vm.collect(value)?;
                vm.run.logging.clear_handlers(&logger.name);
                for handler in handlers {
                    let handler = handler_of(vm, &handler)?;
                    vm.run.logging.add_handler(&logger.name, handler);
                }
                Ok(())
            },
        ),
    ],
    methods: &[
        method("debug", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::DEBUG, bound)
        }),
        method("info", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::INFO, bound)
        }),
        method("warning", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::WARNING, bound)
        }),
        method("warn", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::WARNING, bound)
        }),
        method("error", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::ERROR, bound)
        }),
        method(
            "exception",
            "self, msg, *args, exc_info=True, **kwargs",
            |vm, logger, bound| write(vm, &logger.name, Level::ERROR, bound),
        ),
        method("critical", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::CRITICAL, bound)
        }),
        method("fatal", MESSAGE, |vm, logger, bound| {
            write(vm, &logger.name, Level::CRITICAL, bound)
        }),
        method(
            "log",
            "self, level, msg, *args, **kwargs",
            |vm, logger, bound| {
                let level = level_argument(vm, bound)?;
                write(vm, &logger.name, level, bound)
            },
        ),
        method("setLevel", "self, level", |vm, logger, bound| {
            let level = level_argument(vm, bound)?;
            vm.run.logging.set_level(&logger.name, level);
            Ok(Value::None)
        }),
        method("getEffectiveLevel", "self", |vm, logger, _| {
            let level = vm.run.logging.effective_level(&logger.name);
            Ok(i64::from(level.0).into())
        }),
        method("isEnabledFor", "self, level", |vm, logger, bound| {
            let level = level_argument(vm, bound)?;
            Ok(vm.run.logging.is_enabled(&logger.name, level).into())
        }),
        method("hasHandlers", "self", |vm, logger, _| {
            Ok((!vm.run.logging.handlers(&logger.name).is_empty()).into())
        }),
        method("getChild", "self, suffix", |_, logger, bound| {
            let suffix = bound.value("suffix").as_text().unwrap_or_default();
            Ok(Value::native(Logger {
                name: if logger.name.is_empty() {
                    suffix
                } else {
                    Rc::from(format!("{}.{suffix}", logger.name))
                },
            }))
        }),
        method("addHandler", "self, hdlr", |vm, logger, bound| {
            let handler = handler_of(vm, &bound.value("hdlr"))?;
            vm.run.logging.add_handler(&logger.name, handler);
            Ok(Value::None)
        }),
        method("removeHandler", "self, hdlr", |vm, logger, bound| {
            let handler = handler_of(vm, &bound.value("hdlr"))?;
            vm.run.logging.remove_handler(&logger.name, &handler);
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("logging.Logger")
};

struct HandlerObject(Handler);

/// The handler behind a value; one that Python code wrote can't be called from here.
fn handler_of(vm: &mut Interpreter, value: &Value) -> Result<Handler> {
    match value.downcast::<HandlerObject>() {
        Some(handler) => Ok(handler.0.clone()),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.unsupported(format!("a logging handler of class {class}")))
        }
    }
}

impl NativeObject for HandlerObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.0.kind() {
            HandlerKind::Stream(_) => &STREAM_HANDLER,
            HandlerKind::File(_) => &FILE_HANDLER,
            HandlerKind::Null => &NULL_HANDLER,
        })
    }
}

struct FormatterObject(Formatter);

impl NativeObject for FormatterObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FORMATTER)
    }
}

static FORMATTER: Declaration<FormatterObject> = Declaration {
    constructor: constructor(
        "self, fmt=None, datefmt=None, style='%', validate=True, *, defaults=None",
        |_, bound| {
            let mut text = |name: &str| {
                let text = bound.take_some(name)?.as_text()?;
                Some(text.to_string())
            };
            Ok(Value::native(FormatterObject(Formatter {
                format: text("fmt"),
                datefmt: text("datefmt"),
            })))
        },
    ),
    ..Declaration::new("logging.Formatter")
};

static HANDLER: Declaration<HandlerObject> = Declaration {
    methods: &[
        method("setLevel", "self, level", |vm, handler, bound| {
            let level = level_argument(vm, bound)?;
            handler.0.set_level(level);
            Ok(Value::None)
        }),
        method("setFormatter", "self, fmt", |vm, handler, bound| {
            let formatter = bound.value("fmt");
            match formatter.downcast::<FormatterObject>() {
                Some(formatter) => handler.0.set_formatter(formatter.0.clone()),
                None if formatter.is_none() => {}
                None => {
                    let class = vm.class_of(&formatter).name();
                    return Err(vm.unsupported(format!("a logging formatter of class {class}")));
                }
            }
            Ok(Value::None)
        }),
        method("flush", "self", |_, _, _| Ok(Value::None)),
        method("close", "self", |_, _, _| Ok(Value::None)),
    ],
    ..Declaration::new("logging.Handler")
};

fn new_handler(kind: HandlerKind) -> Value {
    Value::native(HandlerObject(Handler::new(kind)))
}

/// A handler that writes to the file of its first argument.
fn file_handler(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    match bound.value("filename").as_text() {
        Some(path) => Ok(new_handler(HandlerKind::File(path.to_string()))),
        None => Err(vm.type_error("FileHandler() wants a file name")),
    }
}

static STREAM_HANDLER: Declaration<HandlerObject> = Declaration {
    bases: &[&HANDLER],
    constructor: constructor("self, stream=None", |vm, bound| {
        let stdout = match bound.take_some("stream") {
            Some(stream) => vm.repr(&stream)?.contains("<stdout>"),
            None => false,
        };
        Ok(new_handler(HandlerKind::Stream(if stdout {
            Stream::Stdout
        } else {
            Stream::Stderr
        })))
    }),
    ..Declaration::new("logging.StreamHandler")
};

static FILE_HANDLER: Declaration<HandlerObject> = Declaration {
    bases: &[&STREAM_HANDLER],
    constructor: constructor(
        "self, filename, mode='a', encoding=None, delay=False, errors=None",
        file_handler,
    ),
    ..Declaration::new("logging.FileHandler")
};

static NULL_HANDLER: Declaration<HandlerObject> = Declaration {
    bases: &[&HANDLER],
    constructor: constructor("self, level=0", |_, _| Ok(new_handler(HandlerKind::Null))),
    ..Declaration::new("logging.NullHandler")
};

static ROTATING_FILE_HANDLER: Declaration<HandlerObject> = Declaration {
    bases: &[&FILE_HANDLER],
    constructor: constructor(
        "self, filename, mode='a', maxBytes=0, backupCount=0, encoding=None, delay=False, \
         errors=None",
        file_handler,
    ),
    ..Declaration::new("logging.handlers.RotatingFileHandler")
};

static TIMED_ROTATING_FILE_HANDLER: Declaration<HandlerObject> = Declaration {
    bases: &[&FILE_HANDLER],
    constructor: constructor(
        "self, filename, when='h', interval=1, backupCount=0, encoding=None, delay=False, \
         utc=False, atTime=None, errors=None",
        file_handler,
    ),
    ..Declaration::new("logging.handlers.TimedRotatingFileHandler")
};

const ROOT_MESSAGE: &str = "msg, *args, **kwargs";

fn basic_config(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let logging = vm.run.logging.clone();
    if !logging.handlers("").is_empty() {
        return Ok(Value::None);
    }
    let given = |name: &str| {
        let found = bound.extra.iter().find(|(given, _)| &**given == name);
        found.map(|(_, value)| value.clone())
    };
    let text = |name: &str| Some(given(name)?.as_text()?.to_string());
    let handler = Handler::new(HandlerKind::Stream(Stream::Stderr));
    handler.set_formatter(Formatter {
        format: Some(
            text("format").unwrap_or_else(|| "%(levelname)s:%(name)s:%(message)s".to_owned()),
        ),
        datefmt: text("datefmt"),
    });
    logging.add_handler("", handler);
    if let Some(level) = given("level") {
        let level = level_of(vm, &level)?;
        logging.set_level("", level);
    }
    Ok(Value::None)
}

static FUNCTIONS: &[FreeFunction] = &[
    function("getLogger", "name=None", |vm, bound| {
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
    }),
    function("getLevelName", "level", |vm, bound| {
        let level = bound.value("level");
        let found = level_of(vm, &level)?;
        Ok(match level.as_int() {
            Some(_) => found.name().into(),
            None => i64::from(found.0).into(),
        })
    }),
    function("disable", "level=50", |vm, bound| {
        let level = match bound.take("level") {
            Some(level) => level_of(vm, &level)?,
            None => Level::CRITICAL,
        };
        vm.run.logging.disable(level);
        Ok(Value::None)
    }),
    function("captureWarnings", "capture", |_, _| Ok(Value::None)),
    function("basicConfig", "**kwargs", basic_config),
    function("debug", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::DEBUG, bound)
    }),
    function("info", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::INFO, bound)
    }),
    function("warning", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::WARNING, bound)
    }),
    function("warn", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::WARNING, bound)
    }),
    function("error", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::ERROR, bound)
    }),
    function(
        "exception",
        "msg, *args, exc_info=True, **kwargs",
        |vm, bound| write(vm, "", Level::ERROR, bound),
    ),
    function("critical", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::CRITICAL, bound)
    }),
    function("fatal", ROOT_MESSAGE, |vm, bound| {
        write(vm, "", Level::CRITICAL, bound)
    }),
];

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let classes: [&dyn Declared; 5] = [
        &LOGGER,
        &FORMATTER,
        &STREAM_HANDLER,
        &FILE_HANDLER,
        &NULL_HANDLER,
    ];
    let mut module = Module::build("logging")
        .value("root", Value::native(Logger { name: Rc::from("") }))
        .functions(FUNCTIONS);
    for declared in classes {
        module = module.class(&vm.class(declared));
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
    Ok(module.build())
}

fn handlers(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("logging.handlers")
        .class(&vm.class(&ROTATING_FILE_HANDLER))
        .class(&vm.class(&TIMED_ROTATING_FILE_HANDLER))
        .build())
}

static CONFIG: &[FreeFunction] = &[
    function(
        "fileConfig",
        "fname, defaults=None, disable_existing_loggers=True, encoding=None",
        |vm, bound| {
            let path = bound.value("fname");
            let path = vm.str(&path)?;
            let disable = match bound.take("disable_existing_loggers") {
                Some(value) => vm.truth(&value)?,
                None => true,
            };
            file_config(&vm.run.clone(), &path, disable)?;
            Ok(Value::None)
        },
    ),
    function("dictConfig", "config", |vm, _| {
        Err(vm.unsupported(
            "logging.config.dictConfig: configure logging in alembic.ini (fileConfig) instead",
        ))
    }),
];

fn config(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("logging.config").functions(CONFIG).build())
}
