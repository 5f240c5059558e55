//! Events as the views that others are shown: what every service that tells of them makes of them.

use contracts::bots::Moved;
use contracts::messages::{Media, Message};
use domain::{HandoverReason, InteractionState, MessageKind, Surface};
use proto_events::{InteractionChange, MessagePosted};

/// A message as it was posted.
///
/// # Errors
/// Its extras are no JSON object.
pub fn message(e: MessagePosted) -> serde_json::Result<Message> {
    let extras = e.extras.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Message {
        id: e.message,
        tenant: e.tenant,
        chat: e.chat,
        seq: e.seq,
        number: e.number,
        author: e.author,
        origin: e.origin.known().unwrap_or(Surface::Native),
        kind: e.kind.known().unwrap_or(MessageKind::Text),
        text: e.text,
        media: e.media.into_iter().map(media).collect(),
        extras: extras.unwrap_or_default(),
        created_at: e.created_at,
        updated_at: e.created_at,
        edited_at: None,
        deleted_at: None,
    })
}

fn media(proto_events::Media { url, name, mime, size, size_text }: proto_events::Media) -> Media {
    Media { url, name, mime, size: size_text.or_else(|| size.map(|size| size.to_string())) }
}

/// An interaction right after it changed hands.
pub fn moved(change: &InteractionChange) -> Moved {
    Moved {
        id: change.interaction,
        chat: change.chat,
        department: change.department,
        department_number: change.department_number,
        state: change.state.known().unwrap_or(InteractionState::Queued),
        user: change.user,
        customer: change.customer,
        position: change.position,
        version: change.version,
        from_seq: change.from_seq,
        by: change.by,
        why: change.why.known().unwrap_or(HandoverReason::Transferred),
        at: change.at,
    }
}
