//! The page as a whole: the picture of three columns, the console, and the keys that work everywhere.

use std::rc::Rc;

use gloo::events::EventListener;
use protocol::{Request, Storage};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::header::Header;
use super::layout::{ColumnDividers, LESSON, Layout};
use super::state::{AppAction, Pane};
use super::verbs::Verbs;
use super::work::WorkStrip;
use crate::comments::view::CommentsPane;
use crate::comments::words::TITLE as COMMENTS_TAB;
use crate::compare::view::CompareDialog;
use crate::console::view::Console;
use crate::database::view::DatabaseColumn;
use crate::explain::view::FailureBar;
use crate::files::view::Files;
use crate::keep::view::Elsewhere;
use crate::lessons::authoring::AuthorPane;
use crate::lessons::view::{LessonDialogs, LessonPane};
use crate::lessons::words::{TAB as LESSON_TAB, WIDTH as LESSON_WIDTH};
use crate::migrations::view::MigrationsColumn;
use crate::models::first_steps::FirstStepsStrip;
use crate::models::view::ModelsColumn;
use crate::page::Page;
use crate::palette::actions::on_key;
use crate::palette::keys::Keys;
use crate::palette::state::Overlay;
use crate::palette::view::Palette;
use crate::share::view::{ShareDialogs, ViewOnly};
use crate::state::State;
use crate::time::view::TimeBar;
use crate::ui::divider::{Divider, Measure};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::menu::close_menus;

/// Component properties of the page.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// The page.
    pub page: Page,
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
            // Unsaved text is sent when the person turns to another tab or app.
            let turning =
                EventListener::new(&document, "visibilitychange", move |_| turned.flush());
            let pressing = EventListener::new(&document, "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into().ok());
                close_menus(target.as_ref());
            });
            move || drop((listening, turning, pressing))
        });
    }
    let layout = use_state_eq(Layout::remembered);
    use_effect_with(*layout, |layout| layout.apply());
    let on_layout = {
        let layout = layout.setter();
        Callback::from(move |next: Layout| layout.set(next.within()))
    };
    let console_height = {
        let (layout, on_layout) = (*layout, on_layout.clone());
        Callback::from(move |height: Option<f64>| {
            let console = height.unwrap_or(Layout::default().console);
            on_layout.emit(Layout { console, ..layout });
        })
    };
    let state: Rc<State> = (*drawn).clone();
    let view = &state.view;
    let mut class = classes!("page", format!("tab-{}", state.app.tab.name()));
    if let Some(wide) = state.app.wide {
        class.push(format!("wide-{}", wide.name()));
    }
    if state.console.running > 0 {
        class.push("running");
    }
    let learns = state.lessons.learning.is_some();
    // A workspace that holds a lesson's folder is its author's.
    let writes = !learns && view.files.iter().any(|file| file.path == "lesson.md");
    if learns || writes {
        class.push("learns");
    }
    // On a narrow page their tab stays while there are some.
    let comments_open = state.comments.open || state.app.tab == Pane::Comments;
    let comments_tab = comments_open || state.comments.unresolved > 0;
    for (is, name) in [
        (comments_open, "comments-open"),
        (comments_tab, "comments-tab"),
    ] {
        if is {
            class.push(name);
        }
    }
    let lesson_width = {
        let (layout, on_layout) = (*layout, on_layout.clone());
        Callback::from(move |width: Option<f64>| {
            let lesson = width.unwrap_or(Layout::default().lesson);
            on_layout.emit(Layout { lesson, ..layout });
        })
    };
    let divider = html! { <Divider label={LESSON_WIDTH} class="lesson-divider" measure={Measure::PercentOfPage} place={layout.lesson} range={LESSON} on_move={lesson_width} /> };
    let mut tabs = vec![
        (Pane::Models, super::words::columns::MODELS),
        (Pane::Migrations, super::words::columns::MIGRATIONS),
        (Pane::Database, super::words::columns::DATABASE),
        (Pane::Console, crate::console::words::TITLE),
    ];
    if learns || writes {
        tabs.insert(0, (Pane::Lesson, LESSON_TAB));
    }
    if comments_tab {
        tabs.push((Pane::Comments, COMMENTS_TAB));
    }
    let close_notice = {
        let page = page.clone();
        Callback::from(move |_| page.dispatch(AppAction::Notice(None)))
    };
    let read_only = state.keep.storage == Storage::ReadOnly;
    use_effect_with(read_only, |read_only| {
        // Editors read this attribute: nothing is typed into a project that another tab may change.
        if let Some(root) = gloo::utils::document().document_element() {
            let _ = root.toggle_attribute_with_force("data-read-only", *read_only);
        }
    });
    let undo = |request: &Request| {
        let (page, request) = (page.clone(), request.clone());
        Callback::from(move |_: MouseEvent| {
            page.dispatch(AppAction::Notice(None));
            page.do_change(request.clone(), None);
        })
    };
    html! {
        <div {class}>
            <Header
                page={page.clone()}
                ready={state.app.ready}
                storage={state.shown_storage()}
                sqlite={state.app.sqlite.clone()}
                postgresql={state.view.is_on_postgresql()}
                workspaces={view.workspaces.clone()}
                tree={state.files.tree}
                comments={(state.comments.open, state.comments.unresolved)}
            />
            if read_only {
                <Elsewhere page={page.clone()} />
            } else if state.share.view_only && state.app.notice.is_none() {
                <ViewOnly page={page.clone()} />
            } else if let Some(notice) = &state.app.notice {
                <div class={classes!("notice", notice.bad.then_some("bad"))} role="alert">
                    <p>{ &*notice.text }</p>
                    if let Some((label, request)) = &notice.undo {
                        <button class="small" onclick={undo(request)}>{ &**label }</button>
                    }
                    <button class="quiet" onclick={close_notice} aria-label={super::words::notice::CLOSE}>
                        <Icon of={Drawing::Close} />
                    </button>
                </div>
            }
            if let Some(steps) = state.models.first_steps.filter(|_| state.app.ready && !learns && !writes) {
                <FirstStepsStrip page={page.clone()} {steps} broken={state.written_is_broken()} />
            }
            if learns {
                <LessonPane page={page.clone()} lessons={state.lessons.clone()}>
                    { divider }
                </LessonPane>
            } else if writes {
                <AuthorPane page={page.clone()} files={view.files.clone()}>
                    { divider }
                </AuthorPane>
            }
            <div class="body">
                if state.files.tree {
                    <Files
                        page={page.clone()}
                        files={view.files.clone()}
                        folders={view.folders.clone()}
                        changes={view.changes.clone()}
                        open={state.models.file.clone()}
                        searching={state.files.searching}
                        revision={state.chosen_revision().map(|revision| Rc::from(revision.path.as_str()))}
                    />
                }
                <div class="work">
                    <Verbs
                        page={page.clone()}
                        migrations={view.migrations.clone()}
                        pending={state.models.pending.clone()}
                        running={state.console.running > 0}
                        ready={state.app.ready && !read_only && !state.share.view_only}
                        wide={state.app.wide}
                        explain={state.explain.clone()}
                    />
                    <FailureBar page={page.clone()} explain={state.explain.clone()} />
                <main class="columns">
                    <ModelsColumn
                        page={page.clone()}
                        files={view.files.clone()}
                        models={view.models.clone()}
                        file={state.models.file.clone()}
                        generation={state.app.generation}
                        pending={state.models.pending.clone()}
                        asked={state.models.asked}
                        reveal={state.files.reveal.clone()}
                        explain={state.explain.clone()}
                        problem={state.lessons.problem.clone()}
                        first_step={state.models.first_steps.is_some_and(|steps| steps.next() == 0)}
                    />
                    <MigrationsColumn
                        page={page.clone()}
                        migrations={view.migrations.clone()}
                        files={view.files.clone()}
                        chosen={state.migrations.revision.clone()}
                        tab={state.migrations.tab}
                        reviewed={state.shown_review().cloned()}
                        trips={state.graph.clone()}
                        stale={state.review.reviewing || state.review_due()}
                        watch={state.watch.clone()}
                        sql_stale={state.sql_due()}
                        generation={state.app.generation}
                        reveal={state.files.reveal.clone()}
                        pending={state.models.pending.clone()}
                        note={state.explain.note.clone()}
                        discussion={state.comments.discussion.clone()}
                    />
                    <DatabaseColumn page={page.clone()} state={state.clone()} />
                    <ColumnDividers layout={*layout} {on_layout} />
                </main>
                </div>
            </div>
            <TimeBar
                page={page.clone()}
                view={view.clone()}
                disabled={!state.app.ready || read_only || state.share.view_only || state.console.running > 0}
            />
            <Console page={page.clone()} state={state.clone()} resize={console_height} height={layout.console} />
            if comments_open {
                <CommentsPane page={page.clone()} discussion={state.comments.discussion.clone()} />
            }
            if state.lessons.overlay.is_some() {
                <LessonDialogs page={page.clone()} lessons={state.lessons.clone()} />
            }
            if let Some(comparison) = &state.compare.shown {
                <CompareDialog page={page.clone()} comparison={comparison.clone()} />
            }
            if let Some(sharing) = &state.share.dialog {
                <ShareDialogs page={page.clone()} sharing={sharing.clone()} />
            }
            <nav class="tabs" aria-label={super::words::columns::ALL}>
                { for tabs.into_iter().map(|(place, name)| {
                    let page = page.clone();
                    let onclick = Callback::from(move |_| page.dispatch(AppAction::Tab(place)));
                    html! {
                        <button {onclick} aria-current={(state.app.tab == place).then_some("page")}>{ name }</button>
                    }
                }) }
            </nav>
            <WorkStrip page={page.clone()} work={state.work().filter(|_| state.app.long)} />
            { match state.palette.overlay {
                Some(Overlay::Palette) => html! { <Palette page={page.clone()} /> },
                Some(Overlay::Keys) => html! { <Keys page={page.clone()} /> },
                None => Html::default(),
            } }
        </div>
    }
}
