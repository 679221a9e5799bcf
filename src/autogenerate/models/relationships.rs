//! Relationships: what foreign keys mean between classes, in both directions.

use std::rc::Rc;

use sqlalchemy::inspector::ReflectedForeignKey;

use super::names::Names;
use super::{Model, ModelStyle};

/// A relationship of a class.
pub(super) struct Relationship {
    /// Its attribute.
    pub(super) attribute: String,
    /// The class at its other end.
    pub(super) class: String,
    /// Whether there are many at the other end.
    pub(super) many: bool,
    /// Whether there may be none.
    pub(super) optional: bool,
    /// The attribute of the other class that goes back.
    pub(super) back: String,
    /// Columns that say which of several foreign keys it follows, as `Class.attribute`.
    pub(super) foreign_keys: Vec<String>,
    /// Columns at the far end of a relationship of a class with itself.
    pub(super) remote_side: Vec<String>,
    /// The table between, and its class where it has one.
    pub(super) secondary: Option<(Rc<str>, Option<String>)>,
}

/// A foreign key between two classes.
struct Link {
    from: usize,
    to: usize,
    key: ReflectedForeignKey,
}

fn keys(model: &Model) -> Vec<ReflectedForeignKey> {
    let of_columns = model
        .columns
        .iter()
        .filter_map(|column| column.foreign_key.clone());
    let of_table = model
        .arguments
        .iter()
        .filter_map(|one| one.foreign_key.clone());
    of_columns.chain(of_table).collect()
}

fn attributes(model: &Model, columns: &[Rc<str>]) -> Vec<String> {
    columns
        .iter()
        .filter_map(|name| model.columns.iter().find(|column| column.name == *name))
        .map(|column| format!("{}.{}", model.name, column.attribute))
        .collect()
}

/// Whether a foreign key's columns are unique together: then there is at most one row on this side.
fn is_unique(model: &Model, key: &ReflectedForeignKey) -> bool {
    let primary: Vec<&Rc<str>> = model
        .columns
        .iter()
        .filter(|column| column.primary_key)
        .map(|column| &column.name)
        .collect();
    let whole_key = !primary.is_empty()
        && primary.len() == key.constrained_columns.len()
        && primary
            .iter()
            .all(|name| key.constrained_columns.contains(*name));
    let alone = match key.constrained_columns.as_slice() {
        [only] => model
            .columns
            .iter()
            .any(|column| column.name == *only && column.unique),
        _ => false,
    };
    whole_key || alone
}

/// The name of the side that refers: `author_id` becomes `author`; of several keys to one table, one whose
/// column says no more is called by both.
fn name_of(key: &ReflectedForeignKey, several: bool) -> String {
    match key.constrained_columns.as_slice() {
        [only] => only
            .strip_suffix("_id")
            .or_else(|| only.strip_suffix("Id"))
            .filter(|stem| !stem.is_empty())
            .map_or_else(
                || {
                    if several {
                        format!("{only}_{}", key.referred_table)
                    } else {
                        key.referred_table.to_string()
                    }
                },
                str::to_owned,
            ),
        _ => key.referred_table.to_string(),
    }
}

/// Finds the relationships of all classes.
pub(super) fn relate(models: &mut [Model], style: ModelStyle) {
    let mut taken: Vec<Names> = models
        .iter()
        .map(|model| {
            let mut names = Names::of_class(style);
            for column in &model.columns {
                names.attribute(&column.attribute);
            }
            names
        })
        .collect();
    let place = |table: &str| {
        models
            .iter()
            .position(|model| *model.table == *table && model.is_class && !model.is_link)
    };
    let mut links = Vec::new();
    let mut bridges = Vec::new();
    for (from, model) in models.iter().enumerate() {
        let all = keys(model);
        if model.is_link {
            if let [one, other] = all.as_slice()
                && let (Some(left), Some(right)) =
                    (place(&one.referred_table), place(&other.referred_table))
                && left != right
            {
                bridges.push((from, left, right));
            }
        } else if model.is_class {
            for key in all {
                if let Some(to) =
                    place(&key.referred_table).filter(|_| key.referred_schema.is_none())
                {
                    links.push(Link { from, to, key });
                }
            }
        }
    }
    let several = |link: &Link| {
        links
            .iter()
            .filter(|other| {
                (other.from, other.to) == (link.from, link.to)
                    || (other.to, other.from) == (link.from, link.to)
            })
            .count()
            > 1
    };
    let mut found: Vec<(usize, Relationship)> = Vec::new();
    for link in &links {
        let (child, parent) = (&models[link.from], &models[link.to]);
        let itself = link.from == link.to;
        let wanted = name_of(&link.key, several(link));
        let forward = taken[link.from].attribute(&wanted);
        let back = if itself {
            format!("{forward}_reverse")
        } else if several(link) {
            format!("{}_{wanted}", child.table)
        } else {
            child.table.to_string()
        };
        let back = taken[link.to].attribute(&back);
        let foreign_keys = if several(link) {
            attributes(child, &link.key.constrained_columns)
        } else {
            Vec::new()
        };
        let remote = |columns: &[Rc<str>]| {
            if itself {
                attributes(child, columns)
            } else {
                Vec::new()
            }
        };
        let optional = child
            .columns
            .iter()
            .any(|column| link.key.constrained_columns.contains(&column.name) && column.nullable);
        found.push((
            link.from,
            Relationship {
                attribute: forward.clone(),
                class: parent.name.clone(),
                many: false,
                optional,
                back: back.clone(),
                foreign_keys: foreign_keys.clone(),
                remote_side: remote(&link.key.referred_columns),
                secondary: None,
            },
        ));
        found.push((
            link.to,
            Relationship {
                attribute: back,
                class: child.name.clone(),
                many: !is_unique(child, &link.key),
                optional: true,
                back: forward,
                foreign_keys,
                remote_side: remote(&link.key.constrained_columns),
                secondary: None,
            },
        ));
    }
    for (between, left, right) in bridges {
        let secondary = (
            models[between].table.clone(),
            models[between]
                .is_class
                .then(|| models[between].name.clone()),
        );
        let forward = taken[left].attribute(&models[right].table);
        let back = taken[right].attribute(&models[left].table);
        for (at, other, attribute, back) in [
            (left, right, forward.clone(), back.clone()),
            (right, left, back, forward),
        ] {
            found.push((
                at,
                Relationship {
                    attribute,
                    class: models[other].name.clone(),
                    many: true,
                    optional: false,
                    back,
                    foreign_keys: Vec::new(),
                    remote_side: Vec::new(),
                    secondary: Some(secondary.clone()),
                },
            ));
        }
    }
    for (at, relationship) in found {
        models[at].relationships.push(relationship);
    }
}
