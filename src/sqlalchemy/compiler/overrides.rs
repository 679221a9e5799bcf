//! What a program writes in place of the SQL of SQLAlchemy's own types and DDL elements:
//! `@compiles(DropTable, "postgresql")`.

use std::cell::{Cell, RefCell};

use crate::dialects::Dialect;
use crate::schema::{Column, Constraint, Index, Table};
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// What a DDL element is about.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// Of `CreateTable` and `DropTable`.
    Table(&'a Table),
    /// Of `CreateIndex` and `DropIndex`.
    Index(&'a Index),
    /// Of `AddConstraint` and `DropConstraint`.
    Constraint(&'a Constraint),
    /// Of `CreateColumn`.
    Column(&'a Column),
}

/// How a DDL element was made.
#[derive(Clone, Copy, Default)]
pub struct Wishes {
    /// `if_exists` or `if_not_exists`.
    pub conditional: bool,
    /// `cascade`.
    pub cascade: bool,
}

impl Wishes {
    /// Only `if_exists` or `if_not_exists`.
    pub(super) fn conditional(conditional: bool) -> Wishes {
        Wishes {
            conditional,
            cascade: false,
        }
    }
}

/// Finds the functions that a program registered; each answers `None` where there is none.
#[derive(Clone, Copy)]
pub struct Overrides {
    /// Writes a type.
    pub type_text: fn(&Type, &Dialect) -> Result<Option<String>>,
    /// Writes the DDL element of that class; an empty text stands for one that is left out.
    pub element_text: fn(&'static str, Subject<'_>, Wishes, &Dialect) -> Result<Option<String>>,
}

thread_local! {
    static OVERRIDES: Cell<Option<Overrides>> = const { Cell::new(None) };
    /// The elements whose own SQL is being written: `compiler.visit_drop_table(element)` within a function for them.
    static PLAIN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// From now on asks before a type or a DDL element is written.
pub fn ask(overrides: Overrides) {
    OVERRIDES.set(Some(overrides));
}

/// Runs `write` with the own SQL of the elements of a class (of a type by its name).
pub fn plainly<R>(class: &'static str, write: impl FnOnce() -> R) -> R {
    PLAIN.with_borrow_mut(|plain| plain.push(class));
    let written = write();
    PLAIN.with_borrow_mut(|plain| plain.pop());
    written
}

fn is_plain(class: &str) -> bool {
    PLAIN.with_borrow(|plain| plain.contains(&class))
}

/// What a program writes for a type.
///
/// # Errors
/// What its function raises.
pub(super) fn type_text(kind: &Type, dialect: &Dialect) -> Result<Option<String>> {
    match OVERRIDES.get() {
        Some(overrides) if !is_plain(kind.class().name) => (overrides.type_text)(kind, dialect),
        _ => Ok(None),
    }
}

/// What a program writes for a DDL element.
///
/// # Errors
/// What its function raises.
pub(super) fn element_text(
    class: &'static str,
    subject: Subject<'_>,
    wishes: Wishes,
    dialect: &Dialect,
) -> Result<Option<String>> {
    match OVERRIDES.get() {
        Some(overrides) if !is_plain(class) => {
            (overrides.element_text)(class, subject, wishes, dialect)
        }
        _ => Ok(None),
    }
}
