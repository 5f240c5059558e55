//! Counting afterwards: what is stored against what was acknowledged.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::senders::Sent;
use crate::harness::*;

/// The counts.
pub struct Verdict {
    pub attempts: usize,
    pub acknowledged: usize,
    /// Acknowledged and not stored.
    pub lost: usize,
    /// Stored more than once.
    pub duplicated: usize,
    /// Not in its sender's order within its chat.
    pub reordered: usize,
    /// Places in a chat that are missing.
    pub gaps: usize,
}

pub async fn judge(t: &Tenant, chats: &[String], sent: &[Sent]) -> Verdict {
    let mut verdict = Verdict {
        attempts: sent.iter().map(|sender| sender.attempts).sum(),
        acknowledged: sent.iter().flat_map(|sender| &sender.acknowledged).map(Vec::len).sum(),
        lost: 0,
        duplicated: 0,
        reordered: 0,
        gaps: 0,
    };
    // The gateway may be among those that were just started again.
    eventually_within(Duration::from_mins(1), "the stack answers", || async {
        let ask = t.operator("GET", "/users").try_send().await;
        ask.is_ok_and(|reply| reply.status == 200).then_some(())
    })
    .await;
    for (n, chat) in chats.iter().enumerate() {
        let stored = t.messages(chat).await;
        let places = stored.iter().enumerate().filter(|(at, m)| m["seq"].as_i64() != i64::try_from(at + 1).ok());
        verdict.gaps += places.count();
        let texts = texts(&stored, "text");
        let unique: HashSet<&String> = texts.iter().collect();
        verdict.duplicated += texts.len() - unique.len();
        let mut by_sender: HashMap<&str, Vec<&String>> = HashMap::new();
        for text in &texts {
            by_sender.entry(&text[..2]).or_default().push(text);
        }
        for sender in sent {
            let acknowledged = &sender.acknowledged[n];
            verdict.lost += acknowledged.iter().filter(|text| !unique.contains(text)).count();
            let name = format!("{:02}", sender.n);
            let seen = by_sender.remove(name.as_str()).unwrap_or_default();
            verdict.reordered += seen.windows(2).filter(|pair| pair[0] > pair[1]).count();
        }
        assert!(by_sender.is_empty(), "somebody else's messages: {by_sender:?}");
    }
    verdict
}

/// What `chats` made of the events equals the store: imBee's list is sorted by each chat's last message.
pub async fn last_activity_agrees(t: &Tenant, person: &Guest, chats: &[String]) {
    let mut last = HashMap::new();
    for chat in chats {
        let newest = t.messages(chat).await.pop().expect("messages");
        last.insert(chat.replace('-', ""), newest["created_at"].as_str().unwrap().to_owned());
    }
    eventually_within(Duration::from_mins(2), "the chats' last activity agrees with the messages", || async {
        let listed = texts(&person.chats().await, "conversationId");
        assert_eq!(listed.len(), last.len());
        // Times rise strictly within a chat; two chats may share one.
        listed.is_sorted_by_key(|chat| std::cmp::Reverse(&last[chat])).then_some(())
    })
    .await;
}

pub async fn nothing_is_parked(t: &Tenant) {
    for service in ["auth", "users", "chats", "messages", "realtime", "bots"] {
        let parked = t.root("GET", "/parked").query("service", service).send().await.ok();
        assert_eq!(parked["items"].as_array().map(Vec::len), Some(0), "{service}: {parked}");
    }
}
