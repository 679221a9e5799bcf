//! What a session sends when it is flushed: INSERT, UPDATE and DELETE of its instances.

use ground::order::InOrder;
use std::rc::Rc;

use super::session::{SessionState, connection, expressions, key_text, run};
use super::session_state::{InstanceState, columns_of, fill, key_condition, literal, mapping_of};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine;
use ground::diagnostic::{Error, Result};
use python::{Interpreter, Value};
use sqlalchemy::elements::{Expression, and_};
use sqlalchemy::engine::ParameterSet;
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::{Column, Table};
use sqlalchemy::sql::{Delete, Insert, Statement, Update};
use sqlalchemy::topological;

/// Sends what was added, changed and deleted.
///
/// # Errors
/// What the database says.
pub fn flush(vm: &mut Interpreter, session: &Rc<SessionState>) -> Result<()> {
    let new = std::mem::take(&mut *session.new.borrow_mut());
    if !new.is_empty() {
        let mut by_table: Vec<(Table, Vec<Value>)> = Vec::new();
        for value in new {
            let (_, table) = mapping_of(vm, &value)?;
            match by_table.iter_mut().find(|(known, _)| known.ptr_eq(&table)) {
                Some((_, values)) => values.push(value),
                None => by_table.push((table, vec![value])),
            }
        }
        let mut tables: Vec<Table> = by_table.iter().map(|(table, _)| table.clone()).collect();
        tables.in_order_by_key(Table::key);
        for table in topological::sort_tables(&tables)? {
            for (known, values) in &by_table {
                if known.ptr_eq(&table) {
                    for value in values {
                        insert(vm, session, value)?;
                    }
                }
            }
        }
    }
    for value in session.instances() {
        update(vm, session, &value)?;
    }
    let deleted = std::mem::take(&mut *session.deleted.borrow_mut());
    for value in deleted {
        delete(vm, session, &value)?;
    }
    Ok(())
}

fn insert(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    let Value::Instance(instance) = value else {
        return Ok(());
    };
    refuse_related(vm, value)?;
    let (mapping, table) = mapping_of(vm, value)?;
    let columns = columns_of(&mapping, &table);
    let mut set = ParameterSet::new();
    for (name, column) in &columns {
        let given = instance
            .attributes
            .get_str(name)
            .filter(|value| !value.is_none());
        match given {
            Some(given) => {
                let value = literal_or_expression(vm, &given, name)?;
                set.push((column.key(), value));
            }
            None if column.primary_key()
                || column.default().is_some()
                || column.server_default().is_some() => {}
            None => set.push((column.key(), Literal::Null)),
        }
    }
    let primary: Vec<Column> = table.primary_key().columns();
    let mut statement = Insert::new(&table);
    // What the server gives is asked for with the INSERT.
    let given = |column: &Column| set.iter().any(|(key, _)| *key == column.key());
    let mut returned: Vec<(Rc<str>, Column)> = columns
        .iter()
        .filter(|(_, column)| column.server_default().is_some() && !given(column))
        .cloned()
        .collect();
    if !returned.is_empty() {
        for column in primary.iter().rev() {
            let known = columns.iter().find(|(_, known)| known.ptr_eq(column));
            if let Some(known) = known
                && !given(column)
            {
                returned.insert(0, known.clone());
            }
        }
        statement.returning = expressions(&returned);
    }
    let result = run(vm, session, &Statement::Insert(statement), &[set])?;
    let mut key = result.inserted_primary_key().unwrap_or_default();
    if !returned.is_empty()
        && let Some(row) = result.fetchone()?
    {
        let dialect = connection(vm, session)?.dialect();
        let values = engine::python_values(vm, &row, &dialect)?;
        for ((name, _), value) in returned.iter().zip(values) {
            instance.attributes.set_name(name, value);
        }
        key.clear();
    }
    for (column, part) in primary.iter().zip(&key) {
        let name = columns.iter().find(|(_, known)| known.ptr_eq(column));
        if let Some((name, _)) = name
            && instance
                .attributes
                .get_str(name)
                .is_none_or(|value| value.is_none())
        {
            let part = conversion::from_literal(vm, part)?;
            instance.attributes.set_name(name, part);
        }
    }
    let mut values = Vec::new();
    let mut literals = Vec::new();
    for (name, column) in &columns {
        match instance.attributes.get_str(name) {
            Some(given) if !given.is_none() => values.push((name.clone(), given)),
            // What the database or a default gave is read when it is asked for.
            _ if column.default().is_some() || column.server_default().is_some() => {
                instance.attributes.remove_str(name);
            }
            _ => values.push((name.clone(), Value::None)),
        }
    }
    for column in &primary {
        let name = columns.iter().find(|(_, known)| known.ptr_eq(column));
        let given = name.and_then(|(name, _)| instance.attributes.get_str(name));
        literals.push(literal(vm, &given.unwrap_or(Value::None))?);
    }
    let dialect = connection(vm, session)?.dialect();
    let text = key_text(&table, &literals, &dialect)?;
    fill(vm, session, value, literals, &values)?;
    session
        .identity
        .borrow_mut()
        .insert((table.identity_key(), text), value.clone());
    Ok(())
}

fn literal_or_expression(vm: &mut Interpreter, value: &Value, name: &str) -> Result<Literal> {
    if conversion::find_expression(value).is_some() {
        return Err(Error::unsupported(format!(
            "The attribute {name} is a SQL expression; give it a value, or execute an insert() or \
             update()"
        )));
    }
    literal(vm, value)
}

/// A related object among the attributes would have to be stored with it, which is not done here.
fn refuse_related(vm: &mut Interpreter, value: &Value) -> Result<()> {
    let (mapping, _) = mapping_of(vm, value)?;
    let Value::Instance(instance) = value else {
        return Ok(());
    };
    for key in mapping.keys() {
        let related = mapping
            .class
            .lookup(&key)
            .and_then(|attribute| attribute.downcast::<super::attribute::PropertyAttribute>())
            .is_some_and(|attribute| attribute.property.synonym_target().is_none());
        if !related {
            continue;
        }
        let given = instance.attributes.get_str(&key);
        let empty = match &given {
            None | Some(Value::None) => true,
            Some(value) => value.as_items().is_some_and(|items| items.is_empty()),
        };
        if !empty {
            return Err(Error::unsupported(format!(
                "{}.{key} is a relationship; set the foreign key columns and add the related \
                 objects to the session instead",
                mapping.class.name()
            )));
        }
    }
    Ok(())
}

/// The attributes of an instance that differ from its row.
///
/// # Errors
/// What comparing them says.
pub fn changes(vm: &mut Interpreter, value: &Value) -> Result<Vec<(Rc<str>, Column, Value)>> {
    let (mapping, table) = mapping_of(vm, value)?;
    let (Value::Instance(instance), Some(state)) = (value, InstanceState::of(value)) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (name, column) in columns_of(&mapping, &table) {
        let Some(now) = instance.attributes.get_str(&name) else {
            continue;
        };
        let same = match state.loaded.get_str(&name) {
            None => false,
            Some(before) => before.is(&now) || vm.equal(&before, &now)?,
        };
        if !same {
            found.push((name, column, now));
        }
    }
    Ok(found)
}

fn update(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    let changes = changes(vm, value)?;
    if changes.is_empty() {
        return Ok(());
    }
    let (_, table) = mapping_of(vm, value)?;
    let Some(state) = InstanceState::of(value) else {
        return Ok(());
    };
    let mut statement = Update::new(&table);
    for (name, column, now) in &changes {
        let value = match conversion::find_expression(now) {
            Some(expression) => expression,
            None => {
                let value = literal(vm, now)?;
                sqlalchemy::elements::bindparam(&column.key(), Some(value), Some(column.kind()))
            }
        };
        let _ = name;
        statement = statement.set(Expression::Column(column.clone()), value);
    }
    let key = state.key.borrow().clone();
    statement = statement.where_(and_(key_condition(&table, &key)?));
    let result = run(vm, session, &Statement::Update(statement), &[])?;
    if result.rowcount() == 0 {
        return Err(Error::new(
            "sqlalchemy.orm.exc.StaleDataError",
            format!(
                "UPDATE statement on table '{}' expected to update 1 row(s); 0 were matched.",
                table.name().as_str()
            ),
        ));
    }
    for (name, _, now) in changes {
        state.loaded.set_name(&name, now);
    }
    Ok(())
}

fn delete(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    let (_, table) = mapping_of(vm, value)?;
    let Some(state) = InstanceState::of(value) else {
        return Ok(());
    };
    let key = state.key.borrow().clone();
    let statement = Delete::new(&table).where_(and_(key_condition(&table, &key)?));
    run(vm, session, &Statement::Delete(statement), &[])?;
    state.persistent.set(false);
    session
        .identity
        .borrow_mut()
        .retain(|_, known| !known.is(value));
    Ok(())
}
