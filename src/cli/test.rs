//! `limbeck test`: what holds of a project in good order.

use ground::run::Run;

use super::arguments::{Arguments, HELP};
use super::unusable;
use crate::config::Parser;
use crate::review;

/// The exit status where something does not hold.
const FAILED: i32 = 1;

/// Does what `limbeck test` asks for, and returns the exit status: 0 where all holds, 1 where
/// something does not, 2 where the project can't be read.
pub(super) fn run(run: &Run, argv: &[String]) -> i32 {
    let parser = Parser {
        program: "limbeck test".to_owned(),
        options: vec![HELP],
        positional: None,
        commands: Vec::new(),
    };
    if let Err(status) = Arguments::parse(run, &parser, argv) {
        return status;
    }
    let (mut passed, mut failed) = (0, 0);
    let outcome = review::expectations(run, &mut |expectation| {
        if expectation.failures.is_empty() {
            passed += 1;
            run.print(&format!("ok      {}\n", expectation.title));
        } else {
            failed += 1;
            let why = expectation.failures.join("\n        ");
            run.print(&format!("FAILED  {}\n        {why}\n", expectation.title));
        }
    });
    if let Err(error) = outcome {
        return unusable(run, "test", &error);
    }
    run.print(&format!("{passed} passed, {failed} failed\n"));
    if failed == 0 { 0 } else { FAILED }
}
