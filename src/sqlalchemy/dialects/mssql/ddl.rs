//! DDL (`MSDDLCompiler`).

use std::fmt::Write as _;

use crate::compiler::ddl::format_table;
use crate::compiler::ddl::{
    DDLCompiler, column_default_string, compile_error, ddl_expression, deferrability,
    format_column, has_optional_sequence, included_columns, preamble, prepared_index_name,
};
use crate::compiler::quote_literal;
use crate::dialects::Dialect;
use crate::elements::Expression;
use crate::literal::Literal;
use crate::schema::{
    Autoincrement, Column, Constraint, DialectOptions, Identity, Index, PrimaryKeyConstraint,
    Sequence, Table, UniqueConstraint, warn_deprecated,
};
use crate::sqltypes::Argument;
use ground::diagnostic::{Error, Result};

/// SQL Server's DDL.
pub struct MSDDLCompiler;

impl DDLCompiler for MSDDLCompiler {
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        column_specification(column, dialect)
    }

    fn visit_create_index(
        &self,
        index: &Index,
        table: &Table,
        dialect: &Dialect,
        _if_not_exists: bool,
    ) -> Result<String> {
        create_index(index, table, dialect)
    }

    fn visit_drop_index(
        &self,
        index: &Index,
        dialect: &Dialect,
        if_exists: bool,
    ) -> Result<String> {
        let name = prepared_index_name(index, dialect, false)?;
        let table = index
            .table()
            .map(|table| format_table(&table, dialect))
            .unwrap_or_default();
        let exists = if if_exists { " IF EXISTS" } else { "" };
        Ok(format!("\nDROP INDEX{exists} {name} ON {table}"))
    }

    fn visit_set_table_comment(
        &self,
        table: &Table,
        comment: &str,
        dialect: &Dialect,
    ) -> Result<String> {
        let comment = national(comment);
        Ok(format!(
            "execute sp_addextendedproperty 'MS_Description', {comment}, {}",
            described(table, dialect)?
        ))
    }

    fn visit_drop_table_comment(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        Ok(format!(
            "execute sp_dropextendedproperty 'MS_Description', {}",
            described(table, dialect)?
        ))
    }

    fn visit_set_column_comment(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let Some(table) = column.table() else {
            return Err(Error::new("AttributeError", "the column has no table"));
        };
        let comment = match column.comment() {
            Some(comment) => national(&quote_literal(&comment, dialect)),
            None => "NULL".into(),
        };
        Ok(format!(
            "execute sp_addextendedproperty 'MS_Description', {comment}, {}, 'column', {}",
            described(&table, dialect)?,
            format_column(column, dialect)
        ))
    }

    fn visit_drop_column_comment(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let Some(table) = column.table() else {
            return Err(Error::new("AttributeError", "the column has no table"));
        };
        Ok(format!(
            "execute sp_dropextendedproperty 'MS_Description', {}, 'column', {}",
            described(&table, dialect)?,
            format_column(column, dialect)
        ))
    }

    fn visit_primary_key_constraint(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        let constraint = Constraint::PrimaryKey(primary_key.clone());
        let columns = primary_key.columns();
        key(&constraint, "PRIMARY KEY", &columns, dialect).map(Some)
    }

    fn visit_unique_constraint(
        &self,
        unique: &UniqueConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        let constraint = Constraint::Unique(unique.clone());
        key(&constraint, "UNIQUE", &unique.columns(), dialect)
    }

    fn define_sequence_type(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Ok(match sequence.data_type() {
            Some(kind) => format!(" AS {}", kind.compile(dialect)?),
            None => String::new(),
        })
    }
}

/// A literal of NVARCHAR.
fn national(literal: &str) -> String {
    if literal.starts_with('\'') {
        format!("N{literal}")
    } else {
        literal.to_owned()
    }
}

/// What `sp_addextendedproperty` and its like call a table.
fn described(table: &Table, dialect: &Dialect) -> Result<String> {
    // Without a schema it is the connection's default one, which a script has not.
    let Some(schema) = dialect.schema_for(table.schema()) else {
        return Err(Error::new(
            "AttributeError",
            "'NoneType' object has no attribute 'startswith'",
        ));
    };
    Ok(format!(
        "'schema', {}, 'table', {}",
        dialect.quote_schema(&schema),
        dialect.quote_name(&table.name())
    ))
}

fn clustered(options: &DialectOptions) -> &'static str {
    match options.flag("mssql_clustered") {
        Some(true) => "CLUSTERED ",
        Some(false) if !is_none(options.get("mssql_clustered")) => "NONCLUSTERED ",
        _ => "",
    }
}

fn is_none(argument: Option<&Argument>) -> bool {
    matches!(argument, None | Some(Argument::Value(Literal::Null)))
}

fn key(
    constraint: &Constraint,
    word: &str,
    columns: &[Column],
    dialect: &Dialect,
) -> Result<String> {
    if columns.is_empty() {
        return Ok(String::new());
    }
    let names: Vec<String> = columns
        .iter()
        .map(|column| format_column(column, dialect))
        .collect();
    Ok(format!(
        "{}{word} {}({}){}",
        preamble(constraint, dialect)?,
        clustered(&constraint.dialect_options()),
        names.join(", "),
        deferrability(constraint)?
    ))
}

fn identity_text(start: Option<i64>, increment: Option<i64>) -> String {
    match (start, increment) {
        (None, None) => " IDENTITY".into(),
        (start, increment) => {
            format!(
                " IDENTITY({},{})",
                start.unwrap_or(1),
                increment.unwrap_or(1)
            )
        }
    }
}

fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut text = format_column(column, dialect);
    let computed = column.computed();
    match &computed {
        Some(computed) => {
            let sql = ddl_expression(&computed.sqltext(), dialect)?;
            let _ = write!(text, " AS ({sql})");
            if computed.persisted() == Some(true) {
                text.push_str(" PERSISTED");
            }
        }
        None => {
            let _ = write!(text, " {}", column.kind().compile(dialect)?);
        }
    }
    let identity: Option<Identity> = column.identity();
    let forced = column.autoincrement() == Autoincrement::True;
    let sequence = column
        .default()
        .is_some_and(|default| default.is_sequence());
    if !column.nullable() || column.primary_key() || sequence || forced || identity.is_some() {
        text.push_str(" NOT NULL");
    } else if computed.is_none() {
        text.push_str(" NULL");
    }
    let Some(table) = column.table() else {
        return Err(compile_error(
            "mssql requires Table-bound columns in order to generate DDL",
        ));
    };
    let options = column.dialect_options();
    let number = |name: &str| match options.get(name) {
        Some(Argument::Value(value)) => value.as_integer(),
        _ => None,
    };
    let (start, increment) = (
        number("mssql_identity_start"),
        number("mssql_identity_increment"),
    );
    if start.is_some() || increment.is_some() {
        if identity.is_some() {
            return Err(compile_error(
                "Cannot specify options 'mssql_identity_start' and/or 'mssql_identity_increment' \
                 while also using the 'Identity' construct.",
            ));
        }
        warn_deprecated(
            "The dialect options 'mssql_identity_start' and 'mssql_identity_increment' are \
             deprecated. Use the 'Identity' object instead.",
        );
    }
    let counted = table
        .primary_key()
        .autoincrement_column()?
        .is_some_and(|counted| counted.ptr_eq(column));
    if let Some(identity) = identity {
        let options = identity.options();
        text.push_str(&identity_text(options.start, options.increment));
    } else if (counted || forced) && (!sequence || has_optional_sequence(column)) {
        text.push_str(&identity_text(start, increment));
    } else if let Some(default) = column_default_string(column, dialect)? {
        let _ = write!(text, " DEFAULT {default}");
    }
    Ok(text)
}

fn create_index(index: &Index, table: &Table, dialect: &Dialect) -> Result<String> {
    let options = index.dialect_options();
    let mut text = String::from("CREATE ");
    if index.unique() {
        text.push_str("UNIQUE ");
    }
    text.push_str(clustered(&options));
    if options.flag("mssql_columnstore") == Some(true) {
        text.push_str("COLUMNSTORE ");
    }
    let _ = write!(
        text,
        "INDEX {} ON {}",
        prepared_index_name(index, dialect, false)?,
        format_table(table, dialect)
    );
    let mut parts = Vec::new();
    for expression in index.expressions() {
        parts.push(ddl_expression(&expression, dialect)?);
    }
    if !parts.is_empty() {
        let _ = write!(text, " ({})", parts.join(", "));
    }
    if let Some(argument) = options.get("mssql_include") {
        text.push_str(&included_columns(argument, Some(table), dialect)?);
    }
    if let Some(condition) = options.expression("mssql_where") {
        let condition: Expression = condition;
        let _ = write!(text, " WHERE {}", ddl_expression(&condition, dialect)?);
    }
    Ok(text)
}
