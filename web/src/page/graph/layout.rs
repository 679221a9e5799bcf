//! Lays the revision graph out in lanes: one row per revision, newest first, and an edge to each revision
//! it came from or depends on. The time is linear in revisions and edges, so that a graph of thousands
//! of revisions can be laid out whole and drawn in part.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use protocol::Revision;

/// A way from a revision down to one that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Row where it begins.
    pub from: usize,
    /// Row where it ends.
    pub to: usize,
    /// The lane that it runs in between.
    pub lane: usize,
    /// Whether it is a dependency (`depends_on`) and not a descent.
    pub dashed: bool,
    /// Whether the database has gone this way.
    pub applied: bool,
}

/// The whole graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The lane of each revision, in their order.
    pub rows: Vec<usize>,
    /// The edges, by the row where they begin.
    pub edges: Vec<Edge>,
    /// How many lanes there are.
    pub lanes: usize,
}

impl Graph {
    /// The edges that are seen in rows `first` up to, without it, `end`.
    pub fn seen(&self, first: usize, end: usize) -> impl Iterator<Item = &Edge> {
        self.edges
            .iter()
            .take_while(move |edge| edge.from < end)
            .filter(move |edge| edge.to >= first)
    }
}

/// Lanes that are free, the leftmost first.
#[derive(Default)]
struct Lanes {
    free: BinaryHeap<Reverse<usize>>,
    all: usize,
}

impl Lanes {
    fn take(&mut self) -> usize {
        self.free.pop().map_or_else(
            || {
                self.all += 1;
                self.all - 1
            },
            |Reverse(lane)| lane,
        )
    }
}

/// Lays out revisions that stand in an order in which each comes before what it came from.
pub fn layout(revisions: &[Revision]) -> Graph {
    let places: HashMap<&str, usize> = revisions
        .iter()
        .enumerate()
        .map(|(row, revision)| (revision.id.as_str(), row))
        .collect();
    let mut graph = Graph::default();
    let mut lanes = Lanes::default();
    // For each row that edges lead to already, the lane that they come down in, and whether one of
    // them is a descent.
    let mut waiting: HashMap<usize, Vec<(usize, bool)>> = HashMap::new();
    for (row, revision) in revisions.iter().enumerate() {
        let arriving = waiting.remove(&row).unwrap_or_default();
        // A revision stands under what it was made into, rather than under what depends on it.
        let own = arriving
            .iter()
            .min_by_key(|(lane, descent)| (!*descent, *lane))
            .map(|(lane, _)| *lane);
        let lane = own.unwrap_or_else(|| lanes.take());
        for (other, _) in arriving {
            if other != lane {
                lanes.free.push(Reverse(other));
            }
        }
        graph.rows.push(lane);
        let mut own_lane_free = true;
        let downs = revision.down.iter().map(|id| (id, false));
        let depends = revision
            .depends_on
            .iter()
            .filter(|id| !revision.down.contains(id))
            .map(|id| (id, true));
        for (id, dashed) in downs.chain(depends) {
            let Some(to) = places.get(id.as_str()).copied().filter(|to| *to > row) else {
                continue;
            };
            let there = waiting.entry(to).or_default();
            // Ways to the same revision join in one lane, but for this revision's own, which goes
            // straight down.
            let joined = there
                .iter_mut()
                .find(|(_, descent)| *descent != dashed)
                .map(|(lane, _)| *lane)
                .filter(|_| !own_lane_free);
            let edge_lane = joined.unwrap_or_else(|| {
                let lane = if own_lane_free && !dashed {
                    own_lane_free = false;
                    lane
                } else {
                    lanes.take()
                };
                there.push((lane, !dashed));
                lane
            });
            graph.edges.push(Edge {
                from: row,
                to,
                lane: edge_lane,
                dashed,
                applied: revision.applied,
            });
        }
        if own_lane_free {
            lanes.free.push(Reverse(lane));
        }
    }
    graph.lanes = lanes.all;
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(id: &str, down: &[&str]) -> Revision {
        Revision {
            id: id.to_owned(),
            down: down.iter().map(|id| id.to_string()).collect(),
            ..Revision::default()
        }
    }

    /// No two edges that lead to different revisions run in one lane at once, and no edge runs
    /// through a revision that it does not concern.
    fn check(graph: &Graph) {
        for (number, edge) in graph.edges.iter().enumerate() {
            assert!(edge.from < edge.to && edge.lane < graph.lanes);
            for row in edge.from + 1..edge.to {
                assert_ne!(
                    graph.rows[row], edge.lane,
                    "{edge:?} runs through row {row}"
                );
            }
            for other in &graph.edges[..number] {
                let apart = other.to <= edge.from || edge.to <= other.from;
                assert!(
                    other.lane != edge.lane || other.to == edge.to || apart,
                    "{edge:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn a_line_stays_in_one_lane() {
        let graph = layout(&[
            revision("c", &["b"]),
            revision("b", &["a"]),
            revision("a", &[]),
        ]);
        assert_eq!((graph.lanes, graph.edges.len()), (1, 2));
        check(&graph);
    }

    #[test]
    fn a_merge_joins_two_lanes_again() {
        let graph = layout(&[
            revision("m", &["x", "y"]),
            revision("y", &["a"]),
            revision("x", &["a"]),
            revision("a", &[]),
        ]);
        assert_eq!(graph.lanes, 2);
        assert_eq!(graph.rows, [0, 1, 0, 0]);
        assert_eq!(graph.edges.iter().filter(|edge| edge.to == 3).count(), 2);
        check(&graph);
    }

    #[test]
    fn a_dependency_has_a_lane_of_its_own() {
        let mut later = revision("d", &["c"]);
        later.depends_on = vec!["b".to_owned()];
        let graph = layout(&[
            later,
            revision("c", &["a"]),
            revision("b", &["a"]),
            revision("a", &[]),
        ]);
        let dashed: Vec<&Edge> = graph.edges.iter().filter(|edge| edge.dashed).collect();
        assert_eq!(dashed.len(), 1);
        assert_eq!((dashed[0].from, dashed[0].to), (0, 2));
        check(&graph);
    }

    #[test]
    fn an_unknown_ancestor_and_a_circle_are_left_out() {
        let graph = layout(&[revision("b", &["nowhere", "b"]), revision("a", &["b"])]);
        assert!(graph.edges.is_empty());
        assert_eq!(graph.rows, [0, 0]);
    }

    #[test]
    fn many_branches_and_merges_don_t_cross_what_is_not_theirs() {
        // Oldest first: each comes from one or two of the nine before it.
        let mut seed = 7u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % below.max(1)
        };
        let mut revisions = vec![revision("0", &[])];
        for number in 1..2_000usize {
            let mut one = revision(&number.to_string(), &[]);
            one.down = vec![(number - 1 - next(number.min(9))).to_string()];
            if next(4) == 0 {
                let other = (number - 1 - next(number.min(9))).to_string();
                match next(2) {
                    _ if one.down.contains(&other) => {}
                    0 => one.down.push(other),
                    _ => one.depends_on.push(other),
                }
            }
            revisions.push(one);
        }
        revisions.reverse();
        let graph = layout(&revisions);
        assert_eq!(graph.rows.len(), 2_000);
        check(&graph);
        let window: Vec<&Edge> = graph.seen(1_000, 1_030).collect();
        assert!(!window.is_empty() && window.len() < 400);
    }
}
