//! The kernel, on both engines.

#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod transactions;
