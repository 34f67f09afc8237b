//! The draft of a response through HTTP: as a form, as an island asks, as a document and back; its files.

use axum::http::{Request, StatusCode, header};

use crate::files::House;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

/// A draft that Hedgerow Analytics can still write, and its address.
async fn draft(house: &House) -> String {
    let own = house.town.responses().find(|(of, by, _)| (*of, *by) == ("bins", "hedgerow")).map(|(.., id)| id);
    format!("/responses/{}", own.expect("the town has one"))
}

async fn get(house: &House, path: &str) -> String {
    let (status, _, bytes) = house.ask("ada", Request::get(path), Vec::new()).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    String::from_utf8(bytes).unwrap()
}

async fn post(house: &House, path: &str, pairs: &[(&str, &str)], json: bool) -> (StatusCode, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = if json { request.header(header::ACCEPT, "application/json") } else { request };
    let (status, headers, bytes) = house.ask("ada", request, body.into_bytes()).await;
    let to = headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    (status, to.unwrap_or_else(|| String::from_utf8(bytes).unwrap()))
}

/// The value of the hidden field of a name.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a hidden field");
    rest.split('"').next().unwrap().to_owned()
}

fn first_question(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"question-").expect("a question");
    format!("question-{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn an_island_is_told_what_was_saved_and_what_a_colleague_wrote_meanwhile() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let name = first_question(&page);
    let seen = format!("seen-{name}");
    let first = hidden(&page, &seen);
    let (status, told) = post(&house, &at, &[(&name, "Saved as one types"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::OK);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["saved"].as_str().unwrap().starts_with("Saved "), "{told}");
    let second = told["ids"][&seen].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    // Over what the first one wrote: both texts come back, and nothing is lost.
    let (status, told) = post(&house, &at, &[(&name, "From another tab"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["differing"][0]["mine"], "From another tab");
    assert_eq!(told["differing"][0]["theirs"], "Saved as one types");
    assert_eq!(told["newer"][&seen], second);
    let (status, _) = post(&house, &at, &[(&name, "From another tab"), (&seen, &second)], true).await;
    assert_eq!(status, StatusCode::OK);
    // As a form: the same, side by side.
    let (status, page) = post(&house, &at, &[(&name, "A third"), (&seen, &first)], false).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("A third") && page.contains("From another tab"));
    let (status, to) = post(&house, &at, &[(&name, "A third"), (&seen, &hidden(&page, &seen))], false).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, format!("{at}?done=draft-saved").as_str()));
    // Signed out it is 401 for an island, which keeps the text.
    let request = Request::post(&at).header(header::ACCEPT, "application/json");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(house.ask("", request, b"price=1".to_vec()).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_questions_leave_as_a_document_and_the_answers_come_back_without_being_saved() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let (status, headers, bytes) = house.ask("ada", Request::get(format!("{at}/document")), Vec::new()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".docx\""));
    assert!(bytes.starts_with(b"PK"));
    let before = get(&house, &at).await;
    let (status, page) =
        post(&house, &format!("{at}/paste"), &[("pasted", "[[1]] What?\n» 250 words\nWritten on a train.")], false).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Written on a train.") && page.contains("Nothing of it is saved yet"), "{page}");
    let name = first_question(&before);
    assert_eq!(hidden(&get(&house, &at).await, &format!("seen-{name}")), hidden(&before, &format!("seen-{name}")));
    let (status, _) = post(&house, &format!("{at}/paste"), &[("pasted", "No number at all")], false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_file_is_handed_in_and_out_and_an_earlier_answer_put_in() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let (_, rest) = page.split_once(&format!("href=\"{at}/files/of/")).expect("a question asks for files");
    let of = format!("{at}/files/of/{}", rest.split('"').next().unwrap());
    let mut body = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.pdf\"\r\n\r\n".to_vec();
    body.extend(PDF);
    body.extend(b"\r\n--cut--\r\n");
    let request = || Request::post(&of).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    let (status, ..) = house.ask("ada", request(), body.clone()).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(house.ask("olu", request(), body.clone()).await.0, StatusCode::NOT_FOUND, "another supplier's draft");
    assert_eq!(house.ask("tom", request(), body).await.0, StatusCode::NOT_FOUND);
    let page = get(&house, &of).await;
    let (before, _) = page.split_once(">plan.pdf<").expect("it is listed");
    let file = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let (status, headers, bytes) = house.ask("ada", Request::get(&file), Vec::new()).await;
    assert_eq!((status, &bytes[..]), (StatusCode::OK, PDF));
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(house.ask("tom", Request::get(&file), Vec::new()).await.0, StatusCode::NOT_FOUND, "not before the opening");

    let name = first_question(&get(&house, &at).await);
    let reuse = format!("{at}/reuse/{name}");
    let offered = get(&house, &reuse).await;
    let source = hidden(&offered, "source");
    let (status, to) = post(&house, &reuse, &[("source", &source)], false).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("{at}?done=answer-reused#{name}")));
    let (status, _) = post(&house, &reuse, &[("source", "nobody's")], false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
