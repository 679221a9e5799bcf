//! *Show me*: carries out a solution in the real page, visibly: types into the editor and runs commands.

use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use protocol::lessons::Action;
use protocol::{Contents, FilesRequest, Request};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use super::effects::back_to_start;
use super::state::LessonsAction;
use super::words;
use crate::app::state::{AppAction, Pane};
use crate::editor::bundle::type_into;
use crate::page::Page;

/// How long each part of a solution can be looked at before it is carried out, in milliseconds.
const LOOK: u32 = 600;

/// How long a key takes, in milliseconds.
const KEY: u32 = 25;

async fn sleep(milliseconds: u32) {
    let (done, wait) = oneshot::channel();
    Timeout::new(milliseconds, move || {
        let _ = done.send(());
    })
    .forget();
    let _ = wait.await;
}

/// Whether nobody asked for less motion.
fn moves() -> bool {
    !gloo::utils::window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Plays the solution of the step that is to be done, from where the step began.
pub(super) fn show_me(page: &Page) {
    if page.state().lessons.playing {
        page.dispatch(LessonsAction::Playing(false));
        return;
    }
    let page = page.clone();
    spawn_local(async move {
        let Some(learning) = page.state().lessons.learning.clone() else {
            return;
        };
        let Some((step, taken)) = learning
            .lesson
            .steps
            .get(learning.step)
            .zip(learning.taken.get(learning.step))
        else {
            return;
        };
        page.flush();
        // What was typed a moment ago is a state of its own.
        let _ = page.change(Request::View).await;
        if page.state().view.at != taken.at && !back_to_start(&page).await {
            return;
        }
        page.dispatch(LessonsAction::Playing(true));
        for action in &step.solution.actions {
            sleep(LOOK).await;
            // It was stopped, or another lesson is open.
            if !page.state().lessons.playing {
                return;
            }
            if let Err(message) = carry_out(&page, action).await {
                page.notice(&message, true);
                break;
            }
        }
        page.dispatch(LessonsAction::Playing(false));
        page.dispatch(AppAction::Tab(Pane::Lesson));
    });
}

async fn carry_out(page: &Page, action: &Action) -> Result<(), String> {
    match action {
        Action::Run { line } => {
            page.dispatch(AppAction::Tab(Pane::Console));
            type_command(line).await;
            // A command may be meant to fail: the check tells whether all is well.
            page.run(line).await.map(|_| ())
        }
        Action::Write { path, text } => {
            let path = found(page, path).unwrap_or_else(|| inside(page, path));
            write(page, &path, text).await
        }
        Action::Replace { path, old, new } => {
            let path = found(page, path).ok_or_else(|| words::no_file(path))?;
            let text = page
                .read(&path)
                .await
                .ok_or_else(|| words::no_file(&path))?;
            if text.matches(old.as_str()).count() != 1 {
                return Err(words::not_replaced(&path));
            }
            write(page, &path, &text.replacen(old.as_str(), new, 1)).await
        }
    }
}

/// The file of a path in which one `*` stands for anything but a slash: there must be just one.
fn found(page: &Page, path: &str) -> Option<String> {
    let state = page.state();
    let path = inside(page, path);
    let fits = |one: &str| match path.split_once('*') {
        None => one == path,
        Some((start, end)) => one
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|between| !between.contains('/')),
    };
    let mut all = state.view.files.iter().filter(|file| fits(&file.path));
    let first = all.next()?;
    all.next().is_none().then(|| first.path.clone())
}

/// A path from the lesson's folder as one from the project's.
fn inside(page: &Page, path: &str) -> String {
    let learning = page.state().lessons.learning.clone();
    match learning.map(|learning| learning.lesson.directory.clone()) {
        Some(directory) if !directory.is_empty() => format!("{directory}/{path}"),
        _ => path.to_owned(),
    }
}

/// Shows a file and types what differs into its editor; where there is none, writes it.
async fn write(page: &Page, path: &str, text: &str) -> Result<(), String> {
    if page.state().view.files.iter().any(|file| file.path == path) {
        page.open(path, None);
        sleep(LOOK).await;
        if moves() && type_into(path, text).await {
            page.flush();
            return Ok(());
        }
    }
    let request = Request::Files(FilesRequest::Write {
        path: path.to_owned(),
        contents: Contents::Text(text.to_owned()),
    });
    page.change(request)
        .await
        .map_err(|failure| failure.message)?;
    page.open(path, None);
    Ok(())
}

/// Types a line at the console's prompt, and takes it away again where it is about to run.
async fn type_command(line: &str) {
    let input = gloo::utils::document()
        .get_element_by_id("console-input")
        .and_then(|input| input.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(input) = input.filter(|_| moves()) else {
        return;
    };
    for (end, character) in line.char_indices() {
        input.set_value(&line[..end + character.len_utf8()]);
        sleep(KEY).await;
    }
    sleep(LOOK / 2).await;
    input.set_value("");
}
