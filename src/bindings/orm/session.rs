//! `sqlalchemy.orm.Session` as used in migrations: executing statements, queries, and adding,
//! changing and deleting instances of single-table classes. Unsupported features raise an error.

use sqlalchemy::exc;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ground::hash::IndexMap;

use super::mapper::Mapping;
use super::session_state::{
    InstanceState, blank_instance, columns_of, fill, key_condition, literal, mapping_of, table_of,
};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::{self, ResultObject};
use ground::diagnostic::{Error, Result};
use python::{Class, Dict, Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{Expression, and_};
use sqlalchemy::engine::{
    Connection, CursorResult, Engine, ParameterSet, Row, Transaction, literal_of,
};
use sqlalchemy::literal::Literal;
use sqlalchemy::schema::{Column, Table};
use sqlalchemy::sql::{Select, SelectBase, Statement, select};

/// The bind of a session.
#[derive(Clone)]
pub(super) enum Bind {
    Engine(Engine),
    Connection(Connection),
    /// Another object, expected to behave like a connection.
    Other(Value),
}

/// The connection of a session's transaction.
struct Begun {
    connection: Connection,
    transaction: Transaction,
    /// Whether committing the session commits it; false for a transaction that was joined.
    commits: bool,
    /// Whether the connection was checked out from an engine and must be returned.
    taken: bool,
}

/// A session.
pub struct SessionState {
    pub(super) bind: RefCell<Option<Bind>>,
    begun: RefCell<Option<Begun>>,
    pub(super) identity: RefCell<IndexMap<(usize, String), Value>>,
    pub(super) new: RefCell<Vec<Value>>,
    pub(super) deleted: RefCell<Vec<Value>>,
    pub(super) autoflush: Cell<bool>,
    pub(super) expire_on_commit: Cell<bool>,
    pub(super) info: Rc<Dict>,
}

/// A session as the state of a Python object.
pub struct SessionObject(pub Rc<SessionState>);

pub use super::session_flush::{changes, flush};

/// A class, its table, its columns by attribute name, and their offset in the row.
type EntityPart<'a> = (&'a Class, &'a Table, &'a [(Rc<str>, Column)], usize);

/// Column names, and the parts of each row.
type NamedRows = (Vec<Rc<str>>, Vec<Vec<Value>>);

/// A part of a row: an entity or a single column.
pub(super) enum Part {
    Entity {
        class: Class,
        table: Table,
        columns: Vec<(Rc<str>, Column)>,
        start: usize,
    },
    Column {
        name: Rc<str>,
        place: usize,
    },
}

impl SessionState {
    pub(super) fn new(bind: Option<Bind>) -> Self {
        SessionState {
            bind: RefCell::new(bind),
            begun: RefCell::default(),
            identity: RefCell::default(),
            new: RefCell::default(),
            deleted: RefCell::default(),
            autoflush: Cell::new(true),
            expire_on_commit: Cell::new(true),
            info: Rc::new(Dict::new()),
        }
    }

    /// Whether a transaction is in progress.
    pub(super) fn in_transaction(&self) -> bool {
        self.begun.borrow().is_some()
    }

    /// Removes an instance from the session.
    pub(super) fn forget(&self, value: &Value) {
        self.identity
            .borrow_mut()
            .retain(|_, known| !known.is(value));
        if let Some(state) = InstanceState::of(value) {
            state.session.replace(std::rc::Weak::new());
        }
    }

    /// The instances in the session.
    pub(super) fn instances(&self) -> Vec<Value> {
        self.identity.borrow().values().cloned().collect()
    }
}

/// Converts a value to a bind.
///
/// # Errors
/// A plain no for what is opaque.
pub(super) fn to_bind(value: &Value) -> Result<Bind> {
    if let Some(connection) = engine::to_connection(value) {
        return Ok(Bind::Connection(connection));
    }
    if let Some(engine) = engine::to_engine(value) {
        return Ok(Bind::Engine(engine));
    }
    conversion::refuse_opaque(value, "The session's bind")?;
    Ok(Bind::Other(value.clone()))
}

/// The connection of the session's transaction; begins one if needed.
///
/// # Errors
/// `sqlalchemy.exc.UnboundExecutionError` without a bind; what connecting says.
pub fn connection(vm: &mut Interpreter, session: &SessionState) -> Result<Connection> {
    if let Some(begun) = &*session.begun.borrow() {
        return Ok(begun.connection.clone());
    }
    let bind = session.bind.borrow().clone();
    let (connection, taken) = match bind {
        None => {
            return Err(Error::new(
                exc::UNBOUND_EXECUTION_ERROR,
                "Could not locate a bind configured on session.",
            ));
        }
        Some(Bind::Connection(connection)) => (connection, false),
        Some(Bind::Engine(engine)) => (vm.lend(|| engine.connect())?, true),
        Some(Bind::Other(value)) => {
            // The mock connection of `--sql` fails here, as in SQLAlchemy.
            vm.get_attribute(&value, "in_transaction")?;
            return Err(Error::unsupported("a session on such an object"));
        }
    };
    // An existing transaction is joined: its owner commits it.
    let (transaction, commits) = if connection.in_nested_transaction() {
        (vm.lend(|| connection.begin_nested())?, true)
    } else {
        match connection.get_transaction() {
            Some(transaction) if transaction.is_active() => (transaction, false),
            _ => (vm.lend(|| connection.begin())?, true),
        }
    };
    session.begun.replace(Some(Begun {
        connection: connection.clone(),
        transaction,
        commits,
        taken,
    }));
    Ok(connection)
}

fn end(vm: &mut Interpreter, session: &SessionState, how: End) -> Result<()> {
    let Some(begun) = session.begun.take() else {
        return Ok(());
    };
    let transaction = begun.transaction.clone();
    let result = match how {
        End::Commit if begun.commits => vm.lend(|| transaction.commit()),
        End::Rollback => vm.lend(|| transaction.rollback()),
        End::Close if begun.commits => vm.lend(|| transaction.close()),
        _ => Ok(()),
    };
    if begun.taken {
        vm.lend(|| begun.connection.close())?;
    }
    result
}

enum End {
    Commit,
    Rollback,
    Close,
}

pub(super) fn run(
    vm: &mut Interpreter,
    session: &SessionState,
    statement: &Statement,
    sets: &[ParameterSet],
) -> Result<CursorResult> {
    let connection = connection(vm, session)?;
    vm.lend(|| {
        connection.execute_statement(statement, sets, &|function| {
            Interpreter::borrow_lent(|vm| engine::call_default(vm, function))
        })
    })
}

/// An identity key: text that distinguishes the rows of one table.
pub(super) fn key_text(table: &Table, key: &[Literal], dialect: &Dialect) -> Result<String> {
    let mut parts = Vec::with_capacity(key.len());
    for (column, value) in table.primary_key().columns().iter().zip(key) {
        let value = column.kind().process_bind(value.clone(), dialect)?;
        parts.push(dialect.driver_value(&value)?.python_repr());
    }
    Ok(parts.join(", "))
}

/// Commits: flushes, ends the transaction, and expires loaded attributes.
///
/// # Errors
/// What the database says.
pub fn commit(vm: &mut Interpreter, session: &Rc<SessionState>) -> Result<()> {
    flush(vm, session)?;
    end(vm, session, End::Commit)?;
    if session.expire_on_commit.get() {
        expire_all(session);
    }
    Ok(())
}

/// Rolls back, and discards pending and loaded state.
///
/// # Errors
/// What the database says.
pub fn rollback(vm: &mut Interpreter, session: &Rc<SessionState>) -> Result<()> {
    session.new.borrow_mut().clear();
    session.deleted.borrow_mut().clear();
    end(vm, session, End::Rollback)?;
    expire_all(session);
    Ok(())
}

/// Ends the transaction without committing it and detaches all instances.
///
/// # Errors
/// What the database says.
pub fn close(vm: &mut Interpreter, session: &Rc<SessionState>) -> Result<()> {
    session.new.borrow_mut().clear();
    session.deleted.borrow_mut().clear();
    for value in session.instances() {
        if let Some(state) = InstanceState::of(&value) {
            state.session.replace(std::rc::Weak::new());
        }
    }
    session.identity.borrow_mut().clear();
    end(vm, session, End::Close)
}

/// Expires loaded attributes: they are reloaded on access.
pub(super) fn expire_all(session: &SessionState) {
    for value in session.instances() {
        expire(&value);
    }
}

pub(super) fn expire(value: &Value) {
    let (Value::Instance(instance), Some(state)) = (value, InstanceState::of(value)) else {
        return;
    };
    let Some(mapping) = Mapping::of(&instance.class()) else {
        return;
    };
    for (name, _) in mapping.columns() {
        instance.attributes.remove_str(&name);
    }
    state.loaded.clear();
}

/// Reloads an instance's row.
///
/// # Errors
/// `sqlalchemy.orm.exc.ObjectDeletedError` where it is gone.
pub fn refresh(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    let (mapping, table) = mapping_of(vm, value)?;
    let Some(state) = InstanceState::of(value) else {
        return Ok(());
    };
    let key = state.key.borrow().clone();
    let columns = columns_of(&mapping, &table);
    let statement = select(expressions(&columns)).where_(and_(key_condition(&table, &key)?));
    let rows = fetch(vm, session, statement)?;
    let Some((row, dialect)) = rows.into_iter().next() else {
        let class = mapping.class.name();
        return Err(Error::new(
            "sqlalchemy.orm.exc.ObjectDeletedError",
            format!(
                "Instance '<{class} at 0x7f0000000000>' has been deleted, or its row is \
                     otherwise not present."
            ),
        ));
    };
    let values = engine::python_values(vm, &row, &dialect)?;
    let values: Vec<(Rc<str>, Value)> = columns
        .iter()
        .map(|(name, _)| name.clone())
        .zip(values)
        .collect();
    // Attributes set by the user since then are not overwritten.
    let kept: Vec<(Rc<str>, Value)> = match value {
        Value::Instance(instance) => values
            .iter()
            .filter(|(name, _)| !instance.attributes.contains_str(name))
            .cloned()
            .collect(),
        _ => Vec::new(),
    };
    fill(vm, session, value, key, &kept)?;
    for (name, value) in &values {
        state.loaded.set_name(name, value.clone());
    }
    Ok(())
}

pub(super) fn expressions(columns: &[(Rc<str>, Column)]) -> Vec<Expression> {
    columns
        .iter()
        .map(|(_, column)| Expression::Column(column.clone()))
        .collect()
}

fn fetch(
    vm: &mut Interpreter,
    session: &SessionState,
    statement: Select,
) -> Result<Vec<(Row, Dialect)>> {
    let statement = Statement::Select(SelectBase::Select(statement));
    let result = run(vm, session, &statement, &[])?;
    let dialect = connection(vm, session)?.dialect();
    Ok(result
        .all()?
        .into_iter()
        .map(|row| (row, dialect.clone()))
        .collect())
}

/// The columns of a class as selected in a SELECT.
///
/// # Errors
/// As [`table_of`].
pub(super) fn entity(class: &Class, start: usize) -> Result<Option<Part>> {
    let Some(mapping) = Mapping::of(class) else {
        return Ok(None);
    };
    let table = table_of(&mapping)?;
    let columns = columns_of(&mapping, &table);
    Ok(Some(Part::Entity {
        class: class.clone(),
        table,
        columns,
        start,
    }))
}

/// The instance for a row: the one in the identity map, or a new one.
fn instance_of(
    vm: &mut Interpreter,
    session: &Rc<SessionState>,
    part: EntityPart<'_>,
    row: &Row,
    values: &[Value],
) -> Result<Value> {
    let (class, table, columns, start) = part;
    let mut parts = Vec::new();
    let mut key = Vec::new();
    for column in table.primary_key().columns() {
        let place = columns
            .iter()
            .position(|(_, known)| known.ptr_eq(&column))
            .map(|place| place + start);
        let raw = place.and_then(|place| row.values().get(place));
        let value = place.and_then(|place| values.get(place));
        let (Some(raw), Some(value)) = (raw, value) else {
            return Err(Error::unsupported(format!(
                "{} has a primary key column that no attribute is mapped to",
                class.name()
            )));
        };
        if raw.is_null() {
            // An outer join without a match.
            return Ok(Value::None);
        }
        parts.push(raw.python_repr());
        key.push(literal(vm, value).unwrap_or_else(|_| literal_of(raw)));
    }
    let identity = (table.identity_key(), parts.join(", "));
    let known = session.identity.borrow().get(&identity).cloned();
    let values: Vec<(Rc<str>, Value)> = columns
        .iter()
        .map(|(name, _)| name.clone())
        .zip(values.iter().skip(start).cloned())
        .collect();
    if let Some(known) = known {
        // Loaded attributes are kept; expired ones are filled in.
        if let (Value::Instance(instance), Some(state)) = (&known, InstanceState::of(&known)) {
            for (name, value) in values {
                if !instance.attributes.contains_str(&name) {
                    instance.attributes.set_name(&name, value.clone());
                    state.loaded.set_name(&name, value);
                }
            }
        }
        return Ok(known);
    }
    let made = blank_instance(class);
    fill(vm, session, &made, key, &values)?;
    session.identity.borrow_mut().insert(identity, made.clone());
    Ok(made)
}

/// Executes a SELECT and returns column names and the parts of each row.
///
/// # Errors
/// What the database says.
pub(super) fn rows_of(
    vm: &mut Interpreter,
    session: &Rc<SessionState>,
    statement: &Value,
    given: Option<&Value>,
    parts: &[Part],
) -> Result<NamedRows> {
    if session.autoflush.get() {
        flush(vm, session)?;
    }
    let connection = connection(vm, session)?;
    let result = engine::execute(vm, &connection, statement, given)?;
    let dialect = connection.dialect();
    let names = parts
        .iter()
        .map(|part| match part {
            Part::Entity { class, .. } => class.name(),
            Part::Column { name, .. } => name.clone(),
        })
        .collect();
    let mut rows = Vec::new();
    for row in result.all()? {
        let values = engine::python_values(vm, &row, &dialect)?;
        let mut made = Vec::with_capacity(parts.len());
        for part in parts {
            made.push(match part {
                Part::Entity {
                    class,
                    table,
                    columns,
                    start,
                } => instance_of(vm, session, (class, table, columns, *start), &row, &values)?,
                Part::Column { place, .. } => values.get(*place).cloned().unwrap_or(Value::None),
            });
        }
        rows.push(made);
    }
    Ok((names, rows))
}

/// Maps a SELECT's columns to entities, where they are all the columns of a mapped class's table,
/// or to plain columns.
pub(super) fn parts_of(vm: &mut Interpreter, select: &Select) -> Result<Vec<Part>> {
    let mapped = vm.extension::<super::session_state::MappedTables>();
    let columns = select.columns();
    let mut parts = Vec::new();
    let mut place = 0;
    while place < columns.len() {
        if let Expression::Column(column) = &columns[place]
            && let Some(table) = column.table()
            && let Some(class) = mapped.class_of(&table)
        {
            let all = table.columns();
            let whole = columns.len() - place >= all.len()
                && all.iter().zip(&columns[place..]).all(|(column, expression)| {
                    matches!(expression, Expression::Column(other) if other.ptr_eq(column))
                });
            if whole && let Some(mapping) = Mapping::of(&class) {
                let of_class = columns_of(&mapping, &table);
                let named: Vec<(Rc<str>, Column)> = all
                    .iter()
                    .map(|column| {
                        let name = of_class.iter().find(|(_, known)| known.ptr_eq(column));
                        let name = name.map_or_else(|| column.key(), |(name, _)| name.clone());
                        (name, column.clone())
                    })
                    .collect();
                parts.push(Part::Entity {
                    class,
                    table,
                    columns: named,
                    start: place,
                });
                place += all.len();
                continue;
            }
        }
        let name = match &columns[place] {
            Expression::Column(column) => column.key(),
            Expression::Label(label) => label.name.as_str().map(Rc::from).unwrap_or_default(),
            _ => Rc::from(""),
        };
        parts.push(Part::Column { name, place });
        place += 1;
    }
    Ok(parts)
}

/// `session.execute(statement, parameters)`.
///
/// # Errors
/// What executing says.
pub fn execute(
    vm: &mut Interpreter,
    session: &Rc<SessionState>,
    statement: &Value,
    given: Option<&Value>,
) -> Result<ResultObject> {
    use crate::bindings::sqlalchemy::sql::find_select;
    if let Some(SelectBase::Select(select)) = find_select(statement) {
        let parts = parts_of(vm, &select)?;
        if parts.iter().any(|part| matches!(part, Part::Entity { .. })) {
            let (names, rows) = rows_of(vm, session, statement, given, &parts)?;
            return Ok(ResultObject::of_rows(names, rows));
        }
    }
    if session.autoflush.get() {
        flush(vm, session)?;
    }
    let connection = connection(vm, session)?;
    let result = engine::execute(vm, &connection, statement, given)?;
    if !result.returns_rows() {
        // An UPDATE or DELETE may have changed loaded rows.
        expire_unchanged(vm, session)?;
    }
    Ok(ResultObject::new(result, connection.dialect()))
}

fn expire_unchanged(vm: &mut Interpreter, session: &SessionState) -> Result<()> {
    for value in session.instances() {
        if changes(vm, &value)?.is_empty() {
            expire(&value);
        }
    }
    Ok(())
}

/// `session.get(entity, key)`.
///
/// # Errors
/// What the database says.
pub fn get(
    vm: &mut Interpreter,
    session: &Rc<SessionState>,
    class: &Class,
    key: &Value,
) -> Result<Value> {
    let Some(Part::Entity {
        class,
        table,
        columns,
        start,
    }) = entity(class, 0)?
    else {
        return Err(conversion::argument_error(format!(
            "Expected mapped class or mapper, got: {}",
            class.dotted_name()
        )));
    };
    let given = match (key.as_items(), key.as_dict()) {
        (Some(items), _) => items,
        (None, Some(dict)) => {
            let mut items = Vec::new();
            for column in table.primary_key().columns() {
                items.push(dict.get_str(&column.key()).unwrap_or(Value::None));
            }
            items
        }
        (None, None) => vec![key.clone()],
    };
    let mut literals = Vec::with_capacity(given.len());
    for value in &given {
        literals.push(literal(vm, value)?);
    }
    let wanted = table.primary_key().columns().len();
    if literals.len() != wanted {
        return Err(Error::new(
            exc::INVALID_REQUEST_ERROR,
            format!(
                "Incorrect number of values in identifier to formulate primary key for \
                 session.get(); primary key columns are {}",
                table
                    .primary_key()
                    .columns()
                    .iter()
                    .map(|column| format!("'{}.{}'", table.name().as_str(), column.name().as_str()))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
        ));
    }
    let dialect = connection(vm, session)?.dialect();
    if let Ok(text) = key_text(&table, &literals, &dialect) {
        let known = session
            .identity
            .borrow()
            .get(&(table.identity_key(), text))
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
    }
    if session.autoflush.get() {
        flush(vm, session)?;
    }
    let statement = select(expressions(&columns)).where_(and_(key_condition(&table, &literals)?));
    let Some((row, dialect)) = fetch(vm, session, statement)?.into_iter().next() else {
        return Ok(Value::None);
    };
    let values = engine::python_values(vm, &row, &dialect)?;
    instance_of(
        vm,
        session,
        (&class, &table, &columns, start),
        &row,
        &values,
    )
}

/// `session.add(instance)`.
///
/// # Errors
/// `sqlalchemy.orm.exc.UnmappedInstanceError`.
pub fn add(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    conversion::refuse_opaque(value, "What is added to the session")?;
    mapping_of(vm, value)?;
    let Some(state) = InstanceState::of(value) else {
        return Ok(());
    };
    session
        .deleted
        .borrow_mut()
        .retain(|known| !known.is(value));
    if state.persistent.get() {
        state.session.replace(Rc::downgrade(session));
        return Ok(());
    }
    let mut new = session.new.borrow_mut();
    if !new.iter().any(|known| known.is(value)) {
        new.push(value.clone());
    }
    Ok(())
}

/// `session.delete(instance)`.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` for one without a row.
pub fn mark_deleted(vm: &mut Interpreter, session: &Rc<SessionState>, value: &Value) -> Result<()> {
    let (mapping, _) = mapping_of(vm, value)?;
    let persistent = InstanceState::of(value).is_some_and(|state| state.persistent.get());
    if !persistent {
        let class = mapping.class.name();
        return Err(Error::new(
            exc::INVALID_REQUEST_ERROR,
            format!("Instance '<{class} at 0x7f0000000000>' is not persisted"),
        ));
    }
    session.deleted.borrow_mut().push(value.clone());
    Ok(())
}
