//! Shell expansion: variables, `{a,b}` and `*`.

use protocol::console::syntax::{Part, Word};

/// The environment of word expansion.
pub trait Surroundings {
    /// The value of a variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// Names in a folder, sorted, or nothing where there is no such folder.
    fn names(&self, folder: &str) -> Vec<String>;
}

/// A character, and whether it may mean more than itself.
type Marked = (char, bool);

/// A word's words: variables are put in, `{a,b}` and `*` give several.
pub fn expand(word: &Word, surroundings: &dyn Surroundings) -> Vec<String> {
    let mut fields: Vec<Vec<Marked>> = Vec::new();
    let mut field: Option<Vec<Marked>> = None;
    for part in &word.0 {
        match part {
            Part::Plain(text) => field
                .get_or_insert_default()
                .extend(text.chars().map(|character| (character, true))),
            Part::Quoted(text) => field
                .get_or_insert_default()
                .extend(text.chars().map(|character| (character, false))),
            Part::Variable {
                name,
                otherwise,
                quoted,
            } => {
                let value = surroundings
                    .variable(name)
                    .filter(|value| otherwise.is_none() || !value.is_empty())
                    .or_else(|| otherwise.clone())
                    .unwrap_or_default();
                if *quoted {
                    field
                        .get_or_insert_default()
                        .extend(value.chars().map(|character| (character, false)));
                } else {
                    for character in value.chars() {
                        if character.is_whitespace() {
                            fields.extend(field.take());
                        } else {
                            field.get_or_insert_default().push((character, true));
                        }
                    }
                }
            }
        }
    }
    fields.extend(field);
    fields
        .into_iter()
        .flat_map(braces)
        .flat_map(|field| names_of(field, surroundings))
        .collect()
}

/// A word as one text: what stands after `NAME=` and in a `<< END` text.
pub fn expand_whole(word: &Word, surroundings: &dyn Surroundings) -> String {
    word.0
        .iter()
        .map(|part| match part {
            Part::Plain(text) | Part::Quoted(text) => text.clone(),
            Part::Variable {
                name, otherwise, ..
            } => surroundings
                .variable(name)
                .filter(|value| otherwise.is_none() || !value.is_empty())
                .or_else(|| otherwise.clone())
                .unwrap_or_default(),
        })
        .collect()
}

/// `a{b,c}` is `ab ac`.
fn braces(field: Vec<Marked>) -> Vec<Vec<Marked>> {
    // Each pair doubles the words at least: a few are meant, many are a mistake.
    if field
        .iter()
        .filter(|marked| **marked == ('{', true))
        .count()
        > 8
    {
        return vec![field];
    }
    let Some(open) = field.iter().position(|marked| *marked == ('{', true)) else {
        return vec![field];
    };
    let mut depth = 0;
    let mut commas = vec![open];
    for (index, marked) in field.iter().enumerate().skip(open) {
        match marked {
            ('{', true) => depth += 1,
            (',', true) if depth == 1 => commas.push(index),
            ('}', true) => {
                depth -= 1;
                if depth == 0 {
                    commas.push(index);
                    break;
                }
            }
            _ => {}
        }
    }
    if depth != 0 || commas.len() < 3 {
        return vec![field];
    }
    let close = commas[commas.len() - 1];
    commas
        .windows(2)
        .flat_map(|ends| {
            let mut one = field[..open].to_vec();
            one.extend_from_slice(&field[ends[0] + 1..ends[1]]);
            one.extend_from_slice(&field[close + 1..]);
            braces(one)
        })
        .collect()
}

fn is_pattern(part: &[Marked]) -> bool {
    part.iter()
        .any(|(character, active)| *active && "*?[".contains(*character))
}

fn text_of(part: &[Marked]) -> String {
    part.iter().map(|(character, _)| *character).collect()
}

/// The names of files that a pattern stands for; itself if there are none.
fn names_of(field: Vec<Marked>, surroundings: &dyn Surroundings) -> Vec<String> {
    if !is_pattern(&field) {
        let text = text_of(&field);
        let home =
            field.first() == Some(&('~', true)) && matches!(field.get(1), None | Some(('/', _)));
        return vec![if home {
            format!(
                "{}{}",
                surroundings.variable("HOME").unwrap_or_default(),
                &text[1..]
            )
        } else {
            text
        }];
    }
    let mut found = vec![String::new()];
    let parts: Vec<&[Marked]> = field.split(|(character, _)| *character == '/').collect();
    for (index, part) in parts.iter().enumerate() {
        let mut next = Vec::new();
        for prefix in &found {
            let join = |name: &str| {
                if index == 0 {
                    name.to_owned()
                } else {
                    format!("{prefix}/{name}")
                }
            };
            if !is_pattern(part) {
                next.push(join(&text_of(part)));
                continue;
            }
            let folder = match (index, prefix.as_str()) {
                (0, _) => ".",
                (_, "") => "/",
                (_, prefix) => prefix,
            };
            next.extend(
                surroundings
                    .names(folder)
                    .iter()
                    .filter(|name| {
                        let hidden =
                            name.starts_with('.') && part.first().map(|m| m.0) != Some('.');
                        let name: Vec<char> = name.chars().collect();
                        !hidden && matches(part, &name)
                    })
                    .map(|name| join(name)),
            );
        }
        found = next;
    }
    // A path after the pattern may name what is not there.
    if parts.last().is_some_and(|part| !is_pattern(part)) {
        found.retain(|path| match path.rsplit_once('/') {
            Some((folder, name)) => surroundings.names(folder).iter().any(|one| one == name),
            None => true,
        });
    }
    if found.is_empty() {
        vec![text_of(&field)]
    } else {
        found
    }
}

/// Whether a text fits a pattern of `*`, `?` and `[a-z]`.
pub fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<Marked> = pattern.chars().map(|character| (character, true)).collect();
    let text: Vec<char> = text.chars().collect();
    matches(&pattern, &text)
}

fn matches(pattern: &[Marked], name: &[char]) -> bool {
    let (mut at, mut index) = (0, 0);
    // After the last `*`: where the pattern goes on, and how far the `*` reaches by now.
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern.get(at) == Some(&('*', true)) {
            at += 1;
            star = Some((at, index));
            continue;
        }
        let Some(character) = name.get(index) else {
            return at == pattern.len();
        };
        if let Some(length) = one_of(&pattern[at..], *character) {
            at += length;
            index += 1;
            continue;
        }
        let Some((after, reach)) = star else {
            return false;
        };
        star = Some((after, reach + 1));
        at = after;
        index = reach + 1;
    }
}

/// How much of the pattern stands for a character; nothing if it does not fit.
fn one_of(pattern: &[Marked], character: char) -> Option<usize> {
    match pattern.first()? {
        ('?', true) => Some(1),
        ('[', true) => {
            let Some(end) = pattern.iter().skip(2).position(|marked| marked.0 == ']') else {
                return (character == '[').then_some(1);
            };
            let set = &pattern[1..end + 2];
            let (not, set) = match set.first() {
                Some(('!' | '^', _)) => (true, &set[1..]),
                _ => (false, set),
            };
            let mut inside = false;
            let mut index = 0;
            while index < set.len() {
                match set.get(index..index + 3) {
                    Some([from, ('-', _), to]) => {
                        inside |= (from.0..=to.0).contains(&character);
                        index += 3;
                    }
                    _ => {
                        inside |= set[index].0 == character;
                        index += 1;
                    }
                }
            }
            (inside != not).then_some(end + 3)
        }
        (own, _) => (*own == character).then_some(1),
    }
}

#[cfg(test)]
mod tests;
