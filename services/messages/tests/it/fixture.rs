//! A service over a test's database, and the chats it asks for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bus::{Bus, BusSettings, Outbox, Topology};
use contracts::chats::{
    Access, AccessAsked, AddParticipant, ArrangeChat, Chat, ChatsError, ChatsWith, CheckAccess, CreateChat,
    CreateSupport, Created, DeleteChat, DropRoom, FollowGroup, GetChat, GetRoom, GetStay, ListChats, ListRooms,
    ListStays, LocateChat, Located, OpenChat, PairsWith, ReadRoll, ReadSnapshots, RemoveParticipant, Roll, Room,
    Snapshot, Stay, UpdateChat,
};
use contracts::messages::{Message, MessageCursor, MessagesError, PageMessages, PostMessage};
use contracts::{ChatsApi, Extras, MessagesApi as _};
use domain::{
    ChatId, Clock, Idempotency, Limit, MessageKind, Page, Principal, Role, Scopes, Surface, TenantId, Timestamp,
    TokenId, TokenKind, UserId,
};
use messages::{Messages, Settings};
use store::{Db, Migrations};

/// All tables a service's database has.
pub const TREES: [Migrations; 3] = [store::MIGRATIONS, bus::migrations(), messages::migrations()];

/// A chat, as far as this service asks.
#[derive(Debug, Clone)]
pub struct KnownChat {
    pub tenant: TenantId,
    pub participants: Vec<UserId>,
    pub owner: Option<UserId>,
    pub version: i64,
    pub deleted: bool,
}

/// The service `chats` at this one's edge.
#[derive(Default)]
pub struct Chats {
    pub known: Mutex<HashMap<ChatId, KnownChat>>,
    calls: AtomicUsize,
}

impl Chats {
    pub fn change(&self, chat: ChatId, change: impl FnOnce(&mut KnownChat)) {
        change(self.known.lock().unwrap().get_mut(&chat).unwrap());
    }

    /// How often it was asked.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn access_of(&self, asked: AccessAsked) -> Access {
        let known = self.known.lock().unwrap();
        let Some(chat) = known.get(&asked.chat).filter(|chat| chat.tenant == asked.tenant) else {
            return Access::Missing;
        };
        let version = chat.version;
        let takes_part = asked.user.is_none_or(|user| chat.participants.contains(&user));
        let owns = asked.user.is_some() && asked.user == chat.owner;
        match (chat.deleted, takes_part, owns) {
            (true, _, _) => Access::Deleted { participant: takes_part || owns },
            (false, true, _) => Access::Participant { version },
            (false, false, true) => Access::Owner { version },
            (false, false, false) => Access::Outsider { version },
        }
    }
}

macro_rules! never_asked {
    ($($call:ident($Command:ty) -> $View:ty;)+) => {
        #[async_trait]
        impl ChatsApi for Chats {
            $(async fn $call(&self, _: $Command) -> Result<$View, ChatsError> { unreachable!("messages never asks this") })+

            async fn access(&self, command: CheckAccess) -> Result<Vec<Access>, ChatsError> {
                self.calls.fetch_add(1, Ordering::SeqCst);
                Ok(command.asked.into_iter().map(|asked| self.access_of(asked)).collect())
            }
        }
    };
}
never_asked! {
    create(CreateChat) -> Created;
    open(OpenChat) -> Created;
    with(ChatsWith) -> Page<Chat>;
    pairs(PairsWith) -> Vec<Chat>;
    arrange(ArrangeChat) -> Chat;
    follow_group(FollowGroup) -> ();
    support(CreateSupport) -> Chat;
    get(GetChat) -> Chat;
    list(ListChats) -> Page<Chat>;
    update(UpdateChat) -> Chat;
    delete(DeleteChat) -> Chat;
    add(AddParticipant) -> Chat;
    remove(RemoveParticipant) -> Chat;
    rooms(ListRooms) -> Page<Room>;
    room(GetRoom) -> Room;
    drop_room(DropRoom) -> Room;
    stays(ListStays) -> Page<Stay>;
    stay(GetStay) -> Room;
    roll(ReadRoll) -> Roll;
    locate(LocateChat) -> Option<Located>;
    snapshots(ReadSnapshots) -> Vec<Snapshot>;
}

/// The service, with a clock that stands still.
pub struct Fixture {
    pub messages: Arc<Messages>,
    pub chats: Arc<Chats>,
    pub clock: Clock,
    pub outbox: Outbox,
    settings: Settings,
    pub tenant: TenantId,
    /// Takes part in every chat of [`chat`](Self::chat).
    pub ann: UserId,
    pub bob: UserId,
}

impl Fixture {
    pub fn new(db: &Db) -> Self {
        Self::with(db, Arc::default(), TenantId::new(), settings())
    }

    /// Whose tenants may post so many messages a day.
    pub fn with_quota(db: &Db, per_tenant_day: u32) -> Self {
        Self::with(db, Arc::default(), TenantId::new(), Settings { per_tenant_day, ..settings() })
    }

    /// Another instance of the same service.
    pub fn twin(&self, db: &Db) -> Self {
        let twin = Self::with(db, self.chats.clone(), self.tenant, self.settings.clone());
        Self { ann: self.ann, bob: self.bob, ..twin }
    }

    fn with(db: &Db, chats: Arc<Chats>, tenant: TenantId, settings: Settings) -> Self {
        let clock = Clock::fixed(at(0));
        let outbox = Bus::new(bus_settings(), Topology::parlance(), clock.clone()).outbox();
        let messages = Messages::new(db.clone(), outbox.clone(), clock.clone(), chats.clone(), &settings);
        Self { messages, chats, clock, outbox, settings, tenant, ann: UserId::new(), bob: UserId::new() }
    }

    /// A chat of Ann and Bob.
    pub fn chat(&self) -> ChatId {
        let chat = ChatId::new();
        let known = KnownChat {
            tenant: self.tenant,
            participants: vec![self.ann, self.bob],
            owner: None,
            version: 7,
            deleted: false,
        };
        self.chats.known.lock().unwrap().insert(chat, known);
        chat
    }

    pub fn by(&self, user: UserId, role: Role) -> Principal {
        Principal {
            tenant: self.tenant,
            user: Some(user),
            role,
            token: TokenId::new(),
            kind: TokenKind::VoipbinSession,
            scopes: Scopes::ALL,
            surface: Surface::Voipbin,
            chat: None,
        }
    }

    pub fn ann(&self) -> Principal {
        self.by(self.ann, Role::Agent)
    }

    pub fn bob(&self) -> Principal {
        self.by(self.bob, Role::Agent)
    }

    pub fn manager(&self) -> Principal {
        self.by(UserId::new(), Role::Manager)
    }

    /// Ann's words, as a command.
    pub fn says(&self, chat: ChatId, text: &str) -> PostMessage {
        PostMessage {
            by: self.ann(),
            chat,
            author: Some(self.ann),
            kind: MessageKind::Text,
            text: Some(text.to_owned()),
            media: Vec::new(),
            extras: Extras::new(),
            idempotency: None,
        }
    }

    pub async fn post(&self, chat: ChatId, text: &str) -> Message {
        self.messages.post(self.says(chat, text)).await.unwrap()
    }

    /// `n` messages, "1" to "n".
    pub async fn posts(&self, chat: ChatId, n: usize) -> Vec<Message> {
        let mut all = Vec::new();
        for i in 1..=n {
            all.push(self.post(chat, &i.to_string()).await);
        }
        all
    }

    pub fn page_of(&self, chat: ChatId, cursor: MessageCursor, limit: i64) -> PageMessages {
        let limit = Limit::clamped(limit);
        PageMessages { by: self.ann(), chat, cursor, limit, room: None, tombstones: false }
    }

    /// Every message of a chat, oldest first.
    pub async fn all(&self, chat: ChatId) -> Vec<Message> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let wanted = PageMessages { tombstones: true, ..self.page_of(chat, MessageCursor::AfterSeq(after), 1000) };
            let page = self.messages.page(wanted).await.unwrap();
            all.extend(page.items);
            if !page.more {
                return all;
            }
            after = all.last().unwrap().seq;
        }
    }
}

/// Posts from many tasks at once; the answers in the order of `commands`.
pub async fn at_once(fx: &Fixture, commands: Vec<PostMessage>) -> Vec<Result<Message, MessagesError>> {
    let tasks: Vec<_> = commands
        .into_iter()
        .map(|command| {
            let messages = fx.messages.clone();
            tokio::spawn(async move { messages.post(command).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// What holds for every chat: places without gaps, numbers and times that rise.
pub fn assert_in_order(all: &[Message]) {
    let seqs: Vec<i64> = all.iter().map(|m| m.seq).collect();
    let expected: Vec<i64> = (1..).take(all.len()).collect();
    assert_eq!(seqs, expected);
    for pair in all.windows(2) {
        assert!(pair[0].number < pair[1].number, "numbers rise with places: {pair:?}");
        assert!(pair[0].created_at < pair[1].created_at, "times rise with places: {pair:?}");
    }
}

pub fn bus_settings() -> BusSettings {
    BusSettings { batch_rows: 64, poll_ms: 5, ..BusSettings::default() }
}

/// The defaults, but for what tests cannot wait for.
pub fn settings() -> Settings {
    #[derive(serde::Deserialize)]
    struct File {
        messages: Settings,
    }
    let File { messages } = toml::from_str(messages::DEFAULTS).unwrap();
    Settings { erase_rows: 3, poll_ms: 5, ..messages }
}

pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000 + micros)
}

#[expect(clippy::unnecessary_wraps, reason = "commands want it so")]
pub fn request(key: u8, body: u8) -> Option<Idempotency> {
    Some(Idempotency { key: [key; 32], body: [body; 32] })
}
