//! A cell of a row.

use protocol::Cell;
use yew::prelude::*;

use super::words;

/// Renders a cell.
pub(crate) fn shown(cell: &Cell) -> Html {
    match cell {
        Cell::Null => html! { <span class="null">{ "NULL" }</span> },
        Cell::Integer(number) => html! { <span class="figure">{ number }</span> },
        Cell::Real(number) => {
            html! { <span class="figure">{ format!("{number:?}") }</span> }
        }
        // An empty text is not NULL.
        Cell::Text(text) if text.is_empty() => html! { <span class="blank-text">{ "''" }</span> },
        Cell::Text(text) => html! { { text } },
        Cell::Blob(bytes) => {
            html! { <span class="null">{ words::bytes(bytes.trim_end_matches('=').len() * 3 / 4) }</span> }
        }
    }
}
