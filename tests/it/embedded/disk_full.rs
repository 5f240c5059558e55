//! A full disk gives errors, not corruption; and when there is room again, service.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::harness::*;

/// A file system of its own, unmounted at the end.
struct Small(PathBuf);

impl Small {
    /// Needs the right to mount, which tests run as root have; without it, this says so and fails.
    fn mount(megabytes: usize) -> Self {
        let at = home().join(unique("disk"));
        std::fs::create_dir_all(&at).unwrap();
        let options = format!("size={megabytes}m,mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).output().unwrap();
        let why = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "a small file system cannot be mounted (root can): {why}");
        Self(at)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Fills what is left, to the last byte.
fn fill(path: &Path) {
    let zeros = std::fs::File::open("/dev/zero").unwrap();
    let mut file = std::fs::File::create(path).unwrap();
    let ended = std::io::copy(&mut std::io::Read::take(zeros, 1 << 30), &mut file);
    assert!(ended.is_err(), "the disk did not fill");
}

#[test]
fn a_full_disk_gives_errors_and_loses_nothing() {
    let disk = Small::mount(48);
    // Log and data lie on the same disk, as they would.
    let dir = disk.0.join("data");
    let mut process = Parlance::start(&dir, &Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (t, chat, acknowledged) = runtime.block_on(async {
        let t = Tenant::new(Box::leak(Box::new(Deployment::of(&process)))).await;
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let padding = "x".repeat(10_000);
        let mut acknowledged = Vec::new();
        fill(&disk.0.join("ballast"));
        let mut refused = 0;
        for n in 0..2_000 {
            let text = format!("{n} {padding}");
            let reply = admin.post("/v1.0/chatmessages", &message_body(&chat, &t.admin.id, &text)).send().await;
            match reply.status {
                200 => acknowledged.push(text),
                500..=599 => refused += 1,
                other => panic!("{other}: {}", reply.body),
            }
            if refused == 20 {
                break;
            }
        }
        assert_eq!(refused, 20, "a full disk is told: {} were stored", acknowledged.len());
        // Reading still works.
        assert_eq!(t.messages(&chat).await.len(), acknowledged.len());

        std::fs::remove_file(disk.0.join("ballast")).unwrap();
        let text = "there is room again";
        eventually_within(Duration::from_mins(1), "service returns with room", || async {
            let reply = admin.post("/v1.0/chatmessages", &message_body(&chat, &t.admin.id, text)).send().await;
            (reply.status == 200).then_some(())
        })
        .await;
        acknowledged.push(text.to_owned());
        (t, chat, acknowledged)
    });
    process.kill();
    for database in ["auth", "users", "chats", "messages", "realtime", "bots"] {
        let file = dir.join(format!("{database}.db"));
        let checked = Command::new("sqlite3").arg(&file).arg("PRAGMA integrity_check").output();
        let checked = checked.expect("sqlite3 is installed");
        assert_eq!(String::from_utf8_lossy(&checked.stdout).trim(), "ok", "{database}");
    }
    let process = Parlance::start(&dir, &Options::default()).unwrap();
    let stored = runtime.block_on(async { t.moved_to(&process.base_url).messages(&chat).await });
    assert_eq!(texts(&stored, "text"), acknowledged, "what was acknowledged, and nothing else");
    let places: Vec<i64> = stored.iter().map(|m| m["seq"].as_i64().unwrap()).collect();
    assert_eq!(places, (1..=i64::try_from(stored.len()).unwrap()).collect::<Vec<_>>());
}
