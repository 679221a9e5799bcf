//! Finds which names each scope binds, which decides where variables live.

use super::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Function,
    Class,
    Comprehension,
}

pub(super) struct ScopeBuilder {
    pub(super) kind: ScopeKind,
    pub(super) slots: Vec<Rc<str>>,
    pub(super) index: HashMap<Rc<str>, u32>,
    pub(super) globals: HashSet<Rc<str>>,
    pub(super) nonlocals: HashSet<Rc<str>>,
    /// The `__qualname__` prefix of nested definitions.
    pub(super) prefix: String,
    pub(super) class_name: Option<Rc<str>>,
    pub(super) yields: u32,
    pub(super) loops: u32,
    pub(super) asynchronous: bool,
}

impl ScopeBuilder {
    pub(super) fn new(kind: ScopeKind) -> ScopeBuilder {
        ScopeBuilder {
            kind,
            slots: Vec::new(),
            index: HashMap::default(),
            globals: HashSet::default(),
            nonlocals: HashSet::default(),
            prefix: String::new(),
            class_name: None,
            yields: 0,
            loops: 0,
            asynchronous: false,
        }
    }

    pub(super) fn bind(&mut self, name: &Rc<str>) {
        if !self.globals.contains(name)
            && !self.nonlocals.contains(name)
            && !self.index.contains_key(name)
        {
            let slot = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
            self.slots.push(name.clone());
            self.index.insert(name.clone(), slot);
        }
    }

    pub(super) fn has_variables(&self) -> bool {
        matches!(self.kind, ScopeKind::Function | ScopeKind::Comprehension)
    }
}

/// Finds the names that the statements of one function bind.
pub(super) struct Bindings<'c, 't> {
    pub(super) converter: &'c mut Converter<'t>,
    pub(super) scope: ScopeBuilder,
    pub(super) within_comprehension: u32,
}

impl Bindings<'_, '_> {
    pub(super) fn bind(&mut self, name: &str) {
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
pub(super) struct Declarations<'c, 't> {
    pub(super) converter: &'c mut Converter<'t>,
    pub(super) globals: HashSet<Rc<str>>,
    pub(super) nonlocals: HashSet<Rc<str>>,
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
