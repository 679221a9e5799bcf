//! The questions to `pg_catalog`.
//!
//! Each is one statement for one table or for all of a schema, and takes no parameters, so that
//! drivers of every paramstyle can send it. What it gives is text and whole numbers only; lists
//! come as one row for each element.

use std::fmt::Write as _;

use crate::dialects::Dialect;

/// Which tables are asked about.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Their schema; `None` for those that are found without one, along the search path.
    pub schema: Option<&'a str>,
    /// One table; all of them without.
    pub table: Option<&'a str>,
}

/// What a relation is (`pg_class.relkind`).
pub(super) mod kinds {
    /// Tables, also partitioned ones.
    pub const TABLES: &str = "r,p";
    /// Views.
    pub const VIEWS: &str = "v";
    /// Materialized views.
    pub const MATERIALIZED_VIEWS: &str = "m";
    /// Views of both kinds.
    pub const ALL_VIEWS: &str = "v,m";
    /// Foreign tables.
    pub const FOREIGN: &str = "f";
    /// Sequences.
    pub const SEQUENCES: &str = "S";
    /// Whatever has columns that a statement can select.
    pub const TABLE_LIKE: &str = "r,p,f,v,m";
}

/// Which relations by how long they last (`sqlalchemy.engine.reflection.ObjectScope`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those that stay.
    Default,
    /// Those of the session.
    Temporary,
    /// Both.
    Any,
}

/// Separates the elements of a list whose elements can't hold it: options of storage.
pub(super) const SEPARATOR: char = '\u{1f}';

/// A text as a literal, whatever the server says of backslashes.
pub(super) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// Which relations, as what follows WHERE; `c` is their `pg_class`, `n` its schema.
fn relations(schema: Option<&str>, kinds: &str, scope: Scope) -> String {
    let mut text = format!("c.relkind = ANY ('{{{kinds}}}'::\"char\"[])");
    match scope {
        Scope::Default => text.push_str(" AND c.relpersistence <> 't'"),
        Scope::Temporary => text.push_str(" AND c.relpersistence = 't'"),
        Scope::Any => {}
    }
    match schema {
        None => text
            .push_str(" AND n.nspname <> 'pg_catalog' AND pg_catalog.pg_table_is_visible(c.oid)"),
        Some(schema) => {
            let _ = write!(text, " AND n.nspname = {}", literal(schema));
        }
    }
    text
}

impl Wanted<'_> {
    fn condition(&self) -> String {
        let mut text = relations(self.schema, kinds::TABLE_LIKE, Scope::Any);
        if let Some(table) = self.table {
            let _ = write!(text, " AND c.relname = {}", literal(table));
        }
        text
    }
}

/// What every question about tables begins from.
const FROM_CLASS: &str = "FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

/// Names of schemas, the system's own left out.
pub(super) const SCHEMAS: &str = "SELECT nspname::text FROM pg_catalog.pg_namespace \
     WHERE pg_catalog.left(nspname::text, 3) <> 'pg_' ORDER BY nspname";

/// Names of relations.
pub(super) fn names(schema: Option<&str>, kinds: &str, scope: Scope) -> String {
    format!(
        "SELECT c.relname::text {FROM_CLASS} WHERE {}",
        relations(schema, kinds, scope)
    )
}

/// Each table and view by name: whether it is a view, and the SELECT of a view.
pub(super) fn listing(kinds: &str, scope: Scope) -> String {
    format!(
        "SELECT c.relname::text, (c.relkind IN ('v', 'm'))::int4, \
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END \
         {FROM_CLASS} WHERE {} ORDER BY c.relname",
        relations(None, kinds, scope)
    )
}

/// The identifier of one relation.
pub(super) fn oid(schema: Option<&str>, name: &str) -> String {
    format!(
        "SELECT c.oid::int8 {FROM_CLASS} WHERE {} AND c.relname = {}",
        relations(schema, kinds::TABLE_LIKE, Scope::Any),
        literal(name)
    )
}

/// The SELECT of a view.
pub(super) fn view_definition(schema: Option<&str>, name: &str) -> String {
    format!(
        "SELECT pg_catalog.pg_get_viewdef(c.oid) {FROM_CLASS} WHERE {} AND c.relname = {}",
        relations(schema, kinds::ALL_VIEWS, Scope::Any),
        literal(name)
    )
}

fn type_schema(schema: Option<&str>) -> String {
    match schema {
        None => {
            " AND n.nspname <> 'pg_catalog' AND pg_catalog.pg_type_is_visible(t.oid)".to_owned()
        }
        Some("*") => String::new(),
        Some(schema) => format!(" AND n.nspname = {}", literal(schema)),
    }
}

/// Name, comment, storage options, access method and tablespace (where they are not the default),
/// and parents of each table.
pub(super) fn tables(wanted: Wanted<'_>) -> String {
    format!(
        "SELECT c.relname::text, \
         e.description, \
         pg_catalog.array_to_string(c.reloptions, E'\\x1f'), \
         CASE WHEN m.amname <> pg_catalog.current_setting('default_table_access_method') \
           THEN m.amname::text END, \
         s.spcname::text, \
         CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) \
           THEN (SELECT pg_catalog.array_to_string(pg_catalog.array_agg(p.relname::text \
             ORDER BY h.inhseqno), E'\\x1f') FROM pg_catalog.pg_inherits h \
             JOIN pg_catalog.pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = c.oid) END \
         {FROM_CLASS} \
         LEFT JOIN pg_catalog.pg_description e ON e.objoid = c.oid \
           AND e.classoid = 'pg_catalog.pg_class'::regclass AND e.objsubid = 0 \
         LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam \
         LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace \
         WHERE {}",
        wanted.condition()
    )
}

/// Each column: table, name, type, NOT NULL, default, how it is generated, comment, identity and
/// its sequence, collation and its schema. A table without columns has one row without a name.
pub(super) fn columns(wanted: Wanted<'_>) -> String {
    format!(
        "SELECT c.relname::text, a.attname::text, \
         pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull::int4, \
         CASE WHEN a.atthasdef THEN (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
           FROM pg_catalog.pg_attrdef d \
           WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END, \
         a.attgenerated::text, s.description, \
         a.attidentity::text, \
         CASE WHEN a.attidentity <> '' THEN (SELECT pg_catalog.concat_ws(' ', q.seqstart, \
           q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle::int4) \
           FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_sequence q ON q.seqrelid = e.objid \
           WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.deptype = 'i' \
           AND e.refclassid = 'pg_catalog.pg_class'::regclass \
           AND e.refobjid = a.attrelid AND e.refobjsubid = a.attnum) END, \
         o.collname::text, \
         CASE WHEN NOT pg_catalog.pg_collation_is_visible(o.oid) THEN w.nspname::text END \
         {FROM_CLASS} \
         LEFT JOIN pg_catalog.pg_attribute a \
           ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_catalog.pg_description s ON s.objoid = a.attrelid \
           AND s.classoid = 'pg_catalog.pg_class'::regclass AND s.objsubid = a.attnum \
         LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_catalog.pg_collation o \
           ON o.oid = a.attcollation AND a.attcollation <> t.typcollation \
         LEFT JOIN pg_catalog.pg_namespace w ON w.oid = o.collnamespace \
         WHERE {} ORDER BY c.relname, a.attnum",
        wanted.condition()
    )
}

/// What tells whether NULLs count as equal; servers before 15 know no such thing.
fn nulls_not_distinct(dialect: &Dialect) -> &'static str {
    if dialect
        .server_version_info()
        .is_none_or(|version| version.0 >= 15)
    {
        "i.indnullsnotdistinct::int4"
    } else {
        "0::int4"
    }
}

/// Each column of each primary key and unique constraint: table, constraint, kind, column, whether
/// it is more than carried along, whether NULLs count as equal, comment.
pub(super) fn keys(wanted: Wanted<'_>, dialect: &Dialect) -> String {
    format!(
        "SELECT c.relname::text, k.conname::text, k.contype::text, a.attname::text, \
         (u.place <= i.indnkeyatts)::int4, {}, s.description \
         {FROM_CLASS} \
         JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u') \
         JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid \
         LEFT JOIN pg_catalog.pg_description s ON s.objoid = k.oid \
           AND s.classoid = 'pg_catalog.pg_constraint'::regclass AND s.objsubid = 0 \
         CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY AS u(number, place) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number \
         WHERE {} ORDER BY c.relname, k.conname, u.place",
        nulls_not_distinct(dialect),
        wanted.condition()
    )
}

/// Each foreign key and check constraint: table, constraint, kind, definition, schema of the table
/// that it refers to, comment.
pub(super) fn constraints(wanted: Wanted<'_>) -> String {
    format!(
        "SELECT c.relname::text, k.conname::text, k.contype::text, \
         pg_catalog.pg_get_constraintdef(k.oid, true), r.nspname::text, s.description \
         {FROM_CLASS} \
         JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('f', 'c') \
         LEFT JOIN pg_catalog.pg_description s ON s.objoid = k.oid \
           AND s.classoid = 'pg_catalog.pg_constraint'::regclass AND s.objsubid = 0 \
         LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid \
         LEFT JOIN pg_catalog.pg_namespace r ON r.oid = f.relnamespace \
         WHERE {} ORDER BY c.relname, k.conname",
        wanted.condition()
    )
}

/// Each element of each index but those of primary keys: table, index, unique, valid, whether a
/// constraint has it, storage options, access method, condition, whether NULLs count as equal; then
/// the element, whether it is an expression, whether it is more than carried along, operator class
/// (where it is not the default), flags of sorting.
pub(super) fn indexes(wanted: Wanted<'_>, dialect: &Dialect) -> String {
    format!(
        "SELECT c.relname::text, x.relname::text, i.indisunique::int4, i.indisvalid::int4, \
         EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = i.indrelid \
           AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))::int4, \
         pg_catalog.array_to_string(x.reloptions, E'\\x1f'), m.amname::text, \
         pg_catalog.pg_get_expr(i.indpred, i.indrelid), {}, \
         CASE WHEN u.number = 0 \
           THEN pg_catalog.pg_get_indexdef(i.indexrelid, u.place::int4, true) \
           ELSE a.attname::text END, \
         (u.number = 0)::int4, (u.place <= i.indnkeyatts)::int4, o.opcname::text, u.flags::int4 \
         {FROM_CLASS} \
         JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary \
         JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid \
         JOIN pg_catalog.pg_am m ON m.oid = x.relam \
         CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(i.indkey), \
           pg_catalog.unnest(i.indclass), pg_catalog.unnest(i.indoption)) \
           WITH ORDINALITY AS u(number, class, flags, place) \
         LEFT JOIN pg_catalog.pg_attribute a \
           ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number <> 0 \
         LEFT JOIN pg_catalog.pg_opclass o ON o.oid = u.class AND NOT o.opcdefault \
         WHERE {} ORDER BY c.relname, x.relname, u.place",
        nulls_not_distinct(dialect),
        wanted.condition()
    )
}

/// Each index that no constraint has, with the statement that makes it.
pub(super) fn index_definitions(wanted: Wanted<'_>) -> String {
    format!(
        "SELECT x.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid) {FROM_CLASS} \
         JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
         JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid \
         WHERE {} AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k \
           WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid \
           AND k.contype IN ('p', 'u', 'x')) ORDER BY x.relname",
        wanted.condition()
    )
}

/// Each label of each enum: name, whether it is found along the search path, schema, label. An
/// enum without labels has one row without a label.
pub(super) fn enums(schema: Option<&str>) -> String {
    format!(
        "SELECT t.typname::text, pg_catalog.pg_type_is_visible(t.oid)::int4, n.nspname::text, \
         l.enumlabel::text \
         FROM pg_catalog.pg_type t \
         JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         LEFT JOIN pg_catalog.pg_enum l ON l.enumtypid = t.oid \
         WHERE t.typtype = 'e'{} ORDER BY n.nspname, t.typname, l.enumsortorder",
        type_schema(schema)
    )
}

/// Each constraint of each domain: name, type, NOT NULL, default, whether it is found along the
/// search path, schema, collation and its schema, constraint and its definition. A domain without
/// constraints has one row without a constraint.
pub(super) fn domains(schema: Option<&str>) -> String {
    format!(
        "SELECT t.typname::text, pg_catalog.format_type(t.typbasetype, t.typtypmod), \
         t.typnotnull::int4, t.typdefault, pg_catalog.pg_type_is_visible(t.oid)::int4, \
         n.nspname::text, o.collname::text, \
         CASE WHEN NOT pg_catalog.pg_collation_is_visible(o.oid) THEN w.nspname::text END, \
         k.conname::text, pg_catalog.pg_get_constraintdef(k.oid, true) \
         FROM pg_catalog.pg_type t \
         JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         LEFT JOIN pg_catalog.pg_collation o ON o.oid = t.typcollation \
         LEFT JOIN pg_catalog.pg_namespace w ON w.oid = o.collnamespace \
         LEFT JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid \
         WHERE t.typtype = 'd'{} ORDER BY n.nspname, t.typname, k.conname",
        type_schema(schema)
    )
}

/// Each sequence that a column owns: as `regclass` shows it, its name, the column.
pub(super) const OWNED_SEQUENCES: &str = "SELECT s.oid::regclass::text, s.relname::text, \
     a.attname::text FROM pg_catalog.pg_class s \
     JOIN pg_catalog.pg_depend d ON d.objid = s.oid \
       AND d.classid = 'pg_catalog.pg_class'::regclass \
       AND d.refclassid = 'pg_catalog.pg_class'::regclass \
     JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
     WHERE s.relkind = 'S'";
