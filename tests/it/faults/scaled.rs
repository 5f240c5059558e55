//! One name for several instances, as `docker compose up --scale messages=3` and a headless Service have it: whoever calls the
//! name finds all of them, those that come later and those that go.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use super::{OwnStack, scene};
use crate::harness::*;

/// What stands for the instances.
const NAME: &str = "messages.test";

/// A program beside those of the stack, gone with this.
struct Program {
    child: Child,
    admin: String,
}

impl Program {
    /// `name` as the stack has it, where `listen` says, told `more`, with `hosts` for the system's names.
    fn start(stack: &OwnStack, name: &str, ip: &str, port: u16, more: &[(&str, String)], hosts: Option<&Path>) -> Self {
        let admin = format!("{ip}:{}", free_port(ip));
        let mut command: Command = seeing(hosts, program(name, &[]));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(stack.environment(name));
        command.env("PARLANCE__SERVER__LISTEN", format!("{ip}:{port}")).env("PARLANCE__SERVER__ADMIN_LISTEN", &admin);
        command.envs(more.iter().map(|(name, value)| (name, value)));
        Self { child: spawn(command).expect("it starts"), admin }
    }

    /// Where it tells of itself.
    fn listener(&self) -> Http {
        Http::of_admin(&format!("http://{}", self.admin))
    }

    /// Calls it has answered; `None` while it does not answer.
    async fn calls(&self) -> Option<f64> {
        let page = self.listener().get("/metrics").try_send().await.ok()?.body;
        let counts = page.lines().filter(|line| line.starts_with("rpc_request_seconds_count{"));
        Some(counts.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum())
    }

    async fn ready(&self) {
        eventually_within(Duration::from_mins(1), "the program is ready", || async {
            self.listener().get("/readyz").try_send().await.is_ok_and(|answer| answer.status == 200).then_some(())
        })
        .await;
    }

    /// SIGTERM, as compose sends it to a container that is too many.
    fn stop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "it ends well");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port(ip: &str) -> u16 {
    TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn a_name_stands_for_every_instance_there_is() {
    let stack = OwnStack::up("scaled", "1");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(grow_and_shrink(&stack));
}

async fn grow_and_shrink(stack: &OwnStack) {
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let hosts = stack.dir().join("hosts");
    let know = |ips: &[&str]| {
        let names: Vec<String> = ips.iter().map(|ip| format!("{ip} {NAME}\n")).collect();
        std::fs::write(&hosts, format!("127.0.0.1 localhost\n{}", names.concat())).unwrap();
    };
    let port = free_port("127.0.0.2");
    let ips = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];
    let mut instances: Vec<Program> =
        ips.iter().map(|ip| Program::start(stack, "messages", ip, port, &[], None)).collect();
    know(&ips[..1]);
    let (ip, listen) = ("127.0.0.1", free_port("127.0.0.1"));
    let peers = [("PARLANCE__RPC__PEERS__MESSAGES", format!("http://{NAME}:{port}"))];
    let gateway = Program::start(stack, "gateway", ip, listen, &peers, Some(&hosts));
    for program in instances.iter().chain([&gateway]) {
        program.ready().await;
    }
    let t = Tenant::new(deployment).await;
    let (_, chats) = scene(&t, 1).await;
    let t = t.moved_to(&format!("http://{ip}:{listen}"));
    let mut said = 0;

    say(&t, &chats[0], &mut said, 20).await;
    assert!(calls(&instances).await[0] >= 20.0, "the only one there is has all calls");
    assert_eq!(calls(&instances).await[1..], [0.0, 0.0]);

    know(&ips);
    eventually_within(Duration::from_secs(30), "those that came are found", || {
        let (t, chat, instances) = (&t, &chats[0], &instances);
        said += 10;
        let from = said - 10;
        async move {
            say_from(t, chat, from, 10).await;
            calls(instances).await.iter().all(|calls| *calls > 0.0).then_some(())
        }
    })
    .await;
    let before = calls(&instances).await;
    say(&t, &chats[0], &mut said, 90).await;
    let shares: Vec<f64> = calls(&instances).await.iter().zip(before).map(|(now, then)| now - then).collect();
    let all: f64 = shares.iter().sum();
    println!("three instances had {shares:?} of {all} calls");
    assert!(shares.iter().all(|share| *share >= all / 5.0), "nobody is left out: {shares:?}");

    // It goes before its name does.
    instances[1].stop();
    say(&t, &chats[0], &mut said, 30).await;
    know(&[ips[0], ips[2]]);
    say(&t, &chats[0], &mut said, 30).await;
    let stored = t.messages(&chats[0]).await;
    assert_eq!(texts(&stored, "text"), (0..said).map(|n| format!("number {n}")).collect::<Vec<_>>());
}

/// What each instance has answered so far; nothing, for one that is gone.
async fn calls(instances: &[Program]) -> Vec<f64> {
    let mut all = Vec::new();
    for instance in instances {
        all.push(instance.calls().await.unwrap_or(0.0));
    }
    all
}

async fn say(t: &Tenant, chat: &str, said: &mut usize, count: usize) {
    say_from(t, chat, *said, count).await;
    *said += count;
}

/// Each is acknowledged at the first attempt: nobody who calls notices how many there are.
async fn say_from(t: &Tenant, chat: &str, from: usize, count: usize) {
    for n in from..from + count {
        t.voipbin().say(chat, &t.admin.id, &format!("number {n}")).await;
    }
}
