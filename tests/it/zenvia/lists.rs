//! Departments, agents and customers as the vendor's other documents list them.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::*;

on_each_stack! {
    /// A bare array with the vendor's twelve keys.
    async fn departments(t: Tenant) {
        let hook = Hook::start().await;
        let ann = t.user("Ann", "agent").await;
        let sales = t.department("Sales", Some(&hook), &[&ann]).await;
        let closed = t.department("Closed", None, &[]).await;
        t.operator("PATCH", &format!("/departments/{}", closed.id)).json(&json!({ "active": false })).send().await.expect(200);
        let listed = t.zenvia().get("/api/external/departments").send().await.ok();
        let all = listed.as_array().expect("a bare array");
        let first = t.credentials["zenvia"]["department_id"].as_i64().expect("a default department");
        let numbers: Vec<i64> = all.iter().map(|d| d["id"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [first, sales.number, closed.number]);
        assert_json_snapshot!(all[1], {
            ".id" => number(),
            ".bot_id" => number(),
            ".agents[].id" => number(),
            ".channels[].id" => number(),
            ".date_creation" => "[date]",
            ".change_date" => "[date]",
        }, @r#"
        {
          "agents": [
            {
              "id": "[number]",
              "name": "Ann",
              "photo": null
            }
          ],
          "bot_id": "[number]",
          "change_date": "[date]",
          "channels": [
            {
              "id": "[number]",
              "name": "CHAT",
              "state": 1
            }
          ],
          "date_creation": "[date]",
          "id": "[number]",
          "name": "Sales",
          "queue": true,
          "queue_position_time": null,
          "queued_max_time": null,
          "ringing_max_time": 0,
          "state": 1
        }
        "#);
        assert_eq!((&all[2]["state"], &all[2]["bot_id"], &all[2]["agents"]), (&json!(0), &json!(null), &json!([])));
        let created = all[1]["date_creation"].as_str().unwrap();
        assert!(created.len() == 24 && created.ends_with('Z') && created.as_bytes()[19] == b'.', "{created}");
    }

    async fn agents(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let email = t.email(&ann).await;
        let sales = t.department("Sales", None, &[&ann]).await;
        let listed = t.zenvia().get("/api/external/agents").send().await.ok();
        let all = listed.as_array().expect("a bare array");
        let one = all.iter().find(|agent| agent["email"] == email.as_str()).expect("Ann");
        assert_json_snapshot!(one, {
            ".id" => number(),
            ".email" => is("email", &email),
            ".department.id" => number(),
        }, @r#"
        {
          "active": true,
          "ativo": 1,
          "deleted_at": null,
          "department": {
            "id": "[number]",
            "name": "Sales"
          },
          "email": "[email]",
          "id": "[number]",
          "name": "Ann",
          "new_status": "OFFLINE",
          "phone_extension": null,
          "photo": null,
          "signature": null
        }
        "#);
        assert_eq!(one["department"]["id"], sales.number);
        let path = format!("/api/external/agents/{}", one["id"]);
        assert_eq!(&t.zenvia().get(&path).send().await.ok(), one);
        // Bots and customers are no agents.
        for user in [t.user("Robot", "bot").await, t.user("Carl", "customer").await] {
            let view = t.operator("GET", &format!("/users/{}", user.id)).send().await.ok();
            refused(t.zenvia().get(&format!("/api/external/agents/{}", view["identities"]["zenvia"])).send().await, 422);
        }
        refused(t.zenvia().get("/api/external/agents/x").send().await, 422);
    }

    /// At most three of them, and how many there are: those who have a stream or a poll open.
    async fn agents_who_are_there(t: Tenant) {
        let zenvia = t.zenvia();
        let mut agents = Vec::new();
        for name in ["Ann", "Ben", "Cleo", "Dan"] {
            agents.push(t.user(name, "agent").await);
        }
        let (sales, support) =
            (t.department("Sales", None, &[&agents[0], &agents[1], &agents[2], &agents[3]]).await, t.department("Support", None, &[&agents[0]]).await);
        let nobody = zenvia.get("/core/api/v1/agents/online").send().await.ok();
        assert_eq!(nobody, json!({ "agents": [], "averageService": 0, "count": 0, "status": 200 }));
        let mut streams = Vec::new();
        for agent in &agents {
            let key = t.connectnow_as(agent).await.token;
            streams.push(Events::open(t.http.get("/parlance/v1/events").bearer(key)).await);
        }
        let there = async |department: Option<i64>| {
            let ask = zenvia.get("/core/api/v1/agents/online");
            let ask = if let Some(number) = department { ask.query("department_id", number) } else { ask };
            ask.send().await.ok()
        };
        eventually("all four are there", || async { (there(Some(sales.number)).await["count"] == 4).then_some(()) }).await;
        let all = there(None).await;
        assert_eq!((all["agents"].as_array().unwrap().len(), &all["count"]), (3, &json!(4)));
        assert_eq!(keys(&all["agents"][0]), ["id", "name", "photo"]);
        let some = there(Some(support.number)).await;
        assert_eq!((&some["count"], &some["agents"][0]["name"]), (&json!(1), &json!("Ann")));
        refused(zenvia.get("/core/api/v1/agents/online").query("department_id", "x").send().await, 422);
        refused(zenvia.get("/core/api/v1/agents/online").query("department_id", 999_999_999).send().await, 422);
    }

    /// Made, changed, or told why not; and listed.
    async fn customers(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let anns = t.operator("GET", &format!("/users/{}", ann.id)).send().await.ok()["identities"]["zenvia"].clone();
        let body = json!({ "customers": [
            { "fields": { "main_identifier": "Customer", "channel_phone": "1122334455" }, "agent_id": anns },
            { "fields": { "main_identifier": "Another Customer", "channel_email": "another@customer.com" }, "agent_id": 999_999_999 },
            { "fields": { "channel_email": "nameless@customer.com" } },
        ] });
        let saved = t.zenvia().call("POST", "/api/external/customers", &body).send().await.ok();
        assert_json_snapshot!(saved, {
            ".customers[].id" => number(),
            ".customers[].agent_id" => number(),
            ".customers[].customer_key" => uuid(),
            ".customers[].date_creation" => "[date]",
            ".customers[].change_date" => "[date]",
        }, @r#"
        {
          "customers": [
            {
              "account_id": 1,
              "active": true,
              "agent_id": "[number]",
              "change_date": "[date]",
              "customer_key": "[uuid]",
              "date_creation": "[date]",
              "fields": {
                "channel_email": "",
                "channel_phone": "1122334455",
                "main_identifier": "Customer",
                "main_photo": ""
              },
              "id": "[number]"
            }
          ],
          "errors": [
            {
              "agent_id": 999999999,
              "errors": [
                "agent_id: 999999999 not found"
              ],
              "fields": {
                "channel_email": "another@customer.com",
                "main_identifier": "Another Customer"
              }
            },
            {
              "agent_id": null,
              "errors": [
                "field: main_identifier is required"
              ],
              "fields": {
                "channel_email": "nameless@customer.com"
              }
            }
          ],
          "status": 200
        }
        "#);
        let again = json!({ "customers": [{ "fields": { "main_identifier": "Renamed", "channel_phone": "1122334455" } }] });
        let changed = t.zenvia().call("POST", "/api/external/customers", &again).send().await.ok();
        assert_eq!(changed["customers"][0]["id"], saved["customers"][0]["id"]);
        let listed = t.zenvia().get("/api/external/customers").send().await.ok();
        let all = listed.as_array().expect("a bare array");
        assert_eq!((all.len(), &all[0]["fields"]["main_identifier"]), (1, &json!("Renamed")));
        // The same person everywhere: an interaction finds them.
        let sales = t.department("Sales", None, &[]).await;
        let hash = t.zenvia().start(sales.number, json!({ "phone": "1122334455" })).await;
        assert_eq!(t.interaction(&hash).await["customer_id"], saved["customers"][0]["customer_key"]);
    }
}
