use super::*;

/// Random numbers of a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

fn anchor(random: &mut Random) -> Anchor {
    match random.below(3) {
        0 => Anchor::line("models.py", 1 + random.below(9) as u32, "class A:"),
        1 => Anchor::Table {
            table: "author".to_owned(),
        },
        _ => Anchor::Verdict {
            revision: "1a2b".to_owned(),
        },
    }
}

/// A copy of a project's comments with few ids and times, so that copies meet in every way.
fn copy(random: &mut Random) -> Comments {
    let mut comments = Comments {
        project: ["p", "q"][random.below(2) as usize].to_owned(),
        threads: BTreeMap::new(),
    };
    for _ in 0..random.below(4) {
        let by = ["Ann", "Ben"][random.below(2) as usize].to_owned();
        let mut thread = Thread {
            anchor: anchor(random),
            resolved: (random.below(2) == 0).then(|| Resolved {
                at: Time::new(random.below(4)),
                by,
                resolved: random.below(2) == 0,
            }),
            comments: BTreeMap::new(),
        };
        for _ in 0..1 + random.below(3) {
            let at = random.below(4);
            let text = Text {
                at: Time::new(at + random.below(3)),
                text: (random.below(4) > 0).then(|| format!("text {}", random.below(3))),
            };
            let comment = Comment {
                at: Time::new(at),
                by: ["Ann", "Ben"][random.below(2) as usize].to_owned(),
                text,
            };
            thread
                .comments
                .insert(format!("c{}", random.below(4)), comment);
        }
        comments
            .threads
            .insert(format!("t{}", random.below(3)), thread);
    }
    comments
}

fn merged(one: &Comments, other: &Comments) -> Comments {
    let mut both = one.clone();
    both.merge(other);
    both
}

#[test]
fn copies_come_together_in_any_order_and_any_number_of_times() {
    for seed in 0..2_000 {
        let mut random = Random(seed);
        let (a, b, c) = (copy(&mut random), copy(&mut random), copy(&mut random));
        let ab = merged(&a, &b);
        assert_eq!(ab, merged(&b, &a), "seed {seed}");
        assert_eq!(merged(&ab, &c), merged(&a, &merged(&b, &c)), "seed {seed}");
        assert_eq!(merged(&ab, &a), ab, "seed {seed}");
        assert_eq!(merged(&ab, &ab), ab, "seed {seed}");
        // Nothing that one of them has is lost, and what is written is read.
        for copy in [&a, &b] {
            for (id, thread) in &copy.threads {
                for (comment, said) in &thread.comments {
                    assert!(ab.threads[id].comments[comment].text >= said.text);
                }
            }
        }
        assert!(ab.news(&a).is_empty() && ab.news(&b).is_empty());
        assert_eq!(
            a.news(&b).is_empty(),
            ab.threads == a.threads || quiet(&a, &ab)
        );
        assert_eq!(read(&write(&ab)), Some(ab), "seed {seed}");
    }
}

/// Whether all that differs is what nobody is told of: who wrote first under one id, and who said again what holds.
fn quiet(a: &Comments, ab: &Comments) -> bool {
    a.threads.len() == ab.threads.len()
        && a.threads.iter().all(|(id, thread)| {
            let other = &ab.threads[id];
            thread.comments == other.comments && thread.is_resolved() == other.is_resolved()
        })
}

fn said(by: &str, at: u64, text: Option<&str>) -> Comment {
    Comment {
        at: Time::new(at),
        by: by.to_owned(),
        text: Text {
            at: Time::new(at),
            text: text.map(str::to_owned),
        },
    }
}

fn one_thread() -> Comments {
    let thread = Thread {
        anchor: Anchor::line("models.py", 3, "    name = Column(String)"),
        resolved: None,
        comments: BTreeMap::from([("c1".to_owned(), said("Ann", 1_000, Some("Why?")))]),
    };
    Comments {
        project: "p1".to_owned(),
        threads: BTreeMap::from([("t1".to_owned(), thread)]),
    }
}

#[test]
fn the_later_change_of_a_comment_counts_and_a_deleted_one_stays_so() {
    let first = one_thread();
    let change = |at: u64, text: Option<&str>| {
        let mut copy = first.clone();
        let thread = copy.threads.get_mut("t1").expect("a thread");
        let comment = thread.comments.get_mut("c1").expect("a comment");
        comment.text = said("Ann", at, text).text;
        copy
    };
    let (edited, deleted) = (change(2_000, Some("Why so?")), change(3_000, None));
    let both = merged(&edited, &deleted);
    assert_eq!(both, deleted);
    assert_eq!(merged(&both, &first), deleted);
    assert_eq!(both.in_order(), []);
    // Nothing of it is written.
    assert!(!write(&both).contains("Why"));
    assert_eq!(
        first.news(&both).by,
        BTreeMap::from([("Ann".to_owned(), 1)])
    );
}

#[test]
fn a_clock_that_is_behind_changes_what_it_sees() {
    let comments = one_thread();
    let thread = &comments.threads["t1"];
    assert_eq!(thread.later(Time::new(5)), Time::new(1_001));
    assert_eq!(thread.later(Time::new(9_000)), Time::new(9_000));
}

#[test]
fn what_comes_from_far_ahead_can_still_be_changed() {
    let far = write(&one_thread()).replace("1970-01-01", "9999-12-31");
    let mut workspace = Workspace::default();
    workspace.files.insert(FILE.to_owned(), Contents::Text(far));
    let now = Time::new(5_000);
    let came = take(&mut workspace, now).expect("comments");
    assert!(workspace.files.is_empty());
    let thread = &came.threads["t1"];
    assert_eq!(thread.comments["c1"].at, now.plus_a_day());
    assert!(thread.later(now) > thread.comments["c1"].text.at);
    // What is no file of comments is a file like every other.
    let other = Contents::Text("{}".to_owned());
    workspace.files.insert(FILE.to_owned(), other);
    assert_eq!(take(&mut workspace, now), None);
    assert_eq!(workspace.files.len(), 1);
}

#[test]
fn a_line_is_found_where_it_went() {
    let text = "a\n  b\nc\nb\n\n";
    assert_eq!(line_of(text, 2, "b"), Some(2));
    assert_eq!(line_of(text, 3, "b"), Some(2));
    assert_eq!(line_of(text, 4, "b"), Some(4));
    assert_eq!(line_of(text, 9, "b"), Some(4));
    assert_eq!(line_of(text, 2, "d"), None);
    // An empty line is like every other empty line.
    assert_eq!(line_of(text, 5, ""), Some(5));
    assert_eq!(line_of(text, 4, ""), None);
}

#[test]
fn the_file_is_readable_and_holds_what_the_copies_need() {
    assert_eq!(
        write(&one_thread()),
        r#"{
  "limbeck_comments": 1,
  "project": "p1",
  "threads": [
    {
      "id": "t1",
      "on": {
        "line": {
          "path": "models.py",
          "line": 3,
          "text": "name = Column(String)"
        }
      },
      "comments": [
        {
          "id": "c1",
          "by": "Ann",
          "at": "1970-01-01T00:00:01.000Z",
          "text": "Why?"
        }
      ]
    }
  ]
}
"#
    );
}

#[test]
fn what_is_made_to_do_harm_is_not_read() {
    let good = write(&one_thread());
    assert!(read(&good).is_some());
    let long = "x".repeat(TEXT_LIMIT + 1);
    for (from, to) in [
        ("models.py", "../../etc/passwd"),
        ("\"line\": 3", "\"line\": 0"),
        ("\"line\": 3", "\"line\": -1"),
        ("\"id\": \"t1\"", "\"id\": \"<b>\""),
        ("\"id\": \"c1\"", "\"id\": \"\""),
        ("Ann", "A\\u202enn"),
        ("Ann", " "),
        ("Why?", "Why\\u0007?"),
        ("Why?", long.as_str()),
        ("1970-01-01T00:00:01.000Z", "now"),
        ("\"limbeck_comments\": 1", "\"limbeck_comments\": 2"),
        ("\"project\": \"p1\"", "\"project\": 1"),
        ("\"by\"", "\"script\": 1, \"by\""),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert_eq!(read(&bad), None, "{from} -> {to}");
    }
}
