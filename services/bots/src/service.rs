//! The service: what it holds, and its calls. The rules are in the modules below, and in [`crate::desk`] for what events
//! bring about.

mod asking;
mod checks;
mod deliveries;
mod departments;
mod handing;
mod reading;
mod replays;
mod saying;
mod staffing;
mod starting;
mod telling;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bus::{Consumers, Outbox};
use contracts::bots::{
    BotsError, Change, CreateDepartment, CreateWebhook, DeleteWebhook, Delivery as DeliveryView, Department,
    FinishInteraction, GetDelivery, GetDepartment, Interaction, InteractionHash, InteractionsOf, ListDeliveries,
    ListDepartments, ListInteractions, ListWebhooks, OnInteraction, OnlineAgents, ReplayDeliveries, ReplayDelivery,
    Replayed, Say, StartInteraction, TakeInteraction, TransferInteraction, UpdateDepartment, UpdateInteraction,
    UpdateWebhook, Webhook,
};
use contracts::messages::Message;
use contracts::{AuthApi, BotsApi, ChatsApi, MessagesApi, RealtimeApi, UsersApi};
use domain::{Clock, Page, UserId};
use futures_util::future::BoxFuture;
use host::erase::Eraser;
use host::keys::InstanceKeys;
use runtime::http_client::EgressClient;
use store::{Db, Fault};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::consumer::Listener;
use crate::delivery::{Delivery, Sources};
use crate::known::Known;
use crate::moves::Moves;
use crate::store::erasures;

/// How a call ends inside the service.
pub type Outcome<T> = Result<T, Fault<BotsError>>;

/// The services this one asks.
#[derive(Clone)]
pub struct Peers {
    /// Which bot is a tenant's default one.
    pub auth: Arc<dyn AuthApi>,
    /// Who customers and agents are; makes bots.
    pub users: Arc<dyn UsersApi>,
    /// Makes support chats, takes agents and bots into chats.
    pub chats: Arc<dyn ChatsApi>,
    /// Where chats end; says what bots and customers say.
    pub messages: Arc<dyn MessagesApi>,
    /// Who is there; tells that a customer is writing.
    pub realtime: Arc<dyn RealtimeApi>,
}

/// Departments, interactions, webhooks, deliveries.
pub struct Bots {
    db: Db,
    clock: Clock,
    outbox: Outbox,
    peers: Peers,
    egress: EgressClient,
    known: Arc<Known>,
    moves: Moves,
    delivery: Delivery,
    untold: Arc<Notify>,
    eraser: Eraser,
    settings: Settings,
}

impl Bots {
    /// The service over `db`, which has this crate's tables. Whatever it calls outside it calls by `egress`.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn new(
        db: Db,
        outbox: Outbox,
        clock: Clock,
        peers: Peers,
        egress: EgressClient,
        settings: &Settings,
    ) -> anyhow::Result<Arc<Self>> {
        let known = Arc::new(Known::new(peers.chats.clone(), peers.users.clone(), peers.messages.clone()));
        let Peers { chats, messages, users, .. } = peers.clone();
        let delivery = Delivery::new(
            db.clone(),
            outbox.clone(),
            clock.clone(),
            Sources { chats, messages, users },
            egress.clone(),
            InstanceKeys::new(&settings.secret_keys, "bots.secret_keys")?,
            &settings.delivery,
        )?;
        let moves = Moves { outbox: outbox.clone() };
        let eraser = Eraser::new(db.clone(), clock.clone(), erasures::Rows, settings.pace());
        let (untold, settings) = (Arc::default(), settings.clone());
        Ok(Arc::new(Self { db, clock, outbox, peers, egress, known, moves, delivery, untold, eraser, settings }))
    }

    /// What this service does with events.
    pub fn consumers(&self) -> Consumers {
        let listener = Listener {
            db: self.db.clone(),
            clock: self.clock.clone(),
            known: self.known.clone(),
            moves: self.moves.clone(),
            delivery: self.delivery.clone(),
            untold: self.untold.clone(),
        };
        Consumers::in_batches("bots", Arc::new(listener))
    }

    /// What goes on in the background, until `stop`.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            tokio::join!(self.delivery.clone().work(stop.clone()), self.see_to_interactions(stop));
        })
    }

    /// What is told outside, and to whom.
    pub const fn delivery_out(&self) -> &Delivery {
        &self.delivery
    }

    pub(crate) fn untold(&self) -> &Notify {
        &self.untold
    }

    pub(crate) const fn eraser(&self) -> &Eraser {
        &self.eraser
    }

    pub(crate) fn poll(&self) -> Duration {
        self.settings.poll()
    }
}

#[async_trait]
impl BotsApi for Bots {
    async fn create_department(&self, command: CreateDepartment) -> Result<Department, BotsError> {
        self.make_department(command).await.map_err(Fault::answer)
    }
    async fn departments(&self, command: ListDepartments) -> Result<Page<Department>, BotsError> {
        self.list_departments(command).await.map_err(Fault::answer)
    }
    async fn department(&self, command: GetDepartment) -> Result<Department, BotsError> {
        self.get_department(command).await.map_err(Fault::answer)
    }
    async fn update_department(&self, command: UpdateDepartment) -> Result<Department, BotsError> {
        self.change_department(command).await.map_err(Fault::answer)
    }
    async fn online(&self, command: OnlineAgents) -> Result<Vec<UserId>, BotsError> {
        self.online_agents(command).await.map_err(Fault::answer)
    }
    async fn start(&self, command: StartInteraction) -> Result<Interaction, BotsError> {
        self.start_interaction(command).await.map_err(Fault::answer)
    }
    async fn accept(&self, command: OnInteraction) -> Result<Interaction, BotsError> {
        self.accept_interaction(command).await.map_err(Fault::answer)
    }
    async fn finish(&self, command: FinishInteraction) -> Result<Interaction, BotsError> {
        self.finish_interaction(command).await.map_err(Fault::answer)
    }
    async fn transfer(&self, command: TransferInteraction) -> Result<Interaction, BotsError> {
        self.transfer_interaction(command).await.map_err(Fault::answer)
    }
    async fn take(&self, command: TakeInteraction) -> Result<Interaction, BotsError> {
        self.take_interaction(command).await.map_err(Fault::answer)
    }
    async fn say(&self, command: Say) -> Result<Message, BotsError> {
        self.bot_says(command).await.map_err(Fault::answer)
    }
    async fn hear(&self, command: Say) -> Result<Message, BotsError> {
        self.customer_says(command).await.map_err(Fault::answer)
    }
    async fn typing(&self, command: OnInteraction) -> Result<Interaction, BotsError> {
        self.customer_types(command).await.map_err(Fault::answer)
    }
    async fn cleared(&self, command: OnInteraction) -> Result<Interaction, BotsError> {
        self.customer_cleared(command).await.map_err(Fault::answer)
    }
    async fn update(&self, command: UpdateInteraction) -> Result<Interaction, BotsError> {
        self.note_interaction(command).await.map_err(Fault::answer)
    }
    async fn interaction(&self, command: OnInteraction) -> Result<Interaction, BotsError> {
        self.get_interaction(command).await.map_err(Fault::answer)
    }
    async fn interactions(&self, command: ListInteractions) -> Result<Page<Interaction>, BotsError> {
        self.list_interactions(command).await.map_err(Fault::answer)
    }
    async fn changes(&self, command: OnInteraction) -> Result<Vec<Change>, BotsError> {
        self.list_changes(command).await.map_err(Fault::answer)
    }
    async fn of_chats(&self, command: InteractionsOf) -> Result<Vec<InteractionHash>, BotsError> {
        self.interactions_of(command).await.map_err(Fault::answer)
    }
    async fn create_webhook(&self, command: CreateWebhook) -> Result<Webhook, BotsError> {
        self.make_webhook(command).await.map_err(Fault::answer)
    }
    async fn webhooks(&self, command: ListWebhooks) -> Result<Page<Webhook>, BotsError> {
        self.list_webhooks(command).await.map_err(Fault::answer)
    }
    async fn update_webhook(&self, command: UpdateWebhook) -> Result<Webhook, BotsError> {
        self.change_webhook(command).await.map_err(Fault::answer)
    }
    async fn delete_webhook(&self, command: DeleteWebhook) -> Result<Webhook, BotsError> {
        self.drop_webhook(command).await.map_err(Fault::answer)
    }
    async fn deliveries(&self, command: ListDeliveries) -> Result<Page<DeliveryView>, BotsError> {
        self.list_deliveries(command).await.map_err(Fault::answer)
    }
    async fn delivery(&self, command: GetDelivery) -> Result<DeliveryView, BotsError> {
        self.get_delivery(command).await.map_err(Fault::answer)
    }
    async fn replay(&self, command: ReplayDelivery) -> Result<DeliveryView, BotsError> {
        self.replay_delivery(command).await.map_err(Fault::answer)
    }
    async fn replay_all(&self, command: ReplayDeliveries) -> Result<Replayed, BotsError> {
        self.replay_deliveries(command).await.map_err(Fault::answer)
    }
}
