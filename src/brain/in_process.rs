//! A brain in this process as a rig model: what it is asked is rig's own request, what it says comes back as frames.

use std::marker::PhantomData;

use futures::StreamExt;
use rig_core::completion::options::{Mapping, OptionFields, OptionMap};
use rig_core::completion::{Accepts, CompletionRequest, FinishReason, ReplayTarget, Usage};
use rig_core::driver::{Exchange, Opened, Opening, Transport};
use rig_core::error::EncodeError;
use rig_core::message::{Api, CallId, ToolName};
use rig_core::operation::{Block, Completion, Finish};
use rig_core::wire::document::{Reassemble, Serves};
use rig_core::wire::{Decoder, Descriptor, Flow, Mode, Out, Wire, WireEvent};
use rig_core::{DynModel, Model, ProviderError};
use serde_json::Value;

/// What a brain does next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Calls a tool.
    Call {
        /// Its name.
        tool: String,
        /// Its arguments.
        arguments: Value,
    },
    /// Says something and ends the turn.
    Say(String),
}

/// A brain that answers at once and without I/O.
pub(crate) trait InProcess: Clone + Send + Sync + 'static {
    /// Its name, as the reply tells it.
    const NAME: &'static str;

    /// The next step of a turn.
    fn next(&self, request: &CompletionRequest) -> Step;
}

/// The brain as the one type that agents take.
pub(crate) fn model<B: InProcess>(brain: B) -> DynModel<Completion> {
    Model::new(StepWire::<B>(PhantomData), StepTransport(brain)).erase()
}

/// Frames of one reply.
#[derive(Clone, Debug)]
enum Frame {
    Step(Step),
    End(FinishReason),
}

struct StepWire<B>(PhantomData<fn() -> B>);

impl<B> Clone for StepWire<B> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<B> std::fmt::Debug for StepWire<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StepWire")
    }
}

#[derive(Clone)]
struct StepTransport<B>(B);

#[derive(Default)]
struct StepDecoder<'id>(PhantomData<fn(&'id ()) -> &'id ()>);

/// The reply's document: its steps, as the record keeps them.
#[derive(Default)]
struct StepDocument(Vec<Value>);

impl<B: InProcess> ReplayTarget for StepWire<B> {
    fn map_options(&self, _request: &CompletionRequest, fields: OptionFields<'_>) -> OptionMap {
        let OptionFields { reasoning, cache, service_tier, verbosity, parallel_tool_calls, top_p, seed, stop } = fields;
        let omit = |set: bool| if set { Mapping::Omit("the brain samples nothing") } else { Mapping::Nothing };
        OptionMap {
            reasoning: omit(reasoning.is_some()),
            cache: omit(cache.is_some()),
            service_tier: omit(service_tier.is_some()),
            verbosity: omit(verbosity.is_some()),
            parallel_tool_calls: omit(parallel_tool_calls.is_some()),
            top_p: omit(top_p.is_some()),
            seed: omit(seed.is_some()),
            stop: omit(!stop.is_empty()),
        }
    }

    fn api(&self) -> Api {
        Api::from_static("oms.steps")
    }

    fn provider(&self) -> &'static str {
        "oms"
    }

    fn model(&self) -> &'static str {
        B::NAME
    }

    fn accepts(&self, _model: &str) -> Accepts {
        Accepts::TEXT
    }
}

impl<B: InProcess> Wire for StepWire<B> {
    type Op = Completion;
    type Payload = CompletionRequest;
    type Frame = Frame;
    type Decoder<'id> = StepDecoder<'id>;
    type Reassembler = StepDocument;

    fn describe(&self) -> Descriptor<'_> {
        Descriptor::new("oms").model(B::NAME).replay(self)
    }

    fn encode(&self, request: CompletionRequest, _mode: Mode) -> Result<CompletionRequest, EncodeError> {
        Ok(request)
    }

    fn decoder<'id>(&self) -> Self::Decoder<'id> {
        StepDecoder::default()
    }
}

impl<'id> Decoder<'id, Completion, Frame> for StepDecoder<'id> {
    type Event = Frame;

    fn classify(&self, frame: Frame) -> WireEvent<Frame> {
        WireEvent::Known(frame)
    }

    fn decode(&mut self, frame: Frame, mut out: Out<'id, Completion>) -> Result<Flow, ProviderError> {
        match frame {
            Frame::Step(Step::Say(text)) => {
                out.run(Block::Text, &text)?;
            }
            Frame::Step(Step::Call { tool, arguments }) => {
                out.end_run()?;
                let name = ToolName::new(tool).map_err(|error| ProviderError::Response(error.to_string()))?;
                let index = out.fresh_index();
                out.whole(
                    index,
                    Block::Call { id: CallId::from_wire("call_1"), name },
                    Value::Null,
                    &arguments.to_string(),
                )?;
            }
            Frame::End(reason) => {
                out.end_run()?;
                return Ok(out.end(Finish { usage: Usage::default(), reason: Some(reason), ..Finish::default() }));
            }
        }
        Ok(Flow::More)
    }
}

impl Serves<Completion> for StepDocument {}

impl Reassemble<Frame> for StepDocument {
    fn absorb(&mut self, frame: &Frame) {
        match frame {
            Frame::Step(Step::Say(text)) => self.0.push(serde_json::json!({ "text": text })),
            Frame::Step(Step::Call { tool, arguments }) => {
                self.0.push(serde_json::json!({ "tool": tool, "arguments": arguments }));
            }
            Frame::End(_) => {}
        }
    }

    fn finish(self) -> Value {
        Value::Array(self.0)
    }
}

impl<B: InProcess> Transport<StepWire<B>> for StepTransport<B> {
    fn send(&self, request: CompletionRequest, _exchange: Exchange) -> Opening<Frame> {
        let brain = self.0.clone();
        Opening::new(async move {
            let step = brain.next(&request);
            let reason = match step {
                Step::Call { .. } => FinishReason::ToolCalls,
                Step::Say(_) => FinishReason::Stop,
            };
            Ok(Opened::new(futures::stream::iter([Frame::Step(step), Frame::End(reason)]).map(Ok)))
        })
    }
}
