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
    get_as(house, "ada", path).await
}

async fn get_as(house: &House, person: &str, path: &str) -> String {
    let (status, _, bytes) = house.ask(person, Request::get(path), Vec::new()).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    String::from_utf8(bytes).unwrap()
}

async fn post(house: &House, path: &str, pairs: &[(&str, &str)], json: bool) -> (StatusCode, String) {
    post_as(house, "ada", path, pairs, json).await
}

async fn post_as(house: &House, person: &str, path: &str, pairs: &[(&str, &str)], json: bool) -> (StatusCode, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = if json { request.header(header::ACCEPT, "application/json") } else { request };
    let (status, headers, bytes) = house.ask(person, request, body.into_bytes()).await;
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
    let why = told["errors"][0]["text"].as_str().unwrap();
    assert!(why.starts_with("You saved another text of this answer yourself at ") && !why.contains("olleague"), "{why}");
    // What only goes on where the other tab stopped is taken; what stops earlier gives way to it, and is told so.
    let (status, told) = post(&house, &at, &[(&name, "Saved as one types, and on"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let (status, told) = post(&house, &at, &[(&name, "Saved as"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::OK);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["longer"][0]["text"], "Saved as one types, and on");
    assert!(told["saved"].as_str().unwrap().starts_with("You had written on in another tab"), "{told}");
    let second = told["longer"][0]["ids"][&seen].as_str().unwrap().to_owned();
    let (status, _) = post(&house, &at, &[(&name, "From another tab"), (&seen, &second)], true).await;
    assert_eq!(status, StatusCode::OK);
    // As a form: the same, side by side.
    let (status, page) = post(&house, &at, &[(&name, "A third"), (&seen, &first)], false).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("A third") && page.contains("From another tab"));
    assert!(page.contains("You saved this yourself at ") && !page.contains("A colleague saved this"), "{page}");
    let (status, to) = post(&house, &at, &[(&name, "A third"), (&seen, &hidden(&page, &seen))], false).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, format!("{at}?done=draft-saved").as_str()));
    // Signed out it is 401 for an island, which keeps the text.
    let request = Request::post(&at).header(header::ACCEPT, "application/json");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(house.ask("", request, b"price=1".to_vec()).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_answers_together_is_saved_as_one_types() {
    let house = House::filled().await;
    let at = format!("{}/partners", draft(&house).await);
    let page = get(&house, &at).await;
    assert!(page.contains("data-island=\"draft-keeper\"") && page.contains(&format!("data-action=\"{at}\"")), "{page}");
    let first = hidden(&page, "seen");
    let row = [("partner-1-name", "Weir Works"), ("partner-1-kind", "partner"), ("partner-1-work", "Sensors")];
    let with = |seen: &str, name: &'static str| {
        let mut pairs: Vec<(&str, String)> = row.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        pairs[0].1 = name.to_owned();
        pairs.push(("seen", seen.to_owned()));
        pairs
    };
    let send = async |pairs: Vec<(&str, String)>, json: bool| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&house, &at, &pairs, json).await
    };
    let (status, told) = send(with(&first, "Weir Works"), true).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["saved"].as_str().unwrap().starts_with("Saved "), "{told}");
    let id = told["ids"]["partner-1-id"].as_str().expect("a new row gets its id").to_owned();
    assert_eq!(hidden(&get(&house, &at).await, "partner-1-id"), id);
    // Another text over the older version: both come back, and the row stays the same partner's.
    let (status, told) = send(with(&first, "Weir & Sons"), true).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let row = told["differing"].as_array().unwrap().iter().find(|row| row["field"] == "partner-1-name").unwrap();
    assert_eq!((row["mine"].as_str(), row["theirs"].as_str()), (Some("Weir & Sons"), Some("Weir Works")));
    assert!(row["label"].as_str().unwrap().starts_with("Partner 1: "), "{row}");
    assert_eq!(told["ids"]["partner-1-id"], id);
    assert!(told["errors"][0]["text"].as_str().unwrap().starts_with("You saved this page yourself at "), "{told}");
    let (status, page) = send(with(&first, "Weir & Sons"), false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Weir &amp; Sons") && page.contains("You saved this page yourself at "), "{page}");
    let (status, _) = send(with(told["seen"].as_str().unwrap(), "Weir & Sons"), true).await;
    assert_eq!(status, StatusCode::OK);
    assert!(get(&house, &at).await.contains("Weir &amp; Sons"));
}

#[tokio::test]
async fn a_form_that_is_posted_signed_out_comes_back_with_what_was_typed() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let form = || "application/x-www-form-urlencoded";
    for path in [format!("{at}/partners"), format!("{at}/clarifications?asked=000000000000a"), at] {
        let body = "answer-price=Seventeen+words%0D%0Aon+%3Cb%3E+lines&seen=3&do=save".to_owned();
        let request = Request::post(&path).header(header::CONTENT_TYPE, form());
        let (status, _, bytes) = house.ask("", request, body.into_bytes()).await;
        let page = String::from_utf8(bytes).unwrap();
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(page.contains("on &lt;b&gt; lines<!></pre>") && page.contains(&format!("action=\"{path}\"")), "{page}");
        assert!(hidden(&page, "answer-price").starts_with("Seventeen words"), "it can be sent again");
        assert_eq!((hidden(&page, "seen").as_str(), hidden(&page, "do").as_str()), ("3", "save"));
    }
    let request = Request::post("/account").header(header::CONTENT_TYPE, form());
    let (_, _, bytes) = house.ask("", request, b"do=password&password=Kirschkern+im+Tal&name=Two+words".to_vec()).await;
    let page = String::from_utf8(bytes).unwrap();
    assert!(!page.contains("Kirschkern") && !page.contains("Two words"), "a password is shown to nobody");
}

#[tokio::test]
async fn an_answer_to_a_clarification_is_saved_as_one_types_and_sent_by_its_button() {
    let house = House::filled().await;
    // Tideline was asked in the town, and has not answered.
    let own = house.town.responses().find(|(of, by, _)| (*of, *by) == ("pumps", "tideline")).map(|(.., id)| id);
    let response = own.expect("the town has one");
    let list = format!("/responses/{response}/clarifications");
    let page = get_as(&house, "theo", &list).await;
    assert!(page.contains("data-island=\"draft-keeper\""), "{page}");
    let (_, rest) = page.split_once("data-action=\"").unwrap();
    let at = rest.split('"').next().unwrap().replace("&amp;", "&");
    let answer =
        |words: &'static str, seen: &'static str, act: &'static str| [("answer-requirement", words), ("seen", seen), ("do", act)];
    let (status, told) = post_as(&house, "theo", &at, &answer("We hold the certificate", "0", "save"), true).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["seen"] == "1" && told["saved"].as_str().unwrap().ends_with("not sent yet."), "{told}");
    let page = get_as(&house, "theo", &list).await;
    assert!(page.contains(">\nWe hold the certificate</textarea>") && page.contains("not sent yet."), "{page}");
    let (status, told) = post_as(&house, "theo", &at, &answer("Something else", "0", "save"), true).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["differing"][0]["theirs"], "We hold the certificate");
    let (status, page) = post_as(&house, "theo", &at, &answer("Something else", "0", "save"), false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(">\nSomething else</textarea>") && page.contains(">We hold the certificate<!>"), "{page}");
    let (status, to) = post_as(&house, "theo", &at, &answer("We hold it", "1", ""), false).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("{list}?done=clarified")));
    let page = get_as(&house, "theo", &list).await;
    assert!(page.contains(">\nWe hold it</textarea>") && !page.contains("not sent yet."), "{page}");
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
    let form = form_of(&get(&house, &format!("{at}/paste")).await);
    let pasted = format!("[[1-{form}]] What?\n»Blei« klingt anders.\nWritten on a train.\n[[7]] is of another list.");
    let (status, page) = post(&house, &format!("{at}/paste"), &[("pasted", &pasted)], false).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("»Blei« klingt anders.\nWritten on a train.\n[[7]] is of another list.</textarea>"), "{page}");
    assert!(page.contains("Nothing of it is saved yet"), "{page}");
    let name = first_question(&before);
    assert_eq!(hidden(&get(&house, &at).await, &format!("seen-{name}")), hidden(&before, &format!("seen-{name}")));
    let (status, _) = post(&house, &format!("{at}/paste"), &[("pasted", "No number at all")], false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The form's own mark, as the page of pasting shows it.
fn form_of(page: &str) -> String {
    page.split_once("[[1-").expect("a marker").1.split(']').next().unwrap().to_owned()
}

/// What a control cannot show comes back in a sentence; the draft keeps what it had.
#[tokio::test]
async fn what_is_pasted_where_a_number_or_a_date_belongs_is_told() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let form = form_of(&get(&house, &format!("{at}/paste")).await);
    // Every number is tried with words that no control can show: each of those says so, and none is lost in silence.
    let pasted: String = (1..100).map(|n| format!("[[{n}-{form}]]\nNo such option {n}\n")).collect();
    let (status, page) = post(&house, &format!("{at}/paste"), &[("pasted", &pasted)], false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["is no date: “No such option", "is no whole number: “No such option", "is no amount: “No such option"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let fields = page.matches("No such option").count();
    assert!(fields > 6, "{fields}");
    assert!(page.contains("name=\"price_valid\"") && page.contains("name=\"price_covers\""));
}

/// One answer that no server should hold: the others are saved, and it is named.
#[tokio::test]
async fn one_answer_that_is_too_long_stops_no_other() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let name = first_question(&page);
    let (seen, price) = (format!("seen-{name}"), hidden(&page, "seen-price"));
    let first = hidden(&page, &seen);
    let long = "word ".repeat(8_100);
    let pairs = |cost: &'static str, price: &str| {
        let (seen, price) = ((seen.clone(), first.clone()), ("seen-price".to_owned(), price.to_owned()));
        [(name.clone(), long.clone()), seen, ("price".to_owned(), cost.to_owned()), price]
    };
    let send = async |pairs: [(String, String); 4], json: bool| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post(&house, &at, &pairs, json).await
    };
    let (status, told) = send(pairs("4321", &price), true).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let why = told["errors"][0]["text"].as_str().unwrap();
    assert_eq!(told["errors"][0]["field"], name.as_str());
    assert!(why.contains("at most 40") && why.starts_with("Not saved: "), "{why}");
    let price = told["ids"]["seen-price"].as_str().expect("it is saved").to_owned();
    assert!(get(&house, &at).await.contains("value=\"4321\""));
    let (status, page) = send(pairs("1234", &price), false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("word word word") && page.contains("This may be at most 40"), "what was typed stands there, with why");
    assert!(get(&house, &at).await.contains("value=\"1234\""), "the price is saved");
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

/// Whoever has no organisation yet answers in their own name, and comes back to what they wanted to answer; nowhere else.
#[tokio::test]
async fn a_newcomer_gets_from_a_challenge_to_answering_it_and_nowhere_else() {
    let house = House::filled().await;
    let cookie = house.cookie("noor").await;
    let at = format!("/challenges/{}", house.town.challenge("bins"));
    let ask = async |cookie: &str, path: &str| {
        let (status, _, page) = house.ask_with(cookie, Request::get(path), Vec::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(page).unwrap()
    };
    let register = async |cookie: &str, next: &str| {
        let fields = [("kind", "person"), ("name", "Noor alone"), ("next", next)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post("/organisations/new").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, _) = house.ask_with(cookie, request, body.into_bytes()).await;
        let header = |name: header::HeaderName| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        (status, header(header::LOCATION), header(header::SET_COOKIE).split(';').next().unwrap_or_default().to_owned())
    };
    let notice = ask(&cookie, &at).await;
    assert!(notice.contains("Answer in your own name") && notice.contains("Answer for a company or a team"), "{notice}");
    let way = format!("/organisations/new?kind=person&next={}", at.replace('/', "%2F"));
    assert!(notice.contains(&way.replace('&', "&amp;")), "{notice}");
    let form = ask(&cookie, &way).await;
    assert_eq!(hidden(&form, "next"), at);
    assert!(form.contains("value=\"person\" checked"), "{form}");
    let (status, to, mut now) = register(&cookie, &at).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, at.as_str()));
    assert!(ask(&now, &at).await.contains(&format!("action=\"{at}/answer\"")), "now it is answered by a button");
    for other in ["//evil.example/", "https://evil.example/", "/\\evil.example"] {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs([("next", other)]).finish();
        assert_eq!(hidden(&ask(&now, &format!("/organisations/new?{query}")).await, "next"), "/work");
        let (_, to, again) = register(&now, other).await;
        assert_eq!(to, "/work");
        now = again;
    }
}

/// An address that is no text is told on a page of the site.
#[tokio::test]
async fn an_address_that_is_no_text_is_answered_by_a_page() {
    let house = House::filled().await;
    let request = Request::post("/responses/%ff").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, headers, page) = house.ask("ada", request, b"price=1".to_vec()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    assert!(String::from_utf8(page).unwrap().contains("<main"));
}

/// Where the envelope of what was submitted is damaged, its supplier's page says so, by the question, and promises nothing of it.
#[tokio::test]
async fn a_submission_that_was_lost_is_not_said_to_be_accepted_and_its_questions_are_named() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let name = first_question(&get(&house, &at).await);
    let (status, to) = post(&house, &at, &[(&name, "At 16:58"), ("do", "submit"), ("key", "k")], false).await;
    assert!(status == StatusCode::SEE_OTHER && to.starts_with("/receipts/"), "{to}");
    let accepted = "would be accepted as it stands";
    assert!(get(&house, &at).await.contains(accepted));
    house.kept.tamper("update envelope set sealed = x'00'").await;
    let page = get(&house, &at).await;
    assert!(page.contains("the service has lost what it received") && !page.contains(accepted), "{page}");
    let line = page.split(&format!("data-of=\"{name}\"")).nth(1).and_then(|rest| rest.split("</p>").next()).unwrap();
    assert!(line.contains(" hidden") && line.ends_with('>'), "nothing says that it is saved: {line}");
    let (status, page) = post(&house, &at, &[("price", "1234"), ("do", "submit"), ("key", "l")], false).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(&format!("href=\"#{name}\"")), "{page}");
    assert!(page.contains("”: what was written there cannot be read any more"), "{page}");
}

/// What the database says of a submission is shown as that, and never as a receipt, where it is not what was recorded.
#[tokio::test]
async fn what_is_not_as_it_was_recorded_is_shown_as_no_receipt() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let name = first_question(&get(&house, &at).await);
    let (_, receipt) = post(&house, &at, &[(&name, "At 16:58"), ("do", "submit"), ("key", "k")], false).await;
    let receipt = receipt.split('?').next().unwrap().to_owned();
    let file = format!("{receipt}/receipt.json");
    let download = async || house.ask("ada", Request::get(&file), Vec::new()).await.0;
    let page = get(&house, &receipt).await;
    assert!(page.contains(&file) && page.contains("This submission stands") && !page.contains("This is no receipt"), "{page}");
    assert_eq!(download().await, StatusCode::OK);
    house.kept.tamper("update submission set received_at = received_at - 1").await;
    let page = get(&house, &receipt).await;
    assert!(!page.contains(&file) && !page.contains("This submission stands") && page.contains("This is no receipt"), "{page}");
    assert_eq!(download().await, StatusCode::CONFLICT);
}

/// A colleague took a file away while the form was open: it is told by the question, what was typed stands there, and the next
/// press goes through.
#[tokio::test]
async fn what_is_submitted_at_once_goes_along_with_the_files_that_its_form_showed() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let (_, rest) = page.split_once(&format!("href=\"{at}/files/of/")).expect("a question asks for files");
    let field = rest.split('"').next().unwrap().to_owned();
    let of = format!("{at}/files/of/{field}");
    let mut body = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.pdf\"\r\n\r\n".to_vec();
    body.extend(PDF);
    body.extend(b"\r\n--cut--\r\n");
    let request = Request::post(&of).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    assert_eq!(house.ask("ada", request, body).await.0, StatusCode::SEE_OTHER);
    let shown = hidden(&get(&house, &at).await, "files");
    assert!(shown.starts_with(&format!("{field}=")), "{shown}");
    let (_, file) = shown.rsplit_once(['=', ',']).unwrap();
    let (status, _) = post(&house, &of, &[("remove", file)], false).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    let whole = get(&house, &at).await;
    let name = first_question(&whole);
    let typed = [(name.as_str(), "Typed at 16:59"), ("do", "submit"), ("key", "k")];
    let with = |files: &str| -> Vec<(String, String)> {
        let files = ("files".to_owned(), files.to_owned());
        typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).chain([files]).collect()
    };
    let submits = async |files: &str| {
        let pairs = with(files);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        post(&house, &at, &pairs, false).await
    };
    let (status, page) = submits(&shown).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("were added or removed since this page was opened") && page.contains("Typed at 16:59"), "{page}");
    assert!(page.contains(&format!("href=\"#{field}\"")), "it leads to the question");
    let (_, again) = submits(&hidden(&page, "files")).await;
    assert!(!again.contains("were added or removed since this page was opened"), "{again}");
}

#[tokio::test]
async fn what_a_page_sends_by_itself_is_taken_from_its_writer_alone() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let name = first_question(&page);
    let (_, rest) = page.split_once("data-person=\"").expect("who writes");
    let person = rest.split('"').next().unwrap();
    let send = |by: &str| {
        let request = Request::post(&at).header(header::ACCEPT, "application/json").header("x-written-by", by);
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    };
    let body = format!("{name}=Mine").into_bytes();
    // Somebody else has signed in at the same browser, although of the same supplier: the page is told that it is signed out.
    let (status, ..) = house.ask("ada", send("0000000000001"), body.clone()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(!get(&house, &at).await.contains(">\nMine<"));
    assert_eq!(house.ask("ada", send(person), body).await.0, StatusCode::OK);
    assert!(get(&house, &at).await.contains(">\nMine<"));
}

#[tokio::test]
async fn one_page_of_a_draft_saves_an_answer_that_stands_on_another() {
    let house = House::filled().await;
    let at = draft(&house).await;
    let page = get(&house, &at).await;
    let name = first_question(&page);
    let seen = format!("seen-{name}");
    let (first, third) = (hidden(&page, &seen), format!("{at}?one=3"));
    assert!(!get(&house, &third).await.contains(&format!("name=\"{name}\"")), "another question's page");
    // As the browser sends what it kept, with the version it was written over.
    let (status, _) = post(&house, &third, &[(&name, "Kept elsewhere"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::OK);
    assert!(get(&house, &at).await.contains("Kept elsewhere"));
    let (status, told) = post(&house, &third, &[(&name, "Kept by another tab"), (&seen, &first)], true).await;
    assert_eq!(status, StatusCode::CONFLICT, "both are shown, and none is written over");
    assert!(told.contains("Kept elsewhere"));
}

/// A response that its supplier can submit: who, its address, and the fields of its review page.
async fn submittable(house: &House) -> (&'static str, String, Vec<u8>) {
    for (person, organisation) in [("ada", "hedgerow"), ("olu", "causeway")] {
        for (.., id) in house.town.responses().filter(|(_, by, _)| *by == organisation) {
            let at = format!("/responses/{id}/review");
            let (status, _, page) = house.ask(person, Request::get(&at), Vec::new()).await;
            let page = String::from_utf8(page).unwrap();
            if status == StatusCode::OK && page.contains("name=\"draft\"") {
                let fields = ["draft", "version", "key"].map(|name| (name, hidden(&page, name)));
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                return (person, at, body.into_bytes());
            }
        }
    }
    panic!("the town has no response that can be submitted");
}

/// Nothing that the server has to look up or to wait for makes anybody late: here it reaches the database only after the deadline.
#[tokio::test]
async fn received_is_when_the_request_was_whole_and_not_when_its_sender_was_made_out() {
    let house = House::filled().await;
    let (person, at, body) = submittable(&house).await;
    let store = &house.desk.store;
    let id = domain::ids::ResponseId::parse(at.split('/').nth(2).unwrap()).unwrap();
    let user = house.town.people.iter().find(|known| known.key == person).unwrap();
    let cookie = house.cookie(person).await;
    let session = cookie.strip_prefix("wp_session=").unwrap();
    let actor = workflow::account::signed_in(&house.desk, session).await.unwrap().unwrap().actor;
    let own = workflow::response::read_own_response(&house.desk, &actor, id).await.unwrap();
    let deadline = own.terms.deadline;
    let ahead = deadline.micros() - store.now().micros() - 5_000_000;
    store.set_clock_offset(store.clock_offset() + ahead).await.unwrap();
    // Sessions end when nobody was there for long: this one is fresh again.
    let cookie =
        format!("wp_session={}", workflow::account::sign_in(&house.desk, &user.email, user.password, "test").await.unwrap().0);

    let mut held = Vec::new();
    while let Ok(conn) = tokio::time::timeout(std::time::Duration::from_millis(200), store.read()).await {
        held.push(conn.unwrap());
    }
    let request = Request::post(&at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let posted = house.ask_with(&cookie, request, body);
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        store.set_clock_offset(store.clock_offset() + 10_000_000).await.unwrap();
        assert!(store.now().reached(deadline), "the deadline is over before the session is looked up");
        held.clear();
    };
    let ((status, headers, page), ()) = tokio::join!(posted, meanwhile);
    let page = String::from_utf8(page).unwrap();
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let to = headers[header::LOCATION].to_str().unwrap();
    let receipt = domain::ids::SubmissionId::parse(to.split(['/', '?']).nth(2).unwrap()).unwrap();
    let receipt = workflow::response::read_receipt(&house.desk, &actor, receipt).await.unwrap();
    assert!(receipt.submission.received_at < deadline.micros());
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_asked_to_whether_or_not_there_is_such_a_receipt() {
    let house = House::filled().await;
    let (person, at, body) = submittable(&house).await;
    let request = Request::post(&at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (_, headers, _) = house.ask(person, request, body).await;
    let receipt = headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let response = at.trim_end_matches("/review").to_owned();
    let nothing = domain::ids::to_text(1);
    let receipts = [receipt, format!("/receipts/{nothing}")].map(|at| [at.clone(), format!("{at}/receipt.json")]);
    let responses = [response, format!("/responses/{nothing}")]
        .map(|at| ["", "/review", "/clarifications", "/letter"].map(|end| format!("{at}{end}")));
    for at in receipts.concat().iter().chain(&responses.concat()) {
        let (status, headers, _) = house.ask("", Request::get(at), Vec::new()).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{at}");
        let to = headers[header::LOCATION].to_str().unwrap();
        assert!(to.starts_with("/sign-in?next="), "{to}");
        // Whoever is signed in and has no part in it learns nothing.
        assert_eq!(house.ask("tom", Request::get(at), Vec::new()).await.0, StatusCode::NOT_FOUND, "{at}");
    }
}

#[tokio::test]
async fn a_page_of_a_list_that_there_is_not_leads_to_the_last_one() {
    let house = House::filled().await;
    for (list, more) in [("/library", ""), ("/challenges", "show=open&"), ("/notices", ""), ("/soundings", "")] {
        for page in ["99", "999999999999999999999", "100000"] {
            let (status, headers, _) = house.ask("ada", Request::get(format!("{list}?{more}page={page}")), Vec::new()).await;
            if status == StatusCode::OK {
                // What is no number is the first page.
                assert_eq!(page.len(), 21, "{list} {page}");
                continue;
            }
            assert_eq!(status, StatusCode::SEE_OTHER, "{list} {page}");
            let to = headers[header::LOCATION].to_str().unwrap().to_owned();
            assert!(to.starts_with(list), "{to}");
            assert_eq!(house.ask("ada", Request::get(to), Vec::new()).await.0, StatusCode::OK);
        }
    }
}

/// Who finds something else than was recorded is told what does not fit, by the numbers of the receipts, and what to do; never that there
/// is no such page.
#[tokio::test]
async fn an_opening_that_is_not_as_it_was_recorded_is_told_to_its_team() {
    for kept in store::testing::each().await {
        let house = House::on(kept).await;
        let challenge = house.town.challenge("visits");
        let (at, kind) = (format!("/challenges/{challenge}/opening"), house.kept.kind);
        let read = async |person: &str, path: &str| {
            let (status, _, bytes) = house.ask(person, Request::get(path), Vec::new()).await;
            (status, String::from_utf8(bytes).unwrap())
        };
        let file = format!("{at}/record.json");
        assert_eq!(read("elin", &at).await.0, StatusCode::OK, "{kind}");
        assert_eq!(read("elin", &file).await.0, StatusCode::OK, "{kind}");
        let round = format!("(select id from round where challenge = {} and number = 1)", challenge.get());
        let one = format!(
            "(select max(submission) from envelope e join submission s on s.id = e.submission where s.round = {round} and e.kind = 'quality' and e.opened_key is not null)"
        );
        let found = house.desk.store.read().await.unwrap().rounds(challenge).await.unwrap()[0].id;
        let round_of = domain::ids::RoundId(found).to_string();
        let bytes = if kind == "postgres" { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
        let saved = "create table saved_opening as select * from opening";
        house.kept.tamper(saved).await;
        house.kept.tamper("create table saved_envelope as select * from envelope").await;
        for (damage, says) in [
            (
                format!("update opening set confirmed_at = confirmed_at - 1 where round = {round}"),
                "it, or the list of what it opened",
            ),
            (
                format!("update envelope set opened_digest = {bytes} where kind = 'quality' and submission = {one}"),
                "is not what its receipt says",
            ),
            (
                format!("update envelope set opened_key = null where kind = 'quality' and submission = {one}"),
                "is not among what was opened",
            ),
        ] {
            house.kept.tamper(&damage).await;
            for path in [&at, &file] {
                let (status, page) = read("elin", path).await;
                assert_eq!(status, StatusCode::CONFLICT, "{kind}: {path}: {damage}");
                assert!(page.contains(says) && page.contains("wellposed audit verify"), "{kind}: {path}: {damage}: {page}");
                assert!(page.contains(&round_of), "by name");
                assert!(!page.contains("name=\"do\""), "nothing is asked for or opened upon it");
            }
            for act in ["open", "ask"] {
                let (status, page) = post_as(&house, "elin", &at, &[("do", act)], false).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{kind}: {act}: {damage}");
                assert!(!page.contains("Page not found"), "{kind}: {act}: {page}");
            }
            assert_eq!(read("ada", &at).await.0, StatusCode::NOT_FOUND, "a supplier learns nothing of it");
            house.kept.tamper("update opening set confirmed_at = (select x.confirmed_at from saved_opening x where x.round = opening.round and x.envelope = opening.envelope)").await;
            for column in ["opened_digest", "opened_key"] {
                house.kept.tamper(&format!("update envelope set {column} = (select x.{column} from saved_envelope x where x.submission = envelope.submission and x.kind = envelope.kind)")).await;
            }
            assert_eq!(read("elin", &at).await.0, StatusCode::OK, "{kind}: as it was");
        }
        // An opening that the record tells of is taken out: it is not done once more as if it had not been.
        house.kept.tamper(&format!("delete from opening where round = {round}")).await;
        let (status, page) = post_as(&house, "elin", &at, &[("do", "open")], false).await;
        assert!([StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN].contains(&status), "{kind}: {status}: {page}");
    }
}
