//! Writes the OpenAPI documents and the coverage pages into a directory; `cargo xtask openapi` runs it on `docs`.

use std::io::{Error, Result, Write as _};
use std::path::PathBuf;

fn main() -> Result<()> {
    let docs = std::env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| Error::other("say into which directory"))?;
    let (documents, pages) = (docs.join("openapi"), docs.join("coverage"));
    std::fs::create_dir_all(&documents)?;
    std::fs::create_dir_all(&pages)?;
    let mut wrong = Vec::new();
    for (name, document) in surfaces::openapi::documents() {
        match document {
            Ok(document) => {
                std::fs::write(documents.join(format!("{name}.json")), surfaces::openapi::written(&document))?;
            }
            Err(disagreements) => wrong.extend(disagreements),
        }
    }
    for (name, page) in surfaces::openapi::pages() {
        std::fs::write(pages.join(format!("{name}.md")), page)?;
    }
    if wrong.is_empty() {
        return Ok(());
    }
    writeln!(std::io::stderr(), "{}", wrong.join("\n"))?;
    Err(Error::other("tables and operations disagree"))
}
