//! `ScriptDirectory.generate_revision`: a new script from `script.py.mako`.

use super::*;
use ground::exception;

/// The arguments of `ScriptDirectory.generate_revision`.
#[derive(Clone, Default)]
pub struct GenerateRevision {
    /// The new id.
    pub revid: String,
    /// Its message.
    pub message: Option<String>,
    /// What it follows; `None` is `head`.
    pub head: Option<Identifier>,
    /// Whether the parent may have children already.
    pub splice: bool,
    /// Labels to write into it.
    pub branch_labels: Option<Vec<String>>,
    /// The folder to write it to.
    pub version_path: Option<String>,
    /// What it depends on.
    pub depends_on: Option<Vec<String>>,
    /// Further arguments of the template: `imports`, `upgrades`, `downgrades`, `config`, and those
    /// of env.py.
    pub template_args: TemplateArguments,
}

impl ScriptDirectory {
    /// `generate_revision`: writes a new script from `script.py.mako` and adds it to the map.
    ///
    /// Errors: `CommandError` for a bad id, a parent that is no head, a folder that holds no
    /// versions, a template that fails; those of writing and of loading the new file.
    pub fn generate_revision(&self, request: GenerateRevision) -> Result<Option<Rc<Script>>> {
        let plain = RevisionErrorTexts::default();
        let map = self.revision_map();
        Revision::verify_rev_id(&request.revid).map_err(|error| plain.command_error(error))?;
        let head = request
            .head
            .clone()
            .unwrap_or_else(|| Identifier::One("head".to_owned()));
        let places = RevisionErrorTexts {
            multiple_heads: Some(
                "Multiple heads are present; please specify the head revision on which the new \
                 revision should be based, or perform a merge.",
            ),
            ..RevisionErrorTexts::default()
        }
        .catch(|| map.get_identified(&head))?;
        let mut heads: Vec<Option<Rc<Revision>>> = Vec::new();
        for place in places {
            heads.push(match place {
                RevisionOrBase::None => None,
                RevisionOrBase::Base => return Err(Error::new(exception::ASSERTION_ERROR, "")),
                RevisionOrBase::Revision(revision) => Some(revision),
            });
        }
        for (index, one) in heads.iter().enumerate() {
            let again = heads[..index].iter().any(|other| match (one, other) {
                (Some(one), Some(other)) => Rc::ptr_eq(one, other),
                (None, None) => true,
                _ => false,
            });
            if again {
                return Err(Error::command("Duplicate head revisions specified"));
            }
        }
        let config = self.config();
        let create_date = CreateDate::generate(&*config.run().host, self.0.timezone.as_deref())?;
        let version_path = self.version_path(request.version_path.as_deref(), &heads)?;
        if !self.0.location.configured_locations.is_empty() {
            self.ensure_directory(&version_path)?;
        }
        let path = self.rev_path(
            &version_path,
            &request.revid,
            request.message.as_deref(),
            &create_date,
        )?;
        self.ensure_directory(&parent(&path))?;
        if !request.splice {
            for head in heads.iter().flatten() {
                if !head.is_head() {
                    return Err(Error::command(format!(
                        "Revision {} is not a head revision; please specify --splice to create \
                         a new branch from this revision",
                        head.revision
                    )));
                }
            }
        }
        let mut depends_on = Vec::new();
        for dependency in request.depends_on.iter().flatten() {
            let revision = plain.catch(|| {
                map.get_revision(Some(dependency))?
                    .ok_or_else(|| RevisionError::Other(Error::new(exception::ASSERTION_ERROR, "")))
            })?;
            let is_label = revision.branch_labels().contains(dependency);
            depends_on.push(if is_label {
                dependency.clone()
            } else {
                revision.revision.clone()
            });
        }

        let ids: Vec<String> = heads
            .iter()
            .flatten()
            .map(|head| head.revision.clone())
            .collect();
        let scalar = |ids: Vec<String>, many: fn(Vec<String>) -> TemplateValue| match ids.len() {
            0 => TemplateValue::None,
            1 => TemplateValue::Text(ids.into_iter().next().unwrap_or_default()),
            _ => many(ids),
        };
        let mut arguments = TemplateArguments::default();
        arguments.insert(
            "up_revision".to_owned(),
            TemplateValue::Text(request.revid.clone()),
        );
        arguments.insert(
            "down_revision".to_owned(),
            if heads.len() > 1 && heads.iter().any(Option::is_none) {
                TemplateValue::Places(
                    heads
                        .iter()
                        .map(|head| head.as_ref().map(|head| head.revision.clone()))
                        .collect(),
                )
            } else {
                scalar(ids, TemplateValue::Tuple)
            },
        );
        arguments.insert(
            "branch_labels".to_owned(),
            match &request.branch_labels {
                None => TemplateValue::None,
                Some(labels) => TemplateValue::Tuple(labels.clone()),
            },
        );
        arguments.insert(
            "depends_on".to_owned(),
            scalar(depends_on, TemplateValue::List),
        );
        arguments.insert("create_date".to_owned(), TemplateValue::Date(create_date));
        arguments.insert("comma".to_owned(), TemplateValue::Comma);
        arguments.insert(
            "message".to_owned(),
            TemplateValue::Text(
                request
                    .message
                    .clone()
                    .unwrap_or_else(|| "empty message".to_owned()),
            ),
        );
        for (name, value) in &request.template_args {
            if arguments.contains_key(name) {
                return Err(Error::new(
                    exception::TYPE_ERROR,
                    format!(
                        "alembic.script.base.ScriptDirectory._generate_template() got multiple \
                         values for keyword argument {}",
                        string_repr(name)
                    ),
                ));
            }
            arguments.insert(name.clone(), value.clone());
        }
        let template = pure_path(&format!("{}/script.py.mako", self.dir()));
        self.generate_template(&template, &path, &arguments)?;
        write_hooks::run_hooks(config, &self.0.hooks, &path)?;

        let loaded = load_script(config, &*self.0.loader, &self.0.location, &path)
            .map_err(|error| plain.command_error(error))?;
        let Some(revision) = loaded else {
            return Ok(None);
        };
        if let Some(labels) = &request.branch_labels
            && !labels.is_empty()
            && revision.orig_branch_labels.is_empty()
        {
            let labels = match labels.as_slice() {
                [one] => one.clone(),
                many => list_repr(many),
            };
            return Err(Error::command(format!(
                "Version {} specified branch_labels {labels}, however the migration file {path} \
                 does not have them; have you upgraded your script.py.mako to include the \
                 'branch_labels' section?",
                revision.revision
            )));
        }
        let revision = map.add_revision(revision)?;
        self.script(&revision).map(Some)
    }

    /// The folder that a new script goes to.
    fn version_path(&self, asked: Option<&str>, heads: &[Option<Rc<Revision>>]) -> Result<String> {
        let locations = &self.0.location.version_locations;
        let here = self.config().run().host.current_directory();
        let path = match asked {
            Some(path) => pure_path(path),
            None if locations.len() > 1 => {
                let first = heads.iter().flatten().next();
                let script = first.map(|head| self.script(head)).transpose()?;
                match script {
                    Some(script) => parent(script.path()),
                    None => {
                        return Err(Error::command(
                            "Multiple version locations present, please specify --version-path",
                        ));
                    }
                }
            }
            None => locations.first().cloned().unwrap_or_default(),
        };
        let absolute = absolute_unresolved(&here, &path);
        if !locations.contains(&absolute) {
            return Err(Error::command(format!(
                "Path {path} is not represented in current version locations"
            )));
        }
        Ok(path)
    }

    /// `_ensure_directory`.
    fn ensure_directory(&self, path: &str) -> Result<()> {
        let config = self.config();
        let path = config.absolute(path);
        if config.run().host.is_directory(&path) {
            return Ok(());
        }
        status(
            config.run(),
            config.quiet(),
            &format!("Creating directory {path}"),
            false,
            || {
                config
                    .run()
                    .host
                    .create_directories(&path)
                    .map_err(host_error)
            },
        )
    }

    /// `_generate_template`.
    fn generate_template(
        &self,
        template: &str,
        path: &str,
        arguments: &TemplateArguments,
    ) -> Result<()> {
        let config = self.config();
        let shown = config.absolute(path);
        status(
            config.run(),
            config.quiet(),
            &format!("Generating {shown}"),
            false,
            || {
                let text = self.render(template, arguments)?;
                let bytes = encode(&text, &self.0.output_encoding)?;
                config.run().host.write(path, &bytes).map_err(host_error)
            },
        )
    }

    fn render(&self, template: &str, arguments: &TemplateArguments) -> Result<String> {
        let host = &self.config().run().host;
        let bytes = host.read(template).map_err(host_error)?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::new(
                exception::MAKO_COMPILE_EXCEPTION,
                "Unicode decode operation of encoding 'utf-8' failed",
            )
        })?;
        let parsed = Template::parse(&text, template)?;
        let rendered = match parsed.render_simple(arguments) {
            Some(rendered) => rendered,
            None => {
                let program = parsed.program(arguments)?;
                self.0
                    .loader
                    .run_template(&program, arguments)
                    .map_err(|error| program.in_template(error))
            }
        };
        rendered.map_err(|error| {
            // Alembic writes a traceback to a temporary file and names that file; this message says it all.
            let place = error
                .traceback
                .last()
                .filter(|frame| &*frame.location.path == template)
                .map(|frame| format!(", line {}", frame.location.line))
                .unwrap_or_default();
            Error::command(format!(
                "Template rendering failed; {template}{place}: {}: {}",
                error.class_name(),
                error.message
            ))
            .with_cause(error)
        })
    }

    /// `_rev_path`.
    fn rev_path(
        &self,
        folder: &str,
        rev_id: &str,
        message: Option<&str>,
        date: &CreateDate,
    ) -> Result<String> {
        let mut words: Vec<String> = Vec::new();
        let mut word = String::new();
        for c in message.unwrap_or_default().chars() {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
            } else if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
        let mut slug = words.join("_").to_lowercase();
        let length = slug.chars().count() as i64;
        let limit = self.0.truncate_slug_length;
        if length > limit {
            // A negative limit cuts from the end, as a Python slice does.
            let keep = if limit < 0 {
                (length + limit).max(0)
            } else {
                limit
            };
            let cut: String = slug.chars().take(keep as usize).collect();
            let head = cut.rsplit_once('_').map_or(cut.as_str(), |(head, _)| head);
            slug = format!("{head}_");
        }
        let name = format_mapping(&self.0.file_template, &|name| {
            Some(match name {
                "rev" => MappedValue::Text(rev_id.to_owned()),
                "slug" => MappedValue::Text(slug.clone()),
                "epoch" => MappedValue::Integer(date.epoch),
                "year" => MappedValue::Integer(date.year),
                "month" => MappedValue::Integer(date.month),
                "day" => MappedValue::Integer(date.day),
                "hour" => MappedValue::Integer(date.hour),
                "minute" => MappedValue::Integer(date.minute),
                "second" => MappedValue::Integer(date.second),
                _ => return None,
            })
        })?;
        let name = format!("{name}.py");
        Ok(if name.starts_with('/') {
            pure_path(&name)
        } else {
            pure_path(&format!("{folder}/{name}"))
        })
    }
}

/// Encodes the text of a new script.
fn encode(text: &str, encoding: &str) -> Result<Vec<u8>> {
    let limit = match encoding.to_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "u8" => return Ok(text.as_bytes().to_vec()),
        "utf-8-sig" => {
            let mut bytes = vec![0xef, 0xbb, 0xbf];
            bytes.extend_from_slice(text.as_bytes());
            return Ok(bytes);
        }
        "ascii" | "us-ascii" => 0x80,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => 0x100,
        _ => {
            return Err(Error::new(
                exception::LOOKUP_ERROR,
                format!("unknown encoding: {encoding}"),
            ));
        }
    };
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            u8::try_from(c as u32)
                .ok()
                .filter(|_| (c as u32) < limit)
                .ok_or_else(|| {
                    let codec = if limit == 0x80 { "ascii" } else { "latin-1" };
                    Error::new(
                        exception::UNICODE_ENCODE_ERROR,
                        format!(
                            "'{codec}' codec can't encode character {} in position {at}: ordinal \
                             not in range({limit})",
                            string_repr(&c.to_string())
                        ),
                    )
                })
        })
        .collect()
}
