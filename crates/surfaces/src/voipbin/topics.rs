//! Topics: what a client subscribes to, and who may.
//!
//! `customer_id:<id>:<resource>:<id>` is for managers and admins, `agent_id:<own id>:<resource>:<id>` for everybody; the form
//! of 2022, `<resource>:<id>`, is within the caller's customer. A topic stands for all that begin with it.

use domain::{Principal, UserId};
use uuid::Uuid;

use super::events::Told;

/// Whether `who` may subscribe to `topic`.
pub fn allowed(who: &Principal, topic: &str) -> bool {
    let mut parts = topic.split(':');
    let (Some(kind), Some(id)) = (parts.next(), parts.next()) else { return false };
    let id = Uuid::parse_str(id).ok().filter(|id| !id.is_nil());
    match (kind, id) {
        ("customer_id", Some(id)) => who.manages() && id == who.tenant.uuid(),
        // An access key has an id of its own, and stands for a user.
        ("agent_id", Some(id)) => id == who.token.uuid() || who.user.is_some_and(|user| id == user.uuid()),
        (_, None) => false,
        (resource, Some(_)) => !resource.is_empty() && resource.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
    }
}

/// The topics under which `who` is told of `told`, whose chat shows it to `audience`.
pub fn of(who: &Principal, told: &Told, audience: &[UserId]) -> Vec<String> {
    let Told { resource, id, owner, .. } = told;
    let own = who.user.is_some_and(|user| match owner {
        Some(owner) => *owner == user,
        None => audience.binary_search(&user).is_ok(),
    });
    let mut topics = Vec::new();
    if who.manages() || own {
        topics.push(format!("{resource}:{id}"));
    }
    if who.manages() {
        topics.push(format!("customer_id:{}:{resource}:{id}", who.tenant));
    }
    if own {
        let ids = who.user.map(UserId::uuid).into_iter().chain([who.token.uuid()]);
        topics.extend(ids.map(|agent| format!("agent_id:{agent}:{resource}:{id}")));
    }
    topics
}

#[cfg(test)]
mod tests {
    use domain::{Role, Scopes, Surface, TenantId, TokenId, TokenKind};

    use super::*;

    fn who(role: Role) -> Principal {
        Principal {
            tenant: TenantId::new(),
            user: Some(UserId::new()),
            role,
            token: TokenId::new(),
            kind: TokenKind::VoipbinSession,
            scopes: Scopes::ALL,
            surface: Surface::Voipbin,
            chat: None,
        }
    }

    #[test]
    fn an_agent_has_their_own_topics_and_a_manager_the_customer_s() {
        let (agent, admin) = (who(Role::Agent), who(Role::Admin));
        let customer = format!("customer_id:{}:chat:", admin.tenant);
        assert!(allowed(&admin, &customer) && !allowed(&agent, &customer));
        assert!(!allowed(&who(Role::Admin), &customer), "of another customer");
        assert!(!allowed(&agent, &format!("customer_id:{}", agent.tenant)));
        let own = |who: &Principal| format!("agent_id:{}:chatroom:", who.user.unwrap());
        assert!(allowed(&agent, &own(&agent)) && !allowed(&agent, &own(&admin)));
        assert!(allowed(&agent, &format!("chat:{}", UserId::new())));
        for invalid in ["", "chat", "chat:", "chat:x", "customer_id", "agent_id:x:chat:y", "Chat:x"] {
            assert!(!allowed(&admin, invalid), "{invalid}");
        }
    }

    #[test]
    fn only_those_a_thing_is_for_have_topics_for_it() {
        let (agent, admin) = (who(Role::Agent), who(Role::Admin));
        let mut told = Told { resource: "chatroom", id: Uuid::nil(), owner: agent.user, body: String::new() };
        assert_eq!(of(&agent, &told, &[]).len(), 3);
        assert_eq!(of(&admin, &told, &[]).len(), 2);
        told.owner = None;
        assert!(of(&agent, &told, &[]).is_empty());
        assert_eq!(of(&agent, &told, &[agent.user.unwrap()]).len(), 3);
    }
}
