//! Closed lists of words.

use serde::{Deserialize, Serialize};

/// A word that is not in the list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {kind}")]
pub struct UnknownWord {
    /// The word as it came.
    pub word: String,
    /// Name of the list.
    pub kind: &'static str,
}

/// Declares an enum that travels and is stored as a word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word that stands for this value.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(s: &str) -> Result<Self, UnknownWord> {
                match s {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { word: s.to_owned(), kind: stringify!($name) }),
                }
            }
        }
    )+ };
}

words! {
    /// The API through which something came or goes.
    Surface {
        /// imBee REST.
        Imbee = "imbee",
        /// Zenvia external bot.
        Zenvia = "zenvia",
        /// VoIPBin chats.
        Voipbin = "voipbin",
        /// ConnectNow Chat.
        Connectnow = "connectnow",
        /// Odoo im_chat.
        Odoo = "odoo",
        /// Our own API for operators.
        Operator = "operator",
        /// Our own streams.
        Native = "native",
    }
    /// What a user may do in their tenant.
    Role {
        /// Talks to customers; sees the chats they are in.
        Agent = "agent",
        /// Sees and may change every chat of the tenant.
        Manager = "manager",
        /// A manager who also manages people and credentials.
        Admin = "admin",
        /// Somebody from outside.
        Customer = "customer",
        /// A program.
        Bot = "bot",
    }
    /// What a chat is.
    ChatKind {
        /// Two people; one such chat a pair.
        Direct = "direct",
        /// Any set of people.
        Group = "group",
        /// A customer served by a bot, a queue or an agent.
        Support = "support",
    }
    /// What a message carries.
    MessageKind {
        /// Words.
        Text = "text",
        /// A file by its URL, perhaps with words.
        Media = "media",
        /// Said by the system.
        System = "system",
    }
    /// What a participant may do in a chat.
    ParticipantRole {
        /// Answers for the chat.
        Owner = "owner",
        /// May change the chat.
        Admin = "admin",
        /// Takes part.
        Member = "member",
    }
    /// How a participant's own window on the chat stands.
    ParticipantState {
        /// Shown.
        Open = "open",
        /// Shown as a title only.
        Folded = "folded",
        /// Not shown.
        Closed = "closed",
    }
    /// What a participant makes of a chat for themselves.
    ParticipantStatus {
        /// One among the others.
        Active = "active",
        /// Among the favourites.
        Favorite = "favorite",
        /// Put away.
        Archive = "archive",
    }
    /// How somebody stands, whatever surface they use.
    Presence {
        /// A stream or a poll of theirs is open.
        Online = "online",
        /// One is open, but nothing was done for ten minutes.
        Away = "away",
        /// None is open.
        Offline = "offline",
    }
    /// Who serves a chat that was handed to a department.
    InteractionState {
        /// Nobody yet: it waits for an agent.
        Queued = "queued",
        /// The department's bot.
        Bot = "bot",
        /// One of its agents.
        Agent = "agent",
        /// It is over.
        Finished = "finished",
    }
    /// Why an interaction changed hands.
    HandoverReason {
        /// It began.
        Started = "started",
        /// Its bot took it on.
        Accepted = "accepted",
        /// Its bot gave it to a department.
        Transferred = "transferred",
        /// An agent answered, or was told to.
        Taken = "taken",
        /// An agent became free for one who waited.
        Assigned = "assigned",
        /// Its bot could not be reached.
        Unreachable = "unreachable",
        /// The department has no bot any more, or the bot left the chat.
        BotRemoved = "bot_removed",
        /// Its agent left the chat, the department or the tenant.
        AgentGone = "agent_gone",
        /// Its bot ended it.
        FinishedByBot = "finished_by_bot",
        /// The customer ended it, or left.
        FinishedByCustomer = "finished_by_customer",
        /// Its agent ended it.
        FinishedByAgent = "finished_by_agent",
        /// Its chat was deleted.
        ChatDeleted = "chat_deleted",
    }
    /// How a customer found it.
    Mood {
        /// Well served.
        Positive = "positive",
        /// Badly served.
        Negative = "negative",
    }
    /// Whom a delivery is for.
    EndpointKind {
        /// A department's bot.
        Bot = "bot",
        /// Whoever registered an address.
        Webhook = "webhook",
    }
    /// How what happened is put into words for a webhook.
    WebhookFormat {
        /// VoIPBin's customer webhook.
        Voipbin = "voipbin",
        /// Zenvia's customer side.
        Zenvia = "zenvia",
        /// Our own.
        Native = "native",
    }
    /// What becomes of later deliveries behind one that was given up.
    OnParked {
        /// They go on.
        Pass = "pass",
        /// They wait for the operator.
        Wait = "wait",
    }
    /// How far a delivery got.
    DeliveryState {
        /// It has still to be made.
        Pending = "pending",
        /// It was taken.
        Delivered = "delivered",
        /// It was refused for good.
        Rejected = "rejected",
        /// It was given up after its last attempt; the operator may replay it.
        Parked = "parked",
        /// It is not wanted any more.
        Cancelled = "cancelled",
    }
    /// What a credential opens.
    TokenKind {
        /// imBee's `Authorization` of a tenant.
        ImbeeAuthorization = "imbee_authorization",
        /// imBee's corporate token of a tenant.
        ImbeeCorporate = "imbee_corporate",
        /// imBee's `apikey` of one user.
        ImbeeUser = "imbee_user",
        /// What the page of an imBee invitation acts with after the exchange.
        ImbeeVisit = "imbee_visit",
        /// Zenvia's token of a tenant.
        Zenvia = "zenvia",
        /// A VoIPBin access key.
        VoipbinAccessKey = "voipbin_access_key",
        /// A VoIPBin session, a signed token.
        VoipbinSession = "voipbin_session",
        /// ConnectNow's `api_token` of one user.
        Connectnow = "connectnow",
        /// An Odoo web session.
        OdooSession = "odoo_session",
        /// One user's in one chat: ConnectNow's `chat_user_token`.
        ChatUser = "chat_user",
        /// Our operator API, one tenant.
        Operator = "operator",
        /// Our operator API, every tenant.
        Root = "root",
    }
}

impl InteractionState {
    /// Whether somebody serves it, or is to.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Queued | Self::Bot | Self::Agent => true,
            Self::Finished => false,
        }
    }
}

impl Role {
    /// Whether this role sees and may change every chat of its tenant.
    pub const fn manages(self) -> bool {
        match self {
            Self::Manager | Self::Admin => true,
            Self::Agent | Self::Customer | Self::Bot => false,
        }
    }
    /// Whether this is somebody who works for the tenant.
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Agent | Self::Manager | Self::Admin => true,
            Self::Customer | Self::Bot => false,
        }
    }
}
