//! The Steps tab: a run of the chosen revision, played from what was recorded.

use std::cmp::Ordering;
use std::rc::Rc;

use protocol::{CopyOf, Direction, Recording, Step, StepStatement};
use yew::prelude::*;

use super::player::{self, Player};
use super::script_source::ScriptSource;
use super::state::{StepChanges, Watch, WatchAction, directions, step_name, stops};
use super::words::steps as words;
use crate::page::Page;
use crate::state::Action;
use crate::ui::bring_into_view;
use crate::ui::difference::database_differences;
use crate::ui::marked::marked;
use crate::words as common;
use crate::words::{duration, short};

/// Rows of a table that are shown.
const SHOWN: usize = 8;

/// Component properties of the tab.
#[derive(Properties, PartialEq)]
pub struct StepsProps {
    /// The page.
    pub page: Page,
    /// The revision.
    pub revision: Rc<str>,
    /// What is known.
    pub watch: Watch,
}

/// Every choice of what is shown: direction, on a copy or not, its words.
const CHOICES: [(Direction, bool, &str); 4] = [
    (Direction::Upgrade, false, words::UPGRADE),
    (Direction::Downgrade, false, words::DOWNGRADE),
    (Direction::Upgrade, true, words::UPGRADE_COPY),
    (Direction::Downgrade, true, words::DOWNGRADE_COPY),
];

/// The tab.
#[component]
pub fn StepsPanel(props: &StepsProps) -> Html {
    let (page, watch) = (&props.page, &props.watch);
    let watched = watch
        .watched
        .as_ref()
        .filter(|watched| watched.revision == props.revision);
    let onkeydown = {
        let page = page.clone();
        Callback::from(move |event: KeyboardEvent| {
            player::key(&page, &event);
        })
    };
    // The statement of a batch at which the player stops may be far down, and the next step's line up.
    use_effect_with(watch.step, |_| {
        bring_into_view(".steps-source");
        bring_into_view(".statements .stop");
    });
    let steps = watched.and_then(|watched| watched.steps.as_ref().ok());
    let shown = steps.and_then(|steps| steps.shown.as_ref());
    let failure = watched.and_then(|watched| watched.steps.as_ref().err());
    let choose = {
        let (page, revision) = (page.clone(), props.revision.clone());
        Callback::from(move |event: Event| {
            let choice = event
                .target_dyn_into::<web_sys::HtmlSelectElement>()
                .and_then(|select| CHOICES.get(select.selected_index().max(0) as usize));
            if let Some((direction, copy, _)) = choice {
                page.play(revision.clone(), *direction, *copy);
            }
        })
    };
    let stop = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.cancel())
    };
    let play = |direction: Direction| {
        let (page, revision) = (page.clone(), props.revision.clone());
        Callback::from(move |_: MouseEvent| page.play(revision.clone(), direction, true))
    };
    html! {
        <div class="steps" id="steps-panel" role="tabpanel" aria-labelledby="tab-steps" aria-busy={(watched.is_none() || watch.rehearsing).to_string()} tabindex="0" {onkeydown}>
            if watch.rehearsing {
                <div class="empty">
                    <p role="status">{ words::RUNNING }</p>
                    <p class="copies"><button class="small" onclick={stop}>{ common::STOP }</button></p>
                </div>
            } else if let (Some(recording), Some(steps)) = (shown, steps) {
                <div class="steps-bar">
                    <select aria-label={words::WHICH} onchange={choose}>
                        { for CHOICES.iter().map(|(direction, copy, name)| html! {
                            <option
                                selected={(*direction, *copy) == (recording.direction, recording.copy.is_some())}
                                disabled={!copy && !steps.recorded.contains(direction)}
                            >{ *name }</option>
                        }) }
                    </select>
                    <p class={classes!("about", recording.copy.is_some().then_some("copy"))}>{ marked(&about(recording)) }</p>
                </div>
                if recording.steps.is_empty() {
                    <p class="empty">{ words::NO_STEPS }</p>
                    { failed(page, recording) }
                } else {
                    <Player page={page.clone()} watch={watch.clone()} />
                    { played(page, watch, recording) }
                }
            } else if watched.is_some() {
                <div class="empty">
                    if let Some(failure) = failure {
                        <p class="failure">{ &failure.message }</p>
                    } else {
                        <p>{ words::NEVER }</p>
                    }
                    <p class="copies">
                        { words::ON_A_COPY }
                        { for directions().into_iter().map(|direction| html! {
                            <button class="small" onclick={play(direction)}>{ direction.word() }</button>
                        }) }
                    </p>
                </div>
            }
        </div>
    }
}

/// Which run this is.
fn about(recording: &Recording) -> String {
    let mut text = match recording.copy {
        None => words::replayed(&recording.command),
        Some(CopyOf::Here) => words::COPY_HERE.to_owned(),
        Some(CopyOf::TakenBack) => words::COPY_TAKEN_BACK.to_owned(),
        Some(CopyOf::Empty) => words::COPY_EMPTY.to_owned(),
    };
    for (said, words) in [
        (recording.outdated, words::OUTDATED),
        (recording.truncated, words::TRUNCATED),
    ] {
        if said {
            text.push(' ');
            text.push_str(words);
        }
    }
    text
}

fn played(page: &Page, watch: &Watch, recording: &Recording) -> Html {
    let stops = stops(recording);
    let place = watch.step.min(stops.len() - 1);
    let stop = stops[place];
    let number = stop.step;
    let step = &recording.steps[number];
    // In a batch the one statement's time and rows.
    let (microseconds, rows) = stop
        .statement
        .map(|place| &step.statements[place])
        .map_or((step.microseconds, step.rows), |one| {
            (one.microseconds, one.rows.unwrap_or_default())
        });
    let lines = step
        .place
        .as_ref()
        .filter(|place| place.path == recording.path)
        .map_or((0, 0), |place| (place.line, place.end_line));
    let beside = |revision: &Option<String>, words: fn(&str) -> String| {
        revision.as_ref().map(|revision| {
            let (page, id) = (page.clone(), Rc::from(revision.as_str()));
            let onclick = Callback::from(move |_: MouseEvent| {
                page.dispatch(Action::Watch(WatchAction::Open(Rc::clone(&id))));
            });
            html! { <button class="link" {onclick}>{ words(&short(revision)) }</button> }
        })
    };
    html! {
        <div class="steps-body">
            <div class="steps-source">
                <ScriptSource text={recording.text.clone()} language="python" {lines} label={words::SOURCE} />
            </div>
            <div class="step" key={number} data-step={(place + 1).to_string()}>
                <p class="step-head">
                    <strong>{ step_name(step) }</strong>
                    <span class="label">{ duration(microseconds) }</span>
                    <span class="label">{ words::rows(rows) }</span>
                    if let Some(place) = &step.place {
                        { line_link(page, &place.path, place.line) }
                    }
                </p>
                if !step.call.is_empty() { <code class="call">{ &step.call }</code> }
                if let Some(failure) = step.failure.as_ref().filter(|_| stop.last) {
                    <div class="failure" role="alert"><p><strong>{ words::FAILED }</strong></p><p class="text">{ &failure.message }</p></div>
                } else if place + 1 == stops.len() {
                    { failed(page, recording) }
                }
                if step.waits {
                    <p class="note">{ words::WAITS }</p>
                } else if step.statements.is_empty() {
                    <p class="note">{ words::NO_SQL }</p>
                } else {
                    <ol class="statements" aria-label={words::SQL}>{ for step.statements.iter().enumerate().map(|(at, one)| statement(one, stop.statement.map(|now| at.cmp(&now)))) }</ol>
                }
                if stop.last { { changed(step, watch.changes.get(&number)) } }
                if place + 1 == stops.len() || place == 0 {
                    <p class="beside">
                        if place == 0 { { for beside(&recording.previous, words::previous) } }
                        if place + 1 == stops.len() { { for beside(&recording.next, words::next) } }
                    </p>
                }
            </div>
        </div>
    }
}

/// How the run failed where no operation of it did, as by an error between two.
fn failed(page: &Page, recording: &Recording) -> Html {
    match &recording.failure {
        Some(failure) => html! {
            <div class="failure" role="alert">
                <p><strong>{ words::FAILED }</strong></p>
                <p class="text">{ &failure.message }</p>
                if let Some(place) = &failure.place { { line_link(page, &place.path, place.line) } }
            </div>
        },
        None => Html::default(),
    }
}

fn line_link(page: &Page, path: &str, line: u32) -> Html {
    let (page, path) = (page.clone(), path.to_owned());
    let onclick = Callback::from(move |_: MouseEvent| page.open(&path, Some(line)));
    html! { <button class="link" {onclick}>{ words::line(line) }</button> }
}

/// A statement: its part in a batch, time, rows, SQL, parameters; and where the player stops in its
/// batch, whether that is after it, here, or before it.
pub fn statement(one: &StepStatement, stands: Option<Ordering>) -> Html {
    let here = stands == Some(Ordering::Equal);
    let class = classes!(
        (one.part == "transaction").then_some("transaction"),
        here.then_some("stop"),
        (stands == Some(Ordering::Greater)).then_some("later")
    );
    html! {
        <li {class} data-part={one.part.clone()} aria-current={here.then_some("step")}>
            <p class="statement-head">
                if let Some(part) = words::part(&one.part) { <span class="part">{ part }</span> }
                if one.part != "transaction" { <span class="label">{ duration(one.microseconds) }</span> }
                if let Some(rows) = one.rows { <span class="label">{ words::rows(rows) }</span> }
            </p>
            <pre>{ &one.sql }</pre>
            { for one.parameters.iter().filter(|list| !list.is_empty()).map(|list| html! {
                <p class="parameters">{ words::parameters(&list.join(", ")) }</p>
            }) }
            { for one.locks.iter().map(|lock| html! { <p class="lock">{ words::lock(lock) }</p> }) }
        </li>
    }
}

fn changed(step: &Step, changes: Option<&StepChanges>) -> Html {
    if step.waits {
        return Html::default();
    }
    let content = match changes {
        None if step.kept => html! { <p class="note" role="status">{ words::LOOKING }</p> },
        Some(Ok(changes)) => match changes.as_ref() {
            Some(databases)
                if databases
                    .iter()
                    .all(|one| one.tables.is_empty() && one.failure.is_none()) =>
            {
                html! { <p class="note">{ words::SAME }</p> }
            }
            Some(databases) => database_differences(databases, SHOWN),
            None => html! { <p class="note">{ words::NOT_KEPT }</p> },
        },
        Some(Err(failure)) => html! { <p class="failure">{ &failure.message }</p> },
        None => html! { <p class="note">{ words::NOT_KEPT }</p> },
    };
    html! { <div class="step-changes" role="group" aria-label={words::CHANGED}>{ content }</div> }
}
