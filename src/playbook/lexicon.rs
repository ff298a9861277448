//! The word lists behind `vocabulary`: English, French, Spanish, Japanese and Chinese.
//!
//! For: adding a word in one place. The lists were made by reading public runbooks (PagerDuty,
//! GitLab, AWS, OpenShift, Prometheus Operator, Ministry of Justice). All entries are lower case,
//! except markers that are looked for in sentences as written.
//! Never: decides anything. Start: [`STEP_STEMS`].

/// A word that begins like one of these announces steps.
#[rustfmt::skip]
pub(super) const STEP_STEMS: &[&str] = &[
    "step", "action", "immediate", "recover", "mitigat", "procedure", "remediat", "containment",
    "eradicat", "investigat", "checklist", "restor", "triage", "diagnos", "rollback", "rollout",
    "failover", "validat", "verif", "prevent", "escalat", "resolution", "resolv", "workaround",
    "troubleshoot", "assess", "analysis", "cleanup", "quarantine", "duties", "communicat",
    // French
    "étape", "réponse", "récupér", "confinement", "éradicat", "enquête", "préparation",
    "procédure", "atténu", "restaur", "rétabl", "vérif", "immédiat", "remédi", "analyse",
    // Spanish
    "paso", "accion", "acción", "inmediat", "recuper", "mitigac", "procedimiento", "respuesta",
    "remediac", "contenc", "erradicac", "triaje", "diagnóst", "verificac", "validac", "prevenc",
];

/// These announce steps only as the whole word: "responders" and "containers" are others.
pub(super) const STEP_WORDS: &[&str] =
    &["respond", "responding", "response", "contain", "containing", "fix", "prepare", "preparation"];

#[rustfmt::skip]
pub(super) const STEP_PHRASES: &[&[&str]] = &[
    &["how", "to"], &["how", "do", "i"], &["what", "to", "do"], &["post", "incident"],
    &["roll", "back"], &["clean", "up"], &["que", "faire"], &["qué", "hacer"], &["cómo"],
    &["lista", "de", "verificación"], &["liste", "de", "contrôle"],
];

/// Chinese and Japanese do not put spaces between words, so these are looked for anywhere.
#[rustfmt::skip]
pub(super) const STEP_PARTS: &[&str] = &[
    "ステップ", "手順", "対応", "復旧", "リカバリ", "封じ込め", "根絶", "調査", "分析", "準備", "緩和", "トリアージ", "修復",
    "チェックリスト", "回復", "インシデント後", "初動", "方法", "步骤", "缓解", "恢复", "回滚", "分类", "响应", "程序", "检查",
    "验证", "遏制", "根除", "调查", "诊断", "处置", "修复", "清单", "如何", "评估", "行动",
];

#[rustfmt::skip]
pub(super) const EXPLAIN_WORDS: &[&str] = &[
    "impact", "impacts", "meaning", "cause", "causes", "background", "overview", "introduction",
    "intro", "timeline", "contributing", "factors", "lessons", "attendees", "responders",
    "stats", "status", "example", "examples", "template", "templates", "glossary", "concepts",
    "architecture", "faq", "history", "historical", "severity", "definitions", "assumptions",
    "prerequisites", "requirements", "objectives", "goals", "purpose", "audience", "scope",
    "contacts", "contact", "features", "considerations", "cost", "practices", "optimization",
    "objectifs", "résumé", "prérequis", "résumen", "resumen", "requisitos", "impacto", "causa",
    "模板", "概述", "影响", "目标", "背景", "目標", "サマリー", "概要", "影響",
];

#[rustfmt::skip]
pub(super) const REFER_WORDS: &[&str] = &[
    "reference", "references", "reading", "read", "resources", "links", "link", "pointers",
    "appendix", "contents", "bibliography", "conclusion", "conclusions", "findings", "summary",
    "références", "ressources", "referencias", "recursos", "参考", "资源", "参考文献", "リンク",
];

pub(super) const REFER_PHRASES: &[&[&str]] = &[&["additional", "information"], &["see", "also"]];

/// A heading or item that begins with one of these tells someone to do something.
#[rustfmt::skip]
pub(super) const IMPERATIVES: &[&str] = &[
    "apply", "assemble", "assess", "capture", "check", "clean", "collect", "communicate",
    "conduct", "configure", "confirm", "contain", "create", "cut", "declare", "delete",
    "deploy", "disable", "drain", "enable", "escalate", "execute", "expand", "gather",
    "identify", "install", "isolate", "liaise", "migrate", "monitor", "notify", "pause",
    "promote", "purge", "rebuild", "recover", "remove", "replay", "reprocess", "reset",
    "resize", "restart", "restore", "resume", "review", "revoke", "roll", "rotate", "run",
    "scale", "secure", "set", "stop", "switch", "sync", "test", "update", "upgrade", "upload",
    "validate", "verify", "wait",
];

/// Too common in headings, but a list whose items begin so is a list of things to do.
#[rustfmt::skip]
pub(super) const ITEM_IMPERATIVES: &[&str] = &[

    "always", "ask", "avoid", "be", "describe", "do", "don", "ensure", "keep", "make", "never", "open",
    "prepare", "provide", "read", "schedule", "start", "use",
];

#[rustfmt::skip]
pub(super) const CHOICE_PHRASES: &[&[&str]] = &[
    &["choose"], &["choosing"], &["pick"], &["either"], &["one", "of"], &["select", "one"],
    &["choisir"], &["choisissez"], &["l", "un", "des"], &["l", "une", "des"], &["au", "choix"],
    &["elige"], &["elija"], &["elegir"], &["escoge"], &["uno", "de"], &["una", "de"],
];

pub(super) const CHOICE_PARTS: &[&str] = &["いずれか", "選択", "选择", "任选", "其一", "二选一"];

/// In a command, in any case.
#[rustfmt::skip]
pub(super) const DESTRUCTIVE_COMMANDS: &[&str] = &[
    "drop table", "drop database", "drop schema", "drop index", "drop view", "drop column",
    "drop user", "drop role", "drop partition", "drop tablespace", "drop materialized view",
    "delete from", "truncate ", "vacuum full", "rm -rf", "rm -fr", "rm -r ", "--force",
    "kubectl delete", "oc delete", "--replicas=0", "--replicas 0", "--clean",
    "terraform destroy", "delete-stack", "mkfs", "dropdb", "aws s3 rm", "--reset-dagruns",
];

/// In a sentence only these: "a drop in traffic" and "force a failover" are harmless.
#[rustfmt::skip]
pub(super) const DESTRUCTIVE_TEXT: &[&str] = &[
    "DROP ", "DELETE FROM", "TRUNCATE", "VACUUM FULL", "rm -rf", "rm -fr", "--force",
    "kubectl delete", "--replicas=0", "terraform destroy",
];

pub(super) const DESTRUCTIVE_MARK: &str = "(destructive)";
