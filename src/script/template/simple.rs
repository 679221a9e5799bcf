//! Templates whose expressions are names and simple calls, as those of `alembic init` are: rendered without the
//! interpreter.

use super::program::KNOWN_NAMES;
use super::{Template, TemplateArguments, TemplateNode, TemplateValue};
use ground::diagnostic::{Error, Result};
use ground::exception;
use ground::formatting::repr::{list_repr, string_repr, tuple_repr};

impl Template {
    /// Renders the template here if its expressions are simple; `None` if it wants Python.
    pub fn render_simple(&self, arguments: &TemplateArguments) -> Option<Result<String>> {
        let mut output = String::new();
        for node in &self.nodes {
            match node {
                TemplateNode::Text(text) => output.push_str(text),
                TemplateNode::Expression {
                    source, filters, ..
                } => {
                    let value = simple_value(source, arguments)?;
                    let comma = filters.iter().any(|filter| filter == "comma");
                    let plain = filters.iter().any(|filter| filter == "n");
                    if filters
                        .iter()
                        .any(|filter| !matches!(filter.as_str(), "comma" | "n" | "str"))
                        || (comma && !plain)
                        || (plain && !comma && !matches!(value, Simple::Text(_)))
                    {
                        return None;
                    }
                    let text = if comma { value.comma() } else { value.text() }?;
                    match text {
                        Ok(text) => output.push_str(&text),
                        Err(error) => return Some(Err(error)),
                    }
                }
                _ => return None,
            }
        }
        Some(Ok(output))
    }
}

/// The value of a simple expression.
enum Simple<'a> {
    Undefined,
    Value(&'a TemplateValue),
    Text(String),
}

impl Simple<'_> {
    fn truth(&self) -> Option<bool> {
        Some(match self {
            Simple::Undefined | Simple::Value(TemplateValue::None) => false,
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => !text.is_empty(),
            Simple::Value(TemplateValue::Tuple(items) | TemplateValue::List(items)) => {
                !items.is_empty()
            }
            Simple::Value(_) => return None,
        })
    }

    /// `str(value)`; `None` where only Python knows.
    fn text(&self) -> Option<Result<String>> {
        Some(Ok(match self {
            Simple::Undefined => return Some(Err(Error::new(exception::NAME_ERROR, "Undefined"))),
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => text.clone(),
            Simple::Value(TemplateValue::Date(date)) => date.to_string(),
            Simple::Value(value) => return Some(Ok(repr(value)?)),
        }))
    }

    /// `util.format_as_comma(value)`.
    fn comma(&self) -> Option<Result<String>> {
        Some(Ok(match self {
            Simple::Undefined | Simple::Value(TemplateValue::None) => String::new(),
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => text.clone(),
            Simple::Value(TemplateValue::Tuple(items) | TemplateValue::List(items)) => {
                items.join(", ")
            }
            Simple::Value(TemplateValue::Places(places)) => {
                let at = places.iter().position(Option::is_none).unwrap_or_default();
                return Some(Err(Error::new(
                    exception::TYPE_ERROR,
                    format!("sequence item {at}: expected str instance, NoneType found"),
                )));
            }
            Simple::Value(_) => return None,
        }))
    }
}

/// `repr(value)`; `None` where only Python knows.
fn repr(value: &TemplateValue) -> Option<String> {
    Some(match value {
        TemplateValue::None => "None".to_owned(),
        TemplateValue::Text(text) => string_repr(text),
        TemplateValue::Tuple(items) => tuple_repr(items),
        TemplateValue::Places(places) => {
            let places: Vec<String> = places
                .iter()
                .map(|place| {
                    place
                        .as_deref()
                        .map_or_else(|| "None".to_owned(), string_repr)
                })
                .collect();
            format!("({})", places.join(", "))
        }
        TemplateValue::List(items) => list_repr(items),
        TemplateValue::Date(_)
        | TemplateValue::Config(_)
        | TemplateValue::Comma
        | TemplateValue::Python(_) => return None,
    })
}

/// `name`, `repr(name)`, `"text"`, `a if b else c`, `a or b`.
fn simple_value<'a>(source: &str, arguments: &'a TemplateArguments) -> Option<Simple<'a>> {
    let source = source.trim();
    if let Some((value, rest)) = source.split_once(" if ") {
        let (condition, other) = rest.split_once(" else ")?;
        let chosen = simple_atom(condition, arguments)?.truth()?;
        let value = simple_atom(value, arguments)?;
        let other = simple_atom(other, arguments)?;
        return Some(if chosen { value } else { other });
    }
    if let Some((value, other)) = source.split_once(" or ") {
        let value = simple_atom(value, arguments)?;
        let other = simple_atom(other, arguments)?;
        return Some(if value.truth()? { value } else { other });
    }
    simple_atom(source, arguments)
}

fn simple_atom<'a>(source: &str, arguments: &'a TemplateArguments) -> Option<Simple<'a>> {
    let source = source.trim();
    for quote in ['"', '\''] {
        if let Some(text) = source
            .strip_prefix(quote)
            .and_then(|text| text.strip_suffix(quote))
            && !text.contains(['\\', quote, '\n'])
        {
            return Some(Simple::Text(text.to_owned()));
        }
    }
    if let Some(name) = source
        .strip_prefix("repr(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return match arguments.get(name.trim()) {
            Some(value) => repr(value).map(Simple::Text),
            None => None,
        };
    }
    let mut characters = source.chars();
    let first = characters.next()?;
    if !(first.is_alphabetic() || first == '_')
        || !characters.all(|c| c.is_alphanumeric() || c == '_')
        || KNOWN_NAMES.contains(&source)
    {
        return None;
    }
    Some(match arguments.get(source) {
        Some(value) => Simple::Value(value),
        None => Simple::Undefined,
    })
}
