//! The player: its buttons, its strip of steps, and the timer that advances it.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::state::{SPEEDS, Stop, Watch, WatchAction, stop_name, stops};
use super::words::steps as words;
use crate::page::Page;
use crate::state::Action;
use crate::ui::icon::{Drawing, Icon};

/// Component properties of the player.
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// The page.
    pub page: Page,
    /// What is played, and where it stands.
    pub watch: Watch,
}

fn act(page: &Page, action: WatchAction) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_| page.dispatch(Action::Watch(action.clone())))
}

/// The keys of the player; `true` where one was meant.
pub fn key(page: &Page, event: &KeyboardEvent) -> bool {
    let target = event.target_dyn_into::<web_sys::Element>();
    let on = |names: &[&str]| {
        target
            .as_ref()
            .is_some_and(|element| names.contains(&element.tag_name().as_str()))
    };
    if event.ctrl_key() || event.meta_key() || event.alt_key() || on(&["SELECT", "INPUT"]) {
        return false;
    }
    let watch = page.state().watch.clone();
    let action = match event.key().as_str() {
        // A button that has the keyboard is pressed by it.
        " " if !on(&["BUTTON", "SUMMARY"]) => WatchAction::Play(!watch.playing),
        "ArrowRight" => WatchAction::Go(watch.step + 1),
        "ArrowLeft" => WatchAction::Go(watch.step.saturating_sub(1)),
        "Home" => WatchAction::Go(0),
        "End" => WatchAction::Go(usize::MAX),
        _ => return false,
    };
    event.prevent_default();
    page.dispatch(Action::Watch(action));
    true
}

/// The player.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    let (page, watch) = (&props.page, &props.watch);
    // What each stop is called, and whether it failed there.
    let (number, steps) = watch.shown().map_or_else(Default::default, |recording| {
        let named = |stop: Stop| {
            let failed = stop.last && recording.steps[stop.step].failure.is_some();
            (stop_name(recording, stop), failed)
        };
        let steps: Vec<(String, bool)> = stops(recording).into_iter().map(named).collect();
        (recording.number, steps)
    });
    let step = watch.step.min(steps.len().saturating_sub(1));
    {
        let page = page.clone();
        let pause = watch.pause();
        use_effect_with(
            (watch.playing, step, watch.speed(), number),
            move |(playing, ..)| {
                let clock = playing.then(|| {
                    Timeout::new(pause, move || {
                        page.dispatch(Action::Watch(WatchAction::Next))
                    })
                });
                move || drop(clock)
            },
        );
    }
    let at_end = step + 1 >= steps.len();
    let (play, drawing) = if watch.playing {
        (words::PAUSE, Drawing::Pause)
    } else {
        (words::PLAY, Drawing::Play)
    };
    // Buttons stay enabled at the ends: one that is disabled under the keyboard loses it.
    let buttons = [
        (words::FIRST, Drawing::First, WatchAction::Go(0), step == 0),
        (
            words::PREVIOUS,
            Drawing::Previous,
            WatchAction::Go(step.saturating_sub(1)),
            step == 0,
        ),
        (play, drawing, WatchAction::Play(!watch.playing), false),
        (
            words::NEXT,
            Drawing::Next,
            WatchAction::Go(step + 1),
            at_end,
        ),
        (
            words::LAST,
            Drawing::Last,
            WatchAction::Go(usize::MAX),
            at_end,
        ),
    ];
    let speed = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
                let place = select.selected_index().max(0) as usize;
                page.dispatch(Action::Watch(WatchAction::Speed(place)));
            }
        })
    };
    let name = steps.get(step).map_or("", |(name, _)| name);
    html! {
        <div class="player" role="group" aria-label={words::PLAYER}>
            <div class="player-buttons">
                { for buttons.into_iter().map(|(label, drawing, action, spent)| html! {
                    <button class={classes!("quiet", spent.then_some("spent"))} aria-label={label} title={label} aria-disabled={spent.then_some("true")} onclick={act(page, action)}><Icon of={drawing} /></button>
                }) }
                <p class="player-status" role="status">{ words::of(step + 1, steps.len(), name) }</p>
                <select aria-label={words::SPEED} title={words::SPEED} onchange={speed}>
                    { for SPEEDS.iter().enumerate().map(|(place, (name, _))| html! {
                        <option selected={place == watch.speed()}>{ *name }</option>
                    }) }
                </select>
            </div>
            <div class="strip" role="group" aria-label={words::STRIP}>
                { for steps.iter().enumerate().map(|(place, (name, failed))| {
                    let label = words::mark(place + 1, name, *failed);
                    html! {
                        <button
                            class={classes!((place <= step).then_some("done"), failed.then_some("failed"))}
                            aria-label={label.clone()}
                            title={label}
                            aria-current={(place == step).then_some("step")}
                            tabindex={if place == step { "0" } else { "-1" }}
                            onclick={act(page, WatchAction::Go(place))}
                        ></button>
                    }
                }) }
            </div>
        </div>
    }
}
