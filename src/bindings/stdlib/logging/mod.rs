//! `logging`, over the run's loggers: the loggers and the module's functions. Records, handlers,
//! formatters and filters are classes written in Python (`library/logging_classes.py`), which are
//! loaded when a program names one; what `fileConfig` sets up needs none of them.

mod custom;

use std::cell::RefCell;
use std::rc::Rc;

use crate::config::file_config::{file_config, file_config_of};
use custom::{Filters, Handlers};
use ground::diagnostic::Result;
use ground::logging::{Level, Place, Record};
use python::{
    Arguments, BinaryOperator, Bound, Class, Declaration, FreeFunction, Interpreter, Module,
    NativeObject, Registry, Value, format_traceback, function, method, property, settable,
};

/// Where the classes are.
const CLASSES: &str = "_logging_classes";

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("logging", module);
    registry.add("_logging", |_| {
        Ok(Module::build("_logging").functions(FUNCTIONS).build())
    });
    registry.add_source(CLASSES, resource!("stdlib/library/logging_classes.py"));
    registry.add("logging.config", config);
    let config = resource!("stdlib/library/logging_config.py");
    registry.add_source("_logging_config", config);
    let handlers = resource!("stdlib/library/logging_handlers.py");
    registry.add_source("logging.handlers", handlers);
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
        let level = vm.run.logging.effective_level(&self.name);
        let level = vm.run.logging.level_name(level);
        let name = if self.name.is_empty() {
            "root"
        } else {
            &self.name
        };
        Ok(Some(format!("<Logger {name} ({level})>")))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: python::CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        // A logger is made anew whenever it is asked for.
        let same = other
            .downcast::<Logger>()
            .is_some_and(|other| other.name == self.name);
        Ok(match operator {
            python::CompareOperator::Equal => Some(Value::Bool(same)),
            python::CompareOperator::NotEqual => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&Value::Str(self.name.clone())).map(Some)
    }
}

/// A level, given as a number or a name.
fn level_of(vm: &mut Interpreter, value: &Value) -> Result<Level> {
    if let Some(number) = value.as_int() {
        return Ok(Level(u32::try_from(number).unwrap_or(0)));
    }
    let Some(text) = value.as_text() else {
        let shown = vm.repr(value)?;
        return Err(vm.type_error(format!("Level not an integer or a valid string: {shown}")));
    };
    match vm.run.logging.level_named(&text) {
        Some(level) => Ok(level),
        None => Err(vm.value_error(format!(
            "Unknown level: {}",
            ground::formatting::repr::string_repr(&text)
        ))),
    }
}

/// `message % arguments`, as `LogRecord.getMessage` formats it.
fn message(vm: &mut Interpreter, template: &Value, arguments: &[Value]) -> Result<String> {
    let text = Value::str(vm.str(template)?);
    if arguments.is_empty() {
        return vm.str(&text);
    }
    let values = match arguments {
        [only] if only.as_dict().is_some_and(|dict| !dict.is_empty()) => only.clone(),
        _ => Value::tuple(arguments.to_vec()),
    };
    let formatted = vm.binary(BinaryOperator::Modulo, &text, &values)?;
    vm.str(&formatted)
}

/// `exc_info` as the triple that a record holds, and the exception in it.
fn exception_info(vm: &mut Interpreter, given: Option<Value>) -> Result<(Value, Option<Value>)> {
    let Some(given) = given else {
        return Ok((Value::None, None));
    };
    if let Some(items) = given.as_items()
        && items.len() == 3
    {
        let exception = items[1].clone();
        return Ok((given, Some(exception).filter(|it| !it.is_none())));
    }
    if !vm.truth(&given)? {
        return Ok((Value::None, None));
    }
    let exception = match &given {
        Value::Bool(_) | Value::Int(_) => vm.handled_exception(),
        other => Some(other.clone()),
    };
    Ok(match exception {
        Some(exception) => {
            let class = Value::Class(vm.class_of(&exception));
            let triple = Value::tuple(vec![class, exception.clone(), Value::None]);
            (triple, Some(exception))
        }
        None => (
            Value::tuple(vec![Value::None, Value::None, Value::None]),
            None,
        ),
    })
}

/// Carries out a call with `msg, *args, exc_info, extra, …`.
fn write(vm: &mut Interpreter, name: &str, level: Level, bound: &mut Bound<'_>) -> Result<Value> {
    if !vm.run.logging.is_enabled(name, level) {
        return Ok(Value::None);
    }
    let template = bound.value("msg");
    let arguments = std::mem::take(&mut bound.rest);
    let mut keywords = Arguments {
        positional: Vec::new(),
        keyword: std::mem::take(&mut bound.extra),
    };
    let exc_info = bound
        .take("exc_info")
        .or_else(|| keywords.take_keyword("exc_info"));
    let (triple, exception) = exception_info(vm, exc_info)?;
    let extra = keywords.take_keyword("extra").unwrap_or(Value::None);
    keywords.take_keyword("stacklevel");
    keywords.take_keyword("stack_info");
    if let Some((unknown, _)) = keywords.keyword.first() {
        return Err(vm.type_error(format!(
            "Logger._log() got an unexpected keyword argument '{unknown}'"
        )));
    }
    let location = vm.call_location();
    let place = Place {
        path: location
            .as_ref()
            .map_or(String::new(), |at| at.path.to_string()),
        line: location.as_ref().map_or(0, |at| at.line),
        function: vm.function_name().unwrap_or_default(),
    };
    let custom = vm.run.logging.is_custom(name);
    let text = match message(vm, &template, &arguments) {
        Ok(text) => text,
        // A handler of the program formats the message itself, or never.
        Err(_) if custom => String::new(),
        Err(error) => {
            let text = format!(
                "--- Logging error ---\n{}Message: {}\nArguments: {}\n",
                format_traceback(&error),
                vm.repr(&template)?,
                vm.repr(&Value::tuple(arguments))?
            );
            vm.print_error(&text)?;
            return Ok(Value::None);
        }
    };
    let below = match &exception {
        Some(exception) => {
            let error = vm.raise(exception);
            format_traceback(&error).trim_end_matches('\n').to_owned()
        }
        None if !triple.is_none() => "NoneType: None".to_owned(),
        None => String::new(),
    };
    let object = if custom {
        let given = vec![
            Value::str(if name.is_empty() { "root" } else { name }),
            Value::Int(level.0.into()),
            Value::str(&place.path),
            Value::Int(place.line.into()),
            template,
            Value::tuple(arguments),
            triple,
            Value::str(&place.function),
            extra,
            Value::None,
        ];
        Some(class_call(vm, "make_record", given)?)
    } else {
        None
    };
    let logging = vm.run.logging.clone();
    let record = Record {
        name,
        level,
        message: &text,
        below: &below,
        place: Some(place),
        object: RefCell::new(object.map(|object| Rc::new(object) as Rc<dyn std::any::Any>)),
    };
    vm.lend(|| logging.log_record(&record))?;
    Ok(Value::None)
}

/// Calls a function of the module with the classes.
fn class_call(vm: &mut Interpreter, name: &str, arguments: Vec<Value>) -> Result<Value> {
    let classes = vm.import(CLASSES)?;
    vm.call_method(&classes, name, Arguments::positional(arguments))
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
        property("parent", |vm, logger| {
            let mut name: &str = &logger.name;
            if name.is_empty() {
                return Ok(Value::None);
            }
            let known = vm.run.logging.names();
            while let Some((upper, _)) = name.rsplit_once('.') {
                name = upper;
                if known.iter().any(|known| known == name) {
                    return Ok(Value::native(Logger {
                        name: Rc::from(name),
                    }));
                }
            }
            Ok(Value::native(Logger { name: Rc::from("") }))
        }),
        property("root", |_, _| {
            Ok(Value::native(Logger { name: Rc::from("") }))
        }),
        property("manager", |vm, _| {
            let mut loggers = Vec::new();
            for name in vm.run.logging.names() {
                let logger = Logger {
                    name: Rc::from(name.as_str()),
                };
                loggers.push((name, Value::native(logger)));
            }
            class_call(vm, "Manager", vec![Value::dict(loggers)])
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
            |vm, logger| Handlers::of(vm, &logger.name),
            |vm, logger, value| {
                let list = Value::list(vm.collect(value)?);
                Handlers::set(vm, &logger.name, list);
                Ok(())
            },
        ),
        settable(
            "filters",
            |vm, logger| Ok(Filters::of(vm, &logger.name)),
            |vm, logger, value| {
                Filters::set(vm, &logger.name, value.clone());
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
            |vm, logger, bound| exception(vm, &logger.name, bound),
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
            Ok(vm.run.logging.has_handlers(&logger.name).into())
        }),
        method("getChild", "self, suffix", |vm, logger, bound| {
            let suffix = bound.value("suffix").as_text().unwrap_or_default();
            let name: Rc<str> = if logger.name.is_empty() {
                suffix
            } else {
                Rc::from(format!("{}.{suffix}", logger.name))
            };
            vm.run.logging.get_logger(&name);
            Ok(Value::native(Logger { name }))
        }),
        method("addHandler", "self, hdlr", |vm, logger, bound| {
            let handler = bound.value("hdlr");
            Handlers::add(vm, &logger.name, &handler)
        }),
        method("removeHandler", "self, hdlr", |vm, logger, bound| {
            let handler = bound.value("hdlr");
            Handlers::remove(vm, &logger.name, &handler)
        }),
        method("addFilter", "self, filter", |vm, logger, bound| {
            let filter = bound.value("filter");
            let list = Filters::of(vm, &logger.name);
            if !vm.contains(&list, &filter)? {
                vm.call_method(&list, "append", Arguments::positional(vec![filter]))?;
            }
            Ok(Value::None)
        }),
        method("removeFilter", "self, filter", |vm, logger, bound| {
            let filter = bound.value("filter");
            let list = Filters::of(vm, &logger.name);
            if vm.contains(&list, &filter)? {
                vm.call_method(&list, "remove", Arguments::positional(vec![filter]))?;
            }
            Ok(Value::None)
        }),
        method("handle", "self, record", |vm, logger, bound| {
            let object = bound.value("record");
            custom::handle(vm, &logger.name, &object)
        }),
    ],
    ..Declaration::new("logging.Logger")
};

/// `log.exception(…)`, at the level ERROR and with the exception being handled.
fn exception(vm: &mut Interpreter, name: &str, bound: &mut Bound<'_>) -> Result<Value> {
    if bound.named("exc_info").is_none() {
        bound.extra.push((Rc::from("exc_info"), Value::Bool(true)));
    }
    write(vm, name, Level::ERROR, bound)
}

const ROOT_MESSAGE: &str = "msg, *args, **kwargs";

/// A function of the module that writes to the root, which `basicConfig` sets up first.
fn write_root(vm: &mut Interpreter, level: Level, bound: &mut Bound<'_>) -> Result<Value> {
    prepare_root(vm)?;
    write(vm, "", level, bound)
}

fn prepare_root(vm: &mut Interpreter) -> Result<()> {
    if vm.run.logging.handlers("").is_empty() {
        let root = Value::native(Logger { name: Rc::from("") });
        class_call(
            vm,
            "basic_config",
            vec![root, Value::dict([("", Value::None); 0])],
        )?;
    }
    Ok(())
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
        if let Some(number) = level.as_int() {
            let level = Level(u32::try_from(number).unwrap_or(0));
            return Ok(vm.run.logging.level_name(level).into());
        }
        let name = vm.str(&level)?;
        Ok(match vm.run.logging.level_named(&name) {
            Some(found) => i64::from(found.0).into(),
            None => format!("Level {name}").into(),
        })
    }),
    function("level_number", "level", |vm, bound| {
        let level = level_argument(vm, bound)?;
        Ok(i64::from(level.0).into())
    }),
    function("addLevelName", "level, levelName", |vm, bound| {
        let level = level_argument(vm, bound)?;
        let name = bound.value("levelName");
        let name = vm.str(&name)?;
        vm.run.logging.add_level_name(level, &name);
        Ok(Value::None)
    }),
    function("getLevelNamesMapping", "", |vm, _| {
        let levels = [50, 40, 30, 20, 10, 0];
        let mut names = Vec::new();
        for level in levels {
            names.push((vm.run.logging.level_name(Level(level)), level));
        }
        names.insert(1, ("FATAL".to_owned(), 50));
        names.insert(4, ("WARN".to_owned(), 30));
        let names = names.into_iter();
        Ok(Value::dict(
            names.map(|(name, level)| (name, Value::Int(level.into()))),
        ))
    }),
    function("disable", "level=50", |vm, bound| {
        let level = match bound.take("level") {
            Some(level) => level_of(vm, &level)?,
            None => Level::CRITICAL,
        };
        vm.run.logging.disable(level);
        Ok(Value::None)
    }),
    function("getLoggerClass", "", |vm, _| {
        Ok(Value::Class(vm.class(&LOGGER)))
    }),
    function("basicConfig", "**kwargs", |vm, bound| {
        let keywords = Value::dict(std::mem::take(&mut bound.extra));
        let root = Value::native(Logger { name: Rc::from("") });
        class_call(vm, "basic_config", vec![root, keywords])
    }),
    function("debug", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::DEBUG, bound)
    }),
    function("info", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::INFO, bound)
    }),
    function("warning", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::WARNING, bound)
    }),
    function("warn", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::WARNING, bound)
    }),
    function("error", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::ERROR, bound)
    }),
    function(
        "exception",
        "msg, *args, exc_info=True, **kwargs",
        |vm, bound| {
            prepare_root(vm)?;
            exception(vm, "", bound)
        },
    ),
    function("critical", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::CRITICAL, bound)
    }),
    function("fatal", ROOT_MESSAGE, |vm, bound| {
        write_root(vm, Level::CRITICAL, bound)
    }),
    function("log", "level, msg, *args, **kwargs", |vm, bound| {
        let level = level_argument(vm, bound)?;
        write_root(vm, level, bound)
    }),
];

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("logging")
        .value("root", Value::native(Logger { name: Rc::from("") }))
        .functions(FUNCTIONS)
        .class(&vm.class(&LOGGER));
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
    Ok(module
        .attribute_hook(|vm, name| {
            if name.starts_with("__") || matches!(name, "config" | "handlers") {
                return Ok(None);
            }
            let classes = vm.import(CLASSES)?;
            vm.find_attribute(&classes, name)
        })
        .build())
}

static CONFIG: &[FreeFunction] = &[function(
    "fileConfig",
    "fname, defaults=None, disable_existing_loggers=True, encoding=None",
    file_config_call,
)];

fn file_config_call(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    // Files are UTF-8.
    bound.ignore(&["encoding"]);
    let source = bound.value("fname");
    let disable = match bound.take("disable_existing_loggers") {
        Some(value) => vm.truth(&value)?,
        None => true,
    };
    let defaults = bound.take_some("defaults");
    let run = vm.run.clone();
    let is_parser = vm.find_attribute(&source, "sections")?.is_some();
    let done =
        if let Some(state) = source.downcast::<crate::bindings::alembic::config::FileConfig>() {
            file_config_of(&run.logging, &state.0.file_config()?, disable)
        } else if is_parser || defaults.is_some() {
            return file_classes(vm, source, is_parser, defaults, disable);
        } else {
            vm.require_known(&source, "the path of the file")?;
            let path = match vm.find_attribute(&source, "__fspath__")? {
                Some(path) => vm.call(&path, Arguments::none())?,
                None => source.clone(),
            };
            let path = vm.str(&path)?;
            file_config(&run, &path, disable)
        };
    match done {
        // Handlers and formatters of other classes are made in Python.
        Err(error) if error.class_name() == ground::exception::UNSUPPORTED => {
            file_classes(vm, source, false, None, disable)
        }
        other => other.map(|()| Value::None),
    }
}

/// `fileConfig` by Python's own classes.
fn file_classes(
    vm: &mut Interpreter,
    source: Value,
    is_parser: bool,
    defaults: Option<Value>,
    disable: bool,
) -> Result<Value> {
    let parser = if is_parser {
        source
    } else {
        let module = vm.import("configparser")?;
        let given = Arguments::positional(vec![defaults.unwrap_or(Value::None)]);
        let parser = vm.call_method(&module, "ConfigParser", given)?;
        vm.call_method(&parser, "read", Arguments::positional(vec![source]))?;
        parser
    };
    let config = vm.import("_logging_config")?;
    vm.call_method(
        &config,
        "file_classes",
        Arguments::positional(vec![parser, Value::Bool(disable)]),
    )
}

fn config(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("logging.config")
        .functions(CONFIG)
        .attribute_hook(|vm, name| {
            if name.starts_with('_') {
                return Ok(None);
            }
            let config = vm.import("_logging_config")?;
            vm.find_attribute(&config, name)
        })
        .build())
}
