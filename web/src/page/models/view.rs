//! The Models column: the editor, and under it what autogenerate would write now.

use std::rc::Rc;

use protocol::examples::EXAMPLES;
use protocol::{Diagnostic, FileEntry, FileKind, Pending, Verb};
use yew::prelude::*;

use super::setup::Setup;
use super::state::suggested_message;
use super::words::{self, pending};
use crate::editor::view::Editor;
use crate::editor::{Note, Reveal};
use crate::explain::state::{ExplainAction, ExplainState};
use crate::explain::view::Explained;
use crate::explain::words as explain;
use crate::files::state::FilesAction;
use crate::page::Page;
use crate::ui::change::sign;
use crate::ui::icon::{Drawing, Icon};
use crate::words as common;
use crate::words::count;

/// Component properties of the column.
#[derive(Properties, PartialEq)]
pub struct ModelsProps {
    /// The page.
    pub page: Page,
    /// All files.
    pub files: Rc<Vec<FileEntry>>,
    /// Those with models.
    pub models: Rc<Vec<String>>,
    /// The one that is open.
    pub file: Option<Rc<str>>,
    /// Number of the workspace.
    pub generation: u32,
    /// What autogenerate would write.
    pub pending: Option<Rc<Pending>>,
    /// Whether a newer answer is on its way.
    pub asked: bool,
    /// Where to go.
    pub reveal: Option<Rc<Reveal>>,
    /// What failed last.
    pub explain: ExplainState,
    /// What is wrong with the lesson that the workspace holds, at its line.
    pub problem: Option<Rc<Note>>,
    /// Whether the line of the first step is to be marked.
    pub first_step: bool,
}

/// The column.
#[component]
pub fn ModelsColumn(props: &ModelsProps) -> Html {
    let page = props.page.clone();
    let empty = use_memo((), |()| Vec::<Diagnostic>::new());
    let file = props
        .file
        .as_deref()
        .and_then(|path| props.files.iter().find(|file| file.path == path));
    let diagnostics = use_memo(props.pending.clone(), |pending| {
        pending
            .as_deref()
            .map(|pending| pending.diagnostics.clone())
            .unwrap_or_default()
    });
    let diagnostics = if props.asked && diagnostics.is_empty() {
        empty
    } else {
        diagnostics
    };
    let mut tabs: Vec<String> = props.models.iter().take(6).cloned().collect();
    if let Some(path) = props.file.as_deref()
        && !tabs.iter().any(|tab| tab == path)
    {
        tabs.push(path.to_owned());
    }
    let open = |path: String| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.open(&path, None))
    };
    let on_submit = {
        let page = page.clone();
        Callback::from(move |_: String| {
            let state = page.state();
            let pending = state.models.pending.clone();
            page.flush();
            if let Some(pending) = pending
                && !pending.operations.is_empty()
                && !state.models.asked
            {
                page.command(format!(
                    "alembic revision --autogenerate -m {}",
                    protocol::console::quote(&suggested_message(&pending))
                ));
            } else {
                page.command("alembic check");
            }
        })
    };
    let tree = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(FilesAction::Tree(true)))
    };
    html! {
        <section class="column" id="models" data-title={crate::app::words::columns::MODELS} tabindex="-1" aria-labelledby="models-title">
            <div class="files-bar">
                <div class="file-tabs" role="tablist" aria-label={words::FILES}>
                { for tabs.iter().map(|path| {
                    let chosen = props.file.as_deref() == Some(path.as_str());
                    html! {
                        <button role="tab" aria-selected={chosen.to_string()} onclick={open(path.clone())} title={path.clone()}>
                            { path.strip_suffix("/__init__.py").map_or_else(|| path.rsplit('/').next().unwrap_or(path).to_owned(), |folder| format!("{folder}/…")) }
                        </button>
                    }
                }) }
                </div>
                <button class="quiet more" onclick={tree} aria-label={words::ALL_FILES} title={words::ALL_FILES_KEY}><Icon of={Drawing::Tree} /></button>
            </div>
            <Setup page={page.clone()} pending={props.pending.clone()} models={props.models.clone()} />
            <div class="editor-frame">
                if file.is_some_and(|file| file.kind == FileKind::Text) {
                    <Editor
                        page={page.clone()}
                        path={props.file.clone()}
                        hash={file.map(|file| file.hash.clone()).unwrap_or_default()}
                        generation={props.generation}
                        {diagnostics}
                        reveal={props.reveal.clone()}
                        note={props.problem.clone().or_else(|| props.explain.note.clone())}
                        label={crate::app::words::columns::MODELS}
                        marked={props.first_step.then_some(EXAMPLES[0].first_line).flatten()}
                        {on_submit}
                    />
                } else if file.is_some() {
                    <p class="empty">{ words::NOT_A_TEXT }</p>
                } else {
                    <p class="empty">{ words::NO_FILE }</p>
                }
            </div>
            <PendingList page={page.clone()} pending={props.pending.clone()} asked={props.asked} explain={props.explain.clone()} />
        </section>
    }
}

/// Component properties of the list.
#[derive(Properties, PartialEq)]
pub struct PendingProps {
    /// The page.
    pub page: Page,
    /// What autogenerate would write.
    pub pending: Option<Rc<Pending>>,
    /// Whether a newer answer is on its way.
    pub asked: bool,
    /// What failed last: it is not offered again.
    pub explain: ExplainState,
}

/// So many changes are drawn at first, and with each step further.
const OPERATIONS: usize = 40;

/// What autogenerate would write now.
#[component]
pub fn PendingList(props: &PendingProps) -> Html {
    let page = props.page.clone();
    let go = |path: &str, line: u32| {
        let (page, path) = (page.clone(), path.to_owned());
        Callback::from(move |_: MouseEvent| page.open(&path, Some(line)))
    };
    let upgrade = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.command("alembic upgrade head"))
    };
    let why = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ExplainAction::Open(true)))
    };
    // Of many changes those are drawn that were scrolled to.
    let drawn = use_state_eq(|| OPERATIONS);
    let more = {
        let drawn = drawn.clone();
        move || drawn.set(*drawn + OPERATIONS)
    };
    let onscroll = {
        let more = more.clone();
        Callback::from(move |event: Event| {
            if let Some(list) = event.target_dyn_into::<web_sys::Element>()
                && list.scroll_top() + 2 * list.client_height() > list.scroll_height()
            {
                more();
            }
        })
    };
    let on_more = Callback::from(move |_: MouseEvent| more());
    let body = match props.pending.as_deref() {
        None => html! { <p class="empty">{ pending::COMPARING }</p> },
        Some(pending) => html! {
            <>
                if let Some(failure) = &pending.failure {
                    <div class={classes!("failure", pending.behind.then_some("behind"))}>
                        if let Some(place) = &failure.place {
                            <button class="link" onclick={go(&place.path, place.line)}>{ format!("{}:{}", place.path, place.line) }</button>
                        }
                        <p class="text">{ &failure.message }</p>
                        if let Some(hint) = &failure.hint { <p class="advice">{ hint }</p> }
                        if pending.behind && props.explain.has_failed(Verb::Upgrade) {
                            <p class="advice">{ explain::UPGRADE_FAILED }</p>
                            <button class="small" onclick={why}>{ explain::SHOW_WHY }</button>
                        } else if pending.behind {
                            <p class="advice">{ pending::BEHIND }</p>
                            <button class="solid" onclick={upgrade}>{ pending::UPGRADE_FIRST }</button>
                        } else if let Some(explanation) = &failure.explanation {
                            <Explained page={page.clone()} explanation={(**explanation).clone()} />
                        }
                    </div>
                } else if pending.operations.is_empty() && pending.explanation.is_none() {
                    <p class="empty">{ pending::NOTHING }</p>
                }
                if let Some(explanation) = &pending.explanation {
                    <div class="failure unexpected">
                        <Explained page={page.clone()} explanation={explanation.clone()} />
                    </div>
                }
                <ul class="operations">
                    { for pending.operations.iter().take(*drawn).map(|operation| html! {
                        <li>
                            { sign(operation.change) }
                            <div>
                                <p class="text">{ &operation.text }</p>
                                if !operation.code.is_empty() { <pre class="code">{ &operation.code }</pre> }
                            </div>
                        </li>
                    }) }
                    if let Some(rest) = pending.operations.len().checked_sub(*drawn).filter(|rest| *rest > 0) {
                        <li><button class="small" onclick={on_more}>{ pending::more(rest) }</button></li>
                    }
                </ul>
            </>
        },
    };
    let number = props
        .pending
        .as_deref()
        .map(|pending| pending.operations.len())
        .unwrap_or_default();
    html! {
        <section class={classes!("pending", props.asked.then_some("stale"))} aria-labelledby="pending-title" aria-live="polite" aria-busy={props.asked.to_string()}>
            <h3 id="pending-title">
                { pending::TITLE }
                <span class="count">{ if number > 0 { count(number, common::CHANGE) } else { String::new() } }</span>
            </h3>
            <div class="scroll" tabindex="0" role="group" aria-label={pending::LIST} {onscroll}>{ body }</div>
        </section>
    }
}
