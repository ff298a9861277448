//! What people see of the ledgers, kept as snapshots in two sizes: the layers alone, whatever lies below them.

use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::incident::command::{ImpactCommand, RoleCommand};
use warroom::incident::event::{DataLoss, Harm, ImpactChange, Priority, Rows};
use warroom::incident::{Command, PersonId, Time};
use warroom::tui::layer::Layer;
use warroom::tui::layers::{follow_ups, impact, roll_call};
use warroom::tui::scene::{Ctx, Scene};

use super::{everywhere, open, record, todo};
use crate::desk::Desk;
use crate::layers;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

type Make = fn(&Ctx, &Scene) -> Box<dyn Layer>;

/// Declared at 14:00 under the data policy; forty minutes later nothing is recorded.
fn bare() -> Desk {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.wait_mins(40);
    desk
}

/// Two datasets, follow-ups and a roll call.
fn full() -> Desk {
    let mut desk = bare();
    let at = |desk: &Desk, clock: &str| Time::parse(&desk.now.to_string().replace("14:40:00", clock));
    desk.order(record(ImpactChange {
        dataset: "orders".into(),
        kinds: Some([Harm::Corrupt].into()),
        rows: Rows::parse("1.2M"),
        from: at(&desk, "13:36:00"),
        last_good: at(&desk, "13:35:00"),
        consumers: Some(vec!["revenue dashboard".into(), "fraud model".into()]),
        teams: Some(vec!["analytics".into(), "finance".into()]),
        tier: Some("M4".into()),
        ..ImpactChange::default()
    }));
    desk.order(record(ImpactChange {
        dataset: "invoices".into(),
        kinds: Some([Harm::Delayed].into()),
        rows: Rows::parse("312"),
        contained: at(&desk, "14:10:00"),
        recovered: at(&desk, "14:25:00"),
        how: Some("reprocessed".into()),
        note: Some("sent twenty minutes late".into()),
        ..ImpactChange::default()
    }));
    let day = |text: &str| Some(text.parse().unwrap());
    desk.order(open("Contract for the price unit with the shop team", |what| {
        (what.owner, what.due, what.priority) = (Some("dana".into()), day("2026-01-14"), Priority::High);
        what.place = "DATA-123".into();
    }));
    desk.order(open("Alert when an average moves by more than ten per cent", |what| {
        what.due = day("2026-02-01")
    }));
    desk.as_("bob").order(todo("ask the vendor for the changelog"));
    desk.as_("alice")
        .order(Command::Role(RoleCommand::Call { teams: vec!["platform".into(), "analytics".into()] }));
    desk.wait_mins(1);
    let (team, who) = ("analytics".into(), PersonId::new("carol"));
    desk.order(Command::Role(RoleCommand::Present { team, who }));
    desk
}

/// Every layer over the one below, after these keys.
fn shown(mut desk: Desk, make: Make, (columns, lines): (u16, u16), keys: &str) -> String {
    let layer = make(&desk.ctx(), &desk.scene());
    desk.push(layer);
    desk.type_keys(keys);
    let area = Rect::new(0, 0, columns, lines);
    let mut buf = Buffer::empty(area);
    for layer in &desk.layers {
        layer.draw(&desk.ctx(), area, &mut buf);
    }
    layers::shown(&buf)
}

#[test]
fn b8_the_impact_ledger() {
    for (columns, lines) in SIZES {
        assert_snapshot!(
            format!("impact_{columns}x{lines}"),
            shown(full(), impact::layer, (columns, lines), "")
        );
        assert_snapshot!(
            format!("impact_form_{columns}x{lines}"),
            shown(full(), impact::layer, (columns, lines), "e")
        );
    }
    assert_snapshot!("impact_40x12", shown(full(), impact::layer, (40, 12), ""));
    assert_snapshot!("impact_none", shown(bare(), impact::layer, (80, 24), ""));
    let mut stated = full();
    let state = ImpactCommand::State { data: DataLoss::None, text: "all prices are right again".into() };
    stated.order(Command::Impact(state));
    assert_snapshot!("impact_stated", shown(stated, impact::layer, (80, 24), ""));
    assert_snapshot!("impact_state", shown(full(), impact::layer, (80, 24), "s"));
    assert_snapshot!("impact_recovered", shown(full(), impact::layer, (80, 24), "r"));
    assert_snapshot!("impact_contained", shown(full(), impact::layer, (80, 24), "c"));
}

#[test]
fn s4_14_the_follow_ups() {
    for (columns, lines) in SIZES {
        assert_snapshot!(
            format!("follow_ups_{columns}x{lines}"),
            shown(full(), follow_ups::layer, (columns, lines), "")
        );
        let all = everywhere::door((columns, lines)).keys("f").screen();
        assert_snapshot!(format!("follow_ups_all_{columns}x{lines}"), all);
    }
    assert_snapshot!("follow_ups_40x12", shown(full(), follow_ups::layer, (40, 12), ""));
    assert_snapshot!("follow_ups_none", shown(Desk::new(), follow_ups::layer, (80, 24), ""));
    assert_snapshot!("follow_ups_take", shown(full(), follow_ups::layer, (80, 24), "jj<enter>"));
    assert_snapshot!("follow_ups_done", shown(full(), follow_ups::layer, (80, 24), "x"));
}

#[test]
fn b6_the_roll_call() {
    for (columns, lines) in SIZES {
        assert_snapshot!(
            format!("roll_call_{columns}x{lines}"),
            shown(full(), roll_call::layer, (columns, lines), "")
        );
    }
    assert_snapshot!("roll_call_40x12", shown(full(), roll_call::layer, (40, 12), ""));
    assert_snapshot!("roll_call_none", shown(bare(), roll_call::layer, (80, 24), ""));
    assert_snapshot!("roll_call_call", shown(full(), roll_call::layer, (80, 24), "c"));
}
