//! `logging.config.fileConfig`: the loggers, handlers and formatters of an ini file.

use ground::exception;
use ground::hash::IndexMap;

use super::ConfigParser;
use ground::diagnostic::{Error, Result};
use ground::formatting::integer;
use ground::formatting::repr::string_repr;
use ground::host::Stream;
use ground::logging::{Formatter, Handler, HandlerKind, Level, Logging};
use ground::run::Run;

/// `fileConfig(file_name)`: reads the file anew, without Alembic's `%(here)s`.
///
/// Errors: `FileNotFoundError`; `RuntimeError` for a file that is empty or can't be read as one;
/// `KeyError` for a section or option that is missing; `ValueError` for an unknown level; those of
/// `configparser`.
pub fn file_config(run: &Run, file_name: &str, disable_existing_loggers: bool) -> Result<()> {
    let parser = ConfigParser::new(&[])?;
    match run.host.read(file_name) {
        Ok(bytes) if bytes.is_empty() => {
            return Err(Error::new(
                exception::RUNTIME_ERROR,
                format!("{file_name} is an empty file"),
            ));
        }
        Ok(bytes) => parser
            .read_string(&String::from_utf8_lossy(&bytes), &string_repr(file_name))
            .map_err(|error| match error.class_name() {
                "ParsingError" | "MissingSectionHeaderError" => Error::new(
                    exception::RUNTIME_ERROR,
                    format!("{file_name} is invalid: {}", error.message),
                ),
                _ => error,
            })?,
        Err(_) => {
            return Err(Error::new(
                exception::FILE_NOT_FOUND_ERROR,
                format!("{file_name} doesn't exist"),
            ));
        }
    }
    file_config_of(&run.logging, &parser, disable_existing_loggers)
}

/// `fileConfig(parser)`.
///
/// Errors: as [`file_config`].
pub fn file_config_of(
    logging: &Logging,
    parser: &ConfigParser,
    disable_existing_loggers: bool,
) -> Result<()> {
    let formatters = formatters(parser)?;
    let handlers = handlers(logging, parser, &formatters)?;
    loggers(logging, parser, &handlers, disable_existing_loggers)
}

fn key_error(name: &str) -> Error {
    Error::new(exception::KEY_ERROR, string_repr(name))
}

/// `parser[section][option]`.
fn required(parser: &ConfigParser, section: &str, option: &str) -> Result<String> {
    if !parser.has_section(section) {
        return Err(key_error(section));
    }
    if !parser.has_option(section, option) {
        return Err(key_error(option));
    }
    parser.get(section, option)
}

fn names(list: &str) -> Vec<String> {
    if list.is_empty() {
        return Vec::new();
    }
    list.split(',').map(|name| name.trim().to_owned()).collect()
}

fn level_of(name: &str) -> Result<Level> {
    Level::named(name).ok_or_else(|| {
        Error::new(
            exception::VALUE_ERROR,
            format!("Unknown level: {}", string_repr(name)),
        )
    })
}

fn formatters(parser: &ConfigParser) -> Result<IndexMap<String, Formatter>> {
    let mut formatters = IndexMap::default();
    for name in names(&required(parser, "formatters", "keys")?) {
        let section = format!("formatter_{name}");
        let style = parser.get_raw(&section, "style");
        if !parser.has_section(&section) {
            return Err(key_error(&section));
        }
        if let Some(class) = parser.get_or_none(&section, "class")?
            && !matches!(class.as_str(), "" | "logging.Formatter")
        {
            return Err(Error::unsupported(format!(
                "[{section}]: the formatter class {class} is not supported; logging.Formatter is"
            )));
        }
        if let Some(style) = style
            && style != "%"
        {
            return Err(Error::unsupported(format!(
                "[{section}]: style = {style} is not supported; % is"
            )));
        }
        formatters.insert(
            name,
            Formatter {
                format: parser.get_raw(&section, "format"),
                datefmt: parser.get_raw(&section, "datefmt"),
            },
        );
    }
    Ok(formatters)
}

fn handlers(
    logging: &Logging,
    parser: &ConfigParser,
    formatters: &IndexMap<String, Formatter>,
) -> Result<IndexMap<String, Handler>> {
    let mut handlers = IndexMap::default();
    for name in names(&required(parser, "handlers", "keys")?) {
        let section = format!("handler_{name}");
        let class = required(parser, &section, "class")?;
        let formatter = parser
            .get_or_none(&section, "formatter")?
            .unwrap_or_default();
        let arguments = parser.get_or_none(&section, "args")?.unwrap_or_default();
        let kind = handler_kind(&section, &class, &arguments)?;
        if let HandlerKind::File(path) = &kind
            && opens_for_writing(&arguments)
        {
            logging.empty_file(path);
        }
        let handler = Handler::new(kind);
        if let Some(level) = parser.get_or_none(&section, "level")? {
            handler.set_level(level_of(&level)?);
        }
        if !formatter.is_empty() {
            let formatter = formatters
                .get(&formatter)
                .ok_or_else(|| key_error(&formatter))?;
            handler.set_formatter(formatter.clone());
        }
        handlers.insert(name, handler);
    }
    Ok(handlers)
}

/// Whether `args` of a file handler name the mode `w`, in which the file begins anew.
fn opens_for_writing(arguments: &str) -> bool {
    let mut words = arguments
        .trim_matches(['(', ')', ' '])
        .split(',')
        .skip(1)
        .map(|word| {
            word.trim()
                .trim_start_matches("mode=")
                .trim_matches(['\'', '"'])
        });
    words.next() == Some("w")
}

/// The handler that a `class` and `args` describe. `args` is Python; of it a stream or a file's name
/// in quotes is understood.
fn handler_kind(section: &str, class: &str, arguments: &str) -> Result<HandlerKind> {
    let inside = arguments
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')')
        .trim()
        .trim_end_matches(',')
        .trim();
    let first = inside.split(',').next().unwrap_or_default().trim();
    let short = class
        .strip_prefix("logging.")
        .map_or(class, |name| name.strip_prefix("handlers.").unwrap_or(name));
    let short = short.strip_prefix("handlers.").unwrap_or(short);
    Ok(match short {
        "NullHandler" => HandlerKind::Null,
        "StreamHandler" => match first {
            "" | "sys.stderr" | "stream=sys.stderr" => HandlerKind::Stream(Stream::Stderr),
            "sys.stdout" | "stream=sys.stdout" => HandlerKind::Stream(Stream::Stdout),
            other => {
                return Err(Error::unsupported(format!(
                    "[{section}]: args = {other} is not supported; (sys.stderr,) and \
                     (sys.stdout,) are"
                )));
            }
        },
        "FileHandler"
        | "RotatingFileHandler"
        | "TimedRotatingFileHandler"
        | "WatchedFileHandler" => {
            let quoted = ['\'', '"'].iter().find_map(|quote| {
                first
                    .strip_prefix(*quote)
                    .and_then(|text| text.strip_suffix(*quote))
            });
            match quoted {
                Some(path) => HandlerKind::File(path.to_owned()),
                None => {
                    return Err(Error::unsupported(format!(
                        "[{section}]: args = {arguments} is not supported; a file's name in \
                         quotes is"
                    )));
                }
            }
        }
        _ => {
            return Err(Error::unsupported(format!(
                "[{section}]: the handler class {class} is not supported; StreamHandler, \
                 FileHandler and NullHandler are"
            )));
        }
    })
}

fn loggers(
    logging: &Logging,
    parser: &ConfigParser,
    handlers: &IndexMap<String, Handler>,
    disable_existing_loggers: bool,
) -> Result<()> {
    let mut list = names(&required(parser, "loggers", "keys")?);
    match list.iter().position(|name| name == "root") {
        Some(at) => {
            list.remove(at);
        }
        None => {
            return Err(Error::new(
                exception::VALUE_ERROR,
                "list.remove(x): x not in list",
            ));
        }
    }
    let attach = |logger: &str, list: &str| -> Result<()> {
        for name in names(list) {
            let handler = handlers.get(&name).ok_or_else(|| key_error(&name))?;
            logging.add_handler(logger, handler.clone());
        }
        Ok(())
    };
    if !parser.has_section("logger_root") {
        return Err(key_error("logger_root"));
    }
    if let Some(level) = parser.get_or_none("logger_root", "level")? {
        logging.set_level("root", level_of(&level)?);
    }
    logging.clear_handlers("root");
    attach("root", &required(parser, "logger_root", "handlers")?)?;

    let mut existing = logging.names();
    let mut children: Vec<String> = Vec::new();
    for name in list {
        let section = format!("logger_{name}");
        let qualname = required(parser, &section, "qualname")?;
        let propagate = match parser.get_or_none(&section, "propagate")? {
            None => true,
            Some(text) => {
                integer::parse(&text).ok_or_else(|| {
                    Error::new(
                        exception::VALUE_ERROR,
                        format!(
                            "invalid literal for int() with base 10: {}",
                            string_repr(&text)
                        ),
                    )
                })? != 0
            }
        };
        logging.get_logger(&qualname);
        if let Some(at) = existing.iter().position(|other| *other == qualname) {
            let prefix = format!("{qualname}.");
            children.extend(
                existing
                    .iter()
                    .filter(|other| other.starts_with(&prefix))
                    .cloned(),
            );
            existing.remove(at);
        }
        if let Some(level) = parser.get_or_none(&section, "level")? {
            logging.set_level(&qualname, level_of(&level)?);
        }
        logging.clear_handlers(&qualname);
        logging.set_propagate(&qualname, propagate);
        logging.set_disabled(&qualname, false);
        attach(&qualname, &required(parser, &section, "handlers")?)?;
    }
    for name in existing {
        if children.contains(&name) {
            logging.set_level(&name, Level::NOTSET);
            logging.clear_handlers(&name);
            logging.set_propagate(&name, true);
        } else {
            logging.set_disabled(&name, disable_existing_loggers);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use ground::host::{Host, MemoryHost};

    #[test]
    fn alembic_ini_shows_its_info_lines() {
        let host = Rc::new(MemoryHost::new("/project"));
        let ini = include_str!("../script/templates/generic/alembic.ini.mako");
        host.write("alembic.ini", ini.as_bytes()).unwrap();
        let run = Run::new(host.clone());
        run.logging
            .log("alembic.util.messaging", Level::ERROR, "unseen");
        assert!(host.take_output().is_empty());
        file_config(&run, "alembic.ini", true).unwrap();
        run.logging.log(
            "alembic.runtime.migration",
            Level::INFO,
            "Context impl SQLiteImpl.",
        );
        run.logging
            .log("sqlalchemy.engine.Engine", Level::INFO, "no");
        let output = host.take_output();
        assert_eq!(
            output,
            vec![(
                Stream::Stderr,
                "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.\n".to_owned()
            )]
        );
    }
}
