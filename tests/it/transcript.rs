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
    see(&again, "2(", "Data Corruption 2/13");
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
    see(&pty, "", "6/63 entries");
    assert!(pty.screen_contains("REPLAY") && pty.screen_contains("read-only"), "{}", pty.screen());
    see(&pty, ".", "7/63 entries");
    see(&pty, ",", "6/63 entries");
    see(&pty, ">", "120x");
    see(&pty, "<<", "30x");
    see(&pty, ">>>>>>", "1000x");
    see(&pty, " ", "playing");
    pty.wait_until("it plays on by itself", |screen| !screen.contains("6/63 entries"));
    see(&pty, " ", "paused");
    see(&pty, "\x1b[H", "6/63 entries");
    see(&pty, "]", "acknowledged");
    gone(&pty, "[", "acknowledged");
    see(&pty, "}", "!");
    see(&pty, "S", "plays silence");
    see(&pty, "T", "Go to");
    see(&pty, "22:31\r", "22:31:00");
    see(&pty, ":goto 23:40\r", "23:40:00");
    see(&pty, "\x1b[F", "63/63 entries");
    see(&pty, "", "at the end");
    see(&pty, "i", "a replay cannot be changed");
    see(&pty, "q", "Past incidents to replay");
    pty.send("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
    assert!(!pty.home().join("data/incidents").exists(), "a replay writes nothing");
}

/// Item 1: nothing is here yet, and a title is enough.
fn first_day(pty: &Pty) {
    let home = see(pty, "", "No incidents yet");
    for taught in ["d declares an incident", "r replays", "Slack", "gitlab-2017-01-31"] {
        assert!(home.contains(taught), "home does not teach {taught:?}:\n{home}");
    }
    see(pty, "d", "Declare an incident");
    let room = see(pty, "loads are late\r", "T+00:00:00");
    assert!(room.contains("INC-0001") && room.contains("declared: loads are late"), "{room}");
    see(pty, "q", "Open incidents (1)");
    see(pty, "\r", "INC-0001 loads are late");
    see(pty, "q", "Past incidents to replay");
}

/// Item 1: type, and with it the proposed severity and playbook; who commands.
fn declaring_in_full(pty: &Pty) {
    see(pty, "d", "Declare an incident");
    pty.send("orders: prices x100\t");
    see(pty, "\x1b[C\x1b[C", "data-corruption > (proposed)");
    see(pty, "\t", "P1");
    let room = see(pty, "\r", "INC-0002");
    for shown in ["P1", "orders: prices x100", "Data Corruption 0/12", "took Commander", "Immediate 0/3"] {
        assert!(room.contains(shown), "no {shown:?}:\n{room}");
    }
}

/// Item 2: when it happened, apart from when it was written down; the marks.
fn scribe_line(pty: &Pty) {
    pty.send("i");
    see(pty, "-7m restarted the loader\r", "14:03:00 alice restarted the loader");
    see(pty, "14:05 !decision pause the loads\r", "14:05:00 alice ! pause the loads");
    see(pty, "yesterday 23:10 first odd price @dana\r", "23:10:00 alice first odd price @dana");
    see(pty, "~13:30 ?hypothesis bad deploy\r", "~13:30 alice ? bad deploy");
    see(pty, "#finding only EUR is wrong\r", "alice # only EUR is wrong");
    see(pty, "TODO ask the vendor\r", "alice o ask the vendor");
    for day in ["Fri 2026-11-20 UTC", "Sat 2026-11-21 UTC"] {
        assert!(pty.screen_contains(day), "no heading {day}:\n{}", pty.screen());
    }
    see(pty, "23:50 nobody could know\r", "Which time?");
    see(pty, "\r", "nobody could know");
    pty.wait_gone("Which time?");
}

/// Item 2: a pasted timeline is looked at before it is saved.
fn backfill(pty: &Pty) {
    pty.paste("13:41 bob saw prices x100\n13:45 paged carol\nthe phone rang\n");
    let preview = see(pty, "", "Backfill: 3 of 3 lines");
    assert!(preview.contains("2026-11-21 13:41"), "{preview}");
    assert!(!preview.contains("13:41:00 alice"), "saved before it was asked for:\n{preview}");
    see(pty, "s", "13:41:00 alice bob saw prices x100");
    let room = see(pty, "", "13:45:00 alice paged carol");
    assert!(room.contains("the phone rang"), "{room}");
    gone(pty, "\x1b", "what happened?");
}

/// Item 3.
fn checklist(pty: &Pty) {
    see(pty, "2 ", "Data Corruption 1/12");
    assert!(pty.screen_contains("Immediate 1/3"), "{}", pty.screen());
    see(pty, "jb", "[>] Pause what reads this data");
    see(pty, "jx", "Why is it not done?");
    see(pty, "the rows are needed\r", "skipped because: the rows are needed");
    assert!(pty.screen_contains("Data Corruption 2/12"), "{}", pty.screen());
    see(pty, "@", "Tab:");
    see(pty, "bob\r", "for bob: Set the bad rows aside");
    pty.send("+");
    see(pty, "call the vendor\r", "step added: call the vendor");
    assert!(pty.screen_contains("Immediate 2/4"), "an added step counts:\n{}", pty.screen());
    pty.send("c");
    see(pty, "legal wants them\r", "1 comment");
}

/// Item 3: any Markdown runbook can be attached, by its path.
fn any_markdown_file(pty: &Pty) {
    let path = pty.home().join("reload.md");
    fs::write(&path, RUNBOOK).unwrap();
    see(pty, "A", "Attach a playbook");
    pty.paste(path.to_str().unwrap());
    see(pty, "", "[ ] Reload one day");
    see(pty, "\r", "playbook attached");
    let room = see(pty, "", "Reload the orders 0/2");
    assert!(room.contains("[ ] Stop the loader"), "{room}");
    fs::remove_file(&path).unwrap();
    see(pty, "(", "Data Corruption 2/13");
}

/// Item 4.
fn roles(pty: &Pty) {
    let vacant = see(pty, "3", "Scribe NOBODY");
    assert!(vacant.contains("3 vacant") && vacant.contains("Commander alice"), "{vacant}");
    pty.send("gjj\r");
    see(pty, "carol\r", "Scribe carol");
    pty.send("j\r");
    see(pty, "alice\r", "wears two hats now");
    see(pty, "", "Liaison alice");
    see(pty, "gH", "From alice to whom?");
    see(pty, "bob\r", "Hand over: the brief");
    let room = see(pty, "\r", "Commander bob");
    assert!(room.contains("Commander handed over from alice to bob"), "{room}");
    see(pty, "jjjx", "Release alice?");
    see(pty, "y", "Liaison NOBODY");
}

/// Item 5: filled in from the journal, changed, looked at, kept; the clock of the next one runs.
fn update(pty: &Pty) {
    let composer = see(pty, "u", "esc back");
    assert!(composer.contains("P1: orders: prices x100"), "filled in from the journal:\n{composer}");
    see(pty, "We are on it.\r", "We are on it.");
    let preview = see(pty, "\x13", "Send this update?");
    assert!(preview.contains("To: internal") && preview.contains("goes to the local record"), "{preview}");
    assert!(updates(pty).is_empty(), "nothing is sent before the preview is confirmed");
    see(pty, "\r", "kept in the local record");
    let room = see(pty, "", "due in 30:00");
    assert!(room.contains("update to internal (investigating)"), "{room}");
    let sent: Vec<String> = updates(pty).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(matches!(sent.as_slice(), [one] if one.contains("We are on it.")), "{sent:?}");
}

/// Item 6.
fn severity_and_status(pty: &Pty) {
    see(pty, "s0\r", "What is now known?");
    see(pty, "customers see it\r", "severity P1 > P0: customers see it");
    see(pty, "", "INC-0002 P0");
    see(pty, "p", "Phase and status");
    see(pty, "\r", "status triage > commanded");
    see(pty, "p", "Phase and status");
    see(pty, "\r", "> DIAGNOSE >");
    see(pty, "p", "Phase and status");
    see(pty, "r", "How was recovery verified");
    see(pty, "the counts match\r", "status diagnosing > resolved: the counts match");
    see(pty, "p", "r: reopen");
    see(pty, "r", "What came back?");
    see(pty, "\r", "reopening needs a reason");
    let room = see(pty, "it came back\r", "reopened, diagnosing: it came back");
    assert!(room.contains("> DIAGNOSE >"), "{room}");
}

/// What was done is taken back by an entry of its own: history stays.
fn undo(pty: &Pty) {
    see(pty, "2gjjj ", "Data Corruption 3/13");
    see(pty, "U", "undone: done: call the vendor");
    let room = see(pty, "", "Data Corruption 2/13");
    assert!(room.contains("x done: call the vendor"), "the tick stays in the log:\n{room}");
}

/// Item 5: the promise of the update was not kept, and that is the first thing said.
fn clock_ran_out(pty: &Pty) {
    let room = see(pty, "", "ran out meanwhile");
    assert!(room.contains("OVERDUE") || room.contains("over"), "{room}");
}

/// Item 2: corrected, retracted, marked; the words as they were stay within reach.
fn correcting(pty: &Pty) {
    see(pty, "1/", "/");
    see(pty, "restarted\r", "Timeline (1)");
    see(pty, "e", "The right words");
    see(pty, " twice\r", "restarted the loader twice");
    let detail = see(pty, "\r", "originally");
    assert!(detail.contains("restarted the loader") && detail.contains("corrected"), "{detail}");
    gone(pty, "\x1b", "originally");
    see(pty, "m", "14:03:00!alice");
    see(pty, "x", "Why?");
    see(pty, "it was the cache\r", "(retracted)");
    see(pty, "\r", "it was the cache");
    gone(pty, "\x1b", "it was the cache");
    gone(pty, "\x1b", "/restarted");
}

/// Item 2: filter, kinds, jump to a time.
fn finding(pty: &Pty) {
    let found = see(pty, "/prices x1", "bob saw prices x100");
    assert!(!found.contains("paged carol"), "{found}");
    see(pty, "\r:goto 13:45\r", "Timeline (");
    gone(pty, "\x1b", "/prices x1");
    see(pty, "", "paged carol");
    see(pty, "f", "decision");
    gone(pty, "\x1b", "Esc");
}

/// `K`: the room as it was known when the selected entry was written, before it was corrected.
fn as_known(pty: &Pty) {
    see(pty, "/restarted\r", "Timeline (1)");
    let known = see(pty, "K", "REPLAY");
    assert!(
        known.contains("restarted the loader") && !known.contains("restarted the loader twice"),
        "{known}"
    );
    assert!(!known.contains("P0"), "the severity of later:\n{known}");
    gone(pty, "q", "REPLAY");
    see(pty, "", "restarted the loader twice");
    gone(pty, "\x1b", "/restarted");
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
    gone(pty, "zz", "┌1 ");
    pty.send("z");
    let all = see(pty, "1G", "┌4 ");
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
    see(pty, "q", "Past incidents to replay");
    pty.send("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
}

/// Another process, in the home of the first.
fn come_back(first: &Pty, now: &str) -> Pty {
    let home = first.home().to_str().unwrap();
    let pty = warroom(&["open", "INC-0002"], &[("WARROOM_HOME", home)], now);
    see(&pty, "", "INC-0002 P");
    pty
}

fn warroom(arguments: &[&str], environment: &[(&str, &str)], now: &str) -> Pty {
    let environment: Vec<(&str, &str)> = environment.iter().copied().chain([("WARROOM_NOW", now)]).collect();
    Pty::warroom(arguments, &environment, SIZE.0, SIZE.1)
}

/// Types `keys`, then waits for `text`; answers the screen. Columns count as one space, so that it is readable here.
#[track_caller]
fn see(pty: &Pty, keys: &str, text: &str) -> String {
    pty.send(keys);
    squeezed(&pty.wait_until(&format!("{text:?} after {keys:?}"), |screen| squeezed(screen).contains(text)))
}

fn squeezed(screen: &str) -> String {
    screen.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

/// Types `keys`, then waits until `text` is gone.
#[track_caller]
fn gone(pty: &Pty, keys: &str, text: &str) -> String {
    pty.send(keys);
    pty.wait_gone(text)
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
