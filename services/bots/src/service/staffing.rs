//! Who serves whom when nobody asks: customers of bots that are gone or out of reach, and customers who wait.

use contracts::bots::{BotsError, DepartmentKey, OnlineAgents};
use contracts::realtime::PresenceOf;
use domain::{HandoverReason, InteractionId, InteractionState, Presence, TenantId, UserId};

use super::asking::from_peer;
use super::{Bots, Outcome, checks};
use crate::delivery::Outgoing;
use crate::moves::{Cause, To};
use crate::store::rows::{DepartmentRow, InteractionRow};
use crate::store::{departments, interactions, queue};

/// Interactions looked at in one round.
const AT_ONCE: i64 = 100;
/// Users asked about at once.
const ASKED: usize = 1000;

impl Bots {
    pub(super) async fn online_agents(&self, OnlineAgents { by, department }: OnlineAgents) -> Outcome<Vec<UserId>> {
        checks::read(&by)?;
        let tenant = by.tenant;
        let conn = self.db.read().await?;
        let agents = match department {
            None => departments::all_agents(&conn, tenant).await?,
            Some(number) => {
                let row = departments::find(&conn, tenant, DepartmentKey::Number(number)).await?;
                let id = row.ok_or(BotsError::DepartmentNotFound)?.id;
                departments::agents(&conn, vec![id]).await?.remove(&id).unwrap_or_default()
            }
        };
        drop(conn);
        let mut online = Vec::new();
        for users in agents.chunks(ASKED) {
            let asked = PresenceOf { tenant, users: users.to_vec() };
            let stand = self.peers.realtime.presence(asked).await.map_err(|e| from_peer(&e))?;
            online.extend(stand.into_iter().filter(|one| one.presence == Presence::Online).map(|one| one.user));
        }
        online.sort_unstable();
        Ok(online)
    }

    /// What a changed department brings about at once; what fails now the worker sees to.
    pub(super) async fn follow_up(&self, without_bot: bool, staffed: bool) {
        let done = async {
            if without_bot {
                self.hand_over_orphans().await?;
            }
            if staffed {
                self.assign_all().await?;
            }
            Ok::<_, store::Fault<BotsError>>(())
        };
        if let Err(error) = done.await {
            tracing::warn!(error = %error, "could not hand customers over at once; trying again");
        }
    }

    /// Customers of bots that are their departments' no longer wait for an agent.
    pub(crate) async fn hand_over_orphans(&self) -> Outcome<()> {
        let departments = departments::leaving(&self.db.read().await?, AT_ONCE).await?;
        for DepartmentRow { id, tenant, bot_leaving, .. } in departments {
            let Some(bot) = bot_leaving else { continue };
            for interaction in interactions::served_by(&self.db.read().await?, tenant, bot).await? {
                self.hand_to_queue(tenant, interaction, HandoverReason::BotRemoved).await?;
            }
            let mut tx = self.db.begin().await?;
            departments::left(&mut tx, id, bot).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Customers of bots that could not be reached for so long wait for an agent.
    pub(crate) async fn hand_over_unreachable(&self) -> Outcome<()> {
        let since = self.clock.now().plus_seconds(-i64::from(self.settings.handover_s));
        let found = self.delivery.unreachable(&self.db.read().await?, since, AT_ONCE).await?;
        for (tenant, id) in found {
            self.hand_to_queue(tenant, id, HandoverReason::Unreachable).await?;
        }
        Ok(())
    }

    /// Takes an interaction from its bot and gives it to its department's agents. Does nothing if no bot has it.
    pub(crate) async fn hand_to_queue(&self, tenant: TenantId, id: InteractionId, why: HandoverReason) -> Outcome<()> {
        let row = interactions::find(&self.db.read().await?, tenant, id).await?;
        let Some(row) = row.filter(InteractionRow::with_bot) else { return Ok(()) };
        let from_seq = self.next_seq(tenant, row.chat).await?;
        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        let held = interactions::lock(&mut tx, id).await?.filter(|held| held.version == row.version);
        let Some(row) = held else { return Ok(()) };
        let mut out = Outgoing::default();
        let cause = Cause { from_seq: from_seq.max(row.from_seq), by: None, why, at: now };
        let department = (row.department, row.department_number);
        let row = self.moves.hand(&mut tx, &mut out, row, department, To::Agents { not: None }, cause).await?;
        self.commit(tx, out).await?;
        tracing::info!(interaction = %id, why = %why, "a bot's customer was handed to the department");
        self.tell_soon(row).await;
        Ok(())
    }

    /// Customers who wait are given to agents, where there are any by now, the longest first.
    pub(crate) async fn assign_all(&self) -> Outcome<()> {
        loop {
            let waiting = interactions::assignable(&self.db.read().await?, AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let mut given = false;
            for (_, id) in waiting {
                given |= self.assign(id).await?;
            }
            // Nobody could be given to anybody: others are at it, or the agents went.
            if !given {
                return Ok(());
            }
        }
    }

    async fn assign(&self, id: InteractionId) -> Outcome<bool> {
        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        let held = interactions::lock(&mut tx, id).await?.filter(|row| row.state == InteractionState::Queued);
        let Some(row) = held else { return Ok(false) };
        let mut out = Outgoing::default();
        let cause = Cause { from_seq: row.from_seq, by: None, why: HandoverReason::Assigned, at: now };
        let department = (row.department, row.department_number);
        let not = interactions::given_up_by(&tx, &row).await?;
        if queue::least_busy(&mut tx, row.department, not).await?.is_none() {
            return Ok(false);
        }
        let row = self.moves.hand(&mut tx, &mut out, row, department, To::Agents { not }, cause).await?;
        if row.state == InteractionState::Queued {
            return Ok(false);
        }
        self.commit(tx, out).await?;
        self.tell_soon(row).await;
        Ok(true)
    }
}
