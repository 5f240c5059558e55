//! VoIPBin: seed 002, and surfaces.md section 3.

mod access;
mod access_keys;
mod agents;
mod chats;
mod examples;
mod lists;
mod messages;
mod participants;
mod refusals;
mod rooms;
mod service_agents;
mod ws;

/// A UUID that names nothing.
const NOBODY: &str = "00000000-0000-4000-8000-000000000001";

/// Alive: VoIPBin's `tm_delete` of what is not deleted.
const ALIVE: &str = "9999-01-01 00:00:00.000000";
