//! Differences between two states of a database.

use std::rc::Rc;

use limbeck::driver::sqlite::{Sqlite, execute_script};
use limbeck::driver::{ConnectArguments, Driver};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::review::{Change, Database, ItemKind, Renames, compare};

fn database(sql: &str) -> Database {
    let host: Rc<dyn Host> = Rc::new(MemoryHost::new("/"));
    let connection = Sqlite
        .connect(
            &Run::new(host.clone()),
            &ConnectArguments::new().with("database", "a.db"),
        )
        .unwrap();
    execute_script(&*connection, sql).unwrap();
    connection.close();
    limbeck::driver::flush(&host).unwrap();
    Database::of_host(&host, "a.db").unwrap()
}

#[test]
fn states_that_differ() {
    let before = database(
        "CREATE TABLE gone (id INTEGER PRIMARY KEY); INSERT INTO gone VALUES (1), (2);
         CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c TEXT, old TEXT);
         CREATE INDEX ix_a ON t (a);
         INSERT INTO t VALUES (1, 'x', 1, NULL, 'o'), (2, 'y', 2, 'k', NULL), (3, 'z', 3, 'k', 'p');
         CREATE TABLE keyless (a, b); INSERT INTO keyless VALUES (1, 1), (2, 2), (3, 3);
         DELETE FROM keyless WHERE a = 1;
         CREATE TABLE word (w TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO word VALUES ('a', 1);
         CREATE TABLE same (id INTEGER PRIMARY KEY, v); INSERT INTO same VALUES (1, 1);",
    );
    let after = database(
        "CREATE TABLE new (id INTEGER PRIMARY KEY); INSERT INTO new VALUES (1);
         CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT, c TEXT, d TEXT,
            CONSTRAINT uq_b UNIQUE (b));
         INSERT INTO t VALUES (1, 'x', '1', 'filled', 'd'), (2, 'Y', '2', NULL, NULL),
            (4, 'n', 4, NULL, NULL);
         CREATE TABLE keyless (a, b); INSERT INTO keyless VALUES (2, 2), (3, 4);
         CREATE TABLE word (w TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO word VALUES ('a', 2);
         CREATE TABLE same (id INTEGER PRIMARY KEY, v); INSERT INTO same VALUES (1, 1);",
    );
    let difference = compare(&before, &after, &Renames::default(), 10).unwrap();
    let names: Vec<&str> = difference
        .tables
        .iter()
        .map(|table| table.table.as_str())
        .collect();
    assert_eq!(names, ["gone", "keyless", "new", "t", "word"]);
    assert_eq!(difference.tables[0].change, Some(Change::Removed));
    assert_eq!(difference.tables[0].rows.as_ref().unwrap().lost, 2);
    let keyless = difference.tables[1].rows.as_ref().unwrap();
    assert_eq!(keyless.matched_by, "place");
    assert_eq!((keyless.lost, keyless.added, keyless.changed), (0, 0, 1));
    assert_eq!(difference.tables[2].rows.as_ref().unwrap().added, 1);
    let items: Vec<(ItemKind, Change, &str)> = difference.tables[3]
        .items
        .iter()
        .map(|item| {
            let side = item.after.as_ref().or(item.before.as_ref()).unwrap();
            (item.kind, item.change, side.name.as_str())
        })
        .collect();
    assert_eq!(
        items,
        [
            (ItemKind::Column, Change::Altered, "a"),
            (ItemKind::Column, Change::Altered, "b"),
            (ItemKind::Column, Change::Added, "d"),
            (ItemKind::Column, Change::Removed, "old"),
            (ItemKind::Unique, Change::Added, "uq_b"),
            (ItemKind::Index, Change::Removed, "ix_a"),
        ]
    );
    let rows = difference.tables[3].rows.as_ref().unwrap();
    assert_eq!(rows.matched_by, "id");
    assert_eq!((rows.lost, rows.added, rows.changed), (1, 1, 2));
    let counts: Vec<(&str, u64, u64, u64, u64)> = rows
        .columns
        .iter()
        .map(|c| {
            (
                c.column.as_str(),
                c.lost,
                c.changed,
                c.converted,
                c.filled_in,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("a", 0, 1, 0, 0),
            ("b", 0, 0, 2, 0),
            ("c", 1, 0, 0, 1),
            ("old", 2, 0, 0, 0),
            ("d", 0, 0, 0, 1),
        ]
    );
    assert_eq!(rows.sample.len(), 4);
    assert_eq!(difference.tables[4].rows.as_ref().unwrap().changed, 1);
    assert!(
        compare(&before, &before, &Renames::default(), 10)
            .unwrap()
            .is_empty()
    );
    assert!(Database::from_bytes(b"no database at all".to_vec()).is_err());
}
