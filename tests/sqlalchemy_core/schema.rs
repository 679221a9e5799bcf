//! Types and tables, built from a case.

use limbeck::ground::diagnostic::{Error, Result};
use limbeck::sqlalchemy::compiler::ddl;
use limbeck::sqlalchemy::dialects::{Dialect, sqlite};
use limbeck::sqlalchemy::elements::text;
use limbeck::sqlalchemy::literal::Literal;
use limbeck::sqlalchemy::name::ConstraintName;
use limbeck::sqlalchemy::naming::NamingConvention;
use limbeck::sqlalchemy::schema::{
    Autoincrement, CheckConstraint, Column, ColumnItem, ColumnOptions, Computed, ConstraintOptions,
    DefaultClause, DialectOptions, ForeignKey, ForeignKeyConstraint, ForeignKeyOptions, Index,
    IndexExpression, IndexOptions, MetaData, PrimaryKeyConstraint, SchemaName, ServerDefault,
    Table, TableItem, TableOptions, UniqueConstraint,
};
use limbeck::sqlalchemy::sql::FromClause;
use limbeck::sqlalchemy::sqltypes::{Argument, Type, TypeClass};
use serde_json::{Map, Value};

use super::{Scope, attempt, dialects};
use crate::expressions::make;

pub fn literal_of(value: &Value) -> Literal {
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

pub fn make_type(spec: &Value) -> Result<Type> {
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

pub fn type_case(case: &Value) -> Result<Value> {
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

pub fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

pub fn names_of(value: &Value) -> Vec<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

pub fn named(value: &Value) -> ConstraintOptions {
    ConstraintOptions {
        name: ConstraintName::from(text_of(value, "name")),
        ..ConstraintOptions::default()
    }
}

pub fn build_table(spec: &Value, metadata: &MetaData) -> Result<Table> {
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

pub fn table_case(case: &Value) -> Result<Value> {
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
        for (verb, statements) in [
            (
                "create_all",
                ddl::create_all(&metadata, None, &dialect, &ddl::Unseen(false)),
            ),
            (
                "drop_all",
                ddl::drop_all(&metadata, None, &dialect, &ddl::Unseen(true)),
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
                    |table| match ddl::create_table(table, &sqlite::dialect(), false, None) {
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
