//! Opening lessons: from the list, a zip, or an address.

use std::rc::Rc;

use js_sys::Uint8Array;
use protocol::lessons::Folder;
use protocol::{KeepRequest, Request, Source};
use serde::Deserialize;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;

use super::effects::{self, begin};
use super::part::{part, reason};
use super::state::{Class, Courses, Learning, LessonsAction, Overlay};
use super::words;
use crate::app::state::{AppAction, Pane};
use crate::page::{Page, embedded};
use crate::parts;

#[derive(Deserialize)]
struct Unzipped {
    kind: String,
    workspace: protocol::Workspace,
}

/// The archive of a lesson that the page comes with.
pub(super) fn address_of(slug: &str) -> String {
    format!("lessons/{slug}.zip")
}

/// Opens what makes a hand-in of the lesson.
pub(crate) fn show_hand_in(page: &Page) {
    page.dispatch(LessonsAction::Overlay(Some(Overlay::HandIn)));
}

/// Opens the list of all lessons.
pub(crate) fn show_list(page: &Page) {
    page.dispatch(LessonsAction::Overlay(Some(Overlay::Lessons)));
    let page = page.clone();
    spawn_local(async move {
        let progress = effects::kept_progress().await;
        page.dispatch(LessonsAction::Progress(Rc::new(progress)));
        load_courses(&page).await;
        super::teaching::recall(&page).await;
    });
}

/// Fetches the list, where that was not done.
pub(super) async fn load_courses(page: &Page) {
    if page.state().lessons.courses.is_some() {
        return;
    }
    let fetched = match part().await {
        Ok(part) => part.courses().await.map_err(|word| reason(&word)),
        Err(message) => Err(message),
    };
    let courses = fetched.and_then(|text| {
        serde_json::from_str::<Courses>(&text.as_string().unwrap_or_default())
            .map_err(|_| words::not_fetched("missing"))
    });
    match courses {
        Ok(courses) => page.dispatch(LessonsAction::Courses(Rc::new(courses))),
        Err(message) if page.state().lessons.overlay.is_some() => page.notice(&message, true),
        // Nobody asked for it: there is no next lesson to be offered.
        Err(_) => {}
    }
}

/// What the page's address asks for: a lesson, or the lessons of a class.
pub(crate) fn obey(page: &Page, lesson: Option<String>, class: Option<(String, String)>) {
    if let Some((lessons, name)) = class {
        let lessons = lessons.split(',').map(str::trim).map(str::to_owned);
        page.dispatch(LessonsAction::Class(Rc::new(Class {
            name,
            lessons: lessons.filter(|slug| !slug.is_empty()).collect(),
        })));
        // Who is in a lesson of it goes on with that.
        let learning = page.open_id().is_some_and(|id| {
            crate::page::remembered(super::due::WORKSPACES).is_some_and(|all| all.contains(&id))
        });
        if lesson.is_none() && !learning {
            show_list(page);
        }
    }
    if let Some(address) = lesson {
        let page = page.clone();
        spawn_local(async move {
            // Once it is open, a reload goes on with it.
            forget_lesson_address();
            let progress = effects::kept_progress().await;
            let begun = progress.lessons.get(&slug_of(&address));
            let state = page.state();
            let there = begun
                .and_then(|one| one.workspace.as_ref())
                .filter(|id| state.view.workspaces.iter().any(|one| one.id == **id));
            match there {
                Some(id) => go_to(&page, id),
                None => open_address(&page, &address),
            }
        });
    }
}

/// Takes the lesson out of the page's address. A frame keeps nothing: there a reload needs it.
fn forget_lesson_address() {
    let location = gloo::utils::window().location();
    let (Ok(href), Ok(history)) = (location.href(), gloo::utils::window().history()) else {
        return;
    };
    if embedded() {
        return;
    }
    if let Ok(url) = web_sys::Url::new(&href) {
        url.search_params().delete("lesson");
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url.href()));
    }
}

/// The name of a lesson, from the address of its archive.
fn slug_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_end_matches(".zip").to_owned()
}

/// Opens the lesson at an address, in a new workspace.
pub(crate) fn open_address(page: &Page, address: &str) {
    page.dispatch(LessonsAction::Overlay(None));
    // It goes with the project that is open now.
    page.notice(words::OPENING, false);
    let (page, address) = (page.clone(), address.to_owned());
    spawn_local(async move {
        let opened = match folder_at(&address).await {
            Ok((slug, folder)) => open_folder(&page, slug, folder, Some(address)).await,
            Err(message) => Err(message),
        };
        if let Err(message) = opened {
            page.notice(&message, true);
        }
    });
}

/// The files of the lesson at an address, and its name.
pub(super) async fn folder_at(address: &str) -> Result<(String, Folder), String> {
    let bytes = part()
        .await?
        .fetched(address)
        .await
        .map_err(|word| reason(&word))?;
    let slug = slug_of(address);
    let archive = parts::load("archive")
        .await
        .map_err(|_| words::NOT_LOADED.to_owned())?
        .unchecked_into::<crate::share::codec::Archive>();
    let json = archive
        .unzip(&bytes.unchecked_into::<Uint8Array>(), &slug)
        .map_err(|_| words::NO_LESSON.to_owned())?;
    match serde_json::from_str::<Unzipped>(&json) {
        Ok(unzipped) if unzipped.kind == "lesson" => Ok((slug, unzipped.workspace.files)),
        _ => Err(words::NO_LESSON.to_owned()),
    }
}

/// Opens a lesson in a new workspace; the others stay as they are.
///
/// # Errors
///
/// What is wrong with it, with file and line where it is one's.
pub(crate) async fn open_folder(
    page: &Page,
    slug: String,
    folder: Folder,
    address: Option<String>,
) -> Result<(), String> {
    let said = |message: String| words::not_a_lesson(&message);
    let lesson = effects::read(page, &slug, folder.clone())
        .await
        .map_err(said)?;
    let source = Source::Lesson(Box::new(folder.clone()));
    page.open_workspace(&lesson.title, source)
        .await
        .map_err(|failure| said(failure.message))?;
    let learning = Learning {
        workspace: page.open_id().unwrap_or_default(),
        lesson: lesson.clone(),
        slug,
        folder: Rc::new(folder),
        address,
        ..Learning::default()
    };
    let progress = effects::kept_progress().await;
    page.dispatch(LessonsAction::Progress(Rc::new(progress)));
    page.dispatch(LessonsAction::Learning(Some(Rc::new(learning))));
    // The list leads back to it.
    effects::keep_progress(&page.state().lessons.progress).await;
    if let Some(path) = &lesson.open {
        page.open(path, None);
    }
    if let Some(pane) = lesson.show.as_deref().and_then(Pane::named) {
        page.dispatch(AppAction::Tab(pane));
    }
    page.dispatch(AppAction::Tab(Pane::Lesson));
    begin(page).await;
    Ok(())
}

/// Goes to the workspace in which a lesson was begun.
pub(super) fn go_to(page: &Page, id: &str) {
    page.dispatch(LessonsAction::Overlay(None));
    page.dispatch(AppAction::Tab(Pane::Lesson));
    effects::note(id, true);
    if page.open_id().as_deref() == Some(id) {
        effects::resume(page, id.to_owned());
        return;
    }
    let id = id.to_owned();
    page.do_change(Request::Keep(KeepRequest::Open { id }), None);
}

/// Takes the pane away; the workspace stays as it is, and the list leads back.
pub(super) fn leave(page: &Page) {
    if let Some(learning) = &page.state().lessons.learning {
        effects::note(&learning.workspace, false);
    }
    page.dispatch(LessonsAction::Learning(None));
    page.dispatch(AppAction::Tab(Pane::Models));
}
