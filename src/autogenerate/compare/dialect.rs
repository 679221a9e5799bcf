//! What the dialects have their own ways about: types, defaults, identities, indexes.

use ground::order::InOrder;
use std::cell::OnceCell;

use ground::regex::Regex;

use crate::autogenerate::api::AutogenContext;
use ground::diagnostic::Result;
use sqlalchemy::elements::Expression;
use sqlalchemy::literal::{Literal, string_repr};
use sqlalchemy::schema::{Identity, Index};
use sqlalchemy::sqltypes::Type;

/// A type's definition taken apart (`DefaultImpl._tokenize_column_type`).
struct Definition {
    token0: String,
    tokens: Vec<String>,
    arguments: Vec<String>,
}

thread_local! {
    static TOKENS: OnceCell<Option<Regex>> = const { OnceCell::new() };
}

fn tokenize(definition: &str) -> Definition {
    let definition = definition.to_lowercase();
    let mut terms: Vec<String> = Vec::new();
    let mut parentheses = None;
    TOKENS.with(|cell| {
        let pattern = cell.get_or_init(|| Regex::new(r"[\w\-_]+|\(.+?\)").ok());
        for token in pattern
            .iter()
            .flat_map(|pattern| pattern.captures_iter(&definition))
            .filter_map(|found| found.get(0))
        {
            if token.as_str().starts_with('(') {
                parentheses = Some(token.as_str().to_owned());
            } else {
                terms.push(token.as_str().to_owned());
            }
        }
    });
    let mut arguments = Vec::new();
    if let Some(parentheses) = parentheses {
        for term in parentheses.split(['(', ')', ',']) {
            if !term.is_empty() && !term.contains('=') {
                arguments.push(term.trim().to_owned());
            }
        }
    }
    let token0 = if terms.is_empty() {
        String::new()
    } else {
        terms.remove(0)
    };
    Definition {
        token0,
        tokens: terms,
        arguments,
    }
}

/// Sets of type names that are the same to a dialect.
fn synonyms(dialect: &str) -> &'static [&'static [&'static str]] {
    match dialect {
        "mysql" | "mariadb" => &[
            &["numeric", "decimal"],
            &["bool", "tinyint"],
            &["json", "longtext"],
        ],
        "postgresql" => &[&["numeric", "decimal"], &["float", "double precision"]],
        "mssql" => &[&["numeric", "decimal"], &["varchar", "nvarchar"]],
        _ => &[&["numeric", "decimal"]],
    }
}

/// `impl.compare_type`: whether a change of type is to be written.
pub(super) fn types_differ(context: &AutogenContext, conn: &Type, metadata: &Type) -> Result<bool> {
    let dialect = context.migration_context().dialect();
    let conn = conn.compile(dialect)?;
    let metadata = metadata.compile(dialect)?;
    if conn == metadata {
        return Ok(false);
    }
    let (conn, metadata) = (tokenize(&conn), tokenize(&metadata));
    if conn.token0 != metadata.token0 {
        let all = |definition: &Definition| {
            let mut terms = vec![definition.token0.as_str()];
            terms.extend(definition.tokens.iter().map(String::as_str));
            terms.join(" ")
        };
        let (conn_all, metadata_all) = (all(&conn), all(&metadata));
        let same = synonyms(dialect.name()).iter().any(|batch| {
            let both = |left: &str, right: &str| batch.contains(&left) && batch.contains(&right);
            both(&conn_all, &metadata_all) || both(&conn.token0, &metadata.token0)
        });
        if !same {
            return Ok(true);
        }
    }
    Ok(
        (metadata.tokens.len() == conn.tokens.len() && metadata.tokens != conn.tokens)
            || (metadata.arguments.len() == conn.arguments.len()
                && metadata.arguments != conn.arguments),
    )
}

/// `impl.compare_server_default`: whether a change of default is to be written.
pub(super) fn server_defaults_differ(
    context: &AutogenContext,
    conn: Option<&str>,
    metadata: Option<&str>,
) -> bool {
    if context.migration_context().dialect().name() == "sqlite" {
        conn.map(without_wrapping) != metadata.map(without_wrapping)
    } else {
        conn != metadata
    }
}

/// Takes away one pair of parentheses around a default and then one pair of quotes, as the
/// patterns `^\((.+)\)$` and `^"?'(.+)'"?$` do.
fn without_wrapping(text: &str) -> String {
    let mut text = text;
    let line = |text: &str| !text.is_empty() && !text.contains('\n');
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        && line(inner)
    {
        text = inner;
    }
    let start = text.strip_prefix('"').unwrap_or(text);
    if let Some(start) = start.strip_prefix('\'') {
        let end = start
            .strip_suffix('"')
            .and_then(|rest| rest.strip_suffix('\''))
            .or_else(|| start.strip_suffix('\''));
        if let Some(inner) = end.filter(|inner| line(inner)) {
            text = inner;
        }
    }
    text.to_owned()
}

/// The SQL of a computed column without what databases change in it.
pub(super) fn normalize_computed_default(sql: &str) -> String {
    sql.chars()
        .filter(|character| !" ()'\"`[]\t\r\n".contains(*character))
        .collect::<String>()
        .to_lowercase()
}

/// `_compare_identity_default`: the names of the options that differ, sorted.
pub(super) fn differing_identity_options(
    metadata: Option<&Identity>,
    conn: Option<&Identity>,
) -> Vec<String> {
    let options = |identity: Option<&Identity>| -> Vec<(String, Literal)> {
        identity.map_or_else(Vec::new, |identity| {
            let mut options: Vec<(String, Literal)> = vec![(
                "always".to_owned(),
                identity.always().map_or(Literal::Null, Literal::Boolean),
            )];
            options.extend(
                identity
                    .options()
                    .items()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value)),
            );
            options
        })
    };
    let (metadata, conn) = (options(metadata), options(conn));
    let find = |options: &[(String, Literal)], name: &str| {
        options
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let mut differing: Vec<String> = Vec::new();
    for (name, _) in metadata.iter().chain(&conn) {
        if name == "always" || differing.contains(name) {
            continue;
        }
        // What the models leave out is what the database has by default.
        let wanted = find(&metadata, name);
        if wanted != find(&conn, name) && !wanted.is_null() {
            differing.push(name.clone());
        }
    }
    if find(&metadata, "always").truth() != find(&conn, "always").truth() {
        differing.push("always".to_owned());
    }
    differing.retain(|name| name != "order" && name != "on_null");
    differing.in_order();
    differing
}

/// The dialect's implementation as a log line shows it; an address means nothing here.
pub(super) fn impl_repr(context: &AutogenContext) -> String {
    let name = context.migration_context().dialect().name().to_owned();
    let class = context
        .migration_context()
        .implementation()
        .name()
        .to_owned();
    format!("<alembic.ddl.{name}.{class} object at 0x7f0000000000>")
}

/// `correct_for_autogen_constraints`: on SQLite, indexes over expressions can't be reflected and
/// are left alone unless the database has one of that name.
pub(super) fn correct_indexes(
    context: &AutogenContext,
    conn_names: &[String],
    metadata: &mut Vec<Index>,
) {
    let dialect = context.migration_context().dialect().name().to_owned();
    if dialect != "sqlite" {
        return;
    }
    metadata.retain(|index| {
        let name = index.name();
        let name = name.as_str();
        if name.is_some_and(|name| conn_names.iter().any(|conn| conn == name))
            || !index.expressions().iter().any(is_expression)
        {
            return true;
        }
        context.run().warning(
            "UserWarning",
            &format!(
                "autogenerate skipping metadata-specified expression-based index {}; dialect \
                 {} under SQLAlchemy 2.1.9 can't reflect these indexes so they can't be compared",
                name.map_or_else(|| "None".to_owned(), string_repr),
                string_repr(&dialect)
            ),
        );
        false
    });
}

/// Whether a part of an index is more than a column, sorted or not.
pub(super) fn is_expression(expression: &Expression) -> bool {
    let mut expression = expression.clone();
    while let Expression::Unary(unary) = &expression {
        let inner = unary.element.clone();
        expression = inner;
    }
    match expression {
        Expression::Column(_) => false,
        Expression::ColumnClause(column) => column.is_literal,
        _ => true,
    }
}
