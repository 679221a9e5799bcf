//! Rows of a table, browsed and edited, and rows of a query.

use std::rc::Rc;

use protocol::console::sql_line;
use protocol::sql::{RowId, quote_name};
use protocol::{Cell, Column, Failure, Order, Rows, Table, TableChange};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::cell_editor::Typed;
use super::grid::{Editing, Grid};
use super::state::{DatabaseAction, ReadRows};
use super::values::{self, FORMATS, Format, literal, misfit};
use super::words::grid;
use super::words::rows as words;
use crate::page::Page;
use crate::ui::clipboard::copy;
use crate::ui::menu::{Menu, close_menu};
use crate::words as common;

/// Component properties of the bar's menu that copies rows.
#[derive(Properties, PartialEq)]
struct CopyMenuProps {
    on_copy: Callback<Format>,
}

#[component]
fn CopyMenu(props: &CopyMenuProps) -> Html {
    html! {
        <Menu class="right up copy-rows" label={grid::COPY_AS} summary={html! { { grid::COPY } }}>
            { for FORMATS.into_iter().map(|(format, name)| {
                let on_copy = props.on_copy.clone();
                let onclick = Callback::from(move |event: MouseEvent| {
                    close_menu(&event);
                    on_copy.emit(format);
                });
                html! { <button class="choice" {onclick}><strong>{ name }</strong></button> }
            }) }
            <p class="note">{ grid::COPY_ABOUT }</p>
        </Menu>
    }
}

/// Component properties of rows of a query.
#[derive(Properties, PartialEq)]
pub struct ResultProps {
    /// The page.
    pub page: Page,
    /// The rows.
    pub rows: Rc<Rows>,
}

/// Rows of a query.
#[component]
pub fn ResultTable(props: &ResultProps) -> Html {
    let order = use_state_eq(|| None::<Order>);
    let selected = use_state_eq(|| None::<(usize, usize)>);
    let said = use_state_eq(String::new);
    let rows: Rc<Rows> = use_memo((props.rows.clone(), (*order).clone()), |(rows, order)| {
        let mut sorted = (**rows).clone();
        let by = order.as_ref().and_then(|order| {
            let index = rows.columns.iter().position(|one| *one == order.column)?;
            Some((index, order.descending))
        });
        if let Some((index, descending)) = by {
            sorted.rows.sort_by(|one, other| {
                let (one, other) = (one.get(index), other.get(index));
                let ordering =
                    values::compare(one.unwrap_or(&Cell::Null), other.unwrap_or(&Cell::Null));
                if descending {
                    ordering.reverse()
                } else {
                    ordering
                }
            });
        }
        sorted
    });
    let on_copy = {
        let (page, rows, selected, said) =
            (props.page.clone(), rows.clone(), *selected, said.setter());
        Callback::from(move |format: Format| {
            let (from, number) = selected.unwrap_or((0, rows.rows.len()));
            let chosen = rows
                .rows
                .get(from..(from + number).min(rows.rows.len()))
                .unwrap_or_default();
            copy(
                &page,
                &values::write(format, "result", &rows.columns, chosen),
            );
            said.set(grid::copied(chosen.len()));
        })
    };
    let on_keys = {
        let (page, on_copy) = (props.page.clone(), on_copy.clone());
        Callback::from(move |text: Option<String>| match text {
            Some(text) => copy(&page, &text),
            None => on_copy.emit(Format::Tsv),
        })
    };
    let number = rows.rows.len();
    let count = if rows.total > number as u64 {
        common::first_of(number, rows.total)
    } else {
        grid::of(rows.total)
    };
    html! {
        <>
            <Grid
                label={words::RESULT}
                name={rows.columns.join("\0")}
                rows={rows.clone()}
                total={number}
                order={(*order).clone()}
                on_order={let order = order.setter(); Callback::from(move |next| order.set(next))}
                on_select={let selected = selected.setter(); Callback::from(move |next| selected.set(next))}
                on_copy={on_keys}
            />
            <div class="rows-bar">
                <span class="number">{ selected.map_or(count, |(_, some)| grid::selected(some, number as u64)) }</span>
                <span class="space"></span>
                <span class="copied" role="status">{ &*said }</span>
                <CopyMenu {on_copy} />
            </div>
        </>
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
    /// Some of its rows, once they are there.
    pub rows: Option<Rc<ReadRows>>,
    /// What they are to be sorted by.
    pub order: Option<Order>,
    /// What the last command changed.
    pub change: Option<TableChange>,
}

/// Rows of a table: a double click or Enter edits a cell.
#[component]
pub fn TableRows(props: &TableRowsProps) -> Html {
    let page = props.page.clone();
    let table = &props.table;
    let adding = use_state_eq(|| false);
    let selected = use_state_eq(|| None::<(usize, usize)>);
    let said = use_state_eq(String::new);
    {
        let (adding, said) = (adding.setter(), said.setter());
        use_effect_with((props.database.clone(), table.name.clone()), move |_| {
            adding.set(false);
            said.set(String::new());
        });
    }
    let columns = use_memo(table.columns.clone(), Clone::clone);
    let Some(data) = props.rows.clone() else {
        return html! { <p class="empty">{ words::READING }</p> };
    };
    let rows = match &data.rows {
        Ok(rows) => rows,
        Err(failure) => return html! { <p class="failure">{ &failure.message }</p> },
    };
    let sql = {
        let (page, database) = (page.clone(), props.database.clone());
        move |sql: String| page.command(sql_line(&database, &sql))
    };
    let editing = (table.rowid && !table.view).then(|| {
        let name = quote_name(&table.name);
        let (set, update) = (sql.clone(), name.clone());
        let (delete, from) = (sql.clone(), name);
        let rows = RowId::of(&props.database);
        Editing {
            columns: columns.clone(),
            on_set: Callback::from(move |(rowid, column, typed): (i64, String, Typed)| {
                let column = quote_name(&column);
                let value = typed.sql();
                set(format!(
                    "UPDATE {update} SET {column} = {value} WHERE {}",
                    rows.is(rowid)
                ));
            }),
            on_delete: Callback::from(move |rowid: i64| {
                delete(format!("DELETE FROM {from} WHERE {}", rows.is(rowid)));
            }),
        }
    });
    let on_order = {
        let page = page.clone();
        Callback::from(move |order| page.dispatch(DatabaseAction::Order(order)))
    };
    let on_window = {
        let page = page.clone();
        Callback::from(move |from: usize| {
            page.dispatch(DatabaseAction::Offset(
                u32::try_from(from).unwrap_or(u32::MAX),
            ));
        })
    };
    let on_copy = {
        let (page, name) = (page.clone(), table.name.clone());
        let (selected, total, said) = (*selected, table.rows, said.setter());
        Callback::from(move |format: Format| {
            let (page, name, said) = (page.clone(), name.clone(), said.clone());
            spawn_local(async move {
                match page.rows_to_copy(selected).await {
                    Ok(rows) => {
                        copy(
                            &page,
                            &values::write(format, &name, &rows.columns, &rows.rows),
                        );
                        let number = rows.rows.len();
                        said.set(if selected.is_none() && (number as u64) < total {
                            grid::only_first_copied(number, total)
                        } else {
                            grid::copied(number)
                        });
                    }
                    Err(Failure { message, .. }) => page.notice(&message, true),
                }
            });
        })
    };
    let on_keys = {
        let (page, on_copy) = (page.clone(), on_copy.clone());
        Callback::from(move |text: Option<String>| match text {
            Some(text) => copy(&page, &text),
            None => on_copy.emit(Format::Tsv),
        })
    };
    let toggle_add = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(!*adding))
    };
    let can_edit = editing.is_some();
    let on_insert = {
        let (adding, sql, name) = (adding.setter(), sql, quote_name(&table.name));
        Callback::from(move |values: Option<Vec<(String, Typed)>>| {
            adding.set(false);
            let Some(values) = values else {
                return;
            };
            let names: Vec<String> = values.iter().map(|(name, _)| quote_name(name)).collect();
            let values: Vec<&str> = values.iter().map(|(_, typed)| typed.sql()).collect();
            sql(if names.is_empty() {
                format!("INSERT INTO {name} DEFAULT VALUES")
            } else {
                format!(
                    "INSERT INTO {name} ({}) VALUES ({})",
                    names.join(", "),
                    values.join(", ")
                )
            });
        })
    };
    html! {
        <>
            <Grid
                label={words::rows_of(&table.name)}
                name={format!("{}\0{}", props.database, table.name)}
                rows={rows.clone()}
                offset={data.of.offset as usize}
                total={rows.total as usize}
                order={props.order.clone()}
                {on_order}
                {on_window}
                on_select={let selected = selected.setter(); Callback::from(move |next| selected.set(next))}
                on_copy={on_keys}
                {editing}
                change={props.change.clone()}
            />
            if *adding {
                <NewRow {columns} {on_insert} />
            }
            <div class="rows-bar">
                if can_edit {
                    <button class="small" onclick={toggle_add} aria-expanded={adding.to_string()}>{ if *adding { common::CANCEL } else { words::NEW } }</button>
                }
                <span class="number">{ selected.map_or_else(|| grid::of(rows.total), |(_, some)| grid::selected(some, rows.total)) }</span>
                <span class="space"></span>
                <span class="copied" role="status">{ &*said }</span>
                <CopyMenu {on_copy} />
            </div>
        </>
    }
}

/// Component properties of the form for a new row.
#[derive(Properties, PartialEq)]
struct NewRowProps {
    columns: Rc<Vec<Column>>,
    on_insert: Callback<Option<Vec<(String, Typed)>>>,
}

fn column_is_id(column: &Column) -> bool {
    column.primary_key > 0 && column.kind.eq_ignore_ascii_case("INTEGER")
}

/// The name of the field of a column; the attribute that it has where NULL is to be stored.
fn field(index: usize) -> String {
    format!("field-{index}")
}
const IS_NULL: &str = "data-null";

/// A field for each column. Those that stay empty are left to the table: its default, its next id, or
/// NULL.
#[component]
fn NewRow(props: &NewRowProps) -> Html {
    let first = use_node_ref();
    // What does not fit, by column, and what was typed when that was told.
    let told = use_state_eq(|| (Vec::<(usize, String)>::new(), Vec::<String>::new()));
    {
        let first = first.clone();
        use_effect_with((), move |()| {
            if let Some(input) = first.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
            }
        });
    }
    let onsubmit = {
        let (columns, on_insert, told) =
            (props.columns.clone(), props.on_insert.clone(), told.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(form) = event.target_dyn_into::<web_sys::Element>() else {
                return;
            };
            let mut values = Vec::new();
            let (mut unfit, mut texts) = (Vec::new(), Vec::new());
            for (index, column) in columns.iter().enumerate() {
                let input = form
                    .query_selector(&format!("[name=\"{}\"]", field(index)))
                    .ok()
                    .flatten()
                    .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
                let Some(input) = input else { continue };
                let typed = input.value();
                texts.push(typed.clone());
                if input.has_attribute(IS_NULL) {
                    values.push((column.name.clone(), Typed::Null));
                } else if !typed.is_empty() {
                    if let Some(why) = misfit(&typed, column) {
                        unfit.push((index, why));
                    }
                    values.push((column.name.clone(), Typed::Literal(literal(&typed, column))));
                }
            }
            // The second time the same is taken.
            if unfit.is_empty() || told.1 == texts {
                on_insert.emit(Some(values));
            } else {
                told.set((unfit, texts));
            }
        })
    };
    let onkeydown = {
        let on_insert = props.on_insert.clone();
        Callback::from(move |event: KeyboardEvent| {
            let field = event.target_dyn_into::<web_sys::HtmlInputElement>();
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                on_insert.emit(None);
            } else if let Some(field) = field
                && event.alt_key()
                && event.code() == "KeyN"
            {
                event.prevent_default();
                event.stop_propagation();
                field.set_value("");
                field.set_placeholder("NULL");
                let _ = field.toggle_attribute(IS_NULL);
            }
        })
    };
    let oninput = Callback::from(|event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
            let _ = field.remove_attribute(IS_NULL);
        }
    });
    let begins =
        usize::from(props.columns.len() > 1 && props.columns.first().is_some_and(column_is_id));
    html! {
        <form class="new-row" {onsubmit} {onkeydown} {oninput}>
            { for props.columns.iter().enumerate().map(|(index, column)| {
                let id = field(index);
                let left = if column_is_id(column) {
                    words::NEXT.to_owned()
                } else {
                    column.default.clone().unwrap_or_else(|| if column.not_null { String::new() } else { "NULL".to_owned() })
                };
                let input = if index == begins { first.clone() } else { NodeRef::default() };
                let why = told.0.iter().find(|(of, _)| *of == index).map(|(_, why)| why.clone());
                html! {
                    <label for={id.clone()}>
                        <span>{ &column.name }{ " " }<span class="label">{ &column.kind }</span></span>
                        <input id={id.clone()} name={id} ref={input} placeholder={left} autocomplete="off" aria-invalid={why.is_some().then_some("true")} />
                        if let Some(why) = why { <span class="unfit" role="alert">{ why }</span> }
                    </label>
                }
            }) }
            <button class="solid" type="submit">{ words::INSERT }</button>
        </form>
    }
}
