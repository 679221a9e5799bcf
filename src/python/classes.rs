//! The built-in classes and the method resolution order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::dict::Dict;
use super::members::{Member, Members};
use super::value::{Class, ClassData, Layout, Value};
use ground::hash::HashMap;

/// The built-in classes that the interpreter itself refers to.
pub struct Classes {
    pub object: Class,
    pub r#type: Class,
    pub none: Class,
    pub not_implemented: Class,
    pub ellipsis: Class,
    pub int: Class,
    pub bool: Class,
    pub float: Class,
    pub str: Class,
    pub bytes: Class,
    pub list: Class,
    pub tuple: Class,
    pub dict: Class,
    pub set: Class,
    pub frozenset: Class,
    pub range: Class,
    pub slice: Class,
    pub function: Class,
    pub native_function: Class,
    pub method: Class,
    pub module: Class,
    pub generator: Class,
    pub coroutine: Class,
    pub property: Class,
    pub class_method: Class,
    pub static_method: Class,
    pub cached_property: Class,
    pub super_class: Class,
    pub base_exception: Class,
    exceptions: BTreeMap<&'static str, Class>,
}

const EXCEPTIONS: &[(&str, &str)] = &[
    ("Exception", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("SystemExit", "BaseException"),
    ("ArithmeticError", "Exception"),
    ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("BlockingIOError", "OSError"),
    ("ConnectionError", "OSError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("StopAsyncIteration", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("Warning", "Exception"),
    ("BytesWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
    ("EncodingWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"),
    ("ResourceWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("SyntaxWarning", "Warning"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
];

impl Classes {
    pub(crate) fn new(registered: &mut HashMap<Box<str>, Class>) -> Classes {
        let builtins: Rc<str> = Rc::from("builtins");
        let mut make = |name: &str, base: Option<&Class>, layout: Layout| {
            let bases: Vec<Class> = base.into_iter().cloned().collect();
            let shared: Rc<str> = Rc::from(name);
            let mut members = Members::new(Rc::default(), shared.clone());
            let of_module = Member::Constant(Value::Str(builtins.clone()));
            members.list.push(("__module__", of_module));
            let class = Class(Rc::new(ClassData {
                name: RefCell::new(shared.clone()),
                qualified_name: RefCell::new(shared),
                module: RefCell::new(builtins.clone()),
                ancestors: linearize(&bases).unwrap_or_default(),
                bases,
                namespace: Rc::new(Dict::of_members(members)),
                layout,
                hooks: None,
                annotations: RefCell::default(),
                definition: None,
                opaque_base: None,
                user_defined: false,
                slots: None,
                native: RefCell::default(),
                subclasses: RefCell::default(),
                instances: RefCell::default(),
            }));
            if let Some(base) = base {
                base.subclasses.borrow_mut().push(Rc::downgrade(&class.0));
            }
            registered.insert(name.into(), class.clone());
            class
        };
        let object = make("object", None, Layout::Object);
        let o = Some(&object);
        let int = make("int", o, Layout::Int);
        let base_exception = make("BaseException", o, Layout::Exception);
        let mut exceptions = BTreeMap::new();
        exceptions.insert("BaseException", base_exception.clone());
        for (name, base) in EXCEPTIONS {
            let class = make(name, exceptions.get(base), Layout::Exception);
            exceptions.insert(name, class);
        }
        Classes {
            r#type: make("type", o, Layout::Type),
            none: make("NoneType", o, Layout::Sealed),
            not_implemented: make("NotImplementedType", o, Layout::Sealed),
            ellipsis: make("ellipsis", o, Layout::Sealed),
            bool: make("bool", Some(&int), Layout::Bool),
            int,
            float: make("float", o, Layout::Float),
            str: make("str", o, Layout::Str),
            bytes: make("bytes", o, Layout::Bytes),
            list: make("list", o, Layout::List),
            tuple: make("tuple", o, Layout::Tuple),
            dict: make("dict", o, Layout::Dict),
            set: make("set", o, Layout::Set),
            frozenset: make("frozenset", o, Layout::FrozenSet),
            range: make("range", o, Layout::Sealed),
            slice: make("slice", o, Layout::Sealed),
            function: make("function", o, Layout::Sealed),
            native_function: make("builtin_function_or_method", o, Layout::Sealed),
            method: make("method", o, Layout::Sealed),
            module: make("module", o, Layout::Sealed),
            generator: make("generator", o, Layout::Sealed),
            coroutine: make("coroutine", o, Layout::Sealed),
            property: make("property", o, Layout::Sealed),
            class_method: make("classmethod", o, Layout::Sealed),
            static_method: make("staticmethod", o, Layout::Sealed),
            super_class: make("super", o, Layout::Sealed),
            cached_property: make("cached_property", o, Layout::Sealed),
            base_exception,
            exceptions,
            object,
        }
    }

    /// A built-in exception class by name; `Exception` if the name is unknown.
    pub fn exception(&self, name: &str) -> Class {
        self.exceptions
            .get(name)
            .or_else(|| self.exceptions.get("Exception"))
            .unwrap_or(&self.base_exception)
            .clone()
    }
}

/// The instance layout that a class inherits from its bases.
pub(crate) fn inherited_layout(bases: &[Class]) -> Layout {
    bases
        .iter()
        .map(|base| base.layout)
        .find(|layout| *layout != Layout::Object)
        .unwrap_or(Layout::Object)
}

/// The C3 linearization of the bases, without the new class itself; `None` if there is no
/// consistent MRO.
pub(crate) fn linearize(bases: &[Class]) -> Option<Vec<Class>> {
    if let [base] = bases {
        return Some(base.mro().cloned().collect());
    }
    let mut sequences: Vec<Vec<Class>> = bases
        .iter()
        .map(|base| base.mro().cloned().collect())
        .collect();
    sequences.push(bases.to_vec());
    let mut order = Vec::new();
    loop {
        sequences.retain(|sequence| !sequence.is_empty());
        if sequences.is_empty() {
            return Some(order);
        }
        let next = sequences.iter().map(|sequence| &sequence[0]).find(|head| {
            sequences
                .iter()
                .all(|sequence| !sequence[1..].contains(head))
        })?;
        let next = next.clone();
        for sequence in &mut sequences {
            if sequence[0] == next {
                sequence.remove(0);
            }
        }
        order.push(next);
    }
}
