//! `PUT /core/api/v1/interactions/{interaction_hash}/typing` and `…/cleared`: the customer writes, or does so no more.

use contracts::bots::OnInteraction;

use super::{answer, auth, input};
use crate::http::{Answer, Call, Problem};

pub async fn typing(call: Call) -> Answer {
    let on = on(&call).await?;
    call.apis.bots.typing(on).await?;
    Ok(answer::done("Typing sent successfully"))
}

pub async fn cleared(call: Call) -> Answer {
    let on = on(&call).await?;
    call.apis.bots.cleared(on).await?;
    Ok(answer::done("Cleared sent successfully"))
}

async fn on(call: &Call) -> Result<OnInteraction, Problem> {
    let by = auth::writer(call)?;
    call.promised().await?;
    Ok(OnInteraction { by, key: input::interaction(call) })
}
