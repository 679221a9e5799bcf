//! Giving a project away and bringing one in: the menu, and its dialogs.

use std::rc::Rc;

use protocol::{KeepRequest, ModelStyle, Request};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::effects::Export;
use super::link::{CHAT_LIMIT, LINK_LIMIT, Shared};
use super::offer::{Link, LinkOptions};
use super::state::{Imported, ShareAction, Sharing};
use super::tried::Tried;
use super::{codec, link as share, words};
use crate::comments;
use crate::comments::arriving::ArrivedComments;
use crate::page::Page;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::marked::marked;
use crate::ui::menu::{Menu, close_menu};

/// Component properties of the menu.
#[derive(Properties, PartialEq)]
pub struct ShareMenuProps {
    /// The page.
    pub page: Page,
}

/// Something of the menu.
type Choice = (&'static str, &'static str, &'static str, fn(&Page));

const CHOICES: [Choice; 5] = [
    ("link", words::LINK, words::LINK_ABOUT, |page| {
        page.dispatch(ShareAction::Dialog(Some(Sharing::Offer)));
    }),
    (
        "comments",
        comments::words::TITLE,
        comments::words::MENU_ABOUT,
        comments::effects::open,
    ),
    ("zip", words::ZIP, words::ZIP_ABOUT, |page| {
        page.export(Export::Zip);
    }),
    ("database", words::DATABASE, words::DATABASE_ABOUT, |page| {
        page.export(Export::Database);
    }),
    ("sql", words::SQL, words::SQL_ABOUT, |page| {
        page.export(Export::Sql);
    }),
];

/// The menu of the header.
#[component]
pub fn ShareMenu(props: &ShareMenuProps) -> Html {
    let choice = |(name, title, about, act): Choice| {
        let page = props.page.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            close_menu(&event);
            act(&page);
        });
        html! {
            <button class="choice" {onclick} data-share={name}>
                <strong>{ title }</strong>
                <span>{ about }</span>
            </button>
        }
    };
    html! {
        <Menu summary={html! { <><Icon of={Drawing::Share} /><span class="word">{ words::MENU }</span></> }} label={words::MENU} class="share-menu">
            <p class="note">{ words::MENU_NOTE }</p>
            { for CHOICES.into_iter().map(choice) }
        </Menu>
    }
}

/// What the dialogs need.
#[derive(Properties, PartialEq)]
pub struct ShareDialogsProps {
    /// The page.
    pub page: Page,
    /// Which is open.
    pub sharing: Sharing,
}

/// The dialog that is open.
#[component]
pub fn ShareDialogs(props: &ShareDialogsProps) -> Html {
    let page = props.page.clone();
    let on_close = {
        let page = page.clone();
        Callback::from(move |()| page.leave_share_dialog())
    };
    let (title, content) = match &props.sharing {
        Sharing::Offer => (words::OFFER, html! { <Offer {page} /> }),
        Sharing::Arrived(shared) => (words::ARRIVED, arrived(&page, shared)),
        Sharing::Refused(refusal) => (
            words::REFUSED,
            html! {<>
                <p role="alert">{ words::refused(*refusal) }</p>
                <p class="note">{ words::REFUSED_ABOUT }</p>
            </>},
        ),
        Sharing::Several(several) => (
            words::SEVERAL,
            html! {<>
                <p>{ words::SEVERAL_ABOUT }</p>
                <div class="several">
                    { for several.configs.iter().map(|config| {
                        let (page, several, one) = (page.clone(), several.clone(), config.clone());
                        let onclick = Callback::from(move |_: MouseEvent| page.take_one_of(several.clone(), &one));
                        html! { <button class="choice" {onclick}><code>{ config }</code></button> }
                    }) }
                </div>
            </>},
        ),
        Sharing::Imported(imported) => (words::IMPORTED, import(&page, imported)),
        Sharing::Database(dropped) => {
            let take = |new: bool| {
                let (page, dropped) = (page.clone(), dropped.clone());
                Callback::from(move |_: MouseEvent| page.take_database(dropped.clone(), new))
            };
            (
                words::DROPPED,
                html! {<>
                    <p><code>{ &dropped.0 }</code></p>
                    <ToModels page={page.clone()} dropped={dropped.clone()} />
                    <div class="actions">
                        <button onclick={take(false)}>{ words::DROPPED_INTO }</button>
                        <button onclick={take(true)}>{ words::DROPPED_NEW }</button>
                    </div>
                </>},
            )
        }
    };
    html! { <Dialog {title} {on_close} class="share-dialog" key={title}>{ content }</Dialog> }
}

/// What arrived, and whether to open it.
fn arrived(page: &Page, shared: &Rc<Shared>) -> Html {
    let holds = share::holds(&shared.workspace);
    let open = |run: bool| {
        let (page, shared) = (page.clone(), shared.clone());
        Callback::from(move |_: MouseEvent| page.open_shared(shared.clone(), run))
    };
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.forget_link();
            page.dispatch(ShareAction::Dialog(None));
        })
    };
    html! {<>
        <p class="shared-name"><strong>{ &shared.name }</strong>{ " · " }{ words::holds(holds.files, holds.databases, holds.bytes) }</p>
        <ul class="shared-files" tabindex="0" aria-label={words::OPTIONS}>
            { for shared.workspace.files.keys().map(|path| html! { <li><code>{ path }</code></li> }) }
        </ul>
        <p class="note">{ words::ARRIVED_ABOUT }</p>
        if let Some((id, name)) = page.made_of(shared) {
            <p class="made-before">{ words::made_before(&name) }{ " " }<button class="small" onclick={go_to(page, id)}>{ words::GO_TO }</button></p>
        }
        <ArrivedComments page={page.clone()} shared={shared.clone()} />
        if shared.read_only {
            <p class="note">{ words::ARRIVED_READ_ONLY }</p>
        }
        if !shared.run.is_empty() {
            <p>{ words::ARRIVED_RUN }</p>
            <pre class="shared-run" tabindex="0">{ shared.run.join("\n") }</pre>
        }
        <div class="actions">
            // It has the keyboard first: Enter opens, and runs nothing.
            <button class="act" autofocus=true onclick={open(false)}>{ words::OPEN }</button>
            if !shared.run.is_empty() {
                <button onclick={open(true)}>{ words::OPEN_AND_RUN }</button>
            }
            <button onclick={close}>{ words::NOT_NOW }</button>
        </div>
    </>}
}

/// Opens the project that a link made before.
fn go_to(page: &Page, id: String) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_: MouseEvent| {
        page.forget_link();
        page.dispatch(ShareAction::Dialog(None));
        page.do_change(Request::Keep(KeepRequest::Open { id: id.clone() }), None);
    })
}

/// The result of an import.
fn import(page: &Page, imported: &Rc<Imported>) -> Html {
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(ShareAction::Dialog(None)))
    };
    html! {<>
        <p><strong>{ words::opened(&imported.name, imported.files) }</strong></p>
        if imported.config.is_none() {
            <p>{ marked(words::NO_CONFIG) }</p>
        }
        <div role="status">
            { match &imported.probed {
                None => html! { <p class="note">{ words::PROBING }</p> },
                // Without a configuration there is nothing to try.
                Some(_) if imported.config.is_none() => Html::default(),
                Some(probed) => html! {
                    <Tried page={page.clone()} imported={imported.clone()} probed={probed.clone()} />
                },
            } }
        </div>
        if !imported.left_out.is_empty() {
            <details class="left-out">
                <summary>{ format!("{}: {}", words::LEFT_OUT, imported.left_out.len() + imported.more_left_out) }</summary>
                <ul>
                    { for imported.left_out.iter().map(|(path, reason)| html! {
                        <li><code>{ path }</code>{ " " }<span class="note">{ words::left_out(reason) }</span></li>
                    }) }
                </ul>
            </details>
        }
        <div class="actions"><button class="act" onclick={close}>{ words::DONE }</button></div>
    </>}
}

/// What the buttons of the dialog copy.
#[derive(Clone, Copy, PartialEq)]
enum Copied {
    Url,
    Markdown,
    Frame,
}

impl Copied {
    fn of(self, link: &Link) -> String {
        match self {
            Copied::Url => link.url(),
            Copied::Markdown => link.markdown(),
            Copied::Frame => link.frame(),
        }
    }
}

/// Before the path of a file among the choices of what is seen first.
const FILE: &str = "file:";

/// The dialog that makes a link.
#[component]
fn Offer(props: &ShareMenuProps) -> Html {
    let page = props.page.clone();
    let options = use_state(LinkOptions::default);
    let made = use_state(|| None::<Result<Rc<Link>, String>>);
    let said = use_state(|| "");
    // What is to be copied as soon as the link is made.
    let wanted = use_state(|| None::<Copied>);
    {
        let (page, made) = (page.clone(), made.setter());
        // Links are made one beside the other: only the newest one counts.
        let newest = use_mut_ref(|| 0u32);
        use_effect_with((*options).clone(), move |options| {
            let options = options.clone();
            *newest.borrow_mut() += 1;
            let number = *newest.borrow();
            made.set(None);
            spawn_local(async move {
                let link = page.link(&options).await.map(Rc::new);
                if *newest.borrow() == number {
                    made.set(Some(link));
                }
            });
        });
    }
    let change = |change: fn(&mut LinkOptions, String, bool)| {
        let (options, said, made) = (options.clone(), said.setter(), made.setter());
        move |event: &Event| {
            let (value, checked) = value_of(event);
            let mut next = (*options).clone();
            change(&mut next, value, checked);
            said.set("");
            if next != *options {
                // Nothing is copied that was made of other choices.
                made.set(None);
                options.set(next);
            }
        }
    };
    let chosen = |act: fn(&mut LinkOptions, String, bool)| {
        let act = change(act);
        Callback::from(move |event: Event| act(&event))
    };
    let typed = |act: fn(&mut LinkOptions, String, bool)| {
        let act = change(act);
        Callback::from(move |event: InputEvent| act(&event))
    };
    let link = made.as_ref().and_then(|made| made.as_ref().ok()).cloned();
    let copy_now = {
        let said = said.setter();
        move |link: &Link, what: Copied| {
            let (copied, said) = (codec::copy(&what.of(link)), said.clone());
            spawn_local(async move {
                said.set(match JsFuture::from(copied).await {
                    Ok(_) => words::COPIED,
                    Err(_) => words::NOT_COPIED,
                });
            });
        }
    };
    let copy = |what: Copied| {
        let (link, wanted, copy_now) = (link.clone(), wanted.setter(), copy_now.clone());
        Callback::from(move |_: MouseEvent| match &link {
            Some(link) => copy_now(link, what),
            None => wanted.set(Some(what)),
        })
    };
    {
        let (wanted, copy_now) = (wanted.clone(), copy_now.clone());
        use_effect_with((link.clone(), *wanted), move |(link, what)| {
            if let (Some(link), Some(what)) = (link, what) {
                copy_now(link, *what);
                wanted.set(None);
            }
        });
    }
    let state = page.state();
    let readable: Vec<String> = state
        .view
        .files
        .iter()
        .map(|file| &file.path)
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            name.starts_with("readme") || state.models.file.as_deref() == Some(path.as_str())
        })
        .cloned()
        .collect();
    let save = {
        let link = link.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(link) = &link {
                let name = format!("{}.limbeck.json", words::file_name(&link.shared.name));
                let text = share::write_file(&link.shared);
                codec::download(&name, "application/json", &text.as_str().into());
            }
        })
    };
    let length = link.as_ref().map_or(0, |link| link.url().len());
    let check = |id: &'static str,
                 label: &'static str,
                 checked: bool,
                 onchange: Callback<Event>| {
        html! {
            <label class="check"><input type="checkbox" {id} {checked} {onchange} />{ label }</label>
        }
    };
    html! {<>
        <label for="share-link">{ words::ADDRESS }</label>
        <input id="share-link" class="share-link" readonly=true value={link.as_ref().map(|link| link.url()).unwrap_or_default()} />
        <p class="note" role="status" id="share-size">
            { match made.as_ref() {
                None => words::MAKING.to_owned(),
                Some(Err(message)) => message.clone(),
                Some(Ok(link)) => words::size(length, link.holds.files, link.holds.databases, link.holds.bytes),
            } }
        </p>
        if length > CHAT_LIMIT {
            <p class="warn" id="share-long">{ if length > LINK_LIMIT { words::LONG } else { words::CHAT } }</p>
        }
        <div class="actions">
            <button class={classes!((length <= LINK_LIMIT).then_some("act"))} id="share-copy" onclick={copy(Copied::Url)}>{ words::COPY }</button>
            <button id="share-markdown" onclick={copy(Copied::Markdown)}>{ words::COPY_MARKDOWN }</button>
            <button id="share-frame" onclick={copy(Copied::Frame)}>{ words::COPY_FRAME }</button>
            <button class={classes!((length > LINK_LIMIT).then_some("act"))} id="share-file" onclick={save} title={words::FILE_ABOUT}>{ words::FILE }</button>
            <span role="status" class="said">{ *said }</span>
        </div>
        <fieldset>
            <legend>{ words::OPTIONS }</legend>
            { check("share-database", words::WITH_DATABASE, !options.without_databases, chosen(|options, _, checked| options.without_databases = !checked)) }
            if state.comments.discussion.as_ref().is_some_and(|one| !one.comments.threads.is_empty()) {
                { check("share-comments", words::WITH_COMMENTS, !options.without_comments, chosen(|options, _, checked| options.without_comments = !checked)) }
            }
            { check("share-read-only", words::READ_ONLY, options.read_only, chosen(|options, _, checked| options.read_only = checked)) }
            <label class="field">{ words::VIEW }
                <select id="share-view" onchange={chosen(|options, value, _| {
                    let file = value.strip_prefix(FILE).map(str::to_owned);
                    options.view = Some(value).filter(|value| !value.is_empty() && file.is_none());
                    options.file = file;
                })}>
                    { for words::VIEWS.iter().map(|(value, name)| html! {
                        <option value={*value} selected={options.view.as_deref().unwrap_or_default() == *value}>{ name }</option>
                    }) }
                    <optgroup label={words::FILES}>
                        { for readable.iter().map(|path| html! {
                            <option value={format!("{FILE}{path}")} selected={options.file.as_deref() == Some(path.as_str())}>{ path }</option>
                        }) }
                    </optgroup>
                </select>
            </label>
            <label class="field" for="share-run">{ words::RUN }</label>
            <textarea id="share-run" rows="2" spellcheck="false" placeholder={words::RUN_EXAMPLE} aria-describedby="share-run-about"
                oninput={typed(|options, value, _| options.run = value.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())} />
            <p class="note" id="share-run-about">{ words::RUN_ABOUT }</p>
        </fieldset>
        <p class="note">{ words::PRIVATE }</p>
    </>}
}

fn value_of(event: &Event) -> (String, bool) {
    if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
        (input.value(), input.checked())
    } else if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
        (select.value(), false)
    } else if let Some(area) = event.target_dyn_into::<web_sys::HtmlTextAreaElement>() {
        (area.value(), false)
    } else {
        (String::new(), false)
    }
}

/// Says that the workspace is only to be looked at.
#[component]
pub fn ViewOnly(props: &ShareMenuProps) -> Html {
    let change = {
        let page = props.page.clone();
        Callback::from(move |_: MouseEvent| page.set_view_only(false))
    };
    html! {
        <div class="notice view-only" role="status">
            <p>{ words::VIEW_ONLY }</p>
            // A frame's visitor has nothing else to change; the site around it wanted it so.
            if !codec::embedded() {
                <button class="quiet" onclick={change}>{ words::MAY_CHANGE }</button>
            }
        </div>
    }
}

/// What makes a project of a database needs.
#[derive(Properties, PartialEq)]
struct ToModelsProps {
    page: Page,
    dropped: Rc<(String, String)>,
}

/// Makes a project of a database: its models in one of two styles, and a first revision.
#[component]
fn ToModels(props: &ToModelsProps) -> Html {
    let style = use_state_eq(ModelStyle::default);
    let choice = |of: ModelStyle, name: &'static str| {
        let (checked, setter) = (*style == of, style.setter());
        let onchange = Callback::from(move |_: Event| setter.set(of));
        html! { <label class="check"><input type="radio" name="model-style" {checked} {onchange} />{ name }</label> }
    };
    let onclick = {
        let (page, dropped, style) = (props.page.clone(), props.dropped.clone(), *style);
        Callback::from(move |_: MouseEvent| page.database_to_models(dropped.clone(), style))
    };
    html! {
        <fieldset class="to-models">
            <legend>{ words::TO_MODELS }</legend>
            <p class="note">{ words::TO_MODELS_ABOUT }</p>
            { choice(ModelStyle::Declarative, words::STYLE_DECLARATIVE) }
            { choice(ModelStyle::SqlModel, words::STYLE_SQLMODEL) }
            <div class="actions"><button class="act" id="to-models" {onclick}>{ words::WRITE_MODELS }</button></div>
        </fieldset>
    }
}
