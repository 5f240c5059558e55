//! Departments, interactions, webhooks, deliveries and traces, described.

use actix_web::http::Method;
use domain::{
    ChatId, DeliveryId, DeliveryState, DepartmentId, InteractionId, InteractionState, MessageId, Timestamp, WebhookId,
};
use uuid::Uuid;

use super::{call, list, listing};
use crate::openapi::{Operation, asked, inline, integer, object, out, text, value};
use crate::operator::{deliveries, departments, interactions, trace, webhooks, wire};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// All of them.
pub fn operations() -> Vec<Operation> {
    let mut all = of_departments();
    all.extend(of_webhooks());
    all.extend(of_interactions());
    all.extend(of_deliveries());
    all
}

fn of_departments() -> Vec<Operation> {
    const ALL: &str = "/operator/v1/departments";
    let department =
        |call: Operation, status| call.answers(status, "The department.", out::<departments::DepartmentView>);
    let one = |method, title| {
        call(method, "/operator/v1/departments/{id}", title).path("id", "The department.", value::<DepartmentId>)
    };
    vec![
        department(call(POST, ALL, "Make a department").takes(asked::<departments::CreateIn>), 201),
        listing(ALL, "List departments").answers(200, "A page, oldest first.", list::<departments::DepartmentView>),
        department(one(GET, "Show a department"), 200),
        department(one(PATCH, "Change a department").takes(asked::<departments::UpdateIn>), 200),
    ]
}

fn of_webhooks() -> Vec<Operation> {
    const ALL: &str = "/operator/v1/webhooks";
    let webhook = |call: Operation, status| call.answers(status, "The webhook.", out::<webhooks::WebhookView>);
    let one = |method, title| {
        call(method, "/operator/v1/webhooks/{id}", title).path("id", "The webhook.", value::<WebhookId>)
    };
    vec![
        webhook(call(POST, ALL, "Make a webhook").takes(asked::<webhooks::CreateIn>), 201),
        listing(ALL, "List webhooks").answers(200, "A page, oldest first.", list::<webhooks::WebhookView>),
        webhook(one(PATCH, "Change a webhook").takes(asked::<webhooks::UpdateIn>), 200),
        webhook(one(DELETE, "Delete a webhook"), 200),
    ]
}

fn of_interactions() -> Vec<Operation> {
    let one = |method, path, title| call(method, path, title).path("id", "The interaction.", value::<InteractionId>);
    vec![
        listing("/operator/v1/interactions", "List interactions")
            .query("hash", "Only the one bots know by this.", text)
            .query("state", "Only those in this state.", value::<InteractionState>)
            .query("chat", "Only those of this chat.", value::<ChatId>)
            .answers(200, "A page, oldest first.", list::<wire::InteractionView>),
        one(GET, "/operator/v1/interactions/{id}", "Show an interaction, and how it changed hands").answers(
            200,
            "The interaction.",
            inline::<interactions::StoryView>,
        ),
        one(POST, "/operator/v1/interactions/{id}/take", "Let an agent take over")
            .takes(asked::<interactions::TakeIn>)
            .answers(200, "The interaction.", out::<wire::InteractionView>),
    ]
}

fn of_deliveries() -> Vec<Operation> {
    let one = |method, path, title| call(method, path, title).path("id", "The delivery.", value::<DeliveryId>);
    let filtered = |call: Operation| {
        call.query("state", "Only those that got this far.", value::<DeliveryState>)
            .query("interaction", "Only of this interaction.", value::<InteractionId>)
            .query("chat", "Only of this chat.", value::<ChatId>)
            .query("message", "Only of this message.", value::<MessageId>)
            .query("endpoint", "Only to this address: a department's or a webhook's id.", value::<Uuid>)
            .query("since", "Only those made since.", value::<Timestamp>)
    };
    vec![
        filtered(listing("/operator/v1/deliveries", "List deliveries")).answers(
            200,
            "A page, oldest first.",
            list::<deliveries::DeliveryView>,
        ),
        filtered(call(POST, "/operator/v1/deliveries/replay", "Make many deliveries once more"))
            .takes(asked::<deliveries::FilterIn>)
            .or_nothing()
            .answers(200, "How many.", |s| object([("replayed", integer(s))])),
        one(GET, "/operator/v1/deliveries/{id}", "Show a delivery").answers(
            200,
            "The delivery.",
            out::<deliveries::DeliveryView>,
        ),
        one(POST, "/operator/v1/deliveries/{id}/replay", "Make a delivery once more").answers(
            201,
            "The new delivery.",
            out::<deliveries::DeliveryView>,
        ),
        call(GET, "/operator/v1/trace/messages/{id}", "Show a message's whole story")
            .path("id", "The message.", value::<MessageId>)
            .answers(200, "Its story.", out::<trace::TraceView>),
    ]
}
