//! The console, without a browser: what is typed and what it means, completion, Makefiles, and
//! places in printed text.
//!
//! A line goes through [`words`] (as a shell reads it), [`expansion`] and [`program`] (what the words
//! mean here); the worker's session runs it.

pub mod completion;
pub mod expansion;
pub mod makefile;
pub mod places;
pub mod program;
pub mod words;

/// A word as it must be typed to mean itself.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if !word.contains('\'') {
        format!("'{word}'")
    } else {
        let mut text = String::from("\"");
        for character in word.chars() {
            if "\"\\$`".contains(character) {
                text.push('\\');
            }
            text.push(character);
        }
        text.push('"');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::expansion::{Surroundings, expand};
    use super::words::lines;

    struct Nothing;

    impl Surroundings for Nothing {
        fn variable(&self, _: &str) -> Option<String> {
            None
        }

        fn names(&self, _: &str) -> Vec<String> {
            Vec::new()
        }
    }

    #[test]
    fn what_is_quoted_means_itself() {
        for text in [
            "a",
            "",
            "two words",
            "it's",
            "$x `y` \"z\" '\\",
            "*.py",
            "a\nb",
            "#",
        ] {
            let read = lines(&format!("echo {}", super::quote(text)));
            let commands = read[0].commands.clone().expect("a command");
            assert_eq!(expand(&commands[0].words[1], &Nothing), [text]);
        }
    }
}
