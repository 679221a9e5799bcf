//! `alembic.config`: the `Config` object as env.py sees it.

use std::rc::Rc;

use ground::hash::IndexMap;

use crate::config::{Config, OptionValue, TomlValue};
use ground::diagnostic::Result;
use ground::formatting::integer;
use ground::formatting::repr::string_repr;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Dict, Interpreter, Module, NativeClass, NativeObject, Value,
    instance,
};

/// The state behind a Python `Config`.
pub struct ConfigState {
    /// The engine's configuration.
    pub config: Config,
    /// `attributes`.
    pub attributes: Rc<Dict>,
}

/// The class `alembic.config.Config`.
pub fn config_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("alembic.config.Config") {
        return class;
    }
    ClassBuilder::new("alembic.config", "Config")
        .hooks(Construct)
        .property("config_file_name", |_, this| {
            with(this, |state| {
                Ok(state.config.config_file_name().map(str::to_owned).into())
            })
        })
        .property("toml_file_name", |_, this| {
            with(this, |state| {
                Ok(state.config.toml_file_name().map(str::to_owned).into())
            })
        })
        .property("config_ini_section", |_, this| {
            with(this, |state| Ok(state.config.config_ini_section().into()))
        })
        .property("attributes", |_, this| {
            with(this, |state| Ok(Value::Dict(state.attributes.clone())))
        })
        .property("cmd_opts", |vm, this| {
            let state = state(this)?;
            Ok(match state.config.cmd_opts() {
                Some(options) => namespace(vm, &options.command, &options.values),
                None => Value::None,
            })
        })
        .property("output_buffer", |_, _| Ok(Value::None))
        .property("messaging_opts", |_, this| {
            with(this, |state| {
                Ok(Value::dict([("quiet", Value::Bool(state.config.quiet()))]))
            })
        })
        .property("file_config", |vm, this| {
            let state = state(this)?;
            let class = file_config_class(vm);
            Ok(instance(&class, FileConfig(state.config.clone())))
        })
        .method("get_main_option", |_, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("Config.get_main_option", "name, default=None"))?;
            let name = text(&bound.value("name"));
            let default = bound.value("default");
            with(this, |state| {
                Ok(state
                    .config
                    .get_main_option(&name)?
                    .map_or(default, Value::from))
            })
        })
        .method("set_main_option", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("Config.set_main_option", "name, value"))?;
            let name = text(&bound.value("name"));
            let value = option_text(vm, &bound.value("value"))?;
            with(this, |state| {
                state.config.set_main_option(&name, &value)?;
                Ok(Value::None)
            })
        })
        .method("remove_main_option", |_, this, arguments| {
            let mut bound = arguments.bind(parameters!("Config.remove_main_option", "name"))?;
            let name = text(&bound.value("name"));
            with(this, |state| {
                state.config.remove_main_option(&name)?;
                Ok(Value::None)
            })
        })
        .method("set_section_option", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "Config.set_section_option",
                "section, name, value"
            ))?;
            let section = text(&bound.value("section"));
            let name = text(&bound.value("name"));
            let value = option_text(vm, &bound.value("value"))?;
            with(this, |state| {
                state.config.set_section_option(&section, &name, &value)?;
                Ok(Value::None)
            })
        })
        .method("get_section_option", |_, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "Config.get_section_option",
                "section, name, default=None"
            ))?;
            let section = text(&bound.value("section"));
            let name = text(&bound.value("name"));
            let default = bound.value("default");
            with(this, |state| {
                Ok(state
                    .config
                    .get_section_option(&section, &name)?
                    .map_or(default, Value::from))
            })
        })
        .method("get_section", |_, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("Config.get_section", "name, default=None"))?;
            let name = text(&bound.value("name"));
            let default = bound.value("default");
            with(this, |state| {
                Ok(state
                    .config
                    .get_section(&name)?
                    .map_or(default, |section| Value::dict(text_values(section))))
            })
        })
        .method("get_alembic_option", |_, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "Config.get_alembic_option",
                "name, default=None"
            ))?;
            let name = text(&bound.value("name"));
            let default = bound.value("default");
            with(this, |state| {
                let config = &state.config;
                let section = config.config_ini_section();
                if config.file_config()?.has_option(section, &name) {
                    return Ok(config.get_alembic_option(&name)?.into());
                }
                Ok(config.toml_value(&name)?.map_or(default, toml_python))
            })
        })
        .method("get_alembic_boolean_option", |_, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("Config.get_alembic_boolean_option", "name"))?;
            let name = text(&bound.value("name"));
            with(this, |state| {
                Ok(Value::Bool(state.config.get_alembic_boolean_option(&name)?))
            })
        })
        .method("get_version_locations_list", |_, this, _| {
            with(this, |state| {
                Ok(state.config.get_version_locations_list()?.into())
            })
        })
        .method("get_prepend_sys_paths_list", |_, this, _| {
            with(this, |state| {
                Ok(state.config.get_prepend_sys_paths_list()?.into())
            })
        })
        .method("print_stdout", |vm, this, mut arguments| {
            let Some(text) = arguments.take_first() else {
                return Err(vm.type_error(
                    "Config.print_stdout() missing 1 required positional argument: 'text'",
                ));
            };
            let mut text = vm.str(&text)?;
            if !arguments.positional.is_empty() {
                let values = Value::tuple(arguments.positional);
                let formatted =
                    vm.binary(python::BinaryOperator::Modulo, &Value::str(&text), &values)?;
                text = vm.str(&formatted)?;
            }
            with(this, |state| {
                state.config.print_stdout(&text);
                Ok(Value::None)
            })
        })
        .build(vm)
}

/// A Python `Config` over the engine's.
pub fn config_value(vm: &mut Interpreter, config: &Config) -> Value {
    let class = config_class(vm);
    instance(
        &class,
        ConfigState {
            config: config.clone(),
            attributes: Rc::new(Dict::new()),
        },
    )
}

/// The module `alembic.config`.
pub fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = config_class(vm);
    Ok(Module::build("alembic.config").class(&class).build())
}

struct Construct;

impl NativeClass for Construct {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "Config.__init__",
            "file_=None, toml_file=None, ini_section='alembic', output_buffer=None, stdout=None, \
             cmd_opts=None, config_args=None, attributes=None"
        ))?;
        let file = bound
            .take_some("file_")
            .map(|value| vm.str(&value))
            .transpose()?;
        let toml = bound
            .take_some("toml_file")
            .map(|value| vm.str(&value))
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
        Ok(Some(instance(class, ConfigState { config, attributes })))
    }
}

fn state(this: &Value) -> Result<Rc<ConfigState>> {
    this.downcast::<ConfigState>().ok_or_else(|| {
        ground::diagnostic::Error::new("TypeError", "an alembic.config.Config was expected")
    })
}

fn with(this: &Value, body: impl FnOnce(&ConfigState) -> Result<Value>) -> Result<Value> {
    body(&*state(this)?)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The text of an option's value; `configparser` takes nothing else.
fn option_text(vm: &mut Interpreter, value: &Value) -> Result<String> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(vm.type_error("option values must be strings")),
    }
}

fn text_values(section: IndexMap<String, String>) -> Vec<(String, Value)> {
    section
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)))
        .collect()
}

/// `argparse.Namespace` with these values.
fn namespace(vm: &mut Interpreter, command: &str, values: &IndexMap<String, OptionValue>) -> Value {
    let class = match vm.registered_class("argparse.Namespace") {
        Some(class) => class,
        None => ClassBuilder::new("argparse", "Namespace").build(vm),
    };
    Value::native(Namespace {
        class,
        command: command.to_owned(),
        values: values.clone(),
    })
}

struct Namespace {
    class: Class,
    command: String,
    values: IndexMap<String, OptionValue>,
}

impl Namespace {
    /// `cmd`: the command's function, and the names of what it is called with.
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
    fn class(&self, _vm: &mut Interpreter) -> Class {
        self.class.clone()
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

/// `config.file_config`: the `ConfigParser` behind it, as far as env.py reads it.
struct FileConfig(Config);

fn file_config_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("alembic.config.ConfigParser") {
        return class;
    }
    let parser = |this: &Value| -> Result<crate::config::ConfigParser> {
        this.downcast::<FileConfig>()
            .ok_or_else(|| {
                ground::diagnostic::Error::new("TypeError", "a ConfigParser was expected")
            })?
            .0
            .file_config()
    };
    ClassBuilder::new("alembic.config", "ConfigParser")
        .method("get", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "ConfigParser.get",
                "section, option, *, raw=False, vars=None, fallback=None"
            ))?;
            let (section, option) = (text(&bound.value("section")), text(&bound.value("option")));
            let parser = parser(this)?;
            match bound.take("fallback") {
                Some(fallback) if !parser.has_option(&section, &option) => Ok(fallback),
                _ => Ok(parser.get(&section, &option)?.into()),
            }
        })
        .method("has_section", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!("ConfigParser.has_section", "section"))?;
            Ok(Value::Bool(
                parser(this)?.has_section(&text(&bound.value("section"))),
            ))
        })
        .method("has_option", move |_, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("ConfigParser.has_option", "section, option"))?;
            let (section, option) = (text(&bound.value("section")), text(&bound.value("option")));
            Ok(Value::Bool(parser(this)?.has_option(&section, &option)))
        })
        .method("items", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!("ConfigParser.items", "section"))?;
            let items = parser(this)?.items(&text(&bound.value("section")))?;
            Ok(Value::list(
                items
                    .into_iter()
                    .map(|(name, value)| Value::tuple(vec![name.into(), value.into()]))
                    .collect(),
            ))
        })
        .method("sections", move |_, this, _| {
            Ok(parser(this)?.sections().into())
        })
        .method("options", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!("ConfigParser.options", "section"))?;
            Ok(parser(this)?
                .options(&text(&bound.value("section")))?
                .into())
        })
        .method("getint", move |_, this, arguments| {
            converted(&parser(this)?, arguments, "int")
        })
        .method("getfloat", move |_, this, arguments| {
            converted(&parser(this)?, arguments, "float")
        })
        .method("getboolean", move |_, this, arguments| {
            converted(&parser(this)?, arguments, "bool")
        })
        .method("add_section", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!("ConfigParser.add_section", "section"))?;
            parser(this)?.add_section(&text(&bound.value("section")))?;
            Ok(Value::None)
        })
        .method("set", move |_, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "ConfigParser.set",
                "section, option, value=None"
            ))?;
            let (section, option) = (text(&bound.value("section")), text(&bound.value("option")));
            parser(this)?.set(&section, &option, &text(&bound.value("value")))?;
            Ok(Value::None)
        })
        .method("remove_option", move |_, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("ConfigParser.remove_option", "section, option"))?;
            let (section, option) = (text(&bound.value("section")), text(&bound.value("option")));
            let removed = parser(this)?.remove_option(&section, &option)?;
            Ok(Value::Bool(removed))
        })
        .method("__contains__", move |_, this, arguments| {
            let [section] = arguments.exactly("__contains__")?;
            let name = text(&section);
            Ok(Value::Bool(
                name == "DEFAULT" || parser(this)?.has_section(&name),
            ))
        })
        .method("__getitem__", move |vm, this, arguments| {
            let [section] = arguments.exactly("__getitem__")?;
            let parser = parser(this)?;
            let name = text(&section);
            if !parser.has_section(&name) {
                let shown = vm.repr(&section)?;
                return Err(vm.error("KeyError", shown));
            }
            // A copy: what is set in it does not reach the file's options.
            Ok(Value::dict(
                parser
                    .items(&name)?
                    .into_iter()
                    .map(|(name, value)| (name, Value::from(value))),
            ))
        })
        .build(vm)
}

/// `ConfigParser.getint`, `getfloat` and `getboolean`.
fn converted(
    parser: &crate::config::ConfigParser,
    arguments: Arguments,
    kind: &str,
) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "ConfigParser.get",
        "section, option, *, raw=False, vars=None, fallback=None"
    ))?;
    let (section, option) = (text(&bound.value("section")), text(&bound.value("option")));
    if let Some(fallback) = bound.take("fallback")
        && !parser.has_option(&section, &option)
    {
        return Ok(fallback);
    }
    let value = parser.get(&section, &option)?;
    let refused = |what: &str| {
        let value = string_repr(&value);
        ground::diagnostic::Error::new("ValueError", format!("{what}: {value}"))
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
        _ => Err(ground::diagnostic::Error::new(
            "ValueError",
            format!("Not a boolean: {value}"),
        )),
    }
}

/// A value of pyproject.toml as Alembic gives it to env.py.
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
