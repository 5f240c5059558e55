//! Departments: their bots are users, made with them; the first one's is the tenant's default bot.

use contracts::Extras;
use contracts::auth::GetTenant;
use contracts::bots::{
    BotAddress, BotsError, CreateDepartment, Department, DepartmentKey, GetDepartment, ListDepartments,
    UpdateDepartment,
};
use contracts::chats::{ChatOrder, ChatScope, ListChats};
use contracts::users::{CreateUser, UsersByIds};
use domain::{DepartmentId, Limit, Page, Role, TenantId, UserId};
use store::{Conn, Fault, StoreError, Tx};

use super::asking::{from_peer, from_users, service};
use super::{Bots, Outcome, checks};
use crate::once;
use crate::store::rows::{AgentRow, DepartmentChange, DepartmentRow, NewDepartment, SeatRow};
use crate::store::{departments, queue, seats};

/// Chats read at once.
const AT_ONCE: i64 = 1000;

/// Who will be a department's bot.
struct NextBot {
    user: UserId,
    /// How many users will have been made for its bots.
    made: i64,
    /// Where they take part already.
    seats: Vec<SeatRow>,
}

impl Bots {
    pub(super) async fn make_department(&self, cmd: CreateDepartment) -> Outcome<Department> {
        let CreateDepartment { by, id, name, bot, agents, active, idempotency } = cmd;
        checks::write(&by)?;
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        let name = checks::name(&name)?;
        if let Some(address) = &bot {
            checks::url(self.egress.policy(), &address.url)?;
        }
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        if let Some(id) = id
            && let Some(row) = self.department_row(tenant, DepartmentKey::Id(id)).await?
        {
            return self.whole(row).await;
        }
        // A repeat that finds no answer yet makes the same bot.
        let derived = || request.map(|r| DepartmentId::derived(tenant.uuid(), &r.key));
        let id = id.or_else(derived).unwrap_or_else(DepartmentId::new);
        let agents = self.agent_rows(tenant, id, agents).await?;
        let next = match &bot {
            Some(_) => Some(self.next_bot(tenant, id, &name, None).await?),
            None => None,
        };

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let (created_at, updated_at, name) = (now, now, name.as_str());
        let new = NewDepartment { id, tenant, name, active, bot_signed: false, bot_users: 0, created_at, updated_at };
        match departments::insert(&mut tx, &new).await {
            Ok(()) => {}
            // The same request was faster elsewhere.
            Err(StoreError::Unique) => {
                drop(tx);
                let row = self.department_row(tenant, DepartmentKey::Id(id)).await?;
                return self.whole(row.ok_or(BotsError::Contended)?).await;
            }
            Err(e) => return Err(e.into()),
        }
        departments::set_agents(&mut tx, id, agents).await?;
        let mut change = DepartmentChange::at(now);
        if let Some((address, next)) = bot.as_ref().zip(next) {
            self.point(&mut tx, tenant, id, address, Some(next), &mut change).await?;
        }
        departments::update(&mut tx, id, change).await?;
        let answer = reread(&tx, tenant, id).await?;
        once::keep(&mut tx, request, tenant, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    pub(super) async fn change_department(&self, cmd: UpdateDepartment) -> Outcome<Department> {
        let UpdateDepartment { by, id, name, bot, agents, active, idempotency } = cmd;
        checks::write(&by)?;
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        let name = name.as_deref().map(checks::name).transpose()?;
        if let Some(Some(address)) = &bot {
            checks::url(self.egress.policy(), &address.url)?;
        }
        if let Some(answer) = self.answered(request).await? {
            return Ok(answer);
        }
        let old = self.department_row(tenant, DepartmentKey::Id(id)).await?.ok_or(BotsError::DepartmentNotFound)?;
        let staffed = agents.is_some() || active == Some(true);
        let agents = match agents {
            Some(agents) => Some(self.agent_rows(tenant, id, agents).await?),
            None => None,
        };
        let next = match &bot {
            Some(Some(_)) => Some(self.next_bot(tenant, id, name.as_deref().unwrap_or(&old.name), Some(&old)).await?),
            Some(None) | None => None,
        };

        let (mut tx, now) = (self.db.begin().await?, self.clock.now());
        if let Some(answer) = once::first_answer(&mut tx, request, now).await? {
            return Ok(answer);
        }
        let row = departments::lock(&mut tx, id).await?.ok_or(BotsError::DepartmentNotFound)?;
        let mut change = DepartmentChange { name, active, ..DepartmentChange::at(now.max(row.updated_at)) };
        match &bot {
            Some(Some(address)) => {
                let next = next.filter(|next| row.bot_user != Some(next.user));
                self.point(&mut tx, tenant, id, address, next, &mut change).await?;
            }
            Some(None) => {
                self.delivery.unpoint_bot(&mut tx, id, now).await?;
                let leaving = row.bot_user.or(row.bot_leaving);
                let DepartmentChange { name, active, updated_at, .. } = change;
                change = DepartmentChange { name, active, ..DepartmentChange::without_bot(leaving, updated_at) };
            }
            None => {}
        }
        departments::update(&mut tx, id, change).await?;
        if let Some(agents) = agents {
            departments::set_agents(&mut tx, id, agents).await?;
        }
        let answer = reread(&tx, tenant, id).await?;
        once::keep(&mut tx, request, tenant, &answer).await?;
        tx.commit().await?;
        self.follow_up(matches!(bot, Some(None)), staffed).await;
        Ok(answer)
    }

    pub(super) async fn get_department(&self, GetDepartment { by, key }: GetDepartment) -> Outcome<Department> {
        checks::read(&by)?;
        let row = self.department_row(by.tenant, key).await?.ok_or(BotsError::DepartmentNotFound)?;
        self.whole(row).await
    }

    pub(super) async fn list_departments(&self, cmd: ListDepartments) -> Outcome<Page<Department>> {
        let ListDepartments { by, after, limit } = cmd;
        checks::read(&by)?;
        let conn = self.db.read().await?;
        let page = Page::cut(departments::page(&conn, by.tenant, after, limit).await?, limit);
        let ids: Vec<DepartmentId> = page.items.iter().map(|row| row.id).collect();
        let mut agents = departments::agents(&conn, ids.clone()).await?;
        let waiting = queue::waiting(&conn, ids).await?;
        Ok(page.map(|row| {
            let (agents, waiting) = (agents.remove(&row.id).unwrap_or_default(), waiting.get(&row.id).copied());
            row.with(agents, waiting.unwrap_or(0))
        }))
    }

    /// A department that takes customers.
    pub(super) async fn active_department(&self, tenant: TenantId, key: DepartmentKey) -> Outcome<DepartmentRow> {
        let row = self.department_row(tenant, key).await?.ok_or(BotsError::DepartmentNotFound)?;
        if row.active { Ok(row) } else { Err(BotsError::DepartmentInactive.into()) }
    }

    pub(super) async fn department_row(&self, tenant: TenantId, key: DepartmentKey) -> Outcome<Option<DepartmentRow>> {
        Ok(departments::find(&self.db.read().await?, tenant, key).await?)
    }

    async fn whole(&self, row: DepartmentRow) -> Outcome<Department> {
        reread(&self.db.read().await?, row.tenant, row.id).await
    }

    async fn agent_rows(&self, tenant: TenantId, id: DepartmentId, mut agents: Vec<UserId>) -> Outcome<Vec<AgentRow>> {
        agents.sort_unstable();
        agents.dedup();
        checks::agents(agents.len())?;
        if agents.is_empty() {
            return Ok(Vec::new());
        }
        let users = self.staff(tenant, agents).await?;
        let row = |user: contracts::users::User| AgentRow {
            department: id,
            user_id: user.id,
            tenant,
            user_number: user.number,
        };
        Ok(users.into_iter().map(row).collect())
    }

    /// Writes down where a department's bot is, and who it is when that changes.
    async fn point(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        id: DepartmentId,
        address: &BotAddress,
        next: Option<NextBot>,
        change: &mut DepartmentChange,
    ) -> Outcome<()> {
        let signed = self.delivery.point_bot(tx, tenant, id, address, change.updated_at).await?;
        (change.bot_url, change.bot_signed) = (Some(Some(address.url.clone())), Some(signed));
        if let Some(NextBot { user, made, seats: taken }) = next {
            (change.bot_user, change.bot_users) = (Some(Some(user)), Some(made));
            for seat in taken {
                seats::take(tx, seat).await?;
            }
        }
        Ok(())
    }

    /// Who will be the department's bot: who it is, or the tenant's default bot for the first department, or whoever was
    /// made for it before, or somebody made now.
    async fn next_bot(
        &self,
        tenant: TenantId,
        id: DepartmentId,
        name: &str,
        old: Option<&DepartmentRow>,
    ) -> Outcome<NextBot> {
        let made = old.map_or(0, |row| row.bot_users);
        if let Some(user) = old.and_then(|row| row.bot_user) {
            return Ok(NextBot { user, made, seats: Vec::new() });
        }
        if let Some(user) = self.default_bot(tenant, id).await? {
            return Ok(NextBot { user, made, seats: self.seats_of(tenant, user).await? });
        }
        // One that was deleted is not used again.
        let mut made = made.max(1);
        loop {
            let user = UserId::derived(id.uuid(), format!("bot.{made}").as_bytes());
            let create = CreateUser {
                tenant,
                id: Some(user),
                name: name.to_owned(),
                surname: None,
                email: None,
                phone: None,
                role: Role::Bot,
                detail: String::new(),
                extras: Extras::new(),
                idempotency: None,
            };
            let bot = self.peers.users.create(create).await.map_err(from_users)?;
            if bot.deleted_at.is_none() {
                return Ok(NextBot { user, made, seats: self.seats_of(tenant, user).await? });
            }
            made += 1;
        }
    }

    /// The tenant's default bot, if it is to be this department's: living, and no other's.
    async fn default_bot(&self, tenant: TenantId, id: DepartmentId) -> Outcome<Option<UserId>> {
        if id != CreateDepartment::first_id(tenant) {
            return Ok(None);
        }
        let bot = self.peers.auth.tenant(GetTenant { id: tenant }).await.map_err(|e| from_peer(&e))?.bot;
        let asked = UsersByIds { tenant, ids: vec![bot] };
        let users = self.peers.users.by_ids(asked).await.map_err(|e| from_peer(&e))?;
        if users.first().is_none_or(|user| user.deleted_at.is_some()) {
            return Ok(None);
        }
        let taken = departments::of_bots(&self.db.read().await?, vec![bot]).await?;
        Ok(taken.is_empty().then_some(bot))
    }

    /// Where somebody takes part who becomes a bot: what a customer says there starts an interaction from then on.
    async fn seats_of(&self, tenant: TenantId, user: UserId) -> Outcome<Vec<SeatRow>> {
        let (mut seats, mut after) = (Vec::new(), None);
        loop {
            let scope = ChatScope::With(user);
            let (order, limit) = (ChatOrder::After(after), Limit::clamped(AT_ONCE));
            let wanted = ListChats { by: service(tenant), scope, order, limit };
            let page = self.peers.chats.list(wanted).await.map_err(|e| from_peer(&e))?;
            for chat in &page.items {
                let here = chat.participant(user);
                seats.extend(here.map(|p| SeatRow { participation: p.id, chat: chat.id, user_id: user, tenant }));
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.id),
                _ => return Ok(seats),
            }
        }
    }
}

/// The department as it stands.
async fn reread(conn: &Conn, tenant: TenantId, id: DepartmentId) -> Outcome<Department> {
    let row = departments::find(conn, tenant, DepartmentKey::Id(id)).await?;
    let row = row.ok_or(Fault::Store(StoreError::NotFound))?;
    let agents = departments::agents(conn, vec![id]).await?.remove(&id).unwrap_or_default();
    let waiting = queue::waiting(conn, vec![id]).await?.get(&id).copied().unwrap_or(0);
    Ok(row.with(agents, waiting))
}
