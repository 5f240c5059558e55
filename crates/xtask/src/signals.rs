//! Ctrl-C and its kin end a command by its ordinary way out, so that servers are stopped and files removed.

use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};

/// The number of the first signal that came; 0 until then.
static CAUGHT: AtomicU8 = AtomicU8::new(0);

const WATCHED: [(u8, &str); 3] = [(1, "SIGHUP"), (2, "SIGINT"), (15, "SIGTERM")];

/// Starts noting SIGHUP, SIGINT and SIGTERM in place of dying of them.
pub fn watch() {
    for (number, name) in WATCHED {
        std::thread::spawn(move || {
            let noted = tokio::runtime::Builder::new_current_thread().enable_io().build().and_then(|rt| {
                rt.block_on(async {
                    let mut coming = signal(SignalKind::from_raw(number.into()))?;
                    while coming.recv().await.is_some() {
                        let _ = CAUGHT.compare_exchange(0, number, Ordering::SeqCst, Ordering::SeqCst);
                    }
                    Ok(())
                })
            });
            if let Err(error) = noted {
                eprintln!("xtask: {name} is not watched: {error}");
            }
        });
    }
}

/// The signal that asked this command to end, if one did.
pub fn caught() -> Option<u8> {
    Some(CAUGHT.load(Ordering::SeqCst)).filter(|number| *number != 0)
}

/// An error once a signal came; called inside every wait.
pub fn check() -> Result<()> {
    if let Some(number) = caught() {
        let name = WATCHED.iter().find(|(n, _)| *n == number).map_or("a signal", |(_, name)| name);
        bail!("ended by {name}");
    }
    Ok(())
}
