//! For authors: a lesson made of the open workspace, and the pane beside a workspace that holds one, with what a
//! learner would read, what is wrong with it, and trying it.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use protocol::lessons::{Folder, Lesson, LessonsRequest, Step};
use protocol::{Answer, FileEntry, Request, ShareRequest, Source};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::blocks::blocks;
use super::state::LessonsAction;
use super::{effects, opening, words};
use crate::app::state::{AppAction, Pane};
use crate::editor::Note;
use crate::page::Page;
use crate::share::codec::download;

/// How long nothing must be typed before the lesson is read, in milliseconds.
const PAUSE: u32 = 300;

/// Makes a lesson of the workspace's history, in a workspace of its own, to be edited; of one in which a lesson is
/// taken, of that lesson.
pub(crate) fn make_lesson(page: &Page) {
    let page = page.clone();
    spawn_local(async move {
        page.flush();
        if let Err(message) = made(&page).await {
            page.notice(&message, true);
        }
    });
}

async fn made(page: &Page) -> Result<(), String> {
    let taken = page.state().lessons.learning.clone();
    let (title, workspace) = match taken {
        Some(learning) => {
            let workspace = protocol::Workspace {
                files: (*learning.folder).clone(),
                ..protocol::Workspace::default()
            };
            (learning.lesson.title.clone(), workspace)
        }
        None => {
            // What was typed a moment ago is a state of its own.
            let _ = page.change(Request::View).await;
            let title = page.workspace_name();
            let draft = LessonsRequest::Draft {
                title: title.clone(),
            };
            match page.ask(Request::Lessons(draft)).await {
                Ok(Answer::Workspace(workspace)) => (title, workspace),
                Ok(_) => return Err(words::NOT_LOADED.to_owned()),
                Err(failure) => return Err(failure.message),
            }
        }
    };
    page.open_workspace(
        &words::draft(&title),
        Source::Workspace(Box::new(workspace)),
    )
    .await
    .map_err(|failure| failure.message)?;
    page.dispatch(AppAction::Tab(Pane::Lesson));
    page.open("lesson.md", None);
    Ok(())
}

/// The files of the lesson that the workspace holds.
async fn folder(page: &Page) -> Result<Folder, String> {
    match page.ask(Request::Share(ShareRequest::Export)).await {
        Ok(Answer::Workspace(workspace)) => Ok(workspace.files),
        Ok(_) => Err(words::NOT_LOADED.to_owned()),
        Err(failure) => Err(failure.message),
    }
}

fn slug(page: &Page) -> String {
    words::slug(&page.workspace_name())
}

/// Where a message says that something is wrong: a file, and a line from one.
fn place(message: &str) -> Option<(String, Option<u32>)> {
    let (path, rest) = message.split_once(':')?;
    let known = path.contains('.') && !path.contains(' ');
    let line = rest.split(':').next().and_then(|line| line.parse().ok());
    known.then(|| (path.to_owned(), line))
}

/// Component properties of the author's pane.
#[derive(Properties, PartialEq)]
pub(crate) struct AuthorProps {
    /// The page.
    pub(crate) page: Page,
    /// The files of the workspace.
    pub(crate) files: Rc<Vec<FileEntry>>,
    /// What stands at the edge of the pane.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// The author's pane.
#[component]
pub(crate) fn AuthorPane(props: &AuthorProps) -> Html {
    let page = props.page.clone();
    // What could be read last: a mistake does not take the preview away.
    let lesson = use_state_eq(|| None::<Rc<Lesson>>);
    let problem = use_state_eq(|| None::<String>);
    let shown = use_state_eq(|| 0usize);
    let played = use_state_eq(|| None::<Vec<String>>);
    let playing = use_state_eq(|| false);
    {
        let (page, played) = (page.clone(), played.setter());
        let (lesson, problem) = (lesson.setter(), problem.setter());
        use_effect_with(props.files.clone(), move |_| {
            let reading = Timeout::new(PAUSE, move || {
                spawn_local(async move {
                    let read = match folder(&page).await {
                        Ok(folder) => effects::read(&page, &slug(&page), folder).await,
                        Err(message) => Err(message),
                    };
                    let wrong = read.as_ref().err().cloned();
                    page.dispatch(LessonsAction::Problem(wrong.as_ref().and_then(|message| {
                        let (path, line) = place(message)?;
                        Some(Rc::new(Note {
                            path: path.into(),
                            line: line?,
                            text: message.as_str().into(),
                        }))
                    })));
                    played.set(None);
                    problem.set(wrong);
                    if let Ok(read) = read {
                        lesson.set(Some(read));
                    }
                });
            });
            move || drop(reading)
        });
    }
    {
        let page = page.clone();
        use_effect_with((), move |()| {
            move || page.dispatch(LessonsAction::Problem(None))
        });
    }
    let go = problem.as_deref().and_then(place).map(|(path, line)| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.open(&path, line))
    });
    let try_it = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let page = page.clone();
            spawn_local(async move {
                page.flush();
                let opened = match folder(&page).await {
                    Ok(folder) => {
                        let slug = slug(&page);
                        opening::open_folder(&page, slug, folder, None).await
                    }
                    Err(message) => Err(message),
                };
                if let Err(message) = opened {
                    page.notice(&message, true);
                }
            });
        })
    };
    let play = {
        let (page, played, playing) = (page.clone(), played.setter(), playing.setter());
        Callback::from(move |_: MouseEvent| {
            let (page, played, playing) = (page.clone(), played.clone(), playing.clone());
            playing.set(true);
            spawn_local(async move {
                page.flush();
                let found = match folder(&page).await {
                    Ok(folder) => {
                        let slug = slug(&page);
                        let request = LessonsRequest::Play { slug, folder };
                        match page.ask(Request::Lessons(request)).await {
                            Ok(Answer::Played(wrong)) => wrong,
                            Ok(_) => vec![words::NOT_LOADED.to_owned()],
                            Err(failure) => vec![failure.message],
                        }
                    }
                    Err(message) => vec![message],
                };
                playing.set(false);
                played.set(Some(found));
            });
        })
    };
    let save = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let page = page.clone();
            spawn_local(async move {
                page.flush();
                match page.export_zip().await {
                    Ok(zip) => {
                        download(&format!("{}.zip", slug(&page)), "application/zip", &zip);
                    }
                    Err(message) => page.notice(&message, true),
                }
            });
        })
    };
    let sound = lesson.is_some() && problem.is_none();
    let steps = lesson
        .as_ref()
        .map(|lesson| lesson.steps.clone())
        .unwrap_or_default();
    let title = lesson
        .as_ref()
        .map_or(words::AUTHOR.to_owned(), |lesson| lesson.title.clone());
    let step = steps.get(*shown).or(steps.first());
    html! {
        <section class="lesson" id="lesson" aria-labelledby="lesson-title" tabindex="-1">
            <div class="lesson-head"><h2 id="lesson-title">{ title }</h2></div>
            <ol class="lesson-steps" aria-label={words::STEPS}>
                { for steps.iter().enumerate().map(|(index, step)| {
                    let shown = shown.clone();
                    let current = *shown == index;
                    let onclick = Callback::from(move |_: MouseEvent| shown.set(index));
                    html! {
                        <li><button
                            aria-label={words::step_name(index + 1, &step.title, false)}
                            title={step.title.clone()}
                            aria-current={current.then_some("step")}
                            {onclick}
                        >{ index + 1 }</button></li>
                    }
                }) }
            </ol>
            <div class="lesson-body" tabindex="0" role="region" aria-label={words::PREVIEW}>
                if let Some(lesson) = lesson.as_ref().filter(|_| *shown == 0) {
                    <div class="lesson-text">{ blocks(&page, &lesson.introduction) }</div>
                }
                { step.map(|step| preview(&page, step)).unwrap_or_default() }
            </div>
            <div class="lesson-foot">
                <div role="status" class="lesson-wrong">
                    if let Some(problem) = &*problem {
                        <p class="failure">{ problem }</p>
                        if let Some(onclick) = go {
                            <button class="link" {onclick}>{ words::GO_THERE }</button>
                        }
                    } else if *playing {
                        <p>{ words::PLAYING }</p>
                    } else if let Some(wrong) = &*played {
                        if wrong.is_empty() {
                            <p class="lesson-sound">{ words::IN_ORDER }</p>
                        }
                        { for wrong.iter().map(|text| html! { <p class="failure">{ text }</p> }) }
                    }
                </div>
                <div class="lesson-acts">
                    <button class="act" onclick={try_it} disabled={!sound}>{ words::TRY }</button>
                    <button class="small" onclick={play} disabled={!sound || *playing} title={words::PLAY_ABOUT}>{ words::PLAY }</button>
                    <button class="small" onclick={save}>{ words::SAVE_ZIP }</button>
                </div>
            </div>
            { props.children.clone() }
        </section>
    }
}

/// A step as a learner reads it, with what they see later.
fn preview(page: &Page, step: &Step) -> Html {
    html! {
        <>
            <h3>{ &step.title }</h3>
            <div class="lesson-text">{ blocks(page, &step.text) }</div>
            if !step.hints.is_empty() {
                <ol class="lesson-hints">
                    { for step.hints.iter().map(|hint| html! { <li>{ blocks(page, hint) }</li> }) }
                </ol>
            }
            <section class="lesson-solution" aria-label={words::SOLUTION}>
                <h3>{ words::SOLUTION }</h3>
                <div class="lesson-text">{ blocks(page, &step.solution.text) }</div>
            </section>
        </>
    }
}
