//! The version table and its rows.

use super::execution::{self, Executable};
use super::implementation::DefaultImpl;
use driver::Value;
use ground::diagnostic::{Error, Result};
use sqlalchemy::compiler::ddl as compiler;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::engine::Compiled;
use sqlalchemy::schema::{
    Column, ColumnOptions, ConstraintOptions, MetaData, PrimaryKeyConstraint, Table, TableItem,
    TableOptions,
};
use sqlalchemy::sql::{Delete, Insert, Statement, Update, select};
use sqlalchemy::sqltypes::Type;

/// See [`DefaultImpl::version_table_impl`].
pub(super) fn version_table(
    version_table: &str,
    version_table_schema: Option<&str>,
    version_table_pk: bool,
) -> Result<Table> {
    let table = Table::new(
        version_table,
        &MetaData::new(),
        vec![TableItem::Column(Column::with_options(ColumnOptions {
            name: Some("version_num".into()),
            kind: Some(Type::string(Some(32))),
            nullable: Some(false),
            ..ColumnOptions::default()
        })?)],
        TableOptions {
            schema: version_table_schema.into(),
            ..TableOptions::default()
        },
    )?;
    if version_table_pk {
        let primary_key = PrimaryKeyConstraint::new(
            vec!["version_num".into()],
            ConstraintOptions {
                name: format!("{version_table}_pkc").into(),
                ..ConstraintOptions::default()
            },
        )?;
        table.append_constraint(&primary_key.into())?;
    }
    Ok(table)
}

/// See [`DefaultImpl::create_if_missing`].
pub(super) fn create_if_missing<I: DefaultImpl + ?Sized>(
    implementation: &I,
    version: &Table,
) -> Result<()> {
    let connection = implementation.state().online()?;
    if implementation.has_table(&version.name(), version.schema().as_ref())? {
        return Ok(());
    }
    let text = compiler::create_table(version, implementation.state().dialect(), false, None)?;
    connection.execute(&Compiled::ddl(text)).map(drop)
}

/// See [`DefaultImpl::select_versions`].
pub(super) fn select_versions<I: DefaultImpl + ?Sized>(
    implementation: &I,
    version: &Table,
) -> Result<Vec<String>> {
    let connection = implementation.state().online()?;
    let statement = Statement::from(select(vec![version_column(version)?]));
    let rows = execution::execute_statement(
        &connection,
        implementation.state().dialect(),
        &statement,
        &[],
    )?
    .all()?;
    Ok(rows
        .iter()
        .map(|row| match row.values().first() {
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Integer(number)) => number.to_string(),
            _ => String::new(),
        })
        .collect())
}

/// See [`DefaultImpl::insert_version`].
pub(super) fn insert_version<I: DefaultImpl + ?Sized>(
    implementation: &I,
    table: &Table,
    version: &str,
) -> Result<()> {
    let mut insert = Insert::new(table.clone()).values(vec![(
        "version_num".into(),
        elements::literal_column(&format!("'{version}'"), None),
    )]);
    // A primary key given as a SQL expression is fetched with RETURNING if the dialect supports it.
    let dialect = implementation.state().dialect();
    if !table.primary_key().columns().is_empty() && dialect.insert_returning() {
        insert.returning = vec![version_column(table)?];
    }
    implementation
        .exec(&Executable::from(insert), None)
        .map(drop)
}

/// See [`DefaultImpl::delete_versions`].
pub(super) fn delete_versions<I: DefaultImpl + ?Sized>(
    implementation: &I,
    table: &Table,
    version: Option<&str>,
) -> Result<Option<i64>> {
    let mut delete = Delete::new(table.clone());
    if let Some(version) = version {
        delete = delete.where_(version_is(table, version)?);
    }
    let result = implementation.exec(&Executable::from(delete), None)?;
    Ok(result.map(|result| result.rowcount()))
}

/// See [`DefaultImpl::update_version`].
pub(super) fn update_version<I: DefaultImpl + ?Sized>(
    implementation: &I,
    table: &Table,
    from: &str,
    to: &str,
) -> Result<Option<i64>> {
    let update = Update::new(table.clone())
        .set(
            version_column(table)?,
            elements::literal_column(&format!("'{to}'"), None),
        )
        .where_(version_is(table, from)?);
    let result = implementation.exec(&Executable::from(update), None)?;
    Ok(result.map(|result| result.rowcount()))
}

fn version_column(table: &Table) -> Result<Expression> {
    table
        .column("version_num")
        .map(Expression::Column)
        .ok_or_else(|| Error::new("AttributeError", "version_num"))
}

fn version_is(table: &Table, version: &str) -> Result<Expression> {
    version_column(table)?.eq(elements::literal_column(&format!("'{version}'"), None))
}
