//! What user code finds when it looks at a module or a class without running anything: `dir()`,
//! `inspect.signature` and the method resolution order. `tests/faces.rs` compares it with the real
//! packages and lists what is missing.

use ground::diagnostic::Result;
use ground::order::InOrder;
use ground::run::Run;
use python::tree::ParameterList;
use python::{
    Class, Descriptor, Function, Interpreter, NativeBody, NativeFunction, Registry, Value,
};

/// How a parameter takes its argument: the kinds of `inspect.Parameter`.
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
    /// How it takes its argument.
    pub kind: ParameterKind,
    /// `repr()` of its default, or [`Signature::UNTOLD`] where that would not say much.
    pub default: Option<String>,
}

/// The parameters of a function, a method without its object, or a constructor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// In their order.
    pub parameters: Vec<Parameter>,
}

impl Signature {
    /// Stands for a default that is neither a number, a text, a truth value nor `None`.
    pub const UNTOLD: &'static str = "…";

    /// Reads a parameter list as Python writes it, without annotations: `a, /, b=None, *, c, **kw`.
    /// A comma belongs to a default only within quotes or brackets.
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

    /// The same without its first parameter, which is the object or the class of a method.
    fn bound(mut self) -> Signature {
        if !self.parameters.is_empty() {
            self.parameters.remove(0);
        }
        self
    }
}

/// The parts of a parameter list.
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

/// What stands behind a name of a module or a class.
#[derive(Clone, Debug)]
pub enum Member {
    /// A class.
    Class(Class),
    /// A function or method, and its parameters if they are declared.
    Function(Option<Signature>),
    /// A module.
    Module,
    /// Anything else: a property, a constant, an object.
    Value,
}

/// An interpreter that is only looked at.
pub struct Faces {
    vm: Interpreter,
}

impl Faces {
    /// Looks at all modules that user code can import without a file.
    pub fn new(run: &Run) -> Faces {
        Faces {
            vm: Interpreter::new(run.clone(), super::registry()),
        }
    }

    /// The names of the modules, sorted; those that Python itself keeps private are left out.
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

    /// The public names of a module or a class, inherited ones too, sorted.
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

    /// What stands behind a name, which need not be among [`names`](Self::names): some are made
    /// when they are asked for.
    pub fn member(&mut self, of: &Value, name: &str) -> Option<Member> {
        // Methods are looked up unbound, so that their descriptors tell what they are.
        let value = match of {
            Value::Class(class) => class.lookup(name),
            _ => None,
        };
        let value = match value {
            Some(value) => value,
            // An attribute that raises is one that is there.
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

    /// The parameters of a class's constructor, if they are declared.
    pub fn constructor(&mut self, class: &Class) -> Option<Signature> {
        let init = class.lookup("__init__")?;
        self.signature(&init).map(Signature::bound)
    }

    /// The parameters of a function with its object or class, if they are declared.
    fn signature(&mut self, function: &Value) -> Option<Signature> {
        match function {
            Value::Function(function) => Some(self.written(function)),
            Value::NativeFunction(function) => declared(function),
            _ => None,
        }
    }

    /// The parameters of a function of one of the modules that are Python themselves.
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

    /// A default as a signature tells it.
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

/// The parameters of a function written in Rust, where its class or module declares them.
fn declared(function: &NativeFunction) -> Option<Signature> {
    match &function.body {
        // A getter takes its object alone.
        NativeBody::Getter(_) => Some(Signature::parse("self")),
        _ => function.signature().map(Signature::parse),
    }
}
