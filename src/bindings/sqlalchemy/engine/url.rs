//! `sqlalchemy.engine.URL` as a Python object.

use crate::bindings::conversion;
use sqlalchemy::exc;
use std::rc::Rc;

use ground::hash::IndexMap;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, CompareOperator, Declaration, Dict, Interpreter, NativeObject, Value,
    constructor, function, method, property,
};
use sqlalchemy::engine::{Url, make_url};

/// A URL.
pub struct UrlObject {
    /// The URL.
    pub url: Rc<Url>,
}

/// Converts a value to a URL: a `URL`, or a string to parse.
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
                exc::ARGUMENT_ERROR,
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
        vm.class(&URL)
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

fn changed(vm: &mut Interpreter, url: &Url, bound: &mut Bound<'_>) -> Result<Value> {
    let mut url = url.clone();
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

/// `URL`.
pub(super) static URL: Declaration<UrlObject> = Declaration {
    constructor: constructor(
        "self, drivername, username, password, host, port, database, query",
        |vm, bound| changed(vm, &Url::default(), bound),
    ),
    properties: &[
        property("drivername", |_, this| Ok(Value::str(&this.url.drivername))),
        property("username", |_, this| Ok(this.url.username.clone().into())),
        property("password", |_, this| Ok(this.url.password.clone().into())),
        property("host", |_, this| Ok(this.url.host.clone().into())),
        property("port", |_, this| Ok(this.url.port.into())),
        property("database", |_, this| Ok(this.url.database.clone().into())),
        property("query", |_, this| Ok(query_value(&this.url))),
    ],
    static_methods: &[function(
        "create",
        "drivername=None, username=None, password=None, host=None, port=None, database=None, \
         query=None",
        |vm, bound| changed(vm, &Url::default(), bound),
    )],
    methods: &[
        method(
            "set",
            "self, drivername=None, username=None, password=None, host=None, port=None, \
             database=None, query=None",
            |vm, this, bound| changed(vm, &this.url, bound),
        ),
        method(
            "render_as_string",
            "self, hide_password=True",
            |vm, this, bound| {
                let hide = match bound.take("hide_password") {
                    Some(hide) => vm.truth(&hide)?,
                    None => true,
                };
                Ok(this.url.clone().render_as_string(hide).into())
            },
        ),
        method("get_backend_name", "self", |_, this, _| {
            Ok(this.url.clone().get_backend_name().into())
        }),
        method("get_driver_name", "self", |_, this, _| {
            Ok(this.url.clone().get_driver_name()?.into())
        }),
        method(
            "update_query_dict",
            "self, query_parameters, append=False",
            |vm, this, bound| {
                let given = bound.value("query_parameters");
                let mut changed = (*this.url).clone();
                changed.query.extend(query_of(vm, &given)?);
                Ok(Value::native(UrlObject {
                    url: Rc::new(changed),
                }))
            },
        ),
        method(
            "difference_update_query",
            "self, names",
            |vm, this, bound| {
                let names = bound.value("names");
                let mut changed = (*this.url).clone();
                for name in vm.collect(&names)? {
                    changed
                        .query
                        .shift_remove(name.as_str().unwrap_or_default());
                }
                Ok(Value::native(UrlObject {
                    url: Rc::new(changed),
                }))
            },
        ),
        method(
            "translate_connect_args",
            "self, names=None, **kw",
            |_, this, _| {
                let url = this.url.clone();
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
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.engine.url.URL")
};
