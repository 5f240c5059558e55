//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// One chat backend that speaks five vendor APIs over one conversation model.
#[derive(Debug, Parser)]
#[command(name = "parlance", version)]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of `serve`, when nothing is said.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start everything in this process.
    Serve(ServeArgs),
    /// Make or list tenants.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Events that a consumer refused: list them, or hand them over again.
    #[command(subcommand)]
    Parked(ParkedCommand),
    /// Print every served URL.
    Routes {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the effective configuration, secrets redacted.
    Config(ServeArgs),
    /// Ask the running process whether it is ready; exit code 1 if not.
    Healthcheck(ServeArgs),
    /// Copy the data directory as of one moment, whether or not a process serves it.
    Backup {
        /// Where to; made by this command.
        to: PathBuf,
        /// Where the data is.
        #[command(flatten)]
        at: PlaceArgs,
    },
    /// Make the data directory, which must not be there, from a backup.
    Restore {
        /// What `backup` made.
        from: PathBuf,
        /// Where the data will be.
        #[command(flatten)]
        at: PlaceArgs,
    },
    /// Publish the retained events again, after a restore of databases alone; nothing may be running.
    Republish(ServeArgs),
    /// Apply pending migrations.
    Migrate {
        /// Only print them.
        #[arg(long)]
        plan: bool,
        /// Where the data is.
        #[command(flatten)]
        at: ServeArgs,
    },
}

/// How to start. Each option has a setting of the same meaning.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Where the data is kept. [default: ./data]
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// Where the surfaces answer; port 0 picks a free one. [default: 127.0.0.1:8080]
    #[arg(long)]
    pub listen: Option<String>,
    /// Where health and metrics are; port 0 picks a free one. [default: 127.0.0.1:9090]
    #[arg(long)]
    pub admin_listen: Option<String>,
    /// PostgreSQL in place of SQLite: one schema per service in that database.
    #[arg(long)]
    pub database_url: Option<String>,
    /// RabbitMQ in place of the in-process bus.
    #[arg(long)]
    pub bus_url: Option<String>,
    /// Addresses outgoing calls may reach beside public ones: CIDRs, separated by commas.
    #[arg(long)]
    pub allow_egress: Option<String>,
    /// A file with settings.
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Set by commands that start an instance for a moment.
    #[arg(skip)]
    pub public_url: Option<String>,
    /// Set by commands whose output is their answer, not their log.
    #[arg(skip)]
    pub quiet: bool,
}

impl ServeArgs {
    /// The options that were given, as settings.
    pub fn overrides(&self) -> Vec<(String, String)> {
        let filter = self.quiet.then(|| "warn".to_owned());
        let data_dir = self.data_dir.as_ref().map(|dir| dir.display().to_string());
        let given = [
            ("embedded.data_dir", &data_dir),
            ("embedded.database_url", &self.database_url),
            ("gateway.public_url", &self.public_url),
            ("telemetry.filter", &filter),
            ("server.listen", &self.listen),
            ("server.admin_listen", &self.admin_listen),
            ("bus.url", &self.bus_url),
            ("egress.allow", &self.allow_egress),
        ];
        given.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect()
    }
}

/// Where a data directory is.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// The data directory. [default: ./data]
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// A file with settings.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

impl From<PlaceArgs> for ServeArgs {
    fn from(PlaceArgs { data_dir, config }: PlaceArgs) -> Self {
        Self { data_dir, config, ..Self::default() }
    }
}

/// Where the instance is that a command speaks to.
#[derive(Debug, Clone, Args)]
pub struct InstanceArgs {
    /// The data directory; its serving process is asked when it runs, else the store is opened. [default: ./data]
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// A running instance, in place of a data directory.
    #[arg(long)]
    pub url: Option<String>,
    /// The root token; else from the environment, else from the data directory.
    #[arg(long)]
    pub root_token: Option<String>,
}

/// About tenants.
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make a tenant and print its credentials.
    Create {
        /// Its name.
        name: String,
        /// As JSON: the same object as `credentials.json`.
        #[arg(long)]
        json: bool,
        /// Where.
        #[command(flatten)]
        at: InstanceArgs,
    },
    /// List tenants.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where.
        #[command(flatten)]
        at: InstanceArgs,
    },
}

/// About parked events.
#[derive(Debug, Subcommand)]
pub enum ParkedCommand {
    /// List them, oldest first.
    List {
        /// Of this service.
        service: String,
        /// Where.
        #[command(flatten)]
        at: InstanceArgs,
    },
    /// Hand them to their consumer again, in order.
    Redrive {
        /// Of this service.
        service: String,
        /// Only those of this chat or tenant.
        #[arg(long)]
        key: Option<String>,
        /// Where.
        #[command(flatten)]
        at: InstanceArgs,
    },
}
