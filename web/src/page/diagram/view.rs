//! The Diagram tab: the tables of the database or of the models, and their foreign keys. The JavaScript
//! part `diagram` lays it out and draws it; the controls above it are here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::{Models, Table, TableChange};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::words;
use crate::comments::discuss::Discuss;
use crate::comments::thread::{Anchor, kept};
use crate::page::Page;
use crate::parts;
use crate::state::State;

/// The number of tables from which only keys are shown by default.
const MANY: usize = 24;

#[wasm_bindgen]
extern "C" {
    /// The module.
    #[derive(Clone)]
    type Bundle;

    /// Makes a diagram inside an element, with these words as JSON.
    #[wasm_bindgen(method)]
    fn create(
        this: &Bundle,
        host: &web_sys::Element,
        words: &str,
        told: &js_sys::Function,
    ) -> Handle;

    /// One diagram.
    #[derive(Clone)]
    type Handle;

    /// Shows tables, given as JSON.
    #[wasm_bindgen(method)]
    fn show(this: &Handle, json: &str);

    /// All of it in sight.
    #[wasm_bindgen(method)]
    fn fit(this: &Handle);

    /// Nearer or farther.
    #[wasm_bindgen(method)]
    fn zoom(this: &Handle, factor: f64);

    /// Brings out a table, or none.
    #[wasm_bindgen(method)]
    fn focus(this: &Handle, table: &str);

    /// Its text in Mermaid's language.
    #[wasm_bindgen(method)]
    fn mermaid(this: &Handle) -> String;

    /// Gives it as a file.
    #[wasm_bindgen(method, catch)]
    async fn save(this: &Handle, kind: &str, name: &str) -> Result<JsValue, JsValue>;

    /// Ends it.
    #[wasm_bindgen(method)]
    fn close(this: &Handle);
}

#[derive(serde::Serialize)]
struct Shown<'a> {
    tables: &'a [Table],
    changes: &'a [&'a TableChange],
    against: Option<&'a [Table]>,
    compact: bool,
    fit: bool,
}

/// Component properties of the tab.
#[derive(Properties, PartialEq)]
pub struct DiagramProps {
    /// The page.
    pub page: Page,
    /// The state.
    pub state: Rc<State>,
}

type Told = Closure<dyn FnMut(String)>;

#[derive(Default)]
struct Inside {
    handle: RefCell<Option<Handle>>,
    told: RefCell<Option<Told>>,
    asked: Cell<u32>,
    shown: Cell<Option<(bool, u32)>>,
}

/// The tab.
#[component]
pub fn DiagramPanel(props: &DiagramProps) -> Html {
    let (page, state) = (props.page.clone(), props.state.clone());
    let element = use_node_ref();
    let inside = use_memo((), |()| Inside::default());
    let ready = use_state(|| false);
    let failed = use_state(|| None::<String>);
    let of_models = use_state(|| false);
    let all_columns = use_state(|| None::<bool>);
    let focus = use_state(String::new);
    let models = use_state(|| None::<Rc<Models>>);

    // Once: load the part, make the diagram.
    {
        let (inside, element) = (inside.clone(), element.clone());
        let (ready, failed, focus) = (ready.setter(), failed.setter(), focus.setter());
        use_effect_with((), move |()| {
            let ending = inside.clone();
            spawn_local(async move {
                let bundle: Bundle = match parts::load("diagram").await {
                    Ok(bundle) => bundle.unchecked_into(),
                    Err(_) => {
                        failed.set(Some(words::NOT_LOADED.to_owned()));
                        return;
                    }
                };
                let Some(host) = element.cast::<web_sys::Element>() else {
                    return;
                };
                let told = Told::new(move |name| focus.set(name));
                let handle =
                    bundle.create(&host, &words::for_drawing(), told.as_ref().unchecked_ref());
                *inside.told.borrow_mut() = Some(told);
                *inside.handle.borrow_mut() = Some(handle);
                ready.set(true);
            });
            move || {
                if let Some(handle) = ending.handle.borrow_mut().take() {
                    handle.close();
                }
            }
        });
    }
    // The models' tables, for the files as they are; the latest answer wins.
    {
        let (page, inside, models) = (page.clone(), inside.clone(), models.setter());
        use_effect_with(
            (*of_models, state.view.files.clone()),
            move |(of_models, _)| {
                if *of_models {
                    let number = inside.asked.get() + 1;
                    inside.asked.set(number);
                    spawn_local(async move {
                        if let Some(found) = page.models().await
                            && inside.asked.get() == number
                        {
                            models.set(Some(Rc::new(found)));
                        }
                    });
                }
            },
        );
    }
    let database = state.chosen_database();
    let in_database: &[Table] = database.map_or(&[], |one| &one.tables);
    let tables: &[Table] = if *of_models {
        models.as_ref().map_or(&[], |models| &models.tables)
    } else {
        in_database
    };
    let compact = !(*all_columns).unwrap_or(tables.len() < MANY);
    // The drawing's input as text; it is only redrawn when this changes.
    let json = {
        let changes: Vec<&TableChange> = state
            .view
            .changes
            .tables
            .iter()
            .filter(|change| !*of_models && Some(&change.database) == database.map(|one| &one.path))
            .collect();
        let shown = Shown {
            tables,
            changes: &changes,
            against: of_models.then_some(in_database),
            compact,
            // Another source or workspace is looked at as a whole.
            fit: inside.shown.get() != Some((*of_models, state.app.generation)),
        };
        serde_json::to_string(&shown).unwrap_or_default()
    };
    {
        let inside = inside.clone();
        let key = (*of_models, state.app.generation);
        // Models that can't be read leave what was drawn of them, under the reason.
        let known = !*of_models
            || models
                .as_ref()
                .is_some_and(|models| models.failure.is_none() || !models.tables.is_empty());
        use_effect_with((json, *ready, known), move |(json, _, known)| {
            if let Some(handle) = inside.handle.borrow().as_ref().filter(|_| *known) {
                handle.show(json);
                inside.shown.set(Some(key));
            }
        });
    }
    let call = |does: fn(&Handle)| {
        let inside = inside.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &*inside.handle.borrow() {
                does(handle);
            }
        })
    };
    let choose_source = |models: bool| {
        let of_models = of_models.clone();
        Callback::from(move |_: MouseEvent| of_models.set(models))
    };
    let toggle = {
        let all_columns = all_columns.clone();
        Callback::from(move |_: MouseEvent| all_columns.set(Some(compact)))
    };
    let pick = {
        let inside = inside.clone();
        Callback::from(move |event: Event| {
            if let (Some(select), Some(handle)) = (
                event.target_dyn_into::<web_sys::HtmlSelectElement>(),
                &*inside.handle.borrow(),
            ) {
                handle.focus(&select.value());
            }
        })
    };
    let anchor = Anchor::Table {
        table: kept(&focus),
    };
    // The table of the thread that was chosen last is brought out.
    {
        let discussion = state.comments.discussion.as_deref();
        let chosen = discussion.and_then(|one| {
            let thread = one.comments.threads.get(one.chosen.0.as_deref()?)?;
            match &thread.anchor {
                Anchor::Table { table } => Some((table.clone(), one.chosen.1)),
                _ => None,
            }
        });
        let inside = inside.clone();
        use_effect_with((chosen, *ready), move |(chosen, _)| {
            if let (Some((table, _)), Some(handle)) = (chosen, &*inside.handle.borrow()) {
                handle.focus(table);
            }
        });
    }
    let export = |kind: &'static str| {
        let (page, inside, of_models) = (page.clone(), inside.clone(), *of_models);
        Callback::from(move |event: MouseEvent| {
            // The menu has done its work.
            if let Some(menu) = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|target| target.closest("details").ok().flatten())
            {
                let _ = menu.remove_attribute("open");
            }
            let Some(handle) = inside.handle.borrow().clone() else {
                return;
            };
            let page = page.clone();
            spawn_local(async move {
                let name = if of_models { "models" } else { "database" };
                let done = if kind == "copy" {
                    let clipboard = gloo::utils::window().navigator().clipboard();
                    let written = clipboard.write_text(&handle.mermaid());
                    wasm_bindgen_futures::JsFuture::from(written).await
                } else {
                    handle.save(kind, name).await
                };
                match done {
                    Ok(_) if kind == "copy" => page.notice(words::COPIED, false),
                    Ok(_) => {}
                    Err(_) if kind == "copy" => page.notice(crate::words::NO_CLIPBOARD, true),
                    Err(_) => page.notice(words::NO_FILE, true),
                }
            });
        })
    };
    let failure = if *of_models {
        models.as_ref().and_then(|models| models.failure.as_ref())
    } else {
        database.and_then(|one| one.failure.as_ref())
    };
    let empty = *ready && tables.is_empty() && failure.is_none();
    let mut names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    names.sort_unstable();
    html! {
        <div class="panel" id="diagram-panel" role="tabpanel" aria-labelledby="tab-diagram">
            <div class="diagram-bar">
                <span class="switch" role="group" aria-label={words::SOURCE}>
                    { for [(false, words::DATABASE), (true, words::MODELS)].map(|(models, name)| html! {
                        <button class="small" aria-pressed={(*of_models == models).to_string()} onclick={choose_source(models)}>{ name }</button>
                    }) }
                </span>
                <select id="diagram-table" aria-label={words::FOCUS} onchange={pick}>
                    <option value="" selected={focus.is_empty()}>{ words::FOCUS_NONE }</option>
                    { for names.into_iter().map(|name| html! { <option value={name.to_owned()} selected={*focus == name}>{ name }</option> }) }
                </select>
                if !focus.is_empty() {
                    <Discuss page={page.clone()} discussion={state.comments.discussion.clone()} {anchor} of={(*focus).clone()} />
                }
                <span class="space"></span>
                <button class="small" aria-pressed={compact.to_string()} onclick={toggle} title={words::COMPACT_HINT}>{ words::COMPACT }</button>
                <span class="switch">
                <button class="small" onclick={call(|handle| handle.zoom(0.8))} aria-label={words::FARTHER} title={words::FARTHER}>{ "−" }</button>
                <button class="small" onclick={call(|handle| handle.zoom(1.25))} aria-label={words::NEARER} title={words::NEARER}>{ "+" }</button>
                <button class="small" onclick={call(Handle::fit)} title={words::FIT_HINT}>{ words::FIT }</button>
                </span>
                <details class="diagram-export">
                    <summary class="small">{ words::EXPORT }</summary>
                    <div>
                        { for [("svg", words::SVG), ("png", words::PNG), ("mermaid", words::MERMAID), ("copy", words::COPY)].map(|(kind, name)| html! {
                            <button data-kind={kind} onclick={export(kind)}>{ name }</button>
                        }) }
                    </div>
                </details>
            </div>
            if let Some(failure) = failure {
                <p class="failure">{ &failure.message }</p>
            }
            if let Some(failed) = &*failed {
                <p class="failure">{ failed }</p>
            } else if empty {
                <p class="empty">{ if *of_models { words::NO_MODELS } else { words::NO_TABLES } }</p>
            }
            <div class="diagram" ref={element} tabindex="0" role="group" aria-roledescription={words::ROLE} aria-describedby="diagram-how" data-focus={(*focus).clone()} aria-busy={(!*ready).to_string()}></div>
            <p class="hidden" id="diagram-how">{ words::HOW }</p>
        </div>
    }
}
