//! What a fix would change, before it is applied.

use std::rc::Rc;

use protocol::Fix;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::lines::{Line, changed};
use super::words;
use crate::page::Page;

/// Component properties of a preview.
#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    /// The page.
    pub page: Page,
    /// Path of the revision's script.
    pub path: String,
    /// The fix.
    pub fix: Fix,
}

/// A file that a fix changes, with its text before and after.
struct Changed {
    path: String,
    before: String,
    after: String,
}

/// The lines that go and come, of the script and of the model; read when they are asked for.
#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let open = use_state_eq(|| false);
    let read = use_state(|| None::<Rc<Vec<Changed>>>);
    {
        let (page, path, read) = (props.page.clone(), props.path.clone(), read.setter());
        use_effect_with((*open, props.fix.clone()), move |(open, fix)| {
            read.set(None);
            if *open {
                let fix = fix.clone();
                spawn_local(async move {
                    let model = fix.model.map(|model| (model.path, model.edit));
                    let mut files = Vec::new();
                    for (path, edit) in [(path, fix.edit)].into_iter().chain(model) {
                        if let Some(before) = page.read(&path).await
                            && let Some(after) = edit.apply(&before)
                        {
                            files.push(Changed {
                                path,
                                before,
                                after,
                            });
                        }
                    }
                    read.set(Some(Rc::new(files)));
                });
            }
        });
    }
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let details = event.target_dyn_into::<web_sys::Element>();
            open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    html! {
        <details class="preview" {ontoggle}>
            <summary>{ words::PREVIEW }</summary>
            if let Some(files) = &*read {
                { for files.iter().map(file) }
            }
        </details>
    }
}

fn file(file: &Changed) -> Html {
    let lines = changed(&file.before, &file.after);
    html! {
        <figure>
            <figcaption class="label"><code>{ &file.path }</code></figcaption>
            <pre tabindex="0">{ for lines.into_iter().map(|line| match line {
                Line::Gap => html! { <span class="gap">{ "⋯\n" }</span> },
                Line::Removed(number, text) => html! { <del>{ format!("{number:>4} − {text}\n") }</del> },
                Line::Added(number, text) => html! { <ins>{ format!("{number:>4} + {text}\n") }</ins> },
            }) }</pre>
        </figure>
    }
}
