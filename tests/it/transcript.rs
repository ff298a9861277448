//! The whole of an incident through a real terminal, in the order in which a person lives it: items 1 to 7 of what the
//! console promises. The clock stands still, so what is on the screen is known to the minute, and a screen of before can
//! be compared with one of after.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pty::Pty;

const SIZE: (u16, u16) = (160, 56);
const AFTERNOON: &str = "2026-11-21T14:10:00Z";
const LATER: &str = "2026-11-21T14:41:00Z";

/// A runbook of somebody's own, with a box that is a step and one inside a fence that is none.
const RUNBOOK: &str = "# Reload the orders\n\n## Steps\n\n- [ ] Stop the loader\n- [ ] Reload one day\n\n\
                       ```\n- [ ] only an example\n```\n";

#[test]
fn the_whole_of_an_incident() {
    let first = warroom(&[], &[], AFTERNOON);
    first_day(&first);
    declaring_in_full(&first);
    scribe_line(&first);
    backfill(&first);
    checklist(&first);
    any_markdown_file(&first);
    roles(&first);
    update(&first);
    let before = panes(&first);
    leave(&first);

    let again = come_back(&first, AFTERNOON);
    again.see("2(", "Data Corruption 2/13");
    assert_same(&before, &panes(&again));
    severity_and_status(&again);
    undo(&again);
    leave(&again);

    let later = come_back(&first, LATER);
    clock_ran_out(&later);
    correcting(&later);
    finding(&later);
    as_known(&later);
    leave(&later);
}

/// Item 7, which needs a clock that runs.
#[test]
fn a_past_incident_is_replayed() {
    let pty = warroom(&["replay", "gitlab-2017-01-31"], &[], "2026-11-21T14:10:00Z+");
    pty.see("", "6/63 entries");
    assert!(pty.screen_contains("REPLAY") && pty.screen_contains("read-only"), "{}", pty.screen());
    pty.see(".", "7/63 entries");
    pty.see(",", "6/63 entries");
    pty.see(">", "120x");
    pty.see("<<", "30x");
    pty.see(">>>>>>", "1000x");
    pty.see(" ", "playing");
    pty.wait_until("it plays on by itself", |screen| !screen.contains("6/63 entries"));
    pty.see(" ", "paused");
    pty.see("\x1b[H", "6/63 entries");
    pty.see("]", "acknowledged");
    pty.gone("[", "acknowledged");
    pty.see("}", "!");
    pty.see("S", "plays silence");
    pty.see("T", "Go to");
    pty.see("22:31\r", "22:31:00");
    pty.see(":goto 23:40\r", "23:40:00");
    pty.see("\x1b[F", "63/63 entries");
    pty.see("", "at the end");
    pty.see("i", "a replay cannot be changed");
    pty.see("q", "Past incidents to replay");
    pty.send("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
    assert!(!pty.home().join("data/incidents").exists(), "a replay writes nothing");
}

/// Item 1: nothing is here yet, and a title is enough.
fn first_day(pty: &Pty) {
    let home = pty.see("", "No incidents yet");
    for taught in ["d declares an incident", "r replays", "Slack", "gitlab-2017-01-31"] {
        assert!(home.contains(taught), "home does not teach {taught:?}:\n{home}");
    }
    pty.see("d", "Declare an incident");
    let room = pty.see("loads are late\r", "T+00:00:00");
    assert!(room.contains("INC-0001") && room.contains("declared: loads are late"), "{room}");
    pty.see("q", "Open incidents (1)");
    pty.see("\r", "INC-0001 loads are late");
    pty.see("q", "Past incidents to replay");
}

/// Item 1: type, and with it the proposed severity and playbook; who commands.
fn declaring_in_full(pty: &Pty) {
    pty.see("d", "Declare an incident");
    pty.send("orders: prices x100\t");
    pty.see("\x1b[C\x1b[C", "data-corruption > (proposed)");
    pty.see("\t", "P1");
    let room = pty.see("\r", "INC-0002");
    for shown in ["P1", "orders: prices x100", "Data Corruption 0/12", "took Commander", "Immediate 0/3"] {
        assert!(room.contains(shown), "no {shown:?}:\n{room}");
    }
}

/// Item 2: when it happened, apart from when it was written down; the marks.
fn scribe_line(pty: &Pty) {
    pty.send("i");
    pty.see("-7m restarted the loader\r", "14:03:00 alice restarted the loader");
    pty.see("14:05 !decision pause the loads\r", "14:05:00 alice ! pause the loads");
    pty.see("yesterday 23:10 first odd price @dana\r", "23:10:00 alice first odd price @dana");
    pty.see("~13:30 ?hypothesis bad deploy\r", "~13:30 alice ? bad deploy");
    pty.see("#finding only EUR is wrong\r", "alice # only EUR is wrong");
    pty.see("TODO ask the vendor\r", "alice o ask the vendor");
    for day in ["Fri 2026-11-20 UTC", "Sat 2026-11-21 UTC"] {
        assert!(pty.screen_contains(day), "no heading {day}:\n{}", pty.screen());
    }
    pty.see("23:50 nobody could know\r", "which time?");
    pty.see("\t", "2026-11-20T23:50");
    pty.see("\r", "23:50:00 alice nobody could know");
}

/// Item 2: a pasted timeline is looked at before it is saved.
fn backfill(pty: &Pty) {
    pty.paste("13:41 bob saw prices x100\n13:45 paged carol\nthe phone rang\n");
    let preview = pty.see("", "Backfill: 3 of 3 lines");
    assert!(preview.contains("2026-11-21 13:41"), "{preview}");
    assert!(!preview.contains("13:41:00 alice"), "saved before it was asked for:\n{preview}");
    pty.see("s", "13:41:00 alice bob saw prices x100");
    let room = pty.see("", "13:45:00 alice paged carol");
    assert!(room.contains("the phone rang"), "{room}");
    pty.gone("\x1b", "what happened?");
}

/// Item 3.
fn checklist(pty: &Pty) {
    pty.see("2 ", "Data Corruption 1/12");
    assert!(pty.screen_contains("Immediate 1/3"), "{}", pty.screen());
    pty.see("jb", "[>] Pause what reads this data");
    pty.see("jx", "Why is it not done?");
    pty.see("the rows are needed\r", "skipped because: the rows are needed");
    assert!(pty.screen_contains("Data Corruption 2/12"), "{}", pty.screen());
    pty.see("@", "Tab:");
    pty.see("bob\r", "for bob: Set the bad rows aside");
    pty.send("+");
    pty.see("call the vendor\r", "step added: call the vendor");
    assert!(pty.screen_contains("Immediate 2/4"), "an added step counts:\n{}", pty.screen());
    pty.send("c");
    pty.see("legal wants them\r", "1 comment");
}

/// Item 3: any Markdown runbook can be attached, by its path.
fn any_markdown_file(pty: &Pty) {
    let path = pty.home().join("reload.md");
    fs::write(&path, RUNBOOK).unwrap();
    pty.see("A", "Attach a playbook");
    pty.paste(path.to_str().unwrap());
    pty.see("", "[ ] Reload one day");
    pty.see("\r", "playbook attached");
    let room = pty.see("", "Reload the orders 0/2");
    assert!(room.contains("[ ] Stop the loader"), "{room}");
    fs::remove_file(&path).unwrap();
    pty.see("(", "Data Corruption 2/13");
}

/// Item 4.
fn roles(pty: &Pty) {
    let vacant = pty.see("3", "Scribe NOBODY");
    assert!(vacant.contains("3 vacant") && vacant.contains("Commander alice"), "{vacant}");
    pty.send("gjj\r");
    pty.see("carol\r", "Scribe carol");
    pty.send("j\r");
    pty.see("alice\r", "wears two hats now");
    pty.see("", "Liaison alice");
    pty.see("gH", "From alice to whom?");
    pty.see("bob\r", "Hand over: the brief");
    pty.see("\r", "WAITING: offered to bob");
    pty.see("v", "alice holds it until bob accepts");
    pty.see("\r", "Read back");
    let room = pty.see("prices are wrong since 13:55\r", "Commander bob");
    assert!(room.contains("bob accepted Commander from alice by voice"), "{room}");
    pty.see("jjjx", "Release alice?");
    pty.see("y", "Liaison NOBODY");
}

/// Item 5: filled in from the journal, changed, looked at, kept; the clock of the next one runs.
fn update(pty: &Pty) {
    let composer = pty.see("u", "esc back");
    assert!(composer.contains("P1: orders: prices x100"), "filled in from the journal:\n{composer}");
    pty.see("We are on it.\r", "We are on it.");
    let preview = pty.see("\x13", "Send this update?");
    assert!(preview.contains("To: internal") && preview.contains("goes to the local record"), "{preview}");
    assert!(updates(pty).is_empty(), "nothing is sent before the preview is confirmed");
    pty.see("\r", "Why does it go out like this?");
    pty.see("no time to fill it in\r", "│ kept in the local record");
    let room = pty.see("", "due in 1:00:00");
    assert!(room.contains("update to internal (investigating)"), "{room}");
    let sent: Vec<String> = updates(pty).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(matches!(sent.as_slice(), [one] if one.contains("We are on it.")), "{sent:?}");
}

/// Item 6.
fn severity_and_status(pty: &Pty) {
    pty.see("s0\r", "What is now known?");
    pty.see("customers see it\r", "severity P1 > P0: customers see it");
    pty.see("", "INC-0002 P0");
    pty.see("p", "Phase and status");
    pty.see("\r", "status triage > commanded");
    pty.see("p", "Phase and status");
    pty.see("\r", "> DIAGNOSE >");
    pty.see("p", "Phase and status");
    pty.see("r", "Nobody has verified yet");
    pty.see("r", "Who checked what, and what did they see?");
    pty.see("the counts match\r", "status diagnosing > resolved: the counts match");
    pty.see("p", "r: reopen");
    pty.see("r", "What came back?");
    pty.see("\r", "reopening needs a reason");
    let room = pty.see("it came back\r", "reopened, diagnosing: it came back");
    assert!(room.contains("> DIAGNOSE >"), "{room}");
}

/// What was done is taken back by an entry of its own: history stays.
fn undo(pty: &Pty) {
    pty.see("2gjjj ", "Data Corruption 3/13");
    pty.see("U", "undone: done: call the vendor");
    let room = pty.see("", "Data Corruption 2/13");
    assert!(room.contains("x done: call the vendor"), "the tick stays in the log:\n{room}");
}

/// Item 5: the promise of the update was not kept, and that is the first thing said.
fn clock_ran_out(pty: &Pty) {
    let room = pty.see("", "ran out meanwhile");
    assert!(room.contains("OVERDUE") || room.contains("over"), "{room}");
}

/// Item 2: corrected, retracted, marked; the words as they were stay within reach.
fn correcting(pty: &Pty) {
    pty.see("1/", "/");
    pty.see("restarted\r", "Timeline (1)");
    pty.see("e", "The right words");
    pty.see(" twice\r", "restarted the loader twice");
    let detail = pty.see("\r", "originally");
    assert!(detail.contains("restarted the loader") && detail.contains("corrected"), "{detail}");
    pty.gone("\x1b", "originally");
    pty.see("m", "14:03:00!alice");
    pty.see("x", "Why?");
    pty.see("it was the cache\r", "(retracted)");
    pty.see("\r", "it was the cache");
    pty.gone("\x1b", "it was the cache");
    pty.gone("\x1b", "/restarted");
}

/// Item 2: filter, kinds, jump to a time.
fn finding(pty: &Pty) {
    let found = pty.see("/prices x1", "Timeline (2) /prices x1");
    assert!(found.contains("bob saw prices x100") && !found.contains("paged carol"), "{found}");
    pty.see("\r:goto 13:45\r", "Timeline (");
    pty.gone("\x1b", "/prices x1");
    pty.see("", "paged carol");
    pty.see("f", "Kinds of entry");
    let decisions = pty.see("o\r", "some kinds hidden");
    assert!(decisions.contains("pause the loads") && !decisions.contains("paged carol"), "{decisions}");
    pty.see("f", "Kinds of entry");
    pty.gone("a\r", "some kinds hidden");
}

/// `K`: the room as it was known when the selected entry was written, before it was corrected.
fn as_known(pty: &Pty) {
    pty.see("/restarted\r", "Timeline (1)");
    let known = pty.see("K", "REPLAY");
    assert!(
        known.contains("restarted the loader") && !known.contains("restarted the loader twice"),
        "{known}"
    );
    assert!(!known.contains("(retracted)"), "{known}");
    pty.gone("q", "REPLAY");
    pty.see("", "restarted the loader twice");
    pty.gone("\x1b", "/restarted");
}

/// What every pane shows, all of it, from a defined place: the footer and the scribe line left out.
fn panes(pty: &Pty) -> Vec<String> {
    let lines = usize::from(SIZE.1) - 2;
    let body = |screen: String| screen.lines().take(lines).map(str::trim_end).collect::<Vec<_>>().join("\n");
    let only = |digit: char| {
        let others = ["1 ", "2 ", "3 ", "4 "].map(|other| format!("┌{other}"));
        move |screen: &str| others.iter().all(|other| screen.contains(other) == other.contains(digit))
    };
    pty.send("1Gz");
    let timeline = pty.wait_until("the timeline alone", only('1'));
    pty.send("z2gz");
    let checklist = pty.wait_until("the checklist alone", only('2'));
    pty.gone("zz", "┌1 ");
    pty.send("z");
    let all = pty.see("1G", "┌4 ");
    [timeline, checklist, all].map(body).to_vec()
}

/// Names the line that is not as it was.
#[track_caller]
fn assert_same(before: &[String], after: &[String]) {
    for (before, after) in before.iter().zip(after) {
        let changed = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        assert_eq!(changed, None, "before:\n{before}\nafter:\n{after}");
    }
}

/// `q` goes home, then out.
fn leave(pty: &Pty) {
    pty.see("q", "Past incidents to replay");
    pty.send("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
}

/// Another process, in the home of the first.
fn come_back(first: &Pty, now: &str) -> Pty {
    let home = first.home().to_str().unwrap();
    let pty = warroom(&["open", "INC-0002"], &[("WARROOM_HOME", home)], now);
    pty.see("", "INC-0002 P");
    pty
}

fn warroom(arguments: &[&str], environment: &[(&str, &str)], now: &str) -> Pty {
    let environment: Vec<(&str, &str)> = environment.iter().copied().chain([("WARROOM_NOW", now)]).collect();
    Pty::warroom(arguments, &environment, SIZE.0, SIZE.1)
}

/// The files of the local record.
fn updates(pty: &Pty) -> Vec<PathBuf> {
    let incidents = entries(&pty.home().join("data/incidents"));
    let files = incidents.iter().flat_map(|incident| entries(&incident.join("updates")));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}
