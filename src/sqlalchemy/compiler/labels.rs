//! Names of a SELECT's columns: explicit labels, and labels that make names unique.

use crate::elements::{AnonymousName, Expression, LabelName};
use crate::name::Name;
use crate::sql::LabelStyle;
use ground::hash::HashMap;

/// The name under which a SELECT's column is rendered.
pub(super) struct ColumnName {
    /// A mandatory label.
    pub(super) required: Option<LabelName>,
    /// The label used where one is needed.
    pub(super) fallback: Option<LabelName>,
    pub(super) repeated: bool,
}

pub(super) fn wraps_unnamed(expression: &Expression) -> bool {
    match expression {
        Expression::Grouping(inner) => wraps_unnamed(inner),
        Expression::ColumnClause(column) => column.element.is_some(),
        Expression::Column(_) | Expression::Label(_) => false,
        _ => true,
    }
}

/// `_non_anon_label`: the inherent name of a named expression.
pub(super) fn non_anonymous_label(expression: &Expression) -> Option<LabelName> {
    match expression {
        Expression::Column(column) => Some(LabelName::Plain(column.name())),
        Expression::ColumnClause(column) if column.element.is_some() => None,
        Expression::ColumnClause(column) => match &column.name {
            name @ LabelName::Plain(_) => Some(name.clone()),
            LabelName::Anonymous(_) => Some(column.name.clone()),
        },
        Expression::Label(label) => Some(label.name.clone()),
        Expression::Grouping(inner) => non_anonymous_label(inner),
        _ => None,
    }
}

/// `_anon_name_label`.
pub(super) fn anonymous_label(expression: &Expression) -> LabelName {
    let anonymous = |derived: &str| {
        LabelName::Anonymous(AnonymousName {
            key: expression.anonymous_key(),
            derived: derived.into(),
        })
    };
    match expression {
        Expression::Column(column) => anonymous(&column.name()),
        Expression::ColumnClause(column) => match &column.name {
            LabelName::Plain(name) => anonymous(name),
            LabelName::Anonymous(name) => anonymous(&name.derived),
        },
        Expression::Function(function) => anonymous(&function.name),
        Expression::Cast(cast) | Expression::TypeCoerce(cast) => {
            wrapped_label(&cast.clause).unwrap_or_else(|| anonymous("anon"))
        }
        Expression::AsBoolean(boolean) => {
            wrapped_label(&boolean.element).unwrap_or_else(|| anonymous("anon"))
        }
        Expression::Grouping(inner) => match anonymous_label(inner) {
            LabelName::Anonymous(name) => anonymous(&name.derived),
            LabelName::Plain(name) => anonymous(&name),
        },
        _ => anonymous("anon"),
    }
}

fn wrapped_label(inner: &Expression) -> Option<LabelName> {
    if matches!(inner, Expression::Text(_)) {
        return None;
    }
    Some(non_anonymous_label(inner).unwrap_or_else(|| anonymous_label(inner)))
}

/// `_tq_label`: the name of a column after that of its table.
fn table_label(expression: &Expression) -> Option<Name> {
    let from = expression.table()?;
    let LabelName::Plain(table) = from.name()? else {
        return None;
    };
    let column = expression.name_text()?;
    Some(Name::new(match from.schema() {
        Some(schema) => format!("{}_{table}_{column}", schema.replace('.', "_")),
        None => format!("{table}_{column}"),
    }))
}

/// `_generate_columns_plus_names`: the names of columns in that style.
pub(super) fn column_names(columns: &[Expression], style: LabelStyle) -> Vec<ColumnName> {
    match style {
        LabelStyle::Disambiguate => distinct_names(columns),
        LabelStyle::None => columns.iter().map(own_name).collect(),
        LabelStyle::TableNamePlusColumn => {
            let mut known: Vec<Name> = Vec::new();
            let named = |column: &Expression| {
                let Some(label) = table_label(column) else {
                    return own_name(column);
                };
                let label = if known.contains(&label) {
                    LabelName::Anonymous(AnonymousName {
                        key: column.anonymous_key(),
                        derived: format!("{label}_").into(),
                    })
                } else {
                    known.push(label.clone());
                    LabelName::Plain(label)
                };
                ColumnName {
                    required: Some(label.clone()),
                    fallback: Some(label),
                    repeated: false,
                }
            };
            columns.iter().map(named).collect()
        }
    }
}

/// A column by its own name, whatever the others are called.
fn own_name(column: &Expression) -> ColumnName {
    let own = match column {
        Expression::Text(_) => None,
        _ => Some(non_anonymous_label(column).unwrap_or_else(|| anonymous_label(column))),
    };
    ColumnName {
        required: None,
        fallback: own,
        repeated: false,
    }
}

/// Names by which the columns differ.
fn distinct_names(columns: &[Expression]) -> Vec<ColumnName> {
    let mut names: HashMap<LabelName, usize> = HashMap::default();
    let mut dedupe = 1usize;
    let mut result = Vec::with_capacity(columns.len());
    let again = |expression: &Expression, number: usize| {
        let wrapped = match expression {
            Expression::Cast(cast) | Expression::TypeCoerce(cast) => {
                non_anonymous_label(&cast.clause)
            }
            Expression::AsBoolean(boolean) => non_anonymous_label(&boolean.element),
            _ => None,
        };
        if let Some(LabelName::Plain(name)) = wrapped {
            return LabelName::Anonymous(AnonymousName {
                key: expression.anonymous_key(),
                derived: format!("{name}_").into(),
            });
        }
        let derived = match non_anonymous_label(expression) {
            Some(LabelName::Plain(name)) => format!("{name}_"),
            _ => "anon_".to_owned(),
        };
        // `id__1`: the same column is selected again.
        LabelName::Anonymous(AnonymousName {
            key: expression.anonymous_key().wrapping_mul(65_536) | number,
            derived: derived.into(),
        })
    };
    for column in columns {
        let labelled = match column {
            Expression::Text(_) => false,
            Expression::Column(column) => column.table().is_some(),
            Expression::ColumnClause(column) => column.table.is_some() || column.element.is_some(),
            _ => true,
        };
        if !labelled {
            result.push(ColumnName {
                required: None,
                fallback: None,
                repeated: false,
            });
            continue;
        }
        let key = column.anonymous_key();
        let own = non_anonymous_label(column);
        let mut name = ColumnName {
            required: None,
            fallback: own.clone(),
            repeated: false,
        };
        match own {
            None => {
                let label = anonymous_label(column);
                name.repeated = names.contains_key(&label);
                names.insert(label.clone(), key);
                name.fallback = Some(if name.repeated {
                    dedupe += 1;
                    again(column, dedupe - 1)
                } else {
                    label
                });
            }
            Some(own) => match names.get(&own) {
                Some(other) if *other != key => {
                    let label = anonymous_label(column);
                    if names.contains_key(&label) {
                        let label = again(column, dedupe);
                        dedupe += 1;
                        name.required = Some(label.clone());
                        name.fallback = Some(label);
                        name.repeated = true;
                    } else {
                        names.insert(label.clone(), key);
                        name.required = Some(label.clone());
                        name.fallback = Some(label);
                    }
                }
                Some(_) => {
                    let label = again(column, dedupe);
                    dedupe += 1;
                    name.required = Some(label.clone());
                    name.fallback = Some(label);
                    name.repeated = true;
                }
                None => {
                    names.insert(own, key);
                }
            },
        }
        result.push(name);
    }
    result
}
