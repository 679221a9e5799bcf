//! Constraints.

use super::dialect_arguments::Item;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, CompareOperator, Declaration, Interpreter, NativeObject, Value, constructor,
    method, property, settable,
};
use sqlalchemy::schema::{
    CheckConstraint, Constraint, ConstraintOptions, ForeignKeyConstraint, PrimaryKeyConstraint,
    UniqueConstraint,
};

use super::{ColumnsObject, SCHEMA_ITEM, foreign_key_options, identity_comparison};
use crate::bindings::conversion;

/// Any constraint.
pub struct ConstraintObject {
    /// The constraint.
    pub constraint: Constraint,
}

/// `Constraint`, the base class of all constraints.
pub static CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&SCHEMA_ITEM],
    constructor: constructor(
        "self, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _create_rule=None, _type_bound=False, **dialect_kw",
        |_, _| {
            Err(Error::unsupported(
                "a Constraint without a kind can't be made here; use UniqueConstraint, \
                 CheckConstraint, ForeignKeyConstraint or PrimaryKeyConstraint",
            ))
        },
    ),
    properties: &[
        settable(
            "name",
            |_, this| Ok(conversion::constraint_name_value(&this.constraint.name())),
            |_, this, value| {
                let name = conversion::constraint_name(Some(value.clone()));
                this.constraint.set_name(name);
                Ok(())
            },
        ),
        property("table", table),
        property("parent", table),
        property("deferrable", |_, this| {
            Ok(Value::from(this.constraint.deferrable()))
        }),
        property("initially", |_, this| Ok(text(this.constraint.initially()))),
        property("comment", |_, this| Ok(text(this.constraint.comment()))),
        settable(
            "info",
            |_, this| {
                let constraint = &this.constraint;
                Ok(conversion::info_value(
                    || constraint.info(),
                    |info| constraint.set_info(info),
                ))
            },
            |_, this, value| {
                this.constraint
                    .set_info(conversion::info_argument(Some(value.clone())));
                Ok(())
            },
        ),
        property("dialect_kwargs", |_, this| {
            Ok(Item::Constraint(this.constraint.clone()).arguments())
        }),
        property("kwargs", |_, this| {
            Ok(Item::Constraint(this.constraint.clone()).arguments())
        }),
        property("dialect_options", |_, this| {
            Ok(Item::Constraint(this.constraint.clone()).by_dialect())
        }),
        property("_type_bound", |_, this| {
            Ok(Value::Bool(this.constraint.is_type_bound()))
        }),
        property("_column_flag", |_, this| {
            Ok(Value::Bool(this.constraint.is_column_flag()))
        }),
    ],
    methods: &[method(
        "ddl_if",
        "self, dialect=None, callable_=None, state=None",
        |_, _, a| Ok(a.this().clone()),
    )],
    ..Declaration::new("sqlalchemy.sql.schema.Constraint")
};

/// `ColumnCollectionConstraint`, the base class of constraints over columns.
pub static COLUMN_COLLECTION_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&CONSTRAINT],
    properties: &[property("columns", columns), property("c", columns)],
    methods: &[method(
        "contains_column",
        "self, col",
        |_, this, arguments| {
            let found = conversion::find_column(&arguments.value("col")).is_some_and(|column| {
                let columns = this.constraint.columns();
                columns.iter().any(|known| known.ptr_eq(&column))
            });
            Ok(Value::Bool(found))
        },
    )],
    ..Declaration::new("sqlalchemy.sql.schema.ColumnCollectionConstraint")
};

/// `sqlalchemy.UniqueConstraint`.
pub static UNIQUE_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&COLUMN_COLLECTION_CONSTRAINT],
    constructor: constructor(
        "self, *columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _autoattach=True, _column_flag=False, _gather_expressions=None, **dialect_kw",
        unique_constraint,
    ),
    ..Declaration::new("sqlalchemy.sql.schema.UniqueConstraint")
};

/// `sqlalchemy.PrimaryKeyConstraint`.
pub static PRIMARY_KEY_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&COLUMN_COLLECTION_CONSTRAINT],
    constructor: constructor(
        "self, *columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _implicit_generated=False, **dialect_kw",
        primary_key_constraint,
    ),
    ..Declaration::new("sqlalchemy.sql.schema.PrimaryKeyConstraint")
};

/// `sqlalchemy.CheckConstraint`.
pub static CHECK_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&COLUMN_COLLECTION_CONSTRAINT],
    constructor: constructor(
        "self, sqltext, name=None, deferrable=None, initially=None, table=None, info=None, \
         comment=None, _create_rule=None, _autoattach=True, _type_bound=False, **dialect_kw",
        check_constraint,
    ),
    properties: &[property("sqltext", |vm, this| {
        Ok(match &this.constraint {
            Constraint::Check(check) => conversion::element_value(vm, &check.sqltext()),
            _ => Value::None,
        })
    })],
    ..Declaration::new("sqlalchemy.sql.schema.CheckConstraint")
};

/// `sqlalchemy.ForeignKeyConstraint`.
pub static FOREIGN_KEY_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&COLUMN_COLLECTION_CONSTRAINT],
    constructor: constructor(
        "self, columns, refcolumns, name=None, onupdate=None, ondelete=None, deferrable=None, \
         initially=None, use_alter=False, link_to_name=False, match=None, table=None, info=None, \
         comment=None, **dialect_kw",
        foreign_key_constraint,
    ),
    properties: &[
        property("elements", |_, this| {
            let key = this.foreign_key()?;
            Ok(Value::list(
                key.elements()
                    .iter()
                    .map(conversion::foreign_key_value)
                    .collect(),
            ))
        }),
        property("column_keys", |_, this| {
            let keys = this.foreign_key()?.column_keys();
            Ok(Value::list(keys.into_iter().map(Value::Str).collect()))
        }),
        property("referred_table", |vm, this| {
            let table = this.foreign_key()?.referred_table()?;
            Ok(conversion::table_value(vm, &table))
        }),
        property("ondelete", |_, this| {
            Ok(text(this.foreign_key()?.ondelete()))
        }),
        property("onupdate", |_, this| {
            Ok(text(this.foreign_key()?.onupdate()))
        }),
        property("match", |_, this| Ok(text(this.foreign_key()?.match_()))),
        property("use_alter", |_, this| {
            Ok(Value::Bool(this.foreign_key()?.use_alter()))
        }),
        property("link_to_name", |_, this| {
            Ok(Value::Bool(this.foreign_key()?.link_to_name()))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.schema.ForeignKeyConstraint")
};

impl ConstraintObject {
    fn foreign_key(&self) -> Result<&ForeignKeyConstraint> {
        match &self.constraint {
            Constraint::ForeignKey(key) => Ok(key),
            _ => Err(Error::new("TypeError", "this is no ForeignKeyConstraint")),
        }
    }
}

fn text(text: Option<Rc<str>>) -> Value {
    text.map_or(Value::None, Value::Str)
}

fn table(vm: &mut Interpreter, this: &ConstraintObject) -> Result<Value> {
    Ok(match this.constraint.table() {
        Some(table) => conversion::table_value(vm, &table),
        None => Value::None,
    })
}

fn columns(_vm: &mut Interpreter, this: &ConstraintObject) -> Result<Value> {
    Ok(ColumnsObject::of_columns(this.constraint.columns()))
}

fn constraint_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<ConstraintOptions> {
    Ok(ConstraintOptions {
        name: conversion::constraint_name(bound.take("name")),
        deferrable: conversion::flag(vm, bound, "deferrable")?,
        initially: conversion::text(bound, "initially"),
        comment: conversion::text(bound, "comment"),
        info: conversion::info_argument(bound.take("info")),
        options: conversion::dialect_options(vm, &bound.extra)?,
    })
}

fn foreign_key_constraint(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let (columns, references) = (bound.value("columns"), bound.value("refcolumns"));
    let columns = vm.collect(&columns)?;
    let columns = conversion::column_arguments(vm, &columns)?;
    let mut targets = Vec::new();
    for target in vm.collect(&references)? {
        targets.push(conversion::reference(vm, &target)?);
    }
    let table = bound.take_some("table");
    let options = foreign_key_options(vm, bound)?;
    let constraint = vm.lend(|| ForeignKeyConstraint::new(columns, targets, options))?;
    if let Some(table) = table.as_ref().and_then(conversion::find_table) {
        vm.lend(|| table.append_constraint(&constraint.clone().into()))?;
    }
    Ok(conversion::constraint_value(vm, &constraint.into()))
}

fn unique_constraint(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let columns = std::mem::take(&mut bound.rest);
    let columns = conversion::column_arguments(vm, &columns)?;
    let options = constraint_options(vm, bound)?;
    let constraint = vm.lend(|| UniqueConstraint::new(columns, options))?;
    Ok(conversion::constraint_value(vm, &constraint.into()))
}

fn primary_key_constraint(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let columns = std::mem::take(&mut bound.rest);
    let columns = conversion::column_arguments(vm, &columns)?;
    let options = constraint_options(vm, bound)?;
    let constraint = vm.lend(|| PrimaryKeyConstraint::new(columns, options))?;
    Ok(conversion::constraint_value(vm, &constraint.into()))
}

fn check_constraint(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let sqltext = bound.value("sqltext");
    let sqltext = conversion::text_expression(vm, &sqltext, "CHECK constraint")?;
    let table = bound.take_some("table");
    let options = constraint_options(vm, bound)?;
    let constraint = vm.lend(|| CheckConstraint::new(sqltext, options))?;
    if let Some(table) = table.as_ref().and_then(conversion::find_table) {
        vm.lend(|| table.append_constraint(&constraint.clone().into()))?;
    }
    Ok(conversion::constraint_value(vm, &constraint.into()))
}

impl NativeObject for ConstraintObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.constraint {
            Constraint::PrimaryKey(_) => &PRIMARY_KEY_CONSTRAINT,
            Constraint::Unique(_) => &UNIQUE_CONSTRAINT,
            Constraint::Check(_) => &CHECK_CONSTRAINT,
            Constraint::ForeignKey(_) => &FOREIGN_KEY_CONSTRAINT,
            Constraint::Exclude(_) => &crate::bindings::sqlalchemy::dialects::EXCLUDE_CONSTRAINT,
        })
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let mut items = Vec::new();
        for column in self.constraint.columns() {
            items.push(conversion::column_value(vm, &column));
        }
        Ok(Some(Value::list(items)))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.constraint.columns().len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(match self.constraint {
            Constraint::Check(_) => true,
            _ => !self.constraint.columns().is_empty(),
        }))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let columns = self.constraint.columns();
        Ok(Some(match conversion::find_column(item) {
            Some(column) => columns.iter().any(|known| known.ptr_eq(&column)),
            None => item
                .as_str()
                .is_some_and(|key| columns.iter().any(|known| &*known.key() == key)),
        }))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.constraint.python_repr())))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<ConstraintObject>()
            .is_some_and(|other| other.constraint.ptr_eq(&self.constraint));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.constraint.creation_order()))
    }
}
