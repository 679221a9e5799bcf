//! The command line of the program: Alembic's commands, and Limbeck's own beside them.

mod arguments;
#[cfg(not(target_family = "wasm"))]
pub mod lessons;
mod rebase;
pub mod review;
mod squash;
mod test;

use ground::diagnostic::Error;
use ground::host::absolute_path;
use ground::run::Run;

use crate::command;
use arguments::UNUSABLE;

/// Does what `limbeck ARGV` asks for, and returns the exit status.
pub fn run(run: &Run, argv: &[String]) -> i32 {
    match argv.split_first() {
        Some((verb, words)) if verb == "review" => review::run(run, words),
        #[cfg(not(target_family = "wasm"))]
        Some((verb, words)) if verb == "lessons" => lessons::run(run, words),
        Some((verb, words)) if verb == "rebase" => rebase::run(run, words),
        Some((verb, words)) if verb == "squash" => squash::run(run, words),
        Some((verb, words)) if verb == "test" => test::run(run, words),
        _ => command::run(run, argv),
    }
}

/// Says why a command can't do anything; the exit status.
fn unusable(run: &Run, verb: &str, error: &Error) -> i32 {
    run.warn(&format!("limbeck {verb}: {}\n", error.message));
    if let Some(hint) = &error.hint {
        run.warn(&format!("hint: {hint}\n"));
    }
    UNUSABLE
}

/// A path as seen from the project's folder.
fn shown_path(run: &Run, path: &str) -> String {
    let folder = run.host.current_directory();
    let absolute = absolute_path(&folder, path);
    match absolute.strip_prefix(&folder) {
        Some(rest) if rest.starts_with('/') => rest[1..].to_owned(),
        _ => absolute,
    }
}
