//! What an answer about orders says of the pipeline that brings them: before the figure, where it is behind.

use oms_tools::eventhub::lag::spoken;
use oms_tools::pipeline::StreamState;

use super::Reply;

/// Says how the stream stands where that is more than a moment: `material` seconds.
///
/// A count of no orders, or a figure of today, reads as a fact; with a stalled processor it is none.
pub fn say(reply: &mut Reply, stream: &StreamState, material: i64) {
    match stream {
        StreamState::Behind { events, seconds } if *events > 0 && seconds.is_none_or(|seconds| seconds >= material) => {
            let wait = if *events == 1 { "1 event waits".to_owned() } else { format!("{events} events wait") };
            let behind = match seconds {
                Some(seconds) => format!("The pipeline is {} behind ({wait})", spoken(*seconds)),
                None => format!("The pipeline is behind ({wait})"),
            };
            reply.answer = format!("{behind}, so the newest orders are not in this yet. {}", reply.answer);
        }
        StreamState::Unknown(cause) => {
            if let Some(report) = &mut reply.report {
                report.notes.push(format!("how far the pipeline is behind is not known: {cause}"));
            }
        }
        StreamState::Late => {
            if let Some(report) = &mut reply.report {
                report
                    .notes
                    .push("how far the pipeline is behind is not known yet: the event hub has not answered".to_owned());
            }
        }
        StreamState::None | StreamState::Behind { .. } => {}
    }
}

/// Offers an order's way through the pipeline beside its story, where there is a pipeline.
pub fn offer_trace(reply: &mut Reply) {
    let Some(report) = &mut reply.report else { return };
    let number = report.query.as_ref().and_then(|query| query.order_number.as_deref());
    let number = number.filter(|number| number.starts_with("ORD-"));
    if let Some(note) = number.map(|number| format!("`trace {number}` tells its way through the pipeline, hop by hop"))
    {
        report.notes.push(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::tests::fixture::{answered, revenue_by_country};

    fn said(stream: &StreamState) -> (String, Vec<String>) {
        let mut reply = answered(revenue_by_country());
        "No orders today.".clone_into(&mut reply.answer);
        say(&mut reply, stream, 60);
        (reply.answer, reply.report.map(|report| report.notes).unwrap_or_default())
    }

    #[test]
    fn a_lag_is_said_before_the_figure_where_it_is_material() {
        let behind = |events, seconds| StreamState::Behind { events, seconds };
        for (stream, expected) in [
            (StreamState::None, "No orders today."),
            (StreamState::Late, "No orders today."),
            (behind(0, Some(0)), "No orders today."),
            (behind(5, Some(2)), "No orders today."),
            (
                behind(120, Some(2820)),
                "The pipeline is 47 minutes behind (120 events wait), so the newest orders are not in this yet. No orders today.",
            ),
            (
                behind(1, None),
                "The pipeline is behind (1 event waits), so the newest orders are not in this yet. No orders today.",
            ),
        ] {
            assert_eq!(said(&stream).0, expected);
        }
    }

    #[test]
    fn a_stream_that_cannot_be_asked_is_noted_and_not_taken_for_fresh() {
        let (answer, notes) = said(&StreamState::Unknown("nothing listens there".to_owned()));
        assert_eq!(answer, "No orders today.");
        assert_eq!(
            notes.last().map(String::as_str),
            Some("how far the pipeline is behind is not known: nothing listens there")
        );
    }

    #[test]
    fn an_order_s_story_offers_its_way_and_a_figure_does_not() {
        let mut reply = answered(revenue_by_country());
        let before = reply.report.as_ref().map(|report| report.notes.clone());
        offer_trace(&mut reply);
        assert_eq!(reply.report.as_ref().map(|report| report.notes.clone()), before);
        if let Some(query) = reply.report.as_mut().and_then(|report| report.query.as_mut()) {
            query.order_number = Some("ORD-0000042".to_owned());
        }
        offer_trace(&mut reply);
        let notes = reply.report.map(|report| report.notes).unwrap_or_default();
        assert!(notes.last().is_some_and(|note| note.contains("trace ORD-0000042")), "{notes:?}");
    }
}
