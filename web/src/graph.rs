//! Lays the revision graph out in lanes: one row a revision, newest first, a line for each way that
//! leads down to a revision it came from.

use crate::protocol::Revision;

/// One line in half a row, from a lane at its top to a lane at its bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Lane at the top of the half.
    pub from: usize,
    /// Lane at its bottom.
    pub to: usize,
    /// Whether it is a dependency (`depends_on`) and not a descent.
    pub dashed: bool,
}

/// One row of the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The revision's lane.
    pub lane: usize,
    /// Lines in the upper half of the row.
    pub above: Vec<Line>,
    /// Lines in the lower half.
    pub below: Vec<Line>,
}

/// The whole graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// One row for each revision, in their order.
    pub rows: Vec<Row>,
    /// How many lanes there are.
    pub lanes: usize,
}

/// Lays out revisions that stand in an order in which each comes before what it came from.
pub fn layout(revisions: &[Revision]) -> Graph {
    // What each lane waits for, and whether its line is a dependency.
    let mut lanes: Vec<Option<(String, bool)>> = Vec::new();
    let mut graph = Graph::default();
    let known = |id: &str| revisions.iter().any(|revision| revision.id == id);
    for revision in revisions {
        let waiting: Vec<usize> = lanes
            .iter()
            .enumerate()
            .filter(|(_, lane)| lane.as_ref().is_some_and(|(id, _)| *id == revision.id))
            .map(|(index, _)| index)
            .collect();
        let lane = waiting.first().copied().unwrap_or_else(|| free(&mut lanes));
        let mut row = Row {
            lane,
            ..Row::default()
        };
        for (index, waits) in lanes.iter().enumerate() {
            if let Some((_, dashed)) = waits {
                row.above.push(Line {
                    from: index,
                    to: if waiting.contains(&index) {
                        lane
                    } else {
                        index
                    },
                    dashed: *dashed,
                });
            }
        }
        for index in waiting {
            lanes[index] = None;
        }
        // The lanes that go on, before the revision's own lines are added.
        for (index, waits) in lanes.iter().enumerate() {
            if let Some((_, dashed)) = waits {
                row.below.push(Line {
                    from: index,
                    to: index,
                    dashed: *dashed,
                });
            }
        }
        let ways = revision
            .down
            .iter()
            .map(|id| (id, false))
            .chain(revision.depends_on.iter().map(|id| (id, true)));
        let mut own_lane_free = true;
        for (id, dashed) in ways.filter(|(id, _)| known(id)) {
            // The first way goes straight down, also where another lane leads to the same revision:
            // lanes join at the revision they lead to.
            let there = lanes
                .iter()
                .position(|lane| lane.as_ref().is_some_and(|(waits, _)| waits == id))
                .filter(|_| !own_lane_free);
            let to = match there {
                Some(index) => {
                    if let Some((_, was_dashed)) = &mut lanes[index] {
                        *was_dashed &= dashed;
                    }
                    index
                }
                None => {
                    let index = if own_lane_free {
                        own_lane_free = false;
                        lane
                    } else {
                        free(&mut lanes)
                    };
                    lanes[index] = Some((id.clone(), dashed));
                    index
                }
            };
            row.below.push(Line {
                from: lane,
                to,
                dashed,
            });
        }
        graph.lanes = graph.lanes.max(lanes.len()).max(lane + 1);
        while lanes.last().is_some_and(Option::is_none) {
            lanes.pop();
        }
        graph.rows.push(row);
    }
    graph
}

fn free(lanes: &mut Vec<Option<(String, bool)>>) -> usize {
    match lanes.iter().position(Option::is_none) {
        Some(index) => index,
        None => {
            lanes.push(None);
            lanes.len() - 1
        }
    }
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

    #[test]
    fn a_line_stays_in_one_lane() {
        let graph = layout(&[
            revision("c", &["b"]),
            revision("b", &["a"]),
            revision("a", &[]),
        ]);
        assert_eq!(graph.lanes, 1);
        assert!(graph.rows[2].below.is_empty());
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
        let lanes: Vec<usize> = graph.rows.iter().map(|row| row.lane).collect();
        assert_eq!(lanes, [0, 1, 0, 0]);
        assert_eq!(graph.rows[3].above.len(), 2);
        assert!(graph.rows[3].below.is_empty());
    }
}
