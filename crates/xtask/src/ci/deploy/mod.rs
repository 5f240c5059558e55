//! The deployment files, held against published schemas and against the code; needs neither Docker nor a cluster.
//!
//! A file that names a setting, a binary, a port or a path which the code no longer has fails here, not at somebody's start.

mod compose;
mod dockerfile;
mod kubernetes;
mod settings;
mod tools;

use anyhow::{Result, ensure};

use crate::workspace::root;
use tools::Tools;

/// Fails with everything that does not fit.
pub fn check() -> Result<()> {
    let root = root()?;
    let tools = Tools::ensure()?;
    let mut wrong = Vec::new();
    tools.lint_dockerfile(&root.join("deploy/Dockerfile"))?;
    dockerfile::check(&root, &mut wrong)?;
    let compose = root.join("docker-compose.yml");
    tools.builtin_schema("vendor.compose-spec", &compose)?;
    compose::check(&root, &tools.yaml(&compose)?, &mut wrong)?;
    Tools::prometheus(&root.join("deploy/prometheus"))?;
    for overlay in ["dev", "production"] {
        let rendered = tools.kustomize(&root.join("deploy/k8s/overlays").join(overlay))?;
        tools.kubernetes_schemas(&rendered)?;
        let objects = tools.yaml(&rendered)?;
        tools.own_schemas(&root.join("deploy/schemas"), &objects)?;
        kubernetes::check(&root, &objects, &mut wrong)?;
    }
    wrong.sort();
    wrong.dedup();
    ensure!(wrong.is_empty(), "the deployment does not fit the code:\n  {}", wrong.join("\n  "));
    Ok(())
}
