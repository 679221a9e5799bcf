//! Dialect-specific statements and expressions (`sqlalchemy.sql.compiler.SQLCompiler`).

use super::types::unsupported_element;
use super::{Compilation, Flags};
use crate::dialects::{AGGREGATE_ORDER_BY, DefaultDialect, Dialect};
use crate::elements::{Binary, Cast, Expression, ExpressionList, Function, Operator, cast, func};
use crate::exc;
use crate::schema::Sequence;
use crate::sql::{Fetch, ForUpdate, FromClause, Select};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

/// Renders statements and expressions for a dialect. The state of a compilation is in
/// [`Compilation`]; the default methods are those of `SQLCompiler`, with the additions of
/// `StrSQLCompiler`.
///
/// Every method that takes a compilation raises `sqlalchemy.exc.CompileError` for a construct that
/// the dialect cannot render.
pub trait SQLCompiler: Sync {
    /// Escapes text inside a literal's quotes (`render_literal_value`).
    fn escape_literal(&self, text: &str) -> String {
        text.replace('\'', "''")
    }

    /// `visit_true`, `visit_false`.
    fn visit_boolean(&self, value: bool, dialect: &dyn DefaultDialect) -> &'static str {
        match (dialect.supports_native_boolean(), value) {
            (true, true) => "true",
            (true, false) => "false",
            (false, true) => "1",
            (false, false) => "0",
        }
    }

    /// `visit_empty_set_op_expr`: an empty list with that many columns, on the right of IN or, if
    /// `negated`, of NOT IN.
    fn visit_empty_set_op_expr(&self, _columns: usize, _negated: bool) -> String {
        "SELECT 1 WHERE 1!=1".into()
    }

    /// `visit_cast` and `visit_try_cast`.
    ///
    /// # Errors
    /// `CompileError`.
    fn visit_cast(
        &self,
        compilation: &mut Compilation,
        cast: &Cast,
        flags: Flags,
    ) -> Result<String> {
        visit_cast(compilation, cast, flags)
    }

    /// `a % b`.
    ///
    /// # Errors
    /// `CompileError`.
    fn visit_mod_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let operator = compilation.dialect.double_percents(" % ".to_owned());
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left}{operator}{right}"))
    }

    /// `default_from`: what follows a SELECT without FROM.
    fn default_from(&self, has_conditions: bool) -> &'static str {
        let _ = has_conditions;
        ""
    }

    /// `returning_precedes_values`.
    fn returning_precedes_values(&self) -> bool {
        false
    }

    /// `visit_sequence`: the next value of a sequence.
    ///
    /// # Errors
    /// `NotImplementedError` for a database without sequences.
    fn visit_sequence(&self, _sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Err(Error::new(
            "NotImplementedError",
            format!(
                "Dialect '{}' does not support sequence increments.",
                dialect.name()
            ),
        ))
    }

    /// `render_bind_cast`: the suffix that gives a parameter's type.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` for a type without a name in the dialect.
    fn render_bind_cast(&self, _kind: &Type, _dialect: &Dialect) -> Result<String> {
        Ok(String::new())
    }

    /// A function rendered in a dialect-specific way (`visit_now_func` and the like), by its
    /// lower-case name; `None` for the default rendering.
    fn visit_function(
        &self,
        _compilation: &mut Compilation,
        _name: &str,
        _function: &Function,
        _flags: Flags,
    ) -> Result<Option<String>> {
        Ok(None)
    }

    /// `visit_extract`: a field of a date or time.
    fn visit_extract(
        &self,
        compilation: &mut Compilation,
        field: &str,
        moment: &Expression,
        flags: Flags,
    ) -> Result<String> {
        let moment = compilation.expression(moment, flags)?;
        Ok(format!("EXTRACT({field} FROM {moment})"))
    }

    /// `visit_concat_op_binary`.
    fn visit_concat_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.generic_binary(binary, " || ", flags)
    }

    /// `visit_concat_op_expression_clauselist`: concatenation of several operands.
    fn visit_concat_op_clauselist(
        &self,
        compilation: &mut Compilation,
        list: &ExpressionList,
        flags: Flags,
    ) -> Result<String> {
        compilation.operator_list(list, " || ", flags)
    }

    /// `visit_truediv_binary`: true division.
    fn visit_truediv_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let kind = binary.right.kind();
        let fractional = kind.has_affinity(&classes::GENERIC_NUMERIC)
            || kind.has_affinity(&classes::GENERIC_FLOAT);
        let target = if fractional {
            kind
        } else {
            Type::numeric_type()
        };
        let right = compilation.expression(&cast(binary.right.clone(), target), flags)?;
        Ok(format!("{left} / {right}"))
    }

    /// `visit_is_distinct_from_binary`, `visit_is_not_distinct_from_binary`.
    fn visit_is_distinct_from_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.operator_binary(binary, flags)
    }

    /// `visit_ilike_op_binary`, `visit_not_ilike_op_binary`.
    fn visit_ilike_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let lower = |side: &Expression| func(Vec::new(), "lower", vec![side.clone()]);
        let folded = Binary {
            left: lower(&binary.left),
            right: lower(&binary.right),
            ..binary.clone()
        };
        compilation.like(&folded, flags)
    }

    /// `visit_regexp_match_op_binary`, `visit_not_regexp_match_op_binary`.
    fn visit_regexp_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let _ = (binary, flags);
        Err(Error::new(
            exc::COMPILE_ERROR,
            format!(
                "{} dialect does not support regular expressions",
                compilation.dialect.name()
            ),
        ))
    }

    /// `visit_json_getitem_op_binary`, `visit_json_path_getitem_op_binary`,
    /// `visit_getitem_binary`.
    fn visit_getitem_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left}[{right}]"))
    }

    /// `visit_json_getitem_op_binary` and `visit_json_path_getitem_op_binary`: an element of a JSON
    /// value, as JSON or as the type that `as_string()` and its like gave it.
    ///
    /// # Errors
    /// `CompileError`.
    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        self.visit_getitem_binary(compilation, binary, flags)
    }

    /// PostgreSQL's `->>` and `#>>`.
    ///
    /// # Errors
    /// `CompileError`.
    fn visit_json_astext_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let operator = json_text_operator(&binary.operator);
        let binary = compilation.with_json_path(binary);
        compilation.generic_binary(&binary, operator, flags)
    }

    /// `visit_bitwise_xor_op_binary`.
    fn visit_bitwise_xor_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.operator_binary(binary, flags)
    }

    /// `get_select_precolumns`: DISTINCT, or DISTINCT ON.
    fn get_select_precolumns(
        &self,
        _compilation: &mut Compilation,
        _distinct_on: &[Expression],
        _flags: Flags,
    ) -> Result<String> {
        Ok("DISTINCT ".into())
    }

    /// `translate_select_structure`: what is written in the place of a SELECT with a limit or an
    /// offset, where the database has no clause for them.
    fn translate_select_structure(&self, _select: &Select) -> Result<Option<Select>> {
        Ok(None)
    }

    /// What stands before the columns of a SELECT that has a limit or an offset.
    fn limit_precolumns(
        &self,
        _compilation: &mut Compilation,
        _limited: Limited<'_>,
        _flags: Flags,
    ) -> Result<String> {
        Ok(String::new())
    }

    /// `limit_clause`; at least one of limit and offset is given.
    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        limit_and_offset(compilation, "\n LIMIT ", "-1", limit, offset, flags)
    }

    /// `fetch_clause`: FETCH FIRST, with an OFFSET before it.
    fn fetch_clause(
        &self,
        compilation: &mut Compilation,
        fetch: &Fetch,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        fetch_first(compilation, fetch, offset, flags, |number| number)
    }

    /// `for_update_clause`.
    fn for_update_clause(
        &self,
        _compilation: &mut Compilation,
        lock: &ForUpdate,
        _flags: Flags,
    ) -> Result<String> {
        Ok(match (lock.read, lock.key_share) {
            (true, true) => " FOR KEY SHARE",
            (true, false) => " FOR SHARE",
            _ => " FOR UPDATE",
        }
        .into())
    }

    /// `get_select_hint_text`: hints as they stand after SELECT; `None` where they stand elsewhere.
    fn get_select_hint_text(&self, _hints: &str) -> Option<String> {
        None
    }

    /// `get_from_hint_text` and `format_from_hint_text`: a table with a hint about it.
    ///
    /// # Errors
    /// `CompileError` for a hint that the database does not know.
    fn hinted_from(&self, table: String, _hint: &str) -> Result<String> {
        Ok(table)
    }

    /// Whether there is ILIKE.
    fn has_ilike(&self) -> bool {
        false
    }

    /// `visit_regexp_replace_op_binary`.
    ///
    /// # Errors
    /// `CompileError` where the database has no such function.
    fn visit_regexp_replace_op_binary(
        &self,
        compilation: &mut Compilation,
        _binary: &Binary,
        _flags: Flags,
    ) -> Result<String> {
        Err(Error::new(
            exc::COMPILE_ERROR,
            format!(
                "{} dialect does not support regular expression replacements",
                compilation.dialect.name()
            ),
        ))
    }

    /// `visit_aggregate_order_by`.
    ///
    /// # Errors
    /// `UnsupportedCompilationError` where the database has no such thing.
    fn visit_aggregate_order_by(
        &self,
        compilation: &mut Compilation,
        _target: &Expression,
        _order: &[Expression],
        _flags: Flags,
    ) -> Result<String> {
        Err(unsupported_element(
            AGGREGATE_ORDER_BY,
            &compilation.dialect,
        ))
    }

    /// Whether the ends of a frame are written as numbers.
    fn frame_of_numbers(&self) -> bool {
        false
    }

    /// `returning_clause`.
    fn returning_clause(
        &self,
        compilation: &mut Compilation,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        let flags = Flags {
            include_table: true,
            ..flags
        };
        compilation.returning_columns(columns, flags)
    }

    /// `visit_match_op_binary`.
    ///
    /// # Errors
    /// `CompileError`.
    fn visit_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.operator_binary(binary, flags)
    }

    /// The words of a set operation (`compound_keywords`).
    fn compound_keyword(&self, keyword: &'static str) -> &'static str {
        keyword
    }

    /// `returning_clause` of a DELETE.
    fn delete_returning_clause(
        &self,
        compilation: &mut Compilation,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        self.returning_clause(compilation, columns, flags)
    }

    /// `get_cte_preamble`.
    fn get_cte_preamble(&self, recursive: bool) -> &'static str {
        if recursive { "WITH RECURSIVE" } else { "WITH" }
    }

    /// `cte_follows_insert`: the CTEs of an INSERT stand before its SELECT, not before the whole.
    fn cte_follows_insert(&self) -> bool {
        false
    }

    /// What a function in a FROM clause is wrapped in.
    fn table_function(&self, function: String) -> String {
        function
    }

    /// The name of the one column of a function in a FROM clause, where it is not the function's.
    fn column_value(&self) -> Option<&'static str> {
        None
    }

    /// Whether there is TRY_CAST.
    fn has_try_cast(&self) -> bool {
        true
    }

    /// `get_render_as_alias_suffix`: what follows a table or a SELECT that has another name.
    fn get_render_as_alias_suffix(&self, name: &str) -> String {
        format!(" AS {name}")
    }

    /// The words of `visit_join`.
    fn join_words(&self, is_outer: bool, full: bool) -> &'static str {
        match (full, is_outer) {
            (true, _) => " FULL OUTER JOIN ",
            (false, true) => " LEFT OUTER JOIN ",
            (false, false) => " JOIN ",
        }
    }

    /// `update_tables_clause`: the tables between UPDATE and SET.
    fn update_tables_clause(
        &self,
        compilation: &mut Compilation,
        table: &FromClause,
        _froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        compilation.from_list(std::slice::from_ref(table), flags)
    }

    /// Whether SET names the tables of its columns where there are several.
    fn qualifies_set_columns(&self) -> bool {
        false
    }

    /// `update_from_clause`: the additional tables of an UPDATE, after SET.
    fn update_from_clause(
        &self,
        compilation: &mut Compilation,
        _table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        Ok(format!(" FROM {}", compilation.from_list(froms, flags)?))
    }

    /// `delete_extra_from_clause`: the additional tables in the WHERE of a DELETE.
    fn delete_extra_from_clause(
        &self,
        compilation: &mut Compilation,
        _table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        Ok(format!(" , {}", compilation.from_list(froms, flags)?))
    }
}

/// How many rows of a SELECT, and from which on.
#[derive(Clone, Copy)]
pub struct Limited<'a> {
    /// LIMIT.
    pub limit: Option<&'a Expression>,
    /// OFFSET.
    pub offset: Option<&'a Expression>,
    /// FETCH FIRST, which excludes a LIMIT.
    pub fetch: Option<&'a Fetch>,
}

/// OFFSET and FETCH FIRST, with numbers as `shown` makes them.
pub(crate) fn fetch_first(
    compilation: &mut Compilation,
    fetch: &Fetch,
    offset: Option<&Expression>,
    flags: Flags,
    shown: impl Fn(String) -> String,
) -> Result<String> {
    let mut text = String::new();
    if let Some(offset) = offset {
        let offset = shown(compilation.expression(offset, flags)?);
        text.push_str(&format!("\n OFFSET {offset} ROWS"));
    }
    let count = shown(compilation.expression(&fetch.count, flags)?);
    let percent = if fetch.percent { " PERCENT" } else { "" };
    let ties = if fetch.with_ties { "WITH TIES" } else { "ONLY" };
    text.push_str(&format!("\n FETCH FIRST {count}{percent} ROWS {ties}"));
    Ok(text)
}

/// The error of an UPDATE or a DELETE of one table with criteria of others.
pub(crate) fn several_tables(statement: &str) -> Error {
    Error::new(
        "NotImplementedError",
        format!("This backend does not support multiple-table criteria within {statement}"),
    )
}

/// The table of a statement and the additional ones.
pub(crate) fn all_tables(
    compilation: &mut Compilation,
    table: &FromClause,
    froms: &[FromClause],
    flags: Flags,
) -> Result<String> {
    let mut all = vec![table.clone()];
    all.extend_from_slice(froms);
    compilation.from_list(&all, flags)
}

/// What is locked, NOWAIT and SKIP LOCKED after a lock.
pub(crate) fn lock_waits(text: &str, of: &[String], lock: &ForUpdate) -> String {
    let of = match of {
        [] => String::new(),
        names => format!(" OF {}", names.join(", ")),
    };
    let nowait = if lock.nowait { " NOWAIT" } else { "" };
    let skip = if lock.skip_locked { " SKIP LOCKED" } else { "" };
    [text, &of, nowait, skip].concat()
}

/// LIMIT and OFFSET: `keyword` precedes a limit, `all` stands for a missing one.
pub(crate) fn limit_and_offset(
    compilation: &mut Compilation,
    keyword: &str,
    all: &str,
    limit: Option<&Expression>,
    offset: Option<&Expression>,
    flags: Flags,
) -> Result<String> {
    let mut text = String::new();
    if let Some(limit) = limit {
        text.push_str(keyword);
        text.push_str(&compilation.expression(limit, flags)?);
    }
    if let Some(offset) = offset {
        if limit.is_none() {
            text.push_str("\n LIMIT ");
            text.push_str(all);
        }
        text.push_str(" OFFSET ");
        text.push_str(&compilation.expression(offset, flags)?);
    }
    Ok(text)
}

/// An `IN ()` that is never true and a `NOT IN ()` that always is, for databases whose IN must not
/// be empty.
pub(crate) fn empty_set_of_nulls(columns: usize, negated: bool) -> String {
    let nulls = vec!["NULL"; columns.max(1)].join(", ");
    let nulls = if columns > 1 {
        format!("({nulls})")
    } else {
        nulls
    };
    let rest = if negated { "OR (1 = 1" } else { "AND (1 != 1" };
    format!("{nulls}) {rest}")
}

/// The operator that takes an element out as text.
pub(crate) fn json_text_operator(operator: &Operator) -> &'static str {
    match operator {
        Operator::JsonPathGetItem | Operator::JsonPathAsText => " #>> ",
        _ => " ->> ",
    }
}

/// Whether an element of a JSON value is cast to the SQL type, rather than taken as text.
pub(crate) fn json_scalar(kind: &Type) -> bool {
    [
        &classes::GENERIC_INTEGER,
        &classes::GENERIC_NUMERIC,
        &classes::GENERIC_FLOAT,
    ]
    .iter()
    .any(|class| kind.has_affinity(class))
}

/// `CAST(clause AS type)`.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn visit_cast(compilation: &mut Compilation, cast: &Cast, flags: Flags) -> Result<String> {
    let kind = cast.kind.compile(&compilation.dialect)?;
    let clause = compilation.expression(&cast.clause, flags)?;
    let word = if cast.attempt { "TRY_CAST" } else { "CAST" };
    Ok(match kind.find(" COLLATE ") {
        Some(place) => format!("{word}({clause} AS {}){}", &kind[..place], &kind[place..]),
        None => format!("{word}({clause} AS {kind})"),
    })
}
