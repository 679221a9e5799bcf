//! What an editor may offer: the names that models and migrations use, with their parameters, from
//! the same tables that bind the arguments.

use ground::diagnostic::Result;
use ground::order::InOrder;
use ground::run::Run;
use python::{Interpreter, Parameters, Value};

use super::alembic::operation_parameters;
use super::sqlalchemy::schema;

/// A name that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is an attribute of: `op`, `batch_op`, or the name of a module.
    pub of: String,
    /// The name.
    pub name: String,
    /// The names of its parameters, where they are known.
    pub parameters: Vec<String>,
}

/// The modules whose names are offered.
const MODULES: [&str; 3] = ["sqlalchemy", "sqlalchemy.orm", "sqlmodel"];

/// Everything that may be offered, sorted by module and name.
///
/// # Errors
///
/// Those of an import, of which there is none.
pub fn completions(run: &Run) -> Result<Vec<Completion>> {
    let mut vm = Interpreter::new(run.clone(), super::registry());
    let mut found = Vec::new();
    for batch in [false, true] {
        for (name, parameters) in operation_parameters(batch) {
            found.push(Completion {
                of: if batch { "batch_op" } else { "op" }.to_owned(),
                name: name.to_owned(),
                parameters,
            });
        }
    }
    for module in MODULES {
        let value = vm.import(module)?;
        let mut names: Vec<String> = match &value {
            Value::Module(module) => module
                .namespace
                .str_entries()
                .into_iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            _ => Vec::new(),
        };
        names.retain(|name| !name.starts_with('_'));
        names.in_order();
        for name in names {
            found.push(Completion {
                of: module.to_owned(),
                parameters: constructor(&name),
                name,
            });
        }
    }
    Ok(found)
}

/// Parameters of what a model is made of.
fn constructor(name: &str) -> Vec<String> {
    let list = match name {
        "Column" | "mapped_column" => schema::COLUMN_PARAMETERS,
        "ForeignKey" => schema::FOREIGN_KEY_PARAMETERS,
        "ForeignKeyConstraint" => schema::FOREIGN_KEY_CONSTRAINT_PARAMETERS,
        "UniqueConstraint" => schema::UNIQUE_CONSTRAINT_PARAMETERS,
        "Index" => schema::INDEX_PARAMETERS,
        _ => return Vec::new(),
    };
    Parameters::new(name, list)
        .names()
        .filter(|name| !name.starts_with('_'))
        .map(str::to_owned)
        .collect()
}
