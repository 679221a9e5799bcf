//! Statements and expressions (`PGCompiler`).

use crate::compiler::{Compilation, Flags, SQLCompiler, limit_and_offset};
use crate::dialects::Dialect;
use crate::elements::{Binary, Expression, Function, Operator};
use crate::sql::{ForUpdate, FromClause};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::Result;

/// `PGCompiler`.
pub struct PGCompiler;

impl SQLCompiler for PGCompiler {
    fn visit_empty_set_expr(&self, _columns: usize) -> String {
        "NULL) AND (1 != 1".into()
    }

    fn render_bind_cast(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        bind_cast(kind, dialect)
    }

    fn visit_function(
        &self,
        compilation: &mut Compilation,
        name: &str,
        function: &Function,
        flags: Flags,
    ) -> Result<Option<String>> {
        if name != "aggregate_strings" {
            return Ok(None);
        }
        let arguments = compilation.arguments(function, flags)?;
        Ok(Some(format!("string_agg{arguments}")))
    }

    fn visit_ilike_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let word = match binary.operator {
            Operator::ILike => "ILIKE",
            _ => "NOT ILIKE",
        };
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        let escape = compilation.escape(binary);
        Ok(format!("{left} {word} {right}{escape}"))
    }

    fn visit_regexp_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let operator = match binary.operator {
            Operator::RegexpMatch => " ~ ",
            _ => " !~ ",
        };
        compilation.generic_binary(binary, operator, flags)
    }

    fn visit_getitem_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left} -> {right}"))
    }

    fn get_select_precolumns(
        &self,
        compilation: &mut Compilation,
        distinct_on: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        if distinct_on.is_empty() {
            return Ok("DISTINCT ".into());
        }
        let on = compilation.joined(distinct_on, ", ", flags)?;
        Ok(format!("DISTINCT ON ({on}) "))
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        limit_and_offset(compilation, " \n LIMIT ", "ALL", limit, offset, flags)
    }

    fn for_update_clause(&self, lock: &ForUpdate) -> String {
        let mut text = String::from(match (lock.read, lock.key_share) {
            (true, true) => " FOR KEY SHARE",
            (true, false) => " FOR SHARE",
            (false, true) => " FOR NO KEY UPDATE",
            (false, false) => " FOR UPDATE",
        });
        if lock.nowait {
            text.push_str(" NOWAIT");
        }
        if lock.skip_locked {
            text.push_str(" SKIP LOCKED");
        }
        text
    }

    fn delete_extra_from_clause(
        &self,
        compilation: &mut Compilation,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        Ok(format!(" USING {}", compilation.from_list(froms, flags)?))
    }
}

/// `::TYPE` after a parameter, for the types that SQLAlchemy casts for psycopg.
fn bind_cast(kind: &Type, dialect: &Dialect) -> Result<String> {
    let mut kind = kind.dialect_impl(dialect)?;
    while kind.is_type_decorator() && kind.class() != &classes::GENERIC_INTERVAL {
        match kind.impl_type() {
            Some(wrapped) => kind = wrapped.dialect_impl(dialect)?,
            None => return Ok(String::new()),
        }
    }
    if kind.is_instance(&classes::GENERIC_ENUM) && kind.flag("native_enum") {
        return Ok(format!("::{}", kind.compile(dialect)?));
    }
    if kind.has_affinity(&classes::GENERIC_STRING) {
        let collation = match kind.collation().filter(|_| kind.length().is_none()) {
            Some(collation) => format!(" COLLATE {}", dialect.quote(&collation)),
            None => String::new(),
        };
        return Ok(format!("::VARCHAR{collation}"));
    }
    let told = [
        &classes::GENERIC_INTEGER,
        &classes::GENERIC_DATE,
        &classes::GENERIC_TIME,
        &classes::GENERIC_DATE_TIME,
        &classes::GENERIC_INTERVAL,
        &classes::GENERIC_ABSTRACT_INTERVAL,
        &classes::GENERIC_UUID,
        &classes::JSON,
        &classes::ARRAY,
    ]
    .iter()
    .any(|class| kind.is_instance(class));
    if told {
        return Ok(format!("::{}", kind.compile(dialect)?));
    }
    Ok(String::new())
}
