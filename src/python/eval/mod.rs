//! The walk over the syntax tree, one file for each part of the grammar.

use std::cell::RefCell;
use std::rc::Rc;

use super::value::Value;

/// The variables of a running function.
pub struct Scope {
    /// Values by slot.
    pub slots: RefCell<Vec<Option<Value>>>,
    /// The function around it.
    pub parent: Option<Rc<Scope>>,
}

/// A running generator or coroutine.
pub struct Generator {}
