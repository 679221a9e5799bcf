//! Statements and expressions (`PGCompiler`).

use crate::compiler::ddl::format_sequence;
use crate::compiler::{
    Compilation, Flags, SQLCompiler, empty_set_of_nulls, fetch_first, limit_and_offset, lock_waits,
    quote_literal,
};
use crate::dialects::Dialect;
use crate::elements::{Binary, BindParameter, Expression, Function, Operator, literal_type};
use crate::literal::Literal;
use crate::schema::Sequence;
use crate::sql::{Fetch, ForUpdate, FromClause, LockTarget};
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use std::rc::Rc;

/// `PGCompiler`.
pub struct PGCompiler;

impl SQLCompiler for PGCompiler {
    fn visit_empty_set_op_expr(&self, columns: usize, negated: bool) -> String {
        empty_set_of_nulls(columns, negated)
    }

    fn visit_sequence(&self, sequence: &Sequence, dialect: &Dialect) -> Result<String> {
        let name = format_sequence(sequence, dialect).replace('\'', "''");
        Ok(format!("nextval('{name}')"))
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
        match binary.modifiers.flags.as_deref() {
            None => compilation.generic_binary(binary, operator, flags),
            Some("i") => {
                let operator = format!("{}* ", operator.trim_end());
                compilation.generic_binary(binary, &operator, flags)
            }
            Some(modes) => {
                let left = compilation.expression(&binary.left, flags)?;
                let right = compilation.expression(&binary.right, flags)?;
                let modes = quote_literal(modes, &compilation.dialect);
                Ok(format!(
                    "{left}{operator}CONCAT('(?', {modes}, ')', {right})"
                ))
            }
        }
    }

    fn visit_json_getitem_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        if binary.kind.has_affinity(&classes::JSON) {
            let path = matches!(binary.operator, Operator::JsonPathGetItem);
            if !path && binary.left.kind().is_instance(&classes::POSTGRESQL_JSONB) {
                return jsonb_item(compilation, binary, flags);
            }
            return json_item(compilation, binary, " -> ", " #> ", flags);
        }
        let item = json_item(compilation, binary, " ->> ", " #>> ", flags)?;
        let kind = binary.kind.compile(&compilation.dialect)?;
        Ok(format!("CAST({item} AS {kind})"))
    }

    fn visit_json_astext_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        json_item(compilation, binary, " ->> ", " #>> ", flags)
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

    fn has_try_cast(&self) -> bool {
        false
    }

    fn visit_match_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        let left = compilation.expression(&binary.left, flags)?;
        let right = compilation.expression(&binary.right, flags)?;
        Ok(format!("{left} @@ plainto_tsquery({right})"))
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

    fn fetch_clause(
        &self,
        compilation: &mut Compilation,
        fetch: &Fetch,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        // A parameter with a cast must stand in parentheses here.
        fetch_first(compilation, fetch, offset, flags, |number| {
            format!("({number})")
        })
    }

    fn for_update_clause(
        &self,
        compilation: &mut Compilation,
        lock: &ForUpdate,
        flags: Flags,
    ) -> Result<String> {
        let text = match (lock.read, lock.key_share) {
            (true, true) => " FOR KEY SHARE",
            (true, false) => " FOR SHARE",
            (false, true) => " FOR NO KEY UPDATE",
            (false, false) => " FOR UPDATE",
        };
        let mut tables: Vec<String> = Vec::new();
        for table in lock.of.iter().filter_map(LockTarget::table) {
            let name = compilation.name_of(&table, flags)?;
            if !tables.contains(&name) {
                tables.push(name);
            }
        }
        Ok(lock_waits(text, &tables, lock))
    }

    fn hinted_from(&self, table: String, hint: &str) -> Result<String> {
        if hint != "ONLY" {
            let shown = string_repr(hint);
            let message = format!("Unrecognized hint: {shown}");
            return Err(Error::new(crate::exc::COMPILE_ERROR, message));
        }
        Ok(format!("ONLY {table}"))
    }

    fn visit_aggregate_order_by(
        &self,
        compilation: &mut Compilation,
        target: &Expression,
        order: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        let target = compilation.expression(target, flags)?;
        let order = compilation.joined(order, ", ", flags)?;
        Ok(format!("{target} ORDER BY {order}"))
    }

    fn has_ilike(&self) -> bool {
        true
    }

    fn visit_regexp_replace_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.regexp_replace(binary, flags)
    }

    fn delete_extra_from_clause(
        &self,
        compilation: &mut Compilation,
        _table: &FromClause,
        froms: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        Ok(format!(" USING {}", compilation.from_list(froms, flags)?))
    }
}

/// The cast that a driver's own type asks for after a parameter (`render_bind_cast`).
fn bind_cast(kind: &Type, dialect: &Dialect) -> Result<String> {
    let driver = dialect.driver();
    let binary = matches!(driver, "asyncpg" | "pg8000");
    let plain = matches!(driver, "psycopg2" | "psycopg2cffi");
    let mut kind = kind.dialect_impl(dialect)?;
    while kind.is_type_decorator() && kind.class() != &classes::GENERIC_INTERVAL {
        match kind.impl_type() {
            Some(wrapped) => kind = wrapped.dialect_impl(dialect)?,
            None => return Ok(String::new()),
        }
    }
    let is = |class| kind.is_instance(class);
    if is(&classes::GENERIC_ENUM) {
        let native = kind.flag("native_enum");
        return Ok(match driver {
            "asyncpg" if native => format!("::{}", kind.compile(dialect)?),
            _ => String::new(),
        });
    }
    let everywhere = is(&classes::GENERIC_UUID)
        || is(&classes::JSON)
        || is(&classes::ARRAY)
        || kind.class() == &classes::POSTGRESQL_BIT
        || kind.class().visit_name.ends_with("RANGE");
    if everywhere {
        return Ok(format!("::{}", kind.compile(dialect)?));
    }
    if plain || kind.class() == &classes::POSTGRESQL_CITEXT {
        return Ok(String::new());
    }
    if kind.has_affinity(&classes::GENERIC_STRING) {
        return Ok(match kind.collation().filter(|name| !name.is_empty()) {
            Some(name) => format!("::VARCHAR COLLATE {}", dialect.quote(&name)),
            None => "::VARCHAR".into(),
        });
    }
    if binary && (is(&classes::GENERIC_NUMERIC) || is(&classes::GENERIC_FLOAT)) {
        return Ok(match (kind.precision(), kind.scale()) {
            _ if is(&classes::GENERIC_FLOAT) => "::FLOAT".into(),
            (Some(precision), Some(scale)) => format!("::NUMERIC({precision}, {scale})"),
            (Some(precision), None) => format!("::NUMERIC({precision})"),
            _ => "::NUMERIC".into(),
        });
    }
    if binary && kind.class() == &classes::GENERIC_INTERVAL {
        return Ok("::INTERVAL".into());
    }
    let told = is(&classes::GENERIC_INTEGER)
        || is(&classes::GENERIC_DATE)
        || is(&classes::GENERIC_TIME)
        || is(&classes::GENERIC_DATE_TIME)
        || kind.class() == &classes::POSTGRESQL_INTERVAL
        || (binary && is(&classes::GENERIC_BOOLEAN))
        || (driver == "asyncpg"
            && (is(&classes::GENERIC_BINARY) || kind.class() == &classes::POSTGRESQL_OID))
        || (driver != "pg8000" && kind.class() == &classes::POSTGRESQL_REGCONFIG);
    Ok(if told {
        format!("::{}", kind.compile(dialect)?)
    } else {
        String::new()
    })
}

/// An element of JSONB, by subscript.
fn jsonb_item(compilation: &mut Compilation, binary: &Binary, flags: Flags) -> Result<String> {
    let flags = Flags {
        eager_grouping: true,
        ..flags
    };
    let left = compilation.expression(&binary.left, flags)?;
    let left = match binary.left {
        Expression::Function(_) | Expression::Cast(_) => format!("({left})"),
        _ => left,
    };
    let mut right = compilation.expression(&binary.right, flags)?;
    for (cast, own) in [("::VARCHAR", "::TEXT"), ("::INTEGER", "::INT")] {
        if let Some(bare) = right.strip_suffix(cast).filter(|_| !flags.literal_binds) {
            right = format!("{bare}{own}");
        }
    }
    Ok(format!("{left}[{right}]"))
}

/// An element of a JSON value: `item` for an index or a key, `path` for several of them.
fn json_item(
    compilation: &mut Compilation,
    binary: &Binary,
    item: &str,
    path: &str,
    flags: Flags,
) -> Result<String> {
    let flags = Flags {
        eager_grouping: true,
        ..flags
    };
    let Expression::BindParameter(parameter) = &binary.right else {
        return compilation.generic_binary(binary, item, flags);
    };
    let (operator, value) = match &parameter.value {
        Some(Literal::Tuple(parts) | Literal::List(parts)) => {
            let parts: Vec<String> = parts.iter().map(Literal::python_str).collect();
            (
                path,
                Some(Literal::from(format!("{{{}}}", parts.join(", ")))),
            )
        }
        other => (item, other.clone()),
    };
    let kind = value.as_ref().map_or_else(Type::null, literal_type);
    let binary = Binary {
        right: Expression::BindParameter(Rc::new(BindParameter {
            value,
            kind,
            ..(**parameter).clone()
        })),
        ..binary.clone()
    };
    let mut text = compilation.generic_binary(&binary, operator, flags)?;
    // A path has no cast, and a key or a place one of its own (`JSONStrIndexType`).
    if !flags.literal_binds {
        let casts = [
            ("::VARCHAR", if operator == path { "" } else { "::TEXT" }),
            ("::INTEGER", "::INT"),
        ];
        for (cast, own) in casts {
            if let Some(place) = text
                .rfind(cast)
                .filter(|place| text[*place..].len() <= cast.len() + 1)
            {
                text.replace_range(place..place + cast.len(), own);
            }
        }
    }
    Ok(text)
}
