//! The options, with their ranges and sentences.

use synod_engine::prelude::*;

use super::state::*;

const fn choice(id: &'static str, says: Text) -> Choice {
    Choice { id, says }
}

const ALLOWS: &[Choice] = &[
    choice("issuer", text("The issuer honours a term for so much longer.", "颁发者多承认这么久。")),
    choice("holder", text("The holder gives up so much earlier.", "持有者提前这么久放弃。")),
    choice("nobody", text("Nobody does.", "没有人留余量。")),
];
const ENDS: &[Choice] = &[
    choice(
        "length",
        text(
            "The holder counts the term on its own clock, from when it sent its request.",
            "持有者从发出申请时起，用自己的时钟计时。",
        ),
    ),
    choice(
        "reading",
        text(
            "The grant names a reading of the issuer's clock, and the holder compares its own with it.",
            "授权写明颁发者时钟的读数，持有者拿自己的时钟与它比较。",
        ),
    ),
];
const RENEWALS: &[Choice] = &[
    choice("half", text("When half of the term is over.", "租期过半时。")),
    choice("nine-tenths", text("When nine tenths are over.", "租期过九成时。")),
    choice("end", text("When the term is over.", "租期结束时。")),
    choice("demand", text("When there is something to write and no lease.", "要写入而没有租约时。")),
];
const RESTARTS: &[Choice] = &[
    choice("wait", text("It grants nothing for as long as a term lasts.", "一个租期之内不再颁发。")),
    choice("remember", text("Each grant was on disk before it was sent.", "每次颁发都先写盘再发送。")),
    choice("forget", text("It knows of no grant, and grants.", "不记得颁发过，立即再颁发。")),
];
const CHECKS: &[Choice] = &[
    choice("before-send", text("The holder looks at its clock before it sends.", "持有者发送前看时钟。")),
    choice(
        "at-storage",
        text("The storage looks at its clock too when a write arrives.", "写入到达时，存储也看自己的时钟。"),
    ),
];

const fn chosen(id: &'static str, label: Text, says: Text, of: &'static [Choice]) -> Opt {
    Opt { id, label, says, kind: Kind::Choice(of), usual: Setting::Choice(0) }
}

pub const OPTIONS: &[Opt] = &[
    Opt {
        id: "term",
        label: text("Term", "租期"),
        says: text("How long a grant lasts.", "一次授权持续多久。"),
        kind: Kind::Time { min: 100 * MS, max: 60_000 * MS },
        usual: Setting::Time(10_000 * MS),
    },
    chosen("renewAt", text("Renew", "续约时机"), text("When a holder asks for more.", "持有者何时续约。"), RENEWALS),
    chosen(
        "ends",
        text("A term ends by", "租期的终点"),
        text("What tells a holder the end.", "持有者凭什么知道终点。"),
        ENDS,
    ),
    Opt {
        id: "error",
        label: text("Clock error ε", "时钟误差 ε"),
        says: text(
            "By length: how far two clocks may drift apart in one term. By reading: how far clocks may be apart.",
            "按时长：两个时钟在一个租期内最多漂移多少。按读数：时钟之间最多相差多少。",
        ),
        kind: Kind::Time { min: 0, max: 10_000 * MS },
        usual: Setting::Time(500 * MS),
    },
    chosen(
        "allows",
        text("Who allows for ε", "谁为 ε 留余量"),
        text("Who leaves room for it.", "由谁留出余量。"),
        ALLOWS,
    ),
    Opt {
        id: "fencing",
        label: text("Storage checks tokens", "存储检查令牌"),
        says: text(
            "The storage refuses a token that is lower than the highest it has seen.",
            "存储拒绝比见过的最大令牌更小的令牌。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(true),
    },
    chosen(
        "check",
        text("The term is checked", "何时检查租期"),
        text("Where a write's term is checked.", "在哪里检查写入的租期。"),
        CHECKS,
    ),
    chosen(
        "afterRestart",
        text("A restarted issuer", "重启的颁发者"),
        text(
            "What it does about the terms that were granted; of several, whoever speaks next.",
            "如何对待之前颁发的租约；有多个颁发者时，也适用于继任者。",
        ),
        RESTARTS,
    ),
];

pub fn configure(settings: &Settings) -> Config {
    Config {
        term: settings.time("term"),
        error: settings.time("error"),
        allows: [Allows::Issuer, Allows::Holder, Allows::Nobody][settings.choice("allows") as usize],
        ends: [Ends::Length, Ends::Reading][settings.choice("ends") as usize],
        renew_at: [RenewAt::Half, RenewAt::NineTenths, RenewAt::End, RenewAt::Demand]
            [settings.choice("renewAt") as usize],
        fencing: settings.flag("fencing"),
        after_restart: [AfterRestart::Wait, AfterRestart::Remember, AfterRestart::Forget]
            [settings.choice("afterRestart") as usize],
        at_storage: settings.choice("check") == 1,
        issuers: 1,
    }
}

pub fn check(config: &Config) -> Result<(), Why> {
    if config.allows == Allows::Holder && config.error >= config.term {
        return Err(text(
            "a clock error as long as the term leaves its holder nothing",
            "时钟误差不短于租期，持有者就什么也得不到",
        )
        .into());
    }
    Ok(())
}
