//! `sys`.

use super::types::Named;
use ground::diagnostic::Result;
use ground::host::Stream;
use python::{Class, Interpreter, Module, NativeObject, Registry, Value, format_traceback};
use std::rc::Rc;

/// `sys.stdout` and `sys.stderr`.
pub(super) struct Output {
    pub(super) stream: Stream,
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

/// The traceback of the exception being handled, as `traceback.format_exc` returns it.
pub fn format_handled(vm: &mut Interpreter) -> String {
    match vm.handled_exception() {
        Some(exception) => {
            let error = vm.raise(&exception);
            format_traceback(&error)
        }
        None => "NoneType: None\n".to_owned(),
    }
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("sys", sys);
}
