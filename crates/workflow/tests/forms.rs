//! Forms of every kind, sub-criteria, sifts and quorums, from the draft to the result.

mod office;

use domain::challenge::{QuestionKind, Section};
use domain::evaluation::Basis;
use domain::form::Fields;
use domain::ids::CriterionId;
use domain::policy::Refusal;
use domain::response::{Answer, Field, box_name, gather};
use office::{Office, Told, fields};
use store::testing::{self, Throwaway};
use workflow::challenge as verbs;
use workflow::{evaluation, response};

/// The office with other sections in its draft, published, with its panel. `seen`: the version of the section that is replaced.
async fn open(throwaway: Throwaway, sections: Vec<(Section, Fields, i64)>) -> Office {
    let office = Office::with_draft(throwaway).await;
    for (section, fields, seen) in sections {
        verbs::save_section(&office.desk, &office.officer.actor, office.challenge, section, fields, seen).await.done();
    }
    office.publish(office.challenge).await;
    for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
        office.officer.appoints(office.challenge, person, role).await.done();
    }
    office
}

async fn answer_and_open(office: &Office) {
    for supplier in [&office.acme, &office.brook] {
        supplier.answers(office.challenge, "90000").await.done();
        supplier.submits(office.challenge).await.done();
    }
    office.pass_deadline().await;
    office.officer.opens(office.challenge).await.done();
}

fn every_kind() -> Fields {
    fields(&[
        ("question-1-label", "How?"),
        ("question-2-label", "How far?"),
        ("question-2-kind", "number"),
        ("question-2-unit", "km"),
        ("question-3-label", "What does one cost?"),
        ("question-3-kind", "money"),
        ("question-4-label", "From when?"),
        ("question-4-kind", "date"),
        ("question-5-label", "At night?"),
        ("question-5-kind", "yes_no"),
        ("question-6-label", "Where?"),
        ("question-6-kind", "choice"),
        ("question-6-options", "North\nSouth"),
        ("question-7-label", "For whom?"),
        ("question-7-kind", "choices"),
        ("question-7-options", "Children\nAdults\nThe old"),
        ("question-8-label", "A plan"),
        ("question-8-kind", "files"),
        ("question-8-file_pdf", "yes"),
        ("question-8-optional", "yes"),
    ])
}

#[tokio::test]
async fn each_kind_of_answer_is_kept_as_typed_sealed_in_one_spelling_and_read_after_the_opening() {
    for throwaway in testing::each().await {
        let office = open(throwaway, vec![(Section::Questions, every_kind(), 1)]).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.starts(id).await.done();
        let terms = acme.own(id).await.done().terms;
        assert!(matches!(terms.questions.last().unwrap().kind, QuestionKind::Promise { .. }), "the outcome is asked");
        let names: Vec<String> = terms.questions.iter().map(|question| Field::Question(question.id).name()).collect();
        let outcome = terms.outcomes[0].id;
        let typed = ["It flies.", "1,200.50", "12,5", "2/3/2027", "yes", "South", "", ""];
        let mut draft: Fields = names.iter().cloned().zip(typed).collect();
        draft.set(box_name(&names[6], 3), "The old");
        draft.set(box_name(&names[6], 1), "Children");
        gather(&terms, &mut draft);
        for (field, text) in
            [(Field::Promise(outcome), "3 %"), (Field::By(outcome), "2027-06-30"), (Field::Evidence(outcome), "Two towns")]
        {
            draft.set(field.name(), text);
        }
        draft.set("price", "90000");
        acme.saves(id, &draft).await.done();
        assert_eq!(acme.own(id).await.done().draft().get(&names[1]), "1,200.50", "a draft keeps what was typed");
        let receipt = acme.submits(id).await.done();
        let receipt = response::read_receipt(&office.desk, &acme.person.actor, receipt).await.done();
        let sealed: Vec<&str> =
            terms.questions[..8].iter().map(|question| receipt.content.answer(Field::Question(question.id))).collect();
        assert_eq!(sealed, ["It flies.", "1200.5", "12.50 EUR", "2027-03-02", "yes", "South", "Children\nThe old", ""]);
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        let round = office.officer.lists(id).await.done();
        let read = |at: usize| {
            Answer::read(
                &round.terms.questions[at],
                round.terms.currency,
                round.responses[0].answer(Field::Question(round.terms.questions[at].id)),
            )
        };
        assert!(matches!(read(1), Some(Answer::Number(_))));
        assert!(matches!(read(3), Some(Answer::Date(_))));
        assert_eq!(read(6), Some(Answer::Choices(vec!["Children".into(), "The old".into()])));
        assert_eq!(read(7), None);
    }
}

#[tokio::test]
async fn what_does_not_fit_its_question_is_kept_in_the_draft_and_keeps_it_from_being_submitted() {
    for throwaway in testing::each().await {
        let office = open(throwaway, vec![(Section::Questions, every_kind(), 1)]).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let own = acme.own(id).await.done();
        let codes: Vec<&str> = own.missing.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, ["number-not-a-number", "money-not-a-number", "date", "yes-or-no", "choice-unknown", "choice-unknown"]);
        acme.submits(id).await.invalid("choice-unknown");
        let number = Field::Question(own.terms.questions[1].id).name();
        assert_eq!(own.draft().get(&number), "Acme would do it");
    }
}

#[tokio::test]
async fn questions_keep_their_ids_when_they_are_moved() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (desk, actor, id) = (&office.desk, &office.officer.actor, office.challenge);
        let before = verbs::read_draft(desk, actor, id).await.done().draft.section(Section::Questions);
        let mut moved = before.clone();
        assert_eq!(moved.act_on_cards("up:question-2"), Some("question-1".into()));
        verbs::save_section(desk, actor, id, Section::Questions, moved, 1).await.done();
        let after = verbs::read_draft(desk, actor, id).await.done();
        let ids = |fields: &Fields| [1, 2].map(|row| fields.of_row("question", row, "id").to_owned());
        let [first, second] = ids(&before);
        assert_eq!(ids(&after.draft.section(Section::Questions)), [second, first]);
        assert_eq!(after.terms.unwrap().questions[0].label, "What if it fails?");
    }
}

/// The first criterion in two parts.
fn in_parts() -> Fields {
    fields(&[
        ("criterion-1-name", "Effect"),
        ("criterion-1-weight", "70"),
        ("criterion-1-threshold", "2"),
        ("criterion-1-part-1-name", "By day"),
        ("criterion-1-part-1-weight", "75"),
        ("criterion-1-part-2-name", "By night"),
        ("criterion-1-part-2-weight", "25"),
        ("criterion-2-name", "Price"),
        ("criterion-2-weight", "30"),
        ("criterion-2-kind", "price-relative"),
    ])
}

#[tokio::test]
async fn sub_criteria_are_scored_on_their_own_and_weighed_in_the_result() {
    for throwaway in testing::each().await {
        let office = open(throwaway, vec![(Section::Criteria, in_parts(), 1)]).await;
        let id = office.challenge;
        answer_and_open(&office).await;
        for person in office.panel() {
            person.declares_nothing(id).await.done();
        }
        let room = office.chair.room(id).await.done();
        let leaves: Vec<CriterionId> = room.round.terms.leaves().map(|leaf| leaf.id()).collect();
        assert_eq!((leaves.len(), room.progress()), (2, (0, 4)));
        let whole = room.round.terms.criteria[0].id;
        office.chair.scores(id, &office.acme, whole, 4, 0).await.refused(Refusal::Unseen);
        for person in office.panel() {
            for (leaf, acme) in leaves.iter().zip([4, 2]) {
                person.scores(id, &office.acme, *leaf, acme, 0).await.done();
                person.scores(id, &office.brook, *leaf, 1, 0).await.done();
            }
            person.locks(id).await.done();
        }
        assert_eq!(office.chair.moderation(id).await.done().items.len(), 4);
        office.chair.approves_record(id).await.done();
        let result = office.officer.result(id).await.done();
        let acme = result.outcome.standing(office.acme.response(id).await.get()).unwrap();
        // 70 x (0.75 x 4/5 + 0.25 x 2/5) = 49, and the whole 30 for the price, the only one that is left.
        assert_eq!(acme.total.as_ref().unwrap().display2(), "79.00");
        assert!(matches!(acme.lines[0].basis, Basis::Parts { .. }));
        let brook = result.outcome.standing(office.brook.response(id).await.get()).unwrap();
        assert_eq!(brook.rank, None, "a mean of 1 is under the threshold of 2");
    }
}

#[tokio::test]
async fn a_sift_asks_one_reason_a_response_and_one_for_each_score_under_its_threshold() {
    for throwaway in testing::each().await {
        let panel = fields(&[("reasons", "sift")]);
        let office = open(throwaway, vec![(Section::Panel, panel, 0)]).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        answer_and_open(&office).await;
        evaluator.declares_nothing(id).await.done();
        let room = evaluator.room(id).await.done();
        let leaves: Vec<CriterionId> = room.round.terms.leaves().map(|leaf| leaf.id()).collect();
        let score = async |response, criterion, points: &str, reason: &str| {
            let typed = fields(&[("points", points), ("reason", reason), ("seen", "0")]);
            evaluation::score_response(&office.desk, &evaluator.actor, id, response, criterion, &typed).await
        };
        let [acme, brook] = [office.acme.response(id).await, office.brook.response(id).await];
        score(acme, leaves[0], "1", "").await.done();
        assert_eq!(evaluator.room(id).await.done().need_reason(), 1, "under the threshold");
        let typed = fields(&[("points", "1"), ("reason", "Too little is shown."), ("seen", "1")]);
        evaluation::score_response(&office.desk, &evaluator.actor, id, acme, leaves[0], &typed).await.done();
        score(acme, leaves[1], "0", "").await.done();
        for leaf in &leaves {
            score(brook, *leaf, "4", "").await.done();
        }
        evaluator.locks(id).await.invalid("sift-reasons");
        let typed = fields(&[("points", "4"), ("reason", "All of it is shown."), ("seen", "1")]);
        evaluation::score_response(&office.desk, &evaluator.actor, id, brook, leaves[1], &typed).await.done();
        evaluator.locks(id).await.done();
    }
}

#[tokio::test]
async fn the_record_waits_for_the_published_quorum() {
    for throwaway in testing::each().await {
        let office = open(throwaway, vec![(Section::Panel, fields(&[("quorum", "3")]), 0)]).await;
        let id = office.challenge;
        answer_and_open(&office).await;
        office.chair.declares_nothing(id).await.done();
        office.second.declares_nothing(id).await.done();
        office.evaluator.declares_conflict(id, &office.acme).await.done();
        office.officer.settles(id, "recused").await.done();
        office.evaluator.scores_all(id, &[(&office.brook, 3)]).await;
        office.evaluator.locks(id).await.done();
        for person in [&office.chair, &office.second] {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.chair.proposes_record(id).await.invalid("quorum-missing");
        assert_eq!(office.recorded("propose_record", "done").await, 0);

        // The way on: somebody joins, scores without having seen a score, and the moderation goes on.
        let [acme, brook] = [office.acme.response(id).await, office.brook.response(id).await];
        let short =
            |found: &[domain::evaluation::Short]| found.iter().map(|short| (short.response, short.have)).collect::<Vec<_>>();
        assert_eq!(short(&office.chair.moderation(id).await.done().short), [(acme.get(), 2)]);
        assert!(office.evaluator.moderation(id).await.done().short.is_empty(), "of what is hidden nothing is told");
        let panel = async || evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
        assert_eq!(short(&panel().await.short), [(acme.get(), 2)]);
        let appoint = async |role: &str, replaces: &str, why: &str| {
            let email = &office.outsider.email;
            let form = fields(&[("email", email), ("role", role), ("replaces", replaces), ("replace_reason", why)]);
            evaluation::appoint_seat(&office.desk, &office.officer.actor, id, &form).await
        };
        let why = "One of three may not score Acme.";
        appoint("evaluator", "", "").await.invalid("reason-short");
        appoint("adviser", "", why).await.invalid("filled-scores");
        let seat = panel().await.seats.iter().find(|seat| seat.name == "second").unwrap().id.to_string();
        appoint("evaluator", &seat, why).await.invalid("replaces-seen");
        appoint("evaluator", "", why).await.done();
        assert_eq!(office.stage(id).await, domain::challenge::Stage::Scoring);
        for person in [&office.chair, &office.second, &office.officer] {
            person.moderation(id).await.refused(Refusal::PanelFilled);
        }
        office.outsider.moderation(id).await.refused(Refusal::NotYours);
        // What had been seen is neither given back nor taken off the panel.
        let seats = panel().await.seats;
        let locked = seats.iter().find(|seat| seat.name == "second").unwrap().id;
        let unlock = fields(&[("seat", &locked.to_string()), (&format!("unlock-{locked}"), "A slip of the pen.")]);
        evaluation::unlock_scores(&office.desk, &office.chair.actor, id, &unlock).await.refused(Refusal::PanelFilled);
        let end = fields(&[("end_reason", "Is always so strict.")]);
        evaluation::end_seat(&office.desk, &office.officer.actor, id, locked, &end).await.refused(Refusal::PanelFilled);
        office.second.declares_nothing(id).await.refused(Refusal::Locked);

        office.outsider.declares_nothing(id).await.done();
        assert!(office.outsider.room(id).await.done().scores.is_empty());
        office.outsider.scores_all(id, &[(&office.acme, 2), (&office.brook, 2)]).await;
        office.outsider.locks(id).await.done();
        assert_eq!(office.stage(id).await, domain::challenge::Stage::Moderation);
        assert!(panel().await.short.is_empty());
        appoint("evaluator", "", why).await.refused(Refusal::Stage);
        let joined = panel().await.seats.into_iter().find(|seat| seat.name == "outsider").unwrap();
        assert_eq!(joined.filled.as_deref(), Some(why));
        office.chair.approves_record(id).await.done();
        let result = office.officer.result(id).await.done();
        assert!(result.outcome.different_evaluators);
        let of = |response: domain::ids::ResponseId| result.finals.iter().filter(|row| row.response == response.get()).count();
        assert_eq!((of(acme), of(brook)), (3 * 2, 4 * 2));
    }
}

#[tokio::test]
async fn before_anybody_has_scored_it_is_said_that_a_quorum_cannot_be_met() {
    for throwaway in testing::each().await {
        let office = open(throwaway, vec![(Section::Panel, fields(&[("quorum", "3")]), 0)]).await;
        let id = office.challenge;
        answer_and_open(&office).await;
        office.evaluator.declares_conflict(id, &office.acme).await.done();
        let panel = async |person: &office::Person| evaluation::read_panel(&office.desk, &person.actor, id).await.done();
        assert!(panel(&office.officer).await.short.is_empty());
        office.officer.settles(id, "recused").await.done();
        let short = panel(&office.officer).await.short;
        assert_eq!(short.iter().map(|short| short.have).collect::<Vec<_>>(), [2]);
        assert!(panel(&office.evaluator).await.short.is_empty(), "the team's to know");
        office.officer.appoints(id, &office.outsider, "evaluator").await.done();
        assert!(panel(&office.officer).await.short.is_empty());
    }
}
