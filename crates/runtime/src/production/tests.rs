//! Each rule by itself, and that nothing is asked of anybody else.

use super::*;

const STRONG: &str = "6b1f0c9d2e8a4753b6d1f0e9c8a72543";
const PARTS: &str = r#"
[rpc]
secret = ""
[auth]
root_token = ""
instance_keys = []
hash_memory_kib = 19456
hash_passes = 2
[auth.database]
url = ""
[bots]
secret_keys = []
[bus]
url = ""
"#;

/// A production instance with a good `rpc.secret` and this beside it.
fn unfit(pairs: &[(&str, &str)]) -> Option<String> {
    let base = [("production.enabled", "true"), ("rpc.secret", STRONG)];
    let all = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let config = Config::isolated(&[PARTS], all).unwrap();
    check(&config, true).err().map(|e| e.to_string())
}

#[track_caller]
fn refused(key: &str, value: &str, word: &str) {
    let told = unfit(&[(key, value)]).unwrap_or_else(|| panic!("{key} = {value} is let through"));
    assert!(told.contains(&format!("`{key}`")) && told.contains(word), "{told}");
    assert!(value.len() < 12 || !told.contains(value), "no secret in an error: {told}");
}

#[test]
fn weak_secrets_are_refused_by_name() {
    for weak in
        ["", "0123456789abcdef", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "changeme-0123456789-changeme-0123456789"]
    {
        refused("rpc.secret", weak, "openssl rand");
    }
    refused("auth.root_token", "root", "at least 32 characters");
    refused("auth.instance_keys", &format!("k1:{}", "0".repeat(64)), "can be guessed");
    refused("bots.secret_keys", &format!("k2:{STRONG}{STRONG}, k1:{}", "1".repeat(64)), "can be guessed");
    assert_eq!(unfit(&[("auth.root_token", STRONG), ("auth.instance_keys", &format!("k1:{STRONG}{STRONG}"))]), None);
    refused("auth.hash_memory_kib", "64", "19456");
    refused("auth.hash_passes", "1", "at least 2");
}

#[test]
fn databases_are_encrypted_unless_it_is_allowed_and_have_no_well_known_password() {
    let key = "auth.database.url";
    for plain in
        ["postgres://p:x9@db/a", "postgresql://p:x9@db/a?sslmode=prefer", "postgres://p:x9@db/a?sslmode=disable"]
    {
        refused(key, plain, "production.allow_plain_databases");
        assert_eq!(unfit(&[(key, plain), ("production.allow_plain_databases", "true")]), None);
    }
    for fine in
        ["postgres://p:x9@db/a?sslmode=require", "postgres://db/a?sslmode=verify-full", "sqlite:///var/auth.db", ""]
    {
        assert_eq!(unfit(&[(key, fine)]), None, "{fine}");
    }
    refused(key, "postgres://parlance:parlance@db/a?sslmode=require", "everybody tries");
}

#[test]
fn the_brokers_guest_is_nobody() {
    for guest in ["amqp://guest:guest@mq:5672/%2f", "amqp://mq", "amqps://guest@mq"] {
        refused("bus.url", guest, "guest");
    }
    assert_eq!(unfit(&[("bus.url", "amqp://parlance:x9@mq:5672/%2f")]), None);
}

#[test]
fn the_admin_listener_stays_on_this_machine_unless_it_is_allowed() {
    for open in ["0.0.0.0:9090", "[::]:9090", "10.0.0.7:9090", "metrics.example.com:9090"] {
        refused("server.admin_listen", open, "production.allow_open_admin");
        assert_eq!(unfit(&[("server.admin_listen", open), ("production.allow_open_admin", "true")]), None);
    }
    for closed in ["127.0.0.1:0", "[::1]:9090", "localhost:9090"] {
        assert_eq!(unfit(&[("server.admin_listen", closed)]), None, "{closed}");
    }
}

#[test]
fn one_start_tells_everything() {
    let told =
        unfit(&[("auth.root_token", "x"), ("bus.url", "amqp://mq"), ("server.admin_listen", "0.0.0.0:1")]).unwrap();
    assert_eq!(told.lines().count(), 4, "{told}");
}

#[test]
fn nothing_is_asked_of_others() {
    let config = Config::isolated(&[PARTS], vec![("auth.root_token".to_owned(), "x".to_owned())]).unwrap();
    check(&config, true).unwrap();
    // The all-in-one has no peers, hence nothing to show them.
    let config = Config::isolated(&[PARTS], vec![("production.enabled".to_owned(), "true".to_owned())]).unwrap();
    check(&config, false).unwrap();
    assert!(check(&config, true).is_err());
}
