//! The rendered objects against the settings, the calls the services make, and the metrics they have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::dockerfile;
use super::settings::Known;
use crate::stack::{GATEWAY, SERVICES};

/// What each program needs.
const KINDS: [&str; 5] = ["Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"];

/// Adds what does not fit to `wrong`.
pub fn check(root: &Path, objects: &[Value], wrong: &mut Vec<String>) -> Result<()> {
    let shared = find(objects, "ConfigMap", "parlance").map(|map| map["data"].clone()).unwrap_or_default();
    let code = sources(root)?;
    for program in SERVICES.iter().copied().chain([GATEWAY]) {
        for kind in KINDS.iter().filter(|kind| find(objects, kind, program).is_none()) {
            wrong.push(format!("{program} has no {kind}"));
        }
        let Some(deployment) = find(objects, "Deployment", program) else { continue };
        let container = &deployment["spec"]["template"]["spec"]["containers"][0];
        variables(&Known::read(root, program)?, container, &shared, wrong);
        ports(program, container, wrong);
        let Some(scaler) = find(objects, "HorizontalPodAutoscaler", program) else { continue };
        wrong.extend(
            metrics(scaler)
                .filter(|name| !code.contains(&format!("\"{name}\"")))
                .map(|name| format!("{program} scales on {name}, a metric that nobody has")),
        );
    }
    arrows(root, objects, wrong)
}

fn find<'a>(objects: &'a [Value], kind: &str, name: &str) -> Option<&'a Value> {
    objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
}

/// The variables of a container, those of the shared map too.
fn variables(known: &Known, container: &Value, shared: &Value, wrong: &mut Vec<String>) {
    let own = container["env"].as_array().into_iter().flatten();
    let own = own.filter_map(|entry| Some((entry["name"].as_str()?, entry["value"].as_str().unwrap_or("$"))));
    let shared =
        shared.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    wrong.extend(own.chain(shared).filter_map(|(name, value)| known.refusal(name, value)));
}

fn ports(program: &str, container: &Value, wrong: &mut Vec<String>) {
    let given = container["ports"].as_array().into_iter().flatten().map(|port| &port["containerPort"]);
    if !given.eq(dockerfile::PORTS.iter().map(|(_, port)| port)) {
        wrong.push(format!("{program}: its ports are not those of its image"));
    }
}

/// The metrics of its own that a program is scaled by.
fn metrics(scaler: &Value) -> impl Iterator<Item = &str> {
    let all = scaler["spec"]["metrics"].as_array().into_iter().flatten();
    all.filter_map(|metric| metric["pods"]["metric"]["name"].as_str())
}

/// Who calls whom, by the code and by the policies of both sides.
fn arrows(root: &Path, objects: &[Value], wrong: &mut Vec<String>) -> Result<()> {
    let mut code: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for service in SERVICES {
        let path = root.join("services").join(service).join("src/serve.rs");
        let text = std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        code.insert(service, called(&text));
    }
    code.insert(GATEWAY, SERVICES.iter().map(|service| (*service).to_owned()).collect());
    for (caller, callees) in &code {
        let Some(policy) = find(objects, "NetworkPolicy", caller) else { continue };
        let allowed = named(&policy["spec"]["egress"], "to");
        if allowed != *callees {
            wrong.push(format!("{caller} calls {callees:?}, and its policy lets it call {allowed:?}"));
        }
        let callers =
            code.iter().filter(|(_, whom)| whom.contains(*caller)).map(|(who, _)| (*who).to_owned()).collect();
        let let_in = named(&policy["spec"]["ingress"], "from");
        if let_in != callers {
            wrong.push(format!("{caller} is called by {callers:?}, and its policy lets in {let_in:?}"));
        }
    }
    Ok(())
}

/// The peers that a service's `serve.rs` makes clients for: `peers.chats`.
fn called(text: &str) -> BTreeSet<String> {
    let words =
        text.split("peers.").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
    words.filter(|word| SERVICES.contains(word)).map(str::to_owned).collect()
}

/// The programs that the rules of one direction name.
fn named(rules: &Value, side: &str) -> BTreeSet<String> {
    let ends = rules.as_array().into_iter().flatten().flat_map(|rule| rule[side].as_array().into_iter().flatten());
    let terms = ends.flat_map(|end| end["podSelector"]["matchExpressions"].as_array().into_iter().flatten());
    let names = terms.flat_map(|term| term["values"].as_array().into_iter().flatten());
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// All Rust of the programs, to look names up in.
fn sources(root: &Path) -> Result<String> {
    let mut all = String::new();
    let mut folders = vec![root.join("crates/bus/src"), root.join("crates/surfaces/src"), root.join("services")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&std::fs::read_to_string(path)?);
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{called, named};

    #[test]
    fn calls_are_read_from_the_wiring() {
        let text = "HttpUsers(host.peer(|peers| &peers.users)), host.peer(|peers| &peers.messages), peers.nobody";
        assert_eq!(called(text).into_iter().collect::<Vec<_>>(), ["messages", "users"]);
    }

    #[test]
    fn a_policy_names_programs_by_expressions_only() {
        let rules = json!([
            { "to": [{ "podSelector": { "matchExpressions": [{ "key": "k", "operator": "In", "values": ["chats"] }] } }] },
            { "to": [{ "podSelector": { "matchLabels": { "cnpg.io/cluster": "postgres" } } }] },
            { "ports": [{ "port": 53 }] }
        ]);
        assert_eq!(named(&rules, "to").into_iter().collect::<Vec<_>>(), ["chats"]);
    }
}
