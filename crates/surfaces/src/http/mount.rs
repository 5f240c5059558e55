//! From tables to routes: reads bodies, finds callers, applies limits, and draws every problem in its vendor's shape.

use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::Method;
use actix_web::web::{self, Bytes, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::call::find_caller;
use super::{Apis, Call, Endpoint, Head, Problem, Table, measure, once};

/// Mounts every table, and answers unknown paths by prefix.
pub fn mount(tables: Vec<Table>, apis: &Apis, config: &mut ServiceConfig) {
    let tables: Arc<[Table]> = tables.into();
    // Routes are tried in turn: paths that are compared go before those that are matched by a pattern.
    for patterns in [false, true] {
        for table in tables.iter() {
            for (path, endpoints) in by_path(table).into_iter().filter(|(path, _)| path.contains('{') == patterns) {
                for spelled in spellings(table, path) {
                    config.service(resource(table, path, spelled, &endpoints, apis));
                }
            }
        }
    }
    config.default_service(web::to(move |request: HttpRequest| {
        let tables = tables.clone();
        async move {
            let head = Head { request, started: Instant::now() };
            let table = table_for(&tables, head.request.path());
            answer(table, "unknown", &head, Err(Problem::UnknownPath))
        }
    }));
}

/// The table whose prefix matches `path` in whole segments; the longest wins, the last table takes the rest.
///
/// # Panics
/// When there is no table at all.
pub fn table_for<'t>(tables: &'t [Table], path: &str) -> &'t Table {
    let covers = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let reach = |table: &Table| table.prefixes.iter().filter(|p| covers(p)).map(|p| p.len()).max();
    let best = tables.iter().filter_map(|t| reach(t).map(|len| (len, t))).max_by_key(|(len, _)| *len);
    best.map_or_else(|| &tables[tables.len() - 1], |(_, table)| table)
}

fn by_path(table: &Table) -> BTreeMap<&'static str, Vec<&Endpoint>> {
    let mut by_path: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in &table.endpoints {
        by_path.entry(endpoint.path).or_default().push(endpoint);
    }
    by_path
}

/// The path, and as it may end in a slash. Not as one resource: of several spellings actix makes a pattern.
fn spellings(table: &Table, path: &str) -> impl Iterator<Item = String> {
    let slashed = (table.slash && !path.ends_with(".*}")).then(|| format!("{path}/"));
    iter::once(path.to_owned()).chain(slashed)
}

fn resource(
    table: &Table,
    path: &'static str,
    spelled: String,
    endpoints: &[&Endpoint],
    apis: &Apis,
) -> actix_web::Resource {
    let mut resource = web::resource(spelled);
    let mut allowed = Vec::new();
    for endpoint in endpoints {
        resource = resource.route(route(table, endpoint, endpoint.method.clone(), apis));
        allowed.push(endpoint.method.to_string());
        if endpoint.method == Method::GET {
            resource = resource.route(route(table, endpoint, Method::HEAD, apis));
            allowed.insert(1, Method::HEAD.to_string());
        }
    }
    let table = table.clone();
    resource.default_service(web::to(move |request: HttpRequest| {
        let problem = Problem::WrongMethod { allowed: allowed.clone() };
        let response = answer(&table, path, &Head { request, started: Instant::now() }, Err(problem));
        async move { response }
    }))
}

fn route(table: &Table, endpoint: &Endpoint, method: Method, apis: &Apis) -> actix_web::Route {
    let (table, endpoint, apis) = (table.clone(), endpoint.clone(), apis.clone());
    web::method(method).to(move |request: HttpRequest, payload: Payload| {
        let (table, endpoint, apis) = (table.clone(), endpoint.clone(), apis.clone());
        async move {
            let head = Head { request, started: Instant::now() };
            let outcome = serve(&endpoint, &apis, head.clone(), payload).await;
            answer(&table, endpoint.path, &head, outcome)
        }
    })
}

/// The caller is found before a broken body is complained about; a body is read first, since it may hold the credential.
async fn serve(endpoint: &Endpoint, apis: &Apis, head: Head, payload: Payload) -> super::Answer {
    let (body, payload) = if endpoint.raw {
        (Ok(Bytes::new()), Some(payload))
    } else {
        (
            timeout(apis.limits.body_timeout, read(payload, apis.limits.body_bytes))
                .await
                .unwrap_or(Err(Problem::Malformed)),
            None,
        )
    };
    let who = match endpoint.guard {
        None => None,
        Some(guard) => match find_caller(apis, &head, body.as_deref().unwrap_or_default(), guard).await {
            // The credential was to be in a body that cannot be read.
            Err(Problem::Malformed) => return Err(body.err().unwrap_or(Problem::Malformed)),
            found => Some(found?),
        },
    };
    let call = Call { head, body: body?, payload, apis: apis.clone(), who };
    if endpoint.method == Method::DELETE {
        return once::answered(call, &endpoint.handler).await;
    }
    (endpoint.handler)(call).await
}

async fn read(mut payload: Payload, most: usize) -> Result<Bytes, Problem> {
    let mut whole: Option<Vec<u8>> = None;
    let mut first: Option<Bytes> = None;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::Malformed)?;
        let so_far = whole.as_ref().map_or_else(|| first.as_ref().map_or(0, Bytes::len), Vec::len);
        if so_far + chunk.len() > most {
            return Err(Problem::TooLarge);
        }
        // Most bodies come in one piece, which is not copied.
        match (&mut whole, first.take()) {
            (Some(whole), _) => whole.extend_from_slice(&chunk),
            (None, None) => first = Some(chunk),
            (None, Some(begin)) => whole = Some([begin.as_ref(), chunk.as_ref()].concat()),
        }
    }
    Ok(whole.map_or_else(|| first.unwrap_or_default(), Bytes::from))
}

fn answer(table: &Table, path: &'static str, head: &Head, outcome: super::Answer) -> HttpResponse {
    let response = outcome.unwrap_or_else(|problem| {
        tracing::debug!(surface = %table.surface, path, ?problem, "refused");
        (table.draw)(head, &problem)
    });
    measure::answered(table.surface, path, response.status().as_u16(), head.elapsed_s());
    response
}
