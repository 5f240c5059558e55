//! A service whose peers do not answer, and endpoints that behave as they are told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bots::{Bots, Delivery, DeliverySettings, LaneOf, Outgoing, Peers, Post, Settings};
use bus::{Bus, BusSettings, Topology};
use contracts::BotsApi as _;
use contracts::auth::LateAuth;
use contracts::bots::{
    BotAddress, CreateWebhook, Delivery as View, DeliveryFilter, GetDelivery, ListDeliveries, Webhook, WebhookSecret,
};
use contracts::chats::LateChats;
use contracts::messages::LateMessages;
use contracts::realtime::LateRealtime;
use contracts::users::LateUsers;
use domain::{
    ChatId, Clock, DeliveryId, DeliveryState, DepartmentId, InteractionId, Limit, OnParked, Principal, Role, Scopes,
    Surface, TenantId, Timestamp, TokenId, TokenKind, WebhookFormat, WebhookId,
};
use runtime::http_client::{EgressClient, EgressSettings};
use store::{Db, Migrations};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// All tables the service's database has.
pub const TREES: [Migrations; 3] = [store::MIGRATIONS, bus::migrations(), bots::migrations()];
/// How long a call may take here. Milliseconds.
pub const TIMEOUT_MS: u64 = 400;

/// One instance of the service.
pub struct Fixture {
    pub db: Db,
    pub bots: Arc<Bots>,
    pub clock: Clock,
    pub tenant: TenantId,
    stop: CancellationToken,
    work: Option<tokio::task::JoinHandle<()>>,
}

impl Fixture {
    /// The service at work.
    pub fn start(db: &Db) -> Self {
        Self::with(db, &settings(), &Clock::fixed(at(0)), TenantId::new())
    }

    /// Another instance over the same database.
    pub fn twin(&self) -> Self {
        Self::with(&self.db, &settings(), &self.clock, self.tenant)
    }

    pub fn with(db: &Db, settings: &Settings, clock: &Clock, tenant: TenantId) -> Self {
        let mut fx = Self::idle(db, settings, clock, tenant);
        fx.work = Some(tokio::spawn(fx.bots.clone().work(fx.stop.clone())));
        fx
    }

    /// The service, which sends nothing but what it is handed.
    pub fn idle(db: &Db, settings: &Settings, clock: &Clock, tenant: TenantId) -> Self {
        let topology = Topology::new("test").with("webhook.disabled", "bots", &["nobody"]);
        let bus_settings = BusSettings { batch_rows: 64, poll_ms: 5, ..BusSettings::default() };
        let outbox = Bus::new(bus_settings, topology, clock.clone()).outbox();
        let peers = Peers {
            auth: Arc::<LateAuth>::default(),
            users: Arc::<LateUsers>::default(),
            chats: Arc::<LateChats>::default(),
            messages: Arc::<LateMessages>::default(),
            realtime: Arc::<LateRealtime>::default(),
        };
        let bots = Bots::new(db.clone(), outbox, clock.clone(), peers, egress(), settings).unwrap();
        Self { db: db.clone(), bots, clock: clock.clone(), tenant, stop: CancellationToken::new(), work: None }
    }

    pub fn delivery(&self) -> &Delivery {
        self.bots.delivery_out()
    }

    pub fn by(&self) -> Principal {
        Principal {
            tenant: self.tenant,
            user: None,
            role: Role::Admin,
            token: TokenId::new(),
            kind: TokenKind::Operator,
            scopes: Scopes::ALL,
            surface: Surface::Operator,
            chat: None,
        }
    }

    /// A department's bot at `url`.
    pub async fn bot(&self, url: &str) -> WebhookId {
        let department = DepartmentId::new();
        let mut tx = self.db.begin().await.unwrap();
        let address = BotAddress { url: url.to_owned(), secret: None };
        self.delivery().point_bot(&mut tx, self.tenant, department, &address, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        WebhookId::from_uuid(department.uuid())
    }

    /// A webhook at `url`.
    pub async fn webhook(&self, url: &str, format: WebhookFormat, on_parked: OnParked) -> Webhook {
        let (events, secret, idempotency) = (None, None, None);
        let command =
            CreateWebhook { by: self.by(), url: url.to_owned(), events, secret, format, on_parked, idempotency };
        self.bots.create_webhook(command).await.unwrap()
    }

    pub fn secret(text: &str) -> WebhookSecret {
        WebhookSecret(text.to_owned())
    }

    /// Posts these bodies to a bot, of one interaction, in one transaction.
    pub async fn tell_bot(&self, endpoint: WebhookId, interaction: InteractionId, chat: ChatId, bodies: &[String]) {
        self.post(endpoint, LaneOf::Interaction(interaction, chat), bodies).await;
    }

    /// Posts these bodies about a chat.
    pub async fn tell(&self, endpoint: WebhookId, chat: ChatId, bodies: &[String]) {
        self.post(endpoint, LaneOf::Chat(chat), bodies).await;
    }

    async fn post(&self, endpoint: WebhookId, lane: LaneOf, bodies: &[String]) {
        let mut out = Outgoing::default();
        for body in bodies {
            out.post(Post {
                tenant: self.tenant,
                endpoint,
                lane,
                webhook_id: None,
                event: "message.posted".to_owned(),
                message: None,
                body: body.clone(),
                trace: None,
            });
        }
        let mut tx = self.db.begin().await.unwrap();
        let written = self.delivery().write(&mut tx, out, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.delivery().send(written);
    }

    /// All deliveries, oldest first, with all attempts.
    pub async fn all(&self) -> Vec<View> {
        let mut all = Vec::new();
        for one in self.list(DeliveryFilter::default()).await {
            all.push(self.get(one.id).await);
        }
        all
    }

    pub async fn list(&self, filter: DeliveryFilter) -> Vec<View> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let command = ListDeliveries { by: self.by(), filter: filter.clone(), after, limit: Limit::clamped(100) };
            let page = self.bots.deliveries(command).await.unwrap();
            after = page.items.last().map(|one| one.id);
            all.extend(page.items);
            if !page.more {
                return all;
            }
        }
    }

    pub async fn get(&self, id: DeliveryId) -> View {
        self.bots.delivery(GetDelivery { by: self.by(), id }).await.unwrap()
    }

    pub async fn states(&self) -> Vec<DeliveryState> {
        self.list(DeliveryFilter::default()).await.iter().map(|one| one.state).collect()
    }

    /// Waits until the deliveries stand so.
    pub async fn until(&self, states: &[DeliveryState]) {
        eventually(&format!("{states:?}"), || async { (self.states().await == states).then_some(()) }).await;
    }

    /// Waits until nothing is pending.
    pub async fn settled(&self) {
        let pending = || DeliveryFilter { state: Some(DeliveryState::Pending), ..DeliveryFilter::default() };
        eventually("nothing is pending", || async { self.list(pending()).await.is_empty().then_some(()) }).await;
    }

    /// Ends the instance as `kill -9` would.
    pub fn kill(mut self) {
        if let Some(work) = self.work.take() {
            work.abort();
        }
        std::mem::forget(self);
    }

    /// Ends the instance in order.
    pub async fn end(mut self) {
        self.stop.cancel();
        if let Some(work) = self.work.take() {
            work.await.unwrap();
        }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Waits for something that comes about by itself.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let looked = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looked).await.unwrap_or_else(|_| panic!("in time: {what}"))
}

pub fn settings() -> Settings {
    let database = store::DatabaseSettings { url: "".into(), schema: None, pool_size: 1, statement_timeout_ms: 0 };
    Settings {
        database,
        secret_keys: vec![key()],
        delivery: DeliverySettings {
            calls: 256,
            calls_per_endpoint: 128,
            batch_lanes: 64,
            lease_s: 10,
            poll_ms: 5,
            // Held back only where a test is about that.
            breaker_failures: 1_000_000,
            breaker_first_ms: 100,
            breaker_longest_ms: 200,
            vendor_pauses_s: vec![1, 5, 30, 300, 1800, 7200, 18_000, 36_000, 36_000],
            native_pauses_s: vec![5, 300, 1800, 7200, 18_000, 36_000, 36_000],
            disable_after_h: 120,
            secret_overlap_h: 24,
            kept_days: 30,
            sweep_s: 3600,
            sweep_rows: 7,
        },
        handover_s: 60,
        poll_ms: 1000,
        erase_rows: 5,
        erase_again_s: 60,
    }
}

/// The same key each time.
pub fn key() -> host::keys::InstanceKey {
    format!("k1:{}", "ab".repeat(32)).parse().unwrap()
}

pub fn egress() -> EgressClient {
    let settings = EgressSettings {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
        ports: Vec::new(),
        connect_timeout_ms: TIMEOUT_MS,
        timeout_ms: TIMEOUT_MS,
    };
    EgressClient::new(&settings).unwrap()
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

pub fn bodies(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{{\"lane\":\"{name}\",\"n\":{n}}}")).collect()
}

/// How an endpoint takes one call.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Answers this status, and these header lines.
    Answers(u16, &'static str),
    /// Answers after a while. Milliseconds.
    Slow(u64),
    /// Never answers.
    Hangs,
    /// Breaks the connection off.
    Resets,
    /// Answers 200 and then a byte now and then.
    Drips,
    /// Answers 200 with this many bytes.
    Floods(usize),
}

/// A call as it came.
#[derive(Debug, Clone)]
pub struct Call {
    pub headers: HashMap<String, String>,
    pub body: String,
}

#[derive(Default)]
struct Heard {
    calls: Vec<Call>,
    next: VecDeque<Behaviour>,
    always: Option<Behaviour>,
    under_way: HashMap<String, usize>,
    most: usize,
    crossed: usize,
}

/// An endpoint on this machine.
#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    heard: Arc<Mutex<Heard>>,
}

impl Endpoint {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let endpoint = Self { url, heard: Arc::default() };
        let heard = endpoint.heard.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, heard.clone()));
            }
        });
        endpoint
    }

    /// An address at which nobody listens.
    pub async fn closed() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    }

    /// The next calls are taken so, one after the other; later ones are answered 200.
    pub fn then(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.heard().next.extend(behaviours);
    }

    /// All further calls are taken so.
    pub fn always(&self, behaviour: Behaviour) {
        self.heard().always = Some(behaviour);
    }

    /// Further calls are answered 200.
    pub fn recovers(&self) {
        self.heard().always = None;
    }

    pub fn calls(&self) -> Vec<Call> {
        self.heard().calls.clone()
    }

    pub fn bodies(&self) -> Vec<String> {
        self.heard().calls.iter().map(|call| call.body.clone()).collect()
    }

    /// The bodies of one lane, as they came.
    pub fn of_lane(&self, name: &str) -> Vec<String> {
        let mark = format!("\"lane\":\"{name}\"");
        self.bodies().into_iter().filter(|body| body.contains(&mark)).collect()
    }

    /// The most calls that were under way at once, and how often two of one lane were.
    pub fn at_once(&self) -> (usize, usize) {
        let heard = self.heard();
        (heard.most, heard.crossed)
    }

    pub async fn called(&self, times: usize) {
        eventually(&format!("{times} calls"), || async { (self.heard().calls.len() >= times).then_some(()) }).await;
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(mut stream: TcpStream, heard: Arc<Mutex<Heard>>) {
    let mut buffer = Vec::new();
    while let Some(call) = read(&mut stream, &mut buffer).await {
        let lane = call.body.split("\"lane\":\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
        let behaviour = {
            let mut heard = heard.lock().unwrap();
            heard.calls.push(call);
            if let Some(lane) = &lane {
                let count = heard.under_way.entry(lane.clone()).or_default();
                *count += 1;
                let crossed = *count > 1;
                heard.crossed += usize::from(crossed);
            }
            let now: usize = heard.under_way.values().sum();
            heard.most = heard.most.max(now);
            heard.next.pop_front().or_else(|| heard.always.clone())
        };
        let go_on = answer(&mut stream, behaviour.unwrap_or(Behaviour::Answers(200, ""))).await;
        if let Some(lane) = &lane {
            *heard.lock().unwrap().under_way.entry(lane.clone()).or_default() -= 1;
        }
        if !go_on {
            return;
        }
    }
}

async fn answer(stream: &mut TcpStream, behaviour: Behaviour) -> bool {
    let plain = |status: u16, more: &str| format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n{more}\r\nok");
    match behaviour {
        Behaviour::Answers(status, more) => stream.write_all(plain(status, more).as_bytes()).await.is_ok(),
        Behaviour::Slow(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            stream.write_all(plain(200, "").as_bytes()).await.is_ok()
        }
        Behaviour::Hangs => {
            // Until the other side has had enough.
            let _ = stream.read(&mut [0; 1]).await;
            false
        }
        Behaviour::Resets => {
            #[expect(deprecated, reason = "a reset is what is wanted")]
            let _ = stream.set_linger(Some(Duration::ZERO));
            false
        }
        Behaviour::Drips => {
            let _ = stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n").await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            false
        }
        Behaviour::Floods(bytes) => {
            let head = format!("HTTP/1.1 200 X\r\ncontent-length: {bytes}\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let chunk = vec![b'x'; 64 * 1024];
            for _ in 0..bytes / chunk.len() {
                if stream.write_all(&chunk).await.is_err() {
                    break;
                }
            }
            false
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Call> {
    loop {
        if let Some(end) = buffer.windows(4).position(|part| part == b"\r\n\r\n") {
            let head = String::from_utf8(buffer[..end].to_vec()).ok()?;
            let headers: HashMap<String, String> = head
                .lines()
                .skip(1)
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length: usize = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
            while buffer.len() < end + 4 + length {
                fill(stream, buffer).await?;
            }
            let body = String::from_utf8(buffer[end + 4..end + 4 + length].to_vec()).ok()?;
            buffer.drain(..end + 4 + length);
            return Some(Call { headers, body });
        }
        fill(stream, buffer).await?;
    }
}

async fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = vec![0; 16 * 1024];
    let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
    buffer.extend_from_slice(&chunk[..read]);
    Some(())
}
