//! Creates schema items for operations: `alembic.operations.schemaobj`.

use ground::exception;
use std::any::Any;
use std::rc::Rc;

use super::ops::{ConstraintKeywords, ForeignKeyKeywords, IndexElement};
use crate::ddl::DefaultImpl;
use ground::diagnostic::{Error, Result};
use sqlalchemy::elements::{Expression, copy_expression, text};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::naming::NamingConvention;
use sqlalchemy::schema::{
    self, CheckConstraint, Column, ColumnArgument, Constraint, ConstraintOptions, DialectOptions,
    ForeignKey, ForeignKeyConstraint, ForeignKeyOptions, Index, IndexExpression, IndexOptions,
    MetaData, PrimaryKeyConstraint, SchemaName, Table, TableItem, UniqueConstraint,
};
use sqlalchemy::sqltypes::Type;

/// `alembic.operations.schemaobj.SchemaObjects`: applies the project's naming convention.
#[derive(Clone, Default)]
pub struct SchemaObjects {
    naming_convention: Option<Rc<NamingConvention>>,
}

/// `info`, `comment` and `prefixes` of a table.
#[derive(Clone, Default)]
pub struct TableOptions {
    /// `comment=`.
    pub comment: Option<Rc<str>>,
    /// `info=`, an opaque value.
    pub info: Option<Rc<dyn Any>>,
    /// `prefixes=`.
    pub prefixes: Vec<Rc<str>>,
}

impl TableOptions {
    /// The options of a table.
    pub fn of(table: &Table) -> Self {
        TableOptions {
            comment: table.comment(),
            info: table.info(),
            prefixes: table.prefixes(),
        }
    }
}

/// The target of `drop_constraint`, identified by its name and optionally its type.
#[derive(Clone)]
pub struct GenericConstraint {
    /// Its name, with the naming convention applied.
    pub name: ConstraintName,
    /// Its table.
    pub table: Option<Table>,
    /// The constraint, if its type is known.
    pub constraint: Option<Constraint>,
}

impl From<Constraint> for GenericConstraint {
    fn from(constraint: Constraint) -> Self {
        GenericConstraint {
            name: constraint.name(),
            table: constraint.table(),
            constraint: Some(constraint),
        }
    }
}

impl GenericConstraint {
    /// Drops it in the database.
    ///
    /// # Errors
    /// `NotImplementedError` where the dialect can't, and errors of the database.
    pub fn drop(&self, implementation: &dyn DefaultImpl, if_exists: bool) -> Result<()> {
        match (&self.constraint, &self.table) {
            (Some(constraint), _) => implementation.drop_constraint(constraint, if_exists),
            (None, Some(table)) => {
                implementation.drop_named_constraint(table, &self.name, if_exists)
            }
            (None, None) => Ok(()),
        }
    }

    /// Whether it was created by a Boolean or Enum type.
    pub fn is_type_bound(&self) -> bool {
        self.constraint
            .as_ref()
            .is_some_and(Constraint::is_type_bound)
    }
}

pub(crate) fn schema_name(schema: Option<&Name>) -> SchemaName {
    schema.map_or(SchemaName::Inherit, |name| SchemaName::Named(name.clone()))
}

impl SchemaObjects {
    /// Uses the naming convention of a metadata.
    pub fn with_naming_convention(metadata: &MetaData) -> Self {
        SchemaObjects {
            naming_convention: Some(metadata.naming_convention()),
        }
    }

    /// A new metadata with the project's naming convention.
    pub fn metadata(&self) -> MetaData {
        let metadata = MetaData::new();
        if let Some(convention) = &self.naming_convention {
            metadata.set_naming_convention(convention.clone());
        }
        metadata
    }

    /// A column with NullType.
    pub fn column(name: &Name) -> Column {
        Column::new(name, Type::null())
    }

    fn bare_table(
        &self,
        metadata: &MetaData,
        name: &Name,
        schema: Option<&Name>,
        columns: &[Name],
    ) -> Result<Table> {
        Table::new(
            name,
            metadata,
            columns
                .iter()
                .map(|name| TableItem::Column(Self::column(name)))
                .collect(),
            schema::TableOptions {
                schema: schema_name(schema),
                ..schema::TableOptions::default()
            },
        )
    }

    fn column_arguments(table: &Table, columns: &[Name]) -> Result<Vec<ColumnArgument>> {
        columns
            .iter()
            .map(|name| {
                table
                    .column(name)
                    .map(ColumnArgument::Column)
                    .ok_or_else(|| key_error(name))
            })
            .collect()
    }

    /// `primary_key_constraint`.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these columns or keywords.
    pub fn primary_key_constraint(
        &self,
        name: ConstraintName,
        table_name: &Name,
        columns: &[Name],
        schema: Option<&Name>,
        kw: &ConstraintKeywords,
    ) -> Result<Constraint> {
        let table = self.bare_table(&self.metadata(), table_name, schema, columns)?;
        Ok(
            PrimaryKeyConstraint::new(Self::column_arguments(&table, columns)?, kw.options(name))?
                .into(),
        )
    }

    /// `unique_constraint`.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these columns or keywords.
    pub fn unique_constraint(
        &self,
        name: ConstraintName,
        source: &Name,
        columns: &[Name],
        schema: Option<&Name>,
        kw: &ConstraintKeywords,
    ) -> Result<Constraint> {
        let table = self.bare_table(&self.metadata(), source, schema, columns)?;
        let unique = Constraint::from(UniqueConstraint::new(
            Self::column_arguments(&table, columns)?,
            kw.options(name),
        )?);
        table.append_constraint(&unique)?;
        Ok(unique)
    }

    /// `check_constraint`.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these keywords.
    pub fn check_constraint(
        &self,
        name: ConstraintName,
        source: &Name,
        condition: &Expression,
        schema: Option<&Name>,
        kw: &ConstraintKeywords,
    ) -> Result<Constraint> {
        let table = Table::new(
            source,
            &self.metadata(),
            vec![TableItem::Column(Column::new("x", Type::integer_type()))],
            schema::TableOptions {
                schema: schema_name(schema),
                ..schema::TableOptions::default()
            },
        )?;
        let check = Constraint::from(CheckConstraint::new(condition.clone(), kw.options(name))?);
        table.append_constraint(&check)?;
        Ok(check)
    }

    /// `foreign_key_constraint`.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these columns or keywords.
    pub fn foreign_key_constraint(
        &self,
        name: ConstraintName,
        source: &Name,
        referent: &Name,
        local_cols: &[Name],
        remote_cols: &[Name],
        kw: &ForeignKeyKeywords,
    ) -> Result<Constraint> {
        let metadata = self.metadata();
        let mut columns = local_cols.to_vec();
        if source == referent && kw.source_schema == kw.referent_schema {
            columns.extend_from_slice(remote_cols);
        } else {
            self.bare_table(
                &metadata,
                referent,
                kw.referent_schema.as_ref(),
                remote_cols,
            )?;
        }
        let mut unique: Vec<Name> = Vec::new();
        for column in columns {
            if !unique.contains(&column) {
                unique.push(column);
            }
        }
        let table = self.bare_table(&metadata, source, kw.source_schema.as_ref(), &unique)?;
        let target = match &kw.referent_schema {
            Some(schema) if !schema.is_empty() => format!("{schema}.{referent}"),
            _ => referent.to_string(),
        };
        let foreign_key = Constraint::from(ForeignKeyConstraint::new(
            local_cols
                .iter()
                .map(|name| ColumnArgument::Key(name.text()))
                .collect(),
            remote_cols
                .iter()
                .map(|name| format!("{target}.{name}").into())
                .collect(),
            ForeignKeyOptions {
                name,
                onupdate: kw.onupdate.clone(),
                ondelete: kw.ondelete.clone(),
                deferrable: kw.deferrable,
                initially: kw.initially.clone(),
                use_alter: kw.use_alter,
                match_: kw.r#match.clone(),
                options: kw.dialect.clone(),
                ..ForeignKeyOptions::default()
            },
        )?);
        table.append_constraint(&foreign_key)?;
        Ok(foreign_key)
    }

    /// `generic_constraint`: a constraint by name and optionally type.
    ///
    /// # Errors
    /// `TypeError` for a kind that there is not; what the naming convention raises.
    pub fn generic_constraint(
        &self,
        name: ConstraintName,
        table_name: &Name,
        kind: Option<&str>,
        schema: Option<&Name>,
    ) -> Result<GenericConstraint> {
        let table = self.bare_table(&self.metadata(), table_name, schema, &[])?;
        let options = ConstraintOptions {
            name: name.clone(),
            ..ConstraintOptions::default()
        };
        let constraint: Constraint = match kind {
            None => {
                return Ok(GenericConstraint {
                    name,
                    table: Some(table),
                    constraint: None,
                });
            }
            Some("foreignkey") => ForeignKeyConstraint::new(
                Vec::new(),
                Vec::new(),
                ForeignKeyOptions {
                    name,
                    ..ForeignKeyOptions::default()
                },
            )?
            .into(),
            Some("primary") => PrimaryKeyConstraint::new(Vec::new(), options)?.into(),
            Some("unique") => UniqueConstraint::new(Vec::new(), options)?.into(),
            Some("check") => CheckConstraint::new(text(""), options)?.into(),
            Some(_) => {
                return Err(Error::new(
                    exception::TYPE_ERROR,
                    "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
                ));
            }
        };
        table.append_constraint(&constraint)?;
        Ok(constraint.into())
    }

    /// `table`.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these items and keywords.
    pub fn table(
        &self,
        name: &Name,
        items: &[TableItem],
        schema: Option<&Name>,
        options: &TableOptions,
        kw: &DialectOptions,
        constraints_included: bool,
    ) -> Result<Table> {
        let metadata = self.metadata();
        let mut columns = Vec::new();
        for item in items {
            let TableItem::Column(column) = item else {
                continue;
            };
            let column = if column.table().is_some() {
                column.copy()?
            } else {
                column.clone()
            };
            if constraints_included {
                column.set_unique(Some(false));
                column.set_index(Some(false));
            }
            columns.push(TableItem::Column(column));
        }
        let table = Table::new(
            name,
            &metadata,
            columns,
            schema::TableOptions {
                schema: schema_name(schema),
                comment: options.comment.clone(),
                info: options.info.clone(),
                prefixes: options.prefixes.clone(),
                options: kw.clone(),
                ..schema::TableOptions::default()
            },
        )?;
        let mut constraints = Vec::new();
        for item in items {
            match item {
                TableItem::Column(_) => {}
                TableItem::Constraint(constraint) if constraint.is_type_bound() => {}
                TableItem::Constraint(constraint) => {
                    constraints.push(TableItem::Constraint(match constraint.table() {
                        Some(parent) if !parent.ptr_eq(&table) => {
                            constraint.copy(None, Some(&table))?
                        }
                        _ => constraint.clone(),
                    }));
                }
                TableItem::Index(index) => constraints.push(TableItem::Index(index.clone())),
            }
        }
        for item in constraints {
            match item {
                TableItem::Constraint(constraint) => table.append_constraint(&constraint)?,
                TableItem::Index(index) => table.append_index(&index)?,
                TableItem::Column(_) => {}
            }
        }
        for foreign_key in table.foreign_keys() {
            ensure_table_for_fk(&metadata, &foreign_key)?;
        }
        Ok(table)
    }

    /// `index`, on a table created for it.
    ///
    /// # Errors
    /// What SQLAlchemy raises for these columns and keywords.
    pub fn index(
        &self,
        name: ConstraintName,
        table_name: Option<&Name>,
        columns: &[IndexElement],
        schema: Option<&Name>,
        unique: bool,
        kw: &DialectOptions,
    ) -> Result<Index> {
        let no_table = Name::new("no_table");
        let table_name = table_name
            .filter(|name| !name.is_empty())
            .unwrap_or(&no_table);
        let table = self.bare_table(&self.metadata(), table_name, schema, &[])?;
        let mut expressions = Vec::with_capacity(columns.len());
        for column in columns {
            expressions.push(match column {
                IndexElement::Name(name) => {
                    let column = Self::column(name);
                    table.append_column(&column, false)?;
                    IndexExpression::Expression(Expression::Column(column))
                }
                IndexElement::Expression(Expression::Text(text)) => {
                    // The text is also added to the table as a column, where a batch looks it up.
                    let column = Self::column(&Name::new(text.text.clone()));
                    table.append_column(&column, false)?;
                    IndexExpression::Text(Expression::Text(text.clone()), column)
                }
                IndexElement::Expression(expression) => {
                    IndexExpression::Expression(copy_to_table(expression, &table)?)
                }
            });
        }
        Index::new(
            name,
            expressions,
            IndexOptions {
                unique,
                options: kw.clone(),
                table: Some(table),
                ..IndexOptions::default()
            },
        )
    }
}

pub(crate) fn key_error(key: &str) -> Error {
    Error::new(
        exception::KEY_ERROR,
        ground::formatting::repr::string_repr(key),
    )
}

/// `_copy_expression`: copies the expression to another table, creating columns as needed.
pub(crate) fn copy_to_table(expression: &Expression, target: &Table) -> Result<Expression> {
    let mut expression = expression.clone();
    let mut sources: Vec<Table> = Vec::new();
    for column in expression.columns() {
        let Some(source) = column.table() else {
            continue;
        };
        if source.ptr_eq(target) {
            continue;
        }
        if target.column(&column.name()).is_none() {
            target.append_column(&column.copy()?, false)?;
        }
        if !sources.iter().any(|known| known.ptr_eq(&source)) {
            sources.push(source);
        }
    }
    for source in &sources {
        expression = copy_expression(&expression, source, target);
    }
    Ok(expression)
}

/// `_ensure_table_for_fk`: creates the table and column that a foreign key refers to.
fn ensure_table_for_fk(metadata: &MetaData, foreign_key: &ForeignKey) -> Result<()> {
    if foreign_key.target_column().is_some() {
        return Ok(());
    }
    let target = foreign_key.target_tokens();
    let table_name = target.table_name.unwrap_or_else(|| "None".into());
    let key = schema::table_key(&table_name, target.schema.as_deref());
    let table = match metadata.table(&key) {
        Some(table) => table,
        None => Table::new(
            Name::new(table_name),
            metadata,
            Vec::new(),
            schema::TableOptions {
                schema: target.schema.as_deref().into(),
                ..schema::TableOptions::default()
            },
        )?,
    };
    if let Some(column) = target.column_name
        && table.column(&column).is_none()
    {
        table.append_column(&Column::new(Name::new(column), Type::null()), false)?;
    }
    Ok(())
}

impl ConstraintKeywords {
    fn options(&self, name: ConstraintName) -> ConstraintOptions {
        ConstraintOptions {
            name,
            deferrable: self.deferrable,
            initially: self.initially.clone(),
            options: self.dialect.clone(),
            ..ConstraintOptions::default()
        }
    }
}
