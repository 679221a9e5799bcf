//! Searching in all files: what is found takes the place of the file tree.

use std::cell::Cell;
use std::rc::Rc;

use protocol::{Answer, FilesRequest, Found, Request};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::state::FilesAction;
use super::words;
use crate::page::{Page, narrow};
use crate::ui::bring_into_view;
use crate::ui::found::found;
use crate::ui::icon::{Drawing, Icon};
use crate::words as common;

/// Component properties of the search.
#[derive(Properties, PartialEq)]
pub(super) struct SearchProps {
    /// The page.
    pub(super) page: Page,
}

/// The search: what is typed is looked for at once; arrow keys choose a line, Enter opens it.
#[component]
pub(super) fn Search(props: &SearchProps) -> Html {
    let page = props.page.clone();
    let input = use_node_ref();
    let typed = use_state_eq(String::new);
    let result = use_state(|| None::<Rc<Found>>);
    let place = use_state_eq(|| 0usize);
    // Which question was the last: an answer to another one is late.
    let asked = use_memo((), |()| Cell::new(0u32));
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
            }
        });
    }
    let oninput = {
        let (page, typed, place, asked) =
            (page.clone(), typed.setter(), place.setter(), asked.clone());
        let result = result.setter();
        Callback::from(move |event: InputEvent| {
            let text = event
                .target_dyn_into::<web_sys::HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            typed.set(text.clone());
            place.set(0);
            asked.set(asked.get() + 1);
            if text.is_empty() {
                result.set(None);
                return;
            }
            let (page, result, asked, mine) =
                (page.clone(), result.clone(), asked.clone(), asked.get());
            spawn_local(async move {
                let request = Request::Files(FilesRequest::Search { text });
                if let Ok(Answer::Found(found)) = page.ask(request).await
                    && asked.get() == mine
                {
                    result.set(Some(Rc::new(found)));
                }
            });
        })
    };
    let lines: Rc<Vec<(String, u32)>> = Rc::new(
        result
            .iter()
            .flat_map(|found| &found.files)
            .flat_map(|file| {
                file.lines
                    .iter()
                    .map(|(line, _)| (file.path.clone(), *line))
            })
            .collect(),
    );
    let chosen = (*place).min(lines.len().saturating_sub(1));
    use_effect_with(chosen, |chosen| {
        bring_into_view(&format!("#found-{chosen}"))
    });
    let open = {
        let (page, lines) = (page.clone(), lines.clone());
        move |index: usize| {
            if let Some((path, line)) = lines.get(index) {
                if narrow() {
                    page.dispatch(FilesAction::Tree(false));
                }
                page.open(path, Some(*line));
            }
        }
    };
    let onkeydown = {
        let (page, open, place, number) = (page.clone(), open.clone(), place.setter(), lines.len());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let last = number.saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => place.set((chosen + 1).min(last)),
                "ArrowUp" => place.set(chosen.saturating_sub(1)),
                "PageDown" => place.set((chosen + 10).min(last)),
                "PageUp" => place.set(chosen.saturating_sub(10)),
                "Enter" => open(chosen),
                "Escape" => page.dispatch(FilesAction::Search(false)),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(FilesAction::Search(false)))
    };
    let status = match &*result {
        None => String::new(),
        Some(found) if found.files.is_empty() => words::NOT_FOUND.to_owned(),
        Some(found) => words::found(lines.len(), found.files.len()),
    };
    let wanted = (*typed).clone();
    let mut index = 0;
    html! {
        <div class="search-files" role="search">
            <div class="tree-head">
                <h2>{ words::SEARCH }</h2>
                <button class="quiet" onclick={close} aria-label={words::SEARCH_CLOSE} title={words::SEARCH_CLOSE}><Icon of={Drawing::Close} /></button>
            </div>
            <input
                ref={input}
                id="search-files"
                type="search"
                role="combobox"
                aria-label={words::SEARCH}
                aria-expanded="true"
                aria-controls="found-lines"
                aria-activedescendant={(!lines.is_empty()).then(|| format!("found-{chosen}"))}
                placeholder={words::SEARCH_HINT}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                {oninput}
                {onkeydown}
            />
            <p class="note" role="status">{ status }</p>
            <div id="found-lines" role="listbox" aria-label={words::RESULTS}>
                { for result.iter().flat_map(|found| &found.files).map(|file| html! {
                    <div role="group" aria-label={file.path.clone()} key={file.path.clone()}>
                        <p class="found-file"><code>{ &file.path }</code><span class="number">{ common::number(file.lines.len() as u64) }</span></p>
                        { for file.lines.iter().map(|(line, text)| {
                            let at = index;
                            index += 1;
                            let open = open.clone();
                            let onclick = Callback::from(move |_: MouseEvent| open(at));
                            html! {
                                <div class="found-line" id={format!("found-{at}")} role="option" aria-selected={(at == chosen).to_string()} {onclick}>
                                    <span class="number">{ line }</span>
                                    <code>{ found(text, Some(&wanted)) }</code>
                                </div>
                            }
                        }) }
                    </div>
                }) }
            </div>
            if result.as_ref().is_some_and(|found| found.more) { <p class="note">{ words::MORE_FOUND }</p> }
        </div>
    }
}
