//! Python's `configparser.ConfigParser` with its defaults: case-folded option names, `=` and `:`
//! as delimiters, full-line comments, values over several lines, strict about duplicates, and
//! `%(name)s` interpolation.

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use ground::hash::{IndexMap, IndexSet};

use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;

/// How deep interpolation may go, as `configparser.MAX_INTERPOLATION_DEPTH`.
const MAX_INTERPOLATION_DEPTH: usize = 10;

/// The name of an option as `ConfigParser.optionxform` makes it.
fn optionxform(name: &str) -> String {
    name.to_lowercase()
}

type Section = IndexMap<String, String>;

/// The options of an ini file in sections; a cheap handle.
#[derive(Clone, Debug, Default)]
pub struct ConfigParser(Rc<RefCell<Sections>>);

#[derive(Debug, Default)]
struct Sections {
    defaults: Section,
    sections: IndexMap<String, Section>,
}

impl ConfigParser {
    /// A parser with the given defaults.
    ///
    /// Errors: `ValueError` where a default has a `%` that is no interpolation.
    pub fn new(defaults: &[(String, String)]) -> Result<Self> {
        let parser = ConfigParser::default();
        for (name, value) in defaults {
            before_set(value)?;
            parser
                .0
                .borrow_mut()
                .defaults
                .insert(optionxform(name), value.clone());
        }
        Ok(parser)
    }

    /// Reads the text of a file into this parser; `source` is the `repr()` of the file's name.
    ///
    /// Errors: `configparser.MissingSectionHeaderError`, `DuplicateSectionError`,
    /// `DuplicateOptionError`, `ParsingError`, in Python's words, with file and line.
    pub fn read_string(&self, text: &str, source: &str) -> Result<()> {
        enum Current {
            NoSection,
            Defaults,
            Section(String),
        }
        let mut lines_of: IndexMap<(Option<String>, String), Vec<String>> = IndexMap::default();
        let mut seen_sections: IndexSet<String> = IndexSet::default();
        let mut seen_options: IndexSet<(String, String)> = IndexSet::default();
        let mut current = Current::NoSection;
        let mut section_name = String::new();
        let mut option: Option<(Option<String>, String)> = None;
        let mut indent_level = 0usize;
        let mut unparsed: Vec<(usize, String)> = Vec::new();

        for (index, line) in universal_lines(text).into_iter().enumerate() {
            let number = index + 1;
            let stripped = line.trim();
            let is_comment = stripped.starts_with('#') || stripped.starts_with(';');
            if is_comment || stripped.is_empty() {
                if !is_comment
                    && let Some(key) = &option
                    && let Some(lines) = lines_of.get_mut(key)
                {
                    lines.push(String::new());
                }
                continue;
            }
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            if let Some(key) = &option
                && indent > indent_level
            {
                if let Some(lines) = lines_of.get_mut(key) {
                    lines.push(stripped.to_owned());
                }
                continue;
            }
            indent_level = indent;
            if let Some(header) = section_header(stripped) {
                section_name = header.to_owned();
                if self.0.borrow().sections.contains_key(header) {
                    if seen_sections.contains(header) {
                        return Err(duplicate_section(header, Some((source, number))));
                    }
                    seen_sections.insert(header.to_owned());
                    current = Current::Section(header.to_owned());
                } else if header == "DEFAULT" {
                    current = Current::Defaults;
                } else {
                    seen_sections.insert(header.to_owned());
                    self.0
                        .borrow_mut()
                        .sections
                        .insert(header.to_owned(), Section::default());
                    current = Current::Section(header.to_owned());
                }
                option = None;
                continue;
            }
            let section = match &current {
                Current::NoSection => {
                    return Err(configparser_error(
                        "MissingSectionHeaderError",
                        format!(
                            "File contains no section headers.\nfile: {}, line: {number}\n{}",
                            source,
                            string_repr(&line)
                        ),
                    ));
                }
                Current::Defaults => None,
                Current::Section(name) => Some(name.clone()),
            };
            let Some(delimiter) = stripped.find(['=', ':']) else {
                unparsed.push((number, line.clone()));
                continue;
            };
            let raw_name = stripped[..delimiter].trim_end();
            if raw_name.is_empty() {
                unparsed.push((number, line.clone()));
            }
            let name = optionxform(raw_name);
            if !seen_options.insert((section_name.clone(), name.clone())) {
                return Err(configparser_error(
                    "DuplicateOptionError",
                    format!(
                        "While reading from {} [line {number:2}]: option {} in section {} already exists",
                        source,
                        string_repr(&name),
                        string_repr(&section_name)
                    ),
                ));
            }
            let key = (section, name);
            lines_of.insert(
                key.clone(),
                vec![stripped[delimiter + 1..].trim().to_owned()],
            );
            option = Some(key);
        }

        let mut state = self.0.borrow_mut();
        for ((section, name), lines) in lines_of {
            let value = lines.join("\n").trim_end().to_owned();
            match section {
                None => state.defaults.insert(name, value),
                Some(section) => state
                    .sections
                    .entry(section)
                    .or_default()
                    .insert(name, value),
            };
        }
        drop(state);
        if unparsed.is_empty() {
            return Ok(());
        }
        let mut message = format!("Source contains parsing errors: {source}");
        for (number, line) in unparsed {
            message.push_str(&format!("\n\t[line {number:2}]: {}", string_repr(&line)));
        }
        Err(configparser_error("ParsingError", message))
    }

    /// Names of the sections, without `DEFAULT`, in the order of the file.
    pub fn sections(&self) -> Vec<String> {
        self.0.borrow().sections.keys().cloned().collect()
    }

    /// The defaults, raw.
    pub fn defaults(&self) -> IndexMap<String, String> {
        self.0.borrow().defaults.clone()
    }

    /// Whether there is a section of that name; `DEFAULT` does not count.
    pub fn has_section(&self, section: &str) -> bool {
        self.0.borrow().sections.contains_key(section)
    }

    /// Whether the section or the defaults have the option.
    pub fn has_option(&self, section: &str, option: &str) -> bool {
        let option = optionxform(option);
        let state = self.0.borrow();
        if section.is_empty() || section == "DEFAULT" {
            return state.defaults.contains_key(&option);
        }
        match state.sections.get(section) {
            None => false,
            Some(options) => options.contains_key(&option) || state.defaults.contains_key(&option),
        }
    }

    /// Option names of a section, those of the section first, then the defaults'.
    ///
    /// Errors: `configparser.NoSectionError`.
    pub fn options(&self, section: &str) -> Result<Vec<String>> {
        let state = self.0.borrow();
        let options = state
            .sections
            .get(section)
            .ok_or_else(|| no_section(section))?;
        let mut names: IndexSet<String> = options.keys().cloned().collect();
        names.extend(state.defaults.keys().cloned());
        Ok(names.into_iter().collect())
    }

    /// The value of an option, interpolated.
    ///
    /// Errors: `NoSectionError`, `NoOptionError`, and those of interpolation.
    pub fn get(&self, section: &str, option: &str) -> Result<String> {
        let option = optionxform(option);
        let values = self.unified(section)?;
        let raw = values.get(&option).cloned().ok_or_else(|| {
            configparser_error(
                "NoOptionError",
                format!(
                    "No option {} in section: {}",
                    string_repr(&option),
                    string_repr(section)
                ),
            )
        })?;
        self.interpolate(section, &option, &raw, &values)
    }

    /// The value as it stands in the file, or `None` where section or option are absent.
    pub fn get_raw(&self, section: &str, option: &str) -> Option<String> {
        self.unified(section)
            .ok()?
            .get(&optionxform(option))
            .cloned()
    }

    /// The value of an option, interpolated, or `None` where section or option are absent
    /// (`fallback=None`).
    ///
    /// Errors: those of interpolation.
    pub fn get_or_none(&self, section: &str, option: &str) -> Result<Option<String>> {
        let option = optionxform(option);
        let Ok(values) = self.unified(section) else {
            return Ok(None);
        };
        match values.get(&option).cloned() {
            None => Ok(None),
            Some(raw) => self.interpolate(section, &option, &raw, &values).map(Some),
        }
    }

    /// Every option of a section with its value: the defaults first, as Python gives them.
    ///
    /// Errors: `NoSectionError`, and those of interpolation.
    pub fn items(&self, section: &str) -> Result<IndexMap<String, String>> {
        let values = {
            let state = self.0.borrow();
            let mut values = state.defaults.clone();
            match state.sections.get(section) {
                Some(options) => values.extend(options.clone()),
                None if section == "DEFAULT" => {}
                None => return Err(no_section(section)),
            }
            values
        };
        let mut items = IndexMap::default();
        for (option, raw) in &values {
            let value = self.interpolate(section, option, raw, &values)?;
            items.insert(option.clone(), value);
        }
        Ok(items)
    }

    /// Adds an empty section.
    ///
    /// Errors: `DuplicateSectionError`, `ValueError` for `DEFAULT`.
    pub fn add_section(&self, section: &str) -> Result<()> {
        if section == "DEFAULT" {
            return Err(Error::new(
                exception::VALUE_ERROR,
                format!("Invalid section name: {}", string_repr(section)),
            ));
        }
        let mut state = self.0.borrow_mut();
        if state.sections.contains_key(section) {
            return Err(duplicate_section(section, None));
        }
        state
            .sections
            .insert(section.to_owned(), Section::default());
        Ok(())
    }

    /// Sets an option.
    ///
    /// Errors: `NoSectionError`; `ValueError` for a `%` that is neither `%%` nor `%(name)s`.
    pub fn set(&self, section: &str, option: &str, value: &str) -> Result<()> {
        before_set(value)?;
        let option = optionxform(option);
        let mut state = self.0.borrow_mut();
        if section.is_empty() || section == "DEFAULT" {
            state.defaults.insert(option, value.to_owned());
            return Ok(());
        }
        state
            .sections
            .get_mut(section)
            .ok_or_else(|| no_section(section))?
            .insert(option, value.to_owned());
        Ok(())
    }

    /// Removes an option and says whether it was there.
    ///
    /// Errors: `NoSectionError`.
    pub fn remove_option(&self, section: &str, option: &str) -> Result<bool> {
        let option = optionxform(option);
        let mut state = self.0.borrow_mut();
        let options = if section.is_empty() || section == "DEFAULT" {
            &mut state.defaults
        } else {
            state
                .sections
                .get_mut(section)
                .ok_or_else(|| no_section(section))?
        };
        Ok(options.shift_remove(&option).is_some())
    }

    /// What a section sees: the defaults overlaid with its own options.
    fn unified(&self, section: &str) -> Result<Section> {
        let state = self.0.borrow();
        let mut values = state.defaults.clone();
        match state.sections.get(section) {
            Some(options) => values.extend(options.clone()),
            None if section == "DEFAULT" => {}
            None => return Err(no_section(section)),
        }
        Ok(values)
    }

    fn interpolate(
        &self,
        section: &str,
        option: &str,
        raw: &str,
        values: &Section,
    ) -> Result<String> {
        let mut result = String::new();
        self.interpolate_some(option, &mut result, raw, section, values, 1)?;
        Ok(result)
    }

    fn interpolate_some(
        &self,
        option: &str,
        result: &mut String,
        text: &str,
        section: &str,
        values: &Section,
        depth: usize,
    ) -> Result<()> {
        let raw = || values.get(option).map_or(text, String::as_str);
        if depth > MAX_INTERPOLATION_DEPTH {
            return Err(configparser_error(
                "InterpolationDepthError",
                format!(
                    "Recursion limit exceeded in value substitution: option {} in section {} \
                     contains an interpolation key which cannot be substituted in {} steps. \
                     Raw value: {}",
                    string_repr(option),
                    string_repr(section),
                    MAX_INTERPOLATION_DEPTH,
                    string_repr(raw())
                ),
            ));
        }
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            result.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("%%") {
                result.push('%');
                rest = after;
            } else if rest.starts_with("%(") {
                let Some((name, after)) = interpolation_key(rest) else {
                    return Err(syntax_error(format!(
                        "bad interpolation variable reference {}",
                        string_repr(rest)
                    )));
                };
                let name = optionxform(name);
                let Some(value) = values.get(&name) else {
                    return Err(configparser_error(
                        "InterpolationMissingOptionError",
                        format!(
                            "Bad value substitution: option {} in section {} contains an \
                             interpolation key {} which is not a valid option name. \
                             Raw value: {}",
                            string_repr(option),
                            string_repr(section),
                            string_repr(&name),
                            string_repr(raw())
                        ),
                    ));
                };
                if value.contains('%') {
                    self.interpolate_some(option, result, value, section, values, depth + 1)?;
                } else {
                    result.push_str(value);
                }
                rest = after;
            } else {
                return Err(syntax_error(format!(
                    "'%' must be followed by '%' or '(', found: {}",
                    string_repr(rest)
                )));
            }
        }
        result.push_str(rest);
        Ok(())
    }
}

/// Lines with their ends, `\r\n` and `\r` read as `\n`, as a file opened in text mode gives them.
fn universal_lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// `[name]`: everything up to the last `]` of the line.
fn section_header(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('[')?;
    let end = inside.rfind(']')?;
    (end > 0).then(|| &inside[..end])
}

/// The name in a leading `%(name)s` and what follows it.
fn interpolation_key(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("%(")?;
    let end = inside.find(')')?;
    let after = inside[end + 1..].strip_prefix('s')?;
    (end > 0).then(|| (&inside[..end], after))
}

/// What `BasicInterpolation.before_set` refuses.
fn before_set(value: &str) -> Result<()> {
    let without_escapes = value.replace("%%", "");
    let mut position = 0;
    let mut rest = without_escapes.as_str();
    while let Some(at) = rest.find('%') {
        match interpolation_key(&rest[at..]) {
            Some((_, after)) => {
                position += rest[..at].chars().count();
                rest = after;
            }
            None => {
                position += rest[..at].chars().count();
                return Err(Error::new(
                    exception::VALUE_ERROR,
                    format!(
                        "invalid interpolation syntax in {} at position {position}",
                        string_repr(value)
                    ),
                ));
            }
        }
    }
    Ok(())
}

fn configparser_error(class: &str, message: String) -> Error {
    Error::new(format!("configparser.{class}"), message)
}

fn no_section(section: &str) -> Error {
    configparser_error(
        "NoSectionError",
        format!("No section: {}", string_repr(section)),
    )
}

fn duplicate_section(section: &str, place: Option<(&str, usize)>) -> Error {
    let message = match place {
        None => format!("Section {} already exists", string_repr(section)),
        Some((source, line)) => format!(
            "While reading from {} [line {line:2}]: section {} already exists",
            source,
            string_repr(section)
        ),
    };
    configparser_error("DuplicateSectionError", message)
}

fn syntax_error(message: String) -> Error {
    configparser_error("InterpolationSyntaxError", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let parser = ConfigParser::new(&[("here".into(), "/p".into())]).unwrap();
        parser
            .read_string(
                "# comment\n[alembic]\nscript_location = %(here)s/x\nlist =\n  a\n\n  b\nUrl: sqlite:///a%%b.db ; no comment\n",
                "alembic.ini",
            )
            .unwrap();
        assert_eq!(parser.get("alembic", "script_location").unwrap(), "/p/x");
        assert_eq!(parser.get("alembic", "list").unwrap(), "\na\n\nb");
        assert_eq!(
            parser.get("alembic", "url").unwrap(),
            "sqlite:///a%b.db ; no comment"
        );
        let error = parser
            .read_string("[a]\nx = 1\nx = 2\n", "'alembic.ini'")
            .unwrap_err();
        assert_eq!(
            error.message,
            "While reading from 'alembic.ini' [line  3]: option 'x' in section 'a' already exists"
        );
    }
}
