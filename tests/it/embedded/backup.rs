//! A backup under load, restored into a new directory: everything acknowledged before it is there, and the services agree.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::faults::{scene, verdict};
use crate::harness::*;

const SENDERS: usize = 8;
const CHATS: usize = 4;

/// What was acknowledged so far, and whether to go on.
#[derive(Default)]
struct Load {
    stop: AtomicBool,
    acknowledged: Mutex<Vec<String>>,
}

async fn send(t: Tenant, chats: Vec<String>, n: usize, load: Arc<Load>) {
    for turn in 0.. {
        if load.stop.load(Ordering::SeqCst) {
            return;
        }
        let text = format!("{n:02} {turn:06}");
        let body = message_body(&chats[(n + turn) % chats.len()], &t.admin.id, &text);
        let reply = t.voipbin().post("/v1.0/chatmessages", &body).key(text.replace(' ', "-")).send().await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        load.acknowledged.lock().unwrap().push(text);
    }
}

impl Load {
    fn so_far(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap().clone()
    }
}

/// Runs `parlance`; what it said to standard error, if it failed.
fn parlance(args: &[&str]) -> Result<(), String> {
    let output = command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_backup_under_load_is_one_moment_of_all_services() {
    let name = unique("backup");
    let [dir, copy, restored] = ["data", "copy", "restored"].map(|part| home().join(&name).join(part));
    let options = Options { env: vec![("PARLANCE__AUTH__HASH_MEMORY_KIB", "64".to_owned())], ..Options::default() };
    let mut process = Parlance::start(&dir, &options).unwrap();
    let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&process)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let t = runtime.block_on(Tenant::new(deployment));
    let (person, chats) = runtime.block_on(scene(&t, CHATS));

    let load = Arc::new(Load::default());
    let senders: Vec<_> = (0..SENDERS)
        .map(|n| runtime.spawn(send(t.moved_to(&process.base_url), chats.clone(), n, load.clone())))
        .collect();
    let more_than = |count: usize| {
        runtime.block_on(eventually("messages are acknowledged", || async {
            (load.so_far().len() > count).then_some(())
        }));
    };
    more_than(200);
    let before = load.so_far();
    parlance(&["backup", path(&copy), "--data-dir", path(&dir)]).unwrap();
    more_than(load.so_far().len() + 50);
    load.stop.store(true, Ordering::SeqCst);
    for sender in senders {
        runtime.block_on(sender).expect("nobody was refused");
    }
    assert!(process.stop().success(), "{}", process.errors());

    let again = parlance(&["backup", path(&copy), "--data-dir", path(&dir)]).unwrap_err();
    assert!(again.contains("is there already"), "{again}");
    for entry in copy.read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
    let over = parlance(&["restore", path(&copy), "--data-dir", path(&dir)]).unwrap_err();
    assert!(over.contains("is there already"), "{over}");
    parlance(&["restore", path(&copy), "--data-dir", path(&restored)]).unwrap();
    // Nothing is told twice: inboxes know what they had.
    parlance(&["republish", "--data-dir", path(&restored)]).unwrap();

    let process = Parlance::start(&restored, &options).unwrap();
    let t = t.moved_to(&process.base_url);
    let person = person.moved_to(&t);
    runtime.block_on(async {
        let (mut stored, mut all) = (HashSet::new(), 0);
        for chat in &chats {
            let messages = t.messages(chat).await;
            for (at, message) in messages.iter().enumerate() {
                assert_eq!(message["seq"].as_u64(), Some(at as u64 + 1), "no gaps");
            }
            all += messages.len();
            stored.extend(texts(&messages, "text"));
        }
        assert_eq!(stored.len(), all, "nothing is there twice");
        let lost: Vec<&String> = before.iter().filter(|text| !stored.contains(*text)).collect();
        assert!(lost.is_empty(), "acknowledged before the backup and lost: {lost:?}");
        assert!(all < load.so_far().len(), "the backup is of a moment while messages were sent");
        verdict::last_activity_agrees(&t, &person, &chats).await;
        verdict::nothing_is_parked(&t).await;
    });
}
