//! The page as a whole: the picture of three columns, the console, and the keys that work everywhere.

use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::actions::on_key;
use super::console::Console;
use super::database::DatabaseColumn;
use super::files::Files;
use super::header::Header;
use super::icon::{Drawing, Icon};
use super::keys::Keys;
use super::migrations::MigrationsColumn;
use super::models::ModelsColumn;
use super::page::{Page, remember, remembered};
use super::palette::Palette;
use super::share::{ShareDialogs, ViewOnly};
use super::time_bar::TimeBar;
use super::verbs::Verbs;
use super::work::WorkStrip;
use super::workspaces::Elsewhere;
use crate::protocol::{Request, Storage};
use crate::state::{Action, Overlay, Place, State};
use crate::text;

/// What the page needs.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// The page.
    pub page: Page,
}

const CONSOLE_HEIGHT: &str = "limbeck:console";

fn set_console_height(pixels: i32) {
    let pixels = pixels.clamp(72, 640);
    if let Some(root) = gloo::utils::document()
        .document_element()
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The content security policy forbids style attributes, not this.
        let _ = root
            .style()
            .set_property("--console-height", &format!("{pixels}px"));
    }
    remember(CONSOLE_HEIGHT, &pixels.to_string());
}

fn console_height() -> i32 {
    remembered(CONSOLE_HEIGHT)
        .and_then(|text| text.parse().ok())
        .unwrap_or(232)
}

/// The page.
#[component]
pub fn App(props: &AppProps) -> Html {
    let page = props.page.clone();
    let drawn = use_state(|| page.state());
    {
        let (page, turned, setter) = (page.clone(), page.clone(), drawn.setter());
        use_effect_with((), move |()| {
            page.draw_with(setter);
            set_console_height(console_height());
            let document = gloo::utils::document();
            let listening = EventListener::new_with_options(
                &document,
                "keydown",
                gloo::events::EventListenerOptions::enable_prevent_default(),
                move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                        on_key(&page, event);
                    }
                },
            );
            // What is typed goes to be kept when one turns to another tab, or away from the phone.
            let turning =
                EventListener::new(&document, "visibilitychange", move |_| turned.flush());
            move || drop((listening, turning))
        });
    }
    let state: Rc<State> = (*drawn).clone();
    let view = &state.view;
    let mut class = classes!("page", format!("tab-{}", state.tab.name()));
    if let Some(wide) = state.wide {
        class.push(format!("wide-{}", wide.name()));
    }
    if state.running > 0 {
        class.push("running");
    }
    let tabs = [
        (Place::Models, text::columns::MODELS),
        (Place::Migrations, text::columns::MIGRATIONS),
        (Place::Database, text::columns::DATABASE),
        (Place::Console, text::console::TITLE),
    ];
    let close_notice = {
        let page = page.clone();
        Callback::from(move |_| page.dispatch(Action::Notice(None)))
    };
    let read_only = state.storage == Storage::ReadOnly;
    use_effect_with(read_only, |read_only| {
        // Editors look at it: nothing is typed into a project that another tab may change.
        if let Some(root) = gloo::utils::document().document_element() {
            let _ = root.toggle_attribute_with_force("data-read-only", *read_only);
        }
    });
    let undo = |request: &Request| {
        let (page, request) = (page.clone(), request.clone());
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Notice(None));
            page.do_change(request.clone(), None);
        })
    };
    html! {
        <div {class}>
            <Header
                page={page.clone()}
                ready={state.ready}
                storage={state.shown_storage()}
                sqlite={state.sqlite.clone()}
                workspaces={view.workspaces.clone()}
                tree={state.tree}
            />
            if read_only {
                <Elsewhere page={page.clone()} />
            } else if state.view_only && state.notice.is_none() {
                <ViewOnly page={page.clone()} />
            } else if let Some(notice) = &state.notice {
                <div class={classes!("notice", notice.bad.then_some("bad"))} role="alert">
                    <p>{ &*notice.text }</p>
                    if let Some((label, request)) = &notice.undo {
                        <button class="small" onclick={undo(request)}>{ &**label }</button>
                    }
                    <button class="quiet" onclick={close_notice} aria-label={text::notice::CLOSE}>
                        <Icon of={Drawing::Close} />
                    </button>
                </div>
            }
            <div class="body">
                if state.tree {
                    <Files
                        page={page.clone()}
                        files={view.files.clone()}
                        folders={view.folders.clone()}
                        changes={view.changes.clone()}
                        open={state.file.clone()}
                        revision={state.chosen_revision().map(|revision| Rc::from(revision.path.as_str()))}
                    />
                }
                <div class="work">
                    <Verbs
                        page={page.clone()}
                        migrations={view.migrations.clone()}
                        pending={state.pending.clone()}
                        running={state.running > 0}
                        ready={state.ready && !read_only && !state.view_only}
                        wide={state.wide}
                    />
                <main class="columns">
                    <ModelsColumn
                        page={page.clone()}
                        files={view.files.clone()}
                        models={view.models.clone()}
                        file={state.file.clone()}
                        generation={state.generation}
                        pending={state.pending.clone()}
                        asked={state.pending_asked}
                        reveal={state.reveal.clone()}
                        hint={state.hint && state.ready}
                    />
                    <MigrationsColumn
                        page={page.clone()}
                        migrations={view.migrations.clone()}
                        files={view.files.clone()}
                        chosen={state.revision.clone()}
                        tab={state.script_tab}
                        reviewed={state.shown_review().cloned()}
                        trips={state.trips.clone()}
                        stale={state.reviewing || state.review_due()}
                        watch={state.watch.clone()}
                        sql_stale={state.sql_due()}
                        generation={state.generation}
                        reveal={state.reveal.clone()}
                        pending={state.pending.clone()}
                    />
                    <DatabaseColumn page={page.clone()} state={state.clone()} />
                </main>
                </div>
            </div>
            <TimeBar
                page={page.clone()}
                view={view.clone()}
                disabled={!state.ready || read_only || state.view_only || state.running > 0}
            />
            <Console page={page.clone()} state={state.clone()} resize={Callback::from(set_console_height)} height={console_height()} />
            if let Some(sharing) = &state.sharing {
                <ShareDialogs page={page.clone()} sharing={sharing.clone()} />
            }
            <nav class="tabs" aria-label={text::columns::ALL}>
                { for tabs.into_iter().map(|(place, name)| {
                    let page = page.clone();
                    let onclick = Callback::from(move |_| page.dispatch(Action::Tab(place)));
                    html! {
                        <button {onclick} aria-current={(state.tab == place).then_some("page")}>{ name }</button>
                    }
                }) }
            </nav>
            <WorkStrip page={page.clone()} work={state.work().filter(|_| state.long)} />
            { match state.overlay {
                Some(Overlay::Palette) => html! { <Palette page={page.clone()} /> },
                Some(Overlay::Keys) => html! { <Keys page={page.clone()} /> },
                None => Html::default(),
            } }
        </div>
    }
}
