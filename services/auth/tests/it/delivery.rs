//! Mail and SMS.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use contracts::AuthApi as _;
use contracts::auth::Invite;
use domain::{Role, UserId};
use store::Db;
use store::testing::on_each_engine;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{World, trees, until};

async fn invite(world: &World, mail: Option<&str>, phone: Option<&str>) -> (UserId, String) {
    let made = world.tenant("demo").await;
    let visitor = world.user(made.tenant.id, Role::Customer);
    let command = Invite {
        tenant: made.tenant.id,
        visitor,
        bot: made.tenant.bot,
        max_uses: None,
        last_day: None,
        mail: mail.map(Into::into),
        phone: phone.map(Into::into),
        link_prefix: "http://chat.example/t/".into(),
        idempotency: None,
    };
    let secret = world.auth.invite(command).await.unwrap().invitation.secret;
    (visitor, format!("http://chat.example/t/{secret}"))
}

/// Files in a folder that are whole.
fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.')).collect()
}

async fn sent(world: &World) -> bool {
    world.count("SELECT COUNT(*) AS n FROM outgoing").await == 0
}

/// A mail server that takes everything and keeps it.
pub async fn smtp_server(address: SocketAddr) -> Arc<Mutex<Vec<String>>> {
    let listener = TcpListener::bind(address).await.unwrap();
    let mails = Arc::new(Mutex::new(Vec::new()));
    let kept = mails.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(smtp_session(client, kept.clone()));
        }
    });
    mails
}

async fn smtp_session(client: TcpStream, mails: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = client.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => "250 test",
            "RCPT" if line.contains("nobody@") => "550 no such person",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                let mut mail = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                mails.lock().unwrap().push(mail);
                "250 kept"
            }
            _ => "250 ok",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// An address nobody listens on yet.
async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

on_each_engine! {
    migrations = trees();

    async fn without_servers_mail_and_sms_become_files(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let (mail, sms) = (dir.path().join("mail"), dir.path().join("sms"));
        let settings = [("mail.dir", mail.to_str().unwrap()), ("sms.dir", sms.to_str().unwrap())];
        let world = World::at_work(db, &settings);
        let (_, link) = invite(&world, Some("ann@example.com"), Some("+49 1")).await;
        until("both are sent", async || sent(&world).await).await;
        let [letter] = &files(&mail)[..] else { panic!("one mail") };
        assert_eq!(letter.extension().unwrap(), "eml");
        let letter = std::fs::read_to_string(letter).unwrap();
        assert!(letter.contains("To: ann@example.com") && letter.contains(&link), "{letter}");
        assert!(letter.contains("Subject: Botty invites you"), "{letter}");
        let [note] = &files(&sms)[..] else { panic!("one SMS") };
        let note: serde_json::Value = serde_json::from_slice(&std::fs::read(note).unwrap()).unwrap();
        assert_eq!(note["to"], "+49 1");
        assert!(note["text"].as_str().unwrap().ends_with(&link));
        world.stop().await;
    }

    async fn a_server_that_is_down_loses_nothing(db: Db) {
        let address = free_address().await;
        let world = World::at_work(db, &[("mail.smtp_url", &format!("smtp://{address}"))]);
        let (_, link) = invite(&world, Some("ann@example.com"), None).await;
        until("it was tried", async || world.count("SELECT COALESCE(MAX(attempts), 0) AS n FROM outgoing").await > 1).await;
        let mails = smtp_server(address).await;
        until("it is sent", async || sent(&world).await).await;
        let mails = mails.lock().unwrap().clone();
        assert_eq!(mails.len(), 1);
        // Long lines are folded by `=` at their ends.
        assert!(mails[0].replace("=\n", "").contains(&link), "{}", mails[0]);
        world.stop().await;
    }

    async fn an_address_that_is_refused_is_given_up_and_holds_nobody_up(db: Db) {
        let address = free_address().await;
        let mails = smtp_server(address).await;
        let world = World::at_work(db, &[("mail.smtp_url", &format!("smtp://{address}"))]);
        let made = world.tenant("x").await;
        for to in ["nobody@example.com", "no address", "ann@example.com"] {
            let visitor = world.user(made.tenant.id, Role::Customer);
            let command = Invite {
                tenant: made.tenant.id,
                visitor,
                bot: made.tenant.bot,
                max_uses: None,
                last_day: None,
                mail: Some(to.into()),
                phone: None,
                link_prefix: String::new(),
                idempotency: None,
            };
            world.auth.invite(command).await.unwrap();
        }
        until("none is left", async || sent(&world).await).await;
        assert_eq!(mails.lock().unwrap().len(), 1);
        world.stop().await;
    }

    async fn several_instances_send_each_once(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let settings = [("mail.dir", dir.path().to_str().unwrap())];
        let first = World::at_work(db, &settings);
        let mut second = first.beside(&settings);
        second.start();
        let made = first.tenant("many").await;
        for n in 0..30 {
            let visitor = first.user(made.tenant.id, Role::Customer);
            let command = Invite {
                tenant: made.tenant.id,
                visitor,
                bot: made.tenant.bot,
                max_uses: None,
                last_day: None,
                mail: Some(format!("ann{n}@example.com")),
                phone: None,
                link_prefix: String::new(),
                idempotency: None,
            };
            first.auth.invite(command).await.unwrap();
        }
        until("all are sent", async || sent(&first).await).await;
        assert_eq!(files(dir.path()).len(), 30);
        first.stop().await;
        second.stop().await;
    }

    async fn a_folder_that_cannot_be_written_is_tried_again(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("mail");
        std::fs::write(&place, "a file where the folder should be").unwrap();
        let world = World::at_work(db, &[("mail.dir", place.to_str().unwrap())]);
        invite(&world, Some("ann@example.com"), None).await;
        until("it was tried", async || world.count("SELECT COALESCE(MAX(attempts), 0) AS n FROM outgoing").await > 1).await;
        std::fs::remove_file(&place).unwrap();
        until("it is sent", async || sent(&world).await).await;
        assert_eq!(files(&place).len(), 1);
        world.stop().await;
    }
}
