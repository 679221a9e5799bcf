//! The built-in functions and the methods of the built-in classes.

use super::interpreter::Interpreter;

pub(crate) fn install(_vm: &mut Interpreter) {}
