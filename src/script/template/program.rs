//! A template as the Python program that writes its text, as Mako compiles it.

use ground::exception;
use ground::hash::IndexSet;

use super::{Template, TemplateArguments, TemplateNode};
use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;

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
    /// that are not from the template.
    pub lines: Vec<u32>,
}

impl TemplateProgram {
    /// The same error with the frames of the program moved to the template's lines.
    pub(in crate::script) fn in_template(&self, mut error: Error) -> Error {
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

impl Template {
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
                TemplateNode::Expression {
                    source, filters, ..
                } => {
                    for filter in filters {
                        identifiers(filter, &mut names);
                    }
                    source
                }
                TemplateNode::Control { source, .. }
                | TemplateNode::Code { source, .. }
                | TemplateNode::ModuleCode { source, .. } => source,
                TemplateNode::DefinitionStart { signature, .. } => signature,
                TemplateNode::Text(_)
                | TemplateNode::ControlEnd { .. }
                | TemplateNode::DefinitionEnd => continue,
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
            if let TemplateNode::ModuleCode { source, line } = node {
                program.block(0, source, *line);
            }
        }
        // `<%def>` may be called before it stands in the text, as Mako hoists it.
        let mut depth = 0usize;
        for node in &self.nodes {
            match node {
                TemplateNode::DefinitionStart { .. } => {
                    depth += 1;
                    program.node(node);
                }
                TemplateNode::DefinitionEnd => {
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
                TemplateNode::DefinitionStart { .. } => depth += 1,
                TemplateNode::DefinitionEnd => depth -= 1,
                TemplateNode::ModuleCode { .. } => {}
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
                TemplateNode::Expression { source, line, .. } => {
                    (source.trim_start().to_owned(), *line)
                }
                TemplateNode::Code { source, line } | TemplateNode::ModuleCode { source, line } => {
                    let mut program = Writer::default();
                    program.block(0, source, *line);
                    (program.source, *line)
                }
                TemplateNode::Control { source, line } => (control_code(source), *line),
                TemplateNode::DefinitionStart { signature, line } => {
                    (format!("def {signature}:pass"), *line)
                }
                TemplateNode::Text(_)
                | TemplateNode::ControlEnd { .. }
                | TemplateNode::DefinitionEnd => continue,
            };
            // A `return` is legal where the piece will stand.
            if code.contains("return") || code.contains("continue") || code.contains("break") {
                continue;
            }
            if let Err(error) = python::parse(&code) {
                let shown: String = code.chars().take(50).collect();
                let text = error.message.split(" (").next().unwrap_or_default();
                return Err(Error::new(
                    exception::MAKO_SYNTAX_EXCEPTION,
                    format!(
                        "({}) {text} (<unknown>, line 1) ({}) in file '{}' at line: {line} char: 1",
                        error.class_name(),
                        string_repr(&shown),
                        self.path
                    ),
                )
                .with_cause(Error::new(exception::SYNTAX_ERROR, text)));
            }
        }
        Ok(())
    }
}

/// A control line completed to a whole statement.
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

/// What a template's program may use under names of its own: Mako's runtime, as far as it is needed.
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
pub(super) const KNOWN_NAMES: &[&str] = &[
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
pub(super) fn skip_string(characters: &[char], start: usize) -> usize {
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

    fn node(&mut self, node: &TemplateNode) {
        let indent = self.indent;
        match node {
            TemplateNode::Text(text) => {
                self.line(indent, &format!("context.write({})", string_repr(text)), 0);
            }
            TemplateNode::Expression {
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
            TemplateNode::Control { source, line } => {
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
            TemplateNode::ControlEnd { keyword } => {
                self.indent = indent.saturating_sub(1);
                if self.loops && keyword == "for" {
                    self.line(self.indent, "__M_loops.leave()", 0);
                }
            }
            TemplateNode::Code { source, line } => self.block(indent, source, *line),
            TemplateNode::ModuleCode { .. } => {}
            TemplateNode::DefinitionStart { signature, line } => {
                self.line(indent, &format!("def {signature}:"), *line);
                self.indent += 1;
                self.line(self.indent, "pass", 0);
            }
            TemplateNode::DefinitionEnd => {
                self.line(indent, "return ''", 0);
                self.indent = indent.saturating_sub(1);
            }
        }
    }
}
