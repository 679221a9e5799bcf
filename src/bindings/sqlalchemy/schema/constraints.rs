//! Constraints.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Bound, Class, CompareOperator, Interpreter, NativeObject, Value};
use sqlalchemy::schema::*;

use super::*;
use crate::bindings::conversion::{self, known_class};

/// Parameters of `ForeignKeyConstraint(...)`.
pub const FOREIGN_KEY_CONSTRAINT_PARAMETERS: &str = "columns, refcolumns, name=None, onupdate=None, ondelete=None, deferrable=None, \
         initially=None, use_alter=False, link_to_name=False, match=None, table=None, info=None, \
         comment=None, **dialect_kw";

/// Parameters of `UniqueConstraint(...)`.
pub const UNIQUE_CONSTRAINT_PARAMETERS: &str = "*columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _autoattach=True, _column_flag=False, _gather_expressions=None, **dialect_kw";

/// Any constraint.
pub struct ConstraintObject {
    /// The constraint.
    pub constraint: Constraint,
}

impl NativeObject for ConstraintObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let name = format!("sqlalchemy.sql.schema.{}", self.constraint.class_name());
        known_class(vm, &name)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let constraint = &self.constraint;
        let text = |text: Option<Rc<str>>| text.map_or(Value::None, Value::Str);
        Ok(Some(match (name, constraint) {
            ("name", _) => conversion::constraint_name_value(&constraint.name()),
            ("table" | "parent", _) => match constraint.table() {
                Some(table) => conversion::table_value(vm, &table),
                None => Value::None,
            },
            ("columns" | "c", _) => Value::native(ColumnsObject {
                columns: constraint.columns(),
                keys: None,
            }),
            ("deferrable", _) => Value::from(constraint.deferrable()),
            ("initially", _) => text(constraint.initially()),
            ("comment", _) => text(constraint.comment()),
            ("info", _) => {
                conversion::info_value(|| constraint.info(), |info| constraint.set_info(info))
            }
            ("dialect_kwargs" | "kwargs", _) => {
                conversion::options_value(vm, &constraint.dialect_options())?
            }
            ("dialect_options", _) => {
                conversion::options_by_dialect(vm, &constraint.dialect_options())?
            }
            ("_type_bound", _) => Value::Bool(constraint.is_type_bound()),
            ("_column_flag", _) => Value::Bool(constraint.is_column_flag()),
            ("sqltext", Constraint::Check(check)) => {
                conversion::element_value(vm, &check.sqltext())
            }
            ("elements", Constraint::ForeignKey(key)) => Value::list(
                key.elements()
                    .iter()
                    .map(conversion::foreign_key_value)
                    .collect(),
            ),
            ("column_keys", Constraint::ForeignKey(key)) => {
                Value::list(key.column_keys().into_iter().map(Value::Str).collect())
            }
            ("referred_table", Constraint::ForeignKey(key)) => {
                let table = key.referred_table()?;
                conversion::table_value(vm, &table)
            }
            ("ondelete", Constraint::ForeignKey(key)) => text(key.ondelete()),
            ("onupdate", Constraint::ForeignKey(key)) => text(key.onupdate()),
            ("match", Constraint::ForeignKey(key)) => text(key.match_()),
            ("use_alter", Constraint::ForeignKey(key)) => Value::Bool(key.use_alter()),
            ("link_to_name", Constraint::ForeignKey(key)) => Value::Bool(key.link_to_name()),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "name" => self
                .constraint
                .set_name(conversion::constraint_name(Some(value.clone()))),
            "info" => self
                .constraint
                .set_info(conversion::info_argument(Some(value.clone()))),
            _ => return Ok(false),
        }
        Ok(true)
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

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.constraint.python_repr()))
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

/// `ForeignKeyConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_foreign_key_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<ForeignKeyConstraint> {
    let mut bound = arguments.bind(parameters!(
        "ForeignKeyConstraint.__init__",
        FOREIGN_KEY_CONSTRAINT_PARAMETERS
    ))?;
    let (columns, references) = (bound.value("columns"), bound.value("refcolumns"));
    let columns = vm.collect(&columns)?;
    let columns = conversion::column_arguments(vm, &columns)?;
    let mut targets = Vec::new();
    for target in vm.collect(&references)? {
        targets.push(conversion::reference(vm, &target)?);
    }
    let table = bound.take_some("table");
    let options = foreign_key_options(vm, &mut bound)?;
    let constraint = ForeignKeyConstraint::new(columns, targets, options)?;
    if let Some(table) = table.as_ref().and_then(conversion::find_table) {
        table.append_constraint(&constraint.clone().into())?;
    }
    Ok(constraint)
}

/// `UniqueConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_unique_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<UniqueConstraint> {
    let mut bound = arguments.bind(parameters!(
        "UniqueConstraint.__init__",
        UNIQUE_CONSTRAINT_PARAMETERS
    ))?;
    let columns = std::mem::take(&mut bound.rest);
    let columns = conversion::column_arguments(vm, &columns)?;
    let options = constraint_options(vm, &mut bound)?;
    UniqueConstraint::new(columns, options)
}

/// `PrimaryKeyConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_primary_key_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<PrimaryKeyConstraint> {
    let mut bound = arguments.bind(parameters!(
        "PrimaryKeyConstraint.__init__",
        "*columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _implicit_generated=False, **dialect_kw"
    ))?;
    let columns = std::mem::take(&mut bound.rest);
    let columns = conversion::column_arguments(vm, &columns)?;
    let options = constraint_options(vm, &mut bound)?;
    PrimaryKeyConstraint::new(columns, options)
}

/// `CheckConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_check_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<CheckConstraint> {
    let mut bound = arguments.bind(parameters!(
        "CheckConstraint.__init__",
        "sqltext, name=None, deferrable=None, initially=None, table=None, info=None, comment=None, \
         _create_rule=None, _autoattach=True, _type_bound=False, **dialect_kw"
    ))?;
    let sqltext = bound.value("sqltext");
    let sqltext = conversion::text_expression(vm, &sqltext, "CHECK constraint")?;
    let table = bound.take_some("table");
    let options = constraint_options(vm, &mut bound)?;
    let constraint = CheckConstraint::new(sqltext, options)?;
    if let Some(table) = table.as_ref().and_then(conversion::find_table) {
        table.append_constraint(&constraint.clone().into())?;
    }
    Ok(constraint)
}
