//! The line at the top: the name, the workspaces and whether they are kept, and light or dark.

use std::rc::Rc;

use protocol::{Storage, WorkspaceEntry};
use yew::prelude::*;

use super::state::Pane;
use crate::comments::effects::toggle;
use crate::comments::words as comments_words;
use crate::files::state::FilesAction;
use crate::keep::view::{Kept, WorkspaceMenu};
use crate::lessons::{authoring, opening, words as lessons};
use crate::page::{Page, remember};
use crate::palette::state::{Overlay, PaletteAction};
use crate::palette::words;
use crate::share::view::ShareMenu;
use crate::share::words as share;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::menu::{Menu, close_menu};

/// Component properties of the line.
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The page.
    pub page: Page,
    /// Whether the worker answers.
    pub ready: bool,
    /// Whether the workspace is kept.
    pub storage: Storage,
    /// Version of SQLite.
    pub sqlite: Rc<str>,
    /// Whether the project's database is one of PostgreSQL.
    pub postgresql: bool,
    /// The workspaces.
    pub workspaces: Rc<Vec<WorkspaceEntry>>,
    /// Whether the file tree is open.
    pub tree: bool,
    /// Whether the pane of comments is open, and how many threads are not resolved.
    pub comments: (bool, usize),
}

/// Light becomes dark, dark light.
pub fn switch_theme() {
    let Some(root) = gloo::utils::document().document_element() else {
        return;
    };
    let dark = match root.get_attribute("data-theme").as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => gloo::utils::window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    };
    let next = if dark { "light" } else { "dark" };
    let _ = root.set_attribute("data-theme", next);
    remember("limbeck:theme", next);
}

/// The line.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let page = props.page.clone();
    let tree = {
        let (page, open) = (page.clone(), props.tree);
        Callback::from(move |_| page.dispatch(FilesAction::Tree(!open)))
    };
    let new = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.new_project())
    };
    let lessons = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| opening::show_list(&page))
    };
    let comments = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| toggle(&page))
    };
    let over = |overlay: Overlay, title: &'static str, name: &'static str, drawing: Drawing| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            page.dispatch(PaletteAction::Overlay(Some(overlay)))
        });
        html! { <button class="quiet" {onclick} aria-label={name} aria-haspopup="dialog" {title}><Icon of={drawing} /></button> }
    };
    html! {
        <header class="header">
            <h1 class="name"><Icon of={Drawing::Still} /><span class="word">{ super::words::header::NAME }</span></h1>
            <button class="quiet files-toggle" onclick={tree} aria-pressed={props.tree.to_string()} title={super::words::header::FILES_KEY}>
                <Icon of={Drawing::Tree} /><span class="word">{ crate::files::words::TITLE }</span>
            </button>
            <WorkspaceMenu page={page.clone()} workspaces={props.workspaces.clone()} storage={props.storage.clone()}>
                { choices(&page, &[(lessons::LIST, lessons::ABOUT, opening::show_list), (lessons::MAKE, lessons::MAKE_ABOUT, authoring::make_lesson)]) }
            </WorkspaceMenu>
            <Kept storage={props.ready.then(|| props.storage.clone())} />
            <button class="quiet new-project" onclick={new} aria-label={super::words::header::NEW} title={super::words::header::NEW}>
                <Icon of={Drawing::Plus} /><span class="word">{ super::words::header::NEW_SHORT }</span>
            </button>
            <OpenMenu page={page.clone()} />
            <button class="quiet lessons" onclick={lessons} aria-haspopup="dialog" aria-label={lessons::TITLE} title={lessons::TITLE}>
                <Icon of={Drawing::Lesson} /><span class="word">{ lessons::TITLE }</span>
            </button>
            <span class="space"></span>
            if props.comments.0 || props.comments.1 > 0 {
                <button class="quiet comments-toggle" onclick={comments} aria-pressed={props.comments.0.to_string()} aria-label={comments_words::unresolved(props.comments.1)} title={comments_words::TITLE}>
                    <Icon of={Drawing::Comment} /><span aria-hidden="true">{ props.comments.1 }</span>
                </button>
            }
            if props.postgresql {
                <span class="version">{ super::words::header::POSTGRESQL }</span>
            } else if !props.sqlite.is_empty() {
                <span class="version">{ super::words::header::sqlite(&props.sqlite) }</span>
            }
            <ShareMenu page={props.page.clone()} />
            { over(Overlay::Palette, words::PALETTE_KEY, words::TITLE, Drawing::Search) }
            <HelpMenu page={page.clone()} />
            <button class="quiet theme" onclick={Callback::from(|_| switch_theme())} aria-label={super::words::header::THEME} title={super::words::header::THEME}>
                <Icon of={Drawing::Theme} />
            </button>
        </header>
    }
}

/// What the menus of the header need.
#[derive(Properties, PartialEq)]
struct HeaderMenuProps {
    page: Page,
}

/// Something of a menu: what it says, what that is, and what it does.
type Choice = (&'static str, &'static str, fn(&Page));

fn choices(page: &Page, all: &[Choice]) -> Html {
    html! {
        { for all.iter().map(|(title, about, act)| {
            let (page, act) = (page.clone(), *act);
            let onclick = Callback::from(move |event: MouseEvent| {
                close_menu(&event);
                act(&page);
            });
            html! { <button class="choice" {onclick}><strong>{ *title }</strong><span>{ *about }</span></button> }
        }) }
    }
}

/// Opening what lies on the person's disk.
#[component]
fn OpenMenu(props: &HeaderMenuProps) -> Html {
    let all: [Choice; 4] = [
        (share::IMPORT, share::IMPORT_ABOUT, |page| {
            page.choose(false)
        }),
        (share::FOLDER, share::FOLDER_ABOUT, |page| page.choose(true)),
        (share::COMPARE, share::COMPARE_ABOUT, |page| {
            page.choose_beside(false)
        }),
        (share::COMPARE_FOLDER, share::COMPARE_FOLDER_ABOUT, |page| {
            page.choose_beside(true)
        }),
    ];
    let summary = html! { <><Icon of={Drawing::Open} /><span class="word">{ super::words::header::OPEN }</span></> };
    html! {
        <Menu {summary} label={super::words::header::OPEN} class="open-menu">
            { choices(&props.page, &all) }
        </Menu>
    }
}

/// Help.
#[component]
fn HelpMenu(props: &HeaderMenuProps) -> Html {
    use super::words::header as said;
    let all: [Choice; 5] = [
        (lessons::LIST, lessons::ABOUT, opening::show_list),
        (said::DOCUMENTATION, said::DOCUMENTATION_ABOUT, |_| {
            // Where the browser opens no window, nothing is lost.
            let _ = gloo::utils::window().open_with_url_and_target_and_features(
                "./docs/index.html",
                "_blank",
                "noopener",
            );
        }),
        (words::SHEET, said::KEYS_ABOUT, |page| {
            page.dispatch(PaletteAction::Overlay(Some(Overlay::Keys)));
        }),
        (words::HELP, said::CONSOLE_ABOUT, |page| {
            page.command("help");
            page.go(Pane::Console);
        }),
        (said::ALEMBIC_HELP, said::ALEMBIC_HELP_ABOUT, |page| {
            page.command("alembic --help");
            page.go(Pane::Console);
        }),
    ];
    let summary =
        html! { <><Icon of={Drawing::Help} /><span class="word">{ said::HELP }</span></> };
    html! {
        <Menu {summary} label={said::HELP} class="help-menu">
            { choices(&props.page, &all) }
        </Menu>
    }
}
