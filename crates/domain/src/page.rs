//! Pages of lists.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How many items a page may hold: 1..=1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Limit(u16);

impl Limit {
    /// No page is larger.
    pub const MAX: u16 = 1000;

    /// The nearest allowed limit to `n`.
    pub fn clamped(n: i64) -> Self {
        let within = n.clamp(1, i64::from(Self::MAX));
        Self(u16::try_from(within).unwrap_or(Self::MAX))
    }
    /// The number, as SQL wants it.
    pub fn get(self) -> i64 {
        i64::from(self.0)
    }
    /// The number, as a length.
    pub fn len(self) -> usize {
        usize::from(self.0)
    }
    /// Never: a page holds at least one item.
    pub fn is_empty(self) -> bool {
        false
    }
    /// One more, to learn whether there is a next page.
    pub fn plus_one(self) -> i64 {
        self.get() + 1
    }
}

/// Where a page starts on surfaces that number their pages, and which items count: by integer id, rising.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Items before the page; not negative.
    pub skip: i64,
    /// Falling instead.
    pub latest: bool,
    /// Only what was made at this moment or later.
    pub from: Option<Timestamp>,
    /// Only what was made before this moment.
    pub until: Option<Timestamp>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Whether there is more behind the last item.
    pub more: bool,
}

impl<T> Page<T> {
    /// Makes a page of rows that were read with [`Limit::plus_one`].
    pub fn cut(mut rows: Vec<T>, limit: Limit) -> Self {
        let more = rows.len() > limit.len();
        rows.truncate(limit.len());
        Self { items: rows, more }
    }
    /// The same page of other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), more: self.more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_stays_within_its_range() {
        assert_eq!(Limit::clamped(-5).get(), 1);
        assert_eq!(Limit::clamped(20).plus_one(), 21);
        assert_eq!(Limit::clamped(i64::MAX).get(), 1000);
    }

    #[test]
    fn one_row_more_means_there_is_more() {
        assert_eq!(Page::cut(vec![1, 2, 3], Limit::clamped(2)), Page { items: vec![1, 2], more: true });
        assert_eq!(Page::cut(vec![1, 2], Limit::clamped(2)), Page { items: vec![1, 2], more: false });
    }
}
