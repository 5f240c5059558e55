//! Every URL of this surface.

use actix_web::http::Method;
use domain::Surface;

use super::{
    accept, agents, auth, customers, departments, error, finish, interaction_messages, interactions, message, transfer,
    typing,
};
use crate::http::{Answer, Call, Doc, Endpoint, Owner, Table, on};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;

/// The table of this surface.
pub fn table() -> Table {
    let mut endpoints = vec![
        bot(PUT, "/core/api/v1/bot/{interaction_hash}/accept", accept::accept),
        bot(PUT, "/core/api/v1/bot/{interaction_hash}/finish", finish::by_bot),
        bot(PUT, "/core/api/v1/bot/{interaction_hash}/transfer", transfer::transfer),
        bot(POST, "/core/api/v1/bot/{interaction_hash}/message", message::create),
    ];
    endpoints.extend(customers_side());
    endpoints.extend(lists());
    let prefixes = &["/core/api", "/api/external"];
    Table { surface: Surface::Zenvia, prefixes, slash: false, draw: error::draw, endpoints }
}

/// What a customer's client asks.
fn customers_side() -> Vec<Endpoint> {
    vec![
        sibling(POST, "/core/api/v1/interactions", interactions::start),
        sibling(PUT, "/core/api/v1/interactions/{interaction_hash}", interactions::update),
        sibling(POST, "/core/api/v1/interactions/{interaction_hash}/messages", interaction_messages::create),
        sibling(PUT, "/core/api/v1/interactions/{interaction_hash}/typing", typing::typing),
        sibling(PUT, "/core/api/v1/interactions/{interaction_hash}/cleared", typing::cleared),
        sibling(PUT, "/core/api/v1/interactions/{interaction_hash}/finish", finish::by_customer),
    ]
}

fn lists() -> Vec<Endpoint> {
    let (query, body, sibling) = (auth::in_query, auth::in_body, Doc::Sibling);
    vec![
        on(query, GET, "/core/api/v1/agents/online", Owner::Bots, sibling, agents::online),
        on(query, GET, "/api/external/departments", Owner::Bots, sibling, departments::list),
        on(query, GET, "/api/external/agents", Owner::Users, sibling, agents::list),
        on(query, GET, "/api/external/agents/{id}", Owner::Users, sibling, agents::get),
        on(query, GET, "/api/external/customers", Owner::Users, sibling, customers::list),
        on(body, POST, "/api/external/customers", Owner::Users, sibling, customers::save),
    ]
}

/// A call the seed shows.
fn bot<H, F>(method: Method, path: &'static str, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    on(auth::in_body, method, path, Owner::Bots, Doc::Documented, handler)
}

/// A call only the vendor's other documents show.
fn sibling<H, F>(method: Method, path: &'static str, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    on(auth::in_body, method, path, Owner::Bots, Doc::Sibling, handler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_has_four_calls_and_no_url_is_served_twice() {
        let endpoints = table().endpoints;
        let documented: Vec<_> = endpoints.iter().filter(|e| e.doc == Doc::Documented).collect();
        assert_eq!(documented.len(), 4);
        assert!(documented.iter().all(|e| e.path.starts_with("/core/api/v1/bot/{interaction_hash}/")));
        let mut served: Vec<_> = endpoints.iter().map(|e| (e.path, e.method.to_string())).collect();
        served.sort();
        served.dedup();
        assert_eq!(served.len(), endpoints.len());
    }
}
