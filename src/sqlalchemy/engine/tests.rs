use crate::exc;
use std::rc::Rc;

use super::{Compiled, Engine, EngineOptions, StatementParameters, create_engine, make_url};
use driver::{Parameters, Value};
use ground::host::MemoryHost;
use ground::run::Run;

fn engine(url: &str) -> Engine {
    let run = Run::new(Rc::new(MemoryHost::default()));
    create_engine(
        &run,
        &make_url(url).expect("a URL"),
        EngineOptions::default(),
    )
    .expect("an engine")
}

#[test]
fn errors_read_as_in_sqlalchemy() {
    let connection = engine("sqlite://").connect().expect("connects");
    connection
        .execute(&Compiled::ddl(
            "create table t (a integer primary key, b text not null)",
        ))
        .expect("creates");
    let error = connection
        .exec_sql("insert into t values (1,null)")
        .err()
        .expect("fails");
    assert_eq!(error.class, exc::INTEGRITY_ERROR);
    assert_eq!(
        error.message,
        "(sqlite3.IntegrityError) NOT NULL constraint failed: t.b\n\
         [SQL: insert into t values (1,null)]\n\
         (Background on this error at: https://sqlalche.me/e/21/gkpj)"
    );
    let sets: Vec<Parameters> = (0..30)
        .map(|number| vec![Value::Integer(number), Value::Null].into())
        .collect();
    let error = connection
        .exec_driver_sql(
            "insert into t values (?,?)",
            &StatementParameters::Many(sets),
        )
        .err()
        .expect("fails");
    assert_eq!(
        error.message,
        "(sqlite3.IntegrityError) NOT NULL constraint failed: t.b\n\
         [SQL: insert into t values (?,?)]\n\
         [parameters: [(0, None), (1, None), (2, None), (3, None), (4, None), (5, None), \
         (6, None), (7, None)  ... displaying 10 of 30 total bound parameter sets ...  \
         (28, None), (29, None)]]\n\
         (Background on this error at: https://sqlalche.me/e/21/gkpj)"
    );
}

#[test]
fn transactions_follow_sqlalchemy() {
    let engine = engine("sqlite:///app.db");
    let connection = engine.connect().expect("connects");
    connection.exec_sql("create table t (a)").expect("creates");
    let root = connection.get_transaction().expect("begun by itself");
    assert_eq!(
        connection.begin().err().expect("begun").message,
        "This connection has already initialized a SQLAlchemy Transaction() object via begin() \
         or autobegin; can't call begin() here unless rollback() or commit() is called first."
    );
    connection
        .exec_sql("insert into t values (1)")
        .expect("inserts");
    let nested = connection.begin_nested().expect("begins");
    connection
        .exec_sql("insert into t values (2)")
        .expect("inserts");
    nested.rollback().expect("rolls back");
    root.commit().expect("commits");
    assert_eq!(
        root.commit().expect_err("ended").message,
        "This transaction is inactive"
    );
    let count = |engine: &Engine| {
        let connection = engine.connect().expect("connects");
        connection
            .exec_sql("select count(*) from t")
            .expect("selects")
            .scalar()
            .expect("a row")
    };
    assert_eq!(count(&engine), Some(Value::Integer(1)));
    let transaction = connection.begin().expect("begins");
    transaction.enter();
    transaction.rollback().expect("rolls back");
    assert_eq!(
        connection
            .exec_sql("select 1")
            .err()
            .expect("closed")
            .message,
        "Can't operate on closed transaction inside context manager.  Please complete the \
         context manager before emitting further commands."
    );
    transaction.exit(true).expect("leaves");
    connection.close().expect("closes");
    assert_eq!(
        connection
            .exec_sql("select 1")
            .err()
            .expect("closed")
            .message,
        "This Connection is closed"
    );
}

#[test]
fn a_server_is_out_of_reach() {
    let error = engine("postgresql://h/d").connect().err().expect("fails");
    assert_eq!(error.class, "limbeck.Unsupported");
}

#[test]
fn statements_are_told_apart_by_their_parameters() {
    use super::{ParameterSet, no_callables};
    use crate::elements::text;
    use crate::literal::Literal;
    use crate::sql::Statement;

    let connection = engine("sqlite://").connect().expect("connects");
    connection
        .exec_sql("create table t (a integer)")
        .expect("creates");
    let run = |sql: &str, sets: &[ParameterSet]| {
        connection.execute_statement(&Statement::from(text(sql)), sets, &no_callables)
    };
    let set = |value: Literal| vec![(Rc::from("x"), value)];
    let result = run(
        "insert into t values (:x)",
        &[set(Literal::Integer(1)), set(Literal::Integer(2))],
    );
    assert_eq!(result.expect("inserts").rowcount(), 2);
    let row = run(
        "select a as b from t where a > :x",
        &[set(Literal::Integer(1))],
    )
    .expect("selects")
    .one()
    .expect("one row");
    assert_eq!(row.get("b").expect("b"), &Value::Integer(2));
    let message = |sets: &[ParameterSet]| {
        let error = run("select :x", sets).err().expect("fails");
        (error.class.to_string(), error.message.clone())
    };
    assert_eq!(
        message(&[]),
        (
            exc::STATEMENT_ERROR.to_owned(),
            "(sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter 'x'\n\
             [SQL: select ?]\n\
             (Background on this error at: https://sqlalche.me/e/21/cd3x)"
                .to_owned()
        )
    );
    assert_eq!(
        message(&[set(Literal::Dictionary(Rc::from([])))]).1,
        "(sqlite3.ProgrammingError) Error binding parameter 1: type 'dict' is not supported\n\
         [SQL: select ?]\n\
         [parameters: ({},)]\n\
         (Background on this error at: https://sqlalche.me/e/21/f405)"
    );
}
