//! When a delivery that failed is tried again, and when it is given up.
//!
//! Sources: surfaces.md section 7 (bots, VoIPBin), Standard Webhooks 1.0.0 (native).

use domain::{EndpointKind, WebhookFormat};

/// Pauses after the first, second, … failed attempt of a bot's deliveries, and of those in Zenvia's and VoIPBin's words.
/// Seconds.
const VENDORS_S: &[u32] = &[1, 5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// The same for native webhooks: ± 20 %, so that what failed together does not come back together.
const NATIVE_S: &[u32] = &[5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// No receiver makes us wait longer than this, whatever it asks for. Seconds.
const LONGEST_WISH_S: u32 = 24 * 3600;

/// The pauses between the attempts at one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pauses_s: &'static [u32],
    spread: bool,
}

impl Schedule {
    /// The schedule of an endpoint.
    pub const fn of(kind: EndpointKind, format: WebhookFormat) -> Self {
        match (kind, format) {
            (EndpointKind::Webhook, WebhookFormat::Native) => Self { pauses_s: NATIVE_S, spread: true },
            _ => Self { pauses_s: VENDORS_S, spread: false },
        }
    }

    /// How long after the failed attempt number `failed` (from 1) the next one comes, in microseconds; `None` when that
    /// was the last.
    ///
    /// `wish_s`: what the receiver asked for by `Retry-After`; it is never tried earlier than that. `chance`: 0 to 1, for
    /// the spread.
    pub fn pause(self, failed: i64, wish_s: Option<u32>, chance: f64) -> Option<i64> {
        let place = usize::try_from(failed - 1).ok()?;
        let pause_s = *self.pauses_s.get(place)?;
        let factor = if self.spread { 0.8 + 0.4 * chance.clamp(0.0, 1.0) } else { 1.0 };
        #[expect(clippy::cast_possible_truncation, reason = "ten hours in microseconds")]
        let pause = (f64::from(pause_s) * factor * 1e6) as i64;
        let wish = wish_s.map_or(0, |s| i64::from(s.min(LONGEST_WISH_S)) * 1_000_000);
        Some(pause.max(wish))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(schedule: Schedule, chance: f64) -> Vec<f64> {
        let micros = (1..).map_while(|failed| schedule.pause(failed, None, chance));
        #[expect(clippy::cast_precision_loss, reason = "hours in microseconds")]
        micros.map(|pause| pause as f64 / 1e6).collect()
    }

    #[test]
    fn vendors_schedule_is_exact() {
        let bot = Schedule::of(EndpointKind::Bot, WebhookFormat::Zenvia);
        let expected = [1.0, 5.0, 30.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0];
        assert_eq!(seconds(bot, 0.1), expected);
        assert_eq!(seconds(bot, 0.9), expected);
        assert_eq!(bot, Schedule::of(EndpointKind::Webhook, WebhookFormat::Voipbin));
        assert_eq!(bot.pause(10, None, 0.5), None, "the tenth failure is the last");
    }

    #[test]
    fn native_schedule_is_spread_by_a_fifth() {
        let native = Schedule::of(EndpointKind::Webhook, WebhookFormat::Native);
        assert_eq!(seconds(native, 0.5), [5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0]);
        assert_eq!(native.pause(1, None, 0.0), Some(4_000_000));
        assert_eq!(native.pause(1, None, 1.0), Some(6_000_000));
        assert_eq!(native.pause(8, None, 0.5), None, "now and seven more times");
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_not_for_less() {
        let native = Schedule::of(EndpointKind::Webhook, WebhookFormat::Native);
        assert_eq!(native.pause(1, Some(60), 0.5), Some(60_000_000));
        assert_eq!(native.pause(2, Some(1), 0.5), Some(300_000_000));
        assert_eq!(native.pause(1, Some(u32::MAX), 0.5), Some(24 * 3_600_000_000));
        assert_eq!(native.pause(8, Some(60), 0.5), None);
    }
}
