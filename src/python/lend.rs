//! Lending the interpreter: layers below `python` know no Python values, yet call back into Python
//! through traits. A caller that holds the interpreter lends it before calling down; the trait
//! implementation borrows it back.

use ground::exception;
use ground::hash::HashMap;
use std::cell::OnceCell;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::dict::Dict;
use super::interpreter::Interpreter;
use super::source::Sources;
use super::value::Value;
use ground::diagnostic::{Error, Result};

thread_local! {
    static LENT: RefCell<Vec<Interpreter>> = const { RefCell::new(Vec::new()) };
}

impl Interpreter {
    /// Runs `body`, which cannot see the interpreter but may call
    /// [`borrow_lent`](Self::borrow_lent).
    pub fn lend<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let placeholder = self.placeholder();
        let lent = std::mem::replace(self, placeholder);
        LENT.with(|stack| stack.borrow_mut().push(lent));
        let result = body();
        if let Some(lent) = LENT.with(|stack| stack.borrow_mut().pop()) {
            *self = lent;
        }
        result
    }

    /// Runs `body` with the most recently lent interpreter.
    ///
    /// # Errors
    /// What `body` returns; `RuntimeError` where nobody lent one.
    pub fn borrow_lent<R>(body: impl FnOnce(&mut Interpreter) -> Result<R>) -> Result<R> {
        let Some(mut vm) = LENT.with(|stack| stack.borrow_mut().pop()) else {
            return Err(Error::new(
                exception::RUNTIME_ERROR,
                "a callback into Python came when no Python was running",
            ));
        };
        let result = body(&mut vm);
        LENT.with(|stack| stack.borrow_mut().push(vm));
        result
    }

    /// Whether somebody lent an interpreter.
    pub fn is_lent() -> bool {
        LENT.with(|stack| !stack.borrow().is_empty())
    }

    /// A stand-in for the lent interpreter; nothing is executed in it.
    fn placeholder(&self) -> Interpreter {
        Interpreter {
            run: self.run.clone(),
            sources: Sources::default(),
            limits: self.limits,
            modules: Rc::new(Dict::new()),
            path: Value::None,
            installed: OnceCell::new(),
            argv: Value::None,
            builtins: self.builtins.clone(),
            classes: self.classes.clone(),
            registry: self.registry.clone(),
            registered: HashMap::default(),
            frames: Vec::new(),
            handled: Vec::new(),
            steps: 0,
            stack_base: 0,
            stack_floor: 0,
            allocated: 0,
            printed: 0,
            repr_stack: Vec::new(),
            expressions: HashMap::default(),
            exception_fillers: BTreeMap::new(),
            exception_base: None,
            namespaces: Vec::new(),
            plans: Vec::new(),
            opaque_imports: HashMap::default(),
            enclosing: Default::default(),
            extensions: HashMap::default(),
        }
    }
}
