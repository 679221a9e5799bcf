//! Sentences with inline code.

use yew::prelude::*;

/// Draws what stands between backticks as code.
pub fn marked(text: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { { part.to_owned() } }
        }
    };
    html! { <>{ for text.split('`').enumerate().map(part) }</> }
}
