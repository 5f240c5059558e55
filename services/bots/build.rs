//! A migration that was added is embedded at the next build.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
