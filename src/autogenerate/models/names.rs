//! Names of classes, variables and attributes: Python identifiers that are not taken.

use std::collections::HashSet;

use super::ModelStyle;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Names that a module of models has already.
const MODULE: [&str; 34] = [
    "Any",
    "Base",
    "BigInteger",
    "Boolean",
    "CheckConstraint",
    "Column",
    "Computed",
    "Date",
    "DateTime",
    "Double",
    "Decimal",
    "DeclarativeBase",
    "Field",
    "Float",
    "ForeignKey",
    "ForeignKeyConstraint",
    "Identity",
    "Index",
    "Integer",
    "JSON",
    "LargeBinary",
    "Mapped",
    "Numeric",
    "Optional",
    "PrimaryKeyConstraint",
    "Relationship",
    "SQLModel",
    "SmallInteger",
    "String",
    "Table",
    "Text",
    "Time",
    "UniqueConstraint",
    "UUID",
];

/// Names that are not for attributes: the declarative base's, and those of the annotations, which the
/// class body would find instead of the type.
const ATTRIBUTES: [&str; 12] = [
    "metadata", "registry", "date", "time", "datetime", "text", "int", "str", "float", "bool",
    "bytes", "list",
];

/// What else is not for fields of SQLModel: attributes of pydantic's `BaseModel`.
const FIELDS: [&str; 6] = ["copy", "dict", "json", "schema", "validate", "construct"];

/// Names that are taken.
pub(super) struct Names {
    taken: HashSet<String>,
    style: ModelStyle,
}

impl Names {
    /// The names of a module.
    pub(super) fn of_module(style: ModelStyle) -> Self {
        Names {
            taken: MODULE.iter().map(|name| (*name).to_owned()).collect(),
            style,
        }
    }

    /// The names of a class.
    pub(super) fn of_class(style: ModelStyle) -> Self {
        Names {
            taken: HashSet::new(),
            style,
        }
    }

    /// The name of a table's class: `line_item` becomes `LineItem`.
    pub(super) fn class(&mut self, table: &str) -> String {
        let mut name = String::new();
        for part in table.split(|c: char| !c.is_alphanumeric()) {
            let mut letters = part.chars();
            if let Some(first) = letters.next() {
                name.extend(first.to_uppercase());
                name.push_str(letters.as_str());
            }
        }
        self.free(identifier(&name))
    }

    /// The name of the variable of a table without a class.
    pub(super) fn variable(&mut self, table: &str) -> String {
        self.free(format!("t_{}", identifier(table)))
    }

    /// The name of an attribute.
    pub(super) fn attribute(&mut self, wanted: &str) -> String {
        let mut name = identifier(wanted);
        let is_field = self.style == ModelStyle::SqlModel;
        if ATTRIBUTES.contains(&name.as_str())
            || (is_field && (FIELDS.contains(&name.as_str()) || name.starts_with("model_")))
        {
            name.push('_');
        }
        if is_field {
            // A field with an underscore at its beginning is private to pydantic.
            name = name.trim_start_matches('_').to_owned();
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
                name.insert_str(0, "column_");
            }
        }
        self.free(name)
    }

    fn free(&mut self, name: String) -> String {
        let mut free = name.clone();
        while !self.taken.insert(free.clone()) {
            free.push('_');
        }
        free
    }
}

/// A text as a Python identifier.
fn identifier(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    // Two underscores would have the name mangled inside a class.
    if name.starts_with("__") {
        name = name.trim_start_matches('_').to_owned();
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_numeric()) {
        name.insert(0, '_');
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_and_taken_once() {
        let mut names = Names::of_module(ModelStyle::Declarative);
        assert_eq!(names.class("line_item"), "LineItem");
        assert_eq!(names.class("line-item"), "LineItem_");
        assert_eq!(names.class("base"), "Base_");
        assert_eq!(names.class("2nd"), "_2nd");
        assert_eq!(names.variable("a b"), "t_a_b");
        let mut names = Names::of_class(ModelStyle::Declarative);
        assert_eq!(names.attribute("class"), "class_");
        assert_eq!(names.attribute("metadata"), "metadata_");
        assert_eq!(names.attribute("unit price"), "unit_price");
        assert_eq!(names.attribute("unit-price"), "unit_price_");
        assert_eq!(names.attribute("__x"), "x");
        assert_eq!(names.attribute("名前"), "名前");
        let mut names = Names::of_class(ModelStyle::SqlModel);
        assert_eq!(names.attribute("json"), "json_");
        assert_eq!(names.attribute("_hidden"), "hidden");
    }
}
