//! The all-in-one as a child process that never outlives the tests.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::stack::env;

type Spawn = (Command, mpsc::Sender<std::io::Result<Child>>);

/// Starts `command`. The signal at the parent's death comes when the *thread* that started a child ends, so one thread that
/// never ends starts them all.
pub fn spawn(command: Command) -> std::io::Result<Child> {
    static SPAWNER: OnceLock<Mutex<mpsc::Sender<Spawn>>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (send, receive) = mpsc::channel::<Spawn>();
        std::thread::spawn(move || {
            for (mut command, answer) in receive {
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(send)
    });
    let (send, receive) = mpsc::channel();
    spawner.lock().unwrap().send((command, send)).unwrap();
    receive.recv().unwrap()
}

/// How to start it, beside the data directory.
#[derive(Default)]
pub struct Options {
    pub args: Vec<String>,
    pub env: Vec<(&'static str, String)>,
    /// What it sees as `/etc/hosts`, if not the system's.
    pub hosts: Option<PathBuf>,
}

/// A running `parlance`.
pub struct Parlance {
    child: Child,
    pub base_url: String,
    pub data_dir: PathBuf,
    lines: Arc<Mutex<Vec<String>>>,
    log: PathBuf,
}

/// The directory of the binaries: as told, else where this test lies.
pub fn bin_dir() -> PathBuf {
    env("PARLANCE_TEST_BIN_DIR")
        .map_or_else(|| std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_path_buf(), PathBuf::from)
}

/// `parlance` with the outside's settings taken away, ended when we end.
pub fn command(args: &[&str]) -> Command {
    program("parlance", args)
}

/// The same of any of the programs.
pub fn program(name: &str, args: &[&str]) -> Command {
    let binary = bin_dir().join(name);
    assert!(binary.is_file(), "there is no {}: run `cargo xtask test`, or `cargo build -p {name}`", binary.display());
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(binary).args(args).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PARLANCE__")) {
        command.env_remove(name);
    }
    command
}

/// `command`, for which `hosts` lies where the system's names are. Needs the right to mount, which tests run as root have.
pub fn seeing(hosts: Option<&Path>, command: Command) -> Command {
    let Some(hosts) = hosts else { return command };
    let mut outer = Command::new("unshare");
    outer.args(["--mount", "sh", "-c", r#"mount --bind "$0" /etc/hosts && exec "$@""#]).arg(hosts);
    outer.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    for (name, _) in command.get_envs() {
        outer.env_remove(name);
    }
    outer
}

impl Parlance {
    /// Starts it in `data_dir` on free ports and waits until it listens.
    pub fn start(data_dir: &Path, options: &Options) -> Result<Self> {
        let mut this = Self::launch(data_dir, options)?;
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            if let Some(url) = this.lines().iter().find_map(|line| line.strip_prefix("listening on ")) {
                this.base_url = url.trim().to_owned();
                return Ok(this);
            }
            if let Some(status) = this.child.try_wait()? {
                bail!("parlance ended ({status}):\n{}", this.errors());
            }
            if Instant::now() > deadline {
                bail!("parlance does not listen after two minutes:\n{}", this.errors());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts it and does not wait.
    pub fn launch(data_dir: &Path, options: &Options) -> Result<Self> {
        std::fs::create_dir_all(data_dir.parent().context("a directory in a directory")?)?;
        let log = data_dir.with_extension("log");
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(&log)?;
        let mut command = seeing(
            options.hosts.as_deref(),
            command(&["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir"]),
        );
        command.arg(data_dir).args(&options.args).envs(options.env.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::piped()).stderr(errors);
        let mut child = spawn(command).context("cannot run parlance")?;
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let (out, kept) = (child.stdout.take().context("no standard output")?, lines.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        Ok(Self { child, base_url: String::new(), data_dir: data_dir.to_owned(), lines, log })
    }

    /// What it wrote to standard output so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// What was written to standard error in this directory so far.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn root_token(&self) -> String {
        std::fs::read_to_string(self.data_dir.join("root-token")).unwrap().trim().to_owned()
    }

    pub fn credentials(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.data_dir.join("credentials.json")).unwrap()).unwrap()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and its exit status.
    pub fn stop(&mut self) -> ExitStatus {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.wait(Duration::from_mins(1)).expect("it ends after SIGTERM")
    }

    /// Its exit status if it ends in time.
    pub fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

impl Drop for Parlance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
