//! Operations as data: `alembic.operations.ops`.
//!
//! Operations are shared handles, because `process_revision_directives` and rewriters modify them
//! in place and Python must see the same object again.

mod column;
mod constraint;
mod container;
mod index;
mod table;

use ground::exception;
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

pub use column::{AddColumnOp, AlterColumnKeywords, AlterColumnOp, DropColumnOp};
pub use constraint::{
    ConstraintKeywords, CreateCheckConstraintOp, CreateForeignKeyOp, CreatePrimaryKeyOp,
    CreateUniqueConstraintOp, DropConstraintOp, ForeignKeyKeywords,
};
pub use container::{
    DowngradeOps, MigrationScript, ModifyTableOps, OpContainer, Operations as OperationList,
    UpgradeOps,
};
pub use index::{CreateIndexOp, DropIndexOp};
pub use table::{
    CreateTableCommentOp, CreateTableOp, DropTableCommentOp, DropTableOp, RenameTableOp,
};

use crate::ddl::{Executable, Rows};
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::{Error, Result};
use sqlalchemy::elements::Expression;
use sqlalchemy::name::Name;
use sqlalchemy::schema::{Column, Constraint, Index, ServerDefault, Table};
use sqlalchemy::sql::{FromClause, Statement};
use sqlalchemy::sqltypes::Type;

/// A handle to an operation's data.
pub type Shared<T> = Rc<RefCell<T>>;

/// An operation: `alembic.operations.ops.MigrateOperation` and its subclasses.
#[derive(Clone)]
pub enum MigrateOperation {
    /// `op.create_table`.
    CreateTable(Shared<CreateTableOp>),
    /// `op.drop_table`.
    DropTable(Shared<DropTableOp>),
    /// `op.rename_table`.
    RenameTable(Shared<RenameTableOp>),
    /// `op.create_table_comment`.
    CreateTableComment(Shared<CreateTableCommentOp>),
    /// `op.drop_table_comment`.
    DropTableComment(Shared<DropTableCommentOp>),
    /// `op.add_column`.
    AddColumn(Shared<AddColumnOp>),
    /// `op.drop_column`.
    DropColumn(Shared<DropColumnOp>),
    /// `op.alter_column`.
    AlterColumn(Shared<AlterColumnOp>),
    /// `op.create_index`.
    CreateIndex(Shared<CreateIndexOp>),
    /// `op.drop_index`.
    DropIndex(Shared<DropIndexOp>),
    /// `op.create_primary_key`.
    CreatePrimaryKey(Shared<CreatePrimaryKeyOp>),
    /// `op.create_unique_constraint`.
    CreateUniqueConstraint(Shared<CreateUniqueConstraintOp>),
    /// `op.create_foreign_key`.
    CreateForeignKey(Shared<CreateForeignKeyOp>),
    /// `op.create_check_constraint`.
    CreateCheckConstraint(Shared<CreateCheckConstraintOp>),
    /// `op.drop_constraint`.
    DropConstraint(Shared<DropConstraintOp>),
    /// `op.execute`.
    ExecuteSQL(Shared<ExecuteSQLOp>),
    /// `op.bulk_insert`.
    BulkInsert(Shared<BulkInsertOp>),
    /// The operations on a table.
    ModifyTable(Shared<ModifyTableOps>),
    /// The body of `upgrade()`.
    Upgrade(Shared<UpgradeOps>),
    /// The body of `downgrade()`.
    Downgrade(Shared<DowngradeOps>),
    /// A plain container.
    Container(Shared<OpContainer>),
    /// A migration script.
    Script(Shared<MigrationScript>),
    /// A user-defined operation.
    Custom(Rc<dyn CustomOperation>),
}

/// An instance of a user-defined operation class, registered with `Operations.register_operation`;
/// implemented in `bindings`.
pub trait CustomOperation {
    /// Its class name.
    fn class_name(&self) -> String;
    /// The reverse operation.
    ///
    /// # Errors
    /// What its `reverse()` raises; `NotImplementedError` where it has none.
    fn reverse(&self) -> Result<MigrateOperation>;
    /// The result of `to_diff_tuple()`.
    ///
    /// # Errors
    /// What `to_diff_tuple()` raises.
    fn to_diff_tuple(&self) -> Result<Rc<dyn Any>>;
    /// The Python object.
    fn as_any(&self) -> &dyn Any;
}

/// The result of an operation's `to_diff_tuple()`; `compare_metadata` returns a list of these.
#[derive(Clone)]
pub enum Difference {
    /// `("add_table", table)` or `("remove_table", table)`.
    Table(&'static str, Table),
    /// `("add_table_comment", table, existing)`, or `("remove_table_comment", table)`.
    TableComment(&'static str, Table, Option<Option<Rc<str>>>),
    /// `("add_column", schema, table, column)` or `("remove_column", ...)`.
    Column(&'static str, Option<Name>, Name, Column),
    /// `("add_index", index)` or `("remove_index", index)`.
    Index(&'static str, Index),
    /// `("add_constraint", constraint)`, `("add_fk", ...)`, `("remove_fk", ...)`.
    Constraint(&'static str, Constraint),
    /// The list of `modify_...` tuples of one column.
    AlterColumn(Vec<ColumnDifference>),
    /// `("execute", sql)`.
    Execute(SqlText),
    /// The result of a user-defined operation.
    Custom(Rc<dyn Any>),
}

/// A `modify_...` tuple: name, schema, table, column, existing properties, and the two values.
#[derive(Clone)]
pub struct ColumnDifference {
    /// Schema of the table.
    pub schema: Option<Name>,
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column_name: Name,
    /// `existing_type`, unless the type itself changes.
    pub existing_type: Option<Type>,
    /// `existing_nullable`, unless nullability itself changes.
    pub existing_nullable: Option<bool>,
    /// `existing_server_default`, unless the default itself changes.
    pub existing_server_default: Option<Option<ServerDefault>>,
    /// `existing_comment`, unless the comment itself changes.
    pub existing_comment: Option<Rc<str>>,
    /// The change.
    pub change: ColumnChange,
}

/// The kind of a [`ColumnDifference`], with the old and the new value.
#[derive(Clone)]
pub enum ColumnChange {
    /// `modify_type`.
    Type(Option<Type>, Type),
    /// `modify_nullable`.
    Nullable(Option<bool>, bool),
    /// `modify_default`; an outer `None` is Python's `False`.
    ServerDefault(Option<Option<ServerDefault>>, Option<ServerDefault>),
    /// `modify_comment`.
    Comment(Option<Rc<str>>, Option<Rc<str>>),
}

impl ColumnChange {
    /// The first item of the tuple.
    pub fn name(&self) -> &'static str {
        match self {
            ColumnChange::Type(..) => "modify_type",
            ColumnChange::Nullable(..) => "modify_nullable",
            ColumnChange::ServerDefault(..) => "modify_default",
            ColumnChange::Comment(..) => "modify_comment",
        }
    }
}

/// The argument of `op.execute`: text or a construct.
#[derive(Clone)]
pub enum SqlText {
    /// A Python string, executed as `text()`.
    String(String),
    /// `text()`, `insert()`, `update()`, DDL and so on.
    Construct(Executable),
}

impl SqlText {
    /// The executable statement: a string becomes `text()`.
    pub fn to_executable(&self) -> Executable {
        match self {
            SqlText::String(string) => match sqlalchemy::elements::text(string) {
                Expression::Text(text) => Executable::Statement(Statement::Text(text)),
                other => Executable::Statement(Statement::Expression(other)),
            },
            SqlText::Construct(executable) => executable.clone(),
        }
    }
}

/// An element of an index: a column name, or an expression.
#[derive(Clone)]
pub enum IndexElement {
    /// A column by name.
    Name(Name),
    /// `text()`, a function call, `desc()` and so on.
    Expression(Expression),
}

/// `ExecuteSQLOp`: `op.execute`.
#[derive(Clone)]
pub struct ExecuteSQLOp {
    /// The statement.
    pub sqltext: SqlText,
    /// `execution_options`, if given.
    pub execution_options: Option<sqlalchemy::engine::ExecutionOptions>,
}

/// `BulkInsertOp`: `op.bulk_insert`.
#[derive(Clone)]
pub struct BulkInsertOp {
    /// A `Table` or a lightweight `table()`.
    pub table: FromClause,
    /// The rows, each with its columns in dictionary order.
    pub rows: Rows,
    /// Whether all rows are sent in one execution.
    pub multiinsert: bool,
}

macro_rules! operation_from {
    ($($variant:ident($operation:ident)),* $(,)?) => {
        $(impl From<$operation> for MigrateOperation {
            fn from(operation: $operation) -> Self {
                MigrateOperation::$variant(Rc::new(RefCell::new(operation)))
            }
        })*

        impl MigrateOperation {
            /// Its class name in `alembic.operations.ops`.
            pub fn class_name(&self) -> String {
                match self {
                    $(MigrateOperation::$variant(_) => stringify!($operation).to_owned(),)*
                    MigrateOperation::Custom(operation) => operation.class_name(),
                }
            }
        }
    };
}

operation_from! {
    CreateTable(CreateTableOp),
    DropTable(DropTableOp),
    RenameTable(RenameTableOp),
    CreateTableComment(CreateTableCommentOp),
    DropTableComment(DropTableCommentOp),
    AddColumn(AddColumnOp),
    DropColumn(DropColumnOp),
    AlterColumn(AlterColumnOp),
    CreateIndex(CreateIndexOp),
    DropIndex(DropIndexOp),
    CreatePrimaryKey(CreatePrimaryKeyOp),
    CreateUniqueConstraint(CreateUniqueConstraintOp),
    CreateForeignKey(CreateForeignKeyOp),
    CreateCheckConstraint(CreateCheckConstraintOp),
    DropConstraint(DropConstraintOp),
    ExecuteSQL(ExecuteSQLOp),
    BulkInsert(BulkInsertOp),
    ModifyTable(ModifyTableOps),
    Upgrade(UpgradeOps),
    Downgrade(DowngradeOps),
    Container(OpContainer),
    Script(MigrationScript),
}

impl fmt::Debug for MigrateOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.class_name())
    }
}

fn not_implemented() -> Error {
    Error::new(exception::NOT_IMPLEMENTED_ERROR, "")
}

impl MigrateOperation {
    /// The reverse operation.
    ///
    /// # Errors
    /// `ValueError` where what was there before is not known, `NotImplementedError` where an
    /// operation has no reverse.
    pub fn reverse(&self) -> Result<MigrateOperation> {
        Ok(match self {
            MigrateOperation::CreateTable(op) => op.borrow().reverse()?.into(),
            MigrateOperation::DropTable(op) => op.borrow().reverse()?.into(),
            MigrateOperation::CreateTableComment(op) => op.borrow().reverse(),
            MigrateOperation::DropTableComment(op) => op.borrow().reverse().into(),
            MigrateOperation::AddColumn(op) => op.borrow().reverse().into(),
            MigrateOperation::DropColumn(op) => op.borrow().reverse()?.into(),
            MigrateOperation::AlterColumn(op) => op.borrow().reverse().into(),
            MigrateOperation::CreateIndex(op) => op.borrow().reverse()?.into(),
            MigrateOperation::DropIndex(op) => op.borrow().reverse()?.into(),
            MigrateOperation::CreatePrimaryKey(_)
            | MigrateOperation::CreateUniqueConstraint(_)
            | MigrateOperation::CreateForeignKey(_)
            | MigrateOperation::CreateCheckConstraint(_) => {
                DropConstraintOp::from_constraint(&self.to_constraint(&SchemaObjects::default())?)?
                    .into()
            }
            MigrateOperation::DropConstraint(op) => op.borrow().reverse()?,
            MigrateOperation::ModifyTable(op) => op.borrow().reverse()?.into(),
            MigrateOperation::Upgrade(op) => op.borrow().reverse()?.into(),
            MigrateOperation::Downgrade(op) => op.borrow().reverse()?.into(),
            MigrateOperation::Custom(op) => op.reverse()?,
            MigrateOperation::RenameTable(_)
            | MigrateOperation::ExecuteSQL(_)
            | MigrateOperation::BulkInsert(_)
            | MigrateOperation::Container(_)
            | MigrateOperation::Script(_) => return Err(not_implemented()),
        })
    }

    /// The difference tuple of the operation.
    ///
    /// # Errors
    /// As [`reverse`](Self::reverse).
    pub fn to_diff_tuple(&self) -> Result<Difference> {
        let schema_obj = SchemaObjects::default();
        Ok(match self {
            MigrateOperation::CreateTable(op) => {
                Difference::Table("add_table", op.borrow().to_table(&schema_obj)?)
            }
            MigrateOperation::DropTable(op) => {
                Difference::Table("remove_table", op.borrow().to_table(&schema_obj)?)
            }
            MigrateOperation::CreateTableComment(op) => {
                let op = op.borrow();
                Difference::TableComment(
                    "add_table_comment",
                    op.to_table(&schema_obj)?,
                    Some(op.existing_comment.clone()),
                )
            }
            MigrateOperation::DropTableComment(op) => Difference::TableComment(
                "remove_table_comment",
                op.borrow().to_table(&schema_obj)?,
                None,
            ),
            MigrateOperation::AddColumn(op) => {
                let op = op.borrow();
                Difference::Column(
                    "add_column",
                    op.schema.clone(),
                    op.table_name.clone(),
                    op.column.clone(),
                )
            }
            MigrateOperation::DropColumn(op) => {
                let op = op.borrow();
                Difference::Column(
                    "remove_column",
                    op.schema.clone(),
                    op.table_name.clone(),
                    op.to_column(),
                )
            }
            MigrateOperation::AlterColumn(op) => Difference::AlterColumn(op.borrow().differences()),
            MigrateOperation::CreateIndex(op) => {
                Difference::Index("add_index", op.borrow().to_index(&schema_obj)?)
            }
            MigrateOperation::DropIndex(op) => {
                Difference::Index("remove_index", op.borrow().to_index(&schema_obj)?)
            }
            MigrateOperation::CreateForeignKey(_) => {
                Difference::Constraint("add_fk", self.to_constraint(&schema_obj)?)
            }
            MigrateOperation::CreatePrimaryKey(_)
            | MigrateOperation::CreateUniqueConstraint(_)
            | MigrateOperation::CreateCheckConstraint(_) => {
                Difference::Constraint("add_constraint", self.to_constraint(&schema_obj)?)
            }
            MigrateOperation::DropConstraint(op) => {
                let op = op.borrow();
                let name = if op.constraint_type.as_deref() == Some("foreignkey") {
                    "remove_fk"
                } else {
                    "remove_constraint"
                };
                Difference::Constraint(name, op.to_constraint()?)
            }
            MigrateOperation::ExecuteSQL(op) => Difference::Execute(op.borrow().sqltext.clone()),
            MigrateOperation::Custom(op) => Difference::Custom(op.to_diff_tuple()?),
            MigrateOperation::RenameTable(_)
            | MigrateOperation::BulkInsert(_)
            | MigrateOperation::ModifyTable(_)
            | MigrateOperation::Upgrade(_)
            | MigrateOperation::Downgrade(_)
            | MigrateOperation::Container(_)
            | MigrateOperation::Script(_) => return Err(not_implemented()),
        })
    }

    /// The constraint added by an `AddConstraintOp`, or dropped by a `DropConstraintOp`.
    ///
    /// # Errors
    /// `NotImplementedError` for other operations, and what SQLAlchemy raises for the constraint.
    pub fn to_constraint(&self, schema_obj: &SchemaObjects) -> Result<Constraint> {
        match self {
            MigrateOperation::CreatePrimaryKey(op) => op.borrow().to_constraint(schema_obj),
            MigrateOperation::CreateUniqueConstraint(op) => op.borrow().to_constraint(schema_obj),
            MigrateOperation::CreateForeignKey(op) => op.borrow().to_constraint(schema_obj),
            MigrateOperation::CreateCheckConstraint(op) => op.borrow().to_constraint(schema_obj),
            MigrateOperation::DropConstraint(op) => op.borrow().to_constraint(),
            _ => Err(not_implemented()),
        }
    }

    /// `AddConstraintOp.from_constraint`: creates the operation that adds a constraint.
    ///
    /// # Errors
    /// Where the constraint belongs to no table, or a foreign key's target is not known.
    pub fn add_constraint(constraint: &Constraint) -> Result<MigrateOperation> {
        constraint::add_constraint(constraint)
    }

    /// The operations in a container, if it is one.
    pub fn operations(&self) -> Option<OperationList> {
        match self {
            MigrateOperation::ModifyTable(op) => Some(op.borrow().ops.clone()),
            MigrateOperation::Upgrade(op) => Some(op.borrow().ops.clone()),
            MigrateOperation::Downgrade(op) => Some(op.borrow().ops.clone()),
            MigrateOperation::Container(op) => Some(op.borrow().ops.clone()),
            _ => None,
        }
    }

    /// Whether two handles refer to the same operation.
    pub fn is(&self, other: &MigrateOperation) -> bool {
        self.address() == other.address()
    }

    /// The address of the data: the same for all handles to one operation.
    pub fn address(&self) -> *const () {
        macro_rules! addresses {
            ($($variant:ident),*) => {
                match self { $(MigrateOperation::$variant(op) => Rc::as_ptr(op).cast(),)* }
            };
        }
        addresses!(
            CreateTable,
            DropTable,
            RenameTable,
            CreateTableComment,
            DropTableComment,
            AddColumn,
            DropColumn,
            AlterColumn,
            CreateIndex,
            DropIndex,
            CreatePrimaryKey,
            CreateUniqueConstraint,
            CreateForeignKey,
            CreateCheckConstraint,
            DropConstraint,
            ExecuteSQL,
            BulkInsert,
            ModifyTable,
            Upgrade,
            Downgrade,
            Container,
            Script,
            Custom
        )
    }
}
