//! Trying an imported project, and mending what it lacks to run here.

use std::rc::Rc;

use protocol::{Answer, Contents, FilesRequest, Probed, Request, ShareRequest};
use wasm_bindgen_futures::spawn_local;

use super::state::{Imported, ShareAction, Sharing};
use crate::page::Page;

impl Page {
    /// What of the open project runs here, tried on copies.
    pub(super) async fn probe(&self) -> Option<Probed> {
        match self.ask(Request::Share(ShareRequest::Probe)).await {
            Ok(Answer::Probed(probed)) => Some(probed),
            Ok(_) => None,
            Err(failure) => Some(Probed {
                failures: vec![failure],
                ..Probed::default()
            }),
        }
    }

    /// Tries an imported project again, after something was mended, and shows how it went.
    async fn probe_again(&self, imported: &Imported) {
        let probed = self.probe().await;
        let imported = Imported {
            probed,
            ..imported.clone()
        };
        if matches!(self.state().share.dialog, Some(Sharing::Imported(_))) {
            let sharing = Sharing::Imported(Rc::new(imported));
            self.dispatch(ShareAction::Dialog(Some(sharing)));
        }
    }

    /// Sets an environment variable of an imported project, as a person would in the console, and tries it
    /// again.
    pub fn set_variable(&self, imported: Rc<Imported>, name: &str, value: &str) {
        let page = self.clone();
        let line = format!("export {name}={}", protocol::console::quote(value));
        spawn_local(async move {
            if page.run(&line).await.is_ok() {
                page.probe_again(&imported).await;
            }
        });
    }

    /// Lets an imported project's ini file name SQLite instead of a server, and tries it again.
    pub fn use_sqlite(&self, imported: Rc<Imported>) {
        let page = self.clone();
        spawn_local(async move {
            let Some(path) = imported.config.clone() else {
                return;
            };
            let Some(text) = page.read(&path).await else {
                return;
            };
            let lines: Vec<&str> = text
                .split_inclusive('\n')
                .map(|line| {
                    let key = line.split('=').next().unwrap_or_default().trim();
                    match key {
                        "sqlalchemy.url" => "sqlalchemy.url = sqlite:///app.db\n",
                        _ => line,
                    }
                })
                .collect();
            let request = Request::Files(FilesRequest::Write {
                path,
                contents: Contents::Text(lines.concat()),
            });
            match page.change(request).await {
                Ok(_) => page.probe_again(&imported).await,
                Err(failure) => page.notice(&failure.message, true),
            }
        });
    }
}
