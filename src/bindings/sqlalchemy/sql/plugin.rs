//! What a statement keeps for the ORM: the entities that it was made of, and its options.

use std::rc::Rc;

use python::Value;
use sqlalchemy::sql::{Plugin, SelectBase, Statement};

/// SQLAlchemy's `_raw_columns`, `_with_options` and `_execution_options` of a statement. The
/// statement itself holds columns and tables only.
#[derive(Clone, Default)]
pub struct OrmParts {
    /// What was selected, or the class that is inserted into, updated or deleted from.
    pub entities: Vec<Value>,
    /// The targets of `join()`, for `filter_by()`.
    pub joined: Vec<Value>,
    /// Loader options.
    pub options: Vec<Value>,
    /// `execution_options(...)`.
    pub execution: Vec<(Rc<str>, Value)>,
    /// What `returning()` was given.
    pub returning: Vec<Value>,
    /// The statement of `from_statement()`.
    pub statement: Option<Value>,
}

impl OrmParts {
    /// What a statement keeps; nothing for one that knows no entities.
    pub fn of(statement: &Statement) -> OrmParts {
        let plugin = match statement {
            Statement::Select(SelectBase::Select(select)) => select.plugin(),
            Statement::Insert(insert) => insert.plugin.clone(),
            Statement::Update(update) => update.plugin.clone(),
            Statement::Delete(delete) => delete.plugin.clone(),
            _ => None,
        };
        plugin
            .and_then(|plugin| plugin.downcast::<OrmParts>().ok())
            .map(|parts| (*parts).clone())
            .unwrap_or_default()
    }

    /// The statement with these parts in the place of its own.
    pub fn put(self, statement: Statement) -> Statement {
        let plugin: Plugin = Some(Rc::new(self));
        match statement {
            Statement::Select(SelectBase::Select(select)) => {
                Statement::Select(select.with_plugin(plugin).into())
            }
            Statement::Insert(mut insert) => {
                insert.plugin = plugin;
                Statement::Insert(insert)
            }
            Statement::Update(mut update) => {
                update.plugin = plugin;
                Statement::Update(update)
            }
            Statement::Delete(mut delete) => {
                delete.plugin = plugin;
                Statement::Delete(delete)
            }
            other => other,
        }
    }

    /// Changes what a statement keeps.
    pub fn change(statement: &Statement, change: impl FnOnce(&mut OrmParts)) -> Statement {
        let mut parts = OrmParts::of(statement);
        change(&mut parts);
        parts.put(statement.clone())
    }
}
