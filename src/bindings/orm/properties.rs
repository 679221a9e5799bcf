//! `relationship()`, `column_property()`, `synonym()`, `composite()` and the like: mapper
//! properties other than plain columns.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::mapped_column::{DataclassOptions, MappedColumn};
use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{Arguments, Class, Declaration, Declared, Interpreter, NativeObject, Value};
use sqlalchemy::schema::Column;

/// The kind of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the function of its name")]
pub enum PropertyKind {
    Relationship,
    ColumnProperty,
    Synonym,
    Composite,
    QueryExpression,
}

impl PropertyKind {
    fn class(self) -> &'static Declaration<Value> {
        match self {
            PropertyKind::Relationship => &RELATIONSHIP_DECLARED,
            PropertyKind::ColumnProperty | PropertyKind::QueryExpression => &MAPPED_SQL_EXPRESSION,
            PropertyKind::Synonym => &SYNONYM,
            PropertyKind::Composite => &COMPOSITE,
        }
    }
}

pub(super) static MAPPER_PROPERTY: Declaration<Value> =
    Declaration::new("sqlalchemy.orm.interfaces.MapperProperty");

const fn class_of(
    path: &'static str,
    bases: &'static [&'static dyn Declared],
) -> Declaration<Value> {
    Declaration {
        bases,
        ..Declaration::new(path)
    }
}

pub(super) static COLUMN_PROPERTY: Declaration<Value> = class_of(
    "sqlalchemy.orm.properties.ColumnProperty",
    &[&MAPPER_PROPERTY],
);
pub(super) static MAPPED_SQL_EXPRESSION: Declaration<Value> = class_of(
    "sqlalchemy.orm.properties.MappedSQLExpression",
    &[&COLUMN_PROPERTY],
);
pub(super) static RELATIONSHIP_PROPERTY: Declaration<Value> = class_of(
    "sqlalchemy.orm.relationships.RelationshipProperty",
    &[&MAPPER_PROPERTY],
);
pub(super) static RELATIONSHIP_DECLARED: Declaration<Value> = class_of(
    "sqlalchemy.orm.relationships._RelationshipDeclared",
    &[&RELATIONSHIP_PROPERTY],
);
pub(super) static SYNONYM_PROPERTY: Declaration<Value> = class_of(
    "sqlalchemy.orm.descriptor_props.SynonymProperty",
    &[&MAPPER_PROPERTY],
);
pub(super) static SYNONYM: Declaration<Value> = class_of(
    "sqlalchemy.orm.descriptor_props.Synonym",
    &[&SYNONYM_PROPERTY],
);
pub(super) static COMPOSITE_PROPERTY: Declaration<Value> = class_of(
    "sqlalchemy.orm.descriptor_props.CompositeProperty",
    &[&MAPPER_PROPERTY],
);
pub(super) static COMPOSITE: Declaration<Value> = class_of(
    "sqlalchemy.orm.descriptor_props.Composite",
    &[&COMPOSITE_PROPERTY],
);
pub(super) static MAPPED_COLUMN: Declaration<Value> = Declaration {
    registered_bases: &["sqlalchemy.sql.elements.ColumnElement"],
    ..Declaration::new("sqlalchemy.orm.properties.MappedColumn")
};
pub(super) static UNMAPPED_COLUMN: Declaration<Value> = Declaration {
    registered_bases: &["sqlalchemy.sql.elements.ColumnElement"],
    ..Declaration::new("sqlalchemy.orm.properties.UnmappedColumn")
};

/// A mapper property other than a plain column.
pub struct Property {
    /// Its kind.
    pub kind: PropertyKind,
    /// The arguments it was created with.
    pub arguments: Arguments,
    /// Its attribute name, once mapped.
    pub key: RefCell<Option<Rc<str>>>,
    /// The class it was mapped on.
    pub parent: RefCell<Option<Class>>,
    /// The type in its annotation, inside `Mapped[]`.
    pub annotation: RefCell<Option<Value>>,
    /// Dataclass field options.
    pub dataclass: DataclassOptions,
    /// The arguments that were columns without a table when the property was created.
    own: Vec<Value>,
}

impl Property {
    /// Creates a property from its function's arguments.
    pub fn new(kind: PropertyKind, mut arguments: Arguments) -> Property {
        let dataclass = if kind == PropertyKind::Synonym {
            DataclassOptions::default()
        } else {
            DataclassOptions::take(&mut arguments)
        };
        let own = match kind {
            PropertyKind::ColumnProperty | PropertyKind::Composite => arguments
                .positional
                .iter()
                .filter(|argument| {
                    conversion::find_column(argument).is_some_and(|column| column.table().is_none())
                })
                .cloned()
                .collect(),
            _ => Vec::new(),
        };
        Property {
            own,
            kind,
            arguments,
            key: RefCell::new(None),
            parent: RefCell::new(None),
            annotation: RefCell::new(None),
            dataclass,
        }
    }

    /// The columns among its arguments that belong to the table: those of `deferred(Column())`,
    /// `column_property(Column())` and `composite(...)`.
    pub fn columns(&self) -> Vec<(Column, bool)> {
        self.own
            .iter()
            .filter_map(|argument| {
                let mapped = argument.downcast::<MappedColumn>().is_some();
                Some((conversion::find_column(argument)?, mapped))
            })
            .collect()
    }

    /// The name of the attribute that a synonym refers to.
    pub fn synonym_target(&self) -> Option<Rc<str>> {
        if self.kind != PropertyKind::Synonym {
            return None;
        }
        self.arguments
            .positional
            .first()
            .or_else(|| self.arguments.keyword_value("name"))
            .and_then(Value::as_text)
    }
}

impl NativeObject for Property {
    /// The column of `column_property()`.
    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        if self.kind != PropertyKind::ColumnProperty {
            return None;
        }
        let column = match self.columns().first() {
            Some((column, _)) => column.clone(),
            None => conversion::find_column(self.arguments.positional.first()?)?,
        };
        Some(Rc::new(column))
    }

    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(self.kind.class())
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "key" => Some(self.key.borrow().clone().map_or(Value::None, Value::Str)),
            "parent" => match self.parent.borrow().clone() {
                Some(class) => class.lookup("__mapper__"),
                None => Some(Value::None),
            },
            "argument" => self.arguments.positional.first().cloned(),
            "columns" => {
                let mut items = Vec::new();
                for (column, _) in self.columns() {
                    items.push(conversion::column_value(vm, &column));
                }
                Some(Value::list(items))
            }
            "back_populates" | "backref" | "lazy" | "cascade" | "uselist" | "secondary"
            | "order_by" | "viewonly" | "remote_side" | "foreign_keys" | "primaryjoin"
            | "secondaryjoin" => Some(
                self.arguments
                    .keyword_value(name)
                    .cloned()
                    .unwrap_or(Value::None),
            ),
            "info" => Some(
                self.arguments
                    .keyword_value("info")
                    .cloned()
                    .unwrap_or_else(|| Value::dict(Vec::<(String, Value)>::new())),
            ),
            _ => None,
        })
    }
}
