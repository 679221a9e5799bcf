//! Revision files on disk and the graph they make.
