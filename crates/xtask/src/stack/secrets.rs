//! What the processes of a stack share and nobody else knows; and the first tenant's credentials.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::plan::reachable;
use super::running::Stack;
use crate::{http, secret, signals};

/// The secrets of a stack. Who passes one on in the environment decides it; the others are made once and kept.
pub struct Secrets {
    /// Proves to a service that another service asks.
    pub rpc: String,
    /// What auth derives secrets under: `id:hex`, newest first.
    pub instance_keys: String,
    /// Manages tenants.
    pub root_token: String,
}

impl Secrets {
    /// The secrets kept in `dir`, made if absent.
    pub fn keep(dir: &Path, env: &BTreeMap<String, String>) -> Result<Self> {
        let keep = |variable: &str, file: &str| match env.get(variable).filter(|value| !value.is_empty()) {
            Some(given) => Ok(given.clone()),
            None => kept(&dir.join(file)),
        };
        Ok(Self {
            rpc: keep("PARLANCE__RPC__SECRET", "rpc-secret")?,
            instance_keys: match env.get("PARLANCE__AUTH__INSTANCE_KEYS").filter(|value| !value.is_empty()) {
                Some(given) => given.clone(),
                None => format!("1:{}", kept(&dir.join("instance-key"))?),
            },
            root_token: keep("PARLANCE__AUTH__ROOT_TOKEN", "root-token")?,
        })
    }
}

fn kept(path: &Path) -> Result<String> {
    if !path.exists() {
        secret::write(path, &format!("{}\n", secret::hex()?))?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// Writes `credentials.json`: the first time with a new tenant `demo`, later with the present addresses only.
pub fn write_credentials(stack: &Stack) -> Result<()> {
    let path = stack.dir().join("credentials.json");
    let mut credentials = if path.exists() {
        let text = std::fs::read_to_string(&path)?;
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?
    } else {
        demo_tenant(stack)?
    };
    let gateway = stack.plan().gateway()?;
    credentials["base_url"] = format!("http://{}", reachable(gateway.listen)).into();
    credentials["admin_url"] = format!("http://{}", reachable(gateway.admin)).into();
    secret::write(&path, &format!("{}\n", serde_json::to_string_pretty(&credentials)?))
}

/// Asks for the tenant as any operator would, as long as the answer is that somebody is not there yet.
fn demo_tenant(stack: &Stack) -> Result<Value> {
    let secrets = Secrets::keep(stack.dir(), &stack.plan().env)?;
    let authority = reachable(stack.plan().gateway()?.listen);
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let asked = http::post(
            &authority,
            "/operator/v1/tenants",
            &secrets.root_token,
            "stack-up-demo-tenant",
            r#"{"name":"demo"}"#,
        );
        match asked {
            Ok(answer) if matches!(answer.status, 200 | 201) => {
                let tenant: Value = serde_json::from_str(&answer.body).context("the new tenant is no JSON")?;
                anyhow::ensure!(tenant.is_object(), "the new tenant is no object: {tenant}");
                return Ok(tenant);
            }
            Ok(answer) if answer.status < 500 || Instant::now() > deadline => {
                bail!("the gateway refuses the demo tenant: {} {}", answer.status, answer.body);
            }
            Err(error) if Instant::now() > deadline => return Err(error.context("the gateway does not answer")),
            _ => {
                signals::check()?;
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn secrets_are_kept_unless_given() {
        let dir = tempfile::tempdir().unwrap();
        let first = Secrets::keep(dir.path(), &[].into()).unwrap();
        let given = [("PARLANCE__AUTH__ROOT_TOKEN".to_owned(), "mine".to_owned())].into();
        let second = Secrets::keep(dir.path(), &given).unwrap();
        assert_eq!(first.rpc, second.rpc);
        assert_eq!(first.instance_keys, second.instance_keys);
        assert_eq!(second.root_token, "mine");
        assert_ne!(first.rpc, first.instance_keys);
    }
}
