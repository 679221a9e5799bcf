//! DDL (`PGDDLCompiler`).

use std::fmt::Write as _;
use std::rc::Rc;

use crate::compiler::ddl::{
    DDLCompiler, check_text, column_default_string, computed_text, ddl_expression, deferrability,
    drop_index_text, foreign_key_text, format_column, format_table, has_optional_sequence,
    identity_text, included_columns, preamble, prepared_index_name, primary_key_body,
    primary_key_text, unique_body,
};
use crate::compiler::quote_literal;
use crate::dialects::Dialect;
use crate::elements::{self, Expression};
use crate::exc;
use crate::literal::Literal;
use crate::name::Name;
use crate::schema::{
    self, CheckConstraint, Column, Computed, Constraint, DialectOptions, ExcludeConstraint,
    ForeignKeyConstraint, Index, PrimaryKeyConstraint, Sequence, Table, UniqueConstraint,
};
use crate::sqltypes::{Argument, Type, classes};
use ground::diagnostic::{Error, Result};

/// `PGDDLCompiler`.
pub struct PGDDLCompiler;

impl DDLCompiler for PGDDLCompiler {
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        column_specification(column, dialect)
    }

    fn post_create_table(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        Ok(table_options(&table.dialect_options(), dialect))
    }

    fn visit_create_index(
        &self,
        index: &Index,
        table: &Table,
        dialect: &Dialect,
        if_not_exists: bool,
    ) -> Result<String> {
        create_index(index, table, dialect, if_not_exists)
    }

    fn visit_drop_index(
        &self,
        index: &Index,
        dialect: &Dialect,
        if_exists: bool,
    ) -> Result<String> {
        let words = match index.dialect_options().flag("postgresql_concurrently") {
            Some(true) => "CONCURRENTLY ",
            _ => "",
        };
        let name = prepared_index_name(index, dialect, true)?;
        Ok(drop_index_text(words, &name, if_exists))
    }

    fn visit_primary_key_constraint(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        primary_key_text(primary_key, dialect).map(Some)
    }

    fn define_primary_key_body(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        let body = primary_key_body(primary_key, dialect)?;
        let options = primary_key.dialect_options();
        let include = include(&options, primary_key.table().as_ref(), dialect)?;
        Ok(format!("{body}{include}"))
    }

    fn define_unique_body(&self, unique: &UniqueConstraint, dialect: &Dialect) -> Result<String> {
        let options = unique.dialect_options();
        let distinct = match options.flag("postgresql_nulls_not_distinct") {
            Some(true) => "NULLS NOT DISTINCT ",
            Some(false) => "NULLS DISTINCT ",
            None => "",
        };
        let body = unique_body(unique, distinct, dialect);
        let include = include(&options, unique.table().as_ref(), dialect)?;
        Ok(format!("{body}{include}"))
    }

    fn visit_check_constraint(&self, check: &CheckConstraint, dialect: &Dialect) -> Result<String> {
        let text = check_text(check, dialect)?;
        Ok(text + not_valid(&check.dialect_options()))
    }

    fn visit_foreign_key_constraint(
        &self,
        foreign: &ForeignKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        let text = foreign_key_text(foreign, dialect)?;
        Ok(Some(text + not_valid(&foreign.dialect_options())))
    }

    fn visit_exclude_constraint(
        &self,
        exclude: &ExcludeConstraint,
        dialect: &Dialect,
    ) -> Result<String> {
        let constraint = Constraint::Exclude(exclude.clone());
        let arguments = exclude.arguments();
        let table = exclude.table();
        let mut parts = Vec::new();
        for (operand, operator) in &arguments.elements {
            let expression = operand.expression(table.as_ref());
            let mut part = ddl_expression(&expression, dialect)?;
            let class = operand.name().and_then(|name| {
                let known = arguments.ops.iter().find(|(given, _)| *given == name);
                known.map(|(_, class)| class.clone())
            });
            if let Some(class) = class {
                let _ = write!(part, " {class}");
            }
            parts.push(format!("{part} WITH {operator}"));
        }
        let mut text = preamble(&constraint, dialect)?;
        let _ = write!(
            text,
            "EXCLUDE USING {} ({})",
            arguments.using.to_lowercase(),
            parts.join(", ")
        );
        if let Some(condition) = &arguments.where_ {
            let _ = write!(text, " WHERE ({})", ddl_expression(condition, dialect)?);
        }
        text.push_str(&deferrability(&constraint)?);
        Ok(text)
    }

    fn define_constraint_ondelete_cascade(&self, ondelete: &Rc<str>) -> Result<String> {
        // `SET NULL (column)` is not a plain phrase, so it is not validated as one.
        Ok(format!(" ON DELETE {ondelete}"))
    }

    fn define_sequence_type(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Ok(match sequence.data_type() {
            Some(kind) => format!(" AS {}", kind.compile(dialect)?),
            None => String::new(),
        })
    }

    fn visit_create_enum_type(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        if kind.is_instance(&classes::POSTGRESQL_DOMAIN) {
            return create_domain(kind, dialect);
        }
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

    fn nameless_type(&self, kind: &Type, dialect: &Dialect) -> Error {
        // A driver's own type has a class of its own.
        let class = match dialect.driver() {
            _ if !kind.is_instance(&classes::GENERIC_ENUM) => "DOMAIN",
            "asyncpg" => "AsyncPgEnum",
            _ => "ENUM",
        };
        Error::new(
            crate::exc::COMPILE_ERROR,
            format!("PostgreSQL {class} type requires a name."),
        )
    }

    fn visit_drop_enum_type(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        let domain = kind.is_instance(&classes::POSTGRESQL_DOMAIN);
        let what = if domain { "DOMAIN" } else { "TYPE" };
        Ok(format!("DROP {what} {}", kind.compile(dialect)?))
    }
}

/// `visit_create_domain_type`.
fn create_domain(kind: &Type, dialect: &Dialect) -> Result<String> {
    let mut options = Vec::new();
    if let Some(collation) = kind.text("collation") {
        let name = dialect.format_collation(&Name::new(&*collation));
        options.push(match kind.text("collation_schema") {
            Some(schema) => format!("COLLATE {}.{name}", dialect.quote(&schema)),
            None => format!("COLLATE {name}"),
        });
    }
    match kind.argument("default") {
        Some(Argument::Value(Literal::String(text))) => {
            options.push(format!("DEFAULT {}", quote_literal(&text, dialect)));
        }
        Some(Argument::Expression(expression)) => {
            options.push(format!("DEFAULT {}", ddl_expression(&expression, dialect)?));
        }
        _ => {}
    }
    if let Some(name) = kind.text("constraint_name") {
        options.push(format!("CONSTRAINT {}", dialect.quote(&name)));
    }
    if kind.flag("not_null") {
        options.push("NOT NULL".into());
    }
    match kind.argument("check") {
        Some(Argument::Value(Literal::String(text))) => {
            let check = ddl_expression(&elements::text(&text), dialect)?;
            options.push(format!("CHECK ({check})"));
        }
        Some(Argument::Expression(expression)) => {
            options.push(format!("CHECK ({})", ddl_expression(&expression, dialect)?));
        }
        _ => {}
    }
    let of = match kind.argument("data_type") {
        Some(Argument::Type(of)) => of.compile(dialect)?,
        _ => return Err(Error::unsupported("a DOMAIN of no type")),
    };
    Ok(format!(
        "CREATE DOMAIN {} AS {of} {}",
        kind.compile(dialect)?,
        options.join(" ")
    ))
}

fn not_valid(options: &DialectOptions) -> &'static str {
    match options.flag("postgresql_not_valid") {
        Some(true) => " NOT VALID",
        _ => "",
    }
}

fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut text = format_column(column, dialect);
    let mut kind = column.kind().dialect_impl(dialect)?;
    if kind.is_type_decorator()
        && let Some(wrapped) = kind.impl_type()
    {
        kind = wrapped;
    }
    let identity = column.identity();
    let counted = match column.table() {
        Some(table) if column.primary_key() => table
            .primary_key()
            .autoincrement_column()?
            .is_some_and(|counted| counted.ptr_eq(column)),
        _ => false,
    };
    if counted
        && identity.is_none()
        && (column.default().is_none() || has_optional_sequence(column))
    {
        text.push_str(if kind.is_instance(&classes::GENERIC_BIG_INTEGER) {
            " BIGSERIAL"
        } else if kind.is_instance(&classes::GENERIC_SMALL_INTEGER) {
            " SMALLSERIAL"
        } else {
            " SERIAL"
        });
    } else {
        let _ = write!(text, " {}", column.kind().compile(dialect)?);
        if let Some(default) = column_default_string(column, dialect)? {
            let _ = write!(text, " DEFAULT {default}");
        }
    }
    if let Some(computed) = column.computed() {
        let _ = write!(text, " {}", computed_column(column, &computed, dialect)?);
    }
    if let Some(identity) = &identity {
        let _ = write!(text, " {}", identity_text(identity));
    }
    if !column.nullable() && identity.is_none() {
        text.push_str(" NOT NULL");
    } else if column.nullable() && identity.is_some() {
        text.push_str(" NULL");
    }
    Ok(text)
}

fn names(argument: &Argument, table: Option<&Table>) -> Vec<String> {
    match argument {
        Argument::Value(Literal::List(items) | Literal::Tuple(items)) => items
            .iter()
            .map(|item| match item {
                Literal::String(key) => table
                    .and_then(|table| table.column(key))
                    .map_or_else(|| key.to_string(), |column| column.name().to_string()),
                other => other.python_str(),
            })
            .collect(),
        Argument::Value(Literal::String(text)) => vec![text.to_string()],
        _ => Vec::new(),
    }
}

fn include(options: &DialectOptions, table: Option<&Table>, dialect: &Dialect) -> Result<String> {
    let Some(argument) = options.get("postgresql_include") else {
        return Ok(String::new());
    };
    included_columns(argument, table, dialect)
}

fn with_options(argument: &Argument) -> String {
    let Argument::Value(Literal::Dictionary(items)) = argument else {
        return String::new();
    };
    let parts: Vec<String> = items
        .iter()
        .map(|(name, value)| match value {
            Literal::Null => name.python_str(),
            Literal::Boolean(value) => format!("{} = {value}", name.python_str()),
            other => format!("{} = {}", name.python_str(), other.python_str()),
        })
        .collect();
    parts.join(", ")
}

fn create_index(
    index: &Index,
    table: &Table,
    dialect: &Dialect,
    if_not_exists: bool,
) -> Result<String> {
    let options = index.dialect_options();
    let mut text = String::from("CREATE ");
    if index.unique() {
        text.push_str("UNIQUE ");
    }
    text.push_str("INDEX ");
    if options.flag("postgresql_concurrently") == Some(true) {
        text.push_str("CONCURRENTLY ");
    }
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    let _ = write!(
        text,
        "{} ON {} ",
        prepared_index_name(index, dialect, false)?,
        format_table(table, dialect)
    );
    if let Some(using) = options
        .text("postgresql_using")
        .filter(|using| !using.is_empty())
    {
        let _ = write!(text, "USING {} ", using.to_lowercase());
    }
    let operators = match options.get("postgresql_ops") {
        Some(Argument::Value(Literal::Dictionary(items))) => items.to_vec(),
        _ => Vec::new(),
    };
    let mut parts = Vec::new();
    for expression in index.expressions() {
        let shown = match &expression {
            Expression::Column(_) | Expression::ColumnClause(_) => expression.clone(),
            other => other.self_group(None),
        };
        let mut part = ddl_expression(&shown, dialect)?;
        if let Some(key) = expression.key()
            && let Some((_, operator)) = operators
                .iter()
                .find(|(name, _)| name.as_str() == Some(&*key))
        {
            let _ = write!(part, " {}", operator.python_str());
        }
        parts.push(part);
    }
    let _ = write!(text, "({})", parts.join(", "));
    text.push_str(&include(&options, Some(table), dialect)?);
    match options.flag("postgresql_nulls_not_distinct") {
        Some(true) => text.push_str(" NULLS NOT DISTINCT"),
        Some(false)
            if !matches!(
                options.get("postgresql_nulls_not_distinct"),
                Some(Argument::Value(Literal::Null))
            ) =>
        {
            text.push_str(" NULLS DISTINCT");
        }
        _ => {}
    }
    if let Some(argument) = options.get("postgresql_with") {
        let with = with_options(argument);
        if !with.is_empty() {
            let _ = write!(text, " WITH ({with})");
        }
    }
    if let Some(tablespace) = options.text("postgresql_tablespace") {
        let _ = write!(text, " TABLESPACE {}", dialect.quote(&tablespace));
    }
    if let Some(condition) = options.expression("postgresql_where") {
        let _ = write!(text, " WHERE {}", ddl_expression(&condition, dialect)?);
    }
    Ok(text)
}

fn table_options(options: &DialectOptions, dialect: &Dialect) -> String {
    let mut text = String::new();
    if let Some(argument) = options.get("postgresql_inherits") {
        let names: Vec<String> = names(argument, None)
            .iter()
            .map(|name| dialect.quote(name))
            .collect();
        if !names.is_empty() {
            let _ = write!(text, "\n INHERITS ({})", names.join(", "));
        }
    }
    if let Some(partition) = options.text("postgresql_partition_by") {
        let _ = write!(text, "\n PARTITION BY {partition}");
    }
    if let Some(using) = options.text("postgresql_using") {
        let _ = write!(text, "\n USING {using}");
    }
    if let Some(argument) = options.get("postgresql_with") {
        let with = with_options(argument);
        if !with.is_empty() {
            let _ = write!(text, "\n WITH ({with})");
        }
    }
    match options.get("postgresql_with_oids") {
        Some(Argument::Value(Literal::Boolean(true))) => text.push_str("\n WITH OIDS"),
        Some(Argument::Value(Literal::Boolean(false))) => text.push_str("\n WITHOUT OIDS"),
        _ => {}
    }
    if let Some(commit) = options.text("postgresql_on_commit") {
        let _ = write!(
            text,
            "\n ON COMMIT {}",
            commit.replace('_', " ").to_uppercase()
        );
    }
    if let Some(tablespace) = options.text("postgresql_tablespace") {
        let _ = write!(text, "\n TABLESPACE {}", dialect.quote(&tablespace));
    }
    text
}

/// A generated column: before version 18 the server stores all of them.
fn computed_column(column: &Column, computed: &Computed, dialect: &Dialect) -> Result<String> {
    let old = dialect
        .server_version_info()
        .is_some_and(|version| version < (18, 0, 0));
    if !old {
        return computed_text(computed, dialect);
    }
    match computed.persisted() {
        Some(true) => {}
        Some(false) => {
            return Err(Error::new(
                exc::COMPILE_ERROR,
                "PostrgreSQL computed columns do not support 'virtual' persistence; set the \
                 'persisted' flag to None or True for PostgreSQL support.",
            ));
        }
        None => schema::warn(format!(
            "Computed column {} is being created as 'STORED' since the current PostgreSQL version \
             does not support VIRTUAL columns. On PostgreSQL 18+, when 'persisted' is not specified, \
             no keyword will be rendered and VIRTUAL will be used by default. Set 'persisted=True' to \
             ensure STORED behavior across all PostgreSQL versions.",
            column.python_str()
        )),
    }
    let expression = ddl_expression(&computed.sqltext(), dialect)?;
    Ok(format!("GENERATED ALWAYS AS ({expression}) STORED"))
}
