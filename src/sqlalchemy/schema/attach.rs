//! What waits for a column to come into a table, in place of SQLAlchemy's attach events.

use super::constraints::check_attach;
use super::{
    CheckConstraint, Column, Constraint, ConstraintOptions, ForeignKey, Index, Sequence, Table,
};
use crate::dialects::Dialect;
use crate::elements::{Expression, in_, type_coerce};
use crate::literal::Literal;
use crate::name::ConstraintName;
use crate::naming;
use crate::sqltypes::{Type, classes};
use ground::diagnostic::Result;

/// A callback on a column's arrival in a table.
#[derive(Clone)]
pub(crate) enum OnAttach {
    /// The foreign key makes or joins its constraint.
    ForeignKey(ForeignKey),
    /// A constraint over columns without a table sees whether all have arrived.
    Constraint(Constraint),
    /// The same of an index.
    Index(Index),
    /// A constraint in the column gets its name.
    ConstraintName(Constraint),
    /// The sequence joins the metadata.
    Sequence(Sequence),
}

impl OnAttach {
    pub(crate) fn run(&self, column: &Column, table: &Table) -> Result<()> {
        match self {
            OnAttach::ForeignKey(foreign_key) => foreign_key.set_table(column, table),
            OnAttach::Constraint(constraint) => {
                if !constraint.has_parent() && constraint.all_columns_attached() {
                    check_attach(constraint)?;
                }
                Ok(())
            }
            OnAttach::Index(index) => {
                if index.table().is_none() && index.all_columns_attached() {
                    index.attach_by_columns()?;
                }
                Ok(())
            }
            OnAttach::ConstraintName(constraint) => naming::name_constraint(constraint, table),
            OnAttach::Sequence(sequence) => {
                sequence.set_metadata(&table.metadata());
                Ok(())
            }
        }
    }
}

/// The CHECK that a type with `create_constraint` brings along, and for which dialects.
#[derive(Clone)]
pub(crate) struct TypeRule {
    kind: Type,
    /// The column's type, where `kind` is its variant or has variants.
    whole: Option<Type>,
}

impl TypeRule {
    /// Whether the constraint is created on that dialect.
    pub(crate) fn allows(&self, dialect: &Dialect) -> bool {
        if let Some(whole) = &self.whole {
            let variant = whole
                .variants()
                .find(|(name, _)| *name == dialect.name())
                .map(|(_, variant)| variant.clone());
            let here = match variant {
                Some(variant) => variant.ptr_eq(&self.kind),
                None => whole.ptr_eq(&self.kind),
            };
            if !here {
                return false;
            }
        }
        if self.kind.is_instance(&classes::GENERIC_BOOLEAN) {
            !dialect.supports_native_boolean() && dialect.non_native_boolean_check_constraint()
        } else {
            !self.kind.flag("native_enum") || !dialect.supports_native_enum()
        }
    }
}

/// A column with a Boolean or an Enum came into a table: makes the CHECK it asks for.
pub(crate) fn attach_type(column: &Column, table: &Table) -> Result<()> {
    let whole = column.kind();
    let has_variants = whole.variants().next().is_some();
    if !has_variants && !whole.is_type_decorator() && !whole.creates_check() {
        return Ok(());
    }
    let mut kinds = vec![whole.clone()];
    kinds.extend(whole.variants().map(|(_, kind)| kind.clone()));
    for kind in kinds {
        // A TypeDecorator around a Boolean or an Enum hands the event on.
        let bound = if kind.is_type_decorator() {
            match kind.impl_type() {
                Some(wrapped) => wrapped,
                None => continue,
            }
        } else {
            kind.clone()
        };
        if !bound.creates_check() {
            continue;
        }
        let (coerced, values): (Type, Vec<Literal>) =
            if bound.is_instance(&classes::GENERIC_BOOLEAN) {
                (
                    bound.clone(),
                    vec![Literal::Integer(0), Literal::Integer(1)],
                )
            } else {
                (
                    Type::string(None),
                    bound.enums().into_iter().map(Literal::String).collect(),
                )
            };
        let condition = in_(
            &type_coerce(Expression::Column(column.clone()), coerced),
            values,
        )?;
        let name = match bound.name() {
            Some(name) => ConstraintName::plain(name),
            None => ConstraintName::NoneName,
        };
        let check = CheckConstraint::type_bound(
            condition,
            ConstraintOptions {
                name,
                ..ConstraintOptions::default()
            },
            TypeRule {
                kind: bound.clone(),
                whole: has_variants.then(|| whole.clone()),
            },
        )?;
        if !Constraint::Check(check.clone()).has_parent() {
            table.append_constraint(&Constraint::Check(check))?;
        }
    }
    Ok(())
}
