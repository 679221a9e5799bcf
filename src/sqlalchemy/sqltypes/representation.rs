//! `repr(type)`, which autogenerate renders into migration files.

use super::{Argument, Default, Type, TypeClass, classes};
use crate::literal::Literal;
use ground::formatting::repr::string_repr;

impl Type {
    /// `repr(self)`, as SQLAlchemy's `GenericRepr` returns it.
    pub fn python_repr(&self) -> String {
        if let Some(custom) = self.custom_class() {
            if let Some(own) = custom.python_repr() {
                return own;
            }
            if self.class() == &classes::GENERIC_TYPE_DECORATOR {
                return match custom.impl_type() {
                    Some(wrapped) => wrapped.repr_as(&custom.class_name()),
                    None => format!("{}()", custom.class_name()),
                };
            }
        }
        self.repr_as(&self.class_name())
    }

    fn repr_as(&self, name: &str) -> String {
        if self.is_type_decorator()
            && let Some(wrapped) = self.impl_type()
        {
            return wrapped.repr_as(name);
        }
        let class = self.class();
        let mut output: Vec<String> = Vec::new();
        for argument in class.repr_positional {
            output.push(
                self.argument(argument)
                    .map_or_else(|| "None".to_owned(), |value| value.python_repr()),
            );
        }
        if let Some(variadic) = class.repr_variadic {
            match self.argument(variadic) {
                Some(Argument::Value(Literal::List(items) | Literal::Tuple(items))) => {
                    output.extend(items.iter().map(Literal::python_repr));
                }
                _ => output.extend(self.repr_types(variadic)),
            }
        }
        for parameter in class.repr_keywords {
            if let Some(shown) = self.repr_keyword(class, parameter.name, parameter.default) {
                output.push(format!("{}={shown}", parameter.name));
            }
        }
        format!("{name}({})", output.join(", "))
    }

    fn repr_types(&self, name: &str) -> Vec<String> {
        self.arguments()
            .iter()
            .filter(|(given, _)| *given == name)
            .map(|(_, argument)| argument.python_repr())
            .collect()
    }

    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.arguments().iter().any(|(given, value)| {
            *given == name && !matches!(value, Argument::Value(Literal::Null))
        })
    }

    fn repr_keyword(&self, class: &TypeClass, name: &str, default: Default) -> Option<String> {
        if name == "length" && class.is_subclass_of(&classes::GENERIC_ENUM) {
            let length = self.integer("length")?;
            let longest = self
                .enums()
                .iter()
                .map(|value| value.chars().count())
                .max()
                .unwrap_or(0) as i64;
            return (length != longest).then(|| length.to_string());
        }
        if name == "national"
            && (class == &classes::MYSQL_NVARCHAR || class == &classes::MYSQL_NCHAR)
        {
            return Some("True".into());
        }
        // Such a type keeps how it writes and reads under other names, which `repr()` does not find.
        if matches!(name, "storage_format" | "regexp")
            && class
                .keywords
                .iter()
                .any(|keyword| keyword.name == "regexp")
        {
            return None;
        }
        if name == "quote" && class.is_subclass_of(&classes::GENERIC_ENUM) {
            return None;
        }
        if name == "asdecimal" && class == &classes::ORACLE_NUMBER && !self.is_given(name) {
            let decimal = self.scale().is_some_and(|scale| scale > 0);
            return Some(if decimal { "True" } else { "False" }.to_owned());
        }
        if matches!(name, "astext_type" | "text_type") && !self.is_given(name) {
            return Some("Text()".into());
        }
        let given = self.argument(name)?;
        let Argument::Value(value) = &given else {
            return Some(given.python_repr());
        };
        let same = match default {
            Default::Required | Default::Other => false,
            Default::None => value.is_null(),
            Default::Boolean(default) => *value == Literal::Boolean(default),
            Default::Integer(default) => *value == Literal::Integer(default),
            Default::String(default) => value.as_str() == Some(default),
        };
        (!same).then(|| match value {
            Literal::String(text) => string_repr(text),
            other => other.python_repr(),
        })
    }
}
