//! An editor for one file: CodeMirror in an empty element that Yew leaves alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::Diagnostic;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::bundle::{Bundle, Handle, language_of};
use super::{Note, Reveal, bundle as editor, line_that_starts};
use crate::page::Page;

/// Where an editor puts its handle, for a button beside it.
#[derive(Clone, Default)]
pub struct Source(Rc<Sourced>);

#[derive(Default)]
struct Sourced {
    handle: RefCell<Option<Handle>>,
    /// What was put there before there was an editor.
    waiting: RefCell<Option<String>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Source {
    /// The editor's text, once there is an editor.
    pub fn text(&self) -> Option<String> {
        self.0.handle.borrow().as_ref().map(Handle::text)
    }

    /// Puts a text into the editor, and the keyboard too; as soon as there is an editor.
    pub fn put(&self, text: &str) {
        match &*self.0.handle.borrow() {
            Some(handle) => {
                handle.replace(text);
                handle.focus();
            }
            None => *self.0.waiting.borrow_mut() = Some(text.to_owned()),
        }
    }

    fn set(&self, handle: Handle) {
        *self.0.handle.borrow_mut() = Some(handle);
        let waiting = self.0.waiting.borrow_mut().take();
        if let Some(text) = waiting {
            self.put(&text);
        }
    }
}

/// Component properties of an editor.
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// The page.
    pub page: Page,
    /// Path of the file; none for a box of its own, such as the one for SQL.
    #[prop_or_default]
    pub path: Option<Rc<str>>,
    /// Hash of the file's contents, so that a command's change is read again.
    #[prop_or_default]
    pub hash: String,
    /// Number of the workspace.
    #[prop_or_default]
    pub generation: u32,
    /// What to underline.
    #[prop_or_default]
    pub diagnostics: Rc<Vec<Diagnostic>>,
    /// What stands under a line.
    #[prop_or_default]
    pub note: Option<Rc<Note>>,
    /// Where to go.
    #[prop_or_default]
    pub reveal: Option<Rc<Reveal>>,
    /// What the line starts with that is marked and brought into sight when the file opens.
    #[prop_or_default]
    pub marked: Option<&'static str>,
    /// Its accessible name.
    pub label: AttrValue,
    /// Language of a box without a path.
    #[prop_or_default]
    pub language: &'static str,
    /// Ctrl+Enter, with the text.
    #[prop_or_default]
    pub on_submit: Callback<String>,
    /// Takes the editor's handle.
    #[prop_or_default]
    pub source: Option<Source>,
}

struct Inside {
    handle: RefCell<Option<Handle>>,
    path: RefCell<Option<Rc<str>>>,
    opened: Cell<u32>,
    submit: RefCell<Callback<String>>,
    _closures: RefCell<Vec<Closure<dyn FnMut()>>>,
}

impl Inside {
    fn text(&self) -> String {
        self.handle
            .borrow()
            .as_ref()
            .map(Handle::text)
            .unwrap_or_default()
    }
}

/// An editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let element = use_node_ref();
    let loaded = use_state(|| false);
    let failed = use_state(|| None::<String>);
    let opened = use_state(|| 0u32);
    let inside = use_memo((), |()| Inside {
        handle: RefCell::default(),
        path: RefCell::default(),
        opened: Cell::new(0),
        submit: RefCell::default(),
        _closures: RefCell::default(),
    });
    *inside.submit.borrow_mut() = props.on_submit.clone();

    // Once: load the bundle, make the editor.
    {
        let (inside, element, loaded, failed) = (
            inside.clone(),
            element.clone(),
            loaded.clone(),
            failed.clone(),
        );
        let (page, label, language) = (props.page.clone(), props.label.clone(), props.language);
        let small = props.path.is_none() && !language.is_empty();
        let source = props.source.clone();
        use_effect_with((), move |()| {
            let ending = inside.clone();
            spawn_local(async move {
                let bundle = match editor::load().await {
                    Ok(bundle) => bundle,
                    Err(reason) => {
                        failed.set(Some(reason));
                        return;
                    }
                };
                let Some(host) = element.cast::<web_sys::Element>() else {
                    return;
                };
                let options = js_sys::Object::new();
                let set = |name: &str, value: &JsValue| {
                    let _ = js_sys::Reflect::set(&options, &name.into(), value);
                };
                let changed = {
                    let (inside, page) = (inside.clone(), page.clone());
                    let bundle = JsValue::from(bundle.clone());
                    Closure::<dyn FnMut()>::new(move || {
                        let (asking, bundle) = (page.clone(), bundle.clone());
                        spawn_local(async move {
                            if let Some(json) = asking.completions().await {
                                bundle.unchecked_into::<Bundle>().offer(&json);
                            }
                        });
                        let path = inside.path.borrow().clone();
                        if let Some(path) = path {
                            let source = inside.clone();
                            page.edited(&path, Rc::new(move || source.text()));
                        }
                    })
                };
                let submit = {
                    let inside = inside.clone();
                    Closure::<dyn FnMut()>::new(move || {
                        let submit = inside.submit.borrow().clone();
                        submit.emit(inside.text());
                    })
                };
                set("change", changed.as_ref());
                set("submit", submit.as_ref());
                set("label", &JsValue::from_str(&label));
                set("language", &JsValue::from_str(language));
                set("small", &JsValue::from_bool(small));
                let handle = bundle.create(&host, &options);
                if let Some(source) = source {
                    source.set(handle.clone());
                }
                *inside.handle.borrow_mut() = Some(handle);
                *inside._closures.borrow_mut() = vec![changed, submit];
                loaded.set(true);
            });
            move || {
                if let Some(handle) = ending.handle.borrow_mut().take() {
                    handle.close();
                }
            }
        });
    }

    // Another file, or the same one changed by a command.
    {
        let (inside, page, opened) = (inside.clone(), props.page.clone(), opened.clone());
        let label = props.label.clone();
        let key = (
            props.path.clone(),
            props.hash.clone(),
            props.generation,
            *loaded,
        );
        let known = use_mut_ref(|| None::<(Option<Rc<str>>, u32)>);
        use_effect_with(key, move |(path, hash, generation, loaded)| {
            if *loaded && let Some(path) = path.clone() {
                let identity = (Some(path.clone()), *generation);
                let another = known.borrow().as_ref() != Some(&identity);
                if another {
                    // The text of the file before goes to the worker with its own path.
                    page.flush();
                    *inside.path.borrow_mut() = None;
                    *known.borrow_mut() = Some(identity.clone());
                }
                if another || !(page.knows(&path, hash) || page.is_dirty(&path)) {
                    let hash = hash.clone();
                    spawn_local(async move {
                        let Some(text) = page.read(&path).await else {
                            return;
                        };
                        if known.borrow().as_ref() != Some(&identity) || page.is_dirty(&path) {
                            return;
                        }
                        if let Some(handle) = &*inside.handle.borrow() {
                            if another {
                                handle.open(&text, language_of(&path), &format!("{label}: {path}"));
                            } else {
                                handle.replace(&text);
                            }
                        }
                        page.note(&path, &hash);
                        *inside.path.borrow_mut() = Some(path);
                        inside.opened.set(inside.opened.get() + 1);
                        opened.set(inside.opened.get());
                    });
                }
            }
        });
    }

    // What to underline.
    {
        let inside = inside.clone();
        let path = props.path.clone();
        use_effect_with(
            (props.diagnostics.clone(), *opened),
            move |(diagnostics, opened)| {
                let here: Vec<&Diagnostic> = diagnostics
                    .iter()
                    .filter(|diagnostic| Some(diagnostic.place.path.as_str()) == path.as_deref())
                    .collect();
                if *opened > 0
                    && let Some(handle) = &*inside.handle.borrow()
                {
                    handle.diagnose(&serde_json::to_string(&here).unwrap_or_default());
                }
            },
        );
    }

    // What stands under a line.
    {
        let inside = inside.clone();
        let path = props.path.clone();
        use_effect_with((props.note.clone(), *opened), move |(note, opened)| {
            if *opened > 0
                && let Some(handle) = &*inside.handle.borrow()
            {
                let here = note
                    .as_ref()
                    .filter(|note| Some(&*note.path) == path.as_deref());
                match here {
                    Some(note) => handle.note(note.line, &note.text),
                    None => handle.note(0, ""),
                }
            }
        });
    }

    // The line to look at.
    {
        let inside = inside.clone();
        use_effect_with((props.marked, *opened), move |(marked, opened)| {
            if *opened > 0
                && let Some(handle) = &*inside.handle.borrow()
            {
                let line = marked
                    .and_then(|start| line_that_starts(&handle.text(), start))
                    .unwrap_or(0);
                handle.mark(line, line);
            }
        });
    }

    // Where to go: once for each time it is asked, when the file is there.
    {
        let inside = inside.clone();
        let seen = use_mut_ref(|| 0u32);
        use_effect_with((props.reveal.clone(), *opened), move |(reveal, _)| {
            if let Some(reveal) = reveal
                && inside.path.borrow().as_deref() == Some(&*reveal.path)
                && *seen.borrow() != reveal.count
                && let Some(handle) = &*inside.handle.borrow()
            {
                *seen.borrow_mut() = reveal.count;
                handle.reveal(reveal.line);
                // Who types commands goes on typing commands: a failure's place is shown only.
                let typing = gloo::utils::document()
                    .active_element()
                    .is_some_and(|element| element.id() == "console-input");
                if !typing {
                    handle.focus();
                }
            }
        });
    }

    html! {
        <>
            if let Some(message) = &*failed {
                <p class="failure">{ message }</p>
            }
            <div class="editor" ref={element} data-path={props.path.clone().map(|path| AttrValue::from(path.to_string()))}></div>
        </>
    }
}
