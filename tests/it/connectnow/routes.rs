//! Every documented URL is served, and what is not is refused as Laravel does.

use serde_json::json;

use super::{UNAUTHENTICATED, told};

/// The seed's routes, and what each answers somebody without a token.
const SEED: &str = "
    GET /api/user
    GET /api/chat-user
    GET /api/companies
    GET /api/companies/1
    POST /api/companies
    PUT /api/companies/1
    DELETE /api/companies/1
    GET /api/chats
    GET /api/chats/1
    POST /api/chats
    PUT /api/chats/1
    DELETE /api/chats/1
    GET /api/chats/1/users
    GET /api/chats/1/users/1
    POST /api/chats/1/users
    PUT /api/chats/1/users/1
    DELETE /api/chats/1/users/1
    GET /api/chats/1/messages
    GET /api/chats/1/messages/1
    POST /api/chats/1/messages
    PUT /api/chats/1/messages/1
    DELETE /api/chats/1/messages/1
    POST /chats/1/share
    POST /api/chats/1/share
";

on_each_stack! {
    async fn every_documented_url_is_there(t: Tenant) {
        let routes: Vec<(&str, &str)> = SEED.lines().filter_map(|line| line.trim().split_once(' ')).collect();
        assert_eq!(routes.len(), 24);
        for (method, path) in routes {
            told(t.http.ask(method.parse().unwrap(), path).send().await, 401, UNAUTHENTICATED);
        }
        for path in ["/chats/999999999/users/get-token", "/api/chats/999999999/users/get-token"] {
            let missing = "No query results for model [App\\Models\\Chat] 999999999";
            told(t.http.post(path).json(&json!({})).send().await, 404, missing);
        }
    }

    async fn wrong_methods_and_unknown_paths(t: Tenant) {
        let admin = t.connectnow();
        for (method, path, allowed) in [
            ("PATCH", "/api/chats/1", "GET, HEAD, PUT, DELETE"),
            ("POST", "/api/chats/1", "GET, HEAD, PUT, DELETE"),
            ("PUT", "/api/chats", "GET, HEAD, POST"),
            ("DELETE", "/api/companies", "GET, HEAD, POST"),
            ("POST", "/api/user", "GET, HEAD"),
            ("GET", "/chats/1/share", "POST"),
            ("PATCH", "/api/chats/1/messages/1", "GET, HEAD, PUT, DELETE"),
        ] {
            let reply = admin.ask(method, path).send().await;
            assert_eq!(reply.header("allow"), Some(allowed), "{method} {path}");
            let sentence = format!("The {method} method is not supported for this route. Supported methods: {allowed}.");
            told(reply, 405, &sentence);
        }
        for path in ["/api", "/api/chat", "/api/users", "/chats", "/chats/1", "/api/chats/1/", "/api/chats/1/files", "/api//chats"] {
            told(admin.get(path).send().await, 404, "");
        }
        for id in ["x", "0", "-1", "1.5", "99999999999999999999", "%00"] {
            let reply = admin.get(&format!("/api/chats/{id}")).send().await.expect(404);
            assert!(reply.json()["message"].as_str().unwrap().starts_with("No query results for model [App\\Models\\Chat]"));
        }
        let head = admin.ask("HEAD", "/api/chats").send().await.expect(200);
        assert_eq!(head.body, "");
    }

    async fn every_answer_tells_what_is_left(t: Tenant) {
        let admin = t.connectnow();
        for path in ["/api/chats", "/api/chats/0", "/api/companies?with[]=x"] {
            let reply = admin.get(path).send().await;
            let number = |name: &str| reply.header(name).expect(name).parse::<u32>().expect("a number");
            assert!(number("x-ratelimit-remaining") < number("x-ratelimit-limit"), "{path}");
        }
        // Whoever shows no token is counted by their address.
        let reply = t.http.post("/chats/1/users/get-token").send().await;
        assert!(reply.header("x-ratelimit-limit").is_some() && reply.header("x-ratelimit-remaining").is_some());
    }
}
