//! The Migrations column: the revision graph, and the script of the chosen revision.

use std::rc::Rc;

use yew::prelude::*;

use super::editor::Editor;
use super::page::Page;
use super::review::ReviewPanel;
use super::script_tabs::ScriptTabs;
use super::verbs::short;
use crate::console::quote;
use crate::graph::{self, Graph, Line};
use crate::protocol::{Diagnostic, Failure, FileEntry, Migrations, Pending, Revision};
use crate::state::{Action, Reveal, Reviewed, ScriptTab};

const LANE: usize = 18;
const ROW: usize = 44;

/// What the column shows.
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
    /// What is shown of it.
    pub tab: ScriptTab,
    /// What was found on it.
    pub reviewed: Option<Rc<Reviewed>>,
    /// Whether a newer review is on its way.
    pub stale: bool,
    /// Number of the workspace.
    pub generation: u32,
    /// Where to go.
    pub reveal: Option<Rc<Reveal>>,
    /// Diagnostics may be in a script.
    pub pending: Option<Rc<Pending>>,
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
    html! {
        <section class="column" id="migrations" tabindex="-1" aria-labelledby="migrations-title">
            if let Some(failure) = props.migrations.failure.as_ref().filter(|_| !props.migrations.revisions.is_empty()) {
                <div class="failure" role="status">
                    <GraphFailure page={page.clone()} failure={failure.clone()} />
                </div>
            }
            <RevisionGraph page={page.clone()} migrations={props.migrations.clone()} chosen={props.chosen.clone()} />
            if let Some(revision) = chosen {
                <div class="script-bar">
                    <code class="path" title={revision.path.clone()}>{ revision.path.rsplit('/').next().unwrap_or(&revision.path).to_owned() }</code>
                    <span class="space"></span>
                    <button class="small" onclick={command(sql_line(revision))} title={sql_line(revision)}>{ "Show SQL" }</button>
                    if revision.current {
                        <span class="here">{ "the database is here" }</span>
                    } else if revision.applied {
                        <button class="small" onclick={command(format!("alembic downgrade {}", quote(&revision.id)))} title={format!("alembic downgrade {}", revision.id)}>{ "Downgrade to this" }</button>
                    } else {
                        <button class="small" onclick={command(format!("alembic upgrade {}", quote(&revision.id)))} title={format!("alembic upgrade {}", revision.id)}>{ "Upgrade to this" }</button>
                    }
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
                        label="Script"
                        {on_submit}
                    />
                </div>
                if props.tab == ScriptTab::Review {
                    <ReviewPanel page={page.clone()} reviewed={props.reviewed.clone()} stale={props.stale} />
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

/// What the graph shows.
#[derive(Properties, PartialEq)]
struct GraphProps {
    page: Page,
    migrations: Rc<Migrations>,
    chosen: Option<Rc<str>>,
}

fn x(lane: usize) -> usize {
    16 + lane * LANE
}

fn curve(line: &Line, top: usize, bottom: usize) -> Html {
    let (from, to) = (x(line.from), x(line.to));
    let path = if from == to {
        format!("M{from} {top}V{bottom}")
    } else {
        let middle = usize::midpoint(top, bottom);
        format!("M{from} {top}C{from} {middle} {to} {middle} {to} {bottom}")
    };
    html! { <path d={path} class={line.dashed.then_some("dashed")} /> }
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

#[component]
fn RevisionGraph(props: &GraphProps) -> Html {
    let page = props.page.clone();
    let migrations = props.migrations.clone();
    let drawn: Rc<Graph> = use_memo(migrations.clone(), |migrations| {
        graph::layout(&migrations.revisions)
    });
    if let Some(failure) = &migrations.failure
        && migrations.revisions.is_empty()
    {
        return html! {
            <div class="graph blank">
                <GraphFailure {page} failure={failure.clone()} />
            </div>
        };
    }
    if migrations.revisions.is_empty() {
        return html! {
            <div class="graph blank">
                <p>{ "No revisions yet. Autogenerate writes the first one from the models." }</p>
            </div>
        };
    }
    let width = x(drawn.lanes.max(1)) - 2;
    let choose = |index: usize| {
        let (page, migrations) = (page.clone(), migrations.clone());
        move || {
            if let Some(revision) = migrations.revisions.get(index) {
                page.flush();
                page.dispatch(Action::Revision(revision.id.as_str().into()));
            }
        }
    };
    let position = migrations
        .revisions
        .iter()
        .position(|revision| Some(revision.id.as_str()) == props.chosen.as_deref())
        .unwrap_or_default();
    let onkeydown = {
        let last = migrations.revisions.len() - 1;
        let (page, migrations) = (page.clone(), migrations.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowUp" => position.saturating_sub(1),
                "ArrowDown" => (position + 1).min(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(revision) = migrations.revisions.get(next) {
                page.dispatch(Action::Revision(revision.id.as_str().into()));
                if let Some(element) =
                    gloo::utils::document().get_element_by_id(&format!("revision-{}", revision.id))
                {
                    let options = web_sys::ScrollIntoViewOptions::new();
                    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                    element.scroll_into_view_with_scroll_into_view_options(&options);
                }
            }
        })
    };
    html! {
        <div
            class="graph"
            role="listbox"
            tabindex="0"
            aria-label="Revisions, newest first"
            aria-activedescendant={props.chosen.as_deref().map(|id| format!("revision-{id}"))}
            {onkeydown}
        >
            { for migrations.revisions.iter().zip(&drawn.rows).enumerate().map(|(index, (revision, row))| {
                let chosen = Some(revision.id.as_str()) == props.chosen.as_deref();
                let onclick = {
                    let choose = choose(index);
                    Callback::from(move |_: MouseEvent| choose())
                };
                html! {
                    <div
                        class={classes!("revision", chosen.then_some("chosen"), revision.applied.then_some("applied"), revision.current.then_some("current"))}
                        id={format!("revision-{}", revision.id)}
                        key={revision.id.clone()}
                        role="option"
                        aria-selected={chosen.to_string()}
                        {onclick}
                    >
                        <svg class="lanes" width={width.to_string()} height={ROW.to_string()} viewBox={format!("0 0 {width} {ROW}")} aria-hidden="true">
                            { for row.above.iter().map(|line| curve(line, 0, ROW / 2)) }
                            { for row.below.iter().map(|line| curve(line, ROW / 2, ROW)) }
                            if revision.current {
                                <circle class="ring" cx={x(row.lane).to_string()} cy={(ROW / 2).to_string()} r="8" />
                            }
                            <circle cx={x(row.lane).to_string()} cy={(ROW / 2).to_string()} r="4.5" />
                        </svg>
                        <div class="revision-text">
                            <span class="revision-message">{ if revision.message.is_empty() { "(no message)" } else { &revision.message } }</span>
                            <span class="revision-facts">
                                <code>{ short(&revision.id) }</code>
                                if !revision.date.is_empty() { <span class="time">{ revision.date.chars().take(16).collect::<String>() }</span> }
                                { for revision.labels.iter().map(|label| html! { <span class="label">{ label }</span> }) }
                            </span>
                        </div>
                        <span class="marks">
                            if revision.current { <span class="mark current">{ "current" }</span> }
                            if revision.head { <span class="mark">{ "head" }</span> }
                        </span>
                    </div>
                }
            }) }
        </div>
    }
}
