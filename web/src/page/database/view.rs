//! The Database column: tables, their rows and columns, and the SQL box; what the last command
//! changed is marked.

use std::rc::Rc;

use protocol::sql::{describe_foreign_key, describe_index};
use protocol::{Change, Table, TableChange};
use yew::prelude::*;

use super::rows::{ResultTable, TableRows};
use super::state::{DatabaseAction, DatabaseTab, Results, TableView};
use crate::diagram::view::DiagramPanel;
use crate::editor::view::{Editor, Source};
use crate::page::Page;
use crate::state::State;
use crate::ui::change::{class_of, sign};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;
use crate::ui::tabs::{Tab, Tabs};
use crate::watch::changes::ChangesPanel;
use crate::words as common;
use crate::words::{count, number};

/// Component properties of the column.
#[derive(Properties, PartialEq)]
pub struct DatabaseProps {
    /// The page.
    pub page: Page,
    /// The state.
    pub state: Rc<State>,
}

/// A summary of a table's changes: `2 columns, 3 rows`.
fn words(change: &TableChange) -> String {
    let mut words = Vec::new();
    let signed = |number: u64, sign: &str| (number > 0).then(|| format!("{sign}{number}"));
    let rows: Vec<String> = [
        signed(change.added, "+"),
        signed(change.removed, "−"),
        signed(change.altered, "~"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if change.change == Some(Change::Added) {
        words.push(super::words::NEW.to_owned());
    }
    if !change.columns.is_empty() {
        words.push(count(change.columns.len(), common::COLUMN));
    }
    if !change.indexes.is_empty() {
        words.push(super::words::indexes(change.indexes.len()));
    }
    if !change.foreign_keys.is_empty() {
        words.push(count(change.foreign_keys.len(), common::KEY));
    }
    if !rows.is_empty() && change.change != Some(Change::Removed) {
        let one = change.added + change.removed + change.altered == 1;
        words.push(super::words::rows(&rows.join(" "), one));
    }
    words.join(", ")
}

/// The tabs, in their order.
const TABS: [(DatabaseTab, &str, &str, &str); 3] = [
    (
        DatabaseTab::Tables,
        "tab-tables",
        "tables-panel",
        super::words::database_tabs::TABLES,
    ),
    (
        DatabaseTab::Changes,
        "tab-changes",
        "changes-panel",
        crate::watch::words::changes::TAB,
    ),
    (
        DatabaseTab::Diagram,
        "tab-diagram",
        "diagram-panel",
        crate::diagram::words::TAB,
    ),
];

/// The column.
#[component]
pub fn DatabaseColumn(props: &DatabaseProps) -> Html {
    let page = props.page.clone();
    let state = &props.state;
    let view = &state.view;
    let pick = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
                page.dispatch(DatabaseAction::Choose(select.value().into()));
            }
        })
    };
    let on_choose = {
        let page = page.clone();
        Callback::from(move |index: usize| {
            if let Some((tab, ..)) = TABS.get(index) {
                page.dispatch(DatabaseAction::Tab(*tab));
            }
        })
    };
    let changed = view
        .changes
        .tables
        .iter()
        .filter(|change| change.table != "alembic_version")
        .count();
    let tabs = TABS
        .into_iter()
        .map(|(tab, id, panel, name)| Tab {
            id,
            panel,
            content: html! {
                <>
                    { name }
                    if tab == DatabaseTab::Changes && changed > 0 { <span class="number">{ changed }</span> }
                </>
            },
        })
        .collect::<Vec<_>>();
    let chosen = TABS
        .iter()
        .position(|(tab, ..)| *tab == state.database.tab)
        .unwrap_or_default();
    html! {
        <section class="column" id="database" data-title={crate::app::words::columns::DATABASE} tabindex="-1" aria-labelledby="database-title">
            <div class="tabs-bar">
                <Tabs label={super::words::database_tabs::LABEL} {tabs} {chosen} {on_choose} />
                <span class="space"></span>
                if view.databases.len() > 1 {
                    <label class="hidden" for="database-picker">{ crate::app::words::columns::DATABASE }</label>
                    <select id="database-picker" onchange={pick}>
                        { for view.databases.iter().map(|one| html! {
                            <option value={one.path.clone()} selected={Some(one.path.as_str()) == state.database.path.as_deref()}>{ &one.path }</option>
                        }) }
                    </select>
                } else if let Some(path) = &state.database.path {
                    <code class="path">{ &**path }</code>
                }
            </div>
            { match state.database.tab {
                DatabaseTab::Tables => html! { <TablesPanel {page} state={state.clone()} /> },
                DatabaseTab::Changes => html! { <ChangesPanel {page} history={view.history.clone()} between={state.watch.between} compared={state.watch.compared.clone()} stale={state.difference_due()} /> },
                DatabaseTab::Diagram => html! { <DiagramPanel {page} state={state.clone()} /> },
            } }
        </section>
    }
}

/// The tables, what is in the one chosen, and the SQL box.
#[component]
fn TablesPanel(props: &DatabaseProps) -> Html {
    let page = props.page.clone();
    let state = &props.state;
    let view = &state.view;
    let source = (*use_memo((), |()| Source::default())).clone();
    {
        let source = source.clone();
        use_effect_with(state.database.draft.clone(), move |draft| {
            if let Some((sql, _)) = draft {
                source.put(sql);
            }
        });
    }
    let Some(database) = state.chosen_database() else {
        return html! {
            <div class="panel" id="tables-panel" role="tabpanel" aria-labelledby="tab-tables">
                <p class="empty">{ marked(super::words::NONE) }</p>
            </div>
        };
    };
    let here: Vec<&TableChange> = view
        .changes
        .tables
        .iter()
        .filter(|change| change.database == database.path)
        .collect();
    let change_of = |name: &str| here.iter().find(|change| change.table == name).copied();
    let choose = |name: String| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(DatabaseAction::Table(name.as_str().into()))
        })
    };
    let table = state.chosen_table();
    let removed = here
        .iter()
        .filter(|change| change.change == Some(Change::Removed));
    let run = {
        let page = page.clone();
        Callback::from(move |text: String| page.sql(&text))
    };
    let run_button = {
        let (page, source) = (page.clone(), source.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(text) = source.text() {
                page.sql(&text);
            }
        })
    };
    html! {
        <div class="panel" id="tables-panel" role="tabpanel" aria-labelledby="tab-tables">
            if let Some(failure) = &database.failure {
                <p class="failure">{ &failure.message }</p>
            }
            <ul class="tables" role="listbox" aria-label={super::words::database_tabs::TABLES}>
                // A list of its own: beside what has no key, all would be drawn anew.
                <>{ for database.tables.iter().map(|one| {
                    let change = change_of(&one.name);
                    let chosen = Some(one.name.as_str()) == state.database.table.as_deref();
                    let kind = change.map(|change| change.change.unwrap_or(Change::Altered));
                    html! {
                        <li key={one.name.clone()} role="none">
                            <button role="option" aria-selected={chosen.to_string()} onclick={choose(one.name.clone())} class={classes!(kind.map(class_of))} data-table={one.name.clone()}>
                                { if let Some(kind) = kind { sign(Some(kind)) } else { html! { <span class="sign"></span> } } }
                                <span class="table-name">{ &one.name }</span>
                                if one.view { <span class="label">{ super::words::VIEW }</span> }
                                if let Some(change) = change { <span class="what">{ words(change) }</span> }
                                <span class="number">{ number(one.rows) }</span>
                            </button>
                        </li>
                    }
                }) }</>
                { for removed.map(|change| html! {
                    <li class="gone" role="option" aria-selected="false" aria-disabled="true" key={format!("gone-{}", change.table)}>
                        { sign(Some(Change::Removed)) }
                        <span class="table-name"><s>{ &change.table }</s></span>
                        <span class="what">{ super::words::dropped(change.removed as usize) }</span>
                    </li>
                }) }
                if database.tables.is_empty() && database.failure.is_none() {
                    <li class="empty" role="option" aria-selected="false" aria-disabled="true">{ super::words::NO_TABLES }</li>
                }
            </ul>
            <div class="detail">
                if let Some(results) = &state.database.results {
                    <ResultsPanel page={page.clone()} results={results.clone()} />
                } else if let Some(table) = table {
                    <TableDetail page={page.clone()} state={state.clone()} table={table.clone()} change={change_of(&table.name).cloned()} />
                }
            </div>
            <div class="sql">
                <div class="sql-frame">
                    <Editor page={page.clone()} label={super::words::SQL} language="sql" on_submit={run} source={source.clone()} />
                </div>
                <button class="small" id="run-sql" onclick={run_button} title="Ctrl+Enter">{ super::words::RUN }</button>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ResultsProps {
    page: Page,
    results: Rc<Results>,
}

#[component]
fn ResultsPanel(props: &ResultsProps) -> Html {
    let page = props.page.clone();
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(DatabaseAction::CloseResults))
    };
    let results = &props.results;
    html! {
        <div class="results" aria-live="polite">
            <div class="detail-bar">
                <strong>{ super::words::rows::RESULT }</strong>
                <span class="space"></span>
                <button class="quiet" onclick={close} aria-label={super::words::CLOSE_RESULT} title={super::words::BACK_TO_TABLE}><Icon of={Drawing::Close} /></button>
            </div>
            if let Some(failure) = &results.failure {
                <div class="failure"><p class="text">{ &failure.message }</p></div>
            }
            if results.rows.is_empty() && results.failure.is_none() {
                <p class="empty">{ super::words::DONE }</p>
            }
            { for results.rows.iter().map(|rows| {
                if rows.columns.is_empty() {
                    let said = if rows.changed > 0 || rows.total > 0 { super::words::changed(rows.changed as usize) } else { super::words::DONE.to_owned() };
                    html! { <p class="empty">{ said }</p> }
                } else {
                    html! { <ResultTable page={page.clone()} rows={Rc::new(rows.clone())} /> }
                }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DetailProps {
    page: Page,
    state: Rc<State>,
    table: Table,
    change: Option<TableChange>,
}

#[component]
fn TableDetail(props: &DetailProps) -> Html {
    let page = props.page.clone();
    let state = &props.state;
    let table = &props.table;
    let tab = |view: TableView, name: &'static str, amount: Option<u64>| {
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.dispatch(DatabaseAction::View(view)))
        };
        html! {
            <button role="tab" aria-selected={(state.database.view == view).to_string()} {onclick}>
                { name }
                if let Some(amount) = amount { <span class="number">{ number(amount) }</span> }
            </button>
        }
    };
    let database = state.database.path.as_deref().unwrap_or_default();
    let rows = state
        .database
        .rows
        .as_ref()
        .filter(|rows| rows.of.database == database && rows.of.table == table.name)
        .cloned();
    html! {
        <>
            <div class="detail-bar" role="tablist" aria-label={super::words::table(&table.name)}>
                <strong>{ &table.name }</strong>
                <span class="space"></span>
                { tab(TableView::Rows, super::words::ROWS, Some(table.rows)) }
                { tab(TableView::Columns, super::words::COLUMNS, Some(table.columns.len() as u64)) }
                { tab(TableView::Sql, super::words::SQL, None) }
            </div>
            { match state.database.view {
                TableView::Rows => html! {
                    <TableRows page={page.clone()} database={AttrValue::from(database.to_owned())} table={table.clone()} rows={rows} order={state.database.order.clone()} change={props.change.clone()} />
                },
                TableView::Columns => html! { <Columns table={table.clone()} change={props.change.clone()} /> },
                TableView::Sql => html! { <pre class="ddl" tabindex="0" role="group" aria-label={super::words::SQL}>{ &table.sql }</pre> },
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ColumnsProps {
    table: Table,
    change: Option<TableChange>,
}

#[component]
fn Columns(props: &ColumnsProps) -> Html {
    let table = &props.table;
    let change = props.change.as_ref();
    let whole = change
        .filter(|change| change.change == Some(Change::Added))
        .map(|_| Change::Added);
    let of_column = |name: &str| {
        whole.or_else(|| {
            change?
                .columns
                .iter()
                .find(|(other, ..)| other == name)
                .map(|(_, change, _)| *change)
        })
    };
    let was = |name: &str| {
        change
            .into_iter()
            .flat_map(|change| &change.columns)
            .find(|(other, kind, _)| other == name && *kind == Change::Altered)
            .map(|(_, _, text)| text.clone())
    };
    let of = |list: Option<&Vec<(String, Change)>>, name: &str| {
        whole.or_else(|| {
            list?
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, change)| *change)
        })
    };
    let gone = |list: Option<&Vec<(String, Change)>>| -> Vec<String> {
        list.into_iter()
            .flatten()
            .filter(|(_, change)| *change == Change::Removed)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let indexes = change.map(|change| &change.indexes);
    let keys = change.map(|change| &change.foreign_keys);
    let gone_columns: Vec<(String, String)> = change
        .into_iter()
        .flat_map(|change| &change.columns)
        .filter(|(_, change, _)| *change == Change::Removed)
        .map(|(name, _, text)| (name.clone(), text.clone()))
        .collect();
    let line = |text: String, change: Option<Change>, kind: &'static str| {
        html! {
            <li class={classes!(change.map(class_of))}>
                { if let Some(change) = change { sign(Some(change)) } else { html! { <span class="sign"></span> } } }
                <code>{ text }</code>
                <span class="label">{ kind }</span>
            </li>
        }
    };
    html! {
        <div class="scroll schema" tabindex="0" role="group" aria-label={super::words::columns_of(&table.name)}>
            <table class="columns-table">
                <thead><tr><td></td><th scope="col">{ common::COLUMN }</th><th scope="col">{ super::words::TYPE }</th><td></td></tr></thead>
                <tbody>
                    { for table.columns.iter().map(|column| {
                        let change = of_column(&column.name);
                        html! {
                            <tr class={classes!(change.map(class_of))}>
                                <td class="sign-cell">{ if change.is_some() { sign(change) } else { Html::default() } }</td>
                                <th scope="row">{ &column.name }</th>
                                <td><code>{ &column.kind }</code></td>
                                <td class="facts">
                                    if column.primary_key > 0 { <span class="label key">{ super::words::PRIMARY_KEY }</span> }
                                    if column.not_null { <span class="label">{ super::words::NOT_NULL }</span> }
                                    if let Some(default) = &column.default { <span class="label">{ super::words::default(default) }</span> }
                                    if let Some(was) = was(&column.name) { <span class="was">{ super::words::was(&was) }</span> }
                                </td>
                            </tr>
                        }
                    }) }
                    { for gone_columns.into_iter().map(|(name, text)| html! {
                        <tr class="removed"><td class="sign-cell">{ sign(Some(Change::Removed)) }</td><th scope="row"><s>{ name }</s></th><td colspan="2"><code><s>{ text }</s></code></td></tr>
                    }) }
                </tbody>
            </table>
            <ul class="keys-list">
                { for table.foreign_keys.iter().map(|key| { let words = describe_foreign_key(key); let change = of(keys, &words); line(words, change, super::words::FOREIGN_KEY) }) }
                { for gone(keys).into_iter().map(|words| line(words, Some(Change::Removed), super::words::FOREIGN_KEY)) }
                { for table.indexes.iter().filter(|index| index.origin != "pk").map(|index| {
                    let words = describe_index(index);
                    let change = of(indexes, &words);
                    line(words, change, if index.origin == "u" { super::words::UNIQUE } else if index.unique { super::words::UNIQUE_INDEX } else { super::words::INDEX })
                }) }
                { for gone(indexes).into_iter().map(|words| line(words, Some(Change::Removed), super::words::INDEX)) }
            </ul>
        </div>
    }
}
