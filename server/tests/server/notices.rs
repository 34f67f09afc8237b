//! A notice's mail as a mail program takes it: its parts, its headers, and the one click that stops it.

use app::AppOptions;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::notice::{Choice, Event, EventKind};
use leptos::config::LeptosOptions;
use mail_parser::{MessageParser, MimeHeaders};
use server::mail::Sender;
use server::settings::Flags;
use tower::ServiceExt;
use workflow::{Desk, Error, account, notice};

use crate::support::{desk, settings};

/// A person who is told that a buyer was verified: the mail as it lies in the folder.
async fn mailed(desk: &Desk, title: &str) -> Vec<u8> {
    let person = [("name", "Ana"), ("email", "ana@city.example"), ("password", "a password of tests"), ("zone", "Europe/Paris")];
    let user = account::add_user(desk, &person.into_iter().collect(), false).await.unwrap();
    let mut event = Event::of(EventKind::PanelSeat, 7).naming([user]);
    event.words.title = title.into();
    let event = event.act_by(domain::moment::local("2026-12-01", "17:00", "Europe/London").unwrap(), "Europe/London");
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                tx.leave_no_entry();
                Ok::<_, Error>(tx.tell(&event).await?)
            })
        })
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Flags { base_url: Some("https://problems.example.org".into()), ..Flags::default() });
    let mut sender = Sender::new(desk.clone(), &settings);
    while sender.once().await.unwrap() {}
    let file = std::fs::read_dir(settings.mail_folder()).unwrap().next().expect("a mail").unwrap();
    std::fs::read(file.path()).unwrap()
}

fn router(desk: &Desk) -> axum::Router {
    let site = std::env::temp_dir().display().to_string();
    let leptos = LeptosOptions::builder().output_name("wellposed").site_root(site).site_pkg_dir("pkg").build();
    app::router(AppOptions { desk: desk.clone(), leptos, secure: false, keeps_pages: true })
}

async fn go(desk: &Desk, method: &str, path: &str, kind: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
    let response = router(desk).oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn a_notice_is_a_sound_message_in_two_forms_that_say_the_same() {
    let (_kept, desk) = desk().await;
    let title = "Überfüllte Keller – \"zu oft\" & zu <tief>, und noch ein recht langer Titel dazu";
    let bytes = mailed(&desk, title).await;
    let message = MessageParser::default().parse(&bytes).expect("a message");
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 998), "RFC 5322: no longer line");
    let subject = message.subject().unwrap();
    assert!(subject.starts_with("You have a seat on a panel: Überfüllte Keller"), "{subject}");
    assert!(subject.ends_with("by 1 December 2026, 18:00 CET"), "{subject}");
    assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1));
    assert!(message.root_part().content_type().is_some_and(|kind| kind.subtype() == Some("alternative")));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    for part in [&text, &html] {
        assert!(part.contains("1 December 2026, 17:00 GMT for the authority"), "{part}");
        assert!(part.contains("https://problems.example.org/work"), "{part}");
    }
    assert!(text.contains(title) && html.contains("&lt;tief&gt;"), "{text}");
    let stop = message.header_raw("List-Unsubscribe").unwrap().trim();
    assert!(stop.starts_with("<https://problems.example.org/stop?t=") && stop.ends_with('>'), "{stop}");
    assert_eq!(message.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
}

#[tokio::test]
async fn one_click_of_a_mail_program_stops_the_kind_and_a_link_alone_does_not() {
    let (_kept, desk) = desk().await;
    let bytes = mailed(&desk, "Cellars").await;
    let message = MessageParser::default().parse(&bytes).expect("a message");
    let stop = message.header_raw("List-Unsubscribe").unwrap().trim().trim_matches(['<', '>']).to_owned();
    let path = stop.trim_start_matches("https://problems.example.org").to_owned();
    let choice = async || {
        let ana = desk.store.read().await.unwrap().user_by_email("ana@city.example").await.unwrap().unwrap();
        let actor = domain::organisation::Actor::User { user: ana.id.into(), administrator: false, acting_as: None };
        let all = notice::notice_choices(&desk, &actor).await.unwrap();
        all.into_iter().find(|(kind, _)| *kind == EventKind::PanelSeat).unwrap().1
    };
    let plain = "application/x-www-form-urlencoded";
    let (status, page) = go(&desk, "GET", &path, plain, "").await;
    assert!(status == StatusCode::OK && page.contains("<button"), "{page}");
    assert_eq!(choice().await, Choice::AtOnce, "scanners follow links");
    // RFC 8058, 3.2: either kind of form, no cookie, and no redirect for an answer.
    let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (kind, body) in [(plain, "List-Unsubscribe=One-Click"), ("multipart/form-data; boundary=x", parts)] {
        assert_eq!(go(&desk, "POST", &path, kind, body).await.0, StatusCode::OK);
        assert_eq!(choice().await, Choice::InApp);
        assert_eq!(go(&desk, "POST", &path, plain, "do=again").await.0, StatusCode::OK);
        assert_eq!(choice().await, Choice::AtOnce);
    }
    for bad in ["/stop", "/stop?t=", "/stop?t=a.b.c", &path.replace("panel_seat", "letter")] {
        assert_eq!(go(&desk, "POST", bad, plain, "").await.0, StatusCode::NOT_FOUND, "{bad}");
    }
    assert_eq!(choice().await, Choice::AtOnce);
}
