//! `sys`.

use ground::diagnostic::Result;
use ground::host::Stream;
use python::{
    Class, CompareOperator, Declaration, FreeFunction, Interpreter, Module, NativeObject, Registry,
    Value, format_traceback, function, method, property,
};
use std::rc::Rc;

/// `sys.stdout` and `sys.stderr`.
struct Output {
    stream: Stream,
}

impl Output {
    fn write(&self, vm: &mut Interpreter, text: &str) -> Result<()> {
        match self.stream {
            Stream::Stdout => vm.print(text),
            Stream::Stderr => vm.print_error(text),
        }
    }
}

static OUTPUT: Declaration<Output> = Declaration {
    properties: &[
        property("encoding", |_, _| Ok("utf-8".into())),
        property("name", |_, output| {
            Ok(match output.stream {
                Stream::Stdout => "<stdout>",
                Stream::Stderr => "<stderr>",
            }
            .into())
        }),
    ],
    methods: &[
        method("write", "self, text, /", |vm, output, bound| {
            let text = bound.value("text");
            let Some(text) = text.as_text() else {
                let class = vm.class_of(&text).name();
                return Err(vm.type_error(format!("write() argument must be str, not {class}")));
            };
            output.write(vm, &text)?;
            Ok(text.chars().count().into())
        }),
        method("writelines", "self, lines, /", |vm, output, bound| {
            let lines = bound.value("lines");
            for line in vm.collect(&lines)? {
                let text = vm.str(&line)?;
                output.write(vm, &text)?;
            }
            Ok(Value::None)
        }),
        method("flush", "self, /", |_, _, _| Ok(Value::None)),
        method("close", "self, /", |_, _, _| Ok(Value::None)),
        method("isatty", "self, /", |_, _, _| Ok(Value::Bool(false))),
    ],
    sealed: true,
    // The class of files has this name in `_io`.
    ..Declaration::new("sys.TextIOWrapper")
};

impl NativeObject for Output {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&OUTPUT)
    }
}

/// `sys.version_info`.
struct VersionInfo;

const VERSION: [i64; 3] = [3, 11, 2];

impl VersionInfo {
    fn tuple(&self) -> Value {
        let mut values: Vec<Value> = VERSION.into_iter().map(Value::Int).collect();
        values.extend(["final".into(), Value::Int(0)]);
        Value::tuple(values)
    }
}

static VERSION_INFO: Declaration<VersionInfo> = Declaration {
    properties: &[
        property("major", |_, _| Ok(VERSION[0].into())),
        property("minor", |_, _| Ok(VERSION[1].into())),
        property("micro", |_, _| Ok(VERSION[2].into())),
        property("releaselevel", |_, _| Ok("final".into())),
        property("serial", |_, _| Ok(Value::Int(0))),
    ],
    sealed: true,
    ..Declaration::new("sys.version_info")
};

impl NativeObject for VersionInfo {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&VERSION_INFO)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        vm.get_item(&self.tuple(), key).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let other = match other.downcast::<VersionInfo>() {
            Some(other) => other.tuple(),
            None => other.clone(),
        };
        vm.compare(operator, &self.tuple(), &other).map(Some)
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        vm.iterate(&self.tuple()).map(Some)
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(5))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let [major, minor, micro] = VERSION;
        Ok(Some(format!(
            "sys.version_info(major={major}, minor={minor}, micro={micro}, releaselevel='final', \
             serial=0)"
        )))
    }
}

static FUNCTIONS: &[FreeFunction] = &[
    function("getrecursionlimit", "", |vm, _| Ok(vm.limits.depth.into())),
    function("setrecursionlimit", "limit, /", |vm, bound| {
        let limit = bound.value("limit").as_int();
        match limit.and_then(|limit| usize::try_from(limit).ok()) {
            Some(limit) if limit > 0 => {
                vm.limits.depth = limit;
                Ok(Value::None)
            }
            _ => Err(vm.value_error("recursion limit must be greater or equal than 1")),
        }
    }),
    function("getdefaultencoding", "", |_, _| Ok("utf-8".into())),
    function("getfilesystemencoding", "", |_, _| Ok("utf-8".into())),
    function("intern", "string, /", |_, bound| Ok(bound.value("string"))),
    function("getsizeof", "object, default=None", |_, bound| {
        bound.ignore(&["default"]);
        Ok(Value::Int(64))
    }),
    function("exc_info", "", |vm, _| {
        Ok(match vm.handled_exception() {
            Some(exception) => {
                let class = Value::Class(vm.class_of(&exception));
                Value::tuple(vec![class, exception, Value::None])
            }
            None => Value::tuple(vec![Value::None, Value::None, Value::None]),
        })
    }),
];

fn sys(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let exit = vm.builtins.get_str("exit").unwrap_or(Value::None);
    Ok(Module::build("sys")
        .value("path", vm.path.clone())
        .value("argv", vm.argv.clone())
        .value("modules", Value::Dict(vm.modules.clone()))
        .value("version_info", Value::native(VersionInfo))
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
        .functions(FUNCTIONS)
        .build())
}

/// What `traceback` asks of the interpreter.
static TRACEBACK: &[FreeFunction] = &[function("format_error", "value", |vm, bound| {
    let exception = bound.value("value");
    let error = vm.raise(&exception);
    Ok(format_traceback(&error).into())
})];

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("_traceback", |_| {
        Ok(Module::build("_traceback").functions(TRACEBACK).build())
    });
    registry.add("sys", sys);
}
