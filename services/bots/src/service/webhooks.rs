//! Addresses that are told what happens.

use contracts::bots::{BotsError, CreateWebhook, DeleteWebhook, ListWebhooks, UpdateWebhook, Webhook};
use domain::Page;

use super::{Bots, Outcome, checks};

impl Bots {
    pub(super) async fn make_webhook(&self, cmd: CreateWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        Err(BotsError::Unavailable("webhooks are not built yet".to_owned()).into())
    }

    pub(super) async fn list_webhooks(&self, cmd: ListWebhooks) -> Outcome<Page<Webhook>> {
        checks::read(&cmd.by)?;
        Err(BotsError::Unavailable("webhooks are not built yet".to_owned()).into())
    }

    pub(super) async fn change_webhook(&self, cmd: UpdateWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        Err(BotsError::Unavailable("webhooks are not built yet".to_owned()).into())
    }

    pub(super) async fn drop_webhook(&self, cmd: DeleteWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        Err(BotsError::Unavailable("webhooks are not built yet".to_owned()).into())
    }
}
