//! Whole stacks driven over HTTP; everything is in `it/`.
