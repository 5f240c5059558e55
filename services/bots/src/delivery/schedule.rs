//! When a delivery that failed is tried again, and when it is given up.
//!
//! The pauses are settings; their defaults come from surfaces.md section 7 (bots, VoIPBin) and Standard Webhooks 1.0.0 (native).

use domain::{EndpointKind, WebhookFormat};

use super::DeliverySettings;

/// No receiver makes us wait longer than this, whatever it asks for. Seconds.
const LONGEST_WISH_S: u32 = 24 * 3600;

/// The pauses between the attempts at one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule<'a> {
    pauses_s: &'a [u32],
    spread: bool,
}

impl<'a> Schedule<'a> {
    /// The schedule of an endpoint. A native webhook's is spread by a fifth, so that what failed together does not come back
    /// together.
    pub fn of(settings: &'a DeliverySettings, kind: EndpointKind, format: WebhookFormat) -> Self {
        match (kind, format) {
            (EndpointKind::Webhook, WebhookFormat::Native) => {
                Self { pauses_s: &settings.native_pauses_s, spread: true }
            }
            _ => Self { pauses_s: &settings.vendor_pauses_s, spread: false },
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

    /// The pauses as `defaults.toml` has them.
    fn defaults() -> [Vec<u32>; 2] {
        let all: toml::Table = crate::config::DEFAULTS.parse().unwrap();
        ["vendor_pauses_s", "native_pauses_s"].map(|name| all["bots"]["delivery"][name].clone().try_into().unwrap())
    }

    fn schedules([vendors, native]: &[Vec<u32>; 2]) -> [Schedule<'_>; 2] {
        [Schedule { pauses_s: vendors, spread: false }, Schedule { pauses_s: native, spread: true }]
    }

    fn seconds(schedule: Schedule<'_>, chance: f64) -> Vec<f64> {
        let micros = (1..).map_while(|failed| schedule.pause(failed, None, chance));
        #[expect(clippy::cast_precision_loss, reason = "hours in microseconds")]
        micros.map(|pause| pause as f64 / 1e6).collect()
    }

    #[test]
    fn vendors_schedule_is_exact() {
        let defaults = defaults();
        let [bot, _] = schedules(&defaults);
        let expected = [1.0, 5.0, 30.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0];
        assert_eq!(seconds(bot, 0.1), expected);
        assert_eq!(seconds(bot, 0.9), expected);
        assert_eq!(bot.pause(10, None, 0.5), None, "the tenth failure is the last");
    }

    #[test]
    fn native_schedule_is_spread_by_a_fifth() {
        let defaults = defaults();
        let [_, native] = schedules(&defaults);
        assert_eq!(seconds(native, 0.5), [5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0]);
        assert_eq!(native.pause(1, None, 0.0), Some(4_000_000));
        assert_eq!(native.pause(1, None, 1.0), Some(6_000_000));
        assert_eq!(native.pause(8, None, 0.5), None, "now and seven more times");
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_not_for_less() {
        let defaults = defaults();
        let [_, native] = schedules(&defaults);
        assert_eq!(native.pause(1, Some(60), 0.5), Some(60_000_000));
        assert_eq!(native.pause(2, Some(1), 0.5), Some(300_000_000));
        assert_eq!(native.pause(1, Some(u32::MAX), 0.5), Some(24 * 3_600_000_000));
        assert_eq!(native.pause(8, Some(60), 0.5), None);
    }
}
