//! Which code works with which schema while a change is deployed. It is tried: of each model's table
//! the columns are read, and a row is inserted that has only what it must have.

use std::collections::BTreeMap;

use crate::command;
use crate::review::database::{connect, quoted};
use crate::review::rows::{self, Table};
use crate::review::trial::Trial;
use driver::Parameters;
use ground::diagnostic::Result;
use ground::run::Run;
use sqlalchemy::engine::Connection;
use sqlalchemy::image;
use sqlalchemy::inspector::Inspector;

/// What code does with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It selects the columns of the model.
    Select,
    /// It inserts a row with the columns that the model requires.
    Insert,
}

impl Access {
    /// `SELECT` or `INSERT`.
    pub fn word(self) -> &'static str {
        match self {
            Access::Select => "SELECT",
            Access::Insert => "INSERT",
        }
    }
}

/// A model that does not work with a schema, though it does with its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakage {
    /// The table of the model.
    pub table: String,
    /// What fails.
    pub access: Access,
    /// What the database says.
    pub message: String,
}

/// In which order code and schema can be deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Either first.
    Any,
    /// The schema first: the old code works with the new schema.
    MigrateFirst,
    /// The code first: the new code works with the old schema.
    CodeFirst,
    /// Neither: what is between has to be made a step of its own.
    TwoSteps,
}

impl Order {
    /// The order as a word: `any`, `migrate first`, `deploy code first`, `needs two steps`.
    pub fn word(self) -> &'static str {
        match self {
            Order::Any => "any",
            Order::MigrateFirst => "migrate first",
            Order::CodeFirst => "deploy code first",
            Order::TwoSteps => "needs two steps",
        }
    }

    /// What to do, as a sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Order::Any => "Old and new code work with both schemas: deploy in any order.",
            Order::MigrateFirst => {
                "Migrate first: the old code works with the new schema, the new code needs it."
            }
            Order::CodeFirst => {
                "Deploy the code first: it works with the old schema, the old code breaks with the \
                 new one."
            }
            Order::TwoSteps => {
                "Neither order works: split the change, so that a first step adds what the new code \
                 needs, and a later one takes away what only the old code needs."
            }
        }
    }
}

/// Which code works with which schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// What breaks of the old code once the schema is new.
    pub old_code: Vec<Breakage>,
    /// What breaks of the new code while the schema is old.
    pub new_code: Vec<Breakage>,
}

impl Deployment {
    /// The order that works.
    pub fn order(&self) -> Order {
        match (self.old_code.is_empty(), self.new_code.is_empty()) {
            (true, true) => Order::Any,
            (true, false) => Order::MigrateFirst,
            (false, true) => Order::CodeFirst,
            (false, false) => Order::TwoSteps,
        }
    }
}

/// Tries the models of both states with both schemas. `base` is at the base's heads with its files,
/// `head` is upgraded and has the head's. `None` where one of both has no models.
pub(super) fn deployment(base: &Trial, head: &Trial, name: &str) -> Result<Option<Deployment>> {
    let (Some(old), Some(new)) = (models(base, name)?, models(head, name)?) else {
        return Ok(None);
    };
    let [old_schema, new_schema] = [base, head].map(|trial| {
        let filled = trial.again();
        // Foreign keys of the rows that are inserted refer to rows. Where they can't be made up, an
        // INSERT fails with its own schema, too, and says nothing.
        let _ = rows::generate(&filled.dyn_host(), name);
        filled
    });
    Ok(Some(Deployment {
        old_code: broken(&old, &old_schema, &new_schema, name)?,
        new_code: broken(&new, &new_schema, &old_schema, name)?,
    }))
}

/// The tables of the models, as they are made in an empty database.
fn models(trial: &Trial, name: &str) -> Result<Option<Vec<Table>>> {
    let empty = trial.again();
    let host = empty.dyn_host();
    if let Ok(images) = image::owner(name) {
        // A database that is not there is empty.
        let _ = images.empty(&host, name);
    }
    let run = Run::new(host);
    // Models that can't be made are no models to try; `limbeck test` says why.
    let Ok(statements) = command::model_statements(&run) else {
        return Ok(None);
    };
    let connection = connect(&run, name)?;
    let read = || -> Result<Vec<Table>> {
        let dbapi = connection.dbapi()?;
        for sql in &statements {
            dbapi.execute(sql, &Parameters::NONE)?;
        }
        let inspector = Inspector::new(&connection)?;
        inspector.expect_all_tables();
        let names = inspector.get_table_names(None)?;
        let own = names.iter().filter(|name| &***name != "alembic_version");
        own.map(|name| Table::read(&inspector, name)).collect()
    };
    let tables = read().ok().filter(|tables| !tables.is_empty());
    connection.engine().dispose();
    Ok(tables)
}

/// What fails with a schema and works with the models' own.
fn broken(models: &[Table], own: &Trial, other: &Trial, name: &str) -> Result<Vec<Breakage>> {
    let own = failures(models, own, name)?;
    let other = failures(models, other, name)?;
    let mut found: Vec<Breakage> = Vec::new();
    for ((table, access), message) in other {
        let works = !own.contains_key(&(table.clone(), access));
        // A table that can't be read can't be written: once is enough.
        let told = found.iter().any(|known| known.table == table);
        if works && !told {
            found.push(Breakage {
                table,
                access,
                message,
            });
        }
    }
    Ok(found)
}

fn failures(
    models: &[Table],
    trial: &Trial,
    name: &str,
) -> Result<BTreeMap<(String, Access), String>> {
    trial.check()?;
    let connection = connect(&Run::new(trial.dyn_host()), name)?;
    let mut found = BTreeMap::new();
    for table in models {
        let key = |access| (table.name().to_owned(), access);
        if let Err(message) = ask(&connection, &[select(table)]) {
            found.insert(key(Access::Select), message);
        }
        if let Err(message) = ask(&connection, &table.required_rows()) {
            found.insert(key(Access::Insert), message);
        }
    }
    connection.engine().dispose();
    Ok(found)
}

/// Whether the database takes one of these statements; otherwise what it says to the first.
fn ask(connection: &Connection, statements: &[String]) -> Result<(), String> {
    let mut first = None;
    for sql in statements {
        let done = connection
            .dbapi()
            .and_then(|dbapi| dbapi.execute(sql, &Parameters::NONE));
        match done {
            Ok(_) => return Ok(()),
            Err(error) => {
                let line = error.message.lines().next().unwrap_or_default().to_owned();
                first.get_or_insert(line);
            }
        }
    }
    first.map_or(Ok(()), Err)
}

/// The columns of a model, each with its table: a database may take another name for a text.
fn select(table: &Table) -> String {
    let name = quoted(table.name());
    let columns: Vec<String> = table
        .column_names()
        .map(|column| format!("{name}.{}", quoted(column)))
        .collect();
    format!("SELECT {} FROM {name} LIMIT 1", columns.join(", "))
}
