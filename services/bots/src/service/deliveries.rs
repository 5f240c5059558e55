//! What is, was or was to be told outside.

use contracts::bots::{BotsError, Delivery, GetDelivery, ListDeliveries, ReplayDeliveries, ReplayDelivery, Replayed};
use domain::Page;

use super::{Bots, Outcome, checks};

impl Bots {
    pub(super) async fn list_deliveries(&self, cmd: ListDeliveries) -> Outcome<Page<Delivery>> {
        checks::read(&cmd.by)?;
        Err(BotsError::Unavailable("deliveries are not built yet".to_owned()).into())
    }

    pub(super) async fn get_delivery(&self, cmd: GetDelivery) -> Outcome<Delivery> {
        checks::read(&cmd.by)?;
        Err(BotsError::Unavailable("deliveries are not built yet".to_owned()).into())
    }

    pub(super) async fn replay_delivery(&self, cmd: ReplayDelivery) -> Outcome<Delivery> {
        checks::write(&cmd.by)?;
        Err(BotsError::Unavailable("deliveries are not built yet".to_owned()).into())
    }

    pub(super) async fn replay_deliveries(&self, cmd: ReplayDeliveries) -> Outcome<Replayed> {
        checks::write(&cmd.by)?;
        Err(BotsError::Unavailable("deliveries are not built yet".to_owned()).into())
    }
}
