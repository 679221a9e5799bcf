//! Operations on constraints.

use ground::exception;
use std::rc::Rc;

use super::MigrateOperation;
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::{Error, Result};
use sqlalchemy::elements::Expression;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{Constraint, DialectOptions, Table};

/// Keywords common to constraints.
#[derive(Clone, Default)]
pub struct ConstraintKeywords {
    /// `DEFERRABLE`.
    pub deferrable: Option<bool>,
    /// `INITIALLY ...`.
    pub initially: Option<Rc<str>>,
    /// Dialect-specific keywords, such as `sqlite_on_conflict`.
    pub dialect: DialectOptions,
}

/// `CreatePrimaryKeyOp`.
#[derive(Clone)]
pub struct CreatePrimaryKeyOp {
    /// Its name.
    pub constraint_name: ConstraintName,
    /// The table.
    pub table_name: Name,
    /// Its columns.
    pub columns: Vec<Name>,
    /// The table's schema.
    pub schema: Option<Name>,
    /// Further keywords.
    pub kw: ConstraintKeywords,
}

/// `CreateUniqueConstraintOp`.
#[derive(Clone)]
pub struct CreateUniqueConstraintOp {
    /// Its name.
    pub constraint_name: ConstraintName,
    /// The table.
    pub table_name: Name,
    /// Its columns.
    pub columns: Vec<Name>,
    /// The table's schema.
    pub schema: Option<Name>,
    /// Further keywords.
    pub kw: ConstraintKeywords,
}

/// `CreateForeignKeyOp`.
#[derive(Clone)]
pub struct CreateForeignKeyOp {
    /// Its name.
    pub constraint_name: ConstraintName,
    /// The referencing table.
    pub source_table: Name,
    /// The referenced table.
    pub referent_table: Name,
    /// The referencing columns.
    pub local_cols: Vec<Name>,
    /// The referenced columns.
    pub remote_cols: Vec<Name>,
    /// Further keywords.
    pub kw: ForeignKeyKeywords,
}

/// Keywords of a foreign key.
#[derive(Clone, Default)]
pub struct ForeignKeyKeywords {
    /// `ON UPDATE`.
    pub onupdate: Option<Rc<str>>,
    /// `ON DELETE`.
    pub ondelete: Option<Rc<str>>,
    /// `DEFERRABLE`.
    pub deferrable: Option<bool>,
    /// `INITIALLY ...`.
    pub initially: Option<Rc<str>>,
    /// `MATCH ...`.
    pub r#match: Option<Rc<str>>,
    /// Whether it is added by ALTER after the tables are created.
    pub use_alter: bool,
    /// Schema of the referencing table.
    pub source_schema: Option<Name>,
    /// Schema of the referenced table.
    pub referent_schema: Option<Name>,
    /// Dialect-specific keywords.
    pub dialect: DialectOptions,
}

/// `CreateCheckConstraintOp`.
#[derive(Clone)]
pub struct CreateCheckConstraintOp {
    /// Its name.
    pub constraint_name: ConstraintName,
    /// The table.
    pub table_name: Name,
    /// The condition.
    pub condition: Expression,
    /// The table's schema.
    pub schema: Option<Name>,
    /// Further keywords.
    pub kw: ConstraintKeywords,
}

/// `DropConstraintOp`.
#[derive(Clone)]
pub struct DropConstraintOp {
    /// Its name.
    pub constraint_name: ConstraintName,
    /// The table.
    pub table_name: Name,
    /// `foreignkey`, `primary`, `unique`, `check` or `None`.
    pub constraint_type: Option<String>,
    /// The table's schema.
    pub schema: Option<Name>,
    /// `IF EXISTS`.
    pub if_exists: Option<bool>,
    /// The operation that adds it again.
    pub reverse: Option<MigrateOperation>,
}

impl CreatePrimaryKeyOp {
    /// The constraint as a schema item.
    ///
    /// # Errors
    /// As [`SchemaObjects::primary_key_constraint`].
    pub fn to_constraint(&self, schema_obj: &SchemaObjects) -> Result<Constraint> {
        schema_obj.primary_key_constraint(
            self.constraint_name.clone(),
            &self.table_name,
            &self.columns,
            self.schema.as_ref(),
            &self.kw,
        )
    }
}

impl CreateUniqueConstraintOp {
    /// The constraint as a schema item.
    ///
    /// # Errors
    /// As [`SchemaObjects::unique_constraint`].
    pub fn to_constraint(&self, schema_obj: &SchemaObjects) -> Result<Constraint> {
        schema_obj.unique_constraint(
            self.constraint_name.clone(),
            &self.table_name,
            &self.columns,
            self.schema.as_ref(),
            &self.kw,
        )
    }
}

impl CreateForeignKeyOp {
    /// The constraint as a schema item.
    ///
    /// # Errors
    /// As [`SchemaObjects::foreign_key_constraint`].
    pub fn to_constraint(&self, schema_obj: &SchemaObjects) -> Result<Constraint> {
        schema_obj.foreign_key_constraint(
            self.constraint_name.clone(),
            &self.source_table,
            &self.referent_table,
            &self.local_cols,
            &self.remote_cols,
            &self.kw,
        )
    }
}

impl CreateCheckConstraintOp {
    /// The constraint as a schema item.
    ///
    /// # Errors
    /// As [`SchemaObjects::check_constraint`].
    pub fn to_constraint(&self, schema_obj: &SchemaObjects) -> Result<Constraint> {
        schema_obj.check_constraint(
            self.constraint_name.clone(),
            &self.table_name,
            &self.condition,
            self.schema.as_ref(),
            &self.kw,
        )
    }
}

impl DropConstraintOp {
    /// Creates the operation that drops a constraint, with its reverse.
    ///
    /// # Errors
    /// As [`MigrateOperation::add_constraint`].
    pub fn from_constraint(constraint: &Constraint) -> Result<Self> {
        let constraint_type = match constraint {
            Constraint::Unique(_) => Some("unique"),
            Constraint::ForeignKey(_) => Some("foreignkey"),
            Constraint::PrimaryKey(_) => Some("primary"),
            Constraint::Check(_) => Some("check"),
            Constraint::Exclude(_) => return Err(no_operation()),
        };
        let table = table_of(constraint)?;
        Ok(DropConstraintOp {
            constraint_name: name_or_none(&constraint.name()),
            table_name: table.name(),
            constraint_type: constraint_type.map(str::to_owned),
            schema: table.schema(),
            if_exists: None,
            reverse: Some(add_constraint(constraint)?),
        })
    }

    /// The constraint as a schema item.
    ///
    /// # Errors
    /// `ValueError` where it is not known what it was.
    pub fn to_constraint(&self) -> Result<Constraint> {
        let reverse = self.reverse.as_ref().ok_or_else(|| {
            Error::new(
                exception::VALUE_ERROR,
                "constraint cannot be produced; original constraint is not present",
            )
        })?;
        let constraint = reverse.to_constraint(&SchemaObjects::default())?;
        constraint.set_name(self.constraint_name.clone());
        let table = table_of(&constraint)?;
        table.set_name(self.table_name.clone());
        Ok(constraint)
    }

    /// The reverse operation, which adds the constraint again.
    ///
    /// # Errors
    /// As [`to_constraint`](Self::to_constraint).
    pub fn reverse(&self) -> Result<MigrateOperation> {
        add_constraint(&self.to_constraint()?)
    }
}

/// The name, if any: a type's unnamed constraint counts as unnamed.
fn name_or_none(name: &ConstraintName) -> ConstraintName {
    match name {
        ConstraintName::NoneName => ConstraintName::None,
        name => name.clone(),
    }
}

/// A constraint's table, directly or through its column.
fn table_of(constraint: &Constraint) -> Result<Table> {
    constraint
        .table()
        .ok_or_else(|| Error::new(exception::ASSERTION_ERROR, ""))
}

/// `AddConstraintOp.from_constraint`.
pub(super) fn add_constraint(constraint: &Constraint) -> Result<MigrateOperation> {
    let constraint_name = name_or_none(&constraint.name());
    let table = table_of(constraint)?;
    let (table_name, schema) = (table.name(), table.schema());
    let dialect = constraint.dialect_options();
    Ok(match constraint {
        Constraint::PrimaryKey(primary_key) => CreatePrimaryKeyOp {
            constraint_name,
            table_name,
            // Alembic uses the keys here, not the names.
            columns: primary_key
                .columns()
                .iter()
                .map(|column| Name::from(column.key()))
                .collect(),
            schema,
            kw: ConstraintKeywords {
                dialect,
                ..ConstraintKeywords::default()
            },
        }
        .into(),
        Constraint::Unique(unique) => CreateUniqueConstraintOp {
            constraint_name,
            table_name,
            columns: unique
                .columns()
                .iter()
                .map(|column| column.name())
                .collect(),
            schema,
            kw: ConstraintKeywords {
                deferrable: unique.deferrable().filter(|deferrable| *deferrable),
                initially: unique.initially().filter(|text| !text.is_empty()),
                dialect,
            },
        }
        .into(),
        Constraint::ForeignKey(foreign_key) => {
            let target = |column: &sqlalchemy::schema::Column| {
                column
                    .table()
                    .ok_or_else(|| Error::new(exception::ASSERTION_ERROR, ""))
            };
            let remote = foreign_key
                .elements()
                .iter()
                .map(|element| element.column())
                .collect::<Result<Vec<_>>>()?;
            let referent =
                target(remote.first().ok_or_else(|| {
                    Error::new(exception::INDEX_ERROR, "list index out of range")
                })?)?;
            CreateForeignKeyOp {
                constraint_name,
                source_table: table_name,
                referent_table: referent.name(),
                local_cols: foreign_key
                    .columns()
                    .iter()
                    .map(|column| column.name())
                    .collect(),
                remote_cols: remote.iter().map(|column| column.name()).collect(),
                kw: ForeignKeyKeywords {
                    onupdate: foreign_key.onupdate().filter(|text| !text.is_empty()),
                    ondelete: foreign_key.ondelete().filter(|text| !text.is_empty()),
                    deferrable: foreign_key.deferrable().filter(|deferrable| *deferrable),
                    initially: foreign_key.initially().filter(|text| !text.is_empty()),
                    r#match: foreign_key.match_().filter(|text| !text.is_empty()),
                    use_alter: foreign_key.use_alter(),
                    source_schema: schema,
                    referent_schema: referent.schema(),
                    dialect,
                },
            }
            .into()
        }
        Constraint::Check(check) => CreateCheckConstraintOp {
            constraint_name,
            table_name,
            condition: check.sqltext(),
            schema,
            kw: ConstraintKeywords {
                dialect,
                ..ConstraintKeywords::default()
            },
        }
        .into(),
        Constraint::Exclude(_) => return Err(no_operation()),
    })
}

/// Alembic's operation of an EXCLUDE is not among these.
fn no_operation() -> Error {
    Error::unsupported("an operation for an EXCLUDE constraint that was there before")
        .with_hint("Write op.create_exclude_constraint() by hand.")
}
