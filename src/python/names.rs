//! The public names of the packages that programs import, beyond those that are implemented: a
//! table, of which a name becomes a value when somebody imports it.

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
/// that the table does not list. The lines are sorted by their first words, so that a name is found
/// in the text itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameTable {
    text: &'static str,
}

impl NameTable {
    /// A table over its text.
    pub const fn new(text: &'static str) -> NameTable {
        NameTable { text }
    }

    /// Where the first line begins whose owner does not come before this one.
    fn place(&self, owner: &str) -> usize {
        let (mut low, mut high) = (0, self.text.len());
        while low < high {
            let middle = (low + high) / 2;
            let start = self.text[..middle].rfind('\n').map_or(0, |at| at + 1);
            let start = start.max(low);
            let line = self.text[start..].split('\n').next().unwrap_or_default();
            if owner_of(line) < owner {
                low = (start + line.len() + 1).min(self.text.len());
            } else {
                high = start;
            }
        }
        low
    }

    /// The words of an owner's line.
    fn line(&self, owner: &str) -> Option<&'static str> {
        let line = self.text[self.place(owner)..].split('\n').next()?;
        let words = line.strip_prefix(owner)?;
        match words.strip_prefix(' ') {
            Some(words) => Some(words),
            None => words.is_empty().then_some(words),
        }
    }

    /// Whether a module is listed, or one below it, or one above it whose names are not listed.
    pub fn has(&self, module: &str) -> bool {
        let below = format!("{module}.");
        if self.line(module).is_some() || self.text[self.place(&below)..].starts_with(&below) {
            return true;
        }
        let mut upper = module;
        while let Some((parent, _)) = upper.rsplit_once('.') {
            upper = parent;
            if self.line(upper) == Some("*") {
                return true;
            }
        }
        false
    }

    /// A name of a module, or an attribute of a class (`:dotted.Class`).
    pub fn find(&self, owner: &str, name: &str) -> Option<Name> {
        let line = self.line(owner)?;
        if line == "*" {
            return Some(Name {
                kind: NameKind::Value,
                place: None,
                base: None,
            });
        }
        let found = entries(line).find(|(word, _)| *word == name);
        found.map(|(_, name)| name)
    }

    /// The listed names of a module.
    pub fn names(&self, owner: &str) -> impl Iterator<Item = (&'static str, Name)> {
        entries(self.line(owner).unwrap_or_default())
    }
}

fn owner_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or(line)
}

fn entries(line: &'static str) -> impl Iterator<Item = (&'static str, Name)> {
    let mut kind = NameKind::Value;
    line.split(' ').filter_map(move |word| {
        if word.is_empty() {
            return None;
        }
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
        let table = NameTable::new("a.b *c A B@a *e Bad<ValueError *f f\nc *\nd.e.f\n");
        let b = table.find("a.b", "B");
        assert_eq!(b.and_then(|name| name.place), Some("a"));
        let bad = table.find("a.b", "Bad");
        assert_eq!(bad.map(|name| name.kind), Some(NameKind::Exception));
        assert_eq!(bad.and_then(|name| name.base), Some("ValueError"));
        assert_eq!(table.find("a.b", "g"), None);
        assert!(table.find("c", "anything").is_some());
        assert_eq!(table.names("a.b").count(), 4);
        for known in ["a", "a.b", "c", "c.below", "d", "d.e", "d.e.f"] {
            assert!(table.has(known), "{known}");
        }
        for unknown in ["", "b", "a.c", "d.f", "e"] {
            assert!(!table.has(unknown), "{unknown}");
        }
    }
}
