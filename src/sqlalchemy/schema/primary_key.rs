//! `PrimaryKeyConstraint`, and the autoincrement column.

use std::rc::Rc;

use super::constraints::{Common, PrimaryKeyData, auto_attach};
use super::{
    Autoincrement, Column, ColumnArgument, ColumnDefault, Constraint, ConstraintOptions,
    PrimaryKeyConstraint, ServerDefault, Table, argument_error,
};
use crate::dialects::Dialect;
use crate::name::ConstraintName;
use crate::naming;
use crate::sqltypes::classes;
use ground::diagnostic::Result;

impl PrimaryKeyConstraint {
    pub(super) fn common(&self) -> &Common {
        &self.0.common
    }

    /// `PrimaryKeyConstraint(*columns, ...)`.
    ///
    /// # Errors
    /// As [`DialectOptions::validate`] and attaching.
    pub fn new(columns: Vec<ColumnArgument>, options: ConstraintOptions) -> Result<Self> {
        options
            .options
            .validate(&["PrimaryKeyConstraint", "Constraint"])?;
        let constraint = Self::build(columns, options, false);
        auto_attach(&Constraint::PrimaryKey(constraint.clone()))?;
        Ok(constraint)
    }

    fn build(columns: Vec<ColumnArgument>, options: ConstraintOptions, implicit: bool) -> Self {
        PrimaryKeyConstraint(Rc::new(PrimaryKeyData {
            common: Common::new(options, columns, false),
            implicit,
        }))
    }

    pub(super) fn implicit() -> Self {
        Self::build(Vec::new(), ConstraintOptions::default(), true)
    }

    /// Whether it was created by the table from `primary_key=True`.
    pub fn is_implicit(&self) -> bool {
        self.0.implicit
    }

    /// Whether a column of that key is in it.
    pub fn has_key(&self, key: &str) -> bool {
        self.common()
            .columns
            .borrow()
            .iter()
            .any(|column| *column.key() == *key)
    }

    /// Removes the column of that key.
    pub fn remove_column(&self, key: &str) {
        self.common()
            .columns
            .borrow_mut()
            .retain(|column| *column.key() != *key);
    }

    pub(super) fn replace_column(&self, column: &Column) -> Result<()> {
        {
            let mut columns = self.common().columns.borrow_mut();
            let key = column.key();
            let place = columns.iter().position(|known| *known.key() == *key);
            match place {
                Some(place) => columns[place] = column.clone(),
                None => columns.push(column.clone()),
            }
        }
        if self.0.implicit
            && let Some(table) = self.table()
        {
            self.set_name(ConstraintName::None);
            naming::rename_implicit_primary_key(self, &table)?;
        }
        Ok(())
    }

    /// `_reload`: replaces the columns of the table's primary key, as reflection does.
    ///
    /// # Errors
    /// As attaching.
    pub fn reload(&self, columns: &[Column]) -> Result<()> {
        for column in columns {
            column.set_primary_key(true);
            let known = self
                .common()
                .columns
                .borrow()
                .iter()
                .any(|known| known.ptr_eq(column));
            if !known {
                self.common().columns.borrow_mut().push(column.clone());
            }
        }
        match self.table() {
            Some(table) => Constraint::PrimaryKey(self.clone()).attach_to_table(&table),
            None => Ok(()),
        }
    }

    /// The autoincrement column (`_autoincrement_column`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` where `autoincrement=True` can't be.
    pub fn autoincrement_column(&self) -> Result<Option<Column>> {
        let columns = self.columns();
        if let [column] = columns.as_slice() {
            return Ok(match column.autoincrement() {
                Autoincrement::True => {
                    validate_autoincrement(column, true)?;
                    Some(column.clone())
                }
                Autoincrement::Auto | Autoincrement::IgnoreForeignKey
                    if validate_autoincrement(column, false)? =>
                {
                    Some(column.clone())
                }
                _ => None,
            });
        }
        let mut found: Option<Column> = None;
        for column in &columns {
            if column.autoincrement() == Autoincrement::True {
                validate_autoincrement(column, true)?;
                if let Some(other) = &found {
                    return Err(argument_error(format!(
                        "Only one Column may be marked autoincrement=True, found both {} and {}.",
                        column.name(),
                        other.name()
                    )));
                }
                found = Some(column.clone());
            }
        }
        Ok(found)
    }

    /// Its columns, the autoincrement column first.
    ///
    /// # Errors
    /// As [`PrimaryKeyConstraint::autoincrement_column`].
    pub fn columns_autoincrement_first(&self) -> Result<Vec<Column>> {
        let mut columns = self.columns();
        if let Some(counted) = self.autoincrement_column()?
            && let Some(place) = columns.iter().position(|column| column.ptr_eq(&counted))
        {
            let column = columns.remove(place);
            columns.insert(0, column);
        }
        Ok(columns)
    }
}

fn validate_autoincrement(column: &Column, asked: bool) -> Result<bool> {
    let kind = column.kind();
    let affinity = kind.affinity();
    let shown = || {
        kind.compile(&Dialect::default_dialect())
            .unwrap_or_else(|_| kind.python_repr())
    };
    if affinity.is_some_and(|class| class.is_subclass_of(&classes::GENERIC_NUMERIC)) {
        let scale = kind.scale();
        if scale != Some(0) && asked {
            return Err(argument_error(format!(
                "Column type {} with non-zero scale {} on column '{}' is not compatible with \
                 autoincrement=True",
                shown(),
                scale.map_or_else(|| "None".to_owned(), |scale| scale.to_string()),
                column.python_str()
            )));
        }
        if !asked {
            return Ok(false);
        }
    } else if !affinity.is_some_and(|class| class.is_subclass_of(&classes::GENERIC_INTEGER)) {
        if asked {
            return Err(argument_error(format!(
                "Column type {} on column '{}' is not compatible with autoincrement=True",
                shown(),
                column.python_str()
            )));
        }
        return Ok(false);
    } else {
        let own_default = column
            .default()
            .is_some_and(|default| !matches!(default, ColumnDefault::Sequence(_)));
        let server_default = column
            .server_default()
            .is_some_and(|default| !matches!(default, ServerDefault::Identity(_)));
        let refers = !column.foreign_keys().is_empty()
            && !matches!(
                column.autoincrement(),
                Autoincrement::True | Autoincrement::IgnoreForeignKey
            );
        if (own_default || server_default) && !asked {
            return Ok(false);
        }
        // SQLAlchemy checks for a foreign key last, and only in the remaining cases.
        if refers && !(own_default || server_default) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn attach_primary_key(primary_key: &PrimaryKeyConstraint, table: &Table) -> Result<()> {
    primary_key
        .common()
        .add_columns("PrimaryKeyConstraint", table, true)?;
    table.set_primary_key_constraint(primary_key);
    let mut flagged: Vec<Column> = table
        .columns()
        .into_iter()
        .filter(Column::primary_key)
        .collect();
    let own = primary_key.columns();
    let same = |a: &[Column], b: &[Column]| {
        a.iter()
            .all(|column| b.iter().any(|other| other.ptr_eq(column)))
    };
    let agree = same(&own, &flagged) && same(&flagged, &own);
    if !own.is_empty() && !flagged.is_empty() && !agree {
        let names = |columns: &[Column]| {
            let names: Vec<String> = columns
                .iter()
                .map(|column| format!("'{}'", column.name()))
                .collect();
            names.join(", ")
        };
        super::warn(format!(
            "Table '{0}' specifies columns {1} as primary_key=True, not matching locally \
             specified columns {2}; setting the current primary key columns to {2}. This warning \
             may become an exception in a future release",
            table.name(),
            names(&flagged),
            names(&own)
        ));
        flagged.clear();
    }
    for column in &own {
        column.set_primary_key(true);
        if column.user_defined_nullable().is_none() {
            column.set_nullable(false);
        }
    }
    let mut columns = primary_key.common().columns.borrow_mut();
    for column in flagged {
        if !columns.iter().any(|known| known.ptr_eq(&column)) {
            columns.push(column);
        }
    }
    Ok(())
}
