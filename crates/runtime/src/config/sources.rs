//! Where settings come from, weakest first. Every value remembers its source.

use std::path::{Path, PathBuf};

use ::config::{FileFormat, Format, Map, Source, Value, ValueKind};

use super::{Config, ConfigError, SECTIONS};

/// What an environment variable starts with; `__` also stands between the parts of its key.
const PREFIX: &str = "PARLANCE__";

/// A list of sources to be laid over each other by [`Sources::load`].
#[derive(Debug)]
pub struct Sources {
    defaults: Vec<String>,
    file: Option<PathBuf>,
    environment: Vec<(String, String)>,
    overrides: Vec<(String, String)>,
}

impl Sources {
    /// Starts with this crate's own defaults and then `defaults`, TOML texts.
    pub fn new(defaults: &[&str]) -> Self {
        let defaults = std::iter::once(crate::DEFAULTS).chain(defaults.iter().copied()).map(str::to_owned).collect();
        Self { defaults, file: None, environment: Vec::new(), overrides: Vec::new() }
    }

    /// Adds a TOML file, which must then exist.
    #[must_use]
    pub fn file(mut self, file: Option<&Path>) -> Self {
        self.file = file.map(Path::to_owned);
        self
    }

    /// Adds this process's environment.
    #[must_use]
    pub fn environment(self) -> Self {
        let utf8 = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        self.variables(utf8)
    }

    /// Adds environment variables given as pairs; those without our prefix are passed over.
    #[must_use]
    pub fn variables(mut self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(pairs.into_iter().filter(|(name, _)| name.starts_with(PREFIX)));
        self
    }

    /// Adds `(key, value)` pairs from the command line, keys with dots.
    #[must_use]
    pub fn overrides(mut self, pairs: Vec<(String, String)>) -> Self {
        self.overrides.extend(pairs);
        self
    }

    /// Reads and lays over each other what was added.
    pub fn load(self) -> Result<Config, ConfigError> {
        let mut layers = Vec::new();
        for text in &self.defaults {
            layers.push(Layer::parse("the defaults", text)?);
        }
        if let Some(path) = &self.file {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(path).map_err(|cause| ConfigError::Read { path: name.clone(), cause })?;
            layers.push(Layer::parse(&name, &text)?);
        }
        for (name, value) in self.environment {
            let key = name[PREFIX.len()..].to_lowercase();
            let path: Vec<_> = key.split("__").collect();
            layers.push(Layer::single(&format!("environment variable {name}"), &path, value)?);
        }
        for (key, value) in self.overrides {
            let path: Vec<_> = key.split('.').collect();
            layers.push(Layer::single("the command line", &path, value)?);
        }
        let mut root = Value::new(None, Map::<String, Value>::new());
        for layer in layers {
            layer.collect_to(&mut root).map_err(|e| ConfigError::invalid("", e))?;
        }
        Ok(Config { root })
    }
}

/// One source, parsed: a tree whose leaves know its name.
#[derive(Debug, Clone)]
struct Layer(Map<String, Value>);

impl Layer {
    fn parse(origin: &str, text: &str) -> Result<Self, ConfigError> {
        let tree = FileFormat::Toml
            .parse(Some(&origin.to_owned()), text)
            .map_err(|e| ConfigError::Parse { origin: origin.to_owned(), message: e.to_string() })?;
        Self::checked(origin, tree)
    }

    /// One setting. Its value stays a string whatever it looks like: a type that wants a number or a flag parses it, and
    /// a password such as `0012` or `1e5` is not turned into another.
    fn single(origin: &str, path: &[&str], value: String) -> Result<Self, ConfigError> {
        let uri = origin.to_owned();
        let unknown = || ConfigError::UnknownSection { key: path.join("."), origin: uri.clone() };
        let (first, rest) = path.split_first().filter(|(_, rest)| !rest.is_empty()).ok_or_else(unknown)?;
        if path.iter().any(|key| key.is_empty()) {
            return Err(unknown());
        }
        let leaf = Value::new(Some(&uri), ValueKind::String(value));
        let tree = rest
            .iter()
            .rev()
            .fold(leaf, |inner, key| Value::new(Some(&uri), Map::from_iter([((*key).to_owned(), inner)])));
        Self::checked(origin, Map::from_iter([((*first).to_owned(), tree)]))
    }

    fn checked(origin: &str, tree: Map<String, Value>) -> Result<Self, ConfigError> {
        for (key, value) in &tree {
            if !SECTIONS.contains(&key.as_str()) {
                return Err(ConfigError::UnknownSection { key: key.clone(), origin: origin.to_owned() });
            }
            if !matches!(value.kind, ValueKind::Table(_)) {
                let (key, origin) = (key.clone(), format!("from {origin}"));
                return Err(ConfigError::Invalid { key, origin, message: "must be a table".to_owned() });
            }
        }
        Ok(Self(tree))
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ::config::ConfigError> {
        Ok(self.0.clone())
    }
}
