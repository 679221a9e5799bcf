//! Scans source before parsing: nesting that would overflow the parser's stack is rejected, with
//! CPython's limits and messages where it has them.

use super::parse::ParseFailure;
use super::tree::Extent;
use ground::exception;

/// CPython's limit on nested brackets.
const BRACKETS: usize = 200;
/// CPython's limit on indentation levels.
const INDENTS: usize = 100;
/// The limit on chained operators, attribute accesses and calls in one expression.
const OPERATORS: usize = 1000;

fn failure(message: &str, offset: usize, class: &'static str) -> ParseFailure {
    let start = u32::try_from(offset).unwrap_or(u32::MAX);
    ParseFailure {
        message: message.to_owned(),
        extent: Extent {
            start,
            end: start.saturating_add(1),
        },
        class,
    }
}

/// What CPython says of the brackets of a source that can't be parsed because of something at `offset`:
/// one that nothing opened or that closes another kind, or the innermost that is not closed and stands
/// on an earlier line.
pub(crate) fn bracket_failure(text: &str, offset: usize) -> Option<ParseFailure> {
    let bytes = text.as_bytes();
    let line = |at: usize| bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let syntax = |message: String, at| failure(&message, at, exception::SYNTAX_ERROR);
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                at += bytes[at..]
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .unwrap_or(bytes.len() - at);
                continue;
            }
            b'\'' | b'"' => {
                at = string_end(bytes, at, prefix_is_formatted(bytes, at)).ok()?;
                continue;
            }
            opening @ (b'(' | b'[' | b'{') => open.push((opening, at)),
            closing @ (b')' | b']' | b'}') => {
                let closing = char::from(closing);
                let Some((opening, place)) = open.pop() else {
                    return Some(syntax(format!("unmatched '{closing}'"), at));
                };
                let opening = char::from(opening);
                if !matches!((opening, closing), ('(', ')') | ('[', ']') | ('{', '}')) {
                    let mut message = format!(
                        "closing parenthesis '{closing}' does not match opening parenthesis '{opening}'"
                    );
                    if line(place) != line(at) {
                        message.push_str(&format!(" on line {}", line(place)));
                    }
                    return Some(syntax(message, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    let (opening, place) = open.pop()?;
    // The parser stops at the end of a line where CPython goes on to the next token.
    let rest = bytes.get(offset..).unwrap_or_default();
    let token = offset
        + rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    (line(token.min(bytes.len())) > line(place))
        .then(|| syntax(format!("'{}' was never closed", char::from(opening)), place))
}

/// Fails if the source is nested too deeply to parse.
pub(crate) fn scan(text: &str) -> Result<(), ParseFailure> {
    if text.len() > 16 << 20 {
        return Err(failure("the file is too large", 0, exception::UNSUPPORTED));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    // The number of operators so far in each open bracket, outermost first.
    let mut open: Vec<usize> = vec![0];
    let mut total = 0;
    let mut indents: Vec<usize> = vec![0];
    let mut line_start = true;
    while at < bytes.len() {
        if line_start && open.len() == 1 {
            line_start = false;
            let mut width = 0;
            let mut here = at;
            while here < bytes.len() && (bytes[here] == b' ' || bytes[here] == b'\t') {
                width = if bytes[here] == b'\t' {
                    (width / 8 + 1) * 8
                } else {
                    width + 1
                };
                here += 1;
            }
            at = here;
            if at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r' | b'#') {
                while indents.last().is_some_and(|&last| last > width) {
                    indents.pop();
                }
                if indents.last().is_some_and(|&last| last < width) {
                    indents.push(width);
                    if indents.len() > INDENTS {
                        return Err(failure(
                            "too many levels of indentation",
                            at,
                            exception::INDENTATION_ERROR,
                        ));
                    }
                }
            }
            continue;
        }
        let byte = bytes[at];
        let mut operators = 0;
        match byte {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            b'\\' => {
                at += 1;
                if at < bytes.len() && bytes[at] == b'\r' {
                    at += 1;
                }
                at += 1;
                continue;
            }
            b'\'' | b'"' => {
                let formatted = prefix_is_formatted(bytes, at);
                at = string_end(bytes, at, formatted)?;
                continue;
            }
            b'\n' => {
                at += 1;
                if open.len() == 1 {
                    total = 0;
                    open[0] = 0;
                    line_start = true;
                }
                continue;
            }
            b'(' | b'[' | b'{' => {
                if let Some(last) = open.last_mut() {
                    *last += 1;
                    total += 1;
                }
                if total > OPERATORS {
                    return Err(failure(
                        "this expression has too many operators",
                        at,
                        exception::UNSUPPORTED,
                    ));
                }
                open.push(0);
                if open.len() > BRACKETS + 1 {
                    return Err(failure(
                        "too many nested parentheses",
                        at,
                        exception::SYNTAX_ERROR,
                    ));
                }
            }
            b')' | b']' | b'}' if open.len() > 1 => {
                if let Some(inside) = open.pop() {
                    total -= inside;
                }
            }
            b',' | b';' => {
                if let Some(last) = open.last_mut() {
                    total -= *last;
                    *last = 0;
                }
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'.' | b'<'
            | b'>' | b'=' | b':' => operators = 1,
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                let start = at;
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' || bytes[at] >= 0x80)
                {
                    at += 1;
                }
                if matches!(
                    &bytes[start..at],
                    b"not"
                        | b"lambda"
                        | b"if"
                        | b"else"
                        | b"await"
                        | b"yield"
                        | b"and"
                        | b"or"
                        | b"in"
                        | b"is"
                        | b"for"
                ) && let Some(last) = open.last_mut()
                {
                    *last += 1;
                    total += 1;
                }
                if total > OPERATORS {
                    return Err(failure(
                        "this expression has too many operators",
                        start,
                        exception::UNSUPPORTED,
                    ));
                }
                continue;
            }
            _ => {}
        }
        if operators > 0 {
            if let Some(last) = open.last_mut() {
                *last += operators;
            }
            total += operators;
            if total > OPERATORS {
                return Err(failure(
                    "this expression has too many operators",
                    at,
                    exception::UNSUPPORTED,
                ));
            }
        }
        at += 1;
    }
    Ok(())
}

fn prefix_is_formatted(bytes: &[u8], quote: usize) -> bool {
    let mut at = quote;
    while at > 0 && bytes[at - 1].is_ascii_alphabetic() && quote - at < 3 {
        at -= 1;
        if matches!(bytes[at], b'f' | b'F') {
            return true;
        }
    }
    false
}

fn string_end(bytes: &[u8], start: usize, formatted: bool) -> Result<usize, ParseFailure> {
    let quote = bytes[start];
    let triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let mut at = start + if triple { 3 } else { 1 };
    let mut depth = 0usize;
    let mut operators = 0usize;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'\\' {
            at += 2;
            continue;
        }
        if byte == quote {
            if !triple {
                return Ok(at + 1);
            }
            if bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) {
                return Ok(at + 3);
            }
        }
        if byte == b'\n' && !triple {
            return Ok(at);
        }
        if formatted {
            match byte {
                b'{' | b'(' | b'[' => {
                    depth += 1;
                    if depth > 50 {
                        return Err(failure(
                            "f-string: expressions nested too deeply",
                            at,
                            exception::SYNTAX_ERROR,
                        ));
                    }
                }
                b'}' | b')' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        operators = 0;
                    }
                }
                b'+' | b'-' | b'*' | b'/' | b'.' | b'~' | b'n' if depth > 0 => {
                    operators += 1;
                    if operators > OPERATORS {
                        return Err(failure(
                            "this expression has too many operators",
                            at,
                            exception::UNSUPPORTED,
                        ));
                    }
                }
                _ => {}
            }
        }
        at += 1;
    }
    Ok(at)
}
