//! `os`, `os.path` and `sys`: files, environment and paths, as provided by the host.

use std::rc::Rc;

use ground::diagnostic::Result;
use ground::host::absolute_path;
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject,
    Registry, Value, function, method,
};

/// Registers the modules. `sys` is provided by the interpreter.
pub fn register(registry: &mut Registry) {
    registry.add("os", os);
    registry.add("os.path", path);
    registry.add("posixpath", path);
}

/// A path argument: a `str`, or an object with `__fspath__`.
fn path_text(vm: &mut Interpreter, value: &Value) -> Result<String> {
    if let Some(text) = value.as_text() {
        return Ok(text.to_string());
    }
    if let Some(method) = vm.find_attribute(value, "__fspath__")? {
        let path = vm.call(&method, Arguments::none())?;
        return vm.str(&path);
    }
    let class = vm.class_of(value).name();
    Err(vm.type_error(format!(
        "expected str, bytes or os.PathLike object, not {class}"
    )))
}

/// `os.environ`: the host's variables, overridden by those set in this run.
struct Environment;

/// Variables set with `os.environ[...] = ...`; `None` marks a deleted one.
#[derive(Default)]
struct Changes(std::cell::RefCell<ground::hash::IndexMap<String, Option<String>>>);

fn variable(vm: &mut Interpreter, name: &str) -> Option<String> {
    let changes = vm.extension::<Changes>();
    let changed = changes.0.borrow().get(name).cloned();
    match changed {
        Some(value) => value,
        None => vm.run.host.environment(name),
    }
}

/// The variables that are set, by name.
fn variables(vm: &mut Interpreter) -> Vec<(String, Value)> {
    let mut names = vm.run.host.environment_names();
    let changes = vm.extension::<Changes>();
    for (name, _) in changes.0.borrow().iter() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let mut found = Vec::new();
    for name in names {
        if let Some(value) = variable(vm, &name) {
            found.push((name, Value::str(value)));
        }
    }
    found
}

fn set_variable(vm: &mut Interpreter, name: &str, value: Option<String>) {
    let changes = vm.extension::<Changes>();
    changes.0.borrow_mut().insert(name.to_owned(), value);
}

/// The variable that an argument names.
fn key(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<(Value, String)> {
    let key = bound.value("key");
    let name = vm.str(&key)?;
    Ok((key, name))
}

fn get(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let (_, name) = key(vm, bound)?;
    Ok(match variable(vm, &name) {
        Some(value) => Value::str(value),
        None => bound.value("default"),
    })
}

static ENVIRON: Declaration<Environment> = Declaration {
    methods: &[
        method("get", "self, key, default=None", |vm, _, bound| {
            get(vm, bound)
        }),
        method("setdefault", "self, key, value", |vm, _, bound| {
            let (_, name) = key(vm, bound)?;
            if let Some(value) = variable(vm, &name) {
                return Ok(Value::str(value));
            }
            let value = bound.value("value");
            let text = vm.str(&value)?;
            set_variable(vm, &name, Some(text));
            Ok(value)
        }),
        method(
            "pop",
            "self, key, default=<object object>",
            |vm, _, bound| {
                let (key, name) = key(vm, bound)?;
                match (variable(vm, &name), bound.take("default")) {
                    (Some(value), _) => {
                        set_variable(vm, &name, None);
                        Ok(Value::str(value))
                    }
                    (None, Some(default)) => Ok(default),
                    (None, None) => Err(vm.key_error(&key)),
                }
            },
        ),
        method("update", "self, other=(), /, **kwds", |vm, _, bound| {
            let dict = Value::Class(vm.registered_class("dict").unwrap_or(vm.object_class()));
            let arguments = Arguments {
                positional: bound.take("other").into_iter().collect(),
                keyword: std::mem::take(&mut bound.extra),
            };
            let values = vm.call(&dict, arguments)?;
            for (key, value) in values
                .as_dict()
                .map(|dict| dict.entries())
                .unwrap_or_default()
            {
                let (key, value) = (vm.str(&key)?, vm.str(&value)?);
                set_variable(vm, &key, Some(value));
            }
            Ok(Value::None)
        }),
        method("copy", "self", |vm, _, _| Ok(Value::dict(variables(vm)))),
        method("items", "self", |vm, _, _| {
            let dict = Value::dict(variables(vm));
            vm.call_method(&dict, "items", Arguments::none())
        }),
        method("keys", "self", |vm, _, _| {
            let dict = Value::dict(variables(vm));
            vm.call_method(&dict, "keys", Arguments::none())
        }),
        method("values", "self", |vm, _, _| {
            let dict = Value::dict(variables(vm));
            vm.call_method(&dict, "values", Arguments::none())
        }),
        method("clear", "self", |vm, _, _| {
            for (name, _) in variables(vm) {
                set_variable(vm, &name, None);
            }
            Ok(Value::None)
        }),
    ],
    sealed: true,
    ..Declaration::new("os._Environ")
};

impl NativeObject for Environment {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ENVIRON)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let name = vm.str(key)?;
        match variable(vm, &name) {
            Some(value) => Ok(Some(Value::str(value))),
            None => Err(vm.key_error(key)),
        }
    }

    fn set_item(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        key: &Value,
        value: &Value,
    ) -> Result<bool> {
        let (Some(name), Some(text)) = (key.as_text(), value.as_text()) else {
            let class = vm.class_of(value).name();
            return Err(vm.type_error(format!("str expected, not {class}")));
        };
        set_variable(vm, &name, Some(text.to_string()));
        Ok(true)
    }

    fn delete_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<bool> {
        let name = vm.str(key)?;
        if variable(vm, &name).is_none() {
            return Err(vm.key_error(key));
        }
        set_variable(vm, &name, None);
        Ok(true)
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let name = vm.str(item)?;
        Ok(Some(variable(vm, &name).is_some()))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let names = variables(vm).into_iter();
        Ok(Some(Value::list(
            names.map(|(name, _)| Value::str(name)).collect(),
        )))
    }

    fn length(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(variables(vm).len()))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let dict = Value::dict(variables(vm));
        Ok(Some(format!("environ({})", vm.repr(&dict)?)))
    }
}

static FUNCTIONS: &[FreeFunction] = &[
    function("getenv", "key, default=None", get),
    function("putenv", "name, value, /", |vm, bound| {
        let (name, value) = (bound.value("name"), bound.value("value"));
        let (name, value) = (vm.str(&name)?, vm.str(&value)?);
        set_variable(vm, &name, Some(value));
        Ok(Value::None)
    }),
    function("getcwd", "", |vm, _| {
        Ok(vm.run.host.current_directory().into())
    }),
    function("getpid", "", |_, _| Ok(Value::Int(1))),
    function("fspath", "path", |vm, bound| {
        Ok(path_of(vm, bound, "path")?.into())
    }),
    function("listdir", "path=None", |vm, bound| {
        let path = match bound.take_some("path") {
            Some(path) => path_text(vm, &path)?,
            None => ".".to_owned(),
        };
        match vm.run.host.list(&path) {
            Ok(names) => Ok(Value::list(names.into_iter().map(Value::str).collect())),
            Err(error) => Err(vm.host_error(&error)),
        }
    }),
    function("makedirs", "name, mode=511, exist_ok=False", |vm, bound| {
        // A host knows no rights.
        bound.ignore(&["mode"]);
        let path = path_of(vm, bound, "name")?;
        let exist_ok = bound.value("exist_ok");
        if vm.run.host.is_directory(&path) && !vm.truth(&exist_ok)? {
            let error = ground::host::HostError::Exists(path);
            return Err(vm.host_error(&error));
        }
        match vm.run.host.create_directories(&path) {
            Ok(()) => Ok(Value::None),
            Err(error) => Err(vm.host_error(&error)),
        }
    }),
    function("remove", "path, *, dir_fd=None", |vm, bound| {
        let path = path_of(vm, bound, "path")?;
        match vm.run.host.remove(&path) {
            Ok(()) => Ok(Value::None),
            Err(error) => Err(vm.host_error(&error)),
        }
    }),
    function("_remove_directory", "path", |vm, bound| {
        let path = path_of(vm, bound, "path")?;
        let done = vm.run.host.remove_directory(&path);
        done.map_err(|error| vm.host_error(&error))?;
        Ok(Value::None)
    }),
    function("urandom", "size, /", |vm, bound| {
        let count = bound.value("size").as_int().unwrap_or(0).clamp(0, 1 << 20);
        let mut bytes = vec![0; usize::try_from(count).unwrap_or(0)];
        vm.run.host.random(&mut bytes);
        Ok(Value::bytes(bytes))
    }),
];

/// What is written in Python.
const MORE: &str = "_os_more";

fn os(vm: &mut Interpreter) -> Result<Rc<Module>> {
    // Not "os.path", which would import this module first.
    let path = vm.import("posixpath")?;
    Ok(Module::build("os")
        .value("path", path)
        .value("environ", Value::native(Environment))
        .value("sep", "/")
        .value("linesep", "\n")
        .value("pathsep", ":")
        .value("curdir", ".")
        .value("pardir", "..")
        .value("name", "posix")
        .value("devnull", "/dev/null")
        .functions(FUNCTIONS)
        .attribute_hook(|vm, name| more(vm, name, "os"))
        .build())
}

fn path_of(vm: &mut Interpreter, bound: &mut Bound<'_>, parameter: &str) -> Result<String> {
    let path = bound.value(parameter);
    path_text(vm, &path)
}

fn absolute(vm: &mut Interpreter, bound: &mut Bound<'_>, parameter: &str) -> Result<Value> {
    let path = path_of(vm, bound, parameter)?;
    Ok(absolute_path(&vm.run.host.current_directory(), &path).into())
}

fn join(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut whole = path_of(vm, bound, "a")?;
    for part in &bound.rest {
        let part = path_text(vm, part)?;
        if part.starts_with('/') {
            whole = part;
        } else {
            if !whole.is_empty() && !whole.ends_with('/') {
                whole.push('/');
            }
            whole.push_str(&part);
        }
    }
    Ok(whole.into())
}

fn relpath(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let path = path_of(vm, bound, "path")?;
    let here = vm.run.host.current_directory();
    let start = match bound.take_some("start") {
        Some(start) => absolute_path(&here, &path_text(vm, &start)?),
        None => here.clone(),
    };
    let path = absolute_path(&here, &path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let base: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    let shared = parts.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let mut relative: Vec<&str> = vec![".."; base.len() - shared];
    relative.extend(&parts[shared..]);
    Ok(if relative.is_empty() {
        ".".into()
    } else {
        relative.join("/").into()
    })
}

static PATH: &[FreeFunction] = &[
    function("exists", "path", |vm, bound| {
        let path = path_of(vm, bound, "path")?;
        let host = &vm.run.host;
        Ok((host.is_file(&path) || host.is_directory(&path)).into())
    }),
    function("isfile", "path", |vm, bound| {
        let path = path_of(vm, bound, "path")?;
        Ok(vm.run.host.is_file(&path).into())
    }),
    function("isdir", "s", |vm, bound| {
        let path = path_of(vm, bound, "s")?;
        Ok(vm.run.host.is_directory(&path).into())
    }),
    function("islink", "path", |vm, bound| {
        path_of(vm, bound, "path")?;
        Ok(Value::Bool(false))
    }),
    function("isabs", "s", |vm, bound| {
        Ok(path_of(vm, bound, "s")?.starts_with('/').into())
    }),
    function("abspath", "path", |vm, bound| absolute(vm, bound, "path")),
    function("realpath", "filename, *, strict=False", |vm, bound| {
        absolute(vm, bound, "filename")
    }),
    function("normpath", "path", |vm, bound| {
        Ok(normal_path(&path_of(vm, bound, "path")?).into())
    }),
    function("expanduser", "path", |vm, bound| {
        Ok(path_of(vm, bound, "path")?.into())
    }),
    function("expandvars", "path", |vm, bound| {
        Ok(path_of(vm, bound, "path")?.into())
    }),
    function("basename", "p", |vm, bound| {
        Ok(split(&path_of(vm, bound, "p")?).1.into())
    }),
    function("dirname", "p", |vm, bound| {
        Ok(split(&path_of(vm, bound, "p")?).0.into())
    }),
    function("split", "p", |vm, bound| {
        let path = path_of(vm, bound, "p")?;
        let (head, tail) = split(&path);
        Ok(Value::tuple(vec![head.into(), tail.into()]))
    }),
    function("splitext", "p", |vm, bound| {
        let path = path_of(vm, bound, "p")?;
        let (root, extension) = split_extension(&path);
        Ok(Value::tuple(vec![root.into(), extension.into()]))
    }),
    function("join", "a, *p", join),
    function("relpath", "path, start=None", relpath),
];

fn path(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("os.path")
        .value("sep", "/")
        .functions(PATH)
        .attribute_hook(|vm, name| more(vm, name, "path"))
        .build())
}

fn more(vm: &mut Interpreter, name: &str, module: &str) -> Result<Option<Value>> {
    if name.starts_with("__") {
        return Ok(None);
    }
    let written = vm.import(MORE)?;
    let own = vm.get_attribute(&written, module)?;
    vm.find_attribute(&own, name)
}

/// `os.path.split`.
fn split(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        Some(0) => ("/", &path[1..]),
        Some(at) => (path[..at].trim_end_matches('/'), &path[at + 1..]),
        None => ("", path),
    }
}

/// `os.path.splitext`.
fn split_extension(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].rfind('.') {
        Some(dot) if path[name..name + dot].chars().any(|c| c != '.') => path.split_at(name + dot),
        _ => (path, ""),
    }
}

/// `os.path.normpath`.
fn normal_path(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
