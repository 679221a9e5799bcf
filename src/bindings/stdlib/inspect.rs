//! `inspect`.

use ground::diagnostic::Result;
use python::{Arguments, Interpreter, Module, Registry, Value};
use std::rc::Rc;

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
pub(super) fn clean_documentation(text: &str) -> String {
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

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("inspect", inspect);
}
