//! `ForeignKey`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Bound, Class, CompareOperator, Declaration, Interpreter, NativeObject, Value, constructor,
    method, property,
};
use sqlalchemy::schema::{ForeignKey, ForeignKeyOptions};

use super::{SCHEMA_ITEM, identity_comparison, text_hash};
use crate::bindings::conversion;

/// `ForeignKey`.
pub struct ForeignKeyObject {
    /// The foreign key.
    pub foreign_key: ForeignKey,
}

/// `sqlalchemy.ForeignKey`.
pub static FOREIGN_KEY: Declaration<ForeignKeyObject> = Declaration {
    bases: &[&SCHEMA_ITEM],
    constructor: constructor(
        "self, column, _constraint=None, use_alter=False, name=None, onupdate=None, \
         ondelete=None, deferrable=None, initially=None, link_to_name=False, match=None, \
         info=None, comment=None, _unresolvable=False, **dialect_kw",
        |vm, arguments| {
            let target = conversion::reference(vm, &arguments.value("column"))?;
            let options = foreign_key_options(vm, arguments)?;
            let made = ForeignKey::with_options(target, options);
            Ok(conversion::foreign_key_value(&made))
        },
    ),
    properties: &[
        property("column", |vm, key| {
            let column = key.foreign_key.column()?;
            Ok(conversion::column_value(vm, &column))
        }),
        property("parent", |vm, key| {
            Ok(match key.foreign_key.parent() {
                Some(column) => conversion::column_value(vm, &column),
                None => Value::None,
            })
        }),
        property("constraint", |vm, key| {
            Ok(match key.foreign_key.constraint() {
                Some(constraint) => conversion::constraint_value(vm, &constraint.into()),
                None => Value::None,
            })
        }),
        property("target_fullname", |_, key| {
            Ok(Value::str(key.foreign_key.target_fullname()?))
        }),
        property("_colspec", |vm, key| {
            Ok(match key.foreign_key.target_column() {
                Some(column) => conversion::column_value(vm, &column),
                None => Value::str(key.foreign_key.target_fullname()?),
            })
        }),
        property("name", |_, key| {
            Ok(conversion::constraint_name_value(&key.options().name))
        }),
        property("ondelete", |_, key| Ok(text(&key.options().ondelete))),
        property("onupdate", |_, key| Ok(text(&key.options().onupdate))),
        property("initially", |_, key| Ok(text(&key.options().initially))),
        property("match", |_, key| Ok(text(&key.options().match_))),
        property("comment", |_, key| Ok(text(&key.options().comment))),
        property("deferrable", |_, key| {
            Ok(Value::from(key.options().deferrable))
        }),
        property("use_alter", |_, key| {
            Ok(Value::Bool(key.options().use_alter))
        }),
        property("link_to_name", |_, key| {
            Ok(Value::Bool(key.options().link_to_name))
        }),
        property("info", |_, key| {
            Ok(conversion::fixed_info(key.foreign_key.info()))
        }),
        property("dialect_kwargs", |vm, key| {
            conversion::options_value(vm, &key.options().options)
        }),
        property("kwargs", |vm, key| {
            conversion::options_value(vm, &key.options().options)
        }),
    ],
    methods: &[method("references", "self, table", |_, key, arguments| {
        let column = key.foreign_key.column()?;
        Ok(Value::Bool(
            conversion::find_table(&arguments.value("table"))
                .zip(column.table())
                .is_some_and(|(a, b)| a.ptr_eq(&b)),
        ))
    })],
    ..Declaration::new("sqlalchemy.sql.schema.ForeignKey")
};

impl ForeignKeyObject {
    fn options(&self) -> &ForeignKeyOptions {
        self.foreign_key.options()
    }
}

fn text(text: &Option<Rc<str>>) -> Value {
    text.clone().map_or(Value::None, Value::Str)
}

/// The keywords that `ForeignKey` and `ForeignKeyConstraint` share.
pub(super) fn foreign_key_options(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
) -> Result<ForeignKeyOptions> {
    Ok(ForeignKeyOptions {
        name: conversion::constraint_name(bound.take("name")),
        onupdate: conversion::text(bound, "onupdate"),
        ondelete: conversion::text(bound, "ondelete"),
        deferrable: conversion::flag(vm, bound, "deferrable")?,
        initially: conversion::text(bound, "initially"),
        use_alter: conversion::flag(vm, bound, "use_alter")?.unwrap_or(false),
        link_to_name: conversion::flag(vm, bound, "link_to_name")?.unwrap_or(false),
        match_: conversion::text(bound, "match"),
        comment: conversion::text(bound, "comment"),
        info: conversion::info_argument(bound.take("info")),
        options: conversion::dialect_options(vm, &bound.extra)?,
    })
}

impl NativeObject for ForeignKeyObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FOREIGN_KEY)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.foreign_key.python_repr())))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<ForeignKeyObject>()
            .is_some_and(|other| other.foreign_key.ptr_eq(&self.foreign_key));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(text_hash(&self.foreign_key.python_repr())))
    }
}
