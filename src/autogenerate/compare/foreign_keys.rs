//! Foreign keys that were added, removed or changed.

use std::rc::Rc;

use ground::hash::IndexMap;

use super::{info, reflect};
use crate::autogenerate::api::{AutogenContext, SchemaObject};
use crate::operations::ops::{DropConstraintOp, MigrateOperation, OperationList};
use ground::diagnostic::Result;
use sqlalchemy::schema::{Constraint, ForeignKeyConstraint, Table};

/// The signature that identifies a foreign key (`_fk_constraint_sig`).
struct Signature {
    constraint: ForeignKeyConstraint,
    name: Option<String>,
    source_schema: Option<String>,
    source_table: String,
    source_columns: Vec<String>,
    target_columns: Vec<String>,
    unnamed_no_options: Vec<String>,
    options: Vec<String>,
}

impl Signature {
    fn new(constraint: &ForeignKeyConstraint) -> Result<Signature> {
        let mut source_columns = Vec::new();
        let mut target_columns = Vec::new();
        let mut target = (None, String::new());
        for (position, element) in constraint.elements().iter().enumerate() {
            if let Some(column) = element.parent() {
                source_columns.push(column.name().to_string());
            }
            let column = element.column()?;
            if position == 0
                && let Some(table) = column.table()
            {
                target = (
                    table.schema().map(|schema| schema.to_string()),
                    table.name().to_string(),
                );
            }
            target_columns.push(column.name().to_string());
        }
        let table = constraint.table();
        let source_schema = table
            .as_ref()
            .and_then(|table| table.schema())
            .map(|schema| schema.to_string());
        let source_table = table.map_or_else(String::new, |table| table.name().to_string());
        let action = |action: Option<Rc<str>>| {
            action
                .map(|action| action.to_lowercase())
                .filter(|action| !action.is_empty() && action != "no action")
                .unwrap_or_default()
        };
        let initially = constraint
            .initially()
            .map_or_else(String::new, |text| text.to_lowercase());
        let deferrable = if initially == "deferred" {
            "initially_deferrable"
        } else if constraint.deferrable() == Some(true) {
            "deferrable"
        } else {
            "not deferrable"
        };
        let shown = |schema: &Option<String>| format!("{schema:?}");
        let mut unnamed_no_options = vec![shown(&source_schema), source_table.clone()];
        unnamed_no_options.push(format!("{source_columns:?}"));
        unnamed_no_options.push(shown(&target.0));
        unnamed_no_options.push(target.1.clone());
        unnamed_no_options.push(format!("{target_columns:?}"));
        Ok(Signature {
            constraint: constraint.clone(),
            name: constraint.name().as_str().map(str::to_owned),
            source_schema,
            source_table,
            source_columns,
            target_columns,
            unnamed_no_options,
            options: vec![
                action(constraint.onupdate()),
                action(constraint.ondelete()),
                deferrable.to_owned(),
            ],
        })
    }

    fn key(&self, with_options: bool) -> Vec<String> {
        let mut key = self.unnamed_no_options.clone();
        if with_options {
            key.extend(self.options.iter().cloned());
        }
        key
    }

    fn tell(&self, context: &AutogenContext, what: &str) {
        let schema = self
            .source_schema
            .as_deref()
            .filter(|schema| !schema.is_empty())
            .map_or_else(String::new, |schema| format!("{schema}."));
        info(
            context,
            "constraints",
            format_args!(
                "Detected {what} foreign key ({})({}) on table {schema}{}",
                self.source_columns.join(", "),
                self.target_columns.join(", "),
                self.source_table
            ),
        );
    }
}

pub(super) fn compare_foreign_keys(
    context: &AutogenContext,
    operations: &OperationList,
    schema: Option<&str>,
    name: &str,
    reflected: &Table,
    table: &Table,
) -> Result<()> {
    let mut conn = Vec::new();
    for constraint in reflect::foreign_keys(reflected) {
        let constraint_name = constraint.name();
        if context.run_name_filters(
            constraint_name.as_str(),
            "foreign_key_constraint",
            Some(schema),
            Some(name),
        )? {
            reflect::complete_targets(reflected, &constraint)?;
            // Alembic compares constraints that it makes of the reflected columns, which have each
            // foreign key twice from then on; `repr()` shows that.
            for element in constraint.elements() {
                if let Some(column) = element.parent() {
                    column.note_foreign_key(&element);
                }
            }
            conn.push(constraint);
        }
    }
    let mut metadata = reflect::foreign_keys(table);
    context
        .migration_context()
        .implementation()
        .correct_for_autogen_foreignkeys(&mut conn, &mut metadata);
    let signatures = |keys: &[ForeignKeyConstraint]| -> Result<Vec<Signature>> {
        keys.iter().map(Signature::new).collect()
    };
    let (conn, metadata) = (signatures(&conn)?, signatures(&metadata)?);
    // Databases that store referential actions report them; without any foreign key to inspect,
    // Alembic compares without them.
    let with_options = !conn.is_empty();
    let by_key = |signatures: Vec<Signature>| -> IndexMap<Vec<String>, Signature> {
        signatures
            .into_iter()
            .map(|signature| (signature.key(with_options), signature))
            .collect()
    };
    let (conn, metadata) = (by_key(conn), by_key(metadata));
    let same_name = |signatures: &IndexMap<Vec<String>, Signature>, signature: &Signature| {
        let name = signature.name.as_deref().filter(|name| !name.is_empty())?;
        signatures
            .values()
            .rfind(|other| other.name.as_deref() == Some(name))
            .map(|other| SchemaObject::from(&other.constraint))
    };
    for (key, signature) in &conn {
        if metadata.contains_key(key) {
            continue;
        }
        let compare_to = same_name(&metadata, signature);
        if context.run_object_filters(
            &SchemaObject::from(&signature.constraint),
            signature.name.as_deref(),
            "foreign_key_constraint",
            true,
            compare_to.as_ref(),
        )? {
            operations.push(DropConstraintOp::from_constraint(&Constraint::ForeignKey(
                signature.constraint.clone(),
            ))?);
            signature.tell(context, "removed");
        }
    }
    for (key, signature) in &metadata {
        if conn.contains_key(key) {
            continue;
        }
        let compare_to = same_name(&conn, signature);
        if context.run_object_filters(
            &SchemaObject::from(&signature.constraint),
            signature.name.as_deref(),
            "foreign_key_constraint",
            false,
            compare_to.as_ref(),
        )? {
            operations.push(MigrateOperation::add_constraint(&Constraint::ForeignKey(
                signature.constraint.clone(),
            ))?);
            signature.tell(context, "added");
        }
    }
    Ok(())
}
