//! `sqlalchemy.engine.reflection.Inspector` for SQLite, as SQLAlchemy's SQLite dialect reflects.

mod catalog;
mod parse;
mod table;
mod types;

#[cfg(test)]
mod tests;

use ground::order::InOrder;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ground::hash::IndexMap;

use self::catalog::Catalog;
use crate::engine::{Connection, Engine};
use crate::sqltypes::Type;
use driver::{Parameters, Value};
use ground::diagnostic::{Error, Result};

pub use table::{ColumnReflect, ReflectOptions, reflect, reflect_into, reflect_table};

/// A column, as `Inspector.get_columns` tells.
#[derive(Clone, Debug)]
pub struct ReflectedColumn {
    /// Name.
    pub name: Rc<str>,
    /// Type.
    pub type_: Type,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default's text.
    pub default: Option<String>,
    /// Its place in the primary key, from one; zero outside.
    pub primary_key: i64,
    /// Of a computed column its expression and whether it is stored.
    pub computed: Option<(String, bool)>,
}

/// A primary key, as `Inspector.get_pk_constraint` tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReflectedPrimaryKey {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub constrained_columns: Vec<Rc<str>>,
}

/// A foreign key, as `Inspector.get_foreign_keys` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ReflectedForeignKey {
    /// Name.
    pub name: Option<String>,
    /// Columns of this table.
    pub constrained_columns: Vec<Rc<str>>,
    /// Schema of the other table: the one that was asked about.
    pub referred_schema: Option<String>,
    /// The other table.
    pub referred_table: Rc<str>,
    /// Columns of the other table.
    pub referred_columns: Vec<Rc<str>>,
    /// `ON DELETE`, but for NO ACTION.
    pub ondelete: Option<String>,
    /// `ON UPDATE`, but for NO ACTION.
    pub onupdate: Option<String>,
    /// DEFERRABLE or NOT DEFERRABLE.
    pub deferrable: Option<bool>,
    /// `INITIALLY`.
    pub initially: Option<String>,
}

/// An index, as `Inspector.get_indexes` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ReflectedIndex {
    /// Name.
    pub name: Rc<str>,
    /// Columns.
    pub column_names: Vec<Rc<str>>,
    /// Whether it is unique.
    pub unique: bool,
    /// Condition of a partial index, its `sqlite_where`.
    pub sqlite_where: Option<String>,
}

/// A unique constraint, as `Inspector.get_unique_constraints` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ReflectedUniqueConstraint {
    /// Name.
    pub name: Option<String>,
    /// Columns.
    pub column_names: Vec<Rc<str>>,
}

/// A check constraint, as `Inspector.get_check_constraints` tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ReflectedCheckConstraint {
    /// Name.
    pub name: Option<String>,
    /// Condition.
    pub sqltext: String,
}

/// Options of a table, as `Inspector.get_table_options` tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReflectedTableOptions {
    /// `sqlite_with_rowid=False`.
    pub without_rowid: bool,
    /// `sqlite_strict=True`.
    pub strict: bool,
}

/// What an inspector reads through: a connection, or an engine that lends one for each question.
#[derive(Clone)]
enum Bind {
    Engine(Engine),
    Connection(Connection),
}

/// Schema and name.
type Key = (Option<String>, String);
type Cache<T> = RefCell<BTreeMap<Key, Rc<T>>>;
/// What is listed, of which schema, and the names.
type NameCache = RefCell<BTreeMap<(&'static str, Option<String>), Rc<Vec<Rc<str>>>>>;

#[derive(Default)]
struct Caches {
    names: NameCache,
    has_table: Cache<bool>,
    columns: Cache<Vec<ReflectedColumn>>,
    primary_keys: Cache<ReflectedPrimaryKey>,
    foreign_keys: Cache<Vec<ReflectedForeignKey>>,
    indexes: Cache<Vec<ReflectedIndex>>,
    /// With those that SQLite made for constraints.
    all_indexes: Cache<Vec<ReflectedIndex>>,
    unique_constraints: Cache<Vec<ReflectedUniqueConstraint>>,
    check_constraints: Cache<Vec<ReflectedCheckConstraint>>,
}

struct InspectorState {
    bind: Bind,
    catalog: Catalog,
    caches: Caches,
}

/// `sqlalchemy.engine.reflection.Inspector`; a cheap handle. What it has told it tells again,
/// until [`clear_cache`](Inspector::clear_cache).
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

fn no_such_table(table: &str, schema: Option<&str>) -> Error {
    Error::new(
        "sqlalchemy.exc.NoSuchTableError",
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
    /// [`Error::unsupported`] for a database other than SQLite.
    pub fn new(connection: &Connection) -> Result<Self> {
        Self::of(
            Bind::Connection(connection.clone()),
            connection.dialect_name(),
        )
    }

    /// `sqlalchemy.inspect(engine)`.
    ///
    /// # Errors
    /// What connecting says, as SQLAlchemy connects at once.
    pub fn of_engine(engine: &Engine) -> Result<Self> {
        engine.connect()?.close()?;
        Self::of(Bind::Engine(engine.clone()), engine.dialect_name())
    }

    fn of(bind: Bind, dialect: &str) -> Result<Self> {
        if dialect != "sqlite" {
            return Err(Error::unsupported(format!(
                "This program reflects SQLite databases only, not {dialect}."
            )));
        }
        Ok(Inspector(Rc::new(InspectorState {
            bind,
            catalog: Catalog::default(),
            caches: Caches::default(),
        })))
    }

    /// The engine that it reads.
    pub fn engine(&self) -> &Engine {
        match &self.0.bind {
            Bind::Engine(engine) => engine,
            Bind::Connection(connection) => connection.engine(),
        }
    }

    /// The connection that it was made for, if it was one.
    pub fn connection(&self) -> Option<&Connection> {
        match &self.0.bind {
            Bind::Engine(_) => None,
            Bind::Connection(connection) => Some(connection),
        }
    }

    /// Forgets what it has told.
    pub fn clear_cache(&self) {
        let caches = &self.0.caches;
        caches.names.borrow_mut().clear();
        caches.has_table.borrow_mut().clear();
        caches.columns.borrow_mut().clear();
        caches.primary_keys.borrow_mut().clear();
        caches.foreign_keys.borrow_mut().clear();
        caches.indexes.borrow_mut().clear();
        caches.all_indexes.borrow_mut().clear();
        caches.unique_constraints.borrow_mut().clear();
        caches.check_constraints.borrow_mut().clear();
        self.0.catalog.clear();
    }

    fn with_connection<T>(&self, ask: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
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

    /// The schema of tables without one.
    pub fn default_schema_name(&self) -> &'static str {
        "main"
    }

    /// Names of the attached databases, `main` first.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_schema_names(&self) -> Result<Rc<Vec<Rc<str>>>> {
        self.names("schemas", None, |connection| {
            let cursor = connection.reflect("PRAGMA database_list", &Parameters::NONE)?;
            Ok(strings(&cursor.rows, 1)
                .filter(|name| &**name != "temp")
                .collect())
        })
    }

    fn names(
        &self,
        kind: &'static str,
        schema: Option<&str>,
        read: impl FnOnce(&Connection) -> Result<Vec<Rc<str>>>,
    ) -> Result<Rc<Vec<Rc<str>>>> {
        let key = (kind, schema.map(str::to_owned));
        if let Some(known) = self.0.caches.names.borrow().get(&key) {
            return Ok(known.clone());
        }
        let names = Rc::new(self.with_connection(read)?);
        self.0.caches.names.borrow_mut().insert(key, names.clone());
        Ok(names)
    }

    fn master(
        &self,
        kind: &'static str,
        master: &str,
        type_: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<Rc<str>>>> {
        self.names(kind, schema, |connection| {
            let prefix = schema.map_or_else(String::new, |schema| {
                format!("{}.", catalog::quoted(schema))
            });
            let cursor = connection.reflect(
                &format!(
                    "SELECT name FROM {prefix}{master} WHERE type='{type_}' AND name NOT LIKE \
                     'sqlite~_%' ESCAPE '~' ORDER BY name"
                ),
                &Parameters::NONE,
            )?;
            Ok(strings(&cursor.rows, 0).collect())
        })
    }

    /// Names of the tables, sorted.
    ///
    /// # Errors
    /// What the database says, such as of an unknown schema.
    pub fn get_table_names(&self, schema: Option<&str>) -> Result<Rc<Vec<Rc<str>>>> {
        self.master("tables", "sqlite_master", "table", schema)
    }

    /// Says that every table of the database will be asked about: they are then read together.
    pub fn expect_all_tables(&self) {
        self.0.catalog.expect_all();
    }

    /// Names of the views, sorted.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_view_names(&self, schema: Option<&str>) -> Result<Rc<Vec<Rc<str>>>> {
        self.master("views", "sqlite_master", "view", schema)
    }

    /// Names of the temporary tables, sorted.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_temp_table_names(&self) -> Result<Rc<Vec<Rc<str>>>> {
        self.master("temporary tables", "sqlite_temp_master", "table", None)
    }

    /// Names of the temporary views, sorted.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_temp_view_names(&self) -> Result<Rc<Vec<Rc<str>>>> {
        self.master("temporary views", "sqlite_temp_master", "view", None)
    }

    /// The text of a view.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_view_definition(&self, view: &str, schema: Option<&str>) -> Result<Rc<str>> {
        self.with_connection(|connection| {
            let from = match schema {
                Some(schema) => format!("{}.sqlite_master", catalog::quoted(schema)),
                None => " (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM \
                         sqlite_temp_master)"
                    .to_owned(),
            };
            let cursor = connection.reflect(
                &format!("SELECT sql FROM {from} WHERE name = ? AND type='view'"),
                &Parameters::Positional(vec![view.into()]),
            )?;
            strings(&cursor.rows, 0)
                .next()
                .ok_or_else(|| no_such_table(view, schema))
        })
    }

    /// Whether there is a table or a view of that name.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_table(&self, table: &str, schema: Option<&str>) -> Result<bool> {
        cached(&self.0.caches.has_table, key(table, schema), || {
            if let Some(schema) = schema
                && !self
                    .get_schema_names()?
                    .iter()
                    .any(|name| &**name == schema)
            {
                return Ok(false);
            }
            let rows = self
                .with_connection(|connection| self.0.catalog.columns(connection, table, schema))?;
            Ok(rows.iter().any(|row| row.hidden != 1))
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

    /// The text of a table or a view; `None` for SQLite's own.
    fn table_sql(&self, table: &str, schema: Option<&str>) -> Result<Option<Rc<str>>> {
        let sql =
            self.with_connection(|connection| self.0.catalog.table_sql(connection, table, schema))?;
        let of_sqlite = matches!(
            table,
            "sqlite_schema" | "sqlite_master" | "sqlite_temp_schema" | "sqlite_temp_master"
        );
        if sql.is_none() && !of_sqlite {
            let shown = match schema {
                Some(schema) => format!("{}.{table}", catalog::quoted(schema)),
                None => table.to_owned(),
            };
            return Err(Error::new("sqlalchemy.exc.NoSuchTableError", shown));
        }
        Ok(sql)
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
            let rows = self
                .with_connection(|connection| self.0.catalog.columns(connection, table, schema))?;
            let mut body: Option<Option<String>> = None;
            let mut columns = Vec::new();
            for row in rows.iter().filter(|row| row.hidden != 1) {
                let mut declared = row.type_.to_uppercase();
                let mut computed = None;
                if row.hidden != 0 {
                    if body.is_none() {
                        let sql = self.table_sql(table, schema)?.unwrap_or_default();
                        let Some(found) = parse::table_body(&sql) else {
                            return Err(Error::new(
                                "AssertionError",
                                format!("create table not found in {sql}"),
                            ));
                        };
                        body = Some(Some(found.to_owned()));
                    }
                    // SQLite counts the words to the type where there is none before them.
                    declared = declared.replace("GENERATED", "").replace("ALWAYS", "");
                    declared = parse::python_strip(&declared).to_owned();
                    let expression = match &body {
                        Some(Some(body)) => parse::computed_expression(body, &row.name),
                        _ => String::new(),
                    };
                    computed = Some((expression, row.hidden == 3));
                }
                columns.push(ReflectedColumn {
                    name: row.name.clone(),
                    type_: types::resolve(self.engine().run(), &declared)?,
                    nullable: !row.not_null,
                    default: row.default.clone(),
                    primary_key: row.primary_key,
                    computed,
                });
            }
            if columns.is_empty() && !self.has_table(table, schema)? {
                return Err(no_such_table(table, schema));
            }
            Ok(columns)
        })
    }

    /// The primary key of a table; without columns where it has none.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_pk_constraint(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<ReflectedPrimaryKey>> {
        cached(&self.0.caches.primary_keys, key(table, schema), || {
            let sql = self.table_sql(table, schema)?;
            let name = sql.as_deref().and_then(parse::primary_key_name);
            let columns = self.get_columns(table, schema)?;
            let mut columns: Vec<&ReflectedColumn> = columns
                .iter()
                .filter(|column| column.primary_key > 0)
                .collect();
            columns.in_order_by_key(|column| column.primary_key);
            if columns.is_empty() {
                return Ok(ReflectedPrimaryKey::default());
            }
            Ok(ReflectedPrimaryKey {
                name,
                constrained_columns: columns.iter().map(|column| column.name.clone()).collect(),
            })
        })
    }

    /// The foreign keys of a table: those that the text names in its order, then the others.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_foreign_keys(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedForeignKey>>> {
        cached(&self.0.caches.foreign_keys, key(table, schema), || {
            self.read_foreign_keys(table, schema)
        })
    }

    fn read_foreign_keys(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedForeignKey>> {
        let rows = self
            .with_connection(|connection| self.0.catalog.foreign_keys(connection, table, schema))?;
        let mut keys: IndexMap<i64, ReflectedForeignKey> = IndexMap::default();
        for row in rows.iter() {
            let referred_columns = if row.to.is_none() && !keys.contains_key(&row.id) {
                // Without columns it refers to the other table's primary key.
                match self.get_pk_constraint(&row.table, schema) {
                    Ok(key) => key.constrained_columns.clone(),
                    Err(error) if error.class == "sqlalchemy.exc.NoSuchTableError" => Vec::new(),
                    Err(error) => return Err(error),
                }
            } else {
                Vec::new()
            };
            let key = keys.entry(row.id).or_insert_with(|| ReflectedForeignKey {
                name: None,
                constrained_columns: Vec::new(),
                referred_schema: schema.map(str::to_owned),
                referred_table: row.table.clone(),
                referred_columns,
                ondelete: None,
                onupdate: None,
                deferrable: None,
                initially: None,
            });
            key.constrained_columns.push(row.from.clone());
            if let Some(to) = &row.to {
                key.referred_columns.push(to.clone());
            }
        }
        // A later key with the same signature takes the place of the earlier one.
        let mut by_signature: IndexMap<Vec<Rc<str>>, ReflectedForeignKey> = IndexMap::default();
        for key in keys.into_values() {
            by_signature.insert(
                signature(
                    &key.constrained_columns,
                    &key.referred_table,
                    &key.referred_columns,
                ),
                key,
            );
        }
        let sql = self.table_sql(table, schema)?.unwrap_or_default();
        let mut found = Vec::new();
        for parsed in parse::foreign_keys(&sql) {
            let names = |names: &[String]| -> Vec<Rc<str>> {
                names.iter().map(|name| name.as_str().into()).collect()
            };
            let signature = signature(
                &names(&parsed.constrained_columns),
                &parsed.referred_table.as_str().into(),
                &names(&parsed.referred_columns),
            );
            let Some(mut key) = by_signature.shift_remove(&signature) else {
                let shown: Vec<String> = signature
                    .iter()
                    .map(|part| driver::python_str(part))
                    .collect();
                self.engine().run().warning(
                    "SAWarning",
                    &format!(
                        "WARNING: SQL-parsed foreign key constraint '({})' could not be located \
                         in PRAGMA foreign_keys for table {table}",
                        shown.join(", ")
                    ),
                );
                continue;
            };
            key.name = parsed.name;
            key.ondelete = parsed.ondelete;
            key.onupdate = parsed.onupdate;
            key.deferrable = parsed.deferrable;
            key.initially = parsed.initially;
            found.push(key);
        }
        found.extend(by_signature.into_values());
        Ok(found)
    }

    /// The indexes of a table, sorted by name, but for those on expressions and those that SQLite
    /// made for constraints.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_indexes(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedIndex>>> {
        cached(&self.0.caches.indexes, key(table, schema), || {
            self.read_indexes(table, schema, false)
        })
    }

    fn read_indexes(
        &self,
        table: &str,
        schema: Option<&str>,
        of_constraints: bool,
    ) -> Result<Vec<ReflectedIndex>> {
        let run = self.engine().run();
        let catalog = &self.0.catalog;
        let rows = self.with_connection(|connection| catalog.indexes(connection, table, schema))?;
        let rows = rows
            .iter()
            .filter(|row| of_constraints || !row.name.starts_with("sqlite_autoindex"));
        let mut indexes = Vec::new();
        for row in rows {
            let mut sqlite_where = None;
            if row.partial {
                let sql = self.with_connection(|connection| {
                    catalog.index_sql(connection, &row.name, schema)
                })?;
                sqlite_where = parse::partial_predicate(&sql.unwrap_or_default());
                if sqlite_where.is_none() {
                    run.warning(
                        "SAWarning",
                        &format!(
                            "Failed to look up filter predicate of partial index {}",
                            row.name
                        ),
                    );
                }
            }
            indexes.push(ReflectedIndex {
                name: row.name.clone(),
                column_names: Vec::new(),
                unique: row.unique,
                sqlite_where,
            });
        }
        let mut found = Vec::new();
        for mut index in indexes {
            let columns = self.with_connection(|connection| {
                catalog.index_columns(connection, &index.name, schema)
            })?;
            let names: Option<Vec<Rc<str>>> = columns.iter().cloned().collect();
            match names {
                Some(names) => {
                    index.column_names = names;
                    found.push(index);
                }
                None => run.warning(
                    "SAWarning",
                    &format!(
                        "Skipped unsupported reflection of expression-based index {}",
                        index.name
                    ),
                ),
            }
        }
        found.in_order_by(|a, b| a.name.cmp(&b.name));
        if found.is_empty() && !self.has_table(table, schema)? {
            return Err(no_such_table(table, schema));
        }
        Ok(found)
    }

    /// The unique constraints of a table, in the order of its text.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_unique_constraints(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ReflectedUniqueConstraint>>> {
        let key = key(table, schema);
        let caches = &self.0.caches;
        cached(&caches.unique_constraints, key.clone(), || {
            let indexes = cached(&caches.all_indexes, key, || {
                self.read_indexes(table, schema, true)
            })?;
            let mut automatic: Vec<&ReflectedIndex> = Vec::new();
            for index in indexes.iter() {
                if index.name.starts_with("sqlite_autoindex") {
                    automatic.retain(|known| known.column_names != index.column_names);
                    automatic.push(index);
                }
            }
            let sql = self.table_sql(table, schema)?.unwrap_or_default();
            let mut found = Vec::new();
            for (name, columns) in parse::unique_constraints(&sql) {
                let place = automatic.iter().position(|index| {
                    index
                        .column_names
                        .iter()
                        .map(|name| &**name)
                        .eq(columns.iter().map(String::as_str))
                });
                if let Some(place) = place {
                    let index = automatic.remove(place);
                    found.push(ReflectedUniqueConstraint {
                        name,
                        column_names: index.column_names.clone(),
                    });
                }
            }
            Ok(found)
        })
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
            let sql = self.table_sql(table, schema)?.unwrap_or_default();
            let mut found: Vec<ReflectedCheckConstraint> = parse::check_constraints(&sql)
                .into_iter()
                .map(|(name, sqltext)| ReflectedCheckConstraint { name, sqltext })
                .collect();
            found.in_order_by(|a, b| {
                let order = |check: &ReflectedCheckConstraint| {
                    check
                        .name
                        .clone()
                        .filter(|name| !name.is_empty())
                        .unwrap_or_else(|| "~".to_owned())
                };
                order(a).cmp(&order(b))
            });
            Ok(found)
        })
    }

    /// Options of a table.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoSuchTableError`.
    pub fn get_table_options(
        &self,
        table: &str,
        schema: Option<&str>,
    ) -> Result<ReflectedTableOptions> {
        let sql = self.table_sql(table, schema)?.unwrap_or_default();
        let (without_rowid, strict) = parse::table_options(&sql);
        Ok(ReflectedTableOptions {
            without_rowid,
            strict,
        })
    }

    /// A table's comment: SQLite has none.
    ///
    /// # Errors
    /// `NotImplementedError`, always.
    pub fn get_table_comment(&self, _table: &str, _schema: Option<&str>) -> Result<()> {
        Err(Error::new("NotImplementedError", ""))
    }
}

fn signature(constrained: &[Rc<str>], table: &Rc<str>, referred: &[Rc<str>]) -> Vec<Rc<str>> {
    constrained
        .iter()
        .chain([table])
        .chain(referred)
        .cloned()
        .collect()
}

fn strings(rows: &[Vec<Value>], column: usize) -> impl Iterator<Item = Rc<str>> + '_ {
    rows.iter().filter_map(move |row| match row.get(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    })
}
