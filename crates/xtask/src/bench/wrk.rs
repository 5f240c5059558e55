//! The load generator for HTTP: `wrk`, with every request written beforehand.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::Context;
use crate::{servers, signals};

/// A request to send.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// JSON, or nothing.
    pub body: String,
}

/// What came of a load.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Load {
    /// Answers.
    pub requests: u64,
    /// Answers a second.
    pub per_s: f64,
    /// Half of the answers came within this time. Milliseconds.
    pub p50_ms: f64,
    /// Nearly all did. Milliseconds.
    pub p99_ms: f64,
    /// Answers that were errors, and requests without an answer.
    pub errors: u64,
}

/// What follows the requests in the script. `done` runs once, in the end.
const SCRIPT: &str = r#"
local threads = 0
function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end
function init(args)
  all = {}
  for _, r in ipairs(requests) do
    local headers = { ["Content-Type"] = "application/json" }
    all[#all + 1] = wrk.format(r[1], r[2], headers, r[3] ~= "" and r[3] or nil)
  end
  step = tonumber(args[1])
  next_one = first
end
function request()
  local r = all[next_one % #all + 1]
  next_one = next_one + step
  return r
end
function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"per_s":%.3f,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
    summary.requests, summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
"#;

/// Sends `requests` in turn to `authority` over `connections`, for the time asked on the command line. An answer that is an
/// error, or none at all, makes the measurement void.
pub fn load(context: &Context, authority: &str, requests: &[Request], connections: usize) -> Result<Load> {
    servers::install_programs(&[("wrk", "wrk")])?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(connections);
    let script = context.dir().join("wrk.lua");
    std::fs::write(&script, lua(requests) + SCRIPT)?;
    let mut wrk = Command::new("wrk");
    wrk.args([format!("-t{threads}"), format!("-c{connections}"), format!("-d{}s", context.seconds)]);
    wrk.args(["--timeout", "10s", "-s"]).arg(&script).arg(format!("http://{authority}"));
    wrk.args(["--", &threads.to_string()]);
    let output = wrk.stdin(Stdio::null()).output().context("cannot run wrk")?;
    signals::check()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rev().find(|line| line.starts_with('{'));
    let line = line.with_context(|| format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
    let load: Load = serde_json::from_str(line).with_context(|| format!("wrk says {line}"))?;
    ensure!(load.errors == 0 && load.requests > 0, "not every request was answered well; wrk:\n{text}");
    Ok(load)
}

/// The requests as a table in Lua.
fn lua(requests: &[Request]) -> String {
    let mut out = "requests = {\n".to_owned();
    for Request { method, path, body } in requests {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {{ [==[{method}]==], [==[{path}]==], [==[{body}]==] }},");
    }
    out + "}\n"
}

#[cfg(test)]
mod tests {
    use super::{Request, lua};

    #[test]
    fn requests_are_quoted() {
        let request = Request { method: "POST", path: "/x?token=a".into(), body: r#"{"a":["]]"]}"#.into() };
        let text = lua(&[request]);
        assert_eq!(text, "requests = {\n  { [==[POST]==], [==[/x?token=a]==], [==[{\"a\":[\"]]\"]}]==] },\n}\n");
    }
}
