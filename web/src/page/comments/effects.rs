//! Comments are written, kept in the browser under their workspace's id, and found again in the files.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::Function;
use protocol::{KeepRequest, Request, Storage};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::due::WORKSPACES;
use super::part::part;
use super::state::{CommentsAction, Discussion};
use super::thread::{self, Anchor, Comment, Comments, Resolved, Text, Thread};
use super::time::Time;
use super::words;
use crate::app::state::{AppAction, Pane};
use crate::database::state::{DatabaseAction, DatabaseTab};
use crate::editor::bundle;
use crate::migrations::state::{MigrationsAction, ScriptTab};
use crate::page::{NAME, Page, embedded, remember, remembered};
use crate::ui::bring_into_view;

/// How long no file must change before lines are found again, in milliseconds.
const PAUSE: u32 = 300;

/// Of how many workspaces it is noted that they have comments.
const NOTED: usize = 200;

pub(super) fn now() -> Time {
    Time::new(js_sys::Date::now() as u64)
}

/// What is shown, as far as it is of the workspace that is open.
pub(super) fn shown(page: &Page) -> Discussion {
    let workspace = page.open_id().unwrap_or_default();
    let state = page.state();
    let discussion = state.comments.discussion.as_deref();
    match discussion.filter(|one| one.workspace == workspace) {
        Some(discussion) => discussion.clone(),
        None => Discussion {
            workspace,
            author: remembered(NAME).unwrap_or_default(),
            ..Discussion::default()
        },
    }
}

/// Something else is to be shown.
pub(super) fn show(page: &Page, discussion: Discussion) {
    let unresolved = discussion.unresolved();
    mark(page, &discussion);
    page.dispatch(CommentsAction::Discussion(
        Some(Rc::new(discussion)),
        unresolved,
    ));
}

/// Tells the editors which lines have comments.
fn mark(page: &Page, discussion: &Discussion) {
    let json = serde_json::to_string(&discussion.commented()).unwrap_or_default();
    let page = page.clone();
    spawn_local(async move {
        if let Ok(bundle) = bundle::load().await {
            let begin = Closure::<dyn FnMut(String, u32, String)>::new(
                move |path: String, line: u32, text: String| {
                    begin(&page, Anchor::line(&path, line, &text));
                },
            );
            bundle.comment(&json, begin.into_js_value().unchecked_ref());
        }
    });
}

/// Shows the comments that were kept of a workspace.
pub(crate) fn load(page: &Page, workspace: String) {
    let page = page.clone();
    spawn_local(async move {
        if page.open_id() == Some(workspace) {
            ready(&page).await;
        }
    });
}

/// The comments that were kept of a workspace.
pub(super) async fn kept(workspace: &str) -> Option<Comments> {
    if embedded() {
        return None;
    }
    let text = part().await.ok()?.kept(workspace).await.ok()?.as_string()?;
    thread::read(&text)
}

/// Keeps comments with those of the workspace that are kept already; gives all of them.
///
/// # Errors
///
/// Where the browser keeps nothing.
pub(super) async fn keep(
    page: &Page,
    workspace: &str,
    comments: &Comments,
) -> Result<Comments, String> {
    if embedded() {
        return Ok(comments.clone());
    }
    save_workspace(page).await;
    let added = comments.clone();
    let make = Closure::once_into_js(move |old: JsValue| {
        let old = old.as_string().and_then(|text| thread::read(&text));
        let mut all = old.unwrap_or_default();
        all.merge(&added);
        JsValue::from(thread::write(&all))
    });
    let kept = part()
        .await?
        .change(workspace, make.unchecked_ref::<Function>())
        .await;
    let text = kept.ok().and_then(|text| text.as_string());
    let all = text.and_then(|text| thread::read(&text));
    note(workspace);
    all.ok_or_else(|| words::NOT_KEPT.to_owned())
}

/// A project that nobody has changed is not saved, and the next visit begins with another one: once somebody commented on
/// it, it is. A name is saved at once, even the one that it has.
async fn save_workspace(page: &Page) {
    let state = page.state();
    let open = state.view.workspaces.iter().find(|one| one.open);
    if let Some(open) = open.filter(|_| state.keep.storage == Storage::Unknown) {
        let (id, name) = (open.id.clone(), open.name.clone());
        let request = Request::Keep(KeepRequest::Rename { id, name });
        if let Err(failure) = page.change(request).await {
            page.notice(&failure.message, true);
        }
    }
}

/// Notes that a workspace has comments, for when it is opened again.
fn note(workspace: &str) {
    let mut noted: Vec<String> = remembered(WORKSPACES)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    if noted.last().is_some_and(|last| last == workspace) {
        return;
    }
    noted.retain(|one| one != workspace);
    noted.push(workspace.to_owned());
    let surplus = noted.len().saturating_sub(NOTED);
    noted.drain(..surplus);
    let text = serde_json::to_string(&noted).unwrap_or_default();
    remember(WORKSPACES, &text);
}

/// Finds the lines again that threads were begun on, a moment after files changed.
pub(crate) fn locate_soon(page: &Page) {
    let (page, files) = (page.clone(), page.state().view.files.clone());
    Timeout::new(PAUSE, move || {
        // Whoever types goes on typing.
        if Rc::ptr_eq(&files, &page.state().view.files) {
            spawn_local(async move { locate(&page).await });
        }
    })
    .forget();
}

/// The same, now.
pub(super) async fn locate(page: &Page) {
    let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
    for path in shown(page).files() {
        let text = page.read(&path).await;
        texts.insert(path, text);
    }
    let mut discussion = shown(page);
    let mut lines = BTreeMap::new();
    for (id, thread) in &discussion.comments.threads {
        if let Anchor::Line { path, line, text } = &thread.anchor {
            let now = texts.get(path).and_then(Option::as_deref);
            let found = now.and_then(|now| thread::line_of(now, *line, text));
            lines.insert(id.clone(), found);
        }
    }
    if lines != discussion.lines {
        discussion.lines = lines;
        show(page, discussion);
    }
}

/// Opens the pane.
pub(crate) fn open(page: &Page) {
    // Its style comes with the part.
    let loading = page.clone();
    spawn_local(async move {
        if part().await.is_ok() {
            ready(&loading).await;
        }
    });
    page.dispatch(CommentsAction::Open(true));
    page.dispatch(AppAction::Tab(Pane::Comments));
}

/// Opens the pane, or closes it.
pub(crate) fn toggle(page: &Page) {
    if page.state().comments.open {
        close(page);
    } else {
        open(page);
    }
}

/// Closes the pane.
pub(super) fn close(page: &Page) {
    page.dispatch(CommentsAction::Open(false));
    if page.state().app.tab == Pane::Comments {
        page.dispatch(AppAction::Tab(Pane::Migrations));
    }
}

/// Shows the comments of the open workspace, where that was not done.
pub(super) async fn ready(page: &Page) {
    let workspace = page.open_id().unwrap_or_default();
    let there = |page: &Page| {
        let state = page.state();
        let discussion = state.comments.discussion.as_deref();
        discussion.is_some_and(|one| one.workspace == workspace)
    };
    if !there(page) {
        let kept = kept(&workspace).await.unwrap_or_default();
        let mut discussion = shown(page);
        discussion.comments.merge(&kept);
        show(page, discussion);
        locate(page).await;
    }
}

/// Shows the thread about a place, or the field to begin one.
pub(crate) fn begin(page: &Page, anchor: Anchor) {
    let page = page.clone();
    spawn_local(async move {
        ready(&page).await;
        open(&page);
        let mut discussion = shown(&page);
        let there = discussion.threads_at(&anchor);
        let there = there.first().map(|(id, _)| (*id).clone());
        match there {
            Some(id) => choose_in(&mut discussion, id),
            None => discussion.begun = Some(anchor),
        }
        show(&page, discussion);
    });
}

/// Begins a thread on the line where the cursor is: in the file, or in the editor that had the keyboard last.
pub(crate) fn begin_on_line(page: &Page, path: Option<&str>) {
    let (page, path) = (page.clone(), path.unwrap_or_default().to_owned());
    spawn_local(async move {
        let Ok(bundle) = bundle::load().await else {
            return;
        };
        let place = bundle.cursor(&path).as_string().unwrap_or_default();
        if let Ok((path, line, text)) = serde_json::from_str::<(String, u32, String)>(&place) {
            begin(&page, Anchor::line(&path, line, &text));
        }
    });
}

fn choose_in(discussion: &mut Discussion, id: String) {
    let resolved = discussion.comments.threads.get(&id);
    discussion.resolved |= resolved.is_some_and(Thread::is_resolved);
    discussion.chosen = (Some(id), discussion.chosen.1 + 1);
    discussion.begun = None;
}

/// Shows a thread: in the pane, and its place beside it.
pub(super) fn choose(page: &Page, id: &str) {
    let mut discussion = shown(page);
    choose_in(&mut discussion, id.to_owned());
    show(page, discussion);
}

/// Shows what a thread is about.
pub(super) fn go_to(page: &Page, anchor: &Anchor, line: Option<u32>) {
    match anchor {
        Anchor::Line {
            path, line: was, ..
        } => {
            page.dispatch(MigrationsAction::Tab(ScriptTab::Script));
            page.open(path, line.or(Some(*was)));
        }
        Anchor::Table { .. } => {
            page.dispatch(AppAction::Tab(Pane::Database));
            page.dispatch(DatabaseAction::Tab(DatabaseTab::Diagram));
        }
        other => {
            if let Some(revision) = other.revision() {
                page.dispatch(MigrationsAction::Choose(revision.into()));
            }
            page.dispatch(AppAction::Tab(Pane::Migrations));
            page.dispatch(MigrationsAction::Tab(ScriptTab::Review));
            Timeout::new(0, || bring_into_view("#review-panel")).forget();
        }
    }
}

/// Changes what is said, shows and keeps it.
pub(super) fn change(page: &Page, act: impl FnOnce(&mut Discussion, &str, Time, String) + 'static) {
    let page = page.clone();
    spawn_local(async move {
        let part = match part().await {
            Ok(part) => part,
            Err(message) => return page.notice(&message, true),
        };
        let mut discussion = shown(&page);
        if discussion.comments.project.is_empty() {
            discussion.comments.project = part.id();
        }
        let by = thread::kept(&discussion.author);
        let by = by.chars().take(thread::NAME_LIMIT).collect::<String>();
        let by = Some(by).filter(|by| !by.is_empty());
        let by = by.unwrap_or_else(|| words::SOMEBODY.to_owned());
        act(&mut discussion, &by, now(), part.id());
        discussion.said = String::new();
        let (workspace, comments) = (discussion.workspace.clone(), discussion.comments.clone());
        show(&page, discussion);
        locate(&page).await;
        if let Err(message) = keep(&page, &workspace, &comments).await {
            page.notice(&message, true);
        }
    });
}

/// Says something: about a place, where a thread begins, or in a thread.
pub(super) fn say(page: &Page, thread: Result<String, Anchor>, text: String) {
    change(page, move |discussion, by, now, id| {
        let by = by.to_owned();
        let threads = &mut discussion.comments.threads;
        let (thread, anchor) = match thread {
            Ok(thread) => (thread, None),
            Err(anchor) => (format!("t{id}"), Some(anchor)),
        };
        if let Some(anchor) = anchor {
            let one = Thread {
                anchor,
                resolved: None,
                comments: BTreeMap::new(),
            };
            threads.insert(thread.clone(), one);
        }
        if let Some(one) = threads.get_mut(&thread) {
            let at = one.later(now);
            let text = Text {
                at,
                text: Some(text),
            };
            one.comments.insert(id, Comment { at, by, text });
        }
        choose_in(discussion, thread);
    });
}

/// Another text for a comment; none deletes it.
pub(super) fn edit(page: &Page, thread: &str, comment: &str, text: Option<String>) {
    let (thread, comment) = (thread.to_owned(), comment.to_owned());
    change(page, move |discussion, _, now, _| {
        if let Some(thread) = discussion.comments.threads.get_mut(&thread) {
            let at = thread.later(now);
            if let Some(comment) = thread.comments.get_mut(&comment) {
                comment.text = Text { at, text };
            }
        }
    });
}

/// A thread is resolved, or no longer.
pub(super) fn resolve(page: &Page, thread: &str, resolved: bool) {
    let thread = thread.to_owned();
    change(page, move |discussion, by, now, _| {
        let by = by.to_owned();
        if let Some(thread) = discussion.comments.threads.get_mut(&thread) {
            let at = thread.later(now);
            thread.resolved = Some(Resolved { at, by, resolved });
        }
    });
}

/// Notes who writes here.
pub(super) fn name(page: &Page, name: &str) {
    remember(NAME, name);
    let mut discussion = shown(page);
    discussion.author = name.to_owned();
    show(page, discussion);
}

/// Shows a thread that a link leads to.
pub(super) async fn arrive_at(page: &Page, thread: &str) {
    ready(page).await;
    let discussion = shown(page);
    let Some(id) = discussion.comments.thread_of(thread).cloned() else {
        return;
    };
    let line = discussion.lines.get(&id).copied().flatten();
    if let Some(thread) = discussion.comments.threads.get(&id) {
        go_to(page, &thread.anchor, line);
    }
    open(page);
    choose(page, &id);
}

/// What is shown changes, and nothing that is kept.
pub(super) fn change_shown(page: &Page, act: impl FnOnce(&mut Discussion)) {
    let mut discussion = shown(page);
    act(&mut discussion);
    show(page, discussion);
}
