//! The folder of revision scripts.

mod generate;

use ground::exception;
use std::rc::Rc;

use ground::hash::IndexSet;

use super::date::CreateDate;
use super::messaging::status;
use super::revision::{
    Identifier, IterateOptions, Revision, RevisionError, RevisionMap, RevisionOrBase,
    RevisionResult,
};
use super::template::{Template, TemplateArguments, TemplateValue};
use super::{Script, ScriptLoader, write_hooks};
use crate::config::{Config, PostWriteHook, absolute_unresolved, parent, pure_path, resolved};
use ground::diagnostic::{Error, Reason, Result};
use ground::formatting::integer;
use ground::formatting::percent::{MappedValue, format_mapping};
use ground::formatting::repr::{list_repr, string_repr};
use ground::host::HostError;

pub use generate::GenerateRevision;

/// Alembic's `ScriptDirectory`; a cheap handle.
#[derive(Clone)]
pub struct ScriptDirectory(Rc<Directory>);

struct Directory {
    config: Config,
    loader: Rc<dyn ScriptLoader>,
    location: Rc<ScriptLocation>,
    file_template: String,
    truncate_slug_length: i64,
    output_encoding: String,
    timezone: Option<String>,
    hooks: Vec<PostWriteHook>,
    revision_map: RevisionMap,
}

/// Where the scripts are; shared with the closure that loads them.
struct ScriptLocation {
    dir: String,
    /// `version_locations` as they are configured; empty for the one default folder.
    configured_locations: Vec<String>,
    /// Absolute paths of the folders that hold versions.
    version_locations: Vec<String>,
    sourceless: bool,
    recursive: bool,
}

/// The texts that a command puts in the place of the revision map's own: the arguments of
/// `_catch_revision_errors`.
#[derive(Clone, Debug, Default)]
pub struct RevisionErrorTexts<'a> {
    /// For a range that is not on one line, with `%(start)s` and `%(end)s`.
    pub ancestor: Option<&'a str>,
    /// For several heads where one was wanted, with `%(head_arg)s`.
    pub multiple_heads: Option<&'a str>,
    /// What stands for `%(start)s`.
    pub start: Option<String>,
    /// What stands for `%(end)s`.
    pub end: Option<String>,
    /// For an identifier that is not found.
    pub resolution: Option<&'a str>,
}

impl RevisionErrorTexts<'_> {
    /// The `CommandError` that an error of the map becomes.
    pub fn command_error(&self, error: RevisionError) -> Error {
        let cause = |error: RevisionError, message: String| {
            let cause: Error = error.into();
            Error::command(message).with_cause(cause)
        };
        match &error {
            RevisionError::Other(other) => other.clone(),
            RevisionError::RangeNotAncestor { lower, upper } => {
                let start = self.start.clone().unwrap_or_else(|| lower.to_string());
                let end = self.end.clone().unwrap_or_else(|| upper.to_string());
                let text = self.ancestor.unwrap_or(
                    "Requested range %(start)s:%(end)s does not refer to ancestor/descendant \
                     revisions along the same branch",
                );
                let message = text.replace("%(start)s", &start).replace("%(end)s", &end);
                cause(error, message)
            }
            RevisionError::MultipleHeads { heads, argument } => {
                let heads = heads.clone();
                let head = match &self.end {
                    Some(end) if !end.is_empty() => end.clone(),
                    _ => argument.clone(),
                };
                let text = self.multiple_heads.unwrap_or(
                    "Multiple head revisions are present for given argument '%(head_arg)s'; \
                     please specify a specific target revision, '<branchname>@%(head_arg)s' to \
                     narrow to a specific head, or 'heads' for all heads",
                );
                let message = text.replace("%(head_arg)s", &head);
                cause(error, message).with_reason(Reason::SeveralHeads(heads))
            }
            RevisionError::Resolution { argument, .. } => {
                let reason = Reason::RevisionNotFound(argument.clone());
                let message = self.resolution.map_or_else(
                    || format!("Can't locate revision identified by '{argument}'"),
                    str::to_owned,
                );
                cause(error, message).with_reason(reason)
            }
            RevisionError::Cycle { .. } | RevisionError::Message(_) => {
                let message = error.to_string();
                cause(error, message)
            }
        }
    }

    /// Does something with the map and turns its errors.
    ///
    /// Errors: `CommandError` with these texts; whatever Alembic lets escape as it is.
    pub fn catch<T>(&self, action: impl FnOnce() -> RevisionResult<T>) -> Result<T> {
        action().map_err(|error| self.command_error(error))
    }
}

impl ScriptDirectory {
    /// `ScriptDirectory.from_config`.
    ///
    /// Errors: `CommandError` where there is no `script_location`, or nothing is there; those of
    /// the configuration.
    pub fn from_config(config: &Config, loader: Rc<dyn ScriptLoader>) -> Result<Self> {
        let location = config
            .get_alembic_option("script_location")?
            .ok_or_else(|| Error::command("No 'script_location' key found in configuration."))?;
        let truncate = match config.get_alembic_option("truncate_slug_length")? {
            None => None,
            Some(text) => Some(integer::parse(&text).ok_or_else(|| {
                Error::new(
                    exception::VALUE_ERROR,
                    format!(
                        "invalid literal for int() with base 10: {}",
                        string_repr(&text)
                    ),
                )
            })?),
        };
        let prepend = config.get_prepend_sys_paths_list()?.unwrap_or_default();
        if !prepend.is_empty() {
            loader.prepend_sys_path(&prepend);
        }
        let recursive = config.get_alembic_boolean_option("recursive_version_locations")?;
        let dir = coerce_resource_to_filename(config, &location, &prepend)?;
        let file_template = config
            .get_alembic_option("file_template")?
            .unwrap_or_else(|| "%(rev)s_%(slug)s".to_owned());
        let sourceless = config.get_alembic_boolean_option("sourceless")?;
        let output_encoding = config
            .get_alembic_option("output_encoding")?
            .unwrap_or_else(|| "utf-8".to_owned());
        let version_locations = config.get_version_locations_list()?.unwrap_or_default();
        let timezone = config.get_alembic_option("timezone")?;
        let hooks = config.get_hooks_list()?;
        let host = &config.run().host;
        if !host.is_directory(&dir) && !host.is_file(&dir) {
            return Err(Error::command(format!(
                "Path doesn't exist: {dir}.  Please use the 'init' command to create a new \
                 scripts folder."
            )));
        }
        let here = host.current_directory();
        let locations = if version_locations.is_empty() {
            vec![absolute_unresolved(&here, &format!("{dir}/versions"))]
        } else {
            version_locations
                .iter()
                .map(|location| {
                    let path = coerce_resource_to_filename(config, location, &prepend)?;
                    Ok(absolute_unresolved(&here, &path))
                })
                .collect::<Result<_>>()?
        };
        let location = Rc::new(ScriptLocation {
            dir,
            configured_locations: version_locations,
            version_locations: locations,
            sourceless,
            recursive,
        });
        let revision_map = {
            let (config, loader, location) = (config.clone(), loader.clone(), location.clone());
            let run = config.run().clone();
            RevisionMap::new(
                move || load_revisions(&config, &*loader, &location),
                move |message| run.warning(exception::USER_WARNING, message),
            )
        };
        Ok(ScriptDirectory(Rc::new(Directory {
            config: config.clone(),
            loader,
            location,
            file_template,
            truncate_slug_length: truncate.filter(|length| *length != 0).unwrap_or(40),
            output_encoding,
            timezone,
            hooks,
            revision_map,
        })))
    }

    /// The configuration it was made from.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// `dir`.
    pub fn dir(&self) -> &str {
        &self.0.location.dir
    }

    /// `env_py_location`.
    pub fn env_py_location(&self) -> String {
        pure_path(&format!("{}/env.py", self.0.location.dir))
    }

    /// Absolute paths of the folders that hold versions (`_version_locations`).
    pub fn version_locations(&self) -> &[String] {
        &self.0.location.version_locations
    }

    /// The map of revisions.
    pub fn revision_map(&self) -> &RevisionMap {
        &self.0.revision_map
    }

    /// The script that a revision of this directory's map is.
    ///
    /// Errors: never for a revision of this map.
    pub fn script(&self, revision: &Rc<Revision>) -> Result<Rc<Script>> {
        Script::of(revision)
            .map(Rc::new)
            .ok_or_else(|| Error::new(exception::ASSERTION_ERROR, ""))
    }

    fn scripts(&self, revisions: Vec<RevisionOrBase>) -> Result<Vec<Option<Rc<Script>>>> {
        revisions
            .iter()
            .map(|revision| revision.revision().map(|it| self.script(it)).transpose())
            .collect()
    }

    /// `get_revisions`, with what stands for nothing and for the base as Alembic has it.
    ///
    /// Errors: `CommandError` for what can't be resolved.
    pub fn get_places(&self, id: &Identifier) -> Result<Vec<RevisionOrBase>> {
        RevisionErrorTexts::default().catch(|| self.revision_map().get_identified(id))
    }

    /// `get_revisions`. A place in the result is `None` where Alembic's has `None` or `"base"`.
    ///
    /// Errors: `CommandError` for what can't be resolved.
    pub fn get_revisions(&self, id: &Identifier) -> Result<Vec<Option<Rc<Script>>>> {
        self.scripts(self.get_places(id)?)
    }

    /// `get_revision`.
    ///
    /// Errors: `CommandError` for what can't be resolved.
    pub fn get_revision(&self, id: Option<&str>) -> Result<Option<Rc<Script>>> {
        let revision =
            RevisionErrorTexts::default().catch(|| self.revision_map().get_revision(id))?;
        revision.map(|revision| self.script(&revision)).transpose()
    }

    /// `get_all_current`.
    ///
    /// Errors: `CommandError` for what can't be resolved.
    pub fn get_all_current(&self, ids: &[String]) -> Result<Vec<Rc<Script>>> {
        let revisions =
            RevisionErrorTexts::default().catch(|| self.revision_map().get_all_current(ids))?;
        revisions
            .iter()
            .map(|revision| self.script(revision))
            .collect()
    }

    /// `as_revision_number`: an id or several for a symbolic name.
    ///
    /// Errors: `CommandError` for what can't be resolved.
    pub fn as_revision_number(&self, id: &Identifier) -> Result<Identifier> {
        let ids = match id {
            Identifier::Many(ids) => {
                RevisionErrorTexts::default().catch(|| self.revision_map().heads().map(|_| ()))?;
                ids.clone()
            }
            Identifier::One(id) => {
                let (ids, _) = RevisionErrorTexts::default()
                    .catch(|| self.revision_map().resolve_revision_number(Some(id)))?;
                if id == "heads" && !ids.is_empty() {
                    return Ok(Identifier::Many(ids));
                }
                ids
            }
            Identifier::None => {
                RevisionErrorTexts::default()
                    .catch(|| self.revision_map().resolve_revision_number(None))?
                    .0
            }
        };
        Ok(ids
            .into_iter()
            .next()
            .map_or(Identifier::None, Identifier::One))
    }

    /// `walk_revisions`: every revision between two ends, newest first.
    ///
    /// Errors: `CommandError`, in the words for a range.
    pub fn walk_revisions(&self, base: &Identifier, head: &Identifier) -> Result<Vec<Rc<Script>>> {
        let texts = RevisionErrorTexts {
            start: Some(base.to_string()),
            end: Some(head.to_string()),
            ..RevisionErrorTexts::default()
        };
        let revisions = texts.catch(|| {
            self.revision_map().iterate_revisions(
                head,
                base,
                IterateOptions {
                    inclusive: true,
                    assert_relative_length: false,
                    ..IterateOptions::default()
                },
            )
        })?;
        revisions
            .iter()
            .map(|revision| self.script(revision))
            .collect()
    }

    /// `iterate_revisions`: the revisions between two ends, newest first.
    ///
    /// # Errors
    /// `CommandError` for ends that are not there or not on one line.
    pub fn iterate_revisions(
        &self,
        upper: &Identifier,
        lower: &Identifier,
        options: IterateOptions,
    ) -> Result<Vec<Rc<Script>>> {
        let revisions = RevisionErrorTexts::default()
            .catch(|| self.revision_map().iterate_revisions(upper, lower, options))?;
        revisions
            .iter()
            .map(|revision| self.script(revision))
            .collect()
    }

    /// `get_current_head`.
    ///
    /// Errors: `CommandError` where there are several heads.
    pub fn get_current_head(&self) -> Result<Option<String>> {
        RevisionErrorTexts {
            multiple_heads: Some(
                "The script directory has multiple heads (due to branching).Please use \
                 get_heads(), or merge the branches using alembic merge.",
            ),
            ..RevisionErrorTexts::default()
        }
        .catch(|| self.revision_map().get_current_head(None))
    }

    /// `get_heads`.
    ///
    /// Errors: those of loading.
    pub fn get_heads(&self, consider_depends_on: bool) -> Result<Vec<String>> {
        // Alembic does not catch the map's errors here.
        let heads = if consider_depends_on {
            self.revision_map().real_heads()
        } else {
            self.revision_map().heads()
        };
        Ok(heads?)
    }

    /// `get_bases`.
    ///
    /// Errors: those of loading.
    pub fn get_bases(&self) -> Result<Vec<String>> {
        Ok(self.revision_map().bases()?)
    }

    /// `get_base`.
    ///
    /// Errors: `CommandError` where there are several bases.
    pub fn get_base(&self) -> Result<Option<String>> {
        let bases = self.get_bases()?;
        if bases.len() > 1 {
            return Err(Error::command(
                "The script directory has multiple bases. Please use get_bases().",
            ));
        }
        Ok(bases.into_iter().next())
    }
}

/// `_load_revisions`.
fn load_revisions(
    config: &Config,
    loader: &dyn ScriptLoader,
    location: &ScriptLocation,
) -> RevisionResult<Vec<Revision>> {
    let host = &config.run().host;
    let here = host.current_directory();
    let mut seen: IndexSet<String> = IndexSet::default();
    let mut revisions = Vec::new();
    for folder in &location.version_locations {
        if !host.is_directory(folder) {
            continue;
        }
        let mut files = Vec::new();
        list_scripts(config, folder, location.recursive, &mut files)?;
        for file in files {
            let path = resolved(&here, &file);
            if !seen.insert(path.clone()) {
                config.run().warning(
                    exception::USER_WARNING,
                    &format!(
                        "File {path} loaded twice! ignoring. Please ensure version_locations is \
                         unique."
                    ),
                );
                continue;
            }
            revisions.extend(load_script(config, loader, location, &path)?);
        }
    }
    Ok(revisions)
}

/// `Script._list_py_dir`: files of a folder by name, then of its folders where asked.
fn list_scripts(
    config: &Config,
    folder: &str,
    recursive: bool,
    files: &mut Vec<String>,
) -> Result<()> {
    let host = &config.run().host;
    // A stack instead of recursion: folders in the order in which `os.walk` meets them.
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut below = Vec::new();
        let skip = folder.ends_with("__pycache__");
        for name in host.list(&folder).map_err(host_error)? {
            let path = format!("{}/{name}", folder.trim_end_matches('/'));
            if host.is_directory(&path) {
                below.push(path);
            } else if !skip {
                files.push(path);
            }
        }
        if !recursive {
            break;
        }
        folders.extend(below.into_iter().rev());
    }
    Ok(())
}

/// `Script._from_path`.
fn load_script(
    config: &Config,
    loader: &dyn ScriptLoader,
    location: &ScriptLocation,
    path: &str,
) -> RevisionResult<Option<Revision>> {
    let _ = config;
    let filename = path.rsplit('/').next().unwrap_or(path);
    if filename.starts_with(".#") || filename.starts_with("__init__") {
        return Ok(None);
    }
    if !filename.ends_with(".py") {
        if location.sourceless && (filename.ends_with(".pyc") || filename.ends_with(".pyo")) {
            return Err(Error::unsupported(format!(
                "{path}: compiled Python can't be run here; sourceless revisions are not supported"
            ))
            .into());
        }
        return Ok(None);
    }
    let module = loader.load(path)?;
    let revision = match &module.revision {
        Some(revision) => revision.clone(),
        None => {
            let stem = filename.strip_suffix(".py").unwrap_or(filename);
            let is_hex = |c: char| matches!(c, 'a'..='f' | '0'..='9');
            if stem.is_empty() || !stem.chars().all(is_hex) {
                return Err(Error::command(format!(
                    "Could not determine revision id from filename {filename}. Be sure the \
                     'revision' variable is declared inside the script (please see 'Upgrading \
                     from Alembic 0.1 to 0.2' in the documentation)."
                ))
                .into());
            }
            stem.to_owned()
        }
    };
    Script::revision_of(&revision, path, module).map(Some)
}

/// `util.coerce_resource_to_filename`: `package:folder` is looked for where packages are.
fn coerce_resource_to_filename(config: &Config, name: &str, paths: &[String]) -> Result<String> {
    if name.starts_with('/') || !name.contains(':') {
        return Ok(pure_path(name));
    }
    let host = &config.run().host;
    let mut tokens = name.split(':');
    let package = tokens.next().unwrap_or_default();
    let rest: Vec<&str> = tokens.collect();
    let folder = package.replace('.', "/");
    let here = host.current_directory();
    for path in paths.iter().map(String::as_str).chain(["."]) {
        let root = absolute_unresolved(&here, &format!("{path}/{folder}"));
        if host.is_directory(&root) {
            return Ok(pure_path(&format!("{root}/{}", rest.join("/"))));
        }
    }
    Err(Error::new(
        exception::MODULE_NOT_FOUND_ERROR,
        format!(
            "No module named {}",
            string_repr(package.split('.').next().unwrap_or(package))
        ),
    ))
}

/// A host's refusal as the Python exception that it would be.
pub(crate) fn host_error(error: HostError) -> Error {
    let class = match &error {
        HostError::NotFound(_) => exception::FILE_NOT_FOUND_ERROR,
        HostError::Exists(_) => exception::FILE_EXISTS_ERROR,
        HostError::IsADirectory(_) => exception::IS_A_DIRECTORY_ERROR,
        HostError::NotADirectory(_) => exception::NOT_A_DIRECTORY_ERROR,
        HostError::Other(_) => exception::OS_ERROR,
    };
    Error::new(class, error.to_string())
}
