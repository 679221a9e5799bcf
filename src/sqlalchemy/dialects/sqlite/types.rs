//! Types in DDL and CAST (`SQLiteTypeCompiler`).

use crate::compiler::types::{TypeCompiler, visit_generic};
use crate::dialects::{DefaultDialect, Dialect};
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// `SQLiteTypeCompiler`.
pub struct SQLiteTypeCompiler;

impl TypeCompiler for SQLiteTypeCompiler {
    fn class_name(&self) -> &'static str {
        "sqlite.base.SQLiteTypeCompiler"
    }

    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        Ok(match kind.class().visit_name {
            "JSON" => "JSON".into(),
            "JSONB" => "JSONB".into(),
            "datetime" | "DATETIME" if !has_text_affinity(kind) => "DATETIME_CHAR".into(),
            "date" | "DATE" if !has_text_affinity(kind) => "DATE_CHAR".into(),
            "time" | "TIME" if !has_text_affinity(kind) => "TIME_CHAR".into(),
            _ => return visit_generic(kind, dialect),
        })
    }
}

/// Whether SQLite stores a date type of its own dialect as text (`format_is_text_affinity`).
fn has_text_affinity(kind: &Type) -> bool {
    if kind.class().dialect != super::SQLiteDialect.name() {
        return true;
    }
    let Some(format) = kind.text("storage_format") else {
        return true;
    };
    let mut rest = &*format;
    while let Some(place) = rest.find('%') {
        if rest[..place]
            .chars()
            .any(|character| !character.is_ascii_digit())
        {
            return true;
        }
        // `%(year)04d` only produces digits.
        match rest[place..].find(['d', 's']) {
            Some(end) => {
                let inside = &rest[place..place + end];
                let after = inside.rfind(')').map_or(0, |close| close + 1);
                let letter = rest[place + after..].find(['d', 's']).unwrap_or(0);
                rest = &rest[place + after + letter + 1..];
            }
            None => return true,
        }
    }
    rest.chars().any(|character| !character.is_ascii_digit())
}
