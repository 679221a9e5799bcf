//! `select()`, `union()` and `exists()`.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, Declared, FreeFunction, Interpreter, NativeObject, Value, function,
    method, property,
};
use sqlalchemy::compiler::{CompileOptions, Compiled};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::engine::error::background;
use sqlalchemy::literal::Literal;
use sqlalchemy::sql::{
    self, CompoundSelect, FromClause, Select, SelectBase, SetOperation, Statement,
};

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use super::elements::{CLAUSE_ELEMENT, EXECUTABLE, ExpressionObject};
use super::functions::{condition, order_expression};
use super::generative_select::{GENERATIVE_SELECT, HAS_CTE, HAS_HINTS, HAS_SUFFIXES};
use super::operators::{coerce, operand};
use super::plugin::OrmParts;
use super::selectable::{FromObject, expect_from, find_from};
use crate::bindings::conversion::{self, argument_error, find_clause};
use crate::bindings::orm;
use crate::bindings::sqlalchemy::schema::ColumnsObject;

/// A SELECT or a compound SELECT.
pub struct SelectObject {
    /// The statement.
    pub select: SelectBase,
}

/// `SelectBase`: the methods of SELECT; those of a plain SELECT raise on a compound one.
pub(super) static SELECT_BASE: Declaration<SelectObject> = Declaration {
    bases: &[&EXECUTABLE, &CLAUSE_ELEMENT],
    properties: &[
        property("c", columns),
        property("selected_columns", columns),
        property("exported_columns", columns),
        property("columns", columns),
    ],
    methods: &[
        method("where", "self, *whereclause", select_where),
        method("filter", "self, *criteria", select_where),
        method("filter_by", "self, **kwargs", select_filter_by),
        method("having", "self, *having", |vm, this, bound| {
            let mut select = plain_select(vm, this, "having")?;
            for value in &bound.rest {
                select = select.having(condition(vm, value)?);
            }
            Ok(select_value(select))
        }),
        method("select_from", "self, *froms", |vm, this, bound| {
            let mut select = plain_select(vm, this, "select_from")?;
            for value in &bound.rest {
                let from = expect_from(vm, value)?;
                select = select.select_from(from);
                if let Some(criterion) = orm::single_criterion(vm, value)? {
                    select = select.where_(criterion);
                }
                select = with_joined(select, value);
            }
            Ok(select_value(select))
        }),
        method(
            "join",
            "self, target, onclause=None, *, isouter=False, full=False",
            |vm, this, bound| select_join(vm, this, bound, false, false),
        ),
        method(
            "outerjoin",
            "self, target, onclause=None, *, full=False",
            |vm, this, bound| select_join(vm, this, bound, true, false),
        ),
        method(
            "join_from",
            "self, from_, target, onclause=None, *, isouter=False, full=False",
            |vm, this, bound| select_join(vm, this, bound, false, true),
        ),
        method(
            "outerjoin_from",
            "self, from_, target, onclause=None, *, full=False",
            |vm, this, bound| select_join(vm, this, bound, true, true),
        ),
        method("distinct", "self, *expr", |vm, this, bound| {
            let on = orders(vm, &bound.rest)?;
            Ok(select_value(
                plain_select(vm, this, "distinct")?.distinct(on),
            ))
        }),
        method("add_columns", "self, *entities", |vm, this, bound| {
            let columns = column_list(vm, &bound.rest)?;
            let mut select = plain_select(vm, this, "add_columns")?.add_columns(columns);
            let entities = std::mem::take(&mut bound.rest);
            if entities.iter().any(orm::is_mapped) || select.plugin().is_some() {
                for entity in &entities {
                    if let Some(criterion) = orm::single_criterion(vm, entity)? {
                        select = select.where_(criterion);
                    }
                }
                select = with_parts(select, |parts| parts.entities.extend(entities));
            }
            Ok(select_value(select))
        }),
        method(
            "with_only_columns",
            "self, *entities, maintain_column_froms=False",
            |vm, this, bound| {
                let columns = column_list(vm, &bound.rest)?;
                let mut select = plain_select(vm, this, "with_only_columns")?;
                let entities = std::mem::take(&mut bound.rest);
                if bound.flag("maintain_column_froms") {
                    let froms = select.columns().iter().filter_map(Expression::table);
                    let mut kept: Vec<FromClause> = Vec::new();
                    for from in froms {
                        if !kept.iter().any(|known| known.ptr_eq(&from)) {
                            kept.push(from);
                        }
                    }
                    if !select.has_joins() {
                        for from in kept {
                            select = select.select_from(from);
                        }
                    }
                }
                select = select.with_only_columns(columns);
                if entities.iter().any(orm::is_mapped) || select.plugin().is_some() {
                    for entity in &entities {
                        if let Some(criterion) = orm::single_criterion(vm, entity)? {
                            select = select.where_(criterion);
                        }
                    }
                    select = with_parts(select, |parts| parts.entities = entities);
                }
                Ok(select_value(select))
            },
        ),
        method("correlate", "self, *fromclauses", |vm, this, bound| {
            let mut froms = Vec::new();
            for value in bound.rest.iter().filter(|value| !value.is_none()) {
                froms.push(expect_from(vm, value)?);
            }
            Ok(select_value(
                plain_select(vm, this, "correlate")?.correlate(froms),
            ))
        }),
        method("scalar_subquery", "self", |_vm, this, _| {
            let select = this.select.clone();
            Ok(conversion::expression_value(&select.scalar_subquery()))
        }),
        method("as_scalar", "self", |_vm, this, _| {
            let select = this.select.clone();
            Ok(conversion::expression_value(&select.scalar_subquery()))
        }),
        method("label", "self, name", |_vm, this, bound| {
            let name = bound.value("name");
            let select = this.select.clone().scalar_subquery();
            let name = name.as_text();
            Ok(conversion::expression_value(&elements::label(
                &select,
                name.as_deref(),
            )))
        }),
        method("subquery", "self, name=None", |_vm, this, bound| {
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let from = this.select.clone().subquery(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        method(
            "alias",
            "self, name=None, flat=False",
            |_vm, this, bound| {
                // It is about the tables of a JOIN.
                bound.ignore(&["flat"]);
                let name = bound.take_some("name").and_then(|name| name.as_text());
                let from = this.select.clone().subquery(name.as_deref());
                Ok(Value::native(FromObject { from }))
            },
        ),
        method("lateral", "self, name=None", |_vm, this, bound| {
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let from = this.select.clone().lateral(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        method("exists", "self", |_vm, this, _| {
            let select = this.select.clone();
            Ok(conversion::expression_value(&sql::exists(select)))
        }),
        method("except_all", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::ExceptAll)
        }),
        method("intersect_all", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::IntersectAll)
        }),
        method("union", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::Union)
        }),
        method("union_all", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::UnionAll)
        }),
        method("except_", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::Except)
        }),
        method("intersect", "self, *other", |vm, this, bound| {
            combined(vm, this, bound, SetOperation::Intersect)
        }),
        method("compile", COMPILE, |vm, this, bound| {
            let (dialect, literal) = compile_arguments(vm, bound)?;
            let statement = Statement::Select(this.select.clone());
            let compiled = vm.lend(|| compile_statement(&statement, &dialect, literal))?;
            CompiledObject::of(vm, compiled)
        }),
        method("options", "self, *options", |_, this, bound| {
            let options = std::mem::take(&mut bound.rest);
            Ok(changed_parts(this, |parts| parts.options.extend(options)))
        }),
        method("execution_options", "self, **kw", |_, this, bound| {
            let options = std::mem::take(&mut bound.extra);
            Ok(changed_parts(this, |parts| parts.execution.extend(options)))
        }),
        method("from_statement", "self, statement", |_, this, bound| {
            let statement = bound.value("statement");
            Ok(changed_parts(this, |parts| {
                parts.statement = Some(statement)
            }))
        }),
        method(
            "params",
            "self, _ClauseElement__optionaldict=None, /, **kwargs",
            select_params,
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.SelectBase")
};

/// `Select`.
static SELECT: Declaration<SelectObject> = Declaration {
    bases: &[&HAS_SUFFIXES, &HAS_HINTS, &HAS_CTE, &GENERATIVE_SELECT],
    ..Declaration::new("sqlalchemy.sql.selectable.Select")
};

/// `CompoundSelect`.
static COMPOUND_SELECT: Declaration<SelectObject> = Declaration {
    bases: &[&HAS_CTE, &GENERATIVE_SELECT],
    ..Declaration::new("sqlalchemy.sql.selectable.CompoundSelect")
};

/// `TextualSelect`: `text(...).columns(...)`.
static TEXTUAL_SELECT: Declaration<SelectObject> = Declaration {
    bases: &[&HAS_CTE, &SELECT_BASE],
    ..Declaration::new("sqlalchemy.sql.selectable.TextualSelect")
};

/// The SELECT classes.
pub static CLASSES: &[&dyn Declared] = &[
    &SELECT_BASE,
    &HAS_SUFFIXES,
    &HAS_HINTS,
    &HAS_CTE,
    &GENERATIVE_SELECT,
    &SELECT,
    &COMPOUND_SELECT,
    &TEXTUAL_SELECT,
];

/// `select`, `exists` and the functions that combine SELECTs.
pub static FUNCTIONS: &[FreeFunction] = &[
    function("select", "*entities, **__kw", |vm, bound| {
        if bound.extra.is_empty() {
            return select(vm, &bound.rest);
        }
        Err(argument_error(
            "Additional keyword arguments are not accepted by this function/method.  The presence of **kw is for \
             pep-484 typing purposes",
        ))
    }),
    function("exists", "*args", exists),
    function("union", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::Union)
    }),
    function("union_all", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::UnionAll)
    }),
    function("except_", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::Except)
    }),
    function("except_all", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::ExceptAll)
    }),
    function("intersect", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::Intersect)
    }),
    function("intersect_all", "*selects", |vm, bound| {
        compound(vm, bound, SetOperation::IntersectAll)
    }),
];

fn columns(_vm: &mut Interpreter, this: &SelectObject) -> Result<Value> {
    Ok(ColumnsObject::of(this.select.exported_columns()))
}

/// A SELECT as a Python value.
pub fn select_value(select: impl Into<SelectBase>) -> Value {
    Value::native(SelectObject {
        select: select.into(),
    })
}

/// A SELECT, if the value is one.
pub fn find_select(value: &Value) -> Option<SelectBase> {
    // A query of a session.
    if let Value::Instance(instance) = value
        && instance.class().inherits_from("sqlalchemy.orm.query.Query")
    {
        return find_select(&instance.attributes.get_str("_statement")?);
    }
    value
        .downcast::<SelectObject>()
        .map(|object| object.select.clone())
}

/// The columns argument of a SELECT.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no column.
pub fn column_list(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<Expression>> {
    let mut columns = Vec::new();
    for value in values {
        if let Value::List(_) | Value::Tuple(_) = value {
            let shown = vm.repr(value)?;
            return Err(argument_error(format!(
                "Column expression, FROM clause, or other columns clause element expected, got \
                 {shown}. Did you mean to say select({})?",
                shown.trim_matches(['[', ']', '(', ')'])
            )));
        }
        if let Some(collection) = value.downcast::<ColumnsObject>() {
            columns.extend_from_slice(collection.columns());
            continue;
        }
        match find_clause(vm, value)? {
            Some(expression) => columns.push(expression),
            None => match find_from(value) {
                Some(from) => columns.extend(from.columns()),
                None => match find_select(value) {
                    Some(_) => {
                        return Err(no_implicit_subquery(
                            vm,
                            "Column expression, FROM clause, or other columns clause element",
                            value,
                        )?);
                    }
                    None if value.as_str().is_some() => {
                        let shown = vm.repr(value)?;
                        return Err(argument_error(format!(
                            "Textual column expression {shown} should be explicitly declared with \
                             text({shown}), or use column({shown}) for more specificity"
                        )));
                    }
                    None if conversion::opaque_name(value).is_some() => {
                        conversion::refuse_opaque(value, "a column of a SELECT")?;
                    }
                    None => match value {
                        Value::Class(_) | Value::Instance(_) => {
                            let shown = vm.repr(value)?;
                            return Err(argument_error(format!(
                                "Column expression, FROM clause, or other columns clause element \
                                 expected, got {shown}."
                            )));
                        }
                        // A number is written as it is.
                        Value::Int(_) | Value::BigInt(_) | Value::Float(_) => {
                            let shown = vm.repr(value)?;
                            columns.push(elements::literal_column(&shown, None));
                        }
                        _ => columns.push(coerce(vm, value)?),
                    },
                },
            },
        }
    }
    Ok(columns)
}

/// `select(...)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no column.
pub fn select(vm: &mut Interpreter, entities: &[Value]) -> Result<Value> {
    let columns = column_list(vm, entities)?;
    let mut made = sql::select(columns);
    if entities.iter().any(orm::is_mapped) {
        let parts = OrmParts {
            entities: entities.to_vec(),
            ..OrmParts::default()
        };
        made = made.with_plugin(Some(Rc::new(parts)));
        for entity in entities {
            if let Some(criterion) = orm::single_criterion(vm, entity)? {
                made = made.where_(criterion);
            }
            if let Some(joined) = orm::joined_tables(entity)
                && !made.selects_from(&joined)
            {
                made = made.select_from(joined);
            }
        }
    }
    for value in entities {
        // Of another FROM element the columns say where they are from.
        if let Some(from @ FromClause::Join(_)) = find_from(value) {
            made = made.select_from(from);
        }
    }
    Ok(select_value(made))
}

/// `union(...)` and the other set operations.
fn compound(vm: &mut Interpreter, bound: &mut Bound<'_>, operation: SetOperation) -> Result<Value> {
    let mut selects = Vec::new();
    for value in &bound.rest {
        match find_select(value) {
            Some(select) => selects.push(select),
            None => return Err(vm.type_error("union() and its kin take SELECT statements")),
        }
    }
    Ok(select_value(CompoundSelect::new(operation, selects)))
}

/// `exists(...)`.
fn exists(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let select: SelectBase = match bound.rest.first() {
        Some(value) => match find_select(value) {
            Some(select) => select,
            None => {
                if let Some(object) = value.downcast::<ExpressionObject>()
                    && let Expression::ScalarSelect(select) = &object.expression
                {
                    (**select).clone()
                } else {
                    sql::select(column_list(vm, &bound.rest)?).into()
                }
            }
        },
        None => sql::select(vec![elements::literal_column("*", None)]).into(),
    };
    Ok(conversion::expression_value(&sql::exists(select)))
}

pub(super) fn statement_text(
    statement: &Statement,
    dialect: &Dialect,
    literal: bool,
) -> Result<String> {
    Ok(compile_statement(statement, dialect, literal)?.string)
}

/// The error for a SELECT that stands where a FROM clause is wanted.
pub(super) fn no_implicit_subquery(
    vm: &mut Interpreter,
    wanted: &str,
    value: &Value,
) -> Result<Error> {
    let shown = vm.repr(value)?;
    let class = Value::Class(vm.class_of(value));
    let class = vm.repr(&class)?;
    Ok(argument_error(format!(
        "{wanted} expected, got {shown}. To create a FROM clause from a {class} object, use the \
         .subquery() method. {}",
        background("89ve")
    )))
}

/// A statement compiled for a dialect, with `literal_binds` or without.
///
/// # Errors
/// `sqlalchemy.exc.CompileError`.
pub fn compile_statement(
    statement: &Statement,
    dialect: &Dialect,
    literal: bool,
) -> Result<Compiled> {
    let options = CompileOptions {
        literal_binds: literal,
        ..CompileOptions::default()
    };
    statement.compile(dialect, &options)
}

impl NativeObject for SelectObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.select {
            SelectBase::Select(_) => &SELECT,
            SelectBase::Compound(_) => &COMPOUND_SELECT,
            SelectBase::Text(_) => &TEXTUAL_SELECT,
        })
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let statement = Statement::Select(self.select.clone());
        vm.lend(|| statement_text(&statement, &Dialect::default_dialect(), false))
            .map(Some)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }
}

pub(super) fn plain_select(
    vm: &mut Interpreter,
    this: &SelectObject,
    method: &str,
) -> Result<Select> {
    match this.select.clone() {
        SelectBase::Select(select) => Ok(select),
        _ => Err(vm.attribute_error(format!(
            "'CompoundSelect' object has no attribute '{method}'"
        ))),
    }
}

/// The SELECT with what it keeps for the ORM changed.
fn with_parts(select: Select, change: impl FnOnce(&mut OrmParts)) -> Select {
    match OrmParts::change(&Statement::Select(select.clone().into()), change) {
        Statement::Select(SelectBase::Select(select)) => select,
        _ => select,
    }
}

fn changed_parts(this: &SelectObject, change: impl FnOnce(&mut OrmParts)) -> Value {
    match OrmParts::change(&Statement::Select(this.select.clone()), change) {
        Statement::Select(select) => select_value(select),
        _ => select_value(this.select.clone()),
    }
}

/// Notes a mapped class that was joined or selected from.
fn with_joined(select: Select, value: &Value) -> Select {
    if !orm::is_mapped(value) && select.plugin().is_none() {
        return select;
    }
    let value = value.clone();
    with_parts(select, |parts| parts.joined.push(value))
}

pub(super) fn orders(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<Expression>> {
    let mut found = Vec::new();
    for value in values {
        if value.is_none() {
            return Ok(Vec::new());
        }
        found.push(order_expression(vm, value)?);
    }
    Ok(found)
}

fn select_where(vm: &mut Interpreter, this: &SelectObject, bound: &mut Bound<'_>) -> Result<Value> {
    let mut select = plain_select(vm, this, "where")?;
    for value in &bound.rest {
        select = select.where_(condition(vm, value)?);
    }
    Ok(select_value(select))
}

fn select_filter_by(
    vm: &mut Interpreter,
    this: &SelectObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let mut select = plain_select(vm, this, "filter_by")?;
    let parts = OrmParts::of(&Statement::Select(this.select.clone()));
    if !parts.entities.is_empty() {
        for (name, value) in &bound.extra {
            let entity = orm::entity_with(vm, &parts, name)?;
            let condition = orm::attribute_equals(vm, &entity, name, value)?;
            select = select.where_(condition);
        }
        return Ok(select_value(select));
    }
    let columns = select.columns().to_vec();
    for (name, value) in &bound.extra {
        let from = columns.iter().find_map(Expression::table);
        let Some(column) = from.and_then(|from| from.column(name)) else {
            let mut searched: Vec<String> = Vec::new();
            for from in columns.iter().filter_map(Expression::table) {
                let shown = from.description();
                if !searched.contains(&shown) {
                    searched.push(shown);
                }
            }
            return Err(orm::no_entity_has(name, &searched));
        };
        let other = operand(vm, value)?;
        select = select.where_(column.eq(other)?);
    }
    Ok(select_value(select))
}

fn select_join(
    vm: &mut Interpreter,
    this: &SelectObject,
    bound: &mut Bound<'_>,
    outer: bool,
    explicit_left: bool,
) -> Result<Value> {
    let select = plain_select(vm, this, "join")?;
    let left = match explicit_left {
        true => Some(expect_from(vm, &bound.value("from_"))?),
        false => None,
    };
    let target = bound.value("target");
    let onclause = bound.take_some("onclause");
    let outer = outer || bound.flag("isouter");
    let full = bound.flag("full");
    if let Some(joins) = orm::relationship_joins(vm, &target, onclause.as_ref())? {
        let mut select = select;
        for (index, (start, right, condition)) in joins.steps.into_iter().enumerate() {
            // The first starts at the entity that has the relationship.
            let start = if index == 0 {
                left.clone().or(start)
            } else {
                None
            };
            select = select.join(start, right, Some(condition), outer, full);
        }
        return Ok(select_value(with_joined(select, &joins.target)));
    }
    let right = expect_from(vm, &target)?;
    let mut select = select;
    let criterion = orm::single_criterion(vm, &target)?;
    let onclause = match onclause {
        Some(value) => Some(condition(vm, &value)?),
        None => None,
    };
    let onclause = match (criterion, onclause) {
        (Some(criterion), Some(onclause)) => Some(elements::and_([onclause, criterion])),
        (Some(criterion), None) => {
            select = select.where_(criterion);
            None
        }
        (None, onclause) => onclause,
    };
    let select = select.join(left, right, onclause, outer, full);
    Ok(select_value(with_joined(select, &target)))
}

fn combined(
    vm: &mut Interpreter,
    this: &SelectObject,
    bound: &mut Bound<'_>,
    operation: SetOperation,
) -> Result<Value> {
    let mut others = Vec::new();
    for value in &bound.rest {
        others.push(find_select(value).ok_or_else(|| vm.type_error("this is no SELECT"))?);
    }
    Ok(select_value(this.select.clone().combine(operation, others)))
}

/// `select.params(x=1)`: values of the parameters in its columns and conditions.
fn select_params(
    vm: &mut Interpreter,
    this: &SelectObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let mut given: Vec<(Rc<str>, Literal)> = Vec::new();
    if let Some(values) = bound.take_some("_ClauseElement__optionaldict") {
        for key in vm.collect(&values)? {
            let value = vm.get_item(&values, &key)?;
            let name = key.as_text().unwrap_or_default();
            given.push((name, conversion::to_literal(vm, &value)?));
        }
    }
    for (name, value) in std::mem::take(&mut bound.extra) {
        given.push((name, conversion::to_literal(vm, &value)?));
    }
    if given.is_empty() {
        return Ok(bound.this().clone());
    }
    let select = plain_select(vm, this, "params")?;
    let (select, found) = select.with_parameters(&given);
    // One in a subquery or a JOIN would keep its value.
    if let Some((name, _)) = given.iter().find(|(name, _)| !found.contains(name)) {
        return Err(Error::unsupported(format!(
            "params() for '{name}', which is not among the columns and conditions of the SELECT"
        )));
    }
    Ok(select_value(select))
}
