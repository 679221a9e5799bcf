//! Reflected tables: `Table(..., autoload_with=...)` and `MetaData.reflect`.

use crate::exc;
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};

use super::{Inspector, ReflectedColumn, ReflectedForeignKey};
use crate::elements::{Expression, asc, desc, nulls_first, nulls_last, text};
use crate::name::ConstraintName;
use crate::schema::{
    Autoincrement, CheckConstraint, Column, ColumnArgument, ColumnItem, ColumnOptions, Computed,
    Constraint, ConstraintOptions, DefaultClause, DialectOptions, ForeignKeyConstraint,
    ForeignKeyOptions, ForeignKeyTarget, Identity, Index, IndexExpression, IndexOptions, MetaData,
    ReferenceArgument, SchemaName, ServerDefault, Table, TableItem, TableOptions, UniqueConstraint,
    table_key,
};
use ground::diagnostic::{Error, Result};
use ground::exception::NOT_IMPLEMENTED_ERROR;

/// Called with each column before it is created, like listeners of the `column_reflect` event; it
/// may modify it.
pub type ColumnReflect<'a> = &'a dyn Fn(&Table, &mut ReflectedColumn) -> Result<()>;

/// Called with the dialect options of an item and its kind: `index` or `unique_constraint`.
pub type AdjustDialectOptions<'a> = &'a dyn Fn(&mut DialectOptions, &str);

/// How a table is reflected.
#[derive(Clone, Default)]
pub struct ReflectOptions<'a> {
    /// Columns, constraints and indexes that override reflected ones.
    pub items: Vec<TableItem>,
    /// `include_columns`.
    pub include_columns: Option<Vec<Rc<str>>>,
    /// Excluded columns; items that need them are excluded as well.
    pub exclude_columns: Vec<Rc<str>>,
    /// `resolve_fks=False`: referenced tables are not reflected.
    pub skip_referred: bool,
    /// The table's own options.
    pub table: TableOptions,
    /// A `column_reflect` listener.
    pub column_reflect: Option<ColumnReflect<'a>>,
    /// Adjusts the dialect options of an index or unique constraint.
    pub adjust_dialect_options: Option<AdjustDialectOptions<'a>>,
    /// Whether the expressions of an index are sorted as its columns are. SQLAlchemy leaves their
    /// order out.
    pub sort_expressions: bool,
}

/// `Table(name, metadata, *items, autoload_with=connection)`. A table that is already in the
/// metadata is returned unchanged.
///
/// # Errors
/// `sqlalchemy.exc.NoSuchTableError`; what attaching the items raises. The metadata then does not
/// keep the table.
pub fn reflect_table(
    inspector: &Inspector,
    name: &str,
    metadata: &MetaData,
    options: ReflectOptions<'_>,
) -> Result<Table> {
    let schema = schema_of(&options.table.schema, metadata);
    let existing = metadata.table(&table_key(name, schema.as_deref()));
    if existing.is_some() {
        return Table::new(name, metadata, options.items, options.table);
    }
    let mut table_options = options.table.clone();
    table_options.keep_existing = false;
    table_options.extend_existing = false;
    let table = Table::new(name, metadata, Vec::new(), table_options)?;
    let filled = reflect_into(inspector, &table, &options).and_then(|()| {
        for item in options.items {
            match item {
                TableItem::Column(column) => table.append_column(&column, true)?,
                TableItem::Constraint(constraint) => table.append_constraint(&constraint)?,
                TableItem::Index(index) => table.append_index(&index)?,
            }
        }
        Ok(())
    });
    match filled {
        Ok(()) => Ok(table),
        Err(error) => {
            metadata.remove(&table);
            Err(error)
        }
    }
}

fn schema_of(schema: &SchemaName, metadata: &MetaData) -> Option<String> {
    match schema {
        SchemaName::Inherit => metadata.schema().map(|name| name.as_str().to_owned()),
        SchemaName::Blank => None,
        SchemaName::Named(name) => Some(name.as_str().to_owned()),
    }
}

/// `MetaData.reflect`: all tables, or the requested ones.
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError` where one that is asked for is missing; as
/// [`reflect_table`].
pub fn reflect(
    inspector: &Inspector,
    metadata: &MetaData,
    schema: Option<&str>,
    views: bool,
    only: Option<&[Rc<str>]>,
    options: &ReflectOptions<'_>,
) -> Result<()> {
    let schema = match schema {
        Some(schema) => Some(schema.to_owned()),
        None => metadata.schema().map(|name| name.as_str().to_owned()),
    };
    let schema = schema.as_deref();
    let mut available: IndexSet<Rc<str>> =
        inspector.get_table_names(schema)?.iter().cloned().collect();
    if views {
        available.extend(inspector.get_view_names(schema)?.iter().cloned());
        match inspector.get_materialized_view_names(schema) {
            Ok(names) => available.extend(names.iter().cloned()),
            Err(error) if error.class == NOT_IMPLEMENTED_ERROR => {}
            Err(error) => return Err(error),
        }
    }
    let names: Vec<Rc<str>> = match only {
        None => available.into_iter().collect(),
        Some(only) => {
            let missing: Vec<&str> = only
                .iter()
                .filter(|name| !available.contains(*name))
                .map(|name| &**name)
                .collect();
            if !missing.is_empty() {
                let place = schema.map_or_else(String::new, |schema| format!(" schema '{schema}'"));
                return Err(Error::new(
                    exc::INVALID_REQUEST_ERROR,
                    format!(
                        "Could not reflect: requested table(s) not available in Engine({}){place}: \
                         ({})",
                        inspector.engine().url(),
                        missing.join(", ")
                    ),
                ));
            }
            only.to_vec()
        }
    };
    for name in names {
        if metadata.table(&table_key(&name, schema)).is_some() && !options.table.extend_existing {
            continue;
        }
        let mut options = options.clone();
        options.table.schema = schema.into();
        reflect_table(inspector, &name, metadata, options)?;
    }
    Ok(())
}

/// `Inspector.reflect_table`: fills a table from the database.
///
/// # Errors
/// `sqlalchemy.exc.NoSuchTableError`.
pub fn reflect_into(
    inspector: &Inspector,
    table: &Table,
    options: &ReflectOptions<'_>,
) -> Result<()> {
    let schema = table.schema();
    let schema = schema.as_ref().map(|name| name.as_str());
    let name = table.name();
    let name = name.as_str();
    let missing = |error: Error| {
        if error.class == exc::NO_SUCH_TABLE_ERROR {
            Error::new(exc::NO_SUCH_TABLE_ERROR, name)
        } else {
            error
        }
    };
    let columns = inspector.get_columns(name, schema).map_err(missing)?;
    for (option, value) in inspector.get_table_options(name, schema)?.iter() {
        table.set_dialect_option(option, value.clone());
    }
    let mut made: IndexMap<Rc<str>, Column> = IndexMap::default();
    for column in columns.iter() {
        reflect_column(table, column, options, &mut made)?;
    }
    let key = inspector.get_pk_constraint(name, schema)?;
    let columns: Vec<Column> = key
        .constrained_columns
        .iter()
        .filter(|column| !options.exclude_columns.contains(column))
        .filter_map(|column| made.get(column).cloned())
        .collect();
    table.primary_key().set_name(constraint_name(&key.name));
    let mut key_options = table.primary_key().dialect_options();
    key_options.extend(&key.dialect_options);
    table.primary_key().set_dialect_options(key_options);
    table.primary_key().reload(&columns)?;
    for key in inspector.get_foreign_keys(name, schema)?.iter() {
        reflect_foreign_key(inspector, table, key, options, &made)?;
    }
    reflect_indexes(inspector, table, options, &made)?;
    reflect_unique_constraints(inspector, table, options, &made)?;
    for check in inspector.get_check_constraints(name, schema)?.iter() {
        if !check.dialect_options.is_empty() {
            // SQLAlchemy hands them on in a way that it does not understand itself.
            inspector.engine().run().warning(
                "SAWarning",
                "Can't validate argument 'dialect_options'; can't locate any SQLAlchemy dialect \
                 named 'dialect'",
            );
        }
        let check = CheckConstraint::new(
            sql_text(&check.sqltext),
            ConstraintOptions {
                name: constraint_name(&check.name),
                comment: check.comment.clone(),
                ..ConstraintOptions::default()
            },
        )?;
        table.append_constraint(&Constraint::Check(check))?;
    }
    match inspector.get_table_comment(name, schema) {
        Ok(comment) => table.set_comment(comment),
        Err(error) if error.class == NOT_IMPLEMENTED_ERROR => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

fn sql_text(sql: &str) -> Expression {
    text(sql)
}

fn constraint_name(name: &Option<String>) -> ConstraintName {
    match name {
        Some(name) => ConstraintName::plain(name.as_str()),
        None => ConstraintName::None,
    }
}

fn is_excluded(options: &ReflectOptions<'_>, column: &Rc<str>) -> bool {
    options
        .include_columns
        .as_ref()
        .is_some_and(|included| !included.contains(column))
        || options.exclude_columns.contains(column)
}

fn reflect_column(
    table: &Table,
    reflected: &ReflectedColumn,
    options: &ReflectOptions<'_>,
    made: &mut IndexMap<Rc<str>, Column>,
) -> Result<()> {
    let original = reflected.name.clone();
    let mut reflected = reflected.clone();
    if let Some(listener) = options.column_reflect {
        listener(table, &mut reflected)?;
    }
    if is_excluded(options, &reflected.name) {
        return Ok(());
    }
    let mut items = Vec::new();
    if let Some(default) = &reflected.default {
        items.push(ColumnItem::ServerDefault(ServerDefault::DefaultClause(
            DefaultClause::reflected(sql_text(default)),
        )));
    }
    if let Some((sqltext, persisted)) = &reflected.computed {
        let computed = Computed::new(sql_text(sqltext), Some(*persisted));
        items.push(ColumnItem::Computed(computed));
    }
    if let Some((always, options)) = &reflected.identity {
        let identity = Identity::new(Some(*always), options.clone());
        items.push(ColumnItem::Identity(identity));
    }
    let column = Column::with_options(ColumnOptions {
        name: Some((&*reflected.name).into()),
        kind: Some(reflected.type_),
        items,
        nullable: Some(reflected.nullable),
        autoincrement: match reflected.autoincrement {
            Some(true) => Autoincrement::True,
            Some(false) => Autoincrement::False,
            None => Autoincrement::Auto,
        },
        comment: reflected.comment,
        ..ColumnOptions::default()
    })?;
    if table.primary_key().has_key(&column.key()) {
        column.set_primary_key(true);
    }
    made.insert(original, column.clone());
    table.append_column(&column, true)
}

fn reflect_foreign_key(
    inspector: &Inspector,
    table: &Table,
    key: &ReflectedForeignKey,
    options: &ReflectOptions<'_>,
    made: &IndexMap<Rc<str>, Column>,
) -> Result<()> {
    let columns: Vec<Rc<str>> = key
        .constrained_columns
        .iter()
        .map(|name| made.get(name).map_or_else(|| name.clone(), Column::key))
        .collect();
    if columns.iter().any(|column| is_excluded(options, column)) {
        return Ok(());
    }
    if !options.skip_referred {
        let referred = ReflectOptions {
            table: TableOptions {
                schema: match &key.referred_schema {
                    Some(schema) => SchemaName::Named(schema.as_str().into()),
                    None => SchemaName::Blank,
                },
                ..TableOptions::default()
            },
            column_reflect: options.column_reflect,
            ..ReflectOptions::default()
        };
        reflect_table(inspector, &key.referred_table, &table.metadata(), referred)?;
    }
    let references = key
        .referred_columns
        .iter()
        .map(|column| {
            ReferenceArgument::Target(ForeignKeyTarget {
                schema: key.referred_schema.as_deref().map(Rc::from),
                table_name: Some(key.referred_table.clone()),
                column_name: Some(column.clone()),
            })
        })
        .collect();
    let constraint = ForeignKeyConstraint::new(
        columns
            .iter()
            .map(|column| ColumnArgument::Key(column.clone()))
            .collect(),
        references,
        ForeignKeyOptions {
            name: constraint_name(&key.name),
            comment: key.comment.clone(),
            ondelete: key.ondelete.as_deref().map(Rc::from),
            onupdate: key.onupdate.as_deref().map(Rc::from),
            deferrable: key.deferrable,
            initially: key.initially.as_deref().map(Rc::from),
            match_: key.match_.as_deref().map(Rc::from),
            link_to_name: true,
            ..ForeignKeyOptions::default()
        },
    )?;
    match table.append_constraint(&Constraint::ForeignKey(constraint)) {
        Err(error) if error.class == exc::CONSTRAINT_COLUMN_NOT_FOUND_ERROR => {
            inspector.engine().run().warning(
                "SAWarning",
                &format!(
                    "On reflected table {}, skipping reflection of foreign key constraint {}; one \
                     or more subject columns within name(s) {} are not present in the table",
                    table.name().as_str(),
                    key.name.as_deref().unwrap_or("None"),
                    columns.join(", ")
                ),
            );
            Ok(())
        }
        result => result,
    }
}

fn reflect_indexes(
    inspector: &Inspector,
    table: &Table,
    options: &ReflectOptions<'_>,
    made: &IndexMap<Rc<str>, Column>,
) -> Result<()> {
    let schema = table.schema();
    let schema = schema.as_ref().map(|name| name.as_str());
    for index in inspector.get_indexes(&table.name(), schema)?.iter() {
        if index.duplicates_constraint.is_some() {
            // It comes with the constraint.
            continue;
        }
        if let Some(included) = &options.include_columns
            && !index
                .column_names
                .iter()
                .flatten()
                .all(|name| included.contains(name))
        {
            continue;
        }
        let mut expressions: Vec<IndexExpression> = Vec::new();
        for (place, name) in index.column_names.iter().enumerate() {
            let Some(name) = name else {
                if let Some(expression) = index.expressions.get(place) {
                    let sorting = if options.sort_expressions {
                        index.sorting_of(expression)
                    } else {
                        Default::default()
                    };
                    expressions.push(sorted(sql_text(expression), sorting).into());
                }
                continue;
            };
            match made.get(name).cloned().or_else(|| table.column(name)) {
                Some(column) => match index.sorting_of(name) {
                    [] => expressions.push((&column).into()),
                    sorting => {
                        expressions.push(sorted(Expression::Column(column), sorting).into());
                    }
                },
                None => inspector.engine().run().warning(
                    "SAWarning",
                    &format!(
                        "index key {} was not located in columns for table {}",
                        ground::formatting::repr::string_repr(name),
                        ground::formatting::repr::string_repr(&table.name())
                    ),
                ),
            }
        }
        let mut dialect_options = index.dialect_options.clone();
        if let Some(adjust) = options.adjust_dialect_options {
            adjust(&mut dialect_options, "index");
        }
        let made = Index::new(
            ConstraintName::plain(&*index.name),
            expressions,
            IndexOptions {
                unique: index.unique,
                options: dialect_options,
                table: Some(table.clone()),
                ..IndexOptions::default()
            },
        )?;
        made.set_unique_is_number(index.unique_is_number);
    }
    Ok(())
}

/// An element of an index with its order.
fn sorted(element: Expression, sorting: &[Rc<str>]) -> Expression {
    let mut element = element;
    for word in sorting {
        element = match &**word {
            "asc" => asc(element),
            "desc" => desc(element),
            "nulls_first" => nulls_first(element),
            "nulls_last" => nulls_last(element),
            _ => element,
        };
    }
    element
}

fn reflect_unique_constraints(
    inspector: &Inspector,
    table: &Table,
    options: &ReflectOptions<'_>,
    made: &IndexMap<Rc<str>, Column>,
) -> Result<()> {
    let schema = table.schema();
    let schema = schema.as_ref().map(|name| name.as_str());
    for unique in inspector
        .get_unique_constraints(&table.name(), schema)?
        .iter()
    {
        if unique.duplicates_index.is_some() {
            // Already reflected as an index.
            continue;
        }
        if let Some(included) = &options.include_columns
            && !unique
                .column_names
                .iter()
                .all(|name| included.contains(name))
        {
            continue;
        }
        let mut columns: Vec<ColumnArgument> = Vec::new();
        for name in &unique.column_names {
            match made.get(name).cloned().or_else(|| table.column(name)) {
                Some(column) => columns.push((&column).into()),
                None => inspector.engine().run().warning(
                    "SAWarning",
                    &format!(
                        "unique constraint key '{name}' was not located in columns for table '{}'",
                        table.name().as_str()
                    ),
                ),
            }
        }
        let mut dialect_options = unique.dialect_options.clone();
        if let Some(adjust) = options.adjust_dialect_options {
            adjust(&mut dialect_options, "unique_constraint");
        }
        let constraint = UniqueConstraint::new(
            columns,
            ConstraintOptions {
                name: constraint_name(&unique.name),
                comment: unique.comment.clone(),
                options: dialect_options,
                ..ConstraintOptions::default()
            },
        )?;
        table.append_constraint(&Constraint::Unique(constraint))?;
    }
    Ok(())
}
