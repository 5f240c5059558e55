//! Generated protobuf types, and the checks on the way out of them.

use crate::BadEvent;
use uuid::Uuid;

mod generated {
    #![expect(clippy::pedantic, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/parlance.v1.rs"));
}
pub(crate) use generated::*;

/// The 16 bytes of an id.
pub(crate) fn bytes(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// An id from its 16 bytes.
pub(crate) fn id<T>(field: &'static str, bytes: &[u8], make: impl Fn(Uuid) -> T) -> Result<T, BadEvent> {
    Uuid::from_slice(bytes).map(make).map_err(|e| BadEvent::Field { field, problem: e.to_string() })
}

/// Implements [`crate::Event`] for a type that converts from and to its raw message.
macro_rules! event {
    ($event:ident, $name:literal, $version:literal, $by:ident, |$e:ident| $key:expr) => {
        impl $crate::Event for $event {
            const TYPE: &'static str = $name;
            const VERSION: u32 = $version;
            const MESSAGE: &'static str = stringify!($event);
            const ORDERED_BY: $crate::OrderedBy = $crate::OrderedBy::$by;
            fn key(&self) -> $crate::EventKey {
                let $e = self;
                $crate::EventKey::$by($key)
            }
            fn tenant(&self) -> domain::TenantId {
                self.tenant
            }
            fn encode(&self) -> Vec<u8> {
                prost::Message::encode_to_vec(&$crate::raw::$event::from(self))
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::BadEvent> {
                <$crate::raw::$event as prost::Message>::decode(bytes)?.try_into()
            }
        }
    };
}
pub(crate) use event;
