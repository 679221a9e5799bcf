//! DDL (`DDLCompiler`).

use crate::compiler::ddl::DDLCompiler;

/// `DDLCompiler` as it is.
pub struct DefaultDDLCompiler;

impl DDLCompiler for DefaultDDLCompiler {}
