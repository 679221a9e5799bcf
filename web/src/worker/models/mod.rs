//! The models: which files hold them, what autogenerate would write, and what an editor may offer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use limbeck::command;
use limbeck::ground::event::Observer;
use limbeck::ground::order::InOrder;
use limbeck::ground::run::Run;
use protocol::{
    Answer, Change, Completion, Diagnostic, Failure, ModelsRequest, Pending, PendingOperation,
};

use crate::engine::{failure, place};
use crate::explain::{explain_refusal, unexpected};
use crate::migrations::is_inside;
use crate::session::{RunObserver, Session};
use crate::workspace::{Files, WorkspaceHost, relative};

mod tables;
pub(crate) mod words;
mod written;

/// How long Pending may think, in microseconds, before it says that the models take too long.
pub(crate) const PENDING_LIMIT: u64 = 8_000_000;

impl Session {
    /// Answers what is asked of the models.
    ///
    /// # Errors
    ///
    /// None so far: what can't be compared is said in the answer.
    pub(crate) fn answer_models(&mut self, request: &ModelsRequest) -> Result<Answer, Failure> {
        Ok(match request {
            ModelsRequest::Pending => Answer::Pending(self.pending()),
            ModelsRequest::Tables => Answer::Models(self.models()),
            ModelsRequest::Completions => {
                Answer::Completions(completions(&Rc::new(self.host.copy())))
            }
        })
    }

    pub(crate) fn pending(&self) -> Pending {
        let outside = self.host.outside.clone();
        let started = (outside.elapsed)();
        let copy = Rc::new(self.host.copy());
        let watch = Rc::new(RunObserver {
            host: copy.clone(),
            events: RefCell::default(),
            listener: None,
            outside: outside.clone(),
            deadline: Some(started + PENDING_LIMIT),
            recorder: None,
            timings: Cell::default(),
        });
        let mut pending = compare(&copy, watch);
        pending.microseconds = (outside.elapsed)().saturating_sub(started);
        pending
    }
}

/// What autogenerate would write; the host is a copy that may be changed.
pub fn compare(host: &Rc<WorkspaceHost>, observer: Rc<dyn Observer>) -> Pending {
    let state = command::pending(&Run::observed(host.clone(), observer));
    let explanation = unexpected(host, &state);
    let mut pending = Pending {
        operations: state
            .operations
            .into_iter()
            .map(|operation| PendingOperation {
                change: change_of(operation.name),
                text: if operation.detail.is_empty() {
                    format!("{} {}", operation.name.replace('_', " "), operation.target)
                } else {
                    operation.detail
                },
                name: operation.name.to_owned(),
                code: operation.code,
                target: operation.target,
            })
            .collect(),
        behind: state.behind,
        explanation,
        ..Pending::default()
    };
    if let Some(error) = &state.error {
        let mut failure = failure(error, host);
        explain_refusal(host, &mut failure);
        // That the database is behind has no place in a file.
        if failure.place.is_none() && !pending.behind {
            failure.place = state
                .location
                .as_ref()
                .map(|location| place(location, host));
        }
        if !pending.behind
            && let Some(place) = &failure.place
        {
            pending.diagnostics.push(Diagnostic {
                place: place.clone(),
                error: true,
                message: match &failure.hint {
                    Some(hint) => format!("{}\n{hint}", failure.message),
                    None => failure.message.clone(),
                },
            });
        }
        pending.failure = Some(failure);
    }
    pending
}

fn change_of(operation: &str) -> Option<Change> {
    match operation.split('_').next() {
        Some("create" | "add" | "bulk") => Some(Change::Added),
        Some("drop") => Some(Change::Removed),
        Some("alter" | "rename" | "modify") => Some(Change::Altered),
        _ => None,
    }
}

/// What an editor may offer in Python.
pub fn completions(host: &Rc<WorkspaceHost>) -> Vec<Completion> {
    command::completions(&Run::new(host.clone()))
        .unwrap_or_default()
        .into_iter()
        .map(|one| Completion {
            of: one.of,
            name: one.name,
            parameters: one.parameters,
        })
        .collect()
}

/// The files that hold models: Python that makes tables and is no script of the migrations, which lie in
/// `folders`; the one with the most first.
pub(crate) fn files_with_models(files: &Files, folders: &[String]) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (path, contents) in &files.files {
        let path = relative(path);
        if !path.ends_with(".py") || is_inside(&path, folders) {
            continue;
        }
        let text = String::from_utf8_lossy(contents);
        // Where no configuration says where they are, scripts are known by what they declare.
        if folders.is_empty() && text.lines().any(|line| line.starts_with("down_revision")) {
            continue;
        }
        let score = [
            "__tablename__",
            "table=True",
            "mapped_column(",
            "Column(",
            "Table(",
        ]
        .iter()
        .map(|mark| text.matches(mark).count())
        .sum::<usize>();
        let score = score + usize::from(path.ends_with("models.py"));
        if score > 0 {
            found.push((score, path));
        }
    }
    found.in_order_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().map(|(_, path)| path).collect()
}
