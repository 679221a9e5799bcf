//! `alembic.config`: the `Config` object that env.py uses.

use std::rc::Rc;

use ground::hash::IndexMap;

use crate::config::{Config, ConfigParser, OptionValue, TomlValue};
use ground::diagnostic::{Error, Result};
use ground::formatting::integer;
use ground::formatting::repr::string_repr;
use python::{
    Bound, Class, Declaration, Dict, Interpreter, Module, NativeObject, Receiver, Value, function,
    instance, method, property, settable,
};

/// The state behind a Python `Config`.
pub struct ConfigState {
    /// The engine's configuration.
    pub config: Config,
    /// `attributes`.
    pub attributes: Rc<Dict>,
    /// `cmd_opts`, where a program has set it.
    pub options: std::cell::RefCell<Option<Value>>,
}

impl Receiver for ConfigState {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<ConfigState>().map(|state| then(&state))
    }
}

/// `alembic.config.Config`.
static CONFIG: Declaration<ConfigState> = Declaration {
    initializer: Some(function(
        "__init__",
        "self, file_=None, toml_file=None, ini_section='alembic', output_buffer=None, \
         stdout=None, cmd_opts=None, config_args=None, attributes=None",
        initialize,
    )),
    properties: &[
        property("config_file_name", |_, state| {
            Ok(state.config.config_file_name().map(str::to_owned).into())
        }),
        property("toml_file_name", |_, state| {
            Ok(state.config.toml_file_name().map(str::to_owned).into())
        }),
        property("config_ini_section", |_, state| {
            Ok(state.config.config_ini_section().into())
        }),
        property("attributes", |_, state| {
            Ok(Value::Dict(state.attributes.clone()))
        }),
        settable(
            "cmd_opts",
            |_, state| {
                let given = state.options.borrow().clone();
                Ok(match (given, state.config.cmd_opts()) {
                    (Some(given), _) => given,
                    (None, Some(options)) => namespace(&options.command, &options.values),
                    (None, None) => Value::None,
                })
            },
            |_, state, value| {
                *state.options.borrow_mut() = Some(value.clone());
                Ok(())
            },
        ),
        property("output_buffer", |_, _| Ok(Value::None)),
        property("messaging_opts", |_, state| {
            Ok(Value::dict([("quiet", Value::Bool(state.config.quiet()))]))
        }),
        property("file_config", |vm, state| {
            let class = vm.class(&CONFIG_PARSER);
            Ok(instance(&class, FileConfig(state.config.clone())))
        }),
    ],
    methods: &[
        method(
            "get_main_option",
            "self, name, default=None",
            |_, state, bound| {
                let name = text(&bound.value("name"));
                let default = bound.value("default");
                Ok(state
                    .config
                    .get_main_option(&name)?
                    .map_or(default, Value::from))
            },
        ),
        method(
            "set_main_option",
            "self, name, value",
            |vm, state, bound| {
                let name = text(&bound.value("name"));
                let value = option_text(vm, &bound.value("value"))?;
                state.config.set_main_option(&name, &value)?;
                Ok(Value::None)
            },
        ),
        method("remove_main_option", "self, name", |_, state, bound| {
            let name = text(&bound.value("name"));
            state.config.remove_main_option(&name)?;
            Ok(Value::None)
        }),
        method(
            "set_section_option",
            "self, section, name, value",
            |vm, state, bound| {
                let section = text(&bound.value("section"));
                let name = text(&bound.value("name"));
                let value = option_text(vm, &bound.value("value"))?;
                state.config.set_section_option(&section, &name, &value)?;
                Ok(Value::None)
            },
        ),
        method(
            "get_section_option",
            "self, section, name, default=None",
            |_, state, bound| {
                let section = text(&bound.value("section"));
                let name = text(&bound.value("name"));
                let default = bound.value("default");
                Ok(state
                    .config
                    .get_section_option(&section, &name)?
                    .map_or(default, Value::from))
            },
        ),
        method(
            "get_section",
            "self, name, default=None",
            |_, state, bound| {
                let name = text(&bound.value("name"));
                let default = bound.value("default");
                Ok(state
                    .config
                    .get_section(&name)?
                    .map_or(default, |section| Value::dict(text_values(section))))
            },
        ),
        method(
            "get_alembic_option",
            "self, name, default=None",
            |_, state, bound| {
                let name = text(&bound.value("name"));
                let default = bound.value("default");
                let config = &state.config;
                let section = config.config_ini_section();
                if config.file_config()?.has_option(section, &name) {
                    return Ok(config.get_alembic_option(&name)?.into());
                }
                Ok(config.toml_value(&name)?.map_or(default, toml_python))
            },
        ),
        method(
            "get_alembic_boolean_option",
            "self, name",
            |_, state, bound| {
                let name = text(&bound.value("name"));
                Ok(Value::Bool(state.config.get_alembic_boolean_option(&name)?))
            },
        ),
        method("get_version_locations_list", "self", |_, state, _| {
            Ok(state.config.get_version_locations_list()?.into())
        }),
        method("get_prepend_sys_paths_list", "self", |_, state, _| {
            Ok(state.config.get_prepend_sys_paths_list()?.into())
        }),
        method("print_stdout", "self, text, *arg", |vm, state, bound| {
            let mut text = vm.str(&bound.value("text"))?;
            if !bound.rest.is_empty() {
                let values = Value::tuple(std::mem::take(&mut bound.rest));
                let formatted =
                    vm.binary(python::BinaryOperator::Modulo, &Value::str(&text), &values)?;
                text = vm.str(&formatted)?;
            }
            vm.lend(|| state.config.print_stdout(&text));
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("alembic.config.Config")
};

/// Wraps a [`Config`] as a Python object.
pub fn config_value(vm: &mut Interpreter, config: &Config) -> Value {
    let class = vm.class(&CONFIG);
    instance(
        &class,
        ConfigState {
            config: config.clone(),
            attributes: Rc::new(Dict::new()),
            options: std::cell::RefCell::new(None),
        },
    )
}

/// The module `alembic.config`.
pub fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = vm.class(&CONFIG);
    Ok(Module::build("alembic.config")
        .class(&class)
        .declared(&super::command::MAIN)
        .build())
}

fn initialize(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let file = bound
        .take_some("file_")
        .map(|value| path_text(vm, &value))
        .transpose()?;
    let toml = bound
        .take_some("toml_file")
        .map(|value| path_text(vm, &value))
        .transpose()?;
    let section = bound
        .take_some("ini_section")
        .map_or_else(|| "alembic".to_owned(), |value| text(&value));
    let attributes = match bound
        .take_some("attributes")
        .as_ref()
        .and_then(Value::as_dict)
    {
        Some(given) => given.clone(),
        None => Rc::new(Dict::new()),
    };
    let run = vm.run.clone();
    let config = Config::new(&run, file.as_deref(), toml.as_deref(), &section, None);
    if let Some(stdout) = bound.take_some("stdout")
        && !vm.repr(&stdout)?.contains("<stdout>")
    {
        config.set_stdout(Rc::new(move |text| {
            // A stream that can't be written to does not stop a command.
            let _ = Interpreter::borrow_lent(|vm| {
                let text = python::Arguments::positional(vec![Value::str(text)]);
                vm.call_method(&stdout, "write", text)
            });
        }));
    }
    bound.refuse(&["output_buffer"])?;
    if let Some(arguments) = bound
        .take_some("config_args")
        .and_then(|it| it.as_dict().cloned())
    {
        for (name, value) in arguments.str_entries() {
            let value = vm.str(&value)?;
            config.add_argument(&name, &value);
        }
    }
    let options = std::cell::RefCell::new(bound.take_some("cmd_opts"));
    if let Value::Instance(instance) = bound.this() {
        instance.set_native(Rc::new(ConfigState {
            config,
            attributes,
            options,
        }));
    }
    Ok(Value::None)
}

/// A path, given as a text or as an object.
fn path_text(vm: &mut Interpreter, value: &Value) -> Result<String> {
    vm.require_known(value, "the path of the configuration")?;
    vm.str(value)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The text of an option's value; like `configparser`, accepts only strings.
fn option_text(vm: &mut Interpreter, value: &Value) -> Result<String> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => {
            vm.require_known(value, "the value of the option")?;
            Err(vm.type_error("option values must be strings"))
        }
    }
}

fn text_values(section: IndexMap<String, String>) -> Vec<(String, Value)> {
    section
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)))
        .collect()
}

/// `argparse.Namespace` with these values.
fn namespace(command: &str, values: &IndexMap<String, OptionValue>) -> Value {
    Value::native(Namespace {
        command: command.to_owned(),
        values: values.clone(),
    })
}

static NAMESPACE: Declaration<Namespace> = Declaration::new("argparse.Namespace");

struct Namespace {
    command: String,
    values: IndexMap<String, OptionValue>,
}

impl Namespace {
    /// `cmd`: the command's function and its parameter names.
    fn cmd(&self) -> Value {
        let is_positional =
            |name: &str| matches!(name, "directory" | "revision" | "revisions" | "rev");
        let is_global = |name: &str| matches!(name, "config" | "name" | "x" | "raiseerr" | "quiet");
        let names = |positional: bool| {
            Value::list(
                self.values
                    .keys()
                    .filter(|name| !is_global(name) && is_positional(name) == positional)
                    .map(Value::str)
                    .collect(),
            )
        };
        let function = Value::function(&self.command, |vm, _| {
            Err(vm.type_error("a command can't be called from the environment that it runs"))
        });
        Value::tuple(vec![function, names(true), names(false)])
    }
}

impl NativeObject for Namespace {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&NAMESPACE)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name == "cmd" && !self.command.is_empty() {
            return Ok(Some(self.cmd()));
        }
        Ok(self.values.get(name).map(|value| match value {
            OptionValue::None => Value::None,
            OptionValue::Boolean(flag) => Value::Bool(*flag),
            OptionValue::Text(text) => Value::str(text),
            OptionValue::List(list) => list.clone().into(),
        }))
    }

    fn attribute_names(&self) -> Vec<String> {
        let cmd = (!self.command.is_empty()).then(|| "cmd".to_owned());
        self.values.keys().cloned().chain(cmd).collect()
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(item.as_str().map(|name| {
            self.values.contains_key(name) || (name == "cmd" && !self.command.is_empty())
        }))
    }
}

/// `config.file_config`: the part of `ConfigParser` that env.py files use.
pub(crate) struct FileConfig(pub(crate) Config);

impl Receiver for FileConfig {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<FileConfig>().map(|state| then(&state))
    }
}

/// The parameters of `get` and its typed variants.
const GET: &str = "self, section, option, *, raw=False, vars=None, fallback=None";

static CONFIG_PARSER: Declaration<FileConfig> = Declaration {
    methods: &[
        method("get", GET, |_, file, bound| {
            let (section, option) = section_and_option(bound);
            let parser = file.0.file_config()?;
            match bound.take("fallback") {
                Some(fallback) if !parser.has_option(&section, &option) => Ok(fallback),
                _ => Ok(parser.get(&section, &option)?.into()),
            }
        }),
        method("has_section", "self, section", |_, file, bound| {
            Ok(Value::Bool(
                file.0
                    .file_config()?
                    .has_section(&text(&bound.value("section"))),
            ))
        }),
        method("has_option", "self, section, option", |_, file, bound| {
            let (section, option) = section_and_option(bound);
            Ok(Value::Bool(
                file.0.file_config()?.has_option(&section, &option),
            ))
        }),
        method("items", "self, section", |_, file, bound| {
            let items = file
                .0
                .file_config()?
                .items(&text(&bound.value("section")))?;
            Ok(Value::list(
                items
                    .into_iter()
                    .map(|(name, value)| Value::tuple(vec![name.into(), value.into()]))
                    .collect(),
            ))
        }),
        method("sections", "self", |_, file, _| {
            Ok(file.0.file_config()?.sections().into())
        }),
        method("options", "self, section", |_, file, bound| {
            Ok(file
                .0
                .file_config()?
                .options(&text(&bound.value("section")))?
                .into())
        }),
        method("getint", GET, |_, file, bound| {
            converted(&file.0.file_config()?, bound, "int")
        }),
        method("getfloat", GET, |_, file, bound| {
            converted(&file.0.file_config()?, bound, "float")
        }),
        method("getboolean", GET, |_, file, bound| {
            converted(&file.0.file_config()?, bound, "bool")
        }),
        method("add_section", "self, section", |_, file, bound| {
            file.0
                .file_config()?
                .add_section(&text(&bound.value("section")))?;
            Ok(Value::None)
        }),
        method(
            "set",
            "self, section, option, value=None",
            |_, file, bound| {
                let (section, option) = section_and_option(bound);
                file.0
                    .file_config()?
                    .set(&section, &option, &text(&bound.value("value")))?;
                Ok(Value::None)
            },
        ),
        method(
            "remove_option",
            "self, section, option",
            |_, file, bound| {
                let (section, option) = section_and_option(bound);
                let removed = file.0.file_config()?.remove_option(&section, &option)?;
                Ok(Value::Bool(removed))
            },
        ),
        method("__contains__", "self, section, /", |_, file, bound| {
            let section = bound.value("section");
            let name = text(&section);
            Ok(Value::Bool(
                name == "DEFAULT" || file.0.file_config()?.has_section(&name),
            ))
        }),
        method("__getitem__", "self, section, /", |vm, file, bound| {
            let section = bound.value("section");
            let parser = file.0.file_config()?;
            let name = text(&section);
            if !parser.has_section(&name) {
                let shown = vm.repr(&section)?;
                return Err(vm.error("KeyError", shown));
            }
            // A copy: changes to it do not affect the configuration.
            Ok(Value::dict(
                parser
                    .items(&name)?
                    .into_iter()
                    .map(|(name, value)| (name, Value::from(value))),
            ))
        }),
    ],
    ..Declaration::new("alembic.config.ConfigParser")
};

fn section_and_option(bound: &mut Bound<'_>) -> (String, String) {
    (text(&bound.value("section")), text(&bound.value("option")))
}

/// `ConfigParser.getint`, `getfloat` and `getboolean`.
fn converted(parser: &ConfigParser, bound: &mut Bound<'_>, kind: &str) -> Result<Value> {
    let (section, option) = section_and_option(bound);
    if let Some(fallback) = bound.take("fallback")
        && !parser.has_option(&section, &option)
    {
        return Ok(fallback);
    }
    let value = parser.get(&section, &option)?;
    let refused = |what: &str| {
        let value = string_repr(&value);
        Error::new("ValueError", format!("{what}: {value}"))
    };
    match kind {
        "int" => {
            return integer::parse(&value)
                .map(Value::from)
                .ok_or_else(|| refused("invalid literal for int() with base 10"));
        }
        "float" => {
            return value
                .trim()
                .parse::<f64>()
                .map(Value::from)
                .map_err(|_| refused("could not convert string to float"));
        }
        _ => {}
    }
    match value.to_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Ok(Value::Bool(true)),
        "0" | "no" | "false" | "off" => Ok(Value::Bool(false)),
        _ => Err(Error::new("ValueError", format!("Not a boolean: {value}"))),
    }
}

/// Converts a pyproject.toml value to the Python value that Alembic exposes.
fn toml_python(value: TomlValue) -> Value {
    match value {
        TomlValue::Text(text) => text.into(),
        TomlValue::List(list) => list.into(),
        TomlValue::Table(table) => Value::dict(text_values(table)),
        TomlValue::Tables(tables) => Value::list(
            tables
                .into_iter()
                .map(|table| Value::dict(text_values(table)))
                .collect(),
        ),
        TomlValue::Integer(number) => number.into(),
        TomlValue::Boolean(flag) => Value::Bool(flag),
    }
}
