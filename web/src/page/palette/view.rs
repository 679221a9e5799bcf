//! The command palette.

use gloo::timers::callback::Timeout;
use protocol::{Answer, FilesRequest, Request, Symbol};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::actions::ACTIONS;
use super::find::fit;
use super::keys::keys;
use super::state::PaletteAction;
use super::words;
use crate::app::state::Pane;
use crate::database::state::DatabaseAction;
use crate::migrations::state::MigrationsAction;
use crate::page::Page;
use crate::state::State;
use crate::ui::bring_into_view;
use crate::ui::dialog::{Dialog, close_now};
use crate::words::short;

/// How many are listed.
const LISTED: usize = 60;

/// Component properties of the palette.
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// The page.
    pub page: Page,
}

#[derive(Clone, PartialEq)]
enum What {
    Act(usize),
    File(String),
    Revision(String),
    Table(String),
    Symbol(String, u32),
}

struct Item {
    title: String,
    command: &'static str,
    keys: &'static str,
    what: What,
}

/// What fits, the best first. Files, revisions, tables and what the models are called come only when
/// something is typed.
fn items(state: &State, symbols: &[Symbol], typed: &str) -> Vec<Item> {
    let mut found: Vec<(u32, Item)> = Vec::new();
    let mut offer = |item: Item, more: u32| {
        if let Some(fit) = fit(typed, &format!("{} {}", item.title, item.command)) {
            found.push((fit * 2 + more, item));
        }
    };
    for (index, act) in ACTIONS.iter().enumerate() {
        offer(
            Item {
                title: act.title.to_owned(),
                command: act.command,
                keys: act.keys,
                what: What::Act(index),
            },
            1,
        );
    }
    if !typed.trim().is_empty() {
        let mut place = |title: String, what: What| {
            let (command, keys) = ("", "");
            offer(
                Item {
                    title,
                    command,
                    keys,
                    what,
                },
                0,
            );
        };
        for one in &state.view.migrations.revisions {
            place(
                words::revision(&short(&one.id), &one.message),
                What::Revision(one.id.clone()),
            );
        }
        for table in state.chosen_database().iter().flat_map(|one| &one.tables) {
            place(words::table(&table.name), What::Table(table.name.clone()));
        }
        for file in state.view.files.iter() {
            place(words::open(&file.path), What::File(file.path.clone()));
        }
        for symbol in symbols {
            place(
                words::symbol(&symbol.name, &symbol.path),
                What::Symbol(symbol.path.clone(), symbol.line),
            );
        }
        // The order of the table stays among those that fit as well.
        found.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    }
    found
        .into_iter()
        .take(LISTED)
        .map(|(_, item)| item)
        .collect()
}

fn choose(page: &Page, what: &What) {
    let (page, what) = (page.clone(), what.clone());
    close_now();
    page.dispatch(PaletteAction::Overlay(None));
    // When the dialog has given the keyboard back.
    Timeout::new(0, move || match what {
        What::Act(index) => ACTIONS[index].run(&page),
        What::File(path) => {
            page.open(&path, None);
            page.go(page.state().app.tab);
        }
        What::Symbol(path, line) => page.open(&path, Some(line)),
        What::Revision(id) => {
            page.flush();
            page.dispatch(MigrationsAction::Choose(id.as_str().into()));
            page.go(Pane::Migrations);
        }
        What::Table(name) => {
            page.dispatch(DatabaseAction::Table(name.as_str().into()));
            page.go(Pane::Database);
        }
    })
    .forget();
}

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let page = props.page.clone();
    let typed = use_state(String::new);
    let place = use_state(|| 0usize);
    // Read once: while the palette is open nothing is typed elsewhere.
    let symbols = use_state(Vec::<Symbol>::new);
    {
        let (page, symbols) = (page.clone(), symbols.setter());
        use_effect_with((), move |()| {
            spawn_local(async move {
                let request = Request::Files(FilesRequest::Symbols);
                if let Ok(Answer::Symbols(found)) = page.ask(request).await {
                    symbols.set(found);
                }
            });
        });
    }
    let items = items(&page.state(), &symbols, &typed);
    let chosen = (*place).min(items.len().saturating_sub(1));
    use_effect_with((chosen, (*typed).clone()), move |(chosen, _)| {
        bring_into_view(&format!("#palette-{chosen}"));
    });
    let close = {
        let page = page.clone();
        Callback::from(move |()| page.dispatch(PaletteAction::Overlay(None)))
    };
    let oninput = {
        let (typed, place) = (typed.clone(), place.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
                typed.set(input.value());
                place.set(0);
            }
        })
    };
    let onkeydown = {
        let (page, place) = (page.clone(), place.clone());
        let whats: Vec<What> = items.iter().map(|item| item.what.clone()).collect();
        Callback::from(move |event: KeyboardEvent| {
            // Keys belong to the input method while it composes.
            if event.is_composing() || whats.is_empty() {
                return;
            }
            let last = whats.len() - 1;
            let next = match event.key().as_str() {
                "ArrowDown" => (chosen + 1) % whats.len(),
                "ArrowUp" => chosen.checked_sub(1).unwrap_or(last),
                "PageDown" => (chosen + 10).min(last),
                "PageUp" => chosen.saturating_sub(10),
                "Enter" => {
                    event.prevent_default();
                    choose(&page, &whats[chosen]);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            place.set(next);
        })
    };
    html! {
        <Dialog title={words::TITLE} class="palette" on_close={close}>
            <input
                class="palette-input"
                autofocus=true
                type="text"
                role="combobox"
                aria-label={words::INPUT}
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant={(!items.is_empty()).then(|| format!("palette-{chosen}"))}
                placeholder={words::INPUT}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                {oninput}
                {onkeydown}
            />
            <div id="palette-list" class="palette-list" role="listbox" aria-label={words::TITLE}>
                { for items.iter().enumerate().map(|(index, item)| {
                    let (page, what) = (page.clone(), item.what.clone());
                    let onclick = Callback::from(move |_: MouseEvent| choose(&page, &what));
                    html! {
                        <div id={format!("palette-{index}")} key={index} class="palette-item" role="option" aria-selected={(index == chosen).to_string()} {onclick}>
                            <span class="palette-title">{ &item.title }</span>
                            if !item.command.is_empty() { <code>{ item.command }</code> }
                            { keys(item.keys.split(' ').next().unwrap_or_default()) }
                        </div>
                    }
                }) }
            </div>
            <p class="palette-none" role="status">{ if items.is_empty() { words::NOTHING } else { "" } }</p>
        </Dialog>
    }
}
