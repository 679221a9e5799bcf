//! Reads what PostgreSQL's own functions write: definitions of constraints, names, defaults.

use std::rc::Rc;

use crate::inspector::ReflectedForeignKey;

/// The parts of a dotted name, without their quotes.
pub(super) fn dotted_name(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                push(&mut parts, '"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            other => push(&mut parts, other),
        }
    }
    parts
}

fn push(parts: &mut [String], character: char) {
    if let Some(last) = parts.last_mut() {
        last.push(character);
    }
}

/// A name without its quotes (`_unquote_identifier`).
fn unquoted(name: &str) -> Rc<str> {
    match name.strip_prefix('"') {
        Some(rest) => rest
            .strip_suffix('"')
            .unwrap_or(rest)
            .replace("\"\"", "\"")
            .into(),
        None => name.into(),
    }
}

/// The byte of the parenthesis that closes the one at the start of the text; those in quotes do
/// not count.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (place, byte) in text.bytes().enumerate() {
        // A doubled quote closes and opens at once.
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(place);
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// The text without the pair of parentheses around all of it, if there is one.
fn without_outer_parentheses(text: &str) -> &str {
    let stripped = text.trim();
    if stripped.len() >= 2
        && stripped.starts_with('(')
        && closing(stripped) == Some(stripped.len() - 1)
    {
        &stripped[1..stripped.len() - 1]
    } else {
        text
    }
}

/// A check constraint.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Check {
    /// The condition.
    pub condition: String,
    /// Whether it was added without looking at the rows.
    pub not_valid: bool,
    /// Whether child tables do not have it.
    pub no_inherit: bool,
}

/// `CHECK ((a > 1)) NO INHERIT NOT VALID`; `None` for what else there may stand.
pub(super) fn check(definition: &str) -> Option<Check> {
    let rest = definition.strip_prefix("CHECK")?.trim_start_matches(' ');
    let (rest, not_valid) = without_suffix(rest, " NOT VALID");
    let (rest, no_inherit) = without_suffix(rest, " NO INHERIT");
    let condition = rest.strip_prefix('(')?.strip_suffix(')')?;
    if condition.is_empty() {
        return None;
    }
    Some(Check {
        condition: without_outer_parentheses(condition).to_owned(),
        not_valid,
        no_inherit,
    })
}

fn without_suffix<'t>(text: &'t str, suffix: &str) -> (&'t str, bool) {
    match text.strip_suffix(suffix) {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

/// A name, quoted or not, at the start of a text, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let length = match text.strip_prefix('"') {
        Some(mut rest) => {
            let mut length = 1;
            loop {
                let quote = rest.find('"')?;
                length += quote + 1;
                rest = &rest[quote + 1..];
                // A doubled quote belongs to the name.
                match rest.strip_prefix('"') {
                    Some(more) => {
                        length += 1;
                        rest = more;
                    }
                    None => break length,
                }
            }
        }
        None => text
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(text.len()),
    };
    (length > 0).then(|| text.split_at(length))
}

/// Names in parentheses at the start of a text, and what follows them.
fn names(text: &str) -> Option<(Vec<Rc<str>>, &str)> {
    let end = closing(text)?;
    let inside = text.get(1..end)?;
    let names = inside.split(", ").map(|part| {
        let part = part.trim();
        // The columns of a temporal foreign key are those of any other.
        unquoted(part.strip_prefix("PERIOD ").unwrap_or(part))
    });
    Some((names.collect(), &text[end + 1..]))
}

const ACTIONS: [&str; 5] = [
    "CASCADE",
    "RESTRICT",
    "NO ACTION",
    "SET NULL",
    "SET DEFAULT",
];

/// What `ON UPDATE` or `ON DELETE` does, and what follows it. The columns that it sets belong to it.
fn action(text: &str) -> Option<(&str, &str)> {
    let word = ACTIONS.iter().find(|word| text.starts_with(**word))?;
    let mut length = word.len();
    if word.starts_with("SET")
        && let Some(columns) = text[length..].strip_prefix(" (")
    {
        // From the parenthesis on, whose text is one byte before `columns`.
        let parenthesis = text.len() - columns.len() - 1;
        length = parenthesis + closing(&text[parenthesis..])? + 1;
    }
    Some(text.split_at(length))
}

/// `FOREIGN KEY (a) REFERENCES t(b) ON DELETE CASCADE`. The schema is as it stands there: a table
/// along the search path has none.
pub(super) fn foreign_key(definition: &str) -> Option<ReflectedForeignKey> {
    let (constrained_columns, rest) = names(definition.strip_prefix("FOREIGN KEY ")?)?;
    let (first, rest) = name(rest.strip_prefix(" REFERENCES ")?)?;
    let (referred_schema, referred_table, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (table, rest) = name(rest)?;
            (Some(unquoted(first).to_string()), unquoted(table), rest)
        }
        None => (None, unquoted(first), rest),
    };
    let (referred_columns, mut rest) = names(rest)?;
    let mut key = ReflectedForeignKey {
        constrained_columns,
        referred_schema,
        referred_table,
        referred_columns,
        ..ReflectedForeignKey::default()
    };
    let stated = |action: &str| Some(action.to_owned()).filter(|action| action != "NO ACTION");
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix("MATCH ") {
            let end = after.find(' ').unwrap_or(after.len());
            key.match_ = Some(after[..end].to_owned());
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix("ON UPDATE ") {
            let (what, after) = action(after)?;
            key.onupdate = stated(what);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("ON DELETE ") {
            let (what, after) = action(after)?;
            key.ondelete = stated(what);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("NOT DEFERRABLE") {
            key.deferrable = Some(false);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("DEFERRABLE") {
            key.deferrable = Some(true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("INITIALLY ") {
            let end = after.find(' ').unwrap_or(after.len());
            key.initially = Some(after[..end].to_owned());
            rest = &after[end..];
        } else {
            return Some(key);
        }
    }
}

/// The sequence that a default draws from: what precedes it, itself, and what follows it.
pub(super) fn nextval(default: &str) -> Option<(&str, &str, &str)> {
    let start = default.find("nextval('")? + "nextval('".len();
    let length = default[start..].find('\'')?;
    let end = start + length;
    (length > 0).then(|| (&default[..start], &default[start..end], &default[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_dots_and_quotes() {
        assert_eq!(dotted_name("mood"), ["mood"]);
        assert_eq!(dotted_name("app.mood"), ["app", "mood"]);
        assert_eq!(
            dotted_name("\"My.App\".\"a \"\"mood\"\"\""),
            ["My.App", "a \"mood\""]
        );
    }

    #[test]
    fn checks() {
        let condition = |definition| check(definition).map(|check| check.condition);
        assert_eq!(
            condition("CHECK ((a > 1))").as_deref(),
            Some("a > 1"),
            "one pair of parentheses more than the constraint's own goes"
        );
        assert_eq!(
            condition("CHECK ((a > 1) AND (b < 2))").as_deref(),
            Some("(a > 1) AND (b < 2)")
        );
        assert_eq!(
            condition("CHECK ((a = '('::text AND b = ')'::text))").as_deref(),
            Some("a = '('::text AND b = ')'::text")
        );
        assert_eq!(
            check("CHECK (a > 1) NO INHERIT NOT VALID"),
            Some(Check {
                condition: "a > 1".into(),
                not_valid: true,
                no_inherit: true,
            })
        );
        assert_eq!(check("CHECK (a > 1) NOT ENFORCED"), None);
    }

    #[test]
    fn foreign_keys() {
        let key = foreign_key(
            "FOREIGN KEY (a, \"b (c)\") REFERENCES \"Other\".\"t\"\"q\"(x, y) MATCH FULL ON UPDATE \
             CASCADE ON DELETE SET NULL (a) DEFERRABLE INITIALLY DEFERRED NOT VALID",
        );
        let key = key.expect("it is one");
        assert_eq!(
            key.constrained_columns,
            ["a".into(), "b (c)".into()] as [Rc<str>; 2]
        );
        assert_eq!(key.referred_schema.as_deref(), Some("Other"));
        assert_eq!(&*key.referred_table, "t\"q");
        assert_eq!(
            key.referred_columns,
            ["x".into(), "y".into()] as [Rc<str>; 2]
        );
        assert_eq!(key.match_.as_deref(), Some("FULL"));
        assert_eq!(key.onupdate.as_deref(), Some("CASCADE"));
        assert_eq!(key.ondelete.as_deref(), Some("SET NULL (a)"));
        assert_eq!(key.deferrable, Some(true));
        assert_eq!(key.initially.as_deref(), Some("DEFERRED"));
    }

    #[test]
    fn sequences() {
        assert_eq!(
            nextval("nextval('app.t_id_seq'::regclass)"),
            Some(("nextval('", "app.t_id_seq", "'::regclass)"))
        );
        assert_eq!(nextval("now()"), None);
    }
}
