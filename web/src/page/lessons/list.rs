//! The dialog of all lessons, with what is done.

use yew::prelude::*;

use super::state::{LessonsAction, Listed, Overlay, Progress};
use super::view::{LessonsProps, close};
use super::{opening, teaching, words};
use crate::page::{Page, embedded};
use crate::ui::dialog::Dialog;

/// The list.
#[component]
pub(super) fn Lessons(props: &LessonsProps) -> Html {
    let page = &props.page;
    let lessons = &props.lessons;
    let class = lessons.class.as_ref();
    let chosen = |lesson: &&Listed| class.is_none_or(|class| class.lessons.contains(&lesson.slug));
    let title = match class {
        Some(class) if !class.name.is_empty() => class.name.clone(),
        _ => words::TITLE.to_owned(),
    };
    let export = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| teaching::export_progress(&page))
    };
    let make_class = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(LessonsAction::Overlay(Some(Overlay::Class)));
        })
    };
    let handed_in = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(LessonsAction::Overlay(Some(Overlay::HandedIn)));
        })
    };
    html! {
        <Dialog {title} on_close={close(page)} class="lessons-dialog">
            if !lessons.handed_in.is_empty() {
                <p><button class="act" onclick={handed_in}>{ words::HANDED_IN_LIST }</button></p>
            }
            { match &lessons.courses {
                None => html! { <p class="note" role="status">{ words::LOADING }</p> },
                Some(courses) => html! { <>
                    { for courses.courses.iter().map(|course| {
                        let all: Vec<&Listed> = course.lessons.iter().filter(chosen).collect();
                        if all.is_empty() {
                            return Html::default();
                        }
                        html! {
                            <>
                                <h3>{ &course.title }</h3>
                                <ol class="lessons-list">{ for all.iter().map(|lesson| listed(page, lesson, &lessons.progress)) }</ol>
                            </>
                        }
                    }) }
                </> },
            } }
            if !embedded() {
                <p class="note">{ words::IMPORT_ABOUT }</p>
                <div class="actions">
                    <button onclick={export}>{ words::EXPORT }</button>
                    <button onclick={make_class}>{ words::PICK }</button>
                </div>
            }
        </Dialog>
    }
}

fn listed(page: &Page, lesson: &Listed, progress: &Progress) -> Html {
    let known = progress.lessons.get(&lesson.slug);
    let done = known.is_some_and(|one| one.steps > 0 && one.done.len() >= one.steps);
    let state = page.state();
    let workspace = known.and_then(|one| one.workspace.clone());
    let there = workspace.filter(|id| state.view.workspaces.iter().any(|one| one.id == *id));
    let start = {
        let (page, address) = (page.clone(), opening::address_of(&lesson.slug));
        Callback::from(move |_: MouseEvent| opening::open_address(&page, &address))
    };
    let go_on = there.clone().map(|id| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| opening::go_to(&page, &id))
    });
    html! {
        <li data-lesson={lesson.slug.clone()}>
            <div>
                <strong>{ &lesson.title }</strong>
                <span class="note">{ words::begun(&lesson.teaches.join("; ")) }</span>
            </div>
            <span class={classes!("note", "lesson-state", done.then_some("done"))}>
                { match known {
                    Some(_) if done => words::DONE.to_owned(),
                    Some(known) => words::steps_done(known.done.len(), known.steps),
                    None => words::minutes(lesson.minutes),
                } }
            </span>
            if let Some(onclick) = go_on {
                <button class="small" {onclick} aria-label={format!("{}: {}", words::CONTINUE, lesson.title)}>{ words::CONTINUE }</button>
            }
            <button class="small" onclick={start} aria-label={format!("{}: {}", if there.is_some() { words::AGAIN } else { words::START }, lesson.title)}>
                { if there.is_some() { words::AGAIN } else { words::START } }
            </button>
        </li>
    }
}
