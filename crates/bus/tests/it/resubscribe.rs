//! A partition in which an event waits for long is subscribed anew, long before the broker would end its channel.

use std::sync::LazyLock;

use domain::ChatId;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::on_rabbit;
use crate::world::{Answer, Rules, World, until};

static METRICS: LazyLock<PrometheusHandle> = LazyLock::new(|| PrometheusBuilder::new().install_recorder().unwrap());

/// How often this group has subscribed anew.
fn resubscribed(group: &str) -> u64 {
    let line = format!("bus_resubscribed_total{{group=\"{group}\"}} ");
    METRICS.render().lines().find_map(|l| l.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}

on_rabbit! {
    async fn what_waits_for_long_is_fetched_anew_and_nothing_changes_places(world: World) {
        LazyLock::force(&METRICS);
        let world = World { settings: bus::BusSettings { resubscribe_s: 1, ..world.settings.clone() }, ..world };
        let rules = Rules::default();
        let [group, other_group] = &world.groups;
        let (stuck, calm) = (ChatId::new(), ChatId::new());
        rules.set(group, stuck, 2, Some(Answer::Retry));
        let node = world.start(&rules);
        let events: Vec<_> = (1..=20).flat_map(|seq| [(stuck, seq), (calm, seq)]).collect();
        world.post(&node.outbox, &events).await;
        world.until_applied(other_group, 40).await;

        until("its partition is subscribed anew", || async { resubscribed(group) >= 2 }).await;
        assert_eq!(world.seqs(group, stuck).await, [1]);
        assert_eq!(resubscribed(other_group), 0, "nothing waits there");

        rules.set(group, stuck, 2, None);
        world.until_applied(group, 40).await;
        for chat in [stuck, calm] {
            assert_eq!(world.seqs(group, chat).await, (1..=20).collect::<Vec<_>>());
        }
        world.post(&node.outbox, &[(stuck, 21)]).await;
        world.until_applied(group, 41).await;
        node.running.stop().await;
    }
}
