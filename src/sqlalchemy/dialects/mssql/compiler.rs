//! Statements and expressions (`MSSQLCompiler`).

use crate::compiler::ddl::format_sequence;
use crate::compiler::{Compilation, Flags, SQLCompiler, empty_set_of_nulls, json_scalar};
use crate::dialects::Dialect;
use crate::elements::{Binary, Cast, Expression, ExpressionList, Function, Operator};
use crate::schema::Sequence;
use crate::sqltypes::classes;
use ground::diagnostic::{Error, Result};

/// SQL Server's SQL.
pub struct MSSQLCompiler;

impl SQLCompiler for MSSQLCompiler {
    fn visit_empty_set_expr(&self, columns: usize) -> String {
        empty_set_of_nulls(columns)
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

    fn limit_clause(
        &self,
        _compilation: &mut Compilation,
        _limit: Option<&Expression>,
        _offset: Option<&Expression>,
        _flags: Flags,
    ) -> Result<String> {
        Err(Error::unsupported(
            "LIMIT and OFFSET can't be written for SQL Server",
        ))
    }

    fn returning_clause(
        &self,
        compilation: &mut Compilation,
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
            parts.push(format!("inserted.{text}"));
        }
        Ok(format!(" OUTPUT {}", parts.join(", ")))
    }

    fn returning_precedes_values(&self) -> bool {
        true
    }
}
