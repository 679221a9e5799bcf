//! The tree walker, one file per part of the grammar.

mod class;
mod expression;
mod function;
mod generator;
mod import;
mod locate;
mod pattern;
mod statement;

use ground::exception;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

pub(crate) use class::Plan;
pub use generator::Generator;
pub(crate) use generator::{Answer, Sent};

use super::dict::Dict;
use super::interpreter::{ALREADY_NOTED, CallFrame, Interpreter};
use super::tree::{Code, Extent, NameScope};
use super::value::{ClassCell, Value};
use ground::diagnostic::{Error, Result, Span};

/// The local variables of a running function, class body or module, and its enclosing scopes.
pub struct Scope {
    /// Values by slot.
    pub(crate) slots: RefCell<Vec<Option<Value>>>,
    /// The enclosing function's scope.
    pub(crate) parent: Option<Rc<Scope>>,
    /// The module's namespace.
    pub(crate) globals: Rc<Dict>,
    /// The namespace of a class body.
    pub(crate) class_namespace: Option<Rc<Dict>>,
    /// The class whose body defines the function, for `super()`.
    pub(crate) class_cell: Option<Rc<ClassCell>>,
    /// Annotations of a class body or module.
    pub(crate) annotations: RefCell<ground::hash::IndexMap<Rc<str>, super::value::Annotation>>,
    /// The code being executed.
    pub(crate) code: Rc<Code>,
}

impl Drop for Scope {
    fn drop(&mut self) {
        let slots = self.slots.get_mut();
        if slots.iter().flatten().any(Value::holds_others) {
            super::discard::values(slots.drain(..).flatten().collect());
        }
    }
}

impl Scope {
    /// The scope that functions defined here close over.
    pub(crate) fn closure(self: &Rc<Scope>) -> Option<Rc<Scope>> {
        if self.class_namespace.is_some() {
            self.parent.clone()
        } else if self.code.slots.is_empty() && self.parent.is_none() {
            // A module has no enclosing variables. A function without variables of its own inside
            // another function still counts as one level of nesting.
            (&*self.code.name != "<module>").then(|| self.clone())
        } else {
            Some(self.clone())
        }
    }

    fn outward(self: &Rc<Scope>, depth: u32) -> Option<&Rc<Scope>> {
        let mut scope = if self.class_namespace.is_some() {
            self.parent.as_ref()?
        } else {
            self
        };
        for _ in 0..depth {
            scope = scope.parent.as_ref()?;
        }
        Some(scope)
    }
}

/// Scopes captured by functions defined in them: a function stored in a variable of the scope it
/// captures forms a reference cycle.
#[derive(Default)]
pub(crate) struct Enclosing {
    scopes: Vec<Weak<Scope>>,
    /// When the list reaches this length, scopes that have been dropped are removed from it.
    limit: usize,
}

impl Enclosing {
    fn add(&mut self, scope: &Rc<Scope>) {
        if self.scopes.last().map(Weak::as_ptr) == Some(Rc::as_ptr(scope)) {
            return;
        }
        if self.scopes.len() >= self.limit {
            self.scopes.retain(|scope| scope.strong_count() > 0);
            self.limit = 64.max(self.scopes.len() * 2);
        }
        self.scopes.push(Rc::downgrade(scope));
    }

    /// Clears all captured scopes, to break the cycles once nothing runs any more.
    pub(crate) fn clear(&mut self) {
        for scope in std::mem::take(&mut self.scopes) {
            if let Some(scope) = scope.upgrade() {
                super::discard::values(scope.slots.take().into_iter().flatten().collect());
                drop(scope.annotations.take());
            }
        }
    }
}

/// How a block of statements ended.
pub(crate) enum Flow {
    /// Fell through to the end.
    Normal,
    /// By `break`.
    Break,
    /// By `continue`.
    Continue,
    /// By `return`.
    Return(Value),
}

impl Interpreter {
    /// Records where an error was raised, unless a more precise location is known.
    #[cold]
    pub(crate) fn note(&mut self, extent: Extent) {
        if let Some(frame) = self.frames.last_mut()
            && frame.error_extent.is_none()
        {
            frame.error_extent = Some(extent);
        }
    }

    /// Adds the innermost frame's entry to an error's traceback.
    #[cold]
    pub(crate) fn add_traceback(&mut self, error: &mut Error) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let extent = frame.error_extent.take().unwrap_or(frame.extent);
        if extent == ALREADY_NOTED {
            return;
        }
        let span = Span {
            file: frame.scope.code.file,
            start: extent.start,
            end: extent.end,
        };
        let function = frame.scope.code.name.clone();
        if let Some(location) = self.sources.location(span)
            // A library written in Python is as silent as one written in Rust.
            && !location.path.starts_with("<frozen ")
        {
            let frame = self.sources.frame(span, location, function);
            error.traceback.insert(0, frame);
        }
    }

    /// Runs a closure in a new frame.
    pub(crate) fn in_frame<T>(
        &mut self,
        scope: Rc<Scope>,
        body: impl FnOnce(&mut Interpreter, &Rc<Scope>) -> Result<T>,
    ) -> Result<T> {
        self.enter_stack();
        if self.frames.len() >= self.limits.depth {
            return Err(self.recursion_error());
        }
        self.check_stack()?;
        let extent = scope.code.extent;
        self.frames.push(CallFrame {
            scope: scope.clone(),
            extent,
            error_extent: None,
        });
        let mut result = body(self, &scope);
        if let Err(error) = &mut result {
            self.add_traceback(error);
        }
        self.frames.pop();
        result
    }

    #[inline]
    pub(crate) fn load(
        &mut self,
        cx: &Rc<Scope>,
        name: &Rc<str>,
        place: NameScope,
    ) -> Result<Value> {
        match place {
            NameScope::Local(slot) => {
                if let Some(Some(value)) = cx.slots.borrow().get(slot as usize) {
                    return Ok(value.clone());
                }
                Err(Error::new(
                    exception::UNBOUND_LOCAL_ERROR,
                    format!(
                        "cannot access local variable '{name}' where it is not associated with a value"
                    ),
                ))
            }
            NameScope::Free(depth, slot) => {
                if let Some(scope) = cx.outward(depth)
                    && let Some(Some(value)) = scope.slots.borrow().get(slot as usize)
                {
                    return Ok(value.clone());
                }
                Err(Error::new(
                    exception::NAME_ERROR,
                    format!(
                        "cannot access free variable '{name}' where it is not associated with a \
                         value in enclosing scope"
                    ),
                ))
            }
            NameScope::Global => self.load_global(cx, name),
            NameScope::Class => {
                if let Some(namespace) = &cx.class_namespace
                    && let Some(value) = namespace.get_str(name)
                {
                    return Ok(value);
                }
                self.load_global(cx, name)
            }
            NameScope::ClassOrFree(depth, slot) => {
                if let Some(namespace) = &cx.class_namespace
                    && let Some(value) = namespace.get_str(name)
                {
                    return Ok(value);
                }
                self.load(cx, name, NameScope::Free(depth, slot))
            }
        }
    }

    fn load_global(&mut self, cx: &Rc<Scope>, name: &Rc<str>) -> Result<Value> {
        if let Some(value) = cx.globals.get_str(name) {
            return Ok(value);
        }
        if let Some(value) = self.builtins.get_str(name) {
            return Ok(value);
        }
        if &**name == "__class__"
            && let Some(class) = cx
                .class_cell
                .as_ref()
                .and_then(|cell| cell.borrow().as_ref().and_then(std::rc::Weak::upgrade))
        {
            return Ok(Value::Class(super::value::Class(class)));
        }
        Err(self.name_error(name))
    }

    #[cold]
    fn name_error(&mut self, name: &str) -> Error {
        Error::new(
            exception::NAME_ERROR,
            format!("name '{name}' is not defined"),
        )
    }

    pub(crate) fn store(
        &mut self,
        cx: &Rc<Scope>,
        name: &Rc<str>,
        place: NameScope,
        value: Value,
    ) -> Result<()> {
        match place {
            NameScope::Local(slot) => {
                let old = cx
                    .slots
                    .borrow_mut()
                    .get_mut(slot as usize)
                    .and_then(|slot| slot.replace(value));
                drop(old);
            }
            NameScope::Free(depth, slot) => {
                if let Some(scope) = cx.outward(depth) {
                    let old = scope
                        .slots
                        .borrow_mut()
                        .get_mut(slot as usize)
                        .and_then(|slot| slot.replace(value));
                    drop(old);
                }
            }
            NameScope::Global => cx.globals.set_name(name, value),
            NameScope::Class | NameScope::ClassOrFree(..) => match &cx.class_namespace {
                Some(namespace) => namespace.set_name(name, value),
                None => cx.globals.set_name(name, value),
            },
        }
        Ok(())
    }

    pub(crate) fn unbind(
        &mut self,
        cx: &Rc<Scope>,
        name: &Rc<str>,
        place: NameScope,
    ) -> Result<()> {
        let removed = match place {
            NameScope::Local(slot) => cx
                .slots
                .borrow_mut()
                .get_mut(slot as usize)
                .and_then(Option::take),
            NameScope::Free(depth, slot) => cx.outward(depth).and_then(|scope| {
                scope
                    .slots
                    .borrow_mut()
                    .get_mut(slot as usize)
                    .and_then(Option::take)
            }),
            NameScope::Global => cx.globals.remove_str(name),
            NameScope::Class | NameScope::ClassOrFree(..) => match &cx.class_namespace {
                Some(namespace) => namespace.remove_str(name),
                None => cx.globals.remove_str(name),
            },
        };
        match removed {
            Some(_) => Ok(()),
            None if matches!(place, NameScope::Local(_)) => Err(Error::new(
                exception::UNBOUND_LOCAL_ERROR,
                format!(
                    "cannot access local variable '{name}' where it is not associated with a value"
                ),
            )),
            None => Err(self.name_error(name)),
        }
    }
}
