//! Layers, strictness, redaction.

use std::io::Write;

use serde::Deserialize;

use super::*;

const BUS: &str = r#"
[bus]
poll_ms = 1000
url = "memory:"
topics = ["a"]
durable = true
[bus.retry]
first_ms = 100
"#;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Bus {
    poll_ms: u64,
    url: String,
    #[serde(deserialize_with = "comma_list")]
    topics: Vec<String>,
    durable: bool,
    retry: Retry,
    password: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Retry {
    first_ms: u32,
}

fn variables(pairs: &[(&str, &str)]) -> Sources {
    Sources::new(&[BUS]).variables(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

fn bus_error(sources: Sources) -> String {
    sources.load().unwrap().section::<Bus>("bus").unwrap_err().to_string()
}

#[test]
fn stronger_sources_win_and_leave_the_rest() {
    let mut file = tempfile();
    file.1.write_all(b"[bus]\npoll_ms = 5\nurl = \"from-file\"\n").unwrap();
    let config = variables(&[
        ("PARLANCE__BUS__URL", "from-env"),
        ("PARLANCE__BUS__RETRY__FIRST_MS", "7"),
        ("PARLANCE__BUS__TOPICS", "x, y,"),
        ("PARLANCE__BUS__DURABLE", "false"),
        ("PARLANCE_TEST_POSTGRES", "not ours"),
    ])
    .file(Some(&file.0))
    .overrides(vec![("bus.durable".to_owned(), "true".to_owned())])
    .load()
    .unwrap();
    std::fs::remove_file(&file.0).unwrap();
    let bus: Bus = config.section("bus").unwrap();
    let topics = vec!["x".to_owned(), "y".to_owned()];
    let retry = Retry { first_ms: 7 };
    assert_eq!(bus, Bus { poll_ms: 5, url: "from-env".to_owned(), topics, durable: true, retry, password: None });
}

fn tempfile() -> (std::path::PathBuf, std::fs::File) {
    let path = std::env::temp_dir().join(format!("parlance-config-{:032x}.toml", rand::random::<u128>()));
    let file = std::fs::File::create(&path).unwrap();
    (path, file)
}

#[test]
fn text_that_looks_like_a_number_stays_as_it_is() {
    for text in ["0012", "1e5", "true", "1_000"] {
        let config = variables(&[("PARLANCE__BUS__PASSWORD", text)]).load().unwrap();
        assert_eq!(config.section::<Bus>("bus").unwrap().password.as_deref(), Some(text));
    }
}

#[test]
fn unknown_sections_are_named_with_their_source() {
    let error = variables(&[("PARLANCE__BUSS__URL", "x")]).load().unwrap_err().to_string();
    assert!(error.starts_with("unknown key `buss` in environment variable PARLANCE__BUSS__URL"), "{error}");
    let error = Sources::new(&[]).overrides(vec![("nothing".to_owned(), "x".to_owned())]).load().unwrap_err();
    assert!(error.to_string().starts_with("unknown key `nothing` in the command line"), "{error}");
    let error = Config::isolated(&["bus = 3"], Vec::new()).unwrap_err().to_string();
    assert_eq!(error, "setting `bus` (from the defaults): must be a table");
}

#[test]
fn unknown_keys_and_wrong_types_are_named_with_their_source() {
    let error = bus_error(variables(&[("PARLANCE__BUS__RETRY__FRIST_MS", "1")]));
    let start =
        "setting `bus.retry.frist_ms` (from environment variable PARLANCE__BUS__RETRY__FRIST_MS): unknown field";
    assert!(error.starts_with(start), "{error}");
    let error = bus_error(variables(&[("PARLANCE__BUS__POLL_MS", "soon")]));
    let start = "setting `bus.poll_ms` (from environment variable PARLANCE__BUS__POLL_MS): invalid type";
    assert!(error.starts_with(start), "{error}");
}

#[test]
fn what_is_missing_is_named() {
    let error = Config::isolated(&[], Vec::new()).unwrap().section::<Bus>("bus").unwrap_err().to_string();
    assert!(error.starts_with("setting `bus.") && error.ends_with("(set nowhere): missing"), "{error}");
}

#[test]
fn a_file_that_is_absent_or_broken_is_named() {
    let absent = std::path::Path::new("/nowhere/x.toml");
    let error = Sources::new(&[]).file(Some(absent)).load().unwrap_err().to_string();
    assert!(error.starts_with("cannot read /nowhere/x.toml"), "{error}");
    let error = Config::isolated(&["[bus"], Vec::new()).unwrap_err().to_string();
    assert!(error.starts_with("the defaults is not valid TOML"), "{error}");
}

#[test]
fn printing_shows_no_secrets() {
    let config = variables(&[
        ("PARLANCE__BUS__URL", "amqp://guest:hunter2@mq:5672"),
        ("PARLANCE__BUS__PASSWORD", "hunter2"),
        ("PARLANCE__AUTH__ROOT_TOKEN", "hunter2"),
        ("PARLANCE__AUTH__KEYS", "hunter2"),
        ("PARLANCE__AUTH__TOKEN_TTL_S", "900"),
    ])
    .load()
    .unwrap();
    for shown in [config.redacted(), format!("{config:?}")] {
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("amqp://***@mq:5672") && shown.contains("token_ttl_s = \"900\""), "{shown}");
        assert!(shown.contains("[bus.retry]\nfirst_ms = 100"), "{shown}");
    }
}

#[test]
fn lists_of_numbers_may_be_written_in_three_ways() {
    #[derive(Deserialize)]
    struct Egress {
        #[serde(deserialize_with = "comma_list")]
        ports: Vec<u16>,
    }
    for text in ["ports = [80, 443]", "ports = \"80, 443\"", "ports = [\"80\", \"443\"]"] {
        let config = Config::isolated(&[&format!("[egress]\n{text}")], Vec::new()).unwrap();
        assert_eq!(config.section::<Egress>("egress").unwrap().ports, [80, 443]);
    }
    let config = Config::isolated(&[], vec![("egress.ports".to_owned(), "80,x".to_owned())]).unwrap();
    let error = config.section::<Egress>("egress").map(drop).unwrap_err().to_string();
    assert!(error.contains("egress.ports") && error.contains("`x`") && error.contains("the command line"), "{error}");
}
