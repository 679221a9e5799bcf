//! The Migrations column: the revision graph, and the script of the chosen revision.

use std::rc::Rc;

use protocol::console::quote;
use protocol::{Diagnostic, Failure, FileEntry, Migrations, Pending, Revision};
use yew::prelude::*;

use super::script_tabs::ScriptTabs;
use super::state::ScriptTab;
use crate::comments::effects::begin_on_line;
use crate::comments::state::Discussion;
use crate::comments::words::ON_LINE;
use crate::editor::view::Editor;
use crate::editor::{Note, Reveal};
use crate::graph::revision_menu::{OpenMenu, RevisionMenu};
use crate::graph::state::Trips;
use crate::graph::view::Revisions;
use crate::graph::words;
use crate::page::Page;
use crate::review::state::Reviewed;
use crate::review::view::ReviewPanel;
use crate::ui::icon::{Drawing, Icon};
use crate::watch::sql_panes::SqlPanel;
use crate::watch::state::Watch;
use crate::watch::steps::StepsPanel;

/// Component properties of the column.
#[derive(Properties, PartialEq)]
pub struct MigrationsProps {
    /// The page.
    pub page: Page,
    /// The revisions.
    pub migrations: Rc<Migrations>,
    /// All files.
    pub files: Rc<Vec<FileEntry>>,
    /// The revision chosen.
    pub chosen: Option<Rc<str>>,
    /// The selected tab.
    pub tab: ScriptTab,
    /// The review findings.
    pub reviewed: Option<Rc<Reviewed>>,
    /// The round trip results.
    pub trips: Trips,
    /// Whether a newer review is on its way.
    pub stale: bool,
    /// Number of the workspace.
    pub generation: u32,
    /// Where to go.
    pub reveal: Option<Rc<Reveal>>,
    /// Runs that can be watched.
    pub watch: Watch,
    /// Whether newer SQL is on its way.
    pub sql_stale: bool,
    /// Diagnostics may be in a script.
    pub pending: Option<Rc<Pending>>,
    /// What stands under a line of the script.
    pub note: Option<Rc<Note>>,
    /// What was said about the project.
    pub discussion: Option<Rc<Discussion>>,
}

/// The column.
#[component]
pub fn MigrationsColumn(props: &MigrationsProps) -> Html {
    let page = props.page.clone();
    let chosen = props
        .chosen
        .as_deref()
        .and_then(|id| props.migrations.revisions.iter().find(|one| one.id == id));
    let path: Option<Rc<str>> = chosen.map(|revision| revision.path.as_str().into());
    let hash = chosen
        .and_then(|revision| props.files.iter().find(|file| file.path == revision.path))
        .map(|file| file.hash.clone());
    let diagnostics = use_memo(props.pending.clone(), |pending| {
        pending
            .as_deref()
            .map(|pending| pending.diagnostics.clone())
            .unwrap_or_default() as Vec<Diagnostic>
    });
    let command = |line: String| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.command(line.clone()))
    };
    let menu = use_state(|| None::<OpenMenu>);
    let on_menu = {
        let menu = menu.setter();
        Callback::from(move |open: OpenMenu| menu.set(Some(open)))
    };
    let on_close = {
        let menu = menu.setter();
        Callback::from(move |()| menu.set(None))
    };
    let on_submit = {
        let page = page.clone();
        let line = chosen
            .filter(|one| !one.applied)
            .map(|one| format!("alembic upgrade {}", quote(&one.id)));
        Callback::from(move |_: String| {
            page.flush();
            page.command(
                line.clone()
                    .unwrap_or_else(|| "alembic upgrade head".to_owned()),
            );
        })
    };
    let comment = {
        let (page, path) = (page.clone(), path.clone());
        Callback::from(move |_: MouseEvent| begin_on_line(&page, path.as_deref()))
    };
    let actions = {
        let (on_menu, id) = (on_menu.clone(), props.chosen.clone());
        Callback::from(move |event: MouseEvent| {
            let button = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|target| target.closest("button").ok().flatten());
            if let (Some(id), Some(button)) = (&id, button) {
                on_menu.emit(OpenMenu::under(id, &button));
            }
        })
    };
    html! {
        <section class="column" id="migrations" data-title={crate::app::words::columns::MIGRATIONS} tabindex="-1" aria-labelledby="migrations-title">
            if let Some(failure) = props.migrations.failure.as_ref().filter(|_| !props.migrations.revisions.is_empty()) {
                <div class="failure" role="status">
                    <GraphFailure page={page.clone()} failure={failure.clone()} />
                </div>
            }
            if !props.migrations.revisions.is_empty() {
                <Revisions
                    page={page.clone()}
                    migrations={props.migrations.clone()}
                    files={props.files.clone()}
                    chosen={props.chosen.clone()}
                    trips={props.trips.clone()}
                    on_menu={on_menu.clone()}
                />
            } else if let Some(failure) = &props.migrations.failure {
                <div class="graph blank">
                    <GraphFailure page={page.clone()} failure={failure.clone()} />
                </div>
            } else {
                <div class="graph blank"><p>{ words::NONE }</p></div>
            }
            if let Some(open) = &*menu {
                <RevisionMenu page={page.clone()} migrations={props.migrations.clone()} open={open.clone()} on_close={on_close} />
            }
            if let Some(revision) = chosen {
                <div class="script-bar">
                    <code class="path" title={revision.path.clone()}>{ revision.path.rsplit('/').next().unwrap_or(&revision.path).to_owned() }</code>
                    <span class="space"></span>
                    if props.tab == ScriptTab::Script {
                        <button class="quiet" id="comment-on-line" onclick={comment} aria-label={ON_LINE} title={ON_LINE}><Icon of={Drawing::Comment} /></button>
                    }
                    <button class="small" onclick={command(sql_line(revision))} title={sql_line(revision)}>{ words::SHOW_SQL }</button>
                    if revision.current {
                        <span class="here">{ words::HERE }</span>
                    } else if revision.applied {
                        <button class="small" onclick={command(format!("alembic downgrade {}", quote(&revision.id)))} title={format!("alembic downgrade {}", revision.id)}>{ words::DOWNGRADE }</button>
                    } else {
                        <button class="small" onclick={command(format!("alembic upgrade {}", quote(&revision.id)))} title={format!("alembic upgrade {}", revision.id)}>{ words::UPGRADE }</button>
                    }
                    <button class="small" id="revision-actions" aria-haspopup="menu" aria-expanded={menu.is_some().to_string()} onclick={actions}>{ words::ACTIONS }</button>
                </div>
                <ScriptTabs page={page.clone()} tab={props.tab} reviewed={props.reviewed.clone()} stale={props.stale} />
                <div class="editor-frame" id="script-panel" role="tabpanel" aria-labelledby="tab-script" hidden={props.tab != ScriptTab::Script}>
                    <Editor
                        page={page.clone()}
                        path={path}
                        hash={hash.unwrap_or_default()}
                        generation={props.generation}
                        {diagnostics}
                        reveal={props.reveal.clone()}
                        note={props.note.clone()}
                        label={words::SCRIPT}
                        {on_submit}
                    />
                </div>
                { match (props.tab, props.chosen.clone()) {
                    (ScriptTab::Steps, Some(revision)) => html! { <StepsPanel page={page.clone()} {revision} watch={props.watch.clone()} /> },
                    (ScriptTab::Sql, Some(revision)) => html! { <SqlPanel page={page.clone()} {revision} watch={props.watch.clone()} stale={props.sql_stale} /> },
                    _ => Html::default(),
                } }
                if props.tab == ScriptTab::Review {
                    <ReviewPanel page={page.clone()} reviewed={props.reviewed.clone()} stale={props.stale} discussion={props.discussion.clone()} />
                }
            }
        </section>
    }
}

fn sql_line(revision: &Revision) -> String {
    let down = match revision.down.as_slice() {
        [] => "base".to_owned(),
        [only] => only.clone(),
        // The SQL of a merge has no single start.
        _ => return "alembic upgrade heads --sql".to_owned(),
    };
    format!("alembic upgrade {down}:{} --sql", revision.id)
}

/// Why the revisions can't be read.
#[derive(Properties, PartialEq)]
struct GraphFailureProps {
    page: Page,
    failure: Failure,
}

#[component]
fn GraphFailure(props: &GraphFailureProps) -> Html {
    let (page, failure) = (&props.page, &props.failure);
    let go = {
        let (page, place) = (page.clone(), failure.place.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(place) = &place {
                page.open(&place.path, Some(place.line));
            }
        })
    };
    let init = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.command("alembic init alembic"))
    };
    let has_config = page
        .state()
        .view
        .files
        .iter()
        .any(|file| file.path.ends_with(".ini") || file.path.ends_with("pyproject.toml"));
    html! {
        <>
            <p class="text">{ &failure.message }</p>
            if let Some(place) = &failure.place {
                <button class="link" onclick={go}>{ format!("{}:{}", place.path, place.line) }</button>
            }
            if let Some(hint) = &failure.hint { <p class="advice">{ hint }</p> }
            if !has_config {
                <button class="solid" onclick={init}>{ "alembic init alembic" }</button>
            }
        </>
    }
}
