//! What a bare `alembic init` still wants before it can compare anything: a database URL, models, and env.py
//! naming their metadata.

use protocol::{Cause, Pending, View};

/// Whether each of the three edits is made, in their order.
pub type Edits = [bool; 3];

/// The edits of a project that no revision was written in yet; nothing where all are made, or where something
/// else is in the way.
pub fn edits(view: &View, pending: Option<&Pending>) -> Option<Edits> {
    let has_ini = view
        .files
        .iter()
        .any(|file| file.path.ends_with("alembic.ini"));
    if !has_ini || !view.migrations.revisions.is_empty() {
        return None;
    }
    let failure = pending?.failure.as_ref();
    let class = failure.map_or("", |failure| failure.class.as_str());
    let message = failure.map_or("", |failure| failure.message.as_str());
    let no_url = class.ends_with("NoSuchModuleError") && message.contains("driver");
    let explanation = failure.and_then(|failure| failure.explanation.as_ref());
    let no_metadata = explanation.is_some_and(|one| one.cause == Cause::NoMetadata);
    let models = !view.models.is_empty();
    let edits = [!no_url, models, models && !no_url && !no_metadata];
    let known = no_url || no_metadata;
    (known && edits.contains(&false)).then_some(edits)
}

#[cfg(target_family = "wasm")]
mod view {
    use std::rc::Rc;

    use protocol::{Answer, Contents, FilesRequest, Pending, Request};
    use wasm_bindgen_futures::spawn_local;
    use yew::prelude::*;

    use super::super::words::setup as words;
    use super::edits;
    use crate::files::state::FilesAction;
    use crate::page::Page;
    use crate::ui::marked::marked;

    /// A step: what it is, how it is done, what its button says, and does.
    type Step = (&'static str, &'static str, &'static str, fn(&Page));

    /// Opens the first file that holds a text, at its line.
    fn open_at(page: &Page, text: &'static str, ending: &'static str) {
        let page = page.clone();
        spawn_local(async move {
            let request = Request::Files(FilesRequest::Search {
                text: text.to_owned(),
            });
            if let Ok(Answer::Found(found)) = page.ask(request).await
                && let Some(file) = found.files.iter().find(|file| file.path.ends_with(ending))
                && let Some((line, _)) = file.lines.last()
            {
                page.open(&file.path, Some(*line));
            }
        });
    }

    /// Writes a file to begin with, beside alembic.ini, and opens it where the first table goes.
    fn write_models(page: &Page) {
        let state = page.state();
        let ini = state
            .view
            .files
            .iter()
            .find(|file| file.path.ends_with("alembic.ini"));
        let folder = ini
            .and_then(|ini| ini.path.rsplit_once('/'))
            .map_or("", |(folder, _)| folder);
        let path = format!(
            "{folder}{}models.py",
            if folder.is_empty() { "" } else { "/" }
        );
        page.do_change(
            Request::Files(FilesRequest::Write {
                path: path.clone(),
                contents: Contents::Text(words::MODELS.to_owned()),
            }),
            Some(FilesAction::Open {
                path: path.as_str().into(),
                line: Some(words::MODELS.lines().count() as u32),
            }),
        );
    }

    /// Component properties of the steps.
    #[derive(Properties, PartialEq)]
    pub struct SetupProps {
        /// The page.
        pub page: Page,
        /// What autogenerate says.
        pub pending: Option<Rc<Pending>>,
        /// The files with models.
        pub models: Rc<Vec<String>>,
    }

    /// The steps, of which the next one is open.
    #[component]
    pub fn Setup(props: &SetupProps) -> Html {
        let page = props.page.clone();
        let Some(done) = edits(&page.state().view, props.pending.as_deref()) else {
            return Html::default();
        };
        let next = done.iter().position(|done| !done).unwrap_or_default();
        let all: [Step; 3] = [
            (words::URL, words::URL_ABOUT, words::URL_OPEN, |page| {
                open_at(page, "sqlalchemy.url =", "alembic.ini");
            }),
            (
                words::TABLES,
                words::TABLES_ABOUT,
                words::TABLES_WRITE,
                write_models,
            ),
            (
                words::METADATA,
                words::METADATA_ABOUT,
                words::METADATA_OPEN,
                |page| {
                    open_at(page, "target_metadata = ", "env.py");
                },
            ),
        ];
        html! {
            <div class="hint setup" role="note" aria-label={words::TITLE}>
                <ol>
                    { for all.into_iter().enumerate().map(|(index, (title, about, button, act))| {
                        let page = page.clone();
                        let onclick = Callback::from(move |_: MouseEvent| act(&page));
                        html! {
                            <li class={classes!(done[index].then_some("done"), (index == next).then_some("next"))} aria-current={(index == next).then_some("step")}>
                                <span class="sign" aria-hidden="true">{ if done[index] { "✓".to_owned() } else { (index + 1).to_string() } }</span>
                                <div>
                                    <strong>{ marked(title) }</strong>
                                    if done[index] { <span class="hidden">{ words::DONE }</span> }
                                    if index == next {
                                        <p>{ marked(about) }</p>
                                        <button class="small" {onclick}>{ button }</button>
                                    }
                                </div>
                            </li>
                        }
                    }) }
                </ol>
            </div>
        }
    }
}

#[cfg(target_family = "wasm")]
pub(crate) use view::Setup;

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use protocol::{Failure, FileEntry, FileKind};

    use super::*;

    fn view(models: &[&str]) -> View {
        View {
            files: Rc::new(vec![FileEntry {
                path: "alembic.ini".into(),
                size: 1,
                hash: String::new(),
                kind: FileKind::Text,
            }]),
            models: Rc::new(models.iter().map(|path| (*path).to_owned()).collect()),
            ..View::default()
        }
    }

    fn failing(class: &str, message: &str) -> Pending {
        Pending {
            failure: Some(Failure {
                class: class.into(),
                message: message.into(),
                ..Failure::default()
            }),
            ..Pending::default()
        }
    }

    #[test]
    fn the_edits_come_in_their_order() {
        let no_url = failing(
            "sqlalchemy.exc.NoSuchModuleError",
            "Can't load plugin: sqlalchemy.dialects:driver",
        );
        let mut no_metadata = failing("alembic.util.exc.CommandError", "Can't proceed");
        if let Some(failure) = &mut no_metadata.failure {
            failure.explanation = Some(Box::new(Cause::NoMetadata.into()));
        }
        assert_eq!(edits(&view(&[]), Some(&no_url)), Some([false; 3]));
        assert_eq!(
            edits(&view(&[]), Some(&no_metadata)),
            Some([true, false, false])
        );
        assert_eq!(
            edits(&view(&["models.py"]), Some(&no_metadata)),
            Some([true, true, false])
        );
        assert_eq!(
            edits(&view(&["models.py"]), Some(&Pending::default())),
            None
        );
        // Something else is in the way: it is told, not this.
        assert_eq!(edits(&view(&[]), Some(&failing("NameError", "x"))), None);
        assert_eq!(edits(&View::default(), Some(&no_url)), None);
    }
}
