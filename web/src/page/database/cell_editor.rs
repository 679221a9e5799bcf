//! A field in the place of a cell. What does not fit the column's type is told before it is stored, since
//! SQLite stores it without a word.

use protocol::{Cell, Column};
use yew::prelude::*;

use super::values::{editable, literal, misfit};
use super::words::grid as words;

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// NULL, by its own key.
    Null,
    /// A value, as SQL writes it.
    Literal(String),
}

impl Typed {
    /// It as SQL.
    pub fn sql(&self) -> &str {
        match self {
            Typed::Null => "NULL",
            Typed::Literal(sql) => sql,
        }
    }
}

/// Component properties of the field.
#[derive(Properties, PartialEq)]
pub struct CellEditorProps {
    /// The column.
    pub column: Column,
    /// The value before.
    pub value: Cell,
    /// The field is done: with what is to be stored, or without a change.
    pub on_end: Callback<Option<Typed>>,
}

/// The field.
#[component]
pub fn CellEditor(props: &CellEditorProps) -> Html {
    let input = use_node_ref();
    // What was told, of which text: the second time it is taken.
    let told = use_state(|| None::<(String, String)>);
    // It ends once, although ending takes the keyboard away, which would end it again.
    let ended = use_mut_ref(|| false);
    {
        let input = input.clone();
        let before = editable(&props.value).unwrap_or_default();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                // Set once: a value in the markup would replace what is typed at every render.
                input.set_value(&before);
                let _ = input.focus();
                input.select();
                // The whole of it, with its button.
                if let Ok(Some(cell)) = input.closest("td") {
                    let nearest = web_sys::ScrollIntoViewOptions::new();
                    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                    nearest.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                    cell.scroll_into_view_with_scroll_into_view_options(&nearest);
                }
            }
        });
    }
    let before = editable(&props.value).unwrap_or_default();
    let end = {
        let (ended, on_end) = (ended.clone(), props.on_end.clone());
        move |typed: Option<Typed>| {
            if !ended.replace(true) {
                on_end.emit(typed);
            }
        }
    };
    let commit = {
        let (end, input, told) = (end.clone(), input.clone(), told.clone());
        let column = props.column.clone();
        move || {
            let typed = input
                .cast::<web_sys::HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            if typed == before {
                return end(None);
            }
            let again = told.as_ref().is_some_and(|(text, _)| *text == typed);
            match misfit(&typed, &column).filter(|_| !again) {
                Some(why) => told.set(Some((typed, why))),
                None => end(Some(Typed::Literal(literal(&typed, &column)))),
            }
        }
    };
    let set_null = {
        let (end, told, value) = (end.clone(), told.clone(), props.value.clone());
        let refused = props.column.not_null;
        move || {
            let again = told.as_ref().is_some_and(|(text, _)| text == "\0");
            if refused && !again {
                told.set(Some(("\0".to_owned(), words::NOT_NULL.to_owned())));
            } else {
                end((value != Cell::Null).then_some(Typed::Null));
            }
        }
    };
    let onkeydown = {
        let (commit, end, set_null) = (commit.clone(), end.clone(), set_null.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            match event.key().as_str() {
                "Enter" => commit(),
                "Escape" => end(None),
                _ if event.alt_key() && event.code() == "KeyN" => set_null(),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| commit());
    // The field keeps the keyboard, so that it does not end before the button is heard.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        set_null();
    });
    html! {
        <>
            <span class="cell-field">
                <input ref={input} class={classes!((props.value == Cell::Null).then_some("was-null"))} placeholder={(props.value == Cell::Null).then_some("NULL")} aria-label={props.column.name.clone()} aria-invalid={told.is_some().then_some("true")} {onkeydown} {onblur} />
                <button class="small set-null" tabindex="-1" onmousedown={stay} {onclick} title={words::SET_NULL}>{ "NULL" }</button>
            </span>
            if let Some((_, why)) = &*told { <p class="unfit" role="alert">{ why }</p> }
        </>
    }
}
