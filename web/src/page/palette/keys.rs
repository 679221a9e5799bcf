//! The sheet of keys.

use yew::prelude::*;

use super::actions::{ACTIONS, LOCAL_KEYS};
use super::state::PaletteAction;
use super::words;
use crate::page::Page;
use crate::ui::dialog::Dialog;

/// Keys such as `Ctrl+K`, each drawn as a key.
pub fn keys(text: &str) -> Html {
    if text.is_empty() {
        return Html::default();
    }
    html! {
        // A plus alone is a key, not what stands between two.
        <span class="key-words">{ for text.split('+').filter(|key| !key.is_empty()).chain((text == "+").then_some("+")).map(|key| html! { <kbd>{ key.to_owned() }</kbd> }) }</span>
    }
}

/// Component properties of the sheet.
#[derive(Properties, PartialEq)]
pub struct KeysProps {
    /// The page.
    pub page: Page,
}

/// The sheet.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let close = {
        let page = props.page.clone();
        Callback::from(move |()| page.dispatch(PaletteAction::Overlay(None)))
    };
    let everywhere = ACTIONS
        .iter()
        .filter(|act| !act.keys.is_empty())
        .map(|act| (act.keys, act.title));
    let local = LOCAL_KEYS.iter().map(|one| (one.keys, one.title));
    let list = |rows: Vec<(&'static str, &'static str)>| {
        html! {
            <dl>
                { for rows.into_iter().map(|(all, title)| html! {
                    <div><dt>{ for all.split(' ').map(keys) }</dt><dd>{ title }</dd></div>
                }) }
            </dl>
        }
    };
    html! {
        <Dialog title={words::SHEET} class="keys" on_close={close}>
            <h3>{ words::EVERYWHERE }</h3>
            { list(everywhere.collect()) }
            <h3>{ words::IN_ONE_PLACE }</h3>
            { list(local.collect()) }
        </Dialog>
    }
}
