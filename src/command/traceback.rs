//! An exception as Python shows one that nobody caught.

use crate::diagnostic::Error;

/// The text of `traceback.print_exception`, without the marks under source lines.
pub fn format_exception(error: &Error) -> String {
    let mut chain: Vec<&Error> = vec![error];
    while let Some(cause) = chain.last().and_then(|error| error.cause.as_ref()) {
        chain.push(cause);
    }
    let mut text = String::new();
    for (index, error) in chain.iter().rev().enumerate() {
        if index > 0 {
            text.push_str(
                "\nThe above exception was the direct cause of the following exception:\n\n",
            );
        }
        text.push_str(&one(error));
    }
    text
}

fn one(error: &Error) -> String {
    let mut text = String::new();
    if !error.traceback.is_empty() {
        text.push_str("Traceback (most recent call last):\n");
        for frame in &error.traceback {
            text.push_str(&format!(
                "  File \"{}\", line {}, in {}\n",
                frame.location.path, frame.location.line, frame.function
            ));
            if !frame.source_line.is_empty() {
                text.push_str(&format!("    {}\n", frame.source_line));
            }
        }
    }
    let class = match &*error.class {
        // Not a class of Python's: what the engine itself has to say.
        "limbeck.Unsupported" => "limbeck",
        class => class,
    };
    if error.message.is_empty() {
        text.push_str(&format!("{class}\n"));
    } else {
        text.push_str(&format!("{class}: {}\n", error.message));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("hint: {hint}\n"));
    }
    text
}
