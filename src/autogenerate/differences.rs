//! The Python repr of differences, as printed by `alembic check`.

use crate::autogenerate::render::{bool_repr, optional_repr};
use crate::operations::ops::{ColumnChange, ColumnDifference, Difference, SqlText};
use ground::formatting::repr::string_repr;
use sqlalchemy::schema::ServerDefault;
use sqlalchemy::sqltypes::Type;

/// `repr(diffs)`, with a constant in place of object addresses.
pub fn differences_repr(differences: &[Difference]) -> String {
    let differences: Vec<String> = differences.iter().map(difference_repr).collect();
    format!("[{}]", differences.join(", "))
}

fn difference_repr(difference: &Difference) -> String {
    match difference {
        Difference::Table(name, table) => {
            format!("({}, {})", string_repr(name), table.python_repr())
        }
        Difference::TableComment(name, table, None) => {
            format!("({}, {})", string_repr(name), table.python_repr())
        }
        Difference::TableComment(name, table, Some(existing)) => format!(
            "({}, {}, {})",
            string_repr(name),
            table.python_repr(),
            optional_repr(existing.as_deref())
        ),
        Difference::Column(name, schema, table, column) => format!(
            "({}, {}, {}, {})",
            string_repr(name),
            optional_repr(schema.as_deref()),
            string_repr(table),
            column.python_repr()
        ),
        Difference::Index(name, index) => {
            format!("({}, {})", string_repr(name), index.python_repr())
        }
        Difference::Constraint(name, constraint) => {
            format!("({}, {})", string_repr(name), constraint.python_repr())
        }
        Difference::AlterColumn(changes) => {
            let changes: Vec<String> = changes.iter().map(column_repr).collect();
            format!("[{}]", changes.join(", "))
        }
        Difference::Execute(SqlText::String(text)) => {
            format!("('execute', {})", string_repr(text))
        }
        Difference::Execute(SqlText::Construct(_)) => {
            "('execute', <sqlalchemy.sql.elements.TextClause object at 0x7f0000000000>)".to_owned()
        }
        Difference::Custom(_) => "<object at 0x7f0000000000>".to_owned(),
    }
}

fn type_repr(kind: Option<&Type>) -> String {
    kind.map_or_else(|| "None".to_owned(), Type::python_repr)
}

fn nullable_repr(nullable: Option<bool>) -> String {
    nullable.map_or_else(|| "None".to_owned(), |value| bool_repr(value).to_owned())
}

fn default_repr(default: Option<&ServerDefault>) -> String {
    default.map_or_else(|| "None".to_owned(), ServerDefault::python_repr)
}

/// An existing default, which Alembic represents as `False` if unknown.
fn existing_default_repr(default: &Option<Option<ServerDefault>>) -> String {
    match default {
        None => "False".to_owned(),
        Some(default) => default_repr(default.as_ref()),
    }
}

fn column_repr(difference: &ColumnDifference) -> String {
    let kind = || {
        format!(
            "'existing_type': {}",
            type_repr(difference.existing_type.as_ref())
        )
    };
    let nullable = || {
        format!(
            "'existing_nullable': {}",
            nullable_repr(difference.existing_nullable)
        )
    };
    let default = || {
        format!(
            "'existing_server_default': {}",
            existing_default_repr(&difference.existing_server_default)
        )
    };
    let comment = || {
        format!(
            "'existing_comment': {}",
            optional_repr(difference.existing_comment.as_deref())
        )
    };
    let (existing, before, after) = match &difference.change {
        ColumnChange::Type(before, after) => (
            [nullable(), default(), comment()],
            type_repr(before.as_ref()),
            after.python_repr(),
        ),
        ColumnChange::Nullable(before, after) => (
            [kind(), default(), comment()],
            nullable_repr(*before),
            bool_repr(*after).to_owned(),
        ),
        ColumnChange::ServerDefault(before, after) => (
            [nullable(), kind(), comment()],
            existing_default_repr(before),
            default_repr(after.as_ref()),
        ),
        ColumnChange::Comment(before, after) => (
            [nullable(), kind(), default()],
            optional_repr(before.as_deref()),
            optional_repr(after.as_deref()),
        ),
    };
    format!(
        "({}, {}, {}, {}, {{{}}}, {before}, {after})",
        string_repr(difference.change.name()),
        optional_repr(difference.schema.as_deref()),
        string_repr(&difference.table_name),
        string_repr(&difference.column_name),
        existing.join(", ")
    )
}
