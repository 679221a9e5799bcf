//! Dropping long chains of values (a list within a list within a list ...) without going down them
//! by recursion: beyond a depth, what is to be dropped waits in a queue.

use std::cell::{Cell, RefCell};

use super::value::{NextBody, Value};

enum Waiting {
    Values(Vec<Value>),
    Step(Box<NextBody>),
}

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static QUEUE: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
}

/// How deep drops may nest.
const DEEPEST: usize = 40;

/// Drops values.
pub(crate) fn values(items: Vec<Value>) {
    if items.iter().any(Value::holds_others) {
        discard(Waiting::Values(items));
    }
}

/// Drops the step of an iterator.
pub(crate) fn step(next: Box<NextBody>) {
    discard(Waiting::Step(next));
}

fn discard(what: Waiting) {
    // After the thread's storage is gone, at its end, things are dropped as they come.
    let Ok(depth) = DEPTH.try_with(Cell::get) else {
        return;
    };
    if depth >= DEEPEST {
        let mut what = Some(what);
        let _ = QUEUE.try_with(|queue| {
            if let Some(what) = what.take() {
                queue.borrow_mut().push(what);
            }
        });
        return;
    }
    DEPTH.set(depth + 1);
    release(what);
    DEPTH.set(depth);
    if depth == 0 {
        while let Some(next) = QUEUE.with(|queue| queue.borrow_mut().pop()) {
            DEPTH.set(1);
            release(next);
            DEPTH.set(0);
        }
    }
}

fn release(what: Waiting) {
    match what {
        Waiting::Values(items) => drop(items),
        Waiting::Step(next) => drop(next),
    }
}
