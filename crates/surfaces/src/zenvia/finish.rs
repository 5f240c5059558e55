//! `PUT …/finish`: seed 001 "Finish" for a bot, and the same of a customer's client. A bot is told when the customer
//! finishes, and not when it does so itself.

use contracts::bots::{End, FinishInteraction};

use super::{answer, auth, input};
use crate::http::{Answer, Call, Problem};

pub async fn by_bot(call: Call) -> Answer {
    finish(&call, End::Bot).await?;
    Ok(answer::received())
}

pub async fn by_customer(call: Call) -> Answer {
    finish(&call, End::Customer).await?;
    Ok(answer::done("Finish sent successfully"))
}

async fn finish(call: &Call, end: End) -> Result<(), Problem> {
    let (by, key, idempotency) = (auth::writer(call)?, input::interaction(call), call.idempotency()?);
    call.apis.bots.finish(FinishInteraction { by, key, end, idempotency }).await?;
    Ok(())
}
