//! First and later starts, the lock, the files, the printed lines, the commands.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::*;

fn start(dir: &Path) -> Parlance {
    Parlance::start(dir, &Options::default()).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Runs `parlance`, to its end.
fn parlance(args: &[&str]) -> (bool, String, String) {
    let output = command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_first_start_makes_a_tenant_and_later_ones_only_move_it() {
    let dir = home().join(unique("first"));
    let mut process = start(&dir);
    let first = process.credentials();
    assert_eq!(first["base_url"], process.base_url.as_str());
    assert_eq!(first["tenant"], "demo");
    assert!(!first["admin_url"].as_str().unwrap().ends_with(":0"), "the real port");
    let mut expected =
        ["base_url", "admin_url", "tenant", "operator", "imbee", "zenvia", "voipbin", "connectnow", "odoo"];
    expected.sort_unstable();
    assert_eq!(keys(&first), expected);
    for secret in ["credentials.json", "root-token"] {
        assert_eq!(mode(&dir.join(secret)), 0o600, "{secret}");
    }
    assert_eq!(mode(&dir) & 0o077, 0, "nobody else may look into the data directory");
    let root_token = process.root_token();
    let listening = process.lines().into_iter().filter(|line| line.starts_with("listening on ")).count();
    assert_eq!(listening, 1, "exactly one line");
    assert!(process.stop().success(), "{}", process.errors());

    let process = start(&dir);
    let later = process.credentials();
    assert_ne!(later["base_url"], first["base_url"]);
    assert_eq!(process.root_token(), root_token);
    for key in expected.iter().filter(|key| !key.ends_with("_url")) {
        assert_eq!(later[*key], first[*key], "{key}");
    }
    assert_eq!(later["base_url"], process.base_url.as_str());
    assert!(
        !process.lines().iter().chain([&process.errors()]).any(|text| text.contains(&root_token)),
        "no secret in a log"
    );
}

/// Every line that is printed works when pasted.
#[test]
fn printed_curl_lines_work() {
    let dir = home().join(unique("curl"));
    let process = start(&dir);
    let printed = [process.lines().join("\n"), process.errors()].join("\n");
    let curls: Vec<&str> = printed.lines().filter_map(|line| line.find("curl ").map(|at| &line[at..])).collect();
    assert!(curls.len() >= 6, "VoIPBin, imBee, ConnectNow, Odoo, Zenvia, operator:\n{printed}");
    for word in [
        "/v1.0/",
        "/third_parties/user/new",
        "/api/chats",
        "/web/session/authenticate",
        "/core/api/v1/interactions",
        "/operator/v1/",
    ] {
        assert!(curls.iter().any(|line| line.contains(word)), "none for {word}");
    }
    for line in curls {
        let output = Command::new("sh").args(["-c", line]).stdin(Stdio::null()).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let json: Value = serde_json::from_str(&answer).unwrap_or_else(|e| panic!("{line}: {e}: {answer}"));
        let lists = ["result", "items", "data"].iter().any(|key| json[key].is_array());
        let begun = json["data"]["interaction_hash"].is_string();
        let well = lists || begun || json["result"]["uid"].is_i64() || json["code"] == 0;
        assert!(output.status.success() && well, "{line}: {answer}");
    }
}

#[test]
fn a_data_directory_serves_one_process() {
    let dir = home().join(unique("lock"));
    let mut first = start(&dir);
    let mut second = Parlance::launch(&dir, &Options::default()).unwrap();
    let status = second.wait(Duration::from_secs(30)).expect("it ends at once");
    assert!(!status.success());
    let said = second.errors();
    assert!(
        said.contains("another") && said.contains(&*dir.to_string_lossy()),
        "clear, and names the directory:\n{said}"
    );
    assert_eq!(first.credentials()["base_url"], first.base_url.as_str(), "untouched");
    // The lock goes with the process, however it ends.
    first.kill();
    start(&dir);
}

/// With PostgreSQL and no broker an advisory lock admits one process.
#[test]
fn a_database_serves_one_process_without_a_broker() {
    let args = vec!["--database-url".to_owned(), fresh_database().unwrap()];
    let options = Options { args, ..Options::default() };
    let (one, two) = (home().join(unique("pg-one")), home().join(unique("pg-two")));
    let mut first = Parlance::start(&one, &options).unwrap();
    let mut second = Parlance::launch(&two, &options).unwrap();
    let status = second.wait(Duration::from_mins(1)).expect("it ends");
    assert!(!status.success());
    assert!(second.errors().contains("another"), "{}", second.errors());
    first.kill();
    Parlance::start(&one, &options).unwrap();
}

#[test]
fn sigterm_drains_and_ends_in_time() {
    let dir = home().join(unique("term"));
    let mut process = start(&dir);
    let asked = Instant::now();
    assert!(process.stop().success());
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
}

#[test]
fn tenants_are_made_and_listed_by_command_with_and_without_a_server() {
    let dir = home().join(unique("tenants"));
    let at = dir.to_str().unwrap();
    let (ok, made, errors) = parlance(&["tenant", "create", "before", "--json", "--data-dir", at]);
    assert!(ok, "{errors}");
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!(made["tenant"], "before");

    let process = start(&dir);
    let (ok, later, errors) = parlance(&["tenant", "create", "while serving", "--json", "--data-dir", at]);
    assert!(ok, "{errors}");
    let later: Value = serde_json::from_str(&later).unwrap();
    assert_eq!(keys(&later), keys(&process.credentials()), "the same object");
    let (ok, by_url, errors) = parlance(&[
        "tenant",
        "create",
        "by URL",
        "--json",
        "--url",
        &process.base_url,
        "--root-token",
        &process.root_token(),
    ]);
    assert!(ok, "{errors}");
    assert!(serde_json::from_str::<Value>(&by_url).unwrap()["operator"]["token"].is_string());
    let (ok, list, errors) = parlance(&["tenant", "list", "--json", "--data-dir", at]);
    assert!(ok, "{errors}");
    for name in ["before", "while serving", "by URL", "demo"] {
        assert!(list.contains(name), "{name}: {list}");
    }
    let (ok, _, errors) = parlance(&["tenant", "create", "demo", "--data-dir", at]);
    assert!(!ok && !errors.is_empty(), "a taken name");

    // Each of them opens the API it names.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = Http::new(&process.base_url);
        for tenant in [&made, &later] {
            let key = tenant["voipbin"]["access_key"].as_str().unwrap();
            VoipBin::new(http.clone(), "accesskey", key).get("/v1.0/chats").send().await.expect(200);
        }
    });
}

#[test]
fn routes_config_and_migrate() {
    let (ok, routes, errors) = parlance(&["routes", "--json"]);
    assert!(ok, "{errors}");
    let routes: Vec<Value> = serde_json::from_str(&routes).unwrap();
    for path in ["/v1.0/chats", "/chat/create", "/token/new", "/third_parties/user/new", "/operator/v1/tenants"] {
        assert!(routes.iter().any(|route| route["path"] == path), "{path}");
    }
    let documented =
        routes.iter().filter(|route| route.as_object().unwrap().values().any(|value| value == "documented")).count();
    let expected = "five of VoIPBin, three of imBee, 24 of ConnectNow, 13 of Odoo, four of Zenvia";
    assert!(documented >= 49, "{expected}: {documented}");
    let zenvia = routes.iter().filter(|r| r["surface"] == "zenvia" && r["status"] == "documented");
    let mut calls: Vec<&str> = zenvia.filter_map(|r| r["path"].as_str()?.rsplit('/').next()).collect();
    calls.sort_unstable();
    assert_eq!(calls, ["accept", "finish", "message", "transfer"], "the four calls of seed 001");
    let odoo = routes.iter().filter(|route| route["surface"] == "odoo");
    let mut seed: Vec<&str> = odoo.filter(|r| r["status"] == "documented").filter_map(|r| r["path"].as_str()).collect();
    seed.sort_unstable();
    let book = ["add_partner", "add_users", "get_all_users", "get_users_from_book", "remove_users"];
    let mut expected: Vec<String> = book.iter().map(|call| format!("/im_chat/api/user_chat_ab/{call}")).collect();
    expected.extend(
        [
            "change_session_status",
            "get_or_create_session",
            "get_or_create_session_group",
            "get_sessions",
            "get_sessions_group",
            "history",
            "init",
        ]
        .map(|call| format!("/im_chat/api/{call}")),
    );
    expected.push("/im_chat/post".to_owned());
    expected.sort_unstable();
    assert_eq!(seed, expected, "the thirteen calls of seed 004");

    let dir = home().join(unique("commands"));
    let at = dir.to_str().unwrap();
    let mut config = command(&["config", "--data-dir", at]);
    let output = config
        .env("PARLANCE__AUTH__ROOT_TOKEN", "very-secret")
        .env("PARLANCE__LIMITS__BURST", "4321")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.contains("4321") && !shown.contains("very-secret"), "{shown}");

    let (ok, plan, errors) = parlance(&["migrate", "--plan", "--data-dir", at]);
    assert!(ok && plan.contains("messages"), "{plan}{errors}");
    let (ok, _, errors) = parlance(&["migrate", "--data-dir", at]);
    assert!(ok, "{errors}");
    start(&dir);
}

/// The root token may come from the environment; then no file is written.
#[test]
fn the_root_token_can_be_given() {
    let dir = home().join(unique("given"));
    let token = unique("root");
    let options = Options { env: vec![("PARLANCE__AUTH__ROOT_TOKEN", token.clone())], ..Options::default() };
    let process = Parlance::start(&dir, &options).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        Http::new(&process.base_url).get("/operator/v1/tenants").bearer(&token).send().await.expect(200);
    });
    assert!(!process.errors().contains(&token), "not in the log");
}

/// PostgreSQL and RabbitMQ beneath one process: consumers hear over the broker what the process itself stores.
#[test]
fn the_all_in_one_runs_on_postgresql_and_rabbitmq() {
    let broker = env("PARLANCE_TEST_RABBITMQ")
        .expect("there is no RabbitMQ: run `cargo xtask test`, which starts one (PARLANCE_TEST_RABBITMQ)");
    let args = ["--database-url".to_owned(), fresh_database().unwrap(), "--bus-url".to_owned(), broker].into();
    let dir = home().join(unique("rabbit"));
    let process = Parlance::start(&dir, &Options { args, ..Options::default() }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let t = Tenant::new(Box::leak(Box::new(Deployment::of(&process)))).await;
        let (me, one, two) = (t.imbee().guest().await, t.imbee().guest().await, t.imbee().guest().await);
        let (first, second) = (me.direct(&one.idsha).await, me.direct(&two.idsha).await);
        for (spoken, other) in [(&first, &second), (&second, &first), (&first, &second)] {
            me.say(spoken, "hello").await;
            eventually("the event arrives", || async {
                (texts(&me.chats().await, "conversationId") == [spoken.as_str(), other.as_str()]).then_some(())
            })
            .await;
        }
    });
}
