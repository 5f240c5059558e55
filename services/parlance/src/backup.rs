//! Backup and restore of a data directory, and the second publishing of events after a restore of databases alone.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use domain::Clock;
use runtime::Context;
use serde::{Deserialize, Serialize};
use store::Copied;

use crate::cli::ServeArgs;
use crate::settings::{Effective, SERVICES, place};

/// Dependents before those they ask: whoever holds the right to write to one and asks another never waits for us.
const ORDER: [&str; 6] = ["realtime", "bots", "messages", "chats", "users", "auth"];
/// What the databases are of little use without. The first two are secrets that nothing can make anew.
const FILES: [&str; 3] = ["instance-key", "root-token", "credentials.json"];
/// Says that a directory is a whole backup.
const LABEL: &str = "backup.json";

/// What [`LABEL`] holds.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    version: String,
    made_at: String,
}

/// `parlance backup`: copies the data directory to `to`, as of one moment, whether or not a process serves it.
///
/// # Errors
/// Data in PostgreSQL, a target that is there already, what cannot be read or written.
pub fn backup(args: &ServeArgs, to: &Path) -> anyhow::Result<()> {
    let data = place(args)?;
    ensure!(data.join("auth.db").is_file(), "{} is no data directory with SQLite files", data.display());
    let made_at = Clock::system().now().to_string();
    whole(to, |draft| {
        let files = ORDER.map(|service| {
            let name = format!("{service}.db");
            Copied { from: data.join(&name), to: draft.join(name) }
        });
        store::snapshot(&files).context("cannot copy the databases")?;
        for file in &files {
            fs::set_permissions(&file.to, Permissions::from_mode(0o600))?;
        }
        for name in FILES {
            copy_private(&data.join(name), &draft.join(name))?;
        }
        let label = Label { version: env!("CARGO_PKG_VERSION").to_owned(), made_at };
        let text = serde_json::to_string_pretty(&label)? + "\n";
        private(&draft.join(LABEL))?.write_all(text.as_bytes())?;
        Ok(())
    })
}

/// `parlance restore`: makes the data directory from the backup in `from`.
///
/// # Errors
/// A data directory that is there already, a directory that is no backup, what cannot be read or written.
pub fn restore(args: &ServeArgs, from: &Path) -> anyhow::Result<String> {
    let data = place(args)?;
    let label = fs::read_to_string(from.join(LABEL));
    let label = label.with_context(|| format!("{} is no whole backup: it has no {LABEL}", from.display()))?;
    let label: Label = serde_json::from_str(&label).with_context(|| format!("{LABEL} is damaged"))?;
    whole(&data, |draft| {
        for name in ORDER.iter().map(|service| format!("{service}.db")) {
            ensure!(from.join(&name).is_file(), "the backup has no {name}");
            copy_private(&from.join(&name), &draft.join(&name))?;
        }
        FILES.iter().try_for_each(|name| copy_private(&from.join(name), &draft.join(name)))
    })?;
    Ok(format!("{} holds what {} of version {} did", data.display(), label.made_at, label.version))
}

/// `parlance republish`: what every service still has of its published events counts as unpublished again.
///
/// # Errors
/// Databases that cannot be opened; a process that serves the data directory.
pub async fn republish(cx: &Context, effective: &Effective) -> anyhow::Result<Vec<(&'static str, usize)>> {
    let _lock = effective.data.lock()?;
    let mut marked = Vec::new();
    for (service, own) in SERVICES.into_iter().zip(crate::stack::own_migrations()) {
        let settings = cx.config.section(&format!("{service}.database"))?;
        let db = store::Db::open(&settings, service, &host::migrations(own), &cx.handle).await?;
        marked.push((service, bus::outbox::republish(&db).await?));
        db.close();
    }
    Ok(marked)
}

/// Makes the directory `at` by `fill`: it is there as a whole, or not at all.
fn whole(at: &Path, fill: impl FnOnce(&Path) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let taken = match fs::read_dir(at) {
        Ok(mut entries) => entries.next().is_some(),
        Err(e) => e.kind() != io::ErrorKind::NotFound,
    };
    ensure!(!taken, "{} is there already", at.display());
    let name = at.file_name().with_context(|| format!("{} names no directory", at.display()))?;
    let parent = at.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft: PathBuf = parent.join(format!(".{}.partial", name.to_string_lossy()));
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    if draft.exists() {
        bail!("{} is there: another command is under way, or one was interrupted; remove it then", draft.display());
    }
    DirBuilder::new().mode(0o700).create(&draft).with_context(|| format!("cannot make {}", draft.display()))?;
    let filled = fill(&draft).and_then(|()| {
        File::open(&draft)?.sync_all()?;
        // An empty directory may be there, and is replaced.
        fs::rename(&draft, at)?;
        File::open(parent)?.sync_all()?;
        Ok(())
    });
    if filled.is_err() {
        let _ = fs::remove_dir_all(&draft);
    }
    filled.with_context(|| format!("cannot make {}", at.display()))
}

/// Copies a file for this user alone. A secret that comes from the environment has no file, and is kept where it comes from.
fn copy_private(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", from.display())),
    };
    let mut copy = private(to)?;
    io::copy(&mut source, &mut copy).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(copy.sync_all()?)
}

fn private(path: &Path) -> anyhow::Result<File> {
    let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    made.with_context(|| format!("cannot write {}", path.display()))
}
