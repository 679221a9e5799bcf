//! Markdown as elements: nothing in a lesson is ever read as HTML.

use protocol::lessons::{Block, Inline};
use yew::prelude::*;

use super::opening::{address_of, open_address};
use super::words;
use crate::page::Page;
use crate::share::codec::copy;

/// The elements of a text.
pub(super) fn blocks(page: &Page, all: &[Block]) -> Html {
    html! { <>{ for all.iter().map(|one| block(page, one)) }</> }
}

fn block(page: &Page, block: &Block) -> Html {
    match block {
        Block::Paragraph(content) => html! { <p>{ inlines(page, content) }</p> },
        // The pane's own headings stand above.
        Block::Heading { content, .. } => html! { <h4>{ inlines(page, content) }</h4> },
        Block::Code { language, text } => {
            html! { <Code text={text.clone()} console={language == "console"} /> }
        }
        Block::List { first, items } => {
            let items = items
                .iter()
                .map(|item| html! { <li>{ item_of(page, item) }</li> });
            match first {
                Some(first) => html! { <ol start={first.to_string()}>{ for items }</ol> },
                None => html! { <ul>{ for items }</ul> },
            }
        }
        Block::Quote(inside) => html! { <blockquote>{ blocks(page, inside) }</blockquote> },
        Block::Table { head, rows } => html! {
            <div class="lesson-table" tabindex="0" role="region" aria-label={words::TABLE}>
                <table>
                    <thead><tr>{ for head.iter().map(|cell| html! { <th scope="col">{ inlines(page, cell) }</th> }) }</tr></thead>
                    <tbody>
                        { for rows.iter().map(|row| html! {
                            <tr>{ for row.iter().map(|cell| html! { <td>{ inlines(page, cell) }</td> }) }</tr>
                        }) }
                    </tbody>
                </table>
            </div>
        },
    }
}

/// An item of a list: one that is a single paragraph needs no space around it.
fn item_of(page: &Page, item: &[Block]) -> Html {
    match item {
        [Block::Paragraph(content), rest @ ..] => {
            html! { <>{ inlines(page, content) }{ blocks(page, rest) }</> }
        }
        _ => blocks(page, item),
    }
}

/// The elements of a line.
fn inlines(page: &Page, all: &[Inline]) -> Html {
    html! { <>{ for all.iter().map(|one| inline(page, one)) }</> }
}

fn inline(page: &Page, inline: &Inline) -> Html {
    match inline {
        Inline::Text(text) => html! { { text } },
        Inline::Emphasis(content) => html! { <em>{ inlines(page, content) }</em> },
        Inline::Strong(content) => html! { <strong>{ inlines(page, content) }</strong> },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Break => html! { <br /> },
        Inline::Link { to, content } => {
            let inside = inlines(page, content);
            if to.starts_with("https://") || to.starts_with("http://") {
                html! { <a href={to.clone()} target="_blank" rel="noreferrer">{ inside }</a> }
            } else {
                let (page, address) = (page.clone(), address_of(to));
                let onclick = Callback::from(move |_: MouseEvent| open_address(&page, &address));
                html! { <button class="link" {onclick}>{ inside }</button> }
            }
        }
    }
}

#[derive(Properties, PartialEq)]
struct CodeProps {
    text: String,
    /// Whether it is what one types at the console.
    console: bool,
}

/// Code, which can be copied.
#[component]
fn Code(props: &CodeProps) -> Html {
    let onclick = {
        let text = props.text.clone();
        Callback::from(move |_: MouseEvent| {
            let _ = copy(&text);
        })
    };
    html! {
        <div class={classes!("lesson-code", props.console.then_some("commands"))}>
            <pre tabindex="0"><code>{ &props.text }</code></pre>
            <button class="quiet" {onclick} aria-label={words::COPY_CODE} title={words::COPY_CODE}>
                <crate::ui::icon::Icon of={crate::ui::icon::Drawing::Copy} />
            </button>
        </div>
    }
}
