//! The pane of comments: threads, each with its place, its answers and what can be done with it.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::compose::{Compose, Name};
use super::effects::{change_shown, close, edit, go_to, name, resolve, say};
use super::markdown_copy::{copy_link, copy_review};
use super::part::part;
use super::state::Discussion;
use super::thread::{Anchor, Comment, Thread};
use super::words;
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;

/// Component properties of the pane.
#[derive(Properties, PartialEq)]
pub struct CommentsProps {
    /// The page.
    pub page: Page,
    /// The comments.
    pub discussion: Option<Rc<Discussion>>,
}

/// The pane.
#[component]
pub fn CommentsPane(props: &CommentsProps) -> Html {
    let page = props.page.clone();
    let discussion = props.discussion.clone().unwrap_or_default();
    let asking = use_state(|| false);
    let unnamed = discussion.author.trim().is_empty();
    // Who begins to type a name goes on typing it.
    let asks = *asking || unnamed;
    {
        let asking = asking.setter();
        use_effect_with(unnamed, move |unnamed| {
            if *unnamed {
                asking.set(true);
            }
        });
    }
    // A thread that was chosen is brought into sight, and has the keyboard.
    use_effect_with(discussion.chosen.clone(), |(chosen, _)| {
        let document = gloo::utils::document();
        if let Some(id) = chosen
            && let Some(element) = document.get_element_by_id(&format!("thread-{id}"))
        {
            element.scroll_into_view();
            if let Some(element) = wasm_bindgen::JsCast::dyn_ref::<HtmlElement>(&element) {
                let _ = element.focus();
            }
        }
    });
    let on_name = {
        let page = page.clone();
        Callback::from(move |given: String| name(&page, &given))
    };
    let ask = {
        let asking = asking.setter();
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    let on_said = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(false))
    };
    let on_close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| close(&page))
    };
    let markdown = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| copy_review(&page))
    };
    let show_resolved = {
        let page = page.clone();
        Callback::from(move |_: Event| change_shown(&page, |one| one.resolved = !one.resolved))
    };
    let begun = discussion.begun.clone().map(|anchor| {
        let on_say = {
            let (page, anchor, on_said) = (page.clone(), anchor.clone(), on_said.clone());
            Callback::from(move |text: String| {
                on_said.emit(());
                say(&page, Err(anchor.clone()), text);
            })
        };
        let on_cancel = {
            let page = page.clone();
            Callback::from(move |()| change_shown(&page, |one| one.begun = None))
        };
        html! {
            <div class="thread begun" key={format!("{anchor:?}")}>
                { place(&page, &anchor, None) }
                <Compose label={words::TEXT} action={words::COMMENT} focus=true disabled={unnamed} {on_say} {on_cancel} />
            </div>
        }
    });
    let all = discussion.comments.in_order();
    let resolved = all.iter().filter(|(_, one)| one.is_resolved()).count();
    let threads = all
        .iter()
        .filter(|(_, one)| discussion.resolved || !one.is_resolved());
    html! {
        <section class="comments" id="comments" tabindex="-1" aria-labelledby="comments-title">
            <div class="comments-head">
                <h2 id="comments-title">{ words::TITLE }</h2>
                <button class="small" id="comments-markdown" onclick={markdown}>{ words::COPY_MARKDOWN }</button>
                <button class="quiet" onclick={on_close} aria-label={crate::words::CLOSE} title={crate::words::CLOSE}><Icon of={Drawing::Close} /></button>
            </div>
            <div class="comments-body">
                <p class="comments-said" role="status">{ &discussion.said }</p>
                if asks {
                    <Name name={discussion.author.clone()} {on_name} />
                } else {
                    <p class="note">{ words::writes(&discussion.author) }{ " " }<button class="link" onclick={ask}>{ words::CHANGE_NAME }</button></p>
                }
                { begun }
                if all.is_empty() {
                    <p class="empty">{ words::EMPTY }</p>
                }
                <ul class="threads">
                    { for threads.map(|(id, thread)| html! {
                        <ThreadItem key={(*id).clone()} page={page.clone()} discussion={discussion.clone()} id={(*id).clone()} thread={(*thread).clone()} on_said={on_said.clone()} />
                    }) }
                </ul>
                if resolved > 0 {
                    <label class="check"><input type="checkbox" id="comments-resolved" checked={discussion.resolved} onchange={show_resolved} />{ format!("{} ({resolved})", words::SHOW_RESOLVED) }</label>
                }
                <p class="note">{ words::TRAVEL }</p>
            </div>
        </section>
    }
}

/// Where a thread belongs: leads there.
fn place(page: &Page, anchor: &Anchor, line: Option<u32>) -> Html {
    let go = {
        let (page, anchor) = (page.clone(), anchor.clone());
        Callback::from(move |_: MouseEvent| go_to(&page, &anchor, line))
    };
    let quoted = match anchor {
        Anchor::Line { text, .. } if !text.is_empty() => {
            html! { <pre class="quoted" tabindex="0">{ text }</pre> }
        }
        Anchor::Finding { message, .. } => html! { <p class="quoted">{ message }</p> },
        _ => Html::default(),
    };
    html! {
        <>
            <button class="link thread-place" onclick={go}>{ words::place(anchor, line) }</button>
            { quoted }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ThreadProps {
    page: Page,
    discussion: Rc<Discussion>,
    id: String,
    thread: Thread,
    on_said: Callback<()>,
}

/// A thread.
#[component]
fn ThreadItem(props: &ThreadProps) -> Html {
    let (page, thread, id) = (&props.page, &props.thread, &props.id);
    let line = props.discussion.lines.get(id).copied();
    let changed = line == Some(None);
    let on_say = {
        let (page, id, on_said) = (page.clone(), id.clone(), props.on_said.clone());
        Callback::from(move |text: String| {
            on_said.emit(());
            say(&page, Ok(id.clone()), text);
        })
    };
    let resolved = thread.is_resolved();
    let turn = {
        let (page, id) = (page.clone(), id.clone());
        Callback::from(move |_: MouseEvent| resolve(&page, &id, !resolved))
    };
    let link = {
        let (page, id) = (page.clone(), id.clone());
        Callback::from(move |_: MouseEvent| copy_link(&page, &id))
    };
    let chosen = props.discussion.chosen.0.as_ref() == Some(id);
    let unnamed = props.discussion.author.trim().is_empty();
    html! {
        <li
            class={classes!("thread", resolved.then_some("resolved"), chosen.then_some("chosen"))}
            id={format!("thread-{id}")}
            tabindex="-1"
            aria-label={words::place(&thread.anchor, line.flatten())}
            aria-current={chosen.then_some("true")}
        >
            { place(page, &thread.anchor, line.flatten()) }
            if changed { <p class="note changed">{ words::CHANGED }</p> }
            <ul class="said">
                { for thread.in_order().into_iter().map(|(comment, one)| html! {
                    <CommentItem key={comment.clone()} page={page.clone()} thread={id.clone()} id={comment.clone()} comment={one.clone()}
                        own={one.by == props.discussion.author.trim()} new={props.discussion.new.contains(comment)} />
                }) }
            </ul>
            if let Some(by) = thread.resolved.as_ref().filter(|one| one.resolved) {
                <p class="note">{ words::resolved_by(&by.by) }</p>
            }
            <Compose label={words::REPLY} action={words::REPLY} disabled={unnamed} {on_say} />
            <p class="thread-acts">
                <button class="small" onclick={turn} disabled={unnamed}>{ if resolved { words::REOPEN } else { words::RESOLVE } }</button>
                <button class="small" onclick={link}>{ words::COPY_LINK }</button>
            </p>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct CommentProps {
    page: Page,
    thread: String,
    id: String,
    comment: Comment,
    /// Whether who writes here wrote it.
    own: bool,
    /// Whether it came with the last link.
    new: bool,
}

/// A comment: its text is shown as it is, with what stands between backticks as code.
#[component]
fn CommentItem(props: &CommentProps) -> Html {
    let comment = &props.comment;
    let editing = use_state_eq(|| false);
    let moment = use_state(String::new);
    {
        let moment = moment.setter();
        use_effect_with(comment.at, move |at| {
            let at = at.milliseconds() as f64;
            spawn_local(async move {
                if let Ok(part) = part().await {
                    moment.set(part.moment(at));
                }
            });
        });
    }
    let Some(text) = comment.text.text.clone() else {
        return html! { <li class="comment note">{ words::DELETED }</li> };
    };
    let delete = {
        let (page, thread, id) = (props.page.clone(), props.thread.clone(), props.id.clone());
        Callback::from(move |_: MouseEvent| edit(&page, &thread, &id, None))
    };
    let on_say = {
        let (page, thread, id) = (props.page.clone(), props.thread.clone(), props.id.clone());
        let editing = editing.setter();
        Callback::from(move |text: String| {
            editing.set(false);
            edit(&page, &thread, &id, Some(text));
        })
    };
    let set_editing = |on: bool| {
        let editing = editing.setter();
        move || editing.set(on)
    };
    let start = {
        let start = set_editing(true);
        Callback::from(move |_: MouseEvent| start())
    };
    let on_cancel = {
        let stop = set_editing(false);
        Callback::from(move |()| stop())
    };
    html! {
        <li class="comment" data-comment={props.id.clone()}>
            <p class="comment-head">
                <strong><bdi>{ &comment.by }</bdi></strong>
                <time datetime={String::from(comment.at)}>{ &*moment }</time>
                if comment.text.at != comment.at { <span class="note">{ words::EDITED }</span> }
                if props.new { <span class="new">{ words::NEW }</span> }
                if props.own && !*editing {
                    <button class="link" onclick={start}>{ words::EDIT }</button>
                    <button class="link" onclick={delete}>{ words::DELETE }</button>
                }
            </p>
            if *editing {
                <Compose label={words::EDIT} action={words::SAVE} text={text} focus=true {on_say} {on_cancel} />
            } else {
                <div class="comment-text" dir="auto">{ marked(&text) }</div>
            }
        </li>
    }
}
