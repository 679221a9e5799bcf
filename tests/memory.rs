//! What a command made is freed at its end: the page's worker lives for days, and compares models
//! with the database at each pause of typing.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::rc::Rc;
use std::sync::atomic::{AtomicIsize, Ordering};

use limbeck::ground::host::{Host, MemoryHost};
use limbeck::ground::run::Run;

struct Counting;

static LIVE: AtomicIsize = AtomicIsize::new(0);

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller keeps to `GlobalAlloc`'s rules.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller keeps to `GlobalAlloc`'s rules.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Models with what forms rings: relationships, foreign keys, indexes, checks.
fn models() -> String {
    let mut text = String::from(
        "from sqlalchemy import *\nfrom sqlalchemy.orm import DeclarativeBase, mapped_column, relationship\n\n\n\
         class Base(DeclarativeBase):\n    pass\n",
    );
    for number in 0..10 {
        let before = if number == 0 { 9 } else { number - 1 };
        let _ = write!(
            text,
            "\n\nclass Model{number}(Base):\n    __tablename__ = \"table_{number}\"\n    \
             __table_args__ = (CheckConstraint(\"size > 0\", name=\"positive_{number}\"),)\n    \
             id = mapped_column(Integer, primary_key=True)\n    \
             name = mapped_column(String(50), unique=True)\n    \
             size = mapped_column(Integer, index=True, server_default=\"1\")\n    \
             on = mapped_column(Boolean(create_constraint=True, name=\"on_{number}\"))\n    \
             other_id = mapped_column(ForeignKey(\"table_{before}.id\"))\n    \
             other = relationship(\"Model{before}\")\n",
        );
    }
    text
}

const SQLMODEL: &str = r#"
import enum
from dataclasses import dataclass
from functools import wraps
from typing import Optional

from sqlalchemy import event
from sqlmodel import Field, Relationship, SQLModel


class Base(SQLModel):
    pass


def logged(function):
    @wraps(function)
    def inner(*arguments):
        return function(*arguments)

    return inner


class Power(enum.Enum):
    flight = "flight"
    speed = "speed"


@dataclass
class Point:
    x: int = 0


class Team(Base, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    heroes: list["Hero"] = Relationship(back_populates="team")

    @logged
    def shown(self):
        return f"{self.name}"


class Hero(Base, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    power: Power = Power.speed
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
    team: Optional[Team] = Relationship(back_populates="heroes")

    @property
    def place(self):
        return Point()


@event.listens_for(Hero, "before_insert")
def heard(mapper, connection, target):
    pass


Hero(power=Power.flight).place
Team(name="a").shown()
"#;

fn command(host: &Rc<MemoryHost>, argv: &[&str]) {
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let status = limbeck::command::run(&Run::new(host.clone()), &argv);
    let output = host.take_output();
    assert_eq!(status, 0, "{argv:?}: {output:?}");
}

#[test]
fn a_command_keeps_nothing() {
    let mut kept = Vec::new();
    for models in [&*models(), SQLMODEL] {
        keeps(models, &mut kept);
    }
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}

fn keeps(models: &str, kept: &mut Vec<String>) {
    let host = Rc::new(MemoryHost::new("/project"));
    command(&host, &["init", "alembic"]);
    let ini = String::from_utf8(host.read("alembic.ini").unwrap()).unwrap();
    let ini = ini.replace("driver://user:pass@localhost/dbname", "sqlite:///app.db");
    host.write("alembic.ini", ini.as_bytes()).unwrap();
    host.write("models.py", models.as_bytes()).unwrap();
    let mako = String::from_utf8(host.read("alembic/script.py.mako").unwrap()).unwrap();
    let mako = mako.replace(
        "import sqlalchemy as sa",
        "import sqlalchemy as sa\nimport sqlmodel",
    );
    host.write("alembic/script.py.mako", mako.as_bytes())
        .unwrap();
    let env = String::from_utf8(host.read("alembic/env.py").unwrap()).unwrap();
    let env = env.replace(
        "target_metadata = None",
        "from models import Base\ntarget_metadata = Base.metadata",
    );
    host.write("alembic/env.py", env.as_bytes()).unwrap();
    let revision = ["revision", "--autogenerate", "-m", "all", "--rev-id", "one"];
    command(&host, &revision);
    for argv in [
        &["check"][..],
        &["current"],
        &["history"],
        &["upgrade", "head", "--sql"],
        &["stamp", "base"],
        &["upgrade", "head"],
    ] {
        if argv == ["check"] {
            command(&host, &["upgrade", "head"]);
        }
        if argv == ["upgrade", "head"] {
            command(&host, &["stamp", "head"]);
        }
        // The first times fill what is kept on purpose, such as the trees of texts.
        let times = 10;
        for _ in 0..3 {
            command(&host, argv);
        }
        let before = LIVE.load(Ordering::Relaxed);
        for _ in 0..times {
            command(&host, argv);
        }
        let growth = (LIVE.load(Ordering::Relaxed) - before) / times;
        if growth > 1000 {
            kept.push(format!("{} keeps {growth} bytes", argv.join(" ")));
        }
    }
}
