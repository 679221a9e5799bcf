//! Columns, constraints and indexes of a table, as the arguments that models write for them.

use std::rc::Rc;

use ground::diagnostic::Result;
use sqlalchemy::inspector::{
    IndexOrigin, Inspector, ReflectedForeignKey, ReflectedIndex, ReflectedUniqueConstraint,
};
use sqlalchemy::schema::DialectOptions;
use sqlalchemy::sqltypes::Argument;

use super::names::Names;
use super::types::ModelType;
use super::{Imports, Model, ModelStyle, quoted};

/// A column.
pub(super) struct ModelColumn {
    /// Its name.
    pub(super) name: Rc<str>,
    /// Its attribute in the class.
    pub(super) attribute: String,
    /// Its type.
    pub(super) kind: ModelType,
    /// Whether it may be NULL.
    pub(super) nullable: bool,
    /// Whether it is in the primary key.
    pub(super) primary_key: bool,
    /// Whether it is unique by itself, without a name of the constraint.
    pub(super) unique: bool,
    /// Whether it has an index of its own, of the name that SQLAlchemy gives.
    pub(super) index: bool,
    /// SQL of its default.
    pub(super) default: Option<String>,
    /// Its expression and whether it is stored, for a computed column.
    pub(super) computed: Option<(String, bool)>,
    /// Whether it is an identity column, and ALWAYS.
    pub(super) identity: Option<bool>,
    /// The foreign key that is of it alone.
    pub(super) foreign_key: Option<ReflectedForeignKey>,
    /// Its comment.
    pub(super) comment: Option<Rc<str>>,
}

/// A constraint or an index that is written beside the columns.
pub(super) struct TableArgument {
    /// The class: `UniqueConstraint`.
    pub(super) function: &'static str,
    /// Its arguments.
    pub(super) arguments: Vec<String>,
    /// Whether `text` is among them.
    pub(super) has_text: bool,
    /// The foreign key that it is, for one of several columns.
    pub(super) foreign_key: Option<ReflectedForeignKey>,
}

impl TableArgument {
    fn new(function: &'static str, arguments: Vec<String>) -> Self {
        TableArgument {
            function,
            arguments,
            has_text: false,
            foreign_key: None,
        }
    }
}

fn names(columns: &[Rc<str>]) -> Vec<String> {
    columns.iter().map(|name| quoted(name)).collect()
}

fn named(mut arguments: Vec<String>, name: Option<&str>) -> Vec<String> {
    arguments.extend(name.map(|name| format!("name={}", quoted(name))));
    arguments
}

/// `name=` and the options of a foreign key.
fn key_options(key: &ReflectedForeignKey) -> Vec<String> {
    let mut options = named(Vec::new(), key.name.as_deref());
    for (option, value) in [
        ("ondelete", &key.ondelete),
        ("onupdate", &key.onupdate),
        ("initially", &key.initially),
    ] {
        options.extend(
            value
                .as_ref()
                .map(|value| format!("{option}={}", quoted(value))),
        );
    }
    options.extend(
        key.deferrable
            .map(|value| format!("deferrable={}", if value { "True" } else { "False" })),
    );
    options
}

/// The target of a foreign key's column: `author.id`.
fn target(key: &ReflectedForeignKey, column: &str) -> String {
    let schema = key
        .referred_schema
        .as_ref()
        .map(|schema| format!("{schema}."));
    quoted(&format!(
        "{}{}.{column}",
        schema.unwrap_or_default(),
        key.referred_table
    ))
}

/// `ForeignKey(...)` of a column.
pub(super) fn foreign_key(key: &ReflectedForeignKey) -> String {
    let column = key.referred_columns.first().map_or("", |name| name);
    let mut arguments = vec![target(key, column)];
    arguments.extend(key_options(key));
    format!("ForeignKey({})", arguments.join(", "))
}

fn options(options: &DialectOptions, has_text: &mut bool) -> Vec<String> {
    options
        .iter()
        .map(|(name, value)| match value {
            Argument::Expression(sql) => {
                *has_text = true;
                format!("{name}=text({})", quoted(&sql.python_str()))
            }
            value => format!("{name}={}", value.python_repr()),
        })
        .collect()
}

fn index(index: &ReflectedIndex) -> TableArgument {
    let mut has_text = false;
    let mut arguments = vec![quoted(&index.name)];
    for (place, column) in index.column_names.iter().enumerate() {
        arguments.push(match column {
            Some(name) => {
                let sorted = index.column_sorting.iter().find(|(one, _)| one == name);
                match sorted.filter(|(_, order)| order.iter().any(|one| &**one == "desc")) {
                    Some(_) => {
                        has_text = true;
                        format!("text({})", quoted(&format!("{name} DESC")))
                    }
                    None => quoted(name),
                }
            }
            None => {
                has_text = true;
                let sql = index.expressions.get(place).map_or("", |sql| sql);
                format!("text({})", quoted(sql))
            }
        });
    }
    if index.unique {
        arguments.push("unique=True".to_owned());
    }
    arguments.extend(options(&index.dialect_options, &mut has_text));
    TableArgument {
        has_text,
        ..TableArgument::new("Index", arguments)
    }
}

fn unique(constraint: &ReflectedUniqueConstraint) -> TableArgument {
    let mut has_text = false;
    let mut arguments = named(names(&constraint.column_names), constraint.name.as_deref());
    arguments.extend(options(&constraint.dialect_options, &mut has_text));
    TableArgument {
        has_text,
        ..TableArgument::new("UniqueConstraint", arguments)
    }
}

/// UNIQUE constraints that the database lists and the inspector does not know: reflection reads those of a
/// column from its text, and not behind every type.
fn unseen(
    inspector: &Inspector,
    table: &str,
    is_known: impl Fn(&[Rc<str>]) -> bool,
) -> Vec<String> {
    // A dialect without such a listing has nothing more to say.
    let listing = inspector.get_listing().unwrap_or_default();
    listing
        .iter()
        .filter(|one| *one.name == *table)
        .flat_map(|one| &one.indexes)
        .filter(|index| index.origin == IndexOrigin::Unique)
        .map(|index| index.columns.iter().flatten().cloned().collect())
        .filter(|columns: &Vec<Rc<str>>| !is_known(columns))
        .map(|columns| columns.join(", "))
        .collect()
}

/// Reads a table.
pub(super) fn read(
    inspector: &Inspector,
    table: &Rc<str>,
    tables: &[Rc<str>],
    style: ModelStyle,
    notes: &mut Vec<String>,
) -> Result<Model> {
    let key = inspector.get_pk_constraint(table, None)?;
    let mut attributes = Names::of_class(style);
    let mut columns: Vec<ModelColumn> = inspector
        .get_columns(table, None)?
        .iter()
        .map(|column| ModelColumn {
            name: column.name.clone(),
            attribute: attributes.attribute(&column.name),
            kind: ModelType::of(&column.type_, style),
            nullable: column.nullable,
            primary_key: key.constrained_columns.contains(&column.name),
            unique: false,
            index: false,
            default: column.default.clone().filter(|_| column.computed.is_none()),
            computed: column.computed.clone(),
            identity: column.identity.as_ref().map(|(always, _)| *always),
            foreign_key: None,
            comment: column.comment.clone(),
        })
        .collect();
    for column in &columns {
        if column.kind.is_none() {
            notes.push(format!(
                "{table}.{} has no type that SQLAlchemy knows: give it one before the table is created anew",
                column.name
            ));
        }
    }
    let mut arguments = Vec::new();
    let mut links = 0;
    for key in inspector.get_foreign_keys(table, None)?.iter() {
        if key.referred_schema.is_none() && !tables.contains(&key.referred_table) {
            notes.push(format!(
                "the foreign key of {table} to {} is left out: there is no such table",
                key.referred_table
            ));
            continue;
        }
        links += 1;
        let alone = (key.constrained_columns.len() == 1)
            .then(|| key.constrained_columns.first())
            .flatten()
            .and_then(|name| columns.iter_mut().find(|column| column.name == *name))
            .filter(|column| column.foreign_key.is_none());
        match alone {
            Some(column) => column.foreign_key = Some(key.clone()),
            None => {
                let targets: Vec<String> = key
                    .referred_columns
                    .iter()
                    .map(|column| target(key, column))
                    .collect();
                let mut given = vec![
                    format!("[{}]", names(&key.constrained_columns).join(", ")),
                    format!("[{}]", targets.join(", ")),
                ];
                given.extend(key_options(key));
                arguments.push(TableArgument {
                    foreign_key: Some(key.clone()),
                    ..TableArgument::new("ForeignKeyConstraint", given)
                });
            }
        }
    }
    if let Some(name) = &key.name {
        let given = named(names(&key.constrained_columns), Some(name));
        arguments.push(TableArgument::new("PrimaryKeyConstraint", given));
    }
    let uniques = inspector.get_unique_constraints(table, None)?;
    for listed in unseen(inspector, table, |columns| {
        uniques.iter().any(|one| one.column_names == columns)
    }) {
        notes.push(format!(
            "{table} has UNIQUE ({listed}), which SQLAlchemy does not see in this database: written here it would be a change"
        ));
    }
    for constraint in uniques.iter() {
        let only = match constraint.column_names.as_slice() {
            [only] if constraint.name.is_none() && constraint.dialect_options.is_empty() => {
                columns.iter_mut().find(|column| column.name == *only)
            }
            _ => None,
        };
        match only {
            Some(column) => column.unique = true,
            None => arguments.push(unique(constraint)),
        }
    }
    for reflected in inspector.get_indexes(table, None)?.iter() {
        let only = match reflected.column_names.as_slice() {
            [Some(only)]
                if *reflected.name == format!("ix_{table}_{only}")
                    && reflected.dialect_options.is_empty()
                    && reflected.column_sorting.is_empty() =>
            {
                columns
                    .iter_mut()
                    .find(|column| column.name == *only && !column.unique)
            }
            _ => None,
        };
        match only {
            Some(column) => {
                column.index = true;
                column.unique = reflected.unique;
            }
            None => arguments.push(index(reflected)),
        }
    }
    for check in inspector.get_check_constraints(table, None)?.iter() {
        let given = named(vec![quoted(&check.sqltext)], check.name.as_deref());
        arguments.push(TableArgument::new("CheckConstraint", given));
    }
    let has_key = !key.constrained_columns.is_empty();
    let is_link = links == 2
        && !columns.is_empty()
        && columns.iter().all(|column| {
            column.foreign_key.is_some()
                || arguments.iter().any(|argument| {
                    argument
                        .foreign_key
                        .as_ref()
                        .is_some_and(|key| key.constrained_columns.contains(&column.name))
                })
        });
    Ok(Model {
        table: table.clone(),
        name: String::new(),
        is_class: has_key && !(is_link && style == ModelStyle::Declarative),
        is_link: is_link && (has_key || style == ModelStyle::Declarative),
        columns,
        arguments,
        relationships: Vec::new(),
    })
}

impl ModelColumn {
    /// The arguments that say what the annotation does not: of `mapped_column`, or, with `whole`, of
    /// `Column`, which has no annotation.
    pub(super) fn arguments(&self, whole: bool, imports: &mut Imports) -> Vec<String> {
        let mut arguments = Vec::new();
        if whole || self.attribute != *self.name {
            arguments.push(quoted(&self.name));
        }
        if whole || !self.kind.is_implied() {
            self.kind.import_expression(imports);
            arguments.push(self.kind.expression.clone());
        }
        if let Some(key) = &self.foreign_key {
            imports.add("sqlalchemy", "ForeignKey");
            arguments.push(foreign_key(key));
        }
        if let Some((sql, persisted)) = &self.computed {
            imports.add("sqlalchemy", "Computed");
            let persisted = if *persisted { "True" } else { "False" };
            arguments.push(format!("Computed({}, persisted={persisted})", quoted(sql)));
        }
        if let Some(always) = self.identity {
            imports.add("sqlalchemy", "Identity");
            arguments.push(format!(
                "Identity(always={})",
                if always { "True" } else { "False" }
            ));
        }
        if self.primary_key {
            arguments.push("primary_key=True".to_owned());
            // A database may allow NULL in a key that was not declared NOT NULL.
            if self.nullable {
                arguments.push("nullable=True".to_owned());
            }
        } else if whole && !self.nullable {
            arguments.push("nullable=False".to_owned());
        }
        arguments.extend(self.index.then(|| "index=True".to_owned()));
        arguments.extend(self.unique.then(|| "unique=True".to_owned()));
        if let Some(sql) = &self.default {
            imports.add("sqlalchemy", "text");
            arguments.push(format!("server_default=text({})", quoted(sql)));
        }
        arguments.extend(
            self.comment
                .as_ref()
                .map(|comment| format!("comment={}", quoted(comment))),
        );
        arguments
    }
}
