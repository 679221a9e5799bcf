//! Whether there is something of a name: `has_table`, `has_type`, `has_sequence`.
//!
//! Unlike other questions these are asked by every migration, so that people see them where
//! statements are logged: they are SQLAlchemy's, word for word.

use std::rc::Rc;

use crate::compiler::SQLCompiler;
use crate::dialects::Dialect;
use crate::dialects::postgresql::compiler::PGCompiler;
use crate::engine::{Compiled, Connection, StatementParameters};
use crate::sqltypes::Type;
use driver::{Parameters, Value};
use ground::diagnostic::Result;

const CLASS: &str = "pg_catalog.pg_class";
const TYPE: &str = "pg_catalog.pg_type";
const NAMESPACE: &str = "pg_catalog.pg_namespace";

/// The kinds of relations that have columns.
const TABLE_LIKE: [&str; 5] = ["r", "p", "f", "v", "m"];

/// A statement with its parameters.
struct Question {
    dialect: Dialect,
    cast: String,
    conditions: Vec<String>,
    values: Vec<(Rc<str>, Value)>,
}

impl Question {
    fn new(connection: &Connection) -> Result<Self> {
        let dialect = connection.dialect();
        let cast = PGCompiler.render_bind_cast(&Type::string(None), &dialect)?;
        Ok(Question {
            dialect,
            cast,
            conditions: Vec::new(),
            values: Vec::new(),
        })
    }

    /// A parameter where it stands in the text.
    fn bind(&mut self, name: &str, value: &str) -> String {
        let mark = self.dialect.paramstyle().mark(name, self.values.len());
        self.values.push((name.into(), value.into()));
        format!("{mark}{}", self.cast)
    }

    /// In that schema, or found along the search path.
    fn in_schema(&mut self, item: &str, visible: &str, schema: Option<&str>) {
        match schema {
            Some(schema) => {
                let schema = self.bind("nspname_1", schema);
                self.conditions
                    .push(format!("{NAMESPACE}.nspname = {schema}"));
            }
            None => {
                self.conditions
                    .push(format!("pg_catalog.{visible}({item}.oid)"));
                let own = self.bind("nspname_1", "pg_catalog");
                self.conditions
                    .push(format!("{NAMESPACE}.nspname != {own}"));
            }
        }
    }

    /// Whether the database finds any.
    fn ask(self, connection: &Connection, item: &str, stem: &str) -> Result<bool> {
        let sql = format!(
            "SELECT {item}.{stem}name \nFROM {item} JOIN {NAMESPACE} ON {NAMESPACE}.oid = \
             {item}.{stem}namespace \nWHERE {}",
            self.conditions.join(" AND ")
        );
        let parameters = if self.dialect.paramstyle().is_named() {
            Parameters::Named(self.values)
        } else {
            Parameters::Positional(self.values.into_iter().map(|(_, value)| value).collect())
        };
        let rows = connection
            .execute(&Compiled {
                sql,
                parameters: StatementParameters::Single(parameters),
                columns: vec![(format!("{stem}name").into(), Type::string(None))],
                cached: true,
            })?
            .all()?;
        Ok(!rows.is_empty())
    }
}

/// `has_table`.
pub(super) fn has_table(connection: &Connection, name: &str, schema: Option<&str>) -> Result<bool> {
    let mut question = Question::new(connection)?;
    let named = question.bind("table_names_1", name);
    question
        .conditions
        .push(format!("{CLASS}.relname IN ({named})"));
    let mut kinds = Vec::new();
    for (place, kind) in TABLE_LIKE.into_iter().enumerate() {
        kinds.push(question.bind(&format!("param_{}", place + 1), kind));
    }
    question.conditions.push(format!(
        "{CLASS}.relkind = ANY (ARRAY[{}])",
        kinds.join(", ")
    ));
    question.in_schema(CLASS, "pg_table_is_visible", schema);
    if question.dialect.paramstyle().is_named() {
        // A list that is expanded comes last among names.
        question.values.rotate_left(1);
    }
    question.ask(connection, CLASS, "rel")
}

/// `has_sequence`.
pub(super) fn has_sequence(
    connection: &Connection,
    name: &str,
    schema: Option<&str>,
) -> Result<bool> {
    let mut question = Question::new(connection)?;
    let kind = question.bind("relkind_1", "S");
    question
        .conditions
        .push(format!("{CLASS}.relkind = {kind}"));
    let named = question.bind("relname_1", name);
    question
        .conditions
        .push(format!("{CLASS}.relname = {named}"));
    question.in_schema(CLASS, "pg_table_is_visible", schema);
    question.ask(connection, CLASS, "rel")
}

/// `has_type`; `*` stands for any schema.
pub(super) fn has_type(connection: &Connection, name: &str, schema: Option<&str>) -> Result<bool> {
    let mut question = Question::new(connection)?;
    let named = question.bind("typname_1", name);
    question
        .conditions
        .push(format!("{TYPE}.typname = {named}"));
    if schema != Some("*") {
        question.in_schema(TYPE, "pg_type_is_visible", schema);
    }
    question.ask(connection, TYPE, "typ")
}
