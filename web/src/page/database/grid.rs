//! A grid of rows: of many thousand only those in sight are drawn. It is one stop of the Tab key; arrow
//! keys go from cell to cell, and from the first row to the headers, which sort and resize.

use std::rc::Rc;

use protocol::{Cell, Change, Column, Order, Rows, TableChange};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::cell_editor::{CellEditor, Typed};
use super::values::editable;
use super::words::grid as words;
use super::words::rows;
use crate::ui::cell::shown;
use crate::ui::change::{class_of, sign};
use crate::ui::icon::{Drawing, Icon};
use crate::words as common;

/// Rows are drawn in tens, so that a little scrolling draws nothing anew.
const STEP: usize = 10;

/// So many are in sight until that is known.
const IN_SIGHT: usize = 24;

/// Windows of rows begin at multiples of this.
const WINDOW_STEP: usize = 200;

/// A column is at least so wide, in pixels, and a key resizes it by so much.
const LEAST_WIDTH: f64 = 40.0;
const WIDTH_STEP: f64 = 16.0;

/// What the cells of a grid can be changed with.
#[derive(Clone, PartialEq)]
pub struct Editing {
    /// The columns of the table.
    pub columns: Rc<Vec<Column>>,
    /// A value is typed: the row by its `rowid`, the column, and the value.
    pub on_set: Callback<(i64, String, Typed)>,
    /// A row is to be deleted.
    pub on_delete: Callback<i64>,
}

/// Component properties of a grid.
#[derive(Properties, PartialEq)]
pub struct GridProps {
    /// The accessible name.
    pub label: AttrValue,
    /// What is shown; another name forgets where one was.
    pub name: AttrValue,
    /// Some of the rows.
    pub rows: Rc<Rows>,
    /// Which row they begin with.
    #[prop_or_default]
    pub offset: usize,
    /// How many there are.
    pub total: usize,
    /// What they are sorted by.
    pub order: Option<Order>,
    /// They are to be sorted otherwise.
    pub on_order: Callback<Option<Order>>,
    /// Other rows are wanted, from this one on.
    #[prop_or_default]
    pub on_window: Callback<usize>,
    /// Which rows are selected: the first, and how many.
    #[prop_or_default]
    pub on_select: Callback<Option<(usize, usize)>>,
    /// The cell or the selected rows are to be copied: a text, or rows.
    pub on_copy: Callback<Option<String>>,
    /// How cells are changed, where they can be.
    #[prop_or_default]
    pub editing: Option<Editing>,
    /// What the last command changed.
    #[prop_or_default]
    pub change: Option<TableChange>,
}

/// A place in the grid: a row, or the headers, and a column; the one after the last has the row's button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct At {
    row: Option<usize>,
    column: usize,
}

impl At {
    fn name(self) -> String {
        match self.row {
            Some(row) => format!("{row},{}", self.column),
            None => format!("head,{}", self.column),
        }
    }

    fn of(element: &Element) -> Option<At> {
        let name = element
            .closest("[data-at]")
            .ok()??
            .get_attribute("data-at")?;
        let (row, column) = name.split_once(',')?;
        Some(At {
            row: if row == "head" {
                None
            } else {
                Some(row.parse().ok()?)
            },
            column: column.parse().ok()?,
        })
    }
}

fn numeric(rows: &Rows, column: usize) -> bool {
    let mut any = false;
    rows.rows.iter().all(|row| match row.get(column) {
        Some(Cell::Integer(_) | Cell::Real(_)) => {
            any = true;
            true
        }
        Some(Cell::Null) => true,
        _ => false,
    }) && any
}

/// Whether fingers point, which don't click twice.
fn by_fingers() -> bool {
    gloo::utils::window()
        .match_media("(pointer: coarse)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

fn next_order(order: Option<&Order>, column: &str) -> Option<Order> {
    match order.filter(|order| order.column == column) {
        None => Some(Order {
            column: column.to_owned(),
            descending: false,
        }),
        Some(order) if !order.descending => Some(Order {
            column: column.to_owned(),
            descending: true,
        }),
        // The third time it is as it was.
        Some(_) => None,
    }
}

fn set_style(element: &HtmlElement, name: &str, value: &str) {
    // The content security policy forbids style attributes, but not the CSSOM.
    let _ = element.style().set_property(name, value);
}

fn children(parent: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = parent.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// Height of a row in pixels, until that is known.
const ROW: f64 = 28.0;

/// Height of the first row that is drawn, where one is in sight.
fn height_of_row(scroller: &Element) -> Option<f64> {
    let row = scroller
        .query_selector("tbody > tr[aria-rowindex]")
        .ok()??;
    let height = row.get_bounding_client_rect().height();
    (height > 0.0).then_some(height)
}

/// How many rows a scroller shows at once.
fn rows_in_sight(scroller: &Element, height: Option<f64>) -> usize {
    match height {
        Some(height) => (f64::from(scroller.client_height()) / height).ceil() as usize,
        None => IN_SIGHT,
    }
}

/// The grid.
#[component]
pub fn Grid(props: &GridProps) -> Html {
    let rows = props.rows.clone();
    let (total, columns) = (props.total, rows.columns.len());
    let tools = props.editing.is_some();
    let scroller = use_node_ref();
    // The first row that is drawn, in steps.
    let step = use_state_eq(|| 0usize);
    let at = use_state_eq(At::default);
    // Whether the keyboard goes to `at` once it is drawn.
    let follow = use_mut_ref(|| false);
    let anchor = use_state_eq(|| None::<usize>);
    let edited = use_state_eq(|| None::<(i64, usize)>);
    let row_height = use_mut_ref(|| None::<f64>);
    let in_sight = use_state_eq(|| IN_SIGHT);
    // Widths of the columns once one was resized.
    let widths = use_state_eq(|| None::<Vec<f64>>);

    // Also where there were more rows when it was scrolled.
    let drawn = *in_sight + 3 * STEP;
    let first = (*step * STEP)
        .saturating_sub(STEP)
        .min(total.saturating_sub(drawn));
    let end = (first + drawn).min(total);

    {
        // Another table is seen from its beginning.
        let (step, at, anchor, edited, widths) = (
            step.setter(),
            at.setter(),
            anchor.setter(),
            edited.setter(),
            widths.setter(),
        );
        let (scroller, on_select) = (scroller.clone(), props.on_select.clone());
        use_effect_with((props.name.clone(), columns), move |_| {
            step.set(0);
            at.set(At {
                row: Some(0),
                column: 0,
            });
            anchor.set(None);
            on_select.emit(None);
            edited.set(None);
            widths.set(None);
            if let Some(scroller) = scroller.cast::<Element>() {
                scroller.set_scroll_top(0);
                scroller.set_scroll_left(0);
            }
        });
    }
    {
        // Rows that are to be seen and are not here are asked for.
        let here = (props.offset, props.offset + rows.rows.len());
        let on_window = props.on_window.clone();
        let window = first / WINDOW_STEP * WINDOW_STEP;
        use_effect_with(
            (window, first, end, here, total),
            move |(window, first, end, here, total)| {
                if *total > 0 && (*first < here.0 || *end > here.1) {
                    on_window.emit(*window);
                }
            },
        );
    }
    {
        // What is not drawn has its room all the same, and the keyboard goes where it was sent.
        let (scroller, row_height, follow, at) =
            (scroller.clone(), row_height.clone(), follow.clone(), *at);
        let in_sight = in_sight.setter();
        let widths = (*widths).clone();
        use_effect(move || {
            let Some(scroller) = scroller.cast::<Element>() else {
                return;
            };
            // Asked once only: all that is due would be laid out for it, and again for the spacers.
            if row_height.borrow().is_none() {
                *row_height.borrow_mut() = height_of_row(&scroller);
                in_sight.set(rows_in_sight(&scroller, *row_height.borrow()));
            }
            let height = row_height.borrow().unwrap_or(ROW);
            for (spacer, number) in children(&scroller, "tr.spacer > td")
                .iter()
                .zip([first, total.saturating_sub(end)])
            {
                set_style(spacer, "height", &format!("{}px", number as f64 * height));
            }
            if let Some(table) = children(&scroller, "table").first() {
                let cols = children(&scroller, "col[data-column]");
                match &widths {
                    Some(widths) => {
                        for (col, width) in cols.iter().zip(widths) {
                            set_style(col, "width", &format!("{width}px"));
                        }
                        let sum: f64 = widths.iter().sum();
                        set_style(
                            table,
                            "width",
                            &format!("{}px", sum + 24.0 + if tools { 40.0 } else { 0.0 }),
                        );
                    }
                    None => {
                        for col in &cols {
                            set_style(col, "width", "");
                        }
                        set_style(table, "width", "");
                    }
                }
            }
            if *follow.borrow()
                && let Ok(Some(cell)) =
                    scroller.query_selector(&format!("[data-at=\"{}\"]", at.name()))
                && let Ok(cell) = cell.dyn_into::<HtmlElement>()
            {
                *follow.borrow_mut() = false;
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = cell.focus_with_options(&options);
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                nearest.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                cell.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    }
    let onscroll = {
        let (scroller, step, row_height) = (scroller.clone(), step.clone(), row_height.clone());
        let in_sight = in_sight.setter();
        Callback::from(move |_: Event| {
            if let Some(scroller) = scroller.cast::<Element>() {
                // What scrolls is laid out: this costs nothing.
                if let Some(height) = height_of_row(&scroller) {
                    *row_height.borrow_mut() = Some(height);
                }
                let height = row_height.borrow().unwrap_or(ROW);
                in_sight.set(rows_in_sight(&scroller, Some(height)));
                let row = f64::from(scroller.scroll_top().max(0)) / height;
                step.set(row as usize / STEP);
            }
        })
    };
    // Goes to a cell, and scrolls so far that it is drawn.
    let go = {
        let (scroller, step, at, follow, row_height) = (
            scroller.clone(),
            step.clone(),
            at.clone(),
            follow.clone(),
            row_height.clone(),
        );
        move |next: At| {
            *follow.borrow_mut() = true;
            if let (Some(row), Some(scroller)) = (next.row, scroller.cast::<Element>()) {
                let height = row_height.borrow().unwrap_or(ROW);
                let (top, room) = (
                    f64::from(scroller.scroll_top()),
                    f64::from(scroller.client_height()),
                );
                let y = row as f64 * height;
                // The headers lie over the first row of what is in sight.
                let wanted = if y < top {
                    y
                } else if y + 2.0 * height > top + room {
                    y + 2.0 * height - room
                } else {
                    top
                };
                if (wanted - top).abs() > 0.5 {
                    scroller.set_scroll_top(wanted as i32);
                    step.set((wanted / height) as usize / STEP);
                }
            }
            at.set(next);
        }
    };
    let select = {
        let (anchor, on_select) = (anchor.clone(), props.on_select.clone());
        move |from: Option<usize>, to: usize| {
            anchor.set(from);
            on_select.emit(from.map(|from| (from.min(to), from.abs_diff(to) + 1)));
        }
    };
    let value = {
        let (rows, offset) = (rows.clone(), props.offset);
        move |at: At| -> Option<(Option<i64>, Cell)> {
            let index = at.row?.checked_sub(offset)?;
            let cell = rows.rows.get(index)?.get(at.column)?.clone();
            Some((rows.rowids.get(index).copied(), cell))
        }
    };
    let edit = {
        let (edited, value, tools) = (edited.clone(), value.clone(), tools);
        move |at: At| {
            if let Some((Some(rowid), cell)) = value(at).filter(|_| tools)
                && editable(&cell).is_some()
            {
                edited.set(Some((rowid, at.column)));
            }
        }
    };
    // Measures the columns where none was resized so far.
    let measured = {
        let (scroller, widths) = (scroller.clone(), widths.clone());
        move || {
            (*widths).clone().or_else(|| {
                let cells = children(&scroller.cast::<Element>()?, "thead th[data-at]");
                Some(
                    cells
                        .iter()
                        .map(|cell| cell.get_bounding_client_rect().width())
                        .collect(),
                )
            })
        }
    };
    let resize = {
        let (widths, measured) = (widths.clone(), measured.clone());
        move |column: usize, by: f64| {
            if let Some(mut all) = measured()
                && let Some(width) = all.get_mut(column)
            {
                *width = (*width + by).max(LEAST_WIDTH);
                widths.set(Some(all));
            }
        }
    };
    let onkeydown = {
        let (go, select, edit, value, resize) = (
            go.clone(),
            select.clone(),
            edit.clone(),
            value.clone(),
            resize.clone(),
        );
        let (at, anchor, editing) = (*at, *anchor, props.editing.clone());
        let (order, on_order, on_copy) = (
            props.order.clone(),
            props.on_order.clone(),
            props.on_copy.clone(),
        );
        let (scroller, row_height, names) = (scroller.clone(), row_height.clone(), rows.clone());
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target_dyn_into::<Element>();
            if target.is_none_or(|target| target.has_type::<web_sys::HtmlInputElement>()) {
                return;
            }
            let last = total.saturating_sub(1);
            let last_column = (columns + usize::from(tools && at.row.is_some())).saturating_sub(1);
            let page = scroller.cast::<Element>().map_or(10, |scroller| {
                (f64::from(scroller.client_height()) / row_height.borrow().unwrap_or(ROW)) as usize
            });
            let control = event.ctrl_key() || event.meta_key();
            let shift = event.shift_key();
            let key = event.key();
            let head = at.row.is_none();
            let row = at.row.unwrap_or_default();
            let to = |row: usize| At {
                row: Some(row.min(last)),
                ..at
            };
            let next = match key.as_str() {
                "ArrowLeft" | "ArrowRight" if head && shift => {
                    event.prevent_default();
                    resize(
                        at.column,
                        if key == "ArrowLeft" {
                            -WIDTH_STEP
                        } else {
                            WIDTH_STEP
                        },
                    );
                    return;
                }
                "ArrowLeft" => At {
                    column: at.column.saturating_sub(1),
                    ..at
                },
                "ArrowRight" => At {
                    column: (at.column + 1).min(last_column),
                    ..at
                },
                "ArrowUp" if head || (row == 0 && !shift) => At {
                    row: None,
                    column: at.column.min(columns.saturating_sub(1)),
                },
                "ArrowUp" => to(row.saturating_sub(1)),
                "ArrowDown" if head && total == 0 => return,
                "ArrowDown" if head => to(0),
                "ArrowDown" => to(row + 1),
                "PageUp" => to(row.saturating_sub(page)),
                "PageDown" => to(row + page),
                "Home" if control => At {
                    row: Some(0),
                    column: 0,
                },
                "End" if control => At {
                    row: Some(last),
                    column: columns.saturating_sub(1),
                },
                "Home" => At { column: 0, ..at },
                "End" => At {
                    column: columns.saturating_sub(1),
                    ..at
                },
                "Enter" | " " if head => {
                    event.prevent_default();
                    if let Some(name) = names.columns.get(at.column) {
                        on_order.emit(next_order(order.as_ref(), name));
                    }
                    return;
                }
                "Enter" | "F2" if at.column < columns => {
                    event.prevent_default();
                    edit(at);
                    return;
                }
                "Escape" if anchor.is_some() => {
                    event.prevent_default();
                    event.stop_propagation();
                    select(None, row);
                    return;
                }
                "c" if control => {
                    let chosen = gloo::utils::window().get_selection().ok().flatten();
                    if chosen.is_none_or(|chosen| chosen.is_collapsed()) {
                        event.prevent_default();
                        let one = value(at).filter(|_| anchor.is_none());
                        on_copy.emit(one.map(|(_, cell)| super::values::plain(&cell)));
                    }
                    return;
                }
                // With Alt a keyboard may give another letter: the key itself counts then.
                _ if event.alt_key() && event.code() == "KeyN" => {
                    if let (Some(editing), Some((Some(rowid), cell))) = (&editing, value(at))
                        && let Some(column) = names.columns.get(at.column)
                    {
                        event.prevent_default();
                        event.stop_propagation();
                        if cell != Cell::Null {
                            editing.on_set.emit((rowid, column.clone(), Typed::Null));
                        }
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let (true, Some(row)) = (shift, next.row)
                && next.row != at.row
            {
                select(Some(anchor.unwrap_or(at.row.unwrap_or(row))), row);
            } else if anchor.is_some() && next.row != at.row {
                select(None, row);
            }
            go(next);
        })
    };
    let onclick = {
        let (edit, select, anchor, here, set) =
            (edit.clone(), select.clone(), *anchor, *at, at.setter());
        Callback::from(move |event: MouseEvent| {
            let Some(target) = event.target_dyn_into::<Element>() else {
                return;
            };
            let Some(clicked) = At::of(&target) else {
                return;
            };
            if let Some(row) = clicked.row {
                if event.shift_key() {
                    select(Some(anchor.or(here.row).unwrap_or(row)), row);
                } else if anchor.is_some() {
                    select(None, row);
                }
                set.set(clicked);
                if by_fingers() && !event.shift_key() {
                    edit(clicked);
                }
            }
        })
    };
    // However a cell got the keyboard, that is where the keys go on from.
    let onfocusin = {
        let at = at.setter();
        Callback::from(move |event: FocusEvent| {
            if let Some(here) = event
                .target_dyn_into::<Element>()
                .and_then(|target| At::of(&target))
            {
                at.set(here);
            }
        })
    };
    let ondblclick = Callback::from(move |event: MouseEvent| {
        if let Some(at) = event
            .target_dyn_into::<Element>()
            .and_then(|target| At::of(&target))
            && at.row.is_some()
        {
            edit(at);
        }
    });
    // Where the pointer went down on the edge of a header, and the widths then.
    let held = use_mut_ref(|| None::<(f64, Vec<f64>)>);
    let edge = |column: usize| {
        let down = {
            let (held, measured) = (held.clone(), measured.clone());
            Callback::from(move |event: PointerEvent| {
                event.prevent_default();
                event.stop_propagation();
                if let Some(target) = event.target_dyn_into::<Element>() {
                    let _ = target.set_pointer_capture(event.pointer_id());
                }
                *held.borrow_mut() = measured().map(|widths| (f64::from(event.client_x()), widths));
            })
        };
        let drag = {
            let (held, widths) = (held.clone(), widths.setter());
            Callback::from(move |event: PointerEvent| {
                if let Some((from, before)) = &*held.borrow() {
                    let mut all = before.clone();
                    if let Some(width) = all.get_mut(column) {
                        *width = (*width + f64::from(event.client_x()) - from).max(LEAST_WIDTH);
                    }
                    widths.set(Some(all));
                }
            })
        };
        let up = {
            let held = held.clone();
            Callback::from(move |_: PointerEvent| *held.borrow_mut() = None)
        };
        let reset = {
            let widths = widths.setter();
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                widths.set(None);
            })
        };
        let stay = Callback::from(|event: MouseEvent| event.stop_propagation());
        html! { <span class="column-edge" title={words::RESIZE} onpointerdown={down} onpointermove={drag} onpointerup={up.clone()} onpointercancel={up} onclick={stay} ondblclick={reset}></span> }
    };
    let commit = {
        let (edited, go, at, names) = (edited.setter(), go.clone(), *at, rows.clone());
        let on_set = props.editing.as_ref().map(|editing| editing.on_set.clone());
        Callback::from(move |(rowid, column, typed): (i64, usize, Option<Typed>)| {
            edited.set(None);
            go(at);
            if let (Some(typed), Some(on_set), Some(name)) =
                (typed, &on_set, names.columns.get(column))
            {
                on_set.emit((rowid, name.clone(), typed));
            }
        })
    };
    let change = props.change.as_ref();
    let row_change = |rowid: Option<&i64>| {
        let rowid = rowid?;
        change?
            .rows
            .iter()
            .find(|(id, _)| id == rowid)
            .map(|(_, change)| *change)
    };
    let column_change = |name: &str| {
        change?
            .columns
            .iter()
            .find(|(other, ..)| other == name)
            .map(|(_, change, _)| *change)
    };
    let figures: Vec<bool> = (0..columns).map(|index| numeric(&rows, index)).collect();
    let column_classes: Vec<Classes> = rows
        .columns
        .iter()
        .zip(&figures)
        .map(|(name, figures)| {
            classes!(
                column_change(name).map(class_of),
                figures.then_some("figures")
            )
        })
        .collect();
    // One cell takes the keyboard: the one where it was, or the first that is drawn.
    let stop = match at.row {
        Some(row) if row < first || row >= end => At {
            row: Some(first),
            column: 0,
        },
        _ => *at,
    };
    let stop = if total == 0 {
        At {
            row: None,
            column: stop.column.min(columns.saturating_sub(1)),
        }
    } else {
        stop
    };
    let tab = |here: At| if here == stop { "0" } else { "-1" };
    let selected = anchor
        .zip(at.row)
        .map(|(from, to)| from.min(to)..=from.max(to));
    let cell = |row: usize, index: usize, cell: &Cell, rowid: Option<i64>| {
        let here = At {
            row: Some(row),
            column: index,
        };
        let class = column_classes.get(index).cloned().unwrap_or_default();
        if let Some(rowid) = rowid.filter(|rowid| *edited == Some((*rowid, index))) {
            let column = props.editing.as_ref().and_then(|editing| {
                let name = rows.columns.get(index)?;
                editing
                    .columns
                    .iter()
                    .find(|one| one.name == *name)
                    .cloned()
            });
            let on_end = commit.reform(move |typed: Option<Typed>| (rowid, index, typed));
            return html! {
                <td role="gridcell" class="edited" aria-colindex={(index + 1).to_string()}>
                    <CellEditor column={column.unwrap_or_default()} value={cell.clone()} {on_end} />
                </td>
            };
        }
        let title = (tools && editable(cell).is_some()).then_some(words::EDITS);
        html! { <td role="gridcell" {class} tabindex={tab(here)} data-at={here.name()} aria-colindex={(index + 1).to_string()} {title}>{ shown(cell) }</td> }
    };
    html! {
        <div class="scroll" ref={scroller} {onscroll}>
            <table class={classes!("rows", widths.is_some().then_some("sized"))} role="grid" aria-label={props.label.clone()} aria-rowcount={(total + 1).to_string()} aria-colcount={columns.to_string()} {onkeydown} {onclick} {ondblclick} {onfocusin}>
                <colgroup>
                    <col class="sign-col" />
                    { for (0..columns).map(|index| html! { <col data-column={index.to_string()} /> }) }
                    if tools { <col class="tool-col" /> }
                </colgroup>
                <thead>
                    <tr aria-rowindex="1">
                        <th scope="col" class="sign-cell"><span class="hidden">{ common::CHANGE }</span></th>
                        { for rows.columns.iter().enumerate().map(|(index, name)| {
                            let here = At { row: None, column: index };
                            let sorted = props.order.as_ref().filter(|order| order.column == *name).map(|order| order.descending);
                            let sort = {
                                let (on_order, order, name, set) = (props.on_order.clone(), props.order.clone(), name.clone(), at.setter());
                                Callback::from(move |_: MouseEvent| {
                                    set.set(here);
                                    on_order.emit(next_order(order.as_ref(), &name));
                                })
                            };
                            let change = column_change(name);
                            html! {
                                <th scope="col" class={classes!("sortable", column_classes.get(index).cloned().unwrap_or_default())} tabindex={tab(here)} data-at={here.name()} aria-colindex={(index + 1).to_string()}
                                    aria-sort={match sorted { None => "none", Some(false) => "ascending", Some(true) => "descending" }} title={words::SORT} onclick={sort}>
                                    if change.is_some() { { sign(change) } }
                                    { name }
                                    if let Some(descending) = sorted { <span class="order" aria-hidden="true">{ if descending { " ↓" } else { " ↑" } }</span> }
                                    { edge(index) }
                                </th>
                            }
                        }) }
                        if tools { <th scope="col" class="tool-cell"><span class="hidden">{ crate::files::words::DELETE }</span></th> }
                    </tr>
                </thead>
                <tbody>
                    <tr key="above" class="spacer" aria-hidden="true"><td></td></tr>
                    { for (first..end).map(|row| {
                        let here = row.checked_sub(props.offset).and_then(|index| Some((index, rows.rows.get(index)?)));
                        let rowid = here.and_then(|(index, _)| rows.rowids.get(index));
                        let change = row_change(rowid);
                        let chosen = selected.as_ref().is_some_and(|selected| selected.contains(&row));
                        html! {
                            <tr key={row} aria-rowindex={(row + 2).to_string()} aria-selected={chosen.then_some("true")} class={classes!(change.map(class_of), chosen.then_some("selected"))}>
                                <td class="sign-cell">{ if change.is_some() { sign(change) } else { Html::default() } }</td>
                                { match here {
                                    Some((_, values)) => html! { <>{ for values.iter().enumerate().map(|(index, value)| cell(row, index, value, rowid.copied())) }</> },
                                    None => html! { <>{ for (0..columns).map(|index| {
                                        let here = At { row: Some(row), column: index };
                                        html! { <td role="gridcell" class="loading" tabindex={tab(here)} data-at={here.name()}>{ words::LOADING }</td> }
                                    }) }</> },
                                } }
                                if let (Some(editing), Some(rowid)) = (&props.editing, rowid.copied()) {
                                    <td class="tool-cell">
                                        <button class="quiet tool" tabindex={tab(At { row: Some(row), column: columns })} data-at={At { row: Some(row), column: columns }.name()} onclick={editing.on_delete.reform(move |_: MouseEvent| rowid)} aria-label={rows::delete_row(rowid)} title={rows::DELETE_ROW}><Icon of={Drawing::Close} /></button>
                                    </td>
                                }
                            </tr>
                        }
                    }) }
                    <tr key="below" class="spacer" aria-hidden="true"><td></td></tr>
                </tbody>
            </table>
            if total == 0 { <p class="empty">{ rows::NONE }</p> }
            if let Some(change) = change.filter(|change| change.removed > 0 && change.change != Some(Change::Added)) {
                <p class="foot removed">{ sign(Some(Change::Removed)) }{ " " }{ rows::removed(change.removed as usize) }</p>
            }
        </div>
    }
}
