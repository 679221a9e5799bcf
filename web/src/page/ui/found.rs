//! A text with what is looked for in it.

use protocol::occurrences;
use yew::prelude::*;

/// Draws a text in which what is looked for is marked.
pub(crate) fn found(text: &str, wanted: Option<&str>) -> Html {
    let places = wanted
        .map(|wanted| occurrences(text, wanted))
        .unwrap_or_default();
    if places.is_empty() {
        return html! { { text } };
    }
    let mut parts = Vec::new();
    let mut position = 0;
    for place in places {
        parts.push(html! { { &text[position..place.start] } });
        position = place.end;
        parts.push(html! { <mark>{ &text[place] }</mark> });
    }
    parts.push(html! { { &text[position..] } });
    html! { <>{ for parts }</> }
}
