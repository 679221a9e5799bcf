//! Parses source into the interpreter's syntax tree. Only this file and its submodules use ruff.

mod expression;
mod scopes;
mod statement;

use ground::exception;
use ground::hash::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::tree::*;
use super::value::Value;
use scopes::{Bindings, Declarations, ScopeBuilder, ScopeKind};

/// A parse error: its class, message and location.
#[derive(Clone)]
pub(crate) struct ParseFailure {
    pub(crate) message: String,
    pub(crate) extent: Extent,
    /// `SyntaxError`, `IndentationError`, or `limbeck.Unsupported`.
    pub(crate) class: &'static str,
}

/// Parses a module.
pub(crate) fn parse_module(file: u32, text: &str) -> Result<Rc<Code>, ParseFailure> {
    super::scan::scan(text)?;
    let parsed = ruff_python_parser::parse_module(text).map_err(|error| failure(error, text))?;
    let body = parsed.into_suite();
    let mut converter = Converter::new(file, text);
    let future = body.iter().any(|statement| {
        matches!(statement, Stmt::ImportFrom(import)
            if import.module.as_ref().is_some_and(|name| name.as_str() == "__future__")
                && import.names.iter().any(|alias| alias.name.as_str() == "annotations"))
    });
    converter.future = future;
    converter.scopes.push(ScopeBuilder::new(ScopeKind::Module));
    let documentation = docstring(&body);
    let statements = converter.block(&body);
    let code = Code {
        name: Rc::from("<module>"),
        qualified_name: Rc::from("<module>"),
        file,
        extent: Extent::default(),
        parameters: ParameterList::default(),
        body: statements,
        slots: Vec::new(),
        generator: false,
        asynchronous: false,
        documentation,
        future_annotations: future,
    };
    match converter.failure {
        Some(failure) => Err(failure),
        None => Ok(Rc::new(code)),
    }
}

/// Parses an expression as the body of a module that returns it.
pub(crate) fn parse_expression(file: u32, text: &str) -> Result<Rc<Code>, ParseFailure> {
    super::scan::scan(text)?;
    let parsed =
        ruff_python_parser::parse_expression(text).map_err(|error| failure(error, text))?;
    let expression = parsed.into_expr();
    let mut converter = Converter::new(file, text);
    converter.scopes.push(ScopeBuilder::new(ScopeKind::Class));
    let extent = extent(expression.range());
    let value = converter.expression(&expression);
    match converter.failure {
        Some(failure) => Err(failure),
        None => Ok(Rc::new(Code {
            name: Rc::from("<module>"),
            qualified_name: Rc::from("<module>"),
            file,
            extent,
            parameters: ParameterList::default(),
            body: Rc::from([Statement {
                extent,
                yields: false,
                kind: StatementKind::Return(Some(value)),
            }]),
            slots: Vec::new(),
            generator: false,
            asynchronous: false,
            documentation: None,
            future_annotations: false,
        })),
    }
}

fn failure(error: ruff_python_parser::ParseError, text: &str) -> ParseFailure {
    let message = error.error.to_string();
    let lower = message.to_lowercase();
    let class = if lower.contains("indent") {
        exception::INDENTATION_ERROR
    } else {
        exception::SYNTAX_ERROR
    };
    let message = match message.as_str() {
        "Unexpected indentation" => "unexpected indent".to_owned(),
        "unindent does not match any outer indentation level" => message,
        text if text.starts_with("Expected an indented block after") => {
            let mut text = message;
            text.replace_range(..1, "e");
            text
        }
        "missing closing quote in string literal" => {
            let start = error.location.start().to_usize().min(text.len());
            let line = text.as_bytes()[..start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            format!("unterminated string literal (detected at line {line})")
        }
        text if text.starts_with("Expected ")
            || text == "Simple statements must be separated by newlines or semicolons" =>
        {
            "invalid syntax".to_owned()
        }
        _ => message,
    };
    let found = ParseFailure {
        message,
        extent: extent(error.location),
        class,
    };
    // CPython reads on to the end of a file that it can't parse, and puts brackets first.
    if class == exception::SYNTAX_ERROR {
        super::scan::bracket_failure(text, found.extent.start as usize).unwrap_or(found)
    } else {
        found
    }
}

fn extent(range: TextRange) -> Extent {
    Extent {
        start: range.start().to_u32(),
        end: range.end().to_u32(),
    }
}

fn docstring(body: &[Stmt]) -> Option<Rc<str>> {
    match body.first() {
        Some(Stmt::Expr(statement)) => match &*statement.value {
            Expr::StringLiteral(literal) => Some(Rc::from(literal.value.to_str())),
            _ => None,
        },
        _ => None,
    }
}

struct Converter<'t> {
    file: u32,
    text: &'t str,
    names: HashMap<Box<str>, Rc<str>>,
    scopes: Vec<ScopeBuilder>,
    future: bool,
    guarded: bool,
    failure: Option<ParseFailure>,
}

impl<'t> Converter<'t> {
    fn new(file: u32, text: &'t str) -> Self {
        Converter {
            file,
            text,
            names: HashMap::default(),
            scopes: Vec::new(),
            future: false,
            guarded: false,
            failure: None,
        }
    }

    fn fail(&mut self, range: TextRange, message: &str) {
        self.failure.get_or_insert_with(|| ParseFailure {
            message: message.to_owned(),
            extent: extent(range),
            class: exception::SYNTAX_ERROR,
        });
    }

    fn unsupported(&mut self, range: TextRange, message: &str) {
        self.failure.get_or_insert_with(|| ParseFailure {
            message: message.to_owned(),
            extent: extent(range),
            class: exception::UNSUPPORTED,
        });
    }

    /// The interned name; `__private` names of a class are mangled.
    fn name(&mut self, name: &str) -> Rc<str> {
        if name.starts_with("__") && !name.ends_with("__") && !name.contains('.') {
            let class = self
                .scopes
                .iter()
                .rev()
                .find_map(|scope| scope.class_name.clone());
            if let Some(class) = class {
                let class = class.trim_start_matches('_');
                if !class.is_empty() {
                    return self.intern(&format!("_{class}{name}"));
                }
            }
        }
        self.intern(name)
    }

    fn intern(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let shared: Rc<str> = Rc::from(name);
        self.names.insert(Box::from(name), shared.clone());
        shared
    }

    fn text_of(&self, range: TextRange) -> &'t str {
        self.text
            .get(range.start().to_usize()..range.end().to_usize())
            .unwrap_or("")
    }

    /// How a name used or bound here is resolved.
    fn name_scope(&self, name: &str) -> NameScope {
        let Some(top) = self.scopes.last() else {
            return NameScope::Global;
        };
        let in_class = top.kind == ScopeKind::Class;
        if in_class && top.globals.contains(name) {
            return NameScope::Global;
        }
        let mut depth = 0;
        let start = if in_class {
            self.scopes.len() - 1
        } else {
            self.scopes.len()
        };
        for scope in self.scopes[..start].iter().rev() {
            if !scope.has_variables() {
                continue;
            }
            if scope.globals.contains(name) {
                break;
            }
            if let Some(&slot) = scope.index.get(name) {
                if in_class && !top.nonlocals.contains(name) {
                    return NameScope::ClassOrFree(depth, slot);
                }
                return if depth == 0 && !in_class {
                    NameScope::Local(slot)
                } else {
                    NameScope::Free(depth, slot)
                };
            }
            depth += 1;
        }
        if in_class {
            NameScope::Class
        } else {
            NameScope::Global
        }
    }

    /// The scope that `name :=` binds in: the one enclosing a comprehension.
    fn walrus_scope(&self, name: &str) -> NameScope {
        let mut depth = 0;
        for scope in self.scopes.iter().rev() {
            match scope.kind {
                ScopeKind::Comprehension => depth += 1,
                ScopeKind::Class if depth == 0 => return NameScope::Class,
                ScopeKind::Class => continue,
                ScopeKind::Module => break,
                ScopeKind::Function => {
                    if scope.globals.contains(name) {
                        break;
                    }
                    if let Some(&slot) = scope.index.get(name) {
                        return if depth == 0 {
                            NameScope::Local(slot)
                        } else {
                            NameScope::Free(depth, slot)
                        };
                    }
                    depth += 1;
                }
            }
        }
        NameScope::Global
    }

    fn bound(&mut self, name: &str) -> (Rc<str>, NameScope) {
        let name = self.name(name);
        let place = self.name_scope(&name);
        (name, place)
    }
}

fn empty() -> Block {
    Rc::from([])
}
