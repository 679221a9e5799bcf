//! The page's one reducer.
