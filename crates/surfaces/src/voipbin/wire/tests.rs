//! The seed's own examples, key by key and in its order.

use contracts::Extras;
use domain::{ParticipantRole, ParticipantState, ParticipantStatus};
use serde_json::json;

use super::super::address::Address;
use super::*;

const OWNER: &str = "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b";
const OTHER: &str = "47fe0b7c-7333-46cf-8b23-61e14e62490a";

fn shown(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap()
}

fn at(raw: &str) -> Timestamp {
    time::parse(raw).unwrap()
}

fn stay(user: &str, position: i64) -> Participant {
    let joined_at = at("2022-09-22 02:41:45.237021");
    Participant {
        id: "1e385680-0f41-4e2a-b154-a61c62bf830a".parse().unwrap(),
        number: 5,
        user: user.parse().unwrap(),
        role: ParticipantRole::Member,
        state: ParticipantState::Open,
        closed_seq: None,
        status: ParticipantStatus::Active,
        position,
        joined_at,
        joined_seq: 0,
        left_at: None,
        left_seq: None,
        dropped_at: None,
    }
}

fn chat() -> Chat {
    let made = at("2022-09-22 02:41:44.884828");
    Chat {
        id: "e8b2e976-f043-44c8-bb89-e214e225e813".parse().unwrap(),
        tenant: "5e4a0680-804e-11ec-8477-2fea5968d85b".parse().unwrap(),
        number: 1,
        kind: ChatKind::Direct,
        title: Some("test chat normal".to_owned()),
        detail: "test chat with agent 1 and agent2".to_owned(),
        owner: Some(OWNER.parse().unwrap()),
        creator: Some(OWNER.parse().unwrap()),
        participants: vec![stay(OTHER, 0), stay(OWNER, 1)],
        version: 1,
        group: None,
        documents: Vec::new(),
        company: None,
        extras: Extras::new(),
        last: None,
        created_at: made,
        updated_at: made,
        closed_at: None,
        deleted_at: None,
    }
}

fn message() -> Message {
    let said = at("2022-09-25 13:11:59.075363");
    Message {
        id: "2b4acb7b-f1ba-43c5-ae43-0435a07d55ea".parse().unwrap(),
        tenant: "5e4a0680-804e-11ec-8477-2fea5968d85b".parse().unwrap(),
        chat: "e8b2e976-f043-44c8-bb89-e214e225e813".parse().unwrap(),
        seq: 1,
        number: 812,
        author: Some(OWNER.parse().unwrap()),
        origin: Surface::Voipbin,
        kind: MessageKind::Text,
        text: Some("test message".to_owned()),
        media: Vec::new(),
        extras: Extras::new(),
        created_at: said,
        updated_at: said,
        edited_at: None,
        deleted_at: None,
    }
}

fn written<T: Serialize>(view: &T) -> String {
    serde_json::to_string_pretty(view).unwrap()
}

#[test]
fn a_chat_is_written_as_in_the_seed() {
    let seed = r#"{
  "id": "e8b2e976-f043-44c8-bb89-e214e225e813",
  "customer_id": "5e4a0680-804e-11ec-8477-2fea5968d85b",
  "type": "normal",
  "owner_id": "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b",
  "participant_ids": [
    "47fe0b7c-7333-46cf-8b23-61e14e62490a",
    "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b"
  ],
  "name": "test chat normal",
  "detail": "test chat with agent 1 and agent2",
  "tm_create": "2022-09-22 02:41:44.884828",
  "tm_update": "2022-09-22 02:41:44.884828",
  "tm_delete": "9999-01-01 00:00:00.000000""#;
    assert_eq!(written(&ChatView::new(&chat(), Keys::Of2022)), format!("{seed}\n}}"));
    let later = format!("{seed},\n  \"room_owner_id\": \"{OWNER}\"\n}}");
    assert_eq!(written(&ChatView::new(&chat(), Keys::All)), later);
}

#[test]
fn a_chatroom_is_written_as_in_the_seed() {
    let seed = r#"{
  "id": "1e385680-0f41-4e2a-b154-a61c62bf830a",
  "customer_id": "5e4a0680-804e-11ec-8477-2fea5968d85b",
  "type": "normal",
  "chat_id": "e8b2e976-f043-44c8-bb89-e214e225e813",
  "owner_id": "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b",
  "participant_ids": [
    "47fe0b7c-7333-46cf-8b23-61e14e62490a",
    "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b"
  ],
  "name": "test chat normal",
  "detail": "test chat with agent 1 and agent2",
  "tm_create": "2022-09-22 02:41:45.237021",
  "tm_update": "2022-09-22 02:41:45.237021",
  "tm_delete": "9999-01-01 00:00:00.000000""#;
    let room = Room { chat: chat(), stay: stay(OWNER, 1) };
    assert_eq!(written(&ChatroomView::new(&room, Keys::Of2022)), format!("{seed}\n}}"));
    let later = format!("{seed},\n  \"room_owner_id\": \"{OWNER}\",\n  \"owner_type\": \"agent\"\n}}");
    assert_eq!(written(&ChatroomView::new(&room, Keys::All)), later);
}

#[test]
fn a_chatmessage_is_written_as_in_the_seed() {
    let seed = r#"{
  "id": "2b4acb7b-f1ba-43c5-ae43-0435a07d55ea",
  "customer_id": "5e4a0680-804e-11ec-8477-2fea5968d85b",
  "chat_id": "e8b2e976-f043-44c8-bb89-e214e225e813",
  "source": {
    "type": "agent",
    "target": "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b",
    "target_name": "",
    "name": "",
    "detail": ""
  },
  "type": "normal",
  "text": "test message",
  "medias": [],
  "tm_create": "2022-09-25 13:11:59.075363",
  "tm_update": "2022-09-25 13:11:59.075363",
  "tm_delete": "9999-01-01 00:00:00.000000"
}"#;
    assert_eq!(written(&ChatmessageView::new(&message(), &Names::new())), seed);
}

#[test]
fn a_chatroommessage_names_its_room_and_its_chatmessage() {
    let seen = RoomMessage { message: message(), hidden_at: None };
    let names = Names::new();
    let view = ChatroommessageView::new(&seen, &stay(OWNER, 1), &names, Keys::All);
    let written = serde_json::to_value(&view).unwrap();
    let id = RoomMessageId::from_uuid(written["id"].as_str().unwrap().parse().unwrap());
    assert_eq!(id, Some(RoomMessageId { participation: 5, message: 812 }));
    assert_eq!(written["messagechat_id"], "2b4acb7b-f1ba-43c5-ae43-0435a07d55ea");
    assert_eq!(written["chatroom_id"], "1e385680-0f41-4e2a-b154-a61c62bf830a");
    assert_eq!((&written["owner_type"], &written["owner_id"]), (&json!("agent"), &json!(OWNER)));
}

#[test]
fn a_hidden_copy_is_deleted_in_its_room_alone() {
    let hidden_at = Some(at("2022-09-26 00:00:00.000000"));
    let seen = RoomMessage { message: message(), hidden_at };
    let names = Names::new();
    let view = ChatroommessageView::new(&seen, &stay(OWNER, 1), &names, Keys::Of2022);
    assert_eq!(
        (view.tm_delete.as_str(), view.tm_update.as_str()),
        ("2022-09-26 00:00:00.000000", view.tm_delete.as_str())
    );
    assert_eq!(ChatmessageView::new(&seen.message, &Names::new()).tm_delete.as_str(), time::NEVER);
}

#[test]
fn a_type_that_was_sent_is_shown_again() {
    let fields = |word: &str| json!({ "type": word }).as_object().unwrap().clone();
    let chat = Chat { kind: ChatKind::Group, extras: extras::keep(fields("direct")), ..chat() };
    assert_eq!(ChatView::new(&chat, Keys::All).r#type, "direct");
    assert_eq!(ChatroomView::of(&chat, &stay(OWNER, 1), Keys::All).r#type, "unknown");
    let message = Message { extras: extras::keep(fields("sms")), ..message() };
    assert_eq!(ChatmessageView::new(&message, &Names::new()).r#type, "sms");
    let seen = RoomMessage { message, hidden_at: None };
    assert_eq!(ChatroommessageView::new(&seen, &stay(OWNER, 1), &Names::new(), Keys::All).r#type, "");
}

#[test]
fn what_was_posted_elsewhere_shows_its_author_s_name() {
    let author: UserId = OWNER.parse().unwrap();
    let names = Names::from([(author, "Ann Lee".to_owned())]);
    let elsewhere = Message { origin: Surface::Imbee, ..message() };
    assert_eq!(names_author(&elsewhere), Some(author));
    assert_eq!(shown(&source(&elsewhere, &names)), shown(&Address::agent(author, "Ann Lee")));
    assert_eq!(shown(&source(&message(), &names)), shown(&Address::agent(author, "")));
    let nobody = Message { author: None, ..elsewhere };
    let system = Address { kind: "system".to_owned(), ..Address::default() };
    assert_eq!(shown(&source(&nobody, &names)), shown(&system));
}

#[test]
fn a_room_goes_with_the_first_that_ends_it() {
    let dropped_at = Some(at("2022-09-23 00:00:00"));
    let deleted_at = Some(at("2022-09-24 00:00:00"));
    let chat = Chat { deleted_at, updated_at: at("2022-09-24 00:00:00"), ..chat() };
    let room = ChatroomView::of(&chat, &Participant { dropped_at, ..stay(OWNER, 1) }, Keys::All);
    assert_eq!(room.tm_delete.as_str(), "2022-09-23 00:00:00.000000");
    assert_eq!(room.tm_update.as_str(), "2022-09-24 00:00:00.000000");
}
