//! What every room of the engine shares: the outside ([`host`]), what it tells ([`event`]), its errors
//! ([`diagnostic`]), Python's text formats, `logging` and `re`, the calendar. Nothing here does input or output, and nothing knows a
//! database.

pub mod calendar;
pub mod diagnostic;
pub mod event;
pub mod exception;
pub mod formatting;
pub mod hash;
pub mod host;
pub mod logging;
pub mod order;
pub mod regex;
pub mod run;
