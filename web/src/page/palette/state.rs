//! What lies over the page.

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette,
    /// The sheet of keys.
    Keys,
}

/// What lies over the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaletteState {
    /// The palette or the sheet of keys, where one is open.
    pub overlay: Option<Overlay>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum PaletteAction {
    /// Something is to lie over the page, or nothing more.
    Overlay(Option<Overlay>),
}

impl PaletteState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: PaletteAction) {
        match action {
            PaletteAction::Overlay(overlay) => self.overlay = overlay,
        }
    }
}
