//! `PUT /core/api/v1/bot/{interaction_hash}/accept`, seed 001 "Accept". Again is fine; whatever else a bot does first
//! accepts, too.

use contracts::bots::OnInteraction;

use super::{answer, auth, input};
use crate::http::{Answer, Call};

pub async fn accept(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    call.promised().await?;
    call.apis.bots.accept(OnInteraction { by, key: input::interaction(&call) }).await?;
    Ok(answer::received())
}
