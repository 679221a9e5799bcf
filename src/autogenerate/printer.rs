//! Indents lines of Python as Mako's `PythonPrinter` does.

/// Collects lines; a line that opens a `with` block indents the following ones until an empty line.
#[derive(Default)]
pub(super) struct Printer {
    text: String,
    indent: usize,
}

impl Printer {
    /// Writes a line. A line that starts a compound statement and ends with a colon indents the
    /// following ones; a blank line ends the block.
    pub(super) fn line(&mut self, line: &str) {
        let blank = line.trim().is_empty();
        let comment = line.trim_start().starts_with('#');
        if !line.starts_with('#') && (blank || comment) && self.indent > 0 {
            self.indent -= 1;
        }
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
        self.text.push('\n');
        if opens_block(line) {
            self.indent += 1;
        }
    }

    /// All lines, indented by four spaces as a function body, without leading, trailing or line-end
    /// whitespace.
    pub(super) fn body(&self) -> String {
        let mut indented = String::with_capacity(self.text.len() + self.text.len() / 8);
        for line in self.text.split('\n') {
            indented.push_str("    ");
            indented.push_str(line);
            indented.push('\n');
        }
        let mut body = String::with_capacity(indented.len());
        for (position, line) in indented.trim().split('\n').enumerate() {
            if position > 0 {
                body.push('\n');
            }
            body.push_str(line.trim_end_matches(' '));
        }
        body
    }
}

fn opens_block(line: &str) -> bool {
    let start = line.trim_start();
    let compound = [
        "if", "try", "elif", "while", "for", "with", "def", "class", "else", "except", "finally",
    ]
    .iter()
    .any(|keyword| start.starts_with(keyword));
    if !compound {
        return false;
    }
    let last = line.rsplit('\n').next().unwrap_or(line);
    last.trim_end_matches([' ', '\t']).ends_with(':')
        || last.match_indices(':').any(|(position, _)| {
            last[position + 1..]
                .trim_start_matches([' ', '\t'])
                .starts_with('#')
        })
}
