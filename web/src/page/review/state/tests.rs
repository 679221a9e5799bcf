use protocol::{
    ColumnCells, Differs, Ground, Place, Review, RoundTrip, RowDifference, TableDifference, Verdict,
};

use super::*;

#[test]
fn a_verdict_gives_its_reason() {
    let mut review = Review {
        revision: "a".into(),
        path: "versions/a.py".into(),
        ground: Ground::Here,
        unreachable: None,
        rows: 12,
        findings: Vec::new(),
        round_trip: RoundTrip {
            verdict: Verdict::Lossless,
            step: None,
            failure: None,
            empty_downgrade: false,
            back: Vec::new(),
            again: Vec::new(),
            now: Vec::new(),
        },
        microseconds: 1,
    };
    let said = |review: &Review| {
        let (word, sentence) = verdict(review);
        format!("{word}: {sentence}")
    };
    assert_eq!(
        said(&review),
        "Lossless: upgrade, downgrade, upgrade on a copy with your 12 rows gave the same schema \
         and rows."
    );
    let table = TableDifference {
        table: "author".into(),
        was: None,
        change: None,
        items: Vec::new(),
        rows: Some(RowDifference {
            lost: 1,
            columns: vec![ColumnCells {
                column: "born".into(),
                lost: 3,
                changed: 0,
                converted: 0,
                filled_in: 0,
            }],
            ..RowDifference::default()
        }),
    };
    // What came back of a copy is one thing, what the database would lose now another.
    review.ground = Ground::TakenBack;
    review.round_trip.now = vec![table.clone()];
    assert_eq!(shown_verdict(&review), Verdict::LosesData);
    assert_eq!(
        said(&review),
        "Loses data: downgrading your database past this revision and upgrading again would lose \
         1 row of author; 3 values of author.born."
    );
    review.ground = Ground::WhenApplied;
    review.round_trip.now = Vec::new();
    review.round_trip.back = vec![table.clone()];
    review.round_trip.verdict = Verdict::LosesData;
    assert_eq!(
        said(&review),
        "Loses data: upgrade, downgrade, upgrade on a copy of the rows that were there when it was applied loses \
         1 row of author; 3 values of author.born."
    );
    review.ground = Ground::Here;
    review.round_trip.now = Vec::new();
    review.round_trip.verdict = Verdict::LosesData;
    review.round_trip.back = vec![table.clone()];
    assert_eq!(
        said(&review),
        "Loses data: upgrade, downgrade, upgrade on a copy with your 12 rows loses 1 row of \
         author; 3 values of author.born."
    );
    review.round_trip.verdict = Verdict::NotReversed;
    review.round_trip.empty_downgrade = true;
    review.round_trip.back[0].change = Some(Differs::Added);
    assert_eq!(
        said(&review),
        "Not reversed: downgrade on a copy with your 12 rows does not restore the earlier \
         schema: table author is left behind. downgrade() does nothing."
    );
    review.ground = Ground::Empty;
    review.round_trip.verdict = Verdict::Broken;
    review.round_trip.empty_downgrade = false;
    review.round_trip.step = Some("downgrade".into());
    review.round_trip.failure = Some(Failure {
        message: "OperationalError: no such table: x\nmore".into(),
        place: Some(Place {
            path: "versions/a.py".into(),
            line: 14,
            column: 1,
            end_line: 14,
            end_column: 2,
        }),
        ..Failure::default()
    });
    assert_eq!(
        said(&review),
        "Broken: downgrade on an empty database fails at line 14: OperationalError: no such \
         table: x"
    );
}
