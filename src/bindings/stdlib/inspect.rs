//! `inspect`.

use ground::diagnostic::Result;
use python::{Arguments, Bound, FreeFunction, Interpreter, Module, Registry, Value, function};
use std::rc::Rc;

/// The answer about the only argument.
fn ask(bound: &Bound<'_>, is_it: fn(&Value) -> bool) -> Result<Value> {
    Ok(Value::Bool(bound.get(0).is_some_and(is_it)))
}

fn is_coroutine(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let object = bound.value("object");
    Ok(Value::Bool(&*vm.class_of(&object).name() == "coroutine"))
}

fn getmembers(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let object = bound.value("object");
    let predicate = bound.take_some("predicate");
    let mut members = Vec::new();
    for name in vm.attribute_names(&object) {
        let Some(value) = vm.find_attribute(&object, &name)? else {
            continue;
        };
        let keep = match &predicate {
            Some(predicate) => {
                let answer = vm.call(predicate, Arguments::positional(vec![value.clone()]))?;
                vm.truth(&answer)?
            }
            None => true,
        };
        if keep {
            members.push(Value::tuple(vec![Value::from(name), value]));
        }
    }
    Ok(Value::list(members))
}

static FUNCTIONS: &[FreeFunction] = &[
    function("isclass", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::Class(_)))
    }),
    function("isfunction", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::Function(_)))
    }),
    function("ismethod", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::Method(_)))
    }),
    function("ismodule", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::Module(_)))
    }),
    function("isbuiltin", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::NativeFunction(_)))
    }),
    function("isroutine", "object", |_, bound| {
        ask(bound, |value| {
            matches!(
                value,
                Value::NativeFunction(_) | Value::Function(_) | Value::Method(_)
            )
        })
    }),
    function("iscoroutinefunction", "obj", |_, bound| {
        ask(
            bound,
            |value| matches!(value, Value::Function(function) if function.code.asynchronous),
        )
    }),
    function("isgeneratorfunction", "obj", |_, bound| {
        ask(
            bound,
            |value| matches!(value, Value::Function(function) if function.code.generator),
        )
    }),
    function("isgenerator", "object", |_, bound| {
        ask(bound, |value| matches!(value, Value::Generator(_)))
    }),
    function("iscoroutine", "object", is_coroutine),
    function("isawaitable", "object", is_coroutine),
    function("isabstract", "object", |_, _| Ok(Value::Bool(false))),
    function("getmembers", "object, predicate=None", getmembers),
    function("getdoc", "object", |vm, bound| {
        let text = vm.find_attribute(&bound.value("object"), "__doc__")?;
        let text = text.and_then(|text| text.as_text());
        Ok(text.map(|text| clean_documentation(&text)).into())
    }),
    function("cleandoc", "doc", |_, bound| {
        let text = bound.value("doc").as_text().unwrap_or_default();
        Ok(clean_documentation(&text).into())
    }),
];

/// The parameters of a function: for each its name, its kind as a number, and its default in a
/// tuple, if it has one; None for a function that does not tell.
static PARAMETERS: FreeFunction = function("parameters", "function", |_, bound| {
    let Value::Function(function) = bound.value("function") else {
        return Ok(Value::None);
    };
    let list = &function.code.parameters;
    let mut found = Vec::new();
    let mut add = |name: &str, kind: i64, default: Option<Value>| {
        let default = Value::tuple(default.into_iter().collect());
        found.push(Value::tuple(vec![
            Value::str(name),
            Value::Int(kind),
            default,
        ]));
    };
    let defaults = function.defaults.borrow();
    let required = list.positional.len().saturating_sub(defaults.len());
    for (index, parameter) in list.positional.iter().enumerate() {
        let default = index.checked_sub(required).map(|at| defaults[at].clone());
        let kind = i64::from(index >= list.positional_only);
        add(&parameter.name, kind, default);
    }
    if let Some(rest) = &list.rest {
        add(&rest.name, 2, None);
    }
    let defaults = function.keyword_defaults.borrow();
    for parameter in &list.keyword_only {
        let default = defaults.iter().find(|(name, _)| *name == parameter.name);
        add(&parameter.name, 3, default.map(|(_, value)| value.clone()));
    }
    if let Some(extra) = &list.extra {
        add(&extra.name, 4, None);
    }
    Ok(Value::list(found))
});

/// The parameters of a function written in Rust, as Python's text.
static PARAMETER_TEXT: FreeFunction = function("parameter_text", "function", |_, bound| {
    Ok(match bound.value("function") {
        Value::NativeFunction(function) => function.signature().map(Value::str).into(),
        _ => Value::None,
    })
});

fn inspect(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("inspect")
        .functions(FUNCTIONS)
        .attribute_hook(|vm, name| {
            if name.starts_with("__") {
                return Ok(None);
            }
            let more = vm.import("_inspect_more")?;
            vm.find_attribute(&more, name)
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
    registry.add("_inspect", |_| {
        Ok(Module::build("_inspect")
            .declared(&PARAMETERS)
            .declared(&PARAMETER_TEXT)
            .build())
    });
    registry.add_source("_inspect_more", resource!("stdlib/library/inspect_more.py"));
}
