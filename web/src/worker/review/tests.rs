use protocol::{Answer, Ground, Reply, Request, ReviewRequest, Verdict};

use super::*;
use crate::session::tests::{run, session};
use crate::session::{Listener, Session};

fn asked(session: &mut Session, request: ReviewRequest) -> Review {
    let listener: Listener = Rc::new(|_| {});
    match session.answer(Request::Review(request), &listener) {
        Reply::Done(Answer::Review(review)) => *review,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_an_applied_revision_lost_is_seen_on_the_rows_that_it_met() {
    let mut session = session("library");
    run(&mut session, "alembic revision -m clear --rev-id c1ea");
    let files = session.host.files();
    let path = files.files.keys().find(|path| path.contains("c1ea"));
    let path = path.expect("the revision").clone();
    let text = String::from_utf8(files.files[&path].to_vec()).expect("a text");
    let body = "def upgrade() -> None:\n    op.execute(\"DELETE FROM loan\")\n    return\n";
    let text = text.replacen("def upgrade() -> None:\n", body, 1);
    // A way back, which gives no row back.
    let body = "def downgrade() -> None:\n    op.execute(\"SELECT 1\")\n    return\n";
    let text = text.replacen("def downgrade() -> None:\n", body, 1);
    session
        .host
        .write(&path, text.as_bytes())
        .expect("it is written");
    run(&mut session, "alembic upgrade head");
    // It is not the last thing that happened to the rows.
    run(
        &mut session,
        "sqlite3 library.db \"UPDATE member SET name = 'x'\"",
    );

    let revision = "c1ea".to_owned();
    let now = asked(
        &mut session,
        ReviewRequest::RoundTrip {
            revision: revision.clone(),
        },
    );
    assert_eq!(
        (now.ground, now.round_trip.verdict),
        (Ground::TakenBack, Verdict::Lossless)
    );
    let before = session.host.files();
    let then = asked(
        &mut session,
        ReviewRequest::WhenApplied {
            revision,
            findings: true,
        },
    );
    assert_eq!(
        (then.ground, then.round_trip.verdict),
        (Ground::WhenApplied, Verdict::LosesData)
    );
    let lost = &then.round_trip.back;
    assert!(lost.iter().any(|table| table.table == "loan"), "{lost:?}");
    assert_eq!(session.host.files(), before);
    // One that was there from the start was applied before the history began.
    let listener: Listener = Rc::new(|_| {});
    let request = ReviewRequest::WhenApplied {
        revision: "8e5d27b46c10".to_owned(),
        findings: false,
    };
    let reply = session.answer(Request::Review(request), &listener);
    assert!(matches!(reply, Reply::Failed(_)), "{reply:?}");
}
