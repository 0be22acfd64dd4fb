//! The model and its one context: what was evaluated stays until the next question begins otherwise.

use std::fmt::Display;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaChatMessage, LlamaModel};
use llama_cpp_2::token::LlamaToken;
use sha2::{Digest, Sha256};

use oms_model::Answer;

/// Tokens that are evaluated in one go.
const BATCH: usize = 256;
/// Stands for the question while the chat template is split around it.
const PLACE: &str = "\u{e000}";

/// How a model is run.
pub(crate) struct Settings {
    pub(crate) file: PathBuf,
    pub(crate) threads: i32,
    pub(crate) context: u32,
    /// Where evaluated instructions are kept.
    pub(crate) kept: PathBuf,
}

/// Loads a model file.
pub(crate) fn load(backend: &LlamaBackend, file: &Path) -> Result<LlamaModel, String> {
    if !file.is_file() {
        return Err(format!("there is no file `{}`", file.display()));
    }
    LlamaModel::load_from_file(backend, file, &LlamaModelParams::default())
        .map_err(|error| format!("cannot load `{}`: {error}", file.display()))
}

/// A loaded model that is asked.
pub(crate) struct Engine<'a> {
    model: &'a LlamaModel,
    context: LlamaContext<'a>,
    kept: PathBuf,
    key: String,
    size: usize,
    /// What stands in the context, in order.
    evaluated: Vec<LlamaToken>,
    /// What comes next and is not evaluated yet.
    pending: Vec<LlamaToken>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(backend: &LlamaBackend, model: &'a LlamaModel, settings: &Settings) -> Result<Self, String> {
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(settings.context))
            .with_n_batch(u32::try_from(BATCH).unwrap_or(256))
            .with_n_threads(settings.threads)
            .with_n_threads_batch(settings.threads);
        let context = model.new_context(backend, params).map_err(said("cannot make a context"))?;
        let length = fs::metadata(&settings.file).map_or(0, |metadata| metadata.len());
        let key = format!("{}-{}-{length}-{}", env!("CARGO_PKG_VERSION"), settings.file.display(), settings.context);
        Ok(Self {
            model,
            context,
            kept: settings.kept.clone(),
            key,
            size: settings.context as usize,
            evaluated: Vec::new(),
            pending: Vec::new(),
        })
    }

    /// Begins a question.
    pub(crate) fn ask(&mut self, instructions: &str, text: &str) -> Result<Answer, String> {
        let (before, after) = self.template(instructions)?;
        let fixed = self.tokens(&before);
        let rest = self.tokens(&format!("{text}{after}"));
        let tokens = fixed.len() + rest.len();
        if tokens + 512 > self.size {
            return Err(format!("the question needs {tokens} tokens, and the context holds {}", self.size));
        }
        self.pending.clear();
        let mut kept = common(&self.evaluated, &fixed);
        if kept < fixed.len() {
            kept = self.restore(&before, &fixed).unwrap_or(kept);
        }
        self.keep_first(kept)?;
        self.pending.extend(&fixed[kept..]);
        if !self.pending.is_empty() {
            self.evaluate()?;
            self.save(&before);
        }
        self.pending.extend(rest);
        Ok(Answer::Ready { tokens, kept })
    }

    /// Lets the model choose. Where only one token can follow, it is not asked.
    pub(crate) fn choose(&mut self, lead: &str, options: &[String]) -> Result<Answer, String> {
        self.pending.extend(self.tokens(lead));
        let options: Vec<Vec<LlamaToken>> = options.iter().map(|option| self.tokens(option)).collect();
        let mut alive: Vec<usize> = (0..options.len()).collect();
        let (mut place, mut probability, mut mass) = (0, 1.0, 1.0_f64);
        loop {
            let mut next: Vec<LlamaToken> =
                alive.iter().filter_map(|&option| options[option].get(place)).copied().collect();
            next.sort_unstable_by_key(|token| token.0);
            next.dedup();
            let chosen = match next[..] {
                [] => break,
                [only] => only,
                _ => {
                    self.evaluate()?;
                    let wishes = self.wishes(&next);
                    let all: f64 = wishes.iter().sum();
                    let best = (0..next.len()).max_by(|&a, &b| wishes[a].total_cmp(&wishes[b])).unwrap_or(0);
                    if all > 0.0 {
                        probability *= wishes[best] / all;
                    }
                    mass = mass.min(all);
                    next[best]
                }
            };
            self.pending.push(chosen);
            alive.retain(|&option| options[option].get(place) == Some(&chosen));
            place += 1;
        }
        let option = alive.first().copied().ok_or("there is nothing to choose from")?;
        Ok(Answer::Chose { option, probability, mass })
    }

    /// Lets the model write.
    pub(crate) fn write(&mut self, most: usize, stop: &str) -> Result<Answer, String> {
        let mut bytes = Vec::new();
        let mut tokens = 0;
        while tokens < most && self.evaluated.len() + self.pending.len() < self.size {
            self.evaluate()?;
            let logits = self.context.get_logits();
            let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap_or(0);
            let token = LlamaToken(i32::try_from(best).unwrap_or(0));
            if self.model.vocab().is_eog(token) {
                break;
            }
            bytes.extend(self.model.vocab().token_to_piece(token, false, None));
            self.pending.push(token);
            tokens += 1;
            if !stop.is_empty() && String::from_utf8_lossy(&bytes).contains(stop) {
                break;
            }
        }
        Ok(Answer::Wrote { text: String::from_utf8_lossy(&bytes).into_owned(), tokens })
    }

    /// The model's own chat template, split where the question goes.
    fn template(&self, instructions: &str) -> Result<(String, String), String> {
        let message = |role: &str, text: &str| {
            LlamaChatMessage::new(role.to_owned(), text.replace('\0', " ")).map_err(said("cannot use the text"))
        };
        let template = self.model.chat_template(None).map_err(said("the model has no chat template"))?;
        let chat = [message("system", instructions)?, message("user", PLACE)?];
        let whole =
            self.model.apply_chat_template(&template, &chat, true).map_err(said("its template does not fit"))?;
        let (before, after) = whole.split_once(PLACE).ok_or("its chat template leaves out the question")?;
        Ok((before.to_owned(), after.to_owned()))
    }

    fn tokens(&self, text: &str) -> Vec<LlamaToken> {
        self.model.vocab().tokenize(text.as_bytes(), false, true)
    }

    /// Evaluates what is pending; the model's wishes for the next token are there after it.
    fn evaluate(&mut self) -> Result<(), String> {
        while !self.pending.is_empty() {
            let count = self.pending.len().min(BATCH);
            let last = count == self.pending.len();
            let mut batch = LlamaBatch::new(count, 1);
            for (place, token) in self.pending[..count].iter().enumerate() {
                let position = i32::try_from(self.evaluated.len() + place).map_err(said("the text is too long"))?;
                batch.add(*token, position, &[0], last && place + 1 == count).map_err(said("cannot fill a batch"))?;
            }
            self.context.decode(&mut batch).map_err(said("cannot evaluate"))?;
            self.evaluated.extend(self.pending.drain(..count));
        }
        Ok(())
    }

    /// How likely the model would go on with each of these tokens, of all that it knows.
    fn wishes(&self, tokens: &[LlamaToken]) -> Vec<f64> {
        let logits = self.context.get_logits();
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |logit: f32| f64::from(logit - most).exp();
        let all: f64 = logits.iter().map(|&logit| weight(logit)).sum();
        tokens
            .iter()
            .map(|token| {
                usize::try_from(token.0).ok().and_then(|place| logits.get(place)).map_or(0.0, |&l| weight(l) / all)
            })
            .collect()
    }

    fn keep_first(&mut self, count: usize) -> Result<(), String> {
        let from = u32::try_from(count).map_err(said("the text is too long"))?;
        self.context.kv_cache_seq_rm(0, Some(from), None).map_err(said("cannot forget a question"))?;
        self.evaluated.truncate(count);
        Ok(())
    }

    /// The file of these instructions' state: another model, another version, another text is another file.
    fn state_file(&self, before: &str) -> PathBuf {
        let digest = Sha256::digest(format!("{}\n{before}", self.key));
        self.kept.join(format!("{digest:x}.state"))
    }

    /// Brings back what was kept of an earlier process; `None` where nothing fits.
    fn restore(&mut self, before: &str, wanted: &[LlamaToken]) -> Option<usize> {
        let file = self.state_file(before);
        if !file.is_file() {
            return None;
        }
        self.context.clear_kv_cache();
        self.evaluated.clear();
        match self.context.state_seq_load_file(&file, 0, self.size) {
            Ok((tokens, _)) if tokens == wanted => {
                self.evaluated = tokens;
                Some(wanted.len())
            }
            // A state that does not fit is of no use to anybody.
            _ => {
                fs::remove_file(&file).ok();
                self.context.clear_kv_cache();
                Some(0)
            }
        }
    }

    /// Keeps what was evaluated; a full disk only costs time later.
    fn save(&self, before: &str) {
        let file = self.state_file(before);
        let making = file.with_extension("making");
        if self.context.state_seq_save_file(&making, 0, &self.evaluated).is_ok() {
            fs::rename(&making, &file).ok();
        } else {
            fs::remove_file(&making).ok();
        }
        self.forget_old_states(&file);
    }

    /// Two states stay: this one and the newest other.
    fn forget_old_states(&self, but: &Path) {
        let Ok(entries) = fs::read_dir(&self.kept) else { return };
        let mut others: Vec<_> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path != but && path.extension().is_some_and(|extension| extension == "state"))
            .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
            .collect();
        others.sort();
        others.pop();
        for (_, path) in others {
            fs::remove_file(path).ok();
        }
    }
}

fn common(one: &[LlamaToken], other: &[LlamaToken]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

fn said<E: Display>(what: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{what}: {error}")
}
