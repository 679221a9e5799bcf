//! What all crates of the engine share: the interface to the outside ([`host`]), events ([`event`]), errors
//! ([`diagnostic`]), Python's text forms ([`formatting`]), `logging` and `re`, the calendar. Nothing here does input or
//! output, and nothing knows a database.

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
pub mod resource;
pub mod run;
pub mod socket;
