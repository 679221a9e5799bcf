//! What statements ask of mapped classes: their tables, criteria and relationships.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Arguments, CompareOperator, Interpreter, Value};
use sqlalchemy::elements::{Expression, Operator, in_};
use sqlalchemy::sql::FromClause;

use super::Mapping;
use super::attribute::{Attribute, PropertyAttribute};
use super::decl_base::is_mapped as is_mapped_class;
use super::properties::PropertyKind;
use crate::bindings::conversion::{self, find_clause};
use crate::bindings::sqlalchemy::sql::{self, OrmParts};

/// The module that holds what sessions do, in Python.
pub(super) fn library(vm: &mut Interpreter, module: &str, name: &str) -> Result<Value> {
    let module = vm.import(&["sqlalchemy.orm.", module].concat())?;
    vm.get_attribute(&module, name)
}

/// Whether a value is a mapped class, an alias of one, or an attribute of one.
pub fn is_mapped(value: &Value) -> bool {
    match value {
        Value::Class(class) => is_mapped_class(class),
        Value::Instance(instance) => instance.attributes.contains_str("_sa_from"),
        _ => {
            value.downcast::<Attribute>().is_some()
                || value.downcast::<PropertyAttribute>().is_some()
        }
    }
}

/// The mapped class behind an entity or an attribute.
pub(super) fn mapped_class_of(value: &Value) -> Option<python::Class> {
    match value {
        Value::Class(class) => Mapping::of(class).map(|mapping| mapping.class.clone()),
        Value::Instance(instance) => match instance.attributes.get_str("_aliased_class")? {
            Value::Class(class) => Some(class),
            _ => None,
        },
        other => {
            if let Some(attribute) = other.downcast::<Attribute>() {
                return Some(attribute.class.clone());
            }
            if let Some(mapper) = other.downcast::<super::mapper::MapperObject>() {
                return Some(mapper.mapping.class.clone());
            }
            let attribute = other.downcast::<PropertyAttribute>()?;
            Some(attribute.class.clone())
        }
    }
}

/// The condition for the rows of a class that shares its parent's table: those of its own
/// identities.
///
/// # Errors
/// A plain no for a discriminator that is no column.
pub fn single_criterion(vm: &mut Interpreter, entity: &Value) -> Result<Option<Expression>> {
    let Some(class) = mapped_class_of(entity) else {
        return Ok(None);
    };
    let Some(mapping) = Mapping::of(&class) else {
        return Ok(None);
    };
    if !mapping.single || mapping.inherits.is_none() {
        return Ok(None);
    }
    let Some(column) = mapping.discriminator()? else {
        return Ok(None);
    };
    let column = match entity {
        Value::Instance(_) => match sql::find_from(entity) {
            Some(from) => from.column(&column.key()),
            None => None,
        },
        _ => None,
    }
    .unwrap_or(Expression::Column(column));
    let mut identities = Vec::new();
    for identity in mapping.identities() {
        identities.push(conversion::to_literal(vm, &identity)?);
    }
    in_(&column, identities).map(Some)
}

/// The tables of the class of an attribute, where they are joined.
pub fn joined_tables(entity: &Value) -> Option<FromClause> {
    let attribute = entity.downcast::<Attribute>()?;
    let mapping = Mapping::of(&attribute.class)?;
    if mapping.is_joined() {
        mapping.selectable()
    } else {
        None
    }
}

/// The entity whose attributes `filter_by()` names: the one that was joined last, else the first.
///
/// # Errors
/// None of its own.
pub fn filter_entity(_vm: &mut Interpreter, parts: &OrmParts) -> Result<Option<Value>> {
    let found = parts.joined.last().or_else(|| parts.entities.first());
    Ok(found.and_then(|entity| match entity {
        Value::Class(_) | Value::Instance(_) => Some(entity.clone()),
        _ => mapped_class_of(entity).map(Value::Class),
    }))
}

/// The entity of a SELECT that has an attribute; `filter_by()` of a SELECT searches all.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` where none has it, `AmbiguousColumnError` where several do.
pub fn entity_with(vm: &mut Interpreter, parts: &OrmParts, name: &str) -> Result<Value> {
    let mut entities: Vec<Value> = Vec::new();
    for value in parts.entities.iter().chain(&parts.joined) {
        let entity = match value {
            Value::Class(_) | Value::Instance(_) => value.clone(),
            other => match mapped_class_of(other) {
                Some(class) => Value::Class(class),
                None if sql::find_from(other).is_some() => vm.get_attribute(other, "c")?,
                None => continue,
            },
        };
        if !entities.iter().any(|known| known.is(&entity)) {
            entities.push(entity);
        }
    }
    let mut found = Vec::new();
    let mut shown = Vec::new();
    for entity in &entities {
        let text = match entity {
            Value::Class(class) => match class.lookup("__mapper__") {
                Some(mapper) => vm.str(&mapper)?,
                None => vm.repr(entity)?,
            },
            Value::Instance(_) => match mapped_class_of(entity) {
                Some(class) => format!("aliased({})", class.name()),
                None => vm.repr(entity)?,
            },
            other => vm.repr(other)?,
        };
        if vm.find_attribute(entity, name)?.is_some() {
            found.push((entity.clone(), text.clone()));
        }
        shown.push(text);
    }
    match found.as_slice() {
        [] => Err(no_entity_has(name, &shown)),
        [(only, _)] => Ok(only.clone()),
        several => {
            let several: Vec<&str> = several.iter().map(|(_, text)| &**text).collect();
            Err(Error::new(
                "sqlalchemy.exc.AmbiguousColumnError",
                format!(
                    "Attribute name \"{name}\" is ambiguous; it exists in multiple FROM clause \
                     entities ({}). Use filter() with explicit column references instead of \
                     filter_by().",
                    several.join(", ")
                ),
            ))
        }
    }
}

/// The error of `filter_by()` for a name that nothing has.
pub fn no_entity_has(name: &str, searched: &[String]) -> Error {
    conversion::invalid_request(format!(
        "None of the FROM clause entities have a property \"{name}\". Searched entities: {}",
        searched.join(", ")
    ))
}

/// The condition `entity.name == value`.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` for a name that the entity does not have.
pub fn attribute_equals(
    vm: &mut Interpreter,
    entity: &Value,
    name: &str,
    value: &Value,
) -> Result<Expression> {
    let Some(attribute) = vm.find_attribute(entity, name)? else {
        let shown = match Mapping::of_value(entity).and_then(|mapping| mapping.table.clone()) {
            Some(table) => table.name().as_str().to_owned(),
            None => vm.repr(entity)?,
        };
        return Err(no_entity_has(name, &[shown]));
    };
    let condition = vm.compare(CompareOperator::Equal, &attribute, value)?;
    sql::condition(vm, &condition)
}

/// One table that `join(Parent.children)` adds, and where it is joined.
type Step = (Option<FromClause>, FromClause, Expression);

/// What `join()` along a relationship adds.
pub struct Joins {
    /// The tables, in order.
    pub steps: Vec<Step>,
    /// The entity that was joined.
    pub target: Value,
}

/// The joins of `join(Parent.children)` or `join(Child, Parent.children)`; nothing where neither is
/// a relationship.
///
/// # Errors
/// What configuring the mappings raises.
pub fn relationship_joins(
    vm: &mut Interpreter,
    target: &Value,
    onclause: Option<&Value>,
) -> Result<Option<Joins>> {
    let (relationship, of) = if let Some(found) = comparator_of(vm, target)? {
        (found, None)
    } else {
        let found = match onclause {
            Some(onclause) => comparator_of(vm, onclause)?,
            None => None,
        };
        match found {
            Some(found) => (found, Some(target.clone())),
            None => return Ok(None),
        }
    };
    let relationship = match of {
        Some(of) => vm.call_method(&relationship, "of_type", Arguments::positional(vec![of]))?,
        None => relationship,
    };
    let target = vm.get_attribute(&relationship, "target_entity")?;
    let joins = vm.call_method(&relationship, "joins", Arguments::none())?;
    let mut steps = Vec::new();
    for step in vm.collect(&joins)? {
        let Some([left, right, condition]) = step
            .as_items()
            .and_then(|items| <[Value; 3]>::try_from(items).ok())
        else {
            continue;
        };
        let left = match &left {
            Value::None => None,
            left => Some(sql::expect_from(vm, left)?),
        };
        let right = sql::expect_from(vm, &right)?;
        steps.push((left, right, sql::condition(vm, &condition)?));
    }
    Ok(Some(Joins { steps, target }))
}

/// The comparator of a relationship, if the value is one or stands for one.
fn comparator_of(vm: &mut Interpreter, value: &Value) -> Result<Option<Value>> {
    if let Some(attribute) = value.downcast::<PropertyAttribute>() {
        if attribute.property.kind != PropertyKind::Relationship {
            return Ok(None);
        }
        return attribute.comparator(vm).map(Some);
    }
    Ok(match value {
        Value::Instance(instance)
            if instance
                .class()
                .is_named("sqlalchemy.orm.util.RelationshipComparator") =>
        {
            Some(value.clone())
        }
        _ => None,
    })
}

/// Values of `values()` by the names of columns, where they are given by those of attributes.
pub fn by_column(entity: Option<&Value>, entries: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    let mapping = entity
        .and_then(mapped_class_of)
        .and_then(|class| Mapping::of(&class));
    let Some(mapping) = mapping else {
        return entries;
    };
    let columns = mapping.columns();
    entries
        .into_iter()
        .map(|(key, value)| {
            let found = key.as_str().and_then(|name| {
                let found = columns.iter().find(|(known, _)| &**known == name)?;
                Some(Value::Str(found.1.key()))
            });
            (found.unwrap_or(key), value)
        })
        .collect()
}

/// The pairs of columns that a condition equates, and what else it says.
pub(super) fn equated(condition: &Expression) -> (Vec<(Expression, Expression)>, Vec<Expression>) {
    let mut pairs = Vec::new();
    let mut rest = Vec::new();
    let mut waiting = vec![condition.clone()];
    while let Some(part) = waiting.pop() {
        match &part {
            Expression::List(list) if matches!(list.operator, Some(Operator::And)) => {
                waiting.extend(list.clauses.iter().rev().cloned());
            }
            Expression::Grouping(inner) => waiting.push((**inner).clone()),
            Expression::Binary(binary)
                if matches!(binary.operator, Operator::Eq)
                    && matches!(binary.left, Expression::Column(_))
                    && matches!(binary.right, Expression::Column(_)) =>
            {
                pairs.push((binary.left.clone(), binary.right.clone()));
            }
            _ => rest.push(part),
        }
    }
    (pairs, rest)
}

/// An expression with columns replaced by others.
///
/// # Errors
/// TypeError for what is no expression.
pub(super) fn adapt(vm: &mut Interpreter, expression: &Value, pairs: &Value) -> Result<Expression> {
    let mut known: Vec<(Expression, Expression)> = Vec::new();
    for pair in vm.collect(pairs)? {
        let Some([from, to]) = pair
            .as_items()
            .and_then(|items| <[Value; 2]>::try_from(items).ok())
        else {
            continue;
        };
        let Some(from) = find_clause(vm, &from)? else {
            continue;
        };
        let to = match find_clause(vm, &to)? {
            Some(to) => to,
            None => {
                let literal = conversion::to_literal(vm, &to)?;
                sqlalchemy::elements::literal(literal, Some(from.kind()))
            }
        };
        known.push((from, to));
    }
    let expression = sql::condition(vm, expression)?;
    Ok(expression.replace(&|part| {
        known
            .iter()
            .find(|(from, _)| same(from, part))
            .map(|(_, to)| to.clone())
    }))
}

/// Whether two expressions are one object.
fn same(one: &Expression, other: &Expression) -> bool {
    match (one, other) {
        (Expression::Column(one), Expression::Column(other)) => one.ptr_eq(other),
        (Expression::ColumnClause(one), Expression::ColumnClause(other)) => {
            one.name.as_str() == other.name.as_str()
                && match (&one.table, &other.table) {
                    (Some(one), Some(other)) => one.ptr_eq(other),
                    _ => false,
                }
        }
        (Expression::Label(one), Expression::Label(other)) => Rc::ptr_eq(one, other),
        _ => false,
    }
}
