//! VoIPBin: agents, chats, chatrooms and their messages.
//!
//! The vendor's 2022 document (seed 002) fixes five calls; the others, and the keys added later, are as its own clients
//! use them. Every failure a client causes is 400 without a body, every success is 200, and bodies are JSON whatever
//! their content type says. A chatroom is one participant's view of a chat, a chatroommessage that participant's view
//! of a message: both are drawn from the model, neither is stored.
//!
//! `table` holds every URL. What happened is drawn by `events`, which is built without the handlers too.

#[cfg(feature = "http")]
mod accesskeys;
#[cfg_attr(not(feature = "http"), expect(dead_code, reason = "handlers read what events only write"))]
mod address;
#[cfg(feature = "http")]
mod agent;
#[cfg(feature = "http")]
mod agent_changes;
#[cfg(feature = "http")]
mod agent_list;
#[cfg(feature = "http")]
mod agents;
#[cfg(feature = "http")]
mod auth;
#[cfg(feature = "http")]
mod chatmessages;
#[cfg(feature = "http")]
mod chatroommessages;
#[cfg(feature = "http")]
mod chatrooms;
#[cfg(feature = "http")]
mod chats;
#[cfg(feature = "openapi")]
mod coverage;
#[cfg(feature = "http")]
mod error;
pub mod events;
#[cfg_attr(not(feature = "http"), expect(dead_code, reason = "handlers read what events only write"))]
mod extras;
#[cfg(feature = "http")]
mod ids;
#[cfg(feature = "http")]
mod json;
#[cfg(feature = "http")]
mod login;
#[cfg(feature = "http")]
mod me;
mod medias;
#[cfg(feature = "http")]
mod names;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
#[cfg(feature = "http")]
mod page;
#[cfg(feature = "http")]
mod participants;
#[cfg(feature = "http")]
mod permission;
#[cfg(feature = "http")]
mod ping;
#[cfg(feature = "http")]
mod posting;
#[cfg(feature = "http")]
mod service_agents;
#[cfg(feature = "http")]
mod table;
#[cfg_attr(not(feature = "http"), expect(dead_code, reason = "handlers read what events only write"))]
mod time;
#[cfg(feature = "http")]
mod topics;
mod wire;
#[cfg(feature = "http")]
mod ws;

#[cfg(feature = "http")]
pub use table::table;
pub use wire::{Keys, Names, names_author};
