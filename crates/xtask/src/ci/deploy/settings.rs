//! Which settings a process has, from the `defaults.toml` files its `main` names.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::stack::{GATEWAY, SERVICES};

/// What a variable that is a setting starts with.
const PREFIX: &str = "PARLANCE__";

/// Where the program `name` has its settings.
fn files(name: &str) -> Vec<String> {
    let own: Vec<String> = match name {
        GATEWAY => ["gateway", "surfaces", "contracts"].map(|part| format!("crates/{part}")).to_vec(),
        // Everything in one process.
        "parlance" => {
            let crates = ["bus", "gateway", "surfaces", "contracts"].map(|part| format!("crates/{part}"));
            let services = SERVICES.iter().chain([&"parlance"]).map(|service| format!("services/{service}"));
            services.chain(crates).collect()
        }
        service => vec![format!("services/{service}"), "crates/bus".into(), "crates/contracts".into()],
    };
    ["crates/runtime".to_owned()].into_iter().chain(own).map(|dir| format!("{dir}/defaults.toml")).collect()
}

/// The settings of one program, with their defaults.
pub struct Known {
    program: String,
    tree: toml::Table,
}

impl Known {
    /// Reads the defaults of `program`.
    pub fn read(root: &Path, program: &str) -> Result<Self> {
        let mut tree = toml::Table::new();
        for file in files(program) {
            let text = std::fs::read_to_string(root.join(&file)).with_context(|| file.clone())?;
            let sections: toml::Table = toml::from_str(&text).with_context(|| file.clone())?;
            tree.extend(sections);
        }
        Ok(Self { program: program.to_owned(), tree })
    }

    /// Why the program would not take `variable` with `value`, if so. Other variables than settings are none of ours.
    pub fn refusal(&self, variable: &str, value: &str) -> Option<String> {
        let key = variable.strip_prefix(PREFIX)?.to_lowercase();
        let mut steps = key.split("__");
        let section = self.tree.get(steps.next().unwrap_or_default());
        let default = steps.fold(section, |at, step| at.and_then(|at| at.get(step)));
        let Some(default) = default else {
            return Some(format!("{} has no setting {variable}", self.program));
        };
        let wanted = misfit(default, value)?;
        Some(format!("{}: {variable} is {value:?} and must be {wanted}", self.program))
    }
}

/// What a setting with this default must be, if `value` is something else. What is filled in later is not looked at.
fn misfit(default: &toml::Value, value: &str) -> Option<&'static str> {
    let later = value.contains('$');
    let (fits, wanted) = match default {
        toml::Value::Boolean(_) => (value.parse::<bool>().is_ok(), "true or false"),
        toml::Value::Integer(_) => (value.parse::<i64>().is_ok(), "a whole number"),
        toml::Value::Float(_) => (value.parse::<f64>().is_ok(), "a number"),
        toml::Value::Table(_) => return Some("one of its settings, not the section"),
        _ => (true, ""),
    };
    (!fits && !later).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn settings_exist_and_fit() {
        let tree = "[server]\nlisten = \"x\"\nworkers = 0\n[chats.database]\nurl = \"\"\n[production]\nenabled = false";
        let known = Known { program: "chats".into(), tree: toml::from_str(tree).unwrap() };
        let fine = [
            ("PARLANCE__CHATS__DATABASE__URL", "postgres://h/d"),
            ("PARLANCE__SERVER__WORKERS", "4"),
            ("PARLANCE__SERVER__WORKERS", "$(WORKERS)"),
            ("PARLANCE__PRODUCTION__ENABLED", "true"),
            ("POSTGRES_PASSWORD", "x"),
        ];
        for (variable, value) in fine {
            assert_eq!(known.refusal(variable, value), None);
        }
        let refused = [
            ("PARLANCE__CHATS__DATABASE__URI", "x"),
            ("PARLANCE__MAIL__DIR", "x"),
            ("PARLANCE__SERVER", "x"),
            ("PARLANCE__SERVER__WORKERS", "many"),
            ("PARLANCE__PRODUCTION__ENABLED", "yes"),
        ];
        for (variable, value) in refused {
            assert!(known.refusal(variable, value).is_some(), "{variable}={value}");
        }
    }
}
