//! The sign of a change.

use protocol::Change;
use yew::prelude::*;

use crate::words as common;

/// The sign of a change: it is read without its colour.
pub(crate) fn sign(change: Option<Change>) -> Html {
    let (class, sign, word) = match change {
        Some(Change::Added) => ("added", "+", common::ADDED),
        Some(Change::Removed) => ("removed", "−", common::REMOVED),
        Some(Change::Altered) => ("altered", "~", common::ALTERED),
        None => ("", "·", ""),
    };
    html! { <span class={classes!("sign", class)} role={(!word.is_empty()).then_some("img")} aria-label={(!word.is_empty()).then_some(word)}>{ sign }</span> }
}

/// The class of a change.
pub(crate) fn class_of(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Altered => "altered",
    }
}
