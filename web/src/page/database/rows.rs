//! Rows of a table, browsed and edited, and rows of a query.

use std::rc::Rc;

use protocol::console::quote;
use protocol::sql::{quote_name, quote_text};
use protocol::{Cell, Change, Column, Rows, Table, TableChange};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::effects::PAGE_ROWS;
use super::state::{DatabaseAction, RowsOf};
use super::words::rows as words;
use crate::page::Page;
use crate::ui::cell::shown;
use crate::ui::change::{class_of, sign};
use crate::ui::icon::{Drawing, Icon};
use crate::words as common;
use crate::words::count;

fn editable(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => Some(String::new()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Real(number) => Some(format!("{number:?}")),
        Cell::Text(text) => Some(text.clone()),
        Cell::Blob(_) => None,
    }
}

/// A typed value in SQL: a number where the column wants one, NULL where nothing is typed and the
/// column allows it.
fn literal(text: &str, column: &Column) -> String {
    let kind = column.kind.to_ascii_uppercase();
    let textual = ["CHAR", "TEXT", "CLOB", "DATE", "TIME", "UUID", "JSON"]
        .iter()
        .any(|part| kind.contains(part));
    if text.is_empty() && (!column.not_null || column.primary_key > 0) {
        return "NULL".to_owned();
    }
    if !textual && (text.parse::<i64>().is_ok() || text.parse::<f64>().is_ok_and(f64::is_finite)) {
        return text.to_owned();
    }
    match text.to_ascii_lowercase().as_str() {
        "true" if kind.contains("BOOL") => "1".to_owned(),
        "false" if kind.contains("BOOL") => "0".to_owned(),
        _ => quote_text(text),
    }
}

fn numeric(rows: &Rows, column: usize) -> bool {
    rows.rows.iter().all(|row| {
        matches!(
            row.get(column),
            Some(Cell::Integer(_) | Cell::Real(_) | Cell::Null)
        )
    }) && rows
        .rows
        .iter()
        .any(|row| !matches!(row.get(column), Some(Cell::Null) | None))
}

#[derive(Properties, PartialEq)]
pub struct ResultProps {
    /// The rows.
    pub rows: Rows,
}

/// Rows of a query.
#[component]
pub fn ResultTable(props: &ResultProps) -> Html {
    let rows = &props.rows;
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label={words::RESULT}>
            <table class="rows">
                <thead><tr>{ for rows.columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                <tbody>
                    { for rows.rows.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| html! { <td>{ shown(cell) }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
            <p class="foot">{ if rows.total > rows.rows.len() as u64 { common::first_of(rows.rows.len(), rows.total) } else { count(rows.rows.len(), common::ROW) } }</p>
        </div>
    }
}

/// What the rows of a table need.
#[derive(Properties, PartialEq)]
pub struct TableRowsProps {
    /// The page.
    pub page: Page,
    /// The database.
    pub database: AttrValue,
    /// The table.
    pub table: Table,
    /// Its rows, once they are there.
    pub rows: Option<Rc<RowsOf>>,
    /// Which row they begin at.
    pub offset: u32,
    /// What the last command changed.
    pub change: Option<TableChange>,
}

/// Rows of a table: a double click or Enter edits a cell.
#[component]
pub fn TableRows(props: &TableRowsProps) -> Html {
    let page = props.page.clone();
    let table = &props.table;
    // Which cell is edited: rowid and column.
    let editing = use_state(|| None::<(i64, usize)>);
    let adding = use_state(|| false);
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((*editing, *adding), move |_| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
                input.select();
            }
        });
    }
    {
        let (editing, adding) = (editing.clone(), adding.clone());
        use_effect_with((props.database.clone(), table.name.clone()), move |_| {
            editing.set(None);
            adding.set(false);
        });
    }
    let Some(data) = props.rows.clone() else {
        return html! { <p class="empty">{ words::READING }</p> };
    };
    let rows = match &data.2 {
        Ok(rows) => rows,
        Err(failure) => return html! { <p class="failure">{ &failure.message }</p> },
    };
    let sql = {
        let (page, database) = (page.clone(), props.database.clone());
        Rc::new(move |sql: String| {
            page.command(format!("sqlite3 {} {}", quote(&database), quote(&sql)));
        })
    };
    let can_edit = table.rowid && !table.view;
    let commit = {
        let (editing, input, sql, table, data) = (
            editing.clone(),
            input.clone(),
            sql.clone(),
            table.clone(),
            data.clone(),
        );
        Rc::new(move || {
            let (Some((rowid, index)), Ok(rows)) = (*editing, &data.2) else {
                return;
            };
            let typed = input
                .cast::<web_sys::HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            editing.set(None);
            let before = rows
                .rowids
                .iter()
                .position(|id| *id == rowid)
                .and_then(|row| rows.rows.get(row)?.get(index));
            if before.and_then(editable).as_deref() == Some(typed.as_str()) {
                return;
            }
            if let Some(column) = table
                .columns
                .iter()
                .find(|c| rows.columns.get(index) == Some(&c.name))
            {
                sql(format!(
                    "UPDATE {} SET {} = {} WHERE rowid = {rowid}",
                    quote_name(&table.name),
                    quote_name(&column.name),
                    literal(&typed, column)
                ));
            }
        })
    };
    let edit_key = {
        let (editing, commit) = (editing.clone(), commit.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                event.stop_propagation();
                commit();
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                editing.set(None);
            }
            _ => {}
        })
    };
    let edit_blur = Callback::from(move |_: FocusEvent| commit());
    let start = |rowid: i64, index: usize| {
        let editing = editing.clone();
        move || editing.set(Some((rowid, index)))
    };
    let delete = |rowid: i64| {
        let (sql, name) = (sql.clone(), table.name.clone());
        Callback::from(move |_: MouseEvent| {
            sql(format!(
                "DELETE FROM {} WHERE rowid = {rowid}",
                quote_name(&name)
            ));
        })
    };
    let add = {
        let (adding, sql, table) = (adding.clone(), sql.clone(), table.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(form) = event.target_dyn_into::<web_sys::Element>() else {
                return;
            };
            let mut names = Vec::new();
            let mut values = Vec::new();
            for (index, column) in table.columns.iter().enumerate() {
                let field = form
                    .query_selector(&format!("[name=\"field-{index}\"]"))
                    .ok()
                    .flatten()
                    .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
                let typed = field.map(|field| field.value()).unwrap_or_default();
                // Empty fields are left to the table: its default, its next id, or NULL.
                if !typed.is_empty() {
                    names.push(quote_name(&column.name));
                    values.push(literal(&typed, column));
                }
            }
            adding.set(false);
            sql(if names.is_empty() {
                format!("INSERT INTO {} DEFAULT VALUES", quote_name(&table.name))
            } else {
                format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quote_name(&table.name),
                    names.join(", "),
                    values.join(", ")
                )
            });
        })
    };
    let cancel_key = {
        let adding = adding.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                adding.set(false);
            }
        })
    };
    let toggle_add = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(!*adding))
    };
    let turn = |offset: u32| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(DatabaseAction::Offset(offset)))
    };
    let change = props.change.as_ref();
    let new_table = change.is_some_and(|change| change.change == Some(Change::Added));
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
    let figures: Vec<bool> = (0..rows.columns.len())
        .map(|index| numeric(rows, index))
        .collect();
    let last = u64::from(props.offset) + rows.rows.len() as u64;
    html! {
        <>
            <div class="scroll" tabindex="0" role="group" aria-label={words::rows_of(&table.name)}>
                <table class="rows">
                    <thead>
                        <tr>
                            <th scope="col" class="sign-cell"><span class="hidden">{ common::CHANGE }</span></th>
                            { for rows.columns.iter().enumerate().map(|(index, name)| {
                                let change = column_change(name);
                                html! {
                                    <th scope="col" class={classes!(change.map(class_of), figures[index].then_some("figures"))}>
                                        if change.is_some() { { sign(change) } }
                                        { name }
                                    </th>
                                }
                            }) }
                            if can_edit { <th scope="col" class="tool-cell"><span class="hidden">{ crate::files::words::DELETE }</span></th> }
                        </tr>
                    </thead>
                    <tbody>
                        { for rows.rows.iter().enumerate().map(|(number, row)| {
                            let rowid = rows.rowids.get(number);
                            let change = row_change(rowid);
                            let key = rowid.map_or_else(|| format!("row-{number}"), |id| format!("rowid-{id}"));
                            html! {
                                <tr {key} class={classes!(change.map(class_of))}>
                                    <td class="sign-cell">{ if change.is_some() { sign(change) } else { Html::default() } }</td>
                                    { for row.iter().enumerate().map(|(index, cell)| {
                                        let class = classes!(figures.get(index).copied().unwrap_or_default().then_some("figures"), rows.columns.get(index).and_then(|name| column_change(name)).map(class_of));
                                        let Some(rowid) = rowid.copied().filter(|_| can_edit && editable(cell).is_some()) else {
                                            return html! { <td {class}>{ shown(cell) }</td> };
                                        };
                                        if *editing == Some((rowid, index)) {
                                            return html! {
                                                <td class="edited">
                                                    <input ref={input.clone()} value={editable(cell)} onkeydown={edit_key.clone()} onblur={edit_blur.clone()} aria-label={rows.columns.get(index).cloned()} />
                                                </td>
                                            };
                                        }
                                        let (by_mouse, by_touch, by_key) = (start(rowid, index), start(rowid, index), start(rowid, index));
                                        let onclick = Callback::from(move |_: MouseEvent| {
                                            if by_fingers() {
                                                by_touch();
                                            }
                                        });
                                        let ondblclick = Callback::from(move |_: MouseEvent| by_mouse());
                                        let onkeydown = Callback::from(move |event: KeyboardEvent| {
                                            if event.key() == "Enter" || event.key() == "F2" {
                                                event.prevent_default();
                                                by_key();
                                            }
                                        });
                                        html! { <td {class} tabindex="0" title={words::EDITS} {onclick} {ondblclick} {onkeydown}>{ shown(cell) }</td> }
                                    }) }
                                    if let Some(rowid) = rowid.copied().filter(|_| can_edit) {
                                        <td class="tool-cell"><button class="quiet tool" onclick={delete(rowid)} aria-label={words::delete_row(rowid)} title={words::DELETE_ROW}><Icon of={Drawing::Close} /></button></td>
                                    }
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
                if rows.rows.is_empty() { <p class="empty">{ words::NONE }</p> }
                if let Some(change) = change.filter(|change| change.removed > 0 && !new_table) {
                    <p class="foot removed">{ sign(Some(Change::Removed)) }{ " " }{ words::removed(change.removed as usize) }</p>
                }
            </div>
            if *adding {
                <form class="new-row" onsubmit={add} onkeydown={cancel_key}>
                    { for table.columns.iter().enumerate().map(|(index, column)| {
                        let id = format!("field-{index}");
                        let left = if column.primary_key > 0 && column.kind.eq_ignore_ascii_case("INTEGER") { words::NEXT.to_owned() } else { column.default.clone().unwrap_or_else(|| if column.not_null { String::new() } else { "NULL".to_owned() }) };
                        html! {
                            <label for={id.clone()}>
                                <span>{ &column.name }</span>
                                if index == usize::from(table.columns.len() > 1 && column_is_id(&table.columns[0])) {
                                    <input id={id.clone()} name={id.clone()} ref={input.clone()} placeholder={left} autocomplete="off" />
                                } else {
                                    <input id={id.clone()} name={id.clone()} placeholder={left} autocomplete="off" />
                                }
                            </label>
                        }
                    }) }
                    <button class="solid" type="submit">{ words::INSERT }</button>
                </form>
            }
            <div class="rows-bar">
                if can_edit {
                    <button class="small" onclick={toggle_add} aria-expanded={adding.to_string()}>{ if *adding { common::CANCEL } else { words::NEW } }</button>
                }
                <span class="space"></span>
                if rows.total > u64::from(PAGE_ROWS) {
                    <button class="quiet" onclick={turn(props.offset.saturating_sub(PAGE_ROWS))} disabled={props.offset == 0} aria-label={words::BEFORE}><Icon of={Drawing::Left} /></button>
                    <span class="number">{ words::range(props.offset + 1, last, rows.total) }</span>
                    <button class="quiet" onclick={turn(props.offset + PAGE_ROWS)} disabled={last >= rows.total} aria-label={words::AFTER}><Icon of={Drawing::Right} /></button>
                }
            </div>
        </>
    }
}

/// Whether fingers point, which don't click twice.
fn by_fingers() -> bool {
    gloo::utils::window()
        .match_media("(pointer: coarse)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

fn column_is_id(column: &Column) -> bool {
    column.primary_key > 0 && column.kind.eq_ignore_ascii_case("INTEGER")
}
