//! `alembic.script`: ScriptDirectory and Script for env.py and scripts.

use std::rc::Rc;

use crate::script::revision::{Identifier, IterateOptions};
use crate::script::{GenerateRevision, Script, ScriptDirectory};
use ground::diagnostic::{Error, Result};
use python::{
    Declaration, Interpreter, Module, Receiver, Value, function, instance, method, property,
};

struct DirectoryState(ScriptDirectory);
struct ScriptState(Rc<Script>);

impl Receiver for DirectoryState {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<DirectoryState>().map(|state| then(&state))
    }
}

impl Receiver for ScriptState {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        this.downcast::<ScriptState>().map(|state| then(&state))
    }
}

/// The Python object of a script directory.
pub(super) fn script_directory_value(vm: &mut Interpreter, script: &ScriptDirectory) -> Value {
    let class = vm.class(&SCRIPT_DIRECTORY);
    instance(&class, DirectoryState(script.clone()))
}

pub(super) fn script_value(vm: &mut Interpreter, script: &Rc<Script>) -> Value {
    let class = vm.class(&SCRIPT);
    instance(&class, ScriptState(script.clone()))
}

/// The engine's directory behind a Python `ScriptDirectory`, if the value is one.
pub(super) fn find_script_directory(value: &Value) -> Option<ScriptDirectory> {
    value
        .downcast::<DirectoryState>()
        .map(|state| state.0.clone())
}

/// A revision identifier argument.
fn identifier(vm: &mut Interpreter, value: &Value) -> Result<Identifier> {
    if value.is_none() {
        return Ok(Identifier::None);
    }
    if let Some(text) = value.as_str() {
        return Ok(Identifier::One(text.to_owned()));
    }
    let mut ids = Vec::new();
    for item in vm.collect(value)? {
        ids.push(vm.str(&item)?);
    }
    Ok(Identifier::Many(ids))
}

/// `alembic.script.ScriptDirectory`.
static SCRIPT_DIRECTORY: Declaration<DirectoryState> = Declaration {
    initializer: Some(function(
        "__init__",
        "self, dir, file_template='%(rev)s_%(slug)s', truncate_slug_length=40, \
         version_locations=None, sourceless=False, output_encoding='utf-8', timezone=None, \
         hooks=(), recursive_version_locations=False, messaging_opts={}",
        initialize,
    )),
    properties: &[
        property("dir", |_, directory| Ok(directory.0.dir().into())),
        property("env_py_location", |_, directory| {
            Ok(directory.0.env_py_location().into())
        }),
    ],
    methods: &[
        method("get_current_head", "self", |vm, directory, _| {
            let script = &directory.0;
            Ok(vm.lend(|| script.get_current_head())?.into())
        }),
        method("get_heads", "self", |vm, directory, _| {
            let script = &directory.0;
            Ok(vm.lend(|| script.get_heads(false))?.into())
        }),
        method("get_bases", "self", |vm, directory, _| {
            let script = &directory.0;
            Ok(vm.lend(|| script.get_bases())?.into())
        }),
        method("get_base", "self", |vm, directory, _| {
            let script = &directory.0;
            Ok(vm.lend(|| script.get_base())?.into())
        }),
        method("get_revision", "self, id_", |vm, directory, bound| {
            let id = bound.take_some("id_").map(|id| vm.str(&id)).transpose()?;
            let script = &directory.0;
            let found = vm.lend(|| script.get_revision(id.as_deref()))?;
            Ok(match found {
                Some(found) => script_value(vm, &found),
                None => Value::None,
            })
        }),
        method("get_revisions", "self, id_", |vm, directory, bound| {
            let id = bound.value("id_");
            let id = identifier(vm, &id)?;
            let script = &directory.0;
            let found = vm.lend(|| script.get_revisions(&id))?;
            let found = found
                .iter()
                .map(|script| match script {
                    Some(script) => script_value(vm, script),
                    None => Value::None,
                })
                .collect();
            Ok(Value::tuple(found))
        }),
        method("as_revision_number", "self, id_", |vm, directory, bound| {
            let id = bound.value("id_");
            let id = identifier(vm, &id)?;
            let script = &directory.0;
            super::migration_context::revision_number(vm, script, &id)
        }),
        method(
            "iterate_revisions",
            "self, upper, lower, **kw",
            |vm, directory, bound| {
                let (upper, lower) = (bound.value("upper"), bound.value("lower"));
                let (upper, lower) = (identifier(vm, &upper)?, identifier(vm, &lower)?);
                let mut options = IterateOptions::default();
                for (name, value) in std::mem::take(&mut bound.extra) {
                    let value = vm.truth(&value)?;
                    match &*name {
                        "implicit_base" => options.implicit_base = value,
                        "inclusive" => options.inclusive = value,
                        "assert_relative_length" => options.assert_relative_length = value,
                        "select_for_downgrade" => options.select_for_downgrade = value,
                        _ => {
                            return Err(vm.type_error(format!(
                                "RevisionMap.iterate_revisions() got an unexpected keyword \
                                 argument '{name}'"
                            )));
                        }
                    }
                }
                let script = &directory.0;
                let found = vm.lend(|| script.iterate_revisions(&upper, &lower, options))?;
                let found = found
                    .iter()
                    .map(|script| script_value(vm, script))
                    .collect();
                let list = Value::list(found);
                vm.iterate(&list)
            },
        ),
        method(
            "generate_revision",
            "self, revid, message, head=None, splice=False, branch_labels=None, \
             version_path=None, file_template=None, depends_on=None, **kw",
            generate_revision,
        ),
        method(
            "walk_revisions",
            "self, base='base', head='heads'",
            |vm, directory, bound| {
                let base = bound.take("base").unwrap_or_else(|| Value::str("base"));
                let head = bound.take("head").unwrap_or_else(|| Value::str("heads"));
                let (base, head) = (identifier(vm, &base)?, identifier(vm, &head)?);
                let script = &directory.0;
                let found = vm.lend(|| script.walk_revisions(&base, &head))?;
                let found = found
                    .iter()
                    .map(|script| script_value(vm, script))
                    .collect();
                let list = Value::list(found);
                vm.iterate(&list)
            },
        ),
    ],
    class_methods: &[function("from_config", "cls, config", |vm, bound| {
        let config = bound.value("config");
        let Some(state) = config.downcast::<super::config::ConfigState>() else {
            return Err(vm.type_error("ScriptDirectory.from_config() takes a Config"));
        };
        // The environment's own has loaded its scripts already.
        if let Some(active) = super::context::active(vm)
            && active.environment.script().config().is(&state.config)
        {
            return Ok(script_directory_value(vm, active.environment.script()));
        }
        let environment = super::environment::Environment::lent(&state.config);
        let script =
            vm.lend(|| ScriptDirectory::from_config(&state.config, environment.loader()))?;
        Ok(script_directory_value(vm, &script))
    })],
    ..Declaration::new("alembic.script.base.ScriptDirectory")
};

/// `ScriptDirectory(dir, …)`: as from a configuration that says the same.
fn initialize(vm: &mut Interpreter, bound: &mut python::Bound<'_>) -> Result<Value> {
    bound.refuse(&["hooks", "sourceless"])?;
    let config = crate::config::Config::new(&vm.run.clone(), None, None, "alembic", None);
    let dir = bound.value("dir");
    let dir = match vm.find_attribute(&dir, "__fspath__")? {
        Some(path) => vm.call(&path, python::Arguments::none())?,
        None => dir,
    };
    let mut options = vec![("script_location", Some(dir))];
    for (option, name) in [
        ("file_template", "file_template"),
        ("truncate_slug_length", "truncate_slug_length"),
        ("timezone", "timezone"),
        ("recursive_version_locations", "recursive_version_locations"),
    ] {
        options.push((option, bound.take_some(name)));
    }
    for (option, value) in options {
        if let Some(value) = value {
            let text = vm.str(&value)?.replace('%', "%%");
            config.set_main_option(option, &text)?;
        }
    }
    if let Some(locations) = bound.take_some("version_locations") {
        let mut texts = Vec::new();
        for location in vm.collect(&locations)? {
            texts.push(vm.str(&location)?);
        }
        config.set_main_option("path_separator", "newline")?;
        config.set_main_option("version_locations", &texts.join("\n"))?;
    }
    let environment = super::environment::Environment::lent(&config);
    let script = vm.lend(|| ScriptDirectory::from_config(&config, environment.loader()))?;
    if let Value::Instance(instance) = bound.this() {
        instance.set_native(Rc::new(DirectoryState(script)));
    }
    Ok(Value::None)
}

/// `ScriptDirectory.generate_revision(...)`.
fn generate_revision(
    vm: &mut Interpreter,
    directory: &DirectoryState,
    bound: &mut python::Bound<'_>,
) -> Result<Value> {
    bound.refuse(&["file_template"])?;
    if let Some((name, _)) = bound.extra.first() {
        return Err(Error::unsupported(format!(
            "the argument {name} of ScriptDirectory.generate_revision()"
        )));
    }
    let texts = |vm: &mut Interpreter, value: Option<Value>| -> Result<Option<Vec<String>>> {
        let Some(value) = value else {
            return Ok(None);
        };
        Ok(match identifier(vm, &value)? {
            Identifier::One(one) => Some(vec![one]),
            Identifier::Many(many) => Some(many),
            Identifier::None => None,
        })
    };
    let head = match bound.take_some("head") {
        Some(head) => Some(identifier(vm, &head)?),
        None => None,
    };
    let message = bound.take_some("message");
    let version_path = bound.take_some("version_path");
    let (labels, depends_on) = (
        bound.take_some("branch_labels"),
        bound.take_some("depends_on"),
    );
    let splice = bound.value("splice");
    let revid = bound.value("revid");
    let request = GenerateRevision {
        revid: vm.str(&revid)?,
        message: message.map(|text| vm.str(&text)).transpose()?,
        head,
        splice: vm.truth(&splice)?,
        branch_labels: texts(vm, labels)?,
        version_path: version_path.map(|path| vm.str(&path)).transpose()?,
        depends_on: texts(vm, depends_on)?,
        ..GenerateRevision::default()
    };
    let made = vm.lend(|| directory.0.generate_revision(request))?;
    Ok(match made {
        Some(script) => script_value(vm, &script),
        None => Value::None,
    })
}

fn tuple<'a>(ids: impl IntoIterator<Item = &'a String>) -> Value {
    Value::tuple(ids.into_iter().map(Value::str).collect())
}

/// `alembic.script.Script`.
static SCRIPT: Declaration<ScriptState> = Declaration {
    properties: &[
        property("revision", |_, script| {
            Ok(script.0.revision.as_str().into())
        }),
        property("down_revision", |_, script| {
            let script = &script.0;
            Ok(match script.down_revision.as_slice() {
                [] => Value::None,
                [only] => Value::str(only),
                all => tuple(all),
            })
        }),
        property("dependencies", |_, script| {
            let script = &script.0;
            Ok(match script.dependencies.as_slice() {
                [] => Value::None,
                [only] => Value::str(only),
                all => tuple(all),
            })
        }),
        property("branch_labels", |vm, script| {
            let labels: Vec<String> = script.0.branch_labels().iter().cloned().collect();
            let set = vm.builtins.get_str("set").unwrap_or(Value::None);
            vm.call(&set, python::Arguments::positional(vec![labels.into()]))
        }),
        property("nextrev", |_, script| {
            let script = &script.0;
            let next: Vec<String> = script.nextrev().iter().cloned().collect();
            Ok(tuple(&next))
        }),
        property("path", |_, script| Ok(script.0.path().into())),
        property("doc", |_, script| Ok(script.0.doc().into())),
        property("longdoc", |_, script| Ok(script.0.longdoc().into())),
        property("log_entry", |_, script| Ok(script.0.log_entry().into())),
        property("is_head", |_, script| Ok(script.0.is_head().into())),
        property("is_base", |_, script| Ok(script.0.is_base().into())),
        property("is_branch_point", |_, script| {
            Ok(script.0.is_branch_point().into())
        }),
        property("is_merge_point", |_, script| {
            Ok(script.0.is_merge_point().into())
        }),
        property("module", |_, script| {
            let handle = script.0.module().handle.clone();
            Ok(handle
                .downcast::<Module>()
                .map_or(Value::None, Value::Module))
        }),
    ],
    methods: &[
        method("__str__", "self", |_, script, _| {
            Ok(script.0.cmd_format(false, false, true, true, true).into())
        }),
        method(
            "cmd_format",
            "self, verbose, include_branches=False, include_doc=False, include_parents=False, \
             tree_indicators=True",
            |vm, script, bound| {
                let mut flag = |name: &str, default: bool| match bound.take(name) {
                    Some(value) => vm.truth(&value),
                    None => Ok(default),
                };
                let verbose = flag("verbose", false)?;
                let branches = flag("include_branches", false)?;
                let doc = flag("include_doc", false)?;
                let parents = flag("include_parents", false)?;
                let tree = flag("tree_indicators", true)?;
                let text = script.0.cmd_format(verbose, branches, doc, parents, tree);
                Ok(text.into())
            },
        ),
    ],
    ..Declaration::new("alembic.script.base.Script")
};

/// The module `alembic.script`.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let directory = vm.class(&SCRIPT_DIRECTORY);
    let script = vm.class(&SCRIPT);
    Ok(Module::build("alembic.script")
        .class(&directory)
        .class(&script)
        .build())
}
