//! DDL (`DDLCompiler`).

use crate::compiler::ddl::DDLCompiler;

/// `DDLCompiler` unchanged.
pub struct DefaultDDLCompiler;

impl DDLCompiler for DefaultDDLCompiler {}
