//! Bytes of every event version ever released stay readable.
//!
//! `fixtures/v<version>/<type>.hex` is written once, when a version is released, and never changed again. The test fails
//! when an event type has none, and prints the bytes to put there.
#![expect(clippy::unwrap_used, reason = "a test")]

use domain::{
    ChatId, ChatKind, DepartmentId, HandoverReason, InteractionId, InteractionState, MessageId, MessageKind,
    ParticipationId, Presence, Surface, TenantId, Timestamp, TokenId, UserId, WebhookId,
};
use proto_events::{
    ChatCreated, ChatDeleted, ChatUpdated, Event, InteractionAccepted, InteractionChange, InteractionFinished,
    InteractionStarted, InteractionTransferred, Media, MessageDeleted, MessageEdited, MessagePosted, MessagesRead,
    Open, ParticipantAdded, ParticipantChanged, ParticipantRemoved, PresenceChanged, TYPES, TenantDeleted,
    TokenRevoked, UserDeleted, UserUpdated, WebhookDisabled,
};
use std::{fmt::Debug, fs, path::PathBuf};
use uuid::Uuid;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

type Read = dyn Fn(&[u8], bool);

struct Sample {
    name: &'static str,
    version: u32,
    bytes: Vec<u8>,
    /// Decodes, and compares with the sample when the version is today's.
    read: Box<Read>,
}

fn sample<E: Event + PartialEq + Debug>(event: E) -> Sample {
    let bytes = event.encode();
    Sample {
        name: E::TYPE,
        version: E::VERSION,
        bytes,
        read: Box::new(move |bytes, same| {
            let read = E::decode(bytes).unwrap();
            assert!(!same || read == event, "{} reads as {read:?}", E::TYPE);
        }),
    }
}

fn samples() -> Vec<Sample> {
    let (tenant, user, chat) = (TenantId::from_uuid(uuid(1)), UserId::from_uuid(uuid(2)), ChatId::from_uuid(uuid(3)));
    let (message, participation) = (MessageId::from_uuid(uuid(4)), ParticipationId::from_uuid(uuid(5)));
    let at = Timestamp::from_micros(1_795_255_200_000_001);
    let media = Media {
        url: "https://files.example/1".into(),
        name: Some("a.png".into()),
        mime: Some("image/png".into()),
        size: Some(3),
        size_text: None,
    };
    let change = InteractionChange {
        tenant,
        chat,
        interaction: InteractionId::from_uuid(uuid(8)),
        version: 2,
        state: InteractionState::Queued.into(),
        user: Some(user),
        department: DepartmentId::from_uuid(uuid(9)),
        department_number: 3,
        from_seq: 14,
        customer: Some(UserId::from_uuid(uuid(7))),
        position: Some(1),
        by: Some(user),
        why: HandoverReason::Transferred.into(),
        at,
    };
    vec![
        sample(TenantDeleted { tenant }),
        sample(TokenRevoked { tenant, token: TokenId::from_uuid(uuid(6)) }),
        sample(UserUpdated { tenant, user }),
        sample(UserDeleted { tenant, user }),
        sample(ChatCreated {
            tenant,
            chat,
            kind: ChatKind::Group.into(),
            version: 1,
            by: Some(user),
            participants: vec![user, UserId::from_uuid(uuid(7))],
        }),
        sample(ChatUpdated { tenant, chat, version: 2 }),
        sample(ChatDeleted { tenant, chat, version: 3 }),
        sample(ParticipantAdded { tenant, chat, user, participation, version: 4, seq: 11 }),
        sample(ParticipantRemoved { tenant, chat, user, participation, version: 5, seq: 12 }),
        sample(ParticipantChanged { tenant, chat, user, participation, dropped: true }),
        sample(PresenceChanged { tenant, user, presence: Presence::Away.into() }),
        sample(MessagePosted {
            tenant,
            chat,
            message,
            seq: 13,
            number: 1_000_000_007,
            author: Some(user),
            origin: Surface::Voipbin.into(),
            kind: MessageKind::Text.into(),
            text: Some("Grüße".into()),
            media: vec![media],
            created_at: at,
            membership_version: 5,
            extras: Some(r#"{"a":1}"#.into()),
        }),
        sample(MessageEdited { tenant, chat, message, seq: 13, number: 7, text: Some("Gruß".into()), at }),
        sample(MessageDeleted { tenant, chat, message, seq: 13, number: 7, at }),
        sample(MessagesRead { tenant, chat, user, seq: 13 }),
        sample(InteractionStarted::from(change.clone())),
        sample(InteractionAccepted::from(change.clone())),
        sample(InteractionTransferred::from(change.clone())),
        sample(InteractionFinished::from(change)),
        sample(WebhookDisabled {
            tenant,
            webhook: WebhookId::from_uuid(uuid(10)),
            url: "https://example.com/hook".into(),
            because: "failing".into(),
            since: at,
            at,
        }),
    ]
}

#[test]
fn every_version_ever_released_is_readable() {
    let samples = samples();
    assert_eq!(samples.len(), TYPES.len(), "an event type has no sample here");
    let mut missing = Vec::new();
    for s in &samples {
        assert!(TYPES.iter().any(|t| t.name == s.name), "{} is not in TYPES", s.name);
        for version in 1..=s.version {
            let path = root().join(format!("v{version}/{}.hex", s.name));
            match fs::read_to_string(&path) {
                Ok(text) => (s.read)(&hex::decode(text.trim()).unwrap(), version == s.version),
                Err(_) => missing.push(format!("echo {} > {}", hex::encode(&s.bytes), path.display())),
            }
        }
    }
    assert!(missing.is_empty(), "events without stored bytes:\n{}", missing.join("\n"));
}

#[test]
fn every_stored_file_belongs_to_an_event() {
    for version in fs::read_dir(root()).unwrap() {
        for file in fs::read_dir(version.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(
                TYPES.iter().any(|t| t.name == name),
                "{} is of no known event: types are never removed",
                path.display()
            );
        }
    }
}

#[test]
fn unknown_fields_and_names_are_tolerated_and_bad_ids_are_not() {
    let chat = ChatId::from_uuid(uuid(3));
    let event = ChatCreated {
        tenant: TenantId::from_uuid(uuid(1)),
        chat,
        kind: Open::Other("broadcast".into()),
        version: 1,
        by: None,
        participants: vec![],
    };
    let mut bytes = event.encode();
    bytes.extend([0xfa, 0x01, 0x02, b'h', b'i']); // field 31, a string
    let read = ChatCreated::decode(&bytes).unwrap();
    assert_eq!((read.kind.as_str(), read.kind.known()), ("broadcast", None));
    assert_eq!(read, event);

    let error = ChatUpdated::decode(&[0x0a, 0x02, 0x01, 0x02]).unwrap_err();
    assert!(error.to_string().contains("tenant"), "{error}");
}
