//! Indexes, unique constraints, check constraints and nullability.

use ground::formatting::repr::string_repr;
use ground::hash::{IndexMap, IndexSet};
use ground::order::InOrder;

use super::{info, reflect, tuple_repr};
use crate::autogenerate::api::{AutogenContext, SchemaObject};
use crate::autogenerate::render::optional_repr;
use crate::ddl::{ComparisonResult, DefaultImpl};
use crate::operations::ops::{
    AlterColumnOp, CreateIndexOp, DropConstraintOp, DropIndexOp, MigrateOperation, OperationList,
};
use ground::diagnostic::{Error, Result};
use ground::logging::Level;
use sqlalchemy::schema::{
    CheckConstraint, Column, Constraint, Index, ServerDefault, Table, UniqueConstraint,
};

/// An index or unique constraint; both are compared with each other.
#[derive(Clone)]
enum Object {
    Index(Index),
    Unique(UniqueConstraint),
}

/// The signature that identifies one (`_uq_constraint_sig`, `_ix_constraint_sig`).
#[derive(Clone)]
struct Signature {
    object: Object,
    name: Option<String>,
    /// Python's `repr()` of the items, so that `None` and names are distinguished.
    unnamed: Vec<String>,
}

impl Signature {
    fn index(implementation: &dyn DefaultImpl, index: &Index) -> Signature {
        Signature {
            name: index.name().as_str().map(str::to_owned),
            object: Object::Index(index.clone()),
            unnamed: implementation.create_index_sig(index),
        }
    }

    fn unique(implementation: &dyn DefaultImpl, constraint: &UniqueConstraint) -> Signature {
        Signature {
            name: constraint.name().as_str().map(str::to_owned),
            object: Object::Unique(constraint.clone()),
            unnamed: implementation.create_unique_constraint_sig(constraint),
        }
    }

    fn is_index(&self) -> bool {
        matches!(self.object, Object::Index(_))
    }

    fn kind(&self) -> &'static str {
        match self.object {
            Object::Index(_) => "index",
            Object::Unique(_) => "unique_constraint",
        }
    }

    fn schema_object(&self) -> SchemaObject {
        match &self.object {
            Object::Index(index) => SchemaObject::Index(index.clone()),
            Object::Unique(constraint) => SchemaObject::from(constraint),
        }
    }

    /// The repr of the `column_names` tuple.
    fn column_names(&self) -> String {
        let columns = match &self.object {
            Object::Index(index) => index.columns(),
            Object::Unique(constraint) => constraint.columns(),
        };
        let names: Vec<String> = columns
            .iter()
            .map(|column| string_repr(&column.name()))
            .collect();
        tuple_repr(&names)
    }

    /// The Python class name of the name.
    fn name_class(&self) -> &'static str {
        let name = match &self.object {
            Object::Index(index) => index.name(),
            Object::Unique(constraint) => constraint.name(),
        };
        if name.is_convention() { "conv" } else { "str" }
    }

    fn name_repr(&self) -> String {
        optional_repr(self.name.as_deref())
    }

    fn create(&self) -> Result<MigrateOperation> {
        Ok(match &self.object {
            Object::Index(index) => CreateIndexOp::from_index(index)?.into(),
            Object::Unique(constraint) => {
                MigrateOperation::add_constraint(&Constraint::Unique(constraint.clone()))?
            }
        })
    }

    fn drop(&self) -> Result<MigrateOperation> {
        Ok(match &self.object {
            Object::Index(index) => DropIndexOp::from_index(index)?.into(),
            Object::Unique(constraint) => {
                DropConstraintOp::from_constraint(&Constraint::Unique(constraint.clone()))?.into()
            }
        })
    }

    /// Compares it with the corresponding object in the database.
    fn compare_to_reflected(
        &self,
        implementation: &dyn DefaultImpl,
        conn: &Signature,
    ) -> Result<ComparisonResult> {
        match (&self.object, &conn.object) {
            (Object::Index(metadata), Object::Index(reflected)) => {
                implementation.compare_indexes(metadata, reflected)
            }
            (Object::Unique(metadata), Object::Unique(reflected)) => {
                implementation.compare_unique_constraint(metadata, reflected)
            }
            // Objects of different kinds are dropped and added before this is called.
            _ => Ok(ComparisonResult::Equal),
        }
    }
}

/// The signatures without duplicates (equal name and content).
fn distinct(signatures: impl IntoIterator<Item = Signature>) -> Vec<Signature> {
    let mut seen = IndexSet::default();
    signatures
        .into_iter()
        .filter(|signature| seen.insert((signature.name.clone(), signature.unnamed.clone())))
        .collect()
}

fn by_name(signatures: &[Signature]) -> IndexMap<String, Signature> {
    signatures
        .iter()
        .filter_map(|signature| Some((signature.name.clone()?, signature.clone())))
        .collect()
}

struct Comparing<'a> {
    context: &'a AutogenContext,
    operations: &'a OperationList,
    table: &'a str,
    inline: bool,
}

impl Comparing<'_> {
    fn added(&self, object: &Signature) -> Result<()> {
        // Unique constraints of a new table are part of its CREATE TABLE.
        if !object.is_index() && self.inline {
            return Ok(());
        }
        if self.context.run_object_filters(
            &object.schema_object(),
            object.name.as_deref(),
            object.kind(),
            false,
            None,
        )? {
            self.operations.push(object.create()?);
            let what = if object.is_index() {
                "index"
            } else {
                "unique constraint"
            };
            info(
                self.context,
                "constraints",
                format_args!(
                    "Detected added {what} {} on '{}'",
                    object.name_repr(),
                    object.column_names()
                ),
            );
        }
        Ok(())
    }

    fn removed(&self, object: &Signature) -> Result<()> {
        if !object.is_index() && self.inline {
            return Ok(());
        }
        if self.context.run_object_filters(
            &object.schema_object(),
            object.name.as_deref(),
            object.kind(),
            true,
            None,
        )? {
            self.operations.push(object.drop()?);
            let what = if object.is_index() {
                "index"
            } else {
                "unique constraint"
            };
            info(
                self.context,
                "constraints",
                format_args!(
                    "Detected removed {what} {} on {}",
                    object.name_repr(),
                    string_repr(self.table)
                ),
            );
        }
        Ok(())
    }

    fn skipped(&self, object: &Signature, reasons: &[String]) {
        let what = if object.is_index() {
            "index"
        } else {
            "unique constraint"
        };
        info(
            self.context,
            "constraints",
            format_args!(
                "Cannot compare {what} {}, assuming equal and skipping. {}",
                object.name_repr(),
                reasons.join(", ")
            ),
        );
    }

    fn changed(&self, old: &Signature, new: &Signature, message: &str) -> Result<()> {
        if self.context.run_object_filters(
            &new.schema_object(),
            new.name.as_deref(),
            new.kind(),
            false,
            Some(&old.schema_object()),
        )? {
            let what = if old.is_index() {
                "index"
            } else {
                "unique constraint"
            };
            info(
                self.context,
                "constraints",
                format_args!(
                    "Detected changed {what} {} on {}: {message}",
                    old.name_repr(),
                    string_repr(self.table)
                ),
            );
            self.operations.push(old.drop()?);
            self.operations.push(new.create()?);
        }
        Ok(())
    }
}

fn sorted_difference(
    left: &IndexMap<String, Signature>,
    right: &IndexMap<String, Signature>,
) -> Vec<String> {
    let mut names: Vec<String> = left
        .keys()
        .filter(|name| !right.contains_key(*name))
        .cloned()
        .collect();
    names.in_order();
    names
}

pub(super) fn compare_indexes_and_uniques(
    context: &AutogenContext,
    operations: &OperationList,
    schema: Option<&str>,
    name: &str,
    reflected: Option<&Table>,
    table: Option<&Table>,
) -> Result<()> {
    let mut metadata_uniques: Vec<UniqueConstraint> = Vec::new();
    let mut metadata_indexes: Vec<Index> = Vec::new();
    if let Some(table) = table {
        metadata_uniques.extend(table.constraints().into_iter().filter_map(|constraint| {
            match constraint {
                Constraint::Unique(constraint) => Some(constraint),
                _ => None,
            }
        }));
        metadata_indexes = table.indexes();
    }
    let mut conn_uniques: Vec<UniqueConstraint> = Vec::new();
    let mut conn_indexes: Vec<Index> = Vec::new();
    if let Some(reflected) = reflected {
        for constraint in reflect::unique_constraints(reflected) {
            if context.run_name_filters(
                constraint.name().as_str(),
                "unique_constraint",
                Some(schema),
                Some(name),
            )? {
                // Those of a dropped table are dropped with it.
                if table.is_some() {
                    conn_uniques.push(constraint);
                }
            }
        }
        // The filters also hear of the indexes that constraints have, which are not compared.
        let known = reflected.indexes();
        for found in context.inspector()?.get_indexes(name, schema)?.iter() {
            if context.run_name_filters(Some(&found.name), "index", Some(schema), Some(name))? {
                let same = |index: &&Index| index.name().as_str() == Some(&*found.name);
                conn_indexes.extend(known.iter().find(same).cloned());
            }
        }
    }
    let migration_context = context.migration_context();
    let implementation = &**migration_context.implementation();
    implementation.correct_for_autogen_constraints(
        &mut conn_uniques,
        &mut conn_indexes,
        &mut metadata_uniques,
        &mut metadata_indexes,
    );

    let unique = |constraint| Signature::unique(implementation, constraint);
    let index = |index| Signature::index(implementation, index);
    let metadata_uniques = distinct(metadata_uniques.iter().map(unique));
    let metadata_indexes = distinct(metadata_indexes.iter().map(index));
    let conn_uniques = distinct(conn_uniques.iter().map(unique));
    let conn_indexes = distinct(conn_indexes.iter().map(index));

    let mut metadata_names = by_name(&metadata_uniques);
    metadata_names.extend(by_name(&metadata_indexes));
    let conn_uniques_by_name = by_name(&conn_uniques);
    let conn_indexes_by_name = by_name(&conn_indexes);
    let mut conn_names = conn_uniques_by_name.clone();
    conn_names.extend(conn_indexes_by_name.clone());
    let doubled = |name: &str| {
        Some((
            conn_uniques_by_name.get(name)?,
            conn_indexes_by_name.get(name)?,
        ))
    };
    let by_content = |signatures: &[Signature]| -> IndexMap<Vec<String>, Signature> {
        signatures
            .iter()
            .map(|signature| (signature.unnamed.clone(), signature.clone()))
            .collect()
    };
    let conn_by_content = by_content(&conn_uniques);
    let metadata_by_content = by_content(&metadata_uniques);
    let unnamed: IndexMap<Vec<String>, Signature> = metadata_uniques
        .iter()
        .filter(|signature| signature.name.is_none())
        .map(|signature| (signature.unnamed.clone(), signature.clone()))
        .collect();

    let comparing = Comparing {
        context,
        operations,
        table: name,
        inline: reflected.is_none() || table.is_none(),
    };
    for removed in sorted_difference(&conn_names, &metadata_names) {
        let Some(object) = conn_names.get(&removed) else {
            continue;
        };
        if !object.is_index() && unnamed.contains_key(&object.unnamed) {
            continue;
        }
        if let Some((unique, index)) = doubled(&removed) {
            let known = metadata_indexes
                .iter()
                .any(|metadata| metadata.unnamed == index.unnamed);
            if !known && !metadata_by_content.contains_key(&unique.unnamed) {
                comparing.removed(unique)?;
                comparing.removed(index)?;
            }
        } else {
            comparing.removed(object)?;
        }
    }
    let mut existing: Vec<&String> = metadata_names
        .keys()
        .filter(|name| conn_names.contains_key(*name))
        .collect();
    existing.in_order();
    for existing_name in existing {
        let (Some(metadata), Some(mut conn)) = (
            metadata_names.get(existing_name),
            conn_names.get(existing_name),
        ) else {
            continue;
        };
        if let Some((unique, index)) = doubled(existing_name) {
            conn = if metadata.is_index() { index } else { unique };
        }
        if metadata.is_index() != conn.is_index() {
            comparing.removed(conn)?;
            comparing.added(metadata)?;
        } else {
            match metadata.compare_to_reflected(implementation, conn)? {
                ComparisonResult::Equal => {}
                ComparisonResult::Different(messages) => {
                    comparing.changed(conn, metadata, &messages.join(", "))?;
                }
                ComparisonResult::Skip(reasons) => comparing.skipped(metadata, &reasons),
            }
        }
    }
    let added = sorted_difference(&metadata_names, &conn_names);
    if let Some(nameless) = metadata_indexes.iter().find(|index| index.name.is_none()) {
        // With a naming convention without `ix`, column-level indexes are unnamed, and Python
        // cannot sort names together with None.
        if let Some(other) = added.first().and_then(|name| metadata_names.get(name)) {
            return Err(Error::new(
                "TypeError",
                format!(
                    "'<' not supported between instances of '{}' and 'NoneType'",
                    other.name_class()
                ),
            ));
        }
        comparing.added(nameless)?;
    }
    for added in added {
        if let Some(object) = metadata_names.get(&added) {
            comparing.added(object)?;
        }
    }
    for (content, object) in &unnamed {
        if !conn_by_content.contains_key(content) {
            comparing.added(object)?;
        }
    }
    Ok(())
}

/// `alembic.ext.checkconstraint_byname`.
pub(super) fn compare_check_constraints(
    context: &AutogenContext,
    operations: &OperationList,
    schema: Option<&str>,
    name: &str,
    reflected: &Table,
    table: &Table,
) -> Result<()> {
    let tell = |what: &str, constraint: &str| {
        let logger = "alembic.ext.checkconstraint_byname";
        context.run().logging.log(
            logger,
            Level::INFO,
            &format!(
                "Detected {what} check constraint {} on table {}",
                string_repr(constraint),
                string_repr(name)
            ),
        );
    };
    let named = |constraints: Vec<CheckConstraint>| -> IndexMap<String, CheckConstraint> {
        constraints
            .into_iter()
            .filter_map(|constraint| Some((constraint.name().as_str()?.to_owned(), constraint)))
            .collect()
    };
    let mut metadata = Vec::new();
    for constraint in table.constraints() {
        if let Constraint::Check(constraint) = constraint {
            metadata.push(constraint);
        }
    }
    for column in table.columns() {
        for constraint in column.constraints() {
            if let Constraint::Check(constraint) = constraint {
                metadata.push(constraint);
            }
        }
    }
    let metadata = named(metadata);
    let mut conn = Vec::new();
    for constraint in reflect::check_constraints(reflected) {
        if constraint.name().is_none() {
            continue;
        }
        if context.run_name_filters(
            constraint.name().as_str(),
            "check_constraint",
            Some(schema),
            Some(name),
        )? {
            conn.push(constraint);
        }
    }
    let conn = named(conn);
    let missing = |left: &IndexMap<String, CheckConstraint>,
                   right: &IndexMap<String, CheckConstraint>| {
        let mut names: Vec<String> = left
            .keys()
            .filter(|name| !right.contains_key(*name))
            .cloned()
            .collect();
        names.in_order();
        names
    };
    for removed in missing(&conn, &metadata) {
        let Some(constraint) = conn.get(&removed) else {
            continue;
        };
        if context.run_object_filters(
            &SchemaObject::from(constraint),
            Some(&removed),
            "check_constraint",
            true,
            None,
        )? {
            operations.push(DropConstraintOp::from_constraint(&Constraint::Check(
                constraint.clone(),
            ))?);
            tell("removed", &removed);
        }
    }
    for added in missing(&metadata, &conn) {
        let Some(constraint) = metadata.get(&added) else {
            continue;
        };
        if context.run_object_filters(
            &SchemaObject::from(constraint),
            Some(&added),
            "check_constraint",
            false,
            None,
        )? {
            operations.push(MigrateOperation::add_constraint(&Constraint::Check(
                constraint.clone(),
            ))?);
            tell("added", &added);
        }
    }
    Ok(())
}

pub(super) fn compare_nullable(
    context: &AutogenContext,
    alter: &mut AlterColumnOp,
    table: &str,
    name: &str,
    conn: &Column,
    metadata: &Column,
) {
    let (before, after) = (conn.nullable(), metadata.nullable());
    alter.existing_nullable = Some(before);
    if before == after {
        return;
    }
    let defaults = [metadata.server_default(), conn.server_default()];
    let computed = defaults
        .iter()
        .any(|default| matches!(default, Some(ServerDefault::Computed(_))));
    let identity = defaults
        .iter()
        .any(|default| matches!(default, Some(ServerDefault::Identity(_))));
    if (computed && metadata.user_defined_nullable().is_none()) || identity {
        info(
            context,
            "constraints",
            format_args!("Ignoring nullable change on identity column '{table}.{name}'"),
        );
    } else {
        alter.modify_nullable = Some(after);
        info(
            context,
            "constraints",
            format_args!(
                "Detected {} on column '{table}.{name}'",
                if after { "NULL" } else { "NOT NULL" }
            ),
        );
    }
}
