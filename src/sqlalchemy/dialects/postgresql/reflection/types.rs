//! From the name of a type, as `format_type` writes it, to SQLAlchemy's type.

use std::rc::Rc;

use super::catalog::NamedTypes;
use super::parse;
use crate::elements::text;
use crate::inspector::ReflectedDomain;
use crate::literal::Literal;
use crate::sqltypes::{Argument, Type, TypeClass, classes};
use ground::diagnostic::{Error, Result};
use ground::run::Run;

/// Types that the database has under a name of their own: SQLAlchemy's class, and its dialect's
/// name where that has a class of its own.
const NAMES: &[(&str, &str, &str)] = &[
    ("\"char\"", "String", ""),
    ("_array", "ARRAY", "postgresql"),
    ("bigint", "BIGINT", ""),
    ("bit", "BIT", "postgresql"),
    ("bit varying", "BIT", "postgresql"),
    ("boolean", "BOOLEAN", ""),
    ("bytea", "BYTEA", "postgresql"),
    ("character", "CHAR", ""),
    ("character varying", "VARCHAR", ""),
    ("cidr", "CIDR", "postgresql"),
    ("citext", "CITEXT", "postgresql"),
    ("date", "DATE", ""),
    ("datemultirange", "DATEMULTIRANGE", "postgresql"),
    ("daterange", "DATERANGE", "postgresql"),
    ("double precision", "DOUBLE_PRECISION", ""),
    ("float", "FLOAT", ""),
    ("hstore", "HSTORE", "postgresql"),
    ("inet", "INET", "postgresql"),
    ("int4multirange", "INT4MULTIRANGE", "postgresql"),
    ("int4range", "INT4RANGE", "postgresql"),
    ("int8multirange", "INT8MULTIRANGE", "postgresql"),
    ("int8range", "INT8RANGE", "postgresql"),
    ("integer", "INTEGER", ""),
    ("json", "JSON", "postgresql"),
    ("jsonb", "JSONB", "postgresql"),
    ("macaddr", "MACADDR", "postgresql"),
    ("macaddr8", "MACADDR8", "postgresql"),
    ("money", "MONEY", "postgresql"),
    ("name", "String", ""),
    ("numeric", "NUMERIC", ""),
    ("nummultirange", "NUMMULTIRANGE", "postgresql"),
    ("numrange", "NUMRANGE", "postgresql"),
    ("oid", "OID", "postgresql"),
    ("real", "REAL", ""),
    ("regclass", "REGCLASS", "postgresql"),
    ("regconfig", "REGCONFIG", "postgresql"),
    ("smallint", "SMALLINT", ""),
    ("text", "TEXT", ""),
    ("time", "TIME", "postgresql"),
    ("time with time zone", "TIME", "postgresql"),
    ("time without time zone", "TIME", "postgresql"),
    ("timestamp", "TIMESTAMP", "postgresql"),
    ("timestamp with time zone", "TIMESTAMP", "postgresql"),
    ("timestamp without time zone", "TIMESTAMP", "postgresql"),
    ("tsmultirange", "TSMULTIRANGE", "postgresql"),
    ("tsquery", "TSQUERY", "postgresql"),
    ("tsrange", "TSRANGE", "postgresql"),
    ("tstzmultirange", "TSTZMULTIRANGE", "postgresql"),
    ("tstzrange", "TSTZRANGE", "postgresql"),
    ("tsvector", "TSVECTOR", "postgresql"),
    ("uuid", "UUID", ""),
];

fn class_of(name: &str) -> Option<&'static TypeClass> {
    let lower = name.to_lowercase();
    let (_, class, dialect) = NAMES.iter().find(|(known, ..)| *known == lower)?;
    TypeClass::find(dialect, class)
}

/// A collation and, where the search path does not find it, its schema.
#[derive(Clone, Copy, Default)]
pub(super) struct Collation<'a> {
    pub name: Option<&'a str>,
    pub schema: Option<&'a str>,
}

/// The name without arguments and array brackets, the arguments, and whether it is an array.
fn parts(format_type: &str) -> (String, Vec<&str>, bool) {
    let open = format_type.find('(');
    let close = format_type.rfind(')');
    let (name, arguments) = match (open, close) {
        (Some(open), Some(close)) if open < close => (
            format!("{}{}", &format_type[..open], &format_type[close + 1..]),
            &format_type[open + 1..close],
        ),
        _ => (format_type.to_owned(), ""),
    };
    let arguments = if arguments.is_empty() {
        Vec::new()
    } else {
        arguments.split(',').map(str::trim).collect()
    };
    let bare = name.trim_end_matches("[]");
    let array = bare.len() < name.len();
    (bare.to_owned(), arguments, array)
}

/// What a type is made of.
struct Made {
    class: &'static TypeClass,
    arguments: Vec<(&'static str, Argument)>,
    /// The labels of an enum.
    labels: Option<Vec<Rc<str>>>,
}

impl Made {
    fn of(class: &'static TypeClass, arguments: Vec<(&'static str, Argument)>) -> Self {
        Made {
            class,
            arguments,
            labels: None,
        }
    }

    fn build(self) -> Result<Type> {
        match self.labels {
            Some(labels) => Type::enumeration(self.class, labels, None, self.arguments),
            None => Type::with_arguments(self.class, self.arguments),
        }
    }
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// `_reflect_type`: the type of a column, or NullType with a warning where SQLAlchemy knows none.
/// `of_what` describes the column for it.
///
/// # Errors
/// What the database says of its enums and domains; as the type's constructor.
pub(super) fn resolve(
    run: &Run,
    named: &dyn Fn() -> Result<Rc<NamedTypes>>,
    format_type: Option<&str>,
    of_what: &str,
    collation: Collation<'_>,
) -> Result<Type> {
    let Some(format_type) = format_type else {
        run.warning(
            "SAWarning",
            &format!("PostgreSQL format_type() returned NULL for {of_what}"),
        );
        return Ok(Type::null());
    };
    let (name, arguments, array) = parts(format_type);
    let made = builtin(&name, &arguments)?;
    let made = match made {
        Some(made) => Some(made),
        None => named_type(run, named, &name)?,
    };
    let Some(mut made) = made else {
        run.warning(
            "SAWarning",
            &format!("Did not recognize type '{name}' of {of_what}"),
        );
        return Ok(Type::null());
    };
    if let Some(name) = collation.name {
        made.arguments.push(("collation", name.into()));
        if let Some(schema) = collation.schema {
            made.arguments.push(("collation_schema", schema.into()));
        }
    }
    let kind = made.build()?;
    if array {
        // The database keeps neither the number of dimensions nor their sizes.
        return Type::with_arguments(&classes::POSTGRESQL_ARRAY, vec![("item_type", kind.into())]);
    }
    Ok(kind)
}

/// A type that every database has, or an extension that SQLAlchemy knows.
fn builtin(name: &str, arguments: &[&str]) -> Result<Option<Made>> {
    let first = arguments.first().copied();
    if name == "interval" || name.starts_with("interval ") {
        let mut made = Made::of(&classes::POSTGRESQL_INTERVAL, Vec::new());
        if let [precision] = arguments
            && let Some(precision) = number(precision)
        {
            made.arguments.push(("precision", precision.into()));
        }
        if let Some(fields) = name.strip_prefix("interval ") {
            made.arguments.push(("fields", fields.into()));
        }
        return Ok(Some(made));
    }
    let Some(class) = class_of(name) else {
        return Ok(None);
    };
    let mut made = Made::of(class, Vec::new());
    match name {
        "numeric" => {
            if let [precision, scale] = arguments {
                for (name, given) in [("precision", precision), ("scale", scale)] {
                    if let Some(given) = number(given) {
                        made.arguments.push((name, given.into()));
                    }
                }
            }
        }
        "double precision" => made.arguments.push(("precision", 53_i64.into())),
        "integer" => {}
        "timestamp with time zone"
        | "time with time zone"
        | "timestamp without time zone"
        | "time without time zone"
        | "time" => {
            let zone = name.contains(" with ");
            made.arguments.push(("timezone", zone.into()));
            if let [precision] = arguments
                && let Some(precision) = number(precision)
            {
                made.arguments.push(("precision", precision.into()));
            }
        }
        "bit varying" => {
            if let [length] = arguments
                && let Some(length) = number(length)
            {
                made.arguments.push(("length", length.into()));
            }
            made.arguments.push(("varying", true.into()));
        }
        _ => {
            if let (Some(parameter), Some(given)) = (class.positional.first(), first) {
                let given = match number(given) {
                    Some(given) => given.into(),
                    None => given.into(),
                };
                made.arguments.push((parameter.name, given));
            }
        }
    }
    Ok(Some(made))
}

/// An enum or a domain of the database.
fn named_type(
    run: &Run,
    named: &dyn Fn() -> Result<Rc<NamedTypes>>,
    name: &str,
) -> Result<Option<Made>> {
    let types = named()?;
    let key = parse::dotted_name(name);
    if let Some(found) = types.find_enum(&key) {
        let mut made = Made::of(
            &classes::POSTGRESQL_ENUM,
            vec![("name", (&*found.name).into())],
        );
        if !found.visible {
            made.arguments.push(("schema", (&*found.schema).into()));
        }
        made.labels = Some(found.labels.clone());
        return Ok(Some(made));
    }
    match types.find_domain(&key) {
        Some(domain) => domain_type(run, named, domain).map(Some),
        None => Ok(None),
    }
}

fn domain_type(
    run: &Run,
    named: &dyn Fn() -> Result<Rc<NamedTypes>>,
    domain: &ReflectedDomain,
) -> Result<Made> {
    let of_what = format!("DOMAIN '{}'", domain.name);
    let collation = Collation {
        name: domain.collation.as_deref(),
        schema: domain.collation_schema.as_deref(),
    };
    let data_type = resolve(run, named, Some(&domain.type_), &of_what, collation)?;
    let optional = |text: &Option<Rc<str>>| match text {
        Some(text) => Argument::from(&**text),
        None => Argument::Value(Literal::Null),
    };
    let mut made = Made::of(
        &classes::POSTGRESQL_DOMAIN,
        vec![
            ("name", (&*domain.name).into()),
            ("data_type", data_type.into()),
            ("collation", optional(&domain.collation)),
            ("collation_schema", optional(&domain.collation_schema)),
            ("default", optional(&domain.default)),
            ("not_null", (!domain.nullable).into()),
            ("create_type", false.into()),
        ],
    );
    // SQLAlchemy's class has room for one.
    if let Some((name, check)) = domain.constraints.first() {
        made.arguments.push(("constraint_name", (&**name).into()));
        made.arguments
            .push(("check", Argument::Expression(text(check))));
    }
    if !domain.visible {
        made.arguments.push(("schema", (&*domain.schema).into()));
    }
    Ok(made)
}

/// The error of a definition that PostgreSQL writes in a way that is not known here.
pub(super) fn unknown_definition(what: &str, definition: &str) -> Error {
    Error::unsupported(format!(
        "PostgreSQL describes a {what} in a way that this program can't read: {definition}"
    ))
}
