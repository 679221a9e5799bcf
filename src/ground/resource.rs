//! Texts that the programs carry: modules written in Python, tables, templates. The native program has them built in;
//! the page's worker reads those that few projects need when they are first asked for.

use std::cell::{Cell, RefCell};

use crate::hash::HashMap;

/// Reads a resource that is not built in, by its name.
pub type Reader = fn(&str) -> String;

thread_local! {
    static READER: Cell<Option<Reader>> = const { Cell::new(None) };
    static READ: RefCell<HashMap<&'static str, &'static str>> = RefCell::default();
}

/// Sets what reads the resources of this thread that are not built in.
pub fn set_reader(reader: Reader) {
    READER.set(Some(reader));
}

/// A text that the program carries.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    name: &'static str,
    built_in: Option<&'static str>,
}

impl Resource {
    /// One that is part of the program.
    pub const fn built_in(name: &'static str, text: &'static str) -> Resource {
        Resource {
            name,
            built_in: Some(text),
        }
    }

    /// One that is read when it is first asked for.
    pub const fn apart(name: &'static str) -> Resource {
        Resource {
            name,
            built_in: None,
        }
    }

    /// The text; empty where it is apart and nothing reads such.
    pub fn text(&self) -> &'static str {
        let Some(reader) = READER.get().filter(|_| self.built_in.is_none()) else {
            return self.built_in.unwrap_or_default();
        };
        if let Some(text) = READ.with_borrow(|read| read.get(self.name).copied()) {
            return text;
        }
        // Once for each name, of which there are as many as the program names: it lives as long as the program.
        let text: &'static str = String::leak(reader(self.name));
        READ.with_borrow_mut(|read| read.insert(self.name, text));
        text
    }
}

/// A text that few projects need, by its path in the folder `src`: the page's worker reads it when it is first asked
/// for. `$source` is that folder as seen from the crate's own.
#[cfg(not(target_family = "wasm"))]
#[macro_export]
macro_rules! resource {
    ($source:literal, $path:expr) => {
        $crate::resource::Resource::built_in(
            $path,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), $source, $path)),
        )
    };
}
/// A text that few projects need, by its path in the folder `src`: it is read when it is first asked for.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! resource {
    ($source:literal, $path:expr) => {
        $crate::resource::Resource::apart($path)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_apart_is_read_once() {
        thread_local! {
            static ASKED: Cell<u32> = const { Cell::new(0) };
        }
        assert_eq!(Resource::built_in("a", "text").text(), "text");
        set_reader(|name| {
            ASKED.set(ASKED.get() + 1);
            format!("text of {name}")
        });
        let apart = Resource::apart("b");
        assert_eq!(
            (apart.text(), Resource::apart("b").text()),
            ("text of b", "text of b")
        );
        assert_eq!(Resource::built_in("a", "text").text(), "text");
        assert_eq!(ASKED.get(), 1);
    }
}
