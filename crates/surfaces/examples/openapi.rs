//! Writes the OpenAPI documents into a directory; `cargo xtask openapi` runs it on `docs/openapi`.

use std::io::{Error, Result, Write as _};
use std::path::PathBuf;

fn main() -> Result<()> {
    let dir = std::env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| Error::other("say into which directory"))?;
    std::fs::create_dir_all(&dir)?;
    let mut wrong = Vec::new();
    for (name, document) in surfaces::openapi::documents() {
        match document {
            Ok(document) => std::fs::write(dir.join(format!("{name}.json")), surfaces::openapi::written(&document))?,
            Err(disagreements) => wrong.extend(disagreements),
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    writeln!(std::io::stderr(), "{}", wrong.join("\n"))?;
    Err(Error::other("tables and operations disagree"))
}
