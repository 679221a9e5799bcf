//! Compilation of INSERT, UPDATE and DELETE.

use crate::exc;
use std::rc::Rc;

use super::defaults::has_value;
use super::labels::column_names;
use super::state::{Compilation, Flags, Level};
use crate::elements::{BindParameter, Expression, LabelName, anonymous_parameter, literal_column};
use crate::literal::Literal;
use crate::name::Name;
use crate::schema::{Column, ColumnDefault};
use crate::sql::{
    Delete, FromClause, Hint, Insert, InsertSource, LabelStyle, OnConflict, OnConflictAction,
    Update, hints_for,
};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

/// A column set by a statement: a schema column or a lightweight one.
pub(super) struct Target {
    pub(super) name: Name,
    pub(super) key: Rc<str>,
    pub(super) kind: Type,
    pub(super) column: Option<Column>,
}

fn targets(table: &FromClause) -> Vec<Target> {
    match table {
        FromClause::Table(table) => table
            .columns()
            .into_iter()
            .map(|column| Target {
                name: column.name(),
                key: column.key(),
                kind: column.kind(),
                column: Some(column),
            })
            .collect(),
        FromClause::TableClause(table) => table
            .columns
            .iter()
            .map(|(name, kind)| Target {
                name: name.clone(),
                key: name.text(),
                kind: kind.clone(),
                column: None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

impl Compilation {
    pub(super) fn named(
        &mut self,
        key: &str,
        kind: &Type,
        value: Option<Literal>,
        default: Option<ColumnDefault>,
        required: bool,
    ) -> Result<String> {
        let parameter = Rc::new(BindParameter {
            key: LabelName::Plain(Name::new(key)),
            original_key: key.into(),
            value,
            kind: kind.clone(),
            expanding: false,
            required,
            unique: false,
            literal_execute: false,
            inline: false,
        });
        self.parameter(&parameter, default)
    }

    /// The value of a column: a plain value becomes a parameter named after the column.
    pub(super) fn column_value(
        &mut self,
        target: &Target,
        value: &Expression,
        suffix: &str,
        flags: Flags,
    ) -> Result<String> {
        if let Expression::BindParameter(parameter) = value {
            let mut changed = (**parameter).clone();
            if changed.kind.is_null() || (changed.unique && !changed.inline) {
                changed.kind = target.kind.clone();
            }
            if changed.unique && !changed.inline && self.inside_cte {
                changed.key = anonymous_parameter("param", Literal::Null, Type::null()).key;
            } else if changed.unique && !changed.inline {
                // A plain value wrapped as a parameter: it is renamed after the column.
                changed.key = LabelName::Plain(Name::new(format!("{}{suffix}", target.key)));
                changed.original_key = format!("{}{suffix}", target.key).into();
                changed.unique = false;
            }
            return self.bind(&Rc::new(changed), flags);
        }
        let value = match value {
            Expression::TypeCoerce(_) | Expression::ScalarSelect(_) => value.clone(),
            other => other.self_group(None),
        };
        let text = self.expression(&value, flags)?;
        // A top-level operator in a value is not parenthesized.
        Ok(match &value {
            Expression::Grouping(inner)
                if matches!(**inner, Expression::Binary(_) | Expression::List(_)) =>
            {
                text
            }
            _ => text,
        })
    }

    pub(super) fn insert(&mut self, insert: &Insert, flags: Flags) -> Result<String> {
        for cte in &insert.ctes {
            self.from(cte, flags)?;
        }
        let table = self.from(&insert.table, flags)?;
        let mut text = String::from("INSERT ");
        text.push_str(&self.dialect_texts(&insert.prefixes, flags)?);
        let table = self.hinted(&insert.table, table, &insert.hints)?;
        text.push_str(&format!("INTO {table}"));
        let early = self.early_returning(insert, flags)?;
        if let FromClause::Table(table) = &insert.table {
            table.primary_key().autoincrement_column()?;
        }
        let all = targets(&insert.table);
        match &insert.source {
            InsertSource::Select(names, select, include_defaults) => {
                let mut shown = Vec::new();
                for name in names {
                    let target = all.iter().find(|target| *target.key == **name);
                    shown.push(match target {
                        Some(target) => self.dialect.quote_name(&target.name),
                        None => self.dialect.quote(name),
                    });
                }
                let mut select = select.clone();
                if *include_defaults {
                    let (extra, changed) = self.select_defaults(&all, names, &select);
                    shown.extend(extra);
                    select = changed;
                }
                let inner = self.select_base(&select, flags, false)?;
                let follows = self.dialect.statement_compiler().cte_follows_insert();
                let inner = if follows {
                    self.with_ctes(inner)
                } else {
                    inner
                };
                text.push_str(&format!(" ({}) {inner}", shown.join(", ")));
            }
            InsertSource::MultiValues(rows) => {
                let keys: Vec<Rc<str>> = rows
                    .first()
                    .map(|row| row.iter().map(|(key, _)| key.clone()).collect())
                    .unwrap_or_default();
                self.check_keys(&all, &keys, &insert.table)?;
                let mut names = Vec::new();
                let mut values: Vec<Vec<String>> = vec![Vec::new(); rows.len()];
                for target in &all {
                    let given = keys.contains(&target.key);
                    let default = target.column.as_ref().and_then(Column::default);
                    if !given && !has_value(&default) && self.sequence(&default).is_none() {
                        continue;
                    }
                    names.push(self.dialect.quote_name(&target.name));
                    for (number, row) in rows.iter().enumerate() {
                        let suffix = format!("_m{number}");
                        let value = row.iter().find(|(key, _)| *key == target.key);
                        values[number].push(match value {
                            Some((_, value)) => self.column_value(target, value, &suffix, flags)?,
                            None => self.default_value(target, default.clone(), &suffix, flags)?,
                        });
                    }
                }
                if !self.dialect.supports_multivalues_insert() {
                    return Err(Error::new(
                        exc::COMPILE_ERROR,
                        format!(
                            "The '{}' dialect with current database version settings does not \
                             support in-place multirow inserts.",
                            self.dialect.name()
                        ),
                    ));
                }
                let rows: Vec<String> = values
                    .into_iter()
                    .map(|row| format!("({})", row.join(", ")))
                    .collect();
                text.push_str(&format!(
                    " ({}){early} VALUES {}",
                    names.join(", "),
                    rows.join(", ")
                ));
            }
            InsertSource::Parameters | InsertSource::Values(_) => {
                let given: &[(Rc<str>, Expression)] = match &insert.source {
                    InsertSource::Values(values) => values,
                    _ => &[],
                };
                let (names, values) = self.single_row(&all, given, insert, flags)?;
                if names.is_empty() {
                    text.push_str(&early);
                    text.push_str(if self.dialect.supports_default_values() {
                        " DEFAULT VALUES"
                    } else {
                        " () VALUES ()"
                    });
                } else {
                    text.push_str(&format!(
                        " ({}){early} VALUES ({})",
                        names.join(", "),
                        values.join(", ")
                    ));
                }
            }
        }
        for conflict in &insert.on_conflict {
            text.push(' ');
            text.push_str(&self.on_conflict(conflict, &all, flags)?);
        }
        let implicit = self.implicit_returning(insert)?;
        let returning = if insert.returning.is_empty() {
            &implicit
        } else {
            &insert.returning
        };
        if !self
            .dialect
            .statement_compiler()
            .returning_precedes_values()
        {
            text.push_str(&self.returning(returning, flags)?);
        }
        if !implicit.is_empty() {
            // The engine fetches the key itself; the caller sees no rows.
            self.result_columns.clear();
            self.returns_rows = false;
        }
        if self.dialect.statement_compiler().cte_follows_insert() {
            // Those that no SELECT uses are lost, as in SQLAlchemy.
            self.ctes.clear();
        }
        Ok(self.with_ctes(text))
    }

    /// A RETURNING clause that stands before VALUES; empty where it follows them.
    fn early_returning(&mut self, insert: &Insert, flags: Flags) -> Result<String> {
        if !self
            .dialect
            .statement_compiler()
            .returning_precedes_values()
        {
            return Ok(String::new());
        }
        let implicit = self.implicit_returning(insert)?;
        let returning = if insert.returning.is_empty() {
            &implicit
        } else {
            &insert.returning
        };
        self.returning(returning, flags)
    }

    /// Server-generated primary key columns that must be fetched with RETURNING
    /// (`_get_returning_modifiers`).
    fn implicit_returning(&self, insert: &Insert) -> Result<Vec<Expression>> {
        let single = matches!(
            insert.source,
            InsertSource::Parameters | InsertSource::Values(_)
        );
        let FromClause::Table(table) = &insert.table else {
            return Ok(Vec::new());
        };
        let lastrowid = self.dialect.postfetch_lastrowid();
        if !single
            || insert.inline
            || self.options.for_executemany
            || !insert.returning.is_empty()
            || !self.dialect.insert_returning()
            || (lastrowid && !insert.on_conflict.is_empty())
        {
            return Ok(Vec::new());
        }
        let counted = table.primary_key().autoincrement_column()?;
        if lastrowid && counted.is_some() {
            return Ok(Vec::new());
        }
        let mut columns = Vec::new();
        for column in table.columns() {
            if !column.primary_key() {
                continue;
            }
            let key = column.key();
            let given = match &insert.source {
                InsertSource::Values(values) => values.iter().find(|(name, _)| *name == key),
                _ => None,
            };
            let parameter = self
                .options
                .column_keys
                .as_ref()
                .is_some_and(|keys| keys.contains(&key));
            let asked = match given {
                Some((_, Expression::BindParameter(_) | Expression::Null)) => false,
                Some(_) => true,
                None if parameter => false,
                // Without values or keys, every column is a parameter.
                None if matches!(insert.source, InsertSource::Parameters)
                    && self.options.column_keys.is_none() =>
                {
                    false
                }
                None => match column.default() {
                    Some(default) => default.is_sequence(),
                    None => {
                        column.server_default().is_some()
                            || counted
                                .as_ref()
                                .is_some_and(|counted| counted.ptr_eq(&column))
                    }
                },
            };
            if asked {
                columns.push(Expression::Column(column));
            }
        }
        Ok(columns)
    }

    pub(super) fn check_keys(
        &self,
        all: &[Target],
        keys: &[Rc<str>],
        table: &FromClause,
    ) -> Result<()> {
        if matches!(table, FromClause::TableClause(light) if light.columns.is_empty()) {
            return Ok(());
        }
        let unknown: Vec<&str> = keys
            .iter()
            .filter(|key| !all.iter().any(|target| target.key == **key))
            .map(|key| &**key)
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            exc::COMPILE_ERROR,
            format!("Unconsumed column names: {}", unknown.join(", ")),
        ))
    }

    fn on_conflict(
        &mut self,
        conflict: &OnConflict,
        all: &[Target],
        flags: Flags,
    ) -> Result<String> {
        let bare = Flags {
            include_table: false,
            ..flags
        };
        let mut target = String::new();
        if let Some(given) = &conflict.target {
            if let Some(constraint) = &given.constraint {
                target = format!("ON CONSTRAINT {}", self.dialect.quote(constraint));
            } else if !given.elements.is_empty() {
                let elements = self.joined(&given.elements, ", ", bare)?;
                target = format!("({elements})");
                if let Some(condition) = &given.where_ {
                    let literal = Flags {
                        literal_binds: true,
                        ..bare
                    };
                    let condition = self.expression(condition, literal)?;
                    target.push_str(&format!(" WHERE {condition}"));
                }
            }
        }
        match &conflict.action {
            OnConflictAction::Nothing if target.is_empty() => Ok("ON CONFLICT DO NOTHING".into()),
            OnConflictAction::Nothing => Ok(format!("ON CONFLICT {target} DO NOTHING")),
            OnConflictAction::DuplicateKey(values, in_order) => {
                self.on_duplicate_key(values, *in_order, all)
            }
            OnConflictAction::Update(values, condition) => {
                let mut parts = Vec::new();
                let mut rest: Vec<&(Rc<str>, Expression)> = values.iter().collect();
                for column in all {
                    let Some(place) = rest.iter().position(|(key, _)| *key == column.key) else {
                        continue;
                    };
                    let (_, value) = rest.remove(place);
                    let value = match value {
                        Expression::BindParameter(parameter) if parameter.kind.is_null() => {
                            Expression::BindParameter(Rc::new(BindParameter {
                                kind: column.kind.clone(),
                                ..(**parameter).clone()
                            }))
                        }
                        other => other.self_group(None),
                    };
                    let value = self.expression(&value, flags)?;
                    parts.push(format!(
                        "{} = {value}",
                        self.dialect.quote_name(&column.name)
                    ));
                }
                for (key, value) in rest {
                    let value = self.expression(value, flags)?;
                    parts.push(format!("{} = {value}", self.dialect.quote(key)));
                }
                let mut text = format!("ON CONFLICT {target} DO UPDATE SET {}", parts.join(", "));
                if let Some(condition) = condition {
                    text.push_str(&format!(" WHERE {}", self.expression(condition, flags)?));
                }
                Ok(text)
            }
        }
    }

    /// `ON DUPLICATE KEY UPDATE`. Its values are parameters even where the others are literals, as
    /// SQLAlchemy has it.
    fn on_duplicate_key(
        &mut self,
        values: &[(Rc<str>, Expression)],
        in_order: bool,
        all: &[Target],
    ) -> Result<String> {
        let mut known: Vec<(&Target, &Expression)> = Vec::new();
        if in_order {
            for (key, value) in values {
                known.extend(
                    all.iter()
                        .find(|column| column.key == *key)
                        .map(|c| (c, value)),
                );
            }
        } else {
            for column in all {
                let found = values.iter().rfind(|(key, _)| *key == column.key);
                known.extend(found.map(|(_, value)| (column, value)));
            }
        }
        let dialect = self.dialect.clone();
        let mut parts = Vec::with_capacity(known.len());
        for (column, value) in known {
            let value = value.replace(&|part| match part {
                Expression::BindParameter(parameter) if parameter.kind.is_null() => {
                    Some(Expression::BindParameter(Rc::new(BindParameter {
                        kind: column.kind.clone(),
                        ..(**parameter).clone()
                    })))
                }
                Expression::ColumnClause(inserted) => {
                    let table = inserted.table.as_ref()?.name()?;
                    (table.as_str() == Some("inserted")).then_some(())?;
                    let name = dialect.quote(inserted.name.as_str()?);
                    Some(literal_column(&format!("VALUES({name})"), None))
                }
                _ => None,
            });
            let value = self.expression(&value.self_group(None), Flags::default())?;
            let name = self.dialect.quote_name(&column.name);
            parts.push(format!("{name} = {value}"));
        }
        Ok(format!("ON DUPLICATE KEY UPDATE {}", parts.join(", ")))
    }

    /// The RETURNING clause of an UPDATE or a DELETE: at its end, or `early` where the database has
    /// it before the WHERE.
    fn placed_returning(
        &mut self,
        early: bool,
        deleted: bool,
        columns: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        let compiler = self.dialect.statement_compiler();
        if columns.is_empty() || compiler.returning_precedes_values() != early {
            return Ok(String::new());
        }
        if deleted {
            return compiler.delete_returning_clause(self, columns, flags);
        }
        self.returning(columns, flags)
    }

    fn returning(&mut self, columns: &[Expression], flags: Flags) -> Result<String> {
        if columns.is_empty() {
            return Ok(String::new());
        }
        let compiler = self.dialect.statement_compiler();
        compiler.returning_clause(self, columns, flags)
    }

    /// One column of a RETURNING clause.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn returning_column(&mut self, column: &Expression, flags: Flags) -> Result<String> {
        let names = column_names(std::slice::from_ref(column), LabelStyle::default());
        match names.first() {
            Some(name) => self.select_column(column, name, flags, true, false),
            None => self.expression(column, flags),
        }
    }

    /// The RETURNING clause.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn returning_columns(&mut self, columns: &[Expression], flags: Flags) -> Result<String> {
        let names = column_names(columns, LabelStyle::default());
        let mut parts = Vec::with_capacity(columns.len());
        for (column, name) in columns.iter().zip(&names) {
            parts.push(self.select_column(column, name, flags, true, false)?);
        }
        Ok(format!(" RETURNING {}", parts.join(", ")))
    }

    fn enter(&mut self, table: &FromClause, extra: &[FromClause]) {
        let mut froms = vec![table.clone()];
        froms.extend(extra.iter().cloned());
        self.levels.push(Level {
            correlate: froms.clone(),
            implicit: froms,
            labels: Vec::new(),
            from_columns: table.columns(),
        });
    }

    pub(super) fn update(&mut self, update: &Update, flags: Flags) -> Result<String> {
        let extra = self.extra_froms(&update.table, &update.filters, &update.values);
        self.enter(&update.table, &extra);
        for cte in &update.ctes {
            self.from(cte, flags)?;
        }
        let text = self.update_body(update, &extra, flags);
        self.levels.pop();
        let text = text?;
        Ok(self.with_ctes(text))
    }

    fn extra_froms(
        &self,
        table: &FromClause,
        filters: &[Expression],
        values: &[(Expression, Expression)],
    ) -> Vec<FromClause> {
        let mut found = Vec::new();
        for (_, value) in values {
            super::froms::gather(value, &mut found);
        }
        for filter in filters {
            super::froms::gather(filter, &mut found);
        }
        let mut extra: Vec<FromClause> = Vec::new();
        for from in found {
            if !from.ptr_eq(table) && !extra.iter().any(|known| known.ptr_eq(&from)) {
                extra.push(from);
            }
        }
        extra
    }

    fn update_body(
        &mut self,
        update: &Update,
        extra: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::from("UPDATE ");
        text.push_str(&self.dialect_texts(&update.prefixes, flags)?);
        let compiler = self.dialect.statement_compiler();
        let tables = compiler.update_tables_clause(self, &update.table, extra, flags)?;
        text.push_str(&self.hinted(&update.table, tables, &update.hints)?);
        let qualifier = if compiler.qualifies_set_columns() && !extra.is_empty() {
            format!("{}.", self.from(&update.table, flags)?)
        } else {
            String::new()
        };
        let all = targets(&update.table);
        let key_of = |expression: &Expression| expression.key();
        let keys: Vec<Rc<str>> = update
            .values
            .iter()
            .filter_map(|(key, _)| key_of(key))
            .collect();
        self.check_keys(&all, &keys, &update.table)?;
        let column_keys = self.options.column_keys.clone();
        let every = update.values.is_empty() && column_keys.is_none();
        let mut parts: Vec<String> = Vec::new();
        let mut set = |compiler: &mut Compilation, target: &Target, value: String| {
            parts.push(format!(
                "{qualifier}{}={value}",
                compiler.dialect.quote_name(&target.name)
            ));
        };
        if update.preserve_order {
            for (key, value) in &update.values {
                let Some(target) = all
                    .iter()
                    .find(|target| Some(&target.key) == key_of(key).as_ref())
                else {
                    continue;
                };
                let value = self.column_value(target, value, "", flags)?;
                set(self, target, value);
            }
        }
        for target in &all {
            let value = update
                .values
                .iter()
                .find(|(key, _)| key_of(key).as_ref() == Some(&target.key));
            if update.preserve_order && value.is_some() {
                continue;
            }
            let executed = column_keys
                .as_ref()
                .is_some_and(|keys| keys.contains(&target.key));
            let onupdate = target.column.as_ref().and_then(Column::onupdate);
            let text = if let Some((_, value)) = value.filter(|_| !executed) {
                self.column_value(target, value, "", flags)?
            } else if executed || every {
                self.named(&target.key, &target.kind, None, None, true)?
            } else if has_value(&onupdate) {
                self.default_value(target, onupdate, "", flags)?
            } else {
                continue;
            };
            set(self, target, text);
        }
        text.push_str(" SET ");
        text.push_str(&parts.join(", "));
        text.push_str(&self.placed_returning(true, false, &update.returning, flags)?);
        if !extra.is_empty() {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.update_from_clause(self, &update.table, extra, flags)?);
        }
        let condition = self.criteria(&update.filters, flags)?;
        if !condition.is_empty() {
            text.push_str(&format!(" WHERE {condition}"));
        }
        text.push_str(&self.placed_returning(false, false, &update.returning, flags)?);
        Ok(text)
    }

    pub(super) fn delete(&mut self, delete: &Delete, flags: Flags) -> Result<String> {
        let extra = self.extra_froms(&delete.table, &delete.filters, &[]);
        self.enter(&delete.table, &extra);
        for cte in &delete.ctes {
            self.from(cte, flags)?;
        }
        let text = self.delete_body(delete, &extra, flags);
        self.levels.pop();
        let text = text?;
        Ok(self.with_ctes(text))
    }

    /// The table of a statement with its hint.
    fn hinted(&mut self, table: &FromClause, text: String, hints: &[Hint]) -> Result<String> {
        let hints = hints_for(hints, &self.dialect);
        match hints.iter().find(|hint| hint.table.ptr_eq(table)) {
            Some(hint) => self
                .dialect
                .statement_compiler()
                .hinted_from(text, &hint.text),
            None => Ok(text),
        }
    }

    fn delete_body(
        &mut self,
        delete: &Delete,
        extra: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::from("DELETE ");
        text.push_str(&self.dialect_texts(&delete.prefixes, flags)?);
        text.push_str("FROM ");
        let table = self.from(&delete.table, flags)?;
        text.push_str(&self.hinted(&delete.table, table, &delete.hints)?);
        text.push_str(&self.placed_returning(true, true, &delete.returning, flags)?);
        if !extra.is_empty() {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.delete_extra_from_clause(self, &delete.table, extra, flags)?);
        }
        let condition = self.criteria(&delete.filters, flags)?;
        if !condition.is_empty() {
            text.push_str(&format!(" WHERE {condition}"));
        }
        text.push_str(&self.placed_returning(false, true, &delete.returning, flags)?);
        Ok(text)
    }
}
