//! Whole stacks, driven over HTTP. `cargo xtask test` provides what they need.

#[cfg(test)]
#[macro_use]
mod harness;

#[cfg(test)]
mod connectnow;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod events;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod imbee;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod layering;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod model;
#[cfg(test)]
mod native;
#[cfg(test)]
mod odoo;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod tracing;
#[cfg(test)]
mod unreachable;
#[cfg(test)]
mod upgrades;
#[cfg(test)]
mod voipbin;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod zenvia;
