//! Operations as plain data that outlives the objects of a run.

use crate::ddl::Executable;
use crate::operations::ops::{IndexElement, MigrateOperation, SqlText};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{Column, ColumnArgument, Constraint, TableItem};
use sqlalchemy::sqltypes::Type;

/// A column that an operation adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewColumn {
    /// Its name.
    pub name: String,
    /// Its type in the database's DDL.
    pub kind: String,
    /// The values of an Enum.
    pub enums: Vec<String>,
    /// Whether it is nullable.
    pub nullable: bool,
    /// Whether the database provides its value: a server default, a computed or identity column.
    pub filled: bool,
    /// Whether it has a default of Python's, which only statements of SQLAlchemy use.
    pub python_default: bool,
    /// Whether it is (part of) the primary key.
    pub primary_key: bool,
    /// Whether the column itself is unique.
    pub unique: bool,
    /// The tables referenced by its own foreign keys.
    pub foreign_keys: Vec<String>,
}

/// The new type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewType {
    /// The type in the database's DDL.
    pub kind: String,
    /// Its length in characters.
    pub length: Option<i64>,
    /// The values of an Enum.
    pub enums: Vec<String>,
}

/// The kinds of constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// PRIMARY KEY.
    PrimaryKey,
    /// FOREIGN KEY.
    ForeignKey,
    /// UNIQUE.
    Unique,
    /// CHECK.
    Check,
}

impl ConstraintKind {
    /// Its name in `drop_constraint(type_=...)`.
    pub fn word(self) -> &'static str {
        match self {
            ConstraintKind::PrimaryKey => "primary",
            ConstraintKind::ForeignKey => "foreignkey",
            ConstraintKind::Unique => "unique",
            ConstraintKind::Check => "check",
        }
    }
}

/// A recorded operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedOperation {
    /// `create_table`.
    CreateTable {
        /// The table.
        table: String,
        /// Its columns.
        columns: Vec<NewColumn>,
    },
    /// `drop_table`.
    DropTable {
        /// The table.
        table: String,
    },
    /// `rename_table`.
    RenameTable {
        /// The table.
        table: String,
        /// Its new name.
        to: String,
    },
    /// `add_column`.
    AddColumn {
        /// The table.
        table: String,
        /// The column.
        column: Box<NewColumn>,
    },
    /// `drop_column`.
    DropColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// `alter_column`.
    AlterColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its new name.
        rename: Option<String>,
        /// Its new type.
        kind: Option<NewType>,
        /// The new nullability, if it changes.
        nullable: Option<bool>,
        /// Whether the server default changes.
        default: bool,
    },
    /// `create_index`.
    CreateIndex {
        /// The index.
        name: Option<String>,
        /// The table.
        table: String,
        /// Its columns, if it contains no expressions.
        columns: Option<Vec<String>>,
        /// Whether it is unique.
        unique: bool,
    },
    /// `drop_index`.
    DropIndex {
        /// The index.
        name: Option<String>,
        /// The table.
        table: Option<String>,
    },
    /// `create_unique_constraint`, `create_foreign_key`, ...
    CreateConstraint {
        /// Its kind.
        kind: ConstraintKind,
        /// Its name.
        name: Option<String>,
        /// The table.
        table: String,
        /// Its columns.
        columns: Vec<String>,
        /// The table referenced by a foreign key.
        referred: Option<String>,
    },
    /// `drop_constraint`.
    DropConstraint {
        /// Its name.
        name: Option<String>,
        /// The table.
        table: String,
        /// `type_`.
        kind: Option<String>,
    },
    /// `execute`.
    Execute {
        /// The SQL, if it was given as text.
        sql: Option<String>,
    },
    /// `bulk_insert`, comments, user-defined operations.
    Other,
}

impl RecordedOperation {
    /// The table it applies to.
    pub fn table(&self) -> Option<&str> {
        match self {
            RecordedOperation::CreateTable { table, .. }
            | RecordedOperation::DropTable { table }
            | RecordedOperation::RenameTable { table, .. }
            | RecordedOperation::AddColumn { table, .. }
            | RecordedOperation::DropColumn { table, .. }
            | RecordedOperation::AlterColumn { table, .. }
            | RecordedOperation::CreateIndex { table, .. }
            | RecordedOperation::CreateConstraint { table, .. }
            | RecordedOperation::DropConstraint { table, .. } => Some(table),
            RecordedOperation::DropIndex { table, .. } => table.as_deref(),
            RecordedOperation::Execute { .. } | RecordedOperation::Other => None,
        }
    }
}

fn constraint_name(name: &ConstraintName) -> Option<String> {
    name.as_str().map(str::to_owned)
}

fn names(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.as_str().to_owned()).collect()
}

fn type_text(kind: &Type, dialect: &Dialect) -> String {
    // A type that the dialect cannot render is represented by its Python name.
    kind.compile(dialect).unwrap_or_else(|_| kind.class_name())
}

fn new_column(column: &Column, dialect: &Dialect) -> NewColumn {
    let kind = column.kind();
    NewColumn {
        name: column.name().as_str().to_owned(),
        kind: type_text(&kind, dialect),
        enums: kind.enums().iter().map(ToString::to_string).collect(),
        nullable: column.nullable(),
        filled: column.server_default().is_some()
            || column.computed().is_some()
            || column.identity().is_some(),
        python_default: column.default().is_some(),
        primary_key: column.primary_key(),
        unique: column.unique() == Some(true),
        foreign_keys: column
            .foreign_keys()
            .iter()
            .filter_map(|key| key.target_fullname().ok())
            .collect(),
    }
}

/// Converts an operation to plain data.
pub(super) fn recorded(operation: &MigrateOperation, dialect: &Dialect) -> RecordedOperation {
    use MigrateOperation as Op;
    let text = |name: &Name| name.as_str().to_owned();
    let constraint = |kind, name: &ConstraintName, table: &Name, columns: Vec<String>| {
        RecordedOperation::CreateConstraint {
            kind,
            name: constraint_name(name),
            table: text(table),
            columns,
            referred: None,
        }
    };
    match operation {
        Op::CreateTable(op) => {
            let op = op.borrow();
            let mut columns: Vec<NewColumn> = Vec::new();
            for item in &op.columns {
                if let TableItem::Column(column) = item {
                    columns.push(new_column(column, dialect));
                }
            }
            for item in &op.columns {
                if let TableItem::Constraint(Constraint::PrimaryKey(key)) = item {
                    for argument in key.column_arguments() {
                        let name = match argument {
                            ColumnArgument::Key(name) => name.to_string(),
                            ColumnArgument::Column(column) => column.name().as_str().to_owned(),
                        };
                        for column in columns.iter_mut().filter(|column| column.name == name) {
                            column.primary_key = true;
                        }
                    }
                }
            }
            RecordedOperation::CreateTable {
                table: text(&op.table_name),
                columns,
            }
        }
        Op::DropTable(op) => RecordedOperation::DropTable {
            table: text(&op.borrow().table_name),
        },
        Op::RenameTable(op) => {
            let op = op.borrow();
            RecordedOperation::RenameTable {
                table: text(&op.table_name),
                to: text(&op.new_table_name),
            }
        }
        Op::AddColumn(op) => {
            let op = op.borrow();
            RecordedOperation::AddColumn {
                table: text(&op.table_name),
                column: Box::new(new_column(&op.column, dialect)),
            }
        }
        Op::DropColumn(op) => {
            let op = op.borrow();
            RecordedOperation::DropColumn {
                table: text(&op.table_name),
                column: text(&op.column_name),
            }
        }
        Op::AlterColumn(op) => {
            let op = op.borrow();
            RecordedOperation::AlterColumn {
                table: text(&op.table_name),
                column: text(&op.column_name),
                rename: op.modify_name.as_ref().map(text),
                kind: op.modify_type.as_ref().map(|kind| NewType {
                    kind: type_text(kind, dialect),
                    length: kind.length(),
                    enums: kind.enums().iter().map(ToString::to_string).collect(),
                }),
                nullable: op.modify_nullable,
                default: op.modify_server_default.is_some(),
            }
        }
        Op::CreateIndex(op) => {
            let op = op.borrow();
            RecordedOperation::CreateIndex {
                name: constraint_name(&op.index_name),
                table: text(&op.table_name),
                columns: op
                    .columns
                    .iter()
                    .map(|element| match element {
                        IndexElement::Name(name) => Some(text(name)),
                        IndexElement::Expression(_) => None,
                    })
                    .collect(),
                unique: op.unique,
            }
        }
        Op::DropIndex(op) => {
            let op = op.borrow();
            RecordedOperation::DropIndex {
                name: constraint_name(&op.index_name),
                table: op.table_name.as_ref().map(text),
            }
        }
        Op::CreatePrimaryKey(op) => {
            let op = op.borrow();
            constraint(
                ConstraintKind::PrimaryKey,
                &op.constraint_name,
                &op.table_name,
                names(&op.columns),
            )
        }
        Op::CreateUniqueConstraint(op) => {
            let op = op.borrow();
            constraint(
                ConstraintKind::Unique,
                &op.constraint_name,
                &op.table_name,
                names(&op.columns),
            )
        }
        Op::CreateCheckConstraint(op) => {
            let op = op.borrow();
            constraint(
                ConstraintKind::Check,
                &op.constraint_name,
                &op.table_name,
                Vec::new(),
            )
        }
        Op::CreateForeignKey(op) => {
            let op = op.borrow();
            RecordedOperation::CreateConstraint {
                kind: ConstraintKind::ForeignKey,
                name: constraint_name(&op.constraint_name),
                table: text(&op.source_table),
                columns: names(&op.local_cols),
                referred: Some(text(&op.referent_table)),
            }
        }
        Op::DropConstraint(op) => {
            let op = op.borrow();
            RecordedOperation::DropConstraint {
                name: constraint_name(&op.constraint_name),
                table: text(&op.table_name),
                kind: op.constraint_type.clone(),
            }
        }
        Op::ExecuteSQL(op) => RecordedOperation::Execute {
            sql: match &op.borrow().sqltext {
                SqlText::String(sql) => Some(sql.clone()),
                SqlText::Construct(Executable::Statement(sqlalchemy::sql::Statement::Text(
                    text,
                ))) => Some(text.text.to_string()),
                SqlText::Construct(_) => None,
            },
        },
        _ => RecordedOperation::Other,
    }
}
