//! DDL (`MySQLDDLCompiler`).

use crate::exc;
use ground::order::InOrder;
use std::fmt::Write as _;
use std::rc::Rc;

use super::{MARIADB, MYSQL};
use crate::compiler::ddl::{
    DDLCompiler, column_default_string, compile_error, computed_text, ddl_expression,
    drop_index_text, format_column, format_constraint, format_table, needs_parentheses,
    prepared_index_name, primary_key_text,
};
use crate::compiler::quote_literal;
use crate::dialects::{DefaultDialect, Dialect};
use crate::elements::{Expression, Operator};
use crate::literal::Literal;
use crate::schema::{
    Column, Constraint, DialectOptions, Index, PrimaryKeyConstraint, ServerDefault, Table,
};
use crate::sqltypes::{Argument, classes};
use ground::diagnostic::{Error, Result};

/// `MySQLDDLCompiler`; `check` is the keyword before the name of a CHECK that is dropped, which
/// differs in MariaDB.
pub struct MySQLDDLCompiler {
    pub(super) check: &'static str,
}

impl DDLCompiler for MySQLDDLCompiler {
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        column_specification(column, dialect)
    }

    fn post_create_table(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        table_options(table, dialect)
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
        let name = prepared_index_name(index, dialect, false)?;
        let table = index
            .table()
            .map(|table| format_table(&table, dialect))
            .unwrap_or_default();
        let text = drop_index_text("", &name, if_exists);
        Ok(format!("{text} ON {table}"))
    }

    fn visit_drop_constraint(
        &self,
        constraint: &Constraint,
        dialect: &Dialect,
        _if_exists: bool,
        _cascade: bool,
    ) -> Result<String> {
        drop_constraint(constraint, self.check, dialect)
    }

    fn visit_set_table_comment(
        &self,
        table: &Table,
        comment: &str,
        dialect: &Dialect,
    ) -> Result<String> {
        let table = format_table(table, dialect);
        Ok(format!("ALTER TABLE {table} COMMENT {comment}"))
    }

    fn visit_drop_table_comment(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        self.visit_set_table_comment(table, "''", dialect)
    }

    fn visit_set_column_comment(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        let table = column
            .table()
            .map(|table| format_table(&table, dialect))
            .unwrap_or_default();
        Ok(format!(
            "ALTER TABLE {table} CHANGE {} {}",
            format_column(column, dialect),
            column_specification(column, dialect)?
        ))
    }

    fn visit_primary_key_constraint(
        &self,
        primary_key: &PrimaryKeyConstraint,
        dialect: &Dialect,
    ) -> Result<Option<String>> {
        if primary_key.columns().is_empty() {
            return Ok(Some(String::new()));
        }
        let mut text = primary_key_text(primary_key, dialect)?;
        let options = primary_key.dialect_options();
        if let Some(using) = option(&options, "using", dialect) {
            let _ = write!(text, " USING {}", dialect.quote(&using));
        }
        Ok(Some(text))
    }

    fn define_constraint_match(&self, _matching: &Rc<str>) -> Result<String> {
        Err(compile_error(
            "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE \
             clauses to be ignored.",
        ))
    }
}

fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut parts = vec![
        format_column(column, dialect),
        column.kind().compile(dialect)?,
    ];
    if let Some(computed) = column.computed() {
        parts.push(computed_text(&computed, dialect)?);
    }
    let kind = column.kind().dialect_impl(dialect)?;
    if kind.is_instance(&classes::GENERIC_DOUBLE)
        && kind.class().dialect.is_empty()
        && kind.precision().is_some()
    {
        return Err(Error::new(
            exc::ARGUMENT_ERROR,
            "You must specify both precision and scale or omit both altogether.",
        ));
    }
    let computed = column.computed().is_some()
        && column.user_defined_nullable().is_none()
        && dialect.name() == MARIADB.name();
    if !column.nullable() && !computed {
        parts.push("NOT NULL".into());
    } else if kind.is_instance(&classes::TIMESTAMP) {
        parts.push("NULL".into());
    }
    if let Some(comment) = column.comment() {
        parts.push(format!("COMMENT {}", quote_literal(&comment, dialect)));
    }
    let counted = match column.table() {
        Some(table) => table
            .primary_key()
            .autoincrement_column()?
            .is_some_and(|counted| counted.ptr_eq(column)),
        None => false,
    };
    let plain = matches!(
        column.server_default(),
        None | Some(ServerDefault::Identity(_))
    );
    if counted && plain {
        parts.push("AUTO_INCREMENT".into());
    } else if let Some(default) = column_default_string(column, dialect)? {
        if is_expression(&default) {
            parts.push(format!("DEFAULT ({default})"));
        } else {
            parts.push(format!("DEFAULT {default}"));
        }
    }
    Ok(parts.join(" "))
}

/// Whether MySQL requires parentheses around a default.
fn is_expression(default: &str) -> bool {
    let lower = default.to_lowercase();
    let on_update = lower
        .split("on ")
        .skip(1)
        .any(|rest| rest.trim_start().starts_with("update"));
    let precise = ["now(", "current_timestamp("].iter().any(|function| {
        lower.strip_prefix(function).is_some_and(|rest| {
            let digits = rest.chars().take_while(char::is_ascii_digit).count();
            digits > 0 && rest[digits..].starts_with(')')
        })
    });
    needs_parentheses(default) && !on_update && !precise
}

/// What stands after the columns of a table.
///
/// # Errors
///
/// `TypeError` for an option that is no string, as of the `join` there.
fn table_options(table: &Table, dialect: &Dialect) -> Result<String> {
    let prefix = format!("{}_", dialect.name());
    let mut options: Vec<(String, String)> = Vec::new();
    for (name, value) in table.dialect_options().iter() {
        let Some(name) = name.strip_prefix(&prefix) else {
            continue;
        };
        let value = match value {
            Argument::Value(Literal::String(text)) => text.to_string(),
            Argument::Value(other) => {
                return Err(Error::new(
                    ground::exception::TYPE_ERROR,
                    format!(
                        "sequence item 1: expected str instance, {} found",
                        other.class_name()
                    ),
                ));
            }
            other => other.python_repr(),
        };
        options.push((name.to_uppercase(), value));
    }
    if let Some(comment) = table.comment() {
        options.retain(|(name, _)| name != "COMMENT");
        options.push(("COMMENT".into(), comment.to_string()));
    }
    // COLLATE follows the character set, and what partitions the table comes last.
    options.in_order_by_key(|(name, _)| match name.as_str() {
        "COLLATE" => 1,
        "PARTITION_BY" => 2,
        "PARTITIONS" => 3,
        "SUBPARTITION_BY" => 4,
        "SUBPARTITIONS" => 5,
        _ => 0,
    });
    let mut text = String::new();
    for (name, value) in options {
        let value = if matches!(name.as_str(), "COMMENT" | "PASSWORD" | "CONNECTION") {
            quote_literal(&value, dialect)
        } else {
            value
        };
        let words = matches!(
            name.as_str(),
            "DATA_DIRECTORY"
                | "INDEX_DIRECTORY"
                | "DEFAULT_CHARACTER_SET"
                | "CHARACTER_SET"
                | "DEFAULT_CHARSET"
                | "DEFAULT_COLLATE"
                | "PARTITION_BY"
                | "SUBPARTITION_BY"
        );
        let name = if words { name.replace('_', " ") } else { name };
        let joiner = if matches!(
            name.as_str(),
            "TABLESPACE"
                | "DEFAULT CHARACTER SET"
                | "CHARACTER SET"
                | "COLLATE"
                | "PARTITION BY"
                | "PARTITIONS"
                | "SUBPARTITIONS"
                | "SUBPARTITION BY"
        ) {
            ' '
        } else {
            '='
        };
        if !text.is_empty() {
            text.push(' ');
        }
        let _ = write!(text, "{name}{joiner}{value}");
    }
    Ok(text)
}

fn create_index(
    index: &Index,
    table: &Table,
    dialect: &Dialect,
    if_not_exists: bool,
) -> Result<String> {
    let options = index.dialect_options();
    let own_option = |name: &str| options.get(&format!("{}_{name}", dialect.name()));
    let mut columns = Vec::new();
    for expression in index.expressions() {
        if let Some(Argument::Value(Literal::Dictionary(_))) = own_option("length")
            && let Some(class) = nameless(&expression)
        {
            return Err(Error::new(
                "AttributeError",
                format!("Neither '{class}' object nor 'Comparator' object has an attribute 'name'"),
            ));
        }
        let grouped = match &expression {
            Expression::Binary(_) | Expression::Function(_) => true,
            Expression::Unary(unary) => {
                !matches!(unary.modifier, Some(Operator::Desc | Operator::Asc))
            }
            _ => false,
        };
        let text = ddl_expression(&expression, dialect)?;
        let text = if grouped { format!("({text})") } else { text };
        let length = match own_option("length") {
            Some(Argument::Value(Literal::Dictionary(items))) => items
                .iter()
                .find(|(name, _)| {
                    name.as_str() == expression.name_text().as_deref()
                        || name.as_str() == Some(&text)
                })
                .and_then(|(_, length)| length.as_integer()),
            Some(Argument::Value(value)) => value.as_integer(),
            _ => None,
        };
        columns.push(match length {
            Some(length) => format!("{text}({length})"),
            None => text,
        });
    }
    let mut text = String::from("CREATE ");
    if index.unique() {
        text.push_str("UNIQUE ");
    }
    if let Some(Argument::Value(Literal::String(prefix))) = own_option("prefix") {
        let _ = write!(text, "{prefix} ");
    }
    text.push_str("INDEX ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    let _ = write!(
        text,
        "{} ON {} ({})",
        prepared_index_name(index, dialect, false)?,
        format_table(table, dialect),
        columns.join(", ")
    );
    if let Some(parser) = option(&options, "with_parser", dialect) {
        let _ = write!(text, " WITH PARSER {parser}");
    }
    if let Some(using) = option(&options, "using", dialect) {
        let _ = write!(text, " USING {}", dialect.quote(&using));
    }
    Ok(text)
}

/// `visit_drop_constraint`; `check` is the keyword before the name of a CHECK.
fn drop_constraint(constraint: &Constraint, check: &str, dialect: &Dialect) -> Result<String> {
    // `assert name is not None`
    let name = || -> Result<String> {
        format_constraint(constraint, dialect)?.ok_or_else(|| Error::new("AssertionError", ""))
    };
    let what = match constraint {
        Constraint::ForeignKey(_) => format!("FOREIGN KEY {}", name()?),
        Constraint::PrimaryKey(_) => "PRIMARY KEY ".into(),
        Constraint::Unique(_) | Constraint::Exclude(_) => format!("INDEX {}", name()?),
        Constraint::Check(_) => format!("{check} {}", name()?),
    };
    let table = constraint
        .table()
        .map(|table| format_table(&table, dialect))
        .unwrap_or_default();
    Ok(format!("ALTER TABLE {table} DROP {what}"))
}

/// An option under the dialect's name; MariaDB also takes MySQL's, with a warning.
fn option(options: &DialectOptions, name: &str, dialect: &Dialect) -> Option<Rc<str>> {
    let own = options.text(&format!("{}_{name}", dialect.name()));
    if own.is_some() || dialect.name() == MYSQL.name() {
        return own;
    }
    let shared = options.text(&format!("{}_{name}", MYSQL.name()))?;
    crate::schema::warn_deprecated(format!(
        "Using 'mysql_{name}' with the 'mariadb' dialect is deprecated; please additionally \
         specify 'mariadb_{name}'."
    ));
    Some(shared)
}

/// The class of an index expression that has no name to look a length up by.
fn nameless(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::Binary(_) => Some("BinaryExpression"),
        Expression::Cast(_) => Some("Cast"),
        Expression::Unary(_) => Some("UnaryExpression"),
        Expression::Text(_) => Some("_textual_index_element"),
        _ => None,
    }
}
