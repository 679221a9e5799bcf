//! Types of columns as models write them: the annotation, and the type where the annotation does not say
//! it.

use sqlalchemy::sqltypes::{Type, classes};

use super::{Imports, ModelStyle};

/// A column's type.
pub(super) struct ModelType {
    /// What a value is in Python: `int`, `datetime`.
    pub(super) annotation: &'static str,
    /// The module of the annotation, where it is no builtin.
    annotation_module: Option<&'static str>,
    /// The type: `String(80)`.
    pub(super) expression: String,
    /// The module that the expression's first name comes from.
    module: &'static str,
    style: ModelStyle,
    /// Length of a text, where that is all that the annotation leaves open.
    pub(super) length: Option<i64>,
}

/// Generic types for what databases call by the standard's names.
const GENERIC: [(&str, &str); 14] = [
    ("INTEGER", "Integer"),
    ("BIGINT", "BigInteger"),
    ("SMALLINT", "SmallInteger"),
    ("VARCHAR", "String"),
    ("TEXT", "Text"),
    ("BOOLEAN", "Boolean"),
    ("DATETIME", "DateTime"),
    ("DATE", "Date"),
    ("TIME", "Time"),
    ("NUMERIC", "Numeric"),
    ("FLOAT", "Float"),
    ("DOUBLE", "Double"),
    ("BLOB", "LargeBinary"),
    ("JSON", "JSON"),
];

fn annotation(kind: &Type) -> (&'static str, Option<&'static str>) {
    let Some(class) = kind.affinity() else {
        return ("Any", Some("typing"));
    };
    let known: [(&_, &str, Option<&str>); 13] = [
        (&classes::GENERIC_INTEGER, "int", None),
        (&classes::GENERIC_STRING, "str", None),
        (&classes::GENERIC_BOOLEAN, "bool", None),
        (&classes::GENERIC_FLOAT, "float", None),
        (&classes::GENERIC_BINARY, "bytes", None),
        (&classes::GENERIC_NUMERIC, "Decimal", Some("decimal")),
        (&classes::GENERIC_DATE, "date", Some("datetime")),
        (&classes::GENERIC_DATE_TIME, "datetime", Some("datetime")),
        (&classes::GENERIC_TIME, "time", Some("datetime")),
        (&classes::GENERIC_INTERVAL, "timedelta", Some("datetime")),
        (&classes::GENERIC_UUID, "UUID", Some("uuid")),
        (&classes::ARRAY, "list", None),
        (&classes::JSON, "Any", Some("typing")),
    ];
    known
        .into_iter()
        .find(|(one, ..)| *one == class)
        .map_or(("Any", Some("typing")), |(_, name, module)| (name, module))
}

impl ModelType {
    /// The type of a reflected column.
    pub(super) fn of(kind: &Type, style: ModelStyle) -> Self {
        let (annotation, annotation_module) = annotation(kind);
        let class = kind.class_name();
        let generic = GENERIC.iter().find(|(name, _)| *name == class);
        let dialect = kind.module().starts_with("sqlalchemy.dialects.");
        let length = kind.length();
        let mut module = "sqlalchemy";
        let expression = match generic {
            Some((_, generic)) => {
                let arguments = match *generic {
                    "String" | "Text" => numbers(&[length]),
                    "Numeric" => numbers(&[kind.precision(), kind.scale()]),
                    "Float" => numbers(&[kind.precision()]),
                    "LargeBinary" => numbers(&[length]),
                    _ => String::new(),
                };
                if arguments.is_empty() {
                    (*generic).to_owned()
                } else {
                    format!("{generic}({arguments})")
                }
            }
            None if dialect => {
                module = "sqlalchemy.dialects";
                let path = kind.module();
                let name = path.split('.').nth(2).unwrap_or_default().to_owned();
                format!("{name}.{}", kind.python_repr())
            }
            None => {
                if kind.is_null() {
                    module = "sqlalchemy.types";
                }
                let representation = kind.python_repr();
                representation
                    .strip_suffix("()")
                    .map_or(representation.clone(), str::to_owned)
            }
        };
        ModelType {
            annotation,
            annotation_module,
            style,
            length: length.filter(|_| expression.starts_with("String(")),
            expression,
            module,
        }
    }

    /// Whether the type is the one that the annotation stands for by itself.
    pub(super) fn is_implied(&self) -> bool {
        let float = match self.style {
            ModelStyle::Declarative => "Double",
            ModelStyle::SqlModel => "Float",
        };
        [
            ("int", "Integer"),
            ("str", "String"),
            ("bool", "Boolean"),
            ("float", float),
            ("bytes", "LargeBinary"),
            ("Decimal", "Numeric"),
            ("date", "Date"),
            ("datetime", "DateTime"),
            ("time", "Time"),
        ]
        .contains(&(self.annotation, self.expression.as_str()))
    }

    /// Whether the database names no type that SQLAlchemy knows.
    pub(super) fn is_none(&self) -> bool {
        self.expression == "NullType"
    }

    /// Imports what the annotation names.
    pub(super) fn import_annotation(&self, imports: &mut Imports) {
        if let Some(module) = self.annotation_module {
            imports.add(module, self.annotation);
        }
    }

    /// Imports what the expression names.
    pub(super) fn import_expression(&self, imports: &mut Imports) {
        let name = self.expression.split(['(', '.']).next().unwrap_or_default();
        imports.add(self.module, name);
    }
}

fn numbers(given: &[Option<i64>]) -> String {
    let given: Vec<String> = given.iter().flatten().map(i64::to_string).collect();
    given.join(", ")
}
