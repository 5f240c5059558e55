//! Which rows of an outbox each group has finished but which are not marked yet.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use roaring::RoaringTreemap;
use tokio::sync::Notify;

use crate::topology::Topology;

/// The acknowledgements of one outbox, per row and group.
pub(crate) struct Acks {
    /// Which groups hear a type, as places in `State::acked`.
    hearers: BTreeMap<&'static str, Vec<usize>>,
    groups: Vec<String>,
    state: Mutex<State>,
    more: Notify,
}

struct State {
    acked: Vec<RoaringTreemap>,
    finished: RoaringTreemap,
}

impl Acks {
    /// For the outbox of `service`, heard by those of `groups` (all that run in this process) that the topology says.
    pub(crate) fn new(topology: &Topology, service: &str, groups: &[String]) -> Self {
        let mut hearers = BTreeMap::<_, Vec<usize>>::new();
        for (place, group) in groups.iter().enumerate() {
            for event in topology.heard_from(service, group) {
                hearers.entry(event).or_default().push(place);
            }
        }
        let acked = vec![RoaringTreemap::new(); groups.len()];
        let state = Mutex::new(State { acked, finished: RoaringTreemap::new() });
        Self { hearers, groups: groups.to_vec(), state, more: Notify::new() }
    }

    /// What `group` has finished and is not marked yet.
    pub(crate) fn of(&self, group: &str) -> RoaringTreemap {
        self.place(group).and_then(|p| self.state().acked.get(p).cloned()).unwrap_or_default()
    }

    /// `group` has committed or parked these rows.
    pub(crate) fn ack<'a>(&self, group: &str, rows: impl IntoIterator<Item = (i64, &'a str)>) {
        let Some(place) = self.place(group) else { return };
        let mut state = self.state();
        let State { acked, finished } = &mut *state;
        let mut any = false;
        for (id, event_type) in rows {
            let id = id.unsigned_abs();
            acked[place].insert(id);
            let hearers = self.hearers.get(event_type).map_or(&[][..], Vec::as_slice);
            if hearers.iter().all(|hearer| acked[*hearer].contains(id)) {
                any |= finished.insert(id);
            }
        }
        drop(state);
        if any {
            self.more.notify_one();
        }
    }

    /// Rows to be marked.
    pub(crate) fn finished(&self) -> Vec<i64> {
        self.state().finished.iter().take(4096).filter_map(|id| i64::try_from(id).ok()).collect()
    }

    /// These are marked.
    pub(crate) fn forget(&self, ids: &[i64]) {
        let mut state = self.state();
        for id in ids.iter().map(|id| id.unsigned_abs()) {
            state.finished.remove(id);
            for acked in &mut state.acked {
                acked.remove(id);
            }
        }
        if !state.finished.is_empty() {
            self.more.notify_one();
        }
    }

    /// Returns when there may be something to mark.
    pub(crate) async fn more(&self) {
        self.more.notified().await;
    }

    fn place(&self, group: &str) -> Option<usize> {
        self.groups.iter().position(|g| g == group)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_finished_when_every_group_that_hears_it_has_it() {
        let topology = Topology::new("x").with("a.happened", "s", &["g", "h"]).with("b.happened", "s", &["g"]);
        let acks = Acks::new(&topology, "s", &["g".into(), "h".into()]);
        acks.ack("g", [(1, "a.happened"), (2, "b.happened"), (3, "a.happened")]);
        assert_eq!(acks.finished(), [2]);
        acks.ack("h", [(3, "a.happened")]);
        assert_eq!(acks.finished(), [2, 3]);
        acks.forget(&[2, 3]);
        assert!(acks.finished().is_empty());
        assert_eq!(acks.of("g").iter().collect::<Vec<_>>(), [1]);
        assert!(acks.of("h").is_empty());
    }
}
