//! FROM clauses: `table()`, joins, aliases and subqueries.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, Declared, FreeFunction, Interpreter, NativeObject, Property, Value,
    function, method, property,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{Expression, LabelName};
use sqlalchemy::name::Name;
use sqlalchemy::sql::{self, AliasElement, AliasKind, FromClause, SetOperation, Statement};
use sqlalchemy::sqltypes::Type;

use super::compiler::{COMPILE, CompiledObject};
use super::dml;
use super::elements::{CLAUSE_ELEMENT, ExpressionObject};
use super::functions::condition;
use super::select::{find_select, no_implicit_subquery, select_value, statement_text};
use super::values::{self, TABLE_SAMPLE, TABLE_VALUED_ALIAS, VALUES};
use crate::bindings::conversion::{self, argument_error, find_clause, find_table};
use crate::bindings::orm::Mapping;
use crate::bindings::sqlalchemy::schema::ColumnsObject;

/// A FROM clause other than a schema table.
pub struct FromObject {
    /// The clause.
    pub from: FromClause,
}

/// `FromClause`; its methods are also available on schema tables.
pub static FROM_CLAUSE: Declaration<Value> = Declaration {
    bases: &[&CLAUSE_ELEMENT],
    methods: &[
        method("alias", "self, name=None, flat=False", |vm, this, bound| {
            let from = expect_from(vm, this)?;
            if !matches!(from, FromClause::Join(_)) {
                // It is about the tables of a JOIN.
                bound.ignore(&["flat"]);
            }
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let from = from.alias(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        method("select", "self", |vm, this, _| {
            let from = expect_from(vm, this)?;
            Ok(select_value(sql::select(from.columns()).select_from(from)))
        }),
        method(
            "join",
            "self, right, onclause=None, isouter=False, full=False",
            |vm, this, bound| join(vm, this, bound, false),
        ),
        method(
            "outerjoin",
            "self, right, onclause=None, full=False",
            |vm, this, bound| join(vm, this, bound, true),
        ),
        method(
            "corresponding_column",
            "self, column, require_embedded=False",
            |_, _, bound| Ok(bound.value("column")),
        ),
        method("compile", COMPILE, |vm, this, _| {
            Ok(Value::native(CompiledObject::new(vm.str(this)?)))
        }),
        method(
            "tablesample",
            "self, sampling, name=None, seed=None",
            |vm, this, bound| {
                let from = expect_from(vm, this)?;
                values::tablesample(vm, &from, bound)
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.FromClause")
};

/// Attributes of a FROM clause that has a name.
pub(super) const NAMED_FROM: &[Property<FromObject>] = &[
    property("c", columns),
    property("columns", columns),
    property("name", name),
    property("description", name),
    property("schema", |_, this| {
        Ok(conversion::name_value(this.from.schema().as_ref()))
    }),
];

/// `TableClause`.
pub static TABLE_CLAUSE: Declaration<Value> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: &[
        property("c", table_columns),
        property("columns", table_columns),
        property("name", table_name),
        property("description", table_name),
        property("schema", |vm, this| {
            let from = expect_from(vm, this)?;
            Ok(conversion::name_value(from.schema().as_ref()))
        }),
    ],
    methods: &[
        method("insert", "self", |vm, this, _| dml::insert(vm, this)),
        method("update", "self", |vm, this, _| dml::update(vm, this)),
        method("delete", "self", |vm, this, _| dml::delete(vm, this)),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.TableClause")
};

/// `Join`.
static JOIN: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: &[
        property("c", columns),
        property("columns", columns),
        property("name", name),
        property("description", name),
        property("schema", |_, this| {
            Ok(conversion::name_value(this.from.schema().as_ref()))
        }),
        property("left", |vm, this| match &this.from {
            FromClause::Join(join) => Ok(from_value(vm, &join.left)),
            _ => Ok(Value::None),
        }),
        property("right", |vm, this| match &this.from {
            FromClause::Join(join) => Ok(from_value(vm, &join.right)),
            _ => Ok(Value::None),
        }),
        property("onclause", |_, this| match &this.from {
            FromClause::Join(join) => Ok(conversion::expression_value(&join.onclause)),
            _ => Ok(Value::None),
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.Join")
};

/// `Alias`.
static ALIAS: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    ..Declaration::new("sqlalchemy.sql.selectable.Alias")
};

/// `Subquery`.
static SUBQUERY: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    ..Declaration::new("sqlalchemy.sql.selectable.Subquery")
};

/// `CTE`.
static CTE: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    methods: &[
        method("union", "self, *other", |vm, this, bound| {
            restated(vm, this, bound, SetOperation::Union)
        }),
        method("union_all", "self, *other", |vm, this, bound| {
            restated(vm, this, bound, SetOperation::UnionAll)
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.CTE")
};

/// `cte.union_all(...)`, with which a recursive CTE speaks of itself.
fn restated(
    vm: &mut Interpreter,
    this: &FromObject,
    bound: &mut Bound<'_>,
    operation: SetOperation,
) -> Result<Value> {
    let mut others = Vec::new();
    for value in &bound.rest {
        others.push(find_select(value).ok_or_else(|| vm.type_error("this is no SELECT"))?);
    }
    let FromClause::Alias(alias) = &this.from else {
        return Err(vm.type_error("this is no CTE"));
    };
    match alias.combine(operation, others) {
        Some(from) => Ok(Value::native(FromObject { from })),
        None => Err(vm.type_error("this is no CTE")),
    }
}

/// `Lateral`.
static LATERAL: Declaration<FromObject> = Declaration {
    bases: &[&FROM_CLAUSE],
    properties: NAMED_FROM,
    ..Declaration::new("sqlalchemy.sql.selectable.Lateral")
};

/// The FROM clause classes.
pub static CLASSES: &[&dyn Declared] = &[
    &FROM_CLAUSE,
    &TABLE_CLAUSE,
    &JOIN,
    &ALIAS,
    &SUBQUERY,
    &CTE,
    &LATERAL,
    &VALUES,
    &TABLE_VALUED_ALIAS,
    &TABLE_SAMPLE,
];

/// `table`, `join`, `outerjoin`.
pub static FUNCTIONS: &[FreeFunction] = &[
    function("table", "name, *columns, schema=None", table),
    function(
        "join",
        "left, right, onclause=None, isouter=False, full=False",
        |vm, bound| {
            let left = bound.value("left");
            join(vm, &left, bound, false)
        },
    ),
    function(
        "outerjoin",
        "left, right, onclause=None, full=False",
        |vm, bound| {
            let left = bound.value("left");
            join(vm, &left, bound, true)
        },
    ),
];

fn table_columns(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    Ok(ColumnsObject::of(expect_from(vm, this)?.columns()))
}

fn table_name(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    let from = expect_from(vm, this)?;
    name(vm, &FromObject { from })
}

pub(super) fn columns(_vm: &mut Interpreter, this: &FromObject) -> Result<Value> {
    Ok(ColumnsObject::of(this.from.columns()))
}

pub(super) fn name(vm: &mut Interpreter, this: &FromObject) -> Result<Value> {
    match this.from.name() {
        Some(LabelName::Plain(name)) => Ok(Value::Str(name.text())),
        Some(LabelName::Anonymous(name)) => {
            Ok(Value::str(format!("%({} {})s", name.key, name.derived)))
        }
        None => Err(vm.attribute_error("'FromClause' object has no attribute 'name'")),
    }
}

/// A FROM clause as a Python value; a table yields its own object.
pub fn from_value(vm: &mut Interpreter, from: &FromClause) -> Value {
    match from {
        FromClause::Table(table) => conversion::table_value(vm, table),
        other => Value::native(FromObject {
            from: other.clone(),
        }),
    }
}

/// The FROM clause, if the value is one.
pub fn find_from(value: &Value) -> Option<FromClause> {
    match value {
        Value::Class(class) => {
            if let Some(mapping) = Mapping::of(class)
                && mapping.is_joined()
            {
                return mapping.selectable();
            }
        }
        // An alias of a mapped class.
        Value::Instance(instance) => {
            let from = instance.attributes.get_str("_sa_from")?;
            return find_from(&from);
        }
        _ => {}
    }
    if let Some(table) = find_table(value) {
        return Some(FromClause::Table(table));
    }
    if let Some(object) = value.downcast::<FromObject>() {
        return Some(object.from.clone());
    }
    if let Some(object) = value.downcast::<ExpressionObject>() {
        match &object.expression {
            Expression::Text(text) => return Some(FromClause::Text(text.clone())),
            Expression::Function(_) => {
                return Some(FromClause::Function(Rc::new(object.expression.clone())));
            }
            _ => {}
        }
    }
    None
}

/// The FROM clause of a value that must be one.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is none.
pub fn expect_from(vm: &mut Interpreter, value: &Value) -> Result<FromClause> {
    if let Some(found) = find_from(value) {
        return Ok(found);
    }
    if find_select(value).is_some() {
        return Err(no_implicit_subquery(
            vm,
            "FROM expression, such as a Table or alias() object",
            value,
        )?);
    }
    conversion::refuse_opaque(value, "what is selected from")?;
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "FROM expression, such as a Table or alias() object expected, got {shown}."
    )))
}

/// `table("name", column("a"), ...)`.
///
/// # Errors
/// What turning the columns raises.
fn table(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("name").as_text().unwrap_or_default();
    let schema = bound
        .take_some("schema")
        .and_then(|schema| conversion::identifier(&schema, None));
    let mut columns: Vec<(Name, Type)> = Vec::new();
    for value in &std::mem::take(&mut bound.rest) {
        match find_clause(vm, value)? {
            Some(expression) => {
                let name = match expression.label_name() {
                    Some(LabelName::Plain(name)) => name,
                    _ => continue,
                };
                columns.push((name, expression.kind()));
            }
            None => return Err(vm.type_error("table() takes column() objects")),
        }
    }
    Ok(Value::native(FromObject {
        from: sql::table(Name::new(name), columns, schema),
    }))
}

/// `join(left, right, onclause)`, `outerjoin`.
///
/// # Errors
/// What SQLAlchemy raises where the foreign keys give no condition.
pub fn join(
    vm: &mut Interpreter,
    left: &Value,
    bound: &mut Bound<'_>,
    outer: bool,
) -> Result<Value> {
    let left = expect_from(vm, left)?;
    let right = bound.value("right");
    let right = expect_from(vm, &right)?;
    let onclause = match bound.take_some("onclause") {
        Some(value) => Some(condition(vm, &value)?),
        None => None,
    };
    let flag = |value: Option<Value>| value.is_some_and(|value| value.as_bool() == Some(true));
    let is_outer = outer || flag(bound.take_some("isouter"));
    let full = flag(bound.take_some("full"));
    let from = left.join(right, onclause, is_outer, full)?;
    Ok(Value::native(FromObject { from }))
}

impl NativeObject for FromObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match &self.from {
            FromClause::TableClause(_) => &TABLE_CLAUSE as &dyn Declared,
            FromClause::Join(_) => &JOIN,
            FromClause::Alias(alias) => match alias.kind {
                AliasKind::Alias => &ALIAS,
                AliasKind::Subquery => &SUBQUERY,
                AliasKind::Cte { .. } => &CTE,
                AliasKind::Lateral => &LATERAL,
            },
            FromClause::Values(_) => &VALUES,
            FromClause::TableValued(_) => &TABLE_VALUED_ALIAS,
            FromClause::TableSample(_) => &TABLE_SAMPLE,
            _ => &FROM_CLAUSE,
        })
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.from.identity_key() as u64))
    }

    fn repr(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let Some(LabelName::Plain(name)) = self.from.name() else {
            return Ok(None);
        };
        let class = vm.class_of(this).dotted_name();
        let address = this.address().unwrap_or_default();
        Ok(Some(format!("<{class} at 0x{address:012x}; {name}>")))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        if let FromClause::Alias(alias) = &self.from
            && let (AliasKind::Subquery, AliasElement::Select(select)) =
                (&alias.kind, &alias.element)
        {
            let statement = Statement::Select(select.clone());
            let dialect = Dialect::default_dialect();
            return vm
                .lend(|| statement_text(&statement, &dialect, false))
                .map(Some);
        }
        Ok(Some(match self.from.name() {
            Some(LabelName::Plain(name)) => name.to_string(),
            _ => self.from.description(),
        }))
    }
}
