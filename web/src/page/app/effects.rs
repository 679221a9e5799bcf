//! Going from one pane to another.

use gloo::timers::callback::Timeout;

use super::state::{AppAction, Pane};
use crate::page::{Page, narrow};

impl Page {
    /// Shows a column: the one on a narrow page, with the keyboard in it.
    pub fn go(&self, place: Pane) {
        self.dispatch(AppAction::Tab(place));
        let selector = match place {
            Pane::Console => "#console-input".to_owned(),
            place => format!("#{}", place.name()),
        };
        let focus = move || {
            if let Ok(Some(element)) = gloo::utils::document().query_selector(&selector)
                && let Ok(element) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element)
            {
                let _ = element.focus();
            }
        };
        // At once, so that what is typed next goes there; and again where it was hidden until now.
        focus();
        if narrow() {
            Timeout::new(0, focus).forget();
        }
    }
}
