//! The file tree: every file of the project, and making, renaming and deleting them.

use std::rc::Rc;

use protocol::{Change, Changes, Contents, FileEntry, FileKind, FilesRequest, Request};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::search::Search;
use super::state::FilesAction;
use super::words;
use crate::page::{Page, narrow};
use crate::ui::icon::{Drawing, Icon};

/// Component properties of the tree.
#[derive(Properties, PartialEq)]
pub struct FilesProps {
    /// The page.
    pub page: Page,
    /// All files.
    pub files: Rc<Vec<FileEntry>>,
    /// All folders.
    pub folders: Rc<Vec<String>>,
    /// What the last command changed.
    pub changes: Rc<Changes>,
    /// The file in the Models column.
    pub open: Option<Rc<str>>,
    /// The file of the chosen revision.
    pub revision: Option<Rc<str>>,
    /// Whether it shows what a search found.
    pub searching: bool,
}

/// Rows are drawn in forties, so that a little scrolling draws nothing anew; three of them at once.
const STEP: usize = 40;
const DRAWN: usize = 3 * STEP;

#[derive(PartialEq)]
struct Item {
    path: String,
    name: String,
    depth: usize,
    file: Option<FileEntry>,
}

fn items(files: &[FileEntry], folders: &[String]) -> Vec<Item> {
    let mut items: Vec<Item> = folders
        .iter()
        .map(|path| (path, None))
        .chain(files.iter().map(|file| (&file.path, Some(file.clone()))))
        .map(|(path, file)| Item {
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            depth: path.matches('/').count(),
            path: path.clone(),
            file,
        })
        .collect();
    // Folders before files, level by level.
    let key = |item: &Item| -> Vec<(bool, String)> {
        let parts: Vec<&str> = item.path.split('/').collect();
        let last = parts.len() - 1;
        parts
            .iter()
            .enumerate()
            .map(|(index, part)| (index == last && item.file.is_some(), part.to_string()))
            .collect()
    };
    items.sort_by_cached_key(key);
    items
}

#[derive(Clone, PartialEq)]
enum Doing {
    Nothing,
    Making,
    Renaming(String),
    Deleting(String),
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{:.1} kB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// The tree.
#[component]
pub fn Files(props: &FilesProps) -> Html {
    let page = props.page.clone();
    let doing = use_state(|| Doing::Nothing);
    let input = use_node_ref();
    let listed = use_memo(
        (props.files.clone(), props.folders.clone()),
        |(files, folders)| items(files, folders),
    );
    // How many forties are scrolled by, and how high a row is.
    let top = use_state_eq(|| (0, 0));
    let onscroll = {
        let top = top.clone();
        Callback::from(move |event: Event| {
            let tree = event.target_dyn_into::<web_sys::Element>();
            let row = tree
                .as_ref()
                .and_then(|tree| tree.query_selector("li:not(.spacer)").ok()?);
            if let (Some(tree), Some(row)) = (tree, row) {
                let height = row.client_height().max(1) as usize;
                top.set((tree.scroll_top().max(0) as usize / height / STEP, height));
            }
        })
    };
    {
        let input = input.clone();
        use_effect_with((*doing).clone(), move |doing| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                // Set once: a value in the markup would replace what is typed at every render.
                if let Doing::Renaming(path) = doing {
                    input.set_value(path);
                }
                let _ = input.focus();
                input.select();
            }
        });
    }
    let set = |what: Doing| {
        let doing = doing.clone();
        Callback::from(move |_: MouseEvent| doing.set(what.clone()))
    };
    let submit = {
        let (page, doing, input) = (page.clone(), doing.clone(), input.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = input
                .cast::<web_sys::HtmlInputElement>()
                .map(|input| input.value().trim().trim_matches('/').to_owned())
                .unwrap_or_default();
            if name.is_empty() {
                return;
            }
            match &*doing {
                Doing::Making => {
                    if page.state().view.files.iter().any(|file| file.path == name) {
                        page.notice(&words::there_already(&name), true);
                        return;
                    }
                    page.do_change(
                        Request::Files(FilesRequest::Write {
                            path: name.clone(),
                            contents: Contents::Text(String::new()),
                        }),
                        // At its line, so that the editor takes the keyboard.
                        Some(FilesAction::Open {
                            path: name.as_str().into(),
                            line: Some(1),
                        }),
                    );
                    if narrow() {
                        page.dispatch(FilesAction::Tree(false));
                    }
                }
                Doing::Renaming(from) if *from != name => page.do_change(
                    Request::Files(FilesRequest::Rename {
                        from: from.clone(),
                        to: name.clone(),
                    }),
                    Some(FilesAction::Open {
                        path: name.as_str().into(),
                        line: None,
                    }),
                ),
                _ => {}
            }
            doing.set(Doing::Nothing);
        })
    };
    let onkeydown = {
        let (doing, page) = (doing.clone(), page.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                if *doing == Doing::Nothing {
                    page.dispatch(FilesAction::Tree(false));
                } else {
                    doing.set(Doing::Nothing);
                }
            }
        })
    };
    let form = |label: &'static str| {
        html! {
            <form class="name-form" onsubmit={submit.clone()}>
                <label class="hidden" for="file-name">{ label }</label>
                <input id="file-name" ref={input.clone()} placeholder={label} autocomplete="off" spellcheck="false" />
                <button class="small" type="submit">{ words::OK }</button>
            </form>
        }
    };
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(FilesAction::Tree(false)))
    };
    let search = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(FilesAction::Search(true)))
    };
    let all = listed.len();
    let first = (top.0 * STEP)
        .saturating_sub(STEP)
        .min(all.saturating_sub(DRAWN));
    let end = (first + DRAWN).min(all);
    let spacer = |rows: usize| {
        // Before it was scrolled a row's height is not known: a guess that is never seen.
        let height = rows * top.1.max(28);
        html! {
            if rows > 0 {
                <li class="spacer" aria-hidden="true"><svg width="1" height={height.to_string()} /></li>
            }
        }
    };
    html! {
        <aside class="tree" aria-label={words::TITLE} {onkeydown} {onscroll}>
            if props.searching {
                <Search page={props.page.clone()} />
            } else {
            <>
            <div class="tree-head">
                <h2>{ words::TITLE }</h2>
                <button class="quiet" onclick={search} aria-label={words::SEARCH} title={words::SEARCH_KEY}><Icon of={Drawing::Search} /></button>
                <button class="quiet" onclick={set(Doing::Making)} aria-label={words::NEW} title={words::NEW}><Icon of={Drawing::Plus} /></button>
                <button class="quiet" onclick={close} aria-label={words::CLOSE} title={words::CLOSE_KEY}><Icon of={Drawing::Close} /></button>
            </div>
            if *doing == Doing::Making { { form(words::NEW_NAME) } }
            <ul>
                { spacer(first) }
                <>{ for listed[first..end].iter().enumerate().map(|(place, item)| {
                    let depth = format!("depth-{}", item.depth.min(6));
                    let Some(file) = &item.file else {
                        return html! { <li class={classes!("folder", depth)} key={item.path.clone()}><span>{ &item.name }{ "/" }</span></li> };
                    };
                    if *doing == Doing::Renaming(item.path.clone()) {
                        return html! { <li key={item.path.clone()}>{ form(words::NEW_PATH) }</li> };
                    }
                    if *doing == Doing::Deleting(item.path.clone()) {
                        let delete = {
                            let (page, doing, path) = (page.clone(), doing.clone(), item.path.clone());
                            Callback::from(move |_: MouseEvent| {
                                page.do_change(Request::Files(FilesRequest::Remove { path: path.clone() }), None);
                                doing.set(Doing::Nothing);
                            })
                        };
                        return html! {
                            <li class="deleting" key={item.path.clone()}>
                                <span>{ words::delete_question(&item.name) }</span>
                                <button class="small danger" onclick={delete}>{ words::DELETE }</button>
                                <button class="small" onclick={set(Doing::Nothing)}>{ words::KEEP }</button>
                            </li>
                        };
                    }
                    let open = {
                        let (page, path) = (page.clone(), item.path.clone());
                        Callback::from(move |event: MouseEvent| {
                            page.open(&path, None);
                            if narrow() {
                                page.dispatch(FilesAction::Tree(false));
                            } else if let Some(button) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
                                let _ = button.focus();
                            }
                        })
                    };
                    let change = props.changes.files.iter().find(|(path, _)| *path == item.path).map(|(_, change)| *change);
                    let shown = Some(item.path.as_str()) == props.open.as_deref() || Some(item.path.as_str()) == props.revision.as_deref();
                    html! {
                        <li class={classes!("file", depth, shown.then_some("shown"))} key={item.path.clone()} aria-setsize={all.to_string()} aria-posinset={(first + place + 1).to_string()}>
                            <button class="open" onclick={open} aria-current={shown.then_some("true")}>
                                <span class="file-name">{ &item.name }</span>
                                if let Some(change @ (Change::Added | Change::Altered)) = change { { crate::ui::change::sign(Some(change)) } }
                                if file.kind != FileKind::Text { <span class="size">{ size(file.size) }</span> }
                            </button>
                            <button class="quiet tool" onclick={set(Doing::Renaming(item.path.clone()))} aria-label={words::rename(&item.path)} title={words::RENAME}><Icon of={Drawing::Pencil} /></button>
                            <button class="quiet tool" onclick={set(Doing::Deleting(item.path.clone()))} aria-label={words::delete(&item.path)} title={words::DELETE}><Icon of={Drawing::Close} /></button>
                        </li>
                    }
                }) }</>
                { spacer(all - end) }
            </ul>
            </>
            }
        </aside>
    }
}
