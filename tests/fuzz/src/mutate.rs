//! Mutations of texts and of bytes.

use fastrand::Rng;

/// What a careless or a hostile hand puts where something else was.
const ODD: &[&str] = &[
    "",
    "0",
    "-1",
    "1e400",
    "9223372036854775808",
    "10**30",
    "None",
    "True",
    "''",
    "\"\"\"",
    "b'\\xff'",
    "[]",
    "{}",
    "()",
    "...",
    "*",
    "**",
    ":",
    "=",
    ":=",
    "@",
    "->",
    "lambda: 0",
    "not",
    "yield",
    "await x",
    "return",
    "raise",
    "pass",
    "import alembic",
    "from . import *",
    "del op",
    "global op",
    "nonlocal x",
    "class A(A): pass",
    "def f(): return f()",
    "async def upgrade():",
    "try:",
    "finally:",
    "except*",
    "with op:",
    "match x:",
    "case _:",
    "type X = int",
    "f'{x!r:>{y}}'",
    "%",
    "%(here)s",
    "%s",
    "\\",
    "\t",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
    "é",
    "𝒳",
    "ﬁ",
    "\u{202e}",
    "revision",
    "down_revision",
    "'base'",
    "'head'",
    "heads",
    "sa.Column('x')",
    "sa.Integer",
    "sa.text(':x')",
    "op.get_bind()",
    "op.f(None)",
    "op.batch_alter_table('x')",
    "sa.MetaData()",
    "sa.ForeignKey('a.b.c.d')",
    "__import__",
    "__class__",
    "self",
    "super()",
    "[alembic]",
    "]",
    "[",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    ";",
    "--",
    "/*",
    "\n",
    "\r\n",
    "\r",
];

/// The pieces of a text: words, numbers, runs of spaces, single other characters.
fn pieces(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut all = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if at > 0 && (before != Some(kind(c)) || kind(c) == 2) {
            all.push(&text[start..at]);
            start = at;
        }
        before = Some(kind(c));
    }
    all.push(&text[start..]);
    all
}

/// Changes a text in one to four places; what is put in comes from the others too.
pub fn text(rng: &mut Rng, text: &str, others: &[&str]) -> String {
    let mut text = text.to_owned();
    for _ in 0..rng.usize(1..5) {
        text = match rng.usize(0..6) {
            0 => lines(rng, &text, others),
            _ => words(rng, &text, others),
        };
    }
    text
}

fn words(rng: &mut Rng, text: &str, others: &[&str]) -> String {
    let mut all: Vec<String> = pieces(text).into_iter().map(str::to_owned).collect();
    let at = rng.usize(0..all.len());
    let other = if others.is_empty() {
        text
    } else {
        others[rng.usize(0..others.len())]
    };
    match rng.usize(0..8) {
        0 => {
            all.remove(at);
        }
        1 => all.insert(at, all[at].clone()),
        2 | 3 => ODD[rng.usize(0..ODD.len())].clone_into(&mut all[at]),
        4 => all.insert(at, ODD[rng.usize(0..ODD.len())].to_owned()),
        5 | 6 => {
            let from = pieces(other);
            from[rng.usize(0..from.len())].clone_into(&mut all[at]);
        }
        _ => {
            let with = rng.usize(0..all.len());
            all.swap(at, with);
        }
    }
    all.concat()
}

fn lines(rng: &mut Rng, text: &str, others: &[&str]) -> String {
    let mut all: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = rng.usize(0..all.len());
    let other = if others.is_empty() {
        text
    } else {
        others[rng.usize(0..others.len())]
    };
    match rng.usize(0..7) {
        0 => {
            all.remove(at);
        }
        1 => all.insert(at, all[at].clone()),
        2 => {
            let with = rng.usize(0..all.len());
            all.swap(at, with);
        }
        3 => all[at].insert_str(0, "    "),
        4 => all[at] = all[at].trim_start().to_owned(),
        5 => all.truncate(at),
        _ => {
            let from: Vec<&str> = other.split('\n').collect();
            all.insert(at, from[rng.usize(0..from.len())].to_owned());
        }
    }
    all.join("\n")
}

/// Changes bytes in one to four places.
pub fn bytes(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.usize(1..5) {
        let at = rng.usize(0..=bytes.len());
        match rng.usize(0..5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(0..8),
            1 if at < bytes.len() => bytes[at] = [0, 1, 127, 128, 255][rng.usize(0..5)],
            2 => bytes.truncate(at),
            3 => bytes.insert(at, rng.u8(..)),
            _ => {
                // A length that is longer than all there is.
                let from = at.min(bytes.len());
                bytes.splice(from..from, [255, 255, 255, 255, 15]);
            }
        }
    }
    bytes
}
