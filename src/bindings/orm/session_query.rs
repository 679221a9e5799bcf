//! `Query`, the result of `session.query(...)`.

use std::rc::Rc;

use super::session::{self, Part, SessionState};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::ResultObject;
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, CompareOperator, Declaration, Interpreter, NativeObject, Value,
    method, property,
};

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

    /// A copy of the query with its SELECT changed by one of `Select`'s methods.
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

    /// The result: rows, or scalars for a single entity.
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

    /// A bulk UPDATE or DELETE of the rows that the query selects.
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
        vm.class(&QUERY)
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let rows = self.call(vm, "all")?;
        vm.iterate(&rows).map(Some)
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.str(&self.select).map(Some)
    }
}

/// A method delegated to the same method of `Select`.
fn passed(
    vm: &mut Interpreter,
    query: &QueryObject,
    method: &str,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    bound.take("self");
    let arguments = Arguments {
        positional: std::mem::take(&mut bound.rest),
        keyword: bound.take_keywords(),
    };
    Ok(Value::native(query.changed(vm, method, arguments)?))
}

fn joined(
    vm: &mut Interpreter,
    query: &QueryObject,
    method: &str,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    bound.take("self");
    let target = bound.take("target").into_iter();
    let arguments = Arguments {
        positional: target.chain(bound.take_some("onclause")).collect(),
        keyword: bound.take_keywords(),
    };
    Ok(Value::native(query.changed(vm, method, arguments)?))
}

fn filter(vm: &mut Interpreter, query: &QueryObject, bound: &mut Bound<'_>) -> Result<Value> {
    let criteria = std::mem::take(&mut bound.rest);
    Ok(Value::native(query.filtered(vm, criteria)?))
}

/// A method without effect here.
fn unchanged(_vm: &mut Interpreter, _query: &QueryObject, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(bound.this().clone())
}

/// `sqlalchemy.orm.Query`.
pub(super) static QUERY: Declaration<QueryObject> = Declaration {
    properties: &[
        property("statement", |_, query| Ok(query.select.clone())),
        property("session", |_, _| Err(Error::unsupported("Query.session"))),
    ],
    methods: &[
        method("order_by", "self, *clauses", |vm, query, bound| {
            passed(vm, query, "order_by", bound)
        }),
        method("group_by", "self, *clauses", |vm, query, bound| {
            passed(vm, query, "group_by", bound)
        }),
        method("having", "self, *having", |vm, query, bound| {
            passed(vm, query, "having", bound)
        }),
        method("distinct", "self, *expr", |vm, query, bound| {
            passed(vm, query, "distinct", bound)
        }),
        method("limit", "self, limit", |vm, query, bound| {
            let limit = Arguments::positional(vec![bound.value("limit")]);
            Ok(Value::native(query.changed(vm, "limit", limit)?))
        }),
        method("offset", "self, offset", |vm, query, bound| {
            let offset = Arguments::positional(vec![bound.value("offset")]);
            Ok(Value::native(query.changed(vm, "offset", offset)?))
        }),
        method(
            "join",
            "self, target, onclause=None, *, isouter=False, full=False",
            |vm, query, bound| joined(vm, query, "join", bound),
        ),
        method(
            "outerjoin",
            "self, target, onclause=None, *, full=False",
            |vm, query, bound| joined(vm, query, "outerjoin", bound),
        ),
        method("select_from", "self, *from_obj", |vm, query, bound| {
            passed(vm, query, "select_from", bound)
        }),
        method(
            "with_for_update",
            "self, *, nowait=False, read=False, of=None, skip_locked=False, key_share=False",
            |vm, query, bound| passed(vm, query, "with_for_update", bound),
        ),
        method("filter", "self, *criterion", filter),
        method("where", "self, *criterion", filter),
        method("all", "self", |vm, query, _| query.call(vm, "all")),
        method("first", "self", |vm, query, _| {
            let limit = Arguments::positional(vec![Value::Int(1)]);
            query.changed(vm, "limit", limit)?.call(vm, "first")
        }),
        method("one", "self", |vm, query, _| query.call(vm, "one")),
        method("one_or_none", "self", |vm, query, _| {
            query.call(vm, "one_or_none")
        }),
        method("options", "self, *args", unchanged),
        method("execution_options", "self, **kwargs", unchanged),
        method("yield_per", "self, count", unchanged),
        method("populate_existing", "self", unchanged),
        method("filter_by", "self, **kwargs", |vm, query, bound| {
            let Some(class) = query.first_class().cloned() else {
                return Err(Error::unsupported("filter_by() of a query without a class"));
            };
            let class = Value::Class(class);
            let mut criteria = Vec::new();
            for (name, value) in &bound.extra {
                let Some(attribute) = vm.find_attribute(&class, name)? else {
                    let shown = vm.repr(&class)?;
                    return Err(conversion::invalid_request(format!(
                        "Entity namespace for \"{shown}\" has no property \"{name}\""
                    )));
                };
                criteria.push(vm.compare(CompareOperator::Equal, &attribute, value)?);
            }
            Ok(Value::native(query.filtered(vm, criteria)?))
        }),
        method(
            "with_entities",
            "self, *entities, **kw",
            |vm, query, bound| {
                let mut changed = query.changed(
                    vm,
                    "with_only_columns",
                    Arguments::positional(bound.rest.clone()),
                )?;
                changed.entities = std::mem::take(&mut bound.rest);
                Ok(Value::native(changed))
            },
        ),
        method("get", "self, ident", |vm, query, bound| {
            let key = bound.value("ident");
            let Some(class) = query.first_class() else {
                return Err(Error::unsupported("get() of a query without a class"));
            };
            session::get(vm, &query.session, class, &key)
        }),
        method("scalar", "self", |vm, query, _| {
            let result = query.result(vm)?;
            let row = Value::native(result);
            vm.call_method(&row, "scalar_one_or_none", Arguments::none())
        }),
        method("scalars", "self", |vm, query, _| {
            let result = Value::native(query.result(vm)?);
            vm.call_method(&result, "scalars", Arguments::none())
        }),
        method("count", "self", |vm, query, _| query.count(vm)),
        method("exists", "self", |vm, query, _| {
            let select = query.select.clone();
            vm.call_method(&select, "exists", Arguments::none())
        }),
        method(
            "subquery",
            "self, name=None, with_labels=False, reduce_columns=False",
            |vm, query, bound| {
                let select = query.select.clone();
                let name: Vec<Value> = bound.take_some("name").into_iter().collect();
                vm.call_method(&select, "subquery", Arguments::positional(name))
            },
        ),
        method("scalar_subquery", "self", |vm, query, _| {
            let select = query.select.clone();
            vm.call_method(&select, "scalar_subquery", Arguments::none())
        }),
        method(
            "update",
            "self, values, synchronize_session='auto', update_args=None",
            |vm, query, bound| {
                let values = bound.value("values");
                query.change(vm, "update", Some(values))
            },
        ),
        method(
            "delete",
            "self, synchronize_session='auto', delete_args=None",
            |vm, query, _| query.change(vm, "delete", None),
        ),
    ],
    ..Declaration::new("sqlalchemy.orm.query.Query")
};
