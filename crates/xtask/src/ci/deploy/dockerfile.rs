//! `deploy/Dockerfile` against the packages of the workspace.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::settings::Known;
use crate::stack::{GATEWAY, SERVICES};

/// The stages that are images: each a program.
pub fn programs() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().copied().chain([GATEWAY, "parlance"])
}

/// The port of each listener in every image.
pub const PORTS: [(&str, u16); 2] = [("PARLANCE__SERVER__LISTEN", 8080), ("PARLANCE__SERVER__ADMIN_LISTEN", 9090)];

/// Adds what does not fit to `wrong`.
pub fn check(root: &Path, wrong: &mut Vec<String>) -> Result<()> {
    let file = std::fs::read_to_string(root.join("deploy/Dockerfile")).context("deploy/Dockerfile")?;
    let text = file.replace("\\\n", " ");
    for program in programs() {
        let package = if program == GATEWAY { "crates/gateway" } else { &format!("services/{program}") };
        if !root.join(package).join("src/main.rs").is_file() {
            wrong.push(format!("{package} has no program"));
        }
        wrong.extend(missing(&text, program).into_iter().map(|line| format!("deploy/Dockerfile lacks: {line}")));
        let known = Known::read(root, program)?;
        wrong.extend(variables(&text).filter_map(|(name, value)| match (program, name) {
            // The folder of the all-in-one alone.
            (other, "PARLANCE__EMBEDDED__DATA_DIR") if other != "parlance" => None,
            _ => known.refusal(name, value),
        }));
    }
    for (listener, port) in PORTS {
        if !text.contains(&format!("{listener}=0.0.0.0:{port}")) {
            wrong.push(format!("deploy/Dockerfile does not set {listener} to port {port}"));
        }
    }
    let toolchain: toml::Table = toml::from_str(&std::fs::read_to_string(root.join("rust-toolchain.toml"))?)?;
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap_or_default();
    if !text.contains(&format!("ARG BUILD_IMAGE=rust:{channel}-")) {
        wrong.push(format!("deploy/Dockerfile builds with another Rust than {channel}"));
    }
    Ok(())
}

/// The lines an image of `program` consists of, as far as they are not there.
fn missing(text: &str, program: &str) -> Vec<String> {
    let lines = [
        format!("--package {program} "),
        format!("FROM runtime AS {program}\n"),
        format!("COPY --from=build /out/{program} /usr/local/bin/{program}\n"),
        format!("CMD [\"{program}\", \"healthcheck\"]\n"),
        format!("ENTRYPOINT [\"{program}\"]\n"),
    ];
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ") + "\n" + text;
    lines.into_iter().filter(|line| !text.contains(line)).map(|line| line.trim().to_owned()).collect()
}

/// Every `NAME=value` of an ENV.
fn variables(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("ENV "));
    lines.flat_map(str::split_whitespace).filter_map(|pair| pair.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::{missing, variables};

    #[test]
    fn an_image_without_its_program_or_health_check_is_seen() {
        let text = "RUN cargo build --package chats --package bots \nFROM runtime AS chats\n\
                    COPY --from=build /out/chats /usr/local/bin/chats\n\
                    HEALTHCHECK --timeout=5s CMD [\"chats\", \"healthcheck\"]\nENTRYPOINT [\"chats\"]\n";
        assert!(missing(text, "chats").is_empty(), "{:?}", missing(text, "chats"));
        assert_eq!(missing(text, "bots").len(), 4);
        assert_eq!(missing(text, "users").len(), 5);
    }

    #[test]
    fn variables_are_those_of_env() {
        let text = "ARG A=1\nENV B=2 C=x=y\nRUN D=3 true\n";
        assert_eq!(variables(text).collect::<Vec<_>>(), [("B", "2"), ("C", "x=y")]);
    }
}
