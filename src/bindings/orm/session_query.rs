//! `Query`: what `session.query(...)` gives.

use std::rc::Rc;

use super::session::{self, Part, SessionState};
use super::session_objects::class_named;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::ResultObject;
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, CompareOperator, Interpreter, NativeObject, Value};

/// `session.query(...)`.
pub struct QueryObject {
    session: Rc<SessionState>,
    entities: Vec<Value>,
    /// The SELECT, as a Python value.
    select: Value,
    criteria: Vec<Value>,
}

impl QueryObject {
    pub(super) fn new(
        vm: &mut Interpreter,
        session: Rc<SessionState>,
        entities: Vec<Value>,
    ) -> Result<QueryObject> {
        for entity in &entities {
            conversion::refuse_opaque(entity, "What is queried")?;
        }
        let select = sql::select(vm, &entities)?;
        Ok(QueryObject {
            session,
            entities,
            select,
            criteria: Vec::new(),
        })
    }

    /// The same query with its SELECT changed by one of the SELECT's methods.
    fn changed(
        &self,
        vm: &mut Interpreter,
        method: &str,
        arguments: Arguments,
    ) -> Result<QueryObject> {
        Ok(QueryObject {
            session: self.session.clone(),
            entities: self.entities.clone(),
            select: vm.call_method(&self.select, method, arguments)?,
            criteria: self.criteria.clone(),
        })
    }

    fn filtered(&self, vm: &mut Interpreter, criteria: Vec<Value>) -> Result<QueryObject> {
        let mut query = self.changed(vm, "where", Arguments::positional(criteria.clone()))?;
        query.criteria.extend(criteria);
        Ok(query)
    }

    fn first_class(&self) -> Option<&Class> {
        self.entities.first().and_then(Value::as_class)
    }

    fn parts(&self, vm: &mut Interpreter) -> Result<Vec<Part>> {
        match sql::find_select(&self.select) {
            Some(sqlalchemy::sql::SelectBase::Select(select)) => session::parts_of(vm, &select),
            _ => Err(Error::unsupported("such a query")),
        }
    }

    fn result(&self, vm: &mut Interpreter) -> Result<ResultObject> {
        let parts = self.parts(vm)?;
        let (names, rows) = session::rows_of(vm, &self.session, &self.select, None, &parts)?;
        Ok(ResultObject::of_rows(names, rows))
    }

    /// Rows, or what is in them where one entity is asked for.
    fn view(&self, vm: &mut Interpreter) -> Result<Value> {
        let result = Value::native(self.result(vm)?);
        let single = self.entities.len() == 1 && self.first_class().is_some();
        if single {
            vm.call_method(&result, "scalars", Arguments::none())
        } else {
            Ok(result)
        }
    }

    fn call(&self, vm: &mut Interpreter, method: &str) -> Result<Value> {
        let view = self.view(vm)?;
        vm.call_method(&view, method, Arguments::none())
    }

    /// An UPDATE or a DELETE of the rows that the query selects.
    fn change(&self, vm: &mut Interpreter, kind: &str, values: Option<Value>) -> Result<Value> {
        let Some(class) = self.first_class().cloned() else {
            return Err(Error::unsupported(format!(
                "Query.{kind}() of something else than one mapped class"
            )));
        };
        session::flush(vm, &self.session)?;
        let target = Value::Class(class);
        let mut statement = match values {
            Some(_) => sql::update(vm, &target)?,
            None => sql::delete(vm, &target)?,
        };
        if !self.criteria.is_empty() {
            let criteria = Arguments::positional(self.criteria.clone());
            statement = vm.call_method(&statement, "where", criteria)?;
        }
        if let Some(values) = values {
            let values = Arguments::positional(vec![values]);
            statement = vm.call_method(&statement, "values", values)?;
        }
        let result = session::execute(vm, &self.session, &statement, None)?;
        let count = result
            .cursor_result()
            .map_or(-1, |result| result.rowcount());
        Ok(count.into())
    }

    fn count(&self, vm: &mut Interpreter) -> Result<Value> {
        let subquery = vm.call_method(&self.select, "subquery", Arguments::none())?;
        let module = vm.import("sqlalchemy")?;
        let functions = vm.get_attribute(&module, "func")?;
        let count = vm.call_method(&functions, "count", Arguments::none())?;
        let select = sql::select(vm, &[count])?;
        let from = Arguments::positional(vec![subquery]);
        let select = vm.call_method(&select, "select_from", from)?;
        let result = session::execute(vm, &self.session, &select, None)?;
        result.scalar(vm)
    }
}

impl NativeObject for QueryObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        query_class(vm)
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let rows = self.call(vm, "all")?;
        vm.iterate(&rows).map(Some)
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.str(&self.select).map(Some)
    }
}

fn query(value: &Value) -> Result<Rc<QueryObject>> {
    value
        .downcast::<QueryObject>()
        .ok_or_else(|| Error::new("TypeError", "a Query is needed"))
}

/// Methods that change the SELECT as the SELECT's own do.
const PASSED: [(&str, &str); 10] = [
    ("order_by", "order_by"),
    ("group_by", "group_by"),
    ("having", "having"),
    ("distinct", "distinct"),
    ("limit", "limit"),
    ("offset", "offset"),
    ("join", "join"),
    ("outerjoin", "outerjoin"),
    ("select_from", "select_from"),
    ("with_for_update", "with_for_update"),
];

pub(super) fn query_class(vm: &mut Interpreter) -> Class {
    class_named(vm, "sqlalchemy.orm.query", "Query", |mut builder| {
        for (name, method) in PASSED {
            builder = builder.method(name, move |vm, this, arguments| {
                Ok(Value::native(query(this)?.changed(vm, method, arguments)?))
            });
        }
        for name in ["filter", "where"] {
            builder = builder.method(name, |vm, this, arguments| {
                Ok(Value::native(
                    query(this)?.filtered(vm, arguments.positional)?,
                ))
            });
        }
        for name in ["all", "first", "one", "one_or_none"] {
            builder = builder.method(name, move |vm, this, _| {
                let mut query = query(this)?;
                if name == "first" {
                    let limit = Arguments::positional(vec![Value::Int(1)]);
                    query = Rc::new(query.changed(vm, "limit", limit)?);
                }
                query.call(vm, name)
            });
        }
        for name in [
            "options",
            "execution_options",
            "yield_per",
            "populate_existing",
        ] {
            builder = builder.method(name, |_vm, this, _| Ok(this.clone()));
        }
        builder
            .method("filter_by", |vm, this, arguments| {
                let query = query(this)?;
                let Some(class) = query.first_class().cloned() else {
                    return Err(Error::unsupported("filter_by() of a query without a class"));
                };
                let class = Value::Class(class);
                let mut criteria = Vec::new();
                for (name, value) in &arguments.keyword {
                    let Some(attribute) = vm.find_attribute(&class, name)? else {
                        let shown = vm.repr(&class)?;
                        return Err(conversion::invalid_request(format!(
                            "Entity namespace for \"{shown}\" has no property \"{name}\""
                        )));
                    };
                    criteria.push(vm.compare(CompareOperator::Equal, &attribute, value)?);
                }
                Ok(Value::native(query.filtered(vm, criteria)?))
            })
            .method("with_entities", |vm, this, arguments| {
                let query = query(this)?;
                let mut changed = query.changed(
                    vm,
                    "with_only_columns",
                    Arguments::positional(arguments.positional.clone()),
                )?;
                changed.entities = arguments.positional;
                Ok(Value::native(changed))
            })
            .method("get", |vm, this, arguments| {
                let [key] = arguments.exactly("get")?;
                let query = query(this)?;
                let Some(class) = query.first_class() else {
                    return Err(Error::unsupported("get() of a query without a class"));
                };
                session::get(vm, &query.session, class, &key)
            })
            .method("scalar", |vm, this, _| {
                let result = query(this)?.result(vm)?;
                let row = Value::native(result);
                vm.call_method(&row, "scalar_one_or_none", Arguments::none())
            })
            .method("scalars", |vm, this, _| {
                let result = Value::native(query(this)?.result(vm)?);
                vm.call_method(&result, "scalars", Arguments::none())
            })
            .method("count", |vm, this, _| query(this)?.count(vm))
            .method("exists", |vm, this, _| {
                let select = query(this)?.select.clone();
                vm.call_method(&select, "exists", Arguments::none())
            })
            .method("subquery", |vm, this, arguments| {
                let select = query(this)?.select.clone();
                vm.call_method(&select, "subquery", arguments)
            })
            .method("scalar_subquery", |vm, this, arguments| {
                let select = query(this)?.select.clone();
                vm.call_method(&select, "scalar_subquery", arguments)
            })
            .method("update", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!(
                    "Query.update",
                    "values, synchronize_session=None, update_args=None"
                ))?;
                let values = bound.value("values");
                query(this)?.change(vm, "update", Some(values))
            })
            .method("delete", |vm, this, _| {
                query(this)?.change(vm, "delete", None)
            })
            .property("statement", |_vm, this| Ok(query(this)?.select.clone()))
            .property("session", |_vm, this| {
                let _ = query(this)?;
                Err(Error::unsupported("Query.session"))
            })
    })
}
