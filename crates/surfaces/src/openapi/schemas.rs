//! Schemas of wire types: how they are read, how they are written, and the pieces composed by hand.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

/// Where a document keeps its schemas.
const PLACE: &str = "#/components/schemas/";

/// The schemas of one document: types as they are written, and types as they are read.
pub struct Schemas {
    written: SchemaGenerator,
    read: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|s| {
            s.definitions_path = "/components/schemas".into();
            s.meta_schema = None;
        });
        Self {
            written: settings.clone().for_serialize().into_generator(),
            read: settings.for_deserialize().into_generator(),
        }
    }
}

/// A type as it is written, by its name.
pub fn out<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    schemas.written.subschema_for::<T>().to_value()
}

/// A type as it is written, without a name of its own.
pub fn inline<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    T::json_schema(&mut schemas.written).to_value()
}

/// A body as it is read, without a name of its own.
pub fn asked<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    T::json_schema(&mut schemas.read).to_value()
}

/// A value as it is read: a parameter.
pub fn value<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    schemas.read.subschema_for::<T>().to_value()
}

/// An object with exactly these keys.
pub fn object<const N: usize>(keys: [(&str, Value); N]) -> Value {
    let required: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    let required = json!(required);
    let properties: Map<String, Value> = keys.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Any of several.
pub fn one_of<const N: usize>(schemas: [Value; N]) -> Value {
    let any = Vec::from(schemas);
    json!({ "anyOf": any })
}

/// A text.
pub fn text(_: &mut Schemas) -> Value {
    json!({ "type": "string" })
}

/// A whole number.
pub fn integer(_: &mut Schemas) -> Value {
    json!({ "type": "integer" })
}

/// One of some words.
pub fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

impl Schemas {
    /// Every named schema, and the new names of those that are read otherwise than they are written.
    pub fn finish(self) -> (Map<String, Value>, BTreeMap<String, String>) {
        let Self { mut written, mut read } = self;
        let mut all = written.take_definitions(true);
        let (mut renamed, mut others) = (BTreeMap::new(), Vec::new());
        for (name, schema) in read.take_definitions(true) {
            match all.get(&name) {
                Some(same) if *same == schema => {}
                Some(_) => {
                    let own = format!("{name}In");
                    renamed.insert(format!("{PLACE}{name}"), format!("{PLACE}{own}"));
                    others.push((own, schema));
                }
                None => others.push((name, schema)),
            }
        }
        all.values_mut().for_each(close);
        for (name, mut schema) in others {
            rename(&mut schema, &renamed);
            all.insert(name, schema);
        }
        (all, renamed)
    }
}

/// Points references at the names things have now.
pub fn rename(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(new) = renamed.get(reference.as_str())
            {
                reference.clone_from(new);
            }
            object.values_mut().for_each(|inner| rename(inner, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rename(inner, renamed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What is written has the keys that are listed and no others: an answer with a key nobody described is a mistake.
pub fn close(schema: &mut Value) {
    each(schema, &mut |object| {
        if object.contains_key("properties") && !object.contains_key("additionalProperties") {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    });
}

/// Adds to every key of this name what is known of it wherever it stands.
pub fn refined(schema: &mut Value, known: fn(&str) -> Option<Value>) {
    each(schema, &mut |object| {
        let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
        for (name, property) in properties {
            let (Some(Value::Object(more)), Some(property)) = (known(name), property.as_object_mut()) else { continue };
            if property.get("type").is_some_and(|kind| kind == "string" || *kind == json!(["string", "null"])) {
                for (keyword, value) in more {
                    property.entry(keyword).or_insert(value);
                }
            }
        }
    });
}

/// Visits a schema and all schemas in it.
fn each(schema: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Some(object) = schema.as_object_mut() else { return };
    visit(object);
    for (keyword, value) in object.iter_mut() {
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "$defs", Value::Object(named)) => {
                for inner in named.values_mut() {
                    each(inner, visit);
                }
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(several)) => {
                for inner in several {
                    each(inner, visit);
                }
            }
            ("items" | "additionalProperties" | "not" | "contains" | "propertyNames", inner) => each(inner, visit),
            _ => {}
        }
    }
}

/// Declares types that stand for schemas made by hand, so that they can be fields' types and have names. Nobody makes one.
macro_rules! by_hand {
    ($($(#[doc = $doc:literal])* $name:ident = |$schemas:ident| $schema:expr;)+) => { $(
        $(#[doc = $doc])*
        pub enum $name {}

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema($schemas: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::Schema::try_from($schema).unwrap_or_default()
            }
        }
    )+ };
}
pub(crate) use by_hand;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(JsonSchema, serde::Deserialize)]
    #[expect(dead_code, reason = "drawn, never made")]
    struct Pair {
        #[serde(default)]
        first: String,
        second: Option<domain::ChatId>,
    }

    #[test]
    fn what_is_written_is_closed_and_what_is_read_is_not() {
        let mut schemas = Schemas::default();
        assert_eq!(out::<Pair>(&mut schemas), json!({ "$ref": "#/components/schemas/Pair" }));
        assert_eq!(value::<Pair>(&mut schemas), json!({ "$ref": "#/components/schemas/Pair" }));
        let (all, renamed) = schemas.finish();
        assert_eq!(renamed.values().collect::<Vec<_>>(), ["#/components/schemas/PairIn"]);
        assert_eq!(all["Pair"]["additionalProperties"], false);
        assert_eq!(all["Pair"]["required"], json!(["first", "second"]));
        assert_eq!(all["PairIn"].get("additionalProperties"), None);
        assert_eq!(all["PairIn"].get("required"), None);
        assert!(all.contains_key("ChatId") && !all.contains_key("ChatIdIn"));
    }

    #[test]
    fn a_property_called_properties_is_no_keyword() {
        let mut schema = object([("properties", json!({ "type": "string" }))]);
        close(&mut schema);
        assert_eq!(schema["properties"]["properties"], json!({ "type": "string" }));
        assert_eq!(schema["additionalProperties"], false);
    }
}
