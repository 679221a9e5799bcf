//! A review as Markdown, for a comment on a pull request.

use protocol::{Review, Severity};

use super::state::Discussion;
use super::words;

/// How long the text may be, in characters: GitHub takes no comment that is longer.
pub const LIMIT: usize = 65_536;

/// Where a text links back to: the project as a whole, and each place.
pub trait Links {
    /// The project.
    fn project(&self) -> String;
    /// A finding's line.
    fn line(&self, path: &str, line: u32) -> Option<String>;
    /// A thread.
    fn thread(&self, id: &str) -> Option<String>;
}

/// The findings of a review and the threads of the project, each with a link to its place.
pub fn write(
    name: &str,
    review: Option<(&Review, &str)>,
    discussion: &Discussion,
    links: &impl Links,
) -> String {
    let linked = |text: &str, to: Option<String>| match to {
        Some(to) => format!("[{}]({to})", plain(text)),
        None => plain(text),
    };
    let mut text = format!(
        "## {}\n\n[{}]({})\n",
        plain(&words::markdown_title(name)),
        words::MARKDOWN_OPEN,
        links.project()
    );
    if let Some((review, verdict)) = review {
        text.push_str(&format!(
            "\n### {}\n\n{}\n\n",
            words::markdown_findings(&plain_code(&review.revision)),
            plain(verdict)
        ));
        for finding in &review.findings {
            let place = &finding.place;
            let shown = format!("{}:{}", place.path, place.line);
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            text.push_str(&format!(
                "- **{severity}** `{}` {}: {}\n",
                plain_code(&finding.code),
                linked(&shown, links.line(&place.path, place.line)),
                plain(&finding.message).replace('\n', " ")
            ));
        }
        if review.findings.is_empty() {
            text.push_str(words::MARKDOWN_NO_FINDINGS);
            text.push('\n');
        }
    }
    let threads = discussion.comments.in_order();
    if !threads.is_empty() {
        text.push_str(&format!("\n### {}\n", words::MARKDOWN_THREADS));
    }
    for (id, thread) in threads {
        let line = discussion.lines.get(id).copied().flatten();
        let place = words::place(&thread.anchor, line);
        text.push_str(&format!("\n#### {}\n", linked(&place, links.thread(id))));
        if let Some(by) = thread.resolved.as_ref().filter(|one| one.resolved) {
            text.push_str(&format!("\n*{}*\n", plain(&words::resolved_by(&by.by))));
        }
        for (_, comment) in thread.in_order() {
            if let Some(said) = &comment.text.text {
                text.push_str(&format!("\n> **{}:** ", plain(&comment.by)));
                text.push_str(&plain(said).replace('\n', "\n> "));
                text.push('\n');
            }
        }
    }
    text
}

/// A text that Markdown shows as it is: nothing in it is markup, a link, an image, HTML or somebody's name that is called.
/// What stands between backticks stays code.
fn plain(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // The last backtick of an odd number begins nothing.
    let last = parts.len() - 1;
    let odd = parts.len().is_multiple_of(2);
    let mut shown = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && !(odd && index == last) {
            shown.push_str(&format!("`{part}`"));
            continue;
        }
        if index % 2 == 1 {
            shown.push_str("\\`");
        }
        for one in part.chars() {
            match one {
                // A backslash does not keep GitHub from calling who is named; a character that nobody sees does.
                '@' => shown.push_str("@\u{2060}"),
                '<' => shown.push_str("&lt;"),
                '>' => shown.push_str("&gt;"),
                '&' => shown.push_str("&amp;"),
                '\\' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                    shown.push('\\');
                    shown.push(one);
                }
                _ => shown.push(one),
            }
        }
    }
    shown
}

/// A word between backticks.
fn plain_code(text: &str) -> String {
    text.replace('`', "'")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::thread::{Anchor, Comment, Comments, Resolved, Text, Thread};
    use super::super::time::Time;
    use super::*;

    struct Here;

    impl Links for Here {
        fn project(&self) -> String {
            "https://here/#all".to_owned()
        }
        fn line(&self, path: &str, line: u32) -> Option<String> {
            Some(format!("https://here/#{path}:{line}"))
        }
        fn thread(&self, id: &str) -> Option<String> {
            Some(format!("https://here/#{id}"))
        }
    }

    fn comment(by: &str, at: u64, text: Option<&str>) -> Comment {
        let (at, text) = (Time::new(at), text.map(str::to_owned));
        Comment {
            at,
            by: by.to_owned(),
            text: Text { at, text },
        }
    }

    #[test]
    fn threads_are_written_with_their_places() {
        let thread = Thread {
            anchor: Anchor::line("versions/1a.py", 7, "op.drop_column('a', 'b')"),
            resolved: Some(Resolved {
                at: Time::new(9),
                by: "Ben".to_owned(),
                resolved: true,
            }),
            comments: BTreeMap::from([
                (
                    "c1".to_owned(),
                    comment("Ann", 1, Some("Why `drop_column`?\n@all <b>*no*</b>")),
                ),
                ("c2".to_owned(), comment("Ben", 2, Some("Because."))),
                ("c3".to_owned(), comment("Ben", 3, None)),
            ]),
        };
        let discussion = Discussion {
            comments: Comments {
                project: "p".to_owned(),
                threads: BTreeMap::from([("t1".to_owned(), thread)]),
            },
            lines: BTreeMap::from([("t1".to_owned(), Some(8))]),
            ..Discussion::default()
        };
        assert_eq!(
            write("shop_1", None, &discussion, &Here),
            "## Review of shop\\_1\n\n\
             [Open in Limbeck](https://here/#all)\n\n\
             ### Comments\n\n\
             #### [versions/1a.py, line 8](https://here/#t1)\n\n\
             *Resolved by Ben*\n\n\
             > **Ann:** Why `drop_column`?\n\
             > @\u{2060}all &lt;b&gt;\\*no\\*&lt;/b&gt;\n\n\
             > **Ben:** Because.\n"
        );
    }

    #[test]
    fn nothing_in_a_comment_is_markup() {
        assert_eq!(
            plain("![x](http://y) # a_b"),
            "\\!\\[x\\](http://y) \\# a\\_b"
        );
        assert_eq!(plain("one ` alone *"), "one \\` alone \\*");
        assert_eq!(plain("`a*b` and ` alone"), "`a*b` and \\` alone");
    }
}
