//! An interpreter for the Python of migration projects: a deterministic tree walker with CPython
//! 3.11 semantics for what models, env.py and migration scripts use.
//!
//! [`Interpreter`] (passed as `vm` through every call) runs programs over [`Value`]s. Rust exposes
//! its own values through [`NativeObject`], classes through [`Declaration`] and [`NativeClass`],
//! modules through [`Module::build`] and a [`Registry`].

mod arguments;
mod attributes;
mod builtins;
pub(crate) mod classes;
mod code_cache;
mod declaration;
mod dict;
mod discard;
mod display;
mod eval;
mod exceptions;
mod format;
mod generic;
mod interpreter;
mod items;
mod iterate;
mod lend;
mod markers;
mod members;
mod metaclass;
mod names;
mod native;
mod native_function;
mod opaque;
mod operators;
mod parse;
mod scan;
mod source;
pub mod tree;
mod value;

pub use arguments::{Arguments, Bound, Parameters};
pub use declaration::{
    Body, Constant, Declaration, Declared, FreeBody, FreeFunction, Get, Hooks,
    Method as DeclaredMethod, Property, Receiver, Set as Setter, built_in, constructor, function,
    method, property, settable,
};
pub use dict::Dict;
pub use eval::{Generator, Scope};
pub use exceptions::{Filler, format_traceback};
pub use generic::{GENERIC_ALIAS, GenericAlias, UNION_TYPE, Union};
pub use interpreter::{Interpreter, Limits};
pub use names::{Name, NameKind, NameTable};
pub use native::{
    ClassBuilder, ModuleBuilder, ModuleMaker, NativeClass, NativeObject, Registry, instance,
};
pub use source::{SourceFile, Sources};

/// The syntax tree of a source text, for tools that inspect a file without running it; of a text that was parsed
/// lately, the same tree again.
///
/// # Errors
/// `SyntaxError` and `IndentationError`, in the words of an interpreter that reads the file, and
/// `limbeck.Unsupported`.
pub fn parse(text: &str) -> ground::diagnostic::Result<std::rc::Rc<tree::Code>> {
    code_cache::parse("", text, false)
        .code
        .map_err(|failure| ground::diagnostic::Error::new(failure.class, failure.message))
}
pub use tree::{BinaryOperator, CompareOperator, UnaryOperator};
pub use value::{
    Annotation, AttributeHook, Class, ClassBody, ClassCell, ClassData, Descriptor, ExceptionState,
    Function, Instance, Iterator, Layout, List, Method, Module, NativeBody, NativeFunction,
    NextBody, Range, Set, Slice, Value,
};
