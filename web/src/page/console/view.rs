//! The console: commands, what they printed, and the line to type the next one in.

use std::rc::Rc;

use gloo::render::request_animation_frame;
use protocol::Storage;
use protocol::console::places::links;
use protocol::console::syntax::lines;
use yew::prelude::*;

use super::completion::{Known, complete};
use super::find::FindBar;
use super::state::{ConsoleAction, Ending, Entry};
use super::words;
use crate::app::layout::CONSOLE;
use crate::app::state::Pane;
use crate::database::state::DatabaseAction;
use crate::explain::view::Reason;
use crate::page::Page;
use crate::state::{Action, State};
use crate::ui::clipboard::copy;
use crate::ui::divider::{Divider, Measure};
use crate::ui::found::found;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;
use crate::watch::state::WatchAction;
use crate::words as common;
use crate::words::duration;

/// Component properties of the console.
#[derive(Properties, PartialEq)]
pub struct ConsoleProps {
    /// The page.
    pub page: Page,
    /// The state.
    pub state: Rc<State>,
    /// Sets the console's height, in pixels; without one, that of a first visit.
    pub resize: Callback<Option<f64>>,
    /// Its height.
    pub height: f64,
}

/// How many lines of output are not long on a narrow page.
const CUT_LINES: usize = 10;

#[inline(never)] // So that it is loaded when Tab is first pressed.
fn completed(page: &Page, line: &str) -> (String, Vec<String>) {
    let state = page.state();
    let view = &state.view;
    let prefix = if view.directory.is_empty() {
        String::new()
    } else {
        format!("{}/", view.directory)
    };
    let known = Known {
        revisions: view
            .migrations
            .revisions
            .iter()
            .map(|revision| revision.id.as_str())
            .collect(),
        labels: view
            .migrations
            .revisions
            .iter()
            .flat_map(|revision| revision.labels.iter().map(String::as_str))
            .collect(),
        targets: view.targets.iter().map(String::as_str).collect(),
        variables: view.variables.iter().map(String::as_str).collect(),
        files: view
            .files
            .iter()
            .filter_map(|file| file.path.strip_prefix(&prefix))
            .collect(),
        folders: view
            .folders
            .iter()
            .filter_map(|path| path.strip_prefix(&prefix))
            .collect(),
    };
    complete(line, &known)
}

/// The text before the cursor, and after it.
fn around_cursor<'a>(input: &web_sys::HtmlTextAreaElement, value: &'a str) -> (&'a str, &'a str) {
    let cursor = input.selection_end().ok().flatten().unwrap_or(u32::MAX) as usize;
    let mut units = 0;
    let index = value
        .char_indices()
        .find(|(_, character)| {
            let here = units >= cursor;
            units += character.len_utf16();
            here
        })
        .map_or(value.len(), |(index, _)| index);
    value.split_at(index)
}

/// Gives the input as many rows as it has lines, up to five.
fn fit(input: &web_sys::HtmlTextAreaElement) {
    let rows = input.value().matches('\n').count() as u32 + 1;
    input.set_rows(rows.min(5));
    input.set_scroll_top(input.scroll_height());
}

/// The console.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let page = props.page.clone();
    let state = props.state.clone();
    let input = use_node_ref();
    let log = use_node_ref();
    // Which of the lines typed before is shown, from the end; and what was being typed.
    let position = use_mut_ref(|| 0usize);
    let draft = use_mut_ref(String::new);
    {
        let log = log.clone();
        let mark = (
            // Out of sight it has no height to scroll by.
            state.app.tab == Pane::Console,
            state.console.entries.len(),
            state.console.entries.last().map(|entry| {
                (
                    entry.id,
                    entry
                        .output
                        .iter()
                        .map(|piece| piece.text.len())
                        .sum::<usize>(),
                    entry.ending.clone(),
                )
            }),
        );
        // With the frame: how high it is asks for all of the page to be laid out.
        use_effect_with(mark, move |_| {
            let frame = request_animation_frame(move |_| {
                if let Some(log) = log.cast::<web_sys::Element>() {
                    log.set_scroll_top(log.scroll_height());
                }
            });
            move || drop(frame)
        });
    }
    let onkeydown = {
        let (page, input, position, draft) =
            (page.clone(), input.clone(), position.clone(), draft.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(input) = input.cast::<web_sys::HtmlTextAreaElement>() else {
                return;
            };
            // Enter and Tab belong to the input method while it composes.
            if event.is_composing() {
                return;
            }
            let state = page.state();
            let value = input.value();
            let (before, after) = around_cursor(&input, &value);
            let show = |text: &str| {
                input.set_value(text);
                let end = text.encode_utf16().count() as u32;
                let _ = input.set_selection_range(end, end);
                fit(&input);
            };
            match event.key().as_str() {
                "Enter" if !event.shift_key() => {
                    event.prevent_default();
                    let typed = lines(&value);
                    if typed.last().is_some_and(|line| line.is_unfinished()) {
                        // As a shell does: the rest is asked for.
                        show(&format!("{value}\n"));
                        return;
                    }
                    *position.borrow_mut() = 0;
                    show("");
                    for line in typed {
                        if protocol::sql::is_sql(&line.text) {
                            page.dispatch(ConsoleAction::Sql(line.text.into()));
                            page.keep_typed();
                        } else {
                            page.command(line.text);
                        }
                    }
                }
                "ArrowUp" | "ArrowDown" => {
                    let up = event.key() == "ArrowUp";
                    if if up { before } else { after }.contains('\n') {
                        return;
                    }
                    event.prevent_default();
                    let mut position = position.borrow_mut();
                    let typed = &state.console.typed;
                    if *position == 0 {
                        *draft.borrow_mut() = value.clone();
                    }
                    *position = if up {
                        (*position + 1).min(typed.len())
                    } else {
                        position.saturating_sub(1)
                    };
                    // Never beyond the oldest, and 0 is the line that was being typed.
                    match typed
                        .len()
                        .checked_sub(*position)
                        .and_then(|index| typed.get(index))
                    {
                        Some(line) => show(line),
                        None => show(&draft.borrow()),
                    }
                }
                // An empty line lets Tab go on to what comes next.
                "Tab" if !event.shift_key() && !value.is_empty() => {
                    event.prevent_default();
                    let (line, choices) = completed(&page, before);
                    let end = line.encode_utf16().count() as u32;
                    show(&format!("{line}{after}"));
                    let _ = input.set_selection_range(end, end);
                    if !choices.is_empty() {
                        page.dispatch(ConsoleAction::Say(
                            format!("{}\n", choices.join("   ")).into(),
                        ));
                    }
                }
                "c" if event.ctrl_key() && input.selection_start() == input.selection_end() => {
                    event.prevent_default();
                    if state.console.running > 0 {
                        page.cancel();
                    } else {
                        show("");
                    }
                }
                "l" if event.ctrl_key() => {
                    event.prevent_default();
                    page.dispatch(ConsoleAction::Clear);
                }
                "Escape" if state.console.running > 0 && value.is_empty() => {
                    event.prevent_default();
                    page.cancel();
                }
                "Escape" => {
                    show("");
                    *position.borrow_mut() = 0;
                }
                _ => {}
            }
        })
    };
    let oninput = {
        let input = input.clone();
        Callback::from(move |_: InputEvent| {
            if let Some(input) = input.cast::<web_sys::HtmlTextAreaElement>() {
                fit(&input);
            }
        })
    };
    let copy_all = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let text: String = page
                .state()
                .console
                .entries
                .iter()
                .map(|entry| entry.text())
                .collect();
            copy(&page, &text);
        })
    };
    let clear = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ConsoleAction::Clear))
    };
    let unclear = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ConsoleAction::Unclear))
    };
    // What is looked for, where the bar for it is open.
    let find = use_state_eq(|| None::<Rc<str>>);
    let open_find = {
        let find = find.clone();
        Callback::from(move |_: MouseEvent| {
            find.set(if find.is_some() {
                None
            } else {
                Some("".into())
            });
        })
    };
    let find_key = {
        let find = find.clone();
        Callback::from(move |event: KeyboardEvent| {
            let control = event.ctrl_key() || event.meta_key();
            if control && !event.shift_key() && event.key() == "f" {
                event.prevent_default();
                if find.is_none() {
                    find.set(Some("".into()));
                }
            }
        })
    };
    let on_find = {
        let (find, input) = (find.setter(), input.clone());
        Callback::from(move |wanted: Option<Rc<str>>| {
            if wanted.is_none()
                && let Some(input) = input.cast::<web_sys::HtmlElement>()
            {
                let _ = input.focus();
            }
            find.set(wanted);
        })
    };
    let wanted = (*find).clone().filter(|wanted| !wanted.is_empty());
    let stop = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.cancel())
    };
    let focus = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            // A click that selects text must keep its selection.
            let selected = gloo::utils::window()
                .get_selection()
                .ok()
                .flatten()
                .is_some_and(|selection| !selection.is_collapsed());
            if !selected && let Some(input) = input.cast::<web_sys::HtmlElement>() {
                let _ = input.focus();
            }
        })
    };
    let directory = &state.view.directory;
    let blank = state.console.entries.is_empty() && state.console.cleared.is_empty();
    html! {
        <section class={classes!("console", blank.then_some("blank"))} id="console" tabindex="-1" aria-labelledby="console-title" onkeydown={find_key}>
            if !blank {
                <Divider label={words::HEIGHT} class="edge" measure={Measure::PixelsFromBottom} place={props.height} range={CONSOLE} on_move={props.resize.clone()} />
            }
            <div class="console-head">
                <h2 id="console-title">{ words::TITLE }</h2>
                <span class="space"></span>
                if state.console.running > 0 {
                    <button class="small danger" onclick={stop} title={words::STOP_KEY}>{ common::STOP }</button>
                }
                if !blank {
                    if let Some(text) = &*find {
                        <FindBar text={text.clone()} entries={state.console.entries.clone()} on_find={on_find.clone()} />
                    }
                    <button class="quiet" onclick={open_find} aria-label={words::FIND} title={words::FIND_KEY} aria-pressed={find.is_some().to_string()}><Icon of={Drawing::Search} /></button>
                    <button class="quiet" onclick={copy_all} aria-label={words::COPY_ALL} title={words::COPY_ALL}><Icon of={Drawing::Copy} /></button>
                    <button class="quiet" onclick={clear} aria-label={words::CLEAR} title={words::CLEAR_KEY}>{ words::CLEAR_IT }</button>
                }
            </div>
            <div class="log" ref={log} role="log" aria-label={words::LOG} tabindex="0" onclick={focus}>
                if blank {
                    <p class="empty">{ marked(words::EMPTY) }</p>
                }
                if !state.console.cleared.is_empty() {
                    <p class="cleared" role="status">{ words::CLEARED }{ " " }<button class="small" onclick={unclear}>{ words::UNCLEAR }</button></p>
                }
                // A list of its own: beside what has no key, all would be drawn anew with each command.
                <>{ for state.console.entries.iter().map(|entry| html! { <ConsoleEntry key={entry.number} page={page.clone()} entry={entry.clone()} find={wanted.clone()} /> }) }</>
            </div>
            <div class="prompt">
                <label for="console-input"><span class="hidden">{ words::COMMAND }</span><span class="folder">{ if directory.is_empty() { "$".to_owned() } else { format!("{directory} $") } }</span></label>
                <textarea
                    id="console-input"
                    ref={input}
                    rows="1"
                    wrap="off"
                    {onkeydown}
                    {oninput}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="alembic …"
                    disabled={!state.app.ready || state.keep.storage == Storage::ReadOnly}
                />
            </div>
        </section>
    }
}

/// Component properties of an entry.
#[derive(Properties, PartialEq)]
struct EntryProps {
    page: Page,
    entry: Rc<Entry>,
    /// What is looked for in it.
    find: Option<Rc<str>>,
}

#[component]
fn ConsoleEntry(props: &EntryProps) -> Html {
    let page = props.page.clone();
    let entry = &props.entry;
    // On a narrow page only the end of a long output shows, until all of it is asked for.
    let all = use_state(|| false);
    let lines: usize = entry
        .output
        .iter()
        .map(|piece| piece.text.lines().count())
        .sum();
    let long = lines > CUT_LINES;
    let toggle = {
        let all = all.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            all.set(!*all);
        })
    };
    let copy_entry = {
        let (page, entry) = (page.clone(), entry.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            copy(&page, &entry.text());
        })
    };
    html! {
        <article class={classes!(
            "entry",
            matches!(entry.ending, Ending::Running).then_some("runs"),
            // A note between commands, such as a pasted document has.
            entry.line.starts_with('#').then_some("note"),
        )}>
            if !entry.line.is_empty() {
                <div class="typed">
                    <span class="dollar" aria-hidden="true">{ "$" }</span>
                    <code>{ found(&entry.line, props.find.as_deref()) }</code>
                    <span class="time">{ if entry.microseconds > 0 { duration(entry.microseconds) } else { String::new() } }</span>
                    <button class="quiet tool" onclick={copy_entry} aria-label={words::copy_entry(&entry.line)} title={common::COPY}><Icon of={Drawing::Copy} /></button>
                </div>
            }
            if let Some(failed) = entry.failed.clone().filter(|_| !entry.taken_back) {
                <Reason page={page.clone()} {failed} />
            }
            if long {
                <button class="small show-all" onclick={toggle} aria-expanded={all.to_string()}>{ if *all { words::SHOW_END.to_owned() } else { words::show_all(lines) } }</button>
            }
            <div class={classes!("outputs", (long && !*all && props.find.is_none()).then_some("cut"))}>
                { for entry.output.iter().map(|piece| html! {
                    <pre class={classes!("output", piece.error.then_some("error"))}>{ for piece.text.split_inclusive('\n').map(|line| linked(&page, line, props.find.as_deref())) }</pre>
                }) }
            </div>
            { match &entry.ending {
                Ending::Running => html! { <p class="ending">{ words::RUNS }</p> },
                Ending::Status(0) => Html::default(),
                Ending::Status(status) => html! { <p class="ending failed">{ words::status(*status) }</p> },
                Ending::Cancelled => html! { <p class="ending failed">{ words::STOPPED }</p> },
                Ending::Broken(message) => html! { <p class="ending failed">{ words::broke(message) }</p> },
            } }
            if entry.id == 0 && protocol::sql::is_sql(&entry.line) {
                <button class="small to-sql" onclick={to_sql_box(&page, &entry.line)}>{ words::TO_SQL_BOX }</button>
            }
            if let Some(revision) = &entry.watch {
                <button class="link" onclick={watch_steps(&page, revision)}>{ crate::watch::words::steps::WATCH }</button>
            }
            if let Some(stayed) = &entry.stayed {
                <Stayed page={page} stayed={stayed.clone()} taken_back={entry.taken_back} />
            }
        </article>
    }
}

/// Puts SQL where it can be run.
fn to_sql_box(page: &Page, sql: &Rc<str>) -> Callback<MouseEvent> {
    let (page, sql) = (page.clone(), sql.clone());
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        page.dispatch(DatabaseAction::Draft(sql.clone()));
        page.go(Pane::Database);
    })
}

/// Opens the steps of a revision and plays them.
fn watch_steps(page: &Page, revision: &Rc<str>) -> Callback<MouseEvent> {
    let (page, revision) = (page.clone(), revision.clone());
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        page.flush();
        page.dispatch(Action::Watch(WatchAction::Open(revision.clone())));
    })
}

/// A printed line, with its places as links.
fn linked(page: &Page, line: &str, find: Option<&str>) -> Html {
    let mut parts: Vec<Html> = Vec::new();
    let mut position = 0;
    for link in links(line) {
        parts.push(found(&line[position..link.range.start], find));
        let onclick = {
            let (page, path, number) = (page.clone(), link.path.clone(), link.line);
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                page.open(&path, Some(number));
            })
        };
        parts.push(html! { <button class="link" {onclick}>{ found(&line[link.range.clone()], find) }</button> });
        position = link.range.end;
    }
    if position == 0 {
        return found(line, find);
    }
    parts.push(found(&line[position..], find));
    html! { <>{ for parts }</> }
}

#[derive(Properties, PartialEq)]
struct StayedProps {
    page: Page,
    stayed: protocol::Stayed,
    taken_back: bool,
}

#[component]
fn Stayed(props: &StayedProps) -> Html {
    let page = props.page.clone();
    let entry = props.stayed.entry;
    let undo = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        page.undo(entry);
    });
    let (kept, undone) = (&props.stayed.kept, &props.stayed.undone);
    html! {
        <div class="stayed" role="group" aria-label={words::LEFT}>
            <p>
                if kept.is_empty() {
                    <strong>{ words::NOTHING_STAYED }</strong>
                } else {
                    <strong>{ words::stayed(kept.len()) }</strong>
                    { " " }{ words::ALTHOUGH }
                }
                if !undone.is_empty() {
                    { " " }{ words::rolled_back(undone.len()) }
                }
            </p>
            if !kept.is_empty() {
                <details>
                    <summary>{ words::WHICH }</summary>
                    <ol>{ for kept.iter().map(|sql| html! { <li><pre>{ sql.trim() }</pre></li> }) }</ol>
                </details>
            }
            if props.taken_back {
                <p class="done">{ words::IS_BACK }</p>
            } else {
                <button class="solid" onclick={undo}><Icon of={Drawing::Back} />{ words::BRING_BACK }</button>
            }
        </div>
    }
}
