//! Which tab may change a workspace: Web Locks, which the browser releases when a tab closes or crashes.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// How a lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// If nobody holds it.
    IfFree,
    /// As soon as nobody holds it.
    Wait,
    /// Whoever holds it loses it.
    Steal,
}

/// A lock that is held until this is dropped.
pub struct Hold {
    release: Option<Function>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// A pending lock request; dropping it aborts the request.
pub struct Asked {
    controller: JsValue,
    done: Rc<std::cell::Cell<bool>>,
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.done.get()
            && let Ok(abort) = Reflect::get(&self.controller, &"abort".into())
            && let Ok(abort) = abort.dyn_into::<Function>()
        {
            let _ = abort.call0(&self.controller);
        }
    }
}

fn manager() -> Option<LockManager> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

fn controller() -> JsValue {
    Reflect::get(&js_sys::global(), &"AbortController".into())
        .ok()
        .and_then(|class| class.dyn_into::<Function>().ok())
        .and_then(|class| Reflect::construct(&class, &Array::new()).ok())
        .unwrap_or(JsValue::UNDEFINED)
}

/// Asks for a lock. `granted` is called once, with nothing where it is not free; `lost` where another
/// tab takes it away. A browser without locks grants everything.
pub fn ask(
    name: &str,
    how: How,
    granted: impl FnOnce(Option<Hold>) + 'static,
    lost: impl FnOnce() + 'static,
) -> Asked {
    let done = Rc::new(std::cell::Cell::new(false));
    let controller = controller();
    let Some(manager) = manager() else {
        done.set(true);
        granted(Some(Hold { release: None }));
        return Asked { controller, done };
    };
    let options = Object::new();
    let set = |name: &str, value: JsValue| {
        let _ = Reflect::set(&options, &name.into(), &value);
    };
    match how {
        How::IfFree => set("ifAvailable", true.into()),
        How::Steal => set("steal", true.into()),
        // Only a question that waits can be taken back.
        How::Wait => {
            if let Ok(signal) = Reflect::get(&controller, &"signal".into()) {
                set("signal", signal);
            }
        }
    }
    let granted = Rc::new(RefCell::new(Some(granted)));
    let held = Rc::new(std::cell::Cell::new(false));
    let callback = {
        let (granted, done, held) = (granted.clone(), done.clone(), held.clone());
        Closure::once_into_js(move |lock: JsValue| -> JsValue {
            done.set(true);
            let Some(granted) = granted.borrow_mut().take() else {
                return JsValue::UNDEFINED;
            };
            if lock.is_null() || lock.is_undefined() {
                granted(None);
                return JsValue::UNDEFINED;
            }
            held.set(true);
            let mut release = None;
            let until = Promise::new(&mut |resolve, _| release = Some(resolve));
            granted(Some(Hold { release }));
            until.into()
        })
    };
    match manager.request(name, &options, callback.unchecked_ref()) {
        Ok(promise) => {
            let done = done.clone();
            spawn_local(async move {
                let Err(error) = JsFuture::from(promise).await else {
                    return;
                };
                if held.get() {
                    lost();
                    return;
                }
                // In another site's frame a browser may have locks and give none. A question that was
                // taken back is another matter.
                let taken_back = Reflect::get(&error, &"name".into())
                    .is_ok_and(|name| name.as_string().as_deref() == Some("AbortError"));
                let granted = granted.borrow_mut().take();
                if let Some(granted) = granted
                    && !taken_back
                {
                    done.set(true);
                    granted(Some(Hold { release: None }));
                }
            });
        }
        Err(_) => {
            done.set(true);
            let granted = granted.borrow_mut().take();
            if let Some(granted) = granted {
                granted(Some(Hold { release: None }));
            }
        }
    }
    Asked { controller, done }
}

/// Asks for a lock and waits for the answer.
pub async fn take(name: &str, how: How, lost: impl FnOnce() + 'static) -> Option<Hold> {
    let answer: Rc<RefCell<Option<Hold>>> = Rc::default();
    let resolve: Rc<RefCell<Option<Function>>> = Rc::default();
    let waiting = {
        let resolve = resolve.clone();
        Promise::new(&mut move |done, _| *resolve.borrow_mut() = Some(done))
    };
    let asked = {
        let answer = answer.clone();
        ask(
            name,
            how,
            move |hold| {
                *answer.borrow_mut() = hold;
                if let Some(resolve) = resolve.borrow_mut().take() {
                    let _ = resolve.call0(&JsValue::NULL);
                }
            },
            lost,
        )
    };
    let _ = JsFuture::from(waiting).await;
    drop(asked);
    answer.take()
}
