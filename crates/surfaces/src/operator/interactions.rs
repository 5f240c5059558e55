//! `/operator/v1/interactions`: chats that departments serve, who has them, and how they changed hands.

use actix_web::HttpResponse;
use contracts::bots::{Change, InteractionKey, ListInteractions, OnInteraction, TakeInteraction};
use domain::{HandoverReason, InteractionState, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use super::wire::InteractionView;
use crate::http::{Answer, Call};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TakeIn {
    user_id: UserId,
}

/// An interaction with every change of hands.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct StoryView {
    #[serde(flatten)]
    interaction: InteractionView,
    changes: Vec<ChangeView>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ChangeView {
    version: i64,
    at: Timestamp,
    state: InteractionState,
    user_id: Option<UserId>,
    from_seq: i64,
    by: Option<UserId>,
    why: HandoverReason,
}

impl From<Change> for ChangeView {
    fn from(Change { version, at, state, user, department: _, from_seq, by, why }: Change) -> Self {
        Self { version, at, state, user_id: user, from_seq, by, why }
    }
}

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    let command = ListInteractions {
        by: call.by()?,
        hash: call.head.query("hash"),
        state: lists::filter(&call, "state")?,
        chat: lists::filter(&call, "chat")?,
        after: lists::after(&call)?,
        limit: lists::limit(&call)?,
    };
    let page = call.apis.bots.interactions(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|interaction| interaction.id.to_string());
    let items: Vec<InteractionView> = page.items.into_iter().map(InteractionView::from).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

/// One, with every change of hands.
pub async fn get(call: Call) -> Answer {
    admin(&call)?;
    let on = OnInteraction { by: call.by()?, key: InteractionKey::Id(lists::id(&call, "id", "interaction")?) };
    let interaction = call.apis.bots.interaction(on.clone()).await?;
    let changes = call.apis.bots.changes(on).await?.into_iter().map(ChangeView::from).collect();
    Ok(HttpResponse::Ok().json(StoryView { interaction: interaction.into(), changes }))
}

/// An agent takes over from whoever has it.
pub async fn take(call: Call) -> Answer {
    admin(&call)?;
    let key = InteractionKey::Id(lists::id(&call, "id", "interaction")?);
    let TakeIn { user_id: user } = call.json()?;
    let (by, idempotency) = (call.by()?, call.idempotency()?);
    let interaction = call.apis.bots.take(TakeInteraction { by, key, user, idempotency }).await?;
    Ok(HttpResponse::Ok().json(InteractionView::from(interaction)))
}
