//! Odoo: seed 004, and surfaces.md section 5.

mod books;
mod envelope;
mod examples;
mod groups;
mod lists;
mod logins;
mod messages;
mod oracle;
mod poll;
mod refusals;
mod windows;
