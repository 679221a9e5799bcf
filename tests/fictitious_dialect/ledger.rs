//! The room of a dialect that compiles in its own way.

use limbeck::ground::diagnostic::Result;
use limbeck::sqlalchemy::compiler::ddl::DDLCompiler;
use limbeck::sqlalchemy::compiler::types::{TypeCompiler, visit_generic};
use limbeck::sqlalchemy::compiler::{Compilation, Flags, SQLCompiler};
use limbeck::sqlalchemy::dialects::{DefaultDialect, Dialect, IdentifierPreparer, Paramstyle};
use limbeck::sqlalchemy::elements::{Binary, Expression, Function};
use limbeck::sqlalchemy::engine::dialect::EngineDialect;
use limbeck::sqlalchemy::literal::Literal;
use limbeck::sqlalchemy::schema::Table;
use limbeck::sqlalchemy::sqltypes::{Type, TypeProcessors};

pub struct LedgerDialect;

impl DefaultDialect for LedgerDialect {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn identifier_preparer(&self) -> &'static dyn IdentifierPreparer {
        &LedgerIdentifierPreparer
    }

    fn type_compiler(&self) -> &'static dyn TypeCompiler {
        &LedgerTypeCompiler
    }

    fn statement_compiler(&self) -> &'static dyn SQLCompiler {
        &LedgerCompiler
    }

    fn ddl_compiler(&self) -> &'static dyn DDLCompiler {
        &LedgerDDLCompiler
    }

    fn type_processors(&self) -> &'static dyn TypeProcessors {
        &LedgerTypeProcessors
    }

    fn construct_arguments(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[("Table", &["history"])]
    }

    fn default_paramstyle(&self, _driver: &str) -> Paramstyle {
        Paramstyle::Pyformat
    }

    fn supports_native_boolean(&self) -> bool {
        true
    }

    fn supports_comments(&self) -> bool {
        true
    }

    fn max_identifier_length(&self) -> usize {
        30
    }
}

impl EngineDialect for LedgerDialect {}

struct LedgerIdentifierPreparer;

impl IdentifierPreparer for LedgerIdentifierPreparer {
    fn initial_quote(&self) -> char {
        '['
    }

    fn final_quote(&self) -> char {
        ']'
    }

    fn reserved_words(&self) -> &'static [&'static str] {
        &["account"]
    }
}

struct LedgerTypeCompiler;

impl TypeCompiler for LedgerTypeCompiler {
    fn visit(&self, kind: &Type, dialect: &Dialect) -> Result<String> {
        Ok(match kind.class().visit_name {
            "INTEGER" | "integer" => "NUMBER".into(),
            _ => return visit_generic(kind, dialect),
        })
    }
}

struct LedgerCompiler;

impl SQLCompiler for LedgerCompiler {
    fn visit_function(
        &self,
        compilation: &mut Compilation,
        name: &str,
        function: &Function,
        flags: Flags,
    ) -> Result<Option<String>> {
        Ok(match name {
            "now" => Some("TODAY".into()),
            "length" => Some(format!("LEN{}", compilation.arguments(function, flags)?)),
            _ => None,
        })
    }

    fn visit_concat_op_binary(
        &self,
        compilation: &mut Compilation,
        binary: &Binary,
        flags: Flags,
    ) -> Result<String> {
        compilation.generic_binary(binary, " & ", flags)
    }

    fn limit_clause(
        &self,
        compilation: &mut Compilation,
        limit: Option<&Expression>,
        _offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        Ok(match limit {
            Some(limit) => format!(" TOP {}", compilation.expression(limit, flags)?),
            None => String::new(),
        })
    }
}

struct LedgerDDLCompiler;

impl DDLCompiler for LedgerDDLCompiler {
    fn post_create_table(&self, table: &Table, _dialect: &Dialect) -> Result<String> {
        Ok(match table.dialect_options().flag("ledger_history") {
            Some(true) => " WITH HISTORY".into(),
            _ => String::new(),
        })
    }
}

struct LedgerTypeProcessors;

impl TypeProcessors for LedgerTypeProcessors {
    fn bind_date(&self, _kind: &Type, value: Literal) -> Result<Literal> {
        Ok(Literal::from(format!("day {}", value.python_str())))
    }
}
