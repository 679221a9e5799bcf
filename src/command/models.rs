//! What a Python file says of models, by its text alone: for telling why autogenerate does not see them.

use python::Value;
use python::tree::{ClassDefinition, Expression, ExpressionKind, StatementKind};

/// What a class is to autogenerate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// It is mapped to a table: it has a `__tablename__`, or is an SQLModel with `table=True`.
    Table,
    /// An SQLModel with fields but without `table=True`: data without a table.
    WithoutTable,
}

/// A class at the top of a file that is or looks like a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelClass {
    /// Its name.
    pub name: String,
    /// Last parts of the names of its bases.
    pub bases: Vec<String>,
    /// What it is.
    pub kind: ModelKind,
    /// Whether one of its fields is `Field(primary_key=True)`.
    pub has_primary_key: bool,
    /// Its line, from one.
    pub line: u32,
    /// The byte after its last base, where a keyword such as `table=True` may follow.
    pub after_bases: usize,
}

fn last_name(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Name(name, _) | ExpressionKind::Attribute(_, name) => Some(name),
        _ => None,
    }
}

fn kind_of(class: &ClassDefinition) -> Option<ModelKind> {
    let keyword = |name: &str| {
        let mut keywords = class.keywords.iter();
        keywords.any(|(known, _)| known.as_deref() == Some(name))
    };
    let assigns = |wanted: &str| {
        class.code.body.iter().any(|inner| match &inner.kind {
            StatementKind::Assign(targets, _) => {
                targets.iter().any(|one| last_name(one) == Some(wanted))
            }
            StatementKind::Annotated(assignment) => last_name(&assignment.target) == Some(wanted),
            _ => false,
        })
    };
    let has_fields = || {
        let mut body = class.code.body.iter();
        body.any(|inner| matches!(&inner.kind, StatementKind::Annotated(_)))
    };
    if keyword("table") || assigns("__tablename__") {
        Some(ModelKind::Table)
    } else if class
        .bases
        .iter()
        .any(|base| last_name(base) == Some("SQLModel"))
        && has_fields()
    {
        Some(ModelKind::WithoutTable)
    } else {
        None
    }
}

fn has_primary_key(class: &ClassDefinition) -> bool {
    class.code.body.iter().any(|inner| match &inner.kind {
        StatementKind::Annotated(assignment) => match &assignment.value {
            Some(Expression {
                kind: ExpressionKind::Call(call),
                ..
            }) => {
                let mut keywords = call.keyword.iter();
                last_name(&call.function) == Some("Field")
                    && keywords.any(|(name, _)| name.as_deref() == Some("primary_key"))
            }
            _ => false,
        },
        _ => false,
    })
}

/// The classes at the top of a file that are or look like models; none of a file that can't be parsed.
pub fn model_classes(text: &str) -> Vec<ModelClass> {
    let Ok(tree) = python::parse(text) else {
        return Vec::new();
    };
    tree.body
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Class(class) => Some(ModelClass {
                name: class.bound.0.to_string(),
                bases: class
                    .bases
                    .iter()
                    .filter_map(|base| last_name(base).map(str::to_owned))
                    .collect(),
                kind: kind_of(class)?,
                has_primary_key: has_primary_key(class),
                line: line_of(text, statement.extent.start as usize),
                after_bases: class.bases.last().map(|base| base.extent.end as usize)?,
            }),
            _ => None,
        })
        .collect()
}

/// The line of a byte, from one.
fn line_of(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().get(..byte).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
}

/// The text of a file in which a column of a model has `index=True`, where the file has that model and the
/// column is the call of a constructor without `index`.
pub fn with_index(text: &str, table: &str, column: &str) -> Option<String> {
    let tree = python::parse(text).ok()?;
    tree.body.iter().find_map(|statement| {
        let StatementKind::Class(class) = &statement.kind else {
            return None;
        };
        if table_name(class)? != table {
            return None;
        }
        let value = class.code.body.iter().find_map(|inner| match &inner.kind {
            StatementKind::Annotated(assignment)
                if last_name(&assignment.target) == Some(column) =>
            {
                assignment.value.as_ref()
            }
            StatementKind::Assign(targets, value)
                if targets.iter().any(|one| last_name(one) == Some(column)) =>
            {
                Some(value)
            }
            _ => None,
        })?;
        let ExpressionKind::Call(call) = &value.kind else {
            return None;
        };
        let constructs = ["mapped_column", "Column", "Field"];
        if !constructs.contains(&last_name(&call.function)?)
            || call.unpacks
            || call
                .keyword
                .iter()
                .any(|(name, _)| name.as_deref() == Some("index"))
        {
            return None;
        }
        let close = (value.extent.end as usize).checked_sub(1)?;
        let inside = text.get(..close)?.trim_end();
        let comma = match inside.chars().last()? {
            ',' => " ",
            '(' => "",
            _ => ", ",
        };
        Some(format!(
            "{inside}{comma}index=True{}",
            text.get(inside.len()..)?
        ))
    })
}

/// The table of a class: its `__tablename__`, or for an SQLModel its name in small letters.
fn table_name(class: &ClassDefinition) -> Option<String> {
    let named = class.code.body.iter().find_map(|inner| match &inner.kind {
        StatementKind::Assign(targets, value)
            if targets
                .iter()
                .any(|one| last_name(one) == Some("__tablename__")) =>
        {
            match &value.kind {
                ExpressionKind::Constant(Value::Str(name)) => Some(name.to_string()),
                _ => None,
            }
        }
        _ => None,
    });
    named.or_else(|| match kind_of(class)? {
        ModelKind::Table => Some(class.bound.0.to_lowercase()),
        ModelKind::WithoutTable => None,
    })
}

/// The end of the line of the last import at the top of a file, where another one may follow; 0 if there
/// is none.
pub fn after_imports(text: &str) -> usize {
    let Ok(tree) = python::parse(text) else {
        return 0;
    };
    tree.body
        .iter()
        .rev()
        .find(|statement| {
            matches!(
                &statement.kind,
                StatementKind::Import(_) | StatementKind::ImportFrom(_)
            )
        })
        .map_or(0, |statement| {
            let end = statement.extent.end as usize;
            let rest = text.get(end..).unwrap_or_default();
            end + rest.find('\n').unwrap_or(rest.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gets_its_index() {
        let text = "\
class Book(Base):
    __tablename__ = 'book'
    author_id: Mapped[int] = mapped_column(ForeignKey('author.id'))
    title = Column(
        String(20),
    )
    isbn: Mapped[str] = mapped_column(index=True)

class Team(SQLModel, table=True):
    hero: int = Field()
";
        let indexed = |table, column| with_index(text, table, column);
        let found = indexed("book", "author_id").expect("it is there");
        assert!(found.contains("mapped_column(ForeignKey('author.id'), index=True)\n"));
        let found = indexed("book", "title").expect("it is there");
        assert!(found.contains("String(20), index=True\n    )"), "{found}");
        assert!(
            indexed("team", "hero")
                .expect("it is there")
                .contains("Field(index=True)")
        );
        assert_eq!(indexed("book", "isbn"), None);
        assert_eq!(indexed("shelf", "isbn"), None);
    }

    #[test]
    fn models_are_known_by_their_text() {
        let text = "\
from sqlmodel import Field, SQLModel

class HeroBase(SQLModel):
    name: str

class Hero(HeroBase, table=True):
    id: int | None = Field(primary_key=True)

class Tag(Base):
    __tablename__ = 'tag'

class Settings:
    debug: bool
";
        let found = model_classes(text);
        let told: Vec<(&str, ModelKind, u32)> = found
            .iter()
            .map(|one| (one.name.as_str(), one.kind, one.line))
            .collect();
        assert_eq!(
            told,
            [
                ("HeroBase", ModelKind::WithoutTable, 3),
                ("Hero", ModelKind::Table, 6),
                ("Tag", ModelKind::Table, 9),
            ]
        );
        assert_eq!(
            &text[..found[0].after_bases].lines().last(),
            &Some("class HeroBase(SQLModel")
        );
        assert_eq!(
            &text[..after_imports(text)],
            "from sqlmodel import Field, SQLModel"
        );
        assert_eq!(model_classes("class ("), []);
    }
}
