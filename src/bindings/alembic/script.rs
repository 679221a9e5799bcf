//! `alembic.script`: ScriptDirectory and Script as env.py and scripts see them.

use std::rc::Rc;

use crate::script::revision::Identifier;
use crate::script::{Script, ScriptDirectory};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Class, ClassBuilder, Interpreter, Module, Value, instance};

struct DirectoryState(ScriptDirectory);
struct ScriptState(Rc<Script>);

fn directory(this: &Value) -> Result<ScriptDirectory> {
    this.downcast::<DirectoryState>()
        .map(|state| state.0.clone())
        .ok_or_else(|| Error::new("TypeError", "a ScriptDirectory was expected"))
}

/// The Python object of a script directory.
pub(super) fn script_directory_value(vm: &mut Interpreter, script: &ScriptDirectory) -> Value {
    let class = directory_class(vm);
    instance(&class, DirectoryState(script.clone()))
}

fn script_value(vm: &mut Interpreter, script: &Rc<Script>) -> Value {
    let class = script_class(vm);
    instance(&class, ScriptState(script.clone()))
}

/// An identifier as Python gives it.
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

fn directory_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("alembic.script.base.ScriptDirectory") {
        return class;
    }
    ClassBuilder::new("alembic.script.base", "ScriptDirectory")
        .class_method("from_config", |vm, _, arguments| {
            let mut bound = arguments.bind(parameters!("ScriptDirectory.from_config", "config"))?;
            let config = bound.value("config");
            let Some(state) = config.downcast::<super::config::ConfigState>() else {
                return Err(vm.type_error("ScriptDirectory.from_config() takes a Config"));
            };
            if let Some(active) = super::context::active(vm) {
                return Ok(script_directory_value(vm, active.environment.script()));
            }
            let environment = super::environment::Environment::lent(&state.config);
            let script =
                vm.lend(|| ScriptDirectory::from_config(&state.config, environment.loader()))?;
            Ok(script_directory_value(vm, &script))
        })
        .property("dir", |_, this| Ok(directory(this)?.dir().into()))
        .property("env_py_location", |_, this| {
            Ok(directory(this)?.env_py_location().into())
        })
        .method("get_current_head", |vm, this, _| {
            let script = directory(this)?;
            Ok(vm.lend(|| script.get_current_head())?.into())
        })
        .method("get_heads", |vm, this, _| {
            let script = directory(this)?;
            Ok(vm.lend(|| script.get_heads(false))?.into())
        })
        .method("get_bases", |vm, this, _| {
            let script = directory(this)?;
            Ok(vm.lend(|| script.get_bases())?.into())
        })
        .method("get_base", |vm, this, _| {
            let script = directory(this)?;
            Ok(vm.lend(|| script.get_base())?.into())
        })
        .method("get_revision", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("ScriptDirectory.get_revision", "id_"))?;
            let id = bound.take_some("id_").map(|id| vm.str(&id)).transpose()?;
            let script = directory(this)?;
            let found = vm.lend(|| script.get_revision(id.as_deref()))?;
            Ok(match found {
                Some(found) => script_value(vm, &found),
                None => Value::None,
            })
        })
        .method("get_revisions", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("ScriptDirectory.get_revisions", "id_"))?;
            let id = bound.value("id_");
            let id = identifier(vm, &id)?;
            let script = directory(this)?;
            let found = vm.lend(|| script.get_revisions(&id))?;
            let found = found
                .iter()
                .map(|script| match script {
                    Some(script) => script_value(vm, script),
                    None => Value::None,
                })
                .collect();
            Ok(Value::tuple(found))
        })
        .method("as_revision_number", |vm, this, arguments| {
            let mut bound =
                arguments.bind(parameters!("ScriptDirectory.as_revision_number", "id_"))?;
            let id = bound.value("id_");
            let id = identifier(vm, &id)?;
            let script = directory(this)?;
            super::migration_context::revision_number(vm, &script, &id)
        })
        .method("walk_revisions", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "ScriptDirectory.walk_revisions",
                "base='base', head='heads'"
            ))?;
            let base = bound.take("base").unwrap_or_else(|| Value::str("base"));
            let head = bound.take("head").unwrap_or_else(|| Value::str("heads"));
            let (base, head) = (identifier(vm, &base)?, identifier(vm, &head)?);
            let script = directory(this)?;
            let found = vm.lend(|| script.walk_revisions(&base, &head))?;
            let found = found
                .iter()
                .map(|script| script_value(vm, script))
                .collect();
            let list = Value::list(found);
            vm.iterate(&list)
        })
        .build(vm)
}

fn script_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("alembic.script.base.Script") {
        return class;
    }
    fn script(this: &Value) -> Result<Rc<Script>> {
        this.downcast::<ScriptState>()
            .map(|state| state.0.clone())
            .ok_or_else(|| Error::new("TypeError", "a Script was expected"))
    }
    fn tuple<'a>(ids: impl IntoIterator<Item = &'a String>) -> Value {
        Value::tuple(ids.into_iter().map(Value::str).collect())
    }
    ClassBuilder::new("alembic.script.base", "Script")
        .property("revision", |_, this| {
            Ok(script(this)?.revision.as_str().into())
        })
        .property("down_revision", |_, this| {
            let script = script(this)?;
            Ok(match script.down_revision.as_slice() {
                [] => Value::None,
                [only] => Value::str(only),
                all => tuple(all),
            })
        })
        .property("dependencies", |_, this| {
            let script = script(this)?;
            Ok(match script.dependencies.as_slice() {
                [] => Value::None,
                [only] => Value::str(only),
                all => tuple(all),
            })
        })
        .property("branch_labels", |vm, this| {
            let labels: Vec<String> = script(this)?.branch_labels().iter().cloned().collect();
            let set = vm.builtins.get_str("set").unwrap_or(Value::None);
            vm.call(&set, python::Arguments::positional(vec![labels.into()]))
        })
        .property("nextrev", |_, this| {
            let script = script(this)?;
            let next: Vec<String> = script.nextrev().iter().cloned().collect();
            Ok(tuple(&next))
        })
        .property("path", |_, this| Ok(script(this)?.path().into()))
        .property("doc", |_, this| Ok(script(this)?.doc().into()))
        .property("longdoc", |_, this| Ok(script(this)?.longdoc().into()))
        .property("log_entry", |_, this| Ok(script(this)?.log_entry().into()))
        .property("is_head", |_, this| Ok(script(this)?.is_head().into()))
        .property("is_base", |_, this| Ok(script(this)?.is_base().into()))
        .property("is_branch_point", |_, this| {
            Ok(script(this)?.is_branch_point().into())
        })
        .property("is_merge_point", |_, this| {
            Ok(script(this)?.is_merge_point().into())
        })
        .property("module", |_, this| {
            let handle = script(this)?.module().handle.clone();
            Ok(handle
                .downcast::<Module>()
                .map_or(Value::None, Value::Module))
        })
        .build(vm)
}

/// The module `alembic.script`.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let directory = directory_class(vm);
    let script = script_class(vm);
    Ok(Module::build("alembic.script")
        .class(&directory)
        .class(&script)
        .build())
}
