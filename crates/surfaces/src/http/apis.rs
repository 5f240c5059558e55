//! What handlers are handed.

use std::collections::BTreeMap;
use std::sync::Arc;

use contracts::auth::Credentials;
use contracts::users::People;
use contracts::{AuthApi, BotsApi, ChatsApi, EventsApi, MessagesApi, RealtimeApi, UsersApi};
use domain::Clock;

use super::live::Live;
use super::{Limits, Site};
use crate::Settings;

/// The services, and what else a handler may need. Cheap to clone.
#[derive(Clone)]
pub struct Apis {
    /// Tenants, credentials, invitations.
    pub auth: Arc<dyn AuthApi>,
    /// People and groups.
    pub users: Arc<dyn UsersApi>,
    /// Chats and rooms.
    pub chats: Arc<dyn ChatsApi>,
    /// Messages and read marks.
    pub messages: Arc<dyn MessagesApi>,
    /// Feeds and presence.
    pub realtime: Arc<dyn RealtimeApi>,
    /// Departments, interactions, webhooks, deliveries.
    pub bots: Arc<dyn BotsApi>,
    /// What happens, for those who wait for it.
    pub live: Live,
    /// Each service's events, by the service's name.
    pub events: Arc<BTreeMap<&'static str, Arc<dyn EventsApi>>>,
    /// Who a caller is, remembered for a moment.
    pub credentials: Credentials,
    /// How many requests a token may make.
    pub limits: Limits,
    /// Where we are reached.
    pub site: Arc<Site>,
    /// Who people are, remembered for a moment: for showing, not for deciding.
    pub people: People,
    /// The surfaces' settings.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Clock,
}
