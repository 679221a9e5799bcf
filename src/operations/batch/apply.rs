//! Recreates a table with changes: `ApplyBatchImpl`.

use ground::exception;
use ground::hash::HashSet;
use sqlalchemy::exc;
use std::rc::Rc;

use super::{AddColumn, BatchOperation, BatchOptions, Ordered, TableKeywords};
use crate::ddl::{AlterColumn, DefaultImpl, Executable};
use crate::operations::schemaobj::{GenericConstraint, copy_to_table, key_error, schema_name};
use ground::diagnostic::{Error, Result};
use sqlalchemy::elements::Expression;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::naming::{self, Named};
use sqlalchemy::schema::{
    self, Autoincrement, Column, Constraint, ForeignKeyConstraint, Index, IndexExpression,
    IndexOptions, MetaData, ServerDefault, Table, TableItem, TableOptions,
};
use sqlalchemy::sql::{Insert, InsertSource, select};
use sqlalchemy::sqltypes::Type;
use sqlalchemy::topological;

/// `ApplyBatchImpl`: the old table's items, as they will be in the new one.
pub(super) struct ApplyBatchImpl {
    implementation: Rc<dyn DefaultImpl>,
    table: Table,
    table_args: Vec<TableItem>,
    table_kwargs: TableKeywords,
    temp_table_name: Name,
    partial_reordering: Vec<Vec<Name>>,
    add_col_ordering: Vec<(Rc<str>, Rc<str>)>,
    /// The source expression of each column's values; `None` for a new column.
    column_transfers: Ordered<Option<Expression>>,
    existing_ordering: Vec<Rc<str>>,
    reflected: bool,
    columns: Ordered<Column>,
    named_constraints: Ordered<GenericConstraint>,
    unnamed_constraints: Vec<Constraint>,
    col_named_constraints: Ordered<(Column, Constraint)>,
    indexes: Ordered<Index>,
    new_indexes: Ordered<(Index, Vec<Rc<str>>)>,
}

fn invalid_name() -> Error {
    Error::new(exception::VALUE_ERROR, "Constraint must have a name")
}

impl ApplyBatchImpl {
    pub(super) fn new(
        implementation: &Rc<dyn DefaultImpl>,
        table: Table,
        options: &BatchOptions,
        reflected: bool,
    ) -> Result<Self> {
        let temp_table_name: String = format!("_alembic_tmp_{}", table.name())
            .chars()
            .take(50)
            .collect();
        let column_transfers: Ordered<Option<Expression>> = table
            .columns()
            .iter()
            .map(|column| {
                (
                    column.name().text(),
                    Some(Expression::Column(column.clone())),
                )
            })
            .collect();
        let mut apply = ApplyBatchImpl {
            implementation: implementation.clone(),
            table_args: options.table_args.clone(),
            table_kwargs: options.table_kwargs.clone(),
            temp_table_name: Name::quoted(temp_table_name, table.name().quote()),
            partial_reordering: options.partial_reordering.clone(),
            add_col_ordering: Vec::new(),
            existing_ordering: column_transfers.keys().cloned().collect(),
            column_transfers,
            reflected,
            columns: Ordered::default(),
            named_constraints: Ordered::default(),
            unnamed_constraints: Vec::new(),
            col_named_constraints: Ordered::default(),
            indexes: Ordered::default(),
            new_indexes: Ordered::default(),
            table,
        };
        apply.grab_table_elements()?;
        Ok(apply)
    }

    fn schema(&self) -> Option<Name> {
        self.table.schema()
    }

    /// Collects the items of the old table.
    fn grab_table_elements(&mut self) -> Result<()> {
        let schema = self.schema();
        for column in self.table.columns() {
            let copy = column.copy_to(schema.as_deref(), None)?;
            copy.set_unique(Some(false));
            copy.set_index(Some(false));
            self.columns.insert(column.name().text(), copy);
        }
        let check_in_table_args = self
            .table_args
            .iter()
            .any(|item| matches!(item, TableItem::Constraint(Constraint::Check(_))));
        for constraint in self.table.constraints() {
            if constraint.is_type_bound() {
                continue;
            }
            let name = constraint.name();
            if self.reflected
                && matches!(constraint, Constraint::Check(_))
                && name.as_str().is_none_or(str::is_empty)
            {
                if !check_in_table_args {
                    self.implementation.state().run().warning(
                        exception::USER_WARNING,
                        &format!(
                            "Unnamed CHECK constraint on reflected table '{}' is being omitted \
                             from the table recreate; pass the constraint explicitly using \
                             batch_alter_table.table_args.  Naming CHECK constraints avoids this \
                             going forward.",
                            self.table.name()
                        ),
                    );
                }
            } else if let Some(name) = name.name() {
                self.named_constraints
                    .insert(name.text(), constraint.into());
            } else {
                self.unnamed_constraints.push(constraint);
            }
        }
        if !self.reflected {
            for column in self.table.columns() {
                for constraint in column.constraints() {
                    if let Some(name) = constraint.name().name() {
                        self.col_named_constraints
                            .insert(name.text(), (column.clone(), constraint.clone()));
                    }
                }
            }
        }
        for index in self.table.indexes() {
            let key = index
                .name()
                .name()
                .map_or_else(|| "None".into(), Name::text);
            self.indexes.insert(key, index);
        }
        for (name, value) in self.table.dialect_options().iter() {
            if self.table_kwargs.options.get(name).is_none() {
                self.table_kwargs.options.insert(name, value.clone());
            }
        }
        Ok(())
    }

    /// Applies a batch operation to the description of the new table.
    pub(super) fn take(&mut self, operation: &BatchOperation) -> Result<()> {
        match operation {
            BatchOperation::AlterColumn(alter) => self.alter_column(alter),
            BatchOperation::AddColumn(add) => self.add_column(add),
            BatchOperation::DropColumn {
                column,
                existing_type,
                ..
            } => self.drop_column(column, existing_type.as_ref()),
            BatchOperation::AddConstraint(constraint) => self.add_constraint(constraint),
            BatchOperation::DropConstraint(constraint) => self.drop_constraint(constraint),
            BatchOperation::CreateIndex {
                index,
                keys,
                if_not_exists,
            } => {
                refuse_keyword("create_index", "if_not_exists", *if_not_exists)?;
                let name = index
                    .name()
                    .name()
                    .map_or_else(|| "None".into(), Name::text);
                self.new_indexes.insert(name, (index.clone(), keys.clone()));
                Ok(())
            }
            BatchOperation::DropIndex { index, if_exists } => {
                refuse_keyword("drop_index", "if_exists", *if_exists)?;
                let name = index
                    .name()
                    .name()
                    .map_or_else(|| "None".into(), Name::text);
                match self.indexes.shift_remove(&name) {
                    Some(_) => Ok(()),
                    None => Err(Error::new(
                        exception::VALUE_ERROR,
                        format!("No such index: '{name}'"),
                    )),
                }
            }
            BatchOperation::CreateTableComment(_)
            | BatchOperation::DropTableComment(_)
            | BatchOperation::CreateColumnComment(_) => Ok(()),
        }
    }

    fn alter_column(&mut self, alter: &AlterColumn) -> Result<()> {
        let column_name = &alter.column_name;
        let existing = self
            .columns
            .get(column_name.as_str())
            .cloned()
            .ok_or_else(|| key_error(column_name))?;
        if let Some(name) = alter.name.as_ref().filter(|name| *name != column_name) {
            existing.set_name(name);
            if let Some(existing_type) = &alter.existing_type {
                self.forget_constraint_of(&self.resolve_for_variant(existing_type));
            }
        }
        if let Some(kind) = &alter.kind {
            existing.set_type_events(false);
            if let Some(Some(transfer)) = self.column_transfers.get_mut(column_name.as_str()) {
                *transfer = self.implementation.cast_for_batch_migrate(
                    &existing.kind(),
                    transfer.clone(),
                    kind,
                );
            } else {
                // A new column has no values to cast.
                let same = crate::ddl::same_affinity(&existing.kind(), kind);
                if !same {
                    return Err(key_error("expr"));
                }
            }
            existing.set_kind(kind.clone());
        }
        if let Some(nullable) = alter.nullable {
            existing.set_nullable(nullable);
        }
        if let Some(server_default) = &alter.server_default {
            match server_default {
                None => existing.set_server_default(None),
                Some(ServerDefault::DefaultClause(clause)) => {
                    existing.set_server_default(Some(ServerDefault::DefaultClause(clause.clone())));
                }
                Some(_) => {
                    return Err(Error::new(
                        exc::ARGUMENT_ERROR,
                        "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class \
                         'sqlalchemy.sql.elements.ClauseElement'>' or '<class \
                         'sqlalchemy.sql.elements.TextClause'>', got '<class \
                         'sqlalchemy.sql.schema.Computed'>'",
                    ));
                }
            }
        }
        if let Some(autoincrement) = alter.autoincrement {
            existing.set_autoincrement(if autoincrement {
                Autoincrement::True
            } else {
                Autoincrement::False
            });
        }
        if let Some(comment) = &alter.comment {
            existing.set_comment(comment.clone());
        }
        Ok(())
    }

    fn resolve_for_variant(&self, kind: &Type) -> Type {
        let dialect = self.implementation.state().dialect();
        kind.variants()
            .find(|(name, _)| *name == dialect.name())
            .map_or_else(|| kind.clone(), |(_, variant)| variant.clone())
    }

    /// Drops the CHECK of a named Boolean or Enum with its column.
    fn forget_constraint_of(&mut self, kind: &Type) {
        if kind.is_schema_type()
            && let Some(name) = kind.name()
        {
            self.named_constraints.shift_remove(&name);
        }
    }

    fn setup_dependencies_for_add_column(&mut self, add: &AddColumn) -> Result<()> {
        let name = add.column.name().text();
        let given = |name: &Option<Name>| {
            name.as_ref()
                .filter(|name| !name.is_empty())
                .map(Name::text)
        };
        let (mut before, mut after) = (given(&add.insert_before), given(&add.insert_after));
        let existing = &self.existing_ordering;
        let index = |name: &Rc<str>| existing.iter().position(|known| known == name);
        let ordering = &self.add_col_ordering;
        if self.partial_reordering.is_empty() {
            if let (Some(after), None) = (&after, &before) {
                match index(after) {
                    Some(place) => before = existing.get(place + 1).cloned(),
                    None => {
                        before = Some(
                            ordering
                                .iter()
                                .rev()
                                .find(|(first, _)| first == after)
                                .map(|(_, second)| second.clone())
                                .ok_or_else(|| key_error(after))?,
                        );
                    }
                }
            }
            if let (Some(before), None) = (&before, &after) {
                match index(before) {
                    Some(place) => {
                        after = place
                            .checked_sub(1)
                            .and_then(|place| existing.get(place))
                            .cloned();
                    }
                    None => {
                        after = Some(
                            ordering
                                .iter()
                                .rev()
                                .find(|(_, second)| second == before)
                                .map(|(first, _)| first.clone())
                                .ok_or_else(|| key_error(before))?,
                        );
                    }
                }
            }
        }
        let mut pairs = Vec::new();
        if let Some(before) = &before {
            pairs.push((name.clone(), before.clone()));
        }
        if let Some(after) = &after {
            pairs.push((after.clone(), name.clone()));
        }
        if self.partial_reordering.is_empty()
            && before.is_none()
            && after.is_none()
            && let Some(last) = existing.last()
        {
            pairs.push((last.clone(), name));
        }
        self.add_col_ordering.extend(pairs);
        Ok(())
    }

    fn add_column(&mut self, add: &AddColumn) -> Result<()> {
        self.setup_dependencies_for_add_column(add)?;
        let schema = self.schema();
        let copy = add.column.copy_to(schema.as_deref(), None)?;
        copy.set_type_events(false);
        let name = add.column.name().text();
        self.columns.insert(name.clone(), copy);
        self.column_transfers.insert(name, None);
        Ok(())
    }

    fn drop_column(&mut self, column: &Column, existing_type: Option<&Type>) -> Result<()> {
        let name = column.name();
        self.table.primary_key().remove_column(&name);
        self.columns
            .shift_remove(name.as_str())
            .ok_or_else(|| key_error(&name))?;
        self.column_transfers
            .shift_remove(name.as_str())
            .ok_or_else(|| key_error(&name))?;
        let place = self
            .existing_ordering
            .iter()
            .position(|known| **known == *name)
            .ok_or_else(|| Error::new(exception::VALUE_ERROR, "list.remove(x): x not in list"))?;
        self.existing_ordering.remove(place);
        if let Some(existing_type) = existing_type {
            self.forget_constraint_of(existing_type);
        }
        Ok(())
    }

    fn add_constraint(&mut self, constraint: &Constraint) -> Result<()> {
        let name = constraint.name();
        if name == ConstraintName::None {
            return Err(invalid_name());
        }
        if matches!(constraint, Constraint::PrimaryKey(_)) {
            let primary_key = Constraint::PrimaryKey(self.table.primary_key());
            self.unnamed_constraints
                .retain(|known| !known.ptr_eq(&primary_key));
        }
        match name.name() {
            Some(name) => {
                self.named_constraints
                    .insert(name.text(), constraint.clone().into());
            }
            None => self.unnamed_constraints.push(constraint.clone()),
        }
        Ok(())
    }

    fn drop_constraint(&mut self, dropped: &GenericConstraint) -> Result<()> {
        let name = match &dropped.name {
            ConstraintName::None => return Err(invalid_name()),
            // The unnamed CHECK of a type cannot be looked up.
            ConstraintName::NoneName => return Ok(()),
            ConstraintName::Plain(name) | ConstraintName::Convention(name) => name.text(),
        };
        if name.is_empty() {
            return Err(invalid_name());
        }
        let missing = || {
            if dropped.is_type_bound() {
                Ok(())
            } else {
                Err(Error::new(
                    exception::VALUE_ERROR,
                    format!("No such constraint: '{name}'"),
                ))
            }
        };
        if let Some((column, _)) = self.col_named_constraints.shift_remove(&name) {
            let Some(copy) = self.columns.get(column.name().as_str()) else {
                return missing();
            };
            for constraint in copy.constraints() {
                if constraint.name().as_str() == Some(&*name) {
                    copy.remove_constraint(&constraint);
                }
            }
            return Ok(());
        }
        let Some(found) = self.named_constraints.shift_remove(&name) else {
            return missing();
        };
        if let Some(Constraint::PrimaryKey(primary_key)) = &found.constraint {
            for column in primary_key.columns() {
                let column_name = column.name();
                self.columns
                    .get(column_name.as_str())
                    .ok_or_else(|| key_error(&column_name))?
                    .set_primary_key(false);
            }
        }
        Ok(())
    }

    fn adjust_for_partial_reordering(&mut self) -> Result<()> {
        let names: Vec<Rc<str>> = self.columns.keys().cloned().collect();
        let mut pairs: Vec<(Rc<str>, Rc<str>)> = Vec::new();
        if self.partial_reordering.is_empty() {
            for (place, name) in self.existing_ordering.iter().enumerate().skip(1) {
                pairs.push((names[place - 1].clone(), name.clone()));
            }
        } else {
            for tuple in &self.partial_reordering {
                for two in tuple.windows(2) {
                    pairs.push((two[0].text(), two[1].text()));
                }
            }
        }
        pairs.extend(self.add_col_ordering.iter().cloned());
        let number = |name: &Rc<str>| self.columns.get_index_of(name);
        let mut edges = HashSet::default();
        for (first, second) in &pairs {
            if first != second
                && let (Some(first), Some(second)) = (number(first), number(second))
            {
                edges.insert((first, second));
            }
        }
        let sorted = topological::sort(&edges, names.len())?;
        let mut columns = Ordered::default();
        let mut transfers = Ordered::default();
        for place in sorted {
            let name = &names[place];
            columns.insert(name.clone(), self.columns[name].clone());
            transfers.insert(name.clone(), self.column_transfers[name].clone());
        }
        self.columns = columns;
        self.column_transfers = transfers;
        Ok(())
    }

    fn new_table(&mut self) -> Result<Table> {
        if !self.partial_reordering.is_empty() || !self.add_col_ordering.is_empty() {
            self.adjust_for_partial_reordering()?;
        }
        let metadata = MetaData::new();
        let schema = self.schema();
        let items = self
            .columns
            .values()
            .cloned()
            .map(TableItem::Column)
            .chain(self.table_args.iter().cloned())
            .collect();
        let table = Table::new(
            &self.temp_table_name,
            &metadata,
            items,
            TableOptions {
                schema: schema_name(schema.as_ref()),
                comment: self.table_kwargs.comment.clone(),
                prefixes: self.table_kwargs.prefixes.clone().unwrap_or_default(),
                options: self.table_kwargs.options.clone(),
                ..TableOptions::default()
            },
        )?;
        self.name_type_bound_constraints(&table)?;
        let named = self
            .named_constraints
            .values()
            .filter_map(|named| named.constraint.clone());
        let constraints: Vec<Constraint> = named
            .chain(self.unnamed_constraints.iter().cloned())
            .collect();
        for constraint in constraints {
            let keys: Vec<Rc<str>> = match &constraint {
                Constraint::ForeignKey(foreign_key) => foreign_key
                    .elements()
                    .iter()
                    .filter_map(|element| element.parent())
                    .map(|column| column.key())
                    .collect(),
                Constraint::Check(check) => {
                    check.sqltext().columns().iter().map(Column::key).collect()
                }
                other => other.columns().iter().map(Column::key).collect(),
            };
            if !keys
                .iter()
                .all(|key| self.column_transfers.contains_key(key))
            {
                continue;
            }
            let target = match &constraint {
                Constraint::ForeignKey(foreign_key) => {
                    is_self_referential(foreign_key).then(|| self.table.clone())
                }
                _ => Some(table.clone()),
            };
            let copy = constraint.copy(schema.as_deref(), target.as_ref())?;
            if let Constraint::ForeignKey(foreign_key) = &constraint {
                self.setup_referent(&metadata, foreign_key)?;
            }
            table.append_constraint(&copy)?;
        }
        Ok(table)
    }

    /// `_name_type_bound_constraints`.
    fn name_type_bound_constraints(&self, table: &Table) -> Result<()> {
        if self.table.metadata().naming_convention().is_empty() {
            return Ok(());
        }
        for constraint in table.constraints() {
            if !constraint.is_type_bound() {
                continue;
            }
            match naming::name_for_table(Named::Constraint(&constraint), &self.table) {
                Ok(Some(name)) if !name.is_empty() => {
                    constraint.set_name(ConstraintName::Convention(name));
                }
                Ok(_) => {}
                Err(error) if error.class == exc::INVALID_REQUEST_ERROR => {
                    let columns: Vec<String> = constraint
                        .columns()
                        .iter()
                        .map(|column| column.name().to_string())
                        .collect();
                    self.implementation.state().run().warning(
                        exception::USER_WARNING,
                        &format!(
                            "The CHECK constraint generated by the type of column '{}.{}' has no \
                             name, while the naming convention in use requires one; the constraint \
                             is emitted without a name.  Boolean and Enum datatypes should be \
                             given a name, e.g. Boolean(name='...'), in order for their CHECK \
                             constraints to participate fully in batch mode.",
                            self.table.name(),
                            columns.join(", ")
                        ),
                    );
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Creates the table that a foreign key references, as far as the new table needs it.
    fn setup_referent(&self, metadata: &MetaData, constraint: &ForeignKeyConstraint) -> Result<()> {
        let targets: Vec<_> = constraint
            .elements()
            .iter()
            .map(|element| element.target_tokens())
            .collect();
        let Some(first) = targets.first() else {
            return Ok(());
        };
        let table_name = first.table_name.clone().unwrap_or_else(|| "None".into());
        if *table_name == *self.temp_table_name {
            return Ok(());
        }
        let names = targets
            .iter()
            .filter_map(|target| target.column_name.clone());
        let column = |name: Rc<str>| Column::new(Name::new(name), Type::null());
        let key = schema::table_key(&table_name, first.schema.as_deref());
        match metadata.table(&key) {
            Some(table) => {
                for name in names {
                    if table.column(&name).is_none() {
                        table.append_column(&column(name), false)?;
                    }
                }
            }
            None => {
                Table::new(
                    Name::new(table_name),
                    metadata,
                    names.map(|name| TableItem::Column(column(name))).collect(),
                    TableOptions {
                        schema: first.schema.as_deref().into(),
                        ..TableOptions::default()
                    },
                )?;
            }
        }
        Ok(())
    }

    /// Creates the new table, copies the rows, drops the old table, renames the new one, and
    /// creates the indexes.
    pub(super) fn create(mut self) -> Result<()> {
        let table = self.new_table()?;
        let implementation = self.implementation.clone();
        let kept = |name: &str| self.named_constraints.contains_key(name);
        implementation.prep_table_for_batch(&self.table, &kept)?;
        implementation.create_table(&table, false)?;
        let copied = self
            .insert(&table)
            .and_then(|insert| implementation.exec(&insert, None))
            .and_then(|_| implementation.drop_table(&self.table, false));
        if let Err(error) = copied {
            implementation.drop_table(&table, false)?;
            return Err(error);
        }
        implementation.rename_table(
            &self.temp_table_name,
            &self.table.name(),
            self.schema().as_ref(),
        )?;
        table.set_name(self.table.name());
        for index in self.gather_indexes(&table)? {
            implementation.create_index(&index, false)?;
        }
        Ok(())
    }

    fn insert(&self, table: &Table) -> Result<Executable> {
        let mut names = Vec::new();
        let mut expressions = Vec::new();
        for (name, expression) in &self.column_transfers {
            if let Some(expression) = expression {
                names.push(name.clone());
                expressions.push(expression.clone());
            }
        }
        let mut insert = Insert::new(table.clone());
        insert.inline = true;
        insert.source = InsertSource::Select(names, select(expressions).into(), false);
        Ok(Executable::from(insert))
    }

    fn gather_indexes(&self, table: &Table) -> Result<Vec<Index>> {
        let mut indexes = Vec::new();
        for existing in self.indexes.values() {
            if existing.is_column_flag() {
                continue;
            }
            let expressions = existing
                .expressions()
                .iter()
                .map(|expression| copy_to_table(expression, table).map(IndexExpression::Expression))
                .collect::<Result<Vec<_>>>()?;
            indexes.push(Index::new(
                existing.name(),
                expressions,
                IndexOptions {
                    unique: existing.unique(),
                    options: existing.dialect_options(),
                    table: Some(table.clone()),
                    ..IndexOptions::default()
                },
            )?);
        }
        for (new, keys) in self.new_indexes.values() {
            let columns = keys
                .iter()
                .map(|key| {
                    table
                        .column(key)
                        .map(|column| IndexExpression::from(&column))
                        .ok_or_else(|| key_error(key))
                })
                .collect::<Result<Vec<_>>>()?;
            indexes.push(Index::new(
                new.name(),
                columns,
                IndexOptions {
                    unique: new.unique(),
                    options: new.dialect_options(),
                    ..IndexOptions::default()
                },
            )?);
        }
        Ok(indexes)
    }
}

fn is_self_referential(constraint: &ForeignKeyConstraint) -> bool {
    let target = constraint
        .elements()
        .first()
        .and_then(|element| element.target_table_key());
    target.is_some() && target == constraint.table().map(|table| table.key().to_string())
}

fn refuse_keyword(method: &str, keyword: &str, value: Option<bool>) -> Result<()> {
    match value {
        None => Ok(()),
        Some(_) => Err(Error::new(
            exception::TYPE_ERROR,
            format!("ApplyBatchImpl.{method}() got an unexpected keyword argument '{keyword}'"),
        )),
    }
}
