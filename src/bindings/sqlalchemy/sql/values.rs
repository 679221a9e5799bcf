//! `values()`, functions with columns, and samples of tables.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Bound, Declaration, DeclaredMethod, FreeFunction, Interpreter, Value, function, method,
    property,
};
use sqlalchemy::elements::{self, Expression, LabelName, Operand};
use sqlalchemy::name::Name;
use sqlalchemy::sql::{self, AliasElement, AliasKind, Derived, FromClause, TableValued, Values};
use sqlalchemy::sqltypes::Type;

use super::operators::{coerce, operand, this_expression};
use super::select::select_value;
use super::selectable::{FROM_CLAUSE, FromObject, NAMED_FROM, expect_from};
use crate::bindings::conversion::{self, argument_error, find_clause};

/// `Values`.
pub(super) static VALUES: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    methods: &[
        method("data", "self, values", |vm, this, bound| {
            let FromClause::Values(values) = &this.from else {
                return Ok(bound.this().clone());
            };
            let mut more = (**values).clone();
            for row in vm.collect(&bound.value("values"))? {
                let items = vm.collect(&row)?;
                more.rows.push(data_row(vm, &more.columns, &row, &items)?);
            }
            Ok(from_object(FromClause::Values(Rc::new(more))))
        }),
        method("lateral", "self, name=None", |_, this, bound| {
            let name = bound.take_some("name").and_then(|name| name.as_text());
            Ok(match &this.from {
                FromClause::Values(values) => from_object(values.lateral(name.as_deref())),
                _ => bound.this().clone(),
            })
        }),
        method(
            "cte",
            "self, name=None, recursive=False, nesting=False",
            |_, this, bound| {
                let name = bound.take_some("name").and_then(|name| name.as_text());
                let kind = AliasKind::Cte {
                    recursive: bound.flag("recursive"),
                    nesting: bound.flag("nesting"),
                };
                Ok(from_object(FromClause::Alias(Rc::new(sql::Alias {
                    name: sql::given_or_anonymous(name.as_deref(), "anon"),
                    element: AliasElement::From(this.from.clone()),
                    kind,
                    restates: None,
                }))))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.Values")
};

/// `TableValuedAlias`.
pub(super) static TABLE_VALUED_ALIAS: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: &[
        property("c", super::selectable::columns),
        property("columns", super::selectable::columns),
        property("name", super::selectable::name),
        property("column", |_, this| match &this.from {
            FromClause::TableValued(function) => {
                Ok(conversion::expression_value(&function.column()))
            }
            _ => Ok(Value::None),
        }),
    ],
    methods: &[
        method("lateral", "self, name=None", |_, this, bound| {
            let name = bound.take_some("name").and_then(|name| name.as_text());
            Ok(changed(this, |function| {
                function.lateral = true;
                function.name = sql::given_or_anonymous(name.as_deref(), "anon");
            }))
        }),
        method(
            "render_derived",
            "self, name=None, with_types=False",
            |_, this, bound| {
                let name = bound.take_some("name").and_then(|name| name.as_text());
                let with_types = bound.flag("with_types");
                Ok(changed(this, |function| {
                    function.derived = Some(Derived { with_types });
                    function.name = sql::given_or_anonymous(name.as_deref(), "anon");
                }))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.TableValuedAlias")
};

/// `TableSample`.
pub(super) static TABLE_SAMPLE: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    ..Declaration::new("sqlalchemy.sql.selectable.TableSample")
};

/// `values()`, `tablesample()`.
pub(super) static FUNCTIONS: &[FreeFunction] = &[
    function("values", "*columns, name=None, literal_binds=False", values),
    function(
        "tablesample",
        "selectable, sampling, name=None, seed=None",
        |vm, bound| {
            let from = expect_from(vm, &bound.value("selectable"))?;
            tablesample(vm, &from, bound)
        },
    ),
];

/// The methods of a function that is selected from.
pub(super) static OF_FUNCTIONS: &[DeclaredMethod<Value>] = &[
    method("table_valued", "self, *expr, **kw", |vm, this, bound| {
        let function = this_expression(vm, this)?;
        let mut columns = Vec::new();
        for value in &std::mem::take(&mut bound.rest) {
            columns.push(named_column(vm, value)?);
        }
        let (mut name, mut ordinality) = (None, None);
        for (keyword, value) in std::mem::take(&mut bound.extra) {
            match &*keyword {
                "name" => name = value.as_text(),
                "with_ordinality" => ordinality = Some(value).filter(|value| !value.is_none()),
                // It only says that the warning of a cartesian product, which is not given, is not due.
                "joins_implicitly" => {}
                other => {
                    return Err(vm.type_error(format!(
                        "FunctionElement.table_valued() got an unexpected keyword argument \
                         '{other}'"
                    )));
                }
            }
        }
        let with_ordinality = ordinality.is_some();
        if let Some(value) = &ordinality {
            let (name, kind) = named_column(vm, value)?;
            let kind = if kind.is_null() {
                Type::integer_type()
            } else {
                kind
            };
            columns.push((name, kind));
        }
        let table = TableValued {
            with_ordinality,
            ..TableValued::new(function, columns, name.as_deref())
        };
        Ok(from_object(FromClause::TableValued(Rc::new(table))))
    }),
    method(
        "column_valued",
        "self, name=None, joins_implicitly=False",
        |vm, this, bound| {
            // A warning that is not given here depends on it.
            bound.ignore(&["joins_implicitly"]);
            let function = this_expression(vm, this)?;
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let table = Rc::new(TableValued::new(function, Vec::new(), name.as_deref()));
            Ok(conversion::expression_value(&table.column()))
        },
    ),
    method(
        "alias",
        "self, name=None, joins_implicitly=False",
        |vm, this, bound| {
            // A warning that is not given here depends on it.
            bound.ignore(&["joins_implicitly"]);
            let function = this_expression(vm, this)?;
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let table = TableValued::new(function, Vec::new(), name.as_deref());
            Ok(from_object(FromClause::TableValued(Rc::new(table))))
        },
    ),
    method("select", "self", |vm, this, _| {
        let function = this_expression(vm, this)?;
        Ok(select_value(sql::select(vec![function])))
    }),
];

/// `tablesample(sampling, name=..., seed=...)` of a table.
///
/// # Errors
/// What turning the arguments into expressions raises.
pub(super) fn tablesample(
    vm: &mut Interpreter,
    from: &FromClause,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let sampling = bound.value("sampling");
    let sampling = match find_clause(vm, &sampling)? {
        Some(method) => method,
        None => {
            let percent = conversion::to_literal(vm, &sampling)?;
            let kind = elements::literal_type(&percent);
            let percent = elements::anonymous_parameter("system", percent, kind);
            let percent = Expression::BindParameter(Rc::new(percent));
            elements::func(Vec::new(), Name::new("system"), vec![percent])
        }
    };
    let name = bound.take_some("name").and_then(|name| name.as_text());
    let seed = match bound.take_some("seed") {
        Some(seed) => Some(coerce(vm, &seed)?),
        None => None,
    };
    Ok(from_object(from.tablesample(
        sampling,
        name.as_deref(),
        seed,
    )))
}

fn values(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut columns = Vec::new();
    for value in &std::mem::take(&mut bound.rest) {
        columns.push(named_column(vm, value)?);
    }
    let name = bound.take_some("name").and_then(|name| name.as_text());
    let made = Values {
        columns,
        name: name.map(|name| LabelName::Plain(Name::new(name))),
        rows: Vec::new(),
        literal_binds: bound.flag("literal_binds"),
        lateral: false,
    };
    Ok(from_object(FromClause::Values(Rc::new(made))))
}

/// Name and type of `column("x", type)`, or of a name alone.
fn named_column(vm: &mut Interpreter, value: &Value) -> Result<(Name, Type)> {
    if let Some(text) = value.as_text() {
        return Ok((Name::new(text), Type::null()));
    }
    let column = coerce(vm, value)?;
    match column.label_name() {
        Some(LabelName::Plain(name)) => Ok((name, column.kind())),
        _ => Err(vm.type_error("a column of values or of a function has a name")),
    }
}

fn data_row(
    vm: &mut Interpreter,
    columns: &[(Name, Type)],
    row: &Value,
    items: &[Value],
) -> Result<Vec<Expression>> {
    if items.len() != columns.len() {
        let shown = vm.repr(row)?;
        return Err(argument_error(format!(
            "Wrong number of elements for {}-tuple: {shown} ",
            columns.len()
        )));
    }
    let mut made = Vec::with_capacity(items.len());
    for (item, (_, kind)) in items.iter().zip(columns) {
        made.push(match operand(vm, item)? {
            Operand::Expression(expression) => expression,
            Operand::Literal(sqlalchemy::literal::Literal::Null) => elements::null(),
            Operand::Literal(literal) => {
                let kind = (!kind.is_null()).then(|| kind.clone());
                elements::literal(literal, kind)
            }
        });
    }
    Ok(made)
}

fn from_object(from: FromClause) -> Value {
    Value::native(FromObject { from })
}

fn changed(this: &FromObject, change: impl FnOnce(&mut TableValued)) -> Value {
    match &this.from {
        FromClause::TableValued(function) => {
            let mut function = (**function).clone();
            change(&mut function);
            from_object(FromClause::TableValued(Rc::new(function)))
        }
        other => from_object(other.clone()),
    }
}
