//! Departments and their bots, chats that are handed to them, and what is delivered to whom outside.
//!
//! Managers only, unless a command says otherwise: the credentials that reach these calls stand for a tenant as a whole.

use domain::Page;

use crate::messages::Message;

mod deliveries;
mod departments;
mod error;
mod handover;
mod interactions;
mod webhooks;
pub use deliveries::{
    Attempt, Delivery, DeliveryFilter, Endpoint, GetDelivery, ListDeliveries, ReplayDeliveries, ReplayDelivery,
    Replayed,
};
pub use departments::{
    BotAddress, CreateDepartment, Department, DepartmentBot, DepartmentKey, GetDepartment, ListDepartments,
    OnlineAgents, UpdateDepartment,
};
pub use error::BotsError;
pub use handover::{Customer, End, FinishInteraction, Say, StartInteraction, TakeInteraction, TransferInteraction};
pub use interactions::{
    Change, Interaction, InteractionHash, InteractionKey, InteractionsOf, ListInteractions, Moved, OnInteraction,
    Owner, UpdateInteraction,
};
pub use webhooks::{CreateWebhook, DeleteWebhook, ListWebhooks, UpdateWebhook, Webhook, WebhookSecret};

service! {
    /// Departments, interactions, webhooks, deliveries.
    bots: BotsApi, HttpBots, SpawnedBots, LateBots => BotsError {
        /// Makes a department.
        write create_department(CreateDepartment) -> Department;
        /// Lists departments.
        read departments(ListDepartments) -> Page<Department>;
        /// Reads one department.
        read department(GetDepartment) -> Department;
        /// Changes a department.
        write update_department(UpdateDepartment) -> Department;
        /// Says which agents of a department are there now, by id.
        read online(OnlineAgents) -> Vec<domain::UserId>;

        /// Starts an interaction, with a chat of its own, for a customer who is known or new.
        write start(StartInteraction) -> Interaction;
        /// The bot takes an interaction on. Again is fine.
        write accept(OnInteraction) -> Interaction;
        /// Ends an interaction.
        write finish(FinishInteraction) -> Interaction;
        /// The bot gives an interaction to a department.
        write transfer(TransferInteraction) -> Interaction;
        /// An agent takes an interaction over.
        write take(TakeInteraction) -> Interaction;
        /// The bot says something.
        write say(Say) -> Message;
        /// The customer says something.
        write hear(Say) -> Message;
        /// The customer is writing.
        write typing(OnInteraction) -> Interaction;
        /// The customer has thrown away what they wrote. What was told of it lapses by itself.
        write cleared(OnInteraction) -> Interaction;
        /// Notes what is known about an interaction, finished ones too.
        write update(UpdateInteraction) -> Interaction;
        /// Reads one interaction.
        read interaction(OnInteraction) -> Interaction;
        /// Lists interactions.
        read interactions(ListInteractions) -> Page<Interaction>;
        /// Reads how an interaction changed hands, oldest first.
        read changes(OnInteraction) -> Vec<Change>;
        /// Reads the latest interaction of each of many chats.
        read of_chats(InteractionsOf) -> Vec<InteractionHash>;

        /// Makes a webhook.
        write create_webhook(CreateWebhook) -> Webhook;
        /// Lists webhooks.
        read webhooks(ListWebhooks) -> Page<Webhook>;
        /// Changes a webhook.
        write update_webhook(UpdateWebhook) -> Webhook;
        /// Deletes a webhook.
        write delete_webhook(DeleteWebhook) -> Webhook;
        /// Lists deliveries.
        read deliveries(ListDeliveries) -> Page<Delivery>;
        /// Reads one delivery.
        read delivery(GetDelivery) -> Delivery;
        /// Makes a delivery once more.
        write replay(ReplayDelivery) -> Delivery;
        /// Makes many deliveries once more.
        write replay_all(ReplayDeliveries) -> Replayed;
    }
}
