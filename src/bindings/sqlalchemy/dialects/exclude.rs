//! `ExcludeConstraint`, the EXCLUDE constraint that only PostgreSQL has.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Declaration, Interpreter, Value, constructor, property};
use sqlalchemy::name::ConstraintName;
use sqlalchemy::schema::{
    Constraint, ConstraintOptions, ExcludeArguments, ExcludeConstraint, ExcludeOperand,
};

use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::{COLUMN_COLLECTION_CONSTRAINT, ConstraintObject};

/// `postgresql.ExcludeConstraint`.
pub static EXCLUDE_CONSTRAINT: Declaration<ConstraintObject> = Declaration {
    bases: &[&COLUMN_COLLECTION_CONSTRAINT],
    constructor: constructor("self, *elements, **kw", |vm, bound| {
        let elements = std::mem::take(&mut bound.rest);
        let mut keywords = std::mem::take(&mut bound.extra);
        let place = keywords.iter().position(|(name, _)| &**name == "name");
        let name = place.map(|place| keywords.remove(place).1);
        let name = conversion::constraint_name(name);
        let constraint = exclude_constraint(vm, name, &elements, keywords)?;
        Ok(conversion::constraint_value(vm, &constraint.into()))
    }),
    properties: &[
        property("where", |vm, this| {
            Ok(match &this.constraint {
                Constraint::Exclude(exclude) => match &exclude.arguments().where_ {
                    Some(condition) => conversion::element_value(vm, condition),
                    None => Value::None,
                },
                _ => Value::None,
            })
        }),
        property("using", |_, this| {
            Ok(match &this.constraint {
                Constraint::Exclude(exclude) => Value::Str(exclude.arguments().using.clone()),
                _ => Value::None,
            })
        }),
    ],
    ..Declaration::new("sqlalchemy.dialects.postgresql.ext.ExcludeConstraint")
};

/// `ExcludeConstraint(*elements, name=..., using=..., where=..., ops=...)`.
///
/// # Errors
/// `ArgumentError` for an element that is no pair of an expression and an operator.
pub fn exclude_constraint(
    vm: &mut Interpreter,
    name: ConstraintName,
    elements: &[Value],
    keywords: Vec<(Rc<str>, Value)>,
) -> Result<ExcludeConstraint> {
    let mut pairs = Vec::new();
    for element in elements {
        let items = vm.collect(element)?;
        let [operand, operator] = items.as_slice() else {
            return Err(vm.value_error(format!(
                "not enough values to unpack (expected 2, got {})",
                items.len()
            )));
        };
        let operand = match operand.as_text() {
            Some(key) => ExcludeOperand::Key(key),
            None => ExcludeOperand::Expression(conversion::text_expression(
                vm,
                operand,
                "an element of EXCLUDE",
            )?),
        };
        pairs.push((operand, operator.as_text().unwrap_or_default()));
    }
    let mut options = ConstraintOptions {
        name,
        ..ConstraintOptions::default()
    };
    let mut arguments = ExcludeArguments {
        elements: pairs,
        using: "gist".into(),
        where_: None,
        ops: Vec::new(),
    };
    let mut others = Vec::new();
    for (keyword, value) in keywords {
        match &*keyword {
            "using" => arguments.using = value.as_text().unwrap_or_else(|| "gist".into()),
            "where" if value.is_none() => {}
            "where" => {
                let condition = conversion::text_expression(vm, &value, "where=")?;
                arguments.where_ = Some(condition);
            }
            "ops" => {
                let entries = value.as_dict().map(|dict| dict.entries());
                for (name, class) in entries.unwrap_or_default() {
                    if let (Some(name), Some(class)) = (name.as_text(), class.as_text()) {
                        arguments.ops.push((name, class));
                    }
                }
            }
            "deferrable" if value.is_none() => {}
            // Alembic renders it as a text.
            "deferrable" => options.deferrable = Some(vm.truth(&value)?),
            "initially" => options.initially = value.as_text(),
            "info" => options.info = conversion::info_argument(Some(value)),
            _ => others.push((keyword, value)),
        }
    }
    options.options = conversion::dialect_options(vm, &others)?;
    ExcludeConstraint::new(arguments, options)
}
