//! For classes: a link with chosen lessons, handing in, and what was handed in.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::hand_in::{HandedIn, Trouble};
use super::view::{LessonsProps, close};
use super::{teaching, words};
use crate::page::{NAME, Page, remember, remembered};
use crate::share::codec::copy;
use crate::ui::dialog::Dialog;

fn value(event: &InputEvent) -> String {
    event
        .target_dyn_into::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

/// Copies a text and says whether that went well.
fn copying(text: String, said: UseStateSetter<&'static str>) -> Callback<MouseEvent> {
    Callback::from(move |_: MouseEvent| {
        let (copied, said) = (copy(&text), said.clone());
        spawn_local(async move {
            said.set(match JsFuture::from(copied).await {
                Ok(_) => words::COPIED,
                Err(_) => crate::words::NO_CLIPBOARD,
            });
        });
    })
}

/// Makes a link with chosen lessons.
#[component]
pub(super) fn MakeClass(props: &LessonsProps) -> Html {
    let name = use_state(String::new);
    let chosen = use_state(Vec::<String>::new);
    let said = use_state(|| "");
    let on_name = {
        let name = name.setter();
        Callback::from(move |event: InputEvent| name.set(value(&event)))
    };
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let link = format!(
        "{}?class={}&name={}",
        teaching::page_address(),
        chosen.join(","),
        encode(name.trim())
    );
    let lessons = props
        .lessons
        .courses
        .iter()
        .flat_map(|courses| courses.all());
    html! {
        <Dialog title={words::CLASS} on_close={close(&props.page)} class="lessons-dialog">
            <p>{ words::CLASS_ABOUT }</p>
            <p class="field"><label for="class-name">{ words::CLASS_NAME }</label><input id="class-name" value={(*name).clone()} oninput={on_name} autocomplete="off" /></p>
            // Above the lessons, of which there are more than a screen holds.
            <p class="field"><label for="class-link">{ words::CLASS_LINK }</label><input id="class-link" readonly=true value={if chosen.is_empty() { String::new() } else { link.clone() }} placeholder={words::CLASS_CHOOSE} /></p>
            <div class="actions">
                <button class="act" disabled={chosen.is_empty()} onclick={copying(link, said.setter())}>{ crate::words::COPY }</button>
                <span role="status">{ *said }</span>
            </div>
            <fieldset class="class-lessons">
                <legend>{ words::CLASS_LESSONS }</legend>
                { for lessons.map(|lesson| {
                    let (slug, chosen) = (lesson.slug.clone(), chosen.clone());
                    let checked = chosen.contains(&slug);
                    let onchange = Callback::from(move |_: Event| {
                        let mut next = (*chosen).clone();
                        if checked {
                            next.retain(|one| *one != slug);
                        } else {
                            next.push(slug.clone());
                        }
                        chosen.set(next);
                    });
                    html! { <label><input type="checkbox" {checked} {onchange} />{ &lesson.title }</label> }
                }) }
            </fieldset>
        </Dialog>
    }
}

/// Packs what is handed in under a name, unless another name has been typed by then.
async fn pack(
    page: Page,
    name: String,
    newest: Rc<RefCell<u32>>,
    packed: UseStateSetter<Option<Result<String, String>>>,
) {
    let number = *newest.borrow();
    let made = teaching::packed(&page, &name).await;
    if *newest.borrow() == number {
        packed.set(Some(made));
    }
}

/// Hands in what was done in the open lesson.
#[component]
pub(super) fn HandInDialog(props: &LessonsProps) -> Html {
    let page = &props.page;
    let name = use_state(|| remembered(NAME).unwrap_or_default());
    let said = use_state(|| "");
    let packed = use_state(|| None::<Result<String, String>>);
    {
        let (page, packed) = (page.clone(), packed.setter());
        let newest = use_mut_ref(|| 0u32);
        use_effect_with((*name).clone(), move |name| {
            *newest.borrow_mut() += 1;
            spawn_local(pack(page, name.clone(), newest, packed));
        });
    }
    let on_name = {
        let name = name.setter();
        Callback::from(move |event: InputEvent| {
            remember(NAME, &value(&event));
            name.set(value(&event));
        })
    };
    let ready = (!name.trim().is_empty())
        .then_some(&*packed)
        .and_then(Option::as_ref);
    let content = match ready {
        Some(Ok(text)) => {
            let save = {
                let (page, name, text) = (page.clone(), (*name).clone(), text.clone());
                Callback::from(move |_: MouseEvent| teaching::save(&page, &name, &text))
            };
            let link = format!("{}{text}", teaching::page_address());
            html! { <>
                <button class="act" id="hand-in-file" onclick={save}>{ words::SAVE }</button>
                <button id="hand-in-link" onclick={copying(link, said.setter())}>{ words::COPY_LINK }</button>
                <span role="status">{ *said }</span>
            </> }
        }
        Some(Err(message)) => html! { <p class="failure">{ message }</p> },
        None => html! { <button class="act" disabled=true>{ words::SAVE }</button> },
    };
    html! {
        <Dialog title={words::HAND_IN} on_close={close(page)} class="lessons-dialog">
            <p>{ words::HAND_IN_ABOUT }</p>
            <p class="field"><label for="hand-in-name">{ words::YOUR_NAME }</label><input id="hand-in-name" autofocus=true value={(*name).clone()} oninput={on_name} autocomplete="name" /></p>
            <div class="actions">{ content }</div>
        </Dialog>
    }
}

/// What a class handed in.
#[component]
pub(super) fn HandedInDialog(props: &LessonsProps) -> Html {
    let forget = {
        let page = props.page.clone();
        Callback::from(move |_: MouseEvent| teaching::forget(&page))
    };
    html! {
        <Dialog title={words::HANDED_IN} on_close={close(&props.page)} class="lessons-dialog handed-in">
            <div class="lesson-table" tabindex="0" role="region" aria-label={words::HANDED_IN}>
                <table>
                    <thead><tr>
                        { for words::COLUMNS.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                        <th><span class="hidden">{ words::OPEN }</span></th>
                    </tr></thead>
                    <tbody>{ for props.lessons.handed_in.iter().map(|one| row(&props.page, one)) }</tbody>
                </table>
            </div>
            <p class="note">{ words::FORGET_ABOUT }</p>
            <div class="actions"><button onclick={forget}>{ words::FORGET }</button></div>
        </Dialog>
    }
}

fn row(page: &Page, one: &Rc<HandedIn>) -> Html {
    let trouble = match &one.trouble {
        None if one.checked => html! { <span class="note">{ words::CHECKED }</span> },
        None => html! { <span class="note">{ words::BEING_CHECKED }</span> },
        Some(Trouble::Unreadable) => html! { <p class="failure">{ words::UNREADABLE }</p> },
        Some(Trouble::Changed) => html! { <p class="failure">{ words::CHANGED }</p> },
        Some(Trouble::Foreign) => html! { <p class="failure">{ words::FOREIGN }</p> },
        Some(Trouble::Fails(fails)) => html! {
            <>{ for fails.iter().map(|(step, found)| html! { <p class="failure">{ words::fails(step, found) }</p> }) }</>
        },
    };
    let Some(hand_in) = one.hand_in.clone() else {
        return html! { <tr><th scope="row">{ &one.file }</th><td colspan="6">{ trouble }</td></tr> };
    };
    let place = match hand_in.stuck() {
        Some(step) => words::place(hand_in.taken.len(), &step.id),
        None if hand_in.done() >= hand_in.steps => words::FINISHED.to_owned(),
        None => String::new(),
    };
    let with_state = hand_in.taken.iter().enumerate();
    let with_state: Vec<usize> = with_state
        .filter(|(_, taken)| taken.end.is_some())
        .map(|(step, _)| step)
        .collect();
    let open = |step: usize| {
        let (page, hand_in) = (page.clone(), hand_in.clone());
        let name = words::open_step(&hand_in.name, step + 1);
        let onclick = Callback::from(move |_: MouseEvent| teaching::look_at(&page, &hand_in, step));
        html! { <button class="small" {onclick} aria-label={name}>{ step + 1 }</button> }
    };
    let played = hand_in.taken.iter().filter(|step| step.played).count();
    let hints = hand_in.taken.iter().map(|step| step.hints).sum();
    html! {
        <tr>
            <th scope="row">{ &hand_in.name }</th>
            <td>{ &hand_in.title }</td>
            <td>{ words::steps_done(hand_in.done(), hand_in.steps) }{ " " }{ trouble }</td>
            <td class="number">{ words::time(hand_in.duration()) }</td>
            <td>{ words::helped(hints, played) }</td>
            <td>{ place }</td>
            <td class="handed-states">
                if !with_state.is_empty() {
                    <span class="note">{ words::AFTER }</span>
                }
                { for with_state.into_iter().map(open) }
            </td>
        </tr>
    }
}
