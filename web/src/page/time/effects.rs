//! Going from one state of the history to another.

use protocol::{Request, TimeRequest};
use wasm_bindgen_futures::spawn_local;

use crate::page::Page;

impl Page {
    /// Goes to a state of the history. Where one is on the way already, the last one wanted wins.
    pub fn travel(&self, to: u32) {
        if self.0.travelling.replace(Some(to)).is_some() {
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            while let Some(to) = page.0.travelling.get() {
                let result = page.change(Request::Time(TimeRequest::Travel { to })).await;
                if result.is_err() || page.0.travelling.get() == Some(to) {
                    page.0.travelling.set(None);
                }
                if let Err(failure) = result {
                    page.notice(&failure.message, true);
                }
            }
        });
    }

    /// The state that the workspace is on its way to.
    pub fn travels(&self) -> Option<u32> {
        self.0.travelling.get()
    }

    /// Goes some states earlier or later on the branch that is shown.
    pub fn step(&self, by: i32) {
        let state = self.state();
        if state.console.running == 0
            && self.travels().is_none()
            && let Some(to) = state.step(by)
        {
            self.travel(to);
        }
    }
}
