//! Where the servers keep their data: in the directory asked for, or, if their accounts cannot enter that (a checkout under
//! `/root`), in a temporary one that a note in the first points to.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use nix::unistd::geteuid;

use super::{Account, Tuning, account};

const NOTE: &str = "servers-are-in";

/// The base noted in `dir`, if servers were made there.
pub fn chosen(dir: &Path) -> Option<PathBuf> {
    std::fs::read_to_string(dir.join(NOTE)).ok().map(|text| PathBuf::from(text.trim_end_matches('\n')))
}

/// The base for `dir`; the first choice is kept.
pub fn choose(dir: &Path, tuning: Tuning) -> Result<PathBuf> {
    let dir = dir.canonicalize()?;
    if let Some(base) = chosen(&dir).filter(|base| base.is_dir()) {
        return Ok(base);
    }
    let base = first_usable(&dir, tuning)?;
    std::fs::write(dir.join(NOTE), format!("{}\n", base.display()))?;
    Ok(base)
}

fn first_usable(dir: &Path, tuning: Tuning) -> Result<PathBuf> {
    let accounts = [Account::named("postgres")?, Account::named("rabbitmq")?];
    let usable = |base: &Path| accounts.iter().all(|a| account::can_enter(a.as_ref(), base));
    if usable(dir) {
        return Ok(dir.to_path_buf());
    }
    let name = format!("parlance-{:016x}", fnv(dir.as_os_str().as_encoded_bytes()));
    let (temporary, lasting) = (std::env::temp_dir(), PathBuf::from("/var/tmp"));
    let roots = if tuning == Tuning::Durable { [lasting, temporary] } else { [temporary, lasting] };
    for base in roots.map(|root| root.join(&name)) {
        if own_dir(&base).is_ok() && usable(&base) {
            eprintln!("servers keep their data in {}: their accounts cannot enter {}", base.display(), dir.display());
            return Ok(base);
        }
    }
    bail!("the accounts postgres and rabbitmq can enter neither {} nor a temporary directory", dir.display())
}

/// Makes `base`, or accepts it if it is a directory of ours: anybody may put something at a name in `/tmp`.
fn own_dir(base: &Path) -> Result<()> {
    if let Err(error) = std::fs::create_dir(base) {
        let found = std::fs::symlink_metadata(base).with_context(|| format!("{}: {error}", base.display()))?;
        ensure!(found.is_dir() && found.uid() == geteuid().as_raw(), "{} belongs to somebody else", base.display());
    }
    // Whatever the umask says: the accounts go through it to directories of their own.
    std::fs::set_permissions(base, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// FNV-1a: the same directory gives the same name in every version of the compiler.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
