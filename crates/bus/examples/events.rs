//! Writes what describes the events into a directory; `cargo xtask events` runs it on `docs`.

use std::io::{Error, Result};
use std::path::PathBuf;

fn main() -> Result<()> {
    let docs = std::env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| Error::other("say into which directory"))?;
    for (name, text) in bus::asyncapi::files().map_err(Error::other)? {
        std::fs::write(docs.join(name), text)?;
    }
    Ok(())
}
