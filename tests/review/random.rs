//! Random changes of models, as autogenerate writes them.

use std::path::Path;
use std::rc::Rc;

use limbeck::driver::Parameters;
use limbeck::ground::host::Host;
use limbeck::review::{Finding, Rows, Severity, Verdict, apply_edits, round_trip};

use super::{ENV, Project};

/// A small sequence of numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

#[derive(Clone)]
struct RandomTable {
    name: String,
    /// Name, type, NOT NULL, further keywords.
    columns: Vec<(String, String, bool, String)>,
    constraints: Vec<String>,
}

const TYPES: &[&str] = &[
    "sa.Integer()",
    "sa.String(20)",
    "sa.String(3)",
    "sa.Text()",
    "sa.Boolean()",
    "sa.Float()",
    "sa.Numeric(8, 2)",
    "sa.Date()",
    "sa.DateTime()",
    "sa.Enum('a', 'b', name='letter')",
];

const NAMES: &[&str] = &[
    "title",
    "full_title",
    "price",
    "unit_price",
    "made",
    "kind",
    "state",
    "code",
    "note",
    "label",
];

fn random_column(numbers: &mut Numbers) -> (String, String, bool, String) {
    (
        numbers.of(NAMES).to_owned(),
        numbers.of(TYPES).to_owned(),
        numbers.below(3) == 0,
        numbers
            .of(&[
                "",
                "",
                "",
                ", index=True",
                ", unique=True",
                ", server_default='1'",
            ])
            .to_owned(),
    )
}

fn random_tables(numbers: &mut Numbers) -> Vec<RandomTable> {
    let mut tables = Vec::new();
    for name in ["books", "users", "rooms"] {
        let mut table = RandomTable {
            name: name.to_owned(),
            columns: Vec::new(),
            constraints: Vec::new(),
        };
        for _ in 0..1 + numbers.below(4) {
            let column = random_column(numbers);
            if table.columns.iter().all(|known| known.0 != column.0) {
                table.columns.push(column);
            }
        }
        tables.push(table);
    }
    tables
}

fn changed_tables(tables: &[RandomTable], numbers: &mut Numbers) -> Vec<RandomTable> {
    let mut tables = tables.to_vec();
    for _ in 0..1 + numbers.below(3) {
        let place = numbers.below(tables.len());
        let kind = numbers.below(9);
        let table = &mut tables[place];
        let column = numbers.below(table.columns.len());
        match kind {
            0 => {
                let new = random_column(numbers);
                if table.columns.iter().all(|known| known.0 != new.0) {
                    table.columns.push(new);
                }
            }
            1 if table.columns.len() > 1 => {
                table.columns.remove(column);
            }
            2 | 3 => {
                let name = format!("{}_new", table.columns[column].0);
                table.columns[column].0 = name;
            }
            4 => table.columns[column].1 = numbers.of(TYPES).to_owned(),
            5 => table.columns[column].2 = !table.columns[column].2,
            6 => {
                let name = table.columns[column].0.clone();
                let named = numbers.of(&["", ", name='uq_it'"]);
                table.constraints = vec![format!("sa.UniqueConstraint('{name}'{named})")];
            }
            7 => {
                table.columns.push((
                    "other_id".to_owned(),
                    "sa.Integer(), sa.ForeignKey('users.id')".to_owned(),
                    false,
                    String::new(),
                ));
                let mut seen = std::collections::BTreeSet::new();
                table.columns.retain(|column| seen.insert(column.0.clone()));
            }
            _ if table.name != "users" => table.name = format!("{}_new", table.name),
            _ => {}
        }
    }
    tables
}

fn models(tables: &[RandomTable]) -> String {
    let mut text = "import sqlalchemy as sa\nmetadata = sa.MetaData()\n".to_owned();
    for table in tables {
        text.push_str(&format!(
            "sa.Table('{}', metadata, sa.Column('id', sa.Integer(), primary_key=True)",
            table.name
        ));
        for (name, kind, not_null, more) in &table.columns {
            let nullable = if *not_null { "False" } else { "True" };
            text.push_str(&format!(
                ",\n    sa.Column('{name}', {kind}, nullable={nullable}{more})"
            ));
        }
        for constraint in &table.constraints {
            text.push_str(&format!(",\n    {constraint}"));
        }
        text.push_str(")\n");
    }
    text
}

fn value(kind: &str, numbers: &mut Numbers, row: usize) -> String {
    match kind {
        kind if kind.starts_with("sa.Integer") => row.to_string(),
        "sa.Boolean()" => numbers.below(2).to_string(),
        "sa.Float()" | "sa.Numeric(8, 2)" => format!("{row}.5"),
        "sa.Date()" => format!("'2026-01-{row:02}'"),
        "sa.DateTime()" => format!("'2026-01-{row:02} 10:00:00.000000'"),
        kind if kind.starts_with("sa.Enum") => numbers.of(&["'a'", "'b'"]).to_owned(),
        _ => format!("'{}{row}'", numbers.of(&["x", "long text ", "7"])),
    }
}

/// Random changes of models, as autogenerate writes them: an error is told if and only if the
/// revision fails, and each fix mends what it speaks of.
#[test]
fn fixes_mend_what_autogenerate_writes() {
    let count: u64 = std::env::var("LIMBECK_REVIEWS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(6);
    for seed in 1..=count {
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let project = Project::new();
        let batch = if numbers.below(3) == 0 {
            "False"
        } else {
            "True"
        };
        project.write(
            "alembic/env.py",
            &ENV.replace("target_metadata = None", "from models import metadata")
                .replace(
                    "target_metadata=target_metadata",
                    &format!("target_metadata=metadata, render_as_batch={batch}"),
                ),
        );
        project.write(
            "alembic/script.py.mako",
            &String::from_utf8(
                std::fs::read(
                    Path::new(env!("CARGO_MANIFEST_DIR"))
                        .join("web/examples/empty/alembic/script.py.mako"),
                )
                .unwrap(),
            )
            .unwrap(),
        );
        let before = random_tables(&mut numbers);
        project.write("models.py", &models(&before));
        assert_eq!(
            project.alembic("revision --autogenerate -m one --rev-id one"),
            0
        );
        assert_eq!(project.alembic("upgrade head"), 0);
        for table in &before {
            for row in 1..=numbers.below(4) {
                let values: Vec<String> = table
                    .columns
                    .iter()
                    .map(|column| {
                        if !column.2 && numbers.below(4) == 0 {
                            "NULL".to_owned()
                        } else {
                            value(&column.1, &mut numbers, row)
                        }
                    })
                    .collect();
                let connection = project.connect();
                // A unique column may refuse a row; then there is one less.
                let _ = connection.execute(
                    &format!(
                        "INSERT INTO {} VALUES ({row}, {})",
                        table.name,
                        values.join(", ")
                    ),
                    &Parameters::NONE,
                );
                connection.commit().unwrap();
                connection.close();
            }
        }
        let host: Rc<dyn Host> = project.host.clone();
        limbeck::driver::flush(&host).unwrap();
        let after = changed_tables(&before, &mut numbers);
        project.write("models.py", &models(&after));
        assert_eq!(
            project.alembic("revision --autogenerate -m two --rev-id two"),
            0
        );
        let path = "alembic/versions/two_two.py";
        let mut trouble = String::new();
        for _ in 0..12 {
            let text = project.read(path);
            let review = project.review("two");
            let trip = round_trip(&project.run(), "two", Rows::AtHand).unwrap();
            let errors = review
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .count();
            let broken = matches!(trip.verdict, Verdict::Broken { .. });
            if (errors > 0) != broken {
                trouble.push_str(&format!(
                    "errors and verdict part: {} {:#?}\n",
                    trip.verdict.word(),
                    review.findings
                ));
            }
            for finding in &review.findings {
                let Some(fix) = &finding.fix else { continue };
                let mended = apply_edits(&text, &fix.edits);
                project.write(path, &mended);
                let again = project.review("two");
                let same = |known: &&Finding| {
                    known.code == finding.code
                        && known.message == finding.message
                        && known.evidence == finding.evidence
                };
                let before = review.findings.iter().filter(same).count();
                if again.findings.iter().filter(same).count() >= before {
                    trouble.push_str(&format!("{} stays: {mended}\n", fix.title));
                }
                let count = |findings: &[Finding]| {
                    findings
                        .iter()
                        .filter(|finding| finding.severity == Severity::Error)
                        .count()
                };
                if count(&again.findings) > count(&review.findings) {
                    trouble.push_str(&format!(
                        "{} makes new errors: {:#?}\n{mended}\n",
                        fix.title, again.findings
                    ));
                }
            }
            // Then on with the first of them.
            let Some(fix) = review
                .findings
                .iter()
                .find(|finding| finding.severity != Severity::Note && finding.fix.is_some())
                .and_then(|finding| finding.fix.as_ref())
            else {
                project.write(path, &text);
                break;
            };
            project.write(path, &apply_edits(&text, &fix.edits));
        }
        assert!(
            trouble.is_empty(),
            "seed {seed}:\n{trouble}\n{}",
            project.read(path)
        );
    }
}
