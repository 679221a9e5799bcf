use protocol::{Contents, FilesRequest, Pending, Request};

use super::*;
use crate::session::Session;
use crate::session::tests::{run, session};

fn write(session: &mut Session, path: &str, text: &str) {
    let request = Request::Files(FilesRequest::Write {
        path: path.to_owned(),
        contents: Contents::Text(text.to_owned()),
    });
    let listener: crate::session::Listener = std::rc::Rc::new(|_| {});
    session.answer(request, &listener);
}

fn read(session: &Session, path: &str) -> String {
    host_text(&session.host, path).expect("the file is there")
}

fn pending(session: &mut Session) -> Pending {
    session.pending()
}

/// Does what the mend says, and gives what the line printed where it is one.
fn mend(session: &mut Session, explanation: &Explanation) {
    match explanation.mend.clone().expect("there is a mend") {
        Mend::Write { path, text } => write(session, &path, &text),
        Mend::Run(line) => {
            let ran = run(session, &line);
            assert_eq!(ran.status, 0, "{line}\n{}{}", ran.stdout, ran.stderr);
        }
    }
}

#[test]
fn a_model_in_a_file_that_env_py_does_not_import_is_named_and_the_mend_imports_it() {
    let mut session = session("library");
    assert_eq!(pending(&mut session).explanation, None);
    write(
        &mut session,
        "tags.py",
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom models import Base\n\n\nclass Tag(Base):\n    __tablename__ = \"tag\"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
    );
    let found = pending(&mut session);
    assert_eq!(found.operations, []);
    let explanation = found.explanation.expect("it is explained");
    let Cause::NotImported {
        class,
        place,
        drops_everything,
    } = &explanation.cause
    else {
        panic!("{explanation:?}")
    };
    assert_eq!(
        (
            class.as_str(),
            place.path.as_str(),
            place.line,
            *drops_everything
        ),
        ("Tag", "tags.py", 6, false)
    );
    mend(&mut session, &explanation);
    let found = pending(&mut session);
    assert_eq!(found.operations[0].text, "Detected added table 'tag'");
    assert_eq!(found.explanation, None);
}

#[test]
fn where_no_model_is_imported_every_table_would_be_dropped() {
    let mut session = session("library");
    let env = read(&session, "alembic/env.py")
        .replace("from models import Base", "from sqlalchemy import MetaData")
        .replace("Base.metadata", "MetaData()");
    write(&mut session, "alembic/env.py", &env);
    let found = pending(&mut session);
    assert!(found.operations.iter().any(|one| one.name == "drop_table"));
    assert!(matches!(
        found.explanation.map(|one| one.cause),
        Some(Cause::NotImported {
            drops_everything: true,
            ..
        })
    ));
}

#[test]
fn a_class_without_table_true_is_named_and_the_mend_adds_it() {
    let mut session = session("heroes");
    run(&mut session, "alembic upgrade head");
    let text = read(&session, "models.py");
    // What is only data, and what others inherit from, is no mistake.
    let data = "\n\nclass HeroUpdate(SQLModel):\n    name: str\n\n\nclass Base(SQLModel):\n    id: int | None = Field(default=None, primary_key=True)\n\n\nclass Villain(Base, table=True):\n    name: str\n";
    write(&mut session, "models.py", &format!("{text}{data}"));
    run(&mut session, "alembic revision --autogenerate -m villain");
    run(&mut session, "alembic upgrade head");
    assert_eq!(pending(&mut session).explanation, None);
    let power =
        "\n\nclass Power(SQLModel):\n    id: int | None = Field(default=None, primary_key=True)\n";
    write(&mut session, "models.py", &format!("{text}{data}{power}"));
    let found = pending(&mut session);
    assert_eq!(found.operations, []);
    let explanation = found.explanation.expect("it is explained");
    assert!(
        matches!(&explanation.cause, Cause::NotATable { class, .. } if class == "Power"),
        "{explanation:?}"
    );
    mend(&mut session, &explanation);
    assert!(read(&session, "models.py").contains("class Power(SQLModel, table=True):"));
    assert_eq!(
        pending(&mut session).operations[0].text,
        "Detected added table 'power'"
    );
}

#[test]
fn an_emptied_versions_folder_leads_to_a_first_revision_that_is_not_empty() {
    let mut session = session("library");
    run(&mut session, "rm alembic/versions/*.py");
    session.view();
    let ran = run(&mut session, "alembic upgrade head");
    let failure = ran.failure.expect("it fails");
    assert_eq!(ran.verb, Some(Verb::Upgrade));
    assert_eq!(
        failure.message,
        "Can't locate revision identified by '8e5d27b46c10'"
    );
    let explanation = failure.explanation.expect("it is explained");
    assert_eq!(
        explanation.cause,
        Cause::UnknownCurrent {
            revisions: vec!["8e5d27b46c10".to_owned()],
            scripts: 0
        }
    );
    let told = pending(&mut session)
        .failure
        .and_then(|one| one.explanation);
    assert_eq!(told.as_ref(), Some(&explanation));
    mend(&mut session, &explanation);

    let explanation = pending(&mut session).explanation.expect("it is explained");
    assert!(
        matches!(&explanation.cause, Cause::TablesExist { database } if database == "library.db"),
        "{explanation:?}"
    );
    mend(&mut session, &explanation);
    let view = session.view();
    let [revision] = view.migrations.revisions.as_slice() else {
        panic!("{:?}", view.migrations.revisions)
    };
    assert!(revision.current);
    assert!(read(&session, &revision.path).contains("op.create_table('author'"));
    assert_eq!(run(&mut session, "alembic check").status, 0);
    let database = view.databases.iter().find(|one| one.path == "library.db");
    let tables = &database.expect("the database is there").tables;
    assert!(
        tables
            .iter()
            .any(|table| table.name == "book" && table.rows == 7)
    );
    assert_eq!(view.databases.len(), 1);
}

#[test]
fn a_script_that_follows_an_absent_revision_is_marked_at_its_down_revision() {
    let mut library = session("library");
    let view = library.view();
    let path = view
        .migrations
        .revisions
        .iter()
        .find(|revision| revision.id == "8e5d27b46c10")
        .map(|revision| revision.path.clone())
        .unwrap();
    let text = read(&library, &path)
        .replace("\"3b1f0c9a7d42\"", "\"3b1f0c9a7d43\"")
        .replace("'3b1f0c9a7d42'", "'3b1f0c9a7d43'");
    write(&mut library, &path, &text);
    let ran = run(&mut library, "alembic upgrade head");
    let failure = ran.failure.unwrap();
    let Some(Cause::UnknownParent {
        parent,
        revision,
        place,
    }) = failure.explanation.map(|one| one.cause)
    else {
        panic!("{}", failure.message);
    };
    assert_eq!(
        (parent.as_str(), revision.as_str()),
        ("3b1f0c9a7d43", "8e5d27b46c10")
    );
    let place = place.unwrap();
    assert!(
        text.lines()
            .nth(place.line as usize - 1)
            .unwrap()
            .starts_with("down_revision")
    );
    assert_eq!(failure.place, Some(place));
}

#[test]
fn refusals_have_their_cause_and_their_button() {
    let mut library = session("library");
    library.view();
    let ran = run(&mut library, "alembic upgrade nowhere");
    let cause = |ran: protocol::Ran| {
        let explanation = ran.failure.and_then(|one| one.explanation);
        (explanation.map(|one| one.cause), ran.verb)
    };
    assert_eq!(
        cause(ran),
        (
            Some(Cause::UnknownRevision {
                revision: "nowhere".to_owned()
            }),
            Some(Verb::Upgrade)
        )
    );
    let ran = run(
        &mut library,
        "alembic stamp base && alembic revision --autogenerate -m x",
    );
    assert_eq!(cause(ran), (Some(Cause::Behind), Some(Verb::Autogenerate)));
    assert_eq!(run(&mut library, "cat nothing").verb, None);
    let mut shop = session("shop");
    let (cause, verb) = cause(run(&mut shop, "python -m alembic upgrade head"));
    assert!(matches!(cause, Some(Cause::SeveralHeads { heads }) if heads.len() == 2));
    assert_eq!(verb, Some(Verb::Upgrade));
}
