//! Models of SQLModel.

use super::columns::ModelColumn;
use super::declarative::{followed, table, table_args};
use super::relationships::Relationship;
use super::{Imports, Model, call, quoted};

/// The module. Classes that link two others go before those, which name them.
pub(super) fn module(models: &[Model]) -> String {
    let mut imports = Imports::default();
    imports.add("sqlmodel", "SQLModel");
    let links = models.iter().filter(|model| model.is_link);
    let others = models.iter().filter(|model| !model.is_link);
    let parts: Vec<String> = links
        .chain(others)
        .map(|model| {
            if model.is_class {
                class(model, &mut imports)
            } else {
                table(model, "SQLModel.metadata", &mut imports)
            }
        })
        .collect();
    format!("{}\n\n\n{}\n", imports.text(), parts.join("\n\n\n"))
}

fn class(model: &Model, imports: &mut Imports) -> String {
    let mut blocks = Vec::new();
    let mut head = Vec::new();
    if model.name.to_lowercase() != *model.table {
        head.push(format!("    __tablename__ = {}", quoted(&model.table)));
    }
    head.extend(table_args(&model.arguments, imports));
    if !head.is_empty() {
        blocks.push(head.join("\n"));
    }
    let columns: Vec<String> = model
        .columns
        .iter()
        .map(|column| field(column, imports))
        .collect();
    blocks.push(columns.join("\n"));
    if !model.relationships.is_empty() {
        imports.add("sqlmodel", "Relationship");
        let lines: Vec<String> = model
            .relationships
            .iter()
            .map(|one| relationship(one, imports))
            .collect();
        blocks.push(lines.join("\n"));
    }
    format!(
        "class {}(SQLModel, table=True):\n{}",
        model.name,
        blocks.join("\n\n")
    )
}

/// Whether SQLModel's own arguments can say all of a column; else it is given as a `Column`.
fn is_plain(column: &ModelColumn) -> bool {
    let key = column.foreign_key.as_ref().is_none_or(|key| {
        key.name.is_none()
            && key.onupdate.is_none()
            && key.initially.is_none()
            && key.deferrable.is_none()
            && key.referred_schema.is_none()
            && key
                .ondelete
                .as_deref()
                .is_none_or(|rule| ["CASCADE", "SET NULL", "RESTRICT"].contains(&rule))
    });
    let kind = column.kind.is_implied() || column.kind.length.is_some();
    // What a text of the empty default or a computed value is, only a `Column` says.
    let default =
        column.default.is_none() && column.computed.is_none() && column.identity.is_none();
    key && kind && default && column.comment.is_none() && column.attribute == *column.name
}

fn field(column: &ModelColumn, imports: &mut Imports) -> String {
    column.kind.import_annotation(imports);
    // The database gives a key that is one number; until then it is None.
    let given_later =
        column.primary_key && column.kind.expression == "Integer" && column.foreign_key.is_none();
    let has_default = column.default.is_some() || column.computed.is_some();
    let optional =
        column.nullable && !column.primary_key || given_later || has_default && !column.primary_key;
    let annotation = format!(
        "{}: {}{}",
        column.attribute,
        column.kind.annotation,
        if optional { " | None" } else { "" }
    );
    let mut arguments = Vec::new();
    if optional {
        arguments.push("default=None".to_owned());
    }
    if is_plain(column) {
        if let Some(length) = column.kind.length {
            arguments.push(format!("max_length={length}"));
        }
        if let Some(key) = &column.foreign_key {
            let referred = key.referred_columns.first().map_or("", |name| name);
            let target = format!("{}.{referred}", key.referred_table);
            arguments.push(format!("foreign_key={}", quoted(&target)));
            arguments.extend(
                key.ondelete
                    .as_ref()
                    .map(|rule| format!("ondelete={}", quoted(rule))),
            );
        }
        if column.primary_key {
            arguments.push("primary_key=True".to_owned());
            arguments.extend(column.nullable.then(|| "nullable=True".to_owned()));
        }
        arguments.extend(column.index.then(|| "index=True".to_owned()));
        arguments.extend(column.unique.then(|| "unique=True".to_owned()));
    } else {
        imports.add("sqlalchemy", "Column");
        let whole = column.arguments(true, imports).join(", ");
        arguments.push(format!("sa_column=Column({whole})"));
    }
    match arguments.as_slice() {
        [] => format!("    {annotation}"),
        [only] if only == "default=None" => format!("    {annotation} = None"),
        _ => {
            imports.add("sqlmodel", "Field");
            format!(
                "    {}",
                call(4, &format!("{annotation} = "), "Field", &arguments)
            )
        }
    }
}

fn relationship(relationship: &Relationship, imports: &mut Imports) -> String {
    let annotation = if relationship.many {
        format!("list[\"{}\"]", relationship.class)
    } else if relationship.optional {
        imports.add("typing", "Optional");
        format!("Optional[\"{}\"]", relationship.class)
    } else {
        format!("\"{}\"", relationship.class)
    };
    let mut arguments = vec![format!("back_populates={}", quoted(&relationship.back))];
    if let Some((_, Some(class))) = &relationship.secondary {
        arguments.push(format!("link_model={class}"));
    }
    let mut more: Vec<String> = followed(relationship)
        .into_iter()
        .map(|(name, value)| format!("{}: {value}", quoted(name)))
        .collect();
    if !relationship.many && relationship.optional && relationship.remote_side.is_empty() {
        more.push("\"uselist\": False".to_owned());
    }
    if !more.is_empty() {
        arguments.push(format!("sa_relationship_kwargs={{{}}}", more.join(", ")));
    }
    let start = format!("{}: {annotation} = ", relationship.attribute);
    format!("    {}", call(4, &start, "Relationship", &arguments))
}
