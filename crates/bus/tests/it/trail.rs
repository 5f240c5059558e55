//! What became of one event.

use bus::{Key, Wanted};
use domain::{ChatId, Clock, TenantId};
use uuid::Uuid;

use crate::on_each_bus;
use crate::world::{Rules, World, until};

on_each_bus! {
    async fn one_event_is_found_among_many_and_says_who_is_done_with_it(world: World) {
        let node = world.start(&Rules::default());
        let (chat, now) = (ChatId::new(), Clock::system().now());
        let wanted = world.posted(chat, 1);
        let mut rows = Vec::new();
        // A row every ten seconds, the one that is looked for in the middle.
        for n in -200..=200_i64 {
            let event = if n == 0 { wanted.clone() } else { world.posted(ChatId::new(), 1) };
            rows.push(node.outbox.row(&event, now.plus_seconds(10 * n), None));
        }
        let id = rows[200].event();
        let tx = world.db.begin().await.unwrap();
        node.outbox.append_many(&tx, rows).await.unwrap();
        tx.commit().await.unwrap();
        node.outbox.wake();

        let admin = &node.admins[0];
        let asked = Wanted { tenant: world.tenant, key: Key(chat.uuid()), about: wanted.message.uuid(), at: now };
        until("it is published", || async {
            admin.sent(asked).await.unwrap().first().is_some_and(|sent| sent.published_at.is_some())
        })
        .await;
        let sent = admin.sent(asked).await.unwrap();
        assert_eq!((sent.len(), sent[0].event, sent[0].event_type.as_str()), (1, id, "message.posted"));
        assert_eq!(sent[0].occurred_at, now);
        for other in [
            Wanted { at: now.plus_seconds(3600), ..asked },
            Wanted { at: now.plus_seconds(-3600 * 24), ..asked },
            Wanted { tenant: TenantId::new(), ..asked },
            Wanted { key: Key(Uuid::nil()), ..asked },
            Wanted { about: Uuid::from_u128(7), ..asked },
        ] {
            assert_eq!(admin.sent(other).await.unwrap(), []);
        }

        let asked = vec![(id, "message.posted".to_owned())];
        for admin in &node.admins {
            until("it is applied", || async { admin.seen(asked.clone()).await.unwrap()[0].1.is_some() }).await;
        }
        assert_eq!(admin.seen(vec![(id, "message.edited".to_owned())]).await.unwrap(), [], "nobody hears that");
        node.running.stop().await;
    }
}
