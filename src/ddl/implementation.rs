//! Behaviour common to all dialects: `alembic.ddl.impl.DefaultImpl`.

use super::alter_column::{self, AlterColumn};
use super::autogen::{self, ComparisonResult};
use super::base::{AlterTable, Change};
use super::bulk_insert::{self, Rows};
use super::execution::{self, Executable};
use super::state::ImplState;
use super::version_table;
use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::engine::{Compiled, CursorResult, ExecutionOptions};
use sqlalchemy::exc;
use sqlalchemy::inspector::{Inspector, ReflectedColumn};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{
    Column, Constraint, DialectOptions, ForeignKeyConstraint, Identity, Index, Table,
    UniqueConstraint,
};
use sqlalchemy::sql::FromClause;
use sqlalchemy::sqltypes::{Argument, Type};

/// A deferred batch operation, reduced to what a dialect needs to decide whether the table must be
/// recreated.
pub enum BatchItem<'a> {
    /// `add_column`.
    AddColumn(&'a Column),
    /// `create_index` or `drop_index`.
    Index,
    /// Anything else.
    Other,
}

/// What renders the parts of a type as Python: autogenerate.
pub trait TypeRenderer {
    /// A type, with the prefixes that the project configured.
    ///
    /// # Errors
    /// What user code raises that renders types.
    fn render_type(&self, kind: &Type) -> Result<String>;

    /// An expression: as `sa.text('...')`, or as the text alone.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn render_expression(&self, expression: &Expression, wrap_in_element: bool) -> Result<String>;
}

/// `alembic.ddl.impl.DefaultImpl`: executes operations on a connection, or renders their SQL.
pub trait DefaultImpl {
    /// Its state.
    fn state(&self) -> &ImplState;

    /// The class name, for the log.
    fn name(&self) -> &'static str;

    /// Whether the dialect's DDL is transactional by default.
    fn assumes_transactional_ddl(&self) -> bool {
        false
    }

    /// Whether DDL is transactional.
    fn transactional_ddl(&self) -> bool {
        self.state()
            .transactional_ddl
            .unwrap_or_else(|| self.assumes_transactional_ddl())
    }

    /// The statement terminator in a script.
    fn command_terminator(&self) -> &'static str {
        ";"
    }

    /// The SQL of an ALTER statement; the counterpart of Alembic's `@compiles(RenameTable,
    /// "sqlite")` and the like.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for what the dialect can't say.
    fn compile_alter(&self, statement: &AlterTable) -> Result<String> {
        statement.compile(self.state().dialect())
    }

    /// Writes text to the script, followed by an empty line.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn static_output(&self, text: &str) -> Result<()> {
        (self.state().output)(&format!("{text}\n\n"))
    }

    /// `start_migrations`: called before the first migration of a run.
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

    /// Executes or renders a statement.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn exec(
        &self,
        statement: &Executable,
        execution_options: Option<&ExecutionOptions>,
    ) -> Result<Option<CursorResult>> {
        let state = self.state();
        if state.as_sql() {
            let text = match statement {
                Executable::Statement(statement) => {
                    execution::static_text(statement, state.dialect(), state.literal_binds)?
                }
                Executable::Ddl(ddl) => ddl.compile(state.dialect())?,
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
                execution::execute_statement(&connection, state.dialect(), statement, &[])
            }
            Executable::Ddl(ddl) => {
                connection.execute(&Compiled::ddl(ddl.compile(state.dialect())?))
            }
        }
        .map(Some)
    }

    /// Renders a compiled statement.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn write_statement(&self, text: &str) -> Result<()> {
        write_plain(self, text)
    }

    /// Writes what separates the statements of a script (`batch_separator`), as configured.
    ///
    /// # Errors
    /// What the output says.
    fn write_separator(&self, option: &str, default: &str) -> Result<()> {
        let state = self.state();
        if !state.as_sql() {
            return Ok(());
        }
        match state.option(option) {
            Some(given) if given.is_empty() => Ok(()),
            Some(given) => self.static_output(&given),
            None => self.static_output(default),
        }
    }

    /// Executes or renders a DDL statement.
    ///
    /// # Errors
    /// Errors of the database.
    fn exec_ddl(&self, text: &str) -> Result<()> {
        let state = self.state();
        if state.as_sql() {
            self.write_statement(text)
        } else {
            state.show_warnings();
            state.online()?.execute(&Compiled::ddl(text)).map(drop)
        }
    }

    /// Executes or renders an ALTER statement.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn exec_alter(&self, statement: &AlterTable) -> Result<()> {
        self.exec_ddl(&self.compile_alter(statement)?)
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
        alter_column::alter_column_parts(self, alter)
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
        kw: &DialectOptions,
    ) -> Result<()> {
        let _ = kw;
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
        let dialect = self.state().dialect();
        if constraint.should_create(dialect) {
            self.exec_ddl(&compiler::add_constraint(constraint, dialect)?)?;
        }
        Ok(())
    }

    /// `drop_constraint`.
    ///
    /// # Errors
    /// `NotImplementedError` where the dialect can't, and errors of the database.
    fn drop_constraint(&self, constraint: &Constraint, if_exists: bool) -> Result<()> {
        self.exec_ddl(&compiler::drop_constraint(
            constraint,
            self.state().dialect(),
            if_exists,
            false,
        )?)
    }

    /// `drop_constraint`, for a constraint of which only the name is known.
    ///
    /// # Errors
    /// `NotImplementedError` where the dialect can't, and errors of the database.
    fn drop_named_constraint(
        &self,
        table: &Table,
        name: &ConstraintName,
        if_exists: bool,
    ) -> Result<()> {
        if name.name().is_none() {
            return Err(Error::new(
                exc::COMPILE_ERROR,
                "Can't emit DROP CONSTRAINT for constraint Constraint(); it has no name",
            ));
        }
        let dialect = self.state().dialect();
        self.exec_ddl(&format!(
            "ALTER TABLE {} DROP CONSTRAINT {}{}",
            compiler::format_table(table, dialect),
            if if_exists { "IF EXISTS " } else { "" },
            compiler::constraint_name_text(name, dialect)?
        ))
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

    /// What a table needs before it is created, as listeners of SQLAlchemy's `before_create` make
    /// it: the types of its columns.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn before_create(&self, table: &Table) -> Result<()> {
        let _ = table;
        Ok(())
    }

    /// `create_table`, with its indexes and comments.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_table(&self, table: &Table, if_not_exists: bool) -> Result<()> {
        self.before_create(table)?;
        let dialect = self.state().dialect();
        self.exec_ddl(&compiler::create_table(
            table,
            dialect,
            if_not_exists,
            None,
        )?)?;
        for index in table.indexes() {
            self.exec_ddl(&compiler::create_index(&index, dialect, false)?)?;
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

    /// Whether the dialect supports comments and sets them with separate statements.
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
            self.state().dialect(),
            if_exists,
        )?)
    }

    /// `bulk_insert`.
    ///
    /// # Errors
    /// `KeyError` for a column that the table has not, in `--sql` mode; errors of the compiler and
    /// of the database.
    fn bulk_insert(&self, table: &FromClause, rows: &Rows, multiinsert: bool) -> Result<()> {
        bulk_insert::bulk_insert(self, table, rows, multiinsert)
    }

    /// The version table as a [`Table`].
    ///
    /// # Errors
    /// What SQLAlchemy raises for the name.
    fn version_table_impl(
        &self,
        version_table: &str,
        version_table_schema: Option<&str>,
        version_table_pk: bool,
    ) -> Result<Table> {
        version_table::version_table(version_table, version_table_schema, version_table_pk)
    }

    /// `version.create(connection, checkfirst=True)`.
    ///
    /// # Errors
    /// Errors of the database.
    fn create_if_missing(&self, version: &Table) -> Result<()> {
        version_table::create_if_missing(self, version)
    }

    /// Renders the statement that creates the version table.
    ///
    /// # Errors
    /// What the output buffer raises.
    fn create_static(&self, version: &Table) -> Result<()> {
        self.exec_ddl(&compiler::create_table(
            version,
            self.state().dialect(),
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

    /// The versions in the version table.
    ///
    /// # Errors
    /// Errors of the database.
    fn select_versions(&self, version: &Table) -> Result<Vec<String>> {
        version_table::select_versions(self, version)
    }

    /// Inserts a version.
    ///
    /// # Errors
    /// Errors of the database.
    fn insert_version(&self, table: &Table, version: &str) -> Result<()> {
        version_table::insert_version(self, table, version)
    }

    /// Deletes one version or all; returns the affected rows if online.
    ///
    /// # Errors
    /// Errors of the database.
    fn delete_versions(&self, table: &Table, version: Option<&str>) -> Result<Option<i64>> {
        version_table::delete_versions(self, table, version)
    }

    /// Updates a version; returns the affected rows if online.
    ///
    /// # Errors
    /// Errors of the database.
    fn update_version(&self, table: &Table, from: &str, to: &str) -> Result<Option<i64>> {
        version_table::update_version(self, table, from, to)
    }

    /// `create_index`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_index(&self, index: &Index, if_not_exists: bool) -> Result<()> {
        self.exec_ddl(&compiler::create_index(
            index,
            self.state().dialect(),
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
            self.state().dialect(),
            if_exists,
        )?)
    }

    /// `create_table_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_table_comment(&self, table: &Table) -> Result<()> {
        self.exec_ddl(&compiler::set_table_comment(table, self.state().dialect())?)
    }

    /// `drop_table_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn drop_table_comment(&self, table: &Table) -> Result<()> {
        self.exec_ddl(&compiler::drop_table_comment(
            table,
            self.state().dialect(),
        )?)
    }

    /// `create_column_comment`.
    ///
    /// # Errors
    /// Errors of the compiler and of the database.
    fn create_column_comment(&self, column: &Column) -> Result<()> {
        self.exec_ddl(&compiler::set_column_comment(
            column,
            self.state().dialect(),
        )?)
    }

    /// Whether a batch must recreate the table instead of altering it.
    fn requires_recreate_in_batch(&self, items: &[BatchItem<'_>]) -> bool {
        let _ = items;
        false
    }

    /// `cast_for_batch_migrate`: adjusts how values are copied into a column of another type.
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

    /// `prep_table_for_batch`: removes from a table what its copy can't have beside it; `kept` tells
    /// the names of the constraints that the copy has.
    ///
    /// # Errors
    /// Errors of the database.
    fn prep_table_for_batch(&self, table: &Table, kept: &dyn Fn(&str) -> bool) -> Result<()> {
        let _ = (table, kept);
        Ok(())
    }

    /// `autogen_column_reflect`: a `column_reflect` listener for autogenerate and batch mode.
    ///
    /// # Errors
    /// What a database says that is asked about the column.
    fn autogen_column_reflect(
        &self,
        inspector: &Inspector,
        table: &Table,
        column: &mut ReflectedColumn,
    ) -> Result<()> {
        let _ = (inspector, table, column);
        Ok(())
    }

    /// `adjust_reflected_dialect_options`: filters the dialect options of a reflected index or
    /// unique constraint; `kind` is `index` or `unique_constraint`.
    fn adjust_reflected_dialect_options(&self, options: &mut DialectOptions, kind: &str) {
        let _ = (options, kind);
    }

    /// `type_synonyms`: sets of type names that are equivalent in the database.
    fn type_synonyms(&self) -> &'static [&'static [&'static str]] {
        &[&["numeric", "decimal"]]
    }

    /// `compare_type`: whether the types differ.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn compare_type(&self, inspector_column: &Column, metadata_column: &Column) -> Result<bool> {
        autogen::types_differ(
            self.state().dialect(),
            &inspector_column.kind(),
            &metadata_column.kind(),
            self.type_synonyms(),
        )
    }

    /// `compare_server_default`: whether the defaults differ.
    ///
    /// # Errors
    /// What a database says that is asked to compare the two.
    fn compare_server_default(
        &self,
        inspector_column: &Column,
        metadata_column: &Column,
        rendered_metadata_default: Option<&str>,
        rendered_inspector_default: Option<&str>,
    ) -> Result<bool> {
        let _ = (inspector_column, metadata_column);
        Ok(rendered_inspector_default != rendered_metadata_default)
    }

    /// `_normalize_computed_default`: the SQL of a computed column, without the formatting that
    /// databases change.
    fn normalize_computed_default(&self, sql: &str) -> String {
        autogen::normalize_computed_default(sql)
    }

    /// `_compare_identity_default`: the names of the options that differ, sorted.
    fn compare_identity_default(
        &self,
        metadata_identity: Option<&Identity>,
        inspector_identity: Option<&Identity>,
    ) -> Vec<String> {
        let mut differing =
            autogen::differing_identity_options(metadata_identity, inspector_identity);
        let ignored = self.identity_attrs_ignore();
        differing.retain(|name| !ignored.contains(&name.as_str()));
        differing
    }

    /// `identity_attrs_ignore`: identity options that the database does not support.
    fn identity_attrs_ignore(&self) -> &'static [&'static str] {
        &["order", "on_null"]
    }

    /// `correct_for_autogen_constraints`: removes objects that can only exist on one side, before
    /// indexes and unique constraints are compared.
    fn correct_for_autogen_constraints(
        &self,
        conn_unique_constraints: &mut Vec<UniqueConstraint>,
        conn_indexes: &mut Vec<Index>,
        metadata_unique_constraints: &mut Vec<UniqueConstraint>,
        metadata_indexes: &mut Vec<Index>,
    ) {
        let _ = (
            conn_unique_constraints,
            conn_indexes,
            metadata_unique_constraints,
            metadata_indexes,
        );
    }

    /// `correct_for_autogen_foreignkeys`: as above, for foreign keys.
    fn correct_for_autogen_foreignkeys(
        &self,
        conn_foreign_keys: &mut Vec<ForeignKeyConstraint>,
        metadata_foreign_keys: &mut Vec<ForeignKeyConstraint>,
    ) {
        let _ = (conn_foreign_keys, metadata_foreign_keys);
    }

    /// `compare_indexes`, for two of the same name.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn compare_indexes(
        &self,
        metadata_index: &Index,
        reflected_index: &Index,
    ) -> Result<ComparisonResult> {
        Ok(autogen::compare_indexes(
            self.state().run(),
            metadata_index,
            reflected_index,
        ))
    }

    /// `compare_unique_constraint`, for two of the same name.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn compare_unique_constraint(
        &self,
        metadata_constraint: &UniqueConstraint,
        reflected_constraint: &UniqueConstraint,
    ) -> Result<ComparisonResult> {
        Ok(autogen::compare_unique_constraint(
            &self.create_unique_constraint_sig(metadata_constraint),
            &self.create_unique_constraint_sig(reflected_constraint),
        ))
    }

    /// `create_index_sig`: the signature of an index regardless of its name, as `repr`s.
    fn create_index_sig(&self, index: &Index) -> Vec<String> {
        autogen::index_signature(index)
    }

    /// `create_unique_constraint_sig`: as above, for a unique constraint.
    fn create_unique_constraint_sig(&self, constraint: &UniqueConstraint) -> Vec<String> {
        autogen::unique_constraint_signature(constraint)
    }

    /// `render_type`: dialect-specific rendering of a type as Python; `None` is Alembic's `False`,
    /// the default rendering.
    ///
    /// # Errors
    /// What rendering what it is made of returns.
    fn render_type(&self, kind: &Type, renderer: &dyn TypeRenderer) -> Result<Option<String>> {
        let _ = (kind, renderer);
        Ok(None)
    }

    /// `render_ddl_sql_expr`: the SQL of an expression for autogenerate's comparisons.
    ///
    /// # Errors
    /// Errors of the compiler.
    fn render_ddl_sql_expr(
        &self,
        expression: &Expression,
        is_server_default: bool,
    ) -> Result<String> {
        let _ = is_server_default;
        compiler::ddl_expression(expression, self.state().dialect())
    }
}

/// Whether two types store the same kind of value.
pub fn same_affinity(one: &Type, other: &Type) -> bool {
    one.affinity() == other.affinity()
}

/// Whether Python's `str.strip()` removes the character.
fn is_python_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Writes a statement of `--sql` and what ends it.
pub(super) fn write_plain<I: DefaultImpl + ?Sized>(implementation: &I, text: &str) -> Result<()> {
    implementation.state().show_warnings();
    let text = text.replace('\t', "    ");
    implementation.static_output(&format!(
        "{}{}",
        text.trim_matches(is_python_space),
        implementation.command_terminator()
    ))
}

/// The columns that an index carries along join its table, which has only the indexed ones.
pub(super) fn add_included_columns(index: &Index, option: &str) -> Result<()> {
    let (Some(Argument::Value(Literal::List(items) | Literal::Tuple(items))), Some(table)) =
        (index.dialect_options().get(option).cloned(), index.table())
    else {
        return Ok(());
    };
    for key in items.iter().filter_map(Literal::as_str) {
        if table.column(key).is_none() {
            let column = Column::new(key, Type::null());
            table.append_column(&column, false)?;
        }
    }
    Ok(())
}
