//! Models in SQLAlchemy's 2.0 style: `DeclarativeBase`, `Mapped`, `mapped_column`.

use super::relationships::Relationship;
use super::{Imports, Model, TableArgument, call, quoted};

/// The module.
pub(super) fn module(models: &[Model]) -> String {
    let mut imports = Imports::default();
    imports.add("sqlalchemy.orm", "DeclarativeBase");
    let mut parts = vec!["class Base(DeclarativeBase):\n    pass".to_owned()];
    for model in models {
        parts.push(if model.is_class {
            class(model, &mut imports)
        } else {
            table(model, "Base.metadata", &mut imports)
        });
    }
    format!("{}\n\n\n{}\n", imports.text(), parts.join("\n\n\n"))
}

/// The constraints and indexes beside the columns, each as a call.
pub(super) fn table_arguments(
    arguments: &[TableArgument],
    indent: usize,
    imports: &mut Imports,
) -> Vec<String> {
    arguments
        .iter()
        .map(|argument| {
            imports.add("sqlalchemy", argument.function);
            if argument.has_text {
                imports.add("sqlalchemy", "text");
            }
            call(indent, "", argument.function, &argument.arguments)
        })
        .collect()
}

/// `__table_args__`, where there is something to say.
pub(super) fn table_args(arguments: &[TableArgument], imports: &mut Imports) -> Option<String> {
    if arguments.is_empty() {
        return None;
    }
    let lines: Vec<String> = table_arguments(arguments, 8, imports)
        .into_iter()
        .map(|line| format!("        {line},\n"))
        .collect();
    Some(format!("    __table_args__ = (\n{}    )", lines.concat()))
}

fn class(model: &Model, imports: &mut Imports) -> String {
    imports.add("sqlalchemy.orm", "Mapped");
    let mut head = vec![format!("    __tablename__ = {}", quoted(&model.table))];
    head.extend(table_args(&model.arguments, imports));
    let columns: Vec<String> = model
        .columns
        .iter()
        .map(|column| {
            // `mapped_column` wants an annotation that says a type, which there is none.
            if column.kind.is_none() {
                imports.add("sqlalchemy", "Column");
                let arguments = column.arguments(true, imports);
                let start = format!("{} = ", column.attribute);
                return format!("    {}", call(4, &start, "Column", &arguments));
            }
            column.kind.import_annotation(imports);
            // A key is never None in Python, whatever the database would take.
            let optional = column.nullable && !column.primary_key;
            let annotation = format!(
                "{}: Mapped[{}{}]",
                column.attribute,
                column.kind.annotation,
                if optional { " | None" } else { "" }
            );
            let arguments = column.arguments(false, imports);
            if arguments.is_empty() {
                format!("    {annotation}")
            } else {
                imports.add("sqlalchemy.orm", "mapped_column");
                format!(
                    "    {}",
                    call(4, &format!("{annotation} = "), "mapped_column", &arguments)
                )
            }
        })
        .collect();
    let mut blocks = vec![head.join("\n"), columns.join("\n")];
    if !model.relationships.is_empty() {
        imports.add("sqlalchemy.orm", "relationship");
        let lines: Vec<String> = model.relationships.iter().map(relationship).collect();
        blocks.push(lines.join("\n"));
    }
    format!("class {}(Base):\n{}", model.name, blocks.join("\n\n"))
}

fn relationship(relationship: &Relationship) -> String {
    let annotation = if relationship.many {
        format!("list[\"{}\"]", relationship.class)
    } else if relationship.optional {
        format!("\"{} | None\"", relationship.class)
    } else {
        format!("\"{}\"", relationship.class)
    };
    let mut arguments = Vec::new();
    if let Some((table, _)) = &relationship.secondary {
        arguments.push(format!("secondary={}", quoted(table)));
    }
    arguments.extend(
        followed(relationship)
            .into_iter()
            .map(|(name, value)| format!("{name}={value}")),
    );
    arguments.push(format!("back_populates={}", quoted(&relationship.back)));
    let start = format!("{}: Mapped[{annotation}] = ", relationship.attribute);
    format!("    {}", call(4, &start, "relationship", &arguments))
}

/// What says which foreign key a relationship follows, and in which direction.
pub(super) fn followed(relationship: &Relationship) -> Vec<(&'static str, String)> {
    let list = |columns: &[String]| quoted(&format!("[{}]", columns.join(", ")));
    let mut given = Vec::new();
    if !relationship.foreign_keys.is_empty() {
        given.push(("foreign_keys", list(&relationship.foreign_keys)));
    }
    if !relationship.remote_side.is_empty() {
        given.push(("remote_side", list(&relationship.remote_side)));
    }
    given
}

/// A `Table`, for what has no class.
pub(super) fn table(model: &Model, metadata: &str, imports: &mut Imports) -> String {
    imports.add("sqlalchemy", "Table");
    imports.add("sqlalchemy", "Column");
    let mut lines = vec![quoted(&model.table), metadata.to_owned()];
    for column in &model.columns {
        let arguments = column.arguments(true, imports);
        lines.push(call(4, "", "Column", &arguments));
    }
    lines.extend(table_arguments(&model.arguments, 4, imports));
    format!("{} = Table(\n    {},\n)", model.name, lines.join(",\n    "))
}
