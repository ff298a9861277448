//! Help me decide from within the form for a declaration, and its private line.

use warroom::incident::command::Declare;
use warroom::incident::{Command, Context, Incident, decide};
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::msg::Msg;
use warroom::tui::scene::Ctx;
use warroom::tui::screens::declare::{DeclareDraft, DeclareForm};

use crate::desk::{Desk, SIZES};
use crate::layers::{press, screen};

fn outside(desk: &Desk) -> Ctx<'_> {
    Ctx { scene: None, ..desk.ctx() }
}

fn form(ctx: &Ctx) -> DeclareForm {
    DeclareForm::new(DeclareDraft::default(), ctx)
}

/// What these keys declare.
fn declared(form: &mut DeclareForm, ctx: &Ctx, keys: &str) -> Declare {
    let messages = typed(keys).into_iter().flat_map(|key| form.key(key, ctx));
    let declare = messages.into_iter().find_map(|message| match message {
        Msg::Declare(declare) => Some(*declare),
        _ => None,
    });
    declare.expect("a declaration")
}

#[test]
fn s1_5_help_me_decide_brings_severity_reason_and_answers_into_the_form() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    assert!(screen(&form, &ctx, (80, 24)).contains("Ctrl-T help decide"));
    press(&mut form, &ctx, "prices x100<ctrl-t>");
    assert!(screen(&form, &ctx, (80, 24)).contains("Was data exposed"), "{}", screen(&form, &ctx, (80, 24)));
    press(&mut form, &ctx, "nny<enter>");
    let shown = screen(&form, &ctx, (80, 24));
    assert!(shown.contains("< P1 >") && shown.contains("because: breach? no"), "{shown}");
    insta::assert_snapshot!("declare_decided_80x24", shown);
    let declare = declared(&mut form, &ctx, "<enter>");
    assert_eq!(declare.severity.as_deref(), Some("P1"));
    assert_eq!(declare.severity_reason, "breach? no; decisions affected? no; pipeline down? yes");
    assert_eq!(declare.answers.len(), 3);
    let context = Context { policy: ctx.policy, now: ctx.now, by: ctx.me };
    let events = decide(&Incident::default(), &Command::Declare(declare), context).expect("it is accepted");
    let text: Vec<String> = events.iter().map(|event| event.to_json()).collect();
    assert!(
        text.iter().any(|text| text.contains("assessed") && text.contains(r#""proposes":"P1""#)),
        "{text:?}"
    );
}

#[test]
fn s1_5_a_severity_that_is_chosen_after_all_says_so() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    press(&mut form, &ctx, "x<ctrl-t>nny<enter>");
    let declare = declared(&mut form, &ctx, "<tab><tab><right><enter>");
    assert_eq!(declare.severity.as_deref(), Some("P2"));
    assert_eq!(declare.severity_reason, "chosen by hand: the questions led to P1");
}

#[test]
fn s1_5_esc_goes_back_to_the_form_and_the_answers_are_kept() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    press(&mut form, &ctx, "x<ctrl-t>n<tab>orders");
    assert_eq!(press(&mut form, &ctx, "<esc>"), [""; 0], "the form is still there");
    assert_eq!(press(&mut form, &ctx, "<esc>"), ["pop"]);
    let mut again = DeclareForm::new(form.declare_draft().expect("a draft"), &ctx);
    press(&mut again, &ctx, "<ctrl-t>");
    let shown = screen(&again, &ctx, (80, 24));
    assert!(shown.contains("Does production decide") && shown.contains("orders"), "{shown}");
}

#[test]
fn s1_5_a_title_and_enter_stay_enough() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let declare = declared(&mut form(&ctx), &ctx, "orders: prices x100<enter>");
    assert_eq!((declare.what.title.as_str(), declare.what.private), ("orders: prices x100", false));
    assert!(declare.answers.is_empty() && declare.severity.is_none());
}

#[test]
fn s1_1_a_breach_is_private_from_the_form_on() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    // The third type of the policy is the breach.
    press(&mut form, &ctx, "x<tab><right><right><right>");
    let shown = screen(&form, &ctx, (80, 24));
    assert!(shown.contains("Data breach") || shown.contains("reach"), "{shown}");
    assert!(shown.contains("its words stay out of titles") && shown.contains("within 72 h"), "{shown}");
    insta::assert_snapshot!("declare_breach_80x24", shown);
    press(&mut form, &ctx, "<up><up><right>");
    assert!(
        screen(&form, &ctx, (80, 24)).contains(":private lets its words out"),
        "{}",
        screen(&form, &ctx, (80, 24))
    );
    assert!(declared(&mut form, &ctx, "<enter>").what.private);
}

#[test]
fn anything_can_be_declared_private() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    press(&mut form, &ctx, "x<up> ");
    let draft = form.declare_draft().expect("a draft");
    assert_eq!(draft.private, Some(true), "kept with the rest");
    assert!(declared(&mut form, &ctx, "<enter>").what.private);
}

#[test]
fn s1_5_the_questions_fit_every_size_over_the_form() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    let mut form = form(&ctx);
    press(&mut form, &ctx, "x<ctrl-t>n");
    for size in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
        screen(&form, &ctx, size);
    }
}
