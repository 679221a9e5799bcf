//! The menu of workspaces, and whether the open one is kept.

use std::rc::Rc;

use protocol::examples::EXAMPLES;
use protocol::{KeepRequest, Request, Source, Storage, WorkspaceEntry};
use yew::prelude::*;

use super::words;
use crate::page::{Page, embedded};
use crate::ui::menu::{close_menu, menu_keys, stay_in_menu};

/// Component properties of the menu.
#[derive(Properties, PartialEq)]
pub struct WorkspaceMenuProps {
    /// The page.
    pub page: Page,
    /// The workspaces.
    pub workspaces: Rc<Vec<WorkspaceEntry>>,
    /// Whether the open one is kept.
    pub storage: Storage,
    /// What else can be done with it.
    #[prop_or_default]
    pub children: Html,
}

/// The menu: the name of the open workspace, the others, what can be done with it.
#[component]
pub fn WorkspaceMenu(props: &WorkspaceMenuProps) -> Html {
    let page = props.page.clone();
    let (onfocusout, onkeydown) = menu_keys();
    let renaming = use_state_eq(|| false);
    let field = use_node_ref();
    let open = props
        .workspaces
        .iter()
        .find(|one| one.open)
        .cloned()
        .unwrap_or_default();
    let ask = |request: Request| {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            page.do_change(request.clone(), None);
        })
    };
    let rename = {
        let (page, renaming, field, id) = (
            page.clone(),
            renaming.clone(),
            field.clone(),
            open.id.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            renaming.set(false);
            if let Some(input) = field.cast::<web_sys::HtmlInputElement>() {
                let (id, name) = (id.clone(), input.value());
                page.do_change(Request::Keep(KeepRequest::Rename { id, name }), None);
            }
        })
    };
    let start_renaming = {
        let renaming = renaming.clone();
        Callback::from(move |event: MouseEvent| {
            stay_in_menu(&event);
            renaming.set(true);
        })
    };
    {
        let field = field.clone();
        use_effect_with(*renaming, move |renaming| {
            if *renaming && let Some(input) = field.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
                input.select();
            }
        });
    }
    let reset = {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            page.do_reset();
        })
    };
    let remove = {
        let (page, id, name) = (page.clone(), open.id.clone(), open.name.clone());
        Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            page.remove_workspace(&id, &name);
        })
    };
    // What other tabs did shows when the menu opens.
    let refresh = {
        let page = page.clone();
        Callback::from(move |_: Event| page.do_change(Request::View, None))
    };
    let read_only = props.storage == Storage::ReadOnly;
    let name = if open.name.is_empty() {
        words::UNNAMED.to_owned()
    } else {
        open.name.clone()
    };
    html! {
        <details class="menu workspaces" {onfocusout} {onkeydown} ontoggle={refresh}>
            <summary class="quiet" aria-label={format!("{}: {name}", words::MENU)}>
                <span class="workspace-name">{ &name }</span><span class="sign" aria-hidden="true">{ "▾" }</span>
            </summary>
            <div class="sheet" role="group" tabindex="-1" aria-label={words::MENU}>
                if *renaming {
                    <form class="name-form" onsubmit={rename}>
                        <input ref={field} value={open.name.clone()} aria-label={words::NAME} autocomplete="off" />
                        <button class="small" type="submit">{ words::KEEP_NAME }</button>
                    </form>
                } else {
                    <div class="workspace-acts">
                        <button class="small" onclick={start_renaming} disabled={read_only}>{ words::RENAME }</button>
                        <button class="small" onclick={ask(Request::Keep(KeepRequest::New { name: String::new(), from: Source::Copy }))}>{ words::DUPLICATE }</button>
                        <button class="small" onclick={reset} disabled={read_only}>{ words::RESET }</button>
                        <button class="small danger" onclick={remove} disabled={read_only}>{ words::REMOVE }</button>
                    </div>
                }
                <p class="note">{ format!("{name}: {}", told(&props.storage).0) }</p>
                { props.children.clone() }
                <p class="note">{ words::YOURS }</p>
                { for props.workspaces.iter().map(|one| html! {
                    <button class="choice state" onclick={ask(Request::Keep(KeepRequest::Open { id: one.id.clone() }))} aria-current={one.open.then_some("true")} data-workspace={one.id.clone()}>
                        <strong>{ &one.name }</strong>
                        <span class="time">{ words::size(one.bytes) }</span>
                    </button>
                }) }
                <p class="note">{ words::NEW }</p>
                { for EXAMPLES.iter().map(|example| html! {
                    <button class="choice" onclick={ask(Request::Keep(KeepRequest::New { name: String::new(), from: Source::Example(example.name.to_owned()) }))} data-example={example.name}>
                        <strong>{ example.title }</strong>
                        <span>{ example.about }</span>
                    </button>
                }) }
            </div>
        </details>
    }
}

/// Whether the open workspace is kept, in words, and whether that is bad news.
fn told(storage: &Storage) -> (String, bool) {
    match storage {
        Storage::Unknown => (words::NOT_YET.to_owned(), false),
        Storage::Saving => (words::SAVING.to_owned(), false),
        Storage::Saved => (words::SAVED.to_owned(), false),
        Storage::ReadOnly => (words::READ_ONLY.to_owned(), true),
        Storage::Failed { .. } if embedded() => (words::EMBEDDED.to_owned(), true),
        Storage::Failed { reason } => (words::not_saved(reason), true),
    }
}

/// What the page says of saving.
#[derive(Properties, PartialEq, Eq)]
pub struct KeptProps {
    /// Whether the open workspace is kept; nothing before that is known.
    pub storage: Option<Storage>,
}

/// Whether the open workspace is kept, in words.
#[component]
pub fn Kept(props: &KeptProps) -> Html {
    let (text, bad) = match &props.storage {
        None => (words::STARTING.to_owned(), false),
        Some(storage) => told(storage),
    };
    html! {
        <span class={classes!("storage", bad.then_some("bad"))} role="status" title={text.clone()}>{ text }</span>
    }
}

/// Component properties of the bar of a page that only looks.
#[derive(Properties, PartialEq)]
pub struct ElsewhereProps {
    /// The page.
    pub page: Page,
}

/// Says that another tab may change the workspace, and takes over.
#[component]
pub fn Elsewhere(props: &ElsewhereProps) -> Html {
    let page = props.page.clone();
    let take_over = Callback::from(move |_: MouseEvent| {
        page.do_change(Request::Keep(KeepRequest::TakeOver), None)
    });
    html! {
        <div class="notice elsewhere" role="alert">
            <p>{ words::ELSEWHERE }</p>
            <button class="solid" onclick={take_over}>{ words::TAKE_OVER }</button>
        </div>
    }
}
