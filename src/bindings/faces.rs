//! Introspection without running user code: `dir()`, `inspect.signature` and the method resolution
//! order of modules and classes. `tests/faces.rs` compares them with the real packages and lists
//! what is missing.

use ground::diagnostic::Result;
use ground::order::InOrder;
use ground::run::Run;
use python::tree::ParameterList;
use python::{Class, Descriptor, Function, Interpreter, NativeFunction, Registry, Value};

/// The kind of a parameter, as in `inspect.Parameter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Before a `/`.
    PositionalOnly,
    /// By position or by name.
    PositionalOrKeyword,
    /// `*args`.
    VarPositional,
    /// After a `*`.
    KeywordOnly,
    /// `**kwargs`.
    VarKeyword,
}

/// One parameter of a [`Signature`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, without stars.
    pub name: String,
    /// How its argument is passed.
    pub kind: ParameterKind,
    /// `repr()` of its default, or [`Signature::UNTOLD`] for a default that is not a simple
    /// constant.
    pub default: Option<String>,
}

/// The signature of a function, a bound method, or a constructor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// In declaration order.
    pub parameters: Vec<Parameter>,
}

impl Signature {
    /// Placeholder for a default that is not a number, string, boolean or `None`.
    pub const UNTOLD: &'static str = "…";

    /// Parses a parameter list in Python's syntax without annotations: `a, /, b=None, *, c, **kw`.
    /// Commas inside quotes or brackets belong to a default.
    pub fn parse(list: &str) -> Signature {
        let mut signature = Signature::default();
        let mut kind = ParameterKind::PositionalOrKeyword;
        for part in split(list) {
            let (name, default) = match part.split_once('=') {
                Some((name, default)) => (name.trim(), Some(default.trim().to_owned())),
                None => (part, None),
            };
            let (name, own_kind) = if name == "/" {
                for before in &mut signature.parameters {
                    before.kind = ParameterKind::PositionalOnly;
                }
                continue;
            } else if name == "*" {
                kind = ParameterKind::KeywordOnly;
                continue;
            } else if let Some(name) = name.strip_prefix("**") {
                (name, ParameterKind::VarKeyword)
            } else if let Some(name) = name.strip_prefix('*') {
                kind = ParameterKind::KeywordOnly;
                (name, ParameterKind::VarPositional)
            } else {
                (name, kind)
            };
            signature.parameters.push(Parameter {
                name: name.to_owned(),
                kind: own_kind,
                default,
            });
        }
        signature
    }

    /// Without its first parameter, the `self` or `cls` of a method.
    fn bound(mut self) -> Signature {
        if !self.parameters.is_empty() {
            self.parameters.remove(0);
        }
        self
    }
}

/// Splits a parameter list at its top-level commas.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    for (at, c) in list.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts.into_iter().map(str::trim).collect()
}

/// The kind of a module or class member.
#[derive(Clone, Debug)]
pub enum Member {
    /// A class.
    Class(Class),
    /// A function or method, with its signature if declared.
    Function(Option<Signature>),
    /// A module.
    Module,
    /// Anything else: a property, a constant, an object.
    Value,
}

/// An interpreter used only for introspection.
pub struct Faces {
    vm: Interpreter,
}

impl Faces {
    /// Prepares all modules that user code can import without a file.
    pub fn new(run: &Run) -> Faces {
        Faces {
            vm: Interpreter::new(run.clone(), super::registry()),
        }
    }

    /// The module names, sorted; Python's private modules are omitted.
    pub fn modules(&self) -> Vec<&'static str> {
        let registry: &Registry = &super::registry();
        let mut names: Vec<&'static str> = registry.names().collect();
        names.retain(|name| !name.split('.').any(|part| part.starts_with('_')));
        names
    }

    /// A module by its dotted name.
    ///
    /// # Errors
    /// Those of importing it.
    pub fn module(&mut self, name: &str) -> Result<Value> {
        self.vm.import(name)
    }

    /// The public names of a module or class, including inherited ones, sorted.
    pub fn names(&mut self, of: &Value) -> Vec<String> {
        let mut names: Vec<String> = match of {
            Value::Module(module) => entries(&module.namespace.str_entries()),
            Value::Class(class) => class
                .mro()
                .flat_map(|class| entries(&class.namespace.str_entries()))
                .collect(),
            _ => Vec::new(),
        };
        names.in_order();
        names.dedup();
        names
    }

    /// Looks up a member, which need not be among [`names`](Self::names): some are created on
    /// access.
    pub fn member(&mut self, of: &Value, name: &str) -> Option<Member> {
        // Methods are looked up unbound, so that descriptors can be classified.
        let value = match of {
            Value::Class(class) => class.lookup(name),
            _ => None,
        };
        let value = match value {
            Some(value) => value,
            // An attribute whose getter raises does exist.
            None => match self.vm.find_attribute(of, name) {
                Ok(value) => value?,
                Err(_) => return Some(Member::Value),
            },
        };
        let in_class = matches!(of, Value::Class(_));
        Some(match &value {
            Value::Class(class) => Member::Class(class.clone()),
            Value::Module(_) => Member::Module,
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::ClassMethod(function) => {
                    Member::Function(self.signature(function).map(Signature::bound))
                }
                Descriptor::StaticMethod(function) => Member::Function(self.signature(function)),
                Descriptor::Property { .. } | Descriptor::CachedProperty(..) => Member::Value,
            },
            Value::Function(_) | Value::NativeFunction(_) => {
                let signature = self.signature(&value);
                Member::Function(if in_class {
                    signature.map(Signature::bound)
                } else {
                    signature
                })
            }
            Value::Method(method) => {
                Member::Function(self.signature(&method.function).map(Signature::bound))
            }
            _ => Member::Value,
        })
    }

    /// The signature of a class's constructor, if declared.
    pub fn constructor(&mut self, class: &Class) -> Option<Signature> {
        let (owner, init) = class.lookup_with_class("__init__")?;
        // What `object` makes takes no arguments.
        if owner.is_named("object") && class.hooks.is_none() {
            return Some(Signature::default());
        }
        self.signature(&init).map(Signature::bound)
    }

    /// The signature of a function including `self` or `cls`, if declared.
    fn signature(&mut self, function: &Value) -> Option<Signature> {
        match function {
            Value::Function(function) => Some(self.written(function)),
            Value::NativeFunction(function) => declared(function),
            _ => None,
        }
    }

    /// The signature of a function from a module written in Python.
    fn written(&mut self, function: &Function) -> Signature {
        let ParameterList {
            positional_only,
            positional,
            keyword_only,
            rest,
            extra,
        } = &function.code.parameters;
        let mut parameters = Vec::new();
        let defaults = function.defaults.borrow().clone();
        let required = positional.len().saturating_sub(defaults.len());
        for (index, parameter) in positional.iter().enumerate() {
            let default = index.checked_sub(required).map(|at| defaults[at].clone());
            parameters.push(Parameter {
                name: parameter.name.to_string(),
                kind: if index < *positional_only {
                    ParameterKind::PositionalOnly
                } else {
                    ParameterKind::PositionalOrKeyword
                },
                default: default.map(|value| self.told(&value)),
            });
        }
        if let Some(rest) = rest {
            parameters.push(Parameter {
                name: rest.name.to_string(),
                kind: ParameterKind::VarPositional,
                default: None,
            });
        }
        let defaults = function.keyword_defaults.borrow().clone();
        for parameter in keyword_only {
            let default = defaults.iter().find(|(name, _)| *name == parameter.name);
            parameters.push(Parameter {
                name: parameter.name.to_string(),
                kind: ParameterKind::KeywordOnly,
                default: default.map(|(_, value)| self.told(value)),
            });
        }
        if let Some(extra) = extra {
            parameters.push(Parameter {
                name: extra.name.to_string(),
                kind: ParameterKind::VarKeyword,
                default: None,
            });
        }
        Signature { parameters }
    }

    /// The representation of a default in a signature.
    fn told(&mut self, value: &Value) -> String {
        match value {
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => self
                .vm
                .repr(value)
                .unwrap_or_else(|_| Signature::UNTOLD.to_owned()),
            _ => Signature::UNTOLD.to_owned(),
        }
    }
}

fn entries(entries: &[(std::rc::Rc<str>, Value)]) -> Vec<String> {
    entries
        .iter()
        .map(|(name, _)| name.to_string())
        .filter(|name| !name.starts_with('_'))
        .collect()
}

/// The signature of a native function, if its class or module declares it.
fn declared(function: &NativeFunction) -> Option<Signature> {
    function.signature().map(Signature::parse)
}
