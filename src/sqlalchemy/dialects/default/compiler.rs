//! Statements and expressions (`SQLCompiler`, `StrSQLCompiler`).

use crate::compiler::{Compilation, Flags, SQLCompiler};
use crate::elements::{Binary, Operator};
use ground::diagnostic::Result;

/// `SQLCompiler` unchanged, with the additions of `StrSQLCompiler`.
pub struct StrSQLCompiler;

impl SQLCompiler for StrSQLCompiler {
    fn visit_regexp_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let operator = match binary.operator {
            Operator::RegexpMatch => " <regexp> ",
            _ => " <not regexp> ",
        };
        compilation.generic_binary(binary, operator, flags)
    }
}
