//! OpenAPI 3.1: one document per surface, drawn from its endpoint table, its operations and its wire types.
//!
//! Built with the feature `openapi` alone, which no program has. `cargo xtask openapi` writes what is drawn here to
//! `docs/openapi`, and a page per document about what is covered to `docs/coverage`. The documents are what the operator
//! API serves and what the tests hold every answer against (`docs/decisions/0015-openapi.md`).

mod answer;
mod coverage;
mod document;
mod operation;
mod schemas;

pub use answer::{Answer, Content, JSON};
pub use coverage::{Note, decided, deviating};
pub use document::{Dialect, Event, Refusal};
pub use operation::{Draw, Operation};
pub(crate) use schemas::by_hand;
pub use schemas::{Schemas, asked, inline, integer, object, one_of, out, text, value, words};

use serde_json::Value;

fn dialects() -> [Dialect; 6] {
    [
        crate::imbee::openapi::dialect(),
        crate::voipbin::openapi::dialect(),
        crate::connectnow::openapi::dialect(),
        crate::odoo::openapi::dialect(),
        crate::zenvia::openapi::dialect(),
        crate::operator::openapi::dialect(),
    ]
}

/// Every document by the name of its file, with what the tables and the operations do not agree about.
pub fn documents() -> Vec<(&'static str, Result<Value, Vec<String>>)> {
    dialects().into_iter().map(|dialect| (dialect.name, dialect.document())).collect()
}

/// The coverage pages by the names of their files: one per document, and the one that leads to them.
pub fn pages() -> Vec<(&'static str, String)> {
    let dialects = dialects();
    let mut pages = vec![("README", coverage::index(&dialects))];
    pages.extend(dialects.iter().map(|dialect| (dialect.name, coverage::page(dialect))));
    pages
}

/// A document as its file has it.
pub fn written(document: &Value) -> String {
    format!("{document:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(name: &str) -> String {
        let path = format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}; `cargo xtask openapi` writes it"))
    }

    #[test]
    fn every_endpoint_is_described_and_nothing_else() {
        let wrong: Vec<String> = documents().into_iter().filter_map(|(_, document)| document.err()).flatten().collect();
        assert_eq!(wrong, Vec::<String>::new());
        let described: usize = documents().iter().map(|(_, d)| d.as_ref().map_or(0, calls)).sum();
        let served: usize = crate::all().iter().map(|table| table.endpoints.len()).sum();
        assert_eq!(described, served, "every surface has a document");
    }

    fn calls(document: &Value) -> usize {
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum()
    }

    #[test]
    fn the_committed_documents_are_what_the_code_says() {
        for (name, document) in documents() {
            let says = written(&document.unwrap());
            let file = format!("openapi/{name}.json");
            assert!(committed(&file) == says, "docs/{file} has drifted; run `cargo xtask openapi`");
        }
    }

    #[test]
    fn the_committed_coverage_is_what_the_code_says() {
        for (name, says) in pages() {
            let file = format!("coverage/{name}.md");
            assert!(committed(&file) == says, "docs/{file} has drifted; run `cargo xtask openapi`");
        }
    }

    /// A name with a number behind it stands for a second type of the same name: one of them needs another.
    #[test]
    fn no_two_types_have_one_name() {
        for (name, document) in documents() {
            let document = document.unwrap();
            let schemas = document["components"]["schemas"].as_object().unwrap();
            for schema in schemas.keys() {
                let plain = schema.trim_end_matches(|c: char| c.is_ascii_digit());
                assert!(plain == schema || !schemas.contains_key(plain), "{name}: {schema}");
            }
        }
    }

    #[test]
    fn references_lead_somewhere() {
        fn walk(value: &Value, document: &Value) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(reference)) = object.get("$ref") {
                        let pointer = reference.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                    }
                    object.values().for_each(|inner| walk(inner, document));
                }
                Value::Array(items) => items.iter().for_each(|inner| walk(inner, document)),
                _ => {}
            }
        }
        for (_, document) in documents() {
            let document = document.unwrap();
            walk(&document, &document);
        }
    }
}
