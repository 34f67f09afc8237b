//! Lots: asked for by one person, drawn before another, once, and drawn again by anybody.

mod office;

use domain::evaluation::{DecidedBy, lot_order};
use domain::ids::to_text;
use domain::policy::Refusal;
use office::{Office, Told, fields};
use store::testing;
use workflow::evaluation;

/// Both responses have the same scores and the same price.
async fn tied(throwaway: testing::Throwaway) -> Office {
    let office = Office::scoring(throwaway).await;
    let id = office.challenge;
    for person in [&office.chair, &office.evaluator, &office.second] {
        person.scores_all(id, &[(&office.acme, 4), (&office.brook, 4)]).await;
        person.locks(id).await.done();
    }
    office.chair.approves_record(id).await.done();
    office
}

#[tokio::test]
async fn lots_take_two_people_and_are_drawn_once() {
    for throwaway in testing::each().await {
        let office = tied(throwaway).await;
        let (id, desk) = (office.challenge, office.desk.clone());
        let before = office.officer.result(id).await.done();
        assert!(before.outcome.standings.iter().all(|standing| standing.tied && standing.rank == Some(1)));

        let rank = |rank: &str| fields(&[("rank", rank)]);
        evaluation::ask_lots(&desk, &office.chair.actor, id, &rank("1")).await.refused(Refusal::NotYours);
        evaluation::ask_lots(&desk, &office.outsider.actor, id, &rank("1")).await.refused(Refusal::Unseen);
        evaluation::ask_lots(&desk, &office.officer.actor, id, &rank("2")).await.invalid("not-tied");
        evaluation::ask_lots(&desk, &office.officer.actor, id, &rank("1")).await.done();
        evaluation::ask_lots(&desk, &office.officer.actor, id, &rank("1")).await.stale();

        // Whoever may draw them is told, and who asked is not.
        for (person, told) in
            [(&office.approver, true), (&office.chair, true), (&office.officer, false), (&office.evaluator, false)]
        {
            let list = workflow::notice::list_notices(&desk, &person.actor, 1).await.done().page;
            let found = list.iter().any(|notice| notice.kind == domain::notice::EventKind::LotsAsked);
            assert_eq!(found, told, "{}", person.email);
        }

        let asked = office.officer.result(id).await.done();
        let ask = fields(&[("ask", &to_text(asked.lots[0].ask))]);
        evaluation::draw_lots(&desk, &office.officer.actor, id, &ask).await.refused(Refusal::LotsOwn);
        evaluation::draw_lots(&desk, &office.evaluator.actor, id, &ask).await.refused(Refusal::NotYours);
        let other = fields(&[("ask", &to_text(7))]);
        evaluation::draw_lots(&desk, &office.approver.actor, id, &other).await.refused(Refusal::LotsNotAsked);
        evaluation::draw_lots(&desk, &office.approver.actor, id, &ask).await.done();
        evaluation::draw_lots(&desk, &office.chair.actor, id, &ask).await.stale();

        let drawn = office.officer.result(id).await.done();
        let standings = &drawn.outcome.standings;
        let ranks: Vec<_> = standings.iter().map(|standing| (standing.rank, standing.tied, standing.decided_by)).collect();
        assert_eq!(ranks, [(Some(1), false, Some(DecidedBy::Lots)), (Some(2), false, Some(DecidedBy::Lots))]);
        // Anybody draws again, from the seed and the signs of the responses.
        let seed = drawn.lots[0].seed.clone().unwrap();
        assert_eq!(seed.len(), 64);
        let between: Vec<i64> = drawn.lots_between.iter().map(|row| row.response).collect();
        let again: Vec<i64> = lot_order(&seed, &between).into_iter().map(|(response, _)| response).collect();
        assert_eq!(again, standings.iter().map(|standing| standing.response).collect::<Vec<_>>());
        assert!(drawn.lots[0].drawn_by_name.is_some());
    }
}

#[tokio::test]
async fn no_lots_before_the_result() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let rank = fields(&[("rank", "1")]);
        evaluation::ask_lots(&office.desk, &office.officer.actor, office.challenge, &rank).await.refused(Refusal::Stage);
    }
}

/// The ranking decides: not who recommends.
#[tokio::test]
async fn nobody_is_awarded_by_choice_where_lots_decide_nor_below_the_first_without_a_reason() {
    for throwaway in testing::each().await {
        let office = tied(throwaway).await;
        office.officer.recommends(office.challenge, &office.acme, &[&office.brook]).await.invalid("award-tied");
    }
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let id = office.challenge;
        for person in [&office.chair, &office.evaluator, &office.second] {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 2)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        office.officer.recommends(id, &office.brook, &[&office.acme]).await.invalid("award-departs");
        let [acme, brook] = [office.acme.response(id).await, office.brook.response(id).await];
        let form = fields(&[
            ("kind", "award"),
            ("reason", "The best that can still be had."),
            ("departure", "Acme has withdrawn its offer."),
            (&format!("outcome-{acme}"), "unsuccessful"),
            (&format!("reason-{acme}"), "You withdrew."),
            (&format!("outcome-{brook}"), "awarded"),
            (&format!("reason-{brook}"), "Next in the ranking."),
            ("seen", &office.officer.mark(id).await),
        ]);
        workflow::award::recommend_decision(&office.desk, &office.officer.actor, id, &form).await.done();
        let said = workflow::award::read_decision(&office.desk, &office.officer.actor, id).await.done().decision.reason;
        assert_eq!(said, "The best that can still be had.\n\nAcme has withdrawn its offer.");
    }
}
