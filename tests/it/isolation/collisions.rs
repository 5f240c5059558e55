//! The same outside id, name, e-mail or key in two tenants, or on two surfaces: two things.

use serde_json::{Value, json};

use crate::harness::*;

async fn person(t: &Tenant, identity: &str) -> Vec<Value> {
    let found = t.operator("GET", "/users").query("identity", identity).send().await.ok();
    found["items"].as_array().unwrap().clone()
}

on_each_stack! {
    /// A client's own ids are looked up by tenant and surface, never alone.
    async fn one_outside_id_in_two_tenants_is_two_people(t: Tenant) {
        let other = t.another().await;
        let outside = unique("customer");
        let (here, there) = (t.imbee().register(&outside).await, other.imbee().register(&outside).await);
        assert_ne!((&here.idsha, &here.apikey), (&there.idsha, &there.apikey));
        assert_eq!(person(&t, &format!("imbee:{}", here.idsha)).await.len(), 1);
        assert_eq!(person(&t, &format!("imbee:{}", there.idsha)).await, [] as [Value; 0]);
        let again = t.imbee().register(&outside).await;
        assert_eq!(again.idsha, here.idsha, "and stays who it is");
    }

    /// An outside id that looks like somebody's id elsewhere is not them.
    async fn an_outside_id_that_is_another_surfaces_id_is_somebody_else(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let ids = t.operator("GET", &format!("/users/{}", ann.id)).send().await.ok()["identities"].clone();
        // imBee's own id of her names her.
        assert_eq!(t.imbee().register(&ann.idsha).await.idsha, ann.idsha);
        for outside in [&ann.id, &ids["connectnow"].to_string(), &ids["odoo"]["partner_id"].to_string()] {
            let guest = t.imbee().register(outside).await;
            assert_ne!(guest.idsha, ann.idsha, "{outside}");
            assert_ne!(guest.id(&t).await, ann.id, "{outside}");
        }
        // The same number is one person's on three surfaces, and no other kind of thing's.
        for surface in ["zenvia", "connectnow", "odoo"] {
            let found = person(&t, &format!("{surface}:{}", ids["connectnow"])).await;
            assert_eq!(texts(&found, "id"), [ann.id.as_str()], "{surface}");
        }
    }

    /// One e-mail in two tenants is two people, who are let in and mailed apart.
    async fn one_email_in_two_tenants(t: Tenant) {
        let other = t.another().await;
        let email = format!("{}@example.org", unique("ann"));
        let (here, there) = (t.connectnow(), other.connectnow());
        let (chat, chat_there) = (here.chat("a").await, there.chat("b").await);
        let (visitor, one) = here.join(chat, &email).await;
        let (_, two) = there.join(chat_there, &email).await;
        assert_ne!(one["id"], two["id"]);
        let find = async |t: &Tenant| {
            let found = t.operator("GET", "/users").query("email", &email).send().await.ok();
            texts(found["items"].as_array().unwrap(), "id")
        };
        let (a, b) = (find(&t).await, find(&other).await);
        assert!(a.len() == 1 && b.len() == 1 && a != b, "{a:?} {b:?}");
        // A chat's number is of the instance; the other's is not there.
        visitor.get(&format!("/api/chats/{chat_there}/messages")).send().await.expect(404);
        here.get(&format!("/api/chats/{chat_there}")).send().await.expect(404);
    }

    /// Names and document ids are each tenant's own.
    async fn names_groups_companies_and_documents(t: Tenant) {
        let other = t.another().await;
        let name = json!({ "name": "the same" });
        let mut ids = Vec::new();
        for tenant in [&t, &other] {
            let group = tenant.operator("POST", "/groups").json(&name).send().await.expect(201).json();
            let company = tenant.connectnow().post("/api/companies", &name).send().await.expect(201).json();
            let ((_, ann), (_, bob)) = (tenant.odoo("Ann").await, tenant.odoo("Bob").await);
            let about = json!({ "user_to": bob.uid, "doc_id": 7, "doc_model": "sale.order" });
            let session = ann.ask("/im_chat/api/get_or_create_session", about).await;
            ids.push((group["id"].clone(), company["id"].clone(), session["uuid"].clone()));
            assert_eq!(ann.sessions(json!({ "doc_id": 7, "doc_model": "sale.order" })).await.len(), 1);
        }
        assert!(ids[0].0 != ids[1].0 && ids[0].1 != ids[1].1 && ids[0].2 != ids[1].2, "{ids:?}");
    }

    /// A key is its tenant's, its user's and its route's.
    async fn one_idempotency_key_everywhere(t: Tenant) {
        let other = t.another().await;
        let key = unique("key");
        let mut made = Vec::new();
        for tenant in [&t, &other] {
            let company = json!({ "name": "Acme" });
            let ask = tenant.connectnow().post("/api/companies", &company).key(&key);
            let first = ask.clone().send().await.expect(201).json();
            assert_eq!(ask.send().await.expect(201).json()["id"], first["id"]);
            let group = tenant.operator("POST", "/groups").key(&key).json(&company).send().await.expect(201).json();
            let chat = tenant.voipbin().post("/v1.0/chats", &chat_body("group", &[&tenant.admin.id])).key(&key);
            made.push((first["id"].clone(), group["id"].clone(), chat.send().await.ok()["id"].clone()));
        }
        assert!(made[0].0 != made[1].0 && made[0].1 != made[1].1 && made[0].2 != made[1].2, "{made:?}");
    }
}
