//! Statements and expressions (`MySQLCompiler`).

use crate::compiler::{Compilation, Flags, SQLCompiler, limit_and_offset};
use crate::dialects::DefaultDialect;
use crate::elements::{Binary, Expression, ExpressionList, Function, Operator};
use ground::diagnostic::Result;

/// `MySQLCompiler`.
pub struct MySQLCompiler;

impl SQLCompiler for MySQLCompiler {
    fn escape_literal(&self, text: &str) -> String {
        // A backslash is an escape character.
        text.replace('\'', "''").replace('\\', "\\\\")
    }

    fn visit_boolean(&self, value: bool, _dialect: &dyn DefaultDialect) -> &'static str {
        if value { "true" } else { "false" }
    }

    fn visit_empty_set_expr(&self, _columns: usize) -> String {
        "NULL) AND (1 != 1".into()
    }

    fn visit_function(
        &self,
        _compilation: &mut Compilation,
        name: &str,
        _function: &Function,
        _flags: Flags,
    ) -> Result<Option<String>> {
        Ok((name == "sysdate").then(|| "SYSDATE()".into()))
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
        compilation.generic_binary(binary, operator, flags)
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        // The number that MySQL's manual recommends for "all rows".
        let all = "18446744073709551615";
        limit_and_offset(compilation, "\n LIMIT ", all, limit, offset, flags)
    }
}
