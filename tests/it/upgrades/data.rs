//! An instance's data as SQL, and an instance made from it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::*;

const SERVICES: [&str; 6] = ["auth", "users", "chats", "messages", "realtime", "bots"];
/// What the databases are of little use without. These are nobody's secrets: they open the kept instance alone.
const FILES: [&str; 3] = ["instance-key", "root-token", "credentials.json"];

#[derive(Debug, Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// How to start a new instance, and the URL of its database if it has one of its own.
    pub fn fresh(self) -> (Options, Option<String>) {
        let database = match self {
            Self::Sqlite => None,
            Self::Postgres => Some(fresh_database().unwrap()),
        };
        let args = database.iter().flat_map(|url| ["--database-url".to_owned(), url.clone()]).collect();
        // Nobody's secrets; the hashes say how they were made.
        let env = vec![("PARLANCE__AUTH__HASH_MEMORY_KIB", "64".to_owned())];
        (Options { args, env, ..Options::default() }, database)
    }

    /// Keeps the instance in `dir`, which is stopped, in `to`.
    pub fn keep(self, dir: &Path, database: Option<&str>, to: &Path) {
        fs::create_dir_all(to).unwrap();
        match self {
            Self::Sqlite => {
                for service in SERVICES {
                    let database = dir.join(format!("{service}.db"));
                    let sql = output(Command::new("sqlite3").arg(database).arg(".dump"));
                    pack(&sql, &to.join(format!("{service}.sql.gz")));
                }
            }
            Self::Postgres => {
                let mut dump = Command::new("pg_dump");
                dump.args(["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100"]);
                let sql = output(dump.arg(database.unwrap()));
                // Of the program and the server that wrote it, not of the data: others may not know them.
                let ours = |line: &&str| !["\\", "SET ", "-- Dumped"].iter().any(|start| line.starts_with(start));
                let sql: String = sql.lines().filter(ours).flat_map(|line| [line, "\n"]).collect();
                pack(&sql, &to.join("parlance.sql.gz"));
            }
        }
        for name in FILES {
            fs::copy(dir.join(name), to.join(name)).unwrap();
        }
    }

    /// Makes an instance's directory from what is kept in `from`; how to start it.
    pub fn load(self, from: &Path, dir: &Path) -> Options {
        fs::create_dir_all(dir).unwrap();
        for name in FILES {
            fs::copy(from.join(name), dir.join(name)).unwrap();
            fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let (options, database) = self.fresh();
        match (self, database) {
            (Self::Postgres, Some(database)) => {
                let psql = Command::new("psql");
                unpack_into(psql, &["-X", "-q", "-v", "ON_ERROR_STOP=1", &database], &from.join("parlance.sql.gz"));
            }
            _ => {
                for service in SERVICES {
                    let database = dir.join(format!("{service}.db"));
                    let sqlite = Command::new("sqlite3");
                    unpack_into(
                        sqlite,
                        &["-bail", database.to_str().unwrap()],
                        &from.join(format!("{service}.sql.gz")),
                    );
                    fs::set_permissions(&database, fs::Permissions::from_mode(0o600)).unwrap();
                }
            }
        }
        options
    }
}

/// Writes `sql` to a packed file: it is data, read by programs.
fn pack(sql: &str, to: &Path) {
    let file = fs::File::create(to).unwrap();
    let mut gzip = Command::new("gzip").args(["-9", "--no-name"]).stdin(Stdio::piped()).stdout(file).spawn().unwrap();
    gzip.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    assert!(gzip.wait().unwrap().success(), "{}", to.display());
}

/// Gives what a packed file holds to a program.
fn unpack_into(mut program: Command, args: &[&str], packed: &Path) {
    let mut gzip =
        Command::new("gzip").args(["--decompress", "--stdout"]).arg(packed).stdout(Stdio::piped()).spawn().unwrap();
    output(program.args(args).stdin(gzip.stdout.take().unwrap()));
    assert!(gzip.wait().unwrap().success(), "{}", packed.display());
}

/// What `command` says, if it went well.
fn output(command: &mut Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
