use std::cell::Cell as StdCell;

use limbeck::ground::host::Now;
use protocol::examples::EXAMPLES;
use protocol::{
    Cell, Change, ConsoleRequest, Contents, DatabaseRequest, FilesRequest, ModelsRequest, Printed,
    Ran, ShareRequest, TimeRequest,
};

use super::*;

pub(crate) fn outside() -> Rc<Outside> {
    let clock = StdCell::new(0u64);
    Rc::new(Outside {
        now: Box::new(|| Now {
            microseconds: 1_767_225_600_000_000,
            local_offset: 0,
        }),
        elapsed: Box::new(move || {
            clock.set(clock.get() + 1);
            clock.get()
        }),
        random: Box::new(|buffer| buffer.fill(7)),
        time_zone_offset: Box::new(|_, _| None),
    })
}

pub(crate) fn session(example: &str) -> Session {
    Session::with_example(example, outside()).expect("the examples are in order")
}

pub(crate) fn run(session: &mut Session, line: &str) -> Ran {
    let listener: Listener = Rc::new(|_| {});
    session.run(line, &listener)
}

#[test]
fn every_example_opens_with_its_tables() {
    for example in EXAMPLES {
        let mut session = session(example.name);
        let view = session.view();
        assert!(
            view.files
                .iter()
                .any(|file| file.path.ends_with("alembic.ini")),
            "{}",
            example.name
        );
        assert_eq!(
            view.databases.is_empty(),
            example.database.is_none(),
            "{}",
            example.name
        );
        for database in view.databases.iter() {
            assert_eq!(database.failure, None);
            assert!(database.tables.iter().any(|table| table.rows > 1));
        }
    }
}

#[test]
fn the_shell_words_work() {
    let mut session = session("library");
    assert_eq!(
        run(&mut session, "cd alembic && pwd").stdout,
        "/project/alembic\n"
    );
    assert_eq!(
        run(&mut session, "ls").stdout,
        "env.py\nscript.py.mako\nversions/\n"
    );
    let gone = run(&mut session, "cat nothing.py");
    assert_eq!(
        (gone.status, gone.stderr.as_str()),
        (1, "cat: nothing.py: No such file or directory\n")
    );
    run(&mut session, "cd; export A='b c'");
    assert_eq!(run(&mut session, "echo \"$A\" # said").stdout, "b c\n");
    assert_eq!(run(&mut session, "frobnicate").status, 127);
    assert_eq!(run(&mut session, "echo 'open").status, 2);
    // Where one is and what is set are part of a state; what only prints is not.
    let made: Vec<&str> = session
        .history
        .states()
        .map(|state| state.entry.command.as_str())
        .collect();
    assert_eq!(made, ["start", "cd alembic && pwd", "cd; export A='b c'"]);
}

/// Runs a line that must end with a status; gives what it printed, both streams.
fn said(session: &mut Session, line: &str, status: i32) -> String {
    let ran = run(session, line);
    let text = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, status, "{line}: {text}");
    text
}

#[test]
fn files_are_made_moved_and_removed() {
    let mut session = session("library");
    let done = |session: &mut Session, line: &str| said(session, line, 0);
    done(
        &mut session,
        "mkdir -p a/b {c,d} && touch a/b/one.txt a/two.txt",
    );
    done(
        &mut session,
        "cp -r a c && mv a/b d/ && echo last >> c/a/two.txt",
    );
    assert_eq!(
        done(&mut session, "find a c d -type f"),
        "a/two.txt\nc/a/b/one.txt\nc/a/two.txt\nd/b/one.txt\n"
    );
    assert_eq!(done(&mut session, "cat c/a/*.txt | wc -l"), "1\n");
    done(&mut session, "rm -rf a c/ d nowhere");
    assert_eq!(
        done(&mut session, "ls"),
        "alembic/\nalembic.ini\nlibrary.db\nmodels.py\n"
    );
    done(&mut session, "cat > note.py <<'END'\nx = \"$HOME\"\nEND");
    assert_eq!(
        done(&mut session, "cat note.py; grep -n x note.py"),
        "x = \"$HOME\"\n1:x = \"$HOME\"\n"
    );
    assert_eq!(done(&mut session, "A=1 env | grep A=; env"), "A=1\n");
    done(&mut session, "alembic upgrade head --sql > out.sql 2>&1");
    done(&mut session, "rm alembic/versions/*.py library.db");
    assert!(session.view().migrations.revisions.is_empty());
    for (line, what) in [
        (
            "rm alembic",
            "rm: cannot remove 'alembic': Is a directory\n",
        ),
        (
            "rm no*",
            "rm: cannot remove 'no*': No such file or directory\n",
        ),
        (
            "rm -rf ..",
            "rm: refusing to remove '.' or '..' directory: skipping '..'\n",
        ),
        (
            "mv alembic alembic/x",
            "mv: cannot move 'alembic' to a subdirectory of itself, 'alembic/x'\n",
        ),
        (
            "cp alembic x",
            "cp: -r not specified; omitting directory 'alembic'\n",
        ),
        (
            "mkdir x/y",
            "mkdir: cannot create directory 'x/y': No such file or directory\n",
        ),
        (
            "rmdir alembic",
            "rmdir: failed to remove 'alembic': Directory not empty\n",
        ),
        (
            "echo x > /etc/passwd",
            "limbeck: /etc/passwd: Permission denied: this console writes in /project\n",
        ),
        (
            "touch /x",
            "touch: cannot touch '/x': Permission denied: this console writes in /project\n",
        ),
    ] {
        if line == "rm no*" {
            run(&mut session, "rm note.py");
        }
        assert_eq!(said(&mut session, line, 1), what, "{line}");
    }
    assert!(
        run(&mut session, "rm -rf /project")
            .stderr
            .contains("whole project")
    );
}

#[test]
fn the_makefile_of_the_team_works() {
    let mut session = session("heroes");
    assert_eq!(
        *session.view().targets,
        ["db-migrate", "db-revision", "db-rollback", "db-reset"]
    );
    let text = said(
        &mut session,
        "make db-migrate              # Apply migrations",
        0,
    );
    assert!(
        text.contains("alembic upgrade head\n")
            && text.contains("Running upgrade 1f4a6be0c2d9 -> c7730d1e95ab"),
        "{text}"
    );
    said(&mut session, "make db-revision msg=\"add it\"", 0);
    assert!(
        session.view().migrations.revisions[0]
            .path
            .ends_with("_add_it.py")
    );
    said(&mut session, "make db-migrate db-rollback", 0);
    assert_eq!(session.view().migrations.current, ["c7730d1e95ab"]);
    said(&mut session, "make db-reset", 0);
    assert_eq!(session.view().migrations.ahead, 0);
    assert_eq!(
        said(&mut session, "make db-what", 2),
        "make: *** No rule to make target 'db-what'.  Stop.\n"
    );
    said(
        &mut session,
        "printf 'x:\\n\\tcd migrations && alembic upgrade nowhere\\n' > Makefile",
        0,
    );
    assert!(said(&mut session, "make", 2).ends_with("make: *** [Makefile:2: x] Error 255\n"));
    assert_eq!(said(&mut session, "pwd", 0), "/project\n");
    said(&mut session, "printf 'x:\\n\\tmake\\n' > Makefile", 0);
    assert!(said(&mut session, "make", 2).contains("endlessly"));
    let ran = run(&mut session, "printf '\\ninclude a.mk\\n' > Makefile; make");
    assert!(
        ran.stderr.starts_with("Makefile:2: *** include"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        ran.failure
            .and_then(|failure| failure.place)
            .map(|place| place.line),
        Some(2)
    );
}

#[test]
fn a_servers_url_gives_way_to_sqlite() {
    let mut session = session("library");
    let text = said(
        &mut session,
        "export DATABASE_URL=\"mysql+pymysql://user:password@localhost:3306/x\"",
        0,
    );
    assert!(
        text.contains("MySQL") && text.contains("DATABASE_URL=sqlite:///library.db"),
        "{text}"
    );
    assert!(
        text.contains("no file in this project reads DATABASE_URL"),
        "{text}"
    );
    assert_eq!(
        said(&mut session, "echo $DATABASE_URL", 0),
        "sqlite:///library.db\n"
    );
    let env = "alembic/env.py";
    let text = session.text_of(env).expect("env.py").replace(
        "config = context.config\n",
        "import os\nconfig = context.config\nconfig.set_main_option('sqlalchemy.url', os.environ['DATABASE_URL'])\n",
    );
    session.write_text(env, &text, false).expect("written");
    said(&mut session, "unset DATABASE_URL", 0);
    let text = said(
        &mut session,
        "export DATABASE_URL=mysql+aiomysql://u@h/d",
        0,
    );
    assert!(
        text.contains("sqlite+aiosqlite:///library.db") && text.contains("--sql"),
        "{text}"
    );
    said(
        &mut session,
        "export DATABASE_URL=mysql://u@h/d && alembic upgrade head && alembic check",
        0,
    );
    let text = said(
        &mut session,
        "DATABASE_URL=postgresql://u@h/d alembic upgrade head --sql",
        0,
    );
    assert!(
        text.contains("PostgresqlImpl") && text.contains("SERIAL"),
        "{text}"
    );
    // The page has a PostgreSQL.
    said(&mut session, "export DATABASE_URL=postgresql://u@h/d", 0);
    assert_eq!(
        said(&mut session, "echo $DATABASE_URL", 0),
        "postgresql://u@h/d\n"
    );
}

#[test]
fn sqlite3_answers_as_the_program() {
    let mut session = session("library");
    for (line, answer) in [
        (
            ".tables",
            "alembic_version  book             member\nauthor           loan\n",
        ),
        (
            "\"select id, name from author where id < 3\"",
            "1|Ursula K. Le Guin\n2|Jorge Luis Borges\n",
        ),
        (
            "-header -csv 'select id, born from author where id in (1, 5)'",
            "id,born\n1,1929\n5,\n",
        ),
        (
            "-column 'select id, born b from author limit 1'",
            "id  b\n--  ----\n1   1929\n",
        ),
        ("-box 'select 1 a'", "┌───┐\n│ a │\n├───┤\n│ 1 │\n└───┘\n"),
        (
            "-json 'select 1 a, null b, 1.5 c'",
            "[{\"a\":1,\"b\":null,\"c\":1.5}]\n",
        ),
        ("'.mode line' 'select 1 one'", "one = 1\n"),
        (".indexes book", "ix_book_title\n"),
    ] {
        assert_eq!(
            said(&mut session, &format!("sqlite3 library.db {line}"), 0),
            answer,
            "{line}"
        );
    }
    assert!(said(&mut session, "sqlite3 library.db .schema", 0).contains("CREATE TABLE author ("));
    said(
        &mut session,
        "sqlite3 library.db .dump | sqlite3 copy.db",
        0,
    );
    assert_eq!(
        said(
            &mut session,
            "echo 'select count(*) from book;' | sqlite3 copy.db",
            0
        ),
        "7\n"
    );
    assert!(
        said(&mut session, "sqlite3 libary.db 'select * from book'", 1)
            .contains("there is no database libary.db")
    );
    assert_eq!(session.view().databases.len(), 2);
    said(&mut session, "sqlite3 library.db", 2);
    said(
        &mut session,
        "sqlite3 library.db 'create table t (a); insert into t values (1)' 'drop table t'",
        0,
    );
}

#[test]
fn folders_that_only_say_where_are_forgiven() {
    let mut session = session("blog");
    assert_eq!(session.view().directory, "backend");
    assert_eq!(
        said(&mut session, "cd backend", 0),
        "limbeck: already in backend\n"
    );
    said(
        &mut session,
        "cd .. && cd backend && python -m alembic current",
        0,
    );
    said(&mut session, "cd app/models; cd -; pwd", 0);
    assert!(
        said(&mut session, "cd services/api && alembic current", 0)
            .contains("alembic runs from here")
    );
    assert!(said(&mut session, "cd services/api && ls", 1).contains("No such file or directory"));
    assert_eq!(
        run(&mut session, "edit app/models/user.py").opened,
        ["backend/app/models/user.py"]
    );
    assert_eq!(
        run(&mut session, "alembic edit head").opened,
        ["backend/alembic/versions/5ac41be7f803_users_posts_and_tags.py"]
    );
    assert_eq!(run(&mut session, "alembic upgrade <revision_id>").status, 2);
    assert!(said(&mut session, "history", 0).contains("    1  cd backend\n"));
}

/// Tab offers every option that `--help` names.
#[test]
fn rows_change_are_marked_and_come_back() {
    let mut session = session("library");
    let ran = run(
        &mut session,
        "sqlite3 library.db \"UPDATE book SET title = 'Kin' WHERE id = 4; DELETE FROM loan WHERE id = 1; INSERT INTO member (name, email) VALUES ('x', 'y')\"",
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let tables: Vec<_> = ran
        .view
        .changes
        .tables
        .iter()
        .map(|t| (t.table.as_str(), t.added, t.removed, t.altered))
        .collect();
    assert_eq!(
        tables,
        [("book", 0, 0, 1), ("loan", 0, 1, 0), ("member", 1, 0, 0)]
    );
    assert_eq!(ran.view.changes.tables[0].rows, [(4, Change::Altered)]);
    let number = ran.view.at;
    let listener: Listener = Rc::new(|_| {});
    let reply = session.answer(
        Request::Console(ConsoleRequest::Undo { entry: number }),
        &listener,
    );
    assert!(matches!(reply, Reply::Done(Answer::View(_))));
    let reply = session.answer(
        Request::Database(DatabaseRequest::Rows {
            database: "library.db".into(),
            table: "book".into(),
            offset: 3,
            limit: 1,
            order: None,
        }),
        &listener,
    );
    let Reply::Done(Answer::Rows(rows)) = reply else {
        panic!("{reply:?}");
    };
    assert_eq!(rows.rows[0][1], Cell::Text("Kindred".into()));
    assert_eq!((rows.rowids.as_slice(), rows.total), ([4].as_slice(), 7));
}

#[test]
fn an_exported_workspace_loads_again() {
    let mut session = session("heroes");
    let listener: Listener = Rc::new(|_| {});
    let Reply::Done(Answer::Workspace(workspace)) =
        session.answer(Request::Share(ShareRequest::Export), &listener)
    else {
        panic!("no workspace");
    };
    let mut other = Session::with_workspace(&workspace, outside()).expect("a workspace");
    assert_eq!(other.export(), workspace);
    assert_eq!(other.view().databases, session.view().databases);
}

#[test]
fn the_library_goes_down_and_up_again() {
    let mut session = session("library");
    let view = session.view();
    assert_eq!(view.migrations.failure, None);
    let ids: Vec<(&str, bool, bool)> = view
        .migrations
        .revisions
        .iter()
        .map(|one| (one.id.as_str(), one.current, one.applied))
        .collect();
    assert_eq!(
        ids,
        [("8e5d27b46c10", true, true), ("3b1f0c9a7d42", false, true)]
    );
    assert_eq!(view.migrations.back.as_deref(), Some("3b1f0c9a7d42"));
    assert_eq!(view.migrations.database.as_deref(), Some("library.db"));
    let down = run(&mut session, "alembic downgrade -1");
    assert_eq!(down.status, 0, "{}", down.stderr);
    assert_eq!(down.view.migrations.ahead, 1);
    let listener: Listener = Rc::new(|_| {});
    let Reply::Done(Answer::Pending(pending)) =
        session.answer(Request::Models(ModelsRequest::Pending), &listener)
    else {
        panic!("no answer");
    };
    assert!(pending.behind, "{pending:?}");
    let up = run(&mut session, "alembic upgrade head");
    assert_eq!(up.status, 0, "{}", up.stderr);
    let Reply::Done(Answer::Pending(pending)) =
        session.answer(Request::Models(ModelsRequest::Pending), &listener)
    else {
        panic!("no answer");
    };
    assert_eq!(
        (pending.operations.len(), pending.failure.clone()),
        (0, None),
        "{pending:?}"
    );
}

#[test]
fn editors_are_told_names_and_parameters() {
    let mut session = session("empty");
    let listener: Listener = Rc::new(|_| {});
    let Reply::Done(Answer::Completions(found)) =
        session.answer(Request::Models(ModelsRequest::Completions), &listener)
    else {
        panic!("no completions");
    };
    let parameters = |of: &str, name: &str| {
        found
            .iter()
            .find(|one| one.of == of && one.name == name)
            .map(|one| one.parameters.join(" "))
    };
    assert_eq!(
        parameters("op", "drop_table").as_deref(),
        Some("table_name schema if_exists")
    );
    assert!(
        parameters("batch_op", "add_column").is_some_and(|names| names.contains("insert_after"))
    );
    assert!(
        parameters("sqlalchemy", "Column").is_some_and(|names| names.contains("server_default"))
    );
    assert!(parameters("sqlalchemy.orm", "mapped_column").is_some());
    for name in ["Mapped", "relationship", "DeclarativeBase"] {
        assert!(parameters("sqlalchemy.orm", name).is_some(), "{name}");
    }
    assert!(parameters("sqlmodel", "SQLModel").is_some());
    assert!(parameters("sqlalchemy", "Integer").is_some());
}

#[test]
fn a_script_that_is_half_written_keeps_the_graph() {
    let mut session = session("library");
    let before = session.view().migrations.clone();
    let revision = before.revisions.first().expect("the example has revisions");
    let text = session
        .host
        .read(&revision.path)
        .expect("its file is there");
    let mut broken = text.clone();
    broken.extend_from_slice(b"\nx = = 3\n");
    session.host.write(&revision.path, &broken).expect("a file");
    let migrations = session.view().migrations.clone();
    let failure = migrations.failure.as_ref().expect("it can't be loaded");
    assert!(
        failure.message.contains("SyntaxError"),
        "{}",
        failure.message
    );
    assert_eq!(
        failure.place.as_ref().map(|place| &place.path),
        Some(&revision.path)
    );
    assert_eq!(migrations.revisions, before.revisions);
    session.host.write(&revision.path, &text).expect("a file");
    assert_eq!(session.view().migrations.failure, None);
}

#[test]
fn what_the_worker_says_arrives_as_it_was() {
    use protocol::{decode, encode};
    let mut session = session("library");
    let listener: Listener = Rc::new(|_| {});
    let requests = [
        Request::Console(ConsoleRequest::Run {
            line: "alembic revision --autogenerate -m next && alembic upgrade head".to_owned(),
        }),
        Request::Console(ConsoleRequest::Run {
            line: "alembic downgrade -1".to_owned(),
        }),
        Request::Models(ModelsRequest::Pending),
        Request::Share(ShareRequest::Export),
        Request::Models(ModelsRequest::Completions),
        Request::View,
        Request::Files(FilesRequest::Read {
            path: "nowhere".to_owned(),
        }),
    ];
    for (id, request) in requests.into_iter().enumerate() {
        let id = id as u32;
        assert_eq!(
            decode::<Request>(&encode(id, &request)),
            Ok((id, request.clone()))
        );
        let reply = session.answer(request, &listener);
        let bytes = encode(id, &reply);
        assert_eq!(decode::<Reply>(&bytes), Ok((id, reply)));
        assert!(decode::<Reply>(&bytes[..bytes.len() - 1]).is_err());
    }
}

#[test]
fn an_event_says_its_kind_to_those_outside() {
    let event = Event::RevisionFinished {
        revision: "\":{}".to_owned(),
    };
    assert_eq!(
        event.json(),
        r#"{"kind":"revision_finished","revision":"\":{}"}"#
    );
}

/// The whole of a state, as a person could find it.
fn whole(session: &mut Session) -> (Workspace, Vec<Database>, Vec<Printed>) {
    let opened = session.opened();
    (
        session.export(),
        opened.view.databases.to_vec(),
        opened.console,
    )
}

#[test]
fn every_state_is_exact_back_and_forward_again() {
    let mut session = session("heroes");
    let listener: Listener = Rc::new(|_| {});
    let mut states = vec![(0, whole(&mut session))];
    let note = |session: &mut Session, states: &mut Vec<_>| {
        let found = whole(session);
        states.push((session.history.at, found));
    };
    for line in [
        "alembic upgrade head",
        "alembic current",
        "export A=1",
        "sqlite3 heroes.db \"DELETE FROM hero WHERE id = 1\"",
        "alembic downgrade base",
        "alembic upgrade nonsense",
        "cd alembic",
    ] {
        run(&mut session, line);
        note(&mut session, &mut states);
    }
    let write = Request::Files(FilesRequest::Write {
        path: "note.txt".into(),
        contents: Contents::Text("typed".into()),
    });
    session.answer(write, &listener);
    note(&mut session, &mut states);
    // What ran at a state and changed nothing belongs to it: the last look at it counts.
    let last: BTreeMap<u32, _> = states.into_iter().collect();
    let newest = session.history.tip;
    assert!(last.len() == newest as usize + 1 && newest >= 5);
    let there_and_back: Vec<u32> = last.keys().rev().chain(last.keys()).copied().collect();
    for to in there_and_back {
        session.answer(Request::Time(TimeRequest::Travel { to }), &listener);
        assert_eq!(whole(&mut session), last[&to], "state {to}");
        assert_eq!(session.history.tip, newest);
    }
    session.answer(Request::Time(TimeRequest::Travel { to: 3 }), &listener);
    let ran = run(&mut session, "alembic history");
    assert_eq!((ran.status, ran.view.at, ran.view.tip), (0, 3, newest));
    run(&mut session, "touch other.txt");
    let other = session.history.at;
    assert_eq!((other, session.history.tip), (newest + 1, newest + 1));
    session.answer(Request::Time(TimeRequest::Travel { to: newest }), &listener);
    assert_eq!(whole(&mut session), last[&newest]);
    session.answer(Request::Time(TimeRequest::Reset), &listener);
    let reset = whole(&mut session);
    assert_eq!((&reset.0, &reset.1), (&last[&0].0, &last[&0].1));
    assert_eq!(reset.2, []);
    session.answer(Request::Time(TimeRequest::ClearBranches), &listener);
    assert!(session.history.state(other).is_none());
    assert!(matches!(
        session.answer(Request::Time(TimeRequest::Travel { to: other }), &listener),
        Reply::Failed(_)
    ));
}

#[test]
fn where_all_scripts_are_gone_nothing_is_ahead() {
    let mut session = session("library");
    assert_eq!(run(&mut session, "alembic downgrade base").status, 0);
    assert_eq!(session.view().migrations.ahead, 2);
    // What was known stays in sight as long as its script is there.
    run(
        &mut session,
        "echo '(' >> alembic/versions/8e5d27b46c10_members_and_loans.py",
    );
    assert_eq!(session.view().migrations.ahead, 2);
    run(&mut session, "rm -r alembic alembic.ini");
    let migrations = session.view().migrations.clone();
    assert_eq!(
        (
            migrations.ahead,
            migrations.heads.len(),
            migrations.revisions.len()
        ),
        (0, 0, 0)
    );
}
