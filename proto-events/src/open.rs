//! Names from a list that may grow.

use domain::{ChatKind, HandoverReason, InteractionState, MessageKind, Presence, Surface};
use std::fmt;

/// A name of a closed list today; a name added by a newer writer is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open<T> {
    /// One this build knows.
    Known(T),
    /// One it does not.
    Other(String),
}

impl<T: Copy> Open<T> {
    /// The value, if this build knows it.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Other(_) => None,
        }
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

macro_rules! open {
    ($($list:ident),*) => {$(
        impl Open<$list> {
            /// Its name.
            pub fn as_str(&self) -> &str {
                match self {
                    Self::Known(value) => value.as_str(),
                    Self::Other(name) => name,
                }
            }

            pub(crate) fn read(name: String) -> Self {
                name.parse().map_or_else(|_| Self::Other(name), Self::Known)
            }
        }

        impl fmt::Display for Open<$list> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
open!(Surface, ChatKind, MessageKind, InteractionState, HandoverReason, Presence);
