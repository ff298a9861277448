//! The shipped past incidents: each journal is what its script says, verifies and folds without a remark.
//!
//! `WARROOM_UPDATE_SAMPLES=1 cargo test shipped_incidents_match_their_scripts` writes the journals anew.

mod build;
mod script;

use std::fs;
use std::path::{Path, PathBuf};

use build::{Built, build};
use script::Script;
use warroom::incident::{Entry, Event, Incident, Origin, PersonId, Zone};
use warroom::journal::{Chain, parse_file_name, verify};
use warroom::policy::Policy;

const SLUGS: [&str; 7] = [
    "dfds-2023-02-14",
    "github-2018-10-21",
    "gitlab-2017-01-31",
    "leap-2025-08-12",
    "matrix-org-2025-09-02",
    "mybinder-2018-02-20",
    "posthog-2025-11-11",
];

/// Longest text of one row, in characters, so that a wide room shows it on a line.
const ROW: usize = 110;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/incidents")
}

fn policy() -> Policy {
    let mut policy = Policy::parse(include_str!("../../../sample-data/policies/data.toml")).unwrap();
    // The public was told; no report says who approved it.
    policy.audiences.iter_mut().for_each(|audience| audience.external = false);
    policy
}

fn script(slug: &str) -> Script {
    let file = folder().join(slug).join("script.toml");
    let text = fs::read_to_string(&file).unwrap();
    Script::parse(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

fn names_in(dir: &Path) -> Vec<String> {
    let Ok(found) = fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> = found.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The entries of a shipped journal; panics at the first byte that is not as it was written.
fn open(slug: &str) -> Vec<Entry> {
    let dir = folder().join(slug).join("journal");
    let names = names_in(&dir);
    let [name] = names.as_slice() else { panic!("{slug}: one journal file, not {names:?}") };
    let bytes = fs::read(dir.join(name)).unwrap();
    let mut lines = bytes.strip_suffix(b"\n").expect("a whole last line").split(|byte| *byte == b'\n');
    let mut chain = Chain::default();
    let segment = chain.begin(lines.next().unwrap()).unwrap();
    assert_eq!(Some((segment.host, segment.segment)), parse_file_name(name), "{slug}");
    lines.map(|line| chain.follow(line).unwrap().split.entry().unwrap()).collect()
}

fn fold(entries: &[Entry]) -> Incident {
    let mut incident = Incident::default();
    entries.iter().for_each(|entry| incident.apply(entry));
    incident
}

/// What a newcomer sees of it: title and type, the turns of status and severity, who held what, what was told to whom.
fn outline(incident: &Incident) -> String {
    let mut out = format!("{} ({})\n", incident.title(), incident.kind().unwrap_or("no type"));
    for turn in &incident.statuses {
        out.push_str(&format!("{} {}\n", Zone::Utc.hms(turn.at), turn.to));
    }
    for turn in &incident.severities {
        out.push_str(&format!("{} {} by {}\n", Zone::Utc.hms(turn.at), turn.to, turn.by));
    }
    for seat in incident.roles.seats() {
        for holding in seat.holders {
            out.push_str(&format!("{} {}: {}\n", Zone::Utc.hms(holding.since), seat.role, holding.who));
        }
    }
    for update in &incident.updates {
        let sent = &update.sent;
        out.push_str(&format!(
            "{} to {}, {}: {}\n",
            Zone::Utc.hms(update.at),
            sent.audience,
            sent.word,
            sent.body
        ));
    }
    out
}

#[track_caller]
fn check(slug: &str, expect: &str) {
    let expect: String = expect.trim().lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(outline(&fold(&open(slug))), expect);
}

#[test]
fn every_shipped_incident_is_listed() {
    let folders: Vec<String> = names_in(&folder()).into_iter().filter(|name| name != "README.md").collect();
    assert_eq!(folders, SLUGS);
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for slug in SLUGS {
        let entries = open(slug).len();
        let told = format!("`{slug}`** ({entries} entries");
        assert!(readme.contains(&told), "README.md does not say {told}");
    }
}

#[test]
fn shipped_incidents_match_their_scripts() {
    let update = std::env::var_os("WARROOM_UPDATE_SAMPLES").is_some();
    for slug in SLUGS {
        let Built { file, bytes } = build(slug, &script(slug), &policy());
        let dir = folder().join(slug).join("journal");
        if update {
            let _ = fs::remove_dir_all(&dir);
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join(&file), &bytes).unwrap();
        }
        assert_eq!(names_in(&dir), [file.as_str()], "{slug}: WARROOM_UPDATE_SAMPLES=1 writes it anew");
        let same = fs::read(dir.join(&file)).unwrap() == bytes;
        assert!(
            same,
            "{slug}: the journal is not what the script says; WARROOM_UPDATE_SAMPLES=1 writes it anew"
        );
    }
}

#[test]
fn shipped_incidents_verify_and_fold_without_a_remark() {
    for slug in SLUGS {
        let (entries, script) = (open(slug), script(slug));
        let verdict = verify(&folder().join(slug)).unwrap();
        assert!(verdict.is_whole() && verdict.entries == entries.len() as u64, "{slug}: {verdict:?}");
        let incident = fold(&entries);
        assert_eq!(incident.idle.len(), 0, "{slug}: {:?}", incident.idle);
        assert_eq!(incident.notices, [], "{slug}");
        assert_eq!(incident.title(), script.title, "{slug}");
        assert_eq!(incident.links.get("source"), Some(&script.source), "{slug}");
        assert!(incident.severity.is_some() && incident.status.is_over(), "{slug}");
        assert!(
            matches!(entries[0].event, Event::Incident(_)),
            "{slug}: the title stands from the first second"
        );
        let stamps: Vec<_> = entries.iter().map(Entry::stamp).collect();
        assert!(stamps.is_sorted_by(|a, b| a < b), "{slug}: the order of the file is the order of the fold");
        for (place, entry) in entries.iter().enumerate() {
            assert_eq!(entry.header.remote.as_deref(), Some(format!("{slug}#{}", place + 1).as_str()));
            assert_eq!(entry.header.via, Origin::Import);
            assert_eq!(entry.at(), entry.known_at(), "{slug}: known when it happened");
            assert!(!matches!(entry.event, Event::Unknown(_)), "{slug}: {entry:?}");
        }
    }
}

#[test]
fn a_moment_told_late_keeps_its_time_and_is_known_later() {
    let text = r#"
        title = "t"
        source = "https://example.org"
        retrieved = "by hand"
        people = { a = "a" }
        report = { impact = "i", cause = "c", resolution = "r", actions = [] }
        [[moment]]
        at = 2023-02-14T11:08:00Z
        by = "a"
        finding = "second"
        action = "third"
        status = { to = "fixing", why = "w" }
        severity = { to = "P0", why = "w" }
        [[moment]]
        at = 2023-02-14T11:07:00Z
        by = "a"
        note = "first"
    "#;
    let script = Script::parse(text).unwrap();
    let Built { bytes, .. } = build("t", &script, &policy());
    let again = build("t", &script, &policy()).bytes;
    assert_eq!(bytes, again, "no clock, no dice");
    let mut chain = Chain::default();
    let mut lines = bytes.split(|byte| *byte == b'\n');
    chain.begin(lines.next().unwrap()).unwrap();
    let entries: Vec<Entry> =
        lines.filter_map(|line| Some(chain.follow(line).ok()?.split.entry().unwrap())).collect();
    let a = PersonId::new("a");
    let told: Vec<String> = entries
        .iter()
        .filter(|entry| *entry.by() == a)
        .map(|entry| {
            let (at, known) = (Zone::Utc.hm(entry.at()), Zone::Utc.hm(entry.known_at()));
            format!("{at} {known} {}", warroom::incident::describe::original(&Incident::default(), entry))
        })
        .collect();
    assert_eq!(told, ["11:08 11:08 second", "11:08 11:08 third", "11:07 11:08 first"]);
}

#[test]
fn texts_fit_a_row_and_moments_stand_in_order() {
    for slug in SLUGS {
        let script = script(slug);
        assert!(script.title.chars().count() <= 60, "{slug}: the title must fit the header");
        let moments = &script.moments;
        assert!(moments.is_sorted_by_key(|moment| moment.when().time), "{slug}");
        for facet in moments.iter().flat_map(|moment| moment.facets()) {
            assert!(facet.text().chars().count() <= ROW, "{slug}: {}", facet.text());
        }
    }
}

#[test]
fn gitlab() {
    check(
        "gitlab-2017-01-31",
        "
        GitLab.com: primary Postgres data directory wiped (data-loss)
        17:20:00 alerted
        18:00:00 acknowledged
        19:00:00 triage
        22:10:00 diagnosing
        22:20:00 fixing
        23:35:00 diagnosing
        00:36:00 fixing
        17:00:00 verifying
        18:14:00 resolved
        18:14:00 post-mortem
        23:27:00 P0 by editor
        23:28:38 to customers, resolving: Emergency database maintenance; the site is taken offline.
        00:44:15 to customers, identified: Production data was deleted by accident; live notes are public.
        18:14:00 to customers, resolved: GitLab.com is back online.
        ",
    );
}

#[test]
fn matrix() {
    check(
        "matrix-org-2025-09-02",
        "
        matrix.org: both Postgres nodes lost in RAID maintenance (data-loss)
        11:03:00 alerted
        12:57:00 acknowledged
        17:40:00 triage
        18:06:00 diagnosing
        18:40:00 fixing
        16:51:00 verifying
        18:00:00 resolved
        09:21:00 post-mortem
        17:40:00 P0 by editor
        ",
    );
}

#[test]
fn leap() {
    check(
        "leap-2025-08-12",
        "
        2i2c LEAP hub: production namespace deleted (data-loss)
        16:00:00 acknowledged
        16:02:00 triage
        16:33:00 diagnosing
        16:43:00 fixing
        17:08:00 verifying
        17:11:00 resolved
        20:16:00 post-mortem
        16:02:00 P0 by editor
        16:32:30 liaison: people-ops-lead
        16:15:00 to customers, investigating: To the LEAP community: an outage is under way.
        17:08:00 to customers, monitoring: To the LEAP community: the hub is online again; testing continues.
        ",
    );
}

#[test]
fn github() {
    check(
        "github-2018-10-21",
        "
        GitHub: 43 s partition splits MySQL across two coasts (data-corruption)
        22:52:00 alerted
        22:54:00 triage
        23:11:00 commanded
        23:13:31 diagnosing
        00:05:37 fixing
        16:24:02 verifying
        23:03:58 resolved
        23:03:58 post-mortem
        23:13:31 P0 by editor
        23:11:00 commander: incident-coordinator
        23:09:19 to customers, investigating: Site status is yellow.
        23:13:31 to customers, investigating: Site status is red.
        00:05:37 to customers, resolving: The plan: restore from backup, sync both sites, return to a stable topology, then drain queues.
        06:51:50 to customers, resolving: Several clusters are restored in East and replicating from West; about two hours more.
        07:46:00 to customers, resolving: Public blog post published.
        23:03:58 to customers, resolved: Backlog finished and integrity confirmed; site status is green.
        ",
    );
}

#[test]
fn mybinder() {
    check(
        "mybinder-2018-02-20",
        "
        mybinder.org: launches fail after a popular announcement (no type)
        13:17:00 alerted
        14:05:00 acknowledged
        15:05:00 triage
        15:18:00 diagnosing
        17:03:00 fixing
        17:40:00 verifying
        18:35:00 diagnosing
        18:52:00 verifying
        20:00:00 diagnosing
        21:12:00 fixing
        06:18:00 verifying
        06:18:00 resolved
        06:18:00 post-mortem
        15:05:00 P1 by editor
        ",
    );
}

#[test]
fn dfds() {
    check(
        "dfds-2023-02-14",
        "
        DFDS: node rollover leaves the cluster with zero nodes (no type)
        07:30:00 alerted
        09:33:00 acknowledged
        10:48:00 triage
        10:49:00 fixing
        11:01:00 verifying
        11:59:00 resolved
        11:59:00 post-mortem
        11:00:00 P0 by platform-engineer
        11:00:00 to executive, resolving: To management: this is a Sev1.
        11:08:00 to executive, monitoring: Follow-up mail: restored.
        ",
    );
}

#[test]
fn posthog() {
    check(
        "posthog-2025-11-11",
        "
        PostHog: TOAST OIDs run out, events up to two days late (pipeline-failure)
        16:02:00 alerted
        22:17:00 diagnosing
        09:00:00 fixing
        15:02:00 verifying
        06:20:00 resolved
        06:20:00 post-mortem
        16:02:00 P0 by editor
        ",
    );
}
