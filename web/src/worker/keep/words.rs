//! Why a workspace is not kept or not opened.

pub const UNNAMED: &str = "Project";
pub const EMBEDDED: &str = "the page is embedded in another one";

pub const NOT_THERE: &str = "there is no such project";
pub const NEEDS_NAME: &str = "A project needs a name.";
pub const REFUSED: &str =
    "This project is open for editing in another tab. Take over to edit it here.";
pub const SAVED_SINCE: &str = "another tab has saved it since; reload to see the newer state";
pub const GOES_WITH_PAGE: &str = "It is not saved and will be lost when this page closes.";
pub const NO_STORE: &str = "this browser does not store anything for this page (a private window?); export what you want to keep";
pub const NO_ROOM: &str = "the browser has no storage left for this site; export what you want to keep, or remove a project";
pub const GAVE_UP: &str = "the browser could not write; there may be no storage left for this site";

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
