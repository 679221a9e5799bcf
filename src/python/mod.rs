//! The interpreter for the Python of migration projects: a deterministic tree walker with
//! CPython 3.11's semantics for what models, env.py and migration scripts contain.
//!
//! [`Interpreter`] (passed as `vm` through every call) runs programs over [`Value`]s. Rust shows
//! its own values by [`NativeObject`], classes by [`ClassBuilder`] and [`NativeClass`], modules by
//! [`Module::build`] and a [`Registry`].

mod arguments;
mod builtins;
pub(crate) mod classes;
mod dict;
mod eval;
mod interpreter;
mod lend;
mod native;
mod pending;
mod source;
pub mod tree;
mod value;

pub use arguments::{Arguments, Bound, Parameters};
pub use dict::Dict;
pub use eval::{Generator, Scope};
pub use interpreter::{Interpreter, Limits};
pub use native::{
    ClassBuilder, ModuleBuilder, ModuleMaker, NativeClass, NativeObject, Registry, instance,
};
pub use pending::format_traceback;
pub use source::{SourceFile, Sources};
pub use tree::{BinaryOperator, CompareOperator, UnaryOperator};
pub use value::{
    Annotation, AttributeHook, Class, ClassBody, ClassCell, ClassData, Descriptor, ExceptionState,
    Function, Instance, Iterator, Layout, List, Method, Module, NativeBody, NativeFunction,
    NextBody, Range, Set, Slice, Value,
};
