//! The modules of the standard library that are written in Python.

use std::rc::Rc;

use ground::diagnostic::Result;
use ground::resource::Resource;
use python::{FreeFunction, Interpreter, Module, Registry, Value, function};

macro_rules! modules {
    ($($name:literal $file:literal,)*) => {
        /// Their texts by their names.
        static MODULES: &[(&str, Resource)] = &[
            $(($name, resource!(concat!("stdlib/library/", $file))),)*
        ];
    };
}

modules! {
    "_hashing_more" "hashing_more.py",
    "_inert" "inert.py",
    "_os_more" "os_more.py",
    "_time_more" "time_more.py",
    "argparse" "argparse.py",
    "bisect" "bisect.py",
    "configparser" "configparser.py",
    "contextlib" "contextlib.py",
    "copy" "copy.py",
    "csv" "csv.py",
    "dataclasses" "dataclasses.py",
    "dotenv" "dotenv.py",
    "fnmatch" "fnmatch.py",
    "functools" "functools.py",
    "glob" "glob.py",
    "heapq" "heapq.py",
    "hmac" "hmac.py",
    "importlib.metadata" "importlib_metadata.py",
    "importlib.resources" "importlib_resources.py",
    "importlib.util" "importlib_util.py",
    "itertools" "itertools.py",
    "operator" "operator.py",
    "pathlib" "pathlib.py",
    "pkgutil" "pkgutil.py",
    "platform" "platform.py",
    "shutil" "shutil.py",
    "string" "string.py",
    "tempfile" "tempfile.py",
    "textwrap" "textwrap.py",
    "traceback" "traceback.py",
    "urllib.parse" "urllib_parse.py",
    "warnings" "warnings.py",
    "zoneinfo" "zoneinfo.py",
}

/// What the example's first commands import.
const COLLECTIONS: Resource =
    Resource::built_in("collections", include_str!("library/collections.py"));

/// Other names of modules above.
static ALIASES: &[(&str, &str)] = &[
    ("dotenv.main", "dotenv"),
    ("importlib.abc", "importlib.util"),
    ("importlib.machinery", "importlib.util"),
];

/// Modules that are classes of `_inert`.
static INERT: &[&str] = &[
    "atexit",
    "contextvars",
    "faulthandler",
    "gc",
    "getpass",
    "locale",
    "signal",
    "threading",
    "weakref",
];

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    for (name, text) in MODULES {
        registry.add_source(name, *text);
    }
    registry.add_source("collections", COLLECTIONS);
    for (name, of) in ALIASES {
        registry.add_part(name, of, None);
    }
    for name in INERT {
        registry.add_part(name, "_inert", Some(name));
    }
    registry.add("_warnings", warnings);
    registry.add("urllib", |_| Ok(Module::build("urllib").build()));
}

/// What `warnings` asks of the run.
static WARNINGS: &[FreeFunction] = &[
    function("run_once", "category, text", |vm, bound| {
        let (category, text) = (bound.value("category"), bound.value("text"));
        let (category, text) = (vm.str(&category)?, vm.str(&text)?);
        Ok(vm.run.is_new_warning(&category, &text).into())
    }),
    function("show", "text", |vm, bound| {
        let text = bound.value("text");
        let text = vm.str(&text)?;
        vm.print_error(&text)?;
        Ok(Value::None)
    }),
    function("filtered", "", |vm, _| {
        vm.run.filter_warnings();
        Ok(Value::None)
    }),
];

fn warnings(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("_warnings").functions(WARNINGS).build())
}
