//! Bind, result and literal processing of values.

use crate::exc;
use std::rc::Rc;

use ground::calendar;
use ground::formatting::repr::float_repr;

use super::json::{json_dumps, json_loads};
use super::{CustomType, Type, classes};
use crate::dialects::Dialect;
use crate::literal::{EnumMember, Literal, uuid_hex, uuid_text};
use ground::diagnostic::{Error, Result};

/// How a type processes values, after resolving variants and decorators.
enum Family {
    Boolean,
    Integer,
    Numeric { as_decimal: bool },
    Text,
    Enum,
    Date,
    Time,
    DateTime,
    Interval,
    Binary,
    Json,
    Uuid,
    Array,
    Other,
}

fn family(kind: &Type) -> Family {
    if kind.is_instance(&classes::GENERIC_ENUM) {
        Family::Enum
    } else if kind.is_instance(&classes::GENERIC_BOOLEAN) {
        Family::Boolean
    } else if kind.is_instance(&classes::GENERIC_INTEGER) {
        Family::Integer
    } else if kind.is_instance(&classes::GENERIC_NUMERIC)
        || kind.is_instance(&classes::GENERIC_FLOAT)
    {
        Family::Numeric {
            as_decimal: kind.flag("asdecimal"),
        }
    } else if kind.is_instance(&classes::GENERIC_STRING) {
        Family::Text
    } else if kind.is_instance(&classes::GENERIC_DATE) {
        Family::Date
    } else if kind.is_instance(&classes::GENERIC_DATE_TIME) {
        Family::DateTime
    } else if kind.is_instance(&classes::GENERIC_TIME) {
        Family::Time
    } else if kind.is_instance(&classes::GENERIC_INTERVAL)
        || kind.is_instance(&classes::GENERIC_ABSTRACT_INTERVAL)
    {
        Family::Interval
    } else if kind.is_instance(&classes::GENERIC_BINARY) {
        Family::Binary
    } else if kind.is_instance(&classes::JSON) {
        Family::Json
    } else if kind.is_instance(&classes::GENERIC_UUID) {
        Family::Uuid
    } else if kind.is_instance(&classes::ARRAY) {
        Family::Array
    } else {
        Family::Other
    }
}

/// Under an Enum type, a `str` or `int` enum member stays a member; every other type sees its plain
/// value.
fn plain(value: Literal) -> Literal {
    match value {
        Literal::Enum(member) => (*member.value).clone(),
        other => other,
    }
}

impl Type {
    /// The user-defined class whose own processors a dialect asks: not where it has a class of its own for the type.
    fn own_processors(&self, dialect: &Dialect) -> Option<&Rc<dyn CustomType>> {
        let custom = self.custom_class()?;
        let replaced = || dialect.type_processors().replaces(self, dialect.driver());
        (self.is_type_decorator() || !replaced()).then_some(custom)
    }

    /// Converts a value for the driver (`bind_processor`).
    ///
    /// # Errors
    /// `TypeError`, `LookupError`, `ValueError` for a value that does not fit the type.
    pub fn process_bind(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        let (kind, wrapped) = self.processing(dialect)?;
        if let Some(custom) = kind.own_processors(dialect)
            && let Some(changed) = custom.bind_processor(&value, dialect)?
        {
            return Ok(changed);
        }
        if kind.is_type_decorator() {
            let value = match kind.custom_class() {
                Some(custom) => custom.process_bind_param(value, dialect)?,
                None => value,
            };
            if kind.class() == &classes::GENERIC_INTERVAL {
                let native = dialect.type_processors().literal_interval(&kind).is_some();
                return if native {
                    Ok(value)
                } else {
                    bind_interval(value, dialect)
                };
            }
            return match wrapped {
                Some(wrapped) => wrapped.process_bind(value, dialect),
                None => Ok(value),
            };
        }
        if value.is_null() && !matches!(family(&kind), Family::Json) {
            return Ok(Literal::Null);
        }
        match family(&kind) {
            Family::Boolean => bind_boolean(plain(value), dialect),
            Family::Numeric { .. } if !dialect.supports_native_decimal() => {
                bind_float(plain(value))
            }
            Family::Enum => kind.database_value(value).map(Literal::String),
            Family::Date => dialect.type_processors().bind_date(&kind, value),
            Family::DateTime => dialect.type_processors().bind_datetime(&kind, value),
            Family::Time => dialect.type_processors().bind_time(&kind, value),
            Family::Json => {
                if value.is_null() && kind.flag("none_as_null") {
                    return Ok(Literal::Null);
                }
                let value = match value {
                    Literal::JsonNull => Literal::Null,
                    value => value,
                };
                let text = json_dumps(&value)?;
                let processors = dialect.type_processors();
                Ok(processors.bind_json(&kind, dialect.driver(), &value, text))
            }
            Family::Binary => Ok(match value {
                Literal::Bytes(bytes) => dialect
                    .type_processors()
                    .bind_binary(dialect.driver(), bytes),
                other => other,
            }),
            Family::Uuid => bind_uuid(&kind, value, dialect),
            Family::Integer | Family::Text => Ok(match value {
                Literal::Enum(_) => plain(value),
                other => other,
            }),
            _ => Ok(value),
        }
    }

    /// Converts a driver value for Python (`result_processor`).
    ///
    /// # Errors
    /// `ValueError`, `LookupError` for a value that the type can't read.
    pub fn process_result(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        let (kind, wrapped) = self.processing(dialect)?;
        if let Some(custom) = kind.own_processors(dialect)
            && let Some(changed) = custom.result_processor(&value, dialect)?
        {
            return Ok(changed);
        }
        if kind.is_type_decorator() {
            let value = if kind.class() == &classes::GENERIC_INTERVAL {
                result_interval(value)?
            } else {
                match wrapped {
                    Some(wrapped) => wrapped.process_result(value, dialect)?,
                    None => value,
                }
            };
            return match kind.custom_class() {
                Some(custom) => custom.process_result_value(value, dialect),
                None => Ok(value),
            };
        }
        if value.is_null() {
            return Ok(value);
        }
        match family(&kind) {
            Family::Boolean => Ok(match value {
                Literal::Integer(number) => Literal::Boolean(number != 0),
                other => other,
            }),
            Family::Numeric { as_decimal: true } => Ok(to_decimal(&kind, value)),
            Family::Numeric { as_decimal: false } => Ok(match value {
                Literal::Decimal(text) => text
                    .parse()
                    .map_or_else(|_| Literal::Decimal(text.clone()), Literal::Float),
                other => other,
            }),
            Family::Enum => kind.object_value(value),
            Family::Date => match &value {
                Literal::String(text) => parse_date(text)
                    .map(Literal::Date)
                    .ok_or_else(|| bad_format("date", text)),
                _ => Ok(value),
            },
            Family::DateTime => match &value {
                Literal::String(text) => parse_datetime(text)
                    .map(|moment| Literal::DateTime(moment, None))
                    .ok_or_else(|| bad_format("datetime", text)),
                _ => Ok(value),
            },
            Family::Time => match &value {
                Literal::String(text) => parse_time(text)
                    .map(|time| Literal::Time(time, None))
                    .ok_or_else(|| bad_format("time", text)),
                _ => Ok(value),
            },
            Family::Json
                if dialect
                    .type_processors()
                    .driver_reads_json(dialect.driver()) =>
            {
                Ok(value)
            }
            Family::Json => match &value {
                Literal::String(text) => json_loads(text),
                Literal::Bytes(bytes) => json_loads(&String::from_utf8_lossy(bytes)),
                _ => Ok(value),
            },
            Family::Uuid => result_uuid(&kind, value),
            _ => Ok(value),
        }
    }

    /// Renders a value inline in a statement (`literal_processor`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for a type without a literal form.
    pub fn process_literal(&self, value: &Literal, dialect: &Dialect) -> Result<String> {
        self.literal_text(value, dialect).map_err(|error| {
            if error.class == exc::COMPILE_ERROR {
                return error;
            }
            let shown = value.python_repr();
            Error::new(
                exc::COMPILE_ERROR,
                format!(
                    "Could not render literal value \"{shown}\" with datatype {}; see parent \
                     stack trace for more detail.",
                    self.compile(&Dialect::default_dialect())
                        .unwrap_or_else(|_| self.python_repr())
                ),
            )
            .with_cause(error)
        })
    }

    fn literal_text(&self, value: &Literal, dialect: &Dialect) -> Result<String> {
        let (kind, wrapped) = self.processing(dialect)?;
        if let Some(custom) = kind.own_processors(dialect)
            && let Some(text) = custom.literal_processor(value, dialect)?
        {
            return Ok(text);
        }
        if kind.is_type_decorator() {
            if let Some(custom) = kind.custom_class() {
                let changed = match custom.process_literal_param(value.clone(), dialect)? {
                    Some(changed) => changed,
                    None => custom.process_bind_param(value.clone(), dialect)?,
                };
                return match wrapped {
                    Some(_) if changed.is_null() => Ok("NULL".into()),
                    Some(wrapped) => wrapped.literal_text(&changed, dialect),
                    None => Err(no_renderer(&changed, self)),
                };
            }
            if kind.class() == &classes::GENERIC_INTERVAL {
                let processors = dialect.type_processors();
                return match (value, processors.literal_interval(&kind)) {
                    (Literal::Interval(microseconds), Some(write)) => {
                        Ok(write(&seconds(*microseconds)))
                    }
                    _ => processors.literal_moment(&Type::datetime(), value, dialect),
                };
            }
            return match wrapped {
                Some(wrapped) => wrapped.literal_text(value, dialect),
                None => Err(no_renderer(value, self)),
            };
        }
        match family(&kind) {
            Family::Boolean => {
                let truth = match plain(value.clone()) {
                    Literal::Boolean(value) => value,
                    Literal::Integer(value @ (0 | 1)) => value == 1,
                    other => return Err(not_boolean(&other)),
                };
                let compiler = dialect.statement_compiler();
                Ok(compiler.visit_boolean(truth, &**dialect).into())
            }
            Family::Integer => match plain(value.clone()) {
                Literal::Integer(number) => Ok(number.to_string()),
                Literal::BigInteger(number) => Ok(number.to_string()),
                Literal::Boolean(value) => Ok(i64::from(value).to_string()),
                Literal::Float(number) => Ok(format!("{}", number.trunc())),
                Literal::String(text) => text
                    .trim()
                    .parse::<i64>()
                    .map(|number| number.to_string())
                    .map_err(|_| {
                        Error::new(
                            "ValueError",
                            format!(
                                "invalid literal for int() with base 10: {}",
                                Literal::String(text.clone()).python_repr()
                            ),
                        )
                    }),
                other => Err(type_error(format!(
                    "int() argument must be a string, a bytes-like object or a real number, not \
                     '{}'",
                    other.class_name()
                ))),
            },
            Family::Numeric { .. } => Ok(plain(value.clone()).python_str()),
            Family::Text => match plain(value.clone()) {
                Literal::String(text) => Ok(format!(
                    "{}{}",
                    dialect.type_processors().unicode_prefix(&kind),
                    quoted(&text, dialect)
                )),
                other => Err(Error::new(
                    "AttributeError",
                    format!("'{}' object has no attribute 'replace'", other.class_name()),
                )),
            },
            Family::Enum => {
                let text = kind.database_value(value.clone())?;
                Ok(quoted(&text, dialect))
            }
            Family::Date | Family::DateTime | Family::Time => {
                let processors = dialect.type_processors();
                processors.literal_moment(&kind, value, dialect)
            }
            Family::Binary => match value {
                Literal::Bytes(bytes) => {
                    let text = String::from_utf8(bytes.to_vec()).map_err(|error| {
                        Error::new("UnicodeDecodeError", error.utf8_error().to_string())
                    })?;
                    Ok(format!("'{}'", text.replace('\'', "''")))
                }
                other => Err(Error::new(
                    "AttributeError",
                    format!("'{}' object has no attribute 'decode'", other.class_name()),
                )),
            },
            Family::Json => Err(no_renderer(value, self)),
            Family::Uuid => {
                let native = dialect.type_processors().is_uuid_literal(&kind);
                let text = match (value, native) {
                    (Literal::Uuid(bytes), true) => uuid_text(bytes),
                    (Literal::Uuid(bytes), false) => uuid_hex(bytes),
                    (Literal::String(text), _)
                        if !kind.flag("as_uuid")
                            && !dialect.type_processors().keeps_hyphens(&kind) =>
                    {
                        text.replace('-', "")
                    }
                    (Literal::String(text), native)
                        if native || dialect.type_processors().keeps_hyphens(&kind) =>
                    {
                        text.to_string()
                    }
                    (other, _) => {
                        return Err(Error::new(
                            "AttributeError",
                            format!("'{}' object has no attribute 'hex'", other.class_name()),
                        ));
                    }
                };
                Ok(format!("'{}'", text.replace('\'', "''")))
            }
            Family::Array => literal_array(&kind, value, dialect),
            Family::Interval => {
                let write = dialect.type_processors().literal_interval(&kind);
                match (value, write) {
                    (Literal::Interval(microseconds), Some(write)) => {
                        Ok(write(&seconds(*microseconds)))
                    }
                    _ => Err(no_renderer(value, self)),
                }
            }
            Family::Other => Err(no_renderer(value, self)),
        }
    }

    /// The text that an Enum stores for a value.
    ///
    /// # Errors
    /// `LookupError` for what is not among its values.
    pub fn database_value(&self, value: Literal) -> Result<Rc<str>> {
        let enums = self.enums();
        match &value {
            Literal::Enum(member) => {
                if let Some(class) = self.enum_class() {
                    let place = class
                        .members
                        .iter()
                        .position(|(name, _)| *name == member.name);
                    if let Some(text) = place.and_then(|place| enums.get(place)) {
                        return Ok(text.clone());
                    }
                }
                if let Literal::String(text) = &*member.value
                    && enums.contains(text)
                {
                    return Ok(text.clone());
                }
            }
            Literal::String(text) => {
                if enums.contains(text) {
                    return Ok(text.clone());
                }
                // A member's value may be given in place of its name if the members are strings as
                // well.
                if let Some(class) = self.enum_class() {
                    let place = class
                        .members
                        .iter()
                        .position(|(_, value)| value.as_str() == Some(text));
                    if let Some(text) = place.and_then(|place| enums.get(place)) {
                        return Ok(text.clone());
                    }
                }
                if !self.flag("validate_strings") {
                    return Ok(text.clone());
                }
            }
            _ => {}
        }
        Err(self.not_among(&value))
    }

    fn object_value(&self, value: Literal) -> Result<Literal> {
        let Literal::String(text) = &value else {
            return Ok(value);
        };
        let enums = self.enums();
        let Some(place) = enums.iter().position(|known| known == text) else {
            return Err(self.not_among(&value));
        };
        match self.enum_class() {
            Some(class) => Ok(match class.members.get(place) {
                // The member itself, as the project made it.
                Some((_, member @ Literal::Enum(_))) => member.clone(),
                Some((name, member)) => Literal::Enum(EnumMember {
                    class: class.name.clone(),
                    name: name.clone(),
                    value: Rc::new(member.clone()),
                    object: class.object.clone(),
                }),
                None => value,
            }),
            None => Ok(value),
        }
    }

    fn not_among(&self, value: &Literal) -> Error {
        let names = self.enums();
        let cut = |name: &Rc<str>| {
            if name.chars().count() > 11 {
                format!("{}..", name.chars().take(11).collect::<String>())
            } else {
                name.to_string()
            }
        };
        let shown = if names.is_empty() {
            "None".to_owned()
        } else if names.len() <= 4 {
            names.iter().map(cut).collect::<Vec<_>>().join(", ")
        } else {
            let first: Vec<String> = names.iter().take(3).map(cut).collect();
            format!(
                "{}, ..., {}",
                first.join(", "),
                cut(&names[names.len() - 1])
            )
        };
        Error::new(
            "LookupError",
            format!(
                "'{}' is not among the defined enum values. Enum name: {}. Possible values: {shown}",
                value.python_str(),
                self.name().as_deref().unwrap_or("None")
            ),
        )
    }
}

pub(crate) fn type_error(message: impl Into<String>) -> Error {
    Error::new("TypeError", message)
}

fn no_renderer(value: &Literal, kind: &Type) -> Error {
    Error::new(
        exc::COMPILE_ERROR,
        format!(
            "No literal value renderer is available for literal value \"{}\" with datatype {}",
            value.python_repr(),
            kind.compile(&Dialect::default_dialect())
                .unwrap_or_else(|_| kind.python_repr())
        ),
    )
}

fn quoted(text: &str, dialect: &Dialect) -> String {
    crate::compiler::quote_literal(text, dialect)
}

/// `timedelta.total_seconds()`, as Python writes it.
fn seconds(microseconds: i64) -> String {
    float_repr(microseconds as f64 / 1e6)
}

/// `ARRAY[…]`; a list in a list is an array of its own.
fn literal_array(kind: &Type, value: &Literal, dialect: &Dialect) -> Result<String> {
    let (Literal::List(items) | Literal::Tuple(items)) = value else {
        return Err(type_error(format!(
            "'{}' object is not iterable",
            value.class_name()
        )));
    };
    let item_type = kind.item_type().unwrap_or_else(Type::null);
    let mut parts = Vec::with_capacity(items.len());
    for item in items.iter() {
        parts.push(match item {
            Literal::List(_) | Literal::Tuple(_) => literal_array(kind, item, dialect)?,
            item => item_type.literal_text(item, dialect)?,
        });
    }
    Ok(format!("ARRAY[{}]", parts.join(", ")))
}

fn not_boolean(value: &Literal) -> Error {
    match value {
        Literal::Integer(number) => Error::new(
            "ValueError",
            format!("Value {number} is not None, True, or False"),
        ),
        other => type_error(format!("Not a boolean value: {}", other.python_repr())),
    }
}

fn bind_boolean(value: Literal, dialect: &Dialect) -> Result<Literal> {
    let truth = match value {
        Literal::Boolean(truth) => truth,
        Literal::Integer(number @ (0 | 1)) => number == 1,
        other => return Err(not_boolean(&other)),
    };
    Ok(if dialect.supports_native_boolean() {
        Literal::Boolean(truth)
    } else {
        Literal::Integer(i64::from(truth))
    })
}

fn bind_float(value: Literal) -> Result<Literal> {
    Ok(match value {
        Literal::Decimal(text) => Literal::Float(text.parse().map_err(|_| {
            Error::new(
                "ValueError",
                format!("could not convert string to float: '{text}'"),
            )
        })?),
        Literal::Integer(number) => Literal::Float(number as f64),
        Literal::Boolean(truth) => Literal::Float(f64::from(u8::from(truth))),
        Literal::BigInteger(number) => {
            Literal::Float(number.to_string().parse().unwrap_or(f64::INFINITY))
        }
        Literal::String(text) => Literal::Float(text.trim().parse().map_err(|_| {
            Error::new(
                "ValueError",
                format!(
                    "could not convert string to float: {}",
                    Literal::String(text.clone()).python_repr()
                ),
            )
        })?),
        Literal::Float(number) => Literal::Float(number),
        other => {
            return Err(type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                other.class_name()
            )));
        }
    })
}

fn to_decimal(kind: &Type, value: Literal) -> Literal {
    let scale = kind
        .integer("decimal_return_scale")
        .or_else(|| kind.scale())
        .unwrap_or(10)
        .clamp(0, 1000) as usize;
    match value {
        Literal::Float(number) => Literal::Decimal(format!("{number:.scale$}").into()),
        Literal::Integer(number) => Literal::Decimal(format!("{:.scale$}", number as f64).into()),
        other => other,
    }
}

fn bind_interval(value: Literal, dialect: &Dialect) -> Result<Literal> {
    let Literal::Interval(microseconds) = value else {
        if value.is_null() {
            return Ok(value);
        }
        return Err(type_error(format!(
            "unsupported operand type(s) for +: 'datetime.datetime' and '{}'",
            value.class_name()
        )));
    };
    let moment = calendar::DateTime::from_microseconds(microseconds)
        .map_err(|_| Error::new("OverflowError", "date value out of range"))?;
    Type::datetime().process_bind(Literal::DateTime(moment, None), dialect)
}

fn result_interval(value: Literal) -> Result<Literal> {
    let moment = match &value {
        Literal::String(text) => {
            parse_datetime(text).ok_or_else(|| bad_format("datetime", text))?
        }
        Literal::DateTime(moment, _) => *moment,
        _ => return Ok(value),
    };
    Ok(Literal::Interval(moment.microseconds()))
}

fn bad_format(what: &str, text: &str) -> Error {
    Error::new(
        "ValueError",
        match what {
            "datetime" | "date" | "time" => format!(
                "Invalid isoformat string: {}",
                Literal::from(text).python_repr()
            ),
            other => format!("Couldn't parse {other} string: '{text}'"),
        },
    )
}

fn parse_date(text: &str) -> Option<calendar::Date> {
    let date = text.get(..10).unwrap_or(text);
    if text.len() != 10 {
        return None;
    }
    let mut parts = date.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    calendar::Date::new(year, month, day).ok()
}

fn parse_time(text: &str) -> Option<calendar::Time> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, fraction),
        None => (text, ""),
    };
    let mut parts = clock.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = match parts.next() {
        Some(part) => part.parse().ok()?,
        None => 0,
    };
    let second = match parts.next() {
        Some(part) => part.parse().ok()?,
        None => 0,
    };
    if fraction.len() > 6 || !fraction.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let micros: i32 = if fraction.is_empty() {
        0
    } else {
        format!("{fraction:0<6}").parse().ok()?
    };
    calendar::Time::new(hour, minute, second, micros * 1000).ok()
}

fn parse_datetime(text: &str) -> Option<calendar::DateTime> {
    let date = parse_date(text.get(..10)?)?;
    let time = match text.get(10..) {
        None | Some("") => calendar::Time::midnight(),
        Some(rest) => parse_time(rest.get(1..)?)?,
    };
    Some(date.to_datetime(time))
}

/// Whether `Uuid()` is a native database type.
fn is_native_uuid(kind: &Type, dialect: &Dialect) -> bool {
    kind.flag("native_uuid") && dialect.supports_native_uuid()
}

fn bind_uuid(kind: &Type, value: Literal, dialect: &Dialect) -> Result<Literal> {
    if is_native_uuid(kind, dialect) || dialect.type_processors().takes_uuid(kind) {
        return Ok(value);
    }
    match (&value, kind.flag("as_uuid")) {
        (Literal::Uuid(bytes), true) => Ok(Literal::from(uuid_hex(bytes))),
        (Literal::String(text), false) => Ok(Literal::from(text.replace('-', ""))),
        (other, true) => Err(Error::new(
            "AttributeError",
            format!("'{}' object has no attribute 'hex'", other.class_name()),
        )),
        (other, false) => Err(Error::new(
            "AttributeError",
            format!("'{}' object has no attribute 'replace'", other.class_name()),
        )),
    }
}

fn result_uuid(kind: &Type, value: Literal) -> Result<Literal> {
    let Literal::String(text) = &value else {
        return Ok(value);
    };
    let digits: String = text
        .replace("urn:", "")
        .replace("uuid:", "")
        .trim_matches(['{', '}'])
        .replace('-', "");
    let bytes: Option<Vec<u8>> = (digits.len() == 32 && digits.is_ascii())
        .then(|| {
            (0..16)
                .map(|place| u8::from_str_radix(&digits[place * 2..place * 2 + 2], 16).ok())
                .collect()
        })
        .flatten();
    let Some(bytes) = bytes.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()) else {
        return Err(Error::new(
            "ValueError",
            "badly formed hexadecimal UUID string",
        ));
    };
    Ok(if kind.flag("as_uuid") {
        Literal::Uuid(bytes)
    } else {
        Literal::from(uuid_text(&bytes))
    })
}
