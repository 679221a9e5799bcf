//! What the dialects share: `alembic.ddl.impl.DefaultImpl`.

use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::base::{AlterStyle, AlterTable, Change};
use super::execution::{self, Executable};
use driver::Value;
use ground::diagnostic::{Error, Result};
use ground::run::Run;
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::engine::{Compiled, Connection, CursorResult, ExecutionOptions};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::Name;
use sqlalchemy::reflection::Inspector;
use sqlalchemy::schema::{
    Column, ColumnOptions, Constraint, ConstraintOptions, DialectOptions, Index, MetaData,
    PrimaryKeyConstraint, ServerDefault, Table, TableItem, TableOptions,
};
use sqlalchemy::sql::{Delete, FromClause, Insert, Statement, Update, select};
use sqlalchemy::sqltypes::Type;

/// Takes the text that `--sql` writes.
pub type Output = Rc<dyn Fn(&str) -> Result<()>>;

/// The constructor's arguments.
pub struct ImplOptions {
    /// What surrounds the command.
    pub run: Run,
    /// The connection; none in `--sql` mode.
    pub connection: Option<Connection>,
    /// Whether SQL is written instead of run.
    pub as_sql: bool,
    /// Overrules the dialect's habit.
    pub transactional_ddl: Option<bool>,
    /// Whether bound values are written into the SQL.
    pub literal_binds: bool,
    /// Takes the SQL.
    pub output: Output,
}

/// What an implementation holds.
pub struct ImplState {
    run: Run,
    dialect: Dialect,
    connection: RefCell<Option<Connection>>,
    as_sql: bool,
    transactional_ddl: Option<bool>,
    literal_binds: bool,
    output: Output,
}

impl ImplState {
    /// State for a dialect.
    ///
    /// # Errors
    /// `CommandError` for `literal_binds` without `--sql`.
    pub fn new(dialect: &Dialect, options: ImplOptions) -> Result<Self> {
        if options.literal_binds && !options.as_sql {
            return Err(Error::command(
                "Can't use literal_binds setting without as_sql mode",
            ));
        }
        Ok(ImplState {
            run: options.run,
            dialect: dialect.clone(),
            connection: RefCell::new(options.connection),
            as_sql: options.as_sql,
            transactional_ddl: options.transactional_ddl,
            literal_binds: options.literal_binds,
            output: options.output,
        })
    }

    /// What surrounds the command.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The dialect.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The connection; none in `--sql` mode.
    pub fn connection(&self) -> Option<Connection> {
        self.connection.borrow().clone()
    }

    /// Whether SQL is written instead of run.
    pub fn as_sql(&self) -> bool {
        self.as_sql
    }

    fn online(&self) -> Result<Connection> {
        self.connection()
            .ok_or_else(|| Error::new("AssertionError", ""))
    }
}

/// The arguments of `alter_column`.
///
/// As in [`AlterColumnOp`](crate::operations::ops::AlterColumnOp), an outer `None` stands for
/// Python's `False`.
#[derive(Clone)]
pub struct AlterColumn {
    /// The table.
    pub table_name: Name,
    /// The column.
    pub column_name: Name,
    /// The table's schema.
    pub schema: Option<Name>,
    /// Whether it shall take NULL.
    pub nullable: Option<bool>,
    /// Its server default after.
    pub server_default: Option<Option<ServerDefault>>,
    /// Its name after.
    pub name: Option<Name>,
    /// Its type after.
    pub kind: Option<Type>,
    /// Its comment after.
    pub comment: Option<Option<Rc<str>>>,
    /// Its type before.
    pub existing_type: Option<Type>,
    /// Its server default before.
    pub existing_server_default: Option<Option<ServerDefault>>,
    /// Whether it took NULL before.
    pub existing_nullable: Option<bool>,
    /// Its comment before.
    pub existing_comment: Option<Rc<str>>,
    /// MySQL's AUTO_INCREMENT; in a batch, the column's flag.
    pub autoincrement: Option<bool>,
    /// MySQL's AUTO_INCREMENT before.
    pub existing_autoincrement: Option<bool>,
    /// Keywords of dialects, such as `postgresql_using`.
    pub dialect: DialectOptions,
}

/// A value of a row of `bulk_insert`.
#[derive(Clone)]
pub enum RowValue {
    /// A plain value, bound to a parameter.
    Literal(Literal),
    /// `op.inline_literal(...)`: written into the SQL.
    Inline(Literal, Option<Type>),
    /// A SQL expression.
    Expression(Expression),
}

/// The rows of `bulk_insert`, each in the order of its dictionary.
pub type Rows = Vec<IndexMap<Rc<str>, RowValue>>;

/// What a batch holds for later, as far as a dialect looks at it to decide whether the table must
/// be made again.
pub enum BatchItem<'a> {
    /// `add_column`.
    AddColumn(&'a Column),
    /// `create_index` or `drop_index`.
    Index,
    /// Anything else.
    Other,
}

/// `alembic.ddl.impl.DefaultImpl`: carries operations out on a connection, or writes their SQL.
pub trait DefaultImpl {
    /// What it holds.
    fn state(&self) -> &ImplState;

    /// Name of the class, as the log shows it.
    fn name(&self) -> &'static str;

    /// Whether the dialect's DDL takes part in transactions by default.
    fn assumes_transactional_ddl(&self) -> bool {
        false
    }

    /// Whether DDL takes part in transactions.
    fn transactional_ddl(&self) -> bool {
        self.state()
            .transactional_ddl
            .unwrap_or_else(|| self.assumes_transactional_ddl())
    }

    /// What ends a statement in a script.
    fn command_terminator(&self) -> &'static str {
        ";"
    }

    /// How ALTER statements are said.
    fn alter_style(&self) -> AlterStyle {
        AlterStyle::Default
    }

    /// Writes text to the script, an empty line after it.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn static_output(&self, text: &str) -> Result<()> {
        (self.state().output)(&format!("{text}\n\n"))
    }

    /// Begins a run.
    ///
    /// # Errors
    /// None here.
    fn start_migrations(&self) -> Result<()> {
        Ok(())
    }

    /// Writes `BEGIN`.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn emit_begin(&self) -> Result<()> {
        self.static_output(&format!("BEGIN{}", self.command_terminator()))
    }

    /// Writes `COMMIT`.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn emit_commit(&self) -> Result<()> {
        self.static_output(&format!("COMMIT{}", self.command_terminator()))
    }

    /// Runs or writes one statement.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn exec(
        &self,
        statement: &Executable,
        execution_options: Option<&ExecutionOptions>,
    ) -> Result<Option<CursorResult>> {
        let state = self.state();
        if state.as_sql {
            let text = match statement {
                Executable::Statement(statement) => {
                    execution::static_text(statement, &state.dialect, state.literal_binds)?
                }
                Executable::Ddl(ddl) => ddl.compile(&state.dialect)?,
            };
            self.write_statement(&text)?;
            return Ok(None);
        }
        let connection = state.online()?;
        if let Some(options) = execution_options {
            connection.execution_options(options.clone())?;
        }
        match statement {
            Executable::Statement(statement) => {
                execution::execute_statement(&connection, &state.dialect, statement, &[])
            }
            Executable::Ddl(ddl) => {
                connection.execute(&Compiled::ddl(ddl.compile(&state.dialect)?))
            }
        }
        .map(Some)
    }

    /// Writes a compiled statement.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn write_statement(&self, text: &str) -> Result<()> {
        let text = text.replace('\t', "    ");
        self.static_output(&format!(
            "{}{}",
            text.trim_matches(is_python_space),
            self.command_terminator()
        ))
    }

    /// Runs or writes one statement of DDL.
    ///
    /// # Errors
    /// Errors of the database.
    fn exec_ddl(&self, text: &str) -> Result<()> {
        let state = self.state();
        if state.as_sql {
            self.write_statement(text)
        } else {
            state.online()?.execute(&Compiled::ddl(text)).map(drop)
        }
    }

    /// Runs or writes one ALTER statement.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn exec_alter(&self, statement: &AlterTable) -> Result<()> {
        self.exec_ddl(&statement.compile(&self.state().dialect, self.alter_style())?)
    }

    /// `impl.execute`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn execute(
        &self,
        statement: &Executable,
        execution_options: Option<&ExecutionOptions>,
    ) -> Result<()> {
        self.exec(statement, execution_options).map(drop)
    }

    /// `alter_column`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn alter_column(&self, alter: &AlterColumn) -> Result<()> {
        alter_column_parts(self, alter)
    }

    /// `add_column`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn add_column(
        &self,
        table_name: &Name,
        column: &Column,
        schema: Option<&Name>,
        if_not_exists: bool,
        inline_references: bool,
        inline_primary_key: bool,
    ) -> Result<()> {
        self.exec_alter(&AlterTable {
            table_name: table_name.clone(),
            schema: schema.cloned(),
            change: Change::AddColumn {
                column: column.clone(),
                if_not_exists,
                inline_references,
                inline_primary_key,
            },
        })
    }

    /// `drop_column`.
    ///
    /// # Errors
    /// Errors of the database.
    fn drop_column(
        &self,
        table_name: &Name,
        column: &Column,
        schema: Option<&Name>,
        if_exists: bool,
    ) -> Result<()> {
        self.exec_alter(&AlterTable {
            table_name: table_name.clone(),
            schema: schema.cloned(),
            change: Change::DropColumn {
                name: column.name(),
                if_exists,
            },
        })
    }

    /// `add_constraint`.
    ///
    /// # Errors
    /// `NotImplementedError` where the dialect can't, and errors of the database.
    fn add_constraint(&self, constraint: &Constraint) -> Result<()> {
        let dialect = &self.state().dialect;
        if constraint.should_create(dialect) {
            self.exec_ddl(&compiler::add_constraint(constraint, dialect)?)?;
        }
        Ok(())
    }

    /// `drop_constraint`.
    ///
    /// # Errors
    /// `NotImplementedError` where the dialect can't, and errors of the database.
    fn drop_constraint(
        &self,
        constraint: Option<&Constraint>,
        if_exists: Option<bool>,
    ) -> Result<()> {
        let constraint =
            constraint.ok_or_else(|| Error::unsupported("a constraint of no known kind"))?;
        self.exec_ddl(&compiler::drop_constraint(
            constraint,
            &self.state().dialect,
            if_exists.unwrap_or(false),
            false,
        )?)
    }

    /// `rename_table`.
    ///
    /// # Errors
    /// Errors of the database.
    fn rename_table(
        &self,
        old_table_name: &Name,
        new_table_name: &Name,
        schema: Option<&Name>,
    ) -> Result<()> {
        self.exec_alter(&AlterTable {
            table_name: old_table_name.clone(),
            schema: schema.cloned(),
            change: Change::Rename(new_table_name.clone()),
        })
    }

    /// `create_table`, with its indexes and comments.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_table(&self, table: &Table, if_not_exists: bool) -> Result<()> {
        let dialect = &self.state().dialect;
        self.exec_ddl(&compiler::create_table(
            table,
            dialect,
            if_not_exists,
            None,
        )?)?;
        for index in table.indexes() {
            self.create_index(&index, false)?;
        }
        if self.comments_apart() {
            if table.comment().is_some() {
                self.create_table_comment(table)?;
            }
            for column in table.columns() {
                if column.comment().is_some() {
                    self.create_column_comment(&column)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the dialect has comments and says them in statements of their own.
    fn comments_apart(&self) -> bool {
        false
    }

    /// `drop_table`.
    ///
    /// # Errors
    /// Errors of the database.
    fn drop_table(&self, table: &Table, if_exists: bool) -> Result<()> {
        self.exec_ddl(&compiler::drop_table(
            table,
            &self.state().dialect,
            if_exists,
        )?)
    }

    /// `bulk_insert`.
    ///
    /// # Errors
    /// `KeyError` for a column that the table has not, in `--sql` mode; errors of the compiler and
    /// of the database.
    fn bulk_insert(&self, table: &FromClause, rows: &Rows, multiinsert: bool) -> Result<()> {
        let state = self.state();
        if state.as_sql {
            for row in rows {
                let mut values = Vec::with_capacity(row.len());
                for (key, value) in row {
                    let kind = match table.column(key) {
                        Some(column) => column.kind(),
                        None => {
                            return Err(Error::new(
                                "KeyError",
                                sqlalchemy::literal::string_repr(key),
                            ));
                        }
                    };
                    values.push((key.clone(), value.inlined(&kind, &state.dialect)?));
                }
                let mut insert = Insert::new(table.clone()).values(values);
                insert.inline = true;
                self.exec(&Executable::from(insert), None)?;
            }
            return Ok(());
        }
        if rows.is_empty() {
            return Ok(());
        }
        let connection = state.online()?;
        let plain = rows
            .iter()
            .flat_map(|row| row.values())
            .all(|value| matches!(value, RowValue::Literal(_)));
        if multiinsert && plain {
            let mut insert = Insert::new(table.clone());
            insert.inline = true;
            let sets: Vec<Vec<(Rc<str>, Literal)>> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|(key, value)| (key.clone(), value.literal()))
                        .collect()
                })
                .collect();
            execution::execute_statement(
                &connection,
                &state.dialect,
                &Statement::Insert(insert),
                &sets,
            )?;
            return Ok(());
        }
        for row in rows {
            let mut values = Vec::with_capacity(row.len());
            for (key, value) in row {
                let kind = table.column(key).map(|column| column.kind());
                values.push((
                    key.clone(),
                    value.bound(key, kind.as_ref(), &state.dialect)?,
                ));
            }
            let mut insert = Insert::new(table.clone()).values(values);
            insert.inline = true;
            execution::execute_statement(
                &connection,
                &state.dialect,
                &Statement::Insert(insert),
                &[],
            )?;
        }
        Ok(())
    }

    /// The version table as an object.
    ///
    /// # Errors
    /// What SQLAlchemy raises for the name.
    fn version_table_impl(
        &self,
        version_table: &str,
        version_table_schema: Option<&str>,
        version_table_pk: bool,
    ) -> Result<Table> {
        let table = Table::new(
            version_table,
            &MetaData::new(),
            vec![TableItem::Column(Column::with_options(ColumnOptions {
                name: Some("version_num".into()),
                kind: Some(Type::string(Some(32))),
                nullable: Some(false),
                ..ColumnOptions::default()
            })?)],
            TableOptions {
                schema: version_table_schema.into(),
                ..TableOptions::default()
            },
        )?;
        if version_table_pk {
            let primary_key = PrimaryKeyConstraint::new(
                vec!["version_num".into()],
                ConstraintOptions {
                    name: format!("{version_table}_pkc").into(),
                    ..ConstraintOptions::default()
                },
            )?;
            table.append_constraint(&primary_key.into())?;
        }
        Ok(table)
    }

    /// `version.create(connection, checkfirst=True)`.
    ///
    /// # Errors
    /// Errors of the database.
    fn create_if_missing(&self, version: &Table) -> Result<()> {
        let connection = self.state().online()?;
        if self.has_table(&version.name(), version.schema().as_ref())? {
            return Ok(());
        }
        let text = compiler::create_table(version, &self.state().dialect, false, None)?;
        connection.execute(&Compiled::ddl(text)).map(drop)
    }

    /// Writes the statement that makes the version table.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn create_static(&self, version: &Table) -> Result<()> {
        self.exec_ddl(&compiler::create_table(
            version,
            &self.state().dialect,
            false,
            None,
        )?)
    }

    /// Whether the database has a table of that name.
    ///
    /// # Errors
    /// Errors of the database.
    fn has_table(&self, name: &str, schema: Option<&Name>) -> Result<bool> {
        let connection = self.state().online()?;
        Inspector::new(&connection)?.has_table(name, schema.map(Name::as_str))
    }

    /// The versions that the table holds.
    ///
    /// # Errors
    /// Errors of the database.
    fn select_versions(&self, version: &Table) -> Result<Vec<String>> {
        let connection = self.state().online()?;
        let statement = Statement::from(select(vec![version_column(version)?]));
        let rows =
            execution::execute_statement(&connection, &self.state().dialect, &statement, &[])?
                .all()?;
        Ok(rows
            .iter()
            .map(|row| match row.values().first() {
                Some(Value::Text(text)) => text.to_string(),
                Some(Value::Integer(number)) => number.to_string(),
                _ => String::new(),
            })
            .collect())
    }

    /// Inserts a version.
    ///
    /// # Errors
    /// Errors of the database.
    fn insert_version(&self, table: &Table, version: &str) -> Result<()> {
        let mut insert = Insert::new(table.clone()).values(vec![(
            "version_num".into(),
            elements::literal_column(&format!("'{version}'"), None),
        )]);
        // A primary key that is written as an SQL expression is asked back for, where the
        // dialect can.
        let dialect = self.state().dialect();
        if !table.primary_key().columns().is_empty()
            && (dialect.is_sqlite() || dialect.is_postgresql())
        {
            insert.returning = vec![version_column(table)?];
        }
        self.exec(&Executable::from(insert), None).map(drop)
    }

    /// Deletes one version or all; rows affected, online.
    ///
    /// # Errors
    /// Errors of the database.
    fn delete_versions(&self, table: &Table, version: Option<&str>) -> Result<Option<i64>> {
        let mut delete = Delete::new(table.clone());
        if let Some(version) = version {
            delete = delete.where_(version_is(table, version)?);
        }
        let result = self.exec(&Executable::from(delete), None)?;
        Ok(result.map(|result| result.rowcount()))
    }

    /// Updates a version; rows affected, online.
    ///
    /// # Errors
    /// Errors of the database.
    fn update_version(&self, table: &Table, from: &str, to: &str) -> Result<Option<i64>> {
        let update = Update::new(table.clone())
            .set(
                version_column(table)?,
                elements::literal_column(&format!("'{to}'"), None),
            )
            .where_(version_is(table, from)?);
        let result = self.exec(&Executable::from(update), None)?;
        Ok(result.map(|result| result.rowcount()))
    }

    /// `create_index`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_index(&self, index: &Index, if_not_exists: bool) -> Result<()> {
        self.exec_ddl(&compiler::create_index(
            index,
            &self.state().dialect,
            if_not_exists,
        )?)
    }

    /// `drop_index`.
    ///
    /// # Errors
    /// Errors of the database.
    fn drop_index(&self, index: &Index, if_exists: bool) -> Result<()> {
        self.exec_ddl(&compiler::drop_index(
            index,
            &self.state().dialect,
            if_exists,
        )?)
    }

    /// `create_table_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_table_comment(&self, table: &Table) -> Result<()> {
        self.exec_ddl(&compiler::set_table_comment(table, &self.state().dialect)?)
    }

    /// `drop_table_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn drop_table_comment(&self, table: &Table) -> Result<()> {
        self.exec_ddl(&compiler::drop_table_comment(table, &self.state().dialect)?)
    }

    /// `create_column_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_column_comment(&self, column: &Column) -> Result<()> {
        self.exec_ddl(&compiler::set_column_comment(
            column,
            &self.state().dialect,
        )?)
    }

    /// Whether a batch must make the table again instead of altering it.
    fn requires_recreate_in_batch(&self, items: &[BatchItem<'_>]) -> bool {
        let _ = items;
        false
    }

    /// `cast_for_batch_migrate`: how a column's values are copied to a column of another type.
    fn cast_for_batch_migrate(
        &self,
        existing: &Type,
        expression: Expression,
        new_type: &Type,
    ) -> Expression {
        if same_affinity(existing, new_type) {
            expression
        } else {
            elements::cast(expression, new_type.clone())
        }
    }

    /// `autogen_column_reflect`: what the text of a reflected default becomes.
    fn autogen_column_reflect(&self, default: Option<String>) -> Option<String> {
        default
    }

    /// `render_ddl_sql_expr`: the text of an expression for autogenerate's comparisons.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn render_ddl_sql_expr(
        &self,
        expression: &Expression,
        is_server_default: bool,
    ) -> Result<String> {
        let _ = is_server_default;
        compiler::ddl_expression(expression, &self.state().dialect)
    }
}

/// One statement for each thing that changes about a column.
pub(super) fn alter_column_parts<I: DefaultImpl + ?Sized>(
    implementation: &I,
    alter: &AlterColumn,
) -> Result<()> {
    if alter.autoincrement.is_some() || alter.existing_autoincrement.is_some() {
        implementation.state().run.warning(
            "UserWarning",
            "autoincrement and existing_autoincrement only make sense for MySQL",
        );
    }
    let exec = |change: Change| {
        implementation.exec_alter(&AlterTable {
            table_name: alter.table_name.clone(),
            schema: alter.schema.clone(),
            change,
        })
    };
    let column = || alter.column_name.clone();
    if let Some(nullable) = alter.nullable {
        exec(Change::Nullable(column(), nullable))?;
    }
    if let Some(default) = &alter.server_default {
        exec(Change::Default {
            column: column(),
            default: default.clone(),
            existing: alter.existing_server_default.clone().flatten(),
        })?;
    }
    if let Some(kind) = &alter.kind {
        exec(Change::Type(column(), kind.clone()))?;
    }
    if let Some(comment) = &alter.comment {
        exec(Change::Comment(column(), comment.clone()))?;
    }
    if let Some(name) = &alter.name {
        exec(Change::Name(column(), name.clone()))?;
    }
    Ok(())
}

fn version_column(table: &Table) -> Result<Expression> {
    table
        .column("version_num")
        .map(Expression::Column)
        .ok_or_else(|| Error::new("AttributeError", "version_num"))
}

fn version_is(table: &Table, version: &str) -> Result<Expression> {
    version_column(table)?.eq(elements::literal_column(&format!("'{version}'"), None))
}

impl RowValue {
    /// The value, where it is plain.
    fn literal(&self) -> Literal {
        match self {
            RowValue::Literal(value) | RowValue::Inline(value, _) => value.clone(),
            RowValue::Expression(_) => Literal::Null,
        }
    }

    /// Written into the SQL, as `--sql` mode wants it.
    fn inlined(&self, kind: &Type, dialect: &Dialect) -> Result<Expression> {
        match self {
            RowValue::Literal(value) => execution::inline_literal(value, kind, dialect),
            RowValue::Inline(value, given) => {
                execution::inline_literal(value, given.as_ref().unwrap_or(kind), dialect)
            }
            RowValue::Expression(expression) => Ok(expression.clone()),
        }
    }

    /// As a parameter, or written into the SQL where the script asked for that.
    fn bound(&self, key: &str, kind: Option<&Type>, dialect: &Dialect) -> Result<Expression> {
        match self {
            RowValue::Literal(value) => {
                Ok(elements::bindparam(key, Some(value.clone()), kind.cloned()))
            }
            RowValue::Inline(value, given) => {
                let plain = Type::null();
                execution::inline_literal(value, given.as_ref().or(kind).unwrap_or(&plain), dialect)
            }
            RowValue::Expression(expression) => Ok(expression.clone()),
        }
    }
}

/// Whether two types store the same kind of value.
pub fn same_affinity(one: &Type, other: &Type) -> bool {
    one.affinity() == other.affinity()
}

/// What Python's `str.strip()` takes away.
fn is_python_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}
