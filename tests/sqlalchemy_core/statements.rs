//! SELECT, INSERT, UPDATE and DELETE, built from a case.

use std::rc::Rc;

use limbeck::ground::diagnostic::Result;
use limbeck::sqlalchemy::compiler::CompileOptions;
use limbeck::sqlalchemy::dialects::{Dialect, postgresql, sqlite};
use limbeck::sqlalchemy::elements::{Expression, literal};
use limbeck::sqlalchemy::schema::{
    Column, ColumnItem, ColumnOptions, ForeignKey, MetaData, Table, TableOptions,
};
use limbeck::sqlalchemy::sql::{
    CompoundSelect, Delete, FromClause, Insert, InsertSource, SelectBase, SetOperation, Statement,
    Update, select, table,
};
use limbeck::sqlalchemy::sqltypes::Type;
use serde_json::{Value, json};

use super::{Scope, attempt};
use crate::expressions::{all, make};
use crate::schema::names_of;

pub fn make_from(node: &Value, scope: &Scope) -> Result<FromClause> {
    let name = node[2].as_str();
    Ok(match node[0].as_str().unwrap() {
        "table" => scope[node[1].as_str().unwrap()].clone(),
        "alias" => scope[node[1].as_str().unwrap()].alias(name),
        "subquery" => make_select(&node[1], scope)?.subquery(name),
        "cte" => make_select(&node[1], scope)?.cte(name, false, false),
        other => panic!("from {other}"),
    })
}

pub fn make_select(spec: &Value, scope: &Scope) -> Result<SelectBase> {
    let mut scope = scope.clone();
    for alias in spec["aliases"].as_array().into_iter().flatten() {
        let from = make_from(&alias[1], &scope)?;
        scope.insert(alias[0].as_str().unwrap().to_owned(), from);
    }
    let number = |key: &str| {
        spec.get(key)
            .and_then(Value::as_i64)
            .map(|number| literal(number, None))
    };
    if let Some(parts) = spec.get("union") {
        let parts = parts
            .as_array()
            .unwrap()
            .iter()
            .map(|part| make_select(part, &scope))
            .collect::<Result<Vec<_>>>()?;
        let operation = match spec["how"].as_str().unwrap() {
            "union" => SetOperation::Union,
            "union_all" => SetOperation::UnionAll,
            "except_" => SetOperation::Except,
            _ => SetOperation::Intersect,
        };
        let mut statement = CompoundSelect::new(operation, parts);
        if let Some(limit) = number("limit") {
            statement = statement.limit(Some(limit));
        }
        return Ok(statement.into());
    }
    let mut statement = select(all(&spec["columns"], &scope)?);
    for name in spec["from"].as_array().into_iter().flatten() {
        statement = statement.select_from(scope[name.as_str().unwrap()].clone());
    }
    for join in spec["joins"].as_array().into_iter().flatten() {
        let onclause = if join[1].is_null() {
            None
        } else {
            Some(make(&join[1], &scope)?)
        };
        statement = statement.join(
            None,
            scope[join[0].as_str().unwrap()].clone(),
            onclause,
            join[2].as_bool().unwrap(),
            false,
        );
    }
    for condition in all(&spec["where"], &scope)? {
        statement = statement.where_(condition);
    }
    let group = all(&spec["group"], &scope)?;
    if !group.is_empty() {
        statement = statement.group_by(group);
    }
    for condition in all(&spec["having"], &scope)? {
        statement = statement.having(condition);
    }
    if spec["distinct"] == true {
        statement = statement.distinct(Vec::new());
    }
    let order = all(&spec["order"], &scope)?;
    if !order.is_empty() {
        statement = statement.order_by(order);
    }
    if let Some(limit) = number("limit") {
        statement = statement.limit(Some(limit));
    }
    if let Some(offset) = number("offset") {
        statement = statement.offset(Some(offset));
    }
    Ok(statement.into())
}

pub fn compiled(statement: &Statement) -> Value {
    let text = |dialect: &Dialect, literal_binds: bool| {
        let options = CompileOptions {
            literal_binds,
            ..CompileOptions::default()
        };
        attempt(
            statement
                .compile(dialect, &options)
                .map(|compiled| compiled.string),
        )
    };
    json!({
        "default": text(&Dialect::default_dialect(), false),
        "sqlite": text(&sqlite::dialect(), false),
        "postgresql": text(&postgresql::dialect(), false),
        "literal": text(&sqlite::dialect(), true),
    })
}

pub fn fixed_scope() -> Scope {
    let metadata = MetaData::new();
    let users = Table::new(
        "users",
        &metadata,
        vec![
            Column::with_options(ColumnOptions {
                name: Some("id".into()),
                kind: Some(Type::integer_type()),
                primary_key: true,
                ..ColumnOptions::default()
            })
            .unwrap()
            .into(),
            Column::new("name", Type::string(Some(50))).into(),
            Column::new("age", Type::integer_type()).into(),
            Column::new("active", Type::boolean()).into(),
            Column::new("created", Type::datetime()).into(),
            Column::new("balance", Type::numeric(Some(10), Some(2))).into(),
            Column::new("Group", Type::string(None)).into(),
        ],
        TableOptions::default(),
    )
    .unwrap();
    let posts = Table::new(
        "posts",
        &metadata,
        vec![
            Column::with_options(ColumnOptions {
                name: Some("id".into()),
                kind: Some(Type::integer_type()),
                primary_key: true,
                ..ColumnOptions::default()
            })
            .unwrap()
            .into(),
            Column::with_options(ColumnOptions {
                name: Some("user_id".into()),
                kind: Some(Type::integer_type()),
                items: vec![ColumnItem::ForeignKey(ForeignKey::new("users.id"))],
                ..ColumnOptions::default()
            })
            .unwrap()
            .into(),
            Column::new("title", Type::string(None)).into(),
            Column::new("score", Type::float()).into(),
        ],
        TableOptions::default(),
    )
    .unwrap();
    let light = table(
        "lt",
        vec![
            ("x".into(), Type::integer_type()),
            ("y".into(), Type::null()),
        ],
        None,
    );
    [
        ("users".to_owned(), FromClause::from(&users)),
        ("posts".to_owned(), FromClause::from(&posts)),
        ("lt".to_owned(), light),
    ]
    .into()
}

pub fn pairs(value: &Value, scope: &Scope) -> Result<Vec<(Rc<str>, Expression)>> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| Ok((Rc::from(pair[0].as_str().unwrap()), make(&pair[1], scope)?)))
        .collect()
}

pub fn dml_case(spec: &Value, scope: &Scope) -> Result<Value> {
    let target = scope[spec["table"].as_str().unwrap()].clone();
    let conditions = all(&spec["where"], scope)?;
    let statement: Statement = match spec["how"].as_str().unwrap() {
        "insert" => Insert::new(target)
            .values(pairs(&spec["values"], scope)?)
            .into(),
        "insert_many" => {
            let mut insert = Insert::new(target);
            insert.source = InsertSource::MultiValues(
                spec["rows"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| pairs(row, scope))
                    .collect::<Result<Vec<_>>>()?,
            );
            insert.into()
        }
        "insert_plain" => Insert::new(target).into(),
        "insert_select" => {
            let mut insert = Insert::new(target);
            insert.source = InsertSource::Select(
                names_of(&spec["columns"])
                    .into_iter()
                    .map(Rc::from)
                    .collect(),
                make_select(&spec["select"], scope)?,
                true,
            );
            insert.into()
        }
        "update" => {
            let mut update = Update::new(target.clone());
            for (key, value) in pairs(&spec["values"], scope)? {
                let key = target.column(&key).unwrap();
                update = update.set(key, value);
            }
            update.filters = conditions;
            update.into()
        }
        _ => {
            let mut delete = Delete::new(target);
            delete.filters = conditions;
            delete.into()
        }
    };
    Ok(compiled(&statement))
}
