//! The text of a template cut into its pieces, as Mako's lexer does.

use super::TemplateNode;
use super::program::skip_string;
use ground::diagnostic::{Error, Result};
use ground::exception;

pub(super) struct Lexer<'a> {
    text: &'a str,
    path: &'a str,
    at: usize,
    nodes: Vec<TemplateNode>,
    /// The open control lines: keyword and place.
    controls: Vec<(String, usize)>,
    definitions: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, path: &'a str) -> Self {
        Lexer {
            text,
            path,
            at: 0,
            nodes: Vec::new(),
            controls: Vec::new(),
            definitions: 0,
        }
    }

    /// Reads the whole text.
    pub(super) fn nodes(mut self) -> Result<Vec<TemplateNode>> {
        self.run()?;
        Ok(self.nodes)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn line_at(&self, at: usize) -> u32 {
        1 + self.text[..at].matches('\n').count() as u32
    }

    fn compile_error(&self, at: usize, message: &str) -> Error {
        let mut error = self.error(at, message);
        error.class = exception::MAKO_COMPILE_EXCEPTION.into();
        error
    }

    fn error(&self, at: usize, message: &str) -> Error {
        let line = self.line_at(at);
        let column = at - self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        Error::new(
            exception::MAKO_SYNTAX_EXCEPTION,
            format!(
                "{message} in file '{}' at line: {line} char: {}",
                self.path,
                column + 1
            ),
        )
    }

    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(TemplateNode::Text(last)) = self.nodes.last_mut() {
            last.push_str(text);
        } else {
            self.nodes.push(TemplateNode::Text(text.to_owned()));
        }
    }

    fn run(&mut self) -> Result<()> {
        while self.at < self.text.len() {
            let at_line_start = self.at == 0 || self.text[..self.at].ends_with('\n');
            if at_line_start && self.line_construct()? {
                continue;
            }
            let rest = self.rest();
            if rest.starts_with("${") {
                self.expression()?;
            } else if rest.starts_with("<%") || rest.starts_with("</%") {
                self.tag()?;
            } else if rest.starts_with("\\\n") {
                self.at += 2;
            } else if rest.starts_with("\\\r\n") {
                self.at += 3;
            } else {
                self.plain_text();
            }
        }
        if self.definitions > 0 {
            return Err(self.error(self.text.len(), "Unclosed tag: <%def>"));
        }
        if let Some((keyword, at)) = self.controls.last() {
            return Err(self.error(*at, &format!("Unterminated control keyword: '{keyword}'")));
        }
        Ok(())
    }

    /// Text up to the next character that could start a construct.
    fn plain_text(&mut self) {
        let rest = self.rest();
        let mut end = rest.len();
        for (offset, c) in rest.char_indices() {
            let tail = &rest[offset..];
            let stops = match c {
                '\n' => {
                    // The newline belongs to the text; what follows may start a construct.
                    end = offset + 1;
                    break;
                }
                '$' => tail.starts_with("${"),
                '<' => tail.starts_with("<%") || tail.starts_with("</%"),
                '\\' => tail.starts_with("\\\n") || tail.starts_with("\\\r\n"),
                _ => false,
            };
            if stops {
                end = offset;
                break;
            }
        }
        let text = rest[..end].to_owned();
        self.push_text(&text);
        self.at += end;
    }

    /// `% …`, `## …`, `%% …` at the start of a line. Says whether it was one.
    fn line_construct(&mut self) -> Result<bool> {
        let start = self.at;
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let body = &rest[blanks..];
        if let Some(after) = body.strip_prefix("%%") {
            let text = format!("{}%", &rest[..blanks]);
            self.push_text(&text);
            self.at = self.text.len() - after.len();
            return Ok(true);
        }
        let is_control = body.starts_with('%');
        if !is_control && !body.starts_with("##") {
            return Ok(false);
        }
        // A line that ends in a backslash goes on.
        let mut end = 0;
        loop {
            match body[end..].find('\n') {
                None => {
                    end = body.len();
                    break;
                }
                Some(newline) => {
                    end += newline + 1;
                    let line = body[..end - 1].trim_end_matches('\r');
                    if !line.ends_with('\\') {
                        break;
                    }
                }
            }
        }
        self.at = start + blanks + end;
        if !is_control {
            return Ok(true);
        }
        let source = body[1..end]
            .trim()
            .replace("\\\r\n", "")
            .replace("\\\n", "");
        let word: String = source
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if word.is_empty() {
            return Err(self.error(start, &format!("Invalid control line: '{source}'")));
        }
        if let Some(keyword) = word
            .strip_prefix("end")
            .filter(|keyword| !keyword.is_empty())
        {
            match self.controls.pop() {
                None => {
                    return Err(self.error(
                        start,
                        &format!("No starting keyword '{keyword}' for '{source}'"),
                    ));
                }
                Some((open, _)) if open != keyword => {
                    return Err(self.error(
                        start,
                        &format!("Keyword '{source}' doesn't match keyword '{open}'"),
                    ));
                }
                Some(_) => self.nodes.push(TemplateNode::ControlEnd {
                    keyword: keyword.to_owned(),
                }),
            }
            return Ok(true);
        }
        match word.as_str() {
            _ if !is_fragment(&source, &word) => {
                return Err(self.compile_error(
                    start,
                    &format!("Fragment '{source}' is not a partial control statement"),
                ));
            }
            "if" | "for" | "while" | "try" | "with" => self.controls.push((word, start)),
            "elif" | "else" | "except" | "finally" => {
                let open = self.controls.last().map_or("", |(open, _)| open.as_str());
                let fits = match open {
                    "if" => matches!(word.as_str(), "elif" | "else"),
                    "try" => matches!(word.as_str(), "except" | "finally"),
                    "for" => word == "else",
                    _ => false,
                };
                if !fits {
                    return Err(self.error(
                        start,
                        &format!("Keyword '{word}' not a legal ternary for keyword '{open}'"),
                    ));
                }
            }
            _ => {
                return Err(
                    self.compile_error(start, &format!("Unsupported control keyword: '{word}'"))
                );
            }
        }
        // What stands after the colon of the line is a comment at most.
        self.nodes.push(TemplateNode::Control {
            source,
            line: self.line_at(start),
        });
        Ok(true)
    }

    /// The text up to one of the ends that stands outside strings, comments and brackets.
    fn until(&self, from: usize, ends: &[&str], brackets: bool) -> Option<(usize, usize)> {
        let text = self.text;
        let mut at = from;
        let mut depth = 0i32;
        while at < text.len() {
            let rest = &text[at..];
            if (depth == 0 || !brackets)
                && let Some(which) = ends.iter().position(|end| rest.starts_with(end))
            {
                return Some((at, which));
            }
            let c = rest.chars().next()?;
            match c {
                '#' if !brackets => {
                    at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                '\'' | '"' => {
                    let characters: Vec<char> = rest.chars().collect();
                    let end = skip_string(&characters, 0).min(characters.len());
                    at += characters[..end]
                        .iter()
                        .map(|c| c.len_utf8())
                        .sum::<usize>();
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            at += c.len_utf8();
        }
        None
    }

    fn expression(&mut self) -> Result<()> {
        let start = self.at;
        let line = self.line_at(start);
        let from = start + 2;
        let Some((end, which)) = self.until(from, &["|", "}"], true) else {
            return Err(self.error(start, &expected("\\|,}")));
        };
        let source = self.text[from..end].to_owned();
        let mut filters = Vec::new();
        let mut after = end + 1;
        if which == 0 {
            let Some((close, _)) = self.until(end + 1, &["}"], true) else {
                return Err(self.error(end, &expected("}")));
            };
            filters = self.text[end + 1..close]
                .split(',')
                .map(|filter| filter.trim().to_owned())
                .filter(|filter| !filter.is_empty())
                .collect();
            after = close + 1;
        }
        self.nodes.push(TemplateNode::Expression {
            source,
            filters,
            line,
        });
        self.at = after;
        Ok(())
    }

    fn tag(&mut self) -> Result<()> {
        let start = self.at;
        let line = self.line_at(start);
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix("</%") {
            let name: String = inside.chars().take_while(|c| c.is_alphabetic()).collect();
            let Some(end) = rest.find('>') else {
                return Err(self.error(start, "Unclosed tag"));
            };
            if self.definitions > 0 && name != "def" {
                return Err(self.error(
                    start,
                    &format!("Closing tag </%{name}> does not match tag: <%def>"),
                ));
            }
            if name != "def" || self.definitions == 0 {
                return Err(self.error(
                    start,
                    &format!("Closing tag without opening tag: </%{name}>"),
                ));
            }
            self.definitions -= 1;
            self.nodes.push(TemplateNode::DefinitionEnd);
            self.at = start + end + 1;
            return Ok(());
        }
        let inside = &rest[2..];
        let name: String = inside
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
            .collect();
        if name.is_empty() || inside.starts_with(char::is_whitespace) {
            let is_module = inside.starts_with('!');
            let from = start + if is_module { 3 } else { 2 };
            let Some((end, _)) = self.until(from, &["%>"], false) else {
                return Err(self.error(start, &expected("%>")));
            };
            let source = self.text[from..end].to_owned();
            self.nodes.push(if is_module {
                TemplateNode::ModuleCode { source, line }
            } else {
                TemplateNode::Code { source, line }
            });
            self.at = end + 2;
            return Ok(());
        }
        let raw = |name: &str| -> Option<(usize, usize)> {
            let open = rest.find('>')? + 1;
            let close = format!("</%{name}>");
            let end = rest[open..].find(&close)? + open;
            Some((open, end))
        };
        match name.as_str() {
            "doc" | "text" => {
                let Some((open, end)) = raw(&name) else {
                    return Err(if name == "doc" {
                        self.compile_error(start, "No such tag: 'doc'")
                    } else {
                        self.error(start, "Unclosed tag: <%text>")
                    });
                };
                if name == "text" {
                    let text = rest[open..end].to_owned();
                    self.push_text(&text);
                }
                self.at = start + end + name.len() + 4;
                Ok(())
            }
            "def" => {
                let Some(end) = rest.find('>') else {
                    return Err(self.error(start, "Unclosed tag: <%def>"));
                };
                let attributes = &rest[5..end];
                let signature = attribute(attributes, "name")
                    .ok_or_else(|| self.compile_error(start, "Missing attribute(s): 'name'"))?;
                self.nodes.push(TemplateNode::DefinitionStart {
                    signature: signature.to_owned(),
                    line,
                });
                self.definitions += 1;
                self.at = start + end + 1;
                Ok(())
            }
            name if !name.contains(':')
                && !matches!(
                    name,
                    "include" | "namespace" | "inherit" | "block" | "call" | "page"
                ) =>
            {
                Err(self.compile_error(start, &format!("No such tag: '{name}'")))
            }
            _ => Err(Error::unsupported(format!(
                "{}, line {line}: the Mako tag <%{name}> is not supported; revision templates may \
                 use ${{…}}, % lines, <% %>, <%! %>, <%def>, <%text> and <%doc>",
                self.path
            ))),
        }
    }
}

fn expected(what: &str) -> String {
    format!("Expected: {what}; unterminated tag or expression beginning")
}

/// Whether a control line is `keyword …:`, perhaps with a comment after it.
fn is_fragment(source: &str, word: &str) -> bool {
    let rest = &source[word.len()..];
    let stands = |rest: &str| {
        rest.match_indices(':').any(|(at, _)| {
            let after = rest[at + 1..].trim_start();
            after.is_empty() || after.starts_with('#')
        })
    };
    if rest.starts_with(char::is_whitespace) {
        stands(rest)
    } else {
        rest.starts_with(':') && stands(rest)
    }
}

/// The value of `name="…"` among the attributes of a tag.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let at = attributes.find(name)?;
    let rest = attributes[at + name.len()..]
        .trim_start()
        .strip_prefix('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let inside = &rest[1..];
    inside.find(quote).map(|end| &inside[..end])
}
