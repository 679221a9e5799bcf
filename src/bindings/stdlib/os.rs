//! `os`, `os.path` and `sys`: files, environment and paths, as provided by the host.

use std::rc::Rc;

use ground::diagnostic::Result;
use ground::host::absolute_path;
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, Module, NativeObject, Registry, Value};

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

fn one_path(vm: &mut Interpreter, arguments: Arguments, function: &str) -> Result<String> {
    let [path] = arguments.exactly(function)?;
    path_text(vm, &path)
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

fn set_variable(vm: &mut Interpreter, name: &str, value: Option<String>) {
    let changes = vm.extension::<Changes>();
    changes.0.borrow_mut().insert(name.to_owned(), value);
}

impl NativeObject for Environment {
    fn class(&self, vm: &mut Interpreter) -> Class {
        if let Some(class) = vm.registered_class("os._Environ") {
            return class;
        }
        ClassBuilder::new("os", "_Environ")
            .method("get", |vm, _, arguments| {
                let mut bound = arguments.bind(parameters!("get", "key, default=None"))?;
                let key = bound.value("key");
                let key = vm.str(&key)?;
                Ok(match variable(vm, &key) {
                    Some(value) => Value::str(value),
                    None => bound.value("default"),
                })
            })
            .method("setdefault", |vm, _, arguments| {
                let [key, value] = arguments.exactly("setdefault")?;
                let key = vm.str(&key)?;
                if let Some(value) = variable(vm, &key) {
                    return Ok(Value::str(value));
                }
                let text = vm.str(&value)?;
                set_variable(vm, &key, Some(text));
                Ok(value)
            })
            .method("pop", |vm, _, arguments| {
                let [key, default] = arguments.between("pop", 1)?;
                let key = key.unwrap_or(Value::None);
                let name = vm.str(&key)?;
                match (variable(vm, &name), default) {
                    (Some(value), _) => {
                        set_variable(vm, &name, None);
                        Ok(Value::str(value))
                    }
                    (None, Some(default)) => Ok(default),
                    (None, None) => Err(vm.key_error(&key)),
                }
            })
            .method("update", |vm, _, arguments| {
                let [values] = arguments.exactly("update")?;
                if let Some(dict) = values.as_dict() {
                    for (key, value) in dict.entries() {
                        let (key, value) = (vm.str(&key)?, vm.str(&value)?);
                        set_variable(vm, &key, Some(value));
                    }
                }
                Ok(Value::None)
            })
            .method("copy", |_, _, _| Ok(Value::dict::<&str>([])))
            .build(vm)
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

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some("environ({…})".to_owned()))
    }
}

fn os(vm: &mut Interpreter) -> Result<Rc<Module>> {
    // Not "os.path", which would import this module first.
    let path = vm.import("posixpath")?;
    let getenv = |vm: &mut Interpreter, arguments: Arguments| {
        let mut bound = arguments.bind(parameters!("getenv", "key, default=None"))?;
        let key = bound.value("key");
        let key = vm.str(&key)?;
        Ok(match variable(vm, &key) {
            Some(value) => Value::str(value),
            None => bound.value("default"),
        })
    };
    Ok(Module::build("os")
        .value("path", path)
        .value("environ", Value::native(Environment))
        .value("sep", "/")
        .value("linesep", "\n")
        .value("pathsep", ":")
        .value("curdir", ".")
        .value("pardir", "..")
        .value("name", "posix")
        .function("getenv", getenv)
        .function("putenv", |vm, arguments| {
            let [key, value] = arguments.exactly("putenv")?;
            let (key, value) = (vm.str(&key)?, vm.str(&value)?);
            set_variable(vm, &key, Some(value));
            Ok(Value::None)
        })
        .function("getcwd", |vm, _| {
            Ok(Value::str(vm.run.host.current_directory()))
        })
        .function("getpid", |_, _| Ok(Value::Int(1)))
        .function("fspath", |vm, arguments| {
            Ok(Value::str(one_path(vm, arguments, "fspath")?))
        })
        .function("listdir", |vm, arguments| {
            let [path] = arguments.between("listdir", 0)?;
            let path = match path {
                Some(path) => path_text(vm, &path)?,
                None => ".".to_owned(),
            };
            match vm.run.host.list(&path) {
                Ok(names) => Ok(Value::list(names.into_iter().map(Value::str).collect())),
                Err(error) => Err(vm.host_error(&error)),
            }
        })
        .function("makedirs", |vm, arguments| {
            let mut bound =
                arguments.bind(parameters!("makedirs", "name, mode=511, exist_ok=False"))?;
            let path = bound.value("name");
            let path = path_text(vm, &path)?;
            let exist_ok = bound.value("exist_ok");
            if vm.run.host.is_directory(&path) && !vm.truth(&exist_ok)? {
                let error = ground::host::HostError::Exists(path);
                return Err(vm.host_error(&error));
            }
            match vm.run.host.create_directories(&path) {
                Ok(()) => Ok(Value::None),
                Err(error) => Err(vm.host_error(&error)),
            }
        })
        .function("remove", |vm, arguments| {
            let path = one_path(vm, arguments, "remove")?;
            match vm.run.host.remove(&path) {
                Ok(()) => Ok(Value::None),
                Err(error) => Err(vm.host_error(&error)),
            }
        })
        .function("urandom", |vm, arguments| {
            let [count] = arguments.exactly("urandom")?;
            let count = count.as_int().unwrap_or(0).clamp(0, 1 << 20);
            let mut bytes = vec![0; usize::try_from(count).unwrap_or(0)];
            vm.run.host.random(&mut bytes);
            Ok(Value::bytes(bytes))
        })
        .build())
}

fn path(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let test = |check: fn(&dyn ground::host::Host, &str) -> bool| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let path = one_path(vm, arguments, "path")?;
            Ok(Value::Bool(check(&*vm.run.host, &path)))
        }
    };
    let map = |change: fn(&str) -> String| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let path = one_path(vm, arguments, "path")?;
            Ok(Value::str(change(&path)))
        }
    };
    let absolute = |vm: &mut Interpreter, arguments: Arguments| {
        let mut bound = arguments.bind(parameters!("abspath", "path, *, strict=False"))?;
        let path = bound.value("path");
        let path = path_text(vm, &path)?;
        Ok(Value::str(absolute_path(
            &vm.run.host.current_directory(),
            &path,
        )))
    };
    Ok(Module::build("os.path")
        .value("sep", "/")
        .function(
            "exists",
            test(|host, path| host.is_file(path) || host.is_directory(path)),
        )
        .function("isfile", test(|host, path| host.is_file(path)))
        .function("isdir", test(|host, path| host.is_directory(path)))
        .function("islink", test(|_, _| false))
        .function("isabs", test(|_, path| path.starts_with('/')))
        .function("abspath", absolute)
        .function("realpath", absolute)
        .function("normpath", map(normal_path))
        .function("expanduser", map(str::to_owned))
        .function("expandvars", map(str::to_owned))
        .function("basename", map(|path| split(path).1.to_owned()))
        .function("dirname", map(|path| split(path).0.to_owned()))
        .function("split", |vm, arguments| {
            let path = one_path(vm, arguments, "split")?;
            let (head, tail) = split(&path);
            Ok(Value::tuple(vec![Value::str(head), Value::str(tail)]))
        })
        .function("splitext", |vm, arguments| {
            let path = one_path(vm, arguments, "splitext")?;
            let (root, extension) = split_extension(&path);
            Ok(Value::tuple(vec![Value::str(root), Value::str(extension)]))
        })
        .function("join", |vm, arguments| {
            arguments.no_keywords("join")?;
            let mut whole = String::new();
            for (at, part) in arguments.positional.iter().enumerate() {
                let part = path_text(vm, part)?;
                if part.starts_with('/') || at == 0 {
                    whole = part;
                } else {
                    if !whole.is_empty() && !whole.ends_with('/') {
                        whole.push('/');
                    }
                    whole.push_str(&part);
                }
            }
            Ok(Value::str(whole))
        })
        .function("relpath", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("relpath", "path, start=None"))?;
            let path = bound.value("path");
            let path = path_text(vm, &path)?;
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
            Ok(Value::str(if relative.is_empty() {
                ".".to_owned()
            } else {
                relative.join("/")
            }))
        })
        .build())
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
