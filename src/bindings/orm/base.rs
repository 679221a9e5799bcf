//! `sqlalchemy.orm.base`: `Mapped` and the other annotation containers.

use super::annotation;
use ground::diagnostic::Result;
use python::{Class, Declaration, Declared, Interpreter, NativeClass, Value};
use std::rc::Rc;

/// Class hooks of `Mapped`, `DynamicMapped` and the like: `Mapped[x]` stores `x`.
pub(super) struct ContainerHooks;

impl NativeClass for ContainerHooks {
    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        Ok(Some(annotation::container_alias(vm, class, key)))
    }
}

pub(super) static MAPPED_ANNOTATION_BASE: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(ContainerHooks)),
    ..Declaration::new("sqlalchemy.orm.base._MappedAnnotationBase")
};

static BASES: [&dyn Declared; 1] = [&MAPPED_ANNOTATION_BASE];

const fn container(path: &'static str) -> Declaration<Value> {
    Declaration {
        bases: &BASES,
        ..Declaration::new(path)
    }
}

pub(super) static MAPPED: Declaration<Value> = container("sqlalchemy.orm.base.Mapped");
pub(super) static UNMAPPED: Declaration<Value> = container("sqlalchemy.orm.base.Unmapped");
pub(super) static DYNAMIC_MAPPED: Declaration<Value> =
    container("sqlalchemy.orm.base.DynamicMapped");
pub(super) static WRITE_ONLY_MAPPED: Declaration<Value> =
    container("sqlalchemy.orm.base.WriteOnlyMapped");
pub(super) static SQL_ORM_EXPRESSION: Declaration<Value> =
    container("sqlalchemy.orm.base.SQLORMExpression");
