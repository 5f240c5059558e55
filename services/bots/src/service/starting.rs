//! How interactions start on request: users, then chats, then here. Each step is keyed by the request, so that a repeat
//! resumes where it stopped.

use contracts::Extras;
use contracts::bots::{BotsError, Customer, DepartmentKey, Interaction, StartInteraction};
use contracts::chats::{Chat, CreateSupport};
use contracts::users::{CreateUser, EnsureUser, FindUser, User, UserKey};
use domain::{HandoverReason, Idempotency, InteractionId, Role, Surface, TenantId};

use super::asking::{from_peer, from_users, service};
use super::reading::view;
use super::{Bots, Outcome, checks};
use crate::delivery::Outgoing;
use crate::moves::{Cause, Fresh, To};
use crate::once;
use crate::store::rows::SeatRow;
use crate::store::{departments, interactions, seats};

/// Whoever does not say who they are.
const NAMELESS: &str = "Visitor";

impl Bots {
    pub(super) async fn start_interaction(&self, cmd: StartInteraction) -> Outcome<Interaction> {
        let StartInteraction { by, department, customer, extra, external_history, media_type, idempotency } = cmd;
        checks::write(&by)?;
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        let extra = checks::extra(extra)?;
        let external_history = checks::external_history(external_history)?;
        let media_type = checks::media_type(media_type)?;
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let department = self.active_department(tenant, DepartmentKey::Number(department)).await?;
        let customer = self.customer(tenant, customer, request).await?;
        let chat = self.support_chat(tenant, &customer, department.bot_user, request).await?;

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let seated = departments::lock(&mut tx, department.id).await?.ok_or(BotsError::DepartmentNotFound)?;
        // A bot that came in between does not take part: then the agents are meant.
        let bot = seated.bot_user.filter(|bot| chat.participant(*bot).is_some());
        if let Some(stay) = bot.and_then(|bot| chat.participant(bot)) {
            let (participation, user_id) = (stay.id, stay.user);
            seats::take(&mut tx, SeatRow { participation, chat: chat.id, user_id, tenant }).await?;
        }
        let fresh = Fresh {
            id: InteractionId::new(),
            tenant,
            chat: chat.id,
            department: &seated,
            customer: Some(customer.id),
            extra,
            external_history,
            media_type,
            told: chat.owner == bot,
        };
        let cause = Cause { from_seq: 1, by: Some(customer.id), why: HandoverReason::Started, at: now };
        let to = bot.map_or(To::Agents { not: None }, To::Bot);
        let mut out = Outgoing::default();
        let row = match self.moves.start(&mut tx, &mut out, fresh, to, cause).await? {
            Some(row) => row,
            // What was said through another surface was faster.
            None => interactions::last_of(&tx, chat.id).await?.ok_or(BotsError::Contended)?,
        };
        let answer = view(&tx, row.clone()).await?;
        once::keep(&mut tx, request, tenant, &answer).await?;
        self.commit(tx, out).await?;
        self.tell_soon(row).await;
        Ok(answer)
    }

    async fn support_chat(
        &self,
        tenant: TenantId,
        customer: &User,
        bot: Option<domain::UserId>,
        request: Option<&Idempotency>,
    ) -> Outcome<Chat> {
        let participants = bot.into_iter().chain([customer.id]).collect();
        let (by, customer, idempotency) = (service(tenant), customer.id, once::step(request, "chat"));
        let create = CreateSupport { by, participants, owner: bot, customer, idempotency };
        Ok(self.peers.chats.support(create).await.map_err(|e| from_peer(&e))?)
    }

    /// Whoever is meant: by e-mail, else by telephone, else by CPF; else somebody new.
    async fn customer(&self, tenant: TenantId, who: Customer, request: Option<&Idempotency>) -> Outcome<User> {
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (name, email, phone) = (given(who.name), given(who.email), given(who.phone));
        let cpf = given(who.cpf).map(|cpf| format!("cpf:{cpf}"));
        let keys = [
            email.clone().map(UserKey::Email),
            phone.clone().map(UserKey::Phone),
            cpf.clone().map(|cpf| UserKey::External(Surface::Zenvia, cpf)),
        ];
        for key in keys.into_iter().flatten() {
            let found = self.peers.users.find(FindUser { tenant, key }).await.map_err(from_users)?;
            if let Some(user) = found.filter(|user| user.deleted_at.is_none()) {
                return Ok(user);
            }
        }
        let (name, role) = (name.unwrap_or_else(|| NAMELESS.to_owned()), Role::Customer);
        if let Some(external) = cpf {
            let ensure = EnsureUser { tenant, surface: Surface::Zenvia, external, name, role, email, phone };
            return Ok(self.peers.users.ensure(ensure).await.map_err(from_users)?.user);
        }
        let create = CreateUser {
            tenant,
            id: None,
            name,
            surname: None,
            email,
            phone,
            role,
            detail: String::new(),
            extras: Extras::new(),
            idempotency: once::step(request, "customer"),
        };
        Ok(self.peers.users.create(create).await.map_err(from_users)?)
    }
}
