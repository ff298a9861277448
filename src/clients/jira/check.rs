//! Whether the settings fit the Jira that they are for: each thing that tickets need, by really asking.
//!
//! It changes nothing there. What does not fit is named together with what Jira has instead, ready to be copied into the settings.

use serde_json::{Value, json};

use super::Jira;
use super::api::{Line, part};
use super::fields::{self, field_of, type_of};
use super::wire::{FieldMeta, Found, Named, Transition, Transitions, User, entries};
use crate::clients::{Probe, Trouble};
use crate::config::accounts::Edition;
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;

/// What every ticket of ours has, or Jira fills in.
const OURS: [&str; 6] = ["project", "issuetype", "summary", "description", "labels", "reporter"];
/// Names that are listed at most.
const MOST_NAMES: usize = 20;

pub(super) async fn all(jira: &Jira) -> Vec<Probe> {
    let check = Check { jira, line: jira.api.at(None) };
    let mut probes = vec![check.address().await];
    probes.push(check.token().await);
    // Whoever is not let in learns nothing more.
    if probes.iter().any(|probe| !probe.works) {
        return probes;
    }
    let settings = &jira.settings;
    for project in [Some(&settings.project), settings.drill.as_ref()].into_iter().flatten() {
        check.project(project, &mut probes).await;
    }
    if !settings.priorities.is_empty() {
        check.priorities(&mut probes).await;
    }
    probes.push(check.link_type().await);
    probes
}

struct Check<'a> {
    jira: &'a Jira,
    line: Line<'a>,
}

impl Check<'_> {
    async fn address(&self) -> Probe {
        let info: Value = match self.line.read("/serverInfo", &[]).await {
            Ok(info) => info,
            Err(trouble) => return failed("address", trouble, "check [jira].base"),
        };
        let (kind, version) =
            (info["deploymentType"].as_str(), info["version"].as_str().unwrap_or("unknown"));
        let fits = kind.is_none_or(|kind| (kind == "Cloud") == self.jira.api.is_cloud());
        let says = clean_line(&format!("Jira {} {version}", kind.unwrap_or(""))).into_owned();
        let wanted = if self.jira.api.edition == Edition::Cloud { "data-center" } else { "cloud" };
        if fits {
            Probe::ok("address", says)
        } else {
            Probe::fails("address", says, format!("set [jira].edition to {wanted:?}"))
        }
    }

    async fn token(&self) -> Probe {
        match self.line.read::<User>("/myself", &[]).await {
            Ok(me) => Probe::ok("token", format!("this is {}", clean_line(&me.display_name))),
            Err(trouble) => {
                failed("token", trouble, "make a token, and check [jira].user and [jira].edition")
            }
        }
    }

    async fn project(&self, project: &str, probes: &mut Vec<Probe>) {
        let what = format!("project {project}");
        match self.line.read::<Named>(&format!("/project/{}", part(project)), &[]).await {
            Ok(found) => probes.push(Probe::ok(what, clean_line(&found.name))),
            Err(trouble) => {
                return probes.push(failed(
                    what,
                    trouble,
                    "check the key, and that the account may browse it",
                ));
            }
        }
        self.types(project, probes).await;
        if !self.jira.settings.transitions.is_empty() {
            self.transitions(project, probes).await;
        }
    }

    async fn types(&self, project: &str, probes: &mut Vec<Probe>) {
        let types = match fields::types(&self.line, project).await {
            Ok(types) => types,
            Err(trouble) => {
                return probes.push(failed(
                    format!("types of {project}"),
                    trouble,
                    "let the account create tickets there",
                ));
            }
        };
        let settings = &self.jira.settings;
        let mut wanted = vec![("issue_type", &settings.issue_type)];
        if settings.follow_up_type != settings.issue_type {
            wanted.push(("follow_up_type", &settings.follow_up_type));
        }
        for (key, name) in wanted {
            let what = format!("type {name} of {project}");
            match type_of(&types, name) {
                Some(kind) => self.form(project, kind, probes).await,
                None => probes.push(Probe::fails(
                    what,
                    format!("there is none; there are: {}", names(&types)),
                    format!("set [jira].{key} to one of them"),
                )),
            }
        }
    }

    async fn form(&self, project: &str, kind: &Named, probes: &mut Vec<Probe>) {
        let what = format!("type {} of {project}", kind.name);
        let form = match fields::form(&self.line, project, kind).await {
            Ok(form) => form,
            Err(trouble) => {
                return probes.push(failed(what, trouble, "let the account create tickets there"));
            }
        };
        let before = probes.len();
        if !form.is_empty() && field_of(&form, "labels").is_none() {
            probes.push(Probe::fails(
                format!("field labels of {}", kind.name),
                "it is not on the form: Jira will refuse tickets, for each carries a label by which it is found again",
                "have it put on the create screen",
            ));
        }
        probes.extend(form.iter().filter(|field| self.lacks(field)).map(|field| required(field, kind)));
        let unknown = |name: &&String| field_of(&form, name).is_none();
        probes
            .extend(self.jira.settings.fields.keys().filter(unknown).map(|name| no_field(name, &form, kind)));
        if probes.len() == before {
            probes.push(Probe::ok(what, "every field that it requires is set"));
        }
    }

    /// Whether a field is required and nothing would fill it.
    fn lacks(&self, field: &FieldMeta) -> bool {
        let settings = &self.jira.settings;
        let by_hand =
            settings.fields.keys().any(|name| field_of(std::slice::from_ref(field), name).is_some());
        let by_severity = field.id() == "priority" && !settings.priorities.is_empty();
        field.required && !field.has_default_value && !by_hand && !by_severity && !OURS.contains(&field.id())
    }

    async fn transitions(&self, project: &str, probes: &mut Vec<Probe>) {
        let read = self.line.read(&format!("/project/{}/statuses", part(project)), &[]).await;
        let types: Vec<Named> = match read {
            Ok(page) => entries(page),
            Err(trouble) => return probes.push(failed(format!("statuses of {project}"), trouble, "")),
        };
        let settings = &self.jira.settings;
        let ours =
            |kind: &&Named| kind.is_called(&settings.issue_type) || kind.is_called(&settings.follow_up_type);
        let mut statuses: Vec<Named> =
            types.iter().filter(ours).flat_map(|kind| kind.statuses.clone()).collect();
        statuses.dedup_by(|one, two| one.name == two.name);
        let offered = self.offered(project).await;
        for (word, wanted) in &settings.transitions {
            let known = statuses.iter().any(|status| status.is_called(wanted));
            let offered = offered.iter().any(|one| one.name.trim().eq_ignore_ascii_case(wanted.trim()));
            probes.push(transition(project, word, wanted, known, offered, &statuses));
        }
    }

    /// What the newest ticket offers: the names of transitions stand nowhere else.
    async fn offered(&self, project: &str) -> Vec<Transition> {
        let jql = format!("project = \"{project}\" ORDER BY created DESC");
        let path = if self.jira.api.is_cloud() { "/search/jql" } else { "/search" };
        let body = json!({ "jql": jql, "maxResults": 1, "fields": ["status"] });
        let newest =
            self.line.ask::<Found>(path, &body).await.ok().and_then(|found| found.issues.into_iter().next());
        let Some(newest) = newest else { return Vec::new() };
        let path = format!("/issue/{}/transitions", part(&newest.key));
        self.line.read::<Transitions>(&path, &[]).await.map(|found| found.transitions).unwrap_or_default()
    }

    async fn priorities(&self, probes: &mut Vec<Probe>) {
        let found = if self.jira.api.is_cloud() {
            fields::pages(&self.line, "/priority/search").await
        } else {
            self.line.read("/priority", &[]).await.map(entries)
        };
        let known: Vec<Named> = match found {
            Ok(known) => known,
            Err(trouble) => return probes.push(failed("priorities", trouble, "")),
        };
        for (severity, wanted) in &self.jira.settings.priorities {
            let what = format!("priority of {severity}");
            let fits = known.iter().any(|one| one.is_called(wanted));
            probes.push(if fits {
                Probe::ok(what, wanted.as_str())
            } else {
                let says = format!("there is no {wanted:?}; there are: {}", names(&known));
                Probe::fails(what, says, format!("set [jira].priorities.{severity} to one of them"))
            });
        }
    }

    async fn link_type(&self) -> Probe {
        let wanted = &self.jira.settings.link_type;
        let what = format!("link {wanted}");
        match self.line.read("/issueLinkType", &[]).await.map(entries::<Named>) {
            Ok(known) if known.iter().any(|one| one.is_called(wanted)) => Probe::ok(what, "it is there"),
            Ok(known) => Probe::fails(
                what,
                format!("there is none; there are: {}", names(&known)),
                "set [jira].link_type to one of them; without it follow-ups are not linked to the incident's ticket",
            ),
            Err(trouble) => failed(what, trouble, "links may be switched off: ask an administrator"),
        }
    }
}

fn transition(
    project: &str,
    word: &str,
    wanted: &str,
    known: bool,
    offered: bool,
    statuses: &[Named],
) -> Probe {
    let what = format!("transition {word} of {project}");
    if known {
        return Probe::ok(what, format!("{wanted} is a status"));
    }
    if offered {
        return Probe::ok(what, format!("{wanted} is a transition of the newest ticket"));
    }
    Probe::fails(
        what,
        format!(
            "{wanted:?} is no status, and the newest ticket offers no such transition; statuses are: {}",
            names(statuses)
        ),
        format!(
            "set [jira].transitions.{word} to a status; a transition that other statuses offer works all the same"
        ),
    )
}

fn required(field: &FieldMeta, kind: &Named) -> Probe {
    let takes = allowed(field);
    let takes = if takes.is_empty() { String::new() } else { format!("; it takes: {takes}") };
    let id = field.id();
    let shape = if field.schema.kind == "array" {
        format!("list of {}", field.schema.items)
    } else {
        field.schema.kind.clone()
    };
    Probe::fails(
        format!("field {} of {}", clean_line(&field.name), clean_line(&kind.name)),
        clean_line(&format!("the project requires it ({id}, {shape}){takes}")),
        format!("set it under [jira].fields: {:?} = …", clean_line(&field.name)),
    )
}

fn no_field(name: &str, form: &[FieldMeta], kind: &Named) -> Probe {
    let known: Vec<&str> = form.iter().map(|field| field.name.as_str()).collect();
    Probe::fails(
        format!("field {name} of {}", clean_line(&kind.name)),
        format!("[jira].fields names it, and there is none; there are: {}", clean_line(&known.join(", "))),
        "put the name right, or leave it out",
    )
}

/// The values that a field takes, in the words that the settings may use.
fn allowed(field: &FieldMeta) -> String {
    let word = |value: &Value| {
        let named = ["value", "name", "key", "id"].iter().find_map(|key| value[*key].as_str());
        named.or(value.as_str()).map(|word| clean_line(word).into_owned())
    };
    let words: Vec<String> = field.allowed_values.iter().filter_map(word).take(MOST_NAMES).collect();
    words.join(", ")
}

fn names(all: &[Named]) -> String {
    let names: Vec<String> =
        all.iter().take(MOST_NAMES).map(|one| clean_line(&one.name).into_owned()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn failed(what: impl Into<String>, trouble: Trouble, hint: &str) -> Probe {
    let passing = matches!(trouble.class, FailureClass::Transient | FailureClass::Unknown);
    let hint = if passing { "look at the connection, then check again" } else { hint };
    Probe::fails(what, trouble.message, hint)
}
