//! Checks of the step that is to be done, whenever something changed, and keeping how far one is.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::lessons::{Check, Lesson, LessonsRequest, Verdict};
use protocol::{Answer, Reply, Request, ShareRequest, TimeRequest, Workspace};
use wasm_bindgen_futures::spawn_local;

use super::due::WORKSPACES;
use super::part::part;
use super::state::{Learning, LessonsAction, Progress};
use super::words;
use crate::page::{Page, embedded, remember, remembered};
use crate::state::State;

/// How long nothing must change before a step is checked, in milliseconds.
const PAUSE: u32 = 200;

/// Of how many workspaces it is noted that they have a lesson.
const NOTED: usize = 100;

/// How often what a step compares with is asked for.
const TRIES: usize = 3;

/// Where progress is kept.
const PROGRESS: &str = "progress";

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// Something happened while a lesson is open.
pub(crate) fn happened(page: &Page, before: &State, after: &State) {
    let (Some(learning), old) = (&after.lessons.learning, &before.lessons.learning) else {
        return;
    };
    let same = old.as_ref().is_some_and(|old| Rc::ptr_eq(old, learning));
    let (now, then) = (&after.view, &before.view);
    let changed = !Rc::ptr_eq(&now.files, &then.files)
        || !Rc::ptr_eq(&now.databases, &then.databases)
        || !Rc::ptr_eq(&now.migrations, &then.migrations)
        || now.at != then.at;
    let began = old.as_ref().is_none_or(|old| {
        old.step != learning.step
            || old
                .taken
                .last()
                .map(|taken| (taken.began, taken.outcomes.len()))
                != learning
                    .taken
                    .last()
                    .map(|taken| (taken.began, taken.outcomes.len()))
    });
    if (changed || began) && !learning.is_done(learning.step) {
        check_soon(page);
    }
    if !same {
        keep(page, learning);
    }
}

/// Checks the step when nothing has changed for a moment.
fn check_soon(page: &Page) {
    let again = page.clone();
    *page.0.lessons.timer.borrow_mut() = Some(Timeout::new(PAUSE, move || check_now(&again)));
}

fn check_now(page: &Page) {
    let state = page.state();
    let Some(learning) = state.lessons.learning.clone() else {
        return;
    };
    let Some(taken) = learning.taken.get(learning.step) else {
        return;
    };
    if taken.done.is_some() {
        return;
    }
    if state.console.running > 0 || page.0.lessons.running.get() || taken.start.is_empty() {
        // Without what it compares with, all that is there would be new.
        // It would be about what is not there any more when it comes.
        check_soon(page);
        return;
    }
    page.0.lessons.running.set(true);
    page.flush();
    let check = Check {
        slug: learning.slug.clone(),
        folder: (*learning.folder).clone(),
        step: learning.lesson.steps[learning.step].id.clone(),
        outcomes: taken.outcomes.clone(),
        start: taken.start.to_string(),
        state: None,
    };
    let page = page.clone();
    spawn_local(async move {
        let verdict = ask_check(&page, check).await;
        page.0.lessons.running.set(false);
        let Some(verdict) = verdict else {
            // Somebody stopped what was under way, and may have meant something else.
            check_soon(&page);
            return;
        };
        let Some(now_open) = page.state().lessons.learning.clone() else {
            return;
        };
        // Another step, or another lesson, is on by now.
        let same = |one: &Learning| {
            let began = one.taken.get(one.step).map(|taken| taken.began);
            (one.workspace.clone(), one.step, began)
        };
        if same(&now_open) != same(&learning) {
            return;
        }
        let holds = verdict.holds;
        page.dispatch(LessonsAction::Checked(Rc::new(verdict)));
        if holds {
            done(&page, learning.step).await;
        }
    });
}

/// Asks whether a step is done; nothing where that was given up.
pub(super) async fn ask_check(page: &Page, check: Check) -> Option<Verdict> {
    let request = Request::Lessons(LessonsRequest::Check(Box::new(check)));
    let failed = |message: String| {
        Some(Verdict {
            error: Some(message),
            ..Verdict::default()
        })
    };
    match page.client().ask(request, None).1.await {
        Reply::Done(Answer::Verdict(verdict)) => Some(verdict),
        Reply::Failed(failure) => failed(failure.message),
        Reply::Panicked { message } => failed(crate::words::engine_broke(&message)),
        _ => None,
    }
}

async fn done(page: &Page, step: usize) {
    page.dispatch(LessonsAction::Done(now()));
    let state = page.state();
    keep_progress(&state.lessons.progress).await;
    tell(page);
    if let Some(workspace) = export(page).await {
        page.dispatch(LessonsAction::End(step, Rc::new(workspace)));
    }
    if state
        .lessons
        .learning
        .as_ref()
        .is_some_and(|one| one.is_finished())
        && state.lessons.courses.is_none()
    {
        super::opening::load_courses(page).await;
    }
}

/// Tells who listens, such as the page around a frame, how far the lesson is.
pub(super) fn tell(page: &Page) {
    if let Some(learning) = &page.state().lessons.learning {
        page.tell("lesson", &learning.told().to_string());
    }
}

/// The project as it is.
async fn export(page: &Page) -> Option<Workspace> {
    match page
        .ask(Request::Share(ShareRequest::Pack { databases: true }))
        .await
    {
        Ok(Answer::Workspace(workspace)) => Some(workspace),
        _ => None,
    }
}

/// The step that is to be done begins with the project as it is.
pub(super) async fn begin(page: &Page) {
    page.flush();
    page.dispatch(LessonsAction::Begin(now(), page.state().view.at));
    compare_with(page).await;
    tell(page);
}

/// Notes what checks of the step compare with.
async fn compare_with(page: &Page) {
    let Some(learning) = page.state().lessons.learning.clone() else {
        return;
    };
    for _ in 0..TRIES {
        let request = Request::Lessons(LessonsRequest::Begin {
            slug: learning.slug.clone(),
            folder: (*learning.folder).clone(),
        });
        // Somebody may stop what is under way, and mean something else.
        if let Ok(Answer::StepStart(start)) = page.ask(request).await {
            page.dispatch(LessonsAction::Start(start.into()));
            return;
        }
    }
    // A document that says nothing: the step can be checked all the same.
    page.dispatch(LessonsAction::Start("{}".into()));
}

/// Goes on with the next step.
pub(super) fn go_on(page: &Page) {
    page.dispatch(LessonsAction::GoOn);
    let page = page.clone();
    spawn_local(async move { begin(&page).await });
}

/// Brings the project back to where the step began.
pub(super) fn reset_step(page: &Page) {
    let page = page.clone();
    spawn_local(async move {
        back_to_start(&page).await;
    });
}

/// The same; says whether the project is there.
pub(super) async fn back_to_start(page: &Page) -> bool {
    let Some(learning) = page.state().lessons.learning.clone() else {
        return false;
    };
    let Some(taken) = learning.taken.get(learning.step) else {
        return false;
    };
    let request = Request::Time(TimeRequest::Travel { to: taken.at });
    match page.change(request).await {
        Ok(_) => {
            page.dispatch(LessonsAction::Begin(now(), page.state().view.at));
            page.dispatch(LessonsAction::Start(taken.start.clone()));
            true
        }
        Err(failure) => {
            page.notice(&failure.message, true);
            false
        }
    }
}

/// Brings the project back to where the lesson began.
pub(super) fn reset_lesson(page: &Page) {
    let page = page.clone();
    spawn_local(async move {
        let Some(learning) = page.state().lessons.learning.clone() else {
            return;
        };
        if let Err(failure) = page.change(Request::Time(TimeRequest::Reset)).await {
            page.notice(&failure.message, true);
            return;
        }
        let again = Learning {
            step: 0,
            shown: 0,
            taken: Vec::new(),
            ..(*learning).clone()
        };
        page.dispatch(LessonsAction::Learning(Some(Rc::new(again))));
        begin(&page).await;
    });
}

/// Keeps the lesson with its workspace.
fn keep(page: &Page, learning: &Rc<Learning>) {
    if embedded() {
        return;
    }
    // What changed since is kept with it.
    let waiting = page
        .0
        .lessons
        .kept
        .replace(Some(learning.clone()))
        .is_some();
    if waiting {
        return;
    }
    let page = page.clone();
    Timeout::new(PAUSE, move || {
        let Some(learning) = page.0.lessons.kept.take() else {
            return;
        };
        note(&learning.workspace, true);
        spawn_local(store(learning));
    })
    .forget();
}

async fn store(learning: Rc<Learning>) {
    if let (Ok(part), Ok(text)) = (part().await, serde_json::to_string(&*learning)) {
        let _ = part.keep(&learning.workspace, &text).await;
    }
}

/// Notes whether a workspace has a lesson, for when it is opened again.
pub(super) fn note(workspace: &str, has: bool) {
    let mut noted: Vec<String> = remembered(WORKSPACES)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    if noted.iter().any(|one| one == workspace) == has {
        return;
    }
    noted.retain(|one| one != workspace);
    if has {
        noted.push(workspace.to_owned());
    }
    let surplus = noted.len().saturating_sub(NOTED);
    noted.drain(..surplus);
    remember(
        WORKSPACES,
        &serde_json::to_string(&noted).unwrap_or_default(),
    );
}

/// Keeps how far one is.
pub(super) async fn keep_progress(progress: &Progress) {
    if embedded() {
        return;
    }
    // Another tab may have come further in another lesson.
    let mut all = kept_progress().await;
    all.merge(progress.clone());
    if let (Ok(part), Ok(text)) = (part().await, serde_json::to_string(&all)) {
        let _ = part.keep(PROGRESS, &text).await;
    }
}

pub(super) async fn kept<T: serde::de::DeserializeOwned>(key: &str) -> Option<T> {
    let text = part().await.ok()?.kept(key).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// How far one is in all lessons.
pub(super) async fn kept_progress() -> Progress {
    if embedded() {
        return Progress::default();
    }
    kept(PROGRESS).await.unwrap_or_default()
}

/// Opens the lesson that a workspace was made for.
pub(crate) fn resume(page: &Page, workspace: String) {
    let page = page.clone();
    spawn_local(async move {
        let Some(mut learning) = kept::<Learning>(&workspace).await else {
            return;
        };
        let lesson = match read(&page, &learning.slug, (*learning.folder).clone()).await {
            Ok(lesson) => lesson,
            Err(message) => {
                page.notice(&words::not_a_lesson(&message), true);
                return;
            }
        };
        if page.open_id().as_ref() != Some(&workspace) || page.state().lessons.learning.is_some() {
            return;
        }
        learning.lesson = lesson;
        learning.shown = learning.step;
        // It may have been left before that was known.
        let current = learning.taken.get(learning.step);
        let unknown = current.is_some_and(|taken| taken.start.is_empty());
        let progress = kept_progress().await;
        page.dispatch(LessonsAction::Progress(Rc::new(progress)));
        page.dispatch(LessonsAction::Learning(Some(Rc::new(learning))));
        if unknown {
            compare_with(&page).await;
        }
        super::opening::load_courses(&page).await;
    });
}

/// Reads a lesson's folder.
pub(super) async fn read(
    page: &Page,
    slug: &str,
    folder: protocol::lessons::Folder,
) -> Result<Rc<Lesson>, String> {
    let request = Request::Lessons(LessonsRequest::Read {
        slug: slug.to_owned(),
        folder,
    });
    match page.ask(request).await {
        Ok(Answer::Lesson(lesson)) => Ok(Rc::from(lesson)),
        Ok(_) => Err(words::NOT_LOADED.to_owned()),
        Err(failure) => Err(failure.message),
    }
}
