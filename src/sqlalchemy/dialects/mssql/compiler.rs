//! Statements and expressions (`MSSQLCompiler`).

use crate::compiler::ddl::format_sequence;
use crate::compiler::{
    Compilation, Flags, Limited, SQLCompiler, all_tables, empty_set_of_nulls, json_scalar,
};
use crate::dialects::Dialect;
use std::rc::Rc;

use crate::elements::{
    Binary, Cast, Expression, ExpressionList, Function, Operator, column, func, label, next_key,
    over,
};
use crate::exc;
use crate::literal::Literal;
use crate::schema::Sequence;
use crate::sql::{Fetch, ForUpdate, FromClause, Select, SelectBase};
use crate::sqltypes::classes;
use ground::diagnostic::{Error, Result};

/// SQL Server's SQL.
pub struct MSSQLCompiler;

impl SQLCompiler for MSSQLCompiler {
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
            "now" => Some("CURRENT_TIMESTAMP".into()),
            "current_date" => Some("GETDATE()".into()),
            "length" | "char_length" => {
                Some(format!("LEN{}", compilation.arguments(function, flags)?))
            }
            "aggregate_strings" => Some(format!(
                "string_agg{}",
                compilation.arguments(function, flags)?
            )),
            "pow" => {
                // SQLAlchemy passes no options on here, `literal_binds` among them.
                let arguments = compilation.arguments(function, Flags::default())?;
                Some(format!("POWER{arguments}"))
            }
            _ => None,
        })
    }

    fn visit_extract(
        &self,
        compilation: &mut Compilation,
        field: &str,
        moment: &Expression,
        flags: Flags,
    ) -> Result<String> {
        let field = match field {
            "doy" => "dayofyear",
            "dow" => "weekday",
            "milliseconds" => "millisecond",
            "microseconds" => "microsecond",
            other => other,
        };
        let moment = compilation.expression(moment, flags)?;
        Ok(format!("DATEPART({field}, {moment})"))
    }

    fn visit_concat_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.generic_binary(binary, " + ", flags)
    }

    fn visit_concat_op_clauselist(
        &self,
        compilation: &mut Compilation,
        list: &ExpressionList,
        flags: Flags,
    ) -> Result<String> {
        compilation.operator_list(list, " + ", flags)
    }

    fn visit_truediv_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left} / ({right} + 0.0)"))
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
        let word = match binary.operator {
            Operator::IsDistinctFrom => "NOT EXISTS",
            _ => "EXISTS",
        };
        Ok(format!("{word} (SELECT {left} INTERSECT SELECT {right})"))
    }

    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let kind = &binary.kind;
        if kind.has_affinity(&classes::JSON) {
            return compilation.json_call("JSON_QUERY", binary, flags);
        }
        let item = compilation.json_call("JSON_VALUE", binary, flags)?;
        let rest = if kind.has_affinity(&classes::GENERIC_BOOLEAN) {
            format!("WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({item} AS BIT)")
        } else if json_scalar(kind) {
            let kind = kind.compile(&compilation.dialect)?;
            format!("ELSE CAST({item} AS {kind})")
        } else {
            format!("ELSE {item}")
        };
        Ok(format!("CASE {item} WHEN NULL THEN NULL {rest} END"))
    }

    fn visit_cast(
        &self,
        compilation: &mut Compilation,
        cast: &Cast,
        flags: Flags,
    ) -> Result<String> {
        let kind = cast.kind.compile(&compilation.dialect)?;
        let clause = compilation.expression(&cast.clause, flags)?;
        let word = if cast.attempt { "TRY_CAST " } else { "CAST" };
        Ok(format!("{word}({clause} AS {kind})"))
    }

    fn visit_sequence(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        Ok(format!(
            "NEXT VALUE FOR {}",
            format_sequence(sequence, dialect)
        ))
    }

    fn limit_precolumns(
        &self,
        compilation: &mut Compilation,
        limited: Limited<'_>,
        flags: Flags,
    ) -> Result<String> {
        if !is_top(limited) {
            return Ok(String::new());
        }
        if let Some(limit) = limited.limit {
            let limit = compilation.literal_number(limit, flags)?;
            return Ok(format!("TOP {limit} "));
        }
        let Some(fetch) = limited.fetch else {
            return Ok(String::new());
        };
        let count = compilation.literal_number(&fetch.count, flags)?;
        let percent = if fetch.percent { "PERCENT " } else { "" };
        let ties = if fetch.with_ties { "WITH TIES " } else { "" };
        Ok(format!("TOP {count} {percent}{ties}"))
    }

    fn translate_select_structure(&self, select: &Select) -> Result<Option<Select>> {
        let data = &*select.0;
        let limited = Limited {
            limit: data.limit.as_ref(),
            offset: data.offset.as_ref(),
            fetch: data.fetch.as_ref(),
        };
        if is_top(limited) {
            return Ok(None);
        }
        if data.order_by.is_empty() {
            return Err(needs_order());
        }
        if data
            .fetch
            .as_ref()
            .is_some_and(|fetch| fetch.percent || fetch.with_ties)
        {
            return Err(Error::new(
                exc::COMPILE_ERROR,
                "MSSQL needs TOP to use PERCENT and/or WITH TIES. Only simple fetch without offset \
                 can be used.",
            ));
        }
        numbered_rows(select).map(Some)
    }

    fn fetch_clause(
        &self,
        _compilation: &mut Compilation,
        _fetch: &Fetch,
        _offset: Option<&Expression>,
        _flags: Flags,
    ) -> Result<String> {
        // A SELECT has TOP or numbered rows; of a UNION it is lost, as in SQLAlchemy.
        Ok(String::new())
    }

    fn frame_of_numbers(&self) -> bool {
        true
    }

    fn hinted_from(&self, table: String, hint: &str) -> Result<String> {
        Ok(format!("{table} {hint}"))
    }

    fn for_update_clause(
        &self,
        _compilation: &mut Compilation,
        _lock: &ForUpdate,
        _flags: Flags,
    ) -> Result<String> {
        Ok(String::new())
    }

    fn update_from_clause(
        &self,
        compilation: &mut Compilation,
        table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        let all = all_tables(compilation, table, froms, flags)?;
        Ok(format!(" FROM {all}"))
    }

    fn delete_extra_from_clause(
        &self,
        compilation: &mut Compilation,
        table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        self.update_from_clause(compilation, table, froms, flags)
    }

    fn get_cte_preamble(&self, _recursive: bool) -> &'static str {
        "WITH"
    }

    fn visit_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("CONTAINS ({left}, {right})"))
    }

    fn limit_clause(
        &self,
        _compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        _flags: Flags,
    ) -> Result<String> {
        // A SELECT has TOP; of a UNION the limit is lost, as in SQLAlchemy.
        let limited = Limited {
            limit,
            offset,
            fetch: None,
        };
        if is_top(limited) {
            Ok(String::new())
        } else {
            Err(needs_order())
        }
    }

    fn returning_clause(
        &self,
        compilation: &mut Compilation,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        output_clause(compilation, "inserted", columns, flags)
    }

    fn delete_returning_clause(
        &self,
        compilation: &mut Compilation,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        output_clause(compilation, "deleted", columns, flags)
    }

    fn returning_precedes_values(&self) -> bool {
        true
    }
}

fn output_clause(
    compilation: &mut Compilation,
    rows: &str,
    columns: &[Expression],
    flags: Flags,
) -> Result<String> {
    let bare = Flags {
        include_table: false,
        ..flags
    };
    let mut parts = Vec::with_capacity(columns.len());
    for column in columns {
        let text = compilation.returning_column(column, bare)?;
        parts.push(format!("{rows}.{text}"));
    }
    Ok(format!(" OUTPUT {}", parts.join(", ")))
}

/// The value of a parameter that is a plain number.
fn number(expression: &Expression) -> Option<i64> {
    match expression {
        Expression::BindParameter(parameter) => match parameter.value {
            Some(Literal::Integer(value)) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether TOP says it all (`_use_top`).
fn is_top(limited: Limited<'_>) -> bool {
    let simple = |count: &Expression| number(count).is_some();
    let offset = limited
        .offset
        .is_none_or(|offset| number(offset) == Some(0));
    let fetch = |fetch: &Fetch| simple(&fetch.count) && (fetch.percent || fetch.with_ties);
    offset && (limited.limit.is_some_and(simple) || limited.fetch.is_some_and(fetch))
}

fn needs_order() -> Error {
    Error::new(
        exc::COMPILE_ERROR,
        "MSSQL requires an order_by when using an OFFSET or a non-simple LIMIT clause",
    )
}

/// The rows of a SELECT by their numbers: those of a version that has no OFFSET … FETCH, which is
/// what SQLAlchemy writes where it knows of no server.
fn numbered_rows(select: &Select) -> Result<Select> {
    let mut data = (*select.0).clone();
    let offset = data.offset.take();
    let fetch = data.fetch.take().map(|fetch| fetch.count);
    let limit = data.limit.take().or(fetch);
    let order = std::mem::take(&mut data.order_by);
    let number = over(
        func(Vec::new(), "ROW_NUMBER", Vec::new()),
        Vec::new(),
        order,
        None,
        None,
    );
    data.columns.push(label(&number, Some("mssql_rn")));
    data.key = next_key();
    let inner = SelectBase::Select(Select(Rc::new(data))).subquery(None);
    let mut columns = inner.columns();
    columns.pop();
    let place = column("mssql_rn", None);
    let mut outer = crate::sql::select(columns).select_from(inner);
    if let Some(offset) = &offset {
        outer = outer.where_(place.operate(Operator::Gt, offset.clone())?);
    }
    if let Some(limit) = limit {
        let last = match offset {
            Some(offset) => limit.operate(Operator::Add, offset)?,
            None => limit,
        };
        outer = outer.where_(place.operate(Operator::Le, last)?);
    }
    Ok(outer)
}
