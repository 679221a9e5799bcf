//! Reflection of SQLite: like SQLAlchemy's SQLite dialect, it reads PRAGMAs and parses CREATE
//! statements.

mod catalog;
mod listing;
mod parse;
mod types;

#[cfg(test)]
mod tests;

use crate::exc;
use std::rc::Rc;

use ground::hash::IndexMap;
use ground::order::InOrder;

use self::catalog::Catalog;
use super::quoted;
use crate::elements::text;
use crate::inspector::{
    Inspector, ListedTable, Names, ReflectedCheckConstraint, ReflectedColumn, ReflectedForeignKey,
    ReflectedIndex, ReflectedPrimaryKey, ReflectedUniqueConstraint, Reflection, no_such_table,
};
use crate::literal::Literal;
use crate::schema::DialectOptions;
use crate::sqltypes::Argument;
use driver::{Parameters, Value};
use ground::diagnostic::{Error, Result};

/// The `get_...` methods of `sqlalchemy.dialects.sqlite.base.SQLiteDialect`.
#[derive(Default)]
pub struct SQLiteReflection {
    catalog: Catalog,
}

/// The name prefix of indexes that SQLite creates for constraints.
const AUTOMATIC: &str = "sqlite_autoindex";

impl SQLiteReflection {
    fn master(
        inspector: &Inspector,
        master: &str,
        type_: &str,
        schema: Option<&str>,
    ) -> Result<Names> {
        let prefix = schema.map_or_else(String::new, |schema| format!("{}.", quoted(schema)));
        let sql = format!(
            "SELECT name FROM {prefix}{master} WHERE type='{type_}' AND name NOT LIKE \
             'sqlite~_%' ESCAPE '~' ORDER BY name"
        );
        inspector.with_connection(|connection| {
            let cursor = connection.reflect(&sql, &Parameters::NONE)?;
            Ok(strings(&cursor.rows, 0).collect())
        })
    }

    /// The CREATE statement of a table or view; `None` for SQLite's internal tables.
    fn table_sql(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Option<Rc<str>>> {
        let sql = inspector
            .with_connection(|connection| self.catalog.table_sql(connection, table, schema))?;
        let of_sqlite = matches!(
            table,
            "sqlite_schema" | "sqlite_master" | "sqlite_temp_schema" | "sqlite_temp_master"
        );
        if sql.is_none() && !of_sqlite {
            let shown = match schema {
                Some(schema) => format!("{}.{table}", quoted(schema)),
                None => table.to_owned(),
            };
            return Err(Error::new(exc::NO_SUCH_TABLE_ERROR, shown));
        }
        Ok(sql)
    }

    fn read_indexes(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
        of_constraints: bool,
    ) -> Result<Vec<ReflectedIndex>> {
        let run = inspector.engine().run();
        let catalog = &self.catalog;
        let rows =
            inspector.with_connection(|connection| catalog.indexes(connection, table, schema))?;
        let rows = rows
            .iter()
            .filter(|row| of_constraints || !row.name.starts_with(AUTOMATIC));
        let mut indexes = Vec::new();
        for row in rows {
            let mut dialect_options = DialectOptions::new();
            if row.partial {
                let sql = inspector.with_connection(|connection| {
                    catalog.index_sql(connection, &row.name, schema)
                })?;
                match parse::partial_predicate(&sql.unwrap_or_default()) {
                    Some(condition) => {
                        dialect_options.insert(WHERE, Argument::Expression(text(&condition)));
                    }
                    None => run.warning(
                        "SAWarning",
                        &format!(
                            "Failed to look up filter predicate of partial index {}",
                            row.name
                        ),
                    ),
                }
            }
            indexes.push(ReflectedIndex {
                name: row.name.clone(),
                unique: row.unique,
                unique_is_number: true,
                dialect_options,
                ..ReflectedIndex::default()
            });
        }
        let mut found = Vec::new();
        for mut index in indexes {
            let columns = inspector.with_connection(|connection| {
                catalog.index_columns(connection, &index.name, schema)
            })?;
            if columns.iter().all(Option::is_some) {
                index.column_names = columns.to_vec();
                found.push(index);
            } else {
                run.warning(
                    "SAWarning",
                    &format!(
                        "Skipped unsupported reflection of expression-based index {}",
                        index.name
                    ),
                );
            }
        }
        found.in_order_by(|a, b| a.name.cmp(&b.name));
        if found.is_empty() && !inspector.has_table(table, schema)? {
            return Err(no_such_table(table, schema));
        }
        Ok(found)
    }
}

/// The condition of a partial index.
const WHERE: &str = "sqlite_where";
/// Table options: whether it has a rowid, and whether it is STRICT.
const WITH_ROWID: &str = "sqlite_with_rowid";
const STRICT: &str = "sqlite_strict";

impl Reflection for SQLiteReflection {
    fn expect_all_tables(&self) {
        self.catalog.expect_all();
    }

    fn clear(&self) {
        self.catalog.clear();
    }

    /// Names of the attached databases, `main` first.
    fn get_schema_names(&self, inspector: &Inspector) -> Result<Names> {
        inspector.with_connection(|connection| {
            let cursor = connection.reflect("PRAGMA database_list", &Parameters::NONE)?;
            Ok(strings(&cursor.rows, 1)
                .filter(|name| &**name != "temp")
                .collect())
        })
    }

    fn get_table_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        Self::master(inspector, "sqlite_master", "table", schema)
    }

    fn get_view_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        Self::master(inspector, "sqlite_master", "view", schema)
    }

    fn get_temp_table_names(&self, inspector: &Inspector) -> Result<Names> {
        Self::master(inspector, "sqlite_temp_master", "table", None)
    }

    fn get_temp_view_names(&self, inspector: &Inspector) -> Result<Names> {
        Self::master(inspector, "sqlite_temp_master", "view", None)
    }

    fn get_view_definition(
        &self,
        inspector: &Inspector,
        view: &str,
        schema: Option<&str>,
    ) -> Result<Rc<str>> {
        inspector.with_connection(|connection| {
            let from = match schema {
                Some(schema) => format!("{}.sqlite_master", quoted(schema)),
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

    fn get_listing(&self, inspector: &Inspector) -> Result<Vec<ListedTable>> {
        // Errors are the driver's own, as whoever looks into a file knows them.
        inspector.with_connection(|connection| listing::tables(&*connection.dbapi()?))
    }

    fn has_table(&self, inspector: &Inspector, table: &str, schema: Option<&str>) -> Result<bool> {
        if let Some(schema) = schema
            && !inspector
                .get_schema_names()?
                .iter()
                .any(|name| &**name == schema)
        {
            return Ok(false);
        }
        inspector.with_connection(|connection| {
            let dialect = connection.dialect();
            let name = dialect.quote_identifier(table);
            let schemas = match schema {
                Some(schema) => vec![dialect.quote_identifier(schema)],
                None => vec!["main".to_owned(), "temp".to_owned()],
            };
            for schema in schemas {
                let found =
                    connection.introspect(&format!("PRAGMA {schema}.table_info({name})"))?;
                if !found.rows.is_empty() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    fn get_columns(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedColumn>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.columns(connection, table, schema))?;
        let mut body: Option<Option<String>> = None;
        let mut columns = Vec::new();
        for row in rows.iter().filter(|row| row.hidden != 1) {
            let mut declared = row.type_.to_uppercase();
            let mut computed = None;
            if row.hidden != 0 {
                if body.is_none() {
                    let sql = self
                        .table_sql(inspector, table, schema)?
                        .unwrap_or_default();
                    let Some(found) = parse::table_body(&sql) else {
                        return Err(Error::new(
                            "AssertionError",
                            format!("create table not found in {sql}"),
                        ));
                    };
                    body = Some(Some(found.to_owned()));
                }
                // Without a declared type, SQLite counts these keywords as part of it.
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
                declared_type: row.type_.clone(),
                type_: types::resolve(inspector.engine().run(), &declared)?,
                nullable: !row.not_null,
                default: row.default.clone(),
                primary_key: row.primary_key,
                autoincrement: None,
                computed,
                identity: None,
                comment: None,
            });
        }
        if columns.is_empty() && !inspector.has_table(table, schema)? {
            return Err(no_such_table(table, schema));
        }
        Ok(columns)
    }

    fn get_pk_constraint(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<ReflectedPrimaryKey> {
        let sql = self.table_sql(inspector, table, schema)?;
        let name = sql.as_deref().and_then(parse::primary_key_name);
        let columns = inspector.get_columns(table, schema)?;
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
            ..ReflectedPrimaryKey::default()
        })
    }

    /// Those found in the CREATE statement in its order, then the others.
    fn get_foreign_keys(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedForeignKey>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.foreign_keys(connection, table, schema))?;
        let mut keys: IndexMap<i64, ReflectedForeignKey> = IndexMap::default();
        for row in rows.iter() {
            let referred_columns = if row.to.is_none() && !keys.contains_key(&row.id) {
                // Without columns, it references the other table's primary key.
                match inspector.get_pk_constraint(&row.table, schema) {
                    Ok(key) => key.constrained_columns.clone(),
                    Err(error) if error.class == exc::NO_SUCH_TABLE_ERROR => Vec::new(),
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
                ..ReflectedForeignKey::default()
            });
            key.constrained_columns.push(row.from.clone());
            if let Some(to) = &row.to {
                key.referred_columns.push(to.clone());
            }
        }
        // A later key with the same signature replaces the earlier one.
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
        let sql = self
            .table_sql(inspector, table, schema)?
            .unwrap_or_default();
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
                    .map(|part| ground::formatting::repr::string_repr(part))
                    .collect();
                inspector.engine().run().warning(
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

    /// Excludes indexes on expressions and those that SQLite creates for constraints.
    fn get_indexes(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedIndex>> {
        self.read_indexes(inspector, table, schema, false)
    }

    fn get_index_definitions(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<(Rc<str>, Rc<str>)>> {
        let catalog = &self.catalog;
        inspector.with_connection(|connection| {
            let mut found: Vec<(Rc<str>, Rc<str>)> = Vec::new();
            for row in catalog.indexes(connection, table, schema)?.iter() {
                // Indexes that SQLite creates for constraints have no CREATE statement.
                if let Some(sql) = catalog.index_sql(connection, &row.name, schema)? {
                    found.push((row.name.clone(), sql));
                }
            }
            found.in_order_by(|a, b| a.0.cmp(&b.0));
            Ok(found)
        })
    }

    /// In the order of the CREATE statement.
    fn get_unique_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedUniqueConstraint>> {
        let indexes = self.read_indexes(inspector, table, schema, true)?;
        let mut automatic: Vec<&ReflectedIndex> = Vec::new();
        for index in indexes.iter() {
            if index.name.starts_with(AUTOMATIC) {
                automatic.retain(|known| known.column_names != index.column_names);
                automatic.push(index);
            }
        }
        let sql = self
            .table_sql(inspector, table, schema)?
            .unwrap_or_default();
        let mut found = Vec::new();
        for (name, columns) in parse::unique_constraints(&sql) {
            let place = automatic.iter().position(|index| {
                index
                    .column_names
                    .iter()
                    .map(Option::as_deref)
                    .eq(columns.iter().map(|column| Some(column.as_str())))
            });
            if let Some(place) = place {
                let index = automatic.remove(place);
                found.push(ReflectedUniqueConstraint {
                    name,
                    column_names: index.columns(),
                    ..ReflectedUniqueConstraint::default()
                });
            }
        }
        Ok(found)
    }

    fn get_check_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedCheckConstraint>> {
        let sql = self
            .table_sql(inspector, table, schema)?
            .unwrap_or_default();
        let mut found: Vec<ReflectedCheckConstraint> = parse::check_constraints(&sql)
            .into_iter()
            .map(|(name, sqltext)| ReflectedCheckConstraint {
                name,
                sqltext,
                ..ReflectedCheckConstraint::default()
            })
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
    }

    fn get_table_options(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<DialectOptions> {
        let sql = self
            .table_sql(inspector, table, schema)?
            .unwrap_or_default();
        let (without_rowid, strict) = parse::table_options(&sql);
        let mut options = DialectOptions::new();
        let truth = |truth| Argument::Value(Literal::Boolean(truth));
        if without_rowid {
            options.insert(WITH_ROWID, truth(false));
        }
        if strict {
            options.insert(STRICT, truth(true));
        }
        Ok(options)
    }

    fn table_option_words(&self, options: &DialectOptions) -> Vec<String> {
        let words = [
            (options.flag(WITH_ROWID) == Some(false), "WITHOUT ROWID"),
            (options.flag(STRICT) == Some(true), "STRICT"),
        ];
        let given = words.into_iter().filter(|(given, _)| *given);
        given.map(|(_, word)| word.to_owned()).collect()
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
