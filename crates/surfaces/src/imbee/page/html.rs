//! The page as HTML: one document, nothing fetched from elsewhere. Its policy lets only the style and script run that
//! stand in it, by their hashes, and its address, which is a secret, is told nobody.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::auth::Invitation;
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
});

/// The page of an invitation that exists, ended or not. A visit under way goes on also when the invitation has ended.
pub fn page(invitation: &Invitation, bot: &str, tenant: &str) -> HttpResponse {
    let (bot, tenant) = (escaped(bot), escaped(tenant));
    let Invitation { max_uses, uses, last_day, open, .. } = invitation;
    let (notice, start) = if *open {
        let times = match max_uses.saturating_sub(*uses) {
            1 => "once more".to_owned(),
            left => format!("{left} more times"),
        };
        let notice = format!("You will talk to {bot} of {tenant}. This link works until {last_day} (UTC), {times}.");
        (notice, r#"<button id="start" type="button">Start the conversation</button>"#)
    } else if uses >= max_uses {
        (format!("This invitation has ended: it was used {uses} of {max_uses} times."), "")
    } else {
        (format!("This invitation has ended: it was valid until {last_day} (UTC)."), "")
    };
    let content = format!(
        r#"<h1>{bot}</h1>
<p id="of">{tenant}</p>
<p id="notice" role="status">{notice}</p>
{start}
<ol id="log" role="log" aria-label="Messages" hidden></ol>
<form id="say" hidden>
<textarea id="text" aria-label="Message" rows="2" maxlength="20000" required></textarea>
<button>Send</button>
</form>
<noscript><p>This page needs JavaScript.</p></noscript>"#
    );
    document(StatusCode::OK, &bot, &content, Some(SCRIPT))
}

/// The page of a token nobody knows.
pub fn unknown() -> HttpResponse {
    let content = "<h1>No such invitation</h1>\n<p>This link does not exist, or was replaced by a newer one.</p>";
    document(StatusCode::NOT_FOUND, "No such invitation", content, None)
}

fn document(status: StatusCode, title: &str, content: &str, script: Option<&str>) -> HttpResponse {
    let script = script.map(|script| format!("<script>{script}</script>\n")).unwrap_or_default();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{content}\n</main>\n{script}</body>\n\
         </html>\n"
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(html)
}

/// Text that stays text, between tags and within quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::{InvitationId, TenantId, UserId};

    use super::*;
    use crate::imbee::wire::testing::text;

    fn invitation(uses: i64, open: bool) -> Invitation {
        Invitation {
            id: InvitationId::new(),
            tenant: TenantId::new(),
            visitor: UserId::new(),
            bot: UserId::new(),
            secret: "s3cret".into(),
            max_uses: 10,
            uses,
            last_day: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
            open,
        }
    }

    #[test]
    fn an_open_invitation_shows_whom_and_how_long() {
        let html = text(page(&invitation(3, true), "Assistant", "demo"));
        assert!(html.contains("You will talk to Assistant of demo."));
        assert!(html.contains("until 2026-12-31 (UTC), 7 more times."));
        assert!(html.contains(r#"id="start""#) && !html.contains("s3cret"));
        assert!(text(page(&invitation(9, true), "Assistant", "demo")).contains("once more"));
    }

    #[test]
    fn an_ended_one_says_so_and_has_no_start() {
        let spent = text(page(&invitation(10, false), "Assistant", "demo"));
        assert!(spent.contains("has ended: it was used 10 of 10 times") && !spent.contains(r#"id="start""#));
        let past = text(page(&invitation(0, false), "Assistant", "demo"));
        assert!(past.contains("has ended: it was valid until 2026-12-31") && !past.contains(r#"id="start""#));
    }

    #[test]
    fn names_stay_text() {
        let html = text(page(&invitation(0, true), "<script>alert('b')</script>", "\"A&B\""));
        assert!(!html.contains("<script>alert") && !html.contains("\"A&B\""));
        assert!(html.contains("&#60;script&#62;alert(&#39;b&#39;)") && html.contains("&#34;A&#38;B&#34;"));
    }

    #[test]
    fn the_policy_names_exactly_what_stands_in_the_page() {
        let response = page(&invitation(0, true), "Assistant", "demo");
        let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap().to_owned();
        let html = text(response);
        for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
            let inside = html.split_once(&format!("<{tag}>")).unwrap().1.split_once(&format!("</{tag}>")).unwrap().0;
            let hash = STANDARD.encode(Sha256::digest(inside));
            assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{tag}");
        }
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert!(!html.contains("http://") && !html.contains("https://") && !html.contains(" src="));
    }

    #[test]
    fn nobody_is_told_the_address() {
        for response in [page(&invitation(0, true), "Assistant", "demo"), unknown()] {
            assert_eq!(response.headers().get(header::REFERRER_POLICY).unwrap(), "no-referrer");
            assert_eq!(response.headers().get(header::CACHE_CONTROL).unwrap(), "no-store");
        }
        assert_eq!(unknown().status(), StatusCode::NOT_FOUND);
    }
}
