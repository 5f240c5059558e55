//! PostgreSQL's own load generator, on the server of this run.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::Context;
use crate::signals;

/// A database of the server of this run.
pub struct Database {
    /// Where clients find it.
    pub url: String,
    bin: PathBuf,
    dir: PathBuf,
}

/// What pgbench says.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Transactions a second.
    pub per_s: f64,
    /// How long one takes. Milliseconds.
    pub mean_ms: f64,
}

impl Database {
    /// Makes `name`; nothing may be there before.
    pub fn create(context: &Context, name: &str) -> Result<Self> {
        let postgres = &context.servers()?.postgres;
        postgres.create_database(name)?;
        let (bin, dir) = (postgres.bin_dir().to_path_buf(), context.dir().to_path_buf());
        Ok(Self { url: postgres.url(name), bin, dir })
    }

    /// The answer to `sql`, unaligned and without headings.
    pub fn ask(&self, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url.as_str()]);
        output(&mut psql)
    }

    /// `clients` that run `script` again and again, its statements prepared, with as many threads as there are processors.
    pub fn load(&self, script: &str, clients: usize, seconds: u64) -> Result<Load> {
        self.load_with(&[], script, clients, seconds)
    }

    /// The same, with variables for the script.
    pub fn load_with(&self, set: &[(&str, String)], script: &str, clients: usize, seconds: u64) -> Result<Load> {
        let file = self.dir.join("pgbench.sql");
        std::fs::write(&file, script)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(clients);
        let mut pgbench = Command::new(self.bin.join("pgbench"));
        pgbench.args(["--no-vacuum", "--protocol=prepared"]);
        pgbench.arg(format!("--client={clients}")).arg(format!("--jobs={threads}")).arg(format!("--time={seconds}"));
        pgbench.args(set.iter().map(|(name, value)| format!("--define={name}={value}")));
        pgbench.arg("--file").arg(&file).arg(&self.url);
        let text = output(&mut pgbench)?;
        parse(&text).with_context(|| format!("pgbench says:\n{text}"))
    }
}

fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    signals::check()?;
    ensure!(status.success(), "{name}: {}", String::from_utf8_lossy(&stderr));
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

fn parse(text: &str) -> Option<Load> {
    let number = |name: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let failed = number("number of failed transactions: ").unwrap_or(0.0);
    (failed == 0.0).then_some(Load { per_s: number("tps = ")?, mean_ms: number("latency average = ")? })
}

#[cfg(test)]
mod tests {
    #[test]
    fn rate_and_latency_are_read() {
        let text = "transaction type: x.sql\nnumber of failed transactions: 0 (0.000%)\nlatency average = 14.2 ms\n\
                    initial connection time = 3 ms\ntps = 4500.25 (without initial connection time)\n";
        let load = super::parse(text).unwrap();
        assert!((load.per_s - 4500.25).abs() < 1e-9 && (load.mean_ms - 14.2).abs() < 1e-9);
        assert!(super::parse(&text.replace(": 0 (", ": 3 (")).is_none());
    }
}
