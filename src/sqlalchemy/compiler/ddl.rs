//! DDL: CREATE, DROP, ALTER.

use ground::order::InOrder;
use std::fmt::Write as _;
use std::rc::Rc;

pub use super::metadata::{create_all, create_table_statements, drop_all};
use super::{postgresql, quote_literal};
use crate::dialects::Dialect;
use crate::elements::Expression;
use crate::name::ConstraintName;
use crate::naming::{self, Named};
use crate::schema::{
    Autoincrement, CheckConstraint, Column, ColumnDefault, Computed, Constraint,
    ForeignKeyConstraint, Identity, IdentityOptions, Index, PrimaryKeyConstraint, Sequence,
    ServerDefault, Table, UniqueConstraint,
};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

pub(crate) fn compile_error(message: impl Into<String>) -> Error {
    Error::new("sqlalchemy.exc.CompileError", message)
}

/// `CreateTable(table, if_not_exists=...)`; `foreign_keys` are the constraints to write inside,
/// all of them with None.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_table(
    table: &Table,
    dialect: &Dialect,
    if_not_exists: bool,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<String> {
    let mut text = String::from("\nCREATE ");
    for prefix in table.prefixes() {
        text.push_str(&prefix);
        text.push(' ');
    }
    text.push_str("TABLE ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    text.push_str(&format_table(table, dialect));
    text.push_str(" (");
    let mut separator = "\n";
    for column in table.columns() {
        if column.system() {
            continue;
        }
        let line = create_column(&column, dialect).map_err(|error| {
            if is_compile_error(&error) {
                compile_error(format!(
                    "(in table '{}', column '{}'): {}",
                    table.name(),
                    column.name(),
                    error.message
                ))
                .with_cause(error)
            } else {
                error
            }
        })?;
        text.push_str(separator);
        separator = ", \n";
        text.push('\t');
        text.push_str(&line);
    }
    let constraints = table_constraints(table, dialect, foreign_keys)?;
    if !constraints.is_empty() {
        let _ = write!(text, "{separator}\t{constraints}");
    }
    let _ = write!(text, "\n){}\n\n", post_create_table(table, dialect)?);
    Ok(text)
}

fn is_compile_error(error: &Error) -> bool {
    matches!(
        &*error.class,
        "sqlalchemy.exc.CompileError" | "sqlalchemy.exc.UnsupportedCompilationError"
    )
}

fn create_column(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut text = column_specification(column, dialect)?;
    let mut constraints = column.constraints();
    constraints.in_order_by_key(Constraint::creation_order);
    for constraint in constraints {
        if let Some(line) = constraint_text(&constraint, dialect)? {
            text.push(' ');
            text.push_str(&line);
        }
    }
    Ok(text)
}

fn table_constraints(
    table: &Table,
    dialect: &Dialect,
    foreign_keys: Option<&[ForeignKeyConstraint]>,
) -> Result<String> {
    let primary_key = table.primary_key();
    let mut constraints = Vec::new();
    if !primary_key.columns().is_empty() {
        constraints.push(Constraint::PrimaryKey(primary_key.clone()));
    }
    for constraint in table.sorted_constraints() {
        match &constraint {
            Constraint::PrimaryKey(other) if other.ptr_eq(&primary_key) => continue,
            Constraint::ForeignKey(foreign)
                if foreign_keys
                    .is_some_and(|kept| !kept.iter().any(|other| other.ptr_eq(foreign))) =>
            {
                continue;
            }
            _ => {}
        }
        constraints.push(constraint);
    }
    let mut lines = Vec::new();
    for constraint in constraints {
        let alter = dialect.supports_alter()
            && matches!(&constraint, Constraint::ForeignKey(foreign) if foreign.use_alter());
        if alter || !constraint.should_create(dialect) {
            continue;
        }
        if let Some(line) = constraint_text(&constraint, dialect)? {
            lines.push(line);
        }
    }
    Ok(lines.join(", \n\t"))
}

fn post_create_table(table: &Table, dialect: &Dialect) -> Result<String> {
    let options = table.dialect_options();
    if dialect.is_sqlite() {
        let mut words = Vec::new();
        if options.flag("sqlite_with_rowid") == Some(false) {
            words.push("WITHOUT ROWID");
        }
        if options.flag("sqlite_strict") == Some(true) {
            words.push("STRICT");
        }
        if words.is_empty() {
            return Ok(String::new());
        }
        return Ok(format!("\n {}", words.join(",\n ")));
    }
    if dialect.is_postgresql() {
        return Ok(postgresql::table_options(&options, dialect));
    }
    if dialect.is_mysql() {
        return Ok(super::mysql::table_options(table, dialect));
    }
    Ok(String::new())
}

/// `DropTable(table, if_exists=...)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn drop_table(table: &Table, dialect: &Dialect, if_exists: bool) -> Result<String> {
    let exists = if if_exists { "IF EXISTS " } else { "" };
    Ok(format!(
        "\nDROP TABLE {exists}{}",
        format_table(table, dialect)
    ))
}

/// `CreateIndex(index, if_not_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name or a table.
pub fn create_index(index: &Index, dialect: &Dialect, if_not_exists: bool) -> Result<String> {
    let Some(table) = index.table() else {
        return Err(compile_error(format!(
            "Index '{}' is not associated with any table.",
            index.name().as_str().unwrap_or("None")
        )));
    };
    if dialect.is_postgresql() {
        return postgresql::create_index(index, &table, dialect, if_not_exists);
    }
    if dialect.is_mysql() {
        return super::mysql::create_index(index, &table, dialect, if_not_exists);
    }
    if index.name().is_none() && !dialect.is_sqlite() {
        return Err(compile_error(
            "CREATE INDEX requires that the index have a name",
        ));
    }
    let mut text = String::from("CREATE ");
    if index.unique() {
        text.push_str("UNIQUE ");
    }
    text.push_str("INDEX ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    let expressions: Result<Vec<String>> = index
        .expressions()
        .iter()
        .map(|expression| ddl_expression(expression, dialect))
        .collect();
    let table_name = if dialect.is_sqlite() {
        dialect.quote_name(&table.name())
    } else {
        format_table(&table, dialect)
    };
    let _ = write!(
        text,
        "{} ON {table_name} ({})",
        prepared_index_name(index, dialect, dialect.is_sqlite())?,
        expressions?.join(", ")
    );
    if dialect.is_sqlite()
        && let Some(condition) = index.dialect_options().expression("sqlite_where")
    {
        let _ = write!(text, " WHERE {}", ddl_expression(&condition, dialect)?);
    }
    Ok(text)
}

/// `DropIndex(index, if_exists=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn drop_index(index: &Index, dialect: &Dialect, if_exists: bool) -> Result<String> {
    if index.name().is_none() {
        return Err(compile_error(
            "DROP INDEX requires that the index have a name",
        ));
    }
    let mut text = String::from("\nDROP INDEX ");
    if dialect.is_postgresql()
        && index.dialect_options().flag("postgresql_concurrently") == Some(true)
    {
        text.push_str("CONCURRENTLY ");
    }
    if if_exists {
        text.push_str("IF EXISTS ");
    }
    if dialect.is_mysql() {
        let table = index.table();
        let _ = write!(
            text,
            "{} ON {}",
            prepared_index_name(index, dialect, false)?,
            table
                .map(|table| format_table(&table, dialect))
                .unwrap_or_default()
        );
        return Ok(text);
    }
    text.push_str(&prepared_index_name(index, dialect, true)?);
    Ok(text)
}

pub(super) fn prepared_index_name(
    index: &Index,
    dialect: &Dialect,
    include_schema: bool,
) -> Result<String> {
    let name = format_index(index, dialect)?;
    let schema = index.table().and_then(|table| table.schema());
    Ok(match schema.filter(|_| include_schema) {
        Some(schema) => format!("{}.{name}", dialect.quote_name(&schema)),
        None => name,
    })
}

/// `AddConstraint(constraint)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn add_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<String> {
    let table = bound_table(constraint)?;
    Ok(format!(
        "ALTER TABLE {} ADD {}",
        format_table(&table, dialect),
        constraint_text(constraint, dialect)?.unwrap_or_else(|| "None".to_owned())
    ))
}

fn bound_table(constraint: &Constraint) -> Result<Table> {
    constraint.table().ok_or_else(|| {
        Error::new(
            "sqlalchemy.exc.InvalidRequestError",
            "This constraint is not bound to a table.  Did you mean to call \
             table.append_constraint(constraint) ?",
        )
    })
}

/// `DropConstraint(constraint, if_exists=..., cascade=...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn drop_constraint(
    constraint: &Constraint,
    dialect: &Dialect,
    if_exists: bool,
    cascade: bool,
) -> Result<String> {
    if dialect.is_mysql() {
        return super::mysql::drop_constraint(constraint, dialect);
    }
    let Some(name) = format_constraint(constraint, dialect)? else {
        return Err(compile_error(format!(
            "Can't emit DROP CONSTRAINT for constraint {}; it has no name",
            constraint.python_repr()
        )));
    };
    let table = bound_table(constraint)?;
    Ok(format!(
        "ALTER TABLE {} DROP CONSTRAINT {}{name}{}",
        format_table(&table, dialect),
        if if_exists { "IF EXISTS " } else { "" },
        if cascade { " CASCADE" } else { "" }
    ))
}

/// `SetTableComment(table)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn set_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    let comment = table.comment().unwrap_or_default();
    let comment = quote_literal(&comment, dialect);
    if dialect.is_mysql() {
        return Ok(format!(
            "ALTER TABLE {} COMMENT {comment}",
            format_table(table, dialect)
        ));
    }
    Ok(format!(
        "COMMENT ON TABLE {} IS {comment}",
        format_table(table, dialect)
    ))
}

/// `DropTableComment(table)`.
///
/// # Errors
/// None now; kept for the shape that the others have.
pub fn drop_table_comment(table: &Table, dialect: &Dialect) -> Result<String> {
    if dialect.is_mysql() {
        return Ok(format!(
            "ALTER TABLE {} COMMENT ''",
            format_table(table, dialect)
        ));
    }
    Ok(format!(
        "COMMENT ON TABLE {} IS NULL",
        format_table(table, dialect)
    ))
}

/// `SetColumnComment(column)`; NULL where the column has no comment.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn set_column_comment(column: &Column, dialect: &Dialect) -> Result<String> {
    let table = column
        .table()
        .map(|table| format_table(&table, dialect))
        .unwrap_or_default();
    if dialect.is_mysql() {
        return Ok(format!(
            "ALTER TABLE {table} CHANGE {} {}",
            format_column(column, dialect),
            column_specification(column, dialect)?
        ));
    }
    let comment = match column.comment() {
        Some(comment) => quote_literal(&comment, dialect),
        None => "NULL".into(),
    };
    Ok(format!(
        "COMMENT ON COLUMN {table}.{} IS {comment}",
        format_column(column, dialect)
    ))
}

/// `get_column_specification(column)`: name, type, default, constraints of the column.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    if dialect.is_sqlite() {
        return sqlite_column(column, dialect);
    }
    if dialect.is_postgresql() {
        return postgresql::column_specification(column, dialect);
    }
    if dialect.is_mysql() {
        return super::mysql::column_specification(column, dialect);
    }
    let mut text = format!(
        "{} {}",
        format_column(column, dialect),
        column.kind().compile(dialect)?
    );
    if let Some(default) = column_default_string(column, dialect)? {
        let _ = write!(text, " DEFAULT {default}");
    }
    if let Some(computed) = column.computed() {
        let _ = write!(text, " {}", computed_text(&computed, dialect)?);
    }
    let identity = column
        .identity()
        .filter(|_| dialect.supports_identity_columns());
    if let Some(identity) = &identity {
        let _ = write!(text, " {}", identity_text(identity));
    }
    if !column.nullable() && identity.is_none() {
        text.push_str(" NOT NULL");
    }
    Ok(text)
}

fn sqlite_column(column: &Column, dialect: &Dialect) -> Result<String> {
    let kind = column.kind();
    let mut text = format!(
        "{} {}",
        format_column(column, dialect),
        kind.compile(dialect)?
    );
    if let Some(default) = column_default_string(column, dialect)? {
        if needs_parentheses(&default) {
            let _ = write!(text, " DEFAULT ({default})");
        } else {
            let _ = write!(text, " DEFAULT {default}");
        }
    }
    let options = column.dialect_options();
    if !column.nullable() {
        text.push_str(" NOT NULL");
        if let Some(conflict) = options.text("sqlite_on_conflict_not_null") {
            let _ = write!(text, " ON CONFLICT {conflict}");
        }
    }
    if column.primary_key()
        && let Some(table) = column.table()
    {
        let single = table.primary_key().columns().len() == 1;
        if column.autoincrement() == Autoincrement::True && !single {
            return Err(compile_error(
                "SQLite does not support autoincrement for composite primary keys",
            ));
        }
        if is_inline_autoincrement(column, &table) && single {
            text.push_str(" PRIMARY KEY");
            if let Some(conflict) = options.text("sqlite_on_conflict_primary_key") {
                let _ = write!(text, " ON CONFLICT {conflict}");
            }
            text.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(computed) = column.computed() {
        let _ = write!(text, " {}", computed_text(&computed, dialect)?);
    }
    Ok(text)
}

/// Whether `sqlite_autoincrement` writes the primary key in the column.
fn is_inline_autoincrement(column: &Column, table: &Table) -> bool {
    table.dialect_options().flag("sqlite_autoincrement") == Some(true)
        && column
            .kind()
            .affinity()
            .is_some_and(|class| class.is_subclass_of(&classes::GENERIC_INTEGER))
        && column.foreign_keys().is_empty()
}

/// Whether SQLite wants a default in parentheses: no quote or parenthesis first, and something
/// that is no word in its first line.
pub(crate) fn needs_parentheses(default: &str) -> bool {
    let first = default.trim_start().chars().next();
    if matches!(first, Some('\'' | '"' | '(')) {
        return false;
    }
    default
        .split('\n')
        .next()
        .unwrap_or("")
        .chars()
        .chain(default.contains('\n').then_some('\n'))
        .any(|character| !(character.is_alphanumeric() || character == '_'))
}

/// The column's DEFAULT as text, None where it has none.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn column_default_string(column: &Column, dialect: &Dialect) -> Result<Option<String>> {
    match column.server_default() {
        Some(default) => default_string(&default, dialect),
        None => Ok(None),
    }
}

/// What stands after DEFAULT (`get_column_default_string`); None for what is no DEFAULT clause.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn default_string(default: &ServerDefault, dialect: &Dialect) -> Result<Option<String>> {
    let ServerDefault::DefaultClause(clause) = default else {
        return Ok(None);
    };
    if let Some(text) = clause.as_text() {
        return Ok(Some(quote_literal(&text, dialect)));
    }
    match clause.as_expression() {
        Some(expression) => Ok(Some(expression.compile_literal(dialect)?)),
        None => Ok(None),
    }
}

/// One constraint as it stands in CREATE TABLE, None where the dialect does not write it.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn constraint_text(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    Ok(match constraint {
        Constraint::PrimaryKey(primary_key) => primary_key_text(primary_key, dialect)?,
        Constraint::Unique(unique) => Some(unique_text(unique, dialect)?),
        Constraint::Check(check) => Some(check_text(check, dialect)?),
        Constraint::ForeignKey(foreign) => foreign_key_text(foreign, dialect)?,
    })
}

fn preamble(constraint: &Constraint, dialect: &Dialect) -> Result<String> {
    Ok(match format_constraint(constraint, dialect)? {
        Some(name) => format!("CONSTRAINT {name} "),
        None => String::new(),
    })
}

fn quoted_columns(columns: &[Column], dialect: &Dialect) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|column| dialect.quote_name(&column.name()))
        .collect();
    names.join(", ")
}

fn on_conflict(constraint: &Constraint, columns: &[Column], of_column: Option<&str>) -> String {
    let own = constraint.dialect_options().text("sqlite_on_conflict");
    let found = own.or_else(|| match (columns, of_column) {
        ([column], Some(name)) => column.dialect_options().text(name),
        _ => None,
    });
    match found {
        Some(conflict) => format!(" ON CONFLICT {conflict}"),
        None => String::new(),
    }
}

fn primary_key_text(
    primary_key: &PrimaryKeyConstraint,
    dialect: &Dialect,
) -> Result<Option<String>> {
    let columns = primary_key.columns();
    let constraint = Constraint::PrimaryKey(primary_key.clone());
    if dialect.is_sqlite()
        && let [column] = columns.as_slice()
        && let Some(table) = column.table()
        && column.primary_key()
        && is_inline_autoincrement(column, &table)
    {
        return Ok(None);
    }
    if columns.is_empty() && !dialect.is_postgresql() {
        let mut text = String::new();
        if dialect.is_sqlite() {
            text.push_str(&on_conflict(&constraint, &columns, None));
        }
        return Ok(Some(text));
    }
    let shown = if primary_key.is_implicit() {
        primary_key.columns_autoincrement_first()?
    } else {
        columns.clone()
    };
    let mut text = preamble(&constraint, dialect)?;
    let _ = write!(text, "PRIMARY KEY ({})", quoted_columns(&shown, dialect));
    if dialect.is_postgresql() {
        text.push_str(&postgresql::include(
            &primary_key.dialect_options(),
            primary_key.table().as_ref(),
            dialect,
        ));
    }
    text.push_str(&deferrability(&constraint)?);
    if dialect.is_sqlite() {
        text.push_str(&on_conflict(
            &constraint,
            &columns,
            Some("sqlite_on_conflict_primary_key"),
        ));
    }
    if dialect.is_mysql()
        && let Some(using) = primary_key
            .dialect_options()
            .text(&format!("{}_using", dialect.name()))
    {
        let _ = write!(text, " USING {}", dialect.quote(&using));
    }
    Ok(Some(text))
}

fn unique_text(unique: &UniqueConstraint, dialect: &Dialect) -> Result<String> {
    let columns = unique.columns();
    let constraint = Constraint::Unique(unique.clone());
    let mut text = String::new();
    if !columns.is_empty() {
        text = preamble(&constraint, dialect)?;
        let distinct = if dialect.is_postgresql() {
            match unique
                .dialect_options()
                .flag("postgresql_nulls_not_distinct")
            {
                Some(true) => "NULLS NOT DISTINCT ",
                Some(false) => "NULLS DISTINCT ",
                None => "",
            }
        } else {
            ""
        };
        let _ = write!(
            text,
            "UNIQUE {distinct}({})",
            quoted_columns(&columns, dialect)
        );
        if dialect.is_postgresql() {
            text.push_str(&postgresql::include(
                &unique.dialect_options(),
                unique.table().as_ref(),
                dialect,
            ));
        }
        text.push_str(&deferrability(&constraint)?);
    }
    if dialect.is_sqlite() {
        text.push_str(&on_conflict(
            &constraint,
            &columns,
            Some("sqlite_on_conflict_unique"),
        ));
    }
    Ok(text)
}

fn check_text(check: &CheckConstraint, dialect: &Dialect) -> Result<String> {
    let constraint = Constraint::Check(check.clone());
    let mut text = preamble(&constraint, dialect)?;
    let _ = write!(
        text,
        "CHECK ({})",
        ddl_expression(&check.sqltext(), dialect)?
    );
    text.push_str(&deferrability(&constraint)?);
    if dialect.is_sqlite() {
        let conflict = on_conflict(&constraint, &[], None);
        if check.is_column_level() && !conflict.is_empty() {
            return Err(compile_error(
                "SQLite does not support on conflict clause for column check constraint",
            ));
        }
        text.push_str(&conflict);
    }
    if dialect.is_postgresql() && check.dialect_options().flag("postgresql_not_valid") == Some(true)
    {
        text.push_str(" NOT VALID");
    }
    Ok(text)
}

fn foreign_key_text(foreign: &ForeignKeyConstraint, dialect: &Dialect) -> Result<Option<String>> {
    let elements = foreign.elements();
    let remote = foreign.referred_table()?;
    let local = elements
        .first()
        .and_then(|element| element.parent())
        .and_then(|parent| parent.table());
    if dialect.is_sqlite()
        && local
            .as_ref()
            .is_some_and(|local| local.schema() != remote.schema())
    {
        return Ok(None);
    }
    let constraint = Constraint::ForeignKey(foreign.clone());
    let mut text = preamble(&constraint, dialect)?;
    let parents: Vec<Column> = elements
        .iter()
        .filter_map(|element| element.parent())
        .collect();
    let targets: Result<Vec<Column>> = elements.iter().map(|element| element.column()).collect();
    let remote_name = if dialect.is_sqlite() {
        dialect.quote_name(&remote.name())
    } else {
        format_table(&remote, dialect)
    };
    let _ = write!(
        text,
        "FOREIGN KEY({}) REFERENCES {remote_name} ({})",
        quoted_columns(&parents, dialect),
        quoted_columns(&targets?, dialect)
    );
    text.push_str(&foreign_key_options(foreign, dialect)?);
    if dialect.is_postgresql()
        && foreign.dialect_options().flag("postgresql_not_valid") == Some(true)
    {
        text.push_str(" NOT VALID");
    }
    Ok(Some(text))
}

/// MATCH, ON DELETE, ON UPDATE, DEFERRABLE and INITIALLY of a foreign key, each with a space
/// before.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` for what is no sequence of words.
pub fn foreign_key_options(foreign: &ForeignKeyConstraint, dialect: &Dialect) -> Result<String> {
    let mut text = String::new();
    if let Some(matching) = foreign.match_() {
        if dialect.is_mysql() {
            return Err(compile_error(
                "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON \
                 DELETE clauses to be ignored.",
            ));
        }
        let _ = write!(text, " MATCH {}", sql_phrase(&matching)?);
    }
    if let Some(ondelete) = foreign.ondelete() {
        let ondelete = if dialect.is_postgresql() {
            ondelete
        } else {
            sql_phrase(&ondelete)?
        };
        let _ = write!(text, " ON DELETE {ondelete}");
    }
    if let Some(onupdate) = foreign.onupdate() {
        let _ = write!(text, " ON UPDATE {}", sql_phrase(&onupdate)?);
    }
    text.push_str(&deferrability(&Constraint::ForeignKey(foreign.clone()))?);
    Ok(text)
}

fn deferrability(constraint: &Constraint) -> Result<String> {
    let mut text = String::new();
    match constraint.deferrable() {
        Some(true) => text.push_str(" DEFERRABLE"),
        Some(false) => text.push_str(" NOT DEFERRABLE"),
        None => {}
    }
    if let Some(initially) = constraint.initially() {
        let _ = write!(text, " INITIALLY {}", sql_phrase(&initially)?);
    }
    Ok(text)
}

/// A sequence of words, and nothing else (`validate_sql_phrase`).
fn sql_phrase(phrase: &Rc<str>) -> Result<Rc<str>> {
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let body = phrase.strip_suffix('\n').unwrap_or(phrase);
    let good = !body.is_empty()
        && body.starts_with(word)
        && body.ends_with(word)
        && body
            .chars()
            .all(|character| word(character) || character.is_whitespace());
    if good {
        Ok(phrase.clone())
    } else {
        Err(compile_error(format!(
            "Unexpected SQL phrase: {} (matching against {})",
            crate::literal::string_repr(phrase),
            crate::literal::string_repr(SQL_PHRASE)
        )))
    }
}

const SQL_PHRASE: &str = r"^\w+(?:\s+\w+)*$";

/// `GENERATED ALWAYS AS (...)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn computed_text(computed: &Computed, dialect: &Dialect) -> Result<String> {
    let mut text = format!(
        "GENERATED ALWAYS AS ({})",
        ddl_expression(&computed.sqltext(), dialect)?
    );
    match computed.persisted() {
        Some(true) => text.push_str(" STORED"),
        Some(false) => text.push_str(" VIRTUAL"),
        None => {}
    }
    Ok(text)
}

/// `GENERATED ... AS IDENTITY (...)`.
pub fn identity_text(identity: &Identity) -> String {
    let mut text = format!(
        "GENERATED {} AS IDENTITY",
        if identity.always() == Some(true) {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        }
    );
    let options = identity_options(identity.options());
    if !options.is_empty() {
        let _ = write!(text, " ({options})");
    }
    text
}

/// START WITH and the like (`get_identity_options`).
pub fn identity_options(options: &IdentityOptions) -> String {
    let mut words = Vec::new();
    if let Some(increment) = options.increment {
        words.push(format!("INCREMENT BY {increment}"));
    }
    if let Some(start) = options.start {
        words.push(format!("START WITH {start}"));
    }
    if let Some(minvalue) = options.minvalue {
        words.push(format!("MINVALUE {minvalue}"));
    }
    if let Some(maxvalue) = options.maxvalue {
        words.push(format!("MAXVALUE {maxvalue}"));
    }
    if options.nominvalue.is_some() {
        words.push("NO MINVALUE".into());
    }
    if options.nomaxvalue.is_some() {
        words.push("NO MAXVALUE".into());
    }
    if let Some(cache) = options.cache {
        words.push(format!("CACHE {cache}"));
    }
    match options.cycle {
        Some(true) => words.push("CYCLE".into()),
        Some(false) => words.push("NO CYCLE".into()),
        None => {}
    }
    words.join(" ")
}

/// `CreateSequence(sequence)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn create_sequence(
    sequence: &Sequence,
    dialect: &Dialect,
    if_not_exists: bool,
) -> Result<String> {
    let mut text = String::from("CREATE SEQUENCE ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    text.push_str(&format_sequence(sequence, dialect));
    if dialect.is_postgresql()
        && let Some(kind) = sequence.data_type()
    {
        let _ = write!(text, " AS {}", kind.compile(dialect)?);
    }
    let options = identity_options(sequence.options());
    if !options.is_empty() {
        let _ = write!(text, " {options}");
    }
    Ok(text)
}

/// `DropSequence(sequence)`.
pub fn drop_sequence(sequence: &Sequence, dialect: &Dialect, if_exists: bool) -> String {
    let exists = if if_exists { "IF EXISTS " } else { "" };
    format!(
        "DROP SEQUENCE {exists}{}",
        format_sequence(sequence, dialect)
    )
}

/// `format_sequence(sequence)`.
pub fn format_sequence(sequence: &Sequence, dialect: &Dialect) -> String {
    let name = dialect.quote_name(sequence.name());
    match sequence.schema() {
        Some(schema) => format!("{}.{name}", dialect.quote_name(schema)),
        None => name,
    }
}

/// `CREATE TYPE ... AS ENUM` of PostgreSQL.
///
/// # Errors
/// `sqlalchemy.exc.CompileError` without a name.
pub fn create_enum_type(kind: &Type, dialect: &Dialect) -> Result<String> {
    let values: Vec<String> = kind
        .enums()
        .iter()
        .map(|value| quote_literal(value, dialect))
        .collect();
    Ok(format!(
        "CREATE TYPE {} AS ENUM ({})",
        kind.compile(dialect)?,
        values.join(", ")
    ))
}

/// `CHECK` text or an index's expression: literal values, no table names.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn ddl_expression(expression: &Expression, dialect: &Dialect) -> Result<String> {
    super::compile_ddl_expression(expression, dialect)
}

/// `format_table(table)`: schema and name, quoted.
pub fn format_table(table: &Table, dialect: &Dialect) -> String {
    match table.schema() {
        Some(schema) => format!(
            "{}.{}",
            dialect.quote_name(&schema),
            dialect.quote_name(&table.name())
        ),
        None => dialect.quote_name(&table.name()),
    }
}

/// `format_column(column)`: the name, quoted.
pub fn format_column(column: &Column, dialect: &Dialect) -> String {
    dialect.quote_name(&column.name())
}

/// `format_constraint(constraint)`: the name, quoted; None where there is none.
///
/// # Errors
/// What a naming convention raises, `sqlalchemy.exc.IdentifierError` for one that is too long.
pub fn format_constraint(constraint: &Constraint, dialect: &Dialect) -> Result<Option<String>> {
    match naming::rendered_name(Named::Constraint(constraint))? {
        Some(name) => {
            let limit = dialect
                .max_constraint_name_length()
                .unwrap_or(dialect.max_identifier_length());
            Ok(Some(render_name(&name, limit, dialect)?))
        }
        None => Ok(None),
    }
}

/// `format_index(index)`: the name, quoted.
///
/// # Errors
/// As [`format_constraint`]; `sqlalchemy.exc.CompileError` where there is none.
pub fn format_index(index: &Index, dialect: &Dialect) -> Result<String> {
    match naming::rendered_name(Named::Index(index))? {
        Some(name) => {
            let limit = dialect
                .max_index_name_length()
                .unwrap_or(dialect.max_identifier_length());
            render_name(&name, limit, dialect)
        }
        None => Err(compile_error(
            "CREATE INDEX requires that the index have a name",
        )),
    }
}

/// A name within the dialect's limit: one of a convention is cut, one of a person's an error.
fn render_name(name: &ConstraintName, limit: usize, dialect: &Dialect) -> Result<String> {
    let Some(text) = name.name() else {
        return Ok(String::new());
    };
    let length = text.chars().count();
    if length <= limit {
        return Ok(dialect.quote_name(text));
    }
    if name.is_convention() {
        let kept: String = text.chars().take(limit.saturating_sub(8)).collect();
        let digest = super::md5::hex(text.as_bytes());
        return Ok(dialect.quote(&format!("{kept}_{}", &digest[28..])));
    }
    Err(Error::new(
        "sqlalchemy.exc.IdentifierError",
        format!(
            "Identifier {} exceeds maximum length of {} characters",
            crate::literal::string_repr(text),
            dialect.max_identifier_length()
        ),
    ))
}

/// Whether the column's default is a sequence that the dialect makes unless it is optional.
pub(super) fn has_optional_sequence(column: &Column) -> bool {
    matches!(column.default(), Some(ColumnDefault::Sequence(sequence)) if sequence.optional())
}
