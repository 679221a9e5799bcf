//! `relationship()`, `column_property()`, `synonym()`, `composite()` and the like: mapper
//! properties other than plain columns.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::mapped_column::{DataclassOptions, MappedColumn};
use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{
    Arguments, Class, Declaration, Declared, Interpreter, NativeObject, Receiver, Value, property,
};
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
    fn class(self) -> &'static Declaration<Property> {
        match self {
            PropertyKind::Relationship => &RELATIONSHIP_DECLARED,
            PropertyKind::ColumnProperty | PropertyKind::QueryExpression => &MAPPED_SQL_EXPRESSION,
            PropertyKind::Synonym => &SYNONYM,
            PropertyKind::Composite => &COMPOSITE,
        }
    }
}

/// A keyword argument that it was created with.
fn keyword(property: &Property, name: &str) -> Option<Value> {
    property.arguments.keyword_value(name).cloned()
}

/// `User.id.property`: the property of a plain column.
pub(super) struct ColumnPropertyObject {
    pub(super) key: Rc<str>,
    pub(super) column: Column,
    pub(super) class: Class,
}

impl NativeObject for ColumnPropertyObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COLUMN_PROPERTY)
    }
}

/// A mapper property of either kind.
pub(super) enum AnyProperty {
    Column(Rc<ColumnPropertyObject>),
    Other(Rc<Property>),
}

impl Receiver for AnyProperty {
    fn receive<R>(this: &Value, then: impl FnOnce(&AnyProperty) -> R) -> Option<R> {
        let property = match this.downcast::<ColumnPropertyObject>() {
            Some(property) => AnyProperty::Column(property),
            None => AnyProperty::Other(this.downcast::<Property>()?),
        };
        Some(then(&property))
    }
}

impl AnyProperty {
    fn key(&self) -> Option<Rc<str>> {
        match self {
            AnyProperty::Column(property) => Some(property.key.clone()),
            AnyProperty::Other(property) => property.key.borrow().clone(),
        }
    }

    fn mapper(&self) -> Option<Value> {
        let class = match self {
            AnyProperty::Column(property) => Some(property.class.clone()),
            AnyProperty::Other(property) => property.parent.borrow().clone(),
        };
        class?.lookup("__mapper__")
    }

    fn columns(&self, vm: &mut Interpreter) -> Vec<Value> {
        let columns = match self {
            AnyProperty::Column(property) => vec![property.column.clone()],
            AnyProperty::Other(property) => {
                let columns = property.columns().into_iter();
                columns.map(|(column, _)| column).collect()
            }
        };
        let columns = columns.iter();
        columns
            .map(|column| conversion::column_value(vm, column))
            .collect()
    }

    fn info(&self) -> Value {
        let given = match self {
            AnyProperty::Column(_) => None,
            AnyProperty::Other(property) => keyword(property, "info"),
        };
        given.unwrap_or_else(|| Value::dict(Vec::<(String, Value)>::new()))
    }
}

pub(super) static MAPPER_PROPERTY: Declaration<AnyProperty> = Declaration {
    properties: &[
        property("key", |_, property| Ok(property.key().into())),
        property("parent", |_, property| Ok(property.mapper().into())),
        property("info", |_, property| Ok(property.info())),
    ],
    ..Declaration::new("sqlalchemy.orm.interfaces.MapperProperty")
};

/// What a relationship is found to be once the classes are known.
fn configured(vm: &mut Interpreter, property: &Property, name: &str) -> Result<Value> {
    let (class, key) = (
        property.parent.borrow().clone(),
        property.key.borrow().clone(),
    );
    let (Some(class), Some(key)) = (class, key) else {
        return Ok(keyword(property, name).into());
    };
    let arguments = vec![Value::Class(class), Value::Str(key)];
    let found = super::library::call(vm, "relationships", "find_relationship", arguments)?;
    vm.get_attribute(&found, name)
}

const fn class_of(
    path: &'static str,
    bases: &'static [&'static dyn Declared],
) -> Declaration<Property> {
    Declaration {
        bases,
        ..Declaration::new(path)
    }
}

pub(super) static COLUMN_PROPERTY: Declaration<AnyProperty> = Declaration {
    bases: &[&MAPPER_PROPERTY],
    properties: &[
        property("columns", |vm, property| {
            Ok(Value::list(property.columns(vm)))
        }),
        property("expression", |vm, property| {
            Ok(property.columns(vm).into_iter().next().into())
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.properties.ColumnProperty")
};
pub(super) static MAPPED_SQL_EXPRESSION: Declaration<Property> = class_of(
    "sqlalchemy.orm.properties.MappedSQLExpression",
    &[&COLUMN_PROPERTY],
);
pub(super) static RELATIONSHIP_PROPERTY: Declaration<Property> = Declaration {
    bases: &[&MAPPER_PROPERTY],
    properties: &[
        property("mapper", |vm, it| configured(vm, it, "mapper")),
        property("entity", |vm, it| configured(vm, it, "mapper")),
        property("direction", |vm, it| configured(vm, it, "direction")),
        property("uselist", |vm, it| configured(vm, it, "uselist")),
        property("secondary", |vm, it| configured(vm, it, "secondary")),
        property("order_by", |vm, it| configured(vm, it, "order_by")),
        property("remote_side", |vm, it| configured(vm, it, "remote_side")),
        property("local_columns", |vm, it| {
            configured(vm, it, "local_columns")
        }),
        property("local_remote_pairs", |vm, it| {
            configured(vm, it, "local_remote_pairs")
        }),
        property("lazy", |_, it| {
            Ok(keyword(it, "lazy").unwrap_or_else(|| Value::str("select")))
        }),
        property("argument", |_, property| {
            Ok(property.arguments.positional.first().cloned().into())
        }),
        property("back_populates", |_, it| {
            Ok(keyword(it, "back_populates").into())
        }),
        property("backref", |_, it| Ok(keyword(it, "backref").into())),
        property("cascade", |_, it| Ok(keyword(it, "cascade").into())),
        property("viewonly", |_, it| Ok(keyword(it, "viewonly").into())),
        property("foreign_keys", |_, it| {
            Ok(keyword(it, "foreign_keys").into())
        }),
        property("primaryjoin", |_, it| Ok(keyword(it, "primaryjoin").into())),
        property("secondaryjoin", |_, it| {
            Ok(keyword(it, "secondaryjoin").into())
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.relationships.RelationshipProperty")
};
pub(super) static RELATIONSHIP_DECLARED: Declaration<Property> = class_of(
    "sqlalchemy.orm.relationships._RelationshipDeclared",
    &[&RELATIONSHIP_PROPERTY],
);
pub(super) static SYNONYM_PROPERTY: Declaration<Property> = class_of(
    "sqlalchemy.orm.descriptor_props.SynonymProperty",
    &[&MAPPER_PROPERTY],
);
pub(super) static SYNONYM: Declaration<Property> = class_of(
    "sqlalchemy.orm.descriptor_props.Synonym",
    &[&SYNONYM_PROPERTY],
);
pub(super) static COMPOSITE_PROPERTY: Declaration<AnyProperty> = Declaration {
    bases: &[&MAPPER_PROPERTY],
    properties: &[property("columns", |vm, property| {
        Ok(Value::list(property.columns(vm)))
    })],
    ..Declaration::new("sqlalchemy.orm.descriptor_props.CompositeProperty")
};
pub(super) static COMPOSITE: Declaration<Property> = class_of(
    "sqlalchemy.orm.descriptor_props.Composite",
    &[&COMPOSITE_PROPERTY],
);

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
    /// What its annotation starts with: `Mapped`, `DynamicMapped`, `WriteOnlyMapped`.
    pub container: RefCell<Option<Rc<str>>>,
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
            container: RefCell::new(None),
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
}
