//! Index expressions and computed columns without what PostgreSQL adds to them.

/// How many bytes of white space there are at the start of a text.
fn spaces(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// How many bytes of a name there are at the start of a text, quoted or of word characters.
fn name(text: &str) -> usize {
    if let Some(rest) = text.strip_prefix('"') {
        return match rest.find('"') {
            Some(end) if end > 0 => end + 2,
            _ => 0,
        };
    }
    text.find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len())
}

/// How many bytes of a word there are at the start of a text, whatever its case.
fn word(text: &str, word: &str) -> Option<usize> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then_some(word.len())
}

/// How many bytes of words there are, each after white space.
fn spaced_words(text: &str, words: &[&str]) -> Option<usize> {
    let mut length = 0;
    for expected in words {
        let space = spaces(&text[length..]);
        if space == 0 {
            return None;
        }
        length += space;
        length += word(&text[length..], expected)?;
    }
    Some(length)
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len())
}

/// How many bytes of `(10)` or `(10, 2)` there are, white space before it counted.
fn arguments(text: &str) -> Option<usize> {
    let mut length = spaces(text);
    length += word(&text[length..], "(")?;
    let number = |length: &mut usize| {
        *length += spaces(&text[*length..]);
        let found = digits(&text[*length..]);
        *length += found;
        *length += spaces(&text[*length..]);
        (found > 0).then_some(())
    };
    number(&mut length)?;
    if text[length..].starts_with(',') {
        length += 1;
        number(&mut length)?;
    }
    Some(length + word(&text[length..], ")")?)
}

/// How many bytes of `[]` or `[3]` there are, white space before it counted.
fn brackets(text: &str) -> Option<usize> {
    let mut length = spaces(text);
    length += word(&text[length..], "[")?;
    length += spaces(&text[length..]);
    length += digits(&text[length..]);
    length += spaces(&text[length..]);
    Some(length + word(&text[length..], "]")?)
}

/// How many bytes of the name of a type there are at the start of a text.
fn type_name(text: &str) -> Option<usize> {
    let mut length = name(text);
    if length == 0 {
        return None;
    }
    if let Some(rest) = text[length..].strip_prefix('.') {
        let more = name(rest);
        if more > 0 {
            length += 1 + more;
        }
    }
    for words in [&["varying"], &["precision"]] {
        if let Some(more) = spaced_words(&text[length..], words) {
            length += more;
            break;
        }
    }
    length += arguments(&text[length..]).unwrap_or(0);
    for words in [["with", "time", "zone"], ["without", "time", "zone"]] {
        if let Some(more) = spaced_words(&text[length..], &words) {
            length += more;
            break;
        }
    }
    while let Some(more) = brackets(&text[length..]) {
        length += more;
    }
    Some(length)
}

/// The text without `::type`.
pub(super) fn without_casts(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(place) = rest.find("::") {
        let after = &rest[place + 2..];
        let space = spaces(after);
        match type_name(&after[space..]) {
            Some(length) => {
                shown.push_str(&rest[..place]);
                rest = &after[space + length..];
            }
            None => {
                shown.push_str(&rest[..place + 1]);
                rest = &rest[place + 1..];
            }
        }
    }
    shown.push_str(rest);
    shown
}

/// What follows ` AS type)` at the start of a text.
fn after_cast_type(text: &str) -> Option<&str> {
    let mut length = spaced_words(text, &["as"])?;
    let space = spaces(&text[length..]);
    if space == 0 {
        return None;
    }
    length += space;
    length += type_name(&text[length..])?;
    length += spaces(&text[length..]);
    text[length..].strip_prefix(')')
}

/// The text with `CAST(expression AS type)` as the expression alone, and whether there was one.
fn without_cast_calls(text: &str) -> (String, bool) {
    let mut shown = String::new();
    let mut rest = text;
    let mut any = false;
    'casts: while let Some(place) = rest.find("cast") {
        let before = rest[..place].chars().next_back();
        let starts = !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let after = rest[place + 4..].trim_start();
        if starts && let Some(inside) = after.strip_prefix('(') {
            for (end, character) in inside.char_indices() {
                if let Some(follows) = after_cast_type(&inside[end..]) {
                    shown.push_str(&rest[..place]);
                    shown.push_str(&inside[..end]);
                    rest = follows;
                    any = true;
                    continue 'casts;
                }
                if character == '\n' {
                    break;
                }
            }
        }
        shown.push_str(&rest[..place + 4]);
        rest = &rest[place + 4..];
    }
    shown.push_str(rest);
    (shown, any)
}

/// The text without what is the default order.
fn without_default_order(text: &str) -> String {
    let ends = |suffix: &str| text.strip_suffix(suffix);
    if let Some(rest) = ends(" asc nulls last") {
        return rest.to_owned();
    }
    if let Some(rest) = ends(" nulls last")
        && !rest.ends_with(" desc")
    {
        return rest.to_owned();
    }
    if let Some(rest) = ends(" asc") {
        return rest.to_owned();
    }
    if let Some(rest) = ends(" asc nulls first") {
        return format!("{rest} nulls first");
    }
    match ends(" desc nulls first") {
        Some(rest) => format!("{rest} desc"),
        None => text.to_owned(),
    }
}

fn without_parentheses(text: &str) -> &str {
    let mut text = text;
    while let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        text = inner;
    }
    text
}

/// `_cleanup_index_expr`: an element of an index for comparison.
pub(super) fn cleaned_index_expression(table: Option<&str>, expression: &str) -> String {
    let mut text = expression.to_lowercase().replace(['"', '\''], "");
    if let Some(table) = table {
        text = text.replace(&format!("{}.", table.to_lowercase()), "");
    }
    text = without_casts(&text);
    text = without_default_order(without_parentheses(&text));
    text = without_parentheses(&text).to_owned();
    loop {
        let (shorter, any) = without_cast_calls(&text);
        text = shorter;
        if !any {
            return text.replace(' ', "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_go_with_the_whole_name_of_their_type() {
        for (given, shown) in [
            ("a::text", "a"),
            ("(a)::character varying(10)[] = b", "(a) = b"),
            ("a :: numeric(10, 2)", "a "),
            ("at::timestamp without time zone + 1", "at + 1"),
            ("x::\"Mixed\".\"Type\"[]", "x"),
            ("'english'::regconfig, c", "'english', c"),
            ("a::double precision", "a"),
            ("a::", "a::"),
        ] {
            assert_eq!(without_casts(given), shown);
        }
    }

    #[test]
    fn elements_of_an_index() {
        let cleaned = |text| cleaned_index_expression(Some("Items"), text);
        assert_eq!(
            cleaned("lower((name)::text) DESC NULLS FIRST"),
            "lower((name))desc"
        );
        assert_eq!(cleaned("((a + 1))"), "a+1");
        assert_eq!(cleaned("items.a ASC NULLS LAST"), "a");
        assert_eq!(cleaned("a NULLS LAST"), "a");
        assert_eq!(cleaned("a DESC NULLS LAST"), "adescnullslast");
        assert_eq!(cleaned("a ASC NULLS FIRST"), "anullsfirst");
        assert_eq!(cleaned("CAST(CAST(a AS VARCHAR(3)) AS TEXT)"), "a");
    }
}
