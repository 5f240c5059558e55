//! Making chats. The same people asked for twice at the same instant have one chat: whoever comes second waits for the
//! tenant's head row and then finds it; the unique key stands behind that.

use contracts::Extras;
use contracts::chats::{Chat, ChatKey, ChatsError, CreateChat, CreateSupport, Created, Existing, Record};
use domain::{
    ChatId, ChatKind, CompanyId, GroupId, Idempotency, ParticipantRole, ParticipantState, ParticipationId, TenantId,
    UserId,
};
use proto_events::ChatCreated;
use store::{Fault, StoreError, Tx};

use super::{Chats, Outcome, checks, rights};
use crate::once;
use crate::store::rows::{NewChat, NewStay};
use crate::store::{chats, documents, heads, stays};

/// How often a lost race for a key is run again.
const ATTEMPTS: u32 = 5;

/// A chat about to be made, every value checked.
pub(super) struct Draft {
    pub tenant: TenantId,
    pub kind: ChatKind,
    participants: Vec<UserId>,
    owner: Option<UserId>,
    creator: Option<UserId>,
    pub title: Option<String>,
    detail: String,
    /// The group whose chat it is.
    pub group: Option<GroupId>,
    /// What it is about.
    pub about: Option<Record>,
    company: Option<CompanyId>,
    extras: String,
    /// Under which these people have one chat, and what to do when they do.
    pub unique: Option<(Vec<u8>, Existing)>,
    idempotency: Option<Idempotency>,
}

impl Draft {
    pub fn new(cmd: CreateChat) -> Result<Self, ChatsError> {
        let tenant = cmd.by.tenant;
        let participants = checks::participants(cmd.participants, cmd.existing == Existing::Ignore)?;
        let kind = match cmd.existing {
            Existing::Return | Existing::Refuse if participants.len() == 2 => ChatKind::Direct,
            Existing::Return | Existing::Refuse | Existing::Ignore => ChatKind::Group,
        };
        let unique = match cmd.existing {
            Existing::Ignore => None,
            Existing::Return | Existing::Refuse => Some((people_key(kind, tenant, &participants), cmd.existing)),
        };
        Ok(Self {
            tenant,
            kind,
            participants,
            owner: cmd.owner,
            creator: cmd.by.user,
            title: checks::title(cmd.title)?,
            detail: checks::detail(cmd.detail)?,
            group: None,
            about: None,
            company: cmd.company,
            extras: checks::extras(cmd.extras)?,
            unique,
            idempotency: cmd.idempotency,
        })
    }

    /// A customer's chat with those who serve them.
    fn support(cmd: CreateSupport) -> Result<Self, ChatsError> {
        let CreateSupport { by, participants, owner, customer, idempotency } = cmd;
        let (title, detail, company, extras) = (None, String::new(), None, Extras::new());
        let existing = Existing::Ignore;
        let plain = CreateChat { by, participants, owner, title, detail, company, extras, existing, idempotency };
        Ok(Self { kind: ChatKind::Support, creator: Some(customer), ..Self::new(plain)? })
    }
}

/// The key of people, sorted by id. A pair that is direct and a group that shrank to two are not the same.
pub(super) fn people_key(kind: ChatKind, tenant: TenantId, sorted: &[UserId]) -> Vec<u8> {
    chats::match_key(if kind == ChatKind::Direct { "direct" } else { "set" }, tenant, sorted)
}

impl Chats {
    pub(super) async fn create_chat(&self, cmd: CreateChat) -> Outcome<Created> {
        rights::unconfined(&cmd.by)?;
        self.create_draft(Draft::new(cmd)?).await
    }

    pub(super) async fn create_support(&self, cmd: CreateSupport) -> Outcome<Chat> {
        rights::manage(&cmd.by)?;
        Ok(self.create_draft(Draft::support(cmd)?).await?.chat)
    }

    pub(super) async fn create_draft(&self, draft: Draft) -> Outcome<Created> {
        if let Some(answer) = self.answered(draft.idempotency.as_ref()).await? {
            return Ok(answer);
        }
        let mut people = draft.participants.clone();
        people.extend(draft.owner.filter(|owner| !draft.participants.contains(owner)));
        self.check_living(draft.tenant, &people).await?;
        self.check_company(draft.tenant, draft.company).await?;
        for _ in 0..ATTEMPTS {
            match self.try_create(&draft).await {
                // Others had the key first. Their chat is committed: a new transaction finds it.
                Err(Fault::Store(StoreError::Unique)) => {}
                outcome => return outcome,
            }
        }
        Err(ChatsError::Unavailable("the same chat is made and deleted all the time".to_owned()).into())
    }

    async fn try_create(&self, draft: &Draft) -> Outcome<Created> {
        let request = draft.idempotency.as_ref();
        let mut tx = self.db.begin().await?;
        if let Some(answer) = once::first_answer(&mut tx, request, self.clock.now()).await? {
            return Ok(answer);
        }
        let last = heads::lock(&mut tx, draft.tenant).await?;
        let existing = match &draft.unique {
            Some((key, _)) => chats::of_people(&tx, key).await?,
            None => None,
        };
        let answer = match (existing, &draft.unique) {
            (Some(chat), Some((_, Existing::Refuse))) => return Err(ChatsError::Exists(chat.id).into()),
            (Some(chat), _) => Created { chat, created: false },
            (None, _) => {
                let at = self.clock.now().after(Some(last));
                Created { chat: self.insert(&mut tx, draft, at).await?, created: true }
            }
        };
        once::keep(&mut tx, request, draft.tenant, &answer).await?;
        tx.commit().await?;
        if answer.created {
            self.outbox.wake();
        }
        Ok(answer)
    }

    async fn insert(&self, tx: &mut Tx, draft: &Draft, at: domain::Timestamp) -> Outcome<Chat> {
        let id = ChatId::new();
        let new = NewChat {
            id,
            tenant: draft.tenant,
            kind: draft.kind,
            title: draft.title.as_deref(),
            detail: &draft.detail,
            owner: draft.owner,
            creator: draft.creator,
            match_key: draft.unique.as_ref().map(|(key, _)| key.clone()),
            group_id: draft.group,
            version: 1,
            company: draft.company,
            extras: &draft.extras,
            active_at: at,
            created_at: at,
            updated_at: at,
        };
        chats::insert(tx, &new).await?;
        if let Some(record) = &draft.about {
            documents::insert(tx, id, record).await?;
        }
        heads::advance(tx, draft.tenant, at).await?;

        let joined = heads::joinings(tx, draft.tenant, &draft.participants, at).await?;
        let stay = |(position, user): (i64, &UserId)| NewStay {
            id: ParticipationId::new(),
            chat: id,
            user_id: *user,
            role: role(draft.owner, *user),
            state: ParticipantState::Open,
            position,
            joined_at: joined.get(user).copied().unwrap_or(at),
            joined_seq: 0,
        };
        stays::insert(tx, (0..).zip(&draft.participants).map(stay).collect()).await?;

        let event = ChatCreated {
            tenant: draft.tenant,
            chat: id,
            kind: draft.kind.into(),
            version: 1,
            by: draft.creator,
            participants: draft.participants.clone(),
        };
        self.outbox.append(tx, &event, at).await?;
        reread(tx, draft.tenant, id).await
    }

    /// The first answer to a request that was carried out before: nothing is checked again for it.
    pub(super) async fn answered<A: serde::de::DeserializeOwned>(
        &self,
        request: Option<&Idempotency>,
    ) -> Outcome<Option<A>> {
        if request.is_none() {
            return Ok(None);
        }
        // The claim made here is undone with the transaction.
        let mut tx = self.db.begin().await?;
        once::first_answer(&mut tx, request, self.clock.now()).await
    }
}

/// What somebody may do in a chat that `owner` answers for.
pub(super) fn role(owner: Option<UserId>, user: UserId) -> ParticipantRole {
    if owner == Some(user) { ParticipantRole::Owner } else { ParticipantRole::Member }
}

/// The chat as it stands in the transaction.
pub(super) async fn reread(tx: &mut Tx, tenant: TenantId, id: ChatId) -> Outcome<Chat> {
    Ok(chats::find(tx, tenant, ChatKey::Id(id)).await?.ok_or(StoreError::NotFound)?)
}
