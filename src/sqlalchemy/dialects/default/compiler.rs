//! Statements and expressions (`SQLCompiler`, `StrSQLCompiler`).

use crate::compiler::SQLCompiler;

/// `SQLCompiler` unchanged, with the additions of `StrSQLCompiler`.
pub struct StrSQLCompiler;

impl SQLCompiler for StrSQLCompiler {}
