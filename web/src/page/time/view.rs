//! The time bar: a slider over the states that the workspace was in.

use std::rc::Rc;

use protocol::{HistoryEntry, Made, Request, TimeRequest, View};
use yew::prelude::*;

use super::state::{branches, line};
use super::words;
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::menu::{close_menu, menu_keys, stay_in_menu};

/// Component properties of the bar.
#[derive(Properties, PartialEq)]
pub struct TimeBarProps {
    /// The page.
    pub page: Page,
    /// What there is, the states among it.
    pub view: Rc<View>,
    /// Whether one can't travel now.
    pub disabled: bool,
}

/// What made a state, in words.
fn name(entry: &HistoryEntry) -> &str {
    if entry.made == Made::Start {
        words::START
    } else {
        &entry.command
    }
}

fn clock(microseconds: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(
        microseconds as f64 / 1_000.0,
    ));
    format!(
        "{:02}:{:02}:{:02}",
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// The bar.
#[component]
pub fn TimeBar(props: &TimeBarProps) -> Html {
    let page = props.page.clone();
    let view = &props.view;
    let (onfocusout, onkeydown) = menu_keys();
    let line = line(view);
    // The thumb is where the workspace is on its way to.
    let draw = use_force_update();
    let shown = page.travels().unwrap_or(view.at);
    let index = line
        .iter()
        .position(|entry| entry.number == shown)
        .unwrap_or_default();
    let Some(here) = line.get(index) else {
        return Html::default();
    };
    let last = line.len() - 1;
    let go = |number: Option<u32>| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(number) = number {
                page.travel(number);
            }
        })
    };
    let at = |index: Option<usize>| {
        index
            .and_then(|index| line.get(index))
            .map(|one| one.number)
    };
    let (earlier, later) = (at(index.checked_sub(1)), at(index.checked_add(1)));
    let oninput = {
        let page = page.clone();
        let numbers: Vec<u32> = line.iter().map(|entry| entry.number).collect();
        Callback::from(move |event: InputEvent| {
            let number = event
                .target_dyn_into::<web_sys::HtmlInputElement>()
                .and_then(|input| input.value().parse::<usize>().ok())
                .and_then(|index| numbers.get(index).copied());
            if let Some(number) = number {
                page.travel(number);
                draw.force_update();
            }
        })
    };
    let others = branches(view);
    let entry = |number: u32| view.history.iter().find(|entry| entry.number == number);
    let said = words::state(index, last, name(here), here.status);
    html! {
        <section class={classes!("time-bar", (last == 0 && others.is_empty()).then_some("still"))} aria-label={words::BAR}>
            <button class="quiet" id="earlier" onclick={go(earlier)} disabled={props.disabled || earlier.is_none()} aria-label={words::EARLIER} title={words::EARLIER_KEY}><Icon of={Drawing::Left} /></button>
            <div class="time-line">
                <div class="ticks" aria-hidden="true">
                    { for line.iter().map(|one| html! {
                        <span class={classes!(
                            "tick",
                            (one.status != 0).then_some("failed"),
                            (one.made == Made::Edit).then_some("edit"),
                            others.iter().any(|branch| branch.from == one.number).then_some("fork"),
                        )}></span>
                    }) }
                </div>
                <input type="range" id="time" min="0" max={last.to_string()} value={index.to_string()} {oninput} disabled={props.disabled || last == 0} aria-label={words::BAR} aria-valuetext={said} />
            </div>
            <button class="quiet" id="later" onclick={go(later)} disabled={props.disabled || later.is_none()} aria-label={words::LATER} title={words::LATER_KEY}><Icon of={Drawing::Right} /></button>
            <p class="time-words" role="status">
                if last == 0 {
                    { words::NONE }
                } else if index < last {
                    { words::PAST_BEFORE }<code title={name(here).to_owned()}>{ name(here) }</code>{ words::PAST_AFTER }
                } else {
                    if here.status != 0 {
                        <span class="failed">{ words::FAILED }</span>
                    }
                    <code title={name(here).to_owned()}>{ name(here) }</code>
                    <span class="time-clock">{ clock(here.time) }</span>
                }
            </p>
            if !others.is_empty() {
                <details class="menu right up" {onfocusout} {onkeydown}>
                    <summary class="quiet">{ words::branches(others.len()) }</summary>
                    <div class="sheet" role="group" tabindex="-1" aria-label={words::OTHERS}>
                        <p class="note">{ words::OTHERS_ABOUT }</p>
                        { for others.iter().map(|branch| {
                            let (first, from) = (entry(branch.first), entry(branch.from));
                            let go = {
                                let (page, tip) = (page.clone(), branch.tip);
                                Callback::from(move |event: MouseEvent| {
                                    close_menu(&event);
                                    page.travel(tip);
                                })
                            };
                            html! {
                                <button class="choice" onclick={go} disabled={props.disabled} data-branch={branch.tip.to_string()}>
                                    <code>{ first.map(name).unwrap_or_default() }</code>
                                    <span>{ words::branch(branch.states, from.map(name).unwrap_or_default()) }</span>
                                </button>
                            }
                        }) }
                        <Clear page={page.clone()} states={others.iter().map(|branch| branch.states).sum::<usize>()} disabled={props.disabled} />
                        <p class="note">{ words::CAP }</p>
                    </div>
                </details>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ClearProps {
    page: Page,
    states: usize,
    disabled: bool,
}

/// Forgets the branches that are not shown, after a question.
#[component]
fn Clear(props: &ClearProps) -> Html {
    let asked = use_state_eq(|| false);
    let ask = |value: bool| {
        let asked = asked.clone();
        Callback::from(move |event: MouseEvent| {
            stay_in_menu(&event);
            asked.set(value);
        })
    };
    if !*asked {
        return html! {
            <button class="small" id="clear-branches" onclick={ask(true)} disabled={props.disabled}>{ words::CLEAR }</button>
        };
    }
    let clear = {
        let (page, asked) = (props.page.clone(), asked.clone());
        Callback::from(move |event: MouseEvent| {
            asked.set(false);
            close_menu(&event);
            page.do_change(Request::Time(TimeRequest::ClearBranches), None);
        })
    };
    html! {
        <div class="time-clear" role="group">
            <span>{ words::clear_question(props.states) }</span>
            <button class="small danger" onclick={clear}>{ words::CLEAR_YES }</button>
            <button class="small" onclick={ask(false)}>{ words::CLEAR_NO }</button>
        </div>
    }
}
