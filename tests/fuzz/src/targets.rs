//! What cases are put to.

use std::rc::Rc;

use fastrand::Rng;
use ground::host::{Host as _, MemoryHost};
use ground::regex::Regex;
use ground::run::Run;
use limbeck::config::{ConfigParser, toml};
use limbeck::lessons::{CommandOutcome, Lesson, State, StepStart, evaluate, lay_out};
use page::share::link;
use protocol::{Reply, Request, decode};

use crate::{mutate, seeds};

/// Something that takes input from outside.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Its share of the time.
    pub weight: u32,
    /// The input of a case: the corpus first, then mutations.
    pub input: fn(u64, &[Vec<u8>]) -> Vec<u8>,
    /// Puts the input to it; that this ends, and how, is what is looked at.
    pub run: fn(&[u8]),
}

/// All of them.
pub fn all() -> Vec<Target> {
    let target = |name, weight, input, run| Target {
        name,
        weight,
        input,
        run,
    };
    vec![
        target("project", 15, project_input, project),
        target("lesson", 3, lesson_input, lesson),
        target("ini", 1, ini_input, ini),
        target("toml", 1, toml_input, read_toml),
        target("expression", 1, expression_input, expression),
        target("link", 1, link_input, read_link),
        target("message", 1, message_input, message),
    ]
}

/// The corpus first; then one of the corpus or of the seeds, mutated as text.
fn mutated(case: u64, corpus: &[Vec<u8>], seeds: &[String]) -> Result<Vec<u8>, (Rng, Vec<String>)> {
    if let Some(kept) = corpus.get(case as usize - 1) {
        return Ok(kept.clone());
    }
    let kept = corpus
        .iter()
        .map(|one| String::from_utf8_lossy(one).into_owned());
    Err((
        Rng::with_seed(case),
        seeds.iter().cloned().chain(kept).collect(),
    ))
}

fn text_input(case: u64, corpus: &[Vec<u8>], seeds: &[String]) -> Vec<u8> {
    match mutated(case, corpus, seeds) {
        Ok(kept) => kept,
        Err((mut rng, all)) => {
            let others: Vec<&str> = all.iter().map(String::as_str).collect();
            let begin = others[rng.usize(0..others.len())];
            mutate::text(&mut rng, begin, &others).into_bytes()
        }
    }
}

/// The file in which a project's case has its commands.
const COMMANDS: &str = "commands";

const LINES: &[&str] = &[
    "history --verbose",
    "heads",
    "branches",
    "current",
    "show head",
    "check",
    "upgrade head",
    "upgrade +1",
    "upgrade base:head --sql",
    "downgrade -1",
    "downgrade base",
    "downgrade head:base --sql",
    "stamp head",
    "stamp --purge base",
    "merge heads -m merged",
    "revision -m empty",
    "revision --autogenerate -m found",
];

fn project_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let (mut rng, all) = match mutated(case, corpus, &seeds::examples()) {
        Ok(kept) => return kept,
        Err(begin) => begin,
    };
    let mut files = seeds::files(&all[rng.usize(0..all.len())]);
    let others = seeds::files(&all[rng.usize(0..all.len())]);
    let others: Vec<&str> = others.iter().map(|(_, text)| text.as_str()).collect();
    for _ in 0..rng.usize(1..3) {
        let place = rng.usize(0..files.len());
        files[place].1 = mutate::text(&mut rng, &files[place].1, &others);
    }
    let lines: Vec<&str> = (0..rng.usize(1..5))
        .map(|_| LINES[rng.usize(0..LINES.len())])
        .collect();
    files.retain(|(path, _)| path != COMMANDS);
    files.push((COMMANDS.to_owned(), lines.join("\n")));
    seeds::project(&files).into_bytes()
}

fn project(input: &[u8]) {
    let host = Rc::new(MemoryHost::new("/project"));
    let mut commands = String::new();
    for (path, text) in seeds::files(&String::from_utf8_lossy(input)) {
        if path == COMMANDS {
            commands = text;
            continue;
        }
        if let Some((folder, _)) = path.rsplit_once('/') {
            let _ = host.create_directories(folder);
        }
        let _ = host.write(&path, text.as_bytes());
    }
    for line in commands.lines() {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let run = Run::new(host.clone());
        limbeck::command::run(&run, &words);
        host.take_output();
    }
}

fn lesson_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let (mut rng, all) = match mutated(case, corpus, &seeds::lessons()) {
        Ok(kept) => return kept,
        Err(begin) => begin,
    };
    let mut files = seeds::files(&all[rng.usize(0..all.len())]);
    let others = seeds::files(&all[rng.usize(0..all.len())]);
    let others: Vec<&str> = others.iter().map(|(_, text)| text.as_str()).collect();
    // What an author writes; projects are mutated elsewhere.
    let written: Vec<usize> = (0..files.len())
        .filter(|place| !files[*place].0.starts_with("start/"))
        .collect();
    if !written.is_empty() {
        for _ in 0..rng.usize(1..3) {
            let place = written[rng.usize(0..written.len())];
            files[place].1 = mutate::text(&mut rng, &files[place].1, &others);
        }
    }
    seeds::project(&files).into_bytes()
}

/// Reads a lesson; one that can be read is laid out, and its checks are evaluated.
fn lesson(input: &[u8]) {
    let texts = seeds::files(&String::from_utf8_lossy(input));
    let Ok(lesson) = Lesson::read("one", &texts.into_iter().collect()) else {
        return;
    };
    let host = Rc::new(MemoryHost::new("/project"));
    let run = Run::new(host);
    let is_file = lesson.database.dialect == "sqlite";
    if !is_file || lay_out(&run, &lesson).is_err() {
        return;
    }
    let start = StepStart::of(&run);
    let outcomes = [CommandOutcome {
        line: "alembic upgrade head".to_owned(),
        status: 1,
        output: "FAILED".to_owned(),
    }];
    for step in &lesson.steps {
        evaluate(&step.check, &State::new(&run, &outcomes, &start));
    }
}

fn ini_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let seeds: Vec<String> = seeds::examples()
        .iter()
        .flat_map(|project| seeds::files(project))
        .filter(|(path, _)| path.ends_with(".ini"))
        .map(|(_, text)| text)
        .collect();
    text_input(case, corpus, &seeds)
}

fn ini(input: &[u8]) {
    let Ok(parser) = ConfigParser::new(&[("here".to_owned(), "/project".to_owned())]) else {
        return;
    };
    if parser
        .read_string(&String::from_utf8_lossy(input), "'alembic.ini'")
        .is_ok()
    {
        for section in parser.sections() {
            let _ = parser.items(&section);
        }
    }
}

fn toml_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let seeds = [
        "[tool.alembic]\nscript_location = \"%(here)s/alembic\"\nprepend_sys_path = [\n  \".\", # here\n]\n",
        "[[tool.alembic.post_write_hooks]]\nname = \"black\"\noptions = { type = 'console_scripts', n.m = 1_000 }\n",
        "a = 1979-05-27T07:32:00.999-07:00\nb = 0xdead_beef\nc = -inf\nd = \"\"\"x\\\n  y\"\"\"\ne = '''z'''\n\"f.g\".h = 07:32:00\n",
    ]
    .map(str::to_owned);
    text_input(case, corpus, &seeds)
}

fn read_toml(input: &[u8]) {
    let _ = toml::parse(&String::from_utf8_lossy(input));
}

fn expression_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let seeds = [
        r"(?P<name>\w+)(?:-(\d{2,4}))*?\b(?=x|[^a-z]+)\nthe-2024 text x",
        r"(?i)^\s*(a|b(c(d)?)?)+\1(?<!y)$",
        r"((?:ab??)*)*(?(1)c|d){,3}[\]\-\x41-é]",
        r"(?s:.)(?-i:K)\N{BULLET}\u00e9\Z",
    ]
    .map(str::to_owned);
    text_input(case, corpus, &seeds)
}

fn expression(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (pattern, subject) = text
        .split_once('\n')
        .unwrap_or((&text, "the-2024 text x\nab abab é K"));
    if let Ok(regex) = Regex::new(pattern) {
        let subject: String = subject.chars().take(200).collect();
        for found in regex.captures_iter(&subject).take(500) {
            let _ = found.groups();
        }
    }
}

fn link_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let seeds = [
        r#"{"limbeck":1,"name":"A","view":"database","file":"models.py","run":["alembic upgrade head"],"files":[{"path":"models.py","text":"x = 1\n"},{"path":"a.db","bytes":16}],"folders":["a/b"]}"#,
        r#"{"files":{"models.py":{"Text":"x"}},"folders":[],"directory":"/","environment":{"A":"b"}}"#,
    ]
    .map(str::to_owned);
    let mut bytes = text_input(case, corpus, &seeds);
    if case.is_multiple_of(3) {
        bytes.extend([0, 1, 2, 3]);
    }
    bytes
}

fn read_link(input: &[u8]) {
    let _ = link::read(input);
    let text = String::from_utf8_lossy(input);
    let _ = link::payload(&text);
    let _ = link::address(|_| Some(text.to_string()));
}

fn message_input(case: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    if let Some(kept) = corpus.get(case as usize - 1) {
        return kept.clone();
    }
    let mut rng = Rng::with_seed(case);
    // The number of a kind, then lengths, texts and flags as they come.
    let mut bytes = protocol::encode(1, &());
    bytes.extend([rng.u8(0..14), rng.u8(0..14)]);
    for _ in 0..rng.usize(0..40) {
        match rng.usize(0..4) {
            0 => bytes.push(rng.u8(0..4)),
            1 => bytes.extend([3, b'a', b'/', b'b']),
            2 => bytes.push(rng.u8(..)),
            _ => bytes.extend([1, 0]),
        }
    }
    mutate::bytes(&mut rng, &bytes)
}

fn message(input: &[u8]) {
    let _ = decode::<Request>(input);
    let _ = decode::<Reply>(input);
}
