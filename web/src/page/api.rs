//! `window.limbeck`: the page's public interface, for its tests, for lessons and for sites that embed it.
//! `web/limbeck.d.ts` documents it.

use std::rc::Rc;

use js_sys::{Function, JSON, Promise, Reflect};
use protocol::{
    Answer, Cell, Contents, DatabaseRequest, Event, Failure, FilesRequest, ModelsRequest, Reply,
    Request, Review, Rows, ShareRequest, TimeRequest, WatchAnswer, WatchRequest, Workspace,
};
use wasm_bindgen::prelude::*;

use crate::app::state::{AppAction, Pane};
use crate::migrations::state::MigrationsAction;
use crate::page::Page;
use crate::share::offer::LinkOptions;
use crate::state::Action;

fn object(value: &impl serde::Serialize) -> JsValue {
    serde_json::to_string(value)
        .ok()
        .and_then(|text| JSON::parse(&text).ok())
        .unwrap_or(JsValue::NULL)
}

fn error(message: &str) -> JsValue {
    js_sys::Error::new(message).into()
}

fn failure(failure: &Failure) -> JsValue {
    let value = js_sys::Error::new(&failure.message);
    let _ = Reflect::set(
        &value,
        &"pythonClass".into(),
        &failure.class.as_str().into(),
    );
    if let Some(place) = &failure.place {
        let _ = Reflect::set(&value, &"place".into(), &object(place));
    }
    value.into()
}

fn set(target: &js_sys::Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(target, &name.into(), value);
}

fn cell(cell: &Cell) -> JsValue {
    match cell {
        Cell::Null => JsValue::NULL,
        // A number that JavaScript can't hold exactly is a BigInt.
        Cell::Integer(number) if number.unsigned_abs() <= 1 << 53 => {
            JsValue::from_f64(*number as f64)
        }
        Cell::Integer(number) => JsValue::from(*number),
        Cell::Real(number) => JsValue::from_f64(*number),
        Cell::Text(text) => JsValue::from_str(text),
        Cell::Blob(text) => protocol::from_wire(&Contents::Binary(text.clone()))
            .map(|bytes| js_sys::Uint8Array::from(bytes.as_slice()).into())
            .unwrap_or(JsValue::NULL),
    }
}

fn rows(rows: &Rows) -> JsValue {
    let result = js_sys::Object::new();
    let columns: js_sys::Array = rows
        .columns
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect();
    let values: js_sys::Array = rows
        .rows
        .iter()
        .map(|row| JsValue::from(row.iter().map(cell).collect::<js_sys::Array>()))
        .collect();
    set(&result, "columns", &columns);
    set(&result, "rows", &values);
    result.into()
}

/// A review, with the values of its rows as those of `query()`.
fn reviewed(review: &Review) -> JsValue {
    let result = object(review);
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let findings = js_sys::Array::from(&get(&result, "findings"));
    for (one, finding) in findings.iter().zip(&review.findings) {
        if let Some(evidence) = &finding.evidence {
            let values: js_sys::Array = evidence
                .rows
                .iter()
                .map(|row| JsValue::from(row.iter().map(cell).collect::<js_sys::Array>()))
                .collect();
            let _ = Reflect::set(&get(&one, "evidence"), &"rows".into(), &values);
        }
    }
    result
}

/// What `window.limbeck` is.
#[wasm_bindgen]
pub struct Limbeck {
    page: Page,
    ready: Promise,
}

/// What `window.limbeck.files` is.
#[wasm_bindgen]
pub struct LimbeckFiles {
    page: Page,
}

#[wasm_bindgen]
impl Limbeck {
    /// Is fulfilled when the first command can run.
    #[wasm_bindgen(getter)]
    pub fn ready(&self) -> Promise {
        self.ready.clone()
    }

    /// The workspace's files.
    #[wasm_bindgen(getter)]
    pub fn files(&self) -> LimbeckFiles {
        LimbeckFiles {
            page: self.page.clone(),
        }
    }

    /// Runs a command line of the console.
    ///
    /// # Errors
    ///
    /// Where it was cancelled or the engine broke.
    pub async fn run(&self, command: String) -> Result<JsValue, JsValue> {
        let ran = self
            .page
            .run(&command)
            .await
            .map_err(|message| error(&message))?;
        let result = js_sys::Object::new();
        set(&result, "status", &ran.status.into());
        set(&result, "stdout", &ran.stdout.as_str().into());
        set(&result, "stderr", &ran.stderr.as_str().into());
        let events: Vec<String> = ran.events.iter().map(Event::json).collect();
        let events = JSON::parse(&format!("[{}]", events.join(",")));
        set(&result, "events", &events.unwrap_or(JsValue::NULL));
        set(&result, "failure", &object(&ran.failure));
        set(&result, "stayed", &object(&ran.stayed));
        set(&result, "timings", &object(&ran.timings));
        Ok(result.into())
    }

    /// Stops everything that is under way.
    pub fn cancel(&self) {
        self.page.cancel();
    }

    /// What autogenerate would write now.
    ///
    /// # Errors
    ///
    /// Where the engine broke.
    pub async fn pending(&self) -> Result<JsValue, JsValue> {
        match self.page.ask(Request::Models(ModelsRequest::Pending)).await {
            Ok(Answer::Pending(pending)) => Ok(object(&pending)),
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// The review findings of a revision, and the result of its round trip.
    ///
    /// # Errors
    ///
    /// Where it can't be tried, or the engine broke.
    pub async fn review(&self, revision: String) -> Result<JsValue, JsValue> {
        match self.page.try_revision(&revision, true).await {
            Reply::Done(Answer::Review(review)) => Ok(reviewed(&review)),
            Reply::Failed(cause) => Err(failure(&cause)),
            Reply::Panicked { message } => Err(failure(&Failure {
                message: crate::words::engine_broke(&message),
                ..Failure::default()
            })),
            _ => Ok(JsValue::NULL),
        }
    }

    /// The last recorded run of a revision, or nothing.
    ///
    /// # Errors
    ///
    /// Where the engine broke.
    pub async fn steps(&self, revision: String) -> Result<JsValue, JsValue> {
        let request = WatchRequest::Steps {
            revision,
            direction: None,
        };
        match self.page.watching(request).await {
            Ok(WatchAnswer::Steps(steps)) => Ok(object(&steps.shown)),
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// The differences between two states of the history; without numbers, those of the last
    /// command.
    ///
    /// # Errors
    ///
    /// Where there is no such state, or the engine broke.
    pub async fn difference(&self, from: Option<u32>, to: Option<u32>) -> Result<JsValue, JsValue> {
        match self
            .page
            .watching(WatchRequest::Difference { from, to })
            .await
        {
            Ok(WatchAnswer::Difference(difference)) => Ok(object(&difference)),
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// Runs SQL; gives the rows of its last statement that has some.
    ///
    /// # Errors
    ///
    /// SQLite's.
    pub async fn query(&self, sql: String, options: JsValue) -> Result<JsValue, JsValue> {
        let database = if options.is_object() {
            Reflect::get(&options, &"database".into())
                .ok()
                .and_then(|value| value.as_string())
        } else {
            None
        };
        let database = database.or_else(|| {
            self.page
                .state()
                .database
                .path
                .as_deref()
                .map(str::to_owned)
        });
        match self
            .page
            .ask(Request::Database(DatabaseRequest::Query { sql, database }))
            .await
        {
            Ok(Answer::Queried { results, view }) => {
                self.page.dispatch(Action::Changed(view));
                let last = results.iter().rfind(|one| !one.columns.is_empty());
                Ok(rows(last.unwrap_or(&Rows::default())))
            }
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// The databases with their tables.
    ///
    /// # Errors
    ///
    /// Where the engine broke.
    pub async fn schema(&self) -> Result<JsValue, JsValue> {
        let view = self.view().await?;
        Ok(object(&view.databases))
    }

    async fn view(&self) -> Result<Rc<protocol::View>, JsValue> {
        match self.page.ask(Request::View).await {
            Ok(Answer::View(view)) => Ok(view),
            Ok(_) => Err(error("no answer")),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// The page's current state.
    pub fn state(&self) -> JsValue {
        let state = self.page.state();
        object(&serde_json::json!({
            "ready": state.app.ready,
            "running": state.console.running,
            "sqlite": &*state.app.sqlite,
            "view": state.app.wide.unwrap_or(state.app.tab).name(),
            "file": state.models.file.as_deref(),
            "revision": state.migrations.revision.as_deref(),
            "database": state.database.path.as_deref(),
            "table": state.database.table.as_deref(),
            "directory": state.view.directory,
            "models": &*state.view.models,
            "migrations": &*state.view.migrations,
            "changes": &*state.view.changes,
            "pending": state.models.pending.as_deref(),
            "storage": state.shown_storage(),
            "workspaces": &*state.view.workspaces,
            "lesson": state.lessons.learning.as_ref().map(|learning| learning.told()),
        }))
    }

    /// Shows a file, a revision or a column: `{file, line, revision, view}`.
    pub fn open(&self, what: JsValue) {
        let text = |name: &str| {
            Reflect::get(&what, &name.into())
                .ok()
                .and_then(|value| value.as_string())
        };
        if let Some(place) = text("view").as_deref().and_then(Pane::named) {
            self.page.dispatch(AppAction::Tab(place));
        }
        if let Some(revision) = text("revision") {
            self.page
                .dispatch(MigrationsAction::Choose(revision.into()));
        }
        if let Some(file) = text("file") {
            let line = Reflect::get(&what, &"line".into())
                .ok()
                .and_then(|value| value.as_f64())
                .map(|line| line as u32);
            self.page.open(&file, line);
        }
    }

    /// The states of the workspace, by number: a tree.
    pub fn history(&self) -> JsValue {
        let view = &self.page.state().view;
        let states = object(&view.history);
        for one in js_sys::Array::from(&states).iter() {
            let number = Reflect::get(&one, &"number".into()).unwrap_or_default();
            let current = number.as_f64() == Some(f64::from(view.at));
            let _ = Reflect::set(&one, &"current".into(), &current.into());
        }
        states
    }

    /// Goes to a state, back or forward; 0 is the start.
    ///
    /// # Errors
    ///
    /// Where there is no such state.
    pub async fn travel(&self, number: u32) -> Result<(), JsValue> {
        self.change(Request::Time(TimeRequest::Travel { to: number }))
            .await
    }

    /// Brings the workspace back to its start; with the name of an example, opens a new one with that.
    ///
    /// # Errors
    ///
    /// Where there is no such example.
    pub async fn reset(&self, example: Option<String>) -> Result<(), JsValue> {
        self.page
            .reset(example.as_deref())
            .await
            .map_err(|cause| failure(&cause))
    }

    /// Opens a new workspace with these files.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub async fn load(&self, workspace: JsValue) -> Result<(), JsValue> {
        let text = JSON::stringify(&workspace)?;
        let workspace: Workspace =
            serde_json::from_str(&String::from(text)).map_err(|cause| error(&cause.to_string()))?;
        self.page
            .open_new("", workspace)
            .await
            .map_err(|cause| failure(&cause))
    }

    async fn change(&self, request: Request) -> Result<(), JsValue> {
        self.page
            .change(request)
            .await
            .map(|_| ())
            .map_err(|cause| failure(&cause))
    }

    /// The whole workspace.
    ///
    /// # Errors
    ///
    /// Where the engine broke.
    #[wasm_bindgen(js_name = "export")]
    pub async fn export_workspace(&self) -> Result<JsValue, JsValue> {
        match self.page.ask(Request::Share(ShareRequest::Export)).await {
            Ok(Answer::Workspace(mut workspace)) => {
                crate::comments::arriving::put(&self.page, &mut workspace).await;
                Ok(object(&workspace))
            }
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// A link that holds the workspace.
    ///
    /// # Errors
    ///
    /// Where the engine broke, or a part of the page can't be loaded.
    pub async fn share(&self, options: JsValue) -> Result<JsValue, JsValue> {
        let get = |name: &str| Reflect::get(&options, &name.into()).unwrap_or_default();
        let options = if options.is_object() {
            LinkOptions {
                without_databases: get("database") == JsValue::FALSE,
                read_only: get("readOnly").is_truthy(),
                view: get("view").as_string(),
                file: get("file").as_string(),
                // Nothing, or anything else, is no list: `Array.from` would throw.
                run: get("run")
                    .dyn_ref::<js_sys::Array>()
                    .map(|lines| lines.iter().filter_map(|line| line.as_string()).collect())
                    .unwrap_or_default(),
                ..LinkOptions::default()
            }
        } else {
            LinkOptions::default()
        };
        let link = self
            .page
            .link(&options)
            .await
            .map_err(|message| error(&message))?;
        let result = js_sys::Object::new();
        let url = link.url();
        set(&result, "bytes", &(url.len() as f64).into());
        set(&result, "url", &url.into());
        Ok(result.into())
    }

    /// A zip of the project that real Alembic runs.
    ///
    /// # Errors
    ///
    /// Where the engine broke, or a part of the page can't be loaded.
    #[wasm_bindgen(js_name = "exportZip")]
    pub async fn export_zip(&self) -> Result<js_sys::Uint8Array, JsValue> {
        self.page
            .export_zip()
            .await
            .map_err(|message| error(&message))
    }

    /// Opens the project of a zip as a new workspace; gives what was left out and what does not run.
    ///
    /// # Errors
    ///
    /// Where it is none.
    #[wasm_bindgen(js_name = "importZip")]
    pub async fn import_zip(
        &self,
        bytes: js_sys::Uint8Array,
        name: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let name = name.unwrap_or_default();
        let imported = self
            .page
            .import_zip(&bytes, &name)
            .await
            .map_err(|message| error(&message))?;
        Ok(object(&serde_json::json!({
            "name": imported.name,
            "files": imported.files,
            "config": imported.config,
            "leftOut": imported.left_out,
            "failures": imported.probed.unwrap_or_default().failures,
        })))
    }

    /// Calls back at an event; gives a function that ends it.
    pub fn on(&self, event: String, callback: Function) -> JsValue {
        let number = self.page.listen(Rc::new(move |name, details| {
            if name == event {
                let details = JSON::parse(details).unwrap_or(JsValue::NULL);
                let _ = callback.call1(&JsValue::NULL, &details);
            }
        }));
        let page = self.page.clone();
        Closure::once_into_js(move || page.unlisten(number))
    }
}

#[wasm_bindgen]
impl LimbeckFiles {
    /// Paths of all files.
    ///
    /// # Errors
    ///
    /// Where the engine broke.
    pub async fn list(&self) -> Result<JsValue, JsValue> {
        match self.page.ask(Request::View).await {
            Ok(Answer::View(view)) => Ok(object(&view.files)),
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// A file: a string if it is a text, else a `Uint8Array`.
    ///
    /// # Errors
    ///
    /// Where there is no such file.
    pub async fn read(&self, path: String) -> Result<JsValue, JsValue> {
        match self
            .page
            .ask(Request::Files(FilesRequest::Read { path }))
            .await
        {
            Ok(Answer::File(Contents::Text(text))) => Ok(JsValue::from_str(&text)),
            Ok(Answer::File(contents)) => protocol::from_wire(&contents)
                .map(|bytes| js_sys::Uint8Array::from(bytes.as_slice()).into())
                .map_err(|message| error(&message)),
            Ok(_) => Ok(JsValue::NULL),
            Err(cause) => Err(failure(&cause)),
        }
    }

    /// Makes or replaces a file, from a string or a `Uint8Array`.
    ///
    /// # Errors
    ///
    /// Where the path is none in the project.
    pub async fn write(&self, path: String, contents: JsValue) -> Result<(), JsValue> {
        let contents = match contents.as_string() {
            Some(text) => Contents::Text(text),
            None => {
                let bytes: js_sys::Uint8Array = contents
                    .dyn_into()
                    .map_err(|_| error("contents are a string or a Uint8Array"))?;
                protocol::to_wire(&bytes.to_vec())
            }
        };
        self.page
            .change(Request::Files(FilesRequest::Write { path, contents }))
            .await
            .map(|_| ())
            .map_err(|cause| failure(&cause))
    }

    /// Removes a file, or a folder with all that is in it.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn remove(&self, path: String) -> Result<(), JsValue> {
        self.page
            .change(Request::Files(FilesRequest::Remove { path }))
            .await
            .map(|_| ())
            .map_err(|cause| failure(&cause))
    }

    /// Gives a file or folder another path.
    ///
    /// # Errors
    ///
    /// Where there is none, or something is at the new path.
    pub async fn rename(&self, from: String, to: String) -> Result<(), JsValue> {
        self.page
            .change(Request::Files(FilesRequest::Rename { from, to }))
            .await
            .map(|_| ())
            .map_err(|cause| failure(&cause))
    }
}

/// Puts `limbeck` on the window.
pub fn install(page: &Page) {
    let waiting = page.clone();
    let ready = Promise::new(&mut |resolve, _| {
        waiting.when_ready(Box::new(move || {
            let _ = resolve.call0(&JsValue::NULL);
        }));
    });
    let limbeck = Limbeck {
        page: page.clone(),
        ready,
    };
    let _ = Reflect::set(
        &gloo::utils::window(),
        &"limbeck".into(),
        &JsValue::from(limbeck),
    );
}
