//! Exporting the workspace, and trying a project that was imported.

use std::rc::Rc;

use limbeck::ground::host::Host as _;
use limbeck::ground::run::Run;
use protocol::{Answer, ShareRequest, Workspace, to_wire};

use crate::database;
use crate::session::Session;
use crate::workspace::{Files, ROOT, relative};

mod probe;

impl Session {
    /// Answers what is asked of the workspace as something to give away.
    pub(crate) fn answer_share(&mut self, request: &ShareRequest) -> Answer {
        match request {
            ShareRequest::Export => Answer::Workspace(self.export()),
            ShareRequest::Pack { databases } => Answer::Workspace(self.pack(*databases)),
            ShareRequest::Probe => {
                // What is known of the revisions and the databases.
                self.view();
                Answer::Probed(self.probe())
            }
        }
    }

    pub(crate) fn export(&self) -> Workspace {
        self.wire(&self.host.files())
    }

    /// A workspace over the wire: with the folders that no file is in.
    pub(crate) fn wire(&self, files: &Files) -> Workspace {
        let empty = |folder: &&String| {
            let inside = format!("{folder}/");
            folder.as_str() != ROOT
                && folder.starts_with(ROOT)
                && !files.files.keys().any(|path| path.starts_with(&inside))
                && !files.folders.iter().any(|path| path.starts_with(&inside))
        };
        Workspace {
            files: files
                .files
                .iter()
                .map(|(path, contents)| (relative(path), to_wire(contents)))
                .collect(),
            folders: files
                .folders
                .iter()
                .filter(empty)
                .map(|folder| relative(folder))
                .collect(),
            directory: relative(&self.host.current_directory()),
            environment: self.host.environment.borrow().clone(),
        }
    }

    fn pack(&self, databases: bool) -> Workspace {
        let host = Rc::new(self.host.copy());
        let paths = host.files().databases();
        if databases {
            let run = Run::new(host.clone());
            for path in &paths {
                // One that can't be vacuumed, such as a broken file, travels as it is.
                if let Ok(connection) = database::open(&run, path) {
                    let _ = connection.execute("VACUUM", &limbeck::driver::Parameters::NONE);
                    connection.close();
                }
            }
            let _ = limbeck::driver::flush(&run.host);
        } else {
            let mut state = host.state.borrow_mut();
            state.files.retain(|path, _| !paths.contains(path));
        }
        let mut files = host.files();
        files
            .files
            .retain(|path, _| !path.contains("/__pycache__/") && !path.ends_with("-journal"));
        self.wire(&files)
    }
}
