//! The learner's pane: the steps of a lesson, what is to be done, and whether it is.

use std::rc::Rc;

use yew::prelude::*;

use super::class::{HandInDialog, HandedInDialog, MakeClass};
use super::list::Lessons;
use super::state::{Learning, LessonsAction, LessonsState, Overlay};
use super::step::Shown;
use super::{effects, opening, teaching, words};
use crate::app::state::{AppAction, Pane};
use crate::page::Page;
use crate::share::codec::copy;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::menu::{Menu, close_menu};

/// Component properties of the pane, and of what of lessons lies over the page.
#[derive(Properties, PartialEq)]
pub struct LessonsProps {
    /// The page.
    pub page: Page,
    /// The lessons.
    pub lessons: LessonsState,
    /// What stands at the edge of the pane.
    #[prop_or_default]
    pub children: Html,
}

/// The pane.
#[component]
pub fn LessonPane(props: &LessonsProps) -> Html {
    let Some(learning) = props.lessons.learning.clone() else {
        return Html::default();
    };
    let page = props.page.clone();
    html! {
        <section class="lesson" id="lesson" aria-labelledby="lesson-title" tabindex="-1">
            <div class="lesson-head">
                <h2 id="lesson-title">{ &learning.lesson.title }</h2>
                <LessonMenu page={page.clone()} learning={learning.clone()} />
            </div>
            <ol class="lesson-steps" aria-label={words::STEPS}>
                { for learning.lesson.steps.iter().enumerate().map(|(index, step)| {
                    let done = learning.is_done(index);
                    let page = page.clone();
                    let onclick = Callback::from(move |_: MouseEvent| page.dispatch(LessonsAction::Show(index)));
                    html! {
                        <li>
                            <button
                                class={classes!(done.then_some("done"))}
                                aria-label={words::step_name(index + 1, &step.title, done)}
                                title={step.title.clone()}
                                aria-current={(index == learning.shown).then_some("step")}
                                disabled={index > learning.step}
                                {onclick}
                            >
                                if done { <Icon of={Drawing::Check} /> } else { { index + 1 } }
                            </button>
                        </li>
                    }
                }) }
            </ol>
            <Shown {page} lessons={props.lessons.clone()} />
            { props.children.clone() }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct LessonMenuProps {
    page: Page,
    learning: Rc<Learning>,
}

/// What can be done with the lesson as a whole.
#[component]
fn LessonMenu(props: &LessonMenuProps) -> Html {
    type Choice = (&'static str, fn(&Page));
    let link = props.learning.address.is_some();
    let all: [Option<Choice>; 6] = [
        Some((words::ALL, opening::show_list)),
        Some((words::HAND_IN, opening::show_hand_in)),
        link.then_some((words::LINK, copy_link)),
        Some((words::PROJECTOR, project)),
        Some((words::RESET_LESSON, effects::reset_lesson)),
        Some((words::LEAVE, opening::leave)),
    ];
    html! {
        <Menu summary={html! { <>{ words::MENU }<span class="sign" aria-hidden="true">{ "▾" }</span></> }} label={words::MENU} class="lesson-menu right">
            { for all.into_iter().flatten().map(|(title, act)| {
                let page = props.page.clone();
                let onclick = Callback::from(move |event: MouseEvent| {
                    close_menu(&event);
                    act(&page);
                });
                html! { <button class="choice" {onclick}><strong>{ title }</strong></button> }
            }) }
        </Menu>
    }
}

fn copy_link(page: &Page) {
    let state = page.state();
    let address = state
        .lessons
        .learning
        .as_ref()
        .and_then(|one| one.address.clone());
    if let Some(address) = address {
        let link = format!("{}?lesson={address}", teaching::page_address());
        let page = page.clone();
        let copied = copy(&link);
        wasm_bindgen_futures::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(copied).await {
                Ok(_) => page.notice(words::COPIED, false),
                Err(_) => page.notice(&link, false),
            }
        });
    }
}

/// Large type and one column beside the lesson, or no longer.
fn project(page: &Page) {
    let Some(root) = gloo::utils::document().document_element() else {
        return;
    };
    let projected = !root.has_attribute("data-projector");
    let _ = root.toggle_attribute_with_force("data-projector", projected);
    let wide = match page.state().app.tab {
        column if column.is_column() => column,
        _ => Pane::Models,
    };
    page.dispatch(AppAction::Wide(projected.then_some(wide)));
}

/// What of lessons lies over the page.
#[component]
pub fn LessonDialogs(props: &LessonsProps) -> Html {
    let (page, lessons) = (props.page.clone(), props.lessons.clone());
    match lessons.overlay {
        Some(Overlay::Lessons) => html! { <Lessons {page} {lessons} /> },
        Some(Overlay::Class) => html! { <MakeClass {page} {lessons} /> },
        Some(Overlay::HandIn) => html! { <HandInDialog {page} {lessons} /> },
        Some(Overlay::HandedIn) => html! { <HandedInDialog {page} {lessons} /> },
        None => Html::default(),
    }
}

/// Closes what lies over the page.
pub(super) fn close(page: &Page) -> Callback<()> {
    let page = page.clone();
    Callback::from(move |()| page.dispatch(LessonsAction::Overlay(None)))
}
