//! Soundings and invited readers through HTTP, with forms as a browser without a script posts them.

use axum::http::{Request, StatusCode, header};

use crate::files::House;

struct Library {
    house: House,
    draft: String,
}

impl Library {
    async fn filled() -> Self {
        let house = House::filled().await;
        let draft = format!("/challenges/{}", house.town.challenge("library"));
        Self { house, draft }
    }

    /// The page, or where it leads.
    async fn get(&self, person: &str, path: &str) -> (StatusCode, String) {
        self.ask(person, Request::get(path), "").await
    }

    async fn post(&self, person: &str, path: &str, body: &str) -> (StatusCode, String) {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(person, request, body).await
    }

    async fn ask(&self, person: &str, request: axum::http::request::Builder, body: &str) -> (StatusCode, String) {
        let (status, headers, bytes) = self.house.ask(person, request, body.as_bytes().to_vec()).await;
        let to = headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        (status, to.unwrap_or_else(|| String::from_utf8(bytes).unwrap()))
    }

    /// The first address of this kind on a page.
    async fn linked(&self, person: &str, page: &str, begins: &str) -> String {
        let (status, html) = self.get(person, page).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let mut links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let is = |link: &&str| link.strip_prefix(begins).is_some_and(|id| id.len() == 13);
        links.find(is).unwrap_or_else(|| panic!("no {begins} on {page}")).to_owned()
    }
}

/// The value of a hidden field or a box whose name begins so.
fn named<'a>(html: &'a str, begins: &str) -> &'a str {
    html.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next()).find(|name| name.starts_with(begins)).unwrap()
}

#[tokio::test]
async fn a_visitor_reads_a_sounding_and_is_led_to_sign_in_to_comment() {
    let library = Library::filled().await;
    let page = library.linked("", "/soundings", "/soundings/").await;
    let (status, html) = library.get("", &page).await;
    assert_eq!(status, StatusCode::OK);
    for text in
        ["Libraries that open on Sundays", "Olu Martins, Causeway Community Works", "Taken up", "/sign-in?next=%2Fsoundings"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("<textarea"), "no form for whoever cannot use it");
    assert!(!html.contains(&library.draft), "no way to the draft");
    assert!(library.get("", "/challenges").await.1.contains("href=\"/soundings\""));
    assert!(library.get("tom", "/work").await.1.contains("href=\"/soundings\""));
    assert_eq!(library.post("", &page, "comment=Hello").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(library.get("", &format!("{page}/answer")).await.1.split('?').next(), Some("/sign-in"));
    assert_eq!(library.get("ada", &format!("{page}/answer")).await.0, StatusCode::FORBIDDEN);
    for none in ["/soundings/x", "/soundings/0000000000000", "/soundings/zzzzzzzzzzzzz"] {
        assert_eq!(library.get("", none).await.0, StatusCode::NOT_FOUND, "{none}");
    }
    // There is but one page, and what lies behind it leads there.
    assert_eq!(
        library.get("", "/soundings?page=999999999999999999").await,
        (StatusCode::SEE_OTHER, "/soundings?page=1".to_owned())
    );
}

#[tokio::test]
async fn a_comment_is_taken_from_a_plain_form_and_bad_input_is_told_by_the_field() {
    let library = Library::filled().await;
    let page = library.linked("ada", "/soundings", "/soundings/").await;
    let (status, to) = library.post("ada", &page, "section=outcomes&comment=Which+hours%3F").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(to.starts_with(&format!("{page}?done=sounding-commented#comment-")), "{to}");
    assert!(library.get("", &page).await.1.contains("Which hours?"));
    for (body, field) in [("", "comment"), ("comment=+", "comment"), ("section=budget&comment=Kept+words", "section")] {
        let (status, html) = library.post("ada", &page, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(html.contains(&format!("href=\"#{field}\"")), "{body}");
        assert!(!body.contains("Kept") || html.contains("Kept words"), "what was typed stays");
    }
    let (status, html) = library.post("ada", &page, &format!("comment={}", "x".repeat(5_000))).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("at most"), "{status}");
    let (_, html) = library.post("tom", &format!("{}/sounding", library.draft), "do=end&sounding=").await;
    assert!(html.contains("<h1"));
    let end = format!("do=end&sounding={}", page.rsplit('/').next().unwrap());
    assert_eq!(library.post("tom", &format!("{}/sounding", library.draft), &end).await.0, StatusCode::SEE_OTHER);
    let (status, html) = library.post("ada", &page, "comment=Too+late").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("Comments closed before"), "{status}");
}

#[tokio::test]
async fn the_team_shows_answers_and_takes_down_by_plain_forms() {
    let library = Library::filled().await;
    let (team, page) = (format!("{}/sounding", library.draft), library.linked("tom", "/soundings", "/soundings/").await);
    let answer = format!("{page}/answer");
    let (_, html) = library.get("tom", &answer).await;
    let comment = named(&html, "comment-").to_owned();
    let (status, html) = library.post("tom", &answer, &format!("do=answer&{comment}=on&what=Kept+words")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#taken_up\"") && html.contains("Kept words") && html.contains("checked"));
    let (status, to) = library.post("tom", &answer, &format!("do=answer&{comment}=on&taken_up=no&what=It+stays+so.")).await;
    assert!(status == StatusCode::SEE_OTHER && to.contains("#changed"), "{to}");
    assert!(library.get("", &page).await.1.contains("It stays so."));
    assert_eq!(library.post("tom", &answer, "do=hide&comment=x&reason=Why").await.0, StatusCode::NOT_FOUND);
    assert_eq!(library.post("tom", &answer, "do=nothing").await.0, StatusCode::BAD_REQUEST);
    let hide = format!("do=hide&comment={}&reason=It+advertises.", comment.trim_start_matches("comment-"));
    assert_eq!(library.post("tom", &answer, &hide).await.0, StatusCode::SEE_OTHER);
    assert!(library.get("", &page).await.1.contains("It advertises."));

    assert_eq!(library.post("margaret", &team, "do=open").await.0, StatusCode::FORBIDDEN);
    assert_eq!(library.post("ada", &team, "do=open").await.0, StatusCode::NOT_FOUND);
    let down = format!("do=down&sounding={}", page.rsplit('/').next().unwrap());
    let other = format!("/challenges/{}/sounding", library.house.town.challenge("permits"));
    assert_eq!(library.post("tom", &other, &down).await.0, StatusCode::NOT_FOUND, "not of that challenge");
    assert_eq!(library.post("tom", &team, &down).await.0, StatusCode::SEE_OTHER);
    for person in ["", "ada", "marcus"] {
        assert_eq!(library.get(person, &page).await.0, StatusCode::NOT_FOUND, "{person}");
    }
    assert_eq!(library.get("margaret", &page).await.0, StatusCode::OK);
    let (status, html) = library.post("tom", &team, "do=open&section-outcomes=on&comments_date=yesterday").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#comments_date\"") && html.contains("yesterday") && html.contains("checked"));
    let (status, to) = library.post("tom", &team, "do=open&comments_date=2999-01-01").await;
    assert!(status == StatusCode::SEE_OTHER && to.starts_with("/soundings/"), "{to}");
}

#[tokio::test]
async fn an_invited_person_comments_on_a_passage_by_a_plain_form_and_the_team_answers() {
    let library = Library::filled().await;
    let list = format!("{}/comments", library.draft);
    let mut conn = library.house.desk.store.read().await.unwrap();
    let reader = conn.readers_of(library.house.town.challenge("library")).await.unwrap().remove(0).id;
    drop(conn);
    let page = format!("/drafts/{}", domain::ids::to_text(reader));
    let (status, html) = library.get("marcus", &page).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Pupils of three secondary schools") && html.contains("We are asking the schools."));
    assert!(!html.contains(&library.draft), "no way to the team's pages");
    assert_eq!(library.get("", &page).await.1, format!("/sign-in?next={}", page.replace('/', "%2F")));
    assert_eq!(library.get("", "/drafts/x").await.1, "/sign-in?next=%2Fdrafts%2Fx", "as where there is none");
    for person in ["ada", "grace", "elin", "ruth"] {
        assert_eq!(library.get(person, &page).await.0, StatusCode::NOT_FOUND, "{person}");
        assert_eq!(library.post(person, &page, "section=problem&comment=Mine").await.0, StatusCode::NOT_FOUND, "{person}");
    }
    let (status, html) = library.post("marcus", &page, "section=problem&quote=never+written&comment=Kept+words").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#quote\"") && html.contains("never written") && html.contains("Kept words"));
    assert_eq!(library.post("marcus", &page, "section=x&comment=y").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, to) = library.post("marcus", &page, "section=outcomes&quote=45&comment=In+all+four%3F").await;
    assert!(status == StatusCode::SEE_OTHER && to.contains("#comment-"), "{to}");

    let (_, html) = library.get("tom", &format!("{}/edit/outcomes", library.draft)).await;
    assert!(html.contains("In all four?") && html.contains("#outcome-1-target"), "beside the section");
    let (_, html) = library.get("margaret", &list).await;
    assert!(html.contains("In all four?") && !html.contains("value=\"resolve\""), "an approver reads");
    let comment = to.rsplit('-').next().unwrap();
    let (status, html) = library.post("tom", &list, &format!("do=answer&comment={comment}&answer=")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("href=\"#answer\""), "{status}");
    let answer = format!("do=answer&comment={comment}&answer=On+average.");
    assert_eq!(library.post("tom", &list, &answer).await.0, StatusCode::SEE_OTHER);
    assert!(library.get("marcus", &page).await.1.contains("On average."));
    let (status, html) = library.post("tom", &list, "do=invite&email=nobody&until_date=2000-01-01").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#email\"") && html.contains("href=\"#until_date\"") && html.contains("nobody"));
    let revoke = format!("do=revoke&reader={}", domain::ids::to_text(reader));
    assert_eq!(library.post("margaret", &list, &revoke).await.0, StatusCode::FORBIDDEN);
    assert_eq!(library.post("tom", &list, &revoke).await.0, StatusCode::SEE_OTHER);
    assert_eq!(library.get("marcus", &page).await.0, StatusCode::NOT_FOUND);
    assert_eq!(library.post("marcus", &page, "section=problem&comment=Still").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_approver_reads_what_was_left_as_it_is_and_why_and_what_is_open() {
    let library = Library::filled().await;
    let permits = format!("/challenges/{}", library.house.town.challenge("permits"));
    let back = "do=back&take_back_reason=A+word+is+wrong.";
    assert_eq!(library.post("tom", &format!("{permits}/publication"), back).await.0, StatusCode::SEE_OTHER);
    let limits = format!("{permits}/edit/limits");
    let (_, html) = library.get("tom", &limits).await;
    let seen = html.split("name=\"seen\" value=\"").nth(1).expect("a version").split('"').next().unwrap();
    let said = format!("do=save&seen={seen}&limits=It+must+run+on+Microsoft+Word.");
    assert_eq!(library.post("tom", &limits, &said).await.0, StatusCode::SEE_OTHER);
    let (_, html) = library.get("tom", &format!("{permits}/readiness")).await;
    let finding = html.split("name=\"finding\" value=\"").nth(1).expect("a finding").split('"').next().unwrap();
    let finding: String = finding.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let leave = format!("do=dismiss&finding={finding}&reason=The+council+calls+it+so+in+its+own+rules.");
    assert_eq!(library.post("tom", &format!("{permits}/readiness"), &leave).await.0, StatusCode::SEE_OTHER);
    assert_eq!(library.post("tom", &format!("{permits}/edit"), "do=submit").await.0, StatusCode::SEE_OTHER);
    let (status, html) = library.get("margaret", &format!("{permits}/review")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("1 finding was left as it is") && html.contains("The council calls it so in its own rules."), "{html}");
    assert!(html.contains("Tom Abara"));
}
