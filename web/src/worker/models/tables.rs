//! The tables of the models, for the diagram.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use limbeck::driver::Parameters;
use limbeck::ground::run::Run;
use protocol::Models;

use super::PENDING_LIMIT;
use crate::session::{RunObserver, Session};
use crate::workspace::{Files, WorkspaceHost};
use crate::{database, engine};

/// Where the tables are made to be looked at.
const PLACE: &str = "/project/models.db";

impl Session {
    /// The tables of the models: made in an empty database of their own, and read from there, so
    /// that they are told as those of any other.
    pub(crate) fn models(&self) -> Models {
        let outside = self.host.outside.clone();
        let copy = Rc::new(self.host.copy());
        let watch = Rc::new(RunObserver {
            host: copy.clone(),
            events: RefCell::default(),
            recorder: None,
            timings: Cell::default(),
            listener: None,
            outside: outside.clone(),
            deadline: Some((outside.elapsed)() + PENDING_LIMIT),
        });
        let mut models = Models::default();
        let statements =
            match limbeck::command::model_statements(&Run::observed(copy.clone(), watch)) {
                Ok(statements) => statements,
                Err(error) => {
                    models.failure = Some(engine::failure(&error, &copy));
                    return models;
                }
            };
        let mut files = Files::new();
        files.add_folders("/project");
        let run = Run::new(Rc::new(WorkspaceHost::new(files, outside)));
        let made = database::connect(&run, PLACE).and_then(|connection| {
            let dbapi = connection.dbapi()?;
            for statement in &statements {
                // One table that the database does not take does not hide the others.
                if let Err(error) = dbapi.execute(statement, &Parameters::NONE) {
                    models.failure = Some(engine::failure(&error, &self.host));
                }
            }
            database::tables(&connection)
        });
        match made {
            Ok(tables) => models.tables = tables,
            Err(error) => models.failure = Some(engine::failure(&error, &self.host)),
        }
        models
    }
}

#[cfg(test)]
mod tests {
    use crate::session::tests::session;

    #[test]
    fn the_models_of_the_examples_have_tables() {
        for name in ["library", "heroes"] {
            let models = session(name).models();
            assert_eq!(models.failure, None, "{name}");
            assert!(!models.tables.is_empty(), "{name}");
            let keys = models.tables.iter().flat_map(|table| &table.foreign_keys);
            assert!(keys.count() > 0, "{name}");
        }
    }
}
