//! Courses: lists of lessons.

use super::Problem;
use super::fields::{Document, Fields};

/// The file of the courses.
const COURSE: &str = "course.toml";

/// A list of lessons, in the order in which they build on each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its title.
    pub title: String,
    /// The names of the lessons' folders.
    pub lessons: Vec<String>,
}

impl Course {
    /// Reads `course.toml`.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn read(text: &str) -> Result<Vec<Course>, Problem> {
        let document = Document {
            file: COURSE,
            text,
            lines_before: 0,
        };
        let table = document.parse()?;
        let root = Fields::new(&document, &table, 1);
        let lines = document.header_lines("course");
        let mut courses = Vec::new();
        for (index, table) in root
            .tables("course")?
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let fields = Fields::new(&document, table, lines.get(index).copied().unwrap_or(1));
            courses.push(Course {
                title: fields.required("title")?,
                lessons: fields.texts("lessons")?.unwrap_or_default(),
            });
            fields.finish("A course")?;
        }
        root.finish("course.toml")?;
        Ok(courses)
    }
}
