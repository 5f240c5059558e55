//! One listener for every surface.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::App;
use contracts::auth::{Credentials, SpawnedAuth};
use contracts::bots::SpawnedBots;
use contracts::chats::SpawnedChats;
use contracts::events::SpawnedEvents;
use contracts::messages::SpawnedMessages;
use contracts::realtime::SpawnedRealtime;
use contracts::users::{People, SpawnedUsers};
use contracts::{AuthApi, BotsApi, ChatsApi, EventsApi, MessagesApi, RealtimeApi, UsersApi};
use domain::Clock;
use runtime::{Context, RequestTrace, Stage};
use surfaces::http::live::Live;
use surfaces::http::{Apis, Limits, mount};

use crate::Settings;

/// The services behind the gateway.
#[derive(Clone)]
pub struct Services {
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
    /// Each service's events, by the service's name.
    pub events: BTreeMap<&'static str, Arc<dyn EventsApi>>,
}

/// Serves every surface on `listener` until shutdown. Returns the bound address.
///
/// # Errors
/// Settings that make no sense, or a listener that does not listen.
pub async fn serve(
    cx: &Context,
    listener: TcpListener,
    admin_url: String,
    services: Services,
    clock: Clock,
) -> anyhow::Result<SocketAddr> {
    let apis = apis(cx, admin_url, services, clock)?;
    let tables = surfaces::all();
    let trace = RequestTrace::new().scoped(|parent, rest| Box::pin(domain::trace::with(parent, rest)));
    let app = move || App::new().wrap(cors()).configure(|config| mount(tables.clone(), &apis, config));
    Ok(runtime::http::serve(cx, listener, trace, app).await?)
}

fn apis(cx: &Context, admin_url: String, services: Services, clock: Clock) -> anyhow::Result<Apis> {
    let settings: Settings = cx.config.section("gateway")?;
    let runtime = cx.handle.clone();
    let authenticator = Arc::new(SpawnedAuth::new(services.auth.clone(), runtime.clone()));
    let credentials = Credentials::new(authenticator, settings.known_callers);
    let people =
        People::new(Arc::new(SpawnedUsers::new(services.users.clone(), runtime.clone())), settings.known_callers);
    // What may end a credential or change a user makes this process forget; others forget by themselves within five seconds.
    let forget = || {
        let (credentials, people) = (credentials.clone(), people.clone());
        move || {
            credentials.forget();
            people.forget_all();
        }
    };
    let events = services.events.into_iter().map(|(name, api)| {
        let spawned: Arc<dyn EventsApi> = Arc::new(SpawnedEvents::new(api, runtime.clone()));
        (name, spawned)
    });
    let surfaces: surfaces::Settings = cx.config.section("surfaces")?;
    let users: Arc<dyn UsersApi> = Arc::new(SpawnedUsers::new(services.users, runtime.clone()).after_write(forget()));
    let chats: Arc<dyn ChatsApi> = Arc::new(SpawnedChats::new(services.chats, runtime.clone()));
    let realtime: Arc<dyn RealtimeApi> = Arc::new(SpawnedRealtime::new(services.realtime, runtime.clone()));
    let (streams, drain) = (surfaces.streams.clone(), cx.shutdown.token(Stage::Serve));
    let live =
        Live::start(realtime.clone(), people.clone(), chats.clone(), credentials.clone(), streams, &runtime, drain);
    Ok(Apis {
        auth: Arc::new(SpawnedAuth::new(services.auth, runtime.clone()).after_write(forget())),
        users,
        chats,
        messages: Arc::new(SpawnedMessages::new(services.messages, runtime.clone())),
        realtime,
        bots: Arc::new(SpawnedBots::new(services.bots, runtime.clone())),
        live,
        events: Arc::new(events.collect()),
        credentials,
        people,
        limits: Limits::new(&cx.config.section("limits")?),
        site: Arc::new(settings.site(admin_url)?),
        settings: Arc::new(surfaces),
        clock,
    })
}

/// Any origin, without credentials: no vendor documents anything narrower.
fn cors() -> actix_cors::Cors {
    actix_cors::Cors::default().allow_any_origin().send_wildcard().allow_any_method().allow_any_header().max_age(3600)
}
