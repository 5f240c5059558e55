//! Secrets taken out of what is logged or printed.

use std::borrow::Cow;

use url::form_urlencoded;

/// What stands in a secret's place.
pub const MASK: &str = "***";

/// Words that make the name of a query parameter, a form field or a path variable that of a secret.
const SECRET_WORDS: &[&str] = &[
    "accesskey",
    "apikey",
    "auth",
    "authorization",
    "code",
    "cookie",
    "credential",
    "credentials",
    "key",
    "pass",
    "passwd",
    "pwd",
    "session",
    "sid",
    "sig",
    "signature",
];
/// The same, wherever they stand in the name.
const SECRET_PARTS: &[&str] = &["token", "secret", "password", "accesskey", "apikey"];
/// Paging cursors: named like secrets, and wanted in logs.
const NOT_SECRET: &[&str] = &["page_token", "next_page_token"];

/// Parts of a setting's name that make its value a secret …
const SETTING_PARTS: &[&str] = &["token", "secret", "password", "key"];
/// … unless it ends in a unit or says that it is a place, as `token_ttl_s` and `keys_dir` do.
const SETTING_UNITS: &[&str] =
    &["s", "ms", "min", "h", "days", "bytes", "rows", "count", "burst", "per", "dir", "path"];

/// Whether a parameter called `name` carries a secret.
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !NOT_SECRET.contains(&name.as_str())
        && (SECRET_PARTS.iter().any(|part| name.contains(part))
            || name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| SECRET_WORDS.contains(&word)))
}

/// Whether the setting `key` (with or without its section) holds a secret.
pub fn is_secret_setting(key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase();
    let last = name.rsplit('_').next().unwrap_or(&name);
    SETTING_PARTS.iter().any(|part| name.contains(part)) && !SETTING_UNITS.contains(&last)
}

/// `query` (with or without a path before its `?`) with the values of secret parameters masked.
pub fn redact_query(query: &str) -> String {
    let (path, pairs) = match query.split_once('?') {
        Some((path, pairs)) => (Some(path), pairs),
        None if query.contains('=') => (None, query),
        None => return query.to_owned(),
    };
    let (pairs, fragment) = pairs.split_once('#').map_or((pairs, ""), |(pairs, fragment)| (pairs, fragment));
    let masked: Vec<Cow<'_, str>> = pairs.split('&').map(pair).collect();
    let masked = masked.join("&");
    // A fragment may hold a token as well (OAuth's implicit answers do), and nobody misses it in a log.
    let fragment = if fragment.is_empty() { String::new() } else { format!("#{MASK}") };
    path.map_or_else(|| format!("{masked}{fragment}"), |path| format!("{path}?{masked}{fragment}"))
}

fn pair(pair: &str) -> Cow<'_, str> {
    let Some((name, value)) = pair.split_once('=') else { return Cow::Borrowed(pair) };
    // A server decodes names before it compares them, so `%74oken` is a token too.
    let decoded = form_urlencoded::parse(name.as_bytes()).next().map_or(Cow::Borrowed(name), |(name, _)| name);
    if value.is_empty() || !is_secret_name(&decoded) {
        Cow::Borrowed(pair)
    } else {
        Cow::Owned(format!("{name}={MASK}"))
    }
}

/// `text`, when it is a URL, without user information and without secret query parameters; any other text as it is.
pub fn url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let authority =
        authority.rsplit_once('@').map_or(Cow::Borrowed(authority), |(_, host)| format!("{MASK}@{host}").into());
    format!("{scheme}://{authority}{}", redact_query(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_parameters_are_masked_however_they_are_written() {
        for (given, wanted) in [
            ("/v1.0/chats?token=abc&page_size=3", "/v1.0/chats?token=***&page_size=3"),
            ("token=abc", "token=***"),
            ("accesskey=a&api_token=b&chat_user_token=c", "accesskey=***&api_token=***&chat_user_token=***"),
            ("session_id=1&db=demo", "session_id=***&db=demo"),
            ("Password=x&auth-code=1", "Password=***&auth-code=***"),
            ("%74oken=x", "%74oken=***"),
            ("data[api_token]=x", "data[api_token]=***"),
            ("page_token=2026&author=ann", "page_token=2026&author=ann"),
            ("/ping", "/ping"),
            ("/a?b=1#access_token=2", "/a?b=1#***"),
            ("token=", "token="),
        ] {
            assert_eq!(redact_query(given), wanted);
        }
    }

    #[test]
    fn urls_lose_user_information() {
        assert_eq!(url("postgres://ann:p@ss@db/x"), "postgres://***@db/x");
        assert_eq!(url("amqp://guest:guest@mq:5672/%2f?heartbeat=5"), "amqp://***@mq:5672/%2f?heartbeat=5");
        assert_eq!(url("sqlite:///var/x.db"), "sqlite:///var/x.db");
        assert_eq!(url("postgres://db/x?password=y"), "postgres://db/x?password=***");
        assert_eq!(url("plain text"), "plain text");
    }

    #[test]
    fn settings_that_only_sound_secret_are_shown() {
        for secret in ["root_token", "auth.root_token", "sms.api_key", "mail.smtp_password", "keys", "hmac_secret"] {
            assert!(is_secret_setting(secret), "{secret}");
        }
        for open in ["auth.token_ttl_s", "keys_dir", "limits.code_count", "server.listen"] {
            assert!(!is_secret_setting(open), "{open}");
        }
    }
}
