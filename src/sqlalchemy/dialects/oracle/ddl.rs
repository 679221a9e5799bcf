//! DDL (`OracleDDLCompiler`).

use std::fmt::Write as _;

use crate::compiler::ddl::{
    DDLCompiler, column_default_string, compile_error, ddl_expression, format_column, format_table,
    identity_options, prepared_index_name,
};
use crate::dialects::Dialect;
use crate::literal::Literal;
use crate::schema::{Column, DialectOptions, Identity, IdentityOptions, Index, Table, warn};
use crate::sqltypes::Argument;
use ground::diagnostic::{Error, Result};

/// Oracle's DDL.
pub struct OracleDDLCompiler;

impl DDLCompiler for OracleDDLCompiler {
    fn get_column_specification(&self, column: &Column, dialect: &Dialect) -> Result<String> {
        column_specification(column, dialect)
    }

    fn post_create_table(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        Ok(table_options(&table.dialect_options(), dialect))
    }

    fn visit_create_index(
        &self,
        index: &Index,
        table: &Table,
        dialect: &Dialect,
        _if_not_exists: bool,
    ) -> Result<String> {
        create_index(index, table, dialect)
    }

    fn visit_drop_table_comment(&self, table: &Table, dialect: &Dialect) -> Result<String> {
        let table = format_table(table, dialect);
        Ok(format!("COMMENT ON TABLE {table} IS ''"))
    }

    fn define_constraint_onupdate(&self, _onupdate: &std::rc::Rc<str>) -> Result<String> {
        warn(
            "Oracle Database does not contain native UPDATE CASCADE functionality - onupdates \
             will not be rendered for foreign keys.  Consider using deferrable=True, \
             initially='deferred' or triggers.",
        );
        Ok(String::new())
    }

    fn get_identity_options(&self, options: &IdentityOptions) -> String {
        own_identity_options(options)
    }
}

fn own_identity_options(options: &IdentityOptions) -> String {
    let order = match options.order {
        Some(true) => " ORDER",
        Some(false) => " NOORDER",
        None => "",
    };
    (identity_options(options) + order)
        .trim_start()
        .replace("NO MINVALUE", "NOMINVALUE")
        .replace("NO MAXVALUE", "NOMAXVALUE")
        .replace("NO CYCLE", "NOCYCLE")
}

/// `GENERATED … AS IDENTITY`, with ON NULL and ORDER.
pub fn identity_text(identity: &Identity) -> String {
    let mut text = String::from("GENERATED ");
    text.push_str(match identity.always() {
        Some(true) => "ALWAYS",
        Some(false) => "BY DEFAULT",
        None => "",
    });
    let dialect = identity.dialect_options();
    if dialect.flag("oracle_on_null") == Some(true) {
        text.push_str(" ON NULL");
    }
    text.push_str(" AS IDENTITY");
    let mut options = own_identity_options(identity.options());
    match dialect.get("oracle_order") {
        Some(Argument::Value(Literal::Boolean(true))) => options.push_str(" ORDER"),
        Some(Argument::Value(Literal::Boolean(false))) => options.push_str(" NOORDER"),
        _ => {}
    }
    let options = options.trim();
    if !options.is_empty() {
        let _ = write!(text, " ({options})");
    }
    text
}

fn column_specification(column: &Column, dialect: &Dialect) -> Result<String> {
    let mut text = format!(
        "{} {}",
        format_column(column, dialect),
        column.kind().compile(dialect)?
    );
    if let Some(default) = column_default_string(column, dialect)? {
        let _ = write!(text, " DEFAULT {default}");
    }
    if let Some(computed) = column.computed() {
        let sql = ddl_expression(&computed.sqltext(), dialect)?;
        let _ = write!(text, " GENERATED ALWAYS AS ({sql})");
        match computed.persisted() {
            Some(true) => {
                return Err(compile_error(
                    "Oracle Database computed columns do not support 'stored' persistence; set \
                     the 'persisted' flag to None or False for Oracle Database support.",
                ));
            }
            Some(false) => text.push_str(" VIRTUAL"),
            None => {}
        }
    }
    let identity = column.identity();
    if let Some(identity) = &identity {
        let _ = write!(text, " {}", identity_text(identity));
    }
    if !column.nullable() && identity.is_none() {
        text.push_str(" NOT NULL");
    }
    Ok(text)
}

fn create_index(index: &Index, table: &Table, dialect: &Dialect) -> Result<String> {
    let options = index.dialect_options();
    let mut text = String::from("CREATE ");
    if index.unique() {
        text.push_str("UNIQUE ");
    }
    if options.flag("oracle_bitmap") == Some(true) {
        text.push_str("BITMAP ");
    }
    let vector = match options.get("oracle_vector") {
        None | Some(Argument::Value(Literal::Boolean(false) | Literal::Null)) => false,
        Some(Argument::Value(Literal::Boolean(true))) => true,
        Some(_) => return Err(Error::unsupported("oracle_vector= with options of its own")),
    };
    if vector {
        text.push_str("VECTOR ");
    }
    let mut parts = Vec::new();
    for expression in index.expressions() {
        parts.push(ddl_expression(&expression, dialect)?);
    }
    let _ = write!(
        text,
        "INDEX {} ON {} ({})",
        prepared_index_name(index, dialect, true)?,
        format_table(table, dialect),
        parts.join(", ")
    );
    match options.get("oracle_compress") {
        Some(Argument::Value(Literal::Boolean(true))) => text.push_str(" COMPRESS"),
        Some(Argument::Value(Literal::Integer(columns))) => {
            let _ = write!(text, " COMPRESS {columns}");
        }
        _ => {}
    }
    if vector {
        text.push_str(" ORGANIZATION INMEMORY NEIGHBOR GRAPH PARAMETERS (type HNSW)");
    }
    Ok(text)
}

fn table_options(options: &DialectOptions, dialect: &Dialect) -> String {
    let mut text = String::new();
    if let Some(commit) = options.text("oracle_on_commit") {
        let commit = commit.replace('_', " ").to_uppercase();
        let _ = write!(text, "\n ON COMMIT {commit}");
    }
    match options.get("oracle_compress") {
        Some(Argument::Value(Literal::Boolean(true))) => text.push_str("\n COMPRESS"),
        Some(Argument::Value(value)) if value.truth() => {
            let _ = write!(text, "\n COMPRESS FOR {}", value.python_str());
        }
        _ => {}
    }
    if let Some(tablespace) = options.text("oracle_tablespace") {
        let _ = write!(text, "\n TABLESPACE {}", dialect.quote(&tablespace));
    }
    text
}
