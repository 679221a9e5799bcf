//! The default autogenerate comparisons of dialects: `alembic.ddl._autogen` and the helpers of
//! `DefaultImpl`.

use ground::formatting::repr::string_repr;
use std::cell::OnceCell;

use ground::diagnostic::Result;
use ground::logging::Level;
use ground::order::InOrder;
use ground::regex::Regex;
use ground::run::Run;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::Expression;
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::{Column, Identity, Index, UniqueConstraint};
use sqlalchemy::sqltypes::Type;

/// The result of comparing a model object with the database object of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparisonResult {
    /// They are the same.
    Equal,
    /// They differ, in these ways.
    Different(Vec<String>),
    /// They cannot be compared, for these reasons; no change is generated.
    Skip(Vec<String>),
}

impl ComparisonResult {
    /// Different if there is a message.
    fn of(messages: Vec<String>) -> Self {
        if messages.is_empty() {
            ComparisonResult::Equal
        } else {
            ComparisonResult::Different(messages)
        }
    }
}

/// The repr of a tuple of `repr`s.
fn tuple_repr(parts: &[String]) -> String {
    match parts {
        [only] => format!("({only},)"),
        parts => format!("({})", parts.join(", ")),
    }
}

fn bool_repr(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

fn column_names(columns: &[Column]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|column| string_repr(&column.name()))
        .collect();
    tuple_repr(&names)
}

/// `getattr(expression, "name", None)`.
fn expression_name(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Column(column) => Some(column.name().to_string()),
        Expression::ColumnClause(column) => column.name.as_str().map(str::to_owned),
        Expression::Label(label) => label.name.as_str().map(str::to_owned),
        Expression::Function(function) => Some(function.name.to_string()),
        _ => None,
    }
}

/// The signature of an index regardless of its name, as `repr`s: uniqueness and the names of its
/// elements.
pub(super) fn index_signature(index: &Index) -> Vec<String> {
    let mut signature = vec![bool_repr(index.unique()).to_owned()];
    for expression in index.expressions() {
        signature.push(match expression_name(&expression) {
            Some(name) => string_repr(&name),
            None => "None".to_owned(),
        });
    }
    signature
}

/// The signature of a unique constraint regardless of its name: its sorted columns, as `repr`s.
pub(super) fn unique_constraint_signature(constraint: &UniqueConstraint) -> Vec<String> {
    let mut names: Vec<String> = constraint
        .columns()
        .iter()
        .map(|column| column.name().to_string())
        .collect();
    names.in_order();
    names.iter().map(|name| string_repr(name)).collect()
}

/// How two indexes differ in being unique.
pub(super) fn compare_uniqueness(metadata: &Index, reflected: &Index) -> Vec<String> {
    if metadata.unique() == reflected.unique() {
        return Vec::new();
    }
    vec![format!(
        "unique={} to unique={}",
        bool_repr(reflected.unique()),
        bool_repr(metadata.unique())
    )]
}

/// Compares uniqueness and columns, and warns about expressions.
pub(super) fn compare_indexes(run: &Run, metadata: &Index, reflected: &Index) -> ComparisonResult {
    let mut messages = compare_uniqueness(metadata, reflected);
    for index in [metadata, reflected] {
        if index.expressions().iter().any(is_expression) {
            run.logging.log(
                "alembic.ddl.impl",
                Level::WARNING,
                &format!(
                    "Generating approximate signature for index {}. The dialect implementation \
                     should either skip expression indexes or provide a custom implementation.",
                    index.python_repr()
                ),
            );
        }
    }
    let (new, old) = (
        column_names(&metadata.columns()),
        column_names(&reflected.columns()),
    );
    if new != old {
        messages.push(format!("expression {old} to {new}"));
    }
    ComparisonResult::of(messages)
}

/// Compares the columns.
pub(super) fn compare_unique_constraint(
    metadata: &[String],
    reflected: &[String],
) -> ComparisonResult {
    ComparisonResult::of(if metadata == reflected {
        Vec::new()
    } else {
        vec![format!(
            "expression {} to {}",
            tuple_repr(reflected),
            tuple_repr(metadata)
        )]
    })
}

/// A parsed type definition (`DefaultImpl._tokenize_column_type`).
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

/// Whether two types differ in name or arguments; the names in each set of `synonyms` are
/// equivalent.
///
/// # Errors
/// Errors of the compiler.
pub(super) fn types_differ(
    dialect: &Dialect,
    conn: &Type,
    metadata: &Type,
    synonyms: &[&[&str]],
) -> Result<bool> {
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
        let same = synonyms.iter().any(|batch| {
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

/// The SQL of a computed column, without the formatting that databases change.
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
        // Options omitted in the models have the database's default.
        let wanted = find(&metadata, name);
        if wanted != find(&conn, name) && !wanted.is_null() {
            differing.push(name.clone());
        }
    }
    if find(&metadata, "always").truth() != find(&conn, "always").truth() {
        differing.push("always".to_owned());
    }
    differing.in_order();
    differing
}

/// Whether an element of an index is more than a column with an optional sort order.
pub fn is_expression(expression: &Expression) -> bool {
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
