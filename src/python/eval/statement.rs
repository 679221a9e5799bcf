//! Statements.

use ground::exception;
use std::rc::Rc;

use super::{Flow, Scope};
use crate::arguments::Arguments;
use crate::interpreter::{ALREADY_NOTED, Interpreter};
use crate::tree::*;
use crate::value::{Annotation, Value};
use ground::diagnostic::{Error, Result, Span};

impl Interpreter {
    pub(crate) fn exec_block(&mut self, cx: &Rc<Scope>, block: &[Statement]) -> Result<Flow> {
        for statement in block {
            match self.exec(cx, statement)? {
                Flow::Normal => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Normal)
    }

    pub(crate) fn exec(&mut self, cx: &Rc<Scope>, statement: &Statement) -> Result<Flow> {
        let result = self.step().and_then(|()| {
            self.set_extent(statement.extent);
            self.exec_kind(cx, statement)
        });
        if result.is_err() {
            self.note(statement.extent);
        }
        result
    }

    fn exec_kind(&mut self, cx: &Rc<Scope>, statement: &Statement) -> Result<Flow> {
        match &statement.kind {
            StatementKind::Expression(expression) => {
                let value = self.eval(cx, expression)?;
                if let Value::Native(_) = value {
                    self.require_effect(&value)?;
                }
            }
            StatementKind::Assign(targets, value) => {
                let value = self.eval(cx, value)?;
                if let [target] = &targets[..] {
                    self.assign(cx, target, value)?;
                } else {
                    for target in targets {
                        self.assign(cx, target, value.clone())?;
                    }
                }
            }
            StatementKind::Augmented(target, operator, value) => {
                self.augmented(cx, target, *operator, value)?;
            }
            StatementKind::Annotated(annotated) => self.annotated(cx, annotated)?,
            StatementKind::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(cx, value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            StatementKind::If(branches, otherwise) => {
                for (test, block) in branches {
                    let value = self.eval(cx, test)?;
                    match self.truth(&value) {
                        Ok(true) => return self.exec_block(cx, block),
                        Ok(false) => {}
                        Err(error) => {
                            self.note(test.extent);
                            return Err(error);
                        }
                    }
                }
                return self.exec_block(cx, otherwise);
            }
            StatementKind::While(test, body, otherwise) => {
                loop {
                    self.step()?;
                    let value = self.eval(cx, test)?;
                    if !self.truth(&value)? {
                        break;
                    }
                    match self.exec_block(cx, body)? {
                        Flow::Normal | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Normal),
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                    }
                }
                return self.exec_block(cx, otherwise);
            }
            StatementKind::For(statement) => {
                let iterator = self.for_iterator(cx, statement)?;
                loop {
                    let item = match self.next(&iterator) {
                        Ok(Some(item)) => item,
                        Ok(None) => break,
                        Err(error) => {
                            self.note(statement.iterable.extent);
                            return Err(error);
                        }
                    };
                    self.step()?;
                    self.assign(cx, &statement.target, item)?;
                    match self.exec_block(cx, &statement.body)? {
                        Flow::Normal | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Normal),
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                    }
                }
                return self.exec_block(cx, &statement.otherwise);
            }
            StatementKind::With(with) => return self.with(cx, with),
            StatementKind::Try(statement) => return self.try_statement(cx, statement),
            StatementKind::Raise(exception, cause) => {
                return self.raise_statement(cx, statement, exception.as_ref(), cause.as_ref());
            }
            StatementKind::Assert(test, message) => {
                let value = self.eval(cx, test)?;
                if !self.truth(&value)? {
                    let arguments = match message {
                        Some(message) => vec![self.eval(cx, message)?],
                        None => Vec::new(),
                    };
                    self.note(test.extent);
                    let class = self.classes.exception(exception::ASSERTION_ERROR);
                    return Err(self.new_exception(&class, arguments));
                }
            }
            StatementKind::Delete(targets) => {
                for target in targets {
                    self.delete(cx, target)?;
                }
            }
            StatementKind::Import(names) => self.import_statement(cx, names)?,
            StatementKind::ImportFrom(import) => self.import_from_statement(cx, import)?,
            StatementKind::Pass => {}
            StatementKind::Break => return Ok(Flow::Break),
            StatementKind::Continue => return Ok(Flow::Continue),
            StatementKind::Function(definition) => {
                let decorators = self.decorators(cx, &definition.decorators)?;
                let mut value =
                    self.make_function(cx, &definition.code, definition.returns.as_ref())?;
                for (decorator, extent) in decorators.into_iter().rev() {
                    self.set_extent(extent);
                    value = match self.call(&decorator, Arguments::positional(vec![value])) {
                        Ok(value) => value,
                        Err(error) => {
                            self.note(extent);
                            return Err(error);
                        }
                    };
                }
                let (name, place) = &definition.bound;
                self.store(cx, name, *place, value)?;
            }
            StatementKind::Class(definition) => self.class_statement(cx, definition)?,
            StatementKind::Match(statement) => return self.match_statement(cx, statement),
        }
        Ok(Flow::Normal)
    }

    pub(crate) fn decorators(
        &mut self,
        cx: &Rc<Scope>,
        decorators: &[Expression],
    ) -> Result<Vec<(Value, Extent)>> {
        let mut values = Vec::with_capacity(decorators.len());
        for decorator in decorators {
            values.push((self.eval(cx, decorator)?, decorator.extent));
        }
        Ok(values)
    }

    pub(crate) fn for_iterator(&mut self, cx: &Rc<Scope>, statement: &For) -> Result<Value> {
        let iterable = self.eval(cx, &statement.iterable)?;
        let iterator = if statement.asynchronous {
            self.iterate_asynchronously(&iterable)
        } else {
            self.iterate(&iterable)
        };
        if iterator.is_err() {
            self.note(statement.iterable.extent);
        }
        iterator
    }

    fn iterate_asynchronously(&mut self, iterable: &Value) -> Result<Value> {
        let Some(method) = self.find_attribute(iterable, "__aiter__")? else {
            return self.iterate(iterable);
        };
        let iterator = self.call(&method, Arguments::none())?;
        if matches!(iterator, Value::Generator(_)) {
            return Ok(iterator);
        }
        Ok(crate::value::Iterator::new("async_iterator", move |vm| {
            let result = vm
                .call_method(&iterator, "__anext__", Arguments::none())
                .and_then(|awaitable| vm.await_value(&awaitable));
            match result {
                Ok(value) => Ok(Some(value)),
                Err(error) if error.class == exception::STOP_ASYNC_ITERATION => Ok(None),
                Err(error) => Err(error),
            }
        }))
    }

    fn annotated(&mut self, cx: &Rc<Scope>, annotated: &AnnotatedAssignment) -> Result<()> {
        let in_function = cx.class_namespace.is_none() && &*cx.code.name != "<module>";
        if let Some(value) = &annotated.value {
            let value = self.eval(cx, value)?;
            self.assign(cx, &annotated.target, value)?;
        }
        if in_function {
            return Ok(());
        }
        let value = if cx.code.future_annotations {
            None
        } else {
            Some(self.eval(cx, &annotated.annotation)?)
        };
        if annotated.simple
            && let ExpressionKind::Name(name, _) = &annotated.target.kind
        {
            let annotation = Annotation {
                source: annotated.source.clone(),
                span: Span {
                    file: cx.code.file,
                    start: annotated.annotation.extent.start,
                    end: annotated.annotation.extent.end,
                },
                value,
            };
            cx.annotations
                .borrow_mut()
                .insert(name.clone(), annotation.clone());
            if cx.class_namespace.is_none() {
                let shown = annotation
                    .value
                    .unwrap_or_else(|| Value::Str(annotation.source.clone()));
                let annotations = match cx.globals.get_str("__annotations__") {
                    Some(Value::Dict(dict)) => dict,
                    _ => {
                        let dict = Rc::new(crate::dict::Dict::new());
                        cx.globals
                            .set_str("__annotations__", Value::Dict(dict.clone()));
                        dict
                    }
                };
                annotations.set_name(name, shown);
            }
        }
        Ok(())
    }

    fn augmented(
        &mut self,
        cx: &Rc<Scope>,
        target: &Expression,
        operator: BinaryOperator,
        value: &Expression,
    ) -> Result<()> {
        match &target.kind {
            ExpressionKind::Name(name, place) => {
                let old = match self.load(cx, name, *place) {
                    Ok(old) => old,
                    Err(error) => {
                        self.note(target.extent);
                        return Err(error);
                    }
                };
                let value = self.eval(cx, value)?;
                let new = self.binary_in_place(operator, &old, &value)?;
                self.store(cx, name, *place, new)
            }
            ExpressionKind::Attribute(object, name) => {
                let object = self.eval(cx, object)?;
                let old = self.get_attribute(&object, name)?;
                let value = self.eval(cx, value)?;
                let new = self.binary_in_place(operator, &old, &value)?;
                self.set_attribute(&object, name, new)
            }
            ExpressionKind::Subscript(object, key) => {
                let object = self.eval(cx, object)?;
                let key = self.eval(cx, key)?;
                let old = match self.get_item(&object, &key) {
                    Ok(old) => old,
                    Err(error) => {
                        self.note(target.extent);
                        return Err(error);
                    }
                };
                let value = self.eval(cx, value)?;
                let new = self.binary_in_place(operator, &old, &value)?;
                self.set_item(&object, key, new)
            }
            _ => Err(Error::new(
                exception::SYNTAX_ERROR,
                "illegal expression for augmented assignment",
            )),
        }
    }

    /// Assigns to a target: a name, attribute, item, or tuple of targets.
    pub(crate) fn assign(
        &mut self,
        cx: &Rc<Scope>,
        target: &Expression,
        value: Value,
    ) -> Result<()> {
        let result = match &target.kind {
            ExpressionKind::Name(name, place) => return self.store(cx, name, *place, value),
            ExpressionKind::Attribute(object, name) => {
                let object = self.eval(cx, object)?;
                self.set_attribute(&object, name, value)
            }
            ExpressionKind::Subscript(object, key) => {
                let object = self.eval(cx, object)?;
                let key = self.eval(cx, key)?;
                self.set_extent(target.extent);
                self.set_item(&object, key, value)
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => {
                self.unpack(cx, targets, &value)
            }
            _ => Err(Error::new(
                exception::SYNTAX_ERROR,
                "cannot assign to expression",
            )),
        };
        if result.is_err() {
            self.note(target.extent);
        }
        result
    }

    fn unpack(&mut self, cx: &Rc<Scope>, targets: &[Expression], value: &Value) -> Result<()> {
        if !self.is_iterable(value) {
            let class = self.class_of(value).name();
            return Err(self.type_error(format!("cannot unpack non-iterable {class} object")));
        }
        let star = targets
            .iter()
            .position(|target| matches!(target.kind, ExpressionKind::Starred(_)));
        let Some(star) = star else {
            let items = match value {
                Value::Tuple(items) => items.to_vec(),
                Value::List(list) => list.items.borrow().clone(),
                _ => {
                    let iterator = self.iterate(value)?;
                    let mut items = Vec::new();
                    while items.len() <= targets.len() {
                        match self.next(&iterator)? {
                            Some(item) => items.push(item),
                            None => break,
                        }
                    }
                    items
                }
            };
            if items.len() > targets.len() {
                return Err(self.value_error(format!(
                    "too many values to unpack (expected {})",
                    targets.len()
                )));
            }
            if items.len() < targets.len() {
                return Err(self.value_error(format!(
                    "not enough values to unpack (expected {}, got {})",
                    targets.len(),
                    items.len()
                )));
            }
            for (target, item) in targets.iter().zip(items) {
                self.assign(cx, target, item)?;
            }
            return Ok(());
        };
        let mut items = self.collect(value)?;
        let after = targets.len() - star - 1;
        if items.len() < star + after {
            return Err(self.value_error(format!(
                "not enough values to unpack (expected at least {}, got {})",
                star + after,
                items.len()
            )));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(star);
        for (target, item) in targets[..star].iter().zip(items) {
            self.assign(cx, target, item)?;
        }
        if let ExpressionKind::Starred(inner) = &targets[star].kind {
            self.assign(cx, inner, Value::list(middle))?;
        }
        for (target, item) in targets[star + 1..].iter().zip(tail) {
            self.assign(cx, target, item)?;
        }
        Ok(())
    }

    fn delete(&mut self, cx: &Rc<Scope>, target: &Expression) -> Result<()> {
        let result = match &target.kind {
            ExpressionKind::Name(name, place) => self.unbind(cx, name, *place),
            ExpressionKind::Attribute(object, name) => {
                let object = self.eval(cx, object)?;
                self.delete_attribute(&object, name)
            }
            ExpressionKind::Subscript(object, key) => {
                let object = self.eval(cx, object)?;
                let key = self.eval(cx, key)?;
                self.delete_item(&object, &key)
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => {
                for target in targets {
                    self.delete(cx, target)?;
                }
                Ok(())
            }
            _ => Err(Error::new(
                exception::SYNTAX_ERROR,
                "cannot delete expression",
            )),
        };
        if result.is_err() {
            self.note(target.extent);
        }
        result
    }

    fn raise_statement(
        &mut self,
        cx: &Rc<Scope>,
        statement: &Statement,
        exception: Option<&Expression>,
        cause: Option<&Expression>,
    ) -> Result<Flow> {
        let Some(exception) = exception else {
            let Some(current) = self.handled.last().cloned() else {
                return Err(Error::new(
                    exception::RUNTIME_ERROR,
                    "No active exception to reraise",
                ));
            };
            let error = self.raise_again(&current);
            if let Some(frame) = self.frames.last_mut() {
                frame.error_extent = Some(ALREADY_NOTED);
            }
            return Err(error);
        };
        let value = self.eval(cx, exception)?;
        let cause = match cause {
            Some(cause) => Some(self.eval(cx, cause)?),
            None => None,
        };
        self.set_extent(statement.extent);
        let error = self.raise_from(&value, cause)?;
        Err(error)
    }

    // try and with.

    pub(crate) fn is_uncatchable(error: &Error) -> bool {
        error.class.starts_with("limbeck.")
    }

    fn try_statement(&mut self, cx: &Rc<Scope>, statement: &Try) -> Result<Flow> {
        let result = self.try_except(cx, statement);
        if statement.finally.is_empty() {
            return result;
        }
        if let Err(error) = &result
            && Self::is_uncatchable(error)
        {
            return result;
        }
        match result {
            Ok(flow) => match self.exec_block(cx, &statement.finally)? {
                Flow::Normal => Ok(flow),
                other => Ok(other),
            },
            Err(mut error) => {
                let exception = self.catch(&mut error);
                self.handled.push(exception.clone());
                let flow = self.exec_block(cx, &statement.finally);
                self.handled.pop();
                match flow {
                    Ok(Flow::Normal) => {
                        if let Some(frame) = self.frames.last_mut() {
                            frame.error_extent = Some(ALREADY_NOTED);
                        }
                        Err(error)
                    }
                    Ok(other) => Ok(other),
                    Err(mut second) => {
                        self.set_context(&mut second, &exception);
                        Err(second)
                    }
                }
            }
        }
    }

    fn try_except(&mut self, cx: &Rc<Scope>, statement: &Try) -> Result<Flow> {
        match self.exec_block(cx, &statement.body) {
            Ok(Flow::Normal) => self.exec_block(cx, &statement.otherwise),
            Ok(other) => Ok(other),
            Err(error) => {
                let (handler, exception) = self.find_handler(cx, &statement.handlers, error)??;
                let handler = &statement.handlers[handler];
                if let Some((name, place)) = &handler.name {
                    self.store(cx, name, *place, exception.clone())?;
                }
                self.handled.push(exception.clone());
                let result = self.exec_block(cx, &handler.body);
                self.handled.pop();
                if let Some((name, place)) = &handler.name {
                    let _ = self.unbind(cx, name, *place);
                }
                match result {
                    Ok(flow) => Ok(flow),
                    Err(mut error) => {
                        self.set_context(&mut error, &exception);
                        Err(error)
                    }
                }
            }
        }
    }

    /// Finds the handler that catches the error, with the exception value; returns the error if
    /// there is none.
    pub(crate) fn find_handler(
        &mut self,
        cx: &Rc<Scope>,
        handlers: &[Handler],
        mut error: Error,
    ) -> Result<Result<(usize, Value)>> {
        if Self::is_uncatchable(&error) || handlers.is_empty() {
            return Ok(Err(error));
        }
        let saved = self
            .frames
            .last_mut()
            .and_then(|frame| frame.error_extent.take());
        for (index, handler) in handlers.iter().enumerate() {
            let matches = match &handler.kind {
                None => true,
                Some(kind) => {
                    let kind = self.eval(cx, kind)?;
                    let matched = self.handler_matches(&error, &kind);
                    if matched.is_err() {
                        self.note(handler.extent);
                    }
                    matched?
                }
            };
            if matches {
                if let Some(frame) = self.frames.last_mut() {
                    frame.error_extent = saved;
                }
                let exception = self.catch(&mut error);
                return Ok(Ok((index, exception)));
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.error_extent = saved;
        }
        Ok(Err(error))
    }

    fn handler_matches(&mut self, error: &Error, kind: &Value) -> Result<bool> {
        match kind {
            Value::Class(class) => {
                if !class.is_subclass(&self.classes.base_exception.clone()) {
                    if class.mro().any(|class| class.opaque_base.is_some()) {
                        return Ok(false);
                    }
                    return Err(self.type_error(
                        "catching classes that do not inherit from BaseException is not allowed",
                    ));
                }
                Ok(self.error_matches(error, class))
            }
            Value::Tuple(kinds) => {
                for kind in kinds.iter() {
                    if self.handler_matches(error, kind)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            other => {
                if self.opaque_name(other).is_some() {
                    // A class from an opaque module: since the module is unavailable, nothing can
                    // have raised it.
                    return Ok(false);
                }
                Err(self.type_error(
                    "catching classes that do not inherit from BaseException is not allowed",
                ))
            }
        }
    }

    /// Creates the exception value of an error caught in this frame, and adds the frame to its
    /// traceback.
    pub(crate) fn catch(&mut self, error: &mut Error) -> Value {
        self.add_traceback(error);
        if let Some(frame) = self.frames.last_mut() {
            frame.error_extent = None;
        }
        let value = self.exception_value(error);
        self.keep_traceback(&value, error);
        value
    }

    fn with(&mut self, cx: &Rc<Scope>, with: &With) -> Result<Flow> {
        let (manager, value) = self.enter_with(cx, with)?;
        let result = match &with.target {
            Some(target) => self
                .assign(cx, target, value)
                .and_then(|()| self.exec_block(cx, &with.body)),
            None => self.exec_block(cx, &with.body),
        };
        match result {
            Ok(flow) => {
                self.set_extent(with.manager.extent);
                if let Err(error) = self.exit_with(&manager, None, with.asynchronous) {
                    self.note(with.manager.extent);
                    return Err(error);
                }
                Ok(flow)
            }
            Err(error) => self.leave_with(with, &manager, error),
        }
    }

    pub(crate) fn leave_with(
        &mut self,
        with: &With,
        manager: &Value,
        mut error: Error,
    ) -> Result<Flow> {
        if Self::is_uncatchable(&error) {
            return Err(error);
        }
        let exception = self.catch(&mut error);
        self.handled.push(exception.clone());
        self.set_extent(with.manager.extent);
        let swallowed = self.exit_with(manager, Some(&exception), with.asynchronous);
        self.handled.pop();
        match swallowed {
            Ok(true) => Ok(Flow::Normal),
            Ok(false) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.error_extent = Some(ALREADY_NOTED);
                }
                Err(error)
            }
            Err(mut second) => {
                if second.raised.is_some() && self.exception_value(&mut second).is(&exception) {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.error_extent = Some(ALREADY_NOTED);
                    }
                    return Err(second);
                }
                self.note(with.manager.extent);
                self.set_context(&mut second, &exception);
                Err(second)
            }
        }
    }

    pub(crate) fn enter_with(&mut self, cx: &Rc<Scope>, with: &With) -> Result<(Value, Value)> {
        let manager = self.eval(cx, &with.manager)?;
        self.set_extent(with.manager.extent);
        let result = self.enter_context(&manager, with.asynchronous);
        match result {
            Ok(value) => Ok((manager, value)),
            Err(error) => {
                self.note(with.manager.extent);
                Err(error)
            }
        }
    }

    /// `__enter__` of a context manager.
    pub fn enter_context(&mut self, manager: &Value, asynchronous: bool) -> Result<Value> {
        if let Value::Native(object) = manager {
            let object = object.clone();
            if let Some(value) = object.enter(manager, self)? {
                return Ok(value);
            }
        }
        if self.opaque_name(manager).is_some() {
            return Ok(manager.clone());
        }
        let (enter, exit) = if asynchronous {
            ("__aenter__", "__aexit__")
        } else {
            ("__enter__", "__exit__")
        };
        let class = self.class_of(manager);
        let Some(method) = class.lookup(enter) else {
            let protocol = if asynchronous {
                "asynchronous context manager"
            } else {
                "context manager"
            };
            return Err(self.type_error(format!(
                "'{}' object does not support the {protocol} protocol",
                class.name()
            )));
        };
        if class.lookup(exit).is_none() && !matches!(manager, Value::Native(_)) {
            return Err(self.type_error(format!(
                "'{}' object does not support the context manager protocol (missed {exit} method)",
                class.name()
            )));
        }
        let method = self.bind(&method, manager, &class)?;
        let value = self.call(&method, Arguments::none())?;
        if asynchronous {
            self.await_value(&value)
        } else {
            Ok(value)
        }
    }

    /// Calls `__exit__` of a context manager; true if it suppresses the exception.
    pub fn exit_with(
        &mut self,
        manager: &Value,
        exception: Option<&Value>,
        asynchronous: bool,
    ) -> Result<bool> {
        if let Value::Native(object) = manager {
            let object = object.clone();
            if let Some(swallow) = object.exit(manager, self, exception)? {
                return Ok(swallow);
            }
        }
        if self.opaque_name(manager).is_some() {
            return Ok(false);
        }
        let name = if asynchronous {
            "__aexit__"
        } else {
            "__exit__"
        };
        let arguments = match exception {
            Some(exception) => vec![
                Value::Class(self.class_of(exception)),
                exception.clone(),
                Value::None,
            ],
            None => vec![Value::None, Value::None, Value::None],
        };
        let class = self.class_of(manager);
        let Some(method) = class.lookup(name) else {
            return Ok(false);
        };
        let method = self.bind(&method, manager, &class)?;
        let mut result = self.call(&method, Arguments::positional(arguments))?;
        if asynchronous {
            result = self.await_value(&result)?;
        }
        if exception.is_none() {
            return Ok(false);
        }
        self.truth(&result)
    }
}
