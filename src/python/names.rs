//! The public names of the packages that programs import, beyond those that are implemented: a
//! table, of which a name becomes a value when somebody imports it.

use std::collections::BTreeMap;

/// What a name of the table is in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A class.
    Class,
    /// An exception class.
    Exception,
    /// A function.
    Function,
    /// Any other value.
    Value,
    /// A module below.
    Module,
}

/// An entry of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// What it is.
    pub kind: NameKind,
    /// The module that shows the same object under the same name, nearer to the top.
    pub place: Option<&'static str>,
    /// The base of an exception, by its dotted name.
    pub base: Option<&'static str>,
}

/// Modules, and classes after a colon, by their dotted names. A line of the text is one of them:
/// `module *c Class Other@place *e Error<base *f function *v value *m module`; `module *` has names
/// that the table does not list.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    lines: BTreeMap<&'static str, &'static str>,
}

impl NameTable {
    /// Reads the text; lines that begin with `#` are comments.
    pub fn read(text: &'static str) -> NameTable {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        NameTable {
            lines: lines
                .map(|line| line.split_once(' ').unwrap_or((line, "")))
                .collect(),
        }
    }

    /// Whether a module is listed.
    pub fn has(&self, module: &str) -> bool {
        self.lines.contains_key(module)
    }

    /// A name of a module, or an attribute of a class (`:dotted.Class`).
    pub fn find(&self, owner: &str, name: &str) -> Option<Name> {
        let line = self.lines.get(owner)?;
        if *line == "*" {
            return Some(Name {
                kind: NameKind::Value,
                place: None,
                base: None,
            });
        }
        entries(line)
            .find(|(word, _)| *word == name)
            .map(|(_, it)| it)
    }

    /// The listed names of a module.
    pub fn names(&self, owner: &str) -> impl Iterator<Item = (&'static str, Name)> {
        entries(self.lines.get(owner).copied().unwrap_or_default())
    }

    /// Modules and, after a colon, classes.
    pub fn owners(&self) -> impl Iterator<Item = &'static str> {
        self.lines.keys().copied()
    }
}

fn entries(line: &'static str) -> impl Iterator<Item = (&'static str, Name)> {
    let mut kind = NameKind::Value;
    line.split(' ').filter_map(move |word| {
        if let Some(letter) = word.strip_prefix('*') {
            kind = match letter {
                "c" => NameKind::Class,
                "e" => NameKind::Exception,
                "f" => NameKind::Function,
                "m" => NameKind::Module,
                _ => NameKind::Value,
            };
            return None;
        }
        let (word, base) = split(word, '<');
        let (word, place) = split(word, '@');
        Some((word, Name { kind, place, base }))
    })
}

fn split(word: &'static str, at: char) -> (&'static str, Option<&'static str>) {
    match word.split_once(at) {
        Some((word, rest)) => (word, Some(rest)),
        None => (word, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_the_names_of_a_module() {
        let table = NameTable::read("# comment\na.b *c A B@a *e Bad<ValueError *f f\nc *");
        assert_eq!(
            table.find("a.b", "B").and_then(|name| name.place),
            Some("a")
        );
        let bad = table.find("a.b", "Bad");
        assert_eq!(bad.map(|name| name.kind), Some(NameKind::Exception));
        assert_eq!(bad.and_then(|name| name.base), Some("ValueError"));
        assert_eq!(table.find("a.b", "g"), None);
        assert!(table.find("c", "anything").is_some());
        assert_eq!(table.names("a.b").count(), 4);
    }
}
