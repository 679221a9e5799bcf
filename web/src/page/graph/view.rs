//! The revision graph: a list of which only the rows in sight are drawn, with the lines between them.

use std::fmt::Write as _;
use std::rc::Rc;

use protocol::{FileEntry, Migrations, Revision, Verdict};
use web_sys::Element;
use yew::prelude::*;

use super::layout::{Edge, Graph};
use super::revision_menu::OpenMenu;
use super::state::{GraphAction, Trip, Trips};
use super::{layout as graph, words};
use crate::migrations::state::MigrationsAction;
use crate::page::Page;
use crate::words::short;

/// How many revisions there must be for a field that filters them.
const MANY: usize = 20;

/// Rows are drawn in sixes, so that a little scrolling draws nothing anew; so many are drawn.
const STEP: usize = 6;
const DRAWN: usize = 42;

/// How long a pause ends a word that is typed to find a revision, in milliseconds.
const WORD: f64 = 900.0;

/// Component properties of the graph.
#[derive(Properties, PartialEq)]
pub struct RevisionsProps {
    /// The page.
    pub page: Page,
    /// The revisions; there are some.
    pub migrations: Rc<Migrations>,
    /// All files.
    pub files: Rc<Vec<FileEntry>>,
    /// The one chosen.
    pub chosen: Option<Rc<str>>,
    /// The round trip results.
    pub trips: Trips,
    /// Opens the menu of a revision.
    pub on_menu: Callback<OpenMenu>,
}

/// Measures in pixels: they follow the size of letters, and lanes grow narrow where there are many.
#[derive(Clone, Copy, PartialEq)]
struct Measure {
    row: f64,
    lane: f64,
    lanes: usize,
}

/// The size of the page's letters in pixels. To ask for it has the browser work out all styles that are due.
fn size_of_letters() -> f64 {
    gloo::utils::document()
        .document_element()
        .and_then(|root| {
            let style = gloo::utils::window().get_computed_style(&root).ok()??;
            let size = style.get_property_value("font-size").ok()?;
            size.trim_end_matches("px").parse::<f64>().ok()
        })
        .unwrap_or(16.0)
}

impl Measure {
    fn of(lanes: usize, letters: f64) -> Self {
        let lanes = lanes.clamp(1, 60);
        Measure {
            row: (letters * 2.75).round(),
            lane: (160.0 / lanes as f64).clamp(3.0, 18.0),
            lanes,
        }
    }

    fn x(self, lane: usize) -> f64 {
        16.0 + lane.min(self.lanes - 1) as f64 * self.lane
    }

    fn width(self) -> f64 {
        self.x(self.lanes - 1) + 14.0
    }
}

/// The path of an edge, in a picture that begins at row `first` and ends before row `end`.
fn path(edge: &Edge, graph: &Graph, measure: Measure, first: usize, end: usize) -> String {
    let lane_of = |row: usize| measure.x(graph.rows.get(row).copied().unwrap_or_default());
    let (from, lane, to) = (lane_of(edge.from), measure.x(edge.lane), lane_of(edge.to));
    let half = measure.row / 2.0;
    let y = |row: usize| (row as f64 - first as f64) * measure.row + half;
    let mut path = String::new();
    // Only what is in sight is drawn: a long dashed line costs by its length. It begins at an even
    // row, so that dashes stay where they are.
    let top = if edge.from + 2 >= first {
        let start = y(edge.from);
        let _ = write!(path, "M{from} {start}");
        if from != lane {
            let (middle, bottom) = (start + half / 2.0, start + half);
            let _ = write!(path, "C{from} {middle} {lane} {middle} {lane} {bottom}");
        }
        start
    } else {
        let start = y((first & !1).saturating_sub(2));
        let _ = write!(path, "M{lane} {start}");
        start
    };
    if edge.to <= end + 2 {
        let bottom = y(edge.to);
        if lane == to {
            let _ = write!(path, "V{bottom}");
        } else {
            let (above, middle) = ((bottom - half).max(top), bottom - half / 2.0);
            let _ = write!(path, "V{above}C{lane} {middle} {to} {middle} {to} {bottom}");
        }
    } else {
        let _ = write!(path, "V{}", y(end + 2));
    }
    path
}

/// Class and sign of a verdict: it is read without its colour.
fn sign_of(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Lossless) => ("fine", "✓"),
        Some(Verdict::SchemaOnly | Verdict::NotReversed | Verdict::LosesData) => ("warning", "!"),
        Some(Verdict::Broken) => ("error", "✕"),
        None => ("", "?"),
    }
}

fn verdict_words(trip: &Trip) -> String {
    if trip.empty_downgrade {
        format!("{}, {}", trip.word, words::EMPTY_DOWNGRADE)
    } else {
        trip.word.to_owned()
    }
}

fn verdict_sign(trip: &Trip, fresh: bool) -> Html {
    let (class, sign) = sign_of(trip.verdict);
    let title = if fresh {
        trip.sentence.clone()
    } else {
        format!("{} {}", trip.sentence, words::OUT_OF_DATE)
    };
    html! {
        <span class={classes!("trip", class, (!fresh).then_some("stale"))} {title} data-verdict={trip.word}>
            <span class="severity">{ sign }</span>
            { " " }
            { verdict_words(trip) }
        </span>
    }
}

fn fits(revision: &Revision, words_wanted: &[String]) -> bool {
    let name = words::name(revision, None).to_lowercase();
    words_wanted.iter().all(|word| name.contains(word))
}

/// The first row whose id or message begins with what was typed, or else holds it.
fn find(revisions: &[Revision], shown: &[usize], from: usize, typed: &str) -> Option<usize> {
    let typed = typed.to_lowercase();
    let order = || (0..shown.len()).map(|step| (from + step) % shown.len());
    let text = |at: usize| {
        shown
            .get(at)
            .and_then(|index| revisions.get(*index))
            .map(|one| (one.id.to_lowercase(), one.message.to_lowercase()))
            .unwrap_or_default()
    };
    order()
        .find(|at| {
            let (id, message) = text(*at);
            id.starts_with(&typed) || message.starts_with(&typed)
        })
        .or_else(|| order().find(|at| text(*at).1.contains(&typed)))
}

/// The graph, and what stands above it.
#[component]
pub fn Revisions(props: &RevisionsProps) -> Html {
    let page = props.page.clone();
    let migrations = props.migrations.clone();
    let revisions = &migrations.revisions;
    let drawn: Rc<Graph> = use_memo(migrations.clone(), |migrations| {
        graph::layout(&migrations.revisions)
    });
    let query = use_state(String::new);
    let top = use_state(|| 0usize);
    let typed = use_mut_ref(|| (String::new(), 0.0f64));
    let scroller = use_node_ref();
    let list = use_node_ref();
    let findable = revisions.len() > MANY || props.trips.finding > 0;
    let filtered = !query.trim().is_empty() && findable;
    let shown: Rc<Vec<usize>> = use_memo(
        (migrations.clone(), (*query).clone(), findable),
        |(migrations, query, findable)| {
            let wanted: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
            let all = 0..migrations.revisions.len();
            if wanted.is_empty() || !findable {
                return all.collect();
            }
            all.filter(|index| fits(&migrations.revisions[*index], &wanted))
                .collect()
        },
    );
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(props.trips.finding, move |finding| {
            if *finding > 0
                && let Some(field) = field.cast::<web_sys::HtmlInputElement>()
            {
                let _ = field.focus();
                field.select();
            }
        });
    }
    let letters = use_memo((), |()| size_of_letters());
    let measure = Measure::of(if filtered { 1 } else { drawn.lanes }, *letters);
    let position = shown
        .iter()
        .position(|index| Some(revisions[*index].id.as_str()) == props.chosen.as_deref());

    // Brings a row into sight.
    let reveal = {
        let (scroller, top) = (scroller.clone(), top.clone());
        move |at: usize| {
            let Some(scroller) = scroller.cast::<Element>() else {
                return;
            };
            let row = measure.row as i32;
            let (y, height) = (at as i32 * row, scroller.client_height());
            let seen = scroller.scroll_top();
            let wanted = if y < seen {
                y
            } else if y + row > seen + height {
                y + row - height
            } else {
                return;
            };
            scroller.set_scroll_top(wanted);
            top.set(wanted.max(0) as usize / row as usize / STEP);
        }
    };
    // Scrolls the selected revision into view, however it was selected.
    {
        let reveal = reveal.clone();
        let key = (props.chosen.clone(), shown.clone(), measure.row as i32);
        use_effect_with(key, move |_| {
            if let Some(position) = position {
                reveal(position);
            }
        });
    }
    let onscroll = {
        let (scroller, top) = (scroller.clone(), top.clone());
        Callback::from(move |_: Event| {
            if let Some(scroller) = scroller.cast::<Element>() {
                let step = scroller.scroll_top().max(0) as usize / measure.row as usize / STEP;
                if step != *top {
                    top.set(step);
                }
            }
        })
    };
    let choose = {
        let (page, migrations, shown) = (page.clone(), migrations.clone(), shown.clone());
        move |at: usize| {
            let revision = shown.get(at).and_then(|at| migrations.revisions.get(*at));
            if let Some(revision) = revision {
                page.flush();
                page.dispatch(MigrationsAction::Choose(revision.id.as_str().into()));
            }
        }
    };
    let row_of = |event: &MouseEvent| -> Option<(Element, usize)> {
        let row = event
            .target_dyn_into::<Element>()?
            .closest(".revision")
            .ok()??;
        let at = row.get_attribute("aria-posinset")?.parse::<usize>().ok()?;
        Some((row, at - 1))
    };
    // Keys come faster than the page is drawn: what is chosen is asked of the state.
    let chosen_row = {
        let page = page.clone();
        move || {
            let id = format!("revision-{}", page.state().migrations.revision.as_deref()?);
            gloo::utils::document().get_element_by_id(&id)
        }
    };
    let onclick = {
        let (choose, on_menu) = (choose.clone(), props.on_menu.clone());
        let (migrations, shown) = (migrations.clone(), shown.clone());
        Callback::from(move |event: MouseEvent| {
            let Some((row, at)) = row_of(&event) else {
                return;
            };
            choose(at);
            let dots = event
                .target_dyn_into::<Element>()
                .filter(|target| target.class_list().contains("row-actions"));
            if let (Some(dots), Some(index)) = (dots, shown.get(at)) {
                let _ = row;
                on_menu.emit(OpenMenu::under(&migrations.revisions[*index].id, &dots));
            }
        })
    };
    let oncontextmenu = {
        let (choose, on_menu, chosen) = (choose.clone(), props.on_menu.clone(), chosen_row.clone());
        let (migrations, shown) = (migrations.clone(), shown.clone());
        Callback::from(move |event: MouseEvent| {
            let here = row_of(&event);
            let keyboard = here.is_none();
            let row = here.map(|(row, _)| row).or_else(&chosen);
            let at = row
                .as_ref()
                .and_then(|row| row.get_attribute("aria-posinset")?.parse::<usize>().ok());
            let (Some(row), Some(at)) = (row, at) else {
                return;
            };
            event.prevent_default();
            choose(at - 1);
            let Some(index) = shown.get(at - 1) else {
                return;
            };
            let mut open = OpenMenu::under(&migrations.revisions[*index].id, &row);
            if !keyboard {
                open.x = f64::from(event.client_x());
                open.y = f64::from(event.client_y());
            }
            on_menu.emit(open);
        })
    };
    let onkeydown = {
        let (choose, on_menu, typed) = (choose.clone(), props.on_menu.clone(), typed.clone());
        let (migrations, shown, page) = (migrations.clone(), shown.clone(), page.clone());
        Callback::from(move |event: KeyboardEvent| {
            let id = page.state().migrations.revision.clone();
            let position = shown
                .iter()
                .position(|index| Some(migrations.revisions[*index].id.as_str()) == id.as_deref());
            let last = shown.len().saturating_sub(1);
            let here = position.unwrap_or_default();
            let key = event.key();
            let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            let opens =
                key == "Enter" || key == "ContextMenu" || (key == "F10" && event.shift_key());
            if (event.ctrl_key() || event.meta_key()) && !event.shift_key() && key == "f" {
                event.prevent_default();
                page.dispatch(GraphAction::Find(true));
                return;
            }
            if key.chars().count() > 1 {
                // Going elsewhere ends a word.
                typed.borrow_mut().0.clear();
            }
            let next = match key.as_str() {
                _ if opens => {
                    event.prevent_default();
                    if let (Some(row), Some(id)) = (chosen_row(), &id) {
                        on_menu.emit(OpenMenu::under(id, &row));
                    }
                    return;
                }
                "ArrowUp" => here.saturating_sub(1),
                "ArrowDown" if position.is_none() => here,
                "ArrowDown" => (here + 1).min(last),
                "PageUp" => here.saturating_sub(10),
                "PageDown" => (here + 10).min(last),
                "Home" => 0,
                "End" => last,
                letter if plain && letter.chars().count() == 1 => {
                    let mut typed = typed.borrow_mut();
                    let now = event.time_stamp();
                    if now - typed.1 > WORD {
                        typed.0.clear();
                    }
                    let fits = letter.chars().all(char::is_alphanumeric) || !typed.0.is_empty();
                    if !fits || letter == "?" {
                        return;
                    }
                    typed.1 = now;
                    typed.0.push_str(letter);
                    // A first letter goes on to the next; more of them narrow down where one is.
                    let from = here + usize::from(typed.0.chars().count() == 1);
                    match find(&migrations.revisions, &shown, from, &typed.0) {
                        Some(at) => at,
                        None => return,
                    }
                }
                _ => return,
            };
            event.prevent_default();
            choose(next);
            // Also where it was chosen before and has been scrolled away.
            reveal(next);
        })
    };
    let oninput = {
        let (query, top, scroller) = (query.clone(), top.clone(), scroller.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
                query.set(input.value());
                if let Some(scroller) = scroller.cast::<Element>() {
                    scroller.set_scroll_top(0);
                }
                top.set(0);
            }
        })
    };
    let onfilterkey = {
        let (query, list, choose) = (query.clone(), list.clone(), choose.clone());
        let (any, page, asked) = (!shown.is_empty(), page.clone(), props.trips.finding > 0);
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" if !query.is_empty() => {
                event.prevent_default();
                event.stop_propagation();
                query.set(String::new());
            }
            "Escape" if asked => {
                event.prevent_default();
                event.stop_propagation();
                page.dispatch(GraphAction::Find(false));
                if let Some(list) = list.cast::<web_sys::HtmlElement>() {
                    let _ = list.focus();
                }
            }
            "Enter" | "ArrowDown" if any => {
                event.prevent_default();
                if position.is_none() {
                    choose(0);
                }
                if let Some(list) = list.cast::<web_sys::HtmlElement>() {
                    let _ = list.focus();
                }
            }
            _ => {}
        })
    };
    let on_trips = {
        let (page, under_way) = (page.clone(), props.trips.under_way.is_some());
        Callback::from(move |_: MouseEvent| {
            if under_way {
                page.stop_round_trips();
            } else {
                page.round_trips();
            }
        })
    };

    let all = shown.len();
    let first = (*top * STEP)
        .saturating_sub(STEP)
        .min(all.saturating_sub(DRAWN));
    let end = (first + DRAWN).min(all);
    let spacer = |rows: usize| {
        let height = rows as f64 * measure.row;
        html! { <svg class="spacer" width="1" height={height.to_string()} aria-hidden="true" /> }
    };
    let (width, row) = (measure.width(), measure.row);
    let height = (end - first) as f64 * row;
    let dot = |at: usize| {
        let revision = &revisions[shown[at]];
        let lane = if filtered { 0 } else { drawn.rows[shown[at]] };
        let (cx, cy) = (measure.x(lane), (at - first) as f64 * row + row / 2.0);
        let radius = (measure.lane / 4.0).clamp(2.5, 4.5);
        let class = if revision.applied { "applied" } else { "" };
        html! {
            <>
                if revision.current {
                    <circle class="ring" cx={cx.to_string()} cy={cy.to_string()} r={(radius + 3.5).to_string()} />
                }
                <circle {class} cx={cx.to_string()} cy={cy.to_string()} r={radius.to_string()} />
            </>
        }
    };
    let active = position
        .filter(|at| (first..end).contains(at))
        .and(props.chosen.as_deref())
        .map(|id| format!("revision-{id}"));
    html! {
        <div class="revisions">
            <div class="graph-bar">
                if findable {
                    <input
                        ref={field}
                        type="search"
                        id="revision-filter"
                        aria-label={words::FILTER}
                        placeholder={words::FILTER_HINT}
                        value={(*query).clone()}
                        autocomplete="off"
                        spellcheck="false"
                        {oninput}
                        onkeydown={onfilterkey}
                    />
                }
                <span class="fit" role="status">{ if filtered || revisions.len() <= MANY { words::fit(all, revisions.len()) } else { String::new() } }</span>
                <span class="space"></span>
                <button class="small" id="round-trips" onclick={on_trips} title={words::ROUND_TRIPS_HINT}>
                    { match props.trips.under_way {
                        Some((done, of)) => words::stop(done, of),
                        None => words::ROUND_TRIPS.to_owned(),
                    } }
                </button>
            </div>
            <div class="graph" ref={scroller} {onscroll}>
                <span class="hidden" id="graph-how">{ words::HOW }</span>
                if all == 0 {
                    <p class="empty">{ words::NOTHING_FITS }</p>
                }
                <div
                    ref={list}
                    class="graph-list"
                    role="listbox"
                    tabindex="0"
                    aria-label={words::LABEL}
                    aria-describedby="graph-how"
                    aria-activedescendant={active}
                    {onkeydown}
                    {onclick}
                    {oncontextmenu}
                >
                    { spacer(first) }
                    <div class="window" role="presentation">
                        // A list of its own: beside what has no key, all rows would be drawn anew.
                        <>{ for (first..end).map(|at| {
                            let revision = &revisions[shown[at]];
                            let trip = props.trips.known.get(revision.id.as_str());
                            revision_row(props, revision, trip, at, all, width)
                        }) }</>
                        <svg class="lanes" width={width.to_string()} height={height.to_string()} viewBox={format!("0 0 {width} {height}")} aria-hidden="true">
                            if !filtered {
                                { for drawn.seen(first, end).map(|edge| html! {
                                    <path
                                        d={path(edge, &drawn, measure, first, end)}
                                        class={classes!(edge.dashed.then_some("dashed"), edge.applied.then_some("applied"))}
                                    />
                                }) }
                            }
                            { for (first..end).map(dot) }
                        </svg>
                    </div>
                    { spacer(all - end) }
                </div>
            </div>
        </div>
    }
}

fn revision_row(
    props: &RevisionsProps,
    revision: &Revision,
    trip: Option<&Rc<Trip>>,
    at: usize,
    all: usize,
    width: f64,
) -> Html {
    let chosen = Some(revision.id.as_str()) == props.chosen.as_deref();
    let fresh = trip.is_some_and(|trip| trip.is_of(&props.files));
    let told = trip.map(|trip| verdict_words(trip));
    let depends = revision.depends_on.iter().map(|id| short(id));
    let depends: Vec<String> = depends.collect();
    html! {
        <div
            class={classes!("revision", chosen.then_some("chosen"), revision.applied.then_some("applied"), revision.current.then_some("current"))}
            id={format!("revision-{}", revision.id)}
            key={revision.id.clone()}
            role="option"
            aria-selected={chosen.to_string()}
            aria-setsize={all.to_string()}
            aria-posinset={(at + 1).to_string()}
        >
            <svg class="spacer" width={width.to_string()} height="1" aria-hidden="true" />
            <div class="revision-text" aria-hidden="true">
                <span class="revision-message">{ if revision.message.is_empty() { words::NO_MESSAGE } else { &revision.message } }</span>
                <span class="revision-facts">
                    <code>{ short(&revision.id) }</code>
                    if !revision.date.is_empty() { <span class="time">{ revision.date.chars().take(16).collect::<String>() }</span> }
                    { for revision.labels.iter().map(|label| html! { <span class="label">{ label }</span> }) }
                    if !depends.is_empty() { <span class="needs">{ words::needs(&depends.join(", ")) }</span> }
                </span>
            </div>
            <span class="marks" aria-hidden="true">
                <span>
                    if revision.current { <span class="mark current">{ words::CURRENT }</span> }
                    if revision.head { <span class="mark">{ words::HEAD }</span> }
                </span>
                if let Some(trip) = trip { { verdict_sign(trip, fresh) } }
            </span>
            <span class="row-actions" aria-hidden="true" title={words::ACTIONS}>{ "⋯" }</span>
            <span class="hidden">{ words::name(revision, told.as_deref()) }</span>
        </div>
    }
}
