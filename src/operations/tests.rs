//! Operations on an in-memory database, compared with the SQL that Alembic leaves there.

use std::rc::Rc;

use super::ops::{
    AddColumnOp, AlterColumnOp, CreateIndexOp, CreateTableOp, DropColumnOp, ExecuteSQLOp,
    IndexElement, MigrateOperation, SqlText,
};
use super::schemaobj::{SchemaObjects, TableOptions};
use super::{BatchOptions, Operations};
use crate::ddl::{self, DefaultImpl, ImplOptions};
use driver::Value;
use ground::host::MemoryHost;
use ground::run::Run;
use sqlalchemy::dialects::sqlite;
use sqlalchemy::engine::{Connection, EngineOptions, create_engine, make_url};
use sqlalchemy::schema::{
    Column, ColumnOptions, ConstraintOptions, DialectOptions, PrimaryKeyConstraint, TableItem,
};
use sqlalchemy::sqltypes::Type;

fn operations() -> (Operations, Connection) {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let url = make_url("sqlite://").unwrap_or_else(|error| panic!("{error:?}"));
    let engine = create_engine(&run, &url, EngineOptions::default())
        .unwrap_or_else(|error| panic!("{error:?}"));
    let connection = engine.connect().unwrap_or_else(|error| panic!("{error:?}"));
    let implementation: Rc<dyn DefaultImpl> = ddl::implementation(
        &sqlite::dialect(),
        ImplOptions {
            run: run.clone(),
            connection: Some(connection.clone()),
            as_sql: false,
            transactional_ddl: None,
            literal_binds: false,
            options: Vec::new(),
            output: Rc::new(|_: &str| Ok(())),
        },
    )
    .unwrap_or_else(|error| panic!("{error:?}"));
    (
        Operations::new(&run, &implementation, SchemaObjects::default()),
        connection,
    )
}

fn invoke(operations: &Operations, operation: impl Into<MigrateOperation>) {
    operations
        .invoke(&operation.into())
        .unwrap_or_else(|error| panic!("{error:?}"));
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let rows = connection
        .exec_sql(sql)
        .and_then(|result| result.all())
        .unwrap_or_else(|error| panic!("{error:?}"));
    rows.iter()
        .map(|row| {
            row.values()
                .iter()
                .map(|value| match value {
                    Value::Text(text) => text.to_string(),
                    Value::Integer(number) => number.to_string(),
                    Value::Null => "NULL".to_owned(),
                    other => format!("{other:?}"),
                })
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect()
}

fn person(operations: &Operations) {
    let id = Column::with_options(ColumnOptions {
        name: Some("id".into()),
        kind: Some(Type::integer_type()),
        nullable: Some(false),
        ..ColumnOptions::default()
    })
    .unwrap_or_else(|error| panic!("{error:?}"));
    let primary_key = PrimaryKeyConstraint::new(vec!["id".into()], ConstraintOptions::default())
        .unwrap_or_else(|error| panic!("{error:?}"));
    invoke(
        operations,
        CreateTableOp {
            table_name: "person".into(),
            columns: vec![
                TableItem::Column(id),
                TableItem::Column(Column::new("name", Type::string(Some(30)))),
                TableItem::Constraint(primary_key.into()),
            ],
            schema: None,
            if_not_exists: None,
            options: TableOptions::default(),
            kw: DialectOptions::new(),
            namespace_metadata: None,
            constraints_included: false,
        },
    );
    invoke(
        operations,
        CreateIndexOp {
            index_name: "ix_person_name".into(),
            table_name: "person".into(),
            columns: vec![IndexElement::Name("name".into())],
            schema: None,
            unique: true,
            unique_is_number: false,
            if_not_exists: None,
            kw: DialectOptions::new(),
        },
    );
    invoke(
        operations,
        ExecuteSQLOp {
            sqltext: SqlText::String("INSERT INTO person VALUES (1, '12'), (2, NULL)".to_owned()),
            execution_options: None,
        },
    );
}

#[test]
fn a_table_is_created_with_its_index() {
    let (operations, connection) = operations();
    person(&operations);
    assert_eq!(
        texts(&connection, "SELECT sql FROM sqlite_master"),
        [
            "CREATE TABLE person (\n\tid INTEGER NOT NULL, \n\tname VARCHAR(30), \n\tPRIMARY KEY \
             (id)\n)",
            "CREATE UNIQUE INDEX ix_person_name ON person (name)",
        ]
    );
}

#[test]
fn a_batch_makes_the_table_again_and_keeps_its_rows() {
    let (operations, connection) = operations();
    person(&operations);
    let batch = operations
        .batch_alter_table(BatchOptions::new("person"))
        .unwrap_or_else(|error| panic!("{error:?}"));
    let mut alter = AlterColumnOp::new("person", "name");
    alter.modify_type = Some(Type::integer_type());
    alter.modify_name = Some("number".into());
    invoke(&batch, alter);
    invoke(
        &batch,
        AddColumnOp::from_column_and_tablename(
            None,
            "person".into(),
            &Column::new("note", Type::text_type()),
        ),
    );
    batch
        .batch()
        .map(|batch| batch.flush())
        .transpose()
        .unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(
        texts(&connection, "SELECT sql FROM sqlite_master"),
        [
            "CREATE TABLE \"person\" (\n\tid INTEGER NOT NULL, \n\tnumber INTEGER, \n\tnote TEXT, \
             \n\tPRIMARY KEY (id)\n)",
            "CREATE UNIQUE INDEX ix_person_name ON person (number)",
        ]
    );
    assert_eq!(
        texts(&connection, "SELECT * FROM person"),
        ["1|12|NULL", "2|NULL|NULL"]
    );
}

#[test]
fn a_missing_column_is_named() {
    let (operations, _connection) = operations();
    person(&operations);
    let batch = operations
        .batch_alter_table(BatchOptions::new("person"))
        .unwrap_or_else(|error| panic!("{error:?}"));
    invoke(
        &batch,
        DropColumnOp {
            table_name: "person".into(),
            column_name: "nothing".into(),
            schema: None,
            if_exists: None,
            existing_type: None,
            kw: DialectOptions::default(),
            reverse: None,
        },
    );
    let error = batch.batch().map(|batch| batch.flush());
    assert!(
        matches!(error, Some(Err(error)) if error.class == "KeyError" && error.message == "'nothing'")
    );
}
