//! How an order will go, dealt from decks so that rare things happen in small shops too.

use super::event::{CancelReason, Failure, ReturnReason};
use crate::random::Deck;

/// How an order ends when nothing cuts its history short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Arrives,
    Cancelled(CancelReason),
    ParcelLost,
}

/// How punctual a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Punctuality {
    /// As the carrier's share has it.
    Usual,
    Late,
    /// Something goes wrong on the way, and it comes nevertheless.
    Troubled,
    /// To the millisecond when it was promised.
    ToTheDot,
}

/// How a return ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReturnFate {
    Refunded,
    Rejected,
    /// Some lines are refunded, one is rejected.
    Mixed,
}

/// Where the history of a lately placed order stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Placed,
    Waiting,
    Authorized,
    Captured,
    Packed,
    LabelCreated,
    InTransit,
    OutForDelivery,
    Exception,
    ReturnRequested,
    ReturnReceived,
}

impl Stage {
    /// Hours that an order must be old to stand here.
    fn least_age(self) -> i64 {
        match self {
            Self::Placed | Self::Authorized | Self::Captured | Self::Waiting => 1,
            Self::Packed => 72,
            Self::LabelCreated => 96,
            Self::InTransit => 110,
            Self::OutForDelivery | Self::Exception => 150,
            Self::ReturnRequested | Self::ReturnReceived => OLD,
        }
    }
}

/// Hours after which an order can have come back.
const OLD: i64 = 340;

/// All decks of a shop.
#[derive(Debug)]
pub(crate) struct Fates {
    pub(crate) fate: Deck<Fate>,
    pub(crate) failed_first: Deck<bool>,
    pub(crate) failure: Deck<Failure>,
    pub(crate) punctuality: Deck<Punctuality>,
    pub(crate) return_fate: Deck<ReturnFate>,
    pub(crate) return_reason: Deck<ReturnReason>,
    stage: Deck<Stage>,
    old_stage: Deck<Stage>,
}

impl Fates {
    /// Where an order of this age, in hours, stands still; none where it is too young for what was dealt.
    pub(crate) fn stage(&mut self, age: i64) -> Option<Stage> {
        let stage = if age >= OLD { self.old_stage.deal() } else { self.stage.deal() };
        Some(stage).filter(|stage| stage.least_age() <= age)
    }

    /// The decks of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        use CancelReason::{CustomerRequest, FraudSuspected, OutOfStock, PaymentFailed};
        let cancelled = Fate::Cancelled;
        Self {
            fate: Deck::new(
                seed,
                1,
                &[
                    (Fate::Arrives, 189),
                    (cancelled(CustomerRequest), 4),
                    (cancelled(PaymentFailed), 3),
                    (cancelled(OutOfStock), 1),
                    (cancelled(FraudSuspected), 2),
                    (Fate::ParcelLost, 1),
                ],
            ),
            failed_first: Deck::new(seed, 2, &[(true, 6), (false, 94)]),
            failure: Deck::new(
                seed,
                3,
                &[
                    (Failure::InsufficientFunds, 6),
                    (Failure::CardDeclined, 7),
                    (Failure::ExpiredCard, 3),
                    (Failure::FraudCheck, 1),
                    (Failure::Timeout, 3),
                ],
            ),
            punctuality: Deck::new(
                seed,
                4,
                &[
                    (Punctuality::Usual, 184),
                    (Punctuality::Late, 5),
                    (Punctuality::Troubled, 10),
                    (Punctuality::ToTheDot, 1),
                ],
            ),
            return_fate: Deck::new(
                seed,
                5,
                &[(ReturnFate::Refunded, 16), (ReturnFate::Rejected, 2), (ReturnFate::Mixed, 2)],
            ),
            return_reason: Deck::new(
                seed,
                6,
                &[
                    (ReturnReason::Damaged, 4),
                    (ReturnReason::WrongItem, 3),
                    (ReturnReason::NotAsDescribed, 5),
                    (ReturnReason::NoLongerNeeded, 7),
                    (ReturnReason::Late, 1),
                ],
            ),
            stage: Deck::new(
                seed,
                7,
                &[
                    (Stage::Placed, 2),
                    (Stage::Waiting, 1),
                    (Stage::Authorized, 1),
                    (Stage::Captured, 1),
                    (Stage::Packed, 1),
                    (Stage::LabelCreated, 1),
                    (Stage::InTransit, 1),
                    (Stage::OutForDelivery, 1),
                    (Stage::Exception, 1),
                ],
            ),
            old_stage: Deck::new(
                seed,
                8,
                &[
                    (Stage::ReturnRequested, 2),
                    (Stage::ReturnReceived, 2),
                    (Stage::Exception, 1),
                    (Stage::OutForDelivery, 1),
                    (Stage::InTransit, 1),
                    (Stage::LabelCreated, 1),
                    (Stage::Packed, 1),
                    (Stage::Placed, 1),
                ],
            ),
        }
    }
}
