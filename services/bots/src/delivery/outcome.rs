//! What an attempt comes to. Pure: who was asked, what came, what follows.

use domain::{EndpointKind, WebhookFormat};

/// What an attempt met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// An answer, with what its `Retry-After` asks for in seconds.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Seconds to wait.
        retry_after_s: Option<u32>,
    },
    /// None: a word like `timeout`, `connect` or `egress_refused`.
    Failed(&'static str),
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// It is delivered.
    Delivered,
    /// It is refused for good; the lane goes on.
    Rejected,
    /// The endpoint says that it is gone for good.
    Gone,
    /// It is tried again, not before so many seconds.
    Again(Option<u32>),
}

impl Met {
    /// What follows for an endpoint of this kind and format.
    ///
    /// - VoIPBin's webhooks count any answer as delivered; their clients answer what they like.
    /// - A bot's 4xx ends a delivery, but for 408, 425 and 429, which ask for another try; so it is in Zenvia's words to
    ///   customers.
    /// - A native webhook is delivered by 2xx alone; 410 says that it is gone for good.
    /// - Redirects are failures: nobody vetted where they lead.
    pub fn follows(&self, kind: EndpointKind, format: WebhookFormat) -> Follows {
        let Self::Answer { status, retry_after_s } = *self else { return Follows::Again(None) };
        let again = Follows::Again(retry_after_s);
        match (kind, format, status) {
            (_, _, 200..=299) | (EndpointKind::Webhook, WebhookFormat::Voipbin, _) => Follows::Delivered,
            (_, _, 408 | 425 | 429) => again,
            (EndpointKind::Webhook, _, 410) => Follows::Gone,
            (EndpointKind::Bot, _, 400..=499) | (_, WebhookFormat::Zenvia, 400..=499) => Follows::Rejected,
            _ => again,
        }
    }

    /// Whether somebody is there who could take more: what the breaker goes by.
    pub const fn is_alive(&self) -> bool {
        matches!(self, Self::Answer { status, .. } if *status < 500 && *status != 429 && *status != 408)
    }
}

/// The seconds of a `Retry-After`; its other form, a date, is read against `now_s` (Unix time).
pub fn retry_after(header: &str, now_s: i64) -> Option<u32> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(seconds);
    }
    let at = chrono::DateTime::parse_from_rfc2822(header).ok()?;
    u32::try_from((at.timestamp() - now_s).max(0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use EndpointKind::{Bot, Webhook};
    use WebhookFormat::{Native, Voipbin, Zenvia};

    fn follows(kind: EndpointKind, format: WebhookFormat, status: u16) -> Follows {
        Met::Answer { status, retry_after_s: None }.follows(kind, format)
    }

    #[test]
    fn what_follows_from_which_answer() {
        let again = Follows::Again(None);
        for (status, bot, native, voipbin) in [
            (200, Follows::Delivered, Follows::Delivered, Follows::Delivered),
            (204, Follows::Delivered, Follows::Delivered, Follows::Delivered),
            (302, again, again, Follows::Delivered),
            (400, Follows::Rejected, again, Follows::Delivered),
            (404, Follows::Rejected, again, Follows::Delivered),
            (408, again, again, Follows::Delivered),
            (410, Follows::Rejected, Follows::Gone, Follows::Delivered),
            (425, again, again, Follows::Delivered),
            (429, again, again, Follows::Delivered),
            (500, again, again, Follows::Delivered),
            (503, again, again, Follows::Delivered),
        ] {
            assert_eq!(follows(Bot, Zenvia, status), bot, "bot {status}");
            assert_eq!(follows(Webhook, Native, status), native, "native {status}");
            assert_eq!(follows(Webhook, Voipbin, status), voipbin, "voipbin {status}");
        }
        assert_eq!(follows(Webhook, Zenvia, 404), Follows::Rejected);
        assert_eq!(follows(Webhook, Zenvia, 410), Follows::Gone);
        for (kind, format) in [(Bot, Zenvia), (Webhook, Native), (Webhook, Voipbin)] {
            assert_eq!(Met::Failed("timeout").follows(kind, format), again);
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after(" 120 ", 0), Some(120));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:02:00 GMT", 60), Some(60));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:02:00 GMT", 600), Some(0));
        assert_eq!(retry_after("soon", 0), None);
    }
}
