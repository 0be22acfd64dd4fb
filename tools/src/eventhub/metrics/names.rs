//! Azure Monitor's metrics of an Event Hubs namespace as typed values: unit, aggregations, dimensions.
//!
//! Source: Microsoft, "Supported metrics for Microsoft.EventHub/namespaces". The short upper-case names are deprecated there
//! and absent here.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Unit;

/// A metric, by Azure Monitor's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Metric {
    /// Events sent to the hubs.
    IncomingMessages,
    /// Events read from the hubs.
    OutgoingMessages,
    /// Bytes sent to the hubs.
    IncomingBytes,
    /// Bytes read from the hubs.
    OutgoingBytes,
    /// Requests to the namespace; a batch is one.
    IncomingRequests,
    /// Requests that succeeded.
    SuccessfulRequests,
    /// Requests refused because the throughput units were used up.
    ThrottledRequests,
    /// Requests that failed in the service.
    ServerErrors,
    /// Requests that the client got wrong.
    UserErrors,
    /// Requests refused because a quota was used up.
    QuotaExceededErrors,
    /// Events written to the archive.
    CapturedMessages,
    /// Bytes written to the archive.
    CapturedBytes,
    /// What waits to be written to the archive.
    CaptureBacklog,
    /// Connections that are open, of the namespace.
    ActiveConnections,
    /// Connections that were opened.
    ConnectionsOpened,
    /// Connections that were closed.
    ConnectionsClosed,
    /// Bytes that a hub holds.
    Size,
    /// Processor use of the namespace, Premium tier alone.
    NamespaceCpuUsage,
    /// Memory use of the namespace, Premium tier alone.
    NamespaceMemoryUsage,
}

/// How the values of one point are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Their sum.
    Total,
    /// Their mean.
    Average,
    /// The least.
    Minimum,
    /// The most.
    Maximum,
}

/// What a metric can be split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// By hub (`EntityName`).
    Hub,
    /// By nothing that is of use here.
    Nothing,
}

impl Metric {
    /// All, the most asked for first.
    pub const ALL: [Self; 19] = [
        Self::IncomingMessages,
        Self::OutgoingMessages,
        Self::IncomingBytes,
        Self::OutgoingBytes,
        Self::IncomingRequests,
        Self::SuccessfulRequests,
        Self::ThrottledRequests,
        Self::ServerErrors,
        Self::UserErrors,
        Self::QuotaExceededErrors,
        Self::CapturedMessages,
        Self::CapturedBytes,
        Self::CaptureBacklog,
        Self::ActiveConnections,
        Self::ConnectionsOpened,
        Self::ConnectionsClosed,
        Self::Size,
        Self::NamespaceCpuUsage,
        Self::NamespaceMemoryUsage,
    ];

    /// Azure Monitor's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::IncomingMessages => "IncomingMessages",
            Self::OutgoingMessages => "OutgoingMessages",
            Self::IncomingBytes => "IncomingBytes",
            Self::OutgoingBytes => "OutgoingBytes",
            Self::IncomingRequests => "IncomingRequests",
            Self::SuccessfulRequests => "SuccessfulRequests",
            Self::ThrottledRequests => "ThrottledRequests",
            Self::ServerErrors => "ServerErrors",
            Self::UserErrors => "UserErrors",
            Self::QuotaExceededErrors => "QuotaExceededErrors",
            Self::CapturedMessages => "CapturedMessages",
            Self::CapturedBytes => "CapturedBytes",
            Self::CaptureBacklog => "CaptureBacklog",
            Self::ActiveConnections => "ActiveConnections",
            Self::ConnectionsOpened => "ConnectionsOpened",
            Self::ConnectionsClosed => "ConnectionsClosed",
            Self::Size => "Size",
            Self::NamespaceCpuUsage => "NamespaceCpuUsage",
            Self::NamespaceMemoryUsage => "NamespaceMemoryUsage",
        }
    }

    /// By its name, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name().eq_ignore_ascii_case(name))
    }

    /// As people say it, in small letters.
    pub fn words(self) -> &'static str {
        match self {
            Self::IncomingMessages => "incoming messages",
            Self::OutgoingMessages => "outgoing messages",
            Self::IncomingBytes => "incoming bytes",
            Self::OutgoingBytes => "outgoing bytes",
            Self::IncomingRequests => "incoming requests",
            Self::SuccessfulRequests => "successful requests",
            Self::ThrottledRequests => "throttled requests",
            Self::ServerErrors => "server errors",
            Self::UserErrors => "user errors",
            Self::QuotaExceededErrors => "quota exceeded errors",
            Self::CapturedMessages => "captured messages",
            Self::CapturedBytes => "captured bytes",
            Self::CaptureBacklog => "Capture backlog",
            Self::ActiveConnections => "active connections",
            Self::ConnectionsOpened => "connections opened",
            Self::ConnectionsClosed => "connections closed",
            Self::Size => "size",
            Self::NamespaceCpuUsage => "processor use",
            Self::NamespaceMemoryUsage => "memory use",
        }
    }

    /// The unit of its values.
    pub fn unit(self) -> Unit {
        match self {
            Self::IncomingBytes | Self::OutgoingBytes | Self::CapturedBytes | Self::Size => Unit::Bytes,
            Self::NamespaceCpuUsage | Self::NamespaceMemoryUsage => Unit::Percent,
            _ => Unit::Count,
        }
    }

    /// What Azure Monitor's values are multiplied with: its percents are of 100, ours of 1.
    pub(super) fn scale(self) -> f64 {
        if self.unit() == Unit::Percent { 0.01 } else { 1.0 }
    }

    /// The aggregations that it has, the usual one first.
    pub fn aggregations(self) -> &'static [Aggregation] {
        match self {
            Self::ActiveConnections | Self::Size | Self::NamespaceCpuUsage | Self::NamespaceMemoryUsage => {
                &[Aggregation::Average, Aggregation::Minimum, Aggregation::Maximum]
            }
            Self::ConnectionsOpened | Self::ConnectionsClosed => &[Aggregation::Maximum],
            _ => &[Aggregation::Total],
        }
    }

    /// The aggregation that is asked for: the usual one, or for a peak the most where it has that.
    pub(super) fn aggregation(self, peak: bool) -> Aggregation {
        let has = self.aggregations();
        if peak && has.contains(&Aggregation::Maximum) { Aggregation::Maximum } else { has[0] }
    }

    /// What it can be split by.
    pub fn split(self) -> Split {
        match self {
            Self::ActiveConnections | Self::NamespaceCpuUsage | Self::NamespaceMemoryUsage => Split::Nothing,
            _ => Split::Hub,
        }
    }

    /// Counts what goes wrong: Azure Monitor sends no points while nothing does, so a missing one is zero.
    pub fn is_silent_at_zero(self) -> bool {
        matches!(self, Self::ThrottledRequests | Self::ServerErrors | Self::UserErrors | Self::QuotaExceededErrors)
    }

    /// Exists in the Premium tier alone.
    pub fn is_premium(self) -> bool {
        matches!(self, Self::NamespaceCpuUsage | Self::NamespaceMemoryUsage)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Aggregation {
    /// Azure Monitor's word in a request.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Average => "average",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
        }
    }
}

/// The width of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Grain {
    /// A minute.
    #[serde(rename = "1m")]
    Minute,
    /// Five minutes.
    #[serde(rename = "5m")]
    FiveMinutes,
    /// A quarter of an hour.
    #[serde(rename = "15m")]
    QuarterHour,
    /// Half an hour.
    #[serde(rename = "30m")]
    HalfHour,
    /// An hour.
    #[serde(rename = "1h")]
    Hour,
    /// Six hours.
    #[serde(rename = "6h")]
    SixHours,
    /// Twelve hours.
    #[serde(rename = "12h")]
    HalfDay,
    /// A day.
    #[serde(rename = "1d")]
    Day,
}

impl Grain {
    /// All, the finest first.
    pub const ALL: [Self; 8] = [
        Self::Minute,
        Self::FiveMinutes,
        Self::QuarterHour,
        Self::HalfHour,
        Self::Hour,
        Self::SixHours,
        Self::HalfDay,
        Self::Day,
    ];

    /// Its length in seconds.
    pub fn seconds(self) -> u32 {
        match self {
            Self::Minute => 60,
            Self::FiveMinutes => 300,
            Self::QuarterHour => 900,
            Self::HalfHour => 1800,
            Self::Hour => 3600,
            Self::SixHours => 6 * 3600,
            Self::HalfDay => 12 * 3600,
            Self::Day => 24 * 3600,
        }
    }

    /// ISO 8601, as requests have it.
    pub(super) fn iso(self) -> &'static str {
        match self {
            Self::Minute => "PT1M",
            Self::FiveMinutes => "PT5M",
            Self::QuarterHour => "PT15M",
            Self::HalfHour => "PT30M",
            Self::Hour => "PT1H",
            Self::SixHours => "PT6H",
            Self::HalfDay => "PT12H",
            Self::Day => "P1D",
        }
    }

    /// Several points of it: "5 of 60 minutes".
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            _ => "points",
        }
    }

    /// As people say it: "per minute".
    pub fn words(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::FiveMinutes => "5 minutes",
            Self::QuarterHour => "15 minutes",
            Self::HalfHour => "30 minutes",
            Self::Hour => "hour",
            Self::SixHours => "6 hours",
            Self::HalfDay => "12 hours",
            Self::Day => "day",
        }
    }
}
