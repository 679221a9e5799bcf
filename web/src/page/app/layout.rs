//! How the room is divided: where the columns end and how tall the console is. It is remembered for the
//! next visit, and the style sheets read it as custom properties of the root element.

/// Places of the dividers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Where Models ends, in percent of the width of the columns.
    pub first: f64,
    /// Where Migrations ends, in percent of the width of the columns.
    pub second: f64,
    /// Height of the console in pixels.
    pub console: f64,
    /// Where the lesson ends, in percent of the width of the page.
    pub lesson: f64,
}

/// No column is narrower than this, in percent.
pub const LEAST_COLUMN: f64 = 16.0;

/// The least and the most width of the lesson, in percent.
pub const LESSON: (f64, f64) = (16.0, 50.0);

/// The least and the most height of the console, in pixels.
pub const CONSOLE: (f64, f64) = (72.0, 640.0);

impl Default for Layout {
    fn default() -> Self {
        Layout {
            first: 35.0,
            second: 67.5,
            console: 232.0,
            lesson: 30.0,
        }
    }
}

impl Layout {
    /// The layout that a text says, within what is possible; where it says nothing, the one of a first
    /// visit.
    pub fn read(text: &str) -> Self {
        let mut layout = Layout::default();
        let mut numbers = text.split(' ').map(|word| word.parse::<f64>().ok());
        let mut next = |before: f64| {
            numbers
                .next()
                .flatten()
                .filter(|number| number.is_finite())
                .unwrap_or(before)
        };
        layout.first = next(layout.first);
        layout.second = next(layout.second);
        layout.console = next(layout.console);
        layout.lesson = next(layout.lesson);
        layout.within()
    }

    /// What [`Layout::read`] reads.
    pub fn write(&self) -> String {
        format!(
            "{:.2} {:.2} {:.0} {:.2}",
            self.first, self.second, self.console, self.lesson
        )
    }

    /// The same with every part large enough to be used.
    pub fn within(self) -> Self {
        let first = self.first.clamp(LEAST_COLUMN, 100.0 - 2.0 * LEAST_COLUMN);
        Layout {
            first,
            second: self
                .second
                .clamp(first + LEAST_COLUMN, 100.0 - LEAST_COLUMN),
            console: self.console.clamp(CONSOLE.0, CONSOLE.1),
            lesson: self.lesson.clamp(LESSON.0, LESSON.1),
        }
    }

    /// Whether a heading and the buttons beside it may not fit in one line: two columns are much
    /// narrower than at first.
    pub fn is_tight(&self) -> bool {
        self.second < 58.0 || 100.0 - self.first < 58.0
    }
}

#[cfg(target_family = "wasm")]
mod dividers {
    use wasm_bindgen::JsCast as _;
    use yew::prelude::*;

    use super::super::words::columns as words;
    use super::{LEAST_COLUMN, Layout};
    use crate::page::{remember, remembered};
    use crate::ui::divider::{Divider, Measure};

    const KEPT: &str = "limbeck:layout";

    impl Layout {
        /// The layout of the last visit.
        pub(crate) fn remembered() -> Self {
            Layout::read(&remembered(KEPT).unwrap_or_default())
        }

        /// Lays the page out so, and remembers it.
        pub(crate) fn apply(&self) {
            if let Some(root) = gloo::utils::document()
                .document_element()
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                // The content security policy forbids style attributes, but not the CSSOM.
                let set = |name: &str, value: String| {
                    let _ = root.style().set_property(name, &value);
                };
                set("--first", format!("{:.2}%", self.first));
                set("--second", format!("{:.2}%", self.second));
                set("--lesson", format!("{:.2}%", self.lesson));
                // Until somebody moves it, the style sheets divide a low window otherwise than a high one.
                if self.console == Layout::default().console {
                    let _ = root.style().remove_property("--console-height");
                } else {
                    set("--console-height", format!("{:.0}px", self.console));
                }
                let _ = root.toggle_attribute_with_force("data-tight", self.is_tight());
            }
            remember(KEPT, &self.write());
        }
    }

    /// Component properties of the dividers between the columns.
    #[derive(Properties, PartialEq)]
    pub struct ColumnDividersProps {
        /// The layout now.
        pub layout: Layout,
        /// Another layout is wanted.
        pub on_layout: Callback<Layout>,
    }

    /// The dividers between the columns.
    #[component]
    pub fn ColumnDividers(props: &ColumnDividersProps) -> Html {
        let layout = props.layout;
        let first = props.on_layout.reform(move |place: Option<f64>| Layout {
            first: place.unwrap_or(Layout::default().first),
            ..layout
        });
        let second = props.on_layout.reform(move |place: Option<f64>| Layout {
            second: place.unwrap_or(Layout::default().second),
            ..layout
        });
        html! {
            <>
                <Divider label={words::FIRST_DIVIDER} class="first" measure={Measure::PercentFromLeft} place={layout.first} range={(LEAST_COLUMN, layout.second - LEAST_COLUMN)} on_move={first} />
                <Divider label={words::SECOND_DIVIDER} class="second" measure={Measure::PercentFromLeft} place={layout.second} range={(layout.first + LEAST_COLUMN, 100.0 - LEAST_COLUMN)} on_move={second} />
            </>
        }
    }
}

#[cfg(target_family = "wasm")]
pub(crate) use dividers::ColumnDividers;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let layout = Layout {
            first: 30.0,
            second: 60.25,
            console: 400.0,
            lesson: 30.0,
        };
        assert_eq!(Layout::read(&layout.write()), layout);
    }

    #[test]
    fn nonsense_leaves_every_part_usable() {
        for text in ["", "x", "NaN inf", "99 1 100000", "-5 -5 -5"] {
            let layout = Layout::read(text);
            assert!(layout.first >= LEAST_COLUMN, "{text}: {layout:?}");
            assert!(
                layout.second - layout.first >= LEAST_COLUMN,
                "{text}: {layout:?}"
            );
            assert!(100.0 - layout.second >= LEAST_COLUMN, "{text}: {layout:?}");
            assert!(
                (CONSOLE.0..=CONSOLE.1).contains(&layout.console),
                "{text}: {layout:?}"
            );
        }
    }
}
