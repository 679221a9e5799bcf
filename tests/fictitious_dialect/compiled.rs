//! Types, DDL and statements of a dialect whose room (`ledger.rs`) has ways of its own.

use super::ledger::LedgerDialect;
use limbeck::ground::calendar::Date;
use limbeck::sqlalchemy::compiler::{CompileOptions, ddl};
use limbeck::sqlalchemy::dialects::{self, Dialect};
use limbeck::sqlalchemy::elements::{Operator, func, literal};
use limbeck::sqlalchemy::literal::Literal;
use limbeck::sqlalchemy::schema::{
    Column, ColumnOptions, DialectOptions, MetaData, Table, TableOptions,
};
use limbeck::sqlalchemy::sql::{FromClause, Insert, SelectBase, Statement, select};
use limbeck::sqlalchemy::sqltypes::Type;

fn dialect() -> Dialect {
    dialects::register("ledger", &LedgerDialect);
    Dialect::named("ledger")
}

fn accounts() -> Table {
    let id = Column::with_options(ColumnOptions {
        name: Some("id".into()),
        kind: Some(Type::integer_type()),
        primary_key: true,
        comment: Some("by whom".into()),
        ..ColumnOptions::default()
    });
    Table::new(
        "account",
        &MetaData::new(),
        vec![
            id.unwrap().into(),
            Column::new("opened", Type::date()).into(),
            Column::new("name", Type::string(Some(20))).into(),
        ],
        TableOptions {
            options: DialectOptions::new().with("ledger_history", true),
            ..TableOptions::default()
        },
    )
    .unwrap()
}

fn text(statement: impl Into<Statement>) -> String {
    let compiled = statement
        .into()
        .compile(&dialect(), &CompileOptions::default());
    compiled.unwrap().string
}

#[test]
fn ddl_is_written_in_its_way() {
    let dialect = dialect();
    let statements = ddl::create_table_statements(&accounts(), &dialect, None).unwrap();
    assert_eq!(
        statements,
        [
            "\nCREATE TABLE [account] (\n\tid NUMBER NOT NULL, \n\topened DATE, \n\tname \
             VARCHAR(20), \n\tPRIMARY KEY (id)\n) WITH HISTORY\n\n",
            "COMMENT ON COLUMN [account].id IS 'by whom'",
        ]
    );
    assert_eq!(dialect.quote("a]b"), "[a]]b]");
}

#[test]
fn statements_are_written_in_its_way() {
    dialect();
    let table = FromClause::from(&accounts());
    let column = |name: &str| table.column(name).unwrap();
    let greeting = column("name")
        .operate(Operator::Concat, literal("!", None))
        .unwrap();
    let query: SelectBase = select(vec![greeting, func(Vec::new(), "now", Vec::new())])
        .limit(Some(literal(3, None)))
        .into();
    assert_eq!(
        text(query),
        "SELECT [account].name & %(param_1)s AS anon_1, TODAY AS now_1 \nFROM [account] TOP \
         %(param_2)s"
    );
}

#[test]
fn values_go_to_its_driver_in_its_way() {
    let dialect = dialect();
    let insert = Insert::new(FromClause::from(&accounts())).values(vec![(
        "opened".into(),
        literal(Literal::Date(Date::new(2024, 2, 29).unwrap()), None),
    )]);
    let compiled = Statement::from(insert)
        .compile(&dialect, &CompileOptions::default())
        .unwrap();
    let executable = compiled
        .executable(&|_| None, &|_| Ok(Literal::Null))
        .unwrap();
    assert_eq!(
        executable.sql,
        "INSERT INTO [account] (opened) VALUES (%(opened)s)"
    );
    assert_eq!(executable.values[0].python_str(), "day 2024-02-29");
}

#[test]
fn what_no_room_says_is_as_in_default_dialect() {
    let dialect = Dialect::named("unheard");
    assert_eq!(dialect.name(), "unheard");
    assert_eq!(dialect.quote("select"), "\"select\"");
    assert!(!dialect.supports_native_boolean());
}
