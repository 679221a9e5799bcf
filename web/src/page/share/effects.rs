//! Import and export of workspaces: links, files, folders, zips.

use std::rc::Rc;

use js_sys::Uint8Array;
use protocol::{
    Answer, ConsoleRequest, Contents, DatabaseRequest, Failure, FilesRequest, FromDatabase,
    ModelStyle, ModelsRequest, Other, Request, ShareRequest, Source, Workspace,
};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::codec::{self, Archive, Codec};
use super::link::{Address, Refusal, Shared, UNPACKED_LIMIT, When};
use super::state::{Imported, Several, ShareAction, Sharing};
use super::{link as share, words};
use crate::app::state::{AppAction, Pane};
use crate::migrations::state::{MigrationsAction, ScriptTab};
use crate::page::{Page, remember, remembered};
use crate::{comments, lessons, parts};

/// Where it is kept which project a link made.
const MADE: &str = "limbeck:made";

/// Of how many links that is kept.
const LINKS_NOTED: usize = 50;

fn made_before() -> Vec<(String, String)> {
    remembered(MADE)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// What tells one shared project from another.
fn fingerprint(shared: &Shared) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    share::write_file(shared).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What the part `archive` gives.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Gathered {
    Project {
        name: String,
        config: Option<String>,
        #[serde(default)]
        configs: Vec<String>,
        workspace: Workspace,
        left_out: Vec<(String, String)>,
        more_left_out: usize,
    },
    Database {
        name: String,
        base64: String,
    },
    Document {
        text: String,
    },
    Lesson {
        name: String,
        workspace: Workspace,
    },
    HandIns {
        documents: Vec<(String, String)>,
    },
    Patch {
        name: String,
        text: String,
    },
}

/// How much SQL the worker gives at most.
const SQL_LIMIT: usize = 4 << 20;

fn word(reason: &JsValue) -> String {
    reason.as_string().unwrap_or_else(|| format!("{reason:?}"))
}

pub(super) async fn codec() -> Result<Codec, String> {
    let part = parts::load("share").await;
    part.map(JsCast::unchecked_into)
        .map_err(|_| words::NOT_LOADED.to_owned())
}

async fn archive() -> Result<Archive, String> {
    let part = parts::load("archive").await;
    part.map(JsCast::unchecked_into)
        .map_err(|_| words::NOT_LOADED.to_owned())
}

/// What was dropped or chosen.
async fn gathered(list: &JsValue) -> Result<Gathered, String> {
    let json = archive()
        .await?
        .gather(list)
        .await
        .map_err(|reason| words::not_taken(&word(&reason)))?;
    serde_json::from_str(&json.as_string().unwrap_or_default()).map_err(|_| words::not_taken("zip"))
}

fn location() -> web_sys::Location {
    gloo::utils::window().location()
}

impl Page {
    /// Something of ours may stand in the address: shows what it is. Nothing of it is used yet, unless
    /// the address that the page was opened with says so.
    pub fn look_at_address(&self, first: bool) {
        let fragment = location().hash().unwrap_or_default();
        if fragment.starts_with(lessons::hand_in::PREFIX) {
            lessons::teaching::take(self, vec![(String::new(), fragment)]);
            return;
        }
        let Some(payload) = share::payload(&fragment).map(|payload| payload.map(str::to_owned))
        else {
            return;
        };
        let page = self.clone();
        spawn_local(async move {
            let read = match payload {
                Ok(payload) => page.unpack(&payload).await,
                Err(refusal) => Err(refusal),
            };
            let when = if first || codec::embedded() {
                page.address().run
            } else {
                When::Asked
            };
            page.arrived(read, when);
        });
    }

    /// Takes a link out of the address once its project is opened or is not wanted: until then a reload
    /// shows it again. A frame keeps nothing: there a reload needs it.
    pub fn forget_link(&self) {
        if !codec::embedded()
            && share::payload(&location().hash().unwrap_or_default()).is_some()
            && let Ok(history) = gloo::utils::window().history()
        {
            let location = location();
            let address =
                location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    }

    /// The dialog that is open is closed without an answer to its question.
    pub fn leave_share_dialog(&self) {
        match self.state().share.dialog {
            Some(Sharing::Refused(_)) => self.forget_link(),
            Some(Sharing::Arrived(_))
                if share::payload(&location().hash().unwrap_or_default()).is_some() =>
            {
                self.notice(words::STILL_THERE, false);
            }
            _ => {}
        }
        self.dispatch(ShareAction::Dialog(None));
    }

    async fn unpack(&self, payload: &str) -> Result<Shared, Refusal> {
        let codec = codec().await.map_err(|_| Refusal::Compression)?;
        let unpacked = codec.decode(payload, UNPACKED_LIMIT as u32).await;
        let bytes = unpacked.map_err(|reason| match reason.as_string().as_deref() {
            Some("base64") => Refusal::Base64,
            Some("cut") => Refusal::Cut,
            Some("size") => Refusal::Size,
            _ => Refusal::Compression,
        })?;
        share::read(&Uint8Array::new(&bytes).to_vec())
    }

    fn arrived(&self, read: Result<Shared, Refusal>, when: When) {
        match read {
            Ok(shared) if when == When::Run || (when == When::Opened && codec::embedded()) => {
                self.open_shared(Rc::new(shared), when == When::Run);
            }
            Ok(shared) => {
                self.dispatch(ShareAction::Dialog(Some(Sharing::Arrived(Rc::new(shared)))))
            }
            Err(refusal) => self.dispatch(ShareAction::Dialog(Some(Sharing::Refused(refusal)))),
        }
    }

    /// What the page's address asks for.
    pub fn address(&self) -> Address {
        let search = location().search().unwrap_or_default();
        let Ok(parameters) = web_sys::UrlSearchParams::new_with_str(&search) else {
            return Address::default();
        };
        share::address(|name| parameters.get(name))
    }

    /// Does what the page's address asks for, when the first command can run.
    pub fn obey_address(&self) {
        let page = self.clone();
        spawn_local(async move {
            let address = page.address();
            if codec::embedded()
                && let Some(name) = address.example.clone()
            {
                page.open_example(&name).await;
            }
            page.point(
                address.view.as_deref(),
                address.revision.as_deref(),
                address
                    .file
                    .as_ref()
                    .map(|(path, line)| (path.as_str(), *line)),
            );
            page.set_view_only(address.read_only);
            if address.lesson.is_some() || address.class.is_some() {
                lessons::opening::obey(&page, address.lesson, address.class);
            }
            page.look_at_address(true);
        });
    }

    async fn open_example(&self, name: &str) {
        if let Err(failure) = self.reset(Some(name)).await {
            self.notice(&failure.message, true);
        }
    }

    fn point(&self, view: Option<&str>, revision: Option<&str>, file: Option<(&str, Option<u32>)>) {
        // As Alembic takes it: its beginning is enough. One that is not there chooses nothing.
        let state = self.state();
        let known = &state.view.migrations.revisions;
        if let Some(revision) = revision.filter(|id| !id.is_empty())
            && let Some(found) = known.iter().find(|one| one.id.starts_with(revision))
        {
            self.dispatch(MigrationsAction::Choose(found.id.as_str().into()));
        }
        if let Some((path, line)) = file {
            self.open(path, line);
        }
        if let Some(place) = view.and_then(Pane::named) {
            self.dispatch(AppAction::Tab(place));
            if place.is_column() {
                self.dispatch(AppAction::Wide(Some(place)));
            }
        }
    }

    /// Opens somebody's workspace as a new one and, where the visitor said so, runs its commands.
    pub fn open_shared(&self, shared: Rc<Shared>, run: bool) {
        self.dispatch(ShareAction::Dialog(None));
        let page = self.clone();
        spawn_local(async move {
            if let Err(failure) = page.open_new(&shared.name, shared.workspace.clone()).await {
                page.notice(&failure.message, true);
                return;
            }
            page.note_made(&shared);
            // What the address asks for beside its link goes before what the link says.
            let linked = share::payload(&location().hash().unwrap_or_default()).is_some();
            let address = if linked {
                page.address()
            } else {
                Address::default()
            };
            page.forget_link();
            let file = address
                .file
                .as_ref()
                .map(|(path, line)| (path.as_str(), *line));
            page.point(
                address.view.as_deref().or(shared.view.as_deref()),
                address.revision.as_deref().or(shared.revision.as_deref()),
                file.or_else(|| shared.file.as_deref().map(|path| (path, shared.line))),
            );
            // Who was sent a migration is shown what it does before it is run.
            page.dispatch(MigrationsAction::Review);
            if let Some(tab) = shared.tab.as_deref().and_then(ScriptTab::named) {
                page.dispatch(MigrationsAction::Tab(tab));
            }
            if let Some(thread) = &shared.thread {
                comments::arriving::point(&page, thread);
            }
            let view_only = shared.read_only || page.state().share.view_only;
            page.set_view_only(false);
            if run {
                for line in &shared.run {
                    match page.run(line).await {
                        Ok(ran) if ran.status == 0 => {}
                        _ => break,
                    }
                }
            }
            page.set_view_only(view_only);
        });
    }

    /// Notes which project a link made, for when it is opened again.
    fn note_made(&self, shared: &Shared) {
        if let Some(id) = self.open_id() {
            let mut made = made_before();
            let key = fingerprint(shared);
            made.retain(|(other, _)| *other != key);
            made.push((key, id));
            let surplus = made.len().saturating_sub(LINKS_NOTED);
            made.drain(..surplus);
            remember(MADE, &serde_json::to_string(&made).unwrap_or_default());
        }
    }

    /// The project that this link made when it was opened before, if it is still there: its id and its name.
    pub fn made_of(&self, shared: &Shared) -> Option<(String, String)> {
        let key = fingerprint(shared);
        let (_, id) = made_before().into_iter().find(|(other, _)| *other == key)?;
        let state = self.state();
        let there = state.view.workspaces.iter().find(|one| one.id == id)?;
        Some((id, there.name.clone()))
    }

    /// Opens a new workspace beside the others.
    pub(crate) async fn open_new(
        &self,
        name: &str,
        mut workspace: Workspace,
    ) -> Result<(), Failure> {
        let comments = comments::arriving::take_from(&mut workspace);
        let source = Source::Workspace(Box::new(workspace));
        self.open_workspace(name, source).await?;
        if let Some(comments) = comments {
            comments::arriving::adopt(self, comments).await;
        }
        Ok(())
    }

    /// The workspace is only to be looked at, or no longer.
    pub fn set_view_only(&self, view_only: bool) {
        if let Some(root) = gloo::utils::document().document_element() {
            // Editors look there.
            let _ = if view_only {
                root.set_attribute("data-view-only", "")
            } else {
                root.remove_attribute("data-view-only")
            };
        }
        self.dispatch(ShareAction::ViewOnly(view_only));
    }

    /// Whether a request may be made of a workspace that is only to be looked at.
    pub(crate) fn may(&self, request: &Request) -> Result<(), Failure> {
        let changes = match request {
            Request::Files(FilesRequest::Write { .. })
            | Request::Files(FilesRequest::Remove { .. })
            | Request::Files(FilesRequest::Rename { .. })
            | Request::Console(ConsoleRequest::Undo { .. }) => true,
            Request::Database(DatabaseRequest::Query { sql, .. }) => {
                let verb = protocol::sql::first_word(sql).to_ascii_lowercase();
                !["select", "pragma", "explain", "with", "values"].contains(&verb.as_str())
            }
            _ => false,
        };
        if changes && self.state().share.view_only {
            return Err(Failure {
                message: words::VIEW_ONLY.to_owned(),
                ..Failure::default()
            });
        }
        Ok(())
    }

    // ---- coming in

    /// Opens a file or folder chooser, and imports the selection.
    pub fn choose(&self, folder: bool) {
        let chosen = codec::choose(folder);
        let page = self.clone();
        spawn_local(async move {
            if let Ok(list) = JsFuture::from(chosen).await
                && js_sys::Array::from(&list).length() > 0
            {
                page.take_in(list).await;
            }
        });
    }

    /// Opens a file or folder chooser, and compares the open project with what was chosen.
    pub fn choose_beside(&self, folder: bool) {
        let chosen = codec::choose(folder);
        let page = self.clone();
        spawn_local(async move {
            let Ok(list) = JsFuture::from(chosen).await else {
                return;
            };
            if js_sys::Array::from(&list).length() == 0 {
                return;
            }
            match gathered(&list).await {
                Ok(Gathered::Project {
                    name, workspace, ..
                }) => page.compare_with(&name, Other::Head(workspace.files)),
                Ok(Gathered::Patch { name, text }) => page.compare_with(&name, Other::Patch(text)),
                Ok(_) => page.notice(&words::not_taken("empty"), true),
                Err(message) => page.notice(&message, true),
            }
        });
    }

    /// Takes what was dropped or chosen.
    pub async fn take_in(&self, list: JsValue) {
        let taken = gathered(&list).await;
        match taken {
            Ok(Gathered::Project {
                name,
                configs,
                workspace,
                left_out,
                more_left_out,
                ..
            }) if configs.len() > 1 => {
                let several = Several {
                    name,
                    configs,
                    workspace,
                    left_out: (left_out, more_left_out),
                };
                let dialog = Sharing::Several(Rc::new(several));
                self.dispatch(ShareAction::Dialog(Some(dialog)));
            }
            Ok(Gathered::Project {
                name,
                config,
                workspace,
                left_out,
                more_left_out,
                ..
            }) => {
                let left_out = (left_out, more_left_out);
                let _ = self.take_project(name, config, workspace, left_out).await;
            }
            Ok(Gathered::Database { name, base64 }) => {
                let dropped = Sharing::Database(Rc::new((name, base64)));
                self.dispatch(ShareAction::Dialog(Some(dropped)));
            }
            Ok(Gathered::Document { text }) => {
                if !lessons::teaching::import_progress(self, &text).await {
                    self.arrived(share::read(text.as_bytes()), When::Asked);
                }
            }
            Ok(Gathered::Lesson { name, workspace }) => {
                let files = workspace.files;
                if let Err(message) = lessons::opening::open_folder(self, name, files, None).await {
                    self.notice(&message, true);
                }
            }
            Ok(Gathered::HandIns { documents }) => lessons::teaching::take(self, documents),
            Ok(Gathered::Patch { name, text }) => self.compare_with(&name, Other::Patch(text)),
            Err(message) => self.notice(&message, true),
        }
    }

    /// Opens one of several projects that came together: its alembic.ini says which. The files of the others
    /// come along, as they may be needed.
    pub fn take_one_of(&self, several: Rc<Several>, config: &str) {
        self.dispatch(ShareAction::Dialog(None));
        let (page, config) = (self.clone(), config.to_owned());
        spawn_local(async move {
            let mut workspace = several.workspace.clone();
            let folder = config.rsplit_once('/').map_or("", |(folder, _)| folder);
            workspace.directory = folder.to_owned();
            let name = folder.rsplit('/').next().filter(|name| !name.is_empty());
            let name = name.unwrap_or(&several.name).to_owned();
            let left_out = several.left_out.clone();
            let _ = page
                .take_project(name, Some(config), workspace, left_out)
                .await;
        });
    }

    async fn take_project(
        &self,
        name: String,
        config: Option<String>,
        workspace: Workspace,
        (left_out, more_left_out): (Vec<(String, String)>, usize),
    ) -> Result<Imported, String> {
        let mut imported = Imported {
            name,
            files: workspace.files.len(),
            config,
            left_out,
            more_left_out,
            probed: None,
        };
        if let Err(failure) = self.open_new(&imported.name, workspace).await {
            self.notice(&failure.message, true);
            return Err(failure.message);
        }
        let show = |imported: &Imported| {
            let sharing = Sharing::Imported(Rc::new(imported.clone()));
            self.dispatch(ShareAction::Dialog(Some(sharing)));
        };
        show(&imported);
        // What does not run is told; the rest is there to be run.
        imported.probed = self.probe().await;
        if matches!(self.state().share.dialog, Some(Sharing::Imported(_))) {
            show(&imported);
        }
        Ok(imported)
    }

    /// Opens the project of a zip; gives what was left out and what does not run.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub async fn import_zip(&self, bytes: &Uint8Array, name: &str) -> Result<Imported, String> {
        let json = archive()
            .await?
            .unzip(bytes, name)
            .map_err(|reason| words::not_taken(&word(&reason)))?;
        match serde_json::from_str(&json) {
            Ok(Gathered::Project {
                name,
                config,
                workspace,
                left_out,
                more_left_out,
                ..
            }) => {
                let left_out = (left_out, more_left_out);
                self.take_project(name, config, workspace, left_out).await
            }
            _ => Err(words::not_taken("zip")),
        }
    }

    /// Puts a dropped database into the open workspace, or into a new one.
    pub fn take_database(&self, dropped: Rc<(String, String)>, new: bool) {
        self.dispatch(ShareAction::Dialog(None));
        let page = self.clone();
        spawn_local(async move {
            let contents = Contents::Binary(dropped.1.clone());
            let taken = |path: &str| page.state().view.files.iter().any(|file| file.path == path);
            let mut path = dropped.0.clone();
            let mut number = 2;
            while !new && taken(&path) {
                path = format!("{number}-{}", dropped.0);
                number += 1;
            }
            let done = if new {
                let mut workspace = Workspace::default();
                workspace.files.insert(path.clone(), contents);
                page.open_new(&path, workspace).await
            } else {
                let request = Request::Files(FilesRequest::Write {
                    path: path.clone(),
                    contents,
                });
                page.change(request).await.map(|_| ())
            };
            match done {
                Ok(()) => page.open(&path, None),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    /// Makes a project of a database, with models written from it.
    pub fn database_to_models(&self, dropped: Rc<(String, String)>, style: ModelStyle) {
        self.dispatch(ShareAction::Dialog(None));
        let page = self.clone();
        spawn_local(async move {
            let from = FromDatabase {
                name: dropped.0.clone(),
                contents: Contents::Binary(dropped.1.clone()),
                style,
            };
            let stem = dropped.0.rsplit('/').next().unwrap_or(&dropped.0);
            let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
            let source = Source::Database(Box::new(from));
            match page.open_workspace(stem, source).await {
                Ok(_) => page.open("models.py", None),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    /// Offers what can be done with the database that is chosen, as if it had been dropped.
    pub fn offer_models_of_database(&self) {
        let page = self.clone();
        spawn_local(async move {
            let Some(path) = page.state().database.path.clone() else {
                page.notice(words::NO_DATABASE, true);
                return;
            };
            let request = Request::Files(FilesRequest::Read {
                path: path.to_string(),
            });
            match page.ask(request).await {
                Ok(Answer::File(Contents::Binary(base64))) => {
                    let dropped = Sharing::Database(Rc::new((path.to_string(), base64)));
                    page.dispatch(ShareAction::Dialog(Some(dropped)));
                }
                Ok(_) => page.notice(words::NO_DATABASE, true),
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }

    // ---- going out

    /// A zip that real Alembic runs.
    ///
    /// # Errors
    ///
    /// Where the engine broke, or a part of the page can't be loaded.
    pub async fn export_zip(&self) -> Result<Uint8Array, String> {
        let mut workspace = match self.ask(Request::Share(ShareRequest::Export)).await {
            Ok(Answer::Workspace(workspace)) => workspace,
            Ok(_) => return Err(words::NOT_LOADED.to_owned()),
            Err(failure) => return Err(failure.message),
        };
        comments::arriving::put(self, &mut workspace).await;
        // What is still to be written says which of pytest-alembic's tests hold.
        let pending = match self.ask(Request::Models(ModelsRequest::Pending)).await {
            Ok(Answer::Pending(pending)) => {
                pending.behind || pending.failure.is_some() || !pending.operations.is_empty()
            }
            _ => true,
        };
        let json = serde_json::json!({
            "name": self.workspace_name(),
            "workspace": workspace,
            "heads": self.state().view.migrations.heads,
            "pending": pending,
        });
        archive()
            .await?
            .zip(&json.to_string())
            .map_err(|reason| word(&reason))
    }

    /// Hands the person a file of what the workspace holds.
    pub fn export(&self, what: Export) {
        let page = self.clone();
        spawn_local(async move {
            if let Err(message) = page.export_now(what).await {
                page.notice(&message, true);
            }
        });
    }

    async fn export_now(&self, what: Export) -> Result<(), String> {
        let name = words::file_name(&self.workspace_name());
        if what == Export::Zip {
            let zip = self.export_zip().await?;
            codec::download(&format!("{name}.zip"), "application/zip", &zip);
            return Ok(());
        }
        let path = self
            .state()
            .database
            .path
            .clone()
            .ok_or(words::NO_DATABASE)?
            .to_string();
        let stem = path.rsplit('/').next().unwrap_or(&path);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        if what == Export::Database {
            let request = Request::Files(FilesRequest::Read { path: path.clone() });
            if let Ok(Answer::File(contents)) = self.ask(request).await {
                let bytes = protocol::from_wire(&contents)?;
                let bytes = Uint8Array::from(bytes.as_slice());
                codec::download(&format!("{stem}.sqlite"), "application/vnd.sqlite3", &bytes);
            }
            return Ok(());
        }
        // Not a command of the person's: it shows nothing in the console.
        let path = format!("/project/{path}");
        let line = format!("sqlite3 {} .dump", protocol::console::quote(&path));
        match self
            .ask(Request::Console(ConsoleRequest::Run { line }))
            .await
        {
            // The worker cuts what is longer.
            Ok(Answer::Ran(ran)) if ran.stdout.len() > SQL_LIMIT => {
                Err(words::SQL_TOO_LARGE.to_owned())
            }
            Ok(Answer::Ran(ran)) if ran.status == 0 => {
                codec::download(
                    &format!("{stem}.sql"),
                    "application/sql",
                    &ran.stdout.as_str().into(),
                );
                Ok(())
            }
            Ok(Answer::Ran(ran)) => Err(ran.stderr),
            Ok(_) => Ok(()),
            Err(failure) => Err(failure.message),
        }
    }
}

/// What can be taken along as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// A zip that real Alembic runs.
    Zip,
    /// The chosen database alone.
    Database,
    /// The SQL that makes it.
    Sql,
}
