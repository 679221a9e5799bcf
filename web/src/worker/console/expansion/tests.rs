use protocol::console::quote;
use protocol::console::syntax::*;

use super::*;

struct Here;

impl Surroundings for Here {
    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => Some("/project".into()),
            "MANY" => Some("a b".into()),
            _ => None,
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let names: &[&str] = match folder {
            "." => &[".env", "a.py", "b.py", "versions"],
            "versions" => &["one.py", "two.py", "two.txt"],
            _ => &[],
        };
        names.iter().map(|name| name.to_string()).collect()
    }
}

fn words(text: &str) -> Vec<String> {
    let lines = lines(text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].commands.clone().expect("a line")[0]
        .words
        .iter()
        .flat_map(|word| expand(word, &Here))
        .collect()
}

#[test]
fn words_are_a_shells() {
    assert_eq!(
        words("$ alembic revision -m \"add user's $HOME\"  # a comment"),
        ["alembic", "revision", "-m", "add user's /project"]
    );
    assert_eq!(
        words(r"x a\ b '$HOME' ${NO:-yes} ~/a"),
        ["x", "a b", "$HOME", "yes", "/project/a"]
    );
    assert_eq!(
        words("x $MANY \"$MANY\" $NO \"$NO\""),
        ["x", "a", "b", "a b", ""]
    );
    assert_eq!(
        words("rm versions/*.py *.db '*'"),
        ["rm", "versions/one.py", "versions/two.py", "*.db", "*"]
    );
    assert_eq!(
        words("x [ab].py ver*/t*t {a,b{c,d}}.x"),
        [
            "x",
            "a.py",
            "b.py",
            "versions/two.txt",
            "a.x",
            "bc.x",
            "bd.x"
        ]
    );
    assert_eq!(
        words(r"& .\.venv\Scripts\python.exe -m"),
        [r".\.venv\Scripts\python.exe", "-m"]
    );
    assert_eq!(
        words("alembic \\\n  upgrade head"),
        ["alembic", "upgrade", "head"]
    );
}

#[test]
fn lines_go_on_where_they_must() {
    let read = lines(
        "# note\nalembic current\n\ncat > a <<EOF\n$HOME \"x\nEOF\necho 'two\nlines' && \n ls\n",
    );
    let texts: Vec<&str> = read.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "# note",
            "alembic current",
            "cat > a <<EOF\n$HOME \"x\nEOF",
            "echo 'two\nlines' && \n ls"
        ]
    );
    let Ok(commands) = &read[2].commands else {
        panic!("{read:?}")
    };
    let Redirection::Text(text) = &commands[0].redirections[1] else {
        panic!("{commands:?}")
    };
    assert_eq!(expand_whole(text, &Here), "/project \"x\n");
    assert!(lines("echo 'open")[0].is_unfinished());
    assert!(lines("ls |")[0].is_unfinished());
    assert!(lines("cat <<END\nx")[0].is_unfinished());
    assert!(
        lines("alembic upgrade head > out.sql 2>&1; ls")[0]
            .commands
            .is_ok()
    );
}

#[test]
fn what_it_has_not_is_said() {
    assert_eq!(
        lines("alembic upgrade <revision_id> --sql")[0].commands,
        Err(Problem::Placeholder("revision_id".into()))
    );
    for line in [
        "echo $(ls)",
        "for x in a; do ls; done",
        "sleep 1 &",
        "(ls)",
        "`ls`",
    ] {
        assert!(
            matches!(lines(line)[0].commands, Err(Problem::Unsupported(_))),
            "{line}"
        );
    }
    // The lines after it are read all the same.
    assert_eq!(lines("echo `a`\nls")[1].text, "ls");
}

struct Nothing;

impl Surroundings for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn names(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

#[test]
fn what_is_quoted_means_itself() {
    for text in [
        "a",
        "",
        "two words",
        "it's",
        "$x `y` \"z\" '\\",
        "*.py",
        "a\nb",
        "#",
    ] {
        let read = lines(&format!("echo {}", quote(text)));
        let commands = read[0].commands.clone().expect("a command");
        assert_eq!(expand(&commands[0].words[1], &Nothing), [text]);
    }
}
