//! The reason of a failure under its button, and the buttons that mend it.

use std::rc::Rc;

use protocol::{Contents, Explanation, FilesRequest, Mend, Request};
use yew::prelude::*;

use super::state::{ExplainAction, ExplainState, Failed};
use super::words;
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;

/// Component properties of a mend.
#[derive(Properties, PartialEq)]
pub struct MendProps {
    /// The page.
    pub page: Page,
    /// What is to be mended.
    pub explanation: Explanation,
}

/// The button that mends a cause; nothing where the worker knows no mend.
#[component]
pub fn MendButton(props: &MendProps) -> Html {
    let Some(mend) = props.explanation.mend.clone() else {
        return Html::default();
    };
    let title = match &mend {
        Mend::Run(line) => line.clone(),
        Mend::Write { path, .. } => path.clone(),
    };
    let page = props.page.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        match &mend {
            Mend::Run(line) => page.command(line.clone()),
            Mend::Write { path, text } => {
                page.flush();
                page.do_change(
                    Request::Files(FilesRequest::Write {
                        path: path.clone(),
                        contents: Contents::Text(text.clone()),
                    }),
                    None,
                );
                page.dispatch(ExplainAction::Close);
            }
        }
    });
    html! {
        <button class="small mend" {onclick} {title}>{ words::mend(&props.explanation) }</button>
    }
}

/// A cause in a sentence, what to do about it, and the button for it.
#[component]
pub fn Explained(props: &MendProps) -> Html {
    html! {
        <>
            <p class="text">{ marked(&capitalized(&words::cause(&props.explanation.cause))) }</p>
            <p class="advice">{ marked(words::advice_on(&props.explanation)) }</p>
            <MendButton page={props.page.clone()} explanation={props.explanation.clone()} />
        </>
    }
}

/// A sentence that begins with a small letter after a colon, on its own. The name of a file that it begins with stays.
fn capitalized(text: &str) -> String {
    if text
        .split(' ')
        .next()
        .is_some_and(|word| word.contains('.'))
    {
        return text.to_owned();
    }
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Component properties of the reason.
#[derive(Properties, PartialEq)]
pub struct ReasonProps {
    /// The page.
    pub page: Page,
    /// What failed.
    pub failed: Rc<Failed>,
    /// Whether it may be mended since.
    #[prop_or_default]
    pub edited: bool,
}

/// The reason in a sentence, what to do, and the buttons for it.
#[component]
pub fn Reason(props: &ReasonProps) -> Html {
    let (page, failed) = (&props.page, &props.failed);
    let failure = &failed.failure;
    let undo = failed.undo.map(|entry| {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            page.undo(entry);
        })
    });
    let go = failure.place.clone().map(|place| {
        let (page, to) = (page.clone(), place.clone());
        let onclick = Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            page.open(&to.path, Some(to.line));
        });
        let name = place.path.rsplit('/').next().unwrap_or(&place.path);
        (onclick, format!("{name}:{}", place.line))
    });
    html! {
        <div class="failed-reason">
            <p>
                <strong>{ words::failed(failed.verb, failed.again) }</strong>
                { " " }{ marked(&words::sentence(failure)) }
                { " " }<span class="advice">{
                    if props.edited { html! { words::EDITED } } else { marked(&words::advice(failure, failed.undo.is_some())) }
                }</span>
            </p>
            <div class="failed-acts">
                if let Some((onclick, name)) = go {
                    <button class="link" {onclick}>{ name }</button>
                }
                if let Some(onclick) = undo {
                    <button class="small" {onclick}>{ crate::console::words::BRING_BACK }</button>
                }
                if let Some(explanation) = failure.explanation.as_deref().cloned().filter(|_| !props.edited) {
                    <MendButton page={page.clone()} {explanation} />
                }
            </div>
        </div>
    }
}

/// Component properties of the bar.
#[derive(Properties, PartialEq)]
pub struct FailureBarProps {
    /// The page.
    pub page: Page,
    /// What failed.
    pub explain: ExplainState,
}

/// The bar under the buttons; on a narrow page the button that failed opens it.
#[component]
pub fn FailureBar(props: &FailureBarProps) -> Html {
    let Some(failed) = props.explain.failed.clone() else {
        return Html::default();
    };
    let page = props.page.clone();
    let edited = props.explain.edited;
    let again = {
        let (page, line) = (page.clone(), failed.line.clone());
        Callback::from(move |_: MouseEvent| page.command(line.to_string()))
    };
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ExplainAction::Close))
    };
    html! {
        <section class={classes!("failure-bar", props.explain.open.then_some("open"), edited.then_some("edited"))} aria-label={words::LABEL} role="alert">
            <Reason page={page.clone()} {failed} {edited} />
            <button class={if edited { "solid" } else { "small" }} onclick={again}>{ words::TRY_AGAIN }</button>
            <button class="quiet" onclick={close} aria-label={words::DISMISS} title={words::DISMISS}><Icon of={Drawing::Close} /></button>
        </section>
    }
}
