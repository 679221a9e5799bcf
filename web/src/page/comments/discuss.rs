//! The button at a place that can be commented on.

use std::rc::Rc;

use yew::prelude::*;

use super::effects::begin;
use super::state::Discussion;
use super::thread::Anchor;
use super::words;
use crate::page::Page;
use crate::ui::icon::{Drawing, Icon};

/// Component properties of the button.
#[derive(Properties, PartialEq)]
pub struct DiscussProps {
    /// The page.
    pub page: Page,
    /// What was said so far.
    pub discussion: Option<Rc<Discussion>>,
    /// The place.
    pub anchor: Anchor,
    /// What the place is, for who does not see where the button is.
    #[prop_or_default]
    pub of: AttrValue,
}

/// Shows the thread about the place, or begins one.
#[component]
pub fn Discuss(props: &DiscussProps) -> Html {
    let discussion = props.discussion.as_deref();
    let threads = discussion.map_or(0, |one| one.threads_at(&props.anchor).len());
    let onclick = {
        let (page, anchor) = (props.page.clone(), props.anchor.clone());
        Callback::from(move |_: MouseEvent| begin(&page, anchor.clone()))
    };
    let title = words::discuss(threads);
    let label = if props.of.is_empty() {
        title.clone()
    } else {
        format!("{title}: {}", props.of)
    };
    html! {
        <button class={classes!("quiet", "discuss", (threads > 0).then_some("discussed"))} {onclick} aria-label={label} {title}>
            <Icon of={Drawing::Comment} />
            if threads > 0 { <span aria-hidden="true">{ threads }</span> }
        </button>
    }
}
