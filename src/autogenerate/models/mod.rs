//! Models written from a database: the way back from what autogenerate reads. The classes that are written
//! compare as equal to the database that they were written from.
//!
//! Alembic has no such command. What is written follows what people know from sqlacodegen: a class for each
//! table with a primary key, a `Table` for the others and for those that only link two tables, and
//! relationships in both directions.

mod columns;
mod declarative;
mod names;
mod relationships;
mod sqlmodel;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use sqlalchemy::inspector::Inspector;

use columns::{ModelColumn, TableArgument};
use names::Names;
use relationships::Relationship;

/// How models are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStyle {
    /// `DeclarativeBase`, `Mapped` and `mapped_column` of SQLAlchemy 2.0.
    Declarative,
    /// SQLModel.
    SqlModel,
}

/// Models written from a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenModels {
    /// The module.
    pub text: String,
    /// How many tables it has.
    pub tables: usize,
    /// What a person should look at: what could not be carried over as it is.
    pub notes: Vec<String>,
}

/// A table and what is written for it.
struct Model {
    table: Rc<str>,
    /// Name of the class, or of the variable of a `Table`.
    name: String,
    /// Whether it is mapped to a class.
    is_class: bool,
    /// Whether it only links two other tables.
    is_link: bool,
    columns: Vec<ModelColumn>,
    arguments: Vec<TableArgument>,
    relationships: Vec<Relationship>,
}

/// What a module imports: names by module.
#[derive(Default)]
struct Imports(BTreeMap<&'static str, BTreeSet<String>>);

impl Imports {
    fn add(&mut self, module: &'static str, name: impl Into<String>) {
        self.0.entry(module).or_default().insert(name.into());
    }

    /// The import statements: the standard library's, then the others'.
    fn text(&self) -> String {
        let is_standard = |module: &str| !module.starts_with("sql");
        let mut blocks = Vec::new();
        for standard in [true, false] {
            let lines: Vec<String> = self
                .0
                .iter()
                .filter(|(module, _)| is_standard(module) == standard)
                .map(|(module, names)| {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    statement(&format!("from {module} import "), &names)
                })
                .collect();
            if !lines.is_empty() {
                blocks.push(lines.join("\n"));
            }
        }
        blocks.join("\n\n")
    }
}

/// An import in one line where that is not too long, else with a name a line.
fn statement(start: &str, names: &[&str]) -> String {
    let line = format!("{start}{}", names.join(", "));
    if line.len() <= 88 {
        line
    } else {
        format!("{start}(\n    {},\n)", names.join(",\n    "))
    }
}

/// A text as a Python string, in double quotes where that needs no escape.
fn quoted(text: &str) -> String {
    if text
        .chars()
        .any(|c| c == '"' || c == '\\' || c.is_control())
    {
        string_repr(text)
    } else {
        format!("\"{text}\"")
    }
}

/// A call in one line where that is not too long, else with an argument a line.
fn call(indent: usize, start: &str, function: &str, arguments: &[String]) -> String {
    let line = format!("{start}{function}({})", arguments.join(", "));
    if indent + line.len() <= 88 || arguments.is_empty() {
        return line;
    }
    let (inner, outer) = (" ".repeat(indent + 4), " ".repeat(indent));
    format!(
        "{start}{function}(\n{inner}{},\n{outer})",
        arguments.join(&format!(",\n{inner}"))
    )
}

/// Writes models for all tables of the default schema but the ones named in `without`. Views are left
/// out, as autogenerate leaves them out.
///
/// # Errors
/// What the database says to the inspector's questions.
pub fn write_models(
    inspector: &Inspector,
    style: ModelStyle,
    without: &[&str],
) -> Result<WrittenModels> {
    let mut notes = Vec::new();
    let tables: Vec<Rc<str>> = inspector
        .get_table_names(None)?
        .iter()
        .filter(|name| !without.contains(&&***name))
        .cloned()
        .collect();
    let mut names = Names::of_module(style);
    let mut models = Vec::new();
    for table in &tables {
        models.push(columns::read(inspector, table, &tables, style, &mut notes)?);
    }
    for model in &mut models {
        model.name = if model.is_class {
            names.class(&model.table)
        } else {
            names.variable(&model.table)
        };
    }
    relationships::relate(&mut models, style);
    let text = match style {
        ModelStyle::Declarative => declarative::module(&models),
        ModelStyle::SqlModel => sqlmodel::module(&models),
    };
    Ok(WrittenModels {
        text,
        tables: models.len(),
        notes,
    })
}
