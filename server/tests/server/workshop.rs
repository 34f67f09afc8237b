//! The workshop through HTTP: what a section answers to a form and to an island, two officers in one section, categories, the
//! preview as a fragment, a pasted brief.

use axum::http::{Request, StatusCode, header};
use serde_json::Value;

use crate::files::House;

struct Draft {
    house: House,
    edit: String,
}

impl Draft {
    async fn of_the_library() -> Self {
        let house = House::filled().await;
        let edit = format!("/challenges/{}", house.town.challenge("library"));
        Self { house, edit }
    }

    async fn post(&self, person: &str, page: &str, accept: &str, body: &str) -> (StatusCode, String) {
        let request = Request::post(format!("{}/{page}", self.edit))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, accept);
        let (status, headers, bytes) = self.house.ask(person, request, body.as_bytes().to_vec()).await;
        let to = headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        (status, to.unwrap_or_else(|| String::from_utf8(bytes).unwrap()))
    }

    async fn get(&self, person: &str, page: &str, accept: &str) -> (StatusCode, String) {
        let request = Request::get(format!("{}/{page}", self.edit)).header(header::ACCEPT, accept);
        let (status, _, bytes) = self.house.ask(person, request, Vec::new()).await;
        (status, String::from_utf8(bytes).unwrap())
    }

    async fn json(&self, page: &str, body: &str) -> (StatusCode, Value) {
        let (status, text) = self.post("tom", page, JSON, body).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}")))
    }
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";

#[tokio::test]
async fn a_section_answers_an_island_with_version_time_ids_and_errors() {
    let draft = Draft::of_the_library().await;
    let (_, page) = draft.get("tom", "edit/outcomes", HTML).await;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = format!("seen={seen}&outcome-1-title=Hours&outcome-1-baseline=&outcome-1-target=60&outcome-1-by=2028");
    let (status, saved) = draft.json("edit/outcomes", &body).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(saved["seen"], (seen.parse::<i64>().unwrap() + 1).to_string());
    assert!(saved["saved_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(saved["ids"]["outcome-1-id"].as_str().unwrap().len(), 13);
    let errors: Vec<&str> = saved["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(errors, ["outcome-1-baseline"], "saved as typed, and told what it lacks");
}

#[tokio::test]
async fn a_stale_save_shows_both_texts_and_each_choice_is_kept() {
    let draft = Draft::of_the_library().await;
    let (status, first) = draft.json("edit/context", "seen=0&context=The+first&data=Counts").await;
    assert_eq!((status, first["seen"].as_str()), (StatusCode::OK, Some("1")));
    let (status, told) = draft.json("edit/context", "seen=0&context=The+second&data=Counts").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(told["seen"], "1");
    let differing = told["differing"].as_array().unwrap();
    assert_eq!(differing.len(), 1, "what is the same is not asked");
    assert_eq!((differing[0]["mine"].as_str(), differing[0]["theirs"].as_str()), (Some("The second"), Some("The first")));
    let (status, page) = draft.post("tom", "edit/context", HTML, "seen=0&context=The+second&data=Counts").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("The first") && page.contains("The second") && page.contains("choose-context"), "{page}");
    let both = "seen=1&context=The+second&data=Counts&choose-context=both&do=resolve";
    assert_eq!(draft.post("tom", "edit/context", HTML, both).await.0, StatusCode::SEE_OTHER);
    let (_, page) = draft.get("tom", "edit/context", HTML).await;
    assert!(page.contains("The first\n\nThe second"), "{page}");
}

#[tokio::test]
async fn categories_are_found_ticked_and_kept_without_a_script() {
    let draft = Draft::of_the_library().await;
    let (status, found) = draft.get("tom", "edit/categories?find=refuse+collection", JSON).await;
    assert_eq!(status, StatusCode::OK);
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["categories"][0]["code"], "90511000");
    let (status, to) = draft.post("tom", "edit/categories", HTML, "seen=0&category-90511000=yes&find=library&do=find").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(to.contains("find=library"), "{to}");
    let (_, page) = draft.get("tom", "edit/categories?find=library", HTML).await;
    assert!(page.contains("category-90511000") && page.contains("category-92511000"), "{page}");
    assert_eq!(draft.get("ada", "edit/categories?find=library", JSON).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_preview_of_an_incomplete_draft_says_what_is_missing_and_comes_alone_for_an_island() {
    let draft = Draft::of_the_library().await;
    let (status, page) = draft.get("tom", "preview", HTML).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Still missing in") && page.contains("<main"), "{page}");
    let (status, alone) = draft.get("tom", "preview?part=notice", HTML).await;
    assert_eq!(status, StatusCode::OK);
    assert!(alone.contains("Libraries that open on Sundays") && !alone.contains("<main"), "{alone}");
    assert_eq!(draft.get("leo", "preview?part=notice", HTML).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_brief_is_shown_sorted_before_anything_is_saved() {
    let draft = Draft::of_the_library().await;
    let brief = "brief=Who+is+affected%3A%0A2%2C300+readers.%0A%0AParking%0ABehind+the+depot%2C+which+is+locked.";
    let (status, page) = draft.post("tom", "brief", HTML, &format!("{brief}&do=sort")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("2,300 readers.") && page.contains("Behind the depot"), "{page}");
    assert!(!draft.get("tom", "edit/problem", HTML).await.1.contains("2,300 readers."), "nothing is saved yet");
    let (status, to) = draft.post("tom", "brief", HTML, &format!("{brief}&do=take")).await;
    assert_eq!((status, to.contains("/readiness")), (StatusCode::SEE_OTHER, true));
    assert!(draft.get("tom", "edit/problem", HTML).await.1.contains("2,300 readers."));
    assert_eq!(draft.post("tom", "brief", HTML, "brief=&do=sort").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}
