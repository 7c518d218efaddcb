"""Any Hugging Face checkpoint in a local folder, through transformers and torch. The only door to both.

Nothing is fetched and no code of a checkpoint is run. torch is an extra (docs/decisions/0003): it is imported when the
adapter is made, never before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from companion.adapters.chat_text import Delivery, check_options, fitted, harmless_messages
from companion.adapters.option_tree import NEUTRAL, branches, scores, weighed
from companion.errors import ArtifactMissing, InferenceError
from companion.ports import Message

Device = Literal["auto", "cpu", "cuda", "mps"]

_BROKEN: Final = "\ufffd"


class TransformersLanguageModel:
    """``ports.LanguageModel`` over transformers. One thread at a time.

    Args:
        folder: A checkpoint as ``save_pretrained`` writes it, or the folder of a GGUF file.
        gguf_file: Name of a GGUF file in that folder; its weights are unpacked to full precision.
        device: ``auto`` takes CUDA, then Apple's GPU, then the CPU. Weights are bfloat16 on CUDA devices that
            compute in it, float16 on other GPUs, float32 on the CPU.
        threads: CPU threads of torch, for the whole process.
        context_tokens: Longest prompt and reply together, where the checkpoint allows it.

    Raises:
        ArtifactMissing: No such checkpoint.
        InferenceError: torch is not installed, or the checkpoint cannot be loaded.
    """

    def __init__(
        self,
        folder: Path,
        *,
        gguf_file: str | None = None,
        device: Device = "auto",
        threads: int = 2,
        context_tokens: int = 2048,
    ) -> None:
        wanted = folder / (gguf_file or "config.json")
        if not wanted.is_file():
            raise ArtifactMissing("language.file_missing", path=wanted)
        self._name = folder.name
        self._lock = threading.Lock()
        with _mapped("language.load_failed", self._name):
            import torch
            import transformers

            self._torch = torch
            self._transformers: Any = transformers
            self._transformers.logging.set_verbosity_error()
            self._transformers.logging.disable_progress_bar()
            torch.set_num_threads(threads)
            self._device = _device(torch, device)
            local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
            if gguf_file is not None:
                local["gguf_file"] = gguf_file
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, **local)
            weights: Any = transformers.AutoModelForCausalLM
            dtype = _dtype(torch, self._device)
            self._network: Any = weights.from_pretrained(folder, dtype=dtype, **local).to(self._device).eval()
            positions = getattr(self._network.config, "max_position_embeddings", None) or context_tokens
            self._context_tokens = min(int(positions), context_tokens)
            self._ends = _ends(self._network, self._tokenizer)

    @property
    def name(self) -> str:
        """Id of the artifact: the name of its folder."""
        return self._name

    def generate(
        self,
        messages: Sequence[Message],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 80,
        on_token: Callable[[str], bool] | None = None,
    ) -> str:
        """See ``ports.LanguageModel.generate``: greedy, so that the same prompt gives the same reply."""
        delivery = Delivery(stop, on_token)
        with self._running():
            ids = self._prompt(messages, room=max_tokens)
            writer = _Writer(self._tokenizer, set(self._ends), delivery)
            settings = self._transformers.GenerationConfig(
                do_sample=False,
                max_new_tokens=max_tokens,
                eos_token_id=self._ends or None,
                pad_token_id=self._ends[0] if self._ends else 0,
            )
            self._network.generate(
                ids,
                attention_mask=self._torch.ones_like(ids),
                generation_config=settings,
                streamer=writer,
                stopping_criteria=[lambda input_ids, _: self._flags(input_ids, ended=delivery.ended)],
            )
        return delivery.text()

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        """See ``ports.LanguageModel.choose``: ``option_tree`` says how it is weighed.

        The prompt is evaluated once; the options follow it in one batch that shares it.
        """
        check_options(options)
        with self._running():
            tails = [(*self._encode(option, special=False), *self._ends[:1]) for option in options]
            said = self._scores(messages, tails)
            return weighed(said, self._scores([*messages[:-1], NEUTRAL], tails))

    def close(self) -> None:
        """Let the memory go. Calling it twice does nothing; any other call afterwards is an ``InferenceError``."""
        with self._lock:
            self._network = None

    def _scores(self, messages: Sequence[Message], tails: list[tuple[int, ...]]) -> tuple[float, ...]:
        torch = self._torch
        parting = branches(tails)
        longest = max(len(path) for path in parting)
        # What pads the shorter options stands after their last token, where a causal network does not look.
        padded = [[*tail, *[0] * longest][:longest] for tail in tails]
        with torch.inference_mode():
            shared = self._network(self._prompt(messages, room=longest), use_cache=True)
            logits = shared.logits[:, -1:].expand(len(tails), 1, -1)
            if longest:
                cache = shared.past_key_values
                cache.batch_repeat_interleave(len(tails))
                batch = torch.tensor(padded, device=self._device)
                after = self._network(batch, past_key_values=cache, use_cache=True).logits
                logits = torch.cat([logits, after], dim=1)
        chances: dict[tuple[int, ...], dict[int, float]] = {}
        for path, tokens in parting.items():
            row = next(i for i, tail in enumerate(tails) if tail[: len(path)] == path)
            among = torch.softmax(logits[row, len(path), list(tokens)].double(), dim=0)
            chances[path] = dict(zip(tokens, among.tolist(), strict=True))
        return scores(tails, chances)

    def _prompt(self, messages: Sequence[Message], *, room: int) -> Any:  # noqa: ANN401 - a torch tensor, int64 [1, n]
        harmless = harmless_messages(messages)
        fitting = fitted(harmless, count=lambda kept: len(self._ids(kept)), limit=max(1, self._context_tokens - room))
        return self._torch.tensor([self._ids(fitting)], device=self._device)

    def _ids(self, messages: Sequence[Message]) -> list[int]:
        if self._tokenizer.chat_template is None:
            plain = "".join(f"{message.role}: {message.content}\n" for message in messages)
            return self._encode(f"{plain}assistant:", special=True)
        turns = [{"role": message.role, "content": message.content} for message in messages]
        framed = self._tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        # The template writes the first token itself where there is one: a second would be noise.
        return self._encode(framed, special=False)

    def _encode(self, text: str, *, special: bool) -> list[int]:
        return [int(token) for token in self._tokenizer(text, add_special_tokens=special)["input_ids"]]

    def _flags(self, input_ids: Any, *, ended: bool) -> Any:  # noqa: ANN401 - torch tensors, int64 [1, n] to bool [1]
        return self._torch.full((input_ids.shape[0],), ended, dtype=self._torch.bool, device=input_ids.device)

    @contextmanager
    def _running(self) -> Iterator[None]:
        with self._lock, _mapped("language.failed", self._name):
            if self._network is None:
                raise InferenceError("language.closed", name=self._name)
            yield


class _Writer:
    """Takes tokens as they are made and hands on text, a whole character at a time. A transformers streamer."""

    def __init__(self, tokenizer: Any, ends: set[int], delivery: Delivery) -> None:  # noqa: ANN401 - no types
        self._tokenizer = tokenizer
        self._ends = ends
        self._delivery = delivery
        self._ids: list[int] = []
        self._handed_on = 0
        self._is_prompt = True

    def put(self, value: Any) -> None:  # noqa: ANN401 - a torch tensor: the prompt first, then one token at a time
        """Take the prompt, which is passed over, or the next token."""
        if self._is_prompt:
            self._is_prompt = False
            return
        self._ids += [token for token in value.flatten().tolist() if token not in self._ends]
        text = self._tokenizer.decode(self._ids, skip_special_tokens=True)
        if not text.endswith(_BROKEN):
            self._delivery.take(text[self._handed_on :])
            self._handed_on = max(self._handed_on, len(text))

    def end(self) -> None:
        """Nothing is held back here."""


def _device(torch: Any, wanted: Device) -> str:  # noqa: ANN401 - the module
    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _dtype(torch: Any, device: str) -> Any:  # noqa: ANN401 - the module, and a torch.dtype
    if device == "cpu":
        return torch.float32
    return torch.bfloat16 if device == "cuda" and torch.cuda.is_bf16_supported() else torch.float16


def _ends(network: Any, tokenizer: Any) -> list[int]:  # noqa: ANN401 - no types
    """Tokens that end a reply, the tokenizer's own first: it is the one that the chat template writes."""
    configured = getattr(network.generation_config, "eos_token_id", None)
    several = configured if isinstance(configured, list) else [configured]
    return list(dict.fromkeys(token for token in (tokenizer.eos_token_id, *several) if token is not None))


@contextmanager
def _mapped(key: str, name: str) -> Iterator[None]:
    """Turn what torch, transformers and the chat template raise into our errors.

    Their words may hold the prompt, so only the kind is kept.
    """
    try:
        from jinja2 import TemplateError
        from safetensors import SafetensorError
    except ImportError:
        raise InferenceError("language.no_torch", name=name) from None
    foreign: tuple[type[Exception], ...] = (TemplateError, SafetensorError)
    foreign += (RuntimeError, ValueError, TypeError, KeyError, IndexError, OSError)
    try:
        yield
    except ImportError:
        raise InferenceError("language.no_torch", name=name) from None
    except foreign as error:
        raise InferenceError(key, name=name, reason=type(error).__name__) from None
