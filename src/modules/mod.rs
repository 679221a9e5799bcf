//! What user code imports, as native values.
