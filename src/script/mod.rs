//! The revision scripts of a project: the graph that they form, the folder that holds them, the
//! template from which new ones are written.

pub mod revision;
