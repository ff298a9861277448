//! Any key, any size: nothing panics, and what is typed survives.

use proptest::prelude::*;
use proptest::sample::select;
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::layers::{asks, causes, decide};
use warroom::tui::scene::{Ctx, Scene};

use super::{ask, propose, suspect};
use crate::desk::{Desk, SIZES};

type Open = fn(&Ctx, &Scene) -> Box<dyn Layer>;

const LAYERS: [Open; 3] = [asks::layer, decide::layer, causes::layer];
const KEYS: [&str; 26] = [
    "a", "d", "n", "m", "w", "U", "o", "v", "t", "x", "c", "e", "g", "j", "k", "G", "y", "5", "<enter>",
    "<tab>", "<up>", "<down>", "<pgdn>", "<esc>", "<ctrl-u>", "word ",
];

fn world() -> Desk {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 10);
    ask(&mut desk, "carol", "tell finance, and whoever reads the revenue report every morning", 3);
    propose(&mut desk, "fail over to the replica in the other region, then stop the loads");
    suspect(&mut desk, "bad deploy 13:35");
    suspect(&mut desk, "the vendor changed units");
    desk.wait_mins(5);
    desk
}

#[test]
fn b2_b5_b9_every_box_stands_every_size() {
    for open in LAYERS {
        let mut desk = world();
        let layer = open(&desk.ctx(), &desk.scene());
        desk.push(layer);
        for keys in ["", "<pgdn>", "<enter>"] {
            desk.type_keys(keys);
            for (columns, lines) in SIZES.into_iter().chain([(40, 12)]) {
                desk.screen(columns, lines);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn b2_b5_b9_no_key_breaks_them(which in 0..LAYERS.len(), keys in prop::collection::vec(select(&KEYS[..]), 0..40), live in any::<bool>()) {
        let mut desk = world();
        desk.live = live;
        let before = desk.incident().count;
        let layer = LAYERS[which](&desk.ctx(), &desk.scene());
        desk.push(layer);
        for key in keys {
            for event in typed(key) {
                let Some(mut layer) = desk.layers.pop() else { break };
                let messages = layer.key(event, &desk.ctx());
                desk.layers.push(layer);
                desk.obey(messages);
            }
            desk.screen(80, 24);
        }
        prop_assert!(live || desk.incident().count == before, "a replay was changed");
    }
}
