//! Everything that can be done from anywhere on the page, as one table: the command palette lists it,
//! the sheet of keys shows its keys, and the page's key handler looks them up in it.

use protocol::{KeepRequest, Request, Source};
use wasm_bindgen::JsCast as _;

use super::state::{Overlay, PaletteAction};
use super::words;
use crate::app::header::switch_theme;
use crate::app::state::{AppAction, Pane};
use crate::console::state::ConsoleAction;
use crate::database::state::{DatabaseAction, DatabaseTab};
use crate::files::state::FilesAction;
use crate::graph::state::GraphAction;
use crate::migrations::state::{MigrationsAction, ScriptTab};
use crate::page::Page;
use crate::share::effects::Export;
use crate::share::state::{ShareAction, Sharing};
use crate::share::words as share;
use crate::ui::menu::close_menus;

/// Something that can be done.
pub struct Act {
    /// A description, for the palette and the list of keys.
    pub title: &'static str,
    /// Its keys, such as `Ctrl+K`; several with a space between. `Ctrl` is `Cmd` too. A key without
    /// Ctrl or Alt is none in a field of text.
    pub keys: &'static str,
    /// The command line that it runs, or that stands for it.
    pub command: &'static str,
    /// What happens; where there is nothing, the command line is run.
    pub run: Option<fn(&Page)>,
}

/// Keys that belong to one place, for the sheet; their handlers are there.
pub struct LocalKeys {
    /// The keys.
    pub keys: &'static str,
    /// What they do, and where.
    pub title: &'static str,
}

const fn act(title: &'static str, keys: &'static str, run: fn(&Page)) -> Act {
    Act {
        title,
        keys,
        command: "",
        run: Some(run),
    }
}

const fn command(title: &'static str, command: &'static str) -> Act {
    Act {
        title,
        keys: "",
        command,
        run: None,
    }
}

/// The table.
pub const ACTIONS: &[Act] = &[
    Act {
        title: words::AUTOGENERATE,
        keys: "",
        command: "alembic revision --autogenerate -m …",
        run: Some(|_| click("#autogenerate")),
    },
    command(words::UPGRADE_HEAD, "alembic upgrade heads"),
    command(words::UPGRADE_ONE, "alembic upgrade +1"),
    command(words::DOWNGRADE_ONE, "alembic downgrade -1"),
    command(words::DOWNGRADE_BASE, "alembic downgrade base"),
    command(words::CHECK, "alembic check"),
    command(words::CURRENT, "alembic current --verbose"),
    command(words::HISTORY, "alembic history --verbose"),
    command(words::HEADS, "alembic heads --verbose"),
    command(words::BRANCHES, "alembic branches --verbose"),
    command(words::SQL, "alembic upgrade head --sql"),
    command(words::HELP, "help"),
    act(words::PALETTE, "Ctrl+K Ctrl+Shift+P", |page| {
        page.dispatch(PaletteAction::Overlay(Some(Overlay::Palette)));
    }),
    act(words::KEYS, "?", |page| {
        page.dispatch(PaletteAction::Overlay(Some(Overlay::Keys)));
    }),
    act(words::MODELS, "Alt+1", |page| page.go(Pane::Models)),
    act(words::MIGRATIONS, "Alt+2", |page| page.go(Pane::Migrations)),
    act(words::DATABASE, "Alt+3", |page| page.go(Pane::Database)),
    act(words::CONSOLE, "Alt+4 Ctrl+`", |page| {
        page.go(Pane::Console)
    }),
    act(words::EARLIER, "Alt+[", |page| page.step(-1)),
    act(words::LATER, "Alt+]", |page| page.step(1)),
    act(words::WORKSPACES, "", |_| click(".workspaces > summary")),
    act(words::DUPLICATE, "", |page| {
        let (name, from) = (String::new(), Source::Copy);
        page.do_change(Request::Keep(KeepRequest::New { name, from }), None);
    }),
    act(words::RESET, "", Page::do_reset),
    act(words::FILES, "Ctrl+B", |page| {
        page.dispatch(FilesAction::Tree(!page.state().files.tree));
    }),
    act(words::SEARCH, "Ctrl+Shift+F", |page| {
        page.dispatch(FilesAction::Search(true));
        // Also where the search is open already, and the keyboard elsewhere.
        if let Some(field) = gloo::utils::document().get_element_by_id("search-files")
            && let Ok(field) = field.dyn_into::<web_sys::HtmlInputElement>()
        {
            let _ = field.focus();
            field.select();
        }
    }),
    act(words::FIND_REVISION, "", |page| {
        page.dispatch(AppAction::Tab(Pane::Migrations));
        page.dispatch(GraphAction::Find(true));
    }),
    act(words::WIDE_MODELS, "", |page| wide(page, Pane::Models)),
    act(words::WIDE_MIGRATIONS, "", |page| {
        wide(page, Pane::Migrations)
    }),
    act(words::WIDE_DATABASE, "", |page| wide(page, Pane::Database)),
    act(words::STEPS, "", |page| {
        page.dispatch(AppAction::Tab(Pane::Migrations));
        page.dispatch(MigrationsAction::Tab(ScriptTab::Steps));
    }),
    act(words::SQL_PANES, "", |page| {
        page.dispatch(AppAction::Tab(Pane::Migrations));
        page.dispatch(MigrationsAction::Tab(ScriptTab::Sql));
    }),
    act(words::CHANGES, "", |page| {
        page.dispatch(AppAction::Tab(Pane::Database));
        page.dispatch(DatabaseAction::Tab(DatabaseTab::Changes));
    }),
    act(words::DIAGRAM, "", |page| {
        page.dispatch(AppAction::Tab(Pane::Database));
        page.dispatch(DatabaseAction::Tab(DatabaseTab::Diagram));
    }),
    act(words::ROUND_TRIPS, "", Page::round_trips),
    act(share::LINK, "Alt+S", |page| {
        page.dispatch(ShareAction::Dialog(Some(Sharing::Offer)));
    }),
    act(words::SHARE_ZIP, "", |page| page.export(Export::Zip)),
    act(words::SHARE_DATABASE, "", |page| {
        page.export(Export::Database)
    }),
    act(words::SHARE_SQL, "", |page| page.export(Export::Sql)),
    act(share::IMPORT, "", |page| page.choose(false)),
    act(share::FOLDER, "", |page| page.choose(true)),
    act(share::COMPARE, "", |page| page.choose_beside(false)),
    act(share::COMPARE_FOLDER, "", |page| page.choose_beside(true)),
    act(words::NEW_PROJECT, "", Page::new_project),
    act(
        crate::lessons::words::LIST,
        "",
        crate::lessons::opening::show_list,
    ),
    act(
        crate::lessons::words::MAKE,
        "",
        crate::lessons::authoring::make_lesson,
    ),
    act(
        crate::comments::words::TITLE,
        "",
        crate::comments::effects::toggle,
    ),
    act(crate::comments::words::ON_LINE, "Ctrl+Alt+M", |page| {
        crate::comments::effects::begin_on_line(page, None);
    }),
    act(words::TO_MODELS, "", Page::offer_models_of_database),
    act(words::STOP, "", Page::cancel),
    act(words::CLEAR, "", |page| page.dispatch(ConsoleAction::Clear)),
    act(words::THEME, "", |_| switch_theme()),
    // Everything is saved as it is typed; the browser's own "save page" would only confuse.
    act(words::SAVE, "Ctrl+S", Page::flush),
];

/// Keys of one place.
pub const LOCAL_KEYS: &[LocalKeys] = &[
    LocalKeys {
        keys: "Ctrl+Enter",
        title: words::KEY_SUBMIT,
    },
    LocalKeys {
        keys: "Escape",
        title: words::KEY_ESCAPE,
    },
    LocalKeys {
        keys: "Escape Tab",
        title: words::KEY_LEAVE,
    },
    LocalKeys {
        keys: "↑ ↓",
        title: words::KEY_ARROWS,
    },
    LocalKeys {
        keys: "Enter",
        title: words::KEY_MENU,
    },
    LocalKeys {
        keys: "← → ↑ ↓ + − 0",
        title: words::KEY_DIAGRAM,
    },
    LocalKeys {
        keys: "Tab",
        title: words::KEY_TAB,
    },
    LocalKeys {
        keys: "Space ← → Home End",
        title: words::KEY_PLAYER,
    },
    LocalKeys {
        keys: "Ctrl+C",
        title: words::KEY_STOP,
    },
    LocalKeys {
        keys: "Ctrl+L",
        title: words::KEY_CLEAR,
    },
    LocalKeys {
        keys: "Enter F2",
        title: words::KEY_CELL,
    },
    LocalKeys {
        keys: "Alt+N",
        title: words::KEY_NULL,
    },
    LocalKeys {
        keys: "Shift+↑ Shift+↓",
        title: words::KEY_SELECT,
    },
    LocalKeys {
        keys: "Enter Shift+← Shift+→",
        title: words::KEY_HEADERS,
    },
    LocalKeys {
        keys: "← → ↑ ↓ Enter",
        title: words::KEY_DIVIDER,
    },
    LocalKeys {
        keys: "Ctrl+F",
        title: words::KEY_FIND,
    },
];

fn wide(page: &Page, place: Pane) {
    let other = (page.state().app.wide != Some(place)).then_some(place);
    page.dispatch(AppAction::Wide(other));
}

fn click(selector: &str) {
    if let Ok(Some(element)) = gloo::utils::document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        element.click();
    }
}

impl Act {
    /// Does it.
    pub fn run(&self, page: &Page) {
        match self.run {
            Some(run) => run(page),
            None => page.command(self.command),
        }
    }
}

/// The keys of an event as the table writes them.
fn pressed(event: &web_sys::KeyboardEvent) -> String {
    let control = event.ctrl_key() || event.meta_key();
    let held = control || event.alt_key();
    let (key, code) = (event.key(), event.code());
    // With Alt a keyboard may give another letter: the key itself counts then.
    let name = match code.strip_prefix("Digit") {
        Some(digit) if held => digit.to_owned(),
        _ if held && code == "Backquote" => "`".to_owned(),
        _ if event.alt_key() && code == "BracketLeft" => "[".to_owned(),
        _ if event.alt_key() && code == "BracketRight" => "]".to_owned(),
        _ => match code.strip_prefix("Key") {
            Some(letter) if event.alt_key() => letter.to_owned(),
            _ if key.chars().count() == 1 => key.to_uppercase(),
            _ => key,
        },
    };
    let mut keys = String::new();
    for (is, modifier) in [
        (control, "Ctrl+"),
        (event.alt_key(), "Alt+"),
        (
            event.shift_key() && (held || name.chars().count() > 1),
            "Shift+",
        ),
    ] {
        if is {
            keys.push_str(modifier);
        }
    }
    keys + &name
}

fn in_text(event: &web_sys::KeyboardEvent) -> bool {
    // Inside an editor's shadow the target is hidden from the document.
    event
        .composed_path()
        .get(0)
        .dyn_into::<web_sys::Element>()
        .ok()
        .and_then(|element| {
            element
                .closest("input, textarea, select, [contenteditable]")
                .ok()
                .flatten()
        })
        .is_some()
}

/// Does what the keys of an event mean anywhere on the page; a dialog keeps them to itself.
pub fn on_key(page: &Page, event: &web_sys::KeyboardEvent) {
    if event.default_prevented() || event.is_composing() {
        return;
    }
    let keys = pressed(event);
    let dialog = gloo::utils::document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some();
    if dialog {
        return;
    }
    if keys == "Escape" {
        if !close_menus(None) {
            page.escape(in_text(event));
        }
        return;
    }
    let alone = !keys.starts_with("Ctrl+") && !keys.starts_with("Alt+");
    if alone && in_text(event) {
        return;
    }
    let found = ACTIONS
        .iter()
        .find(|act| act.keys.split(' ').any(|one| one == keys));
    if let Some(act) = found {
        event.prevent_default();
        act.run(page);
    }
}
