//! The lines a first start prints: one `curl` for each surface that works when pasted.

use serde_json::{Value, json};
use surfaces::operator::tenants::CredentialsFile;

/// A line for each surface this build serves.
pub fn lines(c: &CredentialsFile) -> Vec<(&'static str, String)> {
    let base = &c.base_url;
    let word = |section: &Value, key: &str| section.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    if !c.voipbin.is_null() {
        let key = word(&c.voipbin, "access_key");
        lines.push(("VoIPBin", format!("curl '{base}/v1.0/chats?accesskey={key}'")));
    }
    if !c.imbee.is_null() {
        let (auth, corporate) = (word(&c.imbee, "authorization"), word(&c.imbee, "corporate_token"));
        let body =
            r#"{"uniqueIdSha":"first-visitor","platform":"web","deviceName":"curl","hardwareId":"1","osVersion":"1"}"#;
        lines.push((
            "imBee",
            format!(
                "curl '{base}/third_parties/user/new' -H 'Authorization: {auth}' -H 'X-WOOS-KEY: {corporate}' \
                 -H 'Content-Type: application/json' -d '{body}'"
            ),
        ));
    }
    if !c.zenvia.is_null() {
        let body = json!({
            "token": word(&c.zenvia, "token"),
            "department_id": c.zenvia["department_id"],
            "customer": { "name": "First visitor" },
        });
        let line = format!("curl '{base}/core/api/v1/interactions' -H 'Content-Type: application/json' -d '{body}'");
        lines.push(("Zenvia", line));
    }
    if !c.odoo.is_null() {
        let (db, login, password) = (word(&c.odoo, "db"), word(&c.odoo, "login"), word(&c.odoo, "password"));
        let body = json!({
            "jsonrpc": "2.0",
            "method": "call",
            "id": 1,
            "params": { "db": db, "login": login, "password": password },
        });
        // A quote within the quotes, should a name have one.
        let body = body.to_string().replace('\'', r"'\''");
        let line = format!("curl '{base}/web/session/authenticate' -H 'Content-Type: application/json' -d '{body}'");
        lines.push(("Odoo", line));
    }
    if !c.connectnow.is_null() {
        let token = word(&c.connectnow, "api_token");
        lines.push(("ConnectNow", format!("curl '{base}/api/chats?api_token={token}' -H 'Accept: application/json'")));
    }
    lines.push((
        "operator",
        format!("curl '{base}/operator/v1/users' -H 'Authorization: Bearer {}'", word(&c.operator, "token")),
    ));
    lines
}
