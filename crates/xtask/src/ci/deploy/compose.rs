//! `docker-compose.yml` against the images, the settings, the files it mounts and the variables `compose-env` draws.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use super::dockerfile;
use super::settings::Known;
use crate::compose_env;
use crate::stack::{GATEWAY, SERVICES};

/// Adds what does not fit to `wrong`.
pub fn check(root: &Path, documents: &[Value], wrong: &mut Vec<String>) -> Result<()> {
    let services = documents.first().and_then(|all| all["services"].as_object()).context("compose has no services")?;
    for (name, service) in services {
        if let Some(target) = service["build"]["target"].as_str() {
            process(root, name, target, service, wrong)?;
        }
        wrong.extend(absent(root, service).map(|path| format!("{name} mounts {path}, which is not there")));
    }
    published(services, wrong);
    for name in SERVICES.iter().chain([&GATEWAY]).filter(|name| !services.contains_key(**name)) {
        wrong.push(format!("docker-compose.yml has no {name}"));
    }
    let text = std::fs::read_to_string(root.join("docker-compose.yml"))?;
    let (wanted, drawn) = (required(&text), compose_env::names().into_iter().collect());
    wrong.extend(wanted.symmetric_difference(&drawn).map(|name| format!("{name}: compose and compose-env differ")));
    Ok(())
}

/// One process of ours: its image, and its settings.
fn process(root: &Path, name: &str, target: &str, service: &Value, wrong: &mut Vec<String>) -> Result<()> {
    if !dockerfile::programs().any(|program| program == target) {
        wrong.push(format!("{name} is built from {target}, which is no image"));
        return Ok(());
    }
    let known = Known::read(root, target)?;
    let none = Map::new();
    let environment = service["environment"].as_object().unwrap_or(&none);
    for (variable, value) in environment {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        wrong.extend(known.refusal(variable, &value));
        wrong.extend(peer(variable, &value));
    }
    Ok(())
}

/// Why a peer's URL is wrong: it names a container of that service, and the port its image serves at.
fn peer(variable: &str, value: &str) -> Option<String> {
    let service = variable.strip_prefix("PARLANCE__RPC__PEERS__")?.to_lowercase();
    let right = format!("http://{service}:{}", dockerfile::PORTS[0].1);
    (value != right).then(|| format!("{variable} is {value} and must be {right}"))
}

/// What a service mounts from the checkout and is not there.
fn absent(root: &Path, service: &Value) -> impl Iterator<Item = String> {
    let volumes = service["volumes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let local = volumes.filter_map(|volume| volume.split(':').next()).filter(|source| source.starts_with("./"));
    local.filter(move |source| !root.join(source).exists()).map(str::to_owned)
}

/// Of what serves the stack only the gateway is reached from outside; a tool to look with is another matter.
fn published(services: &Map<String, Value>, wrong: &mut Vec<String>) {
    for (name, service) in services {
        let ports = service["ports"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let inner = ports.filter_map(|port| port.rsplit(':').next()).collect::<Vec<_>>();
        match (name.as_str(), service["profiles"].is_null()) {
            (GATEWAY, _) if inner == [dockerfile::PORTS[0].1.to_string()] => {}
            (GATEWAY, _) => wrong.push(format!("the gateway publishes {inner:?}")),
            (_, true) if !inner.is_empty() => wrong.push(format!("{name} publishes {inner:?}")),
            _ => {}
        }
    }
}

/// The variables without which compose refuses to start: `${NAME:?…}`.
fn required(text: &str) -> BTreeSet<String> {
    let names = text
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .filter_map(|(inside, _)| inside.split_once(":?"));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn required_variables_are_found() {
        let text = "a: ${A:?run it}\nb: x:${B:-1}@${C:?run it}/\n";
        assert_eq!(super::required(text).into_iter().collect::<Vec<_>>(), ["A", "C"]);
    }

    #[test]
    fn nothing_but_the_gateway_is_published() {
        let services = json!({
            "gateway": { "ports": ["${LISTEN:-127.0.0.1:8080}:8080"] },
            "postgres": { "ports": ["5432:5432"] },
            "grafana": { "ports": ["3000:3000"], "profiles": ["observability"] }
        });
        let mut wrong = Vec::new();
        super::published(services.as_object().unwrap(), &mut wrong);
        assert_eq!(wrong, ["postgres publishes [\"5432\"]"]);
    }

    #[test]
    fn a_peer_is_a_container_of_that_name() {
        assert_eq!(super::peer("PARLANCE__RPC__PEERS__CHATS", "http://chats:8080"), None);
        assert!(super::peer("PARLANCE__RPC__PEERS__CHATS", "http://users:8080").is_some());
        assert_eq!(super::peer("PARLANCE__RPC__SECRET", "x"), None);
    }
}
