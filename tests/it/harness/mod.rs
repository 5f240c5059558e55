//! Deployments to test, clients for their surfaces, checks for what they answer.

mod check;
mod connectnow;
mod documents;
mod hook;
mod http;
mod imbee;
mod odoo;
mod process;
mod stack;
mod stream;
mod tenant;
mod voipbin;
mod zenvia;

pub use check::{
    connectnow_time, eventually, eventually_within, hex, imbee_time, is, keys, number, odoo_time, rfc3339, settings,
    texts, uuid, voipbin_time,
};
pub use connectnow::ConnectNow;
pub use documents::{Call, calls};
pub use hook::{Got, Hook, Reaction};
pub use http::{Ask, Http, Reply};
pub use imbee::{Guest, body, device};
pub use odoo::{Odoo, error, result, rpc};
pub use process::{Options, Parlance, bin_dir, command, program, seeing, spawn};
pub use stack::{Deployment, at, env, fresh_database, home, run, xtask, xtask_with};
pub use stream::{Event, Events, Socket};
pub use tenant::{Tenant, User, unique};
pub use voipbin::{VoipBin, chat_body, message_body};
pub use zenvia::{Department, Zenvia, ZenviaBot, received, refused};

/// Runs each body on every deployment, each time as a new tenant.
macro_rules! on_each_stack {
    ($($(#[doc = $doc:literal])* async fn $name:ident($t:ident: Tenant) $body:block)*) => {
        $(
            $(#[doc = $doc])*
            async fn $name($t: $crate::harness::Tenant) $body

            mod $name {
                #[test]
                fn sqlite() {
                    $crate::harness::run("sqlite", super::$name);
                }

                #[test]
                fn postgres() {
                    $crate::harness::run("postgres", super::$name);
                }

                #[test]
                fn split() {
                    $crate::harness::run("split", super::$name);
                }
            }
        )*
    };
}
