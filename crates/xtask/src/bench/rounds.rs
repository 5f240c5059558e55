//! Limit and measurement take turns, so that whatever else the machine does falls on both.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Context;
use crate::signals;

/// The medians of a limit and of what is held against it.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The limit.
    pub limit: f64,
    /// Ours.
    pub measured: f64,
}

/// Measures `limit` and `ours` in turn, as often as asked on the command line, after waiting for a quiet machine.
pub fn alternate(
    context: &Context,
    what: &str,
    mut limit: impl FnMut() -> Result<f64>,
    mut ours: impl FnMut() -> Result<f64>,
) -> Result<Pair> {
    let (mut limits, mut measured) = (Vec::new(), Vec::new());
    for round in 0..context.rounds {
        quiet()?;
        limits.push(limit()?);
        quiet()?;
        measured.push(ours()?);
        eprintln!("   {what}: limit {:.1}, ours {:.1}", limits[round], measured[round]);
    }
    Ok(Pair { limit: median(limits), measured: median(measured) })
}

/// The middle one, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

/// Returns when the processors have little to do: what was set going before has been worked off. Gives up after a while on a
/// machine that is never quiet.
pub fn quiet() -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        let before = processor_time()?;
        std::thread::sleep(Duration::from_millis(250));
        signals::check()?;
        let after = processor_time()?;
        let (idle, all) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
        if idle * 100 >= all * 85 {
            return Ok(());
        }
    }
    eprintln!("   the machine is busy with something else");
    Ok(())
}

/// Idle time and all time of all processors, in clock ticks.
fn processor_time() -> Result<(u64, u64)> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let fields = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let ticks: Vec<u64> = fields.take(8).filter_map(|field| field.parse().ok()).collect();
    // Waiting for the disk is idle, too.
    let idle = ticks.iter().skip(3).take(2).sum();
    Ok((idle, ticks.iter().sum()))
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn one_slow_round_does_not_count() {
        assert!((median(vec![100.0, 5.0, 101.0]) - 100.0).abs() < f64::EPSILON);
        assert!((median(vec![1.0, 3.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }
}
