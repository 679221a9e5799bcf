//! No argument of a function of Alembic or SQLAlchemy that is written in Rust is dropped in silence: one that it takes and never looks at is refused
//! by name.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::rc::Rc;

use limbeck::bindings;
use limbeck::ground::host::MemoryHost;
use limbeck::ground::run::Run;
use python::{
    Bound, Class, Declaration, Dict, FreeFunction, Interpreter, Module, NativeObject, Value,
    constructor, function, method,
};

struct Probe;

static PROBE: Declaration<Probe> = Declaration {
    constructor: constructor("self, heard=None, dropped=None", |_, bound| {
        bound.value("heard");
        Ok(Value::native(Probe))
    }),
    methods: &[
        method(
            "call",
            "self, must, heard=None, dropped=True, named='*', count=3",
            |_, _, bound: &mut Bound<'_>| Ok(bound.value("heard")),
        ),
        method("ignores", "self, *, idle=None", |_, _, bound| {
            bound.ignore(&["idle"]);
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.Probe")
};

static FREE: &[FreeFunction] = &[function("free", "x, *, dropped=None", |_, bound| {
    Ok(bound.value("x"))
})];

impl NativeObject for Probe {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&PROBE)
    }
}

/// What running a program ends with: nothing, or the error.
fn ended(program: &str) -> String {
    let run = Run::new(Rc::new(MemoryHost::default()));
    let mut vm = Interpreter::new(run, bindings::registry());
    let globals = Rc::new(Dict::new());
    let class = vm.class(&PROBE);
    let module = Module::build("sqlalchemy.probe")
        .class(&class)
        .functions(FREE)
        .build();
    globals.set_str("probe", Value::Module(module));
    let source = format!("probe_ = probe.Probe()\n{program}\n");
    match vm.run_source("probe.py", &source, &globals) {
        Ok(()) => String::new(),
        Err(error) => format!("{}: {}", error.class, error.message),
    }
}

#[test]
fn an_argument_that_nobody_looks_at_is_refused_by_name() {
    for (program, refused) in [
        (
            "probe_.call(1, dropped=False)",
            "the argument dropped of Probe.call()",
        ),
        (
            "probe_.call(1, None, 5)",
            "the argument dropped of Probe.call()",
        ),
        (
            "probe_.call(1, named='x')",
            "the argument named of Probe.call()",
        ),
        (
            "probe_.call(1, count=4)",
            "the argument count of Probe.call()",
        ),
        (
            "probe.Probe(dropped=[])",
            "the argument dropped of Probe.__init__()",
        ),
        ("probe.free(1, dropped=2)", "the argument dropped of free()"),
    ] {
        let ended = ended(program);
        assert!(
            ended.starts_with("limbeck.Unsupported"),
            "{program}: {ended}"
        );
        assert!(ended.contains(refused), "{program}: {ended}");
    }
}

#[test]
fn one_that_says_nothing_or_is_looked_at_is_no_trouble() {
    for program in [
        "probe_.call(1)",
        "probe_.call(1, heard=2)",
        "probe_.call(1, dropped=True, named='*', count=3)",
        "probe_.call(1, dropped=None, named=None)",
        "probe_.ignores(idle=7)",
        "probe.free(1, dropped=None)",
        "probe.free(1, dropped=False)",
    ] {
        assert_eq!(ended(program), "", "{program}");
    }
}

#[test]
fn a_function_that_fails_says_why_itself() {
    let ended = ended("probe_.call()");
    assert!(ended.starts_with("TypeError"), "{ended}");
}
