//! Files: reading, writing, moving and removing them.

use limbeck::ground::host::Host as _;
use protocol::console::quote;
use protocol::{Answer, Contents, Failure, FilesRequest, from_wire, to_wire};

use crate::postgresql;
use crate::session::{Session, failed};
use crate::workspace::{ROOT, absolute, relative};

mod search;
pub(crate) mod words;

impl Session {
    /// Answers what is asked of files.
    ///
    /// # Errors
    ///
    /// Where the path is none of the project, or there is no such file, or one too many.
    pub(crate) fn answer_files(&mut self, request: &FilesRequest) -> Result<Answer, Failure> {
        match request {
            FilesRequest::Read { path } => self.read(path),
            FilesRequest::Write { path, contents } | FilesRequest::Type { path, contents } => {
                self.write(path, contents)
            }
            FilesRequest::Remove { path } => self.remove(path),
            FilesRequest::Rename { from, to } => self.rename(from, to),
            FilesRequest::Search { text } => {
                Ok(Answer::Found(search::search(&self.host.files(), text)))
            }
            FilesRequest::Symbols => {
                let view = self.view();
                Ok(Answer::Symbols(search::symbols(
                    &self.host.files(),
                    &view.models,
                )))
            }
        }
    }

    pub(crate) fn read(&self, path: &str) -> Result<Answer, Failure> {
        self.host
            .read(&absolute(path))
            .map(|contents| Answer::File(to_wire(&contents)))
            .map_err(|_| failed(words::no_file(path)))
    }

    pub(crate) fn check_path(path: &str) -> Result<String, Failure> {
        let full = absolute(path);
        if postgresql::is_database(&full) {
            return Ok(full);
        }
        if full == ROOT || !full.starts_with(&format!("{ROOT}/")) {
            return Err(failed(words::not_in_project(path)));
        }
        Ok(full)
    }

    pub(crate) fn write(&mut self, path: &str, contents: &Contents) -> Result<Answer, Failure> {
        let full = Self::check_path(path)?;
        let bytes = from_wire(contents).map_err(failed)?;
        if self.host.is_directory(&full) {
            return Err(failed(words::is_folder(path)));
        }
        let same = self
            .host
            .state
            .borrow()
            .files
            .get(&full)
            .is_some_and(|there| **there == bytes);
        if !same {
            self.host.state.borrow_mut().put(&full, bytes);
            self.edited(&format!("edited {}", relative(&full)));
        }
        Ok(Answer::View(self.view()))
    }

    pub(crate) fn remove(&mut self, path: &str) -> Result<Answer, Failure> {
        let full = Self::check_path(path)?;
        if !self.remove_path(&full) {
            return Err(failed(words::no_file(path)));
        }
        self.note(&format!("rm {}", quote(path)));
        Ok(Answer::View(self.view()))
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<Answer, Failure> {
        let (old, new) = (Self::check_path(from)?, Self::check_path(to)?);
        if self.host.is_file(&new) || self.host.is_directory(&new) {
            return Err(failed(words::there_already(to)));
        }
        if self.host.is_file(&old) {
            let mut state = self.host.state.borrow_mut();
            if let Some(contents) = state.files.remove(&old) {
                if let Some((folder, _)) = new.rsplit_once('/') {
                    state.add_folders(folder);
                }
                state.files.insert(new, contents);
            }
        } else if self.host.is_directory(&old) {
            let mut state = self.host.state.borrow_mut();
            let prefix = format!("{old}/");
            if format!("{new}/").starts_with(&prefix) {
                return Err(failed(words::INTO_ITSELF));
            }
            let moved = |path: &String| {
                path.strip_prefix(&prefix)
                    .map(|rest| format!("{new}/{rest}"))
                    .unwrap_or_else(|| {
                        if *path == old {
                            new.clone()
                        } else {
                            path.clone()
                        }
                    })
            };
            state.files = state
                .files
                .iter()
                .map(|(path, contents)| (moved(path), contents.clone()))
                .collect();
            state.folders = state.folders.iter().map(moved).collect();
            if let Some((folder, _)) = new.rsplit_once('/') {
                state.add_folders(folder);
            }
        } else {
            return Err(failed(words::no_file(from)));
        }
        self.note(&format!("mv {} {}", quote(from), quote(to)));
        Ok(Answer::View(self.view()))
    }
}
