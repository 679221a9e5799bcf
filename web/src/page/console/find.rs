//! The bar that finds a text in what the commands printed.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::state::Entry;
use super::words;
use crate::ui::icon::{Drawing, Icon};

/// Component properties of the bar.
#[derive(Properties, PartialEq)]
pub(crate) struct FindBarProps {
    /// What is looked for.
    pub(crate) text: Rc<str>,
    /// Where.
    pub(crate) entries: Vec<Rc<Entry>>,
    /// Something else is looked for, or nothing more.
    pub(crate) on_find: Callback<Option<Rc<str>>>,
}

fn marks() -> Vec<web_sys::Element> {
    let Ok(found) = gloo::utils::document().query_selector_all(".log mark") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// The bar.
#[component]
pub(crate) fn FindBar(props: &FindBarProps) -> Html {
    let input = use_node_ref();
    // Which match, counted from one, of how many.
    let at = use_state_eq(|| (0usize, 0usize));
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
            }
        });
    }
    let go = {
        let at = at.setter();
        move |wanted: usize| {
            let marks = marks();
            let number = match wanted {
                0 => marks.len(),
                wanted if wanted > marks.len() => marks.len().min(1),
                wanted => wanted,
            };
            for (index, mark) in marks.iter().enumerate() {
                let _ = mark
                    .class_list()
                    .toggle_with_force("at", index + 1 == number);
            }
            if let Some(mark) = number.checked_sub(1).and_then(|index| marks.get(index)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                mark.scroll_into_view_with_scroll_into_view_options(&options);
            }
            at.set((number, marks.len()));
        }
    };
    {
        // The newest first: that is what a person looks at. The marks are there once the log is drawn.
        let go = go.clone();
        use_effect_with((props.text.clone(), props.entries.len()), move |_| {
            gloo::timers::callback::Timeout::new(0, move || go(0)).forget();
        });
    }
    let (number, all) = *at;
    let previous = {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go(number.saturating_sub(1)))
    };
    let next = {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go(number + 1))
    };
    let close = props.on_find.reform(|_: MouseEvent| None);
    let oninput = props.on_find.reform(|event: InputEvent| {
        let text = event
            .target_dyn_into::<web_sys::HtmlInputElement>()
            .map(|input| input.value())
            .unwrap_or_default();
        Some(Rc::from(text))
    });
    let onkeydown = {
        let on_find = props.on_find.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            match event.key().as_str() {
                "Enter" if event.shift_key() => go(number.saturating_sub(1)),
                "Enter" => go(number + 1),
                "Escape" => on_find.emit(None),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <span class="find-bar" role="search">
            <input ref={input} type="text" value={props.text.to_string()} aria-label={words::FIND} placeholder={words::FIND} autocomplete="off" autocapitalize="off" spellcheck="false" {oninput} {onkeydown} />
            <span class="label" role="status">{ if props.text.is_empty() { String::new() } else { words::matches(number, all) } }</span>
            <button class="quiet" onclick={previous} disabled={all == 0} aria-label={words::FIND_PREVIOUS} title={words::FIND_PREVIOUS}><Icon of={Drawing::Up} /></button>
            <button class="quiet" onclick={next} disabled={all == 0} aria-label={words::FIND_NEXT} title={words::FIND_NEXT}><Icon of={Drawing::Down} /></button>
            <button class="quiet" onclick={close} aria-label={words::FIND_CLOSE} title={words::FIND_CLOSE}><Icon of={Drawing::Close} /></button>
        </span>
    }
}
