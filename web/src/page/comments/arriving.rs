//! Comments that come in with a project, and meet those of a copy of it that is here already.

use std::collections::BTreeSet;
use std::rc::Rc;

use protocol::{KeepRequest, Request, Workspace};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::due::WORKSPACES;
use super::effects::{self, arrive_at, keep, kept, now, show, shown};
use super::part::part;
use super::thread::{Comments, News, read, take, write};
use super::{project, thread, words};
use crate::page::{Page, embedded, narrow, remembered};
use crate::share::link::Shared;
use crate::share::state::ShareAction;

/// A project of this browser of which another copy came.
struct Own {
    id: String,
    name: String,
    comments: Comments,
}

/// The project of this browser that comments belong to: one with the same id, or the open one where it has the same
/// revisions as the copy that they came with.
async fn own(page: &Page, came: &Comments, revisions: &BTreeSet<String>) -> Option<Own> {
    let state = page.state();
    let name = |id: &str| {
        let mut all = state.view.workspaces.iter();
        all.find(|one| one.id == id).map(|one| one.name.clone())
    };
    let open = page.open_id()?;
    let mut all = match state.comments.discussion.as_deref() {
        Some(one) if one.workspace == open => vec![(open.clone(), one.comments.clone())],
        _ => Vec::new(),
    };
    all.extend(all_kept().await);
    let same = all
        .into_iter()
        .filter(|(id, comments)| comments.project == came.project && name(id).is_some())
        // The open one first.
        .min_by_key(|(id, _)| *id != open);
    if let Some((id, comments)) = same {
        let name = name(&id)?;
        return Some(Own { id, name, comments });
    }
    let here: BTreeSet<String> = {
        let known = &state.view.migrations.revisions;
        known.iter().map(|one| one.id.clone()).collect()
    };
    if !project::is_same(&here, revisions) {
        return None;
    }
    Some(Own {
        name: name(&open)?,
        comments: kept(&open).await.unwrap_or_default(),
        id: open,
    })
}

/// The comments of all workspaces that this browser keeps, by the workspaces' ids.
async fn all_kept() -> Vec<(String, Comments)> {
    if embedded() {
        return Vec::new();
    }
    let Ok(part) = part().await else {
        return Vec::new();
    };
    let Ok(all) = part.all().await else {
        return Vec::new();
    };
    js_sys::Array::from(&all)
        .iter()
        .filter_map(|pair| {
            let pair = js_sys::Array::from(&pair);
            let comments = read(&pair.get(1).as_string()?)?;
            Some((pair.get(0).as_string()?, comments))
        })
        .collect()
}

/// Takes the comments out of a project that comes in.
pub(crate) fn take_from(workspace: &mut Workspace) -> Option<Comments> {
    take(workspace, now())
}

/// The open workspace was made of a project that had these comments: they are its own from now on, and so are those of a
/// copy of the project that is here already, so that nothing is missing in the newer one.
pub(crate) async fn adopt(page: &Page, mut came: Comments) {
    for (_, comments) in all_kept().await {
        if comments.project == came.project {
            came.merge(&comments);
        }
    }
    let workspace = page.open_id().unwrap_or_default();
    let all = keep(page, &workspace, &came).await;
    if let Err(message) = &all {
        page.notice(message, true);
    }
    let mut discussion = shown(page);
    discussion.comments.merge(&came);
    let any = !discussion.comments.in_order().is_empty();
    show(page, discussion);
    effects::locate(page).await;
    if any && !narrow() {
        effects::open(page);
    }
}

/// The open workspace is a copy that was made here: it takes the comments along.
pub(crate) fn carry(page: &Page, from: String) {
    let page = page.clone();
    spawn_local(async move {
        if let Some(comments) = of(&page, &from).await {
            adopt(&page, comments).await;
        }
    });
}

/// The comments of a workspace, if it has some.
async fn of(page: &Page, workspace: &str) -> Option<Comments> {
    let state = page.state();
    let comments = match state.comments.discussion.as_deref() {
        Some(one) if one.workspace == workspace => one.comments.clone(),
        // Most workspaces have none: then nothing is loaded to know that.
        _ if remembered(WORKSPACES).is_none_or(|all| !all.contains(workspace)) => return None,
        _ => kept(workspace).await?,
    };
    Some(comments).filter(|one| !one.threads.is_empty())
}

/// Puts the comments of the open workspace among the files of a copy that goes out.
pub(crate) async fn put(page: &Page, workspace: &mut Workspace) {
    let id = page.open_id().unwrap_or_default();
    if let Some(comments) = of(page, &id).await {
        let contents = protocol::Contents::Text(write(&comments));
        workspace.files.insert(thread::FILE.to_owned(), contents);
    }
}

/// Shows the thread that a link names.
pub(crate) fn point(page: &Page, thread: &str) {
    let (page, thread) = (page.clone(), thread.to_owned());
    spawn_local(async move { arrive_at(&page, &thread).await });
}

/// Adds what came to the project of this browser that it is of.
fn add(page: &Page, own: &Rc<Own>, came: &Rc<Comments>, thread: Option<String>) {
    page.forget_link();
    page.dispatch(ShareAction::Dialog(None));
    let (page, own, came) = (page.clone(), own.clone(), came.clone());
    spawn_local(async move {
        if page.open_id().as_ref() != Some(&own.id) {
            let request = Request::Keep(KeepRequest::Open { id: own.id.clone() });
            if let Err(failure) = page.change(request).await {
                return page.notice(&failure.message, true);
            }
        }
        effects::ready(&page).await;
        let mut discussion = shown(&page);
        let news = discussion.comments.news(&came);
        discussion.comments.merge(&came);
        discussion.said = words::news(&news);
        discussion.new = news.comments;
        let newest = discussion.new.last().cloned();
        let comments = discussion.comments.clone();
        show(&page, discussion);
        effects::locate(&page).await;
        effects::open(&page);
        if let Some(thread) = thread.or(newest) {
            arrive_at(&page, &thread).await;
        }
        if let Err(message) = keep(&page, &own.id, &comments).await {
            page.notice(&message, true);
        }
    });
}

/// What of comments a dialog shows of a project that arrived.
#[derive(Properties, PartialEq)]
pub struct ArrivedCommentsProps {
    /// The page.
    pub page: Page,
    /// The project.
    pub shared: Rc<Shared>,
}

/// Says whether a project comes with comments; where it is a copy of one that is here, offers to add them to that.
#[component]
pub fn ArrivedComments(props: &ArrivedCommentsProps) -> Html {
    let came = use_memo(props.shared.clone(), |shared| {
        take(&mut shared.workspace.clone(), now()).map(Rc::new)
    });
    let found = use_state(|| None::<(Rc<Own>, News)>);
    {
        let (page, came, found) = (props.page.clone(), (*came).clone(), found.setter());
        let revisions = project::revisions(&props.shared.workspace);
        use_effect_with(props.shared.clone(), move |_| {
            found.set(None);
            if let Some(came) = came {
                spawn_local(async move {
                    if let Some(own) = own(&page, &came, &revisions).await {
                        let news = own.comments.news(&came);
                        found.set(Some((Rc::new(own), news)));
                    }
                });
            }
        });
    }
    let Some(came) = (*came).clone() else {
        let unread = props.shared.workspace.files.contains_key(thread::FILE);
        return html! { if unread { <p class="note">{ words::NOT_READ }</p> } };
    };
    let Some((own, news)) = &*found else {
        let threads = came.in_order().len();
        return html! { if threads > 0 { <p class="note">{ words::holds(threads) }</p> } };
    };
    let onclick = {
        let (page, own, came) = (props.page.clone(), own.clone(), came.clone());
        let thread = props.shared.thread.clone();
        Callback::from(move |_: MouseEvent| add(&page, &own, &came, thread.clone()))
    };
    let told = if news.is_empty() {
        words::NO_NEWS.to_owned()
    } else {
        words::news(news)
    };
    html! {
        <div class="arrived-comments" role="status">
            <p>{ words::yours(&own.name, &told) }{ " " }<button class="act" {onclick}>{ words::add_to(&own.name) }</button></p>
            <p class="note">{ words::OTHER_FILES }</p>
        </div>
    }
}
