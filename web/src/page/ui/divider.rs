//! A divider between two parts of the page: dragged by mouse or finger, moved with the arrow keys, and
//! brought back to where it was at first by a double click.

use yew::prelude::*;

/// What the place of a divider is measured in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Percent of the width of the element that it stands in, from the left.
    PercentFromLeft,
    /// Percent of the width of the page, from the left.
    PercentOfPage,
    /// Pixels from the lower edge.
    PixelsFromBottom,
}

/// Component properties of a divider.
#[derive(Properties, PartialEq)]
pub struct DividerProps {
    /// Its accessible name.
    pub label: AttrValue,
    /// A class beside `divider`.
    pub class: Classes,
    /// What its place is measured in.
    pub measure: Measure,
    /// Its place.
    pub place: f64,
    /// The least that its place can be, and the most.
    pub range: (f64, f64),
    /// It is to be at another place, or, with nothing, where it was at first.
    pub on_move: Callback<Option<f64>>,
}

/// While one is dragged, nothing on the page moves slowly or is selected.
fn note_dragging(dragging: bool) {
    if let Some(root) = gloo::utils::document().document_element() {
        let _ = root.toggle_attribute_with_force("data-dragging", dragging);
    }
}

/// Where a divider is now. What has a height of its own may be lower than it was moved to, where the window is low.
fn place_now(measure: Measure, place: f64, target: Option<web_sys::Element>) -> f64 {
    match measure {
        Measure::PercentFromLeft | Measure::PercentOfPage => place,
        Measure::PixelsFromBottom => target
            .and_then(|target| target.parent_element())
            .map_or(place, |parent| parent.get_bounding_client_rect().height()),
    }
}

/// A divider.
#[component]
pub fn Divider(props: &DividerProps) -> Html {
    let (least, most) = props.range;
    let measure = props.measure;
    // Where the pointer went down, and the place then.
    let held = use_mut_ref(|| None::<(f64, f64)>);
    let onpointerdown = {
        let (held, place) = (held.clone(), props.place);
        Callback::from(move |event: PointerEvent| {
            event.prevent_default();
            if let Some(target) = event.target_dyn_into::<web_sys::HtmlElement>() {
                let _ = target.set_pointer_capture(event.pointer_id());
                let _ = target.focus();
            }
            let from = match measure {
                Measure::PixelsFromBottom => event.client_y(),
                _ => event.client_x(),
            };
            let place = place_now(measure, place, event.target_dyn_into());
            *held.borrow_mut() = Some((f64::from(from), place));
            note_dragging(true);
        })
    };
    let onpointermove = {
        let (held, on_move) = (held.clone(), props.on_move.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((from, before)) = *held.borrow() else {
                return;
            };
            let place = match measure {
                Measure::PercentFromLeft => {
                    let width = event
                        .target_dyn_into::<web_sys::Element>()
                        .and_then(|target| target.parent_element())
                        .map_or(0, |parent| parent.client_width());
                    before + (f64::from(event.client_x()) - from) * 100.0 / f64::from(width.max(1))
                }
                Measure::PercentOfPage => {
                    let width = gloo::utils::body().client_width();
                    before + (f64::from(event.client_x()) - from) * 100.0 / f64::from(width.max(1))
                }
                Measure::PixelsFromBottom => before + from - f64::from(event.client_y()),
            };
            on_move.emit(Some(place.clamp(least, most.max(least))));
        })
    };
    let release = {
        let held = held.clone();
        Callback::from(move |_: PointerEvent| {
            if held.borrow_mut().take().is_some() {
                note_dragging(false);
            }
        })
    };
    let onkeydown = {
        let (place, on_move) = (props.place, props.on_move.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match measure {
                Measure::PixelsFromBottom => 24.0,
                _ => 2.0,
            };
            let place = place_now(measure, place, event.target_dyn_into());
            let upwards = measure == Measure::PixelsFromBottom;
            let wanted = match (upwards, event.key().as_str()) {
                (false, "ArrowLeft") | (true, "ArrowDown") => place - step,
                (false, "ArrowRight") | (true, "ArrowUp") => place + step,
                (_, "Home") => least,
                (_, "End") => most,
                (_, "Enter") => {
                    event.prevent_default();
                    on_move.emit(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            on_move.emit(Some(wanted.clamp(least, most.max(least))));
        })
    };
    let ondblclick = {
        let on_move = props.on_move.clone();
        Callback::from(move |_: MouseEvent| on_move.emit(None))
    };
    html! {
        <div
            class={classes!("divider", props.class.clone())}
            role="separator"
            tabindex="0"
            aria-label={props.label.clone()}
            aria-orientation={if measure == Measure::PixelsFromBottom { "horizontal" } else { "vertical" }}
            aria-valuenow={props.place.round().to_string()}
            aria-valuemin={least.round().to_string()}
            aria-valuemax={most.round().to_string()}
            {onpointerdown}
            {onpointermove}
            onpointerup={release.clone()}
            onpointercancel={release}
            {onkeydown}
            {ondblclick}
        ></div>
    }
}
