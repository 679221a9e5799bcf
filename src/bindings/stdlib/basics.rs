//! `abc`, `collections.abc`, `types`, `__future__`, `asyncio`, `inspect`, `sys`, `builtins`,
//! `importlib`, `io`.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::host::Stream;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Dict, Instance, Interpreter, Module, NativeClass, NativeObject,
    Registry, Union, Value, format_traceback,
};

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("__future__", future);
    registry.add("abc", abc);
    registry.add("asyncio", asyncio);
    registry.add("builtins", |vm| {
        let mut module = Module::build("builtins");
        for (name, value) in vm.builtins.str_entries() {
            module = module.value(&name, value);
        }
        Ok(module.build())
    });
    registry.add("collections.abc", collections_abc);
    registry.add("importlib", importlib);
    registry.add("inspect", inspect);
    registry.add("io", io);
    registry.add("sys", sys);
    registry.add("types", types);
}

fn future(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("__future__");
    for name in [
        "annotations",
        "absolute_import",
        "division",
        "generator_stop",
        "nested_scopes",
        "print_function",
        "unicode_literals",
        "with_statement",
    ] {
        module = module.value(name, name);
    }
    Ok(module.build())
}

fn mark_abstract(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let [function] = arguments.exactly("abstractmethod")?;
    if matches!(function, Value::Function(_)) {
        vm.set_attribute(&function, "__isabstractmethod__", Value::Bool(true))?;
    }
    Ok(function)
}

fn abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let r#type = vm.registered_class("type").unwrap_or(vm.object_class());
    let metaclass = ClassBuilder::new("abc", "ABCMeta").base(&r#type).build(vm);
    let base = ClassBuilder::new("abc", "ABC")
        .constant("__abc__", true)
        .build(vm);
    let property = vm.registered_class("property").map(Value::Class);
    Ok(Module::build("abc")
        .class(&metaclass)
        .class(&base)
        .function("abstractmethod", mark_abstract)
        .function("abstractclassmethod", mark_abstract)
        .function("abstractstaticmethod", mark_abstract)
        .value("abstractproperty", property)
        .build())
}

/// A class of `collections.abc`: its instances are those that have certain methods.
struct ProtocolHooks {
    methods: &'static [&'static str],
    classes: &'static [&'static str],
}

impl NativeClass for ProtocolHooks {
    fn instance_check(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<bool>> {
        if class.user_defined {
            return Ok(None);
        }
        let of = vm.class_of(value);
        if of
            .mro()
            .any(|class| self.classes.contains(&&*class.dotted_name()))
        {
            return Ok(Some(true));
        }
        if class.name().as_ref() == "Callable" {
            return Ok(Some(
                matches!(
                    value,
                    Value::Function(_)
                        | Value::NativeFunction(_)
                        | Value::Method(_)
                        | Value::Class(_)
                ) || of.lookup("__call__").is_some(),
            ));
        }
        if class.name().as_ref() == "Hashable" {
            return Ok(Some(vm.hash(value).is_ok()));
        }
        if class.name().as_ref() == "Iterable" && !matches!(value, Value::Class(_)) {
            return Ok(Some(
                matches!(
                    value,
                    Value::Iterator(_) | Value::Generator(_) | Value::Range(_)
                ) || of.lookup("__iter__").is_some(),
            ));
        }
        if class.name().as_ref() == "Iterator" {
            return Ok(Some(
                matches!(value, Value::Iterator(_) | Value::Generator(_))
                    || (of.lookup("__next__").is_some() && of.lookup("__iter__").is_some()),
            ));
        }
        if self.methods.is_empty() {
            return Ok(Some(false));
        }
        Ok(Some(self.methods.iter().all(|method| {
            of.lookup(method).is_some_and(|found| !found.is_none())
        })))
    }
}

const PROTOCOLS: &[(&str, &[&str], &[&str])] = &[
    ("Hashable", &["__hash__"], &[]),
    (
        "Sized",
        &["__len__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
        ],
    ),
    (
        "Container",
        &["__contains__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
        ],
    ),
    (
        "Iterable",
        &["__iter__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
            "generator",
        ],
    ),
    ("Iterator", &["__iter__", "__next__"], &["generator"]),
    (
        "Reversible",
        &["__reversed__"],
        &["list", "tuple", "dict", "range"],
    ),
    (
        "Collection",
        &["__len__", "__iter__", "__contains__"],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "dict",
            "set",
            "frozenset",
            "range",
            "dict_keys",
            "dict_items",
            "dict_values",
        ],
    ),
    ("Callable", &["__call__"], &[]),
    ("Generator", &[], &["generator"]),
    (
        "Sequence",
        &[],
        &[
            "str",
            "bytes",
            "list",
            "tuple",
            "range",
            "collections.deque",
        ],
    ),
    ("ByteString", &[], &["bytes"]),
    ("MutableSequence", &[], &["list", "collections.deque"]),
    ("Set", &[], &["set", "frozenset", "dict_keys", "dict_items"]),
    ("MutableSet", &[], &["set"]),
    ("Mapping", &[], &["dict", "mappingproxy"]),
    ("MutableMapping", &[], &["dict"]),
    ("KeysView", &[], &["dict_keys"]),
    ("ItemsView", &[], &["dict_items"]),
    ("ValuesView", &[], &["dict_values"]),
    (
        "MappingView",
        &[],
        &["dict_keys", "dict_items", "dict_values"],
    ),
    ("Awaitable", &["__await__"], &["coroutine"]),
    ("Coroutine", &[], &["coroutine"]),
    ("AsyncIterable", &["__aiter__"], &[]),
    ("AsyncIterator", &["__aiter__", "__anext__"], &[]),
    ("AsyncGenerator", &[], &[]),
];

fn collections_abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("collections.abc");
    for (name, methods, classes) in PROTOCOLS {
        let mut builder = ClassBuilder::new("collections.abc", name)
            .hooks(ProtocolHooks { methods, classes })
            .constant("__abc__", true)
            .class_method("__class_getitem__", |_, class, arguments| {
                let [key] = arguments.exactly("__class_getitem__")?;
                let arguments = match &key {
                    Value::Tuple(items) => items.to_vec(),
                    other => vec![other.clone()],
                };
                Ok(Value::native(python::GenericAlias {
                    origin: Value::Class(class.clone()),
                    arguments,
                    name: None,
                }))
            });
        if matches!(*name, "Mapping" | "MutableMapping") {
            builder = mapping_methods(builder);
        }
        let class = builder.build(vm);
        module = module.class(&class);
    }
    Ok(module.build())
}

/// What `Mapping` gives to a class that has `__getitem__`, `__iter__` and `__len__`.
fn mapping_methods(builder: ClassBuilder) -> ClassBuilder {
    fn entries(vm: &mut Interpreter, this: &Value) -> Result<Vec<(Value, Value)>> {
        let mut entries = Vec::new();
        for key in vm.collect(this)? {
            let value = vm.get_item(this, &key)?;
            entries.push((key, value));
        }
        Ok(entries)
    }
    builder
        .method("get", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("get", 1)?;
            match vm.get_item(this, &key.unwrap_or(Value::None)) {
                Ok(value) => Ok(value),
                Err(error) if error.class == "KeyError" => Ok(default.unwrap_or(Value::None)),
                Err(error) => Err(error),
            }
        })
        .method("__contains__", |vm, this, arguments| {
            let [key] = arguments.exactly("__contains__")?;
            match vm.get_item(this, &key) {
                Ok(_) => Ok(Value::Bool(true)),
                Err(error) if error.class == "KeyError" => Ok(Value::Bool(false)),
                Err(error) => Err(error),
            }
        })
        .method("keys", |vm, this, _| vm.collect(this).map(Value::list))
        .method("values", |vm, this, _| {
            Ok(Value::list(
                entries(vm, this)?
                    .into_iter()
                    .map(|(_, value)| value)
                    .collect(),
            ))
        })
        .method("items", |vm, this, _| {
            Ok(Value::list(
                entries(vm, this)?
                    .into_iter()
                    .map(|(key, value)| Value::tuple(vec![key, value]))
                    .collect(),
            ))
        })
        .method("setdefault", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("setdefault", 1)?;
            let key = key.unwrap_or(Value::None);
            if vm.contains(this, &key)? {
                return vm.get_item(this, &key);
            }
            let value = default.unwrap_or(Value::None);
            vm.set_item(this, key, value.clone())?;
            Ok(value)
        })
        .method("pop", |vm, this, arguments| {
            let [key, default] = arguments.between::<2>("pop", 1)?;
            let key = key.unwrap_or(Value::None);
            match vm.get_item(this, &key) {
                Ok(value) => {
                    vm.delete_item(this, &key)?;
                    Ok(value)
                }
                Err(error) if error.class == "KeyError" => default.ok_or(error),
                Err(error) => Err(error),
            }
        })
        .method("update", |vm, this, arguments| {
            let dict = vm.registered_class("dict").map(Value::Class);
            if let Some(dict) = dict {
                let all = vm.call(&dict, arguments)?;
                for (key, value) in all.as_dict().map(|dict| dict.entries()).unwrap_or_default() {
                    vm.set_item(this, key, value)?;
                }
            }
            Ok(Value::None)
        })
}

fn asyncio(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let timeout = vm.registered_class("TimeoutError");
    let base = vm.registered_class("BaseException");
    let cancelled = vm.define_exception(
        "asyncio.exceptions",
        "CancelledError",
        &base.into_iter().collect::<Vec<_>>(),
    );
    fn run(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        let mut bound = arguments.bind(parameters!("run", "main, *, debug=None"))?;
        let main = bound.value("main");
        if !matches!(&main, Value::Generator(_))
            && vm.find_attribute(&main, "__await__")?.is_none()
            && !matches!(&main, Value::Native(_))
        {
            let shown = vm.repr(&main)?;
            return Err(vm.value_error(format!("a coroutine was expected, got {shown}")));
        }
        vm.await_value(&main)
    }
    let looping = ClassBuilder::new("asyncio", "AbstractEventLoop")
        .method("run_until_complete", |vm, _, arguments| {
            let [main] = arguments.exactly("run_until_complete")?;
            vm.await_value(&main)
        })
        .method("close", |_, _, _| Ok(Value::None))
        .method("is_running", |_, _, _| Ok(Value::Bool(false)))
        .build(vm);
    let event_loop = Value::Instance(Rc::new(Instance::new(&looping)));
    let mut module = Module::build("asyncio")
        .class(&cancelled)
        .class(&looping)
        .function("run", run)
        .function("iscoroutinefunction", |_, arguments| {
            Ok(Value::Bool(matches!(
                arguments.positional.first(),
                Some(Value::Function(function)) if function.code.asynchronous
            )))
        })
        .function("sleep", |vm, arguments| {
            let [_, result] = arguments.between::<2>("sleep", 1)?;
            let _ = vm;
            Ok(ready(result.unwrap_or(Value::None)))
        })
        .function("gather", |vm, mut arguments| {
            let _ = arguments.take_keyword("return_exceptions");
            let mut results = Vec::new();
            for item in arguments.positional {
                results.push(vm.await_value(&item)?);
            }
            Ok(ready(Value::list(results)))
        })
        .function("create_task", |vm, arguments| {
            let [main] = arguments.between::<1>("create_task", 1)?;
            let result = vm.await_value(&main.unwrap_or(Value::None))?;
            Ok(ready(result))
        })
        .function("wait_for", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("wait_for", "fut, timeout=None"))?;
            let main = bound.value("fut");
            let result = vm.await_value(&main)?;
            Ok(ready(result))
        });
    for name in ["get_event_loop", "new_event_loop"] {
        let event_loop = event_loop.clone();
        module = module.function(name, move |_, _| Ok(event_loop.clone()));
    }
    module = module
        .function("set_event_loop", |_, _| Ok(Value::None))
        .function("get_running_loop", |_, _| {
            Err(Error::new("RuntimeError", "no running event loop"))
        });
    if let Some(timeout) = timeout {
        module = module.value("TimeoutError", Value::Class(timeout));
    }
    Ok(module.build())
}

/// Something to await that is there already.
struct Ready(Value);

impl NativeObject for Ready {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("asyncio", "Future")
    }

    fn awaited(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(self.0.clone()))
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let value = self.0.clone();
        Ok(match name {
            "result" => Some(Value::function("result", move |_, _| Ok(value.clone()))),
            "done" => Some(Value::function("done", |_, _| Ok(Value::Bool(true)))),
            "cancel" => Some(Value::function("cancel", |_, _| Ok(Value::Bool(false)))),
            _ => None,
        })
    }
}

fn ready(value: Value) -> Value {
    Value::native(Ready(value))
}

fn importlib(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let _ = vm;
    Ok(Module::build("importlib")
        .function("import_module", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("import_module", "name, package=None"))?;
            let name = bound.value("name").as_text().unwrap_or_default();
            let relative = name.trim_start_matches('.');
            let dots = name.len() - relative.len();
            if dots == 0 {
                return vm.import(&name);
            }
            let Some(package) = bound.take_some("package").and_then(|name| name.as_text()) else {
                return Err(vm.type_error(format!(
                    "the 'package' argument is required to perform a relative import for '{name}'"
                )));
            };
            let mut base = &*package;
            for _ in 1..dots {
                base = base.rsplit_once('.').map_or("", |(parent, _)| parent);
            }
            vm.import(&format!("{base}.{relative}"))
        })
        .function("reload", |_, arguments| {
            let [module] = arguments.exactly("reload")?;
            Ok(module)
        })
        .build())
}

fn inspect(vm: &mut Interpreter) -> Result<Rc<Module>> {
    fn test(
        name: &'static str,
        body: fn(&mut Interpreter, &Value) -> bool,
    ) -> (&'static str, fn(&mut Interpreter, &Value) -> bool) {
        (name, body)
    }
    let mut module = Module::build("inspect");
    for (name, body) in [
        test("isclass", |_, value| matches!(value, Value::Class(_))),
        test("isfunction", |_, value| matches!(value, Value::Function(_))),
        test("ismethod", |_, value| matches!(value, Value::Method(_))),
        test("ismodule", |_, value| matches!(value, Value::Module(_))),
        test("isbuiltin", |_, value| {
            matches!(value, Value::NativeFunction(_))
        }),
        test("isroutine", |_, value| {
            matches!(
                value,
                Value::NativeFunction(_) | Value::Function(_) | Value::Method(_)
            )
        }),
        test(
            "iscoroutinefunction",
            |_, value| matches!(value, Value::Function(function) if function.code.asynchronous),
        ),
        test(
            "isgeneratorfunction",
            |_, value| matches!(value, Value::Function(function) if function.code.generator),
        ),
        test("isgenerator", |_, value| {
            matches!(value, Value::Generator(_))
        }),
        test("iscoroutine", |vm, value| {
            &*vm.class_of(value).name() == "coroutine"
        }),
        test("isawaitable", |vm, value| {
            &*vm.class_of(value).name() == "coroutine"
        }),
        test("isabstract", |_, _| false),
    ] {
        module = module.function(name, move |vm, arguments| {
            let value = arguments.positional.first().cloned().unwrap_or(Value::None);
            Ok(Value::Bool(body(vm, &value)))
        });
    }
    let _ = vm;
    Ok(module
        .function("getmembers", |vm, arguments| {
            let [object, predicate] = arguments.between::<2>("getmembers", 1)?;
            let object = object.unwrap_or(Value::None);
            let predicate = predicate.filter(|predicate| !predicate.is_none());
            let mut members = Vec::new();
            for name in vm.attribute_names(&object) {
                let Some(value) = vm.find_attribute(&object, &name)? else {
                    continue;
                };
                let keep = match &predicate {
                    Some(predicate) => {
                        let answer =
                            vm.call(predicate, Arguments::positional(vec![value.clone()]))?;
                        vm.truth(&answer)?
                    }
                    None => true,
                };
                if keep {
                    members.push(Value::tuple(vec![Value::from(name), value]));
                }
            }
            Ok(Value::list(members))
        })
        .function("getdoc", |vm, arguments| {
            let object = arguments.positional.first().cloned().unwrap_or(Value::None);
            let text = vm
                .find_attribute(&object, "__doc__")?
                .unwrap_or(Value::None);
            let Some(text) = text.as_text() else {
                return Ok(Value::None);
            };
            Ok(Value::from(clean_documentation(&text)))
        })
        .function("cleandoc", |_, arguments| {
            let [text] = arguments.exactly("cleandoc")?;
            Ok(Value::from(clean_documentation(
                &text.as_text().unwrap_or_default(),
            )))
        })
        .build())
}

/// `inspect.cleandoc`.
fn clean_documentation(text: &str) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let margin = lines
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    for (index, line) in lines.iter_mut().enumerate() {
        *line = if index == 0 {
            line.trim_start()
        } else {
            line.get(margin..).unwrap_or(line.trim_start())
        };
    }
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    while lines.first().is_some_and(|line| line.is_empty()) {
        lines.remove(0);
    }
    lines.join("\n")
}

/// `sys.stdout` and `sys.stderr`.
struct Output {
    stream: Stream,
}

impl NativeObject for Output {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("_io", "TextIOWrapper")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let stream = self.stream;
        Ok(match name {
            "write" => Some(Value::function("write", move |vm, arguments| {
                let [text] = arguments.exactly("write")?;
                let Some(text) = text.as_text() else {
                    let class = vm.class_of(&text).name();
                    return Err(vm.type_error(format!("write() argument must be str, not {class}")));
                };
                match stream {
                    Stream::Stdout => vm.print(&text)?,
                    Stream::Stderr => vm.print_error(&text)?,
                }
                Ok(Value::from(text.chars().count()))
            })),
            "writelines" => Some(Value::function("writelines", move |vm, arguments| {
                let [lines] = arguments.exactly("writelines")?;
                for line in vm.collect(&lines)? {
                    let text = vm.str(&line)?;
                    match stream {
                        Stream::Stdout => vm.print(&text)?,
                        Stream::Stderr => vm.print_error(&text)?,
                    }
                }
                Ok(Value::None)
            })),
            "flush" | "close" => Some(Value::function(name, |_, _| Ok(Value::None))),
            "isatty" => Some(Value::function(name, |_, _| Ok(Value::Bool(false)))),
            "encoding" => Some(Value::str("utf-8")),
            "name" => Some(Value::str(match stream {
                Stream::Stdout => "<stdout>",
                Stream::Stderr => "<stderr>",
            })),
            _ => None,
        })
    }
}

fn sys(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let named = |name: &'static str, fields: &'static [&'static str], values: Vec<Value>| {
        Value::native(Named {
            name,
            fields,
            values,
        })
    };
    let version = named(
        "sys.version_info",
        &["major", "minor", "micro", "releaselevel", "serial"],
        vec![
            Value::Int(3),
            Value::Int(11),
            Value::Int(2),
            Value::str("final"),
            Value::Int(0),
        ],
    );
    let exit = vm.builtins.get_str("exit").unwrap_or(Value::None);
    Ok(Module::build("sys")
        .value("path", vm.path.clone())
        .value("argv", vm.argv.clone())
        .value("modules", Value::Dict(vm.modules.clone()))
        .value("version_info", version)
        .value("version", "3.11.2 (limbeck)")
        .value("hexversion", Value::Int(0x030b_02f0))
        .value("platform", "linux")
        .value("byteorder", "little")
        .value("executable", "")
        .value("prefix", "/usr")
        .value("base_prefix", "/usr")
        .value("maxsize", Value::Int(i64::MAX))
        .value("flags", Value::None)
        .value("dont_write_bytecode", false)
        .value(
            "stdout",
            Value::native(Output {
                stream: Stream::Stdout,
            }),
        )
        .value(
            "stderr",
            Value::native(Output {
                stream: Stream::Stderr,
            }),
        )
        .value("exit", exit)
        .function("getrecursionlimit", |vm, _| {
            Ok(Value::from(vm.limits.depth))
        })
        .function("setrecursionlimit", |vm, arguments| {
            let [limit] = arguments.exactly("setrecursionlimit")?;
            match limit.as_int().and_then(|limit| usize::try_from(limit).ok()) {
                Some(limit) if limit > 0 => {
                    vm.limits.depth = limit;
                    Ok(Value::None)
                }
                _ => Err(vm.value_error("recursion limit must be greater or equal than 1")),
            }
        })
        .function("getdefaultencoding", |_, _| Ok(Value::str("utf-8")))
        .function("getfilesystemencoding", |_, _| Ok(Value::str("utf-8")))
        .function("intern", |_, arguments| {
            let [text] = arguments.exactly("intern")?;
            Ok(text)
        })
        .function("getsizeof", |_, _| Ok(Value::Int(64)))
        .function("exc_info", |vm, _| {
            Ok(match vm.handled_exception() {
                Some(exception) => {
                    let class = Value::Class(vm.class_of(&exception));
                    Value::tuple(vec![class, exception, Value::None])
                }
                None => Value::tuple(vec![Value::None, Value::None, Value::None]),
            })
        })
        .build())
}

/// A tuple whose items have names, such as `sys.version_info`.
struct Named {
    name: &'static str,
    fields: &'static [&'static str],
    values: Vec<Value>,
}

impl NativeObject for Named {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let (module, name) = self
            .name
            .rsplit_once('.')
            .unwrap_or(("builtins", self.name));
        vm.sealed_class(module, name)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(self
            .fields
            .iter()
            .position(|field| *field == name)
            .map(|index| self.values[index].clone()))
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        vm.get_item(&Value::tuple(self.values.clone()), key)
            .map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: python::CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let own = Value::tuple(self.values.clone());
        let other = match other.downcast::<Named>() {
            Some(named) => Value::tuple(named.values.clone()),
            None => other.clone(),
        };
        vm.compare(operator, &own, &other).map(Some)
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(self.values.clone())))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.values.len()))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let mut parts = Vec::new();
        for (field, value) in self.fields.iter().zip(&self.values) {
            parts.push(format!("{field}={}", vm.repr(value)?));
        }
        Ok(Some(format!("{}({})", self.name, parts.join(", "))))
    }
}

fn types(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let namespace = ClassBuilder::new("types", "SimpleNamespace")
        .method("__init__", |vm, this, arguments| {
            if !arguments.positional.is_empty() {
                return Err(vm.type_error("no positional arguments expected"));
            }
            for (name, value) in arguments.keyword {
                vm.set_attribute(this, &name, value)?;
            }
            Ok(Value::None)
        })
        .method("__repr__", |vm, this, _| {
            let mut parts = Vec::new();
            if let Value::Instance(instance) = this {
                for (name, value) in instance.attributes.str_entries() {
                    parts.push(format!("{name}={}", vm.repr(&value)?));
                }
            }
            Ok(Value::from(format!("namespace({})", parts.join(", "))))
        })
        .method("__eq__", |vm, this, arguments| {
            let [other] = arguments.exactly("__eq__")?;
            let (Value::Instance(a), Value::Instance(b)) = (this, &other) else {
                return Ok(Value::NotImplemented);
            };
            vm.equal(
                &Value::Dict(a.attributes.clone()),
                &Value::Dict(b.attributes.clone()),
            )
            .map(Value::Bool)
        })
        .build(vm);
    let function = Value::Class(vm.class_of(&vm.builtins.get_str("print").unwrap_or(Value::None)));
    let mut module = Module::build("types").class(&namespace);
    for (name, registered) in [
        ("FunctionType", "function"),
        ("LambdaType", "function"),
        ("MethodType", "method"),
        ("ModuleType", "module"),
        ("GeneratorType", "generator"),
        ("CoroutineType", "coroutine"),
        ("NoneType", "NoneType"),
        ("EllipsisType", "ellipsis"),
        ("NotImplementedType", "NotImplementedType"),
    ] {
        if let Some(class) = vm.registered_class(registered) {
            module = module.value(name, Value::Class(class));
        }
    }
    for (name, class) in [("UnionType", "UnionType"), ("GenericAlias", "GenericAlias")] {
        let class = vm.sealed_class("types", class);
        module = module.value(name, Value::Class(class));
    }
    let _ = std::marker::PhantomData::<Union>;
    Ok(module
        .value("BuiltinFunctionType", function)
        .value("TracebackType", vm.object_class())
        .value("FrameType", vm.object_class())
        .function("MappingProxyType", |_, arguments| {
            let [mapping] = arguments.exactly("mappingproxy")?;
            Ok(mapping)
        })
        .function("DynamicClassAttribute", |vm, arguments| {
            match vm.registered_class("property") {
                Some(property) => vm.call(&Value::Class(property), arguments),
                None => Ok(Value::None),
            }
        })
        .function("new_class", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "new_class",
                "name, bases=(), kwds=None, exec_body=None"
            ))?;
            let name = bound.value("name").as_text().unwrap_or_default();
            let bases = match bound.take("bases") {
                Some(bases) => vm.collect(&bases)?,
                None => Vec::new(),
            };
            let keywords = match bound.take_some("kwds") {
                Some(keywords) => keywords
                    .as_dict()
                    .map(|dict| dict.str_entries())
                    .unwrap_or_default(),
                None => Vec::new(),
            };
            let namespace = Rc::new(Dict::new());
            if let Some(body) = bound.take_some("exec_body") {
                vm.call(
                    &body,
                    Arguments::positional(vec![Value::Dict(namespace.clone())]),
                )?;
            }
            vm.new_class(&name, bases, namespace, keywords)
                .map(Value::Class)
        })
        .build())
}

/// A text in memory, or a file that was opened.
struct TextFile {
    path: Option<Rc<str>>,
    binary: bool,
    writes: bool,
    state: std::cell::RefCell<FileState>,
}

struct FileState {
    text: Vec<u8>,
    position: usize,
    closed: bool,
}

impl TextFile {
    fn value(&self, bytes: &[u8]) -> Value {
        if self.binary {
            Value::bytes(bytes)
        } else {
            Value::str(String::from_utf8_lossy(bytes))
        }
    }

    fn next_line(&self) -> Option<Value> {
        let mut state = self.state.borrow_mut();
        if state.position >= state.text.len() {
            return None;
        }
        let rest = &state.text[state.position..];
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        let line = self.value(&rest[..length]);
        state.position += length;
        Some(line)
    }

    fn save(&self, vm: &mut Interpreter) -> Result<()> {
        if let (Some(path), true) = (&self.path, self.writes) {
            let bytes = self.state.borrow().text.clone();
            let written = vm.run.host.write(path, &bytes);
            written.map_err(|error| vm.host_error(&error))?;
        }
        Ok(())
    }
}

fn file_of(vm: &mut Interpreter, this: &Value) -> Result<Rc<TextFile>> {
    let Some(file) = this.downcast::<TextFile>() else {
        return Err(vm.type_error("a file is required"));
    };
    if file.state.borrow().closed {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(file)
}

impl NativeObject for TextFile {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let name = match (&self.path, self.binary) {
            (None, false) => "StringIO",
            (None, true) => "BytesIO",
            (Some(_), false) => "TextIOWrapper",
            (Some(_), true) => "BufferedReader",
        };
        vm.sealed_class("_io", name)
    }

    fn get_attribute(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let this = this.clone();
        Ok(match name {
            "name" => Some(Value::from(self.path.clone())),
            "closed" => Some(Value::Bool(self.state.borrow().closed)),
            "read" => Some(Value::function(name, move |vm, arguments| {
                let [size] = arguments.between::<1>("read", 0)?;
                let file = file_of(vm, &this)?;
                let mut state = file.state.borrow_mut();
                let rest = state.text.get(state.position..).unwrap_or(&[]).to_vec();
                let size = size
                    .and_then(|size| size.as_int())
                    .and_then(|size| usize::try_from(size).ok())
                    .unwrap_or(rest.len())
                    .min(rest.len());
                state.position += size;
                Ok(file.value(&rest[..size]))
            })),
            "readline" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                Ok(file.next_line().unwrap_or_else(|| file.value(&[])))
            })),
            "readlines" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let mut lines = Vec::new();
                while let Some(line) = file.next_line() {
                    lines.push(line);
                }
                Ok(Value::list(lines))
            })),
            "getvalue" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let text = file.state.borrow().text.clone();
                Ok(file.value(&text))
            })),
            "write" => Some(Value::function(name, move |vm, arguments| {
                let [text] = arguments.exactly("write")?;
                let file = file_of(vm, &this)?;
                if file.path.is_some() && !file.writes {
                    return Err(Error::new("io.UnsupportedOperation", "not writable"));
                }
                let bytes = match text.plain() {
                    Value::Str(text) if !file.binary => text.as_bytes().to_vec(),
                    Value::Bytes(bytes) if file.binary => bytes.to_vec(),
                    other => {
                        let class = vm.class_of(other).name();
                        return Err(
                            vm.type_error(format!("write() argument must be str, not {class}"))
                        );
                    }
                };
                vm.allocate(bytes.len())?;
                let mut state = file.state.borrow_mut();
                let position = state.position.min(state.text.len());
                let end = (position + bytes.len()).min(state.text.len());
                let length = bytes.len();
                state.text.splice(position..end, bytes);
                state.position = position + length;
                drop(state);
                Ok(Value::from(vm.length(&text)?))
            })),
            "writelines" => Some(Value::function(name, move |vm, arguments| {
                let [lines] = arguments.exactly("writelines")?;
                for line in vm.collect(&lines)? {
                    vm.call_method(&this, "write", Arguments::positional(vec![line]))?;
                }
                Ok(Value::None)
            })),
            "seek" => Some(Value::function(name, move |vm, arguments| {
                let [position, _] = arguments.between::<2>("seek", 1)?;
                let file = file_of(vm, &this)?;
                let position = position.and_then(|position| position.as_int()).unwrap_or(0);
                file.state.borrow_mut().position = usize::try_from(position).unwrap_or(0);
                Ok(Value::Int(position))
            })),
            "tell" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let position = file.state.borrow().position;
                Ok(Value::from(position))
            })),
            "flush" => Some(Value::function(name, move |vm, _| {
                file_of(vm, &this)?.save(vm)?;
                Ok(Value::None)
            })),
            "close" => Some(Value::function(name, move |vm, _| {
                if let Some(file) = this.downcast::<TextFile>() {
                    file.save(vm)?;
                    file.state.borrow_mut().closed = true;
                }
                Ok(Value::None)
            })),
            _ => None,
        })
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn next(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Option<Value>>> {
        Ok(Some(self.next_line()))
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        self.save(vm)?;
        self.state.borrow_mut().closed = true;
        Ok(Some(false))
    }
}

fn open_file(
    path: Option<Rc<str>>,
    binary: bool,
    writes: bool,
    text: Vec<u8>,
    position: usize,
) -> Value {
    Value::native(TextFile {
        path,
        binary,
        writes,
        state: std::cell::RefCell::new(FileState {
            text,
            position,
            closed: false,
        }),
    })
}

fn io(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("OSError");
    let unsupported = vm.define_exception(
        "io",
        "UnsupportedOperation",
        &base.into_iter().collect::<Vec<_>>(),
    );
    Ok(Module::build("io")
        .class(&unsupported)
        .function("open", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "open",
                "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None"
            ))?;
            let file = bound.value("file");
            let path = match file.as_text() {
                Some(path) => path,
                None => match vm.find_attribute(&file, "__fspath__")? {
                    Some(method) => vm
                        .call(&method, Arguments::none())?
                        .as_text()
                        .unwrap_or_default(),
                    None => {
                        vm.require_known(&file, "its path")?;
                        let class = vm.class_of(&file).name();
                        return Err(vm.type_error(format!(
                            "expected str, bytes or os.PathLike object, not {class}"
                        )));
                    }
                },
            };
            let mode = bound
                .take("mode")
                .and_then(|mode| mode.as_text())
                .unwrap_or_else(|| Rc::from("r"));
            let binary = mode.contains('b');
            let writes = mode.contains(['w', 'a', 'x', '+']);
            let host = vm.run.host.clone();
            if mode.contains('x') && host.is_file(&path) {
                return Err(vm.host_error(&ground::host::HostError::Exists(path.to_string())));
            }
            let text = if mode.contains(['w', 'x']) {
                let made = host.write(&path, &[]);
                made.map_err(|error| vm.host_error(&error))?;
                Vec::new()
            } else if mode.contains('a') && !host.is_file(&path) {
                Vec::new()
            } else {
                host.read(&path).map_err(|error| vm.host_error(&error))?
            };
            let text = if binary {
                text
            } else {
                String::from_utf8_lossy(&text)
                    .replace("\r\n", "\n")
                    .into_bytes()
            };
            let position = if mode.contains('a') { text.len() } else { 0 };
            Ok(open_file(Some(path), binary, writes, text, position))
        })
        .function("StringIO", |_, arguments| {
            let [text] = arguments.between::<1>("StringIO", 0)?;
            let text = text.and_then(|text| text.as_text()).unwrap_or_default();
            Ok(open_file(None, false, true, text.as_bytes().to_vec(), 0))
        })
        .function("BytesIO", |_, arguments| {
            let [bytes] = arguments.between::<1>("BytesIO", 0)?;
            let bytes = match bytes {
                Some(Value::Bytes(bytes)) => bytes.to_vec(),
                _ => Vec::new(),
            };
            Ok(open_file(None, true, true, bytes, 0))
        })
        .build())
}

/// The traceback of the exception that is handled now, as `traceback.format_exc` gives it.
pub fn format_handled(vm: &mut Interpreter) -> String {
    match vm.handled_exception() {
        Some(exception) => {
            let error = vm.raise(&exception);
            format_traceback(&error)
        }
        None => "NoneType: None\n".to_owned(),
    }
}
