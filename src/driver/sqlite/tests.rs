use std::rc::Rc;

use super::{Sqlite, image};
use crate::{ConnectArguments, Connection, Driver, Parameters, Value, flush};
use ground::host::{Host, MemoryHost};
use ground::run::Run;

fn connect(run: &Run, database: &str) -> Rc<dyn Connection> {
    let arguments = ConnectArguments::new().with("database", database);
    Sqlite.connect(run, &arguments).expect("opens")
}

fn run() -> (Rc<MemoryHost>, Run) {
    let host = Rc::new(MemoryHost::default());
    (host.clone(), Run::new(host))
}

#[test]
fn one_sqlite_everywhere() {
    assert_eq!(super::sqlite_version(), "3.51.3");
}

#[test]
fn a_database_is_a_file_of_the_workspace() {
    let (host, run) = run();
    let first = connect(&run, "app.db");
    assert_eq!(host.read("app.db").expect("made at once"), b"");
    first
        .execute("CREATE TABLE t (a INTEGER)", &Parameters::NONE)
        .expect("creates");
    assert!(!first.in_transaction());
    assert_eq!(host.read("app.db").expect("written").len(), 8192);
    let second = connect(&run, "/project/app.db");
    first
        .execute("INSERT INTO t VALUES (?)", &vec![Value::Integer(7)].into())
        .expect("inserts");
    assert!(first.in_transaction());
    let rows = |connection: &Rc<dyn Connection>| {
        connection
            .execute("SELECT a FROM t", &Parameters::NONE)
            .expect("selects")
            .rows
    };
    assert_eq!(rows(&first), [[Value::Integer(7)]]);
    assert!(rows(&second).is_empty());
    let error = second
        .execute("INSERT INTO t VALUES (8)", &Parameters::NONE)
        .expect_err("locked");
    assert_eq!(error.class, "sqlite3.OperationalError");
    assert_eq!(error.message, "database is locked");
    second.rollback().expect("rolls back");
    first.commit().expect("commits");
    assert_eq!(rows(&second), [[Value::Integer(7)]]);
    let dyn_host: Rc<dyn Host> = host.clone();
    flush(&dyn_host).expect("flushes");
    assert_eq!(
        image(&dyn_host, "app.db").expect("image"),
        host.read("app.db").expect("file")
    );
    first.close();
    second.close();
    assert_eq!(rows(&connect(&run, "app.db")), [[Value::Integer(7)]]);
    assert_eq!(host.files().len(), 1, "no journal is left");
}

#[test]
fn what_is_not_committed_is_lost_but_ddl_before_it_stays() {
    let (_, run) = run();
    let connection = connect(&run, "app.db");
    for sql in [
        "CREATE TABLE a (x)",
        "INSERT INTO a VALUES (1)",
        "CREATE TABLE b (x)",
    ] {
        connection.execute(sql, &Parameters::NONE).expect("runs");
    }
    connection.close();
    let connection = connect(&run, "app.db");
    let names = connection
        .execute("SELECT name FROM sqlite_master", &Parameters::NONE)
        .expect("selects");
    assert_eq!(names.rows, [[Value::from("a")]]);
}

#[test]
fn errors_are_those_of_python() {
    let (_, run) = run();
    let connection = connect(&run, ":memory:");
    let cases = [
        (
            "select 1; select 2",
            "sqlite3.ProgrammingError",
            "You can only execute one statement at a time.",
        ),
        (
            "selec",
            "sqlite3.OperationalError",
            "near \"selec\": syntax error",
        ),
        (
            "select ?",
            "sqlite3.ProgrammingError",
            "Incorrect number of bindings supplied. The current statement uses 1, and there are 0 supplied.",
        ),
        (
            "select 'a' regexp '('",
            "sqlite3.OperationalError",
            "user-defined function raised exception",
        ),
        (
            "with recursive c(x) as (select 1 union all select x from c) select count(*) from c",
            "sqlite3.OperationalError",
            "interrupted",
        ),
    ];
    for (sql, class, message) in cases {
        let error = connection
            .execute(sql, &Parameters::NONE)
            .expect_err("fails");
        assert_eq!((&*error.class, &*error.message), (class, message));
    }
    connection
        .execute("select 1; -- the end", &Parameters::NONE)
        .expect("a comment is no statement");
}

#[test]
fn time_and_randomness_come_from_the_host() {
    let (_, first) = run();
    let (_, second) = run();
    let ask = |run: &Run| {
        connect(run, ":memory:")
            .execute(
                "select current_timestamp, random(), hex(randomblob(4))",
                &Parameters::NONE,
            )
            .expect("selects")
            .rows
    };
    let rows = ask(&first);
    assert_eq!(rows[0][0], Value::from("2026-01-01 00:00:00"));
    assert_eq!(rows, ask(&second));
}
