//! One function a verb of Alembic's command line.
