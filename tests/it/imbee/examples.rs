//! The three examples of seed 000 with ids and tokens replaced, answered key by key.

use insta::assert_json_snapshot;

use crate::harness::*;

/// The seed's `curl`: two headers, a content type, the body as text.
fn curl(t: &Tenant, path: &str, key: &str, data: String) -> Ask {
    let ask = t.http.post(path).header("Authorization", t.credential("/imbee/authorization"));
    ask.header("X-WOOS-KEY", key).raw("application/json", data)
}

fn user_new(identifier: &str) -> String {
    format!(
        r#"{{"uniqueIdSha":"{identifier}", "platform": "platformValue","deviceName": "deviceNameValue","hardwareId":"hardwareIdValue","osVersion":"osVersionValue"}}"#
    )
}

on_each_stack! {
    /// "Generate a Access Token"
    async fn token_new(t: Tenant) {
        let corporate = t.credential("/imbee/corporate_token");
        let bot = t.credential("/imbee/bot_idsha");
        let data = format!(
            r#"{{"virtual_user":"user_identifier_sha", "bot_idsha":"{bot}", "mail":"user_email", "celullar":"user_phone", "max_retries": 10, "date_limit": "2018-12-31"}}"#
        );
        let answer = curl(&t, "/token/new", corporate, data).send().await.ok();
        let url = answer["body"]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&format!("{}/t/", t.stack.base_url)), "{url}");
        assert_json_snapshot!(answer, {
            ".time" => imbee_time(),
            ".message" => "[message]",
            ".body.url" => "[url]",
            ".body.user_idsha" => hex(40),
        }, @r#"
        {
          "body": {
            "date_limit": "2018-12-31",
            "max_retries": 10,
            "previously_created": false,
            "url": "[url]",
            "user_idsha": "[hex]"
          },
          "code": 0,
          "message": "[message]",
          "time": "[seconds]"
        }
        "#);
    }

    /// "Create a External User"
    async fn third_parties_user_new(t: Tenant) {
        let corporate = t.credential("/imbee/corporate_token");
        let answer = curl(&t, "/third_parties/user/new", corporate, user_new("user_identifier_sha")).send().await.ok();
        assert_json_snapshot!(answer, {
            ".time" => imbee_time(),
            ".message" => "[message]",
            ".body.virtualUser" => hex(40),
            ".body.pass" => hex(40),
            ".body.apikey" => hex(40),
        }, @r#"
        {
          "body": {
            "apikey": "[hex]",
            "pass": "[hex]",
            "previously_registered": false,
            "virtualUser": "[hex]"
          },
          "code": 0,
          "message": "[message]",
          "time": "[seconds]"
        }
        "#);
    }

    /// "Create a Chat between users": the caller first, an administrator.
    async fn chat_create(t: Tenant) {
        let corporate = t.credential("/imbee/corporate_token");
        let one = body(curl(&t, "/third_parties/user/new", corporate, user_new("one")).send().await);
        let two = body(curl(&t, "/third_parties/user/new", corporate, user_new("two")).send().await);
        let (one_idsha, two_idsha) = (one["virtualUser"].as_str().unwrap(), two["virtualUser"].as_str().unwrap());
        let data = format!(r#"{{"type":"chat", "contacts":[{{"idsha":"{two_idsha}"}}]}}"#);
        let answer = curl(&t, "/chat/create", one["apikey"].as_str().unwrap(), data).send().await.ok();
        assert_json_snapshot!(answer, {
            ".time" => imbee_time(),
            ".message" => "[message]",
            ".body.contacts[0].idsha" => is("one", one_idsha),
            ".body.contacts[1].idsha" => is("two", two_idsha),
            ".body.conversationId" => hex(32),
        }, @r#"
        {
          "body": {
            "contacts": [
              {
                "idsha": "[one]",
                "isadmin": 1
              },
              {
                "idsha": "[two]",
                "isadmin": 0
              }
            ],
            "conversationId": "[hex]",
            "previously_created": false
          },
          "code": 0,
          "message": "[message]",
          "time": "[seconds]"
        }
        "#);
    }
}
