//! The `^^^^` markers under a source line of a traceback.

use ground::diagnostic::Frame;

/// The markers for a frame, relative to the dedented source line, by the rules of CPython 3.11:
/// none if they would cover the whole line; operators and subscripts are emphasised with `~`.
pub(crate) fn markers(frame: &Frame) -> Option<String> {
    let line: Vec<char> = frame.source_line.chars().collect();
    let indent = frame.indentation as usize;
    let start = (frame.location.column as usize).checked_sub(1 + indent)?;
    let whole = frame.location.end_line != frame.location.line;
    let end = if whole {
        line.len()
    } else {
        (frame.location.end_column as usize).checked_sub(1 + indent)?
    };
    if start >= end || end > line.len() {
        return None;
    }
    let anchors = if whole {
        None
    } else {
        anchors(&line[start..end])
    };
    if end - start >= line.len() && anchors.is_none() {
        return None;
    }
    let mut text = " ".repeat(start);
    match anchors {
        Some((left, right)) => {
            text.push_str(&"~".repeat(left));
            text.push_str(&"^".repeat(right - left));
            text.push_str(&"~".repeat(end - start - right));
        }
        None => text.push_str(&"^".repeat(end - start)),
    }
    Some(text)
}

/// The position of the operator of a binary expression, or of the brackets of a subscript.
fn anchors(segment: &[char]) -> Option<(usize, usize)> {
    // Find the last operator outside brackets and strings with the lowest precedence; a subscript
    // if the expression ends with `]` and has no operator.
    let mut depth = 0usize;
    let mut index = 0;
    let mut best: Option<(u8, usize, usize)> = None;
    let mut bracket = None;
    let mut previous = ' ';
    while index < segment.len() {
        let c = segment[index];
        match c {
            '\'' | '"' => {
                index += 1;
                while index < segment.len() && segment[index] != c {
                    if segment[index] == '\\' {
                        index += 1;
                    }
                    index += 1;
                }
            }
            '(' | '[' | '{' => {
                if depth == 0 {
                    bracket = Some((c, index, !(previous == ' ' || is_operator(previous))));
                }
                depth += 1;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && is_operator(c) => {
                let starts = index;
                let unary = previous == ' ' && index == 0 || is_operator(previous);
                let double =
                    segment.get(index + 1) == Some(&c) && matches!(c, '*' | '/' | '<' | '>');
                if double {
                    index += 1;
                }
                let comparison =
                    matches!(c, '<' | '>') && !double || segment.get(index + 1) == Some(&'=');
                if comparison {
                    return None;
                }
                if !unary {
                    let rank = match c {
                        '|' => 0,
                        '^' => 1,
                        '&' => 2,
                        '<' | '>' => 3,
                        '+' | '-' => 4,
                        '*' if double => 6,
                        _ => 5,
                    };
                    if best.is_none_or(|(other, ..)| {
                        if rank == 6 {
                            rank < other
                        } else {
                            rank <= other
                        }
                    }) {
                        best = Some((rank, starts, index + 1));
                    }
                }
            }
            ',' | ':' if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 && c.is_alphabetic() {
            let word: String = segment[index..]
                .iter()
                .take_while(|c| c.is_alphanumeric() || **c == '_')
                .collect();
            if matches!(
                word.as_str(),
                "not"
                    | "and"
                    | "or"
                    | "if"
                    | "else"
                    | "lambda"
                    | "in"
                    | "is"
                    | "await"
                    | "raise"
                    | "return"
                    | "assert"
                    | "import"
                    | "from"
            ) {
                return None;
            }
            index += word.chars().count().max(1) - 1;
        }
        if !segment[index.min(segment.len() - 1)].is_whitespace() {
            previous = segment[index.min(segment.len() - 1)];
        }
        index += 1;
    }
    if let Some((_, start, end)) = best {
        return Some((start, end));
    }
    match bracket {
        Some(('[', start, true)) if segment.last() == Some(&']') => Some((start, segment.len())),
        _ => None,
    }
}

fn is_operator(c: char) -> bool {
    matches!(
        c,
        '+' | '-' | '*' | '/' | '%' | '@' | '&' | '|' | '^' | '<' | '>' | '='
    )
}
