//! Dialects: a module per database, with its types, compilers, reserved words and limits.
//!
//! Code outside queries a [`Dialect`]'s features or delegates to it; it never checks which dialect
//! it is. [`REGISTRY`] lists them.

pub mod default;
mod identifiers;
pub mod mssql;
pub mod mysql;
pub mod oracle;
mod paramstyle;
pub mod postgresql;
mod registry;
pub mod sqlite;

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

pub use default::DefaultDialect;
pub use identifiers::IdentifierPreparer;
pub(crate) use identifiers::has_illegal_characters;
pub use paramstyle::Paramstyle;
pub use postgresql::{EXCLUDE_CONSTRAINT, NAMED_TYPES};
pub use registry::{REGISTRY, register, registered, rooms};

use crate::name::Name;

/// The class of `aggregate_order_by()` as messages name it: every database refuses it but one.
pub(crate) const AGGREGATE_ORDER_BY: &str =
    "<class 'sqlalchemy.dialects.postgresql.ext.aggregate_order_by'>";

/// Schemas and what is written in their place, `None` for the default schema.
pub type SchemaTranslateMap = Rc<[(Option<Rc<str>>, Option<Rc<str>>)]>;

#[derive(Clone)]
struct DialectData {
    room: &'static dyn DefaultDialect,
    name: Rc<str>,
    server_version_info: Option<(u32, u32, u32)>,
    paramstyle: Option<Paramstyle>,
    driver: Option<Rc<str>>,
    schema_translate_map: Option<SchemaTranslateMap>,
    /// Shared by all copies.
    default_schema_name: Rc<RefCell<Option<Rc<str>>>>,
}

/// A dialect instance, such as `sqlite.dialect()`; cheap to clone. Dereferences to its
/// implementation.
#[derive(Clone)]
pub struct Dialect(Rc<DialectData>);

impl Dialect {
    /// An instance of a dialect implementation.
    pub fn of(room: &'static dyn DefaultDialect) -> Self {
        Self::build(room, room.name())
    }

    fn build(room: &'static dyn DefaultDialect, name: &str) -> Self {
        Dialect(Rc::new(DialectData {
            room,
            name: name.into(),
            server_version_info: None,
            paramstyle: None,
            driver: None,
            schema_translate_map: None,
            default_schema_name: Rc::default(),
        }))
    }

    /// `StrCompileDialect()`: for SQL that is not sent to a database.
    pub fn default_dialect() -> Self {
        Self::of(&default::StrCompileDialect)
    }

    /// The dialect of that name (the part of a URL before `+` or `:`); an unregistered one behaves
    /// as `DefaultDialect`.
    pub fn named(name: &str) -> Self {
        match registered(name) {
            Some(room) => Self::build(room, name),
            None => Self::build(&default::NamedDialect, name),
        }
    }

    /// A copy with another `paramstyle=`.
    pub fn with_paramstyle(&self, paramstyle: Paramstyle) -> Self {
        Dialect(Rc::new(DialectData {
            paramstyle: Some(paramstyle),
            ..(*self.0).clone()
        }))
    }

    /// A copy that writes for that driver, the part of a URL after `+`.
    pub fn with_driver(&self, driver: &str) -> Self {
        Dialect(Rc::new(DialectData {
            driver: Some(driver.into()),
            ..(*self.0).clone()
        }))
    }

    /// A copy that writes other schemas, as `schema_translate_map` says.
    pub fn with_schema_translate_map(&self, map: SchemaTranslateMap) -> Self {
        Dialect(Rc::new(DialectData {
            schema_translate_map: Some(map),
            ..(*self.0).clone()
        }))
    }

    /// `schema_for_object`: the schema that is written for an item of this one.
    pub fn schema_for(&self, schema: Option<Name>) -> Option<Name> {
        let Some(map) = &self.0.schema_translate_map else {
            return schema;
        };
        let found = map
            .iter()
            .find(|(from, _)| from.as_deref() == schema.as_deref());
        match found {
            Some((_, to)) => to.clone().map(Name::new),
            None => schema,
        }
    }

    /// `dialect.driver`.
    pub fn driver(&self) -> &str {
        match &self.0.driver {
            Some(driver) => driver,
            None => self.drivers().first().copied().unwrap_or("default"),
        }
    }

    /// The `paramstyle` of compiled SQL.
    pub fn paramstyle(&self) -> Paramstyle {
        self.0
            .paramstyle
            .unwrap_or_else(|| self.default_paramstyle(self.driver()))
    }

    /// `dialect.name`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether settings for a dialect of that name (a variant, an option) apply to this one.
    pub fn goes_by(&self, name: &str) -> bool {
        *self.0.name == *name || self.fallback_name() == Some(name)
    }

    /// A copy with that server version.
    pub fn with_server_version_info(&self, version: (u32, u32, u32)) -> Self {
        Dialect(Rc::new(DialectData {
            server_version_info: Some(version),
            ..(*self.0).clone()
        }))
    }

    /// `server_version_info`, if a connection provided it.
    pub fn server_version_info(&self) -> Option<(u32, u32, u32)> {
        self.0.server_version_info
    }

    /// `default_schema_name`: the schema of tables without one, as the first connection found it or
    /// somebody set it since. Before that, what the dialect takes for granted.
    pub fn default_schema_name(&self) -> Option<Rc<str>> {
        let found = self.0.default_schema_name.borrow().clone();
        found.or_else(|| self.0.room.default_schema_name().map(Rc::from))
    }

    /// Sets [`default_schema_name`](Self::default_schema_name), for all handles and copies.
    pub fn set_default_schema_name(&self, name: Option<Rc<str>>) {
        self.0.default_schema_name.replace(name);
    }

    /// `identifier_preparer.quote(name)`: quotes if necessary.
    pub fn quote(&self, name: &str) -> String {
        self.double_percents(self.identifier_preparer().quote(name))
    }

    /// `identifier_preparer.quote(name)` for a name with an explicit quoting flag.
    pub fn quote_name(&self, name: &Name) -> String {
        let quoted = self.identifier_preparer().quote_name(name);
        if name.quote() == Some(false) {
            return quoted;
        }
        self.double_percents(quoted)
    }

    /// `identifier_preparer.format_collation(name)`.
    pub fn format_collation(&self, name: &Name) -> String {
        if self.quote_case_sensitive_collations() {
            self.quote_name(name)
        } else {
            name.to_string()
        }
    }

    /// `identifier_preparer.quote_schema(schema)`.
    pub fn quote_schema(&self, schema: &Name) -> String {
        let preparer = self.identifier_preparer();
        self.double_percents(match schema.quote() {
            None => preparer.quote_schema(schema),
            Some(_) => preparer.quote_name(schema),
        })
    }

    /// `identifier_preparer.quote_identifier(name)`: always quotes.
    pub fn quote_identifier(&self, name: &str) -> String {
        self.double_percents(self.identifier_preparer().quote_identifier(name))
    }

    /// SQL with each `%` twice where the driver takes one as the mark of a parameter
    /// (`IdentifierPreparer._double_percents`).
    pub fn double_percents(&self, text: String) -> String {
        if text.contains('%')
            && self.paramstyle().doubles_percents()
            && self.doubles_percents_for(self.driver())
        {
            text.replace('%', "%%")
        } else {
            text
        }
    }
}

impl Deref for Dialect {
    type Target = dyn DefaultDialect;

    fn deref(&self) -> &Self::Target {
        self.0.room
    }
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.0.name == other.0.name
    }
}
