//! `[post_write_hooks]`: programs that are run on a new revision file.
//!
//! The engine runs nothing itself; it asks the host. A host that runs no programs, as the page's,
//! or none unless it is asked to, as the native one, says why, and the reason is printed in one line.

use super::messaging::status;
use crate::config::{Config, PostWriteHook};
use ground::diagnostic::{Error, Result};
use ground::exception;
use ground::formatting::repr::string_repr;
use ground::host::{Program, ProgramError, ProgramKind};

/// What stands for the new file in a hook's options.
const REVISION_SCRIPT_TOKEN: &str = "REVISION_SCRIPT_FILENAME";

/// `write_hooks._run_hooks`.
///
/// Errors: `CommandError` for a hook without what its type needs, of an unknown type, or whose
/// console script or module is not there; `ValueError` for options with an open quote; `OSError`
/// where the platform can't start the program.
pub(super) fn run_hooks(config: &Config, hooks: &[PostWriteHook], path: &str) -> Result<()> {
    let host = &config.run().host;
    for hook in hooks {
        let name = &hook.name;
        let kind = hook.options.get("type").ok_or_else(|| {
            Error::command(format!(
                "Key '{name}.type' (or 'type' in toml) is required for post write hook {}",
                string_repr(name)
            ))
        })?;
        let program = program(hook, kind, path);
        if program.is_ok()
            && let Err(reason) = host.runs_programs()
        {
            config.run().warn(&format!(
                "limbeck: the post write hook {} was not run: {reason}\n",
                string_repr(name)
            ));
            continue;
        }
        let text = format!("Running post write hook {}", string_repr(name));
        status(config.run(), false, &text, true, || {
            let program = program?;
            host.run_program(&program).map_err(|error| match error {
                ProgramError::Refused(class, text) => Error::new(class, text),
                ProgramError::NotFound => Error::command(match &program.kind {
                    ProgramKind::ConsoleScript(name) => {
                        format!("Could not find entrypoint console_scripts.{name}")
                    }
                    ProgramKind::Module(name) | ProgramKind::Executable(name) => {
                        format!("Could not find module {name}")
                    }
                }),
            })
        })?;
    }
    Ok(())
}

/// The program of a hook.
fn program(hook: &PostWriteHook, kind: &str, path: &str) -> Result<Program> {
    let required = |key: &str| {
        hook.options.get(key).cloned().ok_or_else(|| {
            Error::command(format!(
                "Key {}.{key} is required for post write hook {}",
                hook.name,
                string_repr(&hook.name)
            ))
        })
    };
    let kind = match kind {
        "console_scripts" => ProgramKind::ConsoleScript(required("entrypoint")?),
        "exec" => ProgramKind::Executable(required("executable")?),
        "module" => ProgramKind::Module(required("module")?),
        other => {
            return Err(Error::command(format!(
                "No formatter with name '{other}' registered"
            )));
        }
    };
    let options = hook.options.get("options").map_or("", String::as_str);
    let options = if options.contains(REVISION_SCRIPT_TOKEN) {
        options.to_owned()
    } else {
        format!("{REVISION_SCRIPT_TOKEN} {options}")
    };
    Ok(Program {
        kind,
        arguments: shell_words(&options)?
            .into_iter()
            .map(|word| word.replace(REVISION_SCRIPT_TOKEN, path))
            .collect(),
        directory: hook.options.get("cwd").cloned(),
    })
}

/// `shlex.split(text)`.
fn shell_words(text: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    let open = || Error::new(exception::VALUE_ERROR, "No closing quotation");
    let escape = || Error::new(exception::VALUE_ERROR, "No escaped character");
    while let Some(c) = characters.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or_else(open)? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or_else(open)? {
                        '"' => break,
                        '\\' => match characters.next().ok_or_else(open)? {
                            c @ ('"' | '\\') => word.push(c),
                            c => word.extend(['\\', c]),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' => word
                .get_or_insert_default()
                .push(characters.next().ok_or_else(escape)?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::shell_words;

    #[test]
    fn options_are_split_as_a_shell_does() {
        let split = |text: &str| shell_words(text).map_err(|error| error.message.clone());
        assert_eq!(
            split(r#"-l 79  'a b'"c\"d\n" e\ f '' x"#).unwrap(),
            ["-l", "79", "a bc\"d\\n", "e f", "", "x"]
        );
        assert_eq!(split("a 'b").unwrap_err(), "No closing quotation");
        assert_eq!(split("a \\").unwrap_err(), "No escaped character");
    }
}
