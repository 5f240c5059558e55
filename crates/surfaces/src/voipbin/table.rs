//! Every URL of this surface.

use actix_web::http::Method;
use domain::Surface;

use super::{
    accesskeys, agent_changes, agent_list, agents, auth, chatmessages, chatroommessages, chatrooms, chats, error,
    login, me, participants, ping, ws,
};
use crate::http::{Answer, Call, Doc, Endpoint, Owner, Table, on, open};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// The table of this surface.
pub fn table() -> Table {
    let mut endpoints = vec![
        open(GET, "/ping", Owner::Gateway, Doc::Sibling, ping::ping),
        open(POST, "/auth/login", Owner::Auth, Doc::Sibling, login::login),
        sibling(GET, "/v1.0/me", Owner::Users, me::get),
        sibling(GET, "/v1.0/ws", Owner::Realtime, ws::open).raw(),
    ];
    endpoints.extend(people());
    endpoints.extend(conversations());
    endpoints.extend(own());
    let prefixes = &["/v1.0", "/auth", "/ping"];
    Table { surface: Surface::Voipbin, prefixes, slash: false, draw: error::draw, endpoints }
}

fn people() -> Vec<Endpoint> {
    vec![
        sibling(GET, "/v1.0/agents", Owner::Users, agent_list::list),
        sibling(POST, "/v1.0/agents", Owner::Users, agents::create),
        sibling(GET, "/v1.0/agents/{id}", Owner::Users, agents::get),
        sibling(PUT, "/v1.0/agents/{id}", Owner::Users, agents::update),
        sibling(DELETE, "/v1.0/agents/{id}", Owner::Users, agents::delete),
        sibling(PUT, "/v1.0/agents/{id}/addresses", Owner::Users, agent_changes::addresses),
        sibling(PUT, "/v1.0/agents/{id}/password", Owner::Auth, agent_changes::password),
        sibling(PUT, "/v1.0/agents/{id}/permission", Owner::Users, agent_changes::permission),
        sibling(PUT, "/v1.0/agents/{id}/status", Owner::Users, agent_changes::status),
        sibling(PUT, "/v1.0/agents/{id}/tag_ids", Owner::Users, agent_changes::tag_ids),
        sibling(GET, "/v1.0/accesskeys", Owner::Auth, accesskeys::list),
        sibling(POST, "/v1.0/accesskeys", Owner::Auth, accesskeys::create),
        sibling(GET, "/v1.0/accesskeys/{id}", Owner::Auth, accesskeys::get),
        sibling(PUT, "/v1.0/accesskeys/{id}", Owner::Auth, accesskeys::update),
        sibling(DELETE, "/v1.0/accesskeys/{id}", Owner::Auth, accesskeys::delete),
    ]
}

fn conversations() -> Vec<Endpoint> {
    vec![
        documented(GET, "/v1.0/chats", Owner::Chats, chats::list),
        documented(POST, "/v1.0/chats", Owner::Chats, chats::create),
        documented(GET, "/v1.0/chats/{id}", Owner::Chats, chats::get),
        sibling(PUT, "/v1.0/chats/{id}", Owner::Chats, chats::update),
        sibling(DELETE, "/v1.0/chats/{id}", Owner::Chats, chats::delete),
        sibling(PUT, "/v1.0/chats/{id}/owner_id", Owner::Chats, chats::set_owner),
        sibling(PUT, "/v1.0/chats/{id}/room_owner_id", Owner::Chats, chats::set_owner),
        sibling(POST, "/v1.0/chats/{id}/participant_ids", Owner::Chats, participants::add),
        sibling(DELETE, "/v1.0/chats/{id}/participant_ids/{participant_id}", Owner::Chats, participants::remove),
        documented(GET, "/v1.0/chatrooms", Owner::Chats, chatrooms::list),
        sibling(POST, "/v1.0/chatrooms", Owner::Chats, chatrooms::create),
        sibling(GET, "/v1.0/chatrooms/{id}", Owner::Chats, chatrooms::get),
        sibling(PUT, "/v1.0/chatrooms/{id}", Owner::Chats, chatrooms::update),
        sibling(DELETE, "/v1.0/chatrooms/{id}", Owner::Chats, chatrooms::delete),
        sibling(GET, "/v1.0/chatmessages", Owner::Messages, chatmessages::list),
        documented(POST, "/v1.0/chatmessages", Owner::Messages, chatmessages::create),
        sibling(GET, "/v1.0/chatmessages/{id}", Owner::Messages, chatmessages::get),
        sibling(DELETE, "/v1.0/chatmessages/{id}", Owner::Messages, chatmessages::delete),
        sibling(GET, "/v1.0/chatroommessages", Owner::Messages, chatroommessages::list),
        sibling(POST, "/v1.0/chatroommessages", Owner::Messages, chatroommessages::create),
        sibling(GET, "/v1.0/chatroommessages/{id}", Owner::Messages, chatroommessages::get),
        sibling(DELETE, "/v1.0/chatroommessages/{id}", Owner::Messages, chatroommessages::delete),
    ]
}

fn own() -> Vec<Endpoint> {
    use super::service_agents as own;
    vec![
        sibling(GET, "/v1.0/service_agents/agents", Owner::Users, agent_list::colleagues),
        sibling(GET, "/v1.0/service_agents/agents/{id}", Owner::Users, agents::colleague),
        sibling(GET, "/v1.0/service_agents/me", Owner::Users, own::me),
        sibling(PUT, "/v1.0/service_agents/me", Owner::Users, own::update_me),
        sibling(PUT, "/v1.0/service_agents/me/addresses", Owner::Users, own::set_addresses),
        sibling(PUT, "/v1.0/service_agents/me/password", Owner::Auth, own::set_password),
        sibling(PUT, "/v1.0/service_agents/me/status", Owner::Users, own::set_status),
        sibling(GET, "/v1.0/service_agents/chatrooms", Owner::Chats, own::list_rooms),
        sibling(POST, "/v1.0/service_agents/chatrooms", Owner::Chats, own::create_room),
        sibling(GET, "/v1.0/service_agents/chatrooms/{id}", Owner::Chats, own::get_room),
        sibling(PUT, "/v1.0/service_agents/chatrooms/{id}", Owner::Chats, own::update_room),
        sibling(DELETE, "/v1.0/service_agents/chatrooms/{id}", Owner::Chats, own::delete_room),
        sibling(GET, "/v1.0/service_agents/chatroommessages", Owner::Messages, own::list_messages),
        sibling(POST, "/v1.0/service_agents/chatroommessages", Owner::Messages, own::create_message),
        sibling(GET, "/v1.0/service_agents/chatroommessages/{id}", Owner::Messages, own::get_message),
        sibling(DELETE, "/v1.0/service_agents/chatroommessages/{id}", Owner::Messages, own::delete_message),
    ]
}

/// A call the seed shows.
fn documented<H, F>(method: Method, path: &'static str, owner: Owner, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    on(auth::caller, method, path, owner, Doc::Documented, handler)
}

/// A call only the vendor's other documents and clients show.
fn sibling<H, F>(method: Method, path: &'static str, owner: Owner, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    on(auth::caller, method, path, owner, Doc::Sibling, handler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_has_five_calls_and_no_url_is_served_twice() {
        let endpoints = table().endpoints;
        let documented = endpoints.iter().filter(|e| e.doc == Doc::Documented).count();
        assert_eq!(documented, 5);
        let mut served: Vec<_> = endpoints.iter().map(|e| (e.path, e.method.to_string())).collect();
        served.sort();
        served.dedup();
        assert_eq!(served.len(), endpoints.len());
    }
}
