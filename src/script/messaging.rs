//! What Alembic's commands say on standard output beside their answers: `util.messaging`.

use crate::config::wrap;
use ground::diagnostic::Result;
use ground::run::Run;

/// `util.msg`: one message; wrapped and indented where standard output is a terminal.
pub fn message(run: &Run, quiet: bool, text: &str, newline: bool) {
    if quiet {
        return;
    }
    let end = if newline { "\n" } else { "" };
    match run.host.terminal_width() {
        None => run.print(&format!("{text}{end}")),
        Some(width) => {
            let lines: Vec<String> = wrap(text, width.saturating_sub(2).max(1))
                .into_iter()
                .map(|line| format!("  {line}"))
                .collect();
            run.print(&format!("{}{end}", lines.join("\n")));
        }
    }
}

/// `util.status`: says what is being done, does it, and says how it ended.
///
/// Errors: those of `action`, after `FAILED`.
pub fn status<T>(
    run: &Run,
    quiet: bool,
    text: &str,
    newline: bool,
    action: impl FnOnce() -> Result<T>,
) -> Result<T> {
    message(run, quiet, &format!("{text} ..."), newline);
    let result = action();
    if !quiet {
        run.print(if result.is_ok() {
            "  done\n"
        } else {
            "  FAILED\n"
        });
    }
    result
}
