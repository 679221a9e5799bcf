//! The menu of a revision; each entry shows the command line that it runs.

use std::collections::BTreeSet;
use std::rc::Rc;

use protocol::console::quote;
use protocol::{Migrations, Revision};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::state::GraphAction;
use super::words;
use crate::app::state::{AppAction, Pane};
use crate::migrations::state::{MigrationsAction, ScriptTab};
use crate::page::Page;
use crate::words::short;

/// Where a menu opens, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenMenu {
    /// Of which revision.
    pub revision: Rc<str>,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl OpenMenu {
    /// Below an element.
    pub fn under(revision: &str, element: &Element) -> Self {
        let place = element.get_bounding_client_rect();
        OpenMenu {
            revision: revision.into(),
            x: place.left(),
            y: place.bottom(),
        }
    }
}

/// The action of an item.
#[derive(Clone, Debug, PartialEq)]
enum Does {
    Command(String),
    Review,
    RoundTrip,
    /// Changes revisions by this line, and says that then.
    Rewrite(String, String),
    /// A squash is to begin with this one.
    SquashFrom,
    /// Deletes the script by this line.
    Delete(String),
    /// The script is not deleted, for this reason.
    Keeps(String),
}

/// What deletes a revision's script. A revision that others come from, or that the database has, would leave a broken
/// history, or a database that is nowhere: these stay.
fn deletion(migrations: &Migrations, revision: &Revision, directory: &str) -> Does {
    let mut all = migrations.revisions.iter();
    let follower =
        all.find(|one| one.down.contains(&revision.id) || one.depends_on.contains(&revision.id));
    if let Some(follower) = follower {
        return Does::Keeps(words::is_followed(&short(&follower.id)));
    }
    if revision.applied {
        return Does::Keeps(words::IS_APPLIED.to_owned());
    }
    let path = match directory {
        "" => Some(revision.path.as_str()),
        _ => revision
            .path
            .strip_prefix(directory)
            .and_then(|rest| rest.strip_prefix('/')),
    };
    Does::Delete(match path {
        Some(path) => format!("rm {}", quote(path)),
        None => format!("rm {}", quote(&format!("/project/{}", revision.path))),
    })
}

/// The revisions that one builds on.
fn ancestors<'a>(migrations: &'a Migrations, revision: &'a Revision) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = revision.down.iter().map(String::as_str).collect();
    // The newest are listed first, each before what it came from.
    for known in &migrations.revisions {
        if found.contains(known.id.as_str()) {
            found.extend(known.down.iter().map(String::as_str));
        }
    }
    found
}

/// What puts the revision's branch after another one, and what makes one revision of several.
fn rewriting(
    migrations: &Migrations,
    revision: &Revision,
    first: Option<&str>,
) -> Vec<(String, Does)> {
    let id = quote(&revision.id);
    let mut items = Vec::new();
    let ancestors = ancestors(migrations, revision);
    if revision.head && !revision.applied && migrations.heads.len() > 1 {
        let others = migrations.heads.iter().filter(|head| **head != revision.id);
        for other in others.take(8) {
            let line = format!("limbeck rebase {id} --onto {}", quote(other));
            let done = words::rebased(&short(other));
            items.push((words::put_after(&short(other)), Does::Rewrite(line, done)));
        }
    }
    let mut squash = |title: String, first: &str| {
        let line = format!("limbeck squash {}:{id}", quote(first));
        let done = words::squashed(&short(&revision.id));
        items.push((title, Does::Rewrite(line, done)));
    };
    if let Some(first) = first.filter(|first| ancestors.contains(first)) {
        squash(words::squash_to(&short(first)), first);
    }
    if !ancestors.is_empty() {
        squash(words::SQUASH.to_owned(), "base");
    }
    if !revision.head {
        items.push((words::SQUASH_FROM.to_owned(), Does::SquashFrom));
    }
    items
}

/// The items for a revision: what is possible now, with the command line of each. `first` is what a squash is to
/// begin with.
fn items(
    migrations: &Migrations,
    revision: &Revision,
    directory: &str,
    first: Option<&str>,
) -> Vec<(String, Does)> {
    let id = quote(&revision.id);
    let only = revision.current && migrations.current.len() == 1;
    let mut items = Vec::new();
    let mut command = |title: String, line: String| items.push((title, Does::Command(line)));
    if !revision.applied {
        command(words::UPGRADE.to_owned(), format!("alembic upgrade {id}"));
    } else {
        if !revision.current {
            command(
                words::DOWNGRADE.to_owned(),
                format!("alembic downgrade {id}"),
            );
        }
        if revision.down.is_empty() {
            let line = "alembic downgrade base".to_owned();
            command(words::DOWNGRADE_BASE.to_owned(), line);
        }
    }
    if !only {
        command(words::STAMP.to_owned(), format!("alembic stamp {id}"));
    }
    if revision.head && migrations.heads.len() > 1 {
        let line = "alembic merge -m 'merge heads' heads".to_owned();
        command(words::MERGE.to_owned(), line);
        if migrations.heads.len() > 2 {
            let others = migrations.heads.iter().filter(|head| **head != revision.id);
            for other in others.take(8) {
                let line = format!(
                    "alembic merge -m {} {id} {}",
                    quote(&format!(
                        "merge {} and {}",
                        short(&revision.id),
                        short(other)
                    )),
                    quote(other)
                );
                command(words::merge_with(&short(other)), line);
            }
        }
    }
    let splice = if revision.head { "" } else { " --splice" };
    let message = quote(words::NEW_MESSAGE);
    let line = format!("alembic revision --head {id}{splice} -m {message}");
    command(words::NEW.to_owned(), line);
    command(words::SHOW.to_owned(), format!("alembic show {id}"));
    items.extend(rewriting(migrations, revision, first));
    items.push((words::REVIEW.to_owned(), Does::Review));
    items.push((words::ROUND_TRIP.to_owned(), Does::RoundTrip));
    let delete = deletion(migrations, revision, directory);
    items.push((words::DELETE.to_owned(), delete));
    items
}

/// What the menu is of.
#[derive(Properties, PartialEq)]
pub struct RevisionMenuProps {
    /// The page.
    pub page: Page,
    /// All revisions.
    pub migrations: Rc<Migrations>,
    /// Where, and of which.
    pub open: OpenMenu,
    /// It is done.
    pub on_close: Callback<()>,
}

fn active() -> Option<HtmlElement> {
    let element = gloo::utils::document().active_element()?;
    element.dyn_into().ok()
}

fn buttons(menu: &Element) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("button") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// The menu: arrows go through it, Escape and Tab leave it, and the keyboard goes back to where it
/// was.
#[component]
pub fn RevisionMenu(props: &RevisionMenuProps) -> Html {
    let element = use_node_ref();
    let before = use_memo((), |()| active());
    {
        let element = element.clone();
        use_effect_with(props.open.clone(), move |open| {
            let Some(menu) = element.cast::<HtmlElement>() else {
                return;
            };
            // Wholly inside the window, if it fits there at all.
            let window = gloo::utils::window();
            let size = |value: Result<wasm_bindgen::JsValue, _>| {
                value.ok().and_then(|value| value.as_f64()).unwrap_or(800.0)
            };
            let (width, height) = (size(window.inner_width()), size(window.inner_height()));
            let own = menu.get_bounding_client_rect();
            let left = open.x.min(width - own.width() - 8.0).max(8.0);
            let top = open.y.min(height - own.height() - 8.0).max(8.0);
            // The content security policy forbids style attributes, but not the CSSOM.
            let _ = menu.style().set_property("left", &format!("{left}px"));
            let _ = menu.style().set_property("top", &format!("{top}px"));
            if let Some(first) = buttons(&menu).first() {
                let _ = first.focus();
            }
        });
    }
    let Some(revision) = props
        .migrations
        .revisions
        .iter()
        .find(|one| *one.id == *props.open.revision)
    else {
        return Html::default();
    };
    let state = props.page.state();
    let first = state.graph.squash_from.as_deref();
    let items: Rc<Vec<(String, Does)>> = Rc::new(items(
        &props.migrations,
        revision,
        &state.view.directory,
        first,
    ));
    let close = {
        let on_close = props.on_close.clone();
        move |back: bool| {
            if back && let Some(before) = &*before {
                let _ = before.focus();
            }
            on_close.emit(());
        }
    };
    let onclick = {
        let (page, items, revision) = (props.page.clone(), items.clone(), revision.clone());
        let close = close.clone();
        Callback::from(move |event: MouseEvent| {
            let index = event
                .target_dyn_into::<Element>()
                .and_then(|element| element.closest("button").ok().flatten())
                .and_then(|button| button.get_attribute("data-item")?.parse::<usize>().ok());
            let Some((_, does)) = index.and_then(|index| items.get(index)) else {
                return;
            };
            if matches!(does, Does::Keeps(_)) {
                return;
            }
            page.flush();
            page.dispatch(MigrationsAction::Choose(revision.id.as_str().into()));
            match does {
                Does::Command(line) => page.command(line.clone()),
                Does::RoundTrip => page.round_trip_of(&revision.id),
                Does::Delete(line) => page.delete_revision(&revision, line),
                Does::Rewrite(line, done) => {
                    page.dispatch(GraphAction::SquashFrom(None));
                    page.rewrite_revisions(line, done.clone());
                }
                Does::SquashFrom => {
                    page.dispatch(GraphAction::SquashFrom(Some(revision.id.as_str().into())));
                }
                Does::Keeps(_) => {}
                Does::Review => {
                    page.dispatch(MigrationsAction::Tab(ScriptTab::Review));
                    page.dispatch(AppAction::Tab(Pane::Migrations));
                }
            }
            close(true);
        })
    };
    let onkeydown = {
        let (element, close) = (element.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(menu) = element.cast::<Element>() else {
                return;
            };
            let all = buttons(&menu);
            let here = active();
            let at = all.iter().position(|button| Some(button) == here.as_ref());
            let at = at.unwrap_or_default();
            let key = event.key();
            let next = match key.as_str() {
                "ArrowDown" => at + 1,
                "ArrowUp" => at + all.len() - 1,
                "Home" => 0,
                "End" => all.len() - 1,
                "Escape" | "Tab" => {
                    event.prevent_default();
                    event.stop_propagation();
                    close(true);
                    return;
                }
                letter if letter.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                    let letter = letter.to_lowercase();
                    let fits = (1..=all.len()).find(|step| {
                        all.get((at + step) % all.len())
                            .and_then(|button| button.text_content())
                            .is_some_and(|text| text.to_lowercase().starts_with(&letter))
                    });
                    match fits {
                        Some(step) => at + step,
                        None => return,
                    }
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(button) = all.get(next % all.len().max(1)) {
                let _ = button.focus();
            }
        })
    };
    let onfocusout = {
        let element = element.clone();
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let inside = element
                .cast::<Element>()
                .is_some_and(|menu| menu.contains(to.as_ref()));
            // A click beside it takes the keyboard elsewhere.
            if !inside {
                close(false);
            }
        })
    };
    html! {
        <div ref={element} class="revision-menu" role="menu" aria-label={words::actions_of(&revision.id)} {onclick} {onkeydown} {onfocusout}>
            { for items.iter().enumerate().map(|(index, (title, does))| {
                let hint = match does {
                    Does::Command(line) | Does::Delete(line) | Does::Rewrite(line, _) => html! { <code>{ line }</code> },
                    Does::SquashFrom => html! { <span class="does">{ words::SQUASH_FROM_HINT }</span> },
                    Does::Keeps(why) => html! { <span class="does">{ why }</span> },
                    Does::Review => html! { <span class="does">{ words::REVIEW_HINT }</span> },
                    Does::RoundTrip => html! { <span class="does">{ words::ROUND_TRIP_HINT }</span> },
                };
                html! {
                    <button role="menuitem" tabindex="-1" data-item={index.to_string()} aria-disabled={matches!(does, Does::Keeps(_)).then_some("true")}>
                        <span>{ title }</span>
                        { hint }
                    </button>
                }
            }) }
        </div>
    }
}
