//! Production mode: what is not fit for it does not start, and the first start tells everything that is not.

use std::process::{Command, Stdio};

use crate::harness::*;

const ENABLED: (&str, &str) = ("PARLANCE__PRODUCTION__ENABLED", "true");

/// Runs it to its end, which must be a refusal; what it said.
fn refusal(mut command: Command, told: &[(&str, &str)]) -> String {
    let output = command.envs(told.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success(), "it ended well");
    assert!(output.stdout.is_empty(), "it never listened");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_is_not_fit_for_production_does_not_start() {
    let dir = home().join(unique("unfit"));
    let args = ["--data-dir", dir.to_str().unwrap(), "--admin-listen", "0.0.0.0:0", "--listen", "127.0.0.1:0"];
    let weak = ("PARLANCE__AUTH__ROOT_TOKEN", "hunter2-is-my-token");
    let told = refusal(command(&args), &[ENABLED, weak, ("PARLANCE__AUTH__HASH_PASSES", "1")]);
    for name in ["`server.admin_listen`", "`auth.root_token`", "`auth.hash_passes`", "production.allow_open_admin"] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(!told.contains(weak.1), "no secret in an error: {told}");

    // A service has peers to prove itself to, and a server for its database.
    let mut users = Command::new(bin_dir().join("users"));
    users.stdin(Stdio::null());
    let plain = ("PARLANCE__USERS__DATABASE__URL", "postgres://users:x9@127.0.0.1:1/users");
    let told = refusal(users, &[ENABLED, plain, ("PARLANCE__RPC__SECRET", "short-secret-of-24-chars")]);
    for name in ["`rpc.secret`", "`users.database.url`", "production.allow_plain_databases"] {
        assert!(told.contains(name), "{name}: {told}");
    }
}

#[test]
fn what_the_first_start_makes_is_fit_for_production() {
    let options = Options { env: vec![("PARLANCE__PRODUCTION__ENABLED", "true".to_owned())], ..Options::default() };
    let mut process = Parlance::start(&home().join(unique("fit")), &options).unwrap();
    assert!(process.stop().success(), "{}", process.errors());
}
