//! `sqlalchemy.engine.reflection.Inspector`: reflects a database through its dialect, with a cache.

mod listing;
mod reflected;
mod reflection;
mod table;

use crate::exc;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::engine::{Connection, Engine};
use crate::schema::DialectOptions;
use ground::diagnostic::{Error, Result};

pub use listing::{IndexOrigin, ListedColumn, ListedForeignKey, ListedIndex, ListedTable};
pub use reflected::{
    ReflectedCheckConstraint, ReflectedColumn, ReflectedDomain, ReflectedEnum, ReflectedForeignKey,
    ReflectedIndex, ReflectedPrimaryKey, ReflectedUniqueConstraint,
};
pub use reflection::{Names, Part, Reflection};
pub use table::{
    AdjustDialectOptions, ColumnReflect, ReflectOptions, reflect, reflect_into, reflect_table,
};

/// The bind of an inspector: a connection, or an engine from which one is checked out per query.
#[derive(Clone)]
enum Bind {
    Engine(Engine),
    Connection(Connection),
}

/// Schema and name.
type Key = (Option<String>, String);
type Cache<T> = RefCell<BTreeMap<Key, Rc<T>>>;
/// Cached name lists, by kind and schema.
type NameCache = RefCell<BTreeMap<(Kind, Option<String>), Rc<Names>>>;

/// The kinds of objects listed by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Schemas,
    Tables,
    Views,
    TemporaryTables,
    TemporaryViews,
    MaterializedViews,
    Sequences,
    ForeignTables,
}

#[derive(Default)]
struct Caches {
    names: NameCache,
    has_table: Cache<bool>,
    columns: Cache<Vec<ReflectedColumn>>,
    primary_keys: Cache<ReflectedPrimaryKey>,
    foreign_keys: Cache<Vec<ReflectedForeignKey>>,
    indexes: Cache<Vec<ReflectedIndex>>,
    unique_constraints: Cache<Vec<ReflectedUniqueConstraint>>,
    check_constraints: Cache<Vec<ReflectedCheckConstraint>>,
}

struct InspectorState {
    bind: Bind,
    reflection: Box<dyn Reflection>,
    caches: Caches,
}

/// `sqlalchemy.engine.reflection.Inspector`; a cheap handle. Results are cached until
/// [`clear_cache`](Inspector::clear_cache).
#[derive(Clone)]
pub struct Inspector(Rc<InspectorState>);

fn key(table: &str, schema: Option<&str>) -> Key {
    (schema.map(str::to_owned), table.to_owned())
}

fn cached<T>(cache: &Cache<T>, key: Key, read: impl FnOnce() -> Result<T>) -> Result<Rc<T>> {
    if let Some(known) = cache.borrow().get(&key) {
        return Ok(known.clone());
    }
    let found = Rc::new(read()?);
    cache.borrow_mut().insert(key, found.clone());
    Ok(found)
}

/// `sqlalchemy.exc.NoSuchTableError` for a table or view.
pub fn no_such_table(table: &str, schema: Option<&str>) -> Error {
    Error::new(
        exc::NO_SUCH_TABLE_ERROR,
        match schema {
            Some(schema) => format!("{schema}.{table}"),
            None => table.to_owned(),
        },
    )
}

impl Inspector {
    /// `sqlalchemy.inspect(connection)`.
    ///
    /// # Errors
    /// [`Error::unsupported`] for a dialect that can't reflect.
    pub fn new(connection: &Connection) -> Result<Self> {
        Self::of(Bind::Connection(connection.clone()), connection.engine())
    }

    /// `sqlalchemy.inspect(engine)`.
    ///
    /// # Errors
    /// What connecting says, as SQLAlchemy connects at once; as [`new`](Self::new).
    pub fn of_engine(engine: &Engine) -> Result<Self> {
        engine.connect()?.close()?;
        Self::of(Bind::Engine(engine.clone()), engine)
    }

    fn of(bind: Bind, engine: &Engine) -> Result<Self> {
        let dialect = engine.dialect();
        let Some(reflection) = dialect.reflection() else {
            return Err(Error::unsupported(format!(
                "This program can't reflect the tables of {} databases.",
                dialect.name()
            )));
        };
        Ok(Inspector(Rc::new(InspectorState {
            bind,
            reflection,
            caches: Caches::default(),
        })))
    }

    /// The engine of its bind.
    pub fn engine(&self) -> &Engine {
        match &self.0.bind {
            Bind::Engine(engine) => engine,
            Bind::Connection(connection) => connection.engine(),
        }
    }

    /// The connection that it was created for, if any.
    pub fn connection(&self) -> Option<&Connection> {
        match &self.0.bind {
            Bind::Engine(_) => None,
            Bind::Connection(connection) => Some(connection),
        }
    }

    /// Clears the cache.
    pub fn clear_cache(&self) {
        let caches = &self.0.caches;
        caches.names.borrow_mut().clear();
        caches.has_table.borrow_mut().clear();
        caches.columns.borrow_mut().clear();
        caches.primary_keys.borrow_mut().clear();
        caches.foreign_keys.borrow_mut().clear();
        caches.indexes.borrow_mut().clear();
        caches.unique_constraints.borrow_mut().clear();
        caches.check_constraints.borrow_mut().clear();
        self.0.reflection.clear();
    }

    /// Runs a function with the connection used for reflection.
    ///
    /// # Errors
    /// What connecting says, and what the question returns.
    pub fn with_connection<T>(&self, ask: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match &self.0.bind {
            Bind::Connection(connection) => ask(connection),
            Bind::Engine(engine) => {
                let connection = engine.connect()?;
                let answer = ask(&connection);
                connection.close()?;
                answer
            }
        }
    }

    /// The schema of tables without one, as the dialect knows it since its first connection.
    pub fn default_schema_name(&self) -> Option<Rc<str>> {
        self.engine().dialect().default_schema_name()
    }

    /// The keys that the dictionaries of the dialect have, in its order.
    pub fn keys_of(&self, part: Part) -> &'static [&'static str] {
        self.0.reflection.keys_of(part)
    }

    /// Announces that every table will be reflected, so that they are read together.
    pub fn expect_all_tables(&self) {
        self.0.reflection.expect_all_tables();
    }

    fn names(
        &self,
        kind: Kind,
        schema: Option<&str>,
        read: impl FnOnce(&dyn Reflection) -> Result<Names>,
    ) -> Result<Rc<Names>> {
        let key = (kind, schema.map(str::to_owned));
        if let Some(known) = self.0.caches.names.borrow().get(&key) {
            return Ok(known.clone());
        }
        let names = Rc::new(read(&*self.0.reflection)?);
        self.0.caches.names.borrow_mut().insert(key, names.clone());
        Ok(names)
    }

    /// Names of the schemas, the default one first.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_schema_names(&self) -> Result<Rc<Names>> {
        self.names(Kind::Schemas, None, |reflection| {
            reflection.get_schema_names(self)
        })
    }

    /// Names of the tables, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_table_names(&self, schema: Option<&str>) -> Result<Rc<Names>> {
        self.names(Kind::Tables, schema, |reflection| {
            reflection.get_table_names(self, schema)
        })
    }

    /// Names of the views, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_view_names(&self, schema: Option<&str>) -> Result<Rc<Names>> {
        self.names(Kind::Views, schema, |reflection| {
            reflection.get_view_names(self, schema)
        })
    }

    /// Names of the temporary tables, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_temp_table_names(&self) -> Result<Rc<Names>> {
        self.names(Kind::TemporaryTables, None, |reflection| {
            reflection.get_temp_table_names(self)
        })
    }

    /// Names of the temporary views, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_temp_view_names(&self) -> Result<Rc<Names>> {
        self.names(Kind::TemporaryViews, None, |reflection| {
            reflection.get_temp_view_names(self)
        })
    }

    /// Names of the materialized views, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_materialized_view_names(&self, schema: Option<&str>) -> Result<Rc<Names>> {
        self.names(Kind::MaterializedViews, schema, |reflection| {
            reflection.get_materialized_view_names(self, schema)
        })
    }

    /// Names of the sequences, sorted.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_sequence_names(&self, schema: Option<&str>) -> Result<Rc<Names>> {
        self.names(Kind::Sequences, schema, |reflection| {
            reflection.get_sequence_names(self, schema)
        })
    }

    /// Names of the foreign tables.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_foreign_table_names(&self, schema: Option<&str>) -> Result<Rc<Names>> {
        self.names(Kind::ForeignTables, schema, |reflection| {
            reflection.get_foreign_table_names(self, schema)
        })
    }

    /// Whether there is a sequence of that name.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn has_sequence(&self, sequence: &str, schema: Option<&str>) -> Result<bool> {
        self.0.reflection.has_sequence(self, sequence, schema)
    }

    /// Whether there is a type of that name; `*` stands for any schema.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn has_type(&self, name: &str, schema: Option<&str>) -> Result<bool> {
        self.0.reflection.has_type(self, name, schema)
    }

    /// The number by which the database knows a table.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`; `NotImplementedError` of a dialect without such.
    pub fn get_table_oid(&self, table: &str, schema: Option<&str>) -> Result<i64> {
        self.0.reflection.get_table_oid(self, table, schema)
    }

    /// The enum types of a schema; `*` stands for all.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_enums(&self, schema: Option<&str>) -> Result<Vec<ReflectedEnum>> {
        self.0.reflection.get_enums(self, schema)
    }

    /// The domain types of a schema; `*` stands for all.
    ///
    /// # Errors
    /// What the database says; `NotImplementedError` of a dialect without such.
    pub fn get_domains(&self, schema: Option<&str>) -> Result<Vec<ReflectedDomain>> {
        self.0.reflection.get_domains(self, schema)
    }

    /// The sequence that a column's default draws from and the column that owns it, where one
    /// does.
    ///
    /// # Errors
    /// What the database says.
    pub fn owned_sequence(&self, default: &str) -> Result<Option<(Rc<str>, Rc<str>)>> {
        self.0.reflection.owned_sequence(self, default)
    }

    /// The definition of a view.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_view_definition(&self, view: &str, schema: Option<&str>) -> Result<Rc<str>> {
        self.0.reflection.get_view_definition(self, view, schema)
    }

    /// All tables and views by name, in the database's own words. Nothing is kept of the answer.
    ///
    /// # Errors
    /// What the database says, as its driver says it; `NotImplementedError` of a dialect without
    /// such.
    pub fn get_listing(&self) -> Result<Vec<ListedTable>> {
        self.0.reflection.get_listing(self)
    }

    /// Whether there is a table or a view of that name.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_table(&self, table: &str, schema: Option<&str>) -> Result<bool> {
        cached(&self.0.caches.has_table, key(table, schema), || {
            self.0.reflection.has_table(self, table, schema)
        })
        .map(|found| *found)
    }

    /// Whether a table has an index of that name.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_index(&self, table: &str, index: &str, schema: Option<&str>) -> Result<bool> {
        if !self.has_table(table, schema)? {
            return Ok(false);
        }
        let indexes = self.get_indexes(table, schema)?;
        Ok(indexes.iter().any(|known| &*known.name == index))
    }

    /// Whether there is a schema of that name.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_schema(&self, schema: &str) -> Result<bool> {
        Ok(self
            .get_schema_names()?
            .iter()
            .any(|name| &**name == schema))
    }

    /// The columns of a table or a view.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_columns(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedColumn>>> {
        cached(&self.0.caches.columns, key(table, schema), || {
            self.0.reflection.get_columns(self, table, schema)
        })
    }

    /// The primary key of a table; its column list is empty if there is none.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_pk_constraint(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<ReflectedPrimaryKey>> {
        cached(&self.0.caches.primary_keys, key(table, schema), || {
            self.0.reflection.get_pk_constraint(self, table, schema)
        })
    }

    /// The foreign keys of a table.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_foreign_keys(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedForeignKey>>> {
        cached(&self.0.caches.foreign_keys, key(table, schema), || {
            self.0.reflection.get_foreign_keys(self, table, schema)
        })
    }

    /// The indexes of a table, sorted by name.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_indexes(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedIndex>>> {
        cached(&self.0.caches.indexes, key(table, schema), || {
            self.0.reflection.get_indexes(self, table, schema)
        })
    }

    /// The unique constraints of a table.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_unique_constraints(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedUniqueConstraint>>> {
        cached(
            &self.0.caches.unique_constraints,
            key(table, schema),
            || {
                self.0
                    .reflection
                    .get_unique_constraints(self, table, schema)
            },
        )
    }

    /// The check constraints of a table, sorted by name, those without one last.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_check_constraints(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedCheckConstraint>>> {
        cached(&self.0.caches.check_constraints, key(table, schema), || {
            self.0.reflection.get_check_constraints(self, table, schema)
        })
    }

    /// The indexes of a table created by CREATE INDEX, by name, with that statement.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_index_definitions(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<(Rc<str>, Rc<str>)>> {
        self.0.reflection.get_index_definitions(self, table, schema)
    }

    /// Options of a table, by prefixed name (`mysql_engine`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_table_options(&self, table: &str, schema: Option<&str>) -> Result<DialectOptions> {
        self.0.reflection.get_table_options(self, table, schema)
    }

    /// Options of a table, as rendered in CREATE TABLE.
    ///
    /// # Errors
    /// As [`get_table_options`](Self::get_table_options).
    pub fn table_option_words(&self, table: &str, schema: Option<&str>) -> Result<Vec<String>> {
        let options = self.get_table_options(table, schema)?;
        Ok(self.0.reflection.table_option_words(&options))
    }

    /// A table's comment.
    ///
    /// # Errors
    /// `NotImplementedError` of a database that has none.
    pub fn get_table_comment(&self, table: &str, schema: Option<&str>) -> Result<Option<Rc<str>>> {
        self.0.reflection.get_table_comment(self, table, schema)
    }
}
