//! The icons.

use yew::prelude::*;

/// Which drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// The still itself.
    Still,
    /// A file tree.
    Tree,
    /// A column that takes the whole width.
    Wide,
    /// A column that gives it back.
    Narrow,
    /// Copy.
    Copy,
    /// Close or remove.
    Close,
    /// Add.
    Plus,
    /// Light and dark.
    Theme,
    /// Arrow to the right.
    Right,
    /// Arrow to the left.
    Left,
    /// Rename.
    Pencil,
    /// Bring back.
    Back,
    /// Look for something.
    Search,
    /// To the first.
    First,
    /// To the one before.
    Previous,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// To the next one.
    Next,
    /// To the last.
    Last,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
    /// A folder that opens.
    Open,
    /// A question.
    Help,
    /// Something that goes out.
    Share,
    /// A book.
    Lesson,
    /// Something that is done.
    Check,
    /// What somebody says.
    Comment,
}

/// Component properties of an icon.
#[derive(Properties, PartialEq, Eq)]
pub struct IconProps {
    /// Which.
    pub of: Drawing,
}

/// A drawing of 16 pixels in the colour of the text around it; it says nothing to a screen reader,
/// its button does.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let paths: &[&str] = match props.of {
        Drawing::Still => &[
            "M4.300 7.800a3.700 3.700 0 1 0 3.800 0",
            "M4.300 7.800c0-1 .8-1.300.8-2.300C5.100 3.600 6.400 2.500 7.900 2.500c1.800 0 2.800 1.200 3.600 3.100l1.900 4.900",
            "M8.100 7.800c0-.8-.3-1.100-.3-1.800",
            "M3.200 11h6",
            "M13.600 12.200v1.300",
        ],
        Drawing::Tree => &["M2.500 3.500h5", "M5 7.500h6", "M5 11.500h8", "M5 3.500v8"],
        Drawing::Wide => &["M6 3.500 2.500 8 6 12.500", "M10 3.500 13.500 8 10 12.500"],
        Drawing::Narrow => &[
            "M2.500 3.500 6 8l-3.500 4.500",
            "M13.500 3.500 10 8l3.500 4.500",
        ],
        Drawing::Copy => &["M5.500 5.500h8v8h-8z", "M10.500 5.500v-3h-8v8h3"],
        Drawing::Close => &["m4 4 8 8", "m12 4-8 8"],
        Drawing::Plus => &["M8 3v10", "M3 8h10"],
        Drawing::Theme => &[
            "M8 2.500a5.500 5.500 0 1 0 0 11z",
            "M8 2.500a5.500 5.500 0 0 1 0 11",
        ],
        Drawing::Right => &["M2.500 8h11", "m9.500 4 4 4-4 4"],
        Drawing::Left => &["M13.500 8h-11", "m6.500 4-4 4 4 4"],
        Drawing::Pencil => &["m3 13 .7-2.900L11 2.800l2.200 2.200-7.300 7.300z"],
        Drawing::Back => &["M3 4.500v4h4", "M3.300 8.200a5 5 0 1 1 1.300 4"],
        Drawing::Search => &[
            "M7 2.500a4.500 4.500 0 1 0 .010 0",
            "m10.300 10.300 3.200 3.200",
        ],
        Drawing::First => &["M3.500 3.500v9", "M12.500 3.500 6.500 8l6 4.500z"],
        Drawing::Previous => &["M10 3.500 5.500 8l4.500 4.500"],
        Drawing::Play => &["M5 3.200 12.500 8 5 12.800z"],
        Drawing::Pause => &["M5.500 3.500v9", "M10.500 3.500v9"],
        Drawing::Next => &["M6 3.500 10.500 8 6 12.500"],
        Drawing::Up => &["M3.500 10 8 5.500l4.500 4.500"],
        Drawing::Down => &["M3.500 6 8 10.500l4.500-4.500"],
        Drawing::Open => &[
            "M2.500 13V3.500h4l1.500 2h5v2",
            "M2.500 13 4.500 7.500h10L12.500 13z",
        ],
        Drawing::Share => &[
            "M8 9.500V2.500",
            "M5.200 5 8 2.300 10.800 5",
            "M4.500 7.500h-2v6h11v-6h-2",
        ],
        Drawing::Help => &[
            "M5.700 6.200a2.300 2.300 0 1 1 3.400 2c-.8.4-1.100.8-1.100 1.600",
            "M8 12.300v.1",
        ],
        Drawing::Lesson => &[
            "M8 4.500v9",
            "M8 4.500c-1.500-1.300-3.300-1.500-5.500-1.300v9c2.200-.2 4 0 5.500 1.300 1.500-1.300 3.300-1.500 5.500-1.300v-9c-2.200-.2-4 0-5.500 1.300z",
        ],
        Drawing::Comment => &["M2.500 3.500h11v7.500h-6l-3 2.500V11h-2z"],
        Drawing::Check => &["m3.500 8.500 3 3 6-7"],
        Drawing::Last => &["M12.500 3.500v9", "M3.500 3.500 9.500 8l-6 4.500z"],
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            { for paths.iter().map(|path| html! { <path d={*path} /> }) }
        </svg>
    }
}
