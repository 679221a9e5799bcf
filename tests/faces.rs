//! What user code finds in Limbeck's modules and classes, compared with the real packages: names as
//! `dir()` gives them, parameters as `inspect.signature` does, and the order of inheritance.
//!
//! `tests/oracle/faces.json` holds what the real ones show; where $LIMBECK_ORACLE_PYTHON is set they
//! are asked again. What is missing stands in `tests/faces.md`, and in numbers in COMPAT.md; a list
//! that is not up to date fails. `make faces` writes all three.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/reference.rs"]
mod reference;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use limbeck::bindings::faces::{Faces, Member, Parameter, ParameterKind, Signature};
use limbeck::ground::host::MemoryHost;
use limbeck::ground::run::Run;
use limbeck::python::{Class, Value};
use reference::Reference;

/// What compares equal, and what does not.
#[derive(Clone, Copy, Default)]
struct Count {
    /// Public names of the real module or class.
    names: usize,
    /// Those that are here too.
    here: usize,
    /// Parameter lists that are equal.
    equal: usize,
    /// Parameter lists that differ.
    differ: usize,
    /// Functions whose parameters are not declared here.
    undeclared: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.names += other.names;
        self.here += other.here;
        self.equal += other.equal;
        self.differ += other.differ;
        self.undeclared += other.undeclared;
    }
}

/// What one module or class lacks.
#[derive(Default)]
struct Findings {
    count: Count,
    /// Sentences without a list.
    notes: Vec<String>,
    missing: Vec<String>,
    surplus: Vec<String>,
    other_kind: Vec<String>,
    signatures: Vec<String>,
    undeclared: Vec<String>,
}

impl Findings {
    /// Compares a function's parameters.
    fn compare(&mut self, name: &str, real: &Option<Signature>, here: &Option<Signature>) {
        let Some(real) = real else { return };
        let Some(here) = here else {
            self.count.undeclared += 1;
            self.undeclared.push(name.to_owned());
            return;
        };
        let differences = differences(real, here);
        if differences.is_empty() {
            self.count.equal += 1;
        } else {
            self.count.differ += 1;
            self.signatures
                .push(format!("`{name}`: {}", differences.join("; ")));
        }
    }

    fn write(&self, text: &mut String) {
        for note in &self.notes {
            let _ = writeln!(text, "- {note}");
        }
        for (title, names) in [
            ("Missing", &self.missing),
            ("Not in the real one", &self.surplus),
            ("Parameters not declared", &self.undeclared),
        ] {
            if !names.is_empty() {
                wrap(text, &format!("- {title} ({}):", names.len()), names);
            }
        }
        for other_kind in &self.other_kind {
            let _ = writeln!(text, "- {other_kind}");
        }
        for signature in &self.signatures {
            let _ = writeln!(text, "- {signature}");
        }
    }
}

/// Names after a title, in lines of readable length.
fn wrap(text: &mut String, title: &str, names: &[String]) {
    let mut line = title.to_owned();
    for (place, name) in names.iter().enumerate() {
        let comma = if place + 1 < names.len() { "," } else { "" };
        if line.len() + name.len() > 108 {
            let _ = writeln!(text, "{line}");
            line = " ".to_owned();
        }
        let _ = write!(line, " `{name}`{comma}");
    }
    let _ = writeln!(text, "{line}");
}

/// How a parameter list here parts from the real one. Parameters whose names begin with an underscore
/// are the library's own affair, and the name behind a star is no part of what may be given.
fn differences(real: &Signature, here: &Signature) -> Vec<String> {
    let public = |signature: &Signature| -> Vec<Parameter> {
        let parameters = signature.parameters.iter();
        parameters
            .filter(|parameter| !parameter.name.starts_with('_') || parameter.default.is_none())
            .cloned()
            .collect()
    };
    let (real, here) = (public(real), public(here));
    let is_star = |kind| {
        matches!(
            kind,
            ParameterKind::VarPositional | ParameterKind::VarKeyword
        )
    };
    let same = |a: &Parameter, b: &Parameter| {
        if is_star(a.kind) || is_star(b.kind) {
            a.kind == b.kind
        } else {
            a.name == b.name
        }
    };
    let shown = |parameter: &Parameter| match parameter.kind {
        ParameterKind::VarPositional => "`*args`".to_owned(),
        ParameterKind::VarKeyword => "`**kwargs`".to_owned(),
        _ => format!("`{}`", parameter.name),
    };
    let mut found = Vec::new();
    for there in &real {
        let Some(own) = here.iter().find(|own| same(own, there)) else {
            found.push(format!("lacks {}", shown(there)));
            continue;
        };
        if own.kind != there.kind {
            found.push(format!("{} is {} there", shown(there), kind(there.kind)));
        }
        match (&there.default, &own.default) {
            (Some(_), None) => found.push(format!("{} has a default there", shown(there))),
            (None, Some(_)) => found.push(format!("{} has no default there", shown(there))),
            (Some(there_default), Some(own_default))
                if there_default != own_default
                    && there_default != Signature::UNTOLD
                    && own_default != Signature::UNTOLD =>
            {
                found.push(format!(
                    "{} is `{there_default}` there, `{own_default}` here",
                    shown(there)
                ));
            }
            _ => {}
        }
    }
    for own in &here {
        if !real.iter().any(|there| same(own, there)) {
            found.push(format!("{} is not there", shown(own)));
        }
    }
    if found.is_empty() {
        let positional = |parameters: &[Parameter]| -> Vec<String> {
            parameters
                .iter()
                .filter(|parameter| {
                    matches!(
                        parameter.kind,
                        ParameterKind::PositionalOnly | ParameterKind::PositionalOrKeyword
                    )
                })
                .map(|parameter| parameter.name.clone())
                .collect()
        };
        if positional(&real) != positional(&here) {
            found.push(format!("the order is {}", positional(&real).join(", ")));
        }
    }
    found
}

fn kind(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::PositionalOnly => "positional only",
        ParameterKind::PositionalOrKeyword => "positional or by name",
        ParameterKind::VarPositional => "`*args`",
        ParameterKind::KeywordOnly => "by name only",
        ParameterKind::VarKeyword => "`**kwargs`",
    }
}

/// A class that a module shows, and which real one it is.
struct Exposed {
    class: Class,
    real: String,
    name: String,
}

/// The comparison, module by module.
struct Comparison<'a> {
    faces: Faces,
    reference: &'a Reference,
    /// Classes here by the dotted name of the real one.
    exposed: BTreeMap<String, Class>,
    /// Public classes that others inherit from and that no module here shows.
    unexposed: BTreeMap<String, usize>,
}

/// A module's part of the list.
struct Section {
    module: String,
    findings: Findings,
    classes: Vec<(String, Findings)>,
}

impl Comparison<'_> {
    /// Compares the names of a module, and gives the classes among them.
    fn module(&mut self, name: &str) -> (Findings, Vec<Exposed>) {
        let mut findings = Findings::default();
        let mut classes = Vec::new();
        let real = &self.reference.modules[name];
        if let Some(reason) = &real.absent {
            findings.notes.push(format!("Not compared: {reason}."));
            return (findings, classes);
        }
        let module = self.faces.module(name).expect("a module of the registry");
        findings.surplus = real.lacks.iter().cloned().collect();
        for (each, there) in &real.names {
            findings.count.names += 1;
            let Some(here) = self.faces.member(&module, each) else {
                findings.missing.push(each.clone());
                continue;
            };
            findings.count.here += 1;
            match (there, here) {
                (reference::Member::Class(real), Member::Class(class)) => {
                    // Of a class of some other package only the name is compared.
                    if self.reference.classes.contains_key(real) {
                        classes.push(Exposed {
                            class,
                            real: real.clone(),
                            name: each.clone(),
                        });
                    }
                }
                (reference::Member::Function(real), Member::Function(here)) => {
                    findings.compare(each, real, &here);
                }
                (there, here) => findings.other_kind.extend(other_kind(each, there, &here)),
            }
        }
        (findings, classes)
    }

    /// Compares a class.
    fn class(&mut self, exposed: &Exposed) -> Findings {
        let mut findings = Findings::default();
        let Exposed { class, real, .. } = exposed;
        if class.dotted_name() != *real {
            findings.notes.push(format!(
                "Its module and name are `{real}` there, `{}` here.",
                class.dotted_name()
            ));
        }
        self.bases(class, real, &mut findings);
        let value = Value::Class(class.clone());
        // A name that is inherited, there and here, from a class of the list stands at that class.
        let inherited: Vec<_> = self
            .bases_here(class, real)
            .iter()
            .map(|base| self.reference.names(base))
            .collect();
        for (name, (owner, there)) in self.reference.names(real).iter() {
            let told_of_a_base = inherited
                .iter()
                .any(|names| names.get(name).is_some_and(|(other, _)| other == owner));
            let Some(here) = self.faces.member(&value, name) else {
                if !told_of_a_base {
                    findings.count.names += 1;
                    findings.missing.push(name.clone());
                }
                continue;
            };
            if told_of_a_base {
                continue;
            }
            findings.count.names += 1;
            findings.count.here += 1;
            match (there, here) {
                (reference::Member::Function(real), Member::Function(here)) => {
                    findings.compare(name, real, &here);
                }
                (there, here) => findings.other_kind.extend(other_kind(name, there, &here)),
            }
        }
        let there = &self.reference.classes[real].constructor;
        let here = self.faces.constructor(class);
        let inherited = here.is_none()
            && self
                .bases_here(class, real)
                .iter()
                .filter_map(|base| self.reference.classes.get(base))
                .any(|base| base.constructor == *there);
        if !inherited {
            findings.compare("__init__", there, &here);
        }
        findings
    }

    /// The real classes that a class inherits from there and here.
    fn bases_here(&self, class: &Class, real: &str) -> Vec<String> {
        let mut bases = self.reference.mro(real).to_vec();
        bases.retain(|base| {
            base != real
                && self
                    .exposed
                    .get(base)
                    .is_some_and(|base| class.is_subclass(base))
        });
        bases
    }

    fn bases(&mut self, class: &Class, real: &str, findings: &mut Findings) {
        let library = real.split('.').next().unwrap_or_default();
        let own: Vec<String> = class.mro().skip(1).map(Class::dotted_name).collect();
        let there = self.reference.mro(real);
        let mut missing = Vec::new();
        for base in there.iter().skip(1) {
            let public = !base.split('.').any(|part| part.starts_with('_'));
            if !public || base.split('.').next() != Some(library) {
                continue;
            }
            match self.exposed.get(base) {
                Some(here) if class.is_subclass(here) => {}
                Some(_) => missing.push(format!("`{base}`")),
                None => *self.unexposed.entry(base.clone()).or_default() += 1,
            }
        }
        if !missing.is_empty() {
            findings
                .notes
                .push(format!("Does not inherit from {}.", missing.join(", ")));
        }
        let known: Vec<&String> = own
            .iter()
            .filter(|base| *base != "object" && self.reference.classes.contains_key(*base))
            .collect();
        let surplus: Vec<String> = known
            .iter()
            .filter(|base| !there.contains(**base))
            .map(|base| format!("`{base}`"))
            .collect();
        if !surplus.is_empty() {
            findings
                .notes
                .push(format!("Inherits from {} only here.", surplus.join(", ")));
        }
        let order: Vec<usize> = known
            .iter()
            .filter_map(|base| there.iter().position(|other| other == *base))
            .collect();
        if !order.is_sorted() {
            let common = there.iter().filter(|base| known.contains(base));
            let common: Vec<String> = common.map(|base| format!("`{base}`")).collect();
            findings.notes.push(format!(
                "Inherits in another order; there it is {}.",
                common.join(", ")
            ));
        }
    }
}

/// A name that is one thing there and another here.
fn other_kind(name: &str, there: &reference::Member, here: &Member) -> Option<String> {
    let there = match there {
        reference::Member::Class(_) => "a class",
        reference::Member::Function(_) => "a function",
        reference::Member::Module => "a module",
        reference::Member::Value => "a value",
    };
    let here = match here {
        Member::Class(_) => "a class",
        Member::Function(_) => "a function",
        Member::Module => "a module",
        Member::Value => "a value",
    };
    (there != here).then(|| format!("`{name}` is {there} there, {here} here."))
}

/// Compares everything that user code can import.
fn compare(reference: &Reference) -> (Vec<Section>, BTreeMap<String, usize>) {
    let mut comparison = Comparison {
        faces: faces(),
        reference,
        exposed: BTreeMap::new(),
        unexposed: BTreeMap::new(),
    };
    // A class stands in the section of the module that is nearest to the top, where people import it
    // from.
    let mut names = comparison.faces.modules();
    names.sort_by_key(|name| (name.matches('.').count(), *name));
    let mut shown = Vec::new();
    for name in names {
        let (findings, mut classes) = comparison.module(name);
        classes.retain(|exposed| {
            let known = comparison.exposed.contains_key(&exposed.real);
            comparison
                .exposed
                .entry(exposed.real.clone())
                .or_insert_with(|| exposed.class.clone());
            !known
        });
        shown.push((name, findings, classes));
    }
    let mut sections: Vec<Section> = shown
        .into_iter()
        .map(|(name, findings, classes)| Section {
            module: name.to_owned(),
            findings,
            classes: classes
                .iter()
                .map(|exposed| (exposed.name.clone(), comparison.class(exposed)))
                .collect(),
        })
        .collect();
    sections.sort_by(|a, b| a.module.cmp(&b.module));
    (sections, comparison.unexposed)
}

fn faces() -> Faces {
    Faces::new(&Run::new(Rc::new(MemoryHost::new("/"))))
}

/// The numbers of some sections.
#[derive(Default)]
struct Total {
    names: Count,
    classes: usize,
    attributes: Count,
}

fn total<'a>(sections: impl IntoIterator<Item = &'a Section>) -> Total {
    let mut total = Total::default();
    for section in sections {
        total.names.add(section.findings.count);
        total.classes += section.classes.len();
        for (_, findings) in &section.classes {
            total.attributes.add(findings.count);
        }
    }
    total
}

/// The list for people, `tests/faces.md`.
fn list(sections: &[Section], unexposed: &BTreeMap<String, usize>) -> String {
    let mut text = String::from(
        "# What Limbeck's modules and classes lack beside the real ones\n\n\
         Written by `make faces`; `tests/faces.rs` compares and fails where this is not up to date. A\n\
         name that is inherited stands at the class it is inherited from, where that is here too. A class\n\
         stands under the module nearest to the top that shows it. `__init__` is the constructor. *There* is\n\
         the real package, *here* is Limbeck. *Parameters not declared*: the function is here, but what it\n\
         takes is not told to `inspect.signature` and so not compared.\n",
    );
    let all = total(sections);
    let _ = write!(
        text,
        "\n{} of {} names of modules and {} of {} attributes of {} classes are here. Of the parameter lists \
         that are declared\n{} are equal and {} differ; {} functions, methods and constructors do not declare \
         theirs.\n",
        all.names.here,
        all.names.names,
        all.attributes.here,
        all.attributes.names,
        all.classes,
        all.names.equal + all.attributes.equal,
        all.names.differ + all.attributes.differ,
        all.names.undeclared + all.attributes.undeclared,
    );
    for section in sections {
        let mut body = String::new();
        section.findings.write(&mut body);
        for (name, findings) in &section.classes {
            let mut lines = String::new();
            findings.write(&mut lines);
            if !lines.is_empty() {
                let _ = write!(body, "\n### {}.{name}\n\n{lines}", section.module);
            }
        }
        if !body.is_empty() {
            let _ = write!(text, "\n## {}\n\n{}", section.module, body.trim_start());
        }
    }
    text.push_str("\n## Classes that others inherit from there, and that no module here shows\n\n");
    let names: Vec<String> = unexposed.keys().cloned().collect();
    wrap(&mut text, "-", &names);
    text
}

/// The summary for COMPAT.md: a row for each package of the standard library, and for each package
/// below the top of the others, with what lies further down.
fn table(sections: &[Section]) -> String {
    let standard = |module: &str| {
        let third_party = ["alembic", "sqlalchemy", "sqlmodel", "pydantic", "flask"];
        !third_party
            .iter()
            .any(|package| module.starts_with(package))
    };
    let mut groups: BTreeMap<String, Vec<&Section>> = BTreeMap::new();
    for section in sections {
        let depth = if standard(&section.module) { 1 } else { 2 };
        let parts: Vec<&str> = section.module.split('.').take(depth).collect();
        groups.entry(parts.join(".")).or_default().push(section);
    }
    let mut text = String::from(
        "| modules | names | classes | their attributes | parameters equal | differ | not declared |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mut row = |name: &str, total: Total| {
        let _ = writeln!(
            text,
            "| {name} | {} of {} | {} | {} of {} | {} | {} | {} |",
            total.names.here,
            total.names.names,
            total.classes,
            total.attributes.here,
            total.attributes.names,
            total.names.equal + total.attributes.equal,
            total.names.differ + total.attributes.differ,
            total.names.undeclared + total.attributes.undeclared,
        );
    };
    for (name, sections) in &groups {
        let total = total(sections.iter().copied());
        if total.names.names > 0 {
            row(&format!("`{name}`"), total);
        }
    }
    row("all", total(sections));
    text
}

const BEGIN: &str = "<!-- faces: written by make faces -->\n";
const END: &str = "<!-- end of faces -->\n";

/// COMPAT.md with another table between the two markers.
fn with_table(compat: &str, table: &str) -> String {
    let (before, rest) = compat.split_once(BEGIN).expect("COMPAT.md has the marker");
    let (_, after) = rest
        .split_once(END)
        .expect("COMPAT.md has the second marker");
    format!("{before}{BEGIN}{table}{END}{after}")
}

/// Asks the real packages about the names that Limbeck has.
fn ask(python: &Path) -> String {
    let mut faces = faces();
    let mut asked = serde_json::Map::new();
    for name in faces.modules() {
        let module = faces.module(name).expect("a module of the registry");
        asked.insert(name.to_owned(), faces.names(&module).into());
    }
    let mut child = Command::new(python)
        .arg(root().join("tests/oracle/faces.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle's Python starts");
    let request = serde_json::Value::Object(asked).to_string();
    let mut input = child.stdin.take().expect("its standard input is a pipe");
    input
        .write_all(request.as_bytes())
        .expect("the oracle listens");
    drop(input);
    let output = child.wait_with_output().expect("the oracle answers");
    assert!(output.status.success(), "tests/oracle/faces.py failed");
    String::from_utf8(output.stdout).expect("its answer is text")
}

/// Every name that Limbeck shows was asked for when the answers were written down.
fn unasked(reference: &Reference) -> Vec<String> {
    let mut faces = faces();
    let mut unasked = Vec::new();
    for name in faces.modules() {
        let Some(real) = reference.modules.get(name) else {
            unasked.push(name.to_owned());
            continue;
        };
        if real.absent.is_some() {
            continue;
        }
        let module = faces.module(name).expect("a module of the registry");
        for each in faces.names(&module) {
            let asked = match real.names.get(&each) {
                Some(reference::Member::Class(class)) => reference.classes.contains_key(class),
                Some(_) => true,
                None => real.lacks.contains(&each),
            };
            if !asked {
                unasked.push(format!("{name}.{each}"));
            }
        }
    }
    unasked
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_is_missing_is_listed() {
    let recorded = root().join("tests/oracle/faces.json");
    let (listed, compat) = (root().join("tests/faces.md"), root().join("COMPAT.md"));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let rewrite = std::env::var_os("LIMBECK_REWRITE").is_some();
    let mut answers = read(&recorded);
    if let Some(python) = support::oracle_python() {
        let again = ask(&python);
        if rewrite {
            std::fs::write(&recorded, &again).expect("faces.json is written");
            answers = again;
        } else {
            let version = |text: &str| Reference::read(text).python;
            if version(&again) != version(&answers) {
                support::not_asked(&format!(
                    "what Python {} shows is not compared with what {} does",
                    version(&again),
                    version(&answers)
                ));
            } else if again != answers {
                panic!(
                    "tests/oracle/faces.json is not what the real packages show (make faces):\n{}",
                    support::first_difference(&answers, &again)
                );
            }
        }
    }
    let reference = Reference::read(&answers);
    let unasked = unasked(&reference);
    assert!(
        unasked.is_empty(),
        "the real packages were not asked about {} (make faces)",
        unasked.join(", ")
    );
    let (sections, unexposed) = compare(&reference);
    let classes: usize = sections.iter().map(|section| section.classes.len()).sum();
    assert!(
        sections.len() >= 100 && classes >= 400,
        "only {} modules and {classes} classes were compared",
        sections.len()
    );
    let text = list(&sections, &unexposed);
    let page = with_table(&read(&compat), &table(&sections));
    if rewrite {
        std::fs::write(&listed, &text).expect("faces.md is written");
        std::fs::write(&compat, &page).expect("COMPAT.md is written");
    }
    for (path, wanted) in [(&listed, &text), (&compat, &page)] {
        let found = read(path);
        assert!(
            found == *wanted,
            "{} is not up to date (make faces):\n{}",
            path.display(),
            support::first_difference(&found, wanted)
        );
    }
}

#[test]
fn parameters_are_compared_one_by_one() {
    let compare = |real: &str, here: &str| {
        differences(&Signature::parse(real), &Signature::parse(here)).join("; ")
    };
    for (real, here, found) in [
        ("a, b=None, *, c=1, **kw", "a, b=None, *, c=1, **kwargs", ""),
        ("a, *args", "a, *clauses", ""),
        ("a, _private=None", "a", ""),
        ("a='x, y', b=(1, 2)", "a='x, y', b=…", ""),
        ("a, b", "a", "lacks `b`"),
        ("a", "a, b", "`b` is not there"),
        ("a, b=1", "a, b=2", "`b` is `1` there, `2` here"),
        ("a=None", "a", "`a` has a default there"),
        ("a", "a=None", "`a` has no default there"),
        ("a, *, b", "a, b", "`b` is by name only there"),
        ("a, /, b", "a, b", "`a` is positional only there"),
        ("a, b", "b, a", "the order is a, b"),
        ("a, **kw", "a", "lacks `**kwargs`"),
    ] {
        assert_eq!(compare(real, here), found, "({real}) and ({here})");
    }
}

#[test]
fn real_classes_are_ordered_as_python_orders_them() {
    let reference = Reference::read(
        r#"{"python": "3.11", "modules": {"m": {"names": {}}}, "classes": {
            "A": {"bases": [], "names": {"x": "value", "y": {"function": "a"}}},
            "B": {"bases": ["A"], "names": {"x": "annotation"}},
            "C": {"bases": ["A"], "names": {}},
            "D": {"bases": ["B", "C"], "names": {}}
        }}"#,
    );
    assert_eq!(*reference.mro("D"), ["D", "B", "C", "A"]);
    let owners: BTreeSet<(String, String)> = reference
        .names("D")
        .iter()
        .map(|(name, (owner, _))| (name.clone(), owner.clone()))
        .collect();
    assert_eq!(
        owners,
        BTreeSet::from([
            ("x".to_owned(), "B".to_owned()),
            ("y".to_owned(), "A".to_owned())
        ])
    );
}
