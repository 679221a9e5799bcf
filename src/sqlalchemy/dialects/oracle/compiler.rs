//! Statements and expressions (`OracleCompiler`).

use crate::compiler::ddl::format_sequence;
use crate::compiler::{
    Compilation, Flags, SQLCompiler, empty_set_of_nulls, fetch_first, lock_waits, quote_literal,
    several_tables, visit_cast,
};
use crate::dialects::{DefaultDialect, Dialect};
use crate::elements::{Binary, Cast, Expression, Function, Operator, at_execution};
use crate::schema::Sequence;
use crate::sql::{Fetch, ForUpdate, FromClause, LockTarget};
use crate::sqltypes::classes;
use ground::diagnostic::Result;

/// Oracle's SQL.
pub struct OracleCompiler;

impl SQLCompiler for OracleCompiler {
    fn visit_empty_set_op_expr(&self, columns: usize, negated: bool) -> String {
        empty_set_of_nulls(columns, negated)
    }

    fn visit_boolean(&self, value: bool, _dialect: &dyn DefaultDialect) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn default_from(&self, _has_conditions: bool) -> &'static str {
        " FROM DUAL"
    }

    fn visit_function(
        &self,
        compilation: &mut Compilation,
        name: &str,
        function: &Function,
        flags: Flags,
    ) -> Result<Option<String>> {
        Ok(match name {
            "now" => Some("CURRENT_TIMESTAMP".into()),
            "char_length" => Some(format!("LENGTH{}", compilation.arguments(function, flags)?)),
            "aggregate_strings" => Some(format!(
                "LISTAGG{}",
                compilation.arguments(function, flags)?
            )),
            "pow" => {
                let arguments = compilation.arguments(function, Flags::default())?;
                Some(format!("POWER{arguments}"))
            }
            _ => None,
        })
    }

    fn visit_regexp_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let not = match binary.operator {
            Operator::RegexpMatch => "",
            _ => "NOT ",
        };
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        let modes = match &binary.modifiers.flags {
            Some(modes) => format!(", {}", quote_literal(modes, &compilation.dialect)),
            None => String::new(),
        };
        Ok(format!("{not}REGEXP_LIKE({left}, {right}{modes})"))
    }

    fn visit_cast(
        &self,
        compilation: &mut Compilation,
        cast: &Cast,
        flags: Flags,
    ) -> Result<String> {
        // A text without a length is as long as it can be.
        let kind = cast.kind.dialect_impl(&compilation.dialect)?;
        let sized = kind.has_affinity(&classes::GENERIC_STRING)
            && kind.length().is_none()
            && !matches!(
                kind.class().visit_name,
                "text" | "unicode_text" | "VARCHAR2" | "CLOB" | "NCLOB" | "LONG"
            );
        if !sized {
            return visit_cast(compilation, cast, flags);
        }
        let clause = compilation.expression(&cast.clause, flags)?;
        Ok(format!("CAST({clause} AS VARCHAR2(4000 CHAR))"))
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

    fn visit_mod_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("mod({left}, {right})"))
    }

    fn visit_is_distinct_from_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        _flags: Flags,
    ) -> Result<String> {
        let flags = Flags::default();
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        let answer = i32::from(binary.operator == Operator::IsDistinctFrom);
        Ok(format!("DECODE({left}, {right}, 0, 1) = {answer}"))
    }

    fn visit_bitwise_xor_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("BITXOR({left}, {right})"))
    }

    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let kind = &binary.kind;
        // The path is always a literal.
        let path = Flags {
            literal_binds: true,
            ..flags
        };
        let item = compilation.with_json_path(binary);
        let left = compilation.expression(&item.left, flags)?;
        let right = compilation.expression(&item.right, path)?;
        if kind.has_affinity(&classes::JSON) {
            return Ok(format!("JSON_QUERY({left}, {right})"));
        }
        if kind.has_affinity(&classes::GENERIC_BOOLEAN) {
            let value = format!("JSON_VALUE({left}, {right})");
            return Ok(format!(
                "CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({value} AS \
                 NUMBER(1)) END"
            ));
        }
        let returned = if kind.has_affinity(&classes::GENERIC_INTEGER) {
            "INTEGER".to_owned()
        } else if kind.has_affinity(&classes::GENERIC_NUMERIC) {
            match (kind.precision(), kind.scale()) {
                (Some(precision), Some(scale)) => format!("NUMBER({precision}, {scale})"),
                _ => "NUMBER".to_owned(),
            }
        } else if kind.has_affinity(&classes::GENERIC_FLOAT) {
            "FLOAT".to_owned()
        } else {
            "VARCHAR2(4000)".to_owned()
        };
        Ok(format!(
            "JSON_VALUE({left}, {right} RETURNING {returned} ERROR ON ERROR)"
        ))
    }

    fn visit_sequence(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Ok(format!("{}.nextval", format_sequence(sequence, dialect)))
    }

    fn get_render_as_alias_suffix(&self, name: &str) -> String {
        format!(" {name}")
    }

    fn for_update_clause(
        &self,
        compilation: &mut Compilation,
        lock: &ForUpdate,
        flags: Flags,
    ) -> Result<String> {
        let mut columns = Vec::with_capacity(lock.of.len());
        for target in &lock.of {
            // Only columns can be named; SQLAlchemy writes nothing for a table.
            columns.push(match target {
                LockTarget::Column(column) => compilation.expression(column, flags)?,
                LockTarget::From(_) => String::new(),
            });
        }
        Ok(lock_waits(" FOR UPDATE", &columns, lock))
    }

    fn cte_follows_insert(&self) -> bool {
        true
    }

    fn table_function(&self, function: String) -> String {
        format!("TABLE ({function})")
    }

    fn column_value(&self) -> Option<&'static str> {
        Some("COLUMN_VALUE")
    }

    fn get_select_hint_text(&self, hints: &str) -> Option<String> {
        Some(format!("/*+ {hints} */"))
    }

    fn visit_regexp_replace_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.regexp_replace(binary, flags)
    }

    fn fetch_clause(
        &self,
        compilation: &mut Compilation,
        fetch: &Fetch,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let fetch = Fetch {
            count: at_execution(&fetch.count),
            ..fetch.clone()
        };
        let offset = offset.map(at_execution);
        fetch_first(compilation, &fetch, offset.as_ref(), flags, |number| number)
    }

    fn update_from_clause(
        &self,
        _compilation: &mut Compilation,
        _table: &FromClause,
        _froms: &[FromClause],
        _flags: Flags,
    ) -> Result<String> {
        Err(several_tables("UPDATE"))
    }

    fn delete_extra_from_clause(
        &self,
        _compilation: &mut Compilation,
        _table: &FromClause,
        _froms: &[FromClause],
        _flags: Flags,
    ) -> Result<String> {
        Err(several_tables("DELETE"))
    }

    fn has_try_cast(&self) -> bool {
        false
    }

    fn get_cte_preamble(&self, _recursive: bool) -> &'static str {
        "WITH"
    }

    fn visit_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        _flags: Flags,
    ) -> Result<String> {
        // SQLAlchemy passes no options on here, `literal_binds` among them.
        let left = compilation.expression(&binary.left, Flags::default())?;
        let right = compilation.expression(&binary.right, Flags::default())?;
        Ok(format!("CONTAINS ({left}, {right})"))
    }

    fn compound_keyword(&self, keyword: &'static str) -> &'static str {
        if keyword == "EXCEPT" {
            "MINUS"
        } else {
            keyword
        }
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::new();
        if let Some(offset) = offset {
            let offset = compilation.literal_number(offset, flags)?;
            text.push_str(&format!("\n OFFSET {offset} ROWS"));
        }
        if let Some(limit) = limit {
            let limit = compilation.literal_number(limit, flags)?;
            text.push_str(&format!("\n FETCH FIRST {limit} ROWS ONLY"));
        }
        Ok(text)
    }

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
        let mut texts = Vec::with_capacity(columns.len());
        for column in columns {
            texts.push(compilation.returning_column(column, flags)?);
        }
        let places: Vec<String> = (0..columns.len())
            .map(|place| format!(":ret_{place}"))
            .collect();
        Ok(format!(
            " RETURNING {} INTO {}",
            texts.join(", "),
            places.join(", ")
        ))
    }
}
