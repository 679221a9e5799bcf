//! Models written from a database are those of the database: autogenerate finds no difference, here and in
//! real Alembic, the mappers can be configured, and a first revision makes the same tables again.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use limbeck::autogenerate::{ModelStyle, write_models};
use limbeck::driver::sqlite::{Sqlite, execute_script};
use limbeck::driver::{ConnectArguments, Driver};
use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;
use limbeck::sqlalchemy::engine::{EngineOptions, create_engine, make_url};
use limbeck::sqlalchemy::inspector::Inspector;

const INI: &str = "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n\
                   sqlalchemy.url = sqlite:///app.db\n";

const ENV: &str = "\
from sqlalchemy import create_engine
from alembic import context
import models

target_metadata = METADATA
engine = create_engine(context.config.get_main_option('sqlalchemy.url'))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
";

const TEMPLATE: &str = "\
\"\"\"${message}\"\"\"
from alembic import op
import sqlalchemy as sa
import sqlmodel
${imports if imports else \"\"}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else \"pass\"}


def downgrade() -> None:
    ${downgrades if downgrades else \"pass\"}
";

/// Databases that people have: what alembic makes, and what is written by hand.
const DATABASES: &[(&str, &str)] = &[
    (
        "a shop",
        "CREATE TABLE customer (
           id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(120) NOT NULL UNIQUE, name VARCHAR,
           joined DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, vip BOOLEAN DEFAULT 0,
           notes TEXT, balance NUMERIC(10, 2) DEFAULT '0.00' NOT NULL, photo BLOB, score FLOAT);
         CREATE TABLE product (id INTEGER NOT NULL PRIMARY KEY, sku VARCHAR(20) NOT NULL,
           price NUMERIC(10, 2) NOT NULL CONSTRAINT positive CHECK (price > 0), data JSON,
           CONSTRAINT uq_product_sku UNIQUE (sku));
         CREATE TABLE \"order\" (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER NOT NULL,
           billed_to INTEGER, placed DATE, at TIME,
           FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE CASCADE,
           CONSTRAINT fk_billed FOREIGN KEY(billed_to) REFERENCES customer (id) ON DELETE SET NULL);
         CREATE INDEX ix_order_customer_id ON \"order\" (customer_id);
         CREATE INDEX by_day ON \"order\" (placed, at);
         CREATE TABLE line_item (order_id INTEGER NOT NULL, product_id INTEGER NOT NULL,
           amount INTEGER DEFAULT 1 NOT NULL, PRIMARY KEY (order_id, product_id),
           FOREIGN KEY(order_id) REFERENCES \"order\" (id), FOREIGN KEY(product_id) REFERENCES product (id));
         CREATE TABLE tag (id INTEGER NOT NULL PRIMARY KEY, word VARCHAR(30) NOT NULL);
         CREATE UNIQUE INDEX ix_tag_word ON tag (word);
         CREATE TABLE product_tag (product_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
           PRIMARY KEY (product_id, tag_id),
           FOREIGN KEY(product_id) REFERENCES product (id), FOREIGN KEY(tag_id) REFERENCES tag (id));
         CREATE TABLE profile (customer_id INTEGER NOT NULL PRIMARY KEY, bio TEXT,
           FOREIGN KEY(customer_id) REFERENCES customer (id));",
    ),
    (
        "by hand",
        "CREATE TABLE folder (id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INTEGER REFERENCES folder (id), name TEXT);
         CREATE TABLE log (at TEXT, line TEXT);
         CREATE TABLE setting (key TEXT PRIMARY KEY, value, \"class\" TEXT, metadata TEXT, \"2nd\" INT, \"a b\" REAL, date DATE, other DATE);
         CREATE TABLE country (code CHAR(2) NOT NULL PRIMARY KEY, population BIGINT, area DOUBLE);
         CREATE TABLE city (id INTEGER PRIMARY KEY, country TEXT, region TEXT, stamped TIMESTAMP DEFAULT (datetime('now')),
           half INTEGER GENERATED ALWAYS AS (id / 2) VIRTUAL,
           FOREIGN KEY (country, region) REFERENCES region (country, name));
         CREATE TABLE region (country CHAR(2), name VARCHAR(50), PRIMARY KEY (country, name),
           FOREIGN KEY (country) REFERENCES country (code));
         CREATE INDEX living ON city (stamped) WHERE region IS NOT NULL;
         CREATE TABLE person (id INTEGER PRIMARY KEY, mother INTEGER REFERENCES person (id), father INTEGER REFERENCES person (id));
         CREATE VIEW cities AS SELECT * FROM city;",
    ),
    ("nothing", "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"),
];

const STYLES: [(ModelStyle, &str); 2] = [
    (ModelStyle::Declarative, "models.Base.metadata"),
    (ModelStyle::SqlModel, "models.SQLModel.metadata"),
];

fn host_with(sql: &str) -> Rc<MemoryHost> {
    let host = Rc::new(MemoryHost::new("/project"));
    host.create_directories("/project/alembic/versions")
        .unwrap();
    let run = Run::new(host.clone());
    let connection = Sqlite
        .connect(&run, &ConnectArguments::new().with("database", "app.db"))
        .unwrap();
    execute_script(&*connection, sql).unwrap();
    connection.close();
    let own: Rc<dyn Host> = host.clone();
    limbeck::driver::flush(&own).unwrap();
    host
}

/// The models of a database of this schema, and what was said of them.
fn written(host: &Rc<MemoryHost>, style: ModelStyle) -> (String, Vec<String>) {
    let run = Run::new(host.clone());
    let url = make_url("sqlite:///app.db").unwrap();
    let connection = create_engine(&run, &url, EngineOptions::default())
        .and_then(|engine| engine.connect())
        .unwrap();
    let inspector = Inspector::new(&connection).unwrap();
    let models = write_models(&inspector, style, &["alembic_version"]).unwrap();
    (models.text, models.notes)
}

fn alembic(host: &Rc<MemoryHost>, argv: &[&str]) -> (i32, String) {
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let status = limbeck::command::run(&Run::new(host.clone()), &argv);
    let printed = host
        .take_output()
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    (status, printed)
}

fn project(sql: &str, style: ModelStyle, metadata: &str) -> Rc<MemoryHost> {
    let host = host_with(sql);
    let (models, _) = written(&host, style);
    for (path, text) in [
        ("alembic.ini", INI),
        ("alembic/env.py", &ENV.replace("METADATA", metadata)),
        ("alembic/script.py.mako", TEMPLATE),
        ("models.py", &models),
    ] {
        host.write(path, text.as_bytes()).unwrap();
    }
    host
}

#[test]
fn autogenerate_finds_no_difference() {
    for (name, sql) in DATABASES {
        for (style, metadata) in STYLES {
            let host = project(sql, style, metadata);
            let (status, printed) = alembic(&host, &["check"]);
            let models = String::from_utf8(host.read("models.py").unwrap()).unwrap();
            assert_eq!(status, 0, "{name}, {style:?}:\n{printed}\n{models}");
            assert!(
                printed.contains("No new upgrade operations detected"),
                "{name}: {printed}"
            );
        }
    }
}

#[test]
fn a_first_revision_makes_the_same_tables_again() {
    let (name, sql) = DATABASES[0];
    for (style, metadata) in STYLES {
        let host = project(sql, style, metadata);
        let before = host.read("app.db").unwrap();
        host.remove("app.db").unwrap();
        for argv in [
            &["revision", "--autogenerate", "-m", "as found"][..],
            &["upgrade", "head"],
        ] {
            let (status, printed) = alembic(&host, argv);
            assert_eq!(status, 0, "{name}, {style:?} {argv:?}:\n{printed}");
        }
        // The database as it was matches what the revision leads to.
        host.write("app.db", &before).unwrap();
        for argv in [&["stamp", "head"][..], &["check"]] {
            let (status, printed) = alembic(&host, argv);
            assert_eq!(status, 0, "{name}, {style:?} {argv:?}:\n{printed}");
        }
    }
}

#[test]
fn real_alembic_says_the_same() {
    let Some(python) = support::oracle_python() else {
        return;
    };
    for (name, sql) in DATABASES {
        for (style, metadata) in STYLES {
            let host = project(sql, style, metadata);
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir_all(folder.path().join("alembic/versions")).unwrap();
            for (path, contents) in host.files() {
                let path = Path::new(&path)
                    .strip_prefix("/project")
                    .unwrap()
                    .to_owned();
                std::fs::write(folder.path().join(path), contents).unwrap();
            }
            let program = "import sys; sys.path.insert(0, '.')\n\
                           import models\n\
                           from sqlalchemy.orm import configure_mappers\n\
                           configure_mappers()\n\
                           from alembic.config import main\n\
                           main(['check'])\n";
            let output = Command::new(&python)
                .args(["-W", "ignore", "-c", program])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{name}, {style:?}:\n{}{}\n{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
                String::from_utf8_lossy(&host.read("models.py").unwrap())
            );
        }
    }
}

#[test]
fn what_can_not_be_carried_over_is_told() {
    let host = host_with(
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value);
         CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(120) UNIQUE, UNIQUE (id, email));
         CREATE TABLE orphan (id INTEGER PRIMARY KEY, gone_id INTEGER REFERENCES gone (id));",
    );
    let (_, notes) = written(&host, ModelStyle::Declarative);
    assert!(
        notes
            .iter()
            .any(|note| note.contains("orphan") && note.contains("gone")),
        "{notes:?}"
    );
    let unseen: Vec<&String> = notes
        .iter()
        .filter(|note| note.contains("UNIQUE"))
        .collect();
    assert!(
        unseen.len() == 1 && unseen[0].contains("UNIQUE (email)"),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|note| note.contains("setting.value")),
        "{notes:?}"
    );
}

#[test]
fn models_look_as_a_person_writes_them() {
    let host = host_with(
        "CREATE TABLE author (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, born INTEGER);
         CREATE TABLE book (id INTEGER NOT NULL PRIMARY KEY, title VARCHAR NOT NULL, author_id INTEGER NOT NULL,
           pages INTEGER DEFAULT 0 NOT NULL, FOREIGN KEY(author_id) REFERENCES author (id) ON DELETE CASCADE);
         CREATE INDEX ix_book_title ON book (title);",
    );
    assert_eq!(
        written(&host, ModelStyle::Declarative).0,
        r#"from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    born: Mapped[int | None]

    book: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"))
    pages: Mapped[int] = mapped_column(server_default=text("0"))

    author: Mapped["Author"] = relationship(back_populates="book")
"#
    );
    assert_eq!(
        written(&host, ModelStyle::SqlModel).0,
        r#"from sqlalchemy import Column, Integer, text
from sqlmodel import Field, Relationship, SQLModel


class Author(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    born: int | None = None

    book: list["Book"] = Relationship(back_populates="author")


class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(index=True)
    author_id: int = Field(foreign_key="author.id", ondelete="CASCADE")
    pages: int | None = Field(
        default=None,
        sa_column=Column("pages", Integer, nullable=False, server_default=text("0")),
    )

    author: "Author" = Relationship(back_populates="book")
"#
    );
}
