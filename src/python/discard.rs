//! Drops deeply nested values (a list within a list within a list ...) without unbounded recursion:
//! beyond a certain depth, values are queued and dropped later.

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

/// The maximum depth of nested drops.
const DEEPEST: usize = 40;

/// Drops values, queueing them beyond the maximum depth.
pub(crate) fn values(items: Vec<Value>) {
    if items.iter().any(Value::holds_others) {
        discard(Waiting::Values(items));
    }
}

/// Drops an iterator's step closure, queueing it beyond the maximum depth.
pub(crate) fn step(next: Box<NextBody>) {
    discard(Waiting::Step(next));
}

fn discard(what: Waiting) {
    // During thread teardown the thread-local is gone; drop directly.
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
