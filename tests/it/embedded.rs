//! The all-in-one as a program: starting, stopping, dying, and what is left then.

mod crash;
mod disk_full;
mod pages;
mod start;
