//! The coverage page of a document: every call with where it stands, what was decided, and what deviates.

use std::fmt::Write as _;

use actix_web::http::Method;

use super::Dialect;
use super::document::doc;
use crate::http::Endpoint;

/// A reading of the vendor's text that somebody may want to question.
pub struct Note {
    kind: Kind,
    calls: &'static [&'static str],
    about: &'static str,
    ours: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Decided,
    Deviating,
}

/// What the vendor's text leaves open (`about`), and what we do. `calls` are paths, or a method and a path; none is all of
/// them.
pub const fn decided(calls: &'static [&'static str], about: &'static str, ours: &'static str) -> Note {
    Note { kind: Kind::Decided, calls, about, ours }
}

/// What the vendor's text or service does (`about`), and what we do instead. `calls` as with [`decided`].
pub const fn deviating(calls: &'static [&'static str], about: &'static str, ours: &'static str) -> Note {
    Note { kind: Kind::Deviating, calls, about, ours }
}

impl Note {
    fn is_about(&self, endpoint: &Endpoint) -> bool {
        self.calls.iter().any(|call| names(call, &endpoint.method, endpoint.path))
    }

    /// What it names that is not served.
    pub(super) fn astray<'a>(&'a self, served: &'a [&Endpoint]) -> impl Iterator<Item = &'a str> {
        let unknown = |call: &&str| !served.iter().any(|endpoint| names(call, &endpoint.method, endpoint.path));
        self.calls.iter().copied().filter(unknown)
    }
}

fn names(call: &str, method: &Method, path: &str) -> bool {
    match call.split_once(' ') {
        Some((of, named)) => of == method.as_str() && named == path,
        None => call == path,
    }
}

/// The page.
pub fn page(dialect: &Dialect) -> String {
    let endpoints: Vec<&Endpoint> = dialect.endpoints().collect();
    let of = |kind| dialect.notes.iter().filter(move |note| note.kind == kind);
    let (decided, deviating): (Vec<&Note>, Vec<&Note>) = (of(Kind::Decided).collect(), of(Kind::Deviating).collect());
    let mut page = String::new();
    let about = dialect.about.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = dialect.title.trim_start_matches("Parlance: ");
    line(&mut page, &format!("# Coverage: {title}\n"));
    line(&mut page, "Drawn from the endpoint table by `cargo xtask openapi`; a test holds it to the code.\n");
    line(&mut page, &format!("{about}\n"));
    line(
        &mut page,
        &format!(
            "{} What each takes and answers: [{name}.json](../openapi/{name}.json).\n",
            counts(&endpoints),
            name = dialect.name
        ),
    );
    line(&mut page, "| call | what it does | status | where it is described | owner | notes |");
    line(&mut page, "|---|---|---|---|---|---|");
    for endpoint in &endpoints {
        let operation = dialect.operations.iter().find(|o| o.method == endpoint.method && o.path == endpoint.path);
        let (title, source) = operation.map_or(("", ""), |o| (o.title, o.source));
        let notes =
            [("D", &decided), ("V", &deviating)].map(|(letter, notes)| numbers(letter, notes, endpoint)).concat();
        let (method, path) = (&endpoint.method, endpoint.path);
        let (status, owner) = (doc(endpoint.doc), format!("{:?}", endpoint.owner).to_lowercase());
        line(
            &mut page,
            &format!(
                "| `{method} {path}` | {title} | {status} | {} | {owner} | {} |",
                source.trim_end_matches('.'),
                notes.join(" ")
            ),
        );
    }
    section(&mut page, "Decided", "D", "What the vendor's text leaves open, and what we do.", "open", &decided);
    section(
        &mut page,
        "Deviating",
        "V",
        "Where we do otherwise than the vendor, on purpose.",
        "the vendor",
        &deviating,
    );
    page
}

/// The page that leads to the others: a line for each document.
pub fn index(dialects: &[Dialect]) -> String {
    let mut page = String::new();
    line(&mut page, "# Coverage\n");
    line(
        &mut page,
        "What is served of each surface, drawn from the endpoint tables by `cargo xtask openapi`. *Documented*: in the vendor's document that the surface follows. *Sibling*: in the vendor's other documents or sources. *Ours*: in our own documents only. *Decided*: the vendor's text leaves it open. *Deviating*: we do otherwise, on purpose.\n",
    );
    line(&mut page, "| surface | documented | sibling | ours | decided | deviating |");
    line(&mut page, "|---|--:|--:|--:|--:|--:|");
    for dialect in dialects {
        let count = |word: &str| dialect.endpoints().filter(|endpoint| doc(endpoint.doc) == word).count();
        let notes = |kind| dialect.notes.iter().filter(|note| note.kind == kind).count();
        let title = dialect.title.trim_start_matches("Parlance: ");
        line(
            &mut page,
            &format!(
                "| [{title}]({}.md) | {} | {} | {} | {} | {} |",
                dialect.name,
                count("documented"),
                count("sibling"),
                count("ours"),
                notes(Kind::Decided),
                notes(Kind::Deviating)
            ),
        );
    }
    page
}

fn counts(endpoints: &[&Endpoint]) -> String {
    let of = |word: &str| match endpoints.iter().filter(|endpoint| doc(endpoint.doc) == word).count() {
        0 => None,
        count => Some(format!("{count} {word}")),
    };
    let each: Vec<String> = ["documented", "sibling", "ours"].into_iter().filter_map(of).collect();
    format!("{} calls: {}.", endpoints.len(), each.join(", "))
}

/// The numbers of the notes about one call; those about all of them stand in the list alone.
fn numbers(letter: &str, notes: &[&Note], endpoint: &Endpoint) -> Vec<String> {
    let about = notes.iter().enumerate().filter(|(_, note)| note.is_about(endpoint));
    about.map(|(at, _)| format!("{letter}{}", at + 1)).collect()
}

fn section(page: &mut String, title: &str, letter: &str, about: &str, head: &str, notes: &[&Note]) {
    if notes.is_empty() {
        return;
    }
    line(page, &format!("\n## {title}\n\n{about}\n"));
    line(page, &format!("| | calls | {head} | here |"));
    line(page, "|---|---|---|---|");
    for (at, note) in notes.iter().enumerate() {
        let calls: Vec<String> = note.calls.iter().map(|call| format!("`{call}`")).collect();
        let calls = if calls.is_empty() { "all".to_owned() } else { calls.join(", ") };
        line(page, &format!("| {letter}{} | {calls} | {} | {} |", at + 1, note.about, note.ours));
    }
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{text}");
}
