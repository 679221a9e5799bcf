//! Types in DDL and CAST (`GenericTypeCompiler`, `StrSQLTypeCompiler`).

use crate::compiler::types::TypeCompiler;
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// `GenericTypeCompiler` unchanged.
pub struct GenericTypeCompiler;

impl TypeCompiler for GenericTypeCompiler {}

/// `StrSQLTypeCompiler`, which also renders types that no database accepts.
pub struct StrSQLTypeCompiler;

impl TypeCompiler for StrSQLTypeCompiler {
    fn visit_null(&self, _kind: &Type) -> Result<String> {
        Ok("NULL".into())
    }

    fn visit_user_defined(&self, kind: &Type) -> Result<String> {
        Ok(kind.python_repr())
    }

    fn visit_unsupported_compilation(&self, kind: &Type) -> Result<String> {
        let name = kind.class_name();
        Ok(if name == name.to_uppercase() {
            name
        } else {
            kind.python_repr()
        })
    }
}
