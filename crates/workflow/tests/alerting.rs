//! Being told of what is found: once about each document, only of what everybody may find, by whoever keeps it, and until it is
//! stopped.

mod office;

use domain::ids::OrganisationId;
use domain::moment::{DAY, MINUTE};
use domain::notice::Choice;
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, Told, fields};
use store::testing;
use workflow::alert::{self, Found, Saved, Wanted, tell_found};
use workflow::follow::follow_once;
use workflow::notice::{Post, compose};
use workflow::{Desk, Error};

/// Looks once, as the jobs do: the index follows, then alerts are told.
async fn look(desk: &Desk) -> u64 {
    follow_once(desk).await.done();
    tell_found(desk).await.done()
}

/// What would leave now: whom to, and what it found; confirmations with their link.
async fn post(desk: &Desk) -> (Vec<(String, Found)>, Vec<String>) {
    let mails = desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(1_000).await?) })).await.unwrap();
    let (mut found, mut links) = (Vec::new(), Vec::new());
    for mail in mails {
        match compose(desk, &mail).await.done() {
            Post::Found(what) => found.push((mail.recipient.clone(), what)),
            Post::Plain { template, params, .. } if template == "alert-confirm" => {
                links.push(params["link"].as_str().unwrap().split("t=").last().unwrap().to_owned());
            }
            _ => {}
        }
    }
    (found, links)
}

fn search(text: &str) -> Wanted {
    Wanted::Search(text.into())
}

async fn keeps(desk: &Desk, actor: &Actor, wanted: &Wanted, rhythm: &str) {
    assert_eq!(alert::save_alert(desk, actor, None, wanted, &fields(&[("rhythm", rhythm)])).await.done(), Saved::Running);
}

#[tokio::test]
async fn what_is_published_is_told_once_to_those_whose_search_finds_it() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let desk = &office.desk;
        look(desk).await;
        keeps(desk, &office.outsider.actor, &search("q=missed+visits"), "at_once").await;
        keeps(desk, &office.acme.person.actor, &search("q=street+lights"), "at_once").await;
        let buyer = Wanted::Buyer { id: office.buyer, name: String::new() };
        keeps(desk, &office.acme.person.actor, &buyer, "at_once").await;
        keeps(desk, &office.brook.person.actor, &Wanted::Buyer { id: OrganisationId(7), name: String::new() }, "at_once").await;
        // A draft is nobody's news, not even its officer's.
        keeps(desk, &office.officer.actor, &search(""), "at_once").await;
        assert_eq!(look(desk).await, 0);
        office.wait(MINUTE).await;
        office.publish(office.challenge).await;
        assert_eq!(look(desk).await, 3, "the search, the buyer's follower, and whoever wants everything");
        assert_eq!(look(desk).await, 0);
        assert!(post(desk).await.0.is_empty(), "at once is the end of the minute: what comes together is one mail");
        office.wait(2 * MINUTE).await;
        let (sent, _) = post(desk).await;
        assert_eq!(sent.len(), 3);
        let (_, found) = sent.iter().find(|(to, _)| *to == office.outsider.email).unwrap();
        assert_eq!((found.hits.len(), found.more), (1, 0));
        assert_eq!(found.hits[0].title, "Fewer missed visits");
        assert_eq!(found.wanted, search("q=missed+visits"));
        let followed = sent.iter().find(|(to, _)| *to == office.acme.person.email).unwrap();
        assert_eq!(followed.1.wanted, Wanted::Buyer { id: office.buyer, name: "Harbour City".into() });
        // A deadline that passes is no news, and the same document is told no second time.
        office.pass_deadline().await;
        assert_eq!(look(desk).await, 0);
        office.wait(DAY).await;
        assert!(post(desk).await.0.is_empty());
    }
}

#[tokio::test]
async fn who_begins_later_or_stopped_is_not_told_of_what_was() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let desk = &office.desk;
        look(desk).await;
        let who = &office.outsider.actor;
        keeps(desk, who, &search("q=visits"), "daily").await;
        keeps(desk, who, &search("kind=challenge"), "at_once").await;
        let (kept, _) = alert::list_alerts(desk, who, None).await.done();
        assert_eq!(kept.len(), 2);
        let daily = kept.iter().find(|kept| kept.rhythm == Choice::Daily).unwrap().id;
        let other = kept.iter().find(|kept| kept.id != daily).unwrap().id;
        alert::set_alert(desk, &office.brook.person.actor, None, daily, None).await.refused(Refusal::Unseen);
        alert::set_alert(desk, &Actor::Visitor, None, daily, None).await.refused(Refusal::Unseen);
        alert::set_alert(desk, who, None, other, None).await.done();
        office.wait(MINUTE).await;
        office.publish(office.challenge).await;
        assert_eq!(look(desk).await, 1, "the one that was stopped is silent");
        office.wait(MINUTE).await;
        alert::set_alert(desk, who, None, other, Some(Choice::AtOnce)).await.done();
        keeps(desk, &office.acme.person.actor, &search("q=visits"), "at_once").await;
        assert_eq!(look(desk).await, 0, "it was published before they began");
        office.wait(MINUTE * 2).await;
        assert!(post(desk).await.0.is_empty(), "the day's mail comes in the morning");
        // Stopped before the mail leaves: nothing leaves.
        office.wait(DAY).await;
        alert::set_alert(desk, who, None, daily, None).await.done();
        assert!(post(desk).await.0.is_empty());
    }
}

#[tokio::test]
async fn an_address_is_told_after_its_owner_said_yes_and_until_one_click() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let desk = &office.desk;
        look(desk).await;
        let asked = fields(&[("rhythm", "at_once"), ("email", "Reader@Paper.example")]);
        let wanted = search("q=visits");
        let ask = || alert::save_alert(desk, &Actor::Visitor, None, &wanted, &asked);
        assert_eq!(ask().await.done(), Saved::Mailed);
        assert_eq!(ask().await.done(), Saved::Mailed, "asked twice");
        let (_, links) = post(desk).await;
        assert!(!links.is_empty());
        office.wait(MINUTE).await;
        office.publish(office.challenge).await;
        assert_eq!(look(desk).await, 0, "nobody said yes");
        alert::confirm_alert(desk, "x.alert-confirm.y").await.invalid("link-used");
        let proof = alert::confirm_alert(desk, &links[0]).await.done();
        let (kept, email) = alert::list_alerts(desk, &Actor::Visitor, Some(&proof)).await.done();
        assert_eq!((kept.len(), email.as_deref()), (1, Some("reader@paper.example")));
        assert_eq!(alert::list_alerts(desk, &Actor::Visitor, None).await.done().0.len(), 0);
        // Confirmed once: in this browser the next one needs no mail.
        let everything = alert::save_alert(desk, &Actor::Visitor, Some(&proof), &search(""), &asked).await.done();
        assert_eq!(everything, Saved::Running);
        office.wait(MINUTE).await;
        let second = office::draft(desk, &office.officer.actor, "Home visits that come").await;
        office.officer.names(second, &office.approver, "approver").await.done();
        office.publish(second).await;
        assert_eq!(look(desk).await, 2);
        office.wait(2 * MINUTE).await;
        let (sent, _) = post(desk).await;
        assert_eq!(sent.len(), 2, "one about each that is kept: each is stopped by itself");
        for (to, found) in &sent {
            assert_eq!(to, "reader@paper.example");
            assert_eq!(found.hits[0].title, "Home visits that come");
            let token = found.stop.split("t=").last().unwrap();
            alert::stop_alert_by_link(desk, token, false).await.done();
            alert::stop_alert_by_link(desk, token, false).await.done();
            alert::confirm_alert(desk, token).await.invalid("link-used");
        }
        let (kept, _) = alert::list_alerts(desk, &Actor::Visitor, Some(&proof)).await.done();
        assert!(kept.iter().all(|alert| alert.stopped && alert.told == 1), "{kept:?}");
        alert::save_alert(desk, &Actor::Visitor, None, &wanted, &fields(&[("rhythm", "hourly"), ("email", "x")]))
            .await
            .invalid("email");
    }
}

#[tokio::test]
async fn who_never_asked_is_asked_once_and_says_no_with_one_click() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let desk = &office.desk;
        let asked = fields(&[("rhythm", "daily"), ("email", "victim@paper.example")]);
        let ask = async |wanted: &Wanted| alert::save_alert(desk, &Actor::Visitor, None, wanted, &asked).await.done();
        assert_eq!(ask(&search("q=visits")).await, Saved::Mailed);
        let (confirm, stop) = confirmations(desk).await.remove(0);
        let waiting = alert::read_alert_confirm(desk, &confirm).await.done().unwrap();
        assert!(!waiting.confirmed && waiting.wanted == search("q=visits"));
        assert!(alert::read_alert_confirm(desk, "x.alert-confirm.y").await.done().is_none(), "a page without a button");
        assert!(alert::read_alert_confirm(desk, "").await.done().is_none());
        assert!(!alert::read_alert_stop(desk, &stop).await.done().unwrap().confirmed);
        alert::stop_alert_by_link(desk, &stop, false).await.done();
        office.wait(MINUTE).await;
        assert_eq!(ask(&search("q=visits")).await, Saved::Mailed, "the answer tells nobody that there was a no");
        assert_eq!(ask(&search("q=street+lights")).await, Saved::Mailed);
        assert!(confirmations(desk).await.is_empty(), "and nothing leaves, whatever is asked for");
        // A slip: with the link of the first mail it is a yes after all, and the address may be asked again.
        alert::stop_alert_by_link(desk, &stop, true).await.done();
        assert!(alert::read_alert_confirm(desk, &confirm).await.done().unwrap().confirmed);
        office.wait(MINUTE).await;
        ask(&search("q=buses")).await;
        assert_eq!(confirmations(desk).await.len(), 1);
        // To stop what was confirmed is no such no.
        alert::stop_alert_by_link(desk, &stop, false).await.done();
        office.wait(MINUTE).await;
        ask(&search("q=trams")).await;
        assert_eq!(confirmations(desk).await.len(), 1);
    }
}

/// Confirmations that would leave now: the tokens of their yes and of their no.
async fn confirmations(desk: &Desk) -> Vec<(String, String)> {
    let mails = desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(1_000).await?) })).await.unwrap();
    let mut links = Vec::new();
    for mail in mails.iter().filter(|mail| mail.template == "alert-confirm") {
        if let Post::Plain { params, .. } = compose(desk, mail).await.done() {
            let token = |name: &str| params[name].as_str().unwrap().split("t=").last().unwrap().to_owned();
            links.push((token("link"), token("stop")));
        }
    }
    links
}

#[tokio::test]
async fn what_can_never_be_told_is_not_kept() {
    let office = Office::with_draft(testing::sqlite().await).await;
    let daily = fields(&[("rhythm", "daily")]);
    let save = async |text: &str| alert::save_alert(&office.desk, &office.officer.actor, None, &search(text), &daily).await;
    save("kind=supplier").await.invalid("alert-never-organisations");
    save("kind=solution&when=open").await.invalid("alert-never-nothing");
    save("kind=solution").await.done();
}

#[tokio::test]
async fn what_an_address_of_a_page_asks_for_exists_and_is_public() {
    let office = Office::with_draft(testing::sqlite().await).await;
    let desk = &office.desk;
    let asks = async |pairs: &[(&str, &str)], text: &str| alert::wanted(desk, &fields(pairs), text.to_owned()).await.done();
    let buyer = office.buyer.to_string();
    assert_eq!(asks(&[("of_buyer", &buyer)], "").await, Some(Wanted::Buyer { id: office.buyer, name: "Harbour City".into() }));
    assert_eq!(asks(&[("of_buyer", &office.acme.organisation.to_string())], "").await, None, "a supplier");
    assert_eq!(asks(&[("of_buyer", "nonsense")], "").await, None);
    assert_eq!(asks(&[("of_category", "72000000")], "").await, Some(Wanted::Category("72000000".into())));
    assert_eq!(asks(&[("of_category", "99999999")], "").await, None);
    assert_eq!(asks(&[], "").await, Some(search("")));
    assert_eq!(asks(&[], &"q".repeat(3_000)).await, None);
}
