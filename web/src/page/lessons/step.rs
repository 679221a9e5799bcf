//! The step that is shown: its text, its check, hints, and what comes after it.

use protocol::lessons::{Part, Verdict};
use yew::prelude::*;

use super::blocks::blocks;
use super::state::{Learning, LessonsAction, Listed};
use super::view::LessonsProps;
use super::{effects, opening, playing, words};
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};

/// How long after a step began a click may be the rest of a double one, in milliseconds.
const DOUBLE_CLICK: u64 = 500;

/// The step.
#[component]
pub(super) fn Shown(props: &LessonsProps) -> Html {
    let page = &props.page;
    let lessons = &props.lessons;
    let body = use_node_ref();
    let learning = lessons.learning.clone().unwrap_or_default();
    let shown = learning.shown;
    {
        // Each step is read from its beginning.
        let body = body.clone();
        use_effect_with((learning.workspace.clone(), shown), move |_| {
            if let Some(body) = body.cast::<web_sys::Element>() {
                body.set_scroll_top(0);
            }
        });
    }
    let Some(step) = learning.lesson.steps.get(shown) else {
        return Html::default();
    };
    let done = learning.is_done(shown);
    let act = |act: fn(&Page)| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| act(&page))
    };
    let taken = learning.taken.get(shown).cloned().unwrap_or_default();
    let hint = {
        let (page, began) = (page.clone(), taken.began);
        Callback::from(move |_: MouseEvent| {
            // The second of two clicks on what led here is not meant for the hint that stands there now.
            if effects::now().saturating_sub(began) > DOUBLE_CLICK {
                page.dispatch(LessonsAction::Hint);
            }
        })
    };
    let hints = step.hints.len();
    let toggle = {
        let (page, open) = (page.clone(), lessons.solution);
        Callback::from(move |_: MouseEvent| page.dispatch(LessonsAction::Solution(!open)))
    };
    let solution = use_node_ref();
    {
        let solution = solution.clone();
        use_effect_with(lessons.solution, move |_| {
            if let Some(solution) = solution.cast::<web_sys::Element>() {
                solution.scroll_into_view();
            }
        });
    }
    let current = shown == learning.step;
    html! {
        <>
            <div class="lesson-body" ref={body} tabindex="0" role="region" aria-labelledby="lesson-step">
                if shown == 0 {
                    <div class="lesson-text">{ blocks(page, &learning.lesson.introduction) }</div>
                }
                <p class="note">{ words::step(shown + 1, learning.lesson.steps.len()) }</p>
                <h3 id="lesson-step">{ &step.title }</h3>
                <div class="lesson-text">{ blocks(page, &step.text) }</div>
                if done && lessons.solution {
                    <section class="lesson-solution" ref={solution} aria-label={words::SOLUTION}>
                        <h3>{ words::SOLUTION }</h3>
                        <div class="lesson-text">{ blocks(page, &step.solution.text) }</div>
                    </section>
                }
            </div>
            // It stays in sight while one reads.
            <div class="lesson-foot">
                if taken.hints > 0 && !done {
                    <div role="status">
                        <ol class="lesson-hints">
                            { for step.hints.iter().take(taken.hints).map(|hint| html! { <li>{ blocks(page, hint) }</li> }) }
                        </ol>
                    </div>
                }
                if current {
                    <CheckPart verdict={lessons.verdict.as_deref().cloned()} {done} title={step.title.clone()} />
                }
                <div class="lesson-acts">
                    if done {
                        { forward(page, &learning, lessons.next_lesson()) }
                        <button class="small" onclick={toggle} aria-expanded={lessons.solution.to_string()}>{ words::SOLUTION }</button>
                    } else {
                        if taken.hints < hints {
                            <button class="small" onclick={hint}>{ words::hint(taken.hints + 1, hints) }</button>
                        }
                        if !step.solution.actions.is_empty() {
                            <button class="small" onclick={act(playing::show_me)} title={words::SHOW_ME_ABOUT} aria-pressed={lessons.playing.to_string()}>
                                { if lessons.playing { words::STOP } else { words::SHOW_ME } }
                            </button>
                        }
                        <button class="small" onclick={act(effects::reset_step)} disabled={lessons.playing}>{ words::RESET_STEP }</button>
                    }
                </div>
            </div>
        </>
    }
}

/// Where one goes from a step that is done.
fn forward(page: &Page, learning: &Learning, next: Option<Listed>) -> Html {
    let of = learning.lesson.steps.len();
    let click = |act: Box<dyn Fn(&Page)>| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| act(&page))
    };
    if learning.shown < learning.step {
        let onclick = click(Box::new({
            let step = learning.shown + 1;
            move |page| page.dispatch(LessonsAction::Show(step))
        }));
        return html! { <button class="act" id="next-step" {onclick}>{ words::NEXT }</button> };
    }
    if learning.step + 1 < of {
        let onclick = click(Box::new(effects::go_on));
        return html! { <button class="act" id="next-step" {onclick}>{ words::NEXT }</button> };
    }
    let all = click(Box::new(opening::show_list));
    let hand_in = click(Box::new(opening::show_hand_in));
    html! {
        <>
            <p class="lesson-finished" role="status">{ words::lesson_done(&learning.lesson.title) }</p>
            if let Some(next) = next {
                <button class="act" id="next-lesson" onclick={click(Box::new(move |page| opening::open_address(page, &opening::address_of(&next.slug))))}>{ words::NEXT_LESSON }</button>
            }
            <button class="small" onclick={hand_in}>{ words::HAND_IN }</button>
            <button class="small" onclick={all}>{ words::ALL }</button>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CheckProps {
    verdict: Option<Verdict>,
    done: bool,
    title: String,
}

/// Whether the step is done, and which parts of it hold.
#[component]
fn CheckPart(props: &CheckProps) -> Html {
    let verdict = props.verdict.clone().unwrap_or_default();
    let holding = verdict.parts.iter().filter(|part| part.holds).count();
    let said = match (&props.verdict, props.done) {
        (_, true) => words::step_done(&props.title),
        (None, _) => words::CHECKING.to_owned(),
        (Some(_), _) if verdict.parts.is_empty() => words::NOT_YET.to_owned(),
        (Some(_), _) => words::hold(holding, verdict.parts.len()),
    };
    html! {
        <section class={classes!("lesson-check", props.done.then_some("done"))} aria-label={words::CHECK}>
            <p class="lesson-said" role="status">
                if props.done { <Icon of={Drawing::Check} /> }
                { said }
            </p>
            if let Some(error) = verdict.error.filter(|_| !props.done) {
                <p class="failure">{ error }</p>
            }
            if !props.done {
                <ul>{ for verdict.parts.iter().map(part) }</ul>
            }
        </section>
    }
}

fn part(part: &Part) -> Html {
    let (class, mark, name) = if part.holds {
        ("holds", "✓", words::HOLDS)
    } else {
        ("open", "○", words::NOT_YET)
    };
    html! {
        <li {class}>
            <span class="lesson-mark" role="img" aria-label={name}>{ mark }</span>
            <div>
                { crate::ui::marked::marked(&part.expected) }
                if !part.holds && !part.found.is_empty() {
                    <p class="note">{ crate::ui::marked::marked(&words::found(&part.found)) }</p>
                }
            </div>
        </li>
    }
}
