//! Files in place of a server: `<time>-<id>.<kind>` in a folder.

use std::path::Path;

use domain::Timestamp;

use super::Undelivered;

/// Writes a file that is either whole or not there.
pub(super) async fn put(dir: &Path, now: Timestamp, id: &str, kind: &str, content: Vec<u8>) -> Result<(), Undelivered> {
    let name = format!("{}-{id}.{kind}", now.naive().format("%Y%m%dT%H%M%S%.6fZ"));
    let (whole, part) = (dir.join(&name), dir.join(format!(".{name}.part")));
    let written = async {
        tokio::fs::create_dir_all(dir).await?;
        tokio::fs::write(&part, content).await?;
        tokio::fs::rename(&part, &whole).await
    };
    written.await.map_err(|e| Undelivered::NotNow(format!("cannot write {}: {e}", whole.display())))
}
