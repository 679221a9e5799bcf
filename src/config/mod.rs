//! alembic.ini, pyproject.toml, and the command line.

mod arguments;
mod command_line;
pub mod file_config;
mod installed;
mod parser;
pub mod toml;

pub use installed::installed_folders;

use ground::exception;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use ground::hash::IndexMap;

pub(crate) use arguments::{Count, OptionAction, OptionRule, Parser, PositionalRule, Stop, wrap};
pub use arguments::{Namespace, OptionValue};
pub use command_line::{
    ALEMBIC_VERSION, COMMANDS, Command, CommandLine, CommandOptions, ParsedCommandLine,
};
pub use parser::ConfigParser;

use ground::diagnostic::{Error, Result};
use ground::formatting::percent::{MappedValue, format_mapping};
use ground::formatting::repr::string_repr;
use ground::host::{HostError, absolute_path};
use ground::logging::Level;
use ground::run::Run;

/// What takes the place of standard output.
type Printer = Rc<dyn Fn(&str)>;

/// Alembic's `Config`: the options of one project. A cheap handle; clones share what is set.
///
/// Arbitrary Python values (`config.attributes`) live in `bindings`.
#[derive(Clone)]
pub struct Config(Rc<ConfigState>);

struct ConfigState {
    run: Run,
    stdout: RefCell<Option<Printer>>,
    config_file_name: Option<String>,
    toml_file_name: Option<String>,
    config_ini_section: String,
    cmd_opts: Option<CommandOptions>,
    config_args: RefCell<Vec<(String, String)>>,
    file_config: OnceCell<ConfigParser>,
    toml: OnceCell<toml::Table>,
}

/// A value of `[tool.alembic]`, its `%(here)s` replaced.
#[derive(Clone, Debug, PartialEq)]
pub enum TomlValue {
    /// A string.
    Text(String),
    /// A list of strings.
    List(Vec<String>),
    /// A table of strings.
    Table(IndexMap<String, String>),
    /// A list of tables of strings.
    Tables(Vec<IndexMap<String, String>>),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
}

/// One entry of `[post_write_hooks]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostWriteHook {
    /// Its name.
    pub name: String,
    /// Its options, `type` among them.
    pub options: IndexMap<String, String>,
}

impl Config {
    /// A configuration read, when it is first asked, from these files.
    pub fn new(
        run: &Run,
        config_file_name: Option<&str>,
        toml_file_name: Option<&str>,
        ini_section: &str,
        cmd_opts: Option<CommandOptions>,
    ) -> Self {
        Config(Rc::new(ConfigState {
            run: run.clone(),
            stdout: RefCell::default(),
            config_file_name: config_file_name.map(str::to_owned),
            toml_file_name: toml_file_name.map(str::to_owned),
            config_ini_section: ini_section.to_owned(),
            cmd_opts,
            config_args: RefCell::default(),
            file_config: OnceCell::new(),
            toml: OnceCell::new(),
        }))
    }

    /// The configuration that a command line names: `-c`, `-n` and `ALEMBIC_CONFIG`.
    ///
    /// Errors: `CommandError` where `-c` names two files of one kind. Alembic lets that one
    /// escape as a traceback.
    pub fn from_options(run: &Run, options: CommandOptions) -> Result<Self> {
        let base_name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let environment = run
            .host
            .environment("ALEMBIC_CONFIG")
            .filter(|value| !value.is_empty());
        let (mut toml, mut ini) = match environment {
            Some(value) if base_name(&value) == "pyproject.toml" => {
                (value, "alembic.ini".to_owned())
            }
            Some(value) => ("pyproject.toml".to_owned(), value),
            None => ("pyproject.toml".to_owned(), "alembic.ini".to_owned()),
        };
        let (mut seen_toml, mut seen_ini) = (false, false);
        for name in options.list("config").unwrap_or_default() {
            if base_name(&name) == "pyproject.toml" {
                if std::mem::replace(&mut seen_toml, true) {
                    return Err(Error::command("pyproject.toml indicated more than once"));
                }
                toml = name;
            } else {
                if std::mem::replace(&mut seen_ini, true) {
                    return Err(Error::command("only one ini file may be indicated"));
                }
                // An empty name falls back to the default, as `ini if ini else ...` does.
                if !name.is_empty() {
                    ini = name;
                }
            }
        }
        let section = options.text("name").unwrap_or_else(|| "alembic".to_owned());
        Ok(Self::new(
            run,
            Some(&ini),
            Some(&toml),
            &section,
            Some(options),
        ))
    }

    /// The context of the command.
    pub fn run(&self) -> &Run {
        &self.0.run
    }

    /// `config_file_name`.
    pub fn config_file_name(&self) -> Option<&str> {
        self.0.config_file_name.as_deref()
    }

    /// `toml_file_name`.
    pub fn toml_file_name(&self) -> Option<&str> {
        self.0.toml_file_name.as_deref()
    }

    /// `config_ini_section`.
    pub fn config_ini_section(&self) -> &str {
        &self.0.config_ini_section
    }

    /// `cmd_opts`.
    pub fn cmd_opts(&self) -> Option<&CommandOptions> {
        self.0.cmd_opts.as_ref()
    }

    /// `messaging_opts["quiet"]`.
    pub fn quiet(&self) -> bool {
        self.cmd_opts().is_some_and(|options| options.flag("quiet"))
    }

    /// `Path(file).absolute()`: no part is resolved.
    pub fn absolute(&self, path: &str) -> String {
        absolute_unresolved(&self.0.run.host.current_directory(), path)
    }

    /// `print_stdout`: a line on standard output, unless `-q`.
    pub fn print_stdout(&self, text: &str) {
        if self.quiet() {
            return;
        }
        let line = format!("{text}\n");
        let stdout = self.0.stdout.borrow().clone();
        match stdout {
            Some(write) => write(&line),
            None => self.0.run.print(&line),
        }
    }

    /// Adds a variable for the file's interpolation (`config_args`).
    pub fn add_argument(&self, name: &str, value: &str) {
        let mut arguments = self.0.config_args.borrow_mut();
        arguments.push((name.to_owned(), value.to_owned()));
    }

    /// Has what commands print go to the program's own `stdout`.
    pub fn set_stdout(&self, write: Rc<dyn Fn(&str)>) {
        *self.0.stdout.borrow_mut() = Some(write);
    }

    /// Whether both are the same configuration.
    pub fn is(&self, other: &Config) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The parsed ini file; an empty main section where there is no file name. A file that is
    /// absent reads as one without sections.
    ///
    /// Errors: those of `configparser`.
    pub fn file_config(&self) -> Result<ConfigParser> {
        if let Some(parser) = self.0.file_config.get() {
            return Ok(parser.clone());
        }
        let here = match self.config_file_name() {
            Some(name) => parent(&self.absolute(name)),
            None => ".".to_owned(),
        };
        let mut arguments = self.0.config_args.borrow().clone();
        arguments.retain(|(name, _)| name != "here");
        arguments.push(("here".to_owned(), here));
        *self.0.config_args.borrow_mut() = arguments.clone();
        let parser = ConfigParser::new(&arguments)?;
        let verbose = self
            .cmd_opts()
            .is_some_and(|options| options.flag("verbose"));
        let message = match self.config_file_name() {
            Some(name) => {
                // `ConfigParser.read` passes over what it can't open.
                if let Ok(bytes) = self.0.run.host.read(name) {
                    let text = String::from_utf8(bytes).map_err(|error| {
                        let at = error.utf8_error().valid_up_to();
                        let byte = error.as_bytes().get(at).copied().unwrap_or(0);
                        Error::new(
                            exception::UNICODE_DECODE_ERROR,
                            format!(
                                "'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: \
                                 invalid start byte"
                            ),
                        )
                    })?;
                    // Alembic hands over a path, which shows itself as one.
                    let shown = format!("PosixPath({})", string_repr(&pure_path(name)));
                    parser.read_string(&text, &shown)?;
                }
                format!("Loading config from file: {name}")
            }
            None => {
                parser.add_section(&self.0.config_ini_section)?;
                "No config file provided; using in-memory default config".to_owned()
            }
        };
        if verbose {
            self.0
                .run
                .logging
                .log("alembic.config", Level::INFO, &message);
        }
        Ok(self.0.file_config.get_or_init(|| parser).clone())
    }

    fn toml(&self) -> Result<&toml::Table> {
        if let Some(table) = self.0.toml.get() {
            return Ok(table);
        }
        let table = match self.toml_file_name() {
            None => toml::Table::default(),
            Some(name) => match self.0.run.host.read(name) {
                Err(HostError::NotFound(_)) => toml::Table::default(),
                Err(error) => return Err(Error::new(exception::OS_ERROR, error.to_string())),
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let mut table = toml::parse(&text)
                        .map_err(|message| Error::new(exception::TOML_DECODE_ERROR, message))?;
                    match table.swap_remove("tool") {
                        Some(toml::Value::Table(mut tool)) => match tool.swap_remove("alembic") {
                            Some(toml::Value::Table(alembic)) => alembic,
                            Some(_) => return Err(Error::command("Incorrect TOML format")),
                            None => toml::Table::default(),
                        },
                        _ => toml::Table::default(),
                    }
                }
            },
        };
        Ok(self.0.toml.get_or_init(|| table))
    }

    /// Whether pyproject.toml has a `[tool.alembic]` section.
    ///
    /// Errors: `tomllib.TOMLDecodeError`, and those of reading the file.
    pub fn has_toml_section(&self) -> Result<bool> {
        let Some(name) = self.toml_file_name() else {
            return Ok(false);
        };
        let bytes = self
            .0
            .run
            .host
            .read(name)
            .map_err(|error| Error::new(exception::OS_ERROR, error.to_string()))?;
        let table = toml::parse(&String::from_utf8_lossy(&bytes))
            .map_err(|message| Error::new(exception::TOML_DECODE_ERROR, message))?;
        Ok(table
            .get("tool")
            .and_then(|tool| tool.as_table()?.get("alembic"))
            .is_some())
    }

    /// `_get_toml_config_value`.
    ///
    /// Errors: those of Python's `%` operator; `CommandError` for a type that Alembic refuses.
    pub fn toml_value(&self, name: &str) -> Result<Option<TomlValue>> {
        let Some(value) = self.toml()?.get(name) else {
            return Ok(None);
        };
        let here = self
            .toml_file_name()
            .map(|name| parent(&self.absolute(name)))
            .unwrap_or_default();
        let format = |text: &str| {
            format_mapping(text, &|name| {
                (name == "here").then(|| MappedValue::Text(here.clone()))
            })
        };
        let text_of = |value: &toml::Value| match value.as_str() {
            Some(text) => format(text),
            None => Err(Error::new(
                exception::TYPE_ERROR,
                format!(
                    "unsupported operand type(s) for %: '{}' and 'dict'",
                    value.python_class()
                ),
            )),
        };
        let table_of = |table: &toml::Table| -> Result<IndexMap<String, String>> {
            table
                .iter()
                .map(|(name, value)| Ok((name.clone(), text_of(value)?)))
                .collect()
        };
        Ok(Some(match value {
            toml::Value::String(text) => TomlValue::Text(format(text)?),
            toml::Value::Array(items) => match items.first() {
                Some(toml::Value::Table(_)) => TomlValue::Tables(
                    items
                        .iter()
                        .map(|item| match item {
                            toml::Value::Table(table) => table_of(table),
                            other => Err(Error::new(
                                exception::ATTRIBUTE_ERROR,
                                format!(
                                    "'{}' object has no attribute 'items'",
                                    other.python_class()
                                ),
                            )),
                        })
                        .collect::<Result<_>>()?,
                ),
                _ => TomlValue::List(items.iter().map(text_of).collect::<Result<_>>()?),
            },
            toml::Value::Table(table) => TomlValue::Table(table_of(table)?),
            toml::Value::Integer(number) => TomlValue::Integer(*number),
            toml::Value::Boolean(flag) => TomlValue::Boolean(*flag),
            _ => {
                return Err(Error::command(format!(
                    "unsupported TOML value type for key: {}",
                    string_repr(name)
                )));
            }
        }))
    }

    /// `get_section`: every option of a section, the defaults among them; `None` where there is
    /// no such section.
    ///
    /// Errors: those of `configparser`.
    pub fn get_section(&self, name: &str) -> Result<Option<IndexMap<String, String>>> {
        let parser = self.file_config()?;
        if !parser.has_section(name) {
            return Ok(None);
        }
        parser.items(name).map(Some)
    }

    /// `set_main_option`.
    ///
    /// Errors: `ValueError` for a `%` that is no interpolation.
    pub fn set_main_option(&self, name: &str, value: &str) -> Result<()> {
        self.set_section_option(self.config_ini_section(), name, value)
    }

    /// `remove_main_option`.
    ///
    /// Errors: `configparser.NoSectionError`.
    pub fn remove_main_option(&self, name: &str) -> Result<()> {
        self.file_config()?
            .remove_option(self.config_ini_section(), name)
            .map(|_| ())
    }

    /// `set_section_option`.
    ///
    /// Errors: `ValueError` for a `%` that is no interpolation.
    pub fn set_section_option(&self, section: &str, name: &str, value: &str) -> Result<()> {
        let parser = self.file_config()?;
        if !parser.has_section(section) {
            parser.add_section(section)?;
        }
        parser.set(section, name, value)
    }

    /// `get_section_option`.
    ///
    /// Errors: `CommandError` where the section is absent; those of interpolation.
    pub fn get_section_option(&self, section: &str, name: &str) -> Result<Option<String>> {
        let parser = self.file_config()?;
        if !parser.has_section(section) {
            let file = self
                .config_file_name()
                .map_or_else(|| "None".to_owned(), string_repr);
            return Err(Error::command(format!(
                "No config file {file} found, or file has no '[{section}]' section"
            )));
        }
        if parser.has_option(section, name) {
            parser.get(section, name).map(Some)
        } else {
            Ok(None)
        }
    }

    /// `get_main_option`.
    ///
    /// Errors: as [`get_section_option`](Config::get_section_option).
    pub fn get_main_option(&self, name: &str) -> Result<Option<String>> {
        self.get_section_option(self.config_ini_section(), name)
    }

    /// `get_alembic_option` of a string: the ini file first, then pyproject.toml.
    ///
    /// Errors: those of `configparser` and of TOML.
    pub fn get_alembic_option(&self, name: &str) -> Result<Option<String>> {
        let parser = self.file_config()?;
        let section = self.config_ini_section();
        if parser.has_option(section, name) {
            return parser.get(section, name).map(Some);
        }
        Ok(match self.toml_value(name)? {
            None => None,
            Some(TomlValue::Text(text)) => Some(text),
            Some(TomlValue::Integer(number)) => Some(number.to_string()),
            Some(TomlValue::Boolean(flag)) => Some(if flag { "True" } else { "False" }.to_owned()),
            Some(other) => {
                return Err(Error::new(
                    exception::TYPE_ERROR,
                    format!("unexpected value for {name}: {other:?}"),
                ));
            }
        })
    }

    /// `get_alembic_boolean_option`: only `true` is true.
    ///
    /// Errors: `CommandError` for a TOML value that is no boolean.
    pub fn get_alembic_boolean_option(&self, name: &str) -> Result<bool> {
        let parser = self.file_config()?;
        let section = self.config_ini_section();
        if parser.has_option(section, name) {
            return Ok(parser.get(section, name)? == "true");
        }
        match self.toml()?.get(name) {
            None => Ok(false),
            Some(toml::Value::Boolean(flag)) => Ok(*flag),
            Some(_) => Err(Error::command(format!(
                "boolean value expected for TOML parameter {}",
                string_repr(name)
            ))),
        }
    }

    /// `util.asbool(config.get_alembic_option(name))`.
    ///
    /// Errors: `ValueError` for a word that is neither true nor false.
    pub fn as_boolean(&self, name: &str) -> Result<bool> {
        let Some(text) = self.get_alembic_option(name)? else {
            return Ok(false);
        };
        match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
            "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
            _ => Err(Error::new(
                exception::VALUE_ERROR,
                format!("String is not true/false: {}", string_repr(text.trim())),
            )),
        }
    }

    fn file_separator(&self, names: &[&str]) -> Result<Option<char>> {
        for name in names {
            let Some(separator) = self.get_main_option(name)? else {
                continue;
            };
            let character = match separator.as_str() {
                "space" => ' ',
                "newline" => '\n',
                "os" | ":" => ':',
                ";" => ';',
                _ => {
                    return Err(Error::new(
                        exception::VALUE_ERROR,
                        format!(
                            "'{separator}' is not a valid value for {name}; expected 'space', \
                             'newline', 'os', ':', ';'"
                        ),
                    )
                    .with_cause(Error::new(exception::KEY_ERROR, string_repr(&separator))));
                }
            };
            return Ok(Some(character));
        }
        Ok(None)
    }

    fn toml_list(&self, name: &str) -> Result<Option<Vec<String>>> {
        Ok(match self.toml_value(name)? {
            None => None,
            Some(TomlValue::List(list)) => Some(list),
            // A string where a list was meant is iterated by its characters, as Python does.
            Some(TomlValue::Text(text)) => Some(text.chars().map(String::from).collect()),
            Some(other) => {
                return Err(Error::new(
                    exception::TYPE_ERROR,
                    format!("unexpected value for {name}: {other:?}"),
                ));
            }
        })
    }

    /// `get_version_locations_list`. The warnings of legacy separators are deprecation warnings,
    /// which Python does not show.
    ///
    /// Errors: `ValueError` for an unknown `path_separator`.
    pub fn get_version_locations_list(&self) -> Result<Option<Vec<String>>> {
        let text = self
            .file_config()?
            .get_or_none(self.config_ini_section(), "version_locations")?;
        match text.filter(|text| !text.is_empty()) {
            None => self.toml_list("version_locations"),
            Some(text) => {
                let separator =
                    self.file_separator(&["path_separator", "version_path_separator"])?;
                Ok(Some(split_paths(&text, separator, false)))
            }
        }
    }

    /// `get_prepend_sys_paths_list`.
    ///
    /// Errors: `ValueError` for an unknown `path_separator`.
    pub fn get_prepend_sys_paths_list(&self) -> Result<Option<Vec<String>>> {
        let text = self
            .file_config()?
            .get_or_none(self.config_ini_section(), "prepend_sys_path")?;
        match text.filter(|text| !text.is_empty()) {
            None => self.toml_list("prepend_sys_path"),
            Some(text) => {
                let separator = self.file_separator(&["path_separator"])?;
                Ok(Some(split_paths(&text, separator, true)))
            }
        }
    }

    /// `get_hooks_list`.
    ///
    /// Errors: those of `configparser`; `KeyError` for a TOML hook without a name.
    pub fn get_hooks_list(&self) -> Result<Vec<PostWriteHook>> {
        let Some(section) = self.get_section("post_write_hooks")? else {
            let tables = match self.toml_value("post_write_hooks")? {
                Some(TomlValue::Tables(tables)) => tables,
                _ => Vec::new(),
            };
            return tables
                .into_iter()
                .map(|mut options| {
                    let name = options
                        .shift_remove("name")
                        .ok_or_else(|| Error::new(exception::KEY_ERROR, "'name'"))?;
                    Ok(PostWriteHook { name, options })
                })
                .collect();
        };
        let names = section.get("hooks").cloned().unwrap_or_default();
        Ok(split_paths(&names, None, false)
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| {
                let prefix = format!("{name}.");
                let options = section
                    .iter()
                    .filter_map(|(key, value)| {
                        let key = key.strip_prefix(&prefix)?;
                        Some((key.to_owned(), value.clone()))
                    })
                    .collect();
                PostWriteHook { name, options }
            })
            .collect())
    }
}

/// Splits a list of paths at the separator, or in the legacy way at commas, spaces and, for
/// `sys.path`, colons: `", *|(?: +)|\:"`.
fn split_paths(text: &str, separator: Option<char>, colons: bool) -> Vec<String> {
    if let Some(separator) = separator {
        return text
            .split(separator)
            .filter(|part| !part.is_empty())
            .map(|part| part.trim().to_owned())
            .collect();
    }
    let mut parts = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let splits = c == ',' || c == ' ' || (colons && c == ':');
        if !splits {
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
            continue;
        }
        if c != ':' {
            while characters.next_if_eq(&' ').is_some() {}
        }
        parts.push(String::new());
    }
    parts
}

/// `Path(path).absolute()` as a string: joined to the folder, empty and `.` parts dropped, `..`
/// kept.
pub fn absolute_unresolved(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    format!("/{}", pure_path(&whole).trim_start_matches('/'))
}

/// `str(Path(path))`: empty and `.` parts dropped, `..` kept.
pub fn pure_path(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    let joined = parts.join("/");
    if path.starts_with('/') {
        format!("/{joined}")
    } else if joined.is_empty() {
        ".".to_owned()
    } else {
        joined
    }
}

/// `str(Path(path).parent)`.
pub fn parent(path: &str) -> String {
    let path = pure_path(path);
    match path.rfind('/') {
        Some(0) => "/".to_owned(),
        Some(at) => path[..at].to_owned(),
        None => ".".to_owned(),
    }
}

/// `Path(path).resolve()` without following links, which a host does not show.
pub fn resolved(directory: &str, path: &str) -> String {
    absolute_path(directory, path)
}
