//! The Markdown of lessons as a tree that a page shows without running any of it: raw HTML is text,
//! pictures are their descriptions, and links lead to web pages or to other lessons.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Problem;

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// From one, the largest.
        level: u8,
        /// Its words.
        text: Vec<Inline>,
    },
    /// Code, as it is written.
    Code {
        /// The first word after the fence, such as `python`; empty without one.
        language: String,
        /// The lines, without the last line break.
        text: String,
    },
    /// A list.
    List {
        /// The first number; `None` for a list of bullets.
        start: Option<u64>,
        /// The blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A table.
    Table {
        /// The cells of its head.
        head: Vec<Vec<Inline>>,
        /// The cells of its rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// A piece of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Stressed words.
    Emphasis(Vec<Inline>),
    /// Strongly stressed words.
    Strong(Vec<Inline>),
    /// Code within a line.
    Code(String),
    /// A link.
    Link {
        /// Where it leads.
        target: LinkTarget,
        /// Its words.
        text: Vec<Inline>,
    },
    /// A line break.
    Break,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page of the web: `http:` or `https:`.
    Web(String),
    /// Another lesson of the course, by the name of its folder.
    Lesson(String),
}

/// A block at the top of a document, and what only the author's side wants to know of it.
pub(super) struct Part {
    /// The line of the file, from one.
    pub(super) line: usize,
    /// `{#id}` of a heading.
    pub(super) id: Option<String>,
    /// All that follows the fence of a code block.
    pub(super) info: String,
    pub(super) block: Block,
}

/// How deep quotations, lists and emphasis may stand within each other.
const DEPTH: usize = 16;

/// What is being put together.
struct Open<'e> {
    tag: Option<Tag<'e>>,
    line: usize,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// Of a table: the cells of the row, the head, and the rows.
    cells: Vec<Vec<Inline>>,
    head: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    items: Vec<Vec<Block>>,
}

impl<'e> Open<'e> {
    fn new(tag: Option<Tag<'e>>, line: usize) -> Open<'e> {
        Open {
            tag,
            line,
            blocks: Vec::new(),
            inlines: Vec::new(),
            cells: Vec::new(),
            head: Vec::new(),
            rows: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Makes a paragraph of the words that stand between blocks, as in an item of a tight list.
    fn end_line(&mut self) {
        if !self.inlines.is_empty() {
            let words = std::mem::take(&mut self.inlines);
            self.blocks.push(Block::Paragraph(words));
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(Inline::Text(last)) = self.inlines.last_mut() {
            last.push_str(text);
        } else {
            self.inlines.push(Inline::Text(text.to_owned()));
        }
    }
}

/// Reads a document, which begins after some lines of its file.
pub(super) fn parse(file: &str, text: &str, lines_before: usize) -> Result<Vec<Part>, Problem> {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let line_of = |at: usize| lines_before + starts.partition_point(|start| *start <= at);
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut parts = Vec::new();
    let mut open = vec![Open::new(None, 0)];
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let line = line_of(range.start);
        match event {
            Event::Start(tag) => {
                if open.len() > DEPTH {
                    let message = format!("The text is nested more than {DEPTH} deep.");
                    return Err(Problem::new(file, line, message));
                }
                if is_block(&tag)
                    && let Some(outer) = open.last_mut()
                {
                    outer.end_line();
                }
                open.push(Open::new(Some(tag), line));
            }
            Event::End(end) => {
                let (Some(closed), Some(outer)) = (open.pop(), open.last_mut()) else {
                    continue;
                };
                let at_top = outer.tag.is_none();
                close(file, closed, end, outer, &mut parts, at_top)?;
            }
            other => {
                if let Some(inner) = open.last_mut() {
                    add(inner, other);
                }
            }
        }
    }
    Ok(parts)
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
    )
}

fn add(inner: &mut Open<'_>, event: Event<'_>) {
    match event {
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => inner.add_text(&text),
        Event::Code(code) => inner.inlines.push(Inline::Code(code.into_string())),
        Event::SoftBreak => inner.add_text(" "),
        Event::HardBreak => inner.inlines.push(Inline::Break),
        // A line across, and what the options leave out.
        _ => {}
    }
}

/// Puts what has ended into what is around it.
fn close(
    file: &str,
    mut closed: Open<'_>,
    end: TagEnd,
    outer: &mut Open<'_>,
    parts: &mut Vec<Part>,
    at_top: bool,
) -> Result<(), Problem> {
    let (mut id, mut info) = (None, String::new());
    let line = closed.line;
    let block = match (closed.tag.take(), end) {
        (Some(Tag::Emphasis), _) => {
            outer.inlines.push(Inline::Emphasis(closed.inlines));
            return Ok(());
        }
        (Some(Tag::Strong), _) => {
            outer.inlines.push(Inline::Strong(closed.inlines));
            return Ok(());
        }
        (Some(Tag::Link { dest_url, .. }), _) => {
            outer.inlines.push(Inline::Link {
                target: target(&dest_url)
                    .ok_or_else(|| Problem::new(file, line, refused_link(&dest_url)))?,
                text: closed.inlines,
            });
            return Ok(());
        }
        (Some(Tag::Item), _) => {
            closed.end_line();
            outer.items.push(closed.blocks);
            return Ok(());
        }
        (Some(Tag::TableCell), _) => {
            outer.cells.push(closed.inlines);
            return Ok(());
        }
        (Some(Tag::TableHead), _) => {
            outer.head = closed.cells;
            return Ok(());
        }
        (Some(Tag::TableRow), _) => {
            outer.rows.push(closed.cells);
            return Ok(());
        }
        (Some(Tag::Paragraph | Tag::HtmlBlock), _) => Block::Paragraph(closed.inlines),
        (Some(Tag::Heading { level, id: own, .. }), _) => {
            id = own.map(CowStr::into_string);
            Block::Heading {
                level: number(level),
                text: closed.inlines,
            }
        }
        (Some(Tag::CodeBlock(kind)), _) => {
            if let CodeBlockKind::Fenced(words) = kind {
                info = words.into_string();
            }
            let mut text = String::new();
            for inline in closed.inlines {
                if let Inline::Text(piece) = inline {
                    text.push_str(&piece);
                }
            }
            Block::Code {
                language: info.split_whitespace().next().unwrap_or("").to_owned(),
                text: text.strip_suffix('\n').unwrap_or(&text).to_owned(),
            }
        }
        (Some(Tag::List(start)), _) => Block::List {
            start,
            items: closed.items,
        },
        (Some(Tag::BlockQuote(_)), _) => {
            closed.end_line();
            Block::Quote(closed.blocks)
        }
        (Some(Tag::Table(_)), _) => Block::Table {
            head: closed.head,
            rows: closed.rows,
        },
        // Words of a picture, and what the options leave out.
        _ => {
            outer.inlines.append(&mut closed.inlines);
            return Ok(());
        }
    };
    if at_top {
        parts.push(Part {
            line,
            id,
            info,
            block,
        });
    } else {
        outer.blocks.push(block);
    }
    Ok(())
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Where a link may lead; `None` for any other place.
fn target(address: &str) -> Option<LinkTarget> {
    if address.starts_with("https://") || address.starts_with("http://") {
        return Some(LinkTarget::Web(address.to_owned()));
    }
    is_slug(address).then(|| LinkTarget::Lesson(address.to_owned()))
}

/// Whether a word can be the name of a lesson's folder or the id of a step.
pub(super) fn is_slug(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn refused_link(address: &str) -> String {
    let shown: String = address.chars().take(60).collect();
    format!(
        "A link leads to {shown:?}. It can lead to a web page (https://…) or to another lesson, by \
         the name of its folder."
    )
}

/// The words of some text, without what is around them.
pub fn plain(text: &[Inline]) -> String {
    text.iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { text: inner, .. } => {
                plain(inner)
            }
            Inline::Break => " ".to_owned(),
        })
        .collect()
}

/// The lessons that some blocks link to.
pub(super) fn linked_lessons(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => linked_in_text(text, found),
            Block::Code { .. } => {}
            Block::List { items, .. } => {
                for item in items {
                    linked_lessons(item, found);
                }
            }
            Block::Quote(inner) => linked_lessons(inner, found),
            Block::Table { head, rows } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    linked_in_text(cell, found);
                }
            }
        }
    }
}

fn linked_in_text(text: &[Inline], found: &mut Vec<String>) {
    for inline in text {
        match inline {
            Inline::Link { target, text } => {
                if let LinkTarget::Lesson(slug) = target {
                    found.push(slug.clone());
                }
                linked_in_text(text, found);
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) => linked_in_text(inner, found),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
