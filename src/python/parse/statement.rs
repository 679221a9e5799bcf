//! Statements, functions, classes, `match` patterns.

use super::expression::binary_operator;
use super::*;
use ground::exception;

impl Converter<'_> {
    pub(super) fn block(&mut self, statements: &[Stmt]) -> Block {
        statements
            .iter()
            .map(|statement| self.statement(statement))
            .collect()
    }

    pub(super) fn yields(&mut self) -> Option<&mut u32> {
        self.scopes.last_mut().map(|scope| &mut scope.yields)
    }

    pub(super) fn statement(&mut self, statement: &Stmt) -> Statement {
        let before = self.yields().map_or(0, |count| *count);
        let kind = self.statement_kind(statement);
        let after = self.yields().map_or(0, |count| *count);
        Statement {
            extent: extent(statement.range()),
            yields: after > before,
            kind,
        }
    }

    pub(super) fn statement_kind(&mut self, statement: &Stmt) -> StatementKind {
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

    pub(super) fn check_loop(&mut self, range: TextRange, message: &str) {
        if self.scopes.last().is_none_or(|scope| scope.loops == 0) {
            self.fail(range, message);
        }
    }

    pub(super) fn loop_body(&mut self, statements: &[Stmt]) -> Block {
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops += 1;
        }
        let body = self.block(statements);
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops -= 1;
        }
        body
    }

    pub(super) fn with(&mut self, statement: &ast::StmtWith, index: usize) -> StatementKind {
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

    pub(super) fn qualified(&self, name: &str) -> String {
        match self.scopes.last() {
            Some(scope) => format!("{}{name}", scope.prefix),
            None => name.to_owned(),
        }
    }

    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) -> ParameterList {
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

    pub(super) fn parameter(
        &mut self,
        parameter: &ast::Parameter,
        default: Option<&Expr>,
    ) -> Parameter {
        Parameter {
            name: self.name(parameter.name.as_str()),
            annotation: parameter
                .annotation
                .as_ref()
                .map(|annotation| self.expression(annotation)),
            default: default.map(|default| self.expression(default)),
        }
    }

    /// Creates a scope with the parameters bound first, in slot order.
    pub(super) fn function_scope(&mut self, list: &ParameterList, name: &str) -> ScopeBuilder {
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
                    class: exception::SYNTAX_ERROR,
                });
            }
            scope.bind(&parameter.name);
        }
        scope.prefix = format!("{}.<locals>.", self.qualified(name));
        scope
    }

    pub(super) fn function(&mut self, definition: &ast::StmtFunctionDef) -> StatementKind {
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
            globals: HashSet::default(),
            nonlocals: HashSet::default(),
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

    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda) -> ExpressionKind {
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

    pub(super) fn class(&mut self, definition: &ast::StmtClassDef) -> StatementKind {
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
            globals: HashSet::default(),
            nonlocals: HashSet::default(),
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

    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Pattern {
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

fn catches_import_error(kind: &Expr) -> bool {
    match kind {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            exception::IMPORT_ERROR
                | exception::MODULE_NOT_FOUND_ERROR
                | exception::EXCEPTION
                | exception::BASE_EXCEPTION
        ),
        Expr::Tuple(tuple) => tuple.elts.iter().any(catches_import_error),
        _ => false,
    }
}
