//! What a class hands in: making it, and checking it again where it arrives.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::Source;
use protocol::lessons::{Check, Folder, Lesson};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::effects::{ask_check, now, read};
use super::hand_in::{HandIn, HandedIn, PREFIX, Trouble};
use super::opening::{address_of, folder_at};
use super::state::{LessonsAction, Overlay, Progress};
use super::{effects, words};
use crate::page::Page;
use crate::parts;
use crate::share::codec::{Codec, download};

/// A lesson that hand-ins are checked with, and its files.
type Known = (Rc<Lesson>, Rc<Folder>);

/// How large a hand-in may become when it is unpacked, in bytes.
const UNPACKED: u32 = 20_000_000;

/// Where what was handed in is kept.
const HANDED_IN: &str = "handed-in";

async fn codec() -> Result<Codec, String> {
    let part = parts::load("share").await;
    part.map(JsCast::unchecked_into)
        .map_err(|_| words::NOT_LOADED.to_owned())
}

/// The address of the page, without what it asks for.
pub(super) fn page_address() -> String {
    let location = gloo::utils::window().location();
    location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default()
}

/// What is handed in, as a link's fragment.
pub(super) async fn packed(page: &Page, name: &str) -> Result<String, String> {
    let learning = page.state().lessons.learning.clone();
    let learning = learning.ok_or_else(|| words::NOT_LOADED.to_owned())?;
    let hand_in = HandIn::of(&learning, name, now());
    let text = serde_json::to_string(&hand_in).unwrap_or_default();
    Ok(format!(
        "{PREFIX}{}",
        codec().await?.encode(text.as_bytes())
    ))
}

/// Saves what is handed in as a file.
pub(super) fn save(page: &Page, name: &str, packed: &str) {
    let slug = page
        .state()
        .lessons
        .learning
        .as_ref()
        .map(|one| one.slug.clone());
    let file = words::hand_in_file(name, &slug.unwrap_or_default());
    download(&file, "text/plain", &packed.into());
}

/// Takes what arrived, as names of files and their texts; shows it, and checks it.
pub(crate) fn take(page: &Page, arrived: Vec<(String, String)>) {
    let page = page.clone();
    spawn_local(async move {
        let mut known: Vec<(String, String)> = effects::kept(HANDED_IN).await.unwrap_or_default();
        known.retain(|one| !arrived.contains(one));
        known.extend(arrived.iter().cloned());
        add(&page, arrived).await;
        page.dispatch(LessonsAction::Overlay(Some(Overlay::HandedIn)));
        keep(&known).await;
        check_all(&page).await;
    });
}

/// Adds what arrived to the table.
async fn add(page: &Page, arrived: Vec<(String, String)>) {
    let mut all: Vec<Rc<HandedIn>> = page.state().lessons.handed_in.to_vec();
    for (file, text) in arrived {
        let hand_in = unpacked(text.trim()).await;
        all.retain(|one| one.file != file || one.hand_in != hand_in);
        let trouble = match &hand_in {
            None => Some(Trouble::Unreadable),
            Some(hand_in) if hand_in.seal != hand_in.seal() => Some(Trouble::Changed),
            Some(_) => None,
        };
        all.push(Rc::new(HandedIn {
            file,
            checked: trouble.is_some(),
            trouble,
            hand_in,
        }));
    }
    page.dispatch(LessonsAction::HandedIn(Rc::new(all)));
}

async fn unpacked(text: &str) -> Option<Rc<HandIn>> {
    // A link of it is as good as its file.
    let payload = &text[text.find(PREFIX)? + PREFIX.len()..];
    let bytes = codec().await.ok()?.decode(payload, UNPACKED).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&bytes).to_vec();
    serde_json::from_slice(&bytes).ok().map(Rc::new)
}

/// Checks what was handed in, one after the other, against the lessons that the page comes with or that are open.
async fn check_all(page: &Page) {
    let mut known: BTreeMap<String, Option<Known>> = BTreeMap::new();
    if let Some(learning) = &page.state().lessons.learning {
        let of = (learning.lesson.clone(), learning.folder.clone());
        known.insert(learning.slug.clone(), Some(of));
    }
    loop {
        let all = page.state().lessons.handed_in.clone();
        let Some((place, hand_in)) = all.iter().enumerate().find_map(|(place, one)| {
            let hand_in = one.hand_in.clone().filter(|_| !one.checked)?;
            Some((place, hand_in))
        }) else {
            return;
        };
        if !known.contains_key(&hand_in.lesson) {
            let lesson = lesson_of(page, &hand_in.lesson).await;
            known.insert(hand_in.lesson.clone(), lesson);
        }
        let lesson = known.get(&hand_in.lesson).cloned().flatten();
        let trouble = match lesson.filter(|(lesson, _)| lesson.hash == hand_in.hash) {
            None => Some(Trouble::Foreign),
            Some((_, folder)) => check(page, &hand_in, &folder).await,
        };
        // More may have come meanwhile.
        let mut all = page.state().lessons.handed_in.to_vec();
        let Some(one) = all.get_mut(place) else {
            return;
        };
        *one = Rc::new(HandedIn {
            checked: true,
            trouble,
            ..(**one).clone()
        });
        page.dispatch(LessonsAction::HandedIn(Rc::new(all)));
    }
}

async fn lesson_of(page: &Page, slug: &str) -> Option<Known> {
    super::opening::load_courses(page).await;
    let courses = page.state().lessons.courses.clone()?;
    courses.all().find(|lesson| lesson.slug == slug)?;
    let (slug, folder) = folder_at(&address_of(slug)).await.ok()?;
    let lesson = read(page, &slug, folder.clone()).await.ok()?;
    Some((lesson, Rc::new(folder)))
}

async fn check(page: &Page, hand_in: &HandIn, folder: &Folder) -> Option<Trouble> {
    let mut fails = Vec::new();
    for step in hand_in.taken.iter().filter(|step| step.done.is_some()) {
        let Some(end) = &step.end else {
            fails.push((step.id.clone(), words::NO_STATE.to_owned()));
            continue;
        };
        let verdict = ask_check(
            page,
            Check {
                slug: hand_in.lesson.clone(),
                folder: folder.clone(),
                step: step.id.clone(),
                outcomes: step.outcomes.clone(),
                start: step.start.to_string(),
                state: Some((**end).clone()),
            },
        )
        .await
        .unwrap_or_default();
        if !verdict.holds {
            let found = verdict.parts.iter().find(|part| !part.holds);
            let found = found.map(|part| part.found.clone());
            fails.push((step.id.clone(), found.or(verdict.error).unwrap_or_default()));
        }
    }
    (!fails.is_empty()).then_some(Trouble::Fails(fails))
}

/// Opens the project of a hand-in as it was at the end of a step, in a new workspace.
pub(super) fn look_at(page: &Page, hand_in: &HandIn, step: usize) {
    let Some(workspace) = hand_in.taken.get(step).and_then(|taken| taken.end.clone()) else {
        page.notice(words::NO_STATE, true);
        return;
    };
    page.dispatch(LessonsAction::Overlay(None));
    let page = page.clone();
    let name = words::workspace_of(&hand_in.name, &hand_in.title);
    let said = words::looking_at(&hand_in.name, step + 1);
    spawn_local(async move {
        let source = Source::Workspace(Box::new((*workspace).clone()));
        match page.open_workspace(&name, source).await {
            Ok(_) => page.notice(&said, false),
            Err(failure) => page.notice(&failure.message, true),
        }
    });
}

/// Keeps what was handed in, as it came, until the teacher forgets it.
async fn keep(arrived: &[(String, String)]) {
    let text = if arrived.is_empty() {
        String::new()
    } else {
        serde_json::to_string(arrived).unwrap_or_default()
    };
    if let Ok(part) = super::part::part().await {
        // Where the browser keeps nothing, the files are still the teacher's.
        let _ = part.keep(HANDED_IN, &text).await;
    }
}

/// Brings back what was handed in before a reload.
pub(super) async fn recall(page: &Page) {
    if !page.state().lessons.handed_in.is_empty() {
        return;
    }
    if let Some(arrived) = effects::kept::<Vec<(String, String)>>(HANDED_IN).await {
        add(page, arrived).await;
        check_all(page).await;
    }
}

/// Forgets what was handed in.
pub(super) fn forget(page: &Page) {
    page.dispatch(LessonsAction::HandedIn(Rc::default()));
    page.dispatch(LessonsAction::Overlay(None));
    spawn_local(async { keep(&[]).await });
}

/// Saves how far one is in all lessons as a file.
pub(super) fn export_progress(page: &Page) {
    let mut progress = (*page.state().lessons.progress).clone();
    progress.limbeck_progress = 1;
    for one in progress.lessons.values_mut() {
        // The workspaces stay in this browser.
        one.workspace = None;
    }
    let text = serde_json::to_string_pretty(&progress).unwrap_or_default();
    download(
        words::PROGRESS_FILE,
        "application/json",
        &text.as_str().into(),
    );
}

/// Takes such a file: says whether it is one.
pub(crate) async fn import_progress(page: &Page, text: &str) -> bool {
    match serde_json::from_str::<Progress>(text) {
        Ok(progress) if progress.limbeck_progress == 1 => {
            let mut all = (*page.state().lessons.progress).clone();
            all.merge(progress);
            all.limbeck_progress = 0;
            effects::keep_progress(&all).await;
            super::opening::show_list(page);
            page.notice(words::PROGRESS_TAKEN, false);
            true
        }
        _ => false,
    }
}
