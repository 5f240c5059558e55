//! `/v1.0/agents` and what a plain agent sees of it under `/v1.0/service_agents`.

use serde_json::{Value, json};

use super::NOBODY;
use crate::harness::*;

const RED: &str = "0b7d0e1c-5b5a-4c53-9d6e-0f6a3a8b9c01";
const BLUE: &str = "0b7d0e1c-5b5a-4c53-9d6e-0f6a3a8b9c02";

fn address(target: &str) -> Value {
    json!({ "addresses": [{ "type": "tel", "target": target }] })
}

on_each_stack! {
    async fn agents_are_found_by_their_tags_and_where_they_stand(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "manager").await);
        let admin = t.voipbin();
        let put = async |id: &str, part: &str, body: Value| {
            admin.put(&format!("/v1.0/agents/{id}/{part}"), &body).send().await.expect(200);
        };
        put(&ann.id, "tag_ids", json!({ "tag_ids": [RED, BLUE] })).await;
        put(&ben.id, "tag_ids", json!({ "tag_ids": [BLUE] })).await;
        put(&ben.id, "status", json!({ "status": "available" })).await;

        let found = async |query: &str| texts(&admin.walk(&format!("/v1.0/agents?{query}"), 1).await, "id");
        let (everybody, all) = (found("").await, [&ben.id, &ann.id, &t.admin.id]);
        assert_eq!(everybody.iter().collect::<Vec<_>>(), all, "newest first");
        assert_eq!(found("tag_ids=&status=").await, everybody, "nothing asked for");
        assert_eq!(found(&format!("tag_ids={RED}")).await, std::slice::from_ref(&ann.id));
        assert_eq!(found(&format!("tag_ids={RED},{BLUE}")).await, [ben.id.clone(), ann.id.clone()], "any of them");
        assert_eq!(found("status=available").await, std::slice::from_ref(&ben.id));
        assert_eq!(found("status=offline").await, [ann.id.clone(), t.admin.id.clone()], "who never said is offline");
        assert_eq!(found(&format!("status=offline&tag_ids={BLUE}")).await, std::slice::from_ref(&ann.id));
        assert!(found(&format!("tag_ids={NOBODY}")).await.is_empty() && found("status=busy").await.is_empty());
        admin.get("/v1.0/agents").query("tag_ids", "red").send().await.expect_empty(400);
    }

    async fn a_plain_agent_knows_the_others(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "manager").await);
        let customer = t.user("Cleo", "customer").await;
        let agent = t.voipbin_as(&ann).await;
        let listed = agent.walk("/v1.0/service_agents/agents", 2).await;
        assert_eq!(texts(&listed, "id"), [ben.id.clone(), ann.id.clone(), t.admin.id.clone()]);
        assert_eq!(listed, t.voipbin().walk("/v1.0/agents", 2).await, "as a manager sees them");
        agent.get("/v1.0/agents").send().await.expect_empty(400);

        let one = agent.get(&format!("/v1.0/service_agents/agents/{}", ben.id)).send().await.ok();
        assert_eq!(one, listed[0]);
        for nobody in [NOBODY, &customer.id, "x"] {
            agent.get(&format!("/v1.0/service_agents/agents/{nobody}")).send().await.expect_empty(400);
        }
        let outsider = t.voipbin_as(&customer).await;
        outsider.get("/v1.0/service_agents/agents").send().await.expect_empty(400);
        outsider.get(&format!("/v1.0/service_agents/agents/{}", ben.id)).send().await.expect_empty(400);
    }

    async fn a_plain_agent_changes_themselves(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let agent = t.voipbin_as(&ann).await;
        let me = agent.get("/v1.0/service_agents/me").send().await.ok();
        assert_eq!((me["id"].as_str(), &me), (Some(ann.id.as_str()), &agent.get("/v1.0/me").send().await.ok()));

        let put = async |part: &str, body: Value| {
            agent.put(&format!("/v1.0/service_agents/me{part}"), &body).send().await.ok()
        };
        put("", json!({ "name": "Anna", "detail": "on leave", "ring_method": "linear" })).await;
        put("/status", json!({ "status": "away" })).await;
        let me = put("/addresses", address("+15550100")).await;
        assert_eq!((&me["name"], &me["detail"], &me["ring_method"]), (&json!("Anna"), &json!("on leave"), &json!("linear")));
        assert_eq!((&me["status"], &me["addresses"][0]["target"]), (&json!("away"), &json!("+15550100")));
        assert_eq!(agent.get("/v1.0/service_agents/me").send().await.ok(), me);

        agent.put("/v1.0/service_agents/me/password", &json!({ "password": "" })).send().await.expect_empty(400);
        put("/password", json!({ "password": "another one" })).await;
        let log_in = async |password: &str| {
            let body = json!({ "username": ann.login, "password": password });
            t.http.ask("POST".parse().unwrap(), "/auth/login").raw("text/plain", body.to_string()).send().await
        };
        log_in("another one").await.expect(200);
        log_in(ann.password.as_str()).await.expect_empty(400);
    }

    /// A key has an id of its own, and no rooms: here it is whom it stands for.
    async fn an_access_key_is_the_user_it_stands_for(t: Tenant) {
        let me = t.voipbin().get("/v1.0/service_agents/me").send().await.ok();
        assert_eq!(me["id"].as_str(), Some(t.admin.id.as_str()));
    }

    async fn parts_of_an_agent_are_changed_at_once_without_loss(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let admin = t.voipbin();
        for round in 0..4 {
            let (status, tel) = (format!("busy {round}"), format!("+1555010{round}"));
            let put = |part: &str, body: &Value| admin.put(&format!("/v1.0/agents/{}/{part}", ann.id), body).send();
            let (tags, status_in) = (json!({ "tag_ids": [if round % 2 == 0 { RED } else { BLUE }] }), json!({ "status": status }));
            let addresses = address(&tel);
            let (one, two, three) =
                tokio::join!(put("tag_ids", &tags), put("status", &status_in), put("addresses", &addresses));
            for reply in [one, two, three] {
                reply.expect(200);
            }
            let now = admin.get(&format!("/v1.0/agents/{}", ann.id)).send().await.ok();
            assert_eq!(
                (&now["tag_ids"], &now["status"], &now["addresses"][0]["target"]),
                (&tags["tag_ids"], &json!(status), &json!(tel)),
                "round {round}"
            );
        }
    }
}
