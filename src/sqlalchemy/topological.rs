//! Dependency order: SQLAlchemy's topological sort and `sort_tables_and_constraints`.

use crate::exc;
use ground::hash::{HashMap, HashSet};
use ground::order::InOrder;

use crate::schema::{ForeignKeyConstraint, Table, warn};
use ground::diagnostic::{Error, Result};

/// Groups of items, each depending only on earlier groups; items keep the order of `all`.
///
/// # Errors
/// The items that are part of a cycle, or behind one.
#[expect(
    clippy::iter_over_hash_type,
    reason = "the order of the edges has no effect on the result"
)]
fn sort_as_subsets(
    edges: &HashSet<(usize, usize)>,
    count: usize,
) -> std::result::Result<Vec<Vec<usize>>, Vec<usize>> {
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (parent, child) in edges {
        parents[*child].push(*parent);
    }
    let mut todo: Vec<usize> = (0..count).collect();
    let mut waiting: Vec<bool> = vec![true; count];
    let mut groups = Vec::new();
    while !todo.is_empty() {
        let ready: Vec<usize> = todo
            .iter()
            .copied()
            .filter(|node| parents[*node].iter().all(|parent| !waiting[*parent]))
            .collect();
        if ready.is_empty() {
            return Err(todo);
        }
        for node in &ready {
            waiting[*node] = false;
        }
        todo.retain(|node| waiting[*node]);
        groups.push(ready);
    }
    Ok(groups)
}

/// `topological.sort(edges, items)` over indices: `(first, then)` pairs.
///
/// # Errors
/// `sqlalchemy.exc.CircularDependencyError`.
pub fn sort(edges: &HashSet<(usize, usize)>, count: usize) -> Result<Vec<usize>> {
    match sort_as_subsets(edges, count) {
        Ok(groups) => Ok(groups.into_iter().flatten().collect()),
        Err(_) => Err(Error::new(
            exc::CIRCULAR_DEPENDENCY_ERROR,
            "Circular dependency detected.",
        )),
    }
}

/// Nodes that are part of a cycle.
#[expect(
    clippy::iter_over_hash_type,
    reason = "the order of the edges has no effect on the result"
)]
fn cycles(edges: &HashSet<(usize, usize)>, count: usize) -> HashSet<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (parent, child) in edges {
        children[*parent].push(*child);
    }
    let mut found = HashSet::default();
    for start in 0..count {
        let mut seen = vec![false; count];
        let mut stack = children[start].clone();
        while let Some(node) = stack.pop() {
            if node == start {
                found.insert(start);
                break;
            }
            if !std::mem::replace(&mut seen[node], true) {
                stack.extend(&children[node]);
            }
        }
    }
    found
}

/// An entry of [`sort_tables_and_constraints`]: a table with the foreign keys of its CREATE TABLE;
/// the last entry has no table and contains the foreign keys that must be added by ALTER.
pub type SortedTable = (Option<Table>, Vec<ForeignKeyConstraint>);

/// The foreign key filter of [`sort_tables_and_constraints`].
pub type Filter<'a> = &'a dyn Fn(&ForeignKeyConstraint) -> Option<bool>;

/// Sorts tables in dependency order, separating the foreign keys that form cycles.
///
/// `filter` decides for a foreign key: `Some(false)` keeps it inline, `Some(true)` separates it,
/// `None` lets the sort decide.
///
/// # Errors
/// `sqlalchemy.exc.CircularDependencyError` for a cycle that no foreign key can break.
pub fn sort_tables_and_constraints(
    tables: &[Table],
    filter: Option<Filter<'_>>,
    extra: &[(Table, Table)],
) -> Result<Vec<SortedTable>> {
    sort_with(tables, filter, extra, false)
}

fn sort_with(
    tables: &[Table],
    filter: Option<Filter<'_>>,
    extra: &[(Table, Table)],
    warn_for_cycles: bool,
) -> Result<Vec<SortedTable>> {
    let positions: HashMap<usize, usize> = tables
        .iter()
        .enumerate()
        .map(|(position, table)| (table.identity_key(), position))
        .collect();
    let position = |table: &Table| positions.get(&table.identity_key()).copied();
    let mut fixed: HashSet<(usize, usize)> = HashSet::default();
    for (parent, child) in extra {
        if let (Some(parent), Some(child)) = (position(parent), position(child)) {
            fixed.insert((parent, child));
        }
    }
    let mut mutable: HashSet<(usize, usize)> = HashSet::default();
    let mut remaining: Vec<ForeignKeyConstraint> = Vec::new();
    let mut apart = |constraint: &ForeignKeyConstraint| {
        if !remaining.iter().any(|known| known.ptr_eq(constraint)) {
            remaining.push(constraint.clone());
        }
    };
    for (child, table) in tables.iter().enumerate() {
        for constraint in sorted_foreign_keys(table) {
            if constraint.use_alter() {
                apart(&constraint);
                continue;
            }
            if filter.and_then(|filter| filter(&constraint)) == Some(true) {
                apart(&constraint);
                continue;
            }
            // A missing target is an error in SQLAlchemy too.
            let referred = constraint.referred_table()?;
            if let Some(parent) = position(&referred)
                && parent != child
            {
                mutable.insert((parent, child));
            }
        }
        for dependency in table.extra_dependencies() {
            if let Some(parent) = position(&dependency) {
                fixed.insert((parent, child));
            }
        }
    }
    let all = |fixed: &HashSet<_>, mutable: &HashSet<_>| -> HashSet<(usize, usize)> {
        fixed.union(mutable).copied().collect()
    };
    let order = match sort_as_subsets(&all(&fixed, &mutable), tables.len()) {
        Ok(groups) => groups,
        Err(_) => {
            let on_cycle = cycles(&all(&fixed, &mutable), tables.len());
            if warn_for_cycles {
                let mut names: Vec<String> = on_cycle
                    .iter()
                    .map(|place| tables[*place].fullname())
                    .collect();
                names.in_order();
                warn(format!(
                    "Cannot correctly sort tables; there are unresolvable cycles between tables \
                     \"{}\", which is usually caused by mutually dependent foreign key \
                     constraints.  Foreign key constraints involving these tables will not be \
                     considered; this warning may raise an error in a future release.",
                    names.join(", ")
                ));
            }
            let edges: Vec<(usize, usize)> = all(&fixed, &mutable)
                .into_iter()
                .filter(|(parent, child)| on_cycle.contains(parent) && on_cycle.contains(child))
                .collect();
            for (_, child) in edges {
                for constraint in sorted_foreign_keys(&tables[child]) {
                    if filter.and_then(|filter| filter(&constraint)) == Some(false) {
                        continue;
                    }
                    let referred = constraint.referred_table()?;
                    if let Some(parent) = position(&referred)
                        && parent != child
                    {
                        mutable.remove(&(parent, child));
                    }
                    apart(&constraint);
                }
            }
            sort_as_subsets(&all(&fixed, &mutable), tables.len()).map_err(|_| {
                Error::new(
                    exc::CIRCULAR_DEPENDENCY_ERROR,
                    "Circular dependency detected.",
                )
            })?
        }
    };
    remaining.in_order_by_key(ForeignKeyConstraint::creation_order);
    let mut sorted: Vec<SortedTable> = order
        .into_iter()
        .flatten()
        .map(|place| {
            let table = &tables[place];
            let inside = sorted_foreign_keys(table)
                .into_iter()
                .filter(|constraint| !remaining.iter().any(|other| other.ptr_eq(constraint)))
                .collect();
            (Some(table.clone()), inside)
        })
        .collect();
    sorted.push((None, remaining));
    Ok(sorted)
}

fn sorted_foreign_keys(table: &Table) -> Vec<ForeignKeyConstraint> {
    let mut constraints = table.foreign_key_constraints();
    constraints.in_order_by_key(ForeignKeyConstraint::creation_order);
    constraints
}

/// The tables that refer to each other in a cycle.
pub fn cyclic_tables(tables: &[Table]) -> Vec<Table> {
    let mut edges = HashSet::default();
    for (child, table) in tables.iter().enumerate() {
        for constraint in table.foreign_key_constraints() {
            let parent = constraint
                .referred_table()
                .ok()
                .and_then(|referred| tables.iter().position(|table| table.ptr_eq(&referred)));
            if let Some(parent) = parent
                && parent != child
                && !constraint.use_alter()
            {
                edges.insert((parent, child));
            }
        }
    }
    let mut places: Vec<usize> = cycles(&edges, tables.len()).into_iter().collect();
    places.in_order();
    places
        .into_iter()
        .map(|place| tables[place].clone())
        .collect()
}

/// `sort_tables(tables)`: foreign keys that form cycles are ignored, with a warning.
///
/// # Errors
/// As [`sort_tables_and_constraints`]; `sqlalchemy.exc.NoReferencedTableError` for a foreign key
/// whose target is not there.
pub fn sort_tables(tables: &[Table]) -> Result<Vec<Table>> {
    Ok(sort_with(tables, None, &[], true)?
        .into_iter()
        .filter_map(|(table, _)| table)
        .collect())
}
