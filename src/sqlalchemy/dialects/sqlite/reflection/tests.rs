//! Compares with SQLAlchemy's reflection of the same databases, recorded by
//! `tests/oracle/reflection/record.py`.

use crate::exc;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use crate::engine::{EngineOptions, create_engine, make_url};
use crate::inspector::{
    IndexOrigin, Inspector, ReflectOptions, ReflectedColumn, ReflectedForeignKey, ReflectedIndex,
    reflect_table,
};
use crate::schema::MetaData;
use driver::Parameters;
use ground::diagnostic::Result;
use ground::host::{MemoryHost, Stream};
use ground::run::Run;

fn answer(told: Result<Json>) -> Json {
    told.unwrap_or_else(|error| {
        json!({
            "error": error.class_name(),
            "message": error.message.lines().next().unwrap_or_default(),
        })
    })
}

fn column(column: &ReflectedColumn) -> Json {
    let mut told = json!({
        "name": &*column.name,
        "type": column.type_.python_repr(),
        "nullable": column.nullable,
        "default": column.default,
        "primary_key": column.primary_key,
    });
    if let (Some((sqltext, persisted)), Some(map)) = (&column.computed, told.as_object_mut()) {
        let computed = json!({"sqltext": sqltext, "persisted": persisted});
        map.insert("computed".to_owned(), computed);
    }
    told
}

fn names(names: &[Rc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

fn foreign_key(key: &ReflectedForeignKey) -> Json {
    let mut options = Map::new();
    let mut option = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    option("ondelete", key.ondelete.clone().map(Json::from));
    option("onupdate", key.onupdate.clone().map(Json::from));
    option("deferrable", key.deferrable.map(Json::from));
    option("initially", key.initially.clone().map(Json::from));
    json!({
        "name": key.name,
        "constrained_columns": names(&key.constrained_columns),
        "referred_schema": key.referred_schema,
        "referred_table": &*key.referred_table,
        "referred_columns": names(&key.referred_columns),
        "options": options,
    })
}

fn index(index: &ReflectedIndex) -> Json {
    let mut options = Map::new();
    for (name, _) in index.dialect_options.iter() {
        let condition = index.dialect_options.text(name).as_deref().map(Json::from);
        options.insert(name.to_owned(), condition.unwrap_or_default());
    }
    json!({
        "name": &*index.name,
        "column_names": names(&index.columns()),
        "unique": i64::from(index.unique),
        "dialect_options": options,
    })
}

fn list<T>(told: Result<Rc<Vec<T>>>, one: impl Fn(&T) -> Json) -> Json {
    answer(told.map(|told| told.iter().map(one).collect()))
}

fn describe(inspector: &Inspector, table: &str) -> Json {
    let options = inspector.get_table_options(table, None).map(|told| {
        let options: Map<String, Json> = told
            .iter()
            .map(|(name, _)| (name.to_owned(), told.flag(name).into()))
            .collect();
        options.into()
    });
    let pk = inspector.get_pk_constraint(table, None).map(|told| {
        json!({
            "name": told.name,
            "constrained_columns": names(&told.constrained_columns),
        })
    });
    json!({
        "has": answer(inspector.has_table(table, None).map(Json::from)),
        "columns": list(inspector.get_columns(table, None), column),
        "pk": answer(pk),
        "foreign_keys": list(inspector.get_foreign_keys(table, None), foreign_key),
        "indexes": list(inspector.get_indexes(table, None), index),
        "unique": list(inspector.get_unique_constraints(table, None), |told| {
            json!({"name": told.name, "column_names": names(&told.column_names)})
        }),
        "checks": list(inspector.get_check_constraints(table, None), |told| {
            json!({"name": told.name, "sqltext": told.sqltext})
        }),
        "options": answer(options),
    })
}

#[test]
fn reflects_as_sqlalchemy_does() {
    let recorded = include_str!("../../../../../tests/oracle/reflection/answers.json");
    let recorded: Vec<Json> = serde_json::from_str(recorded).expect("JSON");
    let mut failures = Vec::new();
    for case in recorded {
        let host = Rc::new(MemoryHost::default());
        let run = Run::new(host.clone());
        let url = make_url("sqlite://").expect("a URL");
        let engine = create_engine(&run, &url, EngineOptions::default()).expect("an engine");
        let connection = engine.connect().expect("connects");
        let statements = case["statements"].as_array().expect("a list");
        for statement in statements {
            connection
                .exec_sql(statement.as_str().expect("text"))
                .expect("runs");
        }
        let inspector = Inspector::new(&connection).expect("inspects");
        let mut check = |what: &str, told: Json, expected: &Json| {
            if told != *expected {
                failures.push(format!(
                    "{statements:#?}\n{what}:\n told     {told}\n expected {expected}"
                ));
            }
        };
        let told = inspector.get_table_names(None).expect("tells");
        check("tables", json!(names(&told)), &case["tables"]);
        let told = inspector.get_view_names(None).expect("tells");
        check("views", json!(names(&told)), &case["views"]);
        let told = inspector.get_temp_table_names().expect("tells");
        check("temporary", json!(names(&told)), &case["temporary"]);
        for (table, expected) in case["described"].as_object().expect("a map") {
            let told = describe(&inspector, table);
            for (part, expected) in expected.as_object().expect("a map") {
                check(&format!("{table} {part}"), told[part].clone(), expected);
            }
        }
        let mut warnings: Vec<String> = host
            .take_output()
            .into_iter()
            .filter(|(stream, _)| *stream == Stream::Stderr)
            .map(|(_, text)| text.trim_end().replace("SAWarning: ", ""))
            .collect();
        warnings.sort();
        check("warnings", json!(warnings), &case["warnings"]);
    }
    assert!(
        failures.is_empty(),
        "{} differ, such as\n{}",
        failures.len(),
        failures
            .iter()
            .take(5)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

/// How long it takes to reflect so many tables.
fn time_to_reflect(tables: usize) -> Duration {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let url = make_url("sqlite:///app.db").expect("a URL");
    let engine = create_engine(&run, &url, EngineOptions::default()).expect("an engine");
    let connection = engine.connect().expect("connects");
    for number in 0..tables {
        connection
            .exec_sql(&format!(
                "CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL, \
                 b INTEGER, CONSTRAINT u{number} UNIQUE (a), \
                 CONSTRAINT f{number} FOREIGN KEY(b) REFERENCES t0 (id))"
            ))
            .expect("creates");
    }
    let inspector = Inspector::new(&connection).expect("inspects");
    let start = Instant::now();
    for table in inspector.get_table_names(None).expect("tells").iter() {
        assert_eq!(inspector.get_columns(table, None).expect("tells").len(), 3);
        let foreign_keys = inspector.get_foreign_keys(table, None).expect("tells");
        assert_eq!(foreign_keys.len(), 1);
        let indexes = inspector.get_indexes(table, None).expect("tells");
        assert!(indexes.is_empty());
        let unique = inspector
            .get_unique_constraints(table, None)
            .expect("tells");
        assert_eq!(unique.len(), 1);
    }
    start.elapsed()
}

/// With a statement for each table and each of the catalogue's rows read again for it, ten times as many tables would
/// take a hundred times as long.
#[test]
fn each_of_many_tables_takes_as_long_as_each_of_few() {
    let few = (0..3).map(|_| time_to_reflect(50)).min();
    let many = (0..3).map(|_| time_to_reflect(500)).min();
    let (Some(few), Some(many)) = (few, many) else {
        unreachable!("three runs have a shortest one");
    };
    eprintln!("50 tables: {few:?}, 500 tables: {many:?}");
    assert!(many < few * 40, "50 tables: {few:?}, 500 tables: {many:?}");
}

#[test]
fn a_reflected_table_brings_those_it_refers_to() {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let url = make_url("sqlite://").expect("a URL");
    let engine = create_engine(&run, &url, EngineOptions::default()).expect("an engine");
    let connection = engine.connect().expect("connects");
    for sql in [
        "CREATE TABLE p (a INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER NOT NULL, p INTEGER DEFAULT 3, CONSTRAINT pk PRIMARY KEY (id), \
         CONSTRAINT f FOREIGN KEY(p) REFERENCES p (a) ON DELETE CASCADE, UNIQUE (p), CHECK (p > 0))",
        "CREATE INDEX i ON c (p) WHERE p > 1",
    ] {
        connection.exec_sql(sql).expect("runs");
    }
    let inspector = Inspector::new(&connection).expect("inspects");
    let metadata = MetaData::new();
    let table =
        reflect_table(&inspector, "c", &metadata, ReflectOptions::default()).expect("reflects");
    let keys: Vec<String> = metadata
        .tables()
        .iter()
        .map(|table| table.key().to_string())
        .collect();
    assert_eq!(keys, ["c", "p"]);
    assert_eq!(table.primary_key().name().as_str(), Some("pk"));
    assert_eq!(table.primary_key().columns().len(), 1);
    assert_eq!(table.foreign_key_constraints().len(), 1);
    assert_eq!(table.indexes().len(), 1);
    assert_eq!(table.constraints().len(), 4);
    let error = reflect_table(&inspector, "gone", &metadata, ReflectOptions::default())
        .expect_err("missing");
    assert_eq!(
        (&*error.class, &*error.message),
        (exc::NO_SUCH_TABLE_ERROR, "gone")
    );
    assert_eq!(metadata.tables().len(), 2);
}

#[test]
fn a_listing_leaves_out_nothing_that_reflection_passes_over() {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let url = make_url("sqlite://").expect("a URL");
    let engine = create_engine(&run, &url, EngineOptions::default()).expect("an engine");
    let connection = engine.connect().expect("connects");
    let dbapi = connection.dbapi().expect("is open");
    const TABLE: &str = "CREATE TABLE c (a ODD(1) PRIMARY KEY, b TEXT UNIQUE REFERENCES p) \
                         WITHOUT ROWID";
    for sql in [
        TABLE,
        "CREATE INDEX i ON c (lower(b), a)",
        "CREATE VIEW v AS SELECT * FROM gone",
        "CREATE TABLE p (rowid TEXT DEFAULT 'x')",
        "CREATE TABLE q (id INTEGER NOT NULL)",
    ] {
        dbapi.execute(sql, &Parameters::NONE).expect("runs");
    }
    let inspector = Inspector::new(&connection).expect("inspects");
    let tables = inspector.get_listing().expect("tells");
    let told: Vec<(&str, bool, usize)> = tables
        .iter()
        .map(|table| (&*table.name, table.has_rowid, table.columns.len()))
        .collect();
    assert_eq!(
        told,
        [
            ("c", false, 2),
            ("p", false, 1),
            ("q", true, 1),
            ("v", false, 0)
        ]
    );
    let table = &tables[0];
    assert_eq!(&*table.definition, TABLE);
    assert_eq!(&*table.columns[0].declared_type, "ODD(1)");
    assert_eq!(table.columns[0].primary_key, 1);
    let indexes: Vec<_> = table
        .indexes
        .iter()
        .map(|index| (index.name.as_deref(), index.origin, index.columns.len()))
        .collect();
    assert!(indexes.contains(&(Some("i"), IndexOrigin::Statement, 2)));
    assert!(indexes.contains(&(None, IndexOrigin::Unique, 1)));
    assert!(indexes.contains(&(None, IndexOrigin::PrimaryKey, 1)));
    assert_eq!(table.foreign_keys.len(), 1);
    assert_eq!(&*table.foreign_keys[0].referred_table, "p");
    assert_eq!(table.foreign_keys[0].referred_columns, [None]);
    assert!(tables[3].view);
}
