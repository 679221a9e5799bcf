//! A row of tabs over their panels.

use wasm_bindgen::JsCast as _;
use yew::prelude::*;

/// One tab.
#[derive(Clone, PartialEq)]
pub struct Tab {
    /// Its own id.
    pub id: &'static str,
    /// The id of what it opens.
    pub panel: &'static str,
    /// The tab's content.
    pub content: Html,
}

/// Component properties of the row.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The accessible label of the tabs.
    pub label: AttrValue,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Which is open.
    pub chosen: usize,
    /// Another is wanted.
    pub on_choose: Callback<usize>,
}

/// The row: one of it takes the keyboard, arrows go along it.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let choose = |index: usize| {
        let on_choose = props.on_choose.clone();
        Callback::from(move |_: MouseEvent| on_choose.emit(index))
    };
    let onkeydown = {
        let ids: Vec<&'static str> = props.tabs.iter().map(|tab| tab.id).collect();
        let (chosen, on_choose) = (props.chosen, props.on_choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let other = match event.key().as_str() {
                "Home" => 0,
                "End" => ids.len().saturating_sub(1),
                "ArrowLeft" => (chosen + ids.len()).saturating_sub(1) % ids.len().max(1),
                "ArrowRight" => (chosen + 1) % ids.len().max(1),
                _ => return,
            };
            event.prevent_default();
            on_choose.emit(other);
            if let Some(element) = ids
                .get(other)
                .and_then(|id| gloo::utils::document().get_element_by_id(id))
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = element.focus();
            }
        })
    };
    html! {
        <div class="panel-tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for props.tabs.iter().enumerate().map(|(index, tab)| {
                let open = index == props.chosen;
                html! {
                    <button
                        role="tab"
                        id={tab.id}
                        aria-controls={open.then_some(tab.panel)}
                        aria-selected={open.to_string()}
                        tabindex={if open { "0" } else { "-1" }}
                        onclick={choose(index)}
                    >{ tab.content.clone() }</button>
                }
            }) }
        </div>
    }
}
