//! Puts mutated input to the engine and to what the page reads from outside, and looks for panics, hangs and growth.
//!
//! ```text
//! cargo run -p limbeck-fuzz -- [--seconds 60] [--first 1] [TARGET…]
//! cargo run -p limbeck-fuzz -- --case TARGET NUMBER      (one case again, with its input)
//! ```
//!
//! A case is a target and a number, from which all of its input comes. Cases run in a process of their own, which may
//! die; this one notes how, keeps the input in `target/fuzz`, and goes on with the next number. What was found and
//! mended lies in `tests/fuzz/corpus`, and is put first each time.

mod mutate;
mod seeds;
mod targets;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use targets::{Target, all};

/// How long a case may take before it counts as one that hangs: the engine's own limits end a run long before.
const PATIENCE: Duration = Duration::from_secs(40);

/// Cases that one process runs.
const CASES: u64 = 2_000;

/// How often what a process holds may grow between a tenth of its cases and their end.
const GROWTH: f64 = 2.0;

struct Finding {
    target: &'static str,
    case: u64,
    what: String,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--worker", target, first] => worker(target, first.parse().unwrap_or(1)),
        ["--case", target, case] => one(target, case.parse().unwrap_or(1)),
        words => supervise(words),
    }
}

/// Runs cases one after the other; says before each which it is.
fn worker(name: &str, first: u64) -> ExitCode {
    let Some(target) = all().into_iter().find(|target| target.name == name) else {
        return ExitCode::FAILURE;
    };
    let corpus = seeds::corpus(target.name);
    for case in first..first + CASES {
        println!("{case}");
        let _ = std::io::stdout().flush();
        (target.run)(&(target.input)(case, &corpus));
    }
    ExitCode::SUCCESS
}

fn one(name: &str, case: u64) -> ExitCode {
    let Some(target) = all().into_iter().find(|target| target.name == name) else {
        println!("no such target: {name}");
        return ExitCode::FAILURE;
    };
    let input = (target.input)(case, &seeds::corpus(target.name));
    println!("{}", String::from_utf8_lossy(&input));
    let started = Instant::now();
    (target.run)(&input);
    println!("ended after {:?}", started.elapsed());
    ExitCode::SUCCESS
}

fn supervise(words: &[&str]) -> ExitCode {
    let number = |name: &str, default: u64| {
        let place = words.iter().position(|word| *word == name);
        place
            .and_then(|place| words.get(place + 1)?.parse().ok())
            .unwrap_or(default)
    };
    let (seconds, first) = (number("--seconds", 60), number("--first", 1));
    let mut targets = all();
    if words
        .iter()
        .any(|word| all().iter().any(|target| target.name == *word))
    {
        targets.retain(|target| words.contains(&target.name));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz");
    let all: u32 = targets.iter().map(|target| target.weight).sum();
    let mut findings = Vec::new();
    for target in &targets {
        let share = Duration::from_secs(seconds) * target.weight / all;
        let (cases, found) = put(target, first, share, &folder);
        println!(
            "{:<12} {cases:>8} cases, {} findings",
            target.name,
            found.len()
        );
        findings.extend(found);
    }
    for finding in &findings {
        println!(
            "\n{} {}: {}\n  again: cargo run -p limbeck-fuzz -- --case {} {}",
            finding.target, finding.case, finding.what, finding.target, finding.case
        );
    }
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Puts cases to a target for some time; gives their number and what was found.
fn put(target: &Target, first: u64, time: Duration, folder: &PathBuf) -> (u64, Vec<Finding>) {
    let end = Instant::now() + time;
    let mut next = first;
    let mut findings: Vec<Finding> = Vec::new();
    while Instant::now() < end && findings.len() < 20 {
        let (last, what) = process(target, next, end);
        if let Some(what) = what {
            let input = (target.input)(last, &seeds::corpus(target.name));
            let kept = folder.join(format!("{}-{last}", target.name));
            let _ = std::fs::create_dir_all(folder);
            let _ = std::fs::write(kept, input);
            findings.push(Finding {
                target: target.name,
                case: last,
                what,
            });
        }
        next = last + 1;
    }
    (next - first, findings)
}

/// One process of cases: the last case that it began, and how that went wrong.
fn process(target: &Target, first: u64, end: Instant) -> (u64, Option<String>) {
    let child = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args(["--worker", target.name, &first.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    });
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return (first, Some(format!("no process could be started: {error}"))),
    };
    let (tell, hear) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line.parse::<u64>().unwrap_or_default()).is_err() {
                    return;
                }
            }
        });
    }
    let (mut last, mut settled) = (first, None);
    loop {
        match hear.recv_timeout(PATIENCE) {
            Ok(case) => {
                last = case;
                if case == first + CASES / 10 {
                    settled = resident(&child);
                }
                if case == first + CASES - 1
                    && let (Some(before), Some(after)) = (settled, resident(&child))
                    && after > before * GROWTH
                {
                    return (
                        last,
                        Some(format!(
                            "{CASES} cases grow it from {before:.0} to {after:.0} MB"
                        )),
                    );
                }
                if Instant::now() > end {
                    let _ = child.kill();
                    let _ = child.wait();
                    return (last, None);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                let _ = child.wait();
                return (
                    last,
                    Some(format!("hangs: no end after {} s", PATIENCE.as_secs())),
                );
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let mut said = String::new();
    if let Some(mut errors) = child.stderr.take() {
        let _ = errors.read_to_string(&mut said);
    }
    let what = match child.wait() {
        Ok(status) if status.success() => None,
        Ok(status) => {
            let lines: Vec<&str> = said
                .lines()
                .filter(|line| !line.is_empty())
                .take(3)
                .collect();
            Some(format!("{status}: {}", lines.join(" ")))
        }
        Err(error) => Some(error.to_string()),
    };
    (last, what)
}

/// Megabytes that a process holds, where the system tells.
fn resident(child: &Child) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{}/statm", child.id())).ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096.0 / 1e6)
}
