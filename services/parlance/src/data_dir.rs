//! The data directory: one serving process, its secrets, its credentials file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use surfaces::operator::tenants::CredentialsFile;

/// A data directory. Nothing is locked yet.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

/// The right to serve from a data directory: an advisory lock of the system, gone with the process.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataDir {
    /// Makes the directory, for this user alone, unless it is there.
    ///
    /// # Errors
    /// A path that cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.with_context(|| format!("cannot make the data directory {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
        Ok(Self(path))
    }

    /// Takes the right to serve.
    ///
    /// # Errors
    /// Another process has it.
    pub fn lock(&self) -> anyhow::Result<DataLock> {
        let path = self.path("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(DataLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!("another parlance process serves the data directory {}", self.0.display())
            }
            Err(TryLockError::Error(e)) => Err(e).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// A path inside.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The SQLite URL of a service's file.
    pub fn sqlite_url(&self, service: &str) -> String {
        format!("sqlite://{}", self.path(&format!("{service}.db")).display())
    }

    /// The secret in the file `name`, if there is one.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn secret(&self, name: &str) -> anyhow::Result<Option<String>> {
        match std::fs::read_to_string(self.path(name)) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e).with_context(|| format!("cannot read {}", self.path(name).display())),
        }
    }

    /// The secret in the file `name`, made when there is none.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn secret_or_new(&self, name: &str) -> anyhow::Result<String> {
        if let Some(secret) = self.secret(name)? {
            return Ok(secret);
        }
        let secret = hex::encode(rand::random::<[u8; 32]>());
        self.write(name, &format!("{secret}\n"))?;
        Ok(secret)
    }

    /// The credentials of the first start's tenant, if they were written.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn credentials(&self) -> anyhow::Result<Option<CredentialsFile>> {
        let Some(text) = self.secret("credentials.json")? else { return Ok(None) };
        let path = self.path("credentials.json");
        Ok(Some(serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?))
    }

    /// Writes the credentials, readable by this user alone.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_credentials(&self, credentials: &CredentialsFile) -> anyhow::Result<()> {
        self.write("credentials.json", &(serde_json::to_string_pretty(credentials)? + "\n"))
    }

    /// Writes a file as a whole: a crash leaves the old one or the new one.
    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let (path, draft) = (self.path(name), self.path(&format!(".{name}.new")));
        let write = || {
            let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)?;
            File::open(&self.0)?.sync_all()
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_serves_one_process() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(&dir.path().join("data")).unwrap();
        let lock = data.lock().unwrap();
        assert!(data.lock().unwrap_err().to_string().contains("another parlance process"));
        drop(lock);
        data.lock().unwrap();
    }

    #[test]
    fn a_secret_stays_what_it_was_made() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path()).unwrap();
        assert_eq!(data.secret("root-token").unwrap(), None);
        let made = data.secret_or_new("root-token").unwrap();
        assert_eq!(made.len(), 64);
        assert_eq!(data.secret_or_new("root-token").unwrap(), made);
    }
}
