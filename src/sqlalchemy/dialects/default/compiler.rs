//! Statements and expressions (`SQLCompiler`, `StrSQLCompiler`).

use crate::compiler::SQLCompiler;

/// `SQLCompiler` as it is, with what `StrSQLCompiler` adds.
pub struct StrSQLCompiler;

impl SQLCompiler for StrSQLCompiler {}
