//! The strip for work that takes a while: what it is, how far it has come, and a button to stop it.

use yew::prelude::*;

use super::state::Work;
use super::words::work as words;
use crate::page::Page;
use crate::words as common;

/// Component properties of the strip.
#[derive(Properties, PartialEq)]
pub struct WorkProps {
    /// The page.
    pub page: Page,
    /// The running work, shown after a delay.
    pub work: Option<Work>,
}

/// The strip over the console. The status line for screen readers says only what runs, not every
/// revision of it.
#[component]
pub fn WorkStrip(props: &WorkProps) -> Html {
    let stop = {
        let page = props.page.clone();
        Callback::from(move |_: MouseEvent| page.cancel())
    };
    let (what, step) = match &props.work {
        None => (String::new(), None),
        Some(Work::Review) => (words::REVIEW.to_owned(), None),
        Some(Work::Pending) => (words::PENDING.to_owned(), None),
        Some(Work::Command(line, step)) => (line.to_string(), step.clone()),
    };
    let said = match &props.work {
        Some(Work::Command(line, _)) => words::runs(line),
        _ => what.clone(),
    };
    html! {
        <>
            <p class="hidden" role="status">{ said }</p>
            if props.work.is_some() {
                <section class="work-strip" aria-label={words::TITLE}>
                    <progress
                        aria-label={what.clone()}
                        value={step.as_ref().filter(|step| step.of.is_some()).map(|step| (step.number - 1).to_string())}
                        max={step.as_ref().and_then(|step| step.of).map(|of| of.to_string())}
                    ></progress>
                    <p>
                        <code>{ what }</code>
                        if let Some(step) = step {
                            <span class="work-step">{ words::step(step.number, step.of) }</span>
                            <span class="work-revision">{ &step.revision }</span>
                        }
                    </p>
                    <button class="small danger" onclick={stop} title={words::STOP_KEY}>{ common::STOP }</button>
                </section>
            }
        </>
    }
}
