//! How Python's built-in values are written as text and read from it: `repr()`, the `%` operator, `format()`'s
//! specifications, `int()`, dates and times. Equal to CPython 3.11; `tests/oracle/text_formatting.py` compares random values.

pub mod characters;
pub mod integer;
pub mod moment;
pub mod percent;
pub mod repr;
pub mod specification;
