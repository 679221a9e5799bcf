//! Limbeck in a browser tab: what the page and the worker share.
