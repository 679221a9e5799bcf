//! The first steps of a first visit: a strip over the columns that ticks off what is done.

use yew::prelude::*;

use super::state::{FirstSteps, ModelsAction};
use super::words::first_steps as words;
use crate::app::state::Pane;
use crate::migrations::state::{MigrationsAction, ScriptTab};
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;

/// Component properties of the strip.
#[derive(Properties, PartialEq)]
pub struct FirstStepsProps {
    /// The page.
    pub page: Page,
    /// Which steps are done.
    pub steps: FirstSteps,
    /// Whether the revision that was written is known to fail.
    pub broken: bool,
}

/// The strip. A narrow page shows the next step only.
#[component]
pub fn FirstStepsStrip(props: &FirstStepsProps) -> Html {
    let page = props.page.clone();
    let next = props.steps.next();
    let show = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.show_first_line())
    };
    let review = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(MigrationsAction::Tab(ScriptTab::Review));
            page.go(Pane::Migrations);
        })
    };
    let close = Callback::from(move |_: MouseEvent| page.dispatch(ModelsAction::CloseFirstSteps));
    html! {
        <section class="first-steps" aria-label={words::TITLE} aria-live="polite">
            if next < words::STEPS.len() {
                <div>
                if next == 0 {
                    <p class="what">{ words::ABOUT }</p>
                }
                <ol>
                    { for words::STEPS.iter().enumerate().map(|(number, step)| {
                        let done = number < next;
                        let broken = number == 2 && !done && props.broken;
                        html! {
                            <li class={classes!(done.then_some("done"), (number == next).then_some("next"))} aria-current={(number == next).then_some("step")}>
                                <span class="number" aria-hidden="true">{ if done { "✓".to_owned() } else { (number + 1).to_string() } }</span>
                                <p>
                                    if done { <span class="hidden">{ words::DONE }{ " " }</span> }
                                    { marked(if broken { words::BROKEN } else { step }) }
                                    if broken {
                                        { " " }<button class="link" onclick={review.clone()}>{ words::OPEN_REVIEW }</button>
                                    }
                                    if number == 0 && !done {
                                        { " " }<button class="link" onclick={show.clone()}>{ words::SHOW_LINE }</button>
                                    }
                                </p>
                            </li>
                        }
                    }) }
                </ol>
                </div>
            } else {
                <p class="all-done"><span class="number" aria-hidden="true">{ "✓" }</span>{ words::ALL_DONE }</p>
            }
            <button class="quiet" onclick={close} aria-label={words::CLOSE} title={words::CLOSE}><Icon of={Drawing::Close} /></button>
        </section>
    }
}
