//! What a fix changes in a text, line by line.

/// A line of the preview of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The lines between are the same.
    Gap,
    /// It goes: its number before, from one.
    Removed(usize, &'a str),
    /// It comes: its number after, from one.
    Added(usize, &'a str),
}

/// How many pairs of lines are compared at most; what is larger counts as replaced whole.
const PAIRS: usize = 1_000_000;

/// The lines that one of two texts has and the other has not, in their order, by a longest common subsequence.
pub fn changed<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let end = old[start..]
        .iter()
        .rev()
        .zip(new[start..].iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let (rows, columns) = (old_end - start, new_end - start);
    // How many lines are common from a pair of places on.
    let width = columns + 1;
    let mut common = vec![
        0usize;
        if rows * columns <= PAIRS {
            (rows + 1) * width
        } else {
            0
        }
    ];
    if !common.is_empty() {
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                common[row * width + column] = if old[start + row] == new[start + column] {
                    common[(row + 1) * width + column + 1] + 1
                } else {
                    common[(row + 1) * width + column].max(common[row * width + column + 1])
                };
            }
        }
    }
    let common = |row: usize, column: usize| common.get(row * width + column).copied();
    let mut lines = Vec::new();
    let (mut row, mut column) = (0, 0);
    let mut same = false;
    while row < rows || column < columns {
        if row < rows
            && column < columns
            && common(row, column).is_some()
            && old[start + row] == new[start + column]
        {
            same = true;
            row += 1;
            column += 1;
            continue;
        }
        if std::mem::take(&mut same) {
            lines.push(Line::Gap);
        }
        let removes =
            column == columns || (row < rows && common(row + 1, column) >= common(row, column + 1));
        if removes {
            lines.push(Line::Removed(start + row + 1, old[start + row]));
            row += 1;
        } else {
            lines.push(Line::Added(start + column + 1, new[start + column]));
            column += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_and_what_comes() {
        assert_eq!(changed("a\nb\nc\n", "a\nb\nc\n"), []);
        assert_eq!(
            changed("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nx\ne\n"),
            [
                Line::Removed(2, "b"),
                Line::Added(2, "B"),
                Line::Gap,
                Line::Added(5, "x"),
            ]
        );
        assert_eq!(changed("", "a\n"), [Line::Added(1, "a")]);
        assert_eq!(changed("a\n", ""), [Line::Removed(1, "a")]);
    }

    #[test]
    fn texts_too_large_to_compare_are_replaced_whole() {
        let text = |of: &str| (0..1_100).map(|number| format!("{of}{number}\n")).collect();
        let (before, after): (String, String) = (text("a"), text("b"));
        let lines = changed(&before, &after);
        assert_eq!(lines.len(), 2_200);
        assert_eq!(lines.first(), Some(&Line::Removed(1, "a0")));
        assert_eq!(lines.last(), Some(&Line::Added(1_100, "b1099")));
    }
}
