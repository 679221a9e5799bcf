//! Texts of lessons.
#![expect(missing_docs, reason = "the words say what each is")]

use crate::words::count;

pub const TITLE: &str = "Lessons";
pub const TAB: &str = "Lesson";
pub const ABOUT: &str = "Learn migrations by doing them";
pub const LIST: &str = "Lessons …";
pub const LOADING: &str = "Loading the lessons …";
pub const OPENING: &str = "Opening the lesson …";
pub const START: &str = "Start";
pub const AGAIN: &str = "Start again";
pub const CONTINUE: &str = "Continue";
pub const DONE: &str = "Done";
pub const PROGRESS_FILE: &str = "limbeck-progress.json";
pub const EXPORT: &str = "Save my progress";
pub const IMPORT_ABOUT: &str = "To go on in another browser, save your progress and drop the file on the page there. A zip with a lesson opens \
     in the same way.";
pub const PROGRESS_TAKEN: &str = "The progress in that file is added to yours.";
pub const PICK: &str = "Make a class …";
pub const CLASS: &str = "Make a class";
pub const CLASS_NAME: &str = "Name";
pub const CLASS_LESSONS: &str = "Lessons of the class";
pub const CLASS_LINK: &str = "Link for the class";
pub const CLASS_CHOOSE: &str = "Choose its lessons first.";
pub const CLASS_ABOUT: &str = "Everyone who opens the link sees these lessons. What they hand in is a file for you: \
     drop those files on this page.";

pub const WIDTH: &str = "Width of the lesson";
pub const STEPS: &str = "Steps";
pub const MENU: &str = "More";
pub const ALL: &str = "All lessons …";
pub const RESET_LESSON: &str = "Start the lesson over";
pub const LINK: &str = "Copy a link to this lesson";
pub const HAND_IN: &str = "Hand in …";
pub const PROJECTOR: &str = "Projector view";
pub const LEAVE: &str = "Close the lesson";
pub const CHECK: &str = "What this step wants";
pub const CHECKING: &str = "Checking …";
pub const HOLDS: &str = "Holds";
pub const NOT_YET: &str = "Not yet";
pub const SHOW_ME: &str = "Show me";
pub const SHOW_ME_ABOUT: &str = "Plays the solution of this step in your project";
pub const STOP: &str = "Stop showing";
pub const RESET_STEP: &str = "Reset this step";
pub const SOLUTION: &str = "The official solution";
pub const NEXT: &str = "Next step";
pub const NEXT_LESSON: &str = "Next lesson";
pub const COPY_CODE: &str = "Copy";
pub const COPIED: &str = "Copied";
pub const TABLE: &str = "Table";

pub const YOUR_NAME: &str = "Your name";
pub const SAVE: &str = "Save as a file";
pub const COPY_LINK: &str = "Copy as a link";
pub const HAND_IN_ABOUT: &str = "The file holds your name, the times, the commands you ran and your project at the end of \
     each step. Nothing is sent: give it to your teacher yourself.";
pub const HANDED_IN: &str = "Handed in";
pub const COLUMNS: [&str; 6] = [
    "Who",
    "Lesson",
    "Steps done",
    "Time",
    "Help",
    "Where they are",
];
pub const HANDED_IN_LIST: &str = "What was handed in …";
pub const FORGET: &str = "Forget all of it";
pub const FORGET_ABOUT: &str =
    "These are kept in this browser until you forget them; the files stay yours.";
pub const AFTER: &str = "After step";
pub const FINISHED: &str = "finished";
pub const BEING_CHECKED: &str = "being checked …";
pub const CHECKED: &str = "checked";
pub const OPEN: &str = "Open";
pub const UNREADABLE: &str = "This is no hand-in, or its end is missing.";
pub const CHANGED: &str = "It was changed after it was handed in.";
pub const FOREIGN: &str = "Its lesson is not one of this page, or another version of it.";
pub const NO_STATE: &str = "There is no project to check it on.";

pub const MAKE: &str = "Make a lesson of this …";
pub const MAKE_ABOUT: &str =
    "What you did here becomes its start, steps, solutions and checks, to be edited";
pub const AUTHOR: &str = "Your lesson";
pub const PREVIEW: &str = "What a learner reads";
pub const TRY: &str = "Try as a learner";
pub const PLAY: &str = "Play its solutions";
pub const PLAY_ABOUT: &str =
    "Runs every step's solution, and says what is wrong with it or its check";
pub const PLAYING: &str = "Playing …";
pub const IN_ORDER: &str =
    "It is in order: every check fails before its solution, and holds after it.";
pub const SAVE_ZIP: &str = "Save as a zip";
pub const GO_THERE: &str = "Go there";

pub const NOT_LOADED: &str = "A part of the page could not be loaded. Are you online?";
pub const NO_LESSON: &str =
    "There is no lesson at this address: a lesson is a zip with a lesson.md.";

pub fn not_fetched(reason: &str) -> String {
    match reason {
        "origin" => "A lesson opens only from the site of this page.",
        "large" => "The lesson is larger than 4 MB.",
        "unreachable" => "The lessons can't be loaded. Are you online?",
        _ => "There is no lesson at this address.",
    }
    .to_owned()
}

pub fn not_a_lesson(message: &str) -> String {
    format!("The lesson can't be opened. {message}")
}

pub fn minutes(minutes: u32) -> String {
    count(minutes as usize, "minute")
}

pub fn steps_done(done: usize, of: usize) -> String {
    format!("{done} of {}", count(of, "step"))
}

pub fn step(number: usize, of: usize) -> String {
    format!("Step {number} of {of}")
}

pub fn step_name(number: usize, title: &str, done: bool) -> String {
    let state = if done { ", done" } else { "" };
    format!("Step {number}: {title}{state}")
}

/// Where somebody is: the step's number, and its name as its address says it.
pub fn place(number: usize, id: &str) -> String {
    format!("{number}: {}", id.replace('-', " "))
}

pub fn hold(holding: usize, of: usize) -> String {
    format!("Not yet: {holding} of {of} done")
}

pub fn found(found: &str) -> String {
    format!("Found: {found}")
}

pub fn hint(next: usize, of: usize) -> String {
    format!("Hint {next} of {of}")
}

pub fn step_done(title: &str) -> String {
    format!("Done: {title}")
}

pub fn lesson_done(title: &str) -> String {
    format!("You have finished \u{201c}{title}\u{201d}.")
}

pub fn time(milliseconds: u64) -> String {
    count(milliseconds.div_ceil(60_000) as usize, "minute")
}

pub fn fails(step: &str, found: &str) -> String {
    format!("Step {step} is not done. {found}")
}

/// How much help somebody took: hints, and whether solutions were played.
pub fn helped(hints: usize, played: usize) -> String {
    let mut words = Vec::new();
    if hints > 0 {
        words.push(count(hints, "hint"));
    }
    if played > 0 {
        words.push(format!("{} shown", count(played, "step")));
    }
    words.join(", ")
}

pub fn looking_at(name: &str, step: usize) -> String {
    format!(
        "This is what {name} had after step {step}. The table is under Lessons, What was handed in."
    )
}

pub fn open_step(name: &str, step: usize) -> String {
    format!("{OPEN}: {name}, after step {step}")
}

pub fn draft(title: &str) -> String {
    format!("Lesson: {title}")
}

/// The name of a lesson's folder, of a workspace's.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name
        .trim_start_matches("Lesson: ")
        .chars()
        .flat_map(char::to_lowercase)
    {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "lesson" } else { slug }.to_owned()
}

/// A phrase at the beginning of a line.
pub fn begun(phrase: &str) -> String {
    let mut letters = phrase.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

pub fn workspace_of(name: &str, lesson: &str) -> String {
    format!("{name}: {lesson}")
}

pub fn hand_in_file(name: &str, lesson: &str) -> String {
    let plain = |text: &str| {
        let text = text.trim().to_lowercase();
        text.replace(|one: char| !one.is_alphanumeric(), "-")
    };
    format!("{}-{}.limbeck-lesson", plain(name), plain(lesson))
}

pub fn no_file(path: &str) -> String {
    format!("The solution can't go on: there is no one file {path}.")
}

pub fn not_replaced(path: &str) -> String {
    format!("The solution can't go on: {path} is not as the step expects it. Reset the step first.")
}
