//! Generators: the position in the body is kept as data, so that it can suspend at a `yield` and
//! resume.
//!
//! Statements without a `yield` are executed the usual way; those with one are executed here, on a
//! stack of tasks. A `yield` may stand alone, be assigned or be returned; within a larger
//! expression it is unsupported.

use ground::exception;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Flow, Scope};
use crate::arguments::Arguments;
use crate::interpreter::{ALREADY_NOTED, Interpreter};
use crate::tree::*;
use crate::value::Value;
use ground::diagnostic::{Error, Result};

/// A generator or coroutine.
pub struct Generator {
    pub(crate) scope: Rc<Scope>,
    state: RefCell<Option<State>>,
    /// The return value, once finished.
    pub(crate) result: RefCell<Value>,
    running: Cell<bool>,
    /// Whether this is a coroutine.
    pub(crate) coroutine: bool,
}

struct State {
    tasks: Vec<Task>,
    pending: Option<Pending>,
}

/// The position of a statement: its block and index.
#[derive(Clone)]
struct At(Block, usize);

impl At {
    fn statement(&self) -> &Statement {
        &self.0[self.1]
    }
}

enum Task {
    Run(Block, usize),
    Loop(At, Option<Value>),
    Try(At, Stage),
    With(At, Value),
}

enum Stage {
    Body,
    Otherwise,
    Handler(Value, usize),
    Finally(Box<Signal>),
}

enum Signal {
    Next,
    Raise(Error),
    Break,
    Continue,
    Return(Value),
}

/// What a suspended statement waits for: a sent value, or the end of the generator it delegates to.
struct Pending {
    at: At,
    delegate: Option<Value>,
}

/// What is sent into a generator.
pub(crate) enum Sent {
    Value(Value),
    Error(Error),
}

/// The outcome of resuming a generator.
pub(crate) enum Answer {
    Yielded(Value),
    Returned(Value),
}

impl Interpreter {
    pub(crate) fn make_generator(&mut self, scope: Rc<Scope>) -> Value {
        self.generator(scope, false)
    }

    pub(crate) fn make_coroutine(&mut self, scope: Rc<Scope>) -> Value {
        self.generator(scope, true)
    }

    fn generator(&mut self, scope: Rc<Scope>, coroutine: bool) -> Value {
        let tasks = vec![Task::Run(scope.code.body.clone(), 0)];
        Value::Generator(Rc::new(Generator {
            scope,
            state: RefCell::new(Some(State {
                tasks,
                pending: None,
            })),
            result: RefCell::new(Value::None),
            running: Cell::new(false),
            coroutine,
        }))
    }

    /// `await value`; coroutines run to completion at once.
    pub fn await_value(&mut self, value: &Value) -> Result<Value> {
        match value {
            Value::Generator(generator) if generator.coroutine => {
                let Some(_) = generator.state.borrow_mut().take() else {
                    return Err(Error::new(
                        exception::RUNTIME_ERROR,
                        "cannot reuse already awaited coroutine",
                    ));
                };
                self.run_body(generator.scope.clone())
            }
            Value::Native(object) if object.opaque().is_some() => Ok(value.clone()),
            other => {
                if let Value::Native(native) = other {
                    let native = native.clone();
                    if let Some(result) = native.awaited(other, self)? {
                        return Ok(result);
                    }
                }
                if let Some(method) = self.find_attribute(other, "__await__")? {
                    let iterator = self.call(&method, Arguments::none())?;
                    if let Value::Generator(generator) = &iterator {
                        if generator.coroutine {
                            return self.await_value(&iterator);
                        }
                        let generator = generator.clone();
                        loop {
                            match self.resume(&generator, Sent::Value(Value::None))? {
                                Answer::Yielded(_) => {}
                                Answer::Returned(value) => return Ok(value),
                            }
                        }
                    }
                    while self.next(&iterator)?.is_some() {}
                    return Ok(Value::None);
                }
                let class = self.class_of(other).name();
                Err(self.type_error(format!(
                    "object {class} can't be used in 'await' expression"
                )))
            }
        }
    }

    /// Resumes a generator until its next `yield` or its end.
    pub(crate) fn resume(&mut self, generator: &Rc<Generator>, sent: Sent) -> Result<Answer> {
        if generator.running.get() {
            return Err(self.value_error("generator already executing"));
        }
        let Some(mut state) = generator.state.borrow_mut().take() else {
            return match sent {
                Sent::Error(error) => Err(error),
                Sent::Value(_) => Ok(Answer::Returned(Value::None)),
            };
        };
        generator.running.set(true);
        let base = self.handled.len();
        for task in &state.tasks {
            if let Task::Try(_, Stage::Handler(exception, _)) = task {
                self.handled.push(exception.clone());
            }
        }
        let result = self.in_frame(generator.scope.clone(), |vm, scope| {
            let answer = vm.run_tasks(scope, &mut state, sent);
            match answer {
                Err(error) if error.class == exception::STOP_ITERATION => Err(Error::new(
                    exception::RUNTIME_ERROR,
                    "generator raised StopIteration",
                )
                .with_cause(error)),
                other => other,
            }
        });
        self.handled.truncate(base);
        generator.running.set(false);
        match &result {
            Ok(Answer::Yielded(_)) => *generator.state.borrow_mut() = Some(state),
            Ok(Answer::Returned(value)) => *generator.result.borrow_mut() = value.clone(),
            Err(_) => {}
        }
        result
    }

    /// Whether a generator has not started yet.
    pub(crate) fn generator_is_fresh(generator: &Generator) -> bool {
        generator.state.borrow().as_ref().is_some_and(|state| {
            state.pending.is_none() && matches!(state.tasks[..], [Task::Run(_, 0)])
        })
    }

    /// Marks a generator as finished.
    pub(crate) fn forget_generator(generator: &Generator) {
        *generator.state.borrow_mut() = None;
    }

    fn run_tasks(&mut self, cx: &Rc<Scope>, state: &mut State, sent: Sent) -> Result<Answer> {
        let mut signal = Signal::Next;
        match (state.pending.take(), sent) {
            (None, Sent::Value(_)) => {}
            (None, Sent::Error(error)) => signal = Signal::Raise(error),
            (Some(pending), sent) => match self.continue_pending(cx, pending, sent) {
                Ok(Advance::Yield(value, pending)) => {
                    state.pending = Some(pending);
                    return Ok(Answer::Yielded(value));
                }
                Ok(Advance::Signal(next)) => signal = next,
                Err(error) => signal = Signal::Raise(error),
            },
        }
        loop {
            self.step()?;
            if matches!(signal, Signal::Next) {
                if state.tasks.is_empty() {
                    return Ok(Answer::Returned(Value::None));
                }
                match self.advance(cx, state) {
                    Ok(Advance::Yield(value, pending)) => {
                        state.pending = Some(pending);
                        return Ok(Answer::Yielded(value));
                    }
                    Ok(Advance::Signal(next)) => signal = next,
                    Err(error) => signal = Signal::Raise(error),
                }
                continue;
            }
            let Some(task) = state.tasks.pop() else {
                return match signal {
                    Signal::Raise(error) => Err(error),
                    Signal::Return(value) => Ok(Answer::Returned(value)),
                    _ => Ok(Answer::Returned(Value::None)),
                };
            };
            signal = match self.unwind(cx, state, task, signal) {
                Ok(signal) => signal,
                Err(error) => Signal::Raise(error),
            };
        }
    }

    fn continue_pending(
        &mut self,
        cx: &Rc<Scope>,
        mut pending: Pending,
        sent: Sent,
    ) -> Result<Advance> {
        let value = match pending.delegate.take() {
            None => match sent {
                Sent::Value(value) => value,
                Sent::Error(error) => {
                    self.note(pending.at.statement().extent);
                    return Err(error);
                }
            },
            Some(inner) => {
                let answer = match (&inner, sent) {
                    (Value::Generator(generator), sent) => {
                        let generator = generator.clone();
                        self.resume(&generator, sent)?
                    }
                    (_, Sent::Error(error)) => return Err(error),
                    (inner, Sent::Value(_)) => match self.next(inner)? {
                        Some(value) => Answer::Yielded(value),
                        None => Answer::Returned(Value::None),
                    },
                };
                match answer {
                    Answer::Yielded(value) => {
                        pending.delegate = Some(inner);
                        return Ok(Advance::Yield(value, pending));
                    }
                    Answer::Returned(value) => value,
                }
            }
        };
        let signal = self.complete(cx, &pending.at, value)?;
        Ok(Advance::Signal(signal))
    }

    /// Completes a statement whose `yield` received a value.
    fn complete(&mut self, cx: &Rc<Scope>, at: &At, value: Value) -> Result<Signal> {
        match &at.statement().kind {
            StatementKind::Assign(targets, _) => {
                for target in targets {
                    self.assign(cx, target, value.clone())?;
                }
            }
            StatementKind::Annotated(annotated) => self.assign(cx, &annotated.target, value)?,
            StatementKind::Return(_) => return Ok(Signal::Return(value)),
            StatementKind::Expression(Expression {
                kind: ExpressionKind::Named(name, place, _),
                ..
            }) => self.store(cx, name, *place, value)?,
            StatementKind::Augmented(target, operator, _) => {
                let old = self.eval(cx, target)?;
                let new = self.binary_in_place(*operator, &old, &value)?;
                self.assign(cx, target, new)?;
            }
            _ => {}
        }
        Ok(Signal::Next)
    }

    fn advance(&mut self, cx: &Rc<Scope>, state: &mut State) -> Result<Advance> {
        match state.tasks.last_mut() {
            None => {}
            Some(Task::Run(block, next)) => {
                if *next >= block.len() {
                    state.tasks.pop();
                    return Ok(Advance::Signal(Signal::Next));
                }
                let at = At(block.clone(), *next);
                *next += 1;
                return self.start(cx, state, at);
            }
            Some(Task::Loop(at, iterator)) => {
                let at = at.clone();
                let statement = at.statement();
                match &statement.kind {
                    StatementKind::For(inner) => {
                        let item = match iterator.clone() {
                            Some(iterator) => self.next(&iterator)?,
                            None => None,
                        };
                        match item {
                            Some(item) => {
                                self.assign(cx, &inner.target, item)?;
                                state.tasks.push(Task::Run(inner.body.clone(), 0));
                            }
                            None => {
                                state.tasks.pop();
                                state.tasks.push(Task::Run(inner.otherwise.clone(), 0));
                            }
                        }
                    }
                    StatementKind::While(test, body, otherwise) => {
                        let value = self.eval(cx, test)?;
                        if self.truth(&value)? {
                            state.tasks.push(Task::Run(body.clone(), 0));
                        } else {
                            state.tasks.pop();
                            state.tasks.push(Task::Run(otherwise.clone(), 0));
                        }
                    }
                    _ => {
                        state.tasks.pop();
                    }
                }
            }
            Some(Task::Try(at, _)) => {
                let at = at.clone();
                let Some(Task::Try(_, stage)) = state.tasks.pop() else {
                    return Ok(Advance::Signal(Signal::Next));
                };
                let StatementKind::Try(inner) = &at.statement().kind else {
                    return Ok(Advance::Signal(Signal::Next));
                };
                match stage {
                    Stage::Body => {
                        state.tasks.push(Task::Try(at.clone(), Stage::Otherwise));
                        state.tasks.push(Task::Run(inner.otherwise.clone(), 0));
                    }
                    Stage::Otherwise => {
                        self.finally(state, &at, Signal::Next);
                    }
                    Stage::Handler(_, index) => {
                        self.handled.pop();
                        if let Some((name, place)) = &inner.handlers[index].name {
                            let _ = self.unbind(cx, name, *place);
                        }
                        self.finally(state, &at, Signal::Next);
                    }
                    Stage::Finally(signal) => {
                        if matches!(*signal, Signal::Raise(_))
                            && let Some(frame) = self.frames.last_mut()
                        {
                            frame.error_extent = Some(ALREADY_NOTED);
                        }
                        return Ok(Advance::Signal(*signal));
                    }
                }
            }
            Some(Task::With(at, manager)) => {
                let (at, manager) = (at.clone(), manager.clone());
                state.tasks.pop();
                if let StatementKind::With(with) = &at.statement().kind {
                    self.exit_with(&manager, None, with.asynchronous)?;
                }
            }
        }
        Ok(Advance::Signal(Signal::Next))
    }

    fn finally(&mut self, state: &mut State, at: &At, signal: Signal) {
        if let StatementKind::Try(inner) = &at.statement().kind {
            state
                .tasks
                .push(Task::Try(at.clone(), Stage::Finally(Box::new(signal))));
            state.tasks.push(Task::Run(inner.finally.clone(), 0));
        }
    }

    fn start(&mut self, cx: &Rc<Scope>, state: &mut State, at: At) -> Result<Advance> {
        let statement = at.statement();
        if !statement.yields {
            return Ok(Advance::Signal(match self.exec(cx, statement)? {
                Flow::Normal => Signal::Next,
                Flow::Break => Signal::Break,
                Flow::Continue => Signal::Continue,
                Flow::Return(value) => Signal::Return(value),
            }));
        }
        self.set_extent(statement.extent);
        match &statement.kind {
            StatementKind::Expression(expression) => match &expression.kind {
                ExpressionKind::Named(_, _, value) => self.yield_expression(cx, value, at.clone()),
                _ => self.yield_expression(cx, expression, at.clone()),
            },
            StatementKind::Assign(_, value) => self.yield_expression(cx, value, at.clone()),
            StatementKind::Augmented(_, _, value) => self.yield_expression(cx, value, at.clone()),
            StatementKind::Return(Some(value)) => self.yield_expression(cx, value, at.clone()),
            StatementKind::Annotated(annotated) => match &annotated.value {
                Some(value) => self.yield_expression(cx, value, at.clone()),
                None => Ok(Advance::Signal(Signal::Next)),
            },
            StatementKind::If(branches, otherwise) => {
                let mut chosen = otherwise;
                for (test, block) in branches {
                    let value = self.eval(cx, test)?;
                    if self.truth(&value)? {
                        chosen = block;
                        break;
                    }
                }
                state.tasks.push(Task::Run(chosen.clone(), 0));
                Ok(Advance::Signal(Signal::Next))
            }
            StatementKind::While(..) => {
                state.tasks.push(Task::Loop(at.clone(), None));
                Ok(Advance::Signal(Signal::Next))
            }
            StatementKind::For(inner) => {
                let iterator = self.for_iterator(cx, inner)?;
                state.tasks.push(Task::Loop(at.clone(), Some(iterator)));
                Ok(Advance::Signal(Signal::Next))
            }
            StatementKind::Try(inner) => {
                state.tasks.push(Task::Try(at.clone(), Stage::Body));
                state.tasks.push(Task::Run(inner.body.clone(), 0));
                Ok(Advance::Signal(Signal::Next))
            }
            StatementKind::With(inner) => {
                let (manager, value) = self.enter_with(cx, inner)?;
                state.tasks.push(Task::With(at.clone(), manager));
                state.tasks.push(Task::Run(inner.body.clone(), 0));
                if let Some(target) = &inner.target {
                    self.assign(cx, target, value)?;
                }
                Ok(Advance::Signal(Signal::Next))
            }
            StatementKind::Match(inner) => {
                if let Some(block) = self.match_case(cx, inner)? {
                    state.tasks.push(Task::Run(block, 0));
                }
                Ok(Advance::Signal(Signal::Next))
            }
            _ => Err(Error::unsupported(
                "a yield within a larger expression is not supported; assign it to a name first",
            )),
        }
    }

    fn yield_expression(
        &mut self,
        cx: &Rc<Scope>,
        expression: &Expression,
        at: At,
    ) -> Result<Advance> {
        match &expression.kind {
            ExpressionKind::Yield(value) => {
                let value = match value {
                    Some(value) => self.eval(cx, value)?,
                    None => Value::None,
                };
                Ok(Advance::Yield(value, Pending { at, delegate: None }))
            }
            ExpressionKind::YieldFrom(value) => {
                let value = self.eval(cx, value)?;
                let delegate = Some(self.iterate(&value)?);
                self.continue_pending(cx, Pending { at, delegate }, Sent::Value(Value::None))
            }
            _ => Err(Error::unsupported(
                "a yield within a larger expression is not supported; assign it to a name first",
            )),
        }
    }

    /// Handles a non-local exit (exception, return, break, continue) that passes through a task.
    fn unwind(
        &mut self,
        cx: &Rc<Scope>,
        state: &mut State,
        task: Task,
        signal: Signal,
    ) -> Result<Signal> {
        match task {
            Task::Run(..) => Ok(signal),
            Task::Loop(at, iterator) => match signal {
                Signal::Break => Ok(Signal::Next),
                Signal::Continue => {
                    state.tasks.push(Task::Loop(at, iterator));
                    Ok(Signal::Next)
                }
                other => Ok(other),
            },
            Task::With(at, manager) => {
                let StatementKind::With(with) = &at.statement().kind else {
                    return Ok(signal);
                };
                match signal {
                    Signal::Raise(error) => {
                        self.leave_with(with, &manager, error)?;
                        Ok(Signal::Next)
                    }
                    other => {
                        self.exit_with(&manager, None, with.asynchronous)?;
                        Ok(other)
                    }
                }
            }
            Task::Try(at, stage) => {
                let StatementKind::Try(inner) = &at.statement().kind else {
                    return Ok(signal);
                };
                match (stage, signal) {
                    (Stage::Finally(_), signal) => Ok(signal),
                    (Stage::Body, Signal::Raise(error)) => {
                        match self.find_handler(cx, &inner.handlers, error)? {
                            Ok((index, exception)) => {
                                let handler = &inner.handlers[index];
                                if let Some((name, place)) = &handler.name {
                                    self.store(cx, name, *place, exception.clone())?;
                                }
                                self.handled.push(exception.clone());
                                state
                                    .tasks
                                    .push(Task::Try(at.clone(), Stage::Handler(exception, index)));
                                state.tasks.push(Task::Run(handler.body.clone(), 0));
                                Ok(Signal::Next)
                            }
                            Err(error) => Ok(self.through_finally(state, &at, error)),
                        }
                    }
                    (Stage::Handler(exception, index), signal) => {
                        self.handled.pop();
                        if let Some((name, place)) = &inner.handlers[index].name {
                            let _ = self.unbind(cx, name, *place);
                        }
                        match signal {
                            Signal::Raise(mut error) => {
                                self.set_context(&mut error, &exception);
                                Ok(self.through_finally(state, &at, error))
                            }
                            other => {
                                self.finally(state, &at, other);
                                Ok(Signal::Next)
                            }
                        }
                    }
                    (_, Signal::Raise(error)) => Ok(self.through_finally(state, &at, error)),
                    (_, other) => {
                        self.finally(state, &at, other);
                        Ok(Signal::Next)
                    }
                }
            }
        }
    }

    fn through_finally(&mut self, state: &mut State, at: &At, mut error: Error) -> Signal {
        let StatementKind::Try(inner) = &at.statement().kind else {
            return Signal::Raise(error);
        };
        if inner.finally.is_empty() || Self::is_uncatchable(&error) {
            return Signal::Raise(error);
        }
        self.catch(&mut error);
        self.finally(state, at, Signal::Raise(error));
        Signal::Next
    }
}

enum Advance {
    Yield(Value, Pending),
    Signal(Signal),
}
