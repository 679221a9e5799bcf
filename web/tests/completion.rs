//! What Tab offers in the page's console, against what the worker's commands say of themselves.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::cell::Cell;
use std::rc::Rc;

use limbeck::ground::host::Now;
use limbeck_worker::session::{Listener, Session};
use limbeck_worker::workspace::Outside;
use page::console::completion::{Known, complete};

fn outside() -> Rc<Outside> {
    let clock = Cell::new(0u64);
    Rc::new(Outside {
        now: Box::new(|| Now {
            microseconds: 1_767_225_600_000_000,
            local_offset: 0,
        }),
        elapsed: Box::new(move || {
            clock.set(clock.get() + 1);
            clock.get()
        }),
        random: Box::new(|buffer| buffer.fill(7)),
        time_zone_offset: Box::new(|_, _| None),
    })
}

#[test]
fn completion_knows_every_option() {
    let mut session = Session::with_example("empty", outside()).expect("the example is in order");
    let listener: Listener = Rc::new(|_| {});
    let commands = [
        "",
        "branches",
        "check",
        "current",
        "downgrade",
        "edit",
        "ensure_version",
        "heads",
        "history",
        "init",
        "list_templates",
        "merge",
        "revision",
        "show",
        "stamp",
        "upgrade",
    ];
    for command in commands {
        let help = session
            .run(&format!("alembic {command} --help"), &listener)
            .stdout;
        let options: std::collections::BTreeSet<&str> = help
            .split(|c: char| c.is_whitespace() || "[],=|".contains(c))
            .filter(|word| word.starts_with("--") && word.len() > 2)
            .collect();
        for option in options {
            let (line, choices) =
                complete(&format!("alembic {command} {option}"), &Known::default());
            assert!(
                line.ends_with(&format!("{option} ")) || choices.iter().any(|one| one == option),
                "{command} {option}"
            );
        }
    }
}
