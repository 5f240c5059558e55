//! The service on a bus of its own, where its database plays the owners of the events it hears, and `chats` at its edge.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bus::{Bus, BusSettings, Outbox, Topology};
use contracts::chats::{
    Access, AddParticipant, ArrangeChat, Chat, ChatsError, ChatsWith, CheckAccess, CreateChat, CreateSupport, Created,
    DeleteChat, DropRoom, FollowGroup, GetChat, GetRoom, GetStay, ListChats, ListRooms, ListStays, LocateChat, Located,
    OpenChat, PairsWith, Participant, ReadRoll, ReadSnapshots, RemoveParticipant, Roll, Room, Snapshot, Stay,
    UpdateChat,
};
use contracts::realtime::{Feed, FeedItem, ReadFeed};
use contracts::{ChatsApi, Extras, RealtimeApi as _};
use domain::{
    ChatId, ChatKind, Clock, Limit, MessageId, MessageKind, Page, ParticipantRole, ParticipantState, ParticipantStatus,
    ParticipationId, Surface, TenantId, Timestamp, UserId,
};
use proto_events::{ChatCreated, ChatUpdated, Event, MessagePosted, ParticipantAdded, ParticipantRemoved};
use realtime::{Realtime, Settings};
use store::{Db, Migrations};
use tokio_util::sync::CancellationToken;

/// All tables a service's database has.
pub const TREES: [Migrations; 3] = [store::MIGRATIONS, bus::migrations(), realtime::migrations()];

/// `chats`, as far as it is asked.
#[derive(Default)]
pub struct Chats {
    known: Mutex<HashMap<ChatId, Snapshot>>,
    pub asked: AtomicUsize,
    pub down: AtomicBool,
}

impl Chats {
    fn change<T>(&self, chat: ChatId, with: impl FnOnce(&mut Snapshot) -> T) -> T {
        with(self.known.lock().unwrap().get_mut(&chat).unwrap())
    }
}

macro_rules! never_asked {
    ($($call:ident($Command:ty) -> $View:ty;)+) => {
        #[async_trait]
        impl ChatsApi for Chats {
            $(async fn $call(&self, _: $Command) -> Result<$View, ChatsError> { unreachable!("realtime never asks this") })+

            async fn access(&self, command: CheckAccess) -> Result<Vec<Access>, ChatsError> {
                let known = self.known.lock().unwrap();
                let of = |asked: &contracts::chats::AccessAsked| match known.get(&asked.chat) {
                    Some(s) if asked.user.is_some_and(|user| s.chat.participant(user).is_some()) => {
                        Access::Participant { version: s.chat.version }
                    }
                    Some(s) => Access::Outsider { version: s.chat.version },
                    None => Access::Missing,
                };
                Ok(command.asked.iter().map(of).collect())
            }

            async fn snapshots(&self, command: ReadSnapshots) -> Result<Vec<Snapshot>, ChatsError> {
                if self.down.load(Ordering::SeqCst) {
                    return Err(ChatsError::Unavailable("it is down".to_owned()));
                }
                self.asked.fetch_add(1, Ordering::SeqCst);
                let known = self.known.lock().unwrap();
                Ok(command.asked.iter().filter_map(|(_, chat)| known.get(chat).cloned()).collect())
            }
        }
    };
}
never_asked! {
    create(CreateChat) -> Created;
    get(GetChat) -> Chat;
    list(ListChats) -> Page<Chat>;
    update(UpdateChat) -> Chat;
    delete(DeleteChat) -> Chat;
    add(AddParticipant) -> Chat;
    remove(RemoveParticipant) -> Chat;
    rooms(ListRooms) -> Page<Room>;
    room(GetRoom) -> Room;
    drop_room(DropRoom) -> Room;
    open(OpenChat) -> Created;
    with(ChatsWith) -> Page<Chat>;
    pairs(PairsWith) -> Vec<Chat>;
    arrange(ArrangeChat) -> Chat;
    follow_group(FollowGroup) -> ();
    support(CreateSupport) -> Chat;
    stays(ListStays) -> Page<Stay>;
    stay(GetStay) -> Room;
    roll(ReadRoll) -> Roll;
    locate(LocateChat) -> Option<Located>;
}

/// One instance of the service.
pub struct Fixture {
    pub db: Db,
    pub chats: Arc<Chats>,
    pub realtime: Arc<Realtime>,
    pub clock: Clock,
    pub tenant: TenantId,
    outbox: Outbox,
    stop: CancellationToken,
}

impl Fixture {
    /// The service, hearing what this database's outbox tells.
    pub fn start(db: &Db) -> Self {
        Self::with(db, &settings())
    }

    pub fn with(db: &Db, settings: &Settings) -> Self {
        let (clock, chats) = (Clock::fixed(at(0)), Arc::<Chats>::default());
        let topology = proto_events::TYPES
            .iter()
            .filter(|event| event.name != "presence.changed")
            .fold(Topology::new("test"), |all, event| all.with(event.name, "realtime", &["realtime"]));
        let mut bus = Bus::new(bus_settings(), topology, clock.clone());
        let outbox = bus.outbox();
        let realtime = Realtime::new(db.clone(), outbox.clone(), clock.clone(), chats.clone(), settings);
        bus.join(db.clone(), outbox.clone(), realtime.consumers()).unwrap();
        let stop = CancellationToken::new();
        bus.start(stop.clone());
        Self { db: db.clone(), chats, realtime, clock, tenant: TenantId::new(), outbox, stop }
    }

    /// Another instance over the same database that hears no events itself.
    pub fn twin(&self) -> Arc<Realtime> {
        Realtime::new(self.db.clone(), self.outbox.clone(), self.clock.clone(), self.chats.clone(), &settings())
    }

    pub async fn tell<E: Event>(&self, event: &E) {
        let tx = self.db.begin().await.unwrap();
        self.outbox.append(&tx, event, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.outbox.wake();
    }

    /// Waits until all events are consumed.
    pub async fn settle(&self) {
        let consumed = async {
            while bus::outbox::pending(&self.db).await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), consumed).await.expect("consumed in time");
    }

    /// A chat that `chats` knows; told only by [`created`](Self::created).
    pub fn chat(&self, people: &[UserId]) -> ChatId {
        let id = ChatId::new();
        let chat = Chat {
            id,
            tenant: self.tenant,
            number: 1,
            kind: ChatKind::Group,
            title: None,
            detail: String::new(),
            owner: None,
            creator: None,
            participants: people.iter().map(|user| stay(*user, 0)).collect(),
            version: 1,
            group: None,
            documents: Vec::new(),
            company: None,
            extras: Extras::new(),
            last: None,
            created_at: at(0),
            updated_at: at(0),
            closed_at: None,
            deleted_at: None,
        };
        self.chats.known.lock().unwrap().insert(id, Snapshot { chat, past: Vec::new() });
        id
    }

    pub async fn created(&self, chat: ChatId) {
        let participants = self.chats.change(chat, |s| s.chat.participants.iter().map(|p| p.user).collect());
        let (tenant, kind) = (self.tenant, ChatKind::Group.into());
        self.tell(&ChatCreated { tenant, chat, kind, version: 1, by: None, participants }).await;
    }

    pub async fn renamed(&self, chat: ChatId, title: &str) {
        let version = self.chats.change(chat, |s| {
            s.chat.title = Some(title.to_owned());
            s.chat.version += 1;
            s.chat.version
        });
        self.tell(&ChatUpdated { tenant: self.tenant, chat, version }).await;
    }

    /// Somebody joins behind place `seq`; answers what is to be told.
    pub fn joins(&self, chat: ChatId, user: UserId, seq: i64) -> ParticipantAdded {
        let stay = stay(user, seq);
        let participation = stay.id;
        let version = self.chats.change(chat, |s| {
            s.chat.participants.push(stay);
            s.chat.version += 1;
            s.chat.version
        });
        ParticipantAdded { tenant: self.tenant, chat, user, participation, version, seq }
    }

    /// Somebody leaves and sees no more than place `seq`; answers what is to be told.
    pub fn leaves(&self, chat: ChatId, user: UserId, seq: i64) -> ParticipantRemoved {
        let (participation, version) = self.chats.change(chat, |s| {
            let place = s.chat.participants.iter().position(|p| p.user == user).unwrap();
            let mut stay = s.chat.participants.remove(place);
            (stay.left_at, stay.left_seq) = (Some(at(1)), Some(seq));
            s.past.push(stay.clone());
            s.chat.version += 1;
            (stay.id, s.chat.version)
        });
        ParticipantRemoved { tenant: self.tenant, chat, user, participation, version, seq }
    }

    pub fn posted(&self, chat: ChatId, seq: i64, text: &str) -> MessagePosted {
        let membership_version = self.chats.change(chat, |s| s.chat.version);
        MessagePosted {
            tenant: self.tenant,
            chat,
            message: MessageId::new(),
            seq,
            number: seq,
            author: None,
            origin: Surface::Voipbin.into(),
            kind: MessageKind::Text.into(),
            text: Some(text.to_owned()),
            media: Vec::new(),
            created_at: self.clock.now(),
            membership_version,
            extras: None,
        }
    }

    pub async fn says(&self, chat: ChatId, seq: i64, text: &str) {
        self.tell(&self.posted(chat, seq, text)).await;
    }

    pub async fn feed(&self, user: Option<UserId>, after: i64) -> Feed {
        let asked = ReadFeed { tenant: self.tenant, user, after: Some(after), limit: Limit::clamped(1000) };
        self.realtime.read(asked).await.unwrap()
    }

    /// What `user` sees, in order.
    pub async fn seen(&self, user: UserId) -> Vec<FeedItem> {
        self.feed(Some(user), 0).await.items
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The names of what happened.
pub fn names(items: &[FeedItem]) -> Vec<&'static str> {
    items.iter().map(|item| item.what.name()).collect()
}

fn stay(user: UserId, joined_seq: i64) -> Participant {
    Participant {
        id: ParticipationId::new(),
        number: 1,
        user,
        role: ParticipantRole::Member,
        state: ParticipantState::Open,
        closed_seq: None,
        status: ParticipantStatus::Active,
        position: 0,
        joined_at: at(0),
        joined_seq,
        left_at: None,
        left_seq: None,
        dropped_at: None,
    }
}

fn bus_settings() -> BusSettings {
    BusSettings { batch_rows: 64, poll_ms: 5, ..BusSettings::default() }
}

pub fn settings() -> Settings {
    let database = store::DatabaseSettings { url: "".into(), schema: None, pool_size: 1, statement_timeout_ms: 0 };
    Settings {
        database,
        kept_h: 1,
        kept_rows: 1000,
        away_s: 600,
        offline_s: 55,
        typing_s: 10,
        sweep_s: 1,
        poll_ms: 20,
        erase_rows: 2,
        erase_again_s: 60,
    }
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}
