//! What is told outside: to whom, in which order, until it is taken.
//!
//! Handovers and the consumer say what there is to tell by an [`Outgoing`], in order; it is written down within their
//! transaction, and sent once that is committed.

use contracts::bots::BotAddress;
use domain::{ChatId, DepartmentId, InteractionId, TenantId, Timestamp};
use store::{Conn, StoreResult, Tx};

use crate::consumer::Fact;
use crate::desk::Desk;
use crate::service::Outcome;

/// What there is to tell, in order.
#[derive(Debug, Default)]
pub struct Outgoing {
    orders: Vec<Order>,
}

/// One thing to be done about deliveries.
#[derive(Debug)]
pub enum Order {
    /// A department's bot is told something.
    Tell(ToBot),
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

impl Outgoing {
    /// A bot is to be told something.
    pub fn tell(&mut self, news: ToBot) {
        self.orders.push(Order::Tell(news));
    }

    /// What a bot was not told yet of `interaction` is not to be told any more.
    pub fn cancel(&mut self, interaction: InteractionId) {
        self.orders.push(Order::Cancel(interaction));
    }
}

/// What was written down and is to be sent once the transaction is committed.
#[derive(Debug, Default)]
#[must_use]
pub struct Written;

/// Decides and delivers.
#[derive(Debug, Default)]
pub struct Delivery;

impl Delivery {
    /// Makes `address` the one a department's bot is told at; answers whether what it is told is signed.
    pub async fn point_bot(
        &self,
        _tx: &mut Tx,
        _tenant: TenantId,
        _department: DepartmentId,
        address: &BotAddress,
        _now: Timestamp,
    ) -> Outcome<bool> {
        Ok(matches!(address.secret, Some(Some(_))))
    }

    /// A department has no bot any more.
    pub async fn unpoint_bot(&self, _tx: &mut Tx, _department: DepartmentId, _now: Timestamp) -> StoreResult<()> {
        Ok(())
    }

    /// Says what follows from an event, after the interactions heard of it: `desk` has them as they stand now.
    pub fn hear(&self, _tenant: TenantId, _fact: &Fact, _desk: &Desk, _out: &mut Outgoing) {}

    /// Writes down what there is to tell.
    pub async fn write(&self, _tx: &mut Tx, out: Outgoing, _now: Timestamp) -> StoreResult<Written> {
        for order in out.orders {
            match order {
                Order::Tell(_) | Order::Cancel(_) => {}
            }
        }
        Ok(Written)
    }

    /// Sends what was written; to be called once that is committed.
    pub fn send(&self, _written: Written) {}

    /// Some interactions whose bot could not be reached since before `since`.
    pub async fn unreachable(
        &self,
        _conn: &mut Conn,
        _since: Timestamp,
        _limit: i64,
    ) -> StoreResult<Vec<(TenantId, InteractionId)>> {
        Ok(Vec::new())
    }
}
