//! `limbeck`: Alembic's command line on a project on disk.

fn main() {}
