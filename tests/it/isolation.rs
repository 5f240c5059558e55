//! Nothing of one tenant is seen or changed by another, and nobody calls without the right credential.
//!
//! The cases are made from the documents of the surfaces, which are made from their tables: a call that is served is in a
//! document, and a call in a document has its cases here. What a call needs that nobody thought of yet fails by its name.

mod cases;
mod collisions;
mod keys;
mod replay;
mod requests;
mod world;
