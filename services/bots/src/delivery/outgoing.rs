//! What there is to tell, in order, before it is written down.

use contracts::messages::Message;
use domain::{ChatId, DepartmentId, EventId, InteractionId, MessageId, TenantId, UserId, WebhookId};
use surfaces::zenvia::events as zenvia;

use crate::ids;
use crate::store::rows::InteractionRow;

/// What there is to tell, in order.
#[derive(Debug, Default)]
pub struct Outgoing {
    orders: Vec<Order>,
}

/// One thing to be done about deliveries.
#[derive(Debug)]
pub(super) enum Order {
    /// An endpoint is told something.
    Post(Post),
    /// What a bot was not told yet of an interaction it is not to be told any more.
    Cancel(InteractionId),
}

/// What a department's bot is told.
#[derive(Debug, Clone, Copy)]
pub struct ToBot {
    /// The tenant.
    pub tenant: TenantId,
    /// The interaction.
    pub interaction: InteractionId,
    /// Its chat.
    pub chat: ChatId,
    /// The department whose bot it is.
    pub department: DepartmentId,
    /// Its integer id.
    pub number: i64,
    /// What is told.
    pub what: BotNews,
}

/// What a bot is told beside messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotNews {
    /// An interaction is its from now on.
    New,
    /// The customer ended it.
    Finished,
}

/// What a lane is of, beside its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneOf {
    /// What a bot is told of one interaction.
    Interaction(InteractionId, ChatId),
    /// What a webhook is told of one chat.
    Chat(ChatId),
    /// What a webhook is told of one person.
    User(UserId),
    /// What a webhook is told of the tenant.
    Tenant,
}

/// Something to be posted to an endpoint.
#[derive(Debug, Clone)]
pub struct Post {
    /// The tenant.
    pub tenant: TenantId,
    /// Where to; a bot's endpoint has its department's id.
    pub endpoint: WebhookId,
    /// In which order.
    pub lane: LaneOf,
    /// What the receiver is to know it by, where that follows from what is told; else it gets one of its own.
    pub webhook_id: Option<String>,
    /// What happened.
    pub event: String,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// What is posted.
    pub body: String,
    /// The trace of the request that caused it.
    pub trace: Option<String>,
}

impl Outgoing {
    /// A bot is to be told something.
    pub fn tell(&mut self, news: ToBot) {
        let ToBot { tenant, interaction, chat, department, number, what } = news;
        let hash = interaction.to_string();
        let (event, body) = match what {
            BotNews::New => ("new_interaction", zenvia::new_interaction(&hash, number)),
            BotNews::Finished => ("finished_interaction", zenvia::finished_interaction(&hash)),
        };
        self.post(Post {
            tenant,
            endpoint: WebhookId::from_uuid(department.uuid()),
            lane: LaneOf::Interaction(interaction, chat),
            webhook_id: None,
            event: event.to_owned(),
            message: None,
            body,
            trace: domain::trace::current(),
        });
    }

    /// The bot of `row` is told what was said, by somebody else, in its interaction. `event`: the one that tells of it.
    pub fn message(&mut self, row: &InteractionRow, message: &Message, event: Option<EventId>, trace: Option<String>) {
        let endpoint = WebhookId::from_uuid(row.department.uuid());
        self.post(Post {
            tenant: row.tenant,
            endpoint,
            lane: LaneOf::Interaction(row.id, row.chat),
            webhook_id: event.map(|event| ids::webhook_id_of(endpoint, event, 0)),
            event: "new_message".to_owned(),
            message: Some(message.id),
            body: zenvia::new_message(&row.id.to_string(), message),
            trace,
        });
    }

    /// Whether the bot of `interaction` is to be told of `message` already.
    pub fn tells(&self, interaction: InteractionId, message: MessageId) -> bool {
        let of = |order: &Order| matches!(order, Order::Post(post) if post.is_of(interaction) && post.message == Some(message));
        self.orders.iter().any(of)
    }

    /// What a bot was not told yet of `interaction` is not to be told any more.
    pub fn cancel(&mut self, interaction: InteractionId) {
        // What was ordered just now is never written down.
        self.orders.retain(|order| !matches!(order, Order::Post(post) if post.is_of(interaction)));
        self.orders.push(Order::Cancel(interaction));
    }

    /// Something is to be posted.
    pub fn post(&mut self, post: Post) {
        self.orders.push(Order::Post(post));
    }

    /// The orders: what is cancelled, then what is posted. None of the latter is cancelled by one of the former.
    pub(super) fn divide(self) -> (Vec<InteractionId>, Vec<Post>) {
        let (mut cancelled, mut posts) = (Vec::new(), Vec::new());
        for order in self.orders {
            match order {
                Order::Post(post) => posts.push(post),
                Order::Cancel(interaction) => cancelled.push(interaction),
            }
        }
        (cancelled, posts)
    }
}

impl Post {
    fn is_of(&self, interaction: InteractionId) -> bool {
        matches!(self.lane, LaneOf::Interaction(of, _) if of == interaction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cancelled_is_not_posted_and_what_comes_after_is() {
        let (interaction, chat) = (InteractionId::new(), ChatId::new());
        let news = |number| ToBot {
            tenant: TenantId::new(),
            interaction,
            chat,
            department: DepartmentId::new(),
            number,
            what: BotNews::New,
        };
        let mut out = Outgoing::default();
        out.tell(news(1));
        out.cancel(interaction);
        out.tell(news(2));
        let (cancelled, posts) = out.divide();
        assert_eq!(cancelled, [interaction]);
        let bodies: Vec<&str> = posts.iter().map(|post| post.body.as_str()).collect();
        assert_eq!(bodies, [zenvia::new_interaction(&interaction.to_string(), 2)]);
    }
}
