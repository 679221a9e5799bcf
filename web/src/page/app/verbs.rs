//! The band of buttons between the columns: what each would do now, and the command that it runs.

use std::rc::Rc;

use protocol::console::quote;
use protocol::{Migrations, Pending, Verb as Failed};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::state::{AppAction, Pane};
use super::words::verbs as words;
use crate::explain::state::{ExplainAction, ExplainState};
use crate::explain::words as explained;
use crate::models::state::suggested_message;
use crate::page::{Page, narrow};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::menu::use_dismissal;
use crate::words as common;
use crate::words::{count, short};

/// What the verbs depend on.
#[derive(Properties, PartialEq)]
pub struct VerbsProps {
    /// The page.
    pub page: Page,
    /// The revisions.
    pub migrations: Rc<Migrations>,
    /// What autogenerate would write.
    pub pending: Option<Rc<Pending>>,
    /// Whether a command runs.
    pub running: bool,
    /// Whether the worker answers.
    pub ready: bool,
    /// The column that takes the whole width.
    pub wide: Option<Pane>,
    /// What failed last.
    pub explain: ExplainState,
}

struct Verb {
    words: String,
    flows: bool,
    possible: bool,
}

fn autogenerate(props: &VerbsProps) -> Verb {
    let (words, flows, possible) = match props.pending.as_deref() {
        None => (words::LOOKING.to_owned(), false, props.ready),
        Some(pending) if pending.behind => (words::UPGRADE_FIRST.to_owned(), false, true),
        Some(pending) if pending.failure.is_some() => {
            (words::CANNOT_COMPARE.to_owned(), false, true)
        }
        Some(pending) if pending.operations.is_empty() => {
            (words::NOTHING_TO_WRITE.to_owned(), false, true)
        }
        Some(pending) => (words::to_write(pending.operations.len()), true, true),
    };
    Verb {
        words,
        flows,
        possible,
    }
}

fn upgrade(migrations: &Migrations) -> Verb {
    let ahead = migrations.ahead;
    let words = if migrations.revisions.is_empty() {
        words::NO_REVISIONS.to_owned()
    } else if ahead == 0 {
        words::UP_TO_DATE.to_owned()
    } else if migrations.heads.len() > 1 {
        words::ahead_of_heads(ahead, migrations.heads.len())
    } else {
        words::ahead(ahead)
    };
    Verb {
        words,
        flows: ahead > 0,
        possible: !migrations.revisions.is_empty(),
    }
}

fn downgrade(migrations: &Migrations) -> Verb {
    let back = migrations.back.as_deref();
    Verb {
        words: match back {
            None if migrations.current.is_empty() => words::AT_BASE.to_owned(),
            None => words::NOT_IN_ONE_STEP.to_owned(),
            Some(id) => words::back_to(&short(id)),
        },
        flows: false,
        possible: back.is_some(),
    }
}

/// The band of heads and verbs.
#[component]
pub fn Verbs(props: &VerbsProps) -> Html {
    let page = props.page.clone();
    let asking = use_state(|| None::<&'static str>);
    let asking_now = *asking;
    let input = use_node_ref();
    let write = autogenerate(props);
    let up = upgrade(&props.migrations);
    let down = downgrade(&props.migrations);
    let heads = props.migrations.heads.len();
    let ask = |what: &'static str| {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| {
            asking.set(if *asking == Some(what) {
                None
            } else {
                Some(what)
            });
        })
    };
    {
        // As soon as the form is there, so that Enter is the form's.
        let input = input.clone();
        use_effect_with(*asking, move |_| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
                input.select();
            }
        });
    }
    let suggestion = match *asking {
        Some("merge") => words::MERGE_MESSAGE.to_owned(),
        _ => props
            .pending
            .as_deref()
            .map(suggested_message)
            .unwrap_or_else(|| crate::models::words::DESCRIBE.to_owned()),
    };
    let command_line = |message: &str| {
        if *asking == Some("merge") {
            format!("alembic merge -m {} heads", quote(message))
        } else {
            format!("alembic revision --autogenerate -m {}", quote(message))
        }
    };
    let submit = {
        let (page, asking, input) = (page.clone(), asking.clone(), input.clone());
        let merge = *asking == Some("merge");
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let message = input
                .cast::<web_sys::HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            asking.set(None);
            page.command(if merge {
                format!("alembic merge -m {} heads", quote(&message))
            } else {
                format!("alembic revision --autogenerate -m {}", quote(&message))
            });
        })
    };
    let onkeydown = {
        let asking = asking.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                asking.set(None);
            }
        })
    };
    let onfocusout = {
        let asking = asking.clone();
        Callback::from(move |event: FocusEvent| {
            // Yew listens at the root: the form is found from the target.
            let form = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|target| target.closest(".verb-group").ok().flatten());
            let next = event
                .related_target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if next.is_some() && form.is_some_and(|form| !form.contains(next.as_ref())) {
                asking.set(None);
            }
        })
    };
    {
        let asking = asking.clone();
        let on_dismiss = Callback::from(move |()| asking.set(None));
        use_dismissal(asking_now.is_some(), ".verb-group", on_dismiss);
    }
    // On a narrow page the button of what failed opens the reason first.
    let explain = &props.explain;
    let unseen = |verb: Failed| explain.has_failed(verb) && !explain.open && narrow();
    let verb_words = |verb: Failed, usual: String| match verb {
        _ if unseen(verb) => html! { <span class="verb-words">{ explained::WHY }</span> },
        _ if explain.has_failed(verb) => {
            html! { <span class="verb-words">{ explained::FAILED }</span> }
        }
        _ => html! { <span class="verb-words">{ usual }</span> },
    };
    let failed = |verb: Failed| explain.has_failed(verb).then_some("failed");
    let why = |verb: Failed, otherwise: Callback<MouseEvent>| {
        let page = page.clone();
        match verb {
            _ if unseen(verb) => {
                Callback::from(move |_: MouseEvent| page.dispatch(ExplainAction::Open(true)))
            }
            _ => otherwise,
        }
    };
    let command = |line: &'static str| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.command(line))
    };
    let upgrade_line = if heads > 1 {
        "alembic upgrade heads"
    } else {
        "alembic upgrade head"
    };
    let form = html! {
        <form class="message" onsubmit={submit} {onkeydown} {onfocusout}>
            <label for="message">{ if *asking == Some("merge") { words::MESSAGE_OF_MERGE } else { words::MESSAGE_OF_REVISION } }</label>
            <div class="line">
                <input id="message" key={asking.unwrap_or_default()} ref={input.clone()} value={suggestion.clone()} autocomplete="off" spellcheck="false" />
                <button class="solid" type="submit">{ if *asking == Some("merge") { words::MERGE } else { words::WRITE } }</button>
            </div>
            <code>{ command_line("…") }</code>
        </form>
    };
    // Another button, or one with many words, leaves no room beside the headings.
    let crowded = heads > 1 || down.words == words::NOT_IN_ONE_STEP;
    let head = |place: Pane, title: &'static str, about: &'static str| {
        let page = page.clone();
        let wide = props.wide == Some(place);
        let toggle = Callback::from(move |_: MouseEvent| {
            page.dispatch(AppAction::Wide(if wide { None } else { Some(place) }));
        });
        let name = if wide {
            super::words::columns::SHOW_ALL
        } else {
            super::words::columns::WIDEN
        };
        html! {
            <div class={classes!("head", place.name())}>
                <h2 id={format!("{}-title", place.name())}>{ title }</h2>
                <span class="about">{ about }</span>
                <button class="quiet widen" onclick={toggle} aria-pressed={wide.to_string()} aria-label={format!("{title}: {name}")} title={name}>
                    <Icon of={if wide { Drawing::Narrow } else { Drawing::Wide }} />
                </button>
            </div>
        }
    };
    html! {
        <section class={classes!("band", (heads > 1).then_some("several-heads"), crowded.then_some("crowded"))} aria-label={words::BAND}>
            { head(Pane::Models, super::words::columns::MODELS, super::words::columns::MODELS_ABOUT) }
            <div class={classes!("pipe", "first", write.flows.then_some("flows"))}>
                <div class="verb-group">
                    <button
                        class={classes!("verb", write.flows.then_some("ready"), failed(Failed::Autogenerate))}
                        id="autogenerate"
                        onclick={why(Failed::Autogenerate, ask("revision"))}
                        disabled={!props.ready || !write.possible}
                        aria-expanded={(*asking == Some("revision")).to_string()}
                        title="alembic revision --autogenerate -m …"
                    >
                        <span class="verb-name">{ words::AUTOGENERATE }<Icon of={Drawing::Right} /></span>
                        { verb_words(Failed::Autogenerate, write.words) }
                    </button>
                    if *asking == Some("revision") { { form.clone() } }
                </div>
            </div>
            { head(Pane::Migrations, super::words::columns::MIGRATIONS, super::words::columns::MIGRATIONS_ABOUT) }
            <div class={classes!("pipe", "second", up.flows.then_some("flows"))}>
                <div class="verb-group">
                    if heads > 1 {
                        <button
                            class={classes!("verb", "ready", failed(Failed::Merge))}
                            id="merge"
                            onclick={why(Failed::Merge, ask("merge"))}
                            disabled={!props.ready}
                            aria-expanded={(*asking == Some("merge")).to_string()}
                            title="alembic merge -m … heads"
                        >
                            <span class="verb-name">{ words::MERGE }</span>
                            { verb_words(Failed::Merge, count(heads, common::HEAD)) }
                        </button>
                    }
                    <button
                        class={classes!("verb", up.flows.then_some("ready"), failed(Failed::Upgrade))}
                        id="upgrade"
                        onclick={why(Failed::Upgrade, command(upgrade_line))}
                        disabled={!props.ready || !up.possible}
                        title={upgrade_line}
                    >
                        <span class="verb-name">{ words::UPGRADE }<Icon of={Drawing::Right} /></span>
                        { verb_words(Failed::Upgrade, up.words) }
                    </button>
                    <button
                        class={classes!("verb", failed(Failed::Downgrade))}
                        id="downgrade"
                        onclick={why(Failed::Downgrade, command("alembic downgrade -1"))}
                        disabled={!props.ready || !down.possible}
                        title="alembic downgrade -1"
                    >
                        <span class="verb-name"><Icon of={Drawing::Left} />{ words::DOWNGRADE }</span>
                        { verb_words(Failed::Downgrade, down.words) }
                    </button>
                    if *asking == Some("merge") { { form } }
                </div>
            </div>
            { head(Pane::Database, super::words::columns::DATABASE, super::words::columns::DATABASE_ABOUT) }
        </section>
    }
}
