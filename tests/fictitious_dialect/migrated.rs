//! A project is migrated in a database that was registered; its room says no more than it must.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use limbeck::command;
use limbeck::ddl::{self, DefaultImpl, ImplState};
use limbeck::driver::{self, ConnectArguments, Connection, Cursor, Driver, Parameters, Value};
use limbeck::ground::diagnostic::{Error, Result};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::sqlalchemy::dialects::{self, DefaultDialect};
use limbeck::sqlalchemy::engine::dialect::EngineDialect;
use limbeck::sqlalchemy::inspector::{Inspector, Names, Reflection};

/// What the database holds: names of tables, versions, and every statement that reached it.
#[derive(Default)]
struct Ledger {
    tables: Vec<String>,
    versions: Vec<String>,
    statements: Vec<String>,
}

thread_local! {
    static LEDGER: RefCell<Ledger> = RefCell::default();
}

struct LedgerConnection;

/// What stands between the first two single quotes after a place.
fn quoted(sql: &str, after: &str) -> String {
    let rest = sql.split_once(after).map_or("", |(_, rest)| rest);
    rest.split('\'').nth(1).unwrap_or_default().to_owned()
}

impl Connection for LedgerConnection {
    fn execute(&self, sql: &str, _parameters: &Parameters) -> Result<Cursor> {
        LEDGER.with_borrow_mut(|ledger| {
            ledger.statements.push(sql.trim().to_owned());
            let mut cursor = Cursor {
                rowcount: 1,
                ..Cursor::default()
            };
            let words: Vec<&str> = sql.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => ledger.tables.push((*name).to_owned()),
                ["DROP", "TABLE", name, ..] => ledger.tables.retain(|known| known != name),
                ["SELECT", ..] => {
                    cursor.description = Some(Rc::from(["version_num".into()]));
                    cursor.rows = ledger
                        .versions
                        .iter()
                        .map(|version| vec![Value::from(version.as_str())])
                        .collect();
                }
                ["INSERT", ..] => ledger.versions.push(quoted(sql, "VALUES")),
                ["UPDATE", ..] => {
                    let (new, old) = (quoted(sql, "SET"), quoted(sql, "WHERE"));
                    for version in &mut ledger.versions {
                        if *version == old {
                            version.clone_from(&new);
                        }
                    }
                }
                ["DELETE", ..] => {
                    let old = quoted(sql, "WHERE");
                    ledger.versions.retain(|version| *version != old);
                }
                _ => {
                    return Err(Error::new("ledgerdb.ProgrammingError", sql));
                }
            }
            Ok(cursor)
        })
    }

    fn execute_many(&self, sql: &str, _parameters: &[Parameters]) -> Result<Cursor> {
        Err(Error::new("ledgerdb.NotSupportedError", sql))
    }

    fn commit(&self) -> Result<()> {
        Ok(())
    }

    fn rollback(&self) -> Result<()> {
        Ok(())
    }

    fn in_transaction(&self) -> bool {
        false
    }

    fn database(&self) -> Option<Rc<str>> {
        Some("ledger://books".into())
    }

    fn close(&self) {}

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct LedgerDriver;

impl Driver for LedgerDriver {
    fn name(&self) -> &'static str {
        "ledgerdb"
    }

    fn connect(&self, _run: &Run, arguments: &ConnectArguments) -> Result<Rc<dyn Connection>> {
        match arguments.get("database").and_then(Value::as_str) {
            Some("books") => Ok(Rc::new(LedgerConnection)),
            _ => Err(Error::new("ledgerdb.OperationalError", "no such ledger")),
        }
    }
}

struct LedgerDialect;

impl DefaultDialect for LedgerDialect {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn default_schema_name(&self) -> Option<&'static str> {
        Some("books")
    }
}

impl EngineDialect for LedgerDialect {
    fn drivers(&self) -> &'static [&'static str] {
        &["ledgerdb"]
    }

    fn reflection(&self) -> Option<Box<dyn Reflection>> {
        Some(Box::new(LedgerReflection))
    }
}

struct LedgerReflection;

impl Reflection for LedgerReflection {
    fn get_table_names(&self, _inspector: &Inspector, _schema: Option<&str>) -> Result<Names> {
        Ok(LEDGER.with_borrow(|ledger| {
            let tables = ledger.tables.iter();
            tables.map(|table| table.as_str().into()).collect()
        }))
    }

    fn has_table(
        &self,
        _inspector: &Inspector,
        table: &str,
        _schema: Option<&str>,
    ) -> Result<bool> {
        Ok(LEDGER.with_borrow(|ledger| ledger.tables.iter().any(|known| known == table)))
    }
}

struct LedgerImpl(ImplState);

impl DefaultImpl for LedgerImpl {
    fn state(&self) -> &ImplState {
        &self.0
    }

    fn name(&self) -> &'static str {
        "LedgerImpl"
    }
}

const ENV: &str = "from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option('sqlalchemy.url'))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
";

const REVISION: &str = "import sqlalchemy as sa
from alembic import op

revision = 'a1'
down_revision = None


def upgrade():
    op.create_table('account', sa.Column('id', sa.Integer(), nullable=False))


def downgrade():
    op.drop_table('account')
";

#[test]
fn a_project_is_migrated_in_a_dialect_that_was_registered() {
    driver::register("ledgerdb", Rc::new(LedgerDriver));
    dialects::register("ledger", &LedgerDialect);
    ddl::register("ledger", |state| Rc::new(LedgerImpl(state)));
    let host = Rc::new(MemoryHost::new("/"));
    let write = |path: &str, text: &str| host.write(path, text.as_bytes()).unwrap();
    host.create_directories("/alembic/versions").unwrap();
    write(
        "/alembic.ini",
        "[alembic]\nscript_location = alembic\nsqlalchemy.url = ledger:///books\n",
    );
    write("/alembic/env.py", ENV);
    write("/alembic/versions/a1_account.py", REVISION);
    let command = |words: &[&str]| {
        let argv: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let status = command::run(&Run::new(host.clone()), &argv);
        assert_eq!(status, 0, "{:?}", host.take_output());
    };

    command(&["upgrade", "head"]);
    LEDGER.with_borrow(|ledger| {
        assert_eq!(ledger.tables, ["alembic_version", "account"]);
        assert_eq!(ledger.versions, ["a1"]);
        assert!(
            ledger.statements.iter().all(|sql| !sql.contains("PRAGMA")),
            "{:#?}",
            ledger.statements
        );
    });

    command(&["downgrade", "base"]);
    LEDGER.with_borrow(|ledger| {
        assert_eq!(ledger.tables, ["alembic_version"]);
        assert!(ledger.versions.is_empty());
    });
}
