//! The schema, type and expression compilers against what SQLAlchemy makes of the same things.
//!
//! `tests/oracle/core/cases.jsonl` holds recorded answers. With LIMBECK_ORACLE_PYTHON set, new
//! random cases are asked for as well; LIMBECK_CORE_SEED and LIMBECK_CORE_COUNT choose them, and
//! LIMBECK_CORE_CASES names a file to read instead.

mod support;

use std::collections::HashMap;
use std::process::Command;
use std::rc::Rc;

use limbeck::ground::diagnostic::{Error, Result};
use limbeck::sqlalchemy::compiler::{CompileOptions, ddl};
use limbeck::sqlalchemy::dialects::Dialect;
use limbeck::sqlalchemy::elements::{
    self, CustomOperator, Expression, Operand, Operator, column, extract, func, label, literal,
    literal_column, not_, over, text, tuple_,
};
use limbeck::sqlalchemy::literal::Literal;
use limbeck::sqlalchemy::name::ConstraintName;
use limbeck::sqlalchemy::naming::NamingConvention;
use limbeck::sqlalchemy::schema::{
    Autoincrement, CheckConstraint, Column, ColumnItem, ColumnOptions, Computed, ConstraintOptions,
    DefaultClause, DialectOptions, ForeignKey, ForeignKeyConstraint, ForeignKeyOptions, Index,
    IndexExpression, IndexOptions, MetaData, PrimaryKeyConstraint, SchemaName, ServerDefault,
    Table, TableItem, TableOptions, UniqueConstraint,
};
use limbeck::sqlalchemy::sql::{
    CompoundSelect, Delete, FromClause, Insert, InsertSource, SelectBase, SetOperation, Statement,
    Update, exists, select, table,
};
use limbeck::sqlalchemy::sqltypes::{Argument, Type, TypeClass};
use serde_json::{Map, Value, json};

type Scope = HashMap<String, FromClause>;

fn literal_of(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Boolean(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Literal::Integer(number),
            None => Literal::Float(number.as_f64().unwrap()),
        },
        Value::String(text) => Literal::from(text.as_str()),
        Value::Array(items) => Literal::List(items.iter().map(literal_of).collect()),
        Value::Object(_) => Literal::Null,
    }
}

fn make_type(spec: &Value) -> Result<Type> {
    let dialect = spec[0].as_str().unwrap();
    let name = spec[1].as_str().unwrap();
    let class = TypeClass::find(dialect, name)
        .ok_or_else(|| Error::new("LookupError", format!("no type {dialect}.{name}")))?;
    let mut arguments: Vec<(&'static str, Argument)> = Vec::new();
    let given = spec[2].as_array().unwrap();
    let argument = |value: &Value| -> Result<Argument> {
        Ok(match value {
            Value::Object(map) => Argument::Type(make_type(&map["type"])?),
            other => Argument::Value(literal_of(other)),
        })
    };
    if let Some(variadic) = class.variadic {
        let items = given.iter().map(literal_of).collect::<Vec<_>>();
        arguments.push((variadic, Argument::Value(Literal::List(items.into()))));
    } else {
        for (value, parameter) in given.iter().zip(class.positional) {
            arguments.push((parameter.name, argument(value)?));
        }
    }
    for (key, value) in spec[3].as_object().unwrap() {
        let parameter = class
            .positional
            .iter()
            .chain(class.keywords)
            .find(|parameter| parameter.name == key)
            .ok_or_else(|| Error::new("TypeError", format!("{name}: no {key}")))?;
        arguments.push((parameter.name, argument(value)?));
    }
    Type::with_arguments(class, arguments)
}

fn dialects() -> [(&'static str, Dialect); 3] {
    [
        ("sqlite", Dialect::sqlite()),
        ("postgresql", Dialect::postgresql()),
        ("mysql", Dialect::mysql()),
    ]
}

fn attempt(result: Result<String>) -> Value {
    match result {
        Ok(text) => Value::String(text),
        Err(error) => json!({"error": error.class_name(), "message": error.message}),
    }
}

fn type_case(case: &Value) -> Result<Value> {
    let kind = make_type(case)?;
    let mut out = Map::new();
    out.insert("repr".into(), kind.python_repr().into());
    out.insert(
        "affinity".into(),
        kind.affinity()
            .map_or(Value::Null, |class| class.name.into()),
    );
    for (name, dialect) in dialects() {
        out.insert(name.into(), attempt(kind.compile(&dialect)));
    }
    out.insert(
        "default".into(),
        attempt(kind.compile(&Dialect::default_dialect())),
    );
    Ok(out.into())
}

fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn names_of(value: &Value) -> Vec<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn named(value: &Value) -> ConstraintOptions {
    ConstraintOptions {
        name: ConstraintName::from(text_of(value, "name")),
        ..ConstraintOptions::default()
    }
}

fn build_table(spec: &Value, metadata: &MetaData) -> Result<Table> {
    let mut items: Vec<TableItem> = Vec::new();
    for column in spec["columns"].as_array().unwrap() {
        let flag = |key: &str| column.get(key).and_then(Value::as_bool);
        let mut options = ColumnOptions {
            name: text_of(column, "name").map(Into::into),
            kind: Some(make_type(&column["type"])?),
            primary_key: flag("primary_key").unwrap_or(false),
            nullable: flag("nullable"),
            unique: flag("unique"),
            index: flag("index"),
            comment: text_of(column, "comment").map(Into::into),
            autoincrement: match flag("autoincrement") {
                None => Autoincrement::Auto,
                Some(true) => Autoincrement::True,
                Some(false) => Autoincrement::False,
            },
            ..ColumnOptions::default()
        };
        match column.get("server_default") {
            None => {}
            Some(Value::String(text)) => {
                options.server_default = Some(ServerDefault::from(text.as_str()));
            }
            Some(node) => {
                options.server_default = Some(ServerDefault::DefaultClause(
                    DefaultClause::expression(make(node, &Scope::new())?),
                ));
            }
        }
        if let Some(computed) = column.get("computed") {
            options.items.push(ColumnItem::Computed(Computed::new(
                text(computed[0].as_str().unwrap()),
                computed[1].as_bool(),
            )));
        }
        if let Some(foreign) = column.get("foreign_key") {
            let given = &foreign[1];
            options
                .items
                .push(ColumnItem::ForeignKey(ForeignKey::with_options(
                    foreign[0].as_str().unwrap(),
                    ForeignKeyOptions {
                        name: ConstraintName::from(text_of(given, "name")),
                        ondelete: text_of(given, "ondelete").map(Into::into),
                        onupdate: text_of(given, "onupdate").map(Into::into),
                        deferrable: given.get("deferrable").and_then(Value::as_bool),
                        initially: text_of(given, "initially").map(Into::into),
                        use_alter: given["use_alter"].as_bool().unwrap_or(false),
                        ..ForeignKeyOptions::default()
                    },
                )));
        }
        if let Some(check) = column.get("check") {
            options.items.push(ColumnItem::Check(CheckConstraint::new(
                text(check.as_str().unwrap()),
                ConstraintOptions::default(),
            )?));
        }
        items.push(Column::with_options(options)?.into());
    }
    for constraint in spec["constraints"].as_array().unwrap() {
        let columns = || {
            names_of(&constraint["columns"])
                .into_iter()
                .map(Into::into)
                .collect::<Vec<_>>()
        };
        items.push(match constraint["kind"].as_str().unwrap() {
            "unique" => UniqueConstraint::new(columns(), named(constraint))?.into(),
            "primary" => PrimaryKeyConstraint::new(columns(), named(constraint))?.into(),
            "check" => CheckConstraint::new(
                text(constraint["sqltext"].as_str().unwrap()),
                named(constraint),
            )?
            .into(),
            _ => ForeignKeyConstraint::new(
                columns(),
                names_of(&constraint["references"])
                    .into_iter()
                    .map(Into::into)
                    .collect(),
                ForeignKeyOptions {
                    name: ConstraintName::from(text_of(constraint, "name")),
                    ondelete: text_of(constraint, "ondelete").map(Into::into),
                    ..ForeignKeyOptions::default()
                },
            )?
            .into(),
        });
    }
    let mut options = DialectOptions::new();
    for (key, value) in spec["options"].as_object().unwrap() {
        options.insert(key.as_str(), literal_of(value));
    }
    let table = Table::new(
        spec["name"].as_str().unwrap(),
        metadata,
        items,
        TableOptions {
            schema: text_of(spec, "schema").as_deref().into(),
            comment: text_of(spec, "comment").map(Into::into),
            prefixes: spec
                .get("prefixes")
                .map(|prefixes| names_of(prefixes).into_iter().map(Into::into).collect())
                .unwrap_or_default(),
            options,
            ..TableOptions::default()
        },
    )?;
    for index in spec["indexes"].as_array().unwrap() {
        let scope: Scope = [("this".to_owned(), FromClause::from(&table))].into();
        let mut expressions: Vec<IndexExpression> = Vec::new();
        for expression in index["expressions"].as_array().unwrap() {
            expressions.push(match expression {
                Value::String(key) => key.as_str().into(),
                node => make(node, &scope)?.into(),
            });
        }
        let mut options = DialectOptions::new();
        for (key, value) in index["options"].as_object().unwrap() {
            options.insert(key.as_str(), Argument::Expression(make(value, &scope)?));
        }
        let index = Index::new(
            ConstraintName::from(text_of(index, "name")),
            expressions,
            IndexOptions {
                unique: index["unique"].as_bool().unwrap(),
                options,
                ..IndexOptions::default()
            },
        )?;
        table.append_index(&index)?;
    }
    Ok(table)
}

fn table_case(case: &Value) -> Result<Value> {
    let convention = case["convention"].as_object().map(|entries| {
        entries
            .iter()
            .fold(NamingConvention::empty(), |all, (key, template)| {
                all.with_template(key, template.as_str().unwrap())
            })
    });
    let metadata = MetaData::with_options(None, convention, None);
    let mut tables = Vec::new();
    for spec in case["tables"].as_array().unwrap() {
        tables.push(build_table(spec, &metadata)?);
    }
    let mut out = Map::new();
    out.insert(
        "sorted".into(),
        metadata
            .sorted_tables()?
            .iter()
            .map(|table| Value::from(&*table.key()))
            .collect(),
    );
    for (name, dialect) in dialects() {
        out.insert(
            name.into(),
            tables
                .iter()
                .map(|table| attempt(ddl::create_table(table, &dialect, false, None)))
                .collect(),
        );
        let indexes: Vec<Value> = tables
            .iter()
            .map(|table| {
                let mut texts: Vec<String> = table
                    .indexes()
                    .iter()
                    .map(|index| {
                        let made = attempt(ddl::create_index(index, &dialect, false));
                        match made {
                            // Python's json.dumps puts spaces after separators.
                            Value::Object(map) => format!(
                                "{{\"error\": {}, \"message\": {}}}",
                                map["error"], map["message"]
                            ),
                            other => other.to_string(),
                        }
                    })
                    .collect();
                texts.sort();
                texts.into_iter().map(Value::from).collect()
            })
            .collect();
        out.insert(format!("{name}_indexes"), indexes.into());
    }
    for (name, dialect) in dialects().into_iter().take(2) {
        let never = |_: &Table| Ok(false);
        let always = |_: &Table| Ok(true);
        for (verb, statements) in [
            (
                "create_all",
                ddl::create_all(&metadata, None, &dialect, &never),
            ),
            (
                "drop_all",
                ddl::drop_all(&metadata, None, &dialect, &always),
            ),
        ] {
            out.insert(
                format!("{name}_{verb}"),
                match statements {
                    Ok(statements) => {
                        let mut shown: Vec<String> = statements
                            .into_iter()
                            .filter(|text| {
                                !text.split('(').next().unwrap_or_default().contains("INDEX")
                            })
                            .map(|text| Value::from(text).to_string())
                            .collect();
                        let mut altered: Vec<String> = Vec::new();
                        shown.retain(|text| {
                            let kept = !text.contains("ALTER");
                            if !kept {
                                altered.push(text.clone());
                            }
                            kept
                        });
                        altered.sort();
                        shown.extend(altered);
                        shown.into_iter().map(Value::from).collect()
                    }
                    Err(error) => attempt(Err(error)),
                },
            );
        }
    }
    let other = MetaData::new();
    let moved: Result<Vec<Table>> = tables
        .iter()
        .map(|table| table.to_metadata(&other, SchemaName::Inherit, None))
        .collect();
    out.insert(
        "moved".into(),
        match moved {
            Ok(tables) => tables
                .iter()
                .map(
                    |table| match ddl::create_table(table, &Dialect::sqlite(), false, None) {
                        Ok(text) => {
                            let text = text.replace(", \n", "\n");
                            let mut lines: Vec<&str> = text.split('\n').collect();
                            lines.sort_unstable();
                            lines.into_iter().map(Value::from).collect()
                        }
                        Err(error) => attempt(Err(error)),
                    },
                )
                .collect(),
            Err(error) => attempt(Err(error)),
        },
    );
    out.insert(
        "repr".into(),
        tables
            .iter()
            .map(|table| {
                let mut names: Vec<String> = table
                    .constraints()
                    .iter()
                    .map(|constraint| match constraint.name() {
                        ConstraintName::NoneName => "_NoneName.NONE_NAME".to_owned(),
                        name => name.as_str().unwrap_or("None").to_owned(),
                    })
                    .collect();
                names.sort();
                names.into_iter().map(Value::from).collect::<Value>()
            })
            .collect(),
    );
    Ok(out.into())
}

fn operand(node: &Value, scope: &Scope) -> Result<Operand> {
    if node[0] == "v" {
        return Ok(Operand::Literal(literal_of(&node[1])));
    }
    Ok(Operand::Expression(make(node, scope)?))
}

fn all(nodes: &Value, scope: &Scope) -> Result<Vec<Expression>> {
    nodes
        .as_array()
        .map(|nodes| nodes.iter().map(|node| make(node, scope)).collect())
        .unwrap_or_else(|| Ok(Vec::new()))
}

fn make(node: &Value, scope: &Scope) -> Result<Expression> {
    let string = |place: usize| node[place].as_str().unwrap();
    let sub = |place: usize| make(&node[place], scope);
    Ok(match node[0].as_str().unwrap() {
        "v" => literal(literal_of(&node[1]), None),
        "this" => scope["this"].column(string(1)).unwrap(),
        "col" => scope[string(1)]
            .column(string(2))
            .ok_or_else(|| Error::new("KeyError", string(2)))?,
        "lit" => literal(literal_of(&node[1]), None),
        "text" => text(string(1)),
        "lcol" => literal_column(string(1), None),
        "column" => column(string(1), None),
        "null" => Expression::Null,
        "true" => Expression::True,
        "false" => Expression::False,
        "func" => {
            let name = string(1);
            let mut clauses = Vec::new();
            for argument in node[2].as_array().unwrap() {
                clauses.push(if argument[0] == "v" {
                    // A function's plain arguments are named after it.
                    elements::function_argument(name, literal_of(&argument[1]))
                } else {
                    make(argument, scope)?
                });
            }
            func(Vec::new(), name, clauses)
        }
        "op" => {
            use Operator::*;
            let operator = match string(1) {
                "add" => Add,
                "sub" => Sub,
                "mul" => Mul,
                "div" => TrueDiv,
                "floordiv" => FloorDiv,
                "mod" => Mod,
                "eq" => Eq,
                "ne" => Ne,
                "lt" => Lt,
                "le" => Le,
                "gt" => Gt,
                "ge" => Ge,
                "is" => Is,
                "is_not" => IsNot,
                "like" => Like,
                "not_like" => NotLike,
                "ilike" => ILike,
                "startswith" => StartsWith,
                "endswith" => EndsWith,
                "contains" => Contains,
                "concat" => Concat,
                "distinct_from" => IsDistinctFrom,
                "bitand" => BitwiseAnd,
                other => panic!("operator {other}"),
            };
            sub(2)?.operate(operator, operand(&node[3], scope)?)?
        }
        "and" | "or" => {
            let parts = node.as_array().unwrap()[1..]
                .iter()
                .map(|part| make(part, scope))
                .collect::<Result<Vec<_>>>()?;
            if node[0] == "and" {
                elements::and_(parts)
            } else {
                elements::or_(parts)
            }
        }
        "not" => not_(&sub(1)?),
        "neg" => sub(1)?.negative(),
        "in" => sub(1)?.in_values(
            node[2].as_array().unwrap().iter().map(literal_of).collect(),
            node[3].as_bool().unwrap(),
        )?,
        "insel" => sub(1)?.in_select(make_select(&node[2], scope)?, false)?,
        "between" => {
            sub(1)?.between(operand(&node[2], scope)?, operand(&node[3], scope)?, false)?
        }
        "label" => label(&sub(1)?, Some(string(2))),
        "cast" => elements::cast(sub(1)?, make_type(&node[2])?),
        "coerce" => elements::type_coerce(sub(1)?, make_type(&node[2])?),
        "case" => {
            let mut whens = Vec::new();
            for pair in node[1].as_array().unwrap() {
                whens.push((make(&pair[0], scope)?, make(&pair[1], scope)?));
            }
            let otherwise = if node[2].is_null() {
                None
            } else {
                Some(sub(2)?)
            };
            elements::case(whens, None, otherwise)
        }
        "desc" => elements::desc(sub(1)?),
        "asc" => elements::asc(sub(1)?),
        "nulls_last" => elements::nulls_last(sub(1)?),
        "collate" => elements::collate(&sub(1)?, string(2)),
        "distinct" => elements::distinct(&sub(1)?),
        "extract" => extract(string(1), sub(2)?),
        "custom" => sub(2)?.operate(
            Operator::Custom(Rc::new(CustomOperator {
                text: string(1).to_owned(),
                precedence: 0,
                is_comparison: false,
                natural_self_precedent: false,
                eager_grouping: false,
            })),
            operand(&node[3], scope)?,
        )?,
        "exists" => exists(make_select(&node[1], scope)?),
        "scalar" => make_select(&node[1], scope)?.scalar_subquery(),
        "tuple_in" => tuple_(all(&node[1], scope)?).in_values(
            node[2].as_array().unwrap().iter().map(literal_of).collect(),
            false,
        )?,
        "over" => over(sub(1)?, all(&node[2], scope)?, all(&node[3], scope)?, None),
        "ref" => Expression::LabelReference(string(1).into()),
        other => panic!("node {other}"),
    })
}

fn make_from(node: &Value, scope: &Scope) -> Result<FromClause> {
    let name = node[2].as_str();
    Ok(match node[0].as_str().unwrap() {
        "table" => scope[node[1].as_str().unwrap()].clone(),
        "alias" => scope[node[1].as_str().unwrap()].alias(name),
        "subquery" => make_select(&node[1], scope)?.subquery(name),
        "cte" => make_select(&node[1], scope)?.cte(name, false),
        other => panic!("from {other}"),
    })
}

fn make_select(spec: &Value, scope: &Scope) -> Result<SelectBase> {
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

fn compiled(statement: &Statement) -> Value {
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
        "sqlite": text(&Dialect::sqlite(), false),
        "postgresql": text(&Dialect::postgresql(), false),
        "literal": text(&Dialect::sqlite(), true),
    })
}

fn fixed_scope() -> Scope {
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

fn pairs(value: &Value, scope: &Scope) -> Result<Vec<(Rc<str>, Expression)>> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| Ok((Rc::from(pair[0].as_str().unwrap()), make(&pair[1], scope)?)))
        .collect()
}

fn dml_case(spec: &Value, scope: &Scope) -> Result<Value> {
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

fn answer(kind: &str, case: &Value, scope: &Scope) -> Value {
    let answer = match kind {
        "type" => type_case(case),
        "table" => table_case(case),
        "expression" => make(case, scope).map(|expression| compiled(&expression.into())),
        "select" => make_select(case, scope).map(|select| compiled(&select.into())),
        _ => dml_case(case, scope),
    };
    match answer {
        Ok(answer) => answer,
        Err(error) => json!({"error": error.class_name(), "message": error.message}),
    }
}

/// Errors are compared by class where their text has an address.
fn same(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) if a.contains_key("error") => {
            a["error"] == *b.get("error").unwrap_or(&Value::Null)
                && (a["message"] == a["error"]
                    || b.get("message")
                        .is_some_and(|message| *message == a["message"]))
        }
        (Value::Object(a), Value::Object(b)) => a
            .iter()
            .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other))),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::String(a), Value::String(b)) if a.contains("UnsupportedCompilation") => {
            b.contains("UnsupportedCompilation")
        }
        _ => expected == got,
    }
}

fn cases() -> String {
    if let Ok(path) = std::env::var("LIMBECK_CORE_CASES") {
        return std::fs::read_to_string(path).expect("the file of cases");
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/core");
    let mut all = std::fs::read_to_string(format!("{folder}/cases.jsonl")).expect("recorded cases");
    if let Some(python) = support::oracle_python() {
        let seed = std::env::var("LIMBECK_CORE_SEED").unwrap_or_else(|_| "7".into());
        let count = std::env::var("LIMBECK_CORE_COUNT").unwrap_or_else(|_| "500".into());
        let output = Command::new(python)
            .args([&format!("{folder}/ask.py"), &seed, &count])
            .output()
            .expect("the reference's Python");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        all.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    all
}

#[test]
fn compiles_as_sqlalchemy() {
    let scope = fixed_scope();
    let only = std::env::var("LIMBECK_CORE_KIND").ok();
    let mut totals: HashMap<String, (usize, usize)> = HashMap::new();
    let mut shown = 0;
    for line in cases().lines() {
        let record: Value = serde_json::from_str(line).expect("a line of JSON");
        let kind = record["kind"].as_str().unwrap().to_owned();
        if only.as_deref().is_some_and(|only| only != kind) {
            continue;
        }
        let got = answer(&kind, &record["case"], &scope);
        let entry = totals.entry(kind.clone()).or_default();
        entry.0 += 1;
        if same(&record["expected"], &got) {
            continue;
        }
        entry.1 += 1;
        if shown < 25 {
            shown += 1;
            println!("--- {kind} {}", record["case"]);
            report(&record["expected"], &got, "");
        }
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort();
    for (kind, (count, wrong)) in &totals {
        println!("{kind}: {count} cases, {wrong} differ");
    }
    assert!(totals.iter().all(|(_, (_, wrong))| *wrong == 0));
    // A file of one's own may hold any cases, of one kind or none of another.
    if only.is_none() && std::env::var_os("LIMBECK_CORE_CASES").is_none() {
        let counted: Vec<&str> = totals
            .iter()
            .filter(|(_, (count, _))| *count >= 40)
            .map(|(kind, _)| &**kind)
            .collect();
        assert_eq!(counted, ["dml", "expression", "select", "table", "type"]);
    }
    assert!(!totals.is_empty(), "no case was compared");
}

fn report(expected: &Value, got: &Value, path: &str) {
    if same(expected, got) {
        return;
    }
    match (expected, got) {
        (Value::Object(a), Value::Object(b))
            if !a.contains_key("error") && !b.contains_key("error") =>
        {
            for (key, value) in a {
                report(
                    value,
                    b.get(key).unwrap_or(&Value::Null),
                    &format!("{path}.{key}"),
                );
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (place, (a, b)) in a.iter().zip(b).enumerate() {
                report(a, b, &format!("{path}[{place}]"));
            }
        }
        _ => println!("  {path}\n    expected {expected}\n    got      {got}"),
    }
}
