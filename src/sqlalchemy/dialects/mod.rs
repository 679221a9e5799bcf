//! Dialects: what each database is called, what it supports, how it quotes.

mod reserved;

use std::rc::Rc;

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialectKind {
    /// SQLAlchemy's `DefaultDialect`: what `str(statement)` uses.
    Default,
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgresql,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// One that is known by name only.
    Other,
}

struct DialectData {
    kind: DialectKind,
    name: Rc<str>,
    server_version: Option<(u32, u32, u32)>,
    paramstyle: Option<Rc<str>>,
}

/// A dialect, as `sqlite.dialect()` makes one; cheap to clone.
#[derive(Clone)]
pub struct Dialect(Rc<DialectData>);

impl Dialect {
    fn build(kind: DialectKind, name: &str) -> Self {
        Dialect(Rc::new(DialectData {
            kind,
            name: name.into(),
            server_version: None,
            paramstyle: None,
        }))
    }

    /// `sqlite.dialect()`.
    pub fn sqlite() -> Self {
        Self::build(DialectKind::Sqlite, "sqlite")
    }

    /// `postgresql.dialect()`.
    pub fn postgresql() -> Self {
        Self::build(DialectKind::Postgresql, "postgresql")
    }

    /// `mysql.dialect()`.
    pub fn mysql() -> Self {
        Self::build(DialectKind::Mysql, "mysql")
    }

    /// `mariadb.dialect()`.
    pub fn mariadb() -> Self {
        Self::build(DialectKind::Mariadb, "mariadb")
    }

    /// `DefaultDialect()`.
    pub fn default_dialect() -> Self {
        Self::build(DialectKind::Default, "default")
    }

    /// The dialect of that name (the part of a URL before `+` or `:`).
    pub fn named(name: &str) -> Self {
        match name {
            "sqlite" => Self::sqlite(),
            "postgresql" => Self::postgresql(),
            "mysql" => Self::mysql(),
            "mariadb" => Self::mariadb(),
            "default" => Self::default_dialect(),
            other => Self::build(DialectKind::Other, other),
        }
    }

    /// The same with `paramstyle=`: how parameters stand in the text.
    pub fn with_paramstyle(&self, paramstyle: &str) -> Self {
        Dialect(Rc::new(DialectData {
            kind: self.0.kind,
            name: self.0.name.clone(),
            server_version: self.0.server_version,
            paramstyle: Some(paramstyle.into()),
        }))
    }

    /// `paramstyle`, where it was said.
    pub fn paramstyle(&self) -> Option<&str> {
        self.0.paramstyle.as_deref()
    }

    /// Which it is.
    pub fn kind(&self) -> DialectKind {
        self.0.kind
    }

    /// `dialect.name`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.0.kind == DialectKind::Sqlite
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgresql(&self) -> bool {
        self.0.kind == DialectKind::Postgresql
    }

    /// Whether it is MySQL or MariaDB.
    pub fn is_mysql(&self) -> bool {
        matches!(self.0.kind, DialectKind::Mysql | DialectKind::Mariadb)
    }

    /// `server_version_info`, where a connection told.
    pub fn server_version(&self) -> Option<(u32, u32, u32)> {
        self.0.server_version
    }

    /// `supports_native_boolean`.
    pub fn supports_native_boolean(&self) -> bool {
        self.is_postgresql() || self.0.kind == DialectKind::Default
    }

    /// `supports_native_enum`.
    pub fn supports_native_enum(&self) -> bool {
        self.is_postgresql() || self.is_mysql()
    }

    /// `supports_native_decimal`.
    pub fn supports_native_decimal(&self) -> bool {
        self.is_postgresql() || self.is_mysql()
    }

    /// `supports_native_uuid`.
    pub fn supports_native_uuid(&self) -> bool {
        matches!(self.0.kind, DialectKind::Postgresql | DialectKind::Mariadb)
    }

    /// `supports_alter`: constraints can be added to a table that is there.
    pub fn supports_alter(&self) -> bool {
        !self.is_sqlite()
    }

    /// `supports_comments`.
    pub fn supports_comments(&self) -> bool {
        self.is_postgresql() || self.is_mysql()
    }

    /// `inline_comments`: comments stand in CREATE TABLE.
    pub fn inline_comments(&self) -> bool {
        self.is_mysql()
    }

    /// `supports_sequences`.
    pub fn supports_sequences(&self) -> bool {
        matches!(self.0.kind, DialectKind::Postgresql | DialectKind::Mariadb)
    }

    /// `supports_identity_columns`.
    pub fn supports_identity_columns(&self) -> bool {
        self.is_postgresql()
    }

    /// `max_identifier_length`.
    pub fn max_identifier_length(&self) -> usize {
        match self.0.kind {
            DialectKind::Postgresql => 63,
            DialectKind::Mysql | DialectKind::Mariadb => 255,
            _ => 9999,
        }
    }

    /// `max_index_name_length`.
    pub fn max_index_name_length(&self) -> Option<usize> {
        self.is_mysql().then_some(64)
    }

    /// `max_constraint_name_length`.
    pub fn max_constraint_name_length(&self) -> Option<usize> {
        self.is_mysql().then_some(64)
    }

    /// `default_schema_name` before a connection has told.
    pub fn default_schema_name(&self) -> Option<&'static str> {
        None
    }

    /// The quote around identifiers.
    pub fn quote_character(&self) -> char {
        if self.is_mysql() { '`' } else { '"' }
    }

    /// Whether a word must be quoted to be an identifier.
    pub fn is_reserved(&self, word: &str) -> bool {
        let words = match self.0.kind {
            DialectKind::Sqlite => reserved::SQLITE,
            DialectKind::Postgresql => reserved::POSTGRESQL,
            DialectKind::Mysql => reserved::MYSQL,
            DialectKind::Mariadb => reserved::MARIADB,
            DialectKind::Default | DialectKind::Other => reserved::DEFAULT,
        };
        words.binary_search(&word).is_ok()
    }

    /// `identifier_preparer.quote(name)`: quotes where it is needed.
    pub fn quote(&self, name: &str) -> String {
        if self.requires_quotes(name) {
            self.quote_identifier(name)
        } else {
            name.to_owned()
        }
    }

    /// The same for a name that may have its own mind about quotes.
    pub fn quote_name(&self, name: &crate::name::Name) -> String {
        match name.quote() {
            Some(true) => self.quote_identifier(name),
            Some(false) => name.to_string(),
            None => self.quote(name),
        }
    }

    /// Whether an identifier must be quoted (`_requires_quotes`).
    pub fn requires_quotes(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let initial = name.chars().next();
        let illegal_initial = initial.is_none_or(|first| first.is_ascii_digit() || first == '$');
        let legal = |character: char| {
            character.is_ascii_alphanumeric() || character == '_' || character == '$'
        };
        self.is_reserved(&lower) || illegal_initial || !name.chars().all(legal) || lower != name
    }

    /// Quotes, whatever the name.
    pub fn quote_identifier(&self, name: &str) -> String {
        let quote = self.quote_character();
        let mut out = String::with_capacity(name.len() + 2);
        out.push(quote);
        for character in name.chars() {
            if character == quote {
                out.push(quote);
            }
            out.push(character);
        }
        out.push(quote);
        out
    }
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.0.kind == other.0.kind && self.0.name == other.0.name
    }
}
