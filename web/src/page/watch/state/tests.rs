use protocol::StepStatement;

use super::*;
use crate::state::Action;

fn step(name: &str, statements: usize) -> Step {
    let statement = StepStatement {
        part: "statement".to_owned(),
        sql: "SELECT 1".to_owned(),
        parameters: Vec::new(),
        rows: None,
        microseconds: 1,
        locks: Vec::new(),
    };
    Step {
        name: name.to_owned(),
        call: String::new(),
        place: None,
        waits: false,
        statements: vec![statement; statements],
        microseconds: 0,
        rows: 0,
        failure: None,
        kept: true,
    }
}

fn came(number: u32) -> WatchAction {
    WatchAction::Steps {
        revision: "aa".into(),
        steps: Ok(Rc::new(Steps {
            recorded: vec![Direction::Upgrade],
            shown: Some(Recording {
                number,
                revision: "aa".to_owned(),
                direction: Direction::Upgrade,
                copy: None,
                command: "alembic upgrade head".to_owned(),
                path: "v/aa.py".to_owned(),
                text: String::new(),
                outdated: false,
                steps: vec![step("a", 0), step("b", 4), step("", 1)],
                failure: None,
                truncated: false,
                previous: None,
                next: None,
            }),
        })),
    }
}

fn after(state: &State, actions: impl IntoIterator<Item = WatchAction>) -> State {
    actions.into_iter().fold(state.clone(), |state, action| {
        state.reduce(Action::Watch(action))
    })
}

#[test]
fn the_player_goes_to_the_end_and_begins_again() {
    let state = after(&State::default(), [WatchAction::Open("aa".into()), came(1)]);
    assert_eq!(state.migrations.tab, ScriptTab::Steps);
    assert!(state.watch.playing && state.watch.step == 0);
    let state = after(&state, [WatchAction::Next]);
    assert!(state.watch.playing && state.watch.step == 1);
    let state = after(&state, [WatchAction::Next]);
    assert!(!state.watch.playing && state.watch.step == 2);
    let state = after(&state, [WatchAction::Play(true)]);
    assert!(state.watch.playing && state.watch.step == 0);
    // Who takes a step does not want the next one by itself.
    let state = after(&state, [WatchAction::Go(usize::MAX)]);
    assert!(!state.watch.playing && state.watch.step == 2);
}

#[test]
fn more_to_read_stays_longer_and_speed_divides_it() {
    let state = after(&State::default(), [came(1)]);
    assert!(!state.watch.playing);
    let short = state.watch.pause();
    let long = after(&state, [WatchAction::Go(1)]).watch.pause();
    assert!(long > short);
    let quick = after(&state, [WatchAction::Speed(3)]).watch.pause();
    assert_eq!(quick * 4, short);
}

#[test]
fn a_batch_stops_at_each_of_its_statements() {
    let mut recording = after(&State::default(), [came(1)])
        .watch
        .shown()
        .cloned()
        .expect("it came");
    let mut batch = step("batch_alter_table", 4);
    for (statement, part) in
        batch
            .statements
            .iter_mut()
            .zip(["transaction", "create", "copy", "statement"])
    {
        statement.part = part.to_owned();
    }
    recording.steps = vec![step("a", 2), batch, step("batch_alter_table", 0)];
    let found: Vec<_> = stops(&recording)
        .into_iter()
        .map(|stop| (stop.step, stop.statement, stop.last))
        .collect();
    assert_eq!(
        found,
        [
            (0, None, true),
            (1, Some(1), false),
            (1, Some(2), false),
            (1, Some(3), true),
            (2, None, true)
        ]
    );
    assert_eq!(
        stop_name(&recording, stops(&recording)[2]),
        "copy, batch_alter_table"
    );
}

#[test]
fn another_recording_is_shown_from_its_beginning_and_the_same_one_stays() {
    let mut state = after(&State::default(), [came(1), WatchAction::Go(2)]);
    state = after(&state, [came(1)]);
    assert_eq!(state.watch.step, 2);
    state = after(
        &state,
        [WatchAction::Changes {
            recording: 1,
            step: 2,
            changes: Ok(Rc::new(None)),
        }],
    );
    assert_eq!(state.watch.changes.len(), 1);
    state = after(&state, [came(2)]);
    assert!(state.watch.step == 0 && state.watch.changes.is_empty());
    // A worker that was started again knows of no run.
    let nothing = WatchAction::Steps {
        revision: "aa".into(),
        steps: Ok(Rc::new(Steps {
            recorded: Vec::new(),
            shown: None,
        })),
    };
    assert!(
        after(&state, [nothing])
            .watch
            .shown()
            .is_some_and(|shown| shown.number == 2)
    );
    // What comes late for a recording that is gone is left.
    state = after(
        &state,
        [WatchAction::Changes {
            recording: 1,
            step: 0,
            changes: Ok(Rc::new(None)),
        }],
    );
    assert!(state.watch.changes.is_empty());
}
