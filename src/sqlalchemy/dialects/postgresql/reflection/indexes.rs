//! Indexes, from one row for each of their elements.

use std::rc::Rc;

use super::catalog::IndexRow;
use super::{storage, strings};
use crate::inspector::ReflectedIndex;
use crate::literal::Literal;
use crate::schema::DialectOptions;

/// The bits of `pg_index.indoption`.
const DESCENDING: i64 = 1;
const NULLS_FIRST: i64 = 2;

/// How an element is sorted, where that is not the default: NULLs are last, and first where the
/// order is descending.
fn sorting(flags: i64) -> Vec<Rc<str>> {
    let nulls_first = flags & NULLS_FIRST != 0;
    if flags & DESCENDING != 0 {
        if nulls_first {
            vec!["desc".into()]
        } else {
            vec!["desc".into(), "nulls_last".into()]
        }
    } else if nulls_first {
        vec!["nulls_first".into()]
    } else {
        Vec::new()
    }
}

/// A dictionary; a later value for a key takes the place of the earlier one.
fn set<V>(items: &mut Vec<(Rc<str>, V)>, key: &Rc<str>, value: V) {
    match items.iter_mut().find(|(known, _)| known == key) {
        Some((_, known)) => *known = value,
        None => items.push((key.clone(), value)),
    }
}

/// The indexes of a table; the rows of one follow one another.
pub(super) fn of_rows(rows: &[IndexRow]) -> Vec<ReflectedIndex> {
    rows.chunk_by(|one, next| one.name == next.name)
        .filter_map(index)
        .collect()
}

fn index(rows: &[IndexRow]) -> Option<ReflectedIndex> {
    let of = rows.first()?;
    let mut found = ReflectedIndex {
        name: of.name.clone(),
        unique: of.unique,
        duplicates_constraint: of.of_constraint.then(|| of.name.clone()),
        ..ReflectedIndex::default()
    };
    let mut operators: Vec<(Rc<str>, Rc<str>)> = Vec::new();
    let mut elements = Vec::new();
    for row in rows.iter().filter(|row| row.is_key) {
        let column = (!row.is_expression).then(|| row.element.clone());
        found.column_names.push(column);
        elements.push(row.element.clone());
        if let Some(class) = &row.operator_class {
            set(&mut operators, &row.element, class.clone());
        }
        let order = sorting(row.flags);
        if !order.is_empty() {
            set(&mut found.column_sorting, &row.element, order);
        }
    }
    if found.column_names.iter().any(Option::is_none) {
        found.expressions = elements;
    }
    let included: Vec<Rc<str>> = rows
        .iter()
        .filter(|row| !row.is_key)
        .map(|row| row.element.clone())
        .collect();
    found.dialect_options = options(of, operators, &included);
    Some(found)
}

fn options(
    of: &IndexRow,
    operators: Vec<(Rc<str>, Rc<str>)>,
    included: &[Rc<str>],
) -> DialectOptions {
    let mut options = DialectOptions::new();
    if !operators.is_empty() {
        let operators = operators
            .into_iter()
            .map(|(element, class)| (Literal::String(element), Literal::String(class)));
        options.insert("postgresql_ops", Literal::Dictionary(operators.collect()));
    }
    if !of.storage.is_empty() {
        options.insert("postgresql_with", storage(&of.storage));
    }
    if &*of.access_method != "btree" {
        options.insert("postgresql_using", &*of.access_method);
    }
    if let Some(condition) = of.condition.as_deref().filter(|text| !text.is_empty()) {
        options.insert("postgresql_where", condition);
    }
    options.insert("postgresql_include", strings(included));
    if of.nulls_not_distinct {
        options.insert("postgresql_nulls_not_distinct", Literal::Boolean(true));
    }
    if !of.valid {
        options.insert("postgresql_invalid", Literal::Boolean(true));
    }
    options
}
