//! Files in the answer to a clarification, through HTTP: handed in, taken off, sent, read beside what is scored.

use axum::http::{Request, StatusCode, header};

use crate::files::House;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

/// The value of the hidden field of a name.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a hidden field");
    rest.split('"').next().unwrap().to_owned()
}

/// The second requirement of the pumping stations, of the response by Tideline: asked about, with files that show it.
async fn asked_about(house: &House) -> (String, String) {
    let (challenge, response) = (house.town.challenge("pumps"), house.town.response("pumps", "tideline"));
    let officer = house.town.actor("piotr");
    let found = workflow::check::read_check(&house.desk, &officer, challenge).await.unwrap();
    let subject = domain::check::CheckSubject::Requirement(found.terms.requirements.last().unwrap().id);
    let seen = found.mark(response, Some(subject));
    let at = house.desk.store.now().plus(9 * domain::moment::DAY);
    let (date, time) = domain::moment::local_fields(at, &found.terms.zone);
    let form = [
        ("subject", subject.to_string()),
        ("kind", "clarify".into()),
        ("reason", "How do you know?".into()),
        ("field-files", "yes".into()),
        ("field-requirement", "yes".into()),
        ("seen", seen),
        ("deadline_date", date),
        ("deadline_time", time),
    ];
    let form = form.into_iter().collect();
    workflow::check::check_response(&house.desk, &officer, challenge, response, &form).await.unwrap();
    let asked = workflow::check::read_clarifications(&house.desk, &house.town.actor("theo"), response).await.unwrap();
    let asked = asked.asked.iter().rfind(|asked| asked.subject == subject).unwrap().id;
    (format!("/responses/{response}/clarifications"), domain::ids::to_text(asked))
}

#[tokio::test]
async fn files_are_handed_in_with_the_answer_to_a_clarification() {
    let house = House::filled().await;
    let (at, asked) = asked_about(&house).await;
    let (challenge, response) = (house.town.challenge("pumps"), house.town.response("pumps", "tideline"));
    let of = format!("{at}/{asked}/files/files");
    let read = async |person: &str, path: &str| {
        let (status, _, bytes) = house.ask(person, Request::get(path), Vec::new()).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    let page = read("theo", &format!("{at}?asked={asked}")).await.1;
    assert!(page.contains("value=\"files-files\""), "the form leads to the files");
    let upload = |name: &str, bytes: &[u8]| {
        let mut body =
            format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
        body.extend(bytes);
        body.extend(b"\r\n--cut--\r\n");
        body
    };
    let request = || Request::post(&of).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    // As a form, and as the island posts it.
    let (status, headers, _) = house.ask("theo", request(), upload("plan.pdf", PDF)).await;
    assert_eq!(
        (status, headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, &*format!("{of}?done=file-attached"))
    );
    let json = request().header(header::ACCEPT, "application/json");
    assert_eq!(house.ask("theo", json, upload("more.pdf", PDF)).await.0, StatusCode::OK);
    let (status, _, bytes) = house.ask("theo", request(), upload("plan.exe", PDF)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(String::from_utf8_lossy(&bytes).contains("href=\"#file\""), "told by the field");
    for person in ["sofia", "piotr", "ingrid", "ruth"] {
        assert_eq!(house.ask(person, request(), upload("theirs.pdf", PDF)).await.0, StatusCode::NOT_FOUND, "{person}");
        assert_eq!(read(person, &of).await.0, StatusCode::NOT_FOUND, "{person}");
    }
    let nowhere = format!("{at}/{asked}/files/price");
    assert_eq!(read("theo", &nowhere).await.0, StatusCode::NOT_FOUND, "answered in words");

    // One is taken off again; what is left waits to be sent.
    let listed = read("theo", &of).await.1;
    let remove = hidden(listed.split_once(">more.pdf<").unwrap().1, "remove");
    let form = |pairs: &[(&str, &str)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes();
    let typed = |to: &str| Request::post(to).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(house.ask("theo", typed(&of), form(&[("remove", &remove)])).await.0, StatusCode::SEE_OTHER);
    let page = read("theo", &format!("{at}?asked={asked}")).await.1;
    assert!(page.contains(">plan.pdf<") && !page.contains(">more.pdf<") && page.contains("Not sent yet"));
    let file = page.split_once(">plan.pdf<").unwrap().0.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let id = file.rsplit('/').next().unwrap();
    let opened = format!("/challenges/{challenge}/responses/{response}/files/{id}");
    let check = format!("/challenges/{challenge}/check/{response}");
    for person in ["piotr", "ingrid", "sofia", "ruth"] {
        assert_eq!(read(person, &opened).await.0, StatusCode::NOT_FOUND, "{person}: not sent");
    }
    assert!(!read("piotr", &check).await.1.contains("plan.pdf"));

    // What was typed is saved on the way to the files, and is there on the way back.
    let seen = hidden(&page, "seen");
    let typing = [("asked", asked.as_str()), ("seen", &seen), ("do", "files-files"), ("answer-requirement", "Typed before.")];
    let (status, headers, _) = house.ask("theo", typed(&at), form(&typing)).await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, of.as_str()));
    let page = read("theo", &format!("{at}?asked={asked}")).await.1;
    assert!(page.contains("Typed before.") && page.contains(">plan.pdf<"));
    let (status, _, bytes) = house.ask("theo", typed(&at), form(&typing)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "the same again: {}", String::from_utf8_lossy(&bytes));
    let nowhere = [("asked", asked.as_str()), ("do", "files-price")];
    let (_, headers, _) = house.ask("theo", typed(&at), form(&nowhere)).await;
    let to = headers[header::LOCATION].to_str().unwrap().to_owned();
    assert_eq!(read("theo", &to).await.0, StatusCode::NOT_FOUND, "no files there");
    let page = read("theo", &format!("{at}?asked={asked}")).await.1;

    // Another colleague's change is not sent unseen; what was typed is kept.
    let (status, _, bytes) = house
        .ask("theo", typed(&at), form(&[("asked", &asked), ("held", "nothing"), ("answer-requirement", "See the plan.")]))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(String::from_utf8_lossy(&bytes).contains("See the plan."));
    let held = hidden(&page, "held");
    let sent = form(&[("asked", &asked), ("held", &held), ("answer-requirement", "See the plan.")]);
    assert_eq!(house.ask("theo", typed(&at), sent).await.0, StatusCode::SEE_OTHER);
    let shown = read("piotr", &format!("{check}?cell=all")).await.1;
    let cell = read("piotr", &format!("/challenges/{challenge}/responses/{response}")).await.1;
    assert!(shown.contains("<h1") && cell.contains(&format!("href=\"{opened}\"")), "beside the untouched original");
    let (status, headers, bytes) = house.ask("piotr", Request::get(&opened), Vec::new()).await;
    assert_eq!((status, &bytes[..]), (StatusCode::OK, PDF));
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
    for person in ["sofia", "ruth", ""] {
        assert_ne!(read(person, &opened).await.0, StatusCode::OK, "{person}");
    }

    // Once every response is passed the panel reads them in the scoring room.
    let found = workflow::check::read_check(&house.desk, &house.town.actor("piotr"), challenge).await.unwrap();
    for of in &found.responses {
        let pass = [("subject", "all".to_owned()), ("reason", "Shown.".into()), ("seen", found.mark(of.id, None))];
        let (piotr, pass) = (house.town.actor("piotr"), pass.into_iter().collect());
        match workflow::check::check_response(&house.desk, &piotr, challenge, of.id, &pass).await {
            Ok(()) | Err(workflow::Error::Stale) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    let criterion = found.terms.leaves().next().unwrap().id();
    let room = format!("/challenges/{challenge}/scoring/{response}/{criterion}");
    let (status, page) = read("yusuf", &room).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains(&format!("href=\"{opened}\"")), "beside what is scored");
    assert_eq!(house.ask("yusuf", Request::get(&opened), Vec::new()).await.2, PDF);
}

/// What lay ready when the time to answer ended is its supplier's, who is told that it was not sent.
#[tokio::test]
async fn a_file_that_was_not_sent_in_time_is_said_so() {
    let house = House::filled().await;
    let (at, asked) = asked_about(&house).await;
    let (challenge, response) = (house.town.challenge("pumps"), house.town.response("pumps", "tideline"));
    let body = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"late.pdf\"\r\n\r\n%PDF-1.7\n\r\n--cut--\r\n";
    let request = Request::post(format!("{at}/{asked}/files/files"));
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    assert_eq!(house.ask("theo", request, body.to_vec()).await.0, StatusCode::SEE_OTHER);
    let store = &house.desk.store;
    store.set_clock_offset(store.clock_offset() + 10 * domain::moment::DAY).await.unwrap();
    let user = house.town.people.iter().find(|known| known.key == "theo").unwrap();
    let cookie =
        format!("wp_session={}", workflow::account::sign_in(&house.desk, &user.email, user.password, "test").await.unwrap().0);
    let get = async |path: &str| {
        let (status, _, bytes) = house.ask_with(&cookie, Request::get(path), Vec::new()).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    let (_, page) = get(&at).await;
    let (_, left) = page.split_once("Not sent").expect("said so");
    assert!(left.contains(">late.pdf<") && !page.contains("files-files"), "with what it was, and nothing to change");
    let (status, page) = get(&format!("{at}/{asked}/files/files")).await;
    assert!(status == StatusCode::OK && !page.contains("name=\"remove\"") && !page.contains("type=\"file\""));
    let found = workflow::check::read_check(&house.desk, &house.town.actor("piotr"), challenge).await.unwrap();
    let answers = found.records.iter().filter(|record| record.response == response);
    let mut answers = answers.filter_map(|record| record.clarification.as_ref()?.answer.as_ref());
    assert!(answers.all(|answer| answer.all_files().count() == 0), "nobody else's");
}
