//! Links that go out: what they hold, and the place that they open at.

use protocol::{Answer, Request, ShareRequest, Workspace};

use super::effects::codec;
use super::link::{Holds, PREFIX, Shared, VERSION};
use super::{link as share, words};
use crate::comments;
use crate::migrations::state::ScriptTab;
use crate::page::Page;

/// How a link is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkOptions {
    /// Whether the databases stay behind.
    pub without_databases: bool,
    /// Whether it is only to be looked at.
    pub read_only: bool,
    /// The column that takes the whole width; all of them otherwise.
    pub view: Option<String>,
    /// The file that is open; the one that is open now otherwise.
    pub file: Option<String>,
    /// Command lines to run on opening.
    pub run: Vec<String>,
    /// Whether the comments stay behind.
    pub without_comments: bool,
    /// The thread that it opens at.
    pub thread: Option<String>,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The page's address without a fragment.
    pub base: String,
    /// The fragment, from its `#`.
    pub fragment: String,
    /// What it holds.
    pub shared: Shared,
    /// The same, counted.
    pub holds: Holds,
}

impl Link {
    /// The whole link.
    pub fn url(&self) -> String {
        format!("{}{}", self.base, self.fragment)
    }

    /// The link in Markdown.
    pub fn markdown(&self) -> String {
        let name = self.shared.name.replace(['[', ']', '\\'], "");
        format!("[{name}]({})", self.url())
    }

    /// A frame that shows it.
    pub fn frame(&self) -> String {
        let name = self
            .shared
            .name
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;");
        let (base, fragment) = (&self.base, &self.fragment);
        format!(
            r#"<iframe src="{base}?run=open{fragment}" title="{name}" width="100%" height="720" loading="lazy" allow="clipboard-write"></iframe>"#
        )
    }
}

/// A place that a link opens at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// A file, and a line of it.
    pub file: Option<(String, u32)>,
    /// A thread of comments.
    pub thread: Option<String>,
}

/// A project that links are made of.
pub struct Offered {
    base: String,
    codec: super::codec::Codec,
    shared: Shared,
}

impl Offered {
    /// The open project, as it is now.
    ///
    /// # Errors
    ///
    /// Where the engine broke, or a part of the page can't be loaded.
    pub async fn new(page: &Page, options: &LinkOptions) -> Result<Self, String> {
        let mut workspace = page.pack(!options.without_databases).await?;
        if !options.without_comments {
            comments::arriving::put(page, &mut workspace).await;
        }
        let state = page.state();
        let tab = state.migrations.tab;
        let shared = Shared {
            name: page.workspace_name(),
            view: options.view.clone(),
            file: options
                .file
                .clone()
                .or_else(|| state.models.file.as_deref().map(str::to_owned)),
            line: None,
            revision: state.migrations.revision.as_deref().map(str::to_owned),
            tab: (tab != ScriptTab::default()).then(|| tab.name().to_owned()),
            thread: options.thread.clone(),
            run: options.run.clone(),
            read_only: options.read_only,
            workspace,
        };
        let location = gloo::utils::window().location();
        Ok(Offered {
            base: location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default(),
            codec: codec().await?,
            shared,
        })
    }

    fn fragment(&self, shared: &Shared) -> String {
        let payload = self.codec.encode(&share::write(shared));
        format!("#{PREFIX}{VERSION}.{payload}")
    }

    /// A link that opens at a place.
    pub fn link_at(&self, point: Point) -> String {
        let mut shared = self.shared.clone();
        if let Some((path, line)) = point.file {
            (shared.file, shared.line, shared.tab) = (Some(path), Some(line), None);
        }
        shared.thread = point.thread;
        self.base.clone() + &self.fragment(&shared)
    }
}

impl Page {
    /// The workspace as it travels.
    async fn pack(&self, databases: bool) -> Result<Workspace, String> {
        match self
            .ask(Request::Share(ShareRequest::Pack { databases }))
            .await
        {
            Ok(Answer::Workspace(workspace)) => Ok(workspace),
            Ok(_) => Err(words::NOT_LOADED.to_owned()),
            Err(failure) => Err(failure.message),
        }
    }

    /// A name for the open workspace.
    pub fn workspace_name(&self) -> String {
        let state = self.state();
        let open = state.view.workspaces.iter().find(|one| one.open);
        open.map_or(words::UNNAMED.to_owned(), |one| one.name.clone())
    }

    /// Makes a link that holds the workspace.
    ///
    /// # Errors
    ///
    /// Where the engine broke, or a part of the page can't be loaded.
    pub async fn link(&self, options: &LinkOptions) -> Result<Link, String> {
        let offered = Offered::new(self, options).await?;
        Ok(Link {
            fragment: offered.fragment(&offered.shared),
            holds: share::holds(&offered.shared.workspace),
            base: offered.base,
            shared: offered.shared,
        })
    }
}
