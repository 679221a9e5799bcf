//! The templates of `alembic init`, and the files that they make.
//!
//! Alembic goes through its template folders in the order in which the file system lists them;
//! here the order is fixed.

use crate::config::{Config, pure_path};
use ground::diagnostic::{Error, Result};
use ground::exception;
use ground::resource::Resource;

use super::directory::host_error;
use super::messaging::{message, status};
use super::template::{Template, TemplateArguments, TemplateValue};

/// One template of `alembic init`.
#[derive(Clone, Copy, Debug)]
pub struct ProjectTemplate {
    /// Its name.
    pub name: &'static str,
    /// Names and contents of its files.
    pub files: &'static [(&'static str, Resource)],
}

macro_rules! text {
    ($path:literal) => {
        ground::resource!("/src/", concat!("script/templates/", $path))
    };
}

const SCRIPT: Resource = text!("generic/script.py.mako");
const GENERIC_ENV: Resource = text!("generic/env.py");
const ASYNC_ENV: Resource = text!("async/env.py");
const PYPROJECT_INI: Resource = text!("pyproject/alembic.ini.mako");
const PYPROJECT_TOML: Resource = text!("pyproject/pyproject.toml.mako");

/// The templates of Alembic 1.20.1.
pub const PROJECT_TEMPLATES: &[ProjectTemplate] = &[
    ProjectTemplate {
        name: "pyproject_async",
        files: &[
            ("script.py.mako", SCRIPT),
            ("README", text!("pyproject_async/README")),
            ("env.py", ASYNC_ENV),
            ("pyproject.toml.mako", PYPROJECT_TOML),
            ("alembic.ini.mako", PYPROJECT_INI),
        ],
    },
    ProjectTemplate {
        name: "multidb",
        files: &[
            ("script.py.mako", text!("multidb/script.py.mako")),
            ("README", text!("multidb/README")),
            ("env.py", text!("multidb/env.py")),
            ("alembic.ini.mako", text!("multidb/alembic.ini.mako")),
        ],
    },
    ProjectTemplate {
        name: "generic",
        files: &[
            ("script.py.mako", SCRIPT),
            ("README", text!("generic/README")),
            ("env.py", GENERIC_ENV),
            ("alembic.ini.mako", text!("generic/alembic.ini.mako")),
        ],
    },
    ProjectTemplate {
        name: "pyproject",
        files: &[
            ("script.py.mako", SCRIPT),
            ("README", text!("pyproject/README")),
            ("env.py", GENERIC_ENV),
            ("pyproject.toml.mako", PYPROJECT_TOML),
            ("alembic.ini.mako", PYPROJECT_INI),
        ],
    },
    ProjectTemplate {
        name: "async",
        files: &[
            ("script.py.mako", SCRIPT),
            ("README", text!("async/README")),
            ("env.py", ASYNC_ENV),
            ("alembic.ini.mako", text!("async/alembic.ini.mako")),
        ],
    },
];

impl ProjectTemplate {
    /// The template of that name.
    ///
    /// Errors: `CommandError`. Alembic names the path in its own installation.
    pub fn find(name: &str) -> Result<&'static ProjectTemplate> {
        PROJECT_TEMPLATES
            .iter()
            .find(|template| template.name == name)
            .ok_or_else(|| Error::command(format!("No such template {name}")))
    }

    /// First line of its README.
    pub fn synopsis(&self) -> &'static str {
        self.files
            .iter()
            .find(|(name, _)| *name == "README")
            .and_then(|(_, text)| text.text().lines().next())
            .unwrap_or_default()
            .trim_end()
    }
}

/// Makes a new project: the whole of `alembic init`.
///
/// Errors: `CommandError` for a folder that is not empty or an unknown template; those of writing.
pub fn init(config: &Config, directory: &str, template: &str, package: bool) -> Result<()> {
    let run = config.run();
    let host = &run.host;
    let quiet = config.quiet();
    let directory = pure_path(directory);
    let exists = host.is_directory(&directory) || host.is_file(&directory);
    if exists && !host.list(&directory).map_err(host_error)?.is_empty() {
        return Err(Error::command(format!(
            "Directory {directory} already exists and is not empty"
        )));
    }
    let template = ProjectTemplate::find(template)?;
    let absolute = config.absolute(&directory);
    let versions = format!("{absolute}/versions");
    let make = |path: &str| {
        status(
            run,
            quiet,
            &format!("Creating directory {path}"),
            false,
            || host.create_directories(path).map_err(host_error),
        )
    };
    if !exists {
        make(&absolute)?;
    }
    make(&versions)?;

    let location = |file: Option<&str>| -> Result<String> {
        if directory.starts_with('/') {
            return Ok(directory.clone());
        }
        let Some(file) = file else {
            return Ok(directory.clone());
        };
        let root = crate::config::parent(&config.absolute(file));
        let relative = path_relative_to(&absolute, &root)?;
        Ok(pure_path(&format!("%(here)s/{relative}")))
    };
    let ini_location = location(config.config_file_name())?;
    let toml_location = location(config.toml_file_name())?;

    let mut toml_path = None;
    let mut config_file = String::new();
    for (name, text) in template.files {
        let render = |location: &str| -> Result<String> {
            let mut arguments = TemplateArguments::default();
            arguments.insert(
                "script_location".to_owned(),
                TemplateValue::Text(location.to_owned()),
            );
            Template::parse(text.text(), name)?
                .render_simple(&arguments)
                .unwrap_or_else(|| Err(Error::new(exception::ASSERTION_ERROR, *name)))
        };
        // These messages ignore `-q`, as Alembic's do.
        let generate = |path: &str, text: Result<String>| {
            status(run, false, &format!("Generating {path}"), false, || {
                host.write(path, text?.as_bytes()).map_err(host_error)
            })
        };
        match *name {
            "alembic.ini.mako" => {
                config_file = config.absolute(config.config_file_name().unwrap_or("alembic.ini"));
                if host.is_file(&config_file) {
                    let text = format!("File {config_file} already exists, skipping");
                    message(run, quiet, &text, true);
                } else {
                    generate(&config_file, render(&ini_location))?;
                }
            }
            "pyproject.toml.mako" => {
                let path = config.absolute(config.toml_file_name().unwrap_or("pyproject.toml"));
                toml_path = Some(path.clone());
                if !host.is_file(&path) {
                    generate(&path, render(&toml_location))?;
                } else if config.has_toml_section()? {
                    let text = format!(
                        "File {path} already exists and already has a [tool.alembic] section, \
                         skipping"
                    );
                    message(run, false, &text, true);
                } else {
                    let text = format!("Appending to existing {path}");
                    status(run, false, &text, false, || {
                        let mut contents = host.read(&path).map_err(host_error)?;
                        contents.extend_from_slice(b"\n\n");
                        contents.extend_from_slice(render(&toml_location)?.as_bytes());
                        host.write(&path, &contents).map_err(host_error)
                    })?;
                }
            }
            name => generate(&format!("{absolute}/{name}"), Ok(text.text().to_owned()))?,
        }
    }
    if package {
        for folder in [&absolute, &versions] {
            let path = format!("{folder}/__init__.py");
            status(run, quiet, &format!("Adding {path}"), false, || {
                host.write(&path, b"").map_err(host_error)
            })?;
        }
    }
    let text = match toml_path {
        Some(toml_path) => format!(
            "Please edit configuration settings in {toml_path} and \
             configuration/connection/logging settings in {config_file} before proceeding."
        ),
        None => format!(
            "Please edit configuration/connection/logging settings in {config_file} before \
             proceeding."
        ),
    };
    message(run, quiet, &text, true);
    Ok(())
}

/// `compat.path_relative_to(path, other, walk_up=True)` as Alembic has it for Python before 3.12:
/// outside the folder, the path is relative to the first of its ancestors, the root.
fn path_relative_to(path: &str, other: &str) -> Result<String> {
    let inside = |folder: &str| -> Option<String> {
        if path == folder {
            return Some(".".to_owned());
        }
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        path.strip_prefix(&prefix).map(str::to_owned)
    };
    if let Some(relative) = inside(other) {
        return Ok(relative);
    }
    let mut ancestors = Vec::new();
    let mut folder = other.to_owned();
    while folder != "/" {
        folder = crate::config::parent(&folder);
        ancestors.push(folder.clone());
    }
    ancestors
        .iter()
        .find_map(|folder| inside(folder))
        .ok_or_else(|| {
            Error::new(
                exception::VALUE_ERROR,
                format!("{path} is not in the same subtree as {other}"),
            )
        })
}
