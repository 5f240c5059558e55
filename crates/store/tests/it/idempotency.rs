//! A repeated request gets the first answer.

use domain::{Idempotency, Timestamp};
use store::idempotency::{Claim, claim, claim_many, forget, keep, keep_many};
use store::testing::on_each_engine;
use store::{Db, StoreError};

fn request(key: u8, body: u8) -> Idempotency {
    Idempotency { key: [key; 32], body: [body; 32] }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000 + micros)
}

on_each_engine! {
    migrations = [store::MIGRATIONS];

    async fn a_key_is_new_then_replayed_then_refused_for_another_body(db: Db) {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(claim(&mut tx, &request(1, 1), at(0)).await.unwrap(), Claim::New);
        keep(&mut tx, &[1; 32], "{\"id\":1}").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        assert_eq!(claim(&mut tx, &request(1, 1), at(1)).await.unwrap(), Claim::Replay("{\"id\":1}".into()));
        assert_eq!(claim(&mut tx, &request(1, 2), at(1)).await.unwrap(), Claim::Mismatch);
    }

    async fn a_claim_that_rolled_back_never_was(db: Db) {
        let mut tx = db.begin().await.unwrap();
        claim(&mut tx, &request(1, 1), at(0)).await.unwrap();
        keep(&mut tx, &[1; 32], "1").await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(claim(&mut tx, &request(1, 2), at(0)).await.unwrap(), Claim::New);
    }

    async fn a_committed_claim_without_an_answer_is_resumed(db: Db) {
        let mut tx = db.begin().await.unwrap();
        claim(&mut tx, &request(1, 1), at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(claim(&mut tx, &request(1, 1), at(0)).await.unwrap(), Claim::New);
        assert_eq!(claim(&mut tx, &request(1, 2), at(0)).await.unwrap(), Claim::Mismatch);
    }

    async fn of_many_at_once_one_does_the_work(db: Db) {
        let all: Vec<_> = (0..32)
            .map(|i| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut tx = db.begin().await.unwrap();
                    match claim(&mut tx, &request(1, 1), at(i)).await.unwrap() {
                        Claim::New => {
                            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                            keep(&mut tx, &[1; 32], &i.to_string()).await.unwrap();
                            tx.commit().await.unwrap();
                            (true, i.to_string())
                        }
                        Claim::Replay(answer) => (false, answer),
                        Claim::Mismatch => panic!("same body"),
                    }
                })
            })
            .collect();
        let mut answers = Vec::new();
        for one in all {
            answers.push(one.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|(worked, _)| *worked).count(), 1);
        assert!(answers.iter().all(|(_, answer)| *answer == answers[0].1), "{answers:?}");
    }

    async fn a_batch_is_claimed_in_its_own_order(db: Db) {
        let mut tx = db.begin().await.unwrap();
        claim_many(&mut tx, &[request(5, 5), request(3, 3)], at(0)).await.unwrap();
        keep_many(&mut tx, vec![([5; 32], "five".into()), ([3; 32], "three".into())]).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let batch = [request(9, 9), request(5, 5), request(1, 1), request(3, 4)];
        assert_eq!(
            claim_many(&mut tx, &batch, at(1)).await.unwrap(),
            [Claim::New, Claim::Replay("five".into()), Claim::New, Claim::Mismatch]
        );
        assert_eq!(claim_many(&mut tx, &[], at(1)).await.unwrap(), []);
    }

    async fn batches_that_cross_do_not_deadlock(db: Db) {
        let up: Vec<_> = (0..100).map(|k| request(k, k)).collect();
        let down: Vec<_> = up.iter().rev().copied().collect();
        let all: Vec<_> = (0..8)
            .map(|i| {
                let (db, batch) = (db.clone(), if i % 2 == 0 { up.clone() } else { down.clone() });
                tokio::spawn(async move {
                    let mut tx = db.begin().await.unwrap();
                    let claims = claim_many(&mut tx, &batch, at(i)).await.unwrap();
                    let answers = batch.iter().map(|r| (r.key, "done".to_owned())).collect();
                    let new = claims.iter().filter(|c| **c == Claim::New).count();
                    if new > 0 {
                        keep_many(&mut tx, answers).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                    new
                })
            })
            .collect();
        let mut new = 0;
        for one in all {
            new += one.await.unwrap();
        }
        assert_eq!(new, 100);
    }

    async fn old_keys_are_forgotten_a_few_at_a_time(db: Db) {
        let mut tx = db.begin().await.unwrap();
        for key in 0..5 {
            claim(&mut tx, &request(key, 0), at(i64::from(key))).await.unwrap();
        }
        assert_eq!(forget(&mut tx, at(4), 3).await.unwrap(), 3);
        assert_eq!(forget(&mut tx, at(4), 3).await.unwrap(), 1);
        assert_eq!(claim(&mut tx, &request(4, 1), at(9)).await.unwrap(), Claim::Mismatch);
        assert_eq!(claim(&mut tx, &request(0, 1), at(9)).await.unwrap(), Claim::New);
    }

    async fn an_answer_needs_a_claim(db: Db) {
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(keep(&mut tx, &[7; 32], "{}").await, Err(StoreError::NotFound)));
    }
}
