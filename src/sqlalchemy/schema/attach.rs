//! Callbacks for a column's attachment to a table, in place of SQLAlchemy's attach events.

use super::constraints::check_attach;
use super::{
    CheckConstraint, Column, ColumnDefault, Constraint, ConstraintOptions, ForeignKey, Index,
    IndexOptions, Sequence, Table, UniqueConstraint, argument_error,
};
use crate::dialects::Dialect;
use crate::elements::{Expression, in_, type_coerce};
use crate::exc;
use crate::literal::Literal;
use crate::name::ConstraintName;
use crate::naming;
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

/// A callback for a column's attachment to a table.
#[derive(Clone)]
pub(crate) enum OnAttach {
    /// The foreign key creates or joins its constraint.
    ForeignKey(ForeignKey),
    /// A constraint whose columns have no table yet checks whether all are attached.
    Constraint(Constraint),
    /// As for constraints.
    Index(Index),
    /// A column-level constraint is named.
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

impl Column {
    /// Runs `what` when the column is attached to a table; immediately if it already is.
    pub(crate) fn on_table_attach(&self, what: OnAttach) -> Result<()> {
        match self.table() {
            Some(table) => what.run(self, &table),
            None => {
                self.0.on_attach.borrow_mut().push(what);
                Ok(())
            }
        }
    }

    /// Attaches the column to a table (`_set_parent_with_dispatch`).
    pub(crate) fn attach(
        &self,
        table: &Table,
        allow_replacements: bool,
        position: Option<usize>,
    ) -> Result<()> {
        let name = self.name();
        if name.is_empty() {
            return Err(argument_error(
                "Column must be constructed with a non-blank name or assign a non-blank .name \
                 before adding to a Table.",
            ));
        }
        if self.0.key.borrow().is_none() {
            *self.0.key.borrow_mut() = Some(name.text());
        }
        let key = self.key();
        if let Some(existing) = self.table()
            && !existing.ptr_eq(table)
        {
            return Err(argument_error(format!(
                "Column object '{key}' already assigned to Table '{}'",
                existing.name()
            )));
        }
        let mut extra_remove = None;
        let existing = match table.column(&key) {
            Some(column) => Some((column, if *key == *name { "name" } else { "key" })),
            None => table.column_by_name(&name).map(|column| {
                extra_remove = Some(column.clone());
                (column, "name")
            }),
        };
        if let Some((existing, conflicts_on)) = existing
            && !existing.ptr_eq(self)
        {
            if !allow_replacements {
                let shown = if conflicts_on == "key" { &*key } else { &*name };
                return Err(Error::new(
                    exc::DUPLICATE_COLUMN_ERROR,
                    format!(
                        "A column with {conflicts_on} '{shown}' is already present in table '{}'.",
                        table.name()
                    ),
                ));
            }
            for foreign_key in existing.foreign_keys() {
                table.forget_foreign_key(&foreign_key);
            }
            if extra_remove.is_some() && *key == *name {
                super::warn(format!(
                    "Column with user-specified key \"{0}\" is being replaced with plain named \
                     column \"{name}\", key \"{0}\" is being removed.  If this is a reflection \
                     operation, specify autoload_replace=False to prevent this replacement.",
                    existing.key()
                ));
            }
        }
        table.replace_column(self, extra_remove.as_ref(), position);
        *self.0.table.borrow_mut() = Some(table.clone());

        if self.primary_key() {
            table.primary_key().replace_column(self)?;
        } else if table.primary_key().has_key(&key) {
            return Err(argument_error(format!(
                "Trying to redefine primary-key column '{key}' as a non-primary-key column on \
                 table '{}'",
                table.fullname()
            )));
        }
        if self.0.index.get() == Some(true) {
            let options = IndexOptions {
                unique: self.0.unique.get() == Some(true),
                column_flag: true,
                ..IndexOptions::default()
            };
            let index = Index::new(ConstraintName::None, vec![key.as_ref().into()], options)?;
            table.append_index(&index)?;
        } else if self.0.unique.get() == Some(true) {
            let unique = UniqueConstraint::for_column(&key);
            table.append_constraint(&Constraint::Unique(unique))?;
        }
        table.resolve_memoized_foreign_keys(self)?;
        if self.identity().is_some()
            && [self.default(), self.onupdate()]
                .iter()
                .flatten()
                .any(ColumnDefault::is_sequence)
        {
            return Err(argument_error(
                "An column cannot specify both Identity and Sequence.",
            ));
        }
        // Callbacks may add further ones while they run.
        let mut done = 0;
        loop {
            let next = self.0.on_attach.borrow().get(done).cloned();
            match next {
                Some(callback) => callback.run(self, table)?,
                None => break,
            }
            done += 1;
        }
        if !self.0.type_events.get() {
            return Ok(());
        }
        attach_type(self, table)
    }
}

/// The CHECK of a type with `create_constraint`, and the dialects it is for.
#[derive(Clone)]
pub(crate) struct TypeRule {
    kind: Type,
    /// The column's type, if `kind` is one of its variants or has variants.
    whole: Option<Type>,
}

impl TypeRule {
    /// Whether the constraint is created for that dialect.
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

/// Creates the CHECK of a Boolean or Enum column that was attached to a table.
pub(crate) fn attach_type(column: &Column, table: &Table) -> Result<()> {
    inherit_schema(column, table);
    let whole = column.kind();
    let has_variants = whole.variants().next().is_some();
    if !has_variants && !whole.is_type_decorator() && !whole.creates_check() {
        return Ok(());
    }
    let mut kinds = vec![whole.clone()];
    kinds.extend(whole.variants().map(|(_, kind)| kind.clone()));
    for kind in kinds {
        // A TypeDecorator around a Boolean or Enum passes the event on.
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

/// An Enum of a column that was attached to a table takes the table's schema if it shall, or the metadata's if
/// it was given none.
fn inherit_schema(column: &Column, table: &Table) {
    let kind = column.kind();
    if !kind.is_instance(&classes::GENERIC_ENUM) {
        return;
    }
    let schema = if kind.flag("inherit_schema") {
        table.schema()
    } else if kind.is_given("schema") {
        None
    } else {
        table.metadata().schema()
    };
    if let Some(schema) = schema {
        column.set_kind(kind.with_schema(&schema));
    }
}
