//! Statements and expressions (`MySQLCompiler`).

use crate::compiler::ddl::format_sequence;
use crate::compiler::{
    Compilation, Flags, SQLCompiler, all_tables, empty_set_of_nulls, lock_waits, quote_literal,
};
use crate::dialects::DefaultDialect;
use crate::dialects::Dialect;
use crate::elements::{Binary, Cast, Expression, ExpressionList, Function, Operator};
use crate::schema::Sequence;
use crate::sql::{ForUpdate, FromClause};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::Result;

/// `MySQLCompiler`.
pub struct MySQLCompiler;

impl SQLCompiler for MySQLCompiler {
    fn default_from(&self, has_conditions: bool) -> &'static str {
        if has_conditions { " FROM DUAL" } else { "" }
    }

    fn escape_literal(&self, text: &str) -> String {
        // A backslash is an escape character.
        text.replace('\'', "''").replace('\\', "\\\\")
    }

    fn visit_boolean(&self, value: bool, _dialect: &dyn DefaultDialect) -> &'static str {
        if value { "true" } else { "false" }
    }

    fn visit_empty_set_op_expr(&self, columns: usize, negated: bool) -> String {
        empty_set_of_nulls(columns, negated)
    }

    fn visit_function(
        &self,
        compilation: &mut Compilation,
        name: &str,
        function: &Function,
        flags: Flags,
    ) -> Result<Option<String>> {
        Ok(match name {
            "sysdate" => Some("SYSDATE()".into()),
            "random" => Some(format!("rand{}", compilation.arguments(function, flags)?)),
            "aggregate_strings" => {
                let [text, separator] = function.clauses.as_slice() else {
                    return Ok(None);
                };
                let text = compilation.expression(text, flags)?;
                let separator = compilation.expression(separator, flags)?;
                Some(format!("group_concat({text} SEPARATOR {separator})"))
            }
            _ => None,
        })
    }

    fn visit_cast(
        &self,
        compilation: &mut Compilation,
        cast: &Cast,
        flags: Flags,
    ) -> Result<String> {
        let clause = compilation.expression(&cast.clause, flags)?;
        match cast_type(&cast.kind, &compilation.dialect)? {
            Some(kind) => Ok(format!("CAST({clause} AS {kind})")),
            None => {
                let kind = cast.kind.compile(&compilation.dialect)?;
                crate::schema::warn(format!(
                    "Datatype {kind} does not support CAST on MySQL/MariaDb; the CAST will be \
                     skipped."
                ));
                let clause = cast.clause.self_group(None);
                compilation.expression(&clause, flags)
            }
        }
    }

    fn visit_sequence(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Ok(format!("nextval({})", format_sequence(sequence, dialect)))
    }

    fn visit_concat_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("concat({left}, {right})"))
    }

    fn visit_concat_op_clauselist(
        &self,
        compilation: &mut Compilation,
        list: &ExpressionList,
        flags: Flags,
    ) -> Result<String> {
        let operands = compilation.joined(&list.clauses, ", ", flags)?;
        Ok(format!("concat({operands})"))
    }

    fn visit_truediv_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left} / {right}"))
    }

    fn visit_regexp_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let operator = match binary.operator {
            Operator::RegexpMatch => " REGEXP ",
            _ => " NOT REGEXP ",
        };
        let Some(modes) = &binary.modifiers.flags else {
            return compilation.generic_binary(binary, operator, flags);
        };
        let not = match binary.operator {
            Operator::RegexpMatch => "",
            _ => "NOT ",
        };
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        let modes = quote_literal(modes, &compilation.dialect);
        Ok(format!("{not}REGEXP_LIKE({left}, {right}, {modes})"))
    }

    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let item = compilation.json_call("JSON_EXTRACT", binary, flags)?;
        let kind = &binary.kind;
        if kind.has_affinity(&classes::JSON) {
            return Ok(item);
        }
        let value = if kind.has_affinity(&classes::GENERIC_BOOLEAN) {
            return Ok(format!(
                "CASE {item} WHEN 'null' THEN NULL WHEN true THEN true ELSE false END"
            ));
        } else if kind.has_affinity(&classes::GENERIC_INTEGER) {
            format!("CAST({item} AS SIGNED INTEGER)")
        } else if let (true, Some(precision), Some(scale)) = (
            kind.has_affinity(&classes::GENERIC_NUMERIC),
            kind.precision(),
            kind.scale(),
        ) {
            format!("CAST({item} AS DECIMAL({precision}, {scale}))")
        } else if kind.has_affinity(&classes::GENERIC_NUMERIC)
            || kind.has_affinity(&classes::GENERIC_FLOAT)
        {
            // An addition makes it a number.
            format!("{item}+0.0000000000000000000000")
        } else {
            format!("JSON_UNQUOTE({item})")
        };
        Ok(format!(
            "CASE {item} WHEN 'null' THEN NULL ELSE {value} END"
        ))
    }

    fn visit_is_distinct_from_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        _flags: Flags,
    ) -> Result<String> {
        // SQLAlchemy passes no options on here, `literal_binds` among them.
        let flags = Flags::default();
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(match binary.operator {
            Operator::IsDistinctFrom => format!("NOT ({left} <=> {right})"),
            _ => format!("{left} <=> {right}"),
        })
    }

    fn join_words(&self, is_outer: bool, full: bool) -> &'static str {
        match (full, is_outer) {
            (true, _) => " FULL OUTER JOIN ",
            (false, true) => " LEFT OUTER JOIN ",
            (false, false) => " INNER JOIN ",
        }
    }

    fn cte_follows_insert(&self) -> bool {
        true
    }

    fn hinted_from(&self, table: String, hint: &str) -> Result<String> {
        Ok(format!("{table} {hint}"))
    }

    fn visit_regexp_replace_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.regexp_replace(binary, flags)
    }

    fn for_update_clause(
        &self,
        _compilation: &mut Compilation,
        lock: &ForUpdate,
        _flags: Flags,
    ) -> Result<String> {
        // Of a server whose version is not known SQLAlchemy takes it that there is no OF.
        let text = if lock.read {
            " LOCK IN SHARE MODE"
        } else {
            " FOR UPDATE"
        };
        Ok(lock_waits(text, &[], lock))
    }

    fn update_tables_clause(
        &self,
        compilation: &mut Compilation,
        table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        all_tables(compilation, table, froms, flags)
    }

    fn qualifies_set_columns(&self) -> bool {
        true
    }

    fn update_from_clause(
        &self,
        _compilation: &mut Compilation,
        _table: &FromClause,
        _froms: &[FromClause],
        _flags: Flags,
    ) -> Result<String> {
        Ok(String::new())
    }

    fn delete_extra_from_clause(
        &self,
        compilation: &mut Compilation,
        table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        let all = all_tables(compilation, table, froms, flags)?;
        Ok(format!(" USING {all}"))
    }

    fn has_try_cast(&self) -> bool {
        false
    }

    fn visit_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("MATCH ({left}) AGAINST ({right} IN BOOLEAN MODE)"))
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::from(" \n LIMIT ");
        let shown = |compilation: &mut Compilation, clause: &Expression| {
            compilation.expression(clause, flags)
        };
        text.push_str(&match (limit, offset) {
            (Some(limit), None) => shown(compilation, limit)?,
            // The number that MySQL's manual recommends for "all rows".
            (None, Some(offset)) => {
                format!("{}, 18446744073709551615", shown(compilation, offset)?)
            }
            (Some(limit), Some(offset)) => {
                let offset = shown(compilation, offset)?;
                format!("{offset}, {}", shown(compilation, limit)?)
            }
            (None, None) => return Ok(String::new()),
        });
        Ok(text)
    }
}

/// What a type is called in CAST, whose types are fewer; `None` where it has none
/// (`visit_typeclause`).
fn cast_type(kind: &Type, dialect: &Dialect) -> Result<Option<String>> {
    let mut kind = kind.dialect_impl(dialect)?;
    while kind.is_type_decorator()
        && let Some(wrapped) = kind.impl_type()
    {
        kind = wrapped.dialect_impl(dialect)?;
    }
    let is = |class| kind.is_instance(class);
    Ok(Some(if is(&classes::GENERIC_INTEGER) {
        if kind.flag("unsigned") {
            "UNSIGNED INTEGER".into()
        } else {
            "SIGNED INTEGER".into()
        }
    } else if is(&classes::TIMESTAMP) {
        "DATETIME".into()
    } else if is(&classes::GENERIC_DATE_TIME)
        || is(&classes::GENERIC_DATE)
        || is(&classes::GENERIC_TIME)
    {
        kind.compile(dialect)?
    } else if is(&classes::GENERIC_ENUM) || kind.class() == &classes::MYSQL_SET {
        return Ok(None);
    } else if is(&classes::GENERIC_STRING) {
        // The length, the character set and the collation stay.
        let mut text = "CHAR".to_owned();
        if let Some(length) = kind.length() {
            text.push_str(&format!("({length})"));
        }
        if let Some(charset) = kind.text("charset") {
            text.push_str(&format!(" CHARACTER SET {charset}"));
        }
        if let Some(collation) = kind.collation() {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        text
    } else if is(&classes::GENERIC_BINARY) {
        "BINARY".into()
    } else if is(&classes::JSON) {
        "JSON".into()
    } else if is(&classes::GENERIC_NUMERIC) {
        kind.compile(dialect)?.replace("NUMERIC", "DECIMAL")
    } else if kind.is_null() {
        return kind.compile(dialect).map(Some);
    } else {
        // What can't be compiled fails as it would in DDL.
        kind.compile(dialect)?;
        return Ok(None);
    }))
}
