//! From text to the interpreter's syntax tree. The only file that names ruff.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::tree::*;
use super::value::Value;

/// Why a text is not a program: what, and where.
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
    let parsed = ruff_python_parser::parse_module(text).map_err(failure)?;
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
    let parsed = ruff_python_parser::parse_expression(text).map_err(failure)?;
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

fn failure(error: ruff_python_parser::ParseError) -> ParseFailure {
    let message = error.error.to_string();
    let lower = message.to_lowercase();
    let class = if lower.contains("indent") {
        "IndentationError"
    } else {
        "SyntaxError"
    };
    let message = match message.as_str() {
        "Unexpected indentation" => "unexpected indent".to_owned(),
        "unindent does not match any outer indentation level" => message,
        text if text.starts_with("Expected an indented block after") => {
            let mut text = message;
            text.replace_range(..1, "e");
            text
        }
        text if text.starts_with("Expected ")
            || text == "Simple statements must be separated by newlines or semicolons" =>
        {
            "invalid syntax".to_owned()
        }
        _ => message,
    };
    ParseFailure {
        message,
        extent: extent(error.location),
        class,
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    Module,
    Function,
    Class,
    Comprehension,
}

struct ScopeBuilder {
    kind: ScopeKind,
    slots: Vec<Rc<str>>,
    index: HashMap<Rc<str>, u32>,
    globals: HashSet<Rc<str>>,
    nonlocals: HashSet<Rc<str>>,
    /// `__qualname__` of what is defined within starts with this.
    prefix: String,
    class_name: Option<Rc<str>>,
    yields: u32,
    loops: u32,
    asynchronous: bool,
}

impl ScopeBuilder {
    fn new(kind: ScopeKind) -> ScopeBuilder {
        ScopeBuilder {
            kind,
            slots: Vec::new(),
            index: HashMap::new(),
            globals: HashSet::new(),
            nonlocals: HashSet::new(),
            prefix: String::new(),
            class_name: None,
            yields: 0,
            loops: 0,
            asynchronous: false,
        }
    }

    fn bind(&mut self, name: &Rc<str>) {
        if !self.globals.contains(name)
            && !self.nonlocals.contains(name)
            && !self.index.contains_key(name)
        {
            let slot = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
            self.slots.push(name.clone());
            self.index.insert(name.clone(), slot);
        }
    }

    fn has_variables(&self) -> bool {
        matches!(self.kind, ScopeKind::Function | ScopeKind::Comprehension)
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

/// Finds the names that the statements of one function bind.
struct Bindings<'c, 't> {
    converter: &'c mut Converter<'t>,
    scope: ScopeBuilder,
    within_comprehension: u32,
}

impl Bindings<'_, '_> {
    fn bind(&mut self, name: &str) {
        let name = self.converter.name(name);
        self.scope.bind(&name);
    }
}

impl<'a> Visitor<'a> for Bindings<'_, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(definition) => {
                self.bind(definition.name.as_str());
                for decorator in &definition.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                for parameter in definition.parameters.iter_non_variadic_params() {
                    if let Some(default) = &parameter.default {
                        self.visit_expr(default);
                    }
                }
            }
            Stmt::ClassDef(definition) => {
                self.bind(definition.name.as_str());
                for decorator in &definition.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                for base in definition.bases() {
                    self.visit_expr(base);
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = match &alias.asname {
                        Some(name) => name.as_str(),
                        None => alias.name.as_str().split('.').next().unwrap_or(""),
                    };
                    self.bind(name);
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if name != "*" {
                        self.bind(name);
                    }
                }
            }
            Stmt::AnnAssign(annotated) => {
                self.visit_expr(&annotated.target);
                if let Some(value) = &annotated.value {
                    self.visit_expr(value);
                }
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        let name = match pattern {
            ast::Pattern::MatchStar(star) => star.name.as_ref(),
            ast::Pattern::MatchAs(inner) => inner.name.as_ref(),
            ast::Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name.as_str());
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                if self.within_comprehension == 0 && name.ctx != ExprContext::Load {
                    self.bind(name.id.as_str());
                }
            }
            Expr::Named(named) => {
                if let Expr::Name(name) = &*named.target {
                    self.bind(name.id.as_str());
                }
                self.visit_expr(&named.value);
            }
            Expr::Lambda(_) => {}
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.within_comprehension += 1;
                visitor::walk_expr(self, expression);
                self.within_comprehension -= 1;
            }
            _ => visitor::walk_expr(self, expression),
        }
    }
}

/// `global` and `nonlocal` statements of one function.
struct Declarations<'c, 't> {
    converter: &'c mut Converter<'t>,
    globals: HashSet<Rc<str>>,
    nonlocals: HashSet<Rc<str>>,
}

impl<'a> Visitor<'a> for Declarations<'_, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Global(global) => {
                for name in &global.names {
                    let name = self.converter.name(name.as_str());
                    self.globals.insert(name);
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    let name = self.converter.name(name.as_str());
                    self.nonlocals.insert(name);
                }
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, _expression: &'a Expr) {}
}

impl<'t> Converter<'t> {
    fn new(file: u32, text: &'t str) -> Self {
        Converter {
            file,
            text,
            names: HashMap::new(),
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
            class: "SyntaxError",
        });
    }

    fn unsupported(&mut self, range: TextRange, message: &str) {
        self.failure.get_or_insert_with(|| ParseFailure {
            message: message.to_owned(),
            extent: extent(range),
            class: "limbeck.Unsupported",
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

    /// Where a name that is used or bound here lives.
    fn place(&self, name: &str) -> Place {
        let Some(top) = self.scopes.last() else {
            return Place::Global;
        };
        let in_class = top.kind == ScopeKind::Class;
        if in_class && top.globals.contains(name) {
            return Place::Global;
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
                    return Place::ClassOrFree(depth, slot);
                }
                return if depth == 0 && !in_class {
                    Place::Local(slot)
                } else {
                    Place::Free(depth, slot)
                };
            }
            depth += 1;
        }
        if in_class {
            Place::Class
        } else {
            Place::Global
        }
    }

    /// Where `name :=` puts its value: not in a comprehension's own frame.
    fn walrus_place(&self, name: &str) -> Place {
        let mut depth = 0;
        for scope in self.scopes.iter().rev() {
            match scope.kind {
                ScopeKind::Comprehension => depth += 1,
                ScopeKind::Class if depth == 0 => return Place::Class,
                ScopeKind::Class => continue,
                ScopeKind::Module => break,
                ScopeKind::Function => {
                    if scope.globals.contains(name) {
                        break;
                    }
                    if let Some(&slot) = scope.index.get(name) {
                        return if depth == 0 {
                            Place::Local(slot)
                        } else {
                            Place::Free(depth, slot)
                        };
                    }
                    depth += 1;
                }
            }
        }
        Place::Global
    }

    fn bound(&mut self, name: &str) -> (Rc<str>, Place) {
        let name = self.name(name);
        let place = self.place(&name);
        (name, place)
    }

    fn block(&mut self, statements: &[Stmt]) -> Block {
        statements
            .iter()
            .map(|statement| self.statement(statement))
            .collect()
    }

    fn yields(&mut self) -> Option<&mut u32> {
        self.scopes.last_mut().map(|scope| &mut scope.yields)
    }

    fn statement(&mut self, statement: &Stmt) -> Statement {
        let before = self.yields().map_or(0, |count| *count);
        let kind = self.statement_kind(statement);
        let after = self.yields().map_or(0, |count| *count);
        Statement {
            extent: extent(statement.range()),
            yields: after > before,
            kind,
        }
    }

    fn statement_kind(&mut self, statement: &Stmt) -> StatementKind {
        match statement {
            Stmt::Expr(statement) => StatementKind::Expression(self.expression(&statement.value)),
            Stmt::Assign(assign) => {
                let value = self.expression(&assign.value);
                let targets = assign
                    .targets
                    .iter()
                    .map(|target| self.expression(target))
                    .collect();
                StatementKind::Assign(targets, value)
            }
            Stmt::AugAssign(assign) => StatementKind::Augmented(
                self.expression(&assign.target),
                binary_operator(assign.op),
                self.expression(&assign.value),
            ),
            Stmt::AnnAssign(assign) => {
                let source = Rc::from(self.text_of(assign.annotation.range()));
                StatementKind::Annotated(Box::new(AnnotatedAssignment {
                    target: self.expression(&assign.target),
                    annotation: self.expression(&assign.annotation),
                    source,
                    value: assign.value.as_ref().map(|value| self.expression(value)),
                    simple: assign.simple,
                }))
            }
            Stmt::Return(statement) => {
                let inside = self
                    .scopes
                    .last()
                    .is_some_and(|scope| scope.kind == ScopeKind::Function);
                if !inside {
                    self.fail(statement.range, "'return' outside function");
                }
                StatementKind::Return(statement.value.as_ref().map(|value| self.expression(value)))
            }
            Stmt::Delete(delete) => StatementKind::Delete(
                delete
                    .targets
                    .iter()
                    .map(|target| self.expression(target))
                    .collect(),
            ),
            Stmt::If(statement) => {
                let mut branches = vec![(
                    self.expression(&statement.test),
                    self.block(&statement.body),
                )];
                let mut otherwise = empty();
                for clause in &statement.elif_else_clauses {
                    match &clause.test {
                        Some(test) => {
                            branches.push((self.expression(test), self.block(&clause.body)));
                        }
                        None => otherwise = self.block(&clause.body),
                    }
                }
                StatementKind::If(branches, otherwise)
            }
            Stmt::While(statement) => {
                let test = self.expression(&statement.test);
                let body = self.loop_body(&statement.body);
                StatementKind::While(test, body, self.block(&statement.orelse))
            }
            Stmt::For(statement) => {
                let iterable = self.expression(&statement.iter);
                let target = self.expression(&statement.target);
                let body = self.loop_body(&statement.body);
                StatementKind::For(Box::new(For {
                    target,
                    iterable,
                    body,
                    otherwise: self.block(&statement.orelse),
                    asynchronous: statement.is_async,
                }))
            }
            Stmt::With(statement) => self.with(statement, 0),
            Stmt::Try(statement) => {
                if statement.is_star {
                    self.unsupported(statement.range, "except* is not supported");
                }
                let guards = statement.handlers.iter().any(|handler| {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    handler.type_.as_deref().is_none_or(catches_import_error)
                });
                let outer = self.guarded;
                self.guarded = outer || guards;
                let body = self.block(&statement.body);
                self.guarded = outer;
                let handlers = statement
                    .handlers
                    .iter()
                    .map(|handler| {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        Handler {
                            extent: extent(handler.range),
                            kind: handler.type_.as_ref().map(|kind| self.expression(kind)),
                            name: handler.name.as_ref().map(|name| self.bound(name.as_str())),
                            body: self.block(&handler.body),
                        }
                    })
                    .collect();
                StatementKind::Try(Box::new(Try {
                    body,
                    handlers,
                    otherwise: self.block(&statement.orelse),
                    finally: self.block(&statement.finalbody),
                }))
            }
            Stmt::Raise(raise) => StatementKind::Raise(
                raise.exc.as_ref().map(|value| self.expression(value)),
                raise.cause.as_ref().map(|value| self.expression(value)),
            ),
            Stmt::Assert(assert) => StatementKind::Assert(
                self.expression(&assert.test),
                assert.msg.as_ref().map(|message| self.expression(message)),
            ),
            Stmt::Import(import) => StatementKind::Import(
                import
                    .names
                    .iter()
                    .map(|alias| {
                        let renamed = alias.asname.is_some();
                        let bound = match &alias.asname {
                            Some(name) => self.bound(name.as_str()),
                            None => {
                                let first = alias.name.as_str().split('.').next().unwrap_or("");
                                self.bound(first)
                            }
                        };
                        ImportName {
                            name: self.intern(alias.name.as_str()),
                            bound,
                            renamed,
                            extent: extent(alias.range),
                            guarded: self.guarded,
                        }
                    })
                    .collect(),
            ),
            Stmt::ImportFrom(import) => {
                let module = import
                    .module
                    .as_ref()
                    .map_or_else(|| Rc::from(""), |name| self.intern(name.as_str()));
                let star = import.names.iter().any(|alias| alias.name.as_str() == "*");
                let names = if star {
                    Vec::new()
                } else {
                    import
                        .names
                        .iter()
                        .map(|alias| {
                            let name = self.intern(alias.name.as_str());
                            let (bound, place) =
                                self.bound(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
                            (name, bound, place, extent(alias.range))
                        })
                        .collect()
                };
                StatementKind::ImportFrom(Box::new(ImportFrom {
                    module,
                    level: import.level,
                    names,
                    guarded: self.guarded,
                }))
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    let text = name.as_str();
                    let found = self.scopes[..self.scopes.len().saturating_sub(1)]
                        .iter()
                        .any(|scope| scope.has_variables() && scope.index.contains_key(text));
                    if !found {
                        let message = format!("no binding for nonlocal '{text}' found");
                        self.fail(nonlocal.range, &message);
                    }
                }
                StatementKind::Pass
            }
            Stmt::Global(_) | Stmt::Pass(_) => StatementKind::Pass,
            Stmt::Break(statement) => {
                self.check_loop(statement.range, "'break' outside loop");
                StatementKind::Break
            }
            Stmt::Continue(statement) => {
                self.check_loop(statement.range, "'continue' not properly in loop");
                StatementKind::Continue
            }
            Stmt::FunctionDef(definition) => self.function(definition),
            Stmt::ClassDef(definition) => self.class(definition),
            Stmt::Match(statement) => {
                let subject = self.expression(&statement.subject);
                let cases = statement
                    .cases
                    .iter()
                    .map(|case| {
                        let pattern = self.pattern(&case.pattern);
                        let guard = case.guard.as_ref().map(|guard| self.expression(guard));
                        (pattern, guard, self.block(&case.body))
                    })
                    .collect();
                StatementKind::Match(Box::new(Match { subject, cases }))
            }
            Stmt::TypeAlias(statement) => {
                self.fail(statement.range, "invalid syntax");
                StatementKind::Pass
            }
            Stmt::IpyEscapeCommand(statement) => {
                self.fail(statement.range, "invalid syntax");
                StatementKind::Pass
            }
        }
    }

    fn check_loop(&mut self, range: TextRange, message: &str) {
        if self.scopes.last().is_none_or(|scope| scope.loops == 0) {
            self.fail(range, message);
        }
    }

    fn loop_body(&mut self, statements: &[Stmt]) -> Block {
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops += 1;
        }
        let body = self.block(statements);
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops -= 1;
        }
        body
    }

    fn with(&mut self, statement: &ast::StmtWith, index: usize) -> StatementKind {
        let item = &statement.items[index];
        let manager = self.expression(&item.context_expr);
        let target = item
            .optional_vars
            .as_ref()
            .map(|target| self.expression(target));
        let body = if index + 1 < statement.items.len() {
            let before = self.yields().map_or(0, |count| *count);
            let kind = self.with(statement, index + 1);
            let after = self.yields().map_or(0, |count| *count);
            Rc::from([Statement {
                extent: extent(statement.range),
                yields: after > before,
                kind,
            }])
        } else {
            self.block(&statement.body)
        };
        StatementKind::With(Box::new(With {
            manager,
            target,
            body,
            asynchronous: statement.is_async,
        }))
    }

    fn qualified(&self, name: &str) -> String {
        match self.scopes.last() {
            Some(scope) => format!("{}{name}", scope.prefix),
            None => name.to_owned(),
        }
    }

    fn parameters(&mut self, parameters: &ast::Parameters) -> ParameterList {
        let mut list = ParameterList {
            positional_only: parameters.posonlyargs.len(),
            ..ParameterList::default()
        };
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            let parameter = self.parameter(&parameter.parameter, parameter.default());
            list.positional.push(parameter);
        }
        for parameter in &parameters.kwonlyargs {
            let parameter = self.parameter(&parameter.parameter, parameter.default());
            list.keyword_only.push(parameter);
        }
        list.rest = parameters
            .vararg
            .as_ref()
            .map(|parameter| self.parameter(parameter, None));
        list.extra = parameters
            .kwarg
            .as_ref()
            .map(|parameter| self.parameter(parameter, None));
        list
    }

    fn parameter(&mut self, parameter: &ast::Parameter, default: Option<&Expr>) -> Parameter {
        Parameter {
            name: self.name(parameter.name.as_str()),
            annotation: parameter
                .annotation
                .as_ref()
                .map(|annotation| self.expression(annotation)),
            default: default.map(|default| self.expression(default)),
        }
    }

    /// A scope with the parameters bound first, in the order of the slots.
    fn function_scope(&mut self, list: &ParameterList, name: &str) -> ScopeBuilder {
        let mut scope = ScopeBuilder::new(ScopeKind::Function);
        for parameter in list
            .positional
            .iter()
            .chain(&list.keyword_only)
            .chain(&list.rest)
            .chain(&list.extra)
        {
            if scope.index.contains_key(&parameter.name) {
                self.failure.get_or_insert_with(|| ParseFailure {
                    message: format!(
                        "duplicate argument '{}' in function definition",
                        parameter.name
                    ),
                    extent: Extent::default(),
                    class: "SyntaxError",
                });
            }
            scope.bind(&parameter.name);
        }
        scope.prefix = format!("{}.<locals>.", self.qualified(name));
        scope
    }

    fn function(&mut self, definition: &ast::StmtFunctionDef) -> StatementKind {
        let decorators = definition
            .decorator_list
            .iter()
            .map(|decorator| self.expression(&decorator.expression))
            .collect();
        if definition.type_params.is_some() {
            self.fail(definition.range, "expected '('");
        }
        let list = self.parameters(&definition.parameters);
        let returns = definition
            .returns
            .as_ref()
            .map(|returns| self.expression(returns));
        let bound = self.bound(definition.name.as_str());
        let mut scope = self.function_scope(&list, definition.name.as_str());
        scope.asynchronous = definition.is_async;
        let qualified_name = Rc::from(self.qualified(definition.name.as_str()));

        let mut declarations = Declarations {
            converter: self,
            globals: HashSet::new(),
            nonlocals: HashSet::new(),
        };
        for statement in &definition.body {
            declarations.visit_stmt(statement);
        }
        scope.globals = declarations.globals;
        scope.nonlocals = declarations.nonlocals;
        let mut bindings = Bindings {
            converter: self,
            scope,
            within_comprehension: 0,
        };
        for statement in &definition.body {
            bindings.visit_stmt(statement);
        }
        let scope = bindings.scope;

        let guarded = std::mem::replace(&mut self.guarded, false);
        self.scopes.push(scope);
        let body = self.block(&definition.body);
        let scope = self.scopes.pop();
        self.guarded = guarded;
        let (slots, yields) = scope.map_or((Vec::new(), 0), |scope| (scope.slots, scope.yields));
        let start = definition.name.range.start().to_u32();
        let code = Code {
            name: self.intern(definition.name.as_str()),
            qualified_name,
            file: self.file,
            extent: Extent {
                start,
                end: definition.range.end().to_u32(),
            },
            parameters: list,
            body,
            slots,
            generator: yields > 0,
            asynchronous: definition.is_async,
            documentation: docstring(&definition.body),
            future_annotations: self.future,
        };
        StatementKind::Function(Box::new(FunctionDefinition {
            bound,
            decorators,
            code: Rc::new(code),
            returns,
        }))
    }

    fn lambda(&mut self, lambda: &ast::ExprLambda) -> ExpressionKind {
        let list = match &lambda.parameters {
            Some(parameters) => self.parameters(parameters),
            None => ParameterList::default(),
        };
        let mut scope = self.function_scope(&list, "<lambda>");
        {
            let mut bindings = Bindings {
                converter: self,
                scope,
                within_comprehension: 0,
            };
            bindings.visit_expr(&lambda.body);
            scope = bindings.scope;
        }
        let qualified_name = Rc::from(self.qualified("<lambda>"));
        self.scopes.push(scope);
        let value = self.expression(&lambda.body);
        let scope = self.scopes.pop();
        let (slots, yields) = scope.map_or((Vec::new(), 0), |scope| (scope.slots, scope.yields));
        let body_extent = extent(lambda.body.range());
        ExpressionKind::Lambda(Rc::new(Code {
            name: self.intern("<lambda>"),
            qualified_name,
            file: self.file,
            extent: extent(lambda.range),
            parameters: list,
            body: Rc::from([Statement {
                extent: body_extent,
                yields: yields > 0,
                kind: StatementKind::Return(Some(value)),
            }]),
            slots,
            generator: yields > 0,
            asynchronous: false,
            documentation: None,
            future_annotations: self.future,
        }))
    }

    fn class(&mut self, definition: &ast::StmtClassDef) -> StatementKind {
        if definition.type_params.is_some() {
            self.fail(definition.range, "expected '('");
        }
        let decorators = definition
            .decorator_list
            .iter()
            .map(|decorator| self.expression(&decorator.expression))
            .collect();
        let bases = definition
            .bases()
            .iter()
            .map(|base| self.expression(base))
            .collect();
        let keywords = definition
            .keywords()
            .iter()
            .map(|keyword| {
                let name = keyword.arg.as_ref().map(|name| self.intern(name.as_str()));
                (name, self.expression(&keyword.value))
            })
            .collect();
        let bound = self.bound(definition.name.as_str());
        let mut scope = ScopeBuilder::new(ScopeKind::Class);
        scope.prefix = format!("{}.", self.qualified(definition.name.as_str()));
        scope.class_name = Some(self.intern(definition.name.as_str()));
        let mut declarations = Declarations {
            converter: self,
            globals: HashSet::new(),
            nonlocals: HashSet::new(),
        };
        for statement in &definition.body {
            declarations.visit_stmt(statement);
        }
        scope.globals = declarations.globals;
        scope.nonlocals = declarations.nonlocals;
        let qualified_name = Rc::from(self.qualified(definition.name.as_str()));
        self.scopes.push(scope);
        let body = self.block(&definition.body);
        self.scopes.pop();
        let start = definition.name.range.start().to_u32();
        let code = Code {
            name: self.intern(definition.name.as_str()),
            qualified_name,
            file: self.file,
            extent: Extent {
                start,
                end: definition.range.end().to_u32(),
            },
            parameters: ParameterList::default(),
            body,
            slots: Vec::new(),
            generator: false,
            asynchronous: false,
            documentation: docstring(&definition.body),
            future_annotations: self.future,
        };
        StatementKind::Class(Box::new(ClassDefinition {
            bound,
            decorators,
            bases,
            keywords,
            code: Rc::new(code),
        }))
    }

    fn expressions(&mut self, expressions: &[Expr]) -> Vec<Expression> {
        expressions
            .iter()
            .map(|expression| self.expression(expression))
            .collect()
    }

    fn boxed(&mut self, expression: &Expr) -> Box<Expression> {
        Box::new(self.expression(expression))
    }

    fn expression(&mut self, expression: &Expr) -> Expression {
        Expression {
            extent: extent(expression.range()),
            kind: self.expression_kind(expression),
        }
    }

    fn expression_kind(&mut self, expression: &Expr) -> ExpressionKind {
        match expression {
            Expr::Name(name) => {
                let (name, place) = self.bound(name.id.as_str());
                ExpressionKind::Name(name, place)
            }
            Expr::StringLiteral(literal) => {
                ExpressionKind::Constant(Value::str(literal.value.to_str()))
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(number) => ExpressionKind::Constant(integer(number)),
                ast::Number::Float(number) => ExpressionKind::Constant(Value::Float(*number)),
                ast::Number::Complex { .. } => {
                    self.unsupported(literal.range, "complex numbers are not supported");
                    ExpressionKind::Constant(Value::None)
                }
            },
            Expr::BooleanLiteral(literal) => ExpressionKind::Constant(Value::Bool(literal.value)),
            Expr::NoneLiteral(_) => ExpressionKind::Constant(Value::None),
            Expr::EllipsisLiteral(_) => ExpressionKind::Constant(Value::Ellipsis),
            Expr::BytesLiteral(literal) => {
                ExpressionKind::Constant(Value::bytes(literal.value.bytes().collect::<Vec<u8>>()))
            }
            Expr::Attribute(attribute) => ExpressionKind::Attribute(
                self.boxed(&attribute.value),
                self.name(attribute.attr.as_str()),
            ),
            Expr::Call(call) => {
                let function = self.expression(&call.func);
                let positional = self.expressions(&call.arguments.args);
                let keyword: Vec<_> = call
                    .arguments
                    .keywords
                    .iter()
                    .map(|keyword| {
                        let name = keyword.arg.as_ref().map(|name| self.intern(name.as_str()));
                        (name, self.expression(&keyword.value))
                    })
                    .collect();
                let unpacks = positional
                    .iter()
                    .any(|argument| matches!(argument.kind, ExpressionKind::Starred(_)))
                    || keyword.iter().any(|(name, _)| name.is_none());
                ExpressionKind::Call(Box::new(Call {
                    function,
                    positional,
                    keyword,
                    unpacks,
                }))
            }
            Expr::Subscript(subscript) => ExpressionKind::Subscript(
                self.boxed(&subscript.value),
                self.boxed(&subscript.slice),
            ),
            Expr::Slice(slice) => {
                let mut part = |part: &Option<Box<Expr>>| {
                    part.as_ref().map(|expression| self.expression(expression))
                };
                ExpressionKind::Slice(Box::new([
                    part(&slice.lower),
                    part(&slice.upper),
                    part(&slice.step),
                ]))
            }
            Expr::List(list) => ExpressionKind::List(self.expressions(&list.elts)),
            Expr::Tuple(tuple) => ExpressionKind::Tuple(self.expressions(&tuple.elts)),
            Expr::Set(set) => ExpressionKind::Set(self.expressions(&set.elts)),
            Expr::Dict(dict) => ExpressionKind::Dict(
                dict.items
                    .iter()
                    .map(|item| {
                        let key = item.key.as_ref().map(|key| self.expression(key));
                        (key, self.expression(&item.value))
                    })
                    .collect(),
            ),
            Expr::BinOp(binary) => self.binary(binary),
            Expr::UnaryOp(unary) => {
                let operand = self.expression(&unary.operand);
                let operator = match unary.op {
                    ast::UnaryOp::Not => UnaryOperator::Not,
                    ast::UnaryOp::USub => UnaryOperator::Negate,
                    ast::UnaryOp::UAdd => UnaryOperator::Plus,
                    ast::UnaryOp::Invert => UnaryOperator::Invert,
                };
                match (operator, &operand.kind) {
                    (UnaryOperator::Negate, ExpressionKind::Constant(Value::Int(number)))
                        if *number != i64::MIN =>
                    {
                        ExpressionKind::Constant(Value::Int(-number))
                    }
                    (UnaryOperator::Negate, ExpressionKind::Constant(Value::Float(number))) => {
                        ExpressionKind::Constant(Value::Float(-number))
                    }
                    _ => ExpressionKind::Unary(operator, Box::new(operand)),
                }
            }
            Expr::BoolOp(operation) => {
                let values = self.expressions(&operation.values);
                match operation.op {
                    ast::BoolOp::And => ExpressionKind::And(values),
                    ast::BoolOp::Or => ExpressionKind::Or(values),
                }
            }
            Expr::Compare(compare) => {
                let left = self.boxed(&compare.left);
                let others = compare
                    .ops
                    .iter()
                    .zip(&compare.comparators)
                    .map(|(operator, value)| (compare_operator(*operator), self.expression(value)))
                    .collect();
                ExpressionKind::Compare(left, others)
            }
            Expr::If(conditional) => ExpressionKind::Conditional(Box::new((
                self.expression(&conditional.test),
                self.expression(&conditional.body),
                self.expression(&conditional.orelse),
            ))),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Named(named) => {
                let value = self.boxed(&named.value);
                match &*named.target {
                    Expr::Name(name) => {
                        let name = self.name(name.id.as_str());
                        let place = self.walrus_place(&name);
                        ExpressionKind::Named(name, place, value)
                    }
                    other => {
                        self.fail(other.range(), "cannot use assignment expressions with this");
                        ExpressionKind::Constant(Value::None)
                    }
                }
            }
            Expr::Starred(starred) => ExpressionKind::Starred(self.boxed(&starred.value)),
            Expr::Await(expression) => {
                let inside = self
                    .scopes
                    .iter()
                    .rev()
                    .find(|scope| scope.kind != ScopeKind::Comprehension)
                    .is_some_and(|scope| scope.asynchronous);
                if !inside {
                    let message = if self
                        .scopes
                        .last()
                        .is_some_and(|scope| scope.kind == ScopeKind::Function)
                    {
                        "'await' outside async function"
                    } else {
                        "'await' outside function"
                    };
                    self.fail(expression.range, message);
                }
                ExpressionKind::Await(self.boxed(&expression.value))
            }
            Expr::Yield(expression) => {
                self.count_yield(expression.range);
                ExpressionKind::Yield(expression.value.as_ref().map(|value| self.boxed(value)))
            }
            Expr::YieldFrom(expression) => {
                self.count_yield(expression.range);
                ExpressionKind::YieldFrom(self.boxed(&expression.value))
            }
            Expr::FString(string) => self.format_string(string),
            Expr::ListComp(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::List,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::SetComp(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::Set,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::DictComp(comprehension) => match &comprehension.key {
                Some(key) => self.comprehension(
                    comprehension.range,
                    ComprehensionKind::Dict,
                    key,
                    Some(&comprehension.value),
                    &comprehension.generators,
                ),
                None => {
                    self.fail(
                        comprehension.range,
                        "dict unpacking cannot be used in dict comprehension",
                    );
                    ExpressionKind::Constant(Value::None)
                }
            },
            Expr::Generator(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::Generator,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::TString(string) => {
                self.fail(string.range, "invalid syntax");
                ExpressionKind::Constant(Value::None)
            }
            Expr::IpyEscapeCommand(command) => {
                self.fail(command.range, "invalid syntax");
                ExpressionKind::Constant(Value::None)
            }
        }
    }

    fn count_yield(&mut self, range: TextRange) {
        match self.scopes.last_mut() {
            Some(scope) if scope.kind == ScopeKind::Function => scope.yields += 1,
            _ => self.fail(range, "'yield' outside function"),
        }
    }

    /// Chains of operators lean to the left; they are gone down by a loop, so that a long one
    /// does not fill the stack.
    fn binary(&mut self, binary: &ast::ExprBinOp) -> ExpressionKind {
        let mut chain = vec![binary];
        let mut left = &*binary.left;
        while let Expr::BinOp(inner) = left {
            chain.push(inner);
            left = &inner.left;
        }
        let mut result = self.expression(left);
        let mut kind = None;
        for binary in chain.into_iter().rev() {
            if let Some(kind) = kind.take() {
                result = kind;
            }
            let right = self.boxed(&binary.right);
            kind = Some(Expression {
                extent: extent(binary.range),
                kind: ExpressionKind::Binary(
                    Box::new(std::mem::replace(
                        &mut result,
                        Expression {
                            extent: Extent::default(),
                            kind: ExpressionKind::Constant(Value::None),
                        },
                    )),
                    binary_operator(binary.op),
                    right,
                ),
            });
        }
        kind.map_or(ExpressionKind::Constant(Value::None), |last| last.kind)
    }

    fn format_string(&mut self, string: &ast::ExprFString) -> ExpressionKind {
        let mut pieces = Vec::new();
        for part in &string.value {
            match part {
                ast::FStringPart::Literal(literal) => push_text(&mut pieces, literal.as_str()),
                ast::FStringPart::FString(string) => {
                    self.format_pieces(&string.elements, &mut pieces)
                }
            }
        }
        match &pieces[..] {
            [] => ExpressionKind::Constant(Value::str("")),
            [FormatPiece::Text(text)] => ExpressionKind::Constant(Value::Str(text.clone())),
            _ => ExpressionKind::Format(pieces),
        }
    }

    fn format_pieces(
        &mut self,
        elements: &ast::InterpolatedStringElements,
        pieces: &mut Vec<FormatPiece>,
    ) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    push_text(pieces, &literal.value);
                }
                ast::InterpolatedStringElement::Interpolation(element) => {
                    let mut specification = Vec::new();
                    if let Some(format) = &element.format_spec {
                        self.format_pieces(&format.elements, &mut specification);
                    }
                    let debug = element
                        .debug_text
                        .as_ref()
                        .map(|debug| Rc::from(debug.as_str()));
                    let mut conversion = element.conversion.to_char();
                    if debug.is_some() && conversion.is_none() && element.format_spec.is_none() {
                        conversion = Some('r');
                    }
                    let value = self.expression(&element.expression);
                    pieces.push(FormatPiece::Value(value, conversion, specification, debug));
                }
            }
        }
    }

    fn comprehension(
        &mut self,
        range: TextRange,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
    ) -> ExpressionKind {
        let first = self.expression(&generators[0].iter);
        let mut scope = ScopeBuilder::new(ScopeKind::Comprehension);
        let name = match kind {
            ComprehensionKind::List => "<listcomp>",
            ComprehensionKind::Set => "<setcomp>",
            ComprehensionKind::Dict => "<dictcomp>",
            ComprehensionKind::Generator => "<genexpr>",
        };
        let qualified_name: Rc<str> = Rc::from(self.qualified(name));
        scope.prefix = format!("{qualified_name}.<locals>.");
        let iterator = self.intern(".0");
        if kind == ComprehensionKind::Generator {
            scope.bind(&iterator);
        }
        let mut bindings = Bindings {
            converter: self,
            scope,
            within_comprehension: 0,
        };
        for generator in generators {
            bindings.visit_expr(&generator.target);
        }
        let scope = bindings.scope;
        self.scopes.push(scope);
        let mut loops = Vec::new();
        for (index, generator) in generators.iter().enumerate() {
            let iterable = (index > 0).then(|| self.expression(&generator.iter));
            let target = self.expression(&generator.target);
            let conditions = self.expressions(&generator.ifs);
            loops.push(ComprehensionLoop {
                target,
                iterable,
                conditions,
            });
        }
        let mut element = Some(self.expression(element));
        let value = value.map(|value| self.expression(value));
        let scope = self.scopes.pop();
        let mut body = empty();
        if kind == ComprehensionKind::Generator {
            let whole = extent(range);
            let inner = element.take().map(|element| {
                let extent = element.extent;
                Expression {
                    extent,
                    kind: ExpressionKind::Yield(Some(Box::new(element))),
                }
            });
            let mut block: Block = inner
                .map(|inner| Statement {
                    extent: inner.extent,
                    yields: true,
                    kind: StatementKind::Expression(inner),
                })
                .into_iter()
                .collect();
            while let Some(last) = loops.pop() {
                for condition in last.conditions.into_iter().rev() {
                    block = Rc::from([Statement {
                        extent: condition.extent,
                        yields: true,
                        kind: StatementKind::If(vec![(condition, block)], empty()),
                    }]);
                }
                let iterable = last.iterable.unwrap_or(Expression {
                    extent: first.extent,
                    kind: ExpressionKind::Name(iterator.clone(), Place::Local(0)),
                });
                block = Rc::from([Statement {
                    extent: whole,
                    yields: true,
                    kind: StatementKind::For(Box::new(For {
                        target: last.target,
                        iterable,
                        body: block,
                        otherwise: empty(),
                        asynchronous: false,
                    })),
                }]);
            }
            body = block;
        }
        ExpressionKind::Comprehension(Box::new(Comprehension {
            kind,
            code: Rc::new(Code {
                name: Rc::from(name),
                qualified_name,
                file: self.file,
                extent: extent(range),
                parameters: ParameterList::default(),
                body,
                slots: scope.map_or_else(Vec::new, |scope| scope.slots),
                generator: kind == ComprehensionKind::Generator,
                asynchronous: false,
                documentation: None,
                future_annotations: self.future,
            }),
            first,
            loops,
            element,
            value,
        }))
    }

    fn pattern(&mut self, pattern: &ast::Pattern) -> Pattern {
        match pattern {
            ast::Pattern::MatchValue(pattern) => Pattern::Value(self.expression(&pattern.value)),
            ast::Pattern::MatchSingleton(pattern) => Pattern::Singleton(match pattern.value {
                ast::Singleton::None => Value::None,
                ast::Singleton::True => Value::Bool(true),
                ast::Singleton::False => Value::Bool(false),
            }),
            ast::Pattern::MatchSequence(pattern) => Pattern::Sequence(
                pattern
                    .patterns
                    .iter()
                    .map(|pattern| self.pattern(pattern))
                    .collect(),
            ),
            ast::Pattern::MatchStar(pattern) => {
                Pattern::Star(pattern.name.as_ref().map(|name| self.bound(name.as_str())))
            }
            ast::Pattern::MatchMapping(pattern) => Pattern::Mapping(
                pattern
                    .keys
                    .iter()
                    .zip(&pattern.patterns)
                    .map(|(key, pattern)| (self.expression(key), self.pattern(pattern)))
                    .collect(),
                pattern.rest.as_ref().map(|name| self.bound(name.as_str())),
            ),
            ast::Pattern::MatchClass(pattern) => Pattern::Class(
                self.boxed(&pattern.cls),
                pattern
                    .arguments
                    .patterns
                    .iter()
                    .map(|pattern| self.pattern(pattern))
                    .collect(),
                pattern
                    .arguments
                    .keywords
                    .iter()
                    .map(|keyword| {
                        (
                            self.intern(keyword.attr.as_str()),
                            self.pattern(&keyword.pattern),
                        )
                    })
                    .collect(),
            ),
            ast::Pattern::MatchAs(pattern) => Pattern::As(
                pattern
                    .pattern
                    .as_ref()
                    .map(|pattern| Box::new(self.pattern(pattern))),
                pattern.name.as_ref().map(|name| self.bound(name.as_str())),
            ),
            ast::Pattern::MatchOr(pattern) => Pattern::Or(
                pattern
                    .patterns
                    .iter()
                    .map(|pattern| self.pattern(pattern))
                    .collect(),
            ),
        }
    }
}

fn empty() -> Block {
    Rc::from([])
}

fn push_text(pieces: &mut Vec<FormatPiece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(FormatPiece::Text(last)) = pieces.last_mut() {
        *last = Rc::from(format!("{last}{text}"));
    } else {
        pieces.push(FormatPiece::Text(Rc::from(text)));
    }
}

fn catches_import_error(kind: &Expr) -> bool {
    match kind {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException"
        ),
        Expr::Tuple(tuple) => tuple.elts.iter().any(catches_import_error),
        _ => false,
    }
}

fn integer(number: &ast::Int) -> Value {
    if let Some(small) = number.as_i64() {
        return Value::Int(small);
    }
    let text = number.to_string().replace('_', "");
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (&text[..], 10),
    };
    num_bigint::BigInt::parse_bytes(digits.as_bytes(), radix).map_or(Value::Int(0), Value::int)
}

fn binary_operator(operator: ast::Operator) -> BinaryOperator {
    match operator {
        ast::Operator::Add => BinaryOperator::Add,
        ast::Operator::Sub => BinaryOperator::Subtract,
        ast::Operator::Mult => BinaryOperator::Multiply,
        ast::Operator::MatMult => BinaryOperator::MatrixMultiply,
        ast::Operator::Div => BinaryOperator::Divide,
        ast::Operator::Mod => BinaryOperator::Modulo,
        ast::Operator::Pow => BinaryOperator::Power,
        ast::Operator::LShift => BinaryOperator::LeftShift,
        ast::Operator::RShift => BinaryOperator::RightShift,
        ast::Operator::BitOr => BinaryOperator::Or,
        ast::Operator::BitXor => BinaryOperator::Xor,
        ast::Operator::BitAnd => BinaryOperator::And,
        ast::Operator::FloorDiv => BinaryOperator::FloorDivide,
    }
}

fn compare_operator(operator: ast::CmpOp) -> CompareOperator {
    match operator {
        ast::CmpOp::Eq => CompareOperator::Equal,
        ast::CmpOp::NotEq => CompareOperator::NotEqual,
        ast::CmpOp::Lt => CompareOperator::Less,
        ast::CmpOp::LtE => CompareOperator::LessEqual,
        ast::CmpOp::Gt => CompareOperator::Greater,
        ast::CmpOp::GtE => CompareOperator::GreaterEqual,
        ast::CmpOp::Is => CompareOperator::Is,
        ast::CmpOp::IsNot => CompareOperator::IsNot,
        ast::CmpOp::In => CompareOperator::In,
        ast::CmpOp::NotIn => CompareOperator::NotIn,
    }
}
