//! `sqlalchemy.engine.URL` as a Python object.

use crate::bindings::conversion;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::class_named;
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{
    Arguments, Class, CompareOperator, Dict, Interpreter, NativeClass, NativeObject, Value,
};
use sqlalchemy::engine::{Url, make_url};

/// A URL.
pub struct UrlObject {
    /// The URL.
    pub url: Rc<Url>,
}

/// The URL that a value stands for: a URL, or a text to parse.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError`.
pub fn to_url(vm: &mut Interpreter, value: &Value) -> Result<Rc<Url>> {
    if let Some(object) = value.downcast::<UrlObject>() {
        return Ok(object.url.clone());
    }
    conversion::refuse_opaque(value, "The database URL")?;
    match value.as_text() {
        Some(text) => make_url(&text).map(Rc::new),
        None => {
            let shown = vm.repr(value)?;
            Err(Error::new(
                "sqlalchemy.exc.ArgumentError",
                format!("Expected string or URL object, got {shown}"),
            ))
        }
    }
}

fn query_value(url: &Url) -> Value {
    let dict = Dict::new();
    for (name, values) in &url.query {
        let value = match values.as_slice() {
            [one] => Value::str(one),
            several => Value::tuple(several.iter().map(Value::str).collect()),
        };
        dict.set_str(name, value);
    }
    Value::Dict(Rc::new(dict))
}

fn query_of(vm: &mut Interpreter, value: &Value) -> Result<IndexMap<String, Vec<String>>> {
    let mut query = IndexMap::default();
    if let Some(dict) = value.as_dict() {
        for (name, value) in dict.entries() {
            let mut values = Vec::new();
            match value.as_items() {
                Some(items) => {
                    for item in items {
                        values.push(vm.str(&item)?);
                    }
                }
                None => values.push(vm.str(&value)?),
            }
            query.insert(vm.str(&name)?, values);
        }
    }
    Ok(query)
}

impl NativeObject for UrlObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        url_class(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let url = &self.url;
        Ok(Some(match name {
            "drivername" => Value::str(&url.drivername),
            "username" => url.username.clone().into(),
            "password" => url.password.clone().into(),
            "host" => url.host.clone().into(),
            "port" => url.port.into(),
            "database" => url.database.clone().into(),
            "query" => query_value(url),
            _ => return Ok(None),
        }))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<UrlObject>()
            .is_some_and(|other| other.url == self.url);
        Ok(match operator {
            CompareOperator::Equal => Some(same.into()),
            CompareOperator::NotEqual => Some((!same).into()),
            _ => None,
        })
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&Value::str(self.url.to_string())).map(Some)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.url.to_string()))
    }
}

fn url(value: &Value) -> Result<Rc<Url>> {
    value
        .downcast::<UrlObject>()
        .map(|object| object.url.clone())
        .ok_or_else(|| Error::new("TypeError", "a URL is needed"))
}

fn changed(vm: &mut Interpreter, url: &Url, arguments: Arguments) -> Result<Value> {
    let mut url = url.clone();
    let mut bound = arguments.bind(parameters!(
        "URL",
        "drivername=None, username=None, password=None, host=None, port=None, database=None, \
         query=None"
    ))?;
    if let Some(name) = bound.take_some("drivername") {
        url.drivername = vm.str(&name)?;
    }
    for (name, slot) in [
        ("username", &mut url.username),
        ("password", &mut url.password),
        ("host", &mut url.host),
        ("database", &mut url.database),
    ] {
        if let Some(value) = bound.take_some(name) {
            *slot = Some(vm.str(&value)?);
        }
    }
    if let Some(port) = bound.take_some("port") {
        let text = vm.str(&port)?;
        url.port =
            Some(text.parse().map_err(|_| {
                Error::new("TypeError", "Port argument must be an integer or None")
            })?);
    }
    if let Some(query) = bound.take_some("query") {
        url.query = query_of(vm, &query)?;
    }
    Ok(Value::native(UrlObject { url: Rc::new(url) }))
}

struct NoConstructor;

impl NativeClass for NoConstructor {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        changed(vm, &Url::default(), arguments.clone()).map(Some)
    }
}

pub(super) fn url_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlalchemy.engine.url", "URL", |builder| {
        builder
            .hooks(NoConstructor)
            .class_method("create", |vm, _class, arguments| {
                changed(vm, &Url::default(), arguments)
            })
            .method("set", |vm, this, arguments| {
                let url = url(this)?;
                changed(vm, &url, arguments)
            })
            .method("render_as_string", |vm, this, arguments| {
                let mut bound =
                    arguments.bind(parameters!("render_as_string", "hide_password=True"))?;
                let hide = match bound.take("hide_password") {
                    Some(hide) => vm.truth(&hide)?,
                    None => true,
                };
                Ok(url(this)?.render_as_string(hide).into())
            })
            .method("get_backend_name", |_vm, this, _| {
                Ok(url(this)?.get_backend_name().into())
            })
            .method("get_driver_name", |_vm, this, _| {
                Ok(url(this)?.get_driver_name()?.into())
            })
            .method("update_query_dict", |vm, this, arguments| {
                let [given] = arguments.exactly("update_query_dict")?;
                let mut changed = (*url(this)?).clone();
                changed.query.extend(query_of(vm, &given)?);
                Ok(Value::native(UrlObject {
                    url: Rc::new(changed),
                }))
            })
            .method("difference_update_query", |vm, this, arguments| {
                let [names] = arguments.exactly("difference_update_query")?;
                let mut changed = (*url(this)?).clone();
                for name in vm.collect(&names)? {
                    changed
                        .query
                        .shift_remove(name.as_str().unwrap_or_default());
                }
                Ok(Value::native(UrlObject {
                    url: Rc::new(changed),
                }))
            })
            .method("translate_connect_args", |_vm, this, _| {
                let url = url(this)?;
                let dict = Dict::new();
                let parts = [
                    ("host", &url.host),
                    ("database", &url.database),
                    ("username", &url.username),
                    ("password", &url.password),
                ];
                for (name, value) in parts {
                    if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                        dict.set_str(name, value.into());
                    }
                }
                if let Some(port) = url.port {
                    dict.set_str("port", port.into());
                }
                Ok(Value::Dict(Rc::new(dict)))
            })
    })
}
