//! Finds files and line numbers in printed text, to make links of them.

use std::ops::Range;

/// A place that a printed text speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where in the text.
    pub range: Range<usize>,
    /// The path as it is printed.
    pub path: String,
    /// The line, from one.
    pub line: u32,
}

/// Finds `File "path", line 3` and `path:3` in a printed line.
pub fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    if let Some(start) = text.find("File \"") {
        let path_start = start + "File \"".len();
        if let Some(length) = text[path_start..].find("\", line ") {
            let path = &text[path_start..path_start + length];
            let number_start = path_start + length + "\", line ".len();
            let digits = text[number_start..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            if let Ok(line) = text[number_start..number_start + digits].parse() {
                links.push(Link {
                    range: path_start..number_start + digits,
                    path: path.to_owned(),
                    line,
                });
                return links;
            }
        }
    }
    let mut position = 0;
    for word in text.split_inclusive([' ', '\t', '(', ')', '[', ']', '\'', '"', ',', '\n']) {
        let start = position;
        position += word.len();
        let word = word.trim_end_matches([' ', '\t', '(', ')', '[', ']', '\'', '"', ',', '\n']);
        let bare = word.trim_end_matches([':', '.']);
        for ending in [".py", ".ini", ".mako", ".toml", "akefile"] {
            if let Some(index) = bare.find(&format!("{ending}:")) {
                let number = &bare[index + ending.len() + 1..];
                let number = number.split(':').next().unwrap_or(number);
                if let Ok(line) = number.parse() {
                    links.push(Link {
                        range: start..start + index + ending.len() + 1 + number.len(),
                        path: bare[..index + ending.len()].to_owned(),
                        line,
                    });
                }
            } else if bare.ends_with(ending) && bare.contains('/') {
                links.push(Link {
                    range: start..start + bare.len(),
                    path: bare.to_owned(),
                    line: 1,
                });
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places() {
        let text = "  File \"/project/models.py\", line 12, in <module>";
        let link = &links(text)[0];
        assert_eq!((link.path.as_str(), link.line), ("/project/models.py", 12));
        let text = "see alembic/env.py:3: no";
        let link = &links(text)[0];
        assert_eq!(&text[link.range.clone()], "alembic/env.py:3");
        let text = "  Generating /project/alembic/versions/a_b.py ...  done";
        assert_eq!(links(text)[0].path, "/project/alembic/versions/a_b.py");
        let text = "Makefile:3: include is not read here";
        assert_eq!(
            (links(text)[0].path.as_str(), links(text)[0].line),
            ("Makefile", 3)
        );
    }
}
