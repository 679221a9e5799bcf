//! Why a workspace is not kept or not opened.

pub const UNNAMED: &str = "Project";
pub const EMBEDDED: &str = "a page inside another one keeps nothing";

pub const NOT_THERE: &str = "there is no such project";
pub const NEEDS_NAME: &str = "A project needs a name.";
pub const REFUSED: &str =
    "This project is open in another tab, which may change it. Take over to change it here.";
pub const SAVED_SINCE: &str = "another tab saved it since; reload to see its state";
pub const GOES_WITH_PAGE: &str = "It is not saved: it goes with this page.";
pub const NO_STORE: &str =
    "this browser keeps nothing for this page (a private window?); export what you want to keep";
pub const NO_ROOM: &str =
    "the browser has no more room for this site; export what you want to keep, or remove a project";
pub const GAVE_UP: &str = "the browser gave up writing; there may be no more room for this site";

pub fn cannot_read(reason: &str) -> String {
    format!("It can't be read: {reason}")
}

pub fn open_elsewhere(name: &str) -> String {
    format!("{name} is open in another tab.")
}

pub fn copy_of(name: &str) -> String {
    format!("{name} copy")
}

pub fn no_example(name: &str) -> String {
    format!("there is no example {name}")
}
