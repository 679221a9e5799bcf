//! Reflection of PostgreSQL from its catalog.

mod catalog;
mod existence;
mod indexes;
mod listing;
mod parse;
mod queries;
mod types;

use std::rc::Rc;

use self::catalog::{Catalog, ColumnRow, ConstraintRow, TableRow, ask, texts};
use self::queries::{Scope, Wanted, kinds};
use crate::inspector::{
    Inspector, ListedTable, Names, Part, ReflectedCheckConstraint, ReflectedColumn,
    ReflectedDomain, ReflectedEnum, ReflectedForeignKey, ReflectedIndex, ReflectedPrimaryKey,
    ReflectedUniqueConstraint, Reflection, no_such_table,
};
use crate::literal::Literal;
use crate::schema::{DialectOptions, IdentityOptions};
use crate::sqltypes::{Argument, classes};
use ground::diagnostic::Result;

/// The `get_...` methods of `sqlalchemy.dialects.postgresql.base.PGDialect`.
#[derive(Default)]
pub struct PGReflection {
    catalog: Catalog,
}

fn strings(items: &[Rc<str>]) -> Literal {
    Literal::List(items.iter().cloned().map(Literal::String).collect())
}

/// Storage options, `name=value` each, as a dictionary.
fn storage(options: &[Rc<str>]) -> Literal {
    let items = options.iter().filter_map(|option| {
        let (name, value) = option.split_once('=')?;
        Some((Literal::from(name), Literal::from(value)))
    });
    Literal::Dictionary(items.collect())
}

/// `always` and the options of an identity column.
fn identity(column: &ColumnRow) -> Option<(bool, IdentityOptions)> {
    if column.identity.is_empty() {
        return None;
    }
    let sequence = column.identity_sequence.as_deref().unwrap_or_default();
    let mut numbers = sequence.split(' ').map(|number| number.parse().ok());
    let mut next = || numbers.next().flatten();
    let options = IdentityOptions {
        start: next(),
        increment: next(),
        minvalue: next(),
        maxvalue: next(),
        cache: next(),
        cycle: next().map(|cycle: i64| cycle != 0),
        ..IdentityOptions::default()
    };
    Some((&*column.identity == "a", options))
}

impl PGReflection {
    fn names(
        inspector: &Inspector,
        schema: Option<&str>,
        kinds: &str,
        scope: Scope,
    ) -> Result<Names> {
        let sql = queries::names(schema, kinds, scope);
        inspector.with_connection(|connection| Ok(texts(&ask(connection, &sql)?)))
    }

    /// What is known of the table itself.
    fn table(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<TableRow>>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.table(connection, schema, table))?;
        if rows.is_empty() {
            return Err(no_such_table(table, schema));
        }
        Ok(rows)
    }

    /// The foreign keys or check constraints, by `pg_constraint.contype`.
    fn constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Rc<Vec<ConstraintRow>>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.constraints(connection, schema, table))?;
        if rows.is_empty() {
            self.table(inspector, table, schema)?;
        }
        Ok(rows)
    }

    /// Primary keys or unique constraints, by `pg_constraint.contype`.
    fn keys(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
        kind: &str,
    ) -> Result<Vec<ReflectedUniqueConstraint>> {
        let rows =
            inspector.with_connection(|connection| self.catalog.keys(connection, schema, table))?;
        if rows.is_empty() {
            self.table(inspector, table, schema)?;
        }
        let mut found: Vec<ReflectedUniqueConstraint> = Vec::new();
        let mut included: Vec<Rc<str>> = Vec::new();
        for row in rows.iter().filter(|row| &*row.kind == kind) {
            let is_last =
                |last: &ReflectedUniqueConstraint| last.name.as_deref() == Some(&row.name);
            if !found.last().is_some_and(is_last) {
                included.clear();
                found.push(ReflectedUniqueConstraint {
                    name: Some(row.name.to_string()),
                    comment: row.comment.clone(),
                    ..ReflectedUniqueConstraint::default()
                });
            }
            let Some(last) = found.last_mut() else {
                continue;
            };
            if row.is_key {
                last.column_names.push(row.column.clone());
            } else {
                included.push(row.column.clone());
            }
            last.dialect_options
                .insert("postgresql_include", strings(&included));
            if kind == "u" {
                let equal = Literal::Boolean(row.nulls_not_distinct);
                last.dialect_options
                    .insert("postgresql_nulls_not_distinct", equal);
            }
        }
        Ok(found)
    }

    fn column(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
        row: &ColumnRow,
        name: &Rc<str>,
    ) -> Result<ReflectedColumn> {
        let named = || inspector.with_connection(|connection| self.catalog.named_types(connection));
        let type_ = types::resolve(
            inspector.engine().run(),
            &named,
            row.format_type.as_deref(),
            &format!("column '{name}'"),
            types::Collation {
                name: row.collation.as_deref(),
                schema: row.collation_schema.as_deref(),
            },
        )?;
        let mut default = row.default.as_deref().map(str::to_owned);
        let mut nullable = !row.not_null;
        if type_.is_instance(&classes::POSTGRESQL_DOMAIN) {
            if default.as_deref().is_none_or(str::is_empty) {
                default = type_.text("default").map(|text| text.to_string());
            }
            nullable = nullable && !type_.flag("not_null");
        }
        let mut computed = None;
        if !row.generated.is_empty() {
            computed = Some((default.take().unwrap_or_default(), &*row.generated == "s"));
        }
        let identity = identity(row);
        let mut autoincrement = identity.is_some();
        if let Some((_, sequence, rest)) = default.as_deref().and_then(parse::nextval) {
            autoincrement |= type_.has_affinity(&classes::GENERIC_INTEGER);
            // Without a schema it would be looked for along the search path.
            if let Some(schema) = schema
                && !sequence.contains('.')
            {
                default = Some(format!("nextval('\"{schema}\".{sequence}{rest}"));
            }
        }
        Ok(ReflectedColumn {
            name: name.clone(),
            type_,
            declared_type: row.format_type.clone().unwrap_or_default(),
            nullable,
            default,
            primary_key: 0,
            autoincrement: Some(autoincrement),
            computed,
            identity,
            comment: row.comment.clone(),
        })
    }
}

impl Reflection for PGReflection {
    fn expect_all_tables(&self) {
        self.catalog.expect_all();
    }

    fn clear(&self) {
        self.catalog.clear();
    }

    fn keys_of(&self, part: Part) -> &'static [&'static str] {
        match part {
            Part::Columns => &[
                "name",
                "type",
                "nullable",
                "default",
                "autoincrement",
                "comment",
                "computed",
                "identity",
            ],
            Part::PrimaryKey => &["constrained_columns", "name", "comment", "dialect_options"],
            Part::ForeignKeys => &[
                "name",
                "constrained_columns",
                "referred_schema",
                "referred_table",
                "referred_columns",
                "options",
                "comment",
            ],
            Part::ForeignKeyOptions => {
                &["onupdate", "ondelete", "initially", "deferrable", "match"]
            }
            Part::Indexes => &[
                "name",
                "unique",
                "column_names",
                "expressions",
                "column_sorting",
                "duplicates_constraint",
                "dialect_options",
            ],
            Part::UniqueConstraints => &["column_names", "name", "comment", "dialect_options"],
            Part::CheckConstraints => &["name", "sqltext", "comment", "dialect_options"],
        }
    }

    fn get_schema_names(&self, inspector: &Inspector) -> Result<Names> {
        inspector.with_connection(|connection| Ok(texts(&ask(connection, queries::SCHEMAS)?)))
    }

    fn get_table_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        Self::names(inspector, schema, kinds::TABLES, Scope::Default)
    }

    fn get_view_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        Self::names(inspector, schema, kinds::VIEWS, Scope::Default)
    }

    fn get_temp_table_names(&self, inspector: &Inspector) -> Result<Names> {
        Self::names(inspector, None, kinds::TABLES, Scope::Temporary)
    }

    fn get_temp_view_names(&self, inspector: &Inspector) -> Result<Names> {
        Self::names(inspector, None, kinds::VIEWS, Scope::Temporary)
    }

    fn get_materialized_view_names(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Names> {
        Self::names(inspector, schema, kinds::MATERIALIZED_VIEWS, Scope::Default)
    }

    fn get_sequence_names(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Names> {
        Self::names(inspector, schema, kinds::SEQUENCES, Scope::Any)
    }

    fn get_foreign_table_names(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Names> {
        Self::names(inspector, schema, kinds::FOREIGN, Scope::Any)
    }

    fn get_view_definition(
        &self,
        inspector: &Inspector,
        view: &str,
        schema: Option<&str>,
    ) -> Result<Rc<str>> {
        let sql = queries::view_definition(schema, view);
        let found = inspector.with_connection(|connection| Ok(texts(&ask(connection, &sql)?)))?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| no_such_table(view, schema))
    }

    fn get_listing(&self, inspector: &Inspector) -> Result<Vec<ListedTable>> {
        listing::tables(inspector)
    }

    fn has_table(&self, inspector: &Inspector, table: &str, schema: Option<&str>) -> Result<bool> {
        inspector.with_connection(|connection| existence::has_table(connection, table, schema))
    }

    fn has_sequence(
        &self,
        inspector: &Inspector,
        sequence: &str,
        schema: Option<&str>,
    ) -> Result<bool> {
        inspector
            .with_connection(|connection| existence::has_sequence(connection, sequence, schema))
    }

    fn has_type(&self, inspector: &Inspector, name: &str, schema: Option<&str>) -> Result<bool> {
        inspector.with_connection(|connection| existence::has_type(connection, name, schema))
    }

    fn get_table_oid(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<i64> {
        let sql = queries::oid(schema, table);
        let rows = inspector.with_connection(|connection| ask(connection, &sql))?;
        rows.first()
            .and_then(|row| row.first())
            .and_then(driver::Value::as_integer)
            .ok_or_else(|| no_such_table(table, schema))
    }

    fn get_enums(&self, inspector: &Inspector, schema: Option<&str>) -> Result<Vec<ReflectedEnum>> {
        inspector.with_connection(|connection| catalog::enums(connection, schema))
    }

    fn get_domains(
        &self,
        inspector: &Inspector,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedDomain>> {
        inspector.with_connection(|connection| catalog::domains(connection, schema))
    }

    fn owned_sequence(
        &self,
        inspector: &Inspector,
        default: &str,
    ) -> Result<Option<(Rc<str>, Rc<str>)>> {
        let Some(sequence) = default
            .strip_prefix("nextval('")
            .and_then(|rest| rest.split_once("'::regclass)"))
            .map(|(sequence, _)| sequence)
        else {
            return Ok(None);
        };
        inspector.with_connection(|connection| {
            let owned = self.catalog.owned_sequence(connection, sequence)?;
            Ok(owned.map(|owned| (owned.name, owned.column)))
        })
    }

    fn get_columns(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedColumn>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.columns(connection, schema, table))?;
        if rows.is_empty() {
            return Err(no_such_table(table, schema));
        }
        let mut columns = Vec::new();
        for row in rows.iter() {
            if let Some(name) = &row.name {
                columns.push(self.column(inspector, schema, row, name)?);
            }
        }
        Ok(columns)
    }

    fn get_pk_constraint(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<ReflectedPrimaryKey> {
        let keys = self.keys(inspector, table, schema, "p")?;
        Ok(keys
            .into_iter()
            .next()
            .map_or_else(ReflectedPrimaryKey::default, |key| ReflectedPrimaryKey {
                name: key.name,
                constrained_columns: key.column_names,
                comment: key.comment,
                dialect_options: key.dialect_options,
            }))
    }

    fn get_foreign_keys(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedForeignKey>> {
        let rows = self.constraints(inspector, table, schema)?;
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| &*row.kind == "f") {
            let Some(mut key) = parse::foreign_key(&row.definition) else {
                return Err(types::unknown_definition("foreign key", &row.definition));
            };
            key.name = Some(row.name.to_string());
            key.comment = row.comment.clone();
            // A table along the search path is written without its schema.
            if key.referred_schema.is_none()
                && let Some(schema) = schema
                && row.referred_schema.as_deref() == Some(schema)
            {
                key.referred_schema = Some(schema.to_owned());
            }
            found.push(key);
        }
        Ok(found)
    }

    fn get_indexes(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedIndex>> {
        let rows = inspector
            .with_connection(|connection| self.catalog.indexes(connection, schema, table))?;
        if rows.is_empty() {
            self.table(inspector, table, schema)?;
        }
        Ok(indexes::of_rows(&rows))
    }

    fn get_index_definitions(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<(Rc<str>, Rc<str>)>> {
        let sql = queries::index_definitions(Wanted {
            schema,
            table: Some(table),
        });
        inspector.with_connection(|connection| {
            let rows = ask(connection, &sql)?;
            let text = |row: &[driver::Value], place: usize| -> Rc<str> {
                row.get(place)
                    .and_then(driver::Value::as_str)
                    .unwrap_or_default()
                    .into()
            };
            Ok(rows
                .iter()
                .map(|row| (text(row, 0), text(row, 1)))
                .collect())
        })
    }

    fn get_unique_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedUniqueConstraint>> {
        self.keys(inspector, table, schema, "u")
    }

    fn get_check_constraints(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Vec<ReflectedCheckConstraint>> {
        let rows = self.constraints(inspector, table, schema)?;
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| &*row.kind == "c") {
            let mut check = ReflectedCheckConstraint {
                name: Some(row.name.to_string()),
                comment: row.comment.clone(),
                ..ReflectedCheckConstraint::default()
            };
            match parse::check(&row.definition) {
                Some(parsed) => {
                    check.sqltext = parsed.condition;
                    let flags = [
                        ("not_valid", parsed.not_valid),
                        ("no_inherit", parsed.no_inherit),
                    ];
                    for (name, _) in flags.into_iter().filter(|(_, given)| *given) {
                        check.dialect_options.insert(name, Literal::Boolean(true));
                    }
                }
                None => inspector.engine().run().warning(
                    "SAWarning",
                    &format!(
                        "Could not parse CHECK constraint text: {}",
                        ground::formatting::repr::string_repr(&row.definition)
                    ),
                ),
            }
            found.push(check);
        }
        Ok(found)
    }

    fn get_table_options(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<DialectOptions> {
        let rows = self.table(inspector, table, schema)?;
        let mut options = DialectOptions::new();
        let Some(row) = rows.first() else {
            return Ok(options);
        };
        if let Some(method) = &row.access_method {
            options.insert("postgresql_using", &**method);
        }
        if !row.parents.is_empty() {
            let parents = row.parents.iter().cloned().map(Literal::String).collect();
            let parents = Literal::Tuple(parents);
            options.insert("postgresql_inherits", Argument::Value(parents));
        }
        if !row.storage.is_empty() {
            options.insert("postgresql_with", Argument::Value(storage(&row.storage)));
        }
        if let Some(tablespace) = &row.tablespace {
            options.insert("postgresql_tablespace", &**tablespace);
        }
        Ok(options)
    }

    fn get_table_comment(
        &self,
        inspector: &Inspector,
        table: &str,
        schema: Option<&str>,
    ) -> Result<Option<Rc<str>>> {
        let rows = self.table(inspector, table, schema)?;
        Ok(rows.first().and_then(|row| row.comment.clone()))
    }
}
