//! Zenvia: seed 001, and surfaces.md sections 2 and 7.

mod customers_side;
mod delivery;
mod examples;
mod handover;
mod lists;
mod messages;
mod refusals;
mod repeats;
mod siblings;
