//! alembic.ini, and the command line.
