//! Editing, reading and opening files: between the editors and the worker.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::{Answer, Contents, FilesRequest, Reply, Request};
use wasm_bindgen_futures::spawn_local;

use super::state::FilesAction;
use crate::page::Page;
use crate::state::Action;

/// How long keystrokes are gathered before the text is sent to the worker, in milliseconds.
const TYPING_PAUSE: u32 = 5;

/// Gives an editor's text.
pub type TextSource = Rc<dyn Fn() -> String>;

/// Texts on their way between editors and worker.
#[derive(Default)]
pub(crate) struct Texts {
    /// Edited texts that have not been sent, by path, and which edit each is.
    pub(crate) dirty: RefCell<BTreeMap<String, (u32, TextSource)>>,
    /// Counts the edits.
    edits: Cell<u32>,
    /// The hash of what an editor has, by path.
    pub(crate) known: RefCell<BTreeMap<String, String>>,
    typing: RefCell<Option<Timeout>>,
}

impl Page {
    /// A person edited a file; its text is taken a moment later.
    pub fn edited(&self, path: &str, text: TextSource) {
        self.0
            .texts
            .dirty
            .borrow_mut()
            .insert(path.to_owned(), (self.0.texts.edits.get(), text));
        self.0.texts.edits.set(self.0.texts.edits.get() + 1);
        self.saving();
        let page = self.clone();
        *self.0.texts.typing.borrow_mut() = Some(Timeout::new(TYPING_PAUSE, move || page.flush()));
    }

    /// Whether a file has text that the worker does not know.
    pub fn is_dirty(&self, path: &str) -> bool {
        self.0.texts.dirty.borrow().contains_key(path)
    }

    /// Sends every edited text to the worker now, so that later requests see it.
    pub fn flush(&self) {
        self.0.texts.typing.borrow_mut().take();
        let dirty = std::mem::take(&mut *self.0.texts.dirty.borrow_mut());
        for (path, (edit, text)) in dirty {
            self.write(edit, path, Contents::Text(text()));
        }
    }

    fn write(&self, edit: u32, path: String, contents: Contents) {
        let (_, reply) = self.client().ask(
            Request::Files(FilesRequest::Type {
                path: path.clone(),
                contents: contents.clone(),
            }),
            None,
        );
        // What it means for the database is known before it is saved.
        self.look();
        let page = self.clone();
        let kept = self.keeping();
        spawn_local(async move {
            let reply = reply.await;
            drop(kept);
            match reply {
                Reply::Done(Answer::View(view)) => {
                    // The editor has this text already.
                    let hash = view.files.iter().find(|file| file.path == path);
                    if let Some(file) = hash {
                        page.0
                            .texts
                            .known
                            .borrow_mut()
                            .insert(path, file.hash.clone());
                    }
                    page.dispatch(Action::Changed(view));
                }
                Reply::Failed(failure) => page.notice(&failure.message, true),
                Reply::Cancelled | Reply::Panicked { .. } => {
                    // The text must not be lost with its worker, unless there is a newer one.
                    let source: TextSource = Rc::new(move || match &contents {
                        Contents::Text(text) => text.clone(),
                        Contents::Binary(_) => String::new(),
                    });
                    let mut dirty = page.0.texts.dirty.borrow_mut();
                    if dirty.get(&path).is_none_or(|(newer, _)| *newer < edit) {
                        dirty.insert(path, (edit, source));
                    }
                    drop(dirty);
                    page.saving();
                }
                _ => {}
            }
        });
    }

    /// Whether an editor has the contents of that hash already.
    pub fn knows(&self, path: &str, hash: &str) -> bool {
        self.0
            .texts
            .known
            .borrow()
            .get(path)
            .is_some_and(|known| known == hash)
    }

    /// Notes what an editor has.
    pub fn note(&self, path: &str, hash: &str) {
        self.0
            .texts
            .known
            .borrow_mut()
            .insert(path.to_owned(), hash.to_owned());
    }

    /// A file's text.
    pub async fn read(&self, path: &str) -> Option<String> {
        let request = Request::Files(FilesRequest::Read {
            path: path.to_owned(),
        });
        loop {
            match self.client().ask(request.clone(), None).1.await {
                Reply::Done(Answer::File(Contents::Text(text))) => return Some(text),
                // The cancellation concerned an earlier command.
                Reply::Cancelled => {}
                _ => return None,
            }
        }
    }

    /// Opens a file where it belongs, at a line.
    pub fn open(&self, path: &str, line: Option<u32>) {
        self.flush();
        let path = path.strip_prefix("/project/").unwrap_or(path);
        let state = self.state();
        // A printed path may be relative to the console's folder.
        let inside = format!("{}/{path}", state.view.directory);
        let path = if state.view.files.iter().any(|file| file.path == path) {
            path
        } else {
            inside.as_str()
        };
        self.dispatch(FilesAction::Open {
            path: path.into(),
            line,
        });
    }
}
