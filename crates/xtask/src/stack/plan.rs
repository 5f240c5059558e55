//! What a stack consists of: which processes, on which ports, with which settings. Kept in `stack.json`, so that a process
//! killed by a test comes back as it was.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::{ports, secret};

/// The services; each has a database `parlance_<name>`, a binary of its name, and a section of the configuration.
pub const SERVICES: &[&str] = &["auth", "users", "chats", "messages", "realtime", "bots"];

/// The process that clients talk to.
pub const GATEWAY: &str = "gateway";

/// The whole stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Instances of each service and of the gateway.
    pub instances: usize,
    /// Where the binaries are.
    pub bin_dir: PathBuf,
    /// `PARLANCE__…` as it was at `stack up`.
    pub env: BTreeMap<String, String>,
    /// Services first, the gateway last.
    pub parts: Vec<Part>,
}

/// One process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// What it runs.
    pub service: String,
    /// 0 for the first instance.
    pub index: usize,
    /// Where it serves: the gateway its clients, a service its peers.
    pub listen: SocketAddr,
    /// Where it serves health, readiness and metrics.
    pub admin: SocketAddr,
}

impl Part {
    /// `chats`, and `chats.1` for the second instance.
    pub fn name(&self) -> String {
        if self.index == 0 { self.service.clone() } else { format!("{}.{}", self.service, self.index) }
    }

    /// Whether a person means this process by `name`; `chats.0` is `chats`.
    pub fn is(&self, name: &str) -> bool {
        self.name() == name || format!("{}.{}", self.service, self.index) == name
    }
}

/// What is asked of `stack up`.
pub struct Wanted {
    /// Instances of each service and of the gateway.
    pub instances: usize,
    /// Where the first gateway serves; port 0 for any.
    pub listen: SocketAddr,
    /// Where the first gateway serves health and metrics; any port if not given.
    pub admin_listen: Option<SocketAddr>,
    /// Where the binaries are.
    pub bin_dir: PathBuf,
    /// `PARLANCE__…` to pass on.
    pub env: BTreeMap<String, String>,
}

impl Plan {
    /// A plan with fresh ports.
    pub fn new(wanted: Wanted) -> Result<Self> {
        let Wanted { instances, listen, admin_listen, bin_dir, env } = wanted;
        let services = SERVICES.iter().chain([&GATEWAY]);
        let mut parts: Vec<Part> = Vec::new();
        let mut free = ports::free(2 * instances * (SERVICES.len() + 1))?.into_iter();
        let mut local = || free.next().map(|port| SocketAddr::from(([127, 0, 0, 1], port))).context("too few ports");
        for service in services {
            for index in 0..instances {
                parts.push(Part { service: (*service).to_owned(), index, listen: local()?, admin: local()? });
            }
        }
        let mut plan = Self { instances, bin_dir, env, parts };
        let gateway = plan.gateway_mut()?;
        let port = if listen.port() == 0 { gateway.listen.port() } else { listen.port() };
        gateway.listen = SocketAddr::new(listen.ip(), port);
        if let Some(admin) = admin_listen {
            let port = if admin.port() == 0 { gateway.admin.port() } else { admin.port() };
            gateway.admin = SocketAddr::new(admin.ip(), port);
        }
        Ok(plan)
    }

    /// Whether it is what is asked for now.
    pub fn fits(&self, wanted: &Wanted) -> bool {
        let same = |ours: SocketAddr, asked: SocketAddr| ours.ip() == asked.ip() && asked.port() == 0 || ours == asked;
        let Ok(gateway) = self.gateway() else { return false };
        let Wanted { instances, listen, admin_listen, bin_dir, env } = wanted;
        self.instances == *instances
            && self.bin_dir == *bin_dir
            && self.env == *env
            && same(gateway.listen, *listen)
            && admin_listen.is_none_or(|admin| same(gateway.admin, admin))
    }

    /// The gateway that `--listen` is about.
    pub fn gateway(&self) -> Result<&Part> {
        self.parts.iter().find(|part| part.is(GATEWAY)).context("the plan has no gateway")
    }

    fn gateway_mut(&mut self) -> Result<&mut Part> {
        self.parts.iter_mut().find(|part| part.is(GATEWAY)).context("the plan has no gateway")
    }

    /// The plan kept in `dir`.
    pub fn load(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join("stack.json");
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).map(Some).with_context(|| format!("{} is damaged", path.display()))
    }

    /// Keeps it in `dir`, privately: the settings passed on may hold passwords.
    pub fn save(&self, dir: &Path) -> Result<()> {
        secret::write(&dir.join("stack.json"), &serde_json::to_string_pretty(self)?)
    }

    /// What every process is told: where the others are.
    pub fn peers(&self) -> Vec<(String, String)> {
        let urls = |service: &str| {
            let instances = self.parts.iter().filter(|part| part.service == service);
            instances.map(|part| format!("http://{}", part.listen)).collect::<Vec<_>>().join(",")
        };
        SERVICES
            .iter()
            .map(|service| (format!("PARLANCE__RPC__PEERS__{}", service.to_uppercase()), urls(service)))
            .collect()
    }
}

/// An address as a client writes it: a server that listens everywhere is asked here.
pub fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("127.0.0.1:{}", address.port()) } else { address.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Wanted, reachable};

    fn wanted(instances: usize, listen: &str) -> Wanted {
        let listen = listen.parse().unwrap();
        Wanted { instances, listen, admin_listen: None, bin_dir: "/bin".into(), env: [].into() }
    }

    #[test]
    fn every_instance_has_its_own_ports_and_is_named_to_its_peers() {
        let plan = Plan::new(wanted(2, "0.0.0.0:8080")).unwrap();
        assert_eq!(plan.parts.len(), 14);
        assert_eq!(reachable(plan.gateway().unwrap().listen), "127.0.0.1:8080");
        let (name, urls) = plan.peers().swap_remove(2);
        let [first, second] = [4, 5].map(|at: usize| plan.parts[at].listen);
        assert_eq!((name.as_str(), urls), ("PARLANCE__RPC__PEERS__CHATS", format!("http://{first},http://{second}")));
        assert!(plan.parts[5].is("chats.1") && plan.parts[4].is("chats") && plan.parts[4].is("chats.0"));
    }

    #[test]
    fn a_plan_fits_the_same_wish_only() {
        let plan = Plan::new(wanted(1, "127.0.0.1:0")).unwrap();
        assert!(plan.fits(&wanted(1, "127.0.0.1:0")));
        assert!(!plan.fits(&wanted(2, "127.0.0.1:0")));
        assert!(!plan.fits(&wanted(1, "127.0.0.1:8080")));
    }
}
