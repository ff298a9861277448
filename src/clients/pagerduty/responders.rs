//! Asks more people to help with an incident: users, or whoever an escalation policy pages.

use serde_json::json;

use super::deeds::Work;
use super::refusal::NOT_PAID;
use super::wire::OneRequest;
use crate::clients::Trouble;
use crate::incident::event::Contact;
use crate::outbox::Outcome;

impl Work<'_> {
    pub(super) async fn add_responders(&self, who: &[Contact]) -> Result<Outcome, Trouble> {
        self.rest.from()?;
        if who.is_empty() {
            return Err(Trouble::permanent("nobody is named: say whom PagerDuty shall page"));
        }
        let requester = self.rest.requester().await?;
        let mut targets = Vec::new();
        for contact in who {
            targets.push(json!({ "responder_request_target": self.rest.target(contact).await? }));
        }
        let body = json!({
            "requester_id": requester,
            "message": self.words(),
            "responder_request_targets": targets,
        });
        let asked = self.rest.post::<OneRequest>(&self.path("/responder_requests"), &body).await;
        let asked = asked.map_err(without_ability).map_err(|trouble| self.gone(trouble))?;
        self.kept(&asked.responder_request.id)
    }
}

fn without_ability(trouble: Trouble) -> Trouble {
    if trouble.code != NOT_PAID {
        return trouble;
    }
    let message = "this PagerDuty account cannot add responders (it lacks the ability coordinated_responding): \
                   escalate instead, or call them";
    Trouble { message: message.to_owned(), ..trouble }
}
