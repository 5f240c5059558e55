//! The split stack's databases are backed up while it serves, everything is lost, and they are restored: by the commands of
//! `docs/backup.md`, as they stand there.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::senders::{Sender, Sent, Stop};
use super::{OwnStack, scene, verdict};
use crate::harness::*;

const SENDERS: usize = 6;
const CHATS: usize = 4;
/// Who is started first after a restore.
const ORDER: [&str; 7] = ["auth", "users", "chats", "messages", "realtime", "bots", "gateway"];

/// The page's commands for PostgreSQL: those of the backup, and those of the restore.
fn commands() -> [String; 2] {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/backup.md")).unwrap();
    let blocks: Vec<String> = page
        .split("```sh servers\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("the block ends").0.to_owned())
        .collect();
    blocks.try_into().expect("a block for the backup and one for the restore")
}

/// What a running process was told.
fn environment(stack: &OwnStack, name: &str) -> HashMap<String, String> {
    let pid = std::fs::read_to_string(stack.dir().join("pids").join(name)).unwrap();
    let pid = pid.split(' ').next().unwrap();
    let environ = std::fs::read_to_string(format!("/proc/{pid}/environ")).unwrap();
    environ.split('\0').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// What somebody types into a shell in `place`.
fn shell(place: &Path, commands: &str, told: &HashMap<String, String>) {
    let path = format!("{}:{}", bin_dir().display(), env("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    let output = bash.args(["-e", "-o", "pipefail", "-c", commands]).envs(told).env("PATH", path).current_dir(place);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_split_stack_is_restored_from_its_databases_alone() {
    let stack = OwnStack::up("restore", "1");
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let t = runtime.block_on(Tenant::new(deployment));
    let (person, chats) = runtime.block_on(scene(&t, CHATS));
    // Each service's own database; and where the server is.
    let mut told = HashMap::new();
    for service in &ORDER[..6] {
        let name = format!("PARLANCE__{}__DATABASE__URL", service.to_uppercase());
        told.insert(name.clone(), environment(&stack, service)[&name].clone());
    }
    let server = told["PARLANCE__AUTH__DATABASE__URL"].trim_end_matches("/parlance_auth").to_owned();
    told.insert("SERVER".to_owned(), server);
    let place = stack.dir().join("backup");
    std::fs::create_dir_all(&place).unwrap();
    let [backup, restore] = commands();

    let stop = Arc::new(Stop::default());
    let senders: Vec<_> = (0..SENDERS)
        .map(|n| {
            let gateways = vec![t.moved_to(&deployment.base_url)];
            let sender = Sender { n, gateways, person: person.clone(), chats: chats.clone(), stop: stop.clone() };
            runtime.spawn(sender.run())
        })
        .collect();
    let more = |than: usize| {
        let goes_on = || async { (stop.acknowledged() > than + 100).then_some(()) };
        runtime.block_on(eventually("messages are acknowledged", goes_on));
    };
    more(100);
    // Everything that was acknowledged before the backup began is in it.
    let before: HashSet<String> = runtime.block_on(stored(&t, &chats)).into_iter().collect();
    shell(&place, &backup, &told);
    more(stop.acknowledged());
    stop.end();
    let sent: Vec<Sent> =
        senders.into_iter().map(|sender| runtime.block_on(sender).expect("no sender gave up")).collect();
    let acknowledged: usize = sent.iter().flat_map(|sent| &sent.acknowledged).map(Vec::len).sum();

    for name in ORDER.iter().rev() {
        stack.command(&["kill", name]);
    }
    // The broker's disk is lost, too.
    stack.command(&["kill", "rabbitmq"]);
    let base = std::fs::read_to_string(stack.dir().join("servers-are-in")).unwrap();
    for entry in Path::new(base.trim()).join("rabbitmq/data").read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
    }
    stack.command(&["start", "rabbitmq"]);
    shell(&place, &restore, &told);
    for name in ORDER {
        stack.command(&["start", name, "--wait"]);
    }

    runtime.block_on(async {
        let now = stored(&t, &chats).await;
        let there: HashSet<&String> = now.iter().collect();
        println!("{acknowledged} acknowledged, {} of them before the backup, {} restored", before.len(), now.len());
        assert_eq!(there.len(), now.len(), "nothing is there twice");
        let lost: Vec<&String> = before.iter().filter(|text| !there.contains(text)).collect();
        assert!(lost.is_empty(), "acknowledged before the backup and lost: {lost:?}");
        assert!(now.len() < acknowledged, "the backup is of a moment while messages were sent");
        // Where `chats` heard of messages that are lost, it goes on from the next one.
        for chat in &chats {
            t.voipbin().say(chat, &t.admin.id, &format!("after the restore, in {chat}")).await;
        }
        verdict::last_activity_agrees(&t, &person, &chats).await;
        verdict::nothing_is_parked(&t).await;
    });
}

/// Every text there is; places have no gaps.
async fn stored(t: &Tenant, chats: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for chat in chats {
        let messages = t.messages(chat).await;
        for (at, message) in messages.iter().enumerate() {
            assert_eq!(message["seq"].as_u64(), Some(at as u64 + 1), "no gaps");
        }
        all.extend(texts(&messages, "text"));
    }
    all
}
