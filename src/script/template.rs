//! `script.py.mako`: the part of Mako that such files contain.
//!
//! A template whose expressions are as simple as those of Alembic's own is rendered here. Any
//! other is turned into a Python program, as Mako does, which the interpreter runs through
//! [`ScriptLoader::run_template`](crate::script::ScriptLoader::run_template).

use std::any::Any;
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};

use crate::config::Config;
use crate::config::python_text::{python_repr, python_repr_list, python_repr_tuple};
use crate::script::date::CreateDate;
use ground::diagnostic::{Error, Result};

/// A value that a template sees under a name.
#[derive(Clone)]
pub enum TemplateValue {
    /// Python's `None`.
    None,
    /// A string.
    Text(String),
    /// A tuple of strings.
    Tuple(Vec<String>),
    /// A tuple of revisions, `None` among them for the base.
    Places(Vec<Option<String>>),
    /// A list of strings.
    List(Vec<String>),
    /// `create_date`, a `datetime`.
    Date(CreateDate),
    /// `config`.
    Config(Config),
    /// `comma`: `util.format_as_comma`.
    Comma,
    /// A Python value of the rooms above (`template_args` of env.py).
    Python(Rc<dyn Any>),
}

/// What a template is rendered with.
pub type TemplateArguments = IndexMap<String, TemplateValue>;

/// A template as a Python program.
///
/// It is run as a module with one global for each argument, and with `__M_arguments`, a dictionary
/// of all of them; the text is then its global `__M_result`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProgram {
    /// Path of the template.
    pub path: String,
    /// The Python source.
    pub source: String,
    /// For each line of the source the line of the template it comes from, from one; 0 for lines
    /// of ours.
    pub lines: Vec<u32>,
}

impl TemplateProgram {
    /// The same error, its frames in the program moved to their lines of the template.
    pub(super) fn in_template(&self, mut error: Error) -> Error {
        for frame in &mut error.traceback {
            if *frame.location.path != *self.path {
                continue;
            }
            let at = (frame.location.line as usize).saturating_sub(1);
            if let Some(line) = self.lines.get(at).filter(|line| **line > 0) {
                frame.location.line = *line;
                frame.location.end_line = *line;
            }
        }
        error
    }
}

/// One piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Text(String),
    Expression {
        source: String,
        filters: Vec<String>,
        line: u32,
    },
    /// `% if …:`, `% else:`, without the percent sign.
    Control {
        source: String,
        line: u32,
    },
    /// `% endif`.
    ControlEnd {
        keyword: String,
    },
    /// `<% … %>`.
    Code {
        source: String,
        line: u32,
    },
    /// `<%! … %>`.
    ModuleCode {
        source: String,
        line: u32,
    },
    /// `<%def name="…">`.
    DefinitionStart {
        signature: String,
        line: u32,
    },
    DefinitionEnd,
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    path: String,
    nodes: Vec<Node>,
}

impl Template {
    /// Parses the text of a template file.
    ///
    /// Errors: `mako.exceptions.SyntaxException` with its line, and an honest no for tags of Mako
    /// that revision templates do not use.
    pub fn parse(text: &str, path: &str) -> Result<Self> {
        let mut lexer = Lexer {
            text,
            path,
            at: 0,
            nodes: Vec::new(),
            controls: Vec::new(),
            definitions: 0,
        };
        lexer.run()?;
        Ok(Template {
            path: path.to_owned(),
            nodes: lexer.nodes,
        })
    }

    /// Renders the template here if its expressions are simple; `None` if it wants Python.
    pub fn render_simple(&self, arguments: &TemplateArguments) -> Option<Result<String>> {
        let mut output = String::new();
        for node in &self.nodes {
            match node {
                Node::Text(text) => output.push_str(text),
                Node::Expression {
                    source, filters, ..
                } => {
                    let value = simple_value(source, arguments)?;
                    let comma = filters.iter().any(|filter| filter == "comma");
                    let plain = filters.iter().any(|filter| filter == "n");
                    if filters
                        .iter()
                        .any(|filter| !matches!(filter.as_str(), "comma" | "n" | "str"))
                        || (comma && !plain)
                        || (plain && !comma && !matches!(value, Simple::Text(_)))
                    {
                        return None;
                    }
                    let text = if comma { value.comma() } else { value.text() }?;
                    match text {
                        Ok(text) => output.push_str(&text),
                        Err(error) => return Some(Err(error)),
                    }
                }
                _ => return None,
            }
        }
        Some(Ok(output))
    }

    /// The template as a Python program for these arguments.
    ///
    /// Errors: `mako.exceptions.SyntaxException` for a piece that is no Python.
    pub fn program(&self, arguments: &TemplateArguments) -> Result<TemplateProgram> {
        self.check()?;
        let mut program = Writer::default();
        for line in PRELUDE.lines() {
            program.line(0, line, 0);
        }
        let mut names: IndexSet<String> = IndexSet::default();
        for node in &self.nodes {
            let source = match node {
                Node::Expression {
                    source, filters, ..
                } => {
                    for filter in filters {
                        identifiers(filter, &mut names);
                    }
                    source
                }
                Node::Control { source, .. }
                | Node::Code { source, .. }
                | Node::ModuleCode { source, .. } => source,
                Node::DefinitionStart { signature, .. } => signature,
                Node::Text(_) | Node::ControlEnd { .. } | Node::DefinitionEnd => continue,
            };
            identifiers(source, &mut names);
        }
        program.loops = names.contains("loop") && !arguments.contains_key("loop");
        let returns = names.contains("return");
        for name in names {
            if !arguments.contains_key(&name)
                && !KNOWN_NAMES.contains(&name.as_str())
                && !name.starts_with("__M_")
            {
                // A built-in keeps its meaning.
                program.line(0, "try:", 0);
                program.line(1, &name, 0);
                program.line(0, "except NameError:", 0);
                program.line(1, &format!("{name} = UNDEFINED"), 0);
            }
        }
        for node in &self.nodes {
            if let Node::ModuleCode { source, line } = node {
                program.block(0, source, *line);
            }
        }
        // `<%def>` may be called before it stands in the text, as Mako hoists it.
        let mut depth = 0usize;
        for node in &self.nodes {
            match node {
                Node::DefinitionStart { .. } => {
                    depth += 1;
                    program.node(node);
                }
                Node::DefinitionEnd => {
                    program.node(node);
                    depth -= 1;
                }
                _ if depth > 0 => program.node(node),
                _ => {}
            }
        }
        // A `<% return %>` ends the template.
        if returns {
            program.line(0, "def __M_render_body():", 0);
            program.indent = 1;
            program.line(1, "pass", 0);
        }
        for node in &self.nodes {
            match node {
                Node::DefinitionStart { .. } => depth += 1,
                Node::DefinitionEnd => depth -= 1,
                Node::ModuleCode { .. } => {}
                _ if depth == 0 => program.node(node),
                _ => {}
            }
        }
        if returns {
            program.line(0, "__M_render_body()", 0);
        }
        program.line(0, "__M_result = ''.join(context.__M_output__)", 0);
        Ok(TemplateProgram {
            path: self.path.clone(),
            source: program.source,
            lines: program.lines,
        })
    }

    /// Reads each piece as Python, as Mako does when it parses the template.
    fn check(&self) -> Result<()> {
        for node in &self.nodes {
            let (code, line) = match node {
                Node::Expression { source, line, .. } => (source.trim_start().to_owned(), *line),
                Node::Code { source, line } | Node::ModuleCode { source, line } => {
                    let mut program = Writer::default();
                    program.block(0, source, *line);
                    (program.source, *line)
                }
                Node::Control { source, line } => (control_code(source), *line),
                Node::DefinitionStart { signature, line } => {
                    (format!("def {signature}:pass"), *line)
                }
                Node::Text(_) | Node::ControlEnd { .. } | Node::DefinitionEnd => continue,
            };
            // A `return` is legal where the piece will stand.
            if code.contains("return") || code.contains("continue") || code.contains("break") {
                continue;
            }
            if let Err(error) = python::parse(&code) {
                let shown: String = code.chars().take(50).collect();
                let text = error.message.split(" (").next().unwrap_or_default();
                return Err(Error::new(
                    "mako.exceptions.SyntaxException",
                    format!(
                        "({}) {text} (<unknown>, line 1) ({}) in file '{}' at line: {line} char: 1",
                        error.class_name(),
                        python_repr(&shown),
                        self.path
                    ),
                )
                .with_cause(Error::new("SyntaxError", text)));
            }
        }
        Ok(())
    }
}

/// A control line made a whole statement.
fn control_code(source: &str) -> String {
    let keyword: String = source.chars().take_while(|c| c.is_alphabetic()).collect();
    // A comment after the colon would hide the body.
    let source = match source.rfind(": ") {
        Some(at) if source[at + 1..].trim_start().starts_with('#') => &source[..=at],
        _ => source,
    };
    match keyword.as_str() {
        "elif" | "else" => format!("if False:pass\n{source}pass"),
        "except" | "finally" => format!("try:pass\n{source}pass"),
        "try" => format!("{source}pass\nexcept:pass"),
        _ => format!("{source}pass"),
    }
}

const PRELUDE: &str = "\
class __M_Undefined:
    def __str__(self):
        raise NameError('Undefined')
    def __bool__(self):
        return False
class __M_Context:
    def __init__(self, data):
        self.data = data
        self.__M_output__ = []
    def get(self, key, default=None):
        return self.data.get(key, default)
    def write(self, text):
        self.__M_output__.append(text)
    def keys(self):
        return list(self.data.keys())
    def __getitem__(self, key):
        return self.data[key]
UNDEFINED = __M_Undefined()
context = __M_Context(__M_arguments)
def __M_xml_escape(text):
    return str(text).replace('&', '&amp;').replace('>', '&gt;').replace('<', '&lt;').replace('\"', '&#34;').replace(\"'\", '&#39;')
def __M_trim(text):
    return text.strip()
def __M_url_escape(text):
    safe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~'
    return ''.join('+' if b == 32 else chr(b) if chr(b) in safe else '%%%02X' % b for b in text.encode('utf8'))
def capture(function, *arguments, **keywords):
    kept = context.__M_output__
    context.__M_output__ = []
    try:
        function(*arguments, **keywords)
        return ''.join(context.__M_output__)
    finally:
        context.__M_output__ = kept
STOP_RENDERING = ''
class M_Loop_:
    def __init__(self, iterable, parent):
        self.iterable = iterable
        self.index = 0
        self.parent = parent
    def __len__(self):
        return len(self.iterable)
    def cycle(self, *values):
        if not values:
            raise ValueError('You must provide values to cycle through')
        return values[self.index % len(values)]
    reverse_index = property(lambda self: len(self) - self.index - 1)
    first = property(lambda self: self.index == 0)
    last = property(lambda self: self.index == len(self) - 1)
    odd = property(lambda self: bool(self.index % 2))
    even = property(lambda self: not self.odd)
class __M_Loops:
    def __init__(self):
        self.stack = []
    def enter(self, iterable):
        self.stack.append(M_Loop_(iterable, self.stack[-1] if self.stack else None))
    def leave(self):
        self.stack.pop()
    def __getattr__(self, name):
        return getattr(self.stack[-1], name)
    def __iter__(self):
        mine = self.stack[-1]
        for item in mine.iterable:
            yield item
            mine.index += 1
__M_loops = loop = __M_Loops()";

/// Names that are never `UNDEFINED`: keywords, built-ins, and those of the prelude.
const KNOWN_NAMES: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "endif",
    "endfor",
    "endwhile",
    "endtry",
    "endwith",
    "context",
    "capture",
    "loop",
    "STOP_RENDERING",
    "UNDEFINED",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "chr",
    "dict",
    "dir",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "classmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "Exception",
    "KeyError",
    "ValueError",
    "TypeError",
    "AttributeError",
    "IndexError",
    "NameError",
    "RuntimeError",
    "NotImplementedError",
    "ImportError",
    "StopIteration",
    "__name__",
    "__file__",
];

/// Collects what looks like a name in Python source, strings and attributes left out.
fn identifiers(source: &str, names: &mut IndexSet<String>) {
    let characters: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        if c == '\'' || c == '"' {
            at = skip_string(&characters, at);
            continue;
        }
        if c == '#' {
            while at < characters.len() && characters[at] != '\n' {
                at += 1;
            }
            continue;
        }
        if c.is_alphabetic() || c == '_' {
            let start = at;
            while at < characters.len()
                && (characters[at].is_alphanumeric() || characters[at] == '_')
            {
                at += 1;
            }
            let is_attribute = characters[..start]
                .iter()
                .rev()
                .find(|c| !c.is_whitespace())
                .is_some_and(|c| *c == '.');
            let is_prefix = matches!(characters.get(at), Some('\'' | '"'));
            if !is_attribute && !is_prefix {
                names.insert(characters[start..at].iter().collect());
            }
            continue;
        }
        if c.is_ascii_digit() {
            while at < characters.len()
                && (characters[at].is_alphanumeric() || characters[at] == '_')
            {
                at += 1;
            }
            continue;
        }
        at += 1;
    }
}

/// The place after the string literal that starts here.
fn skip_string(characters: &[char], start: usize) -> usize {
    let quote = characters[start];
    let triple =
        characters.get(start + 1) == Some(&quote) && characters.get(start + 2) == Some(&quote);
    let mut at = start + if triple { 3 } else { 1 };
    while at < characters.len() {
        if characters[at] == '\\' {
            at += 2;
            continue;
        }
        if characters[at] == quote {
            if !triple {
                return at + 1;
            }
            if characters.get(at + 1) == Some(&quote) && characters.get(at + 2) == Some(&quote) {
                return at + 3;
            }
        }
        at += 1;
    }
    at
}

/// The targets and the iterable of `for … in …:`.
fn for_parts(source: &str) -> Option<(&str, &str)> {
    let rest = source.strip_prefix("for")?;
    if !rest.starts_with([' ', '(', '\t']) {
        return None;
    }
    let (targets, iterable) = rest.split_once(" in ")?;
    Some((targets.trim(), iterable[..iterable.rfind(':')?].trim()))
}

#[derive(Default)]
struct Writer {
    source: String,
    lines: Vec<u32>,
    indent: usize,
    /// Whether the template asks for `loop`.
    loops: bool,
}

impl Writer {
    fn line(&mut self, indent: usize, text: &str, line: u32) {
        self.source.push_str(&"    ".repeat(indent));
        self.source.push_str(text);
        self.source.push('\n');
        self.lines.push(line);
    }

    /// A block of code with its own indentation taken away and the current one put in its place.
    fn block(&mut self, indent: usize, source: &str, line: u32) {
        let margin = source
            .lines()
            .filter(|text| !text.trim().is_empty() && !text.trim_start().starts_with('#'))
            .map(|text| text.len() - text.trim_start().len())
            .min()
            .unwrap_or(0);
        let mut wrote = false;
        for (number, text) in source.lines().enumerate() {
            if text.trim().is_empty() {
                continue;
            }
            wrote = true;
            let text = text.get(margin..).unwrap_or_else(|| text.trim_start());
            self.line(indent, text, line + number as u32);
        }
        if !wrote {
            self.line(indent, "pass", line);
        }
    }

    fn node(&mut self, node: &Node) {
        let indent = self.indent;
        match node {
            Node::Text(text) => {
                self.line(indent, &format!("context.write({})", python_repr(text)), 0);
            }
            Node::Expression {
                source,
                filters,
                line,
            } => {
                let mut value = format!("({})", source.trim().replace('\n', " "));
                if !filters.iter().any(|filter| filter == "n") {
                    value = format!("str{value}");
                }
                for filter in filters {
                    value = match filter.as_str() {
                        "n" => continue,
                        "h" | "x" => format!("__M_xml_escape({value})"),
                        "trim" => format!("__M_trim({value})"),
                        "u" => format!("__M_url_escape({value})"),
                        "unicode" | "str" => format!("str({value})"),
                        name => format!("{name}({value})"),
                    };
                }
                self.line(indent, &format!("context.write({value})"), *line);
            }
            Node::Control { source, line } => {
                let keyword: String = source.chars().take_while(|c| c.is_alphabetic()).collect();
                if self.loops
                    && let Some((targets, iterable)) = for_parts(source)
                {
                    self.line(indent, &format!("__M_loops.enter({iterable})"), *line);
                    self.line(indent, &format!("for {targets} in loop:"), *line);
                    self.indent += 1;
                } else if matches!(keyword.as_str(), "else" | "elif" | "except" | "finally") {
                    self.line(indent, "pass", 0);
                    self.line(indent.saturating_sub(1), source, *line);
                } else {
                    self.line(indent, source, *line);
                    self.indent += 1;
                }
                self.line(self.indent, "pass", 0);
            }
            Node::ControlEnd { keyword } => {
                self.indent = indent.saturating_sub(1);
                if self.loops && keyword == "for" {
                    self.line(self.indent, "__M_loops.leave()", 0);
                }
            }
            Node::Code { source, line } => self.block(indent, source, *line),
            Node::ModuleCode { .. } => {}
            Node::DefinitionStart { signature, line } => {
                self.line(indent, &format!("def {signature}:"), *line);
                self.indent += 1;
                self.line(self.indent, "pass", 0);
            }
            Node::DefinitionEnd => {
                self.line(indent, "return ''", 0);
                self.indent = indent.saturating_sub(1);
            }
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    path: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The open control lines: keyword and place.
    controls: Vec<(String, usize)>,
    definitions: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn line_at(&self, at: usize) -> u32 {
        1 + self.text[..at].matches('\n').count() as u32
    }

    fn compile_error(&self, at: usize, message: &str) -> Error {
        let mut error = self.error(at, message);
        error.class = "mako.exceptions.CompileException".into();
        error
    }

    fn error(&self, at: usize, message: &str) -> Error {
        let line = self.line_at(at);
        let column = at - self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        Error::new(
            "mako.exceptions.SyntaxException",
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
        if let Some(Node::Text(last)) = self.nodes.last_mut() {
            last.push_str(text);
        } else {
            self.nodes.push(Node::Text(text.to_owned()));
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

    /// Text up to the next thing that could be something else.
    fn plain_text(&mut self) {
        let rest = self.rest();
        let mut end = rest.len();
        for (offset, c) in rest.char_indices() {
            let tail = &rest[offset..];
            let stops = match c {
                '\n' => {
                    // The newline belongs to the text; what follows is looked at anew.
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
                Some(_) => self.nodes.push(Node::ControlEnd {
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
        self.nodes.push(Node::Control {
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
        self.nodes.push(Node::Expression {
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
            self.nodes.push(Node::DefinitionEnd);
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
                Node::ModuleCode { source, line }
            } else {
                Node::Code { source, line }
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
                self.nodes.push(Node::DefinitionStart {
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

/// The value of a simple expression.
enum Simple<'a> {
    Undefined,
    Value(&'a TemplateValue),
    Text(String),
}

impl Simple<'_> {
    fn truth(&self) -> Option<bool> {
        Some(match self {
            Simple::Undefined | Simple::Value(TemplateValue::None) => false,
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => !text.is_empty(),
            Simple::Value(TemplateValue::Tuple(items) | TemplateValue::List(items)) => {
                !items.is_empty()
            }
            Simple::Value(_) => return None,
        })
    }

    /// `str(value)`; `None` where only Python knows.
    fn text(&self) -> Option<Result<String>> {
        Some(Ok(match self {
            Simple::Undefined => return Some(Err(Error::new("NameError", "Undefined"))),
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => text.clone(),
            Simple::Value(TemplateValue::Date(date)) => date.to_string(),
            Simple::Value(value) => return Some(Ok(repr(value)?)),
        }))
    }

    /// `util.format_as_comma(value)`.
    fn comma(&self) -> Option<Result<String>> {
        Some(Ok(match self {
            Simple::Undefined | Simple::Value(TemplateValue::None) => String::new(),
            Simple::Text(text) | Simple::Value(TemplateValue::Text(text)) => text.clone(),
            Simple::Value(TemplateValue::Tuple(items) | TemplateValue::List(items)) => {
                items.join(", ")
            }
            Simple::Value(TemplateValue::Places(places)) => {
                let at = places.iter().position(Option::is_none).unwrap_or_default();
                return Some(Err(Error::new(
                    "TypeError",
                    format!("sequence item {at}: expected str instance, NoneType found"),
                )));
            }
            Simple::Value(_) => return None,
        }))
    }
}

/// `repr(value)`; `None` where only Python knows.
fn repr(value: &TemplateValue) -> Option<String> {
    Some(match value {
        TemplateValue::None => "None".to_owned(),
        TemplateValue::Text(text) => python_repr(text),
        TemplateValue::Tuple(items) => python_repr_tuple(items),
        TemplateValue::Places(places) => {
            let places: Vec<String> = places
                .iter()
                .map(|place| {
                    place
                        .as_deref()
                        .map_or_else(|| "None".to_owned(), python_repr)
                })
                .collect();
            format!("({})", places.join(", "))
        }
        TemplateValue::List(items) => python_repr_list(items),
        TemplateValue::Date(_)
        | TemplateValue::Config(_)
        | TemplateValue::Comma
        | TemplateValue::Python(_) => return None,
    })
}

/// `name`, `repr(name)`, `"text"`, `a if b else c`, `a or b`.
fn simple_value<'a>(source: &str, arguments: &'a TemplateArguments) -> Option<Simple<'a>> {
    let source = source.trim();
    if let Some((value, rest)) = source.split_once(" if ") {
        let (condition, other) = rest.split_once(" else ")?;
        let chosen = simple_atom(condition, arguments)?.truth()?;
        let value = simple_atom(value, arguments)?;
        let other = simple_atom(other, arguments)?;
        return Some(if chosen { value } else { other });
    }
    if let Some((value, other)) = source.split_once(" or ") {
        let value = simple_atom(value, arguments)?;
        let other = simple_atom(other, arguments)?;
        return Some(if value.truth()? { value } else { other });
    }
    simple_atom(source, arguments)
}

fn simple_atom<'a>(source: &str, arguments: &'a TemplateArguments) -> Option<Simple<'a>> {
    let source = source.trim();
    for quote in ['"', '\''] {
        if let Some(text) = source
            .strip_prefix(quote)
            .and_then(|text| text.strip_suffix(quote))
            && !text.contains(['\\', quote, '\n'])
        {
            return Some(Simple::Text(text.to_owned()));
        }
    }
    if let Some(name) = source
        .strip_prefix("repr(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return match arguments.get(name.trim()) {
            Some(value) => repr(value).map(Simple::Text),
            None => None,
        };
    }
    let mut characters = source.chars();
    let first = characters.next()?;
    if !(first.is_alphabetic() || first == '_')
        || !characters.all(|c| c.is_alphanumeric() || c == '_')
        || KNOWN_NAMES.contains(&source)
    {
        return None;
    }
    Some(match arguments.get(source) {
        Some(value) => Simple::Value(value),
        None => Simple::Undefined,
    })
}
