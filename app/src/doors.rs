//! Every door of the house, in one table: routes register from it and from nowhere else, and a test walks it with each role.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, on};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::services::ServeDir;

use crate::frame::{App, AppOptions};
use crate::{
    account, alert, award, challenge, enquiry, evaluation, file, guard, interview, kept, library, organisation, public, response,
    rounds,
};

/// A door and the verbs whose policy it asks, in order; `public` where there is nothing to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    pub method: &'static str,
    pub path: &'static str,
    pub verb: &'static str,
    pub secret: Secret,
}

/// What somebody is told who is not signed in, where the policy says that they see nothing. Whether there is something they are
/// not told either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    NotFound,
    /// Mails lead here, and it is somebody's own: they are asked to sign in, whether or not there is such a thing.
    LeadsToSignIn,
}

/// `path`: as it is listed.
pub(crate) fn leads_to_sign_in(path: &str) -> bool {
    DOORS.iter().any(|door| door.path == path && door.secret == Secret::LeadsToSignIn)
}

macro_rules! secret {
    () => {
        Secret::NotFound
    };
    ($secret:ident) => {
        Secret::$secret
    };
}

macro_rules! doors {
    ($($method:ident $path:literal => $handler:path, $verb:literal $(, $secret:ident)?;)+) => {
        pub const DOORS: &[Door] =
            &[$(Door { method: stringify!($method), path: $path, verb: $verb, secret: secret!($($secret)?) }),+];

        fn routes() -> Router<App> {
            Router::new()$(.route($path, on(MethodFilter::$method, $handler)))+
        }
    };
}

doors! {
    GET "/" => public::home, "public";
    GET "/about" => public::about, "public";
    GET "/search" => public::search, "public";
    GET "/search.atom" => public::feed, "public";
    GET "/suggest" => public::suggest, "public";
    GET "/past/{id}" => public::past, "public";
    GET "/solutions/{id}" => library::entry, "read_solution";
    POST "/solutions/{id}" => library::entry_post, "share_problem";
    GET "/library" => library::list, "public";
    GET "/library/mine" => library::mine, "publish_solution";
    GET "/library/new" => library::publish, "publish_solution";
    POST "/library/new" => library::publish_post, "publish_solution";
    GET "/library/{id}/edit" => library::change, "edit_solution";
    POST "/library/{id}/edit" => library::change_post, "edit_solution";
    GET "/suppliers/{id}" => library::supplier, "public";
    GET "/buyers/{id}" => library::buyer, "public";
    POST "/theme" => public::theme, "public";
    GET "/clock" => public::clock, "administer";
    POST "/clock" => public::move_clock, "administer";

    GET "/set-up" => account::set_up, "public";
    POST "/set-up" => account::set_up_post, "public";
    GET "/sign-in" => account::sign_in, "public";
    POST "/sign-in" => account::sign_in_post, "public";
    POST "/sign-out" => account::sign_out, "public";
    GET "/register" => account::register, "public";
    POST "/register" => account::register_post, "public";
    GET "/confirm" => account::confirm, "public";
    POST "/confirm" => account::confirm_post, "public";
    GET "/reset" => account::reset, "public";
    POST "/reset" => account::reset_post, "public";
    GET "/reset/new" => account::reset_new, "public";
    POST "/reset/new" => account::reset_new_post, "public";
    GET "/account" => account::account, "act_as";
    POST "/account" => account::account_post, "act_as";
    GET "/work" => account::work, "act_as";
    GET "/notices" => account::notices, "manage_notices";
    POST "/notices" => account::notices_post, "manage_notices";
    GET "/notices/choices" => account::choices, "manage_notices";
    POST "/notices/choices" => account::choices_post, "manage_notices";
    GET "/notices/{id}" => account::notice, "manage_notices";
    GET "/stop" => account::stop, "public";
    POST "/stop" => account::stop_post, "public";

    GET "/alerts" => alert::list, "public";
    POST "/alerts" => alert::list_post, "manage_alert";
    GET "/alerts/new" => alert::new, "public";
    POST "/alerts/new" => alert::new_post, "save_alert";
    GET "/alerts/confirm" => alert::confirm, "public";
    POST "/alerts/confirm" => alert::confirm_post, "public";
    GET "/alerts/stop" => alert::stop, "public";
    POST "/alerts/stop" => alert::stop_post, "public";

    GET "/organisations/new" => organisation::new, "create_organisation";
    POST "/organisations/new" => organisation::new_post, "create_organisation";
    GET "/organisations/{id}" => organisation::show, "edit_organisation";
    POST "/organisations/{id}" => organisation::post, "edit_organisation, show_profile";
    GET "/organisations/{id}/opening" => organisation::opening_rule, "set_opening_rule";
    POST "/organisations/{id}/opening" => organisation::opening_rule_post, "set_opening_rule";
    GET "/invitation" => organisation::invitation, "accept_invitation";
    POST "/invitation" => organisation::invitation_post, "accept_invitation";
    GET "/admin/buyers" => organisation::buyers, "verify_buyer";
    POST "/admin/buyers" => organisation::buyers_post, "verify_buyer";

    GET "/challenges" => challenge::list, "public";
    GET "/challenges/new" => challenge::new, "create_challenge";
    POST "/challenges/new" => challenge::new_post, "create_challenge";
    GET "/challenges/{id}" => challenge::show, "read_challenge";
    POST "/challenges/{id}/follow" => challenge::follow, "follow_challenge";
    GET "/challenges/{id}/edit" => challenge::tasks, "read_draft";
    POST "/challenges/{id}/edit" => challenge::tasks_post, "submit_for_review";
    GET "/challenges/{id}/edit/{section}" => challenge::section, "read_draft, edit_challenge";
    POST "/challenges/{id}/edit/{section}" => challenge::section_post, "edit_challenge";
    GET "/challenges/{id}/brief" => challenge::brief, "read_draft, edit_challenge";
    POST "/challenges/{id}/brief" => challenge::brief_post, "read_draft, edit_challenge";
    GET "/challenges/{id}/readiness" => challenge::readiness, "read_draft";
    POST "/challenges/{id}/readiness" => challenge::readiness_post, "dismiss_finding";
    GET "/challenges/{id}/preview" => challenge::preview, "read_draft";
    GET "/challenges/{id}/review" => challenge::review, "read_draft";
    POST "/challenges/{id}/review" => challenge::review_post, "approve_challenge, send_back_challenge";
    GET "/challenges/{id}/approvals" => challenge::approvals, "read_draft";
    POST "/challenges/{id}/approvals" => challenge::approvals_post, "name_approval";
    GET "/challenges/{id}/publication" => challenge::publication, "read_draft";
    POST "/challenges/{id}/publication" => challenge::publication_post, "reschedule_challenge, record_official_notice, take_back_challenge";
    GET "/challenges/{id}/cancel" => challenge::cancel, "read_draft, cancel_challenge";
    POST "/challenges/{id}/cancel" => challenge::cancel_post, "cancel_challenge";

    GET "/soundings" => challenge::soundings, "public";
    GET "/soundings/{id}" => challenge::sounding, "read_sounding";
    POST "/soundings/{id}" => challenge::sounding_post, "comment_on_sounding";
    GET "/soundings/{id}/answer" => challenge::sounding_answer, "read_sounding, answer_sounding";
    POST "/soundings/{id}/answer" => challenge::sounding_answer_post, "answer_sounding, hide_sounding_comment";
    GET "/challenges/{id}/sounding" => challenge::sounding_team, "read_draft";
    POST "/challenges/{id}/sounding" => challenge::sounding_team_post, "open_sounding, end_sounding, take_down_sounding";

    GET "/challenges/{id}/comments" => challenge::comments, "read_draft";
    POST "/challenges/{id}/comments" => challenge::comments_post, "invite_reader, revoke_reader, settle_comment";
    GET "/drafts/{id}" => challenge::invited, "read_invited_draft", LeadsToSignIn;
    POST "/drafts/{id}" => challenge::invited_post, "comment_on_draft";

    GET "/challenges/{id}/files" => file::list, "read_draft";
    POST "/challenges/{id}/files" => file::post, "attach_file, remove_file";
    GET "/files/{id}" => file::download, "read_file";
    GET "/files/{id}/view" => file::view, "read_file";
    GET "/challenges/{id}/versions/{n}" => challenge::version, "read_challenge";
    GET "/challenges/{id}/dates.ics" => challenge::dates, "read_challenge";
    GET "/challenges/{id}/amendment" => challenge::amendment, "read_amendment";
    POST "/challenges/{id}/amendment" => challenge::amendment_post, "begin_amendment, propose_amendment, drop_amendment, send_back_amendment, approve_amendment";
    GET "/challenges/{id}/amendment/{section}" => challenge::amendment_section, "read_amendment";
    POST "/challenges/{id}/amendment/{section}" => challenge::amendment_section_post, "edit_amendment";
    GET "/challenges/{id}/extension" => challenge::extension, "read_amendment, begin_amendment";
    POST "/challenges/{id}/extension" => challenge::extension_post, "begin_amendment";
    GET "/challenges/{id}/reopening" => challenge::reopening, "ask_reopening";
    POST "/challenges/{id}/reopening" => challenge::reopening_post, "ask_reopening";

    GET "/challenges/{id}/partners" => library::partners, "read_challenge";
    POST "/challenges/{id}/partners" => library::partners_post, "post_partner_note, end_partner_note";
    GET "/challenges/{id}/reach" => library::reach, "read_reach";
    GET "/challenges/{id}/why-not" => library::why_not, "say_why_not";
    POST "/challenges/{id}/why-not" => library::why_not_post, "say_why_not";

    GET "/challenges/{id}/enquiries" => enquiry::enquiries, "read_challenge";
    POST "/challenges/{id}/enquiries" => enquiry::enquiries_post, "ask_enquiry";
    GET "/challenges/{id}/enquiries/answer" => enquiry::answer, "read_challenge, answer_enquiry";
    POST "/challenges/{id}/enquiries/answer" => enquiry::answer_post, "answer_enquiry";
    GET "/challenges/{id}/enquiries/{enquiry}" => enquiry::one, "read_own_enquiry";
    POST "/challenges/{id}/enquiries/{enquiry}" => enquiry::one_post, "withdraw_enquiry, agree_to_publish, ask_back";

    POST "/challenges/{id}/answer" => response::start, "start_response";
    GET "/responses/{id}" => response::draft, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}" => response::draft_post, "save_answer";
    GET "/responses/{id}/document" => response::document, "read_own_response", LeadsToSignIn;
    GET "/responses/{id}/paste" => response::paste, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/paste" => response::paste_post, "read_own_response";
    GET "/responses/{id}/reuse/{field}" => response::reuse, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/reuse/{field}" => response::reuse_post, "save_answer";
    GET "/responses/{id}/files/of/{field}" => response::files, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/files/of/{field}" => response::files_post, "save_answer";
    GET "/responses/{id}/files/{file}" => response::file, "read_own_response", LeadsToSignIn;
    GET "/responses/{id}/links" => response::links, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/links" => response::links_post, "share_draft, revoke_draft_link";
    GET "/responses/{id}/partners" => response::partners, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/partners" => response::partners_post, "save_answer, ask_sign_off";
    GET "/sign-off" => response::sign, "read_shared_draft";
    POST "/sign-off" => response::sign_post, "sign_off";
    GET "/sign-off/files" => response::sign_file, "read_shared_draft";
    GET "/shared" => response::shared, "read_shared_draft";
    GET "/shared/files" => response::shared_file, "read_shared_draft";
    GET "/responses/{id}/review" => response::review, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/review" => response::submit, "submit_response";
    GET "/responses/{id}/withdraw" => response::withdraw, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/withdraw" => response::withdraw_post, "withdraw_response";
    GET "/responses/{id}/clarifications" => response::clarifications, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/clarifications" => response::clarifications_post, "save_clarification, answer_clarification";
    GET "/responses/{id}/clarifications/{asked}/files/{field}" => response::clarification_files, "read_own_response", LeadsToSignIn;
    POST "/responses/{id}/clarifications/{asked}/files/{field}" => response::clarification_files_post, "answer_clarification";
    GET "/responses/{id}/letter" => award::letter, "read_letter", LeadsToSignIn;
    GET "/receipts/verify" => response::verify, "public";
    POST "/receipts/verify" => response::verify_post, "public";
    GET "/receipts/{id}" => response::receipt, "read_own_response", LeadsToSignIn;
    GET "/receipts/{id}/receipt.json" => response::receipt_file, "read_own_response", LeadsToSignIn;
    GET "/receipts/{id}/content.json" => response::receipt_content, "read_own_response", LeadsToSignIn;
    GET "/receipts/{id}/opened.json" => response::opened_record, "read_own_response", LeadsToSignIn;
    GET "/.well-known/wellposed-keys.json" => response::keys, "public";

    GET "/challenges/{id}/opening" => evaluation::opening, "read_draft";
    POST "/challenges/{id}/opening" => evaluation::opening_post, "ask_opening, open_responses";
    GET "/challenges/{id}/opening/record.json" => evaluation::opening_file, "read_opening";
    GET "/challenges/{id}/responses" => evaluation::responses, "list_opened_responses";
    POST "/challenges/{id}/responses/{response}" => evaluation::response_post, "redact_response";
    GET "/challenges/{id}/responses/{response}" => evaluation::response, "read_opened_response";
    GET "/challenges/{id}/responses/{response}/files/{file}" => response::opened_file, "read_opened_response";
    GET "/challenges/{id}/check" => evaluation::check, "read_check";
    GET "/challenges/{id}/check/{response}" => evaluation::check_one, "read_check";
    POST "/challenges/{id}/check/{response}" => evaluation::check_one_post, "check_response";
    GET "/challenges/{id}/panel" => evaluation::panel, "read_panel";
    POST "/challenges/{id}/panel" => evaluation::panel_post, "appoint_seat, end_seat, name_deputy, invite_expert, withdraw_expert, assign_responses, remind_panel, settle_declaration, unlock_scores";
    GET "/seats/{id}" => evaluation::expert, "accept_seat", LeadsToSignIn;
    POST "/seats/{id}" => evaluation::expert_post, "accept_seat";
    GET "/challenges/{id}/declare" => evaluation::declare, "read_panel";
    POST "/challenges/{id}/declare" => evaluation::declare_post, "declare_interest";
    GET "/challenges/{id}/scoring" => evaluation::grid, "read_scoring_room";
    POST "/challenges/{id}/scoring" => evaluation::lock, "lock_scores";
    GET "/challenges/{id}/across/{criterion}" => evaluation::across, "read_scoring_room";
    POST "/challenges/{id}/across/{criterion}" => evaluation::across_post, "score_response";
    GET "/challenges/{id}/scoring/{response}/{criterion}" => evaluation::score, "read_scoring_room";
    POST "/challenges/{id}/scoring/{response}/{criterion}" => evaluation::score_post, "score_response";
    GET "/challenges/{id}/moderation" => evaluation::moderation, "read_moderation";
    POST "/challenges/{id}/moderation" => evaluation::moderation_post, "agree_score";
    GET "/challenges/{id}/moderation/position" => evaluation::moderation_position, "read_moderation";
    GET "/challenges/{id}/moderation/record" => evaluation::record, "read_moderation";
    POST "/challenges/{id}/moderation/record" => evaluation::record_post, "propose_record, sign_record, confirm_record, approve_record";
    GET "/challenges/{id}/moderation/{response}/{criterion}" => evaluation::moderation_item, "read_moderation";
    POST "/challenges/{id}/moderation/{response}/{criterion}" => evaluation::moderation_item_post, "agree_score, revise_score, record_minutes, record_dissent";
    GET "/challenges/{id}/result" => evaluation::result, "read_result";
    POST "/challenges/{id}/result" => evaluation::result_post, "ask_lots, draw_lots";
    GET "/challenges/{id}/what-if" => evaluation::what_if, "what_if";
    GET "/challenges/{id}/recommend" => award::recommend, "read_result, recommend_decision";
    POST "/challenges/{id}/recommend" => award::recommend_post, "recommend_decision";
    GET "/challenges/{id}/decision" => award::decision, "read_decision";
    GET "/challenges/{id}/rounds" => rounds::rounds, "read_rounds";
    POST "/challenges/{id}/rounds" => rounds::rounds_post, "extend_round, approve_round_extension, decline_round_extension";
    GET "/challenges/{id}/interviews" => interview::interviews, "read_interviews";
    POST "/challenges/{id}/interviews" => interview::interviews_post, "offer_slots, withdraw_slot";
    GET "/challenges/{id}/interviews.ics" => interview::interviews_calendar, "read_interviews";
    GET "/responses/{id}/interview" => interview::interview, "read_own_interview", LeadsToSignIn;
    POST "/responses/{id}/interview" => interview::interview_post, "book_slot";
    GET "/responses/{id}/interview.ics" => interview::interview_calendar, "read_own_interview", LeadsToSignIn;
    POST "/challenges/{id}/decision" => award::decision_post, "approve_decision";
}

/// The pages of a service. What its server puts around them stands between the two halves: a page that is kept is answered
/// before all of it.
pub struct Pages(App);

impl Pages {
    pub fn new(options: AppOptions) -> Self {
        Self(App::new(options))
    }

    /// Every door, and the files.
    pub fn doors(&self) -> Router {
        let app = self.0.clone();
        let files = ServiceBuilder::new().layer(from_fn(long_kept)).service(
            ServeDir::new(&*app.site)
                .precompressed_br()
                .append_index_html_on_directories(false)
                .fallback(axum::routing::any(public::nothing).with_state(app.clone())),
        );
        routes()
            .fallback_service(files)
            .layer(from_fn_with_state(app.clone(), guard::reader))
            .layer(from_fn_with_state(app.clone(), kept::keep))
            .layer(from_fn_with_state(app.clone(), library::count_reader))
            // A form has its own bound (guard), a file another (the file store).
            .layer(DefaultBodyLimit::disable())
            // A file goes out as it is: parts of it are counted in its own bytes.
            .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_no_file)))
            .with_state(app)
    }

    /// Answers from what is kept, and asks `router` for the rest.
    pub fn front(&self, router: Router) -> Router {
        kept::front(self.0.clone(), router)
    }
}

/// All pages, forms and files, with their headers.
pub fn router(options: AppOptions) -> Router {
    let pages = Pages::new(options);
    pages.front(pages.doors())
}

fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

/// Files whose address names their content are kept for ever, the others for an hour.
async fn long_kept(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let for_ever = request.uri().query().is_some_and(|query| query.starts_with("v="));
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let value = if for_ever { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}
