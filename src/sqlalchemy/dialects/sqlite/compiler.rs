//! Statements and expressions (`SQLiteCompiler`).

use crate::compiler::{Compilation, Flags, SQLCompiler, several_tables};
use crate::elements::{Binary, Expression, Function, Operator, literal};
use crate::exc;
use crate::literal::Literal;
use crate::sql::{ForUpdate, FromClause};
use crate::sqltypes::classes;
use ground::diagnostic::{Error, Result};

/// `SQLiteCompiler`.
pub struct SQLiteCompiler;

impl SQLCompiler for SQLiteCompiler {
    fn visit_empty_set_op_expr(&self, columns: usize, _negated: bool) -> String {
        let ones = vec!["1"; columns.max(1)].join(", ");
        format!("SELECT {ones} FROM (SELECT {ones}) WHERE 1!=1")
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
            "localtimestamp" => Some("DATETIME(CURRENT_TIMESTAMP, 'localtime')".into()),
            "char_length" => Some(format!("length{}", compilation.arguments(function, flags)?)),
            "aggregate_strings" => Some(format!(
                "group_concat{}",
                compilation.arguments(function, flags)?
            )),
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
        let moment = compilation.expression(moment, flags)?;
        let format = match field {
            "month" => "%m",
            "day" => "%d",
            "year" => "%Y",
            "second" => "%S",
            "hour" => "%H",
            "doy" => "%j",
            "minute" => "%M",
            "epoch" => "%s",
            "dow" => "%w",
            "week" => "%W",
            _ => {
                return Err(Error::new(
                    exc::COMPILE_ERROR,
                    format!("{field} is not a valid extract argument."),
                ));
            }
        };
        Ok(format!("CAST(STRFTIME('{format}', {moment}) AS INTEGER)"))
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
        // SQLAlchemy does not pass its keyword arguments on here, including `literal_binds`.
        let flags = Flags::default();
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        let word = match binary.operator {
            Operator::IsDistinctFrom => "IS NOT",
            _ => "IS",
        };
        Ok(format!("{left} {word} {right}"))
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
        compilation.generic_binary(binary, operator, flags)
    }

    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let item = compilation.json_call("JSON_EXTRACT", binary, flags)?;
        Ok(if binary.kind.has_affinity(&classes::JSON) {
            format!("JSON_QUOTE({item})")
        } else {
            format!(
                "CAST({item} AS {})",
                binary.kind.compile(&compilation.dialect)?
            )
        })
    }

    fn visit_bitwise_xor_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let flags = Flags {
            eager_grouping: true,
            in_operator: true,
            ..flags
        };
        let or = compilation.generic_binary(binary, " | ", flags)?;
        let and = compilation.generic_binary(binary, " & ", flags)?;
        Ok(format!("({or} - {and})"))
    }

    fn has_try_cast(&self) -> bool {
        false
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::from("\n LIMIT ");
        text.push_str(&match limit {
            Some(limit) => compilation.expression(limit, flags)?,
            // SQLAlchemy does not pass `literal_binds` on here.
            None => {
                let all = literal(Literal::Integer(-1), None);
                compilation.expression(&all, Flags::default())?
            }
        });
        text.push_str(" OFFSET ");
        text.push_str(&match offset {
            Some(offset) => compilation.expression(offset, flags)?,
            None => compilation.expression(&literal(Literal::Integer(0), None), flags)?,
        });
        Ok(text)
    }

    fn for_update_clause(
        &self,
        _compilation: &mut Compilation,
        _lock: &ForUpdate,
        _flags: Flags,
    ) -> Result<String> {
        // SQLite has no FOR UPDATE: a transaction locks the whole database.
        Ok(String::new())
    }

    fn returning_clause(
        &self,
        compilation: &mut Compilation,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        let flags = Flags {
            include_table: false,
            ..flags
        };
        compilation.returning_columns(columns, flags)
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
}
