//! Completion for an editor: the names that models and migrations use, with their parameters, from
//! the same tables that bind arguments.

use ground::diagnostic::Result;
use ground::order::InOrder;
use ground::run::Run;
use python::{Interpreter, Value};

use super::alembic::operation_parameters;

/// A completion candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The object it is an attribute of: `op`, `batch_op`, or a module name.
    pub of: String,
    /// The name.
    pub name: String,
    /// Parameter names, if known.
    pub parameters: Vec<String>,
}

/// The modules whose names are offered.
const MODULES: [&str; 3] = ["sqlalchemy", "sqlalchemy.orm", "sqlmodel"];

/// All candidates, sorted by module and name.
///
/// # Errors
///
/// Import errors; the modules listed are all native, so none are expected.
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
        let Value::Module(value) = value else {
            continue;
        };
        let mut names: Vec<Completion> = value
            .namespace
            .str_entries()
            .into_iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(name, value)| Completion {
                of: module.to_owned(),
                parameters: parameters(&value),
                name: name.to_string(),
            })
            .collect();
        names.in_order_by(|a, b| a.name.cmp(&b.name));
        found.extend(names);
    }
    Ok(found)
}

/// The declared parameters of a function or of a class's constructor.
fn parameters(value: &Value) -> Vec<String> {
    let declared = match value {
        Value::Class(class) => class.lookup("__init__"),
        other => Some(other.clone()),
    };
    let Some(Value::NativeFunction(function)) = declared else {
        return Vec::new();
    };
    let Some(parameters) = function.parameters() else {
        return Vec::new();
    };
    parameters
        .names()
        .filter(|name| !name.starts_with('_') && *name != "self")
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use ground::host::MemoryHost;
    use ground::run::Run;

    use super::completions;

    #[test]
    fn parameters_are_those_of_the_reference() {
        let found = completions(&Run::new(Rc::new(MemoryHost::new("/")))).unwrap();
        let parameters = |of: &str, name: &str| {
            let is_it = |one: &&super::Completion| one.of == of && one.name == name;
            found.iter().find(is_it).map(|one| one.parameters.join(" "))
        };
        for (of, name, expected) in [
            ("sqlalchemy", "String", "length collation collation_schema"),
            (
                "sqlalchemy",
                "Numeric",
                "precision scale decimal_return_scale asdecimal",
            ),
            ("sqlalchemy", "desc", "column"),
            (
                "sqlmodel",
                "Relationship",
                "back_populates cascade_delete passive_deletes link_model \
              sa_relationship sa_relationship_args sa_relationship_kwargs",
            ),
            ("batch_op", "drop_index", "index_name"),
        ] {
            assert_eq!(
                parameters(of, name).as_deref(),
                Some(expected),
                "{of}.{name}"
            );
        }
    }
}
