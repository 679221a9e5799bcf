//! Copies links to threads, and the review as Markdown.

use std::collections::BTreeMap;

use protocol::{Answer, Reply, Review};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::effects::{change_shown, shown};
use super::markdown::{LIMIT, Links, write};
use super::words;
use crate::page::Page;
use crate::review::state::{Reviewed, verdict};
use crate::share::codec::copy;
use crate::share::offer::{LinkOptions, Offered, Point};

/// Copies a text, and says so in the pane.
async fn copied(page: &Page, text: &str) {
    match JsFuture::from(copy(text)).await {
        Ok(_) => change_shown(page, |one| one.said = words::COPIED.to_owned()),
        Err(_) => page.notice(crate::words::NO_CLIPBOARD, true),
    }
}

/// Copies a link that opens at a thread.
pub(super) fn copy_link(page: &Page, thread: &str) {
    let (page, thread) = (page.clone(), thread.to_owned());
    spawn_local(async move {
        let options = LinkOptions {
            thread: Some(thread),
            ..LinkOptions::default()
        };
        match page.link(&options).await {
            Ok(link) => copied(&page, &link.url()).await,
            Err(message) => page.notice(&message, true),
        }
    });
}

/// The links of a text, made before.
struct Made {
    project: String,
    lines: BTreeMap<(String, u32), String>,
    threads: BTreeMap<String, String>,
}

impl Links for Made {
    fn project(&self) -> String {
        self.project.clone()
    }
    fn line(&self, path: &str, line: u32) -> Option<String> {
        self.lines.get(&(path.to_owned(), line)).cloned()
    }
    fn thread(&self, id: &str) -> Option<String> {
        self.threads.get(id).cloned()
    }
}

/// The review of the chosen revision: the one that is shown, or one that is made now.
async fn review(page: &Page) -> Option<std::rc::Rc<Review>> {
    let state = page.state();
    if let Some(review) = state.shown_review().and_then(|one| Reviewed::review(one)) {
        return Some(review.clone());
    }
    let revision = state.migrations.revision.as_deref()?.to_owned();
    match page.try_revision(&revision, true).await {
        Reply::Done(Answer::Review(review)) => Some(review.into()),
        _ => None,
    }
}

/// Copies the review of the chosen revision and all threads as Markdown.
pub(super) fn copy_review(page: &Page) {
    change_shown(page, |one| one.said = words::COPYING.to_owned());
    let page = page.clone();
    spawn_local(async move {
        match text(&page).await {
            Ok(text) => copied(&page, &text).await,
            Err(message) => page.notice(&message, true),
        }
    });
}

async fn text(page: &Page) -> Result<String, String> {
    let review = review(page).await;
    let discussion = shown(page);
    let name = page.workspace_name();
    let said = review.as_ref().map(|review| {
        let (word, sentence) = verdict(review);
        format!("{word}: {sentence}")
    });
    let shown = review.as_deref().zip(said.as_deref());
    let mut text = String::new();
    // Each link holds the whole project. Where that is too much, the databases stay behind, then all links but one.
    for (without_databases, places) in [(false, true), (true, true), (false, false), (true, false)]
    {
        let options = LinkOptions {
            without_databases,
            ..LinkOptions::default()
        };
        let offered = Offered::new(page, &options).await?;
        let mut made = Made {
            project: offered.link_at(Point::default()),
            lines: BTreeMap::new(),
            threads: BTreeMap::new(),
        };
        for finding in review
            .iter()
            .flat_map(|one| &one.findings)
            .filter(|_| places)
        {
            let (path, line) = (finding.place.path.clone(), finding.place.line);
            let link = offered.link_at(Point {
                file: Some((path.clone(), line)),
                ..Point::default()
            });
            made.lines.insert((path, line), link);
        }
        for (id, _) in discussion
            .comments
            .in_order()
            .into_iter()
            .filter(|_| places)
        {
            let link = offered.link_at(Point {
                thread: Some(id.clone()),
                ..Point::default()
            });
            made.threads.insert(id.clone(), link);
        }
        text = write(&name, shown, &discussion, &made);
        if text.chars().count() <= LIMIT {
            break;
        }
    }
    Ok(text)
}
